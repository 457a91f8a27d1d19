"""Items at work: steps 37 and 39 of the acceptance week, what `/事项` shows, and what else can happen to an item (domain.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.acceptance import Acceptance, AcceptanceState
from bot.domain.directory import Role
from bot.domain.group import Group
from bot.domain.happened import AcceptanceChanged, PostsChanged
from bot.domain.ids import ChatKey, Code, DepartmentId, PersonId
from bot.domain.issue import Grade, Grading, Issue, IssueState
from bot.domain.item import ItemState, Level
from bot.domain.plan import PlanState
from bot.domain.request import Request
from bot.messages import SendText
from bot.ports import UnitOfWork
from handlers.items.items import archive
from tests.handlers.bench import EVERYTHING, Bench
from tests.handlers.plan_stage import (
    HEADS,
    ITEM,
    PLAN,
    WRITTEN,
    approve,
    approved,
    in_force,
    item,
    plan,
    request,
    tasks,
)
from tests.handlers.shown import BEIJING

X1, EXPO = "SX-2026-0007", "SX-2026-0008"


def routine() -> Request:
    """XQ-2026-0016 of the week: 校招宣讲物料, lead HR, coop ADMIN."""
    return request(
        code=Code("XQ-2026-0016"),
        lead=DepartmentId("HR"),
        created_by=PersonId("E024"),
        title="校招宣讲物料",
        level=Level.ROUTINE,
        coop=(DepartmentId("ADMIN"),),
        content={
            "title": "校招宣讲物料",
            "goal": "九月下旬完成全部校招物料",
            "duties": (("HR", "内容与行程", "E025"), ("ADMIN", "物料制作与布展", "E019")),
            "start_on": "2026-09-15",
            "end_on": "2026-09-22",
            "serves": "日常工作",
        },
    )


def file_issue(bench: Bench, grade: Grade, code: str = "WT-2026-0091", **more: object) -> None:
    """An open issue on X1."""
    now = datetime(2026, 9, 14, 1, tzinfo=UTC)
    issue = Issue(
        code=Code(code),
        state=IssueState.EXECUTING,
        title="关键物料批次不合格",
        found_by=DepartmentId("QA"),
        reporter=PersonId("E028"),
        filed_at=now,
        item=Code(X1),
        lead=DepartmentId("RD"),
        gradings=(Grading(grade=grade, by=PersonId("E018"), at=now, reason=""),),
    )
    changed = replace(issue, **more)  # type: ignore[arg-type]  # fields of the issue
    bench.transact(lambda uow: uow.issues.add(changed))


def limits(bench: Bench, code: str) -> dict[str, str]:
    """Open tasks of an item with their dates."""
    return {t.code: f"{t.due_at.astimezone(BEIJING):%m-%d %H:%M}" for t in tasks(bench, code) if t.is_open}


def in_groups(bench: Bench) -> list[str]:
    """Everything that was written into groups."""
    return [s.words for s in bench.everything() if not s.reader]


# ---------------------------------------------------------------- made


def test_step_37_a_routine_request_becomes_an_item_in_progress(bench: Bench) -> None:
    """L-25: one task of the cooperating department, due on the evening of the end date; the item counts as started."""
    bench.until("09-15 17:05")
    approve(bench, routine())
    made = item(bench, "SX-2026-0009")
    assert (made.state, made.lead, made.level) == (ItemState.IN_PROGRESS, "HR", Level.ROUTINE)
    assert [(t.code, t.owner, t.source) for t in tasks(bench, "SX-2026-0009")] == [
        ("RW-2026-0036", "E019", "XQ-2026-0016")
    ]
    assert limits(bench, "SX-2026-0009") == {"RW-2026-0036": "09-22 18:00"}
    facts = bench.read(lambda uow: uow.facts.find(kind="item_started"))
    assert [fact.code for fact in facts] == ["SX-2026-0009"]
    assert bench.read(lambda uow: uow.plans.find(item="SX-2026-0009")) == []
    bench.expects_message(to="钟晚晴", contains=["SX-2026-0009", "开始执行"])
    bench.expects_card(to="卢雨桐", contains=["SX-2026-0009", "物料制作与布展"])


def test_a_request_without_anybody_to_cooperate_makes_no_item(bench: Bench) -> None:
    """R-07: exactly one lead, and somebody who cooperates."""
    bench.until("09-15 17:05")
    with pytest.raises(Exception, match="item_needs_one_lead"):
        approve(bench, replace(routine(), coop=()))


def test_the_start_is_shown_in_the_items_group_with_the_button_for_contact(bench: Bench) -> None:
    """R-31, 3.3: a kick-off card; pressing it confirms for the own department."""
    approved(bench)
    bench.says("温晓棠", f"建群 {ITEM}")
    bench.forget()
    bench.says("温晓棠", WRITTEN)
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    for head in ("陆怀谷", "罗启安", "尹若谷", "宋清和", "方景行"):
        bench.says(head, f"会签 {PLAN}")
    cards = [s for s in bench.forget() if not s.reader and ITEM in s.words and "[对接确认]" in s.words]
    assert len(cards) == 1
    assert "责任人 陆怀谷" in cards[0].words
    pressed = bench.clicks("袁知行", "对接确认", card=cards[0])
    assert pressed is not None
    assert not pressed.is_error
    assert item(bench).contacted == ("QA",)


# ---------------------------------------------------------------- shown


def test_what_an_item_shows_depends_on_who_asks(bench: Bench) -> None:
    """P-53, R-30: everything for those involved, the summary for other heads, nothing for other people."""
    bench.until("09-14 10:00")
    bench.says("秦书禾", f"/事项 {X1}")
    full = bench.expects_message(to="秦书禾", contains=[X1, "新品X1试产", "责任人 陆怀谷", "对接人 温晓棠", "任务 0/3"])
    assert "RW-2026-0031" in full.words
    assert "FA-2026-0007 v1" in full.words
    bench.says("叶青禾", f"事项 {X1}")
    bench.expects_message(to="叶青禾", contains=[X1, "新品X1试产"], lacks=["RW-2026-0031", "专项群"])
    bench.says("钟晚晴", f"事项 {X1}")
    bench.expects_message(to="钟晚晴", contains="未找到该编号，或您无权查看。")
    bench.says("钟晚晴", "事项 SX-2026-9999")
    bench.expects_message(to="钟晚晴", contains="未找到该编号，或您无权查看。")


def test_step_19_people_list_the_items_of_their_department_only(bench: Bench) -> None:
    """P-53: SALES is involved in both, HR in none; what is not decided yet is no item."""
    bench.until("09-14 17:30")
    bench.says("何沐晴", "/事项")
    listed = bench.expects_message(to="何沐晴", contains=[X1, EXPO], lacks=["XQ-2026-0015", "SX-2026-0009"])
    assert "2 项" in listed.words
    bench.says("钟晚晴", "事项")
    bench.expects_message(to="钟晚晴", contains="没有您可以查看的协作事项")
    bench.says("顾明远", "@回音 事项", where="X1")
    bench.expects_message(to="顾明远", contains=[X1, EXPO])


def test_progress_and_light_are_derived_from_tasks_and_issues(bench: Bench) -> None:
    """R-10: a late task is yellow, an open major issue red; closed ones do not count."""
    bench.until("09-14 10:00")
    bench.says("陆怀谷", f"事项 {X1}")
    bench.expects_message(to="陆怀谷", contains=["状态灯 绿"])
    file_issue(bench, Grade.MAJOR)
    bench.says("陆怀谷", f"事项 {X1}")
    bench.expects_message(to="陆怀谷", contains=["状态灯 红（重大问题 WT-2026-0091）", "WT-2026-0091（重大问题）"])
    bench.until("09-17 09:00")
    bench.says("叶青禾", f"事项 {X1}")
    bench.expects_message(to="叶青禾", contains=["红", "超期任务 RW-2026-0031"])


def test_ec_71_a_hidden_issue_neither_shows_nor_colours(bench: Bench) -> None:
    """EC-71: only its readers see the light it makes."""
    bench.until("09-14 10:00")
    file_issue(bench, Grade.MAJOR, secrecy=2, access=(PersonId("E012"), PersonId("E018")))
    bench.says("秦书禾", f"事项 {X1}")
    bench.expects_message(to="秦书禾", contains="状态灯 绿", lacks="WT-2026-0091")
    bench.says("陆怀谷", f"事项 {X1}")
    bench.expects_message(to="陆怀谷", contains="状态灯 红")


# ---------------------------------------------------------------- suspended, resumed


def test_a_suspended_item_moves_its_tasks_by_the_working_days_that_were_lost(bench: Bench) -> None:
    """L-18, P-19: from the day of suspension (counted) to that of resumption (not counted); the group hears the state."""
    bench.until("09-14 10:00")
    before = limits(bench, X1)
    bench.says("陆怀谷", f"暂停 {X1} 9月21日 等待客户样品到货")
    bench.expects_message(to="陆怀谷", contains=[X1, "陆怀谷", "9月21日"])
    bench.expects_message(to="秦书禾", contains=[X1, "已暂停", "等待客户样品到货"])
    bench.expects_message(in_chat="X1", contains=[X1, "已暂停"], lacks="等待客户样品")
    suspended = item(bench, X1)
    assert (suspended.state, f"{suspended.resume_on}", suspended.reason) == (
        ItemState.SUSPENDED,
        "2026-09-21",
        "等待客户样品到货",
    )
    assert bench.read(lambda uow: uow.obligations.find(code="RW-2026-0031")) == []
    bench.until("09-16 09:00")
    bench.says("许安然", f"恢复 {X1}")
    bench.expects_message(to="许安然", contains=["顺延 2 个工作日"])
    assert item(bench, X1).state is ItemState.IN_PROGRESS
    assert before["RW-2026-0031"] == "09-16 17:00"
    after = limits(bench, X1)
    assert after == {"RW-2026-0031": "09-18 17:00", "RW-2026-0032": "09-21 18:00", "RW-2026-0033": "09-23 18:00"}


def test_the_day_of_resumption_is_remembered_and_nothing_resumes_by_itself(bench: Bench) -> None:
    bench.until("09-14 10:00")
    bench.says("许安然", f"暂停 {X1} 恢复：9月19日 原因：等待客户样品到货")
    bench.forget()
    bench.until("09-20 09:01")
    bench.expects_message(to="陆怀谷", contains=[X1, "预计恢复日"])
    bench.expects_message(to="许安然", contains=[X1, "预计恢复日"])
    assert item(bench, X1).state is ItemState.SUSPENDED


@pytest.mark.parametrize(
    ("who", "text", "answer"),
    [
        ("陆怀谷", f"暂停 {X1} 9月21日 等待", "请填写原因（不少于 5 个字）"),
        ("陆怀谷", f"暂停 {X1} 等待客户样品到货", "预计恢复日期"),
        ("陆怀谷", f"暂停 {X1} 2026-09-14 等待客户样品到货", "须晚于今天"),
        ("温晓棠", f"暂停 {X1} 9月21日 等待客户样品到货", "没有执行此操作的权限"),
        ("罗启安", f"暂停 {X1} 9月21日 等待客户样品到货", "没有执行此操作的权限"),
        ("陆怀谷", f"恢复 {X1}", "执行中"),
    ],
)
def test_a_suspension_that_cannot_be_is_refused(bench: Bench, who: str, text: str, answer: str) -> None:
    """P-19: leader, lead head and secretary; a reason and a later day."""
    bench.until("09-14 10:00")
    bench.says(who, text)
    bench.expects_message(to=who, contains=answer)
    assert item(bench, X1).state is ItemState.IN_PROGRESS


# ---------------------------------------------------------------- terminated


def test_the_leader_ends_a_special_item_once_its_issues_are_closed(bench: Bench) -> None:
    """P-20, 3.15: tasks cancelled, plan void, group retired with an offer, records stay (EC-100)."""
    bench.until("09-14 10:00")
    file_issue(bench, Grade.IMPORTANT)
    bench.says("陆怀谷", f"终止 {X1} 客户取消了该项目")
    bench.expects_message(to="陆怀谷", contains="没有执行此操作的权限")
    bench.says("顾明远", f"终止 {X1} 客户取消了该项目")
    bench.expects_message(to="顾明远", contains="WT-2026-0091")
    bench.transact(lambda uow: uow.issues.put(replace(_issue(uow), state=IssueState.CLOSED)))
    bench.says("顾明远", f"终止 {X1} 客户取消了该项目")
    bench.expects_message(to="顾明远", contains=[X1, "顾明远", "记录保留"])
    bench.expects_message(in_chat="X1", contains=[X1, "已终止"])
    bench.expects_message(to="温晓棠", contains=["X1试产协作专项群", "解散", "只读"])
    assert item(bench, X1).state is ItemState.TERMINATED
    assert {task.state.value for task in tasks(bench, X1)} == {"cancelled"}
    assert plan(bench, "FA-2026-0007 v1").state is PlanState.VOID
    group = bench.read(lambda uow: uow.groups.get("G-X1"))
    assert group is not None
    assert group.state.value == "retired"
    bench.says("顾明远", f"终止 {X1} 客户取消了该项目")
    bench.expects_message(to="顾明远", contains=["该操作已于", "顾明远"])


def _issue(uow: UnitOfWork) -> Issue:
    found = uow.issues.get("WT-2026-0091")
    assert found is not None
    return found


def test_a_routine_item_ends_when_all_heads_agree(bench: Bench) -> None:
    """P-21: the first says why, the others get a card; one who disagrees keeps it going."""
    bench.until("09-14 10:00")
    bench.transact(lambda uow: uow.issues.remove("WT-2026-0011"))
    bench.says("方景行", f"终止 {EXPO} 展会改到明年春季")
    bench.expects_message(to="方景行", contains=["方景行", "行政、财务"])
    card = bench.expects_card(to="叶青禾", contains="展会改到明年春季", buttons=["同意", "不同意"])
    other = bench.expects_card(to="宋清和", buttons=["同意", "不同意"])
    bench.clicks("叶青禾", "不同意", card=card)
    assert (item(bench, EXPO).state, item(bench, EXPO).ending) == (ItemState.IN_PROGRESS, ())
    bench.says("方景行", f"终止 {EXPO} 展会确定改到明年")
    bench.says("叶青禾", f"同意 {EXPO}")
    assert item(bench, EXPO).state is ItemState.IN_PROGRESS
    bench.clicks("宋清和", "同意", card=other)
    ended = item(bench, EXPO)
    assert (ended.state, ended.reason) == (ItemState.TERMINATED, "展会确定改到明年")


def test_a_terminated_item_takes_its_unfinished_plan_along(bench: Bench) -> None:
    """3.2: any open version is void."""
    approved(bench)
    bench.says("顾明远", f"终止 {ITEM} 客户取消了该项目")
    assert plan(bench).state is PlanState.VOID
    assert bench.read(lambda uow: uow.obligations.find(code=PLAN)) == []
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    bench.expects_message(to="温晓棠", contains="作废")


# ---------------------------------------------------------------- acceptance, archive


def _expo(uow: UnitOfWork) -> Group:
    """The group of the fair, beside that of X1."""
    known = uow.groups.get("G-X1")
    assert known is not None
    chat = ChatKey("feishu", "oc_expo")
    return replace(known, id="G-FAIR", item=Code(EXPO), name="秋季展会协作专项群", chat=chat, version=0)


def accept(bench: Bench, *states: AcceptanceState) -> None:
    """The acceptance of the fair goes through these states."""
    acceptance = Acceptance(
        code=Code("YS-2026-0006"),
        item=Code(EXPO),
        title="秋季展会物料",
        lead=DepartmentId("SALES"),
        state=AcceptanceState.APPLIED,
        applied_by=PersonId("E009"),
        applied_at=datetime(2026, 9, 17, 2, 30, tzinfo=UTC),
    )
    before = None
    for state in states:
        after = replace(acceptance, state=state)
        bench.within(lambda context, b=before, a=after: context.announce(AcceptanceChanged(b, a)))  # type: ignore[misc]
        before = after


def test_the_acceptance_moves_its_item_and_the_archive_ends_it(bench: Bench) -> None:
    """R-85, 3.3: applied, to be rectified, applied again, passed, archived; then the group is given up."""
    bench.transact(lambda uow: uow.groups.add(_expo(uow)))
    bench.until("09-17 10:30")
    accept(bench, AcceptanceState.APPLIED)
    assert item(bench, EXPO).state is ItemState.ACCEPTANCE
    accept(bench, AcceptanceState.SCHEDULED, AcceptanceState.RECTIFY)
    assert item(bench, EXPO).state is ItemState.RECTIFYING
    accept(bench, AcceptanceState.APPLIED, AcceptanceState.WITHDRAWN)
    assert item(bench, EXPO).state is ItemState.IN_PROGRESS
    accept(bench, AcceptanceState.APPLIED, AcceptanceState.PASSED)
    passed = item(bench, EXPO)
    assert (passed.state, f"{passed.finished_on}") == (ItemState.ACCEPTED, "2026-09-17")
    bench.forget()
    bench.within(lambda context: archive(context, passed, by=PersonId("E009")))
    done = item(bench, EXPO)
    assert (done.state, done.archived_at) == (ItemState.ARCHIVED, bench.clock.now())
    group = bench.read(lambda uow: uow.groups.get("G-FAIR"))
    assert group is not None
    assert group.state.value == "retired"
    bench.expects_message(to="苏念初", contains=["秋季展会协作专项群", "只读"])


# ---------------------------------------------------------------- secrecy


def posted(bench: Bench) -> None:
    """The item's start stands as a card in its group."""
    approved(bench)
    bench.says("温晓棠", f"建群 {ITEM}")
    in_force_here(bench)


def in_force_here(bench: Bench) -> None:
    """Everybody signs today."""
    bench.says("温晓棠", WRITTEN)
    bench.says("温晓棠", f"方案编制 提交 {PLAN}")
    for head in HEADS:
        bench.says(head, f"会签 {PLAN}")
    bench.forget()


def test_ec_72_a_raised_level_empties_the_cards_that_stand_in_groups(bench: Bench) -> None:
    """EC-72, EC-71: number and state are left; what belongs to the item is raised with it; group texts are named to the secretary."""
    posted(bench)
    bench.says("陆怀谷", f"密级 {ITEM} 内部敏感")
    card = bench.expects_card_update(in_chat=None, contains=ITEM, lacks=["X1量产导入", "研发"])
    assert not card.reader
    assert item(bench).secrecy == 1
    assert plan(bench).secrecy == 1
    assert {task.secrecy for task in tasks(bench)} == {1}
    assert {one.secrecy for one in bench.read(lambda uow: uow.obligations.find(item=ITEM))} == {1}
    bench.says("秦书禾", f"事项 {ITEM}")
    told = bench.expects_message(to="秦书禾", contains=[ITEM, "X1量产导入", "内部敏感"])
    assert "X1量产导入" not in told.words.split("\n")[0]


@pytest.fixture
def rigid() -> Iterator[Bench]:
    """A platform whose cards cannot be changed once they are sent."""
    made = Bench(capabilities=replace(EVERYTHING, card_update=False))
    yield made
    made.close()


def test_ec_72_where_cards_cannot_change_the_secretary_is_told_what_to_recall(rigid: Bench) -> None:
    """EC-72: group, time and number of each message."""
    posted(rigid)
    rigid.says("温晓棠", f"密级 {ITEM} 内部敏感")
    rigid.expects_message(to="许安然", contains=[ITEM, "手动撤回", "X1量产导入协作专项群"])


def test_a_confidential_item_has_no_group_and_is_known_to_its_list(bench: Bench) -> None:
    """2.5, 3.15, L-21: the group is given up; people outside the list cannot even learn that it exists."""
    bench.until("09-14 10:00")
    bench.says("秦书禾", f"密级 {X1} 涉密")
    bench.expects_message(to="秦书禾", contains="没有执行此操作的权限")
    bench.says("许安然", f"密级 {X1} 涉密")
    bench.expects_message(to="许安然", contains=["涉密", "许安然"])
    secret = item(bench, X1)
    assert secret.secrecy == 2
    assert {"E012", "E003", "E028", "E008", "E013", "E004", "E018", "E002", "E015", "E006"} <= set(secret.access)
    group = bench.read(lambda uow: uow.groups.get("G-X1"))
    assert group is not None
    assert group.state.value == "retired"
    bench.forget()
    bench.says("叶青禾", f"事项 {X1}")
    bench.expects_message(to="叶青禾", contains="未找到该编号，或您无权查看。")
    bench.says("叶青禾", "事项")
    bench.expects_message(to="叶青禾", lacks=X1, contains=EXPO)
    bench.says("陆怀谷", f"@回音 事项 {X1}", where="ALL")
    bench.expects_message(to="陆怀谷", contains="未找到该编号，或您无权查看。")
    bench.says("陆怀谷", f"事项 {X1}")
    bench.expects_message(to="陆怀谷", contains=[X1, "新品X1试产", "知悉范围"])
    assert not [words for words in in_groups(bench)[-3:] if "新品X1试产" in words]


def test_the_access_list_is_kept_by_creator_and_lead_head(bench: Bench) -> None:
    """2.5: the secretary is taken off by the leader only, the leader never."""
    bench.until("09-14 10:00")
    bench.says("陆怀谷", f"知悉 {X1} @叶青禾")
    bench.expects_message(to="陆怀谷", contains="不是涉密事项")
    bench.says("陆怀谷", f"密级 {X1} 涉密")
    bench.says("陆怀谷", f"知悉 {X1} @叶青禾")
    bench.expects_message(to="陆怀谷", contains=["知悉范围", "叶青禾"])
    bench.expects_message(to="叶青禾", contains=X1)
    bench.says("叶青禾", f"事项 {X1}")
    bench.expects_message(to="叶青禾", contains=X1)
    bench.says("陆怀谷", f"知悉 {X1} 移出 @叶青禾")
    bench.says("叶青禾", f"事项 {X1}")
    bench.expects_message(to="叶青禾", contains="未找到该编号")
    bench.says("陆怀谷", f"知悉范围 {X1} 移出 @许安然")
    bench.expects_message(to="陆怀谷", contains="须由组长移出")
    bench.says("钟晚晴", f"知悉 {X1} @钟晚晴")
    bench.expects_message(to="钟晚晴", contains="未找到该编号")


def test_lead_head_and_leader_lower_a_level_together(bench: Bench) -> None:
    """2.5: one asks, the other one gets a card."""
    bench.until("09-14 10:00")
    bench.says("许安然", f"密级 {X1} 内部敏感")
    bench.says("许安然", f"密级 {X1} 普通")
    bench.expects_message(to="许安然", contains="没有执行此操作的权限")
    bench.says("陆怀谷", f"密级 {X1} 普通")
    bench.expects_message(to="陆怀谷", contains="还须")
    assert item(bench, X1).secrecy == 1
    card = bench.expects_card(to="顾明远", buttons=["同意", "不同意"])
    bench.clicks("顾明远", "同意", card=card)
    assert (item(bench, X1).secrecy, item(bench, X1).lower_to) == (0, None)


def test_a_level_has_to_be_named_and_higher(bench: Bench) -> None:
    bench.until("09-14 10:00")
    for text, answer in ((f"密级 {X1}", "请写明密级"), (f"密级 {X1} 普通", "须高于现密级")):
        bench.says("陆怀谷", text)
        bench.expects_message(to="陆怀谷", contains=answer)


def test_notices_about_a_sensitive_item_begin_with_its_number(bench: Bench) -> None:
    """EC-74."""
    bench.until("09-14 10:00")
    bench.says("陆怀谷", f"密级 {X1} 内部敏感")
    bench.forget()
    bench.says("陆怀谷", f"暂停 {X1} 9月21日 等待客户样品到货")
    told = bench.expects_message(to="秦书禾", contains=X1, lacks=["新品X1试产", "样品"])
    assert told.words.split("\n")[0] == X1


def test_nothing_that_was_told_in_a_group_is_more_than_number_and_state(bench: Bench) -> None:
    """2.5: of a sensitive item groups see number and state."""
    bench.until("09-14 10:00")
    bench.says("陆怀谷", f"密级 {X1} 内部敏感")
    bench.says("陆怀谷", f"暂停 {X1} 9月21日 等待客户样品到货")
    texts = [s for s in bench.everything() if not s.reader and isinstance(s.sent.outbound, SendText)]
    assert [s.words for s in texts if X1 in s.words] == [f"{X1} 已暂停，预计 9月21日（周一）恢复。"]


def test_contact_is_owed_by_whoever_is_liaison_now(bench: Bench) -> None:
    """R-31, 3.12: the open confirmation follows the post, its limit stays."""
    in_force(bench)

    def change(uow: UnitOfWork) -> None:
        old, new = uow.people.get("E004"), uow.people.get("E005")
        assert old is not None
        assert new is not None
        uow.people.put(replace(old, roles=frozenset({Role.EMPLOYEE})))
        uow.people.put(replace(new, roles=frozenset({Role.LIAISON, Role.EMPLOYEE})))
        uow.bump("directory")

    before = bench.read(lambda uow: uow.obligations.get(f"{ITEM}/对接确认/PROD"))
    bench.transact(change)
    bench.within(lambda context: context.announce(PostsChanged()))
    after = bench.read(lambda uow: uow.obligations.get(f"{ITEM}/对接确认/PROD"))
    assert before is not None
    assert after is not None
    assert (before.holder, after.holder) == ("E004", "E005")
    assert before.due_at == after.due_at


def test_ec_72_a_clock_that_runs_while_its_item_becomes_confidential_loses_its_words_and_goes_on(bench: Bench) -> None:
    """Its card kept the question for everybody in the group to read, and the row kept it for half a year."""
    bench.until("09:00")
    bench.says("方景行", "@袁知行 电芯报价什么时候定？", where="X1")
    bench.until("09:25")
    bench.forget()
    bench.says("陆怀谷", "密级 SX-7 涉密")
    [clock] = bench.read(lambda uow: uow.clocks.find())
    assert (clock.secrecy, clock.excerpt, clock.state) == (2, "", "running")
    assert all("电芯报价" not in shown.words for shown in bench.forget())
    kept = bench.read(lambda uow: [seen.heard for seen in uow.seen_messages.find(chat=str(clock.chat))])
    assert all("电芯报价" not in str(heard) for heard in kept)
    bench.until("09:45")
    assert bench.read(lambda uow: uow.clocks.find())[0].breached_at is not None
