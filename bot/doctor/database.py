"""The database: can it be written, is it whole, is there room, how old is the last copy, what waits for a person."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import storage
from bot.backups import newest_copy
from bot.config import redact_url
from bot.doctor.configuration import is_open_to_others
from bot.doctor.findings import fine, odd, wrong
from bot.errors import ConfigError, HuiyinError, StoreUnavailable
from bot.offline import readable_copy
from bot.ports import Finding, SendState, UnitOfWork
from storage.engine import kind_of, sqlite_path
from storage.migrations import sqlite_version

#: bytes free below which the program is about to stop, and below which somebody should look
_LEAST_ROOM = 200 * 1024 * 1024
_LITTLE_ROOM = 1024 * 1024 * 1024
#: a copy a day, and two hours for it (F5)
_BACKUP_AGE = timedelta(hours=26)
#: what waits longer than this does not move
_STUCK = timedelta(minutes=10)
#: a larger file is not copied just to look into it
_LARGEST_COPY = 2 * 1024 * 1024 * 1024

_RESTORE = "huiyin db restore BACKUP"


def backup_mark(url: str) -> Path | None:
    """The file beside a SQLite database whose age is that of the last copy; None for other databases."""
    return mark_beside(sqlite_path(url)) if kind_of(url) == "sqlite" else None


def mark_beside(path: Path) -> Path:
    """The same for the file of a database."""
    return path.with_name(f"{path.name}.last-backup")


async def look(url: str, *, now: datetime) -> list[Finding]:
    """Everything about the database. Changes nothing in it."""
    try:
        kind = kind_of(url)
    except ConfigError as problem:
        first = problem.problems[0]
        return [wrong("database.url", f"storage.url：应为 / expected {first.expected}", first.fix)]
    if kind == "memory":
        return [odd("database.url", "memory:// 重启即丢失 / nothing survives a restart", "storage.url = sqlite:///…")]
    if kind == "sqlite":
        return await _sqlite(url, sqlite_path(url), now=now)
    return await _postgres(url, now=now)


async def _postgres(url: str, *, now: datetime) -> list[Finding]:
    problems = await storage.check(url)
    if problems:
        hint = f"检查地址、账号和 / check address, login and: huiyin db upgrade, {_RESTORE}"
        return [wrong("database.integrity", problem, hint) for problem in problems]
    sound = fine("database.integrity", f"{redact_url(url)} 完整 / is whole")
    return [sound, *await _what_waits(url, now=now)]


# ---------------------------------------------------------------- SQLite


async def _sqlite(url: str, path: Path, *, now: datetime) -> list[Finding]:
    findings, is_usable = await asyncio.to_thread(_outwardly, path, now)
    if not is_usable:
        return findings
    problems = await storage.check(url)
    if problems:
        return [*findings, *(wrong("database.integrity", problem, _RESTORE) for problem in problems)]
    findings.append(fine("database.integrity", "完整性 ok，审计链完整 / integrity ok, audit chain whole"))
    if (await asyncio.to_thread(path.stat)).st_size > _LARGEST_COPY:
        hint = "huiyin export dead, unknown, waiting"
        return [*findings, fine("database.waiting", f"数据库很大，未逐项查看 / large, not looked into; {hint}")]
    async with readable_copy(url) as copy:
        return [*findings, *await _what_waits(copy, now=now)]


def _outwardly(path: Path, now: datetime) -> tuple[list[Finding], bool]:
    """What can be said without reading rows, and whether the rows can be read by this program."""
    if not path.exists():
        return [_can_be_made(path), _room(path)], False
    is_readable, first = _can_be_written(path)
    if not is_readable:
        return [first, _room(path)], False
    version, schema = _schema(path)
    findings = [first, _room(path), schema, *_settings_of(path), _backup(path, now)]
    return findings, version == storage.head_version()


def _can_be_made(path: Path) -> Finding:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return fine("database.writable", f"{path} 首次运行时创建 / is made at the first start")
    hint = f"让运行账号可写 / let the account that runs it write to {folder}；或改 / or change storage.url"
    return wrong("database.writable", f"{path} 无法创建 / cannot be made", hint)


def _can_be_written(path: Path) -> tuple[bool, Finding]:
    """Whether anything can be read at all, and the finding."""
    hint = f"检查属主和权限，或恢复备份 / check owner and mode, or {_RESTORE}"
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=2)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as problem:
        if "locked" in str(problem):
            return True, odd(
                "database.writable",
                f"{path} 被另一个程序锁住 / is locked by another program",
                "只能由回音打开，关掉别的程序 / close whatever else has it open",
            )
        return False, wrong("database.writable", f"{path}：{problem}", hint)
    except sqlite3.DatabaseError as problem:
        return False, wrong("database.integrity", f"{path}：{problem}", _RESTORE)
    if is_open_to_others(path):
        return True, odd("database.mode", f"{path} 其他用户可读 / can be read by others", f"chmod 600 {path}")
    return True, fine("database.writable", f"{path} 可写 / can be written")


def _schema(path: Path) -> tuple[str, Finding]:
    head = storage.head_version()
    try:
        version = sqlite_version(path)
    except ConfigError as problem:
        return "?", wrong("database.schema", str(problem), f"升级程序，或 / update the program, or {_RESTORE}")
    except StoreUnavailable as problem:
        return "?", wrong("database.integrity", str(problem), _RESTORE)
    if version == head:
        return version, fine("database.schema", f"结构 / schema {version}")
    message = f"结构 {version or '空'}，将升级到 {head} / schema {version or 'none'} becomes {head}"
    return version, odd(
        "database.schema", message, "huiyin db upgrade（会先备份 / backs up first），或 / or huiyin run"
    )


def _settings_of(path: Path) -> Iterator[Finding]:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=2)) as connection:
            mode = str(connection.execute("PRAGMA journal_mode").fetchone()[0]).lower()
    except sqlite3.Error as problem:
        yield wrong("database.journal", f"{path}：{problem}", _RESTORE)
        return
    if mode == "wal":
        yield fine("database.journal", "WAL")
    else:
        yield odd(
            "database.journal",
            f"日志模式 {mode}，不是 WAL / the journal is {mode}, not WAL",
            "运行一次即恢复；网络盘不支持 WAL，请放到本地盘"
            " / the next start sets it; network drives cannot: use a local disk",
        )


def _room(path: Path) -> Finding:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    free = shutil.disk_usage(folder).free
    shown = f"剩余 {free // 2**20} MiB / free"
    hint = f"清理磁盘或移到更大的盘 / make room on the disk of {folder}"
    if free < _LEAST_ROOM:
        return wrong("database.disk", shown, hint)
    return odd("database.disk", shown, hint) if free < _LITTLE_ROOM else fine("database.disk", shown)


def _backup(path: Path, now: datetime) -> Finding:
    """The newest of the daily copies and the ones that somebody made."""
    hint = "storage.backups = 7，或每天运行 / or every day: huiyin db backup FILE"
    mark = mark_beside(path)
    by_hand = datetime.fromtimestamp(mark.stat().st_mtime, UTC) if mark.exists() else None
    newest = max((at for at in (by_hand, newest_copy(path.parent / "backups")) if at is not None), default=None)
    if newest is None:
        return odd("database.backup", "没有备份记录 / no backup is known of", hint)
    age = now - newest
    shown = f"上次备份 {max(0, int(age.total_seconds() // 3600))} 小时前 / hours since the last backup"
    return odd("database.backup", shown, hint) if age > _BACKUP_AGE else fine("database.backup", shown)


# ---------------------------------------------------------------- what waits for a person


async def _what_waits(url: str, *, now: datetime) -> list[Finding]:
    try:
        store = await storage.open_store(url, ballast_bytes=0)
    except HuiyinError as problem:
        return [wrong("database.waiting", f"无法打开 / cannot be opened: {problem}", _RESTORE)]
    try:
        return await store.read(lambda uow: list(_waiting(uow, now)))
    finally:
        await store.close()


def _waiting(uow: UnitOfWork, now: datetime) -> Iterator[Finding]:
    dead, unknown = len(uow.inbox.dead()), len(uow.outbox.reports(SendState.UNKNOWN))
    if dead:
        hint = "huiyin export dead，聊天里 /重放 / in the chat: /重放"
        yield odd("database.dead", f"{dead} 条更新未能处理 / dead letters", hint)
    if unknown:
        hint = "huiyin export unknown，人工确认是否送达 / look whether they arrived"
        yield odd("database.unknown", f"{unknown} 条消息结果不明 / unknown outcomes", hint)
    if uow.outbox.held():
        yield odd(
            "database.held",
            f"恢复后暂存 {uow.outbox.held()} 条消息 / messages held since a restore",
            "huiyin export waiting 查看后 / then huiyin db release，或聊天里 / or in the chat /确认放行",
        )
    since = [at for _, at in (uow.inbox.pending(), uow.outbox.pending()) if at is not None]
    age = now - min(since) if since else timedelta()
    if age > _STUCK:
        minutes = int(age.total_seconds() // 60)
        hint = "程序没在运行？看 / is it running? look at /readyz, 日志 / the log, huiyin export waiting"
        yield odd("database.waiting", f"最老的等了 {minutes} 分钟 / minutes the oldest has waited", hint)
    else:
        yield fine("database.waiting", "没有积压 / nothing is piling up")
