"""The form of liaison appointments and changes on a card or in the dialogue (domain.md 4.13; R-108)."""

from __future__ import annotations

from datetime import date

from bot.domain.action import Action
from bot.domain.directory import Person
from bot.domain.form import NO, NONE, YES, Content, text_of
from bot.domain.form_reading import missing
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.liaison_change import TICKS
from bot.domain.liaison_form import LIAISON
from bot.domain.relation import Relation
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers.access import require
from handlers.calls import Call
from handlers.forms import form_drafts, form_filling, form_offers
from handlers.forms.form_filling import Filling, Needed
from handlers.forms.form_sheet_cards import noted
from handlers.people.liaison_announcing import Asked, announce
from handlers.tables import Tables


def register(tables: Tables) -> None:
    """Put the form on the table."""
    tables.forms.on(LIAISON, load=load, save=save, needs=needs)


def ask(call: Call) -> None:
    """`对接人 变更` alone: the form, for whoever may change a liaison of the own department (P-50)."""
    context, person = call.context, call.person
    require(context, Action.CHANGE_LIAISON, Relation(department=person.department))
    if call.command.verb == "liaison_urgent":
        form_drafts.keep(
            context, person.id, LIAISON, {**form_drafts.kept(context, person.id, LIAISON), "emergency": YES}
        )
    known = noted(call.words, LIAISON, load(context, "", person), ("old",))
    said = form_offers.offer(call, LIAISON, "", said=known)
    if said:
        call.answer_privately(said)


def load(context: Context, _: str, person: Person) -> Content:
    """The only liaison of the department is the one who is replaced; nothing is urgent."""
    holders = context.world.posts.liaisons(person.department)
    known = {"department": person.department, "emergency": NO}
    return {**known, "old": holders[0]} if len(holders) == 1 else known


def needs(context: Context, _: str, content: Content) -> Needed:
    """Who is replaced where there are several; an emergency has a reason (A-09)."""
    holders = context.world.posts.liaisons(DepartmentId(text_of(content, "department")))
    which = ("old",) if len(holders) > 1 else ()
    return Needed(extra=(*which, *(("reason",) if text_of(content, "emergency") == YES else ())))


def save(filling: Filling) -> str:
    """Announced as soon as the form is whole; until then what was typed is kept."""
    context, person, content = filling.context, filling.person, filling.reading.content
    needed = needs(context, "", content)
    if missing(LIAISON, content, extra_required=needed.extra):
        form_drafts.keep(context, person.id, LIAISON, content)
        return ""
    lacking = form_filling.unfinished(filling, content, needed=needed)
    if lacking:
        return lacking
    ticks = tuple(tick for tick in TICKS if text_of(content, tick) == YES)
    said = announce(context, person, filling.words, _asked(context, content), ticks=ticks, verb="liaison_change")
    form_drafts.drop(context, person.id, LIAISON)
    return said


def _asked(context: Context, content: Content) -> Asked:
    written = text_of(content, "old")
    old = context.world.directory.person(PersonId(written)) if written not in {"", NONE} else None
    new = context.world.directory.person(PersonId(text_of(content, "new")))
    if new is None:
        raise RuleViolation("not_found_or_no_right")
    day = text_of(content, "effective_on")
    return Asked(
        old=old,
        new=new,
        effective_on=date.fromisoformat(day) if day else None,
        is_emergency=text_of(content, "emergency") == YES,
        reason=inert(" ".join(text_of(content, "reason").split()), limit=200),
    )
