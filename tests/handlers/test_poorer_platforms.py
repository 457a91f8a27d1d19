"""Platforms that can do less: no cards in groups, mentions by written names, quotes without an id (domain.md 5.4, ux.md A5.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.domain.ids import AccountKey, PersonId
from bot.domain.reply_clock import ClockState
from bot.ports import Capabilities
from tests.handlers.bench import EVERYTHING, Bench, changed

#: sees only what mentions the bot; cards in groups, too
CARDS_EVERYWHERE = replace(
    EVERYTHING, sees_all_group_messages=False, recall_event=False, edit_event=False, reaction_event=False,
    bot_removed_event=False, urgent=False, threads=False, keyed_sends=False, keyed_cards=True, card_edit_seconds=0,
)  # fmt: skip
#: hears groups through another self, which people name by hand; cards in private only
CARDS_IN_PRIVATE = replace(
    EVERYTHING, sees_all_group_messages=False, recall_event=False, edit_event=False, reaction_event=False,
    group_member_event=False, group_dissolved_event=False, bot_removed_event=False, card_forms=False, group_cards=False,
    urgent=False, threads=False, keyed_sends=False, mentions_by_name=True, joins_by_hand=True, card_edit_seconds=70 * 3600,
)  # fmt: skip


@pytest.fixture
def bench_of() -> Iterator[Callable[[Capabilities], Bench]]:
    """Nine o'clock on Monday, on a platform that can do so much."""
    made: list[Bench] = []

    def make(capabilities: Capabilities) -> Bench:
        bench = Bench(capabilities=capabilities)
        made.append(bench)
        bench.until("09:00")
        bench.forget()
        return bench

    yield make
    for bench in made:
        bench.close()


@pytest.fixture
def poor(bench_of: Callable[[Capabilities], Bench]) -> Bench:
    """The poorest."""
    return bench_of(CARDS_IN_PRIVATE)


def test_the_group_reads_the_words_and_whoever_is_asked_has_the_buttons(poor: Bench) -> None:
    poor.types("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    poor.expects_message(in_chat="oc_sample_x1", contains=["HF-2026-0001", "检测夹具什么时候到位？"], mentions="袁知行")
    card = poor.expects_card(to="袁知行", contains="检测夹具什么时候到位？", buttons=["已收到"])
    poor.expects_nothing_more()
    poor.clicks("袁知行", "已收到", card=card)
    assert poor.the_clock().state is ClockState.ANSWERED_IN_TIME
    poor.expects_card_update(to="袁知行")
    assert not [one for one in poor.forget() if one.chat == "oc_sample_x1" and "card" in str(one)]


def test_overdue_is_said_once_in_the_group(poor: Bench) -> None:
    poor.types("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    poor.forget()
    poor.until("09:35")
    said = [one for one in poor.forget() if one.chat == "oc_sample_x1"]
    assert len(said) == 1
    assert "超时" in str(said[0])


def test_a_written_name_is_a_mention(poor: Bench) -> None:
    poor.types("方景行", "@回音 询问 @袁知行检测夹具什么时候到位？", where="X1")
    clock = poor.the_clock()
    assert clock.acting == poor.person("袁知行").id
    assert clock.excerpt == "检测夹具什么时候到位？"


def namesake(bench: Bench, of: str, *, is_in: str) -> None:
    """Somebody of another department has the same name, and only that one, or both, are in the group."""
    asked = bench.person(of)
    other = replace(
        bench.person("罗启安"), id=PersonId("E099"), name=of, accounts={asked.prefer: "ou_namesake"}, roles=frozenset()
    )
    (group,) = bench.read(lambda uow: [one for one in uow.groups.find() if one.id == "G-X1"])
    both = (bench.account(of), AccountKey(asked.prefer, "ou_namesake"))
    present = {"one": both[:1], "both": both, "neither": ()}[is_in]
    others = tuple(one for one in group.members if one not in both)
    bench.transact(
        lambda uow: (
            uow.people.add(other),
            uow.groups.put(replace(group, members=(*others, *present))),
            uow.bump("directory"),
        )
    )


def test_of_two_with_one_name_the_one_in_the_group_is_meant(poor: Bench) -> None:
    namesake(poor, "袁知行", is_in="one")
    poor.types("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    assert poor.the_clock().acting == "E029"


@pytest.mark.parametrize("is_in", ["both", "neither"])
def test_where_two_of_one_name_may_be_meant_whoever_asks_chooses(poor: Bench, is_in: str) -> None:
    namesake(poor, "袁知行", is_in=is_in)
    poor.types("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    assert poor.read(lambda uow: uow.clocks.find()) == []
    poor.expects_message(in_chat="oc_sample_x1", contains=["有 2 位“袁知行”", "1 袁知行", "2 袁知行"])


def test_people_whom_the_platform_names_without_a_place_are_mentioned(poor: Bench) -> None:
    update = poor.message("方景行", "@回音 询问 检测夹具什么时候到位？", where="X1")
    poor.happens(changed(update, named=(poor.account("袁知行"),)))
    assert poor.the_clock().acting == poor.person("袁知行").id


def test_quoted_words_with_a_number_are_an_answer_to_it(poor: Bench) -> None:
    """The quote says no more than the words; the number in them says which question they are from."""
    poor.types("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    poor.forget()
    poor.advance(minutes=5)
    answer = poor.message("袁知行", "@回音 下午三点前", where="X1")
    poor.happens(changed(answer, quoted="待回复 方景行：检测夹具什么时候到位？ HF-2026-0001"))
    assert poor.the_clock().state is ClockState.ANSWERED_IN_TIME


def test_quoted_words_name_the_object_of_a_command(poor: Bench) -> None:
    poor.types("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    poor.forget()
    why = poor.message("方景行", "为什么")
    poor.happens(changed(why, quoted="响应提醒 HF-2026-0001 还剩 10 分钟"))
    poor.expects_message(to="方景行", contains="HF-2026-0001")


def test_a_group_that_lacks_the_bot_is_asked_about_until_it_is_joined(poor: Bench) -> None:
    """The app makes the group, a person adds the bot that hears it, and says in the group which one it is."""
    poor.within(poor.wired.arm_recurring)
    poor.says("苏念初", "建群 SX-8")
    poor.expects_message(to="苏念初", contains="正在建")
    poor.expects_message(to="苏念初", contains=["没有能听群消息", "绑定 SX-2026-0008"])
    (group,) = poor.read(lambda uow: uow.groups.find(item="SX-2026-0008"))
    poor.forget()
    poor.until("09-15 09:30")
    poor.expects_message(to="苏念初", contains="绑定 SX-2026-0008")
    poor.forget()
    poor.types("苏念初", "@回音 绑定 SX-8", where="wr_heard")
    poor.expects_message(in_chat="wr_heard", contains=group.name)
    (joined,) = poor.read(lambda uow: uow.groups.find(item="SX-2026-0008"))
    assert not joined.wants_bot
    poor.until("09-16 09:30")
    assert not [one for one in poor.forget() if "绑定" in str(one)]


def test_who_has_no_part_in_a_group_joins_nothing_to_it(poor: Bench) -> None:
    poor.types("方景行", "@回音 绑定 SX-7", where="wr_other")
    poor.expects_message(in_chat="wr_other", contains="没有可绑定的群")
    poor.says("方景行", "绑定 SX-7")
    poor.expects_message(to="方景行", contains="请在群里发")


def test_a_score_for_replies_says_that_only_what_is_visible_was_counted(poor: Bench) -> None:
    poor.says("罗启安", "评分 2026-09")
    said = poor.expects_message(to="罗启安")
    [replies] = [line for line in said.words.splitlines() if "K1 响应及时率" in line]
    assert replies.endswith("（飞书仅统计可见消息）")
    assert said.words.count("仅统计可见消息") == 1


def test_where_groups_show_cards_the_buttons_stand_there(bench_of: Callable[[Capabilities], Bench]) -> None:
    bench = bench_of(CARDS_EVERYWHERE)
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    card = bench.expects_card(in_chat="oc_sample_x1", contains="检测夹具什么时候到位？", buttons=["已收到", "取消等待"])
    bench.clicks("袁知行", "已收到", card=card)
    assert bench.the_clock().state is ClockState.ANSWERED_IN_TIME
    bench.expects_card_update(in_chat="oc_sample_x1")


def test_where_a_group_is_heard_only_by_name_an_answer_there_names_the_bot(
    bench_of: Callable[[Capabilities], Bench],
) -> None:
    bench = bench_of(CARDS_EVERYWHERE)
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    bench.advance(minutes=5)
    bench.says("袁知行", "@回音 @方景行 下午三点前", where="X1")
    assert bench.the_clock().state is ClockState.ANSWERED_IN_TIME
