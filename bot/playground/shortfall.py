"""Where the acceptance week is not as expected, said to its reader: what was looked at, what was expected, what there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.playground.wording import say


class Gap(StrEnum):
    """What was looked at. wording.py has a sentence for each."""

    #: the act itself could not be done
    DEED = "deed"
    NO_CARD = "no_card"
    NO_GROUP = "no_group"
    NEVER_SEEN = "never_seen"
    REFUSED = "refused"
    #: what was said or shown
    ANSWER = "answer"
    TOLD = "told"
    UNTOLD = "untold"
    SHOWN = "shown"
    UNSHOWN = "unshown"
    LACKS = "lacks"
    #: what stands in the store
    EXISTS = "exists"
    MISSING = "missing"
    FIELD = "field"
    OWED = "owed"
    SETTLED = "settled"
    AUDIT = "audit"
    #: the digest
    DIGEST = "digest"
    UNSENT = "unsent"
    NO_COPY = "no_copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """One thing that is not as expected."""

    gap: Gap
    #: id of a person or a group, code of an object, key of a deadline, day of a digest
    about: str
    #: a field of it
    part: str = ""
    expected: str = ""
    #: empty for nothing
    found: str = ""
    #: time of the act
    at: str = ""
    #: facts of the sentence that the platform's client would show
    facts: Mapping[str, str] = field(default_factory=dict)

    def words(self, language: str, names: Mapping[str, str] | None = None) -> str:
        """The sentence, with names in the place of ids."""
        known = names or {}
        part = say(language, f"digest_{self.part}") if self.gap is Gap.DIGEST else self.part
        found = say(language, self.part, **self.facts) if self.gap is Gap.REFUSED else self.found
        sentence = say(
            language,
            f"gap_{self.gap}",
            about=known.get(self.about, self.about),
            part=part,
            expected=self.expected,
            found=found or say(language, "gap_nothing"),
        )
        return f"{self.at} {sentence}".strip()

    def __str__(self) -> str:
        return self.words("en")


class Impossible(LookupError):
    """An act that cannot be done as things stand."""

    def __init__(self, shortfall: Shortfall) -> None:
        super().__init__(str(shortfall))
        self.shortfall = shortfall
