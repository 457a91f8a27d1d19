"""The rulings on double readings that concern reply clocks, each told once from end to end (domain.md 0.5, L-01 to L-08)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from bot.domain.reply_clock import ClockState
from bot.errors import FailureKind, PlatformError
from bot.messages import SendCard, ToChat
from bot.ports import UnitOfWork
from handlers.world import COMPANY, stored_company
from tests.handlers.bench import Bench


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


def states(bench: Bench) -> list[str]:
    """Department and state of every clock."""
    return sorted(f"{clock.department} {clock.state.value}" for clock in bench.clocks())


@pytest.mark.parametrize(
    ("reply", "starts"),
    [
        ("@方景行 下午三点到", False),
        ("@方景行 下午三点到，可以吗？", True),
        ("【重点】@方景行 下午三点到，请派人", True),
        ("@回音 询问 @方景行 下午三点到，派谁来", True),
    ],
)
def test_l_01_an_answer_starts_nothing_against_the_side_it_answers_unless_it_asks_back(
    nine: Bench, reply: str, starts: bool
) -> None:
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.advance(minutes=5)
    nine.says("袁知行", reply, where="X1")
    expected = ["QA answered_in_time", "SALES running"] if starts else ["QA answered_in_time"]
    assert states(nine) == expected


def test_l_02_executives_have_no_clocks(nine: Bench) -> None:
    nine.says("方景行", "@顾明远 @沈若川 请阅", where="X1")
    assert nine.clocks() == []


def test_l_02_the_secretary_and_the_leader_ask_like_anybody_else(nine: Bench) -> None:
    nine.says("许安然", "@袁知行 请交周报", where="X1")
    nine.says("顾明远", "@秦书禾 今天进度如何", where="X1")
    assert states(nine) == ["PROD running", "QA running"]


def test_l_03_a_further_message_joins_a_breached_clock_and_key_makes_it_key(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.until("09:40")
    nine.says("方景行", "【重点】@袁知行 夹具！", where="X1")
    clock = nine.the_clock()
    assert (clock.state, clock.attached_count, clock.is_key) == (ClockState.BREACHED, 1, True)
    nine.says("袁知行", "收到", where="X1")
    assert nine.the_clock().state is ClockState.BREACHED


def test_l_04_a_quote_stops_every_clock_of_that_side_a_plain_message_only_the_oldest(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 夹具？", where="X1")
    nine.advance(minutes=1)
    second = nine.says("秦书禾", "@袁知行 图纸？", where="X1")
    nine.advance(minutes=1)
    nine.says("袁知行", "夹具到了", where="X1")
    assert [c.state for c in nine.clocks()] == [ClockState.ANSWERED_IN_TIME, ClockState.RUNNING]
    nine.says("袁知行", "图纸在服务器上", where="X1", quotes=second)
    assert states(nine) == ["QA answered_in_time", "QA answered_in_time"]


def test_l_04_a_plain_message_of_the_head_is_no_natural_answer(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 夹具？", where="X1")
    nine.says("尹若谷", "下午开会", where="X1")
    assert states(nine) == ["QA running"]


def test_l_05_a_reaction_never_stops_a_key_clock_not_even_after_the_breach(nine: Bench) -> None:
    asked = nine.says("方景行", "【重点】@袁知行 停线", where="X1")
    nine.until("09:40")
    nine.reacts("袁知行", asked, "👍")
    assert states(nine) == ["QA breached"]


def test_l_06_l_08_the_breach_names_the_policys_own_minutes(bench: Bench) -> None:
    def stricter(uow: UnitOfWork) -> None:
        company = stored_company(uow)
        parameters = replace(company.parameters, sla_reply_minutes=15, sla_nudge_minutes=10, sla_escalate_minutes=30)
        setting = uow.settings.get("company")
        assert setting is not None
        body = msgspec.json.encode(replace(company, parameters=parameters)).decode()
        uow.settings.put(replace(setting, body=body))
        uow.bump(COMPANY)

    bench.transact(stricter)
    bench.until("09:00")
    bench.says("方景行", "@袁知行 夹具？", where="X1")
    bench.until("09:15")
    bench.expects_card(to="袁知行", contains="已等待 10 分钟")
    bench.expects_card(in_chat="X1", contains="已超过 15 分钟未回复")


def test_l_07_a_question_received_late_leaves_ten_working_minutes(nine: Bench) -> None:
    nine.until("09:28")
    nine.says("方景行", "@袁知行 夹具？", where="X1", sent=timedelta(minutes=28))
    clock = nine.the_clock()
    assert clock.due_at - nine.now == timedelta(minutes=10)
    nine.says("方景行", "为什么 HF-1")
    nine.expects_message(to="方景行", contains="截止顺延至 09:38")


def test_a_question_back_by_quoting_the_liaisons_message_is_timed(nine: Bench) -> None:
    said = nine.says("袁知行", "夹具下周才到", where="X1")
    nine.says("方景行", "下周几？", where="X1", quotes=said)
    assert states(nine) == ["QA running"]
    nine.says("秦书禾", "知道了，我们等", where="X1", quotes=said)
    assert states(nine) == ["QA running"]


def test_when_the_group_cannot_be_written_to_the_breach_is_told_in_private(nine: Bench) -> None:
    def closed(out: object) -> PlatformError | None:
        is_group = isinstance(out, SendCard) and isinstance(out.target, ToChat)
        return PlatformError(FailureKind.GONE, code="no_chat") if is_group else None

    nine.says("方景行", "@袁知行 夹具？", where="X1")
    nine.adapter.outage(closed)
    nine.until("09:31")
    nine.expects_message(to="袁知行", contains="【响应超时】")
    nine.expects_card(to="贺云深", contains="【响应超时】")
