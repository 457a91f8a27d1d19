"""How one reader sees times: language, zone and today decide (ux.md A4 35-38; L-14).

Times are shown in company time; a reader whose clock differs sees the own time beside it. Deadlines are always absolute
plus what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo


class Language(StrEnum):
    """Languages in which the product speaks to people."""

    ZH = "zh"
    EN = "en"


def language_of(locale: str) -> Language:
    """`en`, `en-GB`, `EN_us` are English; everything else is Chinese."""
    return Language.EN if locale.strip().lower().startswith("en") else Language.ZH


#: what people call the zones that companies live in; other zones are called by their city
_ZONE_NAMES = {
    "Asia/Shanghai": ("北京时间", "Beijing time"), "Asia/Hong_Kong": ("香港", "Hong Kong"),
    "Asia/Taipei": ("台北", "Taipei"), "Asia/Tokyo": ("东京", "Tokyo"), "Asia/Seoul": ("首尔", "Seoul"),
    "Asia/Singapore": ("新加坡", "Singapore"), "Asia/Ho_Chi_Minh": ("胡志明市", "Ho Chi Minh City"),
    "Asia/Bangkok": ("曼谷", "Bangkok"), "Asia/Kolkata": ("印度", "India"), "Asia/Dubai": ("迪拜", "Dubai"),
    "Europe/London": ("伦敦", "London"), "Europe/Berlin": ("柏林", "Berlin"), "Europe/Paris": ("巴黎", "Paris"),
    "America/New_York": ("纽约", "New York"), "America/Los_Angeles": ("洛杉矶", "Los Angeles"), "UTC": ("UTC", "UTC"),
}  # fmt: skip
_Show = Callable[[datetime, tzinfo], str]
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who reads a message at `now`. `company` is the zone of the company, `zone` that of the reader."""

    now: datetime
    company: tzinfo
    zone: tzinfo | None = None
    language: Language = Language.ZH

    # ------------------------------------------------------------ instants

    def moment(self, at: datetime) -> str:
        """`15:04` today, `8月25日（周二）15:04` this year, else `2027年1月3日 15:04`; both zones where they differ."""
        return self._both(at, self._absolute)

    def clock(self, at: datetime) -> str:
        """The time of day alone, for lines whose day is already said."""
        return f"{at.astimezone(self.company):%H:%M}"

    def deadline(self, due: datetime) -> str:
        """`15:34 前（还剩 12 分钟）`; `15:34 前（已超 5 分钟）` once it has passed."""
        shown = self.moment(due)
        left = due - self.now
        amount = self.duration(abs(left))
        match self.language:
            case Language.ZH:
                return f"{shown} 前（还剩 {amount}）" if left >= timedelta(0) else f"{shown} 前（已超 {amount}）"
            case Language.EN:
                return f"by {shown} ({amount} left)" if left >= timedelta(0) else f"by {shown} ({amount} over)"
        assert_never(self.language)

    def stamp(self, at: datetime) -> str:
        """`09-17 08:30`: company time for tables and reports, where the year is said elsewhere."""
        return f"{at.astimezone(self.company):%m-%d %H:%M}"

    # ------------------------------------------------------------ days

    def day(self, day: date) -> str:
        """`8月25日（周二）`, with the year when it is not this one."""
        is_this_year = day.year == self.now.astimezone(self.company).year
        match self.language:
            case Language.ZH:
                year = "" if is_this_year else f"{day.year}年"
                return f"{year}{day.month}月{day.day}日（周{_WEEKDAYS_ZH[day.weekday()]}）"
            case Language.EN:
                year = "" if is_this_year else f" {day.year}"
                return f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]}{year}"
        assert_never(self.language)

    def iso_day(self, day: date) -> str:
        """`2026-09-18（周五）`: the heading of reports."""
        match self.language:
            case Language.ZH:
                return f"{day.isoformat()}（周{_WEEKDAYS_ZH[day.weekday()]}）"
            case Language.EN:
                return f"{day.isoformat()} ({_WEEKDAYS_EN[day.weekday()]})"
        assert_never(self.language)

    # ------------------------------------------------------------ durations

    def duration(self, amount: timedelta) -> str:
        """`12 分钟`, `1 小时 20 分`, `2 天`, `2 天 3 小时`; begun minutes are full ones, as everywhere (L-06)."""
        minutes = max(-(-amount // timedelta(minutes=1)), 0)
        days, rest = divmod(minutes, 1440)
        hours, minutes = divmod(rest, 60)
        if days:
            return self._joined((days, _DAY), (hours, _HOUR))
        if hours:
            return self._joined((hours, _HOUR), (minutes, _SHORT_MINUTE))
        return self._joined((minutes, _MINUTE)) or f"0 {_unit(_MINUTE, 0, self.language)}"

    def minutes(self, seconds: int) -> str:
        """Elapsed working seconds as minutes, rounded up (L-06)."""
        count = -(-seconds // 60)
        return f"{count} {_unit(_MINUTE, count, self.language)}"

    def zone_name(self, zone: tzinfo) -> str:
        """What people call a zone."""
        key = zone.key if isinstance(zone, ZoneInfo) else "UTC" if zone is UTC else str(zone)
        names = _ZONE_NAMES.get(key)
        if names is None:
            return key.rsplit("/", 1)[-1].replace("_", " ")
        return names[0] if self.language is Language.ZH else names[1]

    # ------------------------------------------------------------ inside

    def _joined(self, *parts: tuple[int, tuple[str, str, str]]) -> str:
        return " ".join(f"{count} {_unit(unit, count, self.language)}" for count, unit in parts if count)

    def _both(self, at: datetime, show: _Show) -> str:
        shown = show(at, self.company)
        if self.zone is None or at.astimezone(self.zone).utcoffset() == at.astimezone(self.company).utcoffset():
            return shown
        own = show(at, self.zone)
        here, there = self.zone_name(self.company), self.zone_name(self.zone)
        if self.language is Language.ZH:
            return f"{shown} {here}（{own} {there}）"
        return f"{shown} {here} ({own} {there})"

    def _absolute(self, at: datetime, zone: tzinfo) -> str:
        local, today = at.astimezone(zone), self.now.astimezone(zone).date()
        clock = f"{local:%H:%M}"
        if local.date() == today:
            return clock
        is_this_year = local.year == today.year
        match self.language:
            case Language.ZH if is_this_year:
                return f"{local.month}月{local.day}日（周{_WEEKDAYS_ZH[local.weekday()]}）{clock}"
            case Language.ZH:
                return f"{local.year}年{local.month}月{local.day}日 {clock}"
            case Language.EN if is_this_year:
                return f"{_WEEKDAYS_EN[local.weekday()]} {local.day} {_MONTHS_EN[local.month - 1]} {clock}"
            case Language.EN:
                return f"{local.day} {_MONTHS_EN[local.month - 1]} {local.year} {clock}"
        assert_never(self.language)


_DAY = ("天", "day", "days")
_HOUR = ("小时", "hour", "hours")
_MINUTE = ("分钟", "minute", "minutes")
#: behind an hour people say 分, not 分钟 (A4 37)
_SHORT_MINUTE = ("分", "minute", "minutes")


def _unit(unit: tuple[str, str, str], count: int, language: Language) -> str:
    match language:
        case Language.ZH:
            return unit[0]
        case Language.EN:
            return unit[1] if count == 1 else unit[2]
    assert_never(language)
