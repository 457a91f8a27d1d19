"""One request read within bounds, one answer made. Every answer carries the same headers, whatever it is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import hdrs, web

#: what answers a (method, path)
Route = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_HEADERS = {
    "Server": "huiyin",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Refused(Exception):
    """The request is not read to its end; `status` says why in the words of HTTP."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Punctual:
    """A connection that allows each request a certain time to arrive."""

    __slots__ = ()

    def has_arrived(self) -> None:
        """The request is whole, or it does not matter any more: its deadline is off."""
        raise NotImplementedError


def answer(
    status: int, body: bytes = b"", content_type: str = "text/plain; charset=utf-8", *, closes: bool = False
) -> web.Response:
    """An answer; `closes` ends the connection after it."""
    response = web.Response(status=status, body=body, headers={**_HEADERS, hdrs.CONTENT_TYPE: content_type})
    if closes:
        response.force_close()
    return response


def has_arrived(request: web.BaseRequest) -> None:
    """The deadline for the arrival of this request is off."""
    connection = request.protocol
    if isinstance(connection, Punctual):
        connection.has_arrived()


async def read_body(request: web.BaseRequest, *, limit: int) -> bytes:
    """The bytes as they were sent. Raises Refused for what is too long or packed, before it is read."""
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower() != "identity":
        raise Refused(415)  # a bomb inflates after it is believed to be small (M7)
    if (request.content_length or 0) > limit:
        raise Refused(413)
    if request.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    body = bytearray()
    try:
        while piece := await request.content.readany():
            body += piece
            if len(body) > limit:
                raise Refused(413)
    except web.RequestPayloadError:
        raise Refused(400) from None
    return bytes(body)


def single_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by lower-case name; one that stands twice is left out, because two readers could pick two values."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for name, value in headers.items():
        key = name.lower()
        if key in found:
            twice.add(key)
        found[key] = value
    return {key: value for key, value in found.items() if key not in twice} if twice else found
