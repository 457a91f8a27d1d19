"""A special request from its first line to the leader's decision, as in the acceptance week (domain.md 3.1; R-72..R-78)."""

from __future__ import annotations

import pytest

from bot.domain.digest import Happening
from bot.domain.ids import PersonId
from bot.messages import CardColour
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
from tests.handlers.shown import BEIJING, Shown


def facts_of(bench: Bench) -> list[str]:
    return [fact.kind for fact in bench.read(lambda uow: uow.facts.find(code=CODE))]


# ---------------------------------------------------------------- steps 4 to 6


def test_steps_4_and_5_a_draft_begins_with_what_is_known_and_is_refused_without_its_time_nodes(bench: Bench) -> None:
    """R-28, R-72, R-73: the lead raises it; the refusal names the field, and the draft stays."""
    bench.until("09:30")
    bench.says("温晓棠", "/需求 新建 专项 X1量产导入")
    card = bench.expects_card(to="温晓棠", contains=[CODE, "X1量产导入", "牵头：研发", "对接人：温晓棠"])
    assert card.card.fields[0].label == "协作目标"
    request = the_request(bench)
    assert (request.state, request.lead, request.level, request.title) == ("draft", "RD", "专项", "X1量产导入")
    assert request.content["phone"] == "8302"
    bench.says("温晓棠", f"/需求 {CODE}\n{FORM}")
    bench.expects_message(to="温晓棠", contains=["已保存", "还缺：时间节点"])
    bench.until("09:48")
    bench.says("温晓棠", f"/需求 提交 {CODE}")
    refusal = bench.expects_message(to="温晓棠")
    assert refusal.words.startswith("以下必填项未填写：时间节点\n")
    assert CODE in refusal.words
    assert the_request(bench).state == "draft"
    assert [(r.action, r.reason) for r in bench.audit(CODE)][-1] == ("refused", "missing_fields")
    bench.expects_nothing_more()


def test_step_6_five_heads_get_one_card_each_and_a_working_day(bench: Bench) -> None:
    """A-01, R-74, T-02."""
    bench.until("09:55")
    bench.says("温晓棠", "需求 新建 专项 X1量产导入")
    bench.says("温晓棠", f"需求 {CODE}\n{FORM}\n{NODES}")
    bench.forget()
    bench.says("温晓棠", f"需求 提交 {CODE}")
    for head in HEADS:
        card = bench.expects_card(
            to=head, contains=["X1量产导入", "温晓棠（研发）", "专项标准", CODE], state="待副组长审核"
        )
        assert [button.text for button in card.card.buttons] == ["审核通过", "退回"]
    bench.expects_message(to="温晓棠", contains=["已提交审核（第 1 轮）", "9月15日（周二）18:00"])
    bench.expects_nothing_more()
    request = the_request(bench)
    assert (request.state, request.round) == ("in_review", 1)
    assert request.due_at is not None
    assert f"{request.due_at.astimezone(BEIJING):%m-%d %H:%M}" == "09-15 18:00"
    assert open_deadlines(bench) == {
        "审核/RD": "E012",
        "审核/PROD": "E003",
        "审核/QA": "E028",
        "审核/FIN": "E021",
        "审核/SALES": "E008",
    }
    assert facts_of(bench) == [Happening.REQUEST_NEW]


# ---------------------------------------------------------------- steps 7 to 9, 12 to 16


def test_steps_7_to_9_a_slot_is_passed_once_and_only_by_its_head(bench: Bench) -> None:
    """EC-01, EC-02, EC-07."""
    bench.until("10:10")
    cards = submitted(bench)
    assert bench.clicks("陆怀谷", "审核通过", card=cards["陆怀谷"]) is not None
    assert slots(bench)["RD"] == "passed"
    assert "审核/RD" not in open_deadlines(bench)
    bench.expects_card_update(to="陆怀谷", contains="1/5", buttons=[])
    bench.advance(seconds=2)
    answer = bench.clicks("陆怀谷", "审核通过", card=cards["陆怀谷"])
    assert answer is not None
    assert "该操作已于 10:10 由 陆怀谷 完成" in answer.toast
    assert bench.audit(CODE)[-1].reason == "done_already"
    bench.until("10:20")
    answer = bench.clicks("陆怀谷", "审核通过", card=cards["罗启安"])
    assert answer is not None
    assert answer.is_error
    assert slots(bench)["PROD"] == "open"
    assert (bench.audit(CODE)[-1].action, bench.audit(CODE)[-1].reason) == ("refused", "no_right")


def test_steps_13_and_14_ec_14_a_return_needs_a_reason_and_voids_the_round(bench: Bench) -> None:
    """Fewer than five visible characters are no reason."""
    bench.until("15:10")
    cards = submitted(bench)
    bench.clicks("陆怀谷", "审核通过", card=cards["陆怀谷"])
    for reason in ("", "    ", "缺少检验", "🙂🙂🙂🙂🙂"):
        answer = bench.clicks("尹若谷", "退回", card=cards["尹若谷"], answer=reason)
        assert answer is not None
        assert answer.toast == "请填写原因（不少于 5 个字）。"
    assert the_request(bench).state == "in_review"
    bench.forget()
    bench.clicks("尹若谷", "退回", card=cards["尹若谷"], answer="缺少检验人力与设备需求")
    assert the_request(bench).state == "returned"
    assert slots(bench) == {"RD": "void", "PROD": "void", "QA": "returned", "FIN": "void", "SALES": "void"}
    assert open_deadlines(bench) == {}
    bench.expects_message(to="温晓棠", contains=[CODE, "尹若谷", "缺少检验人力与设备需求", f"需求 提交 {CODE}"])
    for head in HEADS:
        bench.expects_card_update(to=head, state="退回补充", colour=CardColour.OVERDUE, buttons=[])
    bench.expects_nothing_more()


def test_step_15_ec_05_a_card_of_an_earlier_round_is_stale(bench: Bench) -> None:
    bench.until("15:11")
    cards = submitted(bench)
    bench.clicks("尹若谷", "退回", card=cards["尹若谷"], answer="缺少检验人力与设备需求")
    bench.until("15:40")
    bench.says(
        "温晓棠", f"需求 {CODE}\n所需资源：人力 | 检验员 | 2 人 | 质量部 | 9 月；设备 | 三坐标 | 1 台 | 质量部 | 9 月"
    )
    bench.forget()
    bench.says("温晓棠", f"需求 提交 {CODE}")
    fresh = {head: bench.expects_card(to=head) for head in HEADS}
    assert (the_request(bench).round, set(slots(bench).values())) == (2, {"open"})
    assert the_request(bench).rounds[0].content["resources"] != the_request(bench).content["resources"]
    answer = bench.clicks("方景行", "审核通过", card=cards["方景行"])
    assert answer is not None
    assert answer.toast == "卡片内容已更新，请以最新状态为准（当前：待副组长审核）。"
    assert slots(bench)["SALES"] == "open"
    bench.clicks("方景行", "审核通过", card=fresh["方景行"])
    assert slots(bench)["SALES"] == "passed"
    assert facts_of(bench) == [Happening.REQUEST_NEW], "a resubmitted request is not new again (L-25)"


# ---------------------------------------------------------------- steps 25, 26, 35, 36, 39


def test_step_25_the_last_head_opens_the_assessment_and_the_secretary_is_asked_to_call_it(bench: Bench) -> None:
    """R-75, T-03."""
    bench.until("17:10")
    cards = submitted(bench)
    for head in HEADS[:-1]:
        bench.clicks(head, "审核通过", card=cards[head])
    bench.until("09-15 10:00")
    bench.forget()
    bench.clicks("方景行", "审核通过", card=cards["方景行"])
    request = the_request(bench)
    assert request.state == "reviewed"
    assert request.due_at is not None
    assert f"{request.due_at.astimezone(BEIJING):%m-%d %H:%M}" == "09-18 18:00"
    assert open_deadlines(bench) == {"评估会": "E018"}
    bench.expects_message(to="许安然", contains=[CODE, "9月18日（周五）18:00", "会议 安排 评估会"])
    bench.expects_message(to="温晓棠", contains=[CODE, "均已审核通过"])


def test_steps_26_and_35_the_meeting_moves_the_request_on_and_its_end_meets_the_limit(bench: Bench) -> None:
    bench.until("10:05")
    reviewed(bench)
    meet(bench, "scheduled")
    assert (the_request(bench).state, the_request(bench).meeting) == ("assessing", "HY-2026-0099")
    assert open_deadlines(bench) == {"评估会": "E018"}
    meet(bench, "ended")
    assert the_request(bench).held_at is not None
    assert open_deadlines(bench) == {}


def test_step_36_the_opinion_goes_to_the_leader_with_two_working_days(bench: Bench) -> None:
    """R-76..R-78, T-04."""
    bench.until("09-15 16:20")
    reviewed(bench)
    fixed_meeting(bench)
    bench.forget()
    bench.says("许安然", OPINION)
    bench.expects_message(to="许安然", contains=["评估意见已记录", "建议批准"])
    card = bench.expects_card(to="顾明远", contains=["X1量产导入", "建议批准 · 可行 · 满足", "铝件到货延迟"])
    assert [button.text for button in card.card.buttons] == ["批准", "驳回", "退回补充"]
    bench.expects_message(to="温晓棠", contains="评估意见已报组长审批")
    assert all(shown.is_update for shown in bench.forget()), "the heads' cards follow"
    request = the_request(bench)
    assert request.state == "pending_leader"
    assert request.due_at is not None
    assert f"{request.due_at.astimezone(BEIJING):%m-%d %H:%M}" == "09-17 18:00"
    assert open_deadlines(bench) == {"组长审批": "E002"}


def test_step_39_the_leader_approves(bench: Bench) -> None:
    """R-13, P-08, A-19."""
    bench.until("09-16 09:15")
    card = to_leader(bench)
    bench.clicks("顾明远", "批准", card=card)
    request = the_request(bench)
    assert (request.state, request.decided_by) == ("approved", "E002")
    assert open_deadlines(bench) == {}
    assert facts_of(bench) == [Happening.REQUEST_APPROVED, Happening.REQUEST_NEW]
    bench.expects_card_update(to="顾明远", state="已批准", colour=CardColour.DONE, buttons=[])
    bench.expects_message(to="温晓棠", contains=[CODE, "已由 顾明远 批准"])


def to_leader(bench: Bench) -> Shown:
    """XQ-2026-0015 up to the leader; returns the leader's card."""
    reviewed(bench)
    fixed_meeting(bench)
    bench.says("许安然", OPINION)
    card = bench.expects_card(to="顾明远")
    bench.forget()
    return card


@pytest.mark.parametrize(("button", "state"), [("驳回", "rejected"), ("退回补充", "returned")])
def test_the_leader_refuses_or_returns_with_a_reason(bench: Bench, button: str, state: str) -> None:
    bench.until("09-16 09:15")
    card = to_leader(bench)
    answer = bench.clicks("顾明远", button, card=card, answer="不行")
    assert answer is not None
    assert answer.toast == "请填写原因（不少于 5 个字）。"
    bench.forget()
    bench.clicks("顾明远", button, card=card, answer="预算没有着落，先落实")
    assert the_request(bench).state == state
    bench.expects_message(to="温晓棠", contains=[CODE, "顾明远", "预算没有着落，先落实"])
    told = [shown.reader for shown in bench.forget() if not hasattr(shown.sent.outbound, "card")]
    assert sorted(told) == (sorted(HEADS) if state == "rejected" else [])


def test_everything_a_card_does_works_as_text_too(bench: Bench) -> None:
    bench.until("10:00")
    submitted(bench)
    for head in HEADS:
        bench.says(head, f"审核通过 {CODE}")
    assert the_request(bench).state == "reviewed"
    fixed_meeting(bench)
    bench.says("许安然", OPINION)
    bench.says("顾明远", f"退回 {CODE} 请补充预算来源")
    assert the_request(bench).state == "returned"
    bench.says("温晓棠", f"需求 提交 {CODE}")
    bench.says("尹若谷", f"退回 {CODE} 缺少检验人力与设备需求")
    assert the_request(bench).state == "returned"


# ---------------------------------------------------------------- steps 32 and 37


def test_steps_32_and_37_the_head_of_the_lead_submits_and_only_the_others_review(bench: Bench) -> None:
    """SoD-1, EC-06, L-25."""
    code = "XQ-2026-0015"
    bench.until("11:30")
    bench.says("潘望舒", ROUTINE)
    bench.expects_message(to="潘望舒", contains=["校招宣讲物料", "必填项已齐"])
    bench.says("潘望舒", f"需求 提交 {code}")
    assert slots(bench) == {"HR": "self_submitted", "ADMIN": "open"}
    card = bench.expects_card(to="叶青禾", contains=["校招宣讲物料", "日常协作"])
    assert [s for s in bench.forget() if s.reader == "潘望舒" and hasattr(s.sent.outbound, "card")] == []
    bench.says("潘望舒", f"同意 {code}")
    bench.expects_message(to="潘望舒", contains="您没有执行此操作的权限")
    assert bench.audit(code)[-1].reason == "no_right"
    bench.clicks("叶青禾", "审核通过", card=card)
    assert the_request(bench).state == "approved"
    bench.expects_message(to="潘望舒", contains="审核通过，协作事项")
    assert [s.words for s in bench.forget() if s.reader == "潘望舒" and not s.is_update] == [], "one word is enough"


# ---------------------------------------------------------------- overdue


def test_a_limit_that_passes_passes_nothing_else(bench: Bench) -> None:
    """T-02: overdue, no automatic pass."""
    bench.until("10:00")
    submitted(bench)
    bench.until("09-15 18:01")
    request = the_request(bench)
    assert (request.state, request.is_overdue) == ("in_review", True)
    assert set(slots(bench).values()) == {"open"}
    bench.expects_card_update(to="方景行", colour=CardColour.OVERDUE, buttons=["审核通过", "退回"])


def test_who_submitted_what_when_and_in_which_role_is_on_the_record(bench: Bench) -> None:
    bench.until("10:00")
    cards = submitted(bench)
    bench.clicks("陆怀谷", "审核通过", card=cards["陆怀谷"])
    record = bench.audit(CODE)[-1]
    assert (record.action, record.actor, record.role, record.after) == ("request_passed", "E012", "DEP", "in_review")
    assert record.facts["slot"] == "RD"
    assert PersonId(record.actor) == "E012"
