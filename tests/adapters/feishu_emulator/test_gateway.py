"""Tokens, scopes, rates, quota and faults at the platform's gateway."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import aiohttp
import pytest

from adapters._emulator.wire_json import Json, rows, table, text
from adapters.feishu.emulator import EmulatedApp, FeishuEmulator
from bot.clock import VirtualClock
from tests.adapters.feishu_emulator.rig import APP, Api, advance

BOT = "/open-apis/bot/v3/info"
LIST = "/open-apis/im/v1/chats"


async def test_a_token_is_the_same_for_ninety_minutes_and_then_overlaps_with_the_next(
    emulator: FeishuEmulator, api: Api, clock: VirtualClock
) -> None:
    first = api.token
    advance(clock, 89 * 60)
    assert await api.log_in() == first
    advance(clock, 2 * 60)
    second = await api.log_in()
    assert second != first
    api.token = first
    assert (await api.call("GET", BOT)).code == 0
    advance(clock, 29 * 60)
    assert (await api.call("GET", BOT)).code == 99991663
    api.token = second
    assert (await api.call("GET", BOT)).code == 0
    assert emulator.tokens.made == 2


async def test_the_token_answer_has_its_fields_at_the_top(api: Api) -> None:
    body: Json = {"app_id": APP.app_id, "app_secret": APP.app_secret}
    reply = await api.call("POST", "/open-apis/auth/v3/tenant_access_token/internal", body)
    assert reply.body == {"code": 0, "msg": "ok", "tenant_access_token": api.token, "expire": 7200}


@pytest.mark.parametrize(("app_id", "secret", "code"), [("cli_x", "", 10003), (APP.app_id, "wrong", 10014)])
async def test_wrong_credentials_get_no_token(api: Api, app_id: str, secret: str, code: int) -> None:
    body: Json = {"app_id": app_id, "app_secret": secret}
    reply = await api.call("POST", "/open-apis/auth/v3/tenant_access_token/internal", body)
    assert (reply.code, "tenant_access_token" in reply.body) == (code, False)


@pytest.mark.parametrize(("token", "code"), [("", 99991661), ("x-1", 99991671), ("t-unknown", 99991663)])
async def test_a_missing_malformed_or_unknown_token_has_its_own_code(api: Api, token: str, code: int) -> None:
    api.token = token
    reply = await api.call("GET", BOT)
    assert (reply.status, reply.code) == (400, code)
    assert text(table(reply.body, "error"), "log_id")


async def test_tokens_can_be_expired_early_and_the_status_of_that_refusal_can_be_200(
    emulator: FeishuEmulator, api: Api
) -> None:
    emulator.expires_tokens()
    emulator.change_options(token_error_status=200)
    reply = await api.call("GET", BOT)
    assert (reply.status, reply.code) == (200, 99991663)


async def test_a_missing_scope_is_named_in_the_refusal(emulator: FeishuEmulator, api: Api) -> None:
    emulator.revokes("im:chat")
    reply = await api.call("GET", LIST)
    assert reply.code == 99991672
    named = [text(one, "subject") for one in rows(table(reply.body, "error"), "permission_violations")]
    assert named == ["im:chat", "im:chat:readonly", "im:chat:read"]
    listed = rows((await api.call("GET", "/open-apis/application/v6/scopes")).data, "scopes")
    assert {one["grant_status"] for one in listed if one["scope_name"] == "im:chat"} == {2}
    emulator.grants("im:chat:read")
    assert (await api.call("GET", LIST)).code == 0


async def test_the_fifty_first_call_of_a_second_is_refused_with_the_wait_in_a_header(
    api: Api, clock: VirtualClock
) -> None:
    replies = [await api.call("GET", BOT) for _ in range(51)]
    assert [reply.code for reply in replies[:50]] == [0] * 50
    assert (replies[50].status, replies[50].code) == (429, 99991400)
    assert replies[50].headers["x-ogw-ratelimit-reset"] == "1"
    advance(clock, 1)
    assert (await api.call("GET", BOT)).code == 0


async def test_a_disabled_app_and_a_spent_quota_are_refused(emulator: FeishuEmulator, api: Api) -> None:
    emulator.disables_app()
    assert (await api.call("GET", BOT)).code == 99991662
    emulator.disables_app(is_enabled=True)
    emulator.change_options(monthly_quota=1)
    assert [(await api.call("GET", BOT)).code for _ in range(2)] == [0, 99991403]


async def test_a_quota_is_counted_by_the_month_of_the_tenant(
    emulator: FeishuEmulator, api: Api, clock: VirtualClock
) -> None:
    emulator.change_options(monthly_quota=1)
    clock.move(datetime(2026, 3, 31, 15, 59, tzinfo=UTC))
    await api.log_in()
    assert [(await api.call("GET", BOT)).code for _ in range(2)] == [0, 99991403]
    advance(clock, 60)  # midnight in China
    assert (await api.call("GET", BOT)).code == 0


async def test_a_refusal_names_its_log_id_in_the_body_and_in_a_header(api: Api) -> None:
    reply = await api.call("GET", "/open-apis/im/v1/chats/oc_none")
    assert text(table(reply.body, "error"), "log_id") == reply.headers["X-Tt-Logid"] != ""


async def test_on_some_apis_too_many_calls_are_a_bad_request(emulator: FeishuEmulator, api: Api) -> None:
    emulator.change_options(rate_error_status=400)
    replies = [await api.call("GET", BOT) for _ in range(51)]
    assert (replies[50].status, replies[50].code) == (400, 99991400)
    assert replies[50].headers["x-ogw-ratelimit-reset"] == "1"


async def test_a_thousand_calls_a_minute_are_the_other_limit(api: Api, clock: VirtualClock) -> None:
    codes = []
    for number in range(1001):
        if number % 25 == 0:
            advance(clock, 1)
        codes.append((await api.call("GET", BOT)).code)
    assert (codes[:1000], codes[1000]) == ([0] * 1000, 99991400)


async def test_an_unknown_path_is_a_plain_404_and_a_broken_body_is_named(
    api: Api, session: aiohttp.ClientSession
) -> None:
    assert (await api.call("GET", "/open-apis/im/v9/messages")).status == 404
    headers = {"Authorization": f"Bearer {api.token}"}
    async with session.post(f"{api.base}/open-apis/im/v1/chats", data=b"{", headers=headers) as answer:
        assert (await answer.json())["code"] == 99991402


async def test_secrets_do_not_reach_the_recorder(emulator: FeishuEmulator, api: Api) -> None:
    record = emulator.recorder.calls_of("auth.v3.tenant_access_token.internal")[0]
    assert record.body == {"app_id": APP.app_id, "app_secret": "***"}
    assert APP.app_secret not in record.summary


class TestFaults:
    """What goes wrong on purpose, and whether the call had its effect."""

    @pytest.mark.parametrize("kind", ["refuse", "reset"])
    async def test_a_cut_connection_has_no_effect(self, emulator: FeishuEmulator, api: Api, kind: str) -> None:
        emulator.faults.add("im.v1.message.create", kind)
        with pytest.raises(aiohttp.ClientError):
            await api.send("ou_bob", {"text": "hi"})
        assert not emulator.state.messages
        record = emulator.recorder.calls[-1]
        assert (record.fault, record.status, record.is_executed) == (kind, 0, False)

    @pytest.mark.parametrize(("kind", "status", "code"), [("http_429", 429, 99991400), ("http_500", 500, 2200)])
    async def test_an_error_answer_has_no_effect(
        self, emulator: FeishuEmulator, api: Api, kind: str, status: int, code: int
    ) -> None:
        emulator.faults.add("im.v1.message.create", kind, seconds=4)
        reply = await api.send("ou_bob", {"text": "hi"})
        assert (reply.status, reply.code) == (status, code)
        assert not emulator.state.messages

    async def test_a_timeout_after_execution_hides_the_effect_and_the_key_finds_it_again(
        self, emulator: FeishuEmulator, api: Api
    ) -> None:
        emulator.faults.add("im.v1.message.create", "executed_then_timeout", nth=1, seconds=30)
        query = [("receive_id_type", "open_id")]
        body: dict[str, object] = {"receive_id": "ou_bob", "msg_type": "text", "content": '{"text":"hi"}', "uuid": "k"}
        with pytest.raises(TimeoutError):
            await api.call("POST", "/open-apis/im/v1/messages", body, query=query, seconds=0.05)
        assert len(emulator.state.messages) == 1
        again = await api.call("POST", "/open-apis/im/v1/messages", body, query=query)
        assert again.data["message_id"] in emulator.state.messages
        assert emulator.visible_duplicates() == []

    async def test_any_code_can_be_the_answer(self, emulator: FeishuEmulator, api: Api) -> None:
        emulator.faults.add("im.v1.message.create", "code", code=230049, nth=1)
        assert [(await api.send("ou_bob", {"text": "hi"})).code for _ in range(2)] == [230049, 0]

    async def test_bad_json_hides_the_effect(self, emulator: FeishuEmulator, api: Api) -> None:
        emulator.faults.add("im.v1.message.create", "bad_json")
        assert (await api.send("ou_bob", {"text": "hi"})).body == {}
        assert len(emulator.state.messages) == 1

    async def test_an_expired_token_stays_expired(self, emulator: FeishuEmulator, api: Api) -> None:
        emulator.faults.add("im.v1.*", "token_expired", nth=1)
        codes = [(await api.send("ou_bob", {"text": "hi"})).code for _ in range(2)]
        assert codes == [99991663, 99991663]
        await api.log_in()
        assert (await api.send("ou_bob", {"text": "hi"})).code == 0

    async def test_a_slow_call_is_executed_late(self, emulator: FeishuEmulator, api: Api) -> None:
        emulator.faults.add("bot.v3.info", "slow", seconds=0.05)
        started = time.perf_counter()
        assert (await api.call("GET", BOT)).code == 0
        assert time.perf_counter() - started >= 0.05

    async def test_a_hanging_call_does_not_hold_up_the_stop(self, emulator: FeishuEmulator, api: Api) -> None:
        emulator.faults.add("bot.v3.info", "executed_then_timeout", seconds=60)
        hanging = asyncio.create_task(api.call("GET", BOT, seconds=60))
        while not emulator.recorder.calls_of("bot.v3.info"):
            await emulator.changed.wait(after=emulator.changed.revision, at_most=1)
        await emulator.stop()
        with pytest.raises(aiohttp.ClientError):
            await hanging


async def test_an_app_without_extras_still_describes_its_bot(api: Api) -> None:
    bot = table((await api.call("GET", BOT)).body, "bot")
    assert (bot["open_id"], bot["activate_status"]) == (EmulatedApp().bot_open_id, 2)
