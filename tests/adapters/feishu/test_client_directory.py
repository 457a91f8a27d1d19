"""The address book: the whole visible company, whatever its shape, and never half of it."""

from __future__ import annotations

import pytest

from adapters.feishu.emulator import FaultKind, FeishuEmulator, PersonStatus
from bot.errors import FailureKind, PlatformError
from bot.ports import DirectoryDepartment, DirectorySnapshot
from tests.adapters.feishu.outgoing import tenant
from tests.adapters.feishu_emulator.rig import START

CHILDREN = "contact.v3.department.children"


def accounts(snapshot: DirectorySnapshot) -> set[str]:
    return {one.account for one in snapshot.people}


async def test_departments_and_people_come_with_everything_the_rules_need() -> None:
    async with tenant() as company:
        found = await company.client.directory()
        assert (found.platform, found.read_at) == ("feishu", START)
        assert set(found.departments) == {
            DirectoryDepartment(id="od-sales", name="市场部", leader_account="ou_alice"),
            DirectoryDepartment(id="od-dev", name="研发部", leader_account="ou_carol"),
            DirectoryDepartment(id="od-test", name="测试组", parent="od-dev"),
        }
        alice = next(one for one in found.people if one.account == "ou_alice")
        assert (alice.name, alice.departments, alice.title, alice.employee_no) == ("李四", ("od-sales",), "经理", "101")
        assert alice.is_active
        bob = next(one for one in found.people if one.account == "ou_bob")
        assert bob.leader_account == "ou_carol"


@pytest.mark.parametrize(
    ("allowed", "departments", "people"),
    [
        (["od-dev"], {"od-dev", "od-test"}, {"ou_bob", "ou_carol", "ou_dave"}),
        (["od-test", "ou_alice"], {"od-test"}, {"ou_dave", "ou_alice"}),
        (["ou_bob"], set(), {"ou_bob"}),
        ([], set(), set()),
    ],
)
async def test_an_app_that_may_read_a_part_reads_exactly_that(
    allowed: list[str], departments: set[str], people: set[str]
) -> None:
    async with tenant() as company:
        company.emulator.add_person("ou_chair", "董事长", "")
        company.emulator.limits_contacts(allowed)
        found = await company.client.directory()
        assert {one.id for one in found.departments} == departments
        assert accounts(found) == people
        assert all(one.parent in {"", *departments} for one in found.departments)


async def test_a_range_of_many_pages_is_read_to_its_end() -> None:
    async with tenant(enforces_rates=False) as company:
        for number in range(130):
            company.emulator.add_department(f"od-{number}", f"部{number}")
            company.emulator.add_person(f"ou_{number}", f"人{number}", f"od-{number}")
        found = await company.client.directory()
        assert len(found.departments) == 133
        assert len(found.people) == 134


@pytest.mark.slow
async def test_a_large_company_comes_whole_at_the_speed_that_is_allowed() -> None:
    async with tenant(is_running=True) as company:
        fill(company.emulator, departments=60, people=300)
        found = await company.client.directory()
        assert len(found.departments) == 63
        assert len(found.people) == 304
        assert len(accounts(found)) == 304


@pytest.mark.slow
async def test_a_tree_too_large_for_one_list_is_walked_level_by_level() -> None:
    async with tenant(enforces_rates=False) as company:
        for number in range(505):
            company.emulator.add_department(
                f"od-{number}", f"部{number}", parent="od-sales" if number < 502 else "od-7"
            )
        found = await company.client.directory()
        assert len(found.departments) == 508
        assert next(one for one in found.departments if one.id == "od-504").parent == "od-7"


async def test_somebody_in_two_departments_is_one_person() -> None:
    async with tenant() as company:
        company.emulator.add_person("ou_eve", "伊娃", ["od-test", "od-sales"])
        found = await company.client.directory()
        (eve,) = [one for one in found.people if one.account == "ou_eve"]
        assert sorted(eve.departments) == ["od-sales", "od-test"]


async def test_people_of_the_top_level_are_not_forgotten() -> None:
    async with tenant() as company:
        company.emulator.add_person("ou_boss", "老板", "0")
        found = await company.client.directory()
        assert "ou_boss" in accounts(found)


@pytest.mark.parametrize(
    ("status", "is_active"),
    [(PersonStatus.ACTIVE, True), (PersonStatus.FROZEN, False), (PersonStatus.INACTIVE, True)],
)
async def test_whoever_cannot_work_is_not_active(status: PersonStatus, is_active: bool) -> None:
    async with tenant() as company:
        company.emulator.change_person("ou_bob", status=status)
        found = await company.client.directory()
        (bob,) = [one for one in found.people if one.account == "ou_bob"]
        assert bob.is_active is is_active


async def test_missing_field_scopes_leave_fields_empty_and_nothing_else() -> None:
    async with tenant() as company:
        company.emulator.revokes("contact:user.employee:readonly")
        company.emulator.revokes("contact:user.phone:readonly")
        found = await company.client.directory()
        (alice,) = [one for one in found.people if one.account == "ou_alice"]
        assert (alice.name, alice.title, alice.employee_no, alice.phone) == ("李四", "", "", "")


async def test_without_the_scope_there_is_no_book_and_a_hint() -> None:
    async with tenant() as company:
        company.emulator.revokes("contact:contact.base:readonly")
        with pytest.raises(PlatformError) as refused:
            await company.client.directory()
        assert refused.value.kind is FailureKind.ADMINISTRATOR
        assert "contact:contact.base:readonly" in refused.value.hint


async def test_a_busy_platform_is_asked_again() -> None:
    async with tenant() as company:
        for operation in ("contact.v3.user.find_by_department", CHILDREN, "contact.v3.scope.list"):
            company.emulator.faults.add(operation, FaultKind.HTTP_500, nth=1)
            company.emulator.faults.add(operation, FaultKind.RESET, nth=2)
        assert len(accounts(await company.client.directory())) == 4


async def test_half_a_company_is_never_returned() -> None:
    async with tenant() as company:
        company.emulator.faults.add("contact.v3.user.find_by_department", FaultKind.HTTP_500)
        with pytest.raises(PlatformError) as refused:
            await company.client.directory()
        assert refused.value.kind is FailureKind.RETRY


def fill(emulator: FeishuEmulator, *, departments: int, people: int) -> None:
    """More departments and people than one page has."""
    for number in range(departments):
        emulator.add_department(
            f"od-d{number}", f"部门{number}", parent=f"od-d{number // 2 - 1}" if number > 3 else None
        )
    for number in range(people):
        emulator.add_person(f"ou_p{number}", f"员工{number}", f"od-d{number % 5}")
