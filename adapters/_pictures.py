"""Charts as pictures of a platform: drawn, uploaded once, and known by the id that the platform gave.

An upload says nothing to anybody, so whatever becomes of it, it can be made again; what the platform does not want as a picture
goes out as the words that stand for it. How a picture is uploaded, and for how long its id is good, each platform says itself.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.domain.chart import Chart
from bot.errors import FailureKind, PlatformError
from bot.pictures import png

log = structlog.get_logger(__name__)

#: ids that are remembered: a report goes to many people as the same picture
REMEMBERED = 32
#: nothing was said yet, so that an upload in doubt is simply made again
_AGAIN = frozenset({FailureKind.RETRY, FailureKind.REFRESH, FailureKind.UNKNOWN})

#: uploads a PNG; the id that the platform gave. Raises PlatformError
Upload = Callable[[bytes], Awaitable[str]]
#: whether a refusal would meet everything else that we send as well; the others concern pictures alone
IsGeneral = Callable[[PlatformError], bool]


def takes_an_administrator(problem: PlatformError) -> bool:
    """Where a refusal that somebody has to lift concerns the whole app."""
    return problem.kind is FailureKind.ADMINISTRATOR


class Pictures:
    """The pictures of one app."""

    def __init__(
        self,
        upload: Upload,
        *,
        clock: Clock,
        is_general: IsGeneral = takes_an_administrator,
        keep: timedelta = timedelta(days=2),
    ) -> None:
        """An id is used for as long as `keep`."""
        self._upload = upload
        self._clock = clock
        self._is_general = is_general
        self._keep = keep
        #: chart -> id, and when it came
        self._known: OrderedDict[Chart, tuple[str, datetime]] = OrderedDict()
        #: whoever needs a picture that is on its way waits for it
        self._turn = asyncio.Lock()

    async def id_of(self, chart: Chart) -> str:
        """The id of the chart's picture. Raises PlatformError, DEGRADE where there will be none."""
        async with self._turn:
            if self.knows(chart):
                self._known.move_to_end(chart)
                return self._known[chart][0]
            found = await self._uploaded(await _drawn(chart))
            self._known.pop(chart, None)
            self._known[chart] = found, self._clock.now()
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return found

    def knows(self, chart: Chart) -> bool:
        """Was this picture uploaded before, and not too long ago?"""
        known = self._known.get(chart)
        return known is not None and self._clock.now() - known[1] < self._keep

    def forget(self, chart: Chart) -> None:
        """The platform does not know the id any more."""
        self._known.pop(chart, None)

    async def _uploaded(self, content: bytes) -> str:
        try:
            found = await self._upload(content)
        except PlatformError as problem:
            raise self._of_upload(problem) from problem
        if not found:
            raise PlatformError(FailureKind.DEGRADE, code="no_picture_id", operation="upload")
        return found

    def _of_upload(self, problem: PlatformError) -> PlatformError:
        """What a failed upload means for the message."""
        kind = FailureKind.RETRY if problem.kind is FailureKind.UNKNOWN else problem.kind
        if problem.kind not in _AGAIN and not self._is_general(problem):
            log.warning(
                "a picture could not be uploaded", action="picture_refused", code=problem.code, hint=problem.hint
            )
            kind = FailureKind.DEGRADE
        return PlatformError(
            kind,
            code=problem.code,
            hint=problem.hint,
            operation=problem.operation,
            retry_after_ms=problem.retry_after_ms,
        )


async def _drawn(chart: Chart) -> bytes:
    try:
        return await asyncio.to_thread(png, chart)
    except ValueError:
        log.exception("a chart could not be drawn", action="chart_broke")
        raise PlatformError(FailureKind.DEGRADE, code="not_drawn", operation="png") from None
