"""The platform's refusals: a number and what stands beside it (wecom.md 1.4)."""

from __future__ import annotations

SENTENCES = {
    -1: "system busy",
    40001: "invalid credential",
    40003: "invalid openid",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40035: "invalid parameter",
    40050: "chatid invalid",
    40056: "invalid agentid",
    40058: "empty param",
    41001: "access_token missing",
    42001: "access_token expired",
    42045: "template_card.card_action missing or invalid",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "api freq out of limit",
    48002: "api forbidden",
    60011: "no privilege to access/modify contact/party/agent",
    60020: "not allow to access from your ip",
    60111: "userid not found",
    81013: "user & party & tag all invalid",
    86001: "chatid not found",
    86003: "chatid invalid",
    86004: "invalid group name",
    86006: "group member count out of limit",
    86008: "group not created by this agent",
    86216: "invalid group members",
    93006: "invalid chatid",
    846605: "invalid req_id",
    853000: "invalid bot_id or secret",
    #: the sheet names no number for a spent code; this one is nobody else's
    42081: "invalid response_code",
    42082: "task_id is used",
}


class ApiError(Exception):
    """A call is refused."""

    def __init__(self, code: int, sentence: str = "") -> None:
        self.code = code
        self.sentence = sentence or SENTENCES.get(code, "refused")
        super().__init__(f"{code} {self.sentence}")
