"""The milestone resolution (domain.md 3.11, R-68..R-70): its table, the text that is signed, the work in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain import resolution as rules
from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.resolution import MACHINE, Resolution, ResolutionAct, ResolutionState
from bot.domain.resolution_form import hash_of, solution_rows, step_rows, wants_plan_change, work_rows
from bot.errors import RuleViolation

NOW = datetime(2026, 9, 17, 9, 10, tzinfo=UTC)
DUE = NOW + timedelta(days=3)
LIMIT = "2026-09-23T18:00:00+08:00"
LEADER, LIAISON = PersonId("E002"), PersonId("E014")
WHOLE: Content = {
    "host": "E012",
    "participants": (("E012",), ("E002",)),
    "difficulties": (("检测夹具到位晚",),),
    "solutions": (("夹具专人跟催", "E029", LIMIT),),
    "next_steps": (("夹具验证报告", "QA", "E029", LIMIT),),
    "resolved": (("按计划进入下一阶段",),),
    "plan_change": "否",
}


def resolution(state: ResolutionState = ResolutionState.DRAFTING, content: Content = WHOLE) -> Resolution:
    draft = Resolution(
        code=Code("JD-2026-0012"),
        meeting=Code("HY-2026-0044"),
        item=Code("SX-2026-0007"),
        title="X1试产中期推进会决议",
        lead=DepartmentId("RD"),
        state=ResolutionState.DRAFTING,
        content=content,
    )
    if state is ResolutionState.DRAFTING:
        return draft
    submitted = rules.submit(draft, by=LIAISON, due_at=DUE, now=NOW)
    return submitted if state is ResolutionState.PENDING_SIGNATURE else sign(submitted)


def sign(submitted: Resolution) -> Resolution:
    return rules.sign(submitted, shown=submitted.text_hash, by=LEADER, behalf=None, now=NOW)


DO: dict[ResolutionAct, Callable[[Resolution], Resolution]] = {
    ResolutionAct.SAVE: lambda r: rules.save(r, {}),
    ResolutionAct.SUBMIT: lambda r: rules.submit(r, by=LIAISON, due_at=DUE, now=NOW),
    ResolutionAct.SIGN: sign,
    ResolutionAct.RETURN: lambda r: rules.send_back(r, reason="时限太紧了", due_at=DUE, now=NOW),
}


@pytest.mark.parametrize(("state", "act"), list(product(ResolutionState, ResolutionAct)))
def test_what_the_table_does_not_have_is_refused_and_changes_nothing(
    state: ResolutionState, act: ResolutionAct
) -> None:
    """Every pair of state and act; 3.11. While it waits for the signature nobody edits it."""
    before = resolution(state)
    if MACHINE.allows(state, act):
        assert DO[act](before).state in MACHINE.table[state, act]
        return
    with pytest.raises(RuleViolation) as refused:
        DO[act](before)
    locked = {ResolutionState.PENDING_SIGNATURE: "resolution_locked", ResolutionState.SIGNED: "resolution_signed"}
    assert refused.value.code == (locked[state] if act is ResolutionAct.SAVE else "stale_card")


def test_the_signature_is_bound_to_the_exact_text_that_was_shown() -> None:
    """R-70: text hash equals the one shown."""
    submitted = resolution(ResolutionState.PENDING_SIGNATURE)
    changed = replace(submitted, content={**WHOLE, "resolved": (("推迟一个月",),)})
    for wrong, shown in ((changed, submitted.text_hash), (submitted, "0" * 64), (submitted, "")):
        with pytest.raises(RuleViolation, match="resolution_text_changed"):
            rules.sign(wrong, shown=shown, by=LEADER, behalf=None, now=NOW)
    signed = sign(submitted)
    assert (signed.state, signed.signed_by, signed.text_hash) == (
        ResolutionState.SIGNED,
        LEADER,
        hash_of(submitted.code, WHOLE),
    )


@pytest.mark.parametrize("key", ["host", "participants", "difficulties", "solutions", "next_steps", "resolved"])
def test_every_field_that_people_write_is_in_the_fingerprint(key: str) -> None:
    other = {**WHOLE, key: (("别的内容",),)}
    assert hash_of("JD-2026-0012", other) != hash_of("JD-2026-0012", WHOLE)


def test_what_the_system_fills_in_and_how_rows_are_cut_cannot_be_confused() -> None:
    assert hash_of("JD-2026-0012", {**WHOLE, "signed_at": "09:05"}) == hash_of("JD-2026-0012", WHOLE)
    one, two = {"resolved": (("甲", "乙"),)}, {"resolved": (("甲",), ("乙",))}
    assert hash_of("JD-2026-0012", one) != hash_of("JD-2026-0012", two)
    assert hash_of("JD-2026-0012", WHOLE) != hash_of("JD-2026-0013", WHOLE)


def test_a_returned_resolution_is_shown_anew_and_its_old_fingerprint_counts_no_more() -> None:
    returned = rules.send_back(resolution(ResolutionState.PENDING_SIGNATURE), reason="时限太紧了", due_at=DUE, now=NOW)
    assert (returned.text_hash, returned.reason, returned.due_at) == ("", "时限太紧了", DUE)
    again = rules.submit(rules.save(returned, {**WHOLE, "resolved": (("推迟一周",),)}), by=LIAISON, due_at=DUE, now=NOW)
    with pytest.raises(RuleViolation, match="resolution_text_changed"):
        rules.sign(again, shown=hash_of(again.code, WHOLE), by=LEADER, behalf=None, now=NOW)


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("solutions", ("跟催",)),
        ("solutions", ("跟催", "E029")),
        ("next_steps", ("报告", "QA", "E029")),
        ("next_steps", ("报告", "QA", "", LIMIT)),
    ],
)
def test_a_solution_needs_person_and_date_and_a_step_with_one_needs_both(key: str, row: tuple[str, ...]) -> None:
    """R-68: solutions with owner and date."""
    with pytest.raises(RuleViolation, match="resolution_rows_incomplete"):
        rules.submit(resolution(content={**WHOLE, key: (row,)}), by=LIAISON, due_at=DUE, now=NOW)


def test_a_step_without_anybody_is_only_said() -> None:
    content = {**WHOLE, "next_steps": (("继续试产",),)}
    assert step_rows(content)[0].lacking == ()
    assert [row.text for row in work_rows(content)] == ["夹具专人跟催"]


def test_next_steps_become_tasks_and_solutions_that_no_step_carries_out() -> None:
    """3.11: actions → tasks; one task for the solution and the step of the same person and date."""
    assert [row.text for row in work_rows(WHOLE)] == ["夹具验证报告"]
    more = {**WHOLE, "solutions": (("夹具专人跟催", "E029", LIMIT), ("更换供应商", "E003", LIMIT))}
    assert [(row.text, row.owner) for row in work_rows(more)] == [("夹具验证报告", "E029"), ("更换供应商", "E003")]
    assert len(solution_rows(more)) == 2


def test_the_plan_is_adjusted_only_where_the_resolution_says_so() -> None:
    """R-99."""
    assert wants_plan_change({**WHOLE, "plan_change": "是"})
    assert not wants_plan_change(WHOLE)
