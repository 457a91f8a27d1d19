"""Parameters of a company file: one table of bounds, each refusal with its rule (5.9; R-40, R-103; EC-95, EC-96)."""

from __future__ import annotations

from math import inf

import pytest

from bot.company_parameters import SECTIONS
from bot.domain.company import BOUNDS, PARAMETER_KEYS, WORDS, Extra, Parameters, check_parameters, dotted
from tests.company.company_text import SMALL, Tree, changed, problems, read

#: what the plan states and how far; written from the register, not from the program
STATED: dict[str, tuple[float, float | None, str]] = {
    "sla.reply_minutes": (1, 30, "R-40"),
    "issue.general_wd": (1, 1, "R-95"),
    "issue.important_wd": (1, 3, "R-96"),
    "timers.minutes_wd": (1, 1, "R-62"),
    "weekly.meeting_minutes": (1, 90, "R-59"),
    "weekly.sync_minutes": (1, 60, "R-54"),
    "liaison.notice_days": (7, None, "R-109"),
    "plan.review_months": (1, 12, "R-106"),
    "training.months": (1, 12, "R-110"),
    "score.performance_weight": (0.2, 1.0, "R-103"),
}


#: the register of timers and limits as the document has it: number, key, default, bounds (. for none), the rule of a refusal
REGISTER = """
T-01   sla.reply_minutes         30   1   30  R-40
T-01a  sla.nudge_minutes         20   .   29  T-01a
T-01b  sla.escalate_minutes      60   31  .   T-01b
T-02   timers.review_wd          1    1   5   T-02
T-03   timers.assessment_wd      3    1   10  T-03
T-04   timers.leader_wd          2    1   5   T-04
T-05   timers.plan_wd            5    1   15  T-05
T-05b  timers.plan_again_wd      2    1   15  T-05b
T-06   timers.countersign_wd     2    1   5   T-06
T-08   timers.ledger_wd          1    1   3   T-08
T-09   timers.acceptance_wd      3    1   15  T-09
T-09b  timers.rectification_wd   5    1   15  T-09b
T-10   timers.archive_wd         3    1   15  T-10
T-11   issue.grade_hours         4    1   8   T-11
T-12   issue.general_wd          1    .   1   R-95
T-12c  issue.confirm_wd          2    1   5   T-12c
T-13   issue.important_wd        3    .   3   R-96
T-13b  issue.coord_wd            1    1   3   T-13b
T-14   issue.major_ack_minutes   30   .   .   T-14
T-14b  issue.special_wd          1    1   3   T-14b
T-15   conflict.mediation_wd     3    .   .   T-15
T-15b  conflict.ruling_wd        2    .   .   T-15b
T-16   timers.minutes_wd         1    .   1   R-62
T-17   timers.record_wd          1    1   3   T-17
T-18   weekly.meeting_minutes    90   .   90  R-59
T-18   weekly.sync_minutes       60   .   60  R-54
T-19   meeting.report_wd         1    0   .   R-67
T-20a  timers.resolution_wd      1    .   .   T-20a
T-20b  timers.signature_wd       2    .   .   T-20b
T-21   liaison.notice_days       7    7   .   R-109
T-22   timers.confirm_task_wd    1    .   .   T-22
T-23   naming.fix_wd             1    .   .   T-23
T-25   training.months           6    1   12  R-110
T-26   docs.stale_days           7    .   .   R-51
T-27   awards.hearing_wd         2    .   .   T-27
T-27   awards.confirm_wd         3    .   .   T-27
T-27   awards.appeal_wd          3    .   .   T-27
T-28   score.performance_weight  0.2  0.2 1.0 R-103
"""
LIMITS = [tuple(line.split()) for line in REGISTER.split("\n") if line.strip()]


def given(key: str, value: object) -> Tree:
    section, name = key.split(".", 1)
    return changed(SMALL, ("groups" if section == "group" else section, name), value)


def stored(key: str) -> str:
    return key.replace(".", "_", 1)


@pytest.mark.parametrize("key", sorted(STATED))
def test_a_stated_limit_may_be_stricter_never_looser(key: str) -> None:
    low, high, rule = STATED[key]
    step = 0.01 if key == "score.performance_weight" else 1
    for allowed in (low, *([high] if high is not None else [])):
        assert [p for p in problems(given(key, allowed)) if p.key == key] == []
    for wrong in (low - step, *([high + step] if high is not None else [])):
        mine = [p for p in problems(given(key, wrong)) if p.key == key]
        assert mine, (key, wrong)
        assert any(rule in f"{p.expected} {p.fix}" for p in mine)


@pytest.mark.parametrize(("timer", "key", "default", "low", "high", "rule"), LIMITS)
def test_a_row_of_the_register_has_its_default_and_its_bounds(
    timer: str, key: str, default: str, low: str, high: str, rule: str
) -> None:
    """R-40, R-51, R-54, R-59, R-62, R-67, R-95, R-96, R-103, R-109, R-110: what they state is bounded, the rest possible."""
    assert getattr(read(SMALL).company.parameters, stored(key)) == float(default), timer
    is_share = "." in default
    step = 0.01 if is_share else 1
    for bound, beyond in ((low, -step), (high, step)):
        if bound == ".":
            continue
        wrong = float(bound) + beyond
        mine = [p for p in problems(given(key, wrong if is_share else int(wrong))) if p.key == key]
        assert len(mine) == 1, (timer, bound)
        assert rule in mine[0].fix
        allowed = float(bound) if is_share else int(bound)
        assert [p for p in problems(given(key, allowed)) if p.key == key] == []


def test_t_07_t_18a_t_24_r_106_hours_warnings_and_the_review_of_the_plan_have_their_defaults() -> None:
    company = read(SMALL).company
    parameters = company.parameters
    assert (parameters.weekly_report_at, parameters.meeting_warn_minutes) == ("12:00", (80, 50))
    assert company.plan.review_months == 6
    for months in (0, 13):
        wrong = changed(SMALL, ("plan", "review_months"), months)
        assert any("R-106" in p.fix for p in problems(wrong))


def test_ec_95_a_weight_below_twenty_percent_names_r_103() -> None:
    """T-28."""
    (problem,) = problems(given("score.performance_weight", 0.15))
    assert (problem.key, problem.value) == ("score.performance_weight", "0.15")
    assert "R-103" in problem.fix


def test_ec_96_forty_five_minutes_are_refused_with_r_40_and_twenty_accepted() -> None:
    (problem,) = problems(given("sla.reply_minutes", 45))
    assert (problem.key, problem.value, problem.expected) == ("sla.reply_minutes", "45", "1..30 (R-40)")
    assert "R-40" in problem.fix
    parameters = read(given("sla.reply_minutes", 20)).company.parameters
    assert (parameters.sla_reply_minutes, parameters.sla_nudge_minutes) == (20, 13)
    parameters.sla.check()


ELSEWHERE = frozenset({"plan_review_months"})


@pytest.mark.parametrize("name", sorted(set(BOUNDS) - ELSEWHERE))
def test_every_bound_is_kept_on_both_sides_and_named(name: str) -> None:
    bound, key = BOUNDS[name], dotted(name)
    is_share = isinstance(getattr(Parameters(), name), float)
    step = 0.01 if is_share else 1
    outside = [bound.low - step, *([bound.high + step] if bound.high != inf else [])]
    for value in outside:
        mine = [p for p in problems(given(key, value if is_share else int(value))) if p.key == key]
        assert len(mine) == 1, (key, value)
        assert mine[0].expected == bound.text
        assert bound.rule in mine[0].fix


@pytest.mark.parametrize("name", sorted(PARAMETER_KEYS - ELSEWHERE))
def test_every_parameter_can_be_given_and_refuses_another_type(name: str) -> None:
    default = getattr(Parameters(), name)
    key = dotted(name)
    value = list(default) if isinstance(default, tuple) else default
    assert getattr(read(given(key, value)).company.parameters, name) == default
    wrong: object = "many" if isinstance(default, int | float) else 5
    mine = [p for p in problems(given(key, wrong)) if p.key.endswith(key.split(".", 1)[1])]
    assert mine, key
    assert mine[0].value == str(wrong)
    assert mine[0].expected
    assert mine[0].fix


@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_parameter_of_words_takes_these_and_no_other(name: str) -> None:
    for word in WORDS[name]:
        assert getattr(read(given(dotted(name), word)).company.parameters, name) == word
    (problem,) = problems(given(dotted(name), "whatever"))
    assert problem.expected == " | ".join(WORDS[name])


@pytest.mark.parametrize("text", ["8:30", "24:30", "25:00", "08:60", "noon", ""])
def test_a_time_of_day_has_two_digits_and_exists(text: str) -> None:
    assert [p.key for p in problems(given("weekly.meeting_at", text))] == ["weekly.meeting_at"]


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("sla.nudge_minutes", 30, "sla.nudge_minutes"),
        ("sla.escalate_minutes", 30, "sla.escalate_minutes"),
        ("meeting.warn_minutes", [90, 50], "meeting.warn_minutes"),
        ("meeting.warn_minutes", [80, 60], "meeting.warn_minutes"),
        ("meeting.warn_minutes", [80], "meeting.warn_minutes"),
        ("meeting.warn_minutes", [True, 50], "meeting.warn_minutes"),
        ("reports.digest_at", "08:00", "reports.digest_at"),
        ("group.allowed_extra", ["friends"], "groups.allowed_extra"),
    ],
)
def test_parameters_must_fit_each_other(key: str, value: object, wrong: str) -> None:
    assert [p.key for p in problems(given(key, value))] == [wrong]


def test_extras_can_be_chosen() -> None:
    parameters = read(given("group.allowed_extra", ["backup", "member"])).company.parameters
    assert parameters.group_allowed_extra == (Extra.BACKUP.value, Extra.MEMBER.value)


def test_there_is_one_table_of_bounds_and_the_defaults_lie_within_it() -> None:
    assert set(BOUNDS) | set(WORDS) <= PARAMETER_KEYS
    assert not set(BOUNDS) & set(WORDS)
    assert check_parameters(Parameters()) == ()
    assert set(SECTIONS) == {key.split("_", 1)[0] for key in PARAMETER_KEYS} - {"plan"}


def test_the_sla_policy_of_every_allowed_limit_is_sound() -> None:
    for minutes in range(1, 31):
        read(given("sla.reply_minutes", minutes)).company.parameters.sla.check()


def test_t_01a_the_reminder_can_be_switched_off_and_one_minute_leaves_no_room_for_one() -> None:
    assert read(given("sla.nudge_minutes", 0)).company.parameters.sla.nudge_minutes == 0
    assert read(given("sla.reply_minutes", 1)).company.parameters.sla.nudge_minutes == 0
