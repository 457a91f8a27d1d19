"""The leader's daily digest (domain.md 6.1, R-15, R-23; L-20, L-21, L-32): on working days, once a date, late with a note."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.domain.digest import (
    Digest,
    DigestInput,
    Happening,
    compose,
    day_bounds,
    digest_times,
    first_window,
    next_digest,
)
from bot.domain.directory import Person, Role
from bot.domain.ids import PersonId
from bot.domain.records import DigestIssue
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context, Router
from handlers import effects
from handlers.deadlines import recurring
from handlers.reports import digest_matters, digest_notes
from handlers.reports.digest_text import render
from handlers.words import Words, words_for

#: later than this is said to be late
PUNCTUAL = timedelta(minutes=15)
#: verdicts older than this cannot change any more
SETTLED = timedelta(days=30)
#: a digest older than this says nothing about where the next window begins
REMEMBERED = timedelta(days=400)
CONFIDENTIAL = 2
DAILY = "digest"


def register(router: Router) -> None:
    """Put the daily timer on the table."""
    router.timer(TimerKind.DIGEST, on_timer)


def arm(context: Context) -> None:
    """See to it that the next digest has its timer, at the company's hour on the next working day."""
    recurring.arm(context, TimerKind.DIGEST, DAILY, _next(context))


def move(context: Context) -> None:
    """The hour or the calendar changed; a digest that is due by now still goes out."""
    recurring.move(context, TimerKind.DIGEST, DAILY, _next(context))


def _next(context: Context) -> datetime:
    return next_digest(context.world.calendars, context.now, send=_send_time(context))


def _send_time(context: Context) -> time:
    return time.fromisoformat(context.world.company.parameters.reports_digest_at)


def _cutoff_time(context: Context) -> time:
    return time.fromisoformat(context.world.company.parameters.reports_digest_cutoff)


def on_timer(context: Context, timer: Timer) -> None:
    """Issue the digest of the latest date that is due, and arm the next one in the same transaction."""
    arm(context)
    day = _latest_due(context, timer.due_at)
    if day is None or context.uow.digests.get(day.isoformat()) is not None:
        return
    calendars = context.world.calendars
    at_noon = datetime.combine(day, time(12), calendars.zone)
    cutoff, planned = digest_times(calendars, at_noon, cutoff=_cutoff_time(context), send=_send_time(context))
    digest = present(context, cutoff)
    late = planned if context.now - planned > PUNCTUAL else None
    text = ""
    for person in _readers(context):
        words = words_for(context, person)
        text = render(
            context,
            digest,
            person,
            words,
            late=late,
            note=_unreachable_note(context, person, words),
            comment=digest_notes.line(context, words),
        )
        effects.tell(
            context,
            person,
            effects.text(text),
            key=f"digest:{day.isoformat()}:{person.id}",
            at_once=True,
            priority=effects.REPORT,
            repeat_unknown=True,
        )
    digest_notes.used(context)
    context.uow.digests.add(
        DigestIssue(
            date=day.isoformat(),
            cutoff_at=cutoff,
            window_from=digest.window_from,
            text=text,
            issued_at=context.now,
        )
    )
    effects.record(context, "digest_issued", day.isoformat(), facts={"late": str(late is not None)})


def _latest_due(context: Context, due_at: datetime) -> date | None:
    """The latest working day whose hour has come; after some days of downtime only one digest is sent."""
    calendars = context.world.calendars
    local = calendars.local(context.now)
    day = local.date()
    if local.time() < _send_time(context):
        day -= timedelta(days=1)
    if not calendars.is_workday(day):
        day = calendars.previous_workday(day)
    return day if day >= calendars.local(due_at).date() else None


def _readers(context: Context) -> list[Person]:
    """The leader and the secretary; whoever acts and ALT where the leader is away or cannot be reached (L-20, EC-10)."""
    acting = context.world.posts.leader()
    people: list[PersonId] = [*context.world.posts.digest_readers(), *([acting] if acting is not None else [])]
    leader = context.world.posts.leader_post()
    found = context.world.directory.person(leader) if leader is not None else None
    if found is not None and effects.account_of(context, found) is None:
        people.extend(p.id for p in context.world.directory.holders(Role.ALTERNATE))
    persons = (context.world.directory.person(p) for p in dict.fromkeys(people))
    return [p for p in persons if p is not None and effects.account_of(context, p) is not None]


def _unreachable_note(context: Context, reader: Person, words: Words) -> str:
    leader = context.world.posts.leader_post()
    found = context.world.directory.person(leader) if leader is not None else None
    if found is None or found.id == reader.id or effects.account_of(context, found) is not None:
        return ""
    return words.say("digest_unreachable", name=found.name)


# ---------------------------------------------------------------- figures


def present(context: Context, cutoff: datetime) -> Digest:
    """The figures at `cutoff`, over the time since the digest before."""
    uow, calendars = context.uow, context.world.calendars
    last = _issue_before(context, cutoff)
    window = last.cutoff_at if last is not None else first_window(calendars, cutoff, at=_cutoff_time(context))
    start, end = day_bounds(calendars, cutoff)
    given = DigestInput(
        cutoff=cutoff,
        window_from=window,
        obligations=uow.obligations.find(),
        clocks=uow.clocks.between("verdict_at", window - SETTLED, cutoff),
        facts=uow.facts.between("at", window, cutoff),
        groups=uow.groups.find(),
        waiting=digest_matters.waiting(context),
        major=digest_matters.major(context, cutoff),
        naming_open=digest_matters.naming_open(context),
        reports_missing=digest_matters.reports_missing(context, cutoff),
        vacancies=len(context.world.posts.vacancies()),
        confidential_open=len(digest_matters.confidential_codes(context)),
        planned=uow.facts.between("at", start, end, kind=Happening.MEETING_PLANNED.value),
        reported_at=last.issued_at if last is not None else None,
    )
    return compose(given, calendars)


def _issue_before(context: Context, cutoff: datetime) -> DigestIssue | None:
    found = context.uow.digests.between("issued_at", cutoff - REMEMBERED, context.now)
    earlier = [issue for issue in found if issue.cutoff_at < cutoff]
    return max(earlier, key=lambda issue: issue.cutoff_at, default=None)
