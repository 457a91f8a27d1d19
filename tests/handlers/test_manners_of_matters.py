"""How the bot treats people in the business of the charter: one message for one thing, what is expected, and what to send next."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.command import Command
from bot.domain.ids import CodeKind, DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.updates import ChatType
from bot.vocabulary import grammar
from handlers.deadlines import deadlines
from handlers.texts import keys, say
from tests.handlers.bench import Bench
from tests.handlers.request_words import CODE, FORM, HEADS, NODES
from tests.handlers.shown import BEIJING, Shown

ISSUE = """/问题 上报 关键铝件整批不合格
关联协作事项：SX-2026-0007
问题描述：关键铝件整批硬度不合格，试产要停
发生时间：{at}
涉及部门：研发部、生产部、质量部
影响范围：整体目标
严重程度：高
问题类型：质量问题
密级：普通"""
GRADED = """/分级 {code} {grade}
分级依据：整批不合格，影响目标
影响范围：整体目标
严重程度：高
牵头部门：研发部
配合部门：生产部、质量部"""
OPINION = f"""评估 {CODE}
可行性评估：可行 | 图纸与产线条件具备
资源需求评估：满足
潜在风险：铝件到货延迟 | 中 | 高 | 备选供应商 | 生产部
各部门意见：研发部 | 同意；生产部 | 同意；质量部 | 同意；财务部 | 同意；销售部 | 同意
评估结论：建议批准"""


@pytest.fixture
def week(bench: Bench) -> Bench:
    """With the recurring meetings and reports of the week."""
    bench.within(bench.wired.arm_recurring)
    return bench


def told(bench: Bench, who: str) -> list[Shown]:
    """New messages for one person; edits of cards that stand already are none."""
    return [s for s in bench.forget() if s.reader == who and not s.is_update]


def said(bench: Bench, who: str, text: str) -> str:
    """What the bot answers in private."""
    bench.forget()
    bench.says(who, text)
    return "\n".join(s.words for s in told(bench, who))


def submitted(bench: Bench) -> None:
    """XQ-2026-0015 is before the heads."""
    bench.says("温晓棠", "需求 新建 专项 X1量产导入")
    bench.says("温晓棠", f"需求 {CODE}\n{FORM}\n{NODES}")
    bench.says("温晓棠", f"需求 提交 {CODE}")


def owed(code: str, kind: ObligationKind, due: str, holder: str, slot: str = "") -> Obligation:
    """An open deadline of the item X1."""
    return Obligation(
        key=Obligation.key_for(code, kind, slot),
        code=code,
        kind=kind,
        title="X1量产导入",
        holder=PersonId(holder),
        department=DepartmentId(slot or "QA"),
        lead=DepartmentId("RD"),
        opened_at=datetime(2026, 9, 14, 9, 0, tzinfo=BEIJING),
        due_at=datetime.fromisoformat(f"2026-{due}").replace(tzinfo=BEIJING),
    )


# ---------------------------------------------------------------- what a text is while something is asked


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("设置 语言 en", "language: English"),
        ("静音2小时", "已静音至"),
        ("帮助 需求", "可以这样写"),
        ("台账 进度", "协作进度台账"),
        ("SX-7", "SX-2026-0007《新品X1试产》"),
        ("任务 RW-31", "RW-2026-0031《首件试制》"),
    ],
)
def test_a_whole_command_is_a_command_although_a_form_asks(formless: Bench, text: str, part: str) -> None:
    """The form goes on with its question afterwards."""
    formless.until("10:00")
    formless.says("温晓棠", "需求 新建 专项 X1量产导入")
    assert part in said(formless, "温晓棠", text)
    said(formless, "温晓棠", "年内完成 X1 从试产到量产的导入")
    request = formless.read(lambda uow: uow.requests.get(CODE))
    assert request is not None
    assert request.content["goal"] == "年内完成 X1 从试产到量产的导入"


@pytest.mark.parametrize(
    "text", ["帮助销售部在年内备齐首批订单", "方案评审通过后投入生产使用", "完成图纸定版和工装验收工作"]
)
def test_a_sentence_that_only_begins_like_a_command_answers_the_form(formless: Bench, text: str) -> None:
    formless.until("10:00")
    formless.says("温晓棠", "需求 新建 专项 X1量产导入")
    assert "协作目标" in said(formless, "温晓棠", text)
    request = formless.read(lambda uow: uow.requests.get(CODE))
    assert request is not None
    assert request.content["goal"] == text


def test_the_words_that_steer_a_form_are_no_commands_in_it(formless: Bench) -> None:
    """“back” ends a leave elsewhere."""
    formless.until("10:00")
    formless.says("温晓棠", "设置 语言 en")
    formless.says("温晓棠", "request new special Mass production of X1")
    formless.says("温晓棠", "Bring X1 from pilot to mass production this year")
    assert "“goal”" in said(formless, "温晓棠", "back").lower()


def test_another_command_is_no_reason(week: Bench) -> None:
    week.until("10:00")
    assert "原因是什么" in said(week, "许安然", "会议 取消 HY-42")
    assert "不能“会议 结束”" in said(week, "许安然", "会议 结束 HY-42")


def test_a_wrong_answer_is_quoted_and_asked_for_again(formless: Bench) -> None:
    """A4 21: what was not understood, what would be right, how to go on."""
    formless.until("10:00")
    formless.says("温晓棠", "需求 新建 专项 X1量产导入")
    answer = said(formless, "温晓棠", "尽快")
    assert answer.splitlines() == [
        "没看懂“尽快”：",
        "· 协作目标：太短，至少 10 个字。",
        "请再写一次；“上一项”返回，“取消”稍后再填。",
    ]


def test_the_level_is_read_where_no_space_follows_it(bench: Bench) -> None:
    bench.until("10:00")
    said(bench, "温晓棠", "需求新建专项Ｘ１量产导入")
    request = bench.read(lambda uow: uow.requests.get(CODE))
    assert request is not None
    assert (request.content["level"], request.title) == ("专项协作", "专项Ｘ１量产导入")


# ---------------------------------------------------------------- numbers


def test_a_number_alone_shows_what_it_is_and_what_i_have_to_do(week: Bench) -> None:
    """ux.md A5: the state, and what the sender may do; nothing for others."""
    week.until("10:00")
    mine = said(week, "袁知行", "RW-32")
    assert "RW-2026-0032《检测夹具到位》" in mine
    assert mine.endswith("可发：完成 RW-2026-0032 说明")
    assert "等您办理" not in said(week, "温晓棠", "RW-32")
    assert "FA-2026-0007 v1" in said(week, "温晓棠", "方案 FA-7")
    assert "HY-2026-0042《跨部门协作周例会》" in said(week, "许安然", "HY 42")


def test_a_bare_number_is_found_where_one_fits_and_asked_about_where_several_do(bench: Bench) -> None:
    bench.until("10:00")
    assert "RW-2026-0031《首件试制》" in said(bench, "柳青原", "31")
    several = said(bench, "温晓棠", "7")
    assert several.startswith("编号 7 有好几个")
    assert "SX-2026-0007《新品X1试产》" in several
    assert "没有“999”这个指令" in said(bench, "温晓棠", "999")


def test_a_verb_and_a_bare_number_are_enough(bench: Bench) -> None:
    bench.until("10:00")
    submitted(bench)
    assert "质量已审核通过" in said(bench, "尹若谷", "同意 15")
    assert said(bench, "尹若谷", "同意 15") == "该操作已于 10:00 由 尹若谷 完成，无需重复操作。"


def test_what_cannot_be_done_now_is_said_with_the_whole_number(week: Bench) -> None:
    week.until("10:00")
    week.says("温晓棠", "需求 新建 专项 X1量产导入")
    assert said(week, "温晓棠", "撤回 15") == (
        "XQ-2026-0015 现在是“草稿”，不能“撤回”。发送“XQ-2026-0015”查看能做什么。"
    )
    assert "已填内容都保留着；发送“XQ-2026-0015”" in said(week, "温晓棠", "需求 提交 15")
    assert "例如：会议 取消 HY-2026-0042 " in said(week, "许安然", "会议 取消 HY-42 人少")


def test_a_question_for_a_number_shows_one_line_and_one_for_a_meeting_asks_for_its_time(bench: Bench) -> None:
    bench.until("10:00")
    assert said(bench, "许安然", "纪要").count("\n") == 0
    assert said(bench, "许安然", "取消")
    assert said(bench, "许安然", "会议 安排").startswith("什么时候开？")


# ---------------------------------------------------------------- one message for one thing


@pytest.mark.slow
def test_whoever_asked_hears_of_the_approval_once(bench: Bench) -> None:
    """The submitter is the lead's liaison: the word that the plan is next says that it was approved, and by whom."""
    bench.until("10:00")
    submitted(bench)
    for head in HEADS:
        bench.says(head, "同意 15")
    bench.says("许安然", f"会议 安排 评估会 {CODE} 今天15:00")
    bench.until("15:00")
    bench.says("许安然", "会议 开始")
    bench.until("15:30")
    assert "请发送：评估 XQ-2026-0015" in said(bench, "许安然", "会议 结束")
    bench.says("许安然", OPINION)
    bench.forget()
    bench.says("顾明远", "批准 15")
    [one] = told(bench, "温晓棠")
    assert "已由 顾明远 批准" in one.words
    assert "方案编制 SX-2026-0009" in one.words


def test_whoever_files_an_issue_reads_one_card_and_whoever_grades_one_answer(bench: Bench) -> None:
    bench.until("10:00")
    bench.forget()
    bench.says("尹若谷", ISSUE.format(at="今天9:30"))
    shown = bench.forget()
    [receipt] = [s for s in shown if s.reader == "尹若谷"]
    assert "已登记 WT-2026-0012《关键铝件整批不合格》" in receipt.words
    assert "分级，进展会告诉您" in receipt.words
    bench.says("许安然", GRADED.format(code="WT-12", grade="重大"))
    [answer] = told(bench, "许安然")
    assert "定为重大问题" in answer.words


def test_in_a_noisy_group_the_rest_of_an_issue_is_asked_for_in_private(bench: Bench) -> None:
    bench.until("10:00")
    bench.forget()
    bench.says("程一帆", "@回音 问题 上报 首件尺寸超差", where="X1")
    shown = bench.forget()
    assert [s.words for s in shown if not s.reader] == ["已私信您。"]
    [card] = [s for s in shown if s.reader == "程一帆"]
    assert "问题描述" in card.words


def test_when_an_issue_falls_due_the_secretary_gets_the_card_and_no_reminder(bench: Bench) -> None:
    """T-12, R-95: what is overdue, with whom, and what can be done about it."""
    bench.hears_reminders = True
    bench.advance()
    bench.says("许安然", "/纪要 发布 JY-27")
    bench.until("17:59")
    bench.forget()
    bench.until("18:00")
    [card] = told(bench, "许安然")
    assert "【超期】WT-2026-0011《展架尺寸与展位图不一致》应于 18:00 完成，仍由苏念初办理" in card.words
    assert "[升级]" in card.words


def test_a_card_that_waited_for_the_morning_is_not_sent_when_the_matter_was_settled_at_night(bench: Bench) -> None:
    bench.until("21:30")
    bench.forget()
    bench.says("尹若谷", ISSUE.format(at="今天21:00"))
    assert told(bench, "许安然") == [], "it waits for the morning"
    bench.says("许安然", GRADED.format(code="WT-12", grade="重大"))
    bench.forget()
    bench.until("09-15 09:30")
    assert not [s for s in told(bench, "许安然") if "待分级" in s.words]


def test_a_card_that_waited_reads_in_the_morning_as_it_is_then(bench: Bench) -> None:
    bench.until("21:30")
    bench.says("尹若谷", ISSUE.format(at="今天21:00"))
    bench.says("许安然", GRADED.format(code="WT-12", grade="重要"))
    bench.forget()
    bench.says("许安然", "/会议 安排 协调会 WT-12 明天14:00")
    bench.until("09-15 09:30")
    [card] = [s for s in told(bench, "温晓棠") if s.words.startswith("问题")]
    assert "待协调会" in card.words
    assert "请备好情况和方案" in card.words


def test_whoever_hosts_is_reminded_by_the_card_that_begins_the_meeting(week: Bench) -> None:
    week.until("10:00")
    week.until("09-18 13:59")
    week.forget()
    week.until("09-18 14:00")
    [card] = told(week, "许安然")
    assert "您是主持人" in card.words
    assert "[开始]" in card.words


def test_a_stand_in_hears_that_he_or_she_is_not_needed_and_the_person_reads_one_answer(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("温晓棠", "请假 9-16 9-17 代理 @白司南")
    bench.forget()
    bench.says("温晓棠", "撤销")
    shown = bench.forget()
    assert [s.words for s in shown if s.reader == "温晓棠"] == ["✅ 已撤销：请假 QJ-2026-0001"]
    [free] = [s.words for s in shown if s.reader == "白司南"]
    assert free == "温晓棠 的请假 QJ-2026-0001 已取消或提前结束，您不用再代理。"


# ---------------------------------------------------------------- rounds


@pytest.mark.slow
def test_a_card_of_an_earlier_round_keeps_how_that_round_ended(bench: Bench) -> None:
    """A4 31, EC-05: who, when, why; it does not show the present state a second time."""
    bench.until("10:00")
    submitted(bench)
    first = bench.expects_card(to="尹若谷", contains="待副组长审核")
    bench.until("11:20")
    bench.says("尹若谷", "退回 15 缺少检验人力与设备需求")
    bench.forget()
    bench.says("温晓棠", f"需求 提交 {CODE}")
    shown = bench.forget()
    [old] = [s for s in shown if s.reader == "尹若谷" and s.is_update and s.sent.outbound.card.rows]  # type: ignore[union-attr]
    assert first.message is not None
    assert old.card.state == "第 1 轮已退回"
    assert "结果：尹若谷 11:20 退回" in old.words
    assert "原因：缺少检验人力与设备需求" in old.words
    assert old.card.buttons == ()
    for head in HEADS:
        bench.says(head, "同意 15")
    later = [s for s in bench.forget() if s.reader == "尹若谷" and s.is_update]
    assert not [s for s in later if s.card.state == "第 1 轮已退回"], "it is edited once"


# ---------------------------------------------------------------- reminders


@pytest.mark.parametrize("key", sorted(k for k in keys() if k.startswith("remind_do_")))
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_a_reminder_offers_can_be_sent_as_it_stands(bench: Bench, key: str, language: str) -> None:
    code = {"grading": "WT-2026-0012", "minutes": "JY-2026-0029", "signature": "JD-2026-0012"}.get(
        key.removeprefix("remind_do_"), "RW-2026-0031"
    )
    text = say(key, language, code=code, item="SX-2026-0007")
    parsed = grammar().parse(
        text, chat_type=ChatType.DIRECT, now=bench.now, days=bench.within(lambda c: c.world.calendars)
    )
    assert isinstance(parsed, Command), f"{text} is {parsed}"


def test_what_several_people_owe_of_one_thing_is_one_line_for_who_watches(bench: Bench) -> None:
    bench.hears_reminders = True
    bench.advance()
    kind, people = ObligationKind.CONTACT, (("E029", "QA"), ("E004", "PROD"), ("E022", "FIN"))
    wanted = [owed("SX-2026-0007", kind, "09-15 11:00", holder, slot) for holder, slot in people]
    bench.within(lambda context: deadlines.settle(context, "SX-2026-0007", wanted))
    bench.until("09-15 10:59")
    bench.forget()
    bench.until("09-15 11:00")
    [one] = told(bench, "温晓棠")
    assert one.words.splitlines() == [
        "【超期】SX-2026-0007《X1量产导入》应于 11:00 完成，刚刚到期。",
        "您是牵头部门对接人，对接确认还差夏知微、秦书禾、袁知行，请督促尽快完成。",
    ]


@pytest.mark.slow
def test_whoever_owes_it_is_asked_and_not_told_of_himself_or_herself(week: Bench) -> None:
    """The liaison of the lead owes the weekly report; the reminder once named her in the third person."""
    week.hears_reminders = True
    week.advance()
    report = f"{CodeKind.REPORT}-2026-W38-SX-2026-0007"
    week.until("09-18 11:59")
    week.forget()
    week.until("09-18 12:00")
    [own] = [s for s in told(week, "温晓棠") if report in s.words]
    assert "由您办理，请补交本周进度。可发：周进度 SX-2026-0007" in own.words
    assert "温晓棠" not in own.words


# ---------------------------------------------------------------- English


def test_in_english_titles_and_options_are_english(bench: Bench) -> None:
    bench.until("10:00")
    bench.says("苏念初", "set lang en")
    shown = "\n".join(
        said(bench, "苏念初", text) for text in ("issue WT-11", "issues", "ledger issues", "item 8", "items")
    )
    assert "《" not in shown
    assert "：" not in shown
    assert "WT-2026-0011 “展架尺寸与展位图不一致”" in shown
    assert "by by" not in shown
    assert "general" in shown
