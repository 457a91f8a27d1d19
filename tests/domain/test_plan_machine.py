"""Versions of a plan (domain.md 3.2): the whole product of states and acts, and what each act makes of the version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.plan import PLAN, Plan, PlanAct, PlanState, plan_key
from bot.domain.plan_review import (
    agreed,
    approved,
    attached,
    causes_of,
    disagreed,
    edited,
    returned,
    revised,
    submitted,
    superseded,
    voided_plan,
)
from bot.domain.separation import review_slot
from bot.domain.slots import SlotState
from bot.errors import RuleViolation

NOW = datetime(2026, 9, 17, 8, 20, tzinfo=UTC)
DUE = NOW + timedelta(days=3)
LEADER_DUE = NOW + timedelta(days=5)
RD, PROD, QA = DepartmentId("RD"), DepartmentId("PROD"), DepartmentId("QA")
HEADS = {RD: PersonId("E012"), PROD: PersonId("E003"), QA: PersonId("E028")}
E014 = PersonId("E014")

#: 3.2, row by row; every pair that is not here is refused
TABLE = {
    ("drafting", "edit"): {"drafting"},
    ("returned", "edit"): {"returned"},
    ("drafting", "submit"): {"confirming", "effective", "pending_leader"},
    ("returned", "submit"): {"confirming", "effective", "pending_leader"},
    ("confirming", "agree"): {"confirming", "effective", "pending_leader"},
    ("confirming", "disagree"): {"returned"},
    ("pending_leader", "approve"): {"effective"},
    ("pending_leader", "return"): {"returned"},
    ("effective", "revise"): {"effective"},
    ("drafting", "attach"): {"drafting"},
    ("returned", "attach"): {"returned"},
    ("confirming", "attach"): {"confirming"},
    ("pending_leader", "attach"): {"pending_leader"},
    ("effective", "replace"): {"superseded"},
    ("drafting", "void"): {"void"},
    ("returned", "void"): {"void"},
    ("confirming", "void"): {"void"},
    ("pending_leader", "void"): {"void"},
    ("effective", "void"): {"void"},
}


def plan(state: PlanState = PlanState.DRAFTING, *, number: int = 1) -> Plan:
    code = Code("FA-2026-0010")
    return Plan(
        key=plan_key(code, number),
        code=code,
        number=number,
        item=Code("SX-2026-0010"),
        state=state,
        lead=RD,
        coop=(PROD, QA),
        title="X1量产导入",
        due_at=DUE,
    )


def sent(start: Plan, *, by: PersonId = E014, is_beyond: bool = False) -> Plan:
    needs = [(d, review_slot(d, head=HEADS[d], lead=RD, submitter=by)) for d in start.involved]
    return submitted(start, by=by, needs=needs, is_beyond=is_beyond, due_at=DUE, leader_due_at=LEADER_DUE, now=NOW)


def signed(start: Plan, department: DepartmentId) -> Plan:
    return agreed(start, department, by=HEADS[department], behalf=None, reason="", leader_due_at=LEADER_DUE, now=NOW)


def sent_back(start: Plan, department: DepartmentId) -> Plan:
    return disagreed(
        start, department, by=HEADS[department], behalf=None, reason="职责不清晰请明确", due_at=DUE, now=NOW
    )


ACTS: dict[PlanAct, Callable[[Plan], Plan]] = {
    PlanAct.EDIT: lambda p: edited(p, {"goal": "x"}, coop=p.coop),
    PlanAct.SUBMIT: sent,
    PlanAct.AGREE: lambda p: signed(p, PROD),
    PlanAct.DISAGREE: lambda p: sent_back(p, PROD),
    PlanAct.APPROVE: lambda p: approved(p, by=PersonId("E002"), behalf=None, reason="", now=NOW),
    PlanAct.RETURN: lambda p: returned(p, by=PersonId("E002"), behalf=None, reason="依据不足够", due_at=DUE, now=NOW),
    PlanAct.REVISE: lambda p: revised(p, content={}, cause="", reason="", coop=p.coop, due_at=DUE, now=NOW),
    PlanAct.ATTACH: lambda p: attached(p, "WT-2026-0014"),
    PlanAct.REPLACE: lambda p: superseded(p, now=NOW),
    PlanAct.VOID: lambda p: voided_plan(p, reason="", now=NOW),
}


@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize("act", PlanAct)
def test_every_pair_of_state_and_act_is_in_the_table_or_refused(state: PlanState, act: PlanAct) -> None:
    wanted = TABLE.get((state.value, act.value))
    assert PLAN.allows(state, act) is (wanted is not None)
    if wanted is None:
        with pytest.raises(RuleViolation) as refusal:
            ACTS[act](plan(state))
        assert (refusal.value.code, refusal.value.facts["state"]) == ("stale_card", f"plan_state_{state.value}")
    else:
        assert {s.value for s in PLAN.table[state, act]} == wanted


def test_a_submitted_plan_waits_for_the_head_of_every_department_involved() -> None:
    """R-79: one slot for the lead and one for each cooperating department, in their order."""
    after = sent(plan())
    assert (after.state, after.round, after.due_at) == (PlanState.CONFIRMING, 1, DUE)
    assert [(s.department, s.state) for s in after.slots] == [(d, SlotState.OPEN) for d in (RD, PROD, QA)]
    assert (after.submitted_by, after.submitted_at, after.step) == (E014, NOW, "1.1")


def test_the_lead_head_who_submits_needs_no_signature_of_his_own() -> None:
    """SoD-1: that one slot is self_submitted, the cooperating ones stay mandatory."""
    after = sent(plan(), by=HEADS[RD])
    assert [s.state for s in after.slots] == [SlotState.SELF_SUBMITTED, SlotState.OPEN, SlotState.OPEN]
    assert signed(signed(after, PROD), QA).state is PlanState.EFFECTIVE


def test_the_last_signature_puts_the_first_version_in_force() -> None:
    after = signed(signed(signed(sent(plan()), PROD), RD), QA)
    assert (after.state, after.effective_at, after.due_at) == (PlanState.EFFECTIVE, NOW, None)


def test_a_first_version_never_goes_to_the_leader_again() -> None:
    """A-03: the leader decides about later changes; the heads put the first version in force."""
    after = signed(signed(signed(sent(plan(), is_beyond=True), PROD), RD), QA)
    assert after.state is PlanState.EFFECTIVE


@pytest.mark.parametrize(("is_beyond", "state"), [(False, PlanState.EFFECTIVE), (True, PlanState.PENDING_LEADER)])
def test_a_later_version_beyond_the_threshold_needs_the_leader(is_beyond: bool, state: PlanState) -> None:
    """A-03."""
    after = signed(signed(signed(sent(plan(number=2), is_beyond=is_beyond), PROD), RD), QA)
    assert after.state is state
    assert after.due_at == (LEADER_DUE if is_beyond else None)


def test_one_disagreeing_head_sends_it_back_and_voids_the_round() -> None:
    after = sent_back(signed(sent(plan()), PROD), QA)
    assert after.state is PlanState.RETURNED
    assert [s.state for s in after.slots] == [SlotState.VOID, SlotState.VOID, SlotState.RETURNED]
    assert after.reason == "职责不清晰请明确"
    again = sent(after)
    assert (again.round, again.reason) == (2, "")
    assert all(s.state is SlotState.OPEN for s in again.slots)


def test_a_slot_is_filled_once() -> None:
    once = signed(sent(plan()), PROD)
    for again in (signed, sent_back):
        with pytest.raises(RuleViolation) as refusal:
            again(once, PROD)
        assert refusal.value.code == "stale_card"


def test_a_delegates_signature_keeps_both_names() -> None:
    after = agreed(sent(plan()), PROD, by=E014, behalf=HEADS[PROD], reason="", leader_due_at=LEADER_DUE, now=NOW)
    assert (after.slots[1].by, after.slots[1].behalf) == (E014, HEADS[PROD])


def test_the_leader_approves_or_returns_a_change() -> None:
    waiting = replace(plan(PlanState.PENDING_LEADER, number=2), due_at=LEADER_DUE)
    yes = approved(waiting, by=PersonId("E001"), behalf=PersonId("E002"), reason="", now=NOW)
    assert (yes.state, yes.effective_at, yes.decided_by, yes.decided_for) == (PlanState.EFFECTIVE, NOW, "E001", "E002")
    no = returned(waiting, by=PersonId("E002"), behalf=None, reason="预算依据不足", due_at=DUE, now=NOW)
    assert (no.state, no.reason, no.due_at) == (PlanState.RETURNED, "预算依据不足", DUE)


def test_a_revision_is_a_version_of_its_own_while_the_old_one_stays() -> None:
    """R-99: the cause is kept with the version."""
    old = replace(plan(PlanState.EFFECTIVE), content={"goal": "目标", "change_note": "旧"}, secrecy=1)
    new = revised(old, content=old.content, cause="WT-2026-0014", reason="批次", coop=old.coop, due_at=DUE, now=NOW)
    assert (new.key, new.number, new.state, new.round) == ("FA-2026-0010 v2", 2, PlanState.DRAFTING, 0)
    assert (new.content, new.cause, new.due_at, new.secrecy) == ({"goal": "目标"}, "WT-2026-0014", DUE, 1)
    assert old.state is PlanState.EFFECTIVE


def test_a_second_demand_joins_the_version_that_is_being_made() -> None:
    """R-99: both causes stand on it, and the same one once."""
    drafting = replace(plan(number=2), cause="WT-2026-0014")
    both = attached(attached(drafting, "JD-2026-0012"), "WT-2026-0014")
    assert causes_of(both) == ("WT-2026-0014", "JD-2026-0012")
    assert attached(plan(), "CT-2026-0003").cause == "CT-2026-0003"
