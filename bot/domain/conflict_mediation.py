"""Mediation (domain.md 3.8, R-86..R-91, R-115; L-24, L-30): statements, the secretary's outcome, what the parties say to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.codes import read_codes
from bot.domain.conflict import (
    MACHINE,
    Acceptance,
    Conflict,
    ConflictAct,
    ConflictKind,
    ConflictState,
    Measure,
    Statement,
)
from bot.domain.conflict_form import KEY_FIRST, REORDER, SHARE
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.errors import RuleViolation

#: a conflict has at least two sides
FEWEST_PARTIES = 2
#: what counts as a source of information: registered documents and minutes, never chat (R-90)
SOURCES = frozenset({CodeKind.DOCUMENT, CodeKind.MINUTES, CodeKind.SYNC_RECORD, CodeKind.RESOLUTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the secretary proposes."""

    text: str
    basis: str = ""
    type: str = ""
    schedule: str = ""
    measures: tuple[Measure, ...] = ()
    changes_duties: bool = False


def check_parties(parties: Collection[DepartmentId]) -> None:
    """Raises RuleViolation `conflict_two_parties`."""
    if len(set(parties)) < FEWEST_PARTIES:
        raise RuleViolation("conflict_two_parties")


def stated(conflict: Conflict, statement: Statement) -> Conflict:
    """One party says how it sees the matter; a later statement takes the place of the earlier one."""
    MACHINE.require(conflict.state, ConflictAct.STATE)
    _require_party(conflict, statement.department)
    others = tuple(s for s in conflict.statements if s.department != statement.department)
    return replace(conflict, statements=(*others, statement))


def verified(conflict: Conflict, text: str, *, places: str, by: PersonId, now: datetime) -> Conflict:
    """The lead department says which document is right, and where the wrong figure stands (R-90, R-91).

    Raises RuleViolation `stale_card`, `conflict_not_information`, `conflict_needs_source`.
    """
    MACHINE.require(conflict.state, ConflictAct.VERIFY)
    if conflict.kind is not ConflictKind.INFORMATION:
        raise RuleViolation("conflict_not_information", {"code": conflict.code})
    _require_source(text)
    return replace(conflict, verified=text, places=places, verified_by=by, verified_at=now)


# ---------------------------------------------------------------- the outcome


def proposal(conflict: Conflict, key_items: Collection[str]) -> str:
    """What is filled in beforehand: the one key project comes first (R-88); empty where people have to weigh."""
    if conflict.kind is not ConflictKind.RESOURCE or len(key_items) != 1:
        return ""
    return f"{KEY_FIRST}（{next(iter(key_items))}）"


def offered(conflict: Conflict, outcome: Outcome, *, key_items: Collection[str] = (), now: datetime) -> Conflict:
    """The outcome is put to the parties; earlier answers are void. With two key projects the leader decides at once.

    Raises RuleViolation `stale_card`, `conflict_needs_basis`, `conflict_needs_source`, `conflict_verify_first`,
    `conflict_needs_way`, `conflict_needs_schedule`, `conflict_key_first`.
    """
    MACHINE.require(conflict.state, ConflictAct.OFFER)
    _check(conflict, outcome, key_items)
    is_leaders = conflict.kind is ConflictKind.RESOURCE and len(key_items) > 1
    state = ConflictState.PENDING_RULING if is_leaders else ConflictState.MEDIATING
    text = f"{outcome.text}（{outcome.schedule}）" if outcome.schedule else outcome.text
    return replace(
        conflict,
        state=MACHINE.after(conflict.state, ConflictAct.OFFER, state),
        outcome=text,
        basis=outcome.basis,
        outcome_type=outcome.type,
        measures=outcome.measures,
        changes_duties=outcome.changes_duties,
        offered_at=now,
        answers=(),
        since=now if is_leaders else conflict.since,
    )


def _check(conflict: Conflict, outcome: Outcome, key_items: Collection[str]) -> None:
    match conflict.kind:
        case ConflictKind.DUTY:
            if not outcome.basis:
                raise RuleViolation("conflict_needs_basis")
        case ConflictKind.RESOURCE:
            _check_resources(outcome, key_items)
        case ConflictKind.INFORMATION:
            if conflict.verified_at is None:
                raise RuleViolation("conflict_verify_first", {"code": conflict.code})
            _require_source(f"{outcome.basis} {outcome.text}")
        case ConflictKind.UNCOVERED:
            pass


def _check_resources(outcome: Outcome, key_items: Collection[str]) -> None:
    """Key projects come first; without one it is shared or reordered, with dates (R-88, R-89)."""
    if len(key_items) == 1 and outcome.type not in {"", KEY_FIRST}:
        raise RuleViolation("conflict_key_first", {"code": next(iter(key_items))})
    if key_items:
        return
    if outcome.type not in {SHARE, REORDER}:
        raise RuleViolation("conflict_needs_way")
    if not outcome.schedule:
        raise RuleViolation("conflict_needs_schedule")


def _require_source(text: str) -> None:
    found, _ = read_codes(text)
    if not any(ref.kind in SOURCES for ref in found):
        raise RuleViolation("conflict_needs_source")


# ---------------------------------------------------------------- answers


def answered(conflict: Conflict, answer: Acceptance) -> Conflict:
    """A party accepts or refuses; all accept: settled; one refuses: the leader, or the office meeting (L-24).

    Raises RuleViolation `stale_card`, `conflict_no_offer`, `conflict_not_party`.
    """
    act = ConflictAct.ACCEPT if answer.is_accepted else ConflictAct.REFUSE
    MACHINE.require(conflict.state, act)
    if not conflict.is_offered:
        raise RuleViolation("conflict_no_offer", {"code": conflict.code})
    _require_party(conflict, answer.department)
    known = conflict.answer_of(answer.department)
    if known is not None:
        raise RuleViolation("stale_card", {"state": MACHINE.state_key(conflict.state)})
    answers = (*conflict.answers, answer)
    if not answer.is_accepted:
        state = after_failure(conflict)
        return replace(
            conflict,
            state=MACHINE.after(conflict.state, act, state),
            answers=answers,
            since=answer.at,
            referred_at=answer.at if state is ConflictState.TO_GM_MEETING else None,
        )
    is_settled = {a.department for a in answers} >= set(conflict.parties)
    state = ConflictState.SETTLED if is_settled else ConflictState.MEDIATING
    return replace(
        conflict,
        state=MACHINE.after(conflict.state, act, state),
        answers=answers,
        concluded_at=answer.at if is_settled else None,
        since=answer.at if is_settled else conflict.since,
    )


def after_failure(conflict: Conflict) -> ConflictState:
    """Where a mediation that failed goes (L-24)."""
    is_uncovered = conflict.kind is ConflictKind.UNCOVERED
    return ConflictState.TO_GM_MEETING if is_uncovered else ConflictState.PENDING_RULING


def lapsed(conflict: Conflict, *, at: datetime) -> Conflict:
    """T-15 passed at that instant and nothing is settled."""
    MACHINE.require(conflict.state, ConflictAct.LAPSE)
    state = after_failure(conflict)
    return replace(
        conflict,
        state=MACHINE.after(conflict.state, ConflictAct.LAPSE, state),
        since=at,
        referred_at=at if state is ConflictState.TO_GM_MEETING else None,
    )


# ---------------------------------------------------------------- taking it back


def withdrawal_asked(conflict: Conflict, *, department: DepartmentId, by: PersonId, reason: str) -> Conflict:
    """The filing party wants to take it back; the other parties are asked."""
    MACHINE.require(conflict.state, ConflictAct.ASK_WITHDRAWAL)
    return replace(conflict, withdrawal_by=by, withdrawal_for=department, withdrawal_agreed=(), reason=reason)


def withdrawal_answered(conflict: Conflict, *, department: DepartmentId, agrees: bool, now: datetime) -> Conflict:
    """Once every other party agrees it is withdrawn; a no leaves it where it was.

    Raises RuleViolation `stale_card`, `conflict_not_party`, `conflict_no_withdrawal`.
    """
    MACHINE.require(conflict.state, ConflictAct.ANSWER_WITHDRAWAL)
    if conflict.withdrawal_by is None or department == conflict.withdrawal_for:
        raise RuleViolation("conflict_no_withdrawal", {"code": conflict.code})
    _require_party(conflict, department)
    if not agrees:
        return replace(conflict, withdrawal_by=None, withdrawal_for=None, withdrawal_agreed=())
    agreed = tuple(dict.fromkeys((*conflict.withdrawal_agreed, department)))
    others = set(conflict.parties) - {conflict.withdrawal_for}
    is_withdrawn = set(agreed) >= others
    state = ConflictState.WITHDRAWN if is_withdrawn else ConflictState.MEDIATING
    return replace(
        conflict,
        state=MACHINE.after(conflict.state, ConflictAct.ANSWER_WITHDRAWAL, state),
        withdrawal_agreed=agreed,
        since=now if is_withdrawn else conflict.since,
    )


def _require_party(conflict: Conflict, department: DepartmentId) -> None:
    if department not in conflict.parties:
        raise RuleViolation("conflict_not_party", {"code": conflict.code})
