"""The command line as a shell sees it: names, exit codes, sentences (design.md section 3)."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

import storage
from bot.cli import commands
from bot.company import sample_text, skeleton_text
from bot.config import example
from bot.ports import UnitOfWork
from tests.ops.rig import FEISHU, SECRETS, Installation, Shell
from tests.storage.samples import NOW, at, envelope, update

#: what the outside drives; more may come, none may go
PROMISED = {
    "calendar import",
    "config check",
    "config example",
    "config show",
    "db backup",
    "db check",
    "db release",
    "db restore",
    "db upgrade",
    "demo",
    "directory import",
    "directory sync",
    "doctor",
    "export",
    "init",
    "ledger import",
    "run",
    "version",
}


def names(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from names(command, f"{before}{name} ")
        else:
            yield before + name, command


def test_the_promised_commands_exist() -> None:
    assert dict(names(commands)).keys() == PROMISED


def test_every_command_and_option_says_what_it_does_in_both_languages() -> None:
    for name, command in names(commands):
        told = command.help or ""
        assert re.search("[\u4e00-\u9fff]", told), name
        assert re.search("[a-z]{3}", told), name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (name, parameter.name)
        if name not in {"init", "demo", "version", "config example"}:
            assert any(parameter.name == "config_file" for parameter in command.params), name


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["db", "--help"], ["run", "--help"], ["export", "-h"]])
def test_help_ends_with_0(shell: Shell, arguments: list[str]) -> None:
    ended = shell(*arguments, with_config=False)
    assert (ended.code, ended.err) == (0, "")
    assert "Usage: huiyin" in ended.out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frobnicate"],
        ["db"],
        ["db", "frob"],
        ["export"],
        ["export", "everything"],
        ["run", "--frob"],
        ["db", "backup"],
    ],
)
def test_wrong_usage_ends_with_2(shell: Shell, arguments: list[str]) -> None:
    assert shell(*arguments, with_config=False).code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["config", "check"],
        ["config", "show"],
        ["db", "upgrade"],
        ["db", "check"],
        ["db", "release"],
        ["db", "backup", "x"],
        ["directory", "sync"],
        ["export", "audit"],
        ["doctor", "--offline"],
    ],
)
def test_a_wrong_configuration_ends_every_command_with_2_and_all_problems(shell: Shell, arguments: list[str]) -> None:
    shell.installation.write(f'{FEISHU}\nbase_url = "ftp://x"\n[bot]\nlocale = "fr"\n')
    ended = shell(*arguments)
    assert ended.code == 2
    assert "bot.locale" in ended.text
    assert "platforms.feishu.base_url" in ended.text
    assert "Traceback" not in ended.text
    assert not any(secret in ended.text for secret in SECRETS)
    assert not shell.installation.database.exists()


# ---------------------------------------------------------------- setting up


def test_init_writes_files_that_only_the_owner_can_read(shell: Shell, tmp_path: Path) -> None:
    ended = shell("init", "--into", str(tmp_path / "new"), with_config=False)
    assert ended.code == 0
    assert "huiyin doctor" in ended.out
    for name, text in (("config.toml", example()), ("company.toml", sample_text())):
        file = tmp_path / "new" / name
        assert file.read_text(encoding="utf-8") == text
        assert file.stat().st_mode & 0o777 == 0o600


def test_init_can_begin_with_an_empty_company(shell: Shell, tmp_path: Path) -> None:
    assert shell("init", "--empty", "--into", str(tmp_path / "new"), with_config=False).code == 0
    assert (tmp_path / "new" / "company.toml").read_text(encoding="utf-8") == skeleton_text()


def test_init_overwrites_nothing_and_then_writes_nothing(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "company.toml").write_text("mine", encoding="utf-8")
    ended = shell("init", "--into", str(tmp_path / "new"), with_config=False)
    assert ended.code == 1
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["company.toml"]
    assert (tmp_path / "new" / "company.toml").read_text(encoding="utf-8") == "mine"


def test_config_example_is_the_example(shell: Shell) -> None:
    assert shell("config", "example", with_config=False).out == example()


def test_config_show_shows_no_secret(shell: Shell) -> None:
    shell.installation.write(FEISHU)
    ended = shell("config", "show")
    assert ended.code == 0
    assert 'app_id = "cli_a1b2c3d4e5f60718"  # config.toml' in ended.out
    assert not any(secret in ended.text for secret in SECRETS)


def test_config_check_reads_the_company_file_too(shell: Shell) -> None:
    assert shell("config", "check").code == 0
    shell.installation.write_company(sample_text())
    assert shell("config", "check").code == 0
    shell.installation.write_company(sample_text().replace("schema = 1", "schema = 7", 1))
    ended = shell("config", "check", "--json")
    told = json.loads(ended.out)
    assert (ended.code, told["ok"]) == (2, False)
    assert told["problems"][0]["key"] == "company.toml: schema"
    assert told["problems"][0]["fix"]


def test_the_configuration_may_be_named_by_the_environment(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other.toml"
    other.write_text("[server]\nport = 4711\n", encoding="utf-8")
    monkeypatch.setenv("HUIYIN_CONFIG", str(other))
    assert "port = 4711" in shell("config", "show", with_config=False).out
    monkeypatch.setenv("HUIYIN_SERVER__PORT", "4712")
    assert "port = 4712  # HUIYIN_SERVER__PORT" in shell("config", "show", with_config=False).out


def test_version_is_the_one_of_the_project(shell: Shell) -> None:
    number = json.loads(shell("version", "--json", with_config=False).out)["version"]
    assert shell("version", with_config=False).out == f"huiyin {number}\n"
    assert f'version = "{number}"' in Path(__file__).parents[2].joinpath("pyproject.toml").read_text(encoding="utf-8")


# ---------------------------------------------------------------- database


def fill(installation: Installation) -> None:
    """Something that waits to be sent, and something that was never handled."""

    def work(uow: UnitOfWork) -> None:
        for key in ("a", "b"):
            uow.outbox.put(envelope(key, lane=f"feishu:{key}"))
        uow.inbox.accept(update(1), lane="feishu:oc_1", now=NOW)
        [entry] = uow.inbox.claim(now=NOW, lease=1, limit=1)
        uow.inbox.bury(entry, error="=cmd|' /C calc'!A0", now=NOW)

    async def write() -> None:
        store = await storage.open_store(installation.settings().storage.url, ballast_bytes=0)
        await store.run(work)
        await store.close()

    asyncio.run(write())


async def claimable(installation: Installation) -> set[str]:
    """Keys of the calls that would go out now."""
    store = await storage.open_store(installation.settings().storage.url, ballast_bytes=0)
    entries = await store.run(lambda uow: uow.outbox.claim(platform="feishu", now=at(4e9), lease=1, limit=9))
    await store.close()
    return {entry.envelope.key for entry in entries}


def test_upgrade_makes_the_database(shell: Shell) -> None:
    ended = shell("db", "upgrade")
    assert (ended.code, ended.out) == (0, f"✔ {storage.head_version()}\n")
    assert shell("db", "check").out == "✔ ok\n"


def test_a_restored_copy_sends_no_old_messages_without_confirmation(shell: Shell, tmp_path: Path) -> None:
    fill(shell.installation)
    copy = tmp_path / "copies" / "one.db"
    assert shell("db", "backup", str(copy)).code == 0
    assert shell("db", "restore", str(copy)).code == 1  # nobody agreed
    assert asyncio.run(claimable(shell.installation)) == {"a", "b"}
    ended = shell("db", "restore", "--yes", str(copy))
    assert ended.code == 0
    assert "2 条待发消息" in ended.out
    assert "huiyin db release" in ended.out
    assert asyncio.run(claimable(shell.installation)) == set()
    assert "2 条已放行" in shell("db", "release").out
    assert asyncio.run(claimable(shell.installation)) == {"a", "b"}


def test_databases_and_copies_can_be_read_by_their_owner_only(shell: Shell, tmp_path: Path) -> None:
    """They hold people and excerpts of messages; doctor once warned of what our own commands had written."""
    shell("db", "upgrade")
    shell("db", "backup", str(tmp_path / "copy.db"))
    shell("db", "restore", str(tmp_path / "copy.db"), "--yes")
    written = [tmp_path / "copy.db", *tmp_path.rglob("huiyin.db*")]
    assert len(written) >= 3
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in written if path.stat().st_mode & 0o077} == {}


def test_restoring_something_else_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    fill(shell.installation)
    (tmp_path / "note.txt").write_text("hello", encoding="utf-8")
    ended = shell("db", "restore", "--yes", str(tmp_path / "note.txt"))
    assert ended.code == 1
    assert "Traceback" not in ended.text
    assert asyncio.run(claimable(shell.installation)) == {"a", "b"}
    assert shell("db", "restore", "--yes", str(tmp_path / "missing.db")).code == 2


def test_check_tells_what_is_damaged(shell: Shell) -> None:
    fill(shell.installation)
    with closing(sqlite3.connect(shell.installation.database)) as connection:
        connection.execute("UPDATE outbox SET body = X'00'")
        connection.commit()
    ended = shell("db", "check")
    assert ended.code == 1
    assert "✘ 发件箱" in ended.out
    told = json.loads(shell("db", "check", "--json").out)
    assert (told["ok"], len(told["problems"])) == (False, 1)


def test_a_database_that_is_not_there_cannot_be_copied(shell: Shell, tmp_path: Path) -> None:
    assert shell("db", "backup", str(tmp_path / "x.db")).code == 1
    assert shell("db", "check").code == 1


@pytest.mark.parametrize("command", [["db", "release"], ["directory", "import", "company.toml"]])
def test_a_database_in_use_is_left_alone(shell: Shell, command: list[str]) -> None:
    shell.installation.write_company(sample_text())

    async def occupy() -> None:
        store = await storage.open_store(shell.installation.settings().storage.url, ballast_bytes=0)
        try:
            ended = await asyncio.to_thread(shell, *command)
        finally:
            await store.close()
        assert ended.code == 1
        assert "另一个进程" in ended.err
        assert "Traceback" not in ended.text

    asyncio.run(occupy())


@pytest.mark.parametrize("command", [["db", "upgrade"], ["db", "release"], ["run"], ["db", "backup", "b.db"]])
def test_a_place_that_cannot_be_written_is_told_in_a_sentence(shell: Shell, command: list[str]) -> None:
    (shell.installation.folder / "occupied").write_text("a file, not a folder", encoding="utf-8")
    shell.installation.write('[server]\nport = 0\n[storage]\nurl = "sqlite:///occupied/huiyin.db"\n')
    ended = shell(*command)
    assert ended.code == 1
    assert "occupied" in ended.err
    assert "Traceback" not in ended.text


@pytest.mark.parametrize(
    ("config", "code", "told"),
    [
        ('[storage]\nurl = "postgresql://huiyin:canary-pw-4711@127.0.0.1:1/huiyin"\n', 1, "PostgreSQL"),
        ("[server]\nport = TAKEN\n", 2, "server.port"),
        ('[server]\nport = 0\n[bot]\ncompany = "nowhere.toml"\n', 2, "nowhere.toml"),
    ],
)
def test_what_keeps_the_bot_from_starting_is_told_in_a_sentence(
    shell: Shell, config: str, code: int, told: str
) -> None:
    shell.installation.write_company(sample_text())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        shell.installation.write(config.replace("TAKEN", str(taken.getsockname()[1])))
        ended = shell("run")
    assert ended.code == code
    assert told in ended.err
    assert "Traceback" not in ended.text
    assert "canary-pw" not in ended.text


# ---------------------------------------------------------------- taking over, taking out


def test_directory_import_shows_changes_first_and_takes_them_over_once(shell: Shell) -> None:
    shell.installation.write_company(sample_text())
    first = shell("directory", "import", "company.toml")
    assert first.code == 0
    assert "+ person" in first.out
    again = shell("directory", "import", "company.toml")
    assert "没有变化" in again.out
    changed = sample_text().replace("顾明远", "顾明近")
    shell.installation.write_company(changed)
    third = shell("directory", "import", "--yes", "company.toml")
    assert "顾明远 → 顾明近" in third.out


def test_a_wrong_company_file_changes_nothing(shell: Shell) -> None:
    shell.installation.write_company(sample_text().replace("schema = 1", "schema = 9", 1))
    ended = shell("directory", "import", "company.toml")
    assert ended.code == 2
    assert "schema" in ended.err


def test_directory_sync_without_a_platform_says_what_is_missing(shell: Shell) -> None:
    ended = shell("directory", "sync")
    assert ended.code == 1
    assert "[platforms.…]" in ended.err


@pytest.mark.slow
def test_calendar_import_shows_the_year_first(shell: Shell, tmp_path: Path) -> None:
    shell.installation.write_company(sample_text())
    shell("directory", "import", "--yes", "company.toml")
    table = tmp_path / "2027.csv"
    days = [f"2027-10-{day:02},放假,国庆" for day in range(1, 8)] + ["2027-10-09,上班,国庆"]
    table.write_text("日期,类别,名称\n" + "\n".join(days) + "\n", encoding="gb18030")
    ended = shell("calendar", "import", str(table))
    assert ended.code == 0
    assert "2027：放假 7 天，调休上班 1 天" in ended.out
    assert "2027-10-09 休 off → " in ended.out
    assert "未列为放假" in ended.out
    again = shell("calendar", "import", str(table))
    assert "以前导入过" in again.out
    table.write_text("2027-13-01,放假,x\n", encoding="utf-8")
    assert shell("calendar", "import", str(table)).code == 2


def test_export_is_a_table_that_a_spreadsheet_opens_and_does_not_run(shell: Shell, tmp_path: Path) -> None:
    fill(shell.installation)
    out = tmp_path / "dead.csv"
    assert shell("export", "dead", "--out", str(out)).code == 0
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in raw
    header, row = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert dict(zip(header, row, strict=True))["error"] == "'=cmd|' /C calc'!A0"
    assert shell("export", "dead").out == raw.decode("utf-8")


def test_export_works_while_the_bot_runs(shell: Shell) -> None:
    fill(shell.installation)

    async def read() -> None:
        store = await storage.open_store(shell.installation.settings().storage.url, ballast_bytes=0)
        try:
            ended = await asyncio.to_thread(shell, "export", "waiting")
        finally:
            await store.close()
        assert ended.code == 0
        assert ended.out.count("\r\n") == 3

    asyncio.run(read())


def test_every_export_has_its_columns(shell: Shell) -> None:
    fill(shell.installation)
    for what in ("clocks", "audit", "unknown", "failed", "waiting", "dead"):
        ended = shell("export", what)
        assert ended.code == 0
        header, *rows = csv.reader(io.StringIO(ended.out.removeprefix("\ufeff"), newline=""))
        assert len(header) == len(set(header)) >= 7
        assert all(len(row) == len(header) for row in rows)


def test_nothing_is_exported_without_a_database(shell: Shell) -> None:
    assert shell("export", "audit").code == 1
    assert not shell.installation.database.exists()


def test_no_command_line_takes_a_secret() -> None:
    """Secrets in arguments stand in the shell's history and in the process list (A3 13)."""
    for name, command in names(commands):
        assert not any(re.search("secret|token|password|key", parameter.name or "") for parameter in command.params), (
            name
        )
