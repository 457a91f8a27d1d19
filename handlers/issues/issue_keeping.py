"""How an issue is kept: its rows, deadlines, trail and readers (domain.md 2.3, 2.5, 3.7; L-20, L-21).

One function saves; everything that follows from the new state follows there.
"""

from __future__ import annotations

from bot.domain.action import Action
from bot.domain.confidentiality import Secrecy, level
from bot.domain.happened import IssueChanged
from bot.domain.ids import PersonId
from bot.domain.issue import MACHINE, Issue, IssueAct
from bot.domain.issue_grading import with_readers
from bot.domain.permissions import Grant
from bot.errors import RuleViolation
from bot.routing import Context
from handlers import deeds, effects, matter_cards, possible
from handlers.access import require
from handlers.deeds import Deed
from handlers.issues import issue_limits as limits
from handlers.issues import issue_people as people
from handlers.post_holders import secretary_post


def get(context: Context, code: str) -> Issue | None:
    """The issue of that number."""
    return context.uow.issues.get(code)


def save(
    context: Context,
    before: Issue | None,
    after: Issue,
    *,
    act: str,
    grant: Grant | None = None,
    reason: str = "",
    verb: str = "",
) -> Issue:
    """Keep it, and let deadlines, cards and everybody who cares follow."""
    kept = context.uow.issues.add(after) if before is None else context.uow.issues.put(after)
    limits.settle(context, kept)
    limits.watch_acknowledgement(context, kept)
    effects.record_act(
        context, f"issue_{act}", before, kept, grant=grant, reason=reason, facts={deeds.VERB: verb, deeds.SLOT: ""}
    )
    matter_cards.refresh(context, kept.code)
    context.announce(IssueChanged(before, kept))
    return kept


def require_possible(deed: Deed, issue: Issue, act: IssueAct) -> None:
    """Raises RuleViolation: somebody did just that already, or the state is another one (2.8)."""
    possible.require_possible(deed, issue, MACHINE, act, slot=deed.slot)


# ---------------------------------------------------------------- rights


def require_sight(context: Context, issue: Issue) -> Grant:
    """The right to read it. Raises RuleViolation `not_found_or_no_right`: hidden and missing read the same (EC-73)."""
    try:
        return require(context, Action.SEE_ISSUE_LEDGER, people.sight(context, issue))
    except RuleViolation as refusal:
        raise RuleViolation("not_found_or_no_right") from refusal


def with_first_readers(context: Context, issue: Issue) -> Issue:
    """Of a confidential issue only finder, secretary and leader know before it is graded (L-21)."""
    if level(issue.secrecy) is not Secrecy.CONFIDENTIAL:
        return issue
    posts = context.world.posts
    return with_readers(
        issue, (issue.reporter, secretary_post(context), posts.secretary(), people.leader_post(context), posts.leader())
    )


def with_handlers_as_readers(context: Context, issue: Issue) -> Issue:
    """Graded: heads and liaisons of the departments that handle it, and owners of its solution, know of it too (2.5)."""
    if level(issue.secrecy) is not Secrecy.CONFIDENTIAL:
        return issue
    posts = context.world.posts
    readers: list[PersonId | None] = [posts.head_post(d) for d in issue.handlers]
    readers += [people.liaison_of(context, d) for d in issue.handlers]
    readers += [line.owner for line in issue.solution]
    return with_readers(issue, readers)
