"""`/涉密待办`: the level-2 objects and open limits of whoever may know of them, in the direct chat only (2.5, 2.7, 6.1 八).

Whoever is on no access list reads the same as somebody for whom there is nothing (EC-70, EC-73).
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.confidentiality import Secrecy, level, may_read
from bot.domain.item import Item
from bot.domain.obligation import Obligation
from bot.domain.roles import Actor
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import matter_access
from handlers.access import actor
from handlers.calls import Call, Commands
from handlers.reports import digest_matters
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
    """Limits first, the earliest before the others; then what waits for nobody: items and everything else, by number."""
    context, words = call.context, call.words
    readable = _Readable(context, who)
    limits = [one for one in context.uow.obligations.find() if level(one.secrecy) is Secrecy.CONFIDENTIAL]
    for one in sorted(limits, key=lambda found: (found.due_at, found.key)):
        if readable(one.code):
            yield _limit(one, words)
    limited = {one.code for one in limits}
    for thing in sorted(digest_matters.confidential(context), key=lambda found: str(found.code)):
        if isinstance(thing, Item) and readable(thing.code):
            yield _item(thing, words)
        elif thing.code not in limited and readable(thing.code):
            yield words.say("confidential_object", code=thing.code, title=_title(getattr(thing, "title", "")))


class _Readable:
    """May this person read what is behind a number? Asked once a number."""

    def __init__(self, context: Context, who: Actor) -> None:
        self._context, self._who = context, who
        self._known: dict[str, bool] = {}

    def __call__(self, code: str) -> bool:
        if code not in self._known:
            relation = matter_access.relation_of(self._context, code)
            self._known[code] = relation is not None and may_read(self._who, relation)
        return self._known[code]


def _title(title: str) -> str:
    return inert(title, limit=LONGEST_TITLE)


def _limit(one: Obligation, words: Words) -> str:
    kind = words.say(f"kind_{one.kind.name.lower()}")
    title = _title(one.title)
    return words.say("confidential_limit", code=one.code, title=title, kind=kind, due=words.due(one.due_at))


def _item(item: Item, words: Words) -> str:
    facts = {"code": item.code, "title": _title(item.title), "lead": words.department(item.lead)}
    if item.end_on is None:
        return words.say("confidential_item", **facts)
    return words.say("confidential_item_until", **facts, end=words.day(item.end_on))
