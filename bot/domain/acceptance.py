"""The acceptance YS (domain.md 3.6, R-83, R-84; SoD-3): application F8, acceptors, votes, result. `MACHINE` is its table.

What each act does stands in `acceptance_course`, how votes become a result in `acceptance_votes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine


class AcceptanceState(StrEnum):
    """States of 3.6."""

    APPLIED = "applied"
    SCHEDULED = "scheduled"
    VOTING = "voting"
    PASSED = "passed"
    RECTIFY = "rectify"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class AcceptanceAct(StrEnum):
    """Events of 3.6."""

    SCHEDULE = "schedule"
    #: its meeting was called off or not held
    UNSCHEDULE = "unschedule"
    OPEN_VOTE = "open_vote"
    VOTE = "vote"
    #: the secretary ends the vote with what came in
    CONCLUDE = "conclude"
    #: opinions differ and the leader decides
    DECIDE = "decide"
    #: what has to be put right is written down
    RECTIFY = "rectify"
    #: after a failure the lead head proposes what becomes of it
    PROPOSE = "propose"
    REAPPLY = "reapply"
    WITHDRAW = "withdraw"


_S = AcceptanceState
#: where a vote may end
RESULTS = (_S.PASSED, _S.RECTIFY, _S.FAILED)
#: it is not decided yet
UNDECIDED = (_S.APPLIED, _S.SCHEDULED, _S.VOTING)

MACHINE: Machine[AcceptanceState, AcceptanceAct] = Machine(
    "acceptance",
    (
        Line((_S.APPLIED, _S.SCHEDULED), AcceptanceAct.SCHEDULE, (_S.SCHEDULED,)),
        Line((_S.SCHEDULED,), AcceptanceAct.UNSCHEDULE, (_S.APPLIED,)),
        Line((_S.SCHEDULED,), AcceptanceAct.OPEN_VOTE, (_S.VOTING,)),
        Line((_S.VOTING,), AcceptanceAct.VOTE, (_S.VOTING, *RESULTS)),
        Line((_S.VOTING,), AcceptanceAct.CONCLUDE, (_S.VOTING, *RESULTS)),
        Line((_S.VOTING,), AcceptanceAct.DECIDE, RESULTS),
        Line((_S.RECTIFY,), AcceptanceAct.RECTIFY, (_S.RECTIFY,)),
        Line((_S.FAILED,), AcceptanceAct.RECTIFY, (_S.FAILED,)),
        Line((_S.FAILED,), AcceptanceAct.PROPOSE, (_S.FAILED,)),
        Line((_S.RECTIFY, _S.FAILED), AcceptanceAct.REAPPLY, (_S.APPLIED,)),
        Line((_S.APPLIED, _S.SCHEDULED), AcceptanceAct.WITHDRAW, (_S.WITHDRAWN,)),
    ),
)


class Verdict(StrEnum):
    """What one acceptor says of one criterion."""

    PASSED = "合格"
    RECTIFY = "整改"
    FAILED = "不合格"


class Proposal(StrEnum):
    """What the lead head proposes after a failure (3.6)."""

    REWORK = "返工"
    TERMINATE = "终止"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One acceptor's opinion of every criterion, in the order of the criteria."""

    by: PersonId
    department: DepartmentId
    at: datetime
    verdicts: tuple[Verdict, ...]
    behalf: PersonId | None = None
    reason: str = ""
    #: the lead department's vote is heard and not counted (SoD-3)
    is_counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One acceptance. `content` is form F8."""

    code: Code
    item: Code
    title: str
    lead: DepartmentId
    state: AcceptanceState
    applied_by: PersonId
    applied_at: datetime
    content: Content = field(default_factory=dict)
    criteria: tuple[str, ...] = ()
    round: int = 1
    acceptors: tuple[PersonId, ...] = ()
    votes: tuple[Vote, ...] = ()
    #: votes of earlier rounds
    earlier: tuple[Vote, ...] = ()
    meeting: Code | None = None
    #: of a special item: no signed resolution of the meeting before acceptance (`milestones.enforce = warn`)
    lacks_resolution: bool = False
    voting_at: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    #: opinions differ and the leader decides (3.6)
    is_split: bool = False
    split_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: PersonId | None = None
    #: what has to be put right is written down as tasks
    has_list: bool = False
    proposal: Proposal | None = None
    proposed_at: datetime | None = None
    reason: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def is_undecided(self) -> bool:
        """Is its result still waited for (T-09)?"""
        return self.state in UNDECIDED

    @property
    def waiting(self) -> tuple[PersonId, ...]:
        """Acceptors who have not voted."""
        voted = {vote.behalf or vote.by for vote in self.votes} | {vote.by for vote in self.votes}
        return tuple(person for person in self.acceptors if person not in voted)
