"""Reads one section of the settings for an adapter and collects what is wrong with it. Secrets never get into a problem."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.errors import Problem

#: how far the timestamp of a callback may be from our clock, either way (T2)
DEFAULT_REPLAY_WINDOW = timedelta(seconds=300)
#: a window below a minute would refuse honest requests, one above an hour would outlive the replay cache's purpose
_WINDOW_SECONDS = (60, 3600)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class DeliveryMode(StrEnum):
    """How a platform hands over what happens."""

    #: we open a long connection; no public address needed
    STREAM = "stream"
    #: the platform calls our public address; signed and encrypted
    WEBHOOK = "webhook"


class SectionReader:
    """The keys of a section, a table or an object with the same names; `problems` grow with each wrong one."""

    def __init__(self, name: str, section: Mapping[str, object] | object) -> None:
        self._name = name
        self._section = section
        self.problems: list[Problem] = []

    def value(self, key: str) -> object:
        """What stands at the key, None where nothing does."""
        if isinstance(self._section, Mapping):
            return self._section.get(key)
        return getattr(self._section, key, None)

    def wrong(self, key: str, value: str, expected: str, fix: str) -> None:
        """Keep a problem; `value` is never a secret."""
        self.problems.append(Problem(key=f"{self._name}.{key}", value=value, expected=expected, fix=fix))

    def text(self, key: str, default: str = "") -> str:
        """The text without the spaces around it."""
        value = self.value(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self.wrong(key, type(value).__name__, "a text", f'用引号写成文本 / write it in quotes: {key} = "…"')
            return default
        return value.strip()

    def needed(self, key: str, place: str) -> str:
        """A text that must be there; `place` says where it is found."""
        value = self.text(key)
        if not value:
            self.wrong(key, "", "a text that is not empty", place)
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where nothing stands."""
        value = self.value(key)
        if value is None or isinstance(value, bool):
            return value is True
        self.wrong(key, str(value), "true | false", f"{key} = false")
        return False

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number within its limits."""
        value = self.value(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(key, str(value), f"{low}..{high}", f"默认 / default: {key} = {default}")
            return default
        return value

    def delivery(self) -> DeliveryMode:
        """The key `delivery`."""
        value = self.text("delivery", DeliveryMode.STREAM.value)
        if value not in set(DeliveryMode):
            self.wrong("delivery", value, "stream | webhook", '长连接用 / for the long connection: delivery = "stream"')
            return DeliveryMode.STREAM
        return DeliveryMode(value)

    def address(self, key: str, default: str) -> str:
        """Where the platform is: https, or http on loopback."""
        value = (self.text(key) or default).rstrip("/")
        parts = urlsplit(value)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not is_safe or not parts.hostname or parts.query or parts.fragment or parts.username:
            self.wrong(key, value, "an https address", f'默认 / default: {key} = "{default}"')
            return default
        return value

    def path(self, key: str, default: str) -> str:
        """The path of a callback on the public listener."""
        value = self.text(key) or default
        if not value.startswith("/") or not value.isascii() or any(c in value for c in "?# \\{}"):
            self.wrong(key, value, "a path that begins with /", f'默认 / default: {key} = "{default}"')
            return default
        return value

    def window(self) -> timedelta:
        """The key `replay_window_seconds`."""
        value = self.value("replay_window_seconds")
        low, high = _WINDOW_SECONDS
        if value is None:
            return DEFAULT_REPLAY_WINDOW
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong("replay_window_seconds", str(value), f"{low}..{high} seconds", "默认 / default: 300")
            return DEFAULT_REPLAY_WINDOW
        return timedelta(seconds=value)

    def instant(self, key: str) -> datetime | None:
        """A date and time with its offset."""
        value = self.value(key)
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            self.wrong(key, str(value), "a date and time with offset", "例如 for example 2026-03-02T09:00:00+08:00")
            return None
        return value
