"""Leave and delegation (2.6, 3.17; EC-13): registering, the state table, declining, and what ends nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delegation import (
    TABLE,
    DelegateDeclined,
    DelegateLost,
    Leave,
    LeaveCancelled,
    LeaveDecision,
    LeaveEnded,
    LeaveRegistered,
    LeaveStarted,
    LeaveState,
    Move,
    Request,
    Scope,
    cancel,
    come_back,
    decline,
    end,
    is_fit,
    lose_delegate,
    register,
    signature,
    start,
)
from bot.domain.ids import Code, PersonId
from bot.errors import RuleViolation
from tests.domain.people_support import (
    ALTERNATE,
    DIRECTORY,
    HOURS,
    LEADER,
    NOW,
    OFFICE_HEAD,
    PEOPLE,
    PROD_ACTING,
    QA_BACKUP,
    QA_EMPLOYEE,
    QA_HEAD,
    QA_LIAISON,
    SALES,
    SALES_EMPLOYEE,
    SALES_HEAD,
    SALES_LIAISON,
    SECRETARY,
    at,
    company,
    leave,
)


def ask(
    person: PersonId = QA_LIAISON,
    delegate: PersonId | None = QA_BACKUP,
    *,
    scope: Scope = Scope.ALL,
    starts: str = "2026-11-25 09:00",
    ends: str = "2026-11-27 18:00",
    by: PersonId | None = None,
    leaves: tuple[Leave, ...] = (),
) -> LeaveDecision:
    request = Request(
        code=Code("QJ-2026-0001"),
        person=person,
        delegate=delegate,
        scope=scope,
        starts_at=at(starts),
        ends_at=at(ends),
        registered_by=by or person,
    )
    return register(request, directory=DIRECTORY, leaves=leaves, hours=HOURS, now=NOW)


def test_a_leave_is_planned_and_the_delegate_has_four_working_hours_to_decline() -> None:
    decision = ask()
    assert decision.events == (LeaveRegistered(Code("QJ-2026-0001")),)
    assert decision.state.state is LeaveState.PLANNED
    assert decision.state.decline_by == at("15:30")
    assert ask(delegate=None).state.decline_by is None


@pytest.mark.parametrize(
    ("person", "delegate", "code"),
    [
        (PersonId("nobody"), None, "unknown_person"),
        (QA_LIAISON, QA_LIAISON, "delegate_self"),
        (QA_LIAISON, PersonId("nobody"), "delegate_unknown"),
        (QA_HEAD, SALES_EMPLOYEE, "delegate_wrong"),
        (QA_HEAD, SALES_LIAISON, "delegate_wrong"),
        (PROD_ACTING, SALES_EMPLOYEE, "delegate_wrong"),
        (LEADER, QA_HEAD, "delegate_wrong"),
        (LEADER, SECRETARY, "delegate_wrong"),
    ],
)
def test_who_may_not_be_named(person: PersonId, delegate: PersonId | None, code: str) -> None:
    with pytest.raises(RuleViolation, match=code):
        ask(person, delegate)


@pytest.mark.parametrize(
    ("person", "delegate"),
    [
        (QA_HEAD, QA_EMPLOYEE),
        (QA_HEAD, SALES_HEAD),
        (QA_HEAD, PROD_ACTING),
        (LEADER, ALTERNATE),
        (QA_LIAISON, SALES_EMPLOYEE),
        (SECRETARY, OFFICE_HEAD),
    ],
)
def test_who_may_be_named(person: PersonId, delegate: PersonId) -> None:
    assert ask(person, delegate).state.delegate == delegate


def test_the_alternate_may_be_named_by_the_leader_wherever_he_or_she_sits() -> None:
    elsewhere = company(replace(PEOPLE[ALTERNATE], department=SALES))
    assert is_fit(PEOPLE[LEADER], replace(PEOPLE[ALTERNATE], department=SALES), elsewhere)
    assert not is_fit(PEOPLE[LEADER], PEOPLE[SALES_HEAD], elsewhere)


def test_a_leaver_is_no_delegate_and_takes_no_leave() -> None:
    directory = company(replace(PEOPLE[QA_BACKUP], is_active=False))
    request = Request(
        code=Code("QJ-1"),
        person=QA_LIAISON,
        delegate=QA_BACKUP,
        starts_at=at("11:00"),
        ends_at=at("12:00"),
        registered_by=QA_LIAISON,
    )
    with pytest.raises(RuleViolation, match="delegate_unknown"):
        register(request, directory=directory, leaves=(), hours=HOURS, now=NOW)
    with pytest.raises(RuleViolation, match="unknown_person"):
        register(replace(request, person=QA_BACKUP), directory=directory, leaves=(), hours=HOURS, now=NOW)


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        ("2026-11-25 09:00", "2026-11-25 09:00", "leave_period"),
        ("2026-11-25 09:00", "2026-11-24 09:00", "leave_period"),
        ("2026-11-20 09:00", "2026-11-23 10:00", "leave_past"),
        ("2026-11-24 09:00", "2026-12-24 09:00:01", "delegate_too_long"),
    ],
)
def test_a_period_must_lie_ahead_and_end_within_thirty_days(starts: str, ends: str, code: str) -> None:
    with pytest.raises(RuleViolation, match=code):
        ask(starts=starts, ends=ends)


def test_exactly_thirty_days_are_allowed_and_without_delegate_any_length() -> None:
    ask(starts="2026-11-24 09:00", ends="2026-12-24 09:00")
    ask(delegate=None, starts="2026-11-24 09:00", ends="2027-03-24 09:00")


def test_a_leave_that_began_already_may_be_registered() -> None:
    assert ask(starts="2026-11-23 09:00").state.state is LeaveState.PLANNED


@pytest.mark.parametrize(
    ("scope", "other", "is_refused"),
    [(a, b, a is b or Scope.ALL in {a, b}) for a in Scope for b in Scope],
)
def test_delegations_of_one_scope_may_not_overlap(scope: Scope, other: Scope, is_refused: bool) -> None:
    known = leave(QA_LIAISON, QA_EMPLOYEE, scope=other, starts="2026-11-26 00:00", state=LeaveState.PLANNED)
    if not is_refused:
        assert ask(scope=scope, leaves=(known,)).state.scope is scope
        return
    with pytest.raises(RuleViolation, match="delegate_overlap"):
        ask(scope=scope, leaves=(known,))


@pytest.mark.parametrize("state", [LeaveState.ENDED, LeaveState.CANCELLED])
def test_what_is_over_overlaps_nothing(state: LeaveState) -> None:
    assert ask(leaves=(leave(QA_LIAISON, QA_EMPLOYEE, state=state),)).state.delegate == QA_BACKUP


def test_leaves_that_only_touch_do_not_overlap() -> None:
    earlier = leave(QA_LIAISON, QA_EMPLOYEE, ends="2026-11-25 09:00")
    assert ask(leaves=(earlier,)).state.starts_at == earlier.ends_at


def test_two_leaves_without_delegate_may_not_overlap() -> None:
    with pytest.raises(RuleViolation, match="leave_overlap"):
        ask(delegate=None, leaves=(leave(QA_LIAISON),))


def test_ec_13_nobody_delegates_to_somebody_who_is_away_nor_in_a_circle() -> None:
    with pytest.raises(RuleViolation, match="delegate_away"):
        ask(QA_BACKUP, QA_LIAISON, leaves=(leave(QA_LIAISON, QA_BACKUP),))


# ---------------------------------------------------------------- the state table

BEFORE, DURING, AFTER = at("2026-11-20 10:00"), NOW, at("2026-12-01 10:00")


def in_state(state: LeaveState) -> Leave:
    return replace(leave(QA_LIAISON, QA_BACKUP, state=state), decline_by=at("2026-12-30 10:00"))


def moved(known: Leave, move: Move) -> LeaveDecision:
    match move:
        case Move.START:
            return start(known, now=DURING)
        case Move.END:
            return end(known, now=AFTER)
        case Move.EARLY_RETURN:
            return come_back(known, now=DURING)
        case Move.DECLINE:
            return decline(known, by=QA_BACKUP, now=DURING)
        case Move.DELEGATE_LOST:
            return lose_delegate(known)
        case Move.CANCEL:
            return cancel(known, by=QA_LIAISON, secretary=SECRETARY)


CODE = in_state(LeaveState.PLANNED).code
ROWS = {
    (LeaveState.PLANNED, Move.START): (LeaveState.ACTIVE, LeaveStarted(CODE)),
    (LeaveState.PLANNED, Move.CANCEL): (LeaveState.CANCELLED, LeaveCancelled(CODE, QA_LIAISON)),
    (LeaveState.PLANNED, Move.DECLINE): (LeaveState.PLANNED, DelegateDeclined(CODE, QA_BACKUP)),
    (LeaveState.PLANNED, Move.DELEGATE_LOST): (LeaveState.PLANNED, DelegateLost(CODE, QA_BACKUP)),
    (LeaveState.ACTIVE, Move.DECLINE): (LeaveState.ACTIVE, DelegateDeclined(CODE, QA_BACKUP)),
    (LeaveState.ACTIVE, Move.DELEGATE_LOST): (LeaveState.ACTIVE, DelegateLost(CODE, QA_BACKUP)),
    (LeaveState.ACTIVE, Move.END): (LeaveState.ENDED, LeaveEnded(CODE, is_early=False)),
    (LeaveState.ACTIVE, Move.EARLY_RETURN): (LeaveState.ENDED, LeaveEnded(CODE, is_early=True)),
}


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", LeaveState)
def test_every_move_in_every_state_leads_where_the_table_says_or_is_refused(state: LeaveState, move: Move) -> None:
    row = ROWS.get((state, move))
    assert TABLE.get((state, move)) is (row[0] if row is not None else None)
    if row is None:
        with pytest.raises(RuleViolation) as refused:
            moved(in_state(state), move)
        assert refused.value.facts == {"state": state.value, "move": move.value}
        return
    decision = moved(in_state(state), move)
    assert decision.state.state is row[0]
    assert decision.events == (row[1],)


def test_a_leave_starts_and_ends_at_its_exact_instants() -> None:
    planned = in_state(LeaveState.PLANNED)
    with pytest.raises(RuleViolation, match="leave_not_yet"):
        start(planned, now=planned.starts_at - timedelta(seconds=1))
    assert start(planned, now=planned.starts_at).state.state is LeaveState.ACTIVE
    active = in_state(LeaveState.ACTIVE)
    with pytest.raises(RuleViolation, match="leave_not_yet"):
        end(active, now=active.ends_at - timedelta(seconds=1))
    assert not active.covers(active.ends_at)
    assert active.covers(active.starts_at)


def test_who_comes_back_early_is_back_from_that_instant() -> None:
    assert come_back(in_state(LeaveState.ACTIVE), now=NOW).state.ends_at == NOW


def test_only_the_delegate_declines_and_only_in_time() -> None:
    known = replace(in_state(LeaveState.PLANNED), decline_by=at("15:30"))
    with pytest.raises(RuleViolation, match="no_right"):
        decline(known, by=SALES_HEAD, now=NOW)
    with pytest.raises(RuleViolation, match="decline_too_late"):
        decline(known, by=QA_BACKUP, now=at("15:30:01"))
    declined = decline(known, by=QA_BACKUP, now=at("15:30")).state
    assert (declined.delegate, declined.former_delegate) == (None, QA_BACKUP)


@pytest.mark.parametrize(("by", "may"), [(QA_LIAISON, True), (SECRETARY, True), (QA_HEAD, False), (QA_BACKUP, False)])
def test_the_person_and_the_secretary_cancel(by: PersonId, may: bool) -> None:
    known = in_state(LeaveState.PLANNED)
    if may:
        assert cancel(known, by=by, secretary=SECRETARY).state.state is LeaveState.CANCELLED
        return
    with pytest.raises(RuleViolation, match="no_right"):
        cancel(known, by=by, secretary=SECRETARY)


def test_losing_a_delegate_who_was_never_named_is_nothing() -> None:
    assert lose_delegate(leave(QA_LIAISON)).events == ()


def test_a_decision_in_somebodys_place_names_both() -> None:
    assert signature("何平", "周蕾") == "何平 代 周蕾"
    assert signature("何平", "何平") == "何平"
