"""What carries each of the 121 rules of the plan: commands, cards, timers, limits, reports, or people alone.

`/规则` names the commands of a rule from here, and the pages `docs/*/rules.md` are written from it. Everything named here
exists: a test looks each of them up.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.carriers import channels, duties, flow, group, meetings, opening, safeguards, trouble
from handlers.carriers.carrier import Carrier, Report

__all__ = ["CARRIERS", "Carrier", "Report"]

_FAMILIES = (opening, group, duties, channels, meetings, flow, trouble, safeguards)

CARRIERS: Mapping[int, Carrier] = MappingProxyType(
    {number: carrier for family in _FAMILIES for number, carrier in family.CARRIERS.items()}
)
