"""Documents as people live them (domain.md 3.13, R-46..R-51; week.md step 62)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.document import Document, DocumentState
from bot.domain.happened import ItemChanged
from bot.domain.ids import Code, CodeKind, DepartmentId, PersonId, make_code
from bot.domain.item import Item, ItemState, Level
from bot.domain.obligation import Obligation, ObligationKind
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers.company import former_names
from handlers.documents import document_weekly
from handlers.world import DIRECTORY
from tests.handlers.bench import Bench

FIRST = make_code(CodeKind.DOCUMENT, 2026, 101)
X1M = Item(
    code=Code("SX-2026-0010"),
    title="X1量产导入",
    short="",
    level=Level.SPECIAL,
    lead=DepartmentId("RD"),
    coop=(DepartmentId("PROD"), DepartmentId("QA"), DepartmentId("FIN"), DepartmentId("SALES")),
    state=ItemState.PLANNING,
    start_on=date(2026, 9, 21),
)
RIGHT = "X1试产_研发部_20260914.docx"


def document(bench: Bench, code: str = FIRST) -> Document:
    found = bench.read(lambda uow: uow.documents.get(code))
    assert found is not None
    return found


def owed(bench: Bench) -> list[Obligation]:
    return bench.read(lambda uow: uow.obligations.find(kind=ObligationKind.NAMING.value))


def registered(bench: Bench, name: str = "X1试产方案.docx") -> None:
    bench.until("10:00")
    bench.says("温晓棠", f"文档 登记 SX-7 {name}")
    bench.forget()


# ---------------------------------------------------------------- the week


def test_a_wrong_name_gets_a_suggestion_and_a_day_and_is_put_right(bench: Bench) -> None:
    """week.md step 62, R-47, R-50, T-23, L-31."""
    bench.transact(lambda uow: uow.items.add(X1M))
    bench.until("09-17 11:00")
    bench.forget()
    bench.says("白司南", "/文档 登记 SX-2026-0010 X1量产导入方案.docx 类别：方案")
    card = bench.expects_card(to="白司南", state="不合规", buttons=["已改名"])
    assert "文件名不符合“协作事项+部门+日期”规范，建议改为：X1量产导入_研发部_20260917.docx" in card.words
    assert "WD-2026-0101" in card.words
    assert "9月18日（周五）18:00" in card.words
    bench.expects_nothing_more()
    [one] = owed(bench)
    assert (one.holder, one.lead, f"{one.due_at.astimezone(bench.now.tzinfo):%m-%d %H:%M}") == (
        "E014",
        "RD",
        "09-18 18:00",
    )
    bench.until("11:25")
    bench.says("白司南", "/文档 改名 WD-2026-0101 X1量产导入_研发部_20260917.docx")
    bench.expects_message(to="白司南", contains="WD-2026-0101 已改名，命名合规")
    bench.expects_card_update(to="白司南", state="合规", buttons=[])
    assert (document(bench).state, document(bench).fixed_in_time) == (DocumentState.COMPLIANT, True)
    assert owed(bench) == []


def test_the_button_says_that_the_file_has_the_suggested_name(bench: Bench) -> None:
    bench.until("10:00")
    bench.forget()
    bench.says("温晓棠", "文档 登记 SX-7 X1试产方案.docx")
    card = bench.expects_card(to="温晓棠", buttons=["已改名"])
    other = bench.clicks("秦书禾", "已改名", card=card)
    assert other is not None
    assert other.is_error
    done = bench.clicks("温晓棠", "已改名", card=card)
    assert done is not None
    assert "命名合规" in done.toast
    assert document(bench).name == RIGHT


def test_a_name_put_right_too_late_is_not_in_time(bench: Bench) -> None:
    """T-23: due at the end of the next working day; the limit passed, the name may still be put right."""
    registered(bench)
    bench.until("09-16 09:30")
    bench.says("温晓棠", f"文档 改名 WD-101 {RIGHT}")
    assert document(bench).fixed_in_time is False
    assert owed(bench) == []


# ---------------------------------------------------------------- registering


def test_a_link_is_registered_with_its_name_and_category(bench: Bench) -> None:
    """R-46, R-49: links, not copies; the category is named, or read from the name."""
    bench.until("10:00")
    bench.forget()
    bench.says("温晓棠", f"文档 登记 SX-7 https://pan.example.com/f/9 {RIGHT} 类别：验收")
    bench.expects_message(
        to="温晓棠", contains=["WD-2026-0101（验收）", "命名合规", "文档 权限 WD-2026-0101 研发:编辑 生产:查看"]
    )
    found = document(bench)
    assert (found.link, found.name, found.category.value) == ("https://pan.example.com/f/9", RIGHT, "验收")
    bench.says(
        "温晓棠", "文档 登记 SX-7 https://pan.example.com/X1%E8%AF%95%E4%BA%A7_%E7%94%9F%E4%BA%A7_20260914_v2.xlsx"
    )
    second = document(bench, "WD-2026-0102")
    assert (second.name, second.state) == ("X1试产_生产_20260914_v2.xlsx", DocumentState.COMPLIANT)


def test_ec_64_a_link_that_is_none_is_not_registered(bench: Bench) -> None:
    bench.until("10:00")
    for link in ("javascript:alert(1)", "https://pan.example.com@evil.example/x.docx"):
        bench.forget()
        bench.says("温晓棠", f"文档 登记 SX-7 {link} {RIGHT}")
        bench.expects_message(to="温晓棠", contains="只登记 http、https 开头的普通链接")
    assert bench.read(lambda uow: uow.documents.find()) == []


def test_ec_63_a_name_with_a_path_or_reversed_text_is_only_shown_and_never_used(bench: Bench) -> None:
    """EC-63: stored as it is, shown without what would turn it around, a violation."""
    name = "../../X1试产_研发部_20260914\u202excod.exe"
    registered(bench, name)
    found = document(bench)
    assert (found.name, found.problem, found.suggestion) == (name, "characters", "X1试产_研发部_20260914.exe")
    bench.says("温晓棠", "文档 检查 SX-7")
    said = bench.expects_message(to="温晓棠", contains="含有不允许的字符")
    assert "\u202e" not in said.words


def test_only_the_lead_department_and_the_secretary_register(bench: Bench) -> None:
    """P-45: DEP and LIA of the lead, its team, SEC."""
    bench.until("10:00")
    for name in ("秦书禾", "罗启安", "何沐晴"):
        bench.forget()
        bench.says(name, f"文档 登记 SX-7 {RIGHT}")
        bench.expects_message(to=name, contains="没有执行此操作的权限")
    for number, name in enumerate(("陆怀谷", "程一帆", "许安然"), start=1):
        bench.says(name, f"文档 登记 SX-7 X1试产_研发部_20260914_v{number}.docx")
    assert len(bench.read(lambda uow: uow.documents.find())) == 3


def test_what_is_missing_is_said(bench: Bench) -> None:
    bench.until("10:00")
    wrong = {
        "文档 登记 SX-7": "请写明文件名",
        "文档 登记 SX-99 x.docx": "未找到该编号，或您无权查看",
        f"文档 登记 SX-7 {RIGHT} 类别：杂项": "没看懂类别",
    }
    for text, said in wrong.items():
        bench.forget()
        bench.says("温晓棠", text)
        bench.expects_message(to="温晓棠", contains=said)
    registered(bench, RIGHT)
    bench.says("温晓棠", f"文档 登记 SX-7 {RIGHT}")
    bench.expects_message(to="温晓棠", contains="WD-2026-0101 已登记过")


def test_a_confidential_item_keeps_its_documents_to_its_readers(bench: Bench) -> None:
    """2.5, EC-70: no text in a group, the same answer for missing and forbidden."""

    def hide(uow: UnitOfWork) -> None:
        item = uow.items.get("SX-2026-0007")
        assert item is not None
        uow.items.put(replace(item, secrecy=2, access=(PersonId("E013"), PersonId("E012"))))

    bench.transact(hide)
    bench.until("10:00")
    bench.forget()
    bench.says("白司南", f"文档 登记 SX-7 {RIGHT}")
    bench.expects_message(to="白司南", contains="未找到该编号，或您无权查看")
    bench.says("温晓棠", f"@回音 文档 登记 SX-7 {RIGHT}", where="X1")
    bench.expects_message(to="温晓棠", contains="涉密内容不得在群内发送")
    bench.forget()
    bench.says("温晓棠", "文档 登记 SX-7 X1试产方案.docx")
    bench.expects_message(to="温晓棠", contains="WD-2026-0101")
    card = bench.expects_card(to="温晓棠")
    assert "X1试产" not in card.words
    bench.forget()
    bench.says("秦书禾", "文档 检查 WD-101")
    bench.expects_message(to="秦书禾", contains="未找到该编号，或您无权查看")


# ---------------------------------------------------------------- keeping


def test_rights_are_set_by_department(bench: Bench) -> None:
    """R-48."""
    registered(bench, RIGHT)
    bench.says("温晓棠", "文档 权限 WD-101 研发:编辑 生产部：查看")
    bench.expects_message(to="温晓棠", contains="WD-2026-0101 权限：研发 编辑、生产 查看")
    assert document(bench).rights == {"RD": "编辑", "PROD": "查看"}
    for text, said in {"研发:删除": "没看懂权限", "火星:编辑": "没看懂部门", "": "没看懂权限"}.items():
        bench.forget()
        bench.says("温晓棠", f"文档 权限 WD-101 {text}")
        bench.expects_message(to="温晓棠", contains=said)
    bench.says("温晓棠", "文档 类别 WD-101 会议")
    assert document(bench).category.value == "会议"


@pytest.mark.slow
def test_the_weekly_look_reminds_the_lead_liaison_of_stale_documents_and_empty_rights(bench: Bench) -> None:
    """T-26, R-51, R-48: on the first working day of the week, one message; what was brought up to date is left out."""
    registered(bench, RIGHT)
    bench.within(document_weekly.arm)
    bench.until("09-21 09:29")
    bench.forget()
    bench.until("09-21 09:30")
    said = bench.expects_message(
        to="温晓棠", contains=["【文档提醒】", "WD-2026-0101（SX-2026-0007 X1试产）：未设权限"]
    )
    assert "未更新" not in said.words, "seven days are not over yet"
    bench.says("温晓棠", "文档 权限 WD-101 研发:编辑")
    bench.until("09-28 09:29")
    bench.forget()
    bench.until("09-28 09:30")
    bench.expects_message(to="温晓棠", contains="WD-2026-0101（SX-2026-0007 X1试产）：超过 7 天未更新")
    bench.until("10-07 10:00")
    bench.says("温晓棠", "文档 更新 WD-101")
    bench.forget()
    bench.until("10-12 10:00")
    assert not [s for s in bench.forget() if "【文档提醒】" in s.words]


def test_a_name_is_waived_with_a_reason_by_head_or_secretary(bench: Bench) -> None:
    """P-46."""
    registered(bench)
    bench.says("温晓棠", "文档 豁免 WD-101 合同名称由客户指定")
    bench.expects_message(to="温晓棠", contains=["没有执行此操作的权限", "牵头部门负责人和执行秘书"])
    bench.says("陆怀谷", "文档 豁免 WD-101 客户")
    bench.expects_message(to="陆怀谷", contains="请填写原因")
    bench.says("陆怀谷", "文档 豁免 WD-101 合同名称由客户指定")
    bench.expects_message(to="陆怀谷", contains="已豁免 WD-2026-0101")
    assert document(bench).state is DocumentState.WAIVED
    assert owed(bench) == []
    bench.says("许安然", "文档 豁免 WD-101 合同名称由客户指定")
    bench.expects_message(to="许安然", contains="由 陆怀谷 完成")


def test_ec_69_a_missing_document_is_told_to_the_lead_liaison_until_it_is_found_or_waived(bench: Bench) -> None:
    registered(bench, RIGHT)
    bench.says("程一帆", "文档 失联 WD-101 链接已无法打开")
    bench.expects_message(to="程一帆", contains=["WD-2026-0101 记为失联", "归档前须恢复或豁免"])
    bench.expects_message(to="温晓棠", contains=["WD-2026-0101（SX-2026-0007 X1试产）已失联", "不能归档"])
    assert document(bench).state is DocumentState.MISSING
    bench.says("温晓棠", "文档 恢复 WD-101 https://pan.example.com/new")
    bench.expects_message(to="温晓棠", contains="WD-2026-0101 已恢复（合规）")
    assert document(bench).link == "https://pan.example.com/new"


def test_documents_are_archived_with_their_item_and_read_only_then(bench: Bench) -> None:
    """R-49, R-85."""
    registered(bench, RIGHT)

    def archive(context: Context) -> None:
        before = context.uow.items.get("SX-2026-0007")
        assert before is not None
        after = context.uow.items.put(replace(before, state=ItemState.ARCHIVED))
        context.announce(ItemChanged(before, after))

    bench.within(archive)
    assert document(bench).state is DocumentState.ARCHIVED
    bench.says("温晓棠", "文档 改名 WD-101 x.docx")
    bench.expects_message(to="温晓棠", contains="已归档")
    bench.says("温晓棠", "文档 登记 SX-7 y.docx")
    bench.expects_message(to="温晓棠", contains="SX-2026-0007 已结束")


# ---------------------------------------------------------------- looking


def test_an_items_documents_are_listed_in_private_with_what_is_wrong(bench: Bench) -> None:
    registered(bench)
    bench.says("秦书禾", "@回音 文档 检查 SX-7", where="X1")
    said = bench.expects_message(
        to="秦书禾", contains=["SX-2026-0007 X1试产 的文档（1）", "不合规", "缺少部门", "未设权限"]
    )
    assert "X1试产_研发部_20260914.docx" in said.words
    bench.expects_message(in_chat="X1", contains="已私信您")
    bench.says("温晓棠", "文档 检查")
    bench.expects_message(to="温晓棠", contains=["待整改的文档（1）", "WD-2026-0101"])
    bench.says("夏知微", "文档 检查 SX-7")
    bench.expects_message(to="夏知微", contains="未找到该编号，或您无权查看")


def test_a_name_can_be_tried_before_it_is_registered(bench: Bench) -> None:
    bench.until("10:00")
    bench.forget()
    bench.says("温晓棠", "文档 检查 SX-7 研发部_X1试产_20260914.docx")
    bench.expects_message(to="温晓棠", contains=[RIGHT, "顺序应为事项、部门、日期"])
    bench.says("温晓棠", f"文档 检查 SX-7 {RIGHT}")
    bench.expects_message(to="温晓棠", contains="命名合规")
    assert bench.read(lambda uow: uow.documents.find()) == []


@pytest.mark.slow
def test_ec_49_the_old_name_of_a_department_is_accepted_for_ninety_days(bench: Bench) -> None:
    bench.until("10:00")

    def rename(context: Context) -> None:
        before = context.world.directory
        department = context.uow.departments.get("RD")
        assert department is not None
        context.uow.departments.put(replace(department, name="技术中心", short="技术", former_names=("研发部",)))
        context.uow.bump(DIRECTORY)
        context.refresh()
        former_names.note(context, before)

    bench.within(rename)
    bench.says("温晓棠", f"文档 登记 SX-7 {RIGHT}")
    assert document(bench).state is DocumentState.COMPLIANT
    bench.advance(days=91)
    bench.says("温晓棠", "文档 登记 SX-7 X1试产_研发部_20261214.docx")
    later = document(bench, "WD-2026-0102")
    assert later.state is DocumentState.NONCOMPLIANT
    assert later.suggestion.startswith("X1试产_技术中心_")


def test_r_47_the_lead_names_the_folder_of_an_item_and_everybody_finds_it(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("秦书禾", "文档 目录 SX-7 https://pan.example.com/x1")
    bench.expects_message(to="秦书禾", contains="权限")
    bench.says("温晓棠", f"文档 目录 SX-7 https://pan.example.com/{'x' * 500}")
    bench.expects_message(to="温晓棠", contains="没看到链接")
    bench.says("温晓棠", "文档 目录 SX-7 云盘里")
    bench.expects_message(to="温晓棠", contains=["没看到链接", "文档 目录 SX-2026-0007 https://"])
    bench.says("温晓棠", "文档 目录 SX-7 https://user:word@pan.example.com/x1")
    bench.expects_message(to="温晓棠", contains="链接")
    bench.says("温晓棠", "文档 SX-7")
    assert "文档目录" not in bench.expects_message(to="温晓棠").words
    bench.says("温晓棠", "文档 目录 SX-7 https://pan.example.com/x1")
    bench.expects_message(to="温晓棠", contains="✅ SX-2026-0007 的文档目录：https://pan.example.com/x1")
    for said in ("文档 SX-7", "事项 SX-7"):
        bench.says("秦书禾", said)
        bench.expects_message(to="秦书禾", contains="文档目录：https://pan.example.com/x1")
