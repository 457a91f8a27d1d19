"""Outgoing calls as the platform's requests: method, path, query, body. Pure.

One function a call; `render` picks the first call of an outbound. What takes several calls (a group and its members) is
led by the client. Idempotency keys are hashed, so that any key fits the platform's 50 characters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from adapters._fit import fitted
from adapters._hardened_json import JsonTable, wire
from adapters._multipart import Form
from adapters.feishu.escape import Wording, clean, is_id
from adapters.feishu.render_card import card_json
from adapters.feishu.render_text import PLAIN, Manner, post_content, text_content, tidy
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.errors import FailureKind, PlatformError
from bot.messages import (
    AddMembers,
    AnyOutbound,
    Card,
    CreateGroup,
    EditCard,
    LeaveChat,
    LinkChats,
    ReadMembers,
    Rich,
    SendCard,
    SendPicture,
    SendText,
    Target,
    ToChat,
    Urge,
)
from bot.pictures import PNG_TYPE, png

_IM = "/open-apis/im/v1"
#: people of one call that adds to a group, and of one that urges
MEMBERS_AT_ONCE = 50
URGED_AT_ONCE = 200
#: bytes of a whole request as it goes over the wire; the platform's 150 KB and 30 KB with air for what it adds
TEXT_BYTES = 140_000
RICH_BYTES = 28_000
_UUID_LENGTH = 40
_NAME_LENGTH, _DESCRIPTION_LENGTH = 60, 100

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `operation` is the API's name in the platform's documentation, for logs, errors and budgets."""

    operation: str
    method: str
    path: str
    query: Query = ()
    body: JsonTable | None = None
    #: in the place of a body, for uploads
    form: Form | None = None


def render(outbound: AnyOutbound, *, key: str, app_id: str, manner: Manner = PLAIN) -> Call:
    """The first request of an outbound. Raises PlatformError for what can never be sent."""
    match outbound:
        case SendText() | SendCard():
            return message_call(outbound, key=key, manner=manner)
        case SendPicture():
            return image_call(png(outbound.chart))
        case EditCard():
            return edit_call(outbound, manner=manner)
        case Urge():
            return urge_call(outbound.message, outbound.accounts)
        case CreateGroup():
            return group_call(outbound, owner=outbound.owner, key=key)
        case AddMembers():
            return add_call(outbound.chat, [one.account for one in outbound.members])
        case ReadMembers():
            return members_call(outbound.chat)
        case LinkChats():
            raise PlatformError(FailureKind.PERMANENT, code="one_name", operation="link_chats")
        case LeaveChat():
            return leave_call(outbound.chat, app_id=app_id)


def idempotency_key(key: str) -> str:
    """The platform's `uuid` for a key of ours, the same for the same key, within 50 characters."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_UUID_LENGTH]


# ------------------------------------------------------------------ messages


def message_call(outbound: SendText | SendCard, *, key: str, manner: Manner = PLAIN) -> Call:
    """Send a text or a card, as an answer where there is something to answer."""
    answered = outbound.reply_to if manner.answers else None
    id_type, receiver = _receiver(outbound.target)
    start: JsonTable = {"uuid": idempotency_key(key)}
    if answered is None:
        start["receive_id"] = _id(receiver)
    if isinstance(outbound, SendText):
        body = _text_body(start, outbound.body, manner)
    else:
        body = _card_body({**start, "msg_type": "interactive"}, outbound.card, manner)
    if answered is not None:
        path = f"{_IM}/messages/{_id(answered.message)}/reply"
        return Call(operation="im.v1.message.reply", method="POST", path=path, body=body)
    query = (("receive_id_type", id_type),)
    return Call(operation="im.v1.message.create", method="POST", path=f"{_IM}/messages", query=query, body=body)


def image_call(content: bytes) -> Call:
    """Upload a picture for messages; the answer has its key."""
    form = Form(
        fields=(("image_type", "message"),), name="image", file_name="chart.png", media_type=PNG_TYPE, content=content
    )
    return Call(operation="im.v1.image.create", method="POST", path=f"{_IM}/images", form=form)


def picture_call(outbound: SendPicture, *, image: str, key: str) -> Call:
    """Send a picture that was uploaded."""
    id_type, receiver = _receiver(outbound.target)
    body: JsonTable = {
        "uuid": idempotency_key(key),
        "receive_id": _id(receiver),
        "msg_type": "image",
        "content": _string({"image_key": image}),
    }
    query = (("receive_id_type", id_type),)
    return Call(operation="im.v1.message.create", method="POST", path=f"{_IM}/messages", query=query, body=body)


def edit_call(outbound: EditCard, *, manner: Manner = PLAIN) -> Call:
    """Show a card's present state in the message that has it."""
    path = f"{_IM}/messages/{_id(outbound.message.message)}"
    body = _card_body({}, outbound.card, manner)
    return Call(operation="im.v1.message.patch", method="PATCH", path=path, body=body)


def urge_call(message: MessageKey, accounts: Sequence[AccountKey]) -> Call:
    """Make the in-app alarm of a message ring for up to 200 people of its chat."""
    path = f"{_IM}/messages/{_id(message.message)}/urgent_app"
    body: JsonTable = {"user_id_list": [_id(one.account) for one in accounts[:URGED_AT_ONCE]]}
    query = (("user_id_type", "open_id"),)
    return Call(operation="im.v1.message.urgent_app", method="PATCH", path=path, query=query, body=body)


def _receiver(target: Target) -> tuple[str, str]:
    if isinstance(target, ToChat):
        return "chat_id", target.chat.chat
    return "open_id", target.account.account


def _text_body(start: JsonTable, body: Rich, manner: Manner) -> JsonTable:
    """A `text` message where nothing could be taken for markup, else a `post`, which has less room."""

    words = Wording(masks=manner.masks)

    def as_text(room: int) -> JsonTable:
        content = text_content(tidy(body, room=room, words=words, manner=manner))
        return {**start, "msg_type": "text", "content": _string(content)} if content is not None else {}

    def as_post(room: int) -> JsonTable:
        content = post_content(tidy(body, room=room, words=words, manner=manner))
        return {**start, "msg_type": "post", "content": _string(content)}

    text = fitted(as_text, max_bytes=TEXT_BYTES // manner.divisor)
    return text or fitted(as_post, max_bytes=RICH_BYTES // manner.divisor)


def _card_body(start: JsonTable, card: Card, manner: Manner) -> JsonTable:
    wording = Wording(masks=manner.masks)

    def build(room: int) -> JsonTable:
        return {**start, "content": _string(card_json(card, room=room, wording=wording, manner=manner))}

    return fitted(build, max_bytes=RICH_BYTES // manner.divisor)


def _string(content: JsonTable) -> str:
    """Contents are JSON inside JSON."""
    return wire(content).decode()


# ------------------------------------------------------------------ groups


def group_call(outbound: CreateGroup, *, owner: AccountKey | None, key: str) -> Call:
    """Make a group with its owner only: one person out of reach among the members would spoil the whole call."""
    body: JsonTable = {
        "name": clean(outbound.name.replace("\n", " "), limit=_NAME_LENGTH),
        "description": clean(outbound.description, limit=_DESCRIPTION_LENGTH),
        "chat_mode": "group",
        "chat_type": "private",
        "group_message_type": "chat",
        "join_message_visibility": "all_members",
        "leave_message_visibility": "all_members",
        "membership_approval": "no_approval_required",
        "urgent_setting": "all_members",
        "edit_permission": "only_owner",
    }
    if owner is not None:
        body["owner_id"] = _id(owner.account)
    query = (("user_id_type", "open_id"), ("set_bot_manager", "true"), ("uuid", idempotency_key(key)))
    return Call(operation="im.v1.chat.create", method="POST", path=f"{_IM}/chats", query=query, body=body)


def add_call(chat: ChatKey, accounts: Sequence[str]) -> Call:
    """Add up to 50 people; those who cannot be added are named in the answer and stop nobody else."""
    query = (("member_id_type", "open_id"), ("succeed_type", "1"))
    body: JsonTable = {"id_list": [_id(one) for one in accounts[:MEMBERS_AT_ONCE]]}
    return Call(operation="im.v1.chat.members.create", method="POST", path=_members(chat), query=query, body=body)


def members_call(chat: ChatKey, *, page: str = "") -> Call:
    """One page of the people in a group; bots are not among them."""
    query: Query = (("member_id_type", "open_id"), ("page_size", "100"), *((("page_token", page),) if page else ()))
    return Call(operation="im.v1.chat.members.get", method="GET", path=_members(chat), query=query)


def leave_call(chat: ChatKey, *, app_id: str) -> Call:
    """Take the bot itself out of a group."""
    body: JsonTable = {"id_list": [_id(app_id)]}
    query = (("member_id_type", "app_id"),)
    return Call(operation="im.v1.chat.members.delete", method="DELETE", path=_members(chat), query=query, body=body)


def _members(chat: ChatKey) -> str:
    return f"{_IM}/chats/{_id(chat.chat)}/members"


def _id(text: str) -> str:
    """An id of the platform's form; nothing else gets into a path or a list of people."""
    if not is_id(text):
        raise PlatformError(FailureKind.PERMANENT, code="bad_id", operation="render")
    return text
