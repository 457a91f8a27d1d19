"""Candidates of a month are drafted from its frozen scores; people decide what becomes of them (domain.md 6.5, 3.16; L-33)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import candidate
from bot.domain.appreciation import Kudos
from bot.domain.candidate import Candidate, Overdue, Shirking
from bot.domain.directory import Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.issue import Grade
from bot.domain.obligation import ObligationKind
from bot.domain.progress_report import ReportState
from bot.domain.proposal import Proposal, ProposalState, repeats
from bot.domain.scorecard import Entry, Scorecard
from bot.domain.scorecard_entries import replies
from bot.domain.task import Task, TaskState
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.scores import proposal_keeping, scorecard_keeping
from handlers.scores.proposal_cards import REVIEW
from handlers.scores.scorecard_data import Found, card_of
from handlers.service import outages

_INSTANT = timedelta(microseconds=1)


def draft(context: Context, month: str, cards: Sequence[Scorecard]) -> None:
    """Draft what the rules find, once; the secretary looks at every one of them."""
    found = scorecard_keeping.found_of(context, month)
    breaks = outages.between(context, found.period.start, context.now)
    if breaks:
        # what nobody could know of at the time is no ground for anything (6.5)
        found = _without(found, breaks)
        cards = [card_of(context, found, card.department) for card in cards]
    known = context.uow.proposals.find(item=month)
    for one in _found(context, found, cards):
        if any((p.ground, p.person, p.department) == (one.ground, one.person, one.department) for p in known):
            continue
        proposal = _proposal(context, month, one)
        if repeats(proposal, known) is not None:
            continue
        proposal = proposal_keeping.save(context, None, proposal, act="drafted")
        known.append(proposal)
        secretary = effects.secretary(context)
        if secretary is not None:
            matter_cards.show_to(context, secretary, proposal.code, REVIEW)


def _without(found: Found, breaks: tuple[outages.Outage, ...]) -> Found:
    """The month without questions that ran, tasks and reports that fell due, and weeks that ended during an outage."""

    def is_clear(at: datetime) -> bool:
        return not outages.touches(breaks, at, at + _INSTANT)

    return replace(
        found,
        clocks=[c for c in found.clocks if not outages.touches(breaks, c.started_at, c.verdict_at or c.due_at)],
        tasks=[t for t in found.tasks if is_clear(t.due_at)],
        reports=[r for r in found.reports if is_clear(r.due_at)],
    )


def _proposal(context: Context, month: str, one: Candidate) -> Proposal:
    return Proposal(
        code=proposal_keeping.next_code(context, month),
        month=month,
        is_award=one.is_award,
        department=one.department,
        person=one.person,
        state=ProposalState.CANDIDATE,
        created_at=context.now,
        ground=one.ground,
        facts=one.facts,
        since=context.now,
        due_at=proposal_keeping.confirm_due(context),
    )


# ---------------------------------------------------------------- what the rules find


def _found(context: Context, found: Found, cards: Sequence[Scorecard]) -> Iterator[Candidate]:
    overdue = list(_overdue(context, found))
    yield from candidate.department_awards(cards, with_overdue_major=_overdue_major(context, found))
    yield from candidate.kudos_awards(_kudos(context, found), found.month)
    yield from candidate.reply_awards(_liaison_clocks(context, found), found.month)
    yield from candidate.overdue_departments(overdue)
    yield from candidate.slow_departments(cards)
    yield from candidate.silent_departments(_missing_reports(found))
    yield from candidate.shirking(_shirking(context, found))
    yield from candidate.overdue_people(overdue)


def _kudos(context: Context, found: Found) -> list[Kudos]:
    return context.uow.kudos.between("at", found.period.start, found.period.end)


def _liaison_clocks(context: Context, found: Found) -> dict[tuple[PersonId, DepartmentId], Sequence[Entry]]:
    people = context.world.directory.holders(Role.LIAISON)
    return {
        (p.id, p.department): [e for e in replies(found.clocks, found.period, person=p.id) if e.secrecy < 2]
        for p in people
    }


def _overdue_major(context: Context, found: Found) -> frozenset[DepartmentId]:
    """Departments that handle a major issue past its limit."""
    return frozenset(
        department
        for issue in found.issues
        if issue.grade is Grade.MAJOR and issue.is_open and issue.due_at is not None and issue.due_at < context.now
        for department in issue.handlers
    )


def _overdue(context: Context, found: Found) -> Iterator[Overdue]:
    """Tasks due in the month that were done late or are open, without a granted extension."""
    for task in found.tasks:
        is_out = task.state is TaskState.CANCELLED or task.frozen_at is not None or task.code in found.period.corrected
        if is_out or any(e.granted_at is not None for e in task.extensions):
            continue
        until = task.done_at or context.now
        if until <= task.due_at:
            continue
        workdays = found.period.workdays(found.period.day(task.due_at), found.period.day(until))
        yield Overdue(
            code=task.code,
            department=task.department,
            owner=task.owner,
            workdays=workdays,
            secrecy=task.secrecy,
            was_reminded=task.done_at is None and _was_reminded(context, task),
            was_away=_was_away(context, task),
        )


def _was_reminded(context: Context, task: Task) -> bool:
    """The head is reminded when it passes and every working day after; after ten days there were more than two."""
    open_ones = context.uow.obligations.find(code=task.code, kind=ObligationKind.TASK.value)
    return any(one.reminded_at is not None for one in open_ones)


def _was_away(context: Context, task: Task) -> bool:
    return any(leave.covers(task.due_at) for leave in context.uow.leaves.find(person=task.owner))


def _missing_reports(found: Found) -> dict[DepartmentId, list[str]]:
    missing: dict[DepartmentId, list[str]] = {}
    for report in found.reports:
        if report.state is ReportState.MISSING and report.secrecy < 2 and report.code not in found.period.corrected:
            missing.setdefault(report.lead, []).append(report.code)
    return missing


def _shirking(context: Context, found: Found) -> Iterable[Shirking]:
    for conflict in context.uow.conflicts.find():
        if not conflict.shirking or not found.period.has(conflict.concluded_at):
            continue
        for name in conflict.shirking:
            person = context.world.directory.person(PersonId(name))
            department = person.department if person is not None else DepartmentId(name)
            yield Shirking(
                code=conflict.code,
                department=department,
                person=person.id if person is not None else None,
                secrecy=conflict.secrecy,
            )
