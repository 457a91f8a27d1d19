"""What every step on a task has in common: its right, in private where it is confidential, its record, who is told (domain.md 3.4)."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.directory import Person
from bot.domain.permissions import Grant
from bot.domain.task import MACHINE, Task, TaskAct
from bot.messages import inert
from bot.routing import Context
from handlers import access, effects
from handlers.deeds import Deed, too_late
from handlers.possible import require_privacy
from handlers.post_holders import acting_owner
from handlers.tasks import task_cards
from handlers.tasks.task_keeping import known_to, relation_of, save
from handlers.words import words_for


def require_right(deed: Deed, action: Action, task: Task, *, workdays: int = 0) -> Grant:
    """The right to do it. Raises RuleViolation."""
    relation = relation_of(deed.context, task, workdays=workdays)
    return granted(deed, access.require(deed.context, action, relation), task)


def granted(deed: Deed, grant: Grant, task: Task) -> Grant:
    """Confidential tasks are worked on in private only (2.5)."""
    require_privacy(deed, task)
    return grant


def require_open(deed: Deed, task: Task, act: TaskAct, *, is_open: bool = True) -> None:
    """Raises RuleViolation: somebody did just that already, or the task does not wait for it (2.8)."""
    if not MACHINE.allows(task.state, act) or not is_open:
        raise too_late(deed.context, task.code, deed.verb, state=task_cards.state_key(task))


def keep(
    deed: Deed,
    before: Task,
    after: Task,
    act: TaskAct,
    grant: Grant,
    *,
    reason: str = "",
    facts: dict[str, str] | None = None,
) -> Task:
    """Keep what was done, under the verb with which it was asked for."""
    return save(deed.context, before, after, act, grant=grant, reason=reason, verb=deed.verb, facts=facts)


def tell_owner(deed: Deed, task: Task, key: str, **facts: object) -> None:
    """The owner hears what was decided, unless he or she decided it."""
    owner = acting_owner(deed.context, task.owner, task.department)
    is_known = owner is not None and known_to(task, owner.id) is not None
    if owner is not None and is_known and owner.id != deed.person.id:
        tell(deed.context, owner, task, key, name=deed.person.name, **facts)


def tell(context: Context, person: Person, task: Task, key: str, **facts: object) -> None:
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
