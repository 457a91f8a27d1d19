"""Every sentence of the page exists in both languages, with the same facts, and every key in use exists."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.domain.directory import Role
from bot.domain.timers import TimerKind
from bot.playground.action_words import ACTIONS
from bot.playground.programme import Mark, Pace
from bot.playground.shortfall import Gap
from bot.playground.tour import CAST
from bot.playground.week import DigestRow
from bot.playground.wording import WORDS, say, word
from tests.playground.audit_actions import audit_actions
from tests.playground.rig import Rig, files

SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted(Path("bot/playground").glob("*.py"))
    if path.name != "wording.py"
)
TEMPLATES = "\n".join(files().templates.values())


def facts_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_say_the_same_facts(key: str) -> None:
    chinese, english = WORDS[key]
    assert chinese
    assert english
    if not key.startswith("tour_"):  # a story may be told with other names
        assert facts_of(chinese) == facts_of(english)


def keys_in_use() -> set[str]:
    used = set(re.findall(r"""\bt\('([a-z_0-9A-Z]+)'[,)]""", TEMPLATES))
    used |= set(re.findall(r"""scene\.say\('([a-z_0-9]+)'""", TEMPLATES))
    used |= set(re.findall(r"""\.say\("([a-z_0-9]+)"[,)]""", SOURCES))
    used |= set(re.findall(r"""Refused\("([a-z_0-9]+)\"""", SOURCES))
    used |= set(re.findall(r"""\(?"(fact_[a-z_]+|mark_[a-z_]+|fault_[a-z_0-9]+)\"""", SOURCES))
    used |= {f"role_{role.value}" for role in Role if role is not Role.EMPLOYEE}
    used |= {f"timer_{kind.value}" for kind in TimerKind}
    used |= {f"cast_{one}" for one in CAST}
    used |= {f"gap_{gap.value}" for gap in Gap} | {f"week_is_{mark.value}" for mark in Mark}
    used |= {f"week_pace_{pace.value}" for pace in Pace}
    used |= {f"digest_{name}" for name in DigestRow.__struct_fields__ if name != "cells"}
    used |= set(re.findall(r"'((?:digest|clock|week)_[a-z_]*[a-z])'", files().templates["week.html"]))
    return used


def test_every_key_in_use_has_a_sentence() -> None:
    assert sorted(key for key in keys_in_use() if key not in WORDS) == []


def test_every_line_of_the_audit_trail_has_a_word() -> None:
    written = audit_actions()
    assert len(written) > 200
    assert sorted(written - set(ACTIONS)) == []
    assert sorted(set(ACTIONS) - written) == []


def test_every_kind_of_timer_has_a_word_in_both_languages() -> None:
    for kind in TimerKind:
        chinese, english = WORDS[f"timer_{kind.value}"]
        assert re.search(r"[\u4e00-\u9fff]", chinese), kind
        assert english.isascii(), kind


def test_every_fault_on_offer_and_every_delivery_has_a_name() -> None:
    stage = Rig.make().stage
    assert [fault for fault in stage.faults if fault not in WORDS] == []
    assert [delivery for delivery in stage.deliveries if f"wire_{delivery}" not in WORDS] == []


def test_no_sentence_of_people_stands_in_a_template() -> None:
    outside = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", TEMPLATES, flags=re.DOTALL)
    found = re.findall(r"[\u4e00-\u9fff]+", outside)
    assert found == []


def test_a_name_without_a_sentence_is_shown_as_it_is() -> None:
    assert word("zh", "clock_started") == "clock_started"
    assert say("en", "chat_members", count=3) == "3 people"
