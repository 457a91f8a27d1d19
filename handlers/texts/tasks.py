"""Sentences about tasks (3.4)."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # states
    "task_state_todo": ("待开始", "to do"),
    "task_state_doing": ("进行中", "in progress"),
    "task_state_blocked": ("受阻", "blocked"),
    "task_state_done_pending": ("待确认", "waiting for confirmation"),
    "task_state_done": ("已完成", "done"),
    "task_state_cancelled": ("已取消", "cancelled"),
    "task_state_overdue": ("已超期", "overdue"),
    "task_state_frozen": ("已冻结（事项暂停）", "frozen (item suspended)"),
    "task_state_offered": ("待接受", "waiting to be accepted"),
    "task_state_refused": ("待秘书处理", "waiting for the secretary"),
    "task_state_extension": ("申请延期", "later date asked for"),
    # the card
    "task_kind": ("任务", "Task"),
    "task_reads_with": ("任务", "task"),
    "task_row_item": ("事项", "Item"),
    "task_row_owner": ("责任人", "Owner"),
    "task_row_due": ("截止", "Due"),
    "task_row_progress": ("进度", "State"),
    "task_row_done": ("完成", "Done"),
    "task_row_evidence": ("依据", "Proof"),
    "task_row_blocked": ("受阻", "Block"),
    "task_row_reason": ("原因", "Why"),
    "task_row_until": ("延期至", "Until"),
    "task_row_decided": ("结果", "Reply"),
    "task_item_value": ("{code} {title}", "{code} {title}"),
    "task_owner_value": ("{name}（{department}）", "{name} ({department})"),
    "task_progress_value": ("{percent}% {note}", "{percent}% {note}"),
    "task_done_in_time": ("{name} {time}（按期）", "{name} {time} (on time)"),
    "task_done_late": ("{name} {time}（超期）", "{name} {time} (late)"),
    "task_field": ("说明", "Remark"),
    "task_field_hint": (
        "进度写“60% 说明”；完成写成果或链接；受阻写原因",
        "Progress: “60% remark”; done: the result or a link; blocked: why",
    ),
    "task_button_start": ("开始", "Start"),
    "task_button_progress": ("更新进度", "Progress"),
    "task_button_done": ("完成", "Finish"),
    "task_button_block": ("受阻", "Blocked"),
    "task_button_unblock": ("解除受阻", "Unblock"),
    "task_button_accept": ("接受", "Accept"),
    "task_button_return": ("退回", "Return"),
    "task_button_confirm": ("确认", "Confirm"),
    "task_button_send_back": ("退回", "Return"),
    "task_button_grant": ("同意", "Approve"),
    "task_button_refuse": ("驳回", "Reject"),
    # what a card asks of its reader
    "task_ask_confirm": (
        "请核对成果：合格点“确认”，不合格写明原因退回。",
        "Please check the result: confirm it, or return it with a reason.",
    ),
    "task_ask_liaison": (
        "由 {name} 办理，您是其部门对接人，请督促按期完成。",
        "{name} does it; you are liaison of the department, please see to it.",
    ),
    "task_ask_stand_in": ("请您代 {name} 办理。", "Please do it in place of {name}."),
    # what was done
    "task_started": ("✅ {what} 进行中。截止：{due}", "✅ {what} is in progress. Due: {due}"),
    "task_reported": ("✅ {what} 进度已记为 {percent}%。截止：{due}", "✅ {what} stands at {percent}%. Due: {due}"),
    "task_reported_full": (
        "✅ {what} 进度已记为 100%。\n做完请发“完成 {code} 成果或链接”，由牵头方确认。",
        "✅ {what} stands at 100%.\nWhen it is done, send “finish {code} result or link”; the lead confirms.",
    ),
    "task_done_said": (
        "✅ {what} 已报完成（按期），已请 {name} 确认。",
        "✅ {what} done on time; {name} was asked to confirm.",
    ),
    "task_done_late_said": (
        "✅ {what} 已报完成（超期），已请 {name} 确认。",
        "✅ {what} done, after its date; {name} was asked to confirm.",
    ),
    "task_blocked": (
        "⚠️ {what} 受阻，已告知牵头对接人。\n需要协调请发“问题 上报”，关联 {item}。",
        "⚠️ {what} is blocked; the lead liaison was told.\nIf it needs others, file an issue on {item}.",
    ),
    "task_unblocked": ("✅ {what} 恢复进行。截止：{due}", "✅ {what} goes on. Due: {due}"),
    "task_confirmed": ("✅ {what} 已完成，按期（{done}）。", "✅ {what} is done, on time ({done})."),
    "task_confirmed_late": ("✅ {what} 已完成，超期（{done}）。", "✅ {what} is done, late ({done})."),
    "task_sent_back": ("↩️ {what} 已退回 {name} 继续办理。", "↩️ {what} goes back to {name}."),
    "task_handed_over": (
        "✅ {what} 已转交 {name}，请其 1 个工作日内接受或退回，截止日不变。",
        "✅ {what} handed over to {name}, who accepts or returns it within 1 working day; its date stays.",
    ),
    "task_accepted": ("✅ 已接受 {what}。截止：{due}", "✅ {what} is yours. Due: {due}"),
    "task_returned": ("↩️ {what} 已退回，已告知 {name}。", "↩️ {what} returned; {name} was told."),
    "task_cancelled": ("✅ {what} 已取消。", "✅ {what} is cancelled."),
    "task_made": ("✅ {code}{title} 已交 {name}。截止：{due}", "✅ {code}{title} is {name}'s. Due: {due}"),
    # a later date
    "extension_asked": (
        "✅ {what} 申请延期至 {until}，已请 {name} 审批；批准前仍按原截止日。",
        "✅ {what}: {until} asked for; {name} decides. Until then the old date counts.",
    ),
    "extension_granted": ("✅ {what} 已延期至 {until}。", "✅ {what} is due {until} now."),
    "extension_refused": ("❌ {what} 不延期，截止仍为 {due}。", "❌ {what} keeps its date: {due}."),
    "extension_granted_word": ("{name} 已同意", "granted by {name}"),
    "extension_refused_word": ("已驳回", "refused"),
    # notices
    "task_title": ("《{title}》", " “{title}”"),
    "task_reason_hidden": ("请在单聊中查看", "read it in private"),
    "task_blocked_told": (
        "{code}{title} 受阻（{name}）：{reason}",
        "{code}{title} is blocked ({name}): {reason}",
    ),
    "task_confirmed_told": ("{code}{title} 已由 {name} 确认完成。", "{code}{title} was confirmed by {name}."),
    "task_sent_back_told": (
        "{code}{title} 被 {name} 退回：{reason}\n请补做后重新发“完成 {code} …”。",
        "{code}{title} was sent back by {name}: {reason}\nPlease finish it and send “finish {code} …” again.",
    ),
    "task_returned_told": ("{code}{title} 被 {name} 退回：{reason}", "{code}{title} was returned by {name}: {reason}"),
    "task_refused_told": (
        "{code}{title} 责任人 {name} 不接受：{reason}\n请发“转交 {code} @人”或“取消任务 {code} 原因”；职责不清可发起冲突。",
        (
            "{code}{title} is not accepted by {name}: {reason}\n"
            "Please “reassign {code} @name” or “cancel task {code} reason”; if the duty is unclear, file a conflict."
        ),
    ),
    "task_cancelled_told": (
        "{code}{title} 已由 {name} 取消：{reason}",
        "{code}{title} was cancelled by {name}: {reason}",
    ),
    "extension_granted_told": (
        "{code}{title} 的延期已由 {name} 同意，新截止 {until}。",
        "{code}{title}: {name} granted the later date, {until}.",
    ),
    "extension_refused_told": (
        "{code}{title} 的延期被 {name} 驳回：{reason}",
        "{code}{title}: {name} refused the later date: {reason}",
    ),
    "task_ended_told": ("{code}{title} 已取消（{item}）。", "{code}{title} is cancelled ({item})."),
    "task_moved_told": (
        "{code}{title} 截止由 {was} 改为 {due}（{item}）。",
        "{code}{title} moves from {was} to {due} ({item}).",
    ),
    "tasks_moved_head": ("{item} 恢复执行，{count} 项任务顺延：", "{item} goes on; {count} tasks move:"),
    "tasks_moved_line": ("{code}：{was} → {due}", "{code}: {was} → {due}"),
    "task_nudge": (
        "您有 {count} 项任务一周没有更新进展，请本周内更新（R-34）：\n{tasks}\n例如：进度 {code} 60% 说明",
        "Nothing was said for a week about {count} of your tasks; please report this week (R-34):\n{tasks}\nFor example: progress {code} 60% remark",
    ),
    "task_nudge_line": ("· {what}", "· {what}"),
    # lists
    "task_head": ("{code}《{title}》{state}", "{code} “{title}”: {state}"),
    "task_line": ("{code} {title}｜{state} {percent}%｜{due}", "{code} {title} | {state} {percent}% | {due}"),
    "task_line_owner": (
        "{code} {title}｜{name}｜{state} {percent}%｜{due}",
        "{code} {title} | {name} | {state} {percent}% | {due}",
    ),
    "tasks_mine_head": ("您有 {count} 项任务：", "You have {count} tasks:"),
    "tasks_none": ("您没有未完成的任务。", "You have no open tasks."),
    "tasks_department_hint": (
        "{name}共 {count} 项未完成，发“任务 {name}”查看。",
        "{name} has {count}; send “tasks {name}”.",
    ),
    "tasks_department_head": ("{name}未完成任务 {count} 项：", "{name} has {count} open tasks:"),
    "tasks_item_head": ("{code} 任务完成 {done}/{count}：", "{code}: {done} of {count} tasks done"),
    "tasks_more": ("…共 {count} 项。", "… {count} in all."),
    # refusals
    "task_frozen": (
        "{code} 所属事项已暂停，恢复后再办理。",
        "The item of {code} is suspended; please wait until it goes on.",
    ),
    "percent_range": ("进度须在 0 到 100 之间。", "Progress is a number from 0 to 100."),
    "note_too_long": (
        "说明共 {count} 字，超过上限 {limit} 字，未保存。",
        "That is {count} characters; the limit is {limit}. Nothing was stored.",
    ),
    "progress_empty": (
        "请写进度和说明，例如：进度 RW-31 60% 首件已装夹",
        "Please give the progress, for example: progress RW-31 60% first piece is clamped",
    ),
    "drop_needs_reason": (
        "进度由 {before}% 降为 {after}%，请写明原因（不少于 5 个字）。",
        "Progress falls from {before}% to {after}%; please say why (at least 5 characters).",
    ),
    "evidence_required": (
        "请写完成的成果或链接，例如：完成 {code} 合同已签，见 https://…",
        "Please give the result or a link, for example: finish {code} contract signed, see https://…",
    ),
    "extension_pending": ("{code} 已有待审批的延期申请。", "A later date for {code} is being decided already."),
    "extension_too_late": (
        "延期须在截止前提出，{code} 已到期。请尽快完成并说明情况。",
        "A later date has to be asked for before the old one; {code} is past it.",
    ),
    "extension_not_later": ("新日期须晚于现截止日。", "The new date has to be later than the present one."),
    "extension_beyond": (
        "日期不得晚于事项计划完成日 {latest}。",
        "The date may not be after the end of the item, {latest}.",
    ),
    "extension_needs_date": (
        "请写新日期和原因，例如：延期 {code} 9-25 来料晚到两天",
        "Please give the new date and why, for example: extend {code} 9-25 material came two days late",
    ),
    "no_extension_asked": ("{code} 没有待审批的延期。", "No later date is asked for {code}."),
    "task_other_department": ("只能转交给本部门的同事。", "It can be handed over within the department only."),
    "task_same_owner": ("责任人没有变化。", "That person has it already."),
    "task_not_offered": ("{code} 没有等待接受。", "{code} does not wait to be accepted."),
    "task_not_refused": (
        "{code} 只能随方案调整或事项终止取消。",
        "{code} is cancelled only with its plan or item.",
    ),
    "task_to_whom": ("请写转交给谁，例如：转交 {code} @张三", "To whom? For example: reassign {code} @zhang"),
    "no_such_department": ("没有“{name}”这个部门。", "There is no department “{name}”."),
    "task_item_not_running": ("{code} 不在执行中，不能加任务。", "{code} is not in progress; no task can be added."),
    "task_new_incomplete": (
        "请写任务、责任人和截止日，例如：任务 新建 {code} 整理样机清单 @张三 9-25",
        "Please give task, owner and date, for example: new task {code} list the samples @zhang 9-25",
    ),
    "task_due_past": ("截止日须在今后。", "The date has to lie ahead."),
    "who_progress": (
        "限任务责任人及其部门的对接人、负责人。",
        "For the owner and for liaison and head of the department.",
    ),
    "who_task_done": (
        "限任务责任人及其部门的对接人、负责人。",
        "For the owner and for liaison and head of the department.",
    ),
    "who_extend": (
        "限任务责任人及其部门的对接人、负责人。",
        "For the owner and for liaison and head of the department.",
    ),
    "who_hand_over": ("转交限任务所在部门的对接人、负责人。", "For liaison and head of the task's department."),
    "who_task_new": ("加任务限牵头部门的对接人、负责人。", "For liaison and head of the lead department."),
    # help
    "help_tasks": ("任务 [部门|SX-7]　看任务", "tasks [dept|SX-7]"),
    "help_task_new": ("任务 新建 SX-7 内容 @人 日期", "new task SX-7 what @name date"),
    "help_task_start": ("开始任务 RW-31", "start task RW-31"),
    "help_progress": ("进度 RW-31 60% 说明", "progress RW-31 60% remark"),
    "help_task_done": ("完成 RW-31 成果或链接", "finish RW-31 result or link"),
    "help_block": ("受阻 RW-31 原因", "blocked RW-31 why"),
    "help_unblock": ("解除受阻 RW-31", "unblock RW-31"),
    "help_extend": ("延期 RW-31 9-25 原因", "extend RW-31 9-25 why"),
    "help_hand_over": ("转交 RW-31 @人", "reassign RW-31 @name"),
    "help_accept": ("接受 RW-31", "accept RW-31"),
    "help_task_cancel": ("取消任务 RW-31 原因", "cancel task RW-31 why"),
    "example_tasks": ("任务 SX-7", "tasks SX-7"),
    "example_task_new": ("任务 新建 SX-7 整理样机清单 @张三 9-25", "new task SX-7 list the samples @zhang 9-25"),
    "example_task_start": ("开始任务 RW-31", "start task RW-31"),
    "example_progress": ("进度 RW-31 60% 首件已装夹", "progress RW-31 60% first piece is clamped"),
    "example_task_done": ("完成 RW-31 首件检验合格", "finish RW-31 the first piece passed"),
    "example_block": ("受阻 RW-31 夹具还没有到位", "blocked RW-31 the fixture is not there yet"),
    "example_unblock": ("解除受阻 RW-31", "unblock RW-31"),
    "example_extend": ("延期 RW-31 9-25 来料晚到两天", "extend RW-31 9-25 material came two days late"),
    "example_hand_over": ("转交 RW-31 @张三", "reassign RW-31 @zhang"),
    "example_accept": ("接受 RW-31", "accept RW-31"),
    "example_task_cancel": ("取消任务 RW-31 已并入其他任务", "cancel task RW-31 part of another task now"),
}
