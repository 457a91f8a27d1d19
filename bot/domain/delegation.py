"""Leave, delegation and who stands in for whom (domain.md 2.6, 3.17; SoD-7; EC-11 to EC-13, EC-51, EC-52)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import Code, PersonId


class LeaveState(StrEnum):
    """States of 3.17."""

    PLANNED = "planned"
    ACTIVE = "active"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Scope(StrEnum):
    """What a delegate may do in the other's place."""

    ALL = "全部"
    APPROVALS = "审批"
    LIAISON = "对接"
    TASKS = "任务"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """One absence, with or without a delegate. It starts and ends at exact instants; nothing is deleted at the end."""

    code: Code
    person: PersonId
    delegate: PersonId | None
    scope: Scope
    starts_at: datetime
    ends_at: datetime
    state: LeaveState
    reason: str = ""
    registered_by: PersonId
    version: int = 0
