"""What comes of pressing a button on an emulated platform, as the person who pressed sees it."""

from __future__ import annotations

from dataclasses import dataclass

FormValue = str | list[str]


class ClickRefused(Exception):
    """The client itself does not let the person do it: a disabled button, a required field left empty …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickResult:
    """What the person sees after a click."""

    toast: str = ""
    #: info, success, warning or error; empty without a toast
    toast_kind: str = ""
    #: the answer itself brought a new card
    card_changed: bool = False
    #: the client's error code when the callback went wrong, 0 when it did not
    error: int = 0
    #: the address that the button opens
    opened_url: str = ""
