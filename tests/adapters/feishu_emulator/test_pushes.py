"""What the platform pushes over HTTP: which events, in which words, how often, in which order (feishu.md 2, 3)."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from adapters._emulator.wire_json import Json, rows, table, text
from adapters.feishu.emulator import FaultKind, FeishuEmulator, MentionBot, PersonStatus
from bot.clock import VirtualClock, to_ms
from tests.adapters.feishu_emulator.rig import APP, CARD, Api, Receiver, advance, old_group

RECEIVE = "im.message.receive_v1"


@pytest.fixture
def group(emulator: FeishuEmulator) -> str:
    return old_group(emulator, "联调群", ["ou_alice", "ou_bob"])


def types(receiver: Receiver) -> list[str]:
    return [text(table(one, "header"), "event_type") for one in receiver.envelopes]


def refusing(times: int) -> Callable[[Json], web.Response]:
    """500 so many times, then success."""
    left = [times]

    def answer(_: Json) -> web.Response:
        left[0] -= 1
        return web.Response(status=500 if left[0] >= 0 else 200)

    return answer


class TestDelivery:
    """Attempts, order, signatures."""

    async def test_a_refused_push_comes_again_after_15_s_5_min_1_h_and_6_h_and_then_never(
        self, emulator: FeishuEmulator, receiver: Receiver, clock: VirtualClock, group: str
    ) -> None:
        receiver.answers = lambda _: web.Response(status=500)
        await emulator.says("ou_alice", "1", group)
        await emulator.settled()
        for number, wait in enumerate((15, 300, 3600, 21600), start=1):
            advance(clock, wait - 1)
            await emulator.settled()
            assert len(receiver.texts()) == number
            advance(clock, 1)
            await emulator.settled()
            assert len(receiver.texts()) == number + 1
        advance(clock, 100_000)
        await emulator.settled()
        [record] = emulator.recorder.pushes_of(RECEIVE)
        assert (len(receiver.texts()), record.is_given_up, emulator.courier.pending) == (5, True, 0)
        assert len({text(table(one, "header"), "event_id") for one in receiver.envelopes}) == 1

    @pytest.mark.parametrize("anew", [True, False])
    async def test_a_repetition_is_signed_anew_or_is_the_same_bytes(
        self, emulator: FeishuEmulator, receiver: Receiver, clock: VirtualClock, group: str, anew: bool
    ) -> None:
        emulator.change_options(retry_signs_anew=anew)
        receiver.answers = refusing(1)
        await emulator.says("ou_alice", "1", group)
        await emulator.settled()
        advance(clock, 15)
        await emulator.settled()
        (first, one), (second, two) = receiver.requests
        stamps = [int(h["X-Lark-Request-Timestamp"]) for h in (first, second)]
        assert (stamps[1] - stamps[0], one == two) == ((15, False) if anew else (0, True))

    async def test_a_signature_covers_the_raw_body(
        self, emulator: FeishuEmulator, receiver: Receiver, group: str
    ) -> None:
        emulator.faults.add("push.*", FaultKind.WRONG_SIGNATURE, nth=2)
        await emulator.says("ou_alice", "1", group)
        await emulator.says("ou_alice", "2", group)
        await emulator.settled()
        right = []
        for headers, raw in receiver.requests:
            prefix = f"{headers['X-Lark-Request-Timestamp']}{headers['X-Lark-Request-Nonce']}{APP.encrypt_key}"
            right.append(headers["X-Lark-Signature"] == hashlib.sha256(prefix.encode() + raw).hexdigest())
        assert right == [True, False]

    async def test_events_of_an_ordered_type_wait_for_the_one_before(
        self, emulator: FeishuEmulator, receiver: Receiver, clock: VirtualClock, group: str
    ) -> None:
        emulator.change_options(ordered_events=frozenset({RECEIVE}))
        receiver.answers = refusing(1)
        for word in "123":
            await emulator.says("ou_alice", word, group)
        await emulator.settled()
        assert receiver.texts() == ["1"]
        advance(clock, 15)
        await emulator.settled()
        assert receiver.texts() == ["1", "1", "2", "3"]

    async def test_without_order_the_next_overtakes_one_that_failed(
        self, emulator: FeishuEmulator, receiver: Receiver, clock: VirtualClock, group: str
    ) -> None:
        receiver.answers = refusing(1)
        for word in "12":
            await emulator.says("ou_alice", word, group)
        await emulator.settled()
        advance(clock, 15)
        await emulator.settled()
        assert receiver.texts() == ["1", "2", "1"]

    async def test_duplicates_reordering_and_lost_acknowledgements_happen_on_purpose(
        self, emulator: FeishuEmulator, receiver: Receiver, clock: VirtualClock, group: str
    ) -> None:
        emulator.faults.add(f"push.{RECEIVE}", FaultKind.REORDER, nth=1)
        emulator.faults.add(f"push.{RECEIVE}", FaultKind.DUPLICATE, nth=4, seconds=2, count=2)
        emulator.faults.add(f"push.{RECEIVE}", FaultKind.DROP_ACK, nth=5)
        for word in "1234":  # the first is matched twice: held back, then sent
            await emulator.says("ou_alice", word, group)
            await emulator.settled()
        advance(clock, 5)
        await emulator.settled()
        advance(clock, 15)
        await emulator.settled()
        assert receiver.texts()[:2] == ["2", "1"]
        assert sorted(receiver.texts()[2:]) == ["3", "3", "3", "4", "4"]

    async def test_an_address_that_does_not_know_the_token_is_not_saved(
        self, emulator: FeishuEmulator, receiver: Receiver
    ) -> None:
        assert not await emulator.sets_webhook(receiver.url.replace("/hook", "/elsewhere"))
        assert emulator.webhook.event_url == receiver.url

    async def test_what_is_taken_back_before_it_is_delivered_comes_empty(
        self, emulator: FeishuEmulator, receiver: Receiver, clock: VirtualClock, group: str
    ) -> None:
        receiver.answers = refusing(1)
        message = await emulator.says("ou_alice", "geheim", group)
        await emulator.settled()
        await emulator.recalls(message)
        advance(clock, 15)
        await emulator.settled()
        contents = [text(table(one, "message"), "content") for one in receiver.events(RECEIVE)]
        assert contents == ['{"text":"geheim"}', ""]


class TestEvents:
    """One of each kind."""

    async def test_the_envelope_is_that_of_the_second_version(
        self, emulator: FeishuEmulator, receiver: Receiver, clock: VirtualClock, group: str
    ) -> None:
        await emulator.says("ou_alice", "1", group)
        await emulator.settled()
        [envelope] = receiver.envelopes
        header = table(envelope, "header")
        assert (envelope["schema"], header["token"], header["app_id"]) == ("2.0", APP.verification_token, APP.app_id)
        assert header["create_time"] == str(to_ms(clock.now()))

    async def test_clicks_count_in_microseconds(self, emulator: FeishuEmulator, api: Api, receiver: Receiver) -> None:
        sent = await api.send("ou_bob", CARD, kind="interactive")
        receiver.answers = lambda _: web.json_response({})
        await emulator.clicks("ou_bob", text(sent.data, "message_id"), "已回复")
        assert len(text(table(receiver.envelopes[-1], "header"), "create_time")) == 16

    async def test_everything_that_happens_is_told(
        self, emulator: FeishuEmulator, api: Api, receiver: Receiver, group: str
    ) -> None:
        message = await emulator.says("ou_alice", "1", group)
        await emulator.recalls(message)
        sent = text((await api.send("ou_bob", {"text": "hi"})).data, "message_id")
        await emulator.reads("ou_bob")
        reaction = await emulator.reacts("ou_bob", sent, "DONE")
        await emulator.removes_reaction(sent, reaction)
        await emulator.enters("ou_bob")
        await emulator.presses_menu("ou_bob", "todo")
        emulator.joins("ou_carol", group)
        emulator.leaves("ou_carol", group)
        emulator.renames(group, "新名")
        emulator.removes_bot(group)
        emulator.adds_bot(group)
        emulator.dissolves(group)
        emulator.add_department("od-new", "新部门")
        emulator.add_department("od-new", "改名")
        emulator.remove_department("od-new")
        emulator.add_person("ou_new", "新人", "od-dev")
        emulator.change_person("ou_new", status=PersonStatus.FROZEN)
        emulator.remove_person("ou_new")
        emulator.limits_contacts(["od-dev"])
        await emulator.settled()
        assert set(types(receiver)) == {
            RECEIVE, "im.message.recalled_v1", "im.message.message_read_v1", "im.message.reaction.created_v1",
            "im.message.reaction.deleted_v1", "im.chat.access_event.bot_p2p_chat_entered_v1", "application.bot.menu_v6",
            "im.chat.member.user.added_v1", "im.chat.member.user.deleted_v1", "im.chat.updated_v1",
            "im.chat.member.bot.added_v1", "im.chat.member.bot.deleted_v1", "im.chat.disbanded_v1",
            "contact.department.created_v3", "contact.department.updated_v3", "contact.department.deleted_v3",
            "contact.user.created_v3", "contact.user.updated_v3", "contact.user.deleted_v3", "contact.scope.updated_v3",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("scopes", "act", "event"),
        [
            (["im:message"], lambda e, _: e.recalls(next(iter(e.state.messages))), "im.message.recalled_v1"),
            (["im:chat", "im:chat.members:bot_access"], lambda e, g: e.removes_bot(g), "im.chat.member.bot.deleted_v1"),
            (["im:chat"], lambda e, g: e.joins("ou_carol", g), "im.chat.member.user.added_v1"),
            (["im:chat"], lambda e, g: e.renames(g, "x"), "im.chat.updated_v1"),
            (["im:chat"], lambda e, g: e.dissolves(g), "im.chat.disbanded_v1"),
            (["contact:contact.base:readonly"], lambda e, _: e.remove_person("ou_dave"), "contact.user.deleted_v3"),
            ([], lambda e, g: e.dissolves(g, keeps_history=True), "im.chat.disbanded_v1"),
        ],
    )
    async def test_without_its_scope_or_reason_an_event_is_not_sent(
        self,
        emulator: FeishuEmulator,
        receiver: Receiver,
        group: str,
        scopes: list[str],
        act: Callable[[FeishuEmulator, str], Awaitable[None] | None],
        event: str,
    ) -> None:
        await emulator.says("ou_alice", "1", group)
        for scope in scopes:
            emulator.revokes(scope)
        done = act(emulator, group)
        if done is not None:
            await done
        await emulator.settled()
        assert event not in types(receiver)

    async def test_what_nobody_subscribed_to_does_not_come(
        self, emulator: FeishuEmulator, receiver: Receiver, group: str
    ) -> None:
        emulator.unsubscribes(RECEIVE)
        await emulator.says("ou_alice", "1", group)
        emulator.unsubscribes(RECEIVE, is_subscribed=True)
        await emulator.says("ou_alice", "2", group)
        await emulator.settled()
        assert receiver.texts() == ["2"]

    async def test_the_scopes_decide_which_messages_arrive(
        self, emulator: FeishuEmulator, receiver: Receiver, group: str
    ) -> None:
        emulator.revokes("im:message.group_msg")
        await emulator.says("ou_alice", "1", group)
        await emulator.says("ou_alice", [MentionBot(), " 2"], group)
        emulator.revokes("im:message.group_at_msg:readonly")
        await emulator.says("ou_alice", [MentionBot(), " 3"], group)
        await emulator.says("ou_alice", "4")
        await emulator.settled()
        assert sorted(receiver.texts()) == ["4", "@_user_1 2"]

    async def test_another_apps_bot_is_heard_only_when_it_names_ours_and_a_scope_allows_it(
        self, emulator: FeishuEmulator, receiver: Receiver, group: str
    ) -> None:
        await emulator.bot_says("审批", [MentionBot(), " 1"], group)
        emulator.grants("im:message.group_at_msg.include_bot:readonly")
        await emulator.bot_says("审批", "2", group)
        await emulator.bot_says("审批", [MentionBot(), " 3"], group)
        await emulator.settled()
        assert receiver.texts() == ["@_user_1 3"]
        assert table(receiver.events(RECEIVE)[0], "sender")["sender_type"] == "bot"
        assert emulator.chat_as_seen("ou_bob", group).messages[-1].sender_name == "审批"

    async def test_the_bots_own_reaction_is_told_as_the_apps(
        self, emulator: FeishuEmulator, api: Api, receiver: Receiver, group: str
    ) -> None:
        message = await emulator.says("ou_alice", "1", group)
        body: Json = {"reaction_type": {"emoji_type": "DONE"}}
        await api.call("POST", f"/open-apis/im/v1/messages/{message}/reactions", body)
        await emulator.settled()
        [event] = receiver.events("im.message.reaction.created_v1")
        assert (event["operator_type"], event["app_id"], "user_id" in event) == ("app", APP.app_id, False)

    @pytest.mark.parametrize("tells", [True, False])
    async def test_a_group_of_our_own_causes_the_bot_added_event_or_not(
        self, emulator: FeishuEmulator, api: Api, receiver: Receiver, tells: bool
    ) -> None:
        emulator.change_options(tells_of_own_groups=tells)
        await api.call("POST", "/open-apis/im/v1/chats", {"name": "组", "user_id_list": ["ou_bob"]})
        await emulator.settled()
        events = receiver.events("im.chat.member.bot.added_v1")
        assert [table(one, "operator_id")["open_id"] for one in events] == (["ou_bot"] if tells else [])

    async def test_a_new_owner_is_an_update_without_a_name(
        self, emulator: FeishuEmulator, api: Api, receiver: Receiver
    ) -> None:
        made = await api.call("POST", "/open-apis/im/v1/chats", {"name": "组", "user_id_list": ["ou_bob"]})
        await api.call("PUT", f"/open-apis/im/v1/chats/{made.data['chat_id']}", {"owner_id": "ou_bob"})
        await emulator.settled()
        [event] = receiver.events("im.chat.updated_v1")
        assert table(table(event, "after_change"), "owner_id")["open_id"] == "ou_bob"
        assert "name" not in table(event, "after_change")

    async def test_people_outside_the_contact_range_are_not_spoken_of(
        self, emulator: FeishuEmulator, receiver: Receiver
    ) -> None:
        emulator.limits_contacts(["od-dev", "ou_alice"])
        emulator.change_person("ou_alice", title="总监")
        emulator.change_person("ou_dave", title="组长")
        emulator.add_person("ou_new", "新人", "od-sales")
        await emulator.settled()
        told = [table(one, "object")["open_id"] for one in receiver.events("contact.user.updated_v3")]
        assert sorted(map(str, told)) == ["ou_alice", "ou_dave"]
        assert receiver.events("contact.user.created_v3") == []

    async def test_field_scopes_filter_directory_events_too(self, emulator: FeishuEmulator, receiver: Receiver) -> None:
        emulator.revokes("contact:user.employee:readonly")
        emulator.change_person("ou_bob", title="组长")
        await emulator.settled()
        [event] = receiver.events("contact.user.updated_v3")
        assert "job_title" not in table(event, "object")
        assert table(event, "object")["name"] == "张三"

    async def test_an_external_group_says_so_and_its_guests_belong_elsewhere(
        self, emulator: FeishuEmulator, api: Api, receiver: Receiver
    ) -> None:
        emulator.add_person("ou_guest", "客户", "", guest_of="tk2")
        chat = emulator.add_group("客户群", ["ou_alice", "ou_guest"], is_external=True)
        await emulator.says("ou_guest", "你好", chat)
        await emulator.settled()
        assert receiver.events("im.chat.member.bot.added_v1")[0]["external"] is True
        assert table(receiver.events(RECEIVE)[0], "sender")["tenant_key"] == "tk2"
        assert (await api.send(chat, {"text": "hi"})).code == 230027
        assert (await api.send("ou_guest", {"text": "hi"})).code == 230038
        emulator.change_options(shares_outside=True)
        assert (await api.send(chat, {"text": "hi"})).code == 0
        listed = rows((await api.call("GET", "/open-apis/im/v1/chats")).data, "items")
        assert [one["external"] for one in listed] == [True]
