"""Old names of departments: since when each is one, so that document names may use it for 90 days more (domain.md EC-49)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec

from bot.domain.directory import Department, Directory
from bot.domain.ids import DepartmentId
from bot.domain.naming import OLD_NAMES
from bot.domain.records import Setting
from bot.routing import Context

_NAME = "former_names"


class _Entry(msgspec.Struct, frozen=True):
    department: DepartmentId
    name: str
    since: date


def note(context: Context, before: Directory) -> None:
    """Keep the day on which a name became an old one. The world of the context is that after the change."""
    today = context.world.calendars.local(context.now).date()
    known = _entries(context)
    new = [
        _Entry(department.id, name, today)
        for department in context.world.directory.departments
        for name in _old_names(department, before.department(department.id))
        if not any((e.department, e.name) == (department.id, name) for e in known)
    ]
    if not new:
        return
    body = msgspec.json.encode([*(e for e in known if today - e.since <= OLD_NAMES), *new]).decode()
    setting = context.uow.settings.get(_NAME)
    if setting is None:
        context.uow.settings.add(Setting(name=_NAME, body=body))
    else:
        context.uow.settings.put(replace(setting, body=body))


def _old_names(now: Department, before: Department | None) -> tuple[str, ...]:
    """What it was called until now; its short name counts like its full one."""
    if before is None:
        return ()
    earlier = (*(n for n in now.former_names if n not in before.former_names), before.name, before.short)
    return tuple(n for n in dict.fromkeys(earlier) if n and n not in {now.name, now.short})


def accepted(context: Context, department: DepartmentId) -> tuple[str, ...]:
    """Old names of a department that may still be used today."""
    today = context.world.calendars.local(context.now).date()
    return tuple(e.name for e in _entries(context) if e.department == department and today - e.since <= OLD_NAMES)


def _entries(context: Context) -> list[_Entry]:
    setting = context.uow.settings.get(_NAME)
    return msgspec.json.decode(setting.body, type=list[_Entry]) if setting is not None else []
