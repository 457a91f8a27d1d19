"""Sending, replying, updating, urging and reading, with the platform's limits and refusals (feishu.md 5)."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import timedelta

import pytest

from adapters._emulator.wire_json import Json, rows, table, text
from adapters.feishu.emulator import FeishuEmulator, PersonStatus
from bot.clock import VirtualClock, to_ms
from tests.adapters.feishu_emulator.rig import CARD, START, Api, advance

MESSAGES = "/open-apis/im/v1/messages"


@pytest.fixture
def group(emulator: FeishuEmulator) -> str:
    return emulator.add_group("联调群", ["ou_alice", "ou_bob"])


async def test_a_text_resolves_mentions_and_answers_with_the_stored_message(
    emulator: FeishuEmulator, api: Api, group: str
) -> None:
    reply = await api.send(group, {"text": '<at user_id="ou_bob">x</at> 看 <at user_id="ou_bob"></at>, <b>now</b>'})
    assert reply.data["body"] == {"content": '{"text":"@_user_1 看 @_user_1, <b>now</b>"}'}
    assert [one["id"] for one in rows(reply.data, "mentions")] == ["ou_bob"]
    assert table(reply.data, "sender")["sender_type"] == "app"
    seen = emulator.chat_as_seen("ou_alice", group).messages[-1]
    assert (seen.text, seen.mentions, seen.mentions_all) == ("@张三 看 @张三, now", ("ou_bob",), False)


async def test_a_mention_of_everybody_is_one_and_settings_can_forbid_it(
    emulator: FeishuEmulator, api: Api, group: str
) -> None:
    said: Json = {"text": '<at user_id="all"></at> 注意'}
    assert (await api.send(group, said)).code == 0
    seen = emulator.chat_as_seen("ou_bob", group).messages[-1]
    assert (seen.text, seen.mentions_all) == ("@所有人 注意", True)
    emulator.state.chats[group].settings["at_all_permission"] = "only_owner"
    assert (await api.send(group, said)).code == 230018


async def test_a_mention_of_nobody_stays_what_was_written(emulator: FeishuEmulator, api: Api, group: str) -> None:
    await api.send(group, {"text": '<at user_id="ou_nobody">N</at>'})
    seen = emulator.chat_as_seen("ou_bob", group).messages[-1]
    assert (seen.text, seen.mentions) == ('<at user_id="ou_nobody">N</at>', ())


async def test_a_post_is_kept_unwrapped_and_read_line_by_line(emulator: FeishuEmulator, api: Api, group: str) -> None:
    post: Json = {
        "zh_cn": {
            "title": "周报",
            "content": [
                [{"tag": "text", "text": "请 "}, {"tag": "at", "user_id": "ou_bob"}],
                [{"tag": "md", "text": "**完成** [链接](https://x.example)"}],
            ],
        }
    }
    reply = await api.send(group, post, kind="post")
    assert json.loads(text(table(reply.data, "body"), "content"))["title"] == "周报"
    assert emulator.chat_as_seen("ou_bob", group).messages[-1].text == "周报\n请 @张三\n完成 链接"
    broken = deepcopy(post)
    table(broken, "zh_cn")["content"] = [[{"tag": "blink", "text": "x"}]]
    assert (await api.send(group, broken, kind="post")).code == 230001


async def test_one_key_makes_one_message_within_the_hour(
    emulator: FeishuEmulator, api: Api, clock: VirtualClock, group: str
) -> None:
    first = await api.send(group, {"text": "1"}, uuid="sla-17")
    advance(clock, 3599)
    assert (await api.send(group, {"text": "1"}, uuid="sla-17")).data["message_id"] == first.data["message_id"]
    advance(clock, 1)
    await api.log_in()
    assert (await api.send(group, {"text": "1"}, uuid="sla-17")).data["message_id"] != first.data["message_id"]
    assert len(emulator.visible_duplicates()) == 1
    assert (await api.send(group, {"text": "1"}, uuid="x" * 51)).code == 99992402


async def test_five_messages_a_second_go_into_a_group_and_the_sixth_does_not(
    api: Api, clock: VirtualClock, group: str
) -> None:
    codes = [(await api.send(group, {"text": str(n)})).code for n in range(6)]
    assert codes == [0, 0, 0, 0, 0, 230020]
    assert (await api.send("ou_bob", {"text": "another target"})).code == 0
    advance(clock, 1)
    assert (await api.send(group, {"text": "later"})).code == 0


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda e, g: e.removes_bot(g), 230002),
        (lambda e, g: e.dissolves(g), 232009),
        (lambda e, g: e.state.chats[g].settings.update(moderation_setting="only_owner"), 230035),
    ],
)
async def test_a_group_that_cannot_be_written_to_says_why(
    emulator: FeishuEmulator, api: Api, group: str, prepare: object, code: int
) -> None:
    assert callable(prepare)
    prepare(emulator, group)
    assert (await api.send(group, {"text": "hi"})).code == code


async def test_a_person_who_cannot_be_written_to_says_why(emulator: FeishuEmulator, api: Api) -> None:
    emulator.remove_person("ou_dave")
    emulator.makes_unavailable("ou_carol")
    emulator.state.people["ou_bob"].has_stopped_bot = True
    wanted = {"ou_dave": 230029, "ou_carol": 230013, "ou_bob": 230053, "ou_nobody": 99992351, "x": 230034}
    assert {one: (await api.send(one, {"text": "hi"})).code for one in wanted} == wanted


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"msg_type": "text", "content": {"text": "an object"}}, 230001),
        ({"msg_type": "text", "content": "no json"}, 230001),
        ({"msg_type": "text", "content": json.dumps({"text": "x" * 150 * 1024})}, 230025),
        ({"msg_type": "interactive", "content": json.dumps(CARD | {"x": "y" * 30 * 1024})}, 230025),
        ({"msg_type": "hologram", "content": "{}"}, 230001),
        ({"msg_type": "image", "content": '{"image_key":"img_unknown"}'}, 230001),
    ],
)
async def test_content_that_the_platform_does_not_take_is_refused(api: Api, group: str, body: Json, code: int) -> None:
    reply = await api.call("POST", MESSAGES, {"receive_id": group} | body, query=[("receive_id_type", "chat_id")])
    assert (reply.status, reply.code) == (400, code)


async def test_a_reply_names_its_parent_and_the_head_of_its_chain(
    emulator: FeishuEmulator, api: Api, group: str
) -> None:
    head = await emulator.says("ou_alice", "接口文档？", group)
    answer = await emulator.says("ou_bob", "在写", group, reply_to=head)
    body: Json = {"msg_type": "text", "content": '{"text":"好"}'}
    reply = await api.call("POST", f"{MESSAGES}/{answer}/reply", body)
    assert (reply.data["parent_id"], reply.data["root_id"]) == (answer, head)
    threaded = await api.call("POST", f"{MESSAGES}/{answer}/reply", body | {"reply_in_thread": True})
    assert text(threaded.data, "thread_id").startswith("omt_")
    await emulator.recalls(answer)
    assert (await api.call("POST", f"{MESSAGES}/{answer}/reply", body)).code == 230011
    assert (await api.call("POST", f"{MESSAGES}/om_none/reply", body)).code == 99992354


class TestCards:
    """Updating a card, by the rules of feishu.md 4.4."""

    async def patch(self, api: Api, message: str, card: Json) -> object:
        return (await api.call("PATCH", f"{MESSAGES}/{message}", {"content": json.dumps(card)})).code

    async def sent(self, api: Api, target: str, card: Json = CARD) -> str:
        return text((await api.send(target, card, kind="interactive")).data, "message_id")

    async def test_a_patched_card_shows_its_new_words(self, emulator: FeishuEmulator, api: Api, group: str) -> None:
        message = await self.sent(api, group)
        done = deepcopy(CARD)
        table(done, "header")["template"] = "green"
        assert await self.patch(api, message, done) == 0
        card = emulator.message_as_seen(message).card
        assert card is not None
        assert card.colour == "green"

    async def test_a_card_is_too_old_after_fourteen_days(self, api: Api, clock: VirtualClock, group: str) -> None:
        message = await self.sent(api, group)
        clock.move(START + timedelta(days=14))
        await api.log_in()
        assert await self.patch(api, message, CARD) == 0
        clock.move(START + timedelta(days=14, seconds=2))
        assert await self.patch(api, message, CARD) == 230031

    async def test_five_updates_a_second_and_no_sixth(self, api: Api, group: str) -> None:
        message = await self.sent(api, group)
        assert [await self.patch(api, message, CARD) for _ in range(6)] == [0, 0, 0, 0, 0, 230020]

    async def test_versions_do_not_mix_and_version_one_must_be_shared(self, api: Api, group: str) -> None:
        old: Json = {"config": {"update_multi": True}, "elements": [{"tag": "markdown", "content": "x"}]}
        message = await self.sent(api, group, old)
        reply = await api.call("PATCH", f"{MESSAGES}/{message}", {"content": json.dumps(CARD)})
        assert reply.code == 230099
        assert "ErrCode: 200800" in text(reply.body, "msg")
        lonely = await self.sent(api, group, {"elements": []})
        assert await self.patch(api, lonely, old) == 230001

    async def test_only_own_living_cards_can_be_updated(self, emulator: FeishuEmulator, api: Api, group: str) -> None:
        said = await emulator.says("ou_bob", "hi", group)
        assert await self.patch(api, said, CARD) == 230012
        plain = text((await api.send(group, {"text": "x"})).data, "message_id")
        assert await self.patch(api, plain, CARD) == 230001
        card = await self.sent(api, group)
        assert (await api.call("DELETE", f"{MESSAGES}/{card}")).code == 0
        assert await self.patch(api, card, CARD) == 230011


async def test_urgent_rings_for_members_and_names_the_others(emulator: FeishuEmulator, api: Api, group: str) -> None:
    message = text((await api.send(group, {"text": "紧急"})).data, "message_id")
    path = f"{MESSAGES}/{message}/urgent_app"
    query = [("user_id_type", "open_id")]
    reply = await api.call("PATCH", path, {"user_id_list": ["ou_bob", "ou_dave", "ou_none"]}, query=query)
    assert reply.data == {"invalid_user_id_list": ["ou_dave", "ou_none"]}
    assert emulator.message_as_seen(message, by="ou_bob").is_urgent
    assert not emulator.message_as_seen(message, by="ou_alice").is_urgent
    await emulator.reads("ou_bob", group)
    assert not emulator.message_as_seen(message, by="ou_bob").is_urgent
    emulator.state.chats[group].settings["urgent_setting"] = "only_owner"
    assert (await api.call("PATCH", path, {"user_id_list": ["ou_bob"]}, query=query)).code == 230052
    said = await emulator.says("ou_bob", "hi", group)
    assert (await api.call("PATCH", f"{MESSAGES}/{said}/urgent_app", {"user_id_list": ["ou_bob"]})).code == 230012


async def test_a_user_may_hold_two_hundred_unread_urgent_messages(
    emulator: FeishuEmulator, api: Api, group: str
) -> None:
    emulator.change_options(enforces_rates=False)
    codes: list[object] = []
    for number in range(201):
        message = text((await api.send(group, {"text": str(number)})).data, "message_id")
        codes.append((await api.call("PATCH", f"{MESSAGES}/{message}/urgent_app", {"user_id_list": ["ou_bob"]})).code)
    assert codes == [0] * 200 + [230023]


async def test_history_comes_in_pages_within_seconds_and_shows_edits_and_recalls(
    emulator: FeishuEmulator, api: Api, clock: VirtualClock, group: str
) -> None:
    first = await emulator.says("ou_alice", "一", group)
    advance(clock, 60)
    second = await emulator.says("ou_bob", "二", group)
    await emulator.edits(second, "贰")
    await emulator.recalls(first)
    query = [("container_id_type", "chat"), ("container_id", group), ("page_size", "1")]
    page = await api.call("GET", MESSAGES, query=query)
    assert (page.data["has_more"], rows(page.data, "items")[0]["deleted"]) == (True, True)
    page = await api.call("GET", MESSAGES, query=[*query, ("page_token", text(page.data, "page_token"))])
    item = rows(page.data, "items")[0]
    assert (item["msg_type"], item["updated"], item["body"]) == ("text", True, {"content": '{"text":"贰"}'})
    assert item["create_time"] == str(to_ms(START) + 60_000)
    late = [*query[:2], ("start_time", str(int(START.timestamp()) + 30)), ("sort_type", "ByCreateTimeDesc")]
    assert [one["message_id"] for one in rows((await api.call("GET", MESSAGES, query=late)).data, "items")] == [second]
    emulator.revokes("im:message.group_msg")
    assert (await api.call("GET", MESSAGES, query=query)).code == 230027


async def test_readers_of_a_message_are_listed_for_a_week(
    emulator: FeishuEmulator, api: Api, clock: VirtualClock, group: str
) -> None:
    message = text((await api.send(group, {"text": "x"})).data, "message_id")
    assert await emulator.reads("ou_bob", group) == [message]
    path = f"{MESSAGES}/{message}/read_users"
    query = [("user_id_type", "open_id")]
    assert [one["user_id"] for one in rows((await api.call("GET", path, query=query)).data, "items")] == ["ou_bob"]
    clock.move(START + timedelta(days=8))
    await api.log_in()
    assert (await api.call("GET", path, query=query)).code == 230033


async def test_the_bot_marks_and_unmarks_a_message(emulator: FeishuEmulator, api: Api, group: str) -> None:
    said = await emulator.says("ou_bob", "hi", group)
    done: Json = {"reaction_type": {"emoji_type": "DONE"}}
    reply = await api.call("POST", f"{MESSAGES}/{said}/reactions", done)
    assert emulator.message_as_seen(said).reactions == (("DONE", ""),)
    assert (await api.call("DELETE", f"{MESSAGES}/{said}/reactions/{reply.data['reaction_id']}")).code == 0
    assert emulator.message_as_seen(said).reactions == ()


async def test_recalling_has_its_window(emulator: FeishuEmulator, api: Api, clock: VirtualClock, group: str) -> None:
    message = text((await api.send(group, {"text": "x"})).data, "message_id")
    said = await emulator.says("ou_bob", "hi", group)
    assert (await api.call("DELETE", f"{MESSAGES}/{said}")).code == 230026
    advance(clock, 86401)
    await api.log_in()
    assert (await api.call("DELETE", f"{MESSAGES}/{message}")).code == 230009


def test_a_frozen_person_is_still_an_employee(emulator: FeishuEmulator) -> None:
    emulator.change_person("ou_bob", status=PersonStatus.FROZEN)
    assert emulator.state.people["ou_bob"].status is PersonStatus.FROZEN
