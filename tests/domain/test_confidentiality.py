"""Levels of secrecy (2.5; L-21; EC-47, EC-70 to EC-74): who knows, what stands where, who changes a level or a list."""

from __future__ import annotations

import pytest

from bot.domain.confidentiality import (
    Place,
    Secrecy,
    Showing,
    add_reader,
    check_group,
    default_access,
    excerpt,
    inherit,
    level,
    lowered,
    may_know,
    may_read,
    merges,
    raised,
    remove_reader,
    showing,
    title_shown,
)
from bot.domain.ids import PersonId
from bot.domain.relation import Relation
from bot.errors import RuleViolation
from tests.domain.people_support import (
    ADMIN,
    ALTERNATE,
    LEADER,
    PEOPLE,
    PROD_LIAISON,
    QA,
    QA_EMPLOYEE,
    QA_HEAD,
    QA_LIAISON,
    SALES,
    SALES_EMPLOYEE,
    SALES_HEAD,
    SALES_LIAISON,
    SECRETARY,
    actor,
    leave,
)

SENSITIVE = Relation(lead=SALES, coop=frozenset({QA}), secrecy=1)
SECRET = Relation(lead=SALES, coop=frozenset({QA}), secrecy=2, access=frozenset({SALES_HEAD, SECRETARY}))

#: place: (level 1 for a reader, level 1 for others, level 2 for a reader, level 2 for others)
SHOWN = {
    Place.GROUP: ("number_state", "number_state", "nothing", "nothing"),
    Place.DIRECT: ("full", "number_state", "full", "nothing"),
    Place.LEDGER: ("full", "number_state", "full", "count"),
    Place.LEADERS_DIGEST: ("full", "full", "count", "count"),
    Place.DIGEST: ("number_state_departments", "number_state_departments", "count", "count"),
    Place.WEEKLY_REPORT: ("number_state_departments", "number_state_departments", "count", "count"),
    Place.EXPORT: ("full", "number_state_departments", "count", "count"),
    Place.SEARCH: ("full", "number_state", "nothing", "nothing"),
    Place.PREVIEW: ("number", "number", "number", "nothing"),
    Place.FILE: ("full", "number_state", "nothing", "nothing"),
}


@pytest.mark.parametrize("place", Place)
def test_ec_71_ec_74_how_much_stands_where(place: Place) -> None:
    sensitive, sensitive_strange, secret, secret_strange = SHOWN[place]
    assert showing(0, place, may_read=False) is Showing.FULL
    assert showing(1, place, may_read=True) is Showing(sensitive)
    assert showing(1, place, may_read=False) is Showing(sensitive_strange)
    assert showing(2, place, may_read=True) is Showing(secret)
    assert showing(2, place, may_read=False) is Showing(secret_strange)
    assert title_shown("X1", secrecy=2, place=place, may_read=False) == ""


@pytest.mark.parametrize("strange", [-1, 3, 99])
def test_an_unknown_level_counts_as_the_strictest(strange: int) -> None:
    assert level(strange) is Secrecy.CONFIDENTIAL
    assert showing(strange, Place.GROUP, may_read=True) is Showing.NOTHING


@pytest.mark.parametrize(("levels", "found"), [((0,), 0), ((0, 1), 1), ((2, 0), 2), ((0, 0, 2), 2), ((1, 1), 1)])
def test_an_object_is_as_secret_as_the_strictest_it_belongs_to(levels: tuple[int, ...], found: int) -> None:
    assert inherit(*levels) == found


@pytest.mark.parametrize("person", sorted(PEOPLE))
def test_level_2_exists_for_the_access_list_and_the_leader_only(person: PersonId) -> None:
    assert may_know(actor(person), SECRET) is (person in {SALES_HEAD, SECRETARY, LEADER})
    assert may_read(actor(person), SECRET) is may_know(actor(person), SECRET)


@pytest.mark.parametrize("person", sorted(PEOPLE))
def test_level_1_is_read_by_involved_departments_and_by_leader_and_secretary(person: PersonId) -> None:
    readers = {SALES_HEAD, SALES_LIAISON, SALES_EMPLOYEE, QA_HEAD, QA_LIAISON, QA_EMPLOYEE, SECRETARY, LEADER}
    expected = person in readers or PEOPLE[person].department in {SALES, QA}
    assert may_know(actor(person), SENSITIVE)
    assert may_read(actor(person), SENSITIVE) is expected


def test_l_21_the_alternate_and_the_leaders_delegate_know_while_the_leader_is_away() -> None:
    away = leave(LEADER, SALES_LIAISON)
    assert not may_know(actor(ALTERNATE), SECRET)
    assert may_know(actor(ALTERNATE, away), SECRET)
    assert may_know(actor(SALES_LIAISON, away), SECRET)
    assert not may_know(actor(QA_HEAD, away), SECRET)


def test_somebody_with_a_part_of_his_own_reads_level_1_whatever_the_department() -> None:
    for own in (
        Relation(lead=SALES, secrecy=1, owners=frozenset({PROD_LIAISON})),
        Relation(lead=SALES, secrecy=1, assigned=frozenset({PROD_LIAISON})),
        Relation(lead=SALES, secrecy=1, members=frozenset({PROD_LIAISON})),
    ):
        assert may_read(actor(PROD_LIAISON), own)
        assert not may_read(actor(ADMIN), own)


@pytest.mark.parametrize(
    ("text", "secrecy", "limit", "kept"),
    [
        ("字" * 300, 0, 200, 200),
        ("字" * 300, 1, 500, 200),
        ("字" * 300, 1, 10, 10),
        ("短", 0, 200, 1),
        ("字", 2, 200, 0),
    ],
)
def test_of_a_message_at_most_200_characters_are_kept_and_none_of_level_2(
    text: str, secrecy: int, limit: int, kept: int
) -> None:
    assert len(excerpt(text, secrecy=secrecy, limit=limit)) == kept


@pytest.mark.parametrize(("first", "second", "together"), [(0, 0, True), (0, 1, True), (1, 2, False), (2, 2, False)])
def test_ec_71_confidential_reminders_stand_alone(first: int, second: int, together: bool) -> None:
    assert merges(first, second) is together
    assert merges(second, first) is together


def test_a_confidential_item_gets_no_group() -> None:
    check_group(0)
    check_group(1)
    with pytest.raises(RuleViolation, match="confidential_no_group"):
        check_group(2)


# ---------------------------------------------------------------- access list

LIST = default_access(
    creator=SALES_EMPLOYEE,
    heads=(SALES_HEAD, QA_HEAD),
    handlers=(QA_EMPLOYEE, SALES_HEAD),
    named_liaisons=(QA_LIAISON,),
    secretary=SECRETARY,
    leader=LEADER,
)


def test_the_list_begins_with_everybody_who_works_on_it_each_once() -> None:
    assert LIST == (SALES_EMPLOYEE, SALES_HEAD, QA_HEAD, QA_EMPLOYEE, QA_LIAISON, SECRETARY, LEADER)
    assert default_access(creator=SECRETARY, secretary=SECRETARY, leader=None) == (SECRETARY,)


@pytest.mark.parametrize("by", [SALES_EMPLOYEE, SALES_HEAD])
def test_creator_and_lead_head_add_and_remove_people(by: PersonId) -> None:
    longer = add_reader(LIST, PROD_LIAISON, by=by, creator=SALES_EMPLOYEE, lead_head=SALES_HEAD)
    assert longer == (*LIST, PROD_LIAISON)
    assert add_reader(longer, PROD_LIAISON, by=by, creator=SALES_EMPLOYEE, lead_head=SALES_HEAD) == longer
    shorter = remove_reader(
        longer, PROD_LIAISON, by=by, creator=SALES_EMPLOYEE, lead_head=SALES_HEAD, secretary=SECRETARY, leader=LEADER
    )
    assert shorter == LIST


@pytest.mark.parametrize(
    ("person", "by", "code"),
    [
        (QA_LIAISON, QA_HEAD, "no_right"),
        (QA_LIAISON, SECRETARY, "no_right"),
        (SECRETARY, SALES_HEAD, "leader_needed"),
        (SECRETARY, SALES_EMPLOYEE, "leader_needed"),
        (LEADER, LEADER, "leader_needed"),
        (LEADER, SALES_HEAD, "leader_needed"),
    ],
)
def test_nobody_else_removes_and_the_secretary_only_the_leader(person: PersonId, by: PersonId, code: str) -> None:
    with pytest.raises(RuleViolation, match=code):
        remove_reader(
            LIST, person, by=by, creator=SALES_EMPLOYEE, lead_head=SALES_HEAD, secretary=SECRETARY, leader=LEADER
        )


def test_the_leader_may_remove_the_secretary() -> None:
    shorter = remove_reader(
        LIST, SECRETARY, by=LEADER, creator=SALES_EMPLOYEE, lead_head=SALES_HEAD, secretary=SECRETARY, leader=LEADER
    )
    assert SECRETARY not in shorter


def test_a_stranger_adds_nobody() -> None:
    with pytest.raises(RuleViolation, match="no_right"):
        add_reader(LIST, PROD_LIAISON, by=QA_HEAD, creator=SALES_EMPLOYEE, lead_head=SALES_HEAD)


# ---------------------------------------------------------------- changing the level


def raise_to(to: int, by: PersonId, now_at: int = 0) -> Secrecy:
    return raised(now_at, to, by=by, creator=SALES_EMPLOYEE, lead_head=SALES_HEAD, secretary=SECRETARY)


@pytest.mark.parametrize("by", [SALES_EMPLOYEE, SALES_HEAD, SECRETARY])
def test_creator_lead_head_and_secretary_raise_a_level(by: PersonId) -> None:
    assert raise_to(1, by) is Secrecy.SENSITIVE
    assert raise_to(2, by) is Secrecy.CONFIDENTIAL


@pytest.mark.parametrize(
    ("to", "by", "now_at", "code"),
    [
        (1, QA_HEAD, 0, "no_right"),
        (1, LEADER, 0, "no_right"),
        (0, SALES_HEAD, 0, "level_not_higher"),
        (1, SALES_HEAD, 2, "level_not_higher"),
    ],
)
def test_nobody_else_raises_and_never_down(to: int, by: PersonId, now_at: int, code: str) -> None:
    with pytest.raises(RuleViolation, match=code):
        raise_to(to, by, now_at)


BOTH = frozenset({SALES_HEAD, LEADER})


def lower_to(to: int, agreed: frozenset[PersonId], now_at: int = 2, parents: tuple[int, ...] = ()) -> Secrecy:
    return lowered(now_at, to, agreed=agreed, lead_head=SALES_HEAD, leader=LEADER, parents=parents)


def test_lead_head_and_leader_together_lower_a_level() -> None:
    assert lower_to(1, BOTH) is Secrecy.SENSITIVE
    assert lower_to(0, BOTH | {SECRETARY}) is Secrecy.NORMAL
    assert lower_to(1, BOTH, parents=(1, 0)) is Secrecy.SENSITIVE


@pytest.mark.parametrize(
    ("to", "agreed", "now_at", "parents", "code"),
    [
        (1, frozenset({SALES_HEAD}), 2, (), "no_right"),
        (1, frozenset({LEADER, SECRETARY}), 2, (), "no_right"),
        (2, BOTH, 2, (), "level_not_lower"),
        (2, BOTH, 1, (), "level_not_lower"),
        (0, BOTH, 2, (1,), "level_inherited"),
        (1, BOTH, 2, (0, 2), "level_inherited"),
    ],
)
def test_one_alone_may_not_and_never_below_what_it_belongs_to(
    to: int, agreed: frozenset[PersonId], now_at: int, parents: tuple[int, ...], code: str
) -> None:
    with pytest.raises(RuleViolation, match=code):
        lower_to(to, agreed, now_at, parents)


def test_without_a_lead_head_no_level_is_lowered() -> None:
    with pytest.raises(RuleViolation, match="no_right"):
        lowered(2, 1, agreed=BOTH, lead_head=None, leader=LEADER)
