"""Lengths of time as people write them: `30分钟 30m 半小时 1.5小时 2h 一个半小时 2天 1h30m` (ux.md A4 39)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.folding import Folded, fold

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
CHINESE_NUMBER = "[零〇一二两三四五六七八九十]{1,3}"
#: a duration in folded text; a working day is no length of time
DURATION = re.compile(
    rf"(?<![\d.:第])(\d{{1,4}}(?:\.\d{{1,2}})?|半|an?(?=\s)|half(?:\s+an?)?(?=\s)|{CHINESE_NUMBER})\s{{0,3}}个?\s{{0,3}}(半)?\s{{0,3}}"
    r"(小时|钟头|刻钟|分钟|分(?!之)|天|周|星期|(?:minutes?|mins?|hours?|hrs?|days?|weeks?|[mhdw])(?![a-z]))(半)?"
)
#: longer lengths are typing errors
_LONGEST = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class DurationReading:
    """The sum of the durations of a text, None without any; and the text without them."""

    duration: timedelta | None
    rest: str


def chinese_number(text: str) -> int:
    """`三`, `十五`, `二十一`; raises ValueError for other characters."""
    tens, ten, ones = text.partition("十")
    if not ten:
        if len(text) != 1 or text not in _DIGITS:
            raise ValueError(f"not a Chinese number: {text!r}")
        return _DIGITS[text]
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        raise ValueError(f"not a Chinese number: {text!r}")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def length_of(match: re.Match[str]) -> timedelta | None:
    """What one match of `DURATION` means; None for `二三天` and lengths beyond ten years."""
    number, half_before, unit, half_after = match.groups()
    try:
        amount = _amount(number) + (0.5 if half_before or half_after else 0)
    except ValueError:
        return None
    length = amount * _UNITS[unit if unit in _UNITS else unit[0]]
    return length if timedelta(0) < length <= _LONGEST else None


_UNITS = {
    "小时": timedelta(hours=1), "钟头": timedelta(hours=1), "刻钟": timedelta(minutes=15), "分钟": timedelta(minutes=1),
    "分": timedelta(minutes=1), "天": timedelta(days=1), "周": timedelta(weeks=1), "星期": timedelta(weeks=1),
    "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1),
}  # fmt: skip


def _amount(number: str) -> float:
    if number == "半" or number.startswith("half"):
        return 0.5
    if number in {"a", "an"}:
        return 1
    return float(number) if number[0].isdigit() else chinese_number(number)


def read_durations(text: str) -> DurationReading:
    """Every duration of the text added up, and the text without them in its original form."""
    plain = fold(text)
    total = timedelta()
    kept: list[str] = []
    at = 0
    for match in DURATION.finditer(plain.text):
        length = length_of(match)
        if length is None:
            continue
        total += length
        kept.append(plain.cut(at, match.start()))
        at = match.end()
    kept.append(_tail(plain, at))
    return DurationReading(total if at else None, " ".join(part.strip() for part in kept if part.strip()))


def _tail(plain: Folded, at: int) -> str:
    return plain.cut(at) if at < len(plain.text) else ""


def parse_duration(text: str) -> timedelta | None:
    """The sum of the durations in the text; None when there is none."""
    return read_durations(text).duration
