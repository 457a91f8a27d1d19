"""Times, dates and durations as people write and read them (ux.md A4 35-40). Pure: `now` and the calendar are given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_WEEKDAY_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEKDAY_NAMES_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_NUMBER = r"(\d+(?:\.\d+)?|半|[一二两三四五六七八九十]+)"
_DURATION = re.compile(
    rf"{_NUMBER}\s*个?\s*(半)?\s*(工作日|天|日|小时|钟头|时|分钟|分|min(?:ute)?s?|hours?|hrs?|days?|[mhd])(半)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|今晚|明早|明晚)?\s*(\d{1,2}|[一二两三四五六七八九十]{1,3})\s*(?:[:：](\d{2})|[点點时時](?:(\d{1,2})分?|(半)|(一刻)|(三刻)|整|钟)?)",
)
_DATE = re.compile(r"(?:(20\d\d)\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?(?![\d:])")
_RELATIVE = {
    "大后天": 3,
    "后天": 2,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "昨天": -1,
    "tomorrow": 1,
    "today": 0,
    "tonight": 0,
    "yesterday": -1,
}
_WEEK = re.compile(r"(下下|下|本|这)?\s*(?:周|星期|礼拜)\s*([一二三四五六日天1-7])")
_AFTERNOON = {"下午", "傍晚", "晚上", "晚", "今晚", "明晚"}


class WorkingDays(Protocol):
    """What the phrases need of the calendar."""

    @property
    def zone(self) -> ZoneInfo: ...
    def end_of_day(self, day: date) -> datetime: ...
    def start_of_day(self, day: date) -> datetime: ...
    def local(self, at: datetime) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that was understood. Without a time of day it is the date alone (`at` is then the end of that day, L-12)."""

    at: datetime
    day: date
    has_time: bool
    #: the words left when the time is taken out
    rest: str


def parse_duration(text: str) -> timedelta | None:
    """`30分钟 30m 半小时 1.5小时 2h 一个半小时 2天`; None when there is no duration in it. Working days are not durations."""
    total = timedelta()
    found = False
    for match in _DURATION.finditer(unicodedata.normalize("NFKC", text)):
        number, half_before, unit, half_after = match.groups()
        unit = unit.casefold()
        if unit == "工作日":
            continue
        amount = _number(number) + (0.5 if half_before or half_after else 0)
        if unit.startswith(("天", "日", "d")):
            total += timedelta(days=amount)
        elif unit.startswith(("小时", "钟头", "时", "h")):
            total += timedelta(hours=amount)
        else:
            total += timedelta(minutes=amount)
        found = True
    return total if found and total > timedelta() else None


def _number(text: str) -> float:
    if text == "半":
        return 0.5
    if text[0].isdigit():
        return float(text)
    return _chinese_number(text)


def _chinese_number(text: str) -> int:
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
    return _DIGITS.get(text, 0)


def parse_moments(text: str, *, now: datetime, days: WorkingDays) -> tuple[Moment, ...]:
    """Every date or time in the text, in order: a range is two of them. Times after a date belong to it."""
    plain = unicodedata.normalize("NFKC", text)
    found: list[Moment] = []
    rest = plain
    while (moment := parse_moment(rest, now=now, days=days, on=found[-1].day if found else None)) is not None:
        found.append(moment)
        if moment.rest == rest or len(found) > 8:
            break
        rest = moment.rest
    return tuple(found)


def parse_moment(text: str, *, now: datetime, days: WorkingDays, on: date | None = None) -> Moment | None:
    """The first date and/or time of day in the text; None when there is none or it does not exist (30 February).

    A time alone is the next such time; before noon hours said in the afternoon (`8点`) mean the next future one in working
    hours (A4 40). `on` is the date that a bare time belongs to.
    """
    plain = unicodedata.normalize("NFKC", text)
    local = days.local(now)
    day_match = _first_day(plain, local.date())
    clock = _CLOCK.search(plain)
    if day_match is None and clock is None:
        return None
    if day_match is not None and (clock is None or clock.start() - day_match[2] > 6 or clock.start() < day_match[1]):
        day, start, end = day_match
        if clock is not None and clock.start() < start and start - clock.end() <= 1:
            clock_time = _clock_time(clock)
            if clock_time is not None:
                at = datetime.combine(day, clock_time, days.zone)
                return Moment(at, day, True, plain[: clock.start()] + plain[end:])
        return Moment(days.end_of_day(day), day, False, (plain[:start] + " " + plain[end:]).strip())
    if clock is None:
        return None
    at_time = _clock_time(clock)
    if at_time is None:
        return None
    if day_match is not None:
        day, start, _ = day_match
        rest = (plain[:start] + " " + plain[clock.end() :]).strip()
        return Moment(datetime.combine(day, at_time, days.zone), day, True, rest)
    rest = (plain[: clock.start()] + " " + plain[clock.end() :]).strip()
    if on is not None:
        return Moment(datetime.combine(on, at_time, days.zone), on, True, rest)
    at = _next_time(at_time, local, explicit=bool(clock.group(1)), days=days)
    return Moment(at, at.date(), True, rest)


def _first_day(text: str, today: date) -> tuple[date, int, int] | None:
    """The first date in the text with its place."""
    found: list[tuple[int, int, date]] = []
    for word, offset in _RELATIVE.items():
        at = text.casefold().find(word)
        if at >= 0:
            end = at + len(word) - (1 if word in {"明早", "明晚", "今晚"} else 0)
            found.append((at, end, today + timedelta(days=offset)))
    week = _WEEK.search(text)
    if week:
        found.append((week.start(), week.end(), _weekday(week, today)))
    written = _DATE.search(text)
    if written:
        day = _written_date(written, today)
        if day is None:
            return None
        found.append((written.start(), written.end(), day))
    if not found:
        return None
    start, end, day = min(found, key=lambda f: (f[0], -f[1]))
    return day, start, end


def _weekday(match: re.Match[str], today: date) -> date:
    which, name = match.groups()
    number = int(name) if name.isdigit() else _WEEKDAYS[name]
    monday = today - timedelta(days=today.isoweekday() - 1)
    weeks = {"下": 1, "下下": 2}.get(which or "", 0)
    day = monday + timedelta(weeks=weeks, days=number - 1)
    return day + timedelta(weeks=1) if which is None and day < today else day


def _written_date(match: re.Match[str], today: date) -> date | None:
    year, month, number = match.groups()
    try:
        day = date(int(year) if year else today.year, int(month), int(number))
    except ValueError:
        return None
    if year is None and (today - day).days > 183:
        return day.replace(year=today.year + 1)
    return day


def _clock_time(match: re.Match[str]) -> time | None:
    part, hour_text, minute, minute_said, half, quarter, three = match.groups()
    hour = int(hour_text) if hour_text.isdigit() else _chinese_number(hour_text)
    minutes = (
        int(minute or minute_said or 0) if not (half or quarter or three) else 30 if half else 15 if quarter else 45
    )
    if part in _AFTERNOON and hour < 12:
        hour += 12
    if part == "中午" and hour < 3:
        hour += 12
    if part == "凌晨" and hour == 12:
        hour = 0
    if hour > 23 or minutes > 59:
        return None
    return time(hour, minutes)


def _next_time(at: time, local: datetime, *, explicit: bool, days: WorkingDays) -> datetime:
    """The next such time; for a bare hour up to 8 the afternoon reading wins while it lies in today's hours (A4 40)."""
    today = datetime.combine(local.date(), at, days.zone)
    if today > local:
        return today
    afternoon = today + timedelta(hours=12)
    if not explicit and at.hour < 12 and local < afternoon <= days.end_of_day(local.date()):
        return afternoon
    return today + timedelta(days=1)


# ---------------------------------------------------------------- showing


def show_time(at: datetime, *, now: datetime, zone: ZoneInfo, language: str = "zh-CN") -> str:
    """Today `15:04`; this year `8月25日（周二）15:04`; else with the year (A4 35)."""
    local, here = at.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == here.date():
        return clock
    return f"{show_date(local.date(), today=here.date(), language=language)}{' ' if language.startswith('en') else ''}{clock}"


def show_date(day: date, *, today: date, language: str = "zh-CN") -> str:
    """`8月25日（周二）`, `Tue 25 Aug`; with the year when it is another one."""
    if language.startswith("en"):
        short = f"{_WEEKDAY_NAMES_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]}"
        return short if day.year == today.year else f"{short} {day.year}"
    if day.year != today.year:
        return f"{day.year}年{day.month}月{day.day}日 "
    return f"{day.month}月{day.day}日（{_WEEKDAY_NAMES[day.weekday()]}）"


def show_time_for(
    at: datetime,
    *,
    now: datetime,
    company: ZoneInfo,
    reader: ZoneInfo,
    names: Sequence[str] = ("北京时间", ""),
    language: str = "zh-CN",
) -> str:
    """For a reader in another zone both times (A4 38): `15:34 北京时间（16:34 东京）`."""
    own = show_time(at, now=now, zone=company, language=language)
    if at.astimezone(company).utcoffset() == at.astimezone(reader).utcoffset():
        return own
    there = show_time(at, now=now, zone=reader, language=language)
    city = names[1] or str(reader).rpartition("/")[2].replace("_", " ")
    return (
        f"{own} {names[0]}（{there} {city}）" if not language.startswith("en") else f"{own} {names[0]} ({there} {city})"
    )


def show_duration(amount: timedelta, *, language: str = "zh-CN") -> str:
    """`12 分钟`, `1 小时 20 分`, `2 天`; rounded up to the minute (A4 37)."""
    minutes = max(0, -int(-amount.total_seconds() // 60))
    english = language.startswith("en")
    if minutes < 60:
        return f"{minutes} min" if english else f"{minutes} 分钟"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        if english:
            return f"{hours} h {rest} min" if rest else f"{hours} h"
        return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"
    full_days = minutes // (24 * 60)
    hours = minutes % (24 * 60) // 60
    if english:
        return f"{full_days} d {hours} h" if hours else f"{full_days} d"
    return f"{full_days} 天 {hours} 小时" if hours else f"{full_days} 天"
