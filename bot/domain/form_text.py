"""A form written as text: one field a line as `字段名：值`, rows of a list below it (design.md section 3).

Only the shape is read here. Which labels a form has, and what their values mean, belongs to the form; so a field that may
not be one (`… 地点：三楼` inside a sentence, `2. 量产：9月25日` in a list) says how it was tied to what stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.domain.folding import folded

_NUMBERING = r"\d{1,2}[.、)）]\s*|[(（]\d{1,2}[)）]\s*"
_WORDS = r"[^\s:：|｜；;，,。]{1,20}(?: [A-Za-z_()/'-]{1,16}){0,5}"
_LABEL = re.compile(
    rf"(?P<before>\s*(?:[-*·•]\s*)?)(?P<number>{_NUMBERING})?(?P<label>{_WORDS})\s*[:：]\s*(?P<value>.*)\Z", re.DOTALL
)
#: `标题 描述：…`: a label behind other words of its line; never a time of day, an address or a mention
_INLINE = re.compile(r"(?<=\S)(?P<before>\s+)(?P<label>[^\s:：|｜；;，,。@＠\ue000\ue001]{1,20})(?P<colon>[:：]\s*)")
_NUMBERED = re.compile(rf"\A(?:{_NUMBERING}(?!\d)|[-*·•]\s+)")
#: what looks like `label：value` but is an address
_NOT_LABELS = frozenset({"http", "https", "ftp"})
#: begins a line that is text whatever it looks like
_LITERAL = ("|", "｜")
#: a separator with the backslashes before it; an odd number of them takes its meaning away
_ROW_END = re.compile(r"(\\*)([；;])|\n")
_COLUMN_END = re.compile(r"(\\*)([|｜])")


@dataclass(frozen=True, slots=True)
class FormField:
    """One field as written: the label, the text behind the colon, and the lines that followed it."""

    label: str
    value: str
    lines: tuple[str, ...] = ()
    #: everything up to the value as it was written, for a label that turns out to be none: `描述：`, ` 描述：`, `2. 量产：`
    joint: str = ""

    @property
    def is_inline(self) -> bool:
        """Does it stand behind other words of the same line?"""
        return self.joint[:1].isspace()

    @property
    def is_numbered(self) -> bool:
        """Does a number stand before it, as before the rows of a list?"""
        return self.joint[:1] not in "-*·•" and is_numbered(self.joint)

    @property
    def text(self) -> str:
        """Everything that was written for the field, line breaks kept."""
        return "\n".join((self.value, *(_literal(line) for line in self.lines))).strip("\n")

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The field as a list: rows by line or `；`, columns by `|`; numbering in front of a row is dropped."""
        whole = "\n".join((self.value, *self.lines))
        rows = (_NUMBERED.sub("", row.strip(), count=1) for row in _split(whole, _ROW_END))
        return tuple(tuple(cell.strip() for cell in _split(row, _COLUMN_END)) for row in rows if row)

    def followed_by(self, other: FormField) -> FormField:
        """What seemed to be another field belongs to this one."""
        if not other.is_inline:
            written = other.joint or f"{other.label}："
            return replace(self, lines=(*self.lines, f"{written}{other.value}", *other.lines))
        if self.lines:
            return replace(self, lines=(*self.lines[:-1], f"{self.lines[-1]}{other.joint}{other.value}", *other.lines))
        return replace(self, value=f"{self.value}{other.joint}{other.value}", lines=other.lines)


def read_form(text: str, *, pairs: Collection[str] = ()) -> tuple[str, tuple[FormField, ...]]:
    """The lines before the first field, and the fields in the order in which they were written.

    `pairs` are words that are keys of the command itself where they stand inside a line.
    """
    head: list[str] = []
    fields: list[FormField] = []
    keys = frozenset(folded(word) for word in pairs)
    for line in text.splitlines():
        begun = _begun(line)
        words, inline = _inline(line if begun is None else begun.value, keys)
        if begun is not None:
            fields.append(replace(begun, value=words))
        elif fields:
            fields[-1] = replace(fields[-1], lines=(*fields[-1].lines, words.strip()))
        else:
            head.append(words)
        fields.extend(inline)
    return "\n".join(head).strip(), tuple(_without_blank_end(field) for field in fields)


def guarded(line: str, *, is_first: bool = False) -> str:
    """A line of a text so that it is read as text again, whatever it looks like. The first one stands behind its label."""
    is_safe = _INLINE.search(line) is None if is_first else not any(c in ":：|｜" for c in line)
    return line if is_safe else f"| {line}"


def cell_text(cell: str) -> str:
    """A cell of a row so that it is read as one cell again."""
    flat = " ".join(cell.split("\n"))
    return re.sub(r"(\\*)([；;|｜])", lambda m: f"{m[1]}{m[1]}\\{m[2]}", flat)


def is_numbered(row: str) -> bool:
    """Would the beginning of the row be taken for its number?"""
    return _NUMBERED.match(row) is not None


def _begun(line: str) -> FormField | None:
    """The field that begins with this line, None where none does."""
    match = None if line.lstrip().startswith(_LITERAL) else _LABEL.match(line)
    if match is None or match["label"].lower() in _NOT_LABELS or match["label"].isdigit():
        return None
    return FormField(match["label"], match["value"].strip(), joint=line[: match.start("value")].lstrip())


def _inline(text: str, keys: Collection[str]) -> tuple[str, list[FormField]]:
    """What stands before the first label inside a line, and the fields behind it."""
    if text.lstrip().startswith(_LITERAL):
        return text, []
    found = [match for match in _INLINE.finditer(text) if _is_inline_label(match["label"], keys)]
    if not found:
        return text, []
    ends = [match.start() for match in found[1:]] + [len(text)]
    fields = [
        FormField(m["label"], text[m.end() : end].rstrip(), joint=m[0]) for m, end in zip(found, ends, strict=True)
    ]
    return text[: found[0].start()].rstrip(), fields


def _is_inline_label(label: str, keys: Collection[str]) -> bool:
    return label.lower() not in _NOT_LABELS and not label[-1].isdigit() and folded(label) not in keys


def _split(text: str, end: re.Pattern[str]) -> list[str]:
    """The parts between the separators; one with an odd number of backslashes before it is text."""
    parts: list[str] = []
    at, kept = 0, ""
    for match in end.finditer(text):
        slashes = len(match[1] or "")
        before = text[at : match.start()] + "\\" * (slashes // 2)
        at = match.end()
        if slashes % 2:
            kept += before + match[2]
        else:
            parts.append(kept + before)
            kept = ""
    return [*parts, kept + text[at:]]


def _literal(line: str) -> str:
    return line[1:].strip() if line.startswith(_LITERAL) else line


def _without_blank_end(field: FormField) -> FormField:
    lines = field.lines
    while lines and not lines[-1]:
        lines = lines[:-1]
    return replace(field, lines=lines)
