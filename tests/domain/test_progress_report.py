"""Rules of weekly reports (domain.md 3.5, L-26): the whole table, in time, late with and without credit, corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.calendars import build_calendars
from bot.company import read_company, sample_text
from bot.domain import progress_report as rules
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.progress_report import MACHINE, ProgressReport, ReportAct, ReportState
from bot.domain.report_form import FORM, percent_needs_reason
from bot.errors import RuleViolation

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDARS = build_calendars(read_company(sample_text()).calendar)
BY = PersonId("E025")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


DUE, CLOSING, NEXT = at("09-18T12:00"), at("09-18T18:00"), at("09-24T12:00")


def a_report(state: ReportState = ReportState.OPEN) -> ProgressReport:
    made = ProgressReport(
        code=rules.report_code("2026-W38", "SX-2026-0009"),
        item=Code("SX-2026-0009"),
        week="2026-W38",
        lead=DepartmentId("HR"),
        state=state,
        due_at=DUE,
        opened_at=at("09-15T17:05"),
    )
    if state in {ReportState.SUBMITTED, ReportState.LATE}:
        return replace(made, submitted_by=BY, submitted_at=at("09-18T11:00"), revision=1, credit=1.0)
    return made


def submit(report: ProgressReport, when: datetime = DUE) -> ProgressReport:
    return rules.submitted(report, content={"done": "x"}, by=BY, at=when, closing=CLOSING, accepted_until=NEXT)


ACTS: dict[ReportAct, Callable[[ProgressReport], ProgressReport]] = {
    ReportAct.SUBMIT: submit,
    ReportAct.MISS: rules.passed,
    ReportAct.WAIVE: lambda r: rules.waived(r, reason="全员培训"),
    ReportAct.CORRECT: lambda r: rules.corrected(r, content={"done": "y"}),
    ReportAct.CONFIRM: lambda r: rules.confirmed(r, by=PersonId("E018"), now=CLOSING),
    ReportAct.LEAVE: rules.left,
    ReportAct.RETURN: lambda r: rules.returned(r, due_at=DUE),
    ReportAct.MOVE: lambda r: rules.moved(r, due_at=NEXT),
}
LINES = {
    ReportAct.SUBMIT: "open missing",
    ReportAct.MISS: "open",
    ReportAct.WAIVE: "open missing",
    ReportAct.CORRECT: "submitted late",
    ReportAct.CONFIRM: "submitted late",
    ReportAct.LEAVE: "open",
    ReportAct.RETURN: "void",
    ReportAct.MOVE: "open",
}


@pytest.mark.parametrize("state", ReportState)
@pytest.mark.parametrize("act", ReportAct)
def test_every_act_is_possible_exactly_where_the_table_has_a_line(state: ReportState, act: ReportAct) -> None:
    """R-81: the product of states and acts against 3.5."""
    if state.value not in LINES[act].split():
        with pytest.raises(RuleViolation) as caught:
            ACTS[act](a_report(state))
        assert (caught.value.code, caught.value.facts["state"]) == ("stale_card", f"report_state_{state.value}")
        return
    assert ACTS[act](a_report(state)).state in MACHINE.table[state, act]


@pytest.mark.parametrize(
    ("state", "when", "after", "credit"),
    [
        (ReportState.OPEN, DUE, ReportState.SUBMITTED, 1.0),
        (ReportState.OPEN, DUE + timedelta(milliseconds=500), ReportState.SUBMITTED, 1.0),
        (ReportState.OPEN, DUE + timedelta(seconds=1), ReportState.LATE, 0.5),
        (ReportState.MISSING, at("09-18T13:50"), ReportState.LATE, 0.5),
        (ReportState.MISSING, CLOSING, ReportState.LATE, 0.5),
        (ReportState.MISSING, CLOSING + timedelta(seconds=1), ReportState.LATE, 0.0),
        (ReportState.MISSING, at("09-20T10:00"), ReportState.LATE, 0.0),
        (ReportState.MISSING, NEXT - timedelta(seconds=1), ReportState.LATE, 0.0),
    ],
)
def test_l_26_late_carries_half_a_credit_on_the_same_working_day_and_none_later(
    state: ReportState, when: datetime, after: ReportState, credit: float
) -> None:
    """L-26, 3.5."""
    report = submit(a_report(state), when)
    assert (report.state, report.credit, report.submitted_at, report.revision) == (after, credit, when, 1)


def test_when_the_next_one_is_due_the_old_one_is_closed() -> None:
    with pytest.raises(RuleViolation, match="report_closed"):
        submit(a_report(ReportState.MISSING), NEXT)


def test_corrected_until_the_secretary_has_confirmed() -> None:
    report = rules.corrected(a_report(ReportState.LATE), content={"done": "y"})
    assert (report.state, report.revision, report.content) == (ReportState.LATE, 2, {"done": "y"})
    confirmed = rules.confirmed(report, by=PersonId("E018"), now=CLOSING)
    for act in (ReportAct.CORRECT, ReportAct.CONFIRM):
        with pytest.raises(RuleViolation, match="report_confirmed"):
            ACTS[act](confirmed)


@pytest.mark.parametrize(
    ("started", "is_owed"),
    [
        (None, True),
        ("08-31T09:00", True),
        ("09-15T17:05", True),
        # Wednesday: Thursday and Friday are two working days
        ("09-16T17:05", True),
        ("09-17T09:00", False),
        ("09-18T09:00", False),
    ],
)
def test_an_item_owes_a_report_two_working_days_after_its_beginning(started: str | None, is_owed: bool) -> None:
    """L-26."""
    assert rules.is_owed(CALENDARS, started_at=at(started) if started else None, due_at=DUE) is is_owed


def test_weeks_have_the_names_of_iso() -> None:
    """T-07."""
    assert rules.week_name(*rules.week_of(CALENDARS, at("09-20T23:59"))) == "2026-W38"
    assert rules.week_name(*rules.week_of(CALENDARS, at("09-21T00:00"))) == "2026-W39"
    assert rules.report_code("2026-W38", "SX-2026-0007") == "JB-2026-W38-SX-2026-0007"


@pytest.mark.parametrize(
    ("content", "computed", "needs"),
    [
        ({"percent": "40"}, 40, False),
        ({"percent": "60"}, 40, True),
        ({"percent": "60", "percent_reason": "关键任务已完成"}, 40, False),
        ({"percent": "60"}, None, False),
        ({}, 40, False),
    ],
)
def test_another_percentage_than_that_of_the_tasks_needs_a_reason(
    content: dict[str, str], computed: int | None, needs: bool
) -> None:
    """F7: pre-computed, may be overridden with reason (4.7)."""
    assert percent_needs_reason(content, computed) is needs


def test_the_form_asks_for_the_four_things_of_the_charter() -> None:
    """R-61, R-81: done, problems, next week, and how far it is."""
    required = [spec.key for spec in FORM.fields if spec.required.value == "always"]
    assert required == ["done", "percent", "problems", "next"]
    assert FORM.spec("problems").takes_none
