"""The same command in every spelling, width and spacing that keyboards make (ux.md A4 1-10, A12)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bot.command import Command, Missing, Parsed, WrongPlace
from bot.domain.folding import fold, folded, is_chinese
from tests.commands.reading import PEOPLE, Phrase, facts, phrases, read, verb_of

PHRASES = tuple(p for p in phrases("phrases.txt") if p.section != "talk")
_NAMES = re.compile(f"(@(?:{'|'.join(PEOPLE)}))")
#: traditional forms of characters of command words and of words for times
_TRADITIONAL = str.maketrans(
    "帮组织规则询问请复协写点钟周后号个两时间几礼为么说这导语区设销静关开检体认数据状态历简报进",
    "幫組織規則詢問請復協寫點鐘週後號個兩時間幾禮為麼說這導語區設銷靜關開檢體認數據狀態歷簡報進",
)


def outside_mentions(change: Callable[[str], str]) -> Callable[[str], str]:
    """The change, with mentions left as they are: a client sends those as entities."""

    def changed(text: str) -> str:
        return "".join(part if _NAMES.fullmatch(part) else change(part) for part in _NAMES.split(text))

    return changed


def widened(text: str) -> str:
    """Full-width letters, digits and signs."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def spaced(space: str) -> Callable[[str], str]:
    return outside_mentions(lambda text: text.replace(" ", space))


def behind_the_word(mark: str) -> Callable[[str], str]:
    """The first space behind a Chinese word replaced; Latin words need theirs."""

    def changed(text: str) -> str:
        place = text.find(" ")
        if place < 1 or not is_chinese(text[place - 1]) or "@" in text[:place]:
            return text
        return f"{text[:place]}{mark}{text[place + 1 :]}"

    return changed


def sown(character: str) -> Callable[[str], str]:
    """Something nobody sees between all Chinese characters."""

    def changed(text: str) -> str:
        return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", character, text)

    return outside_mentions(changed)


def prefixed(prefix: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        head = re.match(r"(?:@回音 ?)?", text)
        end = head.end() if head else 0
        return text if text[end : end + 1] in {"/", "／", "！", "?", "？", "@"} else f"{text[:end]}{prefix}{text[end:]}"

    return changed


VARIANTS: dict[str, Callable[[str], str]] = {
    "full width": outside_mentions(widened),
    "upper case": outside_mentions(str.upper),
    "capitals": outside_mentions(str.title),
    "ideographic spaces": spaced("\u3000"),
    "four-per-em spaces": spaced("\u2005"),
    "no-break spaces": spaced("\u00a0"),
    "double spaces": spaced("  "),
    "tabs": spaced("\t"),
    "zero-width spaces": sown("\u200b"),
    "joiners": sown("\u200d"),
    "byte order marks": sown("\ufeff"),
    "traditional": outside_mentions(lambda text: text.translate(_TRADITIONAL)),
    "no space": behind_the_word(""),
    "colon": behind_the_word("："),
    "comma": behind_the_word("，"),
    "new line": behind_the_word("\n"),
    "slash": prefixed("/"),
    "wide slash": prefixed("／"),
    "exclamation mark": prefixed("!"),
    "wide exclamation mark": prefixed("！"),
    "slash and space": prefixed("/ "),
    "space around": lambda text: f"  {text} \n",
    "mention space": outside_mentions(lambda text: re.sub(r"^ ", "\u2005", text)),
}
#: commands whose free text has to be set apart by a space or a colon, else it is talk: `提需求展会搭建`
SET_APART = {"request_new", "issue_file", "tasks"}
GLUED = {"no space", "comma"}


def meaning(parsed: Parsed) -> tuple[object, ...]:
    """Everything that was understood, in the form in which spellings do not matter."""
    given = parsed.command if isinstance(parsed, Missing | WrongPlace) else parsed
    if not isinstance(given, Command):
        return (parsed,)
    keys = ("missing", "people", "codes", "days", "at", "minutes", "rule")
    pairs = {key: folded(value).replace(" ", "") for key, value in given.pairs.items()}
    words = "" if pairs else re.sub(r"\s", "", fold(given.words).text)
    return (verb_of(parsed), facts(parsed, keys), pairs, words, len(given.impossible), given.switch)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_spelling_makes_no_difference(name: str) -> None:
    vary = VARIANTS[name]
    different = [
        varied
        for phrase in PHRASES
        if not (name in GLUED and phrase.section in SET_APART)
        if (varied := vary(phrase.text)) != phrase.text and meaning(read(varied)) != meaning(read(phrase.text))
    ]
    assert different == []


def test_these_are_more_than_a_thousand_variants_and_every_kind_of_them_changes_something() -> None:
    counts = {name: sum(vary(p.text) != p.text for p in PHRASES) for name, vary in VARIANTS.items()}
    assert sum(counts.values()) >= 1000
    assert min(counts.values()) >= 5, counts


@pytest.mark.parametrize("first", ["full width", "upper case", "traditional", "zero-width spaces"])
@pytest.mark.parametrize("second", ["ideographic spaces", "wide slash", "no space", "space around"])
def test_two_oddities_at_once_make_no_difference_either(first: str, second: str) -> None:
    def vary(phrase: Phrase) -> str:
        return VARIANTS[first](VARIANTS[second](phrase.text))

    phrases_of_it = [p for p in PHRASES if not (second in GLUED and p.section in SET_APART)]
    assert [p.text for p in phrases_of_it if meaning(read(vary(p))) != meaning(read(p.text))] == []
