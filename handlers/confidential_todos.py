"""`/涉密待办`: the level-2 items and open limits of whoever may know of them, in the direct chat only (2.5, 2.7, 6.1 八).

Whoever is on no access list reads the same as somebody for whom there is nothing (EC-70, EC-73).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.confidentiality import Secrecy, level, may_read
from bot.domain.ids import PersonId
from bot.domain.item import Item
from bot.domain.obligation import Obligation
from bot.domain.relation import Relation, of_item
from bot.domain.roles import Actor
from bot.errors import RuleViolation
from bot.messages import inert
from handlers.access import actor
from handlers.calls import Call, Commands
from handlers.group_making import FINISHED
from handlers.words import Words

#: what does not fit on a phone screen is counted
MOST = 10
LONGEST_TITLE = 40


def answer_commands(commands: Commands) -> None:
    """Put the command on the table."""
    commands.on("confidential", on_confidential)


def on_confidential(call: Call) -> None:
    """By number and title, nothing else. Raises RuleViolation `confidential_refused` in a group."""
    if not call.is_private:
        raise RuleViolation("confidential_refused")
    who = actor(call.context)
    lines = list(_lines(call, who)) if who is not None else []
    if not lines:
        call.say("confidential_none")
        return
    shown = [call.words.say("confidential_head", count=len(lines)), *lines[:MOST]]
    if len(lines) > MOST:
        shown.append(call.words.say("todo_more", count=len(lines)))
    call.answer("\n".join(shown))


def _lines(call: Call, who: Actor) -> Iterator[str]:
    """Limits first, the earliest before the others; then items, by number."""
    uow, words = call.context.uow, call.words
    items: dict[str, Item] = {item.code: item for item in uow.items.find()}
    for one in sorted(uow.obligations.find(), key=lambda found: (found.due_at, found.code)):
        if _is_confidential(one.secrecy) and may_read(who, _relation(one, items.get(one.item))):
            yield _limit(one, words)
    for item in sorted(items.values(), key=lambda found: found.code):
        if _is_confidential(item.secrecy) and item.state not in FINISHED and may_read(who, of_item(item)):
            yield _item(item, words)


def _is_confidential(secrecy: int) -> bool:
    return level(secrecy) is Secrecy.CONFIDENTIAL


def _relation(one: Obligation, item: Item | None) -> Relation:
    """Whoever holds it knows of it, and whoever is on the list of the item that it belongs to."""
    holder = frozenset({one.holder} if one.holder is not None else ())
    listed = frozenset[PersonId](item.access if item is not None else ())
    return Relation(department=one.department, secrecy=one.secrecy, access=holder | listed)


def _limit(one: Obligation, words: Words) -> str:
    kind = words.say(f"kind_{one.kind.name.lower()}")
    title = inert(one.title, limit=LONGEST_TITLE)
    return words.say("confidential_limit", code=one.code, title=title, kind=kind, due=words.due(one.due_at))


def _item(item: Item, words: Words) -> str:
    facts = {"code": item.code, "title": inert(item.title, limit=LONGEST_TITLE), "lead": words.department(item.lead)}
    if item.end_on is None:
        return words.say("confidential_item", **facts)
    return words.say("confidential_item_until", **facts, end=words.day(item.end_on))
