"""Who may call: tokens, permissions, addresses, frequency, budgets; on both APIs (dingtalk.md 1)."""

from __future__ import annotations

import aiohttp
import pytest

from adapters._emulator.wire_json import Json, parse_table, table, text, texts
from adapters.dingtalk.emulator import DingTalkEmulator, FaultKind
from bot.clock import VirtualClock
from tests.adapters.dingtalk_emulator.rig import APP, Api, advance

TOKEN = "/v1.0/oauth2/accessToken"
LIST, GET = "/topapi/v2/department/listsub", "/topapi/v2/user/get"
QUERY, WHO = "/v1.0/robot/groups/robots/query", {"userid": "u1001"}


class TestTokens:
    """Both kinds, good for both APIs."""

    async def test_a_repeated_request_gives_the_same_token_with_a_longer_life(
        self, emulator: DingTalkEmulator, api: Api, clock: VirtualClock, group: str
    ) -> None:
        first = api.token
        advance(clock, 7000)
        assert await api.log_in() == first
        advance(clock, 7000)
        assert (await api.call("POST", QUERY, {"openConversationId": group})).status == 200
        advance(clock, 201)
        reply = await api.call("POST", QUERY, {"openConversationId": group})
        assert (reply.status, reply.code) == (400, "InvalidAuthentication")
        assert (await api.legacy(GET, dict(WHO))).code == 40014
        assert await api.log_in() != first
        assert emulator.tokens.made == 2

    async def test_the_legacy_token_works_on_the_new_api_and_the_other_way_round(self, api: Api, group: str) -> None:
        assert (await api.legacy(GET, dict(WHO))).code == 0
        query = [("appkey", APP.client_id), ("appsecret", APP.client_secret)]
        given = await api.legacy("/gettoken", query=query)
        assert (given.code, given.body["expires_in"]) == (0, 7200)
        api.token = text(given.body, "access_token")
        assert (await api.call("POST", QUERY, {"openConversationId": group})).status == 200

    @pytest.mark.parametrize(
        ("path", "body", "code"),
        [
            (TOKEN, {"appKey": APP.client_id, "appSecret": "x"}, "invalidClientIdOrSecret"),
            (TOKEN, {"appKey": APP.client_id}, "MissingappSecret"),
            (
                f"/v1.0/oauth2/{APP.corp_id}/token",
                {"client_id": APP.client_id, "client_secret": "x", "grant_type": "client_credentials"},
                "invalid.client",
            ),
            (f"/v1.0/oauth2/{APP.corp_id}/token", {"grant_type": "password"}, "unsupported.grant.type"),
            (
                "/v1.0/oauth2/dingother/token",
                {"client_id": APP.client_id, "client_secret": APP.client_secret, "grant_type": "client_credentials"},
                "unauthorized.client",
            ),
        ],
    )
    async def test_wrong_credentials_are_refused(self, api: Api, path: str, body: Json, code: str) -> None:
        assert (await api.call("POST", path, body)).code == code

    async def test_the_newer_call_gives_a_token_that_works(self, api: Api, group: str) -> None:
        body: Json = {
            "client_id": APP.client_id, "client_secret": APP.client_secret, "grant_type": "client_credentials",
        }  # fmt: skip
        reply = await api.call("POST", f"/v1.0/oauth2/{APP.corp_id}/token", body)
        api.token = text(reply.body, "access_token")
        assert (await api.call("POST", QUERY, {"openConversationId": group})).status == 200


class TestAdmission:
    """In which words each API refuses."""

    async def test_without_a_token_each_api_says_so(self, api: Api, group: str) -> None:
        api.token = ""
        assert (await api.call("POST", QUERY, {"openConversationId": group})).code == "InvalidAuthentication"
        assert (await api.legacy(GET, dict(WHO))).code == 41001

    async def test_a_missing_permission_is_named(self, emulator: DingTalkEmulator, api: Api, group: str) -> None:
        emulator.revokes("qyapi_robot_sendmsg")
        reply = await api.send(group, {"content": "x"})
        assert (reply.status, reply.code) == (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied")
        assert texts(table(reply.body, "AccessDeniedDetail"), "requiredScopes") == ["qyapi_robot_sendmsg"]
        emulator.revokes("qyapi_get_member")
        assert (await api.legacy(GET, dict(WHO))).code == 60011

    async def test_an_address_that_is_not_on_the_list_is_refused(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        emulator.whitelists(is_whitelisted=False)
        assert (await api.send(group, {"content": "x"})).code == "Forbidden.AccessDenied.IpNotInWhiteList"
        assert (await api.legacy(GET, dict(WHO))).code == 60020

    async def test_an_unknown_path_is_refused_in_the_words_of_its_api(self, api: Api) -> None:
        assert (await api.call("POST", "/v1.0/robot/nothing", {})).status == 404
        assert (await api.legacy("/topapi/nothing", {})).code == 22

    async def test_legacy_refusals_may_come_wrapped(self, emulator: DingTalkEmulator, api: Api) -> None:
        emulator.change_options(wraps_legacy_codes=True)
        reply = await api.legacy(GET, {"userid": "nobody"})
        assert (reply.code, reply.body["sub_code"]) == (88, "60121")

    async def test_a_body_that_is_no_json_object_is_refused(
        self, api: Api, emulator: DingTalkEmulator, session: aiohttp.ClientSession
    ) -> None:
        headers = {"x-acs-dingtalk-access-token": api.token, "Content-Type": "application/json"}
        async with session.post(emulator.base_url + QUERY, data=b"[1]", headers=headers) as answer:
            assert (parse_table(await answer.read()) or {})["code"] == "InvalidParameter.Body"


class TestLimits:
    """Calls in a second, in a month, from an address."""

    async def test_one_api_is_called_twenty_times_in_a_second(
        self, emulator: DingTalkEmulator, api: Api, clock: VirtualClock, group: str
    ) -> None:
        asked: Json = {"openConversationId": group}
        codes = [(await api.call("POST", QUERY, asked)).status for _ in range(21)]
        assert codes == [200] * 20 + [403]
        codes = [(await api.legacy(LIST, {"dept_id": 1})).code for _ in range(21)]  # type: ignore[misc]
        assert codes == [0] * 20 + [90018]
        advance(clock, 1)
        assert (await api.call("POST", QUERY, asked)).status == 200
        assert emulator.recorder.calls_of("robot.groups.robots.query")[20].word.endswith("QpsLimitForAppkeyAndApi")

    async def test_the_calls_of_a_month_end_and_begin_anew_in_chinas_time(
        self, emulator: DingTalkEmulator, api: Api, clock: VirtualClock, group: str
    ) -> None:
        emulator.change_options(monthly_calls=2)
        assert [(await api.send(group, {"content": word})).status for word in "123"] == [200, 200, 403]
        assert (await api.send(group, {"content": "4"})).code == "Forbidden.AccessDenied.ApiCountLimitForOrg"
        assert (await api.legacy("/chat/get", query=[("chatid", "x")])).code == 90020
        assert (await api.legacy(GET, dict(WHO))).code == 0  # the address book is free
        advance(clock, 29 * 86_400 + 15 * 3600)
        await api.log_in()
        assert (await api.send(group, {"content": "5"})).status == 200

    async def test_whoever_calls_too_often_is_banned_for_five_minutes(
        self, emulator: DingTalkEmulator, api: Api, clock: VirtualClock
    ) -> None:
        emulator.change_options(calls_of_an_address=3)  # logging in was the first
        replies = [await api.legacy(LIST, {"dept_id": 1}) for _ in range(4)]
        assert [reply.body.get("status", 0) for reply in replies] == [0, 0, 1111, 1111]
        advance(clock, 299)
        assert (await api.legacy(LIST, {"dept_id": 1})).body["punish"] == "deny"
        advance(clock, 1)
        assert (await api.legacy(LIST, {"dept_id": 1})).code == 0


class TestFaults:
    """What goes wrong on purpose, in the words of each API."""

    @pytest.mark.parametrize(
        ("kind", "code", "legacy"),
        [
            (FaultKind.HTTP_429, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 90018),
            (FaultKind.TOKEN_EXPIRED, "InvalidAuthentication", 40014),
            (FaultKind.CODE, "unknown.send.result", -1),
            (FaultKind.HTTP_500, "system.busy", None),
        ],
    )
    async def test_calls_fail_without_effect(
        self, emulator: DingTalkEmulator, api: Api, group: str, kind: FaultKind, code: str, legacy: int | None
    ) -> None:
        emulator.faults.add("robot.groupMessages.send", kind, times=1, word="unknown.send.result")
        emulator.faults.add("user.get", kind, times=1, code=-1)
        assert (await api.send(group, {"content": "x"})).code == code
        assert emulator.chat_as_seen("u1001", group).messages == ()
        await api.log_in()
        reply = await api.legacy(GET, dict(WHO))
        assert reply.code == legacy
        await api.log_in()
        assert (await api.send(group, {"content": "x"})).status == 200

    async def test_a_call_may_have_its_effect_and_no_answer(
        self, emulator: DingTalkEmulator, api: Api, group: str
    ) -> None:
        emulator.faults.add("robot.groupMessages.send", FaultKind.EXECUTED_THEN_TIMEOUT, seconds=0.01)
        with pytest.raises(aiohttp.ClientError):
            await api.send(group, {"content": "x"})
        assert len(emulator.chat_as_seen("u1001", group).messages) == 1
        await emulator.says("u1001", "y", group)
        assert emulator.visible_duplicates() == []
        emulator.faults.clear()
        await api.send(group, {"content": "x"})
        assert [len(ids) for ids in emulator.visible_duplicates()] == [2]

    async def test_secrets_and_tokens_are_masked_in_the_record(self, emulator: DingTalkEmulator, api: Api) -> None:
        await api.legacy(GET, dict(WHO))
        whole = repr(emulator.recorder.calls)
        assert APP.client_secret not in whole
        assert api.token not in whole
