"""Dedicated groups: creation, composition, loss (3.15)."""

TEXTS: dict[str, tuple[str, str]] = {
    "group_creating": (
        "⏳ 正在建“{name}”，邀请 {count} 人，完成后告诉您。",
        "⏳ Making “{name}” with {count} people; I will tell you when it is done.",
    ),
    "group_created": (
        "✅ 已建“{name}”（{code}），{joined} 人在群。",
        "✅ “{name}” is there ({code}), {joined} people in it.",
    ),
    "group_not_joined": ("未能加入：{people}", "Could not be added: {people}"),
    "group_person_reason": ("{name}（{reason}）", "{name} ({reason})"),
    "group_failed": (
        "❌ 建群失败：{reason}。请稍后重试，或联系系统管理员。",
        "❌ The group could not be made: {reason}. Please try again, or ask an administrator.",
    ),
    "group_welcome": (
        "本群为《{title}》（{code}）专项群。牵头：{lead}；配合：{coop}。\n跨部门提问请 @对方对接人，30 个工作分钟内回复（R-40）；重要信息请加【重点】（R-44）。",
        "This is the dedicated group of “{title}” ({code}). Lead: {lead}; cooperating: {coop}.\n"
        "Please @ the other side's liaison; answers are due in 30 working minutes (R-40). Tag what matters with 【重点】 (R-44).",
    ),
    "group_exists": ("该事项已有专项群“{name}”。", "This item has a dedicated group already: “{name}”."),
    "group_confidential": ("涉密事项不建群。", "No groups for confidential items."),
    "group_no_platform": (
        "当前平台不支持由机器人建群，请手动建群并把我拉进群。",
        "I cannot make groups here; please make it and add me.",
    ),
    "group_needs_item": ("请写明协作事项，例如：建群 {example}", "Please name the item, for example: group {example}"),
    "group_item_closed": ("{code} 已结束，不再建群。", "{code} is finished; no group is made any more."),
    "group_description": ("{code} {title} · 由{bot}维护", "{code} {title} · kept by {bot}"),
    "group_check_ok": ("✅ “{name}”成员合规（{count} 人）。", "✅ “{name}” has the right members ({count})."),
    "group_check_asked": (
        "⏳ 正在核对“{name}”的成员，结果稍后私信您。",
        "⏳ Checking “{name}”; I will send you the result.",
    ),
    "group_check_bad": ("⚠️ “{name}”成员不合规。", "⚠️ “{name}” does not have the right members."),
    "group_missing": ("缺少：{people}", "Missing: {people}"),
    "group_outsiders": ("非本事项成员：{people}", "Not of this item: {people}"),
    "group_unknown_outsider": ("通讯录外人员", "somebody outside the directory"),
    "group_required_as": ("{name}（{department}{post}）", "{name} ({department} {post})"),
    "group_post_head": ("负责人", "head"),
    "group_post_liaison": ("对接人", "liaison"),
    "group_lost": (
        "“{name}”已被解散（{code}）。历史记录保留，如仍需要请重新建群：建群 {code}",
        "“{name}” was dissolved ({code}). History is kept; make it anew with: group {code}",
    ),
    "group_bot_removed": (
        "我被移出了“{name}”（{code}），群内功能已停止。请把我重新拉进群。",
        "I was taken out of “{name}” ({code}); nothing works there now. Please add me again.",
    ),
    "group_bot_back": ("我已回到“{name}”，正在核对成员。", "I am back in “{name}” and checking its members."),
    "group_hello": (
        "大家好，我是{name}。在本群 @我 并写“询问 @对方 内容”，对方部门须在 30 个工作分钟内回复（R-40）。发送“@我 帮助”看更多。",
        "Hello, I am {name}. Mention me with “ask @name text” here and that department answers within 30 working minutes (R-40)."
        " Mention me with “help” for more.",
    ),
    "group_none": (
        "{code} 还没有专项群。建群请发送：建群 {code}",
        "{code} has no dedicated group. To make one: group {code}",
    ),
    "group_here_unknown": (
        "本群未登记为专项群或跨部门群。",
        "This group is not registered as dedicated or cross-department.",
    ),
    "reason_not_in_tenant": ("不在企业内", "not in the company"),
    "reason_no_account": ("没有平台账号", "no account here"),
    "reason_invalid": ("账号无效", "account not valid"),
    "reason_refused": ("对方或平台拒绝", "refused"),
    "reason_resigned": ("已离职", "has left"),
    "reason_out_of_scope": ("不在应用可见范围", "outside the app's visible range"),
    "reason_unknown": ("平台未说明原因", "no reason given"),
}
