"""Object codes as people type them: `HF-31`, `hf31`, `ＨＦ－２０２６－００３１`, `第31号`, `#31` (ux.md A5.1, domain.md 0.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.folding import fold
from bot.domain.ids import Code, CodeKind

_KINDS = "|".join(kind.value.lower() for kind in CodeKind)
_DASH = r"\s{0,2}[-–—−_]?\s{0,2}"
_CODE = re.compile(
    rf"(?<![a-z0-9])(?:(?P<special>jb-20\d\d-w\d\d?-sx-20\d\d-\d{{1,6}}|jc-20\d\d-\d\d-\d{{1,6}})"
    rf"|(?P<kind>{_KINDS}){_DASH}(?:#\s?)?(?:(?P<year>20\d\d)\s?[-–—−_]\s?)?(?P<number>\d{{1,6}}))"
    r"(?![\d-])(?:\s?号(?![楼线]))?"
)
_BARE = re.compile(r"(?:#|第)?\s{0,2}(\d{1,6})\s?号?(?=\Z|[\s,、;:。])")
_AROUND = " ,，、;；:：\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRef:
    """A code as typed: `HF-31`, `HF-2026-0031`, `31`. `kind` None for a bare number, `year` None if not given."""

    kind: CodeKind | None
    year: int | None
    number: int
    #: the whole code where it has another shape: `JB-2026-W38-SX-2026-0007`, `JC-2026-09-01`
    special: str = ""

    def code(self, year: int, kind: CodeKind | None = None) -> Code | None:
        """The full code; `year` and `kind` stand in for what was not typed. None when the kind is not known."""
        if self.special:
            return Code(self.special)
        known = self.kind or kind
        return Code(f"{known.value}-{self.year or year}-{self.number:04d}") if known is not None else None


def read_codes(text: str, *, takes_number: bool = False) -> tuple[tuple[CodeRef, ...], str]:
    """The codes of a text in their order, once each, and the text without them. A bare number counts at the beginning only."""
    plain = fold(text)
    found: list[CodeRef] = []
    kept: list[str] = []
    at = 0
    for match in _CODE.finditer(plain.text):
        found.append(_code(match))
        kept.append(plain.cut(at, match.start()))
        at = match.end()
    kept.append(plain.cut(at))
    words = " ".join(part.strip(_AROUND) for part in kept if part.strip(_AROUND))
    if found or not takes_number:
        return tuple(dict.fromkeys(found)), words if found else text
    tail = fold(text.strip(_AROUND))
    bare = _BARE.match(tail.text)
    if bare is None:
        return (), text
    return (CodeRef(kind=None, year=None, number=int(bare.group(1))),), tail.cut(bare.end()).strip(_AROUND)


def _code(match: re.Match[str]) -> CodeRef:
    if match["special"]:
        special = match["special"].upper()
        number = int(special.rsplit("-", 1)[1])
        return CodeRef(kind=CodeKind(special[:2]), year=int(special[3:7]), number=number, special=special)
    year = int(match["year"]) if match["year"] else None
    return CodeRef(kind=CodeKind(match["kind"].upper()), year=year, number=int(match["number"]))


def behind_code(text: str) -> str:
    """What follows the code, or bare number, with which a text begins, as it was written; the whole text without one.

    For words that are kept literally (EC-62): codes further on belong to them.
    """
    plain = fold(text)
    start = len(plain.text) - len(plain.text.lstrip(_AROUND))
    match = _CODE.match(plain.text, start) or _BARE.match(plain.text, start)
    return plain.cut(match.end() if match is not None else 0).strip(_AROUND)
