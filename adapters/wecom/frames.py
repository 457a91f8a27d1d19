"""The frames of the bot's long connection: JSON texts with a command and the number of a request (wecom.md 3.3). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from adapters._hardened_json import BadJson, JsonLimits, JsonTable, parse_table, wire
from adapters._members import table, text

#: longest frame that is read
MAX_FRAME_BYTES = 1024 * 1024
_LIMITS = JsonLimits(max_bytes=MAX_FRAME_BYTES, string=256 * 1024)
#: control characters that the platform is known to let through inside texts (wecom.md 11)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SUBSCRIBE, PING = "aibot_subscribe", "ping"
MESSAGE, EVENT = "aibot_msg_callback", "aibot_event_callback"
SEND, UPDATE, WELCOME = "aibot_send_msg", "aibot_respond_update_msg", "aibot_respond_welcome_msg"


class BadFrame(ValueError):
    """Not a frame. Says nothing about the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of the platform's: a push with a command, or an acknowledgement without one."""

    command: str
    request: str
    body: JsonTable = field(repr=False)
    #: of an acknowledgement, None for a push
    errcode: int | None
    whole: JsonTable = field(repr=False)
    #: bytes on the wire
    size: int = 0

    @property
    def is_push(self) -> bool:
        """Whether it brings something."""
        return self.command in {MESSAGE, EVENT}


def decode(raw: str | bytes) -> Frame:
    """The frame of a message of the socket. Raises BadFrame."""
    said = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    try:
        whole = parse_table(_CONTROLS.sub("", said).encode("utf-8", "surrogatepass"), limits=_LIMITS)
    except BadJson:
        raise BadFrame from None
    code = whole.get("errcode")
    return Frame(
        command=text(whole, "cmd"),
        request=text(table(whole, "headers"), "req_id"),
        body=table(whole, "body"),
        errcode=code if isinstance(code, int) and not isinstance(code, bool) else None,
        whole=whole,
        size=len(raw) if isinstance(raw, bytes) else len(raw.encode("utf-8", "surrogatepass")),
    )


def encode(command: str, request: str, body: JsonTable | None = None) -> str:
    """A frame of ours."""
    whole: JsonTable = {"cmd": command, "headers": {"req_id": request}}
    if body is not None:
        whole["body"] = body
    return wire(whole).decode()
