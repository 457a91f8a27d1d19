"""Changes of liaison as people live them (domain.md 3.12, R-107..R-109; L-22; week.md step 58)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.directory import Role
from bot.domain.ids import CodeKind, make_code
from bot.domain.liaison_change import ChangeState, LiaisonChange
from bot.domain.obligation import Obligation, ObligationKind
from bot.ports import UnitOfWork
from bot.updates import CardClicked
from handlers.company import company
from handlers.world import DIRECTORY
from tests.handlers.bench import Bench
from tests.handlers.shown import Shown

FIRST = make_code(CodeKind.LIAISON_CHANGE, 2026, 4)
ALL_TICKED = "对接人 变更 @苏念初 @江亦舟 2026-09-24 确认：全部 原因：苏念初转岗"


def change_of(bench: Bench) -> LiaisonChange:
    found = bench.read(lambda uow: uow.liaison_changes.get(FIRST))
    assert found is not None
    return found


def held(bench: Bench, kind: ObligationKind = ObligationKind.HANDOVER) -> list[Obligation]:
    return bench.read(lambda uow: uow.obligations.find(kind=kind.value))


def announce(bench: Bench) -> None:
    bench.until("09-17 09:20")
    bench.forget()
    bench.says("方景行", ALL_TICKED)


def ticked(bench: Bench, card: Shown, **form: str) -> CardClicked:
    """The head presses 确认登记 with these inputs."""
    click = bench.click("方景行", "确认登记", card=card)
    return type(click)(**{n: getattr(click, n) for n in click.__struct_fields__} | {"form": form})


# ---------------------------------------------------------------- the week


def test_too_short_a_notice_is_refused_and_a_week_is_registered_and_told_to_everybody(bench: Bench) -> None:
    """week.md step 58, R-109, EC-57: the first attempt is counted in the audit trail, the second has the first number."""
    bench.until("09-17 09:15")
    bench.forget()
    bench.says("方景行", "/对接人 变更 @苏念初 @江亦舟 2026-09-21 确认：全部 原因：苏念初转岗")
    bench.expects_message(to="方景行", contains="对接人变更须提前 1 周通知，最早生效日期为 9月24日（周四）。")
    bench.expects_nothing_more()
    refused = [r for r in bench.audit() if r.action == "refused"]
    assert [(r.actor, r.reason) for r in refused] == [("E008", "liaison_notice_short")]

    bench.until("09-17 09:20")
    bench.says("方景行", "/" + ALL_TICKED)
    bench.expects_message(
        to="方景行", contains=["已登记 DJ-2026-0004", "销售 苏念初→江亦舟", "9月24日（周四）00:00"[:9]]
    )
    heads = ("罗启安", "陆怀谷", "叶青禾", "宋清和", "潘望舒", "高远航", "尹若谷")
    liaisons = ("秦书禾", "苏念初", "温晓棠", "卢雨桐", "夏知微", "钟晚晴", "冯思齐", "袁知行")
    said = "【对接人变更】DJ-2026-0004：销售 苏念初→江亦舟，9月24日（周四）起生效"
    for name in ("许安然", *heads, *(name for name in liaisons if name != "苏念初")):
        bench.expects_message(to=name, contains=said)
    told = [s.words for s in bench.forget() if s.reader in {"苏念初", "江亦舟"}]
    assert len(told) == 2, "both sides read it on the card of the hand-over"
    assert all("9月24日（周四）" in words and "交接清单" in words for words in told)
    change = change_of(bench)
    assert (change.state, change.announced_by) == (ChangeState.REGISTERED, "E008")
    assert {o.holder for o in held(bench)} == {"E009", "E010"}


def test_both_sides_get_the_checklist_and_confirm_the_hand_over(bench: Bench) -> None:
    """3.12, R-27: open tasks, questions, limits, documents and groups; confirmed by old and new, by card and by text."""
    announce(bench)
    card = bench.expects_card(to="苏念初", state="已登记待生效", buttons=["完成交接"])
    assert "在办期限：WT-2026-0011" in card.words
    assert "专项群：X1试产协作专项群" in card.words
    other = bench.expects_card(to="江亦舟", buttons=["完成交接"])
    answer = bench.clicks("苏念初", "完成交接", card=card)
    assert answer is not None
    assert answer.toast == "✅ 已确认交接 DJ-2026-0004（1/2）。"
    again = bench.clicks("苏念初", "完成交接", card=card)
    assert again is not None
    assert "由 苏念初 完成，无需重复操作" in again.toast
    stranger = bench.clicks("何沐晴", "完成交接", card=other)
    assert stranger is not None
    assert stranger.is_error
    bench.forget()
    bench.says("江亦舟", "确认 DJ-4")
    bench.expects_message(to="江亦舟", contains="已确认交接 DJ-2026-0004（2/2）")
    assert held(bench) == []


def test_at_midnight_roles_clocks_and_groups_go_over_and_the_former_liaison_may_stay(bench: Bench) -> None:
    """3.12, L-22: running clocks keep their due; limits of office move; the old one is a former liaison in groups."""
    announce(bench)
    bench.until("09-23 17:50")
    bench.says("秦书禾", "@苏念初 样品哪天寄出？", where="X1")
    due = bench.the_clock().due_at
    bench.forget()
    bench.until("09-24 09:00")
    assert Role.LIAISON in bench.person("江亦舟").roles
    assert Role.BACKUP_LIAISON not in bench.person("江亦舟").roles
    assert Role.LIAISON not in bench.person("苏念初").roles
    clock = bench.the_clock()
    assert (clock.due_at, clock.acting) == (due, "E010")
    assert change_of(bench).state is ChangeState.EFFECTIVE
    bench.expects_message(to="许安然", contains="DJ-2026-0004 已生效：销售 的对接人现为 江亦舟")
    bench.expects_message(to="方景行", contains=["DJ-2026-0004 已生效，但交接还未确认"])
    bench.expects_message(to="温晓棠", contains=["苏念初", "再留 5 个工作日", "X1试产协作专项群"])
    assert {o.holder for o in held(bench, ObligationKind.ISSUE)} <= {"E010"}
    assert len(held(bench)) == 2, "the hand-over is still owed"


def test_a_synced_directory_does_not_undo_the_change(bench: Bench) -> None:
    """The world that everybody sees is the one after the change, in this and in later transactions."""
    announce(bench)
    bench.until("09-24 09:00")
    bench.transact(lambda uow: uow.bump(DIRECTORY))
    bench.forget()
    bench.says("许安然", "组织")
    said = bench.expects_message(to="许安然")
    assert "方景行" in said.words
    assert "江亦舟" in said.words
    assert "苏念初" not in said.words


def test_a_company_file_that_still_names_the_former_liaison_does_not_undo_the_change(bench: Bench) -> None:
    """The file's word counts again once it says something else about the person."""
    announce(bench)
    bench.until("09-24 09:00")

    def takes_over(name: str, roles: frozenset[Role] | None = None) -> None:
        people = tuple(replace(p, roles=roles) if roles and p.id == "E009" else p for p in bench.file.people)
        file = replace(bench.file, people=people, digest=name)
        bench.transact(lambda uow: company.take_over(uow, file, now=bench.clock.now()))

    takes_over("one")
    assert Role.LIAISON in bench.person("江亦舟").roles
    assert Role.LIAISON not in bench.person("苏念初").roles
    takes_over("two", frozenset({Role.LIAISON, Role.EMPLOYEE, Role.PERFORMANCE}))
    assert Role.LIAISON in bench.person("苏念初").roles
    takes_over("three")
    assert Role.LIAISON in bench.person("苏念初").roles, "what was overruled is forgotten"


# ---------------------------------------------------------------- the card


def test_without_the_three_points_the_head_gets_a_card_to_confirm_them(bench: Bench) -> None:
    """R-108: three ticks on the appointment card; one that is missing keeps it a draft."""
    bench.until("09-17 09:20")
    bench.forget()
    bench.says("方景行", "对接人 变更 @苏念初 @江亦舟 9-24 原因：苏念初转岗")
    bench.expects_message(to="方景行", contains=["DJ-2026-0004", "确认 DJ-2026-0004"])
    card = bench.expects_card(to="方景行", state="待确认三项", buttons=["确认登记", "撤回变更"])
    bench.expects_nothing_more()
    [answer] = bench.presses(ticked(bench, card, skills="yes", business="yes", handover="no"))
    assert answer is not None
    assert "三项须逐一确认" in answer.toast
    assert change_of(bench).state is ChangeState.DRAFT
    [answer] = bench.presses(ticked(bench, card, skills="yes", business="yes", handover="yes", effective="2026-09-23"))
    assert answer is not None
    assert "最早生效日期为 9月24日（周四）" in answer.toast
    bench.presses(ticked(bench, card, skills="yes", business="yes", handover="yes", effective="2026-09-25"))
    change = change_of(bench)
    assert (change.state, change.effective_on.isoformat()) == (ChangeState.REGISTERED, "2026-09-25")
    bench.expects_card_update(to="方景行", state="已登记待生效")


def test_ec_57_a_change_that_takes_effect_on_a_holiday_is_accepted_with_a_suggestion(bench: Bench) -> None:
    """5.6 example 42: announced on 30 September, 7 October is a day off; 8 October is suggested, 7 October accepted."""
    bench.until("09-30 10:00")
    bench.forget()
    bench.says("方景行", "对接人 变更 @苏念初 @江亦舟 10-7 确认：全部 原因：苏念初转岗")
    said = bench.expects_message(to="方景行", contains="已登记 DJ-2026-0004")
    assert "10月7日（周三）是休息日，也可以改到 10月8日（周四）" in said.words
    assert change_of(bench).effective_on.isoformat() == "2026-10-07"
    bench.says("方景行", "对接人 改期 DJ-4 10-8")
    bench.expects_message(to="方景行", contains="DJ-2026-0004 改为 10月8日（周四）")
    bench.expects_message(to="许安然", contains=["DJ-2026-0004 改期", "10月8日（周四）"])
    bench.says("方景行", "对接人 改期 DJ-4 10-6")
    bench.expects_message(to="方景行", contains="最早生效日期为 10月7日")


def test_without_a_date_the_next_working_day_after_the_notice_is_taken(bench: Bench) -> None:
    bench.until("09-30 10:00")
    bench.says("方景行", "对接人 变更 @苏念初 @江亦舟 原因：苏念初转岗")
    assert change_of(bench).effective_on.isoformat() == "2026-10-08"


# ---------------------------------------------------------------- emergencies, first ones, taking back


def test_an_emergency_needs_the_secretary_and_the_backup_acts_at_once(bench: Bench) -> None:
    """3.12: DEP and SEC consent; the former liaison is out of office as soon as the secretary agrees."""
    bench.until("09-15 10:00")
    bench.forget()
    bench.says("陆怀谷", "对接人 紧急变更 @温晓棠 @程一帆 9-17 确认：全部 原因：温晓棠突发疾病住院")
    bench.expects_message(to="陆怀谷", contains=["紧急变更 DJ-2026-0004", "许安然"])
    card = bench.expects_card(to="许安然", state="待秘书同意", buttons=["同意", "不同意"])
    assert [o.holder for o in held(bench, ObligationKind.CONSENT)] == ["E018"]
    bench.clicks("许安然", "同意", card=card)
    assert held(bench, ObligationKind.CONSENT) == []
    assert change_of(bench).state is ChangeState.REGISTERED
    assert Role.LIAISON not in bench.person("温晓棠").roles
    bench.expects_message(to="罗启安", contains=["DJ-2026-0004", "（紧急）"])
    bench.says("秦书禾", "@白司南 图纸以哪版为准？", where="X1")
    assert bench.the_clock().acting == "E014"
    bench.until("09-17 09:00")
    assert Role.LIAISON in bench.person("程一帆").roles


def test_an_emergency_that_the_secretary_refuses_changes_nothing(bench: Bench) -> None:
    bench.until("09-15 10:00")
    bench.says("陆怀谷", "对接人 紧急变更 @温晓棠 @程一帆 确认：全部 原因：温晓棠突发疾病住院")
    bench.forget()
    bench.says("许安然", "不同意 DJ-4")
    bench.expects_message(to="许安然", contains="请填写原因（不少于 5 个字）")
    bench.says("许安然", "不同意 DJ-4 已登记请假由备份代理即可")
    bench.expects_message(to="许安然", contains="已退回 DJ-2026-0004")
    bench.expects_message(to="陆怀谷", contains=["未获许安然同意", "已登记请假由备份代理即可"])
    assert change_of(bench).state is ChangeState.CANCELLED
    assert Role.LIAISON in bench.person("温晓棠").roles


def test_ec_50_the_successor_of_a_liaison_who_left_today_takes_office_at_once(bench: Bench) -> None:
    """EC-50: the account is gone, the backup acts; the emergency change is in force with the secretary's consent."""
    bench.until("09-15 10:00")

    def leave(uow: UnitOfWork) -> None:
        person = uow.people.get("E013")
        assert person is not None
        uow.people.put(replace(person, is_active=False))
        uow.bump(DIRECTORY)

    bench.transact(leave)
    bench.says("秦书禾", "@白司南 图纸以哪版为准？", where="X1")
    assert bench.the_clock().acting == "E014", "the backup acts until another is named"
    bench.says("陆怀谷", "对接人 紧急变更 温晓棠 @杜若溪 今天 确认：全部 原因：温晓棠今日离职")
    bench.says("许安然", "同意 DJ-4")
    assert change_of(bench).state is ChangeState.EFFECTIVE
    assert Role.LIAISON in bench.person("杜若溪").roles
    assert [o.holder for o in held(bench)] == ["E015"], "whoever left confirms nothing"


def test_the_first_liaison_of_a_vacant_department_takes_office_at_once(bench: Bench) -> None:
    """L-22, R-107."""

    def vacate(uow: UnitOfWork) -> None:
        for key in ("E013", "E014"):
            person = uow.people.get(key)
            assert person is not None
            uow.people.put(replace(person, roles=frozenset({Role.EMPLOYEE})))
        uow.bump(DIRECTORY)

    bench.until("09-15 10:00")
    bench.transact(vacate)
    bench.forget()
    bench.says("陆怀谷", "对接人 任命 @杜若溪 确认：全部")
    bench.expects_message(to="陆怀谷", contains="DJ-2026-0004 已生效：研发 的对接人现为 杜若溪")
    bench.expects_message(to="许安然", contains="DJ-2026-0004 已生效")
    assert Role.LIAISON in bench.person("杜若溪").roles
    assert held(bench) == []


def test_the_head_takes_a_change_back_and_everybody_hears_of_it(bench: Bench) -> None:
    announce(bench)
    bench.forget()
    bench.says("何沐晴", "撤回 DJ-4")
    bench.expects_message(to="何沐晴", contains="没有执行此操作的权限")
    bench.says("方景行", "撤回 DJ-4")
    bench.expects_message(to="方景行", contains="已撤回 DJ-2026-0004")
    bench.expects_message(to="秦书禾", contains="DJ-2026-0004 已取消")
    bench.forget()
    bench.says("方景行", "撤回 DJ-4")
    bench.expects_message(to="方景行", contains="由 方景行 完成，无需重复操作")
    bench.until("09-24 09:00")
    assert Role.LIAISON in bench.person("苏念初").roles
    assert held(bench) == []


def test_a_successor_who_left_before_the_day_does_not_take_office(bench: Bench) -> None:
    announce(bench)

    def leave(uow: UnitOfWork) -> None:
        person = uow.people.get("E010")
        assert person is not None
        uow.people.put(replace(person, is_active=False))
        uow.bump(DIRECTORY)

    bench.transact(leave)
    bench.forget()
    bench.until("09-24 09:00")
    bench.expects_message(to="方景行", contains=["DJ-2026-0004 未能生效", "江亦舟"])
    assert Role.LIAISON in bench.person("苏念初").roles


# ---------------------------------------------------------------- refusals


def test_only_the_head_of_the_department_changes_its_liaison(bench: Bench) -> None:
    """P-50: own department only."""
    bench.until("09-17 09:20")
    for name in ("罗启安", "许安然", "苏念初"):
        bench.forget()
        bench.says(name, ALL_TICKED)
        bench.expects_message(to=name, contains=["没有执行此操作的权限", "本部门负责人"])
    assert bench.read(lambda uow: uow.liaison_changes.find()) == []


def test_what_is_missing_or_does_not_fit_is_said(bench: Bench) -> None:
    bench.until("09-17 09:20")
    wrong = {
        "对接人 变更 9-24": "请写明原对接人和新对接人",
        "对接人 变更 @江亦舟 @苏念初 9-24 确认：全部": "已经是对接人",
        "对接人 变更 @何沐晴 @江亦舟 9-24": "不是 江亦舟 所在部门的对接人",
        "对接人 变更 @苏念初 @江亦舟 2月30日": "没看懂日期",
        "对接人 紧急变更 @苏念初 @江亦舟 原因：病": "请填写原因",
    }
    for text, said in wrong.items():
        bench.forget()
        bench.says("方景行", text)
        bench.expects_message(to="方景行", contains=said)
    assert bench.read(lambda uow: uow.liaison_changes.find()) == []


def test_a_post_has_one_change_at_a_time_and_a_draft_gives_way(bench: Bench) -> None:
    bench.until("09-17 09:20")
    bench.says("方景行", "对接人 变更 @苏念初 @何沐晴 9-25")
    bench.says("方景行", ALL_TICKED)
    found = bench.read(lambda uow: {c.code: c.state for c in uow.liaison_changes.find()})
    assert found == {"DJ-2026-0004": ChangeState.CANCELLED, "DJ-2026-0005": ChangeState.REGISTERED}
    bench.forget()
    bench.says("方景行", "对接人 变更 @苏念初 @何沐晴 9-28 确认：全部")
    bench.expects_message(to="方景行", contains=["DJ-2026-0005", "还未生效"])
    bench.says("秦书禾", "对接人")
    bench.expects_message(to="秦书禾", contains=["DJ-2026-0005 销售 苏念初→江亦舟", "已登记待生效"])
