"""What the adapter must know about its app: credentials, how events come in, and where the platform is.

Made once from the section `platforms.feishu` of the settings. Secrets never appear in `repr` or in a problem's text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters._section import DEFAULT_REPLAY_WINDOW, DeliveryMode, SectionReader
from bot.errors import ConfigError

#: the cloud inside China; the international one is https://open.larksuite.com (feishu.md 1.1)
DEFAULT_BASE_URL = "https://open.feishu.cn"
DEFAULT_PATH = "/hook/feishu"
_SECTION = "platforms.feishu"


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
    reader = SectionReader(_SECTION, section)
    settings = FeishuSettings(
        app_id=reader.needed("app_id", "开发者后台 → 凭证与基础信息 / developer console → Credentials & Basic Info"),
        app_secret=reader.needed(
            "app_secret", "开发者后台 → 凭证与基础信息 / developer console → Credentials & Basic Info"
        ),
        encrypt_key=reader.text("encrypt_key"),
        verification_token=reader.text("verification_token"),
        delivery=reader.delivery(),
        base_url=reader.address("base_url", DEFAULT_BASE_URL),
        path=reader.path("path", DEFAULT_PATH),
        replay_window=reader.window(),
        previous_encrypt_key=reader.text("previous_encrypt_key"),
        previous_verification_token=reader.text("previous_verification_token"),
        previous_until=reader.instant("previous_until"),
    )
    _check_webhook(reader, settings)
    if reader.problems:
        raise ConfigError(reader.problems)
    return settings


def _check_webhook(reader: SectionReader, settings: FeishuSettings) -> None:
    if not settings.is_webhook:
        return
    place = "开发者后台 → 事件与回调 → 加密策略 / developer console → Events & Callbacks → Encryption strategy"
    for key in ("encrypt_key", "verification_token"):
        if not getattr(settings, key):
            reader.wrong(key, "", "a text: without it a callback could be forged (T1)", place)
