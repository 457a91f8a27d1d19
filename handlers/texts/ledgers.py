"""Sentences about ledgers."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "help_ledger": ("台账 进度 | 台账 问题", "ledger progress | ledger issues"),
    "example_ledger": ("台账 进度", "ledger progress"),
    "help_export": ("导出 进度 [csv] | 导出 XQ-…", "export progress [csv] | export XQ-…"),
    "example_export": ("导出 进度", "export progress"),
    "help_annotate": ("备注 SX-… 内容（秘书）", "note SX-… text (secretary)"),
    "example_annotate": ("备注 SX-2026-0007 已与生产部核对", "note SX-2026-0007 checked with production"),
    "who_annotate": (
        "台账备注限执行秘书{secretary}填写。",
        "Notes in the ledger are written by the secretary, {secretary}.",
    ),
    "who_export": (
        "台账由组长、部门负责人、对接人和执行秘书{secretary}导出。",
        "Ledgers are exported by the leader, heads, liaisons and the secretary, {secretary}.",
    ),
    # ---------------------------------------------------------------- in the chat
    "ledger_which": ("请写明看哪一本：台账 进度，或台账 问题。", "Which one: “ledger progress” or “ledger issues”?"),
    "ledger_head_progress": ("协作进度台账：您可查看 {count} 项", "Progress ledger: {count} items that you may see"),
    "ledger_head_issues": ("协作问题台账：您可查看 {count} 项", "Issue ledger: {count} issues that you may see"),
    "ledger_item": (
        "{code}{title}：{state}，完成 {percent}%，{light}灯",
        "{code}{title}: {state}, {percent}%, {light}",
    ),
    "ledger_item_who": ("　{lead}牵头，计划 {due} 完成{problems}", "  led by {lead}, planned for {due}{problems}"),
    "ledger_item_more": (
        "　{lead}牵头，计划 {due} 完成；待解决 {problems}",
        "  led by {lead}, planned for {due}; open: {problems}",
    ),
    "ledger_issue": ("{code}{title}：{grade}，{state}", "{code}{title}: {grade}, {state}"),
    "ledger_issue_who": ("　{lead}牵头，{due} 前处理", "  led by {lead}, due {due}"),
    "ledger_ungraded": ("未分级", "not graded"),
    "ledger_more": ("其余 {count} 项请用“导出”查看。", "{count} more: use “export”."),
    "ledger_left_out": (
        "另有 {count} 项涉密，请用“涉密待办”查看。",
        "{count} confidential ones are not shown; use “confidential”.",
    ),
    # ---------------------------------------------------------------- files
    "ledger_progress": ("进度台账", "Progress"),
    "ledger_tasks": ("任务", "Tasks"),
    "ledger_issues": ("问题台账", "Issues"),
    "ledger_title_progress": ("跨部门协作进度台账", "Progress ledger"),
    "ledger_title_issues": ("跨部门协作问题台账", "Issue ledger"),
    "ledger_filter": ("导出人可见的全部事项", "everything that the exporter may see"),
    "ledger_note": (
        "导出人：{name}；导出时间：{time}；筛选条件：{filter}；未含涉密事项 {count} 项",
        "Exported by {name} at {time}; filter: {filter}; {count} confidential ones left out",
    ),
    "paper_request": ("跨部门协作需求单", "Collaboration request"),
    "paper_issue": ("跨部门协作问题反馈单", "Issue form"),
    "paper_minutes": ("会议纪要", "Minutes"),
    "paper_note": ("导出人：{name}；导出时间：{time}", "Exported by {name} at {time}"),
    "paper_day": ("{year}年{month}月{day}日", "{day}.{month}.{year}"),
    "paper_not_published": ("纪要尚未发布，发布后才能导出。", "These minutes are not published yet."),
    "export_which": (
        "请写明导出什么：导出 进度、导出 问题，或需求单、问题、纪要的编号。",
        "What to export: “export progress”, “export issues”, or the number of a request, an issue or minutes.",
    ),
    "export_confidential": ("涉密内容不得导出为文件。", "Confidential content may not leave as a file."),
    "export_ready": (
        "《{name}》已备好：10 分钟内打开链接点“下载”，只能下载一次。请勿转发。",
        "“{name}” is ready: open the link within 10 minutes and press “download”. It works once. Please do not pass it on.",
    ),
    "export_link": ("打开下载页", "Open the download page"),
    "export_no_address": (
        "本系统没有可供下载的外部地址。请管理员在服务器上执行：{command}（{name}）",
        "This installation has no address to download from. An administrator can run on the server: {command} ({name})",
    ),
    # ---------------------------------------------------------------- the secretary's column
    "annotation_kept": ("已记入 {code} 的秘书备注。", "Noted for {code}."),
    "annotation_emptied": ("已清空 {code} 的秘书备注。", "The note of {code} is empty now."),
    "annotation_is": ("{code} 的秘书备注：{note}", "Note of {code}: {note}"),
    "annotation_none": ("{code} 没有秘书备注{note}。", "{code} has no note{note}."),
    "annotation_too_long": ("备注 {count} 字，最多 {limit} 字。", "The note has {count} characters, at most {limit}."),
}
