"""The platform's address book, read in the background (domain.md EC-38, EC-49, EC-50, EC-53, EC-54; P-66)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.timers import TimerKind
from bot.errors import FailureKind, PlatformError
from bot.ports import DirectoryDepartment, DirectoryPerson, DirectorySnapshot, UnitOfWork
from bot.updates import DirectoryChanged
from handlers.company import directory_sync
from tests.handlers.bench import PLATFORM, Bench
from tests.support.fake_adapter import FakeAdapter


def book(bench: Bench) -> DirectorySnapshot:
    """The address book that agrees with the company file."""
    people = bench.read(lambda uow: uow.people.find())
    departments = bench.read(lambda uow: uow.departments.find())
    accounts = {p.id: p.accounts.get(PLATFORM, "") for p in people}
    return DirectorySnapshot(
        platform=PLATFORM,
        people=tuple(
            DirectoryPerson(account=accounts[p.id], name=p.name, departments=(f"od_{p.department}",), employee_no=p.id)
            for p in people
        ),
        departments=tuple(
            DirectoryDepartment(id=f"od_{d.id}", name=d.name, leader_account=accounts.get(d.head, "") if d.head else "")
            for d in departments
        ),
        read_at=bench.clock.now(),
    )


def without(snapshot: DirectorySnapshot, *accounts: str) -> DirectorySnapshot:
    """The book without these people."""
    return replace(snapshot, people=tuple(p for p in snapshot.people if p.account not in accounts))


def changed(
    snapshot: DirectorySnapshot, account: str, change: Callable[[DirectoryPerson], DirectoryPerson]
) -> DirectorySnapshot:
    """The book with one person changed."""
    return replace(snapshot, people=tuple(change(p) if p.account == account else p for p in snapshot.people))


def reads(bench: Bench, snapshot: DirectorySnapshot) -> str:
    """The address book is read; returns what the job says of it."""
    bench.adapter.address_book = snapshot
    desk, store = bench.wired.desk, bench.store
    return bench.does(directory_sync.read_and_take_over(desk, store, bench.adapter, bench.clock))


def person(bench: Bench, name: str) -> Person:
    """The person of that id, as the directory has it."""
    found = bench.read(lambda uow: uow.people.get(name))
    assert found is not None
    return found


def becomes(bench: Bench, who: str, **changes: object) -> None:
    """The person is stored differently."""

    def work(uow: UnitOfWork) -> None:
        found = uow.people.get(who)
        assert found is not None
        uow.people.put(replace(found, **changes))  # type: ignore[arg-type]
        uow.bump("directory")

    bench.transact(work)


class ClosedBook(FakeAdapter):
    """A platform whose address book the app may not read."""

    async def directory(self) -> DirectorySnapshot:
        raise PlatformError(FailureKind.ADMINISTRATOR, code="99991672", hint="开通通讯录权限")


# ---------------------------------------------------------------- taking over


def test_a_book_that_agrees_changes_nothing_and_tells_nobody(bench: Bench) -> None:
    before = bench.read(lambda uow: uow.revision("directory"))
    said = reads(bench, book(bench))
    assert said == "飞书：30 人，新增 0，变更 0，离职 0"
    assert bench.read(lambda uow: uow.revision("directory")) == before
    bench.expects_nothing_more()


def test_somebody_new_joins_and_can_ask_at_once(bench: Bench) -> None:
    new = DirectoryPerson(account="ou_new", name="新来的", departments=("od_RD",), employee_no="E077", title="工程师")
    snapshot = replace(book(bench), people=(*book(bench).people, new))
    assert "新增 1" in reads(bench, snapshot)
    joined = person(bench, "E077")
    assert (joined.name, joined.department, joined.origin) == ("新来的", "RD", PLATFORM)
    bench.until("09:00")
    bench.says("新来的", "方案")
    bench.expects_message(to="新来的", contains="V1.0")
    assert [r.action for r in bench.audit("E077")] == ["person_joined"]


def test_an_account_is_bound_to_the_one_person_it_fits(bench: Bench) -> None:
    snapshot = book(bench)
    becomes(bench, "E011", accounts={})
    assert "变更 1" in reads(bench, snapshot)
    assert person(bench, "E011").accounts[PLATFORM] == "ou_sample_e011"


def test_a_second_account_of_one_person_is_refused_and_reported(bench: Bench) -> None:
    """EC-54."""
    twin = DirectoryPerson(account="ou_twin", name="何沐晴", departments=("od_SALES",), employee_no="E011")
    snapshot = replace(book(bench), people=(*book(bench).people, twin))
    bench.until("09:30")
    reads(bench, snapshot)
    assert person(bench, "E011").accounts[PLATFORM] == "ou_sample_e011"
    bench.expects_message(to="冯思齐", contains="ou_twin")


def test_the_company_files_word_stands_and_the_difference_is_told_to_administrators(bench: Bench) -> None:
    snapshot = changed(book(bench), "ou_sample_e011", lambda p: replace(p, departments=("od_RD",)))
    bench.until("09:30")
    reads(bench, snapshot)
    assert person(bench, "E011").department == "SALES"
    for reader in ("高远航", "冯思齐"):
        bench.expects_message(to=reader, contains="何沐晴 的部门不一致，公司档案“销售部”，通讯录“研发部”")
    bench.expects_nothing_more()
    reads(bench, snapshot)
    bench.expects_nothing_more()


def test_accounts_that_belong_to_nobody_are_listed_once(bench: Bench) -> None:
    stranger = DirectoryPerson(account="ou_lost", name="无部门", departments=("od_nowhere",))
    snapshot = replace(book(bench), people=(*book(bench).people, stranger))
    bench.until("09:30")
    reads(bench, snapshot)
    bench.expects_message(to="冯思齐", contains=["1 个账号未能对应到人员", "ou_lost"])
    bench.forget()
    reads(bench, snapshot)
    bench.expects_nothing_more()
    bench.says("冯思齐", "体检")
    bench.expects_message(to="冯思齐", contains="✘ 飞书 通讯录 31 人")


# ---------------------------------------------------------------- leavers


def test_a_leaver_is_marked_and_what_he_held_goes_to_the_liaison(bench: Bench) -> None:
    """EC-53: due dates stay."""
    becomes(bench, "E006", origin=PLATFORM)
    bench.until("09:00")
    said = reads(bench, without(book(bench), "ou_sample_e006"))
    assert "离职 1" in said
    assert not person(bench, "E006").is_active
    task = bench.read(lambda uow: uow.obligations.find(code="RW-2026-0031"))[0]
    assert (task.holder, task.due_at.isoformat()) == ("E004", "2026-09-16T17:00:00+08:00")
    for reader in ("秦书禾", "许安然"):
        bench.expects_message(to=reader, contains=["柳青原 已离职", "RW-2026-0031", "1 个工作日内重新指派"])
    bench.expects_nothing_more()


def test_a_liaison_who_leaves_hands_running_clocks_to_the_backup(bench: Bench) -> None:
    """EC-50."""
    becomes(bench, "E029", origin=PLATFORM)
    bench.until("09:00")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    due = bench.the_clock().due_at
    reads(bench, without(book(bench), "ou_sample_e029"))
    clock = bench.the_clock()
    assert (clock.acting, clock.due_at) == ("E030", due)
    bench.says("袁知行", "方案")
    bench.expects_message(contains="您尚未登记在通讯录中")


def test_a_delegate_who_leaves_is_replaced_by_the_chain(bench: Bench) -> None:
    becomes(bench, "E030", origin=PLATFORM)
    bench.until("09:00")
    bench.says("袁知行", "请假 9-15 9-16 代理 @贺云深")
    bench.forget()
    reads(bench, without(book(bench), "ou_sample_e030"))
    bench.expects_message(to="袁知行", contains="贺云深 无法继续代理 QJ-2026-0001")


def test_somebody_the_platform_shows_as_inactive_leaves_too(bench: Bench) -> None:
    becomes(bench, "E007", origin=PLATFORM)
    snapshot = changed(book(bench), "ou_sample_e007", lambda p: replace(p, is_active=False))
    assert "离职 1" in reads(bench, snapshot)


# ---------------------------------------------------------------- what is not believed


@pytest.mark.parametrize("kept", [0, 5, 20])
def test_a_book_that_lost_too_many_people_changes_nothing(bench: Bench, kept: int) -> None:
    whole = book(bench)
    bench.until("09:30")
    before = bench.read(lambda uow: uow.people.find())
    said = reads(bench, replace(whole, people=whole.people[:kept]))
    assert f"人数由 30 骤减至 {kept}" in said
    assert bench.read(lambda uow: uow.people.find()) == before
    bench.expects_message(to="冯思齐", contains=["未采用", "请检查应用的通讯录权限"])
    bench.forget()
    reads(bench, replace(whole, people=whole.people[:kept]))
    bench.expects_nothing_more()


def test_a_book_that_cannot_be_read_leaves_the_last_good_copy(bench: Bench) -> None:
    reads(bench, book(bench))
    bench.until("09:30")

    closed = ClosedBook(platform=PLATFORM, capabilities=bench.capabilities, now=bench.clock.now)
    said = bench.does(directory_sync.read_and_take_over(bench.wired.desk, bench.store, closed, bench.clock))
    assert "飞书 通讯录读取失败（99991672）。开通通讯录权限" in said
    [timer] = bench.read(lambda uow: uow.timers.of("directory"))
    assert timer.due_at - bench.clock.now() == directory_sync.RETRY
    bench.expects_message(to="高远航", contains="99991672")
    bench.expects_message(to="冯思齐", contains="99991672")
    bench.says("冯思齐", "体检")
    bench.expects_message(to="冯思齐", contains=["✘ 飞书 通讯录 30 人", "99991672"])


# ---------------------------------------------------------------- when


def test_it_is_wanted_soon_after_the_start_and_again_every_six_hours(bench: Bench) -> None:
    bench.within(directory_sync.arm)
    assert not bench.wired.desk.sync_wanted.is_set()
    bench.advance(minutes=1)
    assert bench.wired.desk.sync_wanted.is_set()
    bench.wired.desk.sync_wanted.clear()
    bench.advance(hours=6)
    assert bench.wired.desk.sync_wanted.is_set()


def test_a_change_of_the_address_book_is_read_soon_once_for_a_wave(bench: Bench) -> None:
    bench.within(directory_sync.arm)
    bench.advance(minutes=1)
    bench.wired.desk.sync_wanted.clear()
    for reason in ("user_created", "user_left", "department_changed"):
        bench.happens(DirectoryChanged(source=bench.source(), reason=reason))
        bench.advance(seconds=5)
    [timer] = [t for t in bench.read(lambda uow: uow.timers.of("directory")) if t.kind is TimerKind.DIRECTORY_SYNC]
    assert (timer.due_at - bench.clock.now()).total_seconds() == 15
    bench.advance(seconds=16)
    assert bench.wired.desk.sync_wanted.is_set()


def test_group_members_are_looked_at_again_when_people_change(bench: Bench) -> None:
    becomes(bench, "E004", origin=PLATFORM)
    bench.until("09:00")
    reads(bench, without(book(bench), "ou_sample_e004"))
    bench.advance(seconds=10)
    group = bench.read(lambda uow: uow.groups.get("G-X1"))
    assert group is not None
    assert [a.account for a in group.outsiders] == ["ou_sample_e004"]
    assert PersonId("E004") not in group.missing
