"""The payloads that the emulated platform pushes: robot messages, group events, contact events (dingtalk.md 2.1, 2.6, 6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from adapters._emulator.wire_json import Json
from adapters.dingtalk.emulator_state import EmulatedChat, EmulatedMessage, EmulatedPerson, State

#: names under which the recorder and fault plans know what is no event
ROBOT_MESSAGE, CARD_CALLBACK, CHECK_URL = "robot_message", "card_callback", "check_url"
#: what a robot message carries when the deliveries of the month are used up
NO_CONTENT_CODE = 20001


def to_ms(at: datetime) -> int:
    """Milliseconds since the epoch."""
    return int(at.timestamp() * 1000)


def robot_message(
    state: State,
    message: EmulatedMessage,
    *,
    session: str,
    session_ends: datetime,
    mentions_bot: bool,
    is_empty: bool = False,
) -> Json:
    """The callback of one message. `is_empty`: the budget of the month is gone."""
    chat, app = state.chats[message.chat], state.app
    person = state.people[message.sender]
    payload: Json = {
        "conversationId": chat.id,
        "conversationType": "2" if chat.is_group else "1",
        "msgId": message.id,
        "msgtype": message.kind,
        "senderId": person.dingtalk_id,
        "senderNick": person.name,
        "senderCorpId": person.guest_of or app.corp_id,
        "isAdmin": False,
        "senderPlatform": "Mac",
        "chatbotUserId": app.bot_id,
        "chatbotCorpId": app.corp_id,
        "robotCode": app.robot,
        "createAt": to_ms(message.created_at),
        "sessionWebhook": session,
        "sessionWebhookExpiredTime": to_ms(session_ends),
    }
    if not person.guest_of and state.options.is_published:
        payload["senderStaffId"] = person.account
    if chat.is_group:
        payload |= {"conversationTitle": chat.name, "isInAtList": mentions_bot, "atUsers": _at_users(state, message)}
    if is_empty:
        return payload | {"code": NO_CONTENT_CODE, "errorMessage": "本月的消息推送额度已用完"}
    part = dict(message.content)
    if message.parent and message.kind == "text":
        part |= quoted(state, state.messages[message.parent])
        payload |= _origin(state.messages[message.parent])
    payload["text" if message.kind == "text" else "content"] = part
    return payload


def _at_users(state: State, message: EmulatedMessage) -> list[Json]:
    found: list[Json] = [{"dingtalkId": state.app.bot_id}]
    for account in message.mentions:
        person = state.people[account]
        one: Json = {"dingtalkId": person.dingtalk_id}
        is_named = not person.guest_of and state.options.is_published
        found.append(one | {"staffId": account} if is_named else one)
    return found


def quoted(state: State, original: EmulatedMessage) -> Json:
    """What a reply carries of the message it answers; where its words stand depends on its kind."""
    content: Json = {}
    match original.kind:
        case "text":
            content = {"content": original.words}
        case "markdown" | "actionCard":
            content = {"text": original.words}
        case "richText":
            content = {"richText": original.content.get("richText", [])}
        case "interactiveCard" if state.options.quotes_show_cards:
            shown = state.cards[original.card].shared
            texts: list[Json] = [{"type": "TEXT", "value": shown[key]} for key in ("title", "body") if key in shown]
            content = {"cardContent": {"type": "CONTAINER", "children": texts}}
        case _:
            pass
    sender = state.app.bot_id if original.is_from_bot else state.people[original.sender].dingtalk_id
    replied: Json = {
        "msgId": original.id,
        "msgType": original.kind,
        "senderId": sender,
        "createdAt": to_ms(original.created_at),
    }
    return {"isReplyMsg": True, "repliedMsg": replied | ({"content": content} if content else {})}


def _origin(original: EmulatedMessage) -> Json:
    origin: Json = {"originalMsgId": original.id}
    return origin | {"originalProcessQueryKey": original.key} if original.key else origin


def chat_event(state: State, chat: EmulatedChat, *, operator: str, accounts: Iterable[str] = (), **more: str) -> Json:
    """The data of a chat_* event."""
    people = [state.people[account] for account in accounts]
    data: Json = {
        "timeStamp": to_ms(state.now()),
        "chatId": chat.chat_id,
        "openConversationId": chat.id,
        "corpId": state.app.corp_id,
        "operator": operator,
        "operatorUnionId": _union(state, operator),
    }
    if people:
        data |= {"userId": [one.account for one in people], "unionId": [one.union_id for one in people]}
    return data | more


def robot_message_event(state: State, message: EmulatedMessage, account: str) -> Json:
    """The data of robot_msg_read and robot_msg_recall."""
    return {
        "robotCode": state.app.robot,
        "openConversationId": message.chat,
        "userId": account,
        "unionId": _union(state, account),
        "processQueryKey": message.key,
        "operatTime": to_ms(state.now()),
    }


def people_event(people: Iterable[EmulatedPerson], **more: object) -> Json:
    """The data of user_* events."""
    return {"userId": [one.account for one in people]} | more


def departments_event(departments: Iterable[str]) -> Json:
    """The data of org_dept_* events."""
    return {"deptId": [int(one) for one in departments]}


def _union(state: State, account: str) -> str:
    person = state.people.get(account)
    return person.union_id if person is not None else ""
