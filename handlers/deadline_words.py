"""Reminders as text, for one reader (domain.md 2.8; EC-71, EC-74): what is due, why the reader is told, what is expected by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.holding import Held
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.reminder import Part, Stage
from bot.messages import inert
from bot.routing import Context
from handlers import holdings, routing_table
from handlers.routing_table import Recipient
from handlers.texts import keys
from handlers.words import Words

LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One deadline to tell one person of; `is_late` says that the program was away when it was to be told (EC-19)."""

    one: Obligation
    recipient: Recipient
    stage: Stage
    is_late: bool = False


def message(context: Context, owed: Sequence[Due], words: Words) -> str:
    """One deadline in its own words, several as a numbered list below a line that gives nothing away (EC-74)."""
    is_late = any(due.is_late for due in owed)
    if len(owed) == 1:
        first, *below = _lines(context, owed[0], words)
        return "\n".join((words.say("remind_late", line=first) if is_late else first, *below))
    lines = [words.say("remind_head_late" if is_late else "remind_head", count=len(owed))]
    for number, due in enumerate(owed, start=1):
        first, *below = _lines(context, due, words)
        lines.append(words.say("remind_numbered", number=number, line=first))
        lines.extend(words.say("remind_below", line=line) for line in below)
    return "\n".join(lines)


def kind_word(kind: ObligationKind, words: Words) -> str:
    """What a kind of deadline is called."""
    return words.say(f"kind_{kind.name.lower()}")


def _lines(context: Context, due: Due, words: Words) -> Iterator[str]:
    one, person = due.one, due.recipient.person
    title = inert(one.title, limit=LONGEST_TITLE)
    yield _what(context, due, title, words)
    if one.secrecy and title and routing_table.reads_title(context, one, person):
        yield words.say("remind_title", title=title)
    yield words.say("remind_line", why=_why(due, words), ask=_ask(context, due, words))


def _what(context: Context, due: Due, title: str, words: Words) -> str:
    one = due.one
    over = context.now - one.due_at
    facts: dict[str, object] = {"code": one.code, "due": words.deadline(one.due_at)}
    is_overdue = due.stage is Stage.OVERDUE or over >= timedelta(0)
    if is_overdue and one.kind is ObligationKind.MINUTES and not one.secrecy:
        return words.say("remind_minutes_overdue", meeting=_meeting(one, title, words), due=facts["due"])
    if is_overdue:
        facts["over"] = words.span(over) if over >= timedelta(minutes=1) else words.say("remind_under_a_minute")
    shape = "number" if one.secrecy else "titled" if title else "untitled"
    key = f"remind_{'overdue' if is_overdue else 'soon'}_{shape}"
    return words.say(key, title=title, kind=kind_word(one.kind, words), **facts)


def _meeting(one: Obligation, title: str, words: Words) -> str:
    """The meeting whose record is late: by its title, else by its kind."""
    key = f"record_of_{one.detail}"
    if title:
        return f"{one.code} {title}"
    return words.say(key, code=one.code) if key in keys() else one.code


def _why(due: Due, words: Words) -> str:
    recipient = due.recipient
    if recipient.is_vacancy:
        return words.say("remind_why_vacancy")
    if recipient.behalf is not None:
        return words.say("remind_why_behalf", name=words.name(recipient.behalf))
    return words.say(f"remind_why_{recipient.part.value}")


def _ask(context: Context, due: Due, words: Words) -> str:
    one = due.one
    if due.stage is Stage.SOON or due.recipient.part is Part.HOLDER or one.holder is None:
        return words.say(f"remind_ask_{one.kind.name.lower()}")
    facts = {"kind": kind_word(one.kind, words), "holder": words.name(one.holder)}
    held = _present(context, one)
    if held is None or not held.minutes:
        return words.say("remind_watch", **facts)
    return words.say("remind_watch_held", **facts, span=holdings.span(held, words))


def _present(context: Context, one: Obligation) -> Held | None:
    """What the present holder has had of it."""
    return next((held for held in holdings.held(context, one.code) if held.is_open and held.holder == one.holder), None)
