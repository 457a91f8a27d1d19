"""The frames of the long connection: JSON texts whose `data` is JSON once more (dingtalk.md 2.4). Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from adapters._hardened_json import BadJson, JsonLimits, JsonTable, JsonValue, parse_table, wire
from adapters._members import table, text

#: longest frame that is read
MAX_FRAME_BYTES = 1024 * 1024
_LIMITS = JsonLimits(max_bytes=MAX_FRAME_BYTES, string=MAX_FRAME_BYTES)
#: what is inside a frame is no deeper and no longer than a callback
DATA_LIMITS = JsonLimits(max_bytes=MAX_FRAME_BYTES, string=256 * 1024)
ROBOT_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"


class BadFrame(ValueError):
    """Not a frame. Says nothing about the content."""


class FrameType(StrEnum):
    """What a frame is for."""

    SYSTEM = "SYSTEM"
    EVENT = "EVENT"
    CALLBACK = "CALLBACK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of the platform's."""

    #: a FrameType, or a word that we do not know
    type: str
    topic: str
    #: what an answer has to name; another one with each delivery of the same message
    id: str
    headers: JsonTable
    data: str = field(repr=False)

    @property
    def payload(self) -> bytes:
        """The inner JSON as bytes; lone surrogates become question marks, and stay readable."""
        return self.data.encode("utf-8", "replace")

    def answered(self, data: str, *, code: int = 200, message: str = "OK") -> bytes:
        """The answer to this frame."""
        headers: JsonTable = {"messageId": self.id, "contentType": "application/json"}
        return wire({"code": code, "message": message, "headers": headers, "data": data})


def decode(raw: str | bytes) -> Frame:
    """The frame of a message of the socket. Raises BadFrame."""
    try:
        whole = parse_table(raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw, limits=_LIMITS)
    except BadJson:
        raise BadFrame from None
    headers = table(whole, "headers")
    kind = text(whole, "type")
    if not kind:
        raise BadFrame
    return Frame(
        type=kind,
        topic=text(headers, "topic"),
        id=text(headers, "messageId"),
        headers=headers,
        data=_data(whole.get("data")),
    )


def _data(value: JsonValue) -> str:
    """The inner JSON; a table that was not put into a text is taken as well."""
    if isinstance(value, str):
        return value
    return wire(value).decode() if isinstance(value, dict) else ""
