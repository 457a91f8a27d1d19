"""How fast messages go out: never faster than the platform allows, in order, the urgent ones first (F6, F8, F15)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.feishu.emulator import FaultKind
from bot.ports import SendState
from tests.adapters.feishu.sending import FeishuSending, sending
from tests.support.figures import Figures

MINUTE = 60
LIMITED = {230020, 99991400}
URGENT, CHATTER = 1, 5


@pytest.fixture
async def office() -> AsyncIterator[FeishuSending]:
    async with sending(call_seconds=5.0) as office:
        yield office


def refused(office: FeishuSending) -> int:
    """How often the platform said that we are too fast."""
    return sum(call.code in LIMITED for call in office.emulator.recorder.calls)


@pytest.mark.slow
async def test_a_thousand_messages_to_one_chat_are_never_too_fast_and_hold_up_nothing(
    office: FeishuSending, figures: Figures
) -> None:
    """F8: chatter in one group; breach notices for others go at once, one for this very group keeps its place."""
    others = [office.new_group(f"群{n}") for n in range(10)]
    start = office.clock.now()
    await office.put(*(office.text(f"{n}") for n in range(1000)))
    late: list[float] = []
    for number, chat in enumerate(others):
        await office.go(20)
        put_at = office.clock.now()
        await office.put(office.text(f"超时 {number}", chat=chat, priority=URGENT))
        await office.go(2)
        [notice] = office.seen(chat)
        late.append((notice.at - put_at).total_seconds())
    await office.go(20 * MINUTE)
    assert office.words() == [f"{n}" for n in range(1000)]
    took = (office.seen()[-1].at - start).total_seconds()
    assert refused(office) == 0
    assert max(late) <= 1.0
    assert took <= 1000 / 2.9
    figures(
        "1,000 feishu messages to one chat", f"{took:.0f} s, {refused(office)} refused, notices within {max(late)} s"
    )


@pytest.mark.slow
async def test_when_the_apps_own_limit_is_what_holds_urgent_ones_go_first(
    office: FeishuSending, figures: Figures
) -> None:
    """Chatter for 120 groups fills the minute; what is urgent overtakes it, wherever it goes."""
    groups = [office.new_group(f"群{n}") for n in range(120)]
    await office.put(*(office.text(f"{n}.{turn}", chat=chat) for turn in range(3) for n, chat in enumerate(groups)))
    await office.go(5)
    waiting = len(await office.reports(SendState.PENDING))
    assert waiting > 150
    quiet = [office.new_group(f"静{n}") for n in range(20)]
    put_at = office.clock.now()
    await office.put(*(office.text(f"超时 {n}", chat=chat, priority=URGENT) for n, chat in enumerate(quiet)))
    await office.go(5 * MINUTE)
    notices = [office.seen(chat)[0].at for chat in quiet]
    last = (max(notices) - put_at).total_seconds()
    ahead = sum(one.at < max(notices) for chat in groups for one in office.seen(chat) if one.at >= put_at)
    assert refused(office) == 0
    assert last <= 5
    figures("20 breach notices behind chatter", f"{waiting} waiting, the last within {last:.1f} s, {ahead} went before")


@pytest.mark.slow
async def test_after_ten_minutes_without_the_platform_all_is_sent_within_two(
    office: FeishuSending, figures: Figures
) -> None:
    """F6: twenty calls a second, two of them messages, eighteen new states of cards.

    The platform itself takes 1,000 new messages a minute, so twenty *messages* a second could not be sent with nothing
    wrong either; states of a card replace each other while they wait.
    """
    groups = [office.new_group(f"群{n}") for n in range(20)]
    cards = [(f"c{n}", groups[n % 20]) for n in range(60)]
    await office.put(*(office.card("开始", card_id=name, chat=chat) for name, chat in cards))
    await office.go(60)
    outage = office.emulator.faults.add("im.v1.*", FaultKind.REFUSE)
    newest: dict[str, str] = {}
    said: dict[str, list[str]] = {chat: [] for chat in groups}
    for second in range(0, 600, 10):
        new = []
        for number in range(20):
            chat = groups[(second * 2 + number) % 20]
            said[chat].append(f"{second}/{number}")
            new.append(office.text(said[chat][-1], chat=chat))
        for number in range(180):
            name, chat = cards[(second * 18 + number) % 60]
            newest[name] = f"第 {second}.{number} 秒"
            new.append(office.card(newest[name], card_id=name, chat=chat))
        await office.store.run(lambda uow, new=new: [uow.outbox.put(one) for one in new])  # type: ignore[misc]
        await office.go(10)
    tries = len(office.emulator.recorder.calls)
    office.emulator.faults.remove(outage)
    took = await office.drained()
    for chat in groups:
        assert [one.text for one in office.seen(chat) if one.kind == "text"] == said[chat]
    shown = [one.card.tags[0] for chat in groups for one in office.seen(chat) if one.card is not None]
    assert sorted(shown) == sorted(newest.values())
    assert len(await office.keys(SendState.FAILED)) == len(await office.keys(SendState.UNKNOWN)) == 0
    assert office.emulator.visible_duplicates() == []
    assert refused(office) == 0
    assert took <= 120
    figures(
        "feishu away for 10 minutes at 20 calls/s",
        f"1,200 messages and 10,800 card states, {tries} tries meanwhile, all sent {took:.0f} s after, in order, "
        "0 duplicates",
    )


async def test_a_limit_that_others_use_up_is_waited_for(office: FeishuSending) -> None:
    """All bots of a group share its five messages a second; ours is refused, waits and goes."""
    for number in range(5):
        await office.emulator.bot_says("审批", f"{number}", office.chat)
    await office.put(office.text("一"))
    assert (office.words(), office.codes()) == ([], [230020])
    await office.go(3)
    assert office.words() == ["一"]
