"""The course of an item (domain.md 3.3; P-19..P-21, R-31): begun, suspended, resumed, accepted, archived, terminated.

Each function takes the item and facts and gives the item after it, or raises RuleViolation. Guards about other objects
(open issues, agreeing heads) are facts of the caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from bot.domain.form import text_of
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.item import ITEM, Item, ItemAct, ItemState
from bot.domain.plan import Plan
from bot.domain.plan_form import day_of, departments_of, people_of
from bot.domain.slots import Slot, SlotState, filled_in, is_filled
from bot.errors import RuleViolation


def started(item: Item, plan: Plan, *, now: datetime) -> Item:
    """The plan took effect for the first time: work begins. Raises RuleViolation `stale_card`."""
    state = ITEM.after(item.state, ItemAct.START, ItemState.IN_PROGRESS)
    return replace(planned(item, plan), state=state, started_at=item.started_at or now, since=now)


def replanned(item: Item, plan: Plan) -> Item:
    """A later version took effect: its dates and departments are the item's. Raises RuleViolation `stale_card`."""
    ITEM.require(item.state, ItemAct.REPLAN)
    return planned(item, plan)


def planned(item: Item, plan: Plan) -> Item:
    """The item as its plan says; the end date that was planned first is kept."""
    content = plan.content
    end = day_of(text_of(content, "end_on")) or item.end_on
    is_moved = end != item.end_on and item.end_on is not None
    return replace(
        item,
        plan=plan.code,
        plan_version=plan.number,
        coop=plan.coop,
        informed=tuple(d for d in departments_of(content, "informed") if d in plan.coop),
        start_on=day_of(text_of(content, "start_on")) or item.start_on,
        end_on=end,
        original_end_on=item.original_end_on or (item.end_on if is_moved else None),
        members=people_of(content, "members") or item.members,
        goal=text_of(content, "goal") or item.goal,
        contacted=tuple(d for d in item.contacted if d in plan.coop),
    )


def contacted(item: Item, department: DepartmentId) -> Item:
    """A cooperating department confirmed that it got in touch with the lead (R-31).

    Raises RuleViolation `stale_card`, or `contact_done` for the second time.
    """
    ITEM.require(item.state, ItemAct.CONFIRM_CONTACT)
    if department in item.contacted or department not in item.coop:
        raise RuleViolation("contact_done")
    return replace(item, contacted=(*item.contacted, department))


def suspended(item: Item, *, resume_on: date | None, reason: str, today: date, now: datetime) -> Item:
    """P-19: with a reason and the day on which it is expected to go on.

    Raises RuleViolation: `stale_card`, `resume_date_needed`, `resume_date_past`.
    """
    state = ITEM.after(item.state, ItemAct.SUSPEND, ItemState.SUSPENDED)
    if resume_on is None:
        raise RuleViolation("resume_date_needed")
    if resume_on <= today:
        raise RuleViolation("resume_date_past")
    return replace(item, state=state, suspended_at=now, resume_on=resume_on, reason=reason, since=now)


def resumed(item: Item, *, reason: str, now: datetime) -> Item:
    """Work goes on; `suspended_at` stays until tasks have followed (L-18). Raises RuleViolation `stale_card`."""
    state = ITEM.after(item.state, ItemAct.RESUME, ItemState.IN_PROGRESS)
    return replace(item, state=state, resume_on=None, reason=reason, since=now)


def applied(item: Item, *, now: datetime) -> Item:
    """Acceptance was applied for. Raises RuleViolation `stale_card`."""
    return _moved(item, ItemAct.APPLY, ItemState.ACCEPTANCE, now)


def passed(item: Item, *, finished_on: date, now: datetime) -> Item:
    """The acceptance passed; the archive is next. Raises RuleViolation `stale_card`."""
    after = _moved(item, ItemAct.ACCEPT, ItemState.ACCEPTED, now)
    return replace(after, accepted_at=now, finished_on=item.finished_on or finished_on)


def to_rectify(item: Item, *, now: datetime) -> Item:
    """The acceptance wants something put right, or failed. Raises RuleViolation `stale_card`."""
    return _moved(item, ItemAct.RECTIFY, ItemState.RECTIFYING, now)


def called_off(item: Item, *, now: datetime) -> Item:
    """The application was withdrawn. Raises RuleViolation `stale_card`."""
    return _moved(item, ItemAct.CALL_OFF, ItemState.IN_PROGRESS, now)


def archived(item: Item, *, now: datetime) -> Item:
    """Checklist and documents are complete (R-85). Raises RuleViolation `stale_card`."""
    return replace(_moved(item, ItemAct.ARCHIVE, ItemState.ARCHIVED, now), archived_at=now)


# ---------------------------------------------------------------- termination


def terminated(item: Item, *, reason: str, open_issues: Iterable[Code], now: datetime) -> Item:
    """The end before the goal (P-20, P-21).

    Raises RuleViolation: `stale_card`, `item_open_issues` with the numbers that have to be closed or moved first.
    """
    state = ITEM.after(item.state, ItemAct.TERMINATE, ItemState.TERMINATED)
    left = tuple(open_issues)
    if left:
        raise RuleViolation("item_open_issues", {"issues": "、".join(left)})
    return replace(item, state=state, reason=reason, since=now, resume_on=None)


def end_agreed(
    item: Item, department: DepartmentId, *, by: PersonId, behalf: PersonId | None, reason: str, now: datetime
) -> Item:
    """A head agrees to end a routine item; the first one says why (P-21: lead and cooperating heads).

    Raises RuleViolation `stale_card`, also for a department that agreed already.
    """
    ITEM.require(item.state, ItemAct.AGREE_END)
    slots = item.ending or tuple(Slot(department=d) for d in item.involved)
    mine = next((slot for slot in slots if slot.department == department), None)
    if mine is None or mine.state is not SlotState.OPEN:
        raise RuleViolation("stale_card", {"state": ITEM.state_key(item.state)})
    slot = replace(mine, state=SlotState.PASSED, by=by, behalf=behalf, at=now, reason=reason)
    return replace(item, ending=filled_in(slots, slot), ending_reason=item.ending_reason or reason)


def is_end_agreed(item: Item) -> bool:
    """Have all heads agreed?"""
    return bool(item.ending) and is_filled(item.ending)


def end_refused(item: Item) -> Item:
    """One head disagrees: the item goes on, the others' agreement is void. Raises RuleViolation `stale_card`."""
    ITEM.require(item.state, ItemAct.REFUSE_END)
    if not item.ending:
        raise RuleViolation("stale_card", {"state": ITEM.state_key(item.state)})
    return replace(item, ending=(), ending_reason="")


def _moved(item: Item, act: ItemAct, to: ItemState, now: datetime) -> Item:
    return replace(item, state=ITEM.after(item.state, act, to), since=now)
