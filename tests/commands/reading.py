"""Reads texts as the desk does: `@张三` is a real mention, `@回音` the bot, and a text that names the bot is a group message."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.calendars import build_calendars
from bot.command import Command, Missing, NotACommand, Parsed, Pending, Quoted, Unknown, WrongPlace
from bot.domain.calendar import Calendars
from bot.domain.ids import AccountKey
from bot.updates import ChatType, Mention, mention_token
from bot.vocabulary import grammar
from tests.domain.calendar_cases import official_2026

HERE = Path(__file__).parent
BEIJING = ZoneInfo("Asia/Shanghai")
#: Monday of the acceptance week, ten in the morning
NOW = datetime(2026, 9, 14, 10, 0, tzinfo=BEIJING)
#: the people whom texts may mention
PEOPLE = ("张三", "李四", "王五", "回音", "所有人")
_MENTION = re.compile(f"@({'|'.join(PEOPLE)}) ?")


@cache
def days() -> Calendars:
    """The company calendar with the official year 2026."""
    return build_calendars(official_2026())


def mention(name: str) -> Mention:
    """A real mention of somebody."""
    account = AccountKey("feishu", f"ou_{name}")
    return Mention(account, name, is_bot=name == "回音", is_everybody=name == "所有人")


def with_tokens(text: str) -> tuple[str, tuple[Mention, ...]]:
    """The text as an adapter hands it over: tokens in the place of mentions."""
    named: list[Mention] = []

    def token(match: re.Match[str]) -> str:
        named.append(mention(match.group(1)))
        return f"{mention_token(len(named) - 1)} " if match.group(0).endswith(" ") else mention_token(len(named) - 1)

    return _MENTION.sub(token, text), tuple(named)


def read(text: str, *, where: ChatType | None = None, quoted: Quoted = Quoted.NOTHING, now: datetime = NOW) -> Parsed:
    """What the text asks for."""
    tokens, named = with_tokens(text)
    place = where or (ChatType.GROUP if "@回音" in text else ChatType.DIRECT)
    return grammar().parse(tokens, named, chat_type=place, now=now, days=days(), quoted=quoted)


def answered(
    pending: Pending, text: str, *, where: ChatType = ChatType.DIRECT, quoted: Quoted = Quoted.NOTHING
) -> Parsed:
    """What an answer makes of a waiting text."""
    tokens, named = with_tokens(text)
    return grammar().complete(pending, tokens, named, chat_type=where, now=NOW, days=days(), quoted=quoted)


def command(text: str, *, where: ChatType | None = None, quoted: Quoted = Quoted.NOTHING) -> Command:
    """The command that a text is; fails for any other text."""
    parsed = read(text, where=where, quoted=quoted)
    assert isinstance(parsed, Command), f"{text!r} is {parsed!r}"
    return parsed


def verb_of(parsed: Parsed) -> str:
    """The command that was recognised, complete or not; empty for talk and for what was not understood."""
    match parsed:
        case Command():
            return parsed.verb
        case Missing() | WrongPlace():
            return parsed.command.verb
        case NotACommand() | Unknown():
            return ""


# ---------------------------------------------------------------- the corpora


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a corpus."""

    section: str
    text: str
    wanted: tuple[tuple[str, str], ...]


def phrases(name: str) -> tuple[Phrase, ...]:
    """The lines of a corpus file."""
    section, found = "", list[Phrase]()
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("# "):
            continue
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            continue
        text, _, wanted = line.partition(" => ")
        pairs = (part.partition("=") for part in wanted.split("; ") if part)
        found.append(Phrase(section, text, tuple((key, value) for key, _, value in pairs)))
    return tuple(found)


def facts(parsed: Parsed, keys: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What was understood, under these keys, as the corpus writes it."""
    return tuple((key, _fact(parsed, key)) for key in keys)


def _fact(parsed: Parsed, key: str) -> str:
    if key == "missing":
        return parsed.need.value if isinstance(parsed, Missing) else ""
    given = parsed.command if isinstance(parsed, Missing | WrongPlace) else parsed
    if not isinstance(given, Command):
        return ""
    match key:
        case "people":
            return ",".join(m.name for m in given.people)
        case "words":
            return given.words
        case "rule":
            return str(given.rule_number or "")
        case "codes":
            return ",".join(
                "-".join(str(p) for p in (c.kind.value if c.kind else None, c.year, c.number) if p is not None)
                for c in given.codes
            )
        case "days":
            return ",".join(m.day.isoformat() for m in given.moments)
        case "at":
            return ",".join(f"{m.at.astimezone(BEIJING):%Y-%m-%d %H:%M}" for m in given.moments)
        case "minutes":
            return "" if given.duration is None else str(given.duration // timedelta(minutes=1))
        case _ if given.pair_people.get(key):
            return ",".join(m.name for m in given.pair_people[key])
        case _:
            return given.pairs.get(key, "")
