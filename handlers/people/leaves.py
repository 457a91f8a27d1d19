"""Leave and delegation at work (domain.md 2.6, 3.17; P-51, P-52): registered, begun, ended, declined."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.action import Action
from bot.domain.delegation import (
    Leave,
    LeaveDecision,
    LeaveState,
    Request,
    Scope,
    cancel,
    come_back,
    decline,
    end,
    lose_delegate,
    start,
)
from bot.domain.delegation import (
    register as register_leave,
)
from bot.domain.directory import Person
from bot.domain.ids import CodeKind, PersonId
from bot.domain.relation import Relation
from bot.domain.reply_clock import ReplyClock
from bot.domain.timers import Timer, TimerKind
from bot.errors import RuleViolation
from bot.routing import Context, Router
from handlers import effects
from handlers.access import require
from handlers.clocks import clocks
from handlers.groups import groups
from handlers.numbering import new_code
from handlers.words import Words, words_for
from handlers.world import LEAVES

#: a question older than this is not answered in somebody's place any more
LONGEST_WAIT = timedelta(days=14)
#: a leave that begins so soon after it was registered is not news to its delegate
JUST_NOW = timedelta(minutes=1)
OPEN = (LeaveState.PLANNED.value, LeaveState.ACTIVE.value)
SCOPES = {
    Scope.ALL: "scope_all",
    Scope.APPROVALS: "scope_approvals",
    Scope.LIAISON: "scope_liaison",
    Scope.TASKS: "scope_tasks",
}


def register(router: Router) -> None:
    """Put beginning and end of leaves on the table."""
    router.timer(TimerKind.LEAVE_START, on_start)
    router.timer(TimerKind.LEAVE_END, on_end)


# ---------------------------------------------------------------- asking for one


def ask_for(
    context: Context,
    *,
    person: Person,
    starts_at: datetime,
    ends_at: datetime,
    delegate: Person | None,
    scope: Scope,
    reason: str = "",
) -> Leave:
    """Register a leave. Raises RuleViolation (see `bot.domain.delegation.register`, and `no_right`)."""
    if context.person is None:
        raise RuleViolation("unknown_person")
    require_right(context, person)
    code = new_code(context, CodeKind.LEAVE)
    hours = context.world.calendars.of_person(delegate or person)
    decision = register_leave(
        Request(
            code=code,
            person=person.id,
            delegate=delegate.id if delegate is not None else None,
            scope=scope,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
            registered_by=context.person.id,
        ),
        directory=context.world.directory,
        leaves=context.world.leaves,
        hours=hours,
        now=context.now,
    )
    leave = _save(context, None, decision)
    context.uow.timers.arm(Timer(kind=TimerKind.LEAVE_START, ref=leave.code, due_at=max(leave.starts_at, context.now)))
    context.uow.timers.arm(Timer(kind=TimerKind.LEAVE_END, ref=leave.code, due_at=leave.ends_at))
    for other in (delegate, person if person.id != context.person.id else None):
        if other is not None:
            _tell_registered(context, leave, other)
    return leave


def require_right(context: Context, person: Person) -> None:
    """One's own leave is everybody's right (P-51), another's that of the head and the secretary (P-52)."""
    is_own = context.person is not None and context.person.id == person.id
    if is_own:
        require(context, Action.REGISTER_OWN_LEAVE, Relation(owners=frozenset({person.id})))
    else:
        require(context, Action.REGISTER_LEAVE, Relation(department=person.department))


def _tell_registered(context: Context, leave: Leave, other: Person) -> None:
    words = words_for(context, other)
    key = "leave_delegate_told" if other.id == leave.delegate else "leave_told"
    text = words.say(key, **describe(leave, words))
    effects.tell(context, other, effects.text(text), key=f"leave:{leave.code}:registered:{other.id}", is_owed=True)


def may_see(context: Context, leave: Leave, person: Person) -> bool:
    """Whoever is away, stands in or registered it, and who may register leaves of that person (P-51)."""
    if person.id in {leave.person, leave.delegate, leave.registered_by}:
        return True
    absent = context.world.directory.person(leave.person)
    try:
        require_right(context, absent or person)
    except RuleViolation:
        return False
    return absent is not None


def describe(leave: Leave, words: Words) -> dict[str, object]:
    """The facts of a leave as sentences need them."""
    delegate = (
        words.say("leave_with_delegate", name=words.name(leave.delegate), scope=words.say(SCOPES[leave.scope]))
        if leave.delegate is not None
        else words.say("leave_without_delegate")
    )
    return {
        "code": leave.code,
        "name": words.name(leave.person),
        "start": words.time(leave.starts_at),
        "end": words.time(leave.ends_at),
        "delegate": delegate,
        "scope": words.say(SCOPES[leave.scope]),
    }


# ---------------------------------------------------------------- moving


def _save(context: Context, before: Leave | None, decision: LeaveDecision) -> Leave:
    leave = context.uow.leaves.add(decision.state) if before is None else context.uow.leaves.put(decision.state)
    context.uow.bump(LEAVES)
    for event in decision.events:
        effects.record(
            context,
            f"leave_{type(event).__name__.lower()}",
            leave.code,
            before=before.state.value if before is not None else "",
            after=leave.state.value,
        )
    return leave


def on_start(context: Context, timer: Timer) -> None:
    """The leave begins: questions go to whoever stands in from now on."""
    leave = context.uow.leaves.get(timer.ref)
    if leave is None or leave.state is not LeaveState.PLANNED:
        return
    leave = _save(context, leave, start(leave, now=context.now))
    _lost_delegates(context, leave.person)
    delegate = context.world.directory.person(leave.delegate) if leave.delegate is not None else None
    is_news = leave.registered_at is None or context.now - leave.registered_at > JUST_NOW
    if delegate is not None and is_news:
        words = words_for(context, delegate)
        text = words.say("leave_started", name=words.name(leave.person), scope=words.say(SCOPES[leave.scope]))
        effects.tell(context, delegate, effects.text(text), key=f"leave:{leave.code}:started", is_owed=True)
    after_change(context)


def on_end(context: Context, timer: Timer) -> None:
    """The leave is over; the person gets a summary of what was done in his or her place."""
    leave = context.uow.leaves.get(timer.ref)
    if leave is None or leave.state is not LeaveState.ACTIVE:
        return
    leave = _save(context, leave, end(leave, now=context.now))
    _summarise(context, leave)
    after_change(context)


def finish(context: Context, leave: Leave, person: Person) -> Leave:
    """销假: a running leave ends now, a planned one is cancelled. The right to it is checked by the caller.

    Raises RuleViolation `leave_state` for one that is over, `no_right` for a planned one of somebody else's.
    """
    if leave.state is LeaveState.ACTIVE or leave.covers(context.now):
        running = leave if leave.state is LeaveState.ACTIVE else _save(context, leave, start(leave, now=context.now))
        ended = _save(context, running, come_back(running, now=context.now))
        if done_for(context, ended) or context.person is None or context.person.id != ended.person:
            _summarise(context, ended)
    else:
        ended = _save(context, leave, cancel(leave, by=person.id, secretary=context.world.posts.secretary()))
    context.uow.timers.cancel(TimerKind.LEAVE_START, ended.code)
    context.uow.timers.cancel(TimerKind.LEAVE_END, ended.code)
    _release_delegate(context, ended)
    after_change(context)
    return ended


def _release_delegate(context: Context, leave: Leave) -> None:
    """Whoever was asked to stand in hears that it is not needed any more."""
    delegate = context.world.directory.person(leave.delegate) if leave.delegate is not None else None
    if delegate is None or (context.person is not None and context.person.id == delegate.id):
        return
    words = words_for(context, delegate)
    text = words.say("leave_delegate_free", name=words.name(leave.person), code=leave.code)
    effects.tell(context, delegate, effects.text(text), key=f"leave:{leave.code}:free", is_owed=True)


def turn_down(context: Context, leave: Leave, person: Person) -> Leave:
    """The delegate says no; whoever named him or her is told (3.17)."""
    declined = _save(context, leave, decline(leave, by=person.id, now=context.now))
    absent = context.world.directory.person(leave.person)
    if absent is not None:
        words = words_for(context, absent)
        text = words.say("leave_declined_told", name=person.name, code=leave.code)
        effects.tell(context, absent, effects.text(text), key=f"leave:{leave.code}:declined:{person.id}")
    after_change(context)
    return declined


def delegate_gone(context: Context, person: PersonId) -> None:
    """A delegate left the company: the chain of 2.6 takes over, the person and the secretary hear of it."""
    _lost_delegates(context, person)
    after_change(context)


def _lost_delegates(context: Context, person: PersonId) -> None:
    for leave in context.uow.leaves.find(delegate=person, state=OPEN):
        decision = lose_delegate(leave)
        if not decision.events:
            continue
        _save(context, leave, decision)
        secretary = effects.secretary(context)
        absent = context.world.directory.person(leave.person)
        for told in (absent, secretary):
            if told is not None:
                words = words_for(context, told)
                text = words.say("leave_delegate_lost", name=words.name(person), code=leave.code)
                effects.tell(context, told, effects.text(text), key=f"leave:{leave.code}:lost:{person}:{told.id}")


def _summarise(context: Context, leave: Leave) -> None:
    person = context.world.directory.person(leave.person)
    if person is None:
        return
    words = words_for(context, person)
    text = words.say("leave_ended", code=leave.code, answered=len(done_for(context, leave)))
    effects.tell(context, person, effects.text(text), key=f"leave:{leave.code}:summary")


def done_for(context: Context, leave: Leave) -> list[ReplyClock]:
    """Questions that somebody answered in the person's place during the leave."""
    found = context.uow.clocks.between("started_at", leave.starts_at - LONGEST_WAIT, leave.ends_at)
    return [
        c
        for c in found
        if c.answered_for == leave.person
        and c.answered_by != leave.person
        and c.answered_at is not None
        and leave.starts_at <= c.answered_at <= leave.ends_at
    ]


def after_change(context: Context) -> None:
    """Who stands in for whom changed: open clocks follow, groups are looked at again (3.12, L-22)."""
    context.refresh()
    clocks.follow_posts(context)
    groups.recheck_all(context)


def own_open(context: Context, person: Person) -> list[Leave]:
    """The person's leaves that are planned or running, the earliest first."""
    return sorted(context.uow.leaves.find(person=person.id, state=OPEN), key=lambda leave: leave.starts_at)


def stood_in_for(context: Context, person: Person) -> list[Leave]:
    """Open leaves in which the person is the delegate, the earliest first."""
    return sorted(context.uow.leaves.find(delegate=person.id, state=OPEN), key=lambda leave: leave.starts_at)
