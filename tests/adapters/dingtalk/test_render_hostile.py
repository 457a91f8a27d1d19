"""Whatever people type stays words: exactly the meant mentions and links, within the platform's limits (T13, EC-61).

Requests are read by `outgoing.look_at`, whose eye for markdown is an independent CommonMark parser.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters._words import safe_url
from adapters.dingtalk.render import (
    action_call,
    card_call,
    edit_call,
    group_call,
    mention_call,
    text_call,
    webhook_body,
)
from bot.messages import (
    At,
    Button,
    ButtonStyle,
    Card,
    CardColour,
    CreateGroup,
    EditCard,
    Field,
    FieldKind,
    Link,
    Rich,
    Row,
    SendCard,
    SendText,
    Span,
    Text,
)
from tests.adapters.dingtalk.outgoing import (
    BOB,
    CARD,
    CARD_LIMIT,
    DIRECT,
    GROUP,
    MESSAGE,
    SETTINGS,
    TEXT_LIMIT,
    WEBHOOK_LIMIT,
    account,
    look_at,
    nobody_is_called,
    read_markdown,
)
from tests.adapters.feishu.hostile import PAYLOADS as COMMON

#: what this platform alone might read something into (dingtalk.md 3.1, 4)
PAYLOADS = (
    *COMMON,
    "<a atId=u_carol>卡罗</a>",
    "</a><a atId=all>全体</a>",
    "@u_carol 请批准",
    "@u_bob",
    "@13800000000",
    "@ALL @all @所有人",
    "[批准](dtmd://dingtalkclient/sendMessage?content=同意)",
    "dingtalk://dingtalkclient/page/link?url=https%3A%2F%2Fevil.example",
    "&nbsp;&lt;font color=#ff0000&gt;",
    "![](@lADPDe7s)",
    "a  \n  # 标题  \n  - 一",
    "www.evil.example",
    "\n\n    代码",
    "1",
    "-",
)
laws = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
#: what is cut is not compared; nothing this short is cut
SHORT = 900

words = st.one_of(
    st.sampled_from(PAYLOADS),
    st.text(max_size=60),
    st.lists(st.sampled_from(PAYLOADS), min_size=2, max_size=3).map("".join),
    st.text(alphabet="*_~`[]()<>#|&\\ \n-+.!1:@{}'\"字", max_size=60),
    st.builds(lambda one, times: one * times, st.sampled_from(PAYLOADS), st.integers(20, 60)),
)
urls = st.one_of(st.just("https://example.com/a_b?x=1&y=2"), words.map(lambda one: f"https://example.com/{one}"), words)
accounts = st.sampled_from(["u_bob", "u_carol", "all", "", "u x", "<at>", "@all"]).map(account)
spans: st.SearchStrategy[Span] = st.one_of(
    st.builds(Text, words, bold=st.booleans()), st.builds(At, accounts, words), st.builds(Link, words, urls)
)
bodies = st.lists(spans, max_size=5).map(tuple)
buttons = st.lists(
    st.builds(
        Button,
        id=words,
        text=words,
        action=st.sampled_from(["clock_ack", "a"]),
        params=st.dictionaries(st.sampled_from(["code", "mac", "v"]), st.sampled_from(["HF-1", "<at>", "字"])),
        style=st.sampled_from(ButtonStyle),
        submits_form=st.booleans(),
        confirm=words,
    ),
    max_size=4,
)
fields = st.lists(st.sampled_from(["a", "b", "c"]), unique=True, max_size=3).flatmap(
    lambda names: st.tuples(
        *(
            st.builds(
                Field,
                name=st.just(name),
                label=words,
                kind=st.sampled_from(FieldKind),
                choices=st.sampled_from([(), (("h", "<at id=all></at>"), ("l", "**低**"))]),
                placeholder=words,
                value=words,
                max_length=st.integers(-5, 5000),
                note=words,
            )
            for name in names
        )
    )
)
cards = st.builds(
    Card,
    kind=st.just("k"),
    title=words,
    state=words,
    colour=st.sampled_from(CardColour),
    rows=st.lists(st.builds(Row, key=words, value=words), max_size=6).map(tuple),
    body=bodies,
    fields=fields,
    buttons=buttons.map(tuple),
    link=st.none() | st.builds(Link, words, urls),
    footer=words,
)


def is_real(span: At) -> bool:
    return span.account.account in {"u_bob", "u_carol"}


def meant(body: Rich) -> tuple[list[str], list[str]]:
    """The mentions and links that a body asks for."""
    mentions = [span.account.account for span in body if isinstance(span, At) and is_real(span)]
    links = [url for span in body if isinstance(span, Link) and (url := safe_url(span.url)) is not None]
    return mentions, links


#: marks whose wide twins are shown
_TWINS = str.maketrans({chr(ord(mark) + 0xFEE0): mark for mark in "*_`#<>[]~|\\&!"})


def shown(text: str) -> str:
    """What is left to the eye: no characters that hide, every run of spaces the same, twins as what they stand for."""
    kept = (one for one in text if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} or one == "\n")
    return " ".join("".join(" " if one in {"\xa0", "\n"} else one for one in kept).translate(_TWINS).split())


def is_short(body: Iterable[Span]) -> bool:
    """True when nothing of it can have been cut."""
    names = [one.name for one in body if isinstance(one, At)]
    others = [one.text for one in body if not isinstance(one, At)] + [one.url for one in body if isinstance(one, Link)]
    return all(len(name) <= 60 for name in names) and sum(map(len, others)) < SHORT


# a card that fails is not made smaller: that would take longer than a test may
@settings(laws, max_examples=120, phases=(Phase.explicit, Phase.generate))
@given(cards, st.booleans())
@pytest.mark.slow
def test_a_card_mentions_and_links_exactly_what_was_meant(card: Card, is_edit: bool) -> None:
    edit = EditCard(target=GROUP, card_id="c", message=MESSAGE, card=card)
    sent = SendCard(target=GROUP, card_id="c", card=card)
    call = edit_call(edit) if is_edit else card_call(sent, key="k", settings=SETTINGS)
    sight = look_at(call)
    mentions, links = meant(card.body)
    opened = safe_url(card.link.url) if card.link is not None else None
    assert sight.size <= CARD_LIMIT
    if is_short(card.body):
        assert sight.mentions == mentions
        assert [one.replace("%28", "(").replace("%29", ")") for one in sight.links] == [
            one.replace("%28", "(").replace("%29", ")") for one in [*links, *([opened] if opened else [])]
        ]


@settings(laws, max_examples=200)
@given(bodies, st.booleans())
@pytest.mark.slow
def test_a_text_is_literal_and_calls_nobody(body: Rich, is_direct: bool) -> None:
    outbound = SendText(target=DIRECT if is_direct else GROUP, body=body)
    sight = look_at(text_call(outbound.target, outbound.body, settings=SETTINGS))
    assert sight.size <= TEXT_LIMIT
    assert (sight.mentions, sight.links) == ([], [])


@settings(laws, max_examples=200)
@given(bodies)
@pytest.mark.slow
def test_at_a_messages_address_exactly_the_meant_people_are_called(body: Rich) -> None:
    made = json.loads(json.dumps(webhook_body(body)))
    said, at = made["text"]["content"], made["at"]
    assert len(json.dumps(made, ensure_ascii=False).encode()) <= WEBHOOK_LIMIT
    assert not at["isAtAll"]
    mentions = list(dict.fromkeys(meant(body)[0]))
    assert at["atUserIds"] == mentions
    nobody_is_called(f"{said} ", but=tuple(mentions))
    assert all(f"@{one} " in f"{said} " for one in mentions)


@settings(laws, max_examples=200)
@given(bodies)
@pytest.mark.slow
def test_the_words_of_a_cards_body_are_the_typed_ones(body: Rich) -> None:
    whole: Rich = (BOB, Text("x"), *(span for span in body if isinstance(span, Text)))
    sight = look_at(mention_call(GROUP, whole, title="题", key="k", settings=SETTINGS))
    if is_short(whole):
        typed = "".join(span.text for span in whole if isinstance(span, Text))
        assert shown(sight.words) == shown(typed)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_payload_is_words_wherever_it_stands(payload: str) -> None:
    body = (BOB, Text(payload), Text(payload, bold=True), Text(f"\n{payload}"))
    card = replace(
        CARD,
        title=payload,
        state=payload,
        body=body,
        rows=(Row(key=payload, value=payload),),
        footer=payload,
        link=Link(payload, "https://example.com/a"),
    )
    sight = look_at(card_call(SendCard(target=GROUP, card_id="c", card=card), key="k", settings=SETTINGS))
    assert (sight.mentions, sight.links) == (["u_bob"], ["https://example.com/a"])
    assert shown(payload) in shown(sight.words)
    bare = replace(card, fallback=body)
    sight = look_at(action_call(GROUP, bare, Link(payload, "https://example.com/a"), settings=SETTINGS))
    assert (sight.mentions, sight.links) == ([], ["https://example.com/a"])


@settings(laws, max_examples=100)
@given(words)
def test_a_groups_name_is_one_line_of_what_was_typed(name: str) -> None:
    outbound = CreateGroup(platform="dingtalk", name=name, description="", owner=None, members=())
    made = str((group_call(outbound, owner=account("u_bob")).body or {})["name"])
    assert 1 <= len(made) <= 20
    assert "\n" not in made
    assert shown(" ".join(name.split())).startswith(shown(made).rstrip("… "))


def test_the_eye_sees_what_must_not_be_there() -> None:
    """A judge that finds nothing is no judge."""
    for typed in ("# x", "- x", "    x", "x\n\ny", "~~x~~", "`x`", "<b>x</b>", "| a |\n| - |", "@u_carol x"):
        with pytest.raises(AssertionError):
            read_markdown(typed)
    assert read_markdown("[x](https://evil.example)")[1] == ["https://evil.example"]
    with pytest.raises(AssertionError):
        nobody_is_called("@u_carol x")
