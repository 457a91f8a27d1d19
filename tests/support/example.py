"""The example of the configuration with every platform switched on, as somebody has it who takes all comment signs away."""

from __future__ import annotations

import re

from bot import config

_SWITCHED_OFF = re.compile(r"^# (?=\[platforms\.|[a-z_]+ = )", re.MULTILINE)


def whole_example() -> str:
    """Every key of every section."""
    return _SWITCHED_OFF.sub("", config.example())
