"""Whether a task is done says the lead, never its owner (domain.md 3.4; P-14; SoD-8, L-29)."""

from __future__ import annotations

from bot.domain import task_work
from bot.domain.action import Action
from bot.domain.directory import Person
from bot.domain.ids import PersonId
from bot.domain.permissions import Grant
from bot.domain.task import Task, TaskAct, TaskState
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_notices
from handlers.deeds import Deed
from handlers.post_holders import acting, acting_head, secretary_post
from handlers.tasks.task_keeping import known_to, lead_confirmer
from handlers.tasks.task_owners import give_back
from handlers.tasks.task_steps import keep, require_open, require_right, tell_owner


def on_confirm(deed: Deed, task: Task) -> str:
    """The lead agrees that it is done; nobody confirms the own task (SoD-8)."""
    grant = _require_confirmer(deed, task)
    require_open(deed, task, TaskAct.CONFIRM)
    after = task_work.confirmed(task, by=deed.person.id, now=deed.context.now)
    after = keep(deed, task, after, TaskAct.CONFIRM, grant)
    tell_owner(deed, after, "task_confirmed_told")
    key = "task_confirmed_late" if after.is_late else "task_confirmed"
    done = deed.words.time(after.done_at) if after.done_at is not None else ""
    return deed.words.say(key, what=matter_notices.what(after), done=done)


def on_send_back(deed: Deed, task: Task) -> str:
    """Not done, says the lead; or not taken, says the person to whom it was offered (3.4, 3.10)."""
    if task.is_offered and task.state is not TaskState.DONE_PENDING:
        return give_back(deed, task)
    grant = _require_confirmer(deed, task)
    require_open(deed, task, TaskAct.SEND_BACK)
    reason = deed.reason()
    after = keep(deed, task, task_work.sent_back(task, reason=reason), TaskAct.SEND_BACK, grant, reason=reason)
    tell_owner(deed, after, "task_sent_back_told", reason=inert(reason, limit=120))
    return deed.words.say("task_sent_back", what=matter_notices.what(after), name=deed.words.name(after.owner))


def _require_confirmer(deed: Deed, task: Task) -> Grant:
    """The lead's head or liaison; the secretary for actions of weekly minutes, unless they are the secretary's own (L-29).

    Where the lead has nobody but the owner, the secretary too (SoD-8).
    """
    is_action = task.confirmed_by_secretary and secretary_post(deed.context) != task.owner
    if is_action or lead_confirmer(deed.context, task) is None:
        grant = require_right(deed, Action.PUBLISH_MINUTES, task)
        if task.owner in {deed.person.id, grant.behalf}:
            raise RuleViolation("no_right")
        return grant
    return require_right(deed, Action.CONFIRM_TASK, task)


def confirmer(context: Context, task: Task, post: PersonId | None, *, besides: set[PersonId]) -> Person | None:
    """Who gets the card: whoever acts in the post, else the lead's head; not the owner nor whoever marked it done."""
    is_theirs = task.confirmed_by_secretary or lead_confirmer(context, task) is None
    secretary = effects.secretary(context) if is_theirs else None
    candidates = (secretary, acting(context, post, task.lead), acting_head(context, task.lead))
    barred = besides | {task.owner}
    return next((p for p in candidates if p is not None and p.id not in barred and known_to(task, p.id)), None)
