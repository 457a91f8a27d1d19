"""What a meeting is held for: the request, issue, item or acceptance behind a number, as far as meetings need it (domain.md 3.9)."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.acceptance import Acceptance, AcceptanceState
from bot.domain.codes import CodeRef
from bot.domain.conflict import Conflict
from bot.domain.ids import Code, CodeKind, DepartmentId, PersonId
from bot.domain.issue import Issue
from bot.domain.item import Item, ItemState
from bot.domain.meeting import MeetingKind
from bot.domain.meeting_invitation import Circle
from bot.domain.relation import Relation
from bot.domain.request import Request, RequestState
from bot.errors import RuleViolation
from bot.routing import Context
from handlers.access import actor
from handlers.lookups import find

#: acceptances that a meeting can be called for
_OPEN_ACCEPTANCE = (AcceptanceState.APPLIED, AcceptanceState.SCHEDULED)
_OVER = frozenset({ItemState.ARCHIVED, ItemState.TERMINATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Number, short name and circle of what is talked about."""

    code: Code
    short: str
    kind: CodeKind
    state: str = ""
    item: Code | None = None
    lead: DepartmentId | None = None
    coop: tuple[DepartmentId, ...] = ()
    members: tuple[PersonId, ...] = ()
    acceptors: tuple[PersonId, ...] = ()
    secrecy: int = 0
    access: tuple[PersonId, ...] = ()
    owners: frozenset[PersonId] = field(default_factory=frozenset)

    def circle(self, named: tuple[PersonId, ...]) -> Circle:
        """Who is concerned."""
        acceptors = named or self.acceptors
        return Circle(lead=self.lead, coop=self.coop, members=self.members, named=named, acceptors=acceptors)

    @property
    def relation(self) -> Relation:
        """How it stands to people and departments."""
        return Relation(
            department=self.lead,
            lead=self.lead,
            coop=frozenset(self.coop),
            members=frozenset(self.members),
            owners=self.owners,
            secrecy=self.secrecy,
            access=frozenset(self.access),
        )


def named(context: Context, ref: CodeRef, kind: MeetingKind) -> Subject:
    """The object of a typed number that such a meeting can be about. Raises `not_found_or_no_right`, `meeting_wrong_subject`."""
    found = _subject(context, ref, kind)
    who = actor(context)
    if found is None or who is None:
        raise RuleViolation("not_found_or_no_right")
    return found


def of(context: Context, code: str) -> Subject | None:
    """The object of a whole number; None where there is none or no meeting is about such objects."""
    uow = context.uow
    for found in (uow.requests.get(code), uow.issues.get(code), uow.items.get(code), uow.acceptances.get(code)):
        if found is not None:
            return _described(context, found)
    conflict = uow.conflicts.get(code)
    return _of_conflict(conflict) if conflict is not None else None


def _subject(context: Context, ref: CodeRef, kind: MeetingKind) -> Subject | None:
    uow = context.uow
    match ref.kind:
        case CodeKind.REQUEST if kind is MeetingKind.ASSESSMENT:
            return _maybe(context, find(context, ref, CodeKind.REQUEST, uow.requests.get))
        case CodeKind.ISSUE if kind in {MeetingKind.COORDINATION, MeetingKind.SPECIAL}:
            return _maybe(context, find(context, ref, CodeKind.ISSUE, uow.issues.get))
        case CodeKind.CONFLICT if kind in {MeetingKind.COORDINATION, MeetingKind.SPECIAL}:
            conflict = find(context, ref, CodeKind.CONFLICT, uow.conflicts.get)
            return _of_conflict(conflict) if conflict is not None else None
        case CodeKind.ACCEPTANCE if kind is MeetingKind.ACCEPTANCE:
            return _maybe(context, find(context, ref, CodeKind.ACCEPTANCE, uow.acceptances.get))
        case CodeKind.ITEM:
            return _about_item(context, find(context, ref, CodeKind.ITEM, uow.items.get), kind)
        case _:
            raise RuleViolation("meeting_wrong_subject")


def _about_item(context: Context, item: Item | None, kind: MeetingKind) -> Subject | None:
    if item is None or item.state in _OVER:
        return None
    if kind is MeetingKind.ACCEPTANCE:
        states = tuple(state.value for state in _OPEN_ACCEPTANCE)
        found = context.uow.acceptances.find(item=item.code, state=states)
        if not found:
            raise RuleViolation("meeting_no_acceptance")
        return _of_acceptance(context, found[-1])
    if kind in {MeetingKind.MILESTONE, MeetingKind.COORDINATION, MeetingKind.SPECIAL}:
        return _of_item(item)
    raise RuleViolation("meeting_wrong_subject")


def _maybe(context: Context, found: Request | Issue | Item | Acceptance | None) -> Subject | None:
    return _described(context, found) if found is not None else None


def _described(context: Context, found: Request | Issue | Item | Acceptance) -> Subject:
    match found:
        case Request():
            return Subject(
                code=found.code,
                short=found.title,
                kind=CodeKind.REQUEST,
                state=found.state.value,
                lead=found.lead,
                coop=found.coop,
                secrecy=found.secrecy,
                access=found.access,
                owners=frozenset({found.created_by}),
            )
        case Issue():
            return Subject(
                code=found.code,
                short=found.title,
                kind=CodeKind.ISSUE,
                state=found.state.value,
                item=found.item,
                lead=found.lead or found.found_by,
                coop=found.coop or found.departments,
                secrecy=found.secrecy,
                access=found.access,
                owners=frozenset({found.reporter}),
            )
        case Item():
            return _of_item(found)
        case Acceptance():
            return _of_acceptance(context, found)


def _of_item(item: Item) -> Subject:
    return Subject(
        code=item.code,
        short=item.short,
        kind=CodeKind.ITEM,
        state=item.state.value,
        item=item.code,
        lead=item.lead,
        coop=item.coop,
        members=item.members,
        secrecy=item.secrecy,
        access=item.access,
    )


def _of_acceptance(context: Context, acceptance: Acceptance) -> Subject:
    item = context.uow.items.get(acceptance.item)
    return Subject(
        code=acceptance.code,
        short=item.short if item is not None else acceptance.title,
        kind=CodeKind.ACCEPTANCE,
        state=acceptance.state.value,
        item=acceptance.item,
        lead=acceptance.lead,
        coop=item.coop if item is not None else (),
        acceptors=acceptance.acceptors,
        secrecy=acceptance.secrecy,
        access=acceptance.access,
        owners=frozenset({acceptance.applied_by}),
    )


def _of_conflict(conflict: Conflict) -> Subject:
    return Subject(
        code=conflict.code,
        short=conflict.title,
        kind=CodeKind.CONFLICT,
        state=conflict.state.value,
        item=conflict.item,
        lead=conflict.filed_for,
        coop=tuple(d for d in conflict.parties if d != conflict.filed_for),
        secrecy=conflict.secrecy,
        access=conflict.access,
        owners=frozenset({conflict.filed_by}),
    )


def check_state(subject: Subject) -> None:
    """Raises RuleViolation `meeting_subject_state` where the object is not at the point at which that meeting is held."""
    fits = {
        CodeKind.REQUEST: {RequestState.REVIEWED.value, RequestState.ASSESSING.value},
        CodeKind.ACCEPTANCE: {state.value for state in _OPEN_ACCEPTANCE},
    }.get(subject.kind)
    if fits is not None and subject.state not in fits:
        raise RuleViolation("meeting_subject_state", {"code": subject.code})
