"""JSON from outside: what the standard parser takes and we do not, and that the rest is read as it stands (M8, T17)."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters._hardened_json import BadJson, JsonLimits, parse_table, parse_value, wire

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=20,
)


def is_bad(raw: bytes, *, limits: JsonLimits | None = None) -> bool:
    try:
        parse_value(raw, limits=limits or JsonLimits())
    except BadJson as problem:
        return problem.__cause__ is None
    return False


@pytest.mark.slow
@settings(deadline=None)
@given(VALUES)
def test_what_is_good_is_read_as_the_standard_parser_reads_it(value: Any) -> None:
    assert parse_value(json.dumps(value).encode()) == value
    assert parse_value(wire(value)) == value


@pytest.mark.parametrize(
    "raw",
    [
        b"", b" ", b"nul", b"{", b"}", b"[1,]", b"{'a':1}", b'{"a":1}x', b"\xef\xbb\xbf{}", b"\xff", b'"\xed\xa0\x80"',
        b"NaN", b"[Infinity]", b"-Infinity", b"1e999", b"-1e999", b"1" * 25, b"1." + b"1" * 60, b"[01]", b'"\n"', b'"\\x"',
        b'{"a":1,"a":1}', b'{"x":{"a":1,"\\u0061":2}}', b'{"\\ud800":1}', b'{"a\\udfff":{}}', b'"unfinished',
        b"[" * 33 + b"]" * 33, b'{"a":' * 33 + b"1" + b"}" * 33, b"[" * 100_000, b'[{"a":' * 50_000,
    ],
)  # fmt: skip
def test_what_hurts_later_is_refused_now(raw: bytes) -> None:
    assert is_bad(raw)


def test_a_depth_of_thirty_two_is_read_and_brackets_in_texts_are_no_depth() -> None:
    assert parse_value(b"[" * 32 + b"]" * 32)
    text = '\\"[{[{' * 50
    assert parse_table(json.dumps({"a": text, "[" * 40: 1}).encode()) == {"a": text, "[" * 40: 1}


def test_keys_are_counted_over_all_tables_and_colons_in_texts_are_no_keys() -> None:
    limits = JsonLimits(keys=6)
    fits = {"a": {"b": 1, "c": [{"d": 1}]}, "e": {"f": 1}}
    assert parse_value(json.dumps(fits).encode(), limits=limits) == fits
    assert is_bad(json.dumps({**fits, "g": 1}).encode(), limits=limits)
    assert parse_value(json.dumps({"a": ":" * 100}).encode(), limits=limits) == {"a": ":" * 100}


def test_texts_and_keys_have_a_length() -> None:
    limits = JsonLimits(string=10)
    assert parse_value(b'["' + b"x" * 10 + b'","yyyyyyyy"]', limits=limits) == ["x" * 10, "y" * 8]
    assert is_bad(b'["' + b"x" * 11 + b'"]', limits=limits)
    assert is_bad(b'{"' + b"x" * 11 + b'":1}', limits=limits)
    assert parse_value(b'"' + b"\\u0061" * 10 + b'"', limits=limits) == "a" * 10
    assert is_bad(b"[" + b" " * 100 + b"]", limits=JsonLimits(max_bytes=100))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'"\\ud800"', "\ufffd"),
        (b'"a\\udfffb\\uD800"', "a\ufffdb\ufffd"),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'["\\ud800",{"a":"\\udc00"}]', ["\ufffd", {"a": "\ufffd"}]),
        (b'"\\u0000"', "\x00"),
        (b'"\\\\ud800"', "\\ud800"),
    ],
)
def test_lone_surrogates_in_texts_are_mended_and_pairs_are_characters(raw: bytes, expected: object) -> None:
    value = parse_value(raw)
    assert value == expected
    assert parse_value(wire(value)) == expected  # can be written again, unlike the original


@pytest.mark.parametrize("raw", [b"1", b"[]", b'"{}"', b"null", b"true"])
def test_a_value_that_is_no_table_is_no_table(raw: bytes) -> None:
    parse_value(raw)
    with pytest.raises(BadJson):
        parse_table(raw)


@pytest.mark.slow
def test_thirty_thousand_mutated_texts_are_values_or_that_one_error() -> None:
    dice = random.Random(7)
    raw = json.dumps({"a": [1, -2.5e3, "x\\\ud83d\ude00", None], "b": {"c": {"d": [[], {}]}}, "é": "[{"}).encode()
    read = 0
    for _ in range(30_000):
        changed = bytearray(raw)
        for _ in range(dice.randrange(1, 4)):
            changed[dice.randrange(len(changed))] = dice.choice(b'"\\{}[]:,0eEuUNn-\xff\x00 a')
        try:
            value = parse_value(bytes(changed))
        except BadJson:
            continue
        assert parse_value(wire(value)) == value
        read += 1
    assert read > 1_000
