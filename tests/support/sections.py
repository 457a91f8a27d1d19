"""Sections of the configuration as TOML, from tables and from what the program reads them into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass


def section_text(name: str, section: object) -> str:
    """A section that was read, written again; what is empty is left out."""
    assert is_dataclass(section)
    assert not isinstance(section, type)
    return table_text(name, asdict(section))


def table_text(name: str, table: Mapping[str, object]) -> str:
    """A table with the tables in it."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict) and value not in (None, "")}
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    lines = [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in plain.items())]
    return "\n".join(lines) + "\n" + "".join(table_text(f"{name}.{key}", value) for key, value in inner.items())


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'
