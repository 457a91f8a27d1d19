"""Cards of numbered objects in the conversations where they stand: shown once, edited in place (ux.md A4 34).

A family registers how its cards look (`Router.card`); a card is named by its object and what it is for, `XQ-2026-0015#review:2`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from bot.domain.codes import read_codes
from bot.domain.directory import Person
from bot.domain.ids import AccountKey, ChatKey, CodeKind
from bot.domain.records import CardPost
from bot.messages import Card, CardColour, SendCard, Target, ToChat, ToPerson, lane_of
from bot.routing import Context, Router, Shown
from handlers import effects

_FOR = "#"
#: the check of a card that waited and is not needed any more
NEEDLESS = "card_needless"
#: what such a card would show
NOTHING = Card(kind="matter", title="", state="", colour=CardColour.CLOSED)


def register(router: Router) -> None:
    """Put the check on the table."""
    router.recheck(NEEDLESS, lambda _, __: False)


def card_id(code: str, purpose: str) -> str:
    """The name of the card of an object for a purpose."""
    return f"{code}{_FOR}{purpose}"


@lru_cache(maxsize=4096)
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
    somebody at work, answers to own actions, major issues). While it waits it follows the object: the reader sees it as it
    is then, and not at all where what it asked for has been done.
    """
    account = effects.account_of(context, person)
    made = _made(context, code, purpose, person)
    if account is None or made is None:
        if account is None:
            context.count("unreachable")
        return False
    not_before = None if at_once else effects.notice_time(context, person, context.now, is_owed=True)
    is_new = effects.show(
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
    if is_new and not_before is not None:
        _wait(context, account, code, purpose, is_asking=bool(made.card.buttons))
    return is_new


def _wait(context: Context, account: AccountKey, code: str, purpose: str, *, is_asking: bool) -> None:
    """Note a card that goes out later, so that `refresh` reaches it; one that stands already is edited and needs no note."""
    target = ToPerson(account)
    named = card_id(code, purpose)
    lane = lane_of(SendCard(target=target, card_id=named, card=NOTHING))
    known = context.uow.cards.get(f"{named}@{lane}")
    if known is None:
        context.uow.cards.add(
            CardPost(
                key=f"{named}@{lane}",
                card_id=named,
                code=code,
                lane=lane,
                target_account=account,
                is_asking=is_asking,
            )
        )
    elif known.posted_at is None:
        context.uow.cards.put(replace(known, is_live=True, is_asking=is_asking))


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
        if target is None:
            continue
        if post.posted_at is None:
            _refresh_waiting(context, post, target, made, reader)
        elif made is not None:
            effects.show(
                context,
                target,
                made.card,
                card_id=post.card_id,
                revision=made.revision,
                ref=code,
                priority=effects.ANSWER,
            )


def _refresh_waiting(
    context: Context, post: CardPost, target: Target, made: Shown | None, reader: Person | None
) -> None:
    """A card that waits for its reader's next opening keeps waiting as it is now, or is taken back."""
    is_needed = made is not None and (bool(made.card.buttons) or not post.is_asking)
    if not is_needed:
        context.uow.cards.put(replace(post, is_live=False))
    card, revision = (made.card, made.revision) if made is not None else (NOTHING, "gone")
    effects.show(
        context,
        target,
        card,
        card_id=post.card_id,
        revision=revision if is_needed else f"{revision}:needless",
        ref=post.code,
        recheck="" if is_needed else NEEDLESS,
        not_before=effects.notice_time(context, reader, context.now, is_owed=True) if reader is not None else None,
    )


def _made(context: Context, code: str, purpose: str, reader: Person | None) -> Shown | None:
    kind = kind_of(code)
    if kind is None or context.router is None:
        return None
    return context.router.card_of(context, kind, code, purpose, reader)
