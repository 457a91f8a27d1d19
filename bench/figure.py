"""One line of the benchmark table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, against what, and whether the target was met."""

    name: str
    value: float
    unit: str
    #: the target in words, as printed
    target: str
    #: who did the same work in the same run; empty without a peer
    peer: str = ""
    #: how many times better than the peer; None without a peer
    ratio: float | None = None
    #: None where the figure is for information only
    ok: bool | None = None
