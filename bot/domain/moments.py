"""Dates and times of day as people write them, in Chinese and English (ux.md A4 39, 40). Pure: `now` and the days are given.

A date without a time is its company's end of day (L-12). What looks like a date but does not exist (30 February, 下周八) is
kept as `impossible`, never bent into another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.domain.durations import CHINESE_NUMBER, DURATION, chinese_number, length_of
from bot.domain.folding import Folded, fold

_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六", 1)} | {"日": 7, "天": 7, "末": 6}
_WEEKDAYS_EN = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
_MONTHS_EN = {
    m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
#: word -> days from today, and the part of the day that it names
_RELATIVE = {
    "大后天": (3, ""), "后天": (2, ""), "明天": (1, ""), "明日": (1, ""), "明早": (1, "早上"), "明晚": (1, "晚上"),
    "今天": (0, ""), "今日": (0, ""), "今早": (0, "早上"), "今晚": (0, "晚上"), "大前天": (-3, ""), "前天": (-2, ""),
    "昨天": (-1, ""), "昨日": (-1, ""), "day after tomorrow": (2, ""), "tomorrow": (1, ""), "today": (0, ""),
    "tonight": (0, "晚上"), "yesterday": (-1, ""),
}  # fmt: skip
_AFTERNOON = frozenset({"下午", "傍晚", "晚上", "晚"})
_MONTH_NAMES = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_DAY_NAMES = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_S = r"\s{0,3}"
#: behind two numbers these make an amount of them, not a date
_AMOUNT = rf"(?!{_S}(?:小时|个|天|人|件|次|分|%|元|万|倍|周|套|台|批|箱|版|楼|层|kg|hours?|days?|[hdm]\b))"
_FINDER = re.compile(
    "|".join(
        (
            rf"(?P<later>{DURATION.pattern}{_S}(?:之后|以后|后))|(?<![a-z])in {_S}(?P<within>{DURATION.pattern})",
            r"(?P<now>现在|此刻|right now|now\b)",
            rf"(?<!\d)(?P<y>20\d\d){_S}(?:年|[-/.]){_S}(?P<ym>\d{{1,2}}){_S}(?:月|[-/.]){_S}(?P<yd>\d{{1,2}})(?!\d){_S}[日号]?",
            r"(?<!\d)(?P<cy>20\d\d)(?P<cm>\d\d)(?P<cd>\d\d)(?!\d)",
            rf"(?<![\d.])(?P<zm>\d{{1,2}}|{CHINESE_NUMBER}){_S}月{_S}(?P<zd>\d{{1,2}}(?!\d)|{CHINESE_NUMBER}){_S}[日号]?",
            r"(?<![\d.])(?P<from_day>\d{1,2})[-~到至](?=\d{1,2}[日号])",
            rf"(?<![\d.:/v])(?P<m>\d{{1,2}})(?P<sep>[-/.])(?P<d>\d{{1,2}})(?!\d|:|(?P=sep)\d){_AMOUNT}",
            rf"(?<![a-z\d])(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?{_S}(?:of )?(?P<em>{_MONTH_NAMES})(?![a-z])\.?(?:,?{_S}(?P<ey>20\d\d))?",
            rf"(?<![a-z])(?P<fm>{_MONTH_NAMES})(?![a-z])\.?{_S}(?P<fd>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,?{_S}(?P<fy>20\d\d))?",
            r"(?<![\d.])(?P<number>\d{1,2})[日号](?![线楼门机店仓院])",
            rf"(?P<relative>{'|'.join(re.escape(w) for w in sorted(_RELATIVE, key=len, reverse=True))})",
            rf"(?<![一两几每\d])(?P<which>下下|下|本|这|上)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末七八九十]|\d(?!\d|{_S}[天个]))",
            r"(?P<week>下下|下|本|这)个?(?:周|星期|礼拜)|(?P<week_en>next|this) week",
            rf"(?<![a-z])(?:(?P<which_en>next|this|last)\s{{1,3}})?(?P<day_en>{_DAY_NAMES})(?![a-z])",
            r"(?P<month_end>本|这|下)?个?月底|(?P<eod>下班|end of (?:the )?day|close of business|eod\b|cob\b)",
            (
                rf"(?P<part>凌晨|早上|早晨|清晨|早|上午|中午|下午|傍晚|晚上|晚)?{_S}(?<![\d.:/])(?:(?P<h>\d{{1,2}}):(?P<min>\d\d)(?::\d\d)?(?!\d)"
                rf"(?:{_S}(?P<ap>[ap]m|[ap]\.m\.))?"
                rf"|(?P<oh>\d{{1,2}}|{CHINESE_NUMBER})(?:点|时(?![间候段长刻常]))(?:钟|整|(?P<half>半)|(?P<quarter>[一三])刻"
                rf"|(?P<om>\d\d)(?!\d)分?|(?P<om1>\d{{1,2}}|{CHINESE_NUMBER})分(?!钟)|(?P<om2>[二三四五]?十[一二三四五六七八九]?|零[一-九]))?"
                rf"|(?P<ah>\d{{1,2}}){_S}(?P<ap2>[ap]m|[ap]\.m\.)(?![a-z]))"
            ),
            r"(?P<half_day>上午|下午|morning|afternoon)|(?P<noon>中午|正午|noon\b|midday)",
        )
    )
)
#: what ties a time to the date before it, and one end of a range to the other
_TIE = re.compile(r"[\s,的()]{0,3}(?:at|on)?\s{0,3}\Z")
_RANGE = re.compile(r"\s{0,3}(?:起|开始)?\s{0,3}(?:[-~—–至到]{1,2}|to|until|till|through)\s{0,3}\Z")
_BEFORE = re.compile(
    r"(?:从|自|于|在|到|至|截止到?|(?<![a-z])(?:by|from|until|till|to|on|at|before))\s{0,3}\Z|[-~—–]{1,2}\s{0,3}\Z"
)
_EMPTY = " ,，()（）~-—–至到"
_BEHIND = re.compile(r"\s{0,3}(?:之前|以前|前(?!面|台|后|期|端)|起(?!来)|开始|为止|止)")


class WorkingDays(Protocol):
    """What reading needs of the calendar; `bot.domain.calendar.Calendars` is one."""

    @property
    def zone(self) -> ZoneInfo: ...
    def end_of_day(self, day: date) -> datetime: ...
    def start_of_day(self, day: date) -> datetime: ...
    def local(self, at: datetime) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant that was understood. Without a time of day `at` is the end of that day (L-12)."""

    at: datetime
    day: date
    has_time: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The moments of a text in their order, what is left of it, and what looked like a date but is none."""

    moments: tuple[Moment, ...]
    rest: str
    impossible: tuple[str, ...] = ()


def read_moments(text: str, *, now: datetime, days: WorkingDays) -> Reading:
    """Every date or time in the text. A range is two moments, and so is half a day (`明天下午`) or a week (`下周`).

    With anything impossible in it no moment is given: half an understood range is a wrong one.
    """
    plain = fold(text)
    reader = _Reader(plain, now, days)
    for match in _FINDER.finditer(plain.text):
        reader.take(match)
    reader.close()
    moments = () if reader.impossible else tuple(reader.moments[:8])
    return Reading(moments, reader.rest(), tuple(reader.impossible))


def parse_moment(text: str, *, now: datetime, days: WorkingDays) -> Moment | None:
    """The first date or time in the text; None when there is none or something in it does not exist."""
    moments = read_moments(text, now=now, days=days).moments
    return moments[0] if moments else None


class _Reader:
    """Walks over what was found, from left to right; a date waits for the time behind it, and a time for its date."""

    def __init__(self, plain: Folded, now: datetime, days: WorkingDays) -> None:
        self._plain = plain
        self._now = now
        self._local = days.local(now)
        self._days = days
        self.moments: list[Moment] = []
        self.impossible: list[str] = []
        self._spans: list[tuple[int, int]] = []
        #: the date without time so far: the day, the part of the day it names, and whether it was a bare weekday
        self._day: tuple[date, str, bool] | None = None
        #: the time of day without date so far
        self._clock: tuple[time, bool, bool] | None = None

    # ------------------------------------------------------------ walking

    def take(self, match: re.Match[str]) -> None:
        """One more date, time or distance."""
        found = match.groupdict()
        try:
            if found["later"] or found["within"]:
                self._take_distance(match)
            elif found["now"]:
                self._emit_all()
                self._add(self._local, has_time=True)
            elif found["h"] or found["oh"] or found["ah"]:
                self._take_clock(match)
            elif found["noon"]:
                self._take_time(time(12), match, is_explicit=True)
            elif found["half_day"]:
                self._take_half(match)
            elif found["eod"]:
                if self._day is None:
                    self._emit_all()
                    self._day = (self._local.date(), "", False)
            elif found["week"] or found["week_en"]:
                self._take_week(found)
            else:
                self._take_day(match)
        except ValueError:
            self.impossible.append(self._plain.cut(match.start(), match.end()).strip())
        self._spans.append(match.span())

    def close(self) -> None:
        """Nothing follows."""
        self._emit_all()

    def _take_distance(self, match: re.Match[str]) -> None:
        single = DURATION.search(match.group(0))
        length = length_of(single) if single else None
        if length is None:
            raise ValueError
        self._emit_all()
        if length % timedelta(days=1):
            self._add(self._local + length, has_time=True)
        else:
            self._day = (self._local.date() + length, "", False)

    def _take_week(self, found: dict[str, str | None]) -> None:
        which = found["week"] or {"next": "下", "this": "本"}[found["week_en"] or "this"]
        self._emit_all()
        monday = _monday(self._local.date()) + timedelta(weeks={"下": 1, "下下": 2}.get(which, 0))
        for day in (monday, monday + timedelta(days=6)):
            self._add_day(day)

    def _take_half(self, match: re.Match[str]) -> None:
        """Half a day is a range of its own, if a date stands right before it."""
        if self._day is None or not self._is_tied(match):
            return
        day, _, _ = self._day
        self._day = None
        noon = datetime.combine(day, time(12), self._days.zone)
        if match["half_day"] in {"上午", "morning"}:
            self._add(self._days.start_of_day(day), has_time=True)
            self._add(noon, has_time=True)
        else:
            self._add(noon, has_time=True)
            self._add(self._days.end_of_day(day), has_time=True)

    def _take_day(self, match: re.Match[str]) -> None:
        day, part, is_bare_weekday = self._day_of(match)
        if self._clock is not None and self._is_tied(match):
            clock, is_explicit, goes_over = self._clock
            self._clock = None
            self._add(self._on_day(day + timedelta(days=goes_over), clock, is_explicit=is_explicit), has_time=True)
            return
        if self._day is not None and is_bare_weekday and self._repeats(match, self._day[0], day):
            return
        self._emit_all()
        self._day = (day, part, is_bare_weekday)

    def _repeats(self, match: re.Match[str], day: date, weekday: date) -> bool:
        """`8月25日（周二）`: the weekday only repeats the date. ValueError when they contradict one another."""
        gap = self._gap(match)
        agree = day.isoweekday() == weekday.isoweekday()
        if "(" in gap and not agree:
            raise ValueError(gap)
        return agree and _TIE.match(gap) is not None

    def _take_clock(self, match: re.Match[str]) -> None:
        at, is_explicit, goes_over = self._time_of(match)
        if at is not None:
            self._take_time(at, match, is_explicit=is_explicit, goes_over=goes_over)

    def _take_time(self, at: time, match: re.Match[str], *, is_explicit: bool, goes_over: bool = False) -> None:
        if self._day is not None and self._is_tied(match):
            day, _, is_bare_weekday = self._day
            self._day = None
            moment = self._on_day(day + timedelta(days=goes_over), at, is_explicit=is_explicit)
            if is_bare_weekday and moment <= self._local and day == self._local.date():
                moment += timedelta(weeks=1)
            self._add(moment, has_time=True)
            return
        if self._day is None and self._clock is None and self.moments and self._is_range(match):
            last = self.moments[-1]
            moment = self._combine(last.day + timedelta(days=goes_over), at)
            self._add(moment if moment > last.at else moment + timedelta(days=1), has_time=True)
            return
        if self._clock is not None and self._is_range(match):
            self._emit_all()
            self._take_time(at, match, is_explicit=is_explicit, goes_over=goes_over)
            return
        self._emit_all()
        self._clock = (at, is_explicit, goes_over)

    def _emit_all(self) -> None:
        if self._day is not None:
            day, _, _ = self._day
            self._day = None
            self._add_day(day)
        if self._clock is not None:
            at, is_explicit, goes_over = self._clock
            self._clock = None
            self._add(self._next(at, is_explicit=is_explicit, goes_over=goes_over), has_time=True)

    def _add(self, at: datetime, *, has_time: bool) -> None:
        self.moments.append(Moment(at, at.astimezone(self._days.zone).date(), has_time))

    def _add_day(self, day: date) -> None:
        self.moments.append(Moment(self._days.end_of_day(day), day, False))

    # ------------------------------------------------------------ what stands between

    def _gap(self, match: re.Match[str]) -> str:
        end = self._spans[-1][1] if self._spans else 0
        return self._plain.text[end : match.start()]

    def _is_tied(self, match: re.Match[str]) -> bool:
        return _TIE.match(self._gap(match)) is not None

    def _is_range(self, match: re.Match[str]) -> bool:
        return bool(self._spans) and _RANGE.match(self._gap(match)) is not None

    # ------------------------------------------------------------ days

    def _day_of(self, match: re.Match[str]) -> tuple[date, str, bool]:
        """The day, the part of it that is named, and whether it is a weekday without `下`. ValueError: no such day."""
        found = match.groupdict()
        today = self._local.date()
        if found["relative"]:
            offset, part = _RELATIVE[found["relative"]]
            return today + timedelta(days=offset), part, False
        if found["weekday"] or found["day_en"]:
            return self._weekday(found, today)
        if found["number"] or found["from_day"]:
            return self._numbered(int(found["number"] or found["from_day"] or 0), match), "", False
        if match.group(0).endswith("月底"):
            first = today.replace(day=1) + timedelta(days=31 * (2 if found["month_end"] == "下" else 1))
            return first.replace(day=1) - timedelta(days=1), "", False
        year = found["y"] or found["cy"] or found["ey"] or found["fy"]
        month = found["ym"] or found["cm"] or found["zm"] or found["m"] or found["em"] or found["fm"] or ""
        number = found["yd"] or found["cd"] or found["zd"] or found["d"] or found["ed"] or found["fd"] or ""
        month_number = _MONTHS_EN[month[:3]] if month[:3] in _MONTHS_EN else _number(month)
        return _written(today, int(year) if year else None, month_number, _number(number)), "", False

    def _weekday(self, found: dict[str, str | None], today: date) -> tuple[date, str, bool]:
        which = found["which"] or {"next": "下", "this": "本", "last": "上"}.get(found["which_en"] or "", "")
        name = found["weekday"] or ""
        number = _WEEKDAYS_EN[(found["day_en"] or "")[:3]] if found["day_en"] else _WEEKDAYS.get(name, 0)
        if name.isdigit():
            number = int(name)
        if not 1 <= number <= 7:
            raise ValueError(name)
        weeks = {"下": 1, "下下": 2, "上": -1}.get(which, 0)
        day = _monday(today) + timedelta(weeks=weeks, days=number - 1)
        if not which and day < today:
            day += timedelta(weeks=1)
        return day, "", not which

    def _numbered(self, number: int, match: re.Match[str]) -> date:
        """`18日`: of the month of the date before it if it ends a range, else the next one."""
        before = self._day[0] if self._day else self.moments[-1].day if self.moments else None
        gap = self._gap(match)
        is_tied = before is not None and (_RANGE.match(gap) or (not gap.strip() and self._spans))
        start = before if before is not None and is_tied else self._local.date()
        if not 1 <= number <= 31:
            raise ValueError(number)
        for months in range(12):
            total = start.month - 1 + months
            try:
                day = date(start.year + total // 12, total % 12 + 1, number)
            except ValueError:
                continue
            if day >= start:
                return day
        raise ValueError(number)

    # ------------------------------------------------------------ times of day

    def _time_of(self, match: re.Match[str]) -> tuple[time | None, bool, bool]:
        """The time, whether its half of the day was said, and whether it is the end of the day (24:00, L-13)."""
        found = match.groupdict()
        part = found["part"] or (self._day[1] if self._day and self._is_tied(match) else "")
        if found["oh"] == "一" and not part and match.group(0).strip() == "一点":
            return None, False, False  # 快一点
        hour = _number(found["h"] or found["oh"] or found["ah"] or "")
        minute = 30 if found["half"] else {"一": 15, "三": 45}.get(found["quarter"] or "", 0)
        said = found["min"] or found["om"] or found["om1"] or found["om2"]
        if said:
            minute = _number(said.removeprefix("零") if not said.isdigit() else said)
        half = (found["ap"] or found["ap2"] or "")[:1]
        if half and not 1 <= hour <= 12:
            raise ValueError(hour)
        if (part in _AFTERNOON and hour < 12) or (half == "p" and hour < 12) or (part == "中午" and hour < 3):
            hour += 12
        elif (part == "凌晨" or half == "a") and hour == 12:
            hour = 0
        if (hour, minute) == (24, 0):
            return time(0), True, True
        if hour > 23 or minute > 59:
            raise ValueError(hour)
        return time(hour, minute), bool(part or half or hour > 12 or (found["h"] or "").startswith("0")), False

    def _combine(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self._days.zone)

    def _on_day(self, day: date, at: time, *, is_explicit: bool) -> datetime:
        """`明天三点` is the afternoon, where only that lies in working hours (A4 40)."""
        moment = self._combine(day, at)
        afternoon = moment + timedelta(hours=12)
        is_early = not is_explicit and 1 <= at.hour < 12 and moment < self._days.start_of_day(day)
        return afternoon if is_early and afternoon <= self._days.end_of_day(day) else moment

    def _next(self, at: time, *, is_explicit: bool, goes_over: bool) -> datetime:
        """The next such time; an hour said in the afternoon means the afternoon while that lies in today's hours (A4 40)."""
        today = self._combine(self._local.date() + timedelta(days=goes_over), at)
        if today > self._local:
            return today
        afternoon = today + timedelta(hours=12)
        is_open = self._local < afternoon <= self._days.end_of_day(self._local.date())
        if not is_explicit and at.hour < 12 and is_open:
            return afternoon
        return self._combine(self._local.date() + timedelta(days=1), at)

    # ------------------------------------------------------------ the rest

    def rest(self) -> str:
        """The original text without the moments and the small words that tied them."""
        text = self._plain.text
        kept: list[str] = []
        at = 0
        for start, end in self._spans:
            before = _BEFORE.search(text, at, start)
            kept.append(self._plain.cut(at, before.start() if before else start))
            behind = _BEHIND.match(text, end)
            at = behind.end() if behind else end
        kept.append(self._plain.cut(at) if at < len(text) else "")
        return " ".join(part.strip(" ,，") for part in kept if part.strip(_EMPTY))


def _monday(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else chinese_number(text)


def _written(today: date, year: int | None, month: int, number: int) -> date:
    """Without a year it is this one, or the next if that is more than half a year ago."""
    if year is not None:
        return date(year, month, number)
    try:
        day = date(today.year, month, number)
    except ValueError:
        return date(today.year + 1, month, number)  # 29 February of a coming leap year, else ValueError
    return day.replace(year=today.year + 1) if (today - day).days > 183 and (month, number) != (2, 29) else day


def days_of(moments: Sequence[Moment]) -> tuple[date, ...]:
    """The dates of moments, in their order."""
    return tuple(m.day for m in moments)
