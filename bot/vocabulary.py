"""Every command of the product, with its words in Chinese and English (domain.md 2.7, ux.md A5.2, L-35).

Aliases of two commands never collide after folding; a test enumerates all pairs. Words of several parts may be written
in any order and without the spaces: `协作 新建`, `新建协作`, `collab new`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.command import DIRECT_ONLY, Argument, CommandSpec
from bot.domain.likeness import nearest

_A = Argument
_CLOCK = ("HF",)
_ANY_CODE = (
    "HF", "SX", "XQ", "FA", "RW", "JB", "YS", "WT", "CT", "HY", "JY", "GT", "JD", "DJ", "WD", "JC", "QJ",
)  # fmt: skip
_RANGE = ("从", "到", "至", "自", "起", "止", "from", "to", "until", "till", "-", "~", "—", "～")
_REASON = ("原因", "事由", "理由", "reason")

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="help",
        zh=("帮助", "使用说明", "怎么用", "指令", "命令", "菜单"),
        en=("help", "commands", "menu"),
        shortcuts=("?", "h"),
        takes=frozenset({_A.TEXT}),
    ),
    CommandSpec(
        verb="organisation",
        zh=("组织", "协调小组", "组织架构", "对接人名单", "谁是对接人"),
        en=("organisation", "organization", "org", "liaisons"),
        takes=frozenset({_A.TEXT}),
        topic="people",
    ),
    CommandSpec(verb="plan", zh=("方案", "方案版本", "制度"), en=("plan", "the plan"), topic="rules"),
    CommandSpec(
        verb="rule",
        zh=("规则", "条款", "查规则"),
        en=("rule", "rules"),
        takes=frozenset({_A.CODES}),
        needs=(_A.CODES,),
        codes=("R",),
        topic="rules",
    ),
    CommandSpec(
        verb="todo",
        zh=("待办", "我的待办", "待回复", "待处理"),
        en=("todo", "to do", "mine", "my tasks"),
        shortcuts=("我的",),
    ),
    CommandSpec(
        verb="ask",
        zh=("询问", "请回复", "请答复", "跟踪询问"),
        en=("ask", "inquire", "please reply"),
        takes=frozenset({_A.PEOPLE, _A.TEXT}),
        needs=(_A.PEOPLE, _A.TEXT),
        topic="clock",
    ),
    CommandSpec(
        verb="key",
        zh=("重点", "标为重点"),
        en=("key", "important"),
        takes=frozenset({_A.PEOPLE, _A.TEXT}),
        needs=(_A.TEXT,),
        topic="clock",
    ),
    CommandSpec(
        verb="answered",
        zh=("已回复", "已收到", "已答复"),
        en=("done", "answered", "acknowledge", "ack"),
        takes=frozenset({_A.CODES, _A.TEXT}),
        needs=(_A.CODES,),
        codes=_CLOCK,
        topic="clock",
    ),
    CommandSpec(
        verb="call_off",
        zh=("取消等待", "不用回复了", "不用回复"),
        en=("call off", "stop waiting", "no reply needed"),
        takes=frozenset({_A.CODES}),
        needs=(_A.CODES,),
        codes=_CLOCK,
        topic="clock",
    ),
    CommandSpec(
        verb="still_waiting",
        zh=("还在等", "仍在等", "继续等待"),
        en=("still waiting", "keep waiting"),
        takes=frozenset({_A.CODES}),
        needs=(_A.CODES,),
        codes=_CLOCK,
        topic="clock",
    ),
    CommandSpec(
        verb="waive",
        zh=("免计", "豁免"),
        en=("waive", "do not count"),
        takes=frozenset({_A.CODES, _A.TEXT, _A.PAIRS}),
        needs=(_A.CODES, _A.TEXT),
        codes=_CLOCK,
        keys=(_REASON,),
        topic="clock",
    ),
    CommandSpec(
        verb="why",
        zh=("为什么", "为何", "怎么算的", "计时说明"),
        en=("why", "explain"),
        takes=frozenset({_A.CODES}),
        needs=(_A.CODES,),
        codes=_ANY_CODE,
        topic="clock",
    ),
    CommandSpec(
        verb="group_create",
        zh=("建群", "协作 新建", "协作群 新建", "拉群", "建专项群", "创建专项群"),
        en=("group", "collab new", "new group", "create group"),
        takes=frozenset({_A.CODES, _A.PEOPLE, _A.TEXT, _A.PAIRS}),
        codes=("SX",),
        keys=(("部门", "dept", "department"), ("截止", "due", "by")),
        topic="groups",
    ),
    CommandSpec(
        verb="group_check",
        zh=("查群", "检查群", "群成员检查", "协作群 检查"),
        en=("check group", "group check", "collab check"),
        takes=frozenset({_A.CODES}),
        codes=("SX",),
        topic="groups",
    ),
    CommandSpec(
        verb="leave",
        zh=("请假", "休假", "登记请假", "委托代理"),
        en=("leave", "away", "out of office"),
        takes=frozenset({_A.MOMENTS, _A.DURATION, _A.PEOPLE, _A.TEXT, _A.PAIRS}),
        needs=(_A.MOMENTS,),
        keys=(("代理", "代理人", "delegate"), ("范围", "scope"), _REASON),
        fillers=("代理人", "代理", "由", "请", "delegate", *_RANGE),
        topic="people",
    ),
    CommandSpec(
        verb="leave_end",
        zh=("销假", "取消请假", "提前返岗", "撤销请假"),
        en=("back", "end leave", "cancel leave", "i am back"),
        takes=frozenset({_A.CODES, _A.PEOPLE}),
        codes=("QJ",),
        topic="people",
    ),
    CommandSpec(
        verb="calendar",
        zh=("日历", "查日历", "工作日", "工作日历"),
        en=("calendar", "working day", "workday"),
        takes=frozenset({_A.MOMENTS, _A.PAIRS, _A.TEXT}),
        keys=(("部门", "dept", "department"),),
        topic="calendar",
    ),
    CommandSpec(
        verb="calendar_closure",
        zh=("日历 停工", "停工日"),
        en=("calendar closure", "calendar closed"),
        takes=frozenset({_A.MOMENTS, _A.PAIRS, _A.TEXT}),
        needs=(_A.MOMENTS,),
        keys=(("部门", "dept", "department"), ("时段", "hours", "windows")),
        topic="calendar",
    ),
    CommandSpec(
        verb="calendar_workday",
        zh=("日历 上班", "上班日"),
        en=("calendar open", "calendar worked"),
        takes=frozenset({_A.MOMENTS, _A.PAIRS, _A.TEXT}),
        needs=(_A.MOMENTS,),
        keys=(("部门", "dept", "department"), ("时段", "hours", "windows")),
        topic="calendar",
    ),
    CommandSpec(
        verb="calendar_windows",
        zh=("日历 时段", "工作时段"),
        en=("calendar hours", "calendar windows"),
        takes=frozenset({_A.MOMENTS, _A.PAIRS, _A.TEXT}),
        needs=(_A.MOMENTS,),
        keys=(("部门", "dept", "department"), ("时段", "hours", "windows")),
        topic="calendar",
    ),
    CommandSpec(
        verb="digest",
        zh=("简报", "日报", "每日简报", "今日简报"),
        en=("digest", "daily", "report"),
        topic="reports",
    ),
    CommandSpec(verb="status", zh=("状态", "运行状态"), en=("status", "state"), topic="service"),
    CommandSpec(verb="doctor", zh=("体检", "自检"), en=("doctor", "checkup"), topic="service"),
    CommandSpec(
        verb="mute",
        zh=("静音", "免打扰", "勿扰"),
        en=("mute", "quiet", "do not disturb", "dnd"),
        takes=frozenset({_A.DURATION, _A.MOMENTS, _A.TEXT}),
        needs=(_A.DURATION,),
        topic="settings",
    ),
    CommandSpec(
        verb="settings",
        zh=("设置", "偏好设置"),
        en=("set", "settings", "preferences"),
        takes=frozenset({_A.TEXT, _A.PAIRS}),
        keys=(("语言", "language", "lang"), ("时区", "timezone", "tz", "zone")),
        topic="settings",
    ),
    CommandSpec(verb="undo", zh=("撤销", "撤回上一步", "收回"), en=("undo", "take back")),
    CommandSpec(
        verb="mydata",
        zh=("我的数据", "我的个人信息", "个人数据"),
        en=("mydata", "my data"),
        takes=frozenset({_A.TEXT}),
        chats=DIRECT_ONLY,
        topic="settings",
    ),
    CommandSpec(
        verb="release",
        zh=("确认放行", "放行"),
        en=("release", "release held"),
        chats=DIRECT_ONLY,
        topic="service",
    ),
)

_BY_VERB = {spec.verb: spec for spec in SPECS}


def spec(verb: str) -> CommandSpec:
    """The command of that verb. Raises KeyError with the nearest verb for one that does not exist."""
    try:
        return _BY_VERB[verb]
    except KeyError:
        raise KeyError(f"no command {verb!r}; nearest: {nearest(verb, _BY_VERB)!r}") from None


def specs(verbs: Sequence[str]) -> tuple[CommandSpec, ...]:
    """The commands of these verbs, in that order."""
    return tuple(spec(verb) for verb in verbs)
