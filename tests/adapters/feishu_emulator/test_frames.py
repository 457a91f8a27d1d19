"""The binary frames of the long connection, against the vectors of feishu.md 12 V7."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.feishu.emulator_frames import DATA, Frame, decode_frame, encode_frame

PING = bytes.fromhex("0800100018f681801020002a0c0a0474797065120470696e67")
EVENT = bytes.fromhex(
    "0807100918f681801020012a0d0a047479706512056576656e742a100a0a6d6573736167655f696412026d312a0e0a0874726163655f6964"
    "120274312a080a0373756d1201312a080a0373657112013042107b22736368656d61223a22322e30227d"
)
EVENT_FRAME = Frame(
    seq_id=7,
    log_id=9,
    service=33554678,
    method=DATA,
    headers=(("type", "event"), ("message_id", "m1"), ("trace_id", "t1"), ("sum", "1"), ("seq", "0")),
    payload=b'{"schema":"2.0"}',
)
_texts = st.text(st.characters(codec="utf-8"), max_size=20)
_frames = st.builds(
    Frame,
    seq_id=st.integers(0, 2**64 - 1),
    log_id=st.integers(0, 2**64 - 1),
    service=st.integers(-(2**31), 2**31 - 1),
    method=st.integers(0, 1),
    headers=st.lists(st.tuples(_texts, _texts), max_size=4).map(tuple),
    payload_encoding=st.none() | _texts,
    payload_type=st.none() | _texts,
    payload=st.none() | st.binary(max_size=200),
    log_id_new=st.none() | _texts,
)


def test_a_ping_has_exactly_the_known_bytes() -> None:
    frame = Frame(service=33554678, headers=(("type", "ping"),))
    assert encode_frame(frame) == PING
    assert decode_frame(PING) == frame


def test_an_event_frame_has_exactly_the_known_bytes() -> None:
    assert encode_frame(EVENT_FRAME) == EVENT
    assert decode_frame(EVENT) == EVENT_FRAME


@settings(max_examples=60, deadline=None)
@given(_frames)
def test_every_frame_survives_the_wire(frame: Frame) -> None:
    assert decode_frame(encode_frame(frame)) == frame


#: a ping cut before its header is a whole frame: headers are optional
HEADERLESS = 11


@pytest.mark.parametrize("length", sorted(set(range(len(PING))) - {HEADERLESS}))
def test_a_cut_frame_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode_frame(PING[:length])


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_garbage_is_a_frame_or_a_value_error_and_nothing_else(raw: bytes) -> None:
    try:
        decode_frame(raw)
    except ValueError:
        return


def test_unknown_fields_are_skipped() -> None:
    assert decode_frame(PING + bytes.fromhex("5003") + bytes.fromhex("5a0161")) == decode_frame(PING)
