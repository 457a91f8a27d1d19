"""Who holds a post at an instant, and who stands in (domain.md 2.6; L-02, L-19, L-20; EC-51, EC-52).

Built from the directory and the leaves at one instant. A post is held by the first available of its chain: the holder, the
delegate named in a leave, then whom 2.6 names. A delegate cannot delegate further; a chain stops at its first repeat.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.delegation import Leave, LeaveState, Scope
from bot.domain.directory import DepartmentKind, Directory, Person, Role
from bot.domain.ids import DepartmentId, PersonId


@dataclass(frozen=True, slots=True)
class Standing:
    """Who acts, and for whom; `acting == represented` when nobody has to stand in."""

    represented: PersonId
    acting: PersonId

    @property
    def stands_in(self) -> bool:
        """True for “B 代 A”."""
        return self.represented != self.acting


class Posts:
    """Answers about posts at one instant."""

    def __init__(
        self,
        directory: Directory,
        leaves: Iterable[Leave],
        *,
        at: datetime,
        admin_department: DepartmentId | None = None,
    ) -> None:
        """`admin_department` keeps the plan and stands behind the secretary (A-20); None: the secretary's own."""
        self._directory = directory
        self._admin_department = admin_department
        #: asked for again and again
        self._heads: dict[DepartmentId, PersonId | None] = {}
        self._away: dict[PersonId, list[Leave]] = {}
        for leave in leaves:
            if leave.state in {LeaveState.PLANNED, LeaveState.ACTIVE} and leave.starts_at <= at < leave.ends_at:
                self._away.setdefault(leave.person, []).append(leave)

    # ------------------------------------------------------------ availability

    def is_away(self, person: PersonId) -> bool:
        """On registered leave now."""
        return person in self._away

    def is_available(self, person: PersonId) -> bool:
        """Active and not on leave."""
        found = self._directory.person(person)
        return found is not None and found.is_active and not self.is_away(person)

    def delegates_of(self, person: PersonId, scope: Scope) -> tuple[PersonId, ...]:
        """Available delegates named for this scope."""
        named = (
            leave.delegate
            for leave in self._away.get(person, ())
            if leave.delegate is not None and leave.scope in {Scope.ALL, scope}
        )
        return tuple(d for d in named if self.is_available(d))

    def represents(self, person: PersonId, scope: Scope) -> tuple[PersonId, ...]:
        """Absent people in whose place `person` may act now."""
        return tuple(absent for absent in self._away if person in self.delegates_of(absent, scope))

    def delegations_to(self, person: PersonId) -> tuple[tuple[PersonId, Scope], ...]:
        """Absent people who named `person`, with the scope; nothing while the person is away too."""
        if not self.is_available(person):
            return ()
        return tuple(
            (absent, leave.scope)
            for absent, leaves in self._away.items()
            for leave in leaves
            if leave.delegate == person and absent != person
        )

    # ------------------------------------------------------------ departments

    def head_post(self, department: DepartmentId) -> PersonId | None:
        """The head, or the acting head while the post is vacant (L-19)."""
        if department not in self._heads:
            self._heads[department] = self._head_post(department)
        return self._heads[department]

    def _head_post(self, department: DepartmentId) -> PersonId | None:
        found = self._directory.department(department)
        if found is None:
            return None
        for person in (found.head, found.acting_head):
            holder = self._directory.person(person) if person is not None else None
            if holder is not None and holder.is_active:
                return holder.id
        return next((p.id for p in self._directory.holders(Role.HEAD, department)), None)

    def head_of(self, department: DepartmentId, scope: Scope = Scope.APPROVALS) -> Standing | None:
        """Who acts as head: the head, the named delegate, the acting head; None leaves the slot open (2.6)."""
        post = self.head_post(department)
        if post is None:
            return None
        if self.is_available(post):
            return Standing(post, post)
        found = self._directory.department(department)
        acting = found.acting_head if found is not None else None
        chain = [*self.delegates_of(post, scope), *([acting] if acting is not None and acting != post else [])]
        for person in chain:
            if self.is_available(person):
                return Standing(post, person)
        return None

    def liaisons(self, department: DepartmentId) -> tuple[PersonId, ...]:
        """Primary liaisons, available or not."""
        return tuple(p.id for p in self._directory.holders(Role.LIAISON, department))

    def backups(self, department: DepartmentId) -> tuple[PersonId, ...]:
        """Backup liaisons in order, available or not."""
        return tuple(p.id for p in self._directory.holders(Role.BACKUP_LIAISON, department))

    def assignee(self, department: DepartmentId, mentioned: PersonId | None = None) -> Standing | None:
        """Who answers for a department: the mentioned post holder, else the liaison; each by the chain of 2.6 (L-02)."""
        if mentioned is not None and self.post_in(mentioned, department) is not None:
            return self._chain(mentioned, department)
        for liaison in self.liaisons(department):
            if self.is_available(liaison):
                return Standing(liaison, liaison)
        first = next(iter(self.liaisons(department)), None)
        if first is not None:
            return self._chain(first, department)
        # the last liaison left: the backup acts until another is named, the head only where there is none (EC-50)
        backup = next((b for b in self.backups(department) if self.is_available(b)), None)
        return Standing(backup, backup) if backup is not None else self.head_of(department)

    def _chain(self, person: PersonId, department: DepartmentId) -> Standing | None:
        """The person, the named delegate, the backups in order, the head."""
        represented = self.post_in(person, department) or person
        if self.is_available(person):
            return Standing(represented, person)
        for stand_in in (*self.delegates_of(person, Scope.LIAISON), *self.backups(department)):
            if self.is_available(stand_in) and stand_in != person:
                return Standing(represented, stand_in)
        head = self.head_of(department)
        return Standing(represented, head.acting) if head is not None else None

    def has_liaison_present(self, department: DepartmentId) -> bool:
        """Can a liaison or backup of the department, or a delegate of one, answer now?"""
        return any(
            self.is_available(post) or self.delegates_of(post, Scope.LIAISON)
            for post in (*self.liaisons(department), *self.backups(department))
        )

    def recipient(self, department: DepartmentId) -> PersonId | None:
        """Who is told what concerns a department: whoever answers for it, else the secretary (EC-52)."""
        standing = self.assignee(department)
        return standing.acting if standing is not None else self.secretary()

    def backup_for(self, department: DepartmentId, besides: Iterable[PersonId]) -> PersonId | None:
        """The first available backup liaison who is not told already."""
        told = set(besides)
        return next((b for b in self.backups(department) if b not in told and self.is_available(b)), None)

    def post_in(self, person: PersonId, department: DepartmentId) -> PersonId | None:
        """Whose post of this department the person fills: an own one, or that of an absent holder; None for neither."""
        if self._holds_post(person, department):
            return person
        for absent in (*self.represents(person, Scope.LIAISON), *self.represents(person, Scope.APPROVALS)):
            if self._holds_post(absent, department):
                return absent
        return None

    def _holds_post(self, person: PersonId, department: DepartmentId) -> bool:
        found = self._directory.person(person)
        if found is None or not found.is_active:
            return False
        if person == self.head_post(department):
            return True
        own = found.department == department
        return own and bool(found.roles & {Role.LIAISON, Role.BACKUP_LIAISON, Role.HEAD})

    def post_elsewhere(self, person: PersonId) -> DepartmentId | None:
        """The department of an absent post holder in whose place the person stands; None for nobody."""
        for absent in self.represents(person, Scope.LIAISON):
            home = self.department_of(absent)
            if home is not None and self._holds_post(absent, home):
                return home
        return next((d.id for d in self._directory.departments if self.head_post(d.id) == person), None)

    def is_liaison(self, post: PersonId, department: DepartmentId) -> bool:
        """Is this post that of a primary or backup liaison?"""
        found = self._directory.person(post)
        if found is None or found.department != department:
            return False
        return bool(found.roles & {Role.LIAISON, Role.BACKUP_LIAISON}) or not self.liaisons(department)

    def is_member(self, person: PersonId, department: DepartmentId) -> bool:
        """Does the person belong to the department?"""
        found = self._directory.person(person)
        return found is not None and found.is_active and found.department == department

    def department_of(self, person: PersonId) -> DepartmentId | None:
        """The one department of a person (L-34)."""
        found = self._directory.person(person)
        return found.department if found is not None and found.is_active else None

    def has_clocks(self, department: DepartmentId) -> bool:
        """Executive units and merged departments have none (L-02)."""
        found = self._directory.department(department)
        return found is not None and found.is_active and found.kind is DepartmentKind.NORMAL

    # ------------------------------------------------------------ company posts

    def leader(self) -> PersonId | None:
        """The leader, a named delegate, the alternate; None: nothing is approved (EC-11)."""
        return self._company_post(Role.LEADER, (Role.ALTERNATE,))

    def leader_post(self) -> PersonId | None:
        """Who holds the post of leader, present or not."""
        return next((p.id for p in self._directory.holders(Role.LEADER)), None)

    def secretary(self) -> PersonId | None:
        """The secretary, the deputy secretary, the head of the admin department (A-20, EC-56)."""
        found = self._company_post(Role.SECRETARY, (Role.DEPUTY_SECRETARY,))
        if found is not None:
            return found
        department = self.secretary_department()
        head = self.head_of(department) if department is not None else None
        return head.acting if head is not None else None

    def secretary_department(self) -> DepartmentId | None:
        """The department that keeps the plan; where none is named, that of the secretary or of the deputy."""
        if self._admin_department is not None:
            return self._admin_department
        for role in (Role.SECRETARY, Role.DEPUTY_SECRETARY):
            for person in self._directory.holders(role):
                return person.department
        return None

    def _company_post(self, role: Role, then: tuple[Role, ...]) -> PersonId | None:
        for holder in self._directory.holders(role):
            if self.is_available(holder.id):
                return holder.id
            if role is Role.LEADER:
                for delegate in self.delegates_of(holder.id, Scope.APPROVALS):
                    return delegate
        for alternate in then:
            for person in self._directory.holders(alternate):
                if self.is_available(person.id):
                    return person.id
        return None

    def digest_readers(self) -> tuple[PersonId, ...]:
        """The leader, with ALT while the leader is on leave (L-20), and the secretary."""
        readers: list[PersonId] = []
        leader = self.leader_post()
        if leader is not None:
            readers.append(leader)
        if leader is None or self.is_away(leader):
            readers.extend(p.id for p in self._directory.holders(Role.ALTERNATE))
        secretary = self.secretary()
        if secretary is not None:
            readers.append(secretary)
        return tuple(dict.fromkeys(readers))

    def vacancies(self) -> tuple[DepartmentId, ...]:
        """Departments without a liaison (对接人空缺)."""
        return tuple(d.id for d in self._directory.departments if self.has_clocks(d.id) and not self.liaisons(d.id))

    def headless(self) -> tuple[DepartmentId, ...]:
        """Departments without a head or acting head."""
        return tuple(
            d.id for d in self._directory.departments if self.has_clocks(d.id) and self.head_post(d.id) is None
        )

    def person(self, person: PersonId | None) -> Person | None:
        """The person of that id."""
        return self._directory.person(person) if person is not None else None
