"""How one reader sees times: language, zone and today decide (ux.md A4 35-38; L-14). Pure.

Times are shown in company time; a reader whose clock differs sees the own time beside it.
"""

from __future__ import annotations

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
    "Europe/Moscow": ("莫斯科", "Moscow"), "Australia/Sydney": ("悉尼", "Sydney"),
    "America/New_York": ("纽约", "New York"), "America/Los_Angeles": ("洛杉矶", "Los Angeles"), "UTC": ("UTC", "UTC"),
}  # fmt: skip
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
        local = at.astimezone(self.company)
        shown = self._absolute(local)
        there = at.astimezone(self.zone) if self.zone is not None else local
        if there.utcoffset() == local.utcoffset():
            return shown
        own = f"{there:%H:%M}" if there.date() == local.date() else f"{self._short_day(there.date())} {there:%H:%M}"
        here, name = self.zone_name(self.company), self.zone_name(self.zone or self.company)
        if self.language is Language.ZH:
            return f"{shown} {here}（{own} {name}）"
        return f"{shown} {here} ({own} {name})"

    def dated(self, at: datetime) -> str:
        """An instant in company time with its date, today's too."""
        local = at.astimezone(self.company)
        space = "" if self.language is Language.ZH else " "
        return f"{self.day(local.date())}{space}{local:%H:%M}"

    # ------------------------------------------------------------ days

    def day(self, day: date) -> str:
        """`8月25日（周二）`, with the year when it is not this one."""
        is_this_year = day.year == self._today.year
        match self.language:
            case Language.ZH:
                year = "" if is_this_year else f"{day.year}年"
                return f"{year}{self._short_day(day)}（周{_WEEKDAYS_ZH[day.weekday()]}）"
            case Language.EN:
                year = "" if is_this_year else f" {day.year}"
                return f"{_WEEKDAYS_EN[day.weekday()]} {self._short_day(day)}{year}"
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

    def zone_name(self, zone: tzinfo) -> str:
        """What people call a zone."""
        key = zone.key if isinstance(zone, ZoneInfo) else "UTC" if zone is UTC else str(zone)
        names = _ZONE_NAMES.get(key)
        if names is None:
            return key.rsplit("/", 1)[-1].replace("_", " ")
        return names[0] if self.language is Language.ZH else names[1]

    # ------------------------------------------------------------ inside

    @property
    def _today(self) -> date:
        return self.now.astimezone(self.company).date()

    def _joined(self, *parts: tuple[int, tuple[str, str, str]]) -> str:
        return " ".join(f"{count} {_unit(unit, count, self.language)}" for count, unit in parts if count)

    def _short_day(self, day: date) -> str:
        if self.language is Language.ZH:
            return f"{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS_EN[day.month - 1]}"

    def _absolute(self, local: datetime) -> str:
        clock = f"{local:%H:%M}"
        if local.date() == self._today:
            return clock
        is_this_year = local.year == self._today.year
        match self.language:
            case Language.ZH if is_this_year:
                return f"{self.day(local.date())}{clock}"
            case Language.ZH:
                return f"{local.year}年{self._short_day(local.date())} {clock}"
            case Language.EN if is_this_year:
                return f"{self.day(local.date())} {clock}"
            case Language.EN:
                return f"{self._short_day(local.date())} {local.year} {clock}"
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
