"""The addresses into a chat: replies to one message for ninety minutes, and webhooks of groups (dingtalk.md 2.1, 4.2)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from adapters._emulator.http_face import Call
from adapters._emulator.limits import SeenKeys, Windows
from adapters._emulator.wire_json import Json, parse_table, text
from adapters.dingtalk import emulator_codes as codes
from adapters.dingtalk.emulator_budget import Budget
from adapters.dingtalk.emulator_codes import LegacyError
from adapters.dingtalk.emulator_crypto import robot_signature
from adapters.dingtalk.emulator_drafts import read_webhook_message
from adapters.dingtalk.emulator_events import to_ms
from adapters.dingtalk.emulator_limits import WEBHOOK_BAN, WEBHOOK_LIMITS, WEBHOOK_SKEW
from adapters.dingtalk.emulator_posts import Draft, Posts
from adapters.dingtalk.emulator_server import Route
from adapters.dingtalk.emulator_state import EmulatedChat, State

#: deliveries of replies and of group webhooks are counted under this name
_WEBHOOK = "webhook_send"
_TOO_MANY, _BAD_SIGN, _NO_TOKEN, _GONE = 130101, 310000, 300005, 400106


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWebhook:
    """A webhook robot of a group as its settings show it."""

    url: str
    secret: str
    chat: str


class WebhooksApi:
    """Posting into chats without a token of the app."""

    def __init__(self, state: State, posts: Posts, budget: Budget) -> None:
        self._state = state
        self._posts = posts
        self._budget = budget
        self._hooks: dict[str, GroupWebhook] = {}
        self._windows = Windows()
        self._blocked: dict[str, datetime] = {}
        self._sent = SeenKeys(state.options.msg_uuid_life)

    def routes(self) -> list[Route]:
        """The calls of this file."""
        return [
            Route(
                method="POST",
                path="/robot/sendBySession",
                operation="robot.sendBySession",
                run=self._reply,
                needs_token=False,
            ),
            Route(method="POST", path="/robot/send", operation="robot.send", run=self._send, needs_token=False),
        ]

    def add(self, chat: EmulatedChat, *, base_url: str) -> GroupWebhook:
        """Somebody adds a webhook robot to a group, with a signature as its protection."""
        token = self._state.new_id("")
        hook = GroupWebhook(
            url=f"{base_url}/robot/send?{urlencode({'access_token': token})}",
            secret=self._state.new_id("SEC"),
            chat=chat.id,
        )
        self._hooks[token] = hook
        return hook

    def _reply(self, call: Call) -> Json:
        """POST the sessionWebhook of a robot message."""
        session = self._posts.sessions.get(call.arg("session"))
        if session is None or self._state.now() >= session.ends:
            raise LegacyError(codes.SESSION_NOT_FOUND, "session not found")
        chat = self._live(session.chat)
        draft = self._read(call.body)
        if self._state.options.callbacks_cost and not self._budget.takes_push(_WEBHOOK):
            raise LegacyError(codes.LEGACY_MONTH_IS_OVER)
        self._posts.send(draft, chat, key="")
        return {}

    def take_answer(self, payload: Json, raw: bytes) -> None:
        """The answer to a robot message over HTTP may itself be one message; anything else is passed over."""
        body = parse_table(raw) or {}
        chat = self._state.chats[text(payload, "conversationId")]
        if text(body, "msgtype"):
            try:
                self._posts.send(self._read(body), self._live(chat.id), key="")
            except LegacyError:
                return

    def _send(self, call: Call) -> Json:
        """POST /robot/send."""
        token = call.arg("access_token")
        hook = self._hooks.get(token)
        if hook is None:
            raise LegacyError(_NO_TOKEN, "token is not exist")
        self._check_sign(call, hook)
        chat = self._live(hook.chat)
        draft = self._read(call.body)
        now = self._state.now()
        uuid = text(call.body, "msgUuid")
        if uuid and self._sent.find(f"{token}/{uuid}", now=now):
            return {}
        if now < self._blocked.get(token, now):
            raise LegacyError(_TOO_MANY, "send too fast, exceed 20 times per minute")
        if self._windows.take(token, WEBHOOK_LIMITS, now=now):
            self._blocked[token] = now + WEBHOOK_BAN
            raise LegacyError(_TOO_MANY, "send too fast, exceed 20 times per minute")
        if not self._budget.takes_push(_WEBHOOK):
            raise LegacyError(codes.LEGACY_MONTH_IS_OVER)
        message = self._posts.send(draft, chat, key="")
        if uuid:
            self._sent.keep(f"{token}/{uuid}", message.id, now=now)
        return {}

    def _check_sign(self, call: Call, hook: GroupWebhook) -> None:
        stamp, now = call.arg("timestamp"), self._state.now()
        if not stamp.isdigit():
            raise LegacyError(_BAD_SIGN, "sign not match")
        at = datetime.fromtimestamp(int(stamp) / 1000, UTC)
        right = robot_signature(timestamp=stamp, secret=hook.secret)
        if abs(at - now) > WEBHOOK_SKEW or not hmac.compare_digest(right.encode(), call.arg("sign").encode()):
            raise LegacyError(_BAD_SIGN, f"sign not match, the time is {to_ms(now)}")

    def _live(self, chat_id: str) -> EmulatedChat:
        chat = self._state.chats[chat_id]
        if chat.is_dissolved or (chat.is_group and not chat.has_bot):
            raise LegacyError(_GONE, "the robot is disabled or gone")
        return chat

    def _read(self, body: Json) -> Draft:
        return read_webhook_message(body, name_of=self._state.name_of, account_by_mobile=self._account)

    def _account(self, mobile: str) -> str:
        return next((one.account for one in self._state.people.values() if one.mobile == mobile), "")
