"""A request is stored: with its deadlines, its record, its cards, and everything that others have to learn (3, 3.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.confidentiality import Secrecy, default_access
from bot.domain.digest import Happening
from bot.domain.directory import Role
from bot.domain.form import text_of
from bot.domain.happened import RequestApproved, RequestChanged
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.permissions import Grant
from bot.domain.request import EDITABLE, Request, RequestState, with_access
from bot.domain.request_form import F1, duty_rows
from bot.domain.request_level import SPLIT_WINDOW, splits
from bot.domain.slots import open_slots
from bot.routing import Context
from handlers import effects, happenings, matter_cards
from handlers.deadlines import deadlines
from handlers.deeds import SLOT, VERB
from handlers.requests import request_cards as cards
from handlers.requests import request_notices as notices
from handlers.requests import request_rights as rights
from handlers.requests.request_deadlines import arm_idle, decider_post, obligations
from handlers.words import words_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was done to a request, for its record."""

    #: names the line of the record: `request_passed`
    action: str
    verb: str = ""
    slot: str = ""
    reason: str = ""
    grant: Grant | None = None


def commit(context: Context, before: Request | None, after: Request, step: Step) -> Request:
    """Store it and let everything follow; returns it as it is then, with the item that came of it."""
    if _has_new_readers(before, after):
        after = with_access(after, _readers(context, after))
    owed = tuple(obligations(context, after))
    due_at = min((one.due_at for one in owed), default=None)
    after = replace(after, due_at=due_at, is_overdue=due_at is not None and due_at <= context.now)
    stored = context.uow.requests.add(after) if before is None else context.uow.requests.put(after)
    deadlines.settle(context, stored.code, owed)
    arm_idle(context, stored)
    _end_dialogues(context, stored)
    _record(context, before, stored, step)
    _note_facts(context, before, stored)
    context.announce(RequestChanged(before, stored))
    is_approved = stored.state is RequestState.APPROVED and (before is None or before.state is not stored.state)
    if is_approved:
        context.announce(RequestApproved(stored))
        stored = context.uow.requests.get(stored.code) or stored
    matter_cards.refresh(context, stored.code)
    _ask(context, before, stored)
    return stored


def _end_dialogues(context: Context, request: Request) -> None:
    """What cannot be filled in any more is not asked for any more."""
    for draft in context.uow.form_drafts.find(item=request.code):
        is_request = draft.form.partition(":")[0] == F1.id
        is_open = request.state in EDITABLE if is_request else request.state is RequestState.ASSESSING
        if not is_open:
            context.uow.form_drafts.remove(draft.key)


def _has_new_readers(before: Request | None, after: Request) -> bool:
    """Does the list follow the form, the level, the submitter or the posts now? Who was taken off it stays off otherwise."""
    if before is None or before is after:
        return True
    marks = [(r.content, r.secrecy, r.round, r.state is RequestState.PENDING_LEADER) for r in (before, after)]
    return marks[0] != marks[1]


def _readers(context: Context, request: Request) -> tuple[PersonId, ...]:
    """Who may know of it where it is confidential (2.5)."""
    if request.secrecy < Secrecy.CONFIDENTIAL:
        return ()
    posts = context.world.posts
    heads = (posts.head_post(department) for department in request.involved)
    liaison = text_of(request.content, "liaison")
    others = (request.submitted_by, decider_post(context, request))
    listed = default_access(
        creator=request.created_by,
        heads=[head for head in heads if head is not None],
        handlers=[PersonId(person) for _, _, person in duty_rows(request.content) if person],
        named_liaisons=[PersonId(liaison)] if liaison else [],
        secretary=posts.secretary(),
        leader=posts.leader_post(),
    )
    return (*listed, *(person for person in others if person is not None))


def _record(context: Context, before: Request | None, after: Request, step: Step) -> None:
    is_hidden = after.secrecy >= Secrecy.CONFIDENTIAL
    effects.record_act(
        context,
        step.action,
        before,
        after,
        grant=step.grant,
        reason="" if is_hidden else step.reason,
        facts={VERB: step.verb, SLOT: step.slot, "round": str(after.round)},
    )


def _note_facts(context: Context, before: Request | None, after: Request) -> None:
    """What the digest counts: new at the first submission only, approved once (L-25, 6.1)."""
    if after.first_submitted_at is not None and (before is None or before.first_submitted_at is None):
        _note(context, after, Happening.REQUEST_NEW)
    if after.state is RequestState.APPROVED and (before is None or before.state is not RequestState.APPROVED):
        _note(context, after, Happening.REQUEST_APPROVED)


def _note(context: Context, request: Request, kind: Happening) -> None:
    happenings.note(context, request, kind, {"lead": request.lead, "level": request.level.value})


# ---------------------------------------------------------------- who is asked now


def _ask(context: Context, before: Request | None, after: Request) -> None:
    """Whoever has to act in the new state gets a card, or is told what to do."""
    if before is None or (before.state, before.round) == (after.state, after.round):
        return
    match after.state:
        case RequestState.IN_REVIEW:
            ask_heads(context, after)
            _point_out_split(context, before, after)
        case RequestState.REVIEWED:
            _ask_secretary(context, after)
        case RequestState.PENDING_LEADER:
            ask_leader(context, after)
        case _:
            pass


def ask_heads(context: Context, request: Request) -> None:
    """One card for each head who acts now, whatever the number of slots; without one the slot stays open (2.6)."""
    asked: set[PersonId] = set()
    headless: list[DepartmentId] = []
    for slot in open_slots(request.slots):
        standing = context.world.posts.head_of(slot.department)
        if standing is None:
            headless.append(slot.department)
        elif standing.acting not in asked:
            asked.add(standing.acting)
            if rights.waiting_slot(context, request, standing.acting) is not None:
                _show(context, standing.acting, request, cards.REVIEW)
    if headless:
        words = words_for(context, effects.secretary(context))
        names = words.listing(words.department(department) for department in headless)
        notices.tell_secretary(context, request, "request_no_head", departments=names)


def ask_leader(context: Context, request: Request) -> None:
    """The leader; beside an absent one the next of the chain who may decide (SoD-2, SoD-7, EC-10..EC-12)."""
    post, posts = decider_post(context, request), context.world.posts
    stand_ins = (post, posts.leader(), *(p.id for p in context.world.directory.holders(Role.ALTERNATE)))
    able = next((p for p in stand_ins if p is not None and _can_decide(context, request, p)), None)
    for person in dict.fromkeys((post, able)):
        if person is not None:
            _show(context, person, request, cards.LEADER)
    if able is None:
        notices.tell_secretary(context, request, "request_no_leader")


def _can_decide(context: Context, request: Request, person: PersonId) -> bool:
    return context.world.posts.is_available(person) and rights.may_decide(context, request, person)


def _show(context: Context, person: PersonId, request: Request, kind: str) -> None:
    found = context.world.directory.person(person)
    if found is not None:
        wanted = cards.purpose(kind, request)
        matter_cards.show_to(context, found, request.code, wanted, at_once=is_at_work(context, person))


def is_at_work(context: Context, reader: PersonId) -> bool:
    """A decision card that somebody at work asks for is brought at once, unless its reader is away (L-09)."""
    if context.person is None or context.world.posts.is_away(reader):
        return False
    return context.world.calendars.of_person(context.person).is_notice_time(context.now)


def _ask_secretary(context: Context, request: Request) -> None:
    """The secretary calls the assessment meeting within T-03 (R-75)."""
    secretary = effects.secretary(context)
    if secretary is None or request.due_at is None:
        return
    notices.tell(context, (secretary,), request, "request_call_assessment", is_owed=True, due=request.due_at)


def _point_out_split(context: Context, before: Request, request: Request) -> None:
    """One project cut into several requests is pointed out to the secretary, who decides what it is (EC-93)."""
    if before.first_submitted_at is not None:
        return
    others = splits(request, context.uow.requests.find(department=request.lead))
    if others:
        words = words_for(context, effects.secretary(context))
        codes = words.listing(other.code for other in others)
        notices.tell_secretary(context, request, "request_split", codes=codes, days=SPLIT_WINDOW.days)
