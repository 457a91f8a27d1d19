"""The real bot under the page: the main job from the question to the digest, faults on the way, and a clean end."""

from __future__ import annotations

import re
import socket
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest

from bot.playground import demo
from bot.stage_views import ButtonView, CardView, ChatView, MessageView, TraceRow
from tests.playground.rig import ALL, BEIJING, GU, SU, X1, YIN, YUAN, Browser, words_of

pytestmark = pytest.mark.slow


@dataclass(slots=True)
class Play:
    """A running demo and what its people do and see."""

    page: demo.Page
    browser: Browser
    #: ids of messages that stood there when the page was opened: the duties of a Monday
    before: frozenset[str] = frozenset()

    async def says(self, who: str, text: str, chat: str = "private") -> None:
        toast = await self.browser.does("say", me=who, chat=chat, text=text)
        assert toast == ""
        await self.page.backstage.settled()

    async def jumps(self, move: str, **fields: str) -> str:
        await self.browser.does("clock", me=SU, move=move, **fields)
        return f"{self.page.clock.now().astimezone(BEIJING):%d %H:%M}"

    def chat(self, who: str, chat: str) -> ChatView:
        return next(
            one for one in self.page.stage.chats(who) if one.id == chat or (chat == "private" and not one.is_group)
        )

    def sees(self, who: str, chat: str = "private") -> tuple[MessageView, ...]:
        return self.page.stage.messages(who, self.chat(who, chat).id, limit=50)

    def from_bot(self, who: str, chat: str = "private") -> list[MessageView]:
        return [message for message in self.sees(who, chat) if message.is_from_bot and message.id not in self.before]

    def card(self, who: str, chat: str = "private") -> CardView:
        """The newest card."""
        return [message.card for message in self.sees(who, chat) if message.card is not None][-1]

    def trace(self, title: str) -> list[TraceRow]:
        return [row for row in self.page.stage.trace(limit=200) if row.title == title]


def text_of(message: MessageView) -> str:
    return "".join(span.text for span in message.words)


def state_of(card: CardView) -> tuple[str, str]:
    """Colour and state of a card."""
    return card.colour, card.tags[0][0]


def buttons_of(card: CardView) -> list[ButtonView]:
    found: list[ButtonView] = []
    waiting = list(card.blocks)
    while waiting:
        block = waiting.pop(0)
        waiting = [*block.blocks, *waiting]
        if block.button is not None:
            found.append(block.button)
    return found


@pytest.fixture
async def play() -> AsyncIterator[Play]:
    page = await demo.start(platform="feishu", port=0, runs=False)
    await page.backstage.settled()
    people = [person.account for person in page.stage.people()]
    seen = [page.stage.messages(who, one.id, limit=50) for who in people for one in page.stage.chats(who)]
    before = frozenset(message.id for messages in seen for message in messages)
    async with aiohttp.ClientSession() as session:
        yield Play(page, Browser(page.url, session), before)
    await page.stop()


async def test_from_a_question_to_the_digest(play: Play) -> None:
    await play.says(SU, "@袁知行 检测夹具什么时候到位？", X1)
    assert play.from_bot(YUAN) == []

    assert await play.jumps("due") == "14 09:25"  # 20 working minutes
    assert [state_of(one.card) for one in play.from_bot(YUAN) if one.card] == [("orange", "即将超时")]
    assert play.from_bot(SU, X1) == []

    assert await play.jumps("due") == "14 09:35"  # 30
    assert [state_of(one.card) for one in play.from_bot(YUAN) if one.card] == [("red", "已超时")]
    assert [state_of(one.card) for one in play.from_bot(SU, X1) if one.card] == [("red", "已超时")]
    assert len(play.from_bot(YIN)) == 0

    assert await play.jumps("due") == "14 10:05"  # 60
    assert len(play.from_bot(YIN)) == 1
    assert len(play.from_bot(YUAN)) == len(play.from_bot(SU, X1)) == 1

    await play.says(YUAN, "@苏念初 周三上午到位，下午就能试装", X1)
    assert state_of(play.card(SU, X1)) == ("green", "已超时回复")
    assert state_of(play.card(YUAN)) == ("green", "已超时回复")

    await play.says(YUAN, "/为什么 HF-1")
    why = text_of(play.from_bot(YUAN)[-1])
    assert "HF-2026-0001" in why
    assert "09:05–10:05" in why

    await play.says(SU, "/建群 SX-8")
    made = [one for one in play.page.stage.chats(SU) if one.is_group and one.id not in {X1, ALL}]
    assert [one.name for one in made] == ["展会物料协作专项群"]
    assert made[0].has_bot

    assert await play.jumps("morning") == "15 08:45"
    digests = [text_of(message) for message in play.from_bot(GU)]
    assert len(digests) == 1
    assert "2026-09-15" in digests[0]
    assert re.search(r"超时 1\b", digests[0])
    assert play.page.stage.emulator.visible_duplicates() == []  # type: ignore[attr-defined] # the emulator's own check


async def test_a_button_of_a_card_answers_the_person_and_turns_the_card(play: Play) -> None:
    await play.says(SU, "@袁知行 检测夹具什么时候到位？", X1)
    await play.jumps("due")
    card = play.from_bot(YUAN)[-1]
    assert card.card is not None
    button = next(one for one in buttons_of(card.card) if one.words == "已收到")
    page = await play.browser.sees(me=YUAN, chat="private")
    assert f'value="{card.id} {button.key}"' in page or f'name="submit" value="{button.key}"' in page
    fields = {"submit": button.key} if button.submits else {"press": f"{card.id} {button.key}"}
    toast = await play.browser.does("click", me=YUAN, message=card.id, **fields)
    assert toast
    await play.page.backstage.settled()
    assert play.card(YUAN).colour == "green"
    again = await play.browser.does("click", me=YUAN, message=card.id, **fields)
    assert again  # the button is gone: the client says so instead of doing it twice


async def test_over_the_webhook_each_event_is_verified_and_a_forged_one_is_refused(play: Play) -> None:
    said = await play.browser.does("wire", me=SU, delivery="webhook")
    assert said == "机器人已重启，现在用 Webhook。"
    await play.browser.does("fault", fault="fault_wrong_signature")
    await play.says(SU, "@袁知行 检测夹具什么时候到位？", X1)
    (push,) = play.trace("im.message.receive_v1")
    assert "mark_refused" in push.marks
    assert [timer.kind for timer in play.page.backstage.look.timers if timer.ref.startswith("HF")] == []

    await play.jumps("1m")  # the platform tries again after 15 seconds
    (push,) = play.trace("im.message.receive_v1")
    assert (push.state, "mark_verified" in push.marks) == ("ok", True)
    assert [timer.kind for timer in play.page.backstage.look.timers if timer.ref.startswith("HF")] == [
        "sla_nudge",
        "sla_breach",
    ]
    words = words_of(await play.browser.sees(me=SU, tab="inspector"))
    assert "签名 ✓ 解密 ✓" in words
    assert "开始计时 HF-2026-0001" in words


@pytest.mark.parametrize("delivery", ["stream", "webhook"])
async def test_what_is_pushed_or_replayed_again_is_done_once(play: Play, delivery: str) -> None:
    await play.browser.does("wire", me=SU, delivery=delivery)
    await play.browser.does("fault", fault="fault_duplicate")
    await play.says(SU, "@袁知行 检测夹具什么时候到位？", X1)
    await play.jumps("1m")
    pushes = play.trace("im.message.receive_v1")
    assert [push.state for push in pushes] == ["ok", "ok", "ok"]
    assert (await play.browser.does("replay", me=SU, push=pushes[0].replay)).startswith("已重放，机器人照常应答")
    await play.page.backstage.settled()
    started = [done for done in play.page.backstage.look.done if done.action == "clock_started"]
    assert len(started) == 1
    assert "mark_duplicate" in play.trace("im.message.receive_v1")[-1].marks


async def test_a_restart_loses_nothing(play: Play) -> None:
    await play.says(SU, "@袁知行 检测夹具什么时候到位？", X1)
    assert await play.browser.does("wire", me=SU, delivery="stream") == "机器人已重启，什么也没丢。"
    assert await play.jumps("due") == "14 09:25"
    assert len(play.from_bot(YUAN)) == 1


@pytest.mark.parametrize("fault", ["fault_duplicate", "fault_reorder", "fault_drop_ack", "fault_delay"])
async def test_after_a_fault_of_the_push_the_clock_starts_once(play: Play, fault: str) -> None:
    await play.browser.does("fault", fault=fault)
    await play.says(SU, "@袁知行 检测夹具什么时候到位？", X1)
    await play.jumps("1m")
    started = [done for done in play.page.backstage.look.done if done.action == "clock_started"]
    assert len(started) == 1
    assert play.page.stage.wire().faults == ()


@pytest.mark.parametrize(
    "fault",
    [
        "fault_http_429",
        "fault_http_500",
        "fault_executed_then_timeout",
        "fault_token_expired",
        "fault_disconnect",
    ],
)
async def test_after_a_fault_the_notice_comes_once(play: Play, fault: str) -> None:
    await play.says(SU, "@袁知行 检测夹具什么时候到位？", X1)
    await play.browser.does("fault", fault=fault)
    await play.jumps("30m")
    await play.jumps("1m")
    assert len(play.from_bot(YUAN)) == 1
    assert state_of(play.card(YUAN)) == ("red", "已超时")


async def test_somebody_on_leave_is_marked_in_the_list(play: Play) -> None:
    await play.says(YUAN, "/请假 9-14 13:30 9-15 18:00 代理 @贺云深")
    await play.jumps("to", at="2026-09-14T14:00")
    page = await play.browser.sees(me=SU)
    assert "请假" in page.partition(f"me={YUAN}")[2].partition("</a>")[0]
    assert "请假" not in page.partition(f"me={YIN}")[2].partition("</a>")[0]


async def test_the_announcement_is_one_line_with_one_address(play: Play) -> None:
    line = play.page.announcement
    assert "\n" not in line
    assert re.findall(r"https?://\S+", line) == [play.page.url]
    assert "打开" in line
    assert "open" in line


def within(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    page = await demo.start(platform="feishu", port=0, runs=False)
    assert within(tmp_path)
    await page.stop()
    assert not within(tmp_path)


async def test_a_port_in_use_is_said_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(demo.PortTaken, match=f"{port}.*--port 0"):
            await demo.start(platform="feishu", port=port)


async def test_a_store_that_is_used_again_goes_on_after_what_it_remembers(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    page = await demo.start(platform="feishu", port=0, store_url=url, runs=False)
    await page.backstage.jump(datetime(2026, 9, 16, 9, 0, tzinfo=BEIJING))
    await page.stop()
    page = await demo.start(platform="feishu", port=0, store_url=url, runs=False)
    assert page.clock.now() >= datetime(2026, 9, 16, 8, 45, tzinfo=BEIJING)
    await page.stop()


async def test_a_chart_of_the_bot_is_a_picture_on_the_page(play: Play) -> None:
    """`周报` brings text and picture; the page shows the very bytes that were uploaded."""
    await play.says(GU, "周报")
    words, chart = play.from_bot(GU)[-2:]
    assert "一、四项目标" in text_of(words)
    assert chart.picture
    private = play.chat(GU, "private").id
    assert f'src="picture/{chart.picture}"' in await play.browser.sees(me=GU, chat=private)
    async with play.browser.session.get(f"{play.browser.url}picture/{chart.picture}") as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
        assert (await answer.read()).startswith(b"\x89PNG")
