"""What must exist for commands and clocks besides what the house-wide check of texts, handlers and timers looks at."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.command import Command, Need
from bot.domain.calendar import CalendarData, Calendars
from bot.domain.timers import TimerKind
from bot.updates import ChatType
from bot.vocabulary import grammar
from handlers.texts import LANGUAGES, keys, say

ROOT = Path(__file__).resolve().parents[2]


def test_everything_that_can_be_missing_can_be_asked_for_and_complained_about() -> None:
    wanted = {key for need in Need for key in (need.question_key, f"what_{need.value}")}
    assert wanted - keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("button", "verb"),
    [
        ("clock_button_ack", "acknowledge"),
        ("clock_button_call_off", "call_off"),
        ("clock_button_still_waiting", "still_waiting"),
        ("button_help", "help"),
        ("button_todo", "todo"),
        ("button_organisation", "organisation"),
    ],
)
def test_what_stands_on_a_button_also_works_as_text(button: str, verb: str, language: str) -> None:
    code = " HF-2026-0031" if button.startswith("clock_") else ""
    parsed = grammar().parse(
        f"{say(button, language)}{code}",
        chat_type=ChatType.DIRECT,
        now=datetime(2026, 9, 14, 1, tzinfo=UTC),
        days=Calendars(CalendarData()),
    )
    assert isinstance(parsed, Command)
    assert parsed.verb == verb


def test_every_kind_of_timer_is_armed_by_somebody() -> None:
    files = (*(ROOT / "bot" / "domain").glob("*.py"), *(ROOT / "handlers").rglob("*.py"))
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    armed = re.findall(r"(?:kind=|due\[|move\([^)]*|arm\([^)]*)TimerKind\.(\w+)", source)
    assert {TimerKind[name] for name in armed} == set(TimerKind)
