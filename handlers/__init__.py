"""What people and platforms do, one file a thing: load, let the rules decide, write. Nothing here calls a platform."""

from handlers.front import Handlers, busy_text

__all__ = ["Handlers", "busy_text"]
