"""Whatever people type stays words: exactly the meant mentions and links, within the platform's limits (T13, EC-61).

The platform has three ways to read text. Texts of the app know links in brackets, texts in groups know mentions, and the
bot speaks markdown; each is read here by an eye of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters._words import safe_url
from adapters.wecom.emulator_cards import check_card
from adapters.wecom.escape import parts
from adapters.wecom.render import TEXT_BYTES, card_call, text_calls
from adapters.wecom.render_card import BOT, card_json
from adapters.wecom.render_text import MENTIONS, bot_markdown, tidy
from adapters.wecom.settings import WeComSettings
from bot.domain.ids import AccountKey
from bot.errors import FailureKind, PlatformError
from bot.messages import At, Button, ButtonStyle, Card, CardColour, Link, Rich, Row, Span, Text
from tests.adapters.feishu.hostile import PAYLOADS as COMMON
from tests.adapters.wecom.callbacks import AGENT, CORP
from tests.adapters.wecom.company import group, person

SETTINGS = WeComSettings(corp_id=CORP, agent_id=AGENT, secret="s")
PAYLOADS = (
    *COMMON,
    "<@lihua>",
    "<@all>",
    "<@all",
    '<a href="https://evil.example">批准</a>',
    "<a href='https://evil.example'>批准",
    "$userName=lihua$ $departmentName=1$",
    "@lihua 请批准",
    "</a><@all>",
    "\u202e<@all>",
)
#: what marks a link of the app's text, and a mention of a group's
_LINK = re.compile(r'<a href="([^"<>]*)">([^<>]*)</a>')
_MENTION = re.compile(r"<@([^<>]*)>")
_MEANT_MARKS = {
    "paragraph_open", "inline", "paragraph_close", "text", "strong_open", "strong_close", "link_open", "link_close",
    "softbreak", "hardbreak",
}  # fmt: skip
laws = settings(deadline=None, derandomize=True, max_examples=150, suppress_health_check=list(HealthCheck))
words = st.one_of(
    st.sampled_from(PAYLOADS),
    st.text(max_size=60),
    st.text(alphabet="*_~`[]()<>#|&\\ \n-+.!1:@{}'\"字", max_size=60),
    st.builds(lambda one, times: one * times, st.sampled_from(PAYLOADS), st.integers(20, 80)),
)
urls = st.one_of(st.just("https://example.com/a_b?x=1&y=2"), words.map(lambda one: f"https://example.com/{one}"), words)
accounts = st.sampled_from(["lihua", "zhaoliu", "all", "", "u x", "<at>", "@all"]).map(
    lambda one: AccountKey("wecom", one)
)
spans: st.SearchStrategy[Span] = st.one_of(
    st.builds(Text, words, bold=st.booleans()), st.builds(At, accounts, words), st.builds(Link, words, urls)
)
bodies = st.lists(spans, max_size=6).map(tuple)


def contents(target: Any, body: Rich) -> Iterator[str]:
    """What each message of a text says; none is longer than the platform takes."""
    for call in text_calls(target, body, settings=SETTINGS):
        content = (call.body or {})["text"]
        assert isinstance(content, dict)
        said = content["content"]
        assert isinstance(said, str)
        assert 0 < len(said.encode()) <= TEXT_BYTES
        yield said


def marks_in(paragraph: str) -> set[str]:
    """Every kind of mark that an independent reader of markdown finds."""
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(paragraph.strip("\n"))
    return {one.type for block in blocks for one in (block, *(block.children or []))}


def meant_links(body: Rich) -> set[str]:
    return {url for span in body if isinstance(span, Link) and (url := safe_url(span.url)) is not None}


def meant_people(body: Rich) -> set[str]:
    return {span.account.account for span in tidy(body) if isinstance(span, At)}


@laws
@given(bodies)
def test_a_private_text_has_exactly_the_meant_links(body: Rich) -> None:
    for said in contents(person("lihua"), body):
        assert {link for link, _ in _LINK.findall(said)} <= meant_links(body)
        assert not re.search("[<>]", _LINK.sub("", said)), said


@laws
@given(bodies)
def test_a_text_in_a_group_mentions_exactly_the_meant_people(body: Rich) -> None:
    for call, said in zip(text_calls(group("wrG"), body, settings=SETTINGS), contents(group("wrG"), body), strict=True):
        found = _MENTION.findall(said)
        assert set(found) <= meant_people(body)
        assert not re.search("[<>]", _MENTION.sub("", said)), said
        content = (call.body or {})["text"]
        assert isinstance(content, dict)
        assert set(content.get("mentioned_list") or []) == set(found)  # type: ignore[arg-type]
        assert "@all" not in found


@laws
@given(bodies)
def test_the_bots_markdown_has_exactly_the_meant_links_and_no_other_marks(body: Rich) -> None:
    for said in parts(bot_markdown(tidy(body)), 18_000):
        for paragraph in re.split(r"\n\s*\n", said):
            assert marks_in(paragraph) <= _MEANT_MARKS


@pytest.mark.parametrize("room", range(1_960, 2_010, 3))
def test_a_mention_or_a_link_is_never_cut_in_two(room: int) -> None:
    """A text that just did not fit ended with half a mention, which everybody read as brackets."""
    body = (
        Text("x" * room),
        At(AccountKey("wecom", "zhaoliu"), "赵六"),
        Text("，请看"),
        Link("表", "https://example.com/a"),
    )
    for target in (group("wrG"), person("lihua")):
        for said in contents(target, body):
            rest = _MENTION.sub("", _LINK.sub("", said))
            assert not re.search("[<>]", rest), said[-60:]


cards = st.builds(
    Card,
    kind=st.just("k"),
    title=words,
    state=words,
    colour=st.sampled_from(CardColour),
    rows=st.lists(st.builds(Row, key=words, value=words), max_size=9).map(tuple),
    body=bodies,
    buttons=st.lists(
        st.builds(
            Button,
            id=words,
            text=words,
            action=st.sampled_from(["clock_ack", "a"]),
            params=st.dictionaries(st.sampled_from(["code", "mac"]), st.sampled_from(["HF-1", "<at>", "字"])),
            style=st.sampled_from(ButtonStyle),
        ),
        max_size=8,
    ).map(tuple),
    footer=words,
    link=st.one_of(st.none(), st.builds(Link, words, urls)),
    fallback=bodies,
)


@laws
@given(cards)
def test_every_card_is_one_that_the_platform_takes_or_goes_out_as_words(card: Card) -> None:
    """The platform refuses what is too long or misses a part; links lead where they were meant to."""
    try:
        call = card_call(person("lihua"), card, key="k", settings=SETTINGS)
        other = card_json(card, task="t-1", measures=BOT)
    except PlatformError as problem:
        if problem.kind is not FailureKind.DEGRADE:
            raise
        return
    content = (call.body or {})["template_card"]
    assert isinstance(content, dict)
    check_card(content, is_app=True)  # type: ignore[arg-type]
    check_card(other, is_app=False)  # type: ignore[arg-type]
    meant = meant_links((*card.body, *([card.link] if card.link is not None else [])))
    assert {str(one) for one in _values(content, "url")} <= meant | {"https://work.weixin.qq.com"}


def _values(table: object, key: str) -> Iterator[object]:
    if isinstance(table, dict):
        for name, value in table.items():
            if name == key:
                yield value
            yield from _values(value, key)
    elif isinstance(table, list):
        for one in table:
            yield from _values(one, key)


def test_no_more_people_are_mentioned_than_may_be() -> None:
    body = tuple(At(AccountKey("wecom", f"u{n}"), f"人{n}") for n in range(MENTIONS + 5))
    assert sum(len(_MENTION.findall(said)) for said in contents(group("wrG"), body)) == MENTIONS
