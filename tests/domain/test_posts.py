"""Who acts when somebody is missing (2.1, 2.6; L-02, L-19, L-20; EC-10, EC-11, EC-13, EC-51, EC-52, EC-56)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.directory import DepartmentKind, Directory, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.posts import Posts, Standing
from bot.domain.roles import Basis, Gap, RoleFinding, actor_of, check_roles
from tests.domain.people_support import (
    ADMIN,
    ALTERNATE,
    BOARD,
    DEPARTMENTS,
    DEPUTY,
    DIRECTORY,
    IT,
    IT_HEAD,
    LEADER,
    NOW,
    OFFICE,
    OFFICE_HEAD,
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
    SALES_HEAD,
    SALES_LIAISON,
    SECRETARY,
    actor,
    company,
    leave,
    posts,
)


def acting(standing: Standing | None) -> PersonId | None:
    return standing.acting if standing is not None else None


@pytest.mark.parametrize(
    ("leaves", "who"),
    [
        ((), QA_LIAISON),
        ((leave(QA_LIAISON, SALES_LIAISON),), SALES_LIAISON),
        ((leave(QA_LIAISON, SALES_LIAISON, scope=Scope.LIAISON),), SALES_LIAISON),
        ((leave(QA_LIAISON, SALES_LIAISON, scope=Scope.APPROVALS),), QA_BACKUP),
        ((leave(QA_LIAISON),), QA_BACKUP),
        ((leave(QA_LIAISON), leave(QA_BACKUP)), QA_SECOND),
        ((leave(QA_LIAISON), leave(QA_BACKUP), leave(QA_SECOND)), QA_HEAD),
        ((leave(QA_LIAISON), leave(QA_BACKUP), leave(QA_SECOND), leave(QA_HEAD, SALES_HEAD)), SALES_HEAD),
        ((leave(QA_LIAISON), leave(QA_BACKUP), leave(QA_SECOND), leave(QA_HEAD)), None),
        ((leave(QA_LIAISON, QA_BACKUP), leave(QA_BACKUP, QA_LIAISON)), QA_SECOND),
        ((leave(QA_LIAISON, QA_EMPLOYEE), leave(QA_EMPLOYEE, SALES_LIAISON)), QA_BACKUP),
        ((leave(QA_LIAISON, state=LeaveState.ENDED),), QA_LIAISON),
        ((leave(QA_LIAISON, ends="2026-11-23 10:00"),), QA_LIAISON),
        ((leave(QA_LIAISON, starts="2026-11-23 10:00:01"),), QA_LIAISON),
        ((leave(QA_LIAISON, starts="2026-11-23 10:00"),), QA_BACKUP),
        ((leave(QA_LIAISON, state=LeaveState.PLANNED),), QA_BACKUP),
    ],
)
def test_ec_13_ec_51_the_liaisons_chain(leaves: tuple[Leave, ...], who: PersonId | None) -> None:
    standing = posts(*leaves).assignee(QA)
    assert acting(standing) == who
    if standing is not None:
        assert standing.represented == QA_LIAISON
        assert standing.stands_in is (who != QA_LIAISON)


@pytest.mark.parametrize(
    ("department", "leaves", "who"),
    [
        (QA, (), QA_HEAD),
        (QA, (leave(QA_HEAD, SALES_HEAD),), SALES_HEAD),
        (QA, (leave(QA_HEAD, SALES_HEAD), leave(SALES_HEAD)), None),
        (QA, (leave(QA_HEAD),), None),
        (PROD, (leave(PROD_HEAD),), PROD_ACTING),
        (PROD, (leave(PROD_HEAD, QA_HEAD),), QA_HEAD),
        (PROD, (leave(PROD_HEAD, QA_HEAD, scope=Scope.LIAISON),), PROD_ACTING),
        (PROD, (leave(PROD_HEAD), leave(PROD_ACTING)), None),
    ],
)
def test_r_16_ec_10_the_heads_chain(department: DepartmentId, leaves: tuple[Leave, ...], who: PersonId | None) -> None:
    assert acting(posts(*leaves).head_of(department)) == who


@pytest.mark.parametrize(
    ("leaves", "without", "who"),
    [
        ((), (), LEADER),
        ((leave(LEADER, OFFICE_HEAD),), (), OFFICE_HEAD),
        ((leave(LEADER),), (), ALTERNATE),
        ((leave(LEADER, OFFICE_HEAD), leave(OFFICE_HEAD)), (), ALTERNATE),
        ((leave(LEADER),), (ALTERNATE,), None),
        ((leave(LEADER), leave(ALTERNATE, OFFICE_HEAD)), (), None),
        ((), (LEADER,), ALTERNATE),
    ],
)
def test_ec_10_ec_11_the_leaders_chain(
    leaves: tuple[Leave, ...], without: tuple[PersonId, ...], who: PersonId | None
) -> None:
    assert posts(*leaves, directory=company(without=without)).leader() == who


@pytest.mark.parametrize(
    ("leaves", "without", "who"),
    [
        ((), (), SECRETARY),
        ((leave(SECRETARY),), (), DEPUTY),
        ((leave(SECRETARY, IT_HEAD),), (), DEPUTY),
        ((leave(SECRETARY), leave(DEPUTY)), (), OFFICE_HEAD),
        ((leave(SECRETARY), leave(DEPUTY), leave(OFFICE_HEAD, IT_HEAD)), (), IT_HEAD),
        ((leave(SECRETARY), leave(DEPUTY), leave(OFFICE_HEAD)), (), None),
        ((), (SECRETARY,), DEPUTY),
        ((leave(DEPUTY),), (SECRETARY,), OFFICE_HEAD),
        ((), (SECRETARY, DEPUTY), None),
    ],
)
def test_ec_56_the_secretarys_chain(
    leaves: tuple[Leave, ...], without: tuple[PersonId, ...], who: PersonId | None
) -> None:
    assert posts(*leaves, directory=company(without=without)).secretary() == who


def test_ec_56_the_head_of_the_department_that_keeps_the_plan_stands_behind_everybody() -> None:
    found = Posts(company(without=(SECRETARY, DEPUTY)), (), at=NOW, admin_department=IT)
    assert found.secretary() == IT_HEAD


VACANT = company(replace(DEPARTMENTS[QA], head=None), without=(QA_LIAISON, QA_BACKUP, QA_SECOND, QA_HEAD))


def test_ec_52_a_department_without_anybody_is_told_through_the_secretary() -> None:
    found = posts(directory=VACANT)
    assert found.head_of(QA) is None
    assert found.assignee(QA) is None
    assert found.recipient(QA) == SECRETARY
    assert found.vacancies() == (QA, IT)
    assert found.headless() == (QA,)


def test_executive_units_have_neither_clocks_nor_vacancies() -> None:
    found = posts()
    assert not found.has_clocks(BOARD)
    assert BOARD not in (*found.vacancies(), *found.headless())
    executive = company(replace(DEPARTMENTS[IT], kind=DepartmentKind.EXECUTIVE))
    assert posts(directory=executive).vacancies() == ()


def test_r_107_a_department_without_liaison_is_answered_for_by_its_head() -> None:
    assert posts().assignee(IT) == Standing(IT_HEAD, IT_HEAD)
    assert posts().is_liaison(IT_HEAD, IT)


def test_l_02_a_mentioned_post_holder_is_asked_in_person_and_an_employee_is_not() -> None:
    assert posts().assignee(QA, QA_BACKUP) == Standing(QA_BACKUP, QA_BACKUP)
    assert posts().assignee(QA, QA_HEAD) == Standing(QA_HEAD, QA_HEAD)
    assert posts().assignee(QA, QA_EMPLOYEE) == Standing(QA_LIAISON, QA_LIAISON)


def test_l_19_the_acting_head_fills_a_vacant_post_entirely() -> None:
    vacant = company(replace(DEPARTMENTS[PROD], head=None), without=(PROD_HEAD,))
    assert posts(directory=vacant).head_post(PROD) == PROD_ACTING
    holding = next(h for h in actor(PROD_ACTING, directory=vacant).holdings if h.role is Role.HEAD)
    assert (holding.basis, holding.behalf) == (Basis.ACTING_HEAD, None)
    assert not any(h.role is Role.HEAD for h in actor(PROD_ACTING).holdings)
    present = next(h for h in actor(PROD_ACTING, leave(PROD_HEAD)).holdings if h.role is Role.HEAD)
    assert (present.basis, present.behalf) == (Basis.ACTING_HEAD, PROD_HEAD)


def test_a_leaver_holds_no_post_and_no_rights() -> None:
    left = company(replace(PEOPLE[QA_HEAD], is_active=False))
    assert actor_of(QA_HEAD, directory=left, posts=posts(directory=left)) is None
    assert posts(directory=left).head_post(QA) is None


@pytest.mark.parametrize("scope", Scope)
def test_a_delegate_holds_the_posts_of_the_absent_person_within_the_scope(scope: Scope) -> None:
    away = leave(SALES_HEAD, PROD_HEAD, scope=scope)
    held = [(h.role, h.department, h.scope) for h in actor(PROD_HEAD, away).holdings if h.basis is Basis.DELEGATE]
    assert (Role.HEAD, SALES, scope) in held


def test_a_delegate_cannot_delegate_further() -> None:
    away = (leave(SALES_HEAD, PROD_HEAD), leave(PROD_HEAD, QA_HEAD))
    assert not any(h.department == SALES for h in actor(QA_HEAD, *away).holdings)
    assert not any(h.basis is Basis.DELEGATE for h in actor(PROD_HEAD, *away).holdings)


@pytest.mark.parametrize(
    ("person", "role", "leaves", "basis"),
    [
        (DEPUTY, Role.SECRETARY, (), Basis.STANDBY),
        (DEPUTY, Role.SECRETARY, (leave(SECRETARY),), Basis.DEPUTY),
        (ALTERNATE, Role.LEADER, (), Basis.STANDBY),
        (ALTERNATE, Role.LEADER, (leave(LEADER),), Basis.DEPUTY),
        (OFFICE_HEAD, Role.SECRETARY, (leave(SECRETARY), leave(DEPUTY)), Basis.DEPUTY),
        (IT_HEAD, Role.LIAISON, (), Basis.VACANCY),
        (QA_HEAD, Role.LIAISON, (leave(QA_LIAISON), leave(QA_BACKUP), leave(QA_SECOND)), Basis.VACANCY),
    ],
)
def test_l_20_on_which_ground_a_post_is_held(
    person: PersonId, role: Role, leaves: tuple[Leave, ...], basis: Basis
) -> None:
    assert basis in {h.basis for h in actor(person, *leaves).holdings if h.role is role}


def test_a_standby_does_not_hold_the_role() -> None:
    assert not actor(DEPUTY).has(Role.SECRETARY)
    assert actor(DEPUTY, leave(SECRETARY)).has(Role.SECRETARY)
    assert not any(h.role is Role.SECRETARY for h in actor(OFFICE_HEAD).holdings)


@pytest.mark.parametrize(
    ("leaves", "readers"),
    [
        ((), (LEADER, SECRETARY)),
        ((leave(LEADER),), (LEADER, ALTERNATE, SECRETARY)),
        ((leave(SECRETARY),), (LEADER, DEPUTY)),
    ],
)
def test_l_20_who_reads_the_digest(leaves: tuple[Leave, ...], readers: tuple[PersonId, ...]) -> None:
    assert posts(*leaves).digest_readers() == readers


# ---------------------------------------------------------------- start-up checks


def gaps(directory: Directory, keeper: DepartmentId | None = None) -> list[tuple[Gap, DepartmentId | None]]:
    return [(f.gap, f.department) for f in check_roles(directory, posts(directory=directory), keeper=keeper)]


def test_the_company_lacks_only_a_liaison_of_it() -> None:
    assert gaps(DIRECTORY, OFFICE) == [(Gap.NO_LIAISON, IT)]


@pytest.mark.parametrize(
    ("directory", "gap", "is_fatal"),
    [
        (company(without=(LEADER,)), Gap.NO_LEADER, True),
        (company(replace(PEOPLE[QA_HEAD], roles=frozenset({Role.LEADER}))), Gap.SEVERAL_LEADERS, True),
        (company(replace(PEOPLE[QA_HEAD], roles=frozenset({Role.SECRETARY}))), Gap.SEVERAL_SECRETARIES, True),
        (company(without=(SECRETARY, DEPUTY)), Gap.NO_SECRETARY, True),
        (company(without=(SECRETARY,)), Gap.SECRETARY_VACANT, False),
        (company(without=(ALTERNATE,)), Gap.NO_ALTERNATE, False),
        (company(without=(ADMIN,)), Gap.NO_ADMINISTRATOR, False),
        (VACANT, Gap.NO_HEAD, False),
        (company(without=(PROD_LIAISON,)), Gap.NO_LIAISON, False),
    ],
    ids=lambda value: value.value if isinstance(value, Gap) else "",
)
def test_r_11_r_12_ec_56_every_gap_is_named_and_only_leader_and_secretary_stop_the_start(
    directory: Directory, gap: Gap, is_fatal: bool
) -> None:
    found = check_roles(directory, posts(directory=directory))
    assert gap in {f.gap for f in found}
    assert any(f.is_fatal for f in found) is is_fatal
    assert sorted(found, key=lambda f: not f.is_fatal) == list(found)


def test_r_20_a_secretary_of_another_department_than_the_keeper_is_pointed_out() -> None:
    found = check_roles(DIRECTORY, posts(), keeper=SALES)
    assert RoleFinding(gap=Gap.SECRETARY_ELSEWHERE, department=SALES, people=(SECRETARY,)) in found


# ---------------------------------------------------------------- who counts at all


def test_l_02_an_acting_head_from_elsewhere_is_asked_for_the_department_that_he_heads() -> None:
    borrowed = company(replace(DEPARTMENTS[PROD], head=None, acting_head=QA_EMPLOYEE), without=(PROD_HEAD,))
    assert posts(directory=borrowed).post_elsewhere(QA_EMPLOYEE) == PROD
    assert posts().post_elsewhere(QA_EMPLOYEE) is None
    away = posts(leave(SALES_LIAISON, QA_EMPLOYEE))
    assert away.post_elsewhere(QA_EMPLOYEE) == SALES


def test_ec_48_a_department_that_was_closed_has_no_clocks_and_no_vacancy() -> None:
    closed = posts(directory=company(replace(DEPARTMENTS[IT], is_active=False)))
    assert posts().has_clocks(IT)
    assert not closed.has_clocks(IT)
    assert not posts().has_clocks(DepartmentId("NOWHERE"))
    assert IT in posts().vacancies()
    assert IT not in closed.vacancies()


def test_l_34_one_person_belongs_to_one_department_and_a_leaver_to_none() -> None:
    gone = posts(directory=company(replace(PEOPLE[QA_LIAISON], is_active=False)))
    assert [d for d in DEPARTMENTS if posts().is_member(QA_LIAISON, d)] == [QA] == [posts().department_of(QA_LIAISON)]
    assert [d for d in DEPARTMENTS if gone.is_member(QA_LIAISON, d)] == []
    assert gone.department_of(QA_LIAISON) is None
    assert not gone.is_available(QA_LIAISON)


def test_strangers_and_leavers_hold_nothing() -> None:
    gone = company(replace(PEOPLE[QA_HEAD], is_active=False))
    for person, directory in ((PersonId("nobody"), DIRECTORY), (QA_HEAD, gone)):
        assert actor_of(person, directory=directory, posts=posts(directory=directory)) is None


def test_l_20_without_a_leader_the_alternate_reads_the_digest() -> None:
    headless = posts(directory=company(without=(LEADER,)))
    assert headless.digest_readers() == (ALTERNATE, SECRETARY)
