"""Once a week whoever has a task that nobody has spoken of for a week is asked how it goes (domain.md R-34)."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.confidentiality import Secrecy
from bot.domain.ids import PersonId
from bot.domain.task import Task, TaskState
from bot.routing import Context
from handlers import effects, matter_notices
from handlers.words import words_for

#: what was spoken of more recently is not asked about
QUIET = timedelta(days=7)
#: numbers that are named
NAMED = 8
_ACTIVE = (TaskState.DOING.value, TaskState.BLOCKED.value)


def remind(context: Context, week: str) -> None:
    """One message a week to each owner; what is due soon has its own reminders. Confidential tasks are asked about alone."""
    calendars = context.world.calendars
    soon = calendars.end_of_day(calendars.next_workday(calendars.local(context.now).date()))
    quiet: dict[PersonId, list[Task]] = {}
    for task in context.uow.tasks.find(state=_ACTIVE):
        spoken = task.reported_at or task.created_at
        if task.frozen_at is None and task.due_at > soon and context.now - spoken >= QUIET:
            quiet.setdefault(task.owner, []).append(task)
    for owner, tasks in quiet.items():
        plain = [task for task in tasks if task.secrecy < Secrecy.CONFIDENTIAL]
        _ask(context, owner, plain, f"tasks:nudge:{week}:{owner}")
        for task in tasks:
            if task.secrecy >= Secrecy.CONFIDENTIAL:
                _ask(context, owner, [task], f"tasks:nudge:{week}:{owner}:{task.code}")


def _ask(context: Context, owner: PersonId, tasks: list[Task], key: str) -> None:
    person = context.world.directory.person(owner)
    if person is None or not tasks:
        return
    words = words_for(context, person)
    named = [words.say("task_nudge_line", what=matter_notices.what(task)) for task in tasks[:NAMED]]
    text = words.say("task_nudge", tasks="\n".join(named), count=len(tasks), code=tasks[0].code)
    effects.tell(context, person, effects.text(text), key=key)
