"""Review of a request by the heads of the departments concerned (domain.md 3.1; A-01, R-74, SoD-1), and its level (A-02, P-05, P-06)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.domain import separation
from bot.domain.form import rows
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.item import Level
from bot.domain.request import LEVELS, MACHINE, Request, RequestAct, RequestState, back, day_of, moved
from bot.domain.slots import Slot, SlotState, filled_in, is_filled, voided
from bot.errors import RuleViolation

#: A-01: who reviews
ALL_INVOLVED, LEAD_ONLY = "all_involved", "lead_only"


def submitted(
    request: Request,
    *,
    by: PersonId,
    heads: Mapping[DepartmentId, PersonId | None],
    mode: str = ALL_INVOLVED,
    today: date,
    plan_version: str = "",
    now: datetime,
) -> Request:
    """Round k+1 with fresh slots; the content is frozen as it is.

    That every required field is filled in is judged by the form. Raises RuleViolation `stale_card`, `request_no_coop`,
    `request_lead_is_coop` (EC-18), `request_start_too_early`, `request_end_before_start`, `request_end_in_past` (EC-17, L-25).
    """
    state = MACHINE.after(request.state, RequestAct.SUBMIT, RequestState.IN_REVIEW)
    check_departments(request)
    check_dates(request, today=today)
    fresh = replace(
        request,
        round=request.round + 1,
        slots=fresh_slots(request, by=by, heads=heads, mode=mode, now=now),
        submitted_by=by,
        submitted_at=now,
        first_submitted_at=request.first_submitted_at or now,
        plan_version=plan_version,
        meeting=None,
        held_at=None,
        assessment={},
        assessed_at=None,
        assessed_by=None,
        decided_by=None,
        decided_for=None,
        decided_at=None,
        reason="",
    )
    return moved(fresh, state, now=now)


def check_departments(request: Request) -> None:
    """At least one department cooperates, and never the lead itself. Raises RuleViolation `request_no_coop`, `request_lead_is_coop`."""
    if not request.coop:
        raise RuleViolation("request_no_coop")
    if request.lead in request.coop:
        raise RuleViolation("request_lead_is_coop")


def check_dates(request: Request, *, today: date) -> None:
    """Start not before the form was filled in, end not before the start nor in the past (L-25). Raises RuleViolation."""
    start, end = day_of(request.content, "start_on"), day_of(request.content, "end_on")
    filled = day_of(request.content, "filled_on")
    if start is not None and filled is not None and start < filled:
        raise RuleViolation("request_start_too_early", {"start": start, "filled": filled})
    if start is not None and end is not None and end < start:
        raise RuleViolation("request_end_before_start", {"start": start, "end": end})
    if end is not None and end < today:
        raise RuleViolation("request_end_in_past", {"end": end})


def fresh_slots(
    request: Request, *, by: PersonId, heads: Mapping[DepartmentId, PersonId | None], mode: str, now: datetime
) -> tuple[Slot, ...]:
    """One slot for the lead's head and one for every cooperating head (A-01).

    A submitter who heads the lead department needs no review there (SoD-1); then the others review even where the company
    asks the lead alone, so that nobody passes the own request.
    """
    own = separation.review_slot(request.lead, head=heads.get(request.lead), lead=request.lead, submitter=by)
    is_own = own is separation.Slot.SELF_SUBMITTED
    lead = Slot(department=request.lead)
    if is_own:
        lead = replace(lead, state=SlotState.SELF_SUBMITTED, by=by, at=now)
    others = () if mode == LEAD_ONLY and not is_own else request.coop
    return (lead, *(Slot(department=department) for department in others))


# ---------------------------------------------------------------- what a head says


def passed(
    request: Request,
    department: DepartmentId,
    *,
    by: PersonId,
    behalf: PersonId | None = None,
    remark: str = "",
    now: datetime,
) -> Request:
    """One department says yes; with the last one the request goes on: routine is approved, special waits for its assessment.

    Raises RuleViolation `stale_card` for another state and for a slot that is not open.
    """
    slots = _decided(
        request, department, RequestAct.AGREE, SlotState.PASSED, by=by, behalf=behalf, reason=remark, now=now
    )
    return _gone_on(replace(request, slots=slots), by=by, behalf=behalf, now=now)


def _gone_on(request: Request, *, by: PersonId | None, behalf: PersonId | None, now: datetime) -> Request:
    """Once every slot is filled."""
    if not is_filled(request.slots):
        return request
    state = RequestState.REVIEWED if request.is_special else RequestState.APPROVED
    after = request
    if state is RequestState.APPROVED:
        after = replace(request, decided_by=by, decided_for=behalf, decided_at=now)
    return moved(after, MACHINE.after(request.state, RequestAct.AGREE, state), now=now)


def sent_back(
    request: Request,
    department: DepartmentId,
    *,
    by: PersonId,
    behalf: PersonId | None = None,
    reason: str,
    now: datetime,
) -> Request:
    """One department wants more: every other slot of the round is void. Raises RuleViolation as `passed`."""
    slots = _decided(
        request, department, RequestAct.SEND_BACK, SlotState.RETURNED, by=by, behalf=behalf, reason=reason, now=now
    )
    MACHINE.after(request.state, RequestAct.SEND_BACK, RequestState.RETURNED)
    return back(replace(request, slots=voided(slots)), reason=reason, now=now)


def _decided(
    request: Request,
    department: DepartmentId,
    act: RequestAct,
    state: SlotState,
    *,
    by: PersonId,
    behalf: PersonId | None,
    reason: str,
    now: datetime,
) -> tuple[Slot, ...]:
    MACHINE.require(request.state, act)
    slot = request.slot(department)
    if slot is None or slot.state is not SlotState.OPEN:
        raise RuleViolation("stale_card", {"state": MACHINE.state_key(request.state)})
    return filled_in(request.slots, replace(slot, state=state, by=by, behalf=behalf, at=now, reason=reason))


# ---------------------------------------------------------------- departments that are no more


def merged(request: Request, successor: Callable[[DepartmentId], DepartmentId], *, now: datetime) -> Request:
    """Every department in the place of which another stands now, once each; a slot that was filled stays filled (EC-48)."""
    lead = successor(request.lead)
    coop = tuple(d for d in dict.fromkeys(successor(d) for d in request.coop) if d != lead)
    if (lead, coop) == (request.lead, request.coop):
        return request
    slots: dict[DepartmentId, Slot] = {}
    for slot in request.slots:
        department = successor(slot.department)
        known = slots.get(department)
        if known is None or known.state is SlotState.OPEN:
            slots[department] = replace(slot, department=department)
    content = {**request.content, "lead_dept": lead, "coop_depts": rows(coop)}
    after = replace(request, lead=lead, coop=coop, content=content, slots=tuple(slots.values()))
    if after.state is not RequestState.IN_REVIEW:
        return after
    last = max((s for s in after.slots if s.at is not None), key=lambda s: s.at or now, default=None)
    return _gone_on(after, by=last.by if last else None, behalf=last.behalf if last else None, now=now)


# ---------------------------------------------------------------- routine or special


def raised(request: Request) -> Request:
    """Routine becomes special while it is reviewed; the slots stay (P-05). Raises RuleViolation `stale_card`, `request_is_special`."""
    MACHINE.require(request.state, RequestAct.RAISE_LEVEL)
    if request.is_special:
        raise RuleViolation("request_is_special", {"code": request.code})
    return _levelled(request, Level.SPECIAL)


def lowered(request: Request) -> Request:
    """Special becomes routine, before anybody has reviewed it (P-06).

    Raises RuleViolation `stale_card`, `request_is_routine`, `request_reviewed_already`.
    """
    MACHINE.require(request.state, RequestAct.LOWER_LEVEL)
    if not request.is_special:
        raise RuleViolation("request_is_routine", {"code": request.code})
    is_begun = any(slot.state is SlotState.PASSED for slot in request.slots)
    if request.state is RequestState.IN_REVIEW and is_begun:
        raise RuleViolation("request_reviewed_already", {"code": request.code})
    return _levelled(request, Level.ROUTINE)


def _levelled(request: Request, level: Level) -> Request:
    word = next(word for word, known in LEVELS.items() if known is level)
    return replace(request, level=level, content={**request.content, "level": word})
