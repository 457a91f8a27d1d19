"""The schema: made by scripts, the same as the tables say, upgraded whole or not at all (F23)."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import storage
from bot.errors import ConfigError
from storage import migrations
from storage.files import prepare_file
from tests.support.databases import Database, postgres_sync


def sqlite_at(path: Path, version: str) -> None:
    """A SQLite file with an older schema."""
    with migrations.sqlite_engine(path).begin() as connection:
        migrations.upgrade_to(connection, version)


def names(path: Path) -> set[str]:
    """Tables of a SQLite file."""
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_the_program_names_its_newest_script() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_current_head() == storage.head_version() == migrations.HEAD
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(migrations.KNOWN)


def test_scripts_and_tables_agree_on_sqlite(sqlite_template: Path) -> None:
    with migrations.sqlite_engine(sqlite_template).connect() as connection:
        assert migrations.differences(connection) == []


@pytest.mark.postgres
def test_scripts_and_tables_agree_on_postgres(postgres_url: str) -> None:
    assert postgres_sync(postgres_url, migrations.differences) == []


def test_upgrading_twice_is_upgrading_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/huiyin.db"
    assert storage.upgrade(url) == storage.upgrade(url) == storage.head_version()
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["huiyin.db"]


@pytest.mark.postgres
def test_an_empty_postgres_is_upgraded_once(blank_postgres: str) -> None:
    assert storage.upgrade(blank_postgres) == storage.upgrade(blank_postgres) == storage.head_version()


@pytest.mark.postgres
def test_postgres_is_upgraded_from_every_known_schema(blank_postgres: str) -> None:
    for version in migrations.KNOWN:
        postgres_sync(blank_postgres, lambda connection, v=version: migrations.upgrade_to(connection, v))  # type: ignore[misc]
    assert storage.upgrade(blank_postgres) == storage.head_version()
    assert postgres_sync(blank_postgres, migrations.differences) == []


@pytest.mark.parametrize("version", migrations.KNOWN[:-1])
async def test_sqlite_is_upgraded_from_every_known_schema_after_a_copy_was_written(
    tmp_path: Path, version: str
) -> None:
    path = tmp_path / "huiyin.db"
    await asyncio.to_thread(sqlite_at, path, version)
    store = await storage.open_store(f"sqlite:///{path}", ballast_bytes=0)
    await store.close()
    found = [await asyncio.to_thread(migrations.sqlite_version, p) for p in (path, tmp_path / f"backup-{version}.db")]
    assert found == [storage.head_version(), version]
    assert await storage.check(f"sqlite:///{path}") == []


def test_an_upgrade_that_breaks_leaves_the_old_schema_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huiyin.db"
    scripts = migrations._run_scripts

    def break_halfway(connection: Connection, _: str) -> None:
        scripts(connection, migrations.KNOWN[0])
        raise KeyboardInterrupt

    monkeypatch.setattr(migrations, "_run_scripts", break_halfway)
    with pytest.raises(KeyboardInterrupt):
        storage.upgrade(f"sqlite:///{path}")
    assert names(path) == set()
    monkeypatch.undo()
    assert storage.upgrade(f"sqlite:///{path}") == storage.head_version()


async def test_a_schema_of_a_newer_program_is_refused(sqlite_database: Database) -> None:
    with closing(sqlite3.connect(sqlite_database.path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigError, match="9999"):
        await sqlite_database.open()
    assert await storage.check(sqlite_database.url) != []
    with closing(sqlite3.connect(sqlite_database.path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/db", "sqlite://", "sqlite:///:memory:"])
async def test_an_address_that_cannot_be_used_is_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigError):
        await storage.open_store(url)


def test_the_file_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    prepare_file(tmp_path / "data" / "huiyin.db")
    assert (tmp_path / "data" / "huiyin.db").stat().st_mode & 0o777 == 0o600
