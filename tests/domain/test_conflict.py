"""The machine of conflicts as a table, and what mediation, ruling and the office meeting make of one (domain.md 3.8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.confidentiality import Secrecy
from bot.domain.conflict import (
    MACHINE,
    Acceptance,
    Conflict,
    ConflictAct,
    ConflictKind,
    ConflictState,
    Statement,
)
from bot.domain.conflict_form import KEY_FIRST, REORDER, SHARE
from bot.domain.conflict_mediation import (
    Outcome,
    answered,
    check_parties,
    lapsed,
    offered,
    proposal,
    stated,
    verified,
    withdrawal_answered,
    withdrawal_asked,
)
from bot.domain.conflict_ruling import Ruling, decision_recorded, executed, noted, referred, ruled
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.levels import Keepers, raised
from bot.errors import RuleViolation

NOW = datetime(2026, 9, 17, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=4)
PROD, QA, RD = DepartmentId("PROD"), DepartmentId("QA"), DepartmentId("RD")
SECRETARY, LEADER, HEAD = PersonId("E018"), PersonId("E002"), PersonId("E003")
S, A = ConflictState, ConflictAct
K = ConflictKind


def conflict(state: ConflictState = S.MEDIATING, kind: ConflictKind = K.DUTY, **changes: object) -> Conflict:
    base = Conflict(
        code=Code("CT-2026-0003"),
        state=state,
        kind=kind,
        title="返工由谁负责",
        filed_by=HEAD,
        filed_for=PROD,
        parties=(PROD, QA),
        filed_at=NOW,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def answer(department: DepartmentId = PROD, *, yes: bool = True) -> Acceptance:
    return Acceptance(department=department, by=HEAD, at=LATER, is_accepted=yes)


OUTCOME = Outcome(text="返工由生产部负责", basis="方案第 4.1 条")
RULING = Ruling(text="返工由生产部负责", basis="方案第 4.1 条")

POSSIBLE = {
    S.MEDIATING: {
        A.STATE,
        A.VERIFY,
        A.OFFER,
        A.ACCEPT,
        A.REFUSE,
        A.LAPSE,
        A.ASK_WITHDRAWAL,
        A.ANSWER_WITHDRAWAL,
        A.REFER,
    },
    S.PENDING_RULING: {A.RULE, A.REFER},
    S.RULED: {A.TAKE_NOTE, A.EXECUTE},
    S.SETTLED: {A.TAKE_NOTE, A.EXECUTE},
    S.TO_GM_MEETING: {A.RECORD_DECISION},
    S.CLOSED: set(),
    S.WITHDRAWN: set(),
}
for _acts in POSSIBLE.values():
    _acts.add(A.RECLASSIFY)
KEEPERS = Keepers(creator=HEAD, lead_head=None, secretary=None, leader=LEADER)
ACTS: dict[ConflictAct, Callable[[Conflict], Conflict]] = {
    A.STATE: lambda c: stated(c, Statement(department=QA, by=HEAD, at=NOW, text="返工是生产问题")),
    A.VERIFY: lambda c: verified(c, "以 WD-2026-0101 为准", places="", by=HEAD, now=NOW),
    A.OFFER: lambda c: offered(c, OUTCOME, now=NOW),
    A.ACCEPT: lambda c: answered(c, answer()),
    A.REFUSE: lambda c: answered(c, answer(yes=False)),
    A.LAPSE: lambda c: lapsed(c, at=LATER),
    A.ASK_WITHDRAWAL: lambda c: withdrawal_asked(c, department=PROD, by=HEAD, reason="双方已谈妥"),
    A.ANSWER_WITHDRAWAL: lambda c: withdrawal_answered(c, department=QA, agrees=True, now=NOW),
    A.RULE: lambda c: ruled(c, RULING, by=LEADER, behalf=None, now=NOW),
    A.REFER: lambda c: referred(c, agenda="列入 9 月办公会", now=NOW),
    A.RECORD_DECISION: lambda c: decision_recorded(c, RULING, by=SECRETARY, now=NOW),
    A.TAKE_NOTE: lambda c: noted(c, QA),
    A.EXECUTE: lambda c: executed(c, now=NOW),
    A.RECLASSIFY: lambda c: raised(c, Secrecy.SENSITIVE, by=HEAD, keepers=KEEPERS),
}
#: the kind with which an act can be tried at all
KINDS = {A.VERIFY: K.INFORMATION, A.REFER: K.UNCOVERED}


@pytest.mark.parametrize(("state", "act"), [*product(ConflictState, ConflictAct)])
def test_every_act_is_possible_where_the_table_says_so_and_nowhere_else(state: ConflictState, act: ConflictAct) -> None:
    before = conflict(state, KINDS.get(act, K.DUTY), offered_at=NOW, withdrawal_by=HEAD, withdrawal_for=PROD)
    if act in POSSIBLE[state]:
        assert ACTS[act](before).state in MACHINE.table[state, act]
    else:
        with pytest.raises(RuleViolation) as refusal:
            ACTS[act](before)
        assert refusal.value.code == "stale_card"
        assert refusal.value.facts == {"state": f"conflict_state_{state.value}"}


def test_every_state_has_the_acts_of_the_charter() -> None:
    assert {state: set(MACHINE.acts(state)) for state in ConflictState} == POSSIBLE


# ---------------------------------------------------------------- filing, statements


def test_a_conflict_has_two_sides() -> None:
    check_parties((PROD, QA))
    with pytest.raises(RuleViolation, match="conflict_two_parties"):
        check_parties((PROD, PROD))


def test_a_party_may_mend_its_statement_and_a_stranger_has_none() -> None:
    once = stated(conflict(), Statement(department=QA, by=HEAD, at=NOW, text="第一次"))
    twice = stated(once, Statement(department=QA, by=HEAD, at=NOW, text="第二次"))
    found = twice.statement_of(QA)
    assert found is not None
    assert (len(twice.statements), found.text) == (1, "第二次")
    with pytest.raises(RuleViolation, match="conflict_not_party"):
        stated(conflict(), Statement(department=RD, by=HEAD, at=NOW, text="旁观"))


# ---------------------------------------------------------------- outcomes by kind


def test_who_is_responsible_is_declared_on_a_clause() -> None:
    """R-86."""
    with pytest.raises(RuleViolation, match="conflict_needs_basis"):
        offered(conflict(), Outcome(text="返工由生产部负责"), now=NOW)


@pytest.mark.parametrize(
    ("keys", "outcome", "code"),
    [
        ((), Outcome(text="设备轮流使用"), "conflict_needs_way"),
        ((), Outcome(text="设备轮流使用", type=KEY_FIRST), "conflict_needs_way"),
        ((), Outcome(text="设备轮流使用", type=SHARE), "conflict_needs_schedule"),
        (("SX-2026-0007",), Outcome(text="设备轮流使用", type=SHARE), "conflict_key_first"),
    ],
)
def test_resources_are_shared_only_where_no_key_project_needs_them(
    keys: tuple[str, ...], outcome: Outcome, code: str
) -> None:
    """R-88, R-89."""
    with pytest.raises(RuleViolation, match=code):
        offered(conflict(kind=K.RESOURCE), outcome, key_items=keys, now=NOW)


@pytest.mark.parametrize("way", [SHARE, REORDER])
def test_without_a_key_project_it_is_shared_or_reordered_with_dates(way: str) -> None:
    outcome = Outcome(text="设备轮流使用", type=way, schedule="单周生产、双周研发")
    after = offered(conflict(kind=K.RESOURCE), outcome, now=NOW)
    assert (after.state, after.outcome) == (S.MEDIATING, "设备轮流使用（单周生产、双周研发）")


def test_the_one_key_project_comes_first_and_two_of_them_are_the_leaders_business() -> None:
    """R-88: proposal filled in beforehand; two or more go straight to the leader."""
    case = conflict(kind=K.RESOURCE)
    assert proposal(case, ("SX-2026-0007",)) == "优先保障重点项目（SX-2026-0007）"
    assert proposal(case, ("SX-2026-0007", "SX-2026-0010")) == proposal(conflict(), ("SX-2026-0007",)) == ""
    one = offered(case, Outcome(text="先保试产"), key_items=("SX-2026-0007",), now=NOW)
    two = offered(case, Outcome(text="请组长裁定"), key_items=("SX-2026-0007", "SX-2026-0010"), now=NOW)
    assert (one.state, two.state) == (S.MEDIATING, S.PENDING_RULING)


def test_information_is_verified_first_and_rests_on_a_document() -> None:
    """R-90, R-91, L-30: chat alone is no evidence."""
    case = conflict(kind=K.INFORMATION)
    with pytest.raises(RuleViolation, match="conflict_verify_first"):
        offered(case, Outcome(text="以纪要为准", basis="JY-2026-0027"), now=NOW)
    with pytest.raises(RuleViolation, match="conflict_needs_source"):
        verified(case, "群里说的是 60 台", places="", by=HEAD, now=NOW)
    checked = verified(case, "以 JY-2026-0027 为准：60 台", places="生产计划表", by=HEAD, now=NOW)
    with pytest.raises(RuleViolation, match="conflict_needs_source"):
        offered(checked, Outcome(text="按 60 台执行", basis="群聊记录"), now=NOW)
    assert offered(checked, Outcome(text="按 60 台执行", basis="JY-2026-0027"), now=NOW).is_offered


def test_only_an_information_conflict_is_verified() -> None:
    with pytest.raises(RuleViolation, match="conflict_not_information"):
        verified(conflict(), "以 JY-2026-0027 为准", places="", by=HEAD, now=NOW)


# ---------------------------------------------------------------- answers


def test_when_every_party_accepts_it_is_settled() -> None:
    """R-86, P-36."""
    offer = conflict(offered_at=NOW)
    half = answered(offer, answer(PROD))
    assert half.state is S.MEDIATING
    whole = answered(half, answer(QA))
    assert (whole.state, whole.concluded_at) == (S.SETTLED, LATER)
    with pytest.raises(RuleViolation, match="stale_card"):
        answered(half, answer(PROD))


def test_nothing_is_accepted_before_there_is_an_outcome() -> None:
    with pytest.raises(RuleViolation, match="conflict_no_offer"):
        answered(conflict(), answer())


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (K.DUTY, S.PENDING_RULING),
        (K.RESOURCE, S.PENDING_RULING),
        (K.INFORMATION, S.PENDING_RULING),
        (K.UNCOVERED, S.TO_GM_MEETING),
    ],
)
def test_a_refusal_and_a_lapse_go_to_the_leader_or_to_the_office_meeting(
    kind: ConflictKind, state: ConflictState
) -> None:
    """R-87, R-115, R-116, L-24: what the plan does not cover is never ruled by the leader alone."""
    offer = conflict(kind=kind, offered_at=NOW)
    assert answered(offer, answer(yes=False)).state is state
    after = lapsed(conflict(kind=kind), at=LATER)
    assert (after.state, after.since) == (state, LATER)


def test_a_new_outcome_makes_earlier_answers_void() -> None:
    half = answered(conflict(offered_at=NOW), answer(PROD))
    assert offered(half, OUTCOME, now=LATER).answers == ()


# ---------------------------------------------------------------- taking back, ruling


def test_it_is_taken_back_once_the_other_side_agrees() -> None:
    asked = withdrawal_asked(conflict(), department=PROD, by=HEAD, reason="双方已谈妥")
    assert asked.state is S.MEDIATING
    assert withdrawal_answered(asked, department=QA, agrees=True, now=NOW).state is S.WITHDRAWN
    refused = withdrawal_answered(asked, department=QA, agrees=False, now=NOW)
    assert (refused.state, refused.withdrawal_by) == (S.MEDIATING, None)
    with pytest.raises(RuleViolation, match="conflict_no_withdrawal"):
        withdrawal_answered(asked, department=PROD, agrees=True, now=NOW)


def test_of_three_parties_both_others_agree() -> None:
    asked = withdrawal_asked(conflict(parties=(PROD, QA, RD)), department=PROD, by=HEAD, reason="双方已谈妥")
    half = withdrawal_answered(asked, department=QA, agrees=True, now=NOW)
    assert half.state is S.MEDIATING
    assert withdrawal_answered(half, department=RD, agrees=True, now=NOW).state is S.WITHDRAWN


def test_the_leader_rules_with_a_basis_and_may_say_who_shirked() -> None:
    """R-36, R-87: only people can say that somebody shirked."""
    ruling = replace(RULING, shirking=("PROD",))
    after = ruled(conflict(S.PENDING_RULING), ruling, by=PersonId("E001"), behalf=LEADER, now=LATER)
    assert (after.state, after.ruled_by, after.ruled_for, after.shirking) == (S.RULED, "E001", LEADER, ("PROD",))


def test_what_the_plan_does_not_cover_is_not_ruled() -> None:
    """A-21, L-24."""
    with pytest.raises(RuleViolation, match="conflict_office_meeting"):
        ruled(conflict(S.PENDING_RULING, K.UNCOVERED), RULING, by=LEADER, behalf=None, now=NOW)


def test_what_the_plan_covers_does_not_go_to_the_office_meeting() -> None:
    """A-21: the leader's ruling on a covered matter is final."""
    with pytest.raises(RuleViolation, match="conflict_covered"):
        referred(conflict(), agenda="列入办公会", now=NOW)


def test_the_decision_of_the_office_meeting_is_recorded_with_its_paper() -> None:
    """R-116."""
    case = referred(conflict(kind=K.UNCOVERED), agenda="列入 9 月办公会", now=NOW)
    after = decision_recorded(case, replace(RULING, basis="总办〔2026〕12 号"), by=SECRETARY, now=LATER)
    assert (after.state, after.paper, after.concluded_at) == (S.RULED, "总办〔2026〕12 号", LATER)


def test_a_party_takes_note_once() -> None:
    once = noted(conflict(S.RULED), QA)
    assert once.noted == (QA,)
    with pytest.raises(RuleViolation, match="stale_card"):
        noted(once, QA)
    with pytest.raises(RuleViolation, match="conflict_not_party"):
        noted(once, RD)
