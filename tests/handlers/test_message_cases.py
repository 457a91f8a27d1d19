"""Edge cases of messages and clocks: domain.md 7, EC-30 to EC-44 and EC-45 to EC-51 as far as clocks are concerned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.reply_clock import ClockState
from bot.routing import Context
from bot.updates import BotLeftChat, ChatDissolved, ContentKind
from handlers.clocks import clocks
from handlers.world import DIRECTORY
from tests.handlers.bench import Bench
from tests.handlers.shown import Said


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


def states(bench: Bench) -> list[str]:
    """Department and state of every clock."""
    return [f"{clock.department} {clock.state.value}" for clock in bench.clocks()]


# ---------------------------------------------------------------- what starts a clock


def test_ec_30_a_flood_of_mentions_is_one_clock_and_one_hint_in_ten_minutes(nine: Bench) -> None:
    for _ in range(20):
        nine.says("方景行", "@袁知行 在吗？", where="X1")
        nine.advance(seconds=3)
    nine.expects_message(to="方景行", contains="请尽量合并成一条")
    nine.expects_nothing_more()
    assert nine.the_clock().attached_count == 19
    nine.advance(minutes=11)
    for _ in range(7):
        nine.says("方景行", "@袁知行 在吗？", where="X1")
    nine.expects_message(to="方景行", contains="请尽量合并成一条")


def test_mentions_of_three_departments_start_three_clocks_and_two_of_one_start_one(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 @贺云深 @温晓棠 @秦书禾 周五评审能来吗？", where="X1")
    assert sorted(states(nine)) == ["PROD running", "QA running", "RD running"]


def test_ec_37_the_own_department_is_not_timed(nine: Bench) -> None:
    nine.says("方景行", "@苏念初 合同发我", where="X1")
    assert nine.clocks() == []


def test_an_employee_without_a_post_is_not_timed(nine: Bench) -> None:
    nine.says("方景行", "@杜若溪 结构图发我", where="X1")
    assert nine.clocks() == []


@pytest.mark.parametrize("courtesy", ["谢谢", "收到", "好的！", "OK", "1", "辛苦了～", "👍"])
def test_ec_39_a_courtesy_with_a_mention_starts_nothing(nine: Bench, courtesy: str) -> None:
    nine.says("方景行", f"@袁知行 {courtesy}", where="X1")
    assert nine.clocks() == []


@pytest.mark.parametrize("content", [ContentKind.IMAGE, ContentKind.VOICE, ContentKind.FILE])
def test_ec_40_a_picture_with_a_mention_and_no_text_starts_a_clock(nine: Bench, content: ContentKind) -> None:
    nine.says("方景行", "@袁知行", where="X1", content=content)
    assert states(nine) == ["QA running"]


def test_everybody_without_key_starts_nothing_with_key_one_for_each_department_present(nine: Bench) -> None:
    nine.says("陆怀谷", "@所有人 明天请带样件", where="X1")
    assert nine.clocks() == []
    nine.says("陆怀谷", "【重点】@所有人 明天停线，请各部门确认", where="X1")
    assert sorted(states(nine)) == ["ADMIN running", "PROD running", "QA running", "SALES running"]


def test_ec_36_messages_of_bots_neither_start_nor_stop(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 检测夹具？", where="X1", by_bot=True)
    assert nine.clocks() == []
    asked = nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.says("袁知行", "[自动回复] 我在开会", where="X1", quotes=asked)
    nine.says("袁知行", "到了", where="X1", quotes=asked, by_bot=True)
    assert states(nine) == ["QA running"]


def test_ec_42_threads_are_timed_apart_where_the_platform_has_them(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 夹具？", where="X1", thread="t1")
    nine.says("方景行", "@袁知行 图纸？", where="X1", thread="t2")
    nine.says("方景行", "@袁知行 还有一事", where="X1", thread="t2")
    assert states(nine) == ["QA running", "QA running"]
    nine.says("袁知行", "夹具到了", where="X1", thread="t1")
    # a reply in one thread stops every open clock of that asking side in the chat (L-04)
    assert states(nine) == ["QA answered_in_time", "QA answered_in_time"]


def test_ec_42_without_threads_two_talks_of_the_same_sides_are_one_clock(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 夹具？", where="X1")
    nine.says("苏念初", "@贺云深 图纸？", where="X1")
    assert nine.the_clock().attached_count == 1


def test_ec_43_a_stranger_who_mentions_a_liaison_starts_nothing_and_the_secretary_hears_once_a_day(nine: Bench) -> None:
    for _ in range(3):
        nine.says("nobody we know", "@袁知行 什么时候发货？", where="X1")
    nine.expects_message(to="许安然", contains=["通讯录外人员", "X1试产协作专项群"])
    nine.expects_nothing_more()
    assert nine.clocks() == []


# ---------------------------------------------------------------- what stops a clock


@pytest.fixture
def asked(nine: Bench) -> Bench:
    """A question of sales to quality runs since nine."""
    nine.says("方景行", "@袁知行 检测夹具什么时候到位？", where="X1", message="question")
    return nine


def test_ec_33_another_member_of_the_department_answers_for_it(asked: Bench) -> None:
    asked.says("贺云深", "@方景行 下午到", where="X1")
    assert asked.the_clock().state is ClockState.ANSWERED_IN_TIME


def test_ec_33_a_colleague_without_a_post_gives_the_department_the_credit_with_a_flag(nine: Bench) -> None:
    nine.says("方景行", "@秦书禾 首批数量？", where="X1")
    nine.advance(minutes=5)
    nine.says("柳青原", "@方景行 60 台", where="X1")
    clock = nine.the_clock()
    assert (clock.state, clock.answered_by) == (ClockState.ANSWERED_IN_TIME, "E006")
    assert "other_member" in clock.flags


def test_a_colleague_without_a_post_who_just_talks_answers_nothing(nine: Bench) -> None:
    nine.says("方景行", "@秦书禾 首批数量？", where="X1")
    nine.says("柳青原", "中午吃什么", where="X1")
    assert states(nine) == ["PROD running"]


def test_ec_34_a_reply_by_a_third_department_has_no_effect(asked: Bench) -> None:
    asked.says("秦书禾", "@方景行 我们也在等", where="X1")
    assert states(asked) == ["QA running", "SALES running"]


def test_ec_35_a_thumb_answers_an_ordinary_message_but_not_a_key_one(nine: Bench) -> None:
    ordinary = nine.says("方景行", "@袁知行 夹具下午送来", where="X1")
    key = nine.says("方景行", "【重点】@秦书禾 明天停线", where="X1")
    nine.reacts("贺云深", ordinary, "👍")
    nine.reacts("秦书禾", key, "👍")
    assert sorted(states(nine)) == ["PROD running", "QA answered_in_time"]
    assert "ack_only" in next(c for c in nine.clocks() if c.department == "QA").flags
    nine.takes_back_reaction("贺云深", ordinary, "👍")
    assert sorted(states(nine)) == ["PROD running", "QA running"]


def test_a_reaction_of_somebody_without_a_post_or_of_another_kind_answers_nothing(nine: Bench) -> None:
    question = nine.says("方景行", "@秦书禾 首批数量？", where="X1")
    nine.reacts("柳青原", question, "👍")
    nine.reacts("秦书禾", question, "🎉")
    nine.reacts("温晓棠", question, "👍")
    assert states(nine) == ["PROD running"]


def test_a_bare_acknowledgement_in_the_group_counts_like_the_button(asked: Bench) -> None:
    asked.says("袁知行", "收到", where="X1")
    assert "ack_only" in asked.the_clock().flags


def test_the_askers_own_follow_up_answers_nothing(asked: Bench) -> None:
    asked.says("方景行", "急，在线等", where="X1")
    assert states(asked) == ["QA running"]


def test_ec_24_a_reply_that_arrives_before_its_question_is_matched(nine: Bench) -> None:
    question = nine.message("方景行", "@袁知行 检测夹具？", where="X1", sent=timedelta(seconds=-10))
    nine.advance(seconds=40)
    reply = nine.message("袁知行", "到了", where="X1", quotes=question.message)
    nine.happens(reply)
    assert nine.clocks() == []
    nine.advance(seconds=15)
    nine.happens(question)
    clock = nine.the_clock()
    assert (clock.state, clock.elapsed_seconds) == (ClockState.ANSWERED_IN_TIME, 30)


def test_ec_24_a_recall_that_arrives_before_its_question_cancels_it(nine: Bench) -> None:
    question = nine.message("方景行", "@袁知行 检测夹具？", where="X1")
    nine.advance(seconds=20)
    nine.recalls(Said(question))
    nine.happens(question)
    assert states(nine) == ["QA cancelled"]
    nine.advance(hours=3)
    nine.expects_nothing_more()


# ---------------------------------------------------------------- recalls and edits


def test_ec_31_a_question_recalled_before_the_breach_is_cancelled(nine: Bench) -> None:
    question = nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.advance(minutes=5)
    nine.recalls(question)
    assert states(nine) == ["QA cancelled"]
    nine.advance(hours=2)
    nine.expects_nothing_more()


def test_ec_31_ec_92_a_question_recalled_after_the_breach_stays_breached_with_a_flag(nine: Bench) -> None:
    question = nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.advance(minutes=31)
    nine.recalls(question)
    assert states(nine) == ["QA breached"]
    assert "recalled_afterwards" in nine.the_clock().flags


def test_an_answer_recalled_within_two_minutes_reopens_the_clock_with_its_old_due(nine: Bench) -> None:
    question = nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.advance(minutes=5)
    answer = nine.says("袁知行", "到了", where="X1", quotes=question)
    nine.advance(minutes=1)
    nine.recalls(answer)
    assert states(nine) == ["QA running"]
    nine.until("09:30")
    assert states(nine) == ["QA breached"]


def test_ec_32_an_edit_adds_one_department_and_takes_another_away(nine: Bench) -> None:
    question = nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.advance(minutes=5)
    nine.edits(question, "@秦书禾 检测夹具？")
    assert states(nine) == ["QA cancelled", "PROD running"]
    assert nine.clocks()[1].started_at == nine.now


# ---------------------------------------------------------------- people and groups come and go


@pytest.mark.parametrize("gone", [BotLeftChat, ChatDissolved])
def test_ec_45_ec_46_a_clock_nobody_can_see_ends_after_one_working_day(
    asked: Bench, gone: type[BotLeftChat | ChatDissolved]
) -> None:
    asked.happens(gone(source=asked.source(), chat=asked.chat("X1", "")))
    asked.forget()
    asked.until("09-15 17:59")
    asked.expects_card(to="许安然", contains=["【超期】WT-2026-0011", "18:00", "可升级为重要问题"], buttons=["升级"])
    asked.expects_nothing_more()
    assert states(asked) == ["QA running"]
    asked.until("09-15 18:00")
    asked.expects_message(to="方景行", contains=["群已不可见", "HF-2026-0001"])
    assert states(asked) == ["QA cancelled"]


def test_ec_50_when_the_liaison_leaves_the_backup_takes_over_and_is_told(asked: Bench) -> None:
    asked.until("09:25")
    asked.forget()

    def leave(context: Context) -> None:
        person = context.uow.people.get("E029")
        assert person is not None
        context.uow.people.put(replace(person, is_active=False))
        context.uow.bump(DIRECTORY)
        context.refresh()
        clocks.follow_posts(context)

    asked.within(leave)
    asked.expects_card(to="贺云深", contains=["【响应提醒】", "09:30"])
    asked.until("09:30")
    asked.expects_card(in_chat="X1", mentions="贺云深", lacks="@袁知行")


def test_ec_51_with_all_liaisons_on_leave_the_head_is_asked(nine: Bench) -> None:
    for name in ("袁知行", "贺云深"):
        nine.says("许安然", f"请假 @{name} 今天 明天")
    nine.forget()
    nine.advance(minutes=1)
    nine.says("许安然", "@袁知行 夹具？", where="X1")
    assert nine.the_clock().acting == "E028"


def test_ec_41_a_reply_the_bot_could_not_see_is_made_good_by_the_button(asked: Bench) -> None:
    asked.until("09:20")
    nudge = asked.expects_card(to="袁知行")
    asked.clicks("袁知行", "已收到", card=nudge)
    assert states(asked) == ["QA answered_in_time"]
    asked.expects_message(to="方景行", contains="袁知行 已收到您 09:00 的提问")
