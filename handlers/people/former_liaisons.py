"""Who was liaison until when: former liaisons may stay in groups for some working days after a change (domain.md L-22)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import msgspec

from bot.domain.composition import FormerLiaison
from bot.domain.directory import Directory, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.records import Setting
from bot.routing import Context

_NAME = "former_liaisons"
#: longer than anybody may stay; older entries are forgotten
_REMEMBERED = timedelta(days=60)


class _Entry(msgspec.Struct, frozen=True):
    person: PersonId
    department: DepartmentId
    until: date


def note(context: Context, before: Directory) -> None:
    """Keep who was liaison before and is not now. The world of the context is that after the change."""
    today = context.world.calendars.local(context.now).date()
    held = _held(before)
    lost = [_Entry(person, department, today) for person, department in held - _held(context.world.directory)]
    if not lost:
        return
    known = [e for e in _entries(context) if today - e.until < _REMEMBERED]
    body = msgspec.json.encode([*known, *sorted(lost, key=lambda e: e.person)]).decode()
    setting = context.uow.settings.get(_NAME)
    if setting is None:
        context.uow.settings.add(Setting(name=_NAME, body=body))
    else:
        context.uow.settings.put(replace(setting, body=body))


def _held(directory: Directory) -> set[tuple[PersonId, DepartmentId]]:
    return {(p.id, p.department) for p in directory.holders(Role.LIAISON)}


def _entries(context: Context) -> list[_Entry]:
    setting = context.uow.settings.get(_NAME)
    return msgspec.json.decode(setting.body, type=list[_Entry]) if setting is not None else []


def known(context: Context) -> Iterable[FormerLiaison]:
    """Former liaisons with the day of the change; whether they may still stay is the rule's."""
    return [FormerLiaison(person=e.person, department=e.department, until=e.until) for e in _entries(context)]
