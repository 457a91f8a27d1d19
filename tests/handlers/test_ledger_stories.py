"""Ledgers in the acceptance week: who sees which rows, files by a link that counts once, and the secretary's notes (6.3; P-18, P-53, P-54, P-63)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.directory import Role
from bot.domain.ids import Code
from bot.domain.ledger import Ledger, What, cell_text
from bot.domain.ledger_notes import Reason, Returned
from bot.domain.paper import Paper
from bot.errors import RuleViolation
from bot.messages import Link, SendText
from bot.routing import Context, Surroundings
from handlers.ledgers import ledger_export, ledger_notes, ledger_rows
from handlers.ledgers.ledger_export import Format, Taken, Wanted
from tests.handlers.bench import Bench
from tests.handlers.shown import Shown

#: liaisons of sales and research, the secretary, an employee of production; E011 and E016 are employees of sales and research
SALES, RESEARCH, SECRETARY, PRODUCTION = "苏念初", "温晓棠", "许安然", "柳青原"
SELLER, EMPLOYEE = "何沐晴", "程一帆"
ADDRESS = "https://bot.example.com"


def lists(bench: Bench, who: str, what: str = "进度") -> str:
    """The ledger in the private chat."""
    bench.says(who, f"/台账 {what}")
    return bench.expects_message(to=who).words


def reachable(bench: Bench) -> None:
    """People reach the listener from outside."""
    bench.engine.surroundings = lambda: Surroundings(started_at=bench.start, public_url=ADDRESS)


def link_of(shown: Shown) -> str:
    """The key of the link in a message."""
    assert isinstance(shown.sent.outbound, SendText)
    (link,) = (span for span in shown.sent.outbound.body if isinstance(span, Link))
    assert link.url.startswith(f"{ADDRESS}/download?")
    return parse_qs(urlsplit(link.url).query)["t"][0]


def presses(bench: Bench, token: str) -> Taken:
    """Somebody presses the button behind the link."""
    return bench.within(lambda context: ledger_export.redeem(context, token))


def rows_of(taken: Taken) -> dict[str, dict[str, str]]:
    """The rows of a ledger by number."""
    assert isinstance(taken.content, Ledger)
    sheet = taken.content.sheets[0]
    key = {"progress": "item_no", "issues": "issue_no"}[taken.content.what.value]
    found = [dict(zip((c.key for c in sheet.columns), map(cell_text, row), strict=True)) for row in sheet.rows]
    return {row[key]: row for row in found}


def in_role(bench: Bench, who: str, work: object) -> object:
    """Something done with the rights of that person."""
    person = bench.person(who)

    def act(context: Context) -> object:
        context.person = person
        return work(context)  # type: ignore[operator]

    return bench.within(act)


# ---------------------------------------------------------------- in the chat


def test_week_step_19_an_employee_sees_exactly_the_items_of_the_own_department(bench: Bench) -> None:
    """Week, step 19: E011 sees SX-2026-0007 and SX-2026-0008 and nothing of XQ-2026-0015 (P-53)."""
    bench.until("17:30")
    bench.forget()
    told = lists(bench, SELLER)
    assert told.startswith("协作进度台账：您可查看 2 项")
    assert "SX-2026-0007《" in told
    assert "SX-2026-0008《" in told
    assert "XQ-2026-0015" not in told


@pytest.mark.parametrize("who", [SECRETARY, "顾明远"])
def test_p_53_secretary_and_leader_see_every_row(bench: Bench, who: str) -> None:
    """P-53: all."""
    every = bench.read(lambda uow: [item.code for item in uow.items.find() if item.secrecy < 2])
    told = lists(bench, who)
    assert all(code in told for code in every)


def test_in_a_group_the_ledger_comes_in_private(bench: Bench) -> None:
    bench.says(SALES, "@回音 台账 进度", where="ALL")
    bench.expects_message(to=SALES, contains="协作进度台账")
    assert "SX-" not in bench.expects_message(in_chat="ALL").words


def test_p_54_the_issue_ledger_shows_what_concerns_the_reader(bench: Bench) -> None:
    """P-54: own and involved departments; everything for the secretary (R-100)."""
    assert "WT-2026-0011" in lists(bench, SECRETARY, "问题")
    assert "WT-2026-0011" not in lists(bench, EMPLOYEE, "问题")


def test_ec_71_a_confidential_item_stands_in_no_ledger_and_is_counted_for_its_readers_only(bench: Bench) -> None:
    """2.5: level 2 is left out everywhere; who may not know of it reads no count either."""
    reader = bench.person(RESEARCH)
    bench.transact(
        lambda uow: [
            uow.items.put(replace(item, secrecy=2, access=(reader.id,)))
            for item in uow.items.find()
            if item.code == "SX-2026-0007"
        ]
    )
    assert "SX-2026-0007" not in lists(bench, RESEARCH)
    bench.says(RESEARCH, "/台账 进度")
    bench.expects_message(to=RESEARCH, contains="另有 1 项涉密")
    told = lists(bench, SALES)
    assert "涉密" not in told
    assert "SX-2026-0007" not in told


def test_the_title_of_a_sensitive_item_is_for_those_involved(bench: Bench) -> None:
    """R-17, 2.5: outsiders read its number, state and departments."""
    bench.transact(
        lambda uow: [uow.items.put(replace(i, secrecy=1)) for i in uow.items.find() if i.code == "SX-2026-0008"]
    )
    title = bench.read(lambda uow: next(i.title for i in uow.items.find() if i.code == "SX-2026-0008"))
    assert title in lists(bench, SALES)
    outside = next(
        p.name
        for p in bench.read(lambda uow: uow.people.find())
        if Role.HEAD in p.roles
        and p.department
        not in bench.read(lambda uow: next(i for i in uow.items.find() if i.code == "SX-2026-0008")).involved
    )
    told = lists(bench, outside)
    assert title not in told
    assert "SX-2026-0008：" in told


def test_another_word_is_asked_back(bench: Bench) -> None:
    bench.says(SALES, "/台账 天气")
    bench.expects_message(to=SALES, contains="台账 进度，或台账 问题")


# ---------------------------------------------------------------- files


def test_p_63_a_link_hands_the_file_out_once_and_for_ten_minutes(bench: Bench) -> None:
    """P-63, R-22: the rows of the own departments; the second press and the eleventh minute get nothing."""
    reachable(bench)
    bench.says(SALES, "/导出 进度")
    token = link_of(bench.expects_message(to=SALES, contains=("10 分钟", "只能下载一次")))
    taken = presses(bench, token)
    assert set(rows_of(taken)) == {"SX-2026-0007", "SX-2026-0008"}
    assert taken.name == "跨部门协作进度台账_行政部_20260914.xlsx"
    assert isinstance(taken.content, Ledger)
    assert "导出人：苏念初；导出时间：2026-09-14 08:00；筛选条件：" in taken.content.note
    assert taken.content.note.endswith("未含涉密事项 0 项")
    with pytest.raises(RuleViolation):
        presses(bench, token)
    bench.says(SALES, "/导出 问题 csv")
    late = link_of(bench.expects_message(to=SALES))
    bench.advance(minutes=10, seconds=1)
    with pytest.raises(RuleViolation):
        presses(bench, late)
    with pytest.raises(RuleViolation):
        presses(bench, "A" * 43)


def test_ec_75_a_right_that_ended_this_minute_is_no_right(bench: Bench) -> None:
    """EC-75: checked when the file is made."""
    reachable(bench)
    bench.says(SALES, "/导出 进度")
    token = link_of(bench.expects_message(to=SALES))
    person = bench.person(SALES)
    bench.transact(
        lambda uow: (uow.people.put(replace(person, roles=frozenset({Role.EMPLOYEE}))), uow.bump("directory"))
    )
    with pytest.raises(RuleViolation):
        presses(bench, token)
    left = bench.person(SALES)
    bench.transact(lambda uow: (uow.people.put(replace(left, is_active=False)), uow.bump("directory")))
    with pytest.raises(RuleViolation):
        presses(bench, token)


def test_an_export_is_on_the_record_and_the_link_is_not(bench: Bench) -> None:
    """6.3: export is audited; nobody who reads the trail could use the link."""
    reachable(bench)
    bench.says(SECRETARY, "/导出 问题 csv")
    token = link_of(bench.expects_message(to=SECRETARY))
    presses(bench, token)
    trail = bench.audit()
    assert [r.action for r in trail][-3:] == ["export_offered", "download_used", "exported"]
    assert (trail[-1].ref, trail[-1].actor, trail[-1].facts["format"]) == ("issues", "E018", "csv")
    assert not any(token in f"{r.ref}{r.facts}" for r in trail)


def test_employees_export_nothing_and_read_who_does(bench: Bench) -> None:
    """P-63: EMP has no export."""
    reachable(bench)
    bench.says(EMPLOYEE, "/导出 进度")
    bench.expects_message(to=EMPLOYEE, contains="许安然", lacks="download")


def test_without_an_address_the_administrators_command_is_named(bench: Bench) -> None:
    bench.says(SALES, "/导出 进度")
    bench.expects_message(to=SALES, contains="huiyin export progress --as E009 --format xlsx")


def test_ec_62_week_step_41_a_formula_is_kept_to_the_letter(bench: Bench) -> None:
    """EC-62, week step 41: what was typed stands in the task sheet as it was typed."""
    bench.until("09-16 09:45")
    bench.forget()
    bench.says(PRODUCTION, '/进度 RW-2026-0031 60% =HYPERLINK("x","点我")')
    bench.forget()
    taken = in_role(
        bench,
        SECRETARY,
        lambda context: ledger_export.take(context, context.person, Wanted(what="progress", format=Format.XLSX)),
    )
    assert isinstance(taken, Taken)
    assert isinstance(taken.content, Ledger)
    tasks = taken.content.sheets[1]
    keys = [c.key for c in tasks.columns]
    (row,) = [r for r in tasks.rows if r[0] == "RW-2026-0031"]
    assert row[keys.index("remark")] == '=HYPERLINK("x","点我")'
    assert row[keys.index("progress")] == 60


def test_r_82_week_step_76_a_report_is_in_the_ledger_in_the_same_minute(bench: Bench) -> None:
    """R-82, week step 76."""
    bench.within(bench.wired.arm_recurring)
    bench.until("09-18 11:20")
    bench.forget()
    bench.says(
        RESEARCH,
        "/周进度 SX-2026-0007\n本周完成情况：首件合格\n总体进度：75%\n进度调整原因：按里程碑计\n存在问题：无\n下周计划：完成小批",
    )
    bench.forget()

    def row(context: Context) -> tuple[str, str, str]:
        found = ledger_rows.seen(context, What.PROGRESS)
        sheet = ledger_rows.sheets(context, What.PROGRESS, found)[0]
        cells = next(r for r in sheet.rows if r[1] == "SX-2026-0007")
        by = dict(zip((c.key for c in sheet.columns), map(cell_text, cells), strict=True))
        return by["done_this_week"], by["next_week"], by["updated_at"]

    assert in_role(bench, SECRETARY, row) == ("首件合格", "完成小批", "2026-09-18 11:20")


# ---------------------------------------------------------------- forms as documents


def test_r_120_an_issue_goes_out_as_its_form(bench: Bench) -> None:
    """R-120: the attachments of the plan as documents; whoever may not see it reads that there is none."""
    reachable(bench)
    bench.says(SECRETARY, "/导出 WT-2026-0011")
    taken = presses(bench, link_of(bench.expects_message(to=SECRETARY, contains="问题反馈单")))
    assert isinstance(taken.content, Paper)
    assert taken.name == "跨部门协作问题反馈单_WT-2026-0011_20260914.docx"
    assert taken.content.values["issue_no"] == "WT-2026-0011"
    bench.says(EMPLOYEE, "/导出 WT-2026-0011")
    bench.expects_message(to=EMPLOYEE, contains="未找到该编号")
    bench.says(EMPLOYEE, "/导出 WT-2026-9999")
    bench.expects_message(to=EMPLOYEE, contains="未找到该编号")


def test_nothing_confidential_leaves_as_a_file(bench: Bench) -> None:
    """2.5: never in a file sent by the bot, not even for its readers."""
    reachable(bench)
    reader = bench.person(SECRETARY)
    bench.transact(
        lambda uow: [
            uow.issues.put(replace(i, secrecy=2, access=(reader.id,)))
            for i in uow.issues.find()
            if i.code == "WT-2026-0011"
        ]
    )
    bench.says(SECRETARY, "/导出 WT-2026-0011")
    bench.expects_message(to=SECRETARY, contains="涉密内容不得导出")


# ---------------------------------------------------------------- the secretary's column


def test_p_18_the_secretary_notes_and_nobody_else_does(bench: Bench) -> None:
    """P-18."""
    bench.says(SECRETARY, "/备注 SX-2026-0007 已与生产部核对")
    bench.expects_message(to=SECRETARY, contains="已记入 SX-2026-0007")
    item = bench.read(lambda uow: uow.items.get("SX-2026-0007"))
    assert item is not None
    assert (item.note, item.updated_by) == ("已与生产部核对", "E018")
    bench.says(SECRETARY, "/备注 SX-2026-0007")
    bench.expects_message(to=SECRETARY, contains="已与生产部核对")
    bench.says(SECRETARY, "/备注 WT-2026-0011 待回访")
    bench.expects_message(to=SECRETARY)
    bench.says(SECRETARY, "/备注 SX-2026-0007 清空")
    bench.expects_message(to=SECRETARY, contains="已清空")
    bench.says(SALES, "/备注 SX-2026-0007 我也写一句")
    bench.expects_message(to=SALES, contains="执行秘书许安然")
    item = bench.read(lambda uow: uow.items.get("SX-2026-0007"))
    assert item is not None
    assert item.note == ""


def test_r_22_notes_come_back_from_a_file_and_never_overwrite_what_changed_meanwhile(bench: Bench) -> None:
    """R-22, P-18: shown first, then taken; a row that changed since the export keeps what it has."""

    def exported(context: Context) -> Returned:
        assert context.person is not None
        taken = ledger_export.take(context, context.person, Wanted(what="progress", format=Format.XLSX))
        assert isinstance(taken.content, Ledger)
        sheet = taken.content.sheets[0]
        rows = tuple(
            {c.zh: cell_text(cell) for c, cell in zip(sheet.columns, row, strict=True)} | {"秘书备注": "表格里写的"}
            for row in sheet.rows
            if row[1] in {"SX-2026-0007", "SX-2026-0008"}
        )
        return Returned(what=What.PROGRESS, rows=rows, marks=taken.content.marks)

    returned = in_role(bench, SECRETARY, exported)
    assert isinstance(returned, Returned)
    bench.advance(minutes=1)
    bench.says(SECRETARY, "/备注 SX-2026-0008 聊天里写的")
    bench.forget()
    shown = in_role(bench, SECRETARY, lambda context: ledger_notes.preview(context, returned))
    assert isinstance(shown, ledger_notes.Import)
    assert [c.code for c in shown.diff.changes] == ["SX-2026-0007"]
    assert [(c.code, c.reason) for c in shown.diff.conflicts] == [("SX-2026-0008", Reason.MEANWHILE)]
    in_role(bench, SECRETARY, lambda context: ledger_notes.take_over(context, returned))
    notes = bench.read(lambda uow: {i.code: i.note for i in uow.items.find()})
    assert notes[Code("SX-2026-0007")] == "表格里写的"
    assert notes[Code("SX-2026-0008")] == "聊天里写的"
    with pytest.raises(RuleViolation):
        in_role(bench, SALES, lambda context: ledger_notes.preview(context, returned))


def test_a_link_counts_for_ten_minutes() -> None:
    assert timedelta(minutes=10) == ledger_export.PATIENCE
