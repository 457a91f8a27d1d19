"""Outgoing calls as the platform's requests: method, path, query, body. Pure.

One function a call; `render` picks the first call of an outbound. What takes several calls (a group and its members) is
led by the client. The only idempotency keys of this platform are a card's own id and a scene group's, made from ours.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters._fit import fitted
from adapters._hardened_json import JsonTable, JsonValue, wire
from adapters._multipart import Form
from adapters._words import safe_url
from adapters.dingtalk.escape import Wording, clean, is_id, is_user, markdown, settled
from adapters.dingtalk.event import person_of
from adapters.dingtalk.render_card import card_data, mentions_of, summary_of, text_data
from adapters.dingtalk.render_text import called, literal, mentioned, tidy
from adapters.dingtalk.settings import DingTalkSettings
from bot.domain.ids import AccountKey, ChatKey
from bot.errors import FailureKind, PlatformError
from bot.messages import Card, CreateGroup, EditCard, Link, Rich, SendCard, Target, ToChat
from bot.pictures import PNG_TYPE

#: bytes of `msgParam` and of a card's data, with air (dingtalk.md 3.1, 4.1)
MESSAGE_BYTES, CARD_BYTES, WEBHOOK_BYTES = 14_500, 60_000, 19_000
#: bytes of one variable of a card: what the field sees go through, and what the documents promise (dingtalk.md 3.1)
VALUE_BYTES, TIGHT_VALUE_BYTES = 18_000, 1_000
#: characters of a plain group's name and of a scene group's
PLAIN_NAME, SCENE_NAME = 20, 30
#: people in one call that adds to a group
MEMBERS_AT_ONCE = 40
#: a group has no more members than that
MOST_MEMBERS = 1_000
_TRACK_LENGTH = 40
_TRACK = re.compile(rf"hy-[0-9a-f]{{{_TRACK_LENGTH}}}")

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `operation` is a name for logs, errors and budgets."""

    operation: str
    method: str
    path: str
    query: Query = ()
    body: JsonTable | None = None
    #: in the place of a body, for uploads
    form: Form | None = None
    #: on the older host, with the token in the query and errors as numbers
    is_legacy: bool = False


def track_of(key: str) -> str:
    """A card's own id for a key of ours, the same for the same key."""
    return f"hy-{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:_TRACK_LENGTH]}"


def is_track(text: str) -> bool:
    """Whether this is a card's own id, and not that of a message."""
    return _TRACK.fullmatch(text) is not None


# ------------------------------------------------------------------ robot messages


def text_call(target: Target, body: Rich, *, settings: DingTalkSettings) -> Call:
    """A literal text to a person or into a group."""
    words = Wording()

    def build(room: int) -> JsonTable:
        return {"content": literal(tidy(body, room=room, words=words))}

    return _robot_call(target, "sampleText", fitted(build, max_bytes=MESSAGE_BYTES), settings=settings)


def action_call(target: Target, card: Card, link: Link, *, settings: DingTalkSettings) -> Call:
    """A card without a template that has nothing to press but a link."""
    words = Wording()
    url = safe_url(link.url)
    if url is None:
        raise PlatformError(FailureKind.DEGRADE, code="bad_url", operation="render")

    def build(room: int) -> JsonTable:
        said = settled(markdown(literal(tidy(card.fallback, room=room, words=words))))
        title = words(card.title, 60)
        return {"title": title, "text": said, "singleTitle": words(link.text, 40) or title, "singleURL": url}

    return _robot_call(target, "sampleActionCard", fitted(build, max_bytes=MESSAGE_BYTES), settings=settings)


def picture_call(target: Target, media: str, *, settings: DingTalkSettings) -> Call:
    """A picture that was uploaded."""
    return _robot_call(target, "sampleImageMsg", {"photoURL": media}, settings=settings)


def _robot_call(target: Target, kind: str, content: JsonTable, *, settings: DingTalkSettings) -> Call:
    body: JsonTable = {"robotCode": settings.robot, "msgKey": kind, "msgParam": wire(content).decode()}
    user = user_of(target)
    if user:
        whole: JsonTable = {**body, "userIds": [_user(user)]}
        return Call(
            operation="robot.oToMessages.batchSend", method="POST", path="/v1.0/robot/oToMessages/batchSend", body=whole
        )
    whole = {**body, "openConversationId": _id(_group(target))}
    return Call(operation="robot.groupMessages.send", method="POST", path="/v1.0/robot/groupMessages/send", body=whole)


def webhook_body(body: Rich) -> JsonTable:
    """A text with mentions that ring, for the address that came with somebody's message."""
    words = Wording()

    def build(room: int) -> JsonTable:
        shown = tidy(body, room=room, words=words)
        return {
            "msgtype": "text",
            "text": {"content": called(shown)},
            "at": {"atUserIds": [one.account for one in mentioned(shown)], "isAtAll": False},
        }

    return fitted(build, max_bytes=WEBHOOK_BYTES)


def upload_call(content: bytes) -> Call:
    """Upload a picture; the answer has its id."""
    form = Form(fields=(), name="media", file_name="chart.png", media_type=PNG_TYPE, content=content)
    return Call(
        operation="media.upload",
        method="POST",
        path="/media/upload",
        query=(("type", "image"),),
        form=form,
        is_legacy=True,
    )


# ------------------------------------------------------------------ cards


def card_call(outbound: SendCard, *, key: str, settings: DingTalkSettings, value_bytes: int = VALUE_BYTES) -> Call:
    """Create a card and deliver it where it belongs, in one call; under the same key it is the same card."""
    wording = Wording()
    body = _fitted(lambda room: card_data(outbound.card, room=room, wording=wording), value_bytes)
    at = mentions_of(outbound.card.body)
    summary = summary_of(outbound.card, wording)
    return _delivery(outbound.target, body, key=key, summary=summary, at=at, settings=settings)


def mention_call(
    target: Target, body: Rich, *, title: str, key: str, settings: DingTalkSettings, value_bytes: int = VALUE_BYTES
) -> Call:
    """A text as a card, because only there a mention rings."""
    wording = Wording()
    data = _fitted(lambda room: text_data(title, body, room=room, wording=wording), value_bytes)
    summary = " ".join(literal(tidy(body, room=60, words=wording)).split())
    return _delivery(target, data, key=key, summary=summary, at=mentions_of(body), settings=settings)


def _fitted(build: Callable[[int], dict[str, str]], value_bytes: int) -> JsonTable:
    """The variables with about the most room that stays within both limits: of all together, and of each of them."""

    def within(room: int) -> JsonTable:
        data = build(room)
        is_too_long = any(len(value.encode()) > value_bytes for value in data.values())
        return {"cardParamMap": "x" * CARD_BYTES} if is_too_long else {"cardParamMap": dict(data)}

    return fitted(within, max_bytes=CARD_BYTES)


def _delivery(
    target: Target,
    data: JsonTable,
    *,
    key: str,
    summary: str,
    at: Sequence[tuple[AccountKey, str]],
    settings: DingTalkSettings,
) -> Call:
    whole: JsonTable = {
        "cardTemplateId": settings.card_template_id,
        "outTrackId": track_of(key),
        "userIdType": 1,
        "callbackType": "STREAM" if settings.streams.cards else "HTTP",
        "cardData": data,
    }
    if not settings.streams.cards:
        whole["callbackRouteKey"] = route_key(settings)
    model: JsonTable = {"supportForward": False, "lastMessageI18n": {"ZH_CN": summary, "EN_US": summary}}
    user = user_of(target)
    if user:
        whole["openSpaceId"] = f"dtv1.card//IM_ROBOT.{_user(user)}"
        whole["imRobotOpenSpaceModel"] = model
        whole["imRobotOpenDeliverModel"] = {"spaceType": "IM_ROBOT", "robotCode": settings.robot}
    else:
        deliver: JsonTable = {"robotCode": settings.robot}
        if at:
            deliver["atUserIds"] = {one.account: name or one.account for one, name in at}
        whole["openSpaceId"] = f"dtv1.card//IM_GROUP.{_id(_group(target))}"
        whole["imGroupOpenSpaceModel"] = model
        whole["imGroupOpenDeliverModel"] = deliver
    return Call(
        operation="card.createAndDeliver",
        method="POST",
        path="/v1.0/card/instances/createAndDeliver",
        body=whole,
    )


def edit_call(outbound: EditCard, *, value_bytes: int = VALUE_BYTES) -> Call:
    """Show a card's present state to everybody."""
    wording = Wording()
    body = _fitted(lambda room: card_data(outbound.card, room=room, wording=wording), value_bytes)
    whole: JsonTable = {
        "outTrackId": _id(outbound.message.message),
        "userIdType": 1,
        "cardData": body,
        "cardUpdateOptions": {"updateCardDataByKey": True},
    }
    return Call(operation="card.update", method="PUT", path="/v1.0/card/instances", body=whole)


def route_key(settings: DingTalkSettings) -> str:
    """The name under which the address of our callback is known to the platform."""
    return f"huiyin-{settings.client_id}"[:60]


def route_call(url: str, *, settings: DingTalkSettings) -> Call:
    """Tell the platform where clicks go over HTTP, and what signs them."""
    body: JsonTable = {
        "callbackRouteKey": route_key(settings),
        "callbackUrl": url,
        "apiSecret": settings.card_secret,
        "forceUpdate": True,
    }
    return Call(operation="card.callbacks.register", method="POST", path="/v1.0/card/callbacks/register", body=body)


# ------------------------------------------------------------------ groups


def scene_call(outbound: CreateGroup, *, owner: AccountKey, key: str, settings: DingTalkSettings) -> Call:
    """A group from a template: it may bring the robot along, and asked for twice it is made once."""
    body: JsonTable = {
        "title": _name(outbound.name, SCENE_NAME),
        "template_id": settings.group_template_id,
        "owner_user_id": _user(owner.account),
        "user_ids": _members(owner, outbound.members),
        "uuid": track_of(key),
    }
    return Call(operation="im.sceneGroup.create", method="POST", path="/v1.0/im/sceneGroup/create", body=body)


def group_call(outbound: CreateGroup, *, owner: AccountKey) -> Call:
    """A plain internal group; nothing tells the platform that it was asked for before."""
    body: JsonTable = {
        "name": _name(outbound.name, PLAIN_NAME),
        "owner": _user(owner.account),
        "ownerType": "emp",
        "useridlist": _members(owner, outbound.members),
        "conversationTag": 2,
        "managementOptions": {"showHistoryType": 1, "validationType": 0},
    }
    return Call(operation="im.group.create", method="POST", path="/v1.0/im/group/create", body=body)


def scene_add_call(chat: ChatKey, accounts: Sequence[str]) -> Call:
    """Add people to a group that was made from a template."""
    body: JsonTable = {"open_conversation_id": _id(chat.chat), "user_ids": [_user(one) for one in accounts]}
    return Call(operation="im.sceneGroup.member.add", method="POST", path="/v1.0/im/sceneGroup/member/add", body=body)


def plain_add_call(chatid: str, accounts: Sequence[str]) -> Call:
    """Add people to a plain group that this program made."""
    body: JsonTable = {"chatid": _id(chatid), "add_useridlist": [_user(one) for one in accounts]}
    return Call(operation="im.group.update", method="POST", path="/v1.0/im/group/update", body=body)


def members_call(chatid: str) -> Call:
    """Who is in a group, by its older id."""
    return Call(operation="chat.get", method="GET", path="/chat/get", query=(("chatid", _id(chatid)),), is_legacy=True)


def add_bot_call(chat: ChatKey, *, settings: DingTalkSettings) -> Call:
    """Put our robot into a group; not every organisation's platform knows this call (dingtalk.md 5.4)."""
    body: JsonTable = {"openConversationId": _id(chat.chat), "robotCode": settings.robot}
    return Call(
        operation="robot.groups.orgRobots.add", method="POST", path="/v1.0/robot/groups/orgRobots/add", body=body
    )


def _name(name: str, limit: int) -> str:
    return clean(" ".join(name.split()), limit=limit) or "…"


def _members(owner: AccountKey, members: Sequence[AccountKey]) -> list[JsonValue]:
    return list(dict.fromkeys([owner.account, *(one.account for one in members if is_user(one.account))]))


# ------------------------------------------------------------------ ids


def user_of(target: Target) -> str:
    """The person a message goes to, empty for a group."""
    return person_of(target.chat) if isinstance(target, ToChat) else target.account.account


def _group(target: Target) -> str:
    return target.chat.chat if isinstance(target, ToChat) else ""


def _id(text: str) -> str:
    """An id of the platform's form; nothing else gets into a path or a body."""
    if not is_id(text):
        raise PlatformError(FailureKind.PERMANENT, code="bad_id", operation="render")
    return text


def _user(text: str) -> str:
    if not is_user(text):
        raise PlatformError(FailureKind.PERMANENT, code="bad_id", operation="render")
    return text
