"""Requests where something is unusual: rights, absence, secrets, levels, races, what is left alone (EC-05..EC-18, EC-93)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.timers import TimerKind
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers.clocks import clocks
from handlers.company.company import take_over
from tests.handlers.bench import Bench
from tests.handlers.request_words import (
    CODE,
    FORM,
    HEADS,
    NODES,
    OPINION,
    ROUTINE,
    fixed_meeting,
    meet,
    open_deadlines,
    reviewed,
    slots,
    submitted,
    the_request,
)

NOT_FOUND = "未找到该编号，或您无权查看。"


def new_head(bench: Bench, department: str, name: str) -> None:
    """Another person heads the department from now on, as an import tells it."""

    def work(uow: UnitOfWork) -> None:
        known = uow.departments.get(department)
        person = next(p for p in uow.people.find() if p.name == name)
        assert known is not None
        uow.departments.put(replace(known, head=person.id))
        uow.people.put(replace(person, department=DepartmentId(department)))
        uow.bump("directory")

    bench.transact(work)
    bench.within(follow_posts)


def follow_posts(context: Context) -> None:
    """What an import does once people or departments changed."""
    context.refresh()
    clocks.follow_posts(context)


# ---------------------------------------------------------------- who sees and fills in


def test_an_employee_drafts_for_the_own_department_and_a_liaison_submits_it(bench: Bench) -> None:
    """P-01, P-02."""
    bench.until("10:00")
    bench.says("程一帆", "需求 新建 专项 X1量产导入")
    bench.expects_card(to="程一帆", contains=[CODE, "对接人：温晓棠", "由本部门对接人或负责人提交：温晓棠"])
    bench.says("程一帆", f"需求 {CODE}\n{FORM}\n{NODES}")
    bench.forget()
    bench.says("程一帆", f"需求 提交 {CODE}")
    bench.expects_message(to="程一帆", contains="您没有执行此操作的权限")
    assert the_request(bench).state == "draft"
    bench.says("温晓棠", f"需求 提交 {CODE}")
    assert the_request(bench).state == "in_review"
    assert the_request(bench).submitted_by == "E013"


def test_a_draft_is_its_department_s_own_matter(bench: Bench) -> None:
    """3.1: creator, own liaison or head; for everybody else it reads as if it were not there."""
    bench.until("10:00")
    bench.says("温晓棠", "需求 新建 专项 X1量产导入")
    bench.forget()
    for name in ("罗启安", "顾明远", "许安然", "程一帆"):
        bench.says(name, f"需求 {CODE}")
        assert NOT_FOUND in bench.expects_message(to=name).words
        bench.says(name, f"需求 {CODE}\n备注：看看")
        assert NOT_FOUND in bench.expects_message(to=name).words
    bench.says("陆怀谷", f"需求 {CODE}")
    bench.expects_message(to="陆怀谷", contains=["X1量产导入", "联系电话：8302"])


def test_what_was_submitted_is_read_by_those_concerned_and_by_nobody_else(bench: Bench) -> None:
    bench.until("10:00")
    submitted(bench)
    for name in ("罗启安", "秦书禾", "顾明远", "许安然", "何沐晴"):
        bench.says(name, f"需求 {CODE}")
        bench.expects_message(to=name, contains=["X1量产导入", "研发：待审核"])
    bench.says("潘望舒", f"需求 {CODE}")
    unknown = bench.expects_message(to="潘望舒").words
    bench.says("潘望舒", "需求 XQ-2026-9999")
    assert bench.expects_message(to="潘望舒").words == unknown
    assert NOT_FOUND in unknown
    bench.says("潘望舒", f"同意 {CODE}")
    assert bench.expects_message(to="潘望舒").words == unknown
    assert bench.audit(CODE)[-1].action == "refused"


def test_the_telephone_number_is_masked_for_departments_that_are_not_concerned(bench: Bench) -> None:
    """F1-5: shown masked outside the item."""
    bench.until("10:00")
    submitted(bench, lines="联系电话：13812345678")
    bench.says("顾明远", f"需求 {CODE}")
    bench.expects_message(to="顾明远", lacks="13812345678")
    bench.says("秦书禾", f"需求 {CODE}")
    bench.expects_message(to="秦书禾", contains="13812345678")


def test_the_form_is_frozen_while_it_is_reviewed(bench: Bench) -> None:
    bench.until("10:00")
    submitted(bench)
    bench.says("温晓棠", f"需求 {CODE}\n备注：再改一处")
    bench.expects_message(to="温晓棠", contains="待副组长审核")
    assert "remark" not in the_request(bench).content


def test_only_the_leader_names_another_lead_department(bench: Bench) -> None:
    """F1-3."""
    bench.until("10:00")
    bench.says("温晓棠", "需求 新建 专项 X1量产导入\n牵头部门：质量部")
    bench.expects_card(to="温晓棠", contains="只有组长可以改为别的部门")
    assert the_request(bench).lead == "RD"
    bench.says("顾明远", "需求 新建 专项 全员安全培训\n牵头部门：行政部")
    assert the_request(bench, "XQ-2026-0016").lead == "ADMIN"
    assert the_request(bench, "XQ-2026-0016").content["liaison"] == "E019"


# ---------------------------------------------------------------- the form


def test_ec_16_blanks_zero_width_characters_and_emoji_are_nothing(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}\n协作目标：\u200b🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂")
    bench.forget()
    assert the_request(bench).content.get("goal", "") != "\u200b🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("计划完成日期：2026-09-20", "计划完成日期"),
        ("计划开始日期：2026-09-13\n时间节点：定版 | 2026-09-25", "不能早于填写日期"),
        ("计划完成日期：2026-02-30", "2026-02-30"),
        ("计划完成日期：2999-01-01", "2999-01-01"),
    ],
)
def test_ec_17_dates_that_cannot_be_are_named_and_nothing_is_submitted(bench: Bench, lines: str, said: str) -> None:
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}")
    bench.forget()
    bench.says("温晓棠", f"需求 提交 {CODE}\n{lines}")
    bench.expects_message(to="温晓棠", contains=said)
    assert the_request(bench).state == "draft"
    assert open_deadlines(bench) == {}


def test_ec_18_the_lead_cannot_cooperate_with_itself(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}\n所需配合部门：研发部")
    bench.expects_message(to="温晓棠", contains="牵头部门不能同时是配合部门")
    bench.says("温晓棠", f"需求 提交 {CODE}")
    bench.expects_message(to="温晓棠", contains="牵头部门不能同时是配合部门")
    assert the_request(bench).state == "draft"


def test_what_was_typed_is_kept_although_the_submission_is_refused(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}")
    bench.forget()
    bench.says("温晓棠", f"需求 提交 {CODE}\n备注：样机已在库")
    assert bench.expects_message(to="温晓棠").words.startswith("以下必填项未填写：时间节点\n")
    assert the_request(bench).content["remark"] == "样机已在库"


def test_a_draft_is_filled_in_by_answering_one_question_after_the_other(formless: Bench) -> None:
    """Design 3: dialogue beside text; every answer is saved."""
    formless.until("10:00")
    formless.says("温晓棠", "需求 新建 专项 X1量产导入")
    formless.expects_message(to="温晓棠", contains=[CODE, "协作目标"])
    formless.says("温晓棠", "年内完成 X1 从试产到量产的导入")
    formless.expects_message(to="温晓棠", contains="协作背景")
    assert the_request(formless).content["goal"] == "年内完成 X1 从试产到量产的导入"


def test_nothing_is_asked_any_more_once_lines_were_written_or_somebody_submitted(formless: Bench) -> None:
    formless.until("10:00")
    formless.says("温晓棠", "需求 新建 专项 X1量产导入")
    formless.says("温晓棠", f"需求 {CODE}\n{FORM}\n{NODES}")
    assert formless.read(lambda uow: uow.form_drafts.find(item=CODE)) == []
    formless.says("程一帆", "需求 新建 专项 产线搬迁方案")
    formless.says("程一帆", f"需求 XQ-2026-0016\n{FORM}")
    formless.says("程一帆", "需求 新建 专项 夹具改造")
    formless.says("温晓棠", f"需求 XQ-2026-0017\n{FORM}\n{NODES}")
    formless.says("温晓棠", "需求 提交 XQ-2026-0017")
    formless.forget()
    formless.says("程一帆", "设置 语言 en")
    formless.expects_message(to="程一帆", contains="English")


# ---------------------------------------------------------------- who reviews


def test_ec_06_nobody_gets_buttons_for_the_own_request(bench: Bench) -> None:
    """SoD-1: the cooperating head who submits for another department is barred there too."""
    bench.until("11:30")
    bench.says("潘望舒", ROUTINE)
    bench.says("潘望舒", f"需求 提交 {CODE}")
    card = bench.expects_card(to="叶青禾")
    answer = bench.clicks("潘望舒", "审核通过", card=card)
    assert answer is not None
    assert answer.is_error
    assert slots(bench) == {"HR": "self_submitted", "ADMIN": "open"}
    assert bench.audit(CODE)[-1].reason == "no_right"


def test_ec_09_a_slot_follows_the_department_s_present_head(bench: Bench) -> None:
    bench.until("10:00")
    cards = submitted(bench)
    new_head(bench, "QA", "袁知行")
    assert open_deadlines(bench)["审核/QA"] == "E029"
    fresh = bench.expects_card(to="袁知行", buttons=["审核通过", "退回"])
    bench.expects_card_update(to="尹若谷", buttons=[])
    answer = bench.clicks("尹若谷", "审核通过", card=cards["尹若谷"])
    assert answer is not None
    assert answer.is_error
    assert slots(bench)["QA"] == "open"
    bench.clicks("袁知行", "审核通过", card=fresh)
    assert slots(bench)["QA"] == "passed"


def test_ec_48_a_request_follows_a_department_that_was_merged(bench: Bench) -> None:
    bench.until("10:00")
    submitted(bench)

    def work(uow: UnitOfWork) -> None:
        known = uow.departments.get("QA")
        assert known is not None
        uow.departments.put(replace(known, merged_into=DepartmentId("PROD"), is_active=False))
        uow.bump("directory")

    bench.transact(work)
    bench.within(follow_posts)
    assert (the_request(bench).coop, list(slots(bench))) == (
        ("PROD", "FIN", "SALES"),
        ["RD", "PROD", "FIN", "SALES"],
    )
    assert "审核/QA" not in open_deadlines(bench)


def test_a_head_s_delegate_passes_in_the_head_s_place(bench: Bench) -> None:
    """2.6: recorded as “B 代 A”."""
    bench.until("09:00")
    bench.says("尹若谷", "请假 9-14 9-16 代理 @陆怀谷 范围:审批")
    bench_at(bench, "10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}")
    bench.says("温晓棠", f"需求 提交 {CODE}")
    asked = sorted(s.reader for s in bench.forget() if "待副组长审核" in s.words and s.reader != "温晓棠")
    assert asked == sorted(head for head in HEADS if head != "尹若谷"), "one card for each head who acts"
    bench.says("陆怀谷", f"同意 {CODE}")
    assert slots(bench)["RD"] == "passed"
    bench.says("陆怀谷", f"同意 {CODE}")
    slot = the_request(bench).slot("QA")
    assert slot is not None
    assert (slot.by, slot.behalf) == ("E012", "E028")
    bench.forget()
    bench.says("秦书禾", f"需求 {CODE}")
    bench.expects_message(to="秦书禾", contains="质量：通过（陆怀谷 代 尹若谷")
    assert bench.audit(CODE)[-1].on_behalf_of == "E028"


def bench_at(bench: Bench, hour: str) -> Bench:
    bench.until(hour)
    bench.forget()
    return bench


def test_a_slot_that_nobody_can_fill_stays_open_and_the_secretary_is_told(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("尹若谷", "请假 9-14 9-16")
    bench_at(bench, "10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}")
    bench.says("温晓棠", f"需求 提交 {CODE}")
    bench.expects_message(to="许安然", contains=[CODE, "质量"])
    assert slots(bench)["QA"] == "open"


def test_with_the_lead_alone_asked_one_slot_is_enough(bench: Bench) -> None:
    """A-01: `request.review_mode = lead_only`."""
    ask_lead_only(bench)
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}")
    bench.says("温晓棠", f"需求 提交 {CODE}")
    assert slots(bench) == {"RD": "open"}


def ask_lead_only(bench: Bench) -> None:
    """The company asks the lead's head alone from now on."""
    company = bench.file.company
    changed = replace(company, parameters=replace(company.parameters, request_review_mode="lead_only"))
    file = replace(bench.file, company=changed)
    bench.transact(lambda uow: take_over(uow, file, now=bench.now, force=True))


# ---------------------------------------------------------------- the leader


def test_sod_2_what_the_leader_asked_for_goes_to_the_alternate(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("顾明远", f"需求 新建 专项 X1量产导入\n牵头部门：研发部\n对接人：温晓棠\n{FORM}\n{NODES}")
    bench.says("顾明远", f"需求 提交 {CODE}")
    for head in HEADS:
        bench.says(head, f"同意 {CODE}")
    fixed_meeting(bench)
    bench.forget()
    bench.says("许安然", OPINION)
    assert open_deadlines(bench) == {"组长审批": "E001"}
    card = bench.expects_card(to="沈若川", buttons=["批准", "驳回", "退回补充"])
    bench.says("顾明远", f"批准 {CODE}")
    bench.expects_message(to="顾明远", contains="您没有执行此操作的权限")
    bench.clicks("沈若川", "批准", card=card)
    assert (the_request(bench).state, the_request(bench).decided_by) == ("approved", "E001")


def test_the_leader_s_stand_in_decides_in_the_leader_s_place(bench: Bench) -> None:
    """EC-10, EC-11: without a delegate the alternate."""
    bench.until("10:00")
    reviewed(bench)
    fixed_meeting(bench)
    bench.says("顾明远", "请假 9-14 9-18")
    bench.forget()
    bench.says("许安然", OPINION)
    card = bench.expects_card(to="沈若川", buttons=["批准", "驳回", "退回补充"])
    bench.clicks("沈若川", "批准", card=card)
    request = the_request(bench)
    assert (request.state, request.decided_by, request.decided_for) == ("approved", "E001", "E002")


def test_ec_12_a_delegate_who_asked_for_it_does_not_decide(bench: Bench) -> None:
    """SoD-7: the next in the chain does."""
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}")
    bench.says("陆怀谷", f"需求 提交 {CODE}")
    for head in HEADS[1:]:
        bench.says(head, f"同意 {CODE}")
    fixed_meeting(bench)
    stand_in(bench, "E002", "E012")
    bench.forget()
    bench.says("许安然", OPINION)
    bench.expects_card(to="沈若川", buttons=["批准", "驳回", "退回补充"])
    bench.says("陆怀谷", f"批准 {CODE}")
    assert the_request(bench).state == "pending_leader"
    bench.says("沈若川", f"批准 {CODE}")
    assert the_request(bench).state == "approved"


def stand_in(bench: Bench, absent: str, delegate: str) -> None:
    """A leave with that delegate runs, as an import may bring it."""
    leave = Leave(
        code=Code("QJ-2026-0099"),
        person=PersonId(absent),
        delegate=PersonId(delegate),
        scope=Scope.ALL,
        starts_at=bench.now,
        ends_at=bench.now + timedelta(days=3),
        state=LeaveState.ACTIVE,
        registered_by=PersonId(absent),
        registered_at=bench.now,
    )

    def work(uow: UnitOfWork) -> None:
        uow.leaves.add(leave)
        uow.bump("leaves")

    bench.transact(work)
    bench.within(follow_posts)


def test_ec_03_head_and_delegate_at_once_leave_one_decision(bench: Bench) -> None:
    bench.until("10:00")
    cards = submitted(bench)
    card = cards["尹若谷"]
    answers = bench.click_together(
        ("尹若谷", "审核通过"), ("尹若谷", "退回"), card=card, answer="缺少检验人力与设备需求"
    )
    assert [answer is not None and answer.is_error for answer in answers] == [False, True]
    assert (the_request(bench).state, slots(bench)["QA"]) == ("in_review", "passed")


def test_ec_15_approval_and_withdrawal_at_once_leave_one_winner_and_an_informed_loser(bench: Bench) -> None:
    bench.until("10:00")
    reviewed(bench)
    fixed_meeting(bench)
    bench.says("许安然", OPINION)
    card = bench.expects_card(to="顾明远")
    bench.forget()
    bench.says("温晓棠", f"撤回 {CODE}")
    answer = bench.clicks("顾明远", "批准", card=card)
    assert answer is not None
    assert answer.toast == "卡片内容已更新，请以最新状态为准（当前：已撤回）。"
    assert the_request(bench).state == "withdrawn"
    bench.expects_card_update(to="顾明远", state="已撤回", buttons=[])


def test_heads_withdraw_before_the_leader_has_it_and_not_afterwards(bench: Bench) -> None:
    """P-03."""
    bench.until("10:00")
    submitted(bench)
    bench.says("罗启安", f"撤回 {CODE}")
    bench.expects_message(to="罗启安", contains="您没有执行此操作的权限")
    bench.says("陆怀谷", f"需求 撤回 {CODE} 立项条件变化")
    assert (the_request(bench).state, the_request(bench).reason) == ("withdrawn", "立项条件变化")
    bench.expects_message(to="温晓棠", contains=["已由 陆怀谷 撤回"])


def test_once_the_leader_has_it_only_the_submitter_withdraws(bench: Bench) -> None:
    bench.until("10:00")
    reviewed(bench)
    fixed_meeting(bench)
    bench.says("许安然", OPINION)
    bench.says("陆怀谷", f"撤回 {CODE}")
    assert the_request(bench).state == "pending_leader"
    bench.says("温晓棠", f"撤回 {CODE}")
    assert the_request(bench).state == "withdrawn"


def test_nothing_is_withdrawn_between_review_and_leader(bench: Bench) -> None:
    """3.1 has no such line."""
    bench.until("10:00")
    reviewed(bench)
    bench.says("温晓棠", f"撤回 {CODE}")
    assert the_request(bench).state == "reviewed"


# ---------------------------------------------------------------- the opinion


def test_an_opinion_that_is_not_whole_is_kept_until_it_is(bench: Bench) -> None:
    """R-76: feasibility, resources and risks are all assessed."""
    bench.until("10:00")
    reviewed(bench)
    fixed_meeting(bench)
    bench.forget()
    bench.says("许安然", f"评估 {CODE}\n可行性评估：可行\n评估结论：建议批准")
    bench.expects_message(
        to="许安然", contains=["以下必填项未填写：资源需求评估、潜在风险、各部门意见", "已写的内容已保存"]
    )
    assert the_request(bench).state == "assessing"
    bench.says("许安然", f"评估 {CODE}\n资源需求评估：满足\n潜在风险：无\n各部门意见：研发部 | 同意")
    assert the_request(bench).state == "pending_leader"


def test_an_opinion_before_the_end_of_the_meeting_waits(bench: Bench) -> None:
    bench.until("10:00")
    reviewed(bench)
    meet(bench, "scheduled")
    bench.forget()
    bench.says("许安然", OPINION)
    bench.expects_message(to="许安然", contains="HY-2026-0099 尚未结束")
    assert the_request(bench).state == "assessing"
    meet(bench, "ended")
    bench.says("许安然", f"评估 {CODE}\n评估结论：建议不批准")
    assert the_request(bench).state == "pending_leader"


def test_an_opinion_that_asks_for_more_sends_the_request_back(bench: Bench) -> None:
    """R-77: 建议补充 with what is missing."""
    bench.until("10:00")
    reviewed(bench)
    fixed_meeting(bench)
    bench.forget()
    bench.says("许安然", f"评估 {CODE}\n评估结论：建议补充")
    bench.expects_message(to="许安然", contains="以下必填项未填写：补充要求")
    bench.says("许安然", f"评估 {CODE}\n评估结论：建议补充\n补充要求：补充铝件备选供应商方案")
    assert the_request(bench).state == "returned"
    bench.expects_message(to="温晓棠", contains="补充铝件备选供应商方案")


def test_only_the_secretary_records_the_opinion(bench: Bench) -> None:
    """P-07."""
    bench.until("10:00")
    reviewed(bench)
    fixed_meeting(bench)
    bench.forget()
    bench.says("顾明远", OPINION)
    bench.expects_message(to="顾明远", contains="评估意见由执行秘书许安然记录")
    bench.says("许安然", f"评估 {CODE}")
    card = bench.expects_card(to="许安然", contains=["可行性评估", "评估结论"])
    assert "建议补充" in {value for f in card.card.fields if f.name == "conclusion" for value, _ in f.choices}


def test_another_meeting_may_take_the_place_of_one_that_was_missed(bench: Bench) -> None:
    bench.until("10:00")
    reviewed(bench)
    meet(bench, "scheduled")
    meet(bench, "missed")
    meet(bench, "scheduled", code="HY-2026-0100")
    assert the_request(bench).meeting == "HY-2026-0100"
    assert open_deadlines(bench) == {"评估会": "E018"}


# ---------------------------------------------------------------- levels, splitting


def test_ec_93_the_secretary_raises_what_was_called_routine(bench: Bench) -> None:
    """A-02, P-05: thresholds on the reviewers' cards; the slots stay."""
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 日常 X1量产导入\n{FORM}\n{NODES}")
    bench.expects_message(to="温晓棠", contains="按标准建议选“专项协作”")
    bench.says("温晓棠", f"需求 提交 {CODE}")
    card = bench.expects_card(to="陆怀谷", contains=["日常协作（达到专项标准）", "配合部门 3 个起（本单 4）"])
    bench.clicks("陆怀谷", "审核通过", card=card)
    bench.says("罗启安", f"升级 {CODE}")
    bench.expects_message(to="罗启安", contains="限执行秘书许安然和组长")
    bench.forget()
    bench.says("许安然", f"升级 {CODE} 配合部门较多")
    bench.expects_message(to="温晓棠", contains=["升级为专项协作", "配合部门较多"])
    assert (the_request(bench).level, slots(bench)["RD"]) == ("专项", "passed")
    for head in HEADS[1:]:
        bench.says(head, f"同意 {CODE}")
    assert the_request(bench).state == "reviewed"


def test_only_the_leader_lowers_and_only_before_anybody_reviewed(bench: Bench) -> None:
    """P-06."""
    bench.until("10:00")
    submitted(bench)
    bench.says("许安然", f"降级 {CODE} 范围已经缩小")
    bench.expects_message(to="许安然", contains="降级为日常限组长")
    bench.says("顾明远", f"降级 {CODE}")
    bench.expects_message(to="顾明远", contains="请填写原因")
    bench.says("顾明远", f"降级 {CODE} 范围已经缩小")
    assert the_request(bench).level == "日常"
    bench.says("许安然", f"升级 {CODE}")
    bench.says("陆怀谷", f"同意 {CODE}")
    bench.forget()
    bench.says("顾明远", f"降级 {CODE} 范围已经缩小")
    bench.expects_message(to="顾明远", contains="不能再降级")


def test_ec_93_one_project_in_parts_is_pointed_out_to_the_secretary(bench: Bench) -> None:
    bench.until("10:00")
    for number, part in ((15, "一期"), (16, "二期")):
        bench.says("潘望舒", ROUTINE.replace("校招宣讲物料", f"校招宣讲物料（{part}）"))
        bench.forget()
        bench.says("潘望舒", f"需求 提交 XQ-2026-00{number}")
    bench.expects_message(to="许安然", contains=["XQ-2026-0016", "XQ-2026-0015", "拆分"])


# ---------------------------------------------------------------- secrets


def test_a_confidential_request_is_known_to_its_list_only_and_never_on_a_card(bench: Bench) -> None:
    """2.5, EC-08, EC-74."""
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}\n密级：涉密")
    bench.forget()
    bench.says("温晓棠", f"需求 提交 {CODE}")
    card = bench.expects_card(to="尹若谷", lacks="X1量产导入", buttons=["审核通过", "退回"])
    assert card.card.title.endswith(CODE)
    assert bench.expects_message(to="温晓棠").words.startswith(f"{CODE}\n已提交")
    bench.says("唐子衡", f"需求 {CODE}")
    assert NOT_FOUND in bench.expects_message(to="唐子衡").words
    bench.says("袁知行", f"需求 {CODE}")
    bench.expects_message(to="袁知行", contains="X1量产导入")
    bench.clicks("尹若谷", "审核通过", card=card)
    assert slots(bench)["QA"] == "passed"
    assert PersonId("E029") in the_request(bench).access
    row = bench.read(lambda uow: uow.obligations.find(code=CODE))[0]
    assert (row.secrecy, set(row.access) >= {"E018", "E002"}) == (2, True)


def test_ec_70_a_confidential_request_is_not_there_for_anybody_in_a_group(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}\n密级：涉密")
    bench.forget()
    bench.says("温晓棠", f"@回音 需求 {CODE}", where="X1")
    assert NOT_FOUND in bench.expects_message(to="温晓棠").words
    bench.says("温晓棠", "@回音 需求 XQ-2026-9999", where="X1")
    assert NOT_FOUND in bench.expects_message(to="温晓棠").words
    said = [shown.words for shown in bench.forget()]
    assert len(set(said)) == 1, "the group is told the same for what there is and what there is not"


def test_ec_74_what_is_secret_begins_with_its_number_and_without_its_title(bench: Bench) -> None:
    bench.until("10:00")
    submitted_secretly = f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}\n密级：内部敏感"
    bench.says("温晓棠", submitted_secretly)
    bench.says("温晓棠", f"需求 提交 {CODE}")
    card = bench.expects_card(to="尹若谷", lacks="X1量产导入")
    bench.forget()
    bench.clicks("尹若谷", "退回", card=card, answer="缺少检验人力与设备需求")
    assert bench.expects_message(to="温晓棠").words.startswith(f"{CODE}\n被 尹若谷 退回补充")
    bench.says("温晓棠", f"需求 {CODE}")
    assert bench.expects_message(to="温晓棠").words.startswith(f"{CODE}｜退回补充\n")


def test_a_title_that_is_too_long_is_said_to_be_and_not_cut(bench: Bench) -> None:
    """EC-65."""
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 {'很长的名称' * 12}")
    bench.expects_card(to="温晓棠", contains=["协作事项名称", "50"])
    assert the_request(bench).title == ""


def test_a_level_that_is_raised_empties_every_card_at_once(bench: Bench) -> None:
    """2.5, EC-72: by creator, lead head or secretary; lowered by lead head and leader together."""
    bench.until("10:00")
    submitted(bench)
    bench.says("罗启安", f"密级 {CODE} 涉密")
    bench.expects_message(to="罗启安", contains="您没有执行此操作的权限")
    bench.says("许安然", f"密级 {CODE} 内部敏感")
    bench.expects_card_update(to="尹若谷", lacks="X1量产导入", buttons=["审核通过", "退回"])
    assert the_request(bench).secrecy == 1
    bench.forget()
    bench.says("陆怀谷", f"密级 {CODE} 普通")
    bench.expects_message(to="陆怀谷", contains="还需 顾明远 同意")
    bench.expects_message(to="顾明远", contains=f"密级 {CODE} 普通")
    bench.says("顾明远", f"密级 {CODE} 普通")
    assert the_request(bench).secrecy == 0
    bench.expects_card_update(to="尹若谷", contains="X1量产导入")


def test_readers_of_a_confidential_request_are_named_in_private(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("温晓棠", f"需求 新建 专项 X1量产导入\n{FORM}\n{NODES}\n密级：涉密")
    bench.says("温晓棠", f"需求 提交 {CODE}")
    bench.forget()
    bench.says("温晓棠", f"知悉范围 {CODE} @程一帆")
    bench.expects_message(to="温晓棠", contains="程一帆")
    bench.says("程一帆", f"需求 {CODE}")
    bench.expects_message(to="程一帆", contains="X1量产导入")
    bench.says("陆怀谷", f"知悉范围 {CODE} 移出 @程一帆")
    assert PersonId("E016") not in the_request(bench).access


def test_confidential_matter_is_not_taken_in_a_group(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("温晓棠", "@回音 需求 新建 专项 X1量产导入\n密级：涉密", where="X1")
    bench.expects_message(contains="涉密内容不得在群内发送")
    assert bench.read(lambda uow: uow.requests.get(CODE)) is None


def test_requests_are_answered_in_private_and_a_group_is_told_only_that(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("温晓棠", "@回音 需求 新建 专项 X1量产导入", where="X1")
    bench.expects_card(to="温晓棠", contains=CODE)
    bench.expects_message(in_chat="X1", contains="已私信您", lacks="X1量产导入")
    bench.expects_nothing_more()


# ---------------------------------------------------------------- lists, copies, left alone


def test_the_list_has_what_one_may_see_open_ones_first(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("潘望舒", "需求 列表")
    bench.expects_message(to="潘望舒", contains="没有与您有关的需求单")
    submitted(bench)
    bench.says("潘望舒", ROUTINE)
    bench.forget()
    bench.says("许安然", "需求 列表")
    bench.expects_message(to="许安然", contains=["1 张，未结 1 张", CODE, "待副组长审核"], lacks="XQ-2026-0016")
    bench.says("潘望舒", "需求")
    bench.expects_message(to="潘望舒", contains=["XQ-2026-0016", "草稿"], lacks=CODE)


def test_what_was_rejected_or_withdrawn_begins_anew_as_a_copy(bench: Bench) -> None:
    bench.until("10:00")
    submitted(bench)
    bench.says("温晓棠", f"撤回 {CODE}")
    bench.forget()
    bench.says("陆怀谷", f"需求 复制 {CODE}")
    bench.expects_message(to="陆怀谷", contains="您没有执行此操作的权限")
    bench.says("温晓棠", f"需求 复制 {CODE}")
    bench.expects_message(to="温晓棠", contains=["XQ-2026-0016", CODE, "必填项已齐"])
    copy = the_request(bench, "XQ-2026-0016")
    assert (copy.state, copy.copied_from, copy.content["request_no"]) == ("draft", CODE, "XQ-2026-0016")


def test_drafts_and_returned_requests_that_nobody_touches_are_brought_to_mind(bench: Bench) -> None:
    """3.1: 30 days; a returned one weekly, and the secretary may take it out with a reason."""
    bench.until("10:00")
    cards = submitted(bench)
    bench.clicks("尹若谷", "退回", card=cards["尹若谷"], answer="缺少检验人力与设备需求")
    bench.says("许安然", f"撤回 {CODE} 久未补充，先行撤回")
    assert the_request(bench).state == "returned"
    bench.forget()
    timers = bench.read(lambda uow: [t for t in uow.timers.of(CODE) if t.kind is TimerKind.REQUEST_IDLE])
    assert [f"{t.due_at:%m-%d}" for t in timers] == ["10-14"]
    bench.jumps(hours=24 * 30)
    found = [s for s in bench.forget() if CODE in s.words and "30 天没有修改" in s.words]
    assert sorted(s.reader for s in found) == ["温晓棠", "许安然"]
    assert bench.read(lambda uow: uow.timers.of(CODE))[0].due_at > bench.now
    bench.says("许安然", f"撤回 {CODE} 久未补充，先行撤回")
    assert the_request(bench).state == "withdrawn"
    assert bench.read(lambda uow: uow.timers.of(CODE)) == []


def test_an_instruction_that_is_no_more_possible_says_how_it_stands(bench: Bench) -> None:
    bench.until("10:00")
    submitted(bench)
    bench.says("温晓棠", f"需求 提交 {CODE}")
    bench.expects_message(to="温晓棠", contains=["该操作已于 10:00 由 温晓棠 完成"])
    bench.says("陆怀谷", f"驳回 {CODE} 暂不具备条件")
    bench.expects_message(to="陆怀谷", contains="待副组长审核")
