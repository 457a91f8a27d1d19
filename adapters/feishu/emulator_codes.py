"""The error codes with which the emulated platform answers, with their HTTP status (feishu.md 1.3, 5.8, 6).

Only the code is a contract; the sentence is for people reading a log.
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters._emulator.wire_json import Json

_BAD_REQUEST = 400
#: codes that do not come with HTTP 400
_STATUS: Mapping[int, int] = {99991400: 429, 1500: 500, 2200: 500, 10003: 200, 10014: 200, 10015: 200}

_SENTENCES: Mapping[int, str] = {
    10003: "invalid param",
    10014: "app secret invalid",
    1500: "internal error",
    2200: "internal error",
    11311: "message not found",
    40003: "internal error",
    40004: "no dept authority error",
    40011: "page size is invalid",
    40012: "page token is invalid error",
    40014: "no parent dept authority error",
    41012: "user id invalid error",
    41050: "no user authority error",
    99991400: "request trigger frequency limit",
    99991402: "field validation failed",
    99991403: "this month's api call quota has been exceeded",
    99991661: "missing access token for authorization",
    99991662: "app is disabled",
    99991663: "invalid access token for authorization",
    99991671: "invalid access token for authorization, it must start with 't-'",
    99991672: "access denied, one of the required scopes is missing",
    99992351: "not a valid open_id",
    99992352: "not a valid department id",
    99992354: "not a valid message_id",
    99992359: "not a valid user_id",
    99992361: "open_id cross app",
    99992402: "field validation failed",
    100000: "card is too big",
    200000: "the message was recalled",
    200310: "the card belongs to another app",
    230001: "your request contains an invalid request parameter",
    230002: "the bot can not be outside the group",
    230006: "bot ability is not activated",
    230009: "this message can no longer be recalled",
    230011: "the message was recalled",
    230012: "operator is not the message sender",
    230013: "bot has NO availability to this user",
    230018: "these operations are NOT allowed at current group settings",
    230020: "this operation triggers the frequency limit",
    230023: "too many unread urgent messages of the user",
    230025: "the length of the message content reaches its limit",
    230026: "no permission to recall this message",
    230027: "lack of necessary permissions",
    230029: "user has resigned",
    230031: "the card can only be updated within 14 days",
    230033: "read state can only be read within 7 days",
    230034: "the receive_id is invalid",
    230035: "send message permission deny",
    230038: "cross tenant p2p chat operations are not supported",
    230050: "the message is invisible to the operator",
    230052: "urgent is not allowed by the group",
    230053: "the user has stopped the bot",
    230054: "the operation is not supported by this message type",
    230071: "reply in thread is not supported here",
    230072: "operator is not the sender of the message to edit",
    230075: "the message can no longer be edited",
    230099: "failed to create card content",
    230110: "the message has been deleted",
    231003: "the message can not be found",
    232001: "your request contains an invalid request parameter",
    232009: "your request specifies a chat which has already been dissolved",
    232011: "operator can NOT be out of the chat",
    232012: "the new owner must be in the chat",
    232016: "only the group owner and managers can do that",
    232017: "only the group owner can do that",
    232022: "a specified user has resigned",
    232024: "users do not have the visibility of the app",
    232040: "too many managers",
    232043: "the invited users are unavailable",
    232044: "the chat has reached its member limit",
    232076: "the owner can not be removed",
    300030: "the card token has expired",
    300040: "the card token has been used up",
}


class ApiError(Exception):
    """A refusal of the platform. `headers` and `error` go into the answer as they are."""

    def __init__(
        self,
        code: int,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        error: Json | None = None,
        status: int | None = None,
    ) -> None:
        sentence = _SENTENCES.get(code, "failed")
        self.code = code
        self.sentence = f"{sentence}, {detail}" if detail else sentence
        self.status = status if status is not None else _STATUS.get(code, _BAD_REQUEST)
        self.headers = dict(headers or {})
        self.error = dict(error or {})
        super().__init__(f"{code}: {self.sentence}")


def card_error(sub_code: int, detail: str) -> ApiError:
    """A card the platform cannot make; the real reason stands in the sentence only (feishu.md 5.8)."""
    return ApiError(230099, f"ext=ErrCode: {sub_code}; ErrMsg: {detail}; ErrorValue: ;")


def invalid_field(field: str, description: str, *, code: int = 99992402) -> ApiError:
    """A parameter that fails the gateway's validation."""
    violation: Json = {"field": field, "value": "", "description": description}
    return ApiError(code, f"{field}: {description}", error={"field_violations": [violation]})


def missing_scope(scopes: tuple[str, ...]) -> ApiError:
    """A call for which the app has none of the scopes that allow it."""
    violations: list[Json] = [{"type": "action_privilege_required", "subject": scope} for scope in scopes]
    return ApiError(99991672, f"one of [{', '.join(scopes)}]", error={"permission_violations": violations})
