"""What the pages say about the program is so: commands, keys, parameters, figures and the examples of the user guide."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from math import inf
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

import click
import pytest

from adapters._hardened_json import JsonTable
from adapters.dingtalk.budget import Kind
from adapters.dingtalk.decode import decode as read_dingtalk
from adapters.dingtalk.event import Self as DingTalkSelf
from adapters.dingtalk.event import posted_event
from adapters.dingtalk.probe import DIRECTORY, GROUPS, SENDING
from adapters.feishu.decode import decode
from adapters.feishu.event import Self
from adapters.feishu.scopes import NEEDS, unmet
from bot.cli import commands
from bot.command import CommandSpec
from bot.company import read_company, sample_text
from bot.config import DingTalkSection, FeishuSection, PlatformsSection, Settings, WeComBotSection, WeComSection
from bot.domain.calendar import Calendars
from bot.domain.company import BOUNDS, PARAMETER_KEYS, WORDS, Parameters
from bot.domain.ids import DepartmentId
from bot.metrics import Metrics
from bot.updates import Ignored, Unreadable
from bot.vocabulary import SPECS, grammar
from tests.architecture.pages import LANGUAGES, ROOT, page

_COMMAND_SECTION = {"zh": "指令一览", "en": "All commands"}
_TIME_SECTION = {"zh": "时间怎么算", "en": "How time is counted"}
_WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
#: the Monday of the week in which examples without a date happen
_MONDAY = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Shanghai"))
#: bounds that the guides say in words
_IN_WORDS = {"sla_nudge_minutes", "sla_escalate_minutes"}


# ---------------------------------------------------------------- commands of the chat


def _listed_commands(language: str) -> Iterator[tuple[str, CommandSpec | None]]:
    """What the user guide's tables of commands say can be typed, and the command that it is."""
    known = grammar()
    for row in page(f"docs/{language}/user-guide.md").rows(_COMMAND_SECTION[language]):
        for typed in re.findall(r"`([^`]+)`", row[0] + row[1]):
            parts = typed.split()
            heads = (" ".join(parts[:n]) for n in range(len(parts), 0, -1))
            yield typed, next((spec for head in heads if (spec := known.spec_of_word(head))), None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_stands_in_the_user_guide(language: str) -> None:
    found = {spec.verb for _, spec in _listed_commands(language) if spec is not None}
    assert {spec.verb for spec in SPECS} - found == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_the_user_guide_lists_exists(language: str) -> None:
    assert [typed for typed, spec in _listed_commands(language) if spec is None] == []


# ---------------------------------------------------------------- command line and make


def test_every_target_of_make_that_a_page_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        named = set(re.findall(r"(?:^|`)make ([a-z]+)\b", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert named <= targets, (path.name, named - targets)
    assert {"demo", "test"} <= targets


def _command_names(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        yield from (
            _command_names(command, f"{before}{name} ") if isinstance(command, click.Group) else [before + name]
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_admin_guide_lists_exactly_the_commands_of_the_command_line(language: str) -> None:
    rows = page(f"docs/{language}/admin-guide.md").rows({"zh": "命令行", "en": "Command line"}[language])
    listed = [match.group(1).split() for row in rows if (match := re.match(r"`huiyin ([^`]+)`", row[0]))]
    known = set(_command_names(commands))
    found = {" ".join(words[:2]) if " ".join(words[:2]) in known else words[0] for words in listed}
    assert found == known


def test_every_command_that_a_page_tells_to_run_exists() -> None:
    known = set(_command_names(commands))
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        for typed in re.findall(r"(?:^|`|-m bot |[^\w./-]huiyin )(?:huiyin )([a-z]+(?: [a-z]+)?)", text, re.MULTILINE):
            assert typed in known or typed.split()[0] in known, (path.name, typed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_check_of_doctor_has_its_heading_and_there_are_no_others(language: str) -> None:
    headings = {words for depth, words in page(f"docs/{language}/doctor.md").headings if depth == 3}
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("bot/doctor", "adapters/feishu", "adapters/dingtalk", "adapters/wecom")
        for path in (ROOT / folder).glob("*.py")
    )
    ids = set(re.findall(r'(?:fine|odd|wrong)\(\s*"([a-z_]+\.[a-z_]+)"', source))
    ids |= set(re.findall(r'"((?:feishu|dingtalk|wecom|public)\.[a-z_]+)"', source))
    ids |= {f"feishu.scope.{need.id}" for need in NEEDS} | {f"dingtalk.budget.{kind.name.lower()}" for kind in Kind}
    ids |= {f"{platform}.{what}" for platform in ("feishu", "dingtalk", "wecom") for what in ("probe", "stream")}
    assert headings == ids
    assert all(check.replace(".", "") in page(f"docs/{language}/doctor.md").anchors for check in ids)


# ---------------------------------------------------------------- keys


def _keys(section: object, place: str = "") -> Iterator[str]:
    for item in fields(section):  # type: ignore[arg-type]  # every section is a dataclass
        value = getattr(section, item.name)
        if is_dataclass(value):
            yield from _keys(value, f"{place}{item.name}.")
        elif item.name != "origins" and not (value is None and "Section" in str(item.type)):
            yield place + item.name


def _whole() -> Settings:
    """A configuration with everything in it."""
    wecom = WeComSection(bot=WeComBotSection())
    return Settings(platforms=PlatformsSection(feishu=FeishuSection(), dingtalk=DingTalkSection(), wecom=wecom))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_the_configuration_is_explained(language: str) -> None:
    guide = set(page(f"docs/{language}/admin-guide.md").spans)
    missing = [key for key in _keys(_whole()) if key not in guide and key.rpartition(".")[2] not in guide]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_parameter_of_the_company_file_is_listed_with_its_default_and_its_bounds(language: str) -> None:
    rows = {row[0].strip("`"): row for row in page(f"docs/{language}/admin-guide.md").rows() if len(row) == 4}
    defaults = Parameters()
    for key in sorted(PARAMETER_KEYS):
        name = key.replace("_", ".", 1).replace("group.", "groups.")
        _, shown, allowed, ground = rows[name]
        default = getattr(defaults, key)
        if isinstance(default, float):
            assert float(shown) == default, name
        elif isinstance(default, int):
            assert shown.split("（")[0].split(" ")[0] == str(default), name
        elif isinstance(default, tuple):
            assert re.split(r"[、, ]+", shown) == [str(value) for value in default], name
        elif default:
            assert shown == default, name
        if key in BOUNDS:
            assert ground == BOUNDS[key].rule, name
        if key in BOUNDS and key not in _IN_WORDS:
            assert allowed == _span(BOUNDS[key].low, BOUNDS[key].high), name
        if key in WORDS:
            assert set(re.split(r"[、, ]+", allowed)) == set(WORDS[key]), name


def _span(low: float, high: float) -> str:
    shown = f"{low:.2f}" if low % 1 else f"{low:g}"
    if high == inf:
        return f"≥ {shown}"
    return shown if low == high else f"{shown}–{high:g}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figures_that_the_admin_guide_explains_are_those_of_metrics(language: str) -> None:
    exposed = Metrics().render().decode()
    families = set(re.findall(r"^# TYPE (huiyin_\w+) ", exposed, re.MULTILINE)) - {"huiyin_events_created"}
    exposed_names = {name for name in families if not name.endswith("_created")}
    named = {span for span in page(f"docs/{language}/admin-guide.md").spans if span.startswith("huiyin_")}
    assert named == exposed_names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_of_the_log_that_the_admin_guide_names_is_written_somewhere(language: str) -> None:
    lines = page(f"docs/{language}/admin-guide.md").prose.splitlines()
    named = {word for line in lines if "`task_died`" in line for word in re.findall(r"`([a-z]+_[a-z_]+)`", line)}
    assert len(named) > 4
    source = "\n".join(
        path.read_text(encoding="utf-8") for package in ("bot", "storage") for path in (ROOT / package).rglob("*.py")
    )
    assert [word for word in sorted(named) if f'action="{word}"' not in source] == []


# ---------------------------------------------------------------- examples


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_user_guide_are_what_the_program_counts(language: str) -> None:
    data = read_company(sample_text()).calendar
    hours = Calendars(data).of_department(DepartmentId("RD"))
    rows = page(f"docs/{language}/user-guide.md").rows(_TIME_SECTION[language])
    examples = [row for row in rows if re.search(r"\d\d:\d\d$", row[0])]
    assert len(examples) == 10
    for asked, due, _ in examples:
        end = _instant(due, language)
        assert hours.add(_instant(asked, language), 30) == end, asked
        is_marked = "暂定" in due or "provisional" in due
        assert Calendars(data).is_provisional(end.date()) == is_marked, due


def _instant(text: str, language: str) -> datetime:
    clock = re.search(r"(\d\d):(\d\d)", text)
    assert clock is not None
    days = _WEEKDAYS[language]
    named = next(i for i, day in enumerate(days) if (f"周{day}" if language == "zh" else day) in text)
    date = re.search(r"\d{4}-\d\d-\d\d", text)
    if date is not None:
        day = datetime.fromisoformat(date.group(0)).replace(tzinfo=_MONDAY.tzinfo)
        assert day.weekday() == named, text
    else:
        is_next = "下" in text or "next" in text
        day = _MONDAY + timedelta(days=named, weeks=is_next)
    return day.replace(hour=int(clock.group(1)), minute=int(clock.group(2)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scopes_to_paste_are_all_that_the_program_needs_and_each_is_explained(language: str) -> None:
    start = page(f"docs/{language}/get-started.md")
    pasted = re.search(r"\{\"scopes\".*?\], \"user\": \[\]\}\}", start.code, re.DOTALL)
    assert pasted is not None
    scopes = json.loads(pasted.group(0))["scopes"]["tenant"]
    assert len(set(scopes)) == len(scopes)
    assert [need.id for need in unmet(scopes)] == []
    explained = "\n".join(row[0] for row in start.rows())
    assert [scope for scope in scopes if f"`{scope}`" not in explained and not scope.startswith("contact:")] == []
    assert sum(scope.startswith("contact:") for scope in scopes) == 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_to_subscribe_to_is_one_that_the_program_reads(language: str) -> None:
    start = page(f"docs/{language}/get-started.md")
    events = re.findall(r"\b(?:im|contact)\.[\w.]+_v\d\b", start.code)
    assert len(set(events)) == len(events) >= 18
    me = Self(app_id="cli_1")
    for event in events:
        header = {"event_id": "e1", "event_type": event, "create_time": "1700000000000", "app_id": "cli_1"}
        body: JsonTable = {"chat_id": "oc_1", "after_change": {"name": "新群名"}}
        update = decode({"schema": "2.0", "header": header, "event": body}, me=me, received_at=_MONDAY)
        # most cannot be read with a body like this, but their type is known
        assert not isinstance(update, Ignored), event
        assert not (isinstance(update, Unreadable) and update.problem == "unknown type"), event


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_events_to_tick_on_dingtalk_are_ones_that_the_program_reads(language: str) -> None:
    """Each costs a delivery of the month's budget, so that none may be for nothing."""
    guide = page(f"docs/{language}/connect-dingtalk.md")
    events = re.findall(r"\b(?:chat|user|org)_[a-z_]+\b", guide.code)
    assert len(set(events)) == len(events) >= 10
    me = DingTalkSelf(app="ding1", robot="回音")
    for event in events:
        body: JsonTable = {"EventType": event, "eventId": "e1", "openConversationId": "cid1", "title": "新群名"}
        update = read_dingtalk(posted_event(body, me=me, received_at=_MONDAY))
        assert not isinstance(update, Ignored), event
        assert not (isinstance(update, Unreadable) and update.problem == "unknown type"), event


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_permission_points_of_dingtalk_are_all_that_the_program_needs_and_each_is_explained(language: str) -> None:
    spans = set(page(f"docs/{language}/connect-dingtalk.md").spans)
    assert {*SENDING, *GROUPS, *DIRECTORY} == {
        span for span in spans if span.startswith("qyapi_") or span == "Card.Instance.Write"
    }


@pytest.mark.parametrize("name", ["get-started", "connect-dingtalk", "connect-wecom"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_is_to_be_copied_into_the_configuration_exists(language: str, name: str) -> None:
    text = (ROOT / "docs" / language / f"{name}.md").read_text(encoding="utf-8")
    blocks = [tomllib.loads(dedent(block)) for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL)]
    assert blocks
    known = set(_keys(_whole()))
    assert [key for block in blocks for key in _flat(block) if key not in known] == []


def _flat(table: dict[str, Any], place: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{place}{name}.")
        else:
            yield place + name
