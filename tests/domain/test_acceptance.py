"""Rules of acceptances (domain.md 3.6, SoD-3): the whole table, votes and their result, rounds, guards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain import acceptance_course as course
from bot.domain.acceptance import (
    MACHINE,
    Acceptance,
    AcceptanceAct,
    AcceptanceState,
    Proposal,
    Verdict,
    Vote,
)
from bot.domain.acceptance_form import FORM, criteria_of, criteria_of_plan, unchecked
from bot.domain.acceptance_votes import outcome
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.errors import RuleViolation

NOW = datetime(2026, 9, 20, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
A, B, LEADER = PersonId("E017"), PersonId("E021"), PersonId("E002")
P, R, F = Verdict.PASSED, Verdict.RECTIFY, Verdict.FAILED


def vote(by: PersonId, *verdicts: Verdict, is_counted: bool = True) -> Vote:
    return Vote(
        by=by,
        department=DepartmentId("ADMIN"),
        at=NOW,
        verdicts=verdicts,
        reason="" if set(verdicts) == {P} else "标识不清楚",
        is_counted=is_counted,
    )


def an_acceptance(state: AcceptanceState = AcceptanceState.VOTING, **changes: object) -> Acceptance:
    made = Acceptance(
        code=Code("YS-2026-0006"),
        item=Code("SX-2026-0008"),
        title="秋季展会物料",
        lead=DepartmentId("SALES"),
        state=state,
        applied_by=PersonId("E009"),
        applied_at=NOW,
        criteria=("展位搭建", "物料齐备"),
        acceptors=(A, B),
        meeting=Code("HY-2026-0047"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def reapply(acceptance: Acceptance) -> Acceptance:
    return course.reapplied(
        acceptance, content={"summary": "x"}, criteria=("a",), by=A, lacks_resolution=False, due_at=NOW, now=NOW
    )


SPLIT = an_acceptance(votes=(vote(A, P, P),), is_split=True)
ACTS: dict[AcceptanceAct, Callable[[Acceptance], Acceptance]] = {
    AcceptanceAct.SCHEDULE: lambda a: course.scheduled(a, meeting=Code("HY-2026-0047"), acceptors=(A, B)),
    AcceptanceAct.UNSCHEDULE: course.unscheduled,
    AcceptanceAct.OPEN_VOTE: lambda a: course.vote_opened(a, now=NOW),
    AcceptanceAct.VOTE: lambda a: course.voted(a, vote(A, P, P), now=NOW),
    AcceptanceAct.CONCLUDE: lambda a: course.concluded(replace(a, votes=(vote(A, P, P),)), now=NOW),
    AcceptanceAct.DECIDE: lambda a: course.decided(replace(a, is_split=True), P, by=LEADER, reason="", now=NOW),
    AcceptanceAct.RECTIFY: course.listed,
    AcceptanceAct.PROPOSE: lambda a: course.proposed(a, Proposal.REWORK, reason="重做展架", now=NOW),
    AcceptanceAct.REAPPLY: reapply,
    AcceptanceAct.WITHDRAW: lambda a: course.withdrawn(a, reason=""),
}
LINES = {
    AcceptanceAct.SCHEDULE: "applied scheduled",
    AcceptanceAct.UNSCHEDULE: "scheduled",
    AcceptanceAct.OPEN_VOTE: "scheduled",
    AcceptanceAct.VOTE: "voting",
    AcceptanceAct.CONCLUDE: "voting",
    AcceptanceAct.DECIDE: "voting",
    AcceptanceAct.RECTIFY: "rectify failed",
    AcceptanceAct.PROPOSE: "failed",
    AcceptanceAct.REAPPLY: "rectify failed",
    AcceptanceAct.WITHDRAW: "applied scheduled",
}


@pytest.mark.parametrize("state", AcceptanceState)
@pytest.mark.parametrize("act", AcceptanceAct)
def test_every_act_is_possible_exactly_where_the_table_has_a_line(state: AcceptanceState, act: AcceptanceAct) -> None:
    """R-83, R-84: the product of states and acts against 3.6."""
    if state.value not in LINES[act].split():
        with pytest.raises(RuleViolation) as caught:
            ACTS[act](an_acceptance(state))
        assert (caught.value.code, caught.value.facts["state"]) == ("stale_card", f"acceptance_state_{state.value}")
        return
    assert ACTS[act](an_acceptance(state)).state in MACHINE.table[state, act]


@pytest.mark.parametrize(
    ("votes", "result"),
    [
        ([vote(A, P, P), vote(B, P, P)], AcceptanceState.PASSED),
        ([vote(A, P, R), vote(B, P, P)], AcceptanceState.RECTIFY),
        ([vote(A, P, R), vote(B, R, R)], AcceptanceState.RECTIFY),
        ([vote(A, F, P), vote(B, F, F)], AcceptanceState.FAILED),
        ([vote(A, F, P), vote(B, R, P)], AcceptanceState.FAILED),
        ([vote(A, F, P)], AcceptanceState.FAILED),
        # one finds everything in order, the other nothing
        ([vote(A, P, P), vote(B, P, F)], None),
        ([vote(A, P, P), vote(B, F, F, is_counted=False)], AcceptanceState.PASSED),
    ],
)
def test_sod_3_votes_that_count_make_the_result(votes: list[Vote], result: AcceptanceState | None) -> None:
    """SoD-3, 3.6: what the lead says is not counted."""
    found = outcome(votes)
    assert (found.result, found.is_split) == (result, result is None)


def test_the_last_vote_decides_and_not_one_before() -> None:
    first = course.voted(an_acceptance(), vote(A, P, P), now=NOW)
    assert (first.state, first.waiting) == (AcceptanceState.VOTING, (B,))
    assert course.voted(first, vote(B, P, P), now=NOW).state is AcceptanceState.PASSED


def test_a_delegate_votes_in_the_place_of_an_acceptor() -> None:
    after = course.voted(an_acceptance(), replace(vote(PersonId("E019"), P, P), behalf=A), now=NOW)
    assert after.waiting == (B,)


@pytest.mark.parametrize(("verdict", "reason"), [(P, ""), (R, "先补标识"), (F, "重做展架")])
def test_where_opinions_differ_the_leader_decides(verdict: Verdict, reason: str) -> None:
    split = course.voted(course.voted(an_acceptance(), vote(A, P, P), now=NOW), vote(B, F, F), now=NOW)
    assert (split.state, split.is_split, split.split_at) == (AcceptanceState.VOTING, True, NOW)
    decided = course.decided(split, verdict, by=LEADER, reason=reason, now=NOW)
    assert (decided.decided_by, decided.is_split) == (LEADER, False)
    assert decided.state.value == {P: "passed", R: "rectify", F: "failed"}[verdict]


@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("vote_incomplete", lambda: course.voted(an_acceptance(), vote(A, P), now=NOW)),
        ("reason_required", lambda: course.voted(an_acceptance(), replace(vote(A, R, P), reason=""), now=NOW)),
        ("acceptance_is_split", lambda: course.voted(SPLIT, vote(B, P, P), now=NOW)),
        ("acceptance_is_split", lambda: course.concluded(SPLIT, now=NOW)),
        ("no_vote_counts", lambda: course.concluded(an_acceptance(), now=NOW)),
        ("acceptance_not_split", lambda: course.decided(an_acceptance(), P, by=LEADER, reason="", now=NOW)),
        (
            "reason_required",
            lambda: course.decided(SPLIT, F, by=LEADER, reason="", now=NOW),
        ),
        (
            "acceptors_needed",
            lambda: course.scheduled(an_acceptance(AcceptanceState.APPLIED), meeting=Code("HY-1"), acceptors=()),
        ),
        ("rectifications_listed", lambda: course.listed(an_acceptance(AcceptanceState.RECTIFY, has_list=True))),
        (
            "already_proposed",
            lambda: course.proposed(
                an_acceptance(AcceptanceState.FAILED, proposal=Proposal.REWORK), Proposal.REWORK, reason="x", now=NOW
            ),
        ),
    ],
)
def test_what_a_guard_says_no_to(code: str, act: Callable[[], Acceptance]) -> None:
    with pytest.raises(RuleViolation, match=code):
        act()


def test_the_next_round_begins_with_nothing_decided() -> None:
    rectify = an_acceptance(AcceptanceState.RECTIFY, votes=(vote(A, R, P),), has_list=True, decided_at=NOW)
    again = reapply(rectify)
    assert (again.state, again.round, again.votes, again.acceptors, again.meeting) == (
        AcceptanceState.APPLIED, 2, (), (), None)  # fmt: skip
    assert (len(again.earlier), again.has_list, again.decided_at) == (1, False, None)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"open_tasks": ("RW-2026-0034",)}, "acceptance_open_tasks"),
        ({"open_issues": ("WT-2026-0011",)}, "acceptance_open_issues"),
        ({"lacks_resolution": True, "enforce": "block"}, "acceptance_needs_resolution"),
        ({"lacks_resolution": True, "enforce": "warn"}, ""),
        ({}, ""),
    ],
)
def test_the_guard_of_an_application(facts: dict[str, object], code: str) -> None:
    """3.3; `milestones.enforce` decides whether a missing resolution is a warning."""
    given = {"open_tasks": (), "open_issues": (), "lacks_resolution": False, "enforce": "warn", **facts}
    if not code:
        course.check_ready(**given)  # type: ignore[arg-type]
        return
    with pytest.raises(RuleViolation, match=code):
        course.check_ready(**given)  # type: ignore[arg-type]


def test_the_self_check_covers_the_criteria_of_the_plan() -> None:
    """R-80, R-83: F8 from F6."""
    planned = criteria_of_plan({"acceptance": (("尺寸", "公差 ±0.1", "三坐标"), ("外观", "无划伤", ""))})
    assert planned == ("尺寸：公差 ±0.1", "外观：无划伤")
    checked = {"self_check": (("尺寸", "达到", "报告"), ("无 划伤", "达到", ""))}
    assert unchecked(planned, checked) == ()
    assert unchecked(planned, {"self_check": (("尺寸", "达到", ""),)}) == ("外观：无划伤",)
    assert criteria_of({"self_check": (("物料齐备", "达到", ""), ("物料齐备", "达到", ""))}) == ("物料齐备",)


def test_the_form_has_what_the_charter_asks_for() -> None:
    required = [spec.key for spec in FORM.fields if spec.required.value == "always"]
    assert required == ["summary", "results", "self_check", "leftovers"]
