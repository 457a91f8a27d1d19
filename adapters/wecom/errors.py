"""The platform's error codes as data: what each asks of us (wecom.md 1.4, 5, 6). Pure.

Every answer carries `errcode`; only it decides. Its words are read for one thing: the address that a refused caller has to
tell the administrator.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

from adapters._hardened_json import JsonTable
from adapters._http import HttpAnswer
from adapters._members import text
from adapters.wecom.hints import hint
from bot.errors import FailureKind, PlatformError

_RETRY, _REFRESH, _PERMANENT = FailureKind.RETRY, FailureKind.REFRESH, FailureKind.PERMANENT
_ADMINISTRATOR, _UNKNOWN, _GONE, _DEGRADE = (
    FailureKind.ADMINISTRATOR, FailureKind.UNKNOWN, FailureKind.GONE, FailureKind.DEGRADE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a code asks of us, the hint's key, and how long to wait where the platform does not say."""

    kind: FailureKind
    hint: str = ""
    retry_after_ms: int | None = None


#: a minute's limit blocks for a minute (wecom.md 1.3)
_MINUTE = Verdict(_RETRY, retry_after_ms=60_000)

CODES: Mapping[int, Verdict] = {
    -1: Verdict(_RETRY, retry_after_ms=1_000),
    40001: Verdict(_ADMINISTRATOR, "credentials"),
    40013: Verdict(_ADMINISTRATOR, "credentials"),
    40056: Verdict(_ADMINISTRATOR, "credentials"),
    40014: Verdict(_REFRESH),
    41001: Verdict(_REFRESH),
    42001: Verdict(_REFRESH),
    40003: Verdict(_GONE),
    60111: Verdict(_GONE),
    46004: Verdict(_GONE),
    40008: Verdict(_DEGRADE, "bug"),
    40035: Verdict(_PERMANENT, "bug"),
    40058: Verdict(_PERMANENT, "bug"),
    40063: Verdict(_PERMANENT, "bug"),
    40050: Verdict(_GONE),
    86001: Verdict(_GONE),
    86003: Verdict(_GONE),
    86004: Verdict(_PERMANENT, "bug"),
    86006: Verdict(_PERMANENT),
    86008: Verdict(_PERMANENT, "foreign_group"),
    86216: Verdict(_PERMANENT),
    42045: Verdict(_DEGRADE, "bug"),
    45002: Verdict(_DEGRADE, "bug"),
    44004: Verdict(_PERMANENT, "bug"),
    45009: _MINUTE,
    45033: Verdict(_RETRY, retry_after_ms=2_000),
    48002: Verdict(_ADMINISTRATOR, "permission"),
    48009: Verdict(_ADMINISTRATOR, "permission"),
    50002: Verdict(_ADMINISTRATOR, "visible_range"),
    60011: Verdict(_ADMINISTRATOR, "visible_range"),
    301002: Verdict(_ADMINISTRATOR, "visible_range"),
    50003: Verdict(_ADMINISTRATOR, "app_disabled"),
    60020: Verdict(_ADMINISTRATOR, "trusted_ip"),
    81013: Verdict(_GONE, "visible_range"),
    82002: Verdict(_PERMANENT, "bug"),
    82003: Verdict(_PERMANENT, "bug"),
    # the bot
    93000: Verdict(_GONE, "bot_not_in_group"),
    93001: Verdict(_GONE, "bot_not_in_group"),
    93006: Verdict(_GONE, "bot_not_in_group"),
    93008: Verdict(_GONE, "bot_not_in_group"),
    846605: Verdict(_PERMANENT, "bug"),
    846608: Verdict(_GONE),
    853000: Verdict(_ADMINISTRATOR, "bot_credentials"),
}

#: a card's code was used before, is too old, or was never one; the platform's pages do not name the number
SPENT_OPERATION = "message/update_template_card"
#: people whom a whole call can be refused for
PEOPLE_CODES = frozenset({"86216", "40003", "60111", "46004"})
#: the group does not exist for this app
NO_GROUP_CODES = frozenset({"40050", "86001", "86003", "86008"})
_IP = re.compile(r"from ip: ?([0-9A-Fa-f.:]{3,45})")
_TOO_MANY, _SERVER = 429, 500


def read_failure(answer: HttpAnswer, body: JsonTable | None, *, operation: str) -> PlatformError | None:
    """The failure that an answer tells of, None when it tells of success. `body` is None when it was no JSON table."""
    code = body.get("errcode") if body is not None else None
    if body is None or isinstance(code, bool) or not isinstance(code, int):
        return _by_status(answer, operation=operation)
    return None if code == 0 else failure_of(code, body, operation=operation)


def failure_of(code: int, body: JsonTable, *, operation: str) -> PlatformError:
    """The failure of a code."""
    verdict = CODES.get(code, Verdict(_PERMANENT))
    if operation == SPENT_OPERATION and code not in CODES:
        verdict = Verdict(_GONE)  # the card cannot be changed any more; its next state is a new message
    return PlatformError(
        verdict.kind,
        code=str(code),
        hint=hint(verdict.hint, ip=_ip_of(body)),
        operation=operation,
        retry_after_ms=verdict.retry_after_ms if verdict.kind is _RETRY else None,
    )


def _ip_of(body: JsonTable) -> str:
    found = _IP.search(text(body, "errmsg"))
    try:
        return str(ipaddress.ip_address(found[1].rstrip("."))) if found is not None else ""
    except ValueError:
        return ""


def _by_status(answer: HttpAnswer, *, operation: str) -> PlatformError:
    """No code to go by: a gateway in between, or an answer that got damaged on its way."""
    code = f"http_{answer.status}"
    if answer.status in {_TOO_MANY, 503}:
        return PlatformError(_RETRY, code=code, operation=operation, retry_after_ms=2_000)
    if answer.status in {401, 407}:
        return PlatformError(_ADMINISTRATOR, code=code, operation=operation, hint=hint("base_url"))
    if 400 <= answer.status < _SERVER:
        return PlatformError(_PERMANENT, code=code, operation=operation, hint=hint("base_url"))
    # 200 without sense or 502 and 504: the call may well have been executed
    return PlatformError(_UNKNOWN, code=code, operation=operation)
