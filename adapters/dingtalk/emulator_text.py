"""How the platform reads what people write, and how a client shows the markdown that the bot writes (dingtalk.md 4.1)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters._emulator.said import Mention, MentionAll, MentionBot, Part

#: a mention inside a card's markdown
AT_IN_CARD = re.compile(r"<a\s+atId=[\"']?([^\s\"'>]+)[\"']?\s*>(.*?)</a>", re.DOTALL)
#: a mention inside a webhook's or a robot's text
AT_IN_TEXT = re.compile(r"@([\w.-]+)")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_SLANTED = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_HEAD = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?)", re.MULTILINE)
_FONT = re.compile(r"</?(?:font|b|i|u|s|strong|em|span)\b[^>]*>")
_BLOCK = re.compile(r"^\s*(?:#{1,6}\s|>|[-*+]\s|\d+[.、]\s?|$)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSaid:
    """A person's text as the screen shows it and as the robot gets it."""

    words: str
    #: without the bot's mention, a leading space kept
    for_robot: str
    mentions: tuple[str, ...]
    mentions_bot: bool
    mentions_all: bool


def read_said(
    parts: Sequence[Part], *, bot: str, bot_name: str, name_of: Callable[[str], str], keeps_others: bool
) -> ReadSaid:
    """A text with its mentions. `bot` stands for the bot among accounts."""
    words: list[str] = []
    rest: list[str] = []
    accounts: list[str] = []
    names_bot = names_all = False
    for part in parts:
        match part:
            case str():
                words.append(part)
                rest.append(part)
            case MentionAll():
                names_all = True
                words.append("@所有人")
                rest.append("@所有人")
            case MentionBot():
                names_bot = True
                words.append(f"@{bot_name}")
            case Mention(account) if account == bot:
                names_bot = True
                words.append(f"@{bot_name}")
            case Mention(account):
                accounts.append(account)
                words.append(f"@{name_of(account)}")
                if keeps_others:
                    rest.append(f"@{name_of(account)}")
    return ReadSaid(
        words="".join(words),
        for_robot="".join(rest),
        mentions=tuple(dict.fromkeys(accounts)),
        mentions_bot=names_bot,
        mentions_all=names_all,
    )


def shown_markdown(source: str, *, name_of: Callable[[str], str] = str) -> str:
    """Markdown as words: marks gone, links by their words, a plain line break within a paragraph collapsed."""
    source = AT_IN_CARD.sub(lambda found: f"@{name_of(found[1])}", source)
    lines = _joined(source)
    plain = _HEAD.sub("", lines)
    plain = _LINK.sub(r"\1", plain)
    plain = _STRONG.sub(r"\2", plain)
    plain = _SLANTED.sub(r"\1", plain)
    plain = _FONT.sub("", plain).replace("<br>", "\n").replace("<br/>", "\n")
    plain = _ESCAPE.sub(r"\1", plain)
    return html.unescape(plain).replace("\xa0", " ").strip("\n ")


def _joined(source: str) -> str:
    """Lines as the client breaks them: two spaces, a blank line or a new block make a break, nothing else does."""
    out = ""
    lines = source.split("\n")
    for place, line in enumerate(lines):
        out += line.rstrip()
        if place == len(lines) - 1:
            break
        following = lines[place + 1]
        breaks = line.endswith("  ") or not line.strip() or _BLOCK.match(following) or _is_closed(line)
        out += "\n" if breaks else " "
    return re.sub(r"\n{2,}", "\n", out)


def _is_closed(line: str) -> bool:
    """A heading ends with its line."""
    return re.match(r"^\s{0,3}#{1,6}\s", line) is not None


def mentioned_in_card(source: str) -> list[str]:
    """Accounts that a card's markdown names."""
    return [found[0] for found in AT_IN_CARD.findall(source)]


def shown_at(source: str, accounts: Sequence[str], *, name_of: Callable[[str], str]) -> tuple[str, tuple[str, ...]]:
    """A webhook's text with names for `@account`, and whom that notifies: those that stand in both places."""
    named = [account for account in accounts if f"@{account}" in source]
    for account in sorted(named, key=len, reverse=True):
        source = source.replace(f"@{account}", f"@{name_of(account)}")
    return source, tuple(named)
