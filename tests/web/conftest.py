"""A listener for each test, and every log record that came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from structlog.typing import EventDict

from tests.web.rig import Listener, listening


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A server with short deadlines."""
    async with listening() as running:
        yield running


@pytest.fixture
def records() -> Iterator[list[EventDict]]:
    """What the program logged."""
    with structlog.testing.capture_logs() as found:
        yield found
