"""The ledgers as tables: the columns of 4.3 and 4.9 in their order, and what stands in them (R-22, R-82, R-100)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.ids import PersonId
from bot.domain.issue import IssueState
from bot.domain.issue_ledger import excerpt
from bot.domain.ledger import Cell, ChangedDate, Sheet, What, cell_text, marks_of
from bot.domain.ledger_notes import NoteChange, NoteConflict, Reason, Returned, compare
from bot.domain.progress_ledger import task_sheet
from tests.domain.ledger_support import (
    DOING,
    DONE,
    FORMULA,
    ISSUE,
    ITEM,
    NOW,
    Names,
    at,
    issue_ledger,
    item_facts,
    progress_ledger,
)


def titles(text: str) -> list[str]:
    """Titles of columns, written one behind the other."""
    return text.split(" ")


F3 = titles(
    "序号 事项编号 协作事项名称 协作级别 服务目标 牵头部门 牵头责任人 对接人 配合部门 需求单编号 方案版本 计划开始 计划完成 当前阶段 完成进度"
    " 任务数（完成/总数） 本周完成情况 存在问题 下周计划 状态灯 实际完成 验收日期 归档日期 秘书备注 更新时间 更新人"
)
TASKS = titles(
    "任务编号 事项编号 任务内容 责任部门 责任人 计划开始 计划完成 原计划完成 进度 状态 受阻原因 实际完成 是否按期 延期次数 备注"
)
F9 = titles(
    "序号 问题编号 反馈日期 反馈部门/反馈人 关联事项 问题名称 问题描述摘要 影响范围 严重程度 问题等级 分级时间 牵头部门 配合部门 责任人 处理时限"
    " 解决方案 当前状态 处理结果 结果反馈时间 反馈人确认 闭环日期 是否按期 重开次数 升级记录 关联方案变更 秘书备注"
)


def row(sheet: Sheet, number: int = 0) -> dict[str, Cell]:
    """One row by column key."""
    return dict(zip((column.key for column in sheet.columns), sheet.rows[number], strict=True))


def test_a_22_both_ledgers_have_their_columns_in_the_order_of_their_forms() -> None:
    """F3 is an attachment of the plan; the issue ledger is a fifth standard table, F9."""
    progress, tasks = progress_ledger().sheets
    assert [c.zh for c in progress.columns] == F3
    assert [c.zh for c in tasks.columns] == TASKS
    assert [c.zh for c in issue_ledger().sheets[0].columns] == F9


def test_r_22_a_row_says_how_an_item_stands() -> None:
    """R-22: generated from events; numbers are numbers and dates dates."""
    found = row(progress_ledger().sheets[0])
    assert found["item_no"] == "SX-2026-0007"
    assert found["coop_depts"] == "生产部、销售部"
    assert found["end_on"] == ChangedDate(day=date(2026, 9, 30), original=date(2026, 9, 22))
    assert (found["progress"], found["tasks"], found["light"]) == (80, "1/2", "黄")
    assert found["problems"] == "WT-2026-0012（重要问题）"
    assert found["plan_ver"] == "FA-2026-0007 v1"


def test_r_82_a_report_is_in_the_ledger_with_its_minute() -> None:
    """R-82: the row shows the report and who gave it when."""
    found = row(progress_ledger().sheets[0])
    assert (found["done_this_week"], found["next_week"]) == ("首件合格\n小批开始", "-完成小批")
    assert (found["updated_at"], found["updated_by"]) == (at("09-18 11:20"), "温晓棠")


def test_a_summary_leaves_the_details_out_and_a_sensitive_item_its_title() -> None:
    found = row(progress_ledger(item_facts(is_summary=True, shows_title=False)).sheets[0])
    assert [found[key] for key in ("title", "done_this_week", "problems", "next_week", "note")] == ["", "", "", "", ""]
    assert (found["item_no"], found["light"], found["progress"]) == ("SX-2026-0007", "黄", 80)


def test_the_task_sheet_says_whether_a_task_was_done_in_time() -> None:
    sheet = progress_ledger().sheets[1]
    done, doing = row(sheet), row(sheet, 1)
    assert (done["due_on"], done["original_due_on"], done["extensions"]) == (date(2026, 9, 17), date(2026, 9, 15), 1)
    assert (done["in_time"], doing["in_time"], doing["remark"]) == ("是", "否", FORMULA)
    frozen = task_sheet((replace(DOING, frozen_at=NOW),), Names(), name="任务", now=NOW)
    assert row(frozen)["in_time"] == ""


def test_r_100_a_row_says_how_an_issue_stands() -> None:
    """R-100: every issue has its row."""
    found = row(issue_ledger().sheets[0])
    assert found["found_by"] == "研发部/温晓棠"
    assert (found["grade"], found["impact"], found["severity"]) == ("重要问题", "部分环节", "中")
    assert found["owners"] == "邓沐"
    assert found["solution"] == "+调整刀补（生产部 邓沐，09-18 12:00）"
    assert found["regraded"] == "一般问题 09-14 13:00 → 重要问题 09-14 13:45"
    assert len(str(found["description"])) == 80
    assert (found["in_time"], found["confirmed"], found["closed_on"]) == ("", "", None)


def test_ec_100_merged_refused_and_closed_issues_keep_their_rows() -> None:
    """EC-100: there is no way to take a row out."""
    states = (IssueState.MERGED, IssueState.NOT_ACCEPTED, IssueState.CLOSED)
    ledger = issue_ledger(*(replace(ISSUE, state=state) for state in states))
    assert len(ledger.sheets[0].rows) == 3


@pytest.mark.parametrize(
    ("issue", "confirmed", "in_time"),
    [
        (replace(ISSUE, state=IssueState.RESOLVED, resolved_at=NOW, in_time=True), "待确认", "是"),
        (replace(ISSUE, reopened=1), "未解决", ""),
        (replace(ISSUE, state=IssueState.CLOSED, confirmed_at=NOW, in_time=False), "已解决", "否"),
        (replace(ISSUE, due_at=at("09-18 11:00")), "", "否"),
    ],
)
def test_an_issue_says_whether_it_was_confirmed_and_in_time(issue: object, confirmed: str, in_time: str) -> None:
    found = row(issue_ledger(issue).sheets[0])  # type: ignore[arg-type]
    assert (found["confirmed"], found["in_time"]) == (confirmed, in_time)


def test_an_excerpt_has_at_most_eighty_characters() -> None:
    assert excerpt("好" * 80) == "好" * 80
    assert excerpt("好" * 81) == "好" * 79 + "…"


# ---------------------------------------------------------------- coming back


def returned(*, marked: bool = True, **edits: str) -> Returned:
    """The exported ledger with some cells edited by hand, by column key."""
    ledger = progress_ledger()
    sheet = ledger.sheets[0]
    rows = []
    for cells in sheet.rows:
        given = {c.zh: cell_text(cell) for c, cell in zip(sheet.columns, cells, strict=True)}
        rows.append(given | {next(c.zh for c in sheet.columns if c.key == key): text for key, text in edits.items()})
    return Returned(what=What.PROGRESS, rows=tuple(rows), marks=ledger.marks if marked else None)


@pytest.mark.parametrize("marked", [True, False])
def test_p_18_a_note_is_taken_and_nothing_else_is(marked: bool) -> None:
    """P-18: the secretary annotates and overwrites no column of the system."""
    present = progress_ledger().sheets[0]
    same = compare(returned(marked=marked), present)
    assert (same.changes, same.conflicts) == ((), ())
    noted = compare(returned(marked=marked, note="已与生产部核对"), present)
    assert noted.changes == (NoteChange(code="SX-2026-0007", before="每周五复核", after="已与生产部核对"),)
    assert noted.conflicts == ()


def test_what_was_edited_in_another_column_is_told_and_not_taken() -> None:
    diff = compare(returned(light="绿", progress="100", note="新备注"), progress_ledger().sheets[0])
    assert [c.after for c in diff.changes] == ["新备注"]
    assert [(c.reason, c.column, c.given, c.present) for c in diff.conflicts] == [
        (Reason.COLUMN, "完成进度", "100", "80"),
        (Reason.COLUMN, "状态灯", "绿", "黄"),
    ]


def test_a_row_that_changed_meanwhile_is_a_conflict_and_keeps_what_it_has() -> None:
    changed = progress_ledger(item_facts(item=replace(ITEM, note="别人写的", updated_by=PersonId("E018")))).sheets[0]
    diff = compare(returned(note="我写的"), changed)
    assert diff.changes == ()
    assert diff.conflicts == (NoteConflict(code="SX-2026-0007", reason=Reason.MEANWHILE),)


def test_a_file_without_marks_cannot_tell_and_then_takes_nothing_of_such_a_row() -> None:
    diff = compare(returned(marked=False, light="绿", note="新备注"), progress_ledger().sheets[0])
    assert diff.changes == ()
    assert {c.reason for c in diff.conflicts} == {Reason.MEANWHILE, Reason.COLUMN}


def test_ec_100_a_row_deleted_in_the_file_stays_and_one_that_nobody_knows_is_told() -> None:
    """EC-100: a missing row changes nothing."""
    present = progress_ledger().sheets[0]
    empty = compare(Returned(what=What.PROGRESS, rows=(), marks={}), present)
    assert (empty.changes, empty.conflicts) == ((), ())
    unknown = Returned(what=What.PROGRESS, rows=({"事项编号": "SX-2026-0999", "秘书备注": "x"},), marks={})
    assert [c.reason for c in compare(unknown, present).conflicts] == [Reason.UNKNOWN_ROW]


def test_a_row_that_stands_twice_counts_once_and_a_note_has_its_limit() -> None:
    once = returned(note="长" * 2001)
    twice = replace(once, rows=once.rows * 2)
    diff = compare(twice, progress_ledger().sheets[0])
    assert diff.changes == ()
    assert [c.reason for c in diff.conflicts] == [Reason.TOO_LONG, Reason.TWICE]


def test_every_row_has_a_mark_that_changes_with_it() -> None:
    before = marks_of(progress_ledger().sheets[0], What.PROGRESS)
    after = marks_of(progress_ledger(item_facts(item=replace(ITEM, end_on=None))).sheets[0], What.PROGRESS)
    assert before.keys() == after.keys()
    assert before != after
    assert DONE.code not in before
