"""Settings of one installation: what differs between two companies' machines, never a rule of the business.

Keys and defaults are the fields below; `config.example.toml` explains each (a test compares the two). Every problem is
reported in one run. Secrets are the fields with `repr=False`; no function here prints one.

**For adapters**: a platform's section is handed over as a frozen dataclass (`FeishuSection`) with exactly the names of the
file; `adapters.feishu.settings.from_section` reads it by attribute. Checks here and there agree (a test compares them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields, is_dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from bot.config_reading import Reader
from bot.config_source import gather
from bot.errors import ConfigError, Problem

LOCALES = ("zh-CN", "en")
MODES = ("live", "shadow")
LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("auto", "json", "console")
DELIVERIES = ("stream", "webhook")

_CREDENTIALS = "开发者后台 › 凭证与基础信息 / developer console › Credentials & Basic Info"
_DING_CREDENTIALS = "开发者后台 › 应用 › 凭证与基础信息 / open-dev.dingtalk.com › app › Credentials & Basic Info"
_DING_EVENTS = "开发者后台 › 应用 › 事件订阅 / open-dev.dingtalk.com › app › Event subscription"
#: what the consoles of DingTalk and WeCom take for them, and what T1 asks for beyond that: form, and the words for it
TOKEN_FORM = (re.compile(r"[A-Za-z0-9]{8,32}"), "8 to 32 letters and digits, as in the console")
AES_KEY_FORM = (re.compile(r"[A-Za-z0-9]{43}"), "43 letters and digits, as in the console")
CARD_SECRET_FORM = (re.compile(r".{24,}"), "at least 24 random characters")
_WECOM_CORP = "管理后台 › 我的企业 › 企业信息 › 企业ID / admin console › My company › Company ID"
_WECOM_APP = "管理后台 › 应用管理 › 自建应用 / admin console › Apps › the self-built app"
_WECOM_CALLBACK = "管理后台 › 应用 › 接收消息 › 设置API接收 / admin console › app › Receive messages › API"
_WECOM_BOT = "管理后台 › 安全与管理 › 管理工具 › 智能机器人 / admin console › Management tools › Intelligent bot"
_ENCRYPTION = "开发者后台 › 事件与回调 › 加密策略 / developer console › Events & Callbacks › Encryption strategy"


@dataclass(frozen=True, slots=True, kw_only=True)
class BotSection:
    """`[bot]`: who the bot is."""

    name: str = "回音"
    #: language of texts that are not addressed to one person: zh-CN | en
    locale: str = "zh-CN"
    timezone: str = "Asia/Shanghai"
    #: live | shadow (decides and records, sends nothing)
    mode: str = "live"
    #: the company file; imported at start when it changed
    company: str = "company.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSection:
    """`[server]`: the public listener and its limits (B9)."""

    host: str = "127.0.0.1"
    #: 0 takes any free one
    port: int = 8080
    admin_port: int = 8081
    #: the address under which the platform reaches this listener; empty with long connections only
    public_url: str = ""
    #: lets others than this machine read /metrics, as `Authorization: Bearer …`
    metrics_token: str = field(default="", repr=False)
    max_body_bytes: int = 262_144
    #: from the first byte of a request to its last
    request_seconds: float = 5.0
    #: from the last byte to the answer; the platform's own limit is 3 (P7)
    answer_seconds: float = 2.5
    keep_alive_seconds: float = 15.0
    max_connections: int = 2_000
    max_connections_per_address: int = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageSection:
    """`[storage]`: where the rows are."""

    #: may hold a password, so it counts as secret as a whole
    url: str = field(default="sqlite:///data/huiyin.db", repr=False)
    #: daily copies kept in `backups` beside a SQLite file; 0 makes none
    backups: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSection:
    """`[log]`: what is written about the work."""

    #: debug | info | warning | error
    level: str = "info"
    #: json | console | auto (console on a terminal)
    format: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeishuSection:
    """`[platforms.feishu]`: one app of the Feishu or Lark developer console."""

    app_id: str = ""
    app_secret: str = field(default="", repr=False)
    encrypt_key: str = field(default="", repr=False)
    verification_token: str = field(default="", repr=False)
    #: stream | webhook
    delivery: str = "stream"
    base_url: str = "https://open.feishu.cn"
    #: path of the callback on the public listener
    path: str = "/hook/feishu"
    #: how far a callback's time may be from ours, either way (T2)
    replay_window_seconds: int = 300
    #: the pair that was valid before a rotation, and until when it still is (T4)
    previous_encrypt_key: str = field(default="", repr=False)
    previous_verification_token: str = field(default="", repr=False)
    previous_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DingTalkSection:
    """`[platforms.dingtalk]`: one internal app with a robot."""

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    #: the robot's code; empty: the same as client_id
    robot_code: str = ""
    #: the organisation; events that were registered in the old way are sealed with it
    corp_id: str = ""
    agent_id: str = ""
    base_url: str = "https://api.dingtalk.com"
    legacy_base_url: str = "https://oapi.dingtalk.com"
    #: stream | webhook
    delivery: str = "stream"
    event_token: str = field(default="", repr=False)
    event_aes_key: str = field(default="", repr=False)
    #: the pair that was valid before a rotation, and until when it still is (T4)
    previous_event_token: str = field(default="", repr=False)
    previous_event_aes_key: str = field(default="", repr=False)
    previous_until: datetime | None = None
    #: the published card template; empty: cards go out as text with links
    card_template_id: str = ""
    #: makes groups that can be made safely twice; empty: plain groups
    group_template_id: str = ""
    #: robot messages over HTTP are signed without their content, so decisions through them are never believed
    robot_over_http: bool = False
    #: signs clicks that come over HTTP, where robot messages do; empty: clicks come over the stream
    card_secret: str = field(default="", repr=False)
    #: what the organisation's edition allows in a calendar month
    monthly_calls: int = 5_000
    monthly_deliveries: int = 3_000
    #: paths of the callbacks on the public listener
    event_path: str = "/hook/dingtalk/event"
    robot_path: str = "/hook/dingtalk/robot"
    card_path: str = "/hook/dingtalk/card"
    #: how far an event callback's time may be from ours, either way (T2)
    replay_window_seconds: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComBotSection:
    """`[platforms.wecom.bot]`: the intelligent bot, which hears groups."""

    bot_id: str = ""
    #: its name on the platform, where that is not `bot.name`
    name: str = ""
    secret: str = field(default="", repr=False)
    ws_url: str = "wss://openws.work.weixin.qq.com"
    #: stream | webhook
    delivery: str = "stream"
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    #: path of the bot's callback; webhook only
    path: str = "/hook/wecom-bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComSection:
    """`[platforms.wecom]`: the self-built app, which writes to people and makes groups."""

    corp_id: str = ""
    agent_id: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    #: the pair that was valid before a rotation, and until when it still is (T4)
    previous_token: str = field(default="", repr=False)
    previous_aes_key: str = field(default="", repr=False)
    previous_until: datetime | None = None
    base_url: str = "https://qyapi.weixin.qq.com/cgi-bin"
    #: path of the app's callback on the public listener
    path: str = "/hook/wecom"
    #: how far a callback's time may be from ours, either way (T2)
    replay_window_seconds: int = 300
    bot: WeComBotSection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformsSection:
    """`[platforms.*]`: a platform is on when its section is present."""

    feishu: FeishuSection | None = None
    dingtalk: DingTalkSection | None = None
    wecom: WeComSection | None = None

    @property
    def present(self) -> tuple[str, ...]:
        """Names of the platforms that are on."""
        return tuple(item.name for item in fields(self) if getattr(self, item.name) is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration in force."""

    bot: BotSection = field(default_factory=BotSection)
    server: ServerSection = field(default_factory=ServerSection)
    storage: StorageSection = field(default_factory=StorageSection)
    log: LogSection = field(default_factory=LogSection)
    platforms: PlatformsSection = field(default_factory=PlatformsSection)
    #: dotted key -> where its value comes from; keys that are missing have their default
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)


# ---------------------------------------------------------------- reading


def load_settings(config_file: Path, environ: Mapping[str, str]) -> Settings:
    """The settings in force. Raises ConfigError with every problem at once.

    Relative paths (`bot.company`, a SQLite file, `file:…`) start from the folder of the configuration file.
    """
    problems: list[Problem] = []
    gathered = gather(config_file, environ, problems)
    reader = Reader(gathered.tables, "", problems)
    folder = config_file.parent
    settings = Settings(
        bot=_bot(reader.table("bot"), folder),
        server=_server(reader.table("server")),
        storage=_storage(reader.table("storage"), folder),
        log=_log(reader.table("log")),
        platforms=_platforms(reader.table("platforms")),
        origins=MappingProxyType(dict(gathered.origins)),
    )
    reader.finish()
    if problems:
        raise ConfigError(problems)
    return settings


def _bot(table: Reader, folder: Path) -> BotSection:
    default = BotSection()
    section = BotSection(
        name=table.needed("name", default.name, "例如 / for example 回音"),
        locale=table.choice("locale", default.locale, LOCALES),
        timezone=table.zone("timezone", default.timezone),
        mode=table.choice("mode", default.mode, MODES),
        company=str(folder / table.needed("company", default.company, f"例如 / for example {default.company}")),
    )
    table.finish()
    return section


def _server(table: Reader) -> ServerSection:
    default = ServerSection()
    section = ServerSection(
        host=table.needed("host", default.host, "127.0.0.1, 或对外 / or for all addresses 0.0.0.0"),
        port=table.whole("port", default.port, low=0, high=65_535),
        admin_port=table.whole("admin_port", default.admin_port, low=0, high=65_535),
        public_url=table.address("public_url", default.public_url),
        metrics_token=table.secret("metrics_token"),
        max_body_bytes=table.whole("max_body_bytes", default.max_body_bytes, low=1_024, high=4_194_304),
        request_seconds=table.seconds("request_seconds", default.request_seconds, low=0.05, high=60),
        answer_seconds=table.seconds("answer_seconds", default.answer_seconds, low=0.05, high=10),
        keep_alive_seconds=table.seconds("keep_alive_seconds", default.keep_alive_seconds, low=0.05, high=3_600),
        max_connections=table.whole("max_connections", default.max_connections, low=1, high=65_535),
        max_connections_per_address=table.whole(
            "max_connections_per_address", default.max_connections_per_address, low=1, high=65_535
        ),
    )
    if section.port and section.port == section.admin_port:
        table.wrong("admin_port", str(section.admin_port), "another port than server.port", "admin_port = 8081")
    table.finish()
    return section


def _storage(table: Reader, folder: Path) -> StorageSection:
    url = table.hidden("url", StorageSection().url)
    is_file = url.startswith("sqlite:///") and url != "sqlite:///"
    if not is_file and not url.startswith(("postgresql://", "memory://")):
        table.wrong(
            "url",
            "",
            "sqlite:///FILE or postgresql://user:password@host:5432/name",
            'url = "sqlite:///data/huiyin.db"',
        )
    backups = table.whole("backups", StorageSection().backups, low=0, high=366)
    table.finish()
    if is_file:
        url = f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    return StorageSection(url=url, backups=backups)


def _log(table: Reader) -> LogSection:
    default = LogSection()
    section = LogSection(
        level=table.choice("level", default.level, LEVELS), format=table.choice("format", default.format, LOG_FORMATS)
    )
    table.finish()
    return section


def _platforms(table: Reader) -> PlatformsSection:
    feishu = _feishu(table.table("feishu")) if table.has("feishu") else None
    dingtalk = _dingtalk(table.table("dingtalk")) if table.has("dingtalk") else None
    wecom = _wecom(table.table("wecom")) if table.has("wecom") else None
    table.finish()
    return PlatformsSection(feishu=feishu, dingtalk=dingtalk, wecom=wecom)


def _feishu(table: Reader) -> FeishuSection:
    default = FeishuSection()
    delivery = table.choice("delivery", default.delivery, DELIVERIES)
    is_webhook = delivery == "webhook"
    section = FeishuSection(
        app_id=table.needed("app_id", "", _CREDENTIALS),
        app_secret=table.secret("app_secret", fix=_CREDENTIALS, is_needed=True),
        encrypt_key=table.secret("encrypt_key", fix=_ENCRYPTION, is_needed=is_webhook),
        verification_token=table.secret("verification_token", fix=_ENCRYPTION, is_needed=is_webhook),
        delivery=delivery,
        base_url=table.address("base_url", default.base_url, is_needed=True),
        path=table.path("path", default.path),
        replay_window_seconds=table.whole("replay_window_seconds", default.replay_window_seconds, low=60, high=3_600),
        previous_encrypt_key=table.secret("previous_encrypt_key"),
        previous_verification_token=table.secret("previous_verification_token"),
        previous_until=table.instant("previous_until"),
    )
    table.finish()
    return section


def _dingtalk(table: Reader) -> DingTalkSection:
    default = DingTalkSection()
    delivery = table.choice("delivery", default.delivery, DELIVERIES)
    is_webhook = delivery == "webhook"
    section = DingTalkSection(
        client_id=table.needed("client_id", "", _DING_CREDENTIALS),
        client_secret=table.secret("client_secret", fix=_DING_CREDENTIALS, is_needed=True),
        robot_code=table.text("robot_code"),
        corp_id=table.text("corp_id"),
        agent_id=table.text("agent_id"),
        base_url=table.address("base_url", default.base_url, is_needed=True),
        legacy_base_url=table.address("legacy_base_url", default.legacy_base_url, is_needed=True),
        delivery=delivery,
        event_token=table.formed("event_token", TOKEN_FORM, fix=_DING_EVENTS, is_needed=is_webhook),
        event_aes_key=table.formed("event_aes_key", AES_KEY_FORM, fix=_DING_EVENTS, is_needed=is_webhook),
        previous_event_token=table.formed("previous_event_token", TOKEN_FORM, fix=_DING_EVENTS),
        previous_event_aes_key=table.formed("previous_event_aes_key", AES_KEY_FORM, fix=_DING_EVENTS),
        previous_until=table.instant("previous_until"),
        card_template_id=table.text("card_template_id"),
        group_template_id=table.text("group_template_id"),
        robot_over_http=table.flag("robot_over_http", default.robot_over_http),
        card_secret=table.formed("card_secret", CARD_SECRET_FORM, fix="openssl rand -hex 24"),
        monthly_calls=table.whole("monthly_calls", default.monthly_calls, low=100, high=100_000_000),
        monthly_deliveries=table.whole("monthly_deliveries", default.monthly_deliveries, low=100, high=100_000_000),
        event_path=table.path("event_path", default.event_path),
        robot_path=table.path("robot_path", default.robot_path),
        card_path=table.path("card_path", default.card_path),
        replay_window_seconds=table.whole("replay_window_seconds", default.replay_window_seconds, low=60, high=3_600),
    )
    if section.robot_over_http and not is_webhook:
        table.wrong("robot_over_http", "true", 'delivery = "webhook" with it', 'delivery = "webhook"')
    if section.card_secret and not section.robot_over_http:
        table.wrong("card_secret", "", "empty while clicks come over the stream", "robot_over_http = true")
    if len({section.event_path, section.robot_path, section.card_path}) < 3:
        table.wrong("card_path", section.card_path, "three different paths", "默认 / default: /hook/dingtalk/…")
    table.finish()
    return section


def _wecom(table: Reader) -> WeComSection:
    default = WeComSection()
    secret = table.secret("secret")
    is_app = bool(secret)
    section = WeComSection(
        corp_id=table.needed("corp_id", "", _WECOM_CORP),
        agent_id=table.needed("agent_id", "", _WECOM_APP) if is_app else table.text("agent_id"),
        secret=secret,
        token=table.formed("token", TOKEN_FORM, fix=_WECOM_CALLBACK, is_needed=is_app),
        aes_key=table.formed("aes_key", AES_KEY_FORM, fix=_WECOM_CALLBACK, is_needed=is_app),
        previous_token=table.formed("previous_token", TOKEN_FORM, fix=_WECOM_CALLBACK),
        previous_aes_key=table.formed("previous_aes_key", AES_KEY_FORM, fix=_WECOM_CALLBACK),
        previous_until=table.instant("previous_until"),
        base_url=table.address("base_url", default.base_url, is_needed=True),
        path=table.path("path", default.path),
        replay_window_seconds=table.whole("replay_window_seconds", default.replay_window_seconds, low=60, high=3_600),
        bot=_wecom_bot(table.table("bot")) if table.has("bot") else None,
    )
    if not is_app and section.bot is None:
        table.wrong("secret", "", "the app's Secret, or a section [platforms.wecom.bot]", _WECOM_APP)
    if is_app and section.agent_id and not section.agent_id.isdecimal():
        table.wrong("agent_id", section.agent_id, "the app's AgentId, a number", _WECOM_APP)
    if section.bot is not None and section.bot.path == section.path:
        table.wrong("bot.path", section.bot.path, "another path than the app's", 'path = "/hook/wecom-bot"')
    table.finish()
    return section


def _wecom_bot(table: Reader) -> WeComBotSection:
    default = WeComBotSection()
    delivery = table.choice("delivery", default.delivery, DELIVERIES)
    is_webhook = delivery == "webhook"
    section = WeComBotSection(
        bot_id=table.needed("bot_id", "", _WECOM_BOT),
        name=table.text("name", default.name),
        secret=table.secret("secret", fix=_WECOM_BOT, is_needed=not is_webhook),
        ws_url=table.socket("ws_url", default.ws_url),
        delivery=delivery,
        token=table.formed("token", TOKEN_FORM, fix=_WECOM_BOT, is_needed=is_webhook),
        aes_key=table.formed("aes_key", AES_KEY_FORM, fix=_WECOM_BOT, is_needed=is_webhook),
        path=table.path("path", default.path),
    )
    table.finish()
    return section


# ---------------------------------------------------------------- showing


def example() -> str:
    """A complete configuration file with every key explained."""
    return resources.files("bot").joinpath("data/config.example.toml").read_text(encoding="utf-8")


def show(settings: Settings) -> str:
    """The configuration in force with the origin of each value; of secrets only whether they are set."""
    lines = ["# 优先级 / precedence: default < file < environment (HUIYIN_…); env:NAME and file:PATH are followed"]
    place = None
    for key, item, value in _items(settings):
        section, _, name = key.rpartition(".")
        if section != place:
            lines += ["", f"[{section}]"]
            place = section
        lines.append(f"{name} = {_shown(key, item, value)}  # {settings.origins.get(key, 'default')}")
    return "\n".join(lines)


def check_report(problems: tuple[Problem, ...]) -> str:
    """Every problem: where, what stands there, what would work, and how to mend it."""
    lines = [f"✘ 配置有 {len(problems)} 处问题 / {len(problems)} problem(s) in the configuration"]
    for problem in problems:
        lines += [
            f"  {problem.key}",
            f"    现为 / is        {problem.value or '（空 empty）'}",
            f"    应为 / expected  {problem.expected}",
            f"    → {problem.fix}",
        ]
    return "\n".join(lines)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every secret value that is set, for the redaction of logs; the longest first."""
    found = {str(value) for _, item, value in _items(settings) if not item.repr and value}
    password = urlsplit(settings.storage.url).password
    if password:
        found |= {password, unquote(password), quote(unquote(password), safe="")}
    found.discard(settings.storage.url if not password else "")
    return tuple(sorted(found, key=lambda secret: (-len(secret), secret)))


def redact_url(url: str) -> str:
    """The URL without its password and without its query, which may hold one, too."""
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    user = login.partition(":")[0]
    shown = f"{user}:***{at}{host}" if ":" in login else parts.netloc
    query = "…" if parts.query else ""
    if not parts.netloc:  # a file; urlunsplit would drop the slashes
        return url.partition("?")[0] + ("?…" if query else "")
    return urlunsplit((parts.scheme, shown, parts.path, query, ""))


def _items(section: object, place: str = "") -> Iterator[tuple[str, Field[object], object]]:
    """Dotted key, field and value of every leaf, in the order of the file."""
    if not is_dataclass(section):
        return
    for item in fields(section):
        value: object = getattr(section, item.name)
        if item.name == "origins" or (value is None and "Section" in str(item.type)):
            continue
        if is_dataclass(value):
            yield from _items(value, f"{place}{item.name}.")
        else:
            yield f"{place}{item.name}", item, value


def _shown(key: str, item: Field[object], value: object) -> str:
    if key == "storage.url":
        return f'"{redact_url(str(value))}"'
    if not item.repr:
        return '"（已设置 set）"' if value else '""'
    match value:
        case None:
            return '""'
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case datetime():
            return value.isoformat()
        case _:
            return f'"{value}"'
