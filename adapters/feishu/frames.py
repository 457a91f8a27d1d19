"""The binary frames of the long connection: protobuf messages of the package `pbbp2` (feishu.md 2.8). Pure.

A small codec for two fixed messages instead of a protobuf runtime. Unknown fields are skipped, as protobuf wants it;
everything that is no frame is one exception, and a frame that is read can be written back byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

#: one frame at most; the platform splits what is larger than a fraction of it
MAX_FRAME_BYTES = 4 * 1024 * 1024
#: headers of a frame; the platform uses six
MAX_HEADERS = 64
_UINT64 = (1 << 64) - 1
_MAX_VARINT_BYTES = 10


class BadFrame(ValueError):
    """Bytes that are no frame. Says nothing about the content."""


class Method(IntEnum):
    """What a frame is for."""

    CONTROL = 0
    DATA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame. Optional members that were not on the wire are None."""

    seq_id: int
    log_id: int
    service: int
    method: int
    headers: tuple[tuple[str, str], ...] = ()
    payload_encoding: str | None = None
    payload_type: str | None = None
    payload: bytes | None = None
    log_id_new: str | None = None

    def header(self, key: str) -> str:
        """The first header of that name, empty when there is none."""
        return next((value for name, value in self.headers if name == key), "")

    def answered(self, payload: bytes, *, took_ms: int) -> Frame:
        """The acknowledgement of this frame: the same frame, the time it took, and another payload."""
        return replace(self, headers=(*self.headers, ("biz_rt", str(took_ms))), payload=payload)


def ping(service: int) -> Frame:
    """The sign of life that the platform wants to hear."""
    return Frame(seq_id=0, log_id=0, service=service, method=Method.CONTROL, headers=(("type", "ping"),))


def encode(frame: Frame) -> bytes:
    """The bytes of a frame."""
    parts = [
        b"\x08", _varint(frame.seq_id),
        b"\x10", _varint(frame.log_id),
        b"\x18", _varint(frame.service),
        b"\x20", _varint(frame.method),
    ]  # fmt: skip
    for key, value in frame.headers:
        parts.append(_field(b"\x2a", _field(b"\x0a", key.encode()) + _field(b"\x12", value.encode())))
    for tag, text in ((b"\x32", frame.payload_encoding), (b"\x3a", frame.payload_type)):
        if text is not None:
            parts.append(_field(tag, text.encode()))
    if frame.payload is not None:
        parts.append(_field(b"\x42", frame.payload))
    if frame.log_id_new is not None:
        parts.append(_field(b"\x4a", frame.log_id_new.encode()))
    return b"".join(parts)


def decode(raw: bytes) -> Frame:
    """The frame that `raw` holds. Raises BadFrame."""
    if len(raw) > MAX_FRAME_BYTES:
        raise BadFrame("too long")
    numbers: dict[int, int] = {}
    blobs: dict[int, bytes] = {}
    headers: list[tuple[str, str]] = []
    for number, value in _fields(raw):
        if isinstance(value, int):
            numbers[number] = value
        elif number == 5:
            headers.append(_header(value))
        else:
            blobs[number] = value
    if not numbers.keys() >= {1, 2, 3, 4} or len(headers) > MAX_HEADERS:
        raise BadFrame("not a frame")
    return Frame(
        seq_id=numbers[1],
        log_id=numbers[2],
        service=_int32(numbers[3]),
        method=_int32(numbers[4]),
        headers=tuple(headers),
        payload_encoding=_text(blobs, 6),
        payload_type=_text(blobs, 7),
        payload=blobs.get(8),
        log_id_new=_text(blobs, 9),
    )


def _header(raw: bytes) -> tuple[str, str]:
    blobs = {number: value for number, value in _fields(raw) if isinstance(value, bytes)}
    key, value = _text(blobs, 1), _text(blobs, 2)
    if key is None or value is None:
        raise BadFrame("a header without key or value")
    return key, value


def _text(blobs: dict[int, bytes], number: int) -> str | None:
    raw = blobs.get(number)
    try:
        return None if raw is None else raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadFrame("not UTF-8") from None


def _fields(raw: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Numbers and values of the fields; fields of fixed width, which no known member has, are skipped."""
    at = 0
    while at < len(raw):
        tag, at = _read_varint(raw, at)
        number, wire = tag >> 3, tag & 7
        if number == 0:
            raise BadFrame("field zero")
        if wire == 0:
            value, at = _read_varint(raw, at)
            yield number, value
        elif wire == 2:
            length, at = _read_varint(raw, at)
            if length > len(raw) - at:
                raise BadFrame("cut off")
            yield number, raw[at : at + length]
            at += length
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
            if at > len(raw):
                raise BadFrame("cut off")
        else:
            raise BadFrame("unknown wire type")


def _read_varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_MAX_VARINT_BYTES):
        if at >= len(raw):
            raise BadFrame("cut off")
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value & _UINT64, at
    raise BadFrame("number too long")


def _int32(value: int) -> int:
    """Protobuf writes negative numbers of 32 bits with the sign extended to 64."""
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def _varint(value: int) -> bytes:
    value &= _UINT64
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(tag: bytes, value: bytes) -> bytes:
    return tag + _varint(len(value)) + value
