"""One thing, several events: what the platform tells in many ways, or twice, or late, people hear of once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.feishu.emulator import FaultKind
from tests.adapters.feishu.tenant import until
from tests.scenario.office import Office, words_of
from tests.support.databases import Database

EVERYBODY = "跨部门对接人群"
QUESTION = "X1 样件的检验结果什么时候能出？"


@pytest.fixture
async def office(sqlite_database: Database, company_file: Path, delivery: str) -> AsyncIterator[Office]:
    """The sample company on SQLite; nothing here depends on the store."""
    async with Office(company_file=company_file, store_url=sqlite_database.url, delivery=delivery) as office:
        yield office


def events(office: Office, event_type: str) -> int:
    """How many different events of a type the platform has sent."""
    return len({push.event_id for push in office.stage.emulator.recorder.pushes_of(event_type)})


def account(office: Office, name: str) -> str:
    found: str = next(p.account for p in office.stage.emulator.state.people.values() if p.name == name)
    return found


def everything_said(office: Office) -> dict[str, int]:
    """How many messages of the bot stand in each chat."""
    counts: dict[str, int] = {}
    for message in office.stage.emulator.state.messages.values():
        if message.is_from_bot and not message.is_recalled:
            counts[message.chat] = counts.get(message.chat, 0) + 1
    return counts


@pytest.mark.slow
@pytest.mark.parametrize("tells", [True, False])
async def test_a_group_that_the_bot_makes_is_announced_once_however_it_is_told(office: Office, tells: bool) -> None:
    """Bot added, members added, renamed and handed over: all about the same making (EC-46)."""
    office.stage.emulator.change_options(tells_of_own_groups=tells)
    office.stage.emulator.faults.add("push.im.chat.*", FaultKind.DUPLICATE, seconds=1, count=2)
    await office.says("苏念初", "建群 SX-8")
    await office.goes_to("09:30")
    assert events(office, "im.chat.member.bot.added_v1") == int(tells)
    assert events(office, "im.chat.member.user.added_v1") >= 1
    name = next(chat.name for chat in office.stage.chats(account(office, "苏念初")) if "展会物料" in chat.name)
    said = [words_of(one) for one in office.sees("苏念初", chat=name)]
    assert len(said) == 1
    assert "专项群" in said[0]
    private = [words_of(one) for one in office.sees("苏念初") if "展会物料" in words_of(one)]
    report, *about_the_group = private
    assert report.startswith("周进度"), "the week's report on the item comes on Monday in any case"
    assert [one[0] for one in about_the_group] == ["⏳", "✅"]
    assert office.duplicates() == []


@pytest.mark.slow
async def test_a_group_that_people_make_is_greeted_once_whatever_comes_first(office: Office) -> None:
    emulator = office.stage.emulator
    emulator.faults.add("push.im.chat.*", FaultKind.DUPLICATE, seconds=1, count=2)
    emulator.faults.add("push.im.chat.member.bot.added_v1", FaultKind.DROP_ACK, nth=1)
    owner, other = account(office, "苏念初"), account(office, "袁知行")
    chat = office.stage.makes_group(owner, "新群", [other], with_bot=True)
    emulator.joins(account(office, "顾明远"), chat, operator=owner)
    emulator.renames(chat, "改名的群", operator=owner)
    await office.goes_to("09:20")
    assert len(office.sees("苏念初", chat="改名的群")) == 1
    emulator.removes_bot(chat, operator=owner)
    await office.goes_to("09:25")
    emulator.adds_bot(chat, operator=owner)
    await office.goes_to("09:40")
    assert len(office.sees("苏念初", chat="改名的群")) == 1, "a group that was greeted once is not greeted again"
    assert office.duplicates() == []


@pytest.mark.slow
async def test_a_group_of_several_companies_is_left_at_once_although_nothing_can_be_said_there(office: Office) -> None:
    """EC-84; the refused word of farewell once held up the leaving for a day."""
    emulator = office.stage.emulator
    emulator.add_person("ou_guest", "客户", "", guest_of="tk2")
    emulator.faults.add("push.im.chat.*", FaultKind.DUPLICATE, seconds=1, count=1)
    chat = emulator.add_group("客户群", [account(office, "苏念初"), "ou_guest"], is_external=True)
    await office.goes_to("09:08")
    assert not emulator.state.chats[chat].has_bot
    await office.says("苏念初", f"@袁知行 {QUESTION}", chat=EVERYBODY)
    await office.goes_to("09:40")
    assert "已超过 30 分钟" in words_of(office.last("苏念初", chat=EVERYBODY)), "everybody else is served"


@pytest.mark.slow
async def test_somebody_who_leaves_the_company_is_one_piece_of_news(office: Office) -> None:
    """The directory's event, one for each group and the next reading of the address book all tell of it."""
    emulator = office.stage.emulator
    gone = account(office, "袁知行")
    await office.says("苏念初", f"@袁知行 {QUESTION}", chat=EVERYBODY)
    before = everything_said(office)
    emulator.faults.add("push.*", FaultKind.DUPLICATE, seconds=1, count=2)
    for chat in [c for c in emulator.state.chats.values() if c.is_group and gone in c.members]:
        emulator.leaves(gone, chat.id, operator=account(office, "苏念初"))
    emulator.remove_person(gone)
    await office.goes_to("09:20")
    after = everything_said(office)
    news = {chat: after[chat] - before.get(chat, 0) for chat in after if after[chat] != before.get(chat, 0)}
    assert news
    assert set(news.values()) == {1}
    assert office.duplicates() == []


@pytest.mark.slow
async def test_a_reply_and_its_echoes_stop_the_clock_once(office: Office) -> None:
    """The message, its duplicates, its repetition after a lost acknowledgement, and the same words from history."""
    emulator = office.stage.emulator
    await office.says("苏念初", f"@袁知行 {QUESTION}", chat=EVERYBODY)
    in_group = len(office.sees("苏念初", chat=EVERYBODY))
    before = office.sees("袁知行")
    assert [words_of(one)[:8] for one in before] == ["您有 1 项任务"], (
        "the week's question about the task, nothing else"
    )
    emulator.faults.add("push.im.message.receive_v1", FaultKind.DUPLICATE, nth=1, seconds=2, count=3)
    emulator.faults.add("push.im.message.receive_v1", FaultKind.DROP_ACK, nth=2)
    await office.goes_to("09:15")
    await office.says("袁知行", "@苏念初 今天下午三点前出报告", chat=EVERYBODY)
    await office.goes_to("09:50")
    assert len(office.sees("苏念初", chat=EVERYBODY)) == in_group
    assert office.sees("袁知行") == before
    assert office.duplicates() == []


@pytest.mark.slow
async def test_a_reply_sent_while_we_were_away_still_counts(office: Office, delivery: str) -> None:
    """Away for eight hours: the platform has given up repeating, the groups have not forgotten."""
    emulator = office.stage.emulator
    await office.says("苏念初", f"@袁知行 {QUESTION}", chat=EVERYBODY)
    in_group = len(office.sees("苏念初", chat=EVERYBODY))
    emulator.change_options(retries=())
    await office.backstage.stop()
    office.clock.move(office.clock.now() + timedelta(minutes=12))
    where = office.chat("袁知行", EVERYBODY)
    await office.stage.says(account(office, "袁知行"), where.id, ["今天下午三点前出报告"], quoting="")
    await emulator.settled()
    office.clock.move(office.clock.now() + timedelta(hours=8))
    assert await office.backstage.start(delivery)
    await until(lambda: len(emulator.recorder.calls_of("im.v1.message.list")) > 0)
    await office.rest()
    await office.goes_to(office.clock.now() + timedelta(minutes=5))
    said = [words_of(one) for one in office.sees("苏念初", chat=EVERYBODY)[in_group:]]
    assert not any("已超过 30 分钟" in one for one in said), said
    assert office.sees("尹若谷") == [], "nobody's head is told of an answer that came in time"
    await office.says("苏念初", "待办")
    assert "HF-" not in words_of(office.last("苏念初"))
