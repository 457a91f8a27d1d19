"""The leader's signature over the exact text of a resolution, or its return (domain.md 3.11; R-70; P-44)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import resolution as rules
from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy
from bot.domain.happened import NewTask, PlanRevisionDemanded, ResolutionSigned, WorkAssigned
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.minutes_form import Row
from bot.domain.resolution import MACHINE, Resolution, ResolutionAct
from bot.domain.resolution_form import wants_plan_change, work_rows
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import require
from handlers.deeds import Deed, Done
from handlers.meetings import meeting_store
from handlers.meetings.meeting_notices import titled
from handlers.possible import require_possible
from handlers.records import minutes_draft, resolution_store
from handlers.words import Words, words_for

#: a task's title
LONGEST_TITLE = 100


def on_sign(deed: Deed, resolution: Resolution) -> Done:
    """P-44: in force, over the text that was shown (R-70); its actions become tasks."""
    context, words = deed.context, deed.words
    grant = require(context, Action.SIGN_RESOLUTION, resolution_store.relation_of(context, resolution))
    require_possible(deed, resolution, MACHINE, ResolutionAct.SIGN)
    # the card's step was compared with the fingerprint before this; by text the submitted text is meant
    signed = rules.sign(resolution, shown=resolution.text_hash, by=deed.person.id, behalf=grant.behalf, now=context.now)
    stamped = {
        **signed.content,
        "signature": _signature(words_for(context, None), deed.person.name, grant.behalf),
        "signed_at": minutes_draft.stamp(context, context.now),
        "text_hash": signed.text_hash,
    }
    kept = resolution_store.save(
        context, resolution, replace(signed, content=stamped), "signed", grant=grant, verb=deed.verb
    )
    count = _assign(context, kept)
    context.announce(ResolutionSigned(kept))
    if wants_plan_change(kept.content):
        reason = words_for(context, None).say("resolution_plan_reason", code=kept.code)
        context.announce(PlanRevisionDemanded(kept.item, kept.code, deed.person.id, reason))
    meeting_store.recorded(context, kept.meeting, kept.code)
    _tell_signed(context, kept, besides=deed.person.id)
    return Done(words.say("resolution_signed_now", code=kept.code, count=count))


def _signature(words: Words, name: str, behalf: PersonId | None) -> str:
    return words.say("resolution_for", name=name, behalf=words.name(behalf)) if behalf is not None else name


def _assign(context: Context, resolution: Resolution) -> int:
    tasks = tuple(_task(context, row) for row in work_rows(resolution.content))
    if tasks:
        context.announce(
            WorkAssigned(
                source=resolution.code,
                tasks=tasks,
                item=resolution.item,
                lead=resolution.lead,
                secrecy=resolution.secrecy,
                access=resolution.access,
            )
        )
    return len(tasks)


def _task(context: Context, row: Row) -> NewTask:
    owner, due_at = PersonId(row.owner), row.due_at
    department = DepartmentId(row.department) if row.department else context.world.posts.department_of(owner)
    if due_at is None or department is None:
        raise ValueError("a row without person or date makes no task")
    return NewTask(title=inert(row.text, limit=LONGEST_TITLE), department=department, owner=owner, due_at=due_at)


def _tell_signed(context: Context, resolution: Resolution, *, besides: PersonId) -> None:
    """To the participants and whoever submitted it."""
    meeting = context.uow.meetings.get(resolution.meeting)
    people = [meeting_store.acting(context, p) for p in meeting.everybody] if meeting is not None else []
    if resolution.submitted_by is not None:
        people.append(resolution.submitted_by)
    for person in dict.fromkeys(people):
        if person != besides:
            _tell(context, resolution, person, "resolution_signed_told", name="signed")


def _tell(context: Context, resolution: Resolution, person: PersonId, key: str, *, name: str) -> None:
    reader = context.world.directory.person(person)
    if reader is None or (resolution.secrecy >= Secrecy.CONFIDENTIAL and person not in resolution.access):
        return
    words = words_for(context, reader)
    text = words.say(
        key,
        code=resolution.code,
        title=titled(words, resolution.title, secrecy=resolution.secrecy),
        reason=inert(resolution.reason, limit=200) if not resolution.secrecy else "",
        command=f"{words.say('resolution_reads_with')} {resolution.code}",
    )
    key_ = f"resolution:{resolution.code}:{name}:{person}"
    effects.tell(context, reader, effects.text(text), key=key_, ref=resolution.code, is_owed=True)


def on_return(deed: Deed, resolution: Resolution) -> Done:
    """The leader sends it back with a reason; the lead department may edit it again (3.11)."""
    context, words = deed.context, deed.words
    grant = require(context, Action.SIGN_RESOLUTION, resolution_store.relation_of(context, resolution))
    require_possible(deed, resolution, MACHINE, ResolutionAct.RETURN)
    reason = deed.reason()
    days = context.world.company.parameters.timers_resolution_wd
    due_at = context.world.calendars.add_workdays(context.now, days)
    returned = rules.send_back(resolution, reason=reason, due_at=due_at, now=context.now)
    kept = resolution_store.save(context, resolution, returned, "returned", grant=grant, verb=deed.verb, reason=reason)
    if kept.submitted_by is not None:
        name = f"returned:{kept.version}"
        _tell(context, kept, kept.submitted_by, "resolution_returned_told", name=name)
    return Done(words.say("resolution_returned", code=kept.code, due=words.due(due_at)))
