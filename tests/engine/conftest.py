"""The pumps over each of the three stores, with a platform in memory and a clock that stands still."""

from __future__ import annotations

import pytest

from bot.ports import Store
from storage import open_store
from tests.engine.rig import Rig
from tests.support.databases import (
    blank_postgres,
    database,
    postgres_database,
    postgres_server,
    postgres_url,
    sqlite_database,
    sqlite_template,
    store,
)

__all__ = [
    "blank_postgres",
    "database",
    "postgres_database",
    "postgres_server",
    "postgres_url",
    "sqlite_database",
    "sqlite_template",
    "store",
]


@pytest.fixture
def rig(store: Store) -> Rig:
    """The pumps over a fresh store of each kind in turn."""
    return Rig(store)


@pytest.fixture
async def memory_rig() -> Rig:
    """The pumps over the store in memory, for rules that have nothing to do with the store and need many steps."""
    return Rig(await open_store("memory://"))
