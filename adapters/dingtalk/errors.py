"""The platform's error codes as data: what each asks of us (dingtalk.md 1.3, 3.1, 4, 5, 6). Pure.

Two generations of answers: the newer says HTTP status and a word, the older HTTP 200 and a number, sometimes with the
real one in `sub_code`. Only codes decide, never the words around them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adapters._hardened_json import JsonTable
from adapters._http import HttpAnswer
from adapters._members import table, text, texts
from adapters.dingtalk.hints import hint
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


_QPS = Verdict(_RETRY, retry_after_ms=2_000)
_MINUTE = Verdict(_RETRY, retry_after_ms=60_000)

#: words of the newer answers; compared by their last part where the whole is not listed
WORDS: Mapping[str, Verdict] = {
    "InvalidAuthentication": Verdict(_REFRESH),
    "invalidClientIdOrSecret": Verdict(_ADMINISTRATOR, "credentials"),
    "invalid.client": Verdict(_ADMINISTRATOR, "credentials"),
    "unauthorized.client": Verdict(_ADMINISTRATOR, "credentials"),
    "AccessTokenPermissionDenied": Verdict(_ADMINISTRATOR, "permission"),
    "IpNotInWhiteList": Verdict(_ADMINISTRATOR, "ip_allow_list"),
    "QpsLimitForAppkeyAndApi": _QPS,
    "QpsLimitForApi": _QPS,
    "QpmLimitForAppkeyAndApi": _MINUTE,
    "ApiCountLimitForOrg": Verdict(_ADMINISTRATOR, "budget"),
    "system.busy": Verdict(_RETRY, retry_after_ms=1_000),
    "ServiceUnavailable": Verdict(_RETRY, retry_after_ms=1_000),
    # cards
    "param.cardAlreadyExist": Verdict(_PERMANENT, "bug"),
    "param.templateNotExist": Verdict(_DEGRADE, "template"),
    "param.templateUnpublished": Verdict(_DEGRADE, "template"),
    "param.contentUnsafe": Verdict(_DEGRADE, "unsafe"),
    "param.openSpaceIdInvalid": Verdict(_GONE),
    "param.userIdNotExist": Verdict(_GONE),
    "param.cardNotExist": Verdict(_GONE),
    "param.empty": Verdict(_DEGRADE, "bug"),
    "param.spaceDeliverModelEmpty": Verdict(_DEGRADE, "bug"),
    # robot messages
    "invalid.openConversationId": Verdict(_GONE),
    "group.disbanded": Verdict(_GONE),
    "conversation.org.notMatch": Verdict(_GONE),
    "invalidParameter.robotCode.auth": Verdict(_ADMINISTRATOR, "robot"),
    "invalidParameter.robotCode.notExsit": Verdict(_GONE, "not_in_group"),
    "resource.not.found": Verdict(_GONE, "not_in_group"),
    "invalidParameter.robotCode.coolApp": Verdict(_GONE, "not_in_group"),
    "bot.stopped": Verdict(_ADMINISTRATOR, "robot"),
    "template.stopped": Verdict(_ADMINISTRATOR, "group_template"),
    "chatbotId.notAllow.sendOTO": Verdict(_ADMINISTRATOR, "robot"),
    "robot.oto.notExist": Verdict(_ADMINISTRATOR, "robot"),
    "send.too.fast": Verdict(_RETRY, retry_after_ms=5_000),
    "too.many.group": Verdict(_PERMANENT),
    "invalidParameter.msgKey.invalid": Verdict(_DEGRADE, "bug"),
    "invalidParameter.msgParam.invalid": Verdict(_DEGRADE, "bug"),
    "invalidParameter.msgParam.tooLong": Verdict(_DEGRADE),
    "contain.unsafe.url": Verdict(_DEGRADE, "unsafe"),
    "unknown.send.result": Verdict(_UNKNOWN),
    "staffId.notExisted": Verdict(_GONE),
    # groups
    "permession.checkFailed": Verdict(_PERMANENT, "contact_range"),
}

#: numbers of the older answers
NUMBERS: Mapping[str, Verdict] = {
    "-1": Verdict(_RETRY, retry_after_ms=1_000),
    "15": Verdict(_UNKNOWN),
    "88": Verdict(_PERMANENT),
    "33001": Verdict(_REFRESH),
    "40001": Verdict(_REFRESH),
    "40014": Verdict(_REFRESH),
    "41001": Verdict(_REFRESH),
    "42001": Verdict(_REFRESH),
    "40089": Verdict(_ADMINISTRATOR, "credentials"),
    "90018": _QPS,
    "90002": _QPS,
    "90020": Verdict(_ADMINISTRATOR, "budget"),
    "60020": Verdict(_ADMINISTRATOR, "ip_allow_list"),
    "43007": Verdict(_ADMINISTRATOR, "contact_range"),
    "50002": Verdict(_ADMINISTRATOR, "contact_range"),
    "50004": Verdict(_ADMINISTRATOR, "contact_range"),
    "60011": Verdict(_ADMINISTRATOR, "permission"),
    "33012": Verdict(_GONE),
    "60121": Verdict(_GONE),
    "60003": Verdict(_GONE),
    "400002": Verdict(_PERMANENT, "bug"),
    "400020": Verdict(_RETRY, retry_after_ms=3_000),
    # webhooks
    "300001": Verdict(_GONE),
    "300005": Verdict(_GONE),
    "430101": Verdict(_DEGRADE, "unsafe"),
    "430102": Verdict(_DEGRADE, "unsafe"),
    "430103": Verdict(_DEGRADE, "unsafe"),
    "430104": Verdict(_DEGRADE, "unsafe"),
    "130101": Verdict(_RETRY, retry_after_ms=60_000),
    "410100": Verdict(_RETRY, retry_after_ms=60_000),
}

#: a card under this id is there already: what was asked for is done
DONE_ALREADY = "param.cardAlreadyExist"
#: a permission point is missing; the older answers do not say which
NO_PERMISSION_CODES = frozenset({"60011", "88", "AccessTokenPermissionDenied"})
#: refusals of a card that have nothing to do with the length of its texts
FORM_CODES = frozenset({"param.templateNotExist", "param.templateUnpublished", "param.contentUnsafe"})
BUDGET_CODES = frozenset({"ApiCountLimitForOrg", "90020"})
_TOO_MANY, _SERVER = 429, 500


def read_failure(answer: HttpAnswer, body: JsonTable | None, *, operation: str) -> PlatformError | None:
    """The failure that an answer tells of, None when it tells of success. `body` is None when it was no JSON table."""
    if body is None:
        return _by_status(answer, operation=operation)
    if "punish" in body:
        return _failure(Verdict(_RETRY, "punished", retry_after_ms=300_000), "punished", body, operation)
    errcode = body.get("errcode")
    if errcode is not None:
        code = _number(body)
        return None if code == "0" else _failure(NUMBERS.get(code, Verdict(_PERMANENT)), code, body, operation)
    word = text(body, "code")
    if answer.status < 400 and not word:
        return None
    if not word:
        return _by_status(answer, operation=operation)
    return _failure(
        _of_word(word, answer), word.rsplit(".", 1)[-1] if word.startswith("Forbidden.") else word, body, operation
    )


def _number(body: JsonTable) -> str:
    """The code, or the one behind the general 88."""
    code = str(body.get("errcode"))
    sub = body.get("sub_code") or body.get("subCode")
    return str(sub) if code == "88" and sub else code


def _of_word(word: str, answer: HttpAnswer) -> Verdict:
    known = WORDS.get(word) or WORDS.get(word.rsplit(".", 1)[-1])
    if known is not None:
        return known
    if word in NUMBERS:
        return NUMBERS[word]
    if answer.status == _TOO_MANY:
        return _QPS
    if answer.status == 504:
        return Verdict(_UNKNOWN)
    if word.startswith("param."):
        return Verdict(_DEGRADE, "bug")  # something about a card, whose words may still go out
    return Verdict(_RETRY) if answer.status >= _SERVER else Verdict(_PERMANENT)


def _failure(verdict: Verdict, code: str, body: JsonTable, operation: str) -> PlatformError:
    points = texts(table(body, "accessdenieddetail") or table(body, "AccessDeniedDetail"), "requiredScopes")
    return PlatformError(
        verdict.kind,
        code=code[:80],
        hint=hint(verdict.hint, points=points),
        operation=operation,
        retry_after_ms=verdict.retry_after_ms if verdict.kind is _RETRY else None,
    )


def _by_status(answer: HttpAnswer, *, operation: str) -> PlatformError:
    """No code to go by: a gateway in between, or an answer that got damaged on its way."""
    code = f"http_{answer.status}"
    if answer.status in {_TOO_MANY, 503}:
        return PlatformError(_RETRY, code=code, operation=operation, retry_after_ms=2_000)
    if answer.status in {401, 407}:
        return PlatformError(_ADMINISTRATOR, code=code, operation=operation, hint=hint("base_url"))
    if 400 <= answer.status < _SERVER:
        return PlatformError(_PERMANENT, code=code, operation=operation, hint=hint("base_url"))
    # 200 without sense, or a gateway that gave up after three seconds: the call may well have been executed
    return PlatformError(_UNKNOWN, code=code, operation=operation)
