"""Names that were typed instead of picked: a full name is understood or offered, never guessed (ux.md A4 13, 14)."""

from __future__ import annotations

import pytest

from bot.domain.ids import PersonId
from tests.handlers.bench import Bench


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


@pytest.mark.parametrize(
    "text",
    [
        "请假 9-14 13:30 9-15 18:00 代理 @贺云深",
        "请假 9-14 13:30 9-15 18:00 代理：@贺云深",
        "请假 9-14 13:30 9-15 18:00 代理 贺云深",
        "请假 9-14 13:30 9-15 18:00 @贺云深",
        "请假 9-14 13:30 9-15 18:00 贺云深",
        "请假 代理 @贺云深 9-14 13:30 9-15 18:00",
    ],
)
def test_a_delegate_whose_name_was_typed_stands_in(nine: Bench, text: str) -> None:
    """It once put the delegate on leave: for the head of the department, who may do that, without a word of warning."""
    nine.types("尹若谷", text)
    nine.expects_message(
        to="尹若谷", contains=["已登记请假 QJ-2026-0001：13:30 至 9月15日（周二）18:00", "由 贺云深 代理"]
    )
    nine.expects_message(to="贺云深", contains="尹若谷 于 13:30 至 9月15日（周二）18:00 请假，请您代理")
    nine.expects_nothing_more()


def test_a_typed_name_before_the_dates_is_away(nine: Bench) -> None:
    nine.types("尹若谷", "请假 @袁知行 9-16 9-18 代理 @贺云深")
    nine.expects_message(to="尹若谷", contains=["已为 袁知行 登记请假", "由 贺云深 代理"])
    (leave,) = nine.read(lambda uow: uow.leaves.find())
    assert (leave.person, leave.delegate) == (PersonId("E029"), PersonId("E030"))


def test_a_delegate_whom_nobody_knows_is_named_with_what_to_do(nine: Bench) -> None:
    nine.types("袁知行", "请假 9-16 9-18 代理 @贺云")
    nine.expects_message(to="袁知行", contains="❌ 通讯录里没有“贺云”。请用 @ 选择本人，或写全名。")
    assert nine.read(lambda uow: uow.leaves.find()) == []


@pytest.mark.parametrize(
    "text", ["询问 @袁知行 夹具什么时候到？", "询问 袁知行 夹具什么时候到？", "询问 @袁知行夹具什么时候到？"]
)
def test_somebody_asked_by_a_typed_name_is_offered_by_number(nine: Bench, text: str) -> None:
    nine.types("方景行", text)
    nine.expects_message(
        to="方景行", contains=["“袁知行”是手写的，不算提及。请用 @ 选择本人，或回复数字：", "1 袁知行 · 质量", "0 取消"]
    )
    nine.says("方景行", "1")
    nine.expects_card(to="袁知行", contains="待回复 · 夹具什么时候到？", state="等待回复")


def test_a_question_that_names_nobody_is_asked_back(nine: Bench) -> None:
    nine.types("方景行", "询问 夹具什么时候到？")
    nine.expects_message(to="方景行", contains="要问谁？")
