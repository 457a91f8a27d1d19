"""The platform's rate limits, kept by budgets that no window can break (F8), and what the platform can do."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import timedelta

import pytest

from adapters.feishu.capabilities import (
    API_PER_MINUTE,
    API_PER_SECOND,
    CARD_EDIT_TIME,
    CONVERSATION_PER_SECOND,
    MESSAGE_PER_SECOND,
    budgets,
    capabilities,
)
from bot.clock import VirtualClock, from_ms, to_ms
from bot.domain.ids import ChatKey, MessageKey
from bot.messages import AnyOutbound, EditCard, SendCard, SendText, Text, ToChat, ToPerson
from storage.budgets import gcra_step
from tests.adapters.feishu.outgoing import CARD, SAMPLES, account, tenant
from tests.support.figures import Figures

#: (limit, most calls, in so many milliseconds) of the platform's documentation
PROMISES = (
    (API_PER_SECOND, 50, 1_000),
    (API_PER_MINUTE, 1_000, 60_000),
    (CONVERSATION_PER_SECOND, 5, 1_000),
    (MESSAGE_PER_SECOND, 5, 1_000),
)


class Budgets:
    """The rows that delivery asks, in memory: when may a call go that counts against these?"""

    def __init__(self) -> None:
        self._arrivals: defaultdict[str, int] = defaultdict(int)

    def next_instant(self, outbound: AnyOutbound, now: int) -> int:
        """The first millisecond at which every budget lets the call go; takes it there."""
        while True:
            steps = [
                (name, *gcra_step(self._arrivals[name], now=now, period_ms=period, burst=burst))
                for name, period, burst in budgets(outbound, app_id="cli_x")
            ]
            may_go = max(step[1] for step in steps)
            if may_go <= now:
                self._arrivals.update({name: arrival for name, _, arrival in steps})
                return now
            now = may_go


@pytest.mark.parametrize(("limit", "most", "window"), PROMISES)
def test_no_window_of_a_limit_can_be_broken(limit: tuple[int, int], most: int, window: int) -> None:
    period, burst = limit
    arrival, now, recent = 0, 1_000_000, deque[int]()
    for pause in [0] * 3_000 + [window // 2, window, 1] * 200:
        now += pause
        may_go, arrival = gcra_step(arrival, now=now, period_ms=period, burst=burst)
        if may_go > now:
            now = may_go
            _, arrival = gcra_step(arrival, now=now, period_ms=period, burst=burst)
        recent.append(now)
        while recent[0] <= now - window:
            recent.popleft()
        assert len(recent) <= most


@pytest.mark.parametrize("name", SAMPLES)
def test_every_call_counts_against_both_caps_of_its_api(name: str) -> None:
    rows = {(period, burst) for _, period, burst in budgets(SAMPLES[name], app_id="cli_x")}
    assert {API_PER_SECOND, API_PER_MINUTE} <= rows


def test_limits_are_per_app_per_conversation_per_person_and_per_message() -> None:
    def names(outbound: AnyOutbound, app: str = "a") -> set[str]:
        return {name for name, _, _ in budgets(outbound, app_id=app)}

    one, other = (SendText(target=ToChat(ChatKey("feishu", chat)), body=()) for chat in ("oc_1", "oc_2"))
    direct = SendText(target=ToPerson(account("ou_1")), body=())
    assert len(names(one) & names(other)) == 2
    assert len(names(one) - names(direct)) == 1
    assert not names(one) & names(one, "b")
    card = SendCard(target=one.target, card_id="c", card=CARD)
    assert names(card) == names(one)
    edits = [
        EditCard(target=one.target, card_id="c", message=MessageKey("feishu", m), card=CARD) for m in ("om_1", "om_2")
    ]
    assert len(names(edits[0]) ^ names(edits[1])) == 2
    assert not names(edits[0]) & names(one)


@pytest.mark.slow
async def test_a_burst_at_the_budgets_pace_meets_no_limit_of_the_platform(figures: Figures) -> None:
    """300 messages: 60 into one group, the others to 48 people, on the platform's own windows."""
    async with tenant() as company:
        people = [f"ou_p{number}" for number in range(48)]
        for one in people:
            company.emulator.add_person(one, one, "od-dev")
        chat = ChatKey("feishu", company.emulator.add_group("g", ["ou_alice"]))
        rows, start = Budgets(), company.clock.now()
        for number in range(300):
            target = ToChat(chat) if number % 5 == 0 else ToPerson(account(people[number % 48]))
            outbound = SendText(target=target, body=(Text(f"第 {number} 条"),))
            move_to(company.clock, rows.next_instant(outbound, to_ms(company.clock.now())))
            await company.client.send(outbound, key=str(number))
        took = company.clock.now() - start
        calls = company.emulator.recorder.calls
        assert [one.code for one in calls if one.code] == []
        assert took < timedelta(seconds=25)
        figures("300 feishu messages at the budgets' pace", f"0 refused, {took.total_seconds():.1f} s of the clock")


@pytest.mark.slow
async def test_edits_at_the_budgets_pace_meet_no_limit_of_a_message() -> None:
    async with tenant() as company:
        chat = ChatKey("feishu", company.emulator.add_group("g", ["ou_alice"]))
        sent = await company.client.send(SendCard(target=ToChat(chat), card_id="c", card=CARD), key="k")
        assert sent.message is not None
        rows = Budgets()
        edit = EditCard(target=ToChat(chat), card_id="c", message=sent.message, card=CARD)
        for number in range(30):
            move_to(company.clock, rows.next_instant(edit, to_ms(company.clock.now())))
            await company.client.send(edit, key=str(number))


def move_to(clock: VirtualClock, instant: int) -> None:
    """Set the clock, never back."""
    clock.move(max(clock.now(), from_ms(instant)))


def test_what_depends_on_a_scope_is_off_until_the_scope_is_known() -> None:
    assert capabilities(sees_all_group_messages=True).sees_all_group_messages
    for unknown in (False, None):
        assert not capabilities(sees_all_group_messages=unknown).sees_all_group_messages


def test_a_card_is_edited_for_a_little_less_than_the_platform_allows() -> None:
    can = capabilities(sees_all_group_messages=True)
    assert timedelta(days=13) < CARD_EDIT_TIME < timedelta(days=14)
    assert can.card_edit_seconds == CARD_EDIT_TIME.total_seconds()
    assert can.keyed_sends
    assert not can.edit_event
