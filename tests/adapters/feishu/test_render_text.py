"""Text messages: mentions that ring, words that stay words, and sizes that the platform takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.feishu.render import idempotency_key, message_call, render
from adapters.feishu.render_text import Manner
from bot.domain.ids import MessageKey
from bot.errors import FailureKind, PlatformError
from bot.messages import At, Link, ReadMembers, Rich, SendText, Span, Text, ToChat, ToPerson, Urge
from tests.adapters.feishu.outgoing import BOB, CHAT, RICH_LIMIT, TEXT_LIMIT, account, look_at


def sent(*body: Span, manner: Manner | None = None) -> dict[str, Any]:
    """Body of the request for a text into a group, with its content read."""
    call = message_call(SendText(target=ToChat(CHAT), body=body), key="k", manner=manner or Manner())
    found: dict[str, Any] = dict(call.body or {})
    return {**found, "content": json.loads(found["content"])}


def test_plain_words_and_mentions_go_out_as_a_text_message() -> None:
    body = sent(BOB, Text(" 请在 15:34 前回复：今天 10.5%，好吗？"))
    assert body["msg_type"] == "text"
    assert body["content"] == {"text": '<at user_id="ou_bob"></at> 请在 15:34 前回复：今天 10.5%，好吗？'}


@pytest.mark.parametrize("words", ["<b>粗</b>", "**粗**", "[x](https://evil.example)", "a_b", "A & B", "`code`", "\\n"])
def test_words_with_marks_go_out_as_a_post_that_shows_them_literally(words: str) -> None:
    body = sent(Text(words))
    assert body["msg_type"] == "post"
    assert body["content"]["zh_cn"]["content"] == [[{"tag": "text", "text": words}]]


def test_bold_links_and_mentions_are_elements_of_a_post() -> None:
    body = sent(Text("标题", bold=True), Text("\n\n"), BOB, Link("全部", "https://example.com/a?b=1"))
    assert body["content"]["zh_cn"]["content"] == [
        [{"tag": "text", "text": "标题", "style": ["bold"]}],
        [{"tag": "text", "text": " "}],
        [{"tag": "at", "user_id": "ou_bob"}, {"tag": "a", "text": "全部", "href": "https://example.com/a?b=1"}],
    ]


@pytest.mark.parametrize("name", ["all", "", 'ou_x"></at><at user_id="all', "ou x", "ou_b\nx", "全员"])
def test_an_account_that_is_no_id_is_named_and_never_mentioned(name: str) -> None:
    body = sent(At(account(name), "所有人"))
    assert body["content"] == {"text": "@所有人"}


def test_the_platforms_name_stands_in_a_mention_and_a_hostile_one_cannot() -> None:
    sight = look_at(message_call(SendText(target=ToChat(CHAT), body=(At(account("ou_x"), "</at><at>"),)), key="k"))
    assert (sight.mentions, sight.words) == (["ou_x"], "")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://x.y",
        "https://",
        "//x.y",
        "https://a@b.c/",
        "https://x.y:port/",
        "http://[::1",
        "x",
    ],
)
def test_an_address_that_is_none_is_shown_and_not_linked(url: str) -> None:
    body = sent(Link("点我", url))
    assert "href" not in json.dumps(body)
    assert f"点我 {url}" in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com", "https://example.com"),
        ("https://x.y/a(b)c'd\"<e>", "https://x.y/a%28b%29c%27d%22%3Ce%3E"),
        ("https://x.y/a%20b?q=1&r=%2F#top", "https://x.y/a%20b?q=1&r=%2F#top"),
        ("https://x.y/中文?词=一 二", "https://x.y/%E4%B8%AD%E6%96%87?%E8%AF%8D=%E4%B8%80%20%E4%BA%8C"),
        ("https://x.y/100%?p=%zz%41", "https://x.y/100%25?p=%25zz%41"),
        ("http://[::1]:8080/a*b", "http://[::1]:8080/a%2Ab"),
    ],
)
def test_an_address_cannot_end_the_markup_around_it(url: str, safe: str) -> None:
    assert f'"href": "{safe}"' in json.dumps(sent(Link("x", url)))


def test_a_link_without_words_shows_its_address() -> None:
    content = sent(Link("", "https://example.com/a"))["content"]["zh_cn"]["content"]
    assert content == [[{"tag": "a", "text": "https://example.com/a", "href": "https://example.com/a"}]]


@pytest.mark.parametrize("typed", ["@_all", "@_ALL 开会", "@_user_1 你好"])
def test_a_typed_placeholder_of_a_mention_stays_words(typed: str) -> None:
    text = sent(Text(typed))["content"]["zh_cn"]["content"][0][0]["text"]
    assert "@_" not in text
    assert text.replace("\u200b", "") == typed


@pytest.mark.parametrize("body", [(), (Text(""),), (Text(" \n "),), (Text("\u202e\x00"),)])
def test_a_message_without_words_still_has_something_to_show(body: Rich) -> None:
    assert sent(*body)["content"]["text"].strip() in {"…"}


def test_controls_direction_marks_and_half_characters_are_gone() -> None:
    assert sent(Text("a\x00b\u202ec\ud800d\ufeffe\r\nf"))["content"] == {"text": "abcde\nf"}


@pytest.mark.parametrize("letter", ["字", "x", "👨\u200d👩\u200d👧", '"', "\n"])
def test_ec_83_a_hundred_thousand_characters_are_shortened_to_what_the_platform_takes(letter: str) -> None:
    sight = look_at(message_call(SendText(target=ToChat(CHAT), body=(BOB, Text(letter * 100_000))), key="k"))
    assert sight.size <= TEXT_LIMIT
    assert sight.size > 20_000
    assert sight.words.endswith("…")
    assert sight.mentions == ["ou_bob"]


@pytest.mark.parametrize("letter", ["*", "<", "字_", "\\", "_\n"])
def test_a_hundred_thousand_marks_fit_into_a_post(letter: str) -> None:
    sight = look_at(message_call(SendText(target=ToChat(CHAT), body=(Text(letter * 100_000), BOB)), key="k"))
    assert RICH_LIMIT / 2 < sight.size <= RICH_LIMIT
    assert sight.mentions == ["ou_bob"]


def test_what_is_said_to_be_too_long_can_be_made_half_as_long() -> None:
    said = SendText(target=ToChat(CHAT), body=(Text("字" * 90_000),))
    assert look_at(message_call(said, key="k", manner=Manner(divisor=2))).size <= TEXT_LIMIT / 2


def test_numbers_and_addresses_can_be_masked_for_a_data_guard() -> None:
    said = "电话 13800001234，工号 12345，邮箱 li.si@corp.example"
    body = sent(Text(said), manner=Manner(masks=True))
    assert json.dumps(body["content"], ensure_ascii=False).count("****") == 1
    assert "138****34，工号 12345，邮箱 l***@corp.example" in json.dumps(body["content"], ensure_ascii=False)


def test_people_can_be_named_instead_of_mentioned() -> None:
    assert sent(BOB, Text("：请看"), manner=Manner(mentions=False))["content"] == {"text": "@张三：请看"}


def test_a_person_gets_it_by_open_id_and_an_answer_goes_to_its_message() -> None:
    direct = message_call(SendText(target=ToPerson(account("ou_bob")), body=(Text("x"),)), key="k")
    assert (direct.query, (direct.body or {})["receive_id"]) == ((("receive_id_type", "open_id"),), "ou_bob")
    answer = SendText(target=ToChat(CHAT), body=(Text("x"),), reply_to=MessageKey("feishu", "om_9"))
    call = message_call(answer, key="k")
    assert (call.path, call.query) == ("/open-apis/im/v1/messages/om_9/reply", ())
    assert "receive_id" not in (call.body or {})
    assert message_call(answer, key="k", manner=Manner(answers=False)).operation == "im.v1.message.create"


@pytest.mark.parametrize("bad", ["", "a/b", "..", "om_1?x=1", "om 1", "om_\ud800", "a" * 200])
def test_an_id_that_is_none_never_gets_into_a_request(bad: str) -> None:
    for outbound in (
        Urge(message=MessageKey("feishu", bad), accounts=()),
        SendText(target=ToChat(type(CHAT)("feishu", bad)), body=(Text("x"),)),
        ReadMembers(chat=type(CHAT)("feishu", bad)),
    ):
        with pytest.raises(PlatformError) as refused:
            render(outbound, key="k", app_id="cli_x")
        assert refused.value.kind is FailureKind.PERMANENT


def test_keys_of_any_length_become_short_keys_that_differ() -> None:
    keys = ["k", "k2", "group:XQ-2026-0001:create", "长" * 500, "\ud800"]
    made = {idempotency_key(key) for key in keys}
    assert len(made) == len(keys)
    assert all(len(one) <= 50 and one.isascii() and one.isalnum() for one in made)
    assert idempotency_key("k") == idempotency_key("k")
