"""Tasks as people work with them (domain.md 3.4; steps 30, 37, 41, 48, 53, 60, 73, 82 and 99 of the acceptance week)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.company import read_company, sample_text
from bot.domain.digest import Happening
from bot.domain.happened import ItemChanged, NewTask, PlanEffective, WorkAssigned
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.item import ItemState
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.plan import Plan, PlanState, plan_key
from bot.domain.task import Task, TaskState
from bot.messages import CardColour
from bot.routing import Context
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def task(bench: Bench, number: int) -> Task:
    found = bench.read(lambda uow: uow.tasks.get(f"RW-2026-{number:04d}"))
    assert found is not None
    return found


def owed(bench: Bench, number: int) -> dict[ObligationKind, Obligation]:
    code = f"RW-2026-{number:04d}"
    return {o.kind: o for o in bench.read(lambda uow: uow.obligations.find(code=code))}


def facts(bench: Bench) -> dict[str, str]:
    return {f.code: f.kind for f in bench.read(lambda uow: uow.facts.find()) if f.code.startswith("RW")}


def assign(bench: Bench, *tasks: NewTask, **facts: object) -> None:
    event = WorkAssigned(**{"source": "JY-2026-0029", "tasks": tasks, **facts})  # type: ignore[arg-type]
    bench.within(lambda context: context.announce(event))


def new(title: str, department: str, owner: str, due: str) -> NewTask:
    return NewTask(title=title, department=DepartmentId(department), owner=PersonId(owner), due_at=at(due))


# ---------------------------------------------------------------- the week


def test_step_30_and_48_done_by_the_owner_and_confirmed_by_the_lead_liaison_on_time(bench: Bench) -> None:
    """R-33, P-13, P-14, T-22; R-27: what was done and where it lies reaches the other department's liaison."""
    bench.until("09-15 11:00")
    bench.says("卢雨桐", "/完成 RW-2026-0034 合同已签，原件归行政部")
    assert task(bench, 34).state is TaskState.DONE_PENDING
    assert set(owed(bench, 34)) == {ObligationKind.CONFIRM_TASK}
    confirm = owed(bench, 34)[ObligationKind.CONFIRM_TASK]
    assert (confirm.holder, confirm.due_at) == ("E009", at("09-16T18:00"))
    bench.expects_message(to="卢雨桐", contains=["RW-2026-0034", "按期", "苏念初"])
    card = bench.expects_card(to="苏念初", contains=["展位搭建合同签订", "合同已签"], buttons=["确认", "退回"])
    bench.until("11:20")
    answer = bench.clicks("苏念初", "确认", card=card)
    assert answer is not None
    assert not answer.is_error
    assert task(bench, 34).state is TaskState.DONE
    assert owed(bench, 34) == {}
    bench.expects_card_update(to="苏念初", state="已完成", colour=CardColour.DONE, buttons=[])
    bench.expects_message(to="卢雨桐", contains=["RW-2026-0034", "苏念初", "确认"])
    again = bench.clicks("苏念初", "确认", card=card)
    assert again is not None
    assert "苏念初" in again.toast
    assert "完成" in again.toast
    bench.until("09-16 15:00")
    bench.says("夏知微", "/完成 RW-2026-0035 已付款，回单号 8831")
    bench.until("15:20")
    bench.says("苏念初", "/确认 RW-2026-0035")
    assert facts(bench) == {
        "RW-2026-0034": Happening.TASK_ON_TIME,
        "RW-2026-0035": Happening.TASK_ON_TIME,
    }


def test_step_41_ec_62_a_progress_note_is_kept_literally(bench: Bench) -> None:
    """EC-62: whatever it looks like, it is text."""
    bench.until("09-16 09:45")
    bench.says("柳青原", '/进度 RW-2026-0031 60% =HYPERLINK("x","点我")')
    assert (task(bench, 31).progress, task(bench, 31).note) == (60, '=HYPERLINK("x","点我")')
    bench.expects_message(to="柳青原", contains=["RW-2026-0031", "60%"])
    bench.says("柳青原", "进度 RW-31 65% @SUM(A1) 见 WT-12")
    assert (task(bench, 31).progress, task(bench, 31).note) == (65, "@SUM(A1) 见 WT-12")


def test_step_53_and_60_an_overdue_task_is_done_late_and_confirmed_by_the_delegate(bench: Bench) -> None:
    """R-33; the delegate of the lead liaison confirms (2.6)."""
    bench.until("09-16 11:30")
    bench.says("温晓棠", "/请假 2026-09-16 13:30 至 2026-09-17 18:00 代理 @白司南")
    bench.until("09-16 17:00")
    held = owed(bench, 31)[ObligationKind.TASK]
    assert (held.passed_at, held.holder, held.department, held.lead) == (at("09-16T17:00"), "E006", "PROD", "RD")
    bench.forget()
    bench.until("09-17 10:10")
    bench.says("柳青原", "/完成 RW-2026-0031 首件检验合格，记录见共享盘")
    bench.expects_message(to="柳青原", contains=["超期", "白司南"])
    card = bench.expects_card(to="白司南", contains="首件试制")
    bench.until("10:30")
    bench.clicks("白司南", "确认", card=card)
    assert (task(bench, 31).state, task(bench, 31).confirmed_by, task(bench, 31).is_late) == (
        TaskState.DONE, "E014", True)  # fmt: skip
    assert facts(bench) == {"RW-2026-0031": Happening.TASK_LATE}


def test_step_37_a_task_of_an_approved_routine_request_has_the_next_number_and_its_cards(bench: Bench) -> None:
    """L-25; card to owner and liaison."""
    bench.until("09-15 17:05")
    bench.forget()
    assign(bench, new("校招宣讲物料", "ADMIN", "E020", "09-22T18:00"), source="XQ-2026-0016", lead=DepartmentId("HR"))
    made = task(bench, 36)
    assert (made.state, made.due_at, made.lead, made.source) == (
        TaskState.TODO, at("09-22T18:00"), "HR", "XQ-2026-0016")  # fmt: skip
    assert owed(bench, 36)[ObligationKind.TASK].holder == "E020"
    bench.expects_card(to="魏子墨", contains="校招宣讲物料", buttons=["开始", "更新进度", "完成", "受阻"])
    bench.expects_card(to="卢雨桐", contains="校招宣讲物料")
    bench.expects_nothing_more()


def test_several_tasks_keep_the_order_in_which_they_were_given(bench: Bench) -> None:
    bench.until("09-18 09:00")
    assign(
        bench, *(new(f"第{n}项", d, o, "10-16T18:00") for n, (d, o) in enumerate([("RD", "E013"), ("QA", "E029")], 1))
    )
    assert [(task(bench, n).title, task(bench, n).owner) for n in (36, 37)] == [("第1项", "E013"), ("第2项", "E029")]


# ---------------------------------------------------------------- the owner's card


def test_the_card_does_what_the_commands_do(bench: Bench) -> None:
    bench.until("09-15 09:30")
    assign(bench, new("夹具复核", "QA", "E030", "09-18T18:00"), item=Code("SX-2026-0007"))
    card = bench.expects_card(to="贺云深", contains="夹具复核")
    bench.clicks("贺云深", "开始", card=card)
    assert task(bench, 36).state is TaskState.DOING
    bench.clicks("贺云深", "更新进度", card=card, answer="60% 已复核两套")
    assert (task(bench, 36).progress, task(bench, 36).note) == (60, "已复核两套")
    refused = bench.clicks("贺云深", "受阻", card=card, answer="缺")
    assert refused is not None
    assert "不少于 5 个字" in refused.toast
    bench.forget()
    bench.clicks("贺云深", "受阻", card=card, answer="夹具钥匙找不到")
    assert (task(bench, 36).state, task(bench, 36).blocked_reason) == (TaskState.BLOCKED, "夹具钥匙找不到")
    bench.expects_message(to="温晓棠", contains=["RW-2026-0036", "贺云深", "夹具钥匙找不到"])
    bench.expects_card_update(to="贺云深", state="受阻", buttons=["解除受阻", "完成"])
    bench.clicks("贺云深", "完成", card=card, answer="三套均复核合格")
    assert (task(bench, 36).state, task(bench, 36).evidence) == (TaskState.DONE_PENDING, "三套均复核合格")
    late = bench.clicks("贺云深", "更新进度", card=card, answer="70% 再看看")
    assert late is not None
    assert "贺云深" in late.toast or "待确认" in late.toast


def test_what_belongs_to_others_cannot_be_reported_or_confirmed(bench: Bench) -> None:
    """P-13, P-14: the same words for what is not one's own."""
    bench.until("09-15 09:30")
    for who, text in [
        ("孟知夏", "/进度 RW-2026-0031 90% 替他报"),
        ("程一帆", "/完成 RW-2026-0031 好了好了"),
        ("柳青原", "/确认 RW-2026-0031"),
        ("袁知行", "/延期 RW-2026-0031 9-18 想晚两天"),
    ]:
        bench.says(who, text)
        bench.expects_message(to=who, contains="您没有执行此操作的权限")
    bench.says("秦书禾", "/进度 RW-2026-0031 45% 对接人代报")
    assert task(bench, 31).progress == 45


def test_ec_88_sent_back_and_done_again(bench: Bench) -> None:
    bench.until("09-15 11:00")
    bench.says("卢雨桐", "/完成 RW-2026-0034 合同已签")
    bench.until("11:20")
    bench.says("苏念初", "/退回 RW-2026-0034")
    bench.expects_message(to="苏念初", contains="请填写原因")
    bench.says("苏念初", "/退回 RW-2026-0034 缺少盖章页扫描件")
    assert (task(bench, 34).state, task(bench, 34).done_at) == (TaskState.DOING, None)
    assert set(owed(bench, 34)) == {ObligationKind.TASK}
    bench.expects_message(to="卢雨桐", contains=["缺少盖章页扫描件", "退回"])
    bench.until("14:00")
    bench.says("卢雨桐", "/完成 RW-2026-0034 已补盖章页")
    bench.says("苏念初", "/确认 RW-2026-0034")
    assert task(bench, 34).state is TaskState.DONE


def test_ec_89_a_fall_of_the_percentage_is_asked_for_its_reason(bench: Bench) -> None:
    bench.until("09-15 10:00")
    bench.says("卢雨桐", "/进度 RW-2026-0034 10%")
    bench.expects_message(to="卢雨桐", contains=["80%", "10%", "原因"])
    assert task(bench, 34).progress == 80
    bench.says("卢雨桐", "/进度 RW-2026-0034 10% 乙方推翻了报价")
    assert (task(bench, 34).progress, task(bench, 34).dropped_from) == (10, 80)


# ---------------------------------------------------------------- who confirms


def test_sod_8_the_lead_liaison_does_not_confirm_the_own_task(bench: Bench) -> None:
    """SoD-8: the lead head does."""
    bench.until("09-15 09:30")
    assign(bench, new("方案初稿", "RD", "E013", "09-16T18:00"), item=Code("SX-2026-0007"))
    bench.says("温晓棠", "/完成 RW-2026-0036 初稿已上传")
    assert owed(bench, 36)[ObligationKind.CONFIRM_TASK].holder == "E012"
    card = bench.expects_card(to="陆怀谷", contains="方案初稿", buttons=["确认", "退回"])
    bench.says("温晓棠", "/确认 RW-2026-0036")
    bench.expects_message(to="温晓棠", contains="您没有执行此操作的权限")
    bench.clicks("陆怀谷", "确认", card=card)
    assert task(bench, 36).state is TaskState.DONE


def test_sod_8_where_the_lead_has_nobody_else_the_secretary_confirms(bench: Bench) -> None:
    """SoD-8: the executive unit has neither liaison nor head."""
    bench.until("09-15 09:30")
    assign(bench, new("核对口径", "GMO", "E001", "09-18T18:00"), lead=DepartmentId("GMO"))
    bench.says("沈若川", "/完成 RW-2026-0036 已核对口径")
    assert owed(bench, 36)[ObligationKind.CONFIRM_TASK].holder == "E018"
    bench.says("沈若川", "/确认 RW-2026-0036")
    bench.expects_message(to="沈若川", contains="您没有执行此操作的权限")
    bench.says("许安然", "/确认 RW-2026-0036")
    assert task(bench, 36).state is TaskState.DONE


def test_l_29_tasks_of_weekly_minutes_are_confirmed_by_the_secretary(bench: Bench) -> None:
    """L-29; an action may be refused within one working day, and the secretary decides (3.10)."""
    bench.until("09-15 09:30")
    assign(
        bench,
        new("补充来料检验", "QA", "E029", "09-18T18:00"),
        new("核对库存", "PROD", "E007", "09-18T18:00"),
        lead=DepartmentId("ADMIN"),
        confirmed_by_secretary=True,
        is_offered=True,
    )
    offered = owed(bench, 36)
    assert (offered[ObligationKind.ACCEPT_TASK].holder, offered[ObligationKind.ACCEPT_TASK].due_at) == (
        "E029", at("09-16T18:00"))  # fmt: skip
    card = bench.expects_card(to="袁知行", contains="补充来料检验", buttons=["接受", "退回"])
    bench.clicks("袁知行", "接受", card=card)
    assert set(owed(bench, 36)) == {ObligationKind.TASK}
    bench.says("袁知行", "/完成 RW-2026-0036 检验规程已更新")
    bench.says("尹若谷", "/确认 RW-2026-0036")
    bench.expects_message(to="尹若谷", contains="您没有执行此操作的权限")
    bench.says("许安然", "/确认 RW-2026-0036")
    assert task(bench, 36).state is TaskState.DONE
    bench.says("孟知夏", "/退回 RW-2026-0037 库存不归我管理")
    refused = owed(bench, 37)
    assert refused[ObligationKind.ACCEPT_TASK].holder == "E018"
    bench.expects_message(to="许安然", contains=["RW-2026-0037", "库存不归我管理", "转交"])
    bench.says("许安然", "/取消任务 RW-2026-0037 并入月度盘点")
    assert task(bench, 37).state is TaskState.CANCELLED
    assert owed(bench, 37) == {}


# ---------------------------------------------------------------- a later date


def test_a_liaison_grants_three_days_and_the_head_more(bench: Bench) -> None:
    """P-15, P-16: up to three working days by the lead liaison."""
    bench.until("09-15 09:30")
    bench.says("柳青原", "/延期 RW-2026-0031 9-18 来料晚到两天")
    extension = owed(bench, 31)[ObligationKind.EXTENSION]
    assert (extension.holder, extension.due_at) == ("E013", at("09-16T18:00"))
    card = bench.expects_card(to="温晓棠", contains=["首件试制", "来料晚到两天"], buttons=["同意", "驳回"])
    bench.clicks("温晓棠", "同意", card=card)
    assert (task(bench, 31).due_at, task(bench, 31).original_due_at) == (at("09-18T18:00"), at("09-16T17:00"))
    assert owed(bench, 31)[ObligationKind.TASK].due_at == at("09-18T18:00")
    bench.expects_message(to="柳青原", contains=["RW-2026-0031", "9月18日"])
    bench.says("柳青原", "/延期 RW-2026-0031 9-28 供应商停产一周")
    assert owed(bench, 31)[ObligationKind.EXTENSION].holder == "E012"
    bench.says("温晓棠", "/同意 RW-2026-0031")
    bench.expects_message(to="温晓棠", contains="您没有执行此操作的权限")
    bench.says("陆怀谷", "/驳回 RW-2026-0031 试产窗口不能再晚")
    assert task(bench, 31).due_at == at("09-18T18:00")
    bench.expects_message(to="柳青原", contains="试产窗口不能再晚")


def test_ec_94_the_third_extension_is_for_the_lead_head_however_short(bench: Bench) -> None:
    for day, until in (("09-16 16:59", "9-17"), ("09-17 17:59", "9-18")):
        bench.until(day)
        bench.says("柳青原", f"/延期 RW-2026-0031 {until} 来料又晚到一天")
        bench.says("温晓棠", "/同意 RW-2026-0031")
    bench.until("09-18 17:59")
    bench.says("柳青原", "/延期 RW-2026-0031 9-20 来料又晚到一天")
    assert owed(bench, 31)[ObligationKind.EXTENSION].holder == "E012"
    bench.says("温晓棠", "/同意 RW-2026-0031")
    assert task(bench, 31).granted == 2
    bench.says("陆怀谷", "/同意 RW-2026-0031")
    assert (task(bench, 31).granted, task(bench, 31).due_at) == (3, at("09-20T18:00"))
    bench.until("09-20 18:00")
    bench.says("柳青原", "/延期 RW-2026-0031 9-21 来料又晚到一天")
    bench.expects_message(to="柳青原", contains="须在截止前提出")


def test_a_later_date_lies_inside_the_item(bench: Bench) -> None:
    bench.until("09-15 09:30")
    bench.says("柳青原", "/延期 RW-2026-0031 11-2 来料晚到两天")
    bench.expects_message(to="柳青原", contains="2026-10-30")
    bench.says("柳青原", "/延期 RW-2026-0031 来料晚到两天")
    bench.expects_message(to="柳青原", contains="请写新日期")


def test_a_date_that_was_asked_for_in_time_may_be_granted_after_the_old_one(bench: Bench) -> None:
    """A slow decision does not make the task late (EC-87 in spirit)."""
    bench.until("09-16 16:30")
    bench.says("柳青原", "/延期 RW-2026-0031 9-18 来料晚到两天")
    bench.until("09-17 09:10")
    bench.says("温晓棠", "/同意 RW-2026-0031")
    held = owed(bench, 31)[ObligationKind.TASK]
    assert (held.due_at, held.passed_at) == (at("09-18T18:00"), None)
    bench.says("柳青原", "/完成 RW-2026-0031 首件检验合格")
    assert not task(bench, 31).is_late


# ---------------------------------------------------------------- owners


def test_somebody_on_leave_is_stood_in_for_by_the_named_delegate(bench: Bench) -> None:
    """2.6: task assignee: named delegate, then liaison."""
    bench.until("09-14 10:00")
    bench.says("柳青原", "/请假 2026-09-15 09:00 至 2026-09-16 18:00 代理 @孟知夏")
    bench.until("09-15 10:00")
    bench.forget()
    assign(bench, new("工装点检", "PROD", "E006", "09-18T18:00"), item=Code("SX-2026-0007"))
    bench.expects_card(to="孟知夏", contains="工装点检")
    bench.says("孟知夏", "/完成 RW-2026-0031 代办：首件检验合格")
    done = task(bench, 31)
    assert (done.state, done.done_by) == (TaskState.DONE_PENDING, "E007")
    record = [r for r in bench.audit("RW-2026-0031") if r.action == "task_mark_done"][-1]
    assert (record.actor, record.on_behalf_of) == ("E007", "E006")


def test_handing_over_within_the_department(bench: Bench) -> None:
    """3.4: by liaison or head; the new owner accepts or returns within one working day."""
    bench.until("09-15 09:30")
    bench.says("柳青原", "/转交 RW-2026-0031 @孟知夏")
    bench.expects_message(to="柳青原", contains="您没有执行此操作的权限")
    bench.says("秦书禾", "/转交 RW-2026-0031 @袁知行")
    bench.expects_message(to="秦书禾", contains="本部门")
    bench.says("秦书禾", "/转交 RW-2026-0031 @孟知夏")
    card = bench.expects_card(to="孟知夏", contains="首件试制", buttons=["接受", "退回"])
    held = owed(bench, 31)
    assert {kind: one.holder for kind, one in held.items()} == {
        ObligationKind.TASK: "E007",
        ObligationKind.ACCEPT_TASK: "E007",
    }
    bench.clicks("孟知夏", "退回", card=card, answer="这周在外地培训")
    assert task(bench, 31).owner == "E006"
    bench.expects_message(to="柳青原", contains=["孟知夏", "这周在外地培训"])
    bench.says("秦书禾", "/转交 RW-2026-0031 @孟知夏")
    bench.says("孟知夏", "/接受 RW-2026-0031")
    assert (task(bench, 31).owner, set(owed(bench, 31))) == ("E007", {ObligationKind.TASK})


def test_ec_53_tasks_of_somebody_who_left_go_to_the_liaison_for_reassignment(bench: Bench) -> None:
    """The company file has that person no more; the date stays."""
    bench.until("09-15 09:30")
    bench.within(bench.wired.arm_recurring)
    text = sample_text()
    start = text.index('[[person]]\nid = "E006"')
    without = text[:start] + text[text.index("[[person]]", start + 1) :]
    seeded = without.index('[[seed.task]]\nid = "RW-2026-0031"')
    without = without[:seeded] + without[without.index("[[seed.task]]", seeded + 1) :]
    bench.does(bench.wired.desk.import_company(bench.store, read_company(without), now=bench.clock.now()))
    left = task(bench, 31)
    assert (left.owner, left.due_at, left.is_offered) == ("E004", at("09-16T17:00"), True)
    held = owed(bench, 31)
    assert held[ObligationKind.ACCEPT_TASK].due_at == at("09-16T18:00")
    assert {one.holder for one in held.values()} == {"E004"}
    bench.expects_message(to="秦书禾", contains=["RW-2026-0031", "柳青原 已离职", "1 个工作日内重新指派"])
    bench.says("秦书禾", "/转交 RW-2026-0031 @孟知夏")
    assert (task(bench, 31).owner, task(bench, 31).previous_owner) == ("E007", None)


# ---------------------------------------------------------------- item and plan


def change_item(bench: Bench, code: str, **changes: object) -> None:
    def work(context: Context) -> None:
        item = context.uow.items.get(code)
        assert item is not None
        after = context.uow.items.put(replace(item, **changes))  # type: ignore[arg-type]
        context.announce(ItemChanged(item, after))

    bench.within(work)


def test_l_18_a_suspended_item_freezes_its_tasks_and_resumption_moves_and_lists_them(bench: Bench) -> None:
    """L-18: later by the working days from suspension (counted) to resumption (not)."""
    bench.until("09-14 10:00")
    change_item(bench, "SX-2026-0007", state=ItemState.SUSPENDED, suspended_at=bench.now)
    assert owed(bench, 31) == {}
    bench.says("柳青原", "/进度 RW-2026-0031 60% 继续")
    bench.expects_message(to="柳青原", contains="已暂停")
    bench.until("09-16 09:30")
    bench.forget()
    change_item(bench, "SX-2026-0007", state=ItemState.IN_PROGRESS)
    assert [task(bench, n).due_at for n in (31, 32, 33)] == [at("09-18T17:00"), at("09-21T18:00"), at("09-23T18:00")]
    assert owed(bench, 31)[ObligationKind.TASK].due_at == at("09-18T17:00")
    bench.expects_message(to="柳青原", contains=["RW-2026-0031", "由 17:00 改为 9月18日"])
    bench.expects_message(to="温晓棠", contains=["3 项任务顺延", "RW-2026-0033"])


def test_a_terminated_item_cancels_its_open_tasks(bench: Bench) -> None:
    bench.until("09-15 10:00")
    change_item(bench, "SX-2026-0007", state=ItemState.TERMINATED, reason="项目取消")
    assert {task(bench, n).state for n in (31, 32, 33)} == {TaskState.CANCELLED}
    assert owed(bench, 32) == {}
    bench.expects_message(to="袁知行", contains=["RW-2026-0032", "已取消"])


def test_another_version_of_the_plan_moves_and_cancels_open_tasks(bench: Bench) -> None:
    """3.2: tasks adjusted, closed tasks untouched."""
    bench.until("09-15 10:00")

    def version(number: int, *rows: tuple[str, ...]) -> Plan:
        return Plan(
            key=plan_key("FA-2026-0007", number),
            code=Code("FA-2026-0007"),
            number=number,
            item=Code("SX-2026-0007"),
            state=PlanState.EFFECTIVE,
            lead=DepartmentId("RD"),
            content={"tasks": rows},
        )

    rows = (
        ("首件试制", "PROD", "E006", "", "2026-08-24", "2026-09-23", "首件"),
        ("检测夹具到位", "QA", "E029", "", "2026-08-24", "2026-09-18", "夹具"),
    )
    bench.within(lambda context: context.announce(PlanEffective(version(2, *rows), version(1))))
    assert (task(bench, 31).due_at, task(bench, 32).due_at) == (at("09-23T18:00"), at("09-18T18:00"))
    assert task(bench, 33).state is TaskState.CANCELLED
    bench.expects_message(to="柳青原", contains=["RW-2026-0031", "9月23日", "FA-2026-0007"])


# ---------------------------------------------------------------- lists


def test_the_lists_of_tasks(bench: Bench) -> None:
    """R-26: liaisons follow up what their department has."""
    bench.until("09-15 10:00")
    bench.says("秦书禾", "/任务")
    bench.expects_message(to="秦书禾", contains=["您没有未完成的任务", "生产共 1 项"])
    bench.says("秦书禾", "/任务 生产")
    bench.expects_message(to="秦书禾", contains=["RW-2026-0031", "柳青原", "40%"])
    bench.says("柳青原", "/任务")
    bench.expects_message(to="柳青原", contains=["您有 1 项任务", "首件试制"])
    bench.says("温晓棠", "@回音 任务 SX-7", where="X1")
    bench.expects_message(in_chat="X1", contains=["完成 0/3", "RW-2026-0031", "RW-2026-0033"])
    bench.says("何沐晴", "/任务 RW-31")
    bench.expects_message(to="何沐晴", contains=["首件试制", "柳青原"])
    bench.says("钟晚晴", "/任务 RW-31")
    bench.expects_message(to="钟晚晴", contains="未找到该编号，或您无权查看。")
    bench.says("钟晚晴", "/任务 生产")
    bench.expects_message(to="钟晚晴", contains="您没有执行此操作的权限")


def test_the_lead_adds_a_task(bench: Bench) -> None:
    """P-12."""
    bench.until("09-15 10:00")
    bench.says("温晓棠", "/任务 新建 SX-7 整理样机清单 @柳青原 9-25")
    made = task(bench, 36)
    assert (made.title, made.owner, made.due_at, made.item) == (
        "整理样机清单", "E006", at("09-25T18:00"), "SX-2026-0007")  # fmt: skip
    bench.says("秦书禾", "/任务 新建 SX-7 整理样机清单 @柳青原 9-25")
    bench.expects_message(to="秦书禾", contains="您没有执行此操作的权限")
    bench.says("温晓棠", "/任务 新建 SX-7 整理样机清单")
    bench.expects_message(to="温晓棠", contains="任务 新建 SX-2026-0007")


def test_a_confidential_task_is_known_to_its_list_only_and_worked_on_in_private(bench: Bench) -> None:
    """2.5, EC-74: nothing but the number on a card or in the first line."""
    bench.until("09-15 10:00")
    bench.forget()
    access = tuple(PersonId(p) for p in ("E006", "E012", "E018", "E002"))
    assign(
        bench,
        new("涉密首件", "PROD", "E006", "09-18T18:00"),
        secrecy=2,
        access=access,
        source="WT-2026-0013",
        lead=DepartmentId("RD"),
    )
    card = bench.expects_card(to="柳青原", contains="RW-2026-0036", lacks="涉密首件")
    bench.expects_nothing_more()
    assert card.card.rows == ()
    bench.says("秦书禾", "/进度 RW-2026-0036 60% 好")
    bench.expects_message(to="秦书禾", contains="未找到该编号，或您无权查看。")
    bench.says("柳青原", "@回音 进度 RW-36 60% 好", where="X1")
    bench.expects_message(to="柳青原", contains="涉密内容不得在群内发送")
    bench.expects_message(in_chat="X1", contains="已私信您")
    bench.says("柳青原", "/完成 RW-2026-0036 已完成首件")
    bench.expects_card(to="陆怀谷", contains="RW-2026-0036", lacks="涉密首件")
    assert not [s for s in bench.everything() if "涉密首件" in s.words]
