"""Feishu and Lark. The app needs `create` only."""

from adapters.feishu.adapter import FeishuAdapter, create

__all__ = ["FeishuAdapter", "create"]
