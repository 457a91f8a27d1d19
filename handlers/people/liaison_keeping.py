"""Liaison changes kept: row, open deadlines, timer, audit trail and cards in one function; who is told (domain.md 2.3, 3.12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from bot.domain.directory import DepartmentKind, Person, Role
from bot.domain.ids import PersonId
from bot.domain.liaison_change import ChangeState, LiaisonChange
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant
from bot.domain.timers import Timer, TimerKind
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.deadlines import deadlines
from handlers.deeds import SLOT, VERB
from handlers.words import Words, words_for

#: working days in which the secretary answers an emergency
CONSENT_WD = 1


def save(
    context: Context,
    before: LiaisonChange | None,
    after: LiaisonChange,
    *,
    act: str,
    grant: Grant | None = None,
    verb: str = "",
    reason: str = "",
) -> LiaisonChange:
    """Write the change with everything that follows from its state."""
    repository = context.uow.liaison_changes
    stored = repository.add(after) if before is None else repository.put(after)
    deadlines.settle(context, stored.code, _owed(context, stored))
    _time(context, stored)
    effects.record_act(
        context,
        f"liaison_{act}",
        before,
        stored,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: "", "effective": stored.effective_on.isoformat()},
    )
    matter_cards.refresh(context, stored.code)
    return stored


def follow_posts(context: Context) -> None:
    """The secretary of today consents; what somebody who left has to hand over is handed over by the department."""
    for state in (ChangeState.PENDING_CONSENT, ChangeState.REGISTERED, ChangeState.EFFECTIVE):
        for change in context.uow.liaison_changes.find(state=state.value):
            deadlines.settle(context, change.code, _owed(context, change))


def _owed(context: Context, change: LiaisonChange) -> list[Obligation]:
    title = people_line(change, words_for(context, None))
    if change.state is ChangeState.PENDING_CONSENT:
        limit = deadlines.limit_workdays(context, CONSENT_WD, since=change.announced_at)
        return [
            deadlines.owed(
                context,
                change.code,
                ObligationKind.CONSENT,
                limit,
                title=title,
                holder=_secretary_post(context),
                department=context.world.posts.secretary_department(),
                lead=change.department,
            )
        ]
    if change.state not in {ChangeState.REGISTERED, ChangeState.EFFECTIVE}:
        return []
    limit = deadlines.limit_at(midnight(context, change.effective_on))
    return [
        deadlines.owed(
            context,
            change.code,
            ObligationKind.HANDOVER,
            limit,
            title=title,
            holder=person,
            department=change.department,
            slot=person,
            opened_at=change.announced_at,
            lead=change.department,
        )
        for person in change.hands_over
        if person not in change.handed_over
    ]


def _secretary_post(context: Context) -> PersonId | None:
    holders = context.world.directory.holders(Role.SECRETARY)
    return holders[0].id if holders else context.world.posts.secretary()


def _time(context: Context, change: LiaisonChange) -> None:
    if change.state is ChangeState.REGISTERED:
        due_at = max(midnight(context, change.effective_on), context.now)
        context.uow.timers.arm(Timer(kind=TimerKind.LIAISON_EFFECTIVE, ref=change.code, due_at=due_at))
    else:
        context.uow.timers.cancel(TimerKind.LIAISON_EFFECTIVE, change.code)


def midnight(context: Context, day: date) -> datetime:
    """00:00 of that day in company time."""
    return datetime.combine(day, time(0), context.world.calendars.zone)


# ---------------------------------------------------------------- words


def people_line(change: LiaisonChange, words: Words) -> str:
    """`销售 苏念初→江亦舟`."""
    return words.say(
        "liaison_people",
        department=words.department(change.department),
        old=words.name(change.old) if change.old is not None else words.say("liaison_nobody"),
        new=words.name(change.new),
    )


def facts(change: LiaisonChange, words: Words) -> dict[str, object]:
    """What its sentences need."""
    return {
        "code": change.code,
        "people": people_line(change, words),
        "date": words.day(change.effective_on),
        "urgent": words.say("liaison_urgent_mark") if change.is_emergency else "",
    }


# ---------------------------------------------------------------- telling


def everybody(context: Context) -> tuple[Person, ...]:
    """Secretary, all heads, all liaisons (2.3); whoever acts for an absent head reads it too."""
    world = context.world
    found: list[PersonId | None] = [world.posts.secretary()]
    for department in world.directory.departments:
        if not department.is_active or department.kind is not DepartmentKind.NORMAL:
            continue
        head = world.posts.head_of(department.id)
        found.extend((world.posts.head_post(department.id), head.acting if head is not None else None))
        found.extend((*world.posts.liaisons(department.id), *world.posts.backups(department.id)))
    people = (world.directory.person(p) for p in dict.fromkeys(found) if p is not None)
    return tuple(p for p in people if p is not None and p.is_active)


def tell_everybody(context: Context, change: LiaisonChange, sentence: str, *, besides: Iterable[PersonId] = ()) -> None:
    """One notice to everybody concerned, once for each state of the change."""
    known = set(besides)
    for person in everybody(context):
        if person.id not in known:
            tell(context, person, change, sentence)


def tell(context: Context, person: Person, change: LiaisonChange, sentence: str, **more: object) -> None:
    """One notice about a change to one person."""
    words = words_for(context, person)
    text = words.say(sentence, **{**facts(change, words), **more})
    effects.tell(
        context,
        person,
        effects.text(text),
        key=f"{change.code}:{sentence}:{change.version}:{person.id}",
        is_owed=True,
        ref=change.code,
    )


def show_handover(context: Context, change: LiaisonChange) -> None:
    """Both sides get the card with the checklist."""
    for key in change.hands_over:
        person = context.world.directory.person(key)
        if person is not None and person.is_active:
            matter_cards.show_to(context, person, change.code, "handover")
