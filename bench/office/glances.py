"""Looking: every command that only shows something."""

from __future__ import annotations

from bench.office.doing import Doing
from bench.office.scene import Scene

#: what anybody asks without a number
LISTS = (
    "待办", "涉密待办", "部门待办", "需求 列表", "任务", "台账 进度", "台账 问题", "导出 进度", "导出 问题", "周报", "简报",
    "评分", "我的评分", "奖惩", "对接人", "组织", "培训", "我的数据", "会议", "文档 检查", "状态",
)  # fmt: skip
#: what anybody asks about a number
ABOUT = ("为什么", "谁在办")
#: what shows one kind
SHOWS = {
    "XQ": ("需求",), "SX": ("事项", "任务", "文档 检查", "查群"), "RW": ("任务",), "WT": ("问题",), "CT": ("冲突",),
    "HY": ("会议",), "FA": ("方案编制",), "YS": ("验收",), "JC": ("奖惩",), "JB": (), "JY": ("纪要",), "GT": ("沟通纪要",),
    "JD": ("决议",), "DJ": ("对接人",), "WD": ("文档 检查",), "HF": (),
}  # fmt: skip


def glance(scene: Scene) -> Doing | None:
    """Somebody looks at something."""
    person = scene.pick(scene.people)
    if person is None:
        return None
    open_ones = scene.uow.obligations.find()
    if open_ones and scene.happens(0.6):
        code = scene.one(open_ones).code
        return Doing(person.id, f"{scene.one((*ABOUT, *SHOWS.get(code[:2], ())))} {code}")
    return Doing(person.id, scene.one(LISTS))
