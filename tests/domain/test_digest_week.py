"""The seven digests of the acceptance week (week.md, “Expected daily digests”), counted from the rows that exist each morning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.company import read_company, sample_text
from bot.domain.calendar import Calendars
from bot.domain.digest import DecisionKind, Digest, DigestInput, Happening, MajorIssue, Waiting, compose
from bot.domain.obligation import Obligation, ObligationKind
from bot.domain.records import Fact

BEIJING = ZoneInfo("Asia/Shanghai")
CALENDARS = Calendars(read_company(sample_text()).calendar)
K, H = ObligationKind, Happening

#: 一 | 二 | 三 overdue | 三 due soon | 四 | 六 | 七 | 八; section 五 counts clocks and is tested with them
ROWS = """
09-14 | 0/0/0/0/0/0 | 0 | -        | 任务 1、问题处理 1、纪要 1                         | 0/0/0/0/0/(1,0,0)/0/0/0/0 | 1/0/0 | 0 0 0 0 | 0
09-15 | 0/0/0/0/0/0 | 0 | 问题处理 1 | 审核 1、任务 3                                   | 1/0/0/0/0/(0,0,0)/0/0/0/0 | 0/0/0 | 0 0 0 0 | 0
09-16 | 1/0/0/0/0/0 | 0 | -        | 组长审批 1、任务 2、协调会/专题会 1、进度报告 1         | 1/1/1/1/0/(0,1,0)/1/0/0/0 | 1/2/0 | 0 0 0 0 | 0
09-17 | 0/0/0/0/0/0 | 0 | 任务 1   | 任务 2、周进度 3、问题处理 1                         | 0/1/0/1/0/(0,0,0)/0/0/0/0 | 2/1/0 | 0 0 0 0 | 0
09-18 | 0/1/0/0/0/0 | 0 | -        | 会签 1、任务 2、周进度 2、问题处理 1、决议 1            | 0/0/0/0/1/(0,0,0)/0/1/0/0 | 1/1/0 | 0 0 0 0 | 1
09-20 | 0/0/0/1/0/0 | 1 | -        | 会签 1、任务 1、协调会/专题会 1、纪要 1、验收 1          | 0/0/0/2/0/(0,0,1)/1/0/1/0 | 1/2/0 | 0 0 0 0 | 1
09-21 | 0/0/0/0/0/0 | 1 | -        | 任务 2、纪要 1                                    | 0/0/1/0/0/(0,0,0)/0/0/0/1 | 2/0/0 | 0 0 0 0 | 1
"""


@dataclass(frozen=True)
class Morning:
    """What exists at the cut-off of one day. Limits as `code kind due`, happenings since the last digest by kind."""

    limits: tuple[str, ...]
    happened: tuple[Happening, ...] = ()
    grades: tuple[str, ...] = ()
    waiting: DecisionKind | None = None
    major: int = 0
    today: int = 0
    confidential: int = 0
    slots: tuple[str, ...] = field(default=("",))


WEEK = {
    "09-14": Morning(
        limits=("RW-0034 任务 09-15 18:00", "WT-0011 问题处理 09-14 18:00", "JY-0027 纪要 09-14 18:00",
                "RW-0031 任务 09-16 17:00", "RW-0032 任务 09-18 18:00", "RW-0033 任务 09-21 18:00",
                "RW-0035 任务 09-16 18:00"),
        happened=(H.MEETING_HELD,), grades=("一般问题",),
    ),
    "09-15": Morning(
        limits=("XQ-0015 审核 09-15 18:00", "RW-0034 任务 09-15 18:00", "RW-0031 任务 09-16 17:00",
                "RW-0035 任务 09-16 18:00", "WT-0011 问题处理 09-14 18:00", "RW-0032 任务 09-18 18:00"),
        happened=(H.REQUEST_NEW,),
    ),
    "09-16": Morning(
        limits=("XQ-0015 组长审批 09-17 18:00", "RW-0031 任务 09-16 17:00", "RW-0035 任务 09-16 18:00",
                "WT-0012 协调会/专题会 09-16 18:00", "WT-0012 问题处理 09-18 18:00", "HY-0044 进度报告 09-16 18:00",
                "RW-0036 任务 09-22 18:00"),
        happened=(H.REQUEST_NEW, H.REQUEST_APPROVED, H.ITEM_STARTED, H.TASK_ON_TIME, H.ISSUE_CLOSED, H.MEETING_HELD),
        grades=("重要问题",), waiting=DecisionKind.REQUEST, today=2,
    ),
    "09-17": Morning(
        limits=("RW-0031 任务 09-16 17:00", "RW-0037 任务 09-18 12:00", "RW-0032 任务 09-18 18:00",
                "WT-0012 问题处理 09-18 12:00", "JB-0007 周进度 09-18 12:00", "JB-0008 周进度 09-18 12:00",
                "JB-0009 周进度 09-18 12:00", "FA-0010 方案编制 09-22 18:00", "RW-0031 任务确认 09-18 18:00"),
        happened=(H.REQUEST_APPROVED, H.TASK_ON_TIME, H.MEETING_HELD, H.MEETING_HELD), today=1,
    ),
    "09-18": Morning(
        limits=("RW-0037 任务 09-18 12:00", "RW-0032 任务 09-18 18:00", "FA-0010 会签 09-20 18:00",
                "WT-0012 问题处理 09-18 12:00", "JD-0012 决议 09-20 18:00", "JB-0007 周进度 09-18 12:00",
                "JB-0009 周进度 09-18 12:00", "YS-0006 验收 09-21 18:00", "CT-0003 调解 09-21 18:00",
                "GT-0036 沟通会 09-18 18:00"),
        happened=(H.TASK_LATE, H.CONFLICT_NEW, H.MEETING_HELD), waiting=DecisionKind.RESOLUTION, today=1,
        confidential=1, slots=("RD", "PROD", "QA", "FIN", "SALES"),
    ),
    "09-20": Morning(
        limits=("RW-0033 任务 09-21 18:00", "FA-0010 会签 09-20 18:00", "WT-0014 协调会/专题会 09-20 18:00",
                "YS-0006 验收 09-21 18:00", "JY-0029 纪要 09-20 18:00", "RW-0038 任务 09-23 18:00"),
        happened=(H.TASK_ON_TIME, H.TASK_ON_TIME, H.ISSUE_CLOSED, H.CONFLICT_CONCLUDED, H.MEETING_HELD),
        grades=("重大问题",), waiting=DecisionKind.MAJOR_ISSUE, major=1, today=2, confidential=1,
        slots=("RD", "PROD"),
    ),
    "09-21": Morning(
        limits=("RW-0033 任务 09-21 18:00", "RW-0036 任务 09-22 18:00", "JY-0030 纪要 09-21 18:00",
                "RW-0039 任务 09-23 18:00", "SX-0008 归档 09-23 18:00", "FA-0007 方案编制 09-28 18:00"),
        happened=(H.ITEM_STARTED, H.ACCEPTANCE_PASSED, H.MEETING_HELD, H.MEETING_HELD), major=1, confidential=1,
    ),
}  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BEIJING)


def cutoff_of(day: str) -> datetime:
    return at(f"{day} 08:30")


def limits_of(morning: Morning) -> Iterable[Obligation]:
    """A countersignature has one row for every department that is still waited for."""
    for line in morning.limits:
        code, kind, due = line.split(" ", 2)
        for slot in morning.slots if kind == "会签" else ("",):
            yield Obligation(
                key=Obligation.key_for(code, K(kind), slot),
                code=code,
                kind=K(kind),
                title="x",
                due_at=at(due),
                opened_at=at("09-01 09:00"),
            )


def digest_of(day: str) -> Digest:
    morning, cutoff = WEEK[day], cutoff_of(day)
    before = CALENDARS.previous_workday(date(2026, int(day[:2]), int(day[3:])))
    hour = cutoff - timedelta(hours=12)
    facts = [
        *(Fact(key=f"f{n}", kind=kind.value, code="X", at=hour) for n, kind in enumerate(morning.happened)),
        *(
            Fact(key=f"g{grade}", kind=H.ISSUE_NEW.value, code="X", at=hour, detail={"grade": grade})
            for grade in morning.grades
        ),
    ]
    waiting = [morning.waiting] if morning.waiting is not None else []
    given = DigestInput(
        cutoff=cutoff,
        window_from=datetime.combine(before, time(8, 30), BEIJING),
        obligations=tuple(limits_of(morning)),
        clocks=(),
        facts=facts,
        groups=(),
        waiting=[Waiting(kind=kind, code="X", title="x", since=hour, due_at=None) for kind in waiting],
        major=[MajorIssue(code="X", title="x", owner="y", due_at=None, days_open=1)] * morning.major,
        planned=[Fact(key=f"p{n}", kind=H.MEETING_PLANNED.value, code="X", at=cutoff) for n in range(morning.today)],
        confidential_open=morning.confidential,
    )
    return compose(given, CALENDARS)


def row_of(digest: Digest) -> list[str]:
    """The digest in the columns of the table."""
    happened, grades = digest.progress, digest.new_issue_grades
    by_grade = ",".join(str(grades.get(grade, 0)) for grade in ("一般问题", "重要问题", "重大问题"))
    progress = [
        happened[H.REQUEST_NEW], happened[H.REQUEST_APPROVED], happened[H.ITEM_STARTED], happened[H.TASK_ON_TIME],
        happened[H.TASK_LATE], f"({by_grade})", happened[H.ISSUE_CLOSED], happened[H.CONFLICT_NEW],
        happened[H.CONFLICT_CONCLUDED], happened[H.ACCEPTANCE_PASSED],
    ]  # fmt: skip
    return [
        "/".join(str(digest.waiting.get(kind, 0)) for kind in DecisionKind),
        str(len(digest.major)),
        "、".join(f"{kind.value} {count}" for kind, count in digest.overdue.items()) or "-",
        "、".join(f"{kind.value} {count}" for kind, count in digest.due_soon.items()) or "-",
        "/".join(map(str, progress)),
        f"{digest.meetings_held}/{digest.meetings_today}/{digest.records_overdue}",
        f"{digest.naming_open} {digest.reports_missing} {digest.vacancies} {digest.groups_noncompliant}",
        str(digest.confidential_open),
    ]


@pytest.mark.parametrize("line", ROWS.strip().split("\n"), ids=lambda line: str(line)[:5])
def test_every_morning_of_the_week_counts_as_the_table_says(line: str) -> None:
    """R-15, R-23, A-08, A-12: the make-up Sunday is a working day, the Saturday is none."""
    day, *expected = [part.strip() for part in line.split("|")]
    assert row_of(digest_of(day)) == expected
