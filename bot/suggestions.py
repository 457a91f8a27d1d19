"""Which commands a text may have meant: mistyped, misheard by the input method, or hidden in a sentence (ux.md A4 23)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.command import CommandSpec
from bot.domain.folding import folded, is_chinese, is_latin
from bot.domain.likeness import sounds, spelling, unlikenesses

MAX_SUGGESTIONS = 3
#: how much of the beginning of a text is compared
HORIZON = 24
_LATIN_RUN = re.compile(r"[a-z' ]*")


@dataclass(frozen=True, slots=True)
class Guess:
    """A command that may have been meant."""

    verb: str
    #: the spelling that is likest
    word: str
    #: how many of the typed characters stand for it
    length: int
    #: 0.0, the same, to 1.0, nothing in common
    unlikeness: float


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One spelling of one command, prepared for comparison."""

    verb: str
    order: int
    word: str
    key: str
    is_latin: bool
    spelt: str
    limit: float
    sounds: tuple[str, ...]
    seen: frozenset[str]
    heard: frozenset[str]


class Suggester:
    """All spellings of a vocabulary, made ready when the first text has to be compared with them."""

    def __init__(self, specs: Iterable[CommandSpec]) -> None:
        self._specs = tuple(spec for spec in specs if not spec.is_hidden)

    @cached_property
    def _spellings(self) -> tuple[_Spelling, ...]:
        return tuple(
            _prepared(spec.verb, order, word)
            for spec in self._specs
            for order, word in enumerate((*spec.chinese, *spec.english))
            if is_chinese(word[0]) or is_latin(word[0])
        )

    def guess(self, typed: str) -> tuple[Guess, ...]:
        """At most three commands, the likeliest first. `typed` is folded and without separators."""
        head = typed[:HORIZON]
        sounded = sounds(head)
        seen, heard = frozenset(head), frozenset(sounded)
        best: dict[str, tuple[float, int, Guess]] = {}
        for one in self._spellings:
            if not _may_be_like(one, seen, heard, head):
                continue
            score, length = _likeness(head, sounded, one)
            known = best.get(one.verb)
            if score <= one.limit and (known is None or (score, one.order) < known[:2]):
                best[one.verb] = (score, one.order, Guess(one.verb, one.word, length, score))
        ranked = sorted(best.values(), key=lambda found: found[:2])
        return tuple(guess for _, _, guess in ranked[:MAX_SUGGESTIONS])


def _prepared(verb: str, order: int, word: str) -> _Spelling:
    key = folded(word).replace(" ", "")
    latin = is_latin(key[0])
    spelt = "" if latin or not spelling(key).isascii() else spelling(key)
    # one of two characters in Chinese may be wrong, less in the longer Latin words
    limit = 0.4 if latin else 0.5
    heard = sounds(key)
    return _Spelling(verb, order, word, key, latin, spelt, limit, heard, frozenset(key), frozenset(heard))


def _may_be_like(one: _Spelling, seen: frozenset[str], heard: frozenset[str], head: str) -> bool:
    """A cheap bound: with too few characters and sounds in common the distance need not be computed."""
    if one.is_latin or (one.spelt and head and is_latin(head[0])):
        letters = one.seen if one.is_latin else frozenset(one.spelt)
        return bool(head) and len(letters & seen) * 2 >= len(letters)
    shared = max(len(one.seen & seen), len(one.heard & heard))
    return shared * 2 >= len(one.seen)


def _likeness(typed: str, heard: tuple[str, ...], one: _Spelling) -> tuple[float, int]:
    """How unlike the beginning of the text and a spelling are, and how much of the text was taken for it."""
    if not typed:
        return 1.0, 0
    alias = one.key
    if one.is_latin:
        run = match[0] if (match := _LATIN_RUN.match(typed)) else ""
        most = min(len(alias) + 2, len(run))
        scores = unlikenesses(run[:most], alias, heard=run[:most], word_heard=one.sounds)
        # a Latin word ends where its letters end; a run that goes on is another word
        latin = [(scores[n] + 0.06 * min(len(run) - n, 3), n) for n in range(max(len(alias) - 2, 1), most + 1)]
        return min(latin, default=(1.0, 0))
    most = min(len(alias) + 1, len(typed))
    scores = unlikenesses(typed[:most], alias, heard=heard[:most], word_heard=one.sounds)
    options = [(scores[n], n) for n in range(max(len(alias) - 1, 1), most + 1)]
    if is_latin(typed[0]) and one.spelt:
        options.extend(_spelt_out(typed, heard, one.spelt))
    if len(alias) > 1 and (place := typed.find(alias)) > 0:
        options.append((0.3 + 0.01 * place, place + len(alias)))
    return min(options, default=(1.0, 0))


def _spelt_out(typed: str, heard: tuple[str, ...], spelt: str) -> list[tuple[float, int]]:
    """The same for a Chinese word that was left in the Latin letters of an input method."""
    most = len(spelt) + 1
    scores = unlikenesses(typed[:most], spelt, heard=heard[:most], word_heard=spelt)
    return [(scores[min(n, len(typed))] + 0.05, n) for n in range(len(spelt) - 1, len(spelt) + 2)]
