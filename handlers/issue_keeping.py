"""How an issue is kept: its rows, deadlines, trail and readers (domain.md 2.3, 2.5, 3.7; L-20, L-21).

One function saves; everything that follows from the new state follows there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy, level
from bot.domain.directory import Role
from bot.domain.happened import IssueChanged
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import MACHINE, Grade, Issue, IssueAct, IssueState
from bot.domain.issue_grading import with_readers
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant, Refusal, may
from bot.domain.relation import Relation
from bot.domain.roles import actor_of
from bot.domain.timers import Timer, TimerKind
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import deadlines, deeds, effects, matter_cards
from handlers.access import require
from handlers.deadlines import Limit, limit_minutes, limit_workdays, owed
from handlers.deeds import Deed
from handlers.post_holders import is_at_work, secretary_post
from handlers.words import Words, words_for

#: titles are cut to this in sentences
TITLE = 40
MINUTES_AN_HOUR = 60
#: facts of a sentence that depend on who reads it
Facts = Callable[[Words], Mapping[str, object]]


def get(context: Context, code: str) -> Issue | None:
    """The issue of that number."""
    return context.uow.issues.get(code)


def save(
    context: Context,
    before: Issue | None,
    after: Issue,
    *,
    act: str,
    grant: Grant | None = None,
    reason: str = "",
    verb: str = "",
) -> Issue:
    """Keep it, and let deadlines, cards and everybody who cares follow."""
    kept = context.uow.issues.add(after) if before is None else context.uow.issues.put(after)
    deadlines.settle(context, kept.code, list(_owed(context, kept)))
    _watch_acknowledgement(context, kept)
    effects.record(
        context,
        f"issue_{act}",
        kept.code,
        before=before.state.value if before is not None else "",
        after=kept.state.value,
        reason=reason,
        role=grant.column.value if grant is not None else "",
        on_behalf_of=(grant.behalf if grant is not None else None) or "",
        facts={deeds.VERB: verb, deeds.SLOT: ""},
    )
    matter_cards.refresh(context, kept.code)
    context.announce(IssueChanged(before, kept))
    return kept


def require_possible(deed: Deed, issue: Issue, act: IssueAct) -> None:
    """Raises RuleViolation: somebody did just that already, or the state is another one (2.8)."""
    if not MACHINE.allows(issue.state, act):
        raise deeds.too_late(deed.context, issue.code, deed.verb, state=MACHINE.state_key(issue.state), slot=deed.slot)


# ---------------------------------------------------------------- rights


def relation(context: Context, issue: Issue) -> Relation:
    """How the issue stands to people, for acting on it."""
    item = context.uow.items.get(issue.item) if issue.item is not None else None
    return Relation(
        department=issue.found_by,
        lead=issue.lead,
        coop=frozenset(issue.coop),
        owners=frozenset({issue.reporter}),
        members=frozenset(item.members) if item is not None else frozenset(),
        responsible=issue.lead,
        secrecy=issue.secrecy,
        access=frozenset(issue.access),
    )


def sight(context: Context, issue: Issue) -> Relation:
    """The same for reading it: departments that the finder named are involved before it is graded."""
    known = relation(context, issue)
    return replace(known, coop=known.coop | frozenset(issue.departments))


def require_sight(context: Context, issue: Issue) -> Grant:
    """The right to read it. Raises RuleViolation `not_found_or_no_right`: hidden and missing read the same (EC-73)."""
    try:
        return require(context, Action.SEE_ISSUE_LEDGER, sight(context, issue))
    except RuleViolation as refusal:
        raise RuleViolation("not_found_or_no_right") from refusal


def finders(context: Context, issue: Issue) -> frozenset[PersonId]:
    """Who may say that it is solved: the finder, and liaison and head of the department that found it (3.7)."""
    posts = context.world.posts
    head = posts.head_post(issue.found_by)
    return frozenset({issue.reporter, *posts.liaisons(issue.found_by), *([head] if head is not None else [])})


def grader(context: Context, issue: Issue) -> PersonId | None:
    """Who grades it: the secretary, SED or the leader where separation of duties says so (SoD-4, L-20)."""
    posts, directory = context.world.posts, context.world.directory
    known = relation(context, issue)
    deputies = (p.id for p in directory.holders(Role.DEPUTY_SECRETARY))
    for person in (posts.secretary(), *deputies, posts.leader()):
        found = actor_of(person, directory=directory, posts=posts) if person is not None else None
        if found is not None and not isinstance(may(Action.GRADE_ISSUE, found, known), Refusal):
            return found.person
    return posts.secretary()


# ---------------------------------------------------------------- open deadlines


def _owed(context: Context, issue: Issue) -> Iterator[Obligation]:
    match issue.state:
        case IssueState.PENDING_GRADING:
            yield _grading(context, issue)
        case IssueState.NEGOTIATING:
            yield from _handling(context, issue, lead_liaison(context, issue), issue.lead)
        case IssueState.COORDINATING:
            yield from _handling(context, issue, lead_liaison(context, issue), issue.lead)
            if issue.met_at is None:
                yield from _meeting(context, issue, secretary_post(context))
        case IssueState.ESCALATED | IssueState.SPECIAL_MEETING:
            if issue.acknowledged_at is None and issue.state is IssueState.ESCALATED:
                yield _acknowledgement(context, issue)
            if issue.met_at is None:
                yield from _meeting(context, issue, leader_post(context))
            else:
                yield _outcome(context, issue, issue.met_at)
        case IssueState.EXECUTING:
            last = max(issue.solution, key=lambda line: line.due_at, default=None)
            holder = last.owner if last is not None else lead_liaison(context, issue)
            yield from _handling(context, issue, holder, last.department if last is not None else issue.lead)
        case IssueState.RESOLVED:
            yield from _ending(context, issue)
        case IssueState.CLOSED | IssueState.MERGED | IssueState.NOT_ACCEPTED:
            pass


def _one(
    context: Context,
    issue: Issue,
    kind: ObligationKind,
    limit: Limit,
    holder: PersonId | None,
    department: DepartmentId | None,
) -> Obligation:
    return owed(
        context,
        issue.code,
        kind,
        limit,
        title=issue.title,
        holder=holder,
        department=department,
        item=issue.item or "",
        secrecy=issue.secrecy,
        access=issue.access,
        detail=issue.grade.value if issue.grade is not None else "",
        lead=issue.lead,
        coop=issue.coop,
    )


def _grading(context: Context, issue: Issue) -> Obligation:
    holder = secretary_post(context)
    if holder == issue.reporter:
        holder = grader(context, issue)
    department = context.world.posts.department_of(holder) if holder is not None else None
    since = _filed(issue)
    limit = limit_minutes(context, _grading_minutes(context), department=department, since=since)
    if issue.step_due_at is not None:
        limit = replace(limit, due_at=issue.step_due_at)
    return _one(context, issue, ObligationKind.GRADING, limit, holder, department)


def _grading_minutes(context: Context) -> int:
    return context.world.company.parameters.issue_grade_hours * MINUTES_AN_HOUR


def _filed(issue: Issue) -> datetime:
    return issue.clock_from or issue.filed_at


def grading_limit(context: Context, since: datetime) -> datetime:
    """T-11: four working hours in the secretary's calendar."""
    secretary = secretary_post(context)
    department = context.world.posts.department_of(secretary) if secretary is not None else None
    return limit_minutes(context, _grading_minutes(context), department=department, since=since).due_at


def handling_days(context: Context, issue: Issue) -> int:
    """T-12 or T-13 in working days. A major issue that comes back has as long as an important one."""
    parameters = context.world.company.parameters
    return parameters.issue_general_wd if issue.grade is Grade.GENERAL else parameters.issue_important_wd


def _handling(
    context: Context, issue: Issue, holder: PersonId | None, department: DepartmentId | None
) -> Iterator[Obligation]:
    if issue.due_at is None:
        return
    days = handling_days(context, issue) if issue.clock_from is not None else 0
    limit = Limit(due_at=issue.due_at, counted_from=issue.clock_from, workdays=days)
    yield _one(context, issue, ObligationKind.ISSUE, limit, holder, department)


def _meeting(context: Context, issue: Issue, holder: PersonId | None) -> Iterator[Obligation]:
    if issue.step_due_at is None:
        return
    parameters = context.world.company.parameters
    is_major = issue.grade is Grade.MAJOR
    days = parameters.issue_special_wd if is_major else parameters.issue_coord_wd
    limit = Limit(due_at=issue.step_due_at, counted_from=issue.gradings[-1].at, workdays=days)
    department = context.world.posts.department_of(holder) if holder is not None else None
    yield _one(context, issue, ObligationKind.MEETING, limit, holder, department)


def _acknowledgement(context: Context, issue: Issue) -> Obligation:
    leader = leader_post(context)
    department = context.world.posts.department_of(leader) if leader is not None else None
    minutes = context.world.company.parameters.issue_major_ack_minutes
    limit = limit_minutes(context, minutes, department=department, since=issue.gradings[-1].at)
    return _one(context, issue, ObligationKind.ACKNOWLEDGE, limit, leader, department)


def _outcome(context: Context, issue: Issue, met_at: datetime) -> Obligation:
    """The meeting was held; its outcome has to be recorded (T-17), or the issue would hang with nobody."""
    holder = secretary_post(context)
    limit = limit_workdays(context, context.world.company.parameters.timers_record_wd, since=met_at)
    department = context.world.posts.department_of(holder) if holder is not None else None
    return _one(context, issue, ObligationKind.ISSUE, limit, holder, department)


def _ending(context: Context, issue: Issue) -> Iterator[Obligation]:
    if issue.resolved_at is None:
        return
    confirm_by = confirmation_limit(context, issue.resolved_at)
    if not issue.is_confirmed:
        limit = Limit(due_at=confirm_by, counted_from=issue.resolved_at, workdays=_confirm_days(context))
        yield _one(context, issue, ObligationKind.CONFIRM_RESULT, limit, issue.reporter, issue.found_by)
        if context.now < confirm_by:
            return
    holder = leader_post(context) if issue.grade is Grade.MAJOR else secretary_post(context)
    since = issue.confirmed_at or confirm_by
    department = context.world.posts.department_of(holder) if holder is not None else None
    limit = limit_workdays(context, _confirm_days(context), since=since)
    yield _one(context, issue, ObligationKind.CLOSE_ISSUE, limit, holder, department)


def _confirm_days(context: Context) -> int:
    return context.world.company.parameters.issue_confirm_wd


def confirmation_limit(context: Context, resolved_at: datetime) -> datetime:
    """T-12c."""
    return limit_workdays(context, _confirm_days(context), since=resolved_at).due_at


def settle(context: Context, issue: Issue) -> None:
    """Its deadlines as they are now, where only time has passed."""
    deadlines.settle(context, issue.code, list(_owed(context, issue)))


# ---------------------------------------------------------------- T-14


def _watch_acknowledgement(context: Context, issue: Issue) -> None:
    is_waiting = issue.state is IssueState.ESCALATED and issue.acknowledged_at is None
    if not is_waiting:
        context.uow.timers.cancel(TimerKind.MAJOR_ACK, issue.code)
    elif issue.ack_reminders == 0:
        arm_acknowledgement(context, issue, issue.gradings[-1].at)


def arm_acknowledgement(context: Context, issue: Issue, since: datetime) -> None:
    """The next look at whether the leader has taken note, 30 working minutes on (T-14, L-27)."""
    leader = leader_post(context)
    department = context.world.posts.department_of(leader) if leader is not None else None
    minutes = context.world.company.parameters.issue_major_ack_minutes
    limit = limit_minutes(context, minutes, department=department, since=since)
    context.uow.timers.arm(Timer(kind=TimerKind.MAJOR_ACK, ref=issue.code, due_at=limit.due_at))


# ---------------------------------------------------------------- people


def leader_post(context: Context) -> PersonId | None:
    """Who holds the post of leader, present or not; who acts where it is vacant."""
    return context.world.posts.leader_post() or context.world.posts.leader()


def lead_liaison(context: Context, issue: Issue) -> PersonId | None:
    """Who answers for the lead department."""
    return liaison_of(context, issue.lead) if issue.lead is not None else secretary_post(context)


def liaison_of(context: Context, department: DepartmentId) -> PersonId | None:
    """The liaison's post, that of the head where there is none, at last the secretary."""
    posts = context.world.posts
    named = next(iter((*posts.liaisons(department), *posts.backups(department))), None)
    return named or posts.head_post(department) or secretary_post(context)


def acting_liaisons(context: Context, issue: Issue) -> tuple[PersonId, ...]:
    """Who answers for lead and cooperating departments now; of a confidential issue the liaisons that are on its list."""
    if level(issue.secrecy) is Secrecy.CONFIDENTIAL:
        found = (liaison_of(context, d) for d in issue.handlers)
    else:
        found = (context.world.posts.recipient(d) for d in issue.handlers)
    return tuple(dict.fromkeys(p for p in found if p is not None))


def acting_heads(context: Context, issue: Issue) -> tuple[PersonId, ...]:
    """The acting heads of lead and cooperating departments."""
    standings = (context.world.posts.head_of(d) for d in issue.handlers)
    return tuple(dict.fromkeys(s.acting for s in standings if s is not None))


def with_first_readers(context: Context, issue: Issue) -> Issue:
    """Of a confidential issue only finder, secretary and leader know before it is graded (L-21)."""
    if level(issue.secrecy) is not Secrecy.CONFIDENTIAL:
        return issue
    posts = context.world.posts
    return with_readers(
        issue, (issue.reporter, secretary_post(context), posts.secretary(), leader_post(context), posts.leader())
    )


def with_handlers_as_readers(context: Context, issue: Issue) -> Issue:
    """Graded: heads and liaisons of the departments that handle it, and owners of its solution, know of it too (2.5)."""
    if level(issue.secrecy) is not Secrecy.CONFIDENTIAL:
        return issue
    posts = context.world.posts
    people: list[PersonId | None] = [posts.head_post(d) for d in issue.handlers]
    people += [liaison_of(context, d) for d in issue.handlers]
    people += [line.owner for line in issue.solution]
    return with_readers(issue, people)


# ---------------------------------------------------------------- telling people


def may_be_told(context: Context, issue: Issue, person: PersonId) -> bool:
    """Confidential issues are spoken of only to people on their list, and to whoever acts as leader (2.3, L-21)."""
    if level(issue.secrecy) is not Secrecy.CONFIDENTIAL:
        return True
    return person in issue.access or person == context.world.posts.leader()


def what(issue: Issue) -> str:
    """The issue in a sentence: number and title, of a sensitive one the number only (EC-74)."""
    return f"{issue.code}《{inert(issue.title, limit=TITLE)}》" if not issue.secrecy else str(issue.code)


def _nothing(_: Words) -> Mapping[str, object]:
    return {}


def tell(
    context: Context,
    person: PersonId | None,
    issue: Issue,
    sentence: str,
    facts: Facts = _nothing,
    *,
    key: str,
    at_once: bool = False,
    is_owed: bool = False,
) -> bool:
    """A direct message about the issue; it begins with the number where the rest is nobody's business (EC-74)."""
    found = context.world.directory.person(person) if person is not None else None
    if found is None or not may_be_told(context, issue, found.id):
        return False
    words = words_for(context, found)
    text = words.say(sentence, code=issue.code, what=what(issue), **facts(words))
    if issue.secrecy:
        text = f"{issue.code}\n{text}"
    return effects.tell(
        context,
        found,
        effects.text(text),
        key=f"issue:{issue.code}:{key}:{found.id}",
        ref=issue.code,
        at_once=at_once,
        is_owed=is_owed,
    )


def show(context: Context, person: PersonId | None, issue: Issue, purpose: str, *, at_once: bool = False) -> bool:
    """The issue's card for a purpose to somebody who may know of it."""
    found = context.world.directory.person(person) if person is not None else None
    if found is None or not may_be_told(context, issue, found.id):
        return False
    return matter_cards.show_to(context, found, issue.code, purpose, at_once=at_once or is_at_work(context))
