"""`huiyin demo`: the sample company on an emulated platform, the real bot, a clock that can be moved, and the page.

Nothing of the machine's own configuration is read, so that no real credential can get in here. Everything is written
into one temporary folder, which is gone when the page stops.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.dingtalk import stage as dingtalk
from adapters.feishu import stage as feishu
from adapters.wecom import stage as wecom
from bot.clock import VirtualClock
from bot.company import CompanyFile, read_company, sample_text
from bot.config import BotSection, ServerSection, Settings, StorageSection
from bot.errors import HuiyinError
from bot.playground.backstage import Backstage
from bot.playground.casting import cast
from bot.playground.deeds import Deeds
from bot.playground.director import Director
from bot.playground.pages import Files, Pages, read_files
from bot.playground.server import PageServer
from bot.playground.week import Week, read_week, week_company_text, week_text
from bot.playground.wording import say
from bot.stage import Stage
from storage import open_store

#: makes the stage of a company on one platform
Builder = Callable[..., Stage]
#: platforms that have a stage
STAGES: Mapping[str, Builder] = {"feishu": feishu.create, "dingtalk": dingtalk.create, "wecom": wecom.create}
PLATFORMS = tuple(STAGES)
#: Monday of the sample week, five minutes into everybody's working time
OPENING = datetime(2026, 9, 14, 1, 5, tzinfo=UTC)
BOT_NAME = "回音"


class PortTaken(HuiyinError):
    """Something else listens on the page's port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"端口 {port} 已被占用，换一个：--port 0 / port {port} is in use; try --port 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A company file: what it says, and its text."""

    file: CompanyFile
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One stage with the bot under it and the store they use."""

    stage: Stage
    backstage: Backstage
    clock: VirtualClock
    folder: tempfile.TemporaryDirectory[str]

    async def close(self) -> None:
        """Stop bot and platform, and leave nothing behind."""
        try:
            await self.backstage.stop()
            await self.stage.stop()
        finally:
            await asyncio.to_thread(self.folder.cleanup)


@dataclass(slots=True, kw_only=True)
class Page:
    """A running playground."""

    url: str
    announcement: str
    house: House
    company: CompanyFile
    #: the company with which the week is played: it has another group
    week_firm: Firm
    files: Files
    zone: ZoneInfo
    director: Director | None = None
    _server: PageServer | None = None

    @property
    def stage(self) -> Stage:
        """The platform that is shown now."""
        return self.house.stage

    @property
    def backstage(self) -> Backstage:
        """The bot that is running now."""
        return self.house.backstage

    @property
    def clock(self) -> VirtualClock:
        """Its clock."""
        return self.house.clock

    def pages(self) -> Pages:
        """What renders the present house."""
        return Pages(
            files=self.files,
            stage=self.stage,
            backstage=self.backstage,
            company=self.company.company.name,
            zone=self.zone,
            director=self.director,
        )

    def deeds(self) -> Deeds:
        """What people can do in the present house."""
        return Deeds(stage=self.stage, backstage=self.backstage, zone=self.zone, director=self.director)

    async def moves(self, start: datetime) -> tuple[Stage, Backstage]:
        """Into a fresh house for the week at that instant, its clock standing still."""
        before = self.house
        self.house = await _build(before.stage.platform, self.week_firm, start, store_url="", runs=False)
        await _open(self.house)
        if self._server is not None:
            self._server.moves_into(stage=self.stage, pages=self.pages(), deeds=self.deeds())
        await before.close()
        return self.stage, self.backstage

    async def stop(self) -> None:
        """Close page, bot and platform, and leave nothing behind."""
        try:
            if self.director is not None:
                await self.director.pause()
            if self._server is not None:
                await self._server.stop()
        finally:
            await self.house.close()


async def start(
    *,
    platform: str,
    port: int,
    store_url: str = "",
    runs: bool = True,
    week: Week | None = None,
    haste: float = 1.0,
) -> Page:
    """Bring everything up; port 0 takes any free one. With `runs=False` the clock stands still until it is moved.

    The acceptance week can be another `week`; its pauses are multiplied by `haste`.

    Raises PortTaken, StoreUnavailable.
    """
    if platform not in PLATFORMS:
        raise ValueError(f"no stage for {platform!r}")
    firm = await asyncio.to_thread(lambda: _firm(cast(sample_text(), platform)))
    played = await asyncio.to_thread(lambda: read_week(week_text())) if week is None else week
    week_firm = await asyncio.to_thread(lambda: _firm(cast(week_company_text(played), platform)))
    company = firm.file
    zone = await asyncio.to_thread(ZoneInfo, company.company.timezone)
    files = await asyncio.to_thread(read_files)
    house = await _build(platform, firm, await _opening(store_url), store_url=store_url, runs=runs)
    page = Page(url="", announcement="", house=house, company=company, week_firm=week_firm, files=files, zone=zone)
    page.director = Director(week=played, company=week_firm.file, opens=page.moves, haste=haste)
    page._server = PageServer(
        key=secrets.token_urlsafe(18), stage=page.stage, pages=page.pages(), deeds=page.deeds(), files=files
    )
    try:
        await _raise_curtain(page, page._server, port)
    except BaseException:
        await page.stop()
        raise
    page.announcement = say(
        "zh", "announcement", url=page.url, company=company.company.name, people=len(company.people)
    )
    return page


def _firm(text: str) -> Firm:
    return Firm(file=read_company(text), text=text)


async def _build(platform: str, firm: Firm, at: datetime, *, store_url: str, runs: bool) -> House:
    company = firm.file
    clock = VirtualClock(at, running=runs)
    stage = STAGES[platform](company, clock=clock, bot_name=BOT_NAME)
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="huiyin-demo-", ignore_cleanup_errors=True)
    settings = await asyncio.to_thread(_settings, Path(folder.name), firm.text, store_url)
    names = {str(person.id): person.name for person in company.people}
    return House(
        stage=stage,
        backstage=Backstage(stage=stage, clock=clock, settings=settings, names=names),
        clock=clock,
        folder=folder,
    )


async def _open(house: House) -> None:
    await house.stage.start()
    await house.backstage.start(house.stage.deliveries[0])


async def _opening(store_url: str) -> datetime:
    """The sample week's Monday; after what a store that is used again remembers."""
    if not store_url:
        return OPENING
    store = await open_store(store_url)
    try:
        newest = await store.read(lambda uow: uow.audit.tail(limit=1))
    finally:
        await store.close()
    return max([OPENING, *(row.record.at for row in newest)])


async def _raise_curtain(page: Page, server: PageServer, port: int) -> None:
    try:
        page.url = await server.start(port=port)
    except OSError:
        raise PortTaken(port) from None
    await _open(page.house)


def _settings(folder: Path, company: str, store_url: str) -> Settings:
    """Settings of a bot that lives in that folder."""
    file = folder / "company.toml"
    file.write_text(company, encoding="utf-8")
    return Settings(
        bot=BotSection(name=BOT_NAME, company=str(file)),
        server=ServerSection(port=0, admin_port=0),
        storage=StorageSection(url=store_url or f"sqlite:///{folder / 'huiyin.db'}"),
    )
