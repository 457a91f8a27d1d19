"""`/帮助` and the first word to everybody (ux.md A4 25, 26; A12)."""

from __future__ import annotations

import pytest

from bot.vocabulary import SPECS
from handlers.conversation.helping import COLUMNS, MOST_COMMANDS, MOST_LINES, TOPICS, columns
from handlers.texts import say
from tests.handlers.bench import Bench

#: one of every post: alternate, leader, secretary and deputy, head, liaison, backup, employee, performance officer, administrator
EVERYBODY = ("沈若川", "顾明远", "许安然", "魏子墨", "尹若谷", "袁知行", "白司南", "何沐晴", "钟晚晴", "高远航")
#: what people of a post need most often
FIRST = {
    "顾明远": ("简报", "同意", "签字"),
    "许安然": ("分级", "会议 安排", "纪要", "台账"),
    "尹若谷": ("同意", "退回", "待办"),
    "袁知行": ("需求 新建", "进度", "周进度", "问题 上报"),
    "何沐晴": ("问题 上报", "进度", "询问"),
}


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("where", [None, "X1"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_page_of_help_fits_on_a_phone(bench: Bench, name: str, where: str | None, language: str) -> None:
    bench.says(name, f"设置 语言 {language}")
    bench.forget()
    for topic in ("", *(say(f"topic_{topic}", language) for topic in TOPICS)):
        bench.says(name, f"{'@回音 ' if where else ''}帮助 {topic}", where=where)
        page = bench.forget()[-1].words.splitlines()
        assert len(page) <= MOST_LINES, page
        assert [line for line in page if columns(line) > COLUMNS] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_fits_on_a_phone_even_for_somebody_who_may_do_everything(topic: str) -> None:
    lines = [spec.verb for spec in SPECS if spec.topic == topic and not spec.is_hidden]
    assert 0 < len(lines) < MOST_LINES


def test_every_command_has_a_topic_that_help_names() -> None:
    assert {spec.topic for spec in SPECS if not spec.is_hidden} == set(TOPICS)


@pytest.mark.parametrize("name", FIRST)
def test_what_people_of_a_post_need_most_stands_on_the_first_page(bench: Bench, name: str) -> None:
    bench.says(name, "帮助")
    page = bench.forget()[-1].words.splitlines()
    assert len(page) <= MOST_LINES
    commands = page[2 : 2 + len(FIRST[name])]
    assert [line.startswith(word) for line, word in zip(commands, FIRST[name], strict=True)] == [True] * len(commands)


def test_what_waits_comes_first_then_at_most_eight_commands_then_the_topics(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.says("袁知行", "?")
    page = bench.expects_message(to="袁知行").words.splitlines()
    assert page[0] == "回音 · 件件有回音"
    assert page[1] == "有 2 件等您：HF-2026-0001 等"
    topics = next(number for number, line in enumerate(page) if line.startswith("帮助 "))
    assert 4 <= len(page[2:topics]) <= MOST_COMMANDS
    assert page[topics].startswith("帮助 回复/审批/需求/事项/任务")
    assert page[-1] == "国家秘密不得录入本系统。"


def test_in_a_group_it_names_the_group_and_keeps_private_matters_private(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.says("袁知行", "@回音", where="X1")
    page = bench.expects_message(in_chat="X1").words
    assert page.splitlines()[0] == "回音 · 本群：X1试产协作专项群"
    assert "HF-2026-0001" not in page
    assert "有 2 件等您" in page


@pytest.mark.parametrize("text", ["帮助", "help", "?", "？", "/帮助", "／help", "菜单", "怎么用"])
def test_help_is_understood_everywhere(bench: Bench, text: str) -> None:
    bench.says("何沐晴", text)
    bench.expects_message(to="何沐晴", contains="回音 · 件件有回音")


def test_commands_a_role_can_never_use_are_not_offered(bench: Bench) -> None:
    for name, verb, is_offered in (
        ("何沐晴", "waive", False),
        ("许安然", "waive", True),
        ("何沐晴", "doctor", False),
        ("高远航", "doctor", True),
        ("何沐晴", "digest", False),
        ("顾明远", "digest", True),
    ):
        pages: list[str] = []
        for topic in ("", "回复", "简报", "管理"):
            bench.says(name, f"帮助 {topic}")
            pages += bench.forget()[-1].words.splitlines()
        assert (say(f"help_{verb}", "zh-CN") in pages) is is_offered, (name, verb)


def test_one_command_is_explained_with_an_example_and_its_other_names(bench: Bench) -> None:
    bench.says("何沐晴", "帮助 询问")
    bench.expects_message(
        to="何沐晴", contains=["询问 @人 内容　限时回复", "例如：询问 @张三 接口文档何时给出", "也可以写：请回复"]
    )


def test_every_command_that_is_not_hidden_stands_under_a_topic_that_help_names(bench: Bench) -> None:
    found: set[str] = set()
    for name in ("高远航", "许安然", "顾明远"):
        bench.says(name, "帮助")
        page = bench.forget()[-1].words.splitlines()
        first = next(number for number, line in enumerate(page) if line.startswith("帮助 回复"))
        for topic in "/".join(page[first:-1]).removeprefix("帮助 ").split("/"):
            bench.says(name, f"帮助 {topic}")
            found.update(bench.forget()[-1].words.splitlines()[1:])
    assert found == {say(spec.help_key, "zh-CN") for spec in SPECS if not spec.is_hidden}


def test_the_first_time_somebody_opens_the_chat_there_is_a_welcome_with_three_buttons_and_never_again(
    bench: Bench,
) -> None:
    bench.opens_chat("何沐晴")
    card = bench.expects_card(to="何沐晴", contains="您好，我是回音", buttons=["帮助", "待办", "组织"])
    bench.opens_chat("何沐晴")
    bench.expects_nothing_more()
    bench.advance(days=30)
    bench.forget()
    bench.opens_chat("何沐晴")
    bench.expects_nothing_more()
    bench.clicks("何沐晴", "待办", card=card)
    bench.expects_message(to="何沐晴", contains="RW-2026-0033")
    bench.clicks("何沐晴", "待办", card=card)
    bench.expects_message(to="何沐晴", contains="RW-2026-0033")
    bench.clicks("何沐晴", "帮助", card=card)
    bench.expects_message(to="何沐晴", contains="件件有回音")


def test_ec_08_a_forwarded_welcome_runs_nothing(bench: Bench) -> None:
    bench.opens_chat("何沐晴")
    card = bench.expects_card(to="何沐晴")
    answer = bench.clicks("袁知行", "待办", card=card)
    assert answer is not None
    assert answer.is_error
    bench.expects_nothing_more()


def test_a_stranger_who_opens_the_chat_is_told_whom_to_ask_once_a_day(bench: Bench) -> None:
    bench.opens_chat("a stranger")
    bench.opens_chat("a stranger")
    bench.expects_message(contains="您尚未登记在通讯录中")
    bench.expects_nothing_more()


def test_help_on_what_there_is_not_says_so_and_shows_what_there_is(bench: Bench) -> None:
    bench.says("方景行", "帮助 食堂")
    said = bench.expects_message(to="方景行").words.splitlines()
    assert said[0] == "没有“食堂”这一主题，可用的有："
    assert len(said) <= MOST_LINES
