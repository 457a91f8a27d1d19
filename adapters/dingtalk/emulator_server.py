"""The HTTP face of the emulated platform, both APIs on one listener: checks every call as the gateways do and runs it.

Order of checks: address, path, body, token, permission, frequency, budget, then the API itself. The new API wants its
token in a header and refuses with an HTTP status and a word; the legacy one wants it in the query and refuses with
HTTP 200 and a number (dingtalk.md 1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aiohttp.typedefs import Handler

from adapters._emulator.faults import Fault, FaultKind, FaultPlan
from adapters._emulator.http_face import Answer, Call, HttpFace, parts_of
from adapters._emulator.limits import Windows
from adapters._emulator.recorder import Recorder
from adapters._emulator.wire_json import Json, wire
from adapters.dingtalk import emulator_codes as codes
from adapters.dingtalk.emulator_budget import Budget
from adapters.dingtalk.emulator_codes import ApiError, LegacyError
from adapters.dingtalk.emulator_limits import ADDRESS_BAN, ADDRESS_SECONDS
from adapters.dingtalk.emulator_state import State
from adapters.dingtalk.emulator_tokens import Tokens

TOKEN_HEADER = "x-acs-dingtalk-access-token"  # noqa: S105 - a header's name
_NO_JSON = 400002
_LEGACY_PATHS = ("/gettoken", "/topapi/", "/chat/", "/media/", "/robot/", "/call_back/", "/user/", "/department/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One API of the platform. Answers are JSON, or the bytes of a download."""

    method: str
    path: str
    #: its name in fault plans and records
    operation: str
    run: Callable[[Call], Json | bytes]
    scopes: tuple[str, ...] = ()
    needs_token: bool = True
    #: it uses up the calls of the month
    is_paid: bool = True

    @property
    def is_legacy(self) -> bool:
        """True on oapi."""
        return self.path.startswith(_LEGACY_PATHS)

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The path parameters when the request is for this API."""
        return parts_of(self.path, path) if method == self.method else None


class ApiServer(HttpFace):
    """Dispatches calls to routes."""

    def __init__(
        self,
        *,
        state: State,
        tokens: Tokens,
        budget: Budget,
        recorder: Recorder,
        faults: FaultPlan,
        routes: Sequence[Route],
        extra: Sequence[tuple[str, Handler]] = (),
    ) -> None:
        super().__init__(clock=state.clock, changes=state.changes, recorder=recorder, faults=faults, extra=extra)
        self._state = state
        self._tokens = tokens
        self._budget = budget
        self._routes = routes
        self._windows = Windows()
        self._banned_until: datetime | None = None

    def operation_of(self, method: str, path: str) -> str:
        """The name of the route."""
        route, _ = self._find(method, path)
        return route.operation if route is not None else ""

    def answer(self, method: str, path: str, call: Call) -> Answer:
        """Run it as the gateways do."""
        if self._is_banned():
            return Answer(status=403, body=wire(_BAN), code=1111)
        route, found = self._find(method, path)
        if route is None:
            return self._nowhere(path)
        try:
            self._admit(call, route)
            return _done(route, route.run(replace(call, path=found)))
        except ApiError as refused:
            return self._refused(refused)
        except LegacyError as refused:
            return self._refused_legacy(refused)

    def refusal_of(self, method: str, path: str, fault: Fault) -> Answer:
        """Too many calls, a breakdown, a code, a dead token."""
        route, _ = self._find(method, path)
        is_legacy = path.startswith(_LEGACY_PATHS) if route is None else route.is_legacy
        if fault.kind is FaultKind.TOKEN_EXPIRED:
            self._tokens.expire_all()
        if fault.kind is FaultKind.HTTP_500 and is_legacy:
            return Answer(status=500, body=b"<html>busy</html>", code=None, content_type="text/html")
        if is_legacy:
            return self._refused_legacy(LegacyError(_LEGACY_FAULTS.get(fault.kind, fault.code)))
        return self._refused(ApiError(_FAULTS.get(fault.kind, fault.word or codes.BUSY)))

    def _find(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for route in self._routes:
            found = route.match(method, path)
            if found is not None:
                return route, found
        return None, {}

    def _nowhere(self, path: str) -> Answer:
        if path.startswith(_LEGACY_PATHS):
            return replace(self._refused_legacy(LegacyError(22, "不合法的访问路径")), code=None)
        return replace(self._refused(ApiError("InvalidAction.NotFound", status=404)), code=None)

    # ------------------------------------------------------------------ the gates

    def _is_banned(self) -> bool:
        now = self._state.now()
        if self._banned_until is not None and now < self._banned_until:
            return True
        if not self._state.options.enforces_rates:
            return False
        if self._windows.take("address", ((self._state.options.calls_of_an_address, ADDRESS_SECONDS),), now=now):
            self._banned_until = now + ADDRESS_BAN
            return True
        return False

    def _admit(self, call: Call, route: Route) -> None:
        if route.is_legacy:
            self._admit_legacy(call, route)
        else:
            self._admit_new(call, route)

    def _admit_new(self, call: Call, route: Route) -> None:
        if not call.is_readable:
            raise ApiError("InvalidParameter.Body", "the body is no JSON object")
        if call.body and not call.headers.get("content-type", "").startswith("application/json"):
            raise ApiError("InvalidParameter.ContentType", "Content-Type must be application/json", status=415)
        if not route.needs_token:
            return
        if not self._tokens.is_valid(call.headers.get(TOKEN_HEADER, "")) or not self._state.is_app_enabled:
            raise ApiError(codes.BAD_TOKEN, "不合法的access_token")
        if not self._state.is_whitelisted:
            raise ApiError(codes.NOT_WHITELISTED)
        lacking = [scope for scope in route.scopes if scope not in self._state.scopes]
        if lacking:
            details: Json = {"AccessDeniedDetail": {"requiredScopes": lacking}}
            raise ApiError(codes.NO_PERMISSION, "应用尚未开通所需的权限", details=details)
        if self._is_too_fast(route):
            raise ApiError(codes.TOO_FAST)
        if route.is_paid and not self._budget.takes_call():
            raise ApiError(codes.MONTH_IS_OVER)

    def _admit_legacy(self, call: Call, route: Route) -> None:
        if not call.is_readable:
            raise LegacyError(_NO_JSON, "the body is no JSON object")
        if not route.needs_token:
            return
        token = call.arg("access_token")
        if not token:
            raise LegacyError(codes.LEGACY_NO_TOKEN)
        if not self._tokens.is_valid(token) or not self._state.is_app_enabled:
            raise LegacyError(codes.LEGACY_BAD_TOKEN, "不合法的access_token")
        if not self._state.is_whitelisted:
            raise LegacyError(codes.LEGACY_NOT_WHITELISTED)
        if any(scope not in self._state.scopes for scope in route.scopes):
            raise LegacyError(codes.LEGACY_NO_PERMISSION, f"no permission: {', '.join(route.scopes)}")
        if self._is_too_fast(route):
            raise LegacyError(codes.LEGACY_TOO_FAST)
        if route.is_paid and not self._budget.takes_call():
            raise LegacyError(codes.LEGACY_MONTH_IS_OVER)

    def _is_too_fast(self, route: Route) -> bool:
        options = self._state.options
        limit = ((options.calls_per_second, 1),)
        return options.enforces_rates and self._windows.take(route.operation, limit, now=self._state.now()) > 0

    # ------------------------------------------------------------------ answers

    def _refused(self, refused: ApiError) -> Answer:
        body: Json = {"code": refused.code, "message": refused.message, "requestid": self._state.new_id("")}
        return Answer(status=refused.status, body=wire(body | refused.details), code=refused.status, word=refused.code)

    def _refused_legacy(self, refused: LegacyError) -> Answer:
        body: Json = {"errcode": refused.code, "errmsg": refused.message, "request_id": self._state.new_id("")}
        if self._state.options.wraps_legacy_codes and refused.code > 0:
            body |= {"errcode": 88, "sub_code": str(refused.code), "sub_msg": refused.message}
        return Answer(status=200, body=wire(body), code=refused.code)


def _done(route: Route, outcome: Json | bytes) -> Answer:
    if isinstance(outcome, bytes):
        return Answer(status=200, body=outcome, code=0, content_type="application/octet-stream")
    body: Json = {"errcode": 0, "errmsg": "ok"} | outcome if route.is_legacy else outcome
    return Answer(status=200, body=wire(body), code=0)


_BAN: Json = {"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}
_FAULTS = {
    FaultKind.HTTP_429: codes.TOO_FAST,
    FaultKind.HTTP_500: codes.BUSY,
    FaultKind.TOKEN_EXPIRED: codes.BAD_TOKEN,
}
_LEGACY_FAULTS = {
    FaultKind.HTTP_429: codes.LEGACY_TOO_FAST,
    FaultKind.TOKEN_EXPIRED: codes.LEGACY_BAD_TOKEN,
}
