"""Words that the platform does not vouch for decide nothing, whoever seems to say them (T3)."""

from __future__ import annotations

import pytest

from bot.vocabulary import SPECS
from handlers.conversation.vouching import HARMLESS, is_harmless
from tests.handlers.bench import Bench
from tests.handlers.deeds import changed

REFUSED = "平台没有为内容签名，不能据此办理"


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


def says_unsigned(bench: Bench, who: str, text: str) -> None:
    """The message as it comes over a callback whose signature leaves the words out."""
    bench.happens(changed(bench.message(who, text), is_unsigned=True))


@pytest.mark.parametrize("text", ["免计 HF-1 当天系统停机", "同意 XQ-15", "签字 JD-1", "裁定 CT-1", "请假 明天"])
def test_nobody_decides_by_words_that_anybody_could_have_sent(nine: Bench, text: str) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.forget()
    says_unsigned(nine, "许安然", text)
    nine.expects_message(to="许安然", contains=REFUSED)
    nine.expects_nothing_more()


def test_the_same_words_over_a_connection_of_our_own_count(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.forget()
    nine.says("许安然", "免计 HF-1 当天系统停机")
    nine.expects_message(to="许安然", contains="免计")


def test_what_was_left_open_is_not_completed_by_such_words(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 检测夹具？")
    nine.says("许安然", "免计 HF-1")
    nine.forget()
    says_unsigned(nine, "许安然", "当天系统停机")
    nine.expects_message(to="许安然", contains=REFUSED)


@pytest.mark.parametrize("text", ["帮助", "待办", "状态"])
def test_looking_up_is_answered_as_ever(nine: Bench, text: str) -> None:
    nine.says("许安然", text)
    known = nine.forget()
    says_unsigned(nine, "许安然", text)
    assert [shown.words for shown in nine.forget()] == [shown.words for shown in known]


def test_whatever_is_not_listed_is_refused() -> None:
    """A command that comes later decides nothing until somebody has thought about it."""
    verbs = {spec.verb for spec in SPECS}
    assert verbs >= HARMLESS
    assert not any(is_harmless(verb) for verb in verbs - HARMLESS)
    assert {spec.verb for spec in SPECS if spec.topic in {"decide", "admin", "award"}} & HARMLESS == {
        "status",
        "proposals",
    }
