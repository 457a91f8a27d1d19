"""Sentences on the cards of forms: what is filled in, what is left, what a press did (ux.md A4 24, 27-34)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "form_card_fill": ("填写中", "to fill in"),
    "form_card_whole": ("待提交", "to submit"),
    "form_card_done": ("已提交", "submitted"),
    "form_card_closed": ("已停用", "closed"),
    "form_card_optional": ("{label}（选填）", "{label} (optional)"),
    "form_card_noted": ("已记下：\n{fields}", "Noted:\n{fields}"),
    "form_card_left": ("还差 {count} 项必填：{fields}。", "{count} required fields are left: {fields}."),
    "form_card_wrong": ("有 {count} 处要改，见下方说明。", "{count} entries need a change, see below."),
    "form_card_ready": ("填好了，提交？", "Everything is there. Submit it?"),
    "form_card_page": ("第 {page} 页，共 {pages} 页。", "Page {page} of {pages}."),
    "form_card_too_long": (
        "{fields}超过 {limit} 字，卡片放不下，请发文字修改。",
        "{fields}: longer than {limit} characters, more than a card holds; please change it by text.",
    ),
    "form_card_how": (
        "可以分几次填，点“保存”后已填内容都保留。",
        "You may fill it in bit by bit: what is saved is kept.",
    ),
    "form_card_by_text": (
        "也可以发文字：命令后换行逐项写，例“{label}：…”。",
        "Or by text: the command, then one field a line, for example “{label}: …”.",
    ),
    "form_card_note": ("{where}：{what}", "{where}: {what}"),
    "form_card_asked": ("已改为逐项问答，请看下一条消息。", "Asked one by one now, see the next message."),
    "form_card_replaced": ("已有新的表单卡，请用最新的一张。", "There is a newer card of this form."),
    "form_card_over": (
        "这张表单卡已停用，没有改动。要继续填，请重新发命令。",
        "This card is closed; nothing was changed. To go on, send the command again.",
    ),
    "form_card_cleared": ("已清空，可以重新填。", "Cleared; begin anew."),
    "form_card_sure": ("清空已填的全部内容？", "Clear everything that was filled in?"),
    "form_row_example": ("一行一条，例：{example}", "One row a line, e.g. {example}"),
    "form_value_example": ("例：{value}", "e.g. {value}"),
    "form_step_ready": ("填好了，提交请发送：{command}", "Everything is there. To submit it: {command}"),
    "form_step_grade": ("分级", "grade"),
    "form_step_solution": ("解决方案", "solution"),
    # ---------------------------------------------------------------- buttons and what a press says at once
    "form_button_save": ("保存", "Save"),
    "form_button_ask": ("逐项问我", "Ask me"),
    "form_button_preview": ("预览", "Preview"),
    "form_button_edit": ("修改", "Change"),
    "form_button_clear": ("清空", "Clear"),
    "form_toast_left": ("已保存，还差 {count} 项必填。", "Saved; {count} required fields are left."),
    "form_toast_ready": ("已保存，填好了，可以提交。", "Saved; it can be submitted now."),
    "form_toast_preview": ("全文见下一条消息。", "The whole form is in the next message."),
    "form_toast_wrong": ("有 {count} 处要改，已填内容保留：{first}", "{count} to change, the rest is kept: {first}"),
}
