"""`/为什么`: the arithmetic that is shown is the arithmetic that is used (L-06, 5.2)."""

from __future__ import annotations

import re

import pytest

from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import ObligationKind
from bot.routing import Context
from handlers.deadlines import deadlines
from tests.handlers.bench import Bench


def minutes_in(text: str) -> tuple[int, int]:
    """The sum of the counted stretches, and the sum that is claimed."""
    counted = sum(int(found) for found in re.findall(r"＋ (\d+) 分", text))
    left_out = sum(int(found) for found in re.findall(r"段，计 (\d+) 分", text))
    claimed = re.search(r"合计 (\d+) 分钟", text)
    assert claimed is not None, text
    return counted + left_out, int(claimed.group(1))


def test_it_names_rule_start_due_stretches_sum_calendar_and_plan(bench: Bench) -> None:
    bench.until("11:45")
    asked = bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("13:40")
    bench.says("袁知行", "到了", where="X1", quotes=asked)
    bench.forget()
    bench.says("方景行", "为什么 HF-1")
    said = bench.expects_message(to="方景行")
    assert said.words.splitlines()[:6] == [
        "HF-2026-0001 已按时回复 · R-40：30 个工作分钟内回复",
        "起点 11:45，截止 13:45",
        "＋ 15 分　11:45–12:00 计时",
        "　 —　12:00–13:30 午休等间歇，不计",
        "＋ 10 分　13:30–13:40 计时",
        "合计 25 分钟，按时",
    ]
    assert said.words.splitlines()[6] == "袁知行 于 13:40 回复"
    assert re.fullmatch(r"日历版本 2026\+0/[0-9a-f]{4}，方案 V1\.0", said.words.splitlines()[-1])


@pytest.mark.parametrize(
    ("start", "answer"),
    [
        ("09:00:20", "09:07:10"),
        ("17:50", "09-15 09:10:30"),
        ("09-30 17:50", "10-08 09:19"),
        ("10-09 17:50:30", "10-10 09:05:15"),
        ("09-18 17:50", "09-21 10:00"),
    ],
)
def test_the_stretches_always_add_up_to_the_sum(bench: Bench, start: str, answer: str) -> None:
    bench.until(start)
    asked = bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until(answer)
    bench.says("袁知行", "到了", where="X1", quotes=asked)
    bench.forget()
    bench.says("方景行", "为什么 HF-1")
    parts, whole = minutes_in(bench.expects_message(to="方景行").words)
    seconds = bench.the_clock().elapsed_seconds
    assert seconds is not None
    assert parts == whole == -(-seconds // 60)


def test_days_off_are_named(bench: Bench) -> None:
    bench.until("09-30 17:50")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("10-08 09:05")
    bench.says("方景行", "为什么 HF-1")
    bench.expects_message(to="方景行", contains=["国庆节", "不计", "合计 15 分钟"])


def test_a_long_wait_shows_its_beginning_and_its_end_and_the_sum_of_the_middle(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.advance(days=9)
    bench.forget()
    bench.says("方景行", "为什么 HF-1")
    said = bench.expects_message(to="方景行", contains="段，计")
    parts, whole = minutes_in(said.words)
    assert parts == whole
    assert len(said.words.splitlines()) <= 20


def test_it_says_when_a_closing_window_ended_the_time(bench: Bench) -> None:
    bench.until("11:30")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.says("方景行", "为什么 HF-1")
    bench.expects_message(to="方景行", contains="截止时刻恰为时段结束（12:00），此后回复即为超时。")


def test_it_says_who_answered_for_whom_and_who_waived_and_why(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 今天 明天 代理 @白司南")
    bench.says("秦书禾", "@温晓棠 图纸以哪版为准？", where="X1")
    bench.says("白司南", "@秦书禾 以 B 版为准", where="X1")
    bench.forget()
    bench.says("秦书禾", "为什么 HF-1")
    bench.expects_message(to="秦书禾", contains="白司南 代 温晓棠 于 09:00 回复")
    bench.says("许安然", "免计 HF-1 原因：试运行期间的测试提问")
    bench.forget()
    bench.says("秦书禾", "为什么 HF-1")
    bench.expects_message(to="秦书禾", contains=["免计", "由 许安然 免计：试运行期间的测试提问"])


@pytest.mark.parametrize(
    "text", ["为什么 HF-1", "为什么 hf1", "为什么1", "why HF-2026-0001", "/为何 ＨＦ－１", "计时说明 1"]
)
def test_it_is_understood_in_every_spelling(bench: Bench, text: str) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.says("方景行", text)
    bench.expects_message(to="方景行", contains="HF-2026-0001 等待回复")


def test_quoting_the_card_or_the_notice_is_enough(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    card = bench.expects_card(in_chat="X1")
    bench.says("方景行", "为什么", where="X1", quotes=card)
    bench.expects_message(in_chat="X1", contains="HF-2026-0001")
    bench.until("10:00")
    notice = bench.expects_message(to="尹若谷", contains="【响应升级】")
    bench.says("尹若谷", "为什么", quotes=notice)
    bench.expects_message(to="尹若谷", contains=["HF-2026-0001 已超时", "，超时"])


def test_which_people_may_ask(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    for name in ("方景行", "袁知行", "尹若谷", "苏念初", "许安然", "顾明远"):
        bench.says(name, "为什么 HF-1")
        bench.expects_message(to=name, contains="HF-2026-0001")
    for name in ("夏知微", "高远航", "潘望舒"):
        bench.says(name, "为什么 HF-1")
        bench.expects_message(to=name, contains="未找到该编号，或您无权查看。")


def test_other_limits_are_explained_by_their_days_or_as_fixed_dates(bench: Bench) -> None:
    bench.says("柳青原", "为什么 RW-31")
    bench.expects_message(
        to="柳青原", contains=["RW-2026-0031 首件试制（任务） · R-33", "9月16日（周三）17:00", "由人约定"]
    )
    bench.says("苏念初", "为什么 WT-11")
    bench.expects_message(to="苏念初", contains=["WT-2026-0011", "R-95", "18:00"])
    bench.says("夏知微", "为什么 RW-32")
    bench.expects_message(to="夏知微", contains="未找到该编号，或您无权查看。")


@pytest.mark.parametrize("kind", ObligationKind)
def test_every_kind_of_limit_names_its_rule_to_whoever_holds_it_and_to_nobody_else(
    bench: Bench, kind: ObligationKind
) -> None:
    """L-23, EC-73: `/为什么 XQ-90`, whatever kind of limit it has."""

    def work(context: Context) -> None:
        limit = deadlines.limit_workdays(context, 2)
        slots = [
            deadlines.owed(
                context,
                "XQ-2026-0090",
                kind,
                limit,
                title="",
                holder=PersonId(holder),
                slot=holder,
                department=DepartmentId("QA"),
            )
            for holder in ("E028", "E029")
        ]
        deadlines.settle(context, "XQ-2026-0090", slots)

    bench.within(work)
    bench.says("袁知行", "为什么 XQ-90")
    words = bench.expects_message(to="袁知行", contains=["XQ-2026-0090", "2 个工作日"]).words
    assert re.search(r" · R-\d+", words)
    assert words.count("XQ-2026-0090") == 1, "slots of one round are explained once"
    bench.says("夏知微", "为什么 XQ-90")
    bench.expects_message(to="夏知微", contains="未找到该编号，或您无权查看。")


@pytest.mark.parametrize(
    ("kind", "detail", "rule"),
    [
        (ObligationKind.ISSUE, "一般问题", "R-95"),
        (ObligationKind.ISSUE, "重要问题", "R-96"),
        (ObligationKind.ISSUE, "重大问题", "R-98"),
        (ObligationKind.MEETING, "coordination", "R-96"),
        (ObligationKind.MEETING, "special", "R-98"),
        (ObligationKind.MEETING, "重大问题", "R-98"),
        (ObligationKind.RESOLUTION, "draft", "R-69"),
        (ObligationKind.RESOLUTION, "signature", "R-70"),
        (ObligationKind.MINUTES, "weekly", "R-62"),
        (ObligationKind.MINUTES, "sync", "R-55"),
        (ObligationKind.MINUTES, "assessment", "R-77"),
    ],
)
def test_the_rule_follows_grade_and_kind_of_meeting(bench: Bench, kind: ObligationKind, detail: str, rule: str) -> None:
    def work(context: Context) -> None:
        limit = deadlines.limit_minutes(context, 240, department=DepartmentId("QA"))
        one = deadlines.owed(
            context,
            "WT-2026-0090",
            kind,
            limit,
            title="",
            holder=PersonId("E029"),
            detail=detail,
            department=DepartmentId("QA"),
        )
        deadlines.settle(context, "WT-2026-0090", [one])

    bench.within(work)
    bench.says("袁知行", "为什么 WT-90")
    bench.expects_message(to="袁知行", contains=[f"· {rule}", "240 个工作分钟"])


def test_english(bench: Bench) -> None:
    bench.says("方景行", "set lang en")
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.forget()
    bench.says("方景行", "why HF-1")
    bench.expects_message(to="方景行", contains=["answer within 30 working minutes", "Sum: 0 min", "calendar 2026+0/"])


def test_it_says_who_closed_the_hours_that_are_not_counted(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("许安然", "日历 停工 今天 10:00-11:00 部门:质量 停电检修")
    bench.says("许安然", "日历 确认")
    bench.until("09:50")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("11:05")
    bench.forget()
    bench.says("方景行", "为什么 HF-1")
    said = bench.expects_message(to="方景行", contains=["停电检修（许安然录入），不计", "合计 15 分钟"])
    parts, whole = minutes_in(said.words)
    assert parts == whole == 15


# ---------------------------------------------------------------- how stretches are written


def test_a_stretch_names_its_day_once_and_days_off_in_the_readers_language(bench: Bench) -> None:
    bench.until("09-24 17:50")
    bench.says("温晓棠", "设置 语言 en")
    bench.says("何沐晴", "@温晓棠 图纸？", where="X1")
    bench.until("09-28 09:15")
    bench.forget()
    bench.says("何沐晴", "为什么 HF-1")
    bench.expects_message(
        to="何沐晴",
        contains=[
            "＋ 10 分　9月24日（周四）17:50–18:00 计时",
            "　 —　9月24日（周四）18:00–9月28日（周一）09:00 中秋节，不计",
            "＋ 15 分　09:00–09:15 计时",
        ],
    )
    bench.says("温晓棠", "why HF-1")
    bench.expects_message(
        to="温晓棠",
        contains=[
            "+ 10 min  Thu 24 Sep 17:50–18:00 counted",
            "Thu 24 Sep 18:00–Mon 28 Sep 09:00 Mid-Autumn Festival, not counted",
        ],
    )
    bench.says("温晓棠", "calendar 10-10")
    bench.expects_message(to="温晓棠", contains="Sat 10 Oct is a working day (make-up working day)")
