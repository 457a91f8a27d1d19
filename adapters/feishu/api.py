"""Authenticated calls to the platform: one token for all, renewed once for all, and answers read as untrusted JSON.

Every refusal is logged with the platform's log id, which is what its support asks for; bodies and tokens never are.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from adapters._hardened_json import BadJson, JsonLimits, JsonTable, JsonValue, parse_table, wire
from adapters._http import Grant, HttpAnswer, HttpClient, SingleFlight
from adapters.feishu.errors import CODES, Verdict, read_failure
from adapters.feishu.hints import hint
from adapters.feishu.render import Call
from adapters.feishu.settings import FeishuSettings
from bot.clock import Clock
from bot.errors import FailureKind, PlatformError

log = structlog.get_logger(__name__)

#: answers are larger than callbacks: 50 people a page, texts of 150 KB
_LIMITS = JsonLimits(max_bytes=1024 * 1024, keys=50_000, string=512 * 1024)
_CONTENT_TYPE = "application/json; charset=utf-8"
_TOKEN = Call(
    operation="auth.v3.tenant_access_token.internal",
    method="POST",
    path="/open-apis/auth/v3/tenant_access_token/internal",
)
#: what can stand in a header
_TOKEN_FORM = re.compile(r"[\x21-\x7e]{1,4096}")
#: tries of a call that only reads, and the first pause between two of them
_READS = 4
READ_PAUSE = timedelta(milliseconds=250)
#: longest pause of a reader that the platform asks to wait
_LONGEST_PAUSE = timedelta(minutes=1)
#: pages of one list; a list that never ends is not believed
_PAGES = 2_000


class Api:
    """The platform's API as one app. `http` may be shared; it is closed with this."""

    def __init__(
        self,
        settings: FeishuSettings,
        *,
        clock: Clock,
        http: HttpClient | None = None,
        read_pause: timedelta = READ_PAUSE,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._http = http or HttpClient()
        self._read_pause = read_pause
        self._token = SingleFlight(self._fetch_token, clock=clock)

    @property
    def app_id(self) -> str:
        """The app that the calls are made as."""
        return self._settings.app_id

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
        """`data` of an answer to a question, asked again while the platform is busy. Raises PlatformError."""
        pause = self._read_pause
        for left in reversed(range(_READS)):
            try:
                return data_of(await self.call(call))
            except PlatformError as problem:
                if not left or problem.kind not in {FailureKind.RETRY, FailureKind.UNKNOWN}:
                    raise
                asked_for = problem.retry_after_ms
                await self._wait(timedelta(milliseconds=asked_for) if asked_for is not None else pause)
                pause *= 2
        raise AssertionError("the last try returns or raises")

    async def pages(self, call: Call) -> AsyncIterator[JsonTable]:
        """`data` of each page of a list."""
        page, seen = "", set[str]()
        while page not in seen and len(seen) < _PAGES:
            seen.add(page)
            data = await self.read(replace(call, query=(*call.query, *((("page_token", page),) if page else ()))))
            yield data
            page = text_of(data, "page_token")
            if data.get("has_more") is not True or not page:
                return
        raise PlatformError(FailureKind.PERMANENT, code="endless_list", operation=call.operation)

    async def unauthenticated(
        self, call: Call, *, headers: Mapping[str, str] | None = None, codes: Mapping[int, Verdict] = CODES
    ) -> JsonTable:
        """The whole answer to a call that shows credentials in its body instead of a token. Raises PlatformError."""
        return await self._send(call, headers=headers or {}, codes=codes)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._token.close()
        await self._http.close()

    async def _attempt(self, call: Call, token: str) -> JsonTable:
        return await self._send(call, headers={"Authorization": f"Bearer {token}"}, codes=CODES)

    async def _send(self, call: Call, *, headers: Mapping[str, str], codes: Mapping[int, Verdict]) -> JsonTable:
        content_type, content = _written(call)
        try:
            answer = await self._http.request(
                call.method,
                self._settings.base_url + call.path,
                operation=call.operation,
                query=call.query,
                headers={**headers, "Content-Type": content_type} if content_type else headers,
                body=content,
            )
        except PlatformError as broken:
            broken.hint = hint(_transport_hint(broken.code))
            raise
        body = _parsed(answer)
        problem = read_failure(answer, body, operation=call.operation, codes=codes)
        if problem is not None or body is None:
            raise _logged(problem or PlatformError(FailureKind.UNKNOWN, code="no_answer"), call, answer, body)
        return body

    async def _fetch_token(self) -> Grant:
        credentials: JsonTable = {"app_id": self._settings.app_id, "app_secret": self._settings.app_secret}
        answer = await self.unauthenticated(replace(_TOKEN, body=credentials))
        token, life = answer.get("tenant_access_token"), answer.get("expire")
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


def _log_id(body: JsonTable | None) -> str:
    return text_of(table_of(body or {}, "error"), "log_id")


def _logged(problem: PlatformError, call: Call, answer: HttpAnswer, body: JsonTable | None) -> PlatformError:
    log.info(
        "the platform refused a call",
        action="call_refused",
        operation=call.operation,
        status=answer.status,
        code=problem.code,
        log_id=(answer.headers.get("x-tt-logid") or _log_id(body))[:64],
    )
    return problem


# ------------------------------------------------------------------ reading answers


def data_of(answer: JsonTable) -> JsonTable:
    """The `data` member, empty when there is none."""
    return table_of(answer, "data")


def table_of(table: JsonTable, name: str) -> JsonTable:
    """A member that is a table, empty when it is none."""
    found = table.get(name)
    return found if isinstance(found, dict) else {}


def text_of(table: JsonTable, name: str) -> str:
    """A member that is a text, empty when it is none."""
    found = table.get(name)
    return found if isinstance(found, str) else ""


def list_of(table: JsonTable, name: str) -> list[JsonValue]:
    """A member that is a list, empty when it is none."""
    found = table.get(name)
    return found if isinstance(found, list) else []


def tables_of(table: JsonTable, name: str) -> list[JsonTable]:
    """The tables in a member that is a list."""
    return [one for one in list_of(table, name) if isinstance(one, dict)]


def texts_of(table: JsonTable, name: str) -> list[str]:
    """The texts in a member that is a list, without empty ones."""
    return [one for one in list_of(table, name) if isinstance(one, str) and one]
