"""Who is above somebody, where a platform names leaders of departments and no chain of people. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def above(user: str, departments: Sequence[str], leaders: Mapping[str, str], parents: Mapping[str, str]) -> str:
    """Who leads the nearest department that somebody else leads, empty for nobody; departments in a circle are seen once."""
    for department in departments:
        seen: set[str] = set()
        here = department
        while here and here not in seen:
            seen.add(here)
            leader = leaders.get(here, "")
            if leader and leader != user:
                return leader
            here = parents.get(here, "")
    return ""
