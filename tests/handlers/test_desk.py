"""How texts are taken in: questions that wait, names, suggestions, refusals in three parts, limits (ux.md A4, A5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ids import DepartmentId, PersonId
from bot.domain.records import Preference
from bot.errors import RuleViolation
from bot.ports import UnitOfWork
from bot.updates import ContentKind
from handlers.calls import Call
from handlers.world import DIRECTORY
from tests.handlers.bench import Bench


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


def with_two_of_one_name(uow: UnitOfWork) -> None:
    """A second 袁知行, in research."""
    known = uow.people.get("E029")
    assert known is not None
    twin = replace(
        known,
        id=PersonId("E031"),
        department=DepartmentId("RD"),
        accounts={"feishu": "ou_twin"},
        version=0,
    )
    uow.people.add(twin)
    uow.bump(DIRECTORY)


# ---------------------------------------------------------------- who is heard


def test_somebody_the_directory_does_not_know_is_told_whom_to_ask_but_only_now_and_then(nine: Bench) -> None:
    for _ in range(5):
        nine.says("a stranger", "待办")
    nine.expects_message(to="ou_a stranger", contains="您尚未登记在通讯录中，请联系系统管理员。")
    nine.expects_nothing_more()
    nine.advance(minutes=11)
    nine.says("a stranger", "待办")
    nine.expects_message(to="ou_a stranger", contains="您尚未登记")


def test_a_leaver_is_a_stranger(nine: Bench) -> None:
    def leave(uow: UnitOfWork) -> None:
        person = uow.people.get("E011")
        assert person is not None
        uow.people.put(replace(person, is_active=False))
        uow.bump(DIRECTORY)

    nine.transact(leave)
    nine.says("何沐晴", "待办")
    nine.expects_message(contains="您尚未登记")


def test_people_of_other_companies_and_bots_are_not_heard_at_all(nine: Bench) -> None:
    nine.says("somebody", "待办", external=True)
    nine.says("somebody", "@回音 待办", where="X1", external=True)
    nine.says("袁知行", "@回音 待办", where="X1", by_bot=True)
    nine.expects_nothing_more()


@pytest.mark.parametrize("text", ["待办", "/待办", "@所有人 待办", "帮助我看看"])
def test_the_bot_stays_silent_in_a_group_unless_it_is_addressed(nine: Bench, text: str) -> None:
    nine.says("方景行", text, where="X1")
    nine.expects_nothing_more()
    nine.says("方景行", "@回音 待办", where="X1")
    nine.expects_message(in_chat="X1", contains="已私信您。")
    nine.expects_message(to="方景行", contains="现在没有事等您。")
    nine.expects_nothing_more()


@pytest.mark.parametrize("text", ["谢谢", "好的", "收到", "OK"])
def test_a_courtesy_is_not_answered(nine: Bench, text: str) -> None:
    nine.says("方景行", text)
    nine.says("方景行", f"@回音 {text}", where="X1")
    nine.expects_nothing_more()


def test_people_who_talk_to_people_and_mention_the_bot_so_that_it_listens_are_not_disturbed(nine: Bench) -> None:
    nine.says("方景行", "@回音 @袁知行 夹具什么时候到位？", where="X1")
    nine.expects_nothing_more()
    assert nine.the_clock().department == "QA"


# ---------------------------------------------------------------- questions that wait


def test_a_missing_person_is_asked_for_once_and_the_answer_completes_the_command(nine: Bench) -> None:
    nine.says("方景行", "询问 检测夹具何时到位？")
    nine.expects_message(to="方景行", contains=["要问谁？请用 @ 选择对方"])
    nine.advance(minutes=4)
    nine.says("方景行", "@袁知行")
    nine.expects_card(to="袁知行", contains="检测夹具何时到位？")


def test_a_missing_text_is_asked_for(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行")
    nine.expects_message(to="方景行", contains="内容是什么？")
    nine.says("方景行", "检测夹具何时到位？")
    nine.expects_card(to="袁知行", contains="检测夹具何时到位？")


def test_everything_is_asked_for_one_after_the_other(nine: Bench) -> None:
    nine.says("方景行", "询问")
    nine.expects_message(contains="要问谁？")
    nine.says("方景行", "@袁知行")
    nine.expects_message(contains="内容是什么？")
    nine.says("方景行", "夹具？")
    nine.expects_card(to="袁知行", contains="夹具？")


def test_after_five_minutes_the_question_is_forgotten(nine: Bench) -> None:
    nine.says("方景行", "询问 检测夹具何时到位？")
    nine.forget()
    nine.advance(minutes=5)
    nine.says("方景行", "@袁知行")
    nine.expects_message(to="方景行", contains="发送“帮助”")
    assert nine.clocks() == []


@pytest.mark.parametrize("word", ["取消", "算了", "0", "cancel"])
def test_a_question_can_be_given_up(nine: Bench, word: str) -> None:
    nine.says("方景行", "询问 检测夹具何时到位？")
    nine.forget()
    nine.says("方景行", word)
    nine.expects_message(to="方景行", contains="已取消。")
    nine.says("方景行", "@袁知行")
    assert nine.clocks() == []


def test_an_answer_that_does_not_help_gets_an_example_and_no_second_question(nine: Bench) -> None:
    nine.says("方景行", "询问 检测夹具何时到位？")
    nine.forget()
    nine.says("方景行", "就是那谁")
    said = nine.expects_message(
        to="方景行", contains=["❌ 没看懂对象“就是那谁”。", "可以写：询问 @", "改好直接再发即可。"]
    )
    assert len(said.words.splitlines()) == 3
    nine.says("方景行", "@袁知行")
    assert nine.clocks() == []


def test_another_command_goes_before_the_question(nine: Bench) -> None:
    nine.says("方景行", "询问 检测夹具何时到位？")
    nine.forget()
    nine.says("方景行", "待办")
    nine.expects_message(to="方景行", contains="现在没有事等您。")


def test_only_the_same_person_in_the_same_chat_answers(nine: Bench) -> None:
    nine.says("方景行", "@回音 询问 检测夹具何时到位？", where="X1")
    nine.expects_message(in_chat="X1", contains=["要问谁？", "在群里请引用本条或 @我 回答"])
    nine.says("苏念初", "@回音 @袁知行", where="X1")
    nine.says("方景行", "@袁知行")
    assert nine.clocks() == []
    nine.says("方景行", "@袁知行", where="X1")
    nine.expects_card(in_chat="X1", contains="检测夹具何时到位？")


def test_talk_in_the_group_is_no_answer_to_a_question_of_the_bot(nine: Bench) -> None:
    nine.says("方景行", "@回音 询问 @袁知行", where="X1")
    question = nine.expects_message(in_chat="X1", contains="内容是什么？")
    nine.says("方景行", "等我一下", where="X1")
    nine.expects_nothing_more()
    nine.says("方景行", "检测夹具何时到位？", where="X1", quotes=question)
    nine.expects_card(in_chat="X1", contains="检测夹具何时到位？")


def test_talk_in_between_does_not_make_a_question_wait_longer(nine: Bench) -> None:
    nine.says("方景行", "@回音 询问 @袁知行", where="X1")
    question = nine.expects_message(in_chat="X1", contains="内容是什么？")
    nine.advance(minutes=4)
    nine.says("方景行", "等我一下", where="X1")
    nine.advance(minutes=2)
    nine.says("方景行", "检测夹具何时到位？", where="X1", quotes=question)
    assert nine.clocks() == []


# ---------------------------------------------------------------- names


def test_two_people_of_one_name_are_a_numbered_choice(nine: Bench) -> None:
    nine.transact(with_two_of_one_name)
    nine.says("方景行", "询问 ＠袁知行 检测夹具？")
    nine.expects_message(
        to="方景行", contains=["⚠️ 有 2 位“袁知行”，请回复数字：", "1 袁知行 · 质量", "2 袁知行 · 研发", "0 取消"]
    )
    nine.says("方景行", "2")
    nine.forget()
    assert nine.the_clock().department == "RD"


def test_a_typed_name_is_no_mention_but_is_offered(nine: Bench) -> None:
    nine.says("方景行", "询问 ＠袁知行 检测夹具？")
    nine.expects_message(to="方景行", contains=["“袁知行”是手写的", "1 袁知行 · 质量"])
    nine.says("方景行", "1")
    nine.expects_card(to="袁知行", contains="检测夹具？", lacks="＠袁知行")


def test_a_name_nobody_has_is_said_to_be_nobodys(nine: Bench) -> None:
    nine.says("方景行", "询问 @张无忌 检测夹具？")
    nine.expects_message(to="方景行", contains="通讯录里没有“张无忌”。请用 @ 选择本人，或写全名。")
    assert nine.clocks() == []


def test_a_name_alone_answers_the_question_whom(nine: Bench) -> None:
    nine.says("方景行", "询问 检测夹具？")
    nine.forget()
    nine.says("方景行", "袁知行")
    nine.expects_message(to="方景行", contains="1 袁知行 · 质量")
    nine.says("方景行", "1")
    nine.expects_card(to="袁知行", contains="检测夹具？")


# ---------------------------------------------------------------- what was not understood


def test_an_unknown_command_is_answered_with_guesses_and_a_full_stop_takes_the_first(nine: Bench) -> None:
    nine.says("方景行", "讯问 @袁知行 检测夹具？")
    nine.expects_message(
        to="方景行", contains=["❌ 没有“讯问”这个指令。", "询问 @袁知行 检测夹具？", "回复“。”使用第一个"]
    )
    nine.says("方景行", "。")
    nine.expects_card(to="袁知行", contains="检测夹具？")


def test_at_most_three_guesses_are_made(nine: Bench) -> None:
    nine.says("方景行", "待")
    said = nine.forget()
    assert len(said) == 1
    assert 2 <= len(said[0].words.splitlines()) <= 6


def test_a_full_stop_without_a_question_starts_nothing(nine: Bench) -> None:
    nine.says("方景行", "。")
    nine.says("方景行", "。", where="X1")
    assert all("询问" not in shown.words for shown in nine.forget())


def test_what_is_like_no_command_is_pointed_to_help(nine: Bench) -> None:
    nine.says("方景行", "今天天气真不错啊")
    nine.expects_message(to="方景行", contains=["没有“今天天气真不错啊”这个指令", "发送“帮助”"])


def test_somebody_with_an_open_question_is_shown_how_to_answer_it(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.forget()
    nine.says("袁知行", "大概下午三点")
    nine.expects_message(to="袁知行", contains=["如在回复提问", "已收到 HF-2026-0001"])


def test_a_picture_in_private_gets_a_hint_and_no_error(nine: Bench) -> None:
    nine.says("方景行", "", content=ContentKind.IMAGE)
    nine.expects_message(to="方景行", contains="发送“帮助”")


def test_a_command_of_the_private_chat_given_in_a_group_is_answered_in_private(nine: Bench) -> None:
    nine.says("方景行", "@回音 我的数据", where="X1")
    nine.expects_message(in_chat="X1", contains="已私信您。")
    nine.expects_message(to="方景行", contains="方景行")
    nine.expects_nothing_more()


def test_a_command_of_groups_given_in_private_says_where_it_belongs(nine: Bench) -> None:
    nine.says("方景行", "/重点 @袁知行 明天停线")
    nine.expects_message(to="方景行", contains="请在群里使用“重点”。")


# ---------------------------------------------------------------- limits


def test_ec_65_a_command_of_a_hundred_thousand_characters_is_refused_with_the_count(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 " + "长" * 100_000)
    nine.expects_message(to="方景行", contains=["内容共 100", "超过上限 2000 字，未保存"])
    nine.expects_nothing_more()
    assert nine.clocks() == []
    nine.says("方景行", "@回音 询问 @袁知行 " + "长" * 100_000, where="X1")
    nine.expects_message(in_chat="X1", contains="超过上限 2000 字")


def test_ec_65_a_long_question_in_the_group_is_timed_and_kept_short(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 " + "长" * 99_999 + "？", where="X1")
    nine.expects_message(to="方景行", contains="超过 500 字")
    assert len(nine.the_clock().excerpt) == 200
    kept = nine.read(lambda uow: uow.seen_messages.find())
    assert all(len(seen.heard.spoken.words) <= 201 for seen in kept if seen.heard is not None)


def test_t19_after_thirty_commands_in_a_minute_the_bot_is_silent_for_that_person_only(nine: Bench) -> None:
    for _ in range(35):
        nine.says("方景行", "待办")
    assert len(nine.forget()) == 30
    nine.says("苏念初", "待办")
    nine.expects_message(to="苏念初")
    nine.advance(minutes=1)
    nine.says("方景行", "待办")
    nine.expects_message(to="方景行")


@pytest.mark.parametrize("text", ["待办", "询问", "/重点 x", "天气不错啊", "长" * 3000, "🙂", "为什么 HF-9"])
def test_t19_no_kind_of_text_gets_more_than_thirty_answers_a_minute(nine: Bench, text: str) -> None:
    for _ in range(40):
        nine.says("方景行", text)
    assert len(nine.forget()) <= 30


def test_ec_73_numbers_cannot_be_tried_out(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.forget()
    answers = []
    for number in range(23):
        nine.says("何沐晴", f"为什么 HF-{number + 100}")
        answers.append(nine.forget()[-1].words)
    assert set(answers[:20]) == {"未找到该编号，或您无权查看。"}
    assert answers[-1] == "查询过于频繁，请稍后再试。"
    refused = [r for r in nine.audit() if r.action == "refused" and r.reason == "not_found_or_no_right"]
    assert len(refused) >= 20


def test_ec_73_missing_and_forbidden_read_the_same(nine: Bench) -> None:
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.says("夏知微", "为什么 HF-1")
    nine.says("夏知微", "为什么 HF-999")
    first, second = nine.forget()
    assert first.words == second.words == "未找到该编号，或您无权查看。"


def test_what_a_refused_command_wrote_is_undone(nine: Bench) -> None:
    def write_and_refuse(call: Call) -> None:
        call.context.uow.preferences.add(Preference(person=call.person.id, language="en"))
        call.say("cancelled_question")
        raise RuleViolation("no_right")

    nine.wired.commands._handlers["todo"] = write_and_refuse
    nine.says("方景行", "待办")
    nine.expects_message(to="方景行", contains="您没有执行此操作的权限。")
    nine.expects_nothing_more()
    assert nine.read(lambda uow: uow.preferences.find()) == []


def test_english_is_spoken_to_whoever_set_it(nine: Bench) -> None:
    nine.says("方景行", "设置 语言 en")
    nine.forget()
    nine.says("方景行", "ask @袁知行 when will the fixture arrive?")
    nine.expects_card(to="方景行", state="waiting", contains="by 09:30")
    nine.expects_card(to="袁知行", state="等待回复")
    nine.says("方景行", "todo")
    nine.expects_message(to="方景行", contains=["Nothing waits for you now.", "You wait for:\n· HF-2026-0001"])
