"""Who may use the page: this machine only, with the key of this run in the address, from the page itself.

The key is compared in constant time; a wrong one looks like a page that does not exist, and so does a wrong method.
The Host header must name loopback, so that a foreign name that resolves to this machine opens nothing (DNS rebinding).
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HOSTS = frozenset({"127.0.0.1", "localhost"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class Guard:
    """The middleware in front of every page."""

    def __init__(self, key: str) -> None:
        self._key = key

    @web.middleware
    async def stand(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let through what is ours; everything leaves with the safety headers."""
        try:
            self._check(request)
            response = await handler(request)
        except web.HTTPException as refusal:
            for name, value in _HEADERS.items():
                refusal.headers[name] = value
            raise
        if not response.prepared:
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    def _check(self, request: web.Request) -> None:
        if urlsplit(f"//{request.host}").hostname not in _HOSTS:
            raise web.HTTPForbidden(text="only on this machine")
        given = request.match_info.get("key", "")
        if not hmac.compare_digest(given.encode(), self._key.encode()):
            raise web.HTTPNotFound(text="not found")
        if request.method == "POST":
            _check_origin(request)


def headers() -> dict[str, str]:
    """The safety headers, for responses that are prepared before the middleware sees them."""
    return dict(_HEADERS)


def _check_origin(request: web.Request) -> None:
    """A write must come from the page. Plain forms send `Origin: null` because the page sends no referrer; browsers
    say in Sec-Fetch-Site where such a form stood."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    is_own_form = origin == "null" and site == "same-origin"
    if origin is not None and origin != f"http://{request.host}" and not is_own_form:
        raise web.HTTPForbidden(text="foreign origin")
    if site is not None and site != "same-origin":
        raise web.HTTPForbidden(text="foreign site")
