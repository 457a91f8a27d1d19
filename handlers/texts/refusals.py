"""Answers to what cannot be done: fixed strings of 2.8, and the three parts of every error (ux.md A4 21)."""

TEXTS: dict[str, tuple[str, str]] = {
    "done_already": (
        "该操作已于 {time} 由 {name} 完成，无需重复操作。",
        "Already done by {name} at {time}; nothing more to do.",
    ),
    "no_right": ("您没有执行此操作的权限。", "You are not permitted to do this."),
    "no_right_who": ("您没有执行此操作的权限。\n{who}", "You are not permitted to do this.\n{who}"),
    "who_digest": (
        "简报限组长、执行秘书及其代行人查看。",
        "The digest is for the leader, the secretary and those who act for them.",
    ),
    "who_waive": ("免计限执行秘书{secretary}。", "Waiving is for the secretary, {secretary}."),
    "who_doctor": ("体检限系统管理员{administrators}。", "The checks are for administrators: {administrators}."),
    "who_release": ("放行限系统管理员{administrators}。", "Releasing is for administrators: {administrators}."),
    "who_revive": ("重放限系统管理员{administrators}。", "Redelivery is for administrators: {administrators}."),
    "who_calendar": (
        "调整日历限执行秘书{secretary}、系统管理员{administrators}。",
        "Changing the calendar is for the secretary, {secretary}, and administrators: {administrators}.",
    ),
    "who_group_create": (
        "建群限牵头部门的对接人、负责人和执行秘书{secretary}。",
        "Making the group is for liaison and head of the lead department and the secretary, {secretary}.",
    ),
    "who_group_check": (
        "查群限相关部门的人、项目成员和执行秘书{secretary}。",
        "Checking is for the departments involved, project members and the secretary, {secretary}.",
    ),
    "who_leave": (
        "替别人登记限其部门负责人和执行秘书{secretary}。",
        "Leave of others is registered by their head or the secretary, {secretary}.",
    ),
    "who_leave_end": (
        "替别人销假限其部门负责人和执行秘书{secretary}。",
        "Leave of others is ended by their head or the secretary, {secretary}.",
    ),
    "who_acknowledge": ("回复限被问部门的人。", "Only the department that was asked can answer."),
    "who_call_off": ("取消等待限提问人。", "Only whoever asked can call it off."),
    "who_still_waiting": ("“还在等”限提问人。", "Only whoever asked can say that."),
    "unsigned_words": (
        "这条消息经回调送达，平台没有为内容签名，不能据此办理。请在卡片上操作，或请管理员改用长连接。",
        "The platform does not sign the words of this message, so nothing can be done by it. Please use the card.",
    ),
    "not_found_or_no_right": ("未找到该编号，或您无权查看。", "There is no such number, or you may not see it."),
    "stale_card": (
        "卡片内容已更新，请以最新状态为准（当前：{state}）。",
        "This card has changed; the present state counts (now: {state}).",
    ),
    "reason_required": ("请填写原因（不少于 5 个字）。", "Please give a reason (at least 5 characters)."),
    "missing_fields": ("以下必填项未填写：{fields}", "These required fields are empty: {fields}"),
    "missing_fields_how": (
        "已填内容都保留着；发送“{code}”可查看并补写。",
        "What you filled in is kept; send “{code}” to see it and to go on.",
    ),
    "which_object": (
        "编号 {number} 有好几个：{codes}。请写全编号，例如：{example}",
        "Several things have the number {number}: {codes}. Please write the whole number: {example}",
    ),
    "confidential_refused": (
        "涉密内容不得在群内发送，请在与机器人的单聊中操作。",
        "Confidential matters must not be sent in a group; please use the direct chat with me.",
    ),
    "plan_not_effective": (
        "方案自{date}起生效，此前不计响应时限（R-118）。",
        "The plan takes effect on {date}; no reply is timed before that (R-118).",
    ),
    "not_understood": (
        "❌ 没看懂{what}“{typed}”。\n可以写：{example}\n{next}",
        "❌ I did not understand the {what} “{typed}”.\nFor example: {example}\n{next}",
    ),
    "fix_and_resend": ("改好直接再发即可。", "Mend it and send it again."),
    "unknown_command": ("❌ 没有“{typed}”这个指令。", "❌ There is no command “{typed}”."),
    "later_command": (
        "这个版本还没有“{typed}”的指令。",
        "There is no command for “{typed}” in this version yet.",
    ),
    "bare_command": (
        "“{typed}”后面不用再写别的，直接发：{example}\n回复“。”就照此办理。",
        "“{typed}” takes nothing behind it; just send: {example}\nAnswer “.” to do so.",
    ),
    "did_you_mean": ("您是不是想说：{suggestions}", "Did you mean: {suggestions}"),
    "accept_first": (
        "回复“。”使用第一个，或发送“帮助”查看全部。",
        "Answer “.” for the first one, or send “help” for all.",
    ),
    "see_help": ("发送“帮助”查看可用指令。", "Send “help” for what I can do."),
    "sla_too_loose": (
        "{rule} 规定回复时限不得超过 {limit} 分钟，不能设为 {value}。",
        "{rule}: the reply limit may not exceed {limit} minutes; {value} is refused.",
    ),
    "sla_order": (
        "提醒须早于回复时限，升级须晚于回复时限（{rule}）。",
        "The nudge must come before the limit and the escalation after it ({rule}).",
    ),
    "no_working_time": (
        "未来 30 天没有工作时段，无法计算期限。",
        "There is no working time in the next 30 days, so no limit can be computed.",
    ),
    "too_long": (
        "内容共 {count} 字，超过上限 {limit} 字，未保存。请精简后再发。",
        "That is {count} characters; the limit is {limit}. Nothing was stored; please shorten it.",
    ),
    "too_fast": ("查询过于频繁，请稍后再试。", "Too many look-ups; please try again in a minute."),
    "unknown_person": (
        "您尚未登记在通讯录中，请联系系统管理员。",
        "You are not in the directory yet; please ask an administrator.",
    ),
    "direct_only": ("请在与我的单聊中使用“{command}”。", "Please use “{command}” in the direct chat with me."),
    "group_only": ("请在群里使用“{command}”。", "Please use “{command}” in a group."),
    "two_of_one_name": (
        "⚠️ 有 {count} 位“{name}”，请回复数字：",
        "⚠️ There are {count} people called “{name}”; answer with a number:",
    ),
    "choice_line": ("{number} {name} · {department}", "{number} {name} · {department}"),
    "choice_cancel": ("0 取消", "0 cancel"),
    "no_such_person": (
        "❌ 通讯录里没有“{name}”。请用 @ 选择本人，或写全名。",
        "❌ There is nobody called “{name}”. Please pick the person with @, or write the full name.",
    ),
    "typed_mention": (
        "⚠️ “{name}”是手写的，不算提及。请用 @ 选择本人，或回复数字：",
        "⚠️ “{name}” was typed, not picked. Please pick the person with @, or answer with a number:",
    ),
    "cancelled_question": ("已取消。", "Cancelled."),
    "nothing_to_cancel": (
        "现在没有等您回答的问题。要收回刚做的操作，请发“撤销”。",
        "No question of mine waits for you. To take back what you just did, send “undo”.",
    ),
    "support_number": (
        "❌ 您 {time} 的消息或操作没能处理，已记录（编号 {number}）。\n请再试一次；仍不行，请把编号告诉系统管理员。",
        (
            "❌ What you sent or pressed at {time} could not be handled; it was noted (number {number}).\n"
            "Please try once more; if that fails too, tell an administrator the number."
        ),
    ),
    "busy": ("处理中，稍后更新。", "Working on it; the card will be updated."),
    # confidentiality and published records (2.4, 2.5)
    "level_not_higher": ("新密级须高于现密级。", "The new level has to be higher than the present one."),
    "level_not_lower": ("新密级须低于现密级。", "The new level has to be lower than the present one."),
    "level_inherited": (
        "密级不得低于所属事项。",
        "The level cannot be below that of what it belongs to.",
    ),
    "leader_needed": (
        "知悉范围中的执行秘书须由组长移出，组长不能移出。",
        "Only the leader takes the secretary off the access list; the leader always stays on it.",
    ),
    "published_is_final": (
        "已发布的内容不能修改，只能发布带变更说明的新版本（{rule}）。",
        "What is published cannot be changed; publish a new version with a change note ({rule}).",
    ),
    "external_group": ("本助手只为公司内部群服务。", "I work in the company's own groups only."),
}
