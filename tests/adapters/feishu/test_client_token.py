"""One access token for everybody: fetched once, renewed once, and never asked for in a hurry after a refusal."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters._http import REFUSED_PAUSE, TOKEN_MARGIN, Grant, SingleFlight
from bot.clock import VirtualClock
from bot.errors import FailureKind, PlatformError
from tests.adapters.feishu_emulator.rig import START, advance


class Desk:
    """Gives tokens out when its gate is open; counts how often it was asked."""

    def __init__(self, *, life: timedelta = timedelta(hours=2)) -> None:
        self.asked = 0
        self.life = life
        self.gate = asyncio.Event()
        self.gate.set()
        self.refusal: PlatformError | None = None

    async def __call__(self) -> Grant:
        self.asked += 1
        number = self.asked
        await self.gate.wait()
        if self.refusal is not None:
            raise self.refusal
        return Grant(token=f"t-{number}", life=self.life)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def token(desk: Desk, clock: VirtualClock) -> SingleFlight:
    return SingleFlight(desk, clock=clock)


async def test_a_thousand_callers_at_once_make_one_request(desk: Desk, token: SingleFlight) -> None:
    desk.gate.clear()
    callers = [asyncio.create_task(token.get()) for _ in range(1000)]
    await asyncio.sleep(0)
    desk.gate.set()
    assert set(await asyncio.gather(*callers)) == {"t-1"}
    assert desk.asked == 1


async def test_a_token_is_used_until_shortly_before_its_end(
    desk: Desk, clock: VirtualClock, token: SingleFlight
) -> None:
    assert await token.get() == "t-1"
    advance(clock, (desk.life - TOKEN_MARGIN).total_seconds() - 1)
    assert await token.get() == "t-1"
    advance(clock, 1)
    assert await token.get() == "t-2"


async def test_a_token_with_little_life_left_is_used_for_half_of_it(
    desk: Desk, clock: VirtualClock, token: SingleFlight
) -> None:
    desk.life = timedelta(minutes=10)
    assert await token.get() == "t-1"
    advance(clock, 299)
    assert await token.get() == "t-1"
    advance(clock, 1)
    assert await token.get() == "t-2"


async def test_a_refused_token_is_dropped_once_however_many_were_refused(desk: Desk, token: SingleFlight) -> None:
    old = await token.get()
    for _ in range(50):
        token.drop(old)
        assert await token.get() == "t-2"
    assert desk.asked == 2


async def test_a_caller_that_gives_up_leaves_the_request_to_the_others(desk: Desk, token: SingleFlight) -> None:
    desk.gate.clear()
    first, second = asyncio.create_task(token.get()), asyncio.create_task(token.get())
    await asyncio.sleep(0)
    first.cancel()
    desk.gate.set()
    assert await second == "t-1"
    assert first.cancelled()
    assert desk.asked == 1


async def test_everybody_who_waits_learns_of_a_failure_and_the_next_one_asks_again(
    desk: Desk, token: SingleFlight
) -> None:
    desk.refusal = PlatformError(FailureKind.RETRY, code="2200", operation="auth", retry_after_ms=7)
    callers = [asyncio.create_task(token.get()) for _ in range(5)]
    failures = await asyncio.gather(*callers, return_exceptions=True)
    assert len({id(one) for one in failures}) == 5
    assert {(one.code, one.retry_after_ms) for one in failures if isinstance(one, PlatformError)} == {("2200", 7)}
    desk.refusal = None
    assert await token.get() == "t-2"


async def test_refused_credentials_are_shown_at_most_once_a_minute(
    desk: Desk, clock: VirtualClock, token: SingleFlight
) -> None:
    desk.refusal = PlatformError(FailureKind.ADMINISTRATOR, code="10014", hint="there")
    for _ in range(100):
        with pytest.raises(PlatformError) as refused:
            await token.get()
        assert (refused.value.code, refused.value.hint) == ("10014", "there")
    assert desk.asked == 1
    advance(clock, REFUSED_PAUSE.total_seconds())
    desk.refusal = None
    assert await token.get() == "t-2"


async def test_closing_ends_a_request_that_is_on_its_way(desk: Desk, token: SingleFlight) -> None:
    desk.gate.clear()
    caller = asyncio.create_task(token.get())
    await asyncio.sleep(0)
    await token.close()
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_a_token_is_never_in_what_is_printed(desk: Desk, token: SingleFlight) -> None:
    await token.get()
    assert "t-1" not in repr(token) + repr(Grant(token="t-1", life=timedelta(1)))
