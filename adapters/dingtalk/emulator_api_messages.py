"""What the robot does with messages: sends them to groups and people, takes them back, asks who read them, rings for
people (dingtalk.md 4.1, 4.3).
"""

from __future__ import annotations

from datetime import timedelta

from adapters._emulator.http_face import Call
from adapters._emulator.limits import Windows
from adapters._emulator.wire_json import Json
from adapters.dingtalk.emulator_codes import ApiError
from adapters.dingtalk.emulator_drafts import read_robot_message
from adapters.dingtalk.emulator_events import to_ms
from adapters.dingtalk.emulator_fields import known, may, may_flag, may_list, must, must_list, one_of
from adapters.dingtalk.emulator_limits import DING_PEOPLE, RECALL_KEYS, RECALL_WINDOW
from adapters.dingtalk.emulator_posts import Posts
from adapters.dingtalk.emulator_rooms import Rooms
from adapters.dingtalk.emulator_server import Route
from adapters.dingtalk.emulator_state import DING_SCOPE, SEND_SCOPE, EmulatedChat, EmulatedMessage, State

_SEND = {"robotCode", "msgKey", "msgParam", "coolAppCode"}
#: extra members that other products send and no page describes
_AT = {"atUserIds", "atOpendingtalkIds", "isAtAll"}
_READ_WINDOW = timedelta(hours=24)
_DINGS_PER_MINUTE = ((6000, 60),)


class MessagesApi:
    """The robot's calls."""

    def __init__(self, state: State, posts: Posts, rooms: Rooms) -> None:
        self._state = state
        self._posts = posts
        self._rooms = rooms
        self._windows = Windows()
        self._dings: dict[str, list[EmulatedMessage]] = {}

    def routes(self) -> list[Route]:
        """The calls of this file."""
        base = "/v1.0/robot"
        calls = (
            ("POST", f"{base}/groupMessages/send", "robot.groupMessages.send", self._send_to_group),
            ("POST", f"{base}/groupMessages/recall", "robot.groupMessages.recall", self._recall_in_group),
            ("POST", f"{base}/groupMessages/query", "robot.groupMessages.query", self._read_in_group),
            ("POST", f"{base}/oToMessages/batchSend", "robot.oToMessages.batchSend", self._send_to_people),
            ("POST", f"{base}/otoMessages/batchRecall", "robot.otoMessages.batchRecall", self._recall_from_people),
            ("GET", f"{base}/oToMessages/readStatus", "robot.oToMessages.readStatus", self._read_by_people),
            ("POST", f"{base}/emotion/reply", "robot.emotion.reply", self._react),
            ("POST", f"{base}/emotion/recall", "robot.emotion.recall", self._unreact),
        )
        dings = (
            ("POST", f"{base}/ding/send", "robot.ding.send", self._ding),
            ("POST", f"{base}/ding/recall", "robot.ding.recall", self._undo_ding),
        )
        return [
            Route(method=method, path=path, operation=operation, run=run, scopes=(scope,))
            for scope, part in ((SEND_SCOPE, calls), (DING_SCOPE, dings))
            for method, path, operation, run in part
        ]

    # ------------------------------------------------------------------ checks

    def _check_robot(self, body: Json) -> None:
        if must(body, "robotCode") != self._state.app.robot:
            raise ApiError("invalidParameter.robotCode.auth", "the robot belongs to another app")

    def _group(self, body: Json) -> EmulatedChat:
        """The group that a call is about. Raises ApiError."""
        chat = self._state.chats.get(must(body, "openConversationId"))
        if chat is None or not chat.is_group:
            raise ApiError("invalid.openConversationId", "there is no such conversation")
        if chat.is_dissolved:
            raise ApiError("group.disbanded")
        if chat.is_external:
            raise ApiError("conversation.org.notMatch")
        if not chat.has_bot:
            raise ApiError("invalidParameter.robotCode.notExsit", "the robot is not in the group")
        return chat

    def _has_media(self, media_id: str) -> bool:
        return media_id in self._state.resources

    # ------------------------------------------------------------------ sending

    def _send_to_group(self, call: Call) -> Json:
        """POST /v1.0/robot/groupMessages/send."""
        body = call.body
        known(body, _SEND | _AT | {"openConversationId"})
        self._check_robot(body)
        chat = self._group(body)
        wanted = may_list(body, "atUserIds")
        may_list(body, "atOpendingtalkIds")
        all_of_them = may_flag(body, "isAtAll")
        mention = self._state.options.robot_messages_mention
        draft = read_robot_message(
            body, has_media=self._has_media, name_of=self._state.name_of, mentions=wanted if mention else ()
        )
        key = self._state.new_id("pqk")
        message = self._posts.send(draft, chat, key=key)
        message.mentions_all = all_of_them and mention
        return {"processQueryKey": key}

    def _send_to_people(self, call: Call) -> Json:
        """POST /v1.0/robot/oToMessages/batchSend: who can not be reached is named in the answer."""
        body = call.body
        known(body, _SEND | {"userIds"})
        self._check_robot(body)
        wanted = must_list(
            body, "userIds", most=self._state.options.batch_people, code="invalidParameter.userIds.tooMany"
        )
        draft = read_robot_message(body, has_media=self._has_media, name_of=self._state.name_of)
        key = self._state.new_id("pqk")
        invalid: list[str] = []
        flooded: list[str] = []
        for account in wanted:
            person = self._state.employee(account)
            if person is None or not person.is_available:
                invalid.append(account)
            elif person.is_flooded:
                flooded.append(account)
            else:
                self._posts.send(draft, self._rooms.private(account), key=key)
        return {"processQueryKey": key, "invalidStaffIdList": invalid, "flowControlledStaffIdList": flooded}

    # ------------------------------------------------------------------ afterwards

    def _recall_in_group(self, call: Call) -> Json:
        """POST /v1.0/robot/groupMessages/recall."""
        known(call.body, {"robotCode", "openConversationId", "processQueryKeys"})
        self._check_robot(call.body)
        chat = self._group(call.body)
        return self._recall(call.body, chat)

    def _recall_from_people(self, call: Call) -> Json:
        """POST /v1.0/robot/otoMessages/batchRecall."""
        known(call.body, {"robotCode", "processQueryKeys"})
        self._check_robot(call.body)
        return self._recall(call.body, None)

    def _recall(self, body: Json, chat: EmulatedChat | None) -> Json:
        done: list[str] = []
        failed: Json = {}
        for key in must_list(body, "processQueryKeys", most=RECALL_KEYS):
            found = [message for message in self._state.with_key(key) if self._is_in(message, chat)]
            if not found:
                failed[key] = "the message does not exist"
            elif self._state.now() - found[0].created_at > RECALL_WINDOW:
                failed[key] = "the message is too old"
            else:
                done.append(key)
                for message in found:
                    message.is_recalled = True
        self._state.changes.touch()
        return {"successResult": done, "failedResult": failed}

    def _is_in(self, message: EmulatedMessage, chat: EmulatedChat | None) -> bool:
        place = self._state.chats[message.chat]
        return place is chat if chat is not None else not place.is_group

    def _read_in_group(self, call: Call) -> Json:
        """POST /v1.0/robot/groupMessages/query."""
        known(call.body, {"robotCode", "openConversationId", "processQueryKey", "maxResults", "nextToken"})
        self._check_robot(call.body)
        chat = self._group(call.body)
        size = one_of(call.body, "maxResults", range(1, 201), default=200)
        start = may(call.body, "nextToken") or "0"
        found = [one for one in self._state.with_key(must(call.body, "processQueryKey")) if one.chat == chat.id]
        if not found or not start.isdigit() or not isinstance(size, int):
            raise ApiError("invalid.processQueryKey")
        readers = list(found[0].read_by)
        end = int(start) + size
        more = end < len(readers)
        return {
            "sendStatus": "RECALLED" if found[0].is_recalled else "SUCCESS",
            "readUserIds": readers[int(start) : end],
            "hasMore": more,
            "nextToken": str(end) if more else "",
        }

    def _read_by_people(self, call: Call) -> Json:
        """GET /v1.0/robot/oToMessages/readStatus, for a day."""
        query: Json = dict(call.query)
        self._check_robot(query)
        found = self._state.with_key(must(query, "processQueryKey"))
        if not found or self._state.now() - found[0].created_at > _READ_WINDOW:
            raise ApiError("invalid.processQueryKey")
        return {
            "sendStatus": "RECALLED" if found[0].is_recalled else "SUCCESS",
            "messageReadInfoList": [self._read_info(message) for message in found],
        }

    def _read_info(self, message: EmulatedMessage) -> Json:
        account = self._state.chats[message.chat].members[0]
        at = message.read_by.get(account)
        return {
            "userId": account,
            "name": self._state.name_of(account),
            "readStatus": "READ" if at is not None else "UNREAD",
            "readTimestamp": to_ms(at) if at is not None else 0,
        }

    # ------------------------------------------------------------------ marks and rings

    def _react(self, call: Call) -> Json:
        """POST /v1.0/robot/emotion/reply."""
        message, emotion = self._reaction(call.body)
        message.reactions.append((emotion, ""))
        self._state.changes.touch()
        return {"success": True}

    def _unreact(self, call: Call) -> Json:
        """POST /v1.0/robot/emotion/recall."""
        message, emotion = self._reaction(call.body)
        if (emotion, "") in message.reactions:
            message.reactions.remove((emotion, ""))
        self._state.changes.touch()
        return {"success": True}

    def _reaction(self, body: Json) -> tuple[EmulatedMessage, str]:
        known(body, {"robotCode", "openConversationId", "openMsgId", "emotionType", "emotionName", "textEmotion"})
        self._check_robot(body)
        message = self._state.messages.get(must(body, "openMsgId"))
        if message is None or message.chat != must(body, "openConversationId"):
            raise ApiError("invalid.openMsgId")
        if not isinstance(body.get("emotionType"), int):
            raise ApiError("InvalidParameter", "emotionType is a number")
        return message, must(body, "emotionName")

    def _ding(self, call: Call) -> Json:
        """POST /v1.0/robot/ding/send: a strong reminder in the app."""
        body = call.body
        known(body, {"robotCode", "remindType", "receiverUserIdList", "content", "callVoice"})
        if must(body, "robotCode") != self._state.app.robot:
            raise ApiError("invalid.chatbotId")
        if not self._state.options.allows_ding:
            raise ApiError("ding.serverquota.insufficient")
        if one_of(body, "remindType", (1, 2, 3), default=0) != 1:
            raise ApiError("ding.serverquota.insufficient", "texts and calls need a package")
        wanted = must_list(body, "receiverUserIdList", most=DING_PEOPLE, code="ding.receivercount.limit")
        content = must(body, "content")
        if self._windows.take("ding", _DINGS_PER_MINUTE, now=self._state.now()):
            raise ApiError("toomuch.msg")
        ding = self._state.new_id("ding")
        self._dings[ding] = []
        failed: Json = {}
        for account in wanted:
            person = self._state.employee(account)
            if person is None or not person.is_available:
                failed[account] = "miss.staffId"
                continue
            self._dings[ding].append(self._ring(account, content))
        return {"openDingId": ding, "failedList": failed}

    def _ring(self, account: str, content: str) -> EmulatedMessage:
        chat = self._rooms.private(account)
        message = EmulatedMessage(
            id=self._state.new_id("msg"),
            chat=chat.id,
            sender=self._state.app.robot,
            is_from_bot=True,
            kind="ding",
            created_at=self._state.now(),
            words=content,
            urgent_to=[account],
        )
        self._state.messages[message.id] = message
        self._state.changes.touch()
        return message

    def _undo_ding(self, call: Call) -> Json:
        """POST /v1.0/robot/ding/recall."""
        known(call.body, {"robotCode", "openDingId"})
        self._check_robot(call.body)
        for message in self._dings.get(must(call.body, "openDingId"), []):
            message.is_recalled = True
        self._state.changes.touch()
        return {"openDingId": call.body["openDingId"]}
