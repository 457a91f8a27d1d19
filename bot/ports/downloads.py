"""Files for people with a phone: a link that counts once and for a short time, asked for in the chat (domain.md 6.3; EC-75)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

#: where the listener has the page of the link, and the name of the key in it
DOWNLOAD_PATH = "/download"
DOWNLOAD_KEY = "t"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file ready to be saved by a browser."""

    name: str
    content_type: str
    content: bytes


class Downloads(Protocol):
    """Who makes the files."""

    async def fetch(self, token: str) -> File | None:
        """The file of the link, made now and only for this once; None for a link that is wrong, used or too old, and
        for a person whose right has ended meanwhile."""
        ...
