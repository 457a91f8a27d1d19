"""The first day, as a newcomer plays it: a question, the clock, a late answer, the arithmetic, a group, the digest."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

import pytest

from bot.stage_views import MessageView
from tests.scenario.office import BEIJING, Office, buttons_of, words_of

EVERYBODY = "跨部门对接人群"
QUESTION = "X1 样件的检验结果什么时候能出？"


def code_on(message: MessageView) -> str:
    """The number of the clock that a card shows."""
    found = re.search(r"HF-\d{4}-\d{4}", words_of(message))
    assert found is not None
    return found[0]


def minutes_counted(why: str) -> list[int]:
    """The counted segments of an explanation."""
    return [int(n) for n in re.findall(r"＋ (\d+) 分", why)]


def total_minutes(why: str) -> int:
    """Its sum."""
    (total,) = re.findall(r"合计 (\d+) 分钟", why)
    return int(total)


@pytest.mark.slow
async def test_the_first_day_from_a_question_to_the_digest(office: Office) -> None:
    await office.says("苏念初", f"@袁知行 {QUESTION}", chat=EVERYBODY)
    (weekly,) = office.sees("袁知行")
    assert words_of(weekly).startswith("您有 1 项任务一周没有更新进展"), "a fresh question disturbs nobody"
    assert "RW-2026-0032" in words_of(weekly)
    in_group = len(office.sees("苏念初", chat=EVERYBODY))

    await office.goes_to("09:24")
    assert office.sees("袁知行") == [weekly]
    await office.goes_to("09:26")
    (nudge,) = office.sees("袁知行")[1:]
    assert "已等待 20 分钟" in words_of(nudge)
    assert "09:35" in words_of(nudge)
    assert len(office.sees("苏念初", chat=EVERYBODY)) == in_group, "the group hears of it only when the time is over"

    await office.goes_to("09:36")
    (breach,) = office.sees("苏念初", chat=EVERYBODY)[in_group:]
    assert "已超过 30 分钟" in words_of(breach)
    assert "@袁知行" in words_of(breach)
    assert breach.card is not None
    assert breach.card.colour == "red"
    assert office.sees("尹若谷") == [], "the head is told at sixty minutes, not before"

    await office.goes_to("10:06")
    (escalation,) = office.sees("尹若谷")
    assert "袁知行" in words_of(escalation)
    assert len(office.sees("袁知行")) == 2, "one notice each"

    await office.goes_to("10:20")
    await office.says("袁知行", "@苏念初 今天下午三点前出报告", chat=EVERYBODY)
    answered = office.sees("苏念初", chat=EVERYBODY)[in_group]
    assert answered.id == breach.id, "the same card, not a new one"
    assert answered.card is not None
    assert answered.card.colour == "green"
    assert "已超时回复" in words_of(answered)

    code = code_on(answered)
    await office.says("苏念初", f"/为什么 {code}")
    why = words_of(office.last("苏念初"))
    assert code in why
    assert "R-40" in why
    assert sum(minutes_counted(why)) == total_minutes(why)

    await office.says("苏念初", "建群 SX-8")
    made = words_of(office.last("苏念初"))
    assert "展会物料" in made
    group = next(chat.name for chat in office.stage.chats("ou_sample_e009") if "展会物料" in chat.name)
    assert "专项群" in words_of(office.sees("苏念初", chat=group)[0])

    await office.goes_to(datetime(2026, 9, 15, 8, 46, tzinfo=BEIJING))
    digest = words_of(office.last("顾明远"))
    assert digest.startswith("【跨部门协作每日简报】2026-09-15（周二）")
    assert "超时 1" in digest
    assert words_of(office.last("许安然")).splitlines()[0] == digest.splitlines()[0]
    assert office.duplicates() == []


@pytest.mark.slow
async def test_two_people_press_at_once_and_one_answer_counts(office: Office) -> None:
    await office.says("苏念初", f"@回音 询问 @袁知行 {QUESTION}", chat=EVERYBODY)
    card = office.last("袁知行", chat=EVERYBODY)
    assert "已收到" in buttons_of(card)
    toasts = await asyncio.gather(office.presses("袁知行", card, "已收到"), office.presses("贺云深", card, "已收到"))
    await office.rest()
    words = [toast.words for toast in toasts if toast is not None]
    assert len(words) == 2
    assert len({word for word in words if "停止计时" in word}) == 1
    assert any("已" in word and "停止计时" not in word for word in words)
    now = office.last("袁知行", chat=EVERYBODY)
    assert now.card is not None
    assert now.card.colour == "green"
