"""Documents and their names."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "help_document_register": ("文档 登记 SX-7 链接或文件名", "document register SX-7 link"),
    "help_document_rename": ("文档 改名 WD-1 新名", "document rename WD-1 name"),
    "help_document_check": ("文档 检查 SX-7", "document check SX-7"),
    "help_document_rights": ("文档 权限 WD-1 生产:查看", "document rights WD-1 生产:查看"),
    "help_document_category": ("文档 类别 WD-1 方案", "document category WD-1 方案"),
    "help_document_folder": ("文档 目录 SX-7 链接", "document folder SX-7 link"),
    "help_document_update": ("文档 更新 WD-1　已更新", "document update WD-1"),
    "help_document_waive": ("文档 豁免 WD-1 原因", "document waive WD-1 reason"),
    "help_document_missing": ("文档 失联 WD-1 原因", "document missing WD-1 reason"),
    "help_document_found": ("文档 恢复 WD-1 [新链接]", "document found WD-1 [link]"),
    "example_document_register": (
        "文档 登记 SX-7 X1试产_研发部_20260917.docx 类别：方案",
        "document register SX-7 X1试产_研发部_20260917.docx category: 方案",
    ),
    "example_document_rename": (
        "文档 改名 WD-101 X1试产_研发部_20260917.docx",
        "document rename WD-101 X1试产_研发部_20260917.docx",
    ),
    "example_document_check": ("文档 检查 SX-7", "document check SX-7"),
    "example_document_rights": ("文档 权限 WD-101 研发:编辑 生产:查看", "document rights WD-101 研发:edit 生产:view"),
    "example_document_category": ("文档 类别 WD-101 方案", "document category WD-101 方案"),
    "example_document_folder": (
        "文档 目录 SX-7 https://pan.example.com/x1",
        "document folder SX-7 https://pan.example.com/x1",
    ),
    "folder_kept": ("✅ {code} 的文档目录：{link}", "✅ Documents of {code}: {link}"),
    "folder_line": ("文档目录：{link}", "Documents: {link}"),
    "folder_needs_link": (
        "❌ 没看到链接。例如：文档 目录 {code} https://pan.example.com/x1",
        "❌ There is no link. For example: document folder {code} https://pan.example.com/x1",
    ),
    "example_document_update": ("文档 更新 WD-101", "document update WD-101"),
    "example_document_waive": (
        "文档 豁免 WD-101 合同名称由客户指定",
        "document waive WD-101 the customer fixed the name",
    ),
    "example_document_missing": ("文档 失联 WD-101 链接已无法打开", "document missing WD-101 the link is dead"),
    "example_document_found": (
        "文档 恢复 WD-101 https://pan.example.com/x1.docx",
        "document found WD-101 https://drive.example.com/x1.docx",
    ),
    "who_document_register": (
        "登记文档限牵头部门的对接人、负责人、项目成员和执行秘书{secretary}。",
        "Documents are registered by the lead department's liaison, head and team, and by the secretary, {secretary}.",
    ),
    "who_document_rename": (
        "改名限牵头部门的对接人、负责人、项目成员和执行秘书{secretary}。",
        "Renaming is for the lead department's liaison, head and team, and for the secretary, {secretary}.",
    ),
    "who_document_waive": (
        "豁免限牵头部门负责人和执行秘书{secretary}。",
        "Names are waived by the head of the lead department or the secretary, {secretary}.",
    ),
    # states
    "document_state_compliant": ("合规", "compliant"),
    "document_state_noncompliant": ("不合规", "not compliant"),
    "document_state_waived": ("豁免", "waived"),
    "document_state_archived": ("已归档", "archived"),
    "document_state_missing": ("失联", "missing"),
    # what is wrong with a name
    "naming_suggestion": (
        "文件名不符合“协作事项+部门+日期”规范，建议改为：{suggestion}",
        "The name does not follow “item+department+date”; please use: {suggestion}",
    ),
    "naming_flaw_characters": ("含有不允许的字符", "it has characters that are not allowed"),
    "naming_flaw_length": ("超过 120 个字符", "it is longer than 120 characters"),
    "naming_flaw_item": ("缺少事项名称或简称", "the item's name is missing"),
    "naming_flaw_department": ("缺少部门", "the department is missing"),
    "naming_flaw_not_involved": ("部门不是本事项的牵头或配合部门", "that department is not involved"),
    "naming_flaw_date": ("缺少日期", "the date is missing"),
    "naming_flaw_no_such_date": ("日期不存在", "there is no such date"),
    "naming_flaw_future": ("日期晚于明天", "the date lies after tomorrow"),
    "naming_flaw_order": ("顺序应为事项、部门、日期", "the order is item, department, date"),
    "naming_flaw_extra": (
        "有多余的部分（只允许版本号，如 v2）",
        "it has an extra part (only a version such as v2 is allowed)",
    ),
    # answers
    "document_registered": (
        "✅ 已登记 {code}（{category}）：{name}，命名合规。",
        "✅ {code} ({category}) is registered: {name}; the name is right.",
    ),
    "document_registered_wrong": (
        "已登记 {code}（{category}）：{name}。\n{suggestion}\n原因：{flaw}。请在 {due} 前改名：文档 改名 {code} 新名",
        "{code} ({category}) is registered: {name}.\n{suggestion}\nReason: {flaw}. Rename it by {due}: document rename {code} name",
    ),
    "document_wrong_body": (
        "已登记。{suggestion}\n改好后点“已改名”，或发：文档 改名 {code} 新名\n设权限：文档 权限 {code} {rights}",
        "Registered. {suggestion}\nThen press “Renamed” or send: document rename {code} name\nRights: document rights {code} {rights}",
    ),
    "document_half_width": ("（建议写成半角：{suggestion}）", "(in half width: {suggestion})"),
    "document_early": (
        "（日期早于事项开始 30 天以上，请核对）",
        "(the date lies more than 30 days before the item began; please check)",
    ),
    "document_rights_hint": (
        "请设置各部门权限：文档 权限 {code} {example}",
        "Please set the rights: document rights {code} {example}",
    ),
    "document_right_example": ("{department}:{right}", "{department}:{right}"),
    "document_renamed": ("✅ {code} 已改名，命名合规：{name}", "✅ {code} is renamed and right now: {name}"),
    "document_renamed_wrong": (
        "{code} 已改名：{name}，仍不合规。\n{suggestion}\n原因：{flaw}。",
        "{code} is renamed: {name}, and still wrong.\n{suggestion}\nReason: {flaw}.",
    ),
    "document_rights_said": ("✅ {code} 权限：{rights}。", "✅ Rights on {code}: {rights}."),
    "document_right": ("{department} {right}", "{department}: {right}"),
    "document_category_said": ("✅ {code} 归入“{category}”。", "✅ {code} is filed under {category}."),
    "document_updated_said": ("✅ {code} 已记为更新。", "✅ {code} is noted as up to date."),
    "document_waived_said": ("✅ 已豁免 {code} 的命名：{reason}", "✅ The name of {code} is waived: {reason}"),
    "document_missing_said": (
        "已将 {code} 记为失联。找回后发：文档 恢复 {code} [新链接]；事项归档前须恢复或豁免。",
        "{code} is noted as missing. When it is there again: document found {code} [link]; the item cannot be archived before.",
    ),
    "document_found_said": ("✅ {code} 已恢复（{state}）。", "✅ {code} is there again ({state})."),
    # looking
    "document_list_head": ("{item} 的文档（{count}）：", "Documents of {item} ({count}):"),
    "document_list_none": (
        "{item} 还没有登记文档。例如：{example}",
        "No document of {item} is registered yet. For example: {example}",
    ),
    "document_list_line": ("· {code} {name}｜{category}｜{state}", "· {code} {name} | {category} | {state}"),
    "document_list_problem": ("　{flaw}，建议：{suggestion}", "   {flaw}; better: {suggestion}"),
    "document_list_no_rights": ("　未设权限", "   no rights set"),
    "document_list_stale": ("　超过 {days} 天未更新", "   not updated for more than {days} days"),
    "document_list_more": ("…共 {count} 份", "… {count} altogether"),
    "document_name_right": ("✅ 命名合规：{name}", "✅ The name is right: {name}"),
    "document_name_wrong": ("{suggestion}\n原因：{flaw}。", "{suggestion}\nReason: {flaw}."),
    "document_problems_head": ("待整改的文档（{count}）：", "Documents to be mended ({count}):"),
    "document_problems_none": ("您相关的文档都合规。", "All documents that concern you are right."),
    # refusals
    "document_needs_item": (
        "❌ 请写明协作事项编号。例如：{example}",
        "❌ Please name the item. For example: {example}",
    ),
    "document_needs_name": (
        "❌ 请写明文件名（链接后面加空格再写文件名）。例如：{example}",
        "❌ Please give the name of the file (behind the link). For example: {example}",
    ),
    "document_link": (
        "❌ 只登记 http、https 开头的普通链接，且不能带账号或形近的域名。",
        "❌ Only plain http and https links are registered, without accounts or look-alike hosts in them.",
    ),
    "document_item_closed": (
        "❌ {code} 已结束，不再登记文档。",
        "❌ {code} is finished; no more documents are registered.",
    ),
    "document_known": ("❌ {code} 已登记过这个名称。", "❌ {code} has this name already."),
    "what_category": ("类别（需求、方案、进度、会议、问题、验收、其他）", "category"),
    "what_rights": ("权限（部门:编辑 或 部门:查看）", "rights"),
    # cards and notices
    "document_kind": ("文档", "Document"),
    "document_row_item": ("事项", "Item"),
    "document_row_name": ("文件名", "Name"),
    "document_row_flaw": ("问题", "Flaw"),
    "document_row_suggested": ("建议", "Better"),
    "document_row_due": ("截止", "Due"),
    "document_button_renamed": ("已改名", "Renamed"),
    "document_told_missing": (
        "{code}（{item}）已失联：{reason}。找回或替换前，事项不能归档。",
        "{code} ({item}) is missing: {reason}. The item cannot be archived before it is replaced.",
    ),
    "document_weekly_head": ("【文档提醒】请更新或补设权限：", "Documents to look after:"),
    "document_weekly_stale": (
        "· {code}（{item}）：超过 {days} 天未更新，更新后发“文档 更新 {code}”",
        "· {code} ({item}): not updated for more than {days} days; then “document update {code}”",
    ),
    "document_weekly_rights": (
        "· {code}（{item}）：未设权限，请发“文档 权限 {code} 部门:编辑”",
        "· {code} ({item}): no rights; “document rights {code} department:edit”",
    ),
    "document_obligation": ("文档命名 {name}", "name of the document {name}"),
}
