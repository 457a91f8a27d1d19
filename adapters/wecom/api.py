"""Authenticated calls of the app: one token, renewed once for all, answers read as untrusted JSON.

Every refusal is logged with its code; bodies and tokens never are, and the token, which stands in the query, never leaves
the HTTP client.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import structlog

from adapters._hardened_json import BadJson, JsonLimits, JsonTable, parse_table, wire
from adapters._http import Grant, HttpAnswer, HttpClient, SingleFlight
from adapters.wecom.errors import read_failure
from adapters.wecom.hints import hint
from adapters.wecom.render import Call
from adapters.wecom.settings import WeComSettings
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError

log = structlog.get_logger(__name__)

_LIMITS = JsonLimits(max_bytes=1024 * 1024, keys=50_000, string=512 * 1024)
_CONTENT_TYPE = "application/json; charset=utf-8"
#: what can stand in a query
_TOKEN_FORM = re.compile(r"[\x21-\x7e]{1,4096}")
_TOKEN_MARGIN = timedelta(minutes=5)
#: tries of a call that only reads, and the first pause between two of them
_READS = 4
READ_PAUSE = timedelta(milliseconds=250)
_LONGEST_PAUSE = timedelta(minutes=1)


class Api:
    """The platform's API as one app. `http` may be shared; it is closed with this."""

    def __init__(
        self,
        settings: WeComSettings,
        *,
        clock: Clock,
        http: HttpClient | None = None,
        read_pause: timedelta = READ_PAUSE,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._http = http or HttpClient()
        self._read_pause = read_pause
        self._token = SingleFlight(self._fetch_token, clock=clock, margin=_TOKEN_MARGIN)

    async def call(self, call: Call) -> JsonTable:
        """The whole answer. A token that is not taken any more is renewed once. Raises PlatformError."""
        token = await self._token.get()
        try:
            return await self._attempt(call, token)
        except PlatformError as problem:
            if problem.kind is not FailureKind.REFRESH:
                raise
        self._token.drop(token)
        return await self._attempt(call, await self._token.get())

    async def read(self, call: Call) -> JsonTable:
        """The answer to a question, asked again while the platform is busy. Raises PlatformError."""
        pause = self._read_pause
        for left in reversed(range(_READS)):
            try:
                return await self.call(call)
            except PlatformError as problem:
                if not left or problem.kind not in {FailureKind.RETRY, FailureKind.UNKNOWN}:
                    raise
                asked_for = problem.retry_after_ms
                await self._wait(timedelta(milliseconds=asked_for) if asked_for is not None else pause)
                pause *= 2
        raise AssertionError("the last try returns or raises")

    async def post(self, url: str, body: JsonTable, *, operation: str) -> JsonTable:
        """To an address that the platform gave us, which is its own key. Raises PlatformError."""
        return await self._send(Call(operation=operation, body=body), url, ())

    async def token(self) -> None:
        """Get a token, if there is none yet. Raises PlatformError."""
        await self._token.get()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._token.close()
        await self._http.close()

    async def _attempt(self, call: Call, token: str) -> JsonTable:
        return await self._send(call, f"{self._settings.base_url}/{call.operation}", (("access_token", token),))

    async def _send(self, call: Call, url: str, query: tuple[tuple[str, str], ...]) -> JsonTable:
        content_type, content = _written(call)
        try:
            answer = await self._http.request(
                call.method,
                url,
                operation=call.operation,
                query=(*query, *call.query),
                headers={"Content-Type": content_type} if content_type else {},
                body=content,
            )
        except PlatformError as broken:
            broken.hint = hint(_transport_hint(broken.code))
            raise
        body = _parsed(answer)
        problem = read_failure(answer, body, operation=call.operation)
        if problem is not None or body is None:
            raise _logged(problem or PlatformError(FailureKind.UNKNOWN, code="no_answer"), call, answer)
        return body

    async def _fetch_token(self) -> Grant:
        query = (("corpid", self._settings.corp_id), ("corpsecret", self._settings.secret))
        call = Call(operation="gettoken", method="GET")
        answer = await self._send(call, f"{self._settings.base_url}/gettoken", query)
        token, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not _TOKEN_FORM.fullmatch(token) or not isinstance(life, int):
            raise PlatformError(FailureKind.RETRY, code="no_token", operation=call.operation)
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


def _logged(problem: PlatformError, call: Call, answer: HttpAnswer) -> PlatformError:
    log.info(
        "the platform refused a call",
        action="call_refused",
        operation=call.operation,
        status=answer.status,
        code=problem.code,
    )
    return problem
