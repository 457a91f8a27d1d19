"""The company and its plan on request (R-01, R-11 to R-27, R-117 to R-119; L-19)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.ports import UnitOfWork
from handlers.texts.rules import CHAPTERS, RULES, chapter_of
from tests.handlers.bench import Bench


def changes(bench: Bench, person: str, **what: object) -> None:
    """A person is another one by now."""

    def work(uow: UnitOfWork) -> None:
        found = uow.people.get(person)
        assert found is not None
        uow.people.put(replace(found, **what))  # type: ignore[arg-type]
        uow.bump("directory")

    bench.transact(work)


# ---------------------------------------------------------------- who is who


def test_r_11_r_24_the_group_is_listed_post_by_post(bench: Bench) -> None:
    bench.says("柳青原", "组织")
    bench.expects_message(
        to="柳青原",
        contains=[
            "云杉 · 跨部门沟通协调小组",
            "组长 顾明远",
            "候补审批人 沈若川",
            "执行秘书 许安然",
            "生产：负责人 罗启安｜对接人 秦书禾（备份 唐子衡）",
        ],
        lacks="总经办：",
    )


def test_who_is_away_and_who_acts_is_said(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("顾明远", "请假 今天")
    bench.says("许安然", "请假 今天")
    bench.says("陆怀谷", "请假 今天 代理 @方景行")
    bench.says("袁知行", "请假 今天")
    bench.forget()
    bench.says("柳青原", "谁是对接人")
    bench.expects_message(
        to="柳青原",
        contains=[
            "组长 顾明远（休假，沈若川 代行）",
            "执行秘书 许安然（休假，魏子墨 代行）",
            "研发：负责人 陆怀谷（方景行 代）",
            "对接人 袁知行（贺云深 代）",
        ],
    )


def test_vacancies_and_people_without_account_are_said(bench: Bench) -> None:
    changes(bench, "E022", is_active=False)
    changes(bench, "E004", accounts={})
    bench.says("柳青原", "组织")
    bench.expects_message(to="柳青原", contains=["对接人 空缺（备份 邵言之）", "对接人 秦书禾（无账号）"])


# ---------------------------------------------------------------- the plan


def test_r_01_r_119_the_plan_shows_version_unit_date_scope_and_that_it_prevails(bench: Bench) -> None:
    bench.says("柳青原", "方案")
    bench.expects_message(
        to="柳青原",
        contains=[
            "《跨部门沟通协调方案》V1.0",
            "行政部编制",
            "7月1日（周三）起生效",
            "适用范围：企业各部门间",
            "R-119",
        ],
    )
    bench.says("柳青原", "plan")
    bench.expects_message(to="柳青原", contains="V1.0")


@pytest.mark.parametrize("text", ["规则 R-40", "规则40", "规则 第40条", "rule r40", "查规则 R－４０"])
def test_a_rule_is_found_by_its_number(bench: Bench, text: str) -> None:
    bench.says("柳青原", text)
    bench.expects_message(
        to="柳青原",
        contains=["R-40｜日常沟通 3.1(1)", "30 分钟内回复", "责任：对接人", "时限：30 个工作分钟", "机器人："],
    )


def test_a_rule_names_the_commands_that_this_person_keeps_it_with(bench: Bench) -> None:
    bench.says("柳青原", "规则 R-72")
    bench.expects_message(to="柳青原", contains="指令：需求 新建、需求")
    bench.says("柳青原", "规则 R-15")
    bench.expects_message(to="柳青原", contains="指令：评分、奖惩 确认", lacks="指令：简报")
    bench.says("顾明远", "规则 R-15")
    bench.expects_message(to="顾明远", contains="指令：简报、周报、评分、奖惩 确认")
    bench.says("柳青原", "规则 R-45")
    bench.expects_message(to="柳青原", lacks="指令：")


def test_rules_are_found_by_words(bench: Bench) -> None:
    bench.says("柳青原", "规则 纪要")
    bench.expects_message(to="柳青原", contains=["含“纪要”的规则", "R-55 对接人沟通形成日常沟通纪要"])
    bench.says("柳青原", "规则 会议 秘书")
    bench.expects_message(to="柳青原", contains="R-21")
    bench.says("柳青原", "规则 火锅")
    bench.expects_message(to="柳青原", contains=["没有含“火锅”的规则", "规则 例会"])


def test_a_number_beyond_the_plan_says_how_many_rules_there_are(bench: Bench) -> None:
    bench.says("柳青原", "规则 R-122")
    bench.expects_message(to="柳青原", contains="没有 R-122，本方案共 121 条（R-01 至 R-121）")


def test_an_english_reader_gets_the_rule_in_english(bench: Bench) -> None:
    bench.says("柳青原", "设置 语言 en")
    bench.forget()
    bench.says("柳青原", "rule R-40")
    bench.expects_message(
        to="柳青原", contains=["daily communication", "within 30 minutes", "Limit: 30 working minutes"]
    )


# ---------------------------------------------------------------- the catalogue


def test_every_rule_of_the_plan_is_there_in_both_languages() -> None:
    assert sorted(RULES) == list(range(1, 122))
    for rule in RULES.values():
        for both in (rule.text, rule.who, rule.support, chapter_of(rule)):
            assert all(part.strip() for part in both), rule.code
        assert bool(rule.limit[0]) == bool(rule.limit[1]), rule.code
        assert rule.section, rule.code


def test_a_rule_fits_on_a_phone() -> None:
    for rule in RULES.values():
        assert len(rule.text[0]) <= 60, rule.code
        assert len(rule.support[0]) <= 60, rule.code


def test_chapters_cover_every_rule_in_order() -> None:
    lasts = [last for last, _ in CHAPTERS]
    assert lasts == sorted(lasts)
    assert lasts[-1] == max(RULES)
    assert chapter_of(RULES[40])[0] == "日常沟通"
    assert chapter_of(RULES[109])[0] == "保障措施"


@pytest.mark.parametrize(
    ("number", "figure"),
    [
        (40, "30"),
        (53, "每周"),
        (54, "60"),
        (57, "每周"),
        (59, "90"),
        (62, "1 个工作日"),
        (64, "三个节点"),
        (95, "1 个工作日"),
        (96, "3 个工作日"),
        (103, "20%"),
        (109, "7 个自然日"),
    ],
)
def test_the_figures_of_the_plan_stand_in_the_limits(number: int, figure: str) -> None:
    """domain.md 0.2."""
    assert figure in RULES[number].limit[0]
