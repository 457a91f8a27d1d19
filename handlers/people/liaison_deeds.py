"""What is done to a liaison change: confirmed, consented to, handed over, moved, taken back (domain.md 3.12, R-108, R-109)."""

from __future__ import annotations

from datetime import date

from bot.domain.action import Action
from bot.domain.ids import CodeKind
from bot.domain.liaison_change import (
    MACHINE,
    TICKS,
    ChangeAct,
    ChangeState,
    LiaisonChange,
    announced,
    cancelled,
    consented,
    handed_over,
    moved,
    refused,
)
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import deeds, effects, matter_cards
from handlers.access import require
from handlers.conversation.misread import misread
from handlers.deeds import Deed, Done
from handlers.people import liaison_cards, liaison_office
from handlers.people.liaison_keeping import facts, save, show_handover, tell, tell_everybody
from handlers.possible import require_possible
from handlers.tables import Tables
from handlers.words import Words


def register(tables: Tables) -> None:
    """Put the verbs on the table."""
    kind = CodeKind.LIAISON_CHANGE
    tables.deeds.on("confirm", kind, on_confirm)
    tables.deeds.on("approve", kind, on_approve)
    tables.deeds.on("reject", kind, on_reject)
    tables.deeds.on("withdraw", kind, on_withdraw)
    tables.deeds.on("liaison_move", kind, on_move)


def _require(deed: Deed, change: LiaisonChange, act: ChangeAct) -> None:
    """The table first: what is too late is told with who was faster."""
    require_possible(deed, change, MACHINE, act)


def _head(context: Context, change: LiaisonChange) -> Grant:
    return require(context, Action.CHANGE_LIAISON, Relation(department=change.department))


def _secretary(context: Context) -> Grant:
    """The matrix has no line for the consent: a right that the secretary's column alone has stands for it."""
    return require(context, Action.PUBLISH_NOTICE)


def _today(context: Context) -> date:
    return context.world.calendars.local(context.now).date()


# ---------------------------------------------------------------- announcing


def on_confirm(deed: Deed, change: LiaisonChange) -> Done | str:
    """Of the head: the three points. Of old and new liaison: the hand-over."""
    if change.state is not ChangeState.DRAFT:
        return _hand_over(deed, change)
    grant = _head(deed.context, change)
    ticks = [t for t in TICKS if deed.form.get(t) == liaison_cards.YES] if deed.is_click else TICKS
    return announce(deed.context, change, tuple(ticks), _date_of(deed, change), grant, deed.words)


def _date_of(deed: Deed, change: LiaisonChange) -> date:
    typed = deed.form.get(liaison_cards.DATE, "").strip()
    if not typed:
        return change.effective_on
    try:
        return date.fromisoformat(typed[:10])
    except ValueError as wrong:
        raise misread(deed.words, "date", typed, verb="liaison_change") from wrong


def announce(
    context: Context,
    change: LiaisonChange,
    ticks: tuple[str, ...],
    effective_on: date,
    grant: Grant,
    words: Words,
) -> str:
    """Register the change, or ask the secretary in an emergency; everybody is told. Raises RuleViolation (see `announced`)."""
    parameters = context.world.company.parameters
    after = announced(
        change,
        ticks=ticks,
        effective_on=effective_on,
        today=_today(context),
        notice_days=parameters.liaison_notice_days,
        now=context.now,
    )
    after = save(context, change, after, act="announced", grant=grant, verb="confirm", reason=after.reason)
    if after.state is ChangeState.PENDING_CONSENT:
        return _ask_consent(context, after, words)
    return _registered(context, after, words)


def _registered(context: Context, change: LiaisonChange, words: Words) -> str:
    """Everybody hears of it; what is for today takes effect now."""
    if change.effective_on <= _today(context):
        change = liaison_office.take(context, change)
        department, new = words.department(change.department), words.name(change.new)
        show_handover(context, change)
        return words.say("liaison_effective_said", code=change.code, department=department, new=new)
    doer = (context.person.id,) if context.person is not None else ()
    # both sides read it on the card with the checklist
    tell_everybody(context, change, "liaison_told", besides=(*doer, *change.hands_over))
    show_handover(context, change)
    said = words.say("liaison_registered_said", **_without_mark(change, words))
    note = _day_off_note(context, change, words)
    return f"{said}\n{note}" if note else said


def _without_mark(change: LiaisonChange, words: Words) -> dict[str, object]:
    shown = facts(change, words)
    return {name: shown[name] for name in ("code", "people", "date")}


def _day_off_note(context: Context, change: LiaisonChange, words: Words) -> str:
    """A day off is accepted; the next working day is offered (5.6 example 42, EC-57)."""
    calendars = context.world.calendars
    if calendars.is_workday(change.effective_on):
        return ""
    suggestion = calendars.workday_on_or_after(change.effective_on)
    return words.say(
        "liaison_day_off",
        date=words.day(change.effective_on),
        suggestion=words.day(suggestion),
        code=change.code,
        day=f"{suggestion.month}-{suggestion.day}",
    )


def _ask_consent(context: Context, change: LiaisonChange, words: Words) -> str:
    secretary = effects.secretary(context)
    if secretary is not None:
        matter_cards.show_to(context, secretary, change.code, liaison_cards.CONSENT, at_once=True)
    name = secretary.name if secretary is not None else words.say("vacant")
    shown = _without_mark(change, words)
    return words.say("liaison_pending_said", code=shown["code"], people=shown["people"], secretary=name)


# ---------------------------------------------------------------- the secretary


def on_approve(deed: Deed, change: LiaisonChange) -> str:
    """Consent to an emergency: registered, the former liaison out of office, the backup acts at once."""
    grant = _secretary(deed.context)
    _require(deed, change, ChangeAct.CONSENT)
    context = deed.context
    after = consented(change, today=_today(context))
    after = save(context, change, after, act="consented", grant=grant, verb=deed.verb, reason=change.reason)
    liaison_office.step_down(context, after)
    _registered(context, after, deed.words)
    head = context.world.directory.person(after.announced_by)
    if head is not None and after.effective_on > _today(context):
        tell(context, head, after, "liaison_told")
    return deed.words.say("liaison_consented_said", code=change.code)


def on_reject(deed: Deed, change: LiaisonChange) -> str:
    """No consent: the week's notice applies."""
    grant = _secretary(deed.context)
    _require(deed, change, ChangeAct.REFUSE)
    reason = deed.reason()
    context = deed.context
    after = save(context, change, refused(change), act="refused", grant=grant, verb=deed.verb, reason=reason)
    head = context.world.directory.person(after.announced_by)
    if head is not None:
        tell(context, head, after, "liaison_told_refused", secretary=deed.person.name, reason=reason)
    return deed.words.say("liaison_refused_said", code=change.code)


# ---------------------------------------------------------------- handing over, moving, taking back


def _hand_over(deed: Deed, change: LiaisonChange) -> str:
    context = deed.context
    if deed.person.id not in change.hands_over:
        raise RuleViolation("no_right")
    if not MACHINE.allows(change.state, ChangeAct.HAND_OVER) or deed.person.id in change.handed_over:
        raise deeds.too_late(context, change.code, deed.verb, state=MACHINE.state_key(change.state))
    after = save(context, change, handed_over(change, deed.person.id), act="handed_over", verb=deed.verb)
    done = len(set(after.handed_over) & set(after.hands_over))
    return deed.words.say("liaison_handover_said", code=change.code, done=done, all=len(after.hands_over))


def on_move(deed: Deed, change: LiaisonChange) -> str:
    """Another date; earlier only as far as the original notice allows. A draft simply gets the date."""
    context = deed.context
    grant = _head(context, change)
    if not deed.moments:
        raise misread(deed.words, "date", deed.text, verb="liaison_move")
    day = deed.moments[0].day
    _require(deed, change, ChangeAct.MOVE)
    after = moved(
        change,
        day,
        noticed_on=context.world.calendars.local(change.announced_at).date(),
        today=_today(context),
        notice_days=context.world.company.parameters.liaison_notice_days,
    )
    after = save(context, change, after, act="moved", grant=grant, verb=deed.verb, reason=change.reason)
    tell_everybody(context, after, "liaison_told_moved", besides=(deed.person.id,))
    shown = facts(after, deed.words)
    said = deed.words.say("liaison_moved_said", code=change.code, date=shown["date"])
    note = _day_off_note(context, after, deed.words)
    return f"{said}\n{note}" if note else said


def on_withdraw(deed: Deed, change: LiaisonChange) -> str:
    """Cancelled by the head before it took effect; whoever was told of it is told of that, too."""
    context = deed.context
    grant = _head(context, change)
    _require(deed, change, ChangeAct.CANCEL)
    reason = deed.optional_reason()
    after = save(context, change, cancelled(change), act="cancelled", grant=grant, verb=deed.verb, reason=reason)
    if change.state is ChangeState.REGISTERED:
        liaison_office.step_back(context, after)
        tell_everybody(context, after, "liaison_told_cancelled", besides=(deed.person.id,))
    return deed.words.say("liaison_cancelled_said", code=change.code)


def drop(context: Context, change: LiaisonChange) -> None:
    """A draft that was never confirmed gives way to a new one."""
    save(context, change, cancelled(change), act="dropped")
