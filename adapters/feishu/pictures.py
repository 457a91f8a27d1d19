"""How a chart's picture is uploaded here (feishu.md 5.2)."""

from __future__ import annotations

from datetime import timedelta

from adapters._pictures import Pictures
from adapters.feishu.api import Api, data_of, text_of
from adapters.feishu.escape import is_id
from adapters.feishu.render import image_call
from bot.clock import Clock
from bot.errors import PlatformError

#: nothing is said of an end of these keys; one that is not known any more is refused, and the picture sent anew
KEEP = timedelta(days=30)
#: refusals of an upload for which everything else that we send would be refused as well; the others concern pictures alone
_GENERAL = frozenset(
    {"99991401", "99991403", "99991662", "99991665", "99991673", "10003", "10014", "10015", "certificate"}
)


def pictures(api: Api, *, clock: Clock) -> Pictures:
    """The pictures of one app."""

    async def upload(content: bytes) -> str:
        key = text_of(data_of(await api.call(image_call(content))), "image_key")
        return key if is_id(key) else ""

    return Pictures(upload, clock=clock, is_general=_is_general, keep=KEEP)


def _is_general(problem: PlatformError) -> bool:
    return problem.code in _GENERAL
