"""What people do to a task: progress, evidence, obstacles, a later date, handing over, confirming (domain.md 3.4; P-13..P-16; SoD-8)."""

from __future__ import annotations

import re
from datetime import datetime

from bot.domain import task_extension, task_owner, task_terms, task_work
from bot.domain.action import Action
from bot.domain.codes import behind_code
from bot.domain.confidentiality import Secrecy
from bot.domain.directory import Person
from bot.domain.folding import fold
from bot.domain.ids import CodeKind, PersonId
from bot.domain.item import Item
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.domain.task import MACHINE, OPEN, Task, TaskAct, TaskState
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from bot.updates import display_text
from handlers import access, effects, matter_cards, task_cards
from handlers.addressees import people_of
from handlers.deeds import SHORTEST_REASON, Deed, too_late, visible_length
from handlers.post_holders import (
    acting,
    acting_head,
    acting_liaison,
    acting_owner,
    head_post,
    is_at_work,
    secretary_post,
)
from handlers.tables import Tables
from handlers.task_keeping import (
    confirmer_post,
    extension_days,
    granter_post,
    item_of,
    known_to,
    lead_confirmer,
    relation_of,
    save,
)
from handlers.words import words_for

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
    grant = _require(deed, Action.REPORT_TASK, task)
    _possible(deed, task, TaskAct.START)
    after = _saved(deed, task, task_work.started(task, at=deed.at), TaskAct.START, grant)
    return deed.words.say("task_started", code=after.code, due=deed.words.due(after.due_at))


def on_progress(deed: Deed, task: Task) -> str:
    """`进度 RW-31 60% 说明`: kept as it was written (EC-62)."""
    grant = _require(deed, Action.REPORT_TASK, task)
    _possible(deed, task, TaskAct.REPORT)
    percent, note = read_progress(_said(deed))
    is_reasoned = visible_length(note) >= SHORTEST_REASON
    after = task_work.reported(task, percent=percent, note=note, is_reasoned=is_reasoned, at=deed.at)
    facts = {"percent": str(after.progress), "percent_before": str(task.progress)}
    after = _saved(deed, task, after, TaskAct.REPORT, grant, facts=facts)
    if after.progress == 100:
        return deed.words.say("task_reported_full", code=after.code)
    return deed.words.say("task_reported", code=after.code, percent=after.progress, due=deed.words.due(after.due_at))


def on_done(deed: Deed, task: Task) -> str:
    """`完成 RW-31 证据`: the moment of this counts, not that of the confirmation (EC-87)."""
    grant = _require(deed, Action.REPORT_TASK, task)
    _possible(deed, task, TaskAct.MARK_DONE)
    by = grant.behalf or deed.person.id
    after = task_work.marked_done(task, evidence=_said(deed), by=deed.person.id, at=deed.at)
    after = _saved(deed, task, after, TaskAct.MARK_DONE, grant)
    post = confirmer_post(deed.context, after)
    person = _confirmer(deed.context, after, post, besides={by, deed.person.id})
    if person is not None:
        matter_cards.show_to(deed.context, person, after.code, task_cards.CONFIRM, at_once=is_at_work(deed.context))
    key = "task_done_late_said" if after.is_late else "task_done_said"
    return deed.words.say(key, code=after.code, name=deed.words.name(person.id if person is not None else post))


def on_block(deed: Deed, task: Task) -> str:
    """`受阻 RW-31 原因`: the lead liaison hears of it at once; an issue may be filed."""
    grant = _require(deed, Action.REPORT_TASK, task)
    _possible(deed, task, TaskAct.BLOCK)
    reason = inert(deed.form.get(task_cards.SAID, "").strip(), limit=task_work.LONGEST_NOTE) or deed.optional_reason()
    if visible_length(reason) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    after = _saved(deed, task, task_work.blocked(task, reason=reason, at=deed.at), TaskAct.BLOCK, grant, reason=reason)
    told = acting_liaison(deed.context, after.lead)
    if told is not None and told.id != deed.person.id:
        facts = {"name": deed.words.name(deed.person.id), "reason": inert(reason, limit=120)}
        _tell(deed.context, told, after, "task_blocked_told", **facts)
    return deed.words.say("task_blocked", code=after.code, item=after.item or after.code)


def on_unblock(deed: Deed, task: Task) -> str:
    """The obstacle is gone."""
    grant = _require(deed, Action.REPORT_TASK, task)
    _possible(deed, task, TaskAct.UNBLOCK)
    after = _saved(deed, task, task_work.unblocked(task, at=deed.at), TaskAct.UNBLOCK, grant)
    return deed.words.say("task_unblocked", code=after.code, due=deed.words.due(after.due_at))


# ---------------------------------------------------------------- the confirmer


def on_confirm(deed: Deed, task: Task) -> str:
    """The lead agrees that it is done; nobody confirms the own task (SoD-8)."""
    grant = _require_confirmer(deed, task)
    _possible(deed, task, TaskAct.CONFIRM)
    after = task_work.confirmed(task, by=deed.person.id, now=deed.context.now)
    after = _saved(deed, task, after, TaskAct.CONFIRM, grant)
    _tell_owner(deed, after, "task_confirmed_told")
    key = "task_confirmed_late" if after.is_late else "task_confirmed"
    done = deed.words.time(after.done_at) if after.done_at is not None else ""
    return deed.words.say(key, code=after.code, done=done)


def on_send_back(deed: Deed, task: Task) -> str:
    """Not done, says the lead; or not taken, says the person to whom it was offered (3.4, 3.10)."""
    if task.is_offered and task.state is not TaskState.DONE_PENDING:
        return _return(deed, task)
    grant = _require_confirmer(deed, task)
    _possible(deed, task, TaskAct.SEND_BACK)
    reason = deed.reason()
    after = _saved(deed, task, task_work.sent_back(task, reason=reason), TaskAct.SEND_BACK, grant, reason=reason)
    _tell_owner(deed, after, "task_sent_back_told", reason=inert(reason, limit=120))
    return deed.words.say("task_sent_back", code=after.code, name=deed.words.name(after.owner))


def _require_confirmer(deed: Deed, task: Task) -> Grant:
    """The lead's head or liaison; the secretary for actions of weekly minutes, unless they are the secretary's own (L-29).

    Where the lead has nobody but the owner, the secretary too (SoD-8).
    """
    is_action = task.confirmed_by_secretary and secretary_post(deed.context) != task.owner
    if is_action or lead_confirmer(deed.context, task) is None:
        grant = _require(deed, Action.PUBLISH_MINUTES, task)
        if task.owner in {deed.person.id, grant.behalf}:
            raise RuleViolation("no_right")
        return grant
    return _require(deed, Action.CONFIRM_TASK, task)


def _confirmer(context: Context, task: Task, post: PersonId | None, *, besides: set[PersonId]) -> Person | None:
    """Who gets the card: whoever acts in the post, else the lead's head; not the owner nor whoever marked it done."""
    is_theirs = task.confirmed_by_secretary or lead_confirmer(context, task) is None
    secretary = effects.secretary(context) if is_theirs else None
    candidates = (secretary, acting(context, post, task.lead), acting_head(context, task.lead))
    barred = besides | {task.owner}
    return next((p for p in candidates if p is not None and p.id not in barred and known_to(task, p.id)), None)


# ---------------------------------------------------------------- a later date


def on_extend(deed: Deed, task: Task) -> str:
    """`延期 RW-31 9-20 原因`: asked before the date, inside the plan."""
    grant = _require(deed, Action.ASK_EXTENSION, task)
    _possible(deed, task, TaskAct.ASK_EXTENSION)
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
    after = _saved(deed, task, after, TaskAct.ASK_EXTENSION, grant, reason=_extension_reason(deed))
    post = granter_post(context, after)
    person = acting(context, post, after.lead)
    if person is not None:
        matter_cards.show_to(context, person, after.code, task_cards.EXTENSION, at_once=is_at_work(context))
    until = deed.words.deadline(deed.moments[0].at)
    return deed.words.say(
        "extension_asked", code=after.code, until=until, name=deed.words.name(person.id if person is not None else post)
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
    after = _saved(deed, task, after, TaskAct.GRANT_EXTENSION, grant, facts=facts)
    _tell_owner(deed, after, "extension_granted_told", until=deed.words.deadline(after.due_at))
    return deed.words.say("extension_granted", code=after.code, until=deed.words.deadline(after.due_at))


def on_reject(deed: Deed, task: Task) -> str:
    """Refuses the later date; without one, sends back."""
    if task.asked is None and (task.state is TaskState.DONE_PENDING or task.is_offered):
        return on_send_back(deed, task)
    grant = _require_granter(deed, task)
    if task.asked is None or task.state not in OPEN:
        raise too_late(deed.context, task.code, deed.verb, state=task_cards.state_key(task))
    reason = deed.reason()
    after = task_extension.refused(task, now=deed.context.now)
    after = _saved(deed, task, after, TaskAct.REFUSE_EXTENSION, grant, reason=reason)
    _tell_owner(deed, after, "extension_refused_told", reason=inert(reason, limit=120))
    return deed.words.say("extension_refused", code=after.code, due=deed.words.deadline(after.due_at))


def _require_granter(deed: Deed, task: Task) -> Grant:
    """The lead; a liaison up to three working days, and not for a date that he or she asked for (P-16)."""
    grant = _require(deed, Action.GRANT_EXTENSION, task, workdays=extension_days(deed.context, task))
    asked_by = task.asked.asked_by if task.asked is not None else None
    is_own = deed.person.id in {task.owner, asked_by}
    if is_own and deed.person.id != head_post(deed.context, task.lead):
        raise RuleViolation("no_right")
    return grant


# ---------------------------------------------------------------- whose it is


def on_hand_over(deed: Deed, task: Task) -> str:
    """`转交 RW-31 @人`: by liaison or head of the department; the new owner accepts or returns it."""
    grant = _require_keeper(deed, task)
    _possible(deed, task, TaskAct.REASSIGN)
    person = _person(deed)
    is_member = deed.context.world.posts.is_member(person.id, task.department)
    after = task_owner.reassigned(task, to=person.id, is_member=is_member, now=deed.context.now)
    facts: dict[str, str] = {"owner_before": task.owner, "owner_after": after.owner}
    after = _saved(deed, task, after, TaskAct.REASSIGN, grant, facts=facts)
    matter_cards.show_to(deed.context, person, after.code, task_cards.WORK, at_once=is_at_work(deed.context))
    return deed.words.say("task_handed_over", code=after.code, name=person.name)


def _require_keeper(deed: Deed, task: Task) -> Grant:
    """Liaison or head of the task's department, not its owner; the secretary where an owner refused an action (3.10)."""
    context = deed.context
    if task.refused_reason and access.allows(context, Action.PUBLISH_MINUTES, relation_of(context, task)):
        return _require(deed, Action.PUBLISH_MINUTES, task)
    relation = relation_of(context, task)
    keepers = Relation(department=task.department, secrecy=relation.secrecy, access=relation.access)
    return _granted(deed, access.require(context, Action.REPORT_TASK, keepers), task)


def _person(deed: Deed) -> Person:
    """Whom the text names: a real mention, or a full name that only one person has."""
    command = deed.command
    people = people_of(deed.context, command.people) if command is not None else ()
    if people:
        return people[0]
    name = command.typed_names[0] if command is not None and command.typed_names else deed.text.strip(" @＠")
    found = deed.context.world.directory.named(name) if name else ()
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise RuleViolation("several_of_one_name", {"name": inert(name, limit=20), "count": len(found)})
    if name:
        raise RuleViolation("no_such_person", {"name": inert(name, limit=20)})
    raise RuleViolation("task_to_whom", {"code": deed.code})


def on_accept(deed: Deed, task: Task) -> str:
    """The new owner takes it."""
    grant = _require_owner(deed, task)
    _possible(deed, task, TaskAct.ACCEPT, is_open=task.is_offered)
    after = _saved(deed, task, task_owner.accepted(task), TaskAct.ACCEPT, grant)
    return deed.words.say("task_accepted", code=after.code, due=deed.words.due(after.due_at))


def _return(deed: Deed, task: Task) -> str:
    grant = _require_owner(deed, task)
    reason = deed.reason()
    context = deed.context
    back = task.previous_owner
    known = context.world.directory.person(back) if back is not None else None
    after = task_owner.returned(task, reason=reason, back_to=back if known is not None and known.is_active else None)
    after = _saved(deed, task, after, TaskAct.RETURN, grant, reason=reason)
    told = known if not after.refused_reason else effects.secretary(context)
    if told is not None and told.id != deed.person.id:
        facts = {"name": deed.words.name(deed.person.id), "reason": inert(reason, limit=120)}
        key = "task_refused_told" if after.refused_reason else "task_returned_told"
        _tell(context, told, after, key, **facts)
    return deed.words.say("task_returned", code=after.code, name=deed.words.name(told.id if told is not None else None))


def _require_owner(deed: Deed, task: Task) -> Grant:
    relation = relation_of(deed.context, task)
    own = Relation(assigned=relation.assigned, secrecy=relation.secrecy, access=relation.access)
    return _granted(deed, access.require(deed.context, Action.REPORT_TASK, own), task)


def on_cancel(deed: Deed, task: Task) -> str:
    """The secretary drops an action that its owner refused (3.10); every other task ends with its plan or item."""
    grant = _require(deed, Action.PUBLISH_MINUTES, task)
    _possible(deed, task, TaskAct.CANCEL)
    if not task.refused_reason:
        raise RuleViolation("task_not_refused", {"code": task.code})
    reason = deed.reason()
    after = _saved(deed, task, task_terms.cancelled(task, reason=reason), TaskAct.CANCEL, grant, reason=reason)
    _tell_owner(deed, after, "task_cancelled_told", reason=inert(reason, limit=120))
    return deed.words.say("task_cancelled", code=after.code)


# ---------------------------------------------------------------- common


def _require(deed: Deed, action: Action, task: Task, *, workdays: int = 0) -> Grant:
    relation = relation_of(deed.context, task, workdays=workdays)
    return _granted(deed, access.require(deed.context, action, relation), task)


def _granted(deed: Deed, grant: Grant, task: Task) -> Grant:
    """Confidential tasks are worked on in private only (2.5)."""
    if not deed.is_private and task.secrecy >= Secrecy.CONFIDENTIAL:
        raise RuleViolation("confidential_refused")
    return grant


def _possible(deed: Deed, task: Task, act: TaskAct, *, is_open: bool = True) -> None:
    if not MACHINE.allows(task.state, act) or not is_open:
        raise too_late(deed.context, task.code, deed.verb, state=task_cards.state_key(task))


def _saved(
    deed: Deed,
    before: Task,
    after: Task,
    act: TaskAct,
    grant: Grant,
    *,
    reason: str = "",
    facts: dict[str, str] | None = None,
) -> Task:
    return save(deed.context, before, after, act, grant=grant, reason=reason, verb=deed.verb, facts=facts)


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


def _tell_owner(deed: Deed, task: Task, key: str, **facts: object) -> None:
    """The owner hears what was decided, unless he or she decided it."""
    owner = acting_owner(deed.context, task.owner, task.department)
    is_known = owner is not None and known_to(task, owner.id) is not None
    if owner is not None and is_known and owner.id != deed.person.id:
        _tell(deed.context, owner, task, key, name=deed.person.name, **facts)


def _tell(context: Context, person: Person, task: Task, key: str, **facts: object) -> None:
    """A notice that begins with the number; without the title where it may not be read on a locked phone (EC-74)."""
    words = words_for(context, person)
    title = "" if task.secrecy else words.say("task_title", title=inert(task.title, limit=40))
    if task.secrecy and "reason" in facts:
        facts["reason"] = words.say("task_reason_hidden")
    effects.tell(
        context,
        person,
        effects.text(words.say(key, code=task.code, title=title, **facts)),
        key=f"task:{task.code}:{key}:{task.version}:{person.id}",
        ref=task.code,
        is_owed=True,
    )
