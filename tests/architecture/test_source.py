"""What the source must not contain, looked for in the syntax trees of the four packages (threat model, ADR 0012)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import pytest

from bot.config import DingTalkSection, FeishuSection, PlatformsSection, Settings, WeComBotSection, WeComSection
from tests.architecture.pages import ROOT

PACKAGES = ("adapters", "bot", "handlers", "storage")
NAMES = sorted(path.relative_to(ROOT).as_posix() for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
EMULATOR = [name for name in NAMES if re.search(r"adapters/(?:\w+/emulator\w*|_emulator/\w+)\.py$", name)]
#: code that runs text, rows or other programs (T25)
_RUNNERS = {"eval", "exec", "compile", "__import__"}
_LOADERS = {"pickle", "marshal", "shelve", "dill", "subprocess", "runpy", "code", "pty"}
#: words of configuration that would switch a guard off (T31)
_LOOSENING = re.compile(r"skip|insecure|unsafe|debug|allow|disable|no_verify|verify_|trust_all")
_OWN_STATEMENT = re.compile(r"(PRAGMA|SAVEPOINT|ROLLBACK TO|RELEASE) ")
_SECRET_WORD = re.compile(r"(signature|digest|secret|password|verification_token|encrypt_key)$")


@cache
def nodes_of(name: str) -> tuple[ast.Import | ast.ImportFrom | ast.Call | ast.Compare, ...]:
    """What these tests look at in a file; each file is walked once."""
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"), filename=name)
    return tuple(
        node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom, ast.Call, ast.Compare))
    )


@cache
def imports_of(name: str) -> tuple[str, ...]:
    """Every module a file imports, wherever in it."""
    found: list[str] = []
    for node in nodes_of(name):
        if isinstance(node, ast.Import):
            found.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
            found.extend(f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


def last_name(node: ast.AST) -> str:
    """`signature` of `signed.signature`, `x` of `x`, empty for anything that has no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def calls_in(names: Iterable[str]) -> Iterator[tuple[str, ast.Call]]:
    """Place and node of every call."""
    for name in names:
        for node in nodes_of(name):
            if isinstance(node, ast.Call):
                yield f"{name}:{node.lineno}", node


def test_the_source_is_there() -> None:
    assert len(NAMES) > 100
    assert len(EMULATOR) > 10


def test_the_emulator_knows_nothing_of_the_adapter() -> None:
    """Two sides written apart: a mistake of one cannot hide in the other (ADR 0012)."""
    for name in EMULATOR:
        folder = ".".join(Path(name).parent.parts)
        ours = [module for module in imports_of(name) if module.split(".")[0] in PACKAGES]
        own = (f"{folder}.emulator", "adapters._emulator", "bot.clock")
        assert [m for m in ours if not m.startswith(own) and m not in {folder, "bot"}] == [], name


def test_the_adapter_knows_nothing_of_the_emulator() -> None:
    """A stage is the emulator's face to the playground; the adapter knows nothing of it either."""
    stages = [name for name in NAMES if re.search(r"adapters/(?:\w+/stage\w*|_stage/\w+)\.py$", name)]
    adapters = [name for name in NAMES if name.startswith("adapters/") and name not in {*EMULATOR, *stages}]
    assert [
        name for name in adapters if any(re.match(r"adapters\.(?:\w+\.stage|_stage)", m) for m in imports_of(name))
    ] == []
    assert [name for name in adapters if any("emulator" in module for module in imports_of(name))] == []


@pytest.mark.slow  # it is the first to read every file
def test_nothing_runs_text_or_stored_bytes_as_code() -> None:
    assert [
        place for place, call in calls_in(NAMES) if isinstance(call.func, ast.Name) and call.func.id in _RUNNERS
    ] == []
    assert [name for name in NAMES if any(module.split(".")[0] in _LOADERS for module in imports_of(name))] == []


def test_sql_is_never_put_together_from_values() -> None:
    """`text(…)` takes a constant; the few statements made with f-strings name savepoints and pragmas of our own.

    Migrations are left out: they see no values, only our own tables.
    """
    names = [name for name in NAMES if name.startswith("storage/") and "/migrations/" not in name]
    for place, call in calls_in(names):
        if last_name(call.func) == "text":
            assert all(isinstance(argument, ast.Constant) for argument in call.args), place
        if last_name(call.func) in {"execute", "exec_driver_sql", "script"} and call.args:
            statement = call.args[0]
            if isinstance(statement, ast.JoinedStr):
                first = statement.values[0]
                assert isinstance(first, ast.Constant), place
                assert _OWN_STATEMENT.fullmatch(str(first.value)), place


def test_secrets_are_never_compared_in_a_time_that_tells() -> None:
    """`==` stops at the first difference; `hmac.compare_digest` does not (T7). Comparing with a constant is no secret."""
    names = [name for name in NAMES if name.startswith(("adapters/", "bot/web/")) and name not in EMULATOR]
    for name in names:
        for node in nodes_of(name):
            if isinstance(node, ast.Compare) and all(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
                sides = [node.left, *node.comparators]
                if not any(isinstance(side, ast.Constant) for side in sides):
                    found = [last_name(side) for side in sides if _SECRET_WORD.search(last_name(side))]
                    assert found == [], f"{name}:{node.lineno}"


def test_only_the_listener_the_page_and_the_emulator_serve_http() -> None:
    servers = {name for name in NAMES if any(module.startswith("aiohttp.web") for module in imports_of(name))}
    assert any(name.startswith("bot/web/") for name in servers)
    others = servers - set(EMULATOR)
    assert [name for name in sorted(others) if not name.startswith(("bot/web/", "bot/playground/"))] == []


def settings_keys(section: object) -> Iterator[str]:
    for item in fields(section):  # type: ignore[arg-type]  # every section is a dataclass
        value = getattr(section, item.name)
        if is_dataclass(value):
            yield from settings_keys(value)
        yield item.name


def test_no_setting_switches_a_guard_off() -> None:
    """There is no "skip verification" to be left on (T31)."""
    keys = list(
        settings_keys(
            Settings(
                platforms=PlatformsSection(
                    feishu=FeishuSection(), dingtalk=DingTalkSection(), wecom=WeComSection(bot=WeComBotSection())
                )
            )
        )
    )
    assert len(keys) > 25
    assert [key for key in keys if _LOOSENING.search(key)] == []
