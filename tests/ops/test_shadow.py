"""Shadow mode as an administrator uses it: real messages come in, clocks run and are judged, and nobody is written to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import app
from bot.clock import VirtualClock
from bot.company import sample_text
from bot.config import BotSection, Settings
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.domain.reply_clock import ClockState
from bot.ports import SendState
from bot.updates import ChatType, Mention, MessageReceived, Source, mention_token
from storage.memory import MemoryStore
from tests.support.fake_adapter import FakeAdapter

#: Monday morning of the sample week
MORNING = datetime(2026, 9, 14, 1, 5, tzinfo=UTC)
GROUP = ChatKey("feishu", "oc_sample_all")


def question(at: datetime) -> MessageReceived:
    """A liaison of sales asks the liaison of quality in the registered group."""
    asked = Mention(account=AccountKey("feishu", "ou_sample_e029"), name="袁知行")
    return MessageReceived(
        source=Source(platform="feishu", app="cli_1", business_id="om_1", received_at=at, happened_at=at),
        message=MessageKey("feishu", "om_1"),
        chat=GROUP,
        chat_type=ChatType.GROUP,
        sender=AccountKey("feishu", "ou_sample_e009"),
        text=f"{mention_token(0)} 检测夹具什么时候到位？",
        mentions=(asked,),
    )


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """The file of the sample company."""
    file = tmp_path / "company.toml"
    file.write_text(sample_text(), encoding="utf-8")
    return file


async def breached_clock(mode: str, company: Path) -> tuple[FakeAdapter, app.App]:
    """An app of that mode half an hour after a question that nobody answered."""
    clock = VirtualClock(MORNING)
    adapter = FakeAdapter(now=clock.now)
    settings = Settings(bot=BotSection(company=str(company), mode=mode))
    running = await app.build(settings, clock=clock, store=MemoryStore(), adapters=[adapter])
    await running.dispatcher.accept([question(clock.now())])
    await running.settle()
    for _ in range(31):
        clock.move(clock.now() + timedelta(minutes=1))
        await running.settle()
    return adapter, running


@pytest.mark.slow
async def test_in_shadow_mode_a_clock_is_judged_and_nobody_is_written_to(company: Path) -> None:
    adapter, running = await breached_clock("shadow", company)
    (clock,) = await running.store.read(lambda uow: uow.clocks.find())
    assert clock.state is ClockState.BREACHED
    assert adapter.calls == []
    dropped = await running.store.read(lambda uow: uow.outbox.reports(SendState.DROPPED))
    assert {report.error for report in dropped} == {"shadow"}
    await running.stop()


@pytest.mark.slow
async def test_in_live_mode_the_same_question_reaches_liaison_and_group(company: Path) -> None:
    adapter, running = await breached_clock("live", company)
    assert len(adapter.sent) >= 2
    await running.stop()
