"""How one reader sees instants, days and lengths of time (ux.md A4 35-38)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.reader import Language, Reader, language_of

SHANGHAI, TOKYO, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
NOW = datetime(2026, 8, 25, 15, 0, tzinfo=SHANGHAI)


def reader(language: Language = Language.ZH, zone: ZoneInfo | None = None) -> Reader:
    """Somebody of a company in Shanghai."""
    return Reader(now=NOW, company=SHANGHAI, zone=zone, language=language)


@pytest.mark.parametrize(
    ("at", "chinese", "english"),
    [
        (datetime(2026, 8, 25, 15, 4, tzinfo=SHANGHAI), "15:04", "15:04"),
        (datetime(2026, 8, 26, 15, 4, tzinfo=SHANGHAI), "8月26日（周三）15:04", "Wed 26 Aug 15:04"),
        (datetime(2027, 1, 3, 15, 4, tzinfo=SHANGHAI), "2027年1月3日 15:04", "3 Jan 2027 15:04"),
        (datetime(2026, 8, 25, 7, 4, tzinfo=UTC), "15:04", "15:04"),
    ],
)
def test_an_instant_of_today_this_year_and_another_year(at: datetime, chinese: str, english: str) -> None:
    assert reader().moment(at) == chinese
    assert reader(Language.EN).moment(at) == english


def test_a_reader_in_another_zone_sees_both_times_in_one_language() -> None:
    at = datetime(2026, 8, 25, 15, 34, tzinfo=SHANGHAI)
    assert reader(zone=TOKYO).moment(at) == "15:34 北京时间（16:34 东京）"
    assert reader(Language.EN, TOKYO).moment(at) == "15:34 Beijing time (16:34 Tokyo)"
    assert reader(zone=ZoneInfo("Asia/Hong_Kong")).moment(at) == "15:34"


def test_the_own_date_is_said_only_where_it_is_another_one() -> None:
    morning = datetime(2026, 8, 26, 9, 30, tzinfo=SHANGHAI)
    assert reader(zone=TOKYO).moment(morning) == "8月26日（周三）09:30 北京时间（10:30 东京）"
    assert reader(zone=NEW_YORK).moment(morning) == "8月26日（周三）09:30 北京时间（8月25日 21:30 纽约）"
    assert reader(Language.EN, NEW_YORK).moment(morning) == "Wed 26 Aug 09:30 Beijing time (25 Aug 21:30 New York)"


def test_a_zone_without_a_name_of_its_own_is_called_by_its_city() -> None:
    assert reader().zone_name(ZoneInfo("America/Argentina/Buenos_Aires")) == "Buenos Aires"
    assert reader().zone_name(UTC) == "UTC"


def test_days_have_their_weekday_and_the_year_when_it_is_another_one() -> None:
    assert (reader().day(date(2026, 8, 26)), reader().day(date(2027, 1, 4))) == (
        "8月26日（周三）",
        "2027年1月4日（周一）",
    )
    assert reader(Language.EN).day(date(2027, 1, 4)) == "Mon 4 Jan 2027"


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (timedelta(0), "0 分钟", "0 minutes"),
        (timedelta(seconds=1), "1 分钟", "1 minute"),
        (timedelta(minutes=12), "12 分钟", "12 minutes"),
        (timedelta(minutes=80), "1 小时 20 分", "1 hour 20 minutes"),
        (timedelta(hours=2), "2 小时", "2 hours"),
        (timedelta(days=2), "2 天", "2 days"),
        (timedelta(days=7, hours=8, minutes=59), "7 天 8 小时", "7 days 8 hours"),
        (timedelta(minutes=-3), "0 分钟", "0 minutes"),
    ],
)
def test_lengths_of_time(amount: timedelta, chinese: str, english: str) -> None:
    assert (reader().duration(amount), reader(Language.EN).duration(amount)) == (chinese, english)


@pytest.mark.parametrize(("locale", "language"), [("en", "en"), ("EN-us", "en"), ("zh-CN", "zh"), ("", "zh")])
def test_everything_but_english_is_chinese(locale: str, language: str) -> None:
    assert language_of(locale) is Language(language)
