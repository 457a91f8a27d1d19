"""Frozen scorecards, objections to them and what came of those (domain.md 6.4, L-33; SoD-6, EC-48).

A frozen card is a row of its own and never changes. What would make it another one afterwards is shown in the next month.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec

from bot.domain.directory import Directory
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.records import Setting
from bot.domain.scorecard import Correction, Scorecard, month_before, month_of
from bot.routing import Context
from handlers import effects
from handlers.scores.scorecard_data import Found, card_of, first_day, gather, next_first

_CARD, _CONTEST = "score:", "contest:"
#: working days in which a head may object, and the working day of the next month on which cards freeze
CONTEST_WD = 5
FREEZE_WD = 3


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """A head objects to one entry; the secretary corrects the verdict behind it or says why not."""

    month: str
    department: DepartmentId
    code: str
    by: PersonId
    at: datetime
    reason: str
    answered_at: datetime | None = None
    answered_by: PersonId | None = None
    is_corrected: bool = False
    answer: str = ""

    @property
    def name(self) -> str:
        """Name of its row."""
        return f"{_CONTEST}{self.month}:{self.department}:{self.code}"


# ---------------------------------------------------------------- cards


def frozen(context: Context, department: DepartmentId, month: str) -> Scorecard | None:
    """The frozen card, None while the month is open."""
    setting = context.uow.settings.get(f"{_CARD}{month}:{department}")
    return msgspec.json.decode(setting.body, type=Scorecard) if setting is not None else None


def present(context: Context, department: DepartmentId, month: str) -> Scorecard:
    """The frozen card, or the one that there would be now."""
    return frozen(context, department, month) or card_of(context, found_of(context, month), department)


def found_of(context: Context, month: str) -> Found:
    """What the month's cards are made of now; corrected entries are left out."""
    return gather(context, month, as_of=context.now, corrected=corrected(context, month))


def scored_departments(context: Context) -> tuple[DepartmentId, ...]:
    """Departments that get a card: active ones with clocks, in the order of the register."""
    posts = context.world.posts
    return tuple(d.id for d in context.world.directory.departments if d.is_active and posts.has_clocks(d.id))


def freeze(context: Context, month: str) -> tuple[Scorecard, ...]:
    """Freeze every card of the month that is not frozen; returns all of them."""
    found = found_of(context, month)
    return tuple(_freeze(context, found, department) for department in scored_departments(context))


def _freeze(context: Context, found: Found, department: DepartmentId) -> Scorecard:
    known = frozen(context, department, found.month)
    if known is not None:
        return known
    card = replace(
        card_of(context, found, department),
        frozen_at=context.now,
        corrections=corrections(context, department, found.month),
    )
    body = msgspec.json.encode(card).decode()
    context.uow.settings.add(Setting(name=f"{_CARD}{found.month}:{department}", body=body))
    score = str(card.score) if card.score is not None else ""
    effects.record(context, "score_frozen", f"{found.month}:{department}", after=score)
    return card


def corrections(context: Context, department: DepartmentId, month: str) -> tuple[Correction, ...]:
    """更正: the month before, where what it counted was judged anew after it had been frozen."""
    earlier = month_before(month)
    known = frozen(context, department, earlier)
    if known is None:
        return ()
    again = card_of(context, found_of(context, earlier), department)
    if again.score == known.score:
        return ()
    return (Correction(month=earlier, before=known.exact, after=again.exact),)


def close_merged(context: Context, before: Directory) -> None:
    """The card of a department that is merged into another ends on that day (EC-48). Before its objects move."""
    month = month_of(context.world.calendars.local(context.now))
    for department in context.world.directory.departments:
        known = before.department(department.id)
        if department.merged_into is not None and known is not None and known.merged_into is None:
            _freeze(context, found_of(context, month), department.id)


def freezes_at(context: Context, month: str) -> datetime:
    """Company close of the third working day of the following month."""
    calendars = context.world.calendars
    day = calendars.workday_on_or_after(next_first(first_day(month)))
    for _ in range(FREEZE_WD - 1):
        day = calendars.next_workday(day)
    return calendars.end_of_day(day)


# ---------------------------------------------------------------- objections


def contests(context: Context, month: str, department: DepartmentId | None = None) -> list[Contest]:
    """Objections to a month's cards."""
    prefix = f"{_CONTEST}{month}:" + (f"{department}:" if department is not None else "")
    bodies = (s.body for s in context.uow.settings.find() if s.name.startswith(prefix))
    return sorted((msgspec.json.decode(body, type=Contest) for body in bodies), key=lambda c: c.at)


def corrected(context: Context, month: str) -> frozenset[str]:
    """Codes whose entry is left out after an objection was right."""
    return frozenset(c.code for c in contests(context, month) if c.is_corrected)


def keep(context: Context, contest: Contest) -> None:
    """Store an objection, or what came of it."""
    body = msgspec.json.encode(contest).decode()
    known = context.uow.settings.get(contest.name)
    if known is None:
        context.uow.settings.add(Setting(name=contest.name, body=body))
    else:
        context.uow.settings.put(replace(known, body=body))


def contest_ends(context: Context, card: Scorecard) -> datetime | None:
    """Until when a head may object; None while the card is open."""
    if card.frozen_at is None:
        return None
    return context.world.calendars.add_workdays(card.frozen_at, CONTEST_WD)
