"""Every numbered rule is named by a test that proves it.

Numbers are those of the plan (R), its rulings (L), ambiguities (A), limits (T), rights (P), separations of duties (SoD) and
edge cases (EC). What only people can keep stands, with the reason, in `handlers.carriers`.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.company import test_parameters
from tests.domain import test_permission_matrix

TESTS = Path(__file__).resolve().parents[1]

#: the last number of each kind
LAST = {"R": 121, "L": 35, "A": 22, "EC": 100, "SoD": 10}
#: limits of the register that have several parts
PARTS = ("01a", "01b", "05b", "09b", "12c", "13b", "14b", "15b", "18a", "20a", "20b")
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


def every(kind: str) -> list[str]:
    """All numbers of a kind."""
    return [spelled(kind, str(number)) for number in range(1, LAST[kind] + 1)]


def limits() -> list[str]:
    """All limits of the register; T-20 has only its two parts."""
    return sorted([f"T-{number:02}" for number in range(1, 29) if number != 20] + [f"T-{part}" for part in PARTS])


@pytest.mark.parametrize("number", every("EC"))
def test_an_edge_case_stands_in_the_name_of_a_test(number: str) -> None:
    assert named()[0].get(number), f"no test is called …{number.lower().replace('-', '_')}…"


@pytest.mark.parametrize("number", [*every("R"), *every("L"), *every("A"), *every("SoD"), *limits()])
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
