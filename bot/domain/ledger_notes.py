"""A ledger that comes back from a spreadsheet: only the secretary's notes are taken, everything else is told (P-18, R-22).

What changed in another column, or changed here since the export, is a conflict and overwrites nothing. A row that was deleted in
the file is still there (EC-100).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.form_characters import as_lines, seen_length
from bot.domain.ledger import CODES, LONGEST_NOTE, NOTE, LedgerColumn, Sheet, What, cell_text, code_of, marks_of

#: what a spreadsheet could run is written with this before it
_GUARD = "'"


class Reason(StrEnum):
    """Why something of the file is not taken."""

    #: there is no such row, or whoever imports may not see it
    UNKNOWN_ROW = "unknown_row"
    #: the same number stands twice in the file
    TWICE = "twice"
    #: another column was edited
    COLUMN = "column"
    #: the object changed after the export
    MEANWHILE = "meanwhile"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteChange:
    """One note that the import writes."""

    code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteConflict:
    """Something of the file that is not taken."""

    code: str
    reason: Reason
    column: str = ""
    given: str = ""
    present: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """The file as it was read: rows as column title -> text, and what the rows were when it was written, if it says so."""

    what: What
    rows: tuple[Mapping[str, str], ...]
    marks: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesDiff:
    """What an import would do."""

    changes: tuple[NoteChange, ...] = ()
    conflicts: tuple[NoteConflict, ...] = ()


def compare(returned: Returned, present: Sheet) -> NotesDiff:
    """What the file would change in the ledger as it is now."""
    titles = {column.key: column.zh for column in present.columns}
    code_title = titles[CODES[returned.what]]
    rows = {code_of(present, row, returned.what): row for row in present.rows}
    marks = marks_of(present, returned.what)
    changes: list[NoteChange] = []
    conflicts: list[NoteConflict] = []
    seen: set[str] = set()
    for given in returned.rows:
        code = given.get(code_title, "").strip()
        if not code:
            continue
        if code not in rows or code in seen:
            reason = Reason.TWICE if code in seen else Reason.UNKNOWN_ROW
            conflicts.append(NoteConflict(code=code[:40], reason=reason))
            continue
        seen.add(code)
        texts = [cell_text(cell) for cell in rows[code]]
        found = _Row(code, given, dict(zip((c.key for c in present.columns), texts, strict=True)), present.columns)
        is_same = returned.marks is not None and returned.marks.get(code) == marks[code]
        change, wrong = found.judged(is_marked=returned.marks is not None, is_same=is_same)
        changes.extend([change] if change is not None else [])
        conflicts.extend(wrong)
    return NotesDiff(changes=tuple(changes), conflicts=tuple(conflicts))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the file beside the one of the ledger."""

    code: str
    given: Mapping[str, str]
    present: Mapping[str, str]
    columns: Sequence[LedgerColumn]

    def judged(self, *, is_marked: bool, is_same: bool) -> tuple[NoteChange | None, list[NoteConflict]]:
        """The note to be taken, and what is not."""
        edited = [c for c in self.columns if c.key not in {NOTE, "no"} and self._differs(c)]
        note, before = self._note(), self.present[NOTE]
        is_stale = not is_same if is_marked else bool(edited)
        if is_marked and is_stale:
            return None, [NoteConflict(code=self.code, reason=Reason.MEANWHILE)] if note != before or edited else []
        conflicts = [
            NoteConflict(
                code=self.code,
                reason=Reason.COLUMN,
                column=c.zh,
                given=self._text(c)[:40],
                present=self.present[c.key][:40],
            )
            for c in edited
        ]
        if note == before:
            return None, conflicts
        if is_stale:
            return None, [NoteConflict(code=self.code, reason=Reason.MEANWHILE), *conflicts]
        if seen_length(note) > LONGEST_NOTE:
            return None, [*conflicts, NoteConflict(code=self.code, reason=Reason.TOO_LONG)]
        return NoteChange(code=self.code, before=before, after=note), conflicts

    def _differs(self, column: LedgerColumn) -> bool:
        return column.zh in self.given and self._text(column) != self.present[column.key]

    def _text(self, column: LedgerColumn) -> str:
        given, present = self.given.get(column.zh, ""), self.present[column.key]
        text = cell_text(given)
        return text[1:] if text.startswith(_GUARD) and text[1:] == present else text

    def _note(self) -> str:
        column = next(c for c in self.columns if c.key == NOTE)
        if column.zh not in self.given:
            return self.present[NOTE]
        return as_lines(self._text(column))
