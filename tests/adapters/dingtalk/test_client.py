"""What goes out, over real HTTP to a scripted platform: once, to the right place, and mended where it can be."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.dingtalk.render import track_of
from bot.domain.chart import Chart
from bot.domain.ids import ChatKey, MessageKey
from bot.errors import FailureKind, PlatformError
from bot.messages import (
    AddMembers,
    AnyOutbound,
    Button,
    CreateGroup,
    EditCard,
    LeaveChat,
    Link,
    LinkChats,
    ReadMembers,
    SendCard,
    SendPicture,
    SendText,
    Text,
    Urge,
)
from tests.adapters.dingtalk.callbacks import NOW, message
from tests.adapters.dingtalk.organisation import Company, company
from tests.adapters.dingtalk.outgoing import BOB, CARD, DIRECT, GROUP, MESSAGE, SAY, SETTINGS, account

GROUP_SEND, DIRECT_SEND = "/v1.0/robot/groupMessages/send", "/v1.0/robot/oToMessages/batchSend"
CREATE, UPDATE = "/v1.0/card/instances/createAndDeliver", "/v1.0/card/instances"
MAKE, SCENE, UPDATE_GROUP = "/v1.0/im/group/create", "/v1.0/im/sceneGroup/create", "/v1.0/im/group/update"
ADD_BOT = "/v1.0/robot/groups/orgRobots/add"
SENT = {"processQueryKey": "pqk-1"}
SHOWN = {"success": True, "result": {"deliverResults": [{"success": True, "carrierId": "pqk-card", "spaceType": "x"}]}}
BARE = replace(SETTINGS, card_template_id="")
TO_BOB = SendText(target=DIRECT, body=(Text("早上好"),))
TO_GROUP = SendText(target=GROUP, body=(Text("早上好"),))
CALLS_BOB = SendText(target=GROUP, body=SAY)
A_CARD = SendCard(target=GROUP, card_id="c", card=CARD)
PICTURE = SendPicture(target=GROUP, chart=Chart(title="周报", panels=()), alt="周报")
ROOM = CreateGroup(
    platform="dingtalk",
    name="X1 项目",
    description="",
    owner=account("u_alice"),
    members=(account("u_bob"), account("u_carol"), account("u_gone")),
)


async def refusal(here: Company, outbound: AnyOutbound, *, key: str = "k") -> PlatformError:
    with pytest.raises(PlatformError) as refused:
        await here.client.send(outbound, key=key)
    return refused.value


# ---------------------------------------------------------------- tokens


async def test_one_token_serves_both_hosts_and_is_asked_for_once() -> None:
    async with company() as here:
        here.platform.says(DIRECT_SEND, SENT)
        here.platform.says("/chat/get", {"errcode": 0, "chat_info": {"useridlist": ["u_bob"]}})
        here.platform.says(MAKE, {"openConversationId": "cid1", "chatid": "chat1"})
        here.platform.says(ADD_BOT, {})
        await here.client.send(TO_BOB, key="k")
        made = await here.client.send(ROOM, key="g")
        assert made.chat is not None
        await here.client.send(ReadMembers(chat=made.chat), key="r")
        assert here.platform.tokens == 1
        assert here.platform.of(DIRECT_SEND)[0].token == "token-1"
        assert here.platform.of("/chat/get")[0].query["access_token"] == "token-1"
        assert here.platform.of("/chat/get")[0].token == ""


@pytest.mark.parametrize("refused", [(400, {"code": "InvalidAuthentication"}), (200, {"errcode": 42001})])
async def test_a_token_that_is_not_taken_any_more_is_renewed_once(refused: Any) -> None:
    async with company() as here:
        here.platform.says(DIRECT_SEND, refused, SENT)
        await here.client.send(TO_BOB, key="k")
        assert [one.token for one in here.platform.of(DIRECT_SEND)] == ["token-1", "token-2"]
        here.platform.says(DIRECT_SEND, refused)
        assert (await refusal(here, TO_BOB)).kind is FailureKind.REFRESH
        assert len(here.platform.of(DIRECT_SEND)) == 4


async def test_a_token_is_renewed_five_minutes_before_its_end() -> None:
    async with company() as here:
        here.platform.says(DIRECT_SEND, SENT)
        for minutes in (0, 114, 116):
            here.clock.move(NOW + timedelta(minutes=minutes))
            await here.client.send(TO_BOB, key=f"k{minutes}")
        assert here.platform.tokens == 2


async def test_wrong_credentials_are_the_administrators_business() -> None:
    async with company() as here:
        here.platform.says("/v1.0/oauth2/accessToken", (400, {"code": "invalidClientIdOrSecret"}))
        problem = await refusal(here, TO_BOB)
        assert problem.kind is FailureKind.ADMINISTRATOR
        assert "Client ID" in problem.hint
        assert here.platform.of(DIRECT_SEND) == []


# ---------------------------------------------------------------- robot messages


async def test_a_text_is_said_once_and_the_receipt_names_it() -> None:
    async with company() as here:
        here.platform.says(DIRECT_SEND, SENT)
        here.platform.says(GROUP_SEND, SENT)
        receipt = await here.client.send(TO_BOB, key="k")
        assert receipt.message == MessageKey("dingtalk", "pqk-1")
        receipt = await here.client.send(TO_GROUP, key="k2")
        assert receipt.chat == GROUP.chat
        assert here.platform.paths == [DIRECT_SEND, GROUP_SEND]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({**SENT, "flowControlledStaffIdList": ["u_bob"]}, FailureKind.RETRY),
        ({**SENT, "invalidStaffIdList": ["u_bob"]}, FailureKind.GONE),
        ({}, FailureKind.UNKNOWN),
        ((200, b"<html>"), FailureKind.UNKNOWN),
        ((504, b""), FailureKind.UNKNOWN),
        ((400, {"code": "invalidParameter.robotCode.notExsit"}), FailureKind.GONE),
        ((400, {"code": "unknown.send.result"}), FailureKind.UNKNOWN),
    ],
)
async def test_what_was_not_said_is_no_success(answer: Any, kind: FailureKind) -> None:
    async with company() as here:
        here.platform.says(DIRECT_SEND, answer)
        assert (await refusal(here, TO_BOB)).kind is kind
        assert len(here.platform.of(DIRECT_SEND)) == 1, "nothing repeats what has no key"


async def test_an_answer_that_does_not_come_is_unknown() -> None:
    async with company(seconds=0.2) as here:
        here.platform.silent.add(DIRECT_SEND)
        assert (await refusal(here, TO_BOB)).kind is FailureKind.UNKNOWN


async def test_a_mention_in_a_group_goes_out_on_a_card_because_there_it_rings() -> None:
    async with company() as here:
        here.platform.says(CREATE, SHOWN)
        receipt = await here.client.send(CALLS_BOB, key="k")
        assert receipt.message == MessageKey("dingtalk", track_of("k"))
        (asked,) = here.platform.of(CREATE)
        assert asked.body["imGroupOpenDeliverModel"]["atUserIds"] == {"u_bob": "张三"}
        assert json.loads(asked.body["cardData"]["cardParamMap"]["buttons"]) == []


async def test_without_a_template_a_mention_rings_at_the_address_of_a_late_message() -> None:
    async with company(BARE) as here:
        url = f"{here.platform.url}/robot/sendBySession?session=s1"
        here.client.webhooks.learn(GROUP.chat, message(sessionWebhook=url), now=NOW)
        here.platform.says("/robot/sendBySession", {"errcode": 0})
        await here.client.send(CALLS_BOB, key="k")
        (asked,) = here.platform.of("/robot/sendBySession")
        assert asked.body["at"]["atUserIds"] == ["u_bob"]
        assert (asked.token, "access_token" in asked.query) == ("", False), "the address is its own key"


async def test_an_address_that_is_closed_is_not_tried_again_and_the_words_still_arrive() -> None:
    async with company(BARE) as here:
        url = f"{here.platform.url}/robot/sendBySession?session=s1"
        here.client.webhooks.learn(GROUP.chat, message(sessionWebhook=url), now=NOW)
        here.platform.says("/robot/sendBySession", {"errcode": 300001})
        here.platform.says(GROUP_SEND, SENT)
        for key in ("k", "l"):
            await here.client.send(CALLS_BOB, key=key)
        assert here.platform.paths == ["/robot/sendBySession", GROUP_SEND, GROUP_SEND]


async def test_an_answer_whose_outcome_nobody_knows_is_not_said_again_elsewhere() -> None:
    async with company(BARE, seconds=0.2) as here:
        url = f"{here.platform.url}/robot/sendBySession?session=s1"
        here.client.webhooks.learn(GROUP.chat, message(sessionWebhook=url), now=NOW)
        here.platform.silent.add("/robot/sendBySession")
        assert (await refusal(here, CALLS_BOB)).kind is FailureKind.UNKNOWN
        assert here.platform.of(GROUP_SEND) == []


async def test_when_the_months_calls_are_gone_whoever_asked_is_still_answered() -> None:
    async with company() as here:
        url = f"{here.platform.url}/robot/sendBySession?session=s1"
        gone = (403, {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg"})
        here.platform.says(GROUP_SEND, gone)
        here.platform.says("/robot/sendBySession", {"errcode": 0})
        problem = await refusal(here, TO_GROUP)
        assert (problem.kind, problem.code) == (FailureKind.ADMINISTRATOR, "ApiCountLimitForOrg")
        here.client.webhooks.learn(GROUP.chat, message(sessionWebhook=url), now=NOW)
        await here.client.send(TO_GROUP, key="k")
        assert here.platform.paths[-1] == "/robot/sendBySession"
        assert (await here.client.budget.findings())[0].severity.value == "failure"


async def test_calls_are_counted_and_tokens_and_the_address_book_are_not() -> None:
    async with company() as here:
        here.platform.says(DIRECT_SEND, SENT)
        here.platform.says("/topapi/v2/department/listsub", {"errcode": 0, "result": []})
        here.platform.says("/topapi/v2/user/list", {"errcode": 0, "result": {"list": []}})
        await here.client.send(TO_BOB, key="k")
        await here.client.directory()
        assert here.client.budget.used == (1, 0)


# ---------------------------------------------------------------- cards


async def test_a_card_that_is_there_already_was_sent() -> None:
    """The answer to the first try was lost; the platform knows the card by our id."""
    async with company() as here:
        here.platform.says(CREATE, (400, {"code": "param.cardAlreadyExist"}))
        receipt = await here.client.send(A_CARD, key="k")
        assert receipt.message == MessageKey("dingtalk", track_of("k"))


async def test_a_success_that_hides_a_failure_is_none() -> None:
    """HTTP 200 with `deliverResults[].success` false (dingtalk.md 3.1)."""
    async with company() as here:
        hidden = {"success": True, "result": {"deliverResults": [{"success": False, "errorMsg": "robot not in group"}]}}
        here.platform.says(CREATE, hidden)
        assert (await refusal(here, A_CARD)).kind is FailureKind.DEGRADE
        here.platform.says(CREATE, {"success": True, "result": {}})
        assert (await refusal(here, A_CARD, key="l")).kind is FailureKind.UNKNOWN


async def test_a_reply_to_a_card_is_known_by_the_message_that_carries_it() -> None:
    async with company() as here:
        here.platform.says(CREATE, SHOWN)
        receipt = await here.client.send(A_CARD, key="k")
        found = await here.client.tracks.card_in(MessageKey("dingtalk", "pqk-card"))
        assert found == receipt.message
        other = MessageKey("dingtalk", "pqk-other")
        assert await here.client.tracks.card_in(other) == other


async def test_what_a_form_submits_is_written_down_with_its_card() -> None:
    async with company() as here:
        here.platform.says(CREATE, SHOWN)
        await here.client.send(A_CARD, key="k")
        submitted = await here.client.tracks.submitted(track_of("k"))
        assert submitted == {"a": "clock_ack", "p": {"code": "HF-2026-0031", "mac": "abc"}}
        assert await here.client.tracks.submitted(track_of("l")) == {}


async def test_a_card_is_repainted_for_everybody() -> None:
    async with company() as here:
        here.platform.says(UPDATE, {"success": True})
        edit = EditCard(target=GROUP, card_id="c", message=MESSAGE, card=replace(CARD, state="已回复"))
        assert (await here.client.send(edit, key="k")).message == MESSAGE
        (asked,) = here.platform.of(UPDATE)
        assert (asked.method, asked.body["cardData"]["cardParamMap"]["state"]) == ("PUT", "已回复")


async def test_a_message_that_is_no_card_is_gone_so_that_a_card_is_sent_anew() -> None:
    async with company() as here:
        words = EditCard(target=GROUP, card_id="c", message=MessageKey("dingtalk", "pqk-1"), card=CARD)
        assert (await refusal(here, words)).kind is FailureKind.GONE
        here.platform.says(UPDATE, (400, {"code": "param.cardNotExist"}))
        edit = EditCard(target=GROUP, card_id="c", message=MESSAGE, card=CARD)
        assert (await refusal(here, edit)).kind is FailureKind.GONE
        assert len(here.platform.of(UPDATE)) == 1


async def test_without_a_template_a_card_becomes_its_words_and_one_with_a_link_keeps_the_link() -> None:
    async with company(BARE) as here:
        here.platform.says(GROUP_SEND, SENT)
        assert (await refusal(here, A_CARD)).kind is FailureKind.DEGRADE
        link = replace(CARD, buttons=(), fields=(), link=Link("打开", "https://example.com/a"))
        receipt = await here.client.send(SendCard(target=GROUP, card_id="c", card=link), key="k")
        assert receipt.degraded
        (asked,) = here.platform.of(GROUP_SEND)
        assert asked.body["msgKey"] == "sampleActionCard"
        assert json.loads(asked.body["msgParam"])["singleURL"] == "https://example.com/a"


@pytest.mark.parametrize("code", ["param.templateNotExist", "param.templateUnpublished"])
async def test_a_template_that_is_not_there_tells_what_to_do_and_the_words_go_out(code: str) -> None:
    async with company() as here:
        here.platform.says(CREATE, (400, {"code": code}))
        problem = await refusal(here, A_CARD)
        assert problem.kind is FailureKind.DEGRADE
        assert "card_template_id" in problem.hint
        here.platform.says(GROUP_SEND, SENT)
        await here.client.send(CALLS_BOB, key="k")
        assert here.platform.paths[-1] == GROUP_SEND


async def test_a_very_large_card_is_told_to_go_as_words() -> None:
    async with company() as here:
        huge = replace(CARD, buttons=(Button(id="x", text="x", action="x", params={"p": "值" * 40_000}),))
        problem = await refusal(here, SendCard(target=GROUP, card_id="c", card=huge))
        assert (problem.kind, problem.code) == (FailureKind.DEGRADE, "too_large")
        assert here.platform.paths == []


# ---------------------------------------------------------------- pictures


async def test_a_picture_is_uploaded_once_and_sent_as_often_as_it_is_wanted() -> None:
    async with company() as here:
        here.platform.says("/media/upload", {"errcode": 0, "media_id": "@lADP1"})
        here.platform.says(GROUP_SEND, SENT)
        for key in ("k", "l"):
            await here.client.send(PICTURE, key=key)
        assert here.platform.paths == ["/media/upload", GROUP_SEND, GROUP_SEND]
        assert here.platform.of("/media/upload")[0].query["type"] == "image"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"errcode": 40004}, FailureKind.DEGRADE),
        ({"errcode": 0}, FailureKind.DEGRADE),
        ({"errcode": -1}, FailureKind.RETRY),
        ((504, b""), FailureKind.RETRY),
    ],
)
async def test_a_picture_that_cannot_be_uploaded_has_said_nothing(answer: Any, kind: FailureKind) -> None:
    async with company() as here:
        here.platform.says("/media/upload", answer)
        assert (await refusal(here, PICTURE)).kind is kind
        assert here.platform.of(GROUP_SEND) == []


# ---------------------------------------------------------------- groups


async def test_a_plain_group_is_made_and_the_robot_put_into_it() -> None:
    async with company() as here:
        here.platform.says(MAKE, {"openConversationId": "cid1", "chatid": "chat1"})
        here.platform.says(ADD_BOT, {"success": True})
        receipt = await here.client.send(ROOM, key="g")
        assert receipt.chat == ChatKey("dingtalk", "cid1")
        assert receipt.members == tuple(account(one) for one in ("u_alice", "u_bob", "u_carol", "u_gone"))
        assert (dict(receipt.refused), receipt.wants_bot) == ({}, False)


async def test_where_the_robot_cannot_be_put_in_a_person_has_to() -> None:
    """Nobody documents the call; the group is there in any case and must not be made again."""
    for answer in ((404, {"code": "not.found"}), (504, b""), (403, {"code": "Forbidden.AccessDenied.x"})):
        async with company() as here:
            here.platform.says(MAKE, {"openConversationId": "cid1", "chatid": "chat1"})
            here.platform.says(ADD_BOT, answer)
            receipt = await here.client.send(ROOM, key="g")
            assert receipt.wants_bot
            assert len(here.platform.of(MAKE)) == 1


async def test_a_plain_group_that_timed_out_is_reported_and_not_asked_for_again() -> None:
    async with company() as here:
        here.platform.says(MAKE, (504, b""))
        assert (await refusal(here, ROOM)).kind is FailureKind.UNKNOWN
        assert len(here.platform.of(MAKE)) == 1


async def test_a_group_from_a_template_that_timed_out_may_be_asked_for_again() -> None:
    async with company(replace(SETTINGS, group_template_id="c354")) as here:
        here.platform.says(SCENE, (504, b""), {"open_conversation_id": "cid1", "chat_id": "chat1"})
        here.platform.says(ADD_BOT, {})
        assert (await refusal(here, ROOM)).kind is FailureKind.RETRY
        receipt = await here.client.send(ROOM, key="k")
        assert receipt.chat == ChatKey("dingtalk", "cid1")
        first, second = here.platform.of(SCENE)
        assert first.body["uuid"] == second.body["uuid"]


async def test_one_person_out_of_reach_does_not_spoil_the_group() -> None:
    async with company() as here:
        no: Any = (400, {"code": "permession.checkFailed"})
        yes: dict[str, Any] = {}
        here.platform.says(MAKE, no, {"openConversationId": "cid1", "chatid": "chat1"})
        here.platform.says(UPDATE_GROUP, no, yes, no, yes, no)
        here.platform.says(ADD_BOT, {})
        receipt = await here.client.send(ROOM, key="g")
        assert dict(receipt.refused) == {"u_gone": "reason_out_of_scope"}
        assert receipt.members == tuple(account(one) for one in ("u_alice", "u_bob", "u_carol"))
        assert here.platform.of(MAKE)[1].body["useridlist"] == ["u_alice"]


async def test_trouble_after_a_group_was_made_does_not_make_it_twice() -> None:
    async with company() as here:
        refused = (400, {"code": "permession.checkFailed"})
        here.platform.says(MAKE, refused, {"openConversationId": "cid1", "chatid": "chat1"})
        here.platform.says(UPDATE_GROUP, (500, {"code": "system.busy"}))
        here.platform.says(ADD_BOT, {})
        receipt = await here.client.send(ROOM, key="g")
        assert set(receipt.refused) == {"u_bob", "u_carol", "u_gone"}
        assert len(here.platform.of(MAKE)) == 2


async def test_people_are_added_to_a_group_of_ours_and_a_group_of_others_says_why_not() -> None:
    async with company() as here:
        here.platform.says(MAKE, {"openConversationId": "cid1", "chatid": "chat1"})
        here.platform.says(ADD_BOT, {})
        here.platform.says(UPDATE_GROUP, {})
        made = await here.client.send(ROOM, key="g")
        assert made.chat is not None
        receipt = await here.client.send(
            AddMembers(chat=made.chat, members=(account("u_dave"), account("all"))), key="a"
        )
        assert (receipt.members, dict(receipt.refused)) == ((account("u_dave"),), {"all": "reason_invalid"})
        assert here.platform.of(UPDATE_GROUP)[0].body == {"chatid": "chat1", "add_useridlist": ["u_dave"]}
        foreign = await refusal(here, AddMembers(chat=GROUP.chat, members=(account("u_dave"),)))
        assert (foreign.kind, foreign.code) == (FailureKind.PERMANENT, "foreign_group")
        assert "群主" in foreign.hint


async def test_a_group_without_anybody_who_could_own_it_is_not_made() -> None:
    async with company() as here:
        nobody = CreateGroup(platform="dingtalk", name="x", description="", owner=None, members=(account("all"),))
        assert (await refusal(here, nobody)).kind is FailureKind.PERMANENT
        assert here.platform.paths == []


@pytest.mark.parametrize(
    "outbound",
    [
        LeaveChat(chat=GROUP.chat),
        LinkChats(chat=GROUP.chat, heard_as=GROUP.chat),
        Urge(message=MESSAGE, accounts=(BOB.account,)),
    ],
)
async def test_what_the_platform_has_no_call_for_is_refused_without_a_call(outbound: AnyOutbound) -> None:
    async with company() as here:
        assert (await refusal(here, outbound)).kind is FailureKind.PERMANENT
        assert here.platform.paths == []
