"""People and departments as the rules see them. Immutable; a change makes a new directory with a higher revision.

One person belongs to one department (L-34); roles are held by people (domain.md 2.1), lead and cooperating department
are relations of a department to an item and stand there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.ids import AccountKey, DepartmentId, PersonId


class Role(StrEnum):
    """Roles of domain.md 2.1 that are bound to a person. MEM and DLG are relations and stand elsewhere."""

    LEADER = "LDR"
    ALTERNATE = "ALT"
    HEAD = "DEP"
    SECRETARY = "SEC"
    DEPUTY_SECRETARY = "SED"
    LIAISON = "LIA"
    BACKUP_LIAISON = "LIB"
    EMPLOYEE = "EMP"
    PERFORMANCE = "HRP"
    ADMINISTRATOR = "ADM"


class DepartmentKind(StrEnum):
    """Executive units have no clocks and no vacancy (L-02)."""

    NORMAL = "department"
    EXECUTIVE = "executive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """One department. `windows` are `(("08:00", "12:00"), …)` where they differ from the company's."""

    id: DepartmentId
    name: str
    short: str
    kind: DepartmentKind = DepartmentKind.NORMAL
    head: PersonId | None = None
    acting_head: PersonId | None = None
    windows: tuple[tuple[str, str], ...] = ()
    timezone: str = ""
    #: ISO country code of the public holidays, empty for the company's calendar (L-14)
    calendar: str = ""
    #: earlier names, still accepted in document names for 90 days (EC-49)
    former_names: tuple[str, ...] = ()
    #: set when the department was merged into another (EC-48)
    merged_into: DepartmentId | None = None
    is_active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One employee. `accounts` maps platform to account id; one account per platform (EC-54)."""

    id: PersonId
    name: str
    department: DepartmentId
    title: str = ""
    roles: frozenset[Role] = frozenset({Role.EMPLOYEE})
    phone: str = ""
    #: number in the personnel records, where it differs from `id`; directory syncs compare it
    employee_no: str = ""
    #: platform from whose address book the person was taken; empty for people of the company file
    origin: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    prefer: str = ""
    #: windows of this one person where they differ from the department's
    windows: tuple[tuple[str, str], ...] = ()
    is_active: bool = True
    version: int = 0

    def account_on(self, platform: str) -> AccountKey | None:
        """The account on `platform`, None where there is none."""
        account = self.accounts.get(platform)
        return AccountKey(platform, account) if account else None


class Directory:
    """All people and departments at one revision, with the look-ups the rules need. Construct once, share freely."""

    def __init__(self, *, people: Iterable[Person], departments: Iterable[Department], revision: int = 0) -> None:
        self.revision = revision
        self._people = {p.id: p for p in people}
        self._departments = {d.id: d for d in departments}
        self._by_account = {
            AccountKey(platform, account): p
            for p in self._people.values()
            if p.is_active
            for platform, account in p.accounts.items()
        }
        self._by_department: dict[DepartmentId, list[Person]] = {}
        self._by_role: dict[Role, list[Person]] = {}
        for person in self._people.values():
            self._by_department.setdefault(person.department, []).append(person)
            for role in person.roles if person.is_active else ():
                self._by_role.setdefault(role, []).append(person)

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody, leavers included, in the order of the source."""
        return tuple(self._people.values())

    @property
    def departments(self) -> tuple[Department, ...]:
        """Every department, inactive ones included."""
        return tuple(self._departments.values())

    def person(self, person: PersonId) -> Person | None:
        """The person of that id, leavers included."""
        return self._people.get(person)

    def department(self, department: DepartmentId) -> Department | None:
        """The department of that id."""
        return self._departments.get(department)

    def by_account(self, account: AccountKey) -> Person | None:
        """The active person behind a platform account; None for strangers and leavers."""
        return self._by_account.get(account)

    def successor(self, department: DepartmentId) -> DepartmentId:
        """Where a department's matters are now: itself, or what it was merged into (EC-48); stops at a repeat."""
        seen: set[DepartmentId] = set()
        while department not in seen:
            seen.add(department)
            found = self._departments.get(department)
            if found is None or found.merged_into is None:
                break
            department = found.merged_into
        return department

    def department_named(self, name: str) -> Department | None:
        """The active department of that id, name or short name; of a former name where nobody has it now (EC-49)."""
        active = [d for d in self._departments.values() if d.is_active]
        current = [d for d in active if name in {d.id, d.name, d.short}]
        former = [d for d in active if name in d.former_names]
        return next(iter(current or former), None)

    def shared_accounts(self) -> tuple[tuple[AccountKey, tuple[PersonId, ...]], ...]:
        """Accounts that more than one active person claims; there must be none (EC-54)."""
        owners: dict[AccountKey, list[PersonId]] = {}
        for person in self._people.values():
            if person.is_active:
                for platform, account in person.accounts.items():
                    owners.setdefault(AccountKey(platform, account), []).append(person.id)
        return tuple((key, tuple(people)) for key, people in owners.items() if len(people) > 1)

    def members_of(self, department: DepartmentId) -> tuple[Person, ...]:
        """Active people of a department."""
        return tuple(p for p in self._by_department.get(department, ()) if p.is_active)

    def holders(self, role: Role, department: DepartmentId | None = None) -> tuple[Person, ...]:
        """Active people who hold a role, optionally in one department, in the order of the source."""
        found = self._by_role.get(role, ())
        return tuple(found) if department is None else tuple(p for p in found if p.department == department)

    def named(self, name: str) -> tuple[Person, ...]:
        """Active people of exactly that name; several make a numbered choice, never a guess (ux.md A4 13)."""
        return tuple(p for p in self._people.values() if p.is_active and p.name == name)
