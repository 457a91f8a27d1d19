"""`huiyin demo`: the sample company on an emulated platform, the real bot, a clock that can be moved, and the page.

Nothing of the machine's own configuration is read, so that no real credential can get in here. Everything is written
into one temporary folder, which is gone when the page stops.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import VirtualClock
from bot.company import read_company, sample_text
from bot.config import BotSection, ServerSection, Settings, StorageSection
from bot.errors import HuiyinError
from bot.playground.backstage import Backstage
from bot.playground.deeds import Deeds
from bot.playground.feishu_stage import FeishuStage
from bot.playground.pages import Pages, read_files
from bot.playground.server import PageServer
from bot.playground.stage import Stage
from bot.playground.wording import say
from storage import open_store

#: platforms that have a stage
PLATFORMS = ("feishu",)
#: Monday of the sample week, five minutes into everybody's working time
OPENING = datetime(2026, 9, 14, 1, 5, tzinfo=UTC)
BOT_NAME = "回音"


class PortTaken(HuiyinError):
    """Something else listens on the page's port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"端口 {port} 已被占用，换一个：--port 0 / port {port} is in use; try --port 0")


@dataclass(slots=True, kw_only=True)
class Page:
    """A running playground."""

    url: str
    announcement: str
    stage: Stage
    backstage: Backstage
    clock: VirtualClock
    _server: PageServer
    _folder: tempfile.TemporaryDirectory[str]

    async def stop(self) -> None:
        """Close page, bot and platform, and leave nothing behind."""
        try:
            await self._server.stop()
            await self.backstage.stop()
            await self.stage.stop()
        finally:
            await asyncio.to_thread(self._folder.cleanup)


async def start(*, platform: str, port: int, store_url: str = "", runs: bool = True) -> Page:
    """Bring everything up; port 0 takes any free one. With `runs=False` the clock stands still until it is moved.

    Raises PortTaken, StoreUnavailable.
    """
    if platform not in PLATFORMS:
        raise ValueError(f"no stage for {platform!r}")
    text = await asyncio.to_thread(sample_text)
    company = await asyncio.to_thread(read_company, text)
    clock = VirtualClock(await _opening(store_url), running=runs)
    stage: Stage = FeishuStage(company, clock=clock, bot_name=BOT_NAME)
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="huiyin-demo-", ignore_cleanup_errors=True)
    settings = await asyncio.to_thread(_settings, Path(folder.name), text, store_url)
    names = {str(person.id): person.name for person in company.people}
    backstage = Backstage(stage=stage, clock=clock, settings=settings, names=names)
    zone = await asyncio.to_thread(ZoneInfo, company.company.timezone)
    files = await asyncio.to_thread(read_files)
    pages = Pages(files=files, stage=stage, backstage=backstage, company=company.company.name, zone=zone)
    server = PageServer(
        key=secrets.token_urlsafe(18),
        stage=stage,
        pages=pages,
        deeds=Deeds(stage=stage, backstage=backstage, zone=zone),
        files=files,
    )
    page = Page(url="", announcement="", stage=stage, backstage=backstage, clock=clock, _server=server, _folder=folder)
    try:
        await _raise_curtain(page, port)
    except BaseException:
        await page.stop()
        raise
    page.announcement = say(
        "zh", "announcement", url=page.url, company=company.company.name, people=len(company.people)
    )
    return page


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


async def _raise_curtain(page: Page, port: int) -> None:
    try:
        page.url = await page._server.start(port=port)
    except OSError:
        raise PortTaken(port) from None
    await page.stage.start()
    await page.backstage.start(page.stage.deliveries[0])


def _settings(folder: Path, company: str, store_url: str) -> Settings:
    """Settings of a bot that lives in that folder."""
    file = folder / "company.toml"
    file.write_text(company, encoding="utf-8")
    return Settings(
        bot=BotSection(name=BOT_NAME, company=str(file)),
        server=ServerSection(port=0, admin_port=0),
        storage=StorageSection(url=store_url or f"sqlite:///{folder / 'huiyin.db'}"),
    )
