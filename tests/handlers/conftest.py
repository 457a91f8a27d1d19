"""The story bench as a fixture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.handlers.bench import Bench


@pytest.fixture
def bench() -> Iterator[Bench]:
    """The sample company on Monday, 2026-09-14, 08:00."""
    made = Bench()
    yield made
    made.close()
