"""What people do to an item in progress (domain.md 3.3; P-19, R-31; L-18): contact, suspension, resumption, acceptance, archive."""

from __future__ import annotations

from datetime import date, timedelta

from bot.domain.acceptance import AcceptanceState
from bot.domain.action import Action
from bot.domain.form import text_of
from bot.domain.happened import AcceptanceChanged
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.item import ITEM, Item, ItemAct, ItemState
from bot.domain.item_course import applied, archived, called_off, contacted, passed, resumed, suspended, to_rectify
from bot.domain.moments import read_moments
from bot.domain.permissions import Grant
from bot.domain.plan_form import day_of
from bot.domain.relation import Relation
from bot.domain.timers import Timer, TimerKind
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects
from handlers.access import allows, require
from handlers.deeds import LONGEST_REASON, SHORTEST_REASON, Deed, Done, too_late, visible_length
from handlers.items import item_groups, item_keeping
from handlers.items.item_cards import state_key
from handlers.items.item_sight import in_private, relation_of
from handlers.possible import require_possible
from handlers.tables import Tables

#: acts of an acceptance that move its item; in other states of it nothing happens to the item
_ACTS = {
    AcceptanceState.APPLIED: ItemAct.APPLY,
    AcceptanceState.PASSED: ItemAct.ACCEPT,
    AcceptanceState.RECTIFY: ItemAct.RECTIFY,
    AcceptanceState.FAILED: ItemAct.RECTIFY,
    AcceptanceState.WITHDRAWN: ItemAct.CALL_OFF,
}


def register(tables: Tables) -> None:
    """Put deeds, timer and events on the tables."""
    tables.deeds.on("contact", CodeKind.ITEM, in_private(on_contact))
    tables.deeds.on("suspend", CodeKind.ITEM, in_private(on_suspend))
    tables.deeds.on("resume", CodeKind.ITEM, in_private(on_resume))
    tables.router.timer(TimerKind.ITEM_RESUME, on_resume_day)
    tables.router.when(AcceptanceChanged, on_acceptance)


# ---------------------------------------------------------------- contact


def on_contact(deed: Deed, item: Item) -> Done:
    """对接确认: liaison or head of a cooperating department has got in touch with the lead (R-31)."""
    context, words = deed.context, deed.words
    asked = (DepartmentId(deed.slot),) if deed.slot else item.coop
    mine = [d for d in asked if allows(context, Action.GIVE_RESULT, _relation(item, d))]
    if not mine:
        require(context, Action.GIVE_RESULT, _relation(item, asked[0]))
        raise RuleViolation("no_right")
    department = next((d for d in mine if d not in item.contacted), None)
    if department is None or not ITEM.allows(item.state, ItemAct.CONFIRM_CONTACT):
        raise too_late(context, item.code, deed.verb, state=state_key(item), slot=mine[0])
    grant = require(context, Action.GIVE_RESULT, _relation(item, department))
    after = contacted(item, department)
    item_keeping.save(context, item, after, ItemAct.CONFIRM_CONTACT, grant=grant, verb=deed.verb, slot=department)
    item_keeping.tell(
        context,
        item_keeping.liaisons(context, item, (item.lead,)),
        after,
        "item_told_contact",
        mark=department,
        facts={"department": words.department(department), "name": deed.person.name},
    )
    return Done(
        words.say("item_contacted", code=item.code, department=words.department(department), name=deed.person.name)
    )


def _relation(item: Item, department: DepartmentId) -> Relation:
    """Only that department's own people speak for it; the right is that of giving back results (P-28)."""
    return Relation(
        department=department,
        coop=frozenset({department}),
        secrecy=item.secrecy,
        access=frozenset(item.access),
    )


# ---------------------------------------------------------------- suspended, resumed


def on_suspend(deed: Deed, item: Item) -> Done:
    """`暂停 SX-8 9-28 原因`: with a reason and the day on which it is expected to go on (P-19)."""
    context, words = deed.context, deed.words
    grant = require(context, Action.SUSPEND_ITEM, relation_of(item))
    require_possible(deed, item, ITEM, ItemAct.SUSPEND)
    reason = _reason(deed)
    today = context.world.calendars.local(context.now).date()
    after = suspended(item, resume_on=_day(deed), reason=reason, today=today, now=context.now)
    stored = item_keeping.save(context, item, after, ItemAct.SUSPEND, grant=grant, reason=reason, verb=deed.verb)
    resume = words.day(stored.resume_on) if stored.resume_on is not None else ""
    _tell_all(context, stored, "item_told_suspended", resume=resume, reason=reason if not item.secrecy else "")
    return Done(words.say("item_suspended", code=item.code, name=deed.person.name, resume=resume))


def on_resume(deed: Deed, item: Item) -> Done:
    """`恢复 SX-8`: dates of tasks move by the working days that were lost (L-18)."""
    context, words = deed.context, deed.words
    grant = require(context, Action.SUSPEND_ITEM, relation_of(item))
    require_possible(deed, item, ITEM, ItemAct.RESUME)
    reason = deed.optional_reason()
    days = lost_days(context, item)
    after = resumed(item, reason=reason, now=context.now)
    stored = item_keeping.save(context, item, after, ItemAct.RESUME, grant=grant, reason=reason, verb=deed.verb)
    _tell_all(context, stored, "item_told_resumed", days=days)
    return Done(words.say("item_resumed", code=item.code, name=deed.person.name, days=days))


def lost_days(context: Context, item: Item) -> int:
    """Working days from the day of suspension (counted) to the day of resumption (not counted) (L-18)."""
    calendars = context.world.calendars
    if item.suspended_at is None:
        return 0
    first, last = calendars.local(item.suspended_at).date(), calendars.local(context.now).date()
    return calendars.workdays_between(first - timedelta(days=1), last - timedelta(days=1))


def _reason(deed: Deed) -> str:
    """The reason without the date beside it. Raises RuleViolation `reason_required`."""
    command = deed.command
    given = deed.given("原因") or (command.rest if command is not None else deed.optional_reason())
    reason = inert(" ".join(given.split()), limit=LONGEST_REASON)
    if visible_length(reason) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    return reason


def _day(deed: Deed) -> date | None:
    """The expected day: the pair 恢复, else the first date that was written."""
    paired = deed.given("恢复")
    if paired and (found := day_of(paired)) is not None:
        return found
    days = deed.context.world.calendars
    moments = read_moments(paired, now=deed.context.now, days=days).moments if paired else deed.moments
    return moments[0].day if moments else None


def on_resume_day(context: Context, timer: Timer) -> None:
    """The day on which it was expected to go on: whoever can resume it is reminded; nothing resumes by itself (3.3)."""
    item = context.uow.items.get(timer.ref)
    if item is None or item.state is not ItemState.SUSPENDED:
        return
    secretary = effects.secretary(context)
    people = [*item_keeping.heads(context, item, (item.lead,)), *item_keeping.liaisons(context, item, (item.lead,))]
    people.extend([secretary] if secretary is not None else [])
    item_keeping.tell(context, people, item, "item_told_resume_day", is_owed=True)


def _tell_all(context: Context, item: Item, sentence: str, **facts: str | int) -> None:
    """Liaisons and heads in private, the groups with number and state."""
    people = [*item_keeping.liaisons(context, item), *item_keeping.heads(context, item)]
    item_keeping.tell(context, people, item, sentence, facts=facts)
    item_groups.say(context, item, f"{sentence}_group", key=f"{sentence}:{item.version}", **facts)


# ---------------------------------------------------------------- acceptance and archive


def on_acceptance(context: Context, event: AcceptanceChanged) -> None:
    """The acceptance moves its item: applied for, passed, to be rectified, withdrawn (3.3, 3.6)."""
    acceptance, before = event.after, event.before
    act = _ACTS.get(acceptance.state)
    item = context.uow.items.get(acceptance.item)
    if act is None or item is None or (before is not None and before.state is acceptance.state):
        return
    if not ITEM.allows(item.state, act):
        return
    item_keeping.save(context, item, _moved(context, event, item, act), act, reason=acceptance.code)


def _moved(context: Context, event: AcceptanceChanged, item: Item, act: ItemAct) -> Item:
    now = context.now
    match act:
        case ItemAct.APPLY:
            return applied(item, now=now)
        case ItemAct.ACCEPT:
            local = context.world.calendars.local(event.after.applied_at).date()
            finished = day_of(text_of(event.after.content, "finished_on")) or local
            return passed(item, finished_on=finished, now=now)
        case ItemAct.CALL_OFF:
            return called_off(item, now=now)
        case _:
            return to_rectify(item, now=now)


def archive(context: Context, item: Item, *, grant: Grant | None = None, verb: str = "archive") -> Item:
    """The archive checklist is confirmed: the item is at its end, its groups are given up (3.15, R-85).

    Raises RuleViolation `stale_card` or `done_already` for an item that is not accepted.
    """
    if not ITEM.allows(item.state, ItemAct.ARCHIVE):
        raise too_late(context, item.code, verb, state=state_key(item))
    after = archived(item, now=context.now)
    stored = item_keeping.save(context, item, after, ItemAct.ARCHIVE, grant=grant, verb=verb)
    item_groups.say(context, stored, "item_told_archived_group", key="archived")
    item_groups.retire(context, stored, "group_retired_archived")
    return stored
