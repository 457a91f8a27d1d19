"""`/待办`: what waits for me, with deadlines, and what I wait for."""

from __future__ import annotations

from tests.handlers.bench import Bench


def test_it_lists_questions_and_limits_by_due_time_and_what_one_waits_for(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.says("袁知行", "@秦书禾 首批数量？", where="X1")
    bench.says("袁知行", "待办")
    said = bench.expects_message(to="袁知行")
    assert said.words.splitlines() == [
        "等您处理（2）",
        "⏰ HF-2026-0001 回复方景行：09:30 前（还剩 30 分钟）",
        "· RW-2026-0032 检测夹具到位（任务）9月18日（周五）18:00 前（还剩 4 天 9 小时）",
        "您在等：",
        "· HF-2026-0002 生产，09:30 前（还剩 30 分钟）",
    ]


def test_an_overdue_matter_says_by_how_much(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("10:15")
    bench.forget()
    bench.says("袁知行", "待办")
    bench.expects_message(to="袁知行", contains="HF-2026-0001 回复方景行：应于 09:30，已超时 45 分钟")


def test_a_head_sees_what_was_brought_before_him(bench: Bench) -> None:
    """He was told to step in; his list once said that nothing waited for him."""
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("09:45")
    bench.says("尹若谷", "待办")
    bench.expects_message(to="尹若谷", contains="现在没有事等您")
    bench.until("10:15")
    bench.forget()
    bench.says("尹若谷", "待办")
    bench.expects_message(
        to="尹若谷", contains=["等您处理（1）", "⚠️ HF-2026-0001 请协调：袁知行 回复方景行，应于 09:30，已超时 45 分钟"]
    )
    bench.says("袁知行", "已收到 HF-1 下午到")
    bench.forget()
    bench.says("尹若谷", "待办")
    bench.expects_message(to="尹若谷", contains="现在没有事等您")


def test_with_nothing_to_do_it_says_so(bench: Bench) -> None:
    bench.says("何沐晴", "我的")
    said = bench.expects_message(to="何沐晴")
    assert "等您处理（1）" in said.words
    bench.says("方景行", "我的")
    bench.expects_message(to="方景行", contains="✅ 现在没有事等您。")


def test_a_stand_in_sees_what_waits_for_the_absent(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 今天 明天 代理 @白司南")
    bench.says("秦书禾", "@温晓棠 图纸以哪版为准？", where="X1")
    bench.forget()
    bench.says("白司南", "待办")
    bench.expects_message(to="白司南", contains="HF-2026-0001 回复秦书禾")
    bench.says("温晓棠", "待办")
    bench.expects_message(to="温晓棠", lacks="HF-2026-0001")


def test_an_answered_question_is_gone_from_the_list(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@尹若谷 检测夹具？", where="X1")
    bench.says("尹若谷", "@方景行 到了", where="X1")
    bench.says("尹若谷", "待办")
    bench.expects_message(to="尹若谷", lacks="HF-2026-0001")


def test_in_a_group_the_list_goes_to_the_private_chat(bench: Bench) -> None:
    bench.says("袁知行", "@回音 待办", where="X1")
    bench.expects_message(in_chat="X1", contains="已私信您。", lacks="RW-2026-0032")
    bench.expects_message(to="袁知行", contains="RW-2026-0032")
    bench.expects_nothing_more()
