"""The collaboration request XQ (domain.md 3.1, R-28, R-72..R-78): its states, what can happen to it, and how it begins.

Review is in `request_review`, assessment and the leader's decision in `request_decision`; form F1 is `request_form`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.confidentiality import LEVEL_WORDS, Secrecy
from bot.domain.form import Content, text_of, texts_of
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.item import Level
from bot.domain.machine import Line, Machine
from bot.domain.slots import Slot
from bot.errors import RuleViolation

#: after so long without an edit a draft is reminded of, and a returned request may be taken out by the secretary
IDLE = timedelta(days=30)


class RequestState(StrEnum):
    """States of 3.1."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    ASSESSING = "assessing"
    PENDING_LEADER = "pending_leader"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class RequestAct(StrEnum):
    """Events of 3.1."""

    SAVE = "save"
    SUBMIT = "submit"
    #: a head says yes
    AGREE = "agree"
    #: by a department or by the leader
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    #: the secretary takes out what was returned and left alone
    RETIRE = "retire"
    RAISE_LEVEL = "raise_level"
    LOWER_LEVEL = "lower_level"
    #: an assessment meeting was fixed, or another one in its place
    SCHEDULE = "schedule"
    #: an opinion for or against goes to the leader
    CONCLUDE = "conclude"
    #: the opinion asks for more
    SUPPLEMENT = "supplement"
    APPROVE = "approve"
    REJECT = "reject"
    COPY = "copy"
    #: level of secrecy, access list
    RECLASSIFY = "reclassify"


_S, _A = RequestState, RequestAct
#: nothing waits for anybody any more
FINISHED = (RequestState.APPROVED, RequestState.REJECTED, RequestState.WITHDRAWN)
MACHINE: Machine[RequestState, RequestAct] = Machine(
    "request",
    (
        Line((_S.DRAFT,), _A.SAVE, (_S.DRAFT,)),
        Line((_S.RETURNED,), _A.SAVE, (_S.RETURNED,)),
        Line((_S.DRAFT, _S.RETURNED), _A.SUBMIT, (_S.IN_REVIEW,)),
        Line((_S.IN_REVIEW,), _A.AGREE, (_S.IN_REVIEW, _S.REVIEWED, _S.APPROVED)),
        Line((_S.IN_REVIEW, _S.PENDING_LEADER), _A.SEND_BACK, (_S.RETURNED,)),
        Line((_S.IN_REVIEW, _S.PENDING_LEADER), _A.WITHDRAW, (_S.WITHDRAWN,)),
        Line((_S.RETURNED,), _A.RETIRE, (_S.WITHDRAWN,)),
        Line((_S.IN_REVIEW,), _A.RAISE_LEVEL, (_S.IN_REVIEW,)),
        Line((_S.DRAFT,), _A.LOWER_LEVEL, (_S.DRAFT,)),
        Line((_S.RETURNED,), _A.LOWER_LEVEL, (_S.RETURNED,)),
        Line((_S.IN_REVIEW,), _A.LOWER_LEVEL, (_S.IN_REVIEW,)),
        Line((_S.REVIEWED, _S.ASSESSING), _A.SCHEDULE, (_S.ASSESSING,)),
        Line((_S.ASSESSING,), _A.CONCLUDE, (_S.PENDING_LEADER,)),
        Line((_S.ASSESSING,), _A.SUPPLEMENT, (_S.RETURNED,)),
        Line((_S.PENDING_LEADER,), _A.APPROVE, (_S.APPROVED,)),
        Line((_S.PENDING_LEADER,), _A.REJECT, (_S.REJECTED,)),
        Line((_S.REJECTED,), _A.COPY, (_S.REJECTED,)),
        Line((_S.WITHDRAWN,), _A.COPY, (_S.WITHDRAWN,)),
        *(Line((state,), _A.RECLASSIFY, (state,)) for state in _S if state not in FINISHED),
    ),
)
#: the form may be edited
EDITABLE = (RequestState.DRAFT, RequestState.RETURNED)

#: F1-15: the option's word and what it stands for
LEVELS = {"日常协作": Level.ROUTINE, "专项协作": Level.SPECIAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One submission that came back, as it was: its content is frozen."""

    number: int
    content: Content
    slots: tuple[Slot, ...] = ()
    submitted_by: PersonId | None = None
    submitted_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `content` is form F1, `assessment` form F5; what rules ask often stands in fields of its own."""

    code: Code
    state: RequestState
    lead: DepartmentId
    created_by: PersonId
    created_at: datetime
    title: str = ""
    level: Level = Level.ROUTINE
    coop: tuple[DepartmentId, ...] = ()
    content: Content = field(default_factory=dict)
    #: counts submissions; cards of an older round are stale (EC-05)
    round: int = 0
    slots: tuple[Slot, ...] = ()
    submitted_by: PersonId | None = None
    submitted_at: datetime | None = None
    #: when it was first submitted: “new request” counts then (L-25)
    first_submitted_at: datetime | None = None
    #: since when it is in its present state
    since: datetime | None = None
    #: limit of the present state
    due_at: datetime | None = None
    meeting: Code | None = None
    assessment: Content = field(default_factory=dict)
    assessed_at: datetime | None = None
    decided_by: PersonId | None = None
    decided_for: PersonId | None = None
    decided_at: datetime | None = None
    reason: str = ""
    #: the item that came of it
    item: Code | None = None
    copied_from: Code | None = None
    plan_version: str = ""
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    #: submissions that came back, oldest first
    rounds: tuple[Round, ...] = ()
    #: last time somebody changed the form
    edited_at: datetime | None = None
    #: when the assessment meeting ended; the opinion may be recorded from then on
    held_at: datetime | None = None
    assessed_by: PersonId | None = None
    #: a lower level of secrecy that was asked for, and who agreed so far: lead head together with leader (2.5)
    lower_to: int | None = None
    lower_agreed: tuple[PersonId, ...] = ()
    #: the limit of the present state passed
    is_overdue: bool = False
    version: int = 0

    @property
    def involved(self) -> tuple[DepartmentId, ...]:
        """Lead first, then the cooperating departments."""
        return (self.lead, *self.coop)

    @property
    def is_special(self) -> bool:
        """Does it take all five steps (A-02)? Every special request is a major matter for the leader (A-19, R-71)."""
        return self.level is Level.SPECIAL

    def slot(self, department: str) -> Slot | None:
        """The slot of that department in the present round."""
        return next((slot for slot in self.slots if slot.department == department), None)


# ---------------------------------------------------------------- its beginning


def drafted(
    *, code: Code, lead: DepartmentId, content: Content, by: PersonId, now: datetime, copied_from: Code | None = None
) -> Request:
    """A new draft; the number is given at the first save (0.4)."""
    request = Request(
        code=code,
        state=RequestState.DRAFT,
        lead=lead,
        created_by=by,
        created_at=now,
        since=now,
        copied_from=copied_from,
    )
    return saved(request, content, now=now)


def saved(request: Request, content: Content, *, now: datetime) -> Request:
    """The form as it reads now, field by field as it is filled in.

    Raises RuleViolation `stale_card`; `request_level_kept` where a request that was reviewed as special would become routine
    (P-06); `request_secrecy_kept` where one that others have read would become less secret (2.5).
    """
    MACHINE.require(request.state, RequestAct.SAVE)
    after = replace(
        request,
        content=content,
        title=text_of(content, "title").strip(),
        level=LEVELS.get(text_of(content, "level"), request.level if request.round else Level.ROUTINE),
        lead=DepartmentId(text_of(content, "lead_dept")) or request.lead,
        coop=tuple(DepartmentId(d) for d in texts_of(content, "coop_depts")),
        secrecy=int(LEVEL_WORDS.get(text_of(content, "confidentiality"), Secrecy(request.secrecy))),
        edited_at=now,
    )
    if request.round and request.is_special and not after.is_special:
        raise RuleViolation("request_level_kept", {"code": request.code})
    if request.round and after.secrecy < request.secrecy:
        raise RuleViolation("request_secrecy_kept", {"code": request.code})
    return after


def copied(request: Request, *, code: Code, by: PersonId, content: Content, now: datetime) -> Request:
    """A new draft from one that was rejected or withdrawn, linked to it. Raises RuleViolation: `stale_card`, `no_right`."""
    MACHINE.require(request.state, RequestAct.COPY)
    if by not in {request.created_by, request.submitted_by}:
        raise RuleViolation("no_right")
    return drafted(code=code, lead=request.lead, content=content, by=by, now=now, copied_from=request.code)


def with_access(request: Request, people: Iterable[PersonId]) -> Request:
    """Whom a confidential request may be known to: nobody is taken off the list by an edit (2.5). Others have no list."""
    if request.secrecy < Secrecy.CONFIDENTIAL:
        return request
    return replace(request, access=tuple(dict.fromkeys((*request.access, *people))))


# ---------------------------------------------------------------- its end


def withdrawn(
    request: Request, *, by: PersonId, behalf: PersonId | None = None, reason: str = "", now: datetime
) -> Request:
    """Taken back by the submitter, before the leader has it also by the lead's head. Raises RuleViolation: `stale_card`, `no_right`."""
    state = MACHINE.after(request.state, RequestAct.WITHDRAW, RequestState.WITHDRAWN)
    if request.state is RequestState.PENDING_LEADER and (behalf or by) != request.submitted_by:
        raise RuleViolation("no_right")
    return _ended(request, state, by=by, behalf=behalf, reason=reason, now=now)


def retired(request: Request, *, by: PersonId, behalf: PersonId | None = None, reason: str, now: datetime) -> Request:
    """The secretary takes out what was left alone for 30 days. Raises RuleViolation: `stale_card`, `request_not_idle`."""
    state = MACHINE.after(request.state, RequestAct.RETIRE, RequestState.WITHDRAWN)
    if now < idle_at(request):
        raise RuleViolation("request_not_idle", {"code": request.code, "days": IDLE.days})
    return _ended(request, state, by=by, behalf=behalf, reason=reason, now=now)


def _ended(
    request: Request, state: RequestState, *, by: PersonId, behalf: PersonId | None, reason: str, now: datetime
) -> Request:
    decided = replace(request, decided_by=by, decided_for=behalf, decided_at=now, reason=reason)
    return moved(decided, state, now=now)


def moved(request: Request, state: RequestState, *, now: datetime) -> Request:
    """The request in another state since now; the limit of the old one is gone."""
    if state is request.state:
        return request
    return replace(request, state=state, since=now, due_at=None, is_overdue=False)


def back(request: Request, *, reason: str, now: datetime) -> Request:
    """Returned to whoever submitted it; the round is kept as it was, because its content may be edited from now on."""
    this = Round(
        number=request.round,
        content=request.content,
        slots=request.slots,
        submitted_by=request.submitted_by,
        submitted_at=request.submitted_at,
        reason=reason,
    )
    kept = replace(request, reason=reason, rounds=(*request.rounds, this))
    return moved(kept, RequestState.RETURNED, now=now)


def idle_at(request: Request) -> datetime:
    """When nobody will have edited it for 30 days, nor sent it back."""
    touched = (request.edited_at, request.since, request.created_at)
    return max(at for at in touched if at is not None) + IDLE


def day_of(content: Content, key: str) -> date | None:
    """A date of the form; None where it is missing or none."""
    try:
        return date.fromisoformat(text_of(content, key))
    except ValueError:
        return None
