"""Minutes and sync records (domain.md 3.10, 4.4, 4.11): complete rows, versions that never change, objections, the work in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.domain import minutes as rules
from bot.domain.form import NONE, Content, Required
from bot.domain.ids import Code, PersonId
from bot.domain.meeting import MeetingKind
from bot.domain.minutes import MACHINE, Minutes, MinutesAct, MinutesState
from bot.domain.minutes_form import MINUTES_FORM, action_rows, incomplete, new_work, past, problem_rows
from bot.domain.progress_statement_form import STATEMENT_FORM
from bot.domain.sync_form import SYNC_FORM, says_something
from bot.errors import RuleViolation

NOW = datetime(2026, 9, 20, 8, 30, tzinfo=UTC)
DUE = datetime(2026, 9, 20, 10, 0, tzinfo=UTC)
LIMIT = "2026-09-24T18:00:00+08:00"
SECRETARY, HEAD = PersonId("E018"), PersonId("E003")
WHOLE: Content = {
    "problems": (("展会尾款进度不明", "对账后付款", "FIN", "E022", LIMIT, ""),),
    "actions": (("提交展会总结", "SALES", "E009", LIMIT),),
}


def minutes(state: MinutesState = MinutesState.DRAFTING, content: Content = WHOLE, **changes: object) -> Minutes:
    base = Minutes(
        code=Code("JY-2026-0029"),
        meeting=Code("HY-2026-0042"),
        kind=MeetingKind.WEEKLY,
        state=MinutesState.DRAFTING,
        content=content,
        due_at=DUE,
    )
    if state is MinutesState.PUBLISHED:
        base = rules.publish(base, by=SECRETARY, due_at=DUE, now=NOW)
    return replace(base, **changes)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the table

DO: dict[MinutesAct, Callable[[Minutes], Minutes]] = {
    MinutesAct.SAVE: lambda m: rules.save(m, {}),
    MinutesAct.PUBLISH: lambda m: rules.publish(m, by=SECRETARY, due_at=DUE, now=NOW),
    MinutesAct.CORRECT: lambda m: rules.correct(m, WHOLE, note="时限写错", by=SECRETARY, now=NOW),
    MinutesAct.OBJECT: lambda m: rules.raise_objection(m, by=HEAD, reason="不是结论", until=NOW, now=NOW),
    MinutesAct.ANSWER: lambda m: rules.answer_objections(m, answer="维持原文", now=NOW),
}


@pytest.mark.parametrize(("state", "act"), list(product(MinutesState, MinutesAct)))
def test_what_the_table_does_not_have_is_refused_and_changes_nothing(state: MinutesState, act: MinutesAct) -> None:
    """Every pair of state and act; 3.10. A published record is not edited but corrected (SoD-10)."""
    before = minutes(state)
    if act is MinutesAct.ANSWER and state is MinutesState.PUBLISHED:
        before = DO[MinutesAct.OBJECT](before)
    if MACHINE.allows(state, act):
        assert DO[act](before).state in MACHINE.table[state, act]
        return
    with pytest.raises(RuleViolation) as refused:
        DO[act](before)
    assert refused.value.code == ("minutes_published" if act is MinutesAct.SAVE else "stale_card")


# ---------------------------------------------------------------- rows (R-63, EC-59)


@pytest.mark.parametrize(
    ("row", "lacking"),
    [
        (("问题", "方案", "FIN", "E022", LIMIT, ""), ()),
        (("问题", "", "FIN", "E022", LIMIT), ("solution",)),
        (("问题", "方案", "FIN", "", LIMIT), ("owner",)),
        (("问题", "方案", "FIN", "E022", ""), ("due",)),
        (("问题", "方案", "FIN"), ("owner", "due")),
        (("问题", NONE, "", "", ""), ("solution", "owner", "due")),
    ],
)
def test_ec_59_a_problem_needs_solution_person_and_date(row: tuple[str, ...], lacking: tuple[str, ...]) -> None:
    """R-63: publish refused while a problem row lacks solution or owner."""
    content = {"problems": (row,)}
    assert problem_rows(content)[0].lacking == lacking
    draft = minutes(content=content)
    if not lacking:
        assert rules.publish(draft, by=SECRETARY, due_at=DUE, now=NOW).state is MinutesState.PUBLISHED
        return
    with pytest.raises(RuleViolation) as refused:
        rules.publish(draft, by=SECRETARY, due_at=DUE, now=NOW)
    assert (refused.value.code, refused.value.facts["rows"]) == ("minutes_rows_incomplete", "1")


def test_an_action_needs_person_and_date_and_none_of_them_is_fine() -> None:
    problems, actions = incomplete({"problems": NONE, "actions": (("甲", "", "", LIMIT),)})
    assert (problems, actions[0].lacking) == ((), ("owner",))
    assert incomplete({"problems": NONE, "actions": NONE}) == ((), ())


def test_a_date_that_has_passed_is_found_unless_the_row_has_an_object_of_its_own() -> None:
    """F4-14: date not before the publication."""
    content: Content = {
        "problems": (
            ("甲", "方案", "", "E022", "2026-09-19T18:00:00+08:00", ""),
            ("乙", "方案", "", "E022", "2026-09-19T18:00:00+08:00", "WT-2026-0014"),
        ),
        "actions": (("丙", "", "E022", LIMIT),),
    }
    assert [row.text for row in past(content, now=NOW)] == ["甲"]


def test_rows_become_work_once_each() -> None:
    """A correction makes work of new rows only (3.10: changed actions re-notified)."""
    rows = (*problem_rows(WHOLE), *action_rows(WHOLE))
    assert [row.work for row in new_work((*rows, *rows))] == ["对账后付款", "提交展会总结"]
    more = {**WHOLE, "actions": (("提交展会总结", "SALES", "E009", LIMIT), ("补交照片", "SALES", "E009", LIMIT))}
    found = new_work((*problem_rows(more), *action_rows(more)), known=rows)
    assert [row.work for row in found] == ["补交照片"]


# ---------------------------------------------------------------- publishing (R-62, EC-58)


@pytest.mark.parametrize(("seconds", "is_late"), [(-1, False), (0, False), (1, True)])
def test_ec_58_late_is_judged_by_the_exact_limit_and_stays(seconds: int, is_late: bool) -> None:
    """R-62, T-16: overdue from the exact due instant; the late flag is permanent."""
    at = DUE + timedelta(seconds=seconds)
    published = rules.publish(minutes(), by=SECRETARY, due_at=DUE, now=at)
    corrected = rules.correct(published, WHOLE, note="时限写错", by=SECRETARY, now=at + timedelta(days=9))
    assert (published.is_late, corrected.is_late) == (is_late, is_late)


def test_the_limit_that_followed_the_calendar_counts() -> None:
    later = DUE + timedelta(days=1)
    published = rules.publish(minutes(), by=SECRETARY, due_at=later, now=DUE + timedelta(hours=1))
    assert (published.is_late, published.due_at) == (False, later)


def test_sod_10_a_correction_is_a_further_version_beside_the_old_one() -> None:
    """SoD-10: a published version is immutable; version 2 has a visible change note."""
    first = minutes(MinutesState.PUBLISHED)
    second = rules.correct(first, {**WHOLE, "decisions": (("按期付款",),)}, note="补记决定", by=SECRETARY, now=NOW)
    assert [(e.number, e.note) for e in second.editions] == [(1, ""), (2, "补记决定")]
    assert second.editions[0] == first.editions[0]
    assert second.edition is not None
    assert second.edition.content["decisions"] == (("按期付款",),)


def test_a_correction_must_be_as_complete_as_the_first_version() -> None:
    with pytest.raises(RuleViolation, match="minutes_rows_incomplete"):
        rules.correct(
            minutes(MinutesState.PUBLISHED), {"problems": (("甲", ""),)}, note="改一改吧", by=SECRETARY, now=NOW
        )


# ---------------------------------------------------------------- objections (L-23)


def test_a_participant_objects_in_time_and_once_until_it_is_answered() -> None:
    """L-23, 3.10: within two working days; the secretary corrects or rejects with a reason."""
    published = minutes(MinutesState.PUBLISHED)
    objected = rules.raise_objection(published, by=HEAD, reason="不是结论", until=NOW, now=NOW)
    with pytest.raises(RuleViolation, match="objection_open"):
        rules.raise_objection(objected, by=HEAD, reason="还是不对", until=NOW, now=NOW)
    with pytest.raises(RuleViolation, match="objection_too_late"):
        rules.raise_objection(published, by=HEAD, reason="不是结论", until=NOW, now=NOW + timedelta(seconds=1))
    answered = rules.answer_objections(objected, answer="已核对录音", now=NOW)
    assert (answered.open_objections, answered.objections[0].is_corrected) == ((), False)
    with pytest.raises(RuleViolation, match="objection_none"):
        rules.answer_objections(answered, answer="已核对录音", now=NOW)


def test_a_correction_answers_what_was_objected() -> None:
    objected = rules.raise_objection(minutes(MinutesState.PUBLISHED), by=HEAD, reason="时限不对", until=NOW, now=NOW)
    corrected = rules.correct(objected, WHOLE, note="时限已改", by=SECRETARY, now=NOW)
    assert [(o.answer, o.is_corrected) for o in corrected.objections] == [("时限已改", True)]


# ---------------------------------------------------------------- the forms


def test_the_minutes_form_has_the_twenty_fields_of_4_4() -> None:
    assert [spec.key for spec in MINUTES_FORM.fields if spec.mark == "S*"] == [
        "start_at",
        "end_at",
        "host",
        "attendance",
        "dept_reports",
        "problems",
        "actions",
        "confidentiality",
        "published_at",
        "published_by",
    ]


def test_what_the_plan_demands_of_a_progress_report_is_required() -> None:
    """F10, R-67, R-68."""
    assert [spec.key for spec in STATEMENT_FORM.fields if spec.required is Required.ALWAYS] == [
        "overall",
        "difficulties",
        "next_steps",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [({}, False), ({"progress": ()}, False), ({"progress": (("X1", "在办"),)}, True), ({"demands": NONE}, True)],
)
def test_a_sync_record_says_something_about_progress_or_demands(content: Content, says: bool) -> None:
    """F11, R-52."""
    assert says_something(content) is says
    assert SYNC_FORM.spec("mode").required is Required.ALWAYS
