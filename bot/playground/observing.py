"""Reads off what a step of the week expects: fields of objects, open deadlines, the audit trail, the figures of a digest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.codes import read_codes
from bot.domain.ids import CodeKind
from bot.playground.shortfall import Gap, Shortfall
from bot.playground.week import DigestRow, Expectation, Wanted
from bot.ports import UnitOfWork

#: which repository keeps which kind
SHELVES: Mapping[CodeKind, str] = {
    CodeKind.REQUEST: "requests",
    CodeKind.PLAN: "plans",
    CodeKind.ITEM: "items",
    CodeKind.TASK: "tasks",
    CodeKind.REPORT: "reports",
    CodeKind.ACCEPTANCE: "acceptances",
    CodeKind.ISSUE: "issues",
    CodeKind.CONFLICT: "conflicts",
    CodeKind.MEETING: "meetings",
    CodeKind.MINUTES: "minutes",
    CodeKind.SYNC_RECORD: "minutes",
    CodeKind.RESOLUTION: "resolutions",
    CodeKind.LIAISON_CHANGE: "liaison_changes",
    CodeKind.DOCUMENT: "documents",
    CodeKind.PROPOSAL: "proposals",
    CodeKind.CLOCK: "clocks",
    CodeKind.LEAVE: "leaves",
}


def thing(uow: UnitOfWork, code: str) -> object | None:
    """The object of a code (of a plan: `FA-2026-0010 v1`)."""
    refs, _ = read_codes(code.split(" ")[0])
    kind = refs[0].kind if refs else None
    if kind is None:
        return None
    found: object | None = getattr(uow, SHELVES[kind]).get(code)
    return found


def look(uow: UnitOfWork, wanted: Expectation, zone: ZoneInfo) -> Iterator[Shortfall]:
    """Everything of an expectation that stands in rows."""
    if wanted.code and not wanted.audit:
        found = thing(uow, wanted.code)
        if found is None:
            yield Shortfall(gap=Gap.EXISTS, about=wanted.code)
        else:
            yield from _fields(wanted.code, found, wanted.has, zone)
    if wanted.missing and thing(uow, wanted.missing) is not None:
        yield Shortfall(gap=Gap.MISSING, about=wanted.missing)
    if wanted.owes:
        owed = uow.obligations.get(wanted.owes)
        if owed is None:
            open_now = ", ".join(o.key for o in uow.obligations.find(code=wanted.owes.split("/")[0]))
            yield Shortfall(gap=Gap.OWED, about=wanted.owes, found=open_now)
        else:
            yield from _fields(wanted.owes, owed, wanted.has, zone)
    if wanted.settled and uow.obligations.get(wanted.settled) is not None:
        yield Shortfall(gap=Gap.SETTLED, about=wanted.settled)
    if wanted.audit:
        yield from _audit(uow, wanted)


def _fields(what: str, found: object, has: Mapping[str, Wanted], zone: ZoneInfo) -> Iterator[Shortfall]:
    for name, expected in has.items():
        value = plain_value(reached(found, name), zone)
        wanted = [plain_value(v, zone) for v in expected] if isinstance(expected, list) else plain_value(expected, zone)
        if value != wanted:
            yield Shortfall(gap=Gap.FIELD, about=what, part=name, expected=str(wanted), found=str(value))


def reached(found: object, path: str) -> Any:
    """`slots.0.state`, `grade`, `len:tasks`; parts of a path are attributes, indexes or keys."""
    if path.startswith("len:"):
        return len(reached(found, path.removeprefix("len:")))
    value: Any = found
    for part in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(part)
        elif part.lstrip("-").isdigit():
            value = value[int(part)]
        elif part == "open_slots":
            value = [slot.department for slot in value.slots if slot.state.value == "open"]
        else:
            value = getattr(value, part)
    return value


def plain_value(value: Any, zone: ZoneInfo) -> Any:
    """A value as the file writes it: enums by value, instants to the minute in the company's zone."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return f"{value.astimezone(zone):%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case tuple() | list() | frozenset() | set():
            return [plain_value(v, zone) for v in value]
        case None:
            return ""
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {f.name: plain_value(getattr(value, f.name), zone) for f in fields(value)}
        case _:
            return value


def _audit(uow: UnitOfWork, wanted: Expectation) -> Iterator[Shortfall]:
    rows = uow.audit.of(wanted.code) if wanted.code else list(reversed(uow.audit.tail(limit=60)))
    for row in rows:
        record = row.record
        seen = {"action": record.action, "reason": record.reason, "actor": record.actor, **record.facts}
        if all(seen.get(name) == value for name, value in wanted.audit.items()):
            return
    yield Shortfall(gap=Gap.AUDIT, about=wanted.code, expected=str(dict(wanted.audit)))


# ---------------------------------------------------------------- digests

_NUMBER = re.compile(r"(-?\d+)")


def digest_figures(text: str) -> dict[str, object]:
    """The figures of a digest as its reader finds them in the text, in the shape of `DigestRow`."""
    lines = {line[0]: line for line in text.splitlines() if line[:1] in "一二三四五六七八" and line[1:2] == "、"}
    one, three, four = lines.get("一", ""), lines.get("三", ""), lines.get("四", "")
    five, six, seven = lines.get("五", ""), lines.get("六", ""), lines.get("七", "")
    overdue, _, soon = three.partition("；")
    progress = _labelled(four)
    return {
        "waiting": _numbers(one.partition("：")[2]) or [0] * 6,
        "major": _first(lines.get("二", "")),
        "overdue": _kinds(overdue),
        "soon": _kinds(soon),
        "progress": [
            progress.get("新需求", 0),
            progress.get("批准", 0),
            progress.get("启动事项", 0),
            _after(four, "按期"),
            _after(four, "超期"),
            progress.get("闭环", 0),
            progress.get("新冲突", 0),
            _after(four, "结"),
            progress.get("验收通过", 0),
        ],
        "issues": [_after(four, "一般"), _after(four, "重要"), _after(four, "重大")],
        "on_time": _after(five, "按时"),
        "late": _after(five, "超时"),
        "cancelled": _after(five, "取消"),
        "rate": _text_after(five, "率") or ("" if "本期无样本" in five else "?"),
        "median": (_text_after(five, "中位数") or _text_after(five, "中位")).removesuffix(".0"),
        "meetings": _numbers(six),
        "compliance": _numbers(seven),
        "confidential": _first(lines.get("八", "")),
    }


def _numbers(text: str) -> list[int]:
    return [int(n) for n in _NUMBER.findall(text)]


def _first(text: str) -> int:
    found = _numbers(text)
    return found[0] if found else 0


def _labelled(text: str) -> dict[str, int]:
    return {label: int(number) for label, number in re.findall(r"([\u4e00-\u9fff]+) ?(\d+)", text)}


def _after(text: str, label: str) -> int:
    found = re.search(rf"{label}\D{{0,4}}(\d+)", text)
    return int(found[1]) if found else 0


def _text_after(text: str, label: str) -> str:
    found = re.search(rf"{label}\s*([\d.]+%?)", text)
    return found[1] if found else ""


def _kinds(text: str) -> dict[str, int]:
    inside = re.search(r"（(.*?)）", text)
    if inside is None:
        return {}
    return {kind: int(number) for kind, number in re.findall(r"([\u4e00-\u9fff/]+) (\d+)", inside[1])}


def digest_shortfalls(text: str, row: DigestRow) -> Iterator[Shortfall]:
    """Where the digest that was read differs from the expected row."""
    for name, found in digest_figures(text).items():
        expected = getattr(row, name)
        if found != expected:
            yield Shortfall(
                gap=Gap.DIGEST, about=row.day.isoformat(), part=name, expected=str(expected), found=str(found)
            )
