"""The HTTP face of the emulated platform: checks every call as the gateway does, runs it, injects faults, records it.

Order of checks: path, body, credentials, scopes, quota, frequency, then the API itself. Handlers are synchronous, so
that a call either happened or did not.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta, timezone

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.feishu.emulator_codes import ApiError, invalid_field, missing_scope
from adapters.feishu.emulator_faults import Fault, FaultKind, FaultPlan
from adapters.feishu.emulator_json import Json, parse_table, wire
from adapters.feishu.emulator_limits import API_LIMITS, Windows
from adapters.feishu.emulator_recorder import ApiRecord, Recorder, masked
from adapters.feishu.emulator_state import State
from adapters.feishu.emulator_tokens import Tokens

#: largest request the platform takes, for file uploads
MAX_REQUEST_BYTES = 32 * 1024 * 1024
#: in whose months the tenant's quota is counted
CHINA = timezone(timedelta(hours=8))
_ABORTED = 0
_CALL_FAULTS = frozenset(
    {
        FaultKind.REFUSE, FaultKind.RESET, FaultKind.SLOW, FaultKind.HTTP_429, FaultKind.HTTP_500, FaultKind.BAD_JSON,
        FaultKind.EXECUTED_THEN_TIMEOUT, FaultKind.TOKEN_EXPIRED, FaultKind.CODE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request after the gateway's checks."""

    path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    body: Json
    files: Mapping[str, bytes] = field(default_factory=dict)

    def arg(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def args(self, name: str) -> list[str]:
        """All values of a repeated query parameter."""
        return [value for key, value in self.query if key == name]

    def page(self, items: Sequence[Json], *, most: int, code: int = 99992402) -> Json:
        """One page of `items` by `page_size` and `page_token`. Raises ApiError with `code` for a wrong size or token."""
        size = self.arg("page_size", str(min(20, most)))
        token = self.arg("page_token", "0") or "0"
        if not size.isdigit() or not 1 <= int(size) <= most:
            raise invalid_field("page_size", f"between 1 and {most}", code=code)
        start = token.removeprefix("p")
        if not start.isdigit() or int(start) > len(items):
            raise ApiError(40012 if code == 40011 else 99992402, "page_token")
        end = int(start) + int(size)
        has_more = end < len(items)
        return {
            "items": list(items[int(start) : end]),
            "has_more": has_more,
            "page_token": f"p{end}" if has_more else "",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TopLevel:
    """An answer whose members stand beside `code`, not under `data`."""

    body: Json


#: `data` of the answer, an answer of another shape, or the bytes of a download
Outcome = Json | TopLevel | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One API of the platform."""

    method: str
    path: str
    #: its name in the platform's documentation
    operation: str
    run: Callable[[Call], Outcome]
    #: any one of them is enough; empty for an API without scope
    scopes: tuple[str, ...] = ()
    needs_token: bool = True
    message: str = "success"

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The path parameters when the request is for this API."""
        if method != self.method:
            return None
        pattern = re.sub(r":(\w+)", r"(?P<\1>[^/]+)", re.escape(self.path).replace(r"\:", ":"))
        found = re.fullmatch(pattern, path)
        return found.groupdict() if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    body: bytes
    code: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


class ApiServer:
    """Dispatches calls to routes. `extra` are aiohttp routes of other protocols, such as the long connection."""

    def __init__(
        self,
        *,
        state: State,
        tokens: Tokens,
        recorder: Recorder,
        faults: FaultPlan,
        routes: Sequence[Route],
        extra: Sequence[tuple[str, Handler]] = (),
    ) -> None:
        self._state = state
        self._tokens = tokens
        self._recorder = recorder
        self._faults = faults
        self._routes = routes
        self._extra = extra
        self._windows = Windows()
        self._calls = 0
        self._month = ""
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self, *, port: int = 0) -> str:
        """Listen on loopback; returns the base URL."""
        app = web.Application(client_max_size=MAX_REQUEST_BYTES)
        for path, handler in self._extra:
            app.router.add_get(path, handler)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._stopping.clear()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port, reuse_address=True)
        await site.start()
        host, bound = self._runner.addresses[0][:2]
        return f"http://{host}:{bound}"

    async def stop(self) -> None:
        """Close the listener and every connection; calls that hang are cut."""
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # ------------------------------------------------------------------ one call

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        route, path = self._find(request.method, request.path)
        operation = route.operation if route is not None else ""
        fault = self._fault_for(operation or request.path)
        if fault is not None and fault.kind is FaultKind.REFUSE:
            self._record(request, operation, None, None, fault, is_executed=False)
            return _cut(request)
        body, files = await _read(request)
        call = Call(path=path, query=tuple(request.query.items()), body=body or {}, files=files)
        early = await self._fault_before(fault)
        if early is not None or (fault is not None and fault.kind is FaultKind.RESET):
            self._record(request, operation, body, early, fault, is_executed=False)
            return _cut(request) if early is None else _respond(early)
        answer = self._answer(request, route, call, is_readable=body is not None)
        self._record(request, operation, body, answer, fault, is_executed=answer.code == 0)
        return await self._fault_after(request, fault, answer)

    def _find(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for route in self._routes:
            found = route.match(method, path)
            if found is not None:
                return route, found
        return None, {}

    def _answer(self, request: web.Request, route: Route | None, call: Call, *, is_readable: bool) -> _Answer:
        if route is None:
            return _Answer(status=404, body=b"404 page not found", code=None, content_type="text/plain")
        try:
            self._admit(request, route, is_readable=is_readable)
            return _shape(route, route.run(call))
        except ApiError as refused:
            return self._refusal(refused)

    def _admit(self, request: web.Request, route: Route, *, is_readable: bool) -> None:
        if not is_readable:
            raise ApiError(99991402, "the body is no json object")
        if not route.needs_token:
            return
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ")
        if not header.startswith("Bearer ") or not token:
            raise ApiError(99991661)
        if not token.startswith(("t-", "u-", "a-")):
            raise ApiError(99991671)
        if not self._tokens.is_valid(token):
            raise ApiError(99991663, status=self._state.options.token_error_status)
        if not self._state.is_app_enabled:
            raise ApiError(99991662)
        if route.scopes and not self._state.scopes & set(route.scopes):
            raise missing_scope(route.scopes)
        self._check_quota()
        self._check_rate(route)

    def _check_quota(self) -> None:
        """Every call counts, and all are forgotten on the first of the month (feishu.md 1.4)."""
        month = f"{self._state.now().astimezone(CHINA):%Y-%m}"
        if month != self._month:
            self._month, self._calls = month, 0
        self._calls += 1
        quota = self._state.options.monthly_quota
        if quota is not None and self._calls > quota:
            raise ApiError(99991403)

    def _check_rate(self, route: Route) -> None:
        if not self._state.options.enforces_rates:
            return
        wait = self._windows.take(route.operation, API_LIMITS, now=self._state.now())
        if wait:
            raise _too_many(wait, status=self._state.options.rate_error_status)

    def _refusal(self, refused: ApiError) -> _Answer:
        body: Json = {"code": refused.code, "msg": refused.sentence}
        log_id = f"log-{self._recorder.next_number()}"
        body["error"] = refused.error | {"log_id": log_id, "troubleshooter": f"https://open.feishu.example/s?{log_id}"}
        headers = {**refused.headers, "X-Tt-Logid": log_id}
        return _Answer(status=refused.status, body=wire(body), code=refused.code, headers=headers)

    # ------------------------------------------------------------------ faults

    def _fault_for(self, operation: str) -> Fault | None:
        fault = self._faults.strike(operation, now=self._state.now())
        return fault if fault is not None and fault.kind in _CALL_FAULTS else None

    async def _fault_before(self, fault: Fault | None) -> _Answer | None:
        """The answer when the call is not to be executed."""
        if fault is None:
            return None
        if fault.kind is FaultKind.SLOW:
            await self._hang(fault.seconds)
        if fault.kind is FaultKind.HTTP_429:
            status = self._state.options.rate_error_status
            return self._refusal(_too_many(max(1, round(fault.seconds)), status=status))
        if fault.kind is FaultKind.HTTP_500:
            return self._refusal(ApiError(2200))
        if fault.kind is FaultKind.CODE:
            return self._refusal(ApiError(fault.code))
        if fault.kind is FaultKind.TOKEN_EXPIRED:
            self._tokens.expire_all()
            return self._refusal(ApiError(99991663, status=self._state.options.token_error_status))
        return None

    async def _fault_after(self, request: web.Request, fault: Fault | None, answer: _Answer) -> web.StreamResponse:
        if fault is not None and fault.kind is FaultKind.EXECUTED_THEN_TIMEOUT:
            await self._hang(fault.seconds or 30.0)
            return _cut(request)
        if fault is not None and fault.kind is FaultKind.BAD_JSON:
            return web.Response(status=200, body=b'{"code":0,"msg":"succ', content_type="application/json")
        return _respond(answer)

    async def _hang(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    def _record(
        self,
        request: web.Request,
        operation: str,
        body: Json | None,
        answer: _Answer | None,
        fault: Fault | None,
        *,
        is_executed: bool,
    ) -> None:
        self._recorder.add_call(
            ApiRecord(
                number=self._recorder.next_number(),
                at=self._state.now(),
                method=request.method,
                path=request.path,
                query=tuple(request.query.items()),
                operation=operation,
                body=masked(body) if body else None,
                status=answer.status if answer is not None else _ABORTED,
                code=answer.code if answer is not None else None,
                is_executed=is_executed,
                fault=fault.kind if fault is not None else "",
            )
        )
        self._state.changes.touch()


async def _read(request: web.Request) -> tuple[Json | None, dict[str, bytes]]:
    """The JSON object of the body (empty for none) and uploaded files; None for a body that is no JSON object."""
    if request.content_type.startswith("multipart/"):
        return await _read_multipart(request)
    raw = await request.read()
    return (parse_table(raw) if raw else {}), {}


async def _read_multipart(request: web.Request) -> tuple[Json, dict[str, bytes]]:
    fields: Json = {}
    files: dict[str, bytes] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file as file:
                files[key] = file.read()
        else:
            fields[key] = value if isinstance(value, str) else bytes(value).decode(errors="replace")
    return fields, files


def _shape(route: Route, outcome: Outcome) -> _Answer:
    match outcome:
        case bytes():
            return _Answer(status=200, body=outcome, code=0, content_type="application/octet-stream")
        case TopLevel():
            return _Answer(status=200, body=wire({"code": 0, "msg": "ok"} | outcome.body), code=0)
        case dict():
            return _Answer(status=200, body=wire({"code": 0, "msg": route.message, "data": outcome}), code=0)


def _too_many(seconds: int, *, status: int) -> ApiError:
    headers = {"x-ogw-ratelimit-limit": "50", "x-ogw-ratelimit-reset": str(seconds)}
    return ApiError(99991400, headers=headers, status=status)


def _respond(answer: _Answer) -> web.Response:
    charset = "utf-8" if answer.content_type != "application/octet-stream" else None
    return web.Response(
        status=answer.status,
        body=answer.body,
        headers=dict(answer.headers),
        content_type=answer.content_type,
        charset=charset,
    )


def _cut(request: web.Request) -> web.Response:
    """Tear the connection down; what is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
