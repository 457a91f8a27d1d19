"""The section of the settings: what cannot work is named, all at once and without its secrets."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters._section import DeliveryMode
from adapters.dingtalk.settings import DingTalkSettings, Streams, from_section
from bot.config import DingTalkSection, load_settings
from bot.errors import ConfigError

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
GOOD: dict[str, Any] = {"client_id": "ding1", "client_secret": "s-e-c-r-e-t"}
EVENTS = {"delivery": "webhook", "event_token": "t0kent0ken", "event_aes_key": KEY}
NOW = datetime(2026, 1, 2, tzinfo=UTC)
CLICKS = "a-long-secret-of-our-own-0"


def problems(**changes: Any) -> dict[str, str]:
    """Key and remedy of every problem; there must be one."""
    with pytest.raises(ConfigError) as refused:
        from_section({**GOOD, **changes})
    assert "s-e-c-r-e-t" not in str(refused.value)
    return {problem.key.removeprefix("platforms.dingtalk."): problem.fix for problem in refused.value.problems}


def test_two_credentials_are_enough_for_the_long_connection() -> None:
    settings = from_section(GOOD)
    assert settings.delivery is DeliveryMode.STREAM
    assert settings.streams == Streams(events=True, robot=True, cards=True)
    assert settings.robot == "ding1"
    assert settings.secrets(now=NOW) == ()


def test_the_section_of_the_configuration_has_the_same_names_and_defaults() -> None:
    names = {field.name for field in fields(DingTalkSettings)} - {"replay_window"} | {"replay_window_seconds"}
    assert {field.name for field in fields(DingTalkSection)} == names
    assert from_section(DingTalkSection(**GOOD)) == from_section(GOOD)


BAD: list[tuple[dict[str, Any], set[str]]] = [
    ({"client_id": "", "client_secret": ""}, {"client_id", "client_secret"}),
    ({"delivery": "poll"}, {"delivery"}),
    ({"delivery": "webhook"}, {"event_token", "event_aes_key"}),
    ({**EVENTS, "event_token": "short"}, {"event_token"}),
    ({**EVENTS, "event_token": "a" * 33}, {"event_token"}),
    ({**EVENTS, "event_aes_key": KEY[:-1]}, {"event_aes_key"}),
    ({**EVENTS, "event_aes_key": KEY[:-1] + "="}, {"event_aes_key"}),
    ({"previous_event_token": "short"}, {"previous_event_token"}),
    ({"previous_event_aes_key": "short"}, {"previous_event_aes_key"}),
    ({"robot_over_http": True}, {"robot_over_http"}),
    ({**EVENTS, "robot_over_http": True, "card_secret": "short"}, {"card_secret"}),
    ({"card_secret": CLICKS}, {"card_secret"}),
    ({"card_path": "/hook/dingtalk/event"}, {"card_path"}),
    ({"event_path": "hook"}, {"event_path"}),
    ({"base_url": "http://api.dingtalk.com"}, {"base_url"}),
    ({"legacy_base_url": "https://user@oapi.dingtalk.com"}, {"legacy_base_url"}),
    ({"monthly_calls": 7}, {"monthly_calls"}),
    ({"monthly_deliveries": 99}, {"monthly_deliveries"}),
    ({"replay_window_seconds": 59}, {"replay_window_seconds"}),
]


@pytest.mark.parametrize(("changes", "keys"), BAD)
def test_every_problem_is_named_with_what_to_do(changes: dict[str, Any], keys: set[str]) -> None:
    found = problems(**changes)
    assert found.keys() == keys
    assert all(found.values())


@pytest.mark.parametrize(("changes", "keys"), BAD)
def test_the_configuration_names_the_same_problems(changes: dict[str, Any], keys: set[str], tmp_path: Path) -> None:
    """What one side lets through the other must take, so that no start fails after `huiyin config check`."""
    lines = [f"{key} = {_toml(value)}" for key, value in {**GOOD, **changes}.items()]
    file = tmp_path / "config.toml"
    file.write_text("\n".join(["[platforms.dingtalk]", *lines]), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_settings(file, {})
    assert {problem.key.removeprefix("platforms.dingtalk.") for problem in refused.value.problems} == keys


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'


@pytest.mark.parametrize(
    ("changes", "streams"),
    [
        ({}, Streams(events=True, robot=True, cards=True)),
        (EVENTS, Streams(events=False, robot=True, cards=True)),
        ({**EVENTS, "robot_over_http": True}, Streams(events=False, robot=False, cards=True)),
        (
            {**EVENTS, "robot_over_http": True, "card_secret": CLICKS},
            Streams(events=False, robot=False, cards=False),
        ),
    ],
)
def test_what_decides_comes_over_the_stream_until_somebody_says_otherwise(
    changes: dict[str, Any], streams: Streams
) -> None:
    """T3: over HTTP nobody signs what a robot message or a click says."""
    assert from_section({**GOOD, **changes}).streams == streams


def test_secrets_are_not_shown() -> None:
    settings = from_section({**GOOD, **EVENTS, "robot_over_http": True, "card_secret": CLICKS})
    shown = repr(settings) + repr(settings.secrets(now=NOW))
    assert not any(secret in shown for secret in ("s-e-c-r-e-t", "t0kent0ken", KEY, CLICKS))


def test_the_previous_pair_is_valid_until_its_end() -> None:
    pair = {**EVENTS, "previous_event_token": "0ldt0ken", "previous_until": NOW + timedelta(hours=24)}
    settings = from_section({**GOOD, **pair})
    assert [one.token for one in settings.secrets(now=NOW)] == ["t0kent0ken", "0ldt0ken"]
    assert [one.aes_key for one in settings.secrets(now=NOW)] == [KEY, KEY]
    assert len(settings.secrets(now=NOW + timedelta(hours=24))) == 1
    assert len(from_section({**GOOD, **pair, "previous_until": None}).secrets(now=NOW)) == 1
