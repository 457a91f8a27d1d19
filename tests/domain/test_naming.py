"""The naming rule as a table: every example of domain.md 3.13, and what people type besides (R-50, A-17, L-31)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.naming import LONGEST, Flaw, Naming, check, normal, suggested

RULE = Naming(
    items=("新品X1试产", "X1试产"),
    involved=("研发部", "研发", "生产部", "生产", "质量部", "质量"),
    others=("财务部", "财务", "销售部", "销售"),
    today=date(2026, 9, 17),
    starts_on=date(2026, 8, 24),
    item="X1试产",
    department="研发部",
)
RIGHT = "X1试产_研发部_20260917"

EXAMPLES = {
    "X1试产_研发部_20260917.docx": None,
    "新品X1试产+研发部+2026-09-17.xlsx": None,
    "X1试产研发部20260917.pdf": None,
    "X1试产_研发部_20260917_v2.docx": None,
    "研发部_X1试产_20260917.docx": Flaw.ORDER,
    "X1试产_财务部_20260917.docx": Flaw.NOT_INVOLVED,
    "X1试产_研发部_20260230.docx": Flaw.NO_SUCH_DATE,
    "X1试产_研发部.docx": Flaw.DATE,
    "X1试产_研发部_20260917_终稿.docx": Flaw.EXTRA,
    "X1试产_研发部_２０２６０９１７.docx": None,
}
MORE = {
    # separators and forms of the date
    "X1试产-研发-2026.09.17": None,
    "X1试产＿研发部＿20260917.docx": None,
    "X1试产＋研发部－20260917.docx": None,
    "X1 试产 研发部 20260917.docx": None,
    "x1试产_研发部_20260917.DOCX": None,
    "X1试产_质量部_2026年9月7日.pptx": None,
    "X1试产_生产_20260917_V1.0.xlsx": None,
    "X1试产_研发部_20260917_v1.0": None,
    "X1试产_研发部_20260918.docx": None,
    # violations
    "X1试产_研发部_20260919.docx": Flaw.FUTURE,
    "X1试产_研发部_20261301.docx": Flaw.NO_SUCH_DATE,
    "X1试产_研发部_2026.13.01": Flaw.NO_SUCH_DATE,
    "X1试产_20260917.docx": Flaw.DEPARTMENT,
    "研发部_20260917.docx": Flaw.ITEM,
    "X1量产_研发部_20260917.docx": Flaw.ITEM,
    "X1试产_20260917_研发部.docx": Flaw.ORDER,
    "20260917_X1试产_研发部.docx": Flaw.ORDER,
    "X1试产_研发部_王工_20260917.docx": Flaw.EXTRA,
    "X1试产_研发部_20260917_v2_终稿.docx": Flaw.EXTRA,
    "最新X1试产_研发部_20260917.docx": Flaw.EXTRA,
    "X1试产__研发部_20260917.docx": Flaw.EXTRA,
    "X1试产_研发部_202609171.docx": Flaw.DATE,
    "": Flaw.ITEM,
}


@pytest.mark.parametrize(("name", "flaw"), [*EXAMPLES.items(), *MORE.items()])
def test_a_name_is_judged(name: str, flaw: Flaw | None) -> None:
    """R-50: item, department, date; A-17: with the accepted separators, or with none."""
    assert check(name, RULE).flaw is flaw


@pytest.mark.parametrize("name", [name for name, flaw in {**EXAMPLES, **MORE}.items() if flaw is not None])
def test_what_is_suggested_instead_follows_the_rule(name: str) -> None:
    """L-31: the item's short name, the department's full one, today's date."""
    verdict = check(name, RULE)
    assert verdict.suggestion.startswith(RIGHT)
    assert check(verdict.suggestion, RULE).is_compliant


def test_a_suggestion_keeps_extension_and_version() -> None:
    assert suggested("研发部_X1试产_v2.docx", RULE) == f"{RIGHT}_v2.docx"
    assert suggested("X1量产导入方案.docx", replace(RULE, item="X1量产导入")) == "X1量产导入_研发部_20260917.docx"
    assert suggested("方案", replace(RULE, separator="+")) == "X1试产+研发部+20260917"


def test_a_name_in_full_width_digits_is_right_and_shown_in_half_width() -> None:
    verdict = check("X1试产_研发部_２０２６０９１７.docx", RULE)
    assert verdict.is_compliant
    assert verdict.suggestion == f"{RIGHT}.docx"
    assert check(f"{RIGHT}.docx", RULE).suggestion == ""


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/X1试产_研发部_20260917.docx",
        "..\\X1试产_研发部_20260917.docx",
        "X1试产_研发部_20260917.docx\x00.exe",
        "X1试产_研发部_20260917\u202excod.exe",
        "X1试产\u200b_研发部_20260917.docx",
        "X1试产_研发部_20260917?.docx",
        "X1试产：研发部：20260917.docx",
        'X1"试产"_研发部_20260917.docx',
        "X1试产_研发部_20260917\n.docx",
    ],
)
def test_ec_63_paths_control_characters_and_reversed_text_are_violations(name: str) -> None:
    """EC-63: and nothing of them is left in what is suggested."""
    verdict = check(name, RULE)
    assert verdict.flaw is Flaw.CHARACTERS
    assert not any(c in verdict.suggestion for c in '\\/:*?"<>|\x00\u202e\u200b\n')


def test_a_name_may_have_a_hundred_and_twenty_characters() -> None:
    long = "长" * 102
    rule = replace(RULE, items=(long, f"{long}长", "X1试产"))
    longest = f"{long}_研发部_20260917.docx"
    assert len(longest) == LONGEST
    assert check(longest, rule).flaw is None
    assert check(f"长{longest}", rule).flaw is Flaw.LENGTH


def test_a_date_long_before_the_item_began_is_only_a_warning() -> None:
    assert check("X1试产_研发部_20260724.docx", RULE).is_early
    assert not check("X1试产_研发部_20260725.docx", RULE).is_early
    assert check("X1试产_研发部_20260724.docx", RULE).is_compliant


def test_a_department_inside_the_name_of_the_item_is_not_taken_for_one() -> None:
    rule = replace(RULE, items=("研发流程优化",), item="研发流程优化")
    assert check("研发流程优化_研发部_20260917.docx", rule).is_compliant
    assert check("研发流程优化_20260917.docx", rule).flaw is Flaw.DEPARTMENT


def test_ec_49_an_old_name_counts_as_long_as_it_is_given() -> None:
    """EC-49: whoever asks gives old names for 90 days; here they are names like others."""
    assert check("X1试产_技术部_20260917.docx", RULE).flaw is Flaw.DEPARTMENT
    assert check("X1试产_技术部_20260917.docx", replace(RULE, involved=(*RULE.involved, "技术部"))).is_compliant


@pytest.mark.slow
@given(st.text(max_size=150))
def test_whatever_is_typed_gets_a_verdict_and_a_sound_suggestion(name: str) -> None:
    verdict = check(name, RULE)
    assert verdict.is_compliant or check(verdict.suggestion, RULE).is_compliant
    assert normal(verdict.suggestion) == verdict.suggestion
