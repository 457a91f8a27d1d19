"""The HTTP face of the emulated platform: checks every call as the gateway does, runs it, injects faults, records it.

Order of checks: path, body, credentials, scopes, quota, frequency, then the API itself. Handlers are synchronous, so
that a call either happened or did not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, timezone

from aiohttp.typedefs import Handler

from adapters._emulator.faults import Fault, FaultKind, FaultPlan
from adapters._emulator.http_face import Answer, Call, HttpFace, parts_of
from adapters._emulator.limits import Windows
from adapters._emulator.recorder import Recorder
from adapters._emulator.wire_json import Json, wire
from adapters.feishu.emulator_codes import ApiError, invalid_field, missing_scope
from adapters.feishu.emulator_limits import API_LIMITS
from adapters.feishu.emulator_state import State
from adapters.feishu.emulator_tokens import Tokens

#: in whose months the tenant's quota is counted
CHINA = timezone(timedelta(hours=8))


def page_of(call: Call, items: Sequence[Json], *, most: int, code: int = 99992402) -> Json:
    """One page of `items` by `page_size` and `page_token`. Raises ApiError with `code` for a wrong size or token."""
    size = call.arg("page_size", str(min(20, most)))
    token = call.arg("page_token", "0") or "0"
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
        return parts_of(self.path, path) if method == self.method else None


class ApiServer(HttpFace):
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
        super().__init__(clock=state.clock, changes=state.changes, recorder=recorder, faults=faults, extra=extra)
        self._state = state
        self._tokens = tokens
        self._routes = routes
        self._windows = Windows()
        self._calls = 0
        self._month = ""

    def operation_of(self, method: str, path: str) -> str:
        """The name of the route."""
        route, _ = self._find(method, path)
        return route.operation if route is not None else ""

    def answer(self, method: str, path: str, call: Call) -> Answer:
        """Run it as the gateway does."""
        route, found = self._find(method, path)
        if route is None:
            return Answer(status=404, body=b"404 page not found", code=None, content_type="text/plain")
        try:
            self._admit(call, route)
            return _shape(route, route.run(replace(call, path=found)))
        except ApiError as refused:
            return self._refusal(refused)

    def _find(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for route in self._routes:
            found = route.match(method, path)
            if found is not None:
                return route, found
        return None, {}

    def _admit(self, call: Call, route: Route) -> None:
        if not call.is_readable:
            raise ApiError(99991402, "the body is no json object")
        if not route.needs_token:
            return
        header = call.headers.get("authorization", "")
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

    def _refusal(self, refused: ApiError) -> Answer:
        body: Json = {"code": refused.code, "msg": refused.sentence}
        log_id = f"log-{self._recorder.next_number()}"
        body["error"] = refused.error | {"log_id": log_id, "troubleshooter": f"https://open.feishu.example/s?{log_id}"}
        headers = {**refused.headers, "X-Tt-Logid": log_id}
        return Answer(status=refused.status, body=wire(body), code=refused.code, headers=headers)

    # ------------------------------------------------------------------ faults

    def refusal_of(self, method: str, path: str, fault: Fault) -> Answer:  # noqa: ARG002 - one style for all calls
        """Too many calls, a breakdown, a code, a dead token."""
        match fault.kind:
            case FaultKind.HTTP_429:
                status = self._state.options.rate_error_status
                return self._refusal(_too_many(max(1, round(fault.seconds)), status=status))
            case FaultKind.TOKEN_EXPIRED:
                self._tokens.expire_all()
                return self._refusal(ApiError(99991663, status=self._state.options.token_error_status))
            case FaultKind.CODE:
                return self._refusal(ApiError(fault.code))
            case _:
                return self._refusal(ApiError(2200))


def _shape(route: Route, outcome: Outcome) -> Answer:
    match outcome:
        case bytes():
            return Answer(status=200, body=outcome, code=0, content_type="application/octet-stream")
        case TopLevel():
            return Answer(status=200, body=wire({"code": 0, "msg": "ok"} | outcome.body), code=0)
        case dict():
            return Answer(status=200, body=wire({"code": 0, "msg": route.message, "data": outcome}), code=0)


def _too_many(seconds: int, *, status: int) -> ApiError:
    headers = {"x-ogw-ratelimit-limit": "50", "x-ogw-ratelimit-reset": str(seconds)}
    return ApiError(99991400, headers=headers, status=status)
