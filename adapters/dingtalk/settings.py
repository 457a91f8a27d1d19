"""What the adapter must know about its app: credentials, how events come in, and where the platform is.

Made once from the section `platforms.dingtalk` of the settings. Secrets never appear in `repr` or in a problem's text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from adapters._section import DEFAULT_REPLAY_WINDOW, DeliveryMode, SectionReader
from bot.errors import ConfigError

DEFAULT_BASE_URL = "https://api.dingtalk.com"
DEFAULT_LEGACY_BASE_URL = "https://oapi.dingtalk.com"
DEFAULT_EVENT_PATH = "/hook/dingtalk/event"
DEFAULT_ROBOT_PATH = "/hook/dingtalk/robot"
DEFAULT_CARD_PATH = "/hook/dingtalk/card"
#: what the standard edition allows in a calendar month (dingtalk.md 1.4)
MONTHLY_CALLS, MONTHLY_DELIVERIES = 5_000, 3_000
#: shortest secret for clicks over HTTP
CARD_SECRET_LENGTH = 24
_SECTION = "platforms.dingtalk"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: the console takes nothing else (dingtalk.md 2.3); T1 asks for more than its shortest token
_TOKEN = re.compile(r"[A-Za-z0-9]{8,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_EVENTS = "开发者后台 › 应用 › 事件订阅 / open-dev.dingtalk.com › app › Event subscription"
_CREDENTIALS = "开发者后台 › 应用 › 凭证与基础信息 / open-dev.dingtalk.com › app › Credentials & Basic Info"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecrets:
    """What an event callback is verified and opened with. Two pairs are valid at once while secrets are rotated (T4)."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """What comes over the long connection; everything else comes over HTTP."""

    events: bool
    robot: bool
    cards: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DingTalkSettings:
    """The section `platforms.dingtalk`, checked."""

    client_id: str
    client_secret: str = field(repr=False)
    robot_code: str = ""
    corp_id: str = ""
    agent_id: str = ""
    base_url: str = DEFAULT_BASE_URL
    legacy_base_url: str = DEFAULT_LEGACY_BASE_URL
    #: how events come in; robot messages and clicks come over the stream unless `robot_over_http` is set
    delivery: DeliveryMode = DeliveryMode.STREAM
    event_token: str = field(default="", repr=False)
    event_aes_key: str = field(default="", repr=False)
    #: the pair that was valid before the last rotation, and until when it still is
    previous_event_token: str = field(default="", repr=False)
    previous_event_aes_key: str = field(default="", repr=False)
    previous_until: datetime | None = None
    card_template_id: str = ""
    group_template_id: str = ""
    #: robot messages come over HTTP, signed without their content; no decision is believed that comes so
    robot_over_http: bool = False
    #: signs clicks that come over HTTP; without it clicks need the stream
    card_secret: str = field(default="", repr=False)
    monthly_calls: int = MONTHLY_CALLS
    monthly_deliveries: int = MONTHLY_DELIVERIES
    event_path: str = DEFAULT_EVENT_PATH
    robot_path: str = DEFAULT_ROBOT_PATH
    card_path: str = DEFAULT_CARD_PATH
    replay_window: timedelta = DEFAULT_REPLAY_WINDOW

    @property
    def is_webhook(self) -> bool:
        """True when events over HTTP are believed."""
        return self.delivery is DeliveryMode.WEBHOOK

    @property
    def streams(self) -> Streams:
        """What comes over the long connection. Clicks do, unless somebody gave HTTP ones a secret of their own (T3)."""
        return Streams(
            events=not self.is_webhook,
            robot=not self.robot_over_http,
            cards=not (self.robot_over_http and self.card_secret),
        )

    @property
    def has_stream(self) -> bool:
        """True when a long connection brings anything."""
        return self.streams.events or self.streams.robot or self.streams.cards

    @property
    def robot(self) -> str:
        """The robot's code, which usually is the app's own id."""
        return self.robot_code or self.client_id

    @property
    def is_local(self) -> bool:
        """True when the platform is on this machine: an emulator."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    def secrets(self, *, now: datetime) -> tuple[WebhookSecrets, ...]:
        """The pairs valid now, the present one first; none without a token: unsigned is never believed (T1)."""
        if not self.event_token or not self.event_aes_key:
            return ()
        present = WebhookSecrets(token=self.event_token, aes_key=self.event_aes_key)
        is_rotating = self.previous_until is not None and now < self.previous_until
        if not is_rotating or not (self.previous_event_token or self.previous_event_aes_key):
            return (present,)
        before = WebhookSecrets(
            token=self.previous_event_token or self.event_token,
            aes_key=self.previous_event_aes_key or self.event_aes_key,
        )
        return (present, before)


def from_section(section: Mapping[str, object] | object) -> DingTalkSettings:
    """Settings from the config section, a table or an object with the same names.

    Raises ConfigError with every problem at once.
    """
    reader = SectionReader(_SECTION, section)
    settings = DingTalkSettings(
        client_id=reader.needed("client_id", _CREDENTIALS),
        client_secret=reader.needed("client_secret", _CREDENTIALS),
        robot_code=reader.text("robot_code"),
        corp_id=reader.text("corp_id"),
        agent_id=reader.text("agent_id"),
        base_url=reader.address("base_url", DEFAULT_BASE_URL),
        legacy_base_url=reader.address("legacy_base_url", DEFAULT_LEGACY_BASE_URL),
        delivery=reader.delivery(),
        event_token=reader.text("event_token"),
        event_aes_key=reader.text("event_aes_key"),
        previous_event_token=reader.text("previous_event_token"),
        previous_event_aes_key=reader.text("previous_event_aes_key"),
        previous_until=reader.instant("previous_until"),
        card_template_id=reader.text("card_template_id"),
        group_template_id=reader.text("group_template_id"),
        robot_over_http=reader.flag("robot_over_http"),
        card_secret=reader.text("card_secret"),
        monthly_calls=reader.whole("monthly_calls", MONTHLY_CALLS, low=100, high=100_000_000),
        monthly_deliveries=reader.whole("monthly_deliveries", MONTHLY_DELIVERIES, low=100, high=100_000_000),
        event_path=reader.path("event_path", DEFAULT_EVENT_PATH),
        robot_path=reader.path("robot_path", DEFAULT_ROBOT_PATH),
        card_path=reader.path("card_path", DEFAULT_CARD_PATH),
        replay_window=reader.window(),
    )
    _check_webhook(reader, settings)
    if reader.problems:
        raise ConfigError(reader.problems)
    return settings


def _check_webhook(reader: SectionReader, settings: DingTalkSettings) -> None:
    if settings.robot_over_http and not settings.is_webhook:
        reader.wrong("robot_over_http", "true", 'delivery = "webhook" with it', 'delivery = "webhook"')
    _check_clicks(reader, settings)
    if len({settings.event_path, settings.robot_path, settings.card_path}) < 3:
        reader.wrong("card_path", settings.card_path, "three different paths", "默认 / default: /hook/dingtalk/…")
    for key in ("event_token", "previous_event_token"):
        value = getattr(settings, key)
        if value and not _TOKEN.fullmatch(value):
            reader.wrong(key, "", "8 to 32 letters and digits, as in the console", _EVENTS)
    for key in ("event_aes_key", "previous_event_aes_key"):
        value = getattr(settings, key)
        if value and not _AES_KEY.fullmatch(value):
            reader.wrong(key, "", "43 letters and digits, as in the console", _EVENTS)
    if not settings.is_webhook:
        return
    for key in ("event_token", "event_aes_key"):
        if not getattr(settings, key):
            reader.wrong(key, "", "a text: without it a callback could be forged (T1)", _EVENTS)


def _check_clicks(reader: SectionReader, settings: DingTalkSettings) -> None:
    """Clicks over HTTP are signed with a secret that nobody may guess."""
    if settings.card_secret and len(settings.card_secret) < CARD_SECRET_LENGTH:
        reader.wrong("card_secret", "", f"at least {CARD_SECRET_LENGTH} random characters", "openssl rand -hex 24")
    if settings.card_secret and not settings.robot_over_http:
        reader.wrong("card_secret", "", "empty while clicks come over the stream", "robot_over_http = true")
