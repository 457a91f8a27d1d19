"""A request of the sample company in every state, for the rules of 3.1."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.form import Content
from bot.domain.ids import Code, DepartmentId, PersonId
from bot.domain.request import Request, RequestState, drafted
from bot.domain.request_review import submitted

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 14, 9, 30, tzinfo=BEIJING)
TODAY = date(2026, 9, 14)
RD, PROD, QA = DepartmentId("RD"), DepartmentId("PROD"), DepartmentId("QA")
ASKER, HEAD, LEADER, SECRETARY = PersonId("E013"), PersonId("E012"), PersonId("E002"), PersonId("E018")
HEADS = {RD: HEAD, PROD: PersonId("E003"), QA: PersonId("E028")}
CODE, MEETING = Code("XQ-2026-0015"), Code("HY-2026-0043")
OPINION: Content = {"conclusion": "建议批准", "feasibility": (("可行", ""),)}


def content(**changes: object) -> Content:
    """Form F1 as far as rules ask for it."""
    filled: dict[str, object] = {
        "title": "X1量产导入",
        "lead_dept": "RD",
        "liaison": "E013",
        "coop_depts": (("PROD",), ("QA",)),
        "duties": (("RD", "定版", ""), ("PROD", "产线", ""), ("QA", "检验", "")),
        "milestones": (("定版", "2026-09-25", ""), ("下线", "2026-10-16", "")),
        "filled_on": "2026-09-14",
        "start_on": "2026-09-21",
        "end_on": "2026-10-16",
        "level": "专项协作",
        "serves": "日常工作",
        "confidentiality": "普通",
    }
    return {**filled, **changes}  # type: ignore[dict-item]


def draft(**changes: object) -> Request:
    """A whole draft."""
    return drafted(code=CODE, lead=RD, content=content(**changes), by=ASKER, now=NOW)


def in_review(*, by: PersonId = ASKER, mode: str = "all_involved", **changes: object) -> Request:
    """Submitted once."""
    return submitted(draft(**changes), by=by, heads=HEADS, mode=mode, today=TODAY, now=NOW)


def in_state(state: RequestState) -> Request:
    """A request that is there, whatever the way."""
    return replace(in_review(), state=state, since=NOW, meeting=MEETING, held_at=NOW)


def later(**span: float) -> datetime:
    """So long after the beginning."""
    return NOW + timedelta(**span)
