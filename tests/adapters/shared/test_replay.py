"""A captured callback has no second effect, on whichever platform, whenever and however it comes back (T2)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.clock import VirtualClock
from bot.errors import WebhookRejected
from bot.ports import PlatformAdapter, RawRequest
from tests.adapters.feishu.intake import RecordingIntake
from tests.adapters.shared.kits import FEISHU, KITS, Kit
from tests.support.figures import Figures

CALLS = 300
EACH = pytest.mark.parametrize("kit", KITS, ids=lambda kit: kit.name)


@asynccontextmanager
async def process(kit: Kit, clock: VirtualClock) -> AsyncIterator[PlatformAdapter]:
    """One process of the program, which remembers what it believed itself."""
    adapter = kit.adapter(clock)
    try:
        yield adapter
    finally:
        await adapter.close()


async def replay(adapter: PlatformAdapter, intake: RecordingIntake, calls: Iterable[RawRequest]) -> set[int]:
    """Send them; the statuses that came back, 401 for what is not believed."""
    statuses = set()
    for call in calls:
        try:
            statuses.add((await adapter.receive(call, intake)).status)
        except WebhookRejected:
            statuses.add(401)
    return statuses


@EACH
async def test_calls_that_come_back_change_nothing(kit: Kit, figures: Figures) -> None:
    """At once, after minutes, in another process, and when their time is over."""
    calls, intake = [kit.numbered(number) for number in range(CALLS)], RecordingIntake()
    last = kit.now + timedelta(seconds=CALLS // 50)
    clock = VirtualClock(last)
    async with process(kit, clock) as first, process(kit, clock) as second:
        assert await replay(first, intake, calls) == {200}
        assert (len(intake.kept), len(intake.brought)) == (CALLS, CALLS)
        for moment in (last + timedelta(seconds=1), kit.now + timedelta(seconds=299)):
            clock.move(moment)
            assert await replay(first, intake, calls) == {200}
        assert len(intake.brought) == CALLS, "known by their signatures, not even read"
        assert await replay(second, intake, calls) == {200}
        assert (len(intake.kept), len(intake.brought)) == (CALLS, 2 * CALLS), "read once more, known by their own ids"
        clock.move(last + timedelta(hours=8))
        for one in (first, second):
            assert await replay(one, intake, calls) == {401}
    assert len(intake.kept) == CALLS
    figures(f"{kit.name} calls replayed", f"{CALLS} at +1 s, +299 s, +8 h, in another process: 0 second effects")


@EACH
async def test_the_same_event_signed_anew_is_kept_once(kit: Kit) -> None:
    """The platform's own repetitions carry a fresh signature; then the business id is the guard."""
    intake, clock = RecordingIntake(), VirtualClock(kit.now)
    async with process(kit, clock) as adapter:
        assert await replay(adapter, intake, [kit.genuine, kit.signed(kit.genuine.body)]) == {200}
        assert await replay(adapter, intake, [kit.numbered(7), kit.numbered(7)]) == {200}
    assert len(intake.kept) == 2


@EACH
async def test_what_could_not_be_stored_is_refused_and_let_in_when_it_comes_again(kit: Kit) -> None:
    intake, clock = RecordingIntake(), VirtualClock(kit.now)
    async with process(kit, clock) as adapter:
        intake.is_away = True
        assert await replay(adapter, intake, [kit.genuine] * 2) == {503}
        intake.is_away = False
        assert await replay(adapter, intake, [kit.genuine] * 2) == {200}
    assert len(intake.kept) == len(intake.brought) == 1


@pytest.mark.parametrize("kit", [kit for kit in KITS if kit is not FEISHU], ids=lambda kit: kit.name)
async def test_a_call_whose_time_is_over_is_refused(kit: Kit) -> None:
    """Feishu alone may bring an event hours late, and has a test of its own for that."""
    clock = VirtualClock(kit.now + timedelta(seconds=301))
    async with process(kit, clock) as adapter:
        assert await replay(adapter, RecordingIntake(), [kit.genuine]) == {401}
