"""The codes that change a card are good once and for three days, and an address book may tell little (wecom.md 6.2, 7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters._emulator.faults import FaultKind
from adapters.wecom.codes import LIFE, Codes
from bot.clock import VirtualClock
from bot.errors import PlatformError, StoreUnavailable
from bot.notebook import LooseNotebook
from tests.adapters.wecom.company import Company, company

NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)


@pytest.fixture
async def place() -> AsyncIterator[Company]:
    async with company() as found:
        yield found


async def test_a_code_is_taken_once_and_the_newest_counts() -> None:
    codes = Codes(LooseNotebook(VirtualClock(NOW)))
    await codes.keep("t1", "lihua", "first")
    await codes.keep("t1", "LiHua", "second")
    await codes.keep("t1", "wangwu", "another")
    assert [await codes.take("t1", "lihua") for _ in range(2)] == ["second", ""]
    assert await codes.take("t1", "wangwu") == "another"
    assert await codes.take("t2", "lihua") == ""


async def test_a_code_ends_before_the_platform_ends_it() -> None:
    clock = VirtualClock(NOW)
    codes = Codes(LooseNotebook(clock))
    assert timedelta(hours=70) < LIFE < timedelta(hours=72)
    await codes.keep("t1", "lihua", "first")
    await codes.keep("t2", "lihua", "first")
    clock.move(NOW + LIFE - timedelta(seconds=1))
    assert await codes.take("t1", "lihua") == "first"
    clock.move(NOW + LIFE)
    assert await codes.take("t2", "lihua") == ""


class Away(LooseNotebook):
    """A notebook that cannot be reached."""

    async def read(self, key: str) -> str | None:
        raise StoreUnavailable(key)

    async def write(self, key: str, value: str, *, keep: timedelta) -> None:
        raise StoreUnavailable(key)


async def test_without_a_store_a_card_is_not_changed_and_nothing_breaks() -> None:
    codes = Codes(Away(VirtualClock(NOW)))
    await codes.keep("t1", "lihua", "first")
    assert await codes.take("t1", "lihua") == ""


async def test_a_new_app_reads_the_company_although_it_may_not_see_the_long_list(place: Company) -> None:
    whole = await place.adapter.directory()
    place.emulator.faults.add("user/list", FaultKind.CODE, code=48009)
    place.emulator.faults.add("department/list", FaultKind.CODE, code=60011)
    little = await place.adapter.directory()
    assert {(one.account, one.name, one.departments) for one in little.people} == {
        (one.account, one.name, one.departments) for one in whole.people
    }
    assert {(one.id, one.name, one.parent) for one in little.departments} == {
        (one.id, one.name, one.parent) for one in whole.departments
    }
    asked = [call.operation for call in place.emulator.recorder.calls].count("user/list")
    assert asked == len(whole.departments) + 1, "once refused, not asked again"


async def test_half_a_company_is_never_returned(place: Company) -> None:
    place.emulator.faults.add("user/list", FaultKind.CODE, code=60020)
    with pytest.raises(PlatformError) as refused:
        await place.adapter.directory()
    assert refused.value.code == "60020"
