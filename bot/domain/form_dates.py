"""Dates and times in a form, between 2020 and 2099, and only those that exist (domain.md 4; EC-17; L-12)."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.domain.form import FieldSpec
from bot.domain.form_characters import as_line
from bot.domain.form_problems import Names, Understood, wrong
from bot.domain.form_text import FormField

FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2099, 12, 31)
_FULL_DATE = re.compile(r"(?<!\d)(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)")


def read_date(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    """A day that exists, with or without its year."""
    text = as_line(written.text)
    day = _full_date(text)
    if day is None and _FULL_DATE.search(text) is None:
        day = names.day(text)
    return _day_in_range(spec, text, day)


def read_datetime(spec: FieldSpec, written: FormField, names: Names, _: datetime) -> Understood:
    """An instant to the minute; the end of the day where no time is said (L-12)."""
    text = as_line(written.text)
    if _FULL_DATE.search(text) is not None:
        checked = _day_in_range(spec, text, _full_date(text))
        if checked.value is None:
            return checked
    at = _iso_instant(text) or names.instant(text)
    if at is None:
        return wrong(spec, "form_no_time", text)
    checked = _day_in_range(spec, text, at.date())
    return checked if checked.value is None else Understood(at.replace(second=0, microsecond=0).isoformat())


def _full_date(text: str) -> date | None:
    """The one date with a year in the text, None where it does not exist or where there are two."""
    found = _FULL_DATE.findall(text)
    if len(found) != 1:
        return None
    try:
        return date(*(int(number) for number in found[0]))
    except ValueError:
        return None


def _iso_instant(text: str) -> datetime | None:
    if "T" not in text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _day_in_range(spec: FieldSpec, text: str, day: date | None) -> Understood:
    if day is None:
        return wrong(spec, "form_no_date", text)
    if not FIRST_DAY <= day <= LAST_DAY:
        return wrong(spec, "form_date_range", text)
    return Understood(day.isoformat())
