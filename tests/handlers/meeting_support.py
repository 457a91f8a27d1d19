"""Short ways to look at meetings, records and what is owed for them on the story bench."""

from __future__ import annotations

from bot.domain.ids import PersonId
from bot.domain.meeting import Meeting, Presence
from bot.domain.minutes import Minutes
from bot.domain.obligation import Obligation
from bot.domain.resolution import Resolution
from handlers.meetings import meetings
from tests.handlers.bench import Bench
from tests.handlers.shown import BEIJING

SYNC, WEEKLY = "HY-2026-0041", "HY-2026-0042"
REPORT = "\n总体进度与计划对比：总体 55%，与计划持平\n难点问题：检测夹具到位晚\n下一步计划建议：夹具专人跟催"
RESOLUTION = (
    "\n难点问题：检测夹具到位晚\n解决方案：夹具专人跟催 | 袁知行 | 2026-09-23\n"
    "下一步工作计划：夹具验证报告 | 质量部 | 袁知行 | 2026-09-23\n决议事项：中期目标达成，按计划进入下一阶段\n方案是否调整：否"
)
SYNC_LINES = (
    "\n方式：线上\n进度跟进：新品X1试产 | 首件试制进行中；秋季展会物料 | 合同已签\n"
    "需求对接：销售部 | 下周样机 2 台 | 生产部 | 可以安排\n问题：无\n待办：无"
)


def open_week(bench: Bench) -> None:
    """The week has begun: its sync and its weekly meeting are there."""
    bench.within(meetings.arm)
    bench.forget()


def meeting(bench: Bench, code: str) -> Meeting:
    """The meeting of that number."""
    found = bench.read(lambda uow: uow.meetings.get(code))
    assert found is not None, f"no meeting {code}"
    return found


def minutes(bench: Bench, code: str) -> Minutes:
    """The record of that number."""
    found = bench.read(lambda uow: uow.minutes.get(code))
    assert found is not None, f"no record {code}"
    return found


def resolution(bench: Bench, code: str) -> Resolution:
    """The resolution of that number."""
    found = bench.read(lambda uow: uow.resolutions.get(code))
    assert found is not None, f"no resolution {code}"
    return found


def presence(bench: Bench, code: str, name: str) -> Presence | None:
    """How that person took part."""
    line = meeting(bench, code).attendance_of(PersonId(bench.person(name).id))
    assert line is not None, f"{name} was not asked"
    return line.presence


def owed(bench: Bench, key: str) -> Obligation | None:
    """The open deadline of that key."""
    return bench.read(lambda uow: uow.obligations.get(key))


def due(bench: Bench, key: str) -> str:
    """When it is due, `09-18 18:00`; empty where nothing is owed."""
    found = owed(bench, key)
    return f"{found.due_at.astimezone(BEIJING):%m-%d %H:%M}" if found is not None else ""


def start(bench: Bench, code: str) -> str:
    """When the meeting is planned, `09-18 14:30`."""
    return f"{meeting(bench, code).start_at.astimezone(BEIJING):%m-%d %H:%M}"


def said(bench: Bench, who: str, text: str) -> str:
    """What the bot answered in that person's private chat, everything it said there since."""
    seen = len(bench.everything())
    bench.says(who, text)
    return "\n".join(s.words for s in bench.everything()[seen:] if s.reader == who)
