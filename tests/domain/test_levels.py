"""Levels of issues and conflicts: raised by one, lowered by two, never below the item (domain.md 2.5; EC-72)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.confidentiality import Secrecy
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.issue import Issue, IssueState
from bot.domain.levels import Keepers, lowering, raised, with_reader, without_reader
from bot.errors import RuleViolation

FINDER, HEAD, SECRETARY, LEADER, STRANGER = (PersonId(p) for p in ("E016", "E012", "E018", "E002", "E030"))
KEEPERS = Keepers(creator=FINDER, lead_head=HEAD, secretary=SECRETARY, leader=LEADER)
ISSUE = Issue(
    code=Code("WT-2026-0012"),
    state=IssueState.PENDING_GRADING,
    title="首件尺寸超差",
    found_by=DepartmentId("RD"),
    reporter=FINDER,
    filed_at=datetime(2026, 9, 15, 5, 45, tzinfo=UTC),
)
SECRET = replace(ISSUE, secrecy=2, access=(FINDER, HEAD, SECRETARY, LEADER))


@pytest.mark.parametrize("who", [FINDER, HEAD, SECRETARY])
def test_finder_lead_head_and_secretary_raise_it_alone(who: PersonId) -> None:
    assert raised(ISSUE, Secrecy.CONFIDENTIAL, by=who, keepers=KEEPERS).secrecy == 2


@pytest.mark.parametrize(
    ("issue", "to", "who", "code"),
    [
        (ISSUE, Secrecy.SENSITIVE, STRANGER, "no_right"),
        (ISSUE, Secrecy.SENSITIVE, LEADER, "no_right"),
        (SECRET, Secrecy.SENSITIVE, FINDER, "level_not_higher"),
    ],
)
def test_nobody_else_does_and_never_down(issue: Issue, to: Secrecy, who: PersonId, code: str) -> None:
    with pytest.raises(RuleViolation, match=code):
        raised(issue, to, by=who, keepers=KEEPERS)


def test_it_is_lowered_when_lead_head_and_leader_have_both_said_so_about_the_same_level() -> None:
    asked = lowering(SECRET, Secrecy.SENSITIVE, by=HEAD, keepers=KEEPERS)
    assert (asked.secrecy, asked.lower_to, asked.lower_agreed) == (2, 1, (HEAD,))
    other = lowering(asked, Secrecy.NORMAL, by=LEADER, keepers=KEEPERS)
    assert (other.secrecy, other.lower_to, other.lower_agreed) == (2, 0, (LEADER,))
    done = lowering(asked, Secrecy.SENSITIVE, by=LEADER, keepers=KEEPERS)
    assert (done.secrecy, done.access, done.lower_to, done.lower_agreed) == (1, (), None, ())


def test_raising_again_forgets_who_agreed_to_lower() -> None:
    asked = lowering(replace(ISSUE, secrecy=1), Secrecy.NORMAL, by=HEAD, keepers=KEEPERS)
    assert raised(asked, Secrecy.CONFIDENTIAL, by=FINDER, keepers=KEEPERS).lower_agreed == ()


@pytest.mark.parametrize(
    ("to", "who", "parent", "code"),
    [
        (Secrecy.NORMAL, FINDER, 0, "no_right"),
        (Secrecy.NORMAL, SECRETARY, 0, "no_right"),
        (Secrecy.CONFIDENTIAL, HEAD, 0, "level_not_lower"),
        (Secrecy.NORMAL, HEAD, 1, "level_inherited"),
    ],
)
def test_it_is_not_lowered_by_others_nor_below_its_item(to: Secrecy, who: PersonId, parent: int, code: str) -> None:
    with pytest.raises(RuleViolation, match=code):
        lowering(SECRET, to, by=who, keepers=replace(KEEPERS, parent=parent))


def test_finder_and_lead_head_change_the_list_and_only_the_leader_takes_the_secretary_off() -> None:
    longer = with_reader(SECRET, STRANGER, by=FINDER, keepers=KEEPERS)
    assert STRANGER in longer.access
    assert STRANGER not in without_reader(longer, STRANGER, by=HEAD, keepers=KEEPERS).access
    with pytest.raises(RuleViolation, match="no_right"):
        with_reader(SECRET, STRANGER, by=SECRETARY, keepers=KEEPERS)
    with pytest.raises(RuleViolation, match="leader_needed"):
        without_reader(SECRET, SECRETARY, by=HEAD, keepers=KEEPERS)
    assert SECRETARY not in without_reader(SECRET, SECRETARY, by=LEADER, keepers=KEEPERS).access
    with pytest.raises(RuleViolation, match="access_only_confidential"):
        with_reader(ISSUE, STRANGER, by=FINDER, keepers=KEEPERS)
