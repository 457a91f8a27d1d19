"""Commands of the reply clock, of groups, people and the bot itself.

A word of two parts is understood without its space as well. A command of a later kind of object is one more `CommandSpec`
here, its handler, and its texts (`help_…`, `example_…`, its answers). The first word of each language is the one that help
and suggestions show.
"""

from __future__ import annotations

from bot.command import CommandSpec, Need, Where
from bot.vocabulary.decisions import on_object

#: without a prefix or a quoted card, a code or a number has to follow: `已收到货` is talk
_CODE_FOLLOWS = r"\s*[,:]?\s*(?:[a-z]{2}\s?[-–—−_]?\s?\d|#|第|\d)"
_REASON = {"原因": ("事由", "理由", "reason", "because")}

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="help",
        chinese=("帮助", "使用说明", "怎么用", "指令", "命令", "菜单", "?"),
        english=("help", "commands", "menu"),
        topic="self",
    ),
    CommandSpec(
        verb="todo",
        chinese=("待办", "我的", "我的待办", "我的任务", "待回复", "待处理"),
        english=("to do", "mine", "my tasks"),
        topic="reply",
        is_bare=True,
    ),
    CommandSpec(
        verb="confidential",
        chinese=("涉密待办", "涉密事项", "我的涉密待办"),
        english=("confidential", "confidential to do"),
        topic="reply",
        where=Where.DIRECT,
        is_bare=True,
    ),
    CommandSpec(
        verb="ask",
        chinese=("询问", "请回复", "请答复", "提问"),
        english=("ask", "inquire", "please reply"),
        topic="reply",
        needs=(Need.PEOPLE, Need.TEXT),
        is_quotable=True,
    ),
    CommandSpec(
        verb="key",
        chinese=("重点", "标为重点", "发重点"),
        english=("key", "important"),
        topic="reply",
        where=Where.GROUP,
        needs=(Need.TEXT,),
        shape=r"(?!是|在于|关注|项目|工作)",
    ),
    on_object(
        "acknowledge",
        ("已收到", "已回复", "已答复"),
        ("received", "done", "answered", "acknowledge", "ack"),
        topic="reply",
        needs=(),
        shape=_CODE_FOLLOWS,
    ),
    on_object(
        "call_off",
        ("取消等待", "不用回复了", "不用回复", "不用等了"),
        ("call off", "stop waiting", "no reply needed"),
        topic="reply",
        needs=(),
        shape=_CODE_FOLLOWS,
    ),
    on_object(
        "still_waiting",
        ("还在等", "仍在等", "继续等待"),
        ("still", "still waiting", "keep waiting"),
        topic="reply",
        needs=(),
        shape=_CODE_FOLLOWS,
    ),
    on_object(
        "waive",
        ("免计", "豁免"),
        ("waive", "do not count"),
        topic="admin",
        pairs=_REASON,
        needs=(Need.CODE, Need.REASON),
        shape="",
    ),
    on_object(
        "why", ("为什么", "为何", "怎么算的", "计时说明"), ("why", "explain"), topic="reply", shape=_CODE_FOLLOWS
    ),
    CommandSpec(
        verb="group_create",
        chinese=("建群", "协作 新建", "协作群 新建", "拉群", "建专项群", "创建专项群"),
        english=("group", "collab new", "new group", "create group"),
        topic="group",
        pairs={"部门": ("配合部门", "dept", "department"), "截止": ("期限", "due", "by")},
        takes_number=True,
    ),
    CommandSpec(
        verb="group_check",
        chinese=("查群", "检查群", "群检查", "查成员", "协作群 检查"),
        english=("check", "check group", "group check", "collab check"),
        topic="group",
        takes_number=True,
    ),
    CommandSpec(
        verb="group_join",
        chinese=("绑定", "绑定群", "群绑定"),
        english=("bind", "bind group", "join group"),
        topic="group",
    ),
    CommandSpec(
        verb="leave",
        chinese=("请假", "休假", "登记请假", "委托代理"),
        english=("leave", "away", "out of office"),
        topic="people",
        pairs={"代理": ("代理人", "delegate"), "范围": ("scope",), **_REASON},
        needs=(Need.DATES,),
        takes_times=True,
    ),
    CommandSpec(
        verb="leave_end",
        chinese=("销假", "取消请假", "提前返岗", "撤销请假"),
        english=("back", "i am back", "i'm back", "i’m back", "end leave", "cancel leave"),
        topic="people",
        takes_number=True,
    ),
    CommandSpec(
        verb="leave_decline",
        chinese=("拒绝代理", "谢绝代理", "不能代理"),
        english=("decline", "decline delegation"),
        topic="people",
        takes_number=True,
    ),
    CommandSpec(
        verb="calendar",
        chinese=("日历", "查日历", "工作日历", "工作日"),
        english=("calendar", "working day", "workday"),
        topic="self",
        pairs={"部门": ("dept", "department")},
        takes_times=True,
    ),
    CommandSpec(
        verb="digest",
        chinese=("简报", "日报", "每日简报", "今日简报"),
        english=("digest", "daily", "daily digest"),
        topic="report",
        is_bare=True,
    ),
    CommandSpec(
        verb="organisation",
        chinese=("组织", "协调小组", "组织架构", "对接人名单", "谁是对接人"),
        english=("org", "organisation", "organization", "liaisons"),
        topic="people",
        is_bare=True,
    ),
    CommandSpec(
        verb="plan",
        chinese=("方案", "方案版本", "协调方案"),
        english=("plan", "the plan"),
        topic="rules",
        is_bare=True,
    ),
    CommandSpec(
        verb="rule",
        chinese=("规则", "查规则", "条款"),
        english=("rule", "rules"),
        topic="rules",
        needs=(Need.RULE,),
    ),
    CommandSpec(
        verb="mute",
        chinese=("静音", "免打扰", "勿扰"),
        english=("mute", "quiet", "do not disturb", "dnd"),
        topic="self",
        needs=(Need.DURATION,),
        takes_times=True,
        takes_duration=True,
    ),
    CommandSpec(
        verb="settings",
        chinese=("设置", "偏好设置"),
        english=("set", "settings", "preferences"),
        topic="self",
        pairs={"语言": ("language", "lang"), "时区": ("timezone", "tz", "time zone", "zone")},
        takes_plain_pairs=True,
    ),
    CommandSpec(verb="undo", chinese=("撤销", "撤回上一步"), english=("undo", "take back"), topic="self", is_bare=True),
    CommandSpec(
        verb="my_data",
        chinese=("我的数据", "个人数据", "我的个人信息"),
        english=("my data",),
        topic="self",
        where=Where.DIRECT,
        is_bare=True,
    ),
    CommandSpec(verb="status", chinese=("状态", "运行状态"), english=("status", "state"), topic="admin", is_bare=True),
    CommandSpec(verb="doctor", chinese=("体检", "自检"), english=("doctor", "checkup"), topic="admin", is_bare=True),
    CommandSpec(
        verb="release",
        chinese=("确认放行", "放行"),
        english=("release", "release held"),
        topic="admin",
        where=Where.DIRECT,
        is_bare=True,
    ),
    CommandSpec(
        verb="revive",
        chinese=("重放", "重新处理"),
        english=("redeliver", "retry"),
        topic="admin",
        where=Where.DIRECT,
        takes_number=True,
        needs=(Need.NUMBER,),
    ),
    CommandSpec(
        verb="cancel",
        chinese=("取消", "算了"),
        english=("cancel", "never mind"),
        topic="self",
        is_bare=True,
        is_hidden=True,
    ),
)

#: words that people know from elsewhere (ux.md A5.2) and that mean nothing here yet: free approvals, web pages
LATER = frozenset({"审批", "申请", "登录", "login", "link"})
