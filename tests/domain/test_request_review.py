"""Who reviews, under which guards, and when a request is special (A-01, A-02, SoD-1, L-25, P-05, P-06, EC-17, EC-18, EC-93)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.company import Parameters
from bot.domain.ids import Code, DepartmentId
from bot.domain.item import Level
from bot.domain.request import Request
from bot.domain.request_level import Sign, looks_special, measured, splits, stem
from bot.domain.request_review import LEAD_ONLY, lowered, merged, passed, raised, submitted
from bot.errors import RuleViolation
from tests.domain.request_cases import ASKER, CODE, HEAD, HEADS, NOW, PROD, QA, RD, TODAY, draft, in_review


def submit(request: Request, **given: object) -> Request:
    facts: dict[str, object] = {"by": ASKER, "heads": HEADS, "today": TODAY, "now": NOW, **given}
    return submitted(request, **facts)  # type: ignore[arg-type]


# ---------------------------------------------------------------- slots


@pytest.mark.parametrize(
    ("by", "mode", "states"),
    [
        (ASKER, "all_involved", {"RD": "open", "PROD": "open", "QA": "open"}),
        # the head of the lead department submits: that slot alone needs no review (SoD-1)
        (HEAD, "all_involved", {"RD": "self_submitted", "PROD": "open", "QA": "open"}),
        # the head of a cooperating department submits nothing away: the slot stays mandatory
        (HEADS[QA], "all_involved", {"RD": "open", "PROD": "open", "QA": "open"}),
        (ASKER, LEAD_ONLY, {"RD": "open"}),
        # nobody passes the own request: where the lead's head submits, the others review
        (HEAD, LEAD_ONLY, {"RD": "self_submitted", "PROD": "open", "QA": "open"}),
    ],
)
def test_who_reviews_follows_from_departments_submitter_and_mode(by: str, mode: str, states: dict[str, str]) -> None:
    """A-01, `request.review_mode`, SoD-1."""
    request = submit(draft(), by=by, mode=mode)
    assert {slot.department: slot.state.value for slot in request.slots} == states


def test_a_department_without_a_head_keeps_its_slot_open() -> None:
    """2.6: the slot stays open; nobody passes by default."""
    request = submit(draft(), heads={RD: HEAD, PROD: None, QA: None})
    assert [slot.state.value for slot in request.slots] == ["open"] * 3


def test_who_stood_in_is_kept_with_the_slot() -> None:
    request = passed(in_review(), PROD, by=HEADS[QA], behalf=HEADS[PROD], remark="同意", now=NOW)
    slot = request.slot("PROD")
    assert slot is not None
    assert (slot.by, slot.behalf, slot.reason) == (HEADS[QA], HEADS[PROD], "同意")


def test_ec_48_a_merged_department_s_place_is_taken_by_the_other_once() -> None:
    """Slots that were filled stay filled; a review that waited for the old department alone goes on."""
    request = passed(passed(in_review(), RD, by=HEAD, now=NOW), PROD, by=HEADS[PROD], now=NOW)
    after = merged(request, lambda d: PROD if d == QA else d, now=NOW)
    assert (after.lead, after.coop, after.content["coop_depts"]) == (RD, (PROD,), (("PROD",),))
    assert [(slot.department, slot.state.value) for slot in after.slots] == [("RD", "passed"), ("PROD", "passed")]
    assert after.state.value == "reviewed"
    into_lead = merged(in_review(), lambda d: RD if d == PROD else d, now=NOW)
    assert (into_lead.coop, [slot.department for slot in into_lead.slots]) == ((QA,), ["RD", "QA"])
    assert merged(request, lambda d: d, now=NOW) is request


# ---------------------------------------------------------------- guards


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"coop_depts": ()}, "request_no_coop"),
        ({"coop_depts": (("PROD",), ("RD",))}, "request_lead_is_coop"),
        ({"start_on": "2026-09-13"}, "request_start_too_early"),
        ({"start_on": "2026-10-17"}, "request_end_before_start"),
        ({"filled_on": "2026-09-01", "start_on": "2026-09-02", "end_on": "2026-09-13"}, "request_end_in_past"),
    ],
)
def test_what_keeps_a_request_from_being_submitted(changes: dict[str, object], refusal: str) -> None:
    """3.1, L-25, EC-17, EC-18."""
    with pytest.raises(RuleViolation) as refused:
        submit(draft(**changes))
    assert refused.value.code == refusal


@pytest.mark.parametrize(
    "changes",
    [
        {"start_on": "2026-09-14", "end_on": "2026-09-14"},
        # it was filled in earlier: the start may have passed, the end may not (L-25)
        {"filled_on": "2026-09-01", "start_on": "2026-09-02", "end_on": "2026-09-14"},
    ],
)
def test_dates_at_their_limits_are_right(changes: dict[str, object]) -> None:
    """L-25: `start_on ≥ filled_on`, `end_on ≥ today`."""
    assert submit(draft(**changes)).round == 1


# ---------------------------------------------------------------- levels


def test_raising_keeps_the_slots_and_lowering_is_over_once_somebody_has_reviewed() -> None:
    """P-05, P-06."""
    routine = passed(in_review(level="日常协作"), RD, by=HEAD, now=NOW)
    special = raised(routine)
    assert (special.level, special.slots, special.content["level"]) == (Level.SPECIAL, routine.slots, "专项协作")
    with pytest.raises(RuleViolation, match="request_is_special"):
        raised(special)
    with pytest.raises(RuleViolation, match="request_reviewed_already"):
        lowered(special)
    assert lowered(in_review()).level is Level.ROUTINE
    with pytest.raises(RuleViolation, match="request_is_routine"):
        lowered(draft(level="日常协作"))


@pytest.mark.parametrize(
    ("changes", "signs"),
    [
        ({}, []),
        ({"coop_depts": (("PROD",), ("QA",), ("FIN",))}, [Sign.COOP]),
        ({"start_on": "2026-09-14", "end_on": "2026-10-13"}, []),
        ({"start_on": "2026-09-14", "end_on": "2026-10-14"}, [Sign.DAYS]),
        ({"budget": "500000"}, []),
        ({"budget": "500000.01"}, [Sign.BUDGET]),
        ({"serves": "重点项目"}, [Sign.KEY_PROJECT]),
    ],
)
def test_the_special_level_is_suggested_at_these_thresholds(changes: dict[str, object], signs: list[Sign]) -> None:
    """A-02: three departments or more, over 30 days, over the set sum, a key project."""
    parameters = Parameters(request_special_budget=500_000)
    request = draft(**{"level": "日常协作", **changes})
    assert [one.sign for one in measured(request, parameters) if one.is_special] == signs
    assert looks_special(request, parameters) is bool(signs)


def test_without_a_set_sum_the_budget_is_no_sign() -> None:
    assert Sign.BUDGET not in {one.sign for one in measured(draft(budget="9999999"), Parameters())}


# ---------------------------------------------------------------- splitting


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("展会搭建", True),
        ("展会搭建（二期）", True),
        ("展会搭建 第3批", True),
        ("展会 搭建2", True),
        ("展会撤场", False),
        ("展会搭建费用核对", False),
    ],
)
def test_titles_that_differ_only_in_their_number_have_one_stem(title: str, same: bool) -> None:
    assert (stem(title) == stem("展会搭建（一期）")) is same


def test_what_is_left_of_a_title_is_never_next_to_nothing() -> None:
    assert stem("2026") == "2026"
    assert stem("第一批") == "第一批"


def test_requests_of_one_lead_and_stem_within_ten_days_look_split() -> None:
    """EC-93."""
    first = in_review(title="展会搭建（一期）")
    second = replace(in_review(title="展会搭建（二期）"), code=Code("XQ-2026-0016"))
    assert splits(second, [first, second]) == (first,)
    assert splits(replace(second, lead=DepartmentId("HR")), [first]) == ()
    late = replace(second, first_submitted_at=NOW + timedelta(days=11))
    assert splits(late, [first]) == ()
    assert splits(draft(), [first]) == ()


def test_the_cases_speak_of_the_day_they_are_played_on() -> None:
    assert date.fromisoformat("2026-09-14") == TODAY
    assert CODE == "XQ-2026-0015"
