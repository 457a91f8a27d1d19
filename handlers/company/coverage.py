"""The nightly coverage audit (domain.md 2.1, 2.4, 2.6; EC-11, EC-52, EC-53, EC-56): what would reach nobody, before it has to.

At two in the morning everything is looked at; where something is missing the secretary reads it at the next opening, with what
to do about each line. On nights when nothing is missing nobody hears anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.domain.coverage import Covered, Hole, HoleKind, holes
from bot.domain.ids import PersonId
from bot.domain.records import Setting
from bot.domain.timers import Timer, TimerKind
from bot.messages import inert
from bot.routing import Context
from handlers import effects, numbered
from handlers.deadlines import recurring
from handlers.tables import Tables
from handlers.words import Words, words_for

NIGHTLY = "coverage"
HOUR = time(2)
#: names and numbers in one line; the rest is counted
LISTED = 8
_SUBMITTERS = ("submitted_by", "done_by", "owner")


def register(tables: Tables) -> None:
    """Put the timer on the table."""
    tables.router.timer(TimerKind.COVERAGE, on_timer)


def arm(context: Context) -> None:
    """See to it that the next night has its timer."""
    recurring.arm(context, TimerKind.COVERAGE, NIGHTLY, _next_night(context))


def _next_night(context: Context) -> datetime:
    calendars = context.world.calendars
    local = calendars.local(context.now)
    day = local.date() if local.time() < HOUR else local.date() + timedelta(days=1)
    return datetime.combine(day, HOUR, calendars.zone)


def on_timer(context: Context, _timer: Timer) -> None:
    """One message on the morning of a working day, none when nothing is missing."""
    arm(context)
    day = context.world.calendars.local(context.now).date()
    secretary = effects.secretary(context)
    if secretary is None or not context.world.calendars.is_workday(day):
        return
    words = words_for(context, secretary)
    found = audit(context)
    if not found:
        return
    text = "\n".join([words.say("coverage_found", count=len(found)), *lines(found, words)])
    if effects.tell(
        context, secretary, effects.text(text), key=f"coverage:{day.isoformat()}:{secretary.id}", is_owed=True
    ):
        _note(context, day.isoformat(), secretary.id)
    effects.record(context, "coverage_audited", day.isoformat(), facts={"holes": str(len(found))})


def audit(context: Context) -> tuple[Hole, ...]:
    """What is missing now."""
    calendars, obligations = context.world.calendars, context.uow.obligations.find()
    return holes(
        Covered(
            directory=context.world.directory,
            posts=context.world.posts,
            obligations=obligations,
            is_reachable=lambda person: effects.account_of(context, person) is not None,
            submitters=_submitters(context, dict.fromkeys(one.code for one in obligations)),
            missing_year=calendars.missing_year(calendars.local(context.now).date()),
        )
    )


def _submitters(context: Context, codes: Iterable[str]) -> dict[str, PersonId]:
    """Who submitted each object; of a task whoever did it."""
    found: dict[str, PersonId] = {}
    for code in codes:
        thing = numbered.load(context, code)
        person = next((p for name in _SUBMITTERS if (p := getattr(thing, name, None))), None)
        if person is not None:
            found[code] = person
    return found


# ---------------------------------------------------------------- told today


def _note(context: Context, day: str, person: PersonId) -> None:
    stored = context.uow.settings.get(NIGHTLY)
    if stored is None:
        context.uow.settings.add(Setting(name=NIGHTLY, body=f"{day} {person}"))
    else:
        context.uow.settings.put(replace(stored, body=f"{day} {person}"))


def is_told(context: Context, person: PersonId) -> bool:
    """Does this person read the audit today? Then nobody has to repeat what stands in it."""
    stored = context.uow.settings.get(NIGHTLY)
    today = context.world.calendars.local(context.now).date().isoformat()
    return stored is not None and stored.body == f"{today} {person}"


# ---------------------------------------------------------------- words


def lines(found: Iterable[Hole], words: Words) -> list[str]:
    """One line a hole: what is missing, what happens meanwhile, what to do."""
    return [_line(hole, words) for hole in found]


def _line(hole: Hole, words: Words) -> str:
    facts: dict[str, object] = {}
    match hole.kind:
        case HoleKind.HEAD | HoleKind.LIAISON | HoleKind.HEAD_CHAIN | HoleKind.LIAISON_CHAIN:
            facts["departments"] = _listed((words.department(d) for d in hole.departments), words)
        case HoleKind.ACCOUNT:
            facts["names"] = _listed((words.name(p) for p in hole.people), words)
        case HoleKind.LEAVER:
            facts |= {"name": words.name(hole.people[0]), "codes": _codes(hole, words)}
        case HoleKind.OWN_APPROVAL:
            facts["codes"] = _codes(hole, words)
        case HoleKind.CALENDAR:
            facts["year"] = hole.year
        case HoleKind.LEADER | HoleKind.SECRETARY:
            pass
    return words.say(f"coverage_{hole.kind.value}", **facts)


def _codes(hole: Hole, words: Words) -> str:
    named = [inert(code, limit=40) for code in hole.codes]
    hidden = [words.say("coverage_hidden", count=hole.hidden)] if hole.hidden else []
    return _listed([*named, *hidden], words)


def _listed(items: Iterable[str], words: Words) -> str:
    found = list(items)
    shown = words.listing(found[:LISTED])
    return shown if len(found) <= LISTED else words.say("coverage_more", items=shown, count=len(found))
