"""Slots of an approval: one per department that has to say yes (A-01, A-03; R-74, R-79). SoD-1 knows one more state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import DepartmentId, PersonId


class SlotState(StrEnum):
    """What became of a slot."""

    OPEN = "open"
    PASSED = "passed"
    #: the submitter heads that department (SoD-1): 本人提交，免审
    SELF_SUBMITTED = "self_submitted"
    #: this department sent it back
    RETURNED = "returned"
    #: another department sent it back in this round
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One department's place in a round."""

    department: DepartmentId
    state: SlotState = SlotState.OPEN
    by: PersonId | None = None
    #: the head in whose place a delegate acted (“B 代 A”)
    behalf: PersonId | None = None
    at: datetime | None = None
    reason: str = ""


def is_filled(slots: Iterable[Slot]) -> bool:
    """Has everybody said yes?"""
    return all(slot.state in {SlotState.PASSED, SlotState.SELF_SUBMITTED} for slot in slots)


def open_slots(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Those that are still waited for, in their order."""
    return tuple(slot for slot in slots if slot.state is SlotState.OPEN)


def filled_in(slots: Iterable[Slot], slot: Slot) -> tuple[Slot, ...]:
    """The slots with that department's one exchanged."""
    return tuple(slot if one.department == slot.department else one for one in slots)


def voided(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """After a return every other slot of the round is void (3.1, 3.2)."""
    return tuple(one if one.state is SlotState.RETURNED else replace(one, state=SlotState.VOID) for one in slots)
