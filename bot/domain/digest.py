"""What the leader's daily digest counts (domain.md 6.1; L-21, L-32). Numbers and lines only; sentences are made elsewhere.

Level-2 objects are left out of every number except the last; level-1 objects are counted with their titles withheld from
everybody but the leader (L-21).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.calendar import Calendars
from bot.domain.group import Group, GroupPurpose, GroupState
from bot.domain.obligation import DIGEST_KINDS, Obligation, ObligationKind
from bot.domain.records import Fact
from bot.domain.response import ResponseFigures, response_figures
from bot.domain.sla import ReplyClock

#: detail lines under a section (6.1)
MAX_LINES = 5
CONFIDENTIAL = 2


class DecisionKind(StrEnum):
    """Section 一: what waits for the leader, in the order of 6.1."""

    REQUEST = "request"
    RESOLUTION = "resolution"
    CONFLICT = "conflict"
    MAJOR_ISSUE = "major_issue"
    PLAN_CHANGE = "plan_change"
    PROPOSAL = "proposal"


class Happening(StrEnum):
    """Section 四 and 六: kinds of facts that are counted."""

    REQUEST_NEW = "request_new"
    REQUEST_APPROVED = "request_approved"
    ITEM_STARTED = "item_started"
    TASK_ON_TIME = "task_on_time"
    TASK_LATE = "task_late"
    ISSUE_NEW = "issue_new"
    ISSUE_CLOSED = "issue_closed"
    CONFLICT_NEW = "conflict_new"
    CONFLICT_CONCLUDED = "conflict_concluded"
    ACCEPTANCE_PASSED = "acceptance_passed"
    MEETING_HELD = "meeting_held"
    MEETING_PLANNED = "meeting_planned"
    REPORT_MISSING = "report_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One decision that waits for the leader."""

    kind: DecisionKind
    code: str
    title: str
    since: datetime
    due_at: datetime | None
    secrecy: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorIssue:
    """One open major issue (section 二); `days_open` are working days."""

    code: str
    title: str
    owner: str
    due_at: datetime | None
    days_open: int
    secrecy: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestInput:
    """Everything that exists at the cut-off, as the repositories know it."""

    cutoff: datetime
    window_from: datetime
    obligations: Sequence[Obligation]
    clocks: Sequence[ReplyClock]
    facts: Sequence[Fact]
    groups: Sequence[Group]
    waiting: Sequence[Waiting] = ()
    major: Sequence[MajorIssue] = ()
    #: documents whose names are not put right, and reports missing of the latest due week (section 七)
    naming_open: int = 0
    reports_missing: int = 0
    vacancies: int = 0
    confidential_open: int = 0
    #: facts of kind MEETING_PLANNED with a start on the digest's day
    planned: Sequence[Fact] = ()
    #: when the digest before was issued; verdicts learned since then are counted even if they are older
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The figures of one digest, section by section."""

    day: datetime
    window_from: datetime
    cutoff: datetime
    waiting: Mapping[DecisionKind, int]
    waiting_lines: tuple[Waiting, ...]
    major: tuple[MajorIssue, ...]
    overdue: Mapping[ObligationKind, int]
    overdue_lines: tuple[Obligation, ...]
    due_soon: Mapping[ObligationKind, int]
    progress: Mapping[Happening, int]
    new_issue_grades: Mapping[str, int]
    response: ResponseFigures
    meetings_held: int
    meetings_today: int
    records_overdue: int
    naming_open: int
    reports_missing: int
    vacancies: int
    groups_noncompliant: int
    confidential_open: int

    @property
    def is_quiet(self) -> bool:
        """Nothing waits and nothing is overdue: the digest says so in one line and is still sent."""
        return not any(
            (
                sum(self.waiting.values()),
                len(self.major),
                sum(self.overdue.values()),
                sum(self.due_soon.values()),
                sum(self.progress.values()),
                self.response.counted,
                self.response.cancelled,
                self.meetings_held,
                self.meetings_today,
                self.records_overdue,
                self.naming_open,
                self.reports_missing,
                self.vacancies,
                self.groups_noncompliant,
                self.confidential_open,
            )
        )


def digest_times(calendars: Calendars, day: datetime, *, cutoff: time, send: time) -> tuple[datetime, datetime]:
    """Cut-off and sending instant of the digest of a local day."""
    local = calendars.local(day)
    zone = calendars.zone
    return (
        datetime.combine(local.date(), cutoff, zone),
        datetime.combine(local.date(), send, zone),
    )


def next_digest(calendars: Calendars, after: datetime, *, send: time) -> datetime:
    """The next sending instant strictly after `after`: working days only (5.7)."""
    local = calendars.local(after)
    day = local.date()
    if local.timetz().replace(tzinfo=None) >= send or not calendars.is_workday(day):
        day = calendars.next_workday(day)
    return datetime.combine(day, send, calendars.zone)


def first_window(calendars: Calendars, cutoff: datetime, *, at: time) -> datetime:
    """Where the first digest of a new store begins: the previous working day's cut-off (L-32)."""
    day = calendars.previous_workday(calendars.local(cutoff).date())
    return datetime.combine(day, at, calendars.zone)


def compose(given: DigestInput, calendars: Calendars) -> Digest:
    """Count. Pure: the same input always makes the same digest."""
    cutoff = given.cutoff
    counted = _counted(given)
    overdue = [o for o in counted if o.due_at < cutoff]
    soon_until = calendars.end_of_day(calendars.next_workday(calendars.local(cutoff).date()))
    soon = [o for o in counted if cutoff <= o.due_at <= soon_until]
    waiting = [w for w in given.waiting if w.secrecy < CONFIDENTIAL and w.since <= cutoff]
    facts = [f for f in given.facts if f.secrecy < CONFIDENTIAL and given.window_from < f.at <= cutoff]
    happened = Counter(Happening(f.kind) for f in facts if f.kind in set(Happening))
    return Digest(
        day=cutoff,
        window_from=given.window_from,
        cutoff=cutoff,
        waiting=Counter(w.kind for w in waiting),
        waiting_lines=tuple(sorted(waiting, key=lambda w: (w.since, w.code))[:MAX_LINES]),
        major=tuple(m for m in given.major if m.secrecy < CONFIDENTIAL),
        overdue=_by_kind(overdue),
        overdue_lines=tuple(sorted(overdue, key=lambda o: (o.due_at, o.key))[:MAX_LINES]),
        due_soon=_by_kind(soon),
        progress={h: happened[h] for h in _PROGRESS},
        new_issue_grades=Counter(f.detail.get("grade", "") for f in facts if f.kind == Happening.ISSUE_NEW),
        response=response_figures(
            [c for c in given.clocks if c.secrecy < CONFIDENTIAL],
            start=given.window_from,
            end=cutoff,
            reported_at=given.reported_at,
        ),
        meetings_held=happened[Happening.MEETING_HELD],
        meetings_today=len([f for f in given.planned if f.secrecy < CONFIDENTIAL]),
        records_overdue=len([o for o in overdue if o.kind in {ObligationKind.MINUTES, ObligationKind.RESOLUTION}]),
        naming_open=given.naming_open,
        reports_missing=given.reports_missing,
        vacancies=given.vacancies,
        groups_noncompliant=len(
            [g for g in given.groups if g.purpose is GroupPurpose.DEDICATED and g.state is GroupState.NONCOMPLIANT]
        ),
        confidential_open=given.confidential_open,
    )


_PROGRESS = (
    Happening.REQUEST_NEW,
    Happening.REQUEST_APPROVED,
    Happening.ITEM_STARTED,
    Happening.TASK_ON_TIME,
    Happening.TASK_LATE,
    Happening.ISSUE_NEW,
    Happening.ISSUE_CLOSED,
    Happening.CONFLICT_NEW,
    Happening.CONFLICT_CONCLUDED,
    Happening.ACCEPTANCE_PASSED,
)


def _counted(given: DigestInput) -> list[Obligation]:
    """What section 三 counts: its kinds, each object once a kind; slots of one round are one, with the earliest limit."""
    found: dict[tuple[str, ObligationKind], Obligation] = {}
    for one in sorted(given.obligations, key=lambda o: (o.due_at, o.key)):
        if one.kind in _COUNTED and one.secrecy < CONFIDENTIAL and one.opened_at <= given.cutoff:
            found.setdefault((one.code, one.kind), one)
    return list(found.values())


_COUNTED = frozenset(DIGEST_KINDS)


def _by_kind(obligations: Iterable[Obligation]) -> dict[ObligationKind, int]:
    """Counts in the order of 6.1, kinds without any left out."""
    counts = Counter(o.kind for o in obligations)
    return {kind: counts[kind] for kind in ObligationKind if counts[kind]}


def day_bounds(calendars: Calendars, at: datetime) -> tuple[datetime, datetime]:
    """Midnight to midnight of the local date of `at`, for meetings planned today."""
    day = calendars.local(at).date()
    start = datetime.combine(day, time(0), calendars.zone)
    return start, datetime.combine(day + timedelta(days=1), time(0), calendars.zone)
