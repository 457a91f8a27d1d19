"""The XML that the platform pushes, and the bits of XML that it reads back."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from adapters._emulator.wire_json import Json

_ENCRYPT = re.compile(r"<Encrypt><!\[CDATA\[(.*?)\]\]></Encrypt>", re.DOTALL)


def outer(sealed: str, *, corp_id: str, agent_id: int) -> bytes:
    """The envelope of a push."""
    return (
        f"<xml><ToUserName><![CDATA[{corp_id}]]></ToUserName><AgentID><![CDATA[{agent_id}]]></AgentID>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    ).encode()


def inner(body: Json) -> bytes:
    """The push itself; texts in CDATA as the platform writes them, lists as repeated tags."""
    return f"<xml>{_members(body)}</xml>".encode()


def _members(body: Json) -> str:
    return "".join(_member(key, value) for key, value in body.items())


def _member(key: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_member(key, one) for one in value)
    if isinstance(value, dict):
        return f"<{key}>{_members(value)}</{key}>"
    if isinstance(value, int):
        return f"<{key}>{value}</{key}>"
    return f"<{key}>{_text(str(value))}</{key}>"


def _text(value: str) -> str:
    """CDATA cannot hold its own end, nor any character that XML has not."""
    clean = "".join(c for c in value if c in "\t\n\r" or c >= " ")
    return escape(clean) if "]]>" in clean else f"<![CDATA[{clean}]]>"


def sealed_in(answer: bytes) -> str:
    """The ciphertext of a passive reply, empty for none."""
    found = _ENCRYPT.search(answer.decode("utf-8", "replace"))
    return found[1] if found is not None else ""
