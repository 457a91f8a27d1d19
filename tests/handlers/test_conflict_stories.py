"""Conflicts between departments from filing to execution, as the acceptance week and the charter have them (domain.md 3.8)."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.conflict import Conflict, ConflictState
from bot.domain.ids import Code
from bot.domain.meeting import MeetingKind
from bot.domain.minutes import Minutes, MinutesState
from bot.domain.obligation import Obligation
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING

CODE = "CT-2026-0003"
NOT_FOUND = "未找到该编号，或您无权查看。"
FORM = "\n冲突类型：{kind}\n冲突部门：生产部、质量部\n事实经过：首件返工工时无人认领，两部门意见不一\n证据：WD-无"


def at(moment: str) -> datetime:
    return datetime.fromisoformat(f"2026-{moment}").replace(tzinfo=BEIJING)


def files(bench: Bench, kind: str = "职责边界", who: str = "罗启安", more: str = "") -> str:
    bench.says(who, f"/冲突 上报 返工由谁负责{FORM.format(kind=kind)}{more}")
    found = bench.read(lambda uow: uow.conflicts.find())
    assert found, [str(s) for s in bench.forget()]
    return found[-1].code


def conflict(bench: Bench, code: str = CODE) -> Conflict:
    found = bench.read(lambda uow: uow.conflicts.get(code))
    assert found is not None
    return found


def owes(bench: Bench, code: str = CODE) -> dict[str, Obligation]:
    """Open deadlines by what stands behind the number in their key."""
    return {o.key.partition("/")[2]: o for o in bench.read(lambda uow: uow.obligations.find(code=code))}


def said(bench: Bench, who: str, text: str) -> str:
    """What the bot answers in private, looked at and forgotten with everything else."""
    bench.forget()
    bench.says(who, text)
    return "\n".join(s.words for s in bench.forget() if s.reader == who)


def mediates(bench: Bench, more: str = "\n依据：方案 R-07 谁牵头谁负责") -> str:
    return said(bench, "许安然", f"/调解 {CODE}\n调解意见：返工由生产部负责，质量部提供检验支持{more}")


def knows_minutes(bench: Bench, code: str = "JY-2026-0027") -> None:
    """There are such minutes."""
    minutes = Minutes(
        code=Code(code), meeting=Code("HY-2026-0040"), kind=MeetingKind.WEEKLY, state=MinutesState.PUBLISHED
    )
    if bench.read(lambda uow: uow.minutes.get(code)) is None:
        bench.transact(lambda uow: uow.minutes.add(minutes))


# ---------------------------------------------------------------- the week


def test_a_duty_conflict_of_the_week_is_mediated_on_a_clause_accepted_by_both_and_settled(bench: Bench) -> None:
    """Week steps 59 and 81; R-86, T-15, P-34..P-36."""
    bench.until("09-17 10:00")
    bench.forget()
    assert files(bench) == CODE
    bench.expects_message(to="罗启安", contains=[CODE, "许安然", "9月21日（周一）18:00"])
    bench.expects_card(to="许安然", contains=CODE, state="协调中", buttons=["调解"])
    state = bench.expects_card(to="尹若谷", contains=CODE, buttons=["提交陈述"])
    bench.expects_nothing_more()
    assert conflict(bench).due_at == owes(bench)["调解"].due_at == at("09-21T18:00")
    assert owes(bench)["调解"].holder == "E018"
    assert owes(bench)["情况陈述/QA"].due_at == at("09-18T18:00")
    bench.until("09-17 11:00")
    bench.clicks("尹若谷", "提交陈述", card=state, answer="来料合格，返工是装配造成的")
    assert [s.text for s in conflict(bench).statements] == ["来料合格，返工是装配造成的"]
    assert "情况陈述/QA" not in owes(bench)

    bench.until("09-18 16:30")
    assert "职责边界冲突须写明依据" in mediates(bench, more="")
    bench.forget()
    bench.says("许安然", f"/调解 {CODE}\n调解意见：返工由生产部负责，质量部提供检验支持\n依据：方案 R-07 谁牵头谁负责")
    first = bench.expects_card(to="罗启安", state="待双方答复调解意见", buttons=["同意", "不同意"])
    second = bench.expects_card(to="尹若谷", contains="返工由生产部负责", buttons=["同意", "不同意"])
    assert {"调解答复/PROD", "调解答复/QA"} <= set(owes(bench))
    bench.until("09-18 16:40")
    bench.clicks("罗启安", "同意", card=first)
    assert conflict(bench).state is ConflictState.MEDIATING
    again = bench.clicks("罗启安", "同意", card=first)
    assert again is not None
    assert "该操作已于 16:40 由 罗启安 完成" in again.toast
    bench.until("09-18 16:50")
    bench.clicks("尹若谷", "同意", card=second)
    done = conflict(bench)
    assert (done.state, done.concluded_at) == (ConflictState.SETTLED, at("09-18T16:50"))
    assert {k: o.due_at for k, o in owes(bench).items()} == {"裁定执行": at("09-22T18:00")}
    kinds = bench.read(lambda uow: [f.kind for f in uow.facts.find(code=CODE)])
    assert sorted(kinds) == ["conflict_concluded", "conflict_new"]
    bench.expects_card(to="秦书禾", state="协商一致待执行", buttons=["已执行"])
    bench.says("秦书禾", f"/确认 {CODE}")
    assert conflict(bench).state is ConflictState.CLOSED
    assert owes(bench) == {}


# ---------------------------------------------------------------- filing


@pytest.mark.parametrize("who", ["程一帆", "顾明远", "高远航"])
def test_only_a_party_or_the_secretary_files_one(bench: Bench, who: str) -> None:
    """P-34; the head of IT is a head, but of no party unless named: his department becomes one."""
    bench.until("10:00")
    bench.says(who, f"/冲突 上报 返工由谁负责{FORM.format(kind='职责边界')}")
    found = bench.read(lambda uow: uow.conflicts.find())
    if who == "高远航":
        assert found[0].parties == ("IT", "PROD", "QA")
    else:
        assert found == []


def test_the_secretary_files_for_others(bench: Bench) -> None:
    bench.until("10:00")
    files(bench, who="许安然")
    assert (conflict(bench).filed_for, conflict(bench).parties) == ("PROD", ("PROD", "QA"))


def test_what_is_missing_is_asked_for_and_kept(bench: Bench) -> None:
    bench.until("10:00")
    assert "还差 4 项必填：冲突类型" in said(bench, "罗启安", "/冲突 上报 返工由谁负责")
    bench.says("罗启安", f"/冲突 上报{FORM.format(kind='职责边界')}")
    assert conflict(bench).title == "返工由谁负责"


def test_one_department_is_no_conflict(bench: Bench) -> None:
    bench.until("10:00")
    answer = said(
        bench,
        "罗启安",
        "/冲突 上报 职责边界 返工由谁负责\n当事部门：生产部\n事实经过：首件返工工时一直无人认领\n证据：WD-101",
    )
    assert "至少涉及两个部门" in answer


def test_it_is_read_by_parties_leader_and_secretary_and_by_nobody_else(bench: Bench) -> None:
    bench.until("10:00")
    files(bench)
    for who in ("罗启安", "袁知行", "顾明远", "许安然"):
        assert "首件返工工时无人认领" in said(bench, who, f"/冲突 {CODE}")
    assert said(bench, "钟晚晴", f"/冲突 {CODE}") == NOT_FOUND
    assert said(bench, "钟晚晴", "/冲突 CT-2026-0999") == NOT_FOUND


# ---------------------------------------------------------------- it fails


def test_a_refusal_with_its_reason_goes_to_the_leader_who_rules_with_a_basis(bench: Bench) -> None:
    """R-14, R-87, P-37, T-15b; R-36: only the leader says that somebody shirked."""
    bench.until("10:00")
    files(bench)
    mediates(bench)
    assert "请填写原因" in said(bench, "尹若谷", f"/驳回 {CODE} 不行")
    bench.forget()
    bench.says("尹若谷", f"/驳回 {CODE} 质量部没有返工人员")
    card = bench.expects_card(to="顾明远", state="待组长裁定", buttons=["裁定"])
    assert all(part in card.words for part in ("返工由生产部负责", "质量部没有返工人员", "方案 R-07"))
    assert conflict(bench).due_at == owes(bench)["裁定"].due_at == at("09-16T18:00")
    assert "您没有执行此操作的权限" in said(bench, "许安然", f"/裁定 {CODE} 由生产部负责\n依据：方案 R-07")
    assert "以下必填项未填写：依据" in said(bench, "顾明远", f"/裁定 {CODE} 返工由生产部负责")
    bench.forget()
    bench.says("顾明远", f"/裁定 {CODE} 返工由生产部负责\n依据：方案 R-07\n存在推诿：质量部")
    done = conflict(bench)
    assert (done.state, done.shirking, done.ruled_by) == (ConflictState.RULED, ("QA",), "E002")
    note = bench.expects_card(to="尹若谷", state="已裁定待执行", buttons=["已知悉"])
    bench.clicks("尹若谷", "已知悉", card=note)
    assert conflict(bench).noted == ("QA",)
    assert "不能" not in said(bench, "许安然", f"/确认 {CODE}")
    assert conflict(bench).state is ConflictState.CLOSED


def test_when_three_working_days_have_passed_it_goes_to_the_leader(bench: Bench) -> None:
    """T-15: dated with the limit."""
    bench.until("09-17 10:00")
    files(bench)
    bench.until("09-21 18:05")
    found = conflict(bench)
    assert (found.state, found.since) == (ConflictState.PENDING_RULING, at("09-21T18:00"))
    assert found.due_at == at("09-23T18:00")


def test_a_leader_who_heads_a_party_does_not_rule(bench: Bench) -> None:
    """SoD-5, L-20: ALT does."""
    bench.until("10:00")

    def headed_by_leader(uow: object) -> None:
        departments = uow.departments  # type: ignore[attr-defined]
        quality = departments.get("QA")
        departments.put(type(quality)(**{f: getattr(quality, f) for f in quality.__slots__} | {"head": "E002"}))
        uow.bump("directory")  # type: ignore[attr-defined]
        uow.bump("company")  # type: ignore[attr-defined]

    bench.transact(headed_by_leader)
    files(bench)
    mediates(bench)
    bench.forget()
    bench.says("罗启安", f"/驳回 {CODE} 生产部没有返工人员")
    bench.expects_card(to="沈若川", buttons=["裁定"])
    assert owes(bench)["裁定"].holder == "E001"
    text = f"/裁定 {CODE} 返工由质量部负责\n依据：方案 R-07"
    assert "您没有执行此操作的权限" in said(bench, "顾明远", text)
    bench.says("沈若川", text)
    assert conflict(bench).ruled_by == "E001"


@pytest.mark.slow
def test_what_the_plan_does_not_cover_goes_to_the_office_meeting_and_comes_back_with_a_paper(bench: Bench) -> None:
    """R-115, R-116, A-21, L-24: remembered every week until the decision is recorded."""
    bench.until("10:00")
    files(bench, kind="未尽事宜")
    mediates(bench, more="")
    bench.forget()
    bench.says("罗启安", f"/驳回 {CODE} 生产部没有返工人员")
    assert conflict(bench).state is ConflictState.TO_GM_MEETING
    bench.expects_message(to="许安然", contains="列入总经理办公会议题")
    text = "由生产部负责返工\n依据：总办〔2026〕12号"
    assert "您没有执行此操作的权限" in said(bench, "许安然", f"/裁定 {CODE} {text}")
    said(bench, "顾明远", f"/裁定 {CODE} {text}")
    assert conflict(bench).state is ConflictState.TO_GM_MEETING
    bench.forget()
    bench.until("09-21 09:05")
    again = [s for s in bench.forget() if "仍待总经理办公会决定" in s.words]
    assert [s.reader for s in again] == ["许安然"]
    assert conflict(bench).due_at == at("09-28T09:00")
    bench.says("许安然", f"/办公会决定 {CODE} {text}")
    assert (conflict(bench).state, conflict(bench).paper) == (ConflictState.RULED, "总办〔2026〕12号")


def test_the_secretary_may_refer_it_before_that_and_only_what_the_plan_does_not_cover(bench: Bench) -> None:
    """L-23."""
    bench.until("10:00")
    files(bench)
    assert "属方案已规定的事项" in said(bench, "许安然", f"/报办公会 {CODE} 返工归属")
    files(bench, kind="未尽事宜")
    second = "CT-2026-0004"
    assert "您没有执行此操作的权限" in said(bench, "罗启安", f"/报办公会 {second} 返工归属")
    bench.says("顾明远", f"/报办公会 {second} 返工归属")
    assert (conflict(bench, second).state, conflict(bench, second).paper) == (ConflictState.TO_GM_MEETING, "返工归属")


# ---------------------------------------------------------------- kinds


def test_resources_go_to_the_key_project_first(bench: Bench) -> None:
    """R-88: the proposal is filled in beforehand."""
    bench.until("10:00")
    files(bench, kind="资源分配", more="\n竞争事项：SX-2026-0007、SX-2026-0008")
    card = next(s for s in bench.forget() if s.reader == "许安然" and CODE in s.words)
    assert "重点项目：SX-2026-0007" in card.words
    assert next(f.value for f in card.card.fields if f.name == "outcome") == "优先保障重点项目（SX-2026-0007）"
    assert "应优先保障" in mediates(bench, more="\n处理方式：共享\n排期：单双周轮流")
    mediates(bench, more="\n处理方式：优先保障重点项目")
    assert conflict(bench).is_offered


def test_without_a_key_project_they_are_shared_with_dates(bench: Bench) -> None:
    """R-89."""
    bench.until("10:00")
    files(bench, kind="资源分配", more="\n竞争事项：SX-2026-0008")
    assert "请选择处理方式" in mediates(bench, more="")
    assert "请写明排期" in mediates(bench, more="\n处理方式：共享")
    mediates(bench, more="\n处理方式：共享\n排期：单周生产、双周质量")
    assert conflict(bench).outcome.endswith("（单周生产、双周质量）")


def test_information_is_verified_by_the_lead_and_corrected_in_the_group(bench: Bench) -> None:
    """R-90, R-91, L-30."""
    bench.until("10:00")
    knows_minutes(bench)
    files(bench, kind="沟通信息", more="\n关联事项：SX-2026-0007")
    bench.expects_card(to="温晓棠", buttons=["核实"])
    held = owes(bench)["核实"]
    assert (held.holder, held.due_at) == ("E013", at("09-15T18:00"))
    assert "须先由牵头部门核实" in mediates(bench, more="\n依据：JY-2026-0027")
    assert "聊天记录不能作为依据" in said(bench, "温晓棠", f"/核实 {CODE} 群里说的是 60 台")
    assert "没有找到 JY-2026-0999" in said(bench, "温晓棠", f"/核实 {CODE} 以 JY-2026-0999 为准")
    bench.says("温晓棠", f"/核实 {CODE} 以 JY-2026-0027 为准，首批 60 台 登记处：生产计划表、采购申请")
    assert conflict(bench).places == "生产计划表、采购申请"
    assert "聊天记录不能作为依据" in mediates(bench, more="\n依据：群聊记录")
    mediates(bench, more="\n依据：JY-2026-0027")
    bench.says("罗启安", f"/同意 {CODE}")
    bench.forget()
    bench.says("尹若谷", f"/同意 {CODE}")
    notice = bench.expects_message(in_chat="X1", contains=["【更正】", "JY-2026-0027", "生产计划表、采购申请"])
    assert CODE in notice.words


def test_without_a_group_the_correction_goes_to_liaisons_and_heads(bench: Bench) -> None:
    """L-30."""
    bench.until("10:00")
    knows_minutes(bench)
    files(bench, kind="沟通信息")
    bench.says("秦书禾", f"/核实 {CODE} 以 JY-2026-0027 为准，首批 60 台")
    mediates(bench, more="\n依据：JY-2026-0027")
    bench.says("罗启安", f"/同意 {CODE}")
    bench.forget()
    bench.says("尹若谷", f"/同意 {CODE}")
    readers = {s.reader for s in bench.forget() if "【更正】" in s.words}
    assert readers == {"罗启安", "秦书禾", "尹若谷", "袁知行"}


# ---------------------------------------------------------------- taking it back


def test_it_is_taken_back_once_the_other_side_agrees(bench: Bench) -> None:
    bench.until("10:00")
    files(bench)
    assert "您没有执行此操作的权限" in said(bench, "尹若谷", f"/撤回 {CODE} 双方已谈妥")
    bench.forget()
    bench.says("罗启安", f"/撤回 {CODE} 双方已谈妥")
    card = bench.expects_card(to="尹若谷", buttons=["同意撤回", "不撤回"])
    bench.clicks("尹若谷", "同意撤回", card=card)
    assert conflict(bench).state is ConflictState.WITHDRAWN
    assert owes(bench) == {}


def test_what_is_agreed_becomes_work_and_a_change_of_duties_a_plan_revision(bench: Bench) -> None:
    """3.8: tasks and duty line follow the outcome."""
    bench.until("10:00")
    files(bench, more="\n关联事项：SX-2026-0007")
    more = "\n依据：方案 R-07\n是否调整职责分工：是\n执行任务：编制返工流程 | 生产部 | 秦书禾 | 2026-09-18"
    mediates(bench, more=more)
    bench.says("罗启安", f"/同意 {CODE}")
    bench.says("尹若谷", f"/同意 {CODE}")
    tasks = bench.read(lambda uow: [t for t in uow.tasks.find() if t.source == CODE])
    assert [(t.owner, t.due_at) for t in tasks] == [("E004", at("09-18T18:00"))]
    plans = bench.read(lambda uow: uow.plans.find(item="SX-2026-0007"))
    assert [p.cause for p in plans if p.number == 2] == [CODE]


def test_ec_73_a_confidential_conflict_exists_for_its_list_only(bench: Bench) -> None:
    bench.until("10:00")
    files(bench, more="\n密级：涉密")
    assert set(conflict(bench).access) == {"E003", "E004", "E028", "E029", "E018", "E002"}
    assert said(bench, "方景行", f"/冲突 {CODE}") == NOT_FOUND
    cards = [s for s in bench.everything() if CODE in s.words and s.reader == "尹若谷"]
    assert cards
    assert not any("返工" in s.words for s in cards)
    assert "返工由谁负责" in said(bench, "尹若谷", f"/冲突 {CODE}")
