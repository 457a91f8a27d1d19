"""What people really send: phrases are understood, mistyped ones are answered with what was meant (ux.md A12)."""

from __future__ import annotations

import pytest

from bot.command import CommandSpec, Unknown
from bot.domain.folding import folded, is_chinese
from bot.domain.likeness import sounds
from bot.vocabulary import SPECS
from tests.commands.reading import Phrase, facts, phrases, read, verb_of

PHRASES = phrases("phrases.txt")
TYPOS = phrases("typos.txt")
#: the product's own bars; both corpora lie above them
UNDERSTOOD, USEFUL = 0.98, 0.90


def is_understood(phrase: Phrase) -> bool:
    parsed = read(phrase.text)
    verb = "" if phrase.section == "talk" else phrase.section
    return verb_of(parsed) == verb and facts(parsed, [key for key, _ in phrase.wanted]) == phrase.wanted


def suggestions(phrase: Phrase) -> list[str]:
    parsed = read(phrase.text)
    return [s.verb for s in parsed.suggestions] if isinstance(parsed, Unknown) else []


def test_phrases_as_they_are_sent_are_understood_with_everything_in_them() -> None:
    missed = [p.text for p in PHRASES if not is_understood(p)]
    assert len(PHRASES) >= 200
    assert len(missed) <= len(PHRASES) * (1 - UNDERSTOOD), missed


def test_a_mistyped_command_is_among_at_most_three_suggestions() -> None:
    found = {p: suggestions(p) for p in TYPOS}
    missed = [p.text for p, verbs in found.items() if p.section not in verbs]
    assert len(TYPOS) >= 100
    assert max(len(verbs) for verbs in found.values()) <= 3
    assert len(missed) <= len(TYPOS) * (1 - USEFUL), missed


@pytest.mark.parametrize("spec", [s for s in SPECS if not s.is_hidden], ids=lambda s: s.verb)
def test_both_corpora_know_every_command_that_people_can_write(spec: CommandSpec) -> None:
    assert spec.verb in {p.section for p in PHRASES} | {"release", "revive"}
    assert spec.verb in {p.section for p in TYPOS} | {"key", "release", "revive"}


def test_what_was_written_behind_a_mistyped_word_is_kept_in_the_suggestion() -> None:
    parsed = read("讯问 @张三 图纸什么时候给？")
    assert isinstance(parsed, Unknown)
    assert (parsed.typed, parsed.suggestions[0].word) == ("讯问", "询问")
    assert parsed.suggestions[0].text.endswith("图纸什么时候给？")


def test_every_character_of_a_command_word_has_its_sound() -> None:
    """A word whose sounds are not known is never found when its letters are sent instead of its characters."""
    words = [folded(word) for spec in SPECS if not spec.is_hidden for word in spec.chinese]
    deaf = {c for word in words for c in word if is_chinese(c) and sounds(c) == (c,)}
    assert deaf == set()


@pytest.mark.parametrize("text", ["天气不错啊", "🙂🙂", "asdfgh", "12345", "今天中午吃什么", "长" * 3000])
def test_what_is_like_no_command_gets_no_guess(text: str) -> None:
    parsed = read(text)
    assert verb_of(parsed) == ""
    assert not isinstance(parsed, Unknown) or parsed.suggestions == ()
