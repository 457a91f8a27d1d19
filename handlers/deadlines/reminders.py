"""Merged reminders: what falls due for one person goes out as one message, at most one in a quarter of an hour (domain.md 2.3, L-10).

A step of a deadline puts an entry into the person's collection, a row; a timer of the person sends what is still owed when the
person's hours, mute and the budget of the day allow it. Nothing is lost: what may not go today stands in tomorrow's first message.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from bot.domain.confidentiality import Secrecy, level
from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.obligation import Obligation
from bot.domain.records import Setting
from bot.domain.reminder import Part, Stage, Steps, Told, last_step, next_step
from bot.domain.timers import Timer, TimerKind
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import effects
from handlers.deadlines import deadline_words, routing_table
from handlers.deadlines.deadline_words import Due
from handlers.deadlines.routing_table import Recipient
from handlers.issues import raise_offers
from handlers.tables import Tables
from handlers.words import words_for

#: at most one message a person in this time (2.3)
PAUSE = timedelta(minutes=15)
#: what comes later than this after its time comes because the program was away (EC-19)
CATCH_UP = timedelta(minutes=5)
#: entries of one message; the others follow a quarter of an hour later
MOST = 12
STILL_OWED = "reminder"
_PREFIX = "reminders:"


def register(tables: Tables) -> None:
    """Put the timer and the check before sending on the table."""
    tables.router.timer(TimerKind.REMINDERS, on_timer)
    tables.router.recheck(STILL_OWED, is_owed)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell one person. `at` is when the step was due."""

    key: str
    due_at: datetime
    stage: Stage
    part: Part
    at: datetime
    is_late: bool = False
    at_once: bool = False


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """What waits to be told to one person, and what was told last."""

    entries: tuple[Entry, ...] = ()
    #: when the last message went, and how many went on that day
    sent_at: datetime | None = None
    day: str = ""
    count: int = 0
    #: keys and limits of the last message, asked again right before it is sent
    last: tuple[tuple[str, datetime], ...] = ()


# ---------------------------------------------------------------- steps of a deadline


@dataclass(frozen=True, slots=True)
class _Plan:
    """The steps of a deadline for one recipient, and the stages in which he or she is told."""

    steps: Steps
    stages: frozenset[Stage]
    recipients: dict[Stage, Recipient]

    @property
    def person(self) -> Person:
        """Who is told."""
        return next(iter(self.recipients.values())).person


def _plans(context: Context, one: Obligation) -> list[_Plan]:
    route, calendars = routing_table.route(context, one), context.world.calendars
    by_person: dict[PersonId, dict[Stage, Recipient]] = {}
    for stage in Stage:
        for recipient in routing_table.recipients(context, one, stage):
            by_person.setdefault(recipient.person.id, {})[stage] = recipient
    return [
        _Plan(
            Steps(one, route, calendars.of_person(next(iter(found.values())).person), calendars),
            frozenset(found),
            found,
        )
        for found in by_person.values()
    ]


def next_at(context: Context, one: Obligation, *, after: datetime) -> datetime | None:
    """When anybody is to be told of this deadline next, strictly after `after`; None for never."""
    found: list[datetime] = []
    for plan in _plans(context, one):
        # without any working time left nothing can be computed (EC-26)
        with contextlib.suppress(RuleViolation):
            step = next_step(plan.steps, plan.stages, after=after)
            if step is not None:
                found.append(step.at)
    return min(found, default=None)


def collect(context: Context, one: Obligation, *, after: datetime, until: datetime) -> None:
    """Put every step in `(after, until]` into the collections of whom it concerns; of several for one person the last."""
    for plan in _plans(context, one):
        with contextlib.suppress(RuleViolation):
            told = last_step(plan.steps, plan.stages, after=after, until=until)
            if told is not None:
                _put(context, one, plan, told)


def _put(context: Context, one: Obligation, plan: _Plan, told: Told) -> None:
    recipient = plan.recipients[told.stage]
    person = recipient.person
    if told.at == one.due_at and recipient.part is Part.SECRETARY and raise_offers.is_on_card(context, one):
        # the card that offers a higher grade says that it is overdue
        return
    planned = context.world.calendars.of_person(person).next_notice_time(told.at)
    entry = Entry(
        key=one.key,
        due_at=one.due_at,
        stage=told.stage,
        part=recipient.part,
        at=told.at,
        is_late=context.now - planned > CATCH_UP,
        at_once=plan.steps.route.at_any_hour,
    )
    _add(context, person, entry)


# ---------------------------------------------------------------- collections


def _load(context: Context, person: PersonId) -> tuple[Collection, Setting | None]:
    stored = context.uow.settings.get(_PREFIX + person)
    if stored is None:
        return Collection(), None
    return msgspec.json.decode(stored.body, type=Collection), stored


def _store(context: Context, person: PersonId, collection: Collection, stored: Setting | None) -> None:
    body = msgspec.json.encode(collection).decode()
    if stored is None:
        context.uow.settings.add(Setting(name=_PREFIX + person, body=body))
    else:
        context.uow.settings.put(replace(stored, body=body))


def _add(context: Context, person: Person, entry: Entry) -> None:
    """A later step of the same deadline takes the place of an earlier one."""
    collection, stored = _load(context, person.id)
    others = tuple(e for e in collection.entries if e.key != entry.key)
    changed = msgspec.structs.replace(collection, entries=(*others, entry))
    _store(context, person.id, changed, stored)
    _arm(context, person, changed, moment=entry.at)


def _arm(context: Context, person: Person, collection: Collection, *, moment: datetime) -> None:
    """The timer of the person; one that is earlier stays."""
    at = _when(context, person, collection, moment=moment)
    armed = next((t for t in context.uow.timers.of(person.id) if t.kind is TimerKind.REMINDERS), None)
    if armed is None or armed.due_at > at:
        context.uow.timers.arm(Timer(kind=TimerKind.REMINDERS, ref=person.id, due_at=at))


def _when(context: Context, person: Person, collection: Collection, *, moment: datetime) -> datetime:
    """The first instant at which the person may be told: within the windows, a quarter of an hour after the last message."""
    if any(entry.at_once for entry in collection.entries):
        return context.now
    is_owed = any(entry.part is Part.HOLDER for entry in collection.entries)
    at = effects.notice_time(context, person, moment, is_owed=is_owed) or context.now
    hours = context.world.calendars.of_person(person)
    if collection.sent_at is not None and at < collection.sent_at + PAUSE:
        at = hours.next_notice_time(collection.sent_at + PAUSE)
    if _is_spent(context, collection, at):
        at = _tomorrow(context, person, at)
    return at


def _is_spent(context: Context, collection: Collection, at: datetime) -> bool:
    day = context.world.calendars.local(at).date().isoformat()
    return collection.day == day and collection.count >= context.world.company.parameters.reports_reminders_per_day


def _tomorrow(context: Context, person: Person, at: datetime) -> datetime:
    """The first opening of the next day on which the person works."""
    hours = context.world.calendars.of_person(person)
    day = context.world.calendars.local(at).date() + timedelta(days=1)
    return hours.next_opening(datetime.combine(day, datetime.min.time(), context.world.calendars.zone))


# ---------------------------------------------------------------- sending


def on_timer(context: Context, timer: Timer) -> None:
    """Send what is still owed; what is not is forgotten, what somebody else is to be told now goes there."""
    collection, stored = _load(context, PersonId(timer.ref))
    if stored is None or not collection.entries:
        return
    person = context.world.directory.person(PersonId(timer.ref))
    is_late = context.now - timer.due_at > CATCH_UP
    owed = _still_owed(context, collection, person, is_late=is_late)
    if person is not None and owed:
        collection = _send_in_time(context, person, owed, collection, moment=timer.due_at)
    else:
        collection = msgspec.structs.replace(collection, entries=())
    _store(context, PersonId(timer.ref), collection, stored)


def _still_owed(context: Context, collection: Collection, person: Person | None, *, is_late: bool) -> list[_Owed]:
    """In the order in which they are told: what is overdue first, the oldest before the others."""
    owed: list[_Owed] = []
    for entry in collection.entries:
        one = context.uow.obligations.get(entry.key)
        if one is None or one.due_at != entry.due_at:
            continue
        told = routing_table.recipients(context, one, entry.stage)
        mine = next((r for r in told if person is not None and r.person.id == person.id), None)
        if mine is not None:
            due = Due(one=one, recipient=mine, stage=entry.stage, is_late=is_late or entry.is_late)
            owed.append(_Owed(entry, due))
            continue
        for recipient in told:
            if recipient.part is entry.part:
                _add(context, recipient.person, entry)
    return sorted(owed, key=lambda found: (found.entry.stage is Stage.SOON, found.due.one.due_at, found.entry.key))


@dataclass(frozen=True, slots=True)
class _Owed:
    """An entry whose deadline is still open and concerns this person still."""

    entry: Entry
    due: Due


def _send_in_time(
    context: Context, person: Person, owed: Sequence[_Owed], collection: Collection, *, moment: datetime
) -> Collection:
    """Send what may go now. At night that is what concerns a major issue; everything else keeps waiting."""
    patient = [one for one in owed if not one.entry.at_once]
    at = _when(context, person, _with(collection, patient), moment=moment) if patient else context.now
    now = owed if at <= context.now else [one for one in owed if one.entry.at_once]
    rest = [one for one in owed if one not in now]
    sent = _send(context, person, now[:MOST], collection) if now else collection
    sent = _with(sent, [*now[MOST:], *rest])
    if sent.entries:
        _arm(context, person, sent, moment=context.now)
    return sent


def _with(collection: Collection, owed: Sequence[_Owed]) -> Collection:
    return msgspec.structs.replace(collection, entries=tuple(one.entry for one in owed))


def _send(context: Context, person: Person, owed: Sequence[_Owed], collection: Collection) -> Collection:
    """Open matters in one message, every confidential one in a message of its own (EC-71)."""
    together = [one.due for one in owed if level(one.due.one.secrecy) is not Secrecy.CONFIDENTIAL]
    alone = [[one.due] for one in owed if level(one.due.one.secrecy) is Secrecy.CONFIDENTIAL]
    for number, message in enumerate([*([together] if together else []), *alone]):
        _tell(context, person, message, number=number)
    day = context.world.calendars.local(context.now).date().isoformat()
    return Collection(
        sent_at=context.now,
        day=day,
        count=collection.count + 1 if collection.day == day else 1,
        last=tuple((one.due.one.key, one.due.one.due_at) for one in owed),
    )


def _tell(context: Context, person: Person, message: Sequence[Due], *, number: int) -> None:
    is_single = len({due.one.code for due in message}) == 1
    effects.tell(
        context,
        person,
        effects.text(deadline_words.message(context, message, words_for(context, person))),
        key=f"{_PREFIX}{person.id}:{context.now.isoformat()}:{number}",
        at_once=True,
        is_owed=True,
        recheck=STILL_OWED,
        has_waited=True,
        ref=message[0].one.code if is_single else _PREFIX + person.id,
    )


def is_owed(context: Context, ref: str) -> bool:
    """Right before a reminder goes out: is anything in it still open under the same limit?"""
    if not ref.startswith(_PREFIX):
        return bool(context.uow.obligations.find(code=ref))
    collection, _ = _load(context, PersonId(ref.removeprefix(_PREFIX)))
    open_ones = (context.uow.obligations.get(key) for key, _ in collection.last)
    limits = dict(collection.last)
    return any(one is not None and one.due_at == limits[one.key] for one in open_ones)
