"""What all commands share: the entry point with its exit codes, the option `--config`, a loop to run on."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from bot import config, logs
from bot.errors import ConfigError, HuiyinError, StoreUnavailable

T = TypeVar("T")

#: commands print what they did; only what went wrong is logged, and never to the standard output
_ONLY_ERRORS = config.LogSection(level="error", format="console")

OK = 0
FAILURE = 1
USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Entry point; turns our errors into exit codes and sentences instead of tracebacks."""
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    """Run the command; the code to exit with."""
    logs.configure(_ONLY_ERRORS)
    try:
        code = commands.main(arguments, prog_name="huiyin", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except click.Abort:
        return _say("没有改动 / nothing was changed", FAILURE)
    except ConfigError as problem:
        click.echo(config.check_report(problem.problems), err=True)
        return USAGE_ERROR
    except StoreUnavailable as problem:
        return _say(f"数据库不可用 / the database is not available: {problem}", FAILURE)
    except HuiyinError as problem:
        return _say(str(problem), FAILURE)
    except OSError as problem:
        return _say(f"{problem.filename or ''} {problem.strerror or problem}".strip(), FAILURE)
    return code if isinstance(code, int) else OK  # a command that wants another code leaves with `Exit`


def _say(sentence: str, code: int) -> int:
    click.echo(f"✘ {sentence}", err=True)
    return code


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def commands() -> None:
    """Huiyin (回音): 件件有回音, every matter gets an answer.

    \b
    第一次 / first time:   huiyin demo      试用，不需要账号 / try it, no account needed
    正式使用 / for real:   huiyin init      写一份配置 / write a configuration
                           huiyin doctor    检查，每个问题都给下一步 / check; every finding says what to do
                           huiyin run       运行 / run

    退出码 / exit codes: 0 ok, 1 failure, 2 usage or configuration.
    """


def default_config() -> Path:
    """HUIYIN_CONFIG, else config.toml in the present folder."""
    return Path(os.environ.get("HUIYIN_CONFIG", "config.toml"))


def config_option(function: Callable[..., T]) -> Callable[..., T]:
    """`--config FILE`, else HUIYIN_CONFIG, else config.toml."""
    option = click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        default=default_config,
        show_default="HUIYIN_CONFIG or config.toml",
        help="配置文件 / configuration file",
    )
    return option(function)


def json_option(function: Callable[..., T]) -> Callable[..., T]:
    """`--json`."""
    option = click.option("--json", "as_json", is_flag=True, help="供程序读取 / a result for programs")
    return option(function)


def yes_option(function: Callable[..., T]) -> Callable[..., T]:
    """`--yes`."""
    return click.option("--yes", is_flag=True, help="不再询问 / do not ask")(function)


def agree(question: str, *, unasked: bool) -> None:
    """Ask at the terminal; where nobody is there to answer, `unasked` decides. Raises click.Abort for a no."""
    try:
        is_agreed = click.confirm(question)
    except click.Abort:
        if sys.stdin.isatty() or not unasked:
            raise
        is_agreed = True
        click.echo()
    if not is_agreed:
        raise click.Abort


def load(config_file: Path) -> config.Settings:
    """The settings, with every problem reported at once; from here on no log shows their secrets."""
    settings = config.load_settings(config_file, os.environ)
    logs.configure(_ONLY_ERRORS, secrets=config.secrets_of(settings))
    return settings


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a fresh loop."""
    return asyncio.run(work)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
