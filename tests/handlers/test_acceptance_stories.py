"""Acceptance and archive as people go through them (domain.md 3.6; steps 61, 77, 92 and 97 of the acceptance week)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.acceptance import Acceptance, AcceptanceState
from bot.domain.digest import Happening
from bot.domain.document import Document, DocumentState
from bot.domain.ids import Code, PersonId
from bot.domain.issue import IssueState
from bot.domain.item import Item, ItemState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.task import Task, TaskState
from bot.ports import UnitOfWork
from handlers.progress import progress_reports
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING

YS = "YS-2026-0006"
LINES = """
完成情况说明：展位搭建与物料全部到位
成果清单：搭建合同 | 共享盘/展会 | 展位搭建；物料清单 | 共享盘/展会 | 物料齐备
对照验收标准自评：展位搭建 | 达到 | 合同已签；物料齐备 | 达到 | 已付款
遗留问题：无"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def the(bench: Bench, code: str = YS) -> Acceptance:
    found = bench.read(lambda uow: uow.acceptances.get(code))
    assert found is not None
    return found


def item(bench: Bench, code: str = "SX-2026-0008") -> Item:
    found = bench.read(lambda uow: uow.items.get(code))
    assert found is not None
    return found


def owed(bench: Bench, code: str = YS) -> dict[tuple[ObligationKind, str | None], Obligation]:
    return {(o.kind, o.holder): o for o in bench.read(lambda uow: uow.obligations.find(code=code))}


def finish_tasks(bench: Bench, *numbers: int) -> None:
    """As if the tasks of the item had been done and confirmed, and its issue closed."""

    def work(uow: UnitOfWork) -> None:
        for number in numbers:
            task = uow.tasks.get(f"RW-2026-{number:04d}")
            assert task is not None
            uow.tasks.put(replace(task, state=TaskState.DONE, progress=100))
            for held in uow.obligations.find(code=task.code):
                uow.obligations.remove(held.key)

    bench.transact(work)


def tasks_of(bench: Bench, code: str = "SX-2026-0008") -> list[Task]:
    return [t for t in bench.read(lambda uow: uow.tasks.find(item=code)) if t.source == YS]


def apply(bench: Bench) -> None:
    finish_tasks(bench, 34, 35)
    bench.until("09-17 10:30")
    bench.says("苏念初", f"/验收 SX-2026-0008{LINES}")


def schedule(bench: Bench, people: str = "@叶青禾 @宋清和") -> str:
    bench.until("09-18 11:30")
    bench.says("许安然", f"/会议 安排 验收会 {YS} 2026-09-20 14:00 {people}")
    meeting = the(bench).meeting
    return meeting or ""


def hold(bench: Bench) -> None:
    meeting = schedule(bench)
    bench.until("09-20 14:00")
    bench.says("许安然", f"/会议 开始 {meeting}")
    bench.until("14:30")
    bench.forget()
    bench.says("许安然", f"/会议 结束 {meeting}")


@pytest.mark.slow
def test_step_61_the_lead_applies_when_its_tasks_are_done(bench: Bench) -> None:
    """R-83, P-22, T-09."""
    bench.within(progress_reports.open_week)
    bench.until("09-17 10:00")
    bench.says("苏念初", f"/验收 SX-2026-0008{LINES}")
    bench.expects_message(to="苏念初", contains=["RW-2026-0034", "RW-2026-0035"])
    apply(bench)
    bench.expects_message(to="苏念初", contains=[YS, "许安然", "9月21日"])
    bench.expects_card(to="许安然", contains=["秋季展会物料", "会议 安排 验收会"])
    made = the(bench)
    assert (made.state, made.applied_by, made.due_at) == (AcceptanceState.APPLIED, "E009", at("09-21T18:00"))
    assert made.criteria == ("展位搭建", "物料齐备")
    assert item(bench).state is ItemState.ACCEPTANCE
    held = owed(bench)
    assert set(held) == {(ObligationKind.ACCEPTANCE, "E018")}
    assert held[ObligationKind.ACCEPTANCE, "E018"].due_at == at("09-21T18:00")
    report = bench.read(lambda uow: uow.reports.get("JB-2026-W38-SX-2026-0008"))
    assert report is not None
    assert report.state.value == "void"


def test_step_77_the_meeting_schedules_it_and_the_lead_has_no_vote(bench: Bench) -> None:
    """R-84, P-23, SoD-3."""
    apply(bench)
    schedule(bench)
    assert (the(bench).state, the(bench).acceptors) == (AcceptanceState.SCHEDULED, ("E017", "E021"))


def test_sod_3_somebody_has_to_come_whose_vote_counts(bench: Bench) -> None:
    apply(bench)
    bench.until("09-18 11:30")
    bench.says("许安然", f"/会议 安排 验收会 {YS} 2026-09-20 14:00 @何沐晴")
    bench.expects_message(to="许安然", contains="SoD-3")
    assert the(bench).state is AcceptanceState.APPLIED


@pytest.mark.slow
def test_step_92_and_97_all_acceptors_say_passed_and_the_lead_archives(bench: Bench) -> None:
    """R-84, R-85, P-24, P-25, T-10."""
    apply(bench)
    hold(bench)
    assert the(bench).state is AcceptanceState.VOTING
    votes = [o for (kind, _), o in owed(bench).items() if kind is ObligationKind.VOTE]
    assert {(o.holder, o.due_at) for o in votes} == {("E017", at("09-20T18:00")), ("E021", at("09-20T18:00"))}
    card = bench.expects_card(to="叶青禾", contains=["1. 展位搭建", "2. 物料齐备"])
    assert [b.text for b in card.card.buttons] == ["合格", "整改", "不合格", "逐项提交"]
    bench.expects_card(to="宋清和", contains="秋季展会物料")
    bench.clicks("叶青禾", "合格", card=card)
    assert the(bench).state is AcceptanceState.VOTING
    again = bench.clicks("叶青禾", "合格", card=card)
    assert again is not None
    assert "叶青禾" in again.toast
    bench.says("方景行", f"/评议 {YS} 合格")
    bench.expects_message(to="方景行", contains=["权限", "牵头"])
    bench.says("卢雨桐", f"/验收 {YS}")
    bench.expects_message(to="卢雨桐", contains=["评议中", "展位搭建与物料全部到位", "叶青禾 合格"])
    bench.says("秦书禾", f"/验收 {YS}")
    bench.expects_message(to="秦书禾", contains="未找到该编号，或您无权查看。")
    bench.says("宋清和", f"/评议 {YS} 合格")
    assert the(bench).state is AcceptanceState.PASSED
    accepted = item(bench)
    assert (accepted.state, accepted.accepted_at) == (ItemState.ACCEPTED, at("09-20T14:30"))
    held = owed(bench)
    assert set(held) == {(ObligationKind.ARCHIVE, "E009")}
    assert held[ObligationKind.ARCHIVE, "E009"].due_at == at("09-23T18:00")
    facts = bench.read(lambda uow: uow.facts.find(kind=Happening.ACCEPTANCE_PASSED))
    assert [(f.code, f.at) for f in facts] == [(YS, at("09-20T14:30"))]
    checklist = bench.expects_card(to="苏念初", contains=["需求单 ✓ XQ-2026-0013", "验收意见 ✓", "均合规"])
    bench.until("09-21 10:00")
    bench.clicks("苏念初", "确认归档", card=checklist)
    assert (item(bench).state, item(bench).archived_at) == (ItemState.ARCHIVED, at("09-21T10:00"))
    assert owed(bench) == {}
    late = bench.clicks("苏念初", "确认归档", card=checklist)
    assert late is not None
    assert "苏念初" in late.toast


@pytest.mark.slow
def test_documents_that_are_not_compliant_keep_an_item_from_the_archive(bench: Bench) -> None:
    """R-49, 3.3: all documents compliant or waived."""
    apply(bench)
    hold(bench)
    for who in ("叶青禾", "宋清和"):
        bench.says(who, f"/评议 {YS} 合格")

    def register(uow: UnitOfWork, state: DocumentState = DocumentState.NONCOMPLIANT) -> None:
        uow.documents.add(
            Document(
                code=Code("WD-2026-0101"),
                item=Code("SX-2026-0008"),
                name="展会.docx",
                state=state,
                registered_by=PersonId("E009"),
                registered_at=bench.now,
            )
        )

    bench.transact(register)
    bench.says("苏念初", "/归档 SX-2026-0008")
    bench.expects_message(to="苏念初", contains="WD-2026-0101")
    assert item(bench).state is ItemState.ACCEPTED

    def waive(uow: UnitOfWork) -> None:
        document = uow.documents.get("WD-2026-0101")
        assert document is not None
        uow.documents.put(replace(document, state=DocumentState.WAIVED))

    bench.transact(waive)
    bench.says("何沐晴", "/归档 SX-2026-0008")
    bench.expects_message(to="何沐晴", contains="权限")
    bench.says("苏念初", "/归档 SX-2026-0008")
    assert item(bench).state is ItemState.ARCHIVED


@pytest.mark.slow
def test_something_to_put_right_becomes_tasks_and_a_second_round(bench: Bench) -> None:
    """T-09b: rectifications with owner and date; then applied for again."""
    apply(bench)
    hold(bench)
    bench.says("叶青禾", f"/评议 {YS} 合格 整改")
    bench.expects_message(to="叶青禾", contains="请填写原因")
    bench.says("叶青禾", f"/评议 {YS} 合格 整改 物料标识不清楚")
    bench.says("宋清和", f"/评议 {YS} 合格")
    assert (the(bench).state, item(bench).state) == (AcceptanceState.RECTIFY, ItemState.RECTIFYING)
    held = owed(bench)
    assert held[ObligationKind.RECTIFICATION, "E009"].due_at == at("09-28T18:00")
    bench.expects_card(to="苏念初", contains=["需整改", "物料标识不清楚"])
    bench.says("许安然", f"/整改 {YS}\n整改要求：补物料标识 | 何沐晴 | 2026-09-22；核对清单 | 卢雨桐")
    made = tasks_of(bench)
    assert [(t.title, t.owner, t.due_at, t.lead) for t in made] == [
        ("补物料标识", "E011", at("09-22T18:00"), "SALES"),
        ("核对清单", "E019", at("09-28T18:00"), "SALES"),
    ]
    bench.says("苏念初", "/验收 SX-2026-0008\n遗留问题：无")
    bench.expects_message(to="苏念初", contains=made[0].code)
    finish_tasks(bench, *(int(t.code[-4:]) for t in made))
    bench.says("苏念初", "/验收 SX-2026-0008\n遗留问题：已整改")
    again = the(bench)
    assert (again.state, again.round, again.votes, item(bench).state) == (
        AcceptanceState.APPLIED, 2, (), ItemState.ACCEPTANCE)  # fmt: skip


@pytest.mark.slow
def test_a_failure_goes_to_the_leader_and_the_lead_head_proposes(bench: Bench) -> None:
    """3.6: leader informed; rework or terminate within two working days."""
    apply(bench)
    hold(bench)
    for who in ("叶青禾", "宋清和"):
        bench.says(who, f"/评议 {YS} 不合格 展架承重不达标")
    assert the(bench).state is AcceptanceState.FAILED
    held = owed(bench)
    assert [(o.holder, o.due_at, o.detail) for o in held.values()] == [("E008", at("09-22T18:00"), "proposal")]
    bench.expects_message(to="顾明远", contains=[YS, "不合格"])
    bench.says("苏念初", f"/处理建议 {YS} 返工 重做展架并复检")
    bench.expects_message(to="苏念初", contains="权限")
    bench.says("方景行", f"/处理建议 {YS} 返工 重做展架并复检")
    bench.expects_message(to="顾明远", contains=["返工", "重做展架并复检"])
    assert [(o.holder, o.due_at) for o in owed(bench).values()] == [("E009", at("09-28T18:00"))]


@pytest.mark.slow
def test_where_opinions_differ_the_leader_decides(bench: Bench) -> None:
    """T-15b."""
    apply(bench)
    hold(bench)
    bench.says("叶青禾", f"/评议 {YS} 合格")
    bench.says("宋清和", f"/评议 {YS} 不合格 费用未结清楚")
    assert (the(bench).state, the(bench).is_split) == (AcceptanceState.VOTING, True)
    assert owed(bench)[ObligationKind.RULING, "E002"].due_at == at("09-22T18:00")
    card = bench.expects_card(to="顾明远", contains=["意见不一", "费用未结清楚"], buttons=["合格", "整改", "不合格"])
    bench.says("叶青禾", f"/评议 {YS} 合格")
    bench.expects_message(to="叶青禾", contains="权限")
    bench.clicks("顾明远", "整改", card=card, answer="三天内结清费用")
    assert (the(bench).state, the(bench).decided_by) == (AcceptanceState.RECTIFY, "E002")


@pytest.mark.slow
def test_the_secretary_ends_a_vote_that_somebody_does_not_give(bench: Bench) -> None:
    """P-23: organise, record the result."""
    apply(bench)
    hold(bench)
    bench.says("许安然", f"/结束评议 {YS}")
    bench.expects_message(to="许安然", contains="还没有计票")
    bench.says("叶青禾", f"/评议 {YS} 合格")
    bench.says("叶青禾", f"/结束评议 {YS}")
    bench.expects_message(to="叶青禾", contains="权限")
    bench.says("许安然", f"/结束评议 {YS}")
    assert the(bench).state is AcceptanceState.PASSED


def test_withdrawn_before_the_vote_the_item_goes_on(bench: Bench) -> None:
    apply(bench)
    schedule(bench)
    bench.says("苏念初", f"/撤回 {YS}")
    assert (the(bench).state, item(bench).state) == (AcceptanceState.WITHDRAWN, ItemState.IN_PROGRESS)
    assert owed(bench) == {}
    bench.expects_message(to="许安然", contains=[YS, "撤回"])
    bench.says("苏念初", f"/验收 SX-2026-0008{LINES}")
    assert the(bench, "YS-2026-0007").state is AcceptanceState.APPLIED


def test_a_meeting_that_is_called_off_has_to_be_called_again(bench: Bench) -> None:
    apply(bench)
    meeting = schedule(bench)
    bench.says("许安然", f"/会议 取消 {meeting} 场地临时占用")
    assert (the(bench).state, the(bench).acceptors) == (AcceptanceState.APPLIED, ())


def test_what_is_missing_in_the_application_is_named_and_kept(bench: Bench) -> None:
    finish_tasks(bench, 34, 35)
    bench.until("09-17 10:30")
    bench.says("苏念初", "/验收 SX-8")
    bench.expects_card(to="苏念初", contains="完成情况说明")
    bench.says("苏念初", "/验收 SX-8\n完成情况说明：全部到位\n遗留问题：无")
    bench.expects_card(to="苏念初", contains=["还差 2 项必填", "成果清单", "对照验收标准自评"])
    assert bench.read(lambda uow: uow.acceptances.find()) == []
    bench.says("苏念初", "/验收 SX-8\n成果清单：物料清单 | 共享盘\n对照验收标准自评：物料齐备 | 达到")
    assert the(bench).content["summary"] == "全部到位"


def test_only_the_lead_applies(bench: Bench) -> None:
    """P-22."""
    finish_tasks(bench, 34, 35)
    bench.until("09-17 10:30")
    for who in ("卢雨桐", "许安然", "何沐晴"):
        bench.says(who, f"/验收 SX-2026-0008{LINES}")
        bench.expects_message(to=who, contains="权限")
    assert bench.read(lambda uow: uow.acceptances.find()) == []


@pytest.mark.parametrize("enforce", ["warn", "block"])
def test_a_special_item_wants_the_node_before_acceptance(bench: Bench, enforce: str) -> None:
    """3.3, `milestones.enforce`."""

    def set_enforce(uow: UnitOfWork) -> None:
        setting = uow.settings.get("company")
        assert setting is not None
        body = setting.body.replace('"milestones_enforce":"warn"', f'"milestones_enforce":"{enforce}"')
        uow.settings.put(replace(setting, body=body))
        uow.bump("company")

    bench.transact(set_enforce)
    finish_tasks(bench, 31, 32, 33)
    bench.until("09-17 10:30")
    bench.says("温晓棠", f"/验收 SX-2026-0007{LINES}")
    if enforce == "block":
        bench.expects_message(to="温晓棠", contains="验收前推进会决议")
        assert item(bench, "SX-2026-0007").state is ItemState.IN_PROGRESS
    else:
        bench.expects_message(to="温晓棠", contains=["已申请", "没有已签字的验收前推进会决议"])
        assert the(bench).lacks_resolution


@pytest.mark.slow
def test_a_delegate_votes_for_the_absent_head_and_the_record_says_so(bench: Bench) -> None:
    """P-24, 2.6: “B 代 A”."""
    apply(bench)
    meeting = schedule(bench)
    bench.until("09-18 16:00")
    bench.says("叶青禾", "/请假 2026-09-20 09:00 至 2026-09-20 18:00 代理 @卢雨桐")
    bench.until("09-20 14:00")
    bench.says("许安然", f"/会议 开始 {meeting}")
    bench.until("14:30")
    bench.forget()
    bench.says("许安然", f"/会议 结束 {meeting}")
    card = bench.expects_card(to="卢雨桐", contains="1. 展位搭建")
    bench.clicks("卢雨桐", "合格", card=card)
    (vote,) = the(bench).votes
    assert (vote.by, vote.behalf, vote.department) == ("E019", "E017", "ADMIN")
    assert the(bench).waiting == ("E021",)


def test_an_item_that_is_terminated_while_it_is_put_right_owes_nothing_more(bench: Bench) -> None:
    apply(bench)
    hold(bench)
    for who in ("叶青禾", "宋清和"):
        bench.says(who, f"/评议 {YS} 整改 物料标识不清楚")

    def close_issue(uow: UnitOfWork) -> None:
        issue = uow.issues.get("WT-2026-0011")
        assert issue is not None
        uow.issues.put(replace(issue, state=IssueState.CLOSED))

    bench.transact(close_issue)
    bench.says("顾明远", "/终止 SX-2026-0008 展会取消不再参展")
    assert item(bench).state is ItemState.TERMINATED
    assert owed(bench) == {}
