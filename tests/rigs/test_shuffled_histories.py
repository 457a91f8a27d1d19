"""Every event three times and in any order ends where once and in order ends (F11, F12): through the dispatcher and the
real handlers, with cards and notices going out on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.ids import Code, MessageKey
from bot.domain.reply_clock import ReplyClock
from bot.updates import AnyUpdate, MessageRecalled, MessageReceived, ReactionAdded, Source
from tests.handlers.bench import Bench
from tests.handlers.deeds import PLATFORM
from tests.support.figures import Figures

#: departments of the sample company with somebody of each who may ask, answer or only belong to it
PEOPLE = ("方景行", "苏念初", "江亦舟", "袁知行", "贺云深", "尹若谷", "秦书禾", "陆怀谷", "杜若溪")
WORDS = ("报告什么时候给？", "明天给", "收到", "谢谢", "【重点】请确认", "首批 60 台")
EMOJI = ("👍", "OK", "收到", "❤")
#: Whoever is asked has ten minutes from the arrival of the question in any case (5.8), so a question that comes later than
#: that before its deadline has another one. Here everything arrives in time: said in the first nine minutes of the day,
#: there after nineteen, due after thirty.
SAID_WITHIN = 9 * 60
ARRIVES_WITHIN = 19 * 60


def source(name: str, at: datetime) -> Source:
    """An event of that instant; when it is received is told at delivery."""
    return Source(platform=PLATFORM, app="app", business_id=name, received_at=at, happened_at=at)


@st.composite
def histories(draw: st.DrawFn) -> list[AnyUpdate]:
    """Up to eight things that people do, in the order in which they happen."""
    bench = Bench()
    try:
        bench.until("09:00")
        start = bench.clock.now()
        moments = sorted(draw(st.lists(st.integers(0, SAID_WITHIN), min_size=2, max_size=8, unique=True)))
        done: list[AnyUpdate] = []
        said: list[MessageReceived] = []
        taken_back: set[MessageKey] = set()
        for number, seconds in enumerate(moments):
            at = start + timedelta(seconds=seconds)
            kind = draw(st.sampled_from(["says", "says", "says", "reacts", "recalls"]))
            left = [one for one in said if one.message not in taken_back]
            if kind == "says" or not left:
                said.append(draw(messages(bench, f"om_{number}", at, said)))
                done.append(said[-1])
            elif kind == "reacts":
                who, emoji = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(EMOJI))
                to = draw(st.sampled_from(said)).message
                reaction = ReactionAdded(
                    source=source(f"ev_{number}", at), message=to, operator=bench.account(who), emoji=emoji
                )
                done.append(reaction)
            else:
                gone = draw(st.sampled_from(left))
                taken_back.add(gone.message)
                done.append(MessageRecalled(source=source(f"ev_{number}", at), message=gone.message, chat=gone.chat))
        return done
    finally:
        bench.close()


@st.composite
def messages(
    draw: st.DrawFn, bench: Bench, name: str, at: datetime, said: Sequence[MessageReceived]
) -> MessageReceived:
    """Somebody writes something, perhaps to somebody, perhaps about something said before."""
    who, words = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(WORDS))
    to = draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))
    quoted: MessageKey | None = draw(st.sampled_from([None, None, *(one.message for one in said)]))
    text = "".join(f"@{one} " for one in to) + words
    made = bench.message(who, text, where="X1", quotes=quoted)
    return type(made)(
        **{field: getattr(made, field) for field in made.__struct_fields__}
        | {"source": source(name, at), "message": MessageKey(PLATFORM, name)}
    )


def received(update: AnyUpdate, at: datetime) -> AnyUpdate:
    """The same event as it comes in at that instant."""
    fields = {name: getattr(update, name) for name in update.__struct_fields__}
    return type(update)(**fields | {"source": replace(update.source, received_at=at)})


def outcome(deliveries: Sequence[tuple[datetime, AnyUpdate]]) -> list[ReplyClock]:
    """The reply clocks at noon, without when and under which number the program learned of things."""
    bench = Bench()
    try:
        bench.until("09:00")
        for at, update in deliveries:
            if at > bench.clock.now():
                bench.until(f"{at.astimezone(bench.now.tzinfo):%H:%M:%S}")
            bench.happens(received(update, bench.clock.now()))
        bench.until("12:00")
        clocks = bench.read(lambda uow: uow.clocks.find())
        assert bench.read(lambda uow: uow.inbox.pending())[0] == 0
        assert bench.read(lambda uow: uow.inbox.dead()) == []
    finally:
        bench.close()
    return sorted((alike(clock) for clock in clocks), key=lambda c: (c.started_at, str(c.message), c.department))


def alike(clock: ReplyClock) -> ReplyClock:
    """Without what depends on when the program learned of it: numbers, reminders sent, lateness of delivery."""
    return replace(
        clock,
        code=Code(""),
        version=0,
        learned_at=None,
        corrected_at=None,
        reported_verdict_at=None,
        nudged_at=None,
        breached_at=None,
        escalations=0,
        invisible_at=None,
        not_due_before=None,
        flags=frozenset(clock.flags - {"late_delivery"}),
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_three_times_and_in_any_order_is_once_and_in_order(figures: Figures) -> None:
    tried = [0, 0]

    @settings(
        max_examples=60,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(history=histories(), data=st.data())
    def check(history: list[AnyUpdate], data: st.DataObject) -> None:
        in_order = [(update.source.received_at, update) for update in history]
        start = history[0].source.received_at
        mixed = data.draw(st.permutations(history * 3))
        delays = sorted(data.draw(st.lists(st.integers(0, ARRIVES_WITHIN), min_size=len(mixed), max_size=len(mixed))))
        late = [
            (max(start + timedelta(seconds=delay), update.source.received_at), update)
            for delay, update in zip(delays, mixed, strict=True)
        ]
        late.sort(key=lambda one: one[0])
        tried[0] += 1
        tried[1] += len(history)
        assert outcome(late) == outcome(in_order)

    check()
    figures("histories tripled and shuffled", f"{tried[0]} histories, {tried[1]} events, 0 that end otherwise")
