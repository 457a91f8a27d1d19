"""The frame codec speaks what the platform's SDK speaks, and takes nothing else."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters._hardened_json import wire
from adapters.feishu.fragments import KEPT, MAX_INCOMPLETE, MAX_PARTS, Fragments
from adapters.feishu.frames import BadFrame, Frame, Method, decode, encode, ping
from tests.adapters.feishu.callbacks import NOW, VECTORS

FRAMES = st.builds(
    Frame,
    seq_id=st.integers(0, 2**64 - 1),
    log_id=st.integers(0, 2**64 - 1),
    service=st.integers(-(2**31), 2**31 - 1),
    method=st.integers(0, 5),
    headers=st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=8).map(tuple),
    payload_encoding=st.none() | st.text(max_size=8),
    payload_type=st.none() | st.text(max_size=8),
    payload=st.none() | st.binary(max_size=300),
    log_id_new=st.none() | st.text(max_size=8),
)


def test_a_ping_is_the_sdks_ping() -> None:
    assert encode(ping(VECTORS["ping"]["service"])).hex() == VECTORS["ping"]["hex"]


def test_the_sdks_data_frame_is_read_and_written_back() -> None:
    vector = VECTORS["data_frame"]
    frame = decode(bytes.fromhex(vector["hex"]))
    assert (frame.seq_id, frame.log_id, frame.service, frame.method) == (7, 9, vector["service"], Method.DATA)
    assert [list(header) for header in frame.headers] == vector["headers"]
    assert frame.payload == vector["payload"].encode()
    assert encode(frame).hex() == vector["hex"]


def test_an_acknowledgement_is_the_same_frame_with_its_time_and_another_payload() -> None:
    frame = decode(bytes.fromhex(VECTORS["data_frame"]["hex"]))
    answered = decode(encode(frame.answered(b'{"code":200}', took_ms=3)))
    assert answered.headers == (*frame.headers, ("biz_rt", "3"))
    assert (answered.payload, answered.seq_id, answered.header("biz_rt")) == (b'{"code":200}', 7, "3")
    assert answered.header("unknown") == ""


def test_a_toast_is_packed_as_the_sdk_packs_it() -> None:
    vector = VECTORS["toast_ack"]
    payload = wire({"code": 200, "data": base64.b64encode(wire(vector["toast"])).decode()})
    assert payload.decode() == vector["payload"]


@pytest.mark.slow
@settings(deadline=None)
@given(FRAMES)
def test_what_is_written_is_read_again(frame: Frame) -> None:
    assert decode(encode(frame)) == frame


def test_unknown_fields_are_skipped() -> None:
    extra = b"\x50\x07" + b"\x5a\x03abc" + b"\x61" + bytes(8) + b"\x6d" + bytes(4)
    raw = encode(ping(1))
    assert decode(raw + extra) == decode(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\x08",
        b"\x08\x00",
        b"\x08\x00\x10\x00\x18\x00",
        b"\x08" + b"\xff" * 11,
        encode(ping(1)) + b"\x03",
        encode(ping(1)) + b"\x42\x05abc",
        encode(ping(1)) + b"\x61\x00",
        encode(ping(1)) + b"\x00\x00",
        encode(ping(1)) + b"\x2a\x02\x0a\x00",
        encode(ping(1)) + b"\x2a\x05\x0a\x01\xff\x12\x00",
        encode(ping(1)) + b"\x4a\x01\xff",
        encode(ping(1)) * 1 + b"\x2a\x04\x0a\x00\x12\x00" * 64,
        bytes(4 * 1024 * 1024 + 1),
    ],
)
def test_what_is_no_frame_is_one_error(raw: bytes) -> None:
    with pytest.raises(BadFrame):
        decode(raw)


@pytest.mark.slow
def test_fifty_thousand_mutated_frames_are_frames_or_that_one_error() -> None:
    dice = random.Random(5)
    raw = bytes.fromhex(VECTORS["data_frame"]["hex"])
    read = 0
    for _ in range(50_000):
        changed = bytearray(raw)
        for _ in range(dice.randrange(1, 4)):
            changed[dice.randrange(len(changed))] = dice.randrange(256)
        try:
            frame = decode(
                bytes(changed[: dice.randrange(len(changed) + 1)]) if dice.random() < 0.3 else bytes(changed)
            )
        except BadFrame:
            continue
        assert decode(encode(frame)) == frame
        read += 1
    assert read > 1_000


class TestFragments:
    """Payloads in several frames."""

    @staticmethod
    def part(seq: object, total: object, payload: bytes, *, message: str = "m1") -> Frame:
        headers = (("type", "event"), ("message_id", message), ("sum", str(total)), ("seq", str(seq)))
        return Frame(seq_id=1, log_id=1, service=1, method=1, headers=headers, payload=payload)

    def test_parts_in_any_order_become_the_whole(self) -> None:
        fragments = Fragments()
        parts = [self.part(n, 3, b"abc"[n : n + 1]) for n in (2, 0, 0, 1)]
        assert [fragments.add(one, now=NOW) for one in parts] == [None, None, None, b"abc"]
        assert len(fragments) == 0

    def test_messages_do_not_mix(self) -> None:
        fragments = Fragments()
        fragments.add(self.part(0, 2, b"a"), now=NOW)
        fragments.add(self.part(0, 2, b"x", message="m2"), now=NOW)
        assert fragments.add(self.part(1, 2, b"b"), now=NOW) == b"ab"
        assert fragments.add(self.part(1, 2, b"y", message="m2"), now=NOW) == b"xy"

    @pytest.mark.parametrize("total", ["1", "0", "", "x", "-1", "9999999"])
    def test_a_frame_that_is_no_part_is_whole(self, total: str) -> None:
        assert Fragments().add(self.part(0, total, b"a"), now=NOW) == b"a"

    @pytest.mark.parametrize(("seq", "total"), [(2, 2), ("x", 2), ("", 2), (0, MAX_PARTS + 1)])
    def test_a_part_that_fits_nowhere_is_dropped(self, seq: object, total: object) -> None:
        fragments = Fragments()
        assert fragments.add(self.part(seq, total, b"a"), now=NOW) is None
        assert len(fragments) == 0

    def test_another_count_begins_anew(self) -> None:
        fragments = Fragments()
        fragments.add(self.part(0, 3, b"old"), now=NOW)
        assert fragments.add(self.part(0, 2, b"a"), now=NOW) is None
        assert fragments.add(self.part(1, 2, b"b"), now=NOW) == b"ab"

    def test_what_waits_too_long_is_forgotten_also_when_the_clock_goes_back(self) -> None:
        for later in (NOW + KEPT, NOW - KEPT):
            fragments = Fragments()
            fragments.add(self.part(0, 2, b"a"), now=NOW)
            assert fragments.add(self.part(1, 2, b"b"), now=later) is None

    def test_what_waits_is_bounded_in_number_and_size(self) -> None:
        fragments = Fragments()
        for number in range(MAX_INCOMPLETE + 20):
            fragments.add(self.part(0, 2, b"a", message=str(number)), now=NOW)
        assert len(fragments) == MAX_INCOMPLETE
        for number in range(5):
            fragments.add(self.part(0, 2, bytes(3 * 1024 * 1024), message=f"big{number}"), now=NOW)
        assert len(fragments) == 2
