"""A company file that still names the former liaison does not undo a change that took effect (domain.md 3.12).

Of everybody whose roles a change switched is kept what they were before. As long as a file says just that, it knows nothing of
the change; once it says anything else, its word counts again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import msgspec

from bot.domain.directory import Person, Role
from bot.domain.ids import PersonId
from bot.domain.records import Setting
from bot.ports import UnitOfWork

_NAME = "liaison_roles"


class _Entry(msgspec.Struct, frozen=True):
    person: PersonId
    #: as the file had them
    stated: frozenset[Role]
    #: as the change left them
    present: frozenset[Role]


def note(uow: UnitOfWork, before: Person, after: Person) -> None:
    """Keep that a change switched the roles of this person."""
    known = {e.person: e for e in _entries(uow)}
    stated = known[before.id].stated if before.id in known else before.roles
    known[before.id] = _Entry(before.id, stated, after.roles)
    _keep(uow, known.values())


def kept(uow: UnitOfWork, wanted: Person) -> Person:
    """The person as a file wants it, with the roles of a change that the file does not know of."""
    for entry in _entries(uow):
        if entry.person == wanted.id and entry.stated == wanted.roles:
            return replace(wanted, roles=entry.present)
    return wanted


def forget_overruled(uow: UnitOfWork, stated: Iterable[Person]) -> None:
    """A file that names other roles than before the change knows better from now on."""
    roles = {p.id: p.roles for p in stated}
    entries = _entries(uow)
    left = [e for e in entries if roles.get(e.person) == e.stated]
    if len(left) != len(entries):
        _keep(uow, left)


def _entries(uow: UnitOfWork) -> list[_Entry]:
    setting = uow.settings.get(_NAME)
    return msgspec.json.decode(setting.body, type=list[_Entry]) if setting is not None else []


def _keep(uow: UnitOfWork, entries: Iterable[_Entry]) -> None:
    body = msgspec.json.encode(sorted(entries, key=lambda e: e.person), order="deterministic").decode()
    setting = uow.settings.get(_NAME)
    if setting is None:
        uow.settings.add(Setting(name=_NAME, body=body))
    elif setting.body != body:
        uow.settings.put(replace(setting, body=body))
