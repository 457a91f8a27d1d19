"""`run`, `demo`, `version`: the commands that start something, and the one that says what would be started."""

from __future__ import annotations

import asyncio
import importlib.metadata
import signal
import tomllib
from pathlib import Path

import click
import structlog

from bot import config
from bot.cli.front import commands, config_option, json_option, load, print_json, run_async

log = structlog.get_logger(__name__)


@commands.command(short_help="运行 / run the bot")
@config_option
def run(config_file: Path) -> None:
    """运行，直到 SIGTERM 或 Ctrl+C / run the bot until SIGTERM or Ctrl+C.

    On SIGTERM nothing new is taken in, what is under way is finished, and the process ends within 20 seconds with code 0.
    When a part of the engine dies it ends with code 1, so that whoever supervises it starts it again.
    """
    from bot import app, logs

    settings = load(config_file)
    logs.configure(settings.log, secrets=config.secrets_of(settings))
    if not settings.platforms.present:
        log.warning("no platform is configured; nobody can write to the bot", action="no_platform")

    async def serve() -> None:
        stop = stop_signal()
        running = await app.build(settings)
        try:
            await running.start()
            app.settle_memory()
            await first_of(stop, running.died)
        finally:
            await running.stop()
        if running.died.is_set():
            raise click.exceptions.Exit(1)

    run_async(serve())


async def first_of(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def stop_signal() -> asyncio.Event:
    """Set when the process is told to end; from now on that does not end it at once any more."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


@commands.command(short_help="试用，不需要账号 / try it, no account needed")
@click.option("--platform", default="feishu", show_default=True, help="页面扮演的平台 / which platform the page plays")
@click.option(
    "--port", default=8787, show_default=True, help="页面的端口，0 为任意 / port of the page; 0 for any free one"
)
@click.option(
    "--store", default="", help="storage URL；不填则用临时的 SQLite / a temporary SQLite database if not given"
)
def demo(platform: str, port: int, store: str) -> None:
    """在网页里试用：示例公司、模拟平台、可拨的时钟，不需要账号 / try everything in a page, no account needed.

    The sample company, an emulated platform on this machine, and a clock you can move.
    """
    from bot import logs
    from bot.playground import demo as playground

    logs.configure(config.LogSection(level="error"))  # the page's inspector shows what the others would
    if platform not in playground.PLATFORMS:
        known = ", ".join(playground.PLATFORMS)
        raise click.UsageError(f"--platform {platform}: expected one of {known}")

    async def serve() -> None:
        stop = stop_signal()
        page = await playground.start(platform=platform, port=port, store_url=store)
        click.echo(page.announcement)
        try:
            await stop.wait()
        finally:
            await page.stop()

    run_async(serve())


@commands.command(short_help="程序版本 / version")
@json_option
def version(as_json: bool) -> None:
    """程序版本 / this program's version."""
    number = version_number()
    if as_json:
        print_json({"name": "huiyin", "version": number})
    else:
        click.echo(f"huiyin {number}")


def version_number() -> str:
    """The installed version; of the source tree where nothing is installed."""
    try:
        return importlib.metadata.version("huiyin")
    except importlib.metadata.PackageNotFoundError:
        project = Path(__file__).parent.parent.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
