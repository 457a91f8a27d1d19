"""A page that listens on loopback over the sample company, without a bot behind it, and somebody who browses it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import aiohttp

from adapters.feishu.stage import FeishuStage
from bot.clock import VirtualClock
from bot.company import CompanyFile, read_company, sample_text
from bot.config import Settings
from bot.playground.backstage import Backstage
from bot.playground.deeds import Deeds
from bot.playground.demo import OPENING
from bot.playground.pages import Files, Pages, read_files
from bot.playground.server import PageServer

BEIJING = ZoneInfo("Asia/Shanghai")
KEY = "a-key-that-only-this-test-knows"
SU, YUAN, YIN, GU, HE = (f"ou_sample_{who}" for who in ("e009", "e029", "e028", "e002", "e011"))
X1, ALL = "oc_sample_x1", "oc_sample_all"


@cache
def company() -> CompanyFile:
    """The sample company, read once."""
    return read_company(sample_text())


@cache
def files() -> Files:
    """Templates and static files, read once."""
    return read_files()


@dataclass(slots=True)
class Browser:
    """Somebody with the page's address. Forms are sent as a browser without scripts sends them, unless asked for JSON."""

    url: str
    session: aiohttp.ClientSession

    async def sees(self, **state: str) -> str:
        """The page's HTML."""
        async with self.session.get(self.url, params=state) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.text()

    async def words(self, **state: str) -> str:
        """The page's words without its markup."""
        return words_of(await self.sees(**state))

    async def news(self, **state: str) -> dict[str, object]:
        """What an open page fetches after a change."""
        async with self.session.get(f"{self.url}news", params=state) as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, object] = await answer.json()
            return found

    async def log(self, **state: str) -> str:
        """The words of the messages in the chat."""
        messages = (await self.news(**state))["messages"]
        assert isinstance(messages, list)
        return " ".join(words_of(message) for _, message in messages)

    async def does(self, deed: str, **fields: str | list[str]) -> str:
        """Send a form; the words of the toast, empty without one."""
        data = aiohttp.FormData()
        for name, value in fields.items():
            for one in [value] if isinstance(value, str) else value:
                data.add_field(name.replace("__", "."), one)
        async with self.session.post(f"{self.url}{deed}", data=data, headers={"Accept": "application/json"}) as answer:
            assert answer.status == 200, await answer.text()
            toast = (await answer.json())["toast"]
            return str(toast["words"]) if toast else ""


def words_of(page: str) -> str:
    """Text of HTML, entities undone, one space between."""
    inner = re.sub(r"<(script|style|template|svg).*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inner)).split())


def make_stage(clock: VirtualClock) -> FeishuStage:
    """The sample company on the emulator, not started."""
    return FeishuStage(company(), clock=clock, bot_name="回音", seed=7)


@dataclass(slots=True)
class Rig:
    """Stage, page server and clock. `backstage` has no bot: events find nobody."""

    clock: VirtualClock
    stage: FeishuStage
    backstage: Backstage
    server: PageServer

    @classmethod
    def make(cls, opening: datetime = OPENING) -> Rig:
        clock = VirtualClock(opening)
        stage = make_stage(clock)
        backstage = Backstage(stage=stage, clock=clock, settings=Settings())
        server = PageServer(
            key=KEY,
            stage=stage,
            pages=Pages(files=files(), stage=stage, backstage=backstage, company="云杉智造", zone=BEIJING),
            deeds=Deeds(stage=stage, backstage=backstage, zone=BEIJING),
            files=files(),
        )
        return cls(clock, stage, backstage, server)
