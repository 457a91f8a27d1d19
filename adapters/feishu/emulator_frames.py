"""The platform's side of the binary frames of the long connection (protobuf package pbbp2, feishu.md 2.8).

A codec of its own, apart from the adapter's. Unknown fields are skipped, as protobuf wants it; anything that is no
frame raises ValueError.
"""

from __future__ import annotations

from dataclasses import dataclass

#: `method` of pings, pongs and configuration
CONTROL = 0
#: `method` of events and their acknowledgements
DATA = 1

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_UINT64 = (1 << 64) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One WebSocket message. `headers` keep their order; a key may stand twice."""

    seq_id: int = 0
    log_id: int = 0
    service: int = 0
    method: int = CONTROL
    headers: tuple[tuple[str, str], ...] = ()
    payload_encoding: str | None = None
    payload_type: str | None = None
    payload: bytes | None = None
    log_id_new: str | None = None

    def header(self, key: str) -> str:
        """The first value of that header, empty when it is missing."""
        return next((value for name, value in self.headers if name == key), "")


def encode_frame(frame: Frame) -> bytes:
    """The wire form, fields in the order of their numbers."""
    out = bytearray()
    for number, value in ((1, frame.seq_id), (2, frame.log_id), (3, frame.service), (4, frame.method)):
        out += _varint(number << 3 | _VARINT) + _varint(value & _UINT64)
    for name, content in frame.headers:
        _put_bytes(out, 5, bytes(_header(name, content)))
    for number, optional in ((6, frame.payload_encoding), (7, frame.payload_type)):
        if optional is not None:
            _put_bytes(out, number, optional.encode())
    if frame.payload is not None:
        _put_bytes(out, 8, frame.payload)
    if frame.log_id_new is not None:
        _put_bytes(out, 9, frame.log_id_new.encode())
    return bytes(out)


def decode_frame(raw: bytes) -> Frame:
    """The frame in `raw`. Raises ValueError when it is cut, malformed or lacks a required field."""
    numbers: dict[int, int] = {}
    strings: dict[int, bytes] = {}
    headers: list[tuple[str, str]] = []
    for number, value in _fields(raw):
        if isinstance(value, int):
            numbers[number] = value
        elif number == 5:
            headers.append(_read_header(value))
        else:
            strings[number] = value
    if not {1, 2, 3, 4} <= numbers.keys():
        raise ValueError("a required field of the frame is missing")
    return Frame(
        seq_id=numbers[1],
        log_id=numbers[2],
        service=_int32(numbers[3]),
        method=_int32(numbers[4]),
        headers=tuple(headers),
        payload_encoding=_optional(strings.get(6)),
        payload_type=_optional(strings.get(7)),
        payload=strings.get(8),
        log_id_new=_optional(strings.get(9)),
    )


def _header(key: str, value: str) -> bytearray:
    out = bytearray()
    _put_bytes(out, 1, key.encode())
    _put_bytes(out, 2, value.encode())
    return out


def _read_header(raw: bytes) -> tuple[str, str]:
    found = {number: value for number, value in _fields(raw) if isinstance(value, bytes)}
    if not {1, 2} <= found.keys():
        raise ValueError("a header lacks its key or its value")
    return found[1].decode(), found[2].decode()


def _put_bytes(out: bytearray, number: int, value: bytes) -> None:
    out += _varint(number << 3 | _LENGTH) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at + place >= len(raw):
            break
        byte = raw[at + place]
        value |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return value & _UINT64, at + place + 1
    raise ValueError("a number of the frame is cut or too long")


def _fields(raw: bytes) -> list[tuple[int, int | bytes]]:
    found: list[tuple[int, int | bytes]] = []
    at = 0
    while at < len(raw):
        tag, at = _read_varint(raw, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = _read_varint(raw, at)
            found.append((number, value))
            continue
        if kind == _LENGTH:
            size, at = _read_varint(raw, at)
        elif kind in {_FIXED32, _FIXED64}:
            size = 4 if kind == _FIXED32 else 8
        else:
            raise ValueError("a field of the frame has an unknown wire type")
        if at + size > len(raw):
            raise ValueError("the frame is cut")
        if kind == _LENGTH:
            found.append((number, raw[at : at + size]))
        at += size
    return found


def _int32(value: int) -> int:
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def _optional(raw: bytes | None) -> str | None:
    return None if raw is None else raw.decode()
