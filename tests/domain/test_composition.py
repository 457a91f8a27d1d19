"""Who belongs into a dedicated group (3.15; R-41, R-42; A-11, L-19, L-22; EC-47), and its state table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.company import Extra
from bot.domain.composition import (
    Composition,
    FormerLiaison,
    Membership,
    check_creation,
    compare,
    group_name,
    invitees,
    may_post,
    membership,
)
from bot.domain.delegation import Leave, LeaveState
from bot.domain.directory import Directory
from bot.domain.group import TABLE, Group, GroupMove, GroupMoved, GroupPurpose, GroupState, checked, moved
from bot.domain.ids import AccountKey, Code, PersonId
from bot.domain.item import Item, ItemState, Level
from bot.errors import RuleViolation
from tests.domain.people_support import (
    CALENDARS,
    DEPARTMENTS,
    DEPUTY,
    DIRECTORY,
    LEADER,
    NOW,
    PEOPLE,
    PROD,
    PROD_ACTING,
    PROD_HEAD,
    PROD_LIAISON,
    QA,
    QA_BACKUP,
    QA_EMPLOYEE,
    QA_HEAD,
    QA_LIAISON,
    QA_SECOND,
    SALES,
    SALES_EMPLOYEE,
    SALES_HEAD,
    SALES_LIAISON,
    SECRETARY,
    at,
    company,
    leave,
    posts,
)

ITEM = Item(
    code=Code("SX-2026-0001"),
    title="X1 试产",
    short="X1试产",
    level=Level.ROUTINE,
    lead=SALES,
    coop=(QA,),
    state=ItemState.IN_PROGRESS,
    members=(PROD_LIAISON,),
)
REQUIRED = (SALES_HEAD, SALES_LIAISON, QA_HEAD, QA_LIAISON)
EXTRAS = (QA_BACKUP, QA_SECOND, SECRETARY, DEPUTY, PROD_LIAISON)


def account(person: PersonId) -> AccountKey:
    return AccountKey("feishu", f"ou_{person}")


def rule(
    *leaves: Leave,
    directory: Directory = DIRECTORY,
    extras: Iterable[Extra] = tuple(Extra),
    former: Iterable[FormerLiaison] = (),
    item: Item = ITEM,
) -> Membership:
    return membership(
        item,
        directory=directory,
        posts=posts(*leaves, directory=directory),
        leaves=leaves,
        former=former,
        calendars=CALENDARS,
        at=NOW,
        extras=extras,
    )


def found(people: Iterable[PersonId], wanted: Membership | None = None) -> Composition:
    return compare(wanted or rule(), [account(p) for p in people], directory=DIRECTORY)


def test_r_42_heads_and_primary_liaisons_of_both_sides_must_be_in_lead_first() -> None:
    assert rule().required == REQUIRED
    assert found(REQUIRED).is_compliant


@pytest.mark.parametrize("absent", REQUIRED)
def test_each_of_them_is_missed(absent: PersonId) -> None:
    assert found(p for p in REQUIRED if p != absent) == Composition(missing=(absent,))


@pytest.mark.parametrize("extra", EXTRAS)
def test_backups_secretaries_and_the_team_may_be_in(extra: PersonId) -> None:
    assert found((*REQUIRED, extra)).is_compliant


@pytest.mark.parametrize("outsider", sorted(set(PEOPLE) - {*REQUIRED, *EXTRAS}))
def test_ec_47_everybody_else_is_an_outsider_the_leader_and_colleagues_included(outsider: PersonId) -> None:
    assert found((*REQUIRED, outsider)) == Composition(outsiders=(account(outsider),))


def test_an_account_nobody_knows_is_an_outsider_and_is_named_once() -> None:
    stranger = AccountKey("feishu", "ou_stranger")
    members = [*(account(p) for p in REQUIRED), stranger, stranger]
    assert compare(rule(), members, directory=DIRECTORY) == Composition(outsiders=(stranger,))


def test_missing_people_and_outsiders_are_found_together() -> None:
    assert found((SALES_HEAD, LEADER)) == Composition(missing=REQUIRED[1:], outsiders=(account(LEADER),))


@pytest.mark.parametrize(
    ("extra", "person"),
    [
        (Extra.BACKUP, QA_BACKUP),
        (Extra.SECRETARY, SECRETARY),
        (Extra.DEPUTY_SECRETARY, DEPUTY),
        (Extra.MEMBER, PROD_LIAISON),
    ],
)
def test_a_11_each_kind_of_extra_can_be_switched_off(extra: Extra, person: PersonId) -> None:
    assert person in rule().allowed
    assert person not in rule(extras=[e for e in Extra if e is not extra]).allowed


@pytest.mark.parametrize(
    ("state", "starts", "ends", "may"),
    [
        (LeaveState.ACTIVE, "2026-11-20 09:00", "2026-11-24 09:00", True),
        (LeaveState.PLANNED, "2026-11-25 09:00", "2026-11-26 09:00", True),
        (LeaveState.ACTIVE, "2026-11-20 09:00", "2026-11-23 10:00", False),
        (LeaveState.ENDED, "2026-11-20 09:00", "2026-11-24 09:00", False),
    ],
)
def test_a_registered_delegate_of_a_required_person_may_be_in_until_the_leave_is_over(
    state: LeaveState, starts: str, ends: str, may: bool
) -> None:
    away = leave(QA_HEAD, QA_EMPLOYEE, state=state, starts=starts, ends=ends)
    assert (QA_EMPLOYEE in rule(away).allowed) is may
    assert QA_HEAD in rule(away).required


def test_a_delegate_of_somebody_else_is_an_outsider() -> None:
    assert SALES_EMPLOYEE not in rule(leave(QA_BACKUP, SALES_EMPLOYEE)).allowed


@pytest.mark.parametrize(
    ("until", "may"), [("2026-11-16", True), ("2026-11-13", False), ("2026-11-20", True), ("2026-11-23", True)]
)
def test_l_22_a_former_liaison_may_stay_five_working_days(until: str, may: bool) -> None:
    former = FormerLiaison(person=QA_EMPLOYEE, department=QA, until=date.fromisoformat(until))
    assert (QA_EMPLOYEE in rule(former=(former,)).allowed) is may
    other = replace(former, department=PROD)
    assert QA_EMPLOYEE not in rule(former=(other,)).allowed


def test_l_19_the_acting_head_stands_in_the_place_of_a_vacant_head() -> None:
    vacant = company(replace(DEPARTMENTS[PROD], head=None), without=(PROD_HEAD,))
    wanted = rule(directory=vacant, item=replace(ITEM, coop=(PROD,)))
    assert wanted.required == (SALES_HEAD, SALES_LIAISON, PROD_ACTING, PROD_LIAISON)


def test_a_new_group_is_made_with_the_required_the_secretary_the_team_and_whoever_asked_if_allowed() -> None:
    wanted = rule()
    assert invitees(wanted, secretary=SECRETARY, requester=LEADER, team=ITEM.members) == (
        *REQUIRED,
        SECRETARY,
        PROD_LIAISON,
    )
    assert invitees(wanted, secretary=None, requester=SALES_LIAISON) == REQUIRED
    assert group_name("X1试产") == "X1试产协作专项群"


# ---------------------------------------------------------------- creation and level


def group(state: GroupState = GroupState.CHECKING, **changed: object) -> Group:
    known = Group(
        id="g1",
        purpose=GroupPurpose.DEDICATED,
        state=state,
        name="X1试产协作专项群",
        platform="feishu",
        item=ITEM.code,
    )
    return replace(known, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("state", GroupState)
def test_one_living_group_for_each_item_and_platform(state: GroupState) -> None:
    is_over = state in {GroupState.LOST, GroupState.RETIRED, GroupState.FAILED}
    if is_over:
        check_creation(ITEM, "feishu", [group(state)])
    else:
        with pytest.raises(RuleViolation, match="group_exists"):
            check_creation(ITEM, "feishu", [group(state)])


def test_other_platforms_items_and_purposes_are_no_hindrance_and_secrecy_is() -> None:
    check_creation(ITEM, "wecom", [group()])
    check_creation(ITEM, "feishu", [group(item=Code("SX-2026-0002")), group(purpose=GroupPurpose.CROSS_DEPARTMENT)])
    with pytest.raises(RuleViolation, match="confidential_no_group"):
        check_creation(replace(ITEM, secrecy=2), "feishu", [])


@pytest.mark.parametrize("state", GroupState)
def test_ec_47_level_1_waits_until_the_group_is_compliant(state: GroupState) -> None:
    assert may_post(0, state)
    assert may_post(1, state) is (state is GroupState.COMPLIANT)
    assert not may_post(2, state)


# ---------------------------------------------------------------- the state table

LIVING = (GroupState.CHECKING, GroupState.COMPLIANT, GroupState.NONCOMPLIANT)
MOVES: dict[tuple[GroupState, GroupMove], GroupState] = {
    (GroupState.CREATING, GroupMove.CREATED): GroupState.CHECKING,
    (GroupState.CREATING, GroupMove.REFUSED): GroupState.FAILED,
    (GroupState.FAILED, GroupMove.CREATED): GroupState.CHECKING,
    (GroupState.CHECKING, GroupMove.FOUND_COMPLIANT): GroupState.COMPLIANT,
    (GroupState.CHECKING, GroupMove.FOUND_NONCOMPLIANT): GroupState.NONCOMPLIANT,
    (GroupState.BOT_REMOVED, GroupMove.BOT_RETURNED): GroupState.CHECKING,
    (GroupState.BOT_REMOVED, GroupMove.DISSOLVED): GroupState.LOST,
    **{(state, GroupMove.RECHECK): GroupState.CHECKING for state in LIVING},
    **{(state, GroupMove.DISSOLVED): GroupState.LOST for state in LIVING},
    **{(state, GroupMove.BOT_REMOVED): GroupState.BOT_REMOVED for state in LIVING},
    **{(state, GroupMove.RETIRED): GroupState.RETIRED for state in GroupState if state is not GroupState.RETIRED},
}


@pytest.mark.parametrize("move", GroupMove)
@pytest.mark.parametrize("state", GroupState)
def test_every_move_in_every_state_leads_where_the_table_says_or_is_refused(state: GroupState, move: GroupMove) -> None:
    after = MOVES.get((state, move))
    assert TABLE.get((state, move)) is after
    if after is None:
        with pytest.raises(RuleViolation) as refused:
            moved(group(state), move, now=NOW)
        assert refused.value.facts == {"state": state.value, "move": move.value}
        return
    decision = moved(group(state), move, now=NOW)
    assert decision.state.state is after
    assert decision.events == (GroupMoved("g1", move, state, after),)
    is_gone = move in {GroupMove.DISSOLVED, GroupMove.BOT_REMOVED}
    assert decision.state.lost_at == (NOW if is_gone else None)


@pytest.mark.parametrize("state", GroupState)
def test_only_a_living_group_is_checked(state: GroupState) -> None:
    if state in LIVING:
        assert checked(group(state), members=(), missing=(), outsiders=(), now=NOW).state.checked_at == NOW
        return
    with pytest.raises(RuleViolation, match="group_state"):
        checked(group(state), members=(), missing=(), outsiders=(), now=NOW)


def test_a_check_that_finds_what_is_known_says_nothing_and_a_change_is_news() -> None:
    first = checked(group(), members=(), missing=(QA_HEAD,), outsiders=(), now=NOW)
    assert first.state.state is GroupState.NONCOMPLIANT
    assert len(first.events) == 1
    again = checked(first.state, members=(), missing=(QA_HEAD,), outsiders=(), now=at("10:05"))
    assert again.events == ()
    assert again.state.checked_at == at("10:05")
    another = checked(again.state, members=(), missing=(QA_HEAD,), outsiders=(account(LEADER),), now=at("10:06"))
    assert len(another.events) == 1
    mended = checked(another.state, members=(), missing=(), outsiders=(), now=at("10:07"))
    assert mended.state.state is GroupState.COMPLIANT
    assert [e.move for e in mended.events] == [GroupMove.FOUND_COMPLIANT]
