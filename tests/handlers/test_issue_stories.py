"""Issues from the first report to the last word, as the acceptance week and the charter have them (domain.md 3.7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.company import Company
from bot.domain.happened import ItemChanged
from bot.domain.ids import PersonId
from bot.domain.issue import Issue, IssueState
from bot.domain.meeting import MeetingState
from bot.domain.obligation import Obligation
from bot.messages import CardColour, Urge
from bot.ports import UnitOfWork
from bot.updates import CardClicked
from handlers.company import company
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING, Shown

NOT_FOUND = "未找到该编号，或您无权查看。"
FORM = (
    "\n关联协作事项：SX-2026-0007\n问题描述：首件长度超出图纸公差 0.3 毫米，影响试产装配\n发生时间：{at}"
    "\n涉及部门：研发部、生产部、质量部\n影响范围：{scope}\n严重程度：中\n问题类型：质量问题\n密级：普通"
)
GRADING = (
    "\n分级依据：首件尺寸影响试产装配环节\n影响范围：部分环节\n严重程度：中\n牵头部门：研发部\n配合部门：生产部、质量部"
)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=BEIJING)


def files(bench: Bench, who: str = "程一帆", title: str = "首件尺寸超差", *, happened: str = "", more: str = "") -> str:
    """Somebody files an issue on the item of the sample company; returns its number."""
    before = {i.code for i in bench.read(lambda uow: uow.issues.find())}
    happened = happened or f"{bench.now:%Y-%m-%d %H:%M}"
    bench.says(who, f"/问题 上报 {title}" + FORM.format(at=happened, scope="部分环节") + more)
    new = [i.code for i in bench.read(lambda uow: uow.issues.find()) if i.code not in before]
    assert len(new) == 1, bench.forget()
    return new[0]


def grades(bench: Bench, code: str, grade: str, who: str = "许安然", more: str = "") -> None:
    bench.says(who, f"/分级 {code} {grade}{GRADING}{more}")


def issue(bench: Bench, code: str) -> Issue:
    found = bench.read(lambda uow: uow.issues.get(code))
    assert found is not None
    return found


def owes(bench: Bench, code: str) -> dict[str, Obligation]:
    """Open deadlines of an issue by their kind."""
    return {o.kind.value: o for o in bench.read(lambda uow: uow.obligations.find(code=code))}


def holds_meeting(bench: Bench, code: str, kind: str = "协调会", start: str = "今天14:00") -> None:
    """The secretary arranges the meeting about an issue, and it is held."""
    bench.says("许安然", f"/会议 安排 {kind} {code} {start}")
    meetings = bench.read(lambda uow: uow.meetings.find(item=code))
    meeting = meetings[-1]
    host = bench.read(lambda uow: uow.people.get(meeting.host or ""))
    assert host is not None
    bench.until(f"{meeting.start_at.astimezone(BEIJING):%m-%d %H:%M}")
    bench.says(host.name, f"/会议 开始 {meeting.code}")
    bench.advance(minutes=45)
    bench.says(host.name, f"/会议 结束 {meeting.code}")
    held = bench.read(lambda uow: uow.meetings.get(meeting.code))
    assert held is not None
    assert held.state is MeetingState.ENDED, bench.forget()


def presses(bench: Bench, who: str, button: str, card: Shown, **form: str) -> str:
    """Somebody fills in a card and presses; returns what he or she sees at once."""
    click = bench.click(who, button, card=card)
    answers = bench.presses(filled(click, form))
    assert answers[0] is not None
    return answers[0].toast


def filled(click: CardClicked, form: dict[str, str]) -> CardClicked:
    values = {name: getattr(click, name) for name in click.__struct_fields__} | {"form": form}
    return CardClicked(**values)


def said(bench: Bench, who: str, text: str) -> str:
    """What the bot answers in private, looked at and forgotten with everything else."""
    bench.forget()
    bench.says(who, text)
    return "\n".join(s.words for s in bench.forget() if s.reader == who)


# ---------------------------------------------------------------- filing


def test_an_employee_files_an_issue_and_gets_its_number_and_the_secretary_its_card(bench: Bench) -> None:
    """Week step 31; R-37, R-92, R-100, T-11: grading is due four working hours later."""
    bench.until("09-15 11:10")
    bench.forget()
    code = files(bench, happened="2026-09-15 10:30")
    assert code == "WT-2026-0012"
    receipt = ["已登记 WT-2026-0012《首件尺寸超差》", "许安然 将在 16:40"]
    bench.expects_card(to="程一帆", contains=receipt, state="待分级", buttons=["发送到群"])
    card = bench.expects_card(to="许安然", state="待分级", colour=CardColour.WAITING, buttons=["分级", "不受理"])
    assert "一般问题：不影响整体进度" in card.words
    bench.expects_nothing_more()
    assert owes(bench, code)["分级"].due_at == at("09-15T16:40")
    assert owes(bench, code)["分级"].holder == "E018"
    found = issue(bench, code)
    assert (found.found_by, found.reporter, found.state) == ("RD", "E016", IssueState.PENDING_GRADING)


def test_at_any_hour_and_without_a_word_about_the_delay_within_a_day(bench: Bench) -> None:
    """R-10, R-37: an issue is filed at night and on a day off like at noon."""
    bench.until("09-19 22:40")
    bench.forget()
    files(bench, happened="2026-09-18 17:00")
    receipt = bench.expects_card(to="程一帆", contains="待分级")
    assert "迟" not in receipt.words


def test_a_late_report_is_flagged_and_not_punished(bench: Bench) -> None:
    """A-14: two working days between what happened and the report."""
    bench.until("09-16 10:00")
    bench.forget()
    code = files(bench, happened="2026-09-14 09:00")
    bench.expects_card(to="程一帆", contains="已隔 2 个工作日")
    assert issue(bench, code).gap_days == 2
    assert "迟报 2 个工作日" in said(bench, "程一帆", f"/问题 {code}")


def test_with_a_title_only_the_rest_is_asked_for_and_nothing_typed_is_lost(bench: Bench) -> None:
    """F2, A4 24."""
    bench.until("10:00")
    bench.says("程一帆", "/问题 上报 首件尺寸超差")
    answer = "\n".join(s.words for s in bench.forget() if s.reader == "程一帆")
    assert "问题名称：首件尺寸超差\n还差 6 项必填：问题描述" in answer
    assert bench.read(lambda uow: [i.code for i in uow.issues.find()]) == ["WT-2026-0011"]
    bench.says("程一帆", "/问题 上报" + FORM.format(at="2026-09-14 09:30", scope="部分环节"))
    assert issue(bench, "WT-2026-0012").title == "首件尺寸超差"


def test_one_question_after_the_other_leads_to_the_same_issue(formless: Bench) -> None:
    """F2, A4 24."""
    formless.until("10:00")
    formless.says("程一帆", "/问题 上报 首件尺寸超差")
    for answer in ("首件长度超出图纸公差 0.3 毫米", "今天 9:30", "研发部、生产部", "部分环节", "中"):
        assert "以下必填项" not in said(formless, "程一帆", answer)
    assert "已登记 WT-2026-0012《首件尺寸超差》" in said(formless, "程一帆", "质量问题")
    assert issue(formless, "WT-2026-0012").departments == ("RD", "PROD")


def test_an_issue_on_an_item_that_the_finder_may_not_see_is_refused_like_a_missing_one(bench: Bench) -> None:
    bench.until("10:00")
    form = FORM.format(at="2026-09-14 09:30", scope="部分环节")
    for text in (form, form.replace("SX-2026-0007", "SX-2026-0999")):
        assert NOT_FOUND in said(bench, "钟晚晴", f"/问题 上报 首件尺寸超差{text}")


def test_ec_85_more_than_five_in_an_hour_bring_a_hint_and_are_accepted(bench: Bench) -> None:
    bench.until("10:00")
    for number in range(6):
        bench.forget()
        files(bench, title=f"问题之{number}")
        receipt = bench.expects_card(to="程一帆", contains="待分级")
        assert ("一小时内已上报 6 项" in receipt.words) is (number == 5)
    graded = bench.read(lambda uow: [f.detail["grade"] for f in uow.facts.find(kind="issue_new")])
    assert graded.count("") >= 5


# ---------------------------------------------------------------- grading


@pytest.mark.slow
def test_an_important_issue_goes_from_grading_over_its_meeting_to_a_solution_and_is_closed_in_time(
    bench: Bench,
) -> None:
    """Week steps 31, 33, 34, 45, 73; R-93..R-96, A-06, A-07, T-13, T-13b."""
    bench.until("09-15 11:10")
    code = files(bench)
    bench.until("09-15 13:45")
    bench.forget()
    grades(bench, code, "重要")
    told = bench.expects_message(to="许安然", contains=["重要问题", "9月18日（周五）18:00", "9月16日（周三）18:00"])
    assert "会议 安排 协调会 WT-2026-0012" in told.words
    for liaison in ("温晓棠", "秦书禾", "袁知行"):
        bench.expects_card(to=liaison, state="待协调会", buttons=[])
    held = owes(bench, code)
    assert held["问题处理"].due_at == at("09-18T18:00")
    assert held["协调会/专题会"].due_at == at("09-16T18:00")
    assert (held["问题处理"].holder, held["协调会/专题会"].holder) == ("E013", "E018")
    facts = bench.read(lambda uow: uow.facts.find(code=code, kind="issue_new"))
    assert [f.detail["grade"] for f in facts] == ["重要问题"]

    refused = said(bench, "许安然", f"/解决方案 {code} 修正夹具 | 质量部 | 袁知行 | 2026-09-18 12:00")
    assert "须先召开协调会" in refused
    holds_meeting(bench, code, start="9-16 14:00")
    assert "协调会/专题会" not in owes(bench, code)
    bench.until("09-16 15:30")
    bench.says("许安然", f"/解决方案 {code} 修正夹具 | 质量部 | 袁知行 | 2026-09-18 12:00")
    done = issue(bench, code)
    assert (done.state, done.in_time, done.due_at) == (IssueState.EXECUTING, True, at("09-18T12:00"))
    assert owes(bench, code)["问题处理"].holder == "E029"
    tasks = bench.read(lambda uow: [t for t in uow.tasks.find() if t.source == code])
    assert [(t.owner, t.due_at) for t in tasks] == [("E029", at("09-18T12:00"))]
    assert done.solution[0].task == tasks[0].code

    bench.until("09-18 09:40")
    bench.forget()
    bench.says("袁知行", f"/结果 {code} 质量部与研发部、生产部已修正夹具并复检，首件尺寸合格")
    confirm = bench.expects_card(to="程一帆", buttons=["已解决", "未解决"])
    bench.until("09-18 10:00")
    assert bench.clicks("程一帆", "已解决", card=confirm) is not None
    close = bench.expects_card(to="许安然", state="反馈人已确认，待闭环", buttons=["闭环"])
    bench.until("09-18 10:10")
    bench.clicks("许安然", "闭环", card=close)
    end = issue(bench, code)
    assert (end.state, end.in_time, end.counts_in_time, owes(bench, code)) == (IssueState.CLOSED, True, True, {})
    assert [f.code for f in bench.read(lambda uow: uow.facts.find(kind="issue_closed"))] == [code]


def test_a_general_issue_of_the_week_is_answered_late_confirmed_and_closed(bench: Bench) -> None:
    """Week steps 28 and 29: WT-2026-0011 was due on Monday; K4 counts it as not in time."""
    bench.until("09-15 10:30")
    bench.forget()
    bench.says("苏念初", "/结果 WT-2026-0011 销售部与行政部已核对展位图，展架改为 3 米，供应商周四前送到")
    bench.expects_message(to="苏念初", contains=["超期", "卢雨桐"])
    card = bench.expects_card(to="卢雨桐", contains="WT-2026-0011", buttons=["已解决", "未解决"])
    found = issue(bench, "WT-2026-0011")
    assert (found.state, found.in_time) == (IssueState.RESOLVED, False)
    bench.until("11:00")
    bench.clicks("卢雨桐", "已解决", card=card)
    close = bench.expects_card(to="许安然", contains="WT-2026-0011", buttons=["闭环"])
    bench.until("11:05")
    toast = bench.clicks("许安然", "闭环", card=close)
    assert toast is not None
    assert "未按期" in toast.toast
    again = bench.clicks("许安然", "闭环", card=close)
    assert again is not None
    assert "该操作已于 11:05 由 许安然 完成" in again.toast


def test_the_card_of_the_secretary_grades_as_the_text_does(bench: Bench) -> None:
    """Step 33 is a press on a card."""
    bench.until("10:00")
    code = files(bench)
    card = bench.expects_card(to="许安然", buttons=["分级", "不受理"])
    form = {
        "grade": "一般问题",
        "grade_reason": "不影响整体进度",
        "lead": "RD",
        "coop": "生产部",
        "impact_scope": "单一任务",
        "severity": "低",
    }
    assert "一般问题" in presses(bench, "许安然", "分级", card, **form)
    found = issue(bench, code)
    assert (found.state, found.lead, found.coop, found.severity) == (IssueState.NEGOTIATING, "RD", ("PROD",), "低")
    assert "该操作已于 10:00 由 许安然 完成" in presses(bench, "许安然", "分级", card, **form)
    assert owes(bench, code)["问题处理"].due_at == at("09-15T18:00")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("重要", "还差 1 项必填：分级依据"),
        ("重要 依据：影响试产装配 牵头：研发部 配合：研发部", "牵头部门不能同时是配合部门"),
        ("重要 依据：影响", "至少 5 个字"),
    ],
)
def test_a_grade_without_its_ground_is_none(bench: Bench, text: str, answer: str) -> None:
    """R-93, R-94."""
    bench.until("10:00")
    code = files(bench)
    assert answer in said(bench, "许安然", f"/分级 {code} {text}")
    assert issue(bench, code).state is IssueState.PENDING_GRADING


def test_on_one_line_it_is_understood_as_well(bench: Bench) -> None:
    bench.until("10:00")
    code = files(bench)
    bench.says("许安然", f"/分级 {code} 一般 依据：不影响整体进度 牵头：研发 配合：生产、质量")
    assert issue(bench, code).coop == ("PROD", "QA")


def test_whoever_files_it_does_not_grade_it(bench: Bench) -> None:
    """SoD-4, L-20: the deputy does, also within the same department."""
    bench.until("10:00")
    bench.says("许安然", "/问题 上报 会议室冲突" + FORM.format(at="2026-09-14 09:30", scope="单一任务"))
    code = "WT-2026-0012"
    bench.expects_card(to="魏子墨", buttons=["分级", "不受理"])
    assert owes(bench, code)["分级"].holder == "E020"
    assert "您没有执行此操作的权限" in said(bench, "许安然", f"/分级 {code} 一般{GRADING}")
    grades(bench, code, "一般", who="魏子墨")
    assert issue(bench, code).state is IssueState.NEGOTIATING


def test_a_secretary_does_not_grade_what_the_own_department_answers_for(bench: Bench) -> None:
    """SoD-4: the deputy, who did not file it, may."""
    bench.until("10:00")
    code = files(bench)
    own = GRADING.replace("牵头部门：研发部", "牵头部门：行政部")
    assert "您没有执行此操作的权限" in said(bench, "许安然", f"/分级 {code} 一般{own}")
    bench.says("魏子墨", f"/分级 {code} 一般{own}")
    assert issue(bench, code).lead == "ADMIN"


@pytest.mark.parametrize("who", ["程一帆", "陆怀谷", "顾明远", "高远航"])
def test_nobody_else_grades(bench: Bench, who: str) -> None:
    """P-27, SoD-9."""
    bench.until("10:00")
    code = files(bench)
    assert "您没有执行此操作的权限" in said(bench, who, f"/分级 {code} 一般{GRADING}")


def test_ec_86_a_second_regrade_tells_the_leader_and_old_limits_stay_visible(bench: Bench) -> None:
    bench.until("10:00")
    code = files(bench)
    grades(bench, code, "一般")
    bench.until("14:00")
    grades(bench, code, "重要", more="\n调整原因：影响扩大到装配")
    assert issue(bench, code).due_at == at("09-17T18:00")
    bench.forget()
    grades(bench, code, "一般", more="\n调整原因：已找到替代办法")
    bench.expects_message(to="顾明远", contains=["第 2 次调整等级", "重要问题→一般问题", "已找到替代办法"])
    shown = said(bench, "许安然", f"/问题 {code}")
    assert shown.count("分级：") == 3
    assert "9月17日（周四）18:00" in shown


def test_ec_85_an_issue_is_merged_or_not_accepted_and_its_finder_is_told(bench: Bench) -> None:
    bench.until("10:00")
    first = files(bench)
    second = files(bench, "杜若溪", "首件尺寸还是超差")
    bench.forget()
    bench.says("许安然", f"/并入 {second} {first}")
    bench.expects_message(to="杜若溪", contains=[second, f"已并入，后续请看 {first}"])
    assert issue(bench, second).merged_into == first
    assert "请填写原因" in said(bench, "许安然", f"/不予受理 {first} 不行")
    bench.says("许安然", f"/不予受理 {first} 属于本部门内部事务")
    bench.expects_message(to="程一帆", contains=["未予受理", "属于本部门内部事务"])

    bench.forget()
    bench.says("程一帆", f"/重开 {first} 生产部也受影响，附测量记录")
    again = issue(bench, first)
    assert (again.state, again.refusals) == (IssueState.PENDING_GRADING, 1)
    assert "附测量记录" in str(again.content["description"])
    bench.says("许安然", f"/不予受理 {first} 仍属本部门内部事务")
    bench.expects_message(to="顾明远", contains="再次未予受理")
    assert "不能再次提交" in said(bench, "程一帆", f"/重开 {first} 再补充一些事实")


# ---------------------------------------------------------------- results


def test_a_result_names_both_sides_and_says_something(bench: Bench) -> None:
    """R-95, P-28."""
    bench.until("10:00")
    for text, answer in (
        ("已处理", "处理结果太短"),
        ("销售部已经重新核对了展位图", "还没提到：行政"),
        ("已经重新核对了展位图并改好了", "还没提到：销售、行政"),
    ):
        assert answer in said(bench, "苏念初", f"/结果 WT-2026-0011 {text}")
    assert issue(bench, "WT-2026-0011").state is IssueState.NEGOTIATING
    bench.says("苏念初", "/结果 WT-2026-0011 与卢雨桐一起核对，苏念初已改好展位图")
    assert issue(bench, "WT-2026-0011").result == "与卢雨桐一起核对，苏念初已改好展位图"


def test_only_those_who_handle_it_give_the_result(bench: Bench) -> None:
    bench.until("10:00")
    assert "您没有执行此操作的权限" in said(bench, "秦书禾", "/结果 WT-2026-0011 销售部与行政部已经改好展位图")


@pytest.mark.slow
def test_not_solved_brings_it_back_with_a_new_limit_and_the_finder_may_reopen_it_later(bench: Bench) -> None:
    """3.7: reopen counter, clock restarts; the finder within five working days (K4)."""
    code = "WT-2026-0011"
    bench.until("10:00")
    result = f"/结果 {code} 销售部与行政部已核对展位图，展架改为 3 米"
    bench.says("苏念初", result)
    bench.until("11:00")
    assert "请填写原因" in said(bench, "卢雨桐", f"/仍未解决 {code}")
    bench.says("卢雨桐", f"/仍未解决 {code} 展架仍然偏高")
    bench.expects_message(to="苏念初", contains=["仍未解决", "展架仍然偏高"])
    back = issue(bench, code)
    assert (back.state, back.reopened, back.due_at) == (IssueState.NEGOTIATING, 1, at("09-15T18:00"))
    bench.says("苏念初", result)
    bench.says("卢雨桐", f"/确认 {code}")
    bench.says("许安然", f"/闭环 {code}")
    end = issue(bench, code)
    assert (end.state, end.counts_in_time) == (IssueState.CLOSED, False)
    bench.until("09-20 09:00")
    bench.says("卢雨桐", f"/重开 {code} 展架又歪了一次")
    assert (issue(bench, code).state, issue(bench, code).reopened) == (IssueState.NEGOTIATING, 2)


def test_after_five_working_days_only_the_secretary_opens_it_again(bench: Bench) -> None:
    code = "WT-2026-0011"
    bench.until("10:00")
    bench.says("苏念初", f"/结果 {code} 销售部与行政部已核对展位图，展架改为 3 米")
    bench.says("卢雨桐", f"/确认 {code}")
    bench.says("许安然", f"/闭环 {code}")
    bench.until("09-21 09:00")
    assert "超过 5 个工作日" in said(bench, "卢雨桐", f"/重开 {code} 展架又歪了一次")
    bench.says("许安然", f"/重开 {code} 展架又歪了一次")
    assert issue(bench, code).state is IssueState.NEGOTIATING


def test_without_the_finders_word_it_is_closed_after_two_working_days_with_a_reason(bench: Bench) -> None:
    """R-101, T-12c: the finder is told and may open it again."""
    code = "WT-2026-0011"
    bench.until("10:00")
    bench.says("苏念初", f"/结果 {code} 销售部与行政部已核对展位图，展架改为 3 米")
    assert owes(bench, code)["结果确认"].due_at == at("09-16T18:00")
    assert "尚待反馈人确认" in said(bench, "许安然", f"/闭环 {code} 反馈人没有答复")
    bench.until("09-17 09:30")
    card = next(s for s in reversed(bench.everything()) if s.reader == "许安然" and "[闭环]" in s.words)
    assert set(owes(bench, code)) == {"结果确认", "闭环"}
    assert "请填写原因" in presses(bench, "许安然", "闭环", card, reason="")
    bench.forget()
    presses(bench, "许安然", "闭环", card, reason="反馈人两日未答复")
    bench.expects_message(to="卢雨桐", contains=["未等到您的确认", "反馈人两日未答复", "重开 WT-2026-0011"])
    assert issue(bench, code).is_unconfirmed


def test_the_head_of_the_finder_may_confirm_in_his_place(bench: Bench) -> None:
    """3.7: finder, or the finder's liaison or head; nobody else (P-31)."""
    bench.until("10:00")
    code = files(bench)
    grades(bench, code, "一般")
    bench.says("温晓棠", f"/结果 {code} 研发部与生产部已按新版图纸返修合格")
    assert "您没有执行此操作的权限" in said(bench, "秦书禾", f"/确认 {code}")
    bench.says("陆怀谷", f"/确认 {code}")
    assert issue(bench, code).confirmed_by == "E012"


def test_when_its_limit_passes_the_secretary_may_raise_the_grade(bench: Bench) -> None:
    """T-12: offer 升级; everything else stays, the clock begins again."""
    bench.until("18:00")
    card = next(s for s in reversed(bench.everything()) if s.reader == "许安然" and "[升级]" in s.words)
    assert card.card.colour is CardColour.OVERDUE
    bench.until("09-15 09:10")
    presses(bench, "许安然", "升级", card, reason="两部门没有谈拢")
    found = issue(bench, "WT-2026-0011")
    assert (found.state, found.due_at) == (IssueState.COORDINATING, at("09-18T18:00"))
    assert [g.due_at for g in found.gradings] == [at("09-14T18:00"), at("09-18T18:00")]


# ---------------------------------------------------------------- major issues


@pytest.mark.slow
def test_a_major_issue_reaches_leader_and_heads_at_once_and_ends_in_a_special_meeting(bench: Bench) -> None:
    """Week steps 74, 75 and 90; R-97..R-99, T-14, T-14b, P-30."""
    bench.until("09-18 10:50")
    code = files(bench, "尹若谷", "关键物料批次不合格")
    bench.until("09-18 11:05")
    bench.forget()
    grades(bench, code, "重大")
    card = bench.expects_card(to="顾明远", state="已上报组长", buttons=["已知悉"])
    for head in ("陆怀谷", "罗启安", "尹若谷"):
        bench.expects_card(to=head, state="已上报组长", buttons=[])
    assert owes(bench, code)["知悉"].due_at == at("09-18T11:35")
    assert owes(bench, code)["协调会/专题会"].due_at == at("09-20T18:00")
    bench.until("09-18 11:15")
    toast = presses(bench, "顾明远", "已知悉", card, start_at="9-20 10:00")
    assert "专题会 HY-2026" in toast
    found = issue(bench, code)
    assert (found.state, found.acknowledged_by) == (IssueState.SPECIAL_MEETING, "E002")
    meeting = bench.read(lambda uow: uow.meetings.get(found.meeting or ""))
    assert meeting is not None
    assert (meeting.start_at, meeting.host) == (at("09-20T10:00"), "E002")

    bench.until("09-20 11:20")
    solution = f"/解决方案 {code}\n解决方案：更换供应商并全检来料 | 生产部 | 罗启安{{due}}\n是否调整协作方案：是"
    refused = said(bench, "许安然", solution.format(due=""))
    assert "须明确责任人和完成时限（R-98）" in refused
    assert "第 1 行缺少：完成时限" in refused
    bench.forget()
    bench.says("许安然", solution.format(due=" | 2026-09-23"))
    done = issue(bench, code)
    assert (done.state, done.due_at, done.plan_change) == (IssueState.EXECUTING, at("09-23T18:00"), True)
    assert [t.owner for t in bench.read(lambda uow: uow.tasks.find()) if t.source == code] == ["E003"]
    plans = bench.read(lambda uow: uow.plans.find(item="SX-2026-0007"))
    assert [p.cause for p in plans if p.number == 2] == [code]


def test_at_night_a_major_issue_is_told_at_once(bench: Bench) -> None:
    """L-09, R-97: exempt from working hours."""
    bench.until("20:30")
    code = files(bench)
    bench.until("22:10")
    bench.forget()
    grades(bench, code, "重大")
    bench.expects_card(to="顾明远", state="已上报组长")
    bench.expects_card(to="罗启安", state="已上报组长")


def test_until_somebody_takes_note_the_leader_is_reminded_and_from_the_third_time_the_alternate_too(
    bench: Bench,
) -> None:
    """T-14, L-27: every thirty working minutes."""
    bench.until("09:30")
    code = files(bench)
    bench.until("10:00")
    grades(bench, code, "重大")
    bench.forget()
    bench.until("13:45")
    reminders = [s for s in bench.forget() if "尚未知悉" in s.words]
    told = [(s.reader, f"{s.sent.at.astimezone(BEIJING):%H:%M}") for s in reminders]
    assert told == [
        ("顾明远", "10:30"),
        ("顾明远", "11:00"),
        ("顾明远", "11:30"),
        ("沈若川", "11:30"),
        ("顾明远", "12:00"),
        ("沈若川", "12:00"),
    ]
    bench.says("顾明远", f"/知悉 {code}")
    bench.expects_message(to="许安然", contains="请安排专题会")
    bench.forget()
    bench.advance(hours=4)
    assert not [s for s in bench.forget() if "尚未知悉" in s.words]
    assert issue(bench, code).state is IssueState.ESCALATED


@pytest.mark.slow
def test_a_major_issue_is_closed_by_the_leader(bench: Bench) -> None:
    """P-33."""
    bench.until("10:00")
    code = files(bench)
    grades(bench, code, "重大")
    bench.says("顾明远", f"/知悉 {code} 今天15:00")
    bench.says("许安然", f"/解决方案 {code} 全检来料 | 质量部 | 袁知行 | 9-16\n是否调整协作方案：否")
    bench.until("14:00")
    bench.says("袁知行", f"/结果 {code} 来料已经全部检验完毕，不合格品退回")
    bench.says("程一帆", f"/确认 {code}")
    assert "您没有执行此操作的权限" in said(bench, "许安然", f"/闭环 {code}")
    bench.says("顾明远", f"/闭环 {code}")
    assert issue(bench, code).state is IssueState.CLOSED


def test_of_a_major_issue_it_is_said_whether_the_plan_changes(bench: Bench) -> None:
    """R-99."""
    bench.until("10:00")
    code = files(bench)
    grades(bench, code, "重大")
    bench.says("顾明远", f"/知悉 {code} 今天15:00")
    answer = said(bench, "许安然", f"/解决方案 {code} 全检来料 | 质量部 | 袁知行 | 9-16")
    assert "是否调整协作方案" in answer
    assert issue(bench, code).state is IssueState.SPECIAL_MEETING


# ---------------------------------------------------------------- confidential issues

SECRET = (
    FORM.replace("密级：普通", "密级：涉密").replace("SX-2026-0007", "SX-2026-0008").replace("生产部、质量部", "财务部")
)


def files_secret(bench: Bench) -> str:
    bench.says(
        "夏知微", "/问题 上报 X1成本核算差异" + SECRET.format(at=f"{bench.now:%Y-%m-%d} 09:00", scope="部分环节")
    )
    return "WT-2026-0012"


@pytest.mark.slow
def test_a_confidential_issue_is_known_to_its_list_only(bench: Bench) -> None:
    """Week steps 66, 67, 69, 84, 96; 2.5, L-21, EC-70, EC-74."""
    bench.until("09-17 16:00")
    bench.forget()
    code = files_secret(bench)
    first = issue(bench, code)
    assert (first.secrecy, set(first.access)) == (2, {"E022", "E018", "E002"})
    assert owes(bench, code)["分级"].due_at == at("09-18T11:00")
    refused = said(bench, "夏知微", f"/发送到群 {code}")
    assert "涉密内容不得在群内发送，请在与机器人的单聊中操作。" in refused
    bench.until("09-17 17:00")
    bench.says("许安然", f"/分级 {code} 一般\n分级依据：差异不影响整体进度\n牵头部门：研发部\n配合部门：财务部")
    graded = issue(bench, code)
    assert set(graded.access) == {"E022", "E018", "E002", "E012", "E021", "E013"}
    assert owes(bench, code)["问题处理"].due_at == at("09-18T18:00")
    assert code in said(bench, "温晓棠", "/涉密待办")
    bench.until("09-21 09:30")
    bench.says("温晓棠", f"/结果 {code} 研发部与财务部已核对差异来源并更正")
    bench.until("09-21 09:40")
    bench.says("夏知微", f"/确认 {code}")
    bench.until("09-21 10:00")
    bench.says("许安然", f"/闭环 {code}")
    assert (issue(bench, code).state, issue(bench, code).in_time) == (IssueState.CLOSED, False)
    listed = {p.name for p in bench.read(lambda uow: [uow.people.get(x) for x in graded.access]) if p is not None}
    for shown in bench.everything():
        if code in shown.words and "未找到" not in shown.words:
            assert shown.reader in listed, shown
        if "成本核算差异" in shown.words:
            assert shown.reader in listed, shown


def test_ec_73_missing_and_hidden_read_the_same_and_both_are_on_record(bench: Bench) -> None:
    bench.until("09-17 16:00")
    code = files_secret(bench)
    bench.until("09-17 16:10")
    answers = [said(bench, "何沐晴", f"/问题 {number}") for number in (code, "WT-2026-9999")]
    assert answers == [NOT_FOUND, NOT_FOUND]
    refused = [r for r in bench.audit() if r.action == "refused" and r.actor == "E011"]
    assert [r.ref for r in refused] == [code, "WT-2026-9999"]


def test_ec_73_twenty_look_ups_a_minute_are_enough(bench: Bench) -> None:
    bench.until("10:00")
    for number in range(21):
        bench.says("何沐晴", f"/问题 WT-2026-{9000 + number}")
    last = [s.words for s in bench.everything() if s.reader == "何沐晴"][-1]
    assert "查询过于频繁" in last


def test_ec_70_in_a_group_a_confidential_issue_does_not_exist(bench: Bench) -> None:
    bench.until("09-17 16:00")
    code = files_secret(bench)
    bench.forget()
    bench.says("夏知微", f"@回音 问题 {code}", where="ALL")
    told = [s for s in bench.forget() if not s.is_update]
    assert not [s for s in told if "成本" in s.words or "涉密" in s.words]
    assert [s for s in told if s.reader == "夏知微" and NOT_FOUND in s.words]


def test_ec_71_in_the_list_a_confidential_issue_is_only_counted(bench: Bench) -> None:
    bench.until("09-17 16:00")
    code = files_secret(bench)
    listed = said(bench, "许安然", "/问题 列表")
    assert code not in listed
    assert "另有 1 项涉密" in listed
    assert "另有" not in said(bench, "何沐晴", "/问题 列表")


def test_what_is_confidential_is_not_filed_in_a_group(bench: Bench) -> None:
    bench.until("10:00")
    bench.says(
        "夏知微", "@回音 问题 上报 成本差异" + SECRET.format(at="2026-09-14 09:00", scope="部分环节"), where="ALL"
    )
    assert bench.read(lambda uow: [i.code for i in uow.issues.find()]) == ["WT-2026-0011"]


def test_an_open_issue_is_shared_into_the_group_of_its_item(bench: Bench) -> None:
    bench.until("10:00")
    code = files(bench)
    card = bench.expects_card(to="程一帆", buttons=["发送到群"])
    bench.clicks("程一帆", "发送到群", card=card)
    bench.expects_card(in_chat="X1", contains=[code, "首件长度超出图纸公差"], buttons=[])


def test_it_is_read_by_those_who_may_and_in_a_group_on_six_lines(bench: Bench) -> None:
    """P-54."""
    bench.until("10:00")
    code = files(bench)
    grades(bench, code, "一般")
    for who in ("程一帆", "许安然", "顾明远", "秦书禾", "陆怀谷"):
        assert "首件长度超出图纸公差" in said(bench, who, f"/问题 {code}")
    assert NOT_FOUND in said(bench, "钟晚晴", f"/问题 {code}")
    bench.forget()
    bench.says("秦书禾", f"@回音 问题 {code}", where="X1")
    shown = bench.expects_message(in_chat="X1", contains="首件尺寸超差")
    assert shown.words.count("\n") <= 5


def test_ec_100_what_was_filed_stays_in_the_ledger(bench: Bench) -> None:
    bench.until("10:00")
    code = files(bench)
    bench.says("许安然", f"/不予受理 {code} 属于本部门内部事务")
    assert issue(bench, code).state is IssueState.NOT_ACCEPTED


def test_a_changed_calendar_moves_the_limit_of_the_issue_too(bench: Bench) -> None:
    bench.until("10:00")
    code = files(bench)
    grades(bench, code, "重要")
    assert issue(bench, code).due_at == at("09-17T18:00")
    bench.says("许安然", "/日历 停工 2026-09-16 台风停工")
    bench.says("许安然", "/日历 确认")
    assert issue(bench, code).due_at == owes(bench, code)["问题处理"].due_at == at("09-18T18:00")


def test_the_company_may_count_the_limit_from_filing(bench: Bench) -> None:
    """A-06: `issue.clock_start = filed`; grading has its own limit either way (T-11)."""
    bench.until("10:00")
    code = files(bench)
    present = bench.file.company
    counted = replace(present, parameters=replace(present.parameters, issue_clock_start="filed"))
    bench.transact(lambda uow: takes_over(bench, uow, counted))
    bench.until("09-15 10:00")
    grades(bench, code, "一般")
    assert issue(bench, code).due_at == at("09-15T18:00")


def takes_over(bench: Bench, uow: UnitOfWork, changed: Company) -> None:
    """The company file with other parameters."""
    company.take_over(uow, replace(bench.file, company=changed), now=bench.now, force=True)


def test_at_night_the_card_to_grade_waits_for_the_morning(bench: Bench) -> None:
    """L-09: what nobody asked for at work is not sent at night; the receipt is."""
    bench.until("21:00")
    bench.forget()
    files(bench)
    assert {s.reader for s in bench.forget()} == {"程一帆"}
    bench.until("09-15 09:01")
    bench.expects_card(to="许安然", buttons=["分级", "不受理"])


def test_the_alarm_of_the_platform_rings_for_the_card_of_a_major_issue(bench: Bench) -> None:
    """T-14: phone-style, where the platform can."""
    bench.until("10:00")
    code = files(bench)
    grades(bench, code, "重大")
    bench.until("10:31")
    rung = [s.sent.outbound for s in bench.everything() if isinstance(s.sent.outbound, Urge)]
    assert [[a.account for a in urge.accounts] for urge in rung] == [["ou_sample_e002"]]


def test_of_a_sensitive_issue_groups_and_cards_show_number_and_state_only(bench: Bench) -> None:
    """2.5, EC-08, EC-74: direct messages begin with the number; involved people read the rest in private."""
    bench.until("10:00")
    code = files(bench, more="\n密级：内部敏感")
    grades(bench, code, "一般")
    card = bench.expects_card(to="温晓棠", contains="内容不在卡片上显示")
    assert "首件" not in card.words
    bench.says("温晓棠", f"/结果 {code} 研发部与生产部已按新版图纸返修合格")
    bench.says("程一帆", f"/仍未解决 {code} 尺寸仍然超差")
    told = bench.expects_message(to="温晓棠", contains="仍未解决")
    assert told.words.startswith(f"{code}\n")
    assert "首件" not in told.words
    assert "首件尺寸超差" in said(bench, "温晓棠", f"/问题 {code}")
    bench.says("程一帆", f"/发送到群 {code}")
    assert "首件" not in bench.expects_card(in_chat="X1", contains=code).words


def test_ec_72_a_card_in_the_group_keeps_number_and_state_when_the_item_becomes_confidential(bench: Bench) -> None:
    bench.until("10:00")
    code = files(bench)
    bench.says("程一帆", f"/发送到群 {code}")
    bench.forget()
    item = bench.read(lambda uow: uow.items.get("SX-2026-0007"))
    assert item is not None
    after = replace(item, secrecy=2, access=(PersonId("E018"),))
    bench.within(lambda context: context.announce(ItemChanged(item, after)))
    assert issue(bench, code).secrecy == 2
    assert "首件" not in bench.expects_card_update(in_chat="X1", contains=code).words


def test_what_departments_disagree_about_may_be_filed_as_a_conflict(bench: Bench) -> None:
    """F2-13."""
    bench.until("10:00")
    text = "/问题 上报 返工无人负责" + FORM.format(at="2026-09-14 09:30", scope="部分环节")
    assert "冲突 上报" in said(bench, "程一帆", text.replace("质量问题", "职责不清"))


def test_a_department_that_cooperates_on_the_item_may_lead_an_issue_of_it(bench: Bench) -> None:
    """The item's departments are filled in beforehand; who took one of them as the lead was once told that it cannot be both."""
    bench.until("09:00")
    code = files(bench)
    bench.says(
        "许安然", f"/分级 {code} 一般\n分级依据：不影响整体进度\n影响范围：部分环节\n严重程度：低\n牵头部门：生产部"
    )
    graded = issue(bench, code)
    assert graded.lead == "PROD"
    assert "PROD" not in graded.coop
    assert graded.coop


def test_ec_72_an_issue_becomes_confidential_in_mid_life_and_every_card_and_list_follows(bench: Bench) -> None:
    """`密级` was known for requests and items only; of an issue it was said that the number does not exist."""
    bench.until("09:00")
    code = files(bench)
    grades(bench, code, "一般")
    bench.forget()
    bench.says("秦书禾", f"密级 {code} 涉密")
    assert issue(bench, code).secrecy == 0
    bench.forget()
    bench.says("程一帆", f"密级 {code} 涉密")
    assert all("首件尺寸超差" not in shown.words for shown in bench.forget())
    kept = issue(bench, code)
    assert kept.secrecy == 2
    assert {"E016", "E018", "E002"} <= set(kept.access)
    assert {o.secrecy for o in bench.read(lambda uow: uow.obligations.find(code=code))} == {2}
    bench.says("夏知微", f"问题 {code}")
    bench.expects_message(to="夏知微", contains=NOT_FOUND)


def test_ec_72_two_lower_the_level_of_an_issue_and_its_list_gains_and_loses_readers(bench: Bench) -> None:
    bench.until("09:00")
    code = files(bench)
    grades(bench, code, "一般")
    bench.says("程一帆", f"密级 {code} 涉密")
    bench.says("程一帆", f"知悉范围 {code} @夏知微")
    assert "E022" in issue(bench, code).access
    bench.says("程一帆", f"知悉范围 {code} 移出 @夏知微")
    assert "E022" not in issue(bench, code).access
    bench.forget()
    bench.says("陆怀谷", f"密级 {code} 普通")
    bench.expects_message(to="陆怀谷", contains="须牵头部门负责人和组长都同意")
    assert issue(bench, code).secrecy == 2
    bench.says("顾明远", f"密级 {code} 普通")
    assert issue(bench, code).secrecy == 0
    assert issue(bench, code).access == ()
