"""The listener of the page, on loopback: GET looks, POST does, one stream per open tab tells that something changed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping

from aiohttp import web
from multidict import MultiDict

from bot.playground.deeds import PICTURE_BYTES, Deeds, Form, Outcome
from bot.playground.guard import Guard, headers
from bot.playground.pages import Files, Pages
from bot.playground.showing import picture_type
from bot.stage import Stage

#: sign of life of an open stream, in real seconds
HEARTBEAT_SECONDS = 15.0
#: changes that come close together are told once
_CALM_SECONDS = 0.03
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class PageServer:
    """Serves one stage under one key."""

    def __init__(self, *, key: str, stage: Stage, pages: Pages, deeds: Deeds, files: Files) -> None:
        self._key = key
        self._stage = stage
        self._pages = pages
        self._deeds = deeds
        self._static: Mapping[str, bytes] = files.static
        self._stopping = asyncio.Event()
        #: counts the houses that the page has moved into
        self._house = 0
        self._runner: web.AppRunner | None = None
        self.url = ""

    def moves_into(self, *, stage: Stage, pages: Pages, deeds: Deeds) -> None:
        """Show another stage from now on; open tabs are told."""
        before = self._stage
        self._stage, self._pages, self._deeds = stage, pages, deeds
        self._house += 1
        before.touch()

    async def start(self, *, port: int) -> str:
        """Listen on 127.0.0.1; returns the page's address. Raises OSError when the port is taken."""
        app = web.Application(middlewares=[Guard(self._key).stand], client_max_size=PICTURE_BYTES + 64 * 1024)
        app.router.add_get("/{key}/", self._page)
        app.router.add_get("/{key}/news", self._news)
        app.router.add_get("/{key}/changes", self._changes)
        app.router.add_get("/{key}/static/{file}", self._file)
        app.router.add_get("/{key}/picture/{picture}", self._picture)
        app.router.add_get("/{key}/detail/{number:[0-9]{1,9}}", self._detail)
        app.router.add_get("/{key}/week/{number:[0-9]{1,3}}", self._step)
        app.router.add_post("/{key}/{deed}", self._do)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        bound = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{bound}/{self._key}/"
        return self.url

    async def stop(self) -> None:
        """Close the listener and every stream."""
        self._stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # ------------------------------------------------------------ looking

    async def _page(self, request: web.Request) -> web.Response:
        page = self._pages.page(self._pages.scene(request.query))
        response = web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})
        response.enable_compression()
        return response

    async def _news(self, request: web.Request) -> web.Response:
        news = self._pages.news(self._pages.scene(request.query))
        return web.json_response(news, headers={"Cache-Control": "no-store"})

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the revision after each change."""
        response = web.StreamResponse(headers=headers() | {"Cache-Control": "no-store"})
        response.content_type = "text/event-stream"
        await response.prepare(request)
        house, revision = self._house, self._stage.revision
        await response.write(f"retry: 1000\ndata: {house}.{revision}\n\n".encode())
        while not self._stopping.is_set():
            seen = await self._next_change(revision)
            if self._stopping.is_set():
                break
            is_news = seen != revision or house != self._house
            house = self._house
            try:
                await response.write(f"data: {house}.{seen}\n\n".encode() if is_news else b": still here\n\n")
            except ConnectionResetError:  # the tab was closed
                break
            revision = seen
        return response

    async def _next_change(self, revision: int) -> int:
        change = asyncio.ensure_future(self._stage.changed(after=revision, at_most=HEARTBEAT_SECONDS))
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({change, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not change.done():
                return revision
            await asyncio.sleep(_CALM_SECONDS)
            return self._stage.revision
        finally:
            for task in (change, stop):
                task.cancel()
            await asyncio.gather(change, stop, return_exceptions=True)

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["file"]
        content = self._static.get(name)
        kind = _TYPES.get(name.rpartition(".")[2])
        if content is None or kind is None:
            raise web.HTTPNotFound(text="not found")
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        response = web.Response(body=content, content_type=kind, charset="utf-8")
        response.headers.update({"ETag": tag, "Cache-Control": "no-cache"})
        response.enable_compression()
        return response

    async def _picture(self, request: web.Request) -> web.Response:
        content = self._stage.picture(request.match_info["picture"])
        kind = picture_type(content) if content is not None else None
        if content is None or kind is None:
            raise web.HTTPNotFound(text="not found")
        return web.Response(body=content, content_type=kind, headers={"Content-Security-Policy": "sandbox"})

    async def _detail(self, request: web.Request) -> web.Response:
        detail = self._stage.detail(int(request.match_info["number"]))
        if not detail:
            raise web.HTTPNotFound(text="not found")
        return web.Response(text=detail)

    async def _step(self, request: web.Request) -> web.Response:
        step = self._pages.step(int(request.match_info["number"]), self._pages.scene(request.query))
        if not step:
            raise web.HTTPNotFound(text="not found")
        return web.Response(text=step, content_type="text/html")

    # ------------------------------------------------------------ doing

    async def _do(self, request: web.Request) -> web.Response:
        deed = request.match_info["deed"]
        if deed not in self._deeds:
            raise web.HTTPNotFound(text="not found")
        form = await _form(request)
        scene = self._pages.scene({name: form.text(name) for name in ("me", "chat", "lang", "tab")})
        outcome = await self._deeds.do(deed, form, scene)
        if "application/json" in request.headers.get("Accept", ""):
            return web.json_response(_as_json(outcome))
        target = scene.href(**{name: value for name, value in (("me", outcome.me), ("chat", outcome.chat)) if value})
        raise web.HTTPSeeOther(f"/{self._key}/{target}")


async def _form(request: web.Request) -> Form:
    texts: MultiDict[str] = MultiDict()
    picture = b""
    for name, value in (await request.post()).items():
        if isinstance(value, str):
            texts.add(name, value)
        elif isinstance(value, web.FileField) and name == "picture":
            picture = await asyncio.to_thread(value.file.read)
    return Form(texts=texts, picture=picture)


def _as_json(outcome: Outcome) -> dict[str, object]:
    toast = outcome.toast
    words = {"words": toast.words, "kind": toast.kind} if toast is not None else None
    return {"toast": words, "chat": "" if outcome.me else outcome.chat}
