"""What the platform's refusals ask of us, and the sentence that an administrator gets (wecom.md 1.2, 1.4)."""

from __future__ import annotations

import pytest

from adapters._http import HttpAnswer
from adapters.wecom.errors import CODES, failure_of, read_failure
from adapters.wecom.hints import HINTS
from bot.errors import FailureKind

NOT_TRUSTED = (
    "not allow to access from your ip, hint: [1790000000_1_ab12], from ip: {ip}, more info at https://a.example"
)


@pytest.mark.parametrize("ip", ["203.0.113.7", "2001:db8::7"])
def test_an_address_that_is_not_trusted_is_named_with_where_to_enter_it(ip: str) -> None:
    problem = failure_of(60020, {"errmsg": NOT_TRUSTED.format(ip=ip)}, operation="message/send")
    assert problem.kind is FailureKind.ADMINISTRATOR
    assert f"把 {ip} 加到" in problem.hint
    assert "企业可信IP" in problem.hint
    assert f"Add {ip} under" in problem.hint


@pytest.mark.parametrize("words", ["", "from ip: ", "from ip: 999.1.1.1", "from ip: <script>"])
def test_without_an_address_the_sentence_says_whose_it_is(words: str) -> None:
    problem = failure_of(60020, {"errmsg": words}, operation="gettoken")
    assert "本机的公网出口 IP" in problem.hint
    assert "script" not in problem.hint


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-1, FailureKind.RETRY),
        (45009, FailureKind.RETRY),
        (40014, FailureKind.REFRESH),
        (42001, FailureKind.REFRESH),
        (40001, FailureKind.ADMINISTRATOR),
        (60011, FailureKind.ADMINISTRATOR),
        (853000, FailureKind.ADMINISTRATOR),
        (81013, FailureKind.GONE),
        (86003, FailureKind.GONE),
        (93006, FailureKind.GONE),
        (45002, FailureKind.DEGRADE),
        (42045, FailureKind.DEGRADE),
        (86006, FailureKind.PERMANENT),
        (99999, FailureKind.PERMANENT),
    ],
)
def test_a_code_asks_for_what_the_sheet_says(code: int, kind: FailureKind) -> None:
    assert failure_of(code, {}, operation="message/send").kind is kind


def test_a_minutes_limit_waits_a_minute() -> None:
    assert failure_of(45009, {}, operation="message/send").retry_after_ms == 60_000


def test_an_unknown_refusal_of_an_update_means_that_the_card_stays_as_it_is() -> None:
    assert failure_of(42081, {}, operation="message/update_template_card").kind is FailureKind.GONE
    assert failure_of(45009, {}, operation="message/update_template_card").kind is FailureKind.RETRY


def test_every_hint_of_a_code_is_a_sentence_in_two_languages() -> None:
    used = {verdict.hint for verdict in CODES.values() if verdict.hint}
    assert used <= HINTS.keys()
    assert all("/" in HINTS[key] for key in used)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, FailureKind.UNKNOWN),
        (502, FailureKind.UNKNOWN),
        (504, FailureKind.UNKNOWN),
        (429, FailureKind.RETRY),
        (503, FailureKind.RETRY),
        (407, FailureKind.ADMINISTRATOR),
        (404, FailureKind.PERMANENT),
    ],
)
def test_an_answer_without_a_code_is_read_by_its_status(status: int, kind: FailureKind) -> None:
    """A gateway's page behind which the call may have been made is in doubt, never a success."""
    problem = read_failure(HttpAnswer(status=status, headers={}, body=b"<html>"), None, operation="message/send")
    assert problem is not None
    assert problem.kind is kind


@pytest.mark.parametrize("code", [None, True, "0", 0.0])
def test_a_code_that_is_no_number_is_no_success(code: object) -> None:
    answer = HttpAnswer(status=200, headers={}, body=b"{}")
    assert read_failure(answer, {"errcode": code}, operation="message/send") is not None  # type: ignore[dict-item]  # hostile


def test_zero_is_success() -> None:
    assert (
        read_failure(HttpAnswer(status=200, headers={}, body=b"{}"), {"errcode": 0}, operation="message/send") is None
    )
