"""Taking over a company file: people, calendar, parameters, groups and seed objects, in one transaction. Nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from bot.company import Change, CompanyFile, difference
from bot.company_change import is_kept, merged_department, merged_person
from bot.domain.digest import Happening
from bot.domain.ids import CodeKind, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.records import Fact, Setting
from bot.ports import AuditRecord, UnitOfWork
from handlers.world import CALENDAR, COMPANY, DIRECTORY, stored_calendar, stored_company

IMPORTED = "company_file"


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
    before = stored_calendar(uow)
    calendar = replace(file.calendar, overrides=_merged_overrides(before.overrides, file.calendar.overrides))
    _keep(uow, "calendar", msgspec.json.encode(calendar).decode())
    _groups(uow, file)
    if imported is None:
        _seeds(uow, file)
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


def _merged_overrides(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Any, ...]:
    """Overrides entered by command stay; the file's own win for the same date and department."""
    kept = {(o.date, o.department): o for o in (*before, *after)}
    return tuple(sorted(kept.values(), key=lambda o: (o.date, o.department or "")))


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
        _put(uow.people, known, merged_person(known, person))
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
            uow.groups.put(replace(known, name=group.name, item=group.item, chat=group.chat, purpose=group.purpose))


def _seeds(uow: UnitOfWork, file: CompanyFile) -> None:
    """What exists when the program starts: items, and the open deadlines of tasks, issues and records."""
    secrecy = {item.code: item.secrecy for item in file.items}
    for item in file.items:
        uow.items.add(item)
    for task in file.tasks:
        uow.obligations.add(
            Obligation(
                key=f"{task.code}/{ObligationKind.TASK}",
                code=task.code,
                kind=ObligationKind.TASK,
                title=task.title,
                due_at=task.due_at,
                opened_at=_opened(file, task.due_at),
                department=task.department,
                holder=task.owner,
                item=task.item,
                secrecy=secrecy.get(task.item, 0),  # type: ignore[call-overload]
            )
        )
    for issue in file.issues:
        if issue.due_at is not None:
            uow.obligations.add(
                Obligation(
                    key=f"{issue.code}/{ObligationKind.ISSUE}",
                    code=issue.code,
                    kind=ObligationKind.ISSUE,
                    title=issue.title,
                    due_at=issue.due_at,
                    opened_at=issue.filed_at,
                    department=issue.lead,
                    item=issue.item,
                    secrecy=secrecy.get(issue.item, 0),  # type: ignore[call-overload]
                )
            )
    for meeting in file.meetings:
        uow.facts.add(
            Fact(
                key=f"{meeting.code}/{Happening.MEETING_HELD}",
                kind=Happening.MEETING_HELD,
                code=meeting.code,
                at=meeting.end_at,
                detail={"kind": meeting.kind},
            )
        )
        if meeting.minutes and meeting.minutes_due_at is not None and meeting.minutes_state == "drafting":
            uow.obligations.add(
                Obligation(
                    key=f"{meeting.minutes}/{ObligationKind.MINUTES}",
                    code=meeting.minutes,
                    kind=ObligationKind.MINUTES,
                    title="",
                    due_at=meeting.minutes_due_at,
                    opened_at=meeting.end_at,
                )
            )


def _opened(file: CompanyFile, due_at: datetime) -> datetime:
    """Seed deadlines exist since the plan took effect; no earlier time is known."""
    effective = file.company.plan.effective_date
    if effective is None:
        return due_at
    return min(due_at, datetime(effective.year, effective.month, effective.day, tzinfo=due_at.tzinfo))


#: kinds of numbers that a company file may set
NUMBERED = tuple(CodeKind)
