"""When an open deadline is told again, and who is told by kind (domain.md 2.3, 3, 5.9; L-10, L-11). Pure; posts are found elsewhere.

Every kind has a `Route`: how long before its limit it is told, to whom then, to whom when the limit has passed, and how often
after that. An instant belongs to one recipient, because minutes before a limit and “daily 09:00” run in the recipient's own hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.issue import Grade
from bot.domain.meeting import MeetingKind
from bot.domain.obligation import Obligation, ObligationKind

_DAY = timedelta(days=1)
#: how far ahead a day with a window is looked for
_HORIZON_DAYS = 60


class Part(StrEnum):
    """On which ground somebody is told. Of several the first in a route counts."""

    HOLDER = "holder"
    #: the liaison and the head of the holder's department
    LIAISON = "liaison"
    HEAD = "head"
    LEAD_LIAISON = "lead_liaison"
    LEAD_HEAD = "lead_head"
    COOP_LIAISONS = "coop_liaisons"
    COOP_HEADS = "coop_heads"
    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    ADMIN_HEAD = "admin_head"
    LEADER = "leader"
    ALTERNATE = "alternate"


class Stage(StrEnum):
    """What is told: the limit comes near, or it has passed."""

    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """When “due soon” is told: so many working minutes before, on the first opening so many working days before, or daily."""

    minutes: int = 0
    workdays: int = 0
    is_daily: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row of 2.3, filled up from the machines of section 3."""

    soon: Before | None = None
    soon_to: tuple[Part, ...] = (Part.HOLDER,)
    overdue_to: tuple[Part, ...] = ()
    #: after the limit on the first opening of every so-manieth working day; 0 for never again
    every_workdays: int = 1
    #: after the limit every so many working minutes instead
    every_minutes: int = 0
    #: so often after the limit at most; 0 for no end
    most: int = 0
    #: major issues know no night (2.3)
    at_any_hour: bool = False


P = Part
_HOUR = 60
_FOUR_HOURS = Before(minutes=4 * _HOUR)
_TWO_HOURS = Before(minutes=2 * _HOUR)
_ONE_HOUR = Before(minutes=_HOUR)
_DAY_BEFORE = Before(workdays=1)
_DAILY = Before(is_daily=True)

_K = ObligationKind
#: by kind; `ISSUE`, `MEETING` and `RESOLUTION` are told apart by `route_of`
ROUTES: Mapping[ObligationKind, Route] = {
    _K.REVIEW: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.SECRETARY)),
    _K.ASSESSMENT: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.SECRETARY)),
    _K.LEADER: Route(soon=_DAILY, overdue_to=(P.HOLDER, P.ALTERNATE)),
    _K.PLAN: Route(
        soon=_DAY_BEFORE,
        soon_to=(P.HOLDER, P.LEAD_LIAISON, P.LEAD_HEAD),
        overdue_to=(P.HOLDER, P.LEAD_LIAISON, P.LEAD_HEAD, P.SECRETARY),
    ),
    _K.COUNTERSIGN: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.LEAD_LIAISON, P.SECRETARY)),
    _K.TASK: Route(soon=_DAY_BEFORE, overdue_to=(P.HOLDER, P.LIAISON, P.HEAD, P.LEAD_LIAISON)),
    _K.WEEKLY_REPORT: Route(
        soon=_TWO_HOURS, soon_to=(P.LEAD_LIAISON,), overdue_to=(P.LEAD_LIAISON, P.LEAD_HEAD, P.SECRETARY)
    ),
    _K.GRADING: Route(soon=_ONE_HOUR, overdue_to=(P.HOLDER, P.SECRETARY, P.DEPUTY_SECRETARY), every_minutes=2 * _HOUR),
    _K.ISSUE: Route(
        soon=_ONE_HOUR,
        soon_to=(P.LEAD_LIAISON, P.COOP_LIAISONS),
        overdue_to=(P.LEAD_HEAD, P.COOP_HEADS, P.SECRETARY),
    ),
    _K.MEETING: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.SECRETARY, P.ADMIN_HEAD)),
    _K.MEDIATION: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.SECRETARY)),
    _K.RULING: Route(soon=_DAILY, overdue_to=(P.HOLDER, P.ALTERNATE)),
    _K.MINUTES: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.SECRETARY, P.ADMIN_HEAD)),
    _K.RESOLUTION: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.LEAD_HEAD, P.SECRETARY)),
    _K.ACCEPTANCE: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.SECRETARY)),
    _K.RECTIFICATION: Route(soon=_DAY_BEFORE, overdue_to=(P.HOLDER, P.LEAD_HEAD, P.SECRETARY)),
    _K.ARCHIVE: Route(soon=_DAY_BEFORE, overdue_to=(P.HOLDER, P.LEAD_HEAD, P.SECRETARY)),
    _K.NAMING: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.LEAD_LIAISON), most=3),
    _K.PROGRESS_REPORT: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.LEAD_HEAD, P.SECRETARY)),
    _K.CONFIRM_LEDGER: Route(overdue_to=(P.HOLDER,)),
    _K.CONFIRM_RESULT: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.SECRETARY)),
    _K.CONFIRM_TASK: Route(overdue_to=(P.HOLDER, P.LEAD_HEAD)),
    _K.CLOSE_ISSUE: Route(overdue_to=(P.HOLDER,)),
    # T-14 has a timer of its own, which repeats every 30 working minutes (L-27)
    _K.ACKNOWLEDGE: Route(every_workdays=0, at_any_hour=True),
    _K.EXTENSION: Route(overdue_to=(P.HOLDER, P.LEAD_HEAD)),
    _K.ACCEPT_TASK: Route(soon=_ONE_HOUR, overdue_to=(P.HOLDER, P.LEAD_LIAISON)),
    _K.CONTACT: Route(soon=_ONE_HOUR, overdue_to=(P.HOLDER, P.LEAD_LIAISON)),
    _K.STATEMENT: Route(soon=_ONE_HOUR, every_workdays=0),
    _K.OFFER: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER, P.SECRETARY)),
    _K.EXECUTION: Route(soon=_DAY_BEFORE, overdue_to=(P.HOLDER, P.SECRETARY)),
    _K.VERIFICATION: Route(soon=_ONE_HOUR, overdue_to=(P.HOLDER, P.LEAD_HEAD, P.SECRETARY)),
    _K.VOTE: Route(soon=_ONE_HOUR, overdue_to=(P.HOLDER, P.SECRETARY)),
    _K.HANDOVER: Route(soon=_DAY_BEFORE, overdue_to=(P.HOLDER, P.HEAD)),
    _K.CONSENT: Route(soon=_ONE_HOUR, overdue_to=(P.HOLDER,)),
    # the sync has one reminder a week, of its own (L-17)
    _K.SYNC: Route(every_workdays=0),
    _K.PROPOSAL: Route(soon=_FOUR_HOURS, overdue_to=(P.HOLDER,), every_workdays=5),
    _K.RATING: Route(soon=_DAY_BEFORE, every_workdays=0),
}
_IMPORTANT = replace(ROUTES[_K.ISSUE], soon=_FOUR_HOURS)
_MAJOR = Route(soon=_FOUR_HOURS, soon_to=(P.LEADER,), overdue_to=(P.LEADER, P.ALTERNATE), at_any_hour=True)
_SPECIAL_MEETING = Route(
    soon=_FOUR_HOURS,
    soon_to=(P.HOLDER, P.LEADER),
    overdue_to=(P.HOLDER, P.LEADER, P.ALTERNATE, P.SECRETARY),
    at_any_hour=True,
)
#: the leader's signature: 09:00 each working day, before and after; the rest stands in the digest (2.3)
_SIGNATURE = Route(soon=_DAILY, overdue_to=(P.HOLDER,))


def route_of(one: Obligation, *, is_leaders: bool = False) -> Route:
    """The row of 2.3 of a deadline. `is_leaders`: its holder is the leader, or the alternate in the leader's place."""
    match one.kind:
        case ObligationKind.ISSUE if one.detail == Grade.MAJOR:
            return _MAJOR
        case ObligationKind.ISSUE if one.detail == Grade.IMPORTANT:
            return _IMPORTANT
        case ObligationKind.MEETING if one.detail in {MeetingKind.SPECIAL.value, Grade.MAJOR.value}:
            return _SPECIAL_MEETING
        case ObligationKind.RESOLUTION if is_leaders:
            return _SIGNATURE
        case _:
            return ROUTES[one.kind]


class Hours(Protocol):
    """The working hours of one recipient."""

    def add(self, start: datetime, minutes: int) -> datetime: ...
    def before(self, due: datetime, minutes: int) -> datetime: ...
    def between(self, start: datetime, end: datetime) -> int: ...
    def first_opening(self, day: date) -> datetime | None: ...


class Days(Protocol):
    """The company's calendar."""

    def local(self, at: datetime) -> datetime: ...
    def sub_workdays(self, day: date, days: int) -> date: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One step of a deadline for one recipient."""

    stage: Stage
    at: datetime


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one deadline as one recipient's hours have them."""

    one: Obligation
    route: Route
    hours: Hours
    days: Days

    def next_soon(self, after: datetime) -> datetime | None:
        """The first “due soon” strictly after `after`; None where none is left before the limit."""
        soon = self.route.soon
        if soon is None:
            return None
        if soon.is_daily:
            at = self._next_opening(max(after, self.one.opened_at))
        elif soon.workdays:
            due_day = self.days.local(self.one.due_at).date()
            at = self.hours.first_opening(self.days.sub_workdays(due_day, soon.workdays))
        else:
            at = self.hours.before(self.one.due_at, soon.minutes)
        return at if at is not None and after < at < self.one.due_at else None

    def next_overdue(self, after: datetime) -> datetime | None:
        """The first “overdue” strictly after `after`: at the limit itself, then again and again."""
        due = self.one.due_at
        if not self.route.overdue_to or after < due:
            return due if self.route.overdue_to else None
        if self.route.every_minutes:
            return self._next_beat(after)
        return self._next_repetition(after)

    def _next_beat(self, after: datetime) -> datetime | None:
        beat = self.route.every_minutes
        told = self.hours.between(self.one.due_at, after) // (beat * 60)
        if self.route.most and told >= self.route.most:
            return None
        return self.hours.add(self.one.due_at, beat * (told + 1))

    def _next_repetition(self, after: datetime) -> datetime | None:
        """The first opening of the next day that is told; days are counted from the limit."""
        every, most = self.route.every_workdays, self.route.most
        at, count = self.one.due_at, 0
        while every and (not most or count < most):
            for _ in range(every):
                opening = self._next_opening(at)
                if opening is None:
                    return None
                at = opening
            count += 1
            if at > after:
                return at
        return None

    def _next_opening(self, after: datetime) -> datetime | None:
        day = self.days.local(after).date()
        for _ in range(_HORIZON_DAYS):
            opening = self.hours.first_opening(day)
            if opening is not None and opening > after:
                return opening
            day += _DAY
        return None


def next_step(steps: Steps, stages: frozenset[Stage], *, after: datetime) -> Told | None:
    """The first step strictly after `after` of those stages in which this recipient is told."""
    found = [
        Told(stage=stage, at=at)
        for stage, at in ((Stage.SOON, steps.next_soon(after)), (Stage.OVERDUE, steps.next_overdue(after)))
        if stage in stages and at is not None
    ]
    return min(found, key=lambda told: told.at, default=None)


def last_step(steps: Steps, stages: frozenset[Stage], *, after: datetime, until: datetime) -> Told | None:
    """The newest step in `(after, until]`: of several that were missed only the last is told (EC-19)."""
    found: Told | None = None
    step = next_step(steps, stages, after=after)
    while step is not None and step.at <= until:
        found = step
        step = next_step(steps, stages, after=step.at)
    return found
