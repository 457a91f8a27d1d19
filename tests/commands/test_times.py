"""Dates, times of day and lengths of time as people write them (ux.md A4 39, 40; L-12)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.durations import parse_duration, read_durations
from bot.domain.moments import parse_moment, read_moments
from tests.commands.reading import BEIJING, NOW, days


def shown(text: str, now: datetime = NOW) -> list[str]:
    """What was understood: the instant, or the day alone where no time was said."""
    moments = read_moments(text, now=now, days=days()).moments
    return [f"{m.at.astimezone(BEIJING):%m-%d %H:%M}" if m.has_time else f"{m.day:%m-%d}" for m in moments]


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("今天18:00", ["09-14 18:00"]),
        ("今晚8点", ["09-14 20:00"]),
        ("明早9点", ["09-15 09:00"]),
        ("明天 9:30", ["09-15 09:30"]),
        ("周五15:00", ["09-18 15:00"]),
        ("下周一上午10点", ["09-21 10:00"]),
        ("8-25 15:00", ["08-25 15:00"]),
        ("8月25日15点", ["08-25 15:00"]),
        ("2026-08-25 15:00", ["08-25 15:00"]),
        ("后天下午3点", ["09-16 15:00"]),
        ("九月十六日", ["09-16"]),
        ("9点一刻", ["09-15 09:15"]),
        ("三点半", ["09-14 15:30"]),
        ("14号", ["09-14"]),
        ("13号", ["10-13"]),
        ("月底", ["09-30"]),
        ("下班前", ["09-14"]),
        ("周一", ["09-14"]),
        ("周日", ["09-20"]),
        ("下周末", ["09-26"]),
        ("下周", ["09-21", "09-27"]),
        ("明天下午", ["09-15 12:00", "09-15 18:00"]),
        ("9-16到9-18", ["09-16", "09-18"]),
        ("9月16日14:00-16:00", ["09-16 14:00", "09-16 16:00"]),
        ("10月1日到7日", ["10-01", "10-07"]),
        ("8月25日（周二）15:04", ["08-25 15:04"]),
        ("24:00", ["09-15 00:00"]),
        ("20261010", ["10-10"]),
        ("1月2日", ["01-02"]),
        ("3天后", ["09-17"]),
        ("2小时后", ["09-14 12:00"]),
        ("tomorrow 9am", ["09-15 09:00"]),
        ("Tue 15:04", ["09-15 15:04"]),
        ("next friday 3pm", ["09-25 15:00"]),
        ("25 aug 15:04", ["08-25 15:04"]),
        ("快一点", []),
        ("涨价 6%", []),
        ("3-5个", []),
        ("v1.2", []),
        ("10.5.3.1", []),
    ],
)
def test_a_time_is_what_people_mean_by_it(text: str, understood: list[str]) -> None:
    assert shown(text) == understood


@pytest.mark.parametrize("text", ["2月30日", "13月1日", "25:00", "下周八", "9:75", "2027年2月29日", "星期九"])
def test_a_date_that_does_not_exist_is_named_and_nothing_is_bent(text: str) -> None:
    reading = read_moments(f"从今天到{text}", now=NOW, days=days())
    assert reading.moments == ()
    assert len(reading.impossible) == 1
    assert parse_moment(text, now=NOW, days=days()) is None


@pytest.mark.parametrize(
    ("now", "text", "understood"),
    [
        ("2026-09-14 10:00", "11点", "09-14 11:00"),
        ("2026-09-14 14:00", "3点", "09-14 15:00"),
        ("2026-09-14 14:00", "8点", "09-15 08:00"),
        ("2026-09-14 17:00", "3点", "09-15 03:00"),
        ("2026-09-14 14:00", "上午9点", "09-15 09:00"),
        ("2026-09-14 14:00", "09:00", "09-15 09:00"),
        ("2026-09-14 10:00", "明天三点", "09-15 15:00"),
    ],
)
def test_a_bare_hour_is_the_next_one_within_working_hours(now: str, text: str, understood: str) -> None:
    assert shown(text, datetime.fromisoformat(now).replace(tzinfo=BEIJING)) == [understood]


def test_l_12_a_date_without_a_time_ends_at_the_companys_close() -> None:
    moment = parse_moment("9月18日", now=NOW, days=days())
    assert moment is not None
    assert moment.at == datetime(2026, 9, 18, 18, 0, tzinfo=BEIJING)


def test_what_is_left_keeps_its_original_form_without_the_words_that_tied_the_time() -> None:
    reading = read_moments("从９月１６日起 到 9-18 为止 ＡＢＣ 出差", now=NOW, days=days())
    assert len(reading.moments) == 2
    assert reading.rest == "ＡＢＣ 出差"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30分钟", 30),
        ("30m", 30),
        ("半小时", 30),
        ("半个小时", 30),
        ("1.5小时", 90),
        ("一个半小时", 90),
        ("2h", 120),
        ("1h30m", 90),
        ("1小时20分", 80),
        ("两刻钟", 30),
        ("十五分钟", 15),
        ("2天", 2880),
        ("一周", 10080),
        ("half an hour", 30),
        ("an hour", 60),
        ("90 minutes", 90),
        ("２小时", 120),
        ("兩小時", 120),
        ("3个工作日", None),
        ("第2天", None),
        ("三分之一", None),
        ("二三天", None),
        ("0分钟", None),
        ("没有", None),
    ],
)
def test_a_length_of_time_is_what_people_mean_by_it(text: str, minutes: int | None) -> None:
    assert parse_duration(text) == (None if minutes is None else timedelta(minutes=minutes))


def test_the_words_around_a_length_of_time_stay() -> None:
    reading = read_durations("开会 半小时 然后出差")
    assert (reading.duration, reading.rest) == (timedelta(minutes=30), "开会 然后出差")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789年月日号点时分半周下上午到至-/:. 一二三四五六七八九十今明后天早晚pmat", max_size=24))
def test_no_text_at_all_makes_reading_fail_or_lose_a_word(text: str) -> None:
    reading = read_moments(text, now=NOW, days=days())
    assert all(m.at.tzinfo is not None for m in reading.moments)
    assert len(reading.moments) <= 8
    read_durations(text)
