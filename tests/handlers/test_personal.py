"""What is everybody's own: settings, quiet time, taking back, one's data (domain.md 2.7; EC-77; ux.md A4 38, 44)."""

from __future__ import annotations

import pytest

from bot.domain.records import Preference
from bot.domain.reply_clock import ClockState
from bot.errors import RuleViolation
from bot.routing import Context
from handlers.conversation import undo
from handlers.words import words_for
from tests.handlers.bench import Bench
from tests.handlers.request_words import CODE, submitted


def preference(bench: Bench, person: str) -> Preference:
    """What that person set."""
    found = bench.read(lambda uow: uow.preferences.get(person))
    assert found is not None
    return found


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize("text", ["设置 语言 en", "设置 语言：英文", "set lang english", "设置 language:EN"])
def test_the_language_is_answered_in_at_once(bench: Bench, text: str) -> None:
    bench.says("温晓棠", text)
    bench.expects_message(to="温晓棠", contains="✅ Saved: language: English")
    bench.says("温晓棠", "方案")
    bench.expects_message(to="温晓棠", contains="in force from")


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("设置 时区 Asia/Tokyo", "Asia/Tokyo"),
        ("设置 时区 东京", "Asia/Tokyo"),
        ("set tz america/new_york", "America/New_York"),
        ("设置 时区：asia/tokyo", "Asia/Tokyo"),
    ],
)
def test_a_zone_of_ones_own_shows_times_in_both(bench: Bench, text: str, zone: str) -> None:
    """A4 38."""
    bench.says("温晓棠", text)
    assert preference(bench, "E013").timezone == zone
    bench.forget()
    bench.says("温晓棠", "静音 1小时")
    assert "北京时间" in bench.expects_message(to="温晓棠").words


def test_settings_go_back_to_the_companys(bench: Bench) -> None:
    bench.says("温晓棠", "设置 时区 东京")
    bench.says("温晓棠", "设置 时区 跟随公司")
    assert preference(bench, "E013").timezone == ""
    bench.forget()
    bench.says("温晓棠", "设置")
    bench.expects_message(to="温晓棠", contains=["您的设置", "语言：跟随公司", "时区：跟随公司", "修改："])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("设置 语言 法语", "没看懂语言“法语”"),
        ("设置 时区 火星", "没看懂时区“火星”"),
        ("设置 字号 大", "没看懂设置项“字号 大”"),
    ],
)
def test_what_cannot_be_set_is_said_with_an_example(bench: Bench, text: str, what: str) -> None:
    bench.says("温晓棠", text)
    bench.expects_message(to="温晓棠", contains=[what, "可以写："])
    bench.expects_nothing_more()


# ---------------------------------------------------------------- quiet time


def test_quiet_time_holds_back_what_is_not_owed_and_nothing_that_is(bench: Bench) -> None:
    """A4 44."""
    bench.until("09:00")
    bench.says("袁知行", "静音 3小时")
    bench.expects_message(to="袁知行", contains=["✅ 已静音至 12:00", "等您回复", "静音 关"])
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    bench.until("09:20")
    bench.expects_card(to="袁知行", contains="【响应提醒】")
    bench.forget()
    bench.says("尹若谷", "请假 @袁知行 9-16")
    bench.expects_message(to="尹若谷", contains="已为 袁知行 登记请假")
    bench.until("12:01")
    bench.expects_message(to="袁知行", contains="已为您登记请假")


@pytest.mark.parametrize("text", ["静音 关", "静音 取消", "mute off"])
def test_quiet_time_ends_when_it_is_told_to(bench: Bench, text: str) -> None:
    bench.says("袁知行", "静音 3小时")
    bench.forget()
    bench.says("袁知行", text)
    bench.expects_message(to="袁知行", contains="已取消静音")
    assert preference(bench, "E029").muted_until is None


def test_quiet_time_may_end_at_a_time_of_day(bench: Bench) -> None:
    bench.says("袁知行", "静音 到今天11:30")
    bench.expects_message(to="袁知行", contains="已静音至 11:30")
    bench.says("袁知行", "设置")
    bench.expects_message(to="袁知行", contains="静音至 11:30")


@pytest.mark.parametrize("text", ["静音 30天", "静音 到昨天"])
def test_nobody_is_quiet_for_weeks_or_backwards(bench: Bench, text: str) -> None:
    bench.says("袁知行", text)
    bench.expects_message(to="袁知行", contains="静音最长 7 天")
    assert bench.read(lambda uow: uow.preferences.get("E029")) is None


def test_without_a_length_it_asks_for_one(bench: Bench) -> None:
    bench.says("袁知行", "静音")
    bench.expects_message(to="袁知行", contains="静音多久")
    bench.says("袁知行", "2小时")
    bench.expects_message(to="袁知行", contains="已静音至 10:00")


# ---------------------------------------------------------------- taking back


def test_a_question_is_taken_back_while_nobody_has_answered_it(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@回音 询问 @袁知行 夹具到了吗？", where="X1")
    bench.forget()
    bench.advance(seconds=100)
    bench.says("方景行", "撤销")
    bench.expects_message(to="方景行", contains="✅ 已撤销：提问 HF-2026-0001")
    assert bench.the_clock().state is ClockState.CANCELLED


def test_after_an_answer_or_two_minutes_nothing_is_taken_back(bench: Bench) -> None:
    bench.until("09:00")
    asked = bench.says("方景行", "@回音 询问 @袁知行 夹具到了吗？", where="X1")
    bench.says("袁知行", "到了", where="X1", quotes=asked)
    bench.forget()
    bench.says("方景行", "撤销")
    bench.expects_message(to="方景行", contains="已有人处理，或此后又有变动，无法撤销")
    bench.says("方景行", "@回音 询问 @袁知行 图纸呢？", where="X1")
    bench.advance(seconds=121)
    bench.forget()
    bench.says("方景行", "撤销")
    bench.expects_message(to="方景行", contains="没有可撤销的操作")


def test_the_last_own_action_is_taken_back_once(bench: Bench) -> None:
    bench.says("袁知行", "设置 语言 en")
    bench.advance(seconds=10)
    bench.says("袁知行", "静音 1小时")
    bench.forget()
    bench.says("袁知行", "undo")
    bench.expects_message(to="袁知行", contains="Taken back: mute")
    assert (preference(bench, "E029").muted_until, preference(bench, "E029").language) == (None, "en")
    bench.says("秦书禾", "撤销")
    bench.expects_message(to="秦书禾", contains="没有可撤销的操作")


def test_settings_come_back_as_they_were(bench: Bench) -> None:
    bench.says("袁知行", "设置 时区 东京")
    bench.advance(minutes=5)
    bench.says("袁知行", "设置 时区 伦敦")
    bench.says("袁知行", "撤销")
    assert preference(bench, "E029").timezone == "Asia/Tokyo"


def test_an_action_that_nobody_can_take_back_is_an_error_of_the_program(bench: Bench) -> None:
    person = bench.person("温晓棠").id
    with pytest.raises(ValueError, match="nobody takes back"):
        bench.within(lambda context: undo.remember(context, person, action="x", ref="", ref_version=1))


@pytest.mark.parametrize("action", sorted(undo.UNDOERS))
def test_nothing_is_taken_back_whose_object_is_gone(bench: Bench, action: str) -> None:
    person = bench.person("温晓棠").id

    def work(context: Context) -> None:
        facts = {"overrides": "[]"}
        undo.remember(context, person, action=action, ref="HF-2026-9999", ref_version=99, facts=facts)
        undo.take_back(context, person, words_for(context, None))

    with pytest.raises(RuleViolation) as refusal:
        bench.within(work)
    assert refusal.value.code == "undo_too_late"


# ---------------------------------------------------------------- one's data


def test_ec_77_everybody_may_see_what_is_stored_about_him_or_her(bench: Bench) -> None:
    """EC-77."""
    bench.until("09:00")
    asked = bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    bench.says("袁知行", "到了", where="X1", quotes=asked)
    bench.says("袁知行", "请假 9-18")
    bench.forget()
    bench.says("袁知行", "我的数据")
    bench.expects_message(
        to="袁知行",
        contains=[
            "人员：袁知行，质量，对接人、员工",
            "您提问 0 条，由您回复 1 条",
            "请假 1 个",
            "消息摘录 1 条",
            "摘录保留 180 天，记录保留 3 年",
        ],
    )


def test_roles_held_for_others_are_named_with_whom_they_are_held_for(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("袁知行", "请假 今天 代理 @贺云深")
    bench.forget()
    bench.says("贺云深", "我的数据")
    bench.expects_message(to="贺云深", contains="对接人（代 袁知行）")


def test_in_a_group_the_answer_is_private(bench: Bench) -> None:
    bench.says("袁知行", "@回音 我的数据", where="X1")
    bench.expects_message(in_chat="X1", contains="已私信您", lacks="摘录")
    bench.expects_message(to="袁知行", contains="系统中与您有关的数据")


# ---------------------------------------------------------------- settings as people say them


@pytest.mark.parametrize(
    ("text", "saved"),
    [
        ("设置 英语", "Saved: language: English"),
        ("设置 东京", "已保存。时区：东京"),
        ("设置 时区 America/New_York", "已保存。时区：纽约"),
        ("set tz Asia/Kathmandu", "已保存。时区：Kathmandu"),
    ],
)
def test_a_setting_is_saved_and_shown_by_the_name_that_people_use(bench: Bench, text: str, saved: str) -> None:
    bench.says("何沐晴", text)
    bench.expects_message(to="何沐晴", contains=saved)


def test_a_setting_without_its_value_shows_what_is_set(bench: Bench) -> None:
    bench.says("何沐晴", "设置 语言")
    bench.expects_message(to="何沐晴", contains=["您的设置", "语言：跟随公司", "修改：设置 语言 en"])


def test_platforms_are_called_by_their_names(bench: Bench) -> None:
    bench.says("何沐晴", "我的数据")
    bench.expects_message(to="何沐晴", contains=["账号：飞书 ", "、企业微信 "], lacks=["feishu", "wecom"])


def test_what_others_were_told_of_already_is_not_taken_back_and_the_answer_says_what_can_be_done(bench: Bench) -> None:
    """Whoever had just passed a request once read that there was nothing to take back."""
    bench.until("10:10")
    cards = submitted(bench)
    bench.clicks("陆怀谷", "审核通过", card=cards["陆怀谷"])
    bench.forget()
    bench.says("陆怀谷", "撤销")
    bench.expects_message(to="陆怀谷", contains=[f"刚才对 {CODE} 的操作已生效", "不能撤销", f"发“{CODE}”"])
    bench.advance(minutes=3)
    bench.says("陆怀谷", "撤销")
    bench.expects_message(to="陆怀谷", contains="没有可撤销的操作")


def test_of_a_decision_and_a_setting_the_later_one_is_meant(bench: Bench) -> None:
    bench.until("10:10")
    cards = submitted(bench)
    bench.clicks("陆怀谷", "审核通过", card=cards["陆怀谷"])
    bench.advance(seconds=30)
    bench.says("陆怀谷", "静音 1小时")
    bench.forget()
    bench.says("陆怀谷", "撤销")
    bench.expects_message(to="陆怀谷", contains="已撤销：静音")


def test_a_language_that_was_set_is_taken_back(bench: Bench) -> None:
    bench.says("温晓棠", "设置 语言 en")
    bench.forget()
    bench.says("温晓棠", "撤销")
    bench.expects_message(to="温晓棠", contains="Taken back: settings")
    assert preference(bench, "E013").language == ""
    bench.says("温晓棠", "设置")
    bench.expects_message(to="温晓棠", contains="您的设置")
