"""Results, the finder's word, and the end of an issue (R-95, R-101; T-12, T-12c; P-28, P-31..P-33; 2.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy, level
from bot.domain.digest import Happening
from bot.domain.group import GroupPurpose, GroupState
from bot.domain.happened import DeadlinePassed
from bot.domain.ids import ChatKey, CodeKind, DepartmentId, PersonId
from bot.domain.issue import MACHINE, Grade, Issue, IssueAct, IssueState
from bot.domain.issue_handling import closed, confirmed, not_solved, owners, reopened, result_given, sides_missing
from bot.domain.obligation import ObligationKind
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import happenings, matter_cards, matter_notices
from handlers.access import allows, require
from handlers.deadlines.deadlines import limit_workdays
from handlers.deeds import Deed, Done, too_late
from handlers.issues import issue_filing, raise_offers
from handlers.issues import issue_keeping as keeping
from handlers.issues import issue_limits as limits
from handlers.issues import issue_people as people
from handlers.words import Words
from handlers.written import behind_code

CONFIRM, CLOSE, RAISE, GROUP = "confirm", "close", "raise", "group"
#: the input of a card in which a result is typed
RESULT = "result"
LONGEST_RESULT = 2000
#: a finder may open a closed issue again for so many working days (3.7)
REOPEN_WORKDAYS = 5
_LIVING = frozenset({GroupState.CHECKING, GroupState.COMPLIANT, GroupState.NONCOMPLIANT})


# ---------------------------------------------------------------- results


def give_result(deed: Deed, issue: Issue) -> Done | str:
    """`结果 WT-12 文字`: at least ten characters; a result by consultation names both sides (P-28, R-95)."""
    context = deed.context
    grant = _require_handler(deed, issue)
    keeping.require_possible(deed, issue, IssueAct.GIVE_RESULT)
    text = inert(behind_code(deed, RESULT), limit=LONGEST_RESULT)
    after = result_given(issue, text, by=deed.person.id, now=context.now)
    if issue.state is IssueState.NEGOTIATING:
        _require_both_sides(context, deed.words, issue, text)
    kept = keeping.save(context, issue, after, act="result_given", grant=grant, verb=deed.verb)
    finder = people.finder(context, kept)
    matter_notices.show(context, finder, kept, CONFIRM)
    limit = limits.confirmation_limit(context, context.now)
    return deed.words.say(
        "issue_result_taken" if kept.in_time else "issue_result_taken_late",
        what=matter_notices.what(kept),
        finder=deed.words.name(finder),
        due=deed.words.time(limit),
    )


def _require_handler(deed: Deed, issue: Issue) -> Grant:
    """Head and liaison of the departments that handle it; once there is a solution, of those that own it, or the owner."""
    known = people.relation(deed.context, issue)
    mine = owners(issue)
    if issue.solution and any(line.owner == deed.person.id for line in issue.solution):
        return require(deed.context, Action.REPORT_TASK, replace(known, assigned=frozenset({deed.person.id})))
    lead = mine[0] if mine else None
    return require(deed.context, Action.GIVE_RESULT, replace(known, lead=lead, coop=frozenset(mine[1:])))


def _require_both_sides(context: Context, words: Words, issue: Issue, text: str) -> None:
    missing = sides_missing(issue, departments_named(context, text))
    if missing:
        names = words.listing(words.department(d) for d in missing)
        raise RuleViolation("issue_sides_missing", {"departments": names})


def departments_named(context: Context, text: str) -> frozenset[DepartmentId]:
    """Departments that are named in a text, by themselves or by one of their people."""
    directory = context.world.directory
    by_name = {
        d.id for d in directory.departments if d.is_active and any(name and name in text for name in (d.name, d.short))
    }
    return frozenset(by_name | {p.department for p in directory.people if p.is_active and p.name in text})


# ---------------------------------------------------------------- the finder's word


def confirm(deed: Deed, issue: Issue) -> Done | str:
    """The finder says that it is solved; the secretary closes it, a major one the leader (P-31)."""
    context = deed.context
    grant = require(context, Action.CONFIRM_RESULT, _finders(context, issue))
    keeping.require_possible(deed, issue, IssueAct.CONFIRM)
    if issue.is_confirmed:
        raise too_late(context, issue.code, deed.verb, state=MACHINE.state_key(issue.state), slot=deed.slot)
    after = confirmed(issue, by=deed.person.id, now=context.now)
    kept = keeping.save(context, issue, after, act="confirmed", grant=grant, verb=deed.verb)
    closer = _closer(context, kept)
    matter_notices.show(context, closer, kept, CLOSE)
    return deed.words.say("issue_confirmed", what=matter_notices.what(kept), name=deed.words.name(closer))


def _finders(context: Context, issue: Issue) -> Relation:
    return replace(people.relation(context, issue), owners=people.finders(context, issue))


def _closer(context: Context, issue: Issue) -> PersonId | None:
    posts = context.world.posts
    return posts.leader() if issue.grade is Grade.MAJOR else posts.secretary()


def deny(deed: Deed, issue: Issue) -> Done | str:
    """The finder says that it is not solved: back to whoever handles it, with a new limit."""
    context = deed.context
    grant = require(context, Action.CONFIRM_RESULT, _finders(context, issue))
    keeping.require_possible(deed, issue, IssueAct.NOT_SOLVED)
    reason = deed.reason()
    due_at = _new_limit(context, issue)
    after = not_solved(issue, reason=reason, due_at=due_at, now=context.now)
    kept = keeping.save(context, issue, after, act="not_solved", grant=grant, reason=reason, verb=deed.verb)
    _tell_back(context, kept, reason)
    return deed.words.say("issue_back", what=matter_notices.what(kept), due=deed.words.due(due_at))


def _new_limit(context: Context, issue: Issue) -> datetime:
    return limit_workdays(context, limits.handling_days(context, issue)).due_at


def _tell_back(context: Context, issue: Issue, reason: str) -> None:
    due = issue.due_at

    def facts(words: Words) -> dict[str, object]:
        return {"reason": reason, "due": words.due(due) if due is not None else "", "count": issue.reopened}

    told = [line.owner for line in issue.solution] or list(people.acting_liaisons(context, issue))
    for person in dict.fromkeys(told):
        matter_notices.tell(
            context, person, issue, "issue_back_told", facts, key=f"back:{issue.reopened}", is_owed=True
        )


# ---------------------------------------------------------------- the end


def close(deed: Deed, issue: Issue) -> Done | str:
    """`闭环 WT-12`, once the finder has confirmed; after T-12c without it, with a reason (P-32, P-33)."""
    context = deed.context
    action = Action.CLOSE_MAJOR if issue.grade is Grade.MAJOR else Action.CLOSE_ISSUE
    grant = require(context, action, people.relation(context, issue))
    keeping.require_possible(deed, issue, IssueAct.CLOSE)
    confirm_by = limits.confirmation_limit(context, issue.resolved_at) if issue.resolved_at is not None else None
    is_early = not issue.is_confirmed and (confirm_by is None or context.now < confirm_by)
    reason = deed.optional_reason() if issue.is_confirmed or is_early else deed.reason()
    after = closed(issue, by=deed.person.id, now=context.now, confirm_by=confirm_by, reason=reason)
    kept = keeping.save(context, issue, after, act="closed", grant=grant, reason=reason, verb=deed.verb)
    happenings.note(
        context,
        kept,
        Happening.ISSUE_CLOSED,
        {"grade": kept.grade.value if kept.grade is not None else ""},
        mark=str(kept.results),
    )
    _tell_closed(context, kept)
    return deed.words.say("issue_closed" if kept.in_time else "issue_closed_late", what=matter_notices.what(kept))


def _tell_closed(context: Context, issue: Issue) -> None:
    """Whoever saw it reads what came of it (R-101); without his or her word the finder reads how to open it again."""
    sentence = "issue_closed_unconfirmed_told" if issue.is_unconfirmed else "issue_closed_told"
    result = issue.result if not issue.secrecy else ""

    def facts(_: Words) -> dict[str, object]:
        return {"result": inert(result, limit=200), "reason": issue.reason, "days": REOPEN_WORKDAYS}

    matter_notices.tell(context, issue.reporter, issue, sentence, facts, key=f"closed:{issue.results}")
    for person in people.acting_liaisons(context, issue):
        if person not in {issue.reporter, issue.closed_by}:
            matter_notices.tell(context, person, issue, "issue_closed_told", facts, key=f"closed:{issue.results}")


def reopen(deed: Deed, issue: Issue) -> Done | str:
    """`重开 WT-12 原因`: the finder within five working days, or the secretary. One that was not accepted is filed again."""
    context = deed.context
    if issue.state is IssueState.NOT_ACCEPTED:
        return issue_filing.refile(deed, issue)
    known = people.relation(context, issue)
    is_secretary = allows(context, Action.CLOSE_ISSUE, known)
    grant = require(context, Action.CLOSE_ISSUE, known) if is_secretary else _require_finder(context, issue)
    keeping.require_possible(deed, issue, IssueAct.REOPEN)
    reason = deed.reason()
    until = None
    if not is_secretary and issue.closed_at is not None:
        until = limit_workdays(context, REOPEN_WORKDAYS, since=issue.closed_at).due_at
    due_at = _new_limit(context, issue)
    after = reopened(issue, reason=reason, due_at=due_at, until=until, now=context.now)
    kept = keeping.save(context, issue, after, act="reopened", grant=grant, reason=reason, verb=deed.verb)
    _tell_back(context, kept, reason)
    return deed.words.say("issue_back", what=matter_notices.what(kept), due=deed.words.due(due_at))


def _require_finder(context: Context, issue: Issue) -> Grant:
    return require(context, Action.CONFIRM_RESULT, people.relation(context, issue))


# ---------------------------------------------------------------- limits that passed


def on_passed(context: Context, event: DeadlinePassed) -> None:
    """T-12 and T-13: the secretary may raise the grade. T-12c: the secretary may close it with a reason."""
    one = event.obligation
    issue = context.uow.issues.get(one.code) if one.code.startswith(f"{CodeKind.ISSUE}-") else None
    if issue is None:
        return
    match one.kind:
        case ObligationKind.ISSUE if raise_offers.is_on_card(context, one):
            matter_notices.show(context, context.world.posts.secretary(), issue, RAISE)
        case ObligationKind.CONFIRM_RESULT:
            limits.settle(context, issue)
            matter_notices.show(context, _closer(context, issue), issue, CLOSE)
        case _:
            pass
    matter_cards.refresh(context, issue.code)


# ---------------------------------------------------------------- sharing


def share(deed: Deed, issue: Issue) -> Done | str:
    """`发送到群 WT-12`: into the group of its item; of a confidential issue never (2.5, week step 66)."""
    context = deed.context
    keeping.require_sight(context, issue)
    if level(issue.secrecy) is Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_refused")
    chat = _group(context, issue)
    if chat is None:
        raise RuleViolation("issue_no_group", {"code": issue.code})
    matter_cards.show_in(context, chat, issue.code, GROUP)
    return deed.words.say("issue_shared", what=matter_notices.what(issue))


def _group(context: Context, issue: Issue) -> ChatKey | None:
    if issue.item is None:
        return None
    groups = context.uow.groups.find(item=issue.item)
    living = (g for g in groups if g.purpose is GroupPurpose.DEDICATED and g.state in _LIVING)
    return next((g.chat for g in living if g.chat is not None), None)
