"""The nursery, shared by the tests of one worker; deployments are made by the tests."""

from __future__ import annotations

from functools import cache

import pytest

from bot.company import CompanyFile, read_company, sample_text
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


@cache
def _sample() -> CompanyFile:
    return read_company(sample_text())


@pytest.fixture
def company() -> CompanyFile:
    """The sample company."""
    return _sample()
