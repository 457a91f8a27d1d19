"""Calling a meeting, for whoever may: number, host, people, limits, invitation (domain.md 3.9; R-57, R-64).

`/会议 安排` is read in `meeting_wishes`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.meeting import Attendance, Meeting, MeetingKind, MeetingState, Node
from bot.domain.meeting_course import check_times
from bot.domain.meeting_invitation import Circle, invited
from bot.domain.meeting_kind import limit_of, planned_minutes, report_due, title_of
from bot.domain.permissions import Grant
from bot.errors import RuleViolation
from bot.routing import Context
from handlers.meetings import meeting_notices, meeting_owed, meeting_store
from handlers.meetings.meeting_subject import Subject
from handlers.numbering import new_code

_ONE_AT_A_TIME = frozenset({MeetingKind.ASSESSMENT, MeetingKind.ACCEPTANCE, MeetingKind.SPECIAL})
_AHEAD = (MeetingState.SCHEDULED.value, MeetingState.IN_SESSION.value)
#: what is talked about where nobody wrote an agenda (R-52, R-61, R-68)
DEFAULT_AGENDA = {
    MeetingKind.WEEKLY: ("各部门汇报本周完成情况、存在问题与下周计划", "问题协调与决定"),
    MeetingKind.SYNC: ("进度跟进", "需求对接"),
    MeetingKind.MILESTONE: ("难点问题", "解决方案", "下一步工作计划"),
    MeetingKind.ASSESSMENT: ("可行性", "资源与风险", "评估意见"),
    MeetingKind.COORDINATION: ("问题与影响", "解决方案、责任人与时限"),
    MeetingKind.SPECIAL: ("问题与影响", "解决方案、责任人与时限"),
    MeetingKind.ACCEPTANCE: ("成果汇报", "逐项验收"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A meeting somebody wants, as far as it is said; what is not said follows from its kind and its subject."""

    kind: MeetingKind
    start_at: datetime
    end_at: datetime | None = None
    #: what it is about
    subject: Subject | None = None
    node: Node | None = None
    #: people who were named
    named: tuple[PersonId, ...] = ()
    host: PersonId | None = None
    title: str = ""
    place: str = ""
    agenda: tuple[str, ...] = ()


def schedule(context: Context, wish: Wish, *, by: PersonId, grant: Grant, verb: str) -> Meeting:
    """Plan a meeting and ask everybody to come; the right to it is the caller's business.

    Raises RuleViolation `meeting_in_past`, `meeting_end_before_start`, `meeting_too_long`, `meeting_planned_already`.
    """
    planned = timedelta(minutes=planned_minutes(wish.kind, context.world.company.parameters))
    end_at = wish.end_at or wish.start_at + planned
    check_times(wish.start_at, end_at, now=context.now)
    _refuse_second(context, wish)
    kept = meeting_store.save(context, None, _wished(context, wish, end_at, by), "scheduled", grant=grant, verb=verb)
    meeting_notices.invite(context, kept, besides=by)
    return kept


def _wished(context: Context, wish: Wish, end_at: datetime, by: PersonId) -> Meeting:
    """The meeting with everything that its kind and its subject add."""
    kind, about = wish.kind, wish.subject
    circle = about.circle(wish.named) if about is not None else Circle(named=wish.named)
    host = wish.host or _host(context, kind, circle)
    asked = invited(kind, circle, context.world.directory, context.world.posts)
    return Meeting(
        code=new_code(context, CodeKind.MEETING),
        kind=kind,
        state=MeetingState.SCHEDULED,
        title=wish.title or title_of(kind, subject=about.short if about is not None else "", node=wish.node),
        start_at=wish.start_at,
        planned_end_at=end_at,
        host=host,
        host_department=_host_department(context, kind, circle, host),
        subject=about.code if about is not None else "",
        item=about.item if about is not None else None,
        node=wish.node,
        attendance=_with_host(context, asked, kind, host),
        agenda=wish.agenda or DEFAULT_AGENDA[kind],
        place=wish.place,
        limit_minutes=limit_of(kind, context.world.company.parameters),
        week=_week(context, kind, wish.start_at),
        lead=circle.lead,
        coop=circle.coop,
        report_due_at=_report_due(context, kind, wish.start_at),
        created_by=by,
        created_at=context.now,
        secrecy=about.secrecy if about is not None else 0,
        access=about.access if about is not None else (),
    )


def _refuse_second(context: Context, wish: Wish) -> None:
    """One assessment, acceptance or special meeting of an object at a time."""
    if wish.kind not in _ONE_AT_A_TIME or wish.subject is None:
        return
    for other in context.uow.meetings.find(item=wish.subject.code, state=_AHEAD):
        if other.kind is wish.kind:
            raise RuleViolation("meeting_planned_already", {"code": other.code})


def _host(context: Context, kind: MeetingKind, circle: Circle) -> PersonId | None:
    """Who hosts by the rule of the kind (R-60, R-66, 3.9)."""
    posts = context.world.posts
    match kind:
        case MeetingKind.MILESTONE:
            return posts.head_post(circle.lead) if circle.lead is not None else None
        case MeetingKind.SPECIAL:
            return posts.leader_post()
        case MeetingKind.WEEKLY | MeetingKind.ASSESSMENT | MeetingKind.COORDINATION | MeetingKind.ACCEPTANCE:
            return meeting_owed.secretary_post(context)
        case MeetingKind.SYNC:
            return None


def _host_department(context: Context, kind: MeetingKind, circle: Circle, host: PersonId | None) -> DepartmentId | None:
    if kind is MeetingKind.MILESTONE:
        return circle.lead
    return context.world.posts.department_of(host) if host is not None else None


def _with_host(
    context: Context, lines: tuple[Attendance, ...], kind: MeetingKind, host: PersonId | None
) -> tuple[Attendance, ...]:
    """Whoever hosts is there as well."""
    if host is None or any(line.person == host for line in lines):
        return lines
    is_required = kind is not MeetingKind.SYNC
    department = context.world.posts.department_of(host)
    return (Attendance(person=host, department=department, is_required=is_required), *lines)


def _week(context: Context, kind: MeetingKind, start_at: datetime) -> str:
    if kind not in {MeetingKind.WEEKLY, MeetingKind.SYNC}:
        return ""
    return meeting_owed.week_name(context.world.calendars.local(start_at).date())


def _report_due(context: Context, kind: MeetingKind, start_at: datetime) -> datetime | None:
    if kind is not MeetingKind.MILESTONE:
        return None
    return report_due(start_at, context.world.calendars, context.world.company.parameters, now=context.now)


def retimed_report(context: Context, meeting: Meeting) -> Meeting:
    """The meeting was moved: its progress report is due before the new time."""
    return replace(meeting, report_due_at=_report_due(context, meeting.kind, meeting.start_at))


def nodes_of(context: Context, item: str) -> frozenset[Node]:
    """Nodes at which a milestone meeting of the item was held or is planned."""
    off = {MeetingState.CANCELLED, MeetingState.MISSED, MeetingState.SKIPPED}
    found = context.uow.meetings.find(item=item)
    return frozenset(m.node for m in found if m.node is not None and m.state not in off)
