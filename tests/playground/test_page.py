"""The page shows the sample company in both languages, escapes what people wrote, and loads nothing from elsewhere."""

from __future__ import annotations

import re

import pytest

from adapters._emulator.wire_json import Json, compact
from adapters.feishu.emulator_posts import Draft
from bot.playground.pages import SHOWN
from bot.playground.tour import CAST, STEPS
from tests.playground.rig import ALL, GU, SU, X1, YUAN, Browser, Rig, company, files

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"


def card(words: str) -> Json:
    """A card with those words wherever words can stand."""
    return {
        "schema": "2.0",
        "config": {"update_multi": True},
        "header": {
            "template": "red",
            "title": {"tag": "plain_text", "content": f"待回复 {words}"},
            "text_tag_list": [{"tag": "text_tag", "text": {"tag": "plain_text", "content": "已超时"}, "color": "red"}],
        },
        "body": {
            "elements": [
                {
                    "tag": "markdown",
                    "content": f"**内容** <at id={SU}></at> [看](https://example.com/?a=1&b=2) {words}",
                },
                {"tag": "hr"},
                {
                    "tag": "form",
                    "name": "answer_form",
                    "elements": [
                        {
                            "tag": "input",
                            "name": "answer",
                            "label": {"tag": "plain_text", "content": words},
                            "required": True,
                            "default_value": words,
                        },
                        {
                            "tag": "button",
                            "name": "send",
                            "text": {"tag": "plain_text", "content": "提交"},
                            "type": "primary",
                            "form_action_type": "submit",
                        },
                    ],
                },
                {
                    "tag": "button",
                    "text": {"tag": "plain_text", "content": "取消等待"},
                    "confirm": {
                        "title": {"tag": "plain_text", "content": words},
                        "text": {"tag": "plain_text", "content": words},
                    },
                    "behaviors": [{"type": "callback", "value": {"act": "x"}}],
                },
            ]
        },
    }


def show_card(rig: Rig, words: str = HOSTILE) -> None:
    """A card of the bot in the group, put there without a bot."""
    emulator = rig.stage.emulator
    emulator._posts.send(emulator.state.chats[X1], Draft(kind="interactive", content=compact(card(words))))


async def test_everybody_of_the_company_can_be_played(browser: Browser) -> None:
    words = await browser.words()
    assert [person.name for person in company().people if person.name not in words] == []
    assert [one.name for one in company().departments if one.name not in words] == []


async def test_the_page_opens_as_the_asker_in_the_group(browser: Browser) -> None:
    page = await browser.sees()
    assert f'data-me="{SU}"' in page
    assert f'data-chat="{X1}"' in page


@pytest.mark.parametrize("state", [{"me": "ou_nobody"}, {"chat": "oc_nothing"}, {"lang": "xx"}, {"tab": "../x"}])
async def test_what_does_not_exist_falls_back(browser: Browser, state: dict[str, str]) -> None:
    page = await browser.sees(**state)
    assert f'data-me="{SU}"' in page
    assert 'data-lang="zh"' in page
    assert 'data-tab="chats"' in page


async def test_the_private_chat_can_be_named_without_its_id(rig: Rig, browser: Browser) -> None:
    page = await browser.sees(me=GU, chat="private")
    assert f'data-chat="{rig.stage.emulator.direct_chat(GU)}"' in page


async def test_english_speaks_english(browser: Browser) -> None:
    words = await browser.words(lang="en")
    assert "Main cast" in words
    assert "Step 1 of 6" in words
    assert "人员" not in words


async def test_hostile_words_stay_words(rig: Rig, browser: Browser) -> None:
    await browser.does("rename", me=SU, chat=X1, name=HOSTILE[:60])
    await browser.does("say", me=SU, chat=X1, text=HOSTILE)
    show_card(rig)
    for page in (
        await browser.sees(me=YUAN, chat=X1, draft=HOSTILE),
        compact(await browser.news(me=YUAN, chat=X1, draft=HOSTILE)),
    ):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "{{ 7*7 }}" in page
        assert " 49 " not in page


async def test_a_card_is_drawn_with_its_buttons_fields_and_a_note(rig: Rig, browser: Browser) -> None:
    show_card(rig)
    page = await browser.sees(me=YUAN, chat=X1)
    assert "飞书卡片 · 示意图" in page
    assert re.search(r'class="card k-red"', page)
    assert re.search(r'name="submit" value="send"', page)
    assert re.search(r'form="click" name="press" value="om_\w+ 取消等待"', page)
    assert '<span class="at">@苏念初</span>' in page
    assert 'name="f.answer"' in page


async def test_nothing_is_inline_and_nothing_comes_from_elsewhere(rig: Rig, browser: Browser) -> None:
    show_card(rig)
    page = await browser.sees(me=YUAN, chat=X1)
    assert re.findall(r"<script(?![^>]*src=)[^>]*>", page) == []
    assert re.findall(r"<style\b", page) == []
    assert re.findall(r"""<[a-z][^<>]*?\s(?:style|on[a-z]+)=["']""", re.sub(r'="[^"]*"', '=""', page)) == []
    assert re.findall(r"""(?:src|href|action)=["'](?:https?:)?//[^"']*""", page) == []
    assert re.findall(r"@import|https?://", (files().static["page.css"] + files().static["card.css"]).decode()) == []


async def test_every_form_of_the_page_posts(rig: Rig, browser: Browser) -> None:
    show_card(rig)
    forms = re.findall(r"<form\b[^>]*>", await browser.sees(me=YUAN, chat=X1))
    assert len(forms) > 10
    assert [form for form in forms if 'method="post"' not in form and 'method="dialog"' not in form] == []


@pytest.mark.slow
async def test_the_page_weighs_at_most_150_kilobytes(rig: Rig, browser: Browser, figures: object) -> None:
    """As many messages as are shown, ten of them cards, and everything that the page loads."""
    for number in range(SHOWN - 10):
        await browser.does("say", me=SU, chat=X1, text=f"第 {number} 条：@袁知行 检测夹具什么时候到位，图纸用哪一版？")
    for _ in range(10):
        show_card(rig, "检测夹具什么时候到位？")
    whole = len((await browser.sees(me=SU, chat=X1)).encode())
    whole += sum(len(content) for content in files().static.values())
    assert callable(figures)
    figures("playground: page full of messages", f"{whole / 1000:.0f} kB")
    assert whole <= 150_000


async def test_static_files_are_sent_once(browser: Browser) -> None:
    async with browser.session.get(f"{browser.url}static/page.js") as answer:
        assert answer.content_type == "text/javascript"
        tag = answer.headers["ETag"]
    async with browser.session.get(f"{browser.url}static/page.js", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304


async def test_an_empty_chat_says_what_to_do(browser: Browser) -> None:
    words = await browser.words(me=SU, chat=ALL)
    assert "这里还没有消息。" in words
    assert "机器人就开始计时" in words


async def test_the_tour_leads_through_the_story(browser: Browser) -> None:
    page = await browser.sees()
    assert len(re.findall(r'data-step="\d"', page)) == STEPS
    draft = re.search(r'href="([^"]*draft=[^"]*)" data-go', page)
    assert draft is not None
    assert {person.id for person in company().people} >= set(CAST)
    assert "@袁知行 检测夹具什么时候到位？" in await browser.sees(
        me=SU, chat=X1, draft="@袁知行 检测夹具什么时候到位？"
    )
