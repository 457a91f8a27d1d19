"""An acceptance from application to result (domain.md 3.6; SoD-3). Each act takes it and facts and gives it after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.acceptance import MACHINE, Acceptance, AcceptanceAct, AcceptanceState, Proposal, Verdict, Vote
from bot.domain.acceptance_votes import Outcome, outcome
from bot.domain.form import Content
from bot.domain.ids import Code, PersonId
from bot.errors import RuleViolation


def check_ready(*, open_tasks: Sequence[str], open_issues: Sequence[str], lacks_resolution: bool, enforce: str) -> None:
    """The guard of 3.3: every task done or cancelled, no open important or major issue, the node before acceptance.

    Raises RuleViolation: `acceptance_open_tasks`, `acceptance_open_issues`, `acceptance_needs_resolution` (only where
    `milestones.enforce` is `block`).
    """
    if open_tasks:
        raise RuleViolation("acceptance_open_tasks", {"codes": "、".join(open_tasks)})
    if open_issues:
        raise RuleViolation("acceptance_open_issues", {"codes": "、".join(open_issues)})
    if lacks_resolution and enforce == "block":
        raise RuleViolation("acceptance_needs_resolution")


def scheduled(acceptance: Acceptance, *, meeting: Code, acceptors: Iterable[PersonId]) -> Acceptance:
    """A meeting is called. Raises RuleViolation `acceptors_needed` where no vote would count (SoD-3)."""
    MACHINE.require(acceptance.state, AcceptanceAct.SCHEDULE)
    people = tuple(dict.fromkeys(acceptors))
    if not people:
        raise RuleViolation("acceptors_needed")
    state = MACHINE.after(acceptance.state, AcceptanceAct.SCHEDULE, AcceptanceState.SCHEDULED)
    return replace(acceptance, state=state, meeting=meeting, acceptors=people)


def unscheduled(acceptance: Acceptance) -> Acceptance:
    """The meeting will not be held."""
    state = MACHINE.after(acceptance.state, AcceptanceAct.UNSCHEDULE, AcceptanceState.APPLIED)
    return replace(acceptance, state=state, meeting=None, acceptors=())


def vote_opened(acceptance: Acceptance, *, now: datetime) -> Acceptance:
    """The meeting ended: every acceptor says what he or she found."""
    state = MACHINE.after(acceptance.state, AcceptanceAct.OPEN_VOTE, AcceptanceState.VOTING)
    return replace(acceptance, state=state, voting_at=now)


def voted(acceptance: Acceptance, vote: Vote, *, now: datetime) -> Acceptance:
    """One opinion more; with the last one the result is there.

    Raises RuleViolation: `stale_card`, `vote_incomplete` unless every criterion has a verdict, `vote_needs_reason`.
    """
    MACHINE.require(acceptance.state, AcceptanceAct.VOTE)
    if acceptance.is_split:
        raise RuleViolation("acceptance_is_split", {"code": acceptance.code})
    if len(vote.verdicts) != len(acceptance.criteria):
        raise RuleViolation("vote_incomplete", {"count": len(acceptance.criteria)})
    if not vote.reason and any(verdict is not Verdict.PASSED for verdict in vote.verdicts):
        raise RuleViolation("reason_required")
    after = replace(acceptance, votes=(*acceptance.votes, vote))
    return after if after.waiting else _counted(after, AcceptanceAct.VOTE, now=now)


def concluded(acceptance: Acceptance, *, now: datetime) -> Acceptance:
    """The secretary ends the vote. Raises RuleViolation `no_vote_counts` where none came in."""
    MACHINE.require(acceptance.state, AcceptanceAct.CONCLUDE)
    if acceptance.is_split:
        raise RuleViolation("acceptance_is_split", {"code": acceptance.code})
    if not any(vote.is_counted for vote in acceptance.votes):
        raise RuleViolation("no_vote_counts", {"code": acceptance.code})
    return _counted(acceptance, AcceptanceAct.CONCLUDE, now=now)


def decided(acceptance: Acceptance, verdict: Verdict, *, by: PersonId, reason: str, now: datetime) -> Acceptance:
    """The leader decides where opinions differ. Raises RuleViolation `acceptance_not_split`, `reason_required`."""
    MACHINE.require(acceptance.state, AcceptanceAct.DECIDE)
    if not acceptance.is_split:
        raise RuleViolation("acceptance_not_split", {"code": acceptance.code})
    if verdict is not Verdict.PASSED and not reason:
        raise RuleViolation("reason_required")
    result = {
        Verdict.PASSED: AcceptanceState.PASSED,
        Verdict.RECTIFY: AcceptanceState.RECTIFY,
        Verdict.FAILED: AcceptanceState.FAILED,
    }[verdict]
    state = MACHINE.after(acceptance.state, AcceptanceAct.DECIDE, result)
    return replace(acceptance, state=state, decided_at=now, decided_by=by, reason=reason, is_split=False)


def listed(acceptance: Acceptance) -> Acceptance:
    """What has to be put right is written down as tasks. Once a round. Raises RuleViolation `rectifications_listed`."""
    MACHINE.require(acceptance.state, AcceptanceAct.RECTIFY)
    if acceptance.has_list:
        raise RuleViolation("rectifications_listed", {"code": acceptance.code})
    return replace(acceptance, has_list=True)


def proposed(acceptance: Acceptance, proposal: Proposal, *, reason: str, now: datetime) -> Acceptance:
    """Rework or terminate, says the lead head. Once a round. Raises RuleViolation `already_proposed`."""
    MACHINE.require(acceptance.state, AcceptanceAct.PROPOSE)
    if acceptance.proposal is not None:
        raise RuleViolation("already_proposed", {"code": acceptance.code})
    return replace(acceptance, proposal=proposal, proposed_at=now, reason=reason)


def reapplied(
    acceptance: Acceptance,
    *,
    content: Content,
    criteria: tuple[str, ...],
    by: PersonId,
    lacks_resolution: bool,
    due_at: datetime,
    now: datetime,
) -> Acceptance:
    """Put right and applied for again: the next round, all votes anew."""
    return replace(
        acceptance,
        state=MACHINE.after(acceptance.state, AcceptanceAct.REAPPLY, AcceptanceState.APPLIED),
        content=content,
        criteria=criteria,
        round=acceptance.round + 1,
        applied_by=by,
        applied_at=now,
        since=now,
        due_at=due_at,
        lacks_resolution=lacks_resolution,
        earlier=(*acceptance.earlier, *acceptance.votes),
        votes=(),
        acceptors=(),
        meeting=None,
        voting_at=None,
        decided_at=None,
        decided_by=None,
        has_list=False,
        proposal=None,
        proposed_at=None,
        reason="",
    )


def withdrawn(acceptance: Acceptance, *, reason: str) -> Acceptance:
    """The lead takes it back before anybody voted."""
    state = MACHINE.after(acceptance.state, AcceptanceAct.WITHDRAW, AcceptanceState.WITHDRAWN)
    return replace(acceptance, state=state, reason=reason)


def _counted(acceptance: Acceptance, act: AcceptanceAct, *, now: datetime) -> Acceptance:
    found: Outcome = outcome(acceptance.votes)
    if found.result is None:
        return replace(acceptance, is_split=True, split_at=now)
    state = MACHINE.after(acceptance.state, act, found.result)
    return replace(acceptance, state=state, decided_at=now)
