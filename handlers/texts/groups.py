"""Dedicated groups: creation, composition, loss (3.15)."""

TEXTS: dict[str, tuple[str, str]] = {
    # making one
    "group_creating": (
        "⏳ 正在建“{name}”（{code}），建成后私信告诉您。",
        "⏳ Making “{name}” ({code}); I will tell you when it is done.",
    ),
    "group_still_creating": (
        "⏳ “{name}”还在建，完成后会私信申请人。",
        "⏳ “{name}” is still being made; whoever asked will be told.",
    ),
    "group_created": (
        "✅ 已建“{name}”（{code}），{joined} 人在群。",
        "✅ “{name}” is there ({code}), {joined} people in it.",
    ),
    "group_adopted": (
        "✅ 本群登记为 {code} 的专项群，正在核对成员。",
        "✅ This is now the dedicated group of {code}; checking its members.",
    ),
    "group_wants_bot": (
        (
            "“{name}”里还没有能听群消息的智能机器人：群设置 › 添加机器人，选“{bot}”，"
            "再在群里发：@{bot} 绑定 {code}。在此之前群里的话我听不到。"
        ),
        (
            "“{name}” still lacks the bot that hears it: group settings › Add robot, choose “{bot}”, then write in the"
            " group: @{bot} bind {code}. Until then I hear nothing there."
        ),
    ),
    "group_joining": (
        "✅ 本群绑定到“{name}”，之后 @我 的话和引用都记在它名下。",
        "✅ This is “{name}” from now on; what mentions or quotes me here belongs to it.",
    ),
    "group_joined_already": ("本群已是“{name}”，不用再绑定。", "This is “{name}” already; nothing to bind."),
    "group_join_in_private": (
        "请在群里发“绑定 SX-7”，并 @我。",
        "Please write “bind SX-7” in the group, and mention me.",
    ),
    "group_join_none": (
        "没有可绑定的群：写专项群的事项编号，例如 绑定 SX-7；由建群的人、牵头部门或执行秘书来发。",
        (
            "There is no group to bind: give the number of its item, for example bind SX-7;"
            " whoever made the group, the lead department or the secretary sends it."
        ),
    ),
    "group_not_joined": ("未能加入：{people}", "Could not be added: {people}"),
    "group_person_reason": ("{name}（{reason}）", "{name} ({reason})"),
    "group_failed": (
        "❌ “{name}”没有建成（{code}）：平台拒绝，{reason}。\n可稍后再发“建群 {code}”，仍不行请联系系统管理员。",
        "❌ “{name}” was not made ({code}): the platform refused, {reason}.\nTry “group {code}” later, or ask an administrator.",
    ),
    "group_unknown": (
        "⚠️ 平台没有答复“{name}”是否建成（{code}）。\n请先看群列表：已有就不必再建；没有再发“建群 {code}”。",
        (
            "⚠️ The platform did not say whether “{name}” was made ({code}).\n"
            "Please look at your groups first; if it is not there, send “group {code}” again."
        ),
    ),
    "group_welcome": (
        (
            "本群为《{title}》（{code}）专项群。牵头：{lead}；配合：{coop}。\n"
            "跨部门提问请 @对方对接人，{minutes} 个工作分钟内回复（R-40）；重要信息请加【重点】（R-44）。"
        ),
        (
            "This is the dedicated group of “{title}” ({code}). Lead: {lead}; cooperating: {coop}.\n"
            "Please @ the other side's liaison; answers are due in {minutes} working minutes (R-40)."
            " Tag what matters with 【重点】 (R-44)."
        ),
    ),
    "group_welcome_sensitive": (
        (
            "本群为 {code} 专项群（内部敏感，群内只写编号和进展）。牵头：{lead}；配合：{coop}。\n"
            "跨部门提问请 @对方对接人，{minutes} 个工作分钟内回复（R-40）。"
        ),
        (
            "This is the dedicated group of {code} (sensitive: numbers and states only, please). Lead: {lead};"
            " cooperating: {coop}.\nPlease @ the other side's liaison; answers are due in {minutes} working minutes (R-40)."
        ),
    ),
    "group_description": ("{code} {title} · 由{bot}维护", "{code} {title} · kept by {bot}"),
    "group_post_head": ("负责人", "head"),
    "group_post_liaison": ("对接人", "liaison"),
    # refusals
    "group_exists": (
        "{code} 已有专项群“{name}”，一个事项只建一个。\n查看成员：查群 {code}",
        "{code} has its dedicated group already: “{name}”.\nTo see who is in it: check {code}",
    ),
    "confidential_no_group": ("涉密事项不建群。", "No groups for confidential items."),
    "group_no_platform": (
        "当前平台不支持由机器人建群。请手动建群、把我拉进去，再在群里发“建群 {code}”。",
        "I cannot make groups here. Please make one, add me, and send “group {code}” in it.",
    ),
    "group_needs_item": (
        "专项群跟着协作事项走，成员按牵头、配合部门确定，不用逐个 @。\n请写事项编号，例如：建群 {example}",
        (
            "A dedicated group belongs to an item; its members follow from the departments, nobody has to be named.\n"
            "Please give the item's number, for example: group {example}"
        ),
    ),
    "group_needs_item_check": (
        "要核对哪个群？请写事项编号，例如：查群 {example}；或在群里 @我 发“查群”。",
        "Which group? Give the item's number, for example: check {example}, or mention me with “check” in the group.",
    ),
    "group_item_closed": ("{code} 已结束，不再建群。", "{code} is finished; no group is made any more."),
    "group_state": ("这个群当前不能这样操作。", "That cannot be done with this group now."),
    # checking
    "group_check_ok": ("✅ “{name}”成员合规（{count} 人）。", "✅ “{name}” has the right members ({count})."),
    "group_check_asked": (
        "⏳ 正在核对“{name}”的成员，结果稍后私信您。",
        "⏳ Checking “{name}”; I will send you the result.",
    ),
    "group_check_bad": ("⚠️ “{name}”成员不合规。", "⚠️ “{name}” does not have the right members."),
    "group_headcount": (
        "“{name}”是跨部门群，共 {count} 人；不限定成员。",
        "“{name}” is a cross-department group of {count}; it has no fixed members.",
    ),
    "group_missing": ("缺少：{people}", "Missing: {people}"),
    "group_outsiders": ("非本事项成员：{people}", "Not of this item: {people}"),
    "group_unknown_outsiders": ("通讯录外人员 {count} 名", "{count} outside the directory"),
    "group_required_as": ("{name}（{department}{post}）", "{name} ({department} {post})"),
    "group_outsider": ("{name}（{department}）", "{name} ({department})"),
    "group_unreadable": (
        "“{name}”的成员暂时读不到，请确认我还在群里。",
        "The members of “{name}” cannot be read now; please see whether I am still in it.",
    ),
    "group_none": (
        "{code} 还没有专项群。建群请发送：建群 {code}",
        "{code} has no dedicated group. To make one: group {code}",
    ),
    "group_here_unknown": (
        "本群未登记为专项群或跨部门群：普通消息不计时，“询问”照常计时。需要登记请找系统管理员。",
        (
            "This group is not registered as dedicated or cross-department: plain talk is not timed, “ask” is."
            " To register it, turn to an administrator."
        ),
    ),
    "group_here_id": (
        "该群未登记为专项群或跨部门群，普通消息不计时。\n群 ID：{chat}\n登记：写进公司文件的 [[group]]（管理手册“登记群”）。",
        (
            "That group is not registered as dedicated or cross-department; plain talk is not timed.\nIts id: {chat}\n"
            "To register it, put it into a [[group]] of the company file (admin guide, “Registering groups”)."
        ),
    ),
    # lost and found
    "group_lost": (
        "“{name}”已被解散（{code}）。历史记录保留，如仍需要请重新建群：建群 {code}",
        "“{name}” was dissolved ({code}). History is kept; make it anew with: group {code}",
    ),
    "group_bot_removed": (
        "我已不在“{name}”（{code}），群内提问不再计时。请把我重新拉进群。",
        "I am not in “{name}” ({code}) any more; nothing is timed there. Please add me again.",
    ),
    "group_bot_back": ("我已回到“{name}”，正在核对成员。", "I am back in “{name}” and checking its members."),
    "group_hello": (
        "大家好，我是{name}。在本群 @我 并写“询问 @对方 内容”，对方部门须在 {minutes} 个工作分钟内回复（R-40）。发送“@我 帮助”看更多。",
        (
            "Hello, I am {name}. Mention me with “ask @name text” here and that department answers within {minutes} working"
            " minutes (R-40). Mention me with “help” for more."
        ),
    ),
    # why somebody could not be added
    "reason_not_in_tenant": ("不在企业内", "not in the company"),
    "reason_no_account": ("没有平台账号", "no account here"),
    "reason_invalid": ("账号无效", "account not valid"),
    "reason_refused": ("对方或平台拒绝", "refused"),
    "reason_resigned": ("已离职", "has left"),
    "reason_out_of_scope": ("不在应用可见范围", "outside the app's visible range"),
    "reason_unknown": ("平台未说明原因", "no reason given"),
}
