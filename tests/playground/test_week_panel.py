"""The acceptance week on the page: begun in a fresh house, played act by act or by itself, stopped where it is wrong.

A small week of five steps stands for the real one; the fourth expects something wrong on purpose.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.playground import demo
from bot.playground.director import Director
from bot.playground.programme import Mark, Pace
from bot.playground.week import Week, read_week
from bot.stage import Refused
from tests.playground.rig import SU, X1, Browser, words_of

QIN = "ou_sample_e004"
SMALL = """
start = 2026-09-14T08:00:00+08:00
zone = "Asia/Shanghai"
company = ""

[[steps]]
number = 1
day = 2026-09-14
time = "09:05"
actor = "E009 苏念初"
where = "G-X1"
action = "`@秦书禾 首批数量？`"
expected = "a clock of PROD starts"
zh = "苏念初问首批数量，生产部开始计时。"
[[steps.acts]]
at = "09:05"
by = "E009"
says = "@秦书禾 首批数量？"
into = "G-X1"
named = "c1"
expect = [{ code = "HF-2026-0001", has = { department = "PROD", state = "running" } }]

[[steps]]
number = 2
day = 2026-09-14
time = "09:22"
actor = "E004"
where = "G-X1"
action = "answers"
expected = "in time, nobody is told anything"
zh = "秦书禾作答，按时。"
[[steps.acts]]
at = "09:15"
expect = [{ code = "HF-2026-0001", has = { state = "running" } }, { untold = ["E004"] }]
[[steps.acts]]
at = "09:22"
by = "E004"
says = "60 台"
into = "G-X1"
quotes = "c1"
expect = [{ code = "HF-2026-0001", has = { state = "answered_in_time", answered_by = "E004" } }]

[[steps]]
number = 3
day = 2026-09-14
time = "09:40"
actor = "E009"
where = "DM"
action = "`/待办`"
expected = "an answer"
zh = "苏念初看待办。"
[[steps.acts]]
at = "09:40"
by = "E009"
says = "/待办"
expect = [{ answer = ["展会"] }]

[[steps]]
number = 4
day = 2026-09-14
time = "09:50"
actor = "system"
where = "-"
action = "a wrong expectation"
expected = "the clock runs still"
zh = "故意写错的一步。"
[[steps.acts]]
at = "09:50"
by = "E004"
presses = "审核通过"
card = "XQ-2026-0015"

[[steps]]
number = 5
day = 2026-09-14
time = "10:00"
actor = "tester"
where = "-"
action = "the end"
expected = "the tables are read"
zh = "核对。"
[[steps.acts]]
at = "10:00"

[[clocks]]
code = "HF-2026-0001"
cells = ["C1", "PROD", "Mon 09:05", "Mon 09:35", "Mon 09:22", "E004 liaison", "17", "on time"]
zh = ["C1", "生产部", "周一 09:05", "周一 09:35", "周一 09:22", "秦书禾", "17", "按时"]
has = { state = "answered_in_time" }

[[closing]]
subject = "clocks"
expected = "one"
zh = ["计时", "一次，两小时后截止"]
expect = [{ code = "HF-2026-0001", has = { department = "PROD", due_at = "09-14 11:35" } }]

[[digests]]
day = 2026-09-14
cells = ["-"]
waiting = []
major = 0
overdue = {}
soon = {}
progress = []
issues = []
on_time = 0
late = 0
cancelled = 0
rate = ""
median = ""
meetings = []
compliance = []
confidential = 0
"""

pytestmark = pytest.mark.slow


def small() -> Week:
    return read_week(SMALL)


@dataclass(slots=True)
class Panel:
    """A running demo with the small week, and somebody who has the page open."""

    page: demo.Page
    browser: Browser

    @property
    def director(self) -> Director:
        assert self.page.director is not None
        return self.page.director

    def marks(self) -> str:
        signs = {Mark.AHEAD: ".", Mark.PLAYING: "~", Mark.DONE: "+", Mark.WRONG: "x"}
        return "".join(signs[step.mark] for step in self.director.programme.steps)

    async def moves(self, **fields: str) -> str:
        return await self.browser.does("week", me=SU, **fields)

    async def reads(self, **state: str) -> str:
        parts = (await self.browser.news(me=SU, **state))["parts"]
        assert isinstance(parts, dict)
        return words_of(parts["week"])

    async def rests(self) -> None:
        """Until it does not play by itself any more."""
        async with asyncio.timeout(20):
            while self.director.is_running:
                await self.page.stage.changed(after=self.page.stage.revision, at_most=0.2)


@pytest.fixture
async def panel() -> AsyncIterator[Panel]:
    week = small()
    page = await demo.start(platform="feishu", port=0, runs=False, week=week, haste=0)
    async with aiohttp.ClientSession() as session:
        yield Panel(page, Browser(page.url, session))
    await page.stop()


async def test_before_the_beginning_nothing_can_be_played(panel: Panel) -> None:
    assert panel.marks() == "....."
    assert "从头演出" in await panel.reads()
    for fields in ({"move": "next"}, {"move": "run"}, {"to": "2"}):
        assert await panel.moves(**fields) == "请先点“从头演出”。"
    with pytest.raises(Refused):
        await panel.director.next_act()


async def test_act_by_act_the_marks_follow(panel: Panel) -> None:
    assert await panel.moves(move="begin") == "周一 08:00，验收周开始。"
    seen = [panel.marks()]
    for _ in range(3):
        await panel.moves(move="next")
        seen.append(panel.marks())
    assert seen == [".....", "+....", "+~...", "++..."]
    programme = panel.director.programme
    assert (programme.played, programme.acts, programme.next_step) == (3, 6, 3)
    assert "3/6" in await panel.reads()
    assert panel.page.clock.now().astimezone(panel.page.zone).strftime("%H:%M") == "09:22"


async def test_it_stops_where_something_is_wrong_and_says_it_in_both_languages(panel: Panel) -> None:
    await panel.moves(move="begin")
    await panel.moves(move="run")
    await panel.rests()
    assert panel.marks() == "+++x."
    assert "秦书禾看不到 XQ-2026-0015 带“审核通过”的卡片" in await panel.reads()
    assert "秦书禾 sees no card of XQ-2026-0015 with 审核通过" in await panel.reads(lang="en")
    assert "1 步不符" in await panel.reads()


async def test_after_what_was_wrong_it_goes_on_and_the_tables_are_read_at_the_end(panel: Panel) -> None:
    await panel.moves(move="begin")
    await panel.moves(move="run")
    await panel.rests()
    assert [row.mark for row in (*panel.director.programme.clocks, *panel.director.programme.closing)] == [
        Mark.AHEAD,
        Mark.AHEAD,
    ]
    await panel.moves(move="next")
    programme = panel.director.programme
    assert programme.is_over
    assert [row.mark for row in programme.clocks] == [Mark.DONE]
    assert [row.mark for row in programme.closing] == [Mark.WRONG]
    read = await panel.reads()
    assert "HF-2026-0001 的 due_at 应为 09-14 11:35，实际是 09-14 09:35" in read
    await panel.moves(move="next")  # nothing comes after the end
    assert panel.director.programme.played == programme.acts


async def test_it_plays_up_to_a_step_and_not_back(panel: Panel) -> None:
    await panel.moves(move="begin")
    await panel.moves(to="2")
    await panel.rests()
    assert panel.marks() == "++..."
    assert await panel.moves(to="1") == "这一步已经演过了。"
    assert await panel.moves(to="77") == "没有这一步。"
    assert panel.marks() == "++..."


async def test_a_pause_ends_it_after_the_act(panel: Panel) -> None:
    await panel.moves(move="begin")
    panel.director._haste = 1.0
    await panel.moves(pace="slow")
    assert panel.director.pace is Pace.SLOW
    await panel.moves(move="run")
    assert panel.director.is_running
    await panel.moves(move="pause")
    assert not panel.director.is_running
    assert panel.marks().startswith("+")
    assert panel.marks().endswith("...")


async def test_starting_over_takes_another_house_tells_open_tabs_and_leaves_nothing(panel: Panel) -> None:
    await panel.moves(move="begin")
    await panel.moves(move="next")
    before = panel.page.house
    folder = Path(before.folder.name)
    async with panel.browser.session.get(f"{panel.browser.url}changes") as stream:
        first = await _event(stream)
        assert await panel.moves(move="begin") == "周一 08:00，验收周开始。"
        second = await _event(stream)
    assert first.split(".")[0] != second.split(".")[0]
    assert panel.page.house is not before
    assert not before.backstage.is_running
    assert not await asyncio.to_thread(folder.exists)
    assert panel.marks() == "....."
    assert await panel.browser.log(me=SU, chat=X1) == ""


async def test_nothing_of_any_house_is_left_when_the_page_stops(panel: Panel) -> None:
    await panel.moves(move="begin")
    folders = {panel.page.house.folder.name}
    await panel.moves(move="begin")
    folders.add(panel.page.house.folder.name)
    await panel.page.stop()
    left = {str(path) for path in await asyncio.to_thread(lambda: list(Path(tempfile.gettempdir()).iterdir()))}
    assert not folders & left


async def test_the_page_is_told_whose_eyes_to_look_through(panel: Panel) -> None:
    await panel.moves(move="begin")
    await panel.moves(move="next")
    place: Any = (await panel.browser.news(me=SU))["place"]
    assert (place["me"], place["chat"]) == (SU, X1)
    await panel.moves(move="next")  # the clock alone: the view stays
    await panel.moves(move="next")
    later: Any = (await panel.browser.news(me=SU))["place"]
    assert later["number"] > place["number"]
    assert (later["me"], later["chat"]) == (QIN, X1)


async def test_a_browser_without_scripts_is_sent_to_who_acts_if_it_wants_to(panel: Panel) -> None:
    await panel.moves(move="begin")
    for fields, goes in (({"follow": "yes"}, SU), ({}, "ou_sample_e002")):
        data = {"move": "next", "me": "ou_sample_e002", "lang": "zh", **fields}
        async with panel.browser.session.post(f"{panel.browser.url}week", data=data, allow_redirects=False) as answer:
            assert answer.status == 303
            assert f"me={goes}" in answer.headers["Location"]


async def test_a_step_opens_with_its_acts_in_the_readers_language(panel: Panel) -> None:
    async def opened(number: int, language: str) -> tuple[int, str]:
        async with panel.browser.session.get(f"{panel.browser.url}week/{number}?lang={language}") as answer:
            return answer.status, words_of(await answer.text())

    status, words = await opened(2, "zh")
    assert status == 200
    assert "秦书禾 X1试产协作专项群 60 台 核对 2 项" in words
    assert "时钟 到点看结果" in words
    assert "播到这一步" in words
    _, english = await opened(2, "en")
    assert "in time, nobody is told anything" in english
    assert "Play to here" in english
    assert (await opened(77, "zh"))[0] == 404


async def _event(stream: aiohttp.ClientResponse) -> str:
    """The next revision of the stream of changes."""
    async with asyncio.timeout(10):
        async for line in stream.content:
            if line.startswith(b"data: "):
                return line.decode().removeprefix("data: ").strip()
    raise AssertionError("the stream ended")
