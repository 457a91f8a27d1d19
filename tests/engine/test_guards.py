"""The guards around every test hold: no way out of the machine, no blocking call of ours on the loop."""

from __future__ import annotations

import asyncio
import socket

import pytest
from blockbuster import BlockingError

from storage.migrations import sqlite_version
from tests.conftest import OutsideWorld
from tests.support.databases import Database
from tests.support.figures import PROPERTY, Figures, collected


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as plain, pytest.raises(OutsideWorld, match=r"192\.0\.2\.1"):
        plain.connect(("192.0.2.1", 80))


async def test_no_library_reaches_another_machine_either() -> None:
    with pytest.raises(OutsideWorld):
        await asyncio.open_connection("192.0.2.1", 443)


async def test_our_code_may_not_block_the_loop(sqlite_database: Database) -> None:
    with pytest.raises(BlockingError):
        sqlite_version(sqlite_database.path)
    assert await asyncio.to_thread(sqlite_version, sqlite_database.path)


def test_figures_come_out_once_and_in_order() -> None:
    properties = [(PROPERTY, ("b", "2")), ("other", "x"), (PROPERTY, ("a", "1")), (PROPERTY, ("b", "2"))]
    report = pytest.TestReport("id", ("file", 1, "name"), {}, "passed", None, "call", user_properties=properties)
    assert collected([report]) == [("a", "1"), ("b", "2")]


def test_a_figure_travels_with_the_report(figures: Figures, request: pytest.FixtureRequest) -> None:
    figures("guards hold", "yes")
    assert (PROPERTY, ("guards hold", "yes")) in request.node.user_properties
