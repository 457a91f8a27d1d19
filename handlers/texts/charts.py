"""Words on charts (domain.md 6.2, 6.4)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "chart_week": ("跨部门协作周报 {week}", "Weekly report {week}"),
    "chart_answers": ("响应时效", "Answers"),
    "chart_in_time": ("按时", "in time"),
    "chart_late": ("超时", "late"),
    "chart_too_few": ("样本不足", "too few"),
    "chart_no_answers": ("本周无样本", "no sample this week"),
    "chart_tasks": ("任务", "Tasks"),
    "chart_finished": ("本周完成", "finished"),
    "chart_open": ("在办", "open"),
    "chart_overdue": ("超期", "overdue"),
    "chart_no_tasks": ("没有任务", "no tasks"),
    "chart_items": ("事项", "Items"),
    "chart_active": ("在办事项", "active"),
    "chart_total": ("共 {count} 项", "{count} in all"),
    "chart_green": ("绿", "green"),
    "chart_yellow": ("黄", "yellow"),
    "chart_red": ("红", "red"),
    "chart_no_items": ("没有在办事项", "no active items"),
    "chart_card": ("{whose} {month} 协作评分 {score}（{band}）", "{whose} {month}: {score} ({band})"),
    "chart_no_score": ("{whose} {month} 协作评分：样本不足，不评分", "{whose} {month}: too few samples, no score"),
    "chart_as_of": ("统计截至 {day}", "as of {day}"),
    "chart_metrics": ("各项得分（满分 100）", "Metrics, of 100"),
    "chart_score": ("得分", "score"),
    "chart_metric_note": ("{score}（{share}）", "{score} ({share})"),
    "chart_not_shown": (
        "（图表“{title}”没能显示，数字见前面的文字。）",
        "(The chart “{title}” could not be shown; its figures are in the text before.)",
    ),
}
