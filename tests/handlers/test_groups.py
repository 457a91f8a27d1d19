"""Dedicated groups from the first word to the last (domain.md 3.15; R-41, R-42; P-47; EC-45 to EC-47, EC-70, EC-84)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.group import Group, GroupState
from bot.domain.ids import AccountKey, ChatKey, PersonId
from bot.domain.item import ItemState
from bot.domain.reply_clock import ClockState
from bot.errors import FailureKind, PlatformError
from bot.messages import AddMembers, CreateGroup, LeaveChat, ReadMembers
from bot.ports import UnitOfWork
from bot.updates import BotJoinedChat, BotLeftChat, ChatDissolved, ChatMembersChanged, ChatRenamed
from handlers.groups import group_making
from tests.handlers.bench import EVERYTHING, PLATFORM, Bench

EXPO = "SX-2026-0008"


def the_group(bench: Bench, item: str = EXPO) -> Group:
    """The newest group of an item."""
    return bench.read(lambda uow: uow.groups.find(item=item))[-1]


def chat_of(bench: Bench, item: str = EXPO) -> ChatKey:
    """Where it is."""
    chat = the_group(bench, item).chat
    assert chat is not None
    return chat


def change_item(bench: Bench, code: str, **changes: object) -> None:
    """The item is another one by now."""

    def work(uow: UnitOfWork) -> None:
        item = uow.items.get(code)
        assert item is not None
        uow.items.put(replace(item, **changes))  # type: ignore[arg-type]

    bench.transact(work)


def leaves_room(bench: Bench, chat: ChatKey, who: str) -> None:
    """Somebody leaves a group; the platform says so."""
    account = bench.account(who)
    bench.adapter.rooms[chat] = tuple(a for a in bench.adapter.rooms[chat] if a != account)
    bench.happens(ChatMembersChanged(source=bench.source(), chat=chat, left=(account,)))


def enters_room(bench: Bench, chat: ChatKey, who: str) -> None:
    """Somebody comes into a group; the platform says so."""
    account = bench.account(who)
    bench.adapter.rooms[chat] = (*bench.adapter.rooms[chat], account)
    bench.happens(ChatMembersChanged(source=bench.source(), chat=chat, joined=(account,)))


# ---------------------------------------------------------------- making one


def test_r_41_the_lead_liaison_makes_the_group_with_everybody_who_has_to_be_in_it(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(to="苏念初", contains=["正在建“展会物料协作专项群”", EXPO])
    bench.expects_message(contains=["本群为《秋季展会物料》", EXPO, "牵头：销售", "配合：行政、财务", "30 个工作分钟"])
    bench.expects_message(to="苏念初", contains=["✅ 已建“展会物料协作专项群”", "7 人在群"], lacks="未能加入")
    group = the_group(bench)
    assert (group.state, group.step, group.missing) == (GroupState.COMPLIANT, "done", ())
    members = {bench.account(n) for n in ("方景行", "苏念初", "叶青禾", "卢雨桐", "宋清和", "夏知微", "许安然")}
    assert set(group.members) == members
    made = [s.outbound for s in bench.adapter.sent if isinstance(s.outbound, CreateGroup)]
    assert [m.owner for m in made] == [bench.account("苏念初")]
    assert [r.action for r in bench.audit(group.id)] == ["group_requested", "group_created", "group_checked"]


@pytest.mark.parametrize(
    "command", ["建群 展会物料", "/建群 秋季展会物料", "建群 8", "建群 sx-2026-0008", "协作 新建 SX-8"]
)
def test_an_item_is_named_by_code_number_title_or_short_name(bench: Bench, command: str) -> None:
    bench.until("09:00")
    bench.says("苏念初", command)
    assert the_group(bench).state is GroupState.COMPLIANT


def test_without_an_item_it_says_what_a_group_needs_with_an_item_of_ones_own(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("苏念初", "建群 618大促 @秦书禾 @袁知行")
    answer = bench.expects_message(to="苏念初", contains=["成员按牵头、配合部门确定", "建群 SX-8"])
    assert "SX-7" not in answer.words
    bench.expects_nothing_more()


@pytest.mark.parametrize("who", ["卢雨桐", "何沐晴", "温晓棠", "高远航"])
def test_only_the_lead_department_and_the_secretary_make_groups(bench: Bench, who: str) -> None:
    bench.until("09:00")
    bench.says(who, "建群 SX-8")
    bench.expects_message(to=who, contains="您没有执行此操作的权限")
    bench.expects_nothing_more()
    assert bench.read(lambda uow: uow.groups.find(item=EXPO)) == []


def test_a_second_group_of_an_item_is_refused_until_the_first_is_lost(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("苏念初", "建群 SX-8")
    bench.forget()
    bench.says("许安然", "建群 SX-8")
    bench.expects_message(to="许安然", contains=["已有专项群“展会物料协作专项群”", "查群 SX-2026-0008"])
    bench.happens(ChatDissolved(source=bench.source(), chat=chat_of(bench)))
    bench.forget()
    bench.says("许安然", "建群 SX-8")
    bench.expects_message(to="许安然", contains="正在建")
    assert the_group(bench).state is GroupState.COMPLIANT


def test_a_finished_item_gets_no_group(bench: Bench) -> None:
    change_item(bench, EXPO, state=ItemState.TERMINATED)
    bench.until("09:00")
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(to="苏念初", contains="SX-2026-0008 已结束，不再建群")


def test_who_cannot_be_added_is_reported_by_name_with_the_reason(bench: Bench) -> None:
    bench.until("09:00")
    bench.adapter.unwilling[bench.account("夏知微")] = "reason_out_of_scope"
    bench.adapter.unwilling[bench.account("卢雨桐")] = "something_new"
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(
        to="苏念初", contains=["5 人在群", "未能加入：", "夏知微（不在应用可见范围）", "卢雨桐（平台未说明原因）"]
    )
    bench.expects_message(to="苏念初", contains=["成员不合规", "缺少：卢雨桐（行政对接人）、夏知微（财务对接人）"])
    assert the_group(bench).state is GroupState.NONCOMPLIANT


def test_somebody_without_an_account_is_named_and_does_not_stop_the_rest(bench: Bench) -> None:
    def work(uow: UnitOfWork) -> None:
        person = uow.people.get("E021")
        assert person is not None
        uow.people.put(replace(person, accounts={}))
        uow.bump("directory")

    bench.transact(work)
    bench.until("09:00")
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(to="苏念初", contains=["6 人在群", "宋清和（没有平台账号）"])
    assert the_group(bench).missing == ("E021",)


def test_more_than_fifty_people_are_invited_in_batches(bench: Bench) -> None:
    def work(uow: UnitOfWork) -> None:
        item, person = uow.items.get(EXPO), uow.people.get("E011")
        assert item is not None
        assert person is not None
        team = [PersonId(f"T{i:03d}") for i in range(110)]
        for name in team:
            uow.people.add(replace(person, id=name, accounts={PLATFORM: f"ou_{name}"}, version=0))
        uow.items.put(replace(item, members=tuple(team)))
        uow.bump("directory")

    bench.transact(work)
    bench.until("09:00")
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(to="苏念初", contains="117 人在群")
    sizes = [len(s.outbound.members) for s in bench.adapter.sent if isinstance(s.outbound, CreateGroup | AddMembers)]
    assert sizes == [50, 50, 17]
    assert len(the_group(bench).members) == 117


def test_a_refused_creation_is_told_and_may_be_tried_again(bench: Bench) -> None:
    bench.until("09:00")
    bench.adapter.fail(FailureKind.PERMANENT)
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(to="苏念初", contains="正在建")
    bench.expects_message(to="苏念初", contains=["没有建成", "建群 SX-2026-0008"])
    assert the_group(bench).state is GroupState.FAILED
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(to="苏念初", contains="正在建")
    assert the_group(bench).state is GroupState.COMPLIANT


def test_a_creation_whose_answer_was_lost_is_found_again_when_the_bot_sees_itself_in_the_group() -> None:
    bench = Bench(capabilities=replace(EVERYTHING, keyed_sends=False))
    bench.until("09:00")
    bench.adapter.fail(FailureKind.UNKNOWN, after_effect=True)
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(to="苏念初", contains="正在建")
    bench.expects_message(to="苏念初", contains=["平台没有答复", "请先看群列表"])
    assert the_group(bench).state is GroupState.FAILED
    [chat] = [room for room in bench.adapter.rooms if room.chat.startswith("c")]
    bench.happens(BotJoinedChat(source=bench.source(), chat=chat, name="展会物料协作专项群"))
    bench.expects_message(in_chat=chat.chat, contains="本群为《秋季展会物料》")
    bench.expects_message(to="苏念初", contains="✅ 已建")
    assert the_group(bench).state is GroupState.COMPLIANT
    bench.close()


def test_the_saga_goes_on_from_its_rows_when_the_process_died_between_two_steps(bench: Bench) -> None:
    """The call waits in the outbox; a new process sends it and takes the next step."""
    bench.until("09:00")

    def only_written(uow: UnitOfWork) -> None:
        context = bench.engine.context(uow, bench.clock.now())
        item, person = uow.items.get(EXPO), context.world.directory.person(PersonId("E009"))
        assert item is not None
        assert person is not None
        group_making.create(context, item, person, PLATFORM)

    bench.transact(only_written)
    assert the_group(bench).state is GroupState.CREATING
    bench.advance(minutes=1)
    bench.expects_message(to="苏念初", contains="✅ 已建")
    assert the_group(bench).state is GroupState.COMPLIANT


def test_a_sensitive_item_is_named_by_its_number_only(bench: Bench) -> None:
    change_item(bench, EXPO, secrecy=1)
    bench.until("09:00")
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(contains=["本群为 SX-2026-0008 专项群", "内部敏感"], lacks="展会")
    [made] = [s.outbound for s in bench.adapter.sent if isinstance(s.outbound, CreateGroup)]
    assert "展会" not in made.name + made.description


def test_a_confidential_item_gets_no_group_and_does_not_exist_for_others_or_in_a_group(bench: Bench) -> None:
    """EC-70: the answer is the same as for a number that there is not."""
    change_item(bench, EXPO, secrecy=2, access=("E009", "E018", "E002"))
    bench.until("09:00")
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(to="苏念初", contains="涉密事项不建群")
    bench.says("何沐晴", "建群 SX-8")
    hidden = bench.expects_message(to="何沐晴")
    bench.says("何沐晴", "建群 SX-99")
    assert bench.expects_message(to="何沐晴").words == hidden.words == "未找到该编号，或您无权查看。"
    bench.says("苏念初", "@回音 建群 SX-8", where="X1")
    bench.expects_message(in_chat="X1", contains="已私信您", lacks="涉密")
    bench.expects_message(to="苏念初", contains="未找到该编号，或您无权查看。", lacks="涉密")
    bench.expects_nothing_more()


def test_where_a_bot_cannot_make_groups_one_made_by_hand_becomes_the_items() -> None:
    bench = Bench(capabilities=replace(EVERYTHING, create_group=False))
    bench.until("09:00")
    bench.says("苏念初", "建群 SX-8")
    bench.expects_message(to="苏念初", contains=["不支持由机器人建群", "建群 SX-2026-0008"])
    room = ChatKey(PLATFORM, "oc_by_hand")
    bench.adapter.rooms[room] = tuple(bench.account(n) for n in ("苏念初", "方景行", "叶青禾"))
    bench.says("苏念初", "@回音 建群 SX-8", where="oc_by_hand")
    bench.expects_message(in_chat="oc_by_hand", contains="登记为 SX-2026-0008 的专项群")
    bench.expects_message(to="苏念初", contains=["成员不合规", "缺少：卢雨桐（行政对接人）"])
    assert the_group(bench).state is GroupState.NONCOMPLIANT
    bench.close()


# ---------------------------------------------------------------- looking at one


def test_the_result_of_a_check_comes_in_private(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "@回音 查群", where="X1")
    bench.expects_message(in_chat="X1", contains="正在核对“X1试产协作专项群”的成员")
    bench.expects_message(to="温晓棠", contains=["✅", "成员合规（15 人）"])
    bench.expects_nothing_more()


def test_where_the_platform_does_not_say_who_is_in_a_group_nobody_is_said_to_be_missing(bench: Bench) -> None:
    """DingTalk tells nothing of groups that people made; an empty list would have everybody missing."""
    bench.until("09:00")
    bench.forget()
    chat = bench.chat("X1", "温晓棠")
    bench.adapter.untold.add(chat)
    before = bench.read(lambda uow: uow.groups.get("G-X1"))
    bench.says("温晓棠", "@回音 查群", where="X1")
    bench.expects_message(in_chat="X1", contains="正在核对“X1试产协作专项群”的成员")
    bench.expects_message(to="温晓棠", contains="成员暂时读不到")
    bench.expects_nothing_more()
    assert bench.read(lambda uow: uow.groups.get("G-X1")) == before


def test_anybody_of_a_department_involved_may_ask_who_is_missing_others_may_not(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("秦书禾", "查群 SX-7")
    bench.expects_message(to="秦书禾", contains="正在核对")
    bench.expects_message(to="秦书禾", contains="成员合规")
    bench.says("夏知微", "查群 SX-7")
    bench.expects_message(to="夏知微", contains="您没有执行此操作的权限")
    bench.expects_nothing_more()


def test_an_item_without_a_group_says_how_to_make_one(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("苏念初", "查群 SX-8")
    bench.expects_message(to="苏念初", contains=["还没有专项群", "建群 SX-2026-0008"])
    bench.says("苏念初", "查群")
    bench.expects_message(to="苏念初", contains=["要核对哪个群", "查群 SX-8"])


def test_a_registered_cross_department_group_has_a_headcount_and_no_rule(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("夏知微", "@回音 查群", where="ALL")
    bench.expects_message(in_chat="ALL", contains="正在核对")
    bench.expects_message(to="夏知微", contains=["跨部门群，共 23 人"])


def test_an_unknown_group_says_that_it_is_not_registered(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("夏知微", "@回音 查群", where="oc_other")
    bench.expects_message(in_chat="oc_other", contains="未登记为专项群")


# ---------------------------------------------------------------- members come and go


def test_ec_47_an_outsider_is_told_to_the_lead_liaison_alone_and_once(bench: Bench) -> None:
    """EC-47: private, never in the group; the next daily check does not repeat it."""
    bench.within(bench.wired.arm_recurring)
    bench.until("09:30")
    bench.forget()
    enters_room(bench, bench.chat("X1", ""), "夏知微")
    enters_room(bench, bench.chat("X1", ""), "外面的人")
    bench.advance(seconds=10)
    bench.expects_message(to="温晓棠", contains=["成员不合规", "非本事项成员：夏知微（财务）、通讯录外人员 1 名"])
    bench.expects_nothing_more()
    bench.until("09-15 09:30")
    assert not [s for s in bench.forget() if "成员不合规" in s.words]
    leaves_room(bench, bench.chat("X1", ""), "夏知微")
    leaves_room(bench, bench.chat("X1", ""), "外面的人")
    bench.advance(seconds=10)
    assert the_group(bench, "SX-2026-0007").state is GroupState.COMPLIANT


def test_a_wave_of_changes_is_read_once(bench: Bench) -> None:
    bench.until("09:30")
    before = len(bench.adapter.calls)
    for who in ("秦书禾", "唐子衡", "尹若谷"):
        leaves_room(bench, bench.chat("X1", ""), who)
    bench.advance(seconds=10)
    assert len(bench.adapter.calls) == before + 2, "one reading, one message to the liaison"
    bench.expects_message(to="温晓棠", contains="缺少：秦书禾（生产对接人）、尹若谷（质量负责人）")


def test_the_daily_check_finds_on_working_days_what_no_event_told(bench: Bench) -> None:
    bench.within(bench.wired.arm_recurring)
    room = bench.chat("X1", "")
    bench.adapter.rooms[room] = bench.adapter.rooms[room][1:]
    bench.until("08:59")
    bench.forget()
    bench.until("09:01")
    bench.expects_message(to="温晓棠", contains="缺少：陆怀谷（研发负责人）")


def test_when_the_liaison_is_away_the_delegate_hears_of_it(bench: Bench) -> None:
    bench.until("09:00")
    bench.says("温晓棠", "请假 今天 代理 @白司南")
    bench.advance(seconds=10)
    bench.forget()
    leaves_room(bench, bench.chat("X1", ""), "秦书禾")
    bench.advance(seconds=10)
    bench.expects_message(to="白司南", contains="缺少：秦书禾")


# ---------------------------------------------------------------- lost and found


def test_ec_45_a_dissolved_group_keeps_its_history_and_its_clocks_end_after_a_working_day(bench: Bench) -> None:
    """EC-45, 3.14."""
    bench.until("09:05")
    bench.says("方景行", "@袁知行 夹具到了吗？", where="X1")
    bench.until("09:10")
    bench.happens(ChatDissolved(source=bench.source(), chat=bench.chat("X1", "")))
    bench.expects_message(to="温晓棠", contains=["“X1试产协作专项群”已被解散", "建群 SX-2026-0007"])
    bench.expects_message(to="许安然", contains="已被解散")
    bench.expects_nothing_more()
    assert the_group(bench, "SX-2026-0007").state is GroupState.LOST
    bench.until("09-15 18:00")
    assert bench.the_clock().state is ClockState.CANCELLED


def test_ec_46_a_bot_that_was_put_out_says_so_and_checks_again_when_it_is_back(bench: Bench) -> None:
    """EC-46."""
    bench.until("09:05")
    chat = bench.chat("X1", "")
    bench.happens(BotLeftChat(source=bench.source(), chat=chat))
    bench.expects_message(to="温晓棠", contains=["我已不在", "请把我重新拉进群"])
    bench.expects_message(to="许安然", contains="我已不在")
    bench.says("温晓棠", "查群 SX-7")
    bench.expects_message(to="温晓棠", contains="我已不在")
    bench.happens(BotJoinedChat(source=bench.source(), chat=chat, name="X1试产协作专项群"))
    bench.expects_message(in_chat="X1", contains="我已回到")
    assert the_group(bench, "SX-2026-0007").state is GroupState.COMPLIANT
    bench.expects_nothing_more()


def test_news_of_a_lost_group_is_not_told_any_more_when_it_is_back_before_the_morning(bench: Bench) -> None:
    bench.until("19:00")
    chat = bench.chat("X1", "")
    bench.happens(BotLeftChat(source=bench.source(), chat=chat))
    bench.happens(BotJoinedChat(source=bench.source(), chat=chat))
    bench.forget()
    bench.until("09-15 09:30")
    assert not [s for s in bench.forget() if "我已不在" in s.words]


def test_a_group_that_was_lost_while_the_bot_was_down_is_noticed_by_the_daily_check(bench: Bench) -> None:
    bench.within(bench.wired.arm_recurring)
    bench.until("08:59")
    bench.forget()
    gone = PlatformError(FailureKind.GONE, code="test_gone", operation="send")
    bench.adapter.outage(lambda outbound: gone if isinstance(outbound, ReadMembers) else None)
    bench.until("09:01")
    assert the_group(bench, "SX-2026-0007").state is GroupState.BOT_REMOVED
    bench.expects_message(to="温晓棠", contains="我已不在“X1试产协作专项群”")


def test_ec_84_a_group_of_other_companies_people_is_left_with_nothing_but_the_refusal(bench: Bench) -> None:
    """EC-84."""
    chat = ChatKey(PLATFORM, "oc_customers")
    bench.happens(BotJoinedChat(source=bench.source(), chat=chat, name="客户群", is_external=True))
    bench.expects_message(in_chat="oc_customers", contains="只为公司内部群服务")
    assert [s.outbound for s in bench.adapter.sent if isinstance(s.outbound, LeaveChat)] == [LeaveChat(chat=chat)]


def test_an_unregistered_group_is_greeted_once(bench: Bench) -> None:
    chat = ChatKey(PLATFORM, "oc_new")
    bench.happens(BotJoinedChat(source=bench.source(), chat=chat, name="新群"))
    bench.expects_message(in_chat="oc_new", contains=["大家好，我是回音", "30 个工作分钟"])
    bench.happens(BotJoinedChat(source=bench.source(), chat=chat, name="新群"))
    assert not [s for s in bench.forget() if s.words.startswith("大家好")]


def test_a_new_name_of_a_group_is_used_from_then_on(bench: Bench) -> None:
    bench.happens(ChatRenamed(source=bench.source(), chat=bench.chat("X1", ""), name="X1攻坚群"))
    assert the_group(bench, "SX-2026-0007").name == "X1攻坚群"


def test_strangers_and_their_accounts_never_count_as_members(bench: Bench) -> None:
    bench.until("09:30")
    room = bench.chat("X1", "")
    bench.adapter.rooms[room] = (*bench.adapter.rooms[room], AccountKey(PLATFORM, "ou_gone"))
    bench.says("温晓棠", "查群 SX-7")
    bench.expects_message(to="温晓棠", contains="通讯录外人员 1 名")


# ---------------------------------------------------------------- groups that nobody registered


def test_whoever_may_register_a_group_reads_its_id_in_private(bench: Bench) -> None:
    for who in ("冯思齐", "许安然"):
        bench.says(who, "@回音 查群", where="oc_new_group")
        bench.expects_message(to=who, contains=["未登记为专项群或跨部门群", "群 ID：oc_new_group", "[[group]]"])
        bench.expects_message(in_chat="oc_new_group", contains="已私信您。", lacks="群 ID")


def test_everybody_else_reads_what_is_timed_there_and_whom_to_ask(bench: Bench) -> None:
    bench.says("何沐晴", "@回音 查群", where="oc_new_group")
    bench.expects_message(
        in_chat="oc_new_group", contains=["本群未登记", "“询问”照常计时", "请找系统管理员"], lacks="oc_new_group"
    )
