"""The machine of issues as a table, and what grading, handling and closing make of one (domain.md 3.7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain.calendar import CalendarData, Calendars
from bot.domain.confidentiality import Secrecy
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import MACHINE, Grade, Grading, Issue, IssueAct, IssueState, Solution
from bot.domain.issue_form import F2, GRADING, SOLUTION
from bot.domain.issue_grading import Verdict, graded, higher, merged, not_accepted, refiled, report_gap, with_readers
from bot.domain.issue_handling import (
    DoneAt,
    acknowledged,
    at_work,
    closed,
    confirmed,
    meeting_arranged,
    meeting_called_off,
    meeting_held,
    not_solved,
    owners,
    reopened,
    result_given,
    sides_missing,
    solved_by,
    task_made,
)
from bot.domain.levels import Keepers, raised
from bot.errors import RuleViolation

NOW = datetime(2026, 9, 15, 5, 45, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
RD, PROD, QA = DepartmentId("RD"), DepartmentId("PROD"), DepartmentId("QA")
SECRETARY, FINDER, OWNER, LEADER = (PersonId(p) for p in ("E018", "E016", "E029", "E002"))
RESULT = "研发部与生产部已商定按新版图纸返修"
S, A = IssueState, IssueAct


def issue(state: IssueState = S.PENDING_GRADING, grade: Grade | None = None, **changes: object) -> Issue:
    gradings = (Grading(grade=grade, by=SECRETARY, at=NOW, reason="影响首件", due_at=LATER),) if grade else ()
    base = Issue(
        code=Code("WT-2026-0012"),
        state=state,
        title="首件尺寸超差",
        found_by=RD,
        reporter=FINDER,
        filed_at=NOW,
        gradings=gradings,
        lead=RD if grade else None,
        coop=(PROD, QA) if grade else (),
        due_at=LATER if grade else None,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def verdict(grade: Grade = Grade.GENERAL, **changes: object) -> Verdict:
    base = Verdict(
        grade=grade, reason="影响首件", impact="部分环节", severity="中", lead=RD, coop=(PROD,), due_at=LATER
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def line(owner: PersonId = OWNER, due: datetime = LATER) -> Solution:
    return Solution(measure="返修夹具", department=QA, owner=owner, due_at=due)


# ---------------------------------------------------------------- the table


#: every line of 3.7 once more, state by state, written down independently of the program
POSSIBLE = {
    S.PENDING_GRADING: {A.GRADE, A.MERGE, A.REFUSE},
    S.NEGOTIATING: {A.REGRADE, A.GIVE_RESULT},
    S.COORDINATING: {A.REGRADE, A.ARRANGE_MEETING, A.HOLD_MEETING, A.RECORD_SOLUTION},
    S.ESCALATED: {A.REGRADE, A.ARRANGE_MEETING, A.HOLD_MEETING, A.ACKNOWLEDGE},
    S.SPECIAL_MEETING: {A.REGRADE, A.ARRANGE_MEETING, A.HOLD_MEETING, A.RECORD_SOLUTION},
    S.EXECUTING: {A.REGRADE, A.GIVE_RESULT},
    S.RESOLVED: {A.REGRADE, A.CONFIRM, A.NOT_SOLVED, A.CLOSE},
    S.CLOSED: {A.REOPEN},
    S.MERGED: set(),
    S.NOT_ACCEPTED: {A.REFILE},
}
for _acts in POSSIBLE.values():
    _acts.add(A.RECLASSIFY)
KEEPERS = Keepers(creator=FINDER, lead_head=None, secretary=SECRETARY, leader=LEADER)
ACTS: dict[IssueAct, Callable[[Issue], Issue]] = {
    A.GRADE: lambda i: graded(i, verdict(), by=SECRETARY, now=NOW),
    A.REGRADE: lambda i: graded(i, verdict(Grade.MAJOR), by=SECRETARY, now=NOW),
    A.MERGE: lambda i: merged(i, issue(code="WT-2026-0011"), reason="同一问题"),
    A.REFUSE: lambda i: not_accepted(i, reason="不属于协作问题"),
    A.REFILE: lambda i: refiled(i, {}, step_due_at=LATER),
    A.ARRANGE_MEETING: lambda i: meeting_arranged(i, Code("HY-2026-0045"), by_leader=None, now=NOW),
    A.HOLD_MEETING: lambda i: meeting_held(i, Code("HY-2026-0045"), ended_at=NOW),
    A.ACKNOWLEDGE: lambda i: acknowledged(i, by=LEADER, now=NOW),
    A.RECORD_SOLUTION: lambda i: solved_by(i, (line(),), plan_change=True, now=NOW),
    A.GIVE_RESULT: lambda i: result_given(i, RESULT, by=OWNER, now=NOW),
    A.CONFIRM: lambda i: confirmed(i, by=FINDER, now=NOW),
    A.NOT_SOLVED: lambda i: not_solved(i, reason="尺寸仍然超差", due_at=LATER, now=NOW),
    A.CLOSE: lambda i: closed(i, by=SECRETARY, now=LATER, confirm_by=NOW, reason="反馈人已离职"),
    A.REOPEN: lambda i: reopened(i, reason="问题再次出现", due_at=LATER, until=None, now=NOW),
    A.RECLASSIFY: lambda i: raised(i, Secrecy.SENSITIVE, by=FINDER, keepers=KEEPERS),
}


#: grading and grading again are one function: it is the other of the two that is possible
ONE_FUNCTION = {(s, A.REGRADE) for s in S if A.GRADE in POSSIBLE[s]} | {
    (s, A.GRADE) for s in S if A.REGRADE in POSSIBLE[s]
}
PAIRS = [pair for pair in product(IssueState, IssueAct) if pair not in ONE_FUNCTION]


@pytest.mark.parametrize(("state", "act"), PAIRS)
def test_every_act_is_possible_where_the_table_says_so_and_nowhere_else(state: IssueState, act: IssueAct) -> None:
    grade = None if state in {S.PENDING_GRADING, S.NOT_ACCEPTED, S.MERGED} else Grade.GENERAL
    before = issue(state, grade, met_at=NOW)
    if act in POSSIBLE[state]:
        after = ACTS[act](before)
        assert after.state in MACHINE.table[state, act]
    else:
        with pytest.raises(RuleViolation) as refusal:
            ACTS[act](before)
        assert refusal.value.code == "stale_card"
        assert refusal.value.facts == {"state": f"issue_state_{state.value}"}


def test_every_state_has_the_acts_of_the_charter() -> None:
    assert {state: set(MACHINE.acts(state)) for state in IssueState} == POSSIBLE


# ---------------------------------------------------------------- grading


@pytest.mark.parametrize(
    ("grade", "state"),
    [
        (Grade.GENERAL, S.NEGOTIATING),
        (Grade.IMPORTANT, S.COORDINATING),
        (Grade.MAJOR, S.ESCALATED),
    ],
)
def test_each_grade_leads_to_its_own_way_of_handling(grade: Grade, state: IssueState) -> None:
    """R-93, R-94: grade, ground, impact and severity are kept with who leads and who cooperates."""
    after = graded(issue(), verdict(grade), by=SECRETARY, now=NOW)
    assert (after.state, after.grade, after.lead, after.coop, after.impact) == (state, grade, RD, (PROD,), "部分环节")
    assert after.gradings[-1].reason == "影响首件"


def test_the_lead_does_not_cooperate_with_itself() -> None:
    with pytest.raises(RuleViolation, match="issue_lead_as_coop"):
        graded(issue(), verdict(coop=(RD,)), by=SECRETARY, now=NOW)


def test_ec_86_a_regrade_begins_the_clock_again_and_leaves_the_old_limit_on_record() -> None:
    old = issue(S.EXECUTING, Grade.IMPORTANT, met_at=NOW, solution=(line(),), in_time=True)
    after = graded(old, verdict(Grade.MAJOR, due_at=None, step_due_at=LATER), by=SECRETARY, now=NOW)
    assert [g.due_at for g in after.gradings] == [LATER, LATER]
    assert (after.state, after.solution, after.met_at, after.in_time) == (S.ESCALATED, (), None, None)
    assert after.regrades == 1


def test_the_same_grade_again_is_no_regrade() -> None:
    with pytest.raises(RuleViolation, match="issue_same_grade"):
        graded(issue(S.NEGOTIATING, Grade.GENERAL), verdict(Grade.GENERAL), by=SECRETARY, now=NOW)


def test_above_important_is_major_and_above_major_is_nothing() -> None:
    assert [higher(g) for g in Grade] == [Grade.IMPORTANT, Grade.MAJOR, None]


@pytest.mark.parametrize(
    "target",
    [
        issue(),
        issue(S.CLOSED, Grade.GENERAL, code="WT-2026-0001"),
        issue(S.MERGED, code="WT-2026-0001"),
    ],
)
def test_an_issue_is_merged_only_into_another_open_one(target: Issue) -> None:
    with pytest.raises(RuleViolation, match="issue_merge_target"):
        merged(issue(), target, reason="同一问题")


def test_nothing_is_merged_into_an_issue_that_its_finder_may_not_see() -> None:
    with pytest.raises(RuleViolation, match="issue_merge_secrecy"):
        merged(issue(), issue(code="WT-2026-0001", secrecy=2), reason="同一问题")


def test_what_was_not_accepted_is_filed_again_once_with_more_facts() -> None:
    once = not_accepted(issue(), reason="事实不清楚")
    again = refiled(once, {"description": "补充了测量数据"}, step_due_at=LATER)
    assert (again.state, again.content["description"]) == (S.PENDING_GRADING, "补充了测量数据")
    twice = not_accepted(again, reason="仍不属于协作问题")
    assert twice.refusals == 2
    with pytest.raises(RuleViolation, match="issue_refiled_already"):
        refiled(twice, {}, step_due_at=LATER)


@pytest.mark.parametrize(
    ("occurred", "days"),
    [
        (datetime(2026, 9, 15, 1, 0, tzinfo=UTC), 0),
        (datetime(2026, 9, 14, 1, 0, tzinfo=UTC), 1),
        (datetime(2026, 9, 11, 9, 0, tzinfo=UTC), 2),
        (datetime(2026, 9, 16, 1, 0, tzinfo=UTC), 0),
    ],
)
def test_the_gap_between_what_happened_and_its_report_is_counted_in_working_days(occurred: datetime, days: int) -> None:
    """A-14, R-37: shown, not punished; the weekend does not count."""
    assert report_gap(Calendars(CalendarData()), occurred_at=occurred, filed_at=NOW) == days


def test_readers_are_on_the_list_once() -> None:
    assert with_readers(issue(access=(FINDER,)), (SECRETARY, FINDER, None)).access == (FINDER, SECRETARY)


# ---------------------------------------------------------------- meetings and solutions


def test_the_solution_of_an_important_issue_comes_out_of_a_meeting() -> None:
    """R-96: the liaisons meet before a solution is recorded."""
    with pytest.raises(RuleViolation, match="issue_meeting_first"):
        solved_by(issue(S.COORDINATING, Grade.IMPORTANT), (line(),), plan_change=None, now=NOW)


def test_an_important_issue_is_in_time_when_its_execution_begins_in_time() -> None:
    """A-07, T-13: the solution carries its own date, tracked separately."""
    before = issue(S.COORDINATING, Grade.IMPORTANT, met_at=NOW)
    after = solved_by(before, (line(due=LATER + timedelta(days=9)),), plan_change=None, now=LATER)
    assert (after.state, after.in_time, after.due_at) == (S.EXECUTING, True, LATER + timedelta(days=9))
    late = solved_by(before, (line(due=LATER + timedelta(days=9)),), plan_change=None, now=LATER + timedelta(seconds=1))
    assert late.in_time is False
    done = result_given(after, RESULT, by=OWNER, now=LATER + timedelta(days=20))
    assert done.in_time is True


def test_the_company_may_count_an_important_issue_at_its_result_instead() -> None:
    """A-07: `issue.important_done_at = resolved`."""
    before = issue(S.COORDINATING, Grade.IMPORTANT, met_at=NOW)
    after = solved_by(
        before, (line(due=LATER + timedelta(days=9)),), plan_change=None, done_at=DoneAt.RESOLVED, now=NOW
    )
    assert (after.in_time, after.due_at) == (None, LATER)
    assert result_given(after, RESULT, by=OWNER, now=LATER + timedelta(days=1)).in_time is False


def test_of_several_lines_the_latest_is_the_date_of_the_solution() -> None:
    """L-28."""
    lines = (line(due=LATER + timedelta(days=2)), line(due=LATER))
    before = issue(S.COORDINATING, Grade.IMPORTANT, met_at=NOW)
    assert solved_by(before, lines, plan_change=None, now=NOW).due_at == LATER + timedelta(days=2)


@pytest.mark.parametrize(
    ("lines", "plan_change", "code"),
    [
        ((), True, "issue_solution_empty"),
        ((line(due=NOW),), True, "issue_due_in_past"),
        ((line(),), None, "issue_plan_change_open"),
    ],
)
def test_the_outcome_of_a_major_issue_is_complete_or_refused(
    lines: tuple[Solution, ...], plan_change: bool | None, code: str
) -> None:
    """R-98, R-99."""
    with pytest.raises(RuleViolation, match=code):
        solved_by(issue(S.SPECIAL_MEETING, Grade.MAJOR), lines, plan_change=plan_change, now=NOW)


def test_tasks_come_to_the_lines_in_their_order() -> None:
    before = issue(S.EXECUTING, Grade.IMPORTANT, solution=(line(), line()))
    after = task_made(task_made(before, Code("RW-2026-0037")), Code("RW-2026-0038"))
    assert [one.task for one in after.solution] == ["RW-2026-0037", "RW-2026-0038"]
    assert task_made(after, Code("RW-2026-0039")) == after


def test_the_leader_takes_note_and_the_special_meeting_is_awaited() -> None:
    """R-97, T-14: with the meeting arranged or not."""
    noted = acknowledged(issue(S.ESCALATED, Grade.MAJOR), by=LEADER, now=NOW)
    assert (noted.state, noted.acknowledged_by) == (S.ESCALATED, LEADER)
    arranged = meeting_arranged(noted, Code("HY-2026-0046"), by_leader=None, now=NOW)
    assert (arranged.state, arranged.meeting) == (S.SPECIAL_MEETING, "HY-2026-0046")
    with pytest.raises(RuleViolation, match="stale_card"):
        acknowledged(noted, by=LEADER, now=NOW)


def test_the_leader_who_arranges_the_meeting_has_taken_note_and_the_secretary_has_not() -> None:
    before = issue(S.ESCALATED, Grade.MAJOR)
    by_leader = meeting_arranged(before, Code("HY-2026-0046"), by_leader=LEADER, now=NOW)
    by_secretary = meeting_arranged(before, Code("HY-2026-0046"), by_leader=None, now=NOW)
    assert (by_leader.state, by_leader.acknowledged_at) == (S.SPECIAL_MEETING, NOW)
    assert (by_secretary.state, by_secretary.acknowledged_at) == (S.ESCALATED, None)
    assert acknowledged(by_secretary, by=LEADER, now=NOW).state is S.SPECIAL_MEETING


def test_a_meeting_that_is_called_off_is_owed_still() -> None:
    before = issue(S.COORDINATING, Grade.IMPORTANT, meeting="HY-2026-0045", step_due_at=LATER)
    after = meeting_called_off(before)
    assert (after.state, after.meeting, after.step_due_at) == (S.COORDINATING, None, LATER)


# ---------------------------------------------------------------- results and the end


@pytest.mark.parametrize(
    ("named", "missing"),
    [
        ((), (RD, PROD, QA)),
        ((RD,), (PROD, QA)),
        ((PROD,), (RD,)),
        ((RD, QA), ()),
    ],
)
def test_a_result_by_consultation_names_both_sides(
    named: tuple[DepartmentId, ...], missing: tuple[DepartmentId, ...]
) -> None:
    """R-95, P-28."""
    assert sides_missing(issue(S.NEGOTIATING, Grade.GENERAL), named) == missing


@pytest.mark.parametrize(("at", "in_time"), [(LATER, True), (LATER + timedelta(seconds=1), False)])
def test_a_general_issue_is_judged_when_its_result_is_given(at: datetime, in_time: bool) -> None:
    """T-12, A-05."""
    assert result_given(issue(S.NEGOTIATING, Grade.GENERAL), RESULT, by=OWNER, now=at).in_time is in_time


def test_a_result_of_nine_characters_says_nothing() -> None:
    with pytest.raises(RuleViolation, match="issue_result_short"):
        result_given(issue(S.NEGOTIATING, Grade.GENERAL), "已 经 解 决 一二三四五", by=OWNER, now=NOW)


def test_whose_result_it_is_follows_the_solution() -> None:
    assert owners(issue(S.NEGOTIATING, Grade.GENERAL)) == (RD, PROD, QA)
    assert owners(issue(S.EXECUTING, Grade.IMPORTANT, solution=(line(), line()))) == (QA,)


@pytest.mark.parametrize(
    ("grade", "state"),
    [(Grade.GENERAL, S.NEGOTIATING), (Grade.IMPORTANT, S.EXECUTING), (Grade.MAJOR, S.EXECUTING)],
)
def test_not_solved_brings_it_back_to_where_it_was_handled(grade: Grade, state: IssueState) -> None:
    done = issue(S.RESOLVED, grade, resolved_at=NOW, in_time=True)
    after = not_solved(done, reason="尺寸仍然超差", due_at=LATER, now=NOW)
    assert (after.state, after.reopened, after.resolved_at, after.due_at) == (state, 1, None, LATER)
    assert at_work(done) is state


def test_confirmed_twice_is_once() -> None:
    done = confirmed(issue(S.RESOLVED, Grade.GENERAL), by=FINDER, now=NOW)
    with pytest.raises(RuleViolation, match="stale_card"):
        confirmed(done, by=FINDER, now=NOW)


@pytest.mark.parametrize(
    ("confirm_by", "reason", "code"),
    [
        (None, "反馈人已离职", "issue_not_confirmed"),
        (LATER, "反馈人已离职", "issue_not_confirmed"),
        (NOW - timedelta(seconds=1), "", "reason_required"),
    ],
)
def test_without_the_finders_word_it_is_closed_late_and_with_a_reason(
    confirm_by: datetime | None, reason: str, code: str
) -> None:
    """R-101, T-12c."""
    done = issue(S.RESOLVED, Grade.GENERAL, resolved_at=NOW)
    with pytest.raises(RuleViolation, match=code):
        closed(done, by=SECRETARY, now=NOW, confirm_by=confirm_by, reason=reason)


def test_the_finder_reopens_within_the_limit_and_it_counts_as_not_in_time() -> None:
    """K4: never reopened."""
    end = issue(S.CLOSED, Grade.GENERAL, in_time=True)
    after = reopened(end, reason="问题再次出现", due_at=LATER, until=LATER, now=LATER)
    assert (after.state, after.reopened, after.in_time, after.counts_in_time) == (S.NEGOTIATING, 1, False, False)
    assert result_given(after, RESULT, by=OWNER, now=NOW).in_time is False
    with pytest.raises(RuleViolation, match="issue_reopen_late"):
        reopened(end, reason="问题再次出现", due_at=LATER, until=LATER, now=LATER + timedelta(seconds=1))


# ---------------------------------------------------------------- forms


def test_the_issue_form_has_the_fields_of_the_charter_in_their_order() -> None:
    """F2, R-92, R-100: twenty-nine fields; 22 is two and 29 is two."""
    assert len(F2.fields) == 29
    assert [f.zh for f in F2.fields][:4] == ["反馈单编号", "反馈日期", "反馈部门", "反馈人"]
    assert F2.spec("title").longest == 50
    assert F2.spec("description").shortest == 10
    assert GRADING.spec("grade").options == ("一般问题", "重要问题", "重大问题")
    assert [c.zh for c in SOLUTION.spec("solution").columns] == ["措施", "责任部门", "责任人", "完成时限"]


def test_ec_100_no_act_takes_an_issue_out_of_the_ledger() -> None:
    """R-100: what is not handled is merged or not accepted, with its reason."""
    assert {s for leads in MACHINE.table.values() for s in leads} <= set(IssueState)
    assert not_accepted(issue(), reason="不属于协作问题").reason
    assert merged(issue(), issue(code="WT-2026-0001"), reason="同一问题").merged_into == "WT-2026-0001"
