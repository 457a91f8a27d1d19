"""What people and platforms do, one file a thing: load, let the rules decide, write. Nothing here calls a platform."""

from __future__ import annotations

from typing import Any

__all__ = ["Handlers", "busy_text"]  # noqa: F822 - found by `__getattr__` while the families are being written


def __getattr__(name: str) -> Any:
    """The face of the wiring, imported when it is first asked for."""
    if name not in __all__:
        raise AttributeError(name)
    from handlers import front

    return getattr(front, name)
