"""A chart on its way out as a picture: uploaded once for all who read it, anew when its id has ended, in words where it cannot be."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters._emulator.faults import FaultKind
from bot.domain.chart import Chart
from bot.messages import SendPicture, lane_of
from bot.ports import Envelope, SendState
from tests.adapters.delivering.offices import PLATFORMS, Office, office

WEEK = 7 * 86_400
UPLOADS = {"feishu": "im.v1.image.create", "dingtalk": "media.upload", "wecom": "media/upload"}


@pytest.fixture(params=PLATFORMS, ids=lambda one: one.platform)
async def here(request: pytest.FixtureRequest) -> AsyncIterator[Office]:
    async with office(request.param) as found:
        yield found


def chart(here: Office, key: str, *, title: str = "周报") -> Envelope:
    """A chart for the reader, with words that stand for it."""
    shown = SendPicture(target=here.person(here.reader), chart=Chart(title=title, panels=()), alt=f"{title}的数字")
    return Envelope(key=key, lane=lane_of(shown), outbound=shown, created_at=here.clock.now(), priority=5)


def kinds(here: Office) -> list[str]:
    return [one.kind for one in here.seen(here.private_chat)]


async def test_a_picture_is_uploaded_once_and_anew_when_the_platform_may_have_forgotten_it(here: Office) -> None:
    await here.put(chart(here, "a"), chart(here, "b"))
    await here.go(60)
    assert here.calls(UPLOADS[here.manners.platform]) == 1
    await here.go(5 * WEEK)
    await here.put(chart(here, "c"))
    await here.go(60)
    assert kinds(here) == ["image"] * 3
    assert here.calls(UPLOADS[here.manners.platform]) == 2
    assert await here.keys(SendState.FAILED) == []


async def test_an_upload_that_nobody_confirmed_is_made_again(here: Office) -> None:
    """It has said nothing to anybody yet."""
    here.emulator.faults.add(UPLOADS[here.manners.platform], FaultKind.BAD_JSON, times=1)
    await here.put(chart(here, "a"))
    await here.go(60)
    assert kinds(here) == ["image"]
    assert await here.keys(SendState.SENT) == ["a"]
