"""WeCom. The app needs `create` only."""

from adapters.wecom.adapter import WeComAdapter, create

__all__ = ["WeComAdapter", "create"]
