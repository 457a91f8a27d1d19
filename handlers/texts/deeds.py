"""Decisions on numbered objects, and what their cards say."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "topic_decide": ("审批", "decide"),
    "help_approve": ("同意 XQ-15　批准、通过", "approve XQ-15"),
    "help_reject": ("驳回 XQ-15 原因", "reject XQ-15 reason"),
    "help_send_back": ("退回 XQ-15 原因", "return XQ-15 reason"),
    "help_withdraw": ("撤回 XQ-15", "withdraw XQ-15"),
    "help_sign": ("签字 JD-12", "sign JD-12"),
    "help_confirm": ("确认 RW-36　确认完成", "confirm RW-36"),
    "help_not_solved": ("仍未解决 WT-12 原因", "not solved WT-12 reason"),
    "help_close": ("闭环 WT-12", "close WT-12"),
    "help_reopen": ("重开 WT-12 原因", "reopen WT-12 reason"),
    "example_approve": ("同意 XQ-15", "approve XQ-15"),
    "example_reject": ("驳回 XQ-15 预算没有着落", "reject XQ-15 there is no budget for it"),
    "example_send_back": ("退回 XQ-15 缺少检验人力与设备需求", "return XQ-15 inspectors and equipment are missing"),
    "example_withdraw": ("撤回 XQ-15", "withdraw XQ-15"),
    "example_sign": ("签字 JD-12", "sign JD-12"),
    "example_confirm": ("确认 RW-36", "confirm RW-36"),
    "example_not_solved": ("仍未解决 WT-12 尺寸仍然超差", "not solved WT-12 the size is still wrong"),
    "example_close": ("闭环 WT-12", "close WT-12"),
    "example_reopen": ("重开 WT-12 问题再次出现", "reopen WT-12 it happened again"),
    "verb_does_not_fit": (
        "这个操作不适用于 {code}。发送该编号可查看它的状态和可做的操作。",
        "That cannot be done to {code}. Send its number to see its state and what can be done.",
    ),
    "card_reason": ("原因/意见", "Reason or remark"),
    "card_reason_hint": ("退回、驳回时必填，不少于 5 个字", "Needed for a return or refusal, at least 5 characters"),
    "card_read_in_private": (
        "内容不在卡片上显示，请在单聊中发送“{command}”查看。",
        "Not shown on the card; send “{command}” in private to read it.",
    ),
}
