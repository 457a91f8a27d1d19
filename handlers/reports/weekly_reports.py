"""The weekly report in its two editions (domain.md 6.2): the pack an hour before the weekly meeting, the final one with the minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from bot.domain.action import Action
from bot.domain.directory import Person
from bot.domain.happened import MeetingChanged, MinutesPublished
from bot.domain.ids import PersonId
from bot.domain.meeting import MeetingKind, MeetingState
from bot.domain.timers import Timer, TimerKind
from bot.domain.weekly_figures import WeeklyReport
from bot.messages import ToPerson
from bot.routing import Context
from handlers import effects
from handlers.access import require
from handlers.calls import Call
from handlers.meetings import meeting_store
from handlers.progress import report_charts
from handlers.reports.weekly_report_data import present
from handlers.reports.weekly_report_text import render
from handlers.tables import Tables
from handlers.words import Words, words_for


def register(tables: Tables) -> None:
    """Put the command, the timer and what is listened to on the tables."""
    tables.commands.on("weekly_report", on_command)
    tables.router.timer(TimerKind.WEEKLY_PACK, on_pack)
    tables.router.when(MeetingChanged, on_meeting)
    tables.router.when(MinutesPublished, on_minutes)


def on_command(call: Call) -> None:
    """`周报`: how the week stands now (P-56)."""
    require(call.context, Action.SEE_WEEKLY_REPORT)
    report = present(call.context, of=call.context.now)
    for part in render(call.context, report, call.words, title="week_title_now"):
        call.answer_privately(part)
    call.illustrate(report_charts.weekly(report, call.words))


# ---------------------------------------------------------------- the pack


def on_meeting(context: Context, event: MeetingChanged) -> None:
    """The pack follows the weekly meeting wherever it is moved; one that is cancelled, skipped or begun has none."""
    meeting, before = event.after, event.before
    if meeting.kind is not MeetingKind.WEEKLY:
        return
    if meeting.state is not MeetingState.SCHEDULED:
        context.uow.timers.cancel(TimerKind.WEEKLY_PACK, meeting.code)
    elif before is None or before.start_at != meeting.start_at or before.state is not MeetingState.SCHEDULED:
        ahead = timedelta(minutes=context.world.company.parameters.weekly_pack_minutes_before)
        due_at = max(meeting.start_at - ahead, context.now)
        context.uow.timers.arm(Timer(kind=TimerKind.WEEKLY_PACK, ref=meeting.code, due_at=due_at))


def on_pack(context: Context, timer: Timer) -> None:
    """Everybody who takes part gets the pack, once a day; not any more when the meeting has begun."""
    meeting = context.uow.meetings.get(timer.ref)
    if meeting is None or meeting.state is not MeetingState.SCHEDULED or meeting.start_at <= context.now:
        return
    report = present(context, of=meeting.start_at)
    day = context.world.calendars.local(meeting.start_at).date()
    key = f"pack:{meeting.code}:{day.isoformat()}"
    people = _people(context, (meeting_store.acting(context, person) for person in meeting.everybody))

    def why(words: Words) -> str:
        return words.say("week_why_pack", time=words.time(meeting.start_at))

    told = [_tell(context, p, report, title="week_title_pack", why=why, key=key, at_once=True) for p in people]
    if any(told):
        effects.record(context, "weekly_pack_sent", meeting.code, facts={"people": str(sum(told))})


# ---------------------------------------------------------------- the final edition


def on_minutes(context: Context, event: MinutesPublished) -> None:
    """With the minutes of the weekly meeting leader, heads and secretary read the final edition; a correction brings none."""
    minutes = event.minutes
    meeting = context.uow.meetings.get(minutes.meeting)
    if minutes.kind is not MeetingKind.WEEKLY or event.is_correction or meeting is None:
        return
    report = present(context, of=meeting.start_at)

    def why(words: Words) -> str:
        return words.say("week_why_final", code=minutes.code)

    for person in _readers(context):
        _tell(context, person, report, title="week_title_final", why=why, key=f"weekly:{minutes.code}", at_once=False)
    effects.record(context, "weekly_report_sent", minutes.code, facts={"week": report.week})


def _readers(context: Context) -> list[Person]:
    """Whoever acts as leader and secretary, and the heads of the departments."""
    directory, posts = context.world.directory, context.world.posts
    heads = (posts.head_of(d.id) for d in directory.departments if posts.has_clocks(d.id))
    acting = (standing.acting for standing in heads if standing is not None)
    return _people(context, (p for p in (posts.leader(), posts.secretary(), *acting) if p is not None))


def _people(context: Context, ids: Iterable[PersonId]) -> list[Person]:
    found = (context.world.directory.person(p) for p in dict.fromkeys(ids))
    return [p for p in found if p is not None and p.is_active]


def _tell(
    context: Context,
    person: Person,
    report: WeeklyReport,
    *,
    title: str,
    why: Callable[[Words], str],
    key: str,
    at_once: bool,
) -> bool:
    """The report to one reader, with its picture behind it; False when it was told before or cannot be.

    Reminders of a meeting of the day go at once (L-09).
    """
    words = words_for(context, person)
    told = [
        effects.tell(
            context,
            person,
            effects.text(part),
            key=f"{key}:{person.id}:{number}",
            at_once=at_once,
            priority=effects.REPORT,
            repeat_unknown=True,
        )
        for number, part in enumerate(render(context, report, words, title=title, why=why(words)))
    ]
    if any(told):
        _illustrate(context, person, report, words, key=f"{key}:{person.id}:picture", at_once=at_once)
    return any(told)


def _illustrate(
    context: Context, person: Person, report: WeeklyReport, words: Words, *, key: str, at_once: bool
) -> None:
    account = effects.account_of(context, person)
    if account is None:
        return
    chart = report_charts.weekly(report, words)
    effects.picture(
        context,
        ToPerson(account),
        chart,
        alt=words.say("chart_not_shown", title=chart.title),
        key=key,
        not_before=None if at_once else effects.notice_time(context, person, context.now),
    )
