"""`/问题 WT-12` and `/问题 列表`: what may be read by whom and where (P-54; 2.5; EC-70, EC-71, EC-73)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy, level, may_read
from bot.domain.form import text_of
from bot.domain.ids import CodeKind
from bot.domain.issue import MACHINE, Issue, IssueState
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_notices
from handlers.access import actor, allows
from handlers.calls import Call
from handlers.issues import issue_keeping as keeping
from handlers.issues import issue_people as people
from handlers.lookups import find
from handlers.texts import Named
from handlers.words import Words

#: what does not fit on a phone screen is counted
MOST = 10
LONG = 300
#: lines in a group
IN_GROUP = 6


def on_issue(call: Call) -> None:
    """One issue by its number; without one those that are open and may be seen."""
    if not call.command.codes:
        _list(call)
        return
    ref = call.command.codes[0]
    issue = find(call.context, ref, CodeKind.ISSUE, call.context.uow.issues.get)
    if issue is None:
        raise RuleViolation("not_found_or_no_right")
    keeping.require_sight(call.context, issue)
    is_confidential = level(issue.secrecy) is Secrecy.CONFIDENTIAL
    if is_confidential and not call.is_private:
        raise RuleViolation("not_found_or_no_right")
    words = call.words
    who = actor(call.context)
    is_readable = who is not None and may_read(who, people.sight(call.context, issue))
    head = _head(issue, words, is_open=is_readable and (call.is_private or not issue.secrecy))
    if not is_readable:
        call.answer(head)
        return
    lines = [head, *_facts(call.context, issue, words)]
    if _is_concerned(call.context, issue):
        lines += _details(issue, words)
    if call.is_private:
        text = "\n".join(lines)
        call.answer(effects.discreet(issue.code, text) if issue.secrecy else text)
    elif issue.secrecy:
        call.answer(head)
    else:
        call.answer("\n".join(lines[:IN_GROUP]))


def _is_concerned(context: Context, issue: Issue) -> bool:
    """More than the summary that every employee of the department that found it reads (P-54)?"""
    stands = people.sight(context, issue)
    involved = replace(stands, department=None, coop=stands.coop | {issue.found_by})
    return allows(context, Action.SEE_ISSUE_LEDGER, involved)


def _head(issue: Issue, words: Words, *, is_open: bool) -> str:
    title = Named("", inert(issue.title, limit=matter_notices.TITLE)) if is_open else ""
    return words.say("issue_head", code=issue.code, title=title, state=words.say(MACHINE.state_key(issue.state)))


def _facts(context: Context, issue: Issue, words: Words) -> Iterator[str]:
    """What everybody reads who may see it at all."""
    gap = context.world.company.parameters.issue_report_gap_warn_wd
    flag = words.say("issue_gap_flag", days=issue.gap_days) if issue.gap_days > gap else ""
    yield words.say(
        "issue_found",
        name=words.name(issue.reporter),
        department=words.department(issue.found_by),
        time=words.time(issue.filed_at),
        flag=flag,
    )
    if issue.item is not None:
        yield words.say("issue_item", code=issue.item)
    if issue.grade is not None and issue.lead is not None:
        yield words.say(
            "issue_grade",
            grade=words.say(f"issue_grade_{issue.grade.name.lower()}"),
            lead=words.department(issue.lead),
            coop=words.listing(words.department(d) for d in issue.coop) or words.say("issue_none"),
        )
    if issue.is_open and issue.due_at is not None:
        yield words.say("issue_due", due=words.due(issue.due_at))
    if issue.is_open and issue.step_due_at is not None:
        is_new = issue.state is IssueState.PENDING_GRADING
        yield words.say("issue_due_grading" if is_new else "issue_due_meeting", due=words.due(issue.step_due_at))
    if issue.merged_into is not None:
        yield words.say("issue_merged_line", target=issue.merged_into)


def _details(issue: Issue, words: Words) -> Iterator[str]:
    """What those read who are involved."""
    yield words.say(
        "issue_description",
        text=inert(text_of(issue.content, "description"), limit=LONG),
        impact=words.option(issue.impact) or words.say("issue_none"),
        severity=words.option(issue.severity) or words.say("issue_none"),
    )
    for grading in issue.gradings:
        yield words.say(
            "issue_grading_line",
            time=words.time(grading.at),
            grade=words.say(f"issue_grade_{grading.grade.name.lower()}"),
            reason=inert(grading.reason, limit=LONG),
            due=words.time(grading.due_at) if grading.due_at is not None else words.say("issue_none"),
        )
    for line in issue.solution:
        yield words.say(
            "issue_solution_line",
            measure=inert(line.measure, limit=100),
            department=words.department(line.department),
            name=words.name(line.owner),
            due=words.due(line.due_at),
            task=line.task or "",
        )
    if issue.result:
        yield words.say("issue_result_line", text=inert(issue.result, limit=LONG), name=words.name(issue.resolved_by))
    if issue.confirmed_at is not None:
        yield words.say(
            "issue_confirmed_line", name=words.name(issue.confirmed_by), time=words.time(issue.confirmed_at)
        )
    if issue.closed_at is not None:
        yield words.say("issue_closed_line", name=words.name(issue.closed_by), time=words.time(issue.closed_at))
    if issue.reopened:
        yield words.say("issue_reopened_line", count=issue.reopened)
    if issue.reason:
        yield words.say("issue_reason_line", reason=inert(issue.reason, limit=LONG))


# ---------------------------------------------------------------- the list


def _list(call: Call) -> None:
    """Open issues that the person may see; of confidential ones nothing but how many there are (EC-71)."""
    context, words = call.context, call.words
    seen = [i for i in context.uow.issues.find() if i.is_open and _may_see(context, i)]
    if not seen:
        call.answer_privately(words.say("issue_list_none"))
        return
    named = [i for i in seen if level(i.secrecy) is not Secrecy.CONFIDENTIAL]
    lines = [words.say("issue_list_head", count=len(named))]
    lines += [_line(i, words) for i in named[:MOST]]
    if len(named) > MOST:
        lines.append(words.say("issue_list_more", count=len(named)))
    if len(seen) > len(named):
        lines.append(words.say("issue_list_confidential", count=len(seen) - len(named)))
    call.answer_privately("\n".join(lines))


def _may_see(context: Context, issue: Issue) -> bool:
    return allows(context, Action.SEE_ISSUE_LEDGER, people.sight(context, issue))


def _line(issue: Issue, words: Words) -> str:
    due_at = issue.due_at or issue.step_due_at
    return words.say(
        "issue_list_line",
        what=matter_notices.what(issue),
        state=words.say(MACHINE.state_key(issue.state)),
        due=words.due(due_at) if due_at is not None else words.say("issue_none"),
    )
