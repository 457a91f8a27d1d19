"""`directory …`, `calendar import`, `ledger import`, `export`: what goes into the database by hand, and what comes out."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.front import FAILURE, agree, commands, config_option, load, run_async, yes_option
from bot.config import Settings
from bot.domain.ledger_notes import NoteConflict, Reason
from bot.errors import RuleViolation
from bot.exports import EXPORTS
from bot.messages import inert

#: the two ledgers, by the names that people type
LEDGERS = ("progress", "issues")


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

    if not settings.platforms.present:
        raise click.ClickException("没有启用平台 / no platform is configured: [platforms.…]")
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


@commands.command(short_help="导出台账、表单和记录 / write ledgers, forms and tables")
@click.argument("what", metavar="WHAT")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="写入文件，不填则输出到屏幕 / file; standard output if not given",
)
@click.option(
    "--as",
    "person",
    default="",
    help="台账和表单：以谁的权限导出（工号） / ledgers and forms: whose rights (staff number)",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["xlsx", "csv", "docx"]),
    default="xlsx",
    show_default=True,
    help="台账的格式；表单总是 docx / of ledgers; forms are always docx",
)
@config_option
def export(what: str, out: Path | None, person: str, kind: str, config_file: Path) -> None:
    """导出台账、表单和各种记录 / write ledgers, forms and tables (formulas inert).

    \b
    progress  协作进度台账，需要 --as / the progress ledger, with --as
    issues    协作问题台账，需要 --as / the issue ledger, with --as
    XQ-… WT-… JY-…  需求单、问题反馈单、会议纪要，需要 --as / a form as a document, with --as
    clocks    待回复记录 / reply clocks
    audit     审计记录 / the audit trail
    unknown   结果不明的调用 / calls of which nobody knows the outcome
    failed    发送失败的调用 / calls that failed for good
    waiting   还没发出的调用，含恢复后暂存的 / calls that wait, held ones included
    dead      未能处理的更新 / dead letters

    运行中也可以导出 / works while the bot runs.
    """
    if what in EXPORTS:
        from bot.offline import export_table

        content = run_async(export_table(load(config_file), what)).encode("utf-8-sig")
        _give(content, out)
        return
    if what not in LEDGERS and "-" not in what:
        known = ", ".join([*LEDGERS, *sorted(EXPORTS)])
        raise click.UsageError(f"没有 {what}，可导出 / unknown, there are: {known}, XQ-… WT-… JY-…")
    if not person:
        raise click.UsageError("请用 --as 工号 说明以谁的权限导出 / say with --as whose rights count")
    _take_out(load(config_file), what, out, person=person, kind=kind)


def _take_out(settings: Settings, what: str, out: Path | None, *, person: str, kind: str) -> None:
    """A ledger or a form, into the present folder under its own name where no other is given."""
    from bot.offline import take_out

    try:
        file, is_recorded = run_async(take_out(settings, what, person=person, kind=kind))
    except RuleViolation as refusal:
        raise click.ClickException(_refusal(refusal)) from None
    if not is_recorded:
        click.echo(
            "▲ 程序正在运行，这次导出没有写入审计记录 / the bot runs: this export is not in the audit trail", err=True
        )
    _give(file.content, out or Path(file.name))


def _give(content: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(content, nl=False)
        return
    out.write_bytes(content)
    click.echo(f"✔ {out}")


def _refusal(refusal: RuleViolation) -> str:
    """The sentence of a refusal in both languages."""
    from handlers.texts import say

    return " / ".join(say(refusal.code, language, **refusal.facts) for language in ("zh", "en"))


@commands.group()
def ledger() -> None:
    """台账 / the ledgers."""


@ledger.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--as", "person", default="", help="以谁的身份（工号），不填为执行秘书 / as whom; the secretary if not given"
)
@yes_option
@config_option
def ledger_import(file: Path, person: str, yes: bool, config_file: Path) -> None:
    """收回在表格里写的秘书备注，先列出变化 / take the secretary's notes back from an edited ledger; shows what changes first.

    只收“秘书备注”一列，其余改动只列出、不采纳。 Only that column is taken; everything else is told and left.
    """
    from bot.offline import open_offline
    from bot.spreadsheets import UnreadableFile

    settings = load(config_file)

    async def take_over() -> None:
        async with open_offline(settings) as offline:
            found = (await offline.preview_notes(file, person=person)).diff
            for change in found.changes:
                click.echo(
                    f"  {change.code} {inert(change.before, limit=60) or '—'} → {inert(change.after, limit=60) or '—'}"
                )
            for conflict in found.conflicts:
                click.echo(f"▲ {conflict.code} {_CONFLICTS[conflict.reason]} {_details(conflict)}".rstrip())
            if not found.changes:
                click.echo("✔ 没有可收回的备注 / there is no note to take")
                return
            if not yes:
                agree(f"收回 {len(found.changes)} 条备注？ Take {len(found.changes)} notes?", unasked=True)
            done = await offline.import_notes(file, person=person)
            click.echo(f"✔ {done.taken} 条备注已收回 / notes taken")

    try:
        run_async(take_over())
    except RuleViolation as refusal:
        raise click.ClickException(_refusal(refusal)) from None
    except UnreadableFile as problem:
        raise click.ClickException(str(problem)) from None


def _details(conflict: NoteConflict) -> str:
    if not conflict.column:
        return ""
    return f"{conflict.column}：{inert(conflict.given, limit=40) or '—'}（{inert(conflict.present, limit=40) or '—'}）"


_CONFLICTS = {
    Reason.UNKNOWN_ROW: "台账中没有这一行，或无权查看 / no such row",
    Reason.TWICE: "在文件中出现两次，只看第一行 / stands twice, the first counts",
    Reason.COLUMN: "这一列由系统生成，改动不采纳 / this column is the system's",
    Reason.MEANWHILE: "导出后已有变化，备注不覆盖，请重新导出 / changed since the export, nothing is overwritten",
    Reason.TOO_LONG: "备注过长 / the note is too long",
}
