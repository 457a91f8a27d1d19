"""One table of the configuration, read key by key. Values come from TOML or, as text, from the environment.

What is wrong is collected. Only values of keys that are known and cannot hold a secret are quoted.
"""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from difflib import get_close_matches
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from bot.config_source import UNRESOLVED
from bot.errors import Problem

#: parts of what people write for China's zone
_CHINA = ("beijing", "china", "cst", "+8", "+08", "北京", "上海", "中国")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: what people leave standing in examples; a secret like this protects nothing
_PLACEHOLDERS = ("changeme", "change-me", "xxx", "your_", "your-", "<", "…", "...", "secret", "示例", "填写", "请填")


class Reader:
    """Reads what is there, gives defaults for what is not, and notes every key that nobody asked for."""

    def __init__(self, raw: object, place: str, problems: list[Problem]) -> None:
        """`place` is the dotted path of the table, with its dot, empty for the whole file."""
        self._place = place
        self._problems = problems
        self._asked: set[str] = set()
        if not isinstance(raw, Mapping):
            self.wrong("", type(raw).__name__, "a table", f"写成表 / write it as a table: [{place.rstrip('.')}]")
            raw = {}
        self._raw: Mapping[str, object] = raw

    def wrong(self, key: str, value: str, expected: str, fix: str) -> None:
        """Note a problem. `value` must not be a secret."""
        self._problems.append(Problem((self._place + key).rstrip("."), value, expected, fix))

    def has(self, key: str) -> bool:
        """Is the key given?"""
        self._asked.add(key)
        return key in self._raw

    def table(self, key: str) -> Reader:
        """A table inside this one; empty where there is none."""
        self._asked.add(key)
        return Reader(self._raw.get(key, {}), f"{self._place}{key}.", self._problems)

    def finish(self) -> None:
        """Note every key that nobody asked for, with the nearest known one; never its value."""
        for key in self._raw:
            if key not in self._asked:
                self.wrong(key, "（未知键 unknown key）", "a known key", nearest(key, self._asked))

    # ------------------------------------------------------------ texts

    def _text(self, key: str, default: str, *, is_secret: bool) -> str | None:
        """The text, None after a problem was noted."""
        self._asked.add(key)
        value = self._raw.get(key, default)
        if value is UNRESOLVED:
            return None
        if isinstance(value, str):
            return value.strip()
        shown = type(value).__name__ if is_secret else str(value)
        self.wrong(key, shown, "a text", f'用引号写 / write it in quotes: {key} = "…"')
        return None

    def needed(self, key: str, default: str, fix: str) -> str:
        """A text that is not empty."""
        value = self._text(key, default, is_secret=False)
        if value == "":
            self.wrong(key, "", "a text that is not empty", fix)
        return value or default

    def text(self, key: str, default: str = "") -> str:
        """A text that may be empty."""
        return self._text(key, default, is_secret=False) or default

    def secret(self, key: str, *, fix: str = "", is_needed: bool = False) -> str:
        """A secret; its value goes into no problem."""
        value = self._text(key, "", is_secret=True)
        if value is None:
            return ""
        if not value and is_needed:
            self.wrong(key, "", "the secret; env:NAME and file:PATH work, too", fix)
        if value and _is_placeholder(value):
            self.wrong(key, "（占位文字 a placeholder）", "the real secret", fix or "用真实的值 / use the real one")
        return value

    def formed(self, key: str, form: tuple[re.Pattern[str], str], *, fix: str, is_needed: bool = False) -> str:
        """A secret of which the platform says what it looks like; what it is goes into no problem."""
        value = self.secret(key, fix=fix, is_needed=is_needed)
        shape, words = form
        if value and not shape.fullmatch(value):
            self.wrong(key, "", words, fix)
        return value

    def hidden(self, key: str, default: str) -> str:
        """A text that may hold a secret; empty after a problem."""
        return self._text(key, default, is_secret=True) or ""

    def choice(self, key: str, default: str, known: tuple[str, ...]) -> str:
        """One of a few words."""
        value = self._text(key, default, is_secret=False)
        if value is None or value in known:
            return value or default
        self.wrong(key, value, " | ".join(known), nearest(value, known))
        return default

    def zone(self, key: str, default: str) -> str:
        """A time zone of the tz database."""
        value = self._text(key, default, is_secret=False) or default
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            self.wrong(key, value, "a time zone such as Asia/Shanghai", _nearest_zone(value))
            return default
        return value

    def address(self, key: str, default: str, *, is_needed: bool = False) -> str:
        """An https address without query; http on this machine only. Without a slash at its end."""
        value = (self._text(key, default, is_secret=False) or (default if is_needed else "")).rstrip("/")
        if value and not _is_safe_address(value):
            fix = (
                f'默认 / default: {key} = "{default}"'
                if default
                else f'例如 / for example {key} = "https://bot.example.com"'
            )
            self.wrong(key, _without_login(value), "an https address without login, query and fragment", fix)
            return default
        return value

    def socket(self, key: str, default: str) -> str:
        """A wss address; ws on this machine only."""
        value = (self._text(key, default, is_secret=False) or default).rstrip("/")
        if not value.startswith(("wss://", "ws://")) or not _is_safe_address(f"http{value.removeprefix('ws')}"):
            fix = f'默认 / default: {key} = "{default}"'
            self.wrong(key, _without_login(value), "a wss address without login, query and fragment", fix)
            return default
        return value

    def path(self, key: str, default: str) -> str:
        """A path on the public listener."""
        value = self._text(key, default, is_secret=False) or default
        if not value.startswith("/") or not value.isascii() or any(c in value for c in "?# \\{}"):
            self.wrong(key, value, "a path that begins with /", f'默认 / default: {key} = "{default}"')
            return default
        return value

    # ------------------------------------------------------------ figures and times

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number."""
        self._asked.add(key)
        value = self._raw.get(key, default)
        if value is UNRESOLVED:
            return default
        number = _as_whole(value)
        if number is None or not low <= number <= high:
            self.wrong(key, str(value), f"a whole number, {low} to {high}", f"默认 / default: {key} = {default}")
            return default
        return number

    def flag(self, key: str, default: bool) -> bool:
        """True or false; the environment writes the words."""
        self._asked.add(key)
        value = self._raw.get(key, default)
        if value is UNRESOLVED:
            return default
        if isinstance(value, str) and value.lower() in {"true", "false"}:
            return value.lower() == "true"
        if not isinstance(value, bool):
            self.wrong(key, str(value), "true | false", f"默认 / default: {key} = {str(default).lower()}")
            return default
        return value

    def seconds(self, key: str, default: float, *, low: float, high: float) -> float:
        """A time in seconds."""
        self._asked.add(key)
        value = self._raw.get(key, default)
        if value is UNRESOLVED:
            return default
        number = _as_number(value)
        if number is None or not low <= number <= high:
            self.wrong(key, str(value), f"seconds, {low:g} to {high:g}", f"默认 / default: {key} = {default:g}")
            return default
        return number

    def instant(self, key: str) -> datetime | None:
        """A date and time with offset; None where it is missing or empty."""
        self._asked.add(key)
        value = self._raw.get(key)
        if value is None or value == "" or value is UNRESOLVED:
            return None
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = datetime.fromisoformat(value)
        if not isinstance(value, datetime) or value.tzinfo is None:
            fix = "例如 / for example 2026-03-02T09:00:00+08:00"
            self.wrong(key, str(value), "a date and time with offset", fix)
            return None
        return value


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean x?`, or the list of what is known."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1)
    return f"是不是 / did you mean {near[0]}?" if near else f"可用 / known: {', '.join(names)}"


def _nearest_zone(value: str) -> str:
    """The zone that was probably meant; the tz database has no Beijing."""
    small = value.casefold()
    is_china = any(word in small for word in _CHINA)
    near = ["Asia/Shanghai"] if is_china else get_close_matches(value, available_timezones(), n=1)
    return f"是不是 / did you mean {near[0]}?" if near else "例如 / for example Asia/Shanghai"


def _is_placeholder(value: str) -> bool:
    small = value.casefold()
    return small in {"secret", "password", "token"} or any(
        small.startswith(mark) for mark in _PLACEHOLDERS if mark != "secret"
    )


def _is_safe_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    is_private = parts.scheme == "http" and host in _LOOPBACK
    is_whole = not (parts.query or parts.fragment or parts.username or parts.password)
    return bool(host) and is_whole and (parts.scheme == "https" or is_private)


def _without_login(value: str) -> str:
    """Nobody should see a password because an address was wrong for another reason."""
    return value.rpartition("@")[2].partition("?")[0] if "@" in value or "?" in value else value


def _as_whole(value: object) -> int | None:
    """TOML gives numbers, the environment texts."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal():
        return int(value) if len(value) < 20 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _as_number(value: object) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
