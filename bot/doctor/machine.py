"""The machine: Python, libraries, the compiled HTTP parser, time zones, file descriptors."""

from __future__ import annotations

import platform
import pyexpat
import re
import resource
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.doctor.findings import fine, odd, wrong
from bot.ports import Finding
from bot.web.limits import RESERVED_DESCRIPTORS
from bot.web.server import has_compiled_parser

OLDEST_PYTHON = (3, 11)
#: `UPDATE … RETURNING` and everything else that storage uses
OLDEST_SQLITE = (3, 35)
_REQUIREMENT = re.compile(r"([\w.-]+)(?:\[[^]]*\])?\s*\(?((?:[<>=!~]=?[^,;\s)]+,?)*)")
_FLOOR = re.compile(r">=\s*([\d.]+)")


def look(settings: Settings | None) -> list[Finding]:
    """Everything about the machine that no setting changes."""
    return [_python(), *_libraries(), _parser(), _zones(settings), _descriptors(settings)]


def _python() -> Finding:
    found = sys.version_info[:3]
    name = f"Python {platform.python_version()} · SQLite {sqlite3.sqlite_version} · expat {pyexpat.EXPAT_VERSION[6:]}"
    if found < OLDEST_PYTHON:
        return wrong("machine.python", name, "安装 Python 3.11 或更新版本 / install Python 3.11 or newer")
    if sqlite3.sqlite_version_info[:2] < OLDEST_SQLITE:
        return wrong(
            "machine.python",
            name,
            "SQLite 太旧，换用自带新版 SQLite 的 Python / SQLite is too old: use a Python that brings 3.35 or newer",
        )
    return fine("machine.python", name)


def _libraries() -> Iterator[Finding]:
    try:
        needed = requires("huiyin") or []
    except PackageNotFoundError:
        yield fine("machine.libraries", "从源码运行，未核对依赖版本 / running from source; versions not compared")
        return
    old = list(too_old(needed))
    for name, found, floor in old:
        yield wrong(
            "machine.libraries",
            f"{name} {found or '未安装 missing'}，需要 / needed: ≥ {floor}",
            "pip install --require-hashes -r requirements.lock",
        )
    if not old:
        yield fine("machine.libraries", f"依赖版本符合要求（{len(needed)} 个） / libraries as needed: {len(needed)}")


def too_old(needed: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(name, version found, oldest that will do) of every requirement that is not met; extras are not looked at."""
    for requirement in needed:
        matched = _REQUIREMENT.match(requirement)
        floor = _FLOOR.search(matched[2]) if matched is not None else None
        if matched is None or floor is None or "extra ==" in requirement:
            continue
        found = _version(matched[1])
        if not found or _numbers(found) < _numbers(floor[1]):
            yield matched[1], found, floor[1]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:4])


def _parser() -> Finding:
    if has_compiled_parser():
        return fine("machine.parser", f"aiohttp {version('aiohttp')}（C 解析器） / compiled HTTP parser")
    return wrong(
        "machine.parser",
        "aiohttp 没有 C 解析器，程序不会启动 / no compiled HTTP parser; the program will not start",
        "去掉环境变量 AIOHTTP_NO_EXTENSIONS，或重装 aiohttp 的二进制包"
        " / unset AIOHTTP_NO_EXTENSIONS, or install aiohttp from a binary wheel",
    )


def _zones(settings: Settings | None) -> Finding:
    name = settings.bot.timezone if settings is not None else "Asia/Shanghai"
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return wrong("machine.zones", f"没有时区数据 / no time zone data: {name}", "pip install tzdata")
    return fine("machine.zones", f"时区数据 / time zone data: {name}")


def _descriptors(settings: Settings | None) -> Finding:
    wanted = (settings.server.max_connections if settings is not None else 2_000) + RESERVED_DESCRIPTORS
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < wanted:
        return odd(
            "machine.descriptors",
            f"文件描述符上限 {hard}，不够 {wanted} / file descriptors: {hard}, wanted {wanted}",
            f"systemd: LimitNOFILE={wanted}；或 / or ulimit -n {wanted}；或减小 / or lower server.max_connections",
        )
    return fine("machine.descriptors", "文件描述符够用 / file descriptors suffice")
