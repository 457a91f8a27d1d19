"""Proposals kept: row, open limits, audit trail and cards in one function; how they read (domain.md 3.16, T-27, SoD-6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.directory import DepartmentKind, Person, Role
from bot.domain.ids import Code, CodeKind, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.permissions import Grant
from bot.domain.proposal import APPEAL_DECISION_WD, Audience, Proposal, ProposalState
from bot.domain.relation import Relation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.deadlines import deadlines
from handlers.deeds import SLOT, VERB
from handlers.words import Words, words_for

#: how much of a statement or appeal is kept
LONGEST = 500


def save(
    context: Context,
    before: Proposal | None,
    after: Proposal,
    *,
    act: str,
    grant: Grant | None = None,
    verb: str = "",
    reason: str = "",
    slot: str = "",
) -> Proposal:
    """Write the proposal with the limits that it has now."""
    stored = context.uow.proposals.add(after) if before is None else context.uow.proposals.put(after)
    deadlines.settle(context, stored.code, _owed(context, stored))
    effects.record_act(
        context,
        f"proposal_{act}",
        before,
        stored,
        grant=grant,
        reason=reason,
        facts={VERB: verb, SLOT: slot, "points": str(stored.points), "scope": stored.scope},
    )
    matter_cards.refresh(context, stored.code)
    return stored


def next_code(context: Context, month: str) -> Code:
    """`JC-2026-09-01`: numbered by month."""
    return Code(f"{CodeKind.PROPOSAL.value}-{month}-{len(context.uow.proposals.find(item=month)) + 1:02d}")


# ---------------------------------------------------------------- limits


def confirm_due(context: Context) -> datetime:
    """T-27: three working days for the secretary, and for the leader."""
    return deadlines.limit_workdays(context, context.world.company.parameters.awards_confirm_wd).due_at


def hearing_due(context: Context) -> datetime:
    """T-27: two working days to state the case."""
    return deadlines.limit_workdays(context, context.world.company.parameters.awards_hearing_wd).due_at


def appeal_ends(context: Context, proposal: Proposal) -> datetime:
    """T-27: three working days after it became known."""
    since = proposal.published_at or proposal.confirmed_at or context.now
    return deadlines.limit_workdays(context, context.world.company.parameters.awards_appeal_wd, since=since).due_at


def appeal_due(context: Context) -> datetime:
    """Five working days for leader and alternate."""
    return deadlines.limit_workdays(context, APPEAL_DECISION_WD).due_at


def _owed(context: Context, proposal: Proposal) -> list[Obligation]:
    if proposal.due_at is None:
        return []
    kind = ObligationKind.STATEMENT if proposal.state is ProposalState.HEARING else ObligationKind.PROPOSAL
    days = {
        ProposalState.HEARING: context.world.company.parameters.awards_hearing_wd,
        ProposalState.APPEAL: APPEAL_DECISION_WD,
    }.get(proposal.state, context.world.company.parameters.awards_confirm_wd)
    limit = deadlines.Limit(due_at=proposal.due_at, counted_from=proposal.since, workdays=days)
    holders = _holders(context, proposal)
    title = words_for(context, None).say("proposal_title_award" if proposal.is_award else "proposal_title_criticism")
    return [
        deadlines.owed(
            context,
            proposal.code,
            kind,
            limit,
            title=title,
            holder=holder,
            department=proposal.department,
            slot=holder if holder is not None and len(holders) > 1 else "",
            opened_at=proposal.since,
            detail=proposal.state.value,
        )
        for holder in holders
    ]


def _holders(context: Context, proposal: Proposal) -> tuple[PersonId | None, ...]:
    match proposal.state:
        case ProposalState.CANDIDATE | ProposalState.CONFIRMED:
            secretaries = context.world.directory.holders(Role.SECRETARY)
            holder = secretaries[0].id if secretaries else context.world.posts.secretary()
            return (holder,)
        case ProposalState.HEARING:
            # a hearing that nobody can be told of ends by its time like any other (EC-52)
            return tuple(p.id for p in concerned(context, proposal)) or (None,)
        case ProposalState.PENDING_CONFIRM:
            return (decider(context, proposal),)
        case ProposalState.APPEAL:
            said = {person for person, _ in proposal.appeal_votes}
            return tuple(p for p in voters(context, proposal) if p not in said)
        case _:
            return ()


def follow_posts(context: Context) -> None:
    """Whoever holds the post now decides, states the case, publishes."""
    for proposal in context.uow.proposals.find():
        if proposal.due_at is not None:
            deadlines.settle(context, proposal.code, _owed(context, proposal))


# ---------------------------------------------------------------- people


def relation_of(context: Context, proposal: Proposal) -> Relation:
    """How a proposal stands to people; nobody decides about himself or herself, or about the own department as its head."""
    head = context.world.posts.head_post(proposal.department)
    about = proposal.person if proposal.person is not None else head
    return Relation(
        department=proposal.department,
        owners=frozenset({proposal.person} if proposal.person is not None else ()),
        beneficiaries=frozenset({about} if about is not None else ()),
        is_award=proposal.is_award,
        submitter=proposal.proposed_by,
    )


def concerned(context: Context, proposal: Proposal) -> tuple[Person, ...]:
    """The person, and whoever heads the department."""
    head = context.world.posts.head_of(proposal.department)
    keys = (proposal.person, head.acting if head is not None else None)
    people = (context.world.directory.person(k) for k in dict.fromkeys(keys) if k is not None)
    return tuple(p for p in people if p is not None and p.is_active)


def decider(context: Context, proposal: Proposal) -> PersonId | None:
    """The leader; the alternate where it is about the leader (SoD-6)."""
    about = relation_of(context, proposal).beneficiaries
    post = context.world.posts.leader_post()
    if post is not None and post not in about:
        return post
    return next((p.id for p in context.world.directory.holders(Role.ALTERNATE) if p.id not in about), None)


def voters(context: Context, proposal: Proposal) -> tuple[PersonId, ...]:
    """Leader and alternate decide an appeal together; who is concerned does not (SoD-6)."""
    about = relation_of(context, proposal).beneficiaries
    leader = context.world.posts.leader()
    alternates = [p.id for p in context.world.directory.holders(Role.ALTERNATE)]
    keys = dict.fromkeys(p for p in (leader, *alternates[:1]) if p is not None)
    return tuple(p for p in keys if p not in about)


def readers(context: Context, proposal: Proposal) -> tuple[Person, ...]:
    """To whom its notice goes."""
    directory = context.world.directory
    match proposal.scope:
        case Audience.COMPANY:
            return tuple(p for p in directory.people if p.is_active)
        case Audience.DEPARTMENT:
            return directory.members_of(proposal.department)
        case _:
            roles = {Role.LEADER, Role.ALTERNATE, Role.HEAD, Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.LIAISON}
            heads = {
                context.world.posts.head_post(d.id) for d in directory.departments if d.kind is DepartmentKind.NORMAL
            }
            return tuple(p for p in directory.people if p.is_active and (p.roles & roles or p.id in heads))


# ---------------------------------------------------------------- words


def whom(proposal: Proposal, words: Words) -> str:
    """The person with the department, or the department."""
    department = words.department(proposal.department)
    if proposal.person is None:
        return department
    return words.say("proposal_person", name=words.name(proposal.person), department=department)


def fact_lines(proposal: Proposal, words: Words) -> list[str]:
    """One line a fact, neutral, with the number of the object behind it."""
    return [_fact(fact, words) for fact in proposal.facts]


def _fact(fact: str, words: Words) -> str:
    code, kind, amount = (*fact.split(" ", 2), "", "")[:3]
    if kind == "note":
        return words.say(
            "proposal_fact_note", text=inert(f"{'' if code == '-' else code + ' '}{amount}", limit=LONGEST)
        )
    return words.say(f"proposal_fact_{kind}", code=code, amount=amount)


def tell(context: Context, people: Iterable[Person], proposal: Proposal, sentence: str, **more: object) -> None:
    """One notice to each, in private (never in a group)."""
    for person in {p.id: p for p in people}.values():
        words = words_for(context, person)
        text = words.say(sentence, code=proposal.code, whom=whom(proposal, words), **more)
        effects.tell(
            context,
            person,
            effects.text(text),
            key=f"{proposal.code}:{sentence}:{proposal.version}:{person.id}",
            is_owed=True,
            ref=proposal.code,
        )
