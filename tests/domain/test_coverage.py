"""What the nightly audit finds: posts, accounts, holders, approvers, calendar (EC-11, EC-52, EC-53, EC-56; SoD-1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.company import read_company, sample_text
from bot.domain.coverage import Covered, Hole, HoleKind, holes
from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.directory import Department, Directory, Person
from bot.domain.ids import Code, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.posts import Posts

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 14, 2, 0, tzinfo=BEIJING)
FILE = read_company(sample_text())
K = HoleKind


def changed(person: str, **changes: object) -> tuple[Person, ...]:
    """The people of the sample company with one of them different."""
    return tuple(replace(p, **changes) if p.id == person else p for p in FILE.people)  # type: ignore[arg-type]


def without_head(department: str) -> tuple[Department, ...]:
    return tuple(replace(d, head=None) if d.id == department else d for d in FILE.departments)


def leave(person: str) -> Leave:
    return Leave(
        code=Code(f"QJ-{person}"),
        person=PersonId(person),
        delegate=None,
        scope=Scope.ALL,
        starts_at=NOW.replace(hour=0),
        ends_at=NOW.replace(hour=23),
        state=LeaveState.ACTIVE,
        registered_by=PersonId(person),
    )


def covered(
    people: tuple[Person, ...] = FILE.people,
    departments: tuple[Department, ...] = FILE.departments,
    *,
    away: tuple[str, ...] = (),
    obligations: tuple[Obligation, ...] = (),
    is_reachable: Callable[[Person], bool] = lambda person: bool(person.accounts),
    submitters: dict[str, PersonId] | None = None,
    missing_year: int | None = None,
) -> tuple[Hole, ...]:
    directory = Directory(people=people, departments=departments)
    return holes(
        Covered(
            directory=directory,
            posts=Posts(directory, [leave(person) for person in away], at=NOW),
            obligations=obligations,
            is_reachable=is_reachable,
            submitters=submitters or {},
            missing_year=missing_year,
        )
    )


def held(code: str, holder: str, kind: ObligationKind = ObligationKind.TASK, *, secrecy: int = 0) -> Obligation:
    return Obligation(
        key=f"{code}/{kind.value}",
        code=code,
        kind=kind,
        title="",
        due_at=NOW,
        opened_at=NOW,
        holder=PersonId(holder),
        secrecy=secrecy,
    )


def kinds(found: tuple[Hole, ...]) -> list[HoleKind]:
    return [hole.kind for hole in found]


def test_the_sample_company_is_covered() -> None:
    assert covered() == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"people": changed("E009", is_active=False)}, [K.LIAISON]),
        ({"people": changed("E009", accounts={})}, [K.LIAISON_CHAIN, K.ACCOUNT]),
        ({"people": changed("E018", is_active=False)}, [K.SECRETARY]),
        ({"people": changed("E011", accounts={})}, [K.ACCOUNT]),
        ({"away": ("E009",)}, []),
        ({"away": ("E009", "E010")}, []),
        ({"away": ("E009", "E010", "E008")}, [K.HEAD_CHAIN, K.LIAISON_CHAIN]),
        ({"away": ("E008",)}, [K.HEAD_CHAIN]),
        ({"away": ("E002",)}, []),
        ({"away": ("E002", "E001")}, [K.LEADER]),
        ({"away": ("E018", "E020", "E017")}, [K.SECRETARY, K.HEAD_CHAIN]),
        ({"missing_year": 2027}, [K.CALENDAR]),
        ({"obligations": (held("RW-1", "E999"),)}, [K.LEAVER]),
        ({"obligations": (held("RW-1", "E011"),)}, []),
    ],
)
def test_each_gap_is_found_and_a_chain_that_still_reaches_somebody_is_none(
    given: dict[str, object], expected: list[HoleKind]
) -> None:
    """EC-11, EC-52, EC-56, A-20: backup, delegate, alternate, deputy and admin head cover."""
    assert kinds(covered(**given)) == expected  # type: ignore[arg-type]


def test_a_department_without_a_head_is_named() -> None:
    people = tuple(replace(p, is_active=False) if p.id == "E008" else p for p in FILE.people)
    found = covered(people, without_head("SALES"))
    assert [(hole.kind, hole.departments) for hole in found] == [(K.HEAD, ("SALES",))]


def test_what_a_leaver_holds_is_named_and_what_is_confidential_only_counted() -> None:
    """EC-53, EC-71."""
    people = changed("E006", is_active=False)
    limits = (held("RW-1", "E006"), held("RW-2", "E006", secrecy=2), held("RW-3", "E007"))
    [hole] = covered(people, obligations=limits)
    assert (hole.kind, hole.people, hole.codes, hole.hidden) == (K.LEAVER, ("E006",), ("RW-1",), 1)


def test_sod_1_whoever_would_decide_on_the_own_submission_is_found() -> None:
    review = held("XQ-1", "E012", ObligationKind.REVIEW)
    other = held("XQ-2", "E012", ObligationKind.REVIEW)
    task = held("RW-1", "E012")
    given = {"XQ-1": PersonId("E012"), "XQ-2": PersonId("E013"), "RW-1": PersonId("E012")}
    [hole] = covered(obligations=(review, other, task), submitters=given)
    assert (hole.kind, hole.codes) == (K.OWN_APPROVAL, ("XQ-1",))
