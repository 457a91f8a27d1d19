"""One thing that somebody writes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doing:
    """`who` is a person's id; without a group it is written in the private chat with the bot. `@姓名` is a real mention."""

    who: str
    text: str
    #: the platform's id of the group
    chat: str = ""
    #: the message that is quoted
    quotes: str = ""
    #: the object it is about, where somebody does what he or she owes
    code: str = ""
    #: it is done by the holder of the deadline, not by whoever stands in
    is_own: bool = False
