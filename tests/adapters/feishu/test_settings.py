"""The section of the settings: what cannot work is named, all at once and without its secrets."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters._section import DeliveryMode
from adapters.feishu.settings import DEFAULT_BASE_URL, FeishuSettings, from_section
from bot.config import FeishuSection
from bot.errors import ConfigError

GOOD = {"app_id": "cli_1", "app_secret": "s-e-c-r-e-t"}
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def problems(**changes: Any) -> dict[str, str]:
    """Key and remedy of every problem; there must be one."""
    with pytest.raises(ConfigError) as refused:
        from_section({**GOOD, **changes})
    assert "s-e-c-r-e-t" not in str(refused.value)
    return {problem.key.removeprefix("platforms.feishu."): problem.fix for problem in refused.value.problems}


def test_two_credentials_are_enough_for_the_long_connection() -> None:
    settings = from_section(GOOD)
    assert (settings.delivery, settings.base_url) == (DeliveryMode.STREAM, DEFAULT_BASE_URL)
    assert not settings.is_webhook
    assert settings.secrets(now=NOW) == ()


def test_the_section_of_the_configuration_has_the_same_names_and_defaults() -> None:
    names = {field.name for field in fields(FeishuSettings)} - {"replay_window"} | {"replay_window_seconds"}
    assert {field.name for field in fields(FeishuSection)} == names
    assert from_section(FeishuSection(app_id="cli_1", app_secret="s-e-c-r-e-t")) == from_section(GOOD)


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"app_id": "", "app_secret": None}, {"app_id", "app_secret"}),
        ({"app_id": 7}, {"app_id"}),
        ({"delivery": "poll"}, {"delivery"}),
        ({"delivery": "webhook"}, {"encrypt_key", "verification_token"}),
        ({"delivery": "webhook", "encrypt_key": "k"}, {"verification_token"}),
        ({"base_url": "http://open.feishu.cn"}, {"base_url"}),
        ({"base_url": "https://user@open.feishu.cn"}, {"base_url"}),
        ({"base_url": "https://open.feishu.cn?x=1"}, {"base_url"}),
        ({"base_url": "ftp://127.0.0.1"}, {"base_url"}),
        ({"base_url": "https://"}, {"base_url"}),
        ({"path": "hook"}, {"path"}),
        ({"path": "/hook?x"}, {"path"}),
        ({"path": "/{x}"}, {"path"}),
        ({"replay_window_seconds": 59}, {"replay_window_seconds"}),
        ({"replay_window_seconds": 3601}, {"replay_window_seconds"}),
        ({"replay_window_seconds": True}, {"replay_window_seconds"}),
        ({"replay_window_seconds": "300"}, {"replay_window_seconds"}),
        ({"previous_until": "2026-01-01"}, {"previous_until"}),
        ({"previous_until": datetime(2026, 1, 1)}, {"previous_until"}),  # noqa: DTZ001 - without an offset on purpose
    ],
)
def test_every_problem_is_named_with_what_to_do(changes: dict[str, Any], keys: set[str]) -> None:
    found = problems(**changes)
    assert found.keys() == keys
    assert all(found.values())


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/", "http://localhost:1", "https://open.larksuite.com/"])
def test_addresses_of_this_machine_and_of_the_other_cloud_are_taken_without_a_slash_at_the_end(url: str) -> None:
    assert from_section({**GOOD, "base_url": url}).base_url == url.rstrip("/")


def test_secrets_are_not_shown() -> None:
    settings = from_section(
        {
            **GOOD,
            "encrypt_key": "k-e-y",
            "verification_token": "t-o-k",
            "previous_encrypt_key": "o-l-d",
            "delivery": "webhook",
        }
    )
    shown = repr(settings) + repr(settings.secrets(now=NOW))
    assert not any(secret in shown for secret in ("s-e-c-r-e-t", "k-e-y", "t-o-k", "o-l-d"))


def test_the_previous_pair_is_valid_until_its_end_and_only_with_one() -> None:
    pair = {"encrypt_key": "new", "verification_token": "tn", "previous_encrypt_key": "old"}
    settings = from_section({**GOOD, **pair, "previous_until": NOW + timedelta(hours=24)})
    keys = [(one.encrypt_key, one.verification_token) for one in settings.secrets(now=NOW)]
    assert keys == [("new", "tn"), ("old", "tn")]
    assert len(settings.secrets(now=NOW + timedelta(hours=24))) == 1
    assert len(from_section({**GOOD, **pair}).secrets(now=NOW)) == 1
