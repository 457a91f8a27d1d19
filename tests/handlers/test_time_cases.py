"""Edge cases of time: domain.md 7, EC-19 to EC-29 and EC-44, and the clock sources of 5.8."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec

from bot.domain.calendar import Override, OverrideKind
from bot.domain.ids import DepartmentId
from bot.domain.reply_clock import ClockState
from bot.ports import UnitOfWork
from bot.updates import Source
from handlers.world import CALENDAR, stored_calendar
from tests.handlers.bench import Bench, changed
from tests.handlers.shown import BEIJING


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of September 2026 in Beijing."""
    return datetime(2026, 9, day, hour, minute, second, tzinfo=BEIJING)


def test_ec_19_after_downtime_overdue_facts_keep_their_time_and_are_told_once(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.jumps(hours=8)
    clock = bench.the_clock()
    assert (clock.state, clock.verdict_at) == (ClockState.BREACHED, at(14, 9, 30))
    said = [s.words for s in bench.forget()]
    assert len([w for w in said if "【响应升级】" in w or "次】" in w]) == 1
    assert len([w for w in said if "【响应提醒】" in w]) == 0
    assert len([w for w in said if "（补发）【响应超时】" in w]) == 1
    assert len([w for w in said if "（补发）【响应升级" in w]) == 1


def test_ec_20_a_closure_entered_later_moves_open_limits_and_no_closed_verdict(bench: Bench) -> None:
    bench.until("11:30")
    answered = bench.says("方景行", "@秦书禾 首批数量？", where="X1")
    bench.says("秦书禾", "60 台", where="X1", quotes=answered)
    bench.until("11:50")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("12:30")
    bench.says("许安然", "日历 时段 2026-09-14 09:00-12:00")
    bench.says("许安然", "日历 确认")
    bench.forget()
    moved = next(c for c in bench.clocks() if c.department == "QA")
    assert moved.due_at == at(15, 9, 20)
    assert next(c for c in bench.clocks() if c.department == "PROD").state is ClockState.ANSWERED_IN_TIME
    bench.until("09-15 09:09")
    assert [shown.words for shown in bench.forget() if "【响应" in shown.words] == []
    bench.until("09-15 09:10")
    bench.expects_card(to="袁知行", contains="09:20")


def test_ec_21_a_working_day_entered_later_makes_nobody_late_by_itself(bench: Bench) -> None:
    bench.until("09-18 17:50")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    assert bench.the_clock().due_at == at(20, 9, 20)
    bench.until("09-19 10:00")
    bench.says("许安然", "日历 上班 2026-09-19")
    bench.says("许安然", "日历 确认")
    bench.forget()
    assert bench.the_clock().due_at == at(19, 10, 10)
    assert bench.the_clock().state is ClockState.RUNNING


def test_ec_22_a_platform_clock_three_minutes_ahead_is_believed(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1", sent=timedelta(minutes=-3))
    assert bench.the_clock().started_at == at(14, 10, 3)


def test_ec_22_a_platform_clock_far_ahead_or_days_behind_is_not_believed(bench: Bench) -> None:
    bench.until("10:00")
    for sent in (timedelta(minutes=-6), timedelta(hours=49)):
        bench.says("方景行", "@袁知行 检测夹具？", where="X1", sent=sent, thread=str(sent))
    assert {c.started_at for c in bench.clocks()} == {at(14, 10)}
    assert all("source_received" in c.flags for c in bench.clocks())


def test_ec_22_a_message_two_hours_old_keeps_its_time_and_leaves_ten_minutes(bench: Bench) -> None:
    bench.until("11:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1", sent=timedelta(hours=2))
    clock = bench.the_clock()
    assert (clock.started_at, clock.due_at) == (at(14, 9), at(14, 11, 10))
    assert "late_delivery" in clock.flags


def test_ec_22_a_message_without_any_time_counts_from_its_receipt(bench: Bench) -> None:
    bench.until("10:00")
    update = bench.message("方景行", "@袁知行 检测夹具？", where="X1")
    source = update.source
    bare = Source(
        platform=source.platform, app=source.app, business_id=source.business_id, received_at=source.received_at
    )
    bench.happens(changed(update, source=bare))
    assert bench.the_clock().started_at == at(14, 10)


def test_ec_23_when_the_server_clock_jumps_back_nothing_fires_twice(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("09:21")
    bench.expects_card(to="袁知行")
    bench.jumps(minutes=-10)
    bench.until("09:29")
    bench.expects_nothing_more()
    bench.until("09:30")
    bench.expects_card(in_chat="X1", state="已超时")
    bench.expects_card_update(to="袁知行", state="已超时")
    bench.expects_nothing_more()


def test_ec_25_a_message_at_noon_belongs_to_the_afternoon_and_a_reply_at_the_very_due_is_in_time(bench: Bench) -> None:
    bench.until("12:00:00")
    asked = bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    assert bench.the_clock().due_at == at(14, 14)
    bench.until("14:00:00")
    assert bench.the_clock().state is ClockState.BREACHED
    bench.says("袁知行", "到了", where="X1", quotes=asked)
    assert bench.the_clock().state is ClockState.ANSWERED_IN_TIME


def test_ec_25_a_second_after_the_due_instant_is_late(bench: Bench) -> None:
    bench.until("09:00")
    asked = bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("09:30:01")
    bench.says("袁知行", "到了", where="X1", quotes=asked)
    assert bench.the_clock().state is ClockState.ANSWERED_LATE


def test_ec_44_one_second_before_closing_on_friday_is_due_on_monday_a_second_before_half_past_nine(
    bench: Bench,
) -> None:
    bench.until("11-27 17:59:59")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    assert bench.the_clock().due_at == datetime(2026, 11, 30, 9, 29, 59, tzinfo=BEIJING)


def test_ec_29_a_department_in_another_time_zone_is_timed_there_and_shown_both_times(bench: Bench) -> None:
    bench.says("袁知行", "设置 时区 Asia/Tokyo")
    bench.forget()
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("09:20")
    bench.expects_card(to="袁知行", contains="09:30 北京时间（10:30 东京）")


def test_ec_27_a_limit_in_a_year_without_notice_is_marked_provisional(bench: Bench) -> None:
    bench.until("12-31 17:40")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    bench.expects_card(in_chat="X1", contains=["2027年1月4日", "（注：2027 年放假安排尚未导入，此期限为暂定。）"])


def test_ec_26_a_department_without_working_hours_is_not_timed_and_whoever_keeps_the_calendar_hears_of_it(
    bench: Bench,
) -> None:
    bench.transact(_no_hours_for_quality)
    bench.until("09:00")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    bench.expects_message(in_chat="X1", contains="未来 30 天没有工作时段")
    for told in ("许安然", "高远航", "冯思齐"):
        bench.expects_message(to=told, contains="质量未来 30 天没有工作时段，无法计时。请检查日历。")
    bench.expects_nothing_more()
    assert bench.clocks() == []


def _no_hours_for_quality(uow: UnitOfWork) -> None:
    """Every day of the next two months is closed for QA."""
    data = stored_calendar(uow)
    closed = tuple(
        Override(
            date=date(2026, 9, 14) + timedelta(days=n),
            kind=OverrideKind.CLOSURE,
            name="停产",
            department=DepartmentId("QA"),
        )
        for n in range(60)
    )
    setting = uow.settings.get("calendar")
    assert setting is not None
    body = msgspec.json.encode(replace(data, overrides=closed)).decode()
    uow.settings.put(replace(setting, body=body))
    uow.bump(CALENDAR)
