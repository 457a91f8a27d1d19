"""Calling a meeting: `/会议 安排`, and `schedule` for everything else that calls one (domain.md 3.9; P-38, P-39; R-57, R-64)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.action import Action
from bot.domain.directory import Person, Role
from bot.domain.durations import parse_duration
from bot.domain.folding import folded
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.meeting import Attendance, Meeting, MeetingKind, MeetingState, Node
from bot.domain.meeting_course import check_times
from bot.domain.meeting_invitation import Circle, invited
from bot.domain.meeting_kind import limit_of, planned_minutes, report_due, title_of
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import meeting_notices, meeting_owed, meeting_store, meeting_subject
from handlers.access import allows, require
from handlers.addressees import people_of
from handlers.calls import Call
from handlers.meeting_subject import Subject
from handlers.misread import misread
from handlers.words import Words

#: words people use for the kinds, folded; the longest that fits counts
_KINDS = {
    MeetingKind.WEEKLY: ("周例会", "例会", "跨部门协作周例会", "weekly meeting", "weekly"),
    MeetingKind.MILESTONE: (
        "专项项目推进会",
        "推进会",
        "启动会",
        "中期会",
        "验收前会",
        "milestone meeting",
        "milestone",
    ),
    MeetingKind.ASSESSMENT: ("需求评估会", "评估会", "assessment meeting", "assessment"),
    MeetingKind.COORDINATION: ("协调会", "coordination meeting", "coordination"),
    MeetingKind.SPECIAL: ("专题会议", "专题会", "special meeting", "special"),
    MeetingKind.ACCEPTANCE: ("验收会", "acceptance meeting", "acceptance"),
    MeetingKind.SYNC: ("对接人沟通会", "沟通会", "liaison sync", "sync"),
}
_NODES = {
    Node.KICK_OFF: ("启动", "kick-off", "kickoff", "kick off"),
    Node.MID_TERM: ("中期", "mid-term", "midterm", "mid term"),
    Node.PRE_ACCEPTANCE: ("验收前", "pre-acceptance", "before acceptance"),
}
#: a milestone meeting may be named by its node alone: 中期会, 启动推进会
_NODE_MEETING = frozenset({"启动会", "中期会", "验收前会"})
_ONE_AT_A_TIME = frozenset({MeetingKind.ASSESSMENT, MeetingKind.ACCEPTANCE, MeetingKind.SPECIAL})
_AHEAD = (MeetingState.SCHEDULED.value, MeetingState.IN_SESSION.value)
_LISTS = "、,，;；"
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
LONGEST_PLACE = 60
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A meeting somebody wants, as far as it is understood."""

    kind: MeetingKind
    subject: Subject | None
    node: Node | None
    start_at: datetime
    end_at: datetime | None
    named: tuple[PersonId, ...]
    host: PersonId | None
    title: str
    place: str
    agenda: tuple[str, ...]


# ---------------------------------------------------------------- for every family


def schedule(
    context: Context,
    *,
    kind: MeetingKind,
    subject: str = "",
    start_at: datetime,
    end_at: datetime | None = None,
    host: PersonId | None = None,
    participants: tuple[PersonId, ...] = (),
    by: PersonId | None,
    node: Node | None = None,
    title: str = "",
    place: str = "",
    agenda: tuple[str, ...] = (),
    week: str = "",
    grant: Grant | None = None,
    verb: str = "",
    is_quiet: bool = False,
) -> Meeting:
    """Plan a meeting and ask everybody to come; the right to it is the caller's business.

    `subject` is the whole number of what it is about. Raises RuleViolation `meeting_in_past`, `meeting_end_before_start`,
    `meeting_too_long`, `meeting_planned_already`.
    """
    parameters = context.world.company.parameters
    end_at = end_at or start_at + timedelta(minutes=planned_minutes(kind, parameters))
    if not is_quiet:
        check_times(start_at, end_at, now=context.now)
    about = meeting_subject.of(context, subject) if subject else None
    _refuse_second(context, kind, subject)
    circle = about.circle(participants) if about is not None else Circle(named=participants)
    leads = host or _host(context, kind, circle)
    meeting = Meeting(
        code=meeting_store.new_code(context, CodeKind.MEETING),
        kind=kind,
        state=MeetingState.SCHEDULED,
        title=title or title_of(kind, subject=about.short if about is not None else "", node=node),
        start_at=start_at,
        planned_end_at=end_at,
        host=leads,
        host_department=_host_department(context, kind, circle, leads),
        subject=subject,
        item=about.item if about is not None else None,
        node=node,
        attendance=_with_host(
            context, invited(kind, circle, context.world.directory, context.world.posts), kind, leads
        ),
        agenda=agenda or DEFAULT_AGENDA[kind],
        place=place,
        limit_minutes=limit_of(kind, parameters),
        week=week or _week(context, kind, start_at),
        lead=circle.lead,
        coop=circle.coop,
        report_due_at=_report_due(context, kind, start_at),
        created_by=by,
        created_at=context.now,
        secrecy=about.secrecy if about is not None else 0,
        access=about.access if about is not None else (),
    )
    kept = meeting_store.save(context, None, meeting, "scheduled", grant=grant, verb=verb)
    if not is_quiet:
        meeting_notices.invite(context, kept, besides=by)
    return kept


def _refuse_second(context: Context, kind: MeetingKind, subject: str) -> None:
    """One assessment, acceptance or special meeting of an object at a time."""
    if kind not in _ONE_AT_A_TIME or not subject:
        return
    for other in context.uow.meetings.find(item=subject, state=_AHEAD):
        if other.kind is kind:
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


# ---------------------------------------------------------------- by text


def on_plan(call: Call) -> None:
    """`/会议 安排 <类型> [编号] <时间> [@人] [键:值]` (design.md section 3)."""
    wish = _wish(call)
    grant = _require(call.context, wish)
    if wish.subject is not None:
        meeting_subject.check_state(wish.subject)
    meeting = schedule(
        call.context,
        kind=wish.kind,
        subject=wish.subject.code if wish.subject is not None else "",
        start_at=wish.start_at,
        end_at=wish.end_at,
        host=wish.host,
        participants=wish.named,
        by=call.person.id,
        node=wish.node,
        title=wish.title,
        place=wish.place,
        agenda=wish.agenda,
        grant=grant,
        verb=call.command.verb,
    )
    text = planned_text(call.words, meeting)
    if meeting.secrecy:
        call.answer_privately(text)
    else:
        call.answer(text)


def planned_text(words: Words, meeting: Meeting) -> str:
    """What was understood, and what is owed next."""
    lines = [
        words.say(
            "meeting_planned",
            code=meeting.code,
            title=meeting_notices.titled(words, meeting.title, secrecy=meeting.secrecy),
            start=words.time(meeting.start_at),
            host=words.name(meeting.host),
            count=len(meeting.participants),
        )
    ]
    if meeting.report_due_at is not None:
        lines.append(words.say("meeting_report_asked", due=words.due(meeting.report_due_at), code=meeting.code))
    if not words.context.world.calendars.is_workday(words.context.world.calendars.local(meeting.start_at).date()):
        lines.append(words.say("meeting_on_day_off"))
    return "\n".join(lines)


def _wish(call: Call) -> Wish:
    command, context = call.command, call.context
    if command.impossible:
        raise misread(call.words, "time", command.impossible[0], verb="meeting_plan")
    text = folded(command.rest)
    kind = _kind(call, text)
    timed = [moment for moment in command.moments if moment.has_time]
    if not timed:
        raise RuleViolation("meeting_needs_time", {"example": call.words.say("example_meeting_plan")})
    start = timed[0].at
    end = timed[1].at if len(timed) > 1 else _end(call, start)
    subject = meeting_subject.named(context, command.codes[0], kind) if command.codes else None
    if subject is None and kind not in {MeetingKind.WEEKLY, MeetingKind.SYNC}:
        raise RuleViolation("meeting_needs_subject", {"example": call.words.say("example_meeting_plan")})
    return Wish(
        kind=kind,
        subject=subject if kind not in {MeetingKind.WEEKLY, MeetingKind.SYNC} else None,
        node=_node(call, text, kind, subject),
        start_at=start,
        end_at=end,
        named=tuple(p.id for p in _people(call)),
        host=_named_host(call, kind, subject),
        title=inert(command.pairs.get("主题", ""), limit=LONGEST_TITLE),
        place=inert(command.pairs.get("地点", ""), limit=LONGEST_PLACE),
        agenda=tuple(_split(command.pairs.get("议程", ""))),
    )


def _kind(call: Call, text: str) -> MeetingKind:
    found = [(len(word), kind) for kind, words in _KINDS.items() for word in words if folded(word) in text]
    if not found:
        raise misread(call.words, "meeting_kind", call.command.rest or call.command.raw, verb="meeting_plan")
    # 中期推进会 and 验收前会 are milestone meetings, 验收会 is none
    if any(word in text for word in _NODE_MEETING):
        return MeetingKind.MILESTONE
    return max(found, key=lambda one: one[0])[1]


def _node(call: Call, text: str, kind: MeetingKind, subject: Subject | None) -> Node | None:
    """The node that was named; without one the next that this item has not had (R-64)."""
    if kind is not MeetingKind.MILESTONE or subject is None:
        return None
    said = folded(call.command.pairs.get("节点", "")) or text
    for node, words in reversed(_NODES.items()):
        if any(folded(word) in said for word in words):
            return node
    had = nodes_of(call.context, subject.code)
    return next((node for node in Node if node not in had), Node.PRE_ACCEPTANCE)


def nodes_of(context: Context, item: str) -> frozenset[Node]:
    """Nodes at which a milestone meeting of the item was held or is planned."""
    off = {MeetingState.CANCELLED, MeetingState.MISSED, MeetingState.SKIPPED}
    found = context.uow.meetings.find(item=item)
    return frozenset(m.node for m in found if m.node is not None and m.state not in off)


def _end(call: Call, start: datetime) -> datetime | None:
    """`90分钟` in the words, `时长：90分钟` or `时长:90`; None where nobody says."""
    said = call.command.pairs.get("时长", "")
    length = call.command.duration or parse_duration(f"{said}分钟" if said.isdecimal() else said)
    if said and length is None:
        raise misread(call.words, "duration", said, verb="meeting_plan")
    return start + length if length is not None else None


def _people(call: Call) -> tuple[Person, ...]:
    """Mentioned people; names behind 参加： count where exactly one person is called so."""
    found = list(people_of(call.context, call.command.people))
    for name in _split(call.command.pairs.get("参加", "")):
        named = call.context.world.directory.named(name.strip(" @＠"))
        if len(named) != 1:
            raise RuleViolation("no_such_person", {"name": inert(name, limit=20)})
        found.append(named[0])
    found.extend(people_of(call.context, call.command.pair_people.get("参加", ())))
    return tuple({person.id: person for person in found}.values())


def _split(text: str) -> list[str]:
    for mark in _LISTS:
        text = text.replace(mark, "\n")
    return [inert(part.strip(), limit=100) for part in text.split("\n") if part.strip()]


def _named_host(call: Call, kind: MeetingKind, subject: Subject | None) -> PersonId | None:
    """Somebody else hosts; of a milestone meeting it must be one of the lead department (R-66), of a weekly one nobody else (R-60)."""
    named = people_of(call.context, call.command.pair_people.get("主持", ()))
    if not named:
        return call.person.id if kind is MeetingKind.SYNC and Role.LIAISON in call.person.roles else None
    host = named[0]
    is_leads = kind is not MeetingKind.MILESTONE or (subject is not None and host.department == subject.lead)
    if not is_leads or kind is MeetingKind.WEEKLY:
        raise RuleViolation("meeting_host_fixed")
    return host.id


def _require(context: Context, wish: Wish) -> Grant:
    """The right to call such a meeting (P-07, P-23, P-29, P-30, P-38, P-39, P-42)."""
    relation = wish.subject.relation if wish.subject is not None else Relation()
    match wish.kind:
        case MeetingKind.WEEKLY:
            return require(context, Action.SCHEDULE_WEEKLY)
        case MeetingKind.MILESTONE:
            return require(context, Action.SCHEDULE_MILESTONE, relation)
        case MeetingKind.ASSESSMENT:
            return require(context, Action.ASSESS_REQUEST, relation)
        case MeetingKind.COORDINATION:
            return require(context, Action.RECORD_SOLUTION, relation)
        case MeetingKind.SPECIAL:
            is_leader = allows(context, Action.ACKNOWLEDGE_MAJOR, relation)
            return require(context, Action.ACKNOWLEDGE_MAJOR if is_leader else Action.RECORD_SOLUTION, relation)
        case MeetingKind.ACCEPTANCE:
            return require(context, Action.ORGANISE_ACCEPTANCE, relation)
        case MeetingKind.SYNC:
            return require(context, Action.SUBMIT_SYNC_RECORD)
