"""Two platforms at once: one person with two accounts is one person, and one decision shows wherever its card stands (5.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.messages import At, CardColour, SendText, Text
from bot.ports import Capabilities
from handlers import effects
from tests.handlers.bench import EVERYTHING, PLATFORM
from tests.handlers.request_words import CODE, the_request
from tests.handlers.test_request_stories import to_leader
from tests.handlers.two_platforms import OTHER, TwoPlatforms


@pytest.fixture
def bench() -> Iterator[TwoPlatforms]:
    """The sample company on one platform, with some of its people on another one."""
    made = TwoPlatforms()
    yield made
    made.close()


def approvals(bench: TwoPlatforms) -> int:
    return [row.action for row in bench.audit(CODE)].count("request_approved")


def platforms(bench: TwoPlatforms) -> set[str]:
    """Where the messages that nobody looked at yet went."""
    return {shown.sent.lane.partition(":")[0] for shown in bench.forget()}


def test_a_decision_on_one_platform_shows_on_the_card_of_the_other_and_counts_once(bench: TwoPlatforms) -> None:
    """EC-02: the leader approves from the phone that has the other platform; the card at the desk follows and is too late."""
    bench.until("09-16 09:15")
    bench.has_also("顾明远", "gumingyuan")
    card = to_leader(bench)
    with bench.on(OTHER):
        bench.says("顾明远", f"批准 {CODE}")
    assert (the_request(bench).state, the_request(bench).decided_by) == ("approved", "E002")
    bench.expects_card_update(to="顾明远", state="已批准", colour=CardColour.DONE)
    bench.forget()
    answer = bench.clicks("顾明远", "批准", card=card)
    assert answer is not None
    assert "当前：已批准" in answer.toast
    assert approvals(bench) == 1


def test_a_press_here_and_a_word_there_in_the_same_moment_are_one_decision(bench: TwoPlatforms) -> None:
    bench.until("09-16 09:15")
    bench.has_also("顾明远", "gumingyuan")
    card = to_leader(bench)
    press = bench.click("顾明远", "批准", card=card)
    with bench.on(OTHER):
        word = bench.message("顾明远", f"批准 {CODE}")
    bench.happens(word, press)
    assert approvals(bench) == 1
    assert the_request(bench).state == "approved"


def test_one_answer_changes_the_cards_of_both_people_on_both_platforms(bench: TwoPlatforms) -> None:
    bench.until("10:00")
    bench.moves("袁知行", "yuanzhixing")
    bench.types("方景行", "询问 @袁知行 检测夹具什么时候到位？")
    bench.says("方景行", "1")
    asked = bench.expects_card(to="袁知行", contains="检测夹具什么时候到位")
    bench.forget()
    with bench.on(OTHER):
        bench.clicks("袁知行", "已收到", card=asked)
    changed = [bench.expects_card_update(to=who) for who in ("方景行", "袁知行")]
    assert [one.sent.lane.partition(":")[0] for one in changed] == [PLATFORM, OTHER]
    assert all("袁知行" in one.words and "[已收到]" not in one.words for one in changed)


def test_somebody_on_leave_is_stood_in_for_by_somebody_on_the_other_platform(bench: TwoPlatforms) -> None:
    """2.6: a stand-in is a person, wherever his or her account is; the trail says who for whom."""
    bench.until("09-16 09:15")
    card = to_leader(bench)
    bench.says("顾明远", "请假 9-16")
    bench.moves("沈若川", "shenruochuan")
    bench.forget()
    with bench.on(OTHER):
        bench.says("沈若川", f"批准 {CODE}")
    assert the_request(bench).state == "approved", [str(one) for one in bench.forget()]
    bench.expects_card_update(to="顾明远", state="已批准")
    row = next(row for row in bench.audit(CODE) if row.action == "request_approved")
    assert (row.actor, row.on_behalf_of, row.platform) == (bench.person("沈若川").id, "E002", OTHER)
    assert card.sent.lane.startswith(PLATFORM)


def test_a_reply_from_the_other_account_stops_the_clock(bench: TwoPlatforms) -> None:
    bench.until("10:00")
    bench.has_also("袁知行", "yuanzhixing")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    bench.forget()
    with bench.on(OTHER):
        bench.says("袁知行", "已收到 HF-1 周四到位")
    clock = bench.the_clock()
    assert clock.answered_at is not None
    assert clock.answered_by == bench.person("袁知行").id


def test_who_is_on_the_other_platform_only_is_told_there(bench: TwoPlatforms) -> None:
    """L-09 and T-01 know people, not platforms: the reminder reaches the account that there is."""
    bench.until("10:00")
    bench.moves("袁知行", "yuanzhixing")
    bench.types("方景行", "询问 @袁知行 检测夹具什么时候到位？")
    bench.says("方景行", "1")
    asked = bench.expects_card(to="袁知行", contains="检测夹具什么时候到位")
    assert asked.sent.lane.startswith(OTHER)
    bench.forget()
    bench.advance(minutes=30)
    told = [shown for shown in bench.forget() if shown.reader == "袁知行"]
    assert told
    assert {shown.sent.lane.partition(":")[0] for shown in told} == {OTHER}


def test_a_platform_that_is_switched_off_leaves_the_other_account(bench: TwoPlatforms) -> None:
    """EC-82: somebody with two accounts is reached where the program still is."""
    bench.has_also("袁知行", "yuanzhixing")
    bench.until("10:00")
    bench.engine.capabilities = lambda: {OTHER: bench.other.capabilities}
    with bench.on(OTHER):
        bench.has_also("方景行", "fangjingxing")
        bench.types("方景行", "询问 @袁知行 检测夹具什么时候到位？")
        bench.says("方景行", "1")
    assert platforms(bench) == {OTHER}


def test_the_poorer_platform_reads_words_where_the_richer_has_a_card(bench: TwoPlatforms) -> None:
    """A-17: what a delegate decides on a platform without forms is written by hand, and the card elsewhere follows."""
    bench.other.capabilities = replace(EVERYTHING, card_forms=False, group_cards=False, card_update=False)
    bench.until("09-16 09:15")
    bench.has_also("顾明远", "gumingyuan")
    to_leader(bench)
    with bench.on(OTHER):
        bench.says("顾明远", f"驳回 {CODE} 预算没有着落，先落实")
    assert the_request(bench).state == "rejected"
    bench.expects_card_update(to="顾明远", state="已驳回")
    words = [one for one in bench.other.sent if isinstance(one.outbound, SendText)]
    assert words


def mentioned_in(bench: TwoPlatforms, where: str) -> list[object]:
    """Every mention of what the bot wrote into a group."""
    sent = [shown.sent.outbound for shown in bench.forget() if shown.chat == bench.chat(where, "").chat]
    return [span for one in sent if isinstance(one, SendText) for span in one.body]


def test_a_group_mentions_people_under_the_account_that_they_have_there(bench: TwoPlatforms) -> None:
    """R-40: who preferred the other platform was mentioned in the group by an account that the group does not know."""
    bench.until("10:00")
    bench.has_also("袁知行", "yuanzhixing")
    here = bench.account("袁知行")
    bench.prefers("袁知行", OTHER)
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    bench.forget()
    bench.advance(minutes=30)
    assert At(account=here, name="袁知行") in mentioned_in(bench, "X1")


def test_who_has_no_account_where_the_group_is_is_named_in_writing(bench: TwoPlatforms) -> None:
    bench.until("10:00")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具什么时候到位？", where="X1")
    bench.moves("袁知行", "yuanzhixing")
    bench.forget()
    bench.advance(minutes=30)
    spans = mentioned_in(bench, "X1")
    assert Text("@袁知行") in spans
    assert not [span for span in spans if isinstance(span, At) and span.account.platform != PLATFORM]


def test_a_platform_that_was_switched_off_can_do_nothing_and_breaks_nothing(bench: TwoPlatforms) -> None:
    """A change of liaison reaches into every group of the department, one on a platform that was left, too."""
    assert bench.within(lambda context: effects.can(context, "left")) == Capabilities()
    assert bench.within(lambda context: effects.can(context, OTHER)) == bench.also
