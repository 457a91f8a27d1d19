"""Cards of numbered objects in the conversations where they stand: shown once, edited in place (ux.md A4 34).

A family registers how its cards look (`Router.card`); a card is named by its object and what it is for, `XQ-2026-0015#review:2`.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.codes import read_codes
from bot.domain.directory import Person
from bot.domain.ids import ChatKey, CodeKind
from bot.messages import ToChat, ToPerson
from bot.routing import Context, Shown
from handlers import effects

_FOR = "#"


def card_id(code: str, purpose: str) -> str:
    """The name of the card of an object for a purpose."""
    return f"{code}{_FOR}{purpose}"


def kind_of(code: str) -> CodeKind | None:
    """The kind of object behind a code."""
    refs, _ = read_codes(code)
    return refs[0].kind if refs else None


def show_to(
    context: Context,
    person: Person,
    code: str,
    purpose: str,
    *,
    at_once: bool = False,
    recheck: str = "",
) -> bool:
    """Bring the card to a person's private chat; False where there is no such card or no way to the person.

    Outside the person's working windows it waits for the next opening unless `at_once` (L-09: decision cards asked for by
    somebody at work, answers to own actions, major issues).
    """
    account = effects.account_of(context, person)
    made = _made(context, code, purpose, person)
    if account is None or made is None:
        if account is None:
            context.count("unreachable")
        return False
    not_before: datetime | None = None if at_once else effects.notice_time(context, person, context.now, is_owed=True)
    return effects.show(
        context,
        ToPerson(account),
        made.card,
        card_id=card_id(code, purpose),
        revision=made.revision,
        ref=code,
        not_before=not_before,
        recheck=recheck,
        priority=effects.ANSWER if at_once else effects.NOTICE,
    )


def show_in(context: Context, chat: ChatKey, code: str, purpose: str) -> bool:
    """Bring the card into a group or conversation."""
    made = _made(context, code, purpose, None)
    if made is None:
        return False
    return effects.show(
        context,
        ToChat(chat),
        made.card,
        card_id=card_id(code, purpose),
        revision=made.revision,
        ref=code,
        priority=effects.ANSWER,
    )


def refresh(context: Context, code: str, *, only: str = "") -> None:
    """Bring every standing card of the object to its present state, or those of the card named `only`."""
    for post in context.uow.cards.find(code=code, is_live=True):
        own, mark, purpose = post.card_id.partition(_FOR)
        if not mark or own != code or only not in ("", post.card_id):
            continue
        reader = context.world.directory.by_account(post.target_account) if post.target_account is not None else None
        made = _made(context, code, purpose, reader)
        target: ToChat | ToPerson | None = ToChat(post.target_chat) if post.target_chat is not None else None
        if post.target_account is not None:
            target = ToPerson(post.target_account)
        if made is None or target is None:
            continue
        effects.show(
            context,
            target,
            made.card,
            card_id=post.card_id,
            revision=made.revision,
            ref=code,
            priority=effects.ANSWER,
        )


def _made(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    kind = kind_of(code)
    if kind is None or context.router is None:
        return None
    return context.router.card_of(context, kind, code, purpose, reader)
