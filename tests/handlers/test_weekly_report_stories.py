"""The weekly report as people get it (domain.md 6.2; R-02, R-61, R-81; P-56, 2.5, 5.4, L-09, L-21; EC-82, EC-83)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import Grade, Grading, Issue, IssueState
from bot.domain.item import Item, ItemState, Level
from bot.domain.meeting import MeetingState
from bot.domain.progress_report import ProgressReport, ReportState, report_code
from bot.messages import SendPicture, SendText
from bot.ports import UnitOfWork
from handlers.reports.weekly_report_data import present
from handlers.reports.weekly_report_text import LIMIT, MOST_PARTS, render
from handlers.words import words_for
from handlers.world import DIRECTORY
from tests.handlers.bench import EVERYTHING, Bench
from tests.handlers.meeting_support import WEEKLY, meeting, said
from tests.handlers.shown import BEIJING, Shown

RECORD = "JY-2026-0028"
WHOLE = (
    "\n会议议程：各部门汇报"
    "\n待办事项：下周例会前提交展会总结 | 销售部 | 苏念初 | 2026-09-24"
)  # fmt: skip
#: everybody who is asked to come to the weekly meeting: heads, liaisons, the secretary
INVITED = {
    "罗启安", "秦书禾", "方景行", "苏念初", "陆怀谷", "温晓棠", "叶青禾", "许安然", "卢雨桐", "宋清和", "夏知微", "潘望舒", "钟晚晴",
    "高远航", "冯思齐", "尹若谷", "袁知行",
}  # fmt: skip
HEADS = {"罗启安", "方景行", "陆怀谷", "叶青禾", "宋清和", "潘望舒", "高远航", "尹若谷"}


def at(text: str) -> datetime:
    """An instant of the week in Beijing."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


@pytest.fixture
def week(bench: Bench) -> Bench:
    """The sample company on Monday with the meetings, reports and duties of its week."""
    bench.within(bench.wired.arm_recurring)
    bench.forget()
    return bench


def reports(bench: Bench, kind: str = "会前材料") -> list[Shown]:
    """The weekly reports that were sent since the last look."""
    return [s for s in bench.forget() if s.words.startswith("【跨部门协作周报") and kind in s.words.split("\n")[0]]


def readers(found: list[Shown]) -> list[str]:
    return sorted(s.reader for s in found)


def moves(bench: Bench, to: str) -> None:
    """The secretary moves the weekly meeting."""
    bench.says("许安然", f"/会议 改期 {WEEKLY} {to}")
    assert f"{meeting(bench, WEEKLY).start_at.astimezone(BEIJING):%m-%d %H:%M}" == to.replace("9-", "09-")
    bench.forget()


def hold(bench: Bench) -> None:
    """The weekly meeting takes place, and its record is written."""
    bench.until("09-18 14:30")
    bench.says("许安然", f"/会议 开始 {WEEKLY}")
    bench.until("09-18 15:50")
    bench.says("许安然", f"/会议 结束 {WEEKLY}")
    bench.says("许安然", f"/纪要 {RECORD}{WHOLE}")
    bench.forget()


def add_item(bench: Bench, number: int, *, secrecy: int = 0, content: Content | None = None) -> None:
    """A routine item of RD with its report of the week."""
    code = Code(f"SX-2026-{number:04}")

    def work(uow: UnitOfWork) -> None:
        uow.items.add(
            Item(
                code=code,
                title=f"样机拆解{number}",
                short=f"拆解{number}",
                level=Level.ROUTINE,
                lead=DepartmentId("RD"),
                coop=(DepartmentId("QA"),),
                state=ItemState.IN_PROGRESS,
                request="XQ-2026-0090",
                end_on=date(2026, 9, 1),
                secrecy=secrecy,
            )
        )
        uow.reports.add(
            ProgressReport(
                code=report_code("2026-W38", code),
                item=code,
                week="2026-W38",
                lead=DepartmentId("RD"),
                state=ReportState.SUBMITTED if content else ReportState.OPEN,
                due_at=at("09-18 12:00"),
                opened_at=at("09-14 00:00"),
                content=content or {},
                secrecy=secrecy,
            )
        )

    bench.transact(work)


# ---------------------------------------------------------------- the pack


def test_r_61_the_pack_reads_as_the_plan_lays_it_out(week: Bench) -> None:
    """Step 79 of week.md: once, at 13:30, to everybody who takes part."""
    week.until("09-18 13:29")
    week.forget()
    week.until("09-18 13:30")
    packs = reports(week)
    assert set(readers(packs)) == INVITED
    assert len(packs) == len(INVITED)
    assert next(p for p in packs if p.reader == "罗启安").words.split("\n") == [
        "【跨部门协作周报·会前材料】2026-W38",
        "统计区间：9月14日（周一）00:00 至 9月18日（周五）13:30（不含涉密事项）",
        "您是本次例会的参会人。会议 14:30 开始，请先看本部门一段。",
        "一、四项目标",
        "  · 流程：手续齐全的事项 2/2（100.0%）",
        "  · 职责：未决职责冲突 0",
        "  · 信息：按时周进度 0/2（0.0%）",
        "  · 效率：响应 无，任务按期 0/3（0.0%）",
        "二、事项：绿 0｜黄 2｜红 0",
        "  · 黄 SX-2026-0007《新品X1试产》超期任务 RW-2026-0031",
        "  · 黄 SX-2026-0008《秋季展会物料》超期任务 RW-2026-0034、RW-2026-0035",
        "三、各部门",
        "  · 行政：完成任务 0｜在办 1｜超期 1",
        "  · 财务：完成任务 0｜在办 1｜超期 1",
        "  · 人力：完成任务 0｜在办 0｜超期 0",
        "  · IT：完成任务 0｜在办 0｜超期 0",
        "  · 生产：完成任务 0｜在办 1｜超期 1",
        "  · 质量：完成任务 0｜在办 1｜超期 0",
        "  · 研发：完成任务 0｜在办 0｜超期 0",
        "    SX-2026-0007 周进度未提交",
        "  · 销售：完成任务 0｜在办 1｜超期 0",
        "    SX-2026-0008 周进度未提交",
        "四、问题：新增 0｜闭环 0｜重开 0｜超期 1｜未闭环 1（一般 1、重要 0、重大 0、待分级 0）",
        "  · 最久未闭环：WT-2026-0011（7 天）",
        "五、冲突：新增 0｜协商一致 0｜裁定 0｜未决 0",
        "六、响应时效：本周无样本",
        "七、会议：本周未开会｜纪要按时 0/1（0.0%）｜对接人沟通会 0/8 个部门",
        "八、文档：登记 0｜命名不合规 0｜超过 7 天未更新 0",
        "九、例外：紧急变更对接人 无｜响应免计 无｜改级 无｜批准延期 无｜暂定期限 无",
        "十、涉密事项：0 项未闭环",
    ]
    week.until("09-18 18:00")
    assert reports(week) == []
    assert [r.facts for r in week.audit(WEEKLY) if r.action == "weekly_pack_sent"] == [{"people": "17"}]


@pytest.mark.parametrize(
    ("to", "pack"),
    [("9-18 16:00", "09-18 15:00"), ("9-17 10:30", "09-17 09:30"), ("9-18 09:30", "09-18 08:30")],
    ids=["later", "another day", "earlier"],
)
def test_the_pack_follows_a_meeting_that_is_moved(week: Bench, to: str, pack: str) -> None:
    week.until("09-16 10:00")
    moves(week, to)
    week.until(pack)
    assert set(readers(reports(week))) == INVITED
    week.until("09-18 18:00")
    assert reports(week) == []


def test_a_meeting_that_is_moved_into_the_next_hour_has_its_pack_at_once(week: Bench) -> None:
    week.until("09-18 10:00")
    week.says("许安然", f"/会议 改期 {WEEKLY} 9-18 10:40")
    assert set(readers(reports(week))) == INVITED


@pytest.mark.slow
def test_a_pack_that_was_sent_is_not_sent_again_on_the_same_day(week: Bench) -> None:
    """Moved by an hour after it: the same people have it. On another day they get the one of that day."""
    week.until("09-18 13:40")
    week.forget()
    moves(week, "9-18 15:30")
    week.until("09-18 15:00")
    assert reports(week) == []
    moves(week, "9-20 10:00")
    week.until("09-20 09:00")
    assert set(readers(reports(week))) == INVITED


def test_answers_to_the_invitation_bring_no_further_pack(week: Bench) -> None:
    week.until("09-18 13:40")
    week.forget()
    week.says("罗启安", f"参加 {WEEKLY}")
    week.until("09-18 14:30")
    assert reports(week) == []


def test_a_cancelled_meeting_has_no_pack(week: Bench) -> None:
    week.until("09-15 10:00")
    week.says("许安然", f"/会议 取消 {WEEKLY} 全员外出培训")
    week.clicks("顾明远", "同意取消", card=week.expects_card(to="顾明远", contains=WEEKLY))
    assert meeting(week, WEEKLY).state is MeetingState.CANCELLED
    week.until("09-18 18:00")
    assert reports(week) == []


@pytest.mark.slow
def test_a_week_without_a_working_day_left_has_no_pack(week: Bench) -> None:
    week.until("09-15 10:00")
    for day in ("14", "15", "16", "17", "18", "20"):
        week.says("许安然", f"/日历 停工 2026-09-{day}")
        week.says("许安然", "/日历 确认")
    assert meeting(week, WEEKLY).state is MeetingState.SKIPPED
    week.until("09-18 18:00")
    assert reports(week) == []


def test_a_meeting_that_began_early_has_no_pack(week: Bench) -> None:
    week.until("09-18 13:20")
    week.says("许安然", f"/会议 开始 {WEEKLY}")
    assert meeting(week, WEEKLY).state is MeetingState.IN_SESSION
    week.until("09-18 18:00")
    assert reports(week) == []


def test_ec_82_somebody_without_an_account_keeps_nobody_else_from_the_pack(week: Bench) -> None:
    def silence(uow: UnitOfWork) -> None:
        person = uow.people.get("E013")
        assert person is not None
        uow.people.put(replace(person, accounts={}))
        uow.bump(DIRECTORY)

    week.transact(silence)
    week.until("09-18 13:31")
    assert set(readers(reports(week))) == INVITED - {"温晓棠"}
    assert [r.facts["people"] for r in week.audit(WEEKLY) if r.action == "weekly_pack_sent"] == ["16"]


def test_whoever_comes_instead_has_the_pack(week: Bench) -> None:
    """2.6: somebody on leave is told through whoever stands in; a delegate named for the meeting reads it, too."""
    week.until("09-16 11:30")
    week.says("温晓棠", "/请假 2026-09-16 13:30 至 2026-09-18 18:00 代理 白司南")
    week.says("尹若谷", f"会议 委托 {WEEKLY} @贺云深")
    week.until("09-18 13:31")
    found = readers(reports(week))
    assert "温晓棠" not in found
    assert {"白司南", "贺云深", "尹若谷"} <= set(found)
    assert len(found) == len(set(found))


def test_what_fell_due_while_the_program_was_down_is_sent_once_afterwards(week: Bench) -> None:
    week.until("09-18 13:10")
    week.forget()
    week.jumps(minutes=50)
    assert set(readers(reports(week))) == INVITED
    week.within(week.wired.arm_recurring)
    week.until("09-18 14:29")
    assert reports(week) == []


def test_after_the_beginning_of_the_meeting_nobody_needs_the_pack(week: Bench) -> None:
    week.until("09-18 13:10")
    week.forget()
    week.jumps(hours=2)
    assert reports(week) == []


# ---------------------------------------------------------------- the final edition


@pytest.mark.slow
def test_the_final_edition_comes_with_the_minutes_to_leader_heads_and_secretary(week: Bench) -> None:
    hold(week)
    week.until("09-20 16:30")
    week.says("许安然", f"/纪要 发布 {RECORD}")
    found = reports(week, "】2026-W38")
    assert set(readers(found)) == HEADS | {"顾明远", "许安然"}
    words = found[0].words
    assert "统计区间：9月14日（周一）00:00 至 9月20日（周日）16:30" in words
    assert f"纪要 {RECORD} 已发布，这是本周定稿。" in words
    assert "七、会议：周例会 80 分钟｜" in words
    assert [r.facts["week"] for r in week.audit(RECORD) if r.action == "weekly_report_sent"] == ["2026-W38"]


@pytest.mark.slow
def test_a_correction_of_the_minutes_brings_no_further_edition(week: Bench) -> None:
    hold(week)
    week.until("09-20 10:00")
    week.says("许安然", f"/纪要 发布 {RECORD}")
    assert reports(week, "】2026-W38")
    week.says("许安然", f"/纪要 更正 {RECORD} 更正待办时限{WHOLE.replace('09-24', '09-28')}")
    sent = week.forget()
    assert any("已更正为第 2 版" in s.words for s in sent)
    assert not [s for s in sent if "跨部门协作周报" in s.words]


def test_the_minutes_of_another_week_make_the_report_of_that_week(week: Bench) -> None:
    """The record of the meeting of 11 September is published on the 14th: week 37, until it was over."""
    week.until("09-14 16:30")
    week.says("许安然", "/纪要 发布 JY-2026-0027")
    found = reports(week, "】2026-W37")
    assert set(readers(found)) == HEADS | {"顾明远", "许安然"}
    assert "统计区间：9月7日（周一）00:00 至 00:00" not in found[0].words
    assert "七、会议：周例会 80 分钟｜" in found[0].words


@pytest.mark.slow
def test_an_edition_of_the_evening_waits_for_the_morning(week: Bench) -> None:
    """L-09: it is no answer and no reminder; the secretary's press is answered at once all the same."""
    hold(week)
    week.until("09-18 19:00")
    week.says("许安然", f"/纪要 发布 {RECORD}")
    assert reports(week, "】2026-W38") == []
    week.until("09-20 09:00")
    assert set(readers(reports(week, "】2026-W38"))) == HEADS | {"顾明远", "许安然"}


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize("name", ["顾明远", "罗启安", "许安然", "秦书禾", "方景行"])
def test_leader_heads_secretary_and_liaisons_may_look_at_any_time(week: Bench, name: str) -> None:
    """P-56."""
    week.until("10:00")
    week.forget()
    week.says(name, "周报")
    week.expects_message(to=name, contains=["【跨部门协作周报·截至现在】2026-W38", "SX-2026-0007 周进度待提交"])


@pytest.mark.parametrize("name", ["柳青原", "程一帆"])
def test_others_are_told_for_whom_it_is(week: Bench, name: str) -> None:
    """P-56: members and employees do not see it; their help does not offer it."""
    week.until("10:00")
    week.forget()
    week.says(name, "周报")
    week.expects_message(to=name, contains="周报由组长、各部门负责人、执行秘书和对接人查看", lacks="四项目标")
    assert "本周协作情况" not in said(week, name, "帮助 报告")


def test_in_a_group_it_goes_to_the_private_chat(week: Bench) -> None:
    week.until("10:00")
    week.forget()
    week.says("罗启安", "@回音 周报", where="X1")
    week.expects_message(to="罗启安", contains="一、四项目标")
    week.expects_message(in_chat="X1", contains="已私信您", lacks="四项目标")


def test_a_reader_of_english_gets_it_in_english(week: Bench) -> None:
    week.says("罗启安", "设置 语言 en")
    week.until("09-18 13:31")
    words = next(s.words for s in week.forget() if s.reader == "罗启安" and s.words.startswith("[Weekly report"))
    lines = words.split("\n")
    assert lines[0] == "[Weekly report, for the meeting] 2026-W38"
    assert "1. Four aims" in lines
    assert "  · information: reports in time 0/2 (0.0%)" in lines
    assert "    SX-2026-0007 no weekly report (未提交)" in lines
    assert "10. Confidential: 0 open" in lines
    week.says("罗启安", "weekly report")
    week.expects_message(to="罗启安", contains="[Weekly report, as of now] 2026-W38")


# ---------------------------------------------------------------- the picture


def pictures(bench: Bench) -> list[Shown]:
    """The charts that were sent since the last look, with whatever was sent right before each."""
    sent = bench.forget()
    found = [n for n, s in enumerate(sent) if isinstance(s.sent.outbound, SendPicture)]
    assert all(any(b.reader == sent[n].reader and "周报" in b.words for b in sent[:n]) for n in found), "text first"
    return [sent[n] for n in found]


def test_the_pack_and_the_final_edition_bring_one_picture_each(week: Bench) -> None:
    """6.2: answers and tasks by department, items by light; behind the text, from the same figures."""
    week.until("09-18 13:29")
    week.forget()
    week.until("09-18 13:31")
    found = pictures(week)
    assert readers(found) == sorted(INVITED)
    assert found[0].words.split("\n") == [
        "[图] 跨部门协作周报 2026-W38",
        "响应时效：本周无样本",
        (
            "任务：行政 本周完成 0、在办 0、超期 1；财务 本周完成 0、在办 0、超期 1；生产 本周完成 0、在办 0、超期 1；"
            "质量 本周完成 0、在办 1、超期 0；销售 本周完成 0、在办 1、超期 0"
        ),
        "事项：在办事项 绿 0、黄 2、红 0",
    ]
    hold(week)
    week.until("09-20 10:00")
    week.says("许安然", f"/纪要 发布 {RECORD}")
    assert readers(pictures(week)) == sorted(HEADS | {"顾明远", "许安然"})


def test_a_picture_shows_counts_and_never_a_title(week: Bench) -> None:
    """2.5, EC-71."""
    add_item(week, 41, secrecy=1)
    add_item(week, 42, secrecy=2)
    week.until("09-18 13:31")
    words = pictures(week)[0].words
    assert "事项：在办事项 绿 0、黄 3、红 0" in words
    assert "样机" not in words
    assert "SX-" not in words


def test_the_command_brings_its_picture_to_the_private_chat(week: Bench) -> None:
    week.until("10:00")
    week.forget()
    week.says("罗启安", "@回音 周报", where="X1")
    (shown,) = pictures(week)
    assert shown.reader == "罗启安"


def test_where_no_picture_can_be_shown_the_text_is_enough(week: Bench) -> None:
    plain = Bench(capabilities=replace(EVERYTHING, pictures=False))
    try:
        plain.within(plain.wired.arm_recurring)
        plain.until("09-18 13:31")
        sent = plain.forget()
        assert not [s for s in sent if isinstance(s.sent.outbound, SendPicture)]
        assert len([s for s in sent if "会前材料" in s.words]) == len(INVITED)
    finally:
        plain.close()


# ---------------------------------------------------------------- what it shows, and what not


def test_ec_71_of_level_1_number_and_light_of_level_2_one_count(week: Bench) -> None:
    """2.5, L-21."""
    said_so: Content = {"done": "拆解完成", "problems": "无", "next": "复装"}
    add_item(week, 41, secrecy=1, content=said_so)
    add_item(week, 42, secrecy=2, content=said_so)
    add_item(week, 43, content=said_so)
    week.until("09-18 13:31")
    words = reports(week)[0].words
    assert "  · 黄 SX-2026-0041 已过计划完成日期" in words
    assert "    SX-2026-0041 已提交（内部敏感，内容不在此显示）" in words
    assert "《样机拆解41》" not in words
    assert "    SX-2026-0043 本周：拆解完成｜问题：无｜下周：复装" in words
    assert "SX-2026-0042" not in words
    assert words.endswith("十、涉密事项：1 项未闭环")


def test_what_people_wrote_is_one_harmless_line(week: Bench) -> None:
    add_item(week, 41, content={"done": "第一行\n第二行\u202e", "problems": "<at user_id=all>", "next": "长" * 200})
    week.until("09-18 13:31")
    line = next(line for line in reports(week)[0].words.split("\n") if "SX-2026-0041 本周" in line)
    assert "第一行 第二行｜" in line
    assert "\u202e" not in line
    assert line.endswith("长" * 79 + "…")


def test_response_shows_counts_and_a_rate_from_five_on(week: Bench) -> None:
    """6.2 item 6: hidden when counted < 5."""
    for number in range(5):
        week.until(f"09-14 {10 + number // 2}:{30 * (number % 2):02}")
        asked = week.says("方景行", f"@袁知行 第 {number} 批到了吗？", where="X1")
        week.advance(minutes=5)
        week.says("袁知行", "到了", where="X1", quotes=asked)
    asked = week.says("方景行", "@秦书禾 夹具？", where="X1")
    week.until("09-14 15:30")
    week.forget()
    words = said(week, "许安然", "周报")
    assert "六、响应时效：按时 5｜超时 1｜及时率 83.3%\n" in words
    assert "  · 生产 按时 0、超时 1（样本不足）；质量 按时 5、超时 0（100.0%）" in words
    assert "HF-2026-0006" in said(week, "许安然", "免计 HF-6 当天系统停机")
    words = said(week, "许安然", "周报")
    assert "六、响应时效：按时 5｜超时 0｜及时率 100.0%" in words
    assert "响应免计 HF-2026-0006" in words


def test_what_the_bot_cannot_see_is_said_with_the_platform(week: Bench) -> None:
    """5.4: the coverage note."""
    blind = Bench(capabilities=replace(EVERYTHING, sees_all_group_messages=False))
    try:
        blind.within(blind.wired.arm_recurring)
        blind.until("10:00")
        assert "六、响应时效：本周无样本（飞书仅统计可见消息）" in said(blind, "许安然", "周报")
    finally:
        blind.close()


def test_a_limit_in_a_year_without_calendar_is_an_exception(week: Bench) -> None:
    """L-16."""

    def postpone(uow: UnitOfWork) -> None:
        for one in uow.obligations.find():
            if one.code == "RW-2026-0033":
                uow.obligations.put(replace(one, due_at=at("12-31 18:00") + timedelta(days=10), is_provisional=True))

    week.transact(postpone)
    week.until("10:00")
    assert "暂定期限 RW-2026-0033" in said(week, "许安然", "周报")


# ---------------------------------------------------------------- length


def fill(bench: Bench, items: int, *, words: int) -> None:
    text = "字" * words
    for number in range(100, 100 + items):
        add_item(bench, number, content={"done": text, "problems": text, "next": text})


def parts_of(bench: Bench) -> tuple[str, ...]:
    def work(uow: UnitOfWork) -> tuple[str, ...]:
        context = bench.engine.context(uow, bench.clock.now())
        secretary = uow.people.get("E018")
        report = present(context, of=context.now)
        return render(context, report, words_for(context, secretary), title="week_title_now")

    return bench.read(work)


@pytest.mark.slow
def test_ec_83_a_long_report_goes_on_in_the_next_message_and_is_cut_at_line_ends(week: Bench) -> None:
    fill(week, 14, words=60)
    week.until("09-18 13:31")
    mine = [s.words for s in week.forget() if s.reader == "罗启安" and s.words.startswith("【跨部门协作周报")]
    assert len(mine) in (2, 3)
    assert all(len(part) <= LIMIT + 40 for part in mine)
    assert mine[1].startswith(f"【跨部门协作周报】2026-W38（续 2/{len(mine)}）\n")
    assert mine[-1].endswith("十、涉密事项：0 项未闭环")
    whole = "\n".join(mine)
    assert all(
        f"    SX-2026-{n:04} 本周：{'字' * 60}｜问题：{'字' * 60}｜下周：{'字' * 60}" in whole for n in range(100, 114)
    )
    assert "  · 另有 6 项，发送“台账 进度”查看" in whole
    assert "节选" not in whole


def test_ec_83_with_very_many_reports_each_is_cut_short_and_the_reader_told_where_the_rest_is(week: Bench) -> None:
    fill(week, 40, words=80)
    parts = parts_of(week)
    assert len(parts) <= MOST_PARTS + 2
    whole = "\n".join(parts)
    assert f"    SX-2026-0139 本周：{'字' * 19}…｜" in whole
    assert "（周进度有节选，发送“台账 进度”或“导出 进度”看全文）" in whole
    assert all(len(part) <= LIMIT + 40 for part in parts)


def test_many_numbers_in_one_line_are_counted_behind_the_sixth(week: Bench) -> None:
    def work(uow: UnitOfWork) -> None:
        for number in range(20, 29):
            uow.issues.add(
                Issue(
                    code=Code(f"WT-2026-{number:04}"),
                    state=IssueState.COORDINATING,
                    title="x",
                    found_by=DepartmentId("QA"),
                    reporter=PersonId("E029"),
                    filed_at=at("09-14 08:00"),
                    item=Code("SX-2026-0007"),
                    gradings=(Grading(grade=Grade.IMPORTANT, by=PersonId("E018"), at=at("09-14 08:00"), reason="x"),),
                )
            )

    week.transact(work)
    week.until("09:00")
    line = next(line for line in said(week, "许安然", "周报").split("\n") if "SX-2026-0007《" in line)
    assert "WT-2026-0025 等 9 项" in line
    assert "WT-2026-0026" not in line


def test_a_report_is_text_and_nothing_else(week: Bench) -> None:
    """No mention, no link: what people wrote cannot ring or lead anywhere (EC-61)."""
    week.until("09-18 13:31")
    for one in reports(week):
        assert isinstance(one.sent.outbound, SendText)
        assert len(one.sent.outbound.body) == 1
