"""Quiet words about how people write, and what is timed at all (R-38, R-39, R-43, R-45, R-118; A-15; EC-82; L-10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.company import Plan
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers import effects
from handlers.texts import say
from handlers.world import DIRECTORY
from tests.handlers.bench import PLATFORM, Bench, sample_company
from tests.handlers.shown import BEIJING

FLOOD, LONG = say("flood_hint", "zh-CN"), say("long_hint", "zh-CN")


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


# ---------------------------------------------------------------- floods and long texts


def test_r_45_more_than_eight_messages_in_a_minute_are_a_flood_that_only_the_writer_hears_of(nine: Bench) -> None:
    for number in range(8):
        nine.says("方景行", f"第 {number} 批的箱号单已经贴在看板上了", where="X1")
        nine.advance(seconds=6)
    nine.expects_nothing_more()
    nine.says("方景行", "最后一批也贴了", where="X1")
    nine.expects_message(to="方景行", contains=FLOOD)
    nine.says("方景行", "收工", where="X1")
    nine.expects_nothing_more()
    assert [(r.action, r.ref) for r in nine.audit() if r.action == "flood_hint"] == [("flood_hint", "E008")]


def test_r_45_eight_messages_of_several_people_or_spread_over_time_are_no_flood(nine: Bench) -> None:
    for number in range(6):
        nine.says("方景行", f"第 {number} 批", where="X1")
        nine.says("苏念初", f"第 {number} 批收到，数量对", where="X1")
    nine.advance(minutes=1)
    for number in range(6):
        nine.says("方景行", f"下午第 {number} 批", where="X1")
    nine.expects_nothing_more()


@pytest.mark.parametrize(("pause", "is_flood"), [(4, True), (6, False)])
def test_r_45_the_same_text_three_times_in_ten_minutes_is_a_flood(nine: Bench, pause: int, is_flood: bool) -> None:
    for text in ("样机今天下午三点展示", "样机，今天下午三点展示！", "样机 今天下午三点展示"):
        nine.says("方景行", text, where="X1")
        nine.advance(minutes=pause)
    assert [s.words for s in nine.forget()] == ([FLOOD] if is_flood else [])


def test_r_45_courtesies_may_repeat(nine: Bench) -> None:
    for _ in range(5):
        nine.says("方景行", "收到，谢谢", where="X1")
        nine.says("方景行", "收到", where="X1")
        nine.advance(minutes=1)
    nine.expects_nothing_more()


@pytest.mark.parametrize(("length", "is_long"), [(500, False), (501, True)])
def test_r_43_a_long_text_gets_a_private_hint_once_a_day(nine: Bench, length: int, is_long: bool) -> None:
    for letter in "字词":
        nine.says("方景行", letter * length, where="X1")
        nine.advance(minutes=20)
    assert [(s.words, s.reader) for s in nine.forget()] == [(LONG, "方景行")] * is_long


# ---------------------------------------------------------------- what is timed


@pytest.mark.parametrize(("effective", "is_timed"), [(date(2026, 9, 14), True), (date(2026, 9, 15), False)])
def test_r_118_nothing_is_timed_before_the_plan_takes_effect(effective: date, is_timed: bool) -> None:
    file = sample_company()
    plan = replace(file.company.plan, effective_date=effective)
    bench = Bench(file=replace(file, company=replace(file.company, plan=plan)))
    try:
        bench.until("09:00")
        bench.says("方景行", "@袁知行 检测夹具？", where="X1")
        assert bool(bench.clocks()) is is_timed
        bench.forget()
        bench.says("苏念初", "询问 @温晓棠 图纸？")
        if not is_timed:
            bench.expects_message(to="苏念初", contains=["9月15日（周二）", "R-118"])
        assert len(bench.clocks()) == (2 if is_timed else 0)
    finally:
        bench.close()


def test_a_plan_without_a_date_is_in_force(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    assert Plan().effective_date is None
    assert nine.the_clock().plan_version == "V1.0"


def test_r_39_a_15_nobodys_presence_is_watched_only_registered_leave_counts(nine: Bench) -> None:
    """A liaison who never wrote or opened the chat is asked like any other; one on leave is not."""
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    assert nine.the_clock().acting == nine.person("袁知行").id
    nine.says("袁知行", "请假 今天")
    assert nine.the_clock().acting != nine.person("袁知行").id


def test_r_38_whoever_the_directory_does_not_know_is_refused_everything(nine: Bench) -> None:
    nine.says("a stranger", "询问 @袁知行 检测夹具？")
    nine.expects_message(contains="您尚未登记在通讯录中")
    nine.says("a stranger", "@回音 组织", where="X1")
    nine.expects_nothing_more()
    assert nine.clocks() == []


# ---------------------------------------------------------------- notices and platforms


def test_l_10_notices_of_clocks_are_neither_merged_nor_held_back(nine: Bench) -> None:
    """Two limits of one person within five minutes are two notices, each at its own instant."""
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.until("09:05")
    nine.says("苏念初", "询问 @袁知行 图纸第几版？")
    nine.forget()
    nine.until("09:24")
    assert {(f"{s.sent.at.astimezone(BEIJING):%H:%M}", "检测夹具" in s.words) for s in nine.forget()} == {
        ("09:20", True)
    }
    nine.until("09:26")
    assert {f"{s.sent.at.astimezone(BEIJING):%H:%M}" for s in nine.forget() if "已等待" in s.words} == {"09:25"}


@pytest.mark.parametrize(
    ("prefer", "enabled", "expected"),
    [
        ("dingtalk", ("feishu", "dingtalk"), "dingtalk"),
        ("dingtalk", ("feishu",), "feishu"),
        ("", ("feishu", "dingtalk"), "feishu"),
        ("dingtalk", (), None),
    ],
)
def test_ec_82_a_person_with_two_accounts_is_written_to_once_on_the_preferred_platform_that_is_on(
    nine: Bench, prefer: str, enabled: tuple[str, ...], expected: str | None
) -> None:
    person = replace(nine.person("袁知行"), accounts={"feishu": "ou_1", "dingtalk": "d_1"}, prefer=prefer)

    def look(context: Context) -> str | None:
        known = context.capabilities[PLATFORM]
        account = effects.account_of(replace(context, capabilities=dict.fromkeys(enabled, known)), person)
        return account.platform if account is not None else None

    assert nine.within(look) == expected


def test_r_04_departments_are_data_and_none_is_built_in(nine: Bench) -> None:
    """A seventh department that no document names works like the six that one does."""

    def rename(uow: UnitOfWork) -> None:
        department = uow.departments.get("QA")
        assert department is not None
        uow.departments.put(replace(department, name="星际物流与仓储协同部", short="星物"))
        uow.bump(DIRECTORY)

    nine.transact(rename)
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    assert nine.the_clock().department == "QA"
    nine.until("09:20")
    nine.expects_card(to="袁知行", contains="星物")
