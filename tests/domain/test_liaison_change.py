"""The liaison change as a table: what is possible when, and the week's notice (domain.md 3.12, R-108, R-109; A-09)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.directory import Person, Role
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.liaison_change import (
    MACHINE,
    TICKS,
    ChangeAct,
    ChangeState,
    LiaisonChange,
    announced,
    cancelled,
    check_notice,
    check_people,
    consented,
    earliest,
    handed_over,
    moved,
    refused,
    role_changed,
    taken_effect,
    with_role,
    without_role,
)
from bot.errors import RuleViolation

TODAY = date(2026, 9, 17)
NOW = datetime(2026, 9, 17, 1, 15, tzinfo=UTC)
SALES = DepartmentId("SALES")
OLD = Person(id=PersonId("E009"), name="苏念初", department=SALES, roles=frozenset({Role.LIAISON, Role.EMPLOYEE}))
NEW = Person(
    id=PersonId("E010"), name="江亦舟", department=SALES, roles=frozenset({Role.BACKUP_LIAISON, Role.EMPLOYEE})
)
OTHER = Person(id=PersonId("E004"), name="秦书禾", department=DepartmentId("PROD"), roles=frozenset({Role.LIAISON}))
CHANGE = LiaisonChange(
    code=Code("DJ-2026-0004"),
    department=SALES,
    old=OLD.id,
    new=NEW.id,
    state=ChangeState.DRAFT,
    announced_at=NOW,
    announced_by=PersonId("E008"),
    effective_on=date(2026, 9, 24),
)

DOES: dict[ChangeAct, Callable[[LiaisonChange], LiaisonChange]] = {
    ChangeAct.ANNOUNCE: lambda c: announced(
        c, ticks=TICKS, effective_on=c.effective_on, today=TODAY, notice_days=7, now=NOW
    ),
    ChangeAct.CONSENT: lambda c: consented(c, today=TODAY),
    ChangeAct.REFUSE: refused,
    ChangeAct.HAND_OVER: lambda c: handed_over(c, OLD.id),
    ChangeAct.MOVE: lambda c: moved(c, date(2026, 9, 28), noticed_on=TODAY, today=TODAY, notice_days=7),
    ChangeAct.CANCEL: cancelled,
    ChangeAct.TAKE_EFFECT: lambda c: taken_effect(c, now=NOW),
}


@pytest.mark.parametrize("act", list(ChangeAct))
@pytest.mark.parametrize("state", list(ChangeState))
def test_what_is_not_in_the_table_is_refused_and_changes_nothing(state: ChangeState, act: ChangeAct) -> None:
    change = replace(CHANGE, state=state)
    if MACHINE.allows(state, act):
        assert DOES[act](change).state in MACHINE.table[state, act]
        return
    with pytest.raises(RuleViolation) as refusal:
        DOES[act](change)
    assert (refusal.value.code, refusal.value.facts) == ("stale_card", {"state": f"liaison_state_{state.value}"})


@pytest.mark.parametrize(("days", "is_allowed"), [(0, False), (6, False), (7, True), (8, True)])
def test_ec_57_six_days_are_too_few_and_exactly_seven_are_enough(days: int, is_allowed: bool) -> None:
    """R-109, A-09, T-21: calendar days, whatever day of the week it is."""
    if is_allowed:
        check_notice(TODAY + timedelta(days=days), notified_on=TODAY, notice_days=7)
        return
    with pytest.raises(RuleViolation) as refusal:
        check_notice(TODAY + timedelta(days=days), notified_on=TODAY, notice_days=7)
    assert (refusal.value.code, refusal.value.facts) == ("liaison_notice_short", {"date": date(2026, 9, 24)})
    assert earliest(TODAY, 7) == date(2026, 9, 24)


@pytest.mark.parametrize("missing", TICKS)
def test_all_three_points_have_to_be_confirmed(missing: str) -> None:
    """R-108."""
    ticks = [t for t in TICKS if t != missing]
    with pytest.raises(RuleViolation) as refusal:
        announced(CHANGE, ticks=ticks, effective_on=CHANGE.effective_on, today=TODAY, notice_days=7, now=NOW)
    assert refusal.value.code == "liaison_ticks"


def test_an_emergency_needs_no_notice_but_the_secretary() -> None:
    urgent = replace(CHANGE, is_emergency=True, effective_on=TODAY)
    waiting = announced(urgent, ticks=TICKS, effective_on=TODAY, today=TODAY, notice_days=7, now=NOW)
    assert waiting.state is ChangeState.PENDING_CONSENT
    later = consented(waiting, today=date(2026, 9, 18))
    assert (later.state, later.effective_on) == (ChangeState.REGISTERED, date(2026, 9, 18))
    assert refused(waiting).state is ChangeState.CANCELLED


def test_the_first_liaison_of_a_vacant_department_needs_no_notice() -> None:
    """L-22."""
    first = replace(CHANGE, old=None, is_first=True, effective_on=TODAY)
    assert announced(first, ticks=TICKS, effective_on=TODAY, today=TODAY, notice_days=7, now=NOW).effective_on == TODAY
    assert first.is_handed_over, "there is nobody to hand anything over"


def test_an_earlier_date_keeps_the_notice_of_the_first_announcement() -> None:
    """3.12: the seven days count from the original notice, not from the move."""
    change = replace(CHANGE, state=ChangeState.REGISTERED, effective_on=date(2026, 9, 30))
    later = date(2026, 9, 22)
    assert moved(change, date(2026, 9, 24), noticed_on=TODAY, today=later, notice_days=7).effective_on == date(
        2026, 9, 24
    )
    with pytest.raises(RuleViolation) as refusal:
        moved(change, date(2026, 9, 23), noticed_on=TODAY, today=later, notice_days=7)
    assert refusal.value.code == "liaison_notice_short"
    with pytest.raises(RuleViolation) as refusal:
        moved(change, later, noticed_on=TODAY, today=later, notice_days=7)
    assert refusal.value.code == "liaison_past"


def test_the_hand_over_is_done_when_both_have_confirmed() -> None:
    change = replace(CHANGE, state=ChangeState.REGISTERED)
    first = handed_over(change, OLD.id)
    assert not first.is_handed_over
    with pytest.raises(RuleViolation) as refusal:
        handed_over(first, OLD.id)
    assert refusal.value.code == "stale_card"
    with pytest.raises(RuleViolation) as refusal:
        handed_over(first, OTHER.id)
    assert refusal.value.code == "no_right"
    assert handed_over(first, NEW.id).is_handed_over


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (OLD, OLD, "liaison_new_wrong"),
        (OLD, replace(NEW, is_active=False), "liaison_new_wrong"),
        (OTHER, NEW, "liaison_old_wrong"),
        (replace(OLD, roles=frozenset({Role.EMPLOYEE})), NEW, "liaison_old_wrong"),
        (None, OLD, "liaison_already"),
    ],
)
def test_old_and_new_have_to_fit_the_department_and_each_other(old: Person | None, new: Person, code: str) -> None:
    """R-107: a member of the department, in office only once."""
    with pytest.raises(RuleViolation) as refusal:
        check_people(old, new)
    assert refusal.value.code == code


def test_roles_go_over_and_a_backup_who_becomes_liaison_is_no_backup_any_more() -> None:
    assert with_role(NEW, is_backup=False).roles == {Role.LIAISON, Role.EMPLOYEE}
    assert without_role(OLD, is_backup=False).roles == {Role.EMPLOYEE}
    assert role_changed(NEW) is Role.BACKUP_LIAISON
    assert with_role(OTHER, is_backup=True).roles == {Role.LIAISON, Role.BACKUP_LIAISON}
    assert role_changed(OLD) is Role.LIAISON
