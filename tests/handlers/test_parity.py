"""What must exist for everything that exists: texts for refusals and commands, handlers for commands, buttons and timers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.command import Command, Need, Where
from bot.domain.calendar import CalendarData, Calendars
from bot.domain.escalation import NoticeKind
from bot.domain.ids import AccountKey
from bot.domain.timers import TimerKind
from bot.routing import Router
from bot.updates import ChatType, Mention, mention_token
from bot.vocabulary import SPECS, grammar
from handlers import Handlers
from handlers.texts import keys, placeholders, say
from handlers.texts.catalogue import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
RULES = sorted((ROOT / "bot" / "domain").glob("*.py"))
HANDLERS = sorted((ROOT / "handlers").rglob("*.py"))
#: refusals of rules whose commands come later; nothing can raise them now
LATER = frozenset({"leader_needed", "level_inherited", "level_not_higher", "level_not_lower", "published_is_final"})
#: refusals that only the program itself can cause, never a person
#: fixed strings of 2.8 that forms will use
FORMS = frozenset({"missing_fields", "support_number"})
INTERNAL = frozenset({"group_state", "leave_state", "sla_order", "sla_too_loose"})


@pytest.fixture(scope="module")
def router() -> Router:
    """All handlers of the running program."""
    made = Router()
    Handlers().register(made)
    return made


def calls(path: Path, name: str) -> Iterator[ast.Call]:
    """Every call of that name in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            if (isinstance(called, ast.Name) and called.id == name) or (
                isinstance(called, ast.Attribute) and called.attr == name
            ):
                yield node


def raised() -> set[str]:
    """Codes of all refusals that are written down as literals."""
    found: set[str] = set()
    for path in (*RULES, *HANDLERS):
        for call in calls(path, "RuleViolation"):
            nodes = ast.walk(call.args[0])
            found.update(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return found - {""}


def test_every_refusal_has_a_sentence() -> None:
    assert raised() - keys() - LATER - INTERNAL == set()


def test_no_sentence_is_excused_that_exists() -> None:
    assert (LATER & raised()) == LATER


def test_every_command_has_a_handler_and_nothing_else_has_one() -> None:
    assert Handlers().commands.verbs == {spec.verb for spec in SPECS}


def test_every_command_has_its_texts() -> None:
    wanted = {key for spec in SPECS for key in (spec.help_key, spec.example_key, f"topic_{spec.topic}")}
    assert wanted - keys() == set()


def test_everything_that_can_be_missing_can_be_asked_for_and_complained_about() -> None:
    wanted = {key for need in Need for key in (need.question_key, f"what_{need.value}")}
    assert wanted - keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_understood_as_its_own_command(language: str) -> None:
    reader, calendars = grammar(), Calendars(CalendarData())
    people = (
        Mention(AccountKey("feishu", "ou_1"), "张三"),
        Mention(AccountKey("feishu", "bot"), "回音", is_bot=True),
    )
    for spec in SPECS:
        text = re.sub(r"@(张三|zhang)", mention_token(0), say(spec.example_key, language))
        parsed = reader.parse(
            f"{mention_token(1)} {text}",
            people,
            chat_type=ChatType.DIRECT if spec.where is Where.DIRECT else ChatType.GROUP,
            now=datetime(2026, 9, 14, 1, tzinfo=UTC),
            days=calendars,
        )
        assert isinstance(parsed, Command), (text, parsed)
        assert parsed.verb == spec.verb


def test_chinese_and_english_need_the_same_facts() -> None:
    differing = {key for key in keys() if placeholders(key)[0] != placeholders(key)[1]}
    assert differing == set()


def test_every_button_has_a_handler(router: Router) -> None:
    pressed: set[str] = set()
    for path in HANDLERS:
        names = {
            target.id: value.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Assign)
            for target, value in _pairs(node)
        }
        for call in calls(path, "Button"):
            action = next(k.value for k in call.keywords if k.arg == "action")
            assert isinstance(action, ast.Name), f"{path}: name the action"
            pressed.add(str(names[action.id]))
    assert pressed == set(router.actions)


def _pairs(node: ast.Assign) -> Iterator[tuple[ast.Name, ast.Constant]]:
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        both = zip(target.elts, value.elts, strict=True)
    else:
        both = zip([target], [value], strict=True)
    for name, constant in both:
        if isinstance(name, ast.Name) and isinstance(constant, ast.Constant):
            yield name, constant


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


def test_every_kind_of_timer_has_a_handler(router: Router) -> None:
    assert router.timers == frozenset(TimerKind)


def test_every_kind_of_timer_is_armed_by_somebody() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (*RULES, *HANDLERS))
    armed = re.findall(r"(?:kind=|due\[|move\([^)]*|arm\([^)]*)TimerKind\.(\w+)", source)
    assert {TimerKind[name] for name in armed} == set(TimerKind)


def test_every_check_before_sending_is_on_the_table(router: Router) -> None:
    named: set[str] = set()
    for path in HANDLERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "recheck" and isinstance(node.value, ast.Constant):
                named.add(str(node.value.value))
    assert named | {f"clock_{kind.value}" for kind in NoticeKind} == set(router.rechecks) | ({""} & named)


def test_every_sentence_is_said_somewhere() -> None:
    literal: set[str] = set()
    begun: set[str] = set()
    others = (
        ROOT / "bot" / "command.py",
        *(ROOT / "bot" / "playground").glob("*.py"),
        *(ROOT / "adapters").rglob("*.py"),
    )
    for path in (*HANDLERS, *others):
        if path.parent.name == "texts":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literal.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
    stems = tuple(stem for stem in begun if re.fullmatch(r"[a-z_0-9]+_", stem))
    unsaid = {key for key in keys() - literal - raised() if not key.startswith(stems)}
    assert unsaid == FORMS
