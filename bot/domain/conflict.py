"""The conflict CT (domain.md 3.8, R-86..R-91, R-115, R-116; L-24, L-30): mediation, ruling, the office meeting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine


class ConflictState(StrEnum):
    """States of 3.8."""

    MEDIATING = "mediating"
    PENDING_RULING = "pending_ruling"
    RULED = "ruled"
    SETTLED = "settled"
    TO_GM_MEETING = "to_gm_meeting"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class ConflictAct(StrEnum):
    """What can be done to a conflict (3.8)."""

    STATE = "state"
    #: an information conflict: the lead department says which document is right (R-91, L-30)
    VERIFY = "verify"
    OFFER = "offer"
    ACCEPT = "accept"
    REFUSE = "refuse"
    #: T-15 passed
    LAPSE = "lapse"
    ASK_WITHDRAWAL = "ask_withdrawal"
    ANSWER_WITHDRAWAL = "answer_withdrawal"
    RULE = "rule"
    REFER = "refer"
    RECORD_DECISION = "record_decision"
    #: a party has read the ruling
    TAKE_NOTE = "take_note"
    EXECUTE = "execute"
    #: another level of secrecy, or another list of readers (2.5)
    RECLASSIFY = "reclassify"


_S, _A = ConflictState, ConflictAct

#: 3.8 as a table
MACHINE: Machine[ConflictState, ConflictAct] = Machine(
    "conflict",
    (
        Line((_S.MEDIATING,), _A.STATE, (_S.MEDIATING,)),
        Line((_S.MEDIATING,), _A.VERIFY, (_S.MEDIATING,)),
        # two key projects want the same thing: only the leader can say which comes first
        Line((_S.MEDIATING,), _A.OFFER, (_S.MEDIATING, _S.PENDING_RULING)),
        Line((_S.MEDIATING,), _A.ACCEPT, (_S.MEDIATING, _S.SETTLED)),
        # what the plan does not cover goes on to the office meeting, never to a ruling (L-24)
        Line((_S.MEDIATING,), _A.REFUSE, (_S.PENDING_RULING, _S.TO_GM_MEETING)),
        Line((_S.MEDIATING,), _A.LAPSE, (_S.PENDING_RULING, _S.TO_GM_MEETING)),
        Line((_S.MEDIATING,), _A.ASK_WITHDRAWAL, (_S.MEDIATING,)),
        Line((_S.MEDIATING,), _A.ANSWER_WITHDRAWAL, (_S.MEDIATING, _S.WITHDRAWN)),
        Line((_S.PENDING_RULING,), _A.RULE, (_S.RULED,)),
        Line((_S.MEDIATING, _S.PENDING_RULING), _A.REFER, (_S.TO_GM_MEETING,)),
        Line((_S.TO_GM_MEETING,), _A.RECORD_DECISION, (_S.RULED,)),
        Line((_S.RULED, _S.SETTLED), _A.TAKE_NOTE, (_S.RULED, _S.SETTLED)),
        Line((_S.RULED, _S.SETTLED), _A.EXECUTE, (_S.CLOSED,)),
        *(Line((state,), _A.RECLASSIFY, (state,)) for state in _S),
    ),
)


class ConflictKind(StrEnum):
    """Kinds of 4.1 of the plan, and what it does not cover."""

    DUTY = "职责边界"
    RESOURCE = "资源分配"
    INFORMATION = "沟通信息"
    UNCOVERED = "未尽事宜"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one party says."""

    department: DepartmentId
    by: PersonId
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One party's answer to the mediation's outcome."""

    department: DepartmentId
    by: PersonId
    at: datetime
    is_accepted: bool
    behalf: PersonId | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Work that an outcome or ruling asks for; it becomes a task when the outcome is fixed."""

    title: str
    department: DepartmentId
    owner: PersonId
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One conflict. `content` is what was filed."""

    code: Code
    state: ConflictState
    kind: ConflictKind
    title: str
    filed_by: PersonId
    filed_for: DepartmentId
    parties: tuple[DepartmentId, ...]
    filed_at: datetime
    item: Code | None = None
    issue: Code | None = None
    content: Content = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    #: the secretary's proposal, and the clause, document or priority that it rests on
    outcome: str = ""
    basis: str = ""
    outcome_type: str = ""
    offered_at: datetime | None = None
    #: work and, for an item, a change of duties that come with the outcome
    measures: tuple[Measure, ...] = ()
    changes_duties: bool = False
    #: information: what the lead department found, and every place where the wrong figure stands (R-91)
    verified: str = ""
    verified_by: PersonId | None = None
    verified_at: datetime | None = None
    places: str = ""
    #: who asked to take it back, and for which party
    withdrawal_by: PersonId | None = None
    withdrawal_for: DepartmentId | None = None
    #: parties that agreed to it
    withdrawal_agreed: tuple[DepartmentId, ...] = ()
    #: agenda item or decision paper of the office meeting
    paper: str = ""
    referred_at: datetime | None = None
    #: parties whose head has read the ruling
    noted: tuple[DepartmentId, ...] = ()
    answers: tuple[Acceptance, ...] = ()
    ruling: str = ""
    #: the leader ticked 存在推诿 about these departments and people (6.5)
    shirking: tuple[str, ...] = ()
    ruled_by: PersonId | None = None
    ruled_for: PersonId | None = None
    concluded_at: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    executed_at: datetime | None = None
    reason: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    #: a lower level that one of lead head and leader has agreed to, and who has (2.5)
    lower_to: int | None = None
    lower_agreed: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Is there still something to do?"""
        return self.state not in {ConflictState.CLOSED, ConflictState.WITHDRAWN}

    @property
    def is_offered(self) -> bool:
        """Has the secretary's outcome been put to the parties?"""
        return self.offered_at is not None

    def answer_of(self, department: DepartmentId) -> Acceptance | None:
        """What that party said to the outcome."""
        return next((a for a in self.answers if a.department == department), None)

    def statement_of(self, department: DepartmentId) -> Statement | None:
        """What that party said about the matter."""
        return next((s for s in self.statements if s.department == department), None)
