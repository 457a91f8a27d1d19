"""Where values of the configuration come from: the TOML file, variables of the environment, and what a value points to.

Later ones win: default, file, `HUIYIN_SERVER__PORT` and the like. A value `env:NAME` or `file:PATH`, wherever it stands, is
replaced by what it names. Values are never quoted in problems unless the key is known to be harmless: a misspelt secret
is still a secret.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.errors import Problem

PREFIX = "HUIYIN_"
#: variables with the prefix that are not settings
RESERVED = frozenset({"HUIYIN_CONFIG"})
#: more than any secret needs; a file that is longer is the wrong file
MAX_SECRET_FILE_BYTES = 65_536

Tree: TypeAlias = "dict[str, object]"


@dataclass(frozen=True, slots=True)
class Gathered:
    """All values, in tables, and where each that is not a default comes from (by dotted key)."""

    tables: Tree
    origins: Mapping[str, str]


def gather(config_file: Path, environ: Mapping[str, str], problems: list[Problem]) -> Gathered:
    """File, then environment, then what values point to. Notes problems; what cannot be read is left out."""
    overrides = _overrides(environ)
    tables = _file_tables(config_file, problems, is_needed=not overrides)
    origins = dict.fromkeys(_leaves(tables), config_file.name)
    for variable, path in overrides.items():
        if _put(tables, path, environ[variable]):
            origins[".".join(path)] = variable
        else:
            key = ".".join(path)
            problems.append(
                Problem(key, f"({variable})", "a key, not a table", f"例如 for example {PREFIX}SERVER__PORT=8080")
            )
    _follow(tables, "", config_file.parent, environ, problems, origins)
    return Gathered(tables, origins)


# ---------------------------------------------------------------- the file


def _file_tables(config_file: Path, problems: list[Problem], *, is_needed: bool) -> Tree:
    try:
        return tomllib.loads(config_file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        if is_needed:
            fix = f"huiyin init 会写一份，或用 --config 指定 / writes one, or name yours: --config FILE, {PREFIX}CONFIG=FILE"
            problems.append(Problem(str(config_file), "", "a configuration file", fix))
    except (OSError, UnicodeDecodeError) as problem:
        fix = "检查权限和编码 / check permissions and encoding"
        problems.append(Problem(str(config_file), type(problem).__name__, "a readable UTF-8 file", fix))
    except tomllib.TOMLDecodeError as problem:
        # the message names line and column and quotes one character at most
        problems.append(Problem(str(config_file), str(problem), "valid TOML", "改正该行 / mend the line named"))
    return {}


def _leaves(table: Mapping[str, object], place: str = "") -> list[str]:
    found: list[str] = []
    for key, value in table.items():
        found += _leaves(value, f"{place}{key}.") if isinstance(value, Mapping) else [place + key]
    return found


# ---------------------------------------------------------------- the environment


def _overrides(environ: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Variable -> path of the key, in a fixed order. `HUIYIN_PLATFORMS__FEISHU__APP_ID` -> platforms, feishu, app_id."""
    names = sorted(name for name in environ if name.startswith(PREFIX) and name not in RESERVED)
    return {name: tuple(name.removeprefix(PREFIX).lower().split("__")) for name in names}


def _put(tables: Tree, path: tuple[str, ...], value: str) -> bool:
    """Set the value at the path; False when a table stands there, or a value stands where a table has to."""
    here = tables
    for key in path[:-1]:
        below = here.setdefault(key, {})
        if not isinstance(below, dict):
            return False
        here = below
    if isinstance(here.get(path[-1]), dict):
        return False
    here[path[-1]] = value
    return True


# ---------------------------------------------------------------- what values point to


def _follow(
    table: Tree,
    place: str,
    folder: Path,
    environ: Mapping[str, str],
    problems: list[Problem],
    origins: dict[str, str],
) -> None:
    """Replace every `env:NAME` and `file:PATH`; one that leads nowhere is taken out and noted."""
    for key, value in tuple(table.items()):
        if isinstance(value, dict):
            _follow(value, f"{place}{key}.", folder, environ, problems, origins)
        elif isinstance(value, str) and value.startswith(("env:", "file:")):
            kind, _, name = value.partition(":")
            found = _variable(name, environ) if kind == "env" else _content(folder / name)
            if isinstance(found, Problem):
                problems.append(Problem(place + key, value, found.expected, found.fix))
                table[key] = UNRESOLVED
            else:
                table[key] = found
                origins[place + key] = f"{origins[place + key]} → {value}"


class _Unresolved:
    """Stands where a value points to nothing, so that the key does not count as missing, too."""


UNRESOLVED = _Unresolved()


def _variable(name: str, environ: Mapping[str, str]) -> str | Problem:
    if name in environ:
        return environ[name]
    return Problem("", "", f"a variable {name} in the environment", f"export {name}=…")


def _content(path: Path) -> str | Problem:
    """The text of a file without the line end that editors add."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_SECRET_FILE_BYTES + 1)
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        return Problem("", "", f"a readable UTF-8 file ({type(problem).__name__})", f"检查 / check {path}")
    if len(raw) > MAX_SECRET_FILE_BYTES:
        return Problem("", "", f"a file of at most {MAX_SECRET_FILE_BYTES} bytes", f"检查 / check {path}")
    return text.rstrip("\r\n")
