"""Forms F1 and F5 field by field (domain.md 4.1, 4.5; R-03, R-05, R-06, R-73, R-76, R-77, R-121), and what fields must agree on."""

from __future__ import annotations

import pytest

from bot.domain.assessment_form import F5, gaps, is_supplement, verdict
from bot.domain.form import Content, FieldType, Required
from bot.domain.form_reading import missing
from bot.domain.request_form import F1, copied_content, disagreements, duty_rows, is_vague
from tests.domain.request_cases import TODAY, content

#: 4.1: key, label, required
TABLE_F1 = (
    ("request_no", "需求单编号", "always"),
    ("filled_on", "填写日期", "always"),
    ("lead_dept", "牵头部门", "always"),
    ("liaison", "对接人", "always"),
    ("phone", "联系电话", "always"),
    ("title", "协作事项名称", "always"),
    ("goal", "协作目标", "always"),
    ("background", "协作背景与必要性", "always"),
    ("coop_depts", "所需配合部门", "always"),
    ("duties", "各部门职责分工", "always"),
    ("resources", "所需资源", "always"),
    ("milestones", "时间节点", "always"),
    ("start_on", "计划开始日期", "always"),
    ("end_on", "计划完成日期", "always"),
    ("level", "协作级别", "always"),
    ("scenario", "协作场景", "always"),
    ("serves", "服务目标", "always"),
    ("urgency", "紧急程度", "always"),
    ("expected_result", "预期成果与验收标准(初步)", "special"),
    ("risks", "潜在风险", "never"),
    ("budget", "预算估计", "never"),
    ("confidentiality", "密级", "always"),
    ("files", "附件", "never"),
    ("remark", "备注", "never"),
    ("dept_reviews", "副组长审核意见", "never"),
    ("assessment", "评估意见", "never"),
    ("leader_decision", "组长审批意见", "never"),
    ("plan_version", "方案版本", "always"),
)


def test_form_one_has_the_fields_of_the_attachment_in_their_order() -> None:
    """R-121, R-73, R-03 (serves), R-05 (scenario), R-06 (the goal served)."""
    assert tuple((spec.key, spec.zh, spec.required.value) for spec in F1.fields) == TABLE_F1


def test_labels_of_one_form_are_never_two_fields() -> None:
    for form in (F1, F5):
        words = [word for spec in form.fields for word in (spec.zh, spec.en, *spec.aliases)]
        assert len(words) == len(set(words)), form.id


def test_what_the_attachment_demands_is_missing_from_an_empty_form() -> None:
    """R-73: item, goal, resources, time nodes, duties."""
    found = {spec.key for spec in missing(F1, {})}
    assert {"title", "goal", "resources", "milestones", "duties"} <= found
    assert "expected_result" not in found
    assert "expected_result" in {spec.key for spec in missing(F1, {}, is_special=True)}


@pytest.mark.parametrize("blank", ["", "   ", "\u200b\u200b", "🙂🙂"])
def test_ec_16_blanks_and_emoji_are_an_empty_goal(blank: str) -> None:
    assert "goal" in {spec.key for spec in missing(F1, content(goal=blank))}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"filled_on": "2026-09-15"}, "request_filled_later"),
        ({"liaison": "E016"}, "request_not_liaison"),
        ({"duties": (("RD", "定版", ""), ("PROD", "产线", ""))}, "request_duty_missing"),
        (
            {"duties": (("RD", "a", ""), ("PROD", "b", ""), ("QA", "c", ""), ("FIN", "d", ""))},
            "request_duty_outside",
        ),
        ({"milestones": (("b", "2026-10-16", ""), ("a", "2026-09-25", ""))}, "request_milestones_order"),
        ({"milestones": (("a", "2026-09-20", ""),)}, "request_milestones_outside"),
        ({"milestones": (("a", "2026-10-17", ""),)}, "request_milestones_outside"),
    ],
)
def test_fields_agree_with_each_other(changes: dict[str, object], code: str | None) -> None:
    """F1-2, F1-4, F1-10, F1-12, F1-14."""
    found = list(disagreements(content(**changes), today=TODAY, liaisons=("E013", "E014")))
    assert [problem.code for problem in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("goal", "vague"),
    [
        ("尽快，大概支持一下", True),
        ("请尽快协助，谢谢", True),
        ("尽快完成首批六十台整机下线", False),
        ("年内量产", False),
    ],
)
def test_a_goal_of_vague_words_alone_is_pointed_out(goal: str, vague: bool) -> None:
    """F1-7."""
    assert is_vague(goal) is vague


def test_a_copy_takes_over_all_but_number_date_and_what_the_flow_filled_in() -> None:
    filled: Content = content(request_no="XQ-2026-0015", dept_reviews="x", plan_version="V1.0")
    copy = copied_content(filled, today=TODAY, request_no="XQ-2026-0016")
    assert (copy["request_no"], copy["filled_on"], copy["title"]) == ("XQ-2026-0016", "2026-09-14", "X1量产导入")
    assert not {"dept_reviews", "plan_version"} & copy.keys()


def test_duty_lines_read_as_department_duty_and_person() -> None:
    assert duty_rows({"duties": (("RD", "定版", "E016"), ("QA", "检验"))}) == (
        ("RD", "定版", "E016"),
        ("QA", "检验", ""),
    )


# ---------------------------------------------------------------- F5


def test_form_five_asks_for_feasibility_resources_risks_opinions_and_conclusion() -> None:
    """R-76: three sections; R-77: the conclusion."""
    asked = [spec.key for spec in F5.fields if spec.type is not FieldType.AUTO and spec.required is Required.ALWAYS]
    assert asked == ["feasibility", "resources", "risks", "dept_opinions", "conclusion"]


def test_gaps_are_named_where_resources_do_not_suffice() -> None:
    assert [p.code for p in gaps({"resources": (("部分满足", ""),)})] == ["assessment_gaps"]
    assert [p.code for p in gaps({"resources": (("部分满足", "缺检验员 2 人"),)})] == []
    assert [p.code for p in gaps({"resources": (("满足",),)})] == []


def test_every_department_that_was_there_has_its_line() -> None:
    opinions: Content = {"dept_opinions": (("RD", "同意"),)}
    found = list(gaps(opinions, present=("RD", "QA")))
    assert [(p.code, p.facts["departments"]) for p in found] == [("assessment_silent", "QA")]


def test_verdict_and_conclusion_are_read_from_the_opinion() -> None:
    assert verdict({"feasibility": (("可行", "具备条件"),)}, "feasibility") == ("可行", "具备条件")
    assert verdict({}, "feasibility") == ("", "")
    assert is_supplement({"conclusion": "建议补充"})
    assert not is_supplement({"conclusion": "建议批准"})
