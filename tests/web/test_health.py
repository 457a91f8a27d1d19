"""`/livez`, `/readyz`, `/metrics`: what they say, and to whom."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from bot.web.health import reasons_against
from tests.web.rig import QUICK, Listener, body_of, listening, status_of

TOKEN = "a-long-token-for-figures"


def said(reply: bytes) -> dict[str, Any]:
    """The JSON of an answer."""
    found: dict[str, Any] = json.loads(body_of(reply))
    return found


async def test_a_process_that_answers_is_alive_whatever_else_is_wrong(listener: Listener) -> None:
    listener.patient.is_away = True
    listener.patient.say(is_draining=True, is_stuck=True)
    assert said(await listener.get("/livez")) == {"alive": True, "name": "huiyin"}


async def test_ready_means_that_updates_can_be_taken(listener: Listener) -> None:
    reply = await listener.get("/readyz")
    assert status_of(reply) == 200
    assert said(reply) == {"ready": True, "reasons": []}


@pytest.mark.parametrize(
    ("is_draining", "is_stuck", "reasons"),
    [(True, False, ["draining"]), (False, True, ["engine_stuck"]), (True, True, ["draining", "engine_stuck"])],
)
async def test_not_ready_comes_with_the_reasons(
    listener: Listener, is_draining: bool, is_stuck: bool, reasons: list[str]
) -> None:
    listener.patient.say(is_draining=is_draining, is_stuck=is_stuck)
    reply = await listener.get("/readyz")
    assert status_of(reply) == 503
    assert said(reply) == {"ready": False, "reasons": reasons}
    assert listener.metrics.value("huiyin_ready") == 0


async def test_a_store_that_does_not_answer_is_not_ready(listener: Listener) -> None:
    listener.patient.is_away = True
    reply = await listener.get("/readyz")
    assert status_of(reply) == 503
    assert said(reply)["reasons"] == ["store_unavailable"]
    assert reasons_against(None) == ("store_unavailable",)


async def test_many_who_ask_at_once_share_one_look(listener: Listener) -> None:
    replies = await asyncio.gather(*(listener.get("/readyz") for _ in range(40)))
    assert {status_of(reply) for reply in replies} == {200}
    assert listener.patient.looks < 40


async def test_the_figures_show_queues_timers_and_connections(listener: Listener) -> None:
    reply = await listener.get("/metrics")
    assert status_of(reply) == 200
    text = body_of(reply).decode()
    for line in (
        'huiyin_queue_waiting{queue="inbox"} 3.0',
        'huiyin_queue_oldest_seconds{queue="inbox"} 7.0',
        "huiyin_dead_letters 2.0",
        "huiyin_unknown_outcomes 1.0",
        "huiyin_next_timer_seconds 60.0",
        'huiyin_connected{platform="feishu"} 1.0',
        'huiyin_reconnects{platform="feishu"} 4.0',
        "huiyin_ready 1.0",
    ):
        assert line in text


async def test_the_figures_are_shown_even_while_the_store_is_away(listener: Listener) -> None:
    listener.patient.is_away = True
    assert b"huiyin_ready 0.0" in await listener.get("/metrics")


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For: 127.0.0.1\r\n",
        "Forwarded: for=127.0.0.1\r\n",
        "X-Real-IP: 127.0.0.1\r\n",
        "Via: 1.1 nginx\r\n",
        "X-Forwarded-Proto: https\r\nAuthorization: Bearer wrong\r\n",
        "X-Forwarded-Proto: https\r\nAuthorization: Bearer \r\n",
        "X-Forwarded-Proto: https\r\nAuthorization: Bearer \xe5\x9b\x9e\r\n",
        "X-Forwarded-Proto: https\r\nAuthorization: Basic YTpi\r\n",
    ],
)
async def test_the_figures_are_not_for_callers_behind_a_proxy_without_the_token(header: str) -> None:
    for settings in (QUICK, replace(QUICK, metrics_token=TOKEN)):
        async with listening(settings) as running:
            assert status_of(await running.get("/metrics", headers=header)) == 401


async def test_the_token_opens_the_figures_from_elsewhere() -> None:
    async with listening(replace(QUICK, metrics_token=TOKEN)) as running:
        right = f"X-Forwarded-For: 203.0.113.7\r\nAuthorization: Bearer {TOKEN}\r\n"
        assert status_of(await running.get("/metrics", headers=right)) == 200
        assert TOKEN.encode() not in await running.get("/metrics", headers=right)


async def test_no_answer_names_the_library_or_can_be_cached(listener: Listener) -> None:
    for path in ("/livez", "/readyz", "/metrics", "/nothing"):
        reply = await listener.get(path)
        assert b"aiohttp" not in reply.partition(b"\r\n\r\n")[0].lower()
        assert b"Cache-Control: no-store" in reply
        assert b"X-Content-Type-Options: nosniff" in reply
