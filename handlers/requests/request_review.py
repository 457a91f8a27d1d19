"""同意, 退回, 驳回, 撤回, 升级, 降级 on a request: by heads, the leader, the submitter, the secretary (3.1; P-03..P-08)."""

from __future__ import annotations

from bot.domain import request_decision as decision
from bot.domain import request_review as review
from bot.domain.action import Action
from bot.domain.ids import DepartmentId
from bot.domain.permissions import Grant
from bot.domain.request import MACHINE, Request, RequestAct, RequestState, retired, withdrawn
from bot.domain.slots import Slot, SlotState
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import deeds
from handlers.access import require
from handlers.deeds import Deed
from handlers.possible import require_possible
from handlers.requests import request_cards as cards
from handlers.requests import request_notices as notices
from handlers.requests import request_rights as rights
from handlers.requests.request_commits import Step, commit
from handlers.requests.request_notices import doer, named, said


def approve(deed: Deed, request: Request) -> str:
    """A head passes the own slot, or the leader approves."""
    rights.require_sight(deed.context, request)
    if request.state is RequestState.PENDING_LEADER and not deed.slot:
        return _leader_approves(deed, request)
    slot = _slot(deed, request, RequestAct.AGREE)
    grant = rights.require_review(deed.context, request, slot.department)
    after = review.passed(
        request,
        slot.department,
        by=deed.person.id,
        behalf=grant.behalf,
        remark=deed.optional_reason(),
        now=deed.context.now,
    )
    step = Step(
        action="request_passed", verb="approve", slot=slot.department, grant=grant, reason=deed.optional_reason()
    )
    stored = commit(deed.context, request, after, step)
    _tell_progress(deed.context, stored)
    return _passed_text(deed, stored, slot)


def send_back(deed: Deed, request: Request) -> str:
    """A head sends the request back, or the leader does; both say why (EC-14)."""
    rights.require_sight(deed.context, request)
    if request.state is RequestState.PENDING_LEADER and not deed.slot:
        return _leader_returns(deed, request)
    slot = _slot(deed, request, RequestAct.SEND_BACK)
    grant = rights.require_review(deed.context, request, slot.department)
    reason = deed.reason()
    after = review.sent_back(
        request, slot.department, by=deed.person.id, behalf=grant.behalf, reason=reason, now=deed.context.now
    )
    step = Step(action="request_sent_back", verb="send_back", slot=slot.department, grant=grant, reason=reason)
    stored = commit(deed.context, request, after, step)
    _tell_returned(deed, stored, grant)
    return deed.words.say("request_sent_back", what=named(deed.words, stored), reason=said(reason))


def reject(deed: Deed, request: Request) -> str:
    """The leader refuses, with the reason."""
    rights.require_sight(deed.context, request)
    grant = _leader(deed, request, RequestAct.REJECT)
    reason = deed.reason()
    after = decision.rejected(request, by=deed.person.id, behalf=grant.behalf, reason=reason, now=deed.context.now)
    stored = commit(
        deed.context, request, after, Step(action="request_rejected", verb="reject", grant=grant, reason=reason)
    )
    told = (*notices.askers(deed.context, stored), *notices.heads(deed.context, stored))
    name = doer(deed.words, deed.person.id, grant.behalf)
    notices.tell(deed.context, told, stored, "request_told_rejected", name=name, reason=said(reason))
    return deed.words.say("request_rejected", what=named(deed.words, stored), reason=said(reason))


# ---------------------------------------------------------------- slots


def _slot(deed: Deed, request: Request, act: RequestAct) -> Slot:
    """The slot that is meant: the one on the card, else the first open one that the person may fill.

    Raises RuleViolation `no_right`, `done_already`, `stale_card`.
    """
    context = deed.context
    own = rights.own_slots(context, request)
    meant = request.slot(deed.slot) if deed.slot else next((s for s in own if s.state is SlotState.OPEN), None)
    meant = meant or next(iter(own), None)
    if MACHINE.allows(request.state, act) and request.state is RequestState.IN_REVIEW:
        if meant is None or meant not in own:
            # says no, and under which rule; nobody is told about slots of others
            rights.require_review(
                context, request, meant.department if meant is not None else _own_department(request, deed)
            )
        if meant is not None and meant.state is SlotState.OPEN:
            return meant
    raise _late(deed, request, meant)


def _own_department(request: Request, deed: Deed) -> DepartmentId:
    return deed.person.department if deed.person.department in request.involved else request.lead


def _late(deed: Deed, request: Request, slot: Slot | None) -> RuleViolation:
    """Done already by somebody (who, when), or no longer possible: both name the present state (2.8, EC-01, EC-03)."""
    state = MACHINE.state_key(request.state)
    verb = {SlotState.PASSED: "approve", SlotState.RETURNED: "send_back"}.get(slot.state) if slot is not None else None
    if slot is not None and verb == deed.verb:
        return deeds.too_late(deed.context, request.code, verb, state=state, slot=slot.department)
    return RuleViolation("stale_card", {"state": state})


def _passed_text(deed: Deed, request: Request, slot: Slot) -> str:
    words = deed.words
    what, department = named(words, request), words.department(slot.department)
    match request.state:
        case RequestState.REVIEWED:
            return words.say("request_passed_all", what=what, department=department)
        case RequestState.APPROVED:
            return words.say("request_passed_approved", what=what, department=department, item=_item(request))
        case _:
            return words.say(
                "request_passed", what=what, department=department, progress=cards.progress(words, request)
            )


def _item(request: Request) -> str:
    return request.item or "-"


def _tell_progress(context: Context, request: Request) -> None:
    """The submitter hears when all have passed; single slots stand on the request."""
    if request.state is RequestState.REVIEWED:
        notices.tell(context, notices.askers(context, request), request, "request_told_reviewed")
    if request.state is RequestState.APPROVED:
        item = _item(request)
        notices.tell(
            context, notices.other_askers(context, request), request, "request_told_approved_routine", item=item
        )


def _tell_returned(deed: Deed, request: Request, grant: Grant) -> None:
    name = doer(deed.words, deed.person.id, grant.behalf)
    readers = notices.askers(deed.context, request)
    notices.tell(
        deed.context, readers, request, "request_told_returned", is_owed=True, name=name, reason=said(request.reason)
    )


# ---------------------------------------------------------------- the leader


def _leader(deed: Deed, request: Request, act: RequestAct) -> Grant:
    """The right to decide, in a state in which something is to be decided. Raises RuleViolation."""
    own = rights.own_slots(deed.context, request)
    if not MACHINE.allows(request.state, act) or deed.slot:
        raise deeds.too_late(deed.context, request.code, deed.verb, state=MACHINE.state_key(request.state))
    if own and not rights.may_decide(deed.context, request, deed.person.id):
        late = _late(deed, request, own[0])
        if late.code == "done_already":
            raise late
    return rights.require_decision(deed.context, request)


def _leader_approves(deed: Deed, request: Request) -> str:
    grant = _leader(deed, request, RequestAct.APPROVE)
    remark = deed.optional_reason()
    after = decision.approved(request, by=deed.person.id, behalf=grant.behalf, remark=remark, now=deed.context.now)
    stored = commit(
        deed.context, request, after, Step(action="request_approved", verb="approve", grant=grant, reason=remark)
    )
    name = doer(deed.words, deed.person.id, grant.behalf)
    readers = notices.other_askers(deed.context, stored)
    notices.tell(deed.context, readers, stored, "request_told_approved", name=name, item=_item(stored))
    return deed.words.say("request_approved", what=named(deed.words, stored), item=_item(stored))


def _leader_returns(deed: Deed, request: Request) -> str:
    grant = _leader(deed, request, RequestAct.SEND_BACK)
    reason = deed.reason()
    after = decision.returned(request, by=deed.person.id, behalf=grant.behalf, reason=reason, now=deed.context.now)
    stored = commit(
        deed.context, request, after, Step(action="request_returned", verb="send_back", grant=grant, reason=reason)
    )
    _tell_returned(deed, stored, grant)
    return deed.words.say("request_sent_back", what=named(deed.words, stored), reason=said(reason))


# ---------------------------------------------------------------- taking back


def withdraw(deed: Deed, request: Request) -> str:
    """The submitter takes the request back; what was returned and left alone is taken out by the secretary (3.1)."""
    context = deed.context
    rights.require_sight(context, request)
    if request.state is RequestState.RETURNED:
        return _retire(deed, request)
    require_possible(deed, request, MACHINE, RequestAct.WITHDRAW, verb="withdraw")
    grant = rights.require_withdrawal(context, request)
    reason = deed.optional_reason()
    after = withdrawn(request, by=deed.person.id, behalf=grant.behalf, reason=reason, now=context.now)
    stored = commit(
        context, request, after, Step(action="request_withdrawn", verb="withdraw", grant=grant, reason=reason)
    )
    name = doer(deed.words, deed.person.id, grant.behalf)
    notices.tell(context, notices.askers(context, stored), stored, "request_told_withdrawn", name=name)
    return deed.words.say("request_withdrawn", what=named(deed.words, stored), code=stored.code)


def _retire(deed: Deed, request: Request) -> str:
    grant = rights.require_secretary(deed.context, request)
    reason = deed.reason()
    after = retired(request, by=deed.person.id, behalf=grant.behalf, reason=reason, now=deed.context.now)
    step = Step(action="request_retired", verb="withdraw", grant=grant, reason=reason)
    stored = commit(deed.context, request, after, step)
    readers = notices.askers(deed.context, stored)
    name = doer(deed.words, deed.person.id, grant.behalf)
    notices.tell(deed.context, readers, stored, "request_told_retired", name=name, reason=said(reason))
    return deed.words.say("request_withdrawn", what=named(deed.words, stored), code=stored.code)


# ---------------------------------------------------------------- routine or special


def raise_level(deed: Deed, request: Request) -> str:
    """Secretary or leader make a routine request special while it is reviewed (P-05, EC-93)."""
    rights.require_sight(deed.context, request)
    grant = require(deed.context, Action.RAISE_LEVEL, rights.relation_of(request))
    require_possible(deed, request, MACHINE, RequestAct.RAISE_LEVEL, verb="raise_level")
    return _levelled(
        deed, request, review.raised(request), grant, reason=deed.optional_reason(), key="request_told_raised"
    )


def lower_level(deed: Deed, request: Request) -> str:
    """The leader makes a special request routine, with the reason, before it is reviewed (P-06)."""
    rights.require_sight(deed.context, request)
    grant = require(deed.context, Action.LOWER_LEVEL, rights.relation_of(request))
    require_possible(deed, request, MACHINE, RequestAct.LOWER_LEVEL, verb="lower_level")
    reason = deed.reason()
    return _levelled(deed, request, review.lowered(request), grant, reason=reason, key="request_told_lowered")


def _levelled(deed: Deed, request: Request, after: Request, grant: Grant, *, reason: str, key: str) -> str:
    step = Step(action=f"request_{deed.verb}", verb=deed.verb, grant=grant, reason=reason)
    stored = commit(deed.context, request, after, step)
    name = doer(deed.words, deed.person.id, grant.behalf)
    why = said(reason) or "-"
    notices.tell(deed.context, notices.askers(deed.context, stored), stored, key, name=name, reason=why)
    level = cards.level(deed.words, stored)
    return deed.words.say("request_levelled", what=named(deed.words, stored), level=level)
