"""What the adapter must know: the self-built app, the intelligent bot, how pushes come in, and where the platform is.

Made once from the section `platforms.wecom` of the settings. Either of the two may be missing; what it would have done is
then not offered. Secrets never appear in `repr` or in a problem's text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from adapters._section import DEFAULT_REPLAY_WINDOW, DeliveryMode, SectionReader
from bot.errors import ConfigError, Problem

DEFAULT_BASE_URL = "https://qyapi.weixin.qq.com/cgi-bin"
DEFAULT_WS_URL = "wss://openws.work.weixin.qq.com"
DEFAULT_PATH = "/hook/wecom"
DEFAULT_BOT_PATH = "/hook/wecom-bot"
_SECTION = "platforms.wecom"
_BOT_SECTION = "platforms.wecom.bot"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: what the console takes (wecom.md 2.1); T1 asks for more than its shortest token
_TOKEN = re.compile(r"[A-Za-z0-9]{8,32}")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
_CORP = "管理后台 › 我的企业 › 企业信息 › 企业ID / admin console › My company › Company ID"
_APP = "管理后台 › 应用管理 › 自建应用 / admin console › Apps › the self-built app"
_CALLBACK = "管理后台 › 应用 › 接收消息 › 设置API接收 / admin console › app › Receive messages › API"
_BOT = "管理后台 › 安全与管理 › 管理工具 › 智能机器人 / admin console › Management tools › Intelligent bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecrets:
    """What a callback is verified and opened with. Two pairs are valid at once while secrets are rotated (T4)."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSettings:
    """The section `platforms.wecom.bot`, checked."""

    bot_id: str
    #: its name on the platform, empty where that is the product's own
    name: str = ""
    secret: str = field(default="", repr=False)
    ws_url: str = DEFAULT_WS_URL
    delivery: DeliveryMode = DeliveryMode.STREAM
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    path: str = DEFAULT_BOT_PATH

    @property
    def is_webhook(self) -> bool:
        """True when the bot's pushes come over HTTP."""
        return self.delivery is DeliveryMode.WEBHOOK

    @property
    def secrets(self) -> tuple[WebhookSecrets, ...]:
        """The pair of the bot's callback; none without a token: unsigned is never believed (T1)."""
        return (WebhookSecrets(token=self.token, aes_key=self.aes_key),) if self.token and self.aes_key else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComSettings:
    """The section `platforms.wecom`, checked."""

    corp_id: str
    agent_id: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    #: the pair that was valid before the last rotation, and until when it still is
    previous_token: str = field(default="", repr=False)
    previous_aes_key: str = field(default="", repr=False)
    previous_until: datetime | None = None
    base_url: str = DEFAULT_BASE_URL
    path: str = DEFAULT_PATH
    replay_window: timedelta = DEFAULT_REPLAY_WINDOW
    bot: BotSettings | None = None

    @property
    def has_app(self) -> bool:
        """True when there is a self-built app."""
        return bool(self.secret)

    @property
    def agent(self) -> int:
        """The app's number, as calls want it."""
        return int(self.agent_id) if self.agent_id.isascii() and self.agent_id.isdigit() else 0

    @property
    def is_local(self) -> bool:
        """True when the platform is on this machine: an emulator."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    def secrets(self, *, now: datetime) -> tuple[WebhookSecrets, ...]:
        """The app's pairs valid now, the present one first; none without a token: unsigned is never believed (T1)."""
        if not self.token or not self.aes_key:
            return ()
        present = WebhookSecrets(token=self.token, aes_key=self.aes_key)
        is_rotating = self.previous_until is not None and now < self.previous_until
        if not is_rotating or not (self.previous_token or self.previous_aes_key):
            return (present,)
        before = WebhookSecrets(token=self.previous_token or self.token, aes_key=self.previous_aes_key or self.aes_key)
        return (present, before)


def from_section(section: Mapping[str, object] | object) -> WeComSettings:
    """Settings from the config section, a table or an object with the same names.

    Raises ConfigError with every problem at once.
    """
    reader = SectionReader(_SECTION, section)
    inner = reader.value("bot")
    bot, problems = (None, []) if inner is None else _bot(inner)
    settings = WeComSettings(
        corp_id=reader.needed("corp_id", _CORP),
        agent_id=reader.text("agent_id"),
        secret=reader.text("secret"),
        token=reader.text("token"),
        aes_key=reader.text("aes_key"),
        previous_token=reader.text("previous_token"),
        previous_aes_key=reader.text("previous_aes_key"),
        previous_until=reader.instant("previous_until"),
        base_url=reader.address("base_url", DEFAULT_BASE_URL),
        path=reader.path("path", DEFAULT_PATH),
        replay_window=reader.window(),
        bot=bot,
    )
    _check(reader, settings, has_bot=inner is not None)
    if reader.problems or problems:
        raise ConfigError([*reader.problems, *problems])
    return settings


def _bot(section: object) -> tuple[BotSettings, list[Problem]]:
    reader = SectionReader(_BOT_SECTION, section)
    bot = BotSettings(
        bot_id=reader.needed("bot_id", _BOT),
        name=reader.text("name"),
        secret=reader.text("secret"),
        ws_url=_socket(reader),
        delivery=reader.delivery(),
        token=reader.text("token"),
        aes_key=reader.text("aes_key"),
        path=reader.path("path", DEFAULT_BOT_PATH),
    )
    if not bot.is_webhook and not bot.secret:
        reader.wrong("secret", "", "the secret of the long connection", _BOT)
    _check_pair(reader, bot.token, bot.aes_key, _BOT, is_needed=bot.is_webhook)
    return bot, reader.problems


def _socket(reader: SectionReader) -> str:
    """Where the long connection is opened: TLS, or anything on loopback."""
    value = (reader.text("ws_url") or DEFAULT_WS_URL).rstrip("/")
    parts = urlsplit(value)
    is_safe = parts.scheme == "wss" or (parts.scheme == "ws" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname:
        reader.wrong("ws_url", value, "a wss address", f'默认 / default: ws_url = "{DEFAULT_WS_URL}"')
        return DEFAULT_WS_URL
    return value


def _check(reader: SectionReader, settings: WeComSettings, *, has_bot: bool) -> None:
    if not settings.has_app:
        if not has_bot:
            reader.wrong("secret", "", "the app's Secret, or a section [platforms.wecom.bot]", _APP)
        return
    if not settings.agent:
        reader.wrong("agent_id", settings.agent_id, "the app's AgentId, a number", _APP)
    _check_pair(reader, settings.token, settings.aes_key, _CALLBACK, is_needed=True)


def _check_pair(reader: SectionReader, token: str, aes_key: str, place: str, *, is_needed: bool) -> None:
    for key, value, form, expected in (
        ("token", token, _TOKEN, "8 to 32 letters and digits, as in the console"),
        ("aes_key", aes_key, _AES_KEY, "43 letters and digits, as in the console"),
    ):
        if value and not form.fullmatch(value):
            reader.wrong(key, "", expected, place)
        elif not value and is_needed:
            reader.wrong(key, "", "a text: without it a callback could be forged (T1)", place)
