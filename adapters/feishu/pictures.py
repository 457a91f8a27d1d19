"""Charts as pictures of the platform: drawn, uploaded once, and known by the key that the platform gave (feishu.md 5.2).

An upload says nothing to anybody, so whatever becomes of it, it can be made again; what the platform does not want as a picture
goes out as the words that stand for it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import structlog

from adapters.feishu.api import Api, data_of, text_of
from adapters.feishu.escape import is_id
from adapters.feishu.render import image_call
from bot.domain.chart import Chart
from bot.errors import FailureKind, PlatformError
from bot.pictures import png

log = structlog.get_logger(__name__)

#: keys that are remembered: a report goes to many people as the same picture
REMEMBERED = 32
#: a refusal of an upload for which everything else that we send would be refused as well; the others concern pictures alone
_GENERAL = frozenset(
    {"99991401", "99991403", "99991662", "99991665", "99991673", "10003", "10014", "10015", "certificate"}
)


class Pictures:
    """The pictures of one app."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._keys: OrderedDict[Chart, str] = OrderedDict()
        #: whoever needs a picture that is on its way waits for it
        self._turn = asyncio.Lock()

    async def key_of(self, chart: Chart) -> str:
        """The key of the chart's picture. Raises PlatformError, DEGRADE where there will be none."""
        async with self._turn:
            known = self._keys.get(chart)
            if known is not None:
                self._keys.move_to_end(chart)
                return known
            key = await self._upload(await _drawn(chart))
            self._keys[chart] = key
            while len(self._keys) > REMEMBERED:
                self._keys.popitem(last=False)
            return key

    def knows(self, chart: Chart) -> bool:
        """Was this picture uploaded before?"""
        return chart in self._keys

    def forget(self, chart: Chart) -> None:
        """The platform does not know the key any more."""
        self._keys.pop(chart, None)

    async def _upload(self, content: bytes) -> str:
        call = image_call(content)
        try:
            key = text_of(data_of(await self._api.call(call)), "image_key")
        except PlatformError as problem:
            raise _of_upload(problem) from problem
        if not is_id(key):
            raise PlatformError(FailureKind.DEGRADE, code="no_image_key", operation=call.operation)
        return key


async def _drawn(chart: Chart) -> bytes:
    try:
        return await asyncio.to_thread(png, chart)
    except ValueError:
        log.exception("a chart could not be drawn", action="chart_broke")
        raise PlatformError(FailureKind.DEGRADE, code="not_drawn", operation="png") from None


def _of_upload(problem: PlatformError) -> PlatformError:
    """What a failed upload means for the message: nothing was said yet, so in doubt it is made again."""
    kind = problem.kind
    if kind is FailureKind.UNKNOWN:
        kind = FailureKind.RETRY
    elif kind not in {FailureKind.RETRY, FailureKind.REFRESH} and problem.code not in _GENERAL:
        log.warning("a picture could not be uploaded", action="picture_refused", code=problem.code, hint=problem.hint)
        kind = FailureKind.DEGRADE
    return PlatformError(
        kind,
        code=problem.code,
        hint=problem.hint,
        operation=problem.operation,
        retry_after_ms=problem.retry_after_ms,
    )
