"""Who may know of a proposal: leader, alternate, secretary, proposer; whom it is about once they are heard; all readers once published."""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.proposal import Proposal, ProposalState
from bot.errors import RuleViolation
from bot.routing import Context
from handlers.access import allows
from handlers.scores.proposal_keeping import concerned, readers, relation_of, voters

#: the concerned do not learn of what was only considered, or was not confirmed (3.16)
_UNHEARD = frozenset({ProposalState.CANDIDATE, ProposalState.DROPPED, ProposalState.REJECTED})


def may_see(context: Context, proposal: Proposal) -> bool:
    """May whoever is behind this update know of it?"""
    if context.person is None:
        return False
    if proposal.proposed_by == context.person.id or context.person.id in voters(context, proposal):
        return True
    relation = relation_of(context, proposal)
    if allows(context, Action.PUBLISH_NOTICE) or allows(context, Action.CONFIRM_PROPOSAL, relation):
        return True
    if proposal.state not in _UNHEARD and context.person.id in {p.id for p in concerned(context, proposal)}:
        return not (proposal.is_award and proposal.state is ProposalState.PENDING_CONFIRM)
    return proposal.state is ProposalState.PUBLISHED and context.person.id in {p.id for p in readers(context, proposal)}


def require_sight(context: Context, proposal: Proposal) -> None:
    """Raises RuleViolation `not_found_or_no_right`: what may not be known reads like what is not there."""
    if not may_see(context, proposal):
        raise RuleViolation("not_found_or_no_right")
