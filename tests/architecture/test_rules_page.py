"""Every rule of the plan is carried by something that exists, or by people for a reason, and the pages say so."""

from __future__ import annotations

from functools import cache

import pytest

from bot.domain.company import PARAMETER_KEYS
from bot.domain.ids import CodeKind
from bot.domain.timers import TimerKind
from bot.routing import Router
from bot.vocabulary import SPECS, grammar
from handlers import Handlers
from handlers.carriers import CARRIERS, Carrier
from handlers.texts.rules import RULES
from tests.architecture import rules_page
from tests.architecture.pages import LANGUAGES
from tests.architecture.test_rule_coverage import named

#: supported, not enforced (domain.md section 1)
BY_PEOPLE = {2, 6, 9, 35, 36, 43, 108, 111}
EVERY = sorted(CARRIERS)


@cache
def router() -> Router:
    """The tables of the running program."""
    found = Router()
    Handlers().register(found)
    return found


def test_every_rule_of_the_plan_is_in_the_table_and_no_other() -> None:
    assert EVERY == sorted(RULES) == list(range(1, 122))


@pytest.mark.parametrize("number", EVERY)
def test_what_carries_a_rule_exists(number: int) -> None:
    carrier = CARRIERS[number]
    assert [verb for verb in carrier.verbs if verb not in {spec.verb for spec in SPECS}] == []
    assert [verb for verb in carrier.verbs if grammar().spec(verb).is_hidden] == []
    assert set(carrier.cards) <= router().cards | {CodeKind.CLOCK}
    assert set(carrier.timers) <= router().timers
    assert set(carrier.settings) <= PARAMETER_KEYS
    assert len(set(carrier.verbs)) == len(carrier.verbs)


@pytest.mark.parametrize("number", EVERY)
def test_a_rule_is_carried_by_the_program_or_by_people_for_a_reason(number: int) -> None:
    carrier = CARRIERS[number]
    assert bool(carrier.by_people[0]) is bool(carrier.by_people[1]) is (number in BY_PEOPLE)
    assert carrier != Carrier(by_people=carrier.by_people)


@pytest.mark.parametrize("number", [number for number in EVERY if not CARRIERS[number].by_people[0]])
def test_a_rule_that_the_program_keeps_is_named_by_a_test(number: int) -> None:
    assert named()[1].get(RULES[number].code)


def test_every_timer_with_a_rule_behind_it_is_named_by_one() -> None:
    housekeeping = {
        TimerKind.CALENDAR_CHECK,
        TimerKind.NOTICE,
        TimerKind.REMINDERS,
        TimerKind.ITEM_RESUME,
    }
    assert {timer for carrier in CARRIERS.values() for timer in carrier.timers} == set(TimerKind) - housekeeping


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_what_the_code_says(language: str) -> None:
    written = rules_page.path_of(language).read_text(encoding="utf-8")
    assert written == rules_page.page_of(language), "run `make rules`"
