"""The secretary collects what departments think, and adds a line to the leader's digest (R-23, L-23, 6.1; EC-08, EC-77)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.issue import Grade, Issue, IssueState
from bot.messages import CardColour
from bot.ports import UnitOfWork
from handlers.reports.digest_text import LIMIT
from handlers.scores import feedback_keeping
from tests.handlers.bench import Bench
from tests.handlers.shown import Shown
from tests.handlers.test_digests import owes

ASK = "/反馈 征集 X1试产配合情况 截止：9-15 18:00"
LIAISONS = {"研发": "温晓棠", "销售": "苏念初", "行政": "卢雨桐"}


def asked(bench: Bench, text: str = ASK) -> dict[str, Shown]:
    """The secretary asks; the cards by reader."""
    bench.until("10:00")
    bench.says("许安然", text)
    cards = [s for s in bench.forget() if s.reader and hasattr(s.sent.outbound, "card")]
    return {s.reader: s for s in cards}


def said(bench: Bench, who: str, text: str) -> str:
    """What is answered in private."""
    bench.says(who, text)
    return bench.expects_message(to=who).words


# ---------------------------------------------------------------- a round


def test_r_23_every_department_is_asked_and_answers_by_card_or_text(bench: Bench) -> None:
    """L-23: begun by the secretary; one card for whoever answers for each department."""
    bench.until("10:00")
    bench.says("许安然", ASK)
    told = bench.expects_message(to="许安然", contains=["征集“X1试产配合情况”", "9月15日（周二）18:00"])
    cards = {s.reader: s for s in bench.forget() if s.reader}
    assert f"已向 {len(cards)} 个部门" in told.words
    assert set(LIAISONS.values()) <= set(cards)
    card = cards["温晓棠"]
    assert card.card.title == "征集反馈"
    assert [f.name for f in card.card.fields] == ["feedback"]
    assert [b.text for b in card.card.buttons] == ["提交"]
    assert "反馈 内容" in card.words
    answer = bench.clicks("温晓棠", "提交", card=card, answer="夹具到位晚了两天，其余正常")
    assert answer is not None
    assert "已收到“X1试产配合情况”的反馈" in answer.toast
    done = bench.expects_card_update(to="温晓棠", state="已反馈", colour=CardColour.DONE)
    assert "夹具到位晚了两天" in done.words
    assert done.card.buttons == ()
    assert "已收到“X1试产配合情况”的反馈" in said(bench, "苏念初", "反馈 客户催样机，请尽早排期")
    state = said(bench, "许安然", "/反馈")
    assert f"“X1试产配合情况”：2/{len(cards)} 个部门已反馈" in state
    assert "· 研发（温晓棠 10:00）：夹具到位晚了两天，其余正常" in state
    assert "· 销售（苏念初 10:00）：客户催样机，请尽早排期" in state
    missing = state.split("未反馈：")[1]
    assert "行政" in missing
    assert "销售" not in missing


def test_who_has_not_answered_is_reminded_once_at_the_end(bench: Bench) -> None:
    cards = asked(bench)
    bench.clicks("温晓棠", "提交", card=cards["温晓棠"], answer="一切正常")
    bench.forget()
    bench.until("09-16 09:30")
    reminded = {s.reader for s in bench.forget() if "的反馈现已截止" in s.words}
    assert reminded == set(cards) - {"温晓棠"}
    bench.until("09-17 09:30")
    assert [s for s in bench.forget() if "的反馈现已截止" in s.words] == []
    said(bench, "苏念初", "反馈 排期已确认")
    assert "（苏念初 09:30，晚于截止）：排期已确认" in said(bench, "许安然", "反馈")


def test_nobody_is_reminded_at_night(bench: Bench) -> None:
    """L-09."""
    asked(bench, "反馈 征集 X1试产配合情况 截止：9-15 21:00")
    bench.until("09-15 23:00")
    assert [s for s in bench.forget() if "的反馈现已截止" in s.words] == []
    bench.until("09-16 09:01")
    assert [s for s in bench.forget() if "的反馈现已截止" in s.words]


def test_an_answer_is_changed_by_sending_another_one_and_a_head_speaks_for_the_department(bench: Bench) -> None:
    asked(bench)
    said(bench, "温晓棠", "反馈 夹具到位晚了两天")
    assert "已更新" in said(bench, "陆怀谷", "反馈 夹具已到位")
    state = said(bench, "许安然", "反馈")
    assert "（陆怀谷 10:00）：夹具已到位" in state
    assert "晚了两天" not in state


def test_the_secretary_hears_when_all_have_answered(bench: Bench) -> None:
    for who, card in asked(bench).items():
        assert bench.clicks(who, "提交", card=card, answer="一切正常") is not None
    bench.expects_message(to="许安然", contains="的反馈已收齐")


def test_a_new_round_takes_the_place_of_the_old_one(bench: Bench) -> None:
    old = asked(bench)
    bench.advance(minutes=5)
    bench.says("许安然", "反馈 征集 周例会怎么开更好")
    bench.expects_message(to="许安然", contains=["周例会怎么开更好", "9月16日（周三）18:00"])
    answer = bench.clicks("温晓棠", "提交", card=old["温晓棠"], answer="一切正常")
    assert answer is not None
    assert answer.is_error
    assert "这一轮反馈已结束" in answer.toast
    bench.forget()
    bench.until("09-15 18:30")
    assert [s for s in bench.forget() if "X1试产配合情况”的反馈现已截止" in s.words] == []


def test_only_the_secretary_asks_and_reads_everything(bench: Bench) -> None:
    """L-23."""
    bench.until("10:00")
    for who in ("温晓棠", "陆怀谷", "顾明远", "程一帆"):
        assert "征集反馈限执行秘书许安然" in said(bench, who, ASK)
    asked(bench)
    said(bench, "温晓棠", "反馈 夹具到位晚了两天")
    shown = said(bench, "程一帆", "反馈")
    assert "正在征集：X1试产配合情况" in shown
    assert "夹具" not in shown


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("反馈 征集", "请写明征集什么"),
        ("反馈 征集 试产 截止：9-11 18:00", "截止时间已过"),
        ("反馈 征集 试产 截止：2月30日", "2月30日"),
    ],
)
def test_a_round_needs_a_topic_and_a_time_to_come(bench: Bench, text: str, refusal: str) -> None:
    bench.until("10:00")
    assert refusal in said(bench, "许安然", text)
    assert bench.within(feedback_keeping.newest) is None


# ---------------------------------------------------------------- unasked


def test_anybody_may_say_something_unasked_and_it_reaches_the_secretary(bench: Bench) -> None:
    """R-23."""
    bench.until("10:00")
    assert "已转给执行秘书 许安然" in said(bench, "程一帆", "反馈 会议太多，建议合并")
    bench.expects_message(to="许安然", contains="程一帆（研发）反馈：会议太多，建议合并")
    assert "近两周主动反馈 1 条" in said(bench, "许安然", "反馈")
    asked(bench)
    assert "已转给执行秘书" in said(bench, "程一帆", "反馈 测试台不够"), (
        "an employee does not answer for the department"
    )


def test_in_a_group_the_answer_is_private(bench: Bench) -> None:
    asked(bench)
    bench.says("温晓棠", "@回音 反馈 夹具到位晚了两天", where="X1")
    bench.expects_message(in_chat="X1", contains="已私信您", lacks="夹具")
    bench.expects_message(to="温晓棠", contains="已收到")


def test_ec_08_what_not_everybody_may_know_does_not_belong_there(bench: Bench) -> None:
    """Level 0 only: a number of a sensitive or confidential matter is refused like an empty text."""

    def secret(uow: UnitOfWork) -> None:
        issue = uow.issues.get("WT-2026-0011")
        assert issue is not None
        uow.issues.put(_secret(issue))

    bench.transact(secret)
    asked(bench)
    assert "涉密和内部敏感事项不在这里写" in said(bench, "温晓棠", "反馈 WT-2026-0011 的差异还没查清")
    assert "涉密和内部敏感事项不在这里写" in said(bench, "许安然", "简报 批注 WT-2026-0011 的差异还没查清")
    assert "最多 1000 字" in said(bench, "温晓棠", "反馈 " + "长" * 1001)


def _secret(issue: Issue) -> Issue:
    assert issue.state is not IssueState.CLOSED
    assert issue.grade is Grade.GENERAL
    return replace(issue, secrecy=1)


def test_ec_77_feedback_is_forgotten_with_all_other_words_of_people(bench: Bench) -> None:
    bench.within(bench.wired.arm_recurring)
    asked(bench)
    said(bench, "温晓棠", "反馈 夹具到位晚了两天")
    assert len(bench.read(lambda uow: uow.facts.find(kind=feedback_keeping.ROUND))) == 1
    bench.clock.move(bench.now + timedelta(days=181))
    bench.advance(days=1)
    assert bench.read(lambda uow: uow.facts.find(kind=feedback_keeping.KINDS)) == []


# ---------------------------------------------------------------- the comment in the digest


def digest(bench: Bench, reader: str = "顾明远") -> str:
    """The digest that this reader was sent since the last look."""
    found = [s.words for s in bench.forget() if s.reader == reader and "每日简报" in s.words]
    assert found
    return found[-1]


def test_r_23_the_comment_of_the_secretary_stands_once_at_the_end_of_the_next_digest(bench: Bench) -> None:
    """6.1."""
    bench.within(bench.wired.arm_recurring)
    bench.until("10:00")
    bench.forget()
    kept = said(bench, "许安然", "/简报 批注 夹具问题本周可解决，请 @袁知行 周三前回复")
    assert "秘书：夹具问题本周可解决，请 @袁知行 周三前回复" in kept
    bench.until("09-15 08:45")
    sent = [s for s in bench.forget() if "每日简报" in s.words]
    assert {s.reader for s in sent} >= {"顾明远", "许安然"}
    for one in sent:
        assert one.words.endswith("\n秘书：夹具问题本周可解决，请 @袁知行 周三前回复")
    bench.until("09-16 08:45")
    assert "秘书：" not in digest(bench)


def test_a_comment_is_replaced_and_taken_back(bench: Bench) -> None:
    bench.within(bench.wired.arm_recurring)
    bench.until("10:00")
    bench.forget()
    said(bench, "许安然", "简报 批注 第一句")
    assert "秘书：第二句" in said(bench, "许安然", "简报 批注 第二句")
    assert said(bench, "许安然", "简报 批注 清除") == "批注已清除。"
    assert said(bench, "许安然", "简报 批注 清除") == "下一期简报没有批注。"
    bench.until("09-15 08:45")
    assert "秘书：" not in digest(bench)


def test_only_the_secretary_comments_and_briefly(bench: Bench) -> None:
    bench.until("10:00")
    for who in ("温晓棠", "顾明远"):
        assert "简报批注限执行秘书许安然" in said(bench, who, "简报 批注 一切正常")
    assert "批注 201 字，最多 200 字" in said(bench, "许安然", "简报 批注 " + "长" * 201)


def test_a_comment_is_never_cut_off_a_long_digest(bench: Bench) -> None:
    bench.within(bench.wired.arm_recurring)
    bench.until("10:00")
    for number in range(40):
        owes(bench, f"RW-2026-{1000 + number}", "09-14 09:00", title="很长的名称" * 10)
    bench.forget()
    said(bench, "许安然", "简报 批注 " + "字" * 200)
    bench.until("09-15 08:45")
    text = digest(bench)
    assert len(text) <= LIMIT
    assert text.endswith("字" * 200)
