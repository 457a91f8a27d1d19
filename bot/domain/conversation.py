"""Which reply clocks the messages of one chat make, in the order in which they were written (5.4, 5.5; EC-24).

`hear` takes one more message; `replay` takes a whole history and is used when a message arrives after one that was written
later. Both go through the same steps, so the order of arrival never decides a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.clock_events import ClockEvent
from bot.domain.heard import Heard
from bot.domain.ids import Code, DepartmentId, MessageKey
from bot.domain.posts import Posts
from bot.domain.reply_clock import ClockFact, FactKind, ReplyClock, SlaPolicy, WorkingHours
from bot.domain.settling import settle
from bot.domain.sla import Opening, start, tell
from bot.domain.tracking import Target, answers, assigned, attaches_to, targets
from bot.errors import RuleViolation

Identity = tuple[MessageKey, DepartmentId]

#: facts that messages make; everything else a clock knows came from buttons, reactions and the group
_SPOKEN = frozenset(
    {
        FactKind.ATTACHED,
        FactKind.ANSWER,
        FactKind.PLAIN_ANSWER,
        FactKind.MEMBER_ANSWER,
        FactKind.RECALLED,
        FactKind.ANSWER_RECALLED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the rules need besides the messages."""

    posts: Posts
    policy: SlaPolicy
    hours_of: Callable[[DepartmentId], WorkingHours]
    now: datetime
    #: from when on questions are timed: nothing is asked of what was said before the plan took effect (R-118)
    effective_from: datetime | None = None
    plan_version: str = ""
    secrecy: int = 0


@dataclass(slots=True)
class Ear:
    """The clocks of one chat while messages are taken in. `touched` keeps what changed, with the events, in order."""

    clocks: list[ReplyClock]
    circumstances: Circumstances
    events: dict[Identity, list[ClockEvent]]
    touched: list[Identity]
    #: departments whose clock could not be computed (EC-26)
    blind: list[DepartmentId]

    def find(self, identity: Identity) -> ReplyClock:
        """The clock of that identity."""
        return next(c for c in self.clocks if identity_of(c) == identity)

    def put(self, clock: ReplyClock, events: Iterable[ClockEvent] = ()) -> None:
        """Keep a new state."""
        identity = identity_of(clock)
        others = [c for c in self.clocks if identity_of(c) != identity]
        self.clocks = [*others, clock]
        self.events.setdefault(identity, []).extend(events)
        if identity not in self.touched:
            self.touched.append(identity)


def identity_of(clock: ReplyClock) -> Identity:
    """What stays the same when a history is replayed: the starting message and the department asked."""
    return (clock.message, clock.department)


def listen(clocks: Iterable[ReplyClock], circumstances: Circumstances) -> Ear:
    """Begin with the clocks known so far."""
    return Ear(list(clocks), circumstances, {}, [], [])


def hear(ear: Ear, heard: Heard) -> None:
    """Take in the next message: what it stops, then what it starts or joins (L-01, L-03), then its recall."""
    spoken, given = heard.spoken, ear.circumstances
    stopped = answers(spoken, ear.clocks, given.posts)
    for stop in stopped:
        _tell(ear, stop.clock, stop.fact)
    stops_for = frozenset(stop.clock.asking_department for stop in stopped)
    for target in targets(spoken, given.posts, stops_for=stops_for):
        ask(ear, heard, target)
    if heard.recalled_at is not None:
        recall(ear, spoken.message, at=heard.recalled_at)


def recall(ear: Ear, message: MessageKey, *, at: datetime) -> None:
    """A message was taken back: an asking one, or an answer (3.14, 5.5)."""
    for clock in list(ear.clocks):
        if message in clock.messages:
            _tell(ear, clock, ClockFact(kind=FactKind.RECALLED, at=at, message=message))
        elif any(f.message == message for f in clock.facts):
            _tell(ear, clock, ClockFact(kind=FactKind.ANSWER_RECALLED, at=at, message=message))


def replay(
    history: Sequence[Heard], known: Sequence[ReplyClock], circumstances: Circumstances
) -> tuple[Ear, tuple[ReplyClock, ...]]:
    """The clocks that a history makes, in the order of its messages; and the known ones that it does not make.

    A known clock keeps its code, its notices, and what buttons and reactions told it.
    """
    by_identity = {identity_of(c): c for c in known}
    ear = listen((), circumstances)
    agenda: list[tuple[datetime, int, str, Heard | MessageKey | tuple[Identity, ClockFact]]] = [
        (h.spoken.at, 0, str(h.spoken.message), replace(h, recalled_at=None)) for h in history
    ]
    for heard in history:
        if heard.recalled_at is not None:
            when = max(heard.recalled_at, heard.spoken.at)
            agenda.append((when, 2, str(heard.spoken.message), heard.spoken.message))
    messages = {h.spoken.message for h in history}
    for identity, clock in by_identity.items():
        told = (f for f in clock.facts if not _is_spoken(f, clock, messages))
        agenda.extend((f.at, 1, str(f.message), (identity, f)) for f in told)
    for when, _, _, entry in sorted(agenda, key=lambda a: a[:3]):
        match entry:
            case Heard():
                hear(ear, entry)
                _recognise(ear, by_identity)
            case MessageKey():
                recall(ear, entry, at=when)
            case (identity, fact):
                if identity in {identity_of(c) for c in ear.clocks}:
                    _tell(ear, ear.find(identity), fact)
    made = {identity_of(c) for c in ear.clocks}
    return ear, tuple(c for c in known if identity_of(c) not in made)


def _is_spoken(fact: ClockFact, clock: ReplyClock, messages: Container[MessageKey]) -> bool:
    """Was it made by a message of the history? An acknowledgement in words is, one by a reaction names the question."""
    if fact.kind is FactKind.ACKNOWLEDGED:
        return fact.message in messages and fact.message not in clock.messages
    return fact.kind in _SPOKEN


def _recognise(ear: Ear, known: Mapping[Identity, ReplyClock]) -> None:
    """Give a clock that was known before its code and the notices that were sent for it."""
    for clock in ear.clocks:
        old = known.get(identity_of(clock))
        if old is None or clock.code:
            continue
        kept = replace(
            clock,
            code=old.code,
            version=old.version,
            policy=old.policy,
            nudged_at=old.nudged_at,
            breached_at=old.breached_at,
            escalations=old.escalations,
            closed_for_counting=old.closed_for_counting,
            learned_at=old.learned_at,
        )
        ear.put(settle(kept, hours=ear.circumstances.hours_of(clock.department)))


def ask(ear: Ear, heard: Heard, target: Target) -> None:
    """A message asks this department: join the clock that runs, or start one (L-03); an edit may do so later (3.14)."""
    spoken, given = heard.spoken, ear.circumstances
    if given.effective_from is not None and spoken.at < given.effective_from:
        return
    asking = given.posts.department_of(spoken.sender)
    if asking is None or any(spoken.message in c.messages and c.department == target.department for c in ear.clocks):
        return
    joined = attaches_to(ear.clocks, spoken, target.department, asking)
    if joined is not None:
        fact = ClockFact(
            kind=FactKind.ATTACHED, at=spoken.at, by=spoken.sender, message=spoken.message, is_key=spoken.is_key
        )
        _tell(ear, joined, fact)
        return
    standing = assigned(target, given.posts)
    opening = Opening(
        code=Code(""),
        chat=spoken.chat,
        thread=spoken.thread,
        message=spoken.message,
        asker=spoken.sender,
        asking_department=asking,
        department=target.department,
        assignee=standing.represented if standing is not None else None,
        acting=standing.acting if standing is not None else None,
        is_key=spoken.is_key,
        is_inquiry=spoken.is_inquiry,
        visible_at=spoken.at,
        handled_at=heard.received_at,
        source_flag=heard.source_flag,
        excerpt=heard.excerpt,
        secrecy=given.secrecy,
        plan_version=given.plan_version,
    )
    try:
        decision = start(opening, given.policy, given.hours_of(target.department))
    except RuleViolation:
        ear.blind.append(target.department)
        return
    ear.put(decision.state, decision.events)


def _tell(ear: Ear, clock: ReplyClock, fact: ClockFact) -> None:
    current = ear.find(identity_of(clock))
    hours = ear.circumstances.hours_of(clock.department)
    decision = tell(current, fact, hours=hours, now=ear.circumstances.now)
    if decision.state != current:
        ear.put(decision.state, decision.events)
