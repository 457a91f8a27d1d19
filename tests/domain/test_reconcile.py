"""Directory sync: what an address book changes, what it may not, and when it is not believed (EC-38, EC-49, EC-50, EC-54, EC-55)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.directory import Department, Directory, Person, Role
from bot.domain.ids import AccountKey, DepartmentId, PersonId
from bot.domain.reconcile import (
    Change,
    Clash,
    Doubt,
    Reconciliation,
    Stated,
    applied,
    doubt_about,
    reconcile,
    unmatched,
)
from bot.ports import DirectoryDepartment, DirectoryPerson, DirectorySnapshot

SALES, QA = DepartmentId("SALES"), DepartmentId("QA")
TREE = (
    DirectoryDepartment(id="d0", name="云杉"),
    DirectoryDepartment(id="d1", name="销售部", parent="d0"),
    DirectoryDepartment(id="d2", name="质量部", parent="d0"),
    DirectoryDepartment(id="d11", name="华东组", parent="d1"),
    DirectoryDepartment(id="x", name="外包", parent="y"),
    DirectoryDepartment(id="y", name="伙伴", parent="x"),
)


def person(
    number: str,
    name: str,
    department: DepartmentId = SALES,
    *,
    account: str = "",
    origin: str = "",
    active: bool = True,
) -> Person:
    accounts = {"feishu": account} if account else {}
    return Person(
        id=PersonId(number), name=name, department=department, accounts=accounts, origin=origin, is_active=active
    )


def seen(account: str, name: str, *departments: str, number: str = "", active: bool = True) -> DirectoryPerson:
    return DirectoryPerson(
        account=account, name=name, departments=departments or ("d1",), employee_no=number, is_active=active
    )


def company(*people: Person, head: str = "") -> Directory:
    departments = (
        Department(id=SALES, name="销售部", short="销售", head=PersonId(head) if head else None),
        Department(id=QA, name="质量部", short="质量", former_names=("品管部",)),
    )
    return Directory(people=people, departments=departments)


def book(*people: DirectoryPerson, departments: tuple[DirectoryDepartment, ...] = TREE) -> DirectorySnapshot:
    return DirectorySnapshot(
        platform="feishu", people=people, departments=departments, read_at=datetime(2026, 11, 23, 2, tzinfo=UTC)
    )


def changes(result: Reconciliation) -> dict[PersonId, Change]:
    return {c.person.id: c.change for c in result.people}


def clashes(result: Reconciliation) -> list[Clash]:
    return [c.clash for c in result.conflicts]


# ---------------------------------------------------------------- joining and binding


def test_somebody_new_becomes_an_employee_of_the_department_with_the_number_as_id() -> None:
    result = reconcile(book(seen("ou_1", "周蕾", number="S9")), company())
    joined = result.people[0].person
    assert result.people[0].change is Change.JOINED
    assert (joined.id, joined.department, joined.origin) == (PersonId("S9"), SALES, "feishu")
    assert joined.roles == frozenset({Role.EMPLOYEE})
    assert joined.account_on("feishu") == AccountKey("feishu", "ou_1")


def test_without_a_number_the_account_makes_the_id() -> None:
    assert reconcile(book(seen("ou_1", "周蕾")), company()).people[0].person.id == "feishu-ou_1"


def test_a_number_that_two_new_people_share_names_only_the_first() -> None:
    result = reconcile(book(seen("ou_1", "周蕾", number="S9"), seen("ou_2", "何平", number="S9")), company())
    assert set(changes(result)) == {PersonId("S9"), PersonId("feishu-ou_2")}


def test_ec_38_the_first_known_department_counts_and_a_team_belongs_to_the_department_above_it() -> None:
    result = reconcile(book(seen("ou_1", "周蕾", "x", "d11", "d2")), company())
    assert result.people[0].person.department == SALES


def test_ec_49_a_former_name_of_a_department_is_understood() -> None:
    tree = (DirectoryDepartment(id="d2", name="品管部"),)
    assert reconcile(book(seen("ou_1", "周蕾", "d2"), departments=tree), company()).people[0].person.department == QA


def test_departments_that_are_each_others_parent_end_the_search_and_nobody_is_placed_anywhere() -> None:
    result = reconcile(book(seen("ou_1", "周蕾", "x")), company())
    assert result.people == ()
    assert clashes(result) == [Clash.UNKNOWN_DEPARTMENT]
    assert result.conflicts[0].seen == "外包"
    assert unmatched(result.conflicts, "feishu") == (AccountKey("feishu", "ou_1"),)


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        (person("E1", "周蕾"), seen("ou_1", "周蕾", number="E1")),
        (replace(person("E1", "周蕾"), employee_no="77"), seen("ou_1", "周蕾", number="77")),
        (
            replace(person("E1", "周蕾", QA), phone="13800000001"),
            replace(seen("ou_1", "周蕾"), phone="+86 138-0000-0001"),
        ),
        (person("E1", "周蕾"), seen("ou_1", "周蕾")),
    ],
    ids=["id", "number", "phone and name", "name in the department"],
)
def test_people_of_the_company_file_get_their_account(known: Person, shown: DirectoryPerson) -> None:
    result = reconcile(book(shown), company(known))
    assert changes(result) == {known.id: Change.BOUND}
    assert result.people[0].person.accounts == {"feishu": "ou_1"}
    assert "accounts" in result.people[0].fields


@pytest.mark.parametrize(
    "shown",
    [replace(seen("ou_1", "何平"), phone="13800000001"), replace(seen("ou_1", "周蕾", "x"), phone="138****0001")],
)
def test_ec_55_a_phone_of_another_name_or_a_masked_one_binds_nobody(shown: DirectoryPerson) -> None:
    result = reconcile(book(shown), company(replace(person("E1", "周蕾"), phone="13800000001")))
    assert PersonId("E1") not in changes(result)


def test_ec_55_two_people_of_one_name_are_never_guessed_between() -> None:
    result = reconcile(book(seen("ou_1", "周蕾")), company(person("E1", "周蕾"), person("E2", "周蕾")))
    assert result.people == ()
    assert result.conflicts[0].clash is Clash.AMBIGUOUS
    assert result.conflicts[0].people == ("E1", "E2")


def test_ec_55_two_accounts_of_one_name_bind_nobody_by_name() -> None:
    result = reconcile(book(seen("ou_1", "周蕾"), seen("ou_2", "周蕾")), company(person("E1", "周蕾")))
    assert PersonId("E1") not in changes(result)


def test_ec_54_a_second_living_account_of_one_person_is_refused() -> None:
    known = person("E1", "周蕾", account="ou_1")
    result = reconcile(book(seen("ou_1", "周蕾"), seen("ou_2", "周蕾", number="E1")), company(known))
    assert result.people == ()
    assert [(c.clash, c.known, c.seen) for c in result.conflicts] == [(Clash.TWO_ACCOUNTS, "ou_1", "ou_2")]


def test_ec_54_an_account_that_took_the_place_of_a_dead_one_is_bound() -> None:
    known = person("E1", "周蕾", account="ou_1")
    result = reconcile(book(seen("ou_2", "周蕾", number="E1"), seen("ou_9", "某人")), company(known))
    assert changes(result)[PersonId("E1")] is Change.BOUND
    assert Clash.ABSENT not in clashes(result)


def test_an_account_that_stands_twice_in_the_snapshot_is_reported_and_left_alone() -> None:
    result = reconcile(book(seen("ou_1", "周蕾"), seen("ou_1", "何平")), company(person("E1", "周蕾")))
    assert result.people == ()
    assert clashes(result) == [Clash.TWO_ACCOUNTS]


def test_an_account_whose_number_belongs_to_somebody_else_is_reported() -> None:
    people = (person("E1", "周蕾", account="ou_1"), person("E2", "何平"))
    result = reconcile(book(seen("ou_1", "周蕾", number="E2")), company(*people))
    assert result.people == ()
    assert result.conflicts[0].people == ("E1", "E2")


# ---------------------------------------------------------------- changes


def test_people_of_the_address_book_follow_it_in_name_department_and_title() -> None:
    known = person("S9", "周雷", account="ou_1", origin="feishu")
    shown = replace(seen("ou_1", "周蕾", "d2"), title="经理")
    result = reconcile(book(shown), company(known))
    assert result.people[0].change is Change.UPDATED
    assert result.people[0].fields == ("name", "department", "title")
    after = result.people[0].person
    assert (after.name, after.department, after.title) == ("周蕾", QA, "经理")


def test_an_empty_field_of_the_address_book_takes_nothing_away() -> None:
    known = replace(person("S9", "周蕾", account="ou_1", origin="feishu"), phone="13800000001", title="经理")
    assert reconcile(book(seen("ou_1", "周蕾")), company(known)).people == ()


def test_the_company_files_word_stands_and_the_difference_is_reported() -> None:
    known = person("E1", "周雷", account="ou_1")
    result = reconcile(book(seen("ou_1", "周蕾", "d2")), company(known))
    assert result.people == ()
    assert [(c.field, c.known, c.seen) for c in result.conflicts] == [
        ("name", "周雷", "周蕾"),
        ("department", "SALES", "QA"),
    ]


def test_a_person_taken_from_the_address_book_whom_the_file_names_now_is_the_files() -> None:
    known = person("S9", "周雷", account="ou_1", origin="feishu")
    result = reconcile(book(seen("ou_1", "周蕾")), company(known), Stated(people=frozenset({PersonId("S9")})))
    assert result.people == ()
    assert clashes(result) == [Clash.DIFFERS]


def test_roles_are_never_touched() -> None:
    known = replace(person("S9", "周雷", account="ou_1", origin="feishu"), roles=frozenset({Role.LIAISON}))
    assert reconcile(book(seen("ou_1", "周蕾")), company(known)).people[0].person.roles == {Role.LIAISON}


# ---------------------------------------------------------------- leavers


def test_ec_50_who_is_shown_as_inactive_left_even_when_the_company_file_states_him() -> None:
    known = person("E1", "周蕾", account="ou_1")
    result = reconcile(book(seen("ou_1", "周蕾", active=False)), company(known))
    assert changes(result) == {PersonId("E1"): Change.LEFT}
    after = applied(company(known), result)
    assert after.person(PersonId("E1")) is not None
    assert after.by_account(AccountKey("feishu", "ou_1")) is None


def test_who_is_gone_from_the_address_book_left_if_it_had_brought_him() -> None:
    people = [person(f"S{n}", f"某{n}", account=f"ou_{n}", origin="feishu") for n in range(4)]
    result = reconcile(book(*(seen(f"ou_{n}", f"某{n}") for n in range(3))), company(*people))
    assert changes(result) == {PersonId("S3"): Change.LEFT}
    assert result.people[0].person.is_active is False
    assert result.people[0].fields == ("is_active",)


def test_who_is_gone_from_the_address_book_is_only_reported_if_the_company_file_states_him() -> None:
    people = (person("E1", "周蕾", account="ou_1"), person("E2", "何平", account="ou_2"))
    result = reconcile(book(seen("ou_1", "周蕾")), company(*people))
    assert result.people == ()
    assert [(c.clash, c.people) for c in result.conflicts] == [(Clash.ABSENT, ("E2",))]


def test_a_leaver_who_is_back_is_active_again() -> None:
    known = person("S9", "周蕾", account="ou_1", origin="feishu", active=False)
    result = reconcile(book(seen("ou_1", "周蕾")), company(known))
    assert changes(result) == {PersonId("S9"): Change.RETURNED}
    assert result.people[0].person.is_active


def test_whom_the_company_file_calls_inactive_stays_so() -> None:
    result = reconcile(book(seen("ou_1", "周蕾")), company(person("E1", "周蕾", account="ou_1", active=False)))
    assert result.people == ()
    assert clashes(result) == [Clash.INACTIVE]


def test_an_inactive_stranger_is_nobody() -> None:
    result = reconcile(book(seen("ou_1", "周蕾", active=False), seen("ou_2", "何平")), company())
    assert [c.person.name for c in result.people] == ["何平"]


def test_a_dead_account_that_was_never_a_persons_own_does_not_make_him_a_leaver() -> None:
    result = reconcile(book(seen("ou_old", "周蕾", number="E1", active=False)), company(person("E1", "周蕾")))
    assert result == Reconciliation()


# ---------------------------------------------------------------- heads


def led(account: str) -> tuple[DirectoryDepartment, ...]:
    return (DirectoryDepartment(id="d1", name="销售部", leader_account=account),)


def test_the_leader_becomes_head_of_a_department_whose_head_the_file_does_not_state() -> None:
    known = person("E1", "周蕾", account="ou_1")
    result = reconcile(book(seen("ou_1", "周蕾"), departments=led("ou_1")), company(known))
    assert [(c.department.id, c.before, c.department.head) for c in result.departments] == [(SALES, None, "E1")]
    assert reconcile(book(seen("ou_1", "周蕾"), departments=led("ou_1")), applied(company(known), result)) == (
        Reconciliation()
    )


def test_a_head_that_the_file_states_is_only_compared() -> None:
    people = (person("E1", "周蕾", account="ou_1"), person("E2", "何平", account="ou_2"))
    shown = book(seen("ou_1", "周蕾"), seen("ou_2", "何平"), departments=led("ou_2"))
    result = reconcile(shown, company(*people, head="E1"), Stated(heads=frozenset({SALES})))
    assert result.departments == ()
    assert [(c.clash, c.known, c.seen) for c in result.conflicts] == [(Clash.DIFFERS, "E1", "E2")]


@pytest.mark.parametrize("leader", ["ou_nobody", "ou_2", "ou_3"])
def test_a_leader_who_is_unknown_of_another_department_or_gone_changes_nothing(leader: str) -> None:
    people = (person("E2", "何平", QA, account="ou_2"), person("E3", "林涛", account="ou_3"))
    tree = (*led(leader), TREE[2])
    shown = book(seen("ou_2", "何平", "d2"), seen("ou_3", "林涛", active=False), departments=tree)
    result = reconcile(shown, company(*people))
    assert result.departments == ()
    assert Clash.UNKNOWN_LEADER in clashes(result)


# ---------------------------------------------------------------- doubt


def crowd(count: int) -> list[Person]:
    return [person(f"S{n}", f"某{n}", account=f"ou_{n}", origin="feishu") for n in range(count)]


@pytest.mark.parametrize(
    ("known", "shown", "is_believed"),
    [
        (0, 0, False),
        (0, 1, True),
        (1, 0, False),
        (10, 0, False),
        (10, 6, False),
        (10, 7, True),
        (4, 1, True),
        (5, 1, False),
        (100, 69, False),
        (100, 70, True),
    ],
)
def test_a_snapshot_that_lost_too_many_people_is_not_believed(known: int, shown: int, is_believed: bool) -> None:
    directory = company(*crowd(known))
    snapshot = book(*(seen(f"ou_{n}", f"某{n}") for n in range(shown)))
    result = reconcile(snapshot, directory)
    assert (result.doubt is None) is is_believed
    if not is_believed:
        assert result == Reconciliation(doubt=Doubt(before=known, after=shown))
        assert applied(directory, result) is directory


def test_another_companys_address_book_of_the_same_size_is_not_believed() -> None:
    snapshot = book(*(seen(f"on_{n}", f"某{n}") for n in range(10)))
    assert doubt_about(snapshot, company(*crowd(10))) == Doubt(before=10, after=0)


def test_a_wave_of_leavers_that_the_platform_states_is_believed() -> None:
    snapshot = book(*(seen(f"ou_{n}", f"某{n}", active=n > 7) for n in range(10)))
    assert reconcile(snapshot, company(*crowd(10))).count(Change.LEFT) == 8


# ---------------------------------------------------------------- whatever the snapshot says

_SHOWN = st.builds(
    seen,
    st.sampled_from([f"ou_{n}" for n in range(8)]),
    st.sampled_from(["周蕾", "何平", "林涛", ""]),
    st.sampled_from(["d1", "d2", "d11", "x", "nowhere"]),
    number=st.sampled_from(["", "E1", "E2", "S9"]),
    active=st.booleans(),
)
_KNOWN = (
    person("E1", "周蕾", account="ou_1"),
    person("E2", "何平"),
    person("S3", "林涛", QA, account="ou_3", origin="feishu"),
    person("S4", "林涛", account="ou_4", origin="feishu", active=False),
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(people=st.lists(_SHOWN, max_size=10), leader=st.sampled_from(["", "ou_1", "ou_3", "ou_7"]))
def test_nobody_is_lost_no_account_is_shared_and_a_second_run_changes_nothing(
    people: list[DirectoryPerson], leader: str
) -> None:
    snapshot = book(*people, departments=(*led(leader), *TREE[2:]))
    directory = company(*_KNOWN)
    once = applied(directory, reconcile(snapshot, directory))
    assert {p.id for p in directory.people} <= {p.id for p in once.people}
    assert once.shared_accounts() == ()
    assert all(once.department(p.department) is not None for p in once.people)
    again = reconcile(snapshot, once)
    assert again.doubt is not None or (again.people, again.departments) == ((), ())
