"""`/待办`: what waits for me, with deadlines, and what I wait for."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.request import Request, RequestState
from bot.ports import UnitOfWork
from bot.routing import Context
from handlers.deadlines import deadlines
from tests.handlers.bench import Bench
from tests.handlers.request_words import CODE, submitted
from tests.handlers.shown import BEIJING


def at(text: str) -> datetime:
    """An instant of 2026 in Beijing."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def test_it_lists_questions_and_limits_by_due_time_and_what_one_waits_for(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.says("袁知行", "@秦书禾 首批数量？", where="X1")
    bench.says("袁知行", "待办")
    said = bench.expects_message(to="袁知行")
    assert said.words.splitlines() == [
        "等您处理（2）",
        "⏰ HF-2026-0001 回复方景行：09:30 前（还剩 30 分钟）",
        "· RW-2026-0032 检测夹具到位（任务）9月18日（周五）18:00 前（还剩 4 天 9 小时）",
        "您在等：",
        "· HF-2026-0002 生产，09:30 前（还剩 30 分钟）",
    ]


def test_an_overdue_matter_says_by_how_much(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("10:15")
    bench.forget()
    bench.says("袁知行", "待办")
    bench.expects_message(to="袁知行", contains="HF-2026-0001 回复方景行：应于 09:30，已超时 45 分钟")


def test_a_head_sees_what_was_brought_before_him(bench: Bench) -> None:
    """He was told to step in; his list once said that nothing waited for him."""
    bench.until("09:00")
    bench.says("方景行", "@袁知行 检测夹具？", where="X1")
    bench.until("09:45")
    bench.says("尹若谷", "待办")
    bench.expects_message(to="尹若谷", contains="现在没有事等您")
    bench.until("10:15")
    bench.forget()
    bench.says("尹若谷", "待办")
    bench.expects_message(
        to="尹若谷", contains=["等您处理（1）", "⚠️ HF-2026-0001 请协调：袁知行 回复方景行，应于 09:30，已超时 45 分钟"]
    )
    bench.says("袁知行", "已收到 HF-1 下午到")
    bench.forget()
    bench.says("尹若谷", "待办")
    bench.expects_message(to="尹若谷", contains="现在没有事等您")


def test_with_nothing_to_do_it_says_so(bench: Bench) -> None:
    bench.says("何沐晴", "我的")
    said = bench.expects_message(to="何沐晴")
    assert "等您处理（1）" in said.words
    bench.says("方景行", "我的")
    bench.expects_message(to="方景行", contains="✅ 现在没有事等您。")


def test_a_stand_in_sees_what_waits_for_the_absent(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 今天 明天 代理 @白司南")
    bench.says("秦书禾", "@温晓棠 图纸以哪版为准？", where="X1")
    bench.forget()
    bench.says("白司南", "待办")
    bench.expects_message(to="白司南", contains="HF-2026-0001 回复秦书禾")
    bench.says("温晓棠", "待办")
    bench.expects_message(to="温晓棠", lacks="HF-2026-0001")


def test_an_answered_question_is_gone_from_the_list(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("方景行", "@尹若谷 检测夹具？", where="X1")
    bench.says("尹若谷", "@方景行 到了", where="X1")
    bench.says("尹若谷", "待办")
    bench.expects_message(to="尹若谷", lacks="HF-2026-0001")


def test_in_a_group_the_list_goes_to_the_private_chat(bench: Bench) -> None:
    bench.says("袁知行", "@回音 待办", where="X1")
    bench.expects_message(in_chat="X1", contains="已私信您。", lacks="RW-2026-0032")
    bench.expects_message(to="袁知行", contains="RW-2026-0032")
    bench.expects_nothing_more()


# ---------------------------------------------------------------- limits of all kinds


def owes(bench: Bench, code: str, due: str, *, kind: ObligationKind = ObligationKind.REVIEW, **changes: object) -> None:
    """One more open deadline, of the quality department and its liaison unless said otherwise."""
    given: dict[str, object] = {
        "title": "首件检验", "holder": PersonId("E029"), "department": DepartmentId("QA"),
        "opened_at": at("09-11 10:00"), "slot": "",
    }  # fmt: skip
    given |= changes
    key = Obligation.key_for(code, kind, str(given.pop("slot")))
    one = Obligation(key=key, code=code, kind=kind, due_at=at(due), **given)  # type: ignore[arg-type]

    def work(context: Context) -> None:
        deadlines.settle(context, code, [*context.uow.obligations.find(code=code), one])

    bench.within(work)


def test_whoever_stands_in_for_an_absent_holder_sees_his_limits_with_the_name(bench: Bench) -> None:
    """2.6: the delegate of a task, the acting head of a review."""
    bench.until("09:00")
    owes(bench, "XQ-2026-0090", "09-15 18:00", holder=PersonId("E028"))
    bench.says("袁知行", "请假 今天 明天 代理 @贺云深")
    bench.says("尹若谷", "请假 今天 明天 代理 @陆怀谷")
    bench.forget()
    bench.says("贺云深", "待办")
    bench.expects_message(to="贺云深", contains=["等您处理（1）", "RW-2026-0032 检测夹具到位（任务）", "（代袁知行）"])
    bench.says("陆怀谷", "待办")
    bench.expects_message(to="陆怀谷", contains=["XQ-2026-0090 首件检验（审核）", "（代尹若谷）"])
    bench.says("袁知行", "待办")
    bench.expects_message(to="袁知行", contains="RW-2026-0032", lacks="（代")


def test_confidential_limits_are_counted_and_listed_elsewhere(bench: Bench) -> None:
    """EC-71."""
    bench.until("09:00")
    owes(bench, "WT-2026-0090", "09-15 18:00", secrecy=2, title="成本核算差异")
    bench.says("袁知行", "待办")
    bench.expects_message(
        to="袁知行",
        contains=["等您处理（1）", "另有 1 件涉密，单聊发“涉密待办”查看。"],
        lacks=["WT-2026-0090", "成本"],
    )
    bench.says("袁知行", "涉密待办")
    bench.expects_message(to="袁知行", contains="WT-2026-0090《成本核算差异》")


def test_what_i_asked_for_says_who_has_it_now(bench: Bench) -> None:
    bench.until("09:00")

    def file(uow: UnitOfWork) -> None:
        uow.requests.add(
            Request(
                code=Code("XQ-2026-0090"),
                state=RequestState.IN_REVIEW,
                lead=DepartmentId("SALES"),
                created_by=PersonId("E011"),
                created_at=bench.now,
                title="展会直播",
            )
        )

    bench.transact(file)
    for slot, head in (("RD", "E012"), ("PROD", "E003"), ("QA", "E028"), ("FIN", "E021")):
        owes(bench, "XQ-2026-0090", "09-15 18:00", holder=PersonId(head), slot=slot)
    bench.says("何沐晴", "待办")
    bench.expects_message(
        to="何沐晴",
        contains=["您在等：", "· XQ-2026-0090《展会直播》审核：", "等 4 人，9月15日（周二）18:00 前"],
    )


def test_a_head_sees_what_waits_in_the_department_with_who_has_it(bench: Bench) -> None:
    """R-17."""
    bench.until("09-16 18:00")
    bench.forget()
    bench.says("罗启安", "部门待办")
    bench.expects_message(
        to="罗启安", contains=["生产待办（1，超期 1）", "RW-2026-0031 首件试制（任务）柳青原：应于 17:00"]
    )
    bench.says("何沐晴", "部门待办")
    bench.expects_message(to="何沐晴", contains="部门待办由部门负责人查看")
    bench.says("罗启安", "@回音 部门待办", where="X1")
    bench.expects_message(in_chat="X1", contains="已私信您", lacks="RW-2026-0031")


def test_who_has_a_number_and_who_had_it_before(bench: Bench) -> None:
    """A late item is not blamed on the last person who had it."""
    bench.until("10:00")
    [one] = bench.read(lambda uow: uow.obligations.find(code="RW-2026-0031"))
    bench.within(lambda context: deadlines.hand_over(context, one, PersonId("E007")))
    bench.until("11:30")
    bench.says("秦书禾", "谁在办 RW-31")
    words = bench.expects_message(to="秦书禾", contains="RW-2026-0031 任务由孟知夏办理，9月16日（周三）17:00 前").words
    line = next(line for line in words.split("\n") if line.startswith("经手："))
    assert line.startswith("经手：柳青原 ")
    assert line.endswith("→ 孟知夏 1 小时 30 分（正在办）")
    bench.says("夏知微", "谁在办 RW-31")
    bench.expects_message(to="夏知微", contains="未找到该编号，或您无权查看。")
    bench.says("夏知微", "谁在办 RW-999")
    bench.expects_message(to="夏知微", contains="未找到该编号，或您无权查看。")


def test_what_nobody_has_to_do_anything_about_says_so(bench: Bench) -> None:
    bench.says("温晓棠", "谁在办 SX-7")
    bench.expects_message(to="温晓棠", contains="SX-2026-0007 现在没有等人办理的期限。")
    bench.says("温晓棠", "为什么 SX-7")
    bench.expects_message(to="温晓棠", contains="SX-2026-0007 现在没有进行中的期限。")


def test_a_request_that_was_sent_back_waits_for_whoever_submitted_it(bench: Bench) -> None:
    """No limit runs for it, so the list once left it out, and it lay until the weekly reminder."""
    bench.until("10:10")
    cards = submitted(bench)
    bench.clicks("尹若谷", "退回", card=cards["尹若谷"], answer="缺少检验人力与设备需求")
    bench.forget()
    bench.says("温晓棠", "待办")
    bench.expects_message(to="温晓棠", contains=["等您处理（1）", f"{CODE}《X1量产导入》已退回，请补充后再提交"])
    bench.says("尹若谷", "待办")
    bench.expects_message(to="尹若谷", contains="现在没有事等您")
