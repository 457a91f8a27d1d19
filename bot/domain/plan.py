"""The implementation plan FA (domain.md 3.2, R-29, R-79, R-80; A-03): versions, countersignatures, changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.machine import Line, Machine
from bot.domain.slots import Slot


class PlanState(StrEnum):
    """States of 3.2."""

    DRAFTING = "drafting"
    CONFIRMING = "confirming"
    RETURNED = "returned"
    PENDING_LEADER = "pending_leader"
    EFFECTIVE = "effective"
    SUPERSEDED = "superseded"
    VOID = "void"


class PlanAct(StrEnum):
    """Everything that can happen to a version (3.2)."""

    EDIT = "edit"
    SUBMIT = "submit"
    AGREE = "agree"
    DISAGREE = "disagree"
    #: the leader's decision about a change beyond A-03
    APPROVE = "approve"
    RETURN = "return"
    #: a new version is opened; this one stays in force
    REVISE = "revise"
    #: another demand for the version that is being made already
    ATTACH = "attach"
    #: the next version took effect
    REPLACE = "replace"
    #: the item was terminated
    VOID = "void"


_WRITING = (PlanState.DRAFTING, PlanState.RETURNED)
_OPEN = (*_WRITING, PlanState.CONFIRMING, PlanState.PENDING_LEADER)

#: 3.2
PLAN = Machine[PlanState, PlanAct](
    "plan",
    (
        *(Line((state,), PlanAct.EDIT, (state,)) for state in _WRITING),
        Line(_WRITING, PlanAct.SUBMIT, (PlanState.CONFIRMING, PlanState.EFFECTIVE, PlanState.PENDING_LEADER)),
        Line(
            (PlanState.CONFIRMING,),
            PlanAct.AGREE,
            (PlanState.CONFIRMING, PlanState.EFFECTIVE, PlanState.PENDING_LEADER),
        ),
        Line((PlanState.CONFIRMING,), PlanAct.DISAGREE, (PlanState.RETURNED,)),
        Line((PlanState.PENDING_LEADER,), PlanAct.APPROVE, (PlanState.EFFECTIVE,)),
        Line((PlanState.PENDING_LEADER,), PlanAct.RETURN, (PlanState.RETURNED,)),
        Line((PlanState.EFFECTIVE,), PlanAct.REVISE, (PlanState.EFFECTIVE,)),
        *(Line((state,), PlanAct.ATTACH, (state,)) for state in _OPEN),
        Line((PlanState.EFFECTIVE,), PlanAct.REPLACE, (PlanState.SUPERSEDED,)),
        Line((*_OPEN, PlanState.EFFECTIVE), PlanAct.VOID, (PlanState.VOID,)),
    ),
)


def plan_key(code: str, number: int) -> str:
    """`FA-2026-0010 v2`: every version is a row of its own."""
    return f"{code} v{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One version of an item's plan. `content` is form F6."""

    key: str
    code: Code
    number: int
    item: Code
    state: PlanState
    lead: DepartmentId
    coop: tuple[DepartmentId, ...] = ()
    request: Code | None = None
    title: str = ""
    content: Content = field(default_factory=dict)
    round: int = 0
    slots: tuple[Slot, ...] = ()
    submitted_by: PersonId | None = None
    submitted_at: datetime | None = None
    opened_at: datetime | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    effective_at: datetime | None = None
    #: code of the issue, ruling or resolution that demanded the version; several behind one another (R-99)
    cause: str = ""
    #: what the leader decided about: the change lies beyond A-03
    is_beyond: bool = False
    decided_by: PersonId | None = None
    decided_for: PersonId | None = None
    decided_at: datetime | None = None
    reason: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    version: int = 0

    @property
    def involved(self) -> tuple[DepartmentId, ...]:
        """Lead first, then the cooperating departments."""
        return (self.lead, *self.coop)

    @property
    def is_open(self) -> bool:
        """Is it being written, countersigned or decided?"""
        return self.state in _OPEN

    @property
    def is_writable(self) -> bool:
        """May its content be edited?"""
        return self.state in _WRITING

    @property
    def step(self) -> str:
        """What a card must agree with: version and round (EC-05)."""
        return f"{self.number}.{self.round}"

    @property
    def name(self) -> str:
        """`FA-2026-0010 v1`, as people say it."""
        return plan_key(self.code, self.number)
