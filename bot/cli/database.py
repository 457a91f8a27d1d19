"""`db …`: bring up to date, copy, put back, look whether it is whole."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from bot import config
from bot.cli.front import FAILURE, agree, commands, config_option, json_option, load, print_json, run_async, yes_option


@commands.group(short_help="数据库 / database: upgrade, backup, restore, release, check")
def db() -> None:
    """数据库：升级、备份、恢复、检查 / the database: upgrade, backup, restore, check."""


@db.command(short_help="升级结构 / bring the schema up to date")
@config_option
def upgrade(config_file: Path) -> None:
    """升级到本程序的结构，先自动备份 / bring the schema to this version; a backup is written first."""
    import storage

    click.echo(f"✔ {storage.upgrade(load(config_file).storage.url)}")


@db.command(short_help="备份 / write a copy")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@config_option
def backup(target: Path, config_file: Path) -> None:
    """把数据库完整复制到 TARGET，运行中也可以 / write a consistent copy to TARGET, also while the bot runs."""
    import storage

    url = load(config_file).storage.url
    run_async(storage.backup(url, target))
    with contextlib.suppress(OSError):
        _note_backup(url)
    click.echo(f"✔ {target}")


def _note_backup(url: str) -> None:
    """Leave a mark beside a SQLite file, so that doctor knows how old the last copy is."""
    from bot.doctor import backup_mark

    mark = backup_mark(url)
    if mark is not None:
        mark.touch(mode=0o600)


@db.command(short_help="恢复 / replace by a copy")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@yes_option
@config_option
def restore(source: Path, yes: bool, config_file: Path) -> None:
    """用备份替换数据库 / replace the database by a backup.

    待发的旧消息先暂存，确认后用 huiyin db release 或聊天里的 /确认放行 放行。
    Old messages stay held until `huiyin db release` or /确认放行. The database that is replaced is kept beside
    (SQLite: ….before-restore).
    """
    import storage

    url = load(config_file).storage.url
    if not yes:
        agree(f"用 {source} 替换 {config.redact_url(url)}？ Replace the database?", unasked=False)
    held = run_async(storage.restore(url, source))
    click.echo(f"✔ {source}；{held} 条待发消息已暂存，确认后再发 / {held} messages are held until confirmed")
    if held:
        click.echo("→ huiyin export waiting  查看 / look at them;  huiyin db release  放行 / let them go")


@db.command(short_help="放行暂存的消息 / let held messages go")
@config_option
def release(config_file: Path) -> None:
    """放行恢复后暂存的消息 / let the messages go that a restore holds back.

    程序正在 SQLite 上运行时，请用聊天里的 /确认放行。 While the bot runs on SQLite use /确认放行 in the chat.
    """
    import storage

    async def let_go() -> int:
        store = await storage.open_store(load(config_file).storage.url)
        try:
            return await store.run(lambda uow: uow.outbox.release())
        finally:
            await store.close()

    click.echo(f"✔ {run_async(let_go())} 条已放行 / released")


@db.command(short_help="检查是否完整 / is it whole")
@config_option
@json_option
def check(config_file: Path, as_json: bool) -> None:
    """完整性、结构、审计链 / integrity, schema, checksums and audit chain."""
    import storage

    problems = run_async(storage.check(load(config_file).storage.url))
    if as_json:
        print_json({"ok": not problems, "problems": problems})
    else:
        for problem in problems:
            click.echo(f"✘ {problem}")
        if not problems:
            click.echo("✔ ok")
    if problems:
        raise click.exceptions.Exit(FAILURE)
