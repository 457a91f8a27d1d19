"""XML from the platform, read so that nothing in it can hurt (M8, T17). Pure, and only for what was signed and decrypted.

No document type, no entities of its own, no processing instructions, eight levels, two hundred nodes. A tag that stands
several times among its siblings is a list; every leaf is a text.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from adapters._hardened_json import JsonTable, JsonValue

MAX_BYTES = 64 * 1024
DEPTH, NODES = 8, 200
#: the only declaration that may stand anywhere
_DECLARATION = re.compile(rb"<!(?!\[CDATA\[)|<\?")


class BadXml(ValueError):
    """Not XML, or XML that we do not take. Says nothing about the content."""


def parse_table(raw: bytes) -> JsonTable:
    """The members of the outermost tag. Raises BadXml for everything else."""
    if len(raw) > MAX_BYTES:
        raise BadXml("too long")
    # what looks like a declaration inside of CDATA is refused as well: nobody types `<!` often enough to mind
    if _DECLARATION.search(_without_cdata(raw)):
        raise BadXml("a declaration")
    reader = _Reader()
    parser = expat.ParserCreate(encoding="utf-8")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.EntityDeclHandler = reader.refuse
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.ProcessingInstructionHandler = reader.refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError:
        raise BadXml("not XML") from None
    if not isinstance(reader.root, dict):
        raise BadXml("no members")
    return reader.root


def _without_cdata(raw: bytes) -> bytes:
    return re.sub(rb"<!\[CDATA\[.*?\]\]>", b"", raw, flags=re.DOTALL)


class _Reader:
    """Builds the table while the parser walks."""

    def __init__(self) -> None:
        self.root: JsonValue = None
        self._open: list[tuple[str, JsonTable, list[str]]] = []
        self._nodes = 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._nodes += 1
        if self._nodes > NODES or len(self._open) >= DEPTH:
            raise BadXml("too much")
        self._open.append((tag, {}, []))

    def words(self, text: str) -> None:
        self._open[-1][2].append(text)

    def end(self, _tag: str) -> None:
        name, members, words = self._open.pop()
        value: JsonValue = members if members else "".join(words)
        if not self._open:
            self.root = value
            return
        parent = self._open[-1][1]
        before = parent.get(name)
        if before is None:
            parent[name] = value
        elif isinstance(before, list):
            before.append(value)
        else:
            parent[name] = [before, value]

    def refuse(self, *_: object) -> None:
        raise BadXml("a declaration")
