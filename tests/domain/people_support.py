"""A company of six departments with every post, and short ways to send people on leave. Now is Monday 2026-11-23 10:00."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.calendars import build_calendars
from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.directory import Department, DepartmentKind, Directory, Person, Role
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.posts import Posts
from bot.domain.roles import Actor, actor_of
from tests.domain.calendar_cases import at as local_instant
from tests.domain.calendar_cases import official_2026

BOARD, OFFICE, SALES, QA, PROD, IT = (DepartmentId(d) for d in ("BOARD", "OFFICE", "SALES", "QA", "PROD", "IT"))
LEADER, ALTERNATE, SECRETARY, DEPUTY, OFFICE_HEAD = (
    PersonId(p) for p in ("leader", "alternate", "secretary", "deputy", "office-head")
)
SALES_HEAD, SALES_LIAISON, SALES_EMPLOYEE = (PersonId(f"sales-{p}") for p in ("head", "liaison", "employee"))
QA_HEAD, QA_LIAISON, QA_BACKUP, QA_SECOND, QA_EMPLOYEE = (
    PersonId(f"qa-{p}") for p in ("head", "liaison", "backup", "second", "employee")
)
PROD_HEAD, PROD_LIAISON, PROD_ACTING = (PersonId(f"prod-{p}") for p in ("head", "liaison", "acting"))
IT_HEAD, ADMIN = PersonId("it-head"), PersonId("admin")

DEPARTMENTS: Mapping[DepartmentId, Department] = {
    d.id: d
    for d in (
        Department(id=BOARD, name="总经办", short="总办", kind=DepartmentKind.EXECUTIVE),
        Department(id=OFFICE, name="行政部", short="行政", head=OFFICE_HEAD),
        Department(id=SALES, name="销售部", short="销售", head=SALES_HEAD),
        Department(id=QA, name="质量部", short="质量", head=QA_HEAD),
        Department(id=PROD, name="生产部", short="生产", head=PROD_HEAD, acting_head=PROD_ACTING),
        Department(id=IT, name="信息部", short="信息", head=IT_HEAD),
    )
}


def _person(person: PersonId, department: DepartmentId, *roles: Role) -> Person:
    return Person(
        id=person,
        name=person,
        department=department,
        roles=frozenset({Role.EMPLOYEE, *roles}),
        accounts={"feishu": f"ou_{person}"},
    )


PEOPLE: Mapping[PersonId, Person] = {
    p.id: p
    for p in (
        _person(LEADER, BOARD, Role.LEADER),
        _person(ALTERNATE, BOARD, Role.ALTERNATE),
        _person(OFFICE_HEAD, OFFICE, Role.HEAD),
        _person(SECRETARY, OFFICE, Role.SECRETARY),
        _person(DEPUTY, OFFICE, Role.DEPUTY_SECRETARY, Role.LIAISON),
        _person(SALES_HEAD, SALES, Role.HEAD),
        _person(SALES_LIAISON, SALES, Role.LIAISON),
        _person(SALES_EMPLOYEE, SALES),
        _person(QA_HEAD, QA, Role.HEAD),
        _person(QA_LIAISON, QA, Role.LIAISON),
        _person(QA_BACKUP, QA, Role.BACKUP_LIAISON),
        _person(QA_SECOND, QA, Role.BACKUP_LIAISON),
        _person(QA_EMPLOYEE, QA),
        _person(PROD_HEAD, PROD, Role.HEAD),
        _person(PROD_LIAISON, PROD, Role.LIAISON),
        _person(PROD_ACTING, PROD),
        _person(IT_HEAD, IT, Role.HEAD),
        _person(ADMIN, IT, Role.ADMINISTRATOR),
    )
}

DIRECTORY = Directory(people=PEOPLE.values(), departments=DEPARTMENTS.values())
CALENDARS = build_calendars(official_2026(*DEPARTMENTS.values()))
HOURS = CALENDARS.of_department(QA)


def at(text: str) -> datetime:
    """`10:00` of Monday 2026-11-23, or a date with a time."""
    return local_instant(text if "-" in text else f"2026-11-23 {text}")


NOW = at("10:00")


def company(*changed: Person | Department, without: tuple[PersonId, ...] = (), revision: int = 0) -> Directory:
    """The company with some people or departments otherwise, or gone."""
    people = {**PEOPLE, **{c.id: c for c in changed if isinstance(c, Person)}}
    departments = {**DEPARTMENTS, **{c.id: c for c in changed if isinstance(c, Department)}}
    return Directory(
        people=[p for p in people.values() if p.id not in without], departments=departments.values(), revision=revision
    )


def leave(
    person: PersonId,
    delegate: PersonId | None = None,
    *,
    scope: Scope = Scope.ALL,
    starts: str = "2026-11-20 18:00",
    ends: str = "2026-11-30 09:00",
    state: LeaveState = LeaveState.ACTIVE,
) -> Leave:
    return Leave(
        code=Code(f"QJ-2026-{person}"),
        person=person,
        delegate=delegate,
        scope=scope,
        starts_at=at(starts),
        ends_at=at(ends),
        state=state,
        registered_by=person,
    )


def posts(*leaves: Leave, directory: Directory = DIRECTORY, when: str = "10:00") -> Posts:
    return Posts(directory, leaves, at=at(when))


def actor(person: PersonId, *leaves: Leave, directory: Directory = DIRECTORY) -> Actor:
    found = actor_of(person, directory=directory, posts=posts(*leaves, directory=directory))
    assert found is not None
    return found
