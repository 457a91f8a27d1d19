"""The two ledgers as tables: F3 with its task sheet and F9, made from the objects and never typed (domain.md 4.3, 4.9; R-22, R-82, R-100).

Every object has its row for ever; there is no act that takes one away (EC-100). Only the secretary's note is a person's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import IssueState
from bot.domain.item import ItemState
from bot.domain.task import TaskState

#: the only column that people write
NOTE = "note"
CODES = {"progress": "item_no", "issues": "issue_no"}
LONGEST_NOTE = 2000
YES, NO = "是", "否"


class What(StrEnum):
    """The ledgers there are."""

    PROGRESS = "progress"
    ISSUES = "issues"


class Kind(StrEnum):
    """What the cells of a column are."""

    NUMBER = "number"
    TEXT = "text"
    LONG = "long"
    DATE = "date"
    INSTANT = "instant"
    PERCENT = "percent"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedDate:
    """A date that is no longer the one that was planned first."""

    day: date
    original: date


Cell = str | int | date | datetime | ChangedDate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerColumn:
    """One column; `options` are what a cell of it may be."""

    key: str
    zh: str
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()
    #: shown to those who see a summary only
    is_summary: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table."""

    name: str
    columns: tuple[LedgerColumn, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One ledger, ready to be written: the first sheet is the ledger itself, `note` its last line."""

    what: What
    #: file name without its ending (L-31)
    stem: str
    sheets: tuple[Sheet, ...]
    note: str
    #: code -> what the row was, so that a later import knows which rows changed meanwhile
    marks: Mapping[str, str]


class Spoken(Protocol):
    """How things are called in the ledger."""

    def person(self, person: PersonId | None) -> str:
        """A name, empty for nobody."""
        ...

    def department(self, department: DepartmentId | None) -> str:
        """A short name, empty for none."""
        ...

    def item_state(self, state: ItemState) -> str:
        """The stage of 3.3."""
        ...

    def task_state(self, state: TaskState) -> str:
        """The state of 3.4."""
        ...

    def issue_state(self, state: IssueState) -> str:
        """The state of 3.7."""
        ...

    def instant(self, at: datetime) -> str:
        """An instant inside a text."""
        ...

    def local(self, at: datetime) -> datetime:
        """An instant in the company's zone."""
        ...


# ---------------------------------------------------------------- rows as they are compared


def local_of(spoken: Spoken, at: datetime | None) -> datetime | None:
    """An instant in the company's zone, where there is one."""
    return spoken.local(at) if at is not None else None


def row_of(
    columns: Iterable[LedgerColumn], cells: Mapping[str, Cell], number: int, is_summary: bool
) -> tuple[Cell, ...]:
    """The cells in the order of the columns; of a summary the detailed ones stay empty."""
    shown = {"no": number, **cells}
    return tuple("" if is_summary and not column.is_summary else shown.get(column.key) for column in columns)


def cell_text(cell: Cell) -> str:
    """A cell as it is compared with what comes back in a file: dates by date, instants by the minute."""
    match cell:
        case None:
            return ""
        case ChangedDate():
            return cell.day.isoformat()
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case int() | str():
            return "\n".join(line.strip() for line in str(cell).strip().splitlines())


def code_of(sheet: Sheet, row: Sequence[Cell], what: What) -> str:
    """The number of the row's object."""
    return str(row[[column.key for column in sheet.columns].index(CODES[what])])


def marks_of(sheet: Sheet, what: What) -> dict[str, str]:
    """What each row is now, in a few characters; another mark means that the row changed."""
    return {code_of(sheet, row, what): _mark(sheet.columns, row) for row in sheet.rows}


def _mark(columns: Sequence[LedgerColumn], row: Sequence[Cell]) -> str:
    texts = (cell_text(cell) for column, cell in zip(columns, row, strict=True) if column.key != "no")
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]
