"""DingTalk. The app needs `create` only."""

from adapters.dingtalk.adapter import DingTalkAdapter, create

__all__ = ["DingTalkAdapter", "create"]
