"""Foreign text before any platform's markup: cut without splitting characters, addresses that cannot break out. Pure."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

#: characters that one text may have at all; more would not fit into any message
MOST_ROOM = 40_000
#: longest address that goes out as a link
MAX_URL = 2000
_HOST = re.compile(r"[A-Za-z0-9.\-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
#: what may stand in a path and in a query as it is; everything else is encoded
_PATH, _QUERY = "/%:@+,=~-._!", "/%:@+,=~-._!?&"
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_JOINER = "\u200d"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of a clean text, with an ellipsis; never in the middle of a combined character."""
    if len(text) <= limit:
        return text
    end = max(0, limit - 1)
    while end > 0 and (_joins(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return text[:end] + "…"


def _joins(character: str) -> bool:
    return character == _JOINER or "\ufe00" <= character <= "\ufe0f" or unicodedata.combining(character) > 0


def safe_url(url: str) -> str | None:
    """An http or https address in which no character can end the markup around it; None for everything else."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.netloc):
        return None
    try:
        path, query, fragment = (
            quote(_STRAY_PERCENT.sub("%25", part), safe=safe)
            for part, safe in ((parts.path, _PATH), (parts.query, _QUERY), (parts.fragment, _QUERY))
        )
    except UnicodeEncodeError:
        return None
    whole = f"{parts.scheme}://{parts.netloc}{path}{f'?{query}' if query else ''}{f'#{fragment}' if fragment else ''}"
    return whole if len(whole) <= MAX_URL else None
