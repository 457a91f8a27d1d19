"""Authenticated calls to the platform: one token for both of its hosts, renewed once for all, answers read as untrusted JSON.

Every refusal is logged with the platform's request id, which is what its support asks for; bodies and tokens never are.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import structlog

from adapters._hardened_json import BadJson, JsonLimits, JsonTable, parse_table, wire
from adapters._http import Grant, HttpAnswer, HttpClient, SingleFlight
from adapters._members import text
from adapters.dingtalk.budget import Budget, Kind
from adapters.dingtalk.errors import BUDGET_CODES, read_failure
from adapters.dingtalk.hints import hint
from adapters.dingtalk.render import Call
from adapters.dingtalk.settings import DingTalkSettings
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError

log = structlog.get_logger(__name__)

_LIMITS = JsonLimits(max_bytes=1024 * 1024, keys=50_000, string=512 * 1024)
_CONTENT_TYPE = "application/json; charset=utf-8"
_TOKEN = Call(operation="oauth2.accessToken", method="POST", path="/v1.0/oauth2/accessToken")
_TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 - the name of a header
#: what can stand in a header and in a query
_TOKEN_FORM = re.compile(r"[\x21-\x7e]{1,4096}")
#: a token is renewed five minutes before its end (dingtalk.md 1.1)
_TOKEN_MARGIN = timedelta(minutes=5)
#: tries of a call that only reads, and the first pause between two of them
_READS = 4
READ_PAUSE = timedelta(milliseconds=250)
_LONGEST_PAUSE = timedelta(minutes=1)


class Api:
    """The platform's API as one app. `http` may be shared; it is closed with this."""

    def __init__(
        self,
        settings: DingTalkSettings,
        *,
        clock: Clock,
        budget: Budget,
        http: HttpClient | None = None,
        read_pause: timedelta = READ_PAUSE,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._budget = budget
        self._http = http or HttpClient()
        self._read_pause = read_pause
        self._token = SingleFlight(self._fetch_token, clock=clock, margin=_TOKEN_MARGIN)

    async def call(self, call: Call, *, is_free: bool = False) -> JsonTable:
        """The whole answer. A token that is not taken any more is renewed once. Raises PlatformError.

        `is_free` for calls that do not count against the month's budget.
        """
        if not is_free:
            await self._budget.called()
        token = await self._token.get()
        try:
            return await self._attempt(call, token)
        except PlatformError as problem:
            if problem.kind is not FailureKind.REFRESH:
                raise
        self._token.drop(token)
        return await self._attempt(call, await self._token.get())

    async def read(self, call: Call) -> JsonTable:
        """The answer to a question about the directory, asked again while the platform is busy. Raises PlatformError."""
        pause = self._read_pause
        for left in reversed(range(_READS)):
            try:
                return await self.call(call, is_free=True)
            except PlatformError as problem:
                if not left or problem.kind not in {FailureKind.RETRY, FailureKind.UNKNOWN}:
                    raise
                asked_for = problem.retry_after_ms
                await self._wait(timedelta(milliseconds=asked_for) if asked_for is not None else pause)
                pause *= 2
        raise AssertionError("the last try returns or raises")

    async def unauthenticated(self, call: Call) -> JsonTable:
        """The whole answer to a call that shows credentials in its body instead of a token. Raises PlatformError."""
        return await self._send(call, self._settings.base_url + call.path, {"Accept": "application/json"}, ())

    async def post(self, url: str, body: JsonTable, *, operation: str) -> JsonTable:
        """To an address that the platform gave us, which is its own key. Raises PlatformError."""
        call = Call(operation=operation, method="POST", path="", body=body, is_legacy=True)
        return await self._send(call, url, {}, ())

    async def token(self) -> None:
        """Get a token, if there is none yet. Raises PlatformError."""
        await self._token.get()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._token.close()
        await self._http.close()

    async def _attempt(self, call: Call, token: str) -> JsonTable:
        if call.is_legacy:
            return await self._send(call, self._settings.legacy_base_url + call.path, {}, (("access_token", token),))
        return await self._send(call, self._settings.base_url + call.path, {_TOKEN_HEADER: token}, ())

    async def _send(
        self, call: Call, url: str, headers: dict[str, str], query: tuple[tuple[str, str], ...]
    ) -> JsonTable:
        content_type, content = _written(call)
        try:
            answer = await self._http.request(
                call.method,
                url,
                operation=call.operation,
                query=(*call.query, *query),
                headers={**headers, "Content-Type": content_type} if content_type else headers,
                body=content,
            )
        except PlatformError as broken:
            broken.hint = hint(_transport_hint(broken.code))
            raise
        body = _parsed(answer)
        problem = read_failure(answer, body, operation=call.operation)
        if problem is not None and problem.code in BUDGET_CODES:
            await self._budget.gone(Kind.CALLS)
        if problem is not None or body is None:
            raise _logged(problem or PlatformError(FailureKind.UNKNOWN, code="no_answer"), call, answer, body)
        return body

    async def _fetch_token(self) -> Grant:
        credentials: JsonTable = {"appKey": self._settings.client_id, "appSecret": self._settings.client_secret}
        asked = Call(operation=_TOKEN.operation, method=_TOKEN.method, path=_TOKEN.path, body=credentials)
        answer = await self.unauthenticated(asked)
        token, life = answer.get("accessToken"), answer.get("expireIn")
        if not isinstance(token, str) or not _TOKEN_FORM.fullmatch(token) or not isinstance(life, int):
            raise PlatformError(FailureKind.RETRY, code="no_token", operation=_TOKEN.operation)
        return Grant(token=token, life=timedelta(seconds=max(life, 1)))

    async def _wait(self, pause: timedelta) -> None:
        """Wait by the clock; one that stands still costs the real time."""
        pause = min(pause, _LONGEST_PAUSE)
        await self._clock.wait(asyncio.Event(), until=self._clock.now() + pause, at_most=pause.total_seconds())


def _written(call: Call) -> tuple[str, bytes | None]:
    """Media type and bytes of what is sent along; nothing for a call without a body."""
    if call.form is not None:
        return call.form.content_type, call.form.body
    return (_CONTENT_TYPE, wire(call.body)) if call.body is not None else ("", None)


def _transport_hint(code: str) -> str:
    """What helps when not even an answer came."""
    if code == "certificate":
        return "certificate"
    return "base_url" if code.startswith("http_3") or code == "bad_url" else ""


def _parsed(answer: HttpAnswer) -> JsonTable | None:
    try:
        return parse_table(answer.body, limits=_LIMITS)
    except BadJson:
        return None


def _logged(problem: PlatformError, call: Call, answer: HttpAnswer, body: JsonTable | None) -> PlatformError:
    request = text(body or {}, "requestid") or text(body or {}, "request_id")
    log.info(
        "the platform refused a call",
        action="call_refused",
        operation=call.operation,
        status=answer.status,
        code=problem.code,
        log_id=request[:64],
    )
    return problem
