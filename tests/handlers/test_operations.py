"""How the bot is doing, and who may put it right (domain.md R-112, P-66; EC-76)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.timers import TimerKind
from bot.errors import FailureKind
from bot.ports import ConnectionState, Finding, Severity
from bot.routing import Context, Surroundings
from bot.updates import MessageReceived
from handlers import effects
from handlers.service import outages
from tests.handlers.bench import Bench


def surrounded(bench: Bench, **around: object) -> None:
    """The program around the handlers is in this state."""
    bench.engine.surroundings = lambda: replace(Surroundings(started_at=bench.start), **around)  # type: ignore[arg-type]


WORDS = "夹具口令芝麻开门"


def breaks(bench: Bench) -> list[bool]:
    """A message that no handler survives, until it is a dead letter; clear the list to mend it."""
    bench.tolerates_failures = True
    broken = [True]

    def explode(context: Context, update: MessageReceived) -> None:
        if broken and update.text == WORDS:
            raise ZeroDivisionError

    bench.router.on(MessageReceived, explode)
    bench.says("方景行", WORDS)
    for _ in range(6):
        bench.advance(minutes=1)
    bench.forget()
    return broken


# ---------------------------------------------------------------- what it is doing


def test_everybody_may_ask_how_it_is_doing(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    connection = ConnectionState(is_connected=True, since=bench.start, last_frame_at=bench.now - timedelta(minutes=2))
    surrounded(bench, connections={"feishu": connection})
    bench.says("秦书禾", "状态")
    bench.expects_message(
        to="秦书禾",
        contains=[
            "✅ 回音 正常运行",
            "飞书 已连接（08:00 起），2 分钟前有消息",
            "计时中 1，已超时未回复 0",
            "待处理 0，待发送 0",
            "下一个定时：09:20",
            "方案 V1.0，日历 2026+0/",
        ],
    )
    bench.expects_nothing_more()


def test_r_111_a_lost_connection_and_its_gaps_are_said(bench: Bench) -> None:
    gap = (bench.start - timedelta(minutes=20), bench.start - timedelta(minutes=5))
    surrounded(bench, connections={"feishu": ConnectionState(is_connected=False, since=bench.start, gaps=(gap,))})
    bench.says("秦书禾", "状态")
    bench.expects_message(
        to="秦书禾",
        contains=["⚠️ 回音 运行中，有需要注意的地方", "飞书 未连接（08:00 起）", "中断 1 次，最近 07:40–07:55"],
    )


def test_what_went_wrong_is_a_number_for_everybody_and_a_line_for_administrators(bench: Bench) -> None:
    breaks(bench)
    bench.says("秦书禾", "状态")
    bench.expects_message(to="秦书禾", contains=["有需要注意的地方", "未能处理的事件 1 条"], lacks="ZeroDivisionError")
    bench.says("冯思齐", "@回音 状态", where="ALL")
    bench.expects_message(in_chat="ALL", contains="已私信您")
    bench.expects_message(to="冯思齐", contains=["未能处理的事件 1 条", "ZeroDivisionError"], lacks="芝麻")


def test_unknown_outcomes_and_failed_messages_are_counted(bench: Bench) -> None:
    bench.adapter.fail(FailureKind.PERMANENT)
    bench.says("方景行", "方案")
    bench.forget()
    bench.says("冯思齐", "状态")
    bench.expects_message(to="冯思齐", contains=["未能发出的消息 1 条", "test_permanent"])


# ---------------------------------------------------------------- dead letters, held messages


def test_an_administrator_lets_a_dead_letter_be_tried_again(bench: Bench) -> None:
    broken = breaks(bench)
    [dead] = bench.read(lambda uow: uow.inbox.dead())
    broken.clear()
    bench.says("冯思齐", f"重放 {dead.id}")
    bench.expects_message(to="冯思齐", contains=f"第 {dead.id} 条将重新处理")
    assert bench.read(lambda uow: uow.inbox.dead()) == []
    assert bench.audit(f"inbox:{dead.id}")[0].actor == "E027"
    bench.forget()
    bench.says("冯思齐", "重放 999")
    bench.expects_message(to="冯思齐", contains="没有编号为 999 的未处理事件")


def test_what_a_restore_held_back_goes_when_an_administrator_says_so(bench: Bench) -> None:
    bench.until("09:00")
    reader = bench.person("秦书禾")

    def restore(context: Context) -> None:
        effects.tell(context, reader, effects.text("昨天的提醒"), key="old", at_once=True)
        context.uow.outbox.hold(epoch="restored")

    bench.within(restore)
    bench.expects_nothing_more()
    bench.says("冯思齐", "状态")
    bench.expects_message(to="冯思齐", contains="恢复备份后暂存 1 条消息")
    bench.says("秦书禾", "确认放行")
    bench.expects_message(to="秦书禾", contains="您没有执行此操作的权限")
    bench.says("冯思齐", "确认放行")
    bench.expects_message(to="冯思齐", contains="已放行 1 条消息")
    bench.expects_message(to="秦书禾", contains="昨天的提醒")
    bench.says("冯思齐", "确认放行")
    bench.expects_message(to="冯思齐", contains="没有暂存的消息")


# ---------------------------------------------------------------- the checks


def test_the_checks_name_what_is_wrong_and_what_to_do(bench: Bench) -> None:
    def work(context: Context) -> None:
        for code, changes in (("E022", {"is_active": False}), ("E011", {"accounts": {}})):
            person = context.uow.people.get(code)
            assert person is not None
            context.uow.people.put(replace(person, **changes))
        context.uow.bump("directory")

    bench.within(work)
    surrounded(
        bench,
        findings=(
            Finding(id="feishu.token", severity=Severity.OK, message="凭证有效"),
            Finding(id="feishu.scope", severity=Severity.WARNING, message="缺 im:message.group_msg", hint="打开权限页"),
        ),
    )
    bench.says("冯思齐", "体检")
    bench.expects_message(
        to="冯思齐",
        contains=[
            "体检：需处理 4，正常 6",
            "✘ 缺 im:message.group_msg：打开权限页",
            "✘ 岗位设置：财务对接人空缺（R-107）",
            "✘ 无可用账号 1 人：何沐晴",
            "✘ 飞书 通讯录：尚未读取过",
            "✔ 凭证有效",
            "✔ 操作留痕",
            "✔ 放假安排已导入 2026",
        ],
    )


@pytest.mark.parametrize("text", ["体检", "确认放行", "重放 1"])
@pytest.mark.parametrize("who", ["许安然", "顾明远", "秦书禾"])
def test_r_112_only_administrators_run_the_machine(bench: Bench, who: str, text: str) -> None:
    bench.says(who, text)
    bench.expects_message(to=who, contains="您没有执行此操作的权限")
    bench.expects_nothing_more()


def test_ec_76_an_administrator_sees_no_business_text(bench: Bench) -> None:
    """EC-76, SoD-9."""
    bench.until("09:00")
    bench.says("方景行", "@袁知行 夹具到了吗？芝麻开门", where="X1")
    bench.forget()
    for text in ("状态", "体检"):
        bench.says("冯思齐", text)
        bench.expects_message(to="冯思齐", lacks=["芝麻", "夹具"])


def test_a_restart_leaves_one_timer_for_each_recurring_duty(bench: Bench) -> None:
    bench.within(bench.wired.arm_recurring)
    bench.within(bench.wired.arm_recurring)
    timers = bench.read(lambda uow: uow.timers.upcoming())
    of_objects = {TimerKind.DEADLINE, TimerKind.REMINDERS}
    recurring = sorted((t.kind, t.ref) for t in timers if t.kind not in of_objects)
    assert [one for one in recurring if not one[1].startswith("HY-")] == sorted(
        (
            (TimerKind.CALENDAR_CHECK, "calendar"),
            (TimerKind.COVERAGE, "coverage"),
            (TimerKind.DIGEST, "digest"),
            (TimerKind.DIRECTORY_SYNC, "directory"),
            (TimerKind.DOCUMENTS, "weekly"),
            (TimerKind.GROUP_CHECK, "groups"),
            (TimerKind.MONTHLY, "first"),
            (TimerKind.MONTHLY, "freeze"),
            (TimerKind.RETENTION, "retention"),
            (TimerKind.SYNC_CALL, "2026-W38"),
            (TimerKind.WEEK_START, "week"),
        )
    )
    assert [one for one in recurring if one[1].startswith("HY-")] == sorted(
        (
            (TimerKind.MEETING_NEAR, "HY-2026-0041"),
            (TimerKind.MEETING_UNHELD, "HY-2026-0041"),
            (TimerKind.MEETING_NEAR, "HY-2026-0042"),
            (TimerKind.MEETING_UNHELD, "HY-2026-0042"),
            (TimerKind.WEEKLY_PACK, "HY-2026-0042"),
        )
    )


# ---------------------------------------------------------------- outages


def test_r_111_an_outage_is_on_the_record_and_a_restart_is_none(bench: Bench) -> None:
    bench.until("09:00")
    bench.within(lambda context: outages.wake(context))
    bench.advance(minutes=1)
    bench.within(lambda context: outages.wake(context))
    bench.says("秦书禾", "状态")
    assert "中断" not in bench.expects_message(to="秦书禾").words
    bench.until("09:31")
    bench.within(lambda context: outages.wake(context))
    bench.until("10:30")
    gap = (bench.now - timedelta(minutes=40), bench.now - timedelta(minutes=10))
    for _ in range(2):
        bench.within(lambda context: outages.beat(context, {"feishu": [gap]}))
    bench.forget()
    bench.says("秦书禾", "状态")
    bench.expects_message(to="秦书禾", contains="近 7 天中断 2 次，最近一次：飞书，09:50 至 10:20")
