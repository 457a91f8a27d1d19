"""Trainings and the reminders of the month (domain.md 3.18, R-106, R-110; T-24, T-25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.appreciation import Training
from bot.routing import Context
from handlers.upkeep import month_reminders, monthly, plan_versions
from tests.handlers.bench import Bench


def test_a_training_is_planned_and_recorded(bench: Bench) -> None:
    """R-110: planned → held → recorded; the liaisons are invited."""
    bench.until("10:00")
    bench.forget()
    bench.says("许安然", "培训 安排 9-28 14:00 主题：跨部门沟通技巧")
    bench.expects_message(to="许安然", contains=["已安排培训《跨部门沟通技巧》", "9月28日（周一）14:00"])
    for name in ("秦书禾", "温晓棠", "苏念初"):
        bench.expects_message(to=name, contains="《跨部门沟通技巧》9月28日（周一）14:00")
    bench.says("何沐晴", "培训")
    bench.expects_message(to="何沐晴", contains="待举办《跨部门沟通技巧》")
    bench.until("09-28 16:30")
    bench.forget()
    bench.says("钟晚晴", "培训 登记 @秦书禾 @温晓棠 @苏念初")
    bench.expects_message(to="钟晚晴", contains=["已登记培训《跨部门沟通技巧》", "参加 3 人"])
    [kept] = bench.read(lambda uow: uow.trainings.find())
    assert (kept.attendees, kept.recorded_by) == (("E004", "E013", "E009"), "E025")


def test_a_training_that_nobody_planned_is_recorded_with_its_topic_and_day(bench: Bench) -> None:
    bench.until("10:00")
    bench.forget()
    bench.says("叶青禾", "培训 登记 9-11 主题：冲突调解 @秦书禾")
    bench.expects_message(to="叶青禾", contains=["已登记培训《冲突调解》", "9月11日（周五）", "参加 1 人"])


def test_what_does_not_fit_is_refused(bench: Bench) -> None:
    bench.until("10:00")
    refused = {
        ("何沐晴", "培训 安排 9-28 14:00"): "没有执行此操作的权限",
        ("罗启安", "培训 登记 @秦书禾"): "没有执行此操作的权限",
        ("许安然", "培训 安排 9-11 14:00"): "培训时间已过",
        ("许安然", "培训 安排 2月30日"): "没看懂日期",
        ("许安然", "培训 登记 9-28 @秦书禾"): "还未举办的培训不能登记",
    }
    for (name, text), said in refused.items():
        bench.forget()
        bench.says(name, text)
        bench.expects_message(to=name, contains=said)
    assert bench.read(lambda uow: uow.trainings.find()) == []


def test_a_new_liaison_is_asked_to_the_next_training(bench: Bench) -> None:
    """3.18."""
    bench.until("09-17 09:20")
    bench.says("许安然", "培训 安排 9-28 14:00 主题：跨部门沟通技巧")
    bench.says("方景行", "对接人 变更 @苏念初 @江亦舟 2026-09-24 确认：全部")
    bench.forget()
    bench.until("09-24 09:00")
    bench.expects_message(to="江亦舟", contains=["您已担任对接人", "《跨部门沟通技巧》，9月28日（周一）14:00"])


@pytest.mark.slow
def test_on_the_first_working_day_of_a_month_what_is_due_is_told(bench: Bench) -> None:
    """T-24, T-25, R-106, R-110, R-117: to secretary and HR, to the keeper of the plan; nothing while nothing is due."""
    bench.within(monthly.arm)
    bench.until("10-08 09:00")
    assert not [s for s in bench.forget() if "培训提醒" in s.words or "方案修订提醒" in s.words]
    bench.clock.move(datetime(2027, 1, 4, 0, 30, tzinfo=UTC))
    bench.advance(minutes=31)
    for name in ("叶青禾", "许安然"):
        bench.expects_message(to=name, contains=["【方案修订提醒】", "V1.0", "已满 6 个月", "行政部负责人和执行秘书"])
    for name in ("许安然", "钟晚晴"):
        bench.expects_message(to=name, contains=["【培训提醒】", "从未举办"])


def test_nothing_is_due_while_a_training_is_planned_or_young(bench: Bench) -> None:
    """T-25: half a year after the last one, or after the plan took effect."""

    def due(context: Context) -> bool:
        later = replace(context, now=datetime(2027, 3, 1, 1, 0, tzinfo=UTC))
        return month_reminders.is_training_due(later) and not month_reminders.planned(later)

    assert not bench.within(month_reminders.is_training_due)
    assert bench.within(due)
    training = Training(key="2027-01", topic="x", planned_for=datetime(2027, 3, 9, tzinfo=UTC))
    bench.transact(lambda uow: uow.trainings.add(training))
    assert not bench.within(due)
    bench.transact(
        lambda uow: uow.trainings.put(replace(training, version=1, held_at=datetime(2026, 9, 2, tzinfo=UTC)))
    )
    assert not bench.within(due)


def test_versions_of_the_plan_are_kept_when_another_takes_effect(bench: Bench) -> None:
    """R-01, R-106: draft and decision are outside; what was in force until when stays on record."""

    def note(context: Context) -> tuple[plan_versions.Version, ...]:
        before = replace(context.world.company.plan, version="V0.9", effective_date=date(2026, 1, 1))
        plan_versions.note(context, before)
        plan_versions.note(context, context.world.company.plan)
        return plan_versions.known(context)

    [kept] = bench.within(note)
    assert (kept.version, kept.effective, kept.superseded) == ("V0.9", date(2026, 1, 1), date(2026, 9, 14))
    bench.forget()
    bench.says("何沐晴", "方案")
    bench.expects_message(to="何沐晴", contains=["V1.0", "V0.9", "至 9月14日（周一）"])
