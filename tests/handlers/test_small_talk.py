"""What is no command: greetings, numbers alone, words of later versions, sentences. Never a silly guess (ux.md A4 21, 23)."""

from __future__ import annotations

import pytest

from tests.handlers.bench import Bench


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


@pytest.mark.parametrize("text", ["你好", "您好，在吗？", "在吗", "Hello!", "你是谁？", "what can you do?"])
def test_a_greeting_is_answered_with_help(nine: Bench, text: str) -> None:
    nine.says("何沐晴", text)
    nine.expects_message(to="何沐晴", contains=["回音 · 件件有回音", "询问 @人 内容"], lacks="没有“")


def test_a_greeting_among_people_is_left_alone(nine: Bench) -> None:
    nine.says("何沐晴", "大家早上好", where="X1")
    nine.says("何沐晴", "你好", where="X1")
    nine.expects_nothing_more()


def test_a_number_alone_asks_how_it_stands(nine: Bench) -> None:
    nine.says("何沐晴", "询问 @袁知行 检测夹具？")
    nine.forget()
    nine.says("何沐晴", "HF-1")
    nine.expects_message(to="何沐晴", contains=["HF-2026-0001 等待回复", "截止 09:30"])
    nine.says("何沐晴", "@回音 hf－1", where="X1")
    nine.expects_message(in_chat="X1", contains="HF-2026-0001 等待回复")
    nine.says("何沐晴", "HF-77")
    nine.expects_message(to="何沐晴", contains="未找到该编号，或您无权查看。")


@pytest.mark.parametrize("text", ["审批", "申请 用章", "登录", "login", "link"])
def test_commands_of_later_versions_are_known_and_not_there_yet(nine: Bench, text: str) -> None:
    nine.says("何沐晴", text)
    nine.expects_message(to="何沐晴", contains=f"这个版本还没有“{text.split()[0]}”的指令。", lacks="❌")


def test_a_command_that_takes_nothing_says_so_and_is_given_with_a_full_stop(nine: Bench) -> None:
    """`简报 昨天` was once answered with: there is no command 简报, did you mean 简报 昨天?"""
    nine.says("许安然", "简报 昨天")
    nine.expects_message(to="许安然", contains="“简报”后面不用再写别的，直接发：简报")
    nine.says("许安然", "。")
    nine.expects_message(to="许安然", contains="【跨部门协作每日简报】")


@pytest.mark.parametrize("text", ["请帮我问一下袁知行夹具什么时候到", "查一下国庆放假", "帮我建个群"])
def test_a_sentence_is_not_taken_apart_for_a_guess(nine: Bench, text: str) -> None:
    nine.says("何沐晴", text)
    nine.expects_message(to="何沐晴", contains="发送“帮助”查看可用指令。", lacks="是不是想说")


def test_several_guesses_stand_one_below_the_other(nine: Bench) -> None:
    nine.says("何沐晴", "查会议")
    nine.expects_message(to="何沐晴", contains="您是不是想说：\n会议\n约会议\n回复“。”使用第一个")


def test_a_guess_in_latin_letters_leaves_the_number_whole(nine: Bench) -> None:
    nine.says("何沐晴", "wy HF-1")
    nine.expects_message(to="何沐晴", contains="您是不是想说：why HF-1\n")


def test_a_command_said_again_and_whole_is_not_mixed_with_its_first_try(nine: Bench) -> None:
    """The dates were once looked for in both texts together, and not understood."""
    nine.says("何沐晴", "请假 2小时")
    nine.expects_message(to="何沐晴", contains="从什么时候到什么时候？")
    nine.says("何沐晴", "请假 9-16 9-18 代理 江亦舟")
    nine.expects_message(to="何沐晴", contains=["已登记请假 QJ-2026-0001", "由 江亦舟 代理"])


def test_an_answer_with_its_number_in_front_is_handed_back_for_that_question(nine: Bench) -> None:
    nine.says("何沐晴", "询问 @袁知行 检测夹具？")
    nine.says("温晓棠", "询问 @袁知行 检验报告？")
    nine.forget()
    nine.says("袁知行", "HF-2 明天上午给")
    nine.expects_message(to="袁知行", contains="或写：\n已收到 HF-2026-0002 明天上午给")
