"""Puts the families together and fills sentences with facts.

Facts are inserted literally: braces, markup or anything else in them stays what it is (EC-61). A missing fact is an error
of the program, not an empty place in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Self

from handlers.texts import (
    acceptances,
    answers,
    calendar,
    cards,
    charts,
    clock,
    commands,
    conflicts,
    coverage,
    deadlines,
    deeds,
    digest,
    documents,
    feedback,
    form_cards,
    forms,
    groups,
    issues,
    items,
    ledgers,
    liaison_changes,
    meetings,
    people,
    plans,
    progress_reports,
    proposals,
    records,
    refusals,
    requests,
    scores,
    system,
    tasks,
    trainings,
    weekly_report,
)

LANGUAGES = ("zh-CN", "en")
_PLACE = re.compile(r"\{([a-z_]+)\}")
#: a place with the space behind it, which a fact that ends with a full-width bracket brings along itself
_PLACE_AND_SPACE = re.compile(r"\{([a-z_]+)\}( ?)")

_FAMILIES = (
    acceptances,
    answers,
    calendar,
    cards,
    charts,
    clock,
    commands,
    conflicts,
    coverage,
    deadlines,
    deeds,
    digest,
    documents,
    feedback,
    form_cards,
    forms,
    groups,
    issues,
    items,
    ledgers,
    liaison_changes,
    meetings,
    people,
    plans,
    progress_reports,
    proposals,
    records,
    refusals,
    requests,
    scores,
    system,
    tasks,
    trainings,
    weekly_report,
)


#: nouns behind numbers, and what they are when there is one of them
_ONE = {
    plural: plural.removesuffix("s")
    for plural in (
        "accounts", "calls", "characters", "columns", "conflicts", "days", "deadlines", "departments", "fields", "gaps",
        "hours", "issues", "items", "lines", "links", "matters", "meetings", "messages", "minutes", "objections", "ones",
        "rows", "rules", "tasks", "things", "updates", "years",
    )
} | {"entries": "entry", "stretches": "stretch", "people": "person"}  # fmt: skip
#: `{count} open issues are`: a number, and the noun that follows it
_COUNTED = re.compile(rf"\{{([a-z_]+)\}} ((?:[a-z-]+ ){{0,2}}?)({'|'.join(_ONE)})\b( are\b| were\b)?")
_VERBS = {" are": " is", " were": " was"}


def _of_one(facts: Mapping[str, object], place: re.Match[str]) -> str:
    """English says 1 issue is, 2 issues are."""
    name, between, noun, verb = place.groups()
    if str(facts.get(name)) != "1":
        return place.group(0)
    return f"{{{name}}} {between}{_ONE[noun]}{_VERBS.get(verb or '', '')}"


class Named(str):
    """Number and title of an object as a fact: `WT-12《…》`, and in an English sentence `WT-12 “…”`."""

    __slots__ = ("english",)
    english: str

    def __new__(cls, code: str, title: str) -> Self:
        """The number may be empty where the sentence has it already."""
        named = super().__new__(cls, f"{code}《{title}》")
        named.english = f"{code} “{title}”"
        return named


def _all() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for family in _FAMILIES:
        for key, pair in family.TEXTS.items():
            if key in found:
                raise ValueError(f"two texts for {key}")
            found[key] = pair
    return found


_TEXTS: Mapping[str, tuple[str, str]] = _all()


def say(key: str, language: str, /, **facts: object) -> str:
    """The sentence of that key in that language (anything but `en` is Chinese). Raises KeyError for unknown key or fact."""
    is_english = language.startswith("en")
    template = _COUNTED.sub(partial(_of_one, facts), _TEXTS[key][1]) if is_english else _TEXTS[key][0]

    def filled(place: re.Match[str]) -> str:
        given, space = facts[place.group(1)], place.group(2)
        fact = given.english if is_english and isinstance(given, Named) else str(given)
        return fact if fact.endswith(("）", "》")) else fact + space

    return _PLACE_AND_SPACE.sub(filled, template)


def keys() -> frozenset[str]:
    """Every key of the catalogue."""
    return frozenset(_TEXTS)


def placeholders(key: str) -> tuple[frozenset[str], frozenset[str]]:
    """The facts a sentence needs, in Chinese and in English; the two must agree."""
    chinese, english = _TEXTS[key]
    return frozenset(_PLACE.findall(chinese)), frozenset(_PLACE.findall(english))
