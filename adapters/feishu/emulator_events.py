"""The payloads of the events that the platform pushes (feishu.md 2.3, 3). Pure: state in, JSON out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from adapters._emulator.wire_json import Json
from adapters.feishu.emulator_state import (
    EmulatedApp,
    EmulatedChat,
    EmulatedDepartment,
    EmulatedMessage,
    EmulatedPerson,
    MentionRecord,
    PersonStatus,
    State,
)
from bot.clock import to_ms

_ROOMS = ("im:chat", "im:chat:readonly")
_MESSAGES = ("im:message", "im:message:readonly")
#: any one of these lets an event of that type (or beginning) through; what is not listed needs none, messages apart
EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "im.message.recalled_v1": _MESSAGES,
    "im.message.message_read_v1": _MESSAGES,
    "im.message.reaction.": (*_MESSAGES, "im:message.reactions:read"),
    "im.chat.member.bot.": (*_ROOMS, "im:chat.members:bot_access"),
    "im.chat.member.user.": (*_ROOMS, "im:chat.members:read"),
    "im.chat.updated_v1": (*_ROOMS, "im:chat:read"),
    "im.chat.disbanded_v1": (*_ROOMS, "im:chat:read"),
    "contact.": (
        "contact:contact.base:readonly", "contact:contact:readonly_as_app", "contact:contact:access_as_app",
    ),
}  # fmt: skip


def is_allowed(state: State, event_type: str) -> bool:
    """Whether somebody subscribed to this type of event and the app has a scope for it (feishu.md 3.2-3.4)."""
    needed = next((scopes for start, scopes in EVENT_SCOPES.items() if event_type.startswith(start)), ())
    return event_type not in state.unsubscribed and (not needed or not state.scopes.isdisjoint(needed))


def envelope(*, app: EmulatedApp, event_type: str, event_id: str, at: datetime, event: Json) -> Json:
    """The v2.0 envelope. Callbacks carry microseconds, events milliseconds, as seen on the real platform."""
    milliseconds = to_ms(at)
    stamp = f"{milliseconds}000" if event_type == "card.action.trigger" else str(milliseconds)
    return {
        "schema": "2.0",
        "header": {
            "event_id": event_id,
            "event_type": event_type,
            "create_time": stamp,
            "token": app.verification_token,
            "app_id": app.app_id,
            "tenant_key": app.tenant_key,
        },
        "event": event,
    }


def ids_of(state: State, account: str) -> Json:
    """The ids of a person as far as the app's scopes show them."""
    person = state.people.get(account)
    if person is None:
        return {"open_id": account, "union_id": account.replace("ou_", "on_", 1)}
    shown: Json = {"open_id": person.account, "union_id": person.union_id}
    if "contact:user.employee_id:readonly" in state.scopes:
        shown["user_id"] = person.user_id
    return shown


def message_received(state: State, message: EmulatedMessage) -> Json:
    """im.message.receive_v1"""
    chat = state.chats[message.chat]
    body: Json = {
        "message_id": message.id,
        "create_time": str(to_ms(message.created_at)),
        "update_time": str(to_ms(message.updated_at)),
        "chat_id": message.chat,
        "chat_type": "group" if chat.is_group else "p2p",
        "message_type": message.kind,
        "content": message.content,
    }
    for key, value in (("root_id", message.root), ("parent_id", message.parent), ("thread_id", message.thread)):
        if value:
            body[key] = value
    if message.mentions:
        body["mentions"] = [_mention(state, mention) for mention in message.mentions]
    sender: Json = {
        "sender_id": ids_of(state, message.sender),
        "sender_type": "bot" if message.other_bot else "user",
        "tenant_key": state.tenant_of(message.sender),
    }
    return {"sender": sender, "message": body}


def _mention(state: State, mention: MentionRecord) -> Json:
    return {
        "key": mention.key,
        "id": ids_of(state, mention.account),
        "mentioned_type": "bot" if mention.is_bot else "user",
        "name": mention.name,
        "tenant_key": state.tenant_of(mention.account),
    }


def message_recalled(message: EmulatedMessage, *, at: datetime, by_owner: bool) -> Json:
    """im.message.recalled_v1"""
    return {
        "message_id": message.id,
        "chat_id": message.chat,
        "recall_time": str(to_ms(at)),
        "recall_type": "message_owner" if by_owner else "group_owner",
    }


def messages_read(state: State, *, account: str, message_ids: list[str], at: datetime) -> Json:
    """im.message.message_read_v1"""
    reader: Json = {
        "reader_id": ids_of(state, account),
        "read_time": str(to_ms(at)),
        "tenant_key": state.app.tenant_key,
    }
    return {"reader": reader, "message_id_list": message_ids}


def reaction(state: State, message: EmulatedMessage, *, account: str, emoji: str, at: datetime) -> Json:
    """im.message.reaction.created_v1 and .deleted_v1"""
    return {
        "message_id": message.id,
        "reaction_type": {"emoji_type": emoji},
        "operator_type": "user" if account else "app",
        **({"user_id": ids_of(state, account)} if account else {"app_id": state.app.app_id}),
        "action_time": str(to_ms(at)),
    }


def chat_event(state: State, chat: EmulatedChat, *, operator: str) -> Json:
    """What all group events have in common; the whole of bot added, bot removed and disbanded."""
    return {
        "chat_id": chat.id,
        "operator_id": ids_of(state, operator),
        "external": chat.is_external,
        "operator_tenant_key": state.tenant_of(operator),
        "name": chat.name,
        "i18n_names": {"zh_cn": chat.name, "en_us": chat.name, "ja_jp": chat.name},
    }


def members_changed(state: State, chat: EmulatedChat, *, operator: str, accounts: list[str]) -> Json:
    """im.chat.member.user.added_v1 and .deleted_v1"""
    users: list[Json] = [
        {"name": state.name_of(account), "tenant_key": state.tenant_of(account), "user_id": ids_of(state, account)}
        for account in accounts
    ]
    return chat_event(state, chat, operator=operator) | {"users": users}


def chat_updated(state: State, chat: EmulatedChat, *, operator: str, before: Json, after: Json) -> Json:
    """im.chat.updated_v1"""
    return {
        "chat_id": chat.id,
        "operator_id": ids_of(state, operator),
        "external": chat.is_external,
        "operator_tenant_key": state.tenant_of(operator),
        "before_change": before,
        "after_change": after,
    }


def direct_chat_entered(state: State, chat: EmulatedChat, *, account: str, last: EmulatedMessage | None) -> Json:
    """im.chat.access_event.bot_p2p_chat_entered_v1"""
    event: Json = {"chat_id": chat.id, "operator_id": ids_of(state, account)}
    if last is not None:
        event |= {"last_message_id": last.id, "last_message_create_time": str(to_ms(last.created_at))}
    return event


def menu_pressed(state: State, *, account: str, key: str, at: datetime) -> Json:
    """application.bot.menu_v6"""
    operator: Json = {"operator_name": state.name_of(account), "operator_id": ids_of(state, account)}
    return {"operator": operator, "event_key": key, "timestamp": to_ms(at)}


def contact_range_changed(added: Iterable[str], removed: Iterable[str]) -> Json:
    """contact.scope.updated_v3"""

    def listed(ids: Iterable[str]) -> Json:
        known = list(ids)
        return {
            "departments": [{"open_department_id": one} for one in known if one.startswith("od-")],
            "users": [{"open_id": one} for one in known if not one.startswith("od-")],
            "user_groups": [],
        }

    return {"added": listed(added), "removed": listed(removed)}


def person_object(state: State, person: EmulatedPerson) -> Json:
    """The `object` of contact.user events, as far as field scopes go. `department_ids` stays out, as on the real one."""
    shown: Json = {"open_id": person.account, "union_id": person.union_id, "status": status_of(person)}
    fields: tuple[tuple[str, Json], ...] = (
        ("contact:user.base:readonly", {"name": person.name, "en_name": person.name}),
        ("contact:user.employee_id:readonly", {"user_id": person.user_id}),
        ("contact:user.department:readonly", {"leader_user_id": person.leader}),
        ("contact:user.employee:readonly", {"job_title": person.title, "employee_no": person.employee_no}),
    )
    for scope, found in fields:
        if scope in state.scopes:
            shown |= found
    return shown


def status_of(person: EmulatedPerson) -> Json:
    """The status flags of a person."""
    return {
        "is_frozen": person.status is PersonStatus.FROZEN,
        "is_resigned": person.status is PersonStatus.RESIGNED,
        "is_activated": person.status in {PersonStatus.ACTIVE, PersonStatus.FROZEN},
        "is_exited": False,
        "is_unjoin": person.status is PersonStatus.INACTIVE,
    }


def department_object(department: EmulatedDepartment) -> Json:
    """The `object` of contact.department events."""
    return {
        "name": department.name,
        "parent_department_id": department.parent,
        "department_id": department.id.removeprefix("od-"),
        "open_department_id": department.id,
        "leader_user_id": department.leader,
        "status": {"is_deleted": False},
    }
