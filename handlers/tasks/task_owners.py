"""Whose a task is: handed over, accepted, given back (domain.md 3.4, 3.10)."""

from __future__ import annotations

from bot.domain import task_owner
from bot.domain.action import Action
from bot.domain.directory import Person
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.domain.task import Task, TaskAct
from bot.errors import RuleViolation
from bot.messages import inert
from handlers import access, effects, matter_cards, matter_notices
from handlers.conversation.addressees import people_of
from handlers.deeds import Deed
from handlers.post_holders import is_at_work
from handlers.tasks import task_cards
from handlers.tasks.task_keeping import relation_of
from handlers.tasks.task_steps import granted, keep, require_open, require_right, tell


def on_hand_over(deed: Deed, task: Task) -> str:
    """`转交 RW-31 @人`: by liaison or head of the department; the new owner accepts or returns it."""
    grant = _require_keeper(deed, task)
    require_open(deed, task, TaskAct.REASSIGN)
    person = _person(deed)
    is_member = deed.context.world.posts.is_member(person.id, task.department)
    after = task_owner.reassigned(task, to=person.id, is_member=is_member, now=deed.context.now)
    facts: dict[str, str] = {"owner_before": task.owner, "owner_after": after.owner}
    after = keep(deed, task, after, TaskAct.REASSIGN, grant, facts=facts)
    matter_cards.show_to(deed.context, person, after.code, task_cards.WORK, at_once=is_at_work(deed.context))
    return deed.words.say("task_handed_over", what=matter_notices.what(after), name=person.name)


def _require_keeper(deed: Deed, task: Task) -> Grant:
    """Liaison or head of the task's department, not its owner; the secretary where an owner refused an action (3.10)."""
    context = deed.context
    if task.refused_reason and access.allows(context, Action.PUBLISH_MINUTES, relation_of(context, task)):
        return require_right(deed, Action.PUBLISH_MINUTES, task)
    relation = relation_of(context, task)
    keepers = Relation(department=task.department, secrecy=relation.secrecy, access=relation.access)
    return granted(deed, access.require(context, Action.REPORT_TASK, keepers), task)


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
    require_open(deed, task, TaskAct.ACCEPT, is_open=task.is_offered)
    after = keep(deed, task, task_owner.accepted(task), TaskAct.ACCEPT, grant)
    return deed.words.say("task_accepted", what=matter_notices.what(after), due=deed.words.due(after.due_at))


def give_back(deed: Deed, task: Task) -> str:
    """The person to whom it was offered does not take it; without a former owner the secretary decides (3.10)."""
    grant = _require_owner(deed, task)
    reason = deed.reason()
    context = deed.context
    back = task.previous_owner
    known = context.world.directory.person(back) if back is not None else None
    after = task_owner.returned(task, reason=reason, back_to=back if known is not None and known.is_active else None)
    after = keep(deed, task, after, TaskAct.RETURN, grant, reason=reason)
    told = known if not after.refused_reason else effects.secretary(context)
    if told is not None and told.id != deed.person.id:
        facts = {"name": deed.words.name(deed.person.id), "reason": inert(reason, limit=120)}
        key = "task_refused_told" if after.refused_reason else "task_returned_told"
        tell(context, told, after, key, **facts)
    return deed.words.say(
        "task_returned", what=matter_notices.what(after), name=deed.words.name(told.id if told is not None else None)
    )


def _require_owner(deed: Deed, task: Task) -> Grant:
    relation = relation_of(deed.context, task)
    own = Relation(assigned=relation.assigned, secrecy=relation.secrecy, access=relation.access)
    return granted(deed, access.require(deed.context, Action.REPORT_TASK, own), task)
