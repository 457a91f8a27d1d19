"""`huiyin doctor` against seeded mistakes: each is found, and told with the step that mends it (A9)."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

import storage
from adapters.feishu.emulator import FeishuEmulator
from adapters.feishu.emulator_state import GROUP_MESSAGES_SCOPE, EmulatedApp
from bot import doctor
from bot.clock import SystemClock, VirtualClock
from bot.company import sample_text, skeleton_text
from bot.doctor import machine, network
from bot.ports import Finding, Severity, Store, UnitOfWork
from tests.ops.platform import platform, section
from tests.ops.rig import FEISHU, SECRETS, Installation, Shell
from tests.storage.samples import NOW, envelope, update

OK, WARNING, FAILURE = Severity.OK, Severity.WARNING, Severity.FAILURE


async def examine(installation: Installation, *, is_offline: bool = True) -> list[Finding]:
    """What doctor finds."""
    return await doctor.examine(installation.config, {}, is_offline=is_offline)


def found(findings: list[Finding], name: str) -> Finding:
    """The worst finding of that id."""
    order = [OK, WARNING, FAILURE]
    return max((f for f in findings if f.id == name), key=lambda f: order.index(f.severity))


def bad(findings: list[Finding]) -> set[str]:
    """Ids of everything that is not well."""
    return {finding.id for finding in findings if finding.severity is not OK}


# ---------------------------------------------------------------- configuration and files, one mistake each


@dataclass(frozen=True)
class Mistake:
    """What somebody did, and what doctor has to say."""

    id: str
    severity: Severity
    hint: str
    config: str = FEISHU
    company: str = ""
    mode: int = 0o600


DINGTALK = """
[platforms.dingtalk]
client_id = "dingabc"
client_secret = "s3cr3t-of-ours"
"""
MISTAKES = {
    "no configuration at all": Mistake("config.key", FAILURE, "huiyin init", config="none"),
    "broken toml": Mistake("config.key", FAILURE, "", config="[server"),
    "misspelt key": Mistake("config.key", FAILURE, "app_secret", config=FEISHU.replace("app_secret", "app_secert")),
    "unknown section": Mistake("config.key", FAILURE, "platforms", config=FEISHU.replace("platforms", "plattforms")),
    "no app id": Mistake("config.key", FAILURE, "开发者后台", config=FEISHU.replace("cli_a1b2c3d4e5f60718", "")),
    "placeholder": Mistake("config.key", FAILURE, "", config=FEISHU.replace(SECRETS[0], "xxxxxx")),
    "webhook without encrypt key": Mistake(
        "config.key", FAILURE, "加密策略", config=FEISHU.replace(SECRETS[1], "") + 'delivery = "webhook"\n'
    ),
    "wrong zone": Mistake("config.key", FAILURE, "Asia/Shanghai", config='[bot]\ntimezone = "Asia/Beijing"\n'),
    "secret readable by others": Mistake("secrets.mode", FAILURE, "chmod 600", mode=0o644),
    "secret of the emulator": Mistake(
        "secrets.example", FAILURE, "真实", config=FEISHU.replace(SECRETS[0], EmulatedApp().app_secret)
    ),
    "encrypt key of the documentation": Mistake(
        "secrets.example", FAILURE, "真实", config=FEISHU.replace(SECRETS[1], "test key")
    ),
    "short token": Mistake("secrets.short", WARNING, "previous_", config=FEISHU.replace(SECRETS[2], "short7")),
    "no platform": Mistake("config.platforms", WARNING, "[platforms.feishu]", config="[server]\nport = 0\n"),
    "shadow mode": Mistake("config.mode", WARNING, "live", config=f'{FEISHU}[bot]\nmode = "shadow"\n'),
    "debug left on": Mistake("config.debug", WARNING, "info", config=f'{FEISHU}[log]\nlevel = "debug"\n'),
    "webhook without address": Mistake(
        "config.public_url", WARNING, "public_url", config=f'{FEISHU}delivery = "webhook"\n'
    ),
    "rotation forgotten": Mistake(
        "config.previous",
        WARNING,
        "previous_",
        config=f'{FEISHU}previous_encrypt_key = "an-older-key-0123"\nprevious_until = 2026-03-02T09:00:00+08:00\n',
    ),
    "emulator as platform": Mistake(
        "config.base_url", WARNING, "open.feishu.cn", config=f'{FEISHU}base_url = "http://127.0.0.1:1"\n'
    ),
    "key of the emulated DingTalk": Mistake(
        "secrets.example",
        FAILURE,
        "真实",
        config=DINGTALK.replace("s3cr3t-of-ours", "emulated-client-secret-of-the-dingtalk-app"),
    ),
    "DingTalk as an emulator": Mistake(
        "config.base_url", WARNING, "api.dingtalk.com", config=f'{DINGTALK}base_url = "http://127.0.0.1:1"\n'
    ),
    "DingTalk's rotation forgotten": Mistake(
        "config.previous",
        WARNING,
        "platforms.dingtalk.previous_",
        config=f'{DINGTALK}previous_event_token = "an0lderT0ken"\nprevious_until = 2026-03-02T09:00:00+08:00\n',
    ),
    "no company file": Mistake("company.file", FAILURE, "huiyin init", company="none"),
    "broken company file": Mistake("company.file", FAILURE, "", company="schema = 9\n"),
    "nobody can be reached": Mistake("company.accounts", WARNING, "accounts.feishu", company="skeleton"),
    "wrong database": Mistake(
        "config.key", FAILURE, "sqlite:///", config=f'{FEISHU}[storage]\nurl = "mysql://a:b@c/d"\n'
    ),
    "database in memory": Mistake(
        "database.url", WARNING, "sqlite:///", config=f'{FEISHU}[storage]\nurl = "memory://"\n'
    ),
    "database where no folder can be": Mistake(
        "database.writable", FAILURE, "storage.url", config=f'{FEISHU}[storage]\nurl = "sqlite:///config.toml/h.db"\n'
    ),
    "no postgres there": Mistake(
        "database.integrity",
        FAILURE,
        "huiyin db",
        config=f'{FEISHU}[storage]\nurl = "postgresql://huiyin:canary-pw@127.0.0.1:1/huiyin"\n',
    ),
}


@pytest.fixture(params=MISTAKES)
def mistake(request: pytest.FixtureRequest, installation: Installation) -> Mistake:
    """An installation with one mistake in it."""
    made = MISTAKES[request.param]
    if made.config == "none":
        installation.config.unlink()
    else:
        installation.write(made.config, mode=made.mode)
    if made.company != "none":
        text = skeleton_text() if made.company == "skeleton" else made.company or sample_text()
        installation.write_company(text)
    return made


async def test_a_mistake_is_found_and_told_with_the_step_that_mends_it(
    installation: Installation, mistake: Mistake
) -> None:
    findings = await examine(installation)
    same = [f for f in findings if f.id == mistake.id and f.severity is mistake.severity]
    assert same
    assert all(f.hint for f in same)
    assert any(mistake.hint in f.hint for f in same)
    told = doctor.as_tree(findings) + doctor.as_json(findings)
    assert not any(secret in told for secret in (*SECRETS, "canary-pw", "app_secert = "))


async def test_an_installation_without_mistakes_passes(ready: Installation) -> None:
    findings = await examine(ready)
    assert bad(findings) == set()
    assert doctor.exit_code(findings, is_strict=True) == 0


@pytest.fixture
def ready(installation: Installation) -> Installation:
    """Everything as it should be."""
    return installation.write(FEISHU).write_company(sample_text())


# ---------------------------------------------------------------- database


async def opened(installation: Installation) -> Store:
    """The installation's database."""
    return await storage.open_store(f"sqlite:///{installation.database}", ballast_bytes=0)


async def made(installation: Installation) -> None:
    """A database that was made a moment ago."""
    await (await opened(installation)).close()


def change(path: Path, *statements: str) -> None:
    """Do something to the file behind the program's back."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def flipped(path: Path) -> None:
    """Bytes in the middle of the file are not what was written."""
    raw = bytearray(path.read_bytes())
    raw[4096:8192] = b"\xa5" * 4096
    path.write_bytes(raw)


def backup_is(hours: float) -> Callable[[Path], None]:
    """The last backup is that old."""

    def age(path: Path) -> None:
        mark = doctor.backup_mark(f"sqlite:///{path}")
        assert mark is not None
        mark.touch()
        then = SystemClock().now().timestamp() - hours * 3600
        os.utime(mark, (then, then))

    return age


@pytest.mark.parametrize(
    ("harm", "name", "severity", "hint"),
    [
        (lambda path: path.write_bytes(b"hello" * 4000), "database.integrity", FAILURE, "db restore"),
        (flipped, "database.integrity", FAILURE, "db restore"),
        (lambda path: change(path, "PRAGMA journal_mode=DELETE"), "database.journal", WARNING, "本地盘"),
        (
            lambda path: change(path, "UPDATE alembic_version SET version_num = '0001'"),
            "database.schema",
            WARNING,
            "db upgrade",
        ),
        (
            lambda path: change(path, "UPDATE alembic_version SET version_num = '9999'"),
            "database.schema",
            FAILURE,
            "升级程序",
        ),
        (lambda path: path.chmod(0o644), "database.mode", WARNING, "chmod 600"),
        (lambda _: None, "database.backup", WARNING, "db backup"),
        (backup_is(30), "database.backup", WARNING, "db backup"),
        (backup_is(3), "database.backup", OK, ""),
    ],
)
async def test_a_database_in_trouble_is_found(
    ready: Installation, harm: Callable[[Path], None], name: str, severity: Severity, hint: str
) -> None:
    await made(ready)
    await asyncio.to_thread(harm, ready.database)
    finding = found(await examine(ready), name)
    assert finding.severity is severity
    assert hint in finding.hint


async def test_what_waits_for_a_person_is_told(ready: Installation) -> None:
    def leave(uow: UnitOfWork) -> None:
        uow.outbox.put(envelope("old", lane="feishu:a"))
        uow.outbox.hold(epoch="e")
        uow.inbox.accept(update(1), lane="feishu:oc_1", now=NOW)
        uow.inbox.accept(update(2, chat="oc_2"), lane="feishu:oc_2", now=NOW)
        [entry] = uow.inbox.claim(now=NOW, lease=1, limit=1)
        uow.inbox.bury(entry, error="x", now=NOW)

    store = await opened(ready)
    await store.run(leave)
    findings = await examine(ready)  # while the program has the database
    assert {"database.dead", "database.held", "database.waiting"} <= bad(findings)
    assert "release" in found(findings, "database.held").hint
    await store.close()
    before = await asyncio.to_thread(ready.database.read_bytes)
    await examine(ready)
    assert await asyncio.to_thread(ready.database.read_bytes) == before


# ---------------------------------------------------------------- the platform

Deed = Callable[[FeishuEmulator], None]


@pytest.mark.parametrize(
    ("deed", "changes", "name", "severity", "hint"),
    [
        (lambda _: None, {}, "feishu.credentials", OK, ""),
        (lambda _: None, {"app_secret": "wrong-but-long-enough"}, "feishu.credentials", FAILURE, "凭证"),
        (lambda p: p.disables_app(), {}, "feishu.credentials", FAILURE, "启用"),
        (lambda p: p.revokes("im:message"), {}, "feishu.scope", FAILURE, "权限管理"),
        (lambda p: p.revokes(GROUP_MESSAGES_SCOPE), {}, "feishu.scope", WARNING, "im:message.group_msg"),
    ],
)
async def test_what_the_platform_says_of_the_app_is_told(
    installation: Installation, deed: Deed, changes: dict[str, str], name: str, severity: Severity, hint: str
) -> None:
    async with platform() as emulator:
        deed(emulator)
        text = f"[server]\nport = 0\n{section(emulator.base_url, delivery='stream', **changes)}"
        await asyncio.to_thread(installation.write, text)
        findings = await examine(installation, is_offline=False)
    finding = max(
        (f for f in findings if f.id.startswith(name)), key=lambda f: [OK, WARNING, FAILURE].index(f.severity)
    )
    assert finding.severity is severity
    assert hint in finding.hint
    assert found(findings, "clock.skew").severity is OK
    assert found(findings, "network.platform").severity is OK


async def test_a_platform_out_of_reach_is_told_and_nothing_more_is_asked(installation: Installation) -> None:
    text = f"[server]\nport = 0\n{section('http://127.0.0.1:1', delivery='stream')}"
    await asyncio.to_thread(installation.write, text)
    findings = await examine(installation, is_offline=False)
    finding = found(findings, "network.platform")
    assert finding.severity is FAILURE
    assert "防火墙" in finding.hint
    assert not any(f.id.startswith("feishu.") for f in findings)


@pytest.mark.parametrize(("seconds", "severity"), [(0, OK), (41, WARNING), (-41, WARNING), (400, FAILURE)])
async def test_a_clock_that_is_wrong_is_found(installation: Installation, seconds: int, severity: Severity) -> None:
    clock = VirtualClock(SystemClock().now() + timedelta(seconds=seconds), running=True)
    async with platform() as emulator:
        text = f"[server]\nport = 0\n{section(emulator.base_url, delivery='stream')}"
        await asyncio.to_thread(installation.write, text)
        findings = await doctor.examine(installation.config, {}, clock=clock)
    finding = found(findings, "clock.skew")
    assert finding.severity is severity
    assert ("NTP" in finding.hint) == (severity is not OK)


def test_a_second_more_or_less_says_nothing() -> None:
    finding = network.skew_finding(timedelta(seconds=-1.4), window=timedelta(seconds=300))
    assert finding.severity is OK


# ---------------------------------------------------------------- the machine


def test_libraries_that_are_too_old_or_missing_are_named() -> None:
    needed = ["aiohttp<4,>=99.0", "nothing-like-this>=1", "click (>=8.1,<9)", "pytest>=1; extra == 'dev'", "jinja2"]
    assert [(name, floor) for name, _, floor in machine.too_old(needed)] == [
        ("aiohttp", "99.0"),
        ("nothing-like-this", "1"),
    ]


def test_the_machine_of_these_tests_is_fit() -> None:
    assert bad(machine.look(None)) == set()


# ---------------------------------------------------------------- what comes out


def finding(name: str, severity: Severity) -> Finding:
    return Finding(id=name, severity=severity, message="m", hint="h" if severity is not OK else "")


@pytest.mark.parametrize(
    ("findings", "code", "strict"),
    [
        ([finding("a.b", OK)], 0, 0),
        ([finding("a.b", OK), finding("a.c", WARNING)], 0, 1),
        ([finding("a.b", WARNING), finding("a.c", FAILURE)], 1, 1),
        ([finding("config.key", FAILURE), finding("a.c", FAILURE)], 2, 2),
        ([], 0, 0),
    ],
)
def test_exit_codes(findings: list[Finding], code: int, strict: int) -> None:
    assert doctor.exit_code(findings) == code
    assert doctor.exit_code(findings, is_strict=True) == strict


def test_the_tree_groups_what_belongs_together() -> None:
    findings = [finding("machine.a", OK), finding("database.a", FAILURE), finding("machine.b", WARNING)]
    assert doctor.as_tree(findings).splitlines() == [
        "运行环境 / machine",
        " ✔ m  [machine.a]",
        " ▲ m  [machine.b]",
        "   → h",
        "数据库 / database",
        " ✘ m  [database.a]",
        "   → h",
        "1 失败 · 1 提醒 · 1 通过 / failed, warnings, passed",
    ]


def test_json_has_the_promised_shape(shell: Shell) -> None:
    shell.installation.write(FEISHU, mode=0o640)
    shell.installation.write_company(sample_text())
    ended = shell("doctor", "--json", "--offline")
    told = json.loads(ended.out)
    assert (ended.code, told["ok"]) == (1, False)
    assert {key for check in told["checks"] for key in check} == {"id", "status", "message", "hint", "docs"}
    assert {check["status"] for check in told["checks"]} <= {"ok", "warning", "failure"}


def test_fix_makes_files_with_secrets_private_and_touches_nothing_else(shell: Shell) -> None:
    installation = shell.installation
    secret = installation.folder / "app-secret"
    secret.write_text(SECRETS[0], encoding="utf-8")
    secret.chmod(0o644)
    installation.write(FEISHU.replace(SECRETS[0], "file:app-secret"), mode=0o666)
    installation.write_company(sample_text())
    (installation.folder / "company.toml").chmod(0o644)
    ended = shell("doctor", "--offline", "--fix")
    assert ended.code == 0
    assert ended.out.count("✔ chmod 600") == 2
    assert [file.stat().st_mode & 0o777 for file in (secret, installation.config)] == [0o600, 0o600]
    assert (installation.folder / "company.toml").stat().st_mode & 0o777 == 0o644


def test_a_configuration_without_secrets_may_be_read_by_everybody(shell: Shell) -> None:
    shell.installation.write(
        '[platforms.feishu]\napp_id = "cli_x"\napp_secret = "env:APP_SECRET"\n', mode=0o644
    ).write_company(sample_text())
    findings = asyncio.run(doctor.examine(shell.installation.config, {"APP_SECRET": SECRETS[0]}, is_offline=True))
    assert found(findings, "secrets.mode").severity is OK


def test_the_command_line_shows_the_tree(shell: Shell, ready: Installation) -> None:
    ended = shell("doctor", "--offline")
    assert ended.code == 0
    assert ended.out.splitlines()[0] == "运行环境 / machine"
    assert ended.out.splitlines()[-1].startswith("0 失败")
    assert shell("doctor", "--offline", "--strict").code == 0
    assert ready.config == shell.installation.config
