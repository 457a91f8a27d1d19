"""A captured callback has no second effect, whenever and however it comes back (T2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters._replay import ReplayCache, is_timely
from adapters.feishu import FeishuAdapter
from adapters.feishu.client import FeishuClient
from bot.clock import VirtualClock
from bot.errors import WebhookRejected
from bot.ports import Answer, RawRequest, Store
from bot.updates import AnyUpdate
from storage import open_store
from tests.adapters.feishu.callbacks import NOW, SETTINGS, event, push
from tests.adapters.feishu.intake import RecordingIntake
from tests.support.figures import Figures
from tests.support.housing import housing

CALLS = 1_000
WINDOW = timedelta(seconds=300)


class OfflineClient(FeishuClient):
    """The client of an app whose platform cannot be asked anything."""

    async def bot_open_id(self) -> str:
        return "ou_bot"


def adapter_at(clock: VirtualClock) -> FeishuAdapter:
    return FeishuAdapter(SETTINGS, OfflineClient(SETTINGS, clock=clock), housing(clock))


def captured() -> list[RawRequest]:
    """A thousand genuine calls within twenty seconds, messages and clicks."""
    message, click = event("message_text_with_mention"), event("card_button")
    calls = []
    for number in range(CALLS):
        sample = click if number % 5 == 0 else message
        header = {**sample["header"], "event_id": f"ev-{number}"}
        body = sample["event"]
        if sample is message:
            body = {**body, "message": {**body["message"], "message_id": f"om_{number}"}}
        at = NOW + timedelta(seconds=number // 50)
        calls.append(push({**sample, "header": header, "event": body}, at=at, nonce=f"{number:08d}"))
    return calls


async def replay(adapter: FeishuAdapter, intake: RecordingIntake, calls: list[RawRequest]) -> set[int]:
    """Send them; the statuses that came back, 401 for what is not believed."""
    statuses = set()
    for call in calls:
        try:
            reply = await adapter.receive(call, intake)
        except WebhookRejected:
            statuses.add(401)
        else:
            statuses.add(reply.status)
    return statuses


def shifted(call: RawRequest) -> Iterator[RawRequest]:
    """The same signature with the border between timestamp and nonce moved (M1)."""
    both = call.headers["x-lark-request-timestamp"] + call.headers["x-lark-request-nonce"]
    for border in range(len(both) + 1):
        if border != len(call.headers["x-lark-request-timestamp"]):
            moved = {"x-lark-request-timestamp": both[:border], "x-lark-request-nonce": both[border:]}
            yield replace(call, headers={**call.headers, **moved})


@pytest.mark.slow
async def test_a_thousand_calls_replayed_at_every_distance_change_nothing(figures: Figures) -> None:
    calls = captured()
    clock = VirtualClock(NOW)
    intake = RecordingIntake()
    adapter = adapter_at(clock)
    last = NOW + timedelta(seconds=CALLS // 50)
    clock.move(last)
    assert await replay(adapter, intake, calls) == {200}
    assert (len(intake.kept), len(intake.brought)) == (CALLS, CALLS)

    clock.move(last + timedelta(seconds=1))
    assert await replay(adapter, intake, calls) == {200}
    clock.move(NOW + timedelta(seconds=299))
    assert await replay(adapter, intake, calls) == {200}
    assert len(intake.brought) == CALLS  # known by their signatures, not even read

    restarted = adapter_at(clock)
    assert await replay(restarted, intake, calls) == {200}
    assert (len(intake.brought), len(intake.kept)) == (2 * CALLS, CALLS)  # read once more, known by their business ids

    clock.move(last + timedelta(seconds=301))
    clicks = [call for number, call in enumerate(calls) if number % 5 == 0]
    assert await replay(adapter_at(clock), intake, clicks) == {401}  # nobody repeats a click
    messages = [call for number, call in enumerate(calls) if number % 5]
    for moment in (last + timedelta(seconds=301), NOW + timedelta(hours=7, minutes=5)):
        clock.move(moment)
        assert await replay(adapter_at(clock), intake, messages) == {200}  # the platform itself may be that late
        assert len(intake.kept) == CALLS
    clock.move(last + timedelta(hours=8))
    for one in (adapter, restarted, adapter_at(clock)):
        assert await replay(one, intake, calls) == {401}
    clock.move(last)
    brought = len(intake.brought)
    for one in (adapter, restarted, adapter_at(clock)):
        assert await replay(one, intake, [moved for call in calls[:100] for moved in shifted(call)]) == {401}
    assert (len(intake.brought), len(intake.kept)) == (brought, CALLS)
    figures(
        "feishu calls replayed", f"{CALLS:,} at +1 s, +299 s, +301 s, +8 h, after a restart, shifted: 0 second effects"
    )


class StoringIntake(RecordingIntake):
    """Puts into a real store what it is given, as the dispatcher does."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    async def accept(self, updates: Sequence[AnyUpdate]) -> None:
        await self._store.accept(updates, now=NOW)

    async def accept_click(self, update: AnyUpdate, *, within: float) -> Answer | None:
        await self.accept([update])
        return None


@pytest.mark.slow
async def test_after_a_restart_the_database_knows_what_was_taken(tmp_path: Path) -> None:
    calls = captured()[:100]
    clock = VirtualClock(NOW + timedelta(seconds=5))
    waiting = []
    for _ in range(2):
        store = await open_store(f"sqlite:///{tmp_path / 'huiyin.db'}")
        assert await replay(adapter_at(clock), StoringIntake(store), calls) == {200}
        waiting.append((await store.read(lambda uow: uow.inbox.pending()))[0])
        await store.close()
    assert waiting == [100, 100]


async def test_what_could_not_be_stored_is_refused_and_let_in_when_it_comes_again() -> None:
    intake, adapter = RecordingIntake(), adapter_at(VirtualClock(NOW))
    call = push(event("message_text_with_mention"))
    intake.is_away = True
    assert await replay(adapter, intake, [call, call]) == {503}
    intake.is_away = False
    assert await replay(adapter, intake, [call, call]) == {200}
    assert len(intake.kept) == len(intake.brought) == 1


async def test_the_same_event_signed_anew_is_brought_again_and_kept_once() -> None:
    """The platform's own repetitions may carry a fresh signature; then the business id is the guard."""
    intake, adapter = RecordingIntake(), adapter_at(VirtualClock(NOW))
    message = event("message_text_with_mention")
    renamed = {**message, "header": {**message["header"], "event_id": "ev-other"}}
    calls = [push(message, nonce="1"), push(message, nonce="2"), push(renamed, nonce="3")]
    assert await replay(adapter, intake, calls) == {200}
    assert (len(intake.brought), len(intake.kept)) == (3, 1)


class TestCache:
    """The memory itself."""

    def test_it_forgets_after_its_time_and_not_before(self) -> None:
        cache = ReplayCache(keep=timedelta(minutes=10))
        cache.remember("a", now=NOW)
        assert cache.knows("a", now=NOW + timedelta(minutes=9, seconds=59))
        assert not cache.knows("a", now=NOW + timedelta(minutes=10))
        assert not cache.knows("b", now=NOW)

    def test_it_is_bounded_and_the_oldest_goes_first(self) -> None:
        cache = ReplayCache(capacity=3)
        for name in "abcd":
            cache.remember(name, now=NOW)
        assert len(cache) == 3
        assert [cache.knows(name, now=NOW) for name in "abcd"] == [False, True, True, True]

    def test_what_comes_again_is_remembered_from_then_on(self) -> None:
        cache = ReplayCache(capacity=2)
        for name in "aba":
            cache.remember(name, now=NOW)
        cache.remember("c", now=NOW)
        assert [cache.knows(name, now=NOW) for name in "abc"] == [True, False, True]

    def test_old_ones_make_room_by_themselves(self) -> None:
        cache = ReplayCache()
        for second in range(1_000):
            cache.remember(str(second), now=NOW + timedelta(seconds=second))
        assert len(cache) == 600


async def test_an_event_repeated_with_its_first_timestamp_after_an_outage_of_hours_is_taken_once() -> None:
    """Whether the platform signs repetitions anew is not documented; either way nothing may be lost (feishu.md 2.7)."""
    clock = VirtualClock(NOW)
    intake, adapter, call = RecordingIntake(), adapter_at(clock), push(event("message_text_with_mention"))
    intake.is_away = True
    assert await replay(adapter, intake, [call]) == {503}
    intake.is_away = False
    clock.move(NOW + timedelta(hours=7, minutes=5, seconds=20))
    assert await replay(adapter, intake, [call, call]) == {200}
    assert len(intake.kept) == 1


@pytest.mark.parametrize(
    ("timestamp", "expected"),
    [
        (str(int(NOW.timestamp())), True),
        (str(int(NOW.timestamp()) - 300), True),
        (str(int(NOW.timestamp()) + 300), True),
        (str(int(NOW.timestamp()) - 301), False),
        (str(int(NOW.timestamp()) + 301), False),
        (str(int(NOW.timestamp()) * 1000), False),
        ("", False),
        ("١٧٦٧٣١٥٦٠١", False),
        ("0000000000", False),
        ("9999999999", False),
    ],
)
def test_only_ten_digits_around_now_are_timely(timestamp: str, expected: bool) -> None:
    now: datetime = NOW
    assert is_timely(timestamp, now=now, window=WINDOW) is expected
