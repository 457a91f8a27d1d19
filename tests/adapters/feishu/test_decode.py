"""Every event of the wire has a neutral word, and a genuine event is never an exception."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters._hardened_json import BadJson, JsonTable, parse_table
from adapters._members import instant
from adapters.feishu.decode import decode, is_click, unreadable
from adapters.feishu.decode_cards import answer_card
from adapters.feishu.decode_messages import MAX_TEXT
from adapters.feishu.emoji import neutral_emoji
from adapters.feishu.envelope import ENVELOPE_LIMITS
from adapters.feishu.event import Self
from adapters.feishu.payload import button_value
from bot.ports import Answer
from bot.updates import (
    AnyUpdate,
    CardClicked,
    ContentKind,
    MessageReceived,
    ReactionAdded,
    Unreadable,
    Update,
    decode_update,
    display_text,
    encode_update,
    lane_of,
)
from tests.adapters.feishu.callbacks import APP_ID, NOW, Sample, event, events

ME = Self(app_id=APP_ID, bot_open_id="ou_bot")
SAMPLES = events()


def decoded(envelope: dict[str, Any], *, me: Self = ME) -> AnyUpdate:
    return decode(parse_table(json.dumps(envelope).encode(), limits=ENVELOPE_LIMITS), me=me, received_at=NOW)


def message(**changes: Any) -> MessageReceived:
    """The sample message with other members."""
    envelope = json.loads(json.dumps(event("message_text_with_mention")))
    envelope["event"]["message"].update(changes)
    update = decoded(envelope)
    assert isinstance(update, MessageReceived)
    return update


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_every_sample_is_the_update_that_it_names(sample: Sample) -> None:
    update = decoded(sample.envelope)
    assert update == decode_update(json.dumps(sample.update).encode())
    assert decode_update(encode_update(update)) == update
    assert lane_of(update)


def test_the_samples_cover_every_update_that_feishu_can_cause() -> None:
    found = {type(decoded(sample.envelope)) for sample in SAMPLES}
    never = {"MessageEdited"}  # there is no event for it (feishu.md 3.1)
    assert {kind.__name__ for kind in found} == {kind.__name__ for kind in Update.__subclasses__()} - never


class TestMentions:
    """Who is named, and who only seems to be."""

    def test_the_text_reads_as_people_see_it(self) -> None:
        update = decoded(event("message_text_two_mentions_and_the_bot"))
        assert isinstance(update, MessageReceived)
        assert display_text(update.text, update.mentions) == "@回音 /协同 @张三@王芳请看 @_user_12"

    def test_only_our_bot_is_the_bot(self) -> None:
        other = [{"key": "@_user_1", "id": {"open_id": "ou_else"}, "mentioned_type": "bot", "name": "别的机器人"}]
        assert not message(mentions=other).mentions[0].is_bot

    def test_while_we_do_not_know_who_we_are_the_platforms_word_counts(self) -> None:
        envelope = event("message_text_two_mentions_and_the_bot")
        update = decoded(envelope, me=replace(ME, bot_open_id=""))
        assert isinstance(update, MessageReceived)
        assert [one.is_bot for one in update.mentions] == [False, False, True]

    def test_a_token_cannot_be_typed(self) -> None:
        update = message(content=json.dumps({"text": "\ue0000\ue001 @_user_1 \ue0001\ue001"}))
        assert update.text == "0 \ue0000\ue001 1"

    def test_a_placeholder_of_two_digits_is_not_one_of_one_digit(self) -> None:
        update = message(content=json.dumps({"text": "@_user_11 @_user_1请看"}))
        assert update.text == "@_user_11 \ue0000\ue001请看"

    @pytest.mark.parametrize(
        ("text", "counts"),
        [
            ("@_all 请看", True),
            ("请@_all看", True),
            ("@_all，请看", True),
            ("@_all_staff", False),
            ("@_allx", False),
            ("@all", False),
        ],
    )
    def test_everybody_is_named_by_the_platforms_own_sign(self, text: str, counts: bool) -> None:
        update = message(content=json.dumps({"text": text}), mentions=[])
        assert [one.is_everybody for one in update.mentions] == ([True] if counts else [])

    def test_a_name_is_one_short_line_without_tokens(self) -> None:
        named = [{"key": "@_user_1", "id": {"open_id": "ou_x"}, "name": "\ue0000\ue001李\n四" + "x" * 500}]
        name = message(mentions=named).mentions[0].name
        assert name.startswith("0李 四x")
        assert len(name) == 128

    def test_somebody_whose_id_we_do_not_get_is_still_named(self) -> None:
        update = message(mentions=[{"key": "@_user_1", "id": {}, "name": "外部联系人"}])
        assert (update.mentions[0].account, update.mentions[0].name) == (None, "外部联系人")
        assert update.text.startswith("\ue0000\ue001")


class TestContent:
    """What a message is made of."""

    @pytest.mark.parametrize("content", ["[]", "null", "1", '{"text":NaN}', '{"text":"a","text":"b"}', "[" * 9_999])
    def test_a_content_that_cannot_be_read_makes_a_message_all_the_same(self, content: str) -> None:
        update = message(content=content)
        assert (update.content, update.text) == (ContentKind.OTHER, "")

    @pytest.mark.parametrize("content", ["{}", '{"text":null}', '{"text":7}', '{"txt":"x"}'])
    def test_a_text_message_without_text_is_an_empty_one(self, content: str) -> None:
        update = message(content=content)
        assert (update.content, update.text) == (ContentKind.TEXT, "")

    def test_lone_surrogates_in_the_inner_text_are_mended(self) -> None:
        assert message(content='{"text":"a\\ud800b"}').text == "a\ufffdb"

    def test_a_very_long_text_is_read_up_to_a_bound(self) -> None:
        assert len(message(content=json.dumps({"text": "x" * 150_000})).text) == MAX_TEXT

    @pytest.mark.parametrize(
        "post", [{}, {"content": None}, {"content": [1, "x", None]}, {"content": [[1, None, "x"]]}]
    )
    def test_rich_text_of_another_shape_is_empty_text(self, post: dict[str, Any]) -> None:
        update = message(message_type="post", content=json.dumps(post))
        assert (update.content, update.text) == (ContentKind.TEXT, "")

    def test_the_address_behind_words_is_kept_once(self) -> None:
        link = {"tag": "a", "text": "https://corp.example/d/1", "href": "https://corp.example/d/1"}
        bare = {"tag": "a", "text": "", "href": "https://corp.example/d/2"}
        update = message(message_type="post", content=json.dumps({"content": [[link], [bare]]}))
        assert update.text == "https://corp.example/d/1\nhttps://corp.example/d/2"


@pytest.mark.parametrize("bad", ["", " ", "om 1", "om_\n", "é", "x" * 257, 7, None, ["om_1"]])
@pytest.mark.parametrize("member", ["message_id", "chat_id"])
def test_an_identifier_that_does_not_look_like_one_makes_the_event_unreadable(member: str, bad: object) -> None:
    envelope = json.loads(json.dumps(event("message_text_with_mention")))
    envelope["event"]["message"][member] = bad
    update = decoded(envelope)
    assert isinstance(update, Unreadable)
    assert update.problem == f"no {member}"
    assert update.source.business_id == "ev-1"


def test_the_business_id_is_the_messages_own_for_messages_and_the_events_for_all_else() -> None:
    assert decoded(event("message_text_with_mention")).source.business_id == "om_1"
    assert decoded(event("message_recalled")).source.business_id == "ev-40"


def test_an_event_without_an_id_is_known_again_by_its_content() -> None:
    envelope = event("event_without_id_or_type")
    first, again, other = decoded(envelope), decoded(envelope), decoded({**envelope, "event": {"x": 2}})
    assert first.source.business_id == again.source.business_id != other.source.business_id
    bytes_only = unreadable(b"\x00", me=ME, received_at=NOW)
    assert bytes_only.source.business_id == unreadable(b"\x00", me=ME, received_at=NOW).source.business_id


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1767315600", datetime(2026, 1, 2, 1, 0, tzinfo=UTC)),
        ("1767315600123", datetime(2026, 1, 2, 1, 0, 0, 123_000, tzinfo=UTC)),
        ("1767315600123456", datetime(2026, 1, 2, 1, 0, 0, 123_000, tzinfo=UTC)),
        (1767315600123, datetime(2026, 1, 2, 1, 0, 0, 123_000, tzinfo=UTC)),
        ("", None),
        ("0", None),
        ("-767315600", None),
        ("17673156001", None),
        ("1767315600.1", None),
        ("١٧٦٧٣١٥٦٠٠", None),
        (True, None),
        (1.5, None),
        (None, None),
        ([], None),
    ],
)
def test_an_instant_is_told_by_its_digits(value: Any, expected: datetime | None) -> None:
    assert instant(value) == expected


@pytest.mark.parametrize(
    ("emoji_type", "expected"),
    [
        ("THUMBSUP", "👍"),
        ("ThumbsUp", "👍"),
        ("OK", "OK"),
        ("Get", "收到"),
        ("DONE", "DONE"),
        ("Done", "DONE"),
        ("SMILE", "SMILE"),
    ],
)
def test_emojis_that_the_rules_know_are_neutral_and_others_keep_their_name(emoji_type: str, expected: str) -> None:
    assert neutral_emoji(emoji_type) == expected


def test_a_reaction_to_an_unknown_emoji_keeps_a_name_of_one_line() -> None:
    envelope = json.loads(json.dumps(event("reaction_other")))
    envelope["event"]["reaction_type"]["emoji_type"] = "Ab\nc" + "x" * 500
    update = decoded(envelope)
    assert isinstance(update, ReactionAdded)
    assert update.emoji.startswith("Ab cx")
    assert len(update.emoji) == 128


class TestClicks:
    """Buttons say what was pressed; people see an answer at once."""

    def test_the_value_that_we_render_is_the_one_that_we_read(self) -> None:
        envelope = json.loads(json.dumps(event("card_button")))
        envelope["event"]["action"]["value"] = button_value("decide", {"code": "XQ-2026-0001", "v": "7"})
        update = decoded(envelope)
        assert isinstance(update, CardClicked)
        assert (update.action, update.params) == ("decide", {"code": "XQ-2026-0001", "v": "7"})

    def test_who_clicked_is_never_read_from_the_value(self) -> None:
        envelope = json.loads(json.dumps(event("card_button")))
        envelope["event"]["action"]["value"]["p"] = {"operator": "ou_boss", "open_id": "ou_boss"}
        update = decoded(envelope)
        assert isinstance(update, CardClicked)
        assert update.operator.account == "ou_alice"

    def test_only_a_card_trigger_is_a_click(self) -> None:
        assert is_click(event("card_button"))
        assert is_click(event("card_without_action"))
        assert not is_click(event("message_image"))
        assert not is_click({"header": "card.action.trigger"})

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (Answer(toast="已收到"), {"toast": {"type": "info", "content": "已收到"}}),
            (Answer(toast="已由王芳处理", is_error=True), {"toast": {"type": "error", "content": "已由王芳处理"}}),
            (Answer(toast=""), {}),
            (None, {"toast": {"type": "info", "content": "处理中"}}),
        ],
    )
    def test_the_answer_is_a_toast_and_never_a_card(self, answer: Answer | None, expected: dict[str, Any]) -> None:
        assert answer_card(answer, busy_text="处理中") == expected


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TYPES = sorted({str(sample.envelope.get("header", {}).get("event_type", "")) for sample in SAMPLES})


@pytest.mark.slow
@settings(deadline=None)
@given(st.sampled_from(TYPES), st.dictionaries(st.text(max_size=8), JSON, max_size=6))
def test_any_body_of_any_known_type_becomes_an_update(kind: str, body: dict[str, Any]) -> None:
    envelope: JsonTable = {"schema": "2.0", "header": {"event_id": "ev-1", "event_type": kind}, "event": body}
    update = decode(envelope, me=ME, received_at=NOW)
    assert decode_update(encode_update(update)) == update


def mutated(value: Any, dice: random.Random) -> Any:
    """The same JSON with something else in some places."""
    if dice.random() < 0.03:
        return dice.choice(
            [None, True, 0, -1, 1.5, "", "\x00", "\ufffd", "\ue0000\ue001", "@_all", [], {}, [[]], "x" * 300, 2**60]
        )
    if isinstance(value, dict):
        return {key if dice.random() > 0.03 else f"{key}_": mutated(one, dice) for key, one in value.items()}
    if isinstance(value, list):
        return [mutated(one, dice) for one in value] * dice.choice([1, 1, 1, 2])
    if isinstance(value, str) and value.startswith('{"') and dice.random() < 0.5:
        return json.dumps(mutated(json.loads(value), dice))
    return value


@pytest.mark.slow
def test_twenty_thousand_mutated_events_become_updates_that_can_be_stored() -> None:
    dice = random.Random(20260102)
    kinds: dict[str, int] = {}
    for number in range(20_000):
        sample = SAMPLES[number % len(SAMPLES)]
        raw = json.dumps(mutated({**sample.envelope}, dice)).encode()
        try:
            envelope = parse_table(raw)
        except BadJson:
            continue
        update = decode(envelope, me=ME, received_at=NOW)
        assert decode_update(encode_update(update)) == update
        kinds[type(update).__name__] = kinds.get(type(update).__name__, 0) + 1
    assert kinds["MessageReceived"] > 1_000
    assert kinds["Unreadable"] > 1_000
