"""The written pages of the project, as tests look at them: headings, links, tables, code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh", "en")
_FENCE = re.compile(r"^(\s*)```")
_HEADING = re.compile(r"^(#{1,6}) (.+)$")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_SPAN = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file."""

    path: Path

    @property
    def name(self) -> str:
        """Path from the root of the project."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        """All of it."""
        return _read(self.path)

    @property
    def prose(self) -> str:
        """Without fenced code."""
        return "\n".join(line for line, is_code in self._lines() if not is_code)

    @property
    def code(self) -> str:
        """Fenced code only."""
        return "\n".join(line for line, is_code in self._lines() if is_code)

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Depth and words of every heading."""
        return [(len(m.group(1)), m.group(2)) for line in self.prose.splitlines() if (m := _HEADING.match(line))]

    @property
    def anchors(self) -> set[str]:
        """What a link to a heading of this page may name."""
        return {anchor_of(words) for _, words in self.headings}

    @property
    def links(self) -> list[str]:
        """Every target of a link or picture."""
        return _LINK.findall(self.prose)

    @property
    def spans(self) -> list[str]:
        """Everything set as code within a line."""
        return _SPAN.findall(self.prose)

    def rows(self, heading: str = "") -> list[list[str]]:
        """Cells of every table row, of one section (with its subsections) where a heading is named."""
        return [_cells(line) for line in self._section(heading) if line.startswith("|") and not _is_rule(line)]

    def _section(self, heading: str) -> Iterator[str]:
        depth = 0
        for line, is_code in self._lines():
            match = None if is_code else _HEADING.match(line)
            if match and heading:
                if match.group(2) == heading:
                    depth = len(match.group(1))
                elif depth and len(match.group(1)) <= depth:
                    depth = 0
            if not is_code and (depth or not heading):
                yield line

    def _lines(self) -> Iterator[tuple[str, bool]]:
        is_code = False
        for line in self.text.splitlines():
            if _FENCE.match(line):
                is_code = not is_code
                continue
            yield line, is_code


def anchor_of(words: str) -> str:
    """The anchor that a Markdown host makes of a heading: lower case, no punctuation, hyphens for spaces."""
    plain = re.sub(r"[`*]", "", words).strip().lower()
    kept = (c for c in plain if c in " -_" or unicodedata.category(c)[0] in "LN")
    return "".join(kept).replace(" ", "-")


def pages() -> list[Page]:
    """Every page that people read: the front pages and everything under docs."""
    found = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    return [Page(path) for path in found]


def page(name: str) -> Page:
    """The page of that path from the root."""
    return Page(ROOT / name)


@lru_cache(maxsize=64)
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _is_rule(line: str) -> bool:
    return set(line) <= set("|-: ")
