"""What owners do to a task: progress, evidence, obstacles (domain.md 3.4; P-13); the verbs of all that people do to one."""

from __future__ import annotations

import re

from bot.domain import task_terms, task_work
from bot.domain.action import Action
from bot.domain.codes import behind_code
from bot.domain.folding import fold
from bot.domain.ids import CodeKind
from bot.domain.task import Task, TaskAct
from bot.errors import RuleViolation
from bot.messages import inert
from bot.updates import display_text
from handlers import matter_cards, matter_notices
from handlers.deeds import SHORTEST_REASON, Deed, visible_length
from handlers.post_holders import acting_liaison, is_at_work
from handlers.tables import Tables
from handlers.tasks import task_cards
from handlers.tasks.task_confirming import confirmer, on_confirm, on_send_back
from handlers.tasks.task_extensions import on_approve, on_extend, on_reject
from handlers.tasks.task_keeping import confirmer_post
from handlers.tasks.task_owners import on_accept, on_hand_over
from handlers.tasks.task_steps import keep, require_open, require_right, tell, tell_owner

_PERCENT = re.compile(r"\s*(\d{1,3})\s*(?:%|percent\b|(?=[\s,，。;；]|\Z))\s*[,，:：、;；]?\s*")
_PERCENT_ANYWHERE = re.compile(r"(?<!\d)(\d{1,3})\s*%")


def register(tables: Tables) -> None:
    """Put the verbs on the table."""
    for verb, handler in (
        ("task_start", on_start),
        ("progress", on_progress),
        ("task_done", on_done),
        ("block", on_block),
        ("unblock", on_unblock),
        ("confirm", on_confirm),
        ("send_back", on_send_back),
        ("extend", on_extend),
        ("approve", on_approve),
        ("reject", on_reject),
        ("hand_over", on_hand_over),
        ("accept", on_accept),
        ("task_cancel", on_cancel),
    ):
        tables.deeds.on(verb, CodeKind.TASK, handler)


# ---------------------------------------------------------------- the owner


def on_start(deed: Deed, task: Task) -> str:
    """Work begins."""
    grant = require_right(deed, Action.REPORT_TASK, task)
    require_open(deed, task, TaskAct.START)
    after = keep(deed, task, task_work.started(task, at=deed.at), TaskAct.START, grant)
    return deed.words.say("task_started", what=matter_notices.what(after), due=deed.words.due(after.due_at))


def on_progress(deed: Deed, task: Task) -> str:
    """`进度 RW-31 60% 说明`: kept as it was written (EC-62)."""
    grant = require_right(deed, Action.REPORT_TASK, task)
    require_open(deed, task, TaskAct.REPORT)
    percent, note = read_progress(_said(deed))
    is_reasoned = visible_length(note) >= SHORTEST_REASON
    after = task_work.reported(task, percent=percent, note=note, is_reasoned=is_reasoned, at=deed.at)
    facts = {"percent": str(after.progress), "percent_before": str(task.progress)}
    after = keep(deed, task, after, TaskAct.REPORT, grant, facts=facts)
    if after.progress == 100:
        return deed.words.say("task_reported_full", what=matter_notices.what(after), code=after.code)
    return deed.words.say(
        "task_reported", what=matter_notices.what(after), percent=after.progress, due=deed.words.due(after.due_at)
    )


def on_done(deed: Deed, task: Task) -> str:
    """`完成 RW-31 证据`: the moment of this counts, not that of the confirmation (EC-87)."""
    grant = require_right(deed, Action.REPORT_TASK, task)
    require_open(deed, task, TaskAct.MARK_DONE)
    by = grant.behalf or deed.person.id
    after = task_work.marked_done(task, evidence=_said(deed), by=deed.person.id, at=deed.at)
    after = keep(deed, task, after, TaskAct.MARK_DONE, grant)
    post = confirmer_post(deed.context, after)
    person = confirmer(deed.context, after, post, besides={by, deed.person.id})
    if person is not None:
        matter_cards.show_to(deed.context, person, after.code, task_cards.CONFIRM, at_once=is_at_work(deed.context))
    key = "task_done_late_said" if after.is_late else "task_done_said"
    name = deed.words.name(person.id if person is not None else post)
    return deed.words.say(key, what=matter_notices.what(after), name=name)


def on_block(deed: Deed, task: Task) -> str:
    """`受阻 RW-31 原因`: the lead liaison hears of it at once; an issue may be filed."""
    grant = require_right(deed, Action.REPORT_TASK, task)
    require_open(deed, task, TaskAct.BLOCK)
    reason = inert(deed.form.get(task_cards.SAID, "").strip(), limit=task_work.LONGEST_NOTE) or deed.optional_reason()
    if visible_length(reason) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    after = keep(deed, task, task_work.blocked(task, reason=reason, at=deed.at), TaskAct.BLOCK, grant, reason=reason)
    told = acting_liaison(deed.context, after.lead)
    if told is not None and told.id != deed.person.id:
        facts = {"name": deed.words.name(deed.person.id), "reason": inert(reason, limit=120)}
        tell(deed.context, told, after, "task_blocked_told", **facts)
    return deed.words.say("task_blocked", what=matter_notices.what(after), item=after.item or after.code)


def on_unblock(deed: Deed, task: Task) -> str:
    """The obstacle is gone."""
    grant = require_right(deed, Action.REPORT_TASK, task)
    require_open(deed, task, TaskAct.UNBLOCK)
    after = keep(deed, task, task_work.unblocked(task, at=deed.at), TaskAct.UNBLOCK, grant)
    return deed.words.say("task_unblocked", what=matter_notices.what(after), due=deed.words.due(after.due_at))


# ---------------------------------------------------------------- the secretary


def on_cancel(deed: Deed, task: Task) -> str:
    """The secretary drops an action that its owner refused (3.10); every other task ends with its plan or item."""
    grant = require_right(deed, Action.PUBLISH_MINUTES, task)
    require_open(deed, task, TaskAct.CANCEL)
    if not task.refused_reason:
        raise RuleViolation("task_not_refused", {"code": task.code})
    reason = deed.reason()
    after = keep(deed, task, task_terms.cancelled(task, reason=reason), TaskAct.CANCEL, grant, reason=reason)
    tell_owner(deed, after, "task_cancelled_told", reason=inert(reason, limit=120))
    return deed.words.say("task_cancelled", what=matter_notices.what(after))


# ---------------------------------------------------------------- what was said


def _said(deed: Deed) -> str:
    """What was typed behind the number or into the card, as it was written; control characters go, line breaks stay."""
    if deed.call is None or deed.command is None:
        return deed.form.get(task_cards.SAID, "").strip()
    return behind_code(display_text(deed.command.raw, deed.call.message.mentions)).strip()


def read_progress(said: str) -> tuple[int | None, str]:
    """`60% 说明` as percentage and note; a note alone may name the percentage anywhere, and keeps it."""
    plain = fold(said)
    match = _PERCENT.match(plain.text)
    if match is not None:
        return int(match.group(1)), plain.cut(match.end()).strip()
    found = _PERCENT_ANYWHERE.search(plain.text)
    return (int(found.group(1)) if found is not None else None), said
