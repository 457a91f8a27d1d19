"""`init`, `doctor`, `config …`: from nothing to a configuration that works."""

from __future__ import annotations

import contextlib
import os
from dataclasses import asdict
from pathlib import Path

import click

from bot import config
from bot.cli.front import (
    USAGE_ERROR,
    commands,
    config_option,
    json_option,
    load,
    print_json,
    run_async,
)
from bot.errors import ConfigError, Problem


@commands.command(short_help="写一份配置 / write files to start from")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default="the present folder",
    help="写到哪个目录 / folder to write into",
)
@click.option(
    "--sample/--empty", default=True, help="示例公司，或待填写的骨架 / sample company, or a skeleton to fill in"
)
def init(into: Path, sample: bool) -> None:
    """写一份 config.toml（0600）和 company.toml，不覆盖已有文件 / write both files to start from; never overwrites."""
    from bot.company import sample_text, skeleton_text

    texts = {"config.toml": config.example(), "company.toml": sample_text() if sample else skeleton_text()}
    taken = [str(into / name) for name in texts if (into / name).exists()]
    if taken:
        raise click.ClickException(f"{', '.join(taken)} 已存在，什么也没写 / exists already; nothing was written")
    into.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        descriptor = os.open(into / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        click.echo(f"✔ {into / name}")
    click.echo("下一步：填好这两个文件，运行 huiyin doctor，再运行 huiyin run")
    click.echo("next: fill both in, then huiyin doctor, then huiyin run")


@commands.command(short_help="体检，每个问题都给下一步 / check everything")
@config_option
@json_option
@click.option("--offline", is_flag=True, help="不连网络 / ask nobody on the network")
@click.option("--strict", is_flag=True, help="提醒也算失败 / warnings count as failures")
@click.option("--fix", is_flag=True, help="修好可以安全代办的（文件权限） / mend what is safe to mend: file modes")
@click.option(
    "--bundle",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="把结果、不含密钥的配置和版本写进一个 zip / write results, redacted configuration and versions to a zip",
)
def doctor(config_file: Path, as_json: bool, offline: bool, strict: bool, fix: bool, bundle: Path | None) -> None:
    """检查配置、数据库、时钟和平台，每个问题都给下一步 / check everything; every finding says what to do next.

    Exit code 0 when nothing failed, 1 on a failure, 2 when the configuration itself cannot be used.
    """
    from bot import doctor as examination

    with contextlib.suppress(ConfigError):
        load(config_file)  # so that no log shows a secret; what is wrong with it, the examination tells
    if fix:
        for line in examination.mend(config_file, os.environ):
            click.echo(line, err=as_json)
    findings = run_async(examination.examine(config_file, os.environ, is_offline=offline))
    click.echo(examination.as_json(findings) if as_json else examination.as_tree(findings))
    if bundle is not None:
        examination.write_bundle(bundle, config_file, os.environ, findings)
        click.echo(f"✔ {bundle}", err=as_json)
    code = examination.exit_code(findings, is_strict=strict)
    if code:
        raise click.exceptions.Exit(code)


@commands.group(name="config")
def config_group() -> None:
    """看配置 / look at the configuration."""


@config_group.command(name="check")
@config_option
@json_option
def config_check(config_file: Path, as_json: bool) -> None:
    """一次列出配置和公司文件里的所有问题 / report every problem of configuration and company file at once."""
    problems, warnings = all_problems(config_file)
    if as_json:
        print_json(
            {
                "ok": not problems,
                "problems": [asdict(problem) for problem in problems],
                "warnings": [asdict(warning) for warning in warnings],
            }
        )
    else:
        for warning in warnings:
            click.echo(f"▲ {warning.key}: {warning.value or '（空 empty）'} → {warning.fix}")
        if problems:
            click.echo(config.check_report(tuple(problems)), err=True)
        else:
            click.echo(f"✔ {config_file}")
    if problems:
        raise click.exceptions.Exit(USAGE_ERROR)


def all_problems(config_file: Path) -> tuple[list[Problem], list[Problem]]:
    """What is wrong with the configuration and the company file it names, and what is only odd."""
    from bot.company import read_company_file

    try:
        settings = load(config_file)
    except ConfigError as problem:
        return list(problem.problems), []
    company = Path(settings.bot.company)
    if not company.exists():
        fix = "huiyin init 会写一份 / writes one"
        return [], [Problem("bot.company", str(company), "a company file", fix)]
    try:
        return [], list(read_company_file(company).warnings)
    except ConfigError as problem:
        return [Problem(f"{company.name}: {p.key}", p.value, p.expected, p.fix) for p in problem.problems], []


@config_group.command(name="show")
@config_option
def config_show(config_file: Path) -> None:
    """生效的配置和每个值的来源，密钥不显示 / the configuration in force with origins, secrets left out."""
    click.echo(config.show(load(config_file)))


@config_group.command(name="example")
def config_example() -> None:
    """带说明的完整配置 / a complete configuration file with every key explained."""
    click.echo(config.example(), nl=False)
