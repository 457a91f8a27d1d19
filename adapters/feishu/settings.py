"""What the adapter must know about its app: credentials, how events come in, and where the platform is.

Made once from the section `platforms.feishu` of the settings. Secrets never appear in `repr` or in a problem's text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from bot.errors import ConfigError, Problem

#: the cloud inside China; the international one is https://open.larksuite.com (feishu.md 1.1)
DEFAULT_BASE_URL = "https://open.feishu.cn"
DEFAULT_PATH = "/hook/feishu"
#: how far the timestamp of a callback may be from our clock, either way (T2)
DEFAULT_REPLAY_WINDOW = timedelta(seconds=300)
#: a window below a minute would refuse honest requests, one above an hour would outlive the replay cache's purpose
_WINDOW_SECONDS = (60, 3600)
_SECTION = "platforms.feishu"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class DeliveryMode(StrEnum):
    """How the platform hands events and card clicks over (feishu.md 2.1)."""

    #: we open a long connection; no public address needed
    STREAM = "stream"
    #: the platform calls our public address; signed and encrypted
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecrets:
    """What a callback is verified with. Two pairs are valid at once while secrets are rotated (T4)."""

    encrypt_key: str = field(repr=False)
    verification_token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeishuSettings:
    """The section `platforms.feishu`, checked."""

    app_id: str
    app_secret: str = field(repr=False)
    encrypt_key: str = field(default="", repr=False)
    verification_token: str = field(default="", repr=False)
    delivery: DeliveryMode = DeliveryMode.STREAM
    base_url: str = DEFAULT_BASE_URL
    #: path of the callback on the public listener
    path: str = DEFAULT_PATH
    replay_window: timedelta = DEFAULT_REPLAY_WINDOW
    #: the pair that was valid before the last rotation, and until when it still is
    previous_encrypt_key: str = field(default="", repr=False)
    previous_verification_token: str = field(default="", repr=False)
    previous_until: datetime | None = None

    @property
    def is_webhook(self) -> bool:
        """True when callbacks over HTTP are believed."""
        return self.delivery is DeliveryMode.WEBHOOK

    def secrets(self, *, now: datetime) -> tuple[WebhookSecrets, ...]:
        """The pairs valid now, the present one first; none without an encrypt key: unsigned is never believed (T1)."""
        if not self.encrypt_key or not self.verification_token:
            return ()
        present = WebhookSecrets(encrypt_key=self.encrypt_key, verification_token=self.verification_token)
        if not self.previous_encrypt_key or self.previous_until is None or now >= self.previous_until:
            return (present,)
        token = self.previous_verification_token or self.verification_token
        return (present, WebhookSecrets(encrypt_key=self.previous_encrypt_key, verification_token=token))


def from_section(section: Mapping[str, object] | object) -> FeishuSettings:
    """Settings from the config section, a table or an object with the same names.

    Raises ConfigError with every problem at once.
    """
    reader = _Reader(section)
    settings = FeishuSettings(
        app_id=reader.needed("app_id", "开发者后台 → 凭证与基础信息 / developer console → Credentials & Basic Info"),
        app_secret=reader.needed(
            "app_secret", "开发者后台 → 凭证与基础信息 / developer console → Credentials & Basic Info"
        ),
        encrypt_key=reader.text("encrypt_key"),
        verification_token=reader.text("verification_token"),
        delivery=reader.delivery(),
        base_url=reader.base_url(),
        path=reader.path(),
        replay_window=reader.window(),
        previous_encrypt_key=reader.text("previous_encrypt_key"),
        previous_verification_token=reader.text("previous_verification_token"),
        previous_until=reader.instant("previous_until"),
    )
    reader.check_webhook(settings)
    if reader.problems:
        raise ConfigError(reader.problems)
    return settings


class _Reader:
    """Reads the section and collects what is wrong with it."""

    def __init__(self, section: Mapping[str, object] | object) -> None:
        self._section = section
        self.problems: list[Problem] = []

    def _value(self, key: str) -> object:
        if isinstance(self._section, Mapping):
            return self._section.get(key)
        return getattr(self._section, key, None)

    def _wrong(self, key: str, value: str, expected: str, fix: str) -> None:
        self.problems.append(Problem(key=f"{_SECTION}.{key}", value=value, expected=expected, fix=fix))

    def text(self, key: str, default: str = "") -> str:
        value = self._value(key)
        if value is None:
            return default
        if not isinstance(value, str):
            self._wrong(key, type(value).__name__, "a text", f'用引号写成文本 / write it in quotes: {key} = "…"')
            return default
        return value.strip()

    def needed(self, key: str, place: str) -> str:
        value = self.text(key)
        if not value:
            self._wrong(key, "", "a text that is not empty", place)
        return value

    def delivery(self) -> DeliveryMode:
        value = self.text("delivery", DeliveryMode.STREAM.value)
        if value not in set(DeliveryMode):
            self._wrong(
                "delivery", value, "stream | webhook", '长连接用 / for the long connection: delivery = "stream"'
            )
            return DeliveryMode.STREAM
        return DeliveryMode(value)

    def base_url(self) -> str:
        value = (self.text("base_url") or DEFAULT_BASE_URL).rstrip("/")
        parts = urlsplit(value)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not is_safe or not parts.hostname or parts.query or parts.fragment or parts.username:
            self._wrong("base_url", value, "an https address", f'默认 / default: base_url = "{DEFAULT_BASE_URL}"')
            return DEFAULT_BASE_URL
        return value

    def path(self) -> str:
        value = self.text("path") or DEFAULT_PATH
        if not value.startswith("/") or not value.isascii() or any(c in value for c in "?# \\{}"):
            self._wrong("path", value, "a path that begins with /", f'默认 / default: path = "{DEFAULT_PATH}"')
            return DEFAULT_PATH
        return value

    def window(self) -> timedelta:
        value = self._value("replay_window_seconds")
        low, high = _WINDOW_SECONDS
        if value is None:
            return DEFAULT_REPLAY_WINDOW
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self._wrong("replay_window_seconds", str(value), f"{low}..{high} seconds", "默认 / default: 300")
            return DEFAULT_REPLAY_WINDOW
        return timedelta(seconds=value)

    def instant(self, key: str) -> datetime | None:
        value = self._value(key)
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            self._wrong(key, str(value), "a date and time with offset", "例如 for example 2026-03-02T09:00:00+08:00")
            return None
        return value

    def check_webhook(self, settings: FeishuSettings) -> None:
        if not settings.is_webhook:
            return
        place = "开发者后台 → 事件与回调 → 加密策略 / developer console → Events & Callbacks → Encryption strategy"
        for key in ("encrypt_key", "verification_token"):
            if not getattr(settings, key):
                self._wrong(key, "", "a text: without it a callback could be forged (T1)", place)
