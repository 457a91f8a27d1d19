"""Notices that are written later than they are decided: by imports and jobs that cannot know which platforms are on.

A notice is a row with the keys and facts of its sentences; a timer that is due at once writes it in each reader's own
language as soon as the engine runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.records import Setting
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context, Router
from handlers import effects
from handlers.words import Words, words_for

PREFIX = "notice:"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence of the catalogue with its facts; instants are shown in the reader's zone."""

    key: str
    facts: Mapping[str, str] = {}
    times: Mapping[str, datetime] = {}
    #: facts that are words of the catalogue themselves
    named: Mapping[str, str] = {}
    platform: str = ""

    def shown(self, words: Words) -> str:
        """The sentence for that reader."""
        times = {name: words.deadline(at) for name, at in self.times.items()}
        named = {name: words.say(key) for name, key in self.named.items()}
        platform = {"platform": words.platform(self.platform)} if self.platform else {}
        return words.say(self.key, **self.facts, **times, **named, **platform)


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    people: tuple[PersonId, ...]
    lines: tuple[Line, ...]


def register(router: Router) -> None:
    """Put the timer on the table."""
    router.timer(TimerKind.NOTICE, on_timer)


def leave_for(context: Context, people: Iterable[Person], lines: Iterable[Line], *, name: str) -> None:
    """Leave a notice for these people. `name` is its identity: the same one is never written twice."""
    readers = tuple(dict.fromkeys(p.id for p in people))
    said = tuple(lines)
    if not readers or not said or context.uow.settings.get(PREFIX + name) is not None:
        return
    body = msgspec.json.encode(_Stored(people=readers, lines=said)).decode()
    context.uow.settings.add(Setting(name=PREFIX + name, body=body))
    context.uow.timers.arm(Timer(kind=TimerKind.NOTICE, ref=name, due_at=context.now))


def on_timer(context: Context, timer: Timer) -> None:
    """Write it to everybody; the row has done its work."""
    stored = context.uow.settings.get(PREFIX + timer.ref)
    if stored is None:
        return
    context.uow.settings.remove(stored.name)
    notice = msgspec.json.decode(stored.body, type=_Stored)
    for reader in notice.people:
        person = context.world.directory.person(reader)
        if person is not None and person.is_active:
            words = words_for(context, person)
            text = "\n".join(line.shown(words) for line in notice.lines)
            effects.tell(context, person, effects.text(text), key=f"{PREFIX}{timer.ref}:{reader}", is_owed=True)
