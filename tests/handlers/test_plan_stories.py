"""Plans at work: steps 39, 68, 90 and 91 of the acceptance week, and what else can happen to a plan (domain.md 3.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.directory import Role
from bot.domain.happened import PlanRevisionDemanded, PostsChanged
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.item import ItemState
from bot.domain.obligation import Obligation
from bot.domain.plan import PlanState
from bot.domain.plan_form import tasks_of
from bot.domain.slots import SlotState, open_slots
from bot.messages import CardColour
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers.plans.plan_keeping import counted_from
from tests.handlers.bench import Bench
from tests.handlers.plan_stage import (
    FIVE,
    HEADS,
    ITEM,
    PLAN,
    WRITTEN,
    approve,
    approved,
    in_force,
    item,
    number_from,
    plan,
    request,
    submitted,
    tasks,
)
from tests.handlers.shown import BEIJING


def owes(bench: Bench, code: str) -> dict[str, tuple[str, str]]:
    """Open deadlines of a number: key -> holder and limit."""
    found: list[Obligation] = bench.read(lambda uow: uow.obligations.find(code=code))
    return {one.key: (one.holder or "", f"{one.due_at.astimezone(BEIJING):%m-%d %H:%M}") for one in found}


def demand(bench: Bench, cause: str, code: str = "SX-2026-0007") -> None:
    """A special meeting, ruling or resolution wants the plan changed."""
    event = PlanRevisionDemanded(Code(code), cause, PersonId("E018"), "关键物料批次不合格")
    bench.within(lambda context: context.announce(event))


# ---------------------------------------------------------------- the week


def test_step_39_an_approved_special_request_becomes_an_item_with_a_plan_to_write(bench: Bench) -> None:
    """R-79, T-05: five working days, the make-up Sunday counts; the lead hears what is next, the others of the item."""
    number_from(bench)
    bench.until("09-16 09:15")
    approve(bench)
    assert (item(bench).state, item(bench).lead, item(bench).request) == (ItemState.PLANNING, "RD", "XQ-2026-0015")
    assert plan(bench).state is PlanState.DRAFTING
    assert owes(bench, PLAN) == {f"{PLAN}/方案编制": ("E013", "09-22 18:00")}
    assert [r.item for r in bench.read(lambda uow: uow.requests.find())] == [ITEM]
    bench.expects_message(to="温晓棠", contains=[ITEM, PLAN, "9月22日", f"建群 {ITEM}", f"方案编制 {ITEM}"])
    bench.expects_message(to="陆怀谷", contains=[ITEM, PLAN])
    for liaison in ("秦书禾", "袁知行", "夏知微", "苏念初"):
        bench.expects_message(to=liaison, contains=ITEM)
    assert not [shown for shown in bench.forget() if ITEM in shown.words]


def test_step_68_the_plan_goes_to_five_heads_with_two_working_days(bench: Bench) -> None:
    """R-80, T-06: Sunday is worked; only the lead's side may write and submit (P-09)."""
    approved(bench)
    bench.until("09-17 16:19")
    bench.says("白司南", WRITTEN)
    bench.expects_message(to="白司南", contains=[PLAN, "已保存", "必填项已齐"])
    bench.until("16:20")
    bench.says("白司南", f"/方案编制 提交 {PLAN}")
    bench.expects_message(to="白司南", contains=["白司南", f"{PLAN} v1", "9月20日（周日）18:00"])
    assert plan(bench).state is PlanState.CONFIRMING
    assert [slot.department for slot in open_slots(plan(bench).slots)] == list(FIVE)
    assert owes(bench, PLAN) == {
        f"{PLAN}/会签/{d}": (h, "09-20 18:00")
        for d, h in zip(FIVE, ("E012", "E003", "E028", "E021", "E008"), strict=True)
    }
    for head in HEADS:
        card = bench.expects_card(to=head, contains=["X1量产导入", "产线与工装准备"], buttons=["会签同意", "不同意"])
        assert card.card.colour is CardColour.WAITING


def test_step_91_the_last_signature_starts_the_item_and_gives_out_its_tasks(bench: Bench) -> None:
    """R-07, R-17, R-19, R-33: one task for each department, in the order of the plan, due on the evening of its date."""
    submitted(bench)
    cards = {head: bench.expects_card(to=head, buttons=["会签同意", "不同意"]) for head in HEADS}
    bench.forget()
    for minute, head in zip((30, 34, 38, 42, 45), HEADS, strict=True):
        bench.until(f"09-20 11:{minute}")
        assert plan(bench).state is PlanState.CONFIRMING
        answer = bench.clicks(head, "会签同意", card=cards[head])
        assert answer is not None
        assert not answer.is_error
    assert plan(bench).state is PlanState.EFFECTIVE
    assert (item(bench).state, item(bench).plan, item(bench).plan_version) == (ItemState.IN_PROGRESS, PLAN, 1)
    made = tasks(bench)
    assert [task.department for task in made] == list(FIVE)
    assert {f"{task.due_at.astimezone(BEIJING):%m-%d %H:%M}" for task in made} == {"10-16 18:00"}
    assert [int(task.code[-4:]) for task in made] == list(range(int(made[0].code[-4:]), int(made[0].code[-4:]) + 5))
    assert {task.source for task in made} == {PLAN}
    facts = bench.read(lambda uow: uow.facts.find(kind="item_started"))
    assert [(fact.code, f"{fact.at.astimezone(BEIJING):%m-%d %H:%M}") for fact in facts] == [(ITEM, "09-20 11:45")]


def test_the_start_asks_every_cooperating_liaison_for_contact(bench: Bench) -> None:
    """R-31: one working day, a card for each, a button that counts once and for the own department only."""
    in_force(bench)
    assert owes(bench, ITEM) == {
        f"{ITEM}/对接确认/{d}": (h, "09-21 18:00")
        for d, h in zip(FIVE[1:], ("E004", "E029", "E022", "E009"), strict=True)
    }
    bench.says("秦书禾", f"对接确认 {ITEM}")
    bench.expects_message(to="秦书禾", contains=["生产", "已确认"])
    bench.expects_message(to="温晓棠", contains=["秦书禾", "对接"])
    assert item(bench).contacted == ("PROD",)
    assert f"{ITEM}/对接确认/PROD" not in owes(bench, ITEM)
    bench.says("秦书禾", f"对接确认 {ITEM}")
    bench.expects_message(to="秦书禾", contains="该操作已于")
    bench.says("何沐晴", f"对接确认 {ITEM}")
    bench.expects_message(to="何沐晴", contains="没有执行此操作的权限")
    assert item(bench).contacted == ("PROD",)


def test_step_90_a_special_meeting_demands_a_second_version_of_an_imported_plan(bench: Bench) -> None:
    """R-99: the old version stays in force; 5 working days over Mid-Autumn; a second demand joins the same version."""
    bench.until("09-20 11:20")
    demand(bench, "WT-2026-0014")
    second = plan(bench, "FA-2026-0007 v2")
    assert (second.state, second.cause) == (PlanState.DRAFTING, "WT-2026-0014")
    assert plan(bench, "FA-2026-0007 v1").state is PlanState.EFFECTIVE
    assert owes(bench, "FA-2026-0007") == {"FA-2026-0007/方案编制": ("E013", "09-28 18:00")}
    bench.expects_message(to="温晓棠", contains=["FA-2026-0007 v2", "WT-2026-0014", "9月28日"])
    bench.expects_message(to="陆怀谷", contains="FA-2026-0007 v2")
    demand(bench, "JD-2026-0012")
    demand(bench, "JD-2026-0012")
    assert plan(bench, "FA-2026-0007 v2").cause == "WT-2026-0014 JD-2026-0012"
    assert bench.read(lambda uow: uow.plans.get("FA-2026-0007 v3")) is None
    assert [task.title for task in tasks_of(second.content)] == ["首件试制", "检测夹具到位", "客户样品反馈汇总"]


# ---------------------------------------------------------------- writing


def test_a_plan_that_is_not_whole_is_refused_with_everything_that_is_missing(bench: Bench) -> None:
    """R-80."""
    approved(bench)
    bench.says("温晓棠", f"方案编制 提交 {ITEM}")
    bench.expects_message(to="温晓棠", contains=["以下必填项未填写", "沟通频率", "文档目录与权限", "专项群"])
    assert plan(bench).state is PlanState.DRAFTING


def test_a_plan_with_faults_is_refused_row_by_row(bench: Bench) -> None:
    """R-07, R-33: idle departments, dates outside the item, rarer than weekly."""
    approved(bench)
    bad = WRITTEN.replace("2026-10-16 | 受控图纸", "2026-11-16 | 受控图纸").replace("每周", "每月")
    bad = bad.replace("；首批订单确认 | 销售部 | 苏念初 | 生产部 | 2026-09-21 | 2026-10-16 | 订单清单", "")
    bench.says("温晓棠", bad)
    bench.expects_message(to="温晓棠", contains=["销售 没有任务", "第 1 行", "沟通频率不得低于每周一次"])
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    bench.expects_message(to="温晓棠", contains=["还不能提交", "知会部门"])
    bench.says("温晓棠", f"方案编制 {PLAN}\n知会部门：销售部\n沟通频率：每周两次")
    assert plan(bench).content["informed"] == (("SALES",),)
    bench.says("温晓棠", f"方案编制 {PLAN}\n{bad.split(chr(10))[2].replace('2026-11-16', '2026-10-16')}")
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    assert plan(bench).state is PlanState.CONFIRMING


def test_only_the_lead_writes_and_others_read_it_in_private(bench: Bench) -> None:
    """P-09; EC-73: who has nothing to do with it reads the same as for a number that does not exist."""
    approved(bench)
    bench.says("秦书禾", f"方案编制 {PLAN}\n沟通频率：每周")
    bench.expects_message(to="秦书禾", contains="没有执行此操作的权限")
    bench.says("秦书禾", f"方案编制 {ITEM}")
    bench.expects_message(to="秦书禾", contains=[PLAN, "任务分工", "产线与工装准备"])
    bench.says("钟晚晴", f"方案编制 {PLAN}")
    bench.expects_message(to="钟晚晴", contains="未找到该编号，或您无权查看。")
    bench.says("钟晚晴", "方案编制 FA-2026-9999")
    bench.expects_message(to="钟晚晴", contains="未找到该编号，或您无权查看。")


def test_the_first_version_keeps_the_departments_that_were_approved(bench: Bench) -> None:
    approved(bench)
    bench.says("温晓棠", f"方案编制 {PLAN}\n配合部门：生产部、信息技术部")
    bench.expects_message(to="温晓棠", contains="以批准的需求单为准")
    assert plan(bench).coop == ("PROD", "QA", "FIN", "SALES")


def test_a_plan_with_the_heads_is_not_edited_any_more(bench: Bench) -> None:
    submitted(bench)
    bench.forget()
    bench.says("温晓棠", f"方案编制 {PLAN}\n沟通频率：每日")
    bench.expects_message(to="温晓棠", contains="会签中")
    assert plan(bench).content["frequency"] == "每周"
    bench.says("白司南", f"方案编制 提交 {PLAN}")
    bench.expects_message(to="白司南", contains=["该操作已于", "白司南"])


# ---------------------------------------------------------------- signing


def test_a_head_who_disagrees_sends_it_back_with_a_reason(bench: Bench) -> None:
    """T-05b, 3.2: the round is void; duty disputes may become a conflict; the next round has fresh slots and stale cards."""
    submitted(bench)
    cards = {head: bench.expects_card(to=head, buttons=["会签同意", "不同意"]) for head in HEADS}
    bench.until("09-18 10:00")
    bench.clicks("罗启安", "会签同意", card=cards["罗启安"])
    refused = bench.clicks("尹若谷", "不同意", card=cards["尹若谷"], answer="   ")
    assert refused is not None
    assert "请填写原因" in refused.toast
    assert plan(bench).state is PlanState.CONFIRMING
    bench.forget()
    bench.says("尹若谷", f"会签 {PLAN} 不同意 检验职责没有写清楚")
    bench.expects_message(to="尹若谷", contains=["退回", f"冲突 上报 {ITEM}"])
    bench.expects_message(to="温晓棠", contains=["尹若谷", "检验职责没有写清楚", "9月21日"])
    assert plan(bench).state is PlanState.RETURNED
    assert [slot.state for slot in plan(bench).slots] == [
        SlotState.VOID, SlotState.VOID, SlotState.RETURNED, SlotState.VOID, SlotState.VOID,
    ]  # fmt: skip
    assert owes(bench, PLAN) == {f"{PLAN}/方案编制": ("E013", "09-21 18:00")}
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    assert (plan(bench).state, plan(bench).round) == (PlanState.CONFIRMING, 2)
    stale = bench.clicks("罗启安", "会签同意", card=cards["罗启安"])
    assert stale is not None
    assert "卡片内容已更新" in stale.toast
    assert len(open_slots(plan(bench).slots)) == 5


def test_the_lead_head_who_submits_does_not_sign_the_own_slot(bench: Bench) -> None:
    """SoD-1: 本人提交，免审; a forged press for another slot is refused and noted (EC-06, EC-07)."""
    approved(bench)
    bench.says("陆怀谷", WRITTEN)
    bench.says("陆怀谷", f"方案编制 提交 {PLAN}")
    assert [slot.state for slot in plan(bench).slots][:2] == [SlotState.SELF_SUBMITTED, SlotState.OPEN]
    bench.says("陆怀谷", f"同意 {PLAN}")
    bench.expects_message(to="陆怀谷", contains="没有执行此操作的权限")
    assert len(open_slots(plan(bench).slots)) == 4
    assert any(r.action == "refused" and r.ref == PLAN for r in bench.audit())


def test_each_head_signs_the_own_department_once(bench: Bench) -> None:
    """R-18: a deputy speaks for the own department; who was faster is named (EC-01)."""
    submitted(bench)
    card = bench.expects_card(to="罗启安", buttons=["会签同意", "不同意"])
    bench.until("09-17 17:00")
    first, second = bench.click_together(("罗启安", "会签同意"), ("罗启安", "会签同意"), card=card)
    assert first is not None
    assert second is not None
    assert not first.is_error
    assert "该操作已于 17:00 由 罗启安 完成" in second.toast
    stranger = bench.clicks("何沐晴", "会签同意", card=card)
    assert stranger is not None
    assert stranger.is_error
    assert [slot.department for slot in open_slots(plan(bench).slots)] == ["RD", "QA", "FIN", "SALES"]


def test_a_delegate_signs_in_the_heads_place(bench: Bench) -> None:
    """2.6: “B 代 A” stands on the slot and in the record."""
    submitted(bench)
    bench.says("尹若谷", "请假 2026-09-18 09:00 至 2026-09-18 18:00 代理 @袁知行")
    bench.until("09-18 10:00")
    bench.says("袁知行", f"会签 {PLAN}")
    slot = next(s for s in plan(bench).slots if s.department == "QA")
    assert (slot.state, slot.by, slot.behalf) == (SlotState.PASSED, "E029", "E028")
    record = next(r for r in bench.audit(PLAN) if r.action == "plan_agree")
    assert (record.actor, record.on_behalf_of) == ("E029", "E028")


# ---------------------------------------------------------------- changes


def revised(bench: Bench, *lines: str) -> None:
    """The lead revises the plan in force; everybody signs."""
    in_force(bench)
    bench.until("09-21 09:30")
    bench.says("温晓棠", f"方案编制 修订 {ITEM} 客户推迟首批交付时间")
    bench.says("温晓棠", f"方案编制 {PLAN}\n" + "\n".join(lines))
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    assert plan(bench, f"{PLAN} v2").state is PlanState.CONFIRMING
    for head in HEADS:
        bench.says(head, f"同意 {PLAN}")


@pytest.mark.slow
def test_a_small_change_takes_effect_with_the_heads(bench: Bench) -> None:
    """A-03: five working days later is still theirs; the old version is superseded, the item follows, tasks are adjusted."""
    revised(bench, "计划完成日期：2026-11-06")
    second = plan(bench, f"{PLAN} v2")
    assert (second.state, second.content["change_note"]) == (PlanState.EFFECTIVE, "客户推迟首批交付时间")
    assert plan(bench).state is PlanState.SUPERSEDED
    assert (item(bench).plan_version, f"{item(bench).end_on}", f"{item(bench).original_end_on}") == (
        2,
        "2026-11-06",
        "2026-10-30",
    )
    assert len(tasks(bench)) == 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        "计划完成日期：2026-11-13",
        "配合部门：生产部、质量部、财务部、销售部、信息技术部\n知会部门：信息技术部",
        "预算：120000",
    ],
)
def test_a_change_beyond_the_thresholds_needs_the_leader(bench: Bench, change: str) -> None:
    """A-03, T-04, P-11: the card shows the difference; a return gives the lead two working days."""
    in_force(bench)
    bench.until("09-21 09:30")
    bench.says("温晓棠", f"方案编制 修订 {ITEM} 客户推迟首批交付时间")
    bench.says("温晓棠", f"方案编制 {PLAN}\n{change}")
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    bench.expects_message(to="温晓棠", contains="还须组长审批")
    it_head = next(p.name for p in bench.read(lambda uow: uow.people.find()) if p.id == "E026")
    for head in (*HEADS, it_head) if "信息" in change else HEADS:
        bench.says(head, f"会签 {PLAN}")
    second = plan(bench, f"{PLAN} v2")
    assert second.state is PlanState.PENDING_LEADER
    assert plan(bench).state is PlanState.EFFECTIVE
    assert owes(bench, PLAN) == {f"{PLAN}/组长审批": ("E002", "09-23 18:00")}
    card = bench.expects_card(to="顾明远", buttons=["批准", "退回"])
    assert "变更" in card.words
    bench.says("罗启安", f"同意 {PLAN}")
    bench.expects_message(to="罗启安", contains="没有执行此操作的权限")
    bench.clicks("顾明远", "批准", card=card)
    assert plan(bench, f"{PLAN} v2").state is PlanState.EFFECTIVE
    assert (plan(bench).state, item(bench).plan_version) == (PlanState.SUPERSEDED, 2)


@pytest.mark.slow
def test_the_leader_returns_a_change_with_a_reason(bench: Bench) -> None:
    revised(bench, "计划完成日期：2026-11-13")
    bench.forget()
    bench.says("顾明远", f"退回 {PLAN} 预算和人力依据不足")
    bench.expects_message(to="温晓棠", contains=["顾明远", "预算和人力依据不足"])
    assert plan(bench, f"{PLAN} v2").state is PlanState.RETURNED
    assert owes(bench, PLAN) == {f"{PLAN}/方案编制": ("E013", "09-23 18:00")}


@pytest.mark.slow
def test_open_tasks_follow_a_new_version_and_closed_ones_stay(bench: Bench) -> None:
    """3.2: what is new is given out, what is dropped is cancelled, what is done is not touched."""
    in_force(bench)
    done = tasks(bench)[0]
    bench.says("温晓棠", f"完成 {done.code} 图纸已发布")
    bench.says("陆怀谷", f"确认 {done.code}")
    bench.until("09-21 09:30")
    bench.says("温晓棠", f"方案编制 修订 {ITEM} 客户增加首批检验要求")
    lines = (
        WRITTEN.split("\n")[2]
        .replace("成本核算 | 财务部", "成本复核 | 财务部")
        .replace(
            "检验标准 | 质量部 | 袁知行 | 研发部 | 2026-09-21 | 2026-10-16",
            "检验标准 | 质量部 | 袁知行 | 研发部 | 2026-09-21 | 2026-10-20",
        )
    )
    bench.says("温晓棠", f"方案编制 {PLAN}\n{lines}")
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    for head in HEADS:
        bench.says(head, f"同意 {PLAN}")
    by_title = {(task.title, task.state.value): f"{task.due_at.astimezone(BEIJING):%m-%d}" for task in tasks(bench)}
    assert by_title == {
        ("图纸定版", "done"): "10-16",
        ("产线与工装准备", "todo"): "10-16",
        ("检验标准", "todo"): "10-20",
        ("成本核算", "cancelled"): "10-16",
        ("首批订单确认", "todo"): "10-16",
        ("成本复核", "todo"): "10-16",
    }


def test_a_routine_item_may_have_a_plan(bench: Bench) -> None:
    """A-02: optional; begun by the lead, signed by the heads, no leader."""
    bench.until("09-14 10:00")
    bench.says("何沐晴", "方案编制 SX-2026-0008")
    bench.expects_message(to="何沐晴", contains="没有执行此操作的权限")
    bench.says("苏念初", "方案编制 SX-2026-0008")
    bench.expects_card(to="苏念初", contains=["FA-2026-0010 v1", "编制中"])
    assert plan(bench).item == "SX-2026-0008"


# ---------------------------------------------------------------- posts, level, time


def test_ec_09_the_slot_follows_the_departments_present_head(bench: Bench) -> None:
    """EC-09: the card goes to the new head, the former head's press is refused."""
    submitted(bench)
    card = bench.expects_card(to="罗启安", buttons=["会签同意", "不同意"])
    bench.forget()

    def change(uow: UnitOfWork) -> None:
        department, old, new = uow.departments.get("PROD"), uow.people.get("E003"), uow.people.get("E004")
        assert department is not None
        assert old is not None
        assert new is not None
        uow.departments.put(replace(department, head=new.id))
        uow.people.put(replace(old, roles=frozenset({Role.EMPLOYEE})))
        uow.people.put(replace(new, roles=new.roles | {Role.HEAD}))
        uow.bump("directory")

    bench.transact(change)
    refused = bench.clicks("罗启安", "会签同意", card=card)
    assert refused is not None
    assert refused.is_error
    bench.says("秦书禾", f"会签 {PLAN}")
    assert next(s for s in plan(bench).slots if s.department == "PROD").by == "E004"


def test_no_limit_runs_before_the_companys_plan_is_in_force(bench: Bench) -> None:
    """R-118: T-05 counts from the day of publication on."""

    def later(context: Context) -> datetime:
        plan = replace(context.world.company.plan, effective_date=date(2026, 10, 12))
        context.world = replace(context.world, company=replace(context.world.company, plan=plan))
        return counted_from(context, datetime(2026, 9, 16, tzinfo=UTC))

    assert f"{bench.within(later).astimezone(BEIJING):%m-%d %H:%M}" == "10-12 09:00"


def test_an_overdue_plan_looks_so_and_nobody_agrees_by_silence(bench: Bench) -> None:
    submitted(bench)
    card = bench.expects_card(to="罗启安", buttons=["会签同意", "不同意"])
    bench.until("09-21 10:00")
    assert plan(bench).state is PlanState.CONFIRMING
    update = [s for s in bench.everything() if s.is_update and s.reader == "罗启安" and s.message == card.message]
    assert update[-1].card.colour is CardColour.OVERDUE


def test_a_confidential_plan_is_spoken_of_by_number_to_its_readers_only(bench: Bench) -> None:
    """2.5, EC-74: cards show number and state; nobody outside the list is asked or told."""
    access = tuple(PersonId(p) for p in ("E013", "E012", "E003", "E028", "E021", "E018", "E002"))
    approved(bench, request(secrecy=2, access=access))
    assert plan(bench).secrecy == 2
    bench.says("温晓棠", WRITTEN.replace("\n专项群：X1量产导入协作专项群", ""))
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    card = bench.expects_card(to="罗启安", contains=PLAN)
    assert "X1量产导入" not in card.words
    assert not [s for s in bench.everything() if s.reader == "方景行" and PLAN in s.words]
    told = [s.words for s in bench.everything() if s.reader == "温晓棠" and s.words.startswith("XQ")]
    assert told == []


def test_ec_48_slots_of_a_merged_department_are_those_of_the_one_it_went_into(bench: Bench) -> None:
    """EC-48: the plan goes on with the departments as they are now; one signature for the two."""
    submitted(bench)

    def merge(uow: UnitOfWork) -> None:
        old = uow.departments.get("QA")
        assert old is not None
        uow.departments.put(replace(old, merged_into=DepartmentId("PROD"), is_active=False))
        uow.bump("directory")

    bench.transact(merge)
    bench.within(lambda context: context.announce(PostsChanged()))
    assert plan(bench).coop == ("PROD", "FIN", "SALES")
    assert [slot.department for slot in plan(bench).slots] == ["RD", "PROD", "FIN", "SALES"]
    assert sorted(owes(bench, PLAN)) == sorted(f"{PLAN}/会签/{d}" for d in ("RD", "PROD", "FIN", "SALES"))


def test_ec_70_in_a_group_a_confidential_plan_does_not_exist(bench: Bench) -> None:
    """EC-70: the same words as for a number that was never given, for its own readers too."""
    access = tuple(PersonId(p) for p in ("E013", "E012", "E003", "E028", "E021", "E008", "E018", "E002"))
    approved(bench, request(secrecy=2, access=access))
    for text in (f"方案编制 {PLAN}", f"方案编制 提交 {ITEM}", f"会签 {PLAN}", f"暂停 {ITEM} 9月21日 等待客户样品到货"):
        bench.says("温晓棠", f"@回音 {text}", where="ALL")
        bench.expects_message(to="温晓棠", contains="未找到该编号，或您无权查看。")
