"""The story bench as a fixture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.handlers.bench import EVERYTHING, Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    """The sample company on Monday, 2026-09-14, 08:00."""
    made = Bench()
    yield made
    made.close()


@pytest.fixture
def formless() -> Iterator[Bench]:
    """The same on a platform without forms on cards."""
    made = Bench(capabilities=replace(EVERYTHING, card_forms=False))
    yield made
    made.close()
