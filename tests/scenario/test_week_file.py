"""The machine-readable week says word for word what the written plan of the acceptance week says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.playground.week import DigestRow, Week, read_week, week_text

PLAN = Path(__file__).resolve().parents[1] / "fixtures" / "week" / "week.md"
DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}


@cache
def week() -> Week:
    return read_week(week_text())


def rows(section: str) -> Iterator[tuple[str, list[str]]]:
    """The day (`14` of `### Monday 14 September`) and the cells of every line of the tables of a section, heads left out."""
    here, day = "", ""
    for line in PLAN.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            here = line[3:]
        found = re.match(r"### (\w+) (\d+) September", line)
        if found and found[1] in DAYS:
            day = found[2]
        is_row = line.startswith("|") and not line.startswith("| ---") and here.startswith(section)
        if is_row:
            yield day, [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_every_step_reads_as_in_the_plan() -> None:
    planned = [(day, cells) for day, cells in rows("Events") if cells[0].isdigit()]
    assert len(planned) == 100
    assert [
        (f"{s.day:%d}", [str(s.number), s.time, s.actor, s.where, s.action, s.expected]) for s in week().steps
    ] == planned


def test_every_step_has_its_chinese_sentence() -> None:
    for step in week().steps:
        assert re.search(r"[\u4e00-\u9fff]{4}", step.zh), step.number
        assert step.zh.endswith("。"), step.number
        assert len(step.zh) <= 45, step.number
        assert not re.search(r"E\d{3}|G-X1|, |\(", step.zh), step.number
    assert len({step.zh for step in week().steps}) > 90


def test_tables_have_as_many_cells_in_chinese_and_every_closing_figure_is_checked() -> None:
    assert [len(row.zh) for row in week().clocks] == [len(row.cells) for row in week().clocks]
    assert [row.subject for row in week().closing if len(row.zh) != 2 or not row.expect] == []


def test_every_digest_reads_as_in_the_plan() -> None:
    planned = [cells for _, cells in rows("Expected daily digests") if re.match(r"\d\d-\d\d", cells[0])]
    assert [[f"{d.day:%m-%d}", *d.cells] for d in week().digests] == planned


@pytest.mark.parametrize("row", week().digests, ids=lambda row: f"{row.day:%m-%d}")
def test_the_numbers_of_a_digest_are_those_of_its_words(row: DigestRow) -> None:
    waiting, major, overdue, soon, happened, response, meetings, compliance, confidential = row.cells
    assert "/".join(map(str, row.waiting)) == waiting
    assert str(row.major) == major
    assert sum(row.overdue.values()) == int(overdue.split(" ")[0])
    assert sum(row.soon.values()) == int(soon.split(" ")[0])
    first, last = "/".join(map(str, row.progress[:5])), "/".join(map(str, row.progress[5:]))
    assert f"{first}/({','.join(map(str, row.issues))})/{last}" == happened
    counted = f"{row.on_time}/{row.late}/{row.cancelled}"
    assert response == (f"{counted} {row.rate} {row.median}" if row.rate else f"{counted} 本期无样本")
    assert "/".join(map(str, row.meetings)) == meetings
    assert " ".join(map(str, row.compliance)) == compliance
    assert str(row.confidential) == confidential


def test_every_clock_and_every_closing_figure_reads_as_in_the_plan() -> None:
    clocks = [cells for _, cells in rows("Expected SLA clocks") if re.match(r"C\d+", cells[0])]
    assert [c.cells for c in week().clocks] == clocks
    closing = [cells for _, cells in rows("Closing figures") if cells[0] != "subject"]
    assert [[row.subject, row.expected] for row in week().closing] == closing


def test_something_is_done_or_looked_at_in_every_step_of_people() -> None:
    assert [s.number for s in week().steps if not s.acts] == []
