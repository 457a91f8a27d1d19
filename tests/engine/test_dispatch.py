"""The dispatcher over every store: stored once, handled once, in order; poison, trouble and clicks (P1, P2, P5, F3, F22)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter

import pytest

from bot.dispatch import MAX_ATTEMPTS, Dispatcher, actor_of
from bot.domain.directory import Directory
from bot.domain.ids import AccountKey, ChatKey, MessageKey
from bot.domain.posts import Posts
from bot.domain.records import Setting
from bot.domain.world import World
from bot.errors import DamagedRow, StoreUnavailable
from bot.ports import Answer, DeadLetter, SendState, Store, UnitOfWork
from bot.pump import TRANSACTION_SECONDS, as_many_as_fit
from bot.routing import Context
from bot.updates import (
    AnyUpdate,
    CardClicked,
    Ignored,
    MessageReceived,
    ReactionAdded,
    Source,
    Unreadable,
    encode_update,
)
from tests.engine.rig import Rig, empty_world, text
from tests.storage.samples import NOW, PERSON, at, update
from tests.support.databases import Database

Handler = Callable[[Context, MessageReceived], None]


def number(handled: MessageReceived) -> int:
    """The number in the business id."""
    return int(handled.source.business_id.removeprefix("om_"))


def listen(rig: Rig, *, breaks: Callable[[int], Exception | None] = lambda _: None) -> list[int]:
    """Handle messages by leaving a row each; returns the numbers in the order in which they were handled."""
    seen: list[int] = []

    def handle(context: Context, message: MessageReceived) -> None:
        seen.append(number(message))
        context.uow.settings.add(Setting(name=message.source.business_id, body=message.text))
        problem = breaks(number(message))
        if problem is not None:
            raise problem

    rig.router.on(MessageReceived, handle)
    return seen


def poison(*numbers: int, problem: type[Exception] = ZeroDivisionError) -> Callable[[int], Exception | None]:
    """These break their handler."""
    return lambda one: problem("poison") if one in numbers else None


async def effects(rig: Rig) -> list[str]:
    """Names of the rows that handlers left."""
    return [setting.name for setting in await rig.look(lambda uow: uow.settings.find())]


async def dead(rig: Rig) -> list[DeadLetter]:
    """Dead letters, newest first."""
    return await rig.look(lambda uow: uow.inbox.dead())


async def waiting(rig: Rig) -> int:
    """How many updates wait."""
    return (await rig.look(lambda uow: uow.inbox.pending()))[0]


# ---------------------------------------------------------------- taking in


async def test_what_comes_three_times_is_handled_once(rig: Rig) -> None:
    seen = listen(rig)
    updates = [update(n) for n in range(10)]
    await rig.dispatcher.accept(updates)
    await asyncio.gather(*(rig.dispatcher.accept([one]) for one in updates))
    await rig.settle()
    await rig.dispatcher.accept([*updates, update(10), update(10)])
    await rig.settle()
    assert sorted(seen) == list(range(11))
    assert len(await effects(rig)) == 11
    assert rig.engine.metrics.value("huiyin_updates_accepted_total", platform="feishu", is_new="true") == 11
    assert rig.engine.metrics.value("huiyin_updates_accepted_total", platform="feishu", is_new="false") == 21


async def test_the_same_number_on_another_platform_is_another_update(rig: Rig) -> None:
    seen = listen(rig)
    rig.router.on(MessageReceived, lambda _, __: None)
    await rig.dispatcher.accept([update(1)])
    await rig.settle()
    await rig.write(lambda uow: uow.settings.remove("om_1"))
    await rig.dispatcher.accept([update(1, platform="wecom")])
    await rig.settle()
    assert seen == [1, 1]


@pytest.mark.slow
async def test_two_hundred_at_once_are_all_stored_and_handled(rig: Rig) -> None:
    seen = listen(rig)
    await asyncio.gather(*(rig.dispatcher.accept([update(n, chat=f"oc_{n % 9}")]) for n in range(200)))
    assert await waiting(rig) == 200
    await rig.settle()
    assert sorted(seen) == list(range(200))
    assert await waiting(rig) == 0


async def test_what_nobody_needs_is_not_stored(rig: Rig) -> None:
    await rig.dispatcher.accept([Ignored(source=update(1).source, event_type="read_receipt")])
    assert await waiting(rig) == 0


async def test_what_nobody_understands_is_kept_and_done(rig: Rig) -> None:
    strange = Unreadable(source=update(1).source, event_type="im.future_v9")
    await rig.dispatcher.accept([strange])
    assert await waiting(rig) == 1
    await rig.settle()
    assert (await waiting(rig), await dead(rig)) == (0, [])


async def test_nothing_is_acknowledged_that_is_not_stored(rig: Rig) -> None:
    """P1: the platform gets an error and sends again."""
    listen(rig)
    rig.store.is_away = True
    with pytest.raises(StoreUnavailable):
        await rig.dispatcher.accept([update(1)])
    rig.store.is_away = False
    assert await waiting(rig) == 0


async def test_while_draining_nothing_comes_in_and_what_is_stored_is_handled(rig: Rig) -> None:
    """P8."""
    seen = listen(rig)
    await rig.dispatcher.accept([update(1)])
    rig.dispatcher.drain()
    with pytest.raises(StoreUnavailable, match="draining"):
        await rig.dispatcher.accept([update(2)])
    await rig.settle()
    assert seen == [1]


# ---------------------------------------------------------------- order and effects


@pytest.mark.slow
async def test_every_lane_keeps_its_order_however_much_waits(rig: Rig) -> None:
    seen = listen(rig)
    await rig.dispatcher.accept([update(n, chat=f"oc_{n % 7}") for n in range(300)])
    await rig.settle()
    for lane in range(7):
        assert [n for n in seen if n % 7 == lane] == list(range(lane, 300, 7))


async def test_effects_of_one_update_are_all_there_or_none(rig: Rig) -> None:
    def handle(context: Context, message: MessageReceived) -> None:
        context.uow.settings.add(Setting(name=f"a{number(message)}", body=""))
        context.uow.outbox.put(text(f"hello {number(message)}"))
        if number(message) % 3 == 0:
            raise ZeroDivisionError
        context.uow.settings.add(Setting(name=f"b{number(message)}", body=""))

    rig.router.on(MessageReceived, handle)
    await rig.dispatcher.accept([update(n, chat=f"oc_{n}") for n in range(9)])
    await rig.settle()
    kept = [n for n in range(9) if n % 3]
    assert await effects(rig) == [f"{letter}{n}" for letter in "ab" for n in kept]
    assert sorted(rig.adapter.texts()) == [f"hello {n}" for n in kept]


async def test_a_later_handler_that_breaks_undoes_an_earlier_one(rig: Rig) -> None:
    listen(rig)

    def breaks(_: Context, __: MessageReceived) -> None:
        raise LookupError

    rig.router.on(MessageReceived, breaks)
    await rig.dispatcher.accept([update(1)])
    await rig.settle()
    assert await effects(rig) == []


async def test_an_update_knows_who_is_behind_it(rig: Rig) -> None:
    known = Directory(people=(PERSON,), departments=())

    def world(uow: UnitOfWork, now: datetime) -> World:
        return replace(empty_world(uow, now), directory=known, posts=Posts(known, (), at=now))

    rig.engine.world = world
    people: list[str | None] = []
    rig.router.on(MessageReceived, lambda context, _: people.append(context.person.id if context.person else None))
    stranger = replace_sender(update(2), "ou_stranger")
    await rig.dispatcher.accept([update(1), stranger])
    await rig.settle()
    assert people == ["zhang", None]


def replace_sender(message: MessageReceived, account: str) -> MessageReceived:
    """The same message from somebody else."""
    return MessageReceived(
        source=message.source,
        message=message.message,
        chat=message.chat,
        chat_type=message.chat_type,
        sender=AccountKey("feishu", account),
        text=message.text,
    )


def test_the_actor_is_whoever_was_authenticated() -> None:
    source, chat, message = update(1).source, ChatKey("feishu", "oc"), MessageKey("feishu", "om")
    who = AccountKey("feishu", "ou_9")
    click = CardClicked(
        source=source, operator=who, chat=chat, message=message, action="x", params={"operator": "ou_1"}
    )
    reaction = ReactionAdded(source=source, message=message, operator=who, emoji="OK")
    nobody = Unreadable(source=source, event_type="x")
    assert [actor_of(one) for one in (update(1), click, reaction, nobody)] == [
        AccountKey("feishu", "ou_1"),
        who,
        who,
        None,
    ]


async def test_old_updates_make_no_calls_after_a_restore(rig: Rig) -> None:
    """F24: whatever an update from before the restore wants to say may have been said already."""

    def handle(context: Context, _: MessageReceived) -> None:
        context.uow.outbox.put(text("old words"))

    rig.router.on(MessageReceived, handle)
    await rig.dispatcher.accept([update(1)])
    await rig.write(lambda uow: uow.outbox.hold(epoch="restored", before=at(60)))
    await rig.settle()
    assert rig.adapter.calls == []
    assert await rig.keys(SendState.PENDING) == ["old words"]


# ---------------------------------------------------------------- poison


async def test_poison_is_tried_five_times_with_growing_pauses_and_then_kept_with_its_bytes(rig: Rig) -> None:
    """F22."""
    tried: dict[datetime, None] = {}

    def breaks(one: int) -> Exception | None:
        if one == 1:
            tried[rig.clock.now()] = None
            return ZeroDivisionError()
        return None

    listen(rig, breaks=breaks)
    await rig.dispatcher.accept([update(n) for n in range(3)])
    await rig.settle()
    await rig.go(60, step=0.5)
    assert list(tried) == [at(seconds) for seconds in (0, 1, 3, 7, 15)]
    assert len(tried) == MAX_ATTEMPTS
    [letter] = await dead(rig)
    assert (letter.business_id, letter.attempts, letter.error) == ("om_1", MAX_ATTEMPTS, "ZeroDivisionError")
    assert letter.raw == encode_update(update(1))
    assert await effects(rig) == ["om_0", "om_2"]
    assert await waiting(rig) == 0


async def test_whoever_is_concerned_hears_of_a_dead_letter_once_and_a_failing_word_about_it_does_no_harm(
    rig: Rig,
) -> None:
    told: list[int] = []

    def tell(context: Context, buried: AnyUpdate, number: int) -> None:
        assert context.update is buried
        told.append(number)
        context.uow.settings.add(Setting(name=f"told {number}", body=""))
        if number % 2:
            raise ZeroDivisionError

    rig.router.buried(tell)
    listen(rig, breaks=poison(1, 2))
    await rig.dispatcher.accept([update(n) for n in range(3)])
    await rig.settle()
    await rig.go(60, step=1)
    letters = {letter.id for letter in await dead(rig)}
    assert (len(letters), sorted(told)) == (2, sorted(letters))
    words = [name for name in await effects(rig) if name.startswith("told")]
    assert words == [f"told {number}" for number in letters if number % 2 == 0]


@pytest.mark.slow
async def test_poison_among_many_costs_the_others_nothing(rig: Rig) -> None:
    """F22: others 100 % done, quarantine = exactly the poison."""
    bad = {17, 60, 61, 150, 299}
    listen(rig, breaks=poison(*bad, problem=RecursionError))
    await rig.dispatcher.accept([update(n, chat=f"oc_{n % 5}") for n in range(300)])
    await rig.settle()
    assert len(await effects(rig)) == 295
    await rig.go(60, step=1)
    assert {letter.business_id for letter in await dead(rig)} == {f"om_{n}" for n in bad}


async def test_a_dead_letter_can_be_revived_when_its_cause_is_mended(rig: Rig) -> None:
    broken = [True]
    listen(rig, breaks=lambda _: ZeroDivisionError() if broken[0] else None)
    await rig.dispatcher.accept([update(1)])
    await rig.settle()
    await rig.go(60, step=1)
    [letter] = await dead(rig)
    broken[0] = False
    assert await rig.write(lambda uow: uow.inbox.revive(letter.id, now=rig.clock.now()))
    await rig.settle()
    assert (await effects(rig), await dead(rig)) == (["om_1"], [])


async def test_an_update_that_ends_the_process_is_buried_before_it_does_so_again(rig: Rig) -> None:
    """F1, F22: attempts count from the claim, because nobody comes back to count afterwards."""
    seen = listen(rig)
    await rig.dispatcher.accept([update(1)])
    for _ in range(MAX_ATTEMPTS):  # a process claims it and is never heard of again
        [entry] = await rig.write(lambda uow: uow.inbox.claim(now=rig.clock.now(), lease=30, limit=9))
        assert entry.update == update(1)
        rig.clock.move(rig.clock.now() + timedelta(seconds=31))
    await rig.dispatcher.accept([update(2)])
    await rig.settle()
    assert seen == [2]
    [letter] = await dead(rig)
    assert (letter.business_id, letter.error) == ("om_1", "never came to an end")


async def test_hours_of_trouble_cost_no_attempt(rig: Rig) -> None:
    """A full disk takes the small write of a claim and not the large one of the handler, for hours."""
    seen = listen(rig)
    await rig.dispatcher.accept([update(1), update(2, chat="oc_2")])
    for _ in range(20):
        rig.store.let_pass, rig.store.refuse = 1, 99
        for _ in range(10):
            await rig.dispatcher.handle_some()
        rig.clock.move(rig.clock.now() + timedelta(seconds=31))
    rig.store.let_pass = rig.store.refuse = 0
    assert seen == []
    await rig.settle()
    assert (sorted(seen), await dead(rig)) == ([1, 2], [])


@pytest.mark.slow
async def test_one_that_brings_the_trouble_itself_holds_up_nobody_and_ends_in_quarantine(rig: Rig) -> None:
    """A damaged page or a locked row that only one update touches: the others go on, each lane in its order."""
    seen = listen(rig, breaks=poison(3, problem=StoreUnavailable))
    await rig.dispatcher.accept([update(n, chat=f"oc_{n % 3}") for n in range(12)])
    for _ in range(40):
        await rig.dispatcher.handle_some()
    assert await effects(rig) == sorted(f"om_{n}" for n in range(12) if n != 3)
    last_words = list(dict.fromkeys(reversed(seen)))[::-1]
    for lane in range(3):
        assert [n for n in last_words if n % 3 == lane and n != 3] == [n for n in range(lane, 12, 3) if n != 3]
    for _ in range(60):
        rig.clock.move(rig.clock.now() + timedelta(seconds=1))
        await rig.dispatcher.handle_some()
    await rig.dispatcher.accept([update(n, chat=f"oc_{n % 3}") for n in range(12, 24)])
    for _ in range(200):
        rig.clock.move(rig.clock.now() + timedelta(seconds=1))
        await rig.dispatcher.handle_some()
    assert await effects(rig) == sorted(f"om_{n}" for n in range(24) if n != 3)
    [letter] = await dead(rig)
    assert (letter.business_id, letter.error) == ("om_3", "StoreUnavailable")


async def test_bytes_that_cannot_be_read_any_more_are_kept_and_hold_up_nobody(sqlite_database: Database) -> None:
    rig = Rig(await sqlite_database.open())
    seen = listen(rig)
    await rig.dispatcher.accept([update(1), update(2)])
    await asyncio.to_thread(spoil, sqlite_database)
    await rig.settle()
    assert seen == [2]
    [letter] = await dead(rig)
    assert (letter.error, letter.raw) == ("unreadable row", b'{"type": "from_the_future"}')
    await rig.store.close()


def spoil(database: Database) -> None:
    """Let the first update be of a kind that this program does not know."""
    with closing(sqlite3.connect(database.path)) as connection, connection:
        connection.execute("""UPDATE inbox SET body = CAST('{"type": "from_the_future"}' AS BLOB) WHERE id = 1""")


@pytest.mark.slow
async def test_one_that_is_always_too_late_does_not_hold_up_its_neighbours(rig: Rig) -> None:
    """Somebody else keeps being faster with one aggregate; the others are handled each in its own transaction."""

    def handle(context: Context, message: MessageReceived) -> None:
        if number(message) == 3:
            context.uow.settings.put(Setting(name="never there", body=""))
        context.uow.settings.add(Setting(name=message.source.business_id, body=""))

    rig.router.on(MessageReceived, handle)
    await rig.dispatcher.accept([update(n) for n in range(7)])
    await rig.settle()
    assert await effects(rig) == [f"om_{n}" for n in (0, 1, 2, 4, 5, 6)]
    await rig.go(60, step=1)
    [letter] = await dead(rig)
    assert (letter.business_id, letter.error) == ("om_3", "StaleVersion")


# ---------------------------------------------------------------- trouble with the store


async def test_what_is_claimed_when_the_store_goes_away_is_handled_when_it_is_back(rig: Rig) -> None:
    """It costs no attempt and no lease: whose fault it was is known."""
    seen = listen(rig)
    await rig.dispatcher.accept([update(1), update(2)])
    rig.store.let_pass, rig.store.refuse = 1, 7
    while rig.store.refuse:
        assert await rig.dispatcher.handle_some() == 0
        assert seen == []
    await rig.settle()
    assert (seen, await waiting(rig)) == ([1, 2], 0)


async def test_thirty_seconds_without_the_store_lose_nothing(rig: Rig) -> None:
    """F3."""
    seen = listen(rig)
    await rig.dispatcher.accept([update(n) for n in range(20)])
    rig.store.is_away = True
    for _ in range(30):
        rig.clock.move(rig.clock.now() + timedelta(seconds=1))
        assert await rig.dispatcher.handle_some() == 0
        with pytest.raises(StoreUnavailable):
            await rig.dispatcher.accept([update(99)])
    rig.store.is_away = False
    await rig.dispatcher.accept([update(99)])
    await rig.settle()
    assert seen == [*range(20), 99]
    assert await dead(rig) == []


async def test_a_damaged_company_is_not_the_updates_fault(rig: Rig) -> None:
    """F5: while people or calendar cannot be read, updates wait; none of them is buried for it."""
    seen = listen(rig)

    def damaged(_: UnitOfWork, __: datetime) -> World:
        raise DamagedRow("table person: the checksum of a row does not fit")

    rig.engine.world = damaged
    await rig.dispatcher.accept([update(1)])
    for _ in range(20):
        assert await rig.dispatcher.handle_some() == 0
        rig.clock.move(rig.clock.now() + timedelta(seconds=60))
    rig.engine.world = empty_world
    await rig.settle()
    assert (seen, await dead(rig)) == ([1], [])


async def test_on_a_full_disk_updates_wait_and_are_handled_when_there_is_room(sqlite_database: Database) -> None:
    """F4."""
    rig = Rig(await sqlite_database.open())

    def handle(context: Context, message: MessageReceived) -> None:
        context.uow.settings.add(Setting(name=message.source.business_id, body="x" * 200_000))

    rig.router.on(MessageReceived, handle)
    await rig.dispatcher.accept([update(n, chat=f"oc_{n}") for n in range(8)])
    await limit_pages(rig.store.inner, 40)
    assert await rig.dispatcher.handle_some() == 0
    assert await effects(rig) == []
    await limit_pages(rig.store.inner, 100_000)
    await rig.settle()
    assert (len(await effects(rig)), await waiting(rig), await dead(rig)) == (8, 0, [])
    await rig.store.close()


async def limit_pages(store: Store, more: int) -> None:
    """Leave room for so many more pages, on the connection that writes."""
    connection: sqlite3.Connection = store._connection  # type: ignore[attr-defined]

    def limit() -> None:
        [used] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {used + more}")

    await asyncio.to_thread(limit)


async def test_an_update_that_another_replica_took_over_is_not_handled_twice(rig: Rig) -> None:
    """F19, F20: this process slept through the end of its claim; what it does then is undone."""
    other = Rig(rig.store.inner)
    mine, theirs = listen(rig), listen(other)
    await rig.dispatcher.accept([update(1)])
    rig.store.let_pass, rig.store.refuse = 1, 2
    assert await rig.dispatcher.handle_some() == 0  # claimed, and the store went away
    other.clock.move(at(31))
    await other.settle()
    assert theirs == [1]
    await rig.write(lambda uow: uow.settings.remove("om_1"))
    await rig.settle()
    assert set(mine) == {1}
    assert await effects(rig) == []


@pytest.mark.postgres
@pytest.mark.slow
async def test_two_replicas_share_the_work_and_do_nothing_twice(postgres_database: Database) -> None:
    rigs = [Rig(await postgres_database.open()) for _ in range(2)]
    seen = [listen(one) for one in rigs]
    await rigs[0].dispatcher.accept([update(n, chat=f"oc_{n % 20}") for n in range(200)])
    while sum(await asyncio.gather(*(one.dispatcher.handle_some() for one in rigs))):
        pass
    done = Counter(seen[0] + seen[1])
    assert set(done) == set(range(200))
    assert len(await effects(rigs[0])) == 200
    assert (await waiting(rigs[0]), await dead(rigs[0])) == (0, [])
    for one in rigs:
        await one.store.close()


# ---------------------------------------------------------------- clicks


def click(name: str, *, platform: str = "feishu") -> CardClicked:
    """Somebody presses a button."""
    source = Source(platform=platform, app="app", business_id=name, received_at=NOW)
    return CardClicked(
        source=source,
        operator=AccountKey(platform, "ou_1"),
        chat=ChatKey(platform, "oc_1"),
        message=MessageKey(platform, "om_1"),
        action="take_over",
    )


async def pumping(rig: Rig) -> asyncio.Task[None]:
    """The dispatcher at work."""
    return asyncio.create_task(rig.dispatcher.run())


async def stop(task: asyncio.Task[None]) -> None:
    """End a pump."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def answer_clicks(rig: Rig) -> None:
    """Every click gets its own number as the answer."""
    counted = iter(range(100))
    rig.router.action("take_over", lambda _, __: Answer(toast=f"已接手 {next(counted)}"))


async def test_whoever_presses_a_button_gets_the_answer(rig: Rig) -> None:
    answer_clicks(rig)
    pump = await pumping(rig)
    assert await rig.dispatcher.accept_click(click("c1"), within=5) == Answer(toast="已接手 0")
    assert await rig.dispatcher.accept_click(click("c2"), within=5) == Answer(toast="已接手 1")
    await stop(pump)


async def test_ec_81_an_answer_that_comes_too_late_is_not_waited_for_and_the_click_counts(rig: Rig) -> None:
    answer_clicks(rig)
    assert await rig.dispatcher.accept_click(click("c1"), within=0) is None
    assert await waiting(rig) == 1
    await rig.settle()
    assert await waiting(rig) == 0


async def test_two_deliveries_of_one_click_get_the_same_answer(rig: Rig) -> None:
    answer_clicks(rig)
    both = asyncio.gather(*(rig.dispatcher.accept_click(click("c1"), within=5) for _ in range(2)))
    while await waiting(rig) == 0:
        await rig.idle_loop()
    await rig.settle()
    assert await both == [Answer(toast="已接手 0")] * 2


async def test_one_who_gives_up_does_not_take_the_answer_from_another(rig: Rig) -> None:
    answer_clicks(rig)
    impatient = asyncio.create_task(rig.dispatcher.accept_click(click("c1"), within=0))
    patient = asyncio.create_task(rig.dispatcher.accept_click(click("c1"), within=5))
    assert await impatient is None
    await rig.settle()
    assert await patient == Answer(toast="已接手 0")


async def test_the_same_number_on_another_platform_gets_its_own_answer(rig: Rig) -> None:
    answer_clicks(rig)
    clicks = [click("c1"), click("c1", platform="wecom")]
    both = asyncio.gather(*(rig.dispatcher.accept_click(one, within=5) for one in clicks))
    while await waiting(rig) < 2:
        await rig.idle_loop()
    await rig.settle()
    assert {answer.toast for answer in await both if answer} == {"已接手 0", "已接手 1"}


async def test_a_click_that_is_not_stored_is_not_answered(rig: Rig) -> None:
    rig.store.is_away = True
    with pytest.raises(StoreUnavailable):
        await rig.dispatcher.accept_click(click("c1"), within=5)


async def test_a_click_whose_handler_breaks_gets_no_answer_now(rig: Rig) -> None:
    def broken(_: Context, __: CardClicked) -> Answer:
        raise ZeroDivisionError

    rig.router.action("take_over", broken)
    waits = asyncio.create_task(rig.dispatcher.accept_click(click("c1"), within=0.05))
    while await waiting(rig) == 0:
        await rig.idle_loop()
    await rig.settle()
    assert await waits is None
    assert await waiting(rig) == 1


async def test_a_button_that_nobody_knows_is_handled_without_an_answer(rig: Rig) -> None:
    """A card of an older version of the program."""
    pump = await pumping(rig)
    assert await rig.dispatcher.accept_click(click("c1"), within=5) is None
    await stop(pump)
    assert (await waiting(rig), await dead(rig)) == (0, [])


# ---------------------------------------------------------------- the running pump


async def test_the_running_pump_is_woken_by_what_comes_in(rig: Rig) -> None:
    handled = asyncio.Queue[int]()
    loop = asyncio.get_running_loop()
    rig.router.on(MessageReceived, lambda _, m: _tell(loop, handled, number(m)))
    pump = await pumping(rig)
    async with asyncio.timeout(60):
        for n in range(5):
            await rig.dispatcher.accept([update(n)])
            assert await handled.get() == n
    await stop(pump)


def _tell(loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[int], one: int) -> None:
    loop.call_soon_threadsafe(queue.put_nowait, one)


@pytest.mark.slow
async def test_two_pumps_of_one_dispatcher_take_turns(rig: Rig) -> None:
    """At the end of the program one drains while the other is still at it."""
    seen = listen(rig)
    await rig.dispatcher.accept([update(n) for n in range(150)])
    while sum(await asyncio.gather(rig.dispatcher.handle_some(), rig.dispatcher.handle_some())):
        pass
    assert seen == list(range(150))


def test_a_transaction_that_has_taken_long_takes_nothing_more_on() -> None:
    """P7: an acknowledgement waits behind one slow handler, never behind sixty-four."""

    worked = [0.0]

    def slow(one: int) -> int:
        worked[0] += TRANSACTION_SECONDS * 0.6
        return one

    def fits(things: Iterable[int], work: Callable[[int], int]) -> list[int]:
        return as_many_as_fit(things, work, seconds=lambda: worked[0])

    assert fits([1, 2, 3, 4], slow) == [1, 2]
    assert fits([], slow) == []
    assert fits(range(500), lambda one: one) == list(range(500))


async def test_slow_updates_are_all_handled_in_several_transactions(rig: Rig) -> None:
    seen: list[int] = []

    def slow(_: Context, message: MessageReceived) -> None:
        seen.append(number(message))
        until = perf_counter() + TRANSACTION_SECONDS * 0.6
        while perf_counter() < until:
            pass

    rig.router.on(MessageReceived, slow)
    await rig.dispatcher.accept([update(n) for n in range(4)])
    assert await rig.dispatcher.handle_some() <= 2
    await rig.settle()
    assert seen == [0, 1, 2, 3]


async def test_what_handlers_count_is_counted_once_they_are_committed(rig: Rig) -> None:
    def handle(context: Context, message: MessageReceived) -> None:
        context.count("reply_seen")
        if number(message) == 2:
            raise ZeroDivisionError

    rig.router.on(MessageReceived, handle)
    await rig.dispatcher.accept([update(1), update(2)])
    await rig.settle()
    metrics = rig.engine.metrics
    assert 'huiyin_events_total{name="reply_seen"} 1.0' in metrics.render().decode()
    assert metrics.value("huiyin_updates_handled_total", kind="MessageReceived", result="ok") == 1
    assert metrics.value("huiyin_updates_handled_total", kind="MessageReceived", result="failed") == 1


def test_the_dispatcher_registers_its_wake_up(memory_rig: Rig) -> None:
    before = len(memory_rig.engine.wakes)
    Dispatcher(memory_rig.engine)
    assert len(memory_rig.engine.wakes) == before + 1
