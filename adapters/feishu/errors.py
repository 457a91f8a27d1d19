"""The platform's error codes as data: what each asks of us (feishu.md 1.3, 2.8, 4.4, 5.8, 6, 7). Pure.

The vendor's own classifier is not used: it files a rate limit as a revoked target. Only the code decides; the message
text is read for one thing, the sub-code of a card that could not be made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from adapters._hardened_json import JsonTable
from adapters._http import HttpAnswer
from adapters.feishu.hints import hint
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


#: frequency of one chat or person; a second and a bit is what helps (feishu.md 5.1)
BUSY_MS = 1_200

#: every code that our calls can meet
CODES: Mapping[int, Verdict] = {
    # tokens, apps and tenants
    99991661: Verdict(_PERMANENT, "bug"),
    99991662: Verdict(_ADMINISTRATOR, "app_disabled"),
    99991663: Verdict(_REFRESH),
    99991664: Verdict(_REFRESH),
    99991665: Verdict(_ADMINISTRATOR, "app_disabled"),
    99991668: Verdict(_PERMANENT, "user_login"),
    99991669: Verdict(_PERMANENT, "user_login"),
    99991671: Verdict(_REFRESH),
    99991672: Verdict(_ADMINISTRATOR, "scopes"),
    99991673: Verdict(_ADMINISTRATOR, "app_disabled"),
    99991677: Verdict(_PERMANENT, "user_login"),
    99991679: Verdict(_PERMANENT, "user_login"),
    99991400: Verdict(_RETRY, retry_after_ms=1_000),
    99991401: Verdict(_ADMINISTRATOR, "ip_allow_list"),
    99991402: Verdict(_PERMANENT, "bug"),
    99991403: Verdict(_ADMINISTRATOR, "quota"),
    99992351: Verdict(_PERMANENT, "other_app"),
    99992352: Verdict(_PERMANENT, "other_app"),
    99992354: Verdict(_GONE),
    99992359: Verdict(_PERMANENT, "other_app"),
    99992360: Verdict(_PERMANENT, "other_app"),
    99992361: Verdict(_PERMANENT, "other_app"),
    99992364: Verdict(_PERMANENT, "other_app"),
    99992402: Verdict(_PERMANENT, "bug"),
    10003: Verdict(_ADMINISTRATOR, "credentials"),
    10014: Verdict(_ADMINISTRATOR, "credentials"),
    10015: Verdict(_ADMINISTRATOR, "credentials"),
    1500: Verdict(_RETRY),
    2200: Verdict(_RETRY),
    212100: Verdict(_ADMINISTRATOR, "app_disabled"),
    # messages
    230001: Verdict(_PERMANENT, "bug"),
    230002: Verdict(_GONE),
    230006: Verdict(_ADMINISTRATOR, "bot_ability"),
    230009: Verdict(_GONE),
    230011: Verdict(_GONE),
    230012: Verdict(_PERMANENT, "bug"),
    230013: Verdict(_GONE, "availability"),
    230015: Verdict(_DEGRADE),
    230017: Verdict(_PERMANENT, "bug"),
    230018: Verdict(_DEGRADE, "group_rights"),
    230019: Verdict(_GONE),
    230020: Verdict(_RETRY, retry_after_ms=BUSY_MS),
    230022: Verdict(_DEGRADE, "data_guard"),
    230023: Verdict(_DEGRADE),
    230024: Verdict(_DEGRADE),
    230025: Verdict(_DEGRADE),
    230026: Verdict(_GONE),
    # nearly always a group of several companies: this one place is closed to us, everything else goes on
    230027: Verdict(_PERMANENT, "external_group"),
    230028: Verdict(_DEGRADE, "data_guard"),
    230029: Verdict(_GONE),
    230031: Verdict(_GONE),
    230033: Verdict(_GONE),
    230034: Verdict(_PERMANENT, "other_app"),
    230035: Verdict(_GONE, "group_rights"),
    230036: Verdict(_ADMINISTRATOR, "tenant_key"),
    230038: Verdict(_GONE),
    230046: Verdict(_PERMANENT),
    230047: Verdict(_PERMANENT),
    230049: Verdict(_RETRY, retry_after_ms=1_000),
    230050: Verdict(_GONE),
    230052: Verdict(_DEGRADE, "group_rights"),
    230053: Verdict(_GONE),
    230054: Verdict(_DEGRADE),
    230055: Verdict(_PERMANENT, "bug"),
    230071: Verdict(_GONE),
    230072: Verdict(_GONE),
    230075: Verdict(_GONE),
    230098: Verdict(_DEGRADE),
    230099: Verdict(_DEGRADE),
    230110: Verdict(_GONE),
    230111: Verdict(_GONE),
    11232: Verdict(_RETRY, retry_after_ms=2_000),
    11233: Verdict(_RETRY, retry_after_ms=2_000),
    11247: Verdict(_RETRY, retry_after_ms=3_600_000),
    # cards, in answers of their own
    10002: Verdict(_DEGRADE, "bug"),
    11310: Verdict(_DEGRADE),
    11311: Verdict(_DEGRADE),
    100000: Verdict(_DEGRADE),
    100030: Verdict(_DEGRADE),
    200000: Verdict(_GONE),
    200310: Verdict(_PERMANENT, "bug"),
    200320: Verdict(_GONE),
    300020: Verdict(_GONE),
    300030: Verdict(_GONE),
    300040: Verdict(_GONE),
    300090: Verdict(_DEGRADE, "bug"),
    300305: Verdict(_DEGRADE),
    # groups
    232002: Verdict(_PERMANENT, "group_rights"),
    232009: Verdict(_GONE),
    232011: Verdict(_GONE),
    232012: Verdict(_PERMANENT),
    232013: Verdict(_PERMANENT),
    232014: Verdict(_PERMANENT, "group_rights"),
    232016: Verdict(_PERMANENT, "group_rights"),
    232017: Verdict(_PERMANENT, "group_rights"),
    232019: Verdict(_RETRY, retry_after_ms=BUSY_MS),
    232022: Verdict(_PERMANENT),
    232024: Verdict(_PERMANENT, "availability"),
    232025: Verdict(_ADMINISTRATOR, "bot_ability"),
    232027: Verdict(_PERMANENT),
    232028: Verdict(_PERMANENT),
    232040: Verdict(_PERMANENT),
    232043: Verdict(_PERMANENT, "availability"),
    232044: Verdict(_PERMANENT),
    232046: Verdict(_PERMANENT),
    232047: Verdict(_PERMANENT),
    232057: Verdict(_PERMANENT),
    232068: Verdict(_RETRY, retry_after_ms=1_000),
    232076: Verdict(_PERMANENT),
    232078: Verdict(_PERMANENT),
    232079: Verdict(_PERMANENT),
    232097: Verdict(_PERMANENT),
    # the address book
    40003: Verdict(_RETRY),
    40004: Verdict(_ADMINISTRATOR, "contact_range"),
    40011: Verdict(_PERMANENT, "bug"),
    40012: Verdict(_PERMANENT, "bug"),
    40014: Verdict(_ADMINISTRATOR, "contact_range"),
    40162: Verdict(_PERMANENT),
    41012: Verdict(_PERMANENT, "other_app"),
    41050: Verdict(_ADMINISTRATOR, "contact_range"),
    43010: Verdict(_PERMANENT),
}

#: why a card could not be made ("ErrCode: n" in the message of 230099); where not listed, a plain text helps
CARD_CODES: Mapping[int, Verdict] = {
    100290: Verdict(_DEGRADE),
    11310: Verdict(_DEGRADE),
    200380: Verdict(_DEGRADE, "bug"),
    200381: Verdict(_DEGRADE, "bug"),
    200570: Verdict(_DEGRADE, "bug"),
    200621: Verdict(_DEGRADE, "bug"),
    200732: Verdict(_DEGRADE, "bug"),
    # the message was made with another version of the card language and can never show this one: send anew
    200800: Verdict(_GONE),
    200830: Verdict(_GONE),
    200861: Verdict(_DEGRADE, "bug"),
    200914: Verdict(_DEGRADE),
    200915: Verdict(_DEGRADE),
}

#: answers of the call that opens the long connection; small numbers that mean something else elsewhere
STREAM_CODES: Mapping[int, Verdict] = {
    1: Verdict(_RETRY, retry_after_ms=5_000),
    403: Verdict(_ADMINISTRATOR, "credentials"),
    514: Verdict(_ADMINISTRATOR, "credentials"),
    1000040343: Verdict(_RETRY, retry_after_ms=5_000),
    1000040344: Verdict(_ADMINISTRATOR, "credentials"),
    1000040350: Verdict(_RETRY, "connections", retry_after_ms=60_000),
    1000040351: Verdict(_ADMINISTRATOR, "other_cloud"),
}

#: the message that was to be answered is not there any more, or cannot be answered
NO_ANSWER_CODES = frozenset({"230011", "230110", "230111", "230019", "230050", "230071", "230072", "99992354"})
#: somebody who is mentioned in a card is not known
BAD_MENTION_CODES = frozenset({"230099/100290"})
GUARDED_CODES = frozenset({"230022", "230028"})
TOO_LONG_CODES = frozenset({"230025"})
#: the key of a picture is not known, or belongs to something else
BAD_IMAGE_CODES = frozenset({"230001", "230055"})

_SUB_CODE = re.compile(r"ErrCode:\s*(\d{3,12})")
#: what a status says when there is no code to go by
_TOO_MANY, _SERVER = 429, 500


def read_failure(
    answer: HttpAnswer, body: JsonTable | None, *, operation: str, codes: Mapping[int, Verdict] = CODES
) -> PlatformError | None:
    """The failure that an answer tells of, None when it tells of success. `body` is None when it was no JSON table."""
    code = body.get("code") if body is not None else None
    if body is None or isinstance(code, bool) or not isinstance(code, int):
        return _by_status(answer, operation=operation)
    if code == 0:
        return None
    verdict, shown = _verdict(code, body, answer, codes)
    return PlatformError(
        verdict.kind,
        code=shown,
        hint=hint(verdict.hint, scopes=missing_scopes(body)),
        operation=operation,
        retry_after_ms=_waiting_time(answer, verdict),
    )


def missing_scopes(body: JsonTable) -> tuple[str, ...]:
    """The scopes that a refusal names, as far as they are texts."""
    error = body.get("error")
    found = error.get("permission_violations") if isinstance(error, dict) else None
    violations = found if isinstance(found, list) else []
    subjects = [one.get("subject") for one in violations if isinstance(one, dict)]
    return tuple(one for one in subjects if isinstance(one, str))


def _verdict(code: int, body: JsonTable, answer: HttpAnswer, codes: Mapping[int, Verdict]) -> tuple[Verdict, str]:
    if code == 230099:
        message = body.get("msg")
        found = _SUB_CODE.search(message) if isinstance(message, str) else None
        if found is not None:
            return CARD_CODES.get(int(found[1]), CODES[code]), f"{code}/{found[1]}"
    if code in codes:
        return codes[code], str(code)
    if answer.status == _TOO_MANY:
        return CODES[99991400], str(code)
    if answer.status >= _SERVER:
        return Verdict(_RETRY), str(code)
    return Verdict(_PERMANENT), str(code)


def _by_status(answer: HttpAnswer, *, operation: str) -> PlatformError:
    """No code to go by: a gateway in between, or an answer that got damaged on its way."""
    code = f"http_{answer.status}"
    wait = _waiting_time(answer, Verdict(_RETRY))
    if answer.status == _TOO_MANY or answer.status == 503:
        return PlatformError(_RETRY, code=code, operation=operation, retry_after_ms=wait)
    if answer.status in {401, 407}:
        return PlatformError(_ADMINISTRATOR, code=code, operation=operation, hint=hint("base_url"))
    if 400 <= answer.status < _SERVER:
        return PlatformError(_PERMANENT, code=code, operation=operation, hint=hint("base_url"))
    # 200 without sense or 502 and 504: the call may well have been executed
    return PlatformError(_UNKNOWN, code=code, operation=operation)


def _waiting_time(answer: HttpAnswer, verdict: Verdict) -> int | None:
    """What the platform asks us to wait, where it says so; else what the code is known to need."""
    if verdict.kind is not _RETRY:
        return None
    for name in ("x-ogw-ratelimit-reset", "retry-after"):
        seconds = answer.headers.get(name, "").strip()
        if seconds.isascii() and seconds.isdigit() and len(seconds) <= 6:
            return max(int(seconds) * 1_000, 200)
    return verdict.retry_after_ms
