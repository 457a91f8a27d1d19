"""The acceptance week as far as tasks, weekly reports and the acceptance of SX-2026-0008 go, with everything around them real.

Steps 28 to 30, 32, 37, 41, 48, 53, 60, 61, 76 to 78, 82, 92, 97, 99, and the closing figures of tasks and reports.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.acceptance import AcceptanceState
from bot.domain.digest import Happening
from bot.domain.item import ItemState
from bot.domain.obligation import ObligationKind
from bot.domain.progress_report import ReportState
from bot.domain.task import TaskState
from tests.handlers.bench import Bench
from tests.handlers.request_words import ROUTINE
from tests.handlers.shown import BEIJING
from tests.handlers.test_acceptance_stories import LINES as APPLICATION
from tests.handlers.test_progress_report_stories import LINES as REPORT


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def due_soon(bench: Bench, cutoff: str, until: str) -> dict[ObligationKind, int]:
    """What digest section 三 counts of my kinds at a cut-off."""
    held = bench.read(lambda uow: uow.obligations.find())
    kinds = (ObligationKind.TASK, ObligationKind.WEEKLY_REPORT, ObligationKind.ACCEPTANCE, ObligationKind.ARCHIVE)
    found = {kind: sum(o.kind is kind and at(cutoff) <= o.due_at <= at(until) for o in held) for kind in kinds}
    return {kind: count for kind, count in found.items() if count}


@pytest.mark.slow
def test_the_week_of_tasks_reports_and_an_acceptance(bench: Bench) -> None:
    """R-33, R-34, R-81..R-85; the numbers, times and people are those of the week."""
    bench.hears_reminders = True
    bench.within(bench.wired.arm_recurring)
    bench.until("09-14 08:30")
    assert due_soon(bench, "09-14T08:30", "09-15T18:00") == {ObligationKind.TASK: 1}

    # Tuesday: an issue stands in the way of the acceptance until it is closed; a routine request becomes an item
    bench.until("09-15 08:30")
    assert due_soon(bench, "09-15T08:30", "09-16T18:00") == {ObligationKind.TASK: 3}
    bench.until("09-15 10:30")
    bench.says("苏念初", "/结果 WT-2026-0011 牵头销售部与配合行政部已重新核对展架尺寸，按展位图改制完成")
    bench.until("11:00")
    bench.says("卢雨桐", "/确认 WT-2026-0011")
    bench.says("卢雨桐", "/完成 RW-2026-0034 搭建合同已签，原件在行政部")
    bench.until("11:05")
    bench.says("许安然", "/闭环 WT-2026-0011")
    bench.until("11:20")
    bench.says("苏念初", "/确认 RW-2026-0034")
    bench.until("11:30")
    bench.says("潘望舒", ROUTINE)
    bench.says("潘望舒", "/需求 提交 XQ-2026-0015")
    bench.until("17:05")
    bench.says("叶青禾", "/同意 XQ-2026-0015")
    made = bench.read(lambda uow: uow.tasks.get("RW-2026-0036"))
    assert made is not None
    assert (made.owner, made.due_at, made.lead, made.item) == ("E019", at("09-22T18:00"), "HR", "SX-2026-0009")

    # Wednesday
    bench.until("09-16 08:30")
    assert due_soon(bench, "09-16T08:30", "09-17T18:00") == {ObligationKind.TASK: 2}
    bench.until("09-16 09:45")
    bench.says("柳青原", '/进度 RW-2026-0031 60% =HYPERLINK("x","点我")')
    bench.until("11:30")
    bench.says("温晓棠", "/请假 2026-09-16 13:30 至 2026-09-17 18:00 代理 @白司南")
    bench.until("15:00")
    bench.says("夏知微", "/完成 RW-2026-0035 物料款已付清")
    bench.until("15:20")
    bench.says("苏念初", "/确认 RW-2026-0035")
    bench.forget()
    bench.until("17:00")
    told = {s.reader for s in bench.forget() if "RW-2026-0031" in s.words and not s.is_update}
    assert told == {"柳青原", "秦书禾", "罗启安", "白司南"}

    # Thursday
    bench.until("09-17 08:30")
    assert due_soon(bench, "09-17T08:30", "09-18T18:00") == {
        ObligationKind.TASK: 1,
        ObligationKind.WEEKLY_REPORT: 3,
    }
    bench.until("09-17 10:10")
    bench.says("柳青原", "/完成 RW-2026-0031 首件检验合格")
    bench.until("10:30")
    bench.says("白司南", "/确认 RW-2026-0031")
    bench.says("苏念初", f"/验收 SX-2026-0008{APPLICATION}")
    applied = bench.read(lambda uow: uow.acceptances.get("YS-2026-0006"))
    assert applied is not None
    assert (applied.state, applied.due_at) == (AcceptanceState.APPLIED, at("09-21T18:00"))

    # Friday
    bench.until("09-18 08:30")
    assert due_soon(bench, "09-18T08:30", "09-20T18:00") == {
        ObligationKind.TASK: 1,
        ObligationKind.WEEKLY_REPORT: 2,
    }
    bench.until("11:20")
    bench.says("温晓棠", f"/周进度 SX-2026-0007{REPORT}")
    bench.until("11:30")
    bench.says("许安然", "/会议 安排 验收会 YS-2026-0006 2026-09-20 14:00 @叶青禾 @宋清和")
    bench.forget()
    bench.until("12:00")
    missing = {s.reader for s in bench.forget() if "JB-2026-W38-SX-2026-0009" in s.words and not s.is_update}
    assert missing == {"钟晚晴", "潘望舒", "许安然"}
    bench.until("13:50")
    bench.says("钟晚晴", f"/周进度 SX-2026-0009{REPORT}")
    bench.until("17:00")
    bench.says("袁知行", "/完成 RW-2026-0032 检测夹具三套均已到位")
    bench.until("17:20")
    bench.says("温晓棠", "/确认 RW-2026-0032")

    # Sunday: the acceptance meeting
    bench.until("09-20 08:30")
    assert due_soon(bench, "09-20T08:30", "09-21T18:00") == {ObligationKind.TASK: 1, ObligationKind.ACCEPTANCE: 1}
    meeting = bench.read(lambda uow: uow.acceptances.get("YS-2026-0006")).meeting  # type: ignore[union-attr]
    bench.until("14:00")
    bench.says("许安然", f"/会议 开始 {meeting}")
    bench.until("14:30")
    bench.says("许安然", f"/会议 结束 {meeting}")
    bench.says("叶青禾", "/评议 YS-2026-0006 合格")
    bench.says("宋清和", "/评议 YS-2026-0006 合格")
    archive = bench.read(lambda uow: uow.obligations.find(code="YS-2026-0006"))
    assert [(o.kind, o.due_at) for o in archive] == [(ObligationKind.ARCHIVE, at("09-23T18:00"))]

    # Monday
    bench.until("09-21 10:00")
    bench.says("苏念初", "/归档 SX-2026-0008")
    bench.until("17:30")
    bench.says("何沐晴", "/完成 RW-2026-0033 反馈已汇总 12 条")
    bench.until("17:40")
    bench.says("温晓棠", "/确认 RW-2026-0033")
    bench.until("18:00")

    facts = [f for f in bench.read(lambda uow: uow.facts.find()) if f.kind in {"task_on_time", "task_late"}]
    assert {f.code[-4:] for f in facts if f.kind == Happening.TASK_ON_TIME} == {"0032", "0033", "0034", "0035"}
    assert {f.code[-4:] for f in facts if f.kind == Happening.TASK_LATE} == {"0031"}
    tasks = bench.read(lambda uow: uow.tasks.find())
    assert {t.code[-4:] for t in tasks if t.state is TaskState.DONE} == {"0031", "0032", "0033", "0034", "0035"}
    assert not [t.code for t in tasks if t.is_open and t.due_at < bench.now]
    reports = {r.item[-4:]: r for r in bench.read(lambda uow: uow.reports.find()) if r.week == "2026-W38"}
    assert {item: r.state for item, r in reports.items()} == {
        "0007": ReportState.SUBMITTED,
        "0008": ReportState.VOID,
        "0009": ReportState.LATE,
    }
    assert (reports["0007"].credit, reports["0009"].credit) == (1.0, 0.5)
    next_week = [r for r in bench.read(lambda uow: uow.reports.find()) if r.week == "2026-W39"]
    assert {(r.item[-4:], r.due_at) for r in next_week} == {
        ("0007", at("09-24T12:00")),
        ("0009", at("09-24T12:00")),
    }
    exhibition = bench.read(lambda uow: uow.items.get("SX-2026-0008"))
    assert exhibition is not None
    assert (exhibition.state, exhibition.archived_at) == (ItemState.ARCHIVED, at("09-21T10:00"))
