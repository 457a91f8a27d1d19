"""The proposal as a table: what is possible when, points within bounds, decided together (domain.md 3.16; T-27, SoD-6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.proposal import (
    MACHINE,
    Audience,
    Proposal,
    ProposalAct,
    ProposalState,
    appealed,
    confirmed,
    dropped,
    heard,
    published,
    put_forward,
    rejected,
    repeats,
    stated,
    voted,
)
from bot.errors import RuleViolation

NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
LEADER, ALTERNATE, SU = PersonId("E002"), PersonId("E001"), PersonId("E009")
PROPOSAL = Proposal(
    code=Code("JC-2026-09-01"),
    month="2026-09",
    is_award=False,
    department=DepartmentId("PROD"),
    state=ProposalState.CANDIDATE,
    created_at=NOW,
    facts=("RW-2026-0031 overdue 7",),
)


def confirm(proposal: Proposal, points: int = 3, audience: str = Audience.GROUP) -> Proposal:
    return confirmed(proposal, points=points, audience=audience, by=LEADER, behalf=None, publish_due=LATER, now=NOW)


DOES: dict[ProposalAct, Callable[[Proposal], Proposal]] = {
    ProposalAct.DROP: lambda p: dropped(p, "停机期间不计", now=NOW),
    ProposalAct.PUT_FORWARD: lambda p: put_forward(p, has_checked=True, hearing_due=LATER, confirm_due=LATER, now=NOW),
    ProposalAct.STATE: lambda p: stated(p, "来料晚到三天", SU, confirm_due=LATER, now=NOW),
    ProposalAct.HEARING_OVER: lambda p: heard(p, confirm_due=LATER, now=NOW),
    ProposalAct.CONFIRM: confirm,
    ProposalAct.REJECT: lambda p: rejected(p, "事实不足", now=NOW),
    ProposalAct.PUBLISH: lambda p: published(p, now=NOW),
    ProposalAct.APPEAL: lambda p: appealed(p, "延期已获批准", SU, ends_at=LATER, due_at=LATER, now=NOW),
    ProposalAct.VOTE: lambda p: voted(p, LEADER, True, voters=(LEADER, ALTERNATE), now=NOW),
}


@pytest.mark.parametrize("act", list(ProposalAct))
@pytest.mark.parametrize("state", list(ProposalState))
def test_what_is_not_in_the_table_is_refused_and_changes_nothing(state: ProposalState, act: ProposalAct) -> None:
    proposal = replace(PROPOSAL, state=state)
    if MACHINE.allows(state, act):
        assert DOES[act](proposal).state in MACHINE.table[state, act]
        return
    with pytest.raises(RuleViolation) as refusal:
        DOES[act](proposal)
    assert (refusal.value.code, refusal.value.facts) == ("stale_card", {"state": f"proposal_state_{state.value}"})


def test_an_award_goes_to_the_leader_and_a_criticism_is_heard_first() -> None:
    """R-104, R-105."""
    award = put_forward(
        replace(PROPOSAL, is_award=True), has_checked=False, hearing_due=LATER, confirm_due=LATER, now=NOW
    )
    assert award.state is ProposalState.PENDING_CONFIRM
    assert DOES[ProposalAct.PUT_FORWARD](PROPOSAL).state is ProposalState.HEARING
    with pytest.raises(RuleViolation, match="proposal_evidence"):
        put_forward(PROPOSAL, has_checked=False, hearing_due=LATER, confirm_due=LATER, now=NOW)


@pytest.mark.parametrize(
    ("is_award", "points", "kept"),
    [
        *((False, 2, None), (False, 3, -3), (False, -5, -5), (False, 6, None)),
        *((True, 1, None), (True, 2, 2), (True, 5, 5), (True, 6, None)),
    ],
)
def test_points_stay_within_their_bounds(is_award: bool, points: int, kept: int | None) -> None:
    """3.16: criticism −3 to −5, award +2 to +5."""
    waiting = replace(PROPOSAL, state=ProposalState.PENDING_CONFIRM, is_award=is_award)
    if kept is None:
        with pytest.raises(RuleViolation, match="proposal_points"):
            confirm(waiting, points)
    else:
        assert confirm(waiting, points).points == kept
    with pytest.raises(RuleViolation, match="proposal_scope"):
        confirm(waiting, kept or 3, "微信群")


def test_an_appeal_is_made_once_and_in_time() -> None:
    """T-27."""
    done = replace(PROPOSAL, state=ProposalState.CONFIRMED, confirmed_at=NOW)
    assert appealed(done, "x", SU, ends_at=NOW, due_at=LATER, now=NOW).state is ProposalState.APPEAL
    with pytest.raises(RuleViolation, match="appeal_over"):
        appealed(done, "x", SU, ends_at=NOW, due_at=LATER, now=NOW + timedelta(seconds=1))
    with pytest.raises(RuleViolation, match="appeal_again"):
        appealed(replace(done, appealed_at=NOW), "x", SU, ends_at=LATER, due_at=LATER, now=NOW)


@pytest.mark.parametrize(
    ("votes", "was_published", "state"),
    [
        ((True, True), False, ProposalState.WITHDRAWN),
        ((True, False), False, ProposalState.CONFIRMED),
        ((False, True), True, ProposalState.PUBLISHED),
        ((False, False), True, ProposalState.PUBLISHED),
    ],
)
def test_leader_and_alternate_decide_an_appeal_together(
    votes: tuple[bool, bool], was_published: bool, state: ProposalState
) -> None:
    """3.16: withdrawn only where both say so; until both have decided it waits."""
    proposal = replace(PROPOSAL, state=ProposalState.APPEAL, published_at=NOW if was_published else None)
    voters = (LEADER, ALTERNATE)
    first = voted(proposal, LEADER, votes[0], voters=voters, now=NOW)
    assert first.state is ProposalState.APPEAL
    with pytest.raises(RuleViolation, match="stale_card"):
        voted(first, LEADER, votes[0], voters=voters, now=NOW)
    with pytest.raises(RuleViolation, match="no_right"):
        voted(first, SU, True, voters=voters, now=NOW)
    assert voted(first, ALTERNATE, votes[1], voters=voters, now=NOW).state is state


def test_where_one_of_them_is_concerned_the_other_decides_alone() -> None:
    """SoD-6."""
    proposal = replace(PROPOSAL, state=ProposalState.APPEAL)
    assert voted(proposal, ALTERNATE, True, voters=(ALTERNATE,), now=NOW).state is ProposalState.WITHDRAWN


def test_the_same_fact_is_proposed_once_a_month() -> None:
    """6.5: a person or department, once per month for the same fact."""
    again = replace(PROPOSAL, code=Code("JC-2026-09-02"), facts=("RW-2026-0031 note 又超期",))
    assert repeats(again, [PROPOSAL]) == PROPOSAL
    assert repeats(replace(again, month="2026-10"), [PROPOSAL]) is None
    assert repeats(replace(again, facts=("RW-2026-0032 overdue 7",)), [PROPOSAL]) is None
    assert repeats(replace(again, person=SU), [PROPOSAL]) is None
    assert repeats(replace(again, is_award=True), [PROPOSAL]) is None
