"""Meetings about an issue and what comes of them (R-96..R-99; T-13b, T-14, T-14b; A-07, L-27, L-28; P-29, P-30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.action import Action
from bot.domain.directory import Person, Role
from bot.domain.form import YES, rows_of, text_of
from bot.domain.form_reading import Reading
from bot.domain.form_text import FormField
from bot.domain.happened import MeetingChanged, NewTask, PlanRevisionDemanded, TaskChanged, WorkAssigned
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import MACHINE, Grade, Issue, IssueAct, IssueState, Solution
from bot.domain.issue_form import SOLUTION
from bot.domain.issue_handling import (
    DoneAt,
    acknowledged,
    meeting_arranged,
    meeting_called_off,
    meeting_held,
    solved_by,
    task_made,
)
from bot.domain.meeting import Meeting, MeetingKind, MeetingState
from bot.domain.moments import parse_moment
from bot.domain.permissions import Grant
from bot.domain.task import TaskState
from bot.domain.timers import Timer
from bot.errors import RuleViolation
from bot.messages import Urge, inert
from bot.routing import Context
from handlers import effects, matter_cards, matter_notices
from handlers.access import require
from handlers.deeds import Deed, Done, too_late
from handlers.forms import step_forms
from handlers.issues import issue_keeping as keeping
from handlers.issues import issue_limits as limits
from handlers.issues import issue_people as people
from handlers.issues.issue_grading import ACKNOWLEDGE, HANDLE
from handlers.meetings import meeting_scheduling, meeting_subject
from handlers.words import Words

#: kinds of meetings that settle issues
ABOUT_ISSUES = frozenset({MeetingKind.COORDINATION, MeetingKind.SPECIAL})
#: the leader is reminded alone twice, from the third time on with ALT (L-27)
ALTERNATE_FROM = 3
#: the input of the leader's card in which the time of the special meeting is typed
START = "start_at"
#: the owner has done the work, confirmed or not
WORK_DONE = frozenset({TaskState.DONE_PENDING, TaskState.DONE})


# ---------------------------------------------------------------- the leader takes note


def take_note(deed: Deed, issue: Issue) -> Done | str:
    """`知悉 WT-14 9-20 10:00`: the leader has read it and, with a time, calls the special meeting (P-30, R-98)."""
    context = deed.context
    grant = require(context, Action.ACKNOWLEDGE_MAJOR, people.relation(context, issue))
    start_at = _start(deed)
    if issue.acknowledged_at is not None and start_at is not None and issue.meeting is None:
        return _call_meeting(deed, issue, start_at, grant)
    if issue.acknowledged_at is not None:
        raise too_late(context, issue.code, deed.verb, state=MACHINE.state_key(issue.state), slot=deed.slot)
    keeping.require_possible(deed, issue, IssueAct.ACKNOWLEDGE)
    after = acknowledged(issue, by=deed.person.id, now=context.now)
    kept = keeping.save(context, issue, after, act="acknowledged", grant=grant, verb=deed.verb)
    if start_at is not None and kept.meeting is None:
        return _call_meeting(deed, kept, start_at, grant)
    _tell_secretary_to_arrange(context, kept)
    sentence = "issue_noted" if kept.state is IssueState.SPECIAL_MEETING else "issue_noted_no_meeting"
    due = deed.words.due(kept.step_due_at) if kept.step_due_at is not None else ""
    return deed.words.say(sentence, what=matter_notices.what(kept), code=kept.code, due=due)


def _start(deed: Deed) -> datetime | None:
    """The time that was typed. Raises RuleViolation `issue_meeting_time` for one that is none."""
    typed = deed.form.get(START, "").strip()
    if typed:
        found = parse_moment(typed, now=deed.context.now, days=deed.context.world.calendars)
        if found is None or not found.has_time:
            raise RuleViolation("issue_meeting_time", {"typed": inert(typed, limit=20)})
        return found.at
    timed = [moment for moment in deed.moments if moment.has_time]
    if deed.moments and not timed:
        raise RuleViolation("issue_meeting_time", {"typed": inert(deed.text, limit=20)})
    return timed[0].at if timed else None


def _call_meeting(deed: Deed, issue: Issue, start_at: datetime, grant: Grant) -> str:
    context = deed.context
    meeting = meeting_scheduling.schedule(
        context,
        meeting_scheduling.Wish(
            kind=MeetingKind.SPECIAL, start_at=start_at, subject=meeting_subject.of(context, issue.code)
        ),
        by=deed.person.id,
        grant=grant,
        verb=deed.verb,
    )
    return deed.words.say(
        "issue_noted_with_meeting",
        what=matter_notices.what(issue),
        meeting=meeting.code,
        time=deed.words.time(start_at),
    )


def _tell_secretary_to_arrange(context: Context, issue: Issue) -> None:
    """The leader has taken note and named no time: the secretary arranges the special meeting (3.9)."""
    if issue.state is not IssueState.ESCALATED:
        return
    due = issue.step_due_at
    matter_notices.tell(
        context,
        context.world.posts.secretary(),
        issue,
        "issue_arrange_special",
        lambda words: {"due": words.due(due) if due is not None else ""},
        key="arrange",
        at_once=True,
    )


def on_acknowledgement_due(context: Context, timer: Timer) -> None:
    """T-14: every 30 working minutes to the leader until somebody takes note, from the third time to ALT too (L-27)."""
    issue = context.uow.issues.get(timer.ref)
    if issue is None or issue.state is not IssueState.ESCALATED or issue.acknowledged_at is not None:
        return
    kept = context.uow.issues.put(replace(issue, ack_reminders=issue.ack_reminders + 1))
    # after a stop the next one is counted from now: one reminder, not all that were missed (EC-19)
    since = timer.due_at if context.now - timer.due_at < effects.SETTLE_TIME else context.now
    limits.arm_acknowledgement(context, kept, since)
    number = kept.ack_reminders
    told: list[PersonId | None] = [context.world.posts.leader()]
    if number >= ALTERNATE_FROM:
        told += [p.id for p in context.world.directory.holders(Role.ALTERNATE)]
    for person in dict.fromkeys(told):
        matter_notices.tell(
            context,
            person,
            kept,
            "issue_acknowledge_again",
            lambda words: {"since": words.time(kept.gradings[-1].at), "count": number},
            key=f"ack:{len(kept.gradings)}:{number}",
            at_once=True,
            is_owed=True,
        )
        _ring(context, person, kept)


def _ring(context: Context, person: PersonId | None, issue: Issue) -> None:
    """The platform's own alarm rings for the card, where it has one (3.7: phone-style)."""
    found = context.world.directory.person(person) if person is not None else None
    account = effects.account_of(context, found) if found is not None else None
    if account is None or not effects.can(context, account.platform).urgent:
        return
    for post in context.uow.cards.find(card_id=matter_cards.card_id(issue.code, ACKNOWLEDGE), is_live=True):
        if post.target_account == account and post.message is not None:
            urge = Urge(message=post.message, accounts=(account,))
            effects.send(
                context, urge, key=f"issue:{issue.code}:urge:{issue.ack_reminders}:{found.id if found else ''}"
            )


# ---------------------------------------------------------------- meetings


def on_meeting(context: Context, event: MeetingChanged) -> None:
    """A coordination or special meeting about an issue was arranged, held or called off."""
    meeting = event.after
    issue = context.uow.issues.get(meeting.subject) if meeting.kind in ABOUT_ISSUES and meeting.subject else None
    if issue is None:
        return
    was = event.before.state if event.before is not None else None
    if was is None and meeting.state is MeetingState.SCHEDULED:
        _arranged(context, issue, meeting)
    elif was is not meeting.state and meeting.state is MeetingState.ENDED:
        _held(context, issue, meeting)
    elif meeting.state is MeetingState.CANCELLED and issue.meeting == meeting.code:
        _called_off(context, issue)


def _arranged(context: Context, issue: Issue, meeting: Meeting) -> None:
    if not MACHINE.allows(issue.state, IssueAct.ARRANGE_MEETING) or not _fits(issue, meeting):
        return
    leader = meeting.created_by if meeting.created_by == context.world.posts.leader() else None
    after = meeting_arranged(issue, meeting.code, by_leader=leader, now=context.now)
    keeping.save(context, issue, after, act="meeting_arranged")


def _held(context: Context, issue: Issue, meeting: Meeting) -> None:
    if not MACHINE.allows(issue.state, IssueAct.HOLD_MEETING) or not _fits(issue, meeting):
        return
    after = meeting_held(issue, meeting.code, ended_at=meeting.ended_at or context.now)
    kept = keeping.save(context, issue, after, act="meeting_held")
    secretary = context.world.posts.secretary()
    if context.person is None or context.person.id != secretary:
        # whoever ends it reads in the answer what is to be recorded
        matter_notices.tell(context, secretary, kept, "issue_record_now", key=f"record:{meeting.code}", is_owed=True)


def _called_off(context: Context, issue: Issue) -> None:
    if MACHINE.allows(issue.state, IssueAct.ARRANGE_MEETING):
        keeping.save(context, issue, meeting_called_off(issue), act="meeting_called_off")


def _fits(issue: Issue, meeting: Meeting) -> bool:
    wanted = MeetingKind.SPECIAL if issue.grade is Grade.MAJOR else MeetingKind.COORDINATION
    return meeting.kind is wanted


# ---------------------------------------------------------------- solutions


def solve(deed: Deed, issue: Issue) -> Done | str:
    """`解决方案 WT-12` with rows 措施|责任部门|责任人|完成时限; for a major issue whether the plan is adjusted (P-29)."""
    context = deed.context
    grant = require(context, Action.RECORD_SOLUTION, people.relation(context, issue))
    keeping.require_possible(deed, issue, IssueAct.RECORD_SOLUTION)
    reading = step_forms.read(deed, SOLUTION, issue.code, _written(deed))
    _require_owner_and_limit(deed.words, issue, reading)
    lacking = step_forms.lacking(deed, SOLUTION, issue.code, reading)
    if lacking:
        return lacking
    lines = _lines(context, reading)
    word = text_of(reading.content, "plan_change")
    plan_change = word == YES if word else None
    kept = record_solution(context, issue, lines, by=deed.person, plan_change=plan_change, grant=grant, verb=deed.verb)
    due = deed.words.due(kept.due_at) if kept.due_at is not None else ""
    said = [deed.words.say("issue_solution_recorded", what=matter_notices.what(kept), count=len(lines), due=due)]
    if kept.plan_change and kept.item is not None:
        said.append(deed.words.say("issue_plan_revision", item=kept.item))
    return "\n".join(said)


def _written(deed: Deed) -> list[FormField]:
    """Rows without a label in front of them are the solution."""
    fields = list(deed.fields)
    if deed.text:
        first, *rest = deed.text.split("\n")
        fields.insert(0, FormField(SOLUTION.spec("solution").zh, first, tuple(rest)))
    return fields


def _require_owner_and_limit(words: Words, issue: Issue, reading: Reading) -> None:
    """Raises RuleViolation `issue_outcome_incomplete` naming every row that lacks what R-98 wants."""
    lacking: list[str] = []
    for number, row in enumerate(rows_of(reading.content, "solution"), 1):
        _, _, owner, due = _cells(row)
        gone = [key for key, value in (("owner", owner), ("due", due)) if not value]
        if gone:
            named = words.listing(words.say(f"issue_lacks_{key}") for key in gone)
            lacking.append(words.say("issue_lacks_in_row", row=number, what=named))
    if lacking:
        raise RuleViolation("issue_outcome_incomplete", {"code": issue.code, "lacking": "\n".join(lacking)})


def _cells(row: tuple[str, ...]) -> tuple[str, str, str, str]:
    measure, department, owner, due = (*row, "", "", "", "")[:4]
    return measure, department, owner, due


def _lines(context: Context, reading: Reading) -> tuple[Solution, ...]:
    """The rows as lines of a solution; where no department is named it is the owner's."""
    lines: list[Solution] = []
    for row in rows_of(reading.content, "solution"):
        measure, department, owner, due = _cells(row)
        home = department or context.world.posts.department_of(PersonId(owner)) or ""
        due_at = _instant(context, due)
        lines.append(Solution(measure=measure, department=DepartmentId(home), owner=PersonId(owner), due_at=due_at))
    return tuple(lines)


def _instant(context: Context, written: str) -> datetime:
    at = datetime.fromisoformat(written)
    return at if at.tzinfo is not None else at.replace(tzinfo=context.world.calendars.zone)


def record_solution(
    context: Context,
    issue: Issue,
    lines: Sequence[Solution],
    *,
    by: Person,
    plan_change: bool | None = None,
    grant: Grant | None = None,
    verb: str = "solution",
) -> Issue:
    """The solution is recorded and executed from now on: tasks, and for a major issue a revision of the plan (A-07, R-99).

    For the command and for minutes of coordination and special meetings alike; the right to it is the caller's business.
    Raises RuleViolation (see `solved_by`).
    """
    done_at = DoneAt(context.world.company.parameters.issue_important_done_at)
    after = solved_by(issue, lines, plan_change=plan_change, done_at=done_at, now=context.now)
    kept = keeping.save(
        context, issue, keeping.with_handlers_as_readers(context, after), act="solved", grant=grant, verb=verb
    )
    context.announce(
        WorkAssigned(
            source=kept.code,
            tasks=tuple(
                NewTask(title=line.measure, department=line.department, owner=line.owner, due_at=line.due_at)
                for line in lines
            ),
            item=kept.item,
            lead=kept.lead,
            secrecy=kept.secrecy,
            access=kept.access,
        )
    )
    if kept.plan_change and kept.item is not None:
        context.announce(PlanRevisionDemanded(item=kept.item, cause=kept.code, by=by.id, reason=kept.title))
    return context.uow.issues.get(kept.code) or kept


def on_task(context: Context, event: TaskChanged) -> None:
    """A task was made for a line of a solution: the line knows its number. Once it is done its owner is asked for the result."""
    issue = context.uow.issues.get(event.after.source)
    if issue is None or issue.state is not IssueState.EXECUTING:
        return
    if event.before is None:
        context.uow.issues.put(task_made(issue, event.after.code))
    elif event.before.state not in WORK_DONE and event.after.state in WORK_DONE:
        matter_notices.show(context, event.after.owner, issue, HANDLE)
