"""A form written as text: one field a line as `字段名：值`, rows of a list below it (design.md section 3).

Only the shape is read here. Which labels a form has, and what their values mean, belongs to the form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LABEL = re.compile(r"\s*(?:[-*·•]\s*)?([^\s:：|；;，,]{1,20}(?: [A-Za-z_]{1,12}){0,2})\s*[:：]\s*(.*)\Z", re.DOTALL)
_ROWS = re.compile(r"[；;\n]")
_COLUMNS = re.compile(r"[|｜]")
#: what looks like `label：value` but is an address
_NOT_LABELS = frozenset({"http", "https", "ftp"})


@dataclass(frozen=True, slots=True)
class FormField:
    """One field as written: the label, the text behind the colon, and the lines that followed it."""

    label: str
    value: str
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Everything that was written for the field, line breaks kept."""
        return "\n".join(part for part in (self.value, *self.lines) if part)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The field as a list: rows by line or `；`, columns by `|`; numbering in front of a row is dropped."""
        rows = (_number_off(row.strip()) for row in _ROWS.split(self.text))
        return tuple(tuple(c.strip() for c in _COLUMNS.split(row)) for row in rows if row)


def read_form(text: str) -> tuple[str, tuple[FormField, ...]]:
    """The lines before the first field, and the fields in the order in which they were written."""
    head: list[str] = []
    fields: list[FormField] = []
    for line in text.splitlines():
        match = _LABEL.match(line)
        if match and match.group(1).lower() not in _NOT_LABELS and not match.group(1).isdigit():
            fields.append(FormField(match.group(1), match.group(2).strip()))
        elif fields:
            if line.strip():
                last = fields[-1]
                fields[-1] = FormField(last.label, last.value, (*last.lines, line.strip()))
        else:
            head.append(line)
    return "\n".join(head).strip(), tuple(fields)


def _number_off(row: str) -> str:
    return re.sub(r"\A(?:\d{1,2}[.、)）]\s*(?!\d)|[-*·•]\s+)", "", row)
