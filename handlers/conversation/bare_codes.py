"""A number sent alone: whoever sends it reads what it is, how it stands and what he or she is to do about it (ux.md A5).

A code is shown by the command of its kind; a number without its letters by the one visible object that has it, of several by a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.domain.codes import CodeRef, read_codes
from bot.domain.folding import folded
from bot.domain.ids import Code, CodeKind
from bot.messages import inert
from bot.routing import Context
from handlers import matter_access, numbered
from handlers.clocks import clock_access
from handlers.lookups import find
from handlers.words import Words

#: the verb that shows an object of a kind; the arithmetic of its limit for all others
_SHOWS: Mapping[CodeKind, str] = {
    CodeKind.REQUEST: "request",
    CodeKind.PLAN: "plan_write",
    CodeKind.ITEM: "item",
    CodeKind.TASK: "tasks",
    CodeKind.REPORT: "weekly_progress",
    CodeKind.ACCEPTANCE: "acceptance",
    CodeKind.ISSUE: "issue",
    CodeKind.CONFLICT: "conflict",
    CodeKind.MEETING: "meeting",
    CodeKind.MINUTES: "minutes",
    CodeKind.SYNC_RECORD: "minutes",
    CodeKind.RESOLUTION: "resolution",
    CodeKind.LIAISON_CHANGE: "liaison_changes",
    CodeKind.DOCUMENT: "document_check",
    CodeKind.PROPOSAL: "proposals",
}
EXPLAINS = "why"
_NUMBER = re.compile(r"(?:#|第)?\s?(\d{1,6})\s?号?")
_MOST = 6


def shown_by(ref: CodeRef) -> str:
    """The verb that shows what has this code."""
    return _SHOWS.get(ref.kind, EXPLAINS) if ref.kind is not None else EXPLAINS


def code_of(text: str, *, word: str = "") -> CodeRef | None:
    """The one code of a text that says nothing else, but for `word`; None for other texts."""
    codes, rest = read_codes(text)
    is_alone = len(codes) == 1 and codes[0].kind is not None and folded(rest) in {"", folded(word)}
    return codes[0] if is_alone else None


def number_of(text: str) -> int | None:
    """The number of a text that is nothing but a number."""
    match = _NUMBER.fullmatch(folded(text))
    return int(match.group(1)) if match is not None else None


def having(context: Context, number: int) -> tuple[Code, ...]:
    """Every object of that number that whoever asks may see: the newest of each kind, what waits for the asker first."""
    found = tuple(_having(context, number))
    person = context.person.id if context.person is not None else None
    return tuple(
        sorted(found, key=lambda code: not any(o.holder == person for o in context.uow.obligations.find(code=code)))
    )


def _having(context: Context, number: int) -> Iterator[Code]:
    for kind in CodeKind:
        ref = CodeRef(kind=kind, year=None, number=number)
        if kind is CodeKind.CLOCK:
            clock = find(context, ref, kind, context.uow.clocks.get)
            if clock is not None and clock_access.may_see(context, clock):
                yield clock.code
            continue
        thing = find(context, ref, kind, lambda code: numbered.load(context, code))
        if thing is not None and matter_access.may_see(context, thing.code):
            yield Code(thing.code)


def offer(context: Context, words: Words, number: int, codes: tuple[Code, ...]) -> str:
    """Which one is meant? A line for each, and how to name one."""
    lines = [words.say("which_number", number=number)]
    lines.extend(_line(context, words, code) for code in codes[:_MOST])
    lines.append(words.say("which_number_how", code=codes[0]))
    return "\n".join(lines)


def _line(context: Context, words: Words, code: Code) -> str:
    thing = numbered.load(context, code)
    title = inert(str(getattr(thing, "title", "") or ""), limit=30)
    is_secret = bool(getattr(thing, "secrecy", 0))
    return (
        words.say("which_number_line", code=code)
        if is_secret or not title
        else words.say("which_number_titled", code=code, title=title)
    )
