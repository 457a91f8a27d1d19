"""Sentences about plans."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # commands
    "help_plan_write": ("方案编制 SX-10　看或改方案", "plan draft SX-10"),
    "example_plan_write": ("方案编制 SX-10", "plan draft SX-10"),
    "who_plan_write": (
        "编制方案限牵头部门的对接人、负责人和项目组成员。",
        "The plan is written by liaison, head and project members of the lead department.",
    ),
    "help_plan_submit": ("方案编制 提交 SX-10", "submit plan SX-10"),
    "example_plan_submit": ("方案编制 提交 SX-10", "submit plan SX-10"),
    "who_plan_submit": (
        "提交方案限牵头部门的对接人和负责人。",
        "The plan is submitted by liaison or head of the lead department.",
    ),
    "help_plan_revise": ("方案编制 修订 SX-7 原因", "revise plan SX-7 reason"),
    "example_plan_revise": ("方案编制 修订 SX-7 客户推迟交付时间", "revise plan SX-7 the customer wants it later"),
    "who_plan_revise": (
        "修订方案限牵头部门的对接人和负责人。",
        "The plan is revised by liaison or head of the lead department.",
    ),
    "help_countersign": ("会签 FA-10　同意方案", "countersign FA-10"),
    "example_countersign": ("会签 FA-10", "countersign FA-10"),
    "who_countersign": (
        "会签限方案涉及部门的负责人，各签本部门一栏。",
        "A plan is countersigned by the heads of its departments, each for the own one.",
    ),
    # words
    "plan_kind": ("实施方案", "Plan"),
    "plan_card_title": ("{title} v{number}", "{title} v{number}"),
    "plan_reads_with": ("方案编制", "plan draft"),
    "plan_state_drafting": ("编制中", "being written"),
    "plan_state_confirming": ("会签中", "being countersigned"),
    "plan_state_returned": ("退回修改", "returned"),
    "plan_state_pending_leader": ("变更待组长审批", "change waits for the leader"),
    "plan_state_effective": ("已生效", "in force"),
    "plan_state_superseded": ("已被新版替代", "superseded"),
    "plan_state_void": ("作废", "void"),
    "plan_state_next_round": ("已进入新一轮，此卡失效", "a later round is on; this card is void"),
    "plan_row_item": ("事项", "Item"),
    "plan_row_departments": ("部门", "Who"),
    "plan_row_tasks": ("任务", "Tasks"),
    "plan_row_change": ("变更", "Change"),
    "plan_row_reason": ("原因", "Why"),
    "plan_row_due": ("截止", "Due"),
    "plan_row_signs": ("会签", "Signed"),
    "plan_item_value": ("{code}《{title}》", "{code} “{title}”"),
    "plan_departments": ("牵头 {lead}；配合 {coop}", "lead {lead}; with {coop}"),
    "plan_nobody": ("无", "nobody"),
    "plan_tasks_count": ("{count} 项", "{count}"),
    "plan_tasks_until": ("{count} 项，最晚 {day} 完成", "{count}, the last one due {day}"),
    "plan_signs_waiting": ("{signed}/{all}，还差{departments}", "{signed}/{all}, still {departments}"),
    "plan_signs_all": ("{signed}/{all}，已全部会签", "{signed}/{all}, all of them"),
    "plan_signs_returned": ("{department} {name} 不同意", "{department} {name} disagrees"),
    "plan_signed_for": ("{name} 代 {other}", "{name} for {other}"),
    "plan_task_line": (
        "{number}. {title} · {department} {owner} · {due}",
        "{number}. {title} · {department} {owner} · {due}",
    ),
    "plan_more_tasks": (
        "……共 {count} 项，全文请在单聊中发送“方案编制 {code}”。",
        "… {count} in all; send “plan draft {code}” in private for the whole plan.",
    ),
    "plan_change_separator": ("；", "; "),
    "plan_change_none": ("日期、部门、预算和任务不变", "dates, departments, budget and tasks stay"),
    "plan_change_end": (
        "完成日期 {before} → {after}（{days} 个工作日）",
        "end {before} → {after} ({days} working days)",
    ),
    "plan_change_departments": ("新增 {departments}", "{departments} added"),
    "plan_change_left": ("退出 {departments}", "{departments} out"),
    "plan_change_budget": ("预算 {before} → {after} 元", "budget CNY {before} → {after}"),
    "plan_change_tasks": (
        "任务 新增 {added}、调整 {changed}、取消 {removed}",
        "tasks {added} new, {changed} changed, {removed} dropped",
    ),
    "plan_button_sign": ("会签同意", "Agree"),
    "plan_button_refuse": ("不同意", "Disagree"),
    "plan_button_approve": ("批准", "Approve"),
    "plan_button_return": ("退回", "Return"),
    # reading and writing
    "plan_view_head": ("{code}《{title}》{state}（{item}）", "{code} “{title}”, {state} ({item})"),
    "plan_due": ("期限：{due}", "Due: {due}"),
    "plan_changes": ("与现行版本相比：{changes}", "Against the version in force: {changes}"),
    "plan_next_edit": (
        "修改：发送“方案编制 {code}”，换行写“字段名：内容”。写好后发送“方案编制 提交 {code}”。",
        "To change it: “plan draft {code}” and lines “field: text”. When it is whole: “submit plan {code}”.",
    ),
    "plan_kept": ("✅ {code} 已保存（{item}）。", "✅ {code} is kept ({item})."),
    "plan_next_submit": (
        "必填项已齐。提交会签请发送“方案编制 提交 {code}”。",
        "Everything is there. To submit it: “submit plan {code}”.",
    ),
    "plan_submitted": (
        "✅ {name} 已提交 {code} 会签。\n待会签：{heads}\n期限：{due}",
        "✅ {name} submitted {code}.\nTo be countersigned by {heads}\nDue: {due}",
    ),
    "plan_nodes_missing": (
        "提示：时间节点里没有{nodes}，专项事项须在启动、中期、验收前召开推进会（R-64）。",
        "Note: the nodes lack {nodes}; special items meet at kick-off, mid-term and before acceptance (R-64).",
    ),
    "plan_will_need_leader": (
        "本次变更超过 A-03 的限度，会签完成后还须组长审批。",
        "This change goes beyond A-03: after the heads the leader has to approve it.",
    ),
    "plan_revised": (
        "✅ {name} 已开始修订，{code} 编制中，现行版本继续有效。\n期限：{due}。写好后发送：方案编制 提交 {item}",
        "✅ {name} began a revision: {code} is being written, the present version stays in force.\nDue: {due}. When it is whole: submit plan {item}",
    ),
    # refusals
    "plan_departments_approved": (
        "首版方案的配合部门以批准的需求单为准，不能增减。方案生效后可发送“方案编制 修订 {code} 原因”。",
        "The first version has the departments that were approved. Later: “revise plan {code} reason”.",
    ),
    "plan_faults": ("{code} 还不能提交：\n{faults}", "{code} cannot be submitted yet:\n{faults}"),
    "plan_fault_no_task": (
        "· {departments} 没有任务。请分配任务，或写入“知会部门”（R-07）。",
        "· {departments} have no task. Give them one, or name them under “informed” (R-07).",
    ),
    "plan_fault_incomplete": (
        "· 任务第 {rows} 行缺责任部门、责任人或完成日期。",
        "· Task {rows}: department, owner or due date is missing.",
    ),
    "plan_fault_outside": (
        "· 任务第 {rows} 行的日期不在计划开始和完成日期之内。",
        "· Task {rows}: its dates lie outside those of the plan.",
    ),
    "plan_fault_reversed": ("· 任务第 {rows} 行的完成日期早于开始日期。", "· Task {rows} ends before it begins."),
    "plan_fault_stranger": (
        "· 任务第 {rows} 行的责任部门不是本事项的牵头或配合部门。",
        "· Task {rows} belongs to a department that is not involved.",
    ),
    "plan_fault_twice": (
        "· 任务第 {rows} 行与前面的任务重复（同名、同部门）。",
        "· Task {rows} is there already (same title and department).",
    ),
    "plan_fault_too_rare": (
        "· 沟通频率不得低于每周一次（每日、每周两次、每周）。",
        "· The communication has to be weekly or more often (daily, twice a week, weekly).",
    ),
    "plan_fault_dates": (
        "· 计划完成日期早于开始日期，或晚于已批准的完成日期。",
        "· The end lies before the beginning, or after the approved end date.",
    ),
    # signing
    "plan_signed": (
        "✅ {code}：{department} {name} 会签同意。{signs}",
        "✅ {code}: {name} agrees for {department}. {signs}",
    ),
    "plan_effective": (
        "✅ {code}：{department} {name} 会签同意，全部会签完成，方案生效，{item} 按此执行。",
        "✅ {code}: {name} agrees for {department}. Everybody has; the plan is in force for {item}.",
    ),
    "plan_to_leader": (
        "✅ {code}：{department} {name} 会签同意，全部会签完成。变更超过 A-03 的限度，已报组长审批。",
        "✅ {code}: {name} agrees for {department}. Everybody has; the change goes to the leader (A-03).",
    ),
    "plan_returned": (
        (
            "{code}：{department} {name} 不同意，已退回牵头部门修改。\n"
            "如属职责分工争议，可转为职责边界冲突：发送“冲突 上报 {item}”。"
        ),
        (
            "{code}: {name} disagrees for {department}; it goes back to the lead.\n"
            "If the division of duties is disputed, make it a conflict: “conflict {item}”."
        ),
    ),
    "plan_approved": (
        "✅ {name} 已批准 {code}，方案生效，{item} 按此执行。",
        "✅ {name} approved {code}; it is in force for {item}.",
    ),
    "plan_leader_returned": ("{name} 已退回 {code}，由牵头部门修改。", "{name} returned {code} to the lead."),
    # notices
    "plan_told_effective": (
        "{code} v{number}《{title}》已全部会签并生效（{item}）。",
        "{code} v{number} “{title}” is countersigned and in force ({item}).",
    ),
    "plan_told_returned": (
        "{code} v{number}《{title}》被退回：{department} {name} 不同意。{reason}\n请在 {due} 前修改并重新提交：方案编制 提交 {code}",
        "{code} v{number} “{title}” came back: {name} disagrees for {department}. {reason}\nDue {due}: submit plan {code}",
    ),
    "plan_told_leader_returned": (
        "{code} v{number}《{title}》的变更被 {name} 退回。{reason}\n请在 {due} 前修改并重新提交：方案编制 提交 {code}",
        "{name} returned the change {code} v{number} “{title}”. {reason}\nDue {due}: submit plan {code}",
    ),
    "plan_told_revision": (
        "{item}《{title}》的方案需要修订，{code} v{number} 编制中（{cause}）。\n请在 {due} 前提交：方案编制 提交 {code}",
        "The plan of {item} “{title}” has to be revised: {code} v{number} ({cause}).\nDue {due}: submit plan {code}",
    ),
    "plan_told_attached": (
        "{cause} 也要求调整 {item}《{title}》的方案，已并入编制中的 {code} v{number}，应于 {due} 前提交。",
        "{cause} wants the plan of {item} “{title}” changed too; it joined {code} v{number}, due {due}.",
    ),
    "plan_told_headless": (
        "{code} v{number}《{title}》待{department}会签，但该部门暂无负责人或代理负责人，该栏保持未签。请尽快落实。",
        "{code} v{number} “{title}” waits for {department}, which has no head nor acting head; the slot stays open.",
    ),
}
