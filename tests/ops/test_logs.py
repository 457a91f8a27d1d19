"""Records: one a line, with an action, without secrets, and nobody's name can forge one (T15, T27)."""

from __future__ import annotations

import base64
import io
import json
import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import structlog

from bot import logs
from bot.config import LogSection
from bot.errors import FailureKind, PlatformError

#: secrets with everything in them that some spelling changes
CANARIES = ("canary-4711-plain", 'canary "quoted\\back', "canary 回音 ü/+&=", "postgresql-canary:p@ss")
JSON = LogSection(level="debug", format="json")
CONSOLE = LogSection(level="debug", format="console")

log = structlog.get_logger("bot.test")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is written while everything is logged as JSON."""
    out = io.StringIO()
    logs.configure(JSON, secrets=CANARIES, stream=out)
    yield out
    logs.reset()


@pytest.fixture
def shown() -> Iterator[io.StringIO]:
    """What is written for a terminal."""
    out = io.StringIO()
    logs.configure(CONSOLE, secrets=CANARIES, stream=out)
    yield out
    logs.reset()


def records(out: io.StringIO) -> list[dict[str, Any]]:
    """Each line is one JSON object."""
    return [json.loads(line) for line in out.getvalue().splitlines()]


# ---------------------------------------------------------------- shape


def test_a_record_is_a_sentence_an_action_and_facts_in_utc(written: io.StringIO) -> None:
    log.info("update handled", action="update_handled", kind="MessageReceived", inbox=7)
    [record] = records(written)
    assert record["at"].endswith("+00:00")
    del record["at"]
    assert record == {
        "level": "info",
        "action": "update_handled",
        "event": "update handled",
        "logger": "bot.test",
        "kind": "MessageReceived",
        "inbox": 7,
    }


def test_records_of_libraries_look_the_same(written: io.StringIO) -> None:
    logging.getLogger("somebody.else").warning("%s of %s", 1, 2)
    [record] = records(written)
    assert (record["action"], record["event"], record["logger"]) == ("log", "1 of 2", "somebody.else")


def test_facts_may_have_the_names_of_the_librarys_own_attributes(written: io.StringIO) -> None:
    log.info("x", action="y", name="n", module="m", args="a", message="t", level="l", filename="f")
    [record] = records(written)
    assert (record["name"], record["module"], record["message"]) == ("n", "m", "t")
    assert record["level"] == "info"


def test_below_its_level_nothing_is_written() -> None:
    out = io.StringIO()
    logs.configure(LogSection(level="warning", format="json"), stream=out)
    log.info("quiet", action="quiet")
    logging.getLogger("lib").info("quiet")
    log.warning("loud", action="loud")
    logs.reset()
    assert [record["action"] for record in records(out)] == ["loud"]


def test_libraries_that_log_statements_with_their_values_are_quiet_even_at_debug(written: io.StringIO) -> None:
    logging.getLogger("sqlalchemy.engine.Engine").info("INSERT … %s", "what somebody wrote")
    logging.getLogger("aiohttp.access").info("GET /hook?token=x")
    logging.getLogger("asyncio").debug("Using selector")
    assert records(written) == []


def test_configuring_twice_writes_once() -> None:
    first, second = io.StringIO(), io.StringIO()
    logs.configure(JSON, stream=first)
    logs.configure(JSON, stream=second)
    log.info("once", action="once")
    logs.reset()
    assert first.getvalue() == ""
    assert len(records(second)) == 1


def test_undoing_gives_the_root_logger_back() -> None:
    logs.configure(JSON, stream=io.StringIO())
    logs.reset()
    logs.reset()
    assert not any(isinstance(handler, logs.Handler) for handler in logging.getLogger().handlers)
    assert sys.excepthook is sys.__excepthook__


def test_a_terminal_gets_lines_for_people(shown: io.StringIO) -> None:
    log.warning("the clock went back", action="clock_went_back", seconds=7)
    assert "warning  the clock went back  action=clock_went_back seconds=7" in shown.getvalue()


# ---------------------------------------------------------------- secrets


class Unfriendly:
    """Something whose text cannot be made."""

    def __str__(self) -> str:
        raise RuntimeError(CANARIES[0])

    __repr__ = __str__


def raise_deep(secret: str) -> str:
    """An error caused by an error that both quote the secret."""
    known: dict[str, str] = {}
    try:
        return known[secret]
    except KeyError as problem:
        raise ValueError(f"https://host/api?access_token={quote(secret, safe='')}") from problem


def spellings(secret: str) -> list[str]:
    """How a secret may stand in a text."""
    return [
        secret,
        quote(secret, safe=""),
        quote(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        base64.b64encode(secret.encode()).decode(),
    ]


def log_everywhere(secret: str) -> None:
    """Put one secret in every place that a record has."""
    for way in spellings(secret):
        log.info(f"message {way}", action="canary")  # noqa: G004 - the very mistake that is guarded against
        log.info("fact", action="canary", fact=way, **{"a " + way: 1})
        log.info("nested", action=way, fact={"deep": [{"deeper": (way,)}], way: 1}, other=[way, {way}])
        log.info(f"{'x' * (logs.MAX_VALUE - 10)}{way}", action="canary")  # noqa: G004 - cut in the middle of it
        logging.getLogger("lib").error("of a library %s", way)
    log.info("bytes", action="canary", data=secret.encode())
    log.info("object", action="canary", thing=PlatformError(FailureKind.RETRY, code=secret))
    log.info("unfriendly", action="canary", thing=Unfriendly())
    try:
        raise_deep(secret)
    except ValueError as problem:
        log.exception("failed", action="canary")
        log.warning("failed", action="canary", exc_info=problem)
        logging.getLogger("lib").exception("failed")
    logging.getLogger("lib").error("wrong number of arguments %s %s", secret)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(secret, stacklevel=1)


@pytest.mark.parametrize("secret", CANARIES)
@pytest.mark.parametrize("settings", [JSON, CONSOLE], ids=["json", "console"])
def test_a_secret_is_written_nowhere_in_no_spelling(secret: str, settings: LogSection) -> None:
    out = io.StringIO()
    logs.configure(settings, secrets=CANARIES, stream=out)
    log_everywhere(secret)
    logs.reset()
    text = out.getvalue()
    assert text.count("canary") > 20  # the actions
    assert [way for way in spellings(secret) if way in text] == []
    assert logs.MASK in text


@pytest.mark.parametrize(
    ("told", "leaked"),
    [
        ("GET https://host/x?access_token=t-g1044qeGEDXTB6N&page=2", "t-g1044qeGEDXTB6N"),
        ("GET https://host/x?corpid=ww1&corpsecret=abcdefgh", "abcdefgh"),
        ("Authorization: Bearer t-g1044qeGEDXTB6N", "t-g1044qeGEDXTB6N"),
        ("{'app_secret': 'GeheimGeheim', 'app_id': 'cli_1'}", "GeheimGeheim"),
        ('{"tenant_access_token":"t-caecc734c2e3328a62489fe0648c4b98779515d3"}', "caecc734"),
        ("postgresql://huiyin:hunter2hunter2@db/huiyin", "hunter2hunter2"),
        ("wss://host/ws?ticket=abcdef123456&id=7", "abcdef123456"),
        ("sign=x timestamp=1 signature=0123456789abcdef", "0123456789abcdef"),
    ],
)
def test_what_looks_like_a_secret_is_written_nowhere(written: io.StringIO, told: str, leaked: str) -> None:
    """Tokens are made while the program runs; nobody could name them beforehand."""
    log.info(told, action="call", url=told)
    log.warning("failed", action="call", exc_info=RuntimeError(told))
    assert leaked not in written.getvalue()


@pytest.mark.parametrize("name", ["token", "app_secret", "encrypt_key", "Authorization", "password", "api_key"])
def test_facts_with_the_name_of_a_secret_are_masked(written: io.StringIO, name: str) -> None:
    log.info("x", action="y", **{name: "value-of-it"}, table={name: "value-of-it"})
    assert "value-of-it" not in written.getvalue()


def test_of_bodies_only_the_size_is_written(written: io.StringIO) -> None:
    log.info("x", action="y", body="今天的会议改到三点", raw=b"\x00\x01", text="hello")
    [record] = records(written)
    assert record["body"] == "<9 characters>"
    assert record["raw"].startswith("<2 bytes sha256:")
    assert "hello" not in written.getvalue()


def test_a_short_word_is_no_secret() -> None:
    assert logs.Redactor(["", "a", "abc"]).clean("abc a") == "abc a"


def test_the_longer_of_two_secrets_is_taken_out_whole() -> None:
    assert logs.Redactor(["canary", "canary-long"]).clean("canary-long canary") == "*** ***"


# ---------------------------------------------------------------- forging

FORGERIES = [
    '张三\n{"action": "approved", "level": "info"}',
    "张三\r\nforged",
    "a\u2028forged",
    "a\u2029forged",
    "a\x85forged",
    "a\x0bforged\x0c",
    "\u202egnp.exe",
    "\u2066\u2067\u2068x\u2069",
    "\u200f\u200eab\u061c",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b31m",
    "nul\x00byte",
    "back\x08\x08space",
    "del\x7f",
    "tab\tseparated",
    "zero\u200bwidth\u200c\u200d",
    "mark\ufeff",
    "lone \ud800 surrogate",
    "\udfff",
    "\u2060\u2063\u206f",
    '"}\n{"action":"x"}',
    "\\n not a line end",
    "a" * 10_000 + "\nforged",
    "\n" * 1_000,
    "\r",
    "%s %d %(name)s",
    "{event} {0}",
    "𠮷野家👨‍👩‍👧",
    "e\u0301",
]


@pytest.mark.parametrize("name", FORGERIES)
@pytest.mark.parametrize("settings", [JSON, CONSOLE], ids=["json", "console"])
def test_no_name_can_forge_a_line_or_turn_it_round(name: str, settings: LogSection) -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="utf-8", write_through=True, newline="")
    logs.configure(settings, stream=out)
    log.info(name, action="x", who=name, many=[name], **{name: 1})
    logging.getLogger("lib").warning(name)
    logs.reset()
    text = raw.getvalue().decode()
    assert text.count("\n") == 2
    assert len(text.splitlines()) == 2
    assert not any(
        ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u202e\u2066\u2028\u200b\ufeff" for c in text.replace("\n", "")
    )
    if settings is JSON:
        assert all(json.loads(line)["level"] in {"info", "warning"} for line in text.splitlines())


def test_no_line_of_a_traceback_can_pass_for_a_record(shown: io.StringIO) -> None:
    problem = ValueError("x\n12:00:00.000 info     forged  action=approved\r12:00")
    log.warning("failed", action="oops", exc_info=problem)
    lines = shown.getvalue().split("\n")
    assert [line for line in lines[1:] if line and not line.startswith("    │ ")] == []
    assert "\r" not in shown.getvalue()


# ---------------------------------------------------------------- what nobody caught


def test_a_thread_that_dies_is_reported_without_secrets(written: io.StringIO) -> None:
    def die() -> None:
        raise ValueError(CANARIES[0])

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    [record] = records(written)
    assert record["level"] == "critical"
    assert "ValueError: ***" in record["exception"]


@pytest.mark.slow
def test_an_error_that_ends_the_program_is_reported_without_secrets() -> None:
    script = (
        "from bot import logs; from bot.config import LogSection\n"
        "logs.configure(LogSection(format='json'), secrets=['canary-4711-plain'])\n"
        "raise ValueError('canary-' + '4711-plain')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter
    assert done.returncode == 1
    assert "ValueError: ***" in json.loads(done.stderr)["exception"]


def test_a_long_text_costs_little(written: io.StringIO) -> None:
    """The patterns look at every character once, whatever stands there; a body of 256 KiB is the longest there is."""
    for piece in ("a", "token", "://", "bearer ", "secret=", "-_"):
        log.info(piece * (262_144 // len(piece)), action="x")
    assert len(written.getvalue()) < 10 * logs.MAX_VALUE


def test_a_stream_that_is_closed_stops_nothing() -> None:
    out = io.StringIO()
    logs.configure(JSON, stream=out)
    out.close()
    log.info("into the void", action="x")
    logs.reset()
