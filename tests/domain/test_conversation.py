"""Whole conversations: the clocks they make are the same in whatever order and however often the messages arrive (5.4, 5.5; EC-24)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.conversation import Circumstances, hear, identity_of, listen, recall, replay
from bot.domain.heard import Heard
from bot.domain.ids import Code, PersonId
from bot.domain.reply_clock import ReplyClock
from bot.domain.sla import Answered, ClockState, FactKind, SlaPolicy, Started
from bot.domain.tracking import Spoken
from bot.errors import RuleViolation
from tests.domain.sla_support import (
    ASKER,
    BACKUP,
    HEAD,
    LIAISON,
    MEMBER,
    PROD,
    PROD_HEAD,
    PROD_LIAISON,
    QA,
    SALES_HEAD,
    SALES_LIAISON,
    at,
    fact,
    hours_of,
    message,
    posts,
    says,
    told,
)

GIVEN = Circumstances(posts=posts(), policy=SlaPolicy(), hours_of=hours_of, now=at("18:00"), plan_version="V1.0")


def noted(spoken: Spoken, *, recalled: str = "") -> Heard:
    return Heard(spoken=spoken, received_at=spoken.at, recalled_at=at(recalled) if recalled else None)


def clocks_of(*history: Heard, times: int = 1) -> list[ReplyClock]:
    """The clocks after hearing each message in the order given, `times` times each."""
    ear = listen((), GIVEN)
    for each in history:
        for _ in range(times):
            hear(ear, each)
    return sorted(ear.clocks, key=lambda c: (c.started_at, c.department))


QUESTION = noted(says(ASKER, "报告什么时候给？", LIAISON, when="10:00", name="om_1"))
ANSWER = noted(says(LIAISON, "明天给", when="10:10", name="om_2", reply_to="om_1"))


def test_a_question_and_its_answer() -> None:
    ear = listen((), GIVEN)
    hear(ear, QUESTION)
    hear(ear, ANSWER)
    (clock,) = ear.clocks
    assert clock.state is ClockState.ANSWERED_IN_TIME
    assert clock.plan_version == "V1.0"
    assert ear.events[identity_of(clock)] == [Started(Code("")), Answered(Code(""), True, False)]


def test_l_01_an_answer_that_mentions_the_asking_liaison_starts_nothing_against_that_side() -> None:
    question = noted(says(SALES_LIAISON, "报告什么时候给？", LIAISON, when="10:00", name="om_1"))
    reply = noted(says(LIAISON, "明天给", SALES_LIAISON, when="10:10", name="om_2"))
    back = noted(says(LIAISON, "明天给，合同呢？", SALES_LIAISON, when="10:10", name="om_2"))
    assert len(clocks_of(question, reply)) == 1
    assert [c.asking_department for c in clocks_of(question, back)] == ["SALES", "QA"]


def test_one_message_to_three_departments_starts_a_clock_each() -> None:
    assert len(clocks_of(noted(says(ASKER, "开会", LIAISON, PROD_LIAISON)))) == 2


def test_a_recalled_question_is_not_waited_for() -> None:
    (clock,) = clocks_of(noted(QUESTION.spoken, recalled="10:05"))
    assert clock.state is ClockState.CANCELLED


def test_a_recall_learned_of_later_does_the_same() -> None:
    ear = listen(clocks_of(QUESTION, ANSWER), GIVEN)
    recall(ear, message("om_2"), at=at("10:11"))
    assert [c.state for c in ear.clocks] == [ClockState.RUNNING]
    recall(ear, message("om_1"), at=at("10:12"))
    assert [c.state for c in ear.clocks] == [ClockState.CANCELLED]
    before = list(ear.clocks)
    recall(ear, message("om_9"), at=at("10:13"))
    assert ear.clocks == before


def test_ec_26_a_department_without_working_time_is_named_and_gets_no_clock() -> None:
    def hours(department: str) -> object:
        raise RuleViolation("no_working_time")

    ear = listen((), replace(GIVEN, hours_of=hours))  # type: ignore[arg-type]
    hear(ear, QUESTION)
    assert (ear.clocks, ear.blind) == ([], [QA])


def test_ec_24_an_answer_that_arrives_before_its_question_counts_when_the_history_is_replayed() -> None:
    ear, gone = replay([ANSWER, QUESTION], (), GIVEN)
    assert [c.state for c in ear.clocks] == [ClockState.ANSWERED_IN_TIME]
    assert gone == ()


def test_a_replayed_clock_keeps_its_code_its_notices_and_what_buttons_said() -> None:
    (clock,) = clocks_of(QUESTION)
    known = replace(clock, code=Code("HF-2026-0007"), version=3, nudged_at=at("10:20"), breached_at=at("10:30"))
    pressed = told(known, fact(FactKind.ACKNOWLEDGED, "10:40"))
    ear, gone = replay([QUESTION], [pressed], GIVEN)
    (again,) = ear.clocks
    assert gone == ()
    assert (again.code, again.version, again.nudged_at) == ("HF-2026-0007", 3, at("10:20"))
    assert (again.state, again.answered_at) == (ClockState.ANSWERED_LATE, at("10:40"))


def test_a_clock_that_should_never_have_been_is_handed_back() -> None:
    """A message written earlier turns the supposed starter into a further message of the same key."""
    later = noted(says(SALES_HEAD, "催一下", HEAD, when="10:05", name="om_3"))
    (wrong,) = clocks_of(later)
    ear, gone = replay([later, QUESTION], [wrong], GIVEN)
    assert gone == (wrong,)
    assert [c.message for c in ear.clocks] == [message("om_1")]
    assert ear.clocks[0].attached_count == 1


def test_l_04_a_plain_answer_heard_again_does_not_stop_the_next_clock_too() -> None:
    """Found in review: a redelivered plain answer stopped the second oldest clock as well."""
    other = noted(says(PROD_HEAD, "样品呢？", LIAISON, when="10:02", name="om_3"))
    plain = noted(says(LIAISON, "明天给", when="10:10", name="om_4"))
    assert [c.state for c in clocks_of(QUESTION, other, plain, plain)] == [
        ClockState.ANSWERED_IN_TIME,
        ClockState.RUNNING,
    ]


def test_a_question_heard_again_after_an_answer_of_the_same_second_starts_no_second_clock() -> None:
    """Found in review: the clock was replaced by a running one."""
    reply = noted(says(LIAISON, "明天给", when="09:59:30", name="om_2", reply_to="om_1"))
    (clock,) = clocks_of(QUESTION, reply, QUESTION)
    assert (clock.state, clock.elapsed_seconds) == (ClockState.ANSWERED_IN_TIME, 0)


# ---------------------------------------------------------------- any conversation

PEOPLE = (ASKER, SALES_LIAISON, SALES_HEAD, LIAISON, BACKUP, HEAD, MEMBER, PROD_LIAISON, PROD_HEAD)
WORDS = ("报告什么时候给？", "明天给", "收到", "谢谢", "【重点】请确认", "催一下")


@st.composite
def conversations(draw: st.DrawFn) -> list[Heard]:
    """Up to nine messages of different people at different or equal minutes of a morning, some quoted or recalled."""
    count = draw(st.integers(2, 9))
    minutes = sorted(draw(st.lists(st.integers(0, 80), min_size=count, max_size=count)))
    history: list[Heard] = []
    for number, minute in enumerate(minutes):
        name = f"om_{number}"
        quoted = draw(st.sampled_from(["", *(f"om_{n}" for n in range(number))]))
        author = history[int(quoted[3:])].spoken.sender if quoted else None
        mentioned = draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))
        spoken = says(
            draw(st.sampled_from(PEOPLE)),
            draw(st.sampled_from(WORDS)),
            *mentioned,
            when=f"{10 + minute // 60}:{minute % 60:02}",
            name=name,
            reply_to=quoted,
            quoted=author,
        )
        later = draw(st.sampled_from([None, None, None, 1, 2, 5, 40]))
        recalled_at = spoken.at + timedelta(minutes=later) if later is not None else None
        history.append(Heard(spoken=spoken, received_at=spoken.at, recalled_at=recalled_at))
    return history


def seen_alike(clocks: Iterable[ReplyClock]) -> list[ReplyClock]:
    """Without what says when and under which number the program learned of it."""
    plain = (
        replace(c, code=Code(""), version=0, learned_at=None, corrected_at=None, reported_verdict_at=None)
        for c in clocks
    )
    return sorted(plain, key=lambda c: (c.started_at, str(c.message), c.department))


def in_order(history: Sequence[Heard]) -> list[ReplyClock]:
    return seen_alike(replay(history, (), GIVEN)[0].clocks)


@settings(max_examples=120, derandomize=True, deadline=None)
@given(history=conversations(), data=st.data())
def test_shuffled_and_tripled_histories_make_the_same_clocks(history: list[Heard], data: st.DataObject) -> None:
    mixed = data.draw(st.permutations(history * 3))
    assert in_order(mixed) == in_order(history)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(history=conversations(), data=st.data())
def test_messages_that_arrive_one_by_one_in_any_order_end_in_the_same_clocks(
    history: list[Heard], data: st.DataObject
) -> None:
    known: list[ReplyClock] = []
    arrived: list[Heard] = []
    for each in data.draw(st.permutations(history * 2)):
        arrived.append(each)
        ear, _ = replay(arrived, known, GIVEN)
        known = [
            clock if clock.code else replace(clock, code=Code(f"HF-{clock.message}-{clock.department}"))
            for clock in ear.clocks
        ]
    assert seen_alike(known) == in_order(history)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(history=conversations())
def test_one_open_clock_for_each_key_and_every_clock_has_its_own_question(history: list[Heard]) -> None:
    clocks = replay(history, (), GIVEN)[0].clocks
    keys = [(c.thread, c.department, c.asking_department) for c in clocks if c.is_open]
    assert len(keys) == len(set(keys))
    assert len({identity_of(c) for c in clocks}) == len(clocks)
    assert all(c.department != c.asking_department and c.department in {"SALES", QA, PROD} for c in clocks)


@pytest.mark.parametrize("person", [PersonId("")])
def test_ec_43_a_stranger_starts_nothing(person: PersonId) -> None:
    assert clocks_of(noted(says(person, "报告呢？", LIAISON))) == []
