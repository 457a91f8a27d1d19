"""The weekly report in its two editions (domain.md 6.2): the pack an hour before the weekly meeting, the final one with the minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot.domain.action import Action
from bot.domain.directory import DepartmentKind, Person
from bot.domain.happened import MeetingChanged, MinutesPublished
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.meeting import Meeting, MeetingKind, MeetingState
from bot.domain.timers import Timer, TimerKind
from bot.domain.weekly_report import WeekInput, WeeklyReport, compose
from bot.routing import Context
from handlers import effects
from handlers.access import require
from handlers.calls import Call
from handlers.tables import Tables
from handlers.weekly_report_text import render
from handlers.words import words_for


def register(tables: Tables) -> None:
    """Put the command, the timer and what is listened to on the tables."""
    tables.commands.on("weekly_report", on_command)
    tables.router.timer(TimerKind.WEEKLY_PACK, on_pack)
    tables.router.when(MeetingChanged, on_meeting)
    tables.router.when(MinutesPublished, on_minutes)


def on_command(call: Call) -> None:
    """`周报`: how the week stands now (P-56)."""
    require(call.context, Action.SEE_WEEKLY_REPORT)
    report = present(call.context, call.context.now)
    call.answer_privately(render(call.context, report, call.words, title="week_title_now"))


# ---------------------------------------------------------------- the pack


def on_meeting(context: Context, event: MeetingChanged) -> None:
    """The pack follows the weekly meeting wherever it is moved; a cancelled or skipped one has none."""
    meeting = event.after
    if meeting.kind is not MeetingKind.WEEKLY:
        return
    if meeting.state is not MeetingState.SCHEDULED:
        context.uow.timers.cancel(TimerKind.WEEKLY_PACK, meeting.code)
        return
    before = timedelta(minutes=context.world.company.parameters.weekly_pack_minutes_before)
    if meeting.start_at - before >= context.now:
        due_at = meeting.start_at - before
        context.uow.timers.arm(Timer(kind=TimerKind.WEEKLY_PACK, ref=meeting.code, due_at=due_at))


def on_pack(context: Context, timer: Timer) -> None:
    """Every participant gets the pack, once; not any more when the meeting has begun."""
    meeting = context.uow.meetings.get(timer.ref)
    if meeting is None or meeting.state is not MeetingState.SCHEDULED or meeting.start_at <= context.now:
        return
    report = present(context, context.now)
    for person in _people(context, meeting.participants):
        words = words_for(context, person)
        why = words.say("week_why_pack", time=words.time(meeting.start_at))
        text = render(context, report, words, title="week_title_pack")
        _tell(context, person, f"{text}\n{why}", key=f"pack:{meeting.code}:{person.id}")
    effects.record(context, "weekly_pack_sent", meeting.code)


# ---------------------------------------------------------------- the final edition


def on_minutes(context: Context, event: MinutesPublished) -> None:
    """With the minutes of the weekly meeting the leader, heads and secretary read the final edition."""
    minutes = event.minutes
    if minutes.kind is not MeetingKind.WEEKLY or event.is_correction:
        return
    meeting = context.uow.meetings.get(minutes.meeting)
    if meeting is None:
        return
    report = present(context, context.now, week_of=meeting)
    for person in _readers(context):
        words = words_for(context, person)
        why = words.say("week_why_final", code=minutes.code)
        text = render(context, report, words, title="week_title_final")
        _tell(context, person, f"{text}\n{why}", key=f"weekly:{minutes.code}:{person.id}")


def _readers(context: Context) -> list[Person]:
    directory, posts = context.world.directory, context.world.posts
    heads = (posts.head_post(d) for d in _departments(context))
    people = [posts.leader(), posts.secretary(), *heads]
    found = (directory.person(p) for p in dict.fromkeys(people) if p is not None)
    return [p for p in found if p is not None]


def _tell(context: Context, person: Person, text: str, *, key: str) -> None:
    effects.tell(
        context, person, effects.text(text), key=key, at_once=True, priority=effects.REPORT, repeat_unknown=True
    )


def _people(context: Context, ids: Iterable[PersonId]) -> list[Person]:
    found = (context.world.directory.person(p) for p in dict.fromkeys(ids))
    return [p for p in found if p is not None and p.is_active]


# ---------------------------------------------------------------- figures


def present(context: Context, end: datetime, *, week_of: Meeting | None = None) -> WeeklyReport:
    """The figures from the beginning of the ISO week of `week_of`, or of now, until `end`."""
    uow, calendars = context.uow, context.world.calendars
    local = calendars.local(week_of.start_at if week_of is not None else end)
    monday = local.date() - timedelta(days=local.weekday())
    start = datetime.combine(monday, time(0), calendars.zone)
    year, week, _ = local.isocalendar()
    given = WeekInput(
        week=f"{year}-W{week:02}",
        start=start,
        end=end,
        departments=_departments(context),
        items=uow.items.find(),
        plans=uow.plans.find(),
        tasks=uow.tasks.find(),
        reports=uow.reports.find(),
        issues=uow.issues.find(),
        conflicts=uow.conflicts.find(),
        meetings=uow.meetings.find(),
        minutes=uow.minutes.find(),
        documents=uow.documents.find(),
        changes=uow.liaison_changes.find(),
        clocks=uow.clocks.between("verdict_at", start, end),
        obligations=uow.obligations.find(),
        stale_days=context.world.company.parameters.docs_stale_days,
    )
    return compose(given, calendars)


def _departments(context: Context) -> tuple[DepartmentId, ...]:
    found = (d for d in context.world.directory.departments if d.is_active and d.kind is not DepartmentKind.EXECUTIVE)
    return tuple(d.id for d in found)
