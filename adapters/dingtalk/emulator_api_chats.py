"""Calls about groups: plain ones, those from a group template, their members, and the robot in them (dingtalk.md 5)."""

from __future__ import annotations

from adapters._emulator.http_face import Call
from adapters._emulator.limits import SeenKeys
from adapters._emulator.wire_json import Json
from adapters.dingtalk.emulator_codes import LEGACY_BAD_PARAMETER, ApiError, LegacyError
from adapters.dingtalk.emulator_fields import known, may, may_list, may_table, must, must_list, one_of
from adapters.dingtalk.emulator_limits import (
    GROUP_NAME_CHARACTERS,
    GROUP_UUID_LIFE,
    MEMBERS,
    SCENE_TITLE_CHARACTERS,
    SUB_ADMINS,
)
from adapters.dingtalk.emulator_rooms import GroupIsFull, Rooms
from adapters.dingtalk.emulator_server import Route
from adapters.dingtalk.emulator_state import (
    CHAT_READ_SCOPE,
    CHAT_WRITE_SCOPE,
    SEND_SCOPE,
    EmulatedChat,
    State,
)

_PLAIN_SETTINGS = {
    "mentionAllAuthority", "showHistoryType", "validationType", "searchable", "chatBannedType", "managementType",
}  # fmt: skip
_SCENE_SETTINGS = {
    "mention_all_authority", "show_history_type", "validation_type", "searchable", "chat_banned_type",
    "management_type", "only_admin_can_ding", "only_admin_can_set_msg_top", "add_friend_forbidden",
    "group_live_switch", "members_to_admin_chat", "plugin_customize_verify",
}  # fmt: skip
_SCENE = {
    "title", "template_id", "owner_user_id", "user_ids", "subadmin_ids", "uuid", "icon", "management_options",
}  # fmt: skip
_FULL = "chat.member.limit"


class ChatsApi:
    """Both ways to make a group, and what can be done with one."""

    def __init__(self, state: State, rooms: Rooms) -> None:
        self._state = state
        self._rooms = rooms
        self._uuids = SeenKeys(GROUP_UUID_LIFE)

    def routes(self) -> list[Route]:
        """The calls of this file."""
        robot, im = "/v1.0/robot", "/v1.0/im"
        calls = (
            ("POST", f"{im}/group/create", "im.group.create", self._create, CHAT_WRITE_SCOPE),
            ("POST", f"{im}/group/update", "im.group.update", self._update, CHAT_WRITE_SCOPE),
            ("POST", f"{im}/subAdministrators", "im.subAdministrators", self._set_admins, CHAT_WRITE_SCOPE),
            ("POST", f"{im}/chat/:chat/convertToOpenConversationId", "im.chat.convert", self._convert, CHAT_READ_SCOPE),
            ("POST", f"{im}/sceneGroup/create", "im.sceneGroup.create", self._create_scene, CHAT_WRITE_SCOPE),
            ("POST", f"{im}/sceneGroup/update", "im.sceneGroup.update", self._update_scene, CHAT_WRITE_SCOPE),
            ("POST", f"{im}/sceneGroup/member/add", "im.sceneGroup.member.add", self._add, CHAT_WRITE_SCOPE),
            ("POST", f"{im}/sceneGroup/member/delete", "im.sceneGroup.member.delete", self._remove, CHAT_WRITE_SCOPE),
            ("POST", f"{im}/sceneGroups/query", "im.sceneGroups.query", self._info, CHAT_READ_SCOPE),
            ("POST", f"{im}/sceneGroups/members/batchQuery", "im.sceneGroups.members", self._members, CHAT_READ_SCOPE),
            (
                "PUT",
                f"{im}/sceneGroups/subAdmins",
                "im.sceneGroups.subAdmins",
                self._set_scene_admins,
                CHAT_WRITE_SCOPE,
            ),
            ("POST", f"{im}/chat/scenegroup/disband", "im.scenegroup.disband", self._disband, CHAT_WRITE_SCOPE),
            ("GET", "/chat/get", "chat.get", self._legacy_info, CHAT_READ_SCOPE),
            ("POST", f"{robot}/groups/robots/query", "robot.groups.robots.query", self._robots, CHAT_WRITE_SCOPE),
            ("POST", f"{robot}/groups/orgRobots/add", "robot.groups.orgRobots.add", self._add_robot, SEND_SCOPE),
            ("POST", f"{robot}/installed/groups/query", "robot.installed.groups", self._robot_groups, SEND_SCOPE),
        )
        return [
            Route(method=method, path=path, operation=operation, run=run, scopes=(scope,))
            for method, path, operation, run, scope in calls
        ]

    # ------------------------------------------------------------------ plain groups

    def _create(self, call: Call) -> Json:
        """POST /v1.0/im/group/create: there is no key that makes a repetition safe."""
        body = call.body
        known(
            body,
            {"name", "owner", "ownerType", "useridlist", "extidlist", "conversationTag", "icon", "managementOptions"},
        )
        name = must(body, "name", most=GROUP_NAME_CHARACTERS)
        one_of(body, "ownerType", ("emp", "ext"), default="emp")
        if one_of(body, "conversationTag", (0, 2), default=2) == 0:
            raise ApiError("permession.checkFailed", "ordinary groups are for the whitelist only")
        settings = _settings(may_table(body, "managementOptions"), _PLAIN_SETTINGS)
        owner = self._owner(must(body, "owner"))
        people = self._invited(must_list(body, "useridlist", most=MEMBERS - 1))
        chat = self._make(name=name, owner=owner, members=people, settings=settings)
        return {"openConversationId": chat.id, "chatid": chat.chat_id}

    def _update(self, call: Call) -> Json:
        """POST /v1.0/im/group/update: by the legacy id, of groups that create gave out."""
        body = call.body
        known(
            body,
            {
                "chatid", "name", "owner", "ownerType", "icon", "add_useridlist", "del_useridlist", "add_extidlist",
                "del_extidlist", "managementOptions",
            },
        )  # fmt: skip
        chat = self._state.chat_by_legacy_id(must(body, "chatid"))
        if chat is None or chat.is_dissolved:
            raise ApiError("invalid.chatId", "there is no such group")
        operator = chat.owner
        settings = _settings(may_table(body, "managementOptions"), _PLAIN_SETTINGS)
        added = self._invited(may_list(body, "add_useridlist"))
        removed = may_list(body, "del_useridlist")
        if chat.owner in removed:
            raise ApiError("owner.canNotBeRemoved", "the owner stays")
        name = may(body, "name")
        if len(name) > GROUP_NAME_CHARACTERS:
            raise ApiError("InvalidParameter", f"name has more than {GROUP_NAME_CHARACTERS} characters")
        owner = may(body, "owner")
        if owner:
            self._owner(owner)
        self._join(chat, added, operator=operator)
        self._rooms.remove_members(chat, removed, operator=operator)
        if name:
            self._rooms.rename(chat, name, operator=operator)
        if owner:
            self._join(chat, [owner], operator=operator)
            self._rooms.hand_over(chat, owner, operator=operator)
        chat.settings |= settings
        return {"openConversationId": chat.id}

    def _set_admins(self, call: Call) -> Json:
        """POST /v1.0/im/subAdministrators: role 2 makes them, 3 takes it away."""
        known(call.body, {"openConversationId", "userIds", "role"})
        chat = self._group(call.body, "openConversationId")
        people = self._inside(chat, must_list(call.body, "userIds", most=SUB_ADMINS))
        self._appoint(chat, people, is_on=one_of(call.body, "role", (2, 3), default=0) == 2)
        return {"success": True}

    def _convert(self, call: Call) -> Json:
        """POST /v1.0/im/chat/{chatId}/convertToOpenConversationId."""
        chat = self._state.chat_by_legacy_id(call.path["chat"])
        if chat is None:
            raise ApiError("invalid.chatId")
        return {"openConversationId": chat.id}

    # ------------------------------------------------------------------ groups from a template

    def _create_scene(self, call: Call) -> Json:
        """POST /v1.0/im/sceneGroup/create: the same `uuid` gives the same group again."""
        body = call.body
        known(body, _SCENE)
        title = must(body, "title", most=SCENE_TITLE_CHARACTERS)
        template = must(body, "template_id")
        if template not in self._state.group_templates:
            raise ApiError("template.notExist", f"there is no group template {template}")
        settings = _settings(may_table(body, "management_options"), _SCENE_SETTINGS)
        owner = self._owner(must(body, "owner_user_id"))
        people = self._invited(may_list(body, "user_ids"))
        admins = self._invited(may_list(body, "subadmin_ids"))
        uuid = may(body, "uuid")
        known_id = self._uuids.find(uuid, now=self._state.now()) if uuid else ""
        chat = self._state.chats.get(known_id)
        if chat is None:
            chat = self._make(
                name=title,
                owner=owner,
                members=[*people, *admins],
                settings=settings,
                template=template,
                with_bot=self._state.options.template_brings_robot,
            )
            self._appoint(chat, admins, is_on=True)
            if uuid:
                self._uuids.keep(uuid, chat.id, now=self._state.now())
        return {"open_conversation_id": chat.id, "chat_id": chat.chat_id}

    def _update_scene(self, call: Call) -> Json:
        """POST /v1.0/im/sceneGroup/update."""
        body = call.body
        known(body, {"open_conversation_id", "title", "owner_user_id", "icon", "management_options"})
        chat = self._scene(body, "open_conversation_id")
        title = may(body, "title")
        if len(title) > SCENE_TITLE_CHARACTERS:
            raise ApiError("InvalidParameter", f"title has more than {SCENE_TITLE_CHARACTERS} characters")
        if title:
            self._rooms.rename(chat, title, operator=chat.owner)
        if may(body, "owner_user_id"):
            self._rooms.hand_over(chat, self._owner(may(body, "owner_user_id")), operator=chat.owner)
        chat.settings |= _settings(may_table(body, "management_options"), _SCENE_SETTINGS)
        return {"success": True}

    def _add(self, call: Call) -> Json:
        """POST /v1.0/im/sceneGroup/member/add."""
        known(call.body, {"open_conversation_id", "user_ids"})
        chat = self._scene(call.body, "open_conversation_id")
        people = self._invited(must_list(call.body, "user_ids", most=MEMBERS - 1))
        self._join(chat, people, operator=chat.owner)
        return {"success": True}

    def _remove(self, call: Call) -> Json:
        """POST /v1.0/im/sceneGroup/member/delete."""
        known(call.body, {"open_conversation_id", "user_ids"})
        chat = self._scene(call.body, "open_conversation_id")
        people = must_list(call.body, "user_ids", most=MEMBERS - 1)
        if chat.owner in people:
            raise ApiError("owner.canNotBeRemoved", "the owner stays")
        self._rooms.remove_members(chat, people, operator=chat.owner)
        return {"success": True}

    def _info(self, call: Call) -> Json:
        """POST /v1.0/im/sceneGroups/query."""
        known(call.body, {"openConversationId", "coolAppCode"})
        chat = self._scene(call.body, "openConversationId")
        return {
            "success": True,
            "openConversationId": chat.id,
            "title": chat.name,
            "ownerUserId": chat.owner,
            "templateId": chat.template,
            "status": 1,
            "icon": "",
            "groupUrl": "",
        }

    def _members(self, call: Call) -> Json:
        """POST /v1.0/im/sceneGroups/members/batchQuery."""
        known(call.body, {"openConversationId", "coolAppCode", "maxResults", "nextToken"})
        chat = self._scene(call.body, "openConversationId")
        size = one_of(call.body, "maxResults", range(1, 1001), default=1000)
        start = may(call.body, "nextToken") or "0"
        if not start.isdigit() or not isinstance(size, int):
            raise ApiError("InvalidParameter", "nextToken")
        end = int(start) + size
        more = end < len(chat.members)
        return {
            "success": True,
            "memberUserIds": chat.members[int(start) : end],
            "hasMore": more,
            "nextToken": str(end) if more else "",
        }

    def _set_scene_admins(self, call: Call) -> Json:
        """PUT /v1.0/im/sceneGroups/subAdmins."""
        known(call.body, {"openConversationId", "userIds", "unionIds", "role"})
        chat = self._scene(call.body, "openConversationId")
        people = self._inside(chat, must_list(call.body, "userIds", most=SUB_ADMINS))
        self._appoint(chat, people, is_on=one_of(call.body, "role", (2, 3), default=0) == 2)
        return {"success": True}

    def _disband(self, call: Call) -> Json:
        """POST /v1.0/im/chat/scenegroup/disband."""
        known(call.body, {"openConversationId"})
        chat = self._scene(call.body, "openConversationId")
        self._rooms.dissolve(chat, operator=chat.owner)
        return {"success": True}

    # ------------------------------------------------------------------ looking

    def _legacy_info(self, call: Call) -> Json:
        """GET /chat/get."""
        chat = self._state.chat_by_legacy_id(call.arg("chatid"))
        if chat is None or chat.is_dissolved:
            raise LegacyError(LEGACY_BAD_PARAMETER, "无效的会话id")
        info: Json = {
            "chatid": chat.chat_id,
            "openConversationId": chat.id,
            "name": chat.name,
            "owner": chat.owner,
            "useridlist": list(chat.members),
            "agentidlist": [],
            "conversationTag": 2,
            "icon": "",
            "status": 1,
        }
        return {"chat_info": info}

    def _robots(self, call: Call) -> Json:
        """POST /v1.0/robot/groups/robots/query."""
        known(call.body, {"openConversationId"})
        chat = self._group(call.body, "openConversationId")
        app = self._state.app
        ours: Json = {"robotCode": app.robot, "name": app.name, "openRobotType": 2, "downloadIconURL": ""}
        return {"chatbotInstanceVOList": [ours] if chat.has_bot else []}

    def _add_robot(self, call: Call) -> Json:
        """POST /v1.0/robot/groups/orgRobots/add, which no page describes."""
        if not self._state.options.adds_robot_by_api:
            raise ApiError("InvalidAction.NotFound", status=404)
        known(call.body, {"openConversationId", "robotCode"})
        chat = self._group(call.body, "openConversationId")
        if must(call.body, "robotCode") != self._state.app.robot:
            raise ApiError("invalidParameter.robotCode.auth")
        chat.has_bot = True
        self._state.changes.touch()
        return {"result": True}

    def _robot_groups(self, call: Call) -> Json:
        """POST /v1.0/robot/installed/groups/query, which no page describes."""
        if not self._state.options.lists_robot_groups:
            raise ApiError("InvalidAction.NotFound", status=404)
        known(call.body, {"robotCode", "pageNumber", "pageSize"})
        if must(call.body, "robotCode") != self._state.app.robot:
            raise ApiError("invalidParameter.robotCode.auth")
        page = one_of(call.body, "pageNumber", range(1, 10_001), default=1)
        size = one_of(call.body, "pageSize", range(1, 101), default=20)
        if not isinstance(page, int) or not isinstance(size, int):
            raise ApiError("InvalidParameter", "pageNumber")
        mine = [one.id for one in self._state.chats.values() if one.is_group and one.has_bot and not one.is_dissolved]
        return {"openConversationIds": mine[(page - 1) * size : page * size], "hasMore": page * size < len(mine)}

    # ------------------------------------------------------------------ parts

    def _make(
        self,
        *,
        name: str,
        owner: str,
        members: list[str],
        settings: Json,
        template: str = "",
        with_bot: bool = False,
    ) -> EmulatedChat:
        try:
            return self._rooms.make(
                name=name,
                members=members,
                owner=owner,
                with_bot=with_bot,
                is_made_by_app=True,
                template=template,
                settings=settings,
            )
        except GroupIsFull as full:
            raise ApiError(_FULL, f"more than {MEMBERS} people") from full

    def _join(self, chat: EmulatedChat, people: list[str], *, operator: str) -> None:
        try:
            self._rooms.add_members(chat, people, operator=operator)
        except GroupIsFull as full:
            raise ApiError(_FULL, f"more than {MEMBERS} people") from full

    def _appoint(self, chat: EmulatedChat, people: list[str], *, is_on: bool) -> None:
        kept = [one for one in chat.managers if one not in people]
        chat.managers = [*kept, *people] if is_on else kept
        self._state.changes.touch()

    def _owner(self, account: str) -> str:
        """Somebody inside the app's visible range."""
        person = self._state.employee(account)
        if person is None or not person.is_available:
            raise ApiError("permession.checkFailed", f"{account} is outside the visible range")
        return account

    def _invited(self, accounts: list[str]) -> list[str]:
        for account in accounts:
            if self._state.employee(account) is None:
                raise ApiError("invalid.userId", f"there is no {account}")
        return accounts

    @staticmethod
    def _inside(chat: EmulatedChat, accounts: list[str]) -> list[str]:
        if not set(accounts) <= set(chat.members):
            raise ApiError("invalid.userId", "they are not in the group")
        return accounts

    def _group(self, body: Json, name: str) -> EmulatedChat:
        chat = self._state.chats.get(must(body, name))
        if chat is None or not chat.is_group or chat.is_external:
            raise ApiError("invalid.openConversationId", "there is no such conversation")
        if chat.is_dissolved:
            raise ApiError("group.disbanded")
        return chat

    def _scene(self, body: Json, name: str) -> EmulatedChat:
        """A group that was made from a template; the calls about these know no others."""
        chat = self._group(body, name)
        if not chat.template:
            raise ApiError("invalid.openConversationId", "it is no scene group")
        return chat


def _settings(given: Json, names: set[str]) -> Json:
    """Group settings: numbers with documented names."""
    known(given, names)
    if not all(isinstance(value, int) for value in given.values()):
        raise ApiError("InvalidParameter", "settings are numbers")
    return given
