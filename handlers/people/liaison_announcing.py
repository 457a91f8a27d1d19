"""A liaison change is announced: what the head wants becomes a draft, and with the three points a change (3.12, R-107..R-109; A-09)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bot.domain.action import Action
from bot.domain.directory import Person, Role
from bot.domain.ids import CodeKind, make_code
from bot.domain.liaison_change import (
    ChangeState,
    LiaisonChange,
    check_notice,
    check_people,
    earliest,
    role_changed,
)
from bot.domain.relation import Relation
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import matter_cards
from handlers.access import require
from handlers.numbering import new_code
from handlers.people import liaison_cards, liaison_deeds
from handlers.people.liaison_keeping import facts, save
from handlers.words import Words

#: changes that are still on their way
OPEN = (ChangeState.DRAFT.value, ChangeState.PENDING_CONSENT.value, ChangeState.REGISTERED.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the head wants."""

    old: Person | None
    new: Person
    effective_on: date | None
    is_emergency: bool
    reason: str


def announce(context: Context, person: Person, words: Words, asked: Asked, *, ticks: tuple[str, ...], verb: str) -> str:
    """Announce a change of liaison, or name the first one. Whose right it is, and the notice, come before everything else."""
    grant = require(context, Action.CHANGE_LIAISON, Relation(department=asked.new.department))
    check_people(asked.old, asked.new)
    change = _begun(context, person, asked)
    _refuse_second(context, words, asked)
    change = replace(change, code=new_code(context, CodeKind.LIAISON_CHANGE))
    change = save(context, None, change, act="drafted", grant=grant, verb=verb, reason=asked.reason)
    if ticks:
        return liaison_deeds.announce(context, change, ticks, change.effective_on, grant, words)
    matter_cards.show_to(context, person, change.code, liaison_cards.POINTS, at_once=True)
    return words.say("liaison_draft_said", **facts(change, words))


def _begun(context: Context, person: Person, asked: Asked) -> LiaisonChange:
    """The change as it was asked for. Raises RuleViolation `liaison_notice_short` before a number is taken."""
    calendars, parameters = context.world.calendars, context.world.company.parameters
    today = calendars.local(context.now).date()
    is_first = asked.old is None and not context.world.posts.liaisons(asked.new.department)
    is_free = is_first or asked.is_emergency
    first = today if is_free else earliest(today, parameters.liaison_notice_days)
    effective_on = asked.effective_on
    if effective_on is None:
        effective_on = first if is_free else calendars.workday_on_or_after(first)
    if is_first:
        effective_on = today
    if effective_on < today:
        raise RuleViolation("liaison_past")
    if not is_free:
        check_notice(effective_on, notified_on=today, notice_days=parameters.liaison_notice_days)
    return LiaisonChange(
        code=make_code(CodeKind.LIAISON_CHANGE, today.year, 0),
        department=asked.new.department,
        old=asked.old.id if asked.old is not None else None,
        new=asked.new.id,
        state=ChangeState.DRAFT,
        announced_at=context.now,
        announced_by=person.id,
        effective_on=effective_on,
        is_emergency=asked.is_emergency,
        reason=asked.reason,
        is_backup=role_changed(asked.old) is Role.BACKUP_LIAISON,
        is_first=is_first,
        # somebody who left cannot confirm anything (EC-50)
        handed_over=(asked.old.id,) if asked.old is not None and not asked.old.is_active else (),
    )


def _refuse_second(context: Context, words: Words, asked: Asked) -> None:
    """One change a post at a time; a draft that was never confirmed gives way."""
    for known in context.uow.liaison_changes.find(department=asked.new.department, state=OPEN):
        if known.old != (asked.old.id if asked.old is not None else None):
            continue
        if known.state is not ChangeState.DRAFT:
            name = words.name(known.old or known.new)
            raise RuleViolation("liaison_open_exists", {"code": known.code, "name": name})
        liaison_deeds.drop(context, known)
