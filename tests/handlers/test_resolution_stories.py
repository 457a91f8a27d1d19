"""Milestone resolutions as people live them: drafted by the lead, read and signed by the leader, returned, amended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.happened import PlanRevisionDemanded, ResolutionSigned, WorkAssigned
from bot.domain.meeting import MeetingState
from bot.domain.resolution import ResolutionState
from tests.handlers.bench import Bench
from tests.handlers.meeting_support import RESOLUTION, due, meeting, open_week, owed, resolution, said
from tests.handlers.shown import BEIJING, Shown
from tests.handlers.test_minutes_stories import heard, hold

MILESTONE, CODE = "HY-2026-0043", "JD-2026-0012"


@pytest.fixture
def held(bench: Bench) -> Bench:
    """The mid-term meeting of SX-2026-0007 is over; Thursday, 15:20."""
    open_week(bench)
    bench.until("09-15 10:20")
    bench.says("温晓棠", "/会议 安排 推进会 SX-2026-0007 9-17 14:00 节点:中期")
    hold(bench, MILESTONE, "陆怀谷", "09-17 14:00", "09-17 15:20")
    bench.forget()
    return bench


def submit(bench: Bench, text: str = RESOLUTION) -> Shown:
    """Written and submitted at 17:10; returns the leader's card."""
    bench.until("09-17 17:10")
    assert CODE in said(bench, "白司南", f"/决议 {MILESTONE}{text}")
    bench.says("白司南", f"/决议 提交 {CODE}")
    return bench.expects_card(to="顾明远", contains=CODE, buttons=["签字确认", "退回"])


def test_a_resolution_gets_its_number_with_its_first_lines(held: Bench) -> None:
    """0.4; T-20a under the meeting's number before, under its own afterwards."""
    assert due(held, f"{MILESTONE}/决议") == "09-18 18:00"
    assert "难点问题" in said(held, "白司南", f"/决议 {MILESTONE}")
    assert held.read(lambda uow: uow.resolutions.find()) == []
    held.says("白司南", f"/决议 {MILESTONE}\n难点问题：检测夹具到位晚")
    assert resolution(held, CODE).state is ResolutionState.DRAFTING
    assert owed(held, f"{MILESTONE}/决议") is None
    assert due(held, f"{CODE}/决议") == "09-18 18:00"
    draft = owed(held, f"{CODE}/决议")
    assert draft is not None
    assert draft.holder == held.person("温晓棠").id


def test_an_incomplete_resolution_is_not_submitted(held: Bench) -> None:
    """3.11: F12 complete; R-68: solutions with person and date."""
    held.says("白司南", f"/决议 {MILESTONE}\n难点问题：检测夹具到位晚")
    refused = said(held, "白司南", f"/决议 提交 {CODE}")
    for label in ("解决方案", "下一步工作计划", "决议事项"):
        assert label in refused
    held.says("白司南", f"/决议 {CODE}{RESOLUTION.replace(' | 袁知行 | 2026-09-23', '', 1)}")
    assert "夹具专人跟催" in said(held, "白司南", f"/决议 提交 {CODE}")
    assert resolution(held, CODE).state is ResolutionState.DRAFTING


def test_the_leader_reads_the_whole_text_and_signs_it(held: Bench) -> None:
    """Steps 70 and 72 of week.md; R-69, R-70, T-20b: due Sun 20 Sep 18:00; one task for E029, Wed 23 Sep 18:00."""
    card = submit(held)
    for part in ("检测夹具到位晚", "夹具专人跟催", "夹具验证报告", "中期目标达成", "方案是否调整：否"):
        assert part in card.words
    assert due(held, f"{CODE}/决议") == "09-20 18:00"
    signature = owed(held, f"{CODE}/决议")
    assert signature is not None
    assert signature.holder == held.person("顾明远").id
    assigned, signed = heard(held, WorkAssigned), heard(held, ResolutionSigned)
    held.until("09-18 09:05")
    held.forget()
    toast = held.clicks("顾明远", "签字确认", card=card)
    assert toast is not None
    assert "已签字生效" in toast.toast
    (work,) = assigned
    assert (work.source, work.item, work.lead) == (CODE, "SX-2026-0007", "RD")
    assert [(t.owner, f"{t.due_at.astimezone(BEIJING):%m-%d %H:%M}") for t in work.tasks] == [("E029", "09-23 18:00")]
    assert len(signed) == 1
    assert resolution(held, CODE).state is ResolutionState.SIGNED
    assert meeting(held, MILESTONE).state is MeetingState.CLOSED
    held.expects_card_update(to="顾明远", contains=[CODE, "顾明远"], buttons=[])
    held.expects_message(to="罗启安", contains=[CODE, "签字生效"])
    again = held.clicks("顾明远", "签字确认", card=card)
    assert again is not None
    assert "顾明远" in again.toast


def test_a_card_that_shows_an_older_text_signs_nothing(held: Bench) -> None:
    """R-70: the signature is bound to the exact text."""
    old = submit(held)
    held.clicks("顾明远", "退回", card=old, answer="时限太紧，请调整")
    held.expects_message(to="白司南", contains=[CODE, "时限太紧"])
    held.says("白司南", f"/决议 {CODE}\n决议事项：节点顺延一周")
    held.says("白司南", f"/决议 提交 {CODE}")
    refused = held.clicks("顾明远", "签字确认", card=old)
    assert refused is not None
    assert refused.is_error
    assert resolution(held, CODE).state is ResolutionState.PENDING_SIGNATURE
    new = held.expects_card_update(to="顾明远", contains="节点顺延一周", buttons=["签字确认", "退回"])
    held.clicks("顾明远", "签字确认", card=new)
    assert resolution(held, CODE).state is ResolutionState.SIGNED


def test_a_text_that_was_changed_behind_the_card_is_not_signed(held: Bench) -> None:
    """R-70: even where the fingerprint on the card is the stored one."""
    card = submit(held)
    before = resolution(held, CODE)
    changed = replace(before, content={**before.content, "resolved": (("改了内容",),)})
    held.transact(lambda uow: uow.resolutions.put(changed))
    refused = held.clicks("顾明远", "签字确认", card=card)
    assert refused is not None
    assert "不一致" in refused.toast
    assert resolution(held, CODE).state is ResolutionState.PENDING_SIGNATURE


def test_nobody_edits_what_waits_for_the_signature(held: Bench) -> None:
    """3.11: edit refused, must be returned first."""
    submit(held)
    assert "退回" in said(held, "白司南", f"/决议 {CODE}\n决议事项：节点顺延一周")
    assert "已于" in said(held, "白司南", f"/决议 提交 {CODE}")


def test_a_return_needs_a_reason_and_starts_the_limit_anew(held: Bench) -> None:
    """3.11, EC-14."""
    card = submit(held)
    refused = held.clicks("顾明远", "退回", card=card, answer="太紧")
    assert refused is not None
    assert "原因" in refused.toast
    held.clicks("顾明远", "退回", card=card, answer="时限太紧，请调整")
    assert resolution(held, CODE).state is ResolutionState.DRAFTING
    assert due(held, f"{CODE}/决议") == "09-18 18:00"


def test_the_resolution_may_want_the_plan_adjusted(held: Bench) -> None:
    """R-99."""
    demanded = heard(held, PlanRevisionDemanded)
    submit(held, RESOLUTION.replace("方案是否调整：否", "方案是否调整：是"))
    held.says("顾明远", f"/签字 {CODE}")
    assert resolution(held, CODE).state is ResolutionState.SIGNED
    assert [(e.item, e.cause) for e in demanded] == [("SX-2026-0007", CODE)]  # type: ignore[attr-defined]


def test_only_the_lead_drafts_and_only_the_leader_signs(held: Bench) -> None:
    """P-43, P-44."""
    assert "权限" in said(held, "苏念初", f"/决议 {MILESTONE}{RESOLUTION}")
    submit(held)
    assert "权限" in said(held, "许安然", f"/签字 {CODE}")
    assert resolution(held, CODE).state is ResolutionState.PENDING_SIGNATURE


def test_the_leaders_delegate_signs_in_the_leaders_place(held: Bench) -> None:
    """2.6: recorded as “B 代 A”."""
    submit(held)
    held.until("09-18 09:00")
    held.says("顾明远", "/请假 2026-09-18 09:30 至 2026-09-18 18:00 代理 @沈若川")
    held.until("09-18 10:00")
    held.says("沈若川", f"/签字 {CODE}")
    signed = resolution(held, CODE)
    assert (signed.signed_by, signed.signed_for) == ("E001", "E002")
    assert [r.on_behalf_of for r in held.audit(CODE) if r.action == "resolution_signed"] == ["E002"]


def test_a_signed_resolution_is_amended_by_a_new_one(held: Bench) -> None:
    """3.11: a new JD referring to the old one."""
    card = submit(held)
    assert "没有签字" in said(held, "白司南", f"/决议 修订 {CODE}\n决议事项：节点顺延一周")
    held.clicks("顾明远", "签字确认", card=card)
    assert "修订" in said(held, "白司南", f"/决议 {CODE}\n决议事项：节点顺延一周")
    held.says("白司南", f"/决议 修订 {CODE}\n决议事项：节点顺延一周")
    amendment = resolution(held, "JD-2026-0013")
    assert (amendment.amends, amendment.state) == (CODE, ResolutionState.DRAFTING)
    assert resolution(held, CODE).content["resolved"] == (("中期目标达成，按计划进入下一阶段",),)
