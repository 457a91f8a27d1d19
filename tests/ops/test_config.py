"""The configuration: complete example, every problem at once, three sources, no secret ever shown (A11, T15)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.feishu.settings import from_section
from bot import config
from bot.config import (
    DingTalkSection,
    FeishuSection,
    PlatformsSection,
    Settings,
    WeComBotSection,
    WeComSection,
    load_settings,
)
from bot.errors import ConfigError
from tests.ops.rig import APP_SECRET, FEISHU, SECRETS, Installation
from tests.support.example import whole_example

ROOT = Path(__file__).parent.parent.parent
EVERYTHING = Settings(
    platforms=PlatformsSection(
        feishu=FeishuSection(), dingtalk=DingTalkSection(), wecom=WeComSection(bot=WeComBotSection())
    )
)


def leaves(section: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Dotted key and default of every setting."""
    for item in fields(section):  # type: ignore[arg-type]  # every section is a dataclass
        value = getattr(section, item.name)
        if is_dataclass(value):
            yield from leaves(value, f"{place}{item.name}.")
        elif item.name != "origins" and not (value is None and "Section" in str(item.type)):
            yield place + item.name, value


def table_leaves(table: dict[str, object], place: str = "") -> Iterator[tuple[str, object]]:
    """Dotted key and value of everything in a TOML document."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from table_leaves(value, f"{place}{key}.")
        else:
            yield place + key, value


def problems(text: str, folder: Path, **environ: str) -> dict[str, str]:
    """Key and fix of every problem of a configuration."""
    (folder / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(folder / "config.toml", environ)
    return {problem.key: problem.fix for problem in caught.value.problems}


# ---------------------------------------------------------------- the example


def test_the_example_has_every_key_and_no_other() -> None:
    example = dict(table_leaves(tomllib.loads(whole_example())))
    assert sorted(example) == sorted(key for key, _ in leaves(EVERYTHING))


def test_the_example_shows_every_default() -> None:
    example = dict(table_leaves(tomllib.loads(whole_example())))
    for key, default in leaves(EVERYTHING):
        assert example[key] == ("" if default is None else default), key


def test_the_example_explains_every_key() -> None:
    """Every line says what the key is; secrets say that they are; what the console knows says where in the console."""
    lines = dict(explained())
    for key, _ in leaves(EVERYTHING):
        assert len(lines[key]) > 12, key
    for key in (key for key, item in secret_fields(EVERYTHING) if key != "storage.url"):
        assert "secret" in lines[key], key
    for name in ("app_id", "app_secret", "encrypt_key", "verification_token"):
        assert "›" in lines[f"platforms.feishu.{name}"], name
    for name in ("client_id", "robot_code", "event_token", "card_template_id"):
        assert "›" in lines[f"platforms.dingtalk.{name}"], name


def explained() -> Iterator[tuple[str, str]]:
    """Dotted key of each setting in the example and what is said about it, on its line or on the one above."""
    place = above = ""
    for line in whole_example().splitlines():
        if line.startswith("["):
            place = line.strip("[]")
        elif found := re.match(r"(\w+) = ", line):
            yield f"{place}.{found[1]}", line.partition("  #")[2] or above
        above = line


def secret_fields(section: object, place: str = "") -> Iterator[tuple[str, object]]:
    """Keys that are secrets."""
    for item in fields(section):  # type: ignore[arg-type]  # every section is a dataclass
        value = getattr(section, item.name)
        if is_dataclass(value):
            yield from secret_fields(value, f"{place}{item.name}.")
        elif not item.repr:
            yield place + item.name, item


def test_the_example_in_the_root_is_the_one_in_the_package() -> None:
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == config.example()


def test_the_example_loads_when_the_two_needed_lines_are_filled_in(installation: Installation) -> None:
    text = config.example().replace('app_id = ""', 'app_id = "cli_x"', 1)
    text = text.replace('app_secret = ""', f'app_secret = "{APP_SECRET}"', 1)
    assert installation.write(text).settings().platforms.feishu is not None


def test_the_adapter_agrees_with_what_was_loaded(installation: Installation) -> None:
    """Both sides check the section; what one lets through the other must take."""
    text = f'{FEISHU}\nprevious_encrypt_key = "an-older-key-0123"\nprevious_until = 2026-03-02T09:00:00+08:00\n'
    for delivery in ("stream", "webhook"):
        section = installation.write(f'{text}delivery = "{delivery}"\n').settings().platforms.feishu
        assert section is not None
        adapted = from_section(section)
        assert adapted.is_webhook == (delivery == "webhook")
        assert (adapted.app_id, adapted.path, adapted.previous_until) == (
            section.app_id,
            section.path,
            section.previous_until,
        )
        assert adapted.replay_window.total_seconds() == section.replay_window_seconds


# ---------------------------------------------------------------- problems

WRONG = """
[bot]
name = ""
locale = "zh"
timezone = "Asia/Shanghia"
mode = "dry"
company = 7
colour = "blue"

[server]
host = ""
port = 70000
admin_port = "x"
public_url = "http://bot.example.com"
max_body_bytes = 10
request_seconds = 0
answer_seconds = nan
keep_alive_seconds = -1
max_connections = 0
prot = 1

[storage]
url = "mysql://root:hunter2hunter2@db/huiyin"

[log]
level = "verbose"
format = "xml"

[platforms.feishu]
app_id = ""
app_secret = "<your secret>"
app_secert = "real-secret-in-a-misspelt-key"
delivery = "webhook"
base_url = "https://open.feishu.cn?x=1"
path = "hook"
replay_window_seconds = 10
previous_until = 2026-03-02T09:00:00

[platforms.slack]
token = "real-token-of-another-platform"

[surver]
port = 1
"""


def test_every_problem_is_reported_at_once_and_none_shows_a_secret(tmp_path: Path) -> None:
    found = problems(WRONG, tmp_path)
    assert set(found) == {
        "bot.name",
        "bot.locale",
        "bot.timezone",
        "bot.mode",
        "bot.company",
        "bot.colour",
        "server.host",
        "server.port",
        "server.admin_port",
        "server.public_url",
        "server.max_body_bytes",
        "server.request_seconds",
        "server.answer_seconds",
        "server.keep_alive_seconds",
        "server.max_connections",
        "server.prot",
        "storage.url",
        "log.level",
        "log.format",
        "platforms.feishu.app_id",
        "platforms.feishu.app_secret",
        "platforms.feishu.app_secert",
        "platforms.feishu.encrypt_key",
        "platforms.feishu.verification_token",
        "platforms.feishu.base_url",
        "platforms.feishu.path",
        "platforms.feishu.replay_window_seconds",
        "platforms.feishu.previous_until",
        "platforms.slack",
        "surver",
    }
    assert "server" in found["surver"]
    assert "port" in found["server.prot"]
    assert "app_secret" in found["platforms.feishu.app_secert"]
    assert "Asia/Shanghai" in found["bot.timezone"]
    assert "开发者后台" in found["platforms.feishu.app_id"]
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path / "config.toml", {})
    told = config.check_report(caught.value.problems) + str(caught.value)
    for secret in ("hunter2", "real-secret-in-a-misspelt-key", "real-token-of-another-platform", "<your secret>"):
        assert secret not in told


def test_every_problem_says_how_to_mend_it(tmp_path: Path) -> None:
    assert all(len(fix) >= 5 for fix in problems(WRONG, tmp_path).values())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[bot\nname = 1", "config.toml"),
        ("bot = 1", "bot"),
        ("platforms = 3", "platforms"),
        ("[server]\nport = 8080\nadmin_port = 8080", "server.admin_port"),
        ('[server]\nhost = "env:NOWHERE"', "server.host"),
        ('[storage]\nurl = "file:missing"', "storage.url"),
        ('[server]\npublic_url = "https://user:pw@bot.example.com"', "server.public_url"),
    ],
)
def test_single_mistakes_name_their_key(tmp_path: Path, text: str, key: str) -> None:
    found = problems(text, tmp_path)
    assert [name.rpartition("/")[2] for name in found] == [key]


def test_a_missing_file_is_a_problem_unless_the_environment_says_everything(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path / "config.toml", {})
    assert "huiyin init" in caught.value.problems[0].fix
    assert load_settings(tmp_path / "config.toml", {"HUIYIN_SERVER__PORT": "9000"}).server.port == 9000


# ---------------------------------------------------------------- sources


def test_the_environment_wins_over_the_file_which_wins_over_the_default(installation: Installation) -> None:
    installation.write("[server]\nport = 1111\nadmin_port = 2222\n")
    settings = installation.settings(HUIYIN_SERVER__PORT="3333", HUIYIN_LOG__LEVEL="debug", OTHER="x")
    assert (settings.server.port, settings.server.admin_port, settings.log.level) == (3333, 2222, "debug")
    assert settings.origins == {
        "server.port": "HUIYIN_SERVER__PORT",
        "server.admin_port": "config.toml",
        "log.level": "HUIYIN_LOG__LEVEL",
    }


def test_values_may_point_to_variables_and_files(installation: Installation) -> None:
    (installation.folder / "app-secret").write_text(f"{APP_SECRET}\n", encoding="utf-8")
    installation.write('[platforms.feishu]\napp_id = "env:APP"\napp_secret = "file:app-secret"\n')
    section = installation.settings(APP="cli_x").platforms.feishu
    assert section is not None
    assert (section.app_id, section.app_secret) == ("cli_x", APP_SECRET)
    installation.write("")
    by_environment = installation.settings(
        HUIYIN_PLATFORMS__FEISHU__APP_ID="cli_y", HUIYIN_PLATFORMS__FEISHU__APP_SECRET="file:app-secret"
    )
    assert by_environment.platforms.feishu is not None
    assert by_environment.platforms.feishu.app_secret == APP_SECRET


def test_a_misspelt_variable_of_the_environment_is_noticed(installation: Installation) -> None:
    with pytest.raises(ConfigError) as caught:
        installation.settings(HUIYIN_SERVER__PROT="9000")
    assert [problem.key for problem in caught.value.problems] == ["server.prot"]


def test_relative_paths_start_from_the_folder_of_the_file(installation: Installation) -> None:
    settings = installation.settings()
    assert settings.storage.url == f"sqlite:///{installation.database}"
    assert settings.bot.company == str(installation.folder / "company.toml")
    absolute = installation.write('[storage]\nurl = "sqlite:////var/lib/huiyin/h.db"\n').settings()
    assert absolute.storage.url == "sqlite:////var/lib/huiyin/h.db"


def test_a_file_with_a_byte_order_mark_is_read(installation: Installation) -> None:
    installation.config.write_text("\ufeff[server]\nport = 9999\n", encoding="utf-8")
    assert installation.settings().server.port == 9999


# ---------------------------------------------------------------- showing


def test_showing_names_origins_and_no_secret(installation: Installation) -> None:
    url = "postgresql://huiyin:p%40ss-word-9@db:5432/huiyin?sslkey=secretkey"
    installation.write(f'{FEISHU}\n[server]\nmetrics_token = "metrics-token-4711"\n[storage]\nurl = "{url}"\n')
    settings = installation.settings()
    shown = config.show(settings)
    for secret in (*SECRETS, "metrics-token-4711", "p%40ss-word-9", "p@ss-word-9", "secretkey"):
        assert secret not in shown
        assert secret not in repr(settings)
    assert 'url = "postgresql://huiyin:***@db:5432/huiyin?…"  # config.toml' in shown
    assert 'app_secret = "（已设置 set）"  # config.toml' in shown
    assert "port = 8080  # default" in shown
    assert 'previous_until = ""' in shown


def test_every_secret_is_known_to_the_redaction(installation: Installation) -> None:
    url = "postgresql://huiyin:p%40ss-word-9@db:5432/huiyin"
    installation.write(f'{FEISHU}\n[server]\nmetrics_token = "metrics-token-4711"\n[storage]\nurl = "{url}"\n')
    found = config.secrets_of(installation.settings())
    assert {*SECRETS, "metrics-token-4711", "p%40ss-word-9", "p@ss-word-9"} <= set(found)
    assert list(found) == sorted(found, key=lambda secret: (-len(secret), secret))


def test_the_address_of_a_file_is_no_secret(installation: Installation) -> None:
    assert config.secrets_of(installation.settings()) == ()


def test_a_time_is_read_with_its_offset(installation: Installation) -> None:
    installation.write(f'{FEISHU}previous_until = "2026-03-02T09:00:00+08:00"\n')
    section = installation.settings().platforms.feishu
    assert section is not None
    assert section.previous_until == datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_two_sections_of_one_platform_are_read_and_their_mistakes_told_at_once(tmp_path: Path) -> None:
    text = """
[platforms.wecom]
corp_id = "ww0011"
agent_id = "app"
secret = "s3cr3t-of-the-app"
token = "short"
aes_key = "0123456789012345678901234567890123456789012"
path = "/hook/wecom-bot"

[platforms.wecom.bot]
bot_id = "aib"
secret = "s3cr3t-of-the-bot"
ws_url = "https://openws.work.weixin.qq.com"
"""
    found = problems(text, tmp_path)
    assert sorted(found) == [
        "platforms.wecom.agent_id",
        "platforms.wecom.bot.path",
        "platforms.wecom.bot.ws_url",
        "platforms.wecom.token",
    ]
    assert "s3cr3t" not in str(found)
