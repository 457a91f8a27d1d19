"""Which message opens which clock, joins one, or stops one: the tables 5.4 and 5.5, L-01 to L-05, EC-30 to EC-43."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delegation import Scope
from bot.domain.ids import DepartmentId, PersonId
from bot.domain.posts import Standing
from bot.domain.sla import FactKind, ReplyClock
from bot.domain.tracking import (
    ACKNOWLEDGEMENTS,
    GroupKind,
    Spoken,
    Target,
    answers,
    assigned,
    attaches_to,
    believed_time,
    ends_with_question,
    is_acknowledgement,
    is_chatter,
    is_courtesy,
    is_flood,
    is_key,
    is_out_of_office,
    is_strangers_question,
    targets,
)
from tests.domain.sla_support import (
    ASKER,
    BACKUP,
    BOARD,
    HEAD,
    IT,
    IT_HEAD,
    LEADER,
    LIAISON,
    MEMBER,
    OFFICE,
    OTHER_GROUP,
    PROD,
    PROD_HEAD,
    PROD_LIAISON,
    QA,
    SALES,
    SALES_HEAD,
    SALES_LIAISON,
    SECRETARY,
    STRANGER,
    answer,
    at,
    breached,
    fact,
    leave,
    posts,
    says,
    started,
    told,
)

EVERYONE = (SALES, QA, PROD, BOARD)


def asked(spoken: Spoken, *, stops_for: frozenset[DepartmentId] = frozenset()) -> list[DepartmentId]:
    return [t.department for t in targets(spoken, posts(), stops_for=stops_for)]


# ---------------------------------------------------------------- 5.4: what starts a clock

STARTS: dict[str, tuple[Spoken, list[DepartmentId]]] = {
    "mentions a liaison": (says(ASKER, "报告呢", LIAISON), [QA]),
    "mentions a backup": (says(ASKER, "报告呢", BACKUP), [QA]),
    "mentions a head": (says(ASKER, "报告呢", HEAD), [QA]),
    "mentions two people of one department": (says(ASKER, "报告呢", LIAISON, HEAD), [QA]),
    "mentions people of three departments": (says(ASKER, "开会", PROD_LIAISON, LIAISON, IT_HEAD), [PROD, QA, IT]),
    "mentions an employee only (L-02)": (says(ASKER, "报告呢", MEMBER), []),
    "mentions nobody": (says(ASKER, "报告什么时候给？"), []),
    "mentions an executive unit (L-02)": (says(ASKER, "请批示", LEADER), []),
    "asks a liaison back with a quote": (says(ASKER, "什么时候？", quoted=LIAISON), [QA]),
    "asks a backup back with a quote": (says(ASKER, "什么时候?”", quoted=BACKUP), [QA]),
    "quotes a liaison without a question": (says(ASKER, "明白了，照此办理", quoted=LIAISON), []),
    "quotes a head with a question": (says(ASKER, "什么时候？", quoted=HEAD), []),
    "quotes an employee with a question": (says(ASKER, "什么时候？", quoted=MEMBER), []),
    "everybody without 重点": (says(ASKER, "明天停电", everybody=True, present=EVERYONE), []),
    "everybody with 重点": (says(ASKER, "【重点】明天停电", everybody=True, present=EVERYONE), [QA, PROD]),
    "in a direct chat": (says(ASKER, "报告呢", LIAISON, where=GroupKind.DIRECT), []),
    "in a group of its own kind": (says(ASKER, "报告呢", LIAISON, where=GroupKind.OTHER), []),
    "with /询问 in any group": (says(ASKER, "报告呢", LIAISON, where=GroupKind.OTHER, inquiry=True), [QA]),
    "with /询问 and a courtesy": (says(ASKER, "谢谢", LIAISON, inquiry=True), [QA]),
    "by the secretary": (says(SECRETARY, "请回复", LIAISON), [QA]),
    "by the leader": (says(LEADER, "请回复", LIAISON), [QA]),
    "EC-36 by a bot": (says(ASKER, "提醒", LIAISON, automatic=True), []),
    "EC-36 by an out-of-office assistant": (says(ASKER, "[自动回复] 我在休假", LIAISON), []),
    "EC-37 to the own department": (says(ASKER, "看一下", SALES_LIAISON), []),
    "EC-37 to the own department and another": (says(ASKER, "看一下", SALES_LIAISON, LIAISON), [QA]),
    "EC-39 only thanks": (says(ASKER, "谢谢！", LIAISON), []),
    "EC-39 only a mention": (says(ASKER, "", LIAISON), []),
    "EC-39 only 收到": (says(ASKER, " 收到。", LIAISON), []),
    "EC-40 a picture and nothing else": (says(ASKER, "", LIAISON, attachment=True), [QA]),
    "EC-43 by a stranger": (says(STRANGER, "报告呢", LIAISON), []),
}


@pytest.mark.parametrize("name", STARTS)
def test_a_04_what_starts_a_clock(name: str) -> None:
    spoken, departments = STARTS[name]
    assert asked(spoken) == departments


def test_r_25_l_02_who_is_asked_is_the_mentioned_holder_or_whoever_stands_in() -> None:
    assert assigned(Target(QA, BACKUP), posts()) == Standing(BACKUP, BACKUP)
    assert assigned(Target(QA, LIAISON), posts(leave(LIAISON))) == Standing(LIAISON, BACKUP)
    assert assigned(Target(QA, None), posts()) == Standing(LIAISON, LIAISON)


def test_l_02_mentioning_a_delegate_asks_the_department_of_the_absent_person() -> None:
    away = leave(LIAISON, PROD_LIAISON, scope=Scope.LIAISON)
    spoken = says(ASKER, "报告呢", MEMBER)
    assert [t.department for t in targets(spoken, posts(leave(LIAISON, MEMBER)))] == [QA]
    assert [t.department for t in targets(says(ASKER, "报告呢", PROD_LIAISON), posts(away))] == [PROD]


@pytest.mark.parametrize(
    ("words", "key", "inquiry", "departments"),
    [
        ("报告已发", False, False, []),
        ("报告已发，你们何时付款？", False, False, [QA]),
        ("【重点】报告已发", True, False, [QA]),
        ("报告已发", False, True, [QA]),
    ],
)
def test_l_01_an_answer_asks_the_side_it_answers_only_on_purpose(
    words: str, key: bool, inquiry: bool, departments: list[DepartmentId]
) -> None:
    spoken = says(ASKER, words, LIAISON, inquiry=inquiry)
    assert spoken.is_key is key
    assert asked(spoken, stops_for=frozenset({QA})) == departments


def test_l_01_against_a_third_side_it_starts_a_clock_as_ever() -> None:
    assert asked(says(ASKER, "报告已发", LIAISON, PROD_LIAISON), stops_for=frozenset({QA})) == [PROD]


@pytest.mark.parametrize(
    ("spoken", "is_told"),
    [
        (says(STRANGER, "报告呢", LIAISON), True),
        (says(STRANGER, "谢谢", LIAISON), False),
        (says(STRANGER, "报告呢", MEMBER), False),
        (says(STRANGER, "报告呢", LIAISON, where=GroupKind.OTHER), False),
        (says(STRANGER, "报告呢", LIAISON, automatic=True), False),
        (says(ASKER, "报告呢", LIAISON), False),
    ],
)
def test_ec_43_a_strangers_question_is_told_apart(spoken: Spoken, is_told: bool) -> None:
    assert is_strangers_question(spoken, posts()) is is_told


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    "words", ["【重点】x", "[重点] x", "［重点］x", "x #重点", "重点：x", "重点: x", " 重点：", "请看【 重点 】"]
)
def test_r_44_a_tag_makes_a_message_重点(words: str) -> None:
    assert is_key(words)


@pytest.mark.parametrize("words", ["这是重点", "重点工作安排", "请说明重点：无", "", "【重要】x"])
def test_r_44_the_bare_word_does_not(words: str) -> None:
    assert not is_key(words)


@pytest.mark.parametrize("words", ["好吗？", "好吗?", "“好吗？”", "(好吗?) ", "好吗？ 」"])
def test_a_question_ends_with_its_mark(words: str) -> None:
    assert ends_with_question(words)


@pytest.mark.parametrize("words", ["好吗", "？好", "好吗？谢谢", ""])
def test_a_mark_elsewhere_makes_no_question(words: str) -> None:
    assert not ends_with_question(words)


@pytest.mark.parametrize("word", sorted(ACKNOWLEDGEMENTS))
def test_an_acknowledgement_is_a_courtesy_whatever_stands_around_it(word: str) -> None:
    for words in (word, f" {word.upper()}！", f"「{word}」", f"{word}～😀"):
        assert is_acknowledgement(words)
        assert is_courtesy(words)


@pytest.mark.parametrize(
    ("words", "courtesy", "acknowledges"),
    [
        ("谢谢", True, False),
        ("辛苦了", True, False),
        ("", True, False),
        ("！！", True, False),
        ("👍", True, True),
        ("👌🏻", True, True),
        ("😀", True, False),
        ("收到，谢谢！", True, True),
        ("好的好的，收到", True, True),
        ("OK，thanks", True, True),
        ("感谢，辛苦了", True, False),
        ("收到，明天给", False, False),
        ("可以的话周五给", False, False),
        ("好的报告在附件", False, False),
        ("2", False, False),
        ("OK", True, True),
    ],
)
def test_courtesies_and_acknowledgements(words: str, courtesy: bool, acknowledges: bool) -> None:
    assert (is_courtesy(words), is_acknowledgement(words)) == (courtesy, acknowledges)


@pytest.mark.parametrize(
    "words", ["【自动回复】休假中", "自动回复：休假", "[Auto-Reply] away", "Out of Office: back on Monday"]
)
def test_automatic_answers_are_recognised_by_how_they_begin(words: str) -> None:
    assert is_out_of_office(words)


@pytest.mark.parametrize("words", ["请设置自动回复", "自动回复功能坏了", "the out of office is on"])
def test_talking_about_automatic_answers_is_none(words: str) -> None:
    assert not is_out_of_office(words)


RECEIVED = at("10:00")


@pytest.mark.parametrize(
    ("ahead", "is_believed"),
    [
        (timedelta(0), True),
        (timedelta(minutes=3), True),
        (timedelta(minutes=5), True),
        (timedelta(minutes=5, seconds=1), False),
        (timedelta(hours=-2), True),
        (timedelta(hours=-48), True),
        (timedelta(hours=-48, seconds=-1), False),
    ],
)
def test_ec_22_platform_time_is_believed_within_bounds(ahead: timedelta, is_believed: bool) -> None:
    expected = (RECEIVED + ahead, "") if is_believed else (RECEIVED, "source_received")
    assert believed_time(RECEIVED + ahead, RECEIVED) == expected


def test_ec_22_without_platform_time_the_receive_time_counts() -> None:
    assert believed_time(None, RECEIVED) == (RECEIVED, "source_received")


# ---------------------------------------------------------------- joining a clock


@pytest.mark.parametrize(
    ("clock", "spoken", "joins"),
    [
        (started(), says(ASKER, "催一下", LIAISON, when="10:05"), True),
        (started(), says(SALES_HEAD, "催一下", HEAD, when="10:05"), True),
        (breached(), says(ASKER, "催一下", LIAISON, when="10:45"), True),
        (told(started(), answer("10:03")), says(ASKER, "催一下", LIAISON, when="10:05"), False),
        (told(started(), answer("10:07")), says(ASKER, "催一下", LIAISON, when="10:05"), True),
        (started(), says(ASKER, "催一下", LIAISON, when="09:59"), False),
        (started(), says(ASKER, "催一下", LIAISON, when="10:05", chat=OTHER_GROUP), False),
        (started(), says(ASKER, "催一下", LIAISON, when="10:05", thread="t1"), False),
        (started(thread="t1"), says(ASKER, "催一下", LIAISON, when="10:05", thread="t1"), True),
    ],
    ids=[
        "running",
        "by a colleague to another holder",
        "breached (L-03)",
        "answered before",
        "answered later",
        "written before",
        "another chat",
        "EC-42 another thread",
        "EC-42 the same thread",
    ],
)
def test_l_03_a_further_message_of_the_same_key_attaches_while_an_answer_is_owed(
    clock: ReplyClock, spoken: Spoken, joins: bool
) -> None:
    assert (attaches_to([clock], spoken, QA, SALES) is clock) is joins


def test_another_asking_side_or_department_has_a_clock_of_its_own() -> None:
    clock = started()
    assert attaches_to([clock], says(ASKER, when="10:05"), PROD, SALES) is None
    assert attaches_to([clock], says(PROD_HEAD, when="10:05"), QA, PROD) is None


def test_l_03_重点_on_an_attached_message_makes_the_clock_重点_from_then_on() -> None:
    clock = told(started(), fact(FactKind.ATTACHED, "10:05", by=ASKER, name="om_2", key=True))
    assert clock.is_key
    assert not clock.asked_key


@pytest.mark.parametrize(
    ("texts", "seconds", "is_found"),
    [
        (["a", "b", "c", "d", "e", "f", "g", "h", "i"], 7, True),
        (["a", "b", "c", "d", "e", "f", "g", "h", "i"], 8, False),
        (["a", "b", "c", "d", "e", "f", "g", "h"], 1, False),
        (["样机到了", "样机，到了！", "样机 到了"], 299, True),
        (["样机到了", "样机到了", "样机到了"], 300, False),
        (["样机到了", "样机到了"], 1, False),
        (["收到"] * 8, 8, False),
    ],
)
def test_r_45_what_is_pointless_flooding(texts: list[str], seconds: int, is_found: bool) -> None:
    written = [
        replace(says(ASKER, text, name=f"om_{n}"), at=at("10:00") + timedelta(seconds=n * seconds))
        for n, text in enumerate(texts)
    ]
    others = [replace(w, sender=HEAD, message=replace(w.message, message=f"om_o{n}")) for n, w in enumerate(written)]
    assert is_chatter(written[-1], written) is is_found
    assert is_chatter(written[-1], [*others, written[-1]]) is False


def test_ec_30_a_flood_is_more_than_a_handful_within_a_minute() -> None:
    attached = [fact(FactKind.ATTACHED, f"10:00:{n:02}", by=ASKER, name=f"om_a{n}") for n in range(10, 60, 10)]
    assert is_flood(told(started(), *attached), at=at("10:01"))
    assert not is_flood(told(started(), *attached[1:]), at=at("10:01"))
    assert not is_flood(told(started(), *attached), at=at("10:02"))


# ---------------------------------------------------------------- 5.5: what stops a clock

STOPS: dict[str, tuple[Spoken, FactKind | None]] = {
    "quote by the liaison": (says(LIAISON, "明天给", when="10:10", name="om_a", reply_to="om_1"), FactKind.ANSWER),
    "mention of the asker by the liaison": (says(LIAISON, "明天给", ASKER, when="10:10", name="om_a"), FactKind.ANSWER),
    "quote by the backup": (says(BACKUP, "明天给", when="10:10", name="om_a", reply_to="om_1"), FactKind.ANSWER),
    "quote by the head": (says(HEAD, "明天给", when="10:10", name="om_a", reply_to="om_1"), FactKind.ANSWER),
    "quote of the asker without message": (
        says(LIAISON, "明天给", when="10:10", name="om_a", quoted=ASKER),
        FactKind.ANSWER,
    ),
    "EC-33 quote by another member": (
        says(MEMBER, "明天给", when="10:10", name="om_a", reply_to="om_1"),
        FactKind.MEMBER_ANSWER,
    ),
    "EC-33 plain message of another member": (says(MEMBER, "明天给", when="10:10", name="om_a"), None),
    "plain message of the liaison": (says(LIAISON, "明天给", when="10:10", name="om_a"), FactKind.PLAIN_ANSWER),
    "plain message of the backup": (says(BACKUP, "明天给", when="10:10", name="om_a"), FactKind.PLAIN_ANSWER),
    "plain message of the head": (says(HEAD, "明天给", when="10:10", name="om_a"), None),
    "plain message of the liaison to somebody else": (
        says(LIAISON, "明天给", PROD_HEAD, when="10:10", name="om_a"),
        None,
    ),
    "answer of the liaison to another message": (
        says(LIAISON, "明天给", when="10:10", name="om_a", reply_to="om_7", quoted=PROD_HEAD),
        None,
    ),
    "a question back holds nothing open": (
        says(LIAISON, "哪一份？", when="10:10", name="om_a", reply_to="om_1"),
        FactKind.ANSWER,
    ),
    "a holding reply": (says(LIAISON, "在处理，下午回复", when="10:10", name="om_a", reply_to="om_1"), FactKind.ANSWER),
    "L-05 a bare 收到": (says(LIAISON, "收到", when="10:10", name="om_a", reply_to="om_1"), FactKind.ACKNOWLEDGED),
    "L-05 a bare OK without quote": (says(LIAISON, "OK", when="10:10", name="om_a"), FactKind.ACKNOWLEDGED),
    "L-05 收到 with a file": (
        says(LIAISON, "收到", when="10:10", name="om_a", reply_to="om_1", attachment=True),
        FactKind.ANSWER,
    ),
    "only thanks": (says(LIAISON, "谢谢", when="10:10", name="om_a", reply_to="om_1"), None),
    "EC-34 a third department": (says(PROD_HEAD, "明天给", when="10:10", name="om_a", reply_to="om_1"), None),
    "the asker's own follow-up": (says(ASKER, "还在吗", when="10:10", name="om_a", reply_to="om_1"), None),
    "EC-36 an automatic text": (says(LIAISON, "[自动回复] 休假", when="10:10", name="om_a", reply_to="om_1"), None),
    "EC-36 a bot": (says(LIAISON, "明天给", when="10:10", name="om_a", reply_to="om_1", automatic=True), None),
    "another chat": (says(LIAISON, "明天给", ASKER, when="10:10", name="om_a", chat=OTHER_GROUP), None),
    "a private chat": (
        says(LIAISON, "明天给", ASKER, when="10:10", name="om_a", chat=OTHER_GROUP, where=GroupKind.DIRECT),
        None,
    ),
}


@pytest.mark.parametrize("name", STOPS)
def test_a_04_what_stops_a_clock(name: str) -> None:
    spoken, kind = STOPS[name]
    stopped = answers(spoken, [started()], posts())
    assert [s.fact.kind for s in stopped] == ([] if kind is None else [kind])


def test_a_delegate_answers_in_the_place_of_the_absent_liaison() -> None:
    spoken = says(PROD_LIAISON, "明天给", when="10:10", name="om_a", reply_to="om_1")
    (stopped,) = answers(spoken, [started()], posts(leave(LIAISON, PROD_LIAISON)))
    assert (stopped.fact.kind, stopped.fact.by, stopped.fact.standing_for) == (FactKind.ANSWER, PROD_LIAISON, LIAISON)


def test_who_stands_in_for_two_answers_in_the_place_of_the_one_who_was_asked() -> None:
    spoken = says(PROD_LIAISON, "明天给", when="10:10", name="om_a", reply_to="om_1")
    away = posts(leave(LIAISON, PROD_LIAISON), leave(BACKUP, PROD_LIAISON))
    for asked in (LIAISON, BACKUP):
        (stopped,) = answers(spoken, [replace(started(), assignee=asked)], away)
        assert stopped.fact.standing_for == asked


def two_sides() -> tuple[ReplyClock, ReplyClock]:
    first = started("10:00", code="HF-2026-0001", name="om_1")
    second = started("10:05", code="HF-2026-0002", name="om_2", asker=PROD_HEAD, asking=PROD)
    return first, second


def test_l_04_a_plain_message_stops_the_oldest_clock_only() -> None:
    first, second = two_sides()
    assert [s.clock for s in answers(says(LIAISON, "明天给", when="10:10", name="om_a"), [second, first], posts())] == [
        first
    ]


def test_l_04_a_mention_stops_every_open_clock_of_that_side_and_no_other() -> None:
    first, second = two_sides()
    third = started("10:06", code="HF-2026-0003", name="om_3", thread="t1")
    spoken = says(LIAISON, "明天给", ASKER, when="10:10", name="om_a")
    assert {s.clock.code for s in answers(spoken, [first, second, third], posts())} == {first.code, third.code}
    other = says(LIAISON, "明天给", PROD_HEAD, when="10:10", name="om_a")
    assert [s.clock for s in answers(other, [first, second], posts())] == [second]


def test_a_reply_in_the_thread_needs_no_quote_and_a_plain_one_outside_does_not_reach_it() -> None:
    clock = started(thread="t1")
    inside = says(LIAISON, "明天给", when="10:10", name="om_a", thread="t1")
    outside = says(LIAISON, "明天给", when="10:10", name="om_a")
    assert [s.fact.kind for s in answers(inside, [clock], posts())] == [FactKind.ANSWER]
    assert answers(outside, [clock], posts()) == ()


def test_quoting_an_attached_message_is_an_answer_too() -> None:
    clock = told(started(), fact(FactKind.ATTACHED, "10:05", by=SALES_LIAISON, name="om_2"))
    assert len(answers(says(HEAD, "明天给", when="10:10", name="om_a", reply_to="om_2"), [clock], posts())) == 1
    assert len(answers(says(HEAD, "明天给", SALES_LIAISON, when="10:10", name="om_a"), [clock], posts())) == 1


@pytest.mark.parametrize("person", [LIAISON, BACKUP, HEAD, MEMBER])
def test_everybody_of_the_department_may_answer_and_only_holders_get_credit(person: PersonId) -> None:
    spoken = says(person, "明天给", when="10:10", name="om_a", reply_to="om_1")
    (stopped,) = answers(spoken, [started()], posts())
    after = told(stopped.clock, stopped.fact)
    assert ("other_member" in after.flags) is (person == MEMBER)
    assert after.answered_by == person


def test_a_secretarys_own_department_answers_for_itself() -> None:
    clock = started(department=OFFICE)
    assert len(answers(says(SECRETARY, "好，明天给", when="10:10", name="om_a"), [clock], posts())) == 1
