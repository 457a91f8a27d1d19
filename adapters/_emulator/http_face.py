"""The HTTP listener of an emulated platform: reads a call, injects faults around it, records it, answers.

Which calls there are, who may make them and in which words they are answered, each platform says itself. Calls run
synchronously, so that one either happened or did not.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters._emulator.changes import Changes
from adapters._emulator.faults import Fault, FaultKind, FaultPlan
from adapters._emulator.recorder import ApiRecord, Recorder, masked, masked_query
from adapters._emulator.wire_json import Json, parse_table
from bot.clock import Clock

#: largest request that is taken, for file uploads
MAX_REQUEST_BYTES = 32 * 1024 * 1024
_ABORTED = 0
_CALL_FAULTS = frozenset(
    {
        FaultKind.REFUSE, FaultKind.RESET, FaultKind.SLOW, FaultKind.HTTP_429, FaultKind.HTTP_500, FaultKind.BAD_JSON,
        FaultKind.EXECUTED_THEN_TIMEOUT, FaultKind.TOKEN_EXPIRED, FaultKind.CODE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it was read."""

    path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    body: Json
    files: Mapping[str, bytes] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    #: False when there was a body and it was no JSON object
    is_readable: bool = True

    def arg(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def args(self, name: str) -> list[str]:
        """All values of a repeated query parameter."""
        return [value for key, value in self.query if key == name]


def parts_of(template: str, path: str) -> dict[str, str] | None:
    """What stands at the `:names` of the template, None when the path is another one."""
    found = _pattern(template).fullmatch(path)
    return found.groupdict() if found else None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r":(\w+)", r"(?P<\1>[^/]+)", re.escape(template).replace(r"\:", ":")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes
    #: the platform's number for the outcome as the recorder shows it; 0 for done, None for none
    code: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    #: the platform's word for a refusal, where its codes are words
    word: str = ""


class HttpFace:
    """A listener on loopback. `extra` are aiohttp routes of other protocols, such as a long connection."""

    def __init__(
        self,
        *,
        clock: Clock,
        changes: Changes,
        recorder: Recorder,
        faults: FaultPlan,
        extra: Sequence[tuple[str, Handler]] = (),
    ) -> None:
        self._clock = clock
        self._changes = changes
        self._recorder = recorder
        self._faults = faults
        self._extra = extra
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    # ------------------------------------------------------------------ what each platform says itself

    def operation_of(self, method: str, path: str) -> str:
        """The name of the API in the platform's documentation, empty when there is none."""
        raise NotImplementedError

    def answer(self, method: str, path: str, call: Call) -> Answer:
        """Check the call, run it, put the outcome into the platform's words."""
        raise NotImplementedError

    def refusal_of(self, method: str, path: str, fault: Fault) -> Answer:
        """The platform's words for HTTP_429, HTTP_500, CODE and TOKEN_EXPIRED."""
        raise NotImplementedError

    # ------------------------------------------------------------------ for everybody

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

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method, path = request.method, request.path
        operation = self.operation_of(method, path)
        fault = self._fault_for(operation or path)
        if fault is not None and fault.kind is FaultKind.REFUSE:
            self._record(request, operation, None, None, fault, is_executed=False)
            return _cut(request)
        body, files = await _read(request)
        early = await self._before(request, fault)
        if early is not None or (fault is not None and fault.kind is FaultKind.RESET):
            self._record(request, operation, body, early, fault, is_executed=False)
            return _cut(request) if early is None else _respond(early)
        call = Call(
            path={},
            query=tuple(request.query.items()),
            body=body or {},
            files=files,
            headers={name.lower(): value for name, value in request.headers.items()},
            is_readable=body is not None,
        )
        answer = self.answer(method, path, call)
        self._record(request, operation, body, answer, fault, is_executed=answer.code == 0)
        return await self._after(request, fault, answer)

    def _fault_for(self, operation: str) -> Fault | None:
        fault = self._faults.strike(operation, now=self._clock.now())
        return fault if fault is not None and fault.kind in _CALL_FAULTS else None

    async def _before(self, request: web.Request, fault: Fault | None) -> Answer | None:
        """The answer when the call is not to be executed."""
        if fault is None:
            return None
        if fault.kind is FaultKind.SLOW:
            await self._hang(fault.seconds)
        if fault.kind in {FaultKind.HTTP_429, FaultKind.HTTP_500, FaultKind.CODE, FaultKind.TOKEN_EXPIRED}:
            return self.refusal_of(request.method, request.path, fault)
        return None

    async def _after(self, request: web.Request, fault: Fault | None, answer: Answer) -> web.StreamResponse:
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
        answer: Answer | None,
        fault: Fault | None,
        *,
        is_executed: bool,
    ) -> None:
        self._recorder.add_call(
            ApiRecord(
                number=self._recorder.next_number(),
                at=self._clock.now(),
                method=request.method,
                path=request.path,
                query=masked_query(request.query.items()),
                operation=operation,
                body=masked(body) if body else None,
                status=answer.status if answer is not None else _ABORTED,
                code=answer.code if answer is not None else None,
                is_executed=is_executed,
                fault=fault.kind if fault is not None else "",
                word=answer.word if answer is not None else "",
            )
        )
        self._changes.touch()


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


def _respond(answer: Answer) -> web.Response:
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
