"""What becomes of a message on its way out: refused, doubted, too old, and in the end seen once. On every platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters._emulator.faults import FaultKind
from bot.ports import SendState
from tests.adapters.delivering.offices import PLATFORMS, Manners, Office, Refusal, office

MINUTE, DAY = 60, 86_400


@pytest.fixture(params=PLATFORMS, ids=lambda one: one.platform)
async def here(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    async with office(request.param) as found:
        yield found


def each(which: str) -> list[object]:
    """Every platform with every refusal of that kind."""
    return [
        pytest.param(manners, refusal, id=f"{manners.platform}-{refusal}")
        for manners in PLATFORMS
        for refusal in getattr(manners, which)
    ]


async def test_a_card_that_the_platform_cannot_make_is_a_text_in_the_same_attempt(here: Office) -> None:
    here.refuses(here.manners.card, here.manners.impossible, times=1)
    await here.put(here.card_here("等待"))
    assert here.stands() == ["限时回复：等待"]
    [outcome] = here.outcomes
    assert outcome.receipt is not None
    assert (outcome.state, outcome.receipt.degraded) == (SendState.SENT, True)


async def test_a_card_that_cannot_be_changed_any_more_is_sent_anew(here: Office) -> None:
    await here.put(here.card_here("等待"))
    here.refuses(here.manners.edit, here.manners.uneditable, times=1)
    await here.go(2)
    await here.put(here.card_here("已回复"))
    await here.go(2)
    assert here.stands() == ["等待", "已回复"]
    assert await here.keys(SendState.FAILED) == []


async def test_a_card_stays_one_message_while_it_can_be_changed_and_is_issued_again_afterwards(here: Office) -> None:
    """Feishu lets a card be changed for a fortnight, WeCom for three days, DingTalk for ever."""
    days = here.manners.editable_days
    await here.put(here.card_here("等待"))
    await here.go((days or 100) * DAY)
    await here.put(here.card_here("已回复"))
    await here.go(2)
    assert here.stands() == ["已回复"]
    asked = here.calls(here.manners.edit)
    await here.go(2 * DAY)
    await here.put(here.card_here("已关闭"))
    await here.go(2)
    assert here.stands()[-1] == "已关闭"
    assert len(here.stands()) == (1 if days is None else 2)
    assert here.calls(here.manners.edit) == asked + (days is None), "the platform never had to refuse"


@pytest.mark.parametrize("kind", [FaultKind.BAD_JSON, FaultKind.EXECUTED_THEN_TIMEOUT])
async def test_a_text_that_was_sent_and_not_confirmed_is_seen_once(here: Office, kind: FaultKind) -> None:
    """Where the platform knows a key again it is asked again; elsewhere the doubt is told and nobody sends blindly."""
    if kind is FaultKind.EXECUTED_THEN_TIMEOUT:
        here.emulator.faults.add(here.manners.text, kind, nth=1, seconds=10)
    else:
        here.emulator.faults.add(here.manners.text, kind, times=1)
    await here.put(here.text("一"), here.text("二"))
    await here.go(5 * MINUTE)
    assert here.words() == ["一", "二"], "in order, and what is in doubt holds up nothing"
    knows = here.manners.knows_texts
    assert await here.keys(SendState.UNKNOWN) == ([] if knows else ["一"])
    assert await here.keys(SendState.SENT) == (["一", "二"] if knows else ["二"])
    assert here.calls(here.manners.text) == (3 if knows else 2)


async def test_a_card_that_was_shown_and_not_confirmed_is_seen_once(here: Office) -> None:
    here.emulator.faults.add(here.manners.card, FaultKind.BAD_JSON, times=1)
    await here.put(here.card_here("等待"))
    await here.go(5 * MINUTE)
    assert here.stands() == ["等待"]
    assert here.calls(here.manners.card) == (2 if here.manners.knows_cards else 1)
    assert here.emulator.visible_duplicates() == []


async def test_a_change_that_was_made_and_not_confirmed_ends_with_the_right_state(here: Office) -> None:
    await here.put(here.card_here("等待"))
    here.emulator.faults.add(here.manners.edit, FaultKind.BAD_JSON, times=1)
    await here.go(2)
    await here.put(here.card_here("已回复"))
    await here.go(5 * MINUTE)
    assert here.stands() == ["已回复"]
    assert here.emulator.visible_duplicates() == []


@pytest.mark.parametrize(("manners", "refusal"), each("administrators"))
async def test_what_only_an_administrator_can_mend_is_asked_once_a_minute(manners: Manners, refusal: Refusal) -> None:
    async with office(manners) as here:
        trouble = here.refuses(manners.text, refusal)
        chats = [here.chat, *(here.new_group(f"群{n}") for n in range(9))]
        await here.put(*(here.text(f"{n}", chat=chat) for n, chat in enumerate(chats)))
        first = here.calls(manners.text)
        await here.go(30 * MINUTE)
        assert here.calls(manners.text) - first <= 30
        here.emulator.faults.remove(trouble)
        await here.go(2 * MINUTE + 5)
        assert [here.words(chat) for chat in chats] == [[f"{n}"] for n in range(10)]


@pytest.mark.parametrize(("manners", "refusal"), each("passing"))
async def test_what_passes_is_waited_for_in_order(manners: Manners, refusal: Refusal) -> None:
    async with office(manners) as here:
        here.refuses(manners.text, refusal, times=2)
        await here.put(here.text("一"), here.text("二"))
        await here.go(5 * MINUTE)
        assert here.words() == ["一", "二"]
        assert await here.keys(SendState.FAILED) == []


async def test_a_closed_place_fails_by_itself_and_holds_up_nobody(here: Office) -> None:
    closed = here.refuses(here.manners.text, here.manners.closed, times=1)
    other = here.new_group("另一个群")
    await here.put(here.text("a"))
    await here.put(here.text("b", chat=other), here.text("c"))
    await here.go(10)
    assert (here.words(), here.words(other)) == (["c"], ["b"])
    assert await here.keys(SendState.FAILED) == ["a"]
    assert closed.struck == 1


async def test_an_expired_token_is_renewed_once_for_all_who_wait(here: Office) -> None:
    """F9, from the outbox on."""
    chats = [here.new_group(f"群{n}") for n in range(10)]
    await here.put(*(here.text(f"before {n}", chat=chat) for n, chat in enumerate(chats)))
    await here.go(30)
    fetched = here.calls(here.manners.token)
    here.emulator.faults.add(here.manners.text, FaultKind.TOKEN_EXPIRED, nth=1)
    await here.put(*(here.text(f"after {n}", chat=chat) for n, chat in enumerate(chats)))
    await here.go(30)
    assert fetched
    assert here.calls(here.manners.token) == fetched + 1
    assert [here.words(chat) for chat in chats] == [[f"before {n}", f"after {n}"] for n in range(10)]
    assert here.emulator.visible_duplicates() == []


async def test_three_pumps_do_not_share_a_message(here: Office) -> None:
    here.emulator.faults.add(here.manners.text, FaultKind.SLOW, times=1, seconds=0.02)
    await here.store.run(lambda uow: uow.outbox.put(here.text("一")))
    await asyncio.gather(*(asyncio.create_task(here.delivery.send_some()) for _ in range(3)))
    await here.put(here.text("二"))
    await here.go(10)
    assert here.words() == ["一", "二"]
