"""Figures that tests measure and the end of the run prints: how many kills, how many events, how many lost.

They travel as properties of the test's report, so that they arrive from every worker of a parallel run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

#: `figures("kill -9 at random moments", "200 kills, 4,210 events, 0 lost")`
Figures = Callable[[str, str], None]

#: marks our properties among those of other plug-ins
PROPERTY = "figure"


def collected(reports: Iterable[pytest.TestReport]) -> list[tuple[str, str]]:
    """Name and value of every figure in these reports, in the order of their names."""
    found: set[tuple[str, str]] = set()
    for report in reports:
        for name, value in report.user_properties:
            match value:
                case [str(title), str(figure)] if name == PROPERTY:
                    found.add((title, figure))
    return sorted(found)
