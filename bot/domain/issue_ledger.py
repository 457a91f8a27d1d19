"""The issue ledger F9: every issue from its first minute, for ever (domain.md 4.9; R-100, EC-100)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.form import text_of
from bot.domain.issue import Grade, Issue, IssueState
from bot.domain.ledger import NO, NOTE, YES, Cell, Kind, LedgerColumn, Sheet, Spoken, local_of, row_of

#: characters of the description (4.9)
EXCERPT = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueFacts:
    """Everything that the row of an issue is made of."""

    issue: Issue
    shows_title: bool = True
    is_summary: bool = False


def issue_columns(spoken: Spoken) -> tuple[LedgerColumn, ...]:
    """The columns of 4.9 in their order."""
    states = tuple(spoken.issue_state(state) for state in IssueState)
    return (
        LedgerColumn(key="no", zh="序号", kind=Kind.NUMBER),
        LedgerColumn(key="issue_no", zh="问题编号"),
        LedgerColumn(key="filed_on", zh="反馈日期", kind=Kind.DATE),
        LedgerColumn(key="found_by", zh="反馈部门/反馈人"),
        LedgerColumn(key="item", zh="关联事项"),
        LedgerColumn(key="title", zh="问题名称"),
        LedgerColumn(key="description", zh="问题描述摘要", kind=Kind.LONG, is_summary=False),
        LedgerColumn(
            key="impact", zh="影响范围", kind=Kind.CHOICE, options=("单一任务", "部分环节", "整体目标", "其他")
        ),
        LedgerColumn(key="severity", zh="严重程度", kind=Kind.CHOICE, options=("低", "中", "高")),
        LedgerColumn(key="grade", zh="问题等级", kind=Kind.CHOICE, options=tuple(grade.value for grade in Grade)),
        LedgerColumn(key="graded_at", zh="分级时间", kind=Kind.INSTANT),
        LedgerColumn(key="lead", zh="牵头部门"),
        LedgerColumn(key="coop", zh="配合部门"),
        LedgerColumn(key="owners", zh="责任人"),
        LedgerColumn(key="due_at", zh="处理时限", kind=Kind.INSTANT),
        LedgerColumn(key="solution", zh="解决方案", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="state", zh="当前状态", kind=Kind.CHOICE, options=states),
        LedgerColumn(key="result", zh="处理结果", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="resolved_at", zh="结果反馈时间", kind=Kind.INSTANT),
        LedgerColumn(key="confirmed", zh="反馈人确认", kind=Kind.CHOICE, options=("已解决", "未解决", "待确认")),
        LedgerColumn(key="closed_on", zh="闭环日期", kind=Kind.DATE),
        LedgerColumn(key="in_time", zh="是否按期", kind=Kind.CHOICE, options=(YES, NO)),
        LedgerColumn(key="reopened", zh="重开次数", kind=Kind.NUMBER),
        LedgerColumn(key="regraded", zh="升级记录", kind=Kind.LONG, is_summary=False),
        LedgerColumn(key="plan", zh="关联方案变更"),
        LedgerColumn(key=NOTE, zh="秘书备注", kind=Kind.LONG, is_summary=False),
    )


def issue_sheet(facts: Sequence[IssueFacts], spoken: Spoken, *, name: str, now: datetime) -> Sheet:
    """One row an issue, closed, merged and refused ones too (R-100, EC-100)."""
    columns = issue_columns(spoken)
    rows = (
        row_of(columns, _issue_cells(one, spoken, now), number, one.is_summary)
        for number, one in enumerate(facts, start=1)
    )
    return Sheet(name=name, columns=columns, rows=tuple(rows))


def _issue_cells(facts: IssueFacts, spoken: Spoken, now: datetime) -> dict[str, Cell]:
    issue = facts.issue
    owners = dict.fromkeys(spoken.person(line.owner) for line in issue.solution)
    description = " ".join(text_of(issue.content, "description").split())
    return {
        "issue_no": issue.code,
        "filed_on": spoken.local(issue.filed_at).date(),
        "found_by": f"{spoken.department(issue.found_by)}/{spoken.person(issue.reporter)}",
        "item": issue.item or "",
        "title": issue.title if facts.shows_title else "",
        "description": excerpt(description) if facts.shows_title else "",
        "impact": issue.impact or text_of(issue.content, "impact_scope"),
        "severity": issue.severity or text_of(issue.content, "severity"),
        "grade": issue.grade.value if issue.grade is not None else "",
        "graded_at": spoken.local(issue.gradings[-1].at) if issue.gradings else None,
        "lead": spoken.department(issue.lead),
        "coop": "、".join(spoken.department(d) for d in issue.coop),
        "owners": "、".join(name for name in owners if name),
        "due_at": local_of(spoken, issue.due_at),
        "solution": "\n".join(
            f"{line.measure}（{spoken.department(line.department)} {spoken.person(line.owner)}，{spoken.instant(line.due_at)}）"
            for line in issue.solution
        ),
        "state": spoken.issue_state(issue.state),
        "result": issue.result,
        "resolved_at": local_of(spoken, issue.resolved_at),
        "confirmed": _confirmed(issue),
        "closed_on": spoken.local(issue.closed_at).date() if issue.closed_at is not None else None,
        "in_time": _issue_in_time(issue, now),
        "reopened": issue.reopened,
        "regraded": " → ".join(f"{g.grade.value} {spoken.instant(g.at)}" for g in issue.gradings[-5:])
        if len(issue.gradings) > 1
        else "",
        "plan": issue.plan,
        NOTE: issue.note,
    }


def _confirmed(issue: Issue) -> str:
    if issue.confirmed_at is not None:
        return "已解决"
    if issue.state is IssueState.RESOLVED:
        return "待确认"
    return "未解决" if issue.reopened else ""


def _issue_in_time(issue: Issue, now: datetime) -> str:
    if issue.in_time is not None:
        return YES if issue.in_time else NO
    return NO if issue.is_open and issue.due_at is not None and issue.due_at < now else ""


def excerpt(text: str) -> str:
    """At most eighty characters (4.9)."""
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"
