"""Times, durations and faces read as people write them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.playground.showing import (
    clock_words,
    duration_words,
    face,
    face_colour,
    next_morning,
    picture_type,
    time_words,
)
from tests.playground.rig import BEIJING

NOW = datetime(2026, 9, 14, 9, 5, 7, tzinfo=BEIJING)


def test_the_clock_names_day_and_second() -> None:
    assert clock_words(NOW, BEIJING, "zh") == "9月14日 周一 09:05:07"
    assert clock_words(NOW, BEIJING, "en") == "Mon 14 Sep 09:05:07"


@pytest.mark.parametrize(
    ("at", "chinese", "english"),
    [
        (NOW, "09:05", "09:05"),
        (NOW - timedelta(hours=10), "9月13日 23:05", "13 Sep 23:05"),
        (NOW + timedelta(days=1), "9月15日 09:05", "15 Sep 09:05"),
    ],
)
def test_a_time_of_another_day_names_the_day(at: datetime, chinese: str, english: str) -> None:
    assert time_words(at, BEIJING, "zh", now=NOW) == chinese
    assert time_words(at, BEIJING, "en", now=NOW) == english


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 分钟"),
        (60, "1 分钟"),
        (61, "2 分钟"),
        (59 * 60, "59 分钟"),
        (60 * 60, "1 小时 0 分"),
        (3 * 3600 + 61, "3 小时 2 分"),
        (26 * 3600, "1 天 2 小时"),
    ],
)
def test_durations_are_rounded_up_to_minutes(seconds: int, words: str) -> None:
    assert duration_words(timedelta(seconds=seconds), "zh") == words


def test_the_next_morning_is_today_before_it_and_tomorrow_after_it() -> None:
    early = NOW.replace(hour=8, minute=44)
    assert next_morning(early, BEIJING) == NOW.replace(hour=8, minute=45, second=0)
    assert next_morning(NOW.replace(hour=8, minute=45, second=0), BEIJING).day == 15
    assert next_morning(NOW, BEIJING) == datetime(2026, 9, 15, 8, 45, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("name", "shown"), [("袁知行", "知行"), ("高远", "高远"), ("Ann Lee", "AL"), ("Bo", "Bo"), ("", "")]
)
def test_a_face_shows_the_given_name(name: str, shown: str) -> None:
    assert face(name) == shown


def test_neighbouring_departments_have_different_colours() -> None:
    departments = ["生产部", "销售部", "研发部", "行政部", "财务部", "人力资源部", "信息技术部", "质量部", "总经办"]
    assert len({face_colour(one, departments) for one in departments}) == len(departments)
    assert face_colour("别处") == face_colour("别处")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", None),
        (b"<!doctype html><script>alert(1)</script>", None),
        (b"%PDF-1.7", None),
        (b"", None),
    ],
)
def test_only_pictures_that_cannot_run_anything_are_pictures(content: bytes, kind: str | None) -> None:
    assert picture_type(content) == kind
