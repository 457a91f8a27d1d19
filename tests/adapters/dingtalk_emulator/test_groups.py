"""Groups: both ways to make one, members, the robot in them, and the events of each (dingtalk.md 2.6, 5)."""

from __future__ import annotations

import pytest

from adapters._emulator.wire_json import Json, table, text
from adapters.dingtalk.emulator import ClickRefused, DingTalkEmulator
from tests.adapters.dingtalk_emulator.rig import APP, Api, Line

PLAIN: Json = {"name": "联调", "owner": "u1001", "ownerType": "emp", "useridlist": ["u1002"], "conversationTag": 2}
SCENE: Json = {
    "title": "联调",
    "template_id": APP.group_template_id,
    "owner_user_id": "u1001",
    "user_ids": ["u1001", "u1002"],
    "uuid": "room-42",
}


async def make_plain(api: Api, **change: object) -> Json:
    return (await api.call("POST", "/v1.0/im/group/create", PLAIN | change)).body


async def make_scene(api: Api, **change: object) -> Json:
    return (await api.call("POST", "/v1.0/im/sceneGroup/create", SCENE | change)).body


class TestPlainGroups:
    """/v1.0/im/group: no key against repetition, no robot."""

    async def test_a_repeated_call_makes_a_second_group_without_the_robot(
        self, emulator: DingTalkEmulator, api: Api
    ) -> None:
        first, second = await make_plain(api), await make_plain(api)
        assert first["openConversationId"] != second["openConversationId"]
        seen = emulator.chat_as_seen("u1002", text(first, "openConversationId"))
        assert (seen.name, seen.owner, seen.has_bot) == ("联调", "u1001", False)
        assert [account for account, _ in seen.members] == ["u1001", "u1002"]

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"name": "一" * 21}, "InvalidParameter"),
            ({"name": ""}, "Missingname"),
            ({"owner": "nobody"}, "permession.checkFailed"),
            ({"useridlist": ["nobody"]}, "invalid.userId"),
            ({"useridlist": []}, "Missinguseridlist"),
            ({"conversationTag": 0}, "permession.checkFailed"),
            ({"managementOptions": {"mention_all": 1}}, "InvalidParameter"),
            ({"users": ["u1002"]}, "InvalidParameter"),
        ],
    )
    async def test_a_wrong_group_is_refused_by_name(
        self, emulator: DingTalkEmulator, api: Api, change: Json, code: str
    ) -> None:
        assert (await make_plain(api, **change))["code"] == code
        assert emulator.what_sees("u1001") == []

    async def test_it_is_changed_by_its_legacy_id(self, emulator: DingTalkEmulator, api: Api, line: Line) -> None:
        made = await make_plain(api)
        chat = text(made, "openConversationId")
        change: Json = {
            "chatid": made["chatid"],
            "name": "新名",
            "owner": "u1003",
            "add_useridlist": ["u1003", "u1004"],
            "del_useridlist": ["u1002"],
        }
        assert (await api.call("POST", "/v1.0/im/group/update", change)).status == 200
        await emulator.settled()
        seen = emulator.chat_as_seen("u1003", chat)
        assert (seen.name, seen.owner) == ("新名", "u1003")
        assert [account for account, _ in seen.members] == ["u1001", "u1003", "u1004"]
        assert [line.events("chat_add_member")[0]["userId"], line.events("chat_remove_member")[0]["userId"]] == [
            ["u1003", "u1004"],
            ["u1002"],
        ]
        assert line.events("chat_update_title")[0]["title"] == "新名"
        assert line.events("chat_update_owner")[0]["owner"] == "u1003"
        assert (await api.call("POST", "/v1.0/im/group/update", {"chatid": chat})).code == "invalid.chatId"

    async def test_the_legacy_call_shows_its_members(self, api: Api) -> None:
        made = await make_plain(api)
        reply = await api.legacy("/chat/get", query=[("chatid", text(made, "chatid"))])
        info = table(reply.body, "chat_info")
        assert (info["useridlist"], info["owner"], info["openConversationId"]) == (
            ["u1001", "u1002"],
            "u1001",
            made["openConversationId"],
        )
        path = f"/v1.0/im/chat/{made['chatid']}/convertToOpenConversationId"
        assert (await api.call("POST", path, {})).body["openConversationId"] == made["openConversationId"]


class TestSceneGroups:
    """/v1.0/im/sceneGroup: a key against repetition, and the robot where the template has it."""

    @pytest.mark.parametrize("brings", [True, False])
    async def test_the_same_key_gives_the_same_group(self, emulator: DingTalkEmulator, api: Api, brings: bool) -> None:
        emulator.change_options(template_brings_robot=brings)
        first, second, other = await make_scene(api), await make_scene(api), await make_scene(api, uuid="room-43")
        assert first == second
        assert first["open_conversation_id"] != other["open_conversation_id"]
        assert emulator.chat_as_seen("u1002", text(first, "open_conversation_id")).has_bot is brings

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"template_id": "none"}, "template.notExist"),
            ({"title": "一" * 31}, "InvalidParameter"),
            ({"owner_user_id": "nobody"}, "permession.checkFailed"),
            ({"subadmin_ids": ["nobody"]}, "invalid.userId"),
        ],
    )
    async def test_a_wrong_group_is_refused_by_name(self, api: Api, change: Json, code: str) -> None:
        assert (await make_scene(api, **change))["code"] == code

    async def test_members_come_and_go_and_are_listed_in_pages(
        self, emulator: DingTalkEmulator, api: Api, line: Line
    ) -> None:
        chat = text(await make_scene(api), "open_conversation_id")
        body: Json = {"open_conversation_id": chat, "user_ids": ["u1003"]}
        assert (await api.call("POST", "/v1.0/im/sceneGroup/member/add", body)).status == 200
        page: Json = {"openConversationId": chat, "maxResults": 2}
        first = (await api.call("POST", "/v1.0/im/sceneGroups/members/batchQuery", page)).body
        assert (first["memberUserIds"], first["hasMore"]) == (["u1001", "u1002"], True)
        rest = page | {"nextToken": first["nextToken"]}
        last = (await api.call("POST", "/v1.0/im/sceneGroups/members/batchQuery", rest)).body
        assert (last["memberUserIds"], last["hasMore"]) == (["u1003"], False)
        owner = body | {"user_ids": ["u1001"]}
        assert (await api.call("POST", "/v1.0/im/sceneGroup/member/delete", owner)).status == 400
        assert (await api.call("POST", "/v1.0/im/sceneGroup/member/delete", body)).status == 200
        await emulator.settled()
        assert [line.events(kind)[0]["userId"] for kind in ("chat_add_member", "chat_remove_member")] == [["u1003"]] * 2

    async def test_managers_are_made_and_unmade(self, emulator: DingTalkEmulator, api: Api) -> None:
        chat = text(await make_scene(api, subadmin_ids=["u1003"]), "open_conversation_id")
        change: Json = {"openConversationId": chat, "userIds": ["u1002"], "role": 2}
        assert (await api.call("PUT", "/v1.0/im/sceneGroups/subAdmins", change)).status == 200
        assert emulator.state.chats[chat].managers == ["u1003", "u1002"]
        change |= {"userIds": ["u1003"], "role": 3}
        assert (await api.call("POST", "/v1.0/im/subAdministrators", change)).status == 200
        assert emulator.state.chats[chat].managers == ["u1002"]
        change |= {"userIds": ["u1004"]}
        assert (await api.call("POST", "/v1.0/im/subAdministrators", change)).code == "invalid.userId"

    async def test_a_thousand_people_fit_in(self, emulator: DingTalkEmulator, api: Api) -> None:
        crowd = [f"c{number}" for number in range(999)]
        for account in crowd:
            emulator.add_person(account, account, "10")
        chat = text(await make_scene(api, user_ids=crowd[:998]), "open_conversation_id")
        body: Json = {"open_conversation_id": chat, "user_ids": crowd[998:]}
        assert (await api.call("POST", "/v1.0/im/sceneGroup/member/add", body)).status == 200
        body["user_ids"] = ["u1002"]
        assert (await api.call("POST", "/v1.0/im/sceneGroup/member/add", body)).code == "chat.member.limit"

    async def test_it_is_renamed_looked_at_and_ended(self, emulator: DingTalkEmulator, api: Api, line: Line) -> None:
        chat = text(await make_scene(api), "open_conversation_id")
        await api.call("POST", "/v1.0/im/sceneGroup/update", {"open_conversation_id": chat, "title": "新名"})
        info = (await api.call("POST", "/v1.0/im/sceneGroups/query", {"openConversationId": chat})).body
        assert (info["title"], info["ownerUserId"]) == ("新名", "u1001")
        await api.call("POST", "/v1.0/im/chat/scenegroup/disband", {"openConversationId": chat})
        await emulator.settled()
        assert line.events("chat_disband")[0]["openConversationId"] == chat
        assert emulator.what_sees("u1001") == []

    async def test_these_calls_know_no_plain_groups(self, api: Api, group: str) -> None:
        reply = await api.call("POST", "/v1.0/im/sceneGroups/query", {"openConversationId": group})
        assert reply.code == "invalid.openConversationId"


class TestTheRobotInGroups:
    """How it comes in, and how one sees whether it is there."""

    async def test_it_is_added_by_the_call_that_no_page_describes_or_not_at_all(
        self, emulator: DingTalkEmulator, api: Api
    ) -> None:
        chat = text(await make_plain(api), "openConversationId")
        body: Json = {"openConversationId": chat, "robotCode": APP.robot}
        asked: Json = {"openConversationId": chat}
        emulator.change_options(adds_robot_by_api=False, lists_robot_groups=False)
        assert (await api.call("POST", "/v1.0/robot/groups/orgRobots/add", body)).status == 404
        assert (await api.call("POST", "/v1.0/robot/installed/groups/query", {"robotCode": APP.robot})).status == 404
        assert (await api.call("POST", "/v1.0/robot/groups/robots/query", asked)).body["chatbotInstanceVOList"] == []
        emulator.change_options(adds_robot_by_api=True, lists_robot_groups=True)
        assert (await api.call("POST", "/v1.0/robot/groups/orgRobots/add", body)).status == 200
        reply = await api.call("POST", "/v1.0/robot/installed/groups/query", {"robotCode": APP.robot})
        assert (reply.body["openConversationIds"], reply.body["hasMore"]) == ([chat], False)

    async def test_nothing_tells_it_that_it_came_or_went(
        self, emulator: DingTalkEmulator, line: Line, group: str
    ) -> None:
        emulator.removes_bot(group)
        emulator.adds_bot(group)
        await emulator.settled()
        assert line.frames == []

    async def test_it_does_not_go_into_groups_with_other_companies(self, emulator: DingTalkEmulator) -> None:
        chat = emulator.add_group("外部", ["u1001", "x1"], with_bot=False, is_external=True)
        with pytest.raises(ClickRefused):
            emulator.adds_bot(chat)


class TestEvents:
    """What people do to groups."""

    async def test_each_deed_has_its_event(self, emulator: DingTalkEmulator, line: Line, group: str) -> None:
        emulator.joins("u1003", group, operator="u1001")
        emulator.leaves("u1003", group)
        emulator.leaves("u1002", group, operator="u1001")
        emulator.renames(group, "新名")
        emulator.hands_over(group, "u1001")
        emulator.dissolves(group)
        await emulator.settled()
        kinds = [text(table(frame, "headers"), "eventType") for frame in line.frames]
        assert kinds == ["chat_add_member", "chat_quit", "chat_remove_member", "chat_update_title", "chat_disband"]
        [added] = line.events("chat_add_member")
        assert (added["openConversationId"], added["operator"], added["unionId"]) == (group, "u1001", ["unu1003iEiE"])
        assert text(added, "chatId").startswith("chat")

    async def test_under_one_reading_only_groups_of_the_app_are_told_of(
        self, emulator: DingTalkEmulator, api: Api, line: Line, group: str
    ) -> None:
        emulator.change_options(tells_of_all_groups=False)
        made = text(await make_plain(api), "openConversationId")
        for chat in (group, made):
            emulator.joins("u1003", chat)
        emulator.unsubscribes("chat_update_title")
        emulator.renames(made, "新名")
        await emulator.settled()
        assert [event["openConversationId"] for event in line.events("chat_add_member")] == [made]
        assert line.events("chat_update_title") == []
