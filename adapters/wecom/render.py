"""Outgoing calls of the app as the platform's requests: method, path, query, body. Pure.

One function a call. A group's id is made from our key, so that asking for it twice makes one group; a card's task has an id
made the same way, by which clicks and later changes find it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from adapters._hardened_json import JsonTable, JsonValue
from adapters._multipart import Form
from adapters.wecom.escape import clean, is_chat, is_user, parts
from adapters.wecom.event import person_of
from adapters.wecom.render_card import APP, card_json, changed_json
from adapters.wecom.render_text import group_text, mentioned, private_text, tidy
from adapters.wecom.settings import WeComSettings
from bot.domain.ids import AccountKey, ChatKey
from bot.errors import FailureKind, PlatformError
from bot.messages import Card, CreateGroup, Rich, Target, ToChat
from bot.pictures import PNG_TYPE

#: bytes of one text, with air (wecom.md 6.1)
TEXT_BYTES = 2_000
#: characters of a group's name
GROUP_NAME = 50
#: people of a group, the least and the most
LEAST_MEMBERS, MOST_MEMBERS = 2, 2_000
_CHAT_LENGTH, _TASK_LENGTH = 30, 40

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `operation` is the API's path, for logs, errors and budgets."""

    operation: str
    method: str = "POST"
    query: Query = ()
    body: JsonTable | None = None
    #: in the place of a body, for uploads
    form: Form | None = None


def task_of(key: str) -> str:
    """A card's own id for a key of ours, the same for the same key."""
    return f"hy-{_digest(key)[:_TASK_LENGTH]}"


def chat_of(key: str) -> str:
    """A group's id for a key of ours: at most 32 letters and digits."""
    return f"hy{_digest(key)[:_CHAT_LENGTH]}"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def user_of(target: Target) -> str:
    """The person a message goes to, empty for a group."""
    return person_of(target.chat) if isinstance(target, ToChat) else target.account.account


def group_of(target: Target) -> str:
    """The group a message goes to, empty for a person."""
    return "" if user_of(target) or not isinstance(target, ToChat) else target.chat.chat


# ------------------------------------------------------------------ messages


def text_calls(target: Target, body: Rich, *, settings: WeComSettings) -> list[Call]:
    """A text to a person or into a group of the app, in as many messages as its bytes need."""
    shown = tidy(body)
    user = user_of(target)
    if user:
        said = parts(private_text(shown), TEXT_BYTES)
        return [_to_person(user, "text", {"content": one}, settings=settings) for one in said]
    group, people = group_of(target), mentioned(shown)
    said = parts(group_text(shown), TEXT_BYTES)
    return [_to_group(group, "text", _named(one, people)) for one in said]


def _named(said: str, people: Sequence[str]) -> JsonTable:
    """Whoever is mentioned in this part rings for it."""
    named: list[JsonValue] = [one for one in people if f"<@{one}>" in said]
    return {"content": said, "mentioned_list": named} if named else {"content": said}


def card_call(target: Target, card: Card, *, key: str, settings: WeComSettings) -> Call:
    """A card to a person; groups of the app carry none."""
    user = user_of(target)
    if not user:
        raise PlatformError(FailureKind.DEGRADE, code="no_group_cards", operation="appchat/send")
    content = card_json(card, task=task_of(key), measures=APP)
    return _to_person(user, "template_card", content, settings=settings)


def edit_call(user: str, card: Card, *, task: str, code: str, settings: WeComSettings) -> Call:
    """A card's present state for one person, by a code that is good for one change."""
    body: JsonTable = {
        "userids": [_user(user)],
        "agentid": settings.agent,
        "response_code": code,
        "template_card": changed_json(card, task=task, measures=APP, can_disable=True),
    }
    return Call(operation="message/update_template_card", body=body)


def picture_call(target: Target, media: str, *, settings: WeComSettings) -> Call:
    """A picture that was uploaded."""
    user = user_of(target)
    if user:
        return _to_person(user, "image", {"media_id": media}, settings=settings)
    return _to_group(group_of(target), "image", {"media_id": media})


def upload_call(content: bytes) -> Call:
    """Upload a picture; its id lives for three days."""
    form = Form(fields=(), name="media", file_name="chart.png", media_type=PNG_TYPE, content=content)
    return Call(operation="media/upload", query=(("type", "image"),), form=form)


def _to_person(user: str, kind: str, content: JsonTable, *, settings: WeComSettings) -> Call:
    body: JsonTable = {"touser": _user(user), "msgtype": kind, "agentid": settings.agent, kind: content}
    return Call(operation="message/send", body=body)


def _to_group(group: str, kind: str, content: JsonTable) -> Call:
    return Call(operation="appchat/send", body={"chatid": _chat(group), "msgtype": kind, kind: content, "safe": 0})


# ------------------------------------------------------------------ groups


def group_call(outbound: CreateGroup, *, chat: str, owner: AccountKey | None, members: Sequence[str]) -> Call:
    """Make a group under an id of our own."""
    body: JsonTable = {
        "name": clean(" ".join(outbound.name.split()), limit=GROUP_NAME) or "…",
        "userlist": [_user(one) for one in members],
        "chatid": _chat(chat),
    }
    if owner is not None:
        body["owner"] = _user(owner.account)
    return Call(operation="appchat/create", body=body)


def add_call(chat: ChatKey, accounts: Sequence[str]) -> Call:
    """Add people to a group that this app made."""
    body: JsonTable = {"chatid": _chat(chat.chat), "add_user_list": [_user(one) for one in accounts]}
    return Call(operation="appchat/update", body=body)


def members_call(chat: str) -> Call:
    """A group that this app made, with who is in it."""
    return Call(operation="appchat/get", method="GET", query=(("chatid", _chat(chat)),))


# ------------------------------------------------------------------ ids


def _user(text: str) -> str:
    """An id of the platform's form; nothing else gets into a body."""
    if not is_user(text):
        raise PlatformError(FailureKind.PERMANENT, code="bad_id", operation="render")
    return text


def _chat(text: str) -> str:
    if not is_chat(text):
        raise PlatformError(FailureKind.PERMANENT, code="bad_id", operation="render")
    return text
