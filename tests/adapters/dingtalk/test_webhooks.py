"""The addresses that come with messages: only the platform's own, only while they live (T14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.dingtalk.webhooks import CAPACITY, Webhooks
from bot.domain.ids import ChatKey
from tests.adapters.dingtalk.callbacks import NOW, SETTINGS, message

CHAT = ChatKey("dingtalk", "cidAbC==")
GOOD = "https://oapi.dingtalk.com/robot/sendBySession?session=s1"


def learned(url: str, *, base: str = "", minutes: int = 90) -> str:
    settings = replace(SETTINGS, base_url=base, legacy_base_url=base) if base else SETTINGS
    webhooks = Webhooks(settings)
    until = int((NOW + timedelta(minutes=minutes)).timestamp() * 1000)
    webhooks.learn(CHAT, message(sessionWebhook=url, sessionWebhookExpiredTime=until), now=NOW)
    return webhooks.of(CHAT, now=NOW)


def test_the_platforms_address_is_known_until_it_ends() -> None:
    webhooks = Webhooks(SETTINGS)
    webhooks.learn(CHAT, message(), now=NOW)
    assert webhooks.of(CHAT, now=NOW) == GOOD
    assert webhooks.of(CHAT, now=NOW + timedelta(minutes=88)) == GOOD
    assert webhooks.of(CHAT, now=NOW + timedelta(minutes=89)) == "", "not in its last minute"
    assert webhooks.of(ChatKey("dingtalk", "other"), now=NOW) == ""
    webhooks.forget(CHAT)
    assert webhooks.of(CHAT, now=NOW) == ""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com.evil.example/robot/sendBySession?session=s1",
        "https://evildingtalk.com/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com@evil.example/robot/sendBySession?session=s1",
        "https://user:pw@oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com:8443/robot/sendBySession?session=s1",
        "http://oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com/robot/send?access_token=t",
        "https://oapi.dingtalk.com/robot/../robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com/robot/sendBySession?session=s1#x",
        "http://127.0.0.1:8080/robot/sendBySession?session=s1",
        "http://169.254.169.254/robot/sendBySession?session=s1",
        "https://[::1]/robot/sendBySession?session=s1",
        "https://2130706433/robot/sendBySession?session=s1",
        "ftp://oapi.dingtalk.com/robot/sendBySession?session=s1",
        "//oapi.dingtalk.com/robot/sendBySession?session=s1",
        "https://oapi.dingtalk.com:x/robot/sendBySession?session=s1",
        "https://[oapi.dingtalk.com/robot/sendBySession?session=s1",
    ],
)
def test_no_other_address_gets_what_we_say(url: str) -> None:
    assert learned(url) == ""


def test_an_emulators_address_is_taken_only_while_the_platform_is_one() -> None:
    local = "http://127.0.0.1:8080"
    assert learned(f"{local}/robot/sendBySession?session=s1", base=local)
    assert learned("http://127.0.0.1:9090/robot/sendBySession?session=s1", base=local) == ""
    assert learned(GOOD, base=local) == ""


def test_an_address_without_an_end_or_with_a_strange_one_is_not_kept_for_ever() -> None:
    assert learned(GOOD, minutes=0) == ""
    assert learned(GOOD, minutes=-5) == ""
    webhooks = Webhooks(SETTINGS)
    webhooks.learn(CHAT, message(sessionWebhookExpiredTime=None), now=NOW)
    assert webhooks.of(CHAT, now=NOW) == ""
    far = int((NOW + timedelta(days=30)).timestamp() * 1000)
    webhooks.learn(CHAT, message(sessionWebhookExpiredTime=far), now=NOW)
    assert webhooks.of(CHAT, now=NOW + timedelta(hours=3)) == ""


def test_only_so_many_are_remembered() -> None:
    webhooks = Webhooks(SETTINGS)
    for number in range(CAPACITY + 1):
        webhooks.learn(ChatKey("dingtalk", f"c{number}"), message(), now=NOW)
    assert webhooks.of(ChatKey("dingtalk", "c0"), now=NOW) == ""
    assert webhooks.of(ChatKey("dingtalk", f"c{CAPACITY}"), now=NOW) == GOOD
