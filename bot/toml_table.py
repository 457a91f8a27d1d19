"""One table of a TOML file, read field by field; what is wrong is collected, so that one run shows every problem."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from bot.domain.wall_time import parse_window_time
from bot.errors import Problem

E = TypeVar("E", bound=StrEnum)
Windows = tuple[tuple[str, str], ...]


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean x?`, or the list of what is known."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1)
    return f"是不是 {near[0]}？ did you mean {near[0]}?" if near else f"可用 known: {', '.join(names)}"


class Table:
    """Reads what is there, gives defaults for what is not, and notes every key that nobody asked for."""

    def __init__(self, raw: object, place: str, problems: list[Problem]) -> None:
        """`place` is the path of the table in the file, with its dot, empty for the file itself."""
        self.place = place
        self._problems = problems
        self._asked: set[str] = set()
        if not isinstance(raw, Mapping):
            self.wrong("", type(raw).__name__, "a table", f"写成表 write it as a table: [{place.rstrip('.')}]")
            raw = {}
        self._raw: Mapping[str, object] = raw

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that stand in the file."""
        return tuple(self._raw)

    def has(self, key: str) -> bool:
        """Is the key given? Counts as asked for."""
        self._asked.add(key)
        return key in self._raw

    def value(self, key: str) -> object:
        """The raw value, None where there is none."""
        self._asked.add(key)
        return self._raw.get(key)

    def wrong(self, key: str, value: object, expected: str, fix: str) -> None:
        """Note a problem of this table."""
        self._problems.append(Problem((self.place + key).rstrip("."), str(value), expected, fix))

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A text; where `required`, an empty one is a problem."""
        value = self.value(key)
        if value is None:
            value = default
        if not isinstance(value, str):
            self.wrong(key, value, "a text", '加引号 put it in quotes: "…"')
            return default
        if required and not value.strip():
            self.wrong(key, value, "a text", "请填写 fill it in")
        return value

    def number(self, key: str, default: int = 0, *, low: int = 0) -> int:
        """A whole number of at least `low`."""
        value = self.value(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            self.wrong(key, value, f"a whole number >= {low}", f"例如 for example {max(default, low)}")
            return default
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.value(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, value, "true or false", "不加引号 without quotes")
            return default
        return value

    def day(self, key: str) -> date | None:
        """A date without time."""
        value = self.value(key)
        if value is None:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong(key, value, "a date", "例如 for example 2026-07-01 (no quotes)")
            return None
        return value

    def instant(self, key: str, *, required: bool = False) -> datetime | None:
        """An instant with its offset."""
        value = self.value(key)
        if value is None:
            if required:
                self.wrong(key, "", "an instant", "请填写 fill it in: 2026-09-16T17:00:00+08:00")
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            self.wrong(key, value, "an instant with its offset", "例如 for example 2026-09-16T17:00:00+08:00")
            return None
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.value(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.wrong(key, value, "a list of texts", f'例如 for example {key} = ["…", "…"]')
            return ()
        return tuple(str(v) for v in value)

    def words(self, key: str) -> dict[str, str]:
        """An inline table of texts; empty texts are left out."""
        value = self.value(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
            self.wrong(key, value, "a table of texts", f'例如 for example {key} = {{ feishu = "ou_…" }}')
            return {}
        return {str(k): str(v) for k, v in value.items() if v}

    def choice(self, key: str, kind: type[E], default: E) -> E:
        """One of the words of an enum."""
        value = self.text(key, default.value)
        try:
            return kind(value)
        except ValueError:
            self.wrong(key, value, " | ".join(kind), nearest(value, [k.value for k in kind]))
            return default

    def windows(self, key: str) -> Windows:
        """Working windows as `[["09:00", "12:00"], …]`."""
        value = self.value(key)
        if value is None:
            return ()
        found: list[tuple[str, str]] = []
        for pair in value if isinstance(value, list) else (None,):
            window = _window(pair)
            if window is None:
                shape = 'windows as [["09:00", "12:00"], …]'
                self.wrong(key, value, shape, "时间写作 HH:MM write times as HH:MM")
                return ()
            found.append(window)
        return tuple(found)

    def table(self, key: str) -> Table:
        """A table inside this one; empty where there is none."""
        value = self.value(key)
        return Table({} if value is None else value, f"{self.place}{key}.", self._problems)

    def tables(self, key: str) -> list[Table]:
        """The `[[key]]` tables; each is placed by its `id` or `name`."""
        value = self.value(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, type(value).__name__, f"[[{self.place}{key}]] tables", f"写成 write [[{self.place}{key}]]")
            return []
        return [Table(raw, f"{self.place}{key}[{_label(raw, n)}].", self._problems) for n, raw in enumerate(value, 1)]

    def finish(self) -> None:
        """Note every key that nobody asked for, with the nearest known one."""
        for key in self._raw:
            if key not in self._asked:
                self.wrong(key, self._raw[key], "a known key", nearest(key, self._asked))


def _label(raw: object, number: int) -> str:
    if isinstance(raw, Mapping):
        return str(raw.get("id") or raw.get("name") or number)
    return str(number)


def _window(pair: object) -> tuple[str, str] | None:
    """A pair of times of day; None for anything else."""
    match pair:
        case [str(opens), str(closes)]:
            try:
                parse_window_time(opens), parse_window_time(closes)
            except ValueError:
                return None
            return opens, closes
        case _:
            return None
