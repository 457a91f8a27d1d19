"""Whatever people type stays words: exactly the meant mentions and links, within the platform's limits (T13, EC-61).

Requests are read by `outgoing.look_at`, whose eye for markdown is an independent CommonMark parser; the corpus also goes
through the emulated platform, which reads it its own way.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from adapters._words import safe_url
from adapters.feishu.payload import button_value
from adapters.feishu.render import message_call, render
from bot.messages import (
    AnyOutbound,
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
    ToChat,
    ToPerson,
)
from tests.adapters.feishu.hostile import PAYLOADS
from tests.adapters.feishu.outgoing import (
    BOB,
    CARD,
    CHAT,
    ELEMENT_LIMIT,
    MESSAGE,
    RICH_LIMIT,
    TEXT_LIMIT,
    account,
    card_of,
    elements_of,
    look_at,
    tenant,
)
from tests.support.figures import Figures

#: the same examples in every run; `derandomize=False` looks for new ones
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
floods = st.builds(lambda one, times: one * times, st.sampled_from(PAYLOADS), st.integers(40, 100))
urls = st.one_of(st.just("https://example.com/a_b?x=1&y=2"), words.map(lambda one: f"https://example.com/{one}"), words)
accounts = st.sampled_from(["ou_bob", "ou_carol", "all", "", "ou_x y", "<at>", "ou_dave"]).map(account)
spans: st.SearchStrategy[Span] = st.one_of(
    st.builds(Text, words, bold=st.booleans()),
    st.builds(At, accounts, words),
    st.builds(Link, words, urls),
)
bodies = st.lists(spans, max_size=5).map(tuple)
names = st.lists(st.text(alphabet="abc_", min_size=1, max_size=8), unique=True, max_size=4)
buttons = st.lists(
    st.builds(
        Button,
        id=words,
        text=words,
        action=st.sampled_from(["clock_ack", "a"]),
        params=st.dictionaries(
            st.sampled_from(["code", "mac", "v"]), st.sampled_from(["HF-1", "<at id=all></at>", "字"])
        ),
        style=st.sampled_from(ButtonStyle),
        submits_form=st.booleans(),
        confirm=words,
    ),
    max_size=5,
)


@st.composite
def fields(draw: st.DrawFn) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=name,
            label=draw(words),
            kind=draw(st.sampled_from(FieldKind)),
            required=draw(st.booleans()),
            choices=draw(st.sampled_from([(), (("h", "<at id=all></at>"), ("l", "**低**"))])),
            placeholder=draw(words),
            value=draw(words),
            max_length=draw(st.integers(-5, 5000)),
        )
        for name in draw(names)
    )


cards = st.builds(
    Card,
    kind=st.just("k"),
    title=words,
    state=words,
    colour=st.sampled_from(CardColour),
    rows=st.one_of(
        st.lists(st.builds(Row, key=words, value=words), max_size=6).map(tuple),
        st.lists(st.builds(Row, key=words, value=words), min_size=4, max_size=4).map(lambda four: tuple(four) * 10),
    ),
    body=bodies,
    fields=fields(),
    buttons=buttons.map(tuple),
    link=st.none() | st.builds(Link, words, urls),
    footer=words,
)


def is_real(span: At) -> bool:
    return span.account.account.startswith("ou_") and " " not in span.account.account


def meant(body: Rich) -> tuple[list[str], list[str]]:
    """The mentions and links that a body asks for."""
    mentions = [span.account.account for span in body if isinstance(span, At) and is_real(span)]
    links = [url for span in body if isinstance(span, Link) and (url := safe_url(span.url)) is not None]
    return mentions, links


def shown(text: str) -> str:
    """What is left to the eye: no characters that hide, and every run of spaces the same."""
    kept = (one for one in text if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} or one == "\n")
    return " ".join("".join(" " if one in {"\xa0", "\n"} else one for one in kept).split())


def expected_words(body: Rich) -> str:
    """All words of a body without its mentions that ring."""
    parts: list[str] = []
    for span in body:
        match span:
            case Text():
                parts.append(span.text)
            case At():
                parts.append("" if is_real(span) else f"@{span.name}")
            case Link():
                parts.append(span.text if safe_url(span.url) is not None else f"{span.text} {span.url}".strip())
    return "".join(parts)


def is_short(body: Iterable[Span]) -> bool:
    """True when nothing of it can have been cut."""
    names = [one.name for one in body if isinstance(one, At)]
    others = [one.text for one in body if not isinstance(one, At)] + [one.url for one in body if isinstance(one, Link)]
    return all(len(name) <= 60 for name in names) and sum(map(len, others)) < SHORT


# a card that fails is not made smaller: that would take longer than a test may
@settings(laws, max_examples=520, phases=(Phase.explicit, Phase.generate))
@given(
    cards,
    st.integers(0, 5).flatmap(lambda dice: st.none() if dice else floods),
    st.sampled_from(["send", "answer", "edit"]),
)
@pytest.mark.slow
def test_a_card_mentions_and_links_exactly_what_was_meant(card: Card, flood: str | None, form: str) -> None:
    target = ToChat(CHAT)
    if flood is not None:
        card = replace(card, rows=(Row(key=flood, value=flood),) * 40)
    send = SendCard(target=target, card_id="c", card=card, reply_to=MESSAGE if form == "answer" else None)
    edit = EditCard(target=target, card_id="c", message=MESSAGE, card=card)
    call = render(edit if form == "edit" else send, key="k", app_id="cli_x")
    sight = look_at(call)
    mentions, links = meant(card.body)
    opened = safe_url(card.link.url) if card.link is not None else None
    if is_short(card.body):
        assert sight.mentions == mentions
    if is_short(card.body) and flood is None:
        assert sight.links == [*links, *([opened] if opened is not None else [])]
    assert sight.size <= RICH_LIMIT
    assert sight.elements <= ELEMENT_LIMIT
    made = card_of(call)
    values = [one["behaviors"][0].get("value") for one in elements_of(made, "button")]
    clicks = [button_value(one.action, one.params) for one in card.buttons]
    assert sorted(map(repr, filter(None, values))) == sorted(map(repr, clicks))


@settings(laws, max_examples=300)
@given(bodies)
@pytest.mark.slow
def test_the_words_of_a_cards_body_are_the_typed_ones(body: Rich) -> None:
    card = Card(kind="k", title="题", state="", colour=CardColour.DONE, body=(BOB, Text("x"), *body))
    call = message_call(SendCard(target=ToChat(CHAT), card_id="c", card=card), key="k")
    if is_short(body) and not any(isinstance(span, Link) for span in body):
        assert shown(look_at(call).words) == shown("x" + expected_words(body))


@settings(laws, max_examples=500)
@given(bodies, st.booleans())
@pytest.mark.slow
def test_a_text_mentions_and_links_exactly_what_was_meant(body: Rich, is_direct: bool) -> None:
    target = ToPerson(account("ou_bob")) if is_direct else ToChat(CHAT)
    sight = look_at(message_call(SendText(target=target, body=body), key="k"))
    assert sight.size <= TEXT_LIMIT
    if is_short(body):
        mentions, links = meant(body)
        assert (sight.mentions, sight.links) == (mentions, links)
        if not links:
            assert shown(sight.words).rstrip("… ") == shown(expected_words(body)).rstrip("… ")


@settings(laws, max_examples=100)
@given(words, words)
def test_a_groups_name_is_one_line_of_what_was_typed(name: str, description: str) -> None:
    outbound = CreateGroup(platform="feishu", name=name, description=description, owner=None, members=())
    body = render(outbound, key=name, app_id="cli_x").body or {}
    made = str(body["name"])
    assert shown(name).startswith(shown(made).rstrip("… "))
    assert len(made) <= 60
    assert "\n" not in made
    assert len(str(body["description"])) <= 100


@pytest.mark.slow
def test_the_platform_shows_every_payload_as_it_was_typed(figures: Figures) -> None:
    """Not a coroutine test: the emulated platform's reading of 150 messages blocks more than our own code may."""
    asyncio.run(_send_all())
    figures("hostile texts through the emulated platform", f"{2 * len(PAYLOADS)} messages, 0 unmeant mentions or links")


async def _send_all() -> None:
    async with tenant(enforces_rates=False) as company:
        chat = company.emulator.add_group("g", ["ou_alice", "ou_bob", "ou_carol"])
        for number, payload in enumerate(PAYLOADS):
            target = ToChat(type(CHAT)("feishu", chat))
            body = (BOB, Text(payload), Text(payload, bold=True))
            card = replace(
                CARD,
                title=payload,
                state=payload,
                body=body,
                rows=(Row(key=payload, value=payload),),
                footer=payload,
                link=Link(payload, "https://example.com/a"),
            )
            sendings: tuple[AnyOutbound, ...] = (
                SendText(target=target, body=body),
                SendCard(target=target, card_id="c", card=card),
            )
            for kind, outbound in enumerate(sendings):
                receipt = await company.client.send(outbound, key=f"{number}/{kind}")
                assert receipt.message is not None
                seen = company.emulator.message_as_seen(receipt.message.message, by="ou_bob")
                assert (seen.mentions, seen.mentions_all) == (("ou_bob",), False), payload
                assert shown(payload) in shown(seen.text), payload
                if seen.card is not None:
                    opened = [one.url for one in seen.card.buttons if one.url]
                    assert opened == ["https://example.com/a"], payload
