"""What somebody typed, as a message with real mentions: a full name after @ is what the client's own picker would take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.stage import BOT, EVERYBODY, Mentioned

#: how everybody is called after @
_EVERYBODY = ("所有人", "all")


def said(
    text: str,
    *,
    people: Iterable[tuple[str, str]],
    inside: Iterable[tuple[str, str]],
    bot_name: str,
    picks: Mapping[str, str],
) -> list[str | Mentioned]:
    """Split into words and mentions.

    `people` are everybody's (account, name), `inside` those of the chat, who win over others of the same name; `picks`
    maps a name to the account that was picked for it and wins over both. A name that two share is no mention unless it
    was picked.
    """
    names = _names(people) | _names(inside) | dict.fromkeys(_EVERYBODY, EVERYBODY) | {bot_name: BOT} | dict(picks)
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


def _names(people: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Account by name, without the names that are shared."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for account, name in people:
        if name in found:
            shared.add(name)
        found[name] = account
    return {name: account for name, account in found.items() if name not in shared}
