"""The refusals of the emulated platform: words with an HTTP status on the new API, numbers on the legacy one.

Only the code is a contract; the sentence is for people reading a log (dingtalk.md 1.3, 3.1, 4.1, 4.2).
"""

from __future__ import annotations

from collections.abc import Mapping

from adapters._emulator.wire_json import Json

_BAD_REQUEST, _FORBIDDEN, _BROKEN = 400, 403, 500
_DENIED = "Forbidden.AccessDenied."

#: the token is missing, unknown or dead
BAD_TOKEN = "InvalidAuthentication"  # noqa: S105 - the platform's word for it
BUSY = "system.busy"
NO_PERMISSION = f"{_DENIED}AccessTokenPermissionDenied"
TOO_FAST = f"{_DENIED}QpsLimitForAppkeyAndApi"
MONTH_IS_OVER = f"{_DENIED}ApiCountLimitForOrg"
NOT_WHITELISTED = f"{_DENIED}IpNotInWhiteList"

#: legacy numbers
LEGACY_BUSY, LEGACY_BAD_TOKEN, LEGACY_NO_TOKEN = -1, 40014, 41001
LEGACY_TOO_FAST, LEGACY_MONTH_IS_OVER, LEGACY_NO_PERMISSION, LEGACY_BAD_PARAMETER = 90018, 90020, 60011, 400002
LEGACY_OUT_OF_RANGE, LEGACY_NO_USER, LEGACY_NO_DEPARTMENT = 50002, 60121, 60003
LEGACY_NOT_WHITELISTED, LEGACY_BAD_SECRET = 60020, 40089
SESSION_NOT_FOUND = 300001

_STATUS: Mapping[str, int] = {BUSY: _BROKEN, "ServiceUnavailable": 503, "unauthorized.client": 401}


class ApiError(Exception):
    """A refusal of the new API. `details` stand beside the code in the answer."""

    def __init__(self, code: str, message: str = "", *, status: int | None = None, details: Json | None = None) -> None:
        fallback = _FORBIDDEN if code.startswith(_DENIED) else _BAD_REQUEST
        self.code = code
        self.message = message or code
        self.status = status if status is not None else _STATUS.get(code, fallback)
        self.details = dict(details or {})
        super().__init__(f"{self.status} {code}: {self.message}")


class LegacyError(Exception):
    """A refusal of the legacy API: HTTP 200 and a number."""

    def __init__(self, code: int, message: str = "") -> None:
        self.code = code
        self.message = message or "failed"
        super().__init__(f"{code}: {self.message}")


def missing(field: str) -> ApiError:
    """A field that must be there and is not, or is of another kind."""
    return ApiError(f"Missing{field}", f"{field} is mandatory for this action.")
