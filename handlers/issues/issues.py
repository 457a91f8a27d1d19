"""Issues WT (domain.md 3.7): filed (`issue_filing`), graded (`issue_grading`), settled in meetings (`issue_solving`), closed
(`issue_closing`), read (`issue_showing`); how they are kept stands in `issue_keeping`, how they look in `issue_cards`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.happened import DeadlinePassed, ItemChanged, MeetingChanged, PostsChanged, TaskChanged
from bot.domain.ids import CodeKind
from bot.domain.issue import Issue
from bot.domain.issue_form import F2, GRADING, SOLUTION
from bot.domain.timers import TimerKind
from bot.routing import Context
from handlers import levels
from handlers.deeds import Deed, Deeds, Kind
from handlers.forms import step_forms
from handlers.issues import (
    issue_cards,
    issue_closing,
    issue_filing,
    issue_grading,
    issue_keeping,
    issue_showing,
    issue_solving,
)
from handlers.issues import issue_limits as limits
from handlers.issues.issue_solving import record_solution
from handlers.tables import Tables

__all__ = ["record_solution", "register"]


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    tables.deeds.kind(
        Kind(kind=CodeKind.ISSUE, get=issue_keeping.get, step=issue_cards.step, state=issue_cards.state_key)
    )
    tables.commands.on("issue", issue_showing.on_issue)
    tables.commands.on("issue_file", issue_filing.on_file)
    tables.forms.on(F2, load=issue_filing.load, save=issue_filing.save_answer)
    tables.forms.on(GRADING, load=issue_grading.load, save=step_forms.save, submit="grade")
    tables.forms.on(SOLUTION, load=lambda *_: {}, save=step_forms.save, submit="solution")
    _deeds(tables.deeds)
    tables.router.card(CodeKind.ISSUE, issue_cards.make)
    tables.router.timer(TimerKind.MAJOR_ACK, issue_solving.on_acknowledgement_due)
    tables.router.when(MeetingChanged, issue_solving.on_meeting)
    tables.router.when(TaskChanged, issue_solving.on_task)
    tables.router.when(DeadlinePassed, issue_closing.on_passed)
    tables.router.when(PostsChanged, on_posts)
    tables.router.when(ItemChanged, on_item)


def _deeds(deeds: Deeds) -> None:
    kind = CodeKind.ISSUE
    deeds.on("grade", kind, issue_grading.grade)
    deeds.on("raise_level", kind, issue_grading.raise_grade)
    deeds.on("merge", kind, issue_grading.merge)
    deeds.on("not_accept", kind, issue_grading.refuse)
    deeds.on("take_note", kind, issue_solving.take_note)
    deeds.on("solution", kind, issue_solving.solve)
    deeds.on("result", kind, issue_closing.give_result)
    deeds.on("confirm", kind, issue_closing.confirm)
    deeds.on("not_solved", kind, issue_closing.deny)
    deeds.on("close", kind, issue_closing.close)
    deeds.on("reopen", kind, issue_closing.reopen)
    deeds.on("share", kind, issue_closing.share)
    levels.register(deeds, LEVELS)


def _keep_level(deed: Deed, before: Issue, after: Issue, act: str, reason: str) -> Issue:
    return issue_keeping.save(deed.context, before, after, act=act, reason=reason, verb=deed.verb)


#: before it is graded the head of the department that found it counts as its lead (2.5)
LEVELS: levels.Classified[Issue] = levels.Classified(
    kind=CodeKind.ISSUE,
    creator=lambda issue: issue.reporter,
    lead=lambda _, issue: issue.lead or issue.found_by,
    listed=lambda context, issue: issue_keeping.with_handlers_as_readers(
        context, issue_keeping.with_first_readers(context, issue)
    ),
    save=_keep_level,
)


def on_posts(context: Context, _: PostsChanged) -> None:
    """Whoever holds a post now holds what is owed (EC-09, 2.6)."""
    for issue in context.uow.issues.find():
        if issue.is_open:
            limits.settle(context, issue)


def on_item(context: Context, event: ItemChanged) -> None:
    """Issues of an item are at least as confidential as the item (2.5, EC-72)."""
    if event.after.secrecy <= event.before.secrecy:
        return
    for issue in context.uow.issues.find(item=event.after.code):
        if issue.secrecy < event.after.secrecy:
            raised = replace(issue, secrecy=event.after.secrecy)
            listed = issue_keeping.with_handlers_as_readers(context, issue_keeping.with_first_readers(context, raised))
            issue_keeping.save(context, issue, listed, act="level_raised")
