"""Who and what people mean inside a form, and how the same is called when a form is shown (domain.md 4, ux.md A4 13, 39)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.directory import Directory, Person
from bot.domain.folding import folded
from bot.domain.form import FieldSpec
from bot.domain.form_characters import account_in
from bot.domain.ids import AccountKey, DepartmentId, PersonId
from bot.domain.moments import read_moments
from bot.messages import inert
from bot.routing import Context
from handlers.words import Words

#: what parts a name from the department or number behind it
_AROUND = re.compile(r"[\s()（）/／\[\]【】·]+")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class CompanyNames:
    """Words of one company, at one instant."""

    context: Context

    @property
    def _directory(self) -> Directory:
        return self.context.world.directory

    def people(self, name: str) -> tuple[PersonId, ...]:
        """Active people: the mentioned one, else by id or name, with the department where that is needed."""
        account = account_in(name)
        if account:
            platform, _, key = account.partition(":")
            person = self._directory.by_account(AccountKey(platform, key))
            return (person.id,) if person is not None else ()
        bare = _spoken(name).lstrip("@").strip()
        if not bare or len(bare) > _LONGEST_NAME:
            return ()
        return tuple(p.id for p in self._called(bare))

    def _called(self, name: str) -> tuple[Person, ...]:
        active = tuple(p for p in self._directory.people if p.is_active)
        exact = tuple(p for p in active if name in {_spoken(p.name), folded(p.id)})
        parts = [part for part in _AROUND.split(name) if part]
        if exact or not parts:
            return exact
        numbered = tuple(p for p in active if folded(p.id) in parts)
        if numbered:
            return numbered
        return tuple(p for p in active if self._is_of_department(p, parts))

    def _is_of_department(self, person: Person, parts: list[str]) -> bool:
        """`研发部 张伟`, `张伟（研发部）`, `研发部张伟`."""
        department = self._directory.department(person.department)
        places = {folded(d) for d in (department.name, department.short) if d} if department is not None else set()
        name = _spoken(person.name)
        if len(parts) == 1:
            return parts[0] in {f"{place}{name}" for place in places}
        return name in parts and all(part == name or part in places for part in parts)

    def department(self, name: str) -> DepartmentId | None:
        """The active department of that name, short name or id; `研发` is 研发部."""
        word = folded(name)
        exact = self._directory.department_named(name.strip())
        if exact is not None or not word:
            return exact.id if exact is not None else None
        active = [d for d in self._directory.departments if d.is_active]
        for ending in ("", "部"):
            for department in active:
                if f"{word}{ending}" in {folded(n) for n in (department.id, department.name, department.short)}:
                    return department.id
        return None

    def instant(self, text: str) -> datetime | None:
        """The one moment of the text; the end of the day where no time is said (L-12)."""
        reading = read_moments(text, now=self.context.now, days=self.context.world.calendars)
        is_clear = len(reading.moments) == 1 and not any(c.isdecimal() for c in reading.rest)
        return self.context.world.calendars.local(reading.moments[0].at) if is_clear else None

    def day(self, text: str) -> date | None:
        """The one date of the text."""
        reading = read_moments(text, now=self.context.now, days=self.context.world.calendars)
        is_clear = len(reading.moments) == 1 and not any(c.isdecimal() for c in reading.rest)
        return reading.moments[0].day if is_clear else None


@dataclass(frozen=True, slots=True)
class SpokenForm:
    """How a form is shown to one reader, so that what is shown can be sent back."""

    words: Words
    names: CompanyNames

    def label(self, spec: FieldSpec) -> str:
        """What the field is called in the reader's language."""
        return label_of(self.words, spec)

    def text(self, text: str) -> str:
        """What a person wrote, safe to show."""
        return inert(text)

    def option(self, option: str) -> str:
        """The word in the reader's language."""
        return inert(self.words.option(option))

    def person(self, person: str) -> str:
        """The name; with the number where several are called so."""
        found = self.words.context.world.directory.person(PersonId(person))
        if found is None:
            return inert(person, limit=_LONGEST_NAME)
        return found.name if self.names.people(found.name) == (found.id,) else f"{found.name}（{found.id}）"

    def department(self, department: str) -> str:
        """The short name; the id where it names no other."""
        short = self.words.department(DepartmentId(department))
        return short if self.names.department(short) == department else inert(department, limit=_LONGEST_NAME)

    def day(self, day: date) -> str:
        """As people read it, with the year where it would be another one."""
        shown = self.words.day(day)
        return shown if self.names.day(shown) == day else day.isoformat()

    def instant(self, at: datetime) -> str:
        """In company time, with its date."""
        local = self.words.context.world.calendars.local(at)
        day = self.words.day(local.date())
        shown = f"{day}{'' if day.endswith('）') else ' '}{local:%H:%M}"
        return shown if self.names.instant(shown) == at else f"{local:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class PrintedForm(SpokenForm):
    """How a form stands on paper, where nobody knows which year it was: whole dates, whole names of departments."""

    def department(self, department: str) -> str:
        """The name in full."""
        found = self.words.context.world.directory.department(DepartmentId(department))
        return found.name if found is not None else inert(department, limit=_LONGEST_NAME)

    def day(self, day: date) -> str:
        """`2026年9月14日`."""
        if self.words.language.startswith("en"):
            return day.isoformat()
        return self.words.say("paper_day", year=day.year, month=day.month, day=day.day)

    def instant(self, at: datetime) -> str:
        """In company time, with its whole date."""
        local = self.words.context.world.calendars.local(at)
        return f"{self.day(local.date())} {local:%H:%M}"


def label_of(words: Words, spec: FieldSpec) -> str:
    """What a field is called in the reader's language."""
    return spec.en if words.language.startswith("en") else spec.zh


def spoken(words: Words) -> SpokenForm:
    """Names and times as this reader knows them."""
    return SpokenForm(words, CompanyNames(words.context))


def printed(words: Words) -> PrintedForm:
    """Names and times as they stand on paper."""
    return PrintedForm(words, CompanyNames(words.context))


def _spoken(name: str) -> str:
    return re.sub(r"\s+", " ", folded(name))
