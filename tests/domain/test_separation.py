"""Separation of duties SoD-1 to SoD-10 with what happens instead (2.4; L-20; EC-06, EC-12)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.action import Action
from bot.domain.delegation import Leave
from bot.domain.directory import Directory, Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.permissions import Grant, Reason, Refusal, may
from bot.domain.relation import Relation
from bot.domain.separation import Slot, acceptors, check_correction, review_slot, task_confirmer
from bot.errors import RuleViolation
from tests.domain.people_support import (
    ADMIN,
    ALTERNATE,
    BOARD,
    DEPARTMENTS,
    DEPUTY,
    DIRECTORY,
    IT,
    LEADER,
    OFFICE,
    OFFICE_HEAD,
    PEOPLE,
    PROD,
    PROD_HEAD,
    QA,
    QA_EMPLOYEE,
    QA_HEAD,
    QA_LIAISON,
    SALES,
    SALES_EMPLOYEE,
    SALES_HEAD,
    SALES_LIAISON,
    SECRETARY,
    actor,
    company,
    leave,
)

#: the leader heads sales
HEADING = company(replace(DEPARTMENTS[SALES], head=LEADER))


def refused(
    person: PersonId, action: Action, relation: Relation, *leaves: Leave, directory: Directory = DIRECTORY
) -> str:
    """The rule that says no; `no_right` where the matrix already does; empty for a yes."""
    match may(action, actor(person, *leaves, directory=directory), relation):
        case Grant():
            return ""
        case Refusal(reason=Reason.SEPARATION, duty=duty) if duty is not None:
            return duty.value
        case Refusal(reason=reason):
            return reason.value


SLOT = Relation(department=SALES, lead=SALES, coop=frozenset({QA}), submitter=SALES_HEAD)


@pytest.mark.parametrize(
    ("rule", "person", "action", "relation"),
    [
        ("SoD-1", SALES_HEAD, Action.REVIEW_REQUEST, SLOT),
        ("SoD-1", SALES_HEAD, Action.COUNTERSIGN_PLAN, SLOT),
        ("", QA_HEAD, Action.COUNTERSIGN_PLAN, SLOT),
        ("", QA_HEAD, Action.REVIEW_REQUEST, replace(SLOT, department=QA)),
        ("SoD-2", LEADER, Action.DECIDE_REQUEST, replace(SLOT, submitter=LEADER)),
        ("SoD-2", LEADER, Action.APPROVE_PLAN_CHANGE, replace(SLOT, submitter=LEADER)),
        ("", ALTERNATE, Action.DECIDE_REQUEST, replace(SLOT, submitter=LEADER)),
        ("no_right", ALTERNATE, Action.DECIDE_REQUEST, SLOT),
        ("", LEADER, Action.DECIDE_REQUEST, SLOT),
        ("", QA_HEAD, Action.VOTE_ACCEPTANCE, SLOT),
        ("no_right", SALES_HEAD, Action.VOTE_ACCEPTANCE, SLOT),
        ("SoD-3", LEADER, Action.VOTE_ACCEPTANCE, Relation(lead=BOARD, coop=frozenset({QA}))),
        ("SoD-4", SECRETARY, Action.GRADE_ISSUE, Relation(owners=frozenset({SECRETARY}))),
        ("SoD-4", SECRETARY, Action.GRADE_ISSUE, Relation(responsible=OFFICE)),
        ("", SECRETARY, Action.GRADE_ISSUE, Relation(responsible=QA)),
        ("", DEPUTY, Action.GRADE_ISSUE, Relation(responsible=OFFICE)),
        ("", DEPUTY, Action.GRADE_ISSUE, Relation(owners=frozenset({SECRETARY}))),
        ("no_right", DEPUTY, Action.GRADE_ISSUE, Relation(responsible=QA)),
        ("SoD-4", DEPUTY, Action.GRADE_ISSUE, Relation(responsible=OFFICE, owners=frozenset({DEPUTY}))),
        ("", LEADER, Action.GRADE_ISSUE, Relation(responsible=OFFICE, owners=frozenset({DEPUTY}))),
        ("no_right", LEADER, Action.GRADE_ISSUE, Relation(responsible=OFFICE)),
        ("", LEADER, Action.RULE_CONFLICT, Relation(parties=frozenset({SALES, QA}))),
        ("no_right", ALTERNATE, Action.RULE_CONFLICT, Relation(parties=frozenset({SALES, QA}))),
        ("SoD-6", LEADER, Action.CONFIRM_PROPOSAL, Relation(beneficiaries=frozenset({LEADER}))),
        ("", ALTERNATE, Action.CONFIRM_PROPOSAL, Relation(beneficiaries=frozenset({LEADER}))),
        ("", LEADER, Action.CONFIRM_PROPOSAL, Relation(beneficiaries=frozenset({QA_HEAD}))),
        ("", SALES_HEAD, Action.GRANT_EXTENSION, SLOT),
        ("SoD-8", QA_LIAISON, Action.CONFIRM_TASK, Relation(lead=QA, assigned=frozenset({QA_LIAISON}))),
        ("", QA_HEAD, Action.CONFIRM_TASK, Relation(lead=QA, assigned=frozenset({QA_LIAISON}))),
        ("", QA_LIAISON, Action.CONFIRM_TASK, Relation(lead=QA, assigned=frozenset({QA_EMPLOYEE}))),
    ],
)
def test_a_rule_keeps_one_person_from_it_and_the_next_may(
    rule: str, person: PersonId, action: Action, relation: Relation
) -> None:
    """SoD-1 to SoD-6, SoD-8."""
    assert refused(person, action, relation) == rule


@pytest.mark.parametrize("action", [Action.DECIDE_REQUEST, Action.APPROVE_PLAN_CHANGE, Action.SIGN_RESOLUTION])
def test_sod_2_what_a_department_of_the_leader_asks_for_goes_to_the_alternate(action: Action) -> None:
    assert refused(LEADER, action, SLOT, directory=HEADING) == "SoD-2"
    assert refused(ALTERNATE, action, SLOT, directory=HEADING) == ""


def test_sod_5_a_leader_who_heads_a_party_does_not_rule() -> None:
    conflict = Relation(parties=frozenset({SALES, QA}))
    assert refused(LEADER, Action.RULE_CONFLICT, conflict, directory=HEADING) == "SoD-5"
    assert refused(ALTERNATE, Action.RULE_CONFLICT, conflict, directory=HEADING) == ""


def test_sod_3_the_lead_does_not_accept_its_own_result_through_a_second_department_either() -> None:
    directory = company(replace(DEPARTMENTS[QA], head=SALES_HEAD))
    assert refused(SALES_HEAD, Action.VOTE_ACCEPTANCE, SLOT, directory=directory) == "SoD-3"


def test_sod_4_without_a_deputy_the_leader_grades_what_the_secretary_may_not() -> None:
    directory = company(without=(DEPUTY,))
    issue = Relation(responsible=OFFICE)
    assert refused(SECRETARY, Action.GRADE_ISSUE, issue, directory=directory) == "SoD-4"
    assert refused(LEADER, Action.GRADE_ISSUE, issue, directory=directory) == ""


@pytest.mark.parametrize(
    "interest",
    [
        Relation(department=SALES, lead=SALES, coop=frozenset({QA}), submitter=QA_HEAD),
        Relation(department=SALES, lead=SALES, coop=frozenset({QA}), beneficiaries=frozenset({QA_HEAD})),
        Relation(department=SALES, lead=SALES, coop=frozenset({QA}), parties=frozenset({QA, PROD})),
    ],
    ids=["submitter", "beneficiary", "party"],
)
def test_ec_12_sod_7_a_delegate_with_an_interest_may_not_use_the_delegated_power(interest: Relation) -> None:
    away = leave(SALES_HEAD, QA_HEAD)
    answer = refused(QA_HEAD, Action.REVIEW_REQUEST, interest, away)
    assert answer == ("SoD-1" if interest.submitter == QA_HEAD else "SoD-7")


def test_sod_7_a_delegate_without_interest_decides_in_the_others_place() -> None:
    answer = may(Action.REVIEW_REQUEST, actor(PROD_HEAD, leave(SALES_HEAD, PROD_HEAD)), Relation(department=SALES))
    assert isinstance(answer, Grant)
    assert (answer.behalf, answer.department) == (SALES_HEAD, SALES)


@pytest.mark.parametrize(
    "action",
    [
        Action.DECIDE_REQUEST,
        Action.REVIEW_REQUEST,
        Action.COUNTERSIGN_PLAN,
        Action.SIGN_RESOLUTION,
        Action.GRADE_ISSUE,
        Action.RULE_CONFLICT,
        Action.CORRECT_VERDICT,
        Action.CONFIRM_PROPOSAL,
        Action.READ_CONFIDENTIAL,
    ],
)
def test_sod_9_the_administrator_approves_nothing_and_reads_no_confidential_text(action: Action) -> None:
    administrator = replace(PEOPLE[ADMIN], roles=frozenset({Role.ADMINISTRATOR}))
    relation = Relation(department=IT, lead=IT, owners=frozenset({ADMIN}))
    assert refused(ADMIN, action, relation, directory=company(administrator)) == "no_right"


def test_leave_is_no_way_around_the_rules_a_delegate_may_not_do_what_the_represented_person_may_not() -> None:
    """Found in review: the leader's delegate could decide a request the leader had submitted."""
    own = replace(SLOT, submitter=LEADER)
    away = leave(LEADER, OFFICE_HEAD)
    assert refused(OFFICE_HEAD, Action.DECIDE_REQUEST, SLOT, away) == ""
    assert refused(OFFICE_HEAD, Action.DECIDE_REQUEST, own, away) == "SoD-2"
    assert refused(ALTERNATE, Action.DECIDE_REQUEST, own, away) == ""
    assert refused(
        OFFICE_HEAD, Action.RULE_CONFLICT, Relation(parties=frozenset({SALES})), away, directory=HEADING
    ) == ("SoD-5")
    task = Relation(lead=QA, assigned=frozenset({QA_LIAISON}))
    assert refused(QA_EMPLOYEE, Action.CONFIRM_TASK, task, leave(QA_LIAISON, QA_EMPLOYEE)) == "SoD-8"


# ---------------------------------------------------------------- what happens instead


@pytest.mark.parametrize(
    ("department", "head", "submitter", "slot"),
    [
        (SALES, SALES_HEAD, SALES_HEAD, Slot.SELF_SUBMITTED),
        (SALES, SALES_HEAD, SALES_LIAISON, Slot.MANDATORY),
        (SALES, None, SALES_LIAISON, Slot.MANDATORY),
        (QA, QA_HEAD, QA_HEAD, Slot.MANDATORY),
        (QA, QA_HEAD, SALES_HEAD, Slot.MANDATORY),
    ],
)
def test_sod_1_only_the_lead_heads_own_slot_needs_no_review(
    department: DepartmentId, head: PersonId | None, submitter: PersonId, slot: Slot
) -> None:
    assert review_slot(department, head=head, lead=SALES, submitter=submitter) is slot


@pytest.mark.parametrize(
    ("coop", "using", "voting", "needs_independent"),
    [
        ((QA, PROD), (), (QA, PROD), False),
        ((QA,), (QA, IT), (QA, IT), False),
        ((), (PROD,), (PROD,), False),
        ((), (), (), True),
        ((SALES,), (SALES,), (), True),
    ],
)
def test_sod_3_votes_come_from_cooperating_and_using_departments(
    coop: tuple[DepartmentId, ...],
    using: tuple[DepartmentId, ...],
    voting: tuple[DepartmentId, ...],
    needs_independent: bool,
) -> None:
    found = acceptors(lead=SALES, coop=coop, using=using)
    assert (found.departments, found.needs_independent) == (voting, needs_independent)


@pytest.mark.parametrize(
    ("assignee", "liaison", "head", "confirmer"),
    [
        (SALES_EMPLOYEE, SALES_LIAISON, SALES_HEAD, SALES_LIAISON),
        (SALES_LIAISON, SALES_LIAISON, SALES_HEAD, SALES_HEAD),
        (SALES_LIAISON, SALES_LIAISON, None, None),
        (SALES_EMPLOYEE, None, SALES_HEAD, SALES_HEAD),
        (SALES_HEAD, SALES_HEAD, SALES_HEAD, None),
    ],
)
def test_sod_8_a_task_is_confirmed_by_the_next_who_did_not_do_it(
    assignee: PersonId, liaison: PersonId | None, head: PersonId | None, confirmer: PersonId | None
) -> None:
    assert task_confirmer(assignee=assignee, lead_liaison=liaison, lead_head=head) == confirmer


def test_sod_10_a_published_version_is_changed_only_by_a_new_one() -> None:
    check_correction(is_published=False, makes_new_version=False)
    check_correction(is_published=True, makes_new_version=True)
    with pytest.raises(RuleViolation, match="published_is_final"):
        check_correction(is_published=True, makes_new_version=False)
