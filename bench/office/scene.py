"""The company as somebody sees it who is about to do something: rows, people, time and chance."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from bench.office.wording import Wording
from bot.domain.delegation import Scope
from bot.domain.directory import DepartmentKind, Person, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.world import World
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers import numbered

T = TypeVar("T")


@dataclass
class Scene:
    """`chance` decides everything that could be otherwise."""

    context: Context
    chance: random.Random
    wording: Wording

    @property
    def uow(self) -> UnitOfWork:
        """Rows, to be read."""
        return self.context.uow

    @property
    def world(self) -> World:
        """People, calendar, company."""
        return self.context.world

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.context.now

    # ------------------------------------------------------------ chance

    def pick(self, of: Sequence[T]) -> T | None:
        """One of them; None of none."""
        return self.chance.choice(of) if of else None

    def one(self, of: Sequence[T]) -> T:
        """One of them; there is at least one."""
        return self.chance.choice(of)

    def happens(self, share: float) -> bool:
        """In so many of all cases."""
        return self.chance.random() < share

    # ------------------------------------------------------------ people

    @property
    def people(self) -> list[Person]:
        """Everybody who is active and not away."""
        return [p for p in self.world.directory.people if self.world.posts.is_available(p.id)]

    @property
    def departments(self) -> list[DepartmentId]:
        """Those that work with each other."""
        return [d.id for d in self.world.directory.departments if d.is_active and d.kind is DepartmentKind.NORMAL]

    def acting(self, holder: PersonId | None, department: DepartmentId | None) -> PersonId | None:
        """Who does what a post owes: its holder, a delegate, whoever stands in by 2.6; None where nobody may."""
        posts = self.world.posts
        if holder is None or posts.is_available(holder):
            return holder
        if holder == posts.leader_post():
            return posts.leader()
        if self.world.directory.holders(Role.SECRETARY)[:1] == (self.world.directory.person(holder),):
            return posts.secretary()
        for headed in self.departments:
            if posts.head_post(headed) == holder:
                return self.head(headed)
        delegates = (*posts.delegates_of(holder, Scope.TASKS), *posts.delegates_of(holder, Scope.LIAISON))
        if delegates:
            return delegates[0]
        standing = posts.assignee(department, holder) if department is not None else None
        return standing.acting if standing is not None else posts.secretary()

    def head(self, department: DepartmentId) -> PersonId | None:
        """Whoever acts as its head."""
        standing = self.world.posts.head_of(department)
        return standing.acting if standing is not None else None

    def liaison(self, department: DepartmentId) -> PersonId | None:
        """Whoever answers for it."""
        standing = self.world.posts.assignee(department)
        return standing.acting if standing is not None else None

    def name(self, person: PersonId | None) -> str:
        """How a person is written."""
        found = self.world.directory.person(person) if person is not None else None
        return found.name if found is not None else "无名氏"

    def full(self, department: DepartmentId | None) -> str:
        """The department's whole name."""
        found = self.world.directory.department(department) if department is not None else None
        return found.name if found is not None else "未知部门"

    def member(self, department: DepartmentId) -> PersonId | None:
        """Somebody of the department."""
        members = [p.id for p in self.people if p.department == department]
        return self.pick(members)

    # ------------------------------------------------------------ time

    @property
    def today(self) -> date:
        """The company's day."""
        return self.world.calendars.local(self.now).date()

    def day(self, workdays: int) -> date:
        """The working day so many ahead."""
        end = self.world.calendars.add_workdays(self.now, max(workdays, 1))
        return self.world.calendars.local(end).date()

    def soon(self, workdays: int, hour: int) -> str:
        """`2026-10-12 14:00`."""
        at = datetime.combine(self.day(workdays), time(hour), self.world.calendars.zone)
        if at <= self.now:
            at = datetime.combine(self.today + timedelta(days=1), time(hour), self.world.calendars.zone)
        return f"{at:%Y-%m-%d %H:%M}"

    # ------------------------------------------------------------ rows

    def thing(self, code: str) -> Any:
        """The numbered object; of a plan its newest version."""
        return numbered.load(self.context, code)
