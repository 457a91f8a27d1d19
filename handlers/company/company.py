"""Taking over a company file: people, calendar, parameters, groups and seed objects, in one transaction. Nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bot.company import Change, CompanyFile, difference
from bot.company_change import is_kept, merged_department, merged_person
from bot.domain.calendar_change import succeeding
from bot.domain.digest import Happening
from bot.domain.holding import begun
from bot.domain.ids import PersonId
from bot.domain.records import Fact, Setting
from bot.domain.timers import Timer, TimerKind
from bot.domain.world import World
from bot.ports import AuditRecord, UnitOfWork
from bot.routing import Context
from handlers.clocks import clocks
from handlers.company import calendar_changes, former_names, leavers, mergers, seeding
from handlers.groups import group_checks
from handlers.people import former_liaisons, liaison_memory
from handlers.scores import scorecard_keeping
from handlers.upkeep import plan_versions
from handlers.world import CALENDAR, COMPANY, DIRECTORY, stored_calendar, stored_calendars, stored_company

IMPORTED = "company_file"
#: departments whose head the company file names; address books only compare theirs
STATED_HEADS = "stated_heads"


def is_imported(uow: UnitOfWork) -> bool:
    """Was a company file ever taken over?"""
    return uow.settings.get(IMPORTED) is not None


def changes_of(uow: UnitOfWork, file: CompanyFile) -> tuple[Change, ...]:
    """What taking the file over would change: people, departments, parameters; with what leavers still hold."""
    company = stored_company(uow) if uow.settings.get("company") is not None else None
    return difference(uow.people.find(), uow.departments.find(), file, company=company, holdings=_holdings(uow))


def _holdings(uow: UnitOfWork) -> dict[PersonId, tuple[str, ...]]:
    """Codes of the open deadlines that each person holds."""
    held: dict[PersonId, tuple[str, ...]] = {}
    for obligation in uow.obligations.find():
        if obligation.holder is not None:
            held[obligation.holder] = (*held.get(obligation.holder, ()), obligation.code)
    return held


def take_over(uow: UnitOfWork, file: CompanyFile, *, now: datetime, force: bool = False) -> tuple[Change, ...]:
    """Import the file, unless exactly this file was imported before; returns what changed."""
    imported = uow.settings.get(IMPORTED)
    if imported is not None and imported.body == file.digest and not force:
        return ()
    changes = changes_of(uow, file)
    _people(uow, file)
    _keep(uow, "company", msgspec.json.encode(file.company).decode())
    _keep(uow, STATED_HEADS, msgspec.json.encode([d.id for d in file.departments if d.head is not None]).decode())
    calendar = file.calendar
    if imported is not None:
        before = stored_calendar(uow)
        calendar = succeeding(before, calendar, today=now.astimezone(ZoneInfo(before.timezone)).date())
    _keep(uow, "calendar", msgspec.json.encode(calendar).decode())
    _groups(uow, file)
    if imported is None:
        _seeds(uow, file, now=now)
    for kind, following in file.sequences.items():
        uow.sequences.at_least(kind, _year_of(file, now), following)
    _keep(uow, IMPORTED, file.digest)
    for revision in (DIRECTORY, CALENDAR, COMPANY):
        uow.bump(revision)
    uow.audit.append(
        AuditRecord(at=now, action="company_imported", ref=file.company.id, facts={"changes": str(len(changes))})
    )
    return changes


def _year_of(file: CompanyFile, now: datetime) -> int:
    years = [int(item.code.split("-")[1]) for item in file.items if item.code.count("-") == 2]
    return max(years, default=now.year)


def _keep(uow: UnitOfWork, name: str, body: str) -> None:
    known = uow.settings.get(name)
    if known is None:
        uow.settings.add(Setting(name=name, body=body))
    elif known.body != body:
        uow.settings.put(replace(known, body=body))


def _people(uow: UnitOfWork, file: CompanyFile) -> None:
    """Known ones are changed, new ones added, vanished ones kept as inactive."""
    known_people = {p.id: p for p in uow.people.find()}
    for person in file.people:
        known = known_people.pop(person.id, None)
        _put(uow.people, known, liaison_memory.kept(uow, merged_person(known, person)))
    liaison_memory.forget_overruled(uow, file.people)
    for gone in known_people.values():
        if gone.is_active and not is_kept(gone):
            uow.people.put(replace(gone, is_active=False))
    known_departments = {d.id: d for d in uow.departments.find()}
    for department in file.departments:
        before = known_departments.pop(department.id, None)
        _put(uow.departments, before, merged_department(before, department))
    for vanished in known_departments.values():
        if vanished.is_active:
            uow.departments.put(replace(vanished, is_active=False))


def _put(repository: Any, known: Any, wanted: Any) -> None:
    if known is None:
        repository.add(wanted)
    elif replace(known, version=0) != replace(wanted, version=0):
        repository.put(replace(wanted, version=known.version))


def _groups(uow: UnitOfWork, file: CompanyFile) -> None:
    for group in file.groups:
        known = uow.groups.get(group.id)
        if known is None:
            uow.groups.add(group)
        else:
            wanted = replace(known, name=group.name, item=group.item, chat=group.chat, purpose=group.purpose)
            if wanted != known:
                uow.groups.put(wanted)


def _seeds(uow: UnitOfWork, file: CompanyFile, *, now: datetime) -> None:
    """What exists when the program starts: objects, their open deadlines, and the timers of those."""
    made = seeding.objects(file)
    for item in file.items:
        uow.items.add(item)
    for plan in made.plans:
        uow.plans.add(plan)
    for task in made.tasks:
        uow.tasks.add(task)
    for issue in made.issues:
        uow.issues.add(issue)
        uow.facts.add(
            Fact(
                key=f"{issue.code}/{Happening.ISSUE_NEW}",
                kind=Happening.ISSUE_NEW,
                code=issue.code,
                at=issue.filed_at,
                title=issue.title,
                secrecy=issue.secrecy,
                detail={"grade": issue.grade.value if issue.grade is not None else ""},
            )
        )
    for meeting in made.meetings:
        uow.meetings.add(meeting)
        uow.facts.add(
            Fact(
                key=f"{meeting.code}/{Happening.MEETING_HELD}",
                kind=Happening.MEETING_HELD,
                code=meeting.code,
                at=meeting.ended_at or meeting.start_at,
                detail={"kind": meeting.kind.value},
            )
        )
    for minutes in made.minutes:
        uow.minutes.add(minutes)
    homes = {person.id: person.department for person in file.people}
    for obligation in seeding.obligations(file, stored_calendars(uow)):
        uow.obligations.add(obligation)
        uow.holdings.add(
            begun(
                obligation,
                number=0,
                department=homes.get(obligation.holder or PersonId("")),
                since=obligation.opened_at,
            )
        )
        # looked at as soon as the engine runs, which finds its next step
        uow.timers.arm(Timer(kind=TimerKind.DEADLINE, ref=obligation.key, due_at=now))


# ---------------------------------------------------------------- what follows from it


def follow(context: Context, before: World) -> None:
    """Everything open follows a company that changed: posts, groups, deadlines, recurring duties.

    `before` is the world as it was; that of the context is the new one. Notices are left for the running engine, because an
    import may happen while no platform is connected.
    """
    former_liaisons.note(context, before.directory)
    former_names.note(context, before.directory)
    plan_versions.note(context, before.company.plan)
    scorecard_keeping.close_merged(context, before.directory)
    mergers.see_to(context, before.directory)
    leavers.see_to(context, before.directory)
    if before.calendars.version != context.world.calendars.version:
        found = calendar_changes.follow(context, before.calendars)
        if found.moved or found.doubtful or found.blind:
            calendar_changes.tell_secretary(context, found, key="calendar_changed_by_file", facts={})
    else:
        calendar_changes.move_recurring(context)
    clocks.follow_posts(context)
    group_checks.check_now(context)
