"""What becomes of a message, from the outbox to the screen: refused, doubted, too old, and in the end seen once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.feishu.emulator import FaultKind
from bot.ports import SendState
from tests.adapters.feishu.sending import FeishuSending, sending
from tests.support.figures import Figures

CREATE, PATCH = "im.v1.message.create", "im.v1.message.patch"
DAY = 86_400


@pytest.fixture
async def office() -> AsyncIterator[FeishuSending]:
    async with sending(call_seconds=1.0) as office:
        yield office


async def test_a_card_that_the_platform_cannot_make_is_a_text_in_the_same_attempt(office: FeishuSending) -> None:
    """Also when the cause is not ours: nothing waits, nothing is tried twice."""
    office.emulator.faults.add(CREATE, FaultKind.CODE, code=230099, nth=1)
    await office.put(office.card("等待"))
    assert office.words() == ["限时回复：等待"]
    assert office.codes() == [230099, 0]
    [outcome] = office.outcomes
    assert outcome.receipt is not None
    assert (outcome.state, outcome.receipt.degraded) == (SendState.SENT, True)
    await office.put(office.card("已回复"))
    assert [one.kind for one in office.seen()] == ["text", "interactive"], "a text is not edited into a card"


@pytest.mark.parametrize("how", ["recalled", "too old", "another schema", "unknown"])
async def test_a_card_that_cannot_be_edited_any_more_is_sent_anew(office: FeishuSending, how: str) -> None:
    await office.put(office.card("等待"))
    [first] = office.seen()
    if how == "recalled":
        office.emulator.state.messages[first.id].is_recalled = True
    elif how == "too old":  # by the platform's clock, which is not ours
        office.emulator.state.messages[first.id].created_at -= timedelta(days=14)
    elif how == "another schema":
        office.emulator.state.messages[first.id].card = {"config": {"update_multi": True}, "elements": []}
    else:
        office.emulator.faults.add(PATCH, FaultKind.CODE, code=99992354, nth=1)
    await office.go(2)
    await office.put(office.card("已回复"))
    await office.go(2)
    last = office.seen()[-1]
    assert last.card is not None
    assert (last.id != first.id, last.card.tags) == (True, ("已回复",))
    await office.put(office.card("已关闭"))
    await office.go(2)
    assert office.seen()[-1].id == last.id, "and from now on that one is edited"
    assert await office.keys(SendState.FAILED) == []


async def test_after_fourteen_days_a_card_is_issued_again_without_asking(office: FeishuSending) -> None:
    await office.put(office.card("等待"))
    await office.go(13 * DAY)
    await office.put(office.card("仍在等待"))
    assert len(office.seen()) == 1
    await office.go(DAY)
    await office.put(office.card("已回复"))
    assert [one.card.tags for one in office.seen() if one.card is not None] == [("仍在等待",), ("已回复",)]
    assert office.codes(PATCH) == [0], "the platform never had to refuse"


async def test_executed_but_not_answered_is_sent_again_under_its_key_and_seen_once(office: FeishuSending) -> None:
    office.emulator.faults.add(CREATE, FaultKind.BAD_JSON, times=3)
    await office.put(office.text("一"), office.text("二"))
    await office.go(60)
    assert office.words() == ["一", "二"]
    uuids = [str((call.body or {})["uuid"]) for call in office.emulator.recorder.calls_of(CREATE)]
    assert (len(uuids), len(set(uuids))) == (5, 2)
    assert await office.keys(SendState.SENT) == ["一", "二"]


@pytest.mark.slow
async def test_a_timeout_after_the_effect_is_the_same(office: FeishuSending) -> None:
    async with sending() as hasty:
        hasty.emulator.faults.add(CREATE, FaultKind.EXECUTED_THEN_TIMEOUT, nth=1, seconds=5)
        hasty.emulator.faults.add(PATCH, FaultKind.EXECUTED_THEN_TIMEOUT, nth=1, seconds=5)
        await hasty.put(hasty.card("等待"))
        await hasty.go(10)
        await hasty.put(hasty.card("已回复"))
        await hasty.go(10)
        assert [one.card.tags for one in hasty.seen() if one.card is not None] == [("已回复",)]
        assert hasty.emulator.visible_duplicates() == []


async def test_what_stays_in_doubt_is_listed_after_fifty_minutes_and_never_sent_blindly(office: FeishuSending) -> None:
    """The platform forgets a key after an hour (feishu.md 5.1); we stop before."""
    doubt = office.emulator.faults.add(CREATE, FaultKind.BAD_JSON)
    await office.put(office.text("一"))
    await office.go(55 * 60)
    assert await office.keys(SendState.UNKNOWN) == ["一"]
    asked = len(office.codes())
    office.emulator.faults.remove(doubt)
    await office.go(3 * 3600)
    assert (len(office.codes()), office.words()) == (asked, ["一"])
    first, last = (office.emulator.recorder.calls_of(CREATE)[n].at for n in (0, -1))
    assert last - first <= timedelta(minutes=50)
    await office.put(office.text("二"))
    assert office.words() == ["一", "二"], "the lane is free again"


async def test_a_closed_place_fails_by_itself_and_holds_up_nobody(office: FeishuSending) -> None:
    """One group of several companies once made the whole company wait (230027)."""
    office.emulator.add_person("ou_guest", "客户", "", guest_of="tk2")
    outside = office.emulator.add_group("客户群", ["ou_bob", "ou_guest"], is_external=True)
    gone = office.new_group("没有机器人的群")
    office.emulator.removes_bot(gone)
    await office.put(office.text("a", chat=outside), office.text("b", chat=gone), office.text("c"))
    assert office.words() == ["c"]
    assert await office.keys(SendState.FAILED) == ["a", "b"]
    assert office.codes().count(230027) == office.codes().count(230002) == 1


async def test_words_that_the_tenant_forbids_are_masked_and_said(office: FeishuSending) -> None:
    office.emulator.faults.add(CREATE, FaultKind.CODE, code=230028, nth=1)
    await office.put(office.text("请打 13812345678"))
    assert office.words() == ["请打 138****78"]


@pytest.mark.slow
async def test_fifty_sends_over_an_expired_token_renew_it_once(office: FeishuSending, figures: Figures) -> None:
    """F9, from the outbox on."""
    chats = [office.new_group(f"群{n}") for n in range(50)]
    await office.put(*(office.text(f"w{n}", chat=chat) for n, chat in enumerate(chats)))
    await office.go(10)
    rounds, renewals = 10, []
    for number in range(rounds):
        made = office.emulator.tokens.made
        office.emulator.expires_tokens()
        await office.put(*(office.text(f"{number}/{n}", chat=chat) for n, chat in enumerate(chats)))
        await office.go(10)
        renewals.append(office.emulator.tokens.made - made)
    sent = await office.keys(SendState.SENT)
    assert (renewals, len(sent), len(set(sent))) == ([1] * rounds, 550, 550)
    assert all(outcome.state is SendState.SENT for outcome in office.outcomes)
    assert office.emulator.visible_duplicates() == []
    figures("50 messages over an expired token", f"{rounds} rounds: 1 renewal each, 0 failed, 0 duplicates")
