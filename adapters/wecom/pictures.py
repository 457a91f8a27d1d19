"""How a chart's picture is uploaded here; its id is good for three days (wecom.md 6.1)."""

from __future__ import annotations

from adapters._members import text
from adapters._pictures import Pictures
from adapters.wecom.api import Api
from adapters.wecom.render import upload_call
from bot.clock import Clock


def pictures(api: Api, *, clock: Clock) -> Pictures:
    """The pictures of one app."""

    async def upload(content: bytes) -> str:
        return text(await api.call(upload_call(content)), "media_id")

    return Pictures(upload, clock=clock)
