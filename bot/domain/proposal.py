"""Award and criticism proposals JC (domain.md 3.16, 6.5; R-104, R-105; T-27, SoD-6): facts, a hearing, and people who decide.

Nothing here happens by itself: time that runs out opens the next step at most, never a decision, never a notice.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine
from bot.errors import RuleViolation


class ProposalState(StrEnum):
    """States of 3.16, and what an upheld appeal leads to."""

    CANDIDATE = "candidate"
    HEARING = "hearing"
    PENDING_CONFIRM = "pending_confirm"
    CONFIRMED = "confirmed"
    PUBLISHED = "published"
    APPEAL = "appeal"
    DROPPED = "dropped"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ProposalAct(StrEnum):
    """What can be done to a proposal."""

    DROP = "drop"
    PUT_FORWARD = "put_forward"
    STATE = "state"
    HEARING_OVER = "hearing_over"
    CONFIRM = "confirm"
    REJECT = "reject"
    PUBLISH = "publish"
    APPEAL = "appeal"
    VOTE = "vote"


_S, _A = ProposalState, ProposalAct
MACHINE: Machine[ProposalState, ProposalAct] = Machine(
    "proposal",
    (
        Line((_S.CANDIDATE,), _A.DROP, (_S.DROPPED,)),
        # an award goes to the leader at once, a criticism is heard first
        Line((_S.CANDIDATE,), _A.PUT_FORWARD, (_S.PENDING_CONFIRM, _S.HEARING)),
        Line((_S.HEARING,), _A.STATE, (_S.PENDING_CONFIRM,)),
        Line((_S.HEARING,), _A.HEARING_OVER, (_S.PENDING_CONFIRM,)),
        Line((_S.PENDING_CONFIRM,), _A.CONFIRM, (_S.CONFIRMED,)),
        Line((_S.PENDING_CONFIRM,), _A.REJECT, (_S.REJECTED,)),
        Line((_S.CONFIRMED,), _A.PUBLISH, (_S.PUBLISHED,)),
        Line((_S.CONFIRMED, _S.PUBLISHED), _A.APPEAL, (_S.APPEAL,)),
        # leader and alternate decide together: it waits for the other, it stands, or it is withdrawn
        Line((_S.APPEAL,), _A.VOTE, (_S.APPEAL, _S.CONFIRMED, _S.PUBLISHED, _S.WITHDRAWN)),
    ),
)


class Audience(StrEnum):
    """To whom a notice is published."""

    GROUP = "协调小组"
    DEPARTMENT = "本部门"
    COMPANY = "全公司"


#: points that one proposal may carry, by what it is
CRITICISM_POINTS = (3, 5)
AWARD_POINTS = (2, 5)
#: working days for an appeal to be decided
APPEAL_DECISION_WD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One proposal about a department or a person; `facts` are codes of the objects behind it with what happened."""

    code: Code
    month: str
    is_award: bool
    department: DepartmentId
    state: ProposalState
    created_at: datetime
    person: PersonId | None = None
    #: name of the rule of 6.5 that made it a candidate, empty where a person proposed it
    ground: str = ""
    #: `RW-2026-0031 overdue 7`: code, what happened, how much of it
    facts: tuple[str, ...] = ()
    proposed_by: PersonId | None = None
    statement: str = ""
    stated_by: PersonId | None = None
    scope: str = ""
    #: negative for a criticism
    points: int = 0
    confirmed_by: PersonId | None = None
    confirmed_for: PersonId | None = None
    confirmed_at: datetime | None = None
    published_at: datetime | None = None
    appeal: str = ""
    appealed_at: datetime | None = None
    appealed_by: PersonId | None = None
    #: who of leader and ALT has decided the appeal, and how: True withdraws
    appeal_votes: tuple[tuple[PersonId, bool], ...] = ()
    since: datetime | None = None
    due_at: datetime | None = None
    reason: str = ""
    version: int = 0

    @property
    def is_over(self) -> bool:
        """Is there nothing more to come?"""
        return self.state in {ProposalState.DROPPED, ProposalState.REJECTED, ProposalState.WITHDRAWN}


# ---------------------------------------------------------------- acts


def dropped(proposal: Proposal, reason: str, *, now: datetime) -> Proposal:
    """The secretary does not go on with it."""
    state = MACHINE.after(proposal.state, ProposalAct.DROP, ProposalState.DROPPED)
    return replace(proposal, state=state, reason=reason, since=now, due_at=None)


def put_forward(
    proposal: Proposal, *, has_checked: bool, hearing_due: datetime, confirm_due: datetime, now: datetime
) -> Proposal:
    """An award goes to the leader, a criticism is heard first. Raises RuleViolation `proposal_evidence` unless checked."""
    MACHINE.require(proposal.state, ProposalAct.PUT_FORWARD)
    if proposal.is_award:
        return _waiting(proposal, ProposalAct.PUT_FORWARD, confirm_due, now)
    if not has_checked:
        raise RuleViolation("proposal_evidence")
    state = MACHINE.after(proposal.state, ProposalAct.PUT_FORWARD, ProposalState.HEARING)
    return replace(proposal, state=state, since=now, due_at=hearing_due)


def stated(proposal: Proposal, text: str, by: PersonId, *, confirm_due: datetime, now: datetime) -> Proposal:
    """The case is stated and goes to the leader with it."""
    return replace(_waiting(proposal, ProposalAct.STATE, confirm_due, now), statement=text, stated_by=by)


def heard(proposal: Proposal, *, confirm_due: datetime, now: datetime) -> Proposal:
    """Nobody stated anything in time; the leader decides without it."""
    return _waiting(proposal, ProposalAct.HEARING_OVER, confirm_due, now)


def _waiting(proposal: Proposal, act: ProposalAct, due_at: datetime, now: datetime) -> Proposal:
    state = MACHINE.after(proposal.state, act, ProposalState.PENDING_CONFIRM)
    return replace(proposal, state=state, since=now, due_at=due_at)


def confirmed(
    proposal: Proposal,
    *,
    points: int,
    audience: str,
    by: PersonId,
    behalf: PersonId | None,
    publish_due: datetime,
    now: datetime,
) -> Proposal:
    """The leader confirms, with points and audience. Raises RuleViolation `proposal_points`, `proposal_scope`."""
    MACHINE.require(proposal.state, ProposalAct.CONFIRM)
    low, high = AWARD_POINTS if proposal.is_award else CRITICISM_POINTS
    if not low <= abs(points) <= high:
        raise RuleViolation("proposal_points", {"low": low, "high": high})
    if audience not in set(Audience):
        raise RuleViolation("proposal_scope")
    return replace(
        proposal,
        state=MACHINE.after(proposal.state, ProposalAct.CONFIRM, ProposalState.CONFIRMED),
        points=abs(points) if proposal.is_award else -abs(points),
        scope=audience,
        confirmed_by=by,
        confirmed_for=behalf,
        confirmed_at=now,
        since=now,
        due_at=publish_due,
    )


def rejected(proposal: Proposal, reason: str, *, now: datetime) -> Proposal:
    """The leader does not confirm; only secretary and proposer know."""
    state = MACHINE.after(proposal.state, ProposalAct.REJECT, ProposalState.REJECTED)
    return replace(proposal, state=state, reason=reason, since=now, due_at=None)


def published(proposal: Proposal, *, now: datetime) -> Proposal:
    """The secretary pressed the button after the preview."""
    state = MACHINE.after(proposal.state, ProposalAct.PUBLISH, ProposalState.PUBLISHED)
    return replace(proposal, state=state, published_at=now, since=now, due_at=None)


def appealed(
    proposal: Proposal, text: str, by: PersonId, *, ends_at: datetime, due_at: datetime, now: datetime
) -> Proposal:
    """Within the limit after the confirmation. Raises RuleViolation `appeal_over`, `appeal_again`."""
    MACHINE.require(proposal.state, ProposalAct.APPEAL)
    if proposal.appealed_at is not None:
        raise RuleViolation("appeal_again")
    if now > ends_at:
        raise RuleViolation("appeal_over", {"until": ends_at})
    return replace(
        proposal,
        state=MACHINE.after(proposal.state, ProposalAct.APPEAL, ProposalState.APPEAL),
        appeal=text,
        appealed_at=now,
        appealed_by=by,
        since=now,
        due_at=due_at,
    )


def voted(
    proposal: Proposal, by: PersonId, withdraws: bool, *, voters: Collection[PersonId], now: datetime
) -> Proposal:
    """One of those who decide together has decided. It is withdrawn only where all of them say so.

    Raises RuleViolation `no_right` for others, `stale_card` for a second time.
    """
    MACHINE.require(proposal.state, ProposalAct.VOTE)
    if by not in voters:
        raise RuleViolation("no_right")
    known = dict(proposal.appeal_votes)
    if by in known:
        raise RuleViolation("stale_card", {"state": MACHINE.state_key(proposal.state)})
    votes = (*proposal.appeal_votes, (by, withdraws))
    after = replace(proposal, appeal_votes=votes)
    said = dict(votes)
    if not set(voters) <= set(said):
        return after
    if all(said[voter] for voter in voters):
        state = ProposalState.WITHDRAWN
    else:
        state = ProposalState.CONFIRMED if proposal.published_at is None else ProposalState.PUBLISHED
    return replace(after, state=MACHINE.after(proposal.state, ProposalAct.VOTE, state), since=now, due_at=None)


# ---------------------------------------------------------------- the same fact once


def repeats(proposal: Proposal, others: Collection[Proposal]) -> Proposal | None:
    """A criticism of the same person or department, in the same month, for the same fact (6.5)."""
    facts = {fact.split(" ", 1)[0] for fact in proposal.facts}
    return next(
        (
            one
            for one in others
            if not one.is_award
            and not proposal.is_award
            and one.month == proposal.month
            and (one.person, one.department) == (proposal.person, proposal.department)
            and facts & {fact.split(" ", 1)[0] for fact in one.facts}
        ),
        None,
    )
