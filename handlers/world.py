"""The company as a transaction sees it, built from rows and kept until a revision says that something changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec

from bot.domain.calendar import CalendarData, Calendars
from bot.domain.company import Company
from bot.domain.delegation import Leave, LeaveState
from bot.domain.directory import Directory
from bot.domain.posts import Posts
from bot.domain.world import World
from bot.ports import UnitOfWork

#: revisions that are counted up by whoever changes people, calendar, company or leaves
DIRECTORY, CALENDAR, COMPANY, LEAVES = "directory", "calendar", "company", "leaves"


@dataclass(slots=True)
class _Kept:
    revisions: tuple[int, int, int, int]
    directory: Directory
    company: Company
    calendars: Calendars
    leaves: tuple[Leave, ...]


class WorldCache:
    """Callable `(uow, now) -> World`. What is kept was read in some transaction at exactly its revisions."""

    def __init__(self) -> None:
        self._kept: _Kept | None = None

    def __call__(self, uow: UnitOfWork, now: datetime) -> World:
        revisions = (
            uow.revision(DIRECTORY),
            uow.revision(CALENDAR),
            uow.revision(COMPANY),
            uow.revision(LEAVES),
        )
        kept = self._kept
        if kept is None or kept.revisions != revisions:
            kept = self._kept = _read(uow, revisions, kept)
        return World(
            directory=kept.directory,
            company=kept.company,
            calendars=kept.calendars,
            leaves=kept.leaves,
            posts=Posts(kept.directory, kept.leaves, at=now, admin_department=kept.company.keeper),
        )

    def forget(self) -> None:
        """Read anew next time; after a unit of work that changed the world was rolled back."""
        self._kept = None


def _read(uow: UnitOfWork, revisions: tuple[int, int, int, int], kept: _Kept | None) -> _Kept:
    """Read what changed; what did not is taken over."""
    same = [
        kept is not None and old == new for old, new in zip(kept.revisions if kept else (), revisions, strict=False)
    ]
    same = same or [False] * 4
    return _Kept(
        revisions=revisions,
        directory=kept.directory
        if kept is not None and same[0]
        else Directory(people=uow.people.find(), departments=uow.departments.find(), revision=revisions[0]),
        calendars=kept.calendars if kept is not None and same[1] else stored_calendars(uow),
        company=kept.company if kept is not None and same[2] else stored_company(uow),
        leaves=kept.leaves
        if kept is not None and same[3]
        else tuple(uow.leaves.find(state=(LeaveState.PLANNED.value, LeaveState.ACTIVE.value))),
    )


def stored_calendar(uow: UnitOfWork) -> CalendarData:
    """The calendar in force; the default one before a company was imported."""
    setting = uow.settings.get("calendar")
    return msgspec.json.decode(setting.body, type=CalendarData) if setting is not None else CalendarData()


def stored_calendars(uow: UnitOfWork) -> Calendars:
    """The calendar in force, laid out; the same state of it is laid out once a process."""
    setting = uow.settings.get("calendar")
    return _laid_out(setting.body if setting is not None else "")


@lru_cache(maxsize=8)
def _laid_out(body: str) -> Calendars:
    return Calendars(msgspec.json.decode(body, type=CalendarData) if body else CalendarData())


def stored_company(uow: UnitOfWork) -> Company:
    """The company in force; an empty one before a file was imported."""
    setting = uow.settings.get("company")
    return msgspec.json.decode(setting.body, type=Company) if setting is not None else Company()
