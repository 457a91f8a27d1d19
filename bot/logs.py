"""What the program writes about its work: one record a line, with an `action`, never a secret, never what people wrote.

Everything goes through the root logger, records of libraries and uncaught errors included, and is cleaned there: known
secrets and whatever looks like one become `***`, bytes become a size, and characters that could forge a line or turn a
text round are escaped (T15, T27). Configuring again replaces what was configured before.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol, TextIO
from urllib.parse import quote, quote_plus

import structlog
from structlog.typing import EventDict, Processor

MASK = "***"
#: a shorter text would be found everywhere; no platform gives out secrets that short
MIN_SECRET = 4
#: characters of one value, and of one traceback, that are written
MAX_VALUE = 2_000
MAX_TRACEBACK = 20_000
#: how deep nested values are written
_MAX_DEPTH = 4

#: names of facts whose values are never written, whatever they are
_SECRET_NAME = re.compile(
    r"(?i)(^|_)(token|secret|password|passwd|authorization|cookie|credential|api_?key|aes_?key|encrypt_?key|ticket)s?$"
)
#: names of facts of which only the size is written
_BODY_NAMES = frozenset({"body", "raw", "payload", "content", "text"})
#: what looks like a secret inside a text: a name, a sign, a value; a bearer; a login in an address
_LOOKS_SECRET = re.compile(
    r"""(?ix)
    (?P<name>(?:token|secret|password|passwd|aes_?key|encrypt_?key|ticket|signature)["']?\s*[=:]\s*["']?)
        [^\s"'&,;})\]]{4,}
    | (?P<bearer>\bbearer\s+)[\w.~+/=-]{4,}
    | (?P<login>://[^\s/:@]*:)[^\s/@]+(?=@)
    """
)
#: C0 without tab, line feed and carriage return; DEL and C1; marks that turn text; lines of Unicode; lone surrogates
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_BREAKS = re.compile("[\t\n\r]")

#: libraries whose small talk holds statements with their values, addresses with their queries, or nothing of use
_TALKATIVE = ("aiohttp", "asyncio", "apscheduler", "sqlalchemy", "alembic", "aiosqlite", "asyncpg", "websockets")


class LogSettings(Protocol):
    """The section `[log]`."""

    @property
    def level(self) -> str: ...
    @property
    def format(self) -> str: ...


class Redactor:
    """Takes secrets out of texts: the ones it was told, in every spelling they travel in, and what looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {way for secret in secrets if len(secret) >= MIN_SECRET for way in _spellings(secret)}
        longest_first = sorted(spellings, key=lambda way: (-len(way), way))
        self._known = re.compile("|".join(re.escape(way) for way in longest_first)) if longest_first else None

    def clean(self, text: str) -> str:
        """The text with `***` for every secret."""
        known = self._known.sub(MASK, text) if self._known is not None else text
        return _LOOKS_SECRET.sub(_masked, known)


def _masked(found: re.Match[str]) -> str:
    return (found["name"] or found["bearer"] or found["login"]) + MASK


def _spellings(secret: str) -> set[str]:
    """As it is, in addresses, in JSON, in Python's repr, in base64."""
    plain = {secret, secret.strip()}
    return {
        way
        for text in plain
        for way in (
            text,
            quote(text, safe=""),
            quote(text),
            quote_plus(text),
            json.dumps(text)[1:-1],
            json.dumps(text, ensure_ascii=False)[1:-1],
            repr(text)[1:-1],
            base64.b64encode(text.encode()).decode().rstrip("="),
        )
        if len(way) >= MIN_SECRET
    }


def inert(text: str) -> str:
    """The text on one line, with everything unseen written as its code."""
    return _BREAKS.sub(lambda found: {"\t": "\\t", "\n": "\\n", "\r": "\\r"}[found[0]], visible(text))


def visible(text: str) -> str:
    """The text with everything unseen written as its code; line ends stay."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


# ---------------------------------------------------------------- one record


class _Cleaner:
    """The last processor: an event becomes plain, clean values in a fixed order."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    def __call__(self, _: object, __: str, event: EventDict) -> EventDict:
        record: logging.LogRecord = event.pop("_record")
        event.pop("_from_structlog", None)
        error = self._traceback(event.pop("exc_info", None))
        clean: EventDict = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "action": self._text(event.pop("action", "log")),
            "event": self._text(event.pop("event", "")),
            "logger": self._text(record.name),
        }
        for name, value in event.items():
            if name not in {"level", "logger", "timestamp", "stack_info", "stack"}:
                clean[self._text(name)] = self._fact(name, value)
        if error:
            clean["exception"] = error
        return clean

    def _fact(self, name: str, value: object) -> object:
        if _SECRET_NAME.search(name):
            return MASK if value else value if isinstance(value, int | None) else ""
        if name in _BODY_NAMES and isinstance(value, str):
            return f"<{len(value)} characters>"
        return self._value(value, 0)

    def _value(self, value: object, depth: int) -> object:
        match value:
            case None | bool() | int() | float():
                return value if not isinstance(value, int) or abs(value) < 2**63 else str(value)
            case bytes() | bytearray() | memoryview():
                raw = bytes(value)
                return f"<{len(raw)} bytes sha256:{hashlib.sha256(raw).hexdigest()[:12]}>"
            case str():
                return self._text(value)
            case Mapping() if depth < _MAX_DEPTH:
                return {self._text(key): self._named(key, one, depth) for key, one in value.items()}
            case list() | tuple() | set() | frozenset() if depth < _MAX_DEPTH:
                return [self._value(one, depth + 1) for one in value]
            case _:
                return self._text(value)

    def _named(self, name: object, value: object, depth: int) -> object:
        is_plain = not isinstance(value, Mapping | list | tuple)
        return self._fact(str(name), value) if is_plain else self._value(value, depth + 1)

    def _text(self, value: object) -> str:
        """Cut after cleaning, so that no half of a secret is left over at the end."""
        text = inert(self._redactor.clean(_as_text(value)))
        return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + "…"

    def _traceback(self, exc_info: object) -> str:
        error = _error_of(exc_info)
        if error is None:
            return ""
        try:
            told = "".join(traceback.format_exception(error))
        except Exception as problem:  # noqa: BLE001 - an exception whose text cannot be made must not cost the record
            told = f"{type(error).__name__} (its text cannot be made: {type(problem).__name__})"
        text = visible(self._redactor.clean(told)).rstrip().replace("\r", "\\r")
        return text if len(text) <= MAX_TRACEBACK else "…" + text[-MAX_TRACEBACK:]


def _as_text(value: object) -> str:
    try:
        return str(value)
    except Exception as problem:  # noqa: BLE001 - a broken __str__ must not cost the record
        return f"<{type(value).__name__}: {type(problem).__name__}>"


def _error_of(exc_info: object) -> BaseException | None:
    match exc_info:
        case BaseException():
            return exc_info
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exc_info()[1]
        case _:
            return None


def _as_json(_: object, __: str, event: EventDict) -> str:
    return json.dumps(event, ensure_ascii=False, default=str)


def _as_line(_: object, __: str, event: EventDict) -> str:
    """For people at a terminal. Lines of a traceback are indented, so that none of them can pass for a record."""
    error = str(event.pop("exception", ""))
    at, level = str(event.pop("at"))[11:23], str(event.pop("level"))
    head = f"{at} {level:<8} {event.pop('event')}"
    facts = " ".join(f"{name}={value}" for name, value in event.items() if name != "logger")
    tail = "".join(f"\n    │ {line}" for line in error.split("\n")) if error else ""
    return f"{head}  {facts}{tail}"


class Handler(logging.StreamHandler[TextIO]):
    """Writes clean lines to the error output. What cannot be written is dropped with a fixed sentence, never shown."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        #: what stood here before us
        self.displaced = logging.getLogger().handlers
        self.displaced_level = logging.getLogger().level
        self.before = structlog.get_config()

    def handleError(self, record: logging.LogRecord) -> None:
        try:
            self.stream.write(f'{{"action": "log_failed", "logger": "{inert(record.name)}"}}\n')
        except (OSError, ValueError):
            return


# ---------------------------------------------------------------- set-up


def configure(settings: LogSettings, *, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send everything that is logged, by us, by libraries and by errors nobody caught, to `stream` (standard error)."""
    reset()
    out = stream or sys.stderr
    level = getattr(logging, settings.level.upper())
    is_console = settings.format == "console" or (settings.format == "auto" and out.isatty())
    handler = Handler(out)
    handler.setFormatter(_formatter(Redactor(secrets), _as_line if is_console else _as_json))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    sys.excepthook = _report_uncaught
    threading.excepthook = _report_dead_thread


def reset() -> None:
    """Undo `configure`; nothing happens when it was not called."""
    root = logging.getLogger()
    ours = [handler for handler in root.handlers if isinstance(handler, Handler)]
    for handler in ours:
        root.handlers = handler.displaced
        root.setLevel(handler.displaced_level)
        logging.captureWarnings(False)
        structlog.configure(**handler.before)
    if sys.excepthook is _report_uncaught:
        sys.excepthook = sys.__excepthook__
    if threading.excepthook is _report_dead_thread:
        threading.excepthook = threading.__excepthook__


def _formatter(
    redactor: Redactor, render: Callable[[object, str, EventDict], str]
) -> structlog.stdlib.ProcessorFormatter:
    cleaner: Processor = _Cleaner(redactor)
    return structlog.stdlib.ProcessorFormatter(processors=[cleaner, render])


def _report_uncaught(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("the program ended with an error", exc_info=error)


def _report_dead_thread(found: threading.ExceptHookArgs) -> None:
    logging.getLogger("bot").critical("a thread ended with an error", exc_info=found.exc_value)
