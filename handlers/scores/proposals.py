"""Awards and criticism: listed, proposed, and taken to people who decide (domain.md 3.16, 6.5; R-104, R-105; P-59..P-62).

What is done to a proposal stands in `proposal_deeds`. Nothing is published, deducted or sent on without the leader's
confirmation and the secretary's press of a button.
"""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.codes import CodeRef
from bot.domain.directory import Person
from bot.domain.happened import DeadlinePassed, PostsChanged
from bot.domain.ids import CodeKind, DepartmentId
from bot.domain.obligation import ObligationKind
from bot.domain.proposal import Proposal, ProposalState, repeats
from bot.domain.scorecard import month_of
from bot.errors import RuleViolation
from bot.messages import inert
from bot.routing import Context
from handlers import effects, matter_cards
from handlers.access import require
from handlers.calls import Call
from handlers.conversation.addressees import people_of
from handlers.conversation.misread import misread
from handlers.deeds import SHORTEST_REASON, Kind, visible_length
from handlers.lookups import find
from handlers.scores import proposal_cards, proposal_deeds, proposal_keeping
from handlers.scores.proposal_sight import may_see
from handlers.tables import Tables

#: proposals on one screen
MOST = 8


def register(tables: Tables) -> None:
    """Put commands, deeds, timers and cards on the tables."""
    tables.deeds.kind(
        Kind(
            kind=CodeKind.PROPOSAL,
            get=lambda context, code: context.uow.proposals.get(code),
            step=proposal_cards.step,
            state=lambda proposal: f"proposal_state_{proposal.state.value}",
            # about a person or a department: answered in private like what is sensitive
            secrecy=lambda _: 1,
        )
    )
    tables.commands.on("proposals", on_list)
    tables.commands.on("propose_award", on_propose)
    tables.commands.on("propose_criticism", on_propose)
    proposal_deeds.register(tables)
    tables.router.card(CodeKind.PROPOSAL, proposal_cards.card)
    tables.router.when(DeadlinePassed, on_deadline)
    tables.router.when(PostsChanged, lambda context, _: proposal_keeping.follow_posts(context))


def on_deadline(context: Context, event: DeadlinePassed) -> None:
    """The time to state the case is over: it goes to the leader without a statement. Nothing else moves by time."""
    if event.obligation.kind is not ObligationKind.STATEMENT:
        return
    proposal = context.uow.proposals.get(event.obligation.code)
    if proposal is not None and proposal.state is ProposalState.HEARING:
        proposal_deeds.hearing_over(context, proposal)


# ---------------------------------------------------------------- proposing


def on_propose(call: Call) -> None:
    """`奖惩 表彰 @人 事由`, `奖惩 批评 部门:… 事由`: a candidate like the drafted ones (P-59)."""
    context = call.context
    is_award = call.command.verb == "propose_award"
    department, person = _about(call)
    reason = inert(
        " ".join((call.command.pairs.get("原因", "") or call.command.words).split()), limit=proposal_keeping.LONGEST
    )
    local = context.world.calendars.local(context.now)
    month = month_of(local)
    proposal = Proposal(
        code=proposal_keeping.next_code(context, month),
        month=month,
        is_award=is_award,
        department=department,
        person=person.id if person is not None else None,
        state=ProposalState.CANDIDATE,
        created_at=context.now,
        proposed_by=call.person.id,
        facts=_facts(context, call.command.codes, reason),
        since=context.now,
        due_at=proposal_keeping.confirm_due(context),
    )
    grant = require(context, Action.DRAFT_PROPOSAL, proposal_keeping.relation_of(context, proposal))
    if visible_length(reason) < SHORTEST_REASON:
        raise RuleViolation("reason_required")
    known = repeats(proposal, context.uow.proposals.find(item=month))
    if known is not None:
        raise RuleViolation("proposal_known", {"code": known.code})
    proposal = proposal_keeping.save(
        context, None, proposal, act="proposed", grant=grant, verb=call.command.verb, reason=reason
    )
    secretary = effects.secretary(context)
    is_own = secretary is not None and secretary.id == call.person.id
    if secretary is not None:
        matter_cards.show_to(context, secretary, proposal.code, proposal_cards.REVIEW, at_once=is_own)
    if is_own and call.is_private:
        # the card is the answer
        return
    call.answer_privately(
        call.words.say("proposal_proposed", code=proposal.code, whom=proposal_keeping.whom(proposal, call.words))
    )


def _facts(context: Context, codes: tuple[CodeRef, ...], reason: str) -> tuple[str, ...]:
    """What was written, with the numbers that were named. A confidential object is never a fact (6.5)."""
    year = context.world.calendars.local(context.now).year
    named = [code for ref in codes if (code := ref.code(year)) is not None and ref.kind is not CodeKind.PROPOSAL]
    for code in named:
        if any(one.secrecy >= 2 for one in context.uow.obligations.find(code=code)):
            raise RuleViolation("proposal_confidential")
    return tuple(f"{code} note {reason}" for code in named) or (f"- note {reason}",)


def _about(call: Call) -> tuple[DepartmentId, Person | None]:
    command = call.command
    name = command.pairs.get("部门", "")
    if name:
        found = call.context.world.directory.department_named(name)
        if found is None:
            raise misread(call.words, "department", name, verb=command.verb)
        return found.id, None
    people = list(people_of(call.context, command.people))
    people.extend(p for typed in command.typed_names for p in call.context.world.directory.named(typed))
    if len(people) != 1:
        raise RuleViolation("proposal_whom", {"example": call.words.say(f"example_{command.verb}")})
    return people[0].department, people[0]


# ---------------------------------------------------------------- looking


def on_list(call: Call) -> None:
    """Those that the person may see; with a number all of one. In private."""
    context, words = call.context, call.words
    if call.command.codes:
        proposal = find(context, call.command.codes[0], CodeKind.PROPOSAL, context.uow.proposals.get)
        if proposal is None or not may_see(context, proposal):
            raise RuleViolation("not_found_or_no_right")
        call.answer_privately(_whole(call, proposal))
        return
    found = [p for p in context.uow.proposals.find() if may_see(context, p)]
    found.sort(key=lambda p: (p.is_over or p.state is ProposalState.PUBLISHED, p.created_at, p.code))
    if not found:
        call.answer_privately(words.say("proposal_list_none"))
        return
    lines = [words.say("proposal_list_head", count=len(found))]
    lines.extend(_line(call, proposal) for proposal in found[:MOST])
    call.answer_privately("\n".join(lines))


def _line(call: Call, proposal: Proposal) -> str:
    words = call.words
    return words.say(
        "proposal_list_line",
        code=proposal.code,
        kind=words.say("proposal_title_award" if proposal.is_award else "proposal_title_criticism"),
        whom=proposal_keeping.whom(proposal, words),
        state=words.say(f"proposal_state_{proposal.state.value}"),
    )


def _whole(call: Call, proposal: Proposal) -> str:
    words = call.words
    lines = [_line(call, proposal)]
    if proposal.ground:
        lines.append(words.say(f"proposal_ground_{proposal.ground}"))
    lines.extend(proposal_keeping.fact_lines(proposal, words))
    if proposal.statement:
        lines.append(words.say("proposal_statement", text=proposal.statement))
    if proposal.points:
        points = words.say("proposal_points_value", points=f"{proposal.points:+d}", scope=proposal.scope)
        lines.append(points)
    if proposal.appeal:
        lines.append(words.say("proposal_appeal", text=proposal.appeal))
    if proposal.due_at is not None:
        lines.append(words.due(proposal.due_at))
    return "\n".join(lines)
