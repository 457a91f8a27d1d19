"""The month's budgets: counted, remembered, warned of, and what is left out first (dingtalk.md 1.4, 13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.dingtalk.budget import Budget, Kind
from bot.clock import VirtualClock
from bot.domain.chart import Chart
from bot.errors import FailureKind, PlatformError, StoreUnavailable
from bot.messages import AnyOutbound, EditCard, SendCard, SendPicture, SendText, Text
from bot.notebook import LooseNotebook
from tests.adapters.dingtalk.callbacks import NOW
from tests.adapters.dingtalk.outgoing import CARD, GROUP, MESSAGE

TEXT = SendText(target=GROUP, body=(Text("超时通知"),))
SENT = SendCard(target=GROUP, card_id="c", card=CARD)
EDIT = EditCard(target=GROUP, card_id="c", message=MESSAGE, card=CARD)
PICTURE = SendPicture(target=GROUP, chart=Chart(title="周报", panels=()), alt="周报")


def budget(clock: VirtualClock, notebook: LooseNotebook | None = None, *, calls: int = 100) -> Budget:
    return Budget(calls=calls, deliveries=50, clock=clock, notebook=notebook or LooseNotebook(clock))


async def used_up_to(share: int) -> Budget:
    made = budget(VirtualClock(NOW))
    for _ in range(share):
        await made.called()
    return made


async def refused(made: Budget, outbound: AnyOutbound) -> FailureKind | None:
    try:
        await made.check(outbound)
    except PlatformError as problem:
        return problem.kind if problem.code == "budget" and problem.hint else None
    return None


@pytest.mark.parametrize(
    ("share", "left_out"),
    [
        (89, set()),
        (90, {"picture"}),
        (94, {"picture"}),
        (95, {"picture", "edit"}),
        (100, {"picture", "edit"}),
        (120, {"picture", "edit"}),
    ],
)
async def test_pictures_go_first_then_repaints_and_what_somebody_waits_for_never(
    share: int, left_out: set[str]
) -> None:
    made = await used_up_to(share)
    wanted: dict[str, AnyOutbound] = {"picture": PICTURE, "edit": EDIT, "card": SENT, "text": TEXT}
    found = {name for name, outbound in wanted.items() if await refused(made, outbound) is not None}
    assert found == left_out


async def test_a_picture_is_said_in_words_and_a_repaint_is_dropped() -> None:
    made = await used_up_to(95)
    assert await refused(made, PICTURE) is FailureKind.DEGRADE
    assert await refused(made, EDIT) is FailureKind.PERMANENT


@pytest.mark.parametrize(("share", "severity"), [(69, "ok"), (70, "warning"), (89, "warning"), (90, "failure")])
async def test_the_finding_comes_before_the_end(share: int, severity: str) -> None:
    made = await used_up_to(share)
    calls, deliveries = await made.findings()
    assert calls.severity.value == severity
    assert f"{share} / 100" in calls.message
    assert (calls.hint == "") == (severity == "ok")
    assert deliveries.severity.value == "ok"


async def test_a_month_begins_at_nothing_in_the_platforms_country() -> None:
    clock = VirtualClock(datetime(2026, 1, 31, 15, 59, tzinfo=UTC))
    made = budget(clock)
    await made.called()
    assert made.used == (1, 0)
    clock.move(datetime(2026, 1, 31, 16, 0, tzinfo=UTC))  # the first of February in Shanghai
    await made.delivered()
    assert made.used == (0, 1)


async def test_what_was_counted_is_known_again_after_a_restart() -> None:
    clock = VirtualClock(NOW)
    notebook = LooseNotebook(clock)
    before = budget(clock, notebook)
    for _ in range(49):
        await before.called()
    assert await notebook.read("budget:2026-01") is None, "not every call is a write"
    await before.delivered()
    after = budget(clock, notebook)
    await after.called()
    assert after.used == (50, 1)


async def test_counts_are_written_at_least_once_a_minute() -> None:
    clock = VirtualClock(NOW)
    notebook = LooseNotebook(clock)
    made = budget(clock, notebook)
    clock.move(NOW + timedelta(minutes=1))
    await made.called()
    assert await notebook.read("budget:2026-01") == "1,0"


async def test_two_processes_count_into_one_figure() -> None:
    clock = VirtualClock(NOW)
    notebook = LooseNotebook(clock)
    await notebook.write("budget:2026-01", "30,5", keep=timedelta(days=1))
    one, two = budget(clock, notebook), budget(clock, notebook)
    for _ in range(50):
        await one.called()
        await two.called()
    assert await notebook.read("budget:2026-01") == "130,5"
    assert two.used == (130, 5)


@pytest.mark.parametrize("kept", ["", "x", "1", "1,2,3", "-1,2", "1" * 12 + ",1"])
async def test_a_note_that_makes_no_sense_counts_for_nothing(kept: str) -> None:
    clock = VirtualClock(NOW)
    notebook = LooseNotebook(clock)
    await notebook.write("budget:2026-01", kept, keep=timedelta(days=1))
    made = budget(clock, notebook)
    await made.called()
    assert made.used == (1, 0)


async def test_the_platforms_word_that_nothing_is_left_is_kept() -> None:
    clock = VirtualClock(NOW)
    notebook = LooseNotebook(clock)
    made = budget(clock, notebook)
    await made.gone(Kind.CALLS)
    assert made.used == (100, 0)
    again = budget(clock, notebook)
    assert (await again.findings())[0].severity.value == "failure"


class AwayNotebook(LooseNotebook):
    """A notebook whose store is away."""

    async def read(self, key: str) -> str | None:
        raise StoreUnavailable(key)

    async def write(self, key: str, value: str, *, keep: timedelta) -> None:
        raise StoreUnavailable(key)


async def test_a_store_that_is_away_stops_no_call() -> None:
    clock = VirtualClock(NOW)
    made = budget(clock, AwayNotebook(clock))
    for _ in range(60):
        await made.called()
    assert made.used == (60, 0)
