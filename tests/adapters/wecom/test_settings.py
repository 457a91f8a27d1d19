"""The section of the settings: app, bot or both; what cannot work is named, all at once and without its secrets."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters._section import DeliveryMode
from adapters.wecom.settings import WeComSettings, from_section
from bot.config import WeComSection, load_settings
from bot.errors import ConfigError

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP: dict[str, Any] = {
    "corp_id": "ww1", "agent_id": "1000002", "secret": "s-e-c-r-e-t", "token": "t0kent0ken", "aes_key": KEY,
}  # fmt: skip
BOT: dict[str, Any] = {"bot_id": "aib1", "secret": "b-o-t-s"}
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def problems(section: dict[str, Any]) -> dict[str, str]:
    """Key and remedy of every problem; there must be one."""
    with pytest.raises(ConfigError) as refused:
        from_section(section)
    assert not any(secret in str(refused.value) for secret in ("s-e-c-r-e-t", "b-o-t-s"))
    return {problem.key.removeprefix("platforms.wecom."): problem.fix for problem in refused.value.problems}


def test_app_and_bot_are_both_there_and_either_may_be_missing() -> None:
    both = from_section({**APP, "bot": BOT})
    assert both.has_app
    assert both.bot is not None
    assert both.bot.delivery is DeliveryMode.STREAM
    assert from_section(APP).bot is None
    alone = from_section({"corp_id": "ww1", "bot": BOT})
    assert (alone.has_app, alone.secrets(now=NOW)) == (False, ())


def test_the_section_of_the_configuration_has_the_same_names_and_defaults() -> None:
    names = {field.name for field in fields(WeComSettings)} - {"replay_window"} | {"replay_window_seconds"}
    assert {field.name for field in fields(WeComSection)} == names
    assert from_section(WeComSection(**APP)) == from_section(APP)


BAD: list[tuple[dict[str, Any], set[str]]] = [
    ({**APP, "corp_id": ""}, {"corp_id"}),
    ({"corp_id": "ww1"}, {"secret"}),
    ({**APP, "agent_id": "app"}, {"agent_id"}),
    ({**APP, "token": "", "aes_key": ""}, {"token", "aes_key"}),
    ({**APP, "token": "short"}, {"token"}),
    ({**APP, "token": "a" * 33}, {"token"}),
    ({**APP, "aes_key": KEY[:-1]}, {"aes_key"}),
    ({**APP, "aes_key": KEY[:-1] + "="}, {"aes_key"}),
    ({**APP, "base_url": "http://qyapi.weixin.qq.com/cgi-bin"}, {"base_url"}),
    ({**APP, "path": "hook"}, {"path"}),
    ({**APP, "replay_window_seconds": 59}, {"replay_window_seconds"}),
    ({**APP, "bot": {}}, {"bot.bot_id", "bot.secret"}),
    ({**APP, "bot": {**BOT, "ws_url": "ws://openws.work.weixin.qq.com"}}, {"bot.ws_url"}),
    ({**APP, "bot": {**BOT, "delivery": "poll"}}, {"bot.delivery"}),
    ({**APP, "bot": {**BOT, "delivery": "webhook"}}, {"bot.token", "bot.aes_key"}),
]


@pytest.mark.parametrize(("section", "keys"), BAD)
def test_every_problem_is_named_with_what_to_do(section: dict[str, Any], keys: set[str]) -> None:
    found = problems(section)
    assert found.keys() == keys
    assert all(found.values())


@pytest.mark.parametrize(("section", "keys"), BAD)
def test_the_configuration_names_the_same_problems(section: dict[str, Any], keys: set[str], tmp_path: Path) -> None:
    """What one side lets through the other must take, so that no start fails after `huiyin config check`."""
    bot = section.get("bot")
    lines = ["[platforms.wecom]", *(_line(key, value) for key, value in section.items() if key != "bot")]
    if bot is not None:
        lines += ["[platforms.wecom.bot]", *(_line(key, value) for key, value in bot.items())]
    file = tmp_path / "config.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_settings(file, {})
    assert {problem.key.removeprefix("platforms.wecom.") for problem in refused.value.problems} == keys


def _line(key: str, value: object) -> str:
    return f"{key} = {value}" if isinstance(value, int) else f'{key} = "{value}"'


def test_secrets_are_not_shown() -> None:
    settings = from_section({**APP, "bot": {**BOT, "token": "b0tt0ken", "aes_key": KEY[::-1]}})
    shown = repr(settings) + repr(settings.secrets(now=NOW))
    assert not any(secret in shown for secret in ("s-e-c-r-e-t", "b-o-t-s", "t0kent0ken", "b0tt0ken", KEY, KEY[::-1]))


def test_the_previous_pair_is_valid_until_its_end() -> None:
    pair = {**APP, "previous_token": "0ldt0ken", "previous_until": NOW + timedelta(hours=24)}
    settings = from_section(pair)
    assert [one.token for one in settings.secrets(now=NOW)] == ["t0kent0ken", "0ldt0ken"]
    assert [one.aes_key for one in settings.secrets(now=NOW)] == [KEY, KEY]
    assert len(settings.secrets(now=NOW + timedelta(hours=24))) == 1
    assert len(from_section({**pair, "previous_until": None}).secrets(now=NOW)) == 1
