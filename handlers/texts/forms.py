"""Sentences about forms: what was not understood, what is missing, and the questions of the guided dialogue (domain.md 4)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # ---------------------------------------------------------------- what was not understood
    "field_problems": ("以下内容需要修改：\n{problems}", "These fields need a change:\n{problems}"),
    "form_complaint": (
        "有 {count} 处没看懂：\n{problems}\n其余内容已保留，只需按示例改好这几处再发一次。",
        "{count} entries were not understood:\n{problems}\nEverything else is kept: send only these again, as in the examples.",
    ),
    "form_answer_wrong": (
        "没看懂“{typed}”：\n{problem}\n请再写一次；“上一项”返回，“取消”稍后再填。",
        "“{typed}” was not understood:\n{problem}\nPlease write it again; “back” returns, “cancel” stops for now.",
    ),
    "form_problem": ("· {where}：{what}", "· {where}: {what}"),
    "form_example": ("例：{label}：{value}", "Example: {label}: {value}"),
    "form_at_row": ("{label}第 {row} 行", "{label}, row {row}"),
    "form_at_column": ("{label}第 {row} 行“{column}”", "{label}, row {row}, “{column}”"),
    "form_unknown_near": (
        "本表没有“{typed}”这一栏，是不是“{label}”？",
        "this form has no field “{typed}”; did you mean “{label}”?",
    ),
    "form_unknown": (
        "本表没有“{typed}”这一栏。可填：{labels}",
        "this form has no field “{typed}”. Fields: {labels}",
    ),
    "form_labels_more": ("……", "…"),
    "form_unknown_where": ("“{typed}”", "“{typed}”"),
    "form_auto": ("由系统填写，不用填。", "is filled in by the system."),
    "form_no_date": ("“{typed}”不是有效日期。", "“{typed}” is no valid date."),
    "form_date_range": ("“{typed}”超出 2020 年至 2099 年。", "“{typed}” lies outside 2020 to 2099."),
    "form_no_time": ("“{typed}”不是有效时间。", "“{typed}” is no valid time."),
    "form_in_future": ("不能晚于现在。", "cannot lie in the future."),
    "form_end_before_start": ("早于开始日期 {start}。", "lies before the start, {start}."),
    "form_no_choice": ("“{typed}”不在选项中，可选：{options}。", "“{typed}” is none of the options: {options}."),
    "form_no_bool": ("“{typed}”请改为“是”或“否”。", "“{typed}” has to be yes or no."),
    "form_no_person": ("没有找到在职人员“{typed}”。", "nobody at work here is called “{typed}”."),
    "form_several_people": (
        "“{typed}”有多位：{people}，请写工号。",
        "several people are called “{typed}”: {people}. Write the staff number.",
    ),
    "form_no_department": (
        "没有部门“{typed}”，现有：{departments}。",
        "no department is called “{typed}”; there are: {departments}.",
    ),
    "form_no_phone": ("“{typed}”不是手机、座机或分机号。", "“{typed}” is no mobile, landline or extension."),
    "form_no_number": ("“{typed}”不是数字。", "“{typed}” is no number."),
    "form_no_money": ("“{typed}”不是金额。", "“{typed}” is no amount."),
    "form_money_range": (
        "“{typed}”须不小于 0，最多两位小数。",
        "“{typed}” must be 0 or more, with two decimals at most.",
    ),
    "form_no_percent": ("“{typed}”不是百分数。", "“{typed}” is no percentage."),
    "form_percent_range": ("“{typed}”须在 0 到 100 之间。", "“{typed}” must lie between 0 and 100."),
    "form_no_link": (
        "“{typed}”不是可登记的链接，只收 http 或 https 开头的网址。",
        "“{typed}” cannot be taken as a link; only http and https addresses can.",
    ),
    "form_too_many_links": ("{count} 个链接，最多 {limit} 个。", "{count} links, at most {limit}."),
    "form_no_code": ("“{typed}”不是编号。", "“{typed}” is no number of an object."),
    "form_too_long": ("{count} 字，最多 {limit} 字。", "{count} characters, at most {limit}."),
    "form_too_short": ("太短，至少 {limit} 个字。", "is too short, at least {limit} characters."),
    "form_too_many_rows": ("{count} 行，最多 {limit} 行。", "{count} rows, at most {limit}."),
    "form_row_columns": ("有 {count} 列，最多 {limit} 列。", "has {count} columns, at most {limit}."),
    "form_cell_empty": ("未填写。", "is empty."),
    # ---------------------------------------------------------------- cards
    "form_submit": ("提交", "Submit"),
    "form_several_hint": ("多个用顿号分开", "Several: part them by commas"),
    "form_links_hint": ("一行一个网址", "One address a line"),
    "form_none_hint": ("没有请填“无”", "Write “none” for none"),
    # ---------------------------------------------------------------- the guided dialogue
    "form_ask": ("请填“{label}”（还有 {left} 项必填）。", "“{label}”, please ({left} required fields are left)."),
    "form_ask_last": ("请填“{label}”（最后一项必填）。", "“{label}”, please (the last required field)."),
    "form_ask_optional": ("可选填“{label}”，不填请回“跳过”。", "“{label}”, if you like; “skip” goes on."),
    "form_ask_how": (
        "直接回内容即可；“上一项”返回，“取消”稍后再填。",
        "Just write it; “back” returns, “cancel” stops for now.",
    ),
    "form_options": ("可选：{options}", "Options: {options}"),
    "form_columns": ("一行一条，写成：{columns}", "One row a line: {columns}"),
    "form_noted": ("已记下“{label}”。", "“{label}” is noted."),
    "form_cannot_skip": ("“{label}”是必填项，不能跳过。", "“{label}” is required and cannot be skipped."),
    "form_stopped": (
        "已停下，已填内容都保留着，随时可继续。",
        "Stopped. Everything you filled in is kept; go on whenever you like.",
    ),
    "form_no_earlier": ("这是第一项。", "This is the first field."),
    "form_kept": ("已填内容已保留，补齐后再提交即可。", "What you filled in is kept; complete it and submit again."),
}
