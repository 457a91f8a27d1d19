"""Who comes and who came: `参加`, `不参加`, `待定`, `会议 委托`, and what host and secretary write down (domain.md 3.9, R-58)."""

from __future__ import annotations

from bot.domain import meeting_attendance
from bot.domain.action import Action
from bot.domain.directory import Person, Role
from bot.domain.folding import folded
from bot.domain.ids import PersonId
from bot.domain.meeting import MACHINE, Answer, Meeting, MeetingAct, Presence
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import allows, require
from handlers.conversation.addressees import people_of
from handlers.conversation.misread import misread
from handlers.deeds import Deed, Done
from handlers.meetings import meeting_notices, meeting_store
from handlers.possible import require_possible
from handlers.words import words_for

_PRESENCE = {
    Presence.PRESENT: ("到会", "出席", "已到", "实到", "到场", "present"),
    Presence.EXCUSED: ("请假", "因公请假", "excused"),
    Presence.ABSENT: ("缺席", "未到", "旷会", "absent"),
}


# ---------------------------------------------------------------- before the meeting


def on_join(deed: Deed, meeting: Meeting) -> Done:
    """参加."""
    return _answered(deed, meeting, Answer.YES)


def on_decline(deed: Deed, meeting: Meeting) -> Done:
    """不参加; a head should name who comes instead (R-58)."""
    return _answered(deed, meeting, Answer.NO)


def on_maybe(deed: Deed, meeting: Meeting) -> Done:
    """待定."""
    return _answered(deed, meeting, Answer.MAYBE)


def _answered(deed: Deed, meeting: Meeting, said: Answer) -> Done:
    context, words = deed.context, deed.words
    _require_known(deed, meeting)
    require_possible(deed, meeting, MACHINE, MeetingAct.ANSWER)
    person = _own_line(context, deed.person, meeting)
    reason = deed.optional_reason()
    answered = meeting_attendance.answer(meeting, person, said, reason=reason)
    kept = meeting_store.save(context, meeting, answered, "answered", verb="", slot=person)
    lines = [words.say(f"meeting_answered_{said.value}", code=kept.code)]
    if said is Answer.NO and _should_be_represented(context, kept, person):
        lines.append(words.say("meeting_name_delegate", example=words.say("example_meeting_delegate")))
    return Done("\n".join(lines))


def _own_line(context: Context, person: Person, meeting: Meeting) -> PersonId:
    """The person's own invitation, or that of somebody absent whom he or she represents."""
    if meeting.attendance_of(person.id) is not None:
        return person.id
    for line in meeting.attendance:
        if meeting_store.acting(context, line.person) == person.id:
            return line.person
    raise RuleViolation("meeting_not_invited")


def _should_be_represented(context: Context, meeting: Meeting, person: PersonId) -> bool:
    found = context.world.directory.person(person)
    line = meeting.attendance_of(person)
    return found is not None and line is not None and line.is_required and Role.HEAD in found.roles


def on_delegate(deed: Deed, meeting: Meeting) -> Done:
    """`会议 委托 HY-42 @人`: one's own place; host and secretary may name whom somebody sends: `@甲 @乙` is 乙 for 甲."""
    context, words = deed.context, deed.words
    _require_known(deed, meeting)
    people = people_of(context, deed.command.people) if deed.command is not None else ()
    if not 1 <= len(people) <= 2:
        raise misread(words, "delegate", deed.text, verb="meeting_delegate")
    require_possible(deed, meeting, MACHINE, MeetingAct.ATTEND)
    if len(people) == 2:
        require(context, Action.RUN_MEETING, meeting_store.relation_of(meeting))
        person, by = people[0].id, people[1]
    else:
        person, by = _own_line(context, deed.person, meeting), people[0]
    reason = deed.optional_reason()
    changed = meeting_attendance.represent(meeting, person, by.id, reason=reason)
    kept = meeting_store.save(context, meeting, changed, "represented", verb="", slot=person, reason=reason)
    _tell_delegate(context, kept, person, by, besides=deed.person.id)
    return Done(words.say("meeting_delegated", code=kept.code, name=by.name, person=words.name(person)))


def _tell_delegate(context: Context, meeting: Meeting, person: PersonId, by: Person, *, besides: PersonId) -> None:
    if by.id == besides or not meeting_notices.may_be_told(meeting, by.id):
        return
    words = words_for(context, by)
    facts = meeting_notices.facts(words, meeting) | {"person": words.name(person)}
    effects.tell(
        context,
        by,
        effects.text(words.say("meeting_delegate_told", **facts)),
        key=f"meeting:{meeting.code}:delegate:{person}:{by.id}:{meeting.version}",
        ref=meeting.code,
        is_owed=True,
        at_once=True,
    )


# ---------------------------------------------------------------- at the meeting


def on_mark(deed: Deed, meeting: Meeting) -> Done:
    """`会议 考勤 HY-42 @甲 @乙 请假`: host or secretary write down who came."""
    context, words = deed.context, deed.words
    grant = require(context, Action.RUN_MEETING, meeting_store.relation_of(meeting))
    people = people_of(context, deed.command.people) if deed.command is not None else ()
    presence = _presence(deed)
    if not people or presence is None:
        raise misread(words, "presence", deed.text, verb="meeting_mark")
    require_possible(deed, meeting, MACHINE, MeetingAct.ATTEND)
    reason = inert(deed.given("原因"), limit=100)
    marked = meeting_attendance.mark(meeting, (p.id for p in people), presence, reason=reason)
    kept = meeting_store.save(context, meeting, marked, "attendance", grant=grant, reason=reason)
    names = words.listing(p.name for p in people)
    return Done(
        words.say("meeting_marked", code=kept.code, names=names, presence=words.say(f"presence_{presence.value}"))
    )


def _presence(deed: Deed) -> Presence | None:
    text = folded(deed.text)
    found = [(len(w), p) for p, words in _PRESENCE.items() for w in words if folded(w) in text]
    return max(found, key=lambda one: one[0])[1] if found else None


def _require_known(deed: Deed, meeting: Meeting) -> None:
    """Who is not asked to come to a confidential meeting does not know of it."""
    relation = meeting_store.relation_of(meeting)
    if (
        meeting.secrecy
        and deed.person.id not in meeting.everybody
        and not allows(deed.context, Action.RUN_MEETING, relation)
    ):
        raise RuleViolation("not_found_or_no_right")
