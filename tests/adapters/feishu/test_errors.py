"""The platform's codes and what each asks of us. The table is the documentation's, written down once more by hand."""

from __future__ import annotations

import json

import pytest

from adapters._hardened_json import JsonTable, JsonValue
from adapters._http import HttpAnswer
from adapters.feishu.errors import CARD_CODES, CODES, STREAM_CODES, read_failure
from adapters.feishu.hints import HINTS, hint
from bot.errors import FailureKind, PlatformError

RETRY, REFRESH, PERMANENT = FailureKind.RETRY, FailureKind.REFRESH, FailureKind.PERMANENT
ADMINISTRATOR, UNKNOWN, GONE, DEGRADE = (
    FailureKind.ADMINISTRATOR,
    FailureKind.UNKNOWN,
    FailureKind.GONE,
    FailureKind.DEGRADE,
)

#: (code, meaning in the documentation, what it asks of us)
TABLE: tuple[tuple[int, str, FailureKind], ...] = (
    (99991661, "token missing", PERMANENT),
    (99991662, "app disabled", ADMINISTRATOR),
    (99991663, "tenant token invalid or expired", REFRESH),
    (99991664, "app token invalid", REFRESH),
    (99991665, "tenant invalid", ADMINISTRATOR),
    (99991668, "user token invalid", PERMANENT),
    (99991669, "refresh token bad", PERMANENT),
    (99991671, "token of the wrong form", REFRESH),
    (99991672, "app lacks a scope", ADMINISTRATOR),
    (99991673, "app not available in the tenant", ADMINISTRATOR),
    (99991677, "user token expired", PERMANENT),
    (99991679, "user has not granted the scope", PERMANENT),
    (99991400, "frequency limit", RETRY),
    (99991401, "address not on the app's list", ADMINISTRATOR),
    (99991403, "monthly quota used up", ADMINISTRATOR),
    (99991402, "bad parameter", PERMANENT),
    (99992402, "bad parameter", PERMANENT),
    (99992351, "open_id unknown", PERMANENT),
    (99992352, "department id unknown", PERMANENT),
    (99992361, "open_id of another app", PERMANENT),
    (99992354, "message_id unknown", GONE),
    (99992359, "user_id bad", PERMANENT),
    (99992360, "union_id of another tenant", PERMANENT),
    (99992364, "user_id of another tenant", PERMANENT),
    (10003, "app_id wrong", ADMINISTRATOR),
    (10014, "app_secret wrong", ADMINISTRATOR),
    (10015, "app_secret wrong", ADMINISTRATOR),
    (1500, "internal", RETRY),
    (2200, "internal", RETRY),
    (230001, "bad parameter", PERMANENT),
    (230002, "bot is not in the group", GONE),
    (230006, "bot ability off", ADMINISTRATOR),
    (230009, "recall window over", GONE),
    (230011, "message recalled", GONE),
    (230012, "not the sender", PERMANENT),
    (230013, "person outside the availability range", GONE),
    (230015, "sharing not allowed", DEGRADE),
    (230017, "not the owner of the resource", PERMANENT),
    (230018, "group settings forbid it", DEGRADE),
    (230019, "thread gone", GONE),
    (230020, "frequency of a chat or person", RETRY),
    (230022, "sensitive words", DEGRADE),
    (230023, "too many unread urgents", DEGRADE),
    (230024, "urgent quota used up", DEGRADE),
    (230025, "too long", DEGRADE),
    (230026, "recall not allowed", GONE),
    (230027, "missing permission or external group", PERMANENT),
    (230028, "data guard", DEGRADE),
    (230029, "person has resigned", GONE),
    (230031, "card older than 14 days", GONE),
    (230033, "read state older than 7 days", GONE),
    (230034, "receive_id invalid", PERMANENT),
    (230035, "sending denied", GONE),
    (230036, "tenant key deleted", ADMINISTRATOR),
    (230038, "cross-tenant chat not allowed", GONE),
    (230049, "same uuid is being sent", RETRY),
    (230050, "message invisible", GONE),
    (230052, "urgent restricted to admins", DEGRADE),
    (230053, "person has stopped the bot", GONE),
    (230054, "type unsupported here", DEGRADE),
    (230055, "file type mismatch", PERMANENT),
    (230071, "thread unsupported", GONE),
    (230072, "cannot be answered or edited", GONE),
    (230075, "edit window over", GONE),
    (230098, "folded message", DEGRADE),
    (230099, "card could not be made", DEGRADE),
    (230110, "message deleted", GONE),
    (230111, "message destroys itself", GONE),
    (232009, "chat dissolved", GONE),
    (11232, "system busy", RETRY),
    (11233, "limit", RETRY),
    (11247, "day limit", RETRY),
    (232011, "bot not in the chat", GONE),
    (232019, "throttle of a chat", RETRY),
    (232022, "a person has resigned", PERMANENT),
    (232024, "a person outside the availability range", PERMANENT),
    (232043, "unavailable ids", PERMANENT),
    (232025, "bot ability off", ADMINISTRATOR),
    (232068, "group is being created", RETRY),
    (40003, "internal", RETRY),
    (40004, "no department authority", ADMINISTRATOR),
    (40011, "page_size", PERMANENT),
    (40012, "page_token", PERMANENT),
    (40014, "parent department outside the range", ADMINISTRATOR),
    (40162, "recursion refused", PERMANENT),
    (43010, "department too large", PERMANENT),
    (41012, "bad user id", PERMANENT),
    (41050, "no user authority", ADMINISTRATOR),
)
#: why a card could not be made
SUB_CODES = (
    (100290, DEGRADE), (11310, DEGRADE), (200380, DEGRADE), (200381, DEGRADE), (200621, DEGRADE), (200732, DEGRADE),
    (200861, DEGRADE), (200570, DEGRADE), (200914, DEGRADE), (200915, DEGRADE), (200800, GONE), (987654, DEGRADE),
)  # fmt: skip
#: the call that opens the long connection
STREAM_TABLE = (
    (1, RETRY), (403, ADMINISTRATOR), (514, ADMINISTRATOR), (1000040343, RETRY), (1000040344, ADMINISTRATOR),
    (1000040350, RETRY), (1000040351, ADMINISTRATOR),
)  # fmt: skip


def answer(status: int = 400, **headers: str) -> HttpAnswer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpAnswer(status=status, headers=named, body=b"")


def failure(code: object, *, status: int = 400, msg: str = "", **headers: str) -> PlatformError:
    body: JsonTable = {"code": code, "msg": msg}  # type: ignore[dict-item] # wrong types are part of the test
    found = read_failure(answer(status, **headers), body, operation="im.v1.message.create")
    assert found is not None
    return found


@pytest.mark.parametrize(("code", "meaning", "kind"), TABLE)
@pytest.mark.parametrize("status", [200, 400])
def test_each_code_asks_what_the_documentation_says(code: int, meaning: str, kind: FailureKind, status: int) -> None:
    found = failure(code, status=status)
    assert (found.kind, found.code) == (kind, str(code)), meaning
    assert found.operation == "im.v1.message.create"


def test_nothing_of_the_table_is_missing_and_nothing_is_in_it_twice() -> None:
    codes = [code for code, _, _ in TABLE]
    assert len(codes) == len(set(codes))
    assert set(codes) <= CODES.keys()
    assert set(STREAM_CODES) == {code for code, _ in STREAM_TABLE}


@pytest.mark.parametrize(("code", "kind"), SUB_CODES)
def test_the_sub_code_of_a_card_decides(code: int, kind: FailureKind) -> None:
    found = failure(230099, msg=f"Failed to create card content, ext=ErrCode: {code}; ErrMsg: x; ErrorValue: y")
    assert (found.kind, found.code) == (kind, f"230099/{code}")


@pytest.mark.parametrize(("code", "kind"), STREAM_TABLE)
def test_the_small_codes_of_the_long_connection_count_there_only(code: int, kind: FailureKind) -> None:
    found = read_failure(answer(200), {"code": code}, operation="callback.ws.endpoint", codes=STREAM_CODES)
    assert found is not None
    assert found.kind is kind
    assert failure(code).kind is PERMANENT


@pytest.mark.parametrize("codes", [CODES, CARD_CODES, STREAM_CODES])
def test_whoever_has_to_help_is_told_where(codes: dict[int, object]) -> None:
    for code in codes:
        found = read_failure(answer(), {"code": code}, operation="o", codes=codes)  # type: ignore[arg-type] # one of three
        assert found is not None
        if found.kind is ADMINISTRATOR:
            assert " / " in found.hint, code


def test_missing_scopes_are_named_in_the_hint() -> None:
    violations: list[JsonValue] = [
        {"type": "action_scope_required", "subject": "im:message.group_msg"},
        {"type": "action_scope_required", "subject": "im:chat"},
        {"type": "x", "subject": "<at id=all></at>"},
        {"type": "x", "subject": 7},
        "im:resource",
    ]
    body: JsonTable = {"code": 99991672, "error": {"permission_violations": violations}}
    found = read_failure(answer(), body, operation="o")
    assert found is not None
    assert "im:chat、im:message.group_msg（应用身份）" in found.hint
    assert "<at" not in found.hint
    assert "权限管理" in found.hint


def test_a_hint_stays_a_sentence_when_the_answer_names_no_scope() -> None:
    assert "见应答" in failure(99991672).hint


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"x_ogw_ratelimit_reset": "7", "retry_after": "9"}, 7_000),
        ({"retry_after": "3"}, 3_000),
        ({"retry_after": "0"}, 200),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 1_000),
        ({"retry_after": "99999999999"}, 1_000),
        ({"retry_after": "-1"}, 1_000),
        ({}, 1_000),
    ],
)
def test_the_platforms_word_on_waiting_counts(headers: dict[str, str], waits: int) -> None:
    assert failure(99991400, status=429, **headers).retry_after_ms == waits


def test_only_a_call_that_may_come_again_has_a_waiting_time() -> None:
    assert failure(230002, retry_after="5").retry_after_ms is None
    assert (failure(230020).retry_after_ms or 0) >= 1_000


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, UNKNOWN), (500, UNKNOWN), (502, UNKNOWN), (504, UNKNOWN), (503, RETRY), (429, RETRY), (400, PERMANENT),
        (401, ADMINISTRATOR), (404, PERMANENT), (407, ADMINISTRATOR), (413, PERMANENT),
    ],
)  # fmt: skip
def test_without_a_code_the_status_decides_and_what_may_have_happened_is_unknown(
    status: int, kind: FailureKind
) -> None:
    for body in (None, {"msg": "x"}, {"code": "0"}, {"code": True}, {"code": None}, {"code": 0.5}):
        found = read_failure(answer(status), body, operation="o")  # type: ignore[arg-type] # wrong shapes on purpose
        assert found is not None
        assert (found.kind, found.code) == (kind, f"http_{status}")


@pytest.mark.parametrize(("status", "kind"), [(400, PERMANENT), (429, RETRY), (500, RETRY), (200, PERMANENT)])
def test_a_code_that_nobody_knows_is_judged_by_its_status(status: int, kind: FailureKind) -> None:
    assert failure(123456, status=status).kind is kind


def test_success_is_no_failure() -> None:
    assert read_failure(answer(200), {"code": 0, "msg": "ok"}, operation="o") is None


def test_an_error_says_nothing_of_the_answer() -> None:
    found = failure(230001, msg="secret words of a message")
    assert "secret" not in str(found) + repr(found) + json.dumps(vars(found), default=str)


@pytest.mark.parametrize("key", HINTS)
def test_each_hint_is_in_both_languages_with_nothing_left_open(key: str) -> None:
    said = hint(key, scopes=["im:chat"])
    chinese, _, english = said.partition(" / ")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
    assert english
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)
    assert "{" not in said


def test_each_hint_of_the_table_exists() -> None:
    used = {verdict.hint for codes in (CODES, CARD_CODES, STREAM_CODES) for verdict in codes.values()}
    assert used - {""} <= HINTS.keys()
    assert hint("") == ""
