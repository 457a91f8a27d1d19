"""How times, durations and faces look on the page. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.playground.wording import say

#: colours of faces, as classes of the style sheet
FACES = 10
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d")
_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def clock_words(at: datetime, zone: ZoneInfo, language: str) -> str:
    """`9月14日 周一 09:05:00`, `Mon 14 Sep 09:05:00`."""
    local = at.astimezone(zone)
    if language == "zh":
        return f"{local.month}月{local.day}日 {_WEEKDAYS[local.weekday()]} {local:%H:%M:%S}"
    return f"{local:%a} {local.day} {local:%b %H:%M:%S}"


def time_words(at: datetime, zone: ZoneInfo, language: str, *, now: datetime) -> str:
    """The time alone today, else with its date."""
    local = at.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    if language == "zh":
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.day} {local:%b %H:%M}"


def duration_words(span: timedelta, language: str) -> str:
    """In whole minutes, rounded up, so that nothing that is still to come says 0."""
    minutes = -(-int(span.total_seconds()) // 60)
    if minutes < 60:
        return say(language, "minutes", count=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return say(language, "hours", hours=hours, minutes=rest)
    days, hours = divmod(hours, 24)
    return say(language, "days", days=days, hours=hours)


def face(name: str) -> str:
    """At most two characters that stand for a name: the given name of a Chinese one, else initials."""
    words = name.split()
    if len(words) > 1:
        return "".join(word[0] for word in words[:2]).upper()
    return name[-2:] if not name.isascii() else name[:2]


def face_colour(seed: str, known: Sequence[str] = ()) -> int:
    """By its place among the known ones, so that neighbours differ; else the same for the same seed in every run."""
    return (known.index(seed) if seed in known else zlib.crc32(seed.encode())) % FACES


def fact_words(value: str, zone: ZoneInfo, language: str, *, now: datetime) -> str:
    """A fact of the engine; instants, which it writes in UTC, as the wall of that zone shows them."""
    if not _INSTANT.fullmatch(value):
        return value
    return time_words(datetime.fromisoformat(value), zone, language, now=now)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """The next 08:45 on the wall of that zone, when the digest goes out."""
    local = now.astimezone(zone)
    morning = local.replace(hour=8, minute=45, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)


def picture_type(content: bytes) -> str | None:
    """The media type of a picture by its first bytes; None for everything that browsers might run."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def joined(names: Iterable[str], language: str) -> str:
    """Names in a row."""
    return ("、" if language == "zh" else ", ").join(names)


_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
