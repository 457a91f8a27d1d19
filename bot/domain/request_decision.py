"""Assessment of a request and the leader's decision on it (domain.md 3.1; R-75..R-78, A-19, SoD-2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.assessment_form import NOTE, is_supplement
from bot.domain.form import Content, text_of
from bot.domain.ids import Code, PersonId
from bot.domain.request import MACHINE, Request, RequestAct, RequestState, back, moved
from bot.errors import RuleViolation


def scheduled(request: Request, meeting: Code, *, now: datetime) -> Request:
    """Its assessment meeting is fixed, or another one in the place of one that did not take place. Raises RuleViolation `stale_card`."""
    state = MACHINE.after(request.state, RequestAct.SCHEDULE, RequestState.ASSESSING)
    kept = request.due_at, request.is_overdue
    after = moved(replace(request, meeting=meeting, held_at=None), state, now=now)
    # T-03 runs until the meeting is held: it is the limit of both states
    return replace(after, due_at=kept[0], is_overdue=kept[1])


def held(request: Request, meeting: Code, *, ended_at: datetime) -> Request:
    """The meeting ended; the opinion may be recorded. Nothing happens for another meeting or state."""
    if request.state is not RequestState.ASSESSING or request.meeting != meeting:
        return request
    return replace(request, held_at=ended_at, due_at=None, is_overdue=False)


def assessed(request: Request, content: Content, *, by: PersonId, now: datetime) -> Request:
    """The opinion is recorded: for or against it goes to the leader, a call for more goes back (R-77, R-78).

    That every section is filled in is judged by the form. Raises RuleViolation `stale_card`, and `assessment_not_held` for an
    opinion before the meeting ended; what is missing can be asked for at any time.
    """
    written = replace(request, assessment=content, assessed_by=by, assessed_at=now)
    if is_supplement(content):
        MACHINE.after(request.state, RequestAct.SUPPLEMENT, RequestState.RETURNED)
        return back(written, reason=text_of(content, NOTE), now=now)
    state = MACHINE.after(request.state, RequestAct.CONCLUDE, RequestState.PENDING_LEADER)
    if request.held_at is None:
        raise RuleViolation("assessment_not_held", {"meeting": request.meeting or ""})
    return moved(written, state, now=now)


def noted(request: Request, content: Content) -> Request:
    """Part of an opinion, kept until it is whole. Raises RuleViolation `stale_card`."""
    MACHINE.require(request.state, RequestAct.CONCLUDE)
    return replace(request, assessment=content)


# ---------------------------------------------------------------- the leader


def approved(
    request: Request, *, by: PersonId, behalf: PersonId | None = None, remark: str = "", now: datetime
) -> Request:
    """The leader approves: an item follows. Raises RuleViolation `stale_card`."""
    state = MACHINE.after(request.state, RequestAct.APPROVE, RequestState.APPROVED)
    return _decided(request, state, by=by, behalf=behalf, reason=remark, now=now)


def rejected(request: Request, *, by: PersonId, behalf: PersonId | None = None, reason: str, now: datetime) -> Request:
    """The leader refuses; it ends here. Raises RuleViolation `stale_card`."""
    state = MACHINE.after(request.state, RequestAct.REJECT, RequestState.REJECTED)
    return _decided(request, state, by=by, behalf=behalf, reason=reason, now=now)


def returned(request: Request, *, by: PersonId, behalf: PersonId | None = None, reason: str, now: datetime) -> Request:
    """The leader wants more: review and assessment are repeated in full. Raises RuleViolation `stale_card`."""
    if request.state is not RequestState.PENDING_LEADER:
        MACHINE.require(request.state, RequestAct.APPROVE)
    MACHINE.after(request.state, RequestAct.SEND_BACK, RequestState.RETURNED)
    decided = replace(request, decided_by=by, decided_for=behalf, decided_at=now)
    return back(decided, reason=reason, now=now)


def _decided(
    request: Request, state: RequestState, *, by: PersonId, behalf: PersonId | None, reason: str, now: datetime
) -> Request:
    decided = replace(request, decided_by=by, decided_for=behalf, decided_at=now, reason=reason)
    return moved(decided, state, now=now)
