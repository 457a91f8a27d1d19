"""What stands behind a command word: people, pairs, codes, dates, durations, and the words left over (ux.md A5.1).

Their order does not matter. Matching is done on folded text; everything that is kept keeps its original form (A4 11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.command import Command, CommandSpec
from bot.domain.codes import read_codes
from bot.domain.durations import read_durations
from bot.domain.folding import Folded, fold, folded
from bot.domain.form_characters import mention
from bot.domain.form_text import FormField, read_form
from bot.domain.moments import Reading, WorkingDays, read_moments
from bot.updates import MENTION_CLOSE, MENTION_OPEN, Mention

SEPARATORS = " ,，、;；:：\n"
TOKEN = re.compile(f"{MENTION_OPEN}(\\d{{1,4}}){MENTION_CLOSE}")
#: keys whose value is free text to the end of its line or clause; other values are one word
_FREE_KEYS = frozenset({"原因"})
_TYPED_NAME = re.compile(r"(?<![\w.@＠])[@＠]([^\s@＠,，、:：。;；!！?？]{1,20})")
_LEADING_NAMES = re.compile(r"\A(?:\s*[@＠][^\s@＠,，、:：。;；!！?？]{1,20}(?=[\s,，、:：]))+")
_LINE_SPACES = re.compile(r"[^\S\n]+")
_QUOTES = {"“": "”", '"': '"', "「": "」", "『": "』", "‘": "’"}
_PEOPLE_RUN = re.compile(rf"(?:[\s,、和]{{0,3}}{MENTION_OPEN}\d{{1,4}}{MENTION_CLOSE})+")
#: one word, more of them behind an enumeration comma, and a time of day behind a date
_WORD_VALUE = re.compile(
    r"\s{0,3}[^\s;]+(?:(?<=[、,，])\s{0,3}[^\s;]+)*(?:\s{1,3}(?:上午|下午|中午|晚上)?\d{1,2}(?::\d\d|点半?)(?!\d))?"
)
_FREE_VALUE = re.compile(r"[^\n;；]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The text behind a command word with its surroundings."""

    spec: CommandSpec
    #: the spelling of the vocabulary that was used
    word: str
    raw: str
    mentions: Sequence[Mention]
    had_prefix: bool
    now: datetime
    days: WorkingDays


def read_arguments(given: Given) -> Command:
    """The command with everything that was given for it; what it still lacks is not judged here."""
    spec, mentions = given.spec, given.mentions
    keys = _key_names(spec)
    head, fields = read_form(given.raw, pairs=keys) if spec.takes_form else (given.raw, ())
    pairs = _take_pairs(head, spec)
    named = named_in(pairs.rest, mentions)
    text = _without_addressees(pairs.rest, mentions) if spec.keeps_text else TOKEN.sub(" ", pairs.rest)
    typed = tuple(dict.fromkeys(_TYPED_NAME.findall(TOKEN.sub(" ", pairs.rest))))
    text = _LEADING_NAMES.sub("", text, count=1) if spec.keeps_text else _TYPED_NAME.sub(" ", text)
    codes, uncoded = read_codes(text, takes_number=spec.takes_number)
    words = unquoted(tidy(text if spec.keeps_text else uncoded))
    plain = _plain_pair(words, spec)
    reading = read_moments(words, now=given.now, days=given.days) if spec.takes_times else Reading((), words)
    durations = read_durations(reading.rest) if spec.takes_duration else None
    return Command(
        verb=spec.verb,
        word=given.word,
        people=real_people(named),
        typed_names=typed,
        mentions_everybody=any(m.is_everybody for m in named),
        codes=codes,
        duration=durations.duration if durations else None,
        moments=reading.moments,
        impossible=reading.impossible,
        pairs={key: tidy(shown(value, mentions)) for key, value in pairs.values.items()} | plain,
        pair_people={
            key: people for key, value in pairs.values.items() if (people := real_people(named_in(value, mentions)))
        },
        fields=tuple(_with_mentions(field, mentions) for field in fields),
        words=words,
        rest=tidy(durations.rest if durations else reading.rest),
        raw=given.raw,
        had_prefix=given.had_prefix,
    )


# ---------------------------------------------------------------- people


def named_in(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Who is mentioned in the text, in order; tokens without a mention name nobody."""
    return [mentions[int(i)] for i in TOKEN.findall(text) if int(i) < len(mentions)]


def real_people(named: Sequence[Mention]) -> tuple[Mention, ...]:
    """People with an account, once each; neither the bot nor everybody."""
    people = {m.account: m for m in named if m.account is not None and not m.is_bot and not m.is_everybody}
    return tuple(people.values())


def shown(text: str, mentions: Sequence[Mention]) -> str:
    """The text with `@name` in the place of mention tokens."""

    def name(token: re.Match[str]) -> str:
        index = int(token.group(1))
        return f"@{mentions[index].name} " if index < len(mentions) else ""

    return TOKEN.sub(name, text)


def as_field(text: str, mentions: Sequence[Mention]) -> FormField:
    """A whole message as the value of one field, for forms that are asked for field by field."""
    first, *lines = text.strip().splitlines() or [""]
    return _with_mentions(FormField("", first.strip(), tuple(line.strip() for line in lines)), mentions)


def _with_mentions(field: FormField, mentions: Sequence[Mention]) -> FormField:
    """A field that can be read by itself: its mentions say who is meant, not only where in the message."""

    def named(token: re.Match[str]) -> str:
        index = int(token.group(1))
        who = mentions[index] if index < len(mentions) else None
        return "" if who is None else mention(str(who.account), who.name) if who.account is not None else f"@{who.name}"

    value, *lines = (TOKEN.sub(named, part) for part in (field.value, *field.lines))
    return replace(field, value=value, lines=tuple(lines))


def _without_addressees(text: str, mentions: Sequence[Mention]) -> str:
    """Mentions before and behind the sentence say whom it is for; those inside it belong to it."""
    run = rf"(?:[\s,，、;；:：]*{TOKEN.pattern})+"
    core = re.sub(rf"{run}\s*\Z", "", re.sub(rf"\A{run}", "", text))
    return shown(core, mentions)


# ---------------------------------------------------------------- pairs


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Values by canonical key, mention tokens kept, and the text without the pairs."""

    values: Mapping[str, str]
    rest: str


def _take_pairs(text: str, spec: CommandSpec) -> _Pairs:
    """Cut `key：value` out, wherever it stands. Only keys of the command are keys: `注意：明天` and addresses stay words."""
    if not spec.pairs:
        return _Pairs({}, text)
    names, plain = _key_names(spec), fold(text)
    keys = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    finder = re.compile(rf"(?<![a-z])({keys})(?:\s{{0,3}}:(?!//)|\s{{0,3}}(?={MENTION_OPEN}))")
    found = list(finder.finditer(plain.text))
    values: dict[str, str] = {}
    kept: list[str] = []
    at = 0
    for number, match in enumerate(found):
        if match.start() < at:
            continue
        kept.append(plain.cut(at, match.start()))
        limit = found[number + 1].start() if number + 1 < len(found) else len(plain.text)
        key = names[match.group(1)]
        at = _value_end(plain, match.end(), limit, is_free=key in _FREE_KEYS)
        value = unquoted(plain.cut(match.end(), at).strip(SEPARATORS))
        if value:
            values[key] = value
    kept.append(plain.cut(at))
    return _Pairs(values, " ".join(kept))


def _key_names(spec: CommandSpec) -> dict[str, str]:
    return {folded(alias): canonical for canonical, aliases in spec.pairs.items() for alias in (canonical, *aliases)}


def _value_end(plain: Folded, start: int, limit: int, *, is_free: bool) -> int:
    text = plain.text
    opening = re.compile(r"\s{0,3}").match(text, start, limit)
    begin = opening.end() if opening else start
    closing = _QUOTES.get(text[begin : begin + 1])
    if closing is not None and (end := text.find(closing, begin + 1, limit)) >= 0:
        return end + 1
    pattern = _FREE_VALUE if is_free else _PEOPLE_RUN if text[begin : begin + 1] == MENTION_OPEN else _WORD_VALUE
    match = pattern.match(text, start, limit)
    return match.end() if match else start


def _plain_pair(words: str, spec: CommandSpec) -> dict[str, str]:
    """`语言 en`, `语言en`, `语言改为英文`: a key at the beginning, its value behind it."""
    if not spec.takes_plain_pairs:
        return {}
    names, plain = _key_names(spec), fold(words)
    keys = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    match = re.match(
        rf"({keys})(?!(?<=[a-z])[a-z])[\s,]*(?:改?为|改?成|设为|to|=|:)?\s*(\S.*)\Z", plain.text, re.DOTALL
    )
    return {names[match.group(1)]: plain.cut(match.start(2)).strip()} if match else {}


# ---------------------------------------------------------------- words


def tidy(text: str) -> str:
    """One space where there were several in a line, none at the ends; line breaks stay."""
    lines = (_LINE_SPACES.sub(" ", line).strip() for line in text.strip(SEPARATORS).split("\n"))
    return "\n".join(lines).strip(SEPARATORS)


def unquoted(text: str) -> str:
    """Quotes around a whole text only hold it together (A4 9)."""
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        return text[1:-1].strip()
    return text
