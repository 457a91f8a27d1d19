"""Commands of liaison changes, training and the plan of the company (3.12, 3.18)."""

from __future__ import annotations

from bot.command import CommandSpec, Need
from bot.vocabulary.decisions import REASON, on_object

SPECS: tuple[CommandSpec, ...] = (
    CommandSpec(
        verb="liaison_change",
        chinese=("对接人 变更", "对接人 任命", "更换对接人", "任命对接人", "对接人 更换"),
        english=("liaison change", "change liaison", "appoint liaison", "new liaison"),
        topic="people",
        pairs={**REASON, "确认": ("三项确认", "confirm", "ticks"), "紧急": ("urgent", "emergency")},
        takes_times=True,
    ),
    CommandSpec(
        verb="liaison_urgent",
        chinese=("对接人 紧急变更", "紧急更换对接人", "对接人 紧急更换"),
        english=("urgent liaison change", "emergency liaison change"),
        topic="people",
        pairs={**REASON, "确认": ("三项确认", "confirm", "ticks")},
        takes_times=True,
    ),
    on_object(
        "liaison_move",
        ("对接人 改期", "对接人变更 改期"),
        ("move liaison change", "liaison change date"),
        topic="people",
        pairs=REASON,
        needs=(Need.CODE, Need.DATES),
        shape="",
        takes_times=True,
    ),
    CommandSpec(
        verb="liaison_changes",
        chinese=("对接人", "对接人变更记录", "对接人变更 列表"),
        english=("liaison", "liaison changes"),
        topic="people",
        is_bare=True,
    ),
    CommandSpec(
        verb="training_plan",
        chinese=("培训 安排", "培训 计划", "安排培训"),
        english=("training plan", "plan training"),
        topic="people",
        pairs={"主题": ("topic",)},
        needs=(Need.DATES,),
        takes_times=True,
    ),
    CommandSpec(
        verb="training_record",
        chinese=("培训 登记", "培训 记录", "登记培训"),
        english=("training record", "record training"),
        topic="people",
        pairs={"主题": ("topic",), "日期": ("时间", "date", "on")},
        takes_times=True,
    ),
    CommandSpec(
        verb="trainings",
        chinese=("培训", "培训 列表"),
        english=("training", "trainings"),
        topic="people",
        shape=r"\s*\Z",
    ),
)
