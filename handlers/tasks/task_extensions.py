"""A later date for a task: asked for by its owner, granted or refused by the lead (domain.md 3.4; P-15, P-16)."""

from __future__ import annotations

from datetime import datetime

from bot.domain import task_extension, task_work
from bot.domain.action import Action
from bot.domain.item import Item
from bot.domain.permissions import Grant
from bot.domain.task import OPEN, Task, TaskAct, TaskState
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import matter_cards, matter_notices
from handlers.deeds import SHORTEST_REASON, Deed, too_late, visible_length
from handlers.post_holders import acting, head_post, is_at_work
from handlers.tasks import task_cards
from handlers.tasks.task_confirming import on_confirm, on_send_back
from handlers.tasks.task_keeping import extension_days, granter_post, item_of
from handlers.tasks.task_owners import on_accept
from handlers.tasks.task_steps import keep, require_open, require_right, tell_owner


def on_extend(deed: Deed, task: Task) -> str:
    """`延期 RW-31 9-20 原因`: asked before the date, inside the plan."""
    grant = require_right(deed, Action.ASK_EXTENSION, task)
    require_open(deed, task, TaskAct.ASK_EXTENSION)
    if not deed.moments:
        raise RuleViolation("extension_needs_date", {"code": task.code})
    context = deed.context
    after = task_extension.asked(
        task,
        due_at=deed.moments[0].at,
        reason=_extension_reason(deed),
        by=deed.person.id,
        at=deed.at,
        latest=_latest(context, item_of(context, task)),
    )
    after = keep(deed, task, after, TaskAct.ASK_EXTENSION, grant, reason=_extension_reason(deed))
    post = granter_post(context, after)
    person = acting(context, post, after.lead)
    if person is not None:
        matter_cards.show_to(context, person, after.code, task_cards.EXTENSION, at_once=is_at_work(context))
    until = deed.words.deadline(deed.moments[0].at)
    return deed.words.say(
        "extension_asked",
        what=matter_notices.what(after),
        until=until,
        name=deed.words.name(person.id if person is not None else post),
    )


def _extension_reason(deed: Deed) -> str:
    given = deed.given("原因") or (deed.command.rest if deed.command is not None else deed.text)
    reason = inert(" ".join(given.split()), limit=task_work.LONGEST_NOTE)
    if visible_length(reason) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    return reason


def _latest(context: Context, item: Item | None) -> datetime | None:
    return context.world.calendars.end_of_day(item.end_on) if item is not None and item.end_on is not None else None


def on_approve(deed: Deed, task: Task) -> str:
    """Grants the later date; without one, agrees to what the card asked for."""
    if task.asked is None:
        if task.state is TaskState.DONE_PENDING:
            return on_confirm(deed, task)
        if task.is_offered:
            return on_accept(deed, task)
    grant = _require_granter(deed, task)
    if task.asked is None or task.state not in OPEN:
        raise too_late(deed.context, task.code, deed.verb, state=task_cards.state_key(task))
    after = task_extension.granted(task, by=deed.person.id, now=deed.context.now)
    facts = {"due_before": task.due_at.isoformat(), "due_after": after.due_at.isoformat()}
    after = keep(deed, task, after, TaskAct.GRANT_EXTENSION, grant, facts=facts)
    tell_owner(deed, after, "extension_granted_told", until=deed.words.deadline(after.due_at))
    return deed.words.say("extension_granted", what=matter_notices.what(after), until=deed.words.deadline(after.due_at))


def on_reject(deed: Deed, task: Task) -> str:
    """Refuses the later date; without one, sends back."""
    if task.asked is None and (task.state is TaskState.DONE_PENDING or task.is_offered):
        return on_send_back(deed, task)
    grant = _require_granter(deed, task)
    if task.asked is None or task.state not in OPEN:
        raise too_late(deed.context, task.code, deed.verb, state=task_cards.state_key(task))
    reason = deed.reason()
    after = task_extension.refused(task, now=deed.context.now)
    after = keep(deed, task, after, TaskAct.REFUSE_EXTENSION, grant, reason=reason)
    tell_owner(deed, after, "extension_refused_told", reason=inert(reason, limit=120))
    return deed.words.say("extension_refused", what=matter_notices.what(after), due=deed.words.deadline(after.due_at))


def _require_granter(deed: Deed, task: Task) -> Grant:
    """The lead; a liaison up to three working days, and not for a date that he or she asked for (P-16)."""
    grant = require_right(deed, Action.GRANT_EXTENSION, task, workdays=extension_days(deed.context, task))
    asked_by = task.asked.asked_by if task.asked is not None else None
    is_own = deed.person.id in {task.owner, asked_by}
    if is_own and deed.person.id != head_post(deed.context, task.lead):
        raise RuleViolation("no_right")
    return grant
