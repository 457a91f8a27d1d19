"""The page behind a link to a file: reading it takes nothing, pressing its button takes the file once (domain.md 6.3; EC-75).

Chat programs read links before people do, so a link alone must change nothing. Every link gets the same page; only the button tells
whether it still counts.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote

import structlog
from aiohttp import hdrs, web

from bot.errors import StoreUnavailable
from bot.ports.downloads import DOWNLOAD_KEY, DOWNLOAD_PATH, Downloads, File
from bot.web.exchange import Refused, Route, answer, has_arrived, read_body
from bot.web.limits import QuietLog

log = structlog.get_logger(__name__)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
_MOST_BODY = 1024
_HTML = "text/html; charset=utf-8"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Robots-Tag": "noindex, nofollow",
}
_STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;margin:15vh auto;max-width:24em;padding:0 1.5em;color:#1f2329;text-align:center}"
    "button{font:inherit;padding:.6em 2.4em;border:0;border-radius:.4em;background:#1456f0;color:#fff}"
    "small{color:#646a73}"
)
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>下载文件 · Download</title><style>{style}</style></head>
<body>{content}</body></html>
"""
_BUTTON = """<p>您要的文件已备好。<br>Your file is ready.</p>
<form method="post" action="{path}"><input type="hidden" name="{key}" value="{token}">
<button type="submit">下载 Download</button></form>
<p><small>链接 10 分钟内有效，只能下载一次。<br>The link works once, within 10 minutes.</small></p>"""
_GONE = """<p>链接已失效、已用过，或您不再有权查看。请在聊天中重新发送“导出”。</p>
<p><small>This link is too old, was used, or your right has ended. Send “export” in the chat again.</small></p>"""


@dataclass(slots=True)
class DownloadPages:
    """The page and its button."""

    downloads: Downloads
    quiet: QuietLog

    def routes(self) -> dict[tuple[str, str], Route]:
        """What to put on the listener."""
        return {("GET", DOWNLOAD_PATH): self._page, ("POST", DOWNLOAD_PATH): self._take}

    async def _page(self, request: web.BaseRequest) -> web.StreamResponse:
        has_arrived(request)
        token = request.query.get(DOWNLOAD_KEY, "")
        if _TOKEN.fullmatch(token) is None:
            return _shown(404, _GONE)
        content = _BUTTON.format(path=DOWNLOAD_PATH, key=DOWNLOAD_KEY, token=html.escape(token, quote=True))
        return _shown(200, content)

    async def _take(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            body = await read_body(request, limit=_MOST_BODY)
        except Refused as refused:
            has_arrived(request)
            return answer(refused.status, closes=True)
        except ConnectionError:
            return answer(408, closes=True)
        has_arrived(request)
        token = parse_qs(body.decode("ascii", "replace")).get(DOWNLOAD_KEY, [""])[0]
        if _TOKEN.fullmatch(token) is None:
            return _shown(404, _GONE)
        try:
            file = await self.downloads.fetch(token)
        except StoreUnavailable:
            self.quiet.warn("download_not_made", "the store could not be asked for a file")
            return answer(503)
        except Exception:  # the edge: a file that cannot be made must not take the listener down
            log.exception("a file could not be made", action="download_broke")
            return answer(500)
        if file is None:
            self.quiet.warn("download_refused", "a link to a file did not count")
            return _shown(404, _GONE)
        return _attached(file)


def _shown(status: int, content: str) -> web.Response:
    response = answer(status, _PAGE.format(style=_STYLE, content=content).encode(), _HTML)
    response.headers.update(_HEADERS)
    return response


def _attached(file: File) -> web.Response:
    response = answer(200, file.content, file.content_type)
    response.headers.update(_HEADERS)
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", file.name)
    response.headers[hdrs.CONTENT_DISPOSITION] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name)}"
    )
    return response
