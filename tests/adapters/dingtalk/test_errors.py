"""What each refusal asks of us: the platform's two generations of answers, and what comes in their place."""

from __future__ import annotations

import pytest

from adapters._hardened_json import JsonTable
from adapters._http import HttpAnswer
from adapters.dingtalk.errors import NUMBERS, WORDS, read_failure
from adapters.dingtalk.hints import HINTS, hint
from bot.errors import FailureKind, PlatformError

RETRY, REFRESH, PERMANENT = FailureKind.RETRY, FailureKind.REFRESH, FailureKind.PERMANENT
ADMINISTRATOR, UNKNOWN, GONE, DEGRADE = (
    FailureKind.ADMINISTRATOR,
    FailureKind.UNKNOWN,
    FailureKind.GONE,
    FailureKind.DEGRADE,
)


def failure(status: int, body: JsonTable | None) -> PlatformError | None:
    return read_failure(HttpAnswer(status=status, headers={}, body=b""), body, operation="op")


@pytest.mark.parametrize("body", [{}, {"processQueryKey": "x"}, {"errcode": 0, "errmsg": "ok"}, {"success": True}])
def test_success_is_no_failure(body: JsonTable) -> None:
    assert failure(200, body) is None


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, {"code": "InvalidAuthentication"}, REFRESH, "InvalidAuthentication"),
        (400, {"code": "invalidClientIdOrSecret"}, ADMINISTRATOR, "invalidClientIdOrSecret"),
        (
            403,
            {"code": "Forbidden.AccessDenied.AccessTokenPermissionDenied"},
            ADMINISTRATOR,
            "AccessTokenPermissionDenied",
        ),
        (403, {"code": "Forbidden.AccessDenied.IpNotInWhiteList"}, ADMINISTRATOR, "IpNotInWhiteList"),
        (403, {"code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"}, RETRY, "QpsLimitForAppkeyAndApi"),
        (403, {"code": "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"}, RETRY, "QpmLimitForAppkeyAndApi"),
        (403, {"code": "Forbidden.AccessDenied.ApiCountLimitForOrg"}, ADMINISTRATOR, "ApiCountLimitForOrg"),
        (500, {"code": "system.busy"}, RETRY, "system.busy"),
        (503, {"code": "ServiceUnavailable"}, RETRY, "ServiceUnavailable"),
        (500, {"code": "something.new"}, RETRY, "something.new"),
        (504, {"code": "something.new"}, UNKNOWN, "something.new"),
        (429, {"code": "something.new"}, RETRY, "something.new"),
        (400, {"code": "something.new"}, PERMANENT, "something.new"),
        (400, {"code": "param.templateNotExist"}, DEGRADE, "param.templateNotExist"),
        (400, {"code": "param.cardNotExist"}, GONE, "param.cardNotExist"),
        (400, {"code": "invalidParameter.robotCode.notExsit"}, GONE, "invalidParameter.robotCode.notExsit"),
        (400, {"code": "unknown.send.result"}, UNKNOWN, "unknown.send.result"),
        (400, {"code": "invalidParameter.msgParam.tooLong"}, DEGRADE, "invalidParameter.msgParam.tooLong"),
        (200, {"errcode": 40014}, REFRESH, "40014"),
        (200, {"errcode": 42001}, REFRESH, "42001"),
        (200, {"errcode": 88, "sub_code": "40014"}, REFRESH, "40014"),
        (200, {"errcode": 88, "sub_code": "90018"}, RETRY, "90018"),
        (200, {"errcode": 88, "sub_code": "60011"}, ADMINISTRATOR, "60011"),
        (200, {"errcode": 88}, PERMANENT, "88"),
        (200, {"errcode": -1}, RETRY, "-1"),
        (200, {"errcode": 90020}, ADMINISTRATOR, "90020"),
        (200, {"errcode": 15}, UNKNOWN, "15"),
        (200, {"errcode": 300001}, GONE, "300001"),
        (200, {"errcode": 60121}, GONE, "60121"),
        (200, {"errcode": "x"}, PERMANENT, "x"),
        (200, {"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}, RETRY, "punished"),
        (200, None, UNKNOWN, "http_200"),
        (504, None, UNKNOWN, "http_504"),
        (502, None, UNKNOWN, "http_502"),
        (503, None, RETRY, "http_503"),
        (429, None, RETRY, "http_429"),
        (404, None, PERMANENT, "http_404"),
        (401, None, ADMINISTRATOR, "http_401"),
        (500, {"message": "x"}, UNKNOWN, "http_500"),
    ],
)
def test_each_refusal_asks_for_one_thing(status: int, body: JsonTable | None, kind: FailureKind, code: str) -> None:
    found = failure(status, body)
    assert found is not None
    assert (found.kind, found.code) == (kind, code)


def test_missing_permissions_are_named_where_the_platform_names_them() -> None:
    body: JsonTable = {
        "code": "Forbidden.AccessDenied.AccessTokenPermissionDenied",
        "accessdenieddetail": {"requiredScopes": ["qyapi_robot_sendmsg", "不是权限 <b>", 7]},
    }
    found = failure(403, body)
    assert found is not None
    assert "qyapi_robot_sendmsg" in found.hint
    assert "<b>" not in found.hint


def test_whoever_is_asked_to_wait_is_told_how_long() -> None:
    found = failure(403, {"code": "Forbidden.AccessDenied.QpsLimitForApi"})
    assert found is not None
    assert found.retry_after_ms == 2_000
    punished = failure(200, {"punish": "deny", "status": 1111})
    assert punished is not None
    assert punished.retry_after_ms == 300_000


def test_words_around_a_code_decide_nothing() -> None:
    one = failure(400, {"code": "param.cardNotExist", "message": "a"})
    other = failure(400, {"code": "param.cardNotExist", "message": "system busy, please retry"})
    assert one is not None
    assert other is not None
    assert one.kind is other.kind is GONE


def test_every_verdict_has_its_hint_and_every_hint_its_use() -> None:
    for verdict in (*WORDS.values(), *NUMBERS.values()):
        assert verdict.hint in {"", *HINTS}
        assert (verdict.retry_after_ms is None) or verdict.kind is RETRY
    for key in HINTS:
        said = hint(key, points=["qyapi_chat_manage"])
        assert " / " in said
        assert "{" not in said
    assert hint("") == ""
