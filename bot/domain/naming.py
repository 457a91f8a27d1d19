"""The naming rule of documents: item, department, date, in this order (domain.md 3.13; R-50, A-17, L-31; EC-49, EC-63).

A name is only ever compared and shown; nothing in this program uses it as a path. What a person typed is kept as it is, the
comparison is made after NFKC and ignores spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: longest name, and what may not stand in one
LONGEST = 120
FORBIDDEN = '\\/:*?"<>|'
#: how long before the item's start a date is not surprising
EARLY = timedelta(days=30)
#: how long an old name of a department is accepted (EC-49)
OLD_NAMES = timedelta(days=90)

_SEPARATOR = r"\s*[_\-+]?\s*"
_DATE = (
    r"(?<!\d)(?P<compact>\d{8})(?!\d)|(?P<dashed>\d{4}-\d{2}-\d{2})(?!\d)|(?P<dotted>\d{4}\.\d{2}\.\d{2})(?!\d)"
    r"|(?P<chinese>\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日)"
)
_VERSION = r"[vV]\d{1,3}(?:\.\d{1,3}){0,2}"
#: an extension has a letter in it: the end of `2026.09.17` and of `v1.0` is none
_EXTENSION = re.compile(r"\.(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{1,8}\Z")
_ANY_DATE = re.compile(_DATE)
_ANY_VERSION = re.compile(rf"(?:{_SEPARATOR})({_VERSION})\Z")


class Flaw(StrEnum):
    """What is wrong with a name; the value ends the catalogue key of its sentence."""

    CHARACTERS = "characters"
    LENGTH = "length"
    ITEM = "item"
    DEPARTMENT = "department"
    NOT_INVOLVED = "not_involved"
    DATE = "date"
    NO_SUCH_DATE = "no_such_date"
    FUTURE = "future"
    ORDER = "order"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What the names of one item's documents are checked against, today."""

    #: title and short name of the item
    items: tuple[str, ...]
    #: full, short and still accepted old names of lead and cooperating departments
    involved: tuple[str, ...]
    #: names of all other departments
    others: tuple[str, ...] = ()
    today: date
    starts_on: date | None = None
    #: what a suggestion is made of (L-31)
    item: str
    department: str
    separator: str = "_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Compliant where `flaw` is None. `suggestion` is empty where the name is right as it stands."""

    flaw: Flaw | None = None
    suggestion: str = ""
    #: the date lies long before the item began: only a warning
    is_early: bool = False

    @property
    def is_compliant(self) -> bool:
        """Does the name follow the rule?"""
        return self.flaw is None


def check(name: str, rule: Naming) -> Verdict:
    """Judge a name."""
    plain = normal(name)
    flaw = _flaw(name, plain, rule)
    if flaw is not None:
        return Verdict(flaw=flaw, suggestion=suggested(plain, rule))
    found = _date_of(_stem(plain))
    is_early = found is not None and rule.starts_on is not None and found < rule.starts_on - EARLY
    return Verdict(suggestion=plain if plain != name.strip() else "", is_early=is_early)


def normal(name: str) -> str:
    """The name as it is compared: NFKC, no space around it."""
    return unicodedata.normalize("NFKC", name).strip()


def suggested(name: str, rule: Naming) -> str:
    """Item, department and today's date; version and extension of the given name are kept where they are sound."""
    stem, extension = _stem(name), _extension(name)
    version = _ANY_VERSION.search(stem)
    item = _sound(rule.item)[: LONGEST // 2]
    parts = [item, _sound(rule.department), f"{rule.today:%Y%m%d}", *([version.group(1)] if version else [])]
    return rule.separator.join(parts) + extension


def _sound(part: str) -> str:
    """A part of a suggestion without what a name may not have."""
    return "".join(c for c in normal(part) if c not in FORBIDDEN and not _is_harmful(c)).strip()


def _is_harmful(character: str) -> bool:
    """Control characters, and those that change how the text around them reads (EC-63)."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


# ---------------------------------------------------------------- judging


def _flaw(name: str, plain: str, rule: Naming) -> Flaw | None:
    if any(c in FORBIDDEN or _is_harmful(c) for c in name.strip()) or any(c in FORBIDDEN for c in plain):
        return Flaw.CHARACTERS
    if len(plain) > LONGEST:
        return Flaw.LENGTH
    stem = _stem(plain)
    items, involved = _any_of(rule.items), _any_of(rule.involved)
    whole = re.compile(
        rf"(?:{items}){_SEPARATOR}(?:{involved}){_SEPARATOR}(?:{_DATE})(?:{_SEPARATOR}{_VERSION})?\s*\Z", re.IGNORECASE
    )
    return _flaw_of_date(stem, rule) if whole.match(stem) else _diagnosis(stem, items, involved, rule)


def _diagnosis(stem: str, items: str, involved: str, rule: Naming) -> Flaw:
    """The first thing that is wrong, in the order in which a person would mend it."""
    item = re.search(items, stem, re.IGNORECASE)
    if item is None:
        return Flaw.ITEM
    # a department's name inside the item's own name is none
    rest = f"{stem[: item.start()]}{'/' * (item.end() - item.start())}{stem[item.end() :]}"
    department = re.search(involved, rest, re.IGNORECASE)
    if department is None:
        is_other = bool(rule.others) and re.search(_any_of(rule.others), rest, re.IGNORECASE) is not None
        return Flaw.NOT_INVOLVED if is_other else Flaw.DEPARTMENT
    when = _ANY_DATE.search(rest)
    if when is None:
        return Flaw.DATE
    wrong = _flaw_of_date(rest, rule)
    if wrong is not None:
        return wrong
    if not item.end() <= department.start() < department.end() <= when.start():
        return Flaw.ORDER
    return Flaw.EXTRA


def _flaw_of_date(stem: str, rule: Naming) -> Flaw | None:
    found = _date_of(stem)
    if found is None:
        return Flaw.NO_SUCH_DATE
    return Flaw.FUTURE if found > rule.today + timedelta(days=1) else None


def _date_of(stem: str) -> date | None:
    """The last date in the name; None for one that does not exist."""
    found = list(_ANY_DATE.finditer(stem))
    if not found:
        return None
    numbers = re.findall(r"\d+", found[-1].group())
    if len(numbers) == 1:
        digits = numbers[0]
        numbers = [digits[:4], digits[4:6], digits[6:]]
    try:
        return date(int(numbers[0]), int(numbers[1]), int(numbers[2]))
    except ValueError:
        return None


# ---------------------------------------------------------------- parts


def _stem(name: str) -> str:
    return _EXTENSION.sub("", name)


def _extension(name: str) -> str:
    found = _EXTENSION.search(name)
    return found.group() if found else ""


def _any_of(names: Iterable[str]) -> str:
    """Any of the names, the longest first; spaces between their characters do not matter."""
    known = {_tight(name) for name in names if _tight(name)}
    spread = (r"\s*".join(map(re.escape, name)) for name in sorted(known, key=len, reverse=True))
    return "|".join(spread) or r"(?!)"


def _tight(name: str) -> str:
    return re.sub(r"\s+", "", normal(name))
