"""`/会议 安排 <类型> [编号] <时间> [@人] [键:值]`: what somebody wants, understood and checked (design.md section 3; P-38, P-39)."""

from __future__ import annotations

from datetime import datetime

from bot.domain.action import Action
from bot.domain.directory import Person, Role
from bot.domain.durations import parse_duration
from bot.domain.folding import folded
from bot.domain.ids import PersonId
from bot.domain.meeting import Meeting, MeetingKind, Node
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers.access import allows, require
from handlers.calls import Call
from handlers.conversation.addressees import people_of
from handlers.conversation.misread import misread
from handlers.meetings import meeting_notices, meeting_subject
from handlers.meetings.meeting_scheduling import Wish, nodes_of, schedule
from handlers.meetings.meeting_subject import Subject
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
_LISTS = "、,，;；"
LONGEST_PLACE = 60
LONGEST_TITLE = 60


def on_plan(call: Call) -> None:
    """`/会议 安排 <类型> [编号] <时间> [@人] [键:值]` (design.md section 3)."""
    wish = _wish(call)
    grant = _require(call.context, wish)
    if wish.subject is not None:
        meeting_subject.check_state(wish.subject)
    meeting = schedule(call.context, wish, by=call.person.id, grant=grant, verb=call.command.verb)
    call.answer_about(meeting.code, planned_text(call.words, meeting), secrecy=meeting.secrecy)


def planned_text(words: Words, meeting: Meeting) -> str:
    """What was understood, and what is owed next."""
    lines = [
        words.say(
            "meeting_planned",
            code=meeting.code,
            title=meeting_notices.titled(words, meeting.title, secrecy=meeting.secrecy),
            start=words.deadline(meeting.start_at),
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
