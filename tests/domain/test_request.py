"""The state machine of the collaboration request (domain.md 3.1): what is in the table happens, nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain import request_decision as decision
from bot.domain import request_review as review
from bot.domain import request_secrecy as secrecy
from bot.domain.confidentiality import Secrecy
from bot.domain.ids import Code, PersonId
from bot.domain.item import Level
from bot.domain.request import (
    FINISHED,
    IDLE,
    MACHINE,
    Request,
    RequestAct,
    RequestState,
    copied,
    drafted,
    idle_at,
    retired,
    saved,
    with_access,
    withdrawn,
)
from bot.domain.request_secrecy import Keepers
from bot.errors import RuleViolation
from tests.domain.request_cases import (
    ASKER,
    CODE,
    HEAD,
    HEADS,
    LEADER,
    MEETING,
    NOW,
    OPINION,
    RD,
    SECRETARY,
    TODAY,
    content,
    draft,
    in_review,
    in_state,
    later,
)

S, A = RequestState, RequestAct
KEEPERS = Keepers(lead_head=HEAD, secretary=SECRETARY, leader=LEADER)
REASON = "范围不清楚，请补充"

#: one function an act, on a request in any state
DOES: dict[RequestAct, Callable[[Request], object]] = {
    A.SAVE: lambda r: saved(r, r.content, now=NOW),
    A.SUBMIT: lambda r: review.submitted(r, by=ASKER, heads=HEADS, today=TODAY, now=NOW),
    A.AGREE: lambda r: review.passed(r, RD, by=HEAD, now=NOW),
    A.SEND_BACK: lambda r: (
        review.sent_back(r, RD, by=HEAD, reason=REASON, now=NOW)
        if r.state is not S.PENDING_LEADER
        else decision.returned(r, by=LEADER, reason=REASON, now=NOW)
    ),
    A.WITHDRAW: lambda r: withdrawn(r, by=ASKER, now=NOW),
    A.RETIRE: lambda r: retired(r, by=SECRETARY, reason=REASON, now=NOW + IDLE),
    A.RAISE_LEVEL: lambda r: review.raised(replace(r, level=Level.ROUTINE)),
    A.LOWER_LEVEL: lambda r: review.lowered(r),
    A.SCHEDULE: lambda r: decision.scheduled(r, Code("HY-2026-0099"), now=NOW),
    A.CONCLUDE: lambda r: decision.assessed(r, OPINION, by=SECRETARY, now=NOW),
    A.SUPPLEMENT: lambda r: decision.assessed(
        r, {"conclusion": "建议补充", "supplement": REASON}, by=SECRETARY, now=NOW
    ),
    A.APPROVE: lambda r: decision.approved(r, by=LEADER, now=NOW),
    A.REJECT: lambda r: decision.rejected(r, by=LEADER, reason=REASON, now=NOW),
    A.RECLASSIFY: lambda r: secrecy.raised(r, Secrecy.CONFIDENTIAL, by=ASKER, keepers=KEEPERS),
    A.COPY: lambda r: copied(r, code=Code("XQ-2026-0016"), by=ASKER, content=r.content, now=NOW),
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", A)
def test_an_act_that_the_table_does_not_have_is_refused_with_the_present_state(
    state: RequestState, act: RequestAct
) -> None:
    """3.1: what is not in the table is refused and changes nothing."""
    request = in_state(state)
    if MACHINE.allows(state, act):
        DOES[act](request)
        return
    with pytest.raises(RuleViolation) as refused:
        DOES[act](request)
    assert refused.value.code == "stale_card"
    assert refused.value.facts["state"] == f"request_state_{state}"


def test_nothing_but_a_copy_leads_on_from_the_ends() -> None:
    assert MACHINE.acts(S.APPROVED) == ()
    assert {act for state in FINISHED for act in MACHINE.acts(state)} == {A.COPY}


# ---------------------------------------------------------------- the way through


def test_the_first_submission_asks_the_heads_of_lead_and_cooperating_departments() -> None:
    """A-01, R-74: one slot each; the content is frozen with its round."""
    request = in_review()
    assert (request.state, request.round) == (S.IN_REVIEW, 1)
    assert [(slot.department, slot.state.value) for slot in request.slots] == [
        ("RD", "open"),
        ("PROD", "open"),
        ("QA", "open"),
    ]
    assert request.submitted_by == ASKER
    assert request.first_submitted_at == NOW


def test_the_last_yes_sends_a_special_request_to_its_assessment_and_makes_a_routine_one_an_item() -> None:
    """3.1, R-71, A-19: special takes all five steps."""
    special, routine = in_review(), in_review(level="日常协作")
    for department, head in HEADS.items():
        special = review.passed(special, department, by=head, now=NOW)
        routine = review.passed(routine, department, by=head, now=NOW)
    assert special.state is S.REVIEWED
    assert routine.state is S.APPROVED
    assert routine.decided_at == NOW


def test_a_slot_is_filled_once() -> None:
    request = review.passed(in_review(), RD, by=HEAD, now=NOW)
    with pytest.raises(RuleViolation, match="stale_card"):
        review.passed(request, RD, by=HEAD, now=NOW)
    with pytest.raises(RuleViolation, match="stale_card"):
        review.sent_back(request, RD, by=HEAD, reason=REASON, now=NOW)


def test_a_return_voids_every_other_slot_and_the_next_round_starts_fresh() -> None:
    """3.1: round k+1, slots fresh; what was submitted before is kept as it was."""
    request = review.passed(in_review(), RD, by=HEAD, now=NOW)
    returned = review.sent_back(request, HEADS_QA, by=HEADS[HEADS_QA], reason=REASON, now=later(hours=1))
    assert returned.state is S.RETURNED
    assert [slot.state.value for slot in returned.slots] == ["void", "void", "returned"]
    again = review.submitted(
        saved(returned, content(title="X1量产导入（改）"), now=later(hours=2)),
        by=ASKER,
        heads=HEADS,
        today=TODAY,
        now=later(hours=3),
    )
    assert (again.round, [slot.state.value for slot in again.slots]) == (2, ["open"] * 3)
    assert again.rounds[0].content["title"] == "X1量产导入"
    assert again.rounds[0].reason == REASON
    assert again.first_submitted_at == NOW


HEADS_QA = next(department for department in HEADS if department == "QA")


def test_an_opinion_waits_for_the_end_of_the_meeting_unless_it_asks_for_more() -> None:
    """R-76, R-77: the opinion is what the meeting came to."""
    request = decision.scheduled(in_state(S.REVIEWED), MEETING, now=NOW)
    assert (request.state, request.held_at) == (S.ASSESSING, None)
    with pytest.raises(RuleViolation, match="assessment_not_held"):
        decision.assessed(request, OPINION, by=SECRETARY, now=NOW)
    back = decision.assessed(request, {"conclusion": "建议补充", "supplement": REASON}, by=SECRETARY, now=NOW)
    assert (back.state, back.reason) == (S.RETURNED, REASON)
    held = decision.held(request, MEETING, ended_at=later(hours=1))
    assert decision.assessed(held, OPINION, by=SECRETARY, now=later(hours=2)).state is S.PENDING_LEADER


@pytest.mark.parametrize("conclusion", ["建议批准", "建议不批准"])
def test_opinions_for_and_against_both_go_to_the_leader(conclusion: str) -> None:
    """R-78."""
    request = decision.assessed(in_state(S.ASSESSING), {"conclusion": conclusion}, by=SECRETARY, now=NOW)
    assert request.state is S.PENDING_LEADER


def test_the_end_of_another_meeting_changes_nothing() -> None:
    request = decision.scheduled(in_state(S.REVIEWED), MEETING, now=NOW)
    assert decision.held(request, Code("HY-2026-0001"), ended_at=NOW) == request


def test_a_return_by_the_leader_repeats_review_and_assessment_in_full() -> None:
    returned = decision.returned(in_state(S.PENDING_LEADER), by=LEADER, reason=REASON, now=NOW)
    again = review.submitted(returned, by=ASKER, heads=HEADS, today=TODAY, now=NOW)
    assert again.state is S.IN_REVIEW
    assert (again.meeting, again.held_at, dict(again.assessment), again.reason) == (None, None, {}, "")


# ---------------------------------------------------------------- taking back, copying


def test_before_the_leader_has_it_the_leads_head_may_take_it_back_too() -> None:
    """P-03 with 3.1: in review submitter or head, afterwards the submitter alone."""
    assert withdrawn(in_review(), by=HEAD, now=NOW).state is S.WITHDRAWN
    with pytest.raises(RuleViolation, match="no_right"):
        withdrawn(in_state(S.PENDING_LEADER), by=HEAD, now=NOW)
    assert withdrawn(in_state(S.PENDING_LEADER), by=HEAD, behalf=ASKER, now=NOW).state is S.WITHDRAWN


def test_what_was_returned_is_taken_out_only_after_thirty_days_without_an_edit() -> None:
    request = review.sent_back(in_review(), RD, by=HEAD, reason=REASON, now=NOW)
    assert idle_at(request) == NOW + IDLE
    edited = saved(request, content(title="改"), now=later(days=10))
    with pytest.raises(RuleViolation, match="request_not_idle"):
        retired(edited, by=SECRETARY, reason=REASON, now=later(days=39))
    assert retired(edited, by=SECRETARY, reason=REASON, now=later(days=40)).state is S.WITHDRAWN


def test_a_copy_is_a_new_draft_with_a_link_and_only_for_whoever_made_the_old_one() -> None:
    old = withdrawn(in_review(), by=ASKER, now=NOW)
    new = copied(old, code=Code("XQ-2026-0016"), by=ASKER, content=old.content, now=NOW)
    assert (new.state, new.copied_from, new.round, new.slots) == (S.DRAFT, CODE, 0, ())
    with pytest.raises(RuleViolation, match="no_right"):
        copied(old, code=Code("XQ-2026-0016"), by=PersonId("E016"), content=old.content, now=NOW)


# ---------------------------------------------------------------- what a draft knows


def test_a_draft_reads_from_the_form_what_rules_ask_of_it() -> None:
    request = draft(confidentiality="内部敏感")
    assert (request.title, request.level, request.lead) == ("X1量产导入", Level.SPECIAL, RD)
    assert (request.coop, request.secrecy) == (("PROD", "QA"), 1)


def test_what_was_reviewed_as_special_does_not_become_routine_by_an_edit() -> None:
    """P-06: only the leader lowers it; a first draft may still choose."""
    assert saved(draft(), content(level="日常协作"), now=NOW).level is Level.ROUTINE
    with pytest.raises(RuleViolation, match="request_level_kept"):
        saved(in_state(S.RETURNED), content(level="日常协作"), now=NOW)


def test_what_others_have_read_does_not_become_less_secret_by_an_edit() -> None:
    """2.5: the level is lowered by the lead's head together with the leader."""
    secret = review.sent_back(in_review(confidentiality="涉密"), RD, by=HEAD, reason=REASON, now=NOW)
    with pytest.raises(RuleViolation, match="request_secrecy_kept"):
        saved(secret, content(confidentiality="普通"), now=NOW)


def test_the_level_is_raised_by_one_and_lowered_by_lead_head_and_leader_together() -> None:
    """2.5."""
    up = secrecy.raised(in_review(), Secrecy.SENSITIVE, by=SECRETARY, keepers=KEEPERS)
    assert (up.secrecy, up.content["confidentiality"]) == (1, "内部敏感")
    with pytest.raises(RuleViolation, match="no_right"):
        secrecy.raised(up, Secrecy.CONFIDENTIAL, by=LEADER, keepers=KEEPERS)
    with pytest.raises(RuleViolation, match="no_right"):
        secrecy.lowering(up, Secrecy.NORMAL, by=SECRETARY, keepers=KEEPERS)
    asked = secrecy.lowering(up, Secrecy.NORMAL, by=HEAD, keepers=KEEPERS)
    assert (asked.secrecy, asked.lower_agreed) == (1, (HEAD,))
    assert secrecy.lowering(asked, Secrecy.NORMAL, by=LEADER, keepers=KEEPERS).secrecy == 0


def test_creator_and_lead_head_keep_the_access_list() -> None:
    """2.5: the secretary is taken off by the leader alone."""
    secret = with_access(in_review(confidentiality="涉密"), [ASKER, SECRETARY, LEADER])
    more = secrecy.with_reader(secret, PersonId("E016"), by=ASKER, keepers=KEEPERS)
    assert "E016" in more.access
    assert "E016" not in secrecy.without_reader(more, PersonId("E016"), by=HEAD, keepers=KEEPERS).access
    with pytest.raises(RuleViolation, match="leader_needed"):
        secrecy.without_reader(more, SECRETARY, by=HEAD, keepers=KEEPERS)
    with pytest.raises(RuleViolation, match="access_only_confidential"):
        secrecy.with_reader(in_review(), PersonId("E016"), by=ASKER, keepers=KEEPERS)


def test_only_a_confidential_request_has_an_access_list_and_an_edit_takes_nobody_off_it() -> None:
    assert with_access(draft(), [HEAD]).access == ()
    secret = with_access(draft(confidentiality="涉密"), [HEAD])
    assert with_access(secret, [LEADER]).access == (HEAD, LEADER)


def test_a_draft_without_anything_in_it_is_a_draft() -> None:
    empty = drafted(code=CODE, lead=RD, content={}, by=ASKER, now=NOW)
    assert (empty.state, empty.level, empty.coop, empty.secrecy) == (S.DRAFT, Level.ROUTINE, (), 0)
