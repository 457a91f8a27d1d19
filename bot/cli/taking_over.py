"""`directory …`, `calendar import`, `export`: what goes into the database by hand, and what comes out."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.front import FAILURE, agree, commands, config_option, load, run_async, yes_option
from bot.exports import EXPORTS


@commands.group()
def directory() -> None:
    """人员和部门 / people and departments."""


@directory.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@yes_option
@config_option
def directory_import(file: Path, yes: bool, config_file: Path) -> None:
    """导入公司文件，先列出变化 / take over a company file; shows what changes first.

    Nothing is deleted: people who vanish become inactive.
    """
    from bot.offline import open_offline

    settings = load(config_file)

    async def take_over() -> None:
        async with open_offline(settings) as offline:
            changes = await offline.preview_company(file)
            for change in changes:
                click.echo(f"  {change}")
            if not changes:
                click.echo("✔ 没有变化 / nothing changes")
                return
            if not yes:
                agree(f"{len(changes)} 项变化，导入？ Take over {len(changes)} changes?", unasked=True)
            await offline.import_company(file)
            click.echo(f"✔ {file}")

    run_async(take_over())


@directory.command(name="sync")
@config_option
def directory_sync(config_file: Path) -> None:
    """立即读取各平台通讯录 / read the platforms' address books now."""
    from bot.offline import open_offline

    settings = load(config_file)

    async def read() -> bool:
        async with open_offline(settings, with_adapters=True) as offline:
            results = await offline.sync_directories()
        for result in results:
            click.echo(f"{'✔' if result.is_taken_over else '✘'} {result.sentence}")
        return bool(results) and all(result.is_taken_over for result in results)

    if not settings.platforms.feishu:
        raise click.ClickException("没有启用平台 / no platform is configured: [platforms.feishu]")
    if not run_async(read()):
        raise click.exceptions.Exit(FAILURE)


@commands.group()
def calendar() -> None:
    """工作日历 / the working calendar."""


@calendar.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@yes_option
@config_option
def calendar_import(file: Path, yes: bool, config_file: Path) -> None:
    """导入一年的放假安排，先列出变化 / take over the official days off of a year; shows what changes first.

    CSV（日期,类别,名称；类别为 放假 或 上班）或 TOML。 CSV (date, kind 放假|上班, name) or TOML.
    """
    from bot.offline import open_offline, year_lines

    settings = load(config_file)

    async def take_over() -> None:
        async with open_offline(settings) as offline:
            preview = await offline.preview_year(file)
            for line in year_lines(preview):
                click.echo(line)
            if not yes:
                agree(f"导入 {preview.year} 年？ Take over {preview.year}?", unasked=True)
            moved = await offline.import_year(file)
            click.echo(f"✔ {preview.year}；{moved} 个未到期限已重算 / {moved} open deadlines moved")

    run_async(take_over())


@commands.command(short_help="导出 CSV / write CSV tables")
@click.argument("what", type=click.Choice(sorted(EXPORTS)))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="写入文件，不填则输出到屏幕 / file; standard output if not given",
)
@config_option
def export(what: str, out: Path | None, config_file: Path) -> None:
    """导出 CSV，Excel 可直接打开 / write CSV (UTF-8 with BOM, formulas inert).

    \b
    clocks   待回复记录 / reply clocks
    audit    审计记录 / the audit trail
    unknown  结果不明的调用 / calls of which nobody knows the outcome
    failed   发送失败的调用 / calls that failed for good
    waiting  还没发出的调用，含恢复后暂存的 / calls that wait, held ones included
    dead     未能处理的更新 / dead letters

    运行中也可以导出 / works while the bot runs.
    """
    from bot.offline import export_table

    content = run_async(export_table(load(config_file), what)).encode("utf-8-sig")
    if out is None:
        click.echo(content, nl=False)
        return
    out.write_bytes(content)
    click.echo(f"✔ {out}")
