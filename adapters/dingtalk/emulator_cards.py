"""Interactive cards: created, delivered and updated by `outTrackId`, private to people or shared (dingtalk.md 3).

What a template draws comes from its variables alone. Our own template has those of design.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from adapters._emulator.http_face import Call
from adapters._emulator.wire_json import Json, text
from adapters.dingtalk.emulator_codes import ApiError
from adapters.dingtalk.emulator_fields import known, may, may_flag, may_list, may_table, must, one_of
from adapters.dingtalk.emulator_limits import (
    CARD_KEY_BYTES,
    CARD_MAP_BYTES,
    OPEN_SPACE_ID_CHARACTERS,
    OUT_TRACK_ID_CHARACTERS,
    PRIVATE_PEOPLE,
    PRIVATE_PEOPLE_PER_CALL,
)
from adapters.dingtalk.emulator_posts import Draft, Posts
from adapters.dingtalk.emulator_rooms import Rooms
from adapters.dingtalk.emulator_server import Route
from adapters.dingtalk.emulator_state import CARD_SCOPE, EmulatedCard, State
from adapters.dingtalk.emulator_text import mentioned_in_card

_PREFIX = "dtv1.card//"
_SPACES = {"IM_GROUP": "imGroupOpenSpaceModel", "IM_ROBOT": "imRobotOpenSpaceModel", "ONE_BOX": "topOpenSpaceModel"}
_DELIVERIES = {
    "IM_GROUP": "imGroupOpenDeliverModel",
    "IM_ROBOT": "imRobotOpenDeliverModel",
    "ONE_BOX": "topOpenDeliverModel",
}
_CREATE = {
    "cardTemplateId", "outTrackId", "userId", "userIdType", "callbackType", "callbackRouteKey", "cardData",
    "privateData", "cardAtUserIds", *_SPACES.values(),
}  # fmt: skip
_DELIVER = {"outTrackId", "userIdType", "openSpaceId", *_DELIVERIES.values()}
_UPDATE = {"outTrackId", "userIdType", "cardData", "privateData", "cardUpdateOptions"}
_PERSON_IDS = (1, 2)


class CardsApi:
    """The calls about cards."""

    def __init__(self, state: State, posts: Posts, rooms: Rooms) -> None:
        self._state = state
        self._posts = posts
        self._rooms = rooms

    def routes(self) -> list[Route]:
        """The calls of this file."""
        base = "/v1.0/card/instances"
        calls = (
            ("POST", f"{base}/createAndDeliver", "card.createAndDeliver", self._create_and_deliver),
            ("POST", base, "card.create", self._create),
            ("POST", f"{base}/deliver", "card.deliver", self._deliver),
            ("PUT", base, "card.update", self._update),
            ("POST", "/v1.0/card/tops/close", "card.tops.close", self._close_top),
            ("POST", "/v1.0/card/callbacks/register", "card.callbacks.register", self._register),
        )
        return [
            Route(method=method, path=path, operation=operation, run=run, scopes=(CARD_SCOPE,))
            for method, path, operation, run in calls
        ]

    # ------------------------------------------------------------------ calls

    def _create_and_deliver(self, call: Call) -> Json:
        """POST /v1.0/card/instances/createAndDeliver."""
        known(call.body, _CREATE | _DELIVER)
        card = self._read_card(call.body)
        spaces = self._read_spaces(call.body, card)
        self._keep(card)
        results = [self._deliver_to(card, kind, space, call.body) for kind, space in spaces]
        return {"success": True, "result": {"outTrackId": card.out_track_id, "deliverResults": results}}

    def _create(self, call: Call) -> Json:
        """POST /v1.0/card/instances: the card is nowhere yet."""
        known(call.body, _CREATE)
        card = self._read_card(call.body)
        self._keep(card)
        return {"success": True, "result": card.out_track_id}

    def _deliver(self, call: Call) -> Json:
        """POST /v1.0/card/instances/deliver."""
        known(call.body, _DELIVER)
        card = self._find(call.body)
        results = [self._deliver_to(card, *space, call.body) for space in self._read_spaces(call.body, card)]
        return {"success": True, "result": results}

    def _update(self, call: Call) -> Json:
        """PUT /v1.0/card/instances: for everybody, and for single people."""
        body = call.body
        known(body, _UPDATE)
        one_of(body, "userIdType", _PERSON_IDS, default=1)
        card = self._find(body)
        options = may_table(body, "cardUpdateOptions")
        known(options, {"updateCardDataByKey", "updatePrivateDataByKey"})
        shared, private = self._read_map(may_table(body, "cardData")), self._read_private(body)
        if not shared and not private:
            raise ApiError("param.empty", "neither cardData nor privateData")
        if shared:
            card.shared = card.shared | shared if may_flag(options, "updateCardDataByKey") else shared
            card.local = {
                account: {key: value for key, value in kept.items() if key not in card.shared}
                for account, kept in card.local.items()
            }
        for account, values in private.items():
            by_key = may_flag(options, "updatePrivateDataByKey")
            card.private[account] = card.private.get(account, {}) | values if by_key else values
            card.local.pop(account, None)
        if len(card.private) > PRIVATE_PEOPLE:
            raise ApiError("param.error", f"more than {PRIVATE_PEOPLE} people with private data")
        rest = timedelta(seconds=self._state.options.card_rest_seconds)
        card.is_torn = self._state.now() - card.created_at < rest
        card.versions += 1
        self._state.changes.touch()
        return {"success": True, "result": True}

    def _close_top(self, call: Call) -> Json:
        """POST /v1.0/card/tops/close: the pinned card goes away."""
        known(call.body, {"outTrackId", "openSpaceId", "conversationType"})
        card = self._find(call.body)
        for message in self._state.messages.values():
            if message.card == card.out_track_id and message.kind == "topCard":
                message.is_recalled = True
        self._state.changes.touch()
        return {"success": True, "result": True}

    def _register(self, call: Call) -> Json:
        """POST /v1.0/card/callbacks/register."""
        body = call.body
        known(body, {"callbackRouteKey", "callbackUrl", "apiSecret", "forceUpdate"})
        key, url = must(body, "callbackRouteKey"), must(body, "callbackUrl")
        if key in self._state.card_routes and not may_flag(body, "forceUpdate"):
            raise ApiError("param.error", "the key is taken; forceUpdate replaces it")
        secret = may(body, "apiSecret") or self._state.new_id("")
        self._state.card_routes[key] = (url, secret)
        return {"success": True, "result": {"callbackUrl": url, "apiSecret": secret}}

    # ------------------------------------------------------------------ reading

    def _read_card(self, body: Json) -> EmulatedCard:
        track = must(body, "outTrackId", most=OUT_TRACK_ID_CHARACTERS)
        template = must(body, "cardTemplateId")
        one_of(body, "userIdType", _PERSON_IDS, default=1)
        if template in self._state.draft_templates:
            raise ApiError("param.templateUnpublished", "the template is not published")
        if template not in self._state.templates:
            raise ApiError("param.templateNotExist", f"there is no template {template}")
        if track in self._state.cards:
            raise ApiError("param.cardAlreadyExist", f"{track} is taken")
        callback = str(one_of(body, "callbackType", ("STREAM", "HTTP", ""), default=""))
        route = may(body, "callbackRouteKey")
        if callback == "HTTP" and route not in self._state.card_routes:
            raise ApiError("param.error", f"callbackRouteKey {route!r} is not registered")
        return EmulatedCard(
            out_track_id=track,
            template=template,
            created_at=self._state.now(),
            callback_type=callback,
            route_key=route,
            shared=self._read_map(may_table(body, "cardData")),
            private=self._read_private(body),
            spaces=frozenset(kind for kind, model in _SPACES.items() if self._read_space_model(body, model)),
            at_accounts=tuple(self._people(may_list(body, "cardAtUserIds"))),
        )

    def _keep(self, card: EmulatedCard) -> None:
        self._state.cards[card.out_track_id] = card
        self._state.changes.touch()

    def _find(self, body: Json) -> EmulatedCard:
        card = self._state.cards.get(must(body, "outTrackId"))
        if card is None:
            raise ApiError("param.cardNotExist", f"there is no card {body['outTrackId']}")
        return card

    @staticmethod
    def _read_space_model(body: Json, name: str) -> bool:
        """Whether the model is there, and made of what it may have."""
        if name not in body:
            return False
        model = may_table(body, name)
        known(model, {"supportForward", "lastMessageI18n", "searchSupport", "notification", "spaceType"})
        may_flag(model, "supportForward")
        last = may_table(model, "lastMessageI18n")
        if not all(isinstance(value, str) for value in last.values()):
            raise ApiError("InvalidParameter", "lastMessageI18n holds strings")
        known(may_table(model, "notification"), {"alertContent", "notificationOff"})
        known(may_table(model, "searchSupport"), {"searchIcon", "searchTypeName", "searchDesc"})
        return True

    def _read_map(self, holder: Json) -> dict[str, str]:
        """A `cardParamMap`: strings only, within the limits of bytes."""
        known(holder, {"cardParamMap"})
        found: dict[str, str] = {}
        size = 0
        for key, value in may_table(holder, "cardParamMap").items():
            if not isinstance(value, str):
                raise ApiError("param.error", f"{key} of cardParamMap is no string")
            weight = len(value.encode(errors="surrogatepass"))
            if len(key.encode()) > CARD_KEY_BYTES or weight > self._state.options.card_value_bytes:
                raise ApiError("param.error", f"{key} is too long")
            size += weight + len(key.encode())
            found[key] = value
        if size > CARD_MAP_BYTES:
            raise ApiError("param.error", "cardParamMap is too long")
        return found

    def _read_private(self, body: Json) -> dict[str, dict[str, str]]:
        given = may_table(body, "privateData")
        if len(given) > PRIVATE_PEOPLE_PER_CALL:
            raise ApiError("param.error", f"more than {PRIVATE_PEOPLE_PER_CALL} people in a call")
        self._people(given)
        return {account: self._read_map(may_table(given, account)) for account in given}

    def _people(self, accounts: Mapping[str, object] | list[str]) -> list[str]:
        for account in accounts:
            if self._state.employee(account) is None:
                raise ApiError("param.userIdNotExist", f"there is no {account}")
        return list(accounts)

    def _read_spaces(self, body: Json, card: EmulatedCard) -> list[tuple[str, str]]:
        """Where the card goes: (type, id). Raises ApiError for what no space is, or has no model."""
        whole = must(body, "openSpaceId", most=OPEN_SPACE_ID_CHARACTERS)
        found: list[tuple[str, str]] = []
        for one in whole.split(";"):
            kind, dot, space = one.removeprefix(_PREFIX).partition(".")
            if not one.startswith(_PREFIX) or not dot or not space or kind not in _SPACES:
                raise ApiError("param.openSpaceIdInvalid", f"{one} is no space")
            if kind not in card.spaces:
                raise ApiError("param.empty", f"{_SPACES[kind]} is missing")
            self._read_delivery(body, kind)
            found.append((kind, space))
        return found

    def _read_delivery(self, body: Json, kind: str) -> None:
        name = _DELIVERIES[kind]
        model = may_table(body, name)
        if not model:
            raise ApiError("param.spaceDeliverModelEmpty", f"{name} is missing")
        if kind == "ONE_BOX":
            known(model, {"expiredTimeMillis", "userIds", "platforms"})
            return
        known(model, {"robotCode", "spaceType", "extension", "recipients", "atUserIds"})
        if must(model, "robotCode") != self._state.app.robot:
            raise ApiError("param.error", "the robot belongs to another app")
        if kind == "IM_ROBOT" and text(model, "spaceType") != "IM_ROBOT":
            raise ApiError("param.error", "spaceType is IM_ROBOT")
        for account in may_table(model, "atUserIds"):
            if account != "@ALL":
                self._people([account])
        self._people(may_list(model, "recipients"))

    # ------------------------------------------------------------------ delivering

    def _deliver_to(self, card: EmulatedCard, kind: str, space: str, body: Json) -> Json:
        """One space. What goes wrong here stands in the answer of a call that succeeds."""
        carrier, why = self._place(card, kind, space, may_table(body, _DELIVERIES[kind]))
        return {
            "spaceType": kind,
            "spaceId": space,
            "success": not why,
            "carrierId": carrier,
            "errorMsg": why,
        }

    def _place(self, card: EmulatedCard, kind: str, space: str, model: Json) -> tuple[str, str]:
        if kind == "IM_ROBOT":
            person = self._state.employee(space)
            if person is None or not person.is_available:
                return "", "user not exist or out of the range of the app"
            chat = self._rooms.private(space)
        else:
            found = self._state.chats.get(space)
            if found is None or not found.is_group or found.is_dissolved:
                return "", "conversation not exist"
            if not found.has_bot:
                return "", "robot is not in the conversation"
            chat = found
        named = may_table(model, "atUserIds")
        mentioned = [*card.at_accounts, *(one for one in named if one != "@ALL")]
        mentioned += [one for one in mentioned_in_card(card.shared.get("body", "")) if one in card.at_accounts]
        key = self._state.new_id("pqk")
        draft = Draft(
            kind="topCard" if kind == "ONE_BOX" else "interactiveCard",
            words="",
            card=card.out_track_id,
            mentions=tuple(dict.fromkeys(mentioned)),
            mentions_all="@ALL" in named,
            recipients=tuple(may_list(model, "recipients")),
        )
        self._posts.send(draft, chat, key=key)
        return key, ""
