"""Command text -> `Command` (ux.md A4, A5). Tolerant in form, strict in meaning: it never guesses a person or an object.

A command is a word of the vocabulary at the beginning of a message that is addressed to the bot, with or without slash. What
follows is people (real mentions only), codes, `key：value` pairs and words; everything is kept as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import permutations

from bot.domain.folding import Folded, fold, folded, is_chinese, is_latin
from bot.domain.form_text import FormField, read_form
from bot.domain.ids import AccountKey, Code, CodeKind
from bot.domain.likeness import spelling, unlikeness
from bot.updates import MENTION_CLOSE, MENTION_OPEN, Mention, mention_token

MAX_SUGGESTIONS = 3
PREFIXES = "/!"
#: texts that take the first suggestion (A4 23), and that take a question back (A4 24)
ACCEPTING = frozenset({"。", ".", "。。", ".."})
CANCELLING = frozenset({"取消", "算了", "不用了", "cancel", "never mind", "nevermind", "0"})
#: texts that ask for no answer at all; the same words that start no clock (5.4 e)
COURTESIES = frozenset(
    {
        "收到", "好的", "好", "谢谢", "多谢", "感谢", "辛苦了", "嗯", "嗯嗯", "1", "知道了", "明白", "了解", "可以", "行",
        "ok", "okay", "thanks", "thank you", "thx", "got it",
    }
)  # fmt: skip
_TOKEN = re.compile(f"{MENTION_OPEN}(\\d+){MENTION_CLOSE}")
_KINDS = "|".join(kind.value.lower() for kind in CodeKind)
_DASH = r"\s*[-–—−_]?\s*"
_CODE = re.compile(
    rf"(?<![a-z0-9])(?:(?P<special>jb-20\d\d-w\d\d?-sx-20\d\d-\d+|jc-20\d\d-\d\d-\d+)"
    rf"|(?P<kind>{_KINDS}){_DASH}(?:(?P<year>20\d\d)\s*[-–—−_]\s*)?(?P<number>\d{{1,6}}))(?![\d-])(?:\s*号(?!楼|线))?"
)
_BARE = re.compile(r"#?\s*(\d{1,6})号?(?=\Z|[\s,，、;；。:])")
_RULE = re.compile(r"(?:r\s*[-–—−_]?\s*|第\s*)?(\d{1,3})\s*条?\Z")
_SEPARATORS = " ,，、;；:：\n"
_LINE_SPACES = re.compile(r"[^\S\n]+")
_QUOTES = {"“": "”", '"': '"', "「": "」", "『": "』", "‘": "’"}


class Where(StrEnum):
    """Where a command may be used."""

    ANYWHERE = "anywhere"
    DIRECT = "direct"
    GROUP = "group"


class Need(StrEnum):
    """What a command cannot do without; asked for once when it is missing (A4 24)."""

    PEOPLE = "people"
    TEXT = "text"
    CODE = "code"
    REASON = "reason"
    DATES = "dates"
    DURATION = "duration"

    @property
    def question_key(self) -> str:
        """Key, in the text catalogue, of the question."""
        return f"ask_{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """One command of the vocabulary. `pairs` are the keys it understands, by canonical name.

    A word of two parts (`协作 新建`) is also understood in the other order and without the space.
    """

    verb: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    topic: str
    where: Where = Where.ANYWHERE
    pairs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: what is asked for, in this order, when it was not given
    needs: tuple[Need, ...] = ()
    #: a bare number is the number of an object
    takes_number: bool = False
    #: what follows is a form: one `字段名：值` a line
    takes_form: bool = False
    #: the command takes nothing; words after it mean that something else was meant
    is_bare: bool = False
    #: not listed in help or suggestions
    is_hidden: bool = False

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every spelling, folded."""
        return tuple(folded(alias) for alias in (*self.chinese, *self.english))

    @property
    def example_key(self) -> str:
        """Key, in the text catalogue, of a whole correct example."""
        return f"example_{self.verb}"

    @property
    def help_key(self) -> str:
        """Key, in the text catalogue, of what it is for."""
        return f"cmd_{self.verb}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRef:
    """A code as typed: `HF-31`, `HF-2026-0031`, `31`. `kind` None for a bare number, `year` None if not given."""

    kind: CodeKind | None
    year: int | None
    number: int
    #: the whole code where it has another shape: `JB-2026-W38-SX-2026-0007`, `JC-2026-09-01`
    special: str = ""

    def full(self, year: int) -> Code | None:
        """The full code in that year; None for a bare number."""
        if self.special:
            return Code(self.special)
        return Code(f"{self.kind.value}-{self.year or year}-{self.number:04d}") if self.kind is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A recognised command. `words` is what is left when people, codes and pairs are taken out, in the original form."""

    verb: str
    alias: str
    people: tuple[AccountKey, ...] = ()
    names: tuple[str, ...] = ()
    mentions_everybody: bool = False
    codes: tuple[CodeRef, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)
    #: `字段名：值` lines of commands that take a form, in the order in which they were written
    fields: tuple[FormField, ...] = ()
    words: str = ""
    #: everything after the command word, mentions as @name
    rest: str = ""
    #: the same with mention tokens
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Addressed to the bot, but no command. `suggestions` are at most three verbs with the spelling to show."""

    typed: str
    suggestions: tuple[tuple[str, str], ...]
    #: the whole text with the first suggestion in place of what was typed, tokens kept; empty without suggestions
    corrected: str = ""
    #: a prefix says that a command was meant; without one it may just be talk
    had_prefix: bool = False


class Grammar:
    """The vocabulary, ready to parse. Raises ValueError at construction when two commands share a spelling."""

    def __init__(self, specs: Iterable[CommandSpec]) -> None:
        self._specs = {spec.verb: spec for spec in specs}
        self._words: dict[str, _Word] = {}
        for spec in self._specs.values():
            for alias in spec.aliases:
                for spoken in _orders(alias):
                    self._add(spoken, alias, spec)
        self._by_first: dict[str, list[_Word]] = {}
        for word in sorted(self._words.values(), key=lambda w: -len(w.spelling)):
            self._by_first.setdefault(word.spelling[0], []).append(word)

    def _add(self, spoken: str, alias: str, spec: CommandSpec) -> None:
        key = spoken.replace(" ", "")
        known = self._words.get(key)
        if known is not None and known.spec is not spec:
            raise ValueError(f"{spoken!r} is both {known.spec.verb} and {spec.verb}")
        if known is None:
            self._words[key] = _Word(key, alias, spec, _pattern(spoken))

    @property
    def specs(self) -> tuple[CommandSpec, ...]:
        """The vocabulary in its order."""
        return tuple(self._specs.values())

    def spec(self, verb: str) -> CommandSpec:
        """The command of that verb."""
        return self._specs[verb]

    # ------------------------------------------------------------ reading

    def parse(self, text: str, mentions: Sequence[Mention] = ()) -> Command | Unknown | None:
        """A command, an unknown one, or None for a text without any word (a bare mention of the bot)."""
        body = fold(strip_bot(text, mentions))
        start, had_prefix = _after_prefix(body.text)
        if not body.text[start:].strip(_SEPARATORS):
            return None
        for word in self._by_first.get(body.text[start], ()):
            match = word.pattern.match(body.text, start)
            if match is None or not _ends_word(word, body.text[match.end() :], had_prefix=had_prefix):
                continue
            return _command(word, body, match.end(), mentions)
        return self._unknown(body, start, had_prefix=had_prefix)

    def missing(self, command: Command) -> Need | None:
        """The first thing that the command needs and was not given; None when it is complete."""
        return next((need for need in self._specs[command.verb].needs if not _has(command, need)), None)

    # ------------------------------------------------------------ suggesting

    def suggest(self, typed: str) -> tuple[tuple[str, str], ...]:
        """At most three commands that the text may have meant, best first: (verb, spelling to show)."""
        return tuple((verb, shown) for verb, shown, _ in self._ranked(_spoken(fold(typed).text)))

    def _unknown(self, body: Folded, start: int, *, had_prefix: bool) -> Unknown:
        ranked = self._ranked(_spoken(body.text[start:]))
        corrected = ""
        if ranked:
            _, shown, length = ranked[0]
            corrected = f"{shown} {body.cut(_nth_character(body.text, start, length)).strip()}".strip()
        typed = _first_word(_TOKEN.sub("", body.cut(start)).strip())
        return Unknown(typed, tuple((verb, shown) for verb, shown, _ in ranked), corrected, had_prefix)

    def _ranked(self, typed: str) -> list[tuple[str, str, int]]:
        """Verb, spelling, and how many of the typed characters stand for it; the likest first."""
        best: dict[str, tuple[float, int, str, int]] = {}
        for spec in self._specs.values():
            if spec.is_hidden:
                continue
            for order, shown in enumerate((*spec.chinese, *spec.english)):
                score, length = _likeness(typed, folded(shown).replace(" ", ""))
                if score <= _limit(shown) and (score, order) < best.get(spec.verb, (9.0, 0, "", 0))[:2]:
                    best[spec.verb] = (score, order, shown, length)
        ranked = sorted(best.items(), key=lambda item: item[1][:2])
        return [(verb, shown, length) for verb, (_, _, shown, length) in ranked[:MAX_SUGGESTIONS]]


@dataclass(frozen=True, slots=True)
class _Word:
    """One way to call a command. `spelling` has no spaces; `alias` is what the vocabulary says."""

    spelling: str
    alias: str
    spec: CommandSpec
    pattern: re.Pattern[str]


def strip_bot(text: str, mentions: Sequence[Mention]) -> str:
    """The text without mentions of the bot, which only say whom it is addressed to."""
    return _TOKEN.sub(lambda t: " " if _is_bot(t, mentions) else t.group(0), text)


def is_accepting(text: str, mentions: Sequence[Mention] = ()) -> bool:
    """Does the text take the first suggestion: a single full stop (A4 23)?"""
    return folded(strip_bot(text, mentions)) in ACCEPTING


def is_cancelling(text: str, mentions: Sequence[Mention] = ()) -> bool:
    """Does the text take the pending question back (A4 24)?"""
    return _polished(text, mentions) in CANCELLING


def is_courtesy(text: str, mentions: Sequence[Mention] = ()) -> bool:
    """Is it a word that asks for no answer: 谢谢, 好的, OK?"""
    return _polished(text, mentions) in COURTESIES


def joined(
    question: str, asked: Sequence[Mention], answer: str, mentions: Sequence[Mention]
) -> tuple[str, tuple[Mention, ...]]:
    """An incomplete command and the answer to its question as one text, with the mentions of both."""
    moved = _TOKEN.sub(lambda t: mention_token(int(t.group(1)) + len(asked)), answer)
    return f"{question.rstrip()} {moved.strip()}", (*asked, *mentions)


def rule_number(command: Command) -> int | None:
    """The number in `规则 R-40`, `规则40`, `规则 第40条`; None when there is none."""
    if command.codes and command.codes[0].kind is None:
        return command.codes[0].number
    match = _RULE.match(folded(command.words))
    return int(match.group(1)) if match else None


def _has(command: Command, need: Need) -> bool:
    """Whether dates and durations are right is for those who read them; here something has to be there."""
    match need:
        case Need.PEOPLE:
            return bool(command.people)
        case Need.CODE:
            return bool(command.codes) or rule_number(command) is not None
        case Need.REASON:
            return bool(command.words or command.pairs.get("原因"))
        case Need.TEXT | Need.DATES | Need.DURATION:
            return bool(command.words)


# ---------------------------------------------------------------- words


def _orders(alias: str) -> list[str]:
    """A word of several parts in every order, Latin words only in their own."""
    parts = alias.split(" ")
    if len(parts) == 1 or is_latin(parts[0][0]):
        return [alias]
    return [" ".join(order) for order in permutations(parts)]


def _pattern(spoken: str) -> re.Pattern[str]:
    return re.compile(r"\s*".join(re.escape(part) for part in spoken.split(" ")))


def _ends_word(word: _Word, after: str, *, had_prefix: bool) -> bool:
    """May the word end here? A Latin one may not run on in letters; a Chinese one may be glued to what follows."""
    if not after.strip(_SEPARATORS):
        return True
    last = word.spelling[-1]
    if not (is_chinese(last) or is_latin(last)):
        return not word.spelling.isascii() or not (is_latin(after[0]) or after[0] == last) or had_prefix
    if is_latin(last) and is_latin(after[0]):
        return False
    return not word.spec.is_bare or had_prefix or not _goes_on(after)


def _goes_on(after: str) -> bool:
    """Does more than punctuation, people and particles follow?"""
    return bool(_TOKEN.sub("", after).strip(" ,，.。!！?？~～、;:\n吗呢吧啊"))


def _after_prefix(text: str) -> tuple[int, bool]:
    """Where the first word begins, and whether a prefix stands before it."""
    start = _skip(text, 0, _SEPARATORS)
    prefixed = _skip(text, start, PREFIXES)
    return _skip(text, prefixed, _SEPARATORS), prefixed > start


def _skip(text: str, at: int, characters: str) -> int:
    while at < len(text) and text[at] in characters:
        at += 1
    return at


def _first_word(typed: str) -> str:
    return re.split(r"[\s,，:：;；]", typed, maxsplit=1)[0][:20]


def _polished(text: str, mentions: Sequence[Mention]) -> str:
    plain = _TOKEN.sub(" ", strip_bot(text, mentions))
    return folded(plain).strip(" ,，.。!！~～、;:/")


def _is_bot(token: re.Match[str], mentions: Sequence[Mention]) -> bool:
    index = int(token.group(1))
    return index < len(mentions) and mentions[index].is_bot


# ---------------------------------------------------------------- likeness


def _spoken(text: str) -> str:
    """What was typed as one run of characters, without prefix, people and separators; only the beginning matters."""
    start, _ = _after_prefix(text)
    return re.sub(r"[\s,，、;；:：。]", "", _TOKEN.sub("", text[start:]))[:24]


def _nth_character(text: str, start: int, count: int) -> int:
    """Where, in the folded text, the first `count` spoken characters end."""
    at = start
    while at < len(text) and count:
        count -= not re.match(r"[\s,，、;；:：。]", text[at])
        at += 1
    return at


def _likeness(typed: str, alias: str) -> tuple[float, int]:
    """How unlike the beginning of the text and an alias are, and how much of the text was taken for the alias."""
    if not typed:
        return 1.0, 0
    if is_latin(alias[0]):
        typed_run = re.match(r"[a-z' ]*", typed)
        run = typed_run[0] if typed_run else ""
        lengths = range(max(len(alias) - 2, 1), min(len(alias) + 2, len(run)) + 1)
        # a Latin word ends where its letters end; a run that goes on is another word
        options = [(unlikeness(run[:n], alias) + 0.06 * min(len(run) - n, 3), n) for n in lengths]
        return min(options, default=(1.0, 0))
    lengths = range(max(len(alias) - 1, 1), min(len(alias) + 1, len(typed)) + 1)
    options = [(unlikeness(typed[:n], alias), n) for n in lengths]
    spelt = spelling(alias)
    if is_latin(typed[0]) and spelt.isascii():
        options.extend((unlikeness(typed[:n], spelt) + 0.05, n) for n in range(len(spelt) - 1, len(spelt) + 2))
    if len(alias) > 1 and (place := typed.find(alias)) > 0:
        options.append((0.3 + 0.01 * place, place + len(alias)))
    return min(options, default=(1.0, 0))


def _limit(shown: str) -> float:
    """How unlike may a suggestion be: one of two characters in Chinese, fewer in the longer Latin words."""
    return 0.5 if is_chinese(shown[0]) else 0.4


# ---------------------------------------------------------------- arguments


def _command(word: _Word, body: Folded, start: int, mentions: Sequence[Mention]) -> Command:
    raw = body.cut(_skip(body.text, start, _SEPARATORS)).rstrip()
    named = [mentions[int(i)] for i in _TOKEN.findall(raw) if int(i) < len(mentions)]
    people = [m for m in named if not m.is_bot and not m.is_everybody and m.account is not None]
    spec = word.spec
    head, fields = read_form(raw) if spec.takes_form else (raw, ())
    without, pairs = _take_pairs(_TOKEN.sub(" ", head), spec)
    codes, words = _take_codes(without, takes_number=spec.takes_number)
    return Command(
        verb=spec.verb,
        alias=word.alias,
        people=tuple(dict.fromkeys(m.account for m in people if m.account is not None)),
        names=tuple({m.account: m.name for m in people}.values()),
        mentions_everybody=any(m.is_everybody for m in named),
        codes=codes,
        pairs={key: _TOKEN.sub(lambda t: _shown(t, mentions), value).strip() for key, value in pairs.items()},
        fields=fields,
        words=_unquoted(_tidy(words)),
        rest=_tidy(_TOKEN.sub(lambda t: _shown(t, mentions), raw)),
        raw=raw,
    )


def _shown(token: re.Match[str], mentions: Sequence[Mention]) -> str:
    index = int(token.group(1))
    return f"@{mentions[index].name} " if index < len(mentions) else ""


def _take_pairs(text: str, spec: CommandSpec) -> tuple[str, dict[str, str]]:
    """Cut `key：value` pairs out, wherever they stand; a value is one word, a quoted text, or all up to the next pair.

    Only the keys of the command are keys: `注意：明天` and addresses stay words.
    """
    if not spec.pairs:
        return text, {}
    names = {folded(alias): canonical for canonical, aliases in spec.pairs.items() for alias in (canonical, *aliases)}
    plain = fold(text)
    keys = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    found = list(
        re.finditer(rf"(?<![a-z\u4e00-\u9fff])({keys})\s*:\s*(?!//)|(?<=[\u4e00-\u9fff])({keys}):", plain.text)
    )
    pairs: dict[str, str] = {}
    kept: list[str] = []
    at = 0
    for number, match in enumerate(found):
        kept.append(plain.cut(at, match.start()))
        limit = found[number + 1].start() if number + 1 < len(found) else len(plain.text)
        end = _value_end(plain.text, match.end(), limit)
        pairs[names[match.group(1) or match.group(2)]] = _unquoted(plain.cut(match.end(), end).strip(_SEPARATORS))
        at = end
    kept.append(plain.cut(at))
    return " ".join(kept), pairs


def _value_end(text: str, start: int, limit: int) -> int:
    """A quoted value ends with its quote, another at the end of its line or clause."""
    closing = _QUOTES.get(text[start : start + 1])
    if closing is not None:
        end = text.find(closing, start + 1, limit)
        if end >= 0:
            return end + 1
    stop = re.compile(r"[\n;；]").search(text, start, limit)
    return stop.start() if stop else limit


def _take_codes(text: str, *, takes_number: bool) -> tuple[tuple[CodeRef, ...], str]:
    plain = fold(text)
    found: list[CodeRef] = []
    kept: list[str] = []
    at = 0
    for match in _CODE.finditer(plain.text):
        found.append(_code(match))
        kept.append(plain.cut(at, match.start()))
        at = match.end()
    kept.append(plain.cut(at))
    words = " ".join(kept)
    if found or not takes_number:
        return tuple(found), words
    tail = fold(words.strip(_SEPARATORS))
    bare = _BARE.match(tail.text)
    if bare is None:
        return (), words
    return (CodeRef(kind=None, year=None, number=int(bare.group(1))),), tail.cut(bare.end())


def _code(match: re.Match[str]) -> CodeRef:
    if match["special"]:
        special = match["special"].upper()
        return CodeRef(
            kind=CodeKind(special[:2]), year=int(special[3:7]), number=int(special.rsplit("-", 1)[1]), special=special
        )
    year = int(match["year"]) if match["year"] else None
    return CodeRef(kind=CodeKind(match["kind"].upper()), year=year, number=int(match["number"]))


def _tidy(text: str) -> str:
    """One space where there were several in a line, none at the ends; line breaks stay."""
    lines = (_LINE_SPACES.sub(" ", line).strip() for line in text.strip(_SEPARATORS).split("\n"))
    return "\n".join(lines).strip(_SEPARATORS)


def _unquoted(text: str) -> str:
    """Quotes around a whole text only hold it together (A4 9)."""
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        return text[1:-1].strip()
    return text
