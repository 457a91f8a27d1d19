"""Calls about groups and their members (feishu.md 6)."""

from __future__ import annotations

from adapters._emulator.http_face import Call
from adapters._emulator.limits import SeenKeys
from adapters._emulator.wire_json import Json, text, texts
from adapters.feishu.emulator_codes import ApiError, invalid_field
from adapters.feishu.emulator_limits import CHAT_UUID_LIFE
from adapters.feishu.emulator_rooms import Rooms
from adapters.feishu.emulator_server import Route, page_of
from adapters.feishu.emulator_state import EmulatedChat, State

MAX_INVITED = 50
MAX_BOTS = 5
MAX_UUID = 50
MAX_MANAGERS = 10
_CHAT = ("im:chat",)
_READ = ("im:chat", "im:chat:readonly", "im:chat:read")
_SETTINGS = (
    "urgent_setting", "at_all_permission", "edit_permission", "group_message_type", "chat_type",
    "join_message_visibility", "leave_message_visibility", "membership_approval", "moderation_setting",
    "add_member_permission", "share_card_permission",
)  # fmt: skip


class ChatsApi:
    """Groups as the bot may handle them."""

    def __init__(self, state: State, rooms: Rooms) -> None:
        self._state = state
        self._rooms = rooms
        self._uuids = SeenKeys(CHAT_UUID_LIFE)

    def routes(self) -> list[Route]:
        """The calls of this file."""
        chats, chat = "/open-apis/im/v1/chats", "/open-apis/im/v1/chats/:chat_id"
        members_write = ("im:chat", "im:chat.members:write_only")
        members_read = ("im:chat", "im:chat:readonly", "im:chat.members:read")
        managers = ("im:chat", "im:chat.managers:write_only")
        table = (
            ("POST", chats, "chat.create", self._create, ("im:chat", "im:chat:create")),
            ("GET", chats, "chat.list", self._list, _READ),
            ("GET", chat, "chat.get", self._get, _READ),
            ("PUT", chat, "chat.update", self._update, ("im:chat", "im:chat:update")),
            ("DELETE", chat, "chat.delete", self._delete, ("im:chat", "im:chat:delete")),
            ("GET", f"{chat}/members/is_in_chat", "chat.members.is_in_chat", self._is_in_chat, members_read),
            ("PATCH", f"{chat}/members/me_join", "chat.members.me_join", self._me_join, members_write),
            ("POST", f"{chat}/members", "chat.members.create", self._add, members_write),
            ("DELETE", f"{chat}/members", "chat.members.delete", self._remove, members_write),
            ("GET", f"{chat}/members", "chat.members.get", self._members, members_read),
            ("POST", f"{chat}/managers/add_managers", "chat.managers.add_managers", self._add_managers, managers),
            (
                "POST",
                f"{chat}/managers/delete_managers",
                "chat.managers.delete_managers",
                self._delete_managers,
                managers,
            ),
            ("POST", f"{chat}/link", "chat.link", self._link, _READ),
            ("PUT", f"{chat}/moderation", "chat.moderation.update", self._moderate, _CHAT),
        )
        return [
            Route(method=method, path=path, operation=f"im.v1.{name}", run=run, scopes=scopes)
            for method, path, name, run, scopes in table
        ]

    # ------------------------------------------------------------------ groups

    def _create(self, call: Call) -> Json:
        uuid, owner_given = call.arg("uuid"), text(call.body, "owner_id")
        if len(uuid) > MAX_UUID:
            raise invalid_field("uuid", f"at most {MAX_UUID} characters")
        key = f"{uuid}/{owner_given}" if uuid else ""
        known = self._uuids.find(key, now=self._state.now()) if key else ""
        if known:
            return self._shown(call, self._state.chats[known])
        kind = call.arg("user_id_type", "open_id")
        invited = texts(call.body, "user_id_list")
        if len(invited) > MAX_INVITED or len(texts(call.body, "bot_id_list")) > MAX_BOTS:
            raise invalid_field("user_id_list", f"at most {MAX_INVITED} users and {MAX_BOTS} bots")
        people = self._must_all_join([*([owner_given] if owner_given else []), *invited], kind)
        chat = self._rooms.make(
            name=text(call.body, "name") or "群聊",
            members=people,
            owner=people[0] if owner_given else self._state.app.app_id,
            with_bot=True,
            description=text(call.body, "description"),
            is_made_by_bot=True,
            settings={name: text(call.body, name) for name in _SETTINGS if text(call.body, name)},
        )
        if call.arg("set_bot_manager") == "true" and owner_given:
            chat.managers.append(self._state.app.app_id)
        if key:
            self._uuids.keep(key, chat.id, now=self._state.now())
        return self._shown(call, chat)

    def _must_all_join(self, given: list[str], kind: str) -> list[str]:
        """The accounts, or the refusal of the whole call: one bad id spoils it (feishu.md 6.1)."""
        people = self._resolve(given, kind)
        good, unknown, unavailable, resigned = self._rooms.invitable(people)
        if resigned:
            raise ApiError(232022, ", ".join(resigned))
        if unavailable:
            raise ApiError(232024, ", ".join(unavailable))
        if unknown:
            raise ApiError(232043, ", ".join(unknown))
        return good

    def _list(self, call: Call) -> Json:
        mine = [c for c in self._state.chats.values() if c.is_group and c.has_bot and not c.is_dissolved]
        return page_of(call, [self._shown(call, chat) for chat in mine], most=100)

    def _get(self, call: Call) -> Json:
        chat = self._any(call)
        bots = {"user_count": str(len(chat.members)), "bot_count": "1" if chat.has_bot else "0"}
        ended = "dissolved_save" if chat.keeps_history else "dissolved"
        return self._shown(call, chat) | bots | {"chat_status": ended if chat.is_dissolved else "normal"}

    def _update(self, call: Call) -> Json:
        chat = self._inside(call)
        if chat.settings.get("edit_permission") == "only_owner" and not self._leads(chat):
            raise ApiError(232016)
        new_owner = text(call.body, "owner_id")
        if new_owner:
            self._hand_over(chat, self._resolve([new_owner], call.arg("user_id_type", "open_id"))[0])
        chat.settings |= {name: text(call.body, name) for name in _SETTINGS if text(call.body, name)}
        self._rooms.update(
            chat,
            operator=self._state.app.bot_open_id,
            name=text(call.body, "name") or None,
            description=text(call.body, "description") if "description" in call.body else None,
        )
        return {}

    def _hand_over(self, chat: EmulatedChat, account: str) -> None:
        if not self._owns(chat):
            raise ApiError(232017)
        if account not in chat.members:
            raise ApiError(232012)
        self._rooms.hand_over(chat, account, operator=self._state.app.bot_open_id)

    def _delete(self, call: Call) -> Json:
        chat = self._inside(call)
        if not self._owns(chat):
            raise ApiError(232017)
        self._rooms.dissolve(chat, operator=self._state.app.bot_open_id)
        return {}

    def _link(self, call: Call) -> Json:
        chat = self._inside(call)
        link = f"https://applink.feishu.example/client/chat/chatter/add_by_link?link_token={chat.id}"
        return {"share_link": link, "expire_time": "0", "is_permanent": True}

    def _moderate(self, call: Call) -> Json:
        chat = self._inside(call)
        if not self._leads(chat):
            raise ApiError(232016)
        chat.settings["moderation_setting"] = text(call.body, "moderation_setting")
        return {}

    # ------------------------------------------------------------------ members

    def _add(self, call: Call) -> Json:
        chat = self._inside(call)
        given, kind = self._id_list(call), call.arg("member_id_type", "open_id")
        if kind == "app_id":
            return {"invalid_id_list": [], "not_existed_id_list": [], "pending_approval_id_list": []}
        mode = call.arg("succeed_type", "0")
        good, unknown, unavailable, resigned = self._rooms.invitable(self._resolve(given, kind))
        spoils = {"0": unknown or unavailable, "1": [], "2": unknown or unavailable or resigned}.get(mode)
        if spoils is None:
            raise invalid_field("succeed_type", "0, 1 or 2")
        if spoils:
            raise ApiError(232024 if unavailable else 232043, ", ".join(spoils))
        self._rooms.add_members(chat, good, operator=self._state.app.bot_open_id)
        return {
            "invalid_id_list": [self._state.id_of(account, kind) for account in [*unavailable, *resigned]],
            "not_existed_id_list": unknown,
            "pending_approval_id_list": [],
        }

    def _remove(self, call: Call) -> Json:
        chat = self._inside(call)
        given, kind = self._id_list(call), call.arg("member_id_type", "open_id")
        if kind == "app_id":
            if self._state.app.app_id in given:
                self._rooms.remove_bot(chat, operator=self._state.app.bot_open_id)
            return {"invalid_id_list": []}
        if not self._leads(chat):
            raise ApiError(232016)
        accounts = self._resolve(given, kind)
        self._rooms.remove_members(chat, accounts, operator=self._state.app.bot_open_id)
        return {"invalid_id_list": [account for account in accounts if account not in self._state.people]}

    def _members(self, call: Call) -> Json:
        """People only: bots are not listed."""
        chat, kind = self._inside(call), call.arg("member_id_type", "open_id")
        items: list[Json] = [
            {
                "member_id_type": kind,
                "member_id": self._state.id_of(account, kind),
                "name": self._state.name_of(account),
                "tenant_key": self._state.app.tenant_key,
            }
            for account in chat.members
        ]
        return page_of(call, items, most=100) | {"member_total": len(items)}

    def _is_in_chat(self, call: Call) -> Json:
        return {"is_in_chat": self._any(call).has_bot}

    def _me_join(self, call: Call) -> Json:
        chat = self._any(call)
        if chat.settings.get("chat_type") != "public":
            raise ApiError(232016, "the group is not public")
        chat.has_bot = True
        self._state.changes.touch()
        return {}

    def _add_managers(self, call: Call) -> Json:
        chat, accounts = self._inside(call), self._managers_of(call)
        if not self._owns(chat):
            raise ApiError(232017)
        chat.managers.extend(account for account in accounts if account not in chat.managers)
        if len(chat.managers) > MAX_MANAGERS:
            del chat.managers[MAX_MANAGERS:]
            raise ApiError(232040)
        return self._shown_managers(chat)

    def _delete_managers(self, call: Call) -> Json:
        chat, accounts = self._inside(call), self._managers_of(call)
        if not self._owns(chat):
            raise ApiError(232017)
        chat.managers = [account for account in chat.managers if account not in accounts]
        return self._shown_managers(chat)

    # ------------------------------------------------------------------ inside

    def _any(self, call: Call) -> EmulatedChat:
        chat = self._state.chats.get(call.path["chat_id"])
        if chat is None:
            raise ApiError(232001, f"invalid chat_id {call.path['chat_id']}")
        return chat

    def _inside(self, call: Call) -> EmulatedChat:
        chat = self._any(call)
        if chat.is_dissolved:
            raise ApiError(232009)
        if not chat.has_bot:
            raise ApiError(232011)
        return chat

    def _owns(self, chat: EmulatedChat) -> bool:
        acts_as_owner = chat.is_made_by_bot and "im:chat:operate_as_owner" in self._state.scopes
        return chat.owner == self._state.app.app_id or acts_as_owner

    def _leads(self, chat: EmulatedChat) -> bool:
        return self._owns(chat) or self._state.app.app_id in chat.managers

    def _id_list(self, call: Call) -> list[str]:
        given = texts(call.body, "id_list")
        if not 1 <= len(given) <= MAX_INVITED:
            raise invalid_field("id_list", f"1 to {MAX_INVITED} ids")
        return given

    def _managers_of(self, call: Call) -> list[str]:
        return self._resolve(texts(call.body, "manager_ids"), call.arg("member_id_type", "open_id"))

    def _resolve(self, given: list[str], kind: str) -> list[str]:
        """Accounts for ids of that kind; unknown ids stay as they are."""
        found = [(one, self._state.person_by(kind, one)) for one in given]
        return [person.account if person is not None else one for one, person in found]

    def _shown_managers(self, chat: EmulatedChat) -> Json:
        bot = self._state.app.app_id
        self._state.changes.touch()
        return {
            "chat_managers": [account for account in chat.managers if account != bot],
            "chat_bot_managers": [account for account in chat.managers if account == bot],
        }

    def _shown(self, call: Call, chat: EmulatedChat) -> Json:
        kind = call.arg("user_id_type", "open_id")
        shown: Json = {
            "chat_id": chat.id,
            "avatar": "",
            "name": chat.name,
            "description": chat.description,
            "chat_mode": "group" if chat.is_group else "p2p",
            "chat_type": chat.settings.get("chat_type", "private"),
            "chat_tag": "inner",
            "external": chat.is_external,
            "tenant_key": self._state.app.tenant_key,
        }
        if chat.owner != self._state.app.app_id:
            shown |= {"owner_id": self._state.id_of(chat.owner, kind), "owner_id_type": kind}
        return shown | dict(chat.settings)
