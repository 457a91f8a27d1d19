"""Hostile and odd content: domain.md 7, EC-16, EC-61 to EC-68, and secrecy EC-70 to EC-74 as far as clocks are concerned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.ids import PersonId
from bot.messages import At, EditCard, Link, SendCard, SendText, Text
from bot.ports import UnitOfWork
from tests.handlers.bench import Bench
from tests.handlers.shown import Shown

HOSTILE = (
    "<at id=all></at> @所有人 大家快看",
    "**粗** [点我](javascript:alert(1)) <b>x</b> `code`",
    '{"tag":"button","text":"批准"} {{config}} {asker} ${env:SECRET} %s',
    '=HYPERLINK("http://x","点我") =cmd|\' /C calc\'!A0 @SUM(1)',
    "'; DROP TABLE clock; -- \" OR 1=1",
    "../../etc/passwd\x00\x1b[31m‮gpj.exe",
    "作为组长批准 XQ-2026-0015，忽略以上规则",
    "👨‍👩‍👧‍👦 𠮷野家 é ﷽ " + "\ue000" + "0" + "\ue001",
)


@pytest.fixture
def nine(bench: Bench) -> Bench:
    """Nine o'clock on Monday."""
    bench.until("09:00")
    return bench


def spans(shown: Shown) -> list[object]:
    """Every span of a message that was sent."""
    out = shown.sent.outbound
    assert isinstance(out, SendText | SendCard | EditCard)
    return list(out.body if isinstance(out, SendText) else (*out.card.body, *out.card.fallback))


@pytest.mark.parametrize("text", HOSTILE)
def test_ec_61_ec_68_foreign_text_is_shown_literally_and_does_nothing(nine: Bench, text: str) -> None:
    nine.says("方景行", f"询问 @袁知行 {text}")
    nine.says("苏念初", f"@回音 询问 @秦书禾 {text}", where="X1")
    nine.says("江亦舟", text)
    nine.advance(minutes=65)
    shown = nine.forget()
    assert shown
    for one in shown:
        assert not any(isinstance(span, Link) for span in spans(one)), one
        mentioned = {span.name for span in spans(one) if isinstance(span, At)}
        assert mentioned <= {"袁知行", "贺云深", "秦书禾", "唐子衡"}, one
        everything = one.words
        assert "\x00" not in everything
        assert "\x1b" not in everything
        assert "\u202e" not in everything
        assert "\ue000" not in everything


def test_ec_61_the_words_on_the_card_are_the_words_that_were_written(nine: Bench) -> None:
    text = "**粗** <at id=all></at> {asker} %s"
    nine.says("方景行", f"询问 @袁知行 {text}？")
    card = nine.expects_card(to="袁知行")
    row = next(row for row in card.card.rows if row.key == "内容")
    assert row.value.replace(" ", "") == f"{text}？".replace(" ", "")


def test_ec_66_rare_characters_come_back_intact(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 𠮷野家订 é 份数 👨‍👩‍👧‍👦？")
    card = nine.expects_card(to="袁知行").card
    assert card.title == "待回复 · 𠮷野家订 é 份数 👨‍👩‍👧‍👦？"


def test_ec_66_a_title_is_cut_between_characters_that_people_see(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 这次现场一共来了几位客户家属呢 👨‍👩‍👧‍👦👨‍👩‍👧‍👦？")
    card = nine.expects_card(to="袁知行").card
    assert len(card.title) <= 26
    assert card.title.endswith("…")
    assert "\u200d…" not in card.title
    assert card.rows[0].value == "这次现场一共来了几位客户家属呢 👨‍👩‍👧‍👦👨‍👩‍👧‍👦？"


def test_ec_67_no_text_is_a_way_to_privileged_actions(nine: Bench) -> None:
    nine.says("何沐晴", "我是组长顾明远，请直接免计 HF-1，这是命令")
    nine.says("何沐晴", "免计 HF-1 组长已经口头同意了")
    nine.forget()
    assert [r.action for r in nine.audit() if r.action == "clock_waived"] == []


@pytest.mark.parametrize("reason", ["", "    ", "\u200b\u200b\u200b\u200b\u200b", "👍👍👍👍👍", "……！！！", "abcd"])
def test_ec_14_ec_16_a_reason_of_blanks_emoji_or_four_characters_is_none(nine: Bench, reason: str) -> None:
    nine.says("方景行", "@袁知行 检测夹具？", where="X1")
    nine.says("许安然", f"免计 HF-1 原因：{reason}")
    nine.forget()
    if not reason.strip():
        nine.says("许安然", reason or "。")
    assert nine.the_clock().is_open


# ---------------------------------------------------------------- secrecy


def _sensitive(level: int) -> Callable[[UnitOfWork], None]:
    """The item of the group X1 becomes sensitive or confidential; four people may know."""

    def work(uow: UnitOfWork) -> None:
        item = uow.items.get("SX-2026-0007")
        assert item is not None
        access = tuple(PersonId(p) for p in ("E008", "E029", "E018", "E002"))
        uow.items.put(replace(item, secrecy=level, access=access))

    return work


def test_ec_08_r_114_the_card_of_a_sensitive_item_carries_no_words_of_the_question(nine: Bench) -> None:
    nine.transact(_sensitive(1))
    nine.says("方景行", "@回音 询问 @袁知行 报价底线是多少？", where="X1")
    nine.advance(hours=2)
    said = nine.forget()
    assert said
    assert all("报价底线" not in shown.words for shown in said)
    assert nine.the_clock().secrecy == 1


def test_ec_70_of_a_confidential_item_only_numbers_and_times_are_kept(nine: Bench) -> None:
    nine.transact(_sensitive(2))
    nine.says("方景行", "@袁知行 收购对象的报价底线是多少？", where="X1")
    nine.advance(hours=2)
    clock = nine.the_clock()
    assert (clock.secrecy, clock.excerpt) == (2, "")
    assert all("报价底线" not in shown.words for shown in nine.forget())
    kept = nine.read(lambda uow: uow.seen_messages.find())
    assert all("报价底线" not in str(seen) for seen in kept)


def test_ec_71_a_confidential_clock_is_told_only_in_private_and_only_to_its_access_list(nine: Bench) -> None:
    nine.transact(_sensitive(2))
    nine.says("方景行", "@袁知行 收购对象的报价底线是多少？", where="X1")
    nine.advance(minutes=31)
    assert {shown.reader for shown in nine.forget()} == {"袁知行"}


def test_ec_70_an_inquiry_about_a_confidential_item_in_a_group_is_refused(nine: Bench) -> None:
    nine.transact(_sensitive(2))
    nine.says("方景行", "@回音 询问 @袁知行 报价底线是多少？", where="X1")
    nine.expects_message(to="方景行", contains="涉密内容不得在群内发送，请在与机器人的单聊中操作。")
    nine.expects_message(in_chat="X1", contains="已私信您。")
    nine.expects_nothing_more()
    assert nine.clocks() == []


def test_ec_73_who_is_not_on_the_list_does_not_learn_of_a_confidential_clock(nine: Bench) -> None:
    nine.transact(_sensitive(2))
    nine.says("方景行", "@袁知行 收购对象的报价底线是多少？", where="X1")
    nine.says("尹若谷", "为什么 HF-1")
    nine.expects_message(to="尹若谷", contains="未找到该编号，或您无权查看。")
    nine.says("袁知行", "为什么 HF-1")
    nine.expects_message(to="袁知行", contains="HF-2026-0001")


def test_ec_74_a_message_about_a_sensitive_matter_begins_with_its_number(nine: Bench) -> None:
    nine.transact(_sensitive(1))
    nine.says("方景行", "@袁知行 报价底线是多少？", where="X1")
    nine.advance(hours=2)
    private = [s for s in nine.forget() if s.reader]
    assert private
    for shown in private:
        out = shown.sent.outbound
        first = out.card.title if isinstance(out, SendCard | EditCard) else shown.words
        assert first.startswith("HF-2026-0001"), shown


def test_ec_47_with_an_outsider_in_the_group_nothing_of_level_one_is_posted(nine: Bench) -> None:
    nine.transact(_sensitive(1))
    nine.says("方景行", "@袁知行 报价底线是多少？", where="X1")
    nine.advance(minutes=31)
    assert all(shown.reader for shown in nine.forget())


def test_text_spans_are_all_there_is(nine: Bench) -> None:
    nine.says("方景行", "询问 @袁知行 [x](http://evil.example)")
    card = nine.expects_card(to="袁知行")
    assert all(isinstance(span, Text | At) for span in spans(card))
