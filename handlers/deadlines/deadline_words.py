"""Reminders as text, for one reader (domain.md 2.8; EC-71, EC-74): what is due, why the reader is told, what is expected by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.directory import Person
from bot.domain.holding import Held
from bot.domain.ids import CodeKind, PersonId
from bot.domain.issue import IssueState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.reminder import Part, Stage
from bot.messages import inert
from bot.routing import Context
from handlers.deadlines import holdings, routing_table
from handlers.deadlines.routing_table import Recipient
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
    #: who else has to do the same, where one line tells of several
    others: tuple[PersonId, ...] = ()


def message(context: Context, owed: Sequence[Due], words: Words) -> str:
    """One deadline in its own words, several as a numbered list below a line that gives nothing away (EC-74)."""
    is_late = any(due.is_late for due in owed)
    owed = _gathered(owed)
    if len(owed) == 1:
        first, *below = _lines(context, owed[0], words)
        return "\n".join((words.say("remind_late", line=first) if is_late else first, *below))
    lines = [words.say("remind_head_late" if is_late else "remind_head", count=len(owed))]
    for number, due in enumerate(owed, start=1):
        first, *below = _lines(context, due, words)
        lines.append(words.say("remind_numbered", number=number, line=first))
        lines.extend(words.say("remind_below", line=line) for line in below)
    return "\n".join(lines)


def own_lines(context: Context, code: str, person: Person, words: Words) -> list[str]:
    """What this person has to do about an object until when, each with the command for it."""
    lines: list[str] = []
    for one in sorted(context.uow.obligations.find(code=code), key=lambda o: (o.due_at, o.key)):
        standing = routing_table.acting_for(context, one)
        if standing is None or standing.acting != person.id or not routing_table.may_learn(context, one, person):
            continue
        due = Due(one=one, recipient=Recipient(person=person, part=Part.HOLDER), stage=Stage.SOON)
        do = _next_command(context, due, words)
        key = "yours_line_do" if do else "yours_line"
        lines.append(words.say(key, kind=kind_word(one.kind, words), due=words.due(one.due_at), do=do))
    return lines


def holder_lines(context: Context, code: str, words: Words) -> list[str]:
    """Who has to do what about an object, until when."""
    found = sorted(context.uow.obligations.find(code=code), key=lambda one: (one.due_at, one.key))
    return [
        words.say(
            "holder_line", kind=kind_word(one.kind, words), name=words.name(one.holder), due=words.due(one.due_at)
        )
        for one in found
    ]


def _gathered(owed: Sequence[Due]) -> list[Due]:
    """What several people owe of one object until one instant is one line for somebody who only watches."""
    found: dict[tuple[object, ...], Due] = {}
    for due in owed:
        one = due.one
        mark = one.key if is_own(due) else (one.code, one.kind, one.due_at, due.stage, due.recipient.part)
        known = found.get((mark,))
        if known is None:
            found[(mark,)] = due
        elif one.holder is not None:
            found[(mark,)] = replace(known, others=(*known.others, one.holder))
    return list(found.values())


def is_own(due: Due) -> bool:
    """Is it the reader who has to act, for himself or herself or for somebody who is away?"""
    recipient, holder = due.recipient, due.one.holder
    return recipient.part is Part.HOLDER or holder is None or holder in {recipient.person.id, recipient.behalf}


def kind_word(kind: ObligationKind, words: Words) -> str:
    """What a kind of deadline is called."""
    return words.say(f"kind_{kind.name.lower()}")


def _lines(context: Context, due: Due, words: Words) -> Iterator[str]:
    one, person = due.one, due.recipient.person
    title = inert(one.title, limit=LONGEST_TITLE)
    yield _what(context, due, title, words)
    if one.secrecy and title and routing_table.reads_title(context, one, person):
        yield words.say("remind_title", title=title)
    do = _next_command(context, due, words)
    key = "remind_line_do" if do else "remind_line"
    yield words.say(key, why=_why(due, words), ask=_ask(context, due, words), do=do)


def _what(context: Context, due: Due, title: str, words: Words) -> str:
    one = due.one
    over = context.now - one.due_at
    facts: dict[str, object] = {"code": one.code, "due": words.deadline(one.due_at)}
    is_overdue = due.stage is Stage.OVERDUE or over >= timedelta(0)
    if is_overdue and one.kind is ObligationKind.MINUTES and not one.secrecy:
        return words.say("remind_minutes_overdue", meeting=_meeting(one, title, words), due=facts["due"])
    stage = "soon"
    if is_overdue:
        stage = "overdue" if over >= timedelta(minutes=1) else "due_now"
        facts["over"] = words.span(over)
    shape = "number" if one.secrecy else "titled" if title else "untitled"
    return words.say(f"remind_{stage}_{shape}", title=title, kind=kind_word(one.kind, words), **facts)


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
    if due.one.holder == recipient.person.id:
        return words.say(f"remind_why_{Part.HOLDER.value}")
    return words.say(f"remind_why_{recipient.part.value}")


def _is_asked(due: Due) -> bool:
    """Before the limit everybody who is told is asked to act, afterwards whoever has to; the others see to it."""
    return due.stage is Stage.SOON or is_own(due)


def _ask(context: Context, due: Due, words: Words) -> str:
    one = due.one
    if _is_asked(due):
        asked = _asked(context, one)
        late = f"remind_ask_{asked}_overdue"
        return words.say(late if due.stage is Stage.OVERDUE and late in keys() else f"remind_ask_{asked}")
    facts: dict[str, object] = {"kind": kind_word(one.kind, words), "holder": words.name(one.holder)}
    if due.others:
        names = words.listing(words.name(person) for person in (one.holder, *due.others))
        return words.say("remind_watch_several", holders=names, **facts)
    held = _present(context, one)
    if held is None or not held.minutes:
        return words.say("remind_watch", **facts)
    return words.say("remind_watch_held", **facts, span=holdings.span(held, words))


def _asked(context: Context, one: Obligation) -> str:
    """What of the texts fits: the kind, and the signature where it is the leader who owes a resolution."""
    if one.kind is ObligationKind.RESOLUTION and routing_table.is_leaders(context, one):
        return "signature"
    return one.kind.name.lower()


def _next_command(context: Context, due: Due, words: Words) -> str:
    """What settles it, ready to be copied; empty where there is no one command for it, or where others have to act."""
    one = due.one
    key = f"remind_do_{_asked(context, one)}"
    if not _is_asked(due) or due.recipient.is_vacancy or key not in keys() or not _settles(context, one):
        return ""
    return words.say(key, code=one.code, item=one.item or one.code)


def _settles(context: Context, one: Obligation) -> bool:
    """May the one command of the kind be given now?"""
    match one.kind:
        case ObligationKind.ISSUE:
            issue = context.uow.issues.get(one.code)
            return issue is not None and issue.state in {IssueState.NEGOTIATING, IssueState.EXECUTING}
        case ObligationKind.MINUTES:
            return one.code.startswith(f"{CodeKind.MINUTES}-")
        case ObligationKind.RESOLUTION:
            return one.code.startswith(f"{CodeKind.RESOLUTION}-")
        case _:
            return True


def _present(context: Context, one: Obligation) -> Held | None:
    """What the present holder has had of it."""
    return next((held for held in holdings.held(context, one.code) if held.is_open and held.holder == one.holder), None)
