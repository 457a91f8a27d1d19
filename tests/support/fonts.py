"""Which characters an OpenType font has: reads the `cmap` table, formats 4 and 12, without any library."""

from __future__ import annotations

import struct
from collections.abc import Iterator


def characters(font: bytes) -> frozenset[str]:
    """Every character that has a glyph."""
    cmap = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", cmap, 2)
    offsets = {struct.unpack_from(">HHL", cmap, 4 + 8 * n)[2] for n in range(count)}
    return frozenset(chr(c) for offset in offsets for c in _codes(cmap[offset:]))


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, start, length = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if name == tag:
            return font[start : start + length]
    raise LookupError(f"no table {tag!r}")


def _codes(table: bytes) -> Iterator[int]:
    (form,) = struct.unpack_from(">H", table, 0)
    if form == 4:
        yield from _segments(table)
    elif form == 12:
        (groups,) = struct.unpack_from(">L", table, 12)
        for number in range(groups):
            first, last, _ = struct.unpack_from(">LLL", table, 16 + 12 * number)
            yield from range(first, last + 1)


def _segments(table: bytes) -> Iterator[int]:
    (double,) = struct.unpack_from(">H", table, 6)
    ends = struct.unpack_from(f">{double // 2}H", table, 14)
    starts = struct.unpack_from(f">{double // 2}H", table, 16 + double)
    for first, last in zip(starts, ends, strict=True):
        yield from (code for code in range(first, last + 1) if code != 0xFFFF)
