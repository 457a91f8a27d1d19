"""Look-ups of the directory and how an item stands to people (2.1; EC-48, EC-49, EC-54; L-34)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.directory import Department, Directory, Person, Role
from bot.domain.ids import AccountKey, Code, DepartmentId, PersonId
from bot.domain.item import Item, ItemState, Level
from bot.domain.relation import Relation, of_item
from tests.domain.people_support import (
    DEPARTMENTS,
    DIRECTORY,
    IT,
    PEOPLE,
    PROD,
    QA,
    QA_BACKUP,
    QA_EMPLOYEE,
    QA_HEAD,
    QA_LIAISON,
    QA_SECOND,
    SALES,
    SALES_HEAD,
    company,
)


def test_an_account_leads_to_its_active_person_and_a_leavers_to_nobody() -> None:
    account = AccountKey("feishu", f"ou_{QA_HEAD}")
    assert DIRECTORY.by_account(account) == PEOPLE[QA_HEAD]
    assert DIRECTORY.by_account(AccountKey("wecom", f"ou_{QA_HEAD}")) is None
    left = company(replace(PEOPLE[QA_HEAD], is_active=False))
    assert left.by_account(account) is None
    assert left.person(QA_HEAD) is not None
    assert QA_HEAD not in {p.id for p in left.members_of(QA)}
    assert PEOPLE[QA_HEAD].account_on("feishu") == account
    assert PEOPLE[QA_HEAD].account_on("wecom") is None


def test_ec_54_accounts_that_two_active_people_claim_are_found() -> None:
    twin = replace(PEOPLE[QA_EMPLOYEE], accounts=PEOPLE[QA_HEAD].accounts)
    assert DIRECTORY.shared_accounts() == ()
    assert company(twin).shared_accounts() == ((AccountKey("feishu", f"ou_{QA_HEAD}"), (QA_HEAD, QA_EMPLOYEE)),)
    assert company(replace(twin, is_active=False)).shared_accounts() == ()


@pytest.mark.parametrize(
    ("merged", "asked", "found"),
    [
        ({}, QA, QA),
        ({QA: PROD}, QA, PROD),
        ({QA: PROD, PROD: IT}, QA, IT),
        ({QA: PROD, PROD: QA}, QA, QA),
        ({QA: DepartmentId("GONE")}, QA, "GONE"),
        ({}, DepartmentId("GONE"), "GONE"),
    ],
    ids=["itself", "one step", "two steps", "a circle ends", "into an unknown one", "an unknown one"],
)
def test_ec_48_matters_of_a_merged_department_are_where_it_went(
    merged: dict[DepartmentId, DepartmentId], asked: DepartmentId, found: str
) -> None:
    changed: list[Department] = [replace(DEPARTMENTS[d], merged_into=to) for d, to in merged.items()]
    assert company(*changed).successor(asked) == found


@pytest.mark.parametrize("name", ["QA", "质量部", "质量", "品管部"])
def test_ec_49_a_department_is_found_by_id_name_short_and_former_name(name: str) -> None:
    found = company(replace(DEPARTMENTS[QA], former_names=("品管部", "生产部"))).department_named(name)
    assert found is not None
    assert found.id == QA


def test_ec_49_a_former_name_that_another_department_has_now_is_that_ones() -> None:
    found = company(replace(DEPARTMENTS[QA], former_names=("生产部",))).department_named("生产部")
    assert found is not None
    assert found.id == PROD
    assert company(replace(DEPARTMENTS[QA], is_active=False)).department_named("质量部") is None


def test_holders_come_in_the_order_of_the_source() -> None:
    assert [p.id for p in DIRECTORY.holders(Role.BACKUP_LIAISON, QA)] == [QA_BACKUP, QA_SECOND]
    assert DIRECTORY.holders(Role.BACKUP_LIAISON, SALES) == ()
    assert QA_LIAISON in {p.id for p in DIRECTORY.holders(Role.LIAISON)}


def test_people_of_one_name_are_all_returned() -> None:
    twins = [Person(id=PersonId(n), name="周蕾", department=QA) for n in ("a", "b")]
    directory = Directory(people=[*twins, replace(twins[0], id=PersonId("c"), is_active=False)], departments=())
    assert [p.id for p in directory.named("周蕾")] == ["a", "b"]
    assert directory.named("周") == ()


def test_an_item_relates_to_its_departments_team_and_readers() -> None:
    item = Item(
        code=Code("SX-2026-0001"),
        title="X1",
        short="X1",
        level=Level.ROUTINE,
        lead=SALES,
        coop=(QA, PROD),
        state=ItemState.IN_PROGRESS,
        members=(QA_EMPLOYEE,),
        secrecy=2,
        access=(SALES_HEAD,),
    )
    relation = of_item(item)
    assert relation.involved == {SALES, QA, PROD}
    assert (relation.department, relation.lead) == (SALES, SALES)
    assert (relation.members, relation.access) == (frozenset({QA_EMPLOYEE}), frozenset({SALES_HEAD}))
    assert relation.secrecy == 2
    assert Relation().involved == frozenset()
