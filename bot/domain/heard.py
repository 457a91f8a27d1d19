"""One message of a chat, as the reply clocks remember it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.tracking import Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One message of the history, with what became of it later."""

    spoken: Spoken
    received_at: datetime
    source_flag: str = ""
    recalled_at: datetime | None = None
    excerpt: str = ""
