"""How fast messages go out on each platform: never faster than it allows, in order, the urgent ones first (F6, F8)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.ports import SendState
from tests.adapters.delivering.offices import PLATFORMS, Office, office
from tests.support.figures import Figures

URGENT, MINUTE = 1, 60


@pytest.fixture(params=PLATFORMS, ids=lambda one: one.platform)
async def here(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    async with office(request.param, call_seconds=10.0) as found:
        yield found


async def test_three_hundred_messages_into_one_group_arrive_at_the_first_try_and_hold_up_no_other(
    here: Office, figures: Figures
) -> None:
    """What is too much for a platform is refused, or on WeCom dropped without a word."""
    other = here.new_group("另一个群")
    start = here.clock.now()
    await here.put(*(here.text(f"{n}") for n in range(300)))
    await here.go(10)
    put_at = here.clock.now()
    await here.put(here.text("超时", chat=other, priority=URGENT))
    await here.go(20 * MINUTE)
    assert here.words() == [f"{n}" for n in range(300)]
    assert here.calls(here.manners.text) == 301
    [notice] = here.seen(other)
    late = (notice.at - put_at).total_seconds()
    assert late <= 1
    took = (here.seen()[-1].at - start).total_seconds()
    figures(
        f"300 {here.manners.platform} messages to one group", f"{took:.0f} s, 0 refused or dropped, notice in {late} s"
    )


async def test_three_hundred_messages_to_one_person_arrive_at_the_first_try(here: Office) -> None:
    """WeCom lets through thirty a minute and a thousand an hour; the rest would be dropped."""
    chat = here.private_chat
    await here.put(*(here.text(f"{n}", to=here.person(here.reader)) for n in range(300)))
    await here.go(30 * MINUTE)
    assert here.words(chat) == [f"{n}" for n in range(300)]
    assert here.emulator.visible_duplicates() == []


async def test_after_ten_minutes_without_the_platform_everything_is_sent_in_order(
    here: Office, figures: Figures
) -> None:
    """F6. States of a card replace each other while they wait."""
    groups = [here.chat, *(here.new_group(f"群{n}") for n in range(4))]
    await here.put(*(here.card_here("等待", card_id=f"c{n}") for n in range(3)))
    await here.go(MINUTE)
    outage = here.refuses("*", here.manners.passing[0])
    said: dict[str, list[str]] = {chat: [] for chat in groups}
    for second in range(0, 10 * MINUTE, 10):
        new = [here.card_here("已回复" if second % 20 else "等待", card_id=f"c{n}") for n in range(3)]
        for number, chat in enumerate(groups):
            said[chat].append(f"{number}/{second}")
            new.append(here.text(said[chat][-1], chat=chat))
        await here.store.run(lambda uow, new=new: [uow.outbox.put(one) for one in new])  # type: ignore[misc]
        await here.go(10)
    tries = len(here.emulator.recorder.calls)
    here.emulator.faults.remove(outage)
    took = await here.drained()
    for chat in groups:
        assert [one.text for one in here.seen(chat) if one.card is None] == said[chat]
    assert here.states() == ["已回复"] * 3
    assert await here.keys(SendState.FAILED) == await here.keys(SendState.UNKNOWN) == []
    assert here.emulator.visible_duplicates() == []
    assert took <= 4 * MINUTE
    assert tries <= 600, "where calls are counted by the month, tries cost"
    figures(
        f"{here.manners.platform} away for 10 minutes",
        f"300 messages and 180 card states, {tries} tries meanwhile, all sent {took:.0f} s after, in order, 0 duplicates",
    )
