"""Awards and criticism as people live them: facts, a hearing, people who decide (domain.md 3.16; P-59..P-62, SoD-6, T-27)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.directory import Role
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.proposal import Proposal, ProposalState
from bot.ports import UnitOfWork
from bot.updates import CardClicked
from handlers.world import DIRECTORY
from tests.handlers.bench import Bench
from tests.handlers.shown import Shown

FIRST = "JC-2026-09-01"
CRITICISM = "奖惩 批评 部门：生产 RW-31 超期且两次催办未回应"
AWARD = "奖惩 表彰 @秦书禾 连夜赶出样件稳住客户"


def proposal(bench: Bench, code: str = FIRST) -> Proposal:
    found = bench.read(lambda uow: uow.proposals.get(code))
    assert found is not None
    return found


def owed(bench: Bench) -> list[Obligation]:
    return bench.read(lambda uow: uow.obligations.find(code=FIRST))


def pressed(bench: Bench, who: str, button: str, card: Shown, **form: str) -> str:
    click: CardClicked = bench.click(who, button, card=card)
    fields = {n: getattr(click, n) for n in click.__struct_fields__} | {"form": form}
    [answer] = bench.presses(type(click)(**fields))
    assert answer is not None
    return answer.toast


def proposed(bench: Bench, text: str = CRITICISM, who: str = "许安然") -> Shown:
    bench.until("10:00")
    bench.forget()
    bench.says(who, text)
    return bench.expects_card(to="许安然", state="候选")


def heard(bench: Bench) -> Shown:
    """The criticism is in its hearing; returns the card of the department's head."""
    card = proposed(bench)
    bench.clicks("许安然", "提交", card=card)
    return bench.expects_card(to="罗启安", state="听取陈述", buttons=["提交陈述"])


def stated(bench: Bench) -> Shown:
    """The case was stated; returns the leader's card."""
    card = heard(bench)
    pressed(bench, "罗启安", "提交陈述", card, statement="来料晚到三天，已书面说明")
    return bench.expects_card(to="顾明远", state="待组长确认", buttons=["确认", "驳回"])


def confirmed(bench: Bench) -> Shown:
    """The leader confirmed; returns the secretary's card with the preview."""
    card = stated(bench)
    pressed(bench, "顾明远", "确认", card, points="3", scope="协调小组")
    return bench.expects_card(to="许安然", state="已确认待发布", buttons=["发布"])


# ---------------------------------------------------------------- a criticism, from beginning to end


def test_a_criticism_is_checked_heard_confirmed_and_published_by_people(bench: Bench) -> None:
    """R-105: never automatic; the concerned are told privately, nobody else."""
    card = proposed(bench)
    assert "RW-2026-0031 超期且两次催办未回应" in card.words
    [one] = owed(bench)
    assert (one.kind, one.holder) == (ObligationKind.PROPOSAL, "E018")
    bench.forget()
    bench.clicks("许安然", "提交", card=card)
    hearing = bench.expects_card(to="罗启安", state="听取陈述")
    assert "请您说明情况" in hearing.words
    bench.expects_card_update(to="许安然", state="听取陈述", buttons=[])
    bench.expects_nothing_more()
    [one] = owed(bench)
    assert (one.kind, f"{one.due_at.astimezone(bench.now.tzinfo):%m-%d}") == (ObligationKind.STATEMENT, "09-16")

    pressed(bench, "罗启安", "提交陈述", hearing, statement="来料晚到三天，已书面说明")
    decision = bench.expects_card(to="顾明远", state="待组长确认")
    assert "陈述：来料晚到三天，已书面说明" in decision.words
    assert pressed(bench, "顾明远", "确认", decision, points="6", scope="协调小组").endswith("3 到 5 之间。")
    said = pressed(bench, "顾明远", "确认", decision, points="3", scope="协调小组")
    assert said == "✅ 已确认 JC-2026-09-01：-3 分，协调小组。由执行秘书预览后发布。"
    bench.expects_message(to="罗启安", contains=["JC-2026-09-01", "-3 分", "申诉 JC-2026-09-01"])
    bench.expects_message(to="钟晚晴", contains=["JC-2026-09-01", "-3 分"])
    publish = bench.expects_card(to="许安然", state="已确认待发布")
    assert "【通报批评】生产 2026-09，绩效 -3 分。" in publish.words

    bench.forget()
    bench.advance(days=2)
    assert proposal(bench).state is ProposalState.CONFIRMED, "no timer publishes anything"
    assert not [s for s in bench.forget() if "【通报批评】" in s.words and "Card" not in str(s)]
    bench.clicks("许安然", "发布", card=publish)
    assert proposal(bench).state is ProposalState.PUBLISHED
    for name in ("罗启安", "陆怀谷", "秦书禾", "顾明远"):
        bench.expects_message(to=name, contains="【通报批评】生产 2026-09")
    assert not [s for s in bench.everything() if s.reader == "何沐晴" and "通报批评" in s.words]
    assert owed(bench) == []


@pytest.mark.slow
def test_when_nobody_states_anything_it_goes_to_the_leader_after_two_working_days(bench: Bench) -> None:
    """T-27."""
    heard(bench)
    bench.until("09-16 17:59")
    assert proposal(bench).state is ProposalState.HEARING
    bench.until("09-16 18:00")
    assert (proposal(bench).state, proposal(bench).statement) == (ProposalState.PENDING_CONFIRM, "")
    bench.expects_card(to="顾明远", state="待组长确认")
    bench.until("09-28 10:00")
    assert proposal(bench).state is ProposalState.PENDING_CONFIRM, "never confirmed by time"


def test_the_evidence_is_checked_before_the_hearing(bench: Bench) -> None:
    proposed(bench)
    bench.says("许安然", f"提交候选 {FIRST}")
    bench.expects_message(to="许安然", contains="须先核对证据")
    bench.says("许安然", f"提交候选 {FIRST} 证据已核对")
    bench.expects_message(to="许安然", contains="进入听取陈述")


def test_what_the_leader_rejects_only_secretary_and_proposer_learn(bench: Bench) -> None:
    card = stated(bench)
    bench.forget()
    pressed(bench, "顾明远", "驳回", card, reason="来料责任不在生产部")
    bench.expects_message(to="许安然", contains=["JC-2026-09-01", "来料责任不在生产部"])
    assert not [s for s in bench.forget() if s.reader == "罗启安" and "SendText" in str(s)]
    bench.says("罗启安", f"奖惩 {FIRST}")
    bench.expects_message(to="罗启安", contains="未找到该编号，或您无权查看")


# ---------------------------------------------------------------- awards


def test_an_award_by_text_goes_straight_to_the_leader(bench: Bench) -> None:
    """R-104: put forward, confirmed with points and audience, previewed, published."""
    proposed(bench, AWARD, who="罗启安")
    bench.says("许安然", f"提交候选 {FIRST}")
    bench.expects_message(to="许安然", contains="已提交组长确认")
    bench.forget()
    bench.says("顾明远", f"奖惩 确认 {FIRST} 分值：2 范围：全公司")
    bench.expects_message(to="顾明远", contains="+2 分，全公司")
    bench.says("许安然", f"发布通报 {FIRST}")
    bench.expects_message(
        to="许安然", contains=["发布预览（全公司）", "【通报表扬】秦书禾（生产）", "发布通报 JC-2026-09-01 确认"]
    )
    assert proposal(bench).state is ProposalState.CONFIRMED
    bench.forget()
    bench.says("许安然", f"发布通报 {FIRST} 确认")
    bench.expects_message(to="许安然", contains="共 30 人")
    bench.expects_message(to="何沐晴", contains="连夜赶出样件稳住客户")


def test_who_may_propose_what(bench: Bench) -> None:
    """P-59: leader and secretary anything, heads awards for their own department."""
    bench.until("10:00")
    refused = {
        ("罗启安", CRITICISM): "没有执行此操作的权限",
        ("陆怀谷", AWARD): "没有执行此操作的权限",
        ("秦书禾", AWARD): "没有执行此操作的权限",
        ("许安然", "奖惩 批评 超期两次未回应"): "请写明对象",
        ("许安然", "奖惩 批评 部门：生产 差"): "请填写原因",
    }
    for (name, text), said in refused.items():
        bench.forget()
        bench.says(name, text)
        bench.expects_message(to=name, contains=said)
    assert bench.read(lambda uow: uow.proposals.find()) == []
    bench.says("许安然", CRITICISM)
    bench.forget()
    bench.says("顾明远", CRITICISM)
    bench.expects_message(to="顾明远", contains="同一事实本月已有建议 JC-2026-09-01")


def test_a_candidate_is_known_to_secretary_and_deciders_only(bench: Bench) -> None:
    proposed(bench)
    for name in ("罗启安", "秦书禾", "陆怀谷", "钟晚晴"):
        bench.forget()
        bench.says(name, f"奖惩 {FIRST}")
        bench.expects_message(to=name, contains="未找到该编号，或您无权查看")
        bench.says(name, f"陈述 {FIRST} 来料晚到三天")
        bench.expects_message(to=name, contains="未找到该编号，或您无权查看")
        bench.says(name, "奖惩")
        bench.expects_message(to=name, contains="没有您可以查看的奖惩建议")
    for name in ("顾明远", "沈若川", "许安然"):
        bench.forget()
        bench.says(name, "奖惩")
        bench.expects_message(to=name, contains="JC-2026-09-01 协作批评建议：生产，候选")
    bench.says("许安然", f"放弃候选 {FIRST} 当时系统停机不计")
    bench.expects_message(to="许安然", contains="已放弃 JC-2026-09-01")
    assert owed(bench) == []


# ---------------------------------------------------------------- SoD-6


def test_the_leader_does_not_confirm_what_is_about_himself(bench: Bench) -> None:
    """SoD-6: the alternate does."""
    proposed(bench, "奖惩 表彰 @顾明远 亲自协调三次重大问题")
    bench.forget()
    bench.says("许安然", f"提交候选 {FIRST}")
    card = bench.expects_card(to="沈若川", state="待组长确认", buttons=["确认", "驳回"])
    assert not [s for s in bench.forget() if s.reader == "顾明远"]
    bench.says("顾明远", f"奖惩 确认 {FIRST} 分值：2 范围：协调小组")
    bench.expects_message(to="顾明远", contains="未找到该编号，或您无权查看")
    assert proposal(bench).state is ProposalState.PENDING_CONFIRM
    pressed(bench, "沈若川", "确认", card, points="2", scope="协调小组")
    assert proposal(bench).confirmed_by == "E001"


def test_only_the_leader_confirms_and_an_old_card_is_stale(bench: Bench) -> None:
    """P-61, EC-05, EC-07."""
    hearing = heard(bench)
    pressed(bench, "罗启安", "提交陈述", hearing, statement="来料晚到三天，已书面说明")
    card = bench.expects_card(to="顾明远", state="待组长确认")
    assert "没有执行此操作的权限" in pressed(bench, "许安然", "确认", card, points="3", scope="协调小组")
    assert "以最新状态为准" in pressed(bench, "罗启安", "提交陈述", hearing, statement="再补充一点说明")
    pressed(bench, "顾明远", "确认", card, points="3", scope="协调小组")
    assert "以最新状态为准" in pressed(bench, "顾明远", "确认", card, points="5", scope="全公司")
    assert proposal(bench).points == -3


# ---------------------------------------------------------------- appeals


def test_an_appeal_that_both_grant_withdraws_the_notice_and_its_points(bench: Bench) -> None:
    """3.16: leader and alternate decide together; a withdrawal notice goes to whoever read the first one."""
    publish = confirmed(bench)
    bench.clicks("许安然", "发布", card=publish)
    bench.forget()
    bench.says("罗启安", f"申诉 {FIRST} 延期已获批准，未超期")
    bench.expects_message(to="罗启安", contains="5 个工作日内共同决定")
    first = bench.expects_card(to="顾明远", state="申诉中", buttons=["维持", "撤销"])
    second = bench.expects_card(to="沈若川", state="申诉中", buttons=["维持", "撤销"])
    assert {o.holder for o in owed(bench)} == {"E001", "E002"}
    assert "待另一位审批人决定" in pressed(bench, "顾明远", "撤销", first)
    assert {o.holder for o in owed(bench)} == {"E001"}
    assert proposal(bench).state is ProposalState.APPEAL
    bench.forget()
    pressed(bench, "沈若川", "撤销", second)
    assert proposal(bench).state is ProposalState.WITHDRAWN
    for name in ("罗启安", "钟晚晴", "许安然", "陆怀谷"):
        bench.expects_message(to=name, contains="【撤销通报】JC-2026-09-01")
    bench.says("罗启安", f"申诉 {FIRST} 延期已获批准，未超期")
    bench.expects_message(to="罗启安", contains="已于")


def test_an_appeal_that_one_of_them_does_not_grant_changes_nothing(bench: Bench) -> None:
    confirmed(bench)
    bench.says("罗启安", f"申诉 {FIRST} 延期已获批准，未超期")
    bench.says("顾明远", f"撤销处理 {FIRST}")
    bench.forget()
    bench.says("沈若川", f"维持原决定 {FIRST}")
    bench.expects_message(to="沈若川", contains="维持原决定")
    bench.expects_message(to="罗启安", contains="维持不变")
    assert proposal(bench).state is ProposalState.CONFIRMED
    bench.forget()
    bench.says("罗启安", f"申诉 {FIRST} 延期已获批准，未超期")
    bench.expects_message(to="罗启安", contains="已申诉过一次")


def test_who_may_appeal_and_until_when(bench: Bench) -> None:
    """T-27, L-23: the person or head concerned, three working days."""
    confirmed(bench)
    bench.says("秦书禾", f"申诉 {FIRST} 延期已获批准，未超期")
    bench.expects_message(to="秦书禾", contains="未找到该编号，或您无权查看")
    bench.until("09-17 18:01")
    bench.forget()
    bench.says("罗启安", f"申诉 {FIRST} 延期已获批准，未超期")
    bench.expects_message(to="罗启安", contains="申诉期已于")


def test_confidential_matters_are_no_ground(bench: Bench) -> None:
    """6.5: never candidates: facts on level-2 items."""

    def hide(uow: UnitOfWork) -> None:
        [one] = uow.obligations.find(code="RW-2026-0031")
        uow.obligations.put(replace(one, secrecy=2, access=(PersonId("E004"),)))

    bench.transact(hide)
    bench.until("10:00")
    bench.forget()
    bench.says("许安然", CRITICISM)
    bench.expects_message(to="许安然", contains="涉密事项不作为奖惩依据")


def test_a_department_without_head_is_heard_through_nobody_and_the_leader_still_decides(bench: Bench) -> None:
    """EC-52: nothing is auto-approved; the hearing ends by time."""

    def vacate(uow: UnitOfWork) -> None:
        department = uow.departments.get("PROD")
        head = uow.people.get("E003")
        assert department is not None
        assert head is not None
        uow.departments.put(replace(department, head=None))
        uow.people.put(replace(head, roles=frozenset({Role.EMPLOYEE})))
        uow.bump(DIRECTORY)

    bench.transact(vacate)
    card = proposed(bench)
    assert proposal(bench).department == DepartmentId("PROD")
    bench.clicks("许安然", "提交", card=card)
    bench.until("09-16 18:00")
    assert proposal(bench).state is ProposalState.PENDING_CONFIRM
    bench.expects_card(to="顾明远", state="待组长确认")
