"""What stands in groups about a matter that became confidential, and no call can change any more (domain.md 2.5; EC-72).

The secretary hears which messages to recall by hand: group, time, number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from bot.domain.codes import read_codes
from bot.domain.records import CardPost
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.words import Words, words_for

#: the name of a group, and a message in it
Left = tuple[str, CardPost]


def of(context: Context, codes: Iterable[str]) -> list[Left]:
    """Messages about these numbers in groups: texts, and cards past the time for edits. To be asked before they are edited."""
    return list(_found(context, codes))


def _found(context: Context, codes: Iterable[str]) -> Iterator[Left]:
    names = {g.chat: g.name for g in context.uow.groups.find()}
    for code in codes:
        for post in context.uow.cards.find(code=code):
            if post.target_chat is not None and post.target_chat in names and not _can_edit(context, post):
                yield names[post.target_chat], post


def _can_edit(context: Context, post: CardPost) -> bool:
    if not post.is_live or post.target_chat is None:
        return False
    capabilities = context.capabilities.get(post.target_chat.platform)
    if capabilities is None or not capabilities.card_update or post.message is None:
        return False
    seconds = capabilities.card_edit_seconds
    return not seconds or post.posted_at is None or context.now - post.posted_at < timedelta(seconds=seconds)


def name(context: Context, code: str, version: int, left: list[Left]) -> None:
    """Tell the secretary; nothing where nothing is left."""
    secretary = effects.secretary(context)
    if secretary is None or not left:
        return
    words = words_for(context, secretary)
    lines = [words.say("item_recall_head", code=code, count=len(left))]
    lines.extend(_line(words, group, post) for group, post in left)
    effects.tell(
        context,
        secretary,
        effects.text("\n".join(lines)),
        key=f"{code}:recall:{version}",
        is_owed=True,
        ref=code,
    )


def _line(words: Words, group: str, post: CardPost) -> str:
    refs, _ = read_codes(post.code)
    time = words.time(post.posted_at) if post.posted_at is not None else ""
    return words.say("item_recall_line", group=inert(group, limit=30), time=time, code=post.code if refs else "")
