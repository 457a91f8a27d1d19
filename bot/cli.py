"""The command line. Names and exit codes are fixed (design.md section 3): 0 ok, 1 failure, 2 usage or configuration."""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click

from bot import config
from bot.errors import ConfigError, HuiyinError, StoreUnavailable

T = TypeVar("T")

USAGE_ERROR = 2


def main() -> None:
    """Entry point; turns our errors into exit codes and sentences instead of tracebacks."""
    try:
        commands.main(standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(USAGE_ERROR)
    except click.Abort:
        sys.exit(1)
    except ConfigError as problem:
        click.echo(config.check_report(problem.problems), err=True)
        sys.exit(USAGE_ERROR)
    except StoreUnavailable as problem:
        click.echo(f"✘ 数据库不可用 / the database is not available: {problem}", err=True)
        sys.exit(1)
    except HuiyinError as problem:
        click.echo(f"✘ {problem}", err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Huiyin (回音): 件件有回音, every matter gets an answer."""


def config_option(function: Callable[..., T]) -> Callable[..., T]:
    """`--config FILE`, else HUIYIN_CONFIG, else config.toml."""
    option = click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        default=lambda: Path(os.environ.get("HUIYIN_CONFIG", "config.toml")),
        show_default="HUIYIN_CONFIG or config.toml",
        help="configuration file",
    )
    return option(function)


def load(config_file: Path) -> config.Settings:
    """The settings, with every problem reported at once."""
    return config.load_settings(config_file, os.environ)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a fresh loop."""
    return asyncio.run(work)


# ---------------------------------------------------------------- run, demo


@commands.command()
@config_option
def run(config_file: Path) -> None:
    """Run the bot until SIGTERM or Ctrl+C."""
    from bot import app, logs  # here, so that `huiyin version` stays fast

    settings = load(config_file)
    logs.configure(settings.log, secrets=config.secrets_of(settings))

    async def serve() -> None:
        running = await app.build(settings)
        await running.start()
        await until_told_to_stop()
        await running.stop()

    run_async(serve())


async def until_told_to_stop() -> None:
    """Wait for SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


@commands.command()
@click.option("--platform", default="feishu", show_default=True, help="which platform the page plays")
@click.option("--port", default=8787, show_default=True, help="port of the page; 0 for any free one")
@click.option("--store", default="", help="storage URL; a fresh temporary SQLite database if not given")
def demo(platform: str, port: int, store: str) -> None:
    """Try everything in a page: sample company, emulated platform, a clock you can move. No account needed."""
    from bot.playground import demo as playground

    if platform not in playground.PLATFORMS:
        known = ", ".join(playground.PLATFORMS)
        raise click.UsageError(f"--platform {platform}: expected one of {known}")

    async def serve() -> None:
        page = await playground.start(platform=platform, port=port, store_url=store)
        click.echo(page.announcement)
        try:
            await until_told_to_stop()
        finally:
            await page.stop()

    run_async(serve())


# ---------------------------------------------------------------- set-up


@commands.command()
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="folder to write into")
@click.option("--sample/--empty", default=True, help="with the sample company, or a skeleton to fill in")
def init(into: Path, sample: bool) -> None:
    """Write config.toml (mode 0600) and company.toml to start from; never overwrites."""
    from bot.company import sample_text, skeleton_text

    into.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("config.toml", config.example()),
        ("company.toml", sample_text() if sample else skeleton_text()),
    ):
        target = into / name
        if target.exists():
            raise click.ClickException(f"{target} exists already; nothing was written over it")
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        click.echo(f"✔ {target}")
    click.echo("下一步 / next: 填好 config.toml，再运行 huiyin doctor，然后 huiyin run")


@commands.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="machine-readable result")
def doctor(config_file: Path, as_json: bool) -> None:
    """Check configuration, database, clock and platform; every finding says what to do next."""
    from bot import doctor as examination

    findings = run_async(examination.examine(config_file, os.environ))
    click.echo(examination.as_json(findings) if as_json else examination.as_tree(findings))
    if examination.has_failures(findings):
        raise click.exceptions.Exit(1)


@commands.group(name="config")
def config_group() -> None:
    """Look at the configuration."""


@config_group.command(name="check")
@config_option
def config_check(config_file: Path) -> None:
    """Report every problem of the configuration and of the company file at once."""
    settings = load(config_file)
    company = Path(settings.bot.company)
    if company.exists():
        from bot.company import read_company_file

        read_company_file(company)
    click.echo(f"✔ {config_file}")


@config_group.command(name="show")
@config_option
def config_show(config_file: Path) -> None:
    """The configuration in force, secrets left out."""
    click.echo(config.show(load(config_file)))


@config_group.command(name="example")
def config_example() -> None:
    """A complete configuration file with every key explained."""
    click.echo(config.example(), nl=False)


# ---------------------------------------------------------------- database


@commands.group()
def db() -> None:
    """The database: upgrade, backup, restore, check."""


@db.command()
@config_option
def upgrade(config_file: Path) -> None:
    """Bring the schema to this version; a backup is written first."""
    import storage

    click.echo(f"✔ {storage.upgrade(load(config_file).storage.url)}")


@db.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@config_option
def backup(target: Path, config_file: Path) -> None:
    """Write a consistent copy of the running database to TARGET."""
    import storage

    run_async(storage.backup(load(config_file).storage.url, target))
    click.echo(f"✔ {target}")


@db.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--yes", is_flag=True, help="do not ask")
@config_option
def restore(source: Path, yes: bool, config_file: Path) -> None:
    """Replace the database by a backup. Old messages stay held until `huiyin db release` or /确认放行."""
    import storage

    url = load(config_file).storage.url
    if not yes:
        click.confirm(f"用 {source} 替换 {config.redact_url(url)}？ Replace the database?", abort=True)
    held = run_async(storage.restore(url, source))
    click.echo(f"✔ {source}；{held} 条待发消息已暂存，确认后再发 / {held} messages are held until confirmed")


@db.command()
@config_option
def release(config_file: Path) -> None:
    """Let the messages go that a restore holds back."""
    import storage

    async def let_go() -> int:
        store = await storage.open_store(load(config_file).storage.url)
        try:
            return await store.run(lambda uow: uow.outbox.release())
        finally:
            await store.close()

    click.echo(f"✔ {run_async(let_go())}")


@db.command()
@config_option
def check(config_file: Path) -> None:
    """Integrity, schema and audit chain."""
    import storage

    problems = run_async(storage.check(load(config_file).storage.url))
    for problem in problems:
        click.echo(f"✘ {problem}")
    if problems:
        raise click.exceptions.Exit(1)
    click.echo("✔ ok")


# ---------------------------------------------------------------- directory, export, version


@commands.group()
def directory() -> None:
    """People and departments."""


@directory.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--yes", is_flag=True, help="do not ask")
@config_option
def directory_import(file: Path, yes: bool, config_file: Path) -> None:
    """Take over a company file; shows what changes first. Nothing is deleted: people who vanish become inactive."""
    from bot import app

    settings = load(config_file)

    async def take_over() -> None:
        async with app.offline(settings) as offline:
            changes = await offline.preview_company(file)
            for change in changes:
                click.echo(f"  {change}")
            if not changes:
                click.echo("✔ 没有变化 / nothing changes")
                return
            if not yes:
                click.confirm(f"{len(changes)} 项变化，导入？ Take over {len(changes)} changes?", abort=True)
            await offline.import_company(file)
            click.echo(f"✔ {file}")

    run_async(take_over())


@directory.command(name="sync")
@config_option
def directory_sync(config_file: Path) -> None:
    """Read the platforms' address books now."""
    from bot import app

    settings = load(config_file)

    async def read() -> None:
        async with app.offline(settings, with_adapters=True) as offline:
            for line in await offline.sync_directories():
                click.echo(line)

    run_async(read())


@commands.command()
@click.argument("what", type=click.Choice(["clocks", "audit", "unknown", "dead"]))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default=None, help="file; standard output if not given"
)
@config_option
def export(what: str, out: Path | None, config_file: Path) -> None:
    """Write reply clocks, the audit trail, unknown outcomes or dead letters as CSV (UTF-8 with BOM, formulas inert)."""
    from bot import app

    settings = load(config_file)

    async def write() -> str:
        async with app.offline(settings) as offline:
            return await offline.export(what)

    text = run_async(write())
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8-sig", newline="")
    click.echo(f"✔ {out}")


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="machine-readable result")
def version(as_json: bool) -> None:
    """This program's version."""
    number = version_number()
    if as_json:
        click.echo(json.dumps({"name": "huiyin", "version": number}))
    else:
        click.echo(f"huiyin {number}")


def version_number() -> str:
    """The installed version; of the source tree where nothing is installed."""
    try:
        return importlib.metadata.version("huiyin")
    except importlib.metadata.PackageNotFoundError:
        import tomllib

        project = Path(__file__).parent.parent / "pyproject.toml"
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
