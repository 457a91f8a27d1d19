"""The acts of a step are told in words, with names in the place of ids."""

from __future__ import annotations

import re
from functools import cache

import msgspec
import pytest

from bot.company import read_company
from bot.playground.acting import ActView, act_views
from bot.playground.week import Act, Expectation, Week, read_week, week_company_text, week_text


@cache
def week() -> Week:
    return read_week(week_text())


@cache
def names() -> dict[str, str]:
    company = read_company(week_company_text(week()))
    return {str(p.id): p.name for p in company.people} | {g.id: g.name for g in company.groups}


def view(act: Act, language: str = "zh") -> ActView:
    step = msgspec.structs.replace(week().steps[0], acts=[act])
    return act_views(step, names=names(), language=language)[0]


@pytest.mark.parametrize(
    ("act", "said", "where"),
    [
        (Act(at="09:05", by="E009", says="在吗", into="G-X1"), "在吗", "X1试产协作专项群"),
        (Act(at="09:05", by="E012", presses="审核通过", card="XQ-2026-0015"), "点“审核通过” XQ-2026-0015", "私聊"),
        (
            Act(at="09:05", by="E012", presses="审核通过", card="XQ-2026-0015", old=1),
            "在旧卡片上点“审核通过” XQ-2026-0015",
            "私聊",
        ),
        (Act(at="09:05", by="E030", reacts="👍", to="c5", into="G-X1"), "点表情 👍", "X1试产协作专项群"),
        (Act(at="09:05", by="E004", recalls="c8", into="G-X1"), "撤回消息", "X1试产协作专项群"),
        (Act(at="09:05", by="E013", adds=["E021"], into="新群"), "拉 宋清和 进群", "新群"),
        (Act(at="09:05", by="E013", removes=["E021"], into="新群"), "把 宋清和 移出群", "新群"),
        (Act(at="09:05", by="E012", forges="approve", card="XQ-2026-0015"), "伪造的按钮 XQ-2026-0015", "私聊"),
        (Act(at="09:05"), "到点看结果", ""),
    ],
)
def test_what_is_done_and_where(act: Act, said: str, where: str) -> None:
    assert (view(act).words, view(act).where) == (said, where)


def test_every_thing_that_is_looked_at_counts() -> None:
    expect = [
        Expectation(answer=["a"]),
        Expectation(told="E009", says=["b"]),
        Expectation(untold=["E004", "E005"]),
        Expectation(code="XQ-2026-0015", has={"state": "draft", "round": 1}),
        Expectation(owes="XQ-2026-0015/审核", has={"holder": "E008"}),
        Expectation(audit={"action": "refused"}),
    ]
    assert view(Act(at="09:05", by="E009", says="x", expect=expect)).checks == 1 + 1 + 2 + 2 + 2 + 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_act_of_the_week_shows_an_id(language: str) -> None:
    for step in week().steps:
        for act in act_views(step, names=names(), language=language):
            assert re.findall(r"\b(?:E\d{3}|G-[A-Z0-9]+)\b", f"{act.who} {act.where} {act.words}") == [], step.number
