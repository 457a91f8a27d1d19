"""Reply clocks at work: kept, timed, announced (domain.md 3.14; T-01, T-01a, T-01b). The rules are in `bot.domain.sla`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.clock_events import Answered, ClockEvent, Started
from bot.domain.decision import Decision
from bot.domain.escalation import NoticeKind, follow
from bot.domain.happened import PostsChanged
from bot.domain.ids import CodeKind
from bot.domain.permissions import Grant
from bot.domain.reply_clock import CLOCK_TIMERS, OPEN, ClockFact, ClockState, FactKind, ReplyClock
from bot.domain.sla import breach, close, escalate, nudge, seen_from, tell, timers_for
from bot.domain.timers import Timer, TimerKind
from bot.messages import Target, ToChat
from bot.routing import Context, Outcome, Router
from handlers import effects
from handlers.clocks.clock_cards import DIRECT, UNSENT, refresh, show_again, show_to_asked
from handlers.clocks.clock_notices import announce, show_privately
from handlers.clocks.clock_words import hours_of as hours_of
from handlers.numbering import new_code
from handlers.words import words_for

#: a timer that fires later than this after its instant fires because the program was away
CATCH_UP = timedelta(minutes=5)


def register(router: Router) -> None:
    """Put the clock's timers on the table."""
    for kind in CLOCK_TIMERS:
        router.timer(kind, on_timer)


# ---------------------------------------------------------------- keeping


def save(
    context: Context,
    before: ReplyClock | None,
    decision: Decision[ReplyClock, ClockEvent],
    *,
    grant: Grant | None = None,
    is_late: bool = False,
) -> ReplyClock:
    """Write the new state with its timers, audit trail, notices and cards; returns the stored clock.

    `is_late` says that the notices come after their time, because the program was away (EC-19).
    """
    clock = _stored(context, before, decision.state)
    _arm(context, clock)
    _audit(context, before, clock, decision.events, grant)
    for event in decision.events:
        announce(context, clock, event, is_late=is_late)
    if before is not None:
        refresh(context, clock, before)
    return clock


def _stored(context: Context, before: ReplyClock | None, clock: ReplyClock) -> ReplyClock:
    if before is not None:
        return context.uow.clocks.put(clock)
    code = new_code(context, CodeKind.CLOCK, at=clock.started_at)
    return context.uow.clocks.add(replace(clock, code=code))


def _arm(context: Context, clock: ReplyClock) -> None:
    timers = timers_for(clock, hours=hours_of(context, clock), add_workdays=context.world.calendars.add_workdays)
    if UNSENT in clock.flags:
        timers = ()
    effects.retime(context, clock.code, CLOCK_TIMERS, timers)


def _audit(
    context: Context,
    before: ReplyClock | None,
    clock: ReplyClock,
    events: Iterable[ClockEvent],
    grant: Grant | None,
) -> None:
    behalf = grant.behalf if grant is not None else None
    for event in events:
        name = type(event).__name__.lower()
        context.count(f"clock_{name}")
        effects.record(
            context,
            f"clock_{name}",
            clock.code,
            before=before.state.value if before is not None else "",
            after=clock.state.value,
            reason=clock.reason,
            role=grant.column.value if grant is not None else "",
            on_behalf_of=(clock.answered_for if isinstance(event, Answered) else behalf) or "",
            facts={"due": clock.due_at.isoformat()} if isinstance(event, Started) else None,
        )


def forget(context: Context, clock: ReplyClock) -> None:
    """A clock that the chat, read in its right order, never made (EC-24)."""
    effects.retime(context, clock.code, CLOCK_TIMERS, ())
    context.uow.clocks.remove(clock.code)
    effects.record(context, "clock_withdrawn", clock.code, before=clock.state.value, reason="order of messages")


# ---------------------------------------------------------------- timers


def on_timer(context: Context, timer: Timer) -> None:
    """One of the four timers of a clock is due; the rule looks again whether it still applies."""
    clock = context.uow.clocks.get(timer.ref)
    if clock is None:
        return
    hours = hours_of(context, clock)
    match timer.kind:
        case TimerKind.SLA_NUDGE:
            decision = nudge(clock, now=context.now)
        case TimerKind.SLA_BREACH:
            decision = breach(clock, now=context.now, hours=hours)
        case TimerKind.SLA_ESCALATE:
            decision = escalate(clock, now=context.now, hours=hours)
        case TimerKind.SLA_CLOSE:
            decision = close(clock, now=context.now)
        case _:
            raise ValueError(f"not a timer of a clock: {timer.kind}")
    if decision.state == clock:
        return
    save(context, clock, decision, is_late=context.now - timer.due_at > CATCH_UP)


def follow_posts(context: Context) -> None:
    """Somebody came, left, or went on leave: what is open goes to whoever holds the post now (3.12, EC-09, EC-50, EC-51)."""
    for clock in context.uow.clocks.find(state=tuple(state.value for state in OPEN)):
        followed = follow(clock, context.world.posts)
        if followed != clock:
            _handed_over(context, clock, save(context, clock, Decision(followed, ())))
    context.announce(PostsChanged())


def _handed_over(context: Context, before: ReplyClock, clock: ReplyClock) -> None:
    """Whoever has to answer now gets what the one before had got already."""
    if clock.acting == before.acting:
        return
    effects.record(context, "clock_handed_over", clock.code, before=before.acting or "", after=clock.acting or "")
    person = context.world.directory.person(clock.acting) if clock.acting is not None else None
    if person is None or clock.state is not ClockState.RUNNING:
        return
    if clock.nudged_at is not None:
        show_privately(context, clock, person, NoticeKind.NUDGE, moment=None)
    elif DIRECT in clock.flags:
        show_to_asked(context, clock)


# ---------------------------------------------------------------- arriving


def on_card_sent(context: Context, outcome: Outcome, target: Target) -> None:
    """A card arrived: the clock of a private inquiry starts; one that moved on meanwhile is brought up to date."""
    clock = context.uow.clocks.get(outcome.envelope.ref)
    if clock is None:
        return
    if UNSENT in clock.flags and _is_for_asked(context, clock, target):
        seen = replace(clock, flags=clock.flags - {UNSENT})
        seen = seen_from(seen, at=context.now, hours=hours_of(context, clock))
        _keep_undoable(context, clock, save(context, clock, Decision(seen, ())))
    elif not outcome.envelope.key.endswith(f"#{clock.version}"):
        show_again(context, clock, target)


def on_card_lost(context: Context, outcome: Outcome, target: Target) -> None:
    """The message of a private inquiry cannot be delivered: its clock never starts, and whoever asked hears of it."""
    clock = context.uow.clocks.get(outcome.envelope.ref)
    if clock is None or UNSENT not in clock.flags or not _is_for_asked(context, clock, target):
        return
    hours = hours_of(context, clock)
    begun = seen_from(clock, at=context.now, hours=hours)
    fact = ClockFact(kind=FactKind.CALLED_OFF, at=context.now, by=clock.asker)
    save(context, clock, tell(begun, fact, hours=hours, now=context.now))
    asker = context.world.directory.person(clock.asker)
    if asker is not None:
        words = words_for(context, asker)
        text = words.say("clock_undelivered", code=clock.code, name=words.name(clock.acting))
        effects.tell(context, asker, effects.text(text), key=f"clock:{clock.code}:undelivered", at_once=True)


def _keep_undoable(context: Context, before: ReplyClock, after: ReplyClock) -> None:
    """That the message arrived is nothing that anybody did about the question: it can still be taken back."""
    for undoable in context.uow.undoables.find(person=after.asker):
        if (undoable.ref, undoable.ref_version) == (after.code, before.version):
            context.uow.undoables.put(replace(undoable, ref_version=after.version))


def _is_for_asked(context: Context, clock: ReplyClock, target: Target) -> bool:
    """Is this the chat of somebody who has to answer, and not that of the asker?"""
    if isinstance(target, ToChat):
        return False
    person = context.world.directory.by_account(target.account)
    return person is None or person.id != clock.asker


# ---------------------------------------------------------------- looking


def effective_from(context: Context) -> datetime | None:
    """The first instant of the day on which the plan takes effect, in company time; None for a plan without a date (R-118)."""
    day = context.world.company.plan.effective_date
    return datetime.combine(day, time(0), context.world.calendars.zone) if day is not None else None


def open_clocks(context: Context, **equals: str) -> list[ReplyClock]:
    """Clocks that owe an answer, by due time."""
    found = context.uow.clocks.find(state=tuple(state.value for state in OPEN), **equals)
    return sorted((c for c in found if not c.closed_for_counting), key=lambda c: (c.due_at, c.code))
