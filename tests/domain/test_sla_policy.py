"""Limits of the reply clock (5.9 T-01, T-01a, T-01b; EC-96)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.sla import SlaPolicy
from bot.errors import RuleViolation
from tests.domain.sla_support import at, started


@pytest.mark.parametrize("minutes", [31, 45, 60, 0, -5])
def test_ec_96_a_limit_outside_one_to_thirty_minutes_is_refused_with_the_rule(minutes: int) -> None:
    with pytest.raises(RuleViolation) as refused:
        SlaPolicy(reply_minutes=minutes, nudge_minutes=0).check()
    assert refused.value.code == "sla_too_loose"
    assert refused.value.facts == {"rule": "R-40", "value": minutes, "limit": 30}


@pytest.mark.parametrize("minutes", [1, 2, 20, 29, 30])
def test_ec_96_a_stricter_limit_is_accepted_with_reminder_and_escalation_around_it(minutes: int) -> None:
    policy = SlaPolicy.of(minutes)
    policy.check()
    assert policy.nudge_minutes < policy.reply_minutes == minutes < policy.escalate_minutes


def test_the_shipped_policy_is_twenty_thirty_sixty() -> None:
    SlaPolicy().check()
    assert SlaPolicy.of(30) == SlaPolicy()
    assert (SlaPolicy().nudge_minutes, SlaPolicy().reply_minutes, SlaPolicy().escalate_minutes) == (20, 30, 60)


@pytest.mark.parametrize(("nudge", "escalate"), [(30, 60), (31, 60), (-1, 60), (20, 30), (20, 10)])
def test_reminder_before_limit_before_escalation(nudge: int, escalate: int) -> None:
    with pytest.raises(RuleViolation, match="sla_order"):
        SlaPolicy(nudge_minutes=nudge, escalate_minutes=escalate).check()


def test_a_clock_keeps_the_limits_it_was_started_under() -> None:
    clock = started("10:00", policy=SlaPolicy(reply_minutes=12, nudge_minutes=5, escalate_minutes=24))
    assert clock.policy.reply_minutes == 12
    assert clock.nudge_at == at("10:05")
    assert clock.due_at == at("10:12")
    assert clock.escalate_at == at("10:24")


def test_a_limit_of_one_minute_has_no_reminder() -> None:
    clock = started("10:00", policy=SlaPolicy.of(1))
    assert clock.nudge_at is None
    assert clock.due_at - clock.started_at == timedelta(minutes=1)
