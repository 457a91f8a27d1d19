"""The draft of minutes: what the system fills in by itself, and what the secretary writes over it (domain.md 4.4, 3.10).

The draft keeps only what people wrote; the rest is looked up whenever it is shown, and frozen when it is published.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.directory import Person
from bot.domain.form import Content, Rows, rows
from bot.domain.ids import DepartmentId
from bot.domain.meeting import Meeting, MeetingKind, Presence
from bot.domain.minutes import Minutes, MinutesState
from bot.domain.minutes_form import NORMAL, NOT_SUBMITTED, PLACES, SENSITIVE
from bot.domain.progress_report import ProgressReport, ReportState
from bot.domain.task import Task
from bot.routing import Context
from handlers.meetings import meeting_owed, meeting_week
from handlers.words import Words, words_for

#: how far back minutes of earlier meetings are looked through for open actions
LOOK_BACK = timedelta(days=60)
_MOST = 30
_GIVEN = frozenset({ReportState.SUBMITTED, ReportState.LATE})


def content_of(context: Context, minutes: Minutes) -> Content:
    """What the record says now: a published one its last version, a draft everything that is known and written."""
    if minutes.edition is not None:
        return minutes.edition.content
    return {**prefilled(context, minutes), **minutes.content}


def load(context: Context, code: str, person: Person) -> Content:  # noqa: ARG001 - the shape of a form's loader
    """For forms: the content of that record, nothing where there is none."""
    minutes = context.uow.minutes.get(code)
    return content_of(context, minutes) if minutes is not None else {}


def prefilled(context: Context, minutes: Minutes) -> Content:
    """Attendance, open actions of earlier meetings, the departments' reports, the next date (F4-3..F4-11, F4-16)."""
    meeting = context.uow.meetings.get(minutes.meeting)
    if meeting is None:
        return {}
    words = words_for(context, None)
    found: dict[str, str | Rows] = {
        "minutes_no": f"{minutes.code} v{len(minutes.editions) + 1}",
        "title": meeting.title or words.say(f"meeting_kind_{meeting.kind.value}"),
        "kind": words.say(f"meeting_kind_{meeting.kind.value}"),
        "start_at": stamp(context, meeting.started_at or meeting.start_at),
        "end_at": _end(words, meeting),
        "place": meeting.place or PLACES[0],
        "mode": next((mode for mode in PLACES if mode in meeting.place), PLACES[0]),
        "attendance": rows(_attendance(words, meeting)),
        "absences": rows(_absences(words, meeting)),
        "agenda": rows(meeting.agenda or (words.say(f"meeting_kind_{meeting.kind.value}"),)),
        "follow_up": rows(_follow_up(context, words, minutes)),
        "confidentiality": SENSITIVE if meeting.secrecy else NORMAL,
    }
    _add_people(context, meeting, found)
    if meeting.kind is MeetingKind.WEEKLY:
        found["dept_reports"] = _reports(context, meeting)
        following = meeting_week.next_weekly(context, meeting.start_at)
        if following is not None:
            found["next_at"] = context.world.calendars.local(following).isoformat()
    solved = _solved(context, meeting)
    if solved:
        found["problems"] = solved
    return found


def stamp(context: Context, at: datetime) -> str:
    """An instant as it stands in a record, whole and in company time: it is read for years."""
    return f"{context.world.calendars.local(at):%Y-%m-%d %H:%M}"


def stretch(context: Context, meeting: Meeting) -> str:
    """From when to when a meeting was held, with its date."""
    start, end = meeting.started_at or meeting.start_at, meeting.ended_at or meeting.planned_end_at
    local = context.world.calendars.local
    last = f"{local(end):%H:%M}" if local(start).date() == local(end).date() else stamp(context, end)
    return words_for(context, None).say("meeting_planned_time", start=stamp(context, start), end=last)


def _add_people(context: Context, meeting: Meeting, found: dict[str, str | Rows]) -> None:
    """Host and recorder; of a meeting without them whoever acts as secretary."""
    secretary = context.world.posts.secretary()
    host = meeting.host or secretary
    if host is not None:
        found["host"] = host
    if secretary is not None:
        found["recorder"] = secretary


def _end(words: Words, meeting: Meeting) -> str:
    end = meeting.ended_at or meeting.planned_end_at
    length = meeting.duration
    span = words.say("minutes_length", length=words.span(length)) if length is not None else ""
    mark = words.say("meeting_mark_overrun") if meeting.is_overrun else ""
    return f"{stamp(words.context, end)}{span}{mark}"


def _attendance(words: Words, meeting: Meeting) -> list[str]:
    """One line each: department, name, how he or she took part (R-58)."""
    return [
        words.say(
            "minutes_attendance",
            department=words.department(line.department) if line.department is not None else "",
            name=words.name(line.person),
            presence=words.say(f"presence_{(line.presence or Presence.PRESENT).value}"),
        )
        for line in meeting.attendance
    ]


def _absences(words: Words, meeting: Meeting) -> list[str]:
    return [
        words.say(
            "minutes_absence",
            name=words.name(line.person),
            presence=words.say(f"presence_{line.presence.value}"),
            by=words.say("minutes_absence_by", by=words.name(line.by)) if line.by is not None else "",
            reason=words.say("meeting_reason", reason=line.reason) if line.reason else "",
        )
        for line in meeting.attendance
        if line.presence is not None and line.presence is not Presence.PRESENT
    ]


def _follow_up(context: Context, words: Words, minutes: Minutes) -> list[str]:
    """Actions of earlier meetings of this kind that are not done (F4-10)."""
    meeting = context.uow.meetings.get(minutes.meeting)
    if meeting is None:
        return []
    earlier = [
        one.record
        for one in context.uow.meetings.between("at", meeting.start_at - LOOK_BACK, meeting.start_at)
        if one.kind is meeting.kind and one.code != meeting.code and one.record
    ]
    tasks = [task for record in earlier for task in context.uow.tasks.find(item=record) if task.is_open]
    return [_task(words, task) for task in tasks[:_MOST]]


def _task(words: Words, task: Task) -> str:
    return words.say(
        "minutes_follow_up",
        code=task.code,
        title=task.title,
        owner=words.name(task.owner),
        due=stamp(words.context, task.due_at),
        progress=task.progress,
    )


def _reports(context: Context, meeting: Meeting) -> Rows:
    """One row a department, merged from the week's progress reports; 未提交 where there is none (R-61)."""
    week = meeting.week or meeting_owed.week_name(context.world.calendars.local(meeting.start_at).date())
    given: dict[DepartmentId, list[ProgressReport]] = {}
    for report in context.uow.reports.find(state=tuple(state.value for state in _GIVEN)):
        item = context.uow.items.get(report.item)
        if report.week == week and item is not None and not item.secrecy:
            given.setdefault(report.lead, []).append(report)
    return tuple(
        _department_row(department.id, given.get(department.id, []))
        for department in context.world.directory.departments
        if context.world.posts.has_clocks(department.id)
    )


def _department_row(department: DepartmentId, reports: list[ProgressReport]) -> tuple[str, ...]:
    if not reports:
        return (department, NOT_SUBMITTED, "", "")
    return (department, *(_merged(reports, key) for key in ("done", "problems", "next")))


def _merged(reports: list[ProgressReport], key: str) -> str:
    found = (report.content.get(key, "") for report in reports)
    texts = (value if isinstance(value, str) else "、".join(row[0] for row in value if row) for value in found)
    return "；".join(" ".join(text.split()) for text in texts if text)


def _solved(context: Context, meeting: Meeting) -> Rows:
    """The solution that was recorded in the issue already."""
    issue = context.uow.issues.get(meeting.subject) if meeting.subject else None
    if issue is None:
        return ()
    zone = context.world.calendars.zone
    return tuple(
        (
            issue.title,
            line.measure,
            line.department,
            line.owner,
            line.due_at.astimezone(zone).isoformat(),
            issue.code,
        )
        for line in issue.solution
    )


def is_draft(minutes: Minutes) -> bool:
    """Is it not published yet?"""
    return minutes.state is MinutesState.DRAFTING
