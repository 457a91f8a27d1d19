"""What the kinds of meeting differ in: length, warning, record and its limit (domain.md 3.9; R-54, R-59, R-62, A-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.calendar import Calendars
from bot.domain.company import Parameters
from bot.domain.meeting import MeetingKind, Node


class RecordKind(StrEnum):
    """What comes of a meeting."""

    #: JY, form F4
    MINUTES = "minutes"
    #: JD, form F12
    RESOLUTION = "resolution"
    #: GT, form F11
    SYNC_RECORD = "sync_record"
    #: the opinion F5 in the request
    OPINION = "opinion"
    #: the result part of F8 in the acceptance
    RESULT = "result"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """One line of the table of 3.9; minutes are 0 where there is no limit."""

    title: str
    record: RecordKind
    limit: int = 0
    planned: int = 60


RULES = {
    MeetingKind.WEEKLY: KindRule(title="跨部门协作周例会", record=RecordKind.MINUTES, limit=90, planned=90),
    MeetingKind.MILESTONE: KindRule(title="专项项目推进会", record=RecordKind.RESOLUTION, planned=90),
    MeetingKind.ASSESSMENT: KindRule(title="需求评估会", record=RecordKind.OPINION, limit=90, planned=90),
    MeetingKind.COORDINATION: KindRule(title="协调会", record=RecordKind.MINUTES, limit=60),
    MeetingKind.SPECIAL: KindRule(title="专题会议", record=RecordKind.MINUTES),
    MeetingKind.ACCEPTANCE: KindRule(title="验收会", record=RecordKind.RESULT),
    MeetingKind.SYNC: KindRule(title="对接人沟通会", record=RecordKind.SYNC_RECORD, limit=60),
}


def record_of(kind: MeetingKind) -> RecordKind:
    """What comes of a meeting of that kind."""
    return RULES[kind].record


def limit_of(kind: MeetingKind, parameters: Parameters) -> int:
    """Minutes allowed (T-18): the company may be stricter than the plan, never looser."""
    own = {MeetingKind.WEEKLY: parameters.weekly_meeting_minutes, MeetingKind.SYNC: parameters.weekly_sync_minutes}
    return min(RULES[kind].limit, own.get(kind, RULES[kind].limit))


def planned_minutes(kind: MeetingKind, parameters: Parameters) -> int:
    """How long it is planned where nobody says otherwise."""
    return limit_of(kind, parameters) or RULES[kind].planned


def warn_minutes(kind: MeetingKind, parameters: Parameters) -> int:
    """Minutes after which a weekly meeting or sync is warned of its limit (T-18a); 0 for none."""
    order = (MeetingKind.WEEKLY, MeetingKind.SYNC)
    return parameters.meeting_warn_minutes[order.index(kind)] if kind in order else 0


def title_of(kind: MeetingKind, *, subject: str = "", node: Node | None = None) -> str:
    """`X1试产中期推进会`, `X1量产导入需求评估会`, `跨部门协作周例会`."""
    if kind is MeetingKind.MILESTONE:
        return f"{subject}{node.value if node is not None else ''}推进会"
    return f"{subject}{RULES[kind].title}"


def record_workdays(kind: MeetingKind, parameters: Parameters) -> int:
    """Working days for the record, counted from the actual end (T-16, T-17, T-20a); 0: the same day."""
    match record_of(kind):
        case RecordKind.RESOLUTION:
            return parameters.timers_resolution_wd
        case RecordKind.RESULT:
            return 0
        case RecordKind.MINUTES if kind is MeetingKind.WEEKLY:
            return parameters.timers_minutes_wd
        case RecordKind.MINUTES | RecordKind.SYNC_RECORD | RecordKind.OPINION:
            return parameters.timers_record_wd


def report_due(start_at: datetime, calendars: Calendars, parameters: Parameters, *, now: datetime) -> datetime:
    """When the progress report of a milestone meeting must be out (T-19); of one called too late for that, its start."""
    day = calendars.sub_workdays(calendars.local(start_at).date(), parameters.meeting_report_wd)
    due = min(calendars.end_of_day(day), start_at)
    return due if due > now else start_at
