"""What follows a failed mediation (domain.md 3.8, R-87, R-116; A-21, SoD-5, L-24): ruling, office meeting, execution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.conflict import MACHINE, Conflict, ConflictAct, ConflictKind, ConflictState, Measure
from bot.domain.ids import DepartmentId, PersonId
from bot.errors import RuleViolation


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The leader's decision, or that of the office meeting. A covered matter's ruling is final (A-21)."""

    text: str
    basis: str
    #: ids of departments and people of whom the leader says that they shirked (R-36): only people can say that
    shirking: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    changes_duties: bool = False


def ruled(conflict: Conflict, ruling: Ruling, *, by: PersonId, behalf: PersonId | None, now: datetime) -> Conflict:
    """The leader rules. Raises RuleViolation `stale_card`, `conflict_office_meeting` for what the plan does not cover."""
    MACHINE.require(conflict.state, ConflictAct.RULE)
    if conflict.kind is ConflictKind.UNCOVERED:
        raise RuleViolation("conflict_office_meeting", {"code": conflict.code})
    return _decided(conflict, ConflictAct.RULE, ruling, by=by, behalf=behalf, now=now)


def referred(conflict: Conflict, *, agenda: str, now: datetime) -> Conflict:
    """To the general manager's office meeting (R-116). Raises RuleViolation `stale_card`, `conflict_covered`."""
    MACHINE.require(conflict.state, ConflictAct.REFER)
    if conflict.kind is not ConflictKind.UNCOVERED:
        raise RuleViolation("conflict_covered", {"code": conflict.code})
    return replace(
        conflict,
        state=MACHINE.after(conflict.state, ConflictAct.REFER, ConflictState.TO_GM_MEETING),
        paper=agenda,
        referred_at=now,
        since=now,
    )


def decision_recorded(conflict: Conflict, ruling: Ruling, *, by: PersonId, now: datetime) -> Conflict:
    """The secretary records what the office meeting decided; the paper is the basis."""
    MACHINE.require(conflict.state, ConflictAct.RECORD_DECISION)
    done = _decided(conflict, ConflictAct.RECORD_DECISION, ruling, by=by, behalf=None, now=now)
    return replace(done, paper=ruling.basis)


def _decided(
    conflict: Conflict, act: ConflictAct, ruling: Ruling, *, by: PersonId, behalf: PersonId | None, now: datetime
) -> Conflict:
    return replace(
        conflict,
        state=MACHINE.after(conflict.state, act, ConflictState.RULED),
        ruling=ruling.text,
        basis=ruling.basis,
        shirking=ruling.shirking,
        measures=ruling.measures or conflict.measures,
        changes_duties=ruling.changes_duties,
        ruled_by=by,
        ruled_for=behalf,
        concluded_at=now,
        since=now,
    )


def noted(conflict: Conflict, department: DepartmentId) -> Conflict:
    """A party's head has read what was decided. Raises RuleViolation `stale_card`, `conflict_not_party`."""
    MACHINE.require(conflict.state, ConflictAct.TAKE_NOTE)
    if department not in conflict.parties:
        raise RuleViolation("conflict_not_party", {"code": conflict.code})
    if department in conflict.noted:
        raise RuleViolation("stale_card", {"state": MACHINE.state_key(conflict.state)})
    return replace(conflict, noted=(*conflict.noted, department))


def executed(conflict: Conflict, *, now: datetime) -> Conflict:
    """What was agreed or ruled has been done."""
    return replace(
        conflict,
        state=MACHINE.after(conflict.state, ConflictAct.EXECUTE, ConflictState.CLOSED),
        executed_at=now,
        since=now,
    )
