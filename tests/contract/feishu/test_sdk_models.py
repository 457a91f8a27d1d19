"""The judge of requests judges rightly: it knows the calls we make, and it finds what does not belong."""

from __future__ import annotations

import pytest

from tests.contract.feishu.sdk_models import UnknownToSdk, check_request

pytestmark = pytest.mark.slow

MESSAGES = "/open-apis/im/v1/messages"


def test_a_genuine_request_is_recognised_by_its_model() -> None:
    body = {"receive_id": "oc_1", "msg_type": "text", "content": "{}", "uuid": "k"}
    found = check_request("POST", MESSAGES, (("receive_id_type", "chat_id"),), body)
    assert (found.model, found.uri) == ("CreateMessageRequest", MESSAGES)


def test_a_fixed_path_is_not_taken_for_a_parameter() -> None:
    assert check_request("GET", "/open-apis/contact/v3/users/find_by_department").model == "FindByDepartmentUserRequest"
    assert check_request("GET", "/open-apis/contact/v3/users/ou_1").model == "GetUserRequest"


def test_calls_without_a_model_are_judged_by_the_documentation() -> None:
    assert check_request("GET", "/open-apis/bot/v3/info").model == "documentation"
    with pytest.raises(UnknownToSdk, match=r"body\.cards is unknown"):
        check_request("POST", "/open-apis/interactive/v1/card/update", body={"token": "c-1", "cards": {}})


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "problem"),
    [
        ("PATCH", MESSAGES, {}, None, "the SDK has no such call"),
        ("GET", "/open-apis/im/v9/messages", {}, None, "the SDK has no such call"),
        ("POST", MESSAGES, {"receiver_type": "x"}, None, "query parameter 'receiver_type' is unknown"),
        ("POST", MESSAGES, {}, {"recieve_id": "x"}, "body.recieve_id is unknown"),
        ("POST", MESSAGES, {}, {"content": {"text": "x"}}, "body.content is dict, the SDK has str"),
        ("POST", f"{MESSAGES}/om_1/reply", {}, {"reply_in_thread": "true"}, "body.reply_in_thread is str"),
        ("PATCH", f"{MESSAGES}/om_1/urgent_app", {}, {"user_id_list": "ou_1"}, "body.user_id_list is no list"),
        ("PATCH", f"{MESSAGES}/om_1/urgent_app", {}, {"user_id_list": [1]}, "body.user_id_list[0] is int"),
        (
            "POST",
            f"{MESSAGES}/om_1/reactions",
            {},
            {"reaction_type": {"emoji": "OK"}},
            "reaction_type.emoji is unknown",
        ),
        ("POST", f"{MESSAGES}/om_1/reactions", {}, {"reaction_type": "OK"}, "body.reaction_type is no object"),
        ("GET", "/open-apis/im/v1/chats/oc_1", {}, {"x": 1}, "takes no body"),
    ],
)
def test_what_the_sdk_could_not_have_sent_is_named(
    method: str, path: str, query: dict[str, object], body: dict[str, object] | None, problem: str
) -> None:
    with pytest.raises(UnknownToSdk) as refused:
        check_request(method, path, query, body)
    assert problem in str(refused.value)


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(UnknownToSdk) as refused:
        check_request("POST", MESSAGES, {"a": 1}, {"b": 1, "c": 2})
    assert len(refused.value.problems) == 3
