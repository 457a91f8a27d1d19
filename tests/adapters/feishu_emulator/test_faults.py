"""A fault plan strikes by counts and seeds only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters._emulator.faults import FaultKind, FaultPlan
from tests.adapters.feishu_emulator.rig import START


def strikes(plan: FaultPlan, count: int, operation: str = "im.v1.message.create") -> list[str]:
    hits = [plan.strike(operation, now=START) for _ in range(count)]
    return [hit.kind if hit is not None else "" for hit in hits]


def test_the_same_seed_strikes_the_same_operations() -> None:
    runs = []
    for _ in range(2):
        plan = FaultPlan(seed=42)
        plan.add("im.*", FaultKind.HTTP_500, rate=0.3)
        plan.add("im.*", FaultKind.HTTP_429, rate=0.3)
        runs.append(strikes(plan, 200))
    assert runs[0] == runs[1]
    assert {"http_500", "http_429", ""} == set(runs[0])


def test_another_seed_strikes_others() -> None:
    runs = []
    for seed in (1, 2):
        plan = FaultPlan(seed=seed)
        plan.add("*", FaultKind.HTTP_500, rate=0.3)
        runs.append(strikes(plan, 100))
    assert runs[0] != runs[1]


def test_the_nth_is_struck_once_and_other_operations_do_not_count() -> None:
    plan = FaultPlan()
    plan.add("im.v1.message.*", "reset", nth=3)
    strikes(plan, 5, operation="contact.v3.user.get")
    assert strikes(plan, 5) == ["", "", "reset", "", ""]


def test_a_line_ends_after_its_times_or_at_its_instant() -> None:
    plan = FaultPlan()
    plan.add("*", "slow", times=2)
    plan.add("*", "http_429", until=START + timedelta(seconds=1))
    assert strikes(plan, 3) == ["slow", "slow", "http_429"]
    assert plan.strike("any", now=START + timedelta(seconds=1)) is None


def test_lines_can_be_taken_out_and_cleared() -> None:
    plan = FaultPlan()
    first = plan.add("*", "slow")
    plan.add("*", "reset")
    plan.remove(first)
    assert strikes(plan, 1) == ["reset"]
    plan.clear()
    assert (strikes(plan, 1), len(plan)) == ([""], 0)


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="earthquake"):
        FaultPlan().add("*", "earthquake")
