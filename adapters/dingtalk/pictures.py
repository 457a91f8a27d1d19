"""How a chart's picture is uploaded here (dingtalk.md 4.5)."""

from __future__ import annotations

from adapters._members import text
from adapters._pictures import Pictures
from adapters.dingtalk.api import Api
from adapters.dingtalk.escape import is_id
from adapters.dingtalk.render import upload_call
from bot.clock import Clock


def pictures(api: Api, *, clock: Clock) -> Pictures:
    """The pictures of one app."""

    async def upload(content: bytes) -> str:
        media = text(await api.call(upload_call(content)), "media_id")
        return media if is_id(media) else ""

    return Pictures(upload, clock=clock)
