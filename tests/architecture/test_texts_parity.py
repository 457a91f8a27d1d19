"""Every sentence exists in both languages, is used, and gets the facts it needs; every command, timer and button has its handler."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.command import Command, Need, Where
from bot.domain.calendar import CalendarData, Calendars
from bot.domain.digest import DecisionKind
from bot.domain.obligation import ObligationKind
from bot.domain.reconcile import Clash
from bot.domain.roles import Gap
from bot.domain.timers import TimerKind
from bot.grammar import Grammar
from bot.routing import Router
from bot.updates import ChatType, Mention
from bot.vocabulary import SPECS, grammar
from handlers.front import Handlers
from handlers.groups import group_making
from handlers.texts import LANGUAGES, keys, placeholders, say

ROOT = Path(__file__).resolve().parents[2]
#: keys made of parts that no f-string begins with
COMPOSED = ("help_", "example_", "ask_", "what_", "reason_")
#: fixed strings of domain.md 2.8 that wait for the forms of a later issue
WAITING = ("missing_fields",)


@cache
def sources() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of core and handlers, the texts left out."""
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    wanted = [f for f in sorted(files) if "texts" not in f.parts]
    return tuple((str(f.relative_to(ROOT)), ast.parse(f.read_text(encoding="utf-8"))) for f in wanted)


@cache
def calls() -> tuple[tuple[str, ast.Call], ...]:
    """Every call of core and handlers with its file."""
    return tuple((where, node) for where, tree in sources() for node in ast.walk(tree) if isinstance(node, ast.Call))


@dataclass(frozen=True)
class Raised:
    """One place where a rule says no."""

    where: str
    code: str
    facts: frozenset[str] | None


def name_of(call: ast.Call) -> str:
    """The last name of what is called."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def constants(node: ast.expr) -> list[str]:
    """The strings an expression can be, where that is plain to see."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=body, orelse=orelse):
            return [*constants(body), *constants(orelse)]
        case _:
            return []


def refusals() -> Iterator[Raised]:
    """Every `RuleViolation(code, facts)`."""
    for where, node in calls():
        if name_of(node) == "RuleViolation" and node.args:
            found = constants(node.args[0]) or _passed_on(node.args[0])
            assert found, f"{where}:{node.lineno}: a code that nobody can check"
            facts = _facts(node)
            yield from (Raised(f"{where}:{node.lineno}", code, facts) for code in found)


def _passed_on(node: ast.expr) -> list[str]:
    """A code that a function is given by its callers, who name it as a keyword."""
    return sorted(text for text, _ in _named(node.id)) if isinstance(node, ast.Name) else []


def _facts(node: ast.Call) -> frozenset[str] | None:
    """The names of the facts; None where they are not written out."""
    if len(node.args) < 2:
        return frozenset()
    given = node.args[1]
    if not isinstance(given, ast.Dict):
        return None
    names = [constants(key) for key in given.keys if key is not None]
    return frozenset(n for one in names for n in one) if len(names) == len(given.keys) else None


# ---------------------------------------------------------------- sentences


def test_both_languages_have_every_sentence_with_the_same_facts() -> None:
    for key in keys():
        chinese, english = placeholders(key)
        assert chinese == english, key
        for language in LANGUAGES:
            assert say(key, language, **dict.fromkeys(chinese, "x")).strip(), key


@pytest.mark.slow
def test_every_refusal_has_its_sentence_and_gives_it_its_facts() -> None:
    for raised in refusals():
        assert raised.code in keys(), f"{raised.where}: no text for {raised.code}"
        if raised.facts is not None:
            missing = placeholders(raised.code)[0] - raised.facts
            assert not missing, f"{raised.where}: {raised.code} lacks {sorted(missing)}"


@pytest.mark.slow
def test_every_sentence_that_is_said_exists_and_gets_its_facts() -> None:
    for where, node in calls():
        if not where.startswith("handlers/") or name_of(node) != "say" or not node.args:
            continue
        is_whole = all(k.arg is not None for k in node.keywords)
        given = {k.arg for k in node.keywords if k.arg is not None}
        for key in constants(node.args[0]):
            assert key in keys(), f"{where}:{node.lineno}: no text for {key}"
            if is_whole:
                missing = placeholders(key)[0] - given
                assert not missing, f"{where}:{node.lineno}: {key} lacks {sorted(missing)}"


@pytest.mark.slow
def test_no_sentence_is_left_that_nobody_says() -> None:
    said: set[str] = set()
    begun: set[str] = set(COMPOSED)
    for _, tree in sources():
        for node in ast.walk(tree):
            match node:
                case ast.Constant(value=str(text)):
                    said.add(text)
                case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) if len(text) > 3:
                    begun.add(text)
                case _:
                    pass
    unused = {k for k in keys() if k not in said and not k.startswith(tuple(begun))}
    assert unused <= set(WAITING), sorted(unused - set(WAITING))


@pytest.mark.parametrize(
    "key",
    [
        *(f"kind_{kind.name.lower()}" for kind in ObligationKind),
        *(f"digest_1_line_{kind.value}" for kind in DecisionKind),
        *(f"weekday_{day}" for day in range(7)),
        *(f"directory_{clash.value}" for clash in (Clash.DIFFERS, Clash.ABSENT, Clash.INACTIVE, Clash.UNKNOWN_LEADER)),
        *sorted(group_making.REASONS),
        *(f"gap_{gap.value}" for gap in Gap),
        *(need.question_key for need in Need if need not in {Need.NUMBER, Need.RULE}),
    ],
)
def test_words_made_of_parts_exist(key: str) -> None:
    assert key in keys()


# ---------------------------------------------------------------- commands


@cache
def wired() -> tuple[Handlers, Router]:
    """The handlers of the running program."""
    desk, router = Handlers(), Router()
    desk.register(router)
    return desk, router


def test_every_command_has_a_handler_and_every_handler_a_command() -> None:
    assert wired()[0].commands.verbs == {spec.verb for spec in SPECS}


@pytest.mark.parametrize("verb", [spec.verb for spec in SPECS if not spec.is_hidden])
def test_every_command_has_its_line_in_help_and_an_example(verb: str) -> None:
    spec = grammar().spec(verb)
    assert {spec.help_key, spec.example_key} <= keys()


class _Sample:
    """Reads an example the way the desk reads a message."""

    def __init__(self) -> None:
        self.grammar: Grammar = grammar()
        self.calendars = Calendars(CalendarData())
        self.now = datetime(2026, 9, 14, 10, tzinfo=ZoneInfo("Asia/Shanghai"))

    def verb_of(self, text: str, where: Where) -> str:
        chat = ChatType.GROUP if where is Where.GROUP else ChatType.DIRECT
        mentions = (Mention(None, "回音", is_bot=True),)
        prefix = "\ue0000\ue001 " if chat is ChatType.GROUP else ""
        parsed = self.grammar.parse(prefix + text, mentions, chat_type=chat, now=self.now, days=self.calendars)
        command = getattr(parsed, "command", parsed)
        return command.verb if isinstance(command, Command) else type(parsed).__name__


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verb", [spec.verb for spec in SPECS if not spec.is_hidden])
def test_the_example_of_a_command_is_understood_as_that_command(verb: str, language: str) -> None:
    sample = _Sample()
    spec = sample.grammar.spec(verb)
    assert sample.verb_of(say(spec.example_key, language), spec.where) == verb


# ---------------------------------------------------------------- timers, buttons, checks


def test_every_timer_has_a_handler() -> None:
    assert wired()[1].timers == frozenset(TimerKind)


def _strings(tree: ast.Module) -> dict[str, str]:
    """Names of a module that stand for a string."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    } | {
        name.id: text.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)
        for target in node.targets
        if isinstance(target, ast.Tuple)
        for name, text in zip(target.elts, node.value.elts, strict=True)
        if isinstance(name, ast.Name) and isinstance(text, ast.Constant) and isinstance(text.value, str)
    }


@cache
def _named(argument: str) -> frozenset[tuple[str, str]]:
    """Constants given under that name in the handlers, with the place."""
    trees = dict(sources())
    return frozenset(
        (text, where)
        for where, node in calls()
        if where.startswith("handlers/")
        for keyword in node.keywords
        if keyword.arg == argument
        for text in _possible(keyword.value, _strings(trees[where]))
        if text
    )


def _possible(node: ast.expr, names: dict[str, str]) -> list[str]:
    return [names[node.id]] if isinstance(node, ast.Name) and node.id in names else constants(node)


def test_every_check_before_sending_that_is_named_exists() -> None:
    for name, where in _named("recheck"):
        assert name in wired()[1].rechecks, f"{where}: {name}"


def test_every_button_has_a_handler() -> None:
    cards = {(name, where) for name, where in _named("action") if where.startswith("handlers/cards/")}
    assert {name for name, _ in cards}, "there are buttons"
    for name, where in cards:
        assert name in wired()[1].actions, f"{where}: {name}"
