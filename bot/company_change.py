"""What taking over a company file would change, and how what is known and what the file says become one. Nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from bot.domain.company import Company, Parameters, dotted
from bot.domain.directory import Department, Person
from bot.domain.ids import PersonId

#: fields that the program keeps for itself
_INTERNAL = frozenset({"id", "version", "origin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between what is stored and what a file says. `after` empty: gone, kept as inactive."""

    what: str
    key: str
    field: str
    before: str
    after: str

    def __str__(self) -> str:
        if self.field == "holds":
            return f"! {self.what} {self.key} 离开但仍有 leaves and still holds: {self.before}"
        if not self.field:
            return f"{'+' if self.after else '-'} {self.what} {self.key} {self.after or self.before}"
        return f"~ {self.what} {self.key} {self.field}: {self.before or '∅'} → {self.after or '∅'}"


def merged_person(known: Person | None, wanted: Person) -> Person:
    """The file's word, with accounts that only the directory sync knows kept, at the stored version."""
    if known is None:
        return wanted
    accounts = {**known.accounts, **wanted.accounts}
    number = wanted.employee_no or known.employee_no
    return replace(wanted, accounts=accounts, employee_no=number, version=known.version)


def merged_department(known: Department | None, wanted: Department) -> Department:
    """The file's word; the name it had before stays known (EC-49), and so does a merger (EC-48)."""
    if known is None:
        return wanted
    earlier = (*known.former_names, *wanted.former_names, known.name)
    names = tuple(n for n in dict.fromkeys(earlier) if n != wanted.name)
    merged = wanted.merged_into or known.merged_into
    is_active = wanted.is_active and merged is None
    return replace(wanted, former_names=names, merged_into=merged, is_active=is_active, version=known.version)


def is_kept(person: Person) -> bool:
    """People taken from a platform's address book do not leave because a company file does not name them."""
    return bool(person.origin)


def difference(
    people: Iterable[Person],
    departments: Iterable[Department],
    *,
    new_people: Iterable[Person],
    new_departments: Iterable[Department],
    company: Company | None = None,
    new_company: Company | None = None,
    holdings: Mapping[PersonId, tuple[str, ...]] | None = None,
) -> tuple[Change, ...]:
    """Every change, departments first. `holdings` are codes of what people still hold, for those who leave."""
    old_departments = {d.id: d for d in departments}
    old_people = {p.id: p for p in people}
    changes: list[Change] = []
    wanted_departments = {d.id: d for d in new_departments}
    for department in wanted_departments.values():
        known = old_departments.get(department.id)
        changes += _one("department", known, merged_department(known, department))
    changes += _gone("department", (d for d in old_departments.values() if d.id not in wanted_departments))
    wanted_people = {p.id: p for p in new_people}
    for person in wanted_people.values():
        before = old_people.get(person.id)
        changes += _one("person", before, merged_person(before, person))
    leavers = [p for p in old_people.values() if p.id not in wanted_people and not is_kept(p)]
    changes += _gone("person", leavers)
    inactive = [p for p in wanted_people.values() if not p.is_active]
    for person in (*(p for p in leavers if p.is_active), *inactive):
        held = (holdings or {}).get(person.id, ())
        if held:
            changes.append(Change(what="person", key=person.id, field="holds", before=", ".join(held), after=""))
    if company is not None and new_company is not None:
        changes += _company(company, new_company)
    return tuple(changes)


def _one(what: str, old: Person | Department | None, new: Person | Department) -> list[Change]:
    if old is None:
        return [Change(what=what, key=new.id, field="", before="", after=new.name)]
    return [
        Change(
            what=what,
            key=new.id,
            field=field.name,
            before=_shown(getattr(old, field.name)),
            after=_shown(getattr(new, field.name)),
        )
        for field in fields(new)
        if field.name not in _INTERNAL and getattr(old, field.name) != getattr(new, field.name)
    ]


def _gone(what: str, vanished: Iterable[Person | Department]) -> list[Change]:
    return [Change(what=what, key=v.id, field="", before=v.name, after="") for v in vanished if v.is_active]


def _company(old: Company, new: Company) -> list[Change]:
    """Changed parameters by their dotted keys, and changed facts of company and plan."""
    changes: list[Change] = []
    pairs: tuple[tuple[str, object, object], ...] = (
        *((f.name, getattr(old, f.name), getattr(new, f.name)) for f in fields(new) if f.name not in _NESTED),
        *((f"plan.{f.name}", getattr(old.plan, f.name), getattr(new.plan, f.name)) for f in fields(new.plan)),
        *(
            (dotted(f.name), getattr(old.parameters, f.name), getattr(new.parameters, f.name))
            for f in fields(Parameters)
            if f.name != "plan_review_months"
        ),
    )
    for name, before, after in pairs:
        if before != after:
            changes.append(Change(what="company", key=name, field="value", before=_shown(before), after=_shown(after)))
    return changes


_NESTED = frozenset({"plan", "parameters"})


def _shown(value: object) -> str:
    match value:
        case frozenset():
            return ",".join(sorted(map(str, value)))
        case Mapping():
            return ",".join(f"{k}={_shown(v)}" for k, v in sorted(value.items()))
        case tuple() | list():
            return ",".join(map(_shown, value))
        case None:
            return ""
        case _:
            return str(value)
