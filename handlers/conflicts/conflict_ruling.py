"""Ruling, the office meeting, and execution (3.8; R-36, R-87, R-116; P-37, SoD-5; A-21, L-24)."""

from __future__ import annotations

import re

from bot.domain.action import Action
from bot.domain.conflict import Conflict, ConflictAct
from bot.domain.conflict_form import RULING
from bot.domain.conflict_ruling import Ruling, decision_recorded, executed, noted, referred, ruled
from bot.domain.form import NONE, YES, Content, text_of
from bot.domain.form_reading import Reading
from bot.domain.form_text import FormField
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import matter_notices
from handlers.access import allows, require
from handlers.conflicts import conflict_keeping as keeping
from handlers.conflicts import conflict_people as people
from handlers.conflicts.conflict_concluding import conclude, measures_of, to_office_meeting
from handlers.deeds import Deed, Done
from handlers.forms import step_forms

LONGEST_AGENDA = 500
_NAMES = re.compile(r"[、,，;；\s]+")


def rule(deed: Deed, conflict: Conflict) -> Done | str:
    """`裁定 CT-3` with lines: the leader's decision, or ALT's where the leader heads a party (SoD-5). Final (A-21)."""
    context = deed.context
    grant = require(context, Action.RULE_CONFLICT, people.relation(context, conflict))
    keeping.require_possible(deed, conflict, ConflictAct.RULE)
    reading = _read(deed, conflict)
    lacking = step_forms.lacking(deed, RULING, conflict.code, reading)
    if lacking:
        return lacking
    after = ruled(conflict, _ruling(context, reading.content), by=deed.person.id, behalf=grant.behalf, now=context.now)
    kept = keeping.save(context, conflict, after, act="ruled", grant=grant, reason=after.ruling, verb=deed.verb)
    conclude(context, kept, by=deed.person)
    return deed.words.say("conflict_ruled", what=matter_notices.what(kept))


def record_decision(deed: Deed, conflict: Conflict) -> Done | str:
    """`办公会决定 CT-3` with lines: the secretary records what was decided; the paper is the basis (R-116)."""
    context = deed.context
    grant = require(context, Action.RECORD_MEDIATION, people.relation(context, conflict))
    keeping.require_possible(deed, conflict, ConflictAct.RECORD_DECISION)
    reading = _read(deed, conflict)
    lacking = step_forms.lacking(deed, RULING, conflict.code, reading)
    if lacking:
        return lacking
    after = decision_recorded(conflict, _ruling(context, reading.content), by=deed.person.id, now=context.now)
    kept = keeping.save(context, conflict, after, act="decided", grant=grant, reason=after.ruling, verb=deed.verb)
    conclude(context, kept, by=deed.person)
    return deed.words.say("conflict_decision_recorded", what=matter_notices.what(kept))


def _read(deed: Deed, conflict: Conflict) -> Reading:
    """Words without a label are the decision."""
    head = [FormField(RULING.spec("ruling").zh, deed.text)] if deed.text else []
    return step_forms.read(deed, RULING, conflict.code, [*head, *deed.fields])


def _ruling(context: Context, content: Content) -> Ruling:
    return Ruling(
        text=text_of(content, "ruling"),
        basis=text_of(content, "basis"),
        shirking=_shirking(context, content),
        measures=measures_of(context, content),
        changes_duties=text_of(content, "changes_duties") == YES,
    )


def _shirking(context: Context, content: Content) -> tuple[str, ...]:
    """Departments and people of whom the leader says so; only people can (R-36). Raises `conflict_shirking_who`."""
    written = text_of(content, "shirking")
    if not written or written == NONE:
        return ()
    found: list[str] = []
    for name in (part for part in _NAMES.split(written) if part):
        department = context.world.directory.department_named(name)
        named = context.world.directory.named(name.lstrip("@＠"))
        if department is not None:
            found.append(department.id)
        elif len(named) == 1:
            found.append(named[0].id)
        else:
            raise RuleViolation("conflict_shirking_who", {"name": inert(name, limit=20)})
    return tuple(dict.fromkeys(found))


def refer(deed: Deed, conflict: Conflict) -> Done | str:
    """`报办公会 CT-3`: what the plan does not cover goes to the office meeting, by secretary or leader (L-23, L-24)."""
    context = deed.context
    stands = people.relation(context, conflict)
    is_secretary = allows(context, Action.REFER_CONFLICT, stands)
    grant = require(context, Action.REFER_CONFLICT if is_secretary else Action.RULE_CONFLICT, stands)
    keeping.require_possible(deed, conflict, ConflictAct.REFER)
    agenda = inert(" ".join(deed.text.split()), limit=LONGEST_AGENDA)
    kept = keeping.save(
        context,
        conflict,
        referred(conflict, agenda=agenda, now=context.now),
        act="referred",
        grant=grant,
        reason=agenda,
        verb=deed.verb,
    )
    to_office_meeting(context, kept)
    return deed.words.say("conflict_to_office", what=matter_notices.what(kept))


def take_note(deed: Deed, conflict: Conflict) -> Done | str:
    """已知悉: a party's head has read what was decided."""
    context = deed.context
    grant = require(context, Action.ACCEPT_MEDIATION, people.relation(context, conflict))
    keeping.require_possible(deed, conflict, ConflictAct.TAKE_NOTE)
    if grant.department in conflict.noted:
        raise keeping.too_late(deed, conflict)
    kept = keeping.save(
        context, conflict, noted(conflict, grant.department), act="noted", grant=grant, verb=deed.verb, slot=deed.slot
    )
    return deed.words.say("conflict_noted", what=matter_notices.what(kept))


def execute(deed: Deed, conflict: Conflict) -> Done | str:
    """确认 CT-3: what was agreed or ruled has been done; by liaison or head of the lead department, or the secretary."""
    context = deed.context
    stands = people.relation(context, conflict)
    is_lead = allows(context, Action.CONFIRM_TASK, stands)
    grant = require(context, Action.CONFIRM_TASK if is_lead else Action.RECORD_MEDIATION, stands)
    keeping.require_possible(deed, conflict, ConflictAct.EXECUTE)
    kept = keeping.save(
        context, conflict, executed(conflict, now=context.now), act="executed", grant=grant, verb=deed.verb
    )
    return deed.words.say("conflict_executed", what=matter_notices.what(kept))
