"""What is read off: the figures of a digest as its reader finds them, fields of objects as the week's file writes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

import msgspec
import pytest

from bot.playground.observing import SHELVES, digest_figures, digest_shortfalls, plain_value, reached
from bot.playground.shortfall import Gap, Impossible, Shortfall
from bot.playground.week import DigestRow, Week, read_week, week_text

BEIJING = ZoneInfo("Asia/Shanghai")
#: three digests of the week as they were sent, and one of a day on which nothing was
MONDAY = """\
【跨部门协作每日简报】2026-09-14（周一）
统计区间：09-11 08:30 至 09-14 08:30（不含涉密事项）
一、待您处理（0）：需求审批 0｜决议签字 0｜冲突裁定 0｜重大问题 0｜方案变更 0｜奖惩确认 0
二、重大问题：未闭环 0
三、超期与临期：超期 0；临期 3（任务 1、问题处理 1、纪要 1）
四、进展：新需求 0｜批准 0｜启动事项 0｜完成任务 按期 0/超期 0｜新问题 1（一般 1）｜闭环 0｜新冲突 0｜验收通过 0
五、响应时效：本期无样本
六、会议：已召开 1｜今日 0｜纪要超期 0
七、合规：命名待整改 0｜周进度缺报 0｜对接人空缺 0｜专项群不合规 0
八、涉密事项：0 项未闭环"""
THURSDAY = """\
【跨部门协作每日简报】2026-09-17（周四）
统计区间：09-16 08:30 至 09-17 08:30（不含涉密事项）
一、待您处理（0）：需求审批 0｜决议签字 0｜冲突裁定 0｜重大问题 0｜方案变更 0｜奖惩确认 0
二、重大问题：未闭环 0
三、超期与临期：超期 1（任务 1）；临期 6（任务 2、周进度 3、问题处理 1）
  · RW-2026-0031《首件试制》应于 09-16 17:00 完成，已超期 15 小时 30 分
四、进展：新需求 0｜批准 1｜启动事项 0｜完成任务 按期 1/超期 0｜新问题 0｜闭环 0｜新冲突 0｜验收通过 0
五、响应时效：按时 3｜超时 1｜取消 0｜及时率 75.0%｜中位 25.0 分钟
六、会议：已召开 2｜今日 1｜纪要超期 0
七、合规：命名待整改 0｜周进度缺报 0｜对接人空缺 0｜专项群不合规 0
八、涉密事项：0 项未闭环"""
SUNDAY = """\
【跨部门协作每日简报】2026-09-20（周日）
统计区间：09-18 08:30 至 09-20 08:30（不含涉密事项）
一、待您处理（1）：需求审批 0｜决议签字 0｜冲突裁定 0｜重大问题 1｜方案变更 0｜奖惩确认 0
  · WT-2026-0014《关键物料批次不合格》09-18 11:05 上报，应于 09-20 18:00 前处理
二、重大问题：未闭环 1
  · WT-2026-0014《关键物料批次不合格》陆怀谷，09-20 18:00，已 1 个工作日
三、超期与临期：超期 0；临期 5（会签 1、任务 1、协调会/专题会 1、纪要 1、验收 1）
四、进展：新需求 0｜批准 0｜启动事项 0｜完成任务 按期 2/超期 0｜新问题 1（重大 1）｜闭环 1｜新冲突 0（办结 1）｜验收通过 0
五、响应时效：本期无样本
六、会议：已召开 1｜今日 2｜纪要超期 0
七、合规：命名待整改 0｜周进度缺报 0｜对接人空缺 0｜专项群不合规 0
八、涉密事项：1 项未闭环（请在单聊中发送“涉密待办”）"""
ZERO = """\
【跨部门协作每日简报】2026-09-21（周一）
统计区间：09-18 08:30 至 09-21 08:30（不含涉密事项）
一、待您处理（0）：需求审批 0｜决议签字 0｜冲突裁定 0｜重大问题 0｜方案变更 0｜奖惩确认 0
二、重大问题：未闭环 0
三、超期与临期：超期 0；临期 0
四、进展：新需求 0｜批准 0｜启动事项 0｜完成任务 按期 0/超期 0｜新问题 0｜闭环 0｜新冲突 0｜验收通过 0
五、响应时效：本期无样本
六、会议：已召开 0｜今日 0｜纪要超期 0
七、合规：命名待整改 0｜周进度缺报 0｜对接人空缺 0｜专项群不合规 0
八、涉密事项：0 项未闭环"""


@cache
def week() -> Week:
    return read_week(week_text())


def row_of(day: int) -> DigestRow:
    return next(row for row in week().digests if row.day == date(2026, 9, day))


@pytest.mark.parametrize(("text", "day"), [(MONDAY, 14), (THURSDAY, 17), (SUNDAY, 20)], ids=["14", "17", "20"])
def test_a_digest_of_the_week_has_the_figures_of_its_row(text: str, day: int) -> None:
    assert list(digest_shortfalls(text, row_of(day))) == []


def test_a_digest_of_nothing_reads_as_zeros() -> None:
    figures = digest_figures(ZERO)
    assert figures["waiting"] == [0] * 6
    assert figures["progress"] == [0] * 9
    assert (figures["overdue"], figures["soon"]) == ({}, {})
    assert (figures["rate"], figures["median"], figures["confidential"]) == ("", "", 0)


def test_a_text_that_is_no_digest_reads_as_zeros_too_but_not_as_no_sample() -> None:
    assert digest_figures("今天没有简报")["rate"] == "?"


@pytest.mark.parametrize(
    ("name", "change"),
    [("waiting", [9, 0, 0, 0, 0, 0]), ("rate", "99.9%"), ("soon", {"任务": 9}), ("confidential", 7)],
)
def test_a_figure_that_differs_is_named_with_both_values(name: str, change: object) -> None:
    row = msgspec.structs.replace(row_of(17), **{name: change})
    (found,) = digest_shortfalls(THURSDAY, row)
    assert (found.gap, found.part, found.expected) == (Gap.DIGEST, name, str(change))
    assert found.words("zh").startswith("2026-09-17 简报的“")
    assert str(found).endswith(f"but is {digest_figures(THURSDAY)[name]}")


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Slot:
    department: str
    state: Colour
    at: datetime


@dataclass(frozen=True)
class Thing:
    slots: tuple[Slot, ...]
    notes: dict[str, str]
    day: date | None = None


AT = datetime(2026, 9, 14, 1, 35, tzinfo=UTC)
THING = Thing(slots=(Slot("RD", Colour.RED, AT), Slot("QA", Colour.RED, AT)), notes={"a": "b"}, day=date(2026, 9, 24))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("slots.0.department", "RD"),
        ("slots.-1.department", "QA"),
        ("slots.0.state", "red"),
        ("slots.0.at", "09-14 09:35"),
        ("len:slots", 2),
        ("notes.a", "b"),
        ("notes.nothing", ""),
        ("day", "2026-09-24"),
    ],
)
def test_a_path_leads_to_a_plain_value(path: str, value: object) -> None:
    assert plain_value(reached(THING, path), BEIJING) == value


def test_several_values_and_whole_records_are_plain_too() -> None:
    assert plain_value((Colour.RED, None, True, 3), BEIJING) == ["red", "", True, 3]
    assert plain_value(THING.slots[0], BEIJING) == {"department": "RD", "state": "red", "at": "09-14 09:35"}


def test_a_path_that_leads_nowhere_is_a_mistake_of_the_week_and_no_shortfall() -> None:
    with pytest.raises(AttributeError):
        reached(THING, "slots.0.nothing")


def test_every_code_of_the_week_has_a_shelf() -> None:
    wanted = [w for step in week().steps for act in step.acts for w in act.expect if w.code and not w.audit]
    wanted += [w for row in week().closing for w in row.expect if w.code and not w.audit]
    prefixes = {kind.value for kind in SHELVES}
    assert sorted({w.code[:2] for w in wanted} - {prefix[:2] for prefix in prefixes}) == []


@pytest.mark.parametrize("gap", list(Gap))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_gap_has_a_sentence_with_its_facts(gap: Gap, language: str) -> None:
    part = {Gap.DIGEST: "waiting", Gap.REFUSED: "nothing_said"}.get(gap, "P-1")
    shortfall = Shortfall(gap=gap, about="E009", part=part, expected="WANTED", found="FOUND", at="09:05")
    words = shortfall.words(language, {"E009": "苏念初"})
    assert words.startswith("09:05 ")
    assert "E009" not in words
    assert "{" not in words


def test_nothing_is_said_as_a_word() -> None:
    shortfall = Shortfall(gap=Gap.TOLD, about="E009", expected="XQ-2026-0015")
    assert shortfall.words("zh") == "应通知E009“XQ-2026-0015”，实际是：什么也没有"
    assert str(shortfall).endswith("but was told: nothing")
    assert replace(shortfall, found="别的").words("zh").endswith("别的")


def test_what_cannot_be_done_is_a_lookup_error_with_its_sentence() -> None:
    problem = Impossible(Shortfall(gap=Gap.NO_GROUP, about="E009", expected="G-EXPO"))
    assert isinstance(problem, LookupError)
    assert str(problem) == "E009 is in no group G-EXPO"
