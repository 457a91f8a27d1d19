"""Every numbered rule that the product keeps so far is named by a test that proves it; the others wait, with the reason.

Numbers are those of the plan (R), its rulings (L), ambiguities (A), limits (T), rights (P), separations of duties (SoD) and
edge cases (EC). Whoever builds a later part moves its numbers out of `WAITING` by naming them in tests.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.company import test_parameters
from tests.domain import test_permission_matrix

TESTS = Path(__file__).resolve().parents[1]

REQUESTS = "requests, plans, items and tasks come later"
ISSUES = "issues and conflicts come later"
MEETINGS = "meetings, minutes and records come later"
DOCUMENTS = "documents come later"
PEOPLE = "liaison changes and training come later"
SCORES = "reports, scores and proposals come later"
SUPPORTED = "supported by forms and texts, not enforced"


def numbers(*parts: int | tuple[int, int]) -> Iterator[int]:
    """Single numbers and ranges, both ends included."""
    for part in parts:
        first, last = part if isinstance(part, tuple) else (part, part)
        yield from range(first, last + 1)


#: by kind of number: what waits, and why
WAITING: Mapping[str, Mapping[str, tuple[int | tuple[int, int], ...]]] = {
    "R": {
        SUPPORTED: (2, 6, (8, 9), (35, 36), 108, 111),
        REQUESTS: (3, 5, 7, 10, 13, (17, 19), 22, (26, 34), (71, 85), 121),
        ISSUES: (14, 37, (86, 101), (115, 116)),
        MEETINGS: (21, (52, 56), 58, (60, 61), (63, 66), (68, 70)),
        DOCUMENTS: ((46, 50), 120),
        PEOPLE: (),
        SCORES: (102, (104, 105)),
    },
    "L": {REQUESTS: (25, 29), ISSUES: (24, 27, 28, 30), SCORES: (26, 33), DOCUMENTS: (31,)},
    "A": {
        REQUESTS: ((1, 3), 12, 19),
        ISSUES: ((6, 7), 14, 21, 22),
        MEETINGS: (13, 16),
        DOCUMENTS: (17,),
    },
    "EC": {
        REQUESTS: (9, 15, (17, 18), (87, 89), (93, 94), 100),
        ISSUES: ((85, 86),),
        MEETINGS: ((58, 60),),
        DOCUMENTS: ((63, 64), 69),
        PEOPLE: (57,),
        SCORES: (75, (90, 91)),
        "levels of items are raised with items, later": (72,),
    },
    "SoD": {},
}
#: the last number of each kind
LAST = {"R": 121, "L": 35, "A": 22, "EC": 100, "SoD": 10}
#: limits that are kept and not only bounded: reply, reminder, escalation
TIMED = ("T-01", "T-01a", "T-01b")
_IN_NAME = re.compile(r"(?<![a-z])(r|l|a|t|ec|sod|p)_(\d+[a-c]?)(?![a-z\d])")
_IN_WORDS = re.compile(r"\b(R|L|A|T|EC|SoD|P)-(\d+[a-c]?)\b")
_SPELLED = {"sod": "SoD"}


def spelled(kind: str, number: str) -> str:
    """`ec`, `1` and `EC`, `01` are the same number; limits keep their letter."""
    digits = number.rstrip("abc")
    letter = number.removeprefix(digits)
    written = str(int(digits)) if kind.lower() == "sod" else f"{int(digits):02}"
    return f"{_SPELLED.get(kind, kind.upper() if kind != 'SoD' else kind)}-{written}{letter}"


@cache
def named() -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    """Numbers with the tests that carry them in their name, and those that carry them in name or docstring."""
    by_name: dict[str, set[str]] = defaultdict(set)
    anywhere: dict[str, set[str]] = defaultdict(set)
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
                continue
            where = f"{path.relative_to(TESTS)}::{node.name}"
            for kind, number in _IN_NAME.findall(node.name):
                by_name[spelled(kind, number)].add(where)
                anywhere[spelled(kind, number)].add(where)
            for kind, number in _IN_WORDS.findall(ast.get_docstring(node) or ""):
                anywhere[spelled(kind, number)].add(where)
    return by_name, anywhere


def waiting(kind: str) -> dict[str, str]:
    """The numbers of a kind that wait, with the reason."""
    return {spelled(kind, str(number)): reason for reason, parts in WAITING[kind].items() for number in numbers(*parts)}


def kept(kind: str) -> list[str]:
    """The numbers of a kind that have to be proven now."""
    every = (spelled(kind, str(number)) for number in range(1, LAST[kind] + 1))
    return [number for number in every if number not in waiting(kind)]


@pytest.mark.parametrize("number", kept("EC"))
def test_an_edge_case_stands_in_the_name_of_a_test(number: str) -> None:
    assert named()[0].get(number), f"no test is called …{number.lower().replace('-', '_')}…"


@pytest.mark.parametrize("number", [*kept("R"), *kept("L"), *kept("A"), *kept("SoD"), *TIMED])
def test_a_rule_is_named_by_a_test(number: str) -> None:
    assert named()[1].get(number), f"no test names {number}"


def test_every_right_is_a_row_of_the_matrix_that_is_tested_cell_by_cell() -> None:
    rows = [row for row in test_permission_matrix.ROWS if row.startswith("P-")]
    assert rows == [f"P-{n:02}" for n in range(1, 69)]
    assert len(test_permission_matrix.CELLS) == len(test_permission_matrix.ROWS) * len(test_permission_matrix.COLUMNS)


def test_every_limit_is_a_row_of_the_register_whose_default_and_bounds_are_tested() -> None:
    rows = {row[0] for row in test_parameters.LIMITS}
    elsewhere = {"T-07", "T-18a", "T-24"}
    assert elsewhere <= {number for number in named()[1] if number.startswith("T-")}
    assert {row.rstrip("abc") for row in rows | elsewhere} == {f"T-{n:02}" for n in range(1, 29)}


@pytest.mark.parametrize("kind", sorted(LAST))
def test_a_number_waits_once_and_not_when_a_test_is_named_after_it(kind: str) -> None:
    listed = [n for parts in WAITING[kind].values() for n in numbers(*parts)]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(range(1, LAST[kind] + 1))
    assert set(waiting(kind)) & set(named()[0]) == set()
