"""What an agreement or ruling brings about (3.8; R-91, R-99, R-116; L-30): tasks, plan revisions, corrections, the agenda."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.conflict import Conflict, ConflictKind, ConflictState, Measure
from bot.domain.digest import Happening
from bot.domain.directory import Person
from bot.domain.form import Content, rows_of
from bot.domain.group import Group, GroupPurpose, GroupState
from bot.domain.happened import DeadlinePassed, NewTask, PlanRevisionDemanded, WorkAssigned
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import ObligationKind
from bot.messages import inert
from bot.routing import Context
from handlers import effects, happenings, matter_notices
from handlers.conflicts import conflict_limits as limits
from handlers.conflicts import conflict_people as people
from handlers.words import Words, words_for

NOTE, EXECUTE = "note", "execute"
_LIVING = frozenset({GroupState.CHECKING, GroupState.COMPLIANT, GroupState.NONCOMPLIANT})


def measures_of(context: Context, content: Content) -> tuple[Measure, ...]:
    """The rows of work in an outcome or ruling; whole rows only, the form has said what is wrong with others."""
    found: list[Measure] = []
    for row in rows_of(content, "measures"):
        title, department, owner, due = (*row, "", "", "", "")[:4]
        if owner and due:
            at = datetime.fromisoformat(due)
            home = department or context.world.posts.department_of(PersonId(owner)) or ""
            found.append(
                Measure(
                    title=title,
                    department=DepartmentId(home),
                    owner=PersonId(owner),
                    due_at=at if at.tzinfo is not None else at.replace(tzinfo=context.world.calendars.zone),
                )
            )
    return tuple(found)


def conclude(context: Context, conflict: Conflict, *, by: Person) -> None:
    """Settled or ruled: the fact, work and plan revision, the correction, and who executes and reads it."""
    happenings.note(
        context, conflict, Happening.CONFLICT_CONCLUDED, {"kind": conflict.kind.value, "state": conflict.state.value}
    )
    lead = people.lead_of(context, conflict)
    if conflict.measures:
        tasks = tuple(
            NewTask(title=m.title, department=m.department, owner=m.owner, due_at=m.due_at) for m in conflict.measures
        )
        context.announce(
            WorkAssigned(
                source=conflict.code,
                tasks=tasks,
                item=conflict.item,
                lead=lead,
                secrecy=conflict.secrecy,
                access=conflict.access,
            )
        )
    if conflict.changes_duties and conflict.item is not None:
        context.announce(PlanRevisionDemanded(item=conflict.item, cause=conflict.code, by=by.id, reason=conflict.title))
    if conflict.kind is ConflictKind.INFORMATION:
        _correct(context, conflict)
    for party in conflict.parties:
        matter_notices.show(context, people.acting_head(context, party), conflict, NOTE)
    matter_notices.show(context, context.world.posts.recipient(lead), conflict, EXECUTE)


# ---------------------------------------------------------------- corrections


def _correct(context: Context, conflict: Conflict) -> None:
    """【更正】 to the item's group, else to liaisons and heads of the parties directly (L-30)."""
    group = _group(context, conflict)
    if group is not None and group.chat is not None and not conflict.secrecy:
        text = _correction(conflict, words_for(context, None))
        effects.post(context, group.chat, effects.text(text), key=f"conflict:{conflict.code}:correction")
        return
    for person in _people(context, conflict.parties):
        found = context.world.directory.person(person)
        if found is None or not matter_notices.may_be_told(context, conflict, person):
            continue
        text = matter_notices.numbered(conflict, _correction(conflict, words_for(context, found)))
        key = f"conflict:{conflict.code}:correction:{person}"
        effects.tell(context, found, effects.text(text), key=key, ref=conflict.code)


def _correction(conflict: Conflict, words: Words) -> str:
    return words.say(
        "conflict_correction",
        code=conflict.code,
        title=inert(conflict.title, limit=matter_notices.TITLE),
        outcome=inert(conflict.ruling or conflict.outcome, limit=300),
        basis=inert(conflict.basis or conflict.verified, limit=100),
        places=inert(conflict.places, limit=300) or words.say("issue_none"),
    )


def _group(context: Context, conflict: Conflict) -> Group | None:
    if conflict.item is None:
        return None
    groups = context.uow.groups.find(item=conflict.item)
    return next((g for g in groups if g.purpose is GroupPurpose.DEDICATED and g.state in _LIVING), None)


def _people(context: Context, parties: Iterable[DepartmentId]) -> list[PersonId]:
    found: list[PersonId | None] = []
    for party in parties:
        found += [context.world.posts.recipient(party), people.acting_head(context, party)]
    return list(dict.fromkeys(p for p in found if p is not None))


# ---------------------------------------------------------------- the office meeting


def to_office_meeting(context: Context, conflict: Conflict) -> None:
    """The secretary puts it on the agenda; the parties know where it is (R-116)."""
    secretary = context.world.posts.secretary()
    matter_notices.tell(context, secretary, conflict, "conflict_put_on_agenda", key="agenda", is_owed=True)
    for party in conflict.parties:
        matter_notices.tell(
            context, people.acting_head(context, party), conflict, "conflict_to_office_told", key="office"
        )


def on_agenda_due(context: Context, event: DeadlinePassed) -> None:
    """Every week while the office meeting has not decided."""
    one = event.obligation
    if one.kind is not ObligationKind.EXECUTION or not one.key.endswith(f"/{limits.AGENDA}"):
        return
    conflict = context.uow.conflicts.get(one.code)
    if conflict is None or conflict.state is not ConflictState.TO_GM_MEETING:
        return
    kept = context.uow.conflicts.put(replace(conflict, due_at=limits.next_week(context)))
    limits.settle(context, kept)
    day = one.due_at.date().isoformat()
    secretary = context.world.posts.secretary()
    matter_notices.tell(context, secretary, kept, "conflict_agenda_again", key=f"agenda:{day}", is_owed=True)
