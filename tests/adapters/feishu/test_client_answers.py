"""Answers that the documentation does not know: they are failures of a known kind, never surprises."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web

from adapters._http import HttpClient
from adapters.feishu.client import FeishuClient
from adapters.feishu.settings import FeishuSettings
from bot.clock import VirtualClock
from bot.domain.ids import ChatKey
from bot.errors import FailureKind, PlatformError
from bot.messages import AddMembers, CreateGroup, ReadMembers, SendText, Text, ToPerson
from tests.adapters.feishu.outgoing import account
from tests.adapters.feishu_emulator.rig import START

TOKEN = "/open-apis/auth/v3/tenant_access_token/internal"
MESSAGES = "/open-apis/im/v1/messages"
CHATS = "/open-apis/im/v1/chats"
MEMBERS = f"{CHATS}/oc_1/members"
FINE = {"code": 0, "tenant_access_token": "t-1", "expire": 7200}
TO_BOB = SendText(target=ToPerson(account("ou_bob")), body=(Text("x"),))
CHAT = ChatKey("feishu", "oc_1")


@asynccontextmanager
async def platform(answers: Mapping[str, object]) -> AsyncIterator[FeishuClient]:
    """A platform that answers each path with the same thing: JSON, or bytes as they are."""

    async def handle(request: web.Request) -> web.Response:
        answer = {TOKEN: FINE, **answers}.get(request.path, {"code": 0, "data": {}})
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = "http://{}:{}".format(*runner.addresses[0][:2])
    client = FeishuClient(
        FeishuSettings(app_id="cli_x", app_secret="s", base_url=base),
        clock=VirtualClock(START),
        http=HttpClient(total_seconds=2.0),
        read_pause=timedelta(milliseconds=1),
    )
    try:
        yield client
    finally:
        await client.close()
        await runner.cleanup()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b"<html>502</html>",
        b'{"code": 0',
        b'{"code": NaN}',
        b'{"code": 0, "code": 1}',
        b'{"code": ' + b"[" * 100_000,
        b"\xff\xfe",
        {"code": "0", "data": {"message_id": "om_1"}},
        {"data": {"message_id": "om_1"}},
        {"code": 0},
        {"code": 0, "data": []},
        {"code": 0, "data": {"message_id": 7}},
        {"code": 0, "data": {"message_id": ""}},
    ],
)
async def test_an_answer_without_sense_leaves_the_outcome_unknown(answer: object) -> None:
    async with platform({MESSAGES: answer}) as client:
        with pytest.raises(PlatformError) as refused:
            await client.send(TO_BOB, key="k")
        assert refused.value.kind is FailureKind.UNKNOWN


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 0},
        {"code": 0, "tenant_access_token": "", "expire": 7200},
        {"code": 0, "tenant_access_token": 7, "expire": 7200},
        {"code": 0, "tenant_access_token": "t-\n1", "expire": 7200},
        {"code": 0, "tenant_access_token": "令牌", "expire": 7200},
        {"code": 0, "tenant_access_token": "t-1", "expire": "7200"},
        {"code": 0, "tenant_access_token": "t-1"},
    ],
)
async def test_a_token_that_is_none_is_not_used(answer: object) -> None:
    async with platform({TOKEN: answer}) as client:
        with pytest.raises(PlatformError) as refused:
            await client.send(TO_BOB, key="k")
        assert (refused.value.kind, refused.value.code) == (FailureKind.RETRY, "no_token")


async def test_a_group_without_an_id_may_have_been_made() -> None:
    making = CreateGroup(platform="feishu", name="g", description="", owner=None, members=())
    for answer in ({"code": 0, "data": {}}, {"code": 0, "data": {"chat_id": "../x"}}):
        async with platform({CHATS: answer}) as client:
            with pytest.raises(PlatformError) as refused:
                await client.send(making, key="k")
            assert refused.value.kind is FailureKind.UNKNOWN


async def test_a_list_that_never_ends_is_not_believed() -> None:
    page = {"code": 0, "data": {"items": [{"member_id": "ou_a"}], "has_more": True, "page_token": "again"}}
    async with platform({MEMBERS: page}) as client:
        with pytest.raises(PlatformError) as refused:
            await client.send(ReadMembers(chat=CHAT), key="k")
        assert refused.value.code == "endless_list"


async def test_lists_of_other_things_are_read_as_empty() -> None:
    odd = {
        "invalid_id_list": "ou_a",
        "not_existed_id_list": [7, None, "", "ou_stranger"],
        "pending_approval_id_list": {},
    }
    async with platform({MEMBERS: {"code": 0, "data": odd}}) as client:
        receipt = await client.send(AddMembers(chat=CHAT, members=(account("ou_a"),)), key="k")
        assert (receipt.members, receipt.refused) == ((account("ou_a"),), {})


async def test_a_call_refused_for_one_person_is_halved_until_the_one_is_found() -> None:
    """The platform's documentation leaves open whether a bad id can fail the whole call in spite of `succeed_type=1`."""
    asked: list[list[str]] = []

    async def handle(request: web.Request) -> web.Response:
        if request.path == TOKEN:
            return web.json_response(FINE)
        ids = (await request.json())["id_list"]
        asked.append(ids)
        return web.json_response({"code": 232024 if "ou_7" in ids else 0, "data": {}})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = "http://{}:{}".format(*runner.addresses[0][:2])
    client = FeishuClient(FeishuSettings(app_id="cli_x", app_secret="s", base_url=base), clock=VirtualClock(START))
    members = tuple(account(f"ou_{number}") for number in range(16))
    receipt = await client.send(AddMembers(chat=CHAT, members=members), key="k")
    assert receipt.refused == {"ou_7": "reason_out_of_scope"}
    assert len(receipt.members) == 15
    assert len(asked) == 9
    await client.close()
    await runner.cleanup()


async def test_a_scope_that_only_users_were_granted_counts_for_nothing() -> None:
    scopes = [{"scope_name": "im:message.group_msg", "grant_status": 1, "scope_type": "user"}]
    info = {"code": 0, "bot": {"activate_status": 1, "open_id": "ou_bot"}}
    answers = {
        "/open-apis/application/v6/scopes": {"code": 0, "data": {"scopes": scopes}},
        "/open-apis/bot/v3/info": info,
    }
    async with platform(answers) as client:
        probe = await client.probe()
    assert (probe.scopes, probe.sees_all_group_messages) == (frozenset(), False)
    failures = {one.id for one in probe.findings if one.hint}
    assert {"feishu.bot", "feishu.scope.group_messages", "feishu.contact_range"} <= failures


async def test_an_address_that_is_no_socket_is_not_opened() -> None:
    for url in ("https://evil.example", "", 7):
        async with platform({"/callback/ws/endpoint": {"code": 0, "data": {"URL": url}}}) as client:
            with pytest.raises(PlatformError) as refused:
                await client.stream_endpoint()
            assert refused.value.code == "no_address"
