"""Meetings as people hold them: the recurring ones of the acceptance week, milestone meetings, attendance, limits, called off."""

from __future__ import annotations

import pytest

from bot.domain.digest import Happening
from bot.domain.meeting import MeetingKind, MeetingState, Node, Presence
from tests.handlers.bench import Bench
from tests.handlers.meeting_support import REPORT, SYNC, WEEKLY, due, meeting, open_week, owed, presence, said, start


@pytest.fixture
def week(bench: Bench) -> Bench:
    """The sample company on Monday with the meetings of its week."""
    open_week(bench)
    return bench


def facts(bench: Bench, kind: Happening) -> list[str]:
    return [f.code for f in bench.read(lambda uow: uow.facts.find(kind=kind.value))]


MILESTONE = "HY-2026-0043"


def plan_milestone(bench: Bench) -> str:
    bench.until("09-15 10:20")
    return said(bench, "温晓棠", "/会议 安排 推进会 SX-2026-0007 9-17 14:00 节点:中期 @程一帆")


# ---------------------------------------------------------------- the week (R-53, R-57, L-17)


def test_the_week_brings_the_sync_first_and_then_the_weekly_meeting(week: Bench) -> None:
    """Set-up of week.md; R-53, R-57: HY-2026-0041 Wed 10:00, HY-2026-0042 Fri 14:30."""
    assert (start(week, SYNC), start(week, WEEKLY)) == ("09-16 10:00", "09-18 14:30")
    assert meeting(week, SYNC).host == week.person("卢雨桐").id
    assert meeting(week, WEEKLY).host == week.person("许安然").id
    assert len(meeting(week, SYNC).participants) == 8
    assert len(meeting(week, WEEKLY).participants) == 17
    week.expects_nothing_more()


def test_the_next_week_has_its_meeting_on_the_working_day_before_the_holiday(week: Bench) -> None:
    """5.7, L-17: Friday 25 September is a holiday."""
    week.until("09-21 00:00")
    assert start(week, "HY-2026-0043") == "09-23 10:00"
    assert start(week, "HY-2026-0044") == "09-24 14:30"
    assert meeting(week, "HY-2026-0043").kind is MeetingKind.SYNC


def test_arming_again_makes_nothing_twice(week: Bench) -> None:
    open_week(week)
    week.advance(hours=1)
    assert len(week.read(lambda uow: uow.meetings.find())) == 3


def test_a_program_that_starts_on_a_thursday_makes_no_meeting_of_the_past() -> None:
    from datetime import datetime

    from tests.handlers.shown import BEIJING

    late = Bench(start=datetime(2026, 9, 17, 9, 0, tzinfo=BEIJING))
    try:
        open_week(late)
        kinds = [m.kind for m in late.read(lambda uow: uow.meetings.find()) if m.week]
        assert kinds == [MeetingKind.WEEKLY]
    finally:
        late.close()


@pytest.mark.slow
def test_a_changed_calendar_moves_the_meetings_of_the_week_and_a_week_without_work_has_none(week: Bench) -> None:
    """L-17: weekly dates are recomputed at every calendar change; 5.7: skipped without a working day."""
    week.until("09-15 10:00")
    week.says("许安然", "/日历 停工 2026-09-18")
    week.says("许安然", "/日历 确认")
    assert start(week, WEEKLY) == "09-17 14:30"
    week.expects_message(to="罗启安", contains=["会议顺延", WEEKLY, "9月17日"])
    for day in ("14", "15", "16", "17", "20"):
        week.says("许安然", f"/日历 停工 2026-09-{day}")
        week.says("许安然", "/日历 确认")
    assert {meeting(week, code).state for code in (SYNC, WEEKLY)} == {MeetingState.SKIPPED}
    assert owed(week, f"{SYNC}/沟通会/QA") is None


def test_every_liaison_owes_the_talk_of_the_week_until_it_was_held(week: Bench) -> None:
    """R-53; step 42 of week.md: all 8 liaisons present, 48 minutes, no warning."""
    assert due(week, f"{SYNC}/沟通会/QA") == "09-20 18:00"
    week.until("09-16 10:00")
    week.says("卢雨桐", f"/会议 开始 {SYNC}")
    week.until("09-16 10:48")
    week.forget()
    answer = said(week, "卢雨桐", f"/会议 结束 {SYNC}")
    assert "48 分钟" in answer
    assert "GT-2026-0036" in answer
    held = meeting(week, SYNC)
    assert (held.state, held.is_overrun, held.record) == (MeetingState.ENDED, False, "GT-2026-0036")
    assert owed(week, f"{SYNC}/沟通会/QA") is None
    assert due(week, "GT-2026-0036/纪要") == "09-17 18:00"
    week.until("09-17 10:00")
    assert not [s for s in week.everything() if "沟通会提醒" in s.words]


def test_who_was_not_at_the_sync_is_called_on_thursday_once(week: Bench) -> None:
    """L-17: one sync reminder a week, Thursday 10:00; a later sync of the same week meets what is owed (R-53)."""
    week.until("09-16 10:00")
    week.says("卢雨桐", f"/会议 开始 {SYNC}")
    week.says("卢雨桐", f"/会议 考勤 {SYNC} @冯思齐 缺席")
    week.until("09-16 10:40")
    week.says("卢雨桐", f"/会议 结束 {SYNC}")
    assert owed(week, f"{SYNC}/沟通会/IT") is not None
    week.until("09-17 10:00")
    calls = [s for s in week.everything() if "沟通会提醒" in s.words]
    assert [s.reader for s in calls] == ["冯思齐"]
    week.says("冯思齐", "/会议 安排 沟通会 9-17 15:00")
    week.until("09-17 15:00")
    week.says("冯思齐", "/会议 开始")
    week.until("09-17 15:20")
    week.says("冯思齐", "/会议 结束")
    assert owed(week, f"{SYNC}/沟通会/IT") is None


def test_what_a_department_missed_last_week_is_not_owed_for_ever(week: Bench) -> None:
    week.until("09-21 00:01")
    assert owed(week, f"{SYNC}/沟通会/QA") is None
    closed = [r for r in week.audit(SYNC) if r.action == "sync_week_closed"]
    assert "QA" in closed[0].facts["missing"]


def test_a_sync_is_warned_of_its_hour_after_50_minutes(week: Bench) -> None:
    """R-54, T-18a: warning at 50 minutes, overrun flag past 60."""
    week.until("09-16 10:00")
    week.says("卢雨桐", f"/会议 开始 {SYNC}")
    week.until("09-16 10:49")
    week.forget()
    week.until("09-16 10:50")
    assert {s.reader for s in week.forget() if "50 分钟" in s.words} == {"卢雨桐", "许安然"}
    week.until("09-16 11:01")
    assert "超时" in said(week, "卢雨桐", f"/会议 结束 {SYNC}")


def test_leader_and_secretary_call_weekly_meetings_nobody_else(week: Bench) -> None:
    """P-38, R-21."""
    week.until("09-15 10:00")
    assert "权限" in said(week, "罗启安", "/会议 安排 周例会 9-20 14:00")
    assert "HY-2026-0043" in said(week, "许安然", "/会议 安排 周例会 9-20 14:00")
    assert "HY-2026-0044" in said(week, "顾明远", "/会议 安排 周例会 9-20 16:00")


# ---------------------------------------------------------------- milestone meetings (R-64..R-67)


def test_a_milestone_meeting_invites_the_leader_and_wants_its_report_the_day_before(week: Bench) -> None:
    """Step 27 of week.md; R-64..R-67, T-19, P-39."""
    answer = plan_milestone(week)
    assert MILESTONE in answer
    made = meeting(week, MILESTONE)
    assert (made.kind, made.node, made.host) == (MeetingKind.MILESTONE, Node.MID_TERM, week.person("陆怀谷").id)
    week.expects_card(to="顾明远", contains=[MILESTONE, "报告未分发"], buttons=["参加", "不参加", "待定"])
    assert due(week, f"{MILESTONE}/进度报告") == "09-16 18:00"
    assert owed(week, f"{MILESTONE}/进度报告").holder == week.person("温晓棠").id  # type: ignore[union-attr]


def test_only_the_lead_department_plans_and_hosts_a_milestone_meeting(week: Bench) -> None:
    """P-39, R-66."""
    week.until("09-15 10:20")
    assert "权限" in said(week, "苏念初", "/会议 安排 推进会 SX-2026-0007 9-17 14:00 节点:中期")
    refused = said(week, "温晓棠", "/会议 安排 推进会 SX-2026-0007 9-17 14:00 节点:中期 主持:@罗启安")
    assert "牵头部门" in refused
    assert week.read(lambda uow: uow.meetings.get(MILESTONE)) is None


def test_the_progress_report_goes_to_everybody_before_the_meeting(week: Bench) -> None:
    """Step 49 of week.md; R-67: on time."""
    plan_milestone(week)
    week.until("09-16 16:00")
    week.forget()
    answer = said(week, "白司南", f"/进度报告 {MILESTONE}\n总体进度与计划对比：总体 55%")
    assert "难点问题" in answer
    assert meeting(week, MILESTONE).report_at is None
    week.says("白司南", f"/进度报告 {MILESTONE}{REPORT}")
    assert meeting(week, MILESTONE).report_at == week.now
    assert owed(week, f"{MILESTONE}/进度报告") is None
    week.expects_message(to="顾明远", contains=["进度报告", MILESTONE])
    assert "检测夹具到位晚" in said(week, "罗启安", f"/会议 {MILESTONE}")


def test_a_meeting_without_its_report_starts_and_says_so(week: Bench) -> None:
    """R-67: the card shows 报告未分发 until done."""
    plan_milestone(week)
    week.until("09-17 14:00")
    assert "未分发" in said(week, "陆怀谷", "/会议 开始")
    assert meeting(week, MILESTONE).lacks_report


def test_the_end_of_a_milestone_meeting_owes_a_resolution_from_the_lead(week: Bench) -> None:
    """Step 63 of week.md; T-20a: due Fri 18:00; both facts of section 六."""
    plan_milestone(week)
    week.until("09-17 14:00")
    week.says("陆怀谷", "/会议 开始")
    week.until("09-17 15:20")
    assert "80 分钟" in said(week, "陆怀谷", "/会议 结束")
    assert due(week, f"{MILESTONE}/决议") == "09-18 18:00"
    assert MILESTONE in facts(week, Happening.MEETING_HELD)
    assert MILESTONE in facts(week, Happening.MEETING_PLANNED)


# ---------------------------------------------------------------- invitations and attendance


def test_people_answer_and_a_head_names_who_comes_instead(week: Bench) -> None:
    """R-58: absent heads name a delegate."""
    plan_milestone(week)
    card = week.expects_card(to="罗启安", contains=MILESTONE)
    assert week.clicks("罗启安", "参加", card=card).toast.startswith("已登记")  # type: ignore[union-attr]
    assert "委托" in said(week, "罗启安", f"/不参加 {MILESTONE} 出差")
    week.forget()
    week.says("罗启安", f"/会议 委托 {MILESTONE} @秦书禾")
    week.expects_message(to="秦书禾", contains=["罗启安", MILESTONE])
    assert presence(week, MILESTONE, "罗启安") is Presence.DELEGATE
    assert "参会名单" in said(week, "何沐晴", f"/参加 {MILESTONE}")


def test_the_weekly_meeting_of_the_acceptance_week(week: Bench) -> None:
    """Step 80 of week.md: E028 delegated to E029, warning at 80 minutes, 95 minutes, overrun (R-59, T-18a)."""
    week.until("09-18 14:30")
    week.says("许安然", f"/会议 开始 {WEEKLY}")
    week.says("许安然", f"/会议 委托 {WEEKLY} @尹若谷 @袁知行")
    week.forget()
    week.until("09-18 15:49")
    week.expects_nothing_more()
    week.until("09-18 15:50")
    week.expects_message(to="许安然", contains=[WEEKLY, "80 分钟", "90 分钟"])
    week.until("09-18 16:05")
    answer = said(week, "许安然", f"/会议 结束 {WEEKLY}")
    assert "95 分钟" in answer
    assert "超时" in answer
    held = meeting(week, WEEKLY)
    assert held.is_overrun
    assert presence(week, WEEKLY, "尹若谷") is Presence.DELEGATE
    assert presence(week, WEEKLY, "罗启安") is Presence.PRESENT
    assert due(week, f"{held.record}/纪要") == "09-20 18:00"


def test_somebody_on_leave_is_represented_by_the_delegate(week: Bench) -> None:
    """2.6: step 45 of week.md, E014 for RD."""
    week.until("09-15 10:00")
    week.says("温晓棠", "/请假 2026-09-15 13:30 至 2026-09-17 18:00 代理 @白司南")
    week.until("09-16 10:00")
    week.says("卢雨桐", f"/会议 开始 {SYNC}")
    line = meeting(week, SYNC).attendance_of(week.person("温晓棠").id)
    assert line is not None
    assert (line.presence, line.by) == (Presence.DELEGATE, week.person("白司南").id)
    reminders = [s.reader for s in week.everything() if "会议提醒" in s.words and SYNC in s.words]
    assert "白司南" in reminders
    assert "温晓棠" not in reminders


def test_only_host_and_secretary_run_a_meeting(week: Bench) -> None:
    """P-40."""
    week.until("09-18 14:30")
    assert "权限" in said(week, "秦书禾", f"/会议 开始 {WEEKLY}")
    assert meeting(week, WEEKLY).state is MeetingState.SCHEDULED
    week.until("09-18 14:31")
    week.says("魏子墨", f"/会议 开始 {WEEKLY}")
    assert meeting(week, WEEKLY).state is MeetingState.SCHEDULED


def test_the_deputy_runs_the_weekly_meeting_while_the_secretary_is_away(week: Bench) -> None:
    """A-20, L-20, R-60."""
    week.until("09-18 09:00")
    week.says("许安然", "/请假 2026-09-18 09:00 至 2026-09-18 18:00")
    week.until("09-18 14:30")
    week.says("魏子墨", f"/会议 开始 {WEEKLY}")
    assert meeting(week, WEEKLY).state is MeetingState.IN_SESSION


def test_a_meeting_is_called_to_mind_half_an_hour_before(week: Bench) -> None:
    """3.9: reminder with agenda; L-09: of the same day at once."""
    week.until("09-18 13:59")
    week.forget()
    week.until("09-18 14:00")
    [host, *told] = week.forget()
    assert (host.reader, "您是主持人" in host.words) == ("许安然", True), (
        "the host's reminder is the card with which it begins"
    )
    assert len(told) == 16
    assert all("会议提醒" in s.words for s in told)
    assert all("议程" in s.words for s in (host, *told))


# ---------------------------------------------------------------- moved, called off, forgotten (EC-60)


def test_everybody_hears_of_a_move_and_the_third_is_flagged(week: Bench) -> None:
    """3.9: everyone told; more than 2 moves flagged."""
    plan_milestone(week)
    week.forget()
    week.says("陆怀谷", f"/会议 改期 {MILESTONE} 9-18 10:00 原因：设备检修")
    week.expects_message(to="顾明远", contains=["会议改期", MILESTONE, "设备检修"])
    assert due(week, f"{MILESTONE}/进度报告") == "09-17 18:00"
    week.says("陆怀谷", f"/会议 改期 {MILESTONE} 9-18 11:00")
    week.forget()
    assert "第 3 次" in said(week, "陆怀谷", f"/会议 改期 {MILESTONE} 9-18 13:30")
    week.expects_message(to="许安然", contains=["多次改期", MILESTONE])
    assert start(week, MILESTONE) == "09-18 13:30"


def test_a_weekly_meeting_falls_out_only_with_the_leaders_consent(week: Bench) -> None:
    """3.9: cancel; weekly: only with leader's consent."""
    week.until("09-15 10:00")
    assert "原因" in said(week, "许安然", f"/会议 取消 {WEEKLY} 忙")
    assert "组长" in said(week, "许安然", f"/会议 取消 {WEEKLY} 全员外出培训")
    assert meeting(week, WEEKLY).state is MeetingState.SCHEDULED
    card = week.expects_card(to="顾明远", contains=WEEKLY, buttons=["同意取消", "不同意"])
    week.clicks("顾明远", "不同意", card=card, answer="例会照常召开")
    week.expects_message(to="许安然", contains=["照常", WEEKLY])
    assert meeting(week, WEEKLY).state is MeetingState.SCHEDULED
    week.says("许安然", f"/会议 取消 {WEEKLY} 全员外出培训")
    card = week.expects_card_update(to="顾明远", buttons=["同意取消", "不同意"])
    week.clicks("顾明远", "同意取消", card=card)
    assert meeting(week, WEEKLY).state is MeetingState.CANCELLED
    week.expects_message(to="罗启安", contains=["会议取消", WEEKLY])
    assert WEEKLY not in facts(week, Happening.MEETING_PLANNED)


def test_ec_60_a_meeting_that_is_never_ended_is_asked_for_and_ended_at_night(week: Bench) -> None:
    """3.9: prompt two hours after the planned end; after that day the planned end, flag 系统补记."""
    week.until("09-18 14:30")
    week.says("许安然", f"/会议 开始 {WEEKLY}")
    week.until("09-18 17:59")
    week.forget()
    week.until("09-18 18:00")
    week.expects_message(to="许安然", contains=[WEEKLY, "会议 结束"])
    week.until("09-19 00:00")
    ended = meeting(week, WEEKLY)
    assert (ended.is_assumed, ended.state, ended.ended_at) == (True, MeetingState.ENDED, ended.planned_end_at)
    assert due(week, f"{ended.record}/纪要") == "09-20 18:00"


def test_ec_60_an_end_before_the_start_and_14_hours_are_refused(week: Bench) -> None:
    week.until("09-18 14:30")
    week.says("许安然", f"/会议 开始 {WEEKLY}")
    week.until("09-18 16:00")
    assert "早于" in said(week, "许安然", f"/会议 结束 {WEEKLY} 9-18 13:00")
    assert "12 小时" in said(week, "许安然", "/会议 安排 周例会 9-20 08:00 时长：14小时")
    assert meeting(week, WEEKLY).state is MeetingState.IN_SESSION
    assert "90 分钟" in said(week, "许安然", f"/会议 结束 {WEEKLY} 16:00")


def test_a_meeting_that_nobody_starts_was_not_held(week: Bench) -> None:
    """L-17: judged at company close or two hours after the planned end, whichever is later; hold it later or cancel it."""
    week.until("09-18 17:59")
    assert meeting(week, WEEKLY).state is MeetingState.SCHEDULED
    week.forget()
    week.until("09-18 18:00")
    assert meeting(week, WEEKLY).state is MeetingState.MISSED
    week.expects_message(to="许安然", contains=["未召开", WEEKLY])
    week.until("09-20 09:00")
    week.says("许安然", f"/会议 改期 {WEEKLY} 9-20 10:00")
    assert (meeting(week, WEEKLY).state, start(week, WEEKLY)) == (MeetingState.SCHEDULED, "09-20 10:00")


def test_a_repeated_start_reads_who_was_faster(week: Bench) -> None:
    """EC-01: one transition."""
    week.until("09-18 14:30")
    week.says("许安然", f"/会议 开始 {WEEKLY}")
    assert "许安然" in said(week, "许安然", f"/会议 开始 {WEEKLY}")
    assert len([r for r in week.audit(WEEKLY) if r.action == "meeting_started"]) == 1


def test_a_date_in_a_year_without_its_notice_is_marked_as_provisional(week: Bench) -> None:
    """L-16: the note stands wherever that date is shown."""
    week.until("09-15 10:00")
    answer = said(week, "温晓棠", "/会议 安排 推进会 SX-2026-0007 2027-01-08 14:00 节点:验收前")
    assert "2027" in answer
    assert "暂定" in answer


# ---------------------------------------------------------------- what is ahead, what is not understood


def test_everybody_sees_what_is_ahead_of_him_or_her(week: Bench) -> None:
    answer = said(week, "秦书禾", "/会议")
    assert SYNC in answer
    assert WEEKLY in answer
    assert "没有" in said(week, "何沐晴", "/会议")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/会议 安排 茶话会 9-17 14:00", "会议类型"),
        ("/会议 安排 周例会 9-17", "几点"),
        ("/会议 安排 协调会 9-17 14:00", "编号"),
        ("/会议 安排 协调会 XQ-2026-0099 9-17 14:00", "不能对应"),
        ("/会议 安排 协调会 WT-2026-9999 9-17 14:00", "未找到"),
        ("/会议 安排 协调会 WT-2026-0011 9-11 14:00", "已过"),
        ("/会议 安排 验收会 SX-2026-0008 9-17 14:00", "验收"),
    ],
)
def test_what_cannot_be_planned_is_said_with_the_way_out(week: Bench, text: str, says: str) -> None:
    week.until("09-15 10:00")
    assert says in said(week, "许安然", text)


def test_a_node_that_passes_without_its_meeting_is_told_once(week: Bench) -> None:
    """R-64: warning when a node passes without meeting; the mid-term of SX-2026-0007 lies on 26 September."""
    week.until("09-28 09:00")
    told = [s for s in week.everything() if "节点提醒" in s.words]
    assert {s.reader for s in told} == {"温晓棠", "许安然"}
    assert all("SX-2026-0007" in s.words and "中期" in s.words for s in told)
