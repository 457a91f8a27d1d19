"""What somebody typed, as a message with real mentions: a full name after @ is what the client's own picker would take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.playground.stage import BOT, EVERYBODY, Mentioned

#: how everybody is called after @
_EVERYBODY = ("所有人", "all")


def said(
    text: str, *, members: Iterable[tuple[str, str]], bot_name: str, picks: Mapping[str, str]
) -> list[str | Mentioned]:
    """Split into words and mentions.

    `members` are (account, name); `picks` maps a name to the account that was picked for it and wins over `members`.
    A name that two members share is no mention unless it was picked.
    """
    names = _names(members, bot_name) | dict(picks)
    if not names:
        return [text]
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(
        "[@＠](?:" + "|".join(re.escape(name) for name in longest_first) + ")(?![A-Za-z])", re.IGNORECASE
    )
    folded = {name.casefold(): account for name, account in names.items()}
    parts: list[str | Mentioned] = []
    at = 0
    for found in pattern.finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        parts.append(Mentioned(folded[found.group()[1:].casefold()]))
        at = found.end()
    if at < len(text):
        parts.append(text[at:])
    return parts


def _names(members: Iterable[tuple[str, str]], bot_name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    shared: set[str] = set()
    for account, name in members:
        if name in found:
            shared.add(name)
        found[name] = account
    for name in shared:
        del found[name]
    return found | dict.fromkeys(_EVERYBODY, EVERYBODY) | {bot_name: BOT}
