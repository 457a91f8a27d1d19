"""Text of a message -> what it asks for (ux.md A4, A5). Tolerant in form, strict in meaning.

A command is a word of the vocabulary at the beginning of a message that is for the bot, with or without a prefix. Without
one, what follows must look like its arguments, so that ordinary talk stays talk. Nobody and nothing is ever guessed: what is
missing is asked for, what is unknown is answered with suggestions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import permutations

from bot.arguments import SEPARATORS, TOKEN, Given, named_in, read_arguments, real_people
from bot.command import (
    Command,
    CommandSpec,
    Missing,
    Need,
    NotACommand,
    Parsed,
    Pending,
    Quoted,
    Silence,
    Suggestion,
    Unknown,
    Where,
    WrongPlace,
)
from bot.courtesies import is_accepting, is_cancelling, is_courtesy, is_greeting, strip_bot
from bot.domain.codes import read_codes
from bot.domain.folding import Folded, fold, folded, is_chinese, is_latin
from bot.domain.moments import WorkingDays
from bot.suggestions import Guess, Suggester
from bot.updates import ChatType, Mention, mention_token

PREFIXES = "/!"
#: a guess less like what was typed than this must end where a word of the text ends
_SOUND_ALIKE = 0.25
#: an unprefixed text that also names people is talk, unless it is as like a command as this
_CLOSE = 0.34
#: `问题 上报`, `问题上报`, `问题：上报` are one word
_BETWEEN_PARTS = r"[\s,:]{0,4}"
_FILLERS = " ,，.。!！?？~～、;:\n吗呢吧啊"
_KIND_OF_CODE = re.compile(r"[a-z]{2}\s?-?\s?\d")
_SPOKEN_AROUND = re.compile(r"[\s,，、;；:：。]")
_NUMBERS = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True)
class _Word:
    """One way to call a command. `key` has no spaces; `alias` is what the vocabulary says."""

    key: str
    alias: str
    spec: CommandSpec
    pattern: re.Pattern[str]
    shape: re.Pattern[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """The surroundings of a text."""

    mentions: Sequence[Mention]
    chat_type: ChatType
    now: datetime
    days: WorkingDays
    quoted: Quoted


class Grammar:
    """A vocabulary, ready to read. Raises ValueError at construction when two commands share a spelling."""

    def __init__(self, specs: Iterable[CommandSpec]) -> None:
        self._specs = {spec.verb: spec for spec in specs}
        self._words: dict[str, _Word] = {}
        for spec in self._specs.values():
            for word in (*spec.chinese, *spec.english):
                for spoken in _orders(folded(word)):
                    self._add(spoken, word, spec)
        self._by_first: dict[str, list[_Word]] = {}
        for entry in sorted(self._words.values(), key=lambda w: -len(w.key)):
            self._by_first.setdefault(entry.key[0], []).append(entry)
        self._suggester = Suggester(self._specs.values())

    def _add(self, spoken: str, alias: str, spec: CommandSpec) -> None:
        key = spoken.replace(" ", "")
        known = self._words.get(key)
        if known is not None and known.spec is not spec:
            raise ValueError(f"{spoken!r} is both {known.spec.verb} and {spec.verb}")
        if known is None:
            pattern = re.compile(_BETWEEN_PARTS.join(re.escape(part) for part in spoken.split(" ")))
            shape = re.compile(spec.shape, re.DOTALL) if spec.shape else None
            self._words[key] = _Word(key, alias, spec, pattern, shape)

    @property
    def specs(self) -> tuple[CommandSpec, ...]:
        """The vocabulary in its order."""
        return tuple(self._specs.values())

    def spec(self, verb: str) -> CommandSpec:
        """The command of that verb; KeyError without one."""
        return self._specs[verb]

    def spec_of_word(self, word: str) -> CommandSpec | None:
        """The command that is called by that word, for `帮助 询问`; None for other words."""
        found = self._words.get(folded(word).replace(" ", "").lstrip(PREFIXES))
        return found.spec if found is not None else None

    # ------------------------------------------------------------ reading

    def parse(
        self,
        text: str,
        mentions: Sequence[Mention] = (),
        *,
        chat_type: ChatType,
        now: datetime,
        days: WorkingDays,
        quoted: Quoted = Quoted.NOTHING,
    ) -> Parsed:
        """What a message asks for. A group message is for the bot if it mentions the bot or quotes one of its messages.

        Never raises; `days` is the calendar of the company, `now` the instant from which `明天` counts.
        """
        setting = _Setting(mentions=mentions, chat_type=chat_type, now=now, days=days, quoted=quoted)
        if chat_type is ChatType.GROUP and quoted is not Quoted.BOT and not any(m.is_bot for m in mentions):
            return NotACommand(Silence.NOT_ADDRESSED)
        return self._read(text, setting)

    def _read(self, text: str, setting: _Setting) -> Parsed:
        body = fold(strip_bot(text, setting.mentions))
        head = _head(body)
        if not body.text[head.start :].strip(SEPARATORS):
            return NotACommand(Silence.TALK if real_people(named_in(head.people, setting.mentions)) else Silence.EMPTY)
        is_plain = not head.had_prefix and setting.quoted is not Quoted.BOT
        if is_plain and is_courtesy(text, setting.mentions):
            return NotACommand(Silence.COURTESY)
        if is_plain and is_greeting(text, setting.mentions):
            return NotACommand(Silence.EMPTY)
        for word in self._by_first.get(body.text[head.start], ()):
            match = word.pattern.match(body.text, head.start)
            if match is not None and _fits(word, body.text, match.end(), head, setting):
                return self._judged(self._command(word, body, match.end(), head, setting), setting)
        return self._unknown(body, head, setting)

    def _command(self, word: _Word, body: Folded, end: int, head: _Head, setting: _Setting) -> Command:
        after = _skip(body.text, end, SEPARATORS)
        raw = f"{head.people} {body.cut(after)}".strip()
        command = read_arguments(
            Given(
                spec=word.spec,
                word=word.alias,
                raw=raw,
                mentions=setting.mentions,
                had_prefix=head.had_prefix,
                now=setting.now,
                days=setting.days,
            )
        )
        return replace(command, is_apart=after > end)

    def _judged(self, command: Command, setting: _Setting) -> Parsed:
        spec = self._specs[command.verb]
        match spec.where, setting.chat_type:
            case (Where.DIRECT, ChatType.GROUP) | (Where.GROUP, ChatType.DIRECT):
                return WrongPlace(command=command, where=spec.where)
            case _:
                lacking = next((n for n in spec.needs if not _has(command, n, spec, setting.quoted)), None)
                return command if lacking is None else self.ask_for(command, lacking, setting.mentions)

    def ask_for(self, command: Command, need: Need, mentions: Sequence[Mention]) -> Missing:
        """Ask for something that only the handler knows to be missing, with the mentions of the message."""
        text = f"/{command.word} {command.raw}".strip()
        return Missing(command=command, need=need, pending=Pending(text, tuple(mentions), need))

    # ------------------------------------------------------------ pending questions

    def complete(
        self,
        pending: Pending,
        answer: str,
        mentions: Sequence[Mention] = (),
        *,
        chat_type: ChatType,
        now: datetime,
        days: WorkingDays,
        quoted: Quoted = Quoted.NOTHING,
    ) -> Parsed:
        """The waiting text with the answer in it. `取消` gives the command `cancel`; another command gives that command.

        Missing with `is_repeat` means that the answer did not help: forget the question. Missing without it asks for the
        next thing. The caller makes sure that it is the same person, in the same chat, within five minutes (A4 24).
        """
        if is_cancelling(answer, mentions):
            return Command(verb="cancel", word="取消")
        other = self.parse(answer, mentions, chat_type=chat_type, now=now, days=days, quoted=quoted)
        if pending.need is None and not is_accepting(answer, mentions):
            return other
        if pending.need is not None and (
            self._is_other_command(other, pending.need) or self._is_said_again(other, pending)
        ):
            return other
        text, everybody = pending.text, pending.mentions
        if pending.need is not None:
            text, everybody = self._merged(pending, pending.need, answer, mentions)
        setting = _Setting(mentions=everybody, chat_type=chat_type, now=now, days=days, quoted=quoted)
        whole = self._read(text, setting)
        if not isinstance(whole, Missing) or whole.need is not pending.need:
            return whole
        is_command = isinstance(other, Command | Missing | WrongPlace)
        return other if is_command else replace(whole, pending=pending, is_repeat=True)

    @staticmethod
    def _is_other_command(other: Parsed, need: Need) -> bool:
        """Is the answer a command of its own? A sentence for other people may begin like one (`请假 9-16 能批吗`)."""
        match other:
            case Command() as command if need in {Need.TEXT, Need.REASON}:
                return command.had_prefix or not command.raw or not command.rest
            case Command() as command:
                return command.stands_alone
            case Missing(command=command) | WrongPlace(command=command):
                return command.had_prefix
            case NotACommand() | Unknown():
                return False

    def _is_said_again(self, other: Parsed, pending: Pending) -> bool:
        """Is the answer the same command once more, whole this time?"""
        head = fold(pending.text)
        words = self._by_first.get(head.text[_head(head).start], ())
        asked = next((w.spec for w in words if w.pattern.match(head.text, _head(head).start)), None)
        return isinstance(other, Command) and asked is not None and other.verb == asked.verb

    def _merged(
        self, pending: Pending, need: Need, answer: str, mentions: Sequence[Mention]
    ) -> tuple[str, tuple[Mention, ...]]:
        """Sentences go to the end; everything else to the front, where no open pair can swallow it."""
        own = strip_bot(answer, mentions)
        moved = TOKEN.sub(lambda t: mention_token(int(t.group(1)) + len(pending.mentions)), own).strip()
        everybody = (*pending.mentions, *mentions)
        match need:
            case Need.TEXT | Need.REASON:
                return f"{pending.text} {moved}", everybody
            case Need.PEOPLE:
                tokens = " ".join(m.group(0) for m in TOKEN.finditer(moved))
                return self._in_front(pending.text, tokens or moved), everybody
            case Need.CODE | Need.NUMBER:
                codes, _ = read_codes(moved, takes_number=True)
                numbers = _NUMBERS.findall(folded(moved))
                return self._in_front(pending.text, moved if codes or len(numbers) != 1 else numbers[0]), everybody
            case Need.RULE | Need.DATES | Need.DURATION:
                return self._in_front(pending.text, moved), everybody

    def _in_front(self, text: str, inserted: str) -> str:
        body = fold(text)
        start = _head(body).start
        ends = (m.end() for w in self._by_first.get(body.text[start], ()) if (m := w.pattern.match(body.text, start)))
        end = next(ends, start)
        return f"{body.cut(0, end)} {inserted} {body.cut(end)}"

    # ------------------------------------------------------------ suggesting

    def suggest(self, typed: str) -> tuple[Guess, ...]:
        """At most three commands that the text may have meant, the likeliest first."""
        body = fold(typed)
        return self._suggester.guess(_spoken(body.text[_head(body).start :]))

    def _unknown(self, body: Folded, head: _Head, setting: _Setting) -> Parsed:
        if not any(c.isalnum() for c in TOKEN.sub("", body.text)):
            return NotACommand(Silence.TALK)
        found = self._suggester.guess(_spoken(body.text[head.start :]))
        guesses = tuple(guess for guess in found if not _splits_a_word(guess, body, head))
        is_to_people = bool(real_people(named_in(body.original, setting.mentions)))
        is_close = bool(guesses) and guesses[0].unlikeness <= _CLOSE
        if setting.chat_type is ChatType.GROUP and not head.had_prefix and is_to_people and not is_close:
            return NotACommand(Silence.TALK)
        shown = tuple(self._suggestion(guess, body, head) for guess in guesses)
        return Unknown(
            typed=_first_word(TOKEN.sub("", body.cut(head.start)).strip()),
            suggestions=shown,
            pending=Pending(f"/{shown[0].text}", tuple(setting.mentions)) if shown else None,
            had_prefix=head.had_prefix,
        )

    def _suggestion(self, guess: Guess, body: Folded, head: _Head) -> Suggestion:
        end = _whole_word(body.text, head.start, _nth_spoken(body.text, head.start, guess.length))
        after = body.cut(end).strip(SEPARATORS)
        text = " ".join(part for part in (guess.word, head.people, after) if part)
        return Suggestion(verb=guess.verb, word=guess.word, text=text)


# ---------------------------------------------------------------- the beginning


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the first word begins, who was mentioned before it, and whether a prefix stands in front of it."""

    start: int
    people: str
    had_prefix: bool


def _head(body: Folded) -> _Head:
    text = body.text
    start, before = _skip_people(text, 0)
    prefixed = _skip(text, start, PREFIXES)
    end, after = _skip_people(text, prefixed)
    return _Head(end, " ".join((*before, *after)), prefixed > start)


def _skip_people(text: str, at: int) -> tuple[int, list[str]]:
    found: list[str] = []
    at = _skip(text, at, SEPARATORS)
    while (token := TOKEN.match(text, at)) is not None:
        found.append(token.group(0))
        at = _skip(text, token.end(), SEPARATORS)
    return at, found


def _skip(text: str, at: int, characters: str) -> int:
    while at < len(text) and text[at] in characters:
        at += 1
    return at


def _orders(alias: str) -> list[str]:
    """A word of several parts in every order, Latin words only in their own."""
    parts = alias.split(" ")
    if len(parts) == 1 or is_latin(parts[0][0]):
        return [alias]
    return [" ".join(order) for order in permutations(parts)]


def _fits(word: _Word, text: str, end: int, head: _Head, setting: _Setting) -> bool:
    """May the word end here, and does what follows look like its arguments?"""
    after = text[end:]
    if not after.strip(SEPARATORS):
        return True
    last = word.key[-1]
    if is_latin(last) and is_latin(after[0]) and _KIND_OF_CODE.match(after) is None:
        return False
    if not (is_latin(last) or is_chinese(last)) and after[0] == last:
        return not after.strip(last + SEPARATORS)
    if head.had_prefix:
        return True
    if word.spec.is_quotable and setting.quoted is Quoted.BOT:
        return True
    if word.spec.where is Where.GROUP and setting.chat_type is ChatType.DIRECT:
        return False
    if not TOKEN.sub("", after).strip(_FILLERS):
        return True
    if word.spec.is_bare:
        return False
    return word.shape is None or word.shape.match(text, end) is not None


def _has(command: Command, need: Need, spec: CommandSpec, quoted: Quoted) -> bool:
    """Is there something for it? Whether it is right is for the handler."""
    is_quoting = spec.is_quotable and quoted is not Quoted.NOTHING
    match need:
        case Need.PEOPLE:
            return bool(command.people)
        case Need.CODE:
            return bool(command.codes) or is_quoting
        case Need.NUMBER:
            return bool(command.codes)
        case Need.RULE:
            return bool(command.words)
        case Need.REASON:
            return bool(command.words or command.pairs.get("原因"))
        case Need.TEXT:
            return bool(command.words) or is_quoting
        case Need.DATES:
            # a date that does not exist is refused by name, not asked for
            return bool(command.moments or command.impossible)
        case Need.DURATION:
            return command.duration is not None or bool(command.moments) or command.switch is not None


# ---------------------------------------------------------------- what was typed


def _spoken(text: str) -> str:
    """What was typed as one run of characters, without people and separators; only the beginning matters."""
    return _SPOKEN_AROUND.sub("", TOKEN.sub("", text[:200]))


def _nth_spoken(text: str, start: int, count: int) -> int:
    """Where, in the folded text, the first `count` spoken characters end."""
    at = start
    while at < len(text) and count:
        token = TOKEN.match(text, at)
        if token is not None:
            break
        count -= not _SPOKEN_AROUND.match(text[at])
        at += 1
    return at


def _whole_word(text: str, start: int, end: int) -> int:
    """A cut inside a Latin word moves to its beginning, or, where the word begins the text, to its end."""
    if not (start < end < len(text) and is_latin(text[end - 1]) and is_latin(text[end])):
        return end
    begin = end
    while begin > start and is_latin(text[begin - 1]):
        begin -= 1
    if begin > start:
        return begin
    while end < len(text) and is_latin(text[end]):
        end += 1
    return end


def _splits_a_word(guess: Guess, body: Folded, head: _Head) -> bool:
    """Does the guess take the beginning of a run of Chinese characters for a command it is not even heard like?"""
    text, end = body.text, _nth_spoken(body.text, head.start, guess.length)
    if guess.unlikeness <= _SOUND_ALIKE or not 0 < end < len(text):
        return False
    if not (is_chinese(text[end - 1]) and is_chinese(text[end])) or text[:end].endswith(folded(guess.word)):
        return False
    rest = re.match(r"[^\s,，、;；:：。]*", text[end:])
    return rest is not None and bool(rest[0].strip(_FILLERS))


def _first_word(typed: str) -> str:
    return re.split(r"[\s,，:：;；]", typed, maxsplit=1)[0][:20]
