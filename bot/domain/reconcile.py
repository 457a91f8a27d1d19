"""What a platform's address book changes in the directory (domain.md EC-38, EC-49, EC-50, EC-53 to EC-55; P-66).

The company file is the authority for the people and heads it states: for them the address book adds accounts and numbers and
reports what reads differently. People whom only the address book knows follow it in everything. Nobody is ever deleted:
who left is marked so. A snapshot that lost too many people changes nothing at all, so that the last good copy stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from bot.domain.directory import Department, Directory, Person, Role
from bot.domain.ids import AccountKey, DepartmentId, PersonId

#: a snapshot in which fewer than this share of the people seen before is left is not believed
TRUSTED_SHARE = 0.7
#: so few people may vanish at once whatever the share, for small companies
SMALL_LOSS = 3


class SeenPerson(Protocol):
    """A person as the address book shows him or her; `bot.ports.DirectoryPerson` is one."""

    @property
    def account(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def departments(self) -> tuple[str, ...]: ...
    @property
    def title(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def employee_no(self) -> str: ...
    @property
    def is_active(self) -> bool: ...


class SeenDepartment(Protocol):
    """A department as the address book shows it; `bot.ports.DirectoryDepartment` is one."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def parent(self) -> str: ...
    @property
    def leader_account(self) -> str: ...


class Seen(Protocol):
    """A whole address book; `bot.ports.DirectorySnapshot` is one."""

    @property
    def platform(self) -> str: ...
    @property
    def people(self) -> Sequence[SeenPerson]: ...
    @property
    def departments(self) -> Sequence[SeenDepartment]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Whom and which heads the company file states. People without `origin` count as stated too."""

    people: frozenset[PersonId] = frozenset()
    heads: frozenset[DepartmentId] = frozenset()

    def states(self, person: Person) -> bool:
        """Does the file's word count for this person?"""
        return person.id in self.people or not person.origin


class Change(StrEnum):
    """What became of a person."""

    JOINED = "joined"
    #: known before, now reachable under an account of this platform
    BOUND = "bound"
    UPDATED = "updated"
    LEFT = "left"
    RETURNED = "returned"


class Clash(StrEnum):
    """What the address book and the directory do not agree about; people decide."""

    #: none of the person's departments is known
    UNKNOWN_DEPARTMENT = "unknown_department"
    #: several people fit the account
    AMBIGUOUS = "ambiguous"
    #: the person has another living account on this platform, or the account stands twice (EC-54)
    TWO_ACCOUNTS = "two_accounts"
    #: the company file says otherwise
    DIFFERS = "differs"
    #: stated by the company file, with an account that the address book does not show
    ABSENT = "absent"
    #: inactive in the company file, active in the address book
    INACTIVE = "inactive"
    #: the department's leader is nobody the directory knows, or no member of it
    UNKNOWN_LEADER = "unknown_leader"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """One person as he or she is to be stored. `fields` names what changed; empty for those who joined."""

    change: Change
    person: Person
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentChange:
    """One department with its new head."""

    department: Department
    before: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """One disagreement, with what either side says where there is something to compare."""

    clash: Clash
    account: str = ""
    people: tuple[PersonId, ...] = ()
    field: str = ""
    known: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a snapshot was not believed: people of this platform known before, and how many of them it still shows."""

    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Everything one snapshot means, in the order of the snapshot. With a `doubt` nothing changes."""

    people: tuple[PersonChange, ...] = ()
    departments: tuple[DepartmentChange, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    doubt: Doubt | None = None

    def count(self, *changes: Change) -> int:
        """How many people one of these happened to."""
        return sum(c.change in changes for c in self.people)


def reconcile(seen: Seen, directory: Directory, stated: Stated = Stated()) -> Reconciliation:
    """Compare an address book with the directory."""
    doubt = doubt_about(seen, directory)
    if doubt is not None:
        return Reconciliation(doubt=doubt)
    return _Comparison(seen, directory, stated).run()


def doubt_about(seen: Seen, directory: Directory) -> Doubt | None:
    """Is the snapshot suspiciously small? Nobody at all is, even for a directory that knows no account yet.

    People who are shown as inactive count as shown: a wave of leavers that the platform states is not a broken snapshot.
    """
    shown = {p.account for p in seen.people}
    known = {p.accounts[seen.platform] for p in directory.people if p.is_active and p.accounts.get(seen.platform)}
    left = len(known & shown)
    if not shown:
        return Doubt(before=len(known), after=0)
    lost = len(known) - left
    is_broken = lost > SMALL_LOSS and left < len(known) * TRUSTED_SHARE
    # a small company may lose its few people one by one, but not all of them at once
    return Doubt(before=len(known), after=left) if is_broken or (known and not left and lost > 1) else None


@dataclass(slots=True)
class _Comparison:
    """Goes through one snapshot once."""

    seen: Seen
    directory: Directory
    stated: Stated
    changes: dict[PersonId, PersonChange] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    #: accounts of the snapshot with the person each belongs to
    owners: dict[str, PersonId] = field(default_factory=dict)

    def run(self) -> Reconciliation:
        times = Counter(p.account for p in self.seen.people)
        for account in (a for a, n in times.items() if n > 1):
            self.conflicts.append(Conflict(clash=Clash.TWO_ACCOUNTS, account=account))
        for person in self.seen.people:
            if person.account and times[person.account] == 1:
                self._person(person)
        self._absent({p.account for p in self.seen.people})
        return Reconciliation(
            people=tuple(self.changes.values()),
            departments=tuple(self._heads()),
            conflicts=tuple(self.conflicts),
        )

    # ------------------------------------------------------------ people

    def _person(self, seen: SeenPerson) -> None:
        known = self._known(seen)
        if isinstance(known, Conflict):
            self.conflicts.append(known)
        elif known is not None:
            self.owners[seen.account] = known.id
            self._meet(known, seen)
        elif seen.is_active:
            self._join(seen)

    def _known(self, seen: SeenPerson) -> Person | Conflict | None:
        """Whose account it is: by the account, the number, the phone, or a name that one person of the department has.

        Never a guess between two (EC-55).
        """
        everybody = self.directory.people
        bound = [p for p in everybody if p.accounts.get(self.seen.platform) == seen.account]
        active = [p for p in bound if p.is_active]
        if len(active or bound) > 1:
            return Conflict(clash=Clash.AMBIGUOUS, account=seen.account, people=tuple(p.id for p in active or bound))
        numbered = [p for p in everybody if seen.employee_no and seen.employee_no in {p.employee_no, p.id}]
        if bound:
            owner = (active or bound)[0]
            others = [p for p in numbered if p.id != owner.id and p.is_active]
            if others and owner.is_active:
                people = (owner.id, *(p.id for p in others))
                return Conflict(clash=Clash.AMBIGUOUS, account=seen.account, people=people)
            return owner
        if not seen.is_active:
            # a dead account that was never this person's says nothing about him or her
            return None
        for fitting in (numbered, self._by_phone(seen), self._by_name(seen)):
            if len(fitting) > 1:
                return Conflict(clash=Clash.AMBIGUOUS, account=seen.account, people=tuple(p.id for p in fitting))
            if fitting:
                return self._free(fitting[0], seen)
        return None

    def _by_phone(self, seen: SeenPerson) -> list[Person]:
        phone = _digits(seen.phone)
        if not phone:
            return []
        return [p for p in self.directory.people if p.is_active and p.name == seen.name and _digits(p.phone) == phone]

    def _by_name(self, seen: SeenPerson) -> list[Person]:
        """People of that name in that department who have no account here; none where the address book has two such."""
        home = self._home(seen)
        twins = [p for p in self.seen.people if p.is_active and p.name == seen.name and self._home(p) == home]
        if home is None or len(twins) > 1:
            return []
        platform = self.seen.platform
        return [p for p in self.directory.named(seen.name) if p.department == home and not p.accounts.get(platform)]

    def _free(self, person: Person, seen: SeenPerson) -> Person | Conflict:
        """The person, unless another account of theirs is alive on this platform (EC-54)."""
        other = person.accounts.get(self.seen.platform, "")
        is_taken = any(p.account == other and p.is_active for p in self.seen.people) if other else False
        if is_taken or person.id in self.owners.values():
            return Conflict(
                clash=Clash.TWO_ACCOUNTS, account=seen.account, people=(person.id,), known=other, seen=seen.account
            )
        return person

    def _meet(self, known: Person, seen: SeenPerson) -> None:
        """Somebody the directory knows."""
        if not seen.is_active:
            if known.is_active:
                self._keep(Change.LEFT, known, replace(known, is_active=False))
            return
        is_stated = self.stated.states(known)
        if not known.is_active and is_stated:
            self.conflicts.append(Conflict(clash=Clash.INACTIVE, account=seen.account, people=(known.id,)))
            return
        wanted = self._stated_person(known, seen) if is_stated else self._platform_person(known, seen)
        is_bound = known.accounts.get(self.seen.platform) == seen.account
        change = Change.UPDATED if is_bound else Change.BOUND
        self._keep(change if known.is_active else Change.RETURNED, known, wanted)

    def _stated_person(self, known: Person, seen: SeenPerson) -> Person:
        """The file's word with account, number and phone added where it says nothing; the rest is only compared."""
        home = self._home(seen)
        pairs = [("name", known.name, seen.name), ("department", known.department, home or known.department)]
        for name, mine, theirs in pairs:
            if theirs and mine != theirs:
                self.conflicts.append(
                    Conflict(
                        clash=Clash.DIFFERS,
                        account=seen.account,
                        people=(known.id,),
                        field=name,
                        known=mine,
                        seen=theirs,
                    )
                )
        return replace(
            known,
            accounts={**known.accounts, self.seen.platform: seen.account},
            employee_no=known.employee_no or (seen.employee_no if seen.employee_no != known.id else ""),
            phone=known.phone or seen.phone,
            title=known.title or seen.title,
        )

    def _platform_person(self, known: Person, seen: SeenPerson) -> Person:
        """The address book's word; an empty field there takes nothing away."""
        home = self._home(seen)
        if home is None:
            self._unknown_department(seen, known)
        return replace(
            known,
            name=seen.name or known.name,
            department=home or known.department,
            accounts={**known.accounts, self.seen.platform: seen.account},
            employee_no=seen.employee_no or known.employee_no,
            phone=seen.phone or known.phone,
            title=seen.title or known.title,
            is_active=True,
        )

    def _join(self, seen: SeenPerson) -> None:
        home = self._home(seen)
        if home is None:
            self._unknown_department(seen)
            return
        person = Person(
            id=self._new_id(seen),
            name=seen.name,
            department=home,
            title=seen.title,
            roles=frozenset({Role.EMPLOYEE}),
            phone=seen.phone,
            employee_no=seen.employee_no,
            origin=self.seen.platform,
            accounts={self.seen.platform: seen.account},
        )
        self.owners[seen.account] = person.id
        self.changes[person.id] = PersonChange(change=Change.JOINED, person=person)

    def _unknown_department(self, seen: SeenPerson, known: Person | None = None) -> None:
        people = (known.id,) if known is not None else ()
        names = " / ".join(self._named(d) for d in seen.departments)
        self.conflicts.append(
            Conflict(
                clash=Clash.UNKNOWN_DEPARTMENT, account=seen.account, people=people, field="department", seen=names
            )
        )

    def _new_id(self, seen: SeenPerson) -> PersonId:
        """The employee number where it is free, else the account; stable from one snapshot to the next."""
        number = PersonId(seen.employee_no)
        if number and self.directory.person(number) is None and number not in self.changes:
            return number
        return PersonId(f"{self.seen.platform}-{seen.account}")

    def _keep(self, change: Change, known: Person, wanted: Person) -> None:
        names = ("name", "department", "title", "phone", "employee_no", "accounts", "is_active")
        fields = tuple(n for n in names if getattr(known, n) != getattr(wanted, n))
        if fields:
            self.changes[known.id] = PersonChange(change=change, person=wanted, fields=fields)

    def _absent(self, shown: set[str]) -> None:
        """People of this platform's address book who are not in it any more left; the file's people are only reported."""
        platform = self.seen.platform
        met = set(self.owners.values())
        for person in self.directory.people:
            account = person.accounts.get(platform)
            if not person.is_active or not account or account in shown or person.id in met:
                continue
            if self.stated.states(person) or person.origin != platform:
                self.conflicts.append(Conflict(clash=Clash.ABSENT, account=account, people=(person.id,)))
            else:
                self._keep(Change.LEFT, person, replace(person, is_active=False))

    # ------------------------------------------------------------ departments

    @property
    def _tree(self) -> Mapping[str, SeenDepartment]:
        return {d.id: d for d in self.seen.departments}

    def _named(self, department: str) -> str:
        found = self._tree.get(department)
        return found.name if found is not None else department

    def _home(self, seen: SeenPerson) -> DepartmentId | None:
        """The first department, or the nearest above it, that the directory knows (EC-38); stops where parents circle."""
        for first in seen.departments:
            for name in self._upwards(first):
                found = self.directory.department_named(name)
                if found is not None:
                    return found.id
        return None

    def _upwards(self, department: str) -> Iterator[str]:
        tree, passed = self._tree, set[str]()
        while department in tree and department not in passed:
            passed.add(department)
            yield tree[department].name
            department = tree[department].parent

    def _heads(self) -> Iterator[DepartmentChange]:
        """Leaders of departments that are known by their own name; the company file's heads are only compared."""
        done: set[DepartmentId] = set()
        for seen in self.seen.departments:
            department = self.directory.department_named(seen.name)
            if department is None or department.id in done or not seen.leader_account:
                continue
            done.add(department.id)
            leader = self._leader(seen, department)
            if leader is None or leader == department.head:
                continue
            if department.id in self.stated.heads:
                self.conflicts.append(
                    Conflict(
                        clash=Clash.DIFFERS,
                        account=seen.leader_account,
                        people=(leader,),
                        field=f"head of {department.id}",
                        known=department.head or "",
                        seen=leader,
                    )
                )
                continue
            yield DepartmentChange(department=replace(department, head=leader), before=department.head)

    def _leader(self, seen: SeenDepartment, department: Department) -> PersonId | None:
        """The leader as a present member of the department; anybody else is reported and changes nothing."""
        owner = self.owners.get(seen.leader_account)
        person = self._after(owner) if owner is not None else None
        if person is None or not person.is_active or person.department != department.id:
            people = (owner,) if owner is not None else ()
            self.conflicts.append(
                Conflict(
                    clash=Clash.UNKNOWN_LEADER,
                    account=seen.leader_account,
                    people=people,
                    field=f"head of {department.id}",
                )
            )
            return None
        return person.id

    def _after(self, person: PersonId) -> Person | None:
        change = self.changes.get(person)
        return change.person if change is not None else self.directory.person(person)


def applied(directory: Directory, result: Reconciliation) -> Directory:
    """The directory with these changes; the same one where there are none."""
    if not result.people and not result.departments:
        return directory
    people = {p.id: p for p in directory.people} | {c.person.id: c.person for c in result.people}
    departments = {d.id: d for d in directory.departments} | {c.department.id: c.department for c in result.departments}
    return Directory(people=people.values(), departments=departments.values(), revision=directory.revision + 1)


def unmatched(conflicts: Iterable[Conflict], platform: str) -> tuple[AccountKey, ...]:
    """Accounts that belong to nobody known, each once."""
    found = (AccountKey(platform, c.account) for c in conflicts if c.clash in _UNMATCHED)
    return tuple(dict.fromkeys(found))


_UNMATCHED = frozenset({Clash.UNKNOWN_DEPARTMENT, Clash.AMBIGUOUS, Clash.TWO_ACCOUNTS})


def _digits(phone: str) -> str:
    """The last eleven digits, so that +86 makes no difference; empty for what is masked or too short."""
    digits = "".join(c for c in phone if c.isdigit())
    return digits[-11:] if len(digits) >= 11 and "*" not in phone else ""
