"""Calls about messages: send, reply, update, recall, urge, react, read (feishu.md 5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from adapters._emulator.http_face import Call
from adapters._emulator.limits import SeenKeys
from adapters._emulator.wire_json import Json, flag, table, text, texts
from adapters.feishu.emulator_codes import ApiError, invalid_field
from adapters.feishu.emulator_limits import MESSAGE_UUID_LIFE, TARGET_LIMITS
from adapters.feishu.emulator_posts import MAX_URGED, MAX_UUID, Draft, Posts
from adapters.feishu.emulator_rooms import Rooms
from adapters.feishu.emulator_server import Route, page_of
from adapters.feishu.emulator_state import (
    GROUP_MESSAGES_SCOPE,
    EmulatedChat,
    EmulatedMessage,
    EmulatedPerson,
    MentionRecord,
    ReactionRecord,
    State,
)
from bot.clock import to_ms

READ_STATE_LIFE = timedelta(days=7)
MAX_IMAGE_BYTES = 10 * 1024 * 1024
MAX_FILE_BYTES = 30 * 1024 * 1024
_IMAGE_TYPES = frozenset({"message", "avatar"})
_ID_KINDS = frozenset({"open_id", "union_id", "user_id", "email", "chat_id"})
_SEND = ("im:message", "im:message:send_as_bot", "im:message:send")
_READ = ("im:message", "im:message:readonly")


class MessagesApi:
    """Messages as the bot may handle them."""

    def __init__(self, state: State, posts: Posts, rooms: Rooms) -> None:
        self._state = state
        self._posts = posts
        self._rooms = rooms
        self._uuids = SeenKeys(MESSAGE_UUID_LIFE)

    def routes(self) -> list[Route]:
        """The calls of this file."""
        base = "/open-apis/im/v1"
        all_, one = f"{base}/messages", f"{base}/messages/:message_id"
        update = ("im:message", "im:message:send_as_bot", "im:message:update")
        recall = ("im:message", "im:message:send_as_bot", "im:message:recall")
        urgent = ("im:message.urgent", "im:message.urgent:app_send")
        react = ("im:message", "im:message.reactions:write_only")
        reactions = (*_READ, "im:message.reactions:read")
        pin = ("im:message", "im:message.pins:write_only")
        listed = (
            ("POST", all_, "message.create", self._create, _SEND),
            ("GET", all_, "message.list", self._list, _READ),
            ("POST", f"{one}/reply", "message.reply", self._reply, _SEND),
            ("PATCH", f"{one}/urgent_app", "message.urgent_app", self._urge, urgent),
            ("GET", f"{one}/read_users", "message.read_users", self._read_users, _READ),
            ("POST", f"{one}/reactions", "message_reaction.create", self._react, react),
            ("GET", f"{one}/reactions", "message_reaction.list", self._reactions, reactions),
            ("DELETE", f"{one}/reactions/:reaction_id", "message_reaction.delete", self._unreact, react),
            ("GET", f"{one}/resources/:file_key", "message_resource.get", self._download, _READ),
            ("PATCH", one, "message.patch", self._patch, update),
            ("PUT", one, "message.update", self._edit, update),
            ("GET", one, "message.get", self._get, _READ),
            ("DELETE", one, "message.delete", self._delete, recall),
            ("POST", f"{base}/pins", "pin.create", self._pin, pin),
            ("POST", f"{base}/images", "image.create", self._upload_image, ("im:resource",)),
            ("POST", f"{base}/files", "file.create", self._upload_file, ("im:resource",)),
        )
        return [
            Route(method=method, path=path, operation=f"im.v1.{name}", run=run, scopes=scopes)
            for method, path, name, run, scopes in listed
        ]

    # ------------------------------------------------------------------ sending

    def _create(self, call: Call) -> Json:
        kind, target = call.arg("receive_id_type"), text(call.body, "receive_id")
        if kind not in _ID_KINDS:
            raise invalid_field("receive_id_type", "open_id, union_id, user_id, email or chat_id")
        if kind == "chat_id":
            return self._send(self._state.live_chat(target), _draft(call))
        person = self._receiver(kind, target)
        self._posts.check_reachable(person.account)
        return self._send(self._rooms.private(person.account), _draft(call))

    def _receiver(self, kind: str, target: str) -> EmulatedPerson:
        person = self._state.person_by(kind, target)
        if person is not None:
            return person
        if kind == "open_id" and target.startswith("ou_"):
            raise ApiError(99992351, target)
        raise ApiError(230034, target)

    def _reply(self, call: Call) -> Json:
        parent = self._posts.known(call.path["message_id"])
        draft = _draft(call, reply_to=parent.id)
        return self._send(self._state.live_chat(parent.chat), draft)

    def _send(self, chat: EmulatedChat, draft: Draft) -> Json:
        if len(draft.uuid) > MAX_UUID:
            raise invalid_field("uuid", f"at most {MAX_UUID} characters")
        known = self._uuids.find(draft.uuid, now=self._state.now()) if draft.uuid else ""
        if known:
            return self._shown(self._state.messages[known])
        self._pace(chat.id)
        message = self._posts.send(chat, draft)
        if draft.uuid:
            self._uuids.keep(draft.uuid, message.id, now=self._state.now())
        return self._shown(message)

    def _pace(self, target: str) -> None:
        if self._state.options.enforces_rates and self._state.target_windows.take(
            target, TARGET_LIMITS, now=self._state.now()
        ):
            raise ApiError(230020)

    # ------------------------------------------------------------------ changing

    def _patch(self, call: Call) -> Json:
        message = self._posts.known(call.path["message_id"])
        self._pace(message.id)
        content = call.body.get("content")
        if not isinstance(content, str):
            raise ApiError(230001, "content is not a string")
        self._posts.patch_card(message, content)
        return {}

    def _edit(self, call: Call) -> Json:
        message = self._posts.known(call.path["message_id"])
        self._posts.edit_sent(message, _draft(call))
        return self._shown(message)

    def _delete(self, call: Call) -> Json:
        self._posts.take_back(self._posts.known(call.path["message_id"]))
        return {}

    def _urge(self, call: Call) -> Json:
        message = self._posts.known(call.path["message_id"])
        kind, given = call.arg("user_id_type", "open_id"), texts(call.body, "user_id_list")
        if not 1 <= len(given) <= MAX_URGED:
            raise invalid_field("user_id_list", f"1 to {MAX_URGED} ids")
        people = {one: self._state.person_by(kind, one) for one in given}
        wanted = [person.account for person in people.values() if person is not None]
        missed = self._posts.urge(message, wanted)
        invalid = [one for one, person in people.items() if person is None or person.account in missed]
        return {"invalid_user_id_list": invalid}

    def _react(self, call: Call) -> Json:
        message = self._posts.known(call.path["message_id"])
        self._state.live_chat(message.chat)
        emoji = text(table(call.body, "reaction_type"), "emoji_type")
        reaction_id = self._posts.react(message, account="", emoji=emoji)
        return self._shown_reaction(next(one for one in message.reactions if one.id == reaction_id))

    def _unreact(self, call: Call) -> Json:
        message = self._posts.known(call.path["message_id"])
        return self._shown_reaction(self._posts.unreact(message, call.path["reaction_id"]))

    def _reactions(self, call: Call) -> Json:
        message = self._posts.known(call.path["message_id"])
        return page_of(call, [self._shown_reaction(one) for one in message.reactions], most=50)

    def _pin(self, call: Call) -> Json:
        message = self._posts.known(text(call.body, "message_id"))
        self._state.live_chat(message.chat)
        pin: Json = {"message_id": message.id, "chat_id": message.chat, "create_time": _stamp(self._state.now())}
        return {"pin": pin}

    # ------------------------------------------------------------------ reading

    def _get(self, call: Call) -> Json:
        message = self._posts.known(call.path["message_id"])
        chat = self._state.chats[message.chat]
        if not chat.has_bot:
            raise ApiError(230002)
        return {"items": [self._shown(message)]}

    def _list(self, call: Call) -> Json:
        """History; threads keep their replies to themselves (feishu.md 5.6)."""
        kind, container = call.arg("container_id_type"), call.arg("container_id")
        if kind == "thread":
            found = [message for message in self._state.messages.values() if message.thread == container]
        elif kind == "chat":
            chat = self._state.live_chat(container)
            if chat.is_group and GROUP_MESSAGES_SCOPE not in self._state.scopes:
                raise ApiError(230027)
            found = [one for one in self._state.messages_of(chat.id) if not one.thread or not one.parent]
            found = [one for one in found if _is_between(one, call)]
        else:
            raise invalid_field("container_id_type", "chat or thread")
        if call.arg("sort_type", "ByCreateTimeAsc") == "ByCreateTimeDesc":
            found.reverse()
        return page_of(call, [self._shown(message) for message in found], most=50)

    def _read_users(self, call: Call) -> Json:
        message = self._posts.known(call.path["message_id"])
        if not message.is_from_bot:
            raise ApiError(230012)
        if self._state.now() - message.created_at > READ_STATE_LIFE:
            raise ApiError(230033)
        kind = call.arg("user_id_type", "open_id")
        readers: list[Json] = [
            {
                "user_id_type": kind,
                "user_id": self._state.id_of(account, kind),
                "timestamp": _stamp(at),
                "tenant_key": self._state.app.tenant_key,
            }
            for account, at in message.read_by.items()
        ]
        return page_of(call, readers, most=100)

    # ------------------------------------------------------------------ resources

    def _upload_image(self, call: Call) -> Json:
        if call.body.get("image_type") not in _IMAGE_TYPES:
            raise invalid_field("image_type", "message or avatar", code=99991402)
        return {"image_key": self._store(call, "image", prefix="img_", most=MAX_IMAGE_BYTES)}

    def _upload_file(self, call: Call) -> Json:
        return {"file_key": self._store(call, "file", prefix="file_", most=MAX_FILE_BYTES)}

    def _store(self, call: Call, name: str, *, prefix: str, most: int) -> str:
        content = call.files.get(name, b"")
        if not 0 < len(content) <= most:
            raise invalid_field(name, f"1 to {most} bytes", code=99991402)
        key = self._state.new_id(prefix)
        self._state.resources[key] = content
        return key

    def _download(self, call: Call) -> bytes:
        message = self._posts.known(call.path["message_id"])
        key = call.path["file_key"]
        if key not in message.content or key not in self._state.resources:
            raise ApiError(230001, "file_key is not in the message")
        return self._state.resources[key]

    # ------------------------------------------------------------------ shapes

    def _shown(self, message: EmulatedMessage) -> Json:
        is_bot = message.is_from_bot or bool(message.other_bot)
        shown: Json = {
            "message_id": message.id,
            "root_id": message.root,
            "parent_id": message.parent,
            "msg_type": message.kind,
            "create_time": _stamp(message.created_at),
            "update_time": _stamp(message.updated_at),
            "deleted": message.is_recalled,
            "updated": message.is_edited,
            "chat_id": message.chat,
            "sender": {
                "id": message.sender,
                "id_type": "app_id" if is_bot else "open_id",
                "sender_type": "app" if is_bot else "user",
                "tenant_key": self._state.tenant_of(message.sender),
            },
            "body": {"content": "This message was recalled" if message.is_recalled else message.content},
        }
        if message.thread:
            shown["thread_id"] = message.thread
        if message.mentions:
            shown["mentions"] = [self._shown_mention(mention) for mention in message.mentions]
        return shown

    def _shown_mention(self, mention: MentionRecord) -> Json:
        return {
            "key": mention.key,
            "id": mention.account,
            "id_type": "open_id",
            "name": mention.name,
            "tenant_key": self._state.app.tenant_key,
        }

    def _shown_reaction(self, reaction: ReactionRecord) -> Json:
        operator = reaction.account or self._state.app.app_id
        return {
            "reaction_id": reaction.id,
            "operator": {"operator_id": operator, "operator_type": "user" if reaction.account else "app"},
            "action_time": _stamp(reaction.at),
            "reaction_type": {"emoji_type": reaction.emoji},
        }


def _draft(call: Call, *, reply_to: str = "") -> Draft:
    content = call.body.get("content")
    if not isinstance(content, str):
        raise ApiError(230001, "content is not a string")
    return Draft(
        kind=text(call.body, "msg_type"),
        content=content,
        uuid=text(call.body, "uuid"),
        reply_to=reply_to,
        in_thread=flag(call.body, "reply_in_thread"),
    )


def _is_between(message: EmulatedMessage, call: Call) -> bool:
    start, end = call.arg("start_time"), call.arg("end_time")
    after = not start or message.created_at >= _instant(start, "start_time")
    return after and (not end or message.created_at <= _instant(end, "end_time"))


def _instant(seconds: str, name: str) -> datetime:
    if not seconds.isdigit():
        raise invalid_field(name, "seconds since the epoch")
    return datetime.fromtimestamp(int(seconds), UTC)


def _stamp(instant: datetime) -> str:
    return str(to_ms(instant))
