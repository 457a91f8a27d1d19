"""Acceptances as they are kept (domain.md 3.6; T-09, T-09b, T-10): loaded, saved with their deadlines, and who owes what."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.acceptance import Acceptance, AcceptanceAct, AcceptanceState, Proposal
from bot.domain.confidentiality import Secrecy
from bot.domain.digest import Happening
from bot.domain.directory import Person
from bot.domain.happened import AcceptanceChanged
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.item import FINISHED, Item
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant
from bot.domain.relation import Relation
from bot.domain.weekly import same_day_record_due
from bot.routing import Context
from handlers import effects, happenings, matter_cards
from handlers.deadlines import deadlines
from handlers.deadlines.deadlines import Limit, limit_at, limit_workdays, owed
from handlers.deeds import SLOT, VERB
from handlers.post_holders import handling_post, head_post, secretary_post
from handlers.words import words_for

#: working days in which the lead head proposes what becomes of a failure (3.6)
PROPOSAL_WD = 2
#: marks the obligation of that proposal
PROPOSAL = "proposal"


def item_of(context: Context, acceptance: Acceptance) -> Item:
    """The item. Raises KeyError where it is gone, which cannot be."""
    item = context.uow.items.get(acceptance.item)
    if item is None:
        raise KeyError(acceptance.item)
    return item


def of_item(context: Context, item: Item, *states: AcceptanceState) -> Acceptance | None:
    """The newest acceptance of the item in one of these states, in any where none is given."""
    wanted = states or tuple(AcceptanceState)
    found = [a for a in context.uow.acceptances.find(item=item.code) if a.state in wanted]
    return max(found, key=lambda a: a.code, default=None)


def relation_of(context: Context, acceptance: Acceptance) -> Relation:
    """How it stands to people: departments of acceptors have a vote like cooperating ones (SoD-3)."""
    item = item_of(context, acceptance)
    using = (context.world.posts.department_of(person) for person in acceptance.acceptors)
    coop = frozenset((*item.coop, *(d for d in using if d is not None))) - {acceptance.lead}
    return Relation(
        department=acceptance.lead,
        lead=acceptance.lead,
        coop=coop,
        members=frozenset(item.members),
        parties=frozenset({acceptance.lead}),
        submitter=acceptance.applied_by,
        secrecy=acceptance.secrecy,
        access=frozenset(acceptance.access),
    )


# ---------------------------------------------------------------- saving


def save(
    context: Context,
    before: Acceptance | None,
    after: Acceptance,
    act: AcceptanceAct | str,
    *,
    grant: Grant | None = None,
    reason: str = "",
    verb: str = "",
    slot: str = "",
) -> Acceptance:
    """Keep the acceptance with its deadlines, its record and its cards, and tell the others; the item moves with it."""
    stored = context.uow.acceptances.add(after) if before is None else context.uow.acceptances.put(after)
    settle(context, stored)
    effects.record_act(
        context,
        f"acceptance_{act}",
        before,
        stored,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: slot, "round": str(stored.round)},
    )
    if stored.state is AcceptanceState.PASSED and (before is None or before.state is not AcceptanceState.PASSED):
        _report(context, stored)
    context.announce(AcceptanceChanged(before, stored))
    settle(context, stored)
    matter_cards.refresh(context, stored.code)
    return stored


def _report(context: Context, acceptance: Acceptance) -> None:
    happenings.note(
        context, acceptance, Happening.ACCEPTANCE_PASSED, {"item": acceptance.item, "lead": acceptance.lead}
    )


# ---------------------------------------------------------------- who owes what


def settle(context: Context, acceptance: Acceptance) -> None:
    """Result, votes, ruling, rectification, archive: whatever is open now, and nothing once the item is at its end."""
    is_over = item_of(context, acceptance).state in FINISHED
    deadlines.settle(context, acceptance.code, [] if is_over else obligations(context, acceptance))


def obligations(context: Context, acceptance: Acceptance) -> list[Obligation]:
    """The open deadlines of its state."""
    parameters = context.world.company.parameters
    match acceptance.state:
        case AcceptanceState.APPLIED | AcceptanceState.SCHEDULED:
            return [_result(context, acceptance)]
        case AcceptanceState.VOTING:
            waiting = _ruling(context, acceptance) if acceptance.is_split else _votes(context, acceptance)
            return [_result(context, acceptance), *waiting]
        case AcceptanceState.RECTIFY:
            limit = limit_workdays(context, parameters.timers_rectification_wd, since=acceptance.decided_at)
            return [_of_lead(context, acceptance, ObligationKind.RECTIFICATION, limit)]
        case AcceptanceState.FAILED:
            return _failed(context, acceptance)
        case AcceptanceState.PASSED:
            limit = limit_workdays(context, parameters.timers_archive_wd, since=acceptance.decided_at)
            return [_of_lead(context, acceptance, ObligationKind.ARCHIVE, limit)]
        case AcceptanceState.WITHDRAWN:
            return []


def _result(context: Context, acceptance: Acceptance) -> Obligation:
    """The secretary sees to it that there is a result (T-09)."""
    limit = limit_workdays(context, context.world.company.parameters.timers_acceptance_wd, since=acceptance.since)
    department = context.world.posts.secretary_department()
    return _owed(context, acceptance, ObligationKind.ACCEPTANCE, limit, secretary_post(context), department)


def _votes(context: Context, acceptance: Acceptance) -> list[Obligation]:
    """Every acceptor by the end of the meeting's day (3.6)."""
    since = acceptance.voting_at or context.now
    limit = limit_at(same_day_record_due(context.world.calendars, since))
    posts = context.world.posts
    return [
        _owed(context, acceptance, ObligationKind.VOTE, limit, person, posts.department_of(person), slot=person)
        for person in acceptance.waiting
    ]


def _ruling(context: Context, acceptance: Acceptance) -> list[Obligation]:
    """Opinions differ: the leader decides (T-15b)."""
    limit = limit_workdays(context, context.world.company.parameters.conflict_ruling_wd, since=acceptance.split_at)
    leader = context.world.posts.leader_post()
    department = context.world.posts.department_of(leader) if leader is not None else None
    return [_owed(context, acceptance, ObligationKind.RULING, limit, leader, department)]


def _failed(context: Context, acceptance: Acceptance) -> list[Obligation]:
    """First the lead head proposes; then, for rework, the lead has as long as for a rectification (T-09b)."""
    if acceptance.proposal is None:
        limit = limit_workdays(context, PROPOSAL_WD, since=acceptance.decided_at)
        holder = head_post(context, acceptance.lead)
        kind = ObligationKind.RECTIFICATION
        return [_owed(context, acceptance, kind, limit, holder, acceptance.lead, detail=PROPOSAL)]
    if acceptance.proposal is Proposal.TERMINATE:
        return []
    days = context.world.company.parameters.timers_rectification_wd
    limit = limit_workdays(context, days, since=acceptance.proposed_at)
    return [_of_lead(context, acceptance, ObligationKind.RECTIFICATION, limit)]


def _of_lead(context: Context, acceptance: Acceptance, kind: ObligationKind, limit: Limit) -> Obligation:
    holder = handling_post(context, acceptance.lead, secrecy=acceptance.secrecy, access=acceptance.access)
    return _owed(context, acceptance, kind, limit, holder, acceptance.lead)


def _owed(
    context: Context,
    acceptance: Acceptance,
    kind: ObligationKind,
    limit: Limit,
    holder: PersonId | None,
    department: DepartmentId | None,
    *,
    slot: str = "",
    detail: str = "",
) -> Obligation:
    item = item_of(context, acceptance)
    return owed(
        context,
        acceptance.code,
        kind,
        limit,
        title=acceptance.title,
        holder=holder,
        department=department,
        slot=slot,
        item=acceptance.item,
        secrecy=acceptance.secrecy,
        access=acceptance.access,
        detail=detail,
        lead=acceptance.lead,
        coop=item.coop,
    )


# ---------------------------------------------------------------- telling


def tell(context: Context, people: Iterable[Person | None], acceptance: Acceptance, key: str, **facts: object) -> None:
    """A notice that begins with the number; nobody outside the list of a confidential one, and not whoever did it."""
    for person in {p.id: p for p in people if p is not None}.values():
        if context.person is not None and person.id == context.person.id:
            continue
        if acceptance.secrecy >= Secrecy.CONFIDENTIAL and person.id not in acceptance.access:
            continue
        words = words_for(context, person)
        title = "" if acceptance.secrecy else words.say("acceptance_title", title=acceptance.title)
        shown = {name: "" if acceptance.secrecy and name == "reason" else fact for name, fact in facts.items()}
        effects.tell(
            context,
            person,
            effects.text(words.say(key, code=acceptance.code, item=acceptance.item, title=title, **shown)),
            key=f"acceptance:{acceptance.code}:{key}:{acceptance.version}:{person.id}",
            ref=acceptance.code,
            is_owed=True,
        )
