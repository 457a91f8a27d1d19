"""The public listener: callbacks, health and files that were asked for, nothing else. Paths are looked up in one table; there is no router to fool.

It starts only with the compiled HTTP parser, because most request-smuggling flaws of the library were in the other one
(reliability.md B4). Stopping closes the door first, then waits for requests that are under way.
"""

from __future__ import annotations

import resource
from collections.abc import Sequence

import structlog
from aiohttp import http_parser, web

from bot.clock import Clock
from bot.config import ServerSection
from bot.errors import ConfigError, Problem
from bot.metrics import Metrics
from bot.ports import Intake, PlatformAdapter
from bot.ports.downloads import Downloads
from bot.web.downloads import DownloadPages
from bot.web.exchange import Route, answer, has_arrived
from bot.web.health import Health, VitalsSource
from bot.web.hooks import Hooks
from bot.web.limits import RESERVED_DESCRIPTORS, Doorkeeper, GuardedServer, QuietLog

log = structlog.get_logger(__name__)

#: seconds for which the rest of a request that was refused is read away, so that its sender gets to see the answer
LINGER_SECONDS = 2.0
#: connections that wait to be accepted; the kernel may take fewer
BACKLOG = 512


class PublicServer:
    """One listener over all adapters."""

    def __init__(
        self,
        settings: ServerSection,
        adapters: Sequence[PlatformAdapter],
        intake: Intake,
        vitals: VitalsSource,
        metrics: Metrics,
        *,
        clock: Clock,
        downloads: Downloads | None = None,
    ) -> None:
        self._settings = settings
        quiet = QuietLog()
        self.door = Doorkeeper(
            total=_room_for(settings.max_connections), per_address=settings.max_connections_per_address, quiet=quiet
        )
        health = Health(source=vitals, metrics=metrics, metrics_token=settings.metrics_token)
        hooks = Hooks(settings=settings, intake=intake, metrics=metrics, clock=clock, quiet=quiet)
        pages = DownloadPages(downloads, quiet).routes() if downloads is not None else {}
        self._routes: dict[tuple[str, str], Route] = {**hooks.routes(adapters), **pages, **health.routes()}
        self._runner: web.ServerRunner | None = None
        self._port = 0

    @property
    def port(self) -> int:
        """Where it listens, 0 while it does not."""
        return self._port

    async def start(self) -> None:
        """Listen. Raises ConfigError when the address cannot be had or the compiled parser is missing."""
        require_compiled_parser()
        server = GuardedServer(
            self._serve,
            door=self.door,
            seconds=self._settings.request_seconds,
            keep_alive_seconds=self._settings.keep_alive_seconds,
            linger_seconds=min(LINGER_SECONDS, self._settings.request_seconds),
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=self._settings.answer_seconds)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.host, self._settings.port, backlog=BACKLOG, reuse_address=True)
        try:
            await site.start()
        except OSError as problem:
            await self._runner.cleanup()
            self._runner = None
            raise ConfigError([_no_address(self._settings, problem)]) from problem
        self._port = site.port
        log.info("listening", action="listening", host=self._settings.host, port=self._port)

    async def stop(self) -> None:
        """Take no new connection, finish requests under way, close; safe to call twice."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
            self._port = 0

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        route = self._routes.get((request.method, request.path))
        if route is not None:
            return await route(request)
        has_arrived(request)
        return answer(404, closes=not request.content.at_eof())


def has_compiled_parser() -> bool:
    """Whether the HTTP library parses with its compiled parser; not so with AIOHTTP_NO_EXTENSIONS or a bare build."""
    return http_parser.HttpRequestParser is not http_parser.HttpRequestParserPy


def require_compiled_parser() -> None:
    """Raises ConfigError without the compiled parser."""
    if not has_compiled_parser():
        raise ConfigError(
            [
                Problem(
                    "AIOHTTP_NO_EXTENSIONS",
                    "",
                    "the compiled HTTP parser of aiohttp",
                    "去掉该环境变量，或重装带编译扩展的 aiohttp / unset it, or install aiohttp from a binary wheel",
                )
            ]
        )


def _no_address(settings: ServerSection, problem: OSError) -> Problem:
    return Problem(
        "server.port",
        f"{settings.host}:{settings.port}",
        f"an address that is free ({problem.strerror or problem})",
        "换一个端口，或停掉占用它的程序 / take another port, or stop the program that has it",
    )


def _room_for(wanted: int) -> int:
    """Connections that the file descriptors of this process allow; the limit is raised as far as it may be first.

    Some are kept for the database and the platforms, so that a flood of callers cannot starve them (F25).
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + RESERVED_DESCRIPTORS
    if resource.RLIM_INFINITY != soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(hard, needed)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - RESERVED_DESCRIPTORS))
    if room < wanted:
        log.warning("few file descriptors", action="few_descriptors", connections=room, wanted=wanted)
    return room
