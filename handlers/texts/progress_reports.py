"""Sentences about weekly progress reports (3.5)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "report_state_open": ("待提交", "to be submitted"),
    "report_state_submitted": ("已提交", "submitted"),
    "report_state_missing": ("缺报", "missing"),
    "report_state_late": ("迟报", "late"),
    "report_state_waived": ("免报", "waived"),
    "report_state_void": ("不需提交", "not owed"),
    "report_kind": ("周进度", "Week"),
    "report_reads_with": ("周进度", "weekly progress"),
    "report_row_week": ("周次", "Week"),
    "report_row_due": ("截止", "Due"),
    "report_row_reason": ("原因", "Why"),
    "report_row_by": ("提交", "By"),
    "report_row_done": ("本周", "Done"),
    "report_row_problems": ("问题", "Open"),
    "report_row_next": ("下周", "Next"),
    "report_row_needs": ("需协调", "Needs"),
    "report_by_value": ("{name} {time}，总体 {percent}%", "{name} {time}, {percent}% overall"),
    "report_button_submit": ("提交", "Submit"),
    "report_button_confirm": ("确认", "Confirm"),
    "report_said_submitted": (
        "✅ {code} 已提交，按时。台账已同步更新，已请 {name} 确认。",
        "✅ {code} submitted in time. The ledger is up to date; {name} was asked to confirm.",
    ),
    "report_said_late_today": (
        "✅ {code} 已提交，迟报（当日，计一半）。台账已同步更新，已请 {name} 确认。",
        "✅ {code} submitted late, on the same day (half credit). The ledger is up to date; {name} was asked to confirm.",
    ),
    "report_said_late": (
        "✅ {code} 已提交，迟报（不计分）。台账已同步更新，已请 {name} 确认。",
        "✅ {code} submitted late (no credit). The ledger is up to date; {name} was asked to confirm.",
    ),
    "report_corrected": (
        "✅ {code} 已更正（第 {revision} 版），台账已同步更新。",
        "✅ {code} corrected (edition {revision}); the ledger is up to date.",
    ),
    "report_confirmed_said": ("✅ {code} 台账已确认。", "✅ The ledger entry of {code} is confirmed."),
    "report_waived_said": ("✅ {code} 免报。", "✅ {code} is waived."),
    "report_waived_told": ("{code} 已由 {name} 免报：{reason}", "{code} was waived by {name}: {reason}"),
    "report_head": ("{code} {state}", "{code}: {state}"),
    "report_offer": (
        "{code} 截止 {due}。可在卡片上填写，也可逐项回答：",
        "{code} is due {due}. Fill in the card, or answer one by one:",
    ),
    "report_percent_differs": (
        "任务汇总进度为 {computed}%，所填不同请写“进度调整原因：…”，或改为一致。",
        "The tasks give {computed}%; for another figure please add “reason for the percentage: …”.",
    ),
    "report_not_owed": (
        "{code} 本周没有需要提交的周进度（未在执行中、未满 2 个工作日、已确认或免报）。",
        "{code} owes no weekly report now (not in progress, too new, confirmed or waived).",
    ),
    "report_closed": (
        "{code} 已过补报时间（下一期已到期），请提交本周的。",
        "{code} is not accepted any more: the next one is due. Please submit this week's.",
    ),
    "report_confirmed": (
        "{code} 已由执行秘书确认，不能再改；请写入下周进度。",
        "{code} was confirmed by the secretary and is final; please write it into next week's.",
    ),
    "who_weekly_progress": ("周进度限牵头部门的对接人、负责人提交。", "For liaison and head of the lead department."),
    "who_report_waive": ("免报限执行秘书{secretary}。", "Waiving is for the secretary, {secretary}."),
    "help_weekly_progress": ("周进度 SX-7　提交周进度", "weekly progress SX-7"),
    "help_report_waive": ("免报 JB-… 原因", "waive report JB-… why"),
    "example_weekly_progress": (
        "周进度 SX-7\n本周完成情况：首件试制完成\n存在问题：无\n下周计划：小批试产",
        "weekly progress SX-7\ndone: first piece made\nproblems: none\nplan: small batch",
    ),
    "example_report_waive": (
        "免报 JB-2026-W38-SX-2026-0007 本周全员培训",
        "waive report JB-2026-W38-SX-2026-0007 everybody was in training",
    ),
}
