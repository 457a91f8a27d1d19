"""What stands in a plan (domain.md 4.6): pre-filled from the request, judged before it is sent, compared between versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.form import Content, Required
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.plan_diff import compare
from bot.domain.plan_faults import Fault, FaultKind, Frame, faults
from bot.domain.plan_form import (
    F6,
    from_request,
    is_weekly_at_least,
    missing_nodes,
    next_version,
    tasks_of,
)

RD, PROD, QA, FIN = (DepartmentId(d) for d in ("RD", "PROD", "QA", "FIN"))
START, END = date(2026, 9, 21), date(2026, 10, 16)
FRAME = Frame(involved=(RD, PROD, QA), start_on=START, end_on=END)

F1: Content = {
    "title": "X1量产导入",
    "goal": "十月中旬具备量产条件",
    "background": "试产结束后转入量产",
    "coop_depts": (("PROD",), ("QA",)),
    "duties": (("RD", "图纸冻结", "E013"), ("PROD", "产线准备", "E004"), ("QA", "检验方案", "E029")),
    "resources": (("人力", "检验员", "2 人", "QA", "2026-09-28"),),
    "milestones": (("启动", "2026-09-21", "计划"), ("验收前", "2026-10-14", "样机")),
    "start_on": "2026-09-21",
    "end_on": "2026-10-16",
    "expected_result": "首批 200 台一次合格率不低于 98%",
    "risks": "铝件涨价",
    "budget": "100000",
}


def row(
    title: str = "产线准备", department: str = "PROD", owner: str = "E004", start: str = "", due: str = "2026-10-16"
) -> tuple[str, ...]:
    return (title, department, owner, "", start, due, "")


def content(*tasks: tuple[str, ...], **more: str | tuple[tuple[str, ...], ...]) -> Content:
    rows = tasks or (row("图纸冻结", "RD", "E013"), row(), row("检验方案", "QA", "E029"))
    return {"tasks": rows, "frequency": "每周", **more}


# ---------------------------------------------------------------- the form


def test_the_form_demands_what_r_80_demands() -> None:
    """R-80: division of tasks, time nodes, communication frequency, acceptance criteria; R-48: folders with rights."""
    always = {spec.key for spec in F6.fields if spec.required is Required.ALWAYS}
    assert always == {"goal", "scope", "tasks", "milestones", "frequency", "acceptance", "docs"}
    assert F6.spec("group").required is Required.SPECIAL
    assert F6.spec("change_note").required is Required.SOMETIMES


def test_no_label_of_the_form_means_two_fields() -> None:
    labels = [word for spec in F6.fields for word in (spec.zh, spec.en, *spec.aliases)]
    assert len(labels) - sum(spec.zh == spec.en for spec in F6.fields) == len(set(labels))


def test_the_first_version_begins_with_what_the_request_says() -> None:
    """R-29, R-32: tasks from the duties of every department, resources not yet secured, criteria, risks, dates."""
    filled = from_request(F1)
    assert [(t.title, t.department, t.owner, t.start_on, t.due_on) for t in tasks_of(filled)] == [
        ("图纸冻结", RD, PersonId("E013"), START, END),
        ("产线准备", PROD, PersonId("E004"), START, END),
        ("检验方案", QA, PersonId("E029"), START, END),
    ]
    assert (filled["goal"], filled["scope"]) == ("十月中旬具备量产条件", "试产结束后转入量产")
    assert filled["acceptance"] == (("X1量产导入", "首批 200 台一次合格率不低于 98%", ""),)
    assert filled["resources"] == (("检验员 2 人", "待落实", "QA"),)
    assert filled["risks"] == (("铝件涨价", ""),)
    assert (filled["start_on"], filled["end_on"], filled["budget"]) == ("2026-09-21", "2026-10-16", "100000")
    assert filled["coop_depts"] == (("PROD",), ("QA",))
    assert not {"frequency", "docs", "group"} & set(filled)


def test_risks_come_from_the_assessment_where_there_was_one() -> None:
    judged: Content = {"risks": (("夹具迟到", "中", "高", "提前下单", "QA"), ("涨价", "高", "中", "锁价", "FIN"))}
    assert from_request(F1, judged)["risks"] == (("夹具迟到", "提前下单"), ("涨价", "锁价"))


def test_what_the_request_leaves_out_stays_empty() -> None:
    assert from_request({"goal": "x", "risks": "无", "expected_result": "", "resources": "无"}) == {"goal": "x"}


def test_a_later_version_begins_with_the_one_in_force() -> None:
    assert next_version({"goal": "x", "change_note": "y", "signs": "z"}) == {"goal": "x"}


@pytest.mark.parametrize(
    ("frequency", "is_enough"),
    [
        ("每日", True),
        ("每天站会", True),
        ("每周两次", True),
        ("每周", True),
        ("每周五 14:00 例会", True),
        ("weekly", True),
        ("twice a week", True),
        ("每两周", False),
        ("双周例会", False),
        ("每月", False),
        ("biweekly", False),
        ("monthly", False),
        ("需要时", False),
    ],
)
def test_a_plan_meets_at_least_once_a_week(frequency: str, is_enough: bool) -> None:
    """R-80, 3.2."""
    assert is_weekly_at_least(frequency) is is_enough


def test_the_three_nodes_of_a_special_item_are_looked_for() -> None:
    """R-64: kick-off, mid-term, before acceptance."""
    assert missing_nodes(F1) == ("中期",)
    assert missing_nodes({"milestones": (("项目启动会", "", ""), ("中期评审", "", ""), ("验收", "", ""))}) == ()


# ---------------------------------------------------------------- judged as a whole


def test_a_whole_plan_has_no_fault() -> None:
    assert faults(content(), FRAME) == ()


def test_every_department_has_a_task_or_is_only_informed() -> None:
    """R-07: who cooperates implements; 知会 is said, not assumed."""
    without = content(row("图纸冻结", "RD", "E013"))
    assert faults(without, FRAME) == (Fault(kind=FaultKind.NO_TASK, departments=(PROD, QA)),)
    assert faults({**without, "informed": (("QA",), ("PROD",))}, FRAME) == ()


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (row("打样", owner=""), FaultKind.INCOMPLETE),
        (row("打样", due=""), FaultKind.INCOMPLETE),
        (row("打样", department="FIN"), FaultKind.STRANGER),
        (row("打样", due="2026-10-17"), FaultKind.OUTSIDE),
        (row("打样", start="2026-09-20"), FaultKind.OUTSIDE),
        (row("打样", start="2026-10-10", due="2026-10-09"), FaultKind.REVERSED),
        (row("产线 准备"), FaultKind.TWICE),
    ],
)
def test_a_task_that_cannot_be_is_named_by_its_row(bad: tuple[str, ...], kind: FaultKind) -> None:
    """R-33: every task has an owner, a department and a due date inside the item's dates."""
    whole = content()["tasks"]
    assert isinstance(whole, tuple)
    assert faults(content(*whole, bad), FRAME) == (Fault(kind=kind, rows=(4,)),)


def test_a_task_without_department_is_incomplete() -> None:
    whole = content()["tasks"]
    assert isinstance(whole, tuple)
    found = faults(content(*whole, row("打样", department="")), FRAME)
    assert found == (Fault(kind=FaultKind.INCOMPLETE, rows=(4,)),)


def test_all_that_is_wrong_is_said_at_once() -> None:
    bad: Content = {"tasks": (row("a", due=""), row("b", "FIN")), "frequency": "每月"}
    kinds = [fault.kind for fault in faults(bad, FRAME)]
    assert kinds == [FaultKind.INCOMPLETE, FaultKind.STRANGER, FaultKind.NO_TASK, FaultKind.TOO_RARE]


def test_the_first_version_does_not_end_after_what_the_leader_approved() -> None:
    first = replace(FRAME, latest_end=END - timedelta(days=1))
    assert faults(content(), first)[-1].kind is FaultKind.DATES
    assert faults(content(), replace(FRAME, latest_end=END)) == ()
    assert faults(content(), replace(FRAME, start_on=END + timedelta(days=1)))[-1].kind is FaultKind.DATES


# ---------------------------------------------------------------- compared


def weekdays(start: date, end: date) -> int:
    """Monday to Friday in (start, end]."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(day.isoweekday() < 6 for day in days)


BUDGET: Content = {"budget": "100000"}


@pytest.mark.parametrize(
    ("after", "involved", "end", "is_beyond"),
    [
        (BUDGET, (RD, PROD), END, False),
        (BUDGET, (RD, PROD), END + timedelta(days=7), False),
        (BUDGET, (RD, PROD), END + timedelta(days=10), True),
        (BUDGET, (RD, PROD), END - timedelta(days=10), True),
        ({"budget": "110000"}, (RD, PROD), END, False),
        ({"budget": "110000.01"}, (RD, PROD), END, True),
        ({"budget": "1"}, (RD, PROD), END, False),
        ({}, (RD, PROD), END, False),
        (BUDGET, (RD, PROD, FIN), END, True),
        (BUDGET, (RD,), END, False),
    ],
)
def test_the_leader_decides_beyond_the_three_thresholds(
    after: Content, involved: tuple[DepartmentId, ...], end: date, is_beyond: bool
) -> None:
    """A-03: end date by more than 5 working days, a department added, budget up by more than 10 %."""
    found = compare(
        BUDGET,
        after,
        involved_before=(RD, PROD),
        involved_after=involved,
        end_before=END,
        end_after=end,
        workdays=weekdays,
    )
    assert found.is_beyond is is_beyond


def test_a_budget_where_there_was_none_is_a_raised_one() -> None:
    found = compare(
        {}, BUDGET, involved_before=(RD,), involved_after=(RD,), end_before=None, end_after=END, workdays=weekdays
    )
    assert found.is_beyond
    assert found.end_moved_wd == 0


def test_tasks_are_the_same_by_title_and_department() -> None:
    before = content(row("a", "RD", "E013"), row("b", "PROD", "E004"), row("c", "QA", "E029"))
    after = content(row("A ", "RD", "E013"), row("b", "PROD", "E005"), row("c", "PROD", "E004"))
    found = compare(
        before,
        after,
        involved_before=FRAME.involved,
        involved_after=FRAME.involved,
        end_before=END,
        end_after=END,
        workdays=weekdays,
    )
    assert [t.title for t in found.added] == ["c"]
    assert [(t.title, t.department) for t in found.removed] == [("c", QA)]
    assert [(c.before.owner, c.after.owner) for c in found.changed if c.after.title == "b"] == [("E004", "E005")]
    assert not found.is_nothing
    same = compare(
        before,
        before,
        involved_before=FRAME.involved,
        involved_after=FRAME.involved,
        end_before=END,
        end_after=END,
        workdays=weekdays,
    )
    assert same.is_nothing
    assert len(same.kept) == 3
