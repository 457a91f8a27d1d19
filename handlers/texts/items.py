"""Sentences about items."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # commands
    "topic_item": ("事项", "items"),
    "help_item": ("事项、事项 SX-7　进展", "item, item SX-7"),
    "example_item": ("事项 SX-7", "item SX-7"),
    "help_suspend": ("暂停 SX-7 9-28 原因", "suspend SX-7 9-28 reason"),
    "example_suspend": ("暂停 SX-7 9-28 等待客户样品到货", "suspend SX-7 9-28 samples are not here yet"),
    "who_suspend": (
        "暂停、恢复限组长、牵头部门负责人和执行秘书{secretary}。",
        "Items are suspended by the leader, the head of the lead department and the secretary, {secretary}.",
    ),
    "help_resume": ("恢复 SX-7　继续执行", "resume SX-7"),
    "example_resume": ("恢复 SX-7", "resume SX-7"),
    "who_resume": (
        "暂停、恢复限组长、牵头部门负责人和执行秘书{secretary}。",
        "Items are resumed by the leader, the head of the lead department and the secretary, {secretary}.",
    ),
    "help_terminate": ("终止 SX-7 原因", "terminate SX-7 reason"),
    "example_terminate": ("终止 SX-7 客户取消了该项目", "terminate SX-7 the customer has cancelled it"),
    "who_terminate": (
        "专项事项由组长终止；日常事项由组长，或牵头和配合部门负责人共同终止。",
        "Special items are ended by the leader; routine ones by the leader, or by all heads together.",
    ),
    "help_contact": ("对接确认 SX-10", "contacted SX-10"),
    "example_contact": ("对接确认 SX-10", "contacted SX-10"),
    "who_contact": (
        "对接确认限配合部门的对接人和负责人。",
        "Contact is confirmed by liaison or head of a cooperating department.",
    ),
    "help_secrecy": ("密级 SX-7 内部敏感", "secrecy SX-7 sensitive"),
    "example_secrecy": ("密级 SX-7 内部敏感", "secrecy SX-7 sensitive"),
    "who_secrecy": (
        "提高密级限发起人、牵头部门负责人和执行秘书；降低须牵头部门负责人和组长共同同意。",
        "The level is raised by creator, lead head or secretary, and lowered by lead head together with the leader.",
    ),
    "help_access": ("知悉范围 SX-7 @人", "access SX-7 @name"),
    "example_access": ("知悉范围 SX-7 @张三", "access SX-7 @zhang"),
    "who_access": (
        "知悉范围由发起人和牵头部门负责人调整。",
        "The access list is kept by the creator and the head of the lead department.",
    ),
    # words
    "item_kind": ("协作事项", "Item"),
    "item_reads_with": ("事项", "item"),
    "item_state_planning": ("方案制定中", "being planned"),
    "item_state_in_progress": ("执行中", "in progress"),
    "item_state_suspended": ("已暂停", "suspended"),
    "item_state_acceptance": ("验收中", "in acceptance"),
    "item_state_rectifying": ("整改中", "being rectified"),
    "item_state_accepted": ("已验收待归档", "accepted, to be archived"),
    "item_state_archived": ("已归档", "archived"),
    "item_state_terminated": ("已终止", "terminated"),
    "level_normal": ("普通", "normal"),
    "level_sensitive": ("内部敏感", "sensitive"),
    "level_confidential": ("涉密", "confidential"),
    "light_green": ("绿", "green"),
    "light_yellow": ("黄", "yellow"),
    "light_red": ("红", "red"),
    "light_why": ("（{reasons}）", " ({reasons})"),
    "light_major": ("重大问题 {codes}", "major issue {codes}"),
    "light_important": ("重要问题 {codes}", "important issue {codes}"),
    "light_late": ("超期任务 {codes}", "late task {codes}"),
    "light_overdue": ("已过计划完成日期", "past its end date"),
    "item_row_lead": ("牵头", "Lead"),
    "item_row_coop": ("配合", "With"),
    "item_row_dates": ("起止", "Dates"),
    "item_row_plan": ("方案", "Plan"),
    "item_row_contact": ("对接", "Contact"),
    "item_row_reason": ("原因", "Why"),
    "item_row_agreed": ("同意", "Agreed"),
    "item_row_level": ("密级", "Level"),
    "item_lead_value": ("{department}（责任人 {head}）", "{department} ({head} answers for it)"),
    "item_dates": ("{start} 至 {end}", "{start} to {end}"),
    "item_dates_changed": ("{start} 至 {end}（原 {original}）", "{start} to {end} (was {original})"),
    "item_contact_waiting": ("待确认：{departments}", "still {departments}"),
    "item_contact_all": ("配合部门均已确认", "everybody has confirmed"),
    "item_ending_none": ("无", "none"),
    "item_ending_waiting": ("{agreed}/{all}，还差 {departments}", "{agreed}/{all}, still {departments}"),
    "item_level_change": ("{before} → {after}", "{before} → {after}"),
    "item_button_contact": ("对接确认", "Contacted"),
    "item_button_agree": ("同意", "Agree"),
    "item_button_refuse": ("不同意", "Disagree"),
    # `/事项`
    "items_none": ("目前没有您可以查看的协作事项。", "There is no item that you may see."),
    "items_head": ("协作事项 {count} 项：", "{count} items:"),
    "items_line": ("{code} {title}　{state}　{light}　{percent}%", "{code} {title}  {state}  {light}  {percent}%"),
    "items_more": ("……另有 {count} 项。", "… and {count} more."),
    "item_head": ("{code}《{title}》{state}（{level}）", "{code} “{title}”, {state} ({level})"),
    "item_head_hidden": ("{code} {state}（{level}）", "{code} {state} ({level})"),
    "item_secret_title": ("《{title}》{level}", "“{title}”, {level}"),
    "item_who": (
        "牵头 {lead}，责任人 {head}，对接人 {liaison}；配合 {coop}",
        "Lead {lead}, {head} answers for it, liaison {liaison}; with {coop}",
    ),
    "item_when": ("起止 {dates}", "Dates {dates}"),
    "item_how_far": (
        "进度 {percent}%，任务 {done}/{all}，状态灯 {light}{why}",
        "{percent}%, tasks {done}/{all}, light {light}{why}",
    ),
    "item_resumes": ("暂停中，预计 {day} 恢复：{reason}", "Suspended, expected to go on {day}: {reason}"),
    "item_issues": ("未闭环问题 {issues}", "Open issues {issues}"),
    "item_issue": ("{code}（{grade}）", "{code} ({grade})"),
    "item_issue_ungraded": ("待分级", "not graded"),
    "item_sources": ("需求单与方案 {codes}", "Request and plan {codes}"),
    "item_documents": ("文档 {codes}", "Documents {codes}"),
    "item_groups": ("专项群 {names}", "Group {names}"),
    "item_readers": ("知悉范围 {people}", "Known to {people}"),
    "item_waits": ("在等：", "Waits for:"),
    "item_waits_line": ("· {code} {kind} {name} {due}", "· {code} {kind} {name} {due}"),
    # answers
    "item_contacted": (
        "✅ {code}：{department} {name} 已确认与牵头部门对接（R-31）。",
        "✅ {code}: {name} confirmed contact with the lead for {department} (R-31).",
    ),
    "item_suspended": (
        "✅ {name} 已暂停 {code}，预计 {resume} 恢复。任务和周进度停止计时，消息回复照常计时。",
        "✅ {name} suspended {code}, expected to go on {resume}. Tasks and reports stand still, reply clocks run on.",
    ),
    "item_resumed": (
        "✅ {name} 已恢复 {code}，未完成任务的期限顺延 {days} 个工作日（L-18）。",
        "✅ {name} resumed {code}; dates of open tasks move by {days} working days (L-18).",
    ),
    "item_terminated": (
        "✅ {name} 已终止 {code}。未完成的任务取消，方案作废，记录保留。",
        "✅ {name} terminated {code}. Open tasks are cancelled, the plan is void, the records stay.",
    ),
    "item_end_agreed": (
        "✅ {name} 同意终止 {code}，还须 {departments} 负责人同意。",
        "✅ {name} agrees to end {code}; the heads of {departments} have to agree too.",
    ),
    "item_end_refused": ("{name} 不同意终止，{code} 继续执行。", "{name} disagrees; {code} goes on."),
    "item_level_raised": ("✅ {name} 已将 {code} 的密级提高为“{level}”。", "✅ {name} raised {code} to “{level}”."),
    "item_level_lowered": (
        "✅ {code} 的密级已降低为“{level}”（牵头部门负责人和组长均同意，{name}）。",
        "✅ {code} is now “{level}” (lead head and leader agree, {name}).",
    ),
    "item_level_asked": (
        "{name} 同意将 {code} 的密级降低为“{level}”，还须牵头部门负责人和组长中的另一位同意。",
        "{name} agrees to lower {code} to “{level}”; the other one of lead head and leader has to agree too.",
    ),
    "item_level_kept": ("{name} 不同意降低，{code} 的密级仍为“{level}”。", "{name} disagrees; {code} stays “{level}”."),
    "item_access": ("✅ {code} 的知悉范围：{people}", "✅ {code} is known to {people}"),
    "item_recall_head": (
        "{code} 的密级已提高，群里还有 {count} 条相关消息无法由机器人更改，请手动撤回：",
        "The level of {code} was raised; {count} messages in groups cannot be changed by me. Please recall them:",
    ),
    "item_recall_line": ("· {group} {time} {code}", "· {group} {time} {code}"),
    # refusals
    "item_needs_one_lead": (
        "协作事项须有一个牵头部门和至少一个配合部门，牵头部门不列入配合部门（R-07）。",
        "An item has one lead and at least one cooperating department besides it (R-07).",
    ),
    "contact_done": ("该部门已确认对接，无需重复操作。", "That department has confirmed already."),
    "resume_date_needed": (
        "❌ 请写明预计恢复日期，例如：暂停 SX-7 9-28 等待客户样品到货",
        "❌ Please say when it is expected to go on, for example: suspend SX-7 9-28 samples are not here yet",
    ),
    "resume_date_past": ("❌ 预计恢复日期须晚于今天。", "❌ It has to go on later than today."),
    "item_open_issues": (
        "还有未闭环的问题：{issues}。请先闭环，或转到其他事项，再终止。",
        "Open issues are left: {issues}. Close them or move them to another item first.",
    ),
    "level_which": (
        "❌ 请写明密级：普通、内部敏感或涉密。例如：密级 {code} 内部敏感",
        "❌ Which level: normal, sensitive or confidential? For example: secrecy {code} sensitive",
    ),
    "matter_level_set": ("✅ {what} 的密级现为“{level}”。", "✅ {what} is “{level}” now."),
    "matter_level_asked": (
        "{what} 降为“{level}”须牵头部门负责人和组长都同意。已请 {names} 确认。",
        "To make {what} “{level}” the lead's head and the leader have to agree. {names} will be asked.",
    ),
    "matter_told_lowering": (
        "{name} 同意将 {code} 的密级降为“{level}”，还需您同意。同意请回复：密级 {code} {level}",
        "{name} agrees that {code} becomes “{level}”; your word is needed. To agree: secrecy {code} {level}",
    ),
    "matter_readers": ("{what} 知悉范围：{names}", "{what} may be known to: {names}"),
    "access_only_confidential": (
        "{code} 不是涉密事项，没有单独的知悉范围。",
        "{code} is not confidential; it has no access list.",
    ),
    "access_whom": (
        "❌ 请用 @ 选择要列入或移出的人。例如：知悉范围 {code} @张三，知悉范围 {code} 移出 @张三",
        "❌ Please pick the people with @. For example: access {code} @zhang, access {code} remove @zhang",
    ),
    # notices
    "item_told_lead": (
        (
            "{request} 已由 {name} 批准，立为协作事项 {code}《{title}》，请编制实施方案。\n"
            "请在 {due} 前提交 {plan}，查看预填内容：方案编制 {code}\n建专项群：建群 {code}"
        ),
        (
            "{name} approved {request}; it is item {code} “{title}” and needs its plan.\n"
            "The plan {plan} is due {due}: send “plan draft {code}” to see what is filled in\nFor the group send: group {code}"
        ),
    ),
    "item_told_lead_confidential": (
        "{request} 已由 {name} 批准，立为协作事项 {code}《{title}》，请编制实施方案。\n请在 {due} 前提交 {plan}：方案编制 {code}\n涉密事项不建群。",
        (
            "{name} approved {request}; it is item {code} “{title}” and needs its plan.\n"
            "The plan {plan} is due {due}: plan draft {code}\nNo group is made."
        ),
    ),
    "item_told_coop": (
        "{request} 已批准，立为协作事项 {code}《{title}》，贵部门配合。\n牵头部门正在编制实施方案，编好后请贵部门负责人会签。",
        "{request} is approved; your department cooperates in {code} “{title}”. The lead is writing the plan.",
    ),
    "item_told_started": (
        "{request} 审核通过，协作事项 {code}《{title}》开始执行。",
        "{request} passed review; item {code} “{title}” is in progress.",
    ),
    "item_told_contact": (
        "{code}《{title}》：{department} {name} 已确认对接。",
        "{code} “{title}”: {name} of {department} confirmed contact.",
    ),
    "item_told_suspended": (
        "{code}《{title}》已暂停，预计 {resume} 恢复。{reason}",
        "{code} “{title}” is suspended, expected to go on {resume}. {reason}",
    ),
    "item_told_suspended_group": (
        "{what} 已暂停，预计 {resume} 恢复。",
        "{what} is suspended, expected to go on {resume}.",
    ),
    "item_told_resumed": (
        "{code}《{title}》已恢复执行，未完成任务的期限顺延 {days} 个工作日。",
        "{code} “{title}” goes on; dates of open tasks move by {days} working days.",
    ),
    "item_told_resumed_group": ("{what} 已恢复执行。", "{what} goes on."),
    "item_told_resume_day": (
        "{code}《{title}》今天是预计恢复日。恢复请发送：恢复 {code}",
        "{code} “{title}” was expected to go on today. To resume it: resume {code}",
    ),
    "item_told_terminated": ("{code}《{title}》已终止。{reason}", "{code} “{title}” was terminated. {reason}"),
    "item_told_terminated_group": ("{what} 已终止，本群停止使用。", "{what} was terminated; this group is done."),
    "item_told_end_refused": (
        "{code}《{title}》：{name} 不同意终止，事项继续执行。",
        "{code} “{title}”: {name} disagrees with the end; it goes on.",
    ),
    "item_told_archived_group": (
        "{what} 已归档，本群停止使用。感谢各位配合。",
        "{what} is archived and this group is done. Thank you all.",
    ),
    "item_told_level_group": (
        "{code} 的密级已调整，请勿再在群内讨论该事项。",
        "The level of {code} was raised; please do not discuss it here any more.",
    ),
    "item_told_listed": (
        "{name} 已将您列入 {code} 的知悉范围。查看请在单聊中发送：事项 {code}",
        "{name} put you on the access list of {code}. To read it: item {code}",
    ),
    "group_retired_archived": (
        "{what} 已归档，专项群“{name}”停止使用。\n请群主解散该群，或改为只读（全员禁言）保留。",
        "{what} is archived; “{name}” is not used any more. Its owner should dissolve it, or keep it read-only.",
    ),
    "group_retired_terminated": (
        "{what} 已终止，专项群“{name}”停止使用。请群主解散该群，或改为只读（全员禁言）保留。",
        "{what} was terminated; “{name}” is not used any more. Its owner should dissolve it, or keep it read-only.",
    ),
    "group_retired_confidential": (
        "{what} 已调整为涉密，涉密事项不建群，“{name}”停止使用。请群主解散该群。",
        "{what} is confidential now and may have no group; “{name}” is not used any more. Its owner should dissolve it.",
    ),
}
