"""A morning at the office under fault plans: whatever the platform does, it ends as on a good day (F6 to F12, F15; B7 rig 2).

The real adapter, engine and handlers; the emulated platform misbehaves by plan, on a clock that is moved.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from adapters._emulator.faults import FaultKind
from adapters.feishu.emulator import FeishuEmulator
from bot.company import read_company, sample_text
from bot.playground.casting import cast
from bot.ports import SendState
from tests.rigs.history import read_database
from tests.scenario.office import Office, sample_company, words_of
from tests.support.databases import Database
from tests.support.figures import Figures

EVERYBODY, X1 = "跨部门对接人群", "X1试产协作专项群"

#: time, who, what, where: two questions answered in time, one too late, one never, one taken over by a plain answer
MORNING: tuple[tuple[str, str, str, str], ...] = (
    ("09:05", "苏念初", "@袁知行 来料检验报告什么时候给？", EVERYBODY),
    ("09:06", "方景行", "@回音 询问 @秦书禾 X1试产首批数量是多少？", X1),
    ("09:08", "陆怀谷", "@贺云深 夹具到了吗？", X1),
    ("09:12", "秦书禾", "@方景行 首批 60 台", X1),
    ("09:20", "罗启安", "@苏念初 客户图纸请今天给", EVERYBODY),
    ("09:24", "贺云深", "@陆怀谷 明天上午到", X1),
    ("09:50", "袁知行", "@苏念初 下午三点前", EVERYBODY),
    ("10:15", "温晓棠", "谢谢", EVERYBODY),
)
END = "11:30"
#: the same morning where the bot hears only what is said to it
HEARD: tuple[tuple[str, str, str, str], ...] = (
    ("09:05", "苏念初", "@回音 询问 @袁知行 来料检验报告什么时候给？", EVERYBODY),
    ("09:06", "方景行", "@回音 询问 @秦书禾 X1试产首批数量是多少？", X1),
    ("09:12", "秦书禾", "@回音 @方景行 首批 60 台", X1),
    ("09:20", "罗启安", "@回音 询问 @苏念初 客户图纸今天给吗？", EVERYBODY),
    ("09:50", "袁知行", "@回音 @苏念初 下午三点前", EVERYBODY),
    ("10:15", "温晓棠", "@回音 帮助", EVERYBODY),
)
#: the calls that bring messages and cards to people, by platform; cards are changed by calls of their own
CALLS = {
    "feishu": ("im.v1.message.*",),
    "dingtalk": ("robot.oToMessages.*", "robot.groupMessages.*", "card.*"),
    "wecom": ("message/send", "message/update_template_card", "appchat/send"),
}

Plan = Callable[[Office], None]


def push_troubles(office: Office) -> None:
    """Events come twice, in another order, late, and acknowledgements get lost."""
    faults = office.stage.emulator.faults
    if office.stage.platform == "wecom":
        # its bot is told no time: what comes later was asked later, so that only what comes again can end the same
        faults.add("push.*", FaultKind.DUPLICATE, seconds=40, count=2)
        return
    faults.add("push.*", FaultKind.DUPLICATE, rate=0.4, seconds=40, count=2)
    faults.add("push.*", FaultKind.REORDER, rate=0.3)
    faults.add("push.*", FaultKind.DROP_ACK, rate=0.3)
    faults.add("push.*", FaultKind.DELAY, rate=0.2, seconds=20)


def call_troubles(office: Office) -> None:
    """Calls are refused, throttled, cut off, executed and not reported, answered with rubbish; tokens end early."""
    faults = office.stage.emulator.faults
    for kind, rate in (
        (FaultKind.HTTP_500, 0.15),
        (FaultKind.HTTP_429, 0.1),
        (FaultKind.RESET, 0.1),
        (FaultKind.REFUSE, 0.1),
        (FaultKind.EXECUTED_THEN_TIMEOUT, 0.15),
        (FaultKind.BAD_JSON, 0.1),
        (FaultKind.TOKEN_EXPIRED, 0.1),
    ):
        for pattern in CALLS[office.stage.platform]:
            faults.add(pattern, kind, rate=rate, seconds=0.05)


def everything_at_once(office: Office) -> None:
    """Both of them, and ten minutes without the platform in the middle."""
    push_troubles(office)
    call_troubles(office)


#: what leaves the caller without an answer that says what became of the call
DOUBTFUL = (FaultKind.EXECUTED_THEN_TIMEOUT, FaultKind.BAD_JSON, FaultKind.RESET, FaultKind.HTTP_500)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a morning ended."""

    #: question -> state of its clock, who answered
    clocks: dict[str, tuple[str, str]]
    #: chat -> every message of the bot as it stands at the end, in order
    said: dict[str, tuple[str, ...]]
    duplicates: int
    calls: Counter[str]
    #: how often a fault struck
    faults: int
    #: how often a call was made whose answer did not come
    doubtful: int


async def ended(database: Database) -> tuple[dict[str, tuple[str, str]], Counter[str]]:
    """The reply clocks by the words of their question, and how many calls are in which state."""
    store = await database.open()
    try:
        clocks = await store.read(lambda uow: uow.clocks.find())
        calls = await store.read(lambda uow: {s.value: len(uow.outbox.reports(s, limit=1000)) for s in SendState})
    finally:
        await store.close()
    return {clock.excerpt: (clock.state.value, clock.answered_by or "") for clock in clocks}, Counter(calls)


async def morning(
    database: Database, company_file: Path, plan: Plan | None, *, is_out: bool = False, platform: str = "feishu"
) -> Ending:
    """Live through it."""
    company = await asyncio.to_thread(lambda: read_company(company_file.read_text(encoding="utf-8")))
    delivery = "webhook" if platform == "feishu" else "stream"
    async with Office(
        company_file=company_file, store_url=database.url, delivery=delivery, company=company, platform=platform
    ) as office:
        if plan is not None:
            plan(office)
        for at, who, words, chat in MORNING if platform == "feishu" else HEARD:
            await office.goes_to(at)
            if is_out and at == "09:20":
                end = office.clock.now() + timedelta(minutes=10)
                for pattern in CALLS[platform]:
                    office.stage.emulator.faults.add(pattern, FaultKind.HTTP_500, until=end)
            await office.says(who, words, chat=chat)
        await office.goes_to(END)
        struck = Counter(dict.fromkeys(FaultKind, 0))
        for fault in office.stage.emulator.faults.faults:
            struck[fault.kind] += fault.struck
        office.stage.emulator.faults.clear()
        for minute in (31, 35, 40):
            await office.goes_to(f"11:{minute}")
        said = {
            chat: tuple(words_of(m) for m in office.sees(who, chat=chat))
            for who, chat in (("苏念初", EVERYBODY), ("方景行", X1), ("袁知行", ""), ("苏念初", ""), ("尹若谷", ""))
        }
        duplicates = len(office.duplicates())
    clocks, calls = await ended(database)
    return Ending(clocks, said, duplicates, calls, struck.total(), sum(struck[kind] for kind in DOUBTFUL))


@pytest.fixture
def company_file(tmp_path: Path) -> Path:
    """The sample company as a file."""
    sample_company()
    file = tmp_path / "company.toml"
    file.write_text(sample_text(), encoding="utf-8")
    return file


@pytest.fixture
def databases(tmp_path: Path) -> Sequence[Database]:
    """Two SQLite files, one for the good day and one for the bad."""
    return [Database("sqlite", f"sqlite:///{tmp_path / name}.db") for name in ("good", "bad")]


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_bad_morning_ends_as_a_good_one_on_postgres_too(
    databases: Sequence[Database], postgres_database: Database, company_file: Path, figures: Figures
) -> None:
    good = await morning(databases[0], company_file, None)
    bad = await morning(postgres_database, company_file, everything_at_once, is_out=True)
    assert bad.clocks == good.clocks
    assert (bad.duplicates, bad.calls["failed"], bad.calls["pending"]) == (0, 0, 0)
    figures("a morning under everything_at_once, PostgreSQL", f"{bad.faults} faults, {bad.calls['sent']} calls sent")


@pytest.mark.slow
@pytest.mark.parametrize("plan", [push_troubles, call_troubles, everything_at_once])
async def test_a_bad_morning_ends_as_a_good_one(
    databases: Sequence[Database], company_file: Path, plan: Plan, figures: Figures
) -> None:
    good = await morning(databases[0], company_file, None)
    bad = await morning(databases[1], company_file, plan, is_out=plan is everything_at_once)
    assert set(good.clocks.values()) >= {("answered_in_time", "E004"), ("answered_late", "E029")}
    assert bad.clocks == good.clocks
    assert (good.duplicates, bad.duplicates) == (0, 0)
    assert not bad.calls["failed"]
    assert not bad.calls["pending"]
    assert bad.faults > 5
    figures(
        f"a morning under {plan.__name__}",
        f"{bad.faults} faults, {bad.calls['sent']} calls sent, 0 duplicates, same clocks as on a good day",
    )
    if plan is push_troubles:
        assert {chat: sorted(words) for chat, words in bad.said.items()} == {
            chat: sorted(words) for chat, words in good.said.items()
        }


@pytest.fixture(params=["dingtalk", "wecom"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """A platform that does not recognise a call which is made again, and the sample company there."""
    file = tmp_path / "company.toml"
    file.write_text(cast(sample_text(), request.param), encoding="utf-8")
    return request.param, file


@pytest.mark.slow
@pytest.mark.parametrize("plan", [push_troubles, everything_at_once])
async def test_a_bad_morning_ends_as_a_good_one_where_calls_are_not_remembered(
    databases: Sequence[Database], elsewhere: tuple[str, Path], plan: Plan, figures: Figures
) -> None:
    """A call whose outcome nobody knows is not made again: it is listed, and nobody sees anything twice (P3)."""
    platform, file = elsewhere
    good = await morning(databases[0], file, None, platform=platform)
    bad = await morning(databases[1], file, plan, is_out=plan is everything_at_once, platform=platform)
    assert set(good.clocks.values()) >= {("answered_in_time", "E004"), ("answered_late", "E029")}
    assert bad.clocks == good.clocks
    assert (good.duplicates, bad.duplicates) == (0, 0)
    assert (bad.calls["failed"], bad.calls["pending"]) == (0, 0)
    assert bad.calls["unknown"] <= bad.doubtful
    assert bad.faults > 5
    figures(
        f"a morning under {plan.__name__}, {platform}",
        f"{bad.faults} faults, {bad.calls['sent']} calls sent, {bad.calls['unknown']} in doubt, 0 duplicates, same clocks",
    )
    if plan is push_troubles:
        assert bad.calls["unknown"] == 0
        assert {chat: sorted(words) for chat, words in bad.said.items()} == {
            chat: sorted(words) for chat, words in good.said.items()
        }


def calls_since(emulator: FeishuEmulator, number: int) -> int:
    """Message calls that reached the platform after that record."""
    return sum(call.number > number and call.operation.startswith("im.v1.message") for call in emulator.recorder.calls)


def last_call(emulator: FeishuEmulator) -> int:
    """The number of the newest record."""
    return max((call.number for call in emulator.recorder.calls), default=0)


@pytest.mark.slow
async def test_a_disabled_app_is_asked_once_a_minute_and_everything_goes_out_when_it_is_back(
    databases: Sequence[Database], company_file: Path
) -> None:
    """F10."""
    async with Office(company_file=company_file, store_url=databases[0].url, delivery="webhook") as office:
        emulator = office.stage.emulator
        emulator.disables_app()
        for n, who in enumerate(("方景行", "苏念初", "袁知行", "陆怀谷", "秦书禾")):
            await office.says(who, f"设置 时区 星球{n}")
        before = last_call(emulator)
        for minute in range(10, 20):
            await office.goes_to(f"09:{minute}")
        assert calls_since(emulator, before) <= 15  # from 09:05 to 09:19
        emulator.disables_app(is_enabled=True)
        for minute in range(20, 26):
            await office.goes_to(f"09:{minute}")
        for n, who in enumerate(("方景行", "苏念初", "袁知行", "陆怀谷", "秦书禾")):
            assert f"星球{n}" in words_of(office.last(who))
        assert office.duplicates() == []


@pytest.mark.slow
async def test_two_hours_without_the_platform_end_in_one_notice_per_obligation(
    databases: Sequence[Database], company_file: Path
) -> None:
    """F15: timers keep state meanwhile; what is not owed any more is not said afterwards, a card has its last state."""
    async with Office(company_file=company_file, store_url=databases[0].url, delivery="webhook") as office:
        emulator = office.stage.emulator
        end = office.clock.now() + timedelta(hours=2)
        [weekly] = office.sees("袁知行")
        assert words_of(weekly).startswith("您有 1 项任务一周没有更新进展"), "said before the platform went away"
        emulator.faults.add("im.v1.*", FaultKind.REFUSE, until=end)
        await office.says("苏念初", "@袁知行 来料检验报告什么时候给？", chat=EVERYBODY)
        await office.says("方景行", "@回音 询问 @秦书禾 X1试产首批数量是多少？", chat=X1)
        await office.goes_to("09:15")
        await office.says("秦书禾", "@方景行 首批 60 台", chat=X1)
        for at in ("09:40", "10:10", "10:40", "11:04"):
            await office.goes_to(at)
        assert office.sees("袁知行") == [weekly]
        assert office.sees("苏念初", chat=EVERYBODY) == []
        for at in ("11:06", "11:08", "11:10"):
            await office.goes_to(at)
        notices = Counter(words_of(m) for m in office.sees("袁知行"))
        assert set(notices.values()) <= {1}
        [breach] = [m for m in office.sees("苏念初", chat=EVERYBODY) if m.card is not None]
        assert "已超时" in words_of(breach)
        assert [m for m in office.sees("方景行", chat=X1) if "等待回复" in words_of(m)] == []
        assert office.duplicates() == []


@pytest.mark.slow
async def test_two_hours_without_the_platform_end_in_one_notice_elsewhere_too(
    databases: Sequence[Database], elsewhere: tuple[str, Path]
) -> None:
    """F15 where the bot hears only what is said to it, and a platform that is busy says so."""
    platform, file = elsewhere
    company = await asyncio.to_thread(lambda: read_company(file.read_text(encoding="utf-8")))
    async with Office(
        company_file=file, store_url=databases[0].url, delivery="stream", company=company, platform=platform
    ) as office:
        emulator = office.stage.emulator
        first = office.sees("袁知行")
        before = {chat: len(office.sees(who, chat=chat)) for who, chat in (("苏念初", EVERYBODY), ("方景行", X1))}
        end = office.clock.now() + timedelta(hours=2)
        for pattern in CALLS[platform]:
            emulator.faults.add(pattern, FaultKind.CODE, code=-1, word="system.busy", until=end)
        await office.says("苏念初", "@回音 询问 @袁知行 来料检验报告什么时候给？", chat=EVERYBODY)
        await office.says("方景行", "@回音 询问 @秦书禾 X1试产首批数量是多少？", chat=X1)
        await office.goes_to("09:15")
        await office.says("秦书禾", "@回音 @方景行 首批 60 台", chat=X1)
        for at in ("09:40", "10:10", "10:40", "11:04"):
            await office.goes_to(at)
        assert office.sees("袁知行") == first
        assert len(office.sees("苏念初", chat=EVERYBODY)) == before[EVERYBODY]
        for at in ("11:06", "11:08", "11:10", "11:15"):
            await office.goes_to(at)
        notices = Counter(words_of(m) for m in office.sees("袁知行"))
        assert set(notices.values()) == {1}
        if platform == "wecom":
            assert any("已超时" in one and "[已收到]" in one for one in notices), "the group shows no buttons"
        late = [words_of(m) for m in office.sees("苏念初", chat=EVERYBODY)[before[EVERYBODY] :]]
        assert sum("已超时" in one for one in late) == 1
        assert [m for m in office.sees("方景行", chat=X1)[before[X1] :] if "等待回复" in words_of(m)] == []
        assert office.duplicates() == []
    _, calls = await ended(databases[0])
    assert (calls["failed"], calls["unknown"], calls["pending"]) == (0, 0, 0)


@pytest.mark.slow
async def test_a_token_that_ends_under_fifty_calls_is_fetched_once(
    databases: Sequence[Database], company_file: Path, figures: Figures
) -> None:
    """F9."""
    async with Office(company_file=company_file, store_url=databases[0].url, delivery="webhook") as office:
        emulator = office.stage.emulator
        emulator.change_options(enforces_rates=False)
        people = [p.account for p in office.stage.people()][:25]
        rounds = 4
        made = emulator.tokens.made
        for turn in range(rounds):
            emulator.expires_tokens()
            for n, account in enumerate(people):
                await emulator.says(account, f"设置 时区 星球{turn}{n:02d}")
            for _ in range(3):
                await office.rest()
        for _ in range(5):
            await office.rest()
        assert emulator.tokens.made - made == rounds
        figures("token expired under load", f"{rounds} times under {len(people)} calls, {rounds} refreshes, 0 lost")
        for n, account in enumerate(people):
            words = " ".join(m.text for m in emulator.chat_as_seen(account, emulator.direct_chat(account)).messages)
            for turn in range(rounds):
                assert words.count(f"“星球{turn}{n:02d}”") == 1


@pytest.mark.slow
async def test_calls_that_were_made_and_reported_as_cut_off_are_seen_once(
    databases: Sequence[Database], company_file: Path, figures: Figures
) -> None:
    """F7: the same key again, and the platform shows it once."""
    async with Office(company_file=company_file, store_url=databases[0].url, delivery="webhook") as office:
        emulator = office.stage.emulator
        fault = emulator.faults.add("im.v1.message.*", FaultKind.EXECUTED_THEN_TIMEOUT, rate=0.05, seconds=0.005)
        people = [p.account for p in office.stage.people()][:25]
        rounds = 16
        for turn in range(rounds):
            for n, account in enumerate(people):
                await emulator.says(account, f"设置 时区 星球{turn:02d}{n:02d}")
            await office.goes_to(f"09:{10 + turn}")
        await office.goes_to("09:30")
        assert fault.struck >= 10
        for n, account in enumerate(people):
            words = " ".join(m.text for m in emulator.chat_as_seen(account, emulator.direct_chat(account)).messages)
            for turn in range(rounds):
                assert words.count(f"“星球{turn:02d}{n:02d}”") == 1
        assert office.duplicates() == []
    stored = await asyncio.to_thread(read_database, databases[0].path)
    assert (stored.unknown, stored.calls["failed"], stored.calls["pending"]) == ((), 0, 0)
    figures(
        "executed, then reported as timeout",
        f"{fault.struck} of {rounds * len(people)} sends, 0 visible duplicates, 0 unlisted doubts",
    )
