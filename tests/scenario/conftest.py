"""An office on each store and each way in which events can come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.company import sample_text
from tests.scenario.office import Office, sample_company
from tests.support.databases import (
    Database,
    postgres_database,
    postgres_server,
    postgres_url,
    sqlite_database,
    sqlite_template,
)

__all__ = ["postgres_database", "postgres_server", "postgres_url", "sqlite_database", "sqlite_template"]


@pytest.fixture(params=["stream", "webhook"])
def delivery(request: pytest.FixtureRequest) -> str:
    """Long connection, then callbacks over HTTP."""
    return str(request.param)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh database of each kind that a company may run on."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def company_file(tmp_path: Path) -> Path:
    """The sample company as a file."""
    file = tmp_path / "company.toml"
    sample_company()
    file.write_text(sample_text(), encoding="utf-8")
    return file


@pytest.fixture
async def office(database: Database, company_file: Path, delivery: str) -> AsyncIterator[Office]:
    """The sample company on Monday morning."""
    async with Office(company_file=company_file, store_url=database.url, delivery=delivery) as office:
        yield office
