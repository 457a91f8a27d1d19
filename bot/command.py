"""What a text turned out to be: a command with its arguments, or the reason why it is none (ux.md A4, A5).

These are only the shapes. `bot.vocabulary` lists the commands, `bot.grammar` reads texts, handlers act. Everything that
people wrote stays here in its original form; nothing here guesses a person or an object.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

import msgspec

from bot.domain.codes import CodeRef
from bot.domain.folding import folded
from bot.domain.form_text import FormField
from bot.domain.moments import Moment
from bot.updates import Mention


class Where(StrEnum):
    """Where a command may be used."""

    ANYWHERE = "anywhere"
    DIRECT = "direct"
    GROUP = "group"


class Quoted(StrEnum):
    """Whose message the text answers or quotes; a quoted message can stand for a code or a text (A4 5)."""

    NOTHING = "nothing"
    SOMEBODY = "somebody"
    BOT = "bot"


class Need(StrEnum):
    """What a command cannot do without; asked for once when it is missing (A4 24)."""

    PEOPLE = "people"
    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    RULE = "rule"
    REASON = "reason"
    DATES = "dates"
    DURATION = "duration"

    @property
    def question_key(self) -> str:
        """Key, in the text catalogue, of the question."""
        return f"ask_{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """One command of the vocabulary.

    The first word of each language is the one that help shows. A Chinese word of two parts (`协作 新建`) is also understood
    in the other order and without the space.
    """

    verb: str
    chinese: tuple[str, ...]
    english: tuple[str, ...]
    topic: str
    where: Where = Where.ANYWHERE
    #: the `key：value` pairs it understands: canonical name -> other spellings
    pairs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: what is asked for, in this order, when it was not given
    needs: tuple[Need, ...] = ()
    #: without a prefix, what may follow the word, as a regular expression over folded text; anything else is ordinary talk
    shape: str = ""
    #: a bare number is the number of an object
    takes_number: bool = False
    #: dates and times of day in its words are read
    takes_times: bool = False
    #: durations in its words are read
    takes_duration: bool = False
    #: what follows is a form: one `字段名：值` a line
    takes_form: bool = False
    #: `语言 en` is a pair like `语言：en`
    takes_plain_pairs: bool = False
    #: the quoted message may stand for its code or its text
    is_quotable: bool = False
    #: the command takes nothing; words after it mean that something else was meant
    is_bare: bool = False
    #: not listed in help or suggestions
    is_hidden: bool = False

    @property
    def example_key(self) -> str:
        """Key, in the text catalogue, of a whole correct example."""
        return f"example_{self.verb}"

    @property
    def help_key(self) -> str:
        """Key, in the text catalogue, of its line in help."""
        return f"help_{self.verb}"

    @property
    def keeps_text(self) -> bool:
        """Is what follows a sentence for other people, in which codes and names stay where they are?"""
        return Need.TEXT in self.needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A recognised command with everything that was given for it; its needs are met (`Missing` otherwise)."""

    verb: str
    #: the spelling of the vocabulary that was used
    word: str
    #: really mentioned people, once each, without the bot and without those of `pair_people`
    people: tuple[Mention, ...] = ()
    #: names behind an @ that was only typed: no mention, but one may be suggested (A4 14)
    typed_names: tuple[str, ...] = ()
    mentions_everybody: bool = False
    codes: tuple[CodeRef, ...] = ()
    #: sum of the durations in the words
    duration: timedelta | None = None
    #: dates and times in the words, in order; a range is two of them
    moments: tuple[Moment, ...] = ()
    #: values of `key：value` by canonical key, mentions as @name
    pairs: Mapping[str, str] = field(default_factory=dict)
    #: people mentioned as the value of a pair: `代理：@李雷`, `代理 @李雷`
    pair_people: Mapping[str, tuple[Mention, ...]] = field(default_factory=dict)
    #: `字段名：值` lines of commands that take a form, in the order in which they were written
    fields: tuple[FormField, ...] = ()
    #: what is left without addressees, pairs and (unless it is a text for others) codes; times still in it
    words: str = ""
    #: what looks like a date or time but does not exist; then `moments` is empty
    impossible: tuple[str, ...] = ()
    #: `words` without dates, times and durations: the subject
    rest: str = ""
    #: everything after the command word, with mention tokens
    raw: str = ""
    had_prefix: bool = False
    #: a space or a sign stands between the word and what follows: `帮助 审批`, not `帮助审批部门`
    is_apart: bool = False

    @property
    def stands_alone(self) -> bool:
        """Is it a command also where words of any kind are expected? Not what only begins like one, such as `帮助销售部备货`."""
        is_whole = bool(self.codes or self.fields) or not self.rest
        return self.had_prefix or not self.raw or self.is_apart or is_whole

    @property
    def switch(self) -> bool | None:
        """`关`, `off` are False, `开`, `on` are True; None for other words."""
        return _SWITCH.get(folded(self.words).strip(" 。.!"))

    @property
    def rule_number(self) -> int | None:
        """The number in `规则 R-40`, `规则40`, `规则 第40条`; None for words to look for."""
        match = _RULE.match(folded(self.words))
        return int(match.group(1)) if match else None


_RULE = re.compile(r"(?:r\s?[-–—−_]?\s?|第\s?)?(\d{1,3})\s?条?\Z")
_SWITCH = dict.fromkeys(("关", "关闭", "关掉", "取消", "结束", "停", "off", "stop", "end"), False) | dict.fromkeys(
    ("开", "开启", "打开", "on"), True
)


class Silence(StrEnum):
    """Why a text is no command."""

    #: a group message that is not for the bot: never answered (A4 4)
    NOT_ADDRESSED = "not_addressed"
    #: only the bot's name: a good moment for help
    EMPTY = "empty"
    #: 谢谢, 好的: asks for no answer
    COURTESY = "courtesy"
    #: people talk to people and mention the bot so that it listens
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class NotACommand:
    """Nothing to do, and why."""

    why: Silence


@dataclass(frozen=True, slots=True)
class Pending:
    """A text that waits for one answer: for a missing argument, or (`need` None) for `。`, which accepts it as it stands."""

    text: str
    mentions: tuple[Mention, ...]
    need: Need | None = None

    def to_json(self) -> str:
        """What is stored until the answer comes."""
        return msgspec.json.encode(self).decode()

    @staticmethod
    def from_json(stored: str) -> Pending:
        """Inverse of `to_json`; raises msgspec.ValidationError or DecodeError for anything else."""
        return msgspec.json.decode(stored, type=Pending)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A command that may have been meant; `text` is what was written with `word` in the place of what was mistyped."""

    verb: str
    word: str
    #: mention tokens kept: parse it with the same mentions
    text: str

    @property
    def example_key(self) -> str:
        """Key, in the text catalogue, of a whole correct example."""
        return f"example_{self.verb}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Addressed to the bot, but no command. At most three suggestions, the likeliest first (A4 23)."""

    #: the word that was not understood, as typed, at most 20 characters
    typed: str
    suggestions: tuple[Suggestion, ...] = ()
    #: the first suggestion, kept for a `。` (A4 23); None without suggestions
    pending: Pending | None = None
    #: a prefix says that a command was meant; without one it may just be talk
    had_prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A command that lacks one thing. Keep `pending`, ask `need.question_key`, and give the answer to `complete`."""

    command: Command
    need: Need
    pending: Pending
    #: the answer did not give it either: say so with the example, and do not ask again (A4 24)
    is_repeat: bool = False

    @property
    def example_key(self) -> str:
        """Key, in the text catalogue, of a whole correct example."""
        return f"example_{self.command.verb}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPlace:
    """A command that does not belong into this kind of chat; in a group its answer may go to the private chat (A4 18)."""

    command: Command
    #: where it belongs
    where: Where


Parsed = Command | NotACommand | Unknown | Missing | WrongPlace
