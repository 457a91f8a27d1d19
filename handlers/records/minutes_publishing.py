"""Publishing minutes: complete rows, an immutable version, to whom it goes, the work that comes of it (domain.md 3.10; R-62, R-63, L-29)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain import minutes as rules
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.form import Content, text_of, texts_of
from bot.domain.happened import NewTask, WorkAssigned
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.meeting import Meeting, MeetingKind
from bot.domain.minutes import Minutes
from bot.domain.minutes_form import MINUTES_FORM, SENSITIVE, Row, action_rows, incomplete, new_work, past, problem_rows
from bot.domain.permissions import Grant
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.forms import form_filling
from handlers.meetings import meeting_store, meeting_subject, meeting_week
from handlers.meetings.meeting_notices import titled
from handlers.records import minutes_draft, minutes_solutions, minutes_store
from handlers.records.minutes_store import OBJECT_DAYS
from handlers.words import Words, words_for

#: the sentence with which minutes are announced
TOLD = "minutes_told"
#: a task's title
LONGEST_TITLE = 100


def publish(context: Context, minutes: Minutes, *, person: Person, words: Words, grant: Grant, verb: str) -> Minutes:
    """Version 1 with all that follows. Raises RuleViolation `minutes_rows_lacking` (R-63), `missing_fields`, …."""
    meeting = _meeting(context, minutes)
    content = minutes_draft.content_of(context, minutes)
    secrecy = check(context, words, minutes, content)
    due_at = minutes_store.due_at(context, minutes)
    ready = replace(minutes, content=_stamped(context, content, person), secrecy=secrecy)
    published = rules.publish(ready, by=person.id, due_at=due_at, now=context.now)
    kept = minutes_store.save(context, minutes, published, "published", meeting=meeting, grant=grant, verb=verb)
    assign(context, kept, meeting, by=person, grant=grant, known=())
    tell(context, kept, meeting, TOLD, besides=person.id)
    meeting_store.recorded(context, kept.meeting, kept.code)
    return kept


def correct(
    context: Context,
    minutes: Minutes,
    content: Content,
    *,
    note: str,
    person: Person,
    words: Words,
    grant: Grant,
) -> Minutes:
    """The next version; only rows that are new make new work, everybody is told what was changed (SoD-10)."""
    meeting = _meeting(context, minutes)
    before = minutes.edition.content if minutes.edition is not None else {}
    secrecy = check(context, words, minutes, content)
    number = f"{minutes.code} v{len(minutes.editions) + 1}"
    stamped = {**_stamped(context, content, person), "minutes_no": number}
    after = rules.correct(minutes, stamped, note=note, by=person.id, now=context.now)
    kept = minutes_store.save(
        context, minutes, replace(after, secrecy=secrecy), "corrected", meeting=meeting, grant=grant, reason=note
    )
    assign(context, kept, meeting, by=person, grant=grant, known=(*problem_rows(before), *action_rows(before)))
    tell(context, kept, meeting, "minutes_corrected_told", besides=person.id)
    return kept


def _meeting(context: Context, minutes: Minutes) -> Meeting:
    meeting = context.uow.meetings.get(minutes.meeting)
    if meeting is None:
        raise RuleViolation("not_found_or_no_right")
    return meeting


def _stamped(context: Context, content: Content, person: Person) -> Content:
    return {**content, "published_at": minutes_draft.stamp(context, context.now), "published_by": person.name}


# ---------------------------------------------------------------- may it go out?


def check(context: Context, words: Words, minutes: Minutes, content: Content) -> Secrecy:
    """Everything that keeps it from being published is refused by name; returns its level of secrecy."""
    problems, actions = incomplete(content)
    if problems or actions:
        raise RuleViolation("minutes_rows_lacking", {"rows": _lacking(words, problems, actions), "code": minutes.code})
    form_filling.require_complete(context, words, MINUTES_FORM, content, extra_required=extra_of(minutes))
    late = past(content, now=context.now)
    if late:
        raise RuleViolation("minutes_due_past", {"rows": _quoted(words, late)})
    for row in (*problem_rows(content), *action_rows(content)):
        _check_owner(context, words, row)
    return _secrecy(context, minutes, content)


def extra_of(minutes: Minutes) -> tuple[str, ...]:
    """What only the minutes of the weekly meeting must have (R-61)."""
    return ("dept_reports",) if minutes.kind is MeetingKind.WEEKLY else ()


def _lacking(words: Words, problems: Iterable[Row], actions: Iterable[Row]) -> str:
    lines = [
        words.say(
            key,
            number=row.number,
            text=inert(row.text, limit=30),
            lacking=words.listing(words.say(f"minutes_lacks_{name}") for name in row.lacking),
        )
        for key, rows in (("minutes_problem_row", problems), ("minutes_action_row", actions))
        for row in rows
    ]
    return "\n".join(lines)


def _quoted(words: Words, rows: Iterable[Row]) -> str:
    return words.listing(f"“{inert(row.text, limit=20)}”" for row in rows)


def _check_owner(context: Context, words: Words, row: Row) -> None:
    """People of a draft may have left meanwhile (F4-14)."""
    person = context.world.directory.person(PersonId(row.owner)) if row.owner else None
    if person is None or not person.is_active:
        raise RuleViolation("minutes_owner_gone", {"rows": _quoted(words, (row,))})


def _secrecy(context: Context, minutes: Minutes, content: Content) -> Secrecy:
    """The level of the meeting and of what its rows are about; level-2 matters have a record of their own (F4-17)."""
    own = Secrecy.SENSITIVE if content.get("confidentiality") == SENSITIVE else Secrecy.NORMAL
    level = max(int(own), minutes.secrecy)
    for row in problem_rows(content):
        about = meeting_subject.of(context, row.link) if row.link else None
        if about is None:
            continue
        if about.secrecy >= Secrecy.CONFIDENTIAL > minutes.secrecy:
            raise RuleViolation("minutes_confidential_row", {"number": row.number})
        level = max(level, min(about.secrecy, Secrecy.SENSITIVE))
    return Secrecy(level)


# ---------------------------------------------------------------- the work


def assign(
    context: Context, minutes: Minutes, meeting: Meeting, *, by: Person, grant: Grant, known: Iterable[Row]
) -> None:
    """Solutions go to their issues; everything else that has a person and a date becomes a task (R-63, L-29)."""
    edition = minutes.edition
    if edition is None:
        return
    content = edition.content
    own, linked = minutes_solutions.parted(context, problem_rows(content))
    minutes_solutions.record(context, linked, by=by, grant=grant)
    work = new_work((*own, *action_rows(content)), known=known)
    tasks = tuple(_task(context, row) for row in work)
    if not tasks:
        return
    context.announce(
        WorkAssigned(
            source=minutes.code,
            tasks=tasks,
            item=meeting.item,
            lead=meeting.host_department,
            confirmed_by_secretary=minutes.kind is MeetingKind.WEEKLY,
            is_offered=True,
            secrecy=minutes.secrecy,
            access=minutes.access,
        )
    )


def _task(context: Context, row: Row) -> NewTask:
    owner = PersonId(row.owner)
    department = DepartmentId(row.department) if row.department else context.world.posts.department_of(owner)
    due_at = row.due_at
    if due_at is None or department is None:
        raise ValueError("a row without person or date makes no task")
    return NewTask(title=inert(row.work, limit=LONGEST_TITLE), department=department, owner=owner, due_at=due_at)


# ---------------------------------------------------------------- who gets it


def readers(context: Context, minutes: Minutes, meeting: Meeting) -> tuple[PersonId, ...]:
    """Participants, those who came instead, the heads of their departments, whoever the form adds (F4-19); by 2.5 for level 2."""
    posts = context.world.posts
    departments = {line.department for line in meeting.attendance if line.department is not None} | {
        d for d in (meeting.lead, *meeting.coop) if d is not None
    }
    heads = [standing.acting for d in sorted(departments) if (standing := posts.head_of(d)) is not None]
    content = minutes.edition.content if minutes.edition is not None else minutes.content
    named = [PersonId(person) for person in texts_of(content, "distribution")]
    people = [meeting_store.acting(context, p) for p in meeting.everybody] + heads + named
    return tuple(
        person for person in dict.fromkeys(people) if minutes.secrecy < Secrecy.CONFIDENTIAL or person in minutes.access
    )


def tell(context: Context, minutes: Minutes, meeting: Meeting, key: str, *, besides: PersonId) -> None:
    """A notice with the number first; the text is read in private."""
    edition = minutes.edition
    for person in readers(context, minutes, meeting):
        reader = context.world.directory.person(person)
        if reader is None or person == besides or edition is None:
            continue
        words = words_for(context, reader)
        until = context.world.calendars.add_workdays(edition.published_at, OBJECT_DAYS)
        text = words.say(
            # only who took part may object (L-23)
            key if key != TOLD or person in meeting.everybody else f"{TOLD}_besides",
            code=minutes.code,
            what=named(words, minutes),
            until=words.deadline(until),
            number=edition.number,
            note=inert(edition.note, limit=100),
            command=f"{words.say('minutes_reads_with')} {minutes.code}",
        )
        effects.tell(
            context,
            reader,
            effects.text(text),
            key=f"minutes:{minutes.code}:v{edition.number}:{person}",
            ref=minutes.code,
        )


def named(words: Words, minutes: Minutes) -> str:
    """Number and title; of anything secret the number alone (EC-74)."""
    title = minutes.title or (text_of(minutes.edition.content, "title") if minutes.edition is not None else "")
    return f"{minutes.code}{titled(words, title, secrecy=minutes.secrecy)}"


def next_line(words: Words, meeting: Meeting) -> str:
    """When the next weekly meeting is (F4-16); empty for other kinds."""
    if meeting.kind is not MeetingKind.WEEKLY:
        return ""
    following = meeting_week.next_weekly(words.context, meeting.start_at)
    return words.say("minutes_next_meeting", start=words.deadline(following)) if following is not None else ""


def may_read(context: Context, minutes: Minutes, meeting: Meeting, person: PersonId) -> bool:
    """Does it belong to those to whom it was sent?"""
    return person in readers(context, minutes, meeting) or person in meeting.everybody
