"""Charts as pictures of the platform: drawn, uploaded once, and known by the id that the platform gave (wecom.md 6.1).

An upload says nothing to anybody, so whatever becomes of it, it can be made again; what the platform does not want as a picture
goes out as the words that stand for it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import structlog

from adapters._members import text
from adapters.wecom.api import Api
from adapters.wecom.render import upload_call
from bot.domain.chart import Chart
from bot.errors import FailureKind, PlatformError
from bot.pictures import png

log = structlog.get_logger(__name__)

#: ids that are remembered: a report goes to many people as the same picture
REMEMBERED = 32
_PASSING = frozenset({FailureKind.RETRY, FailureKind.REFRESH, FailureKind.ADMINISTRATOR})


class Pictures:
    """The pictures of one app."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._ids: OrderedDict[Chart, str] = OrderedDict()
        #: whoever needs a picture that is on its way waits for it
        self._turn = asyncio.Lock()

    async def id_of(self, chart: Chart) -> str:
        """The id of the chart's picture. Raises PlatformError, DEGRADE where there will be none."""
        async with self._turn:
            known = self._ids.get(chart)
            if known is not None:
                self._ids.move_to_end(chart)
                return known
            found = await self._upload(await _drawn(chart))
            self._ids[chart] = found
            while len(self._ids) > REMEMBERED:
                self._ids.popitem(last=False)
            return found

    async def _upload(self, content: bytes) -> str:
        try:
            found = text(await self._api.call(upload_call(content)), "media_id")
        except PlatformError as problem:
            kind = FailureKind.RETRY if problem.kind is FailureKind.UNKNOWN else problem.kind
            if kind not in _PASSING:
                log.warning("a picture could not be uploaded", action="picture_refused", code=problem.code)
                kind = FailureKind.DEGRADE
            raise PlatformError(
                kind,
                code=problem.code,
                hint=problem.hint,
                operation=problem.operation,
                retry_after_ms=problem.retry_after_ms,
            ) from problem
        if not found:
            raise PlatformError(FailureKind.DEGRADE, code="no_media_id", operation="media.upload")
        return found


async def _drawn(chart: Chart) -> bytes:
    try:
        return await asyncio.to_thread(png, chart)
    except ValueError:
        log.exception("a chart could not be drawn", action="chart_broke")
        raise PlatformError(FailureKind.DEGRADE, code="not_drawn", operation="png") from None
