"""Commands of plans and items (3.2, 3.3): 方案编制, 会签, 事项, 暂停, 恢复, 终止, 对接确认, 密级, 知悉."""

from __future__ import annotations

from bot.command import CommandSpec, Need
from bot.vocabulary.decisions import CODE_FOLLOWS, REASON, decision, on_object, with_form

_TOPIC = "item"

SPECS: tuple[CommandSpec, ...] = (
    on_object(
        "item", ("事项", "查事项", "协作事项", "协作 状态"), ("item", "items", "collab status"), topic=_TOPIC, needs=()
    ),
    with_form(
        "plan_write",
        ("方案编制", "编制方案", "实施方案"),
        ("plan draft", "draft plan", "implementation plan"),
        topic=_TOPIC,
    ),
    decision("plan_submit", ("方案编制 提交", "提交方案"), ("submit plan", "plan submit"), topic=_TOPIC),
    decision("plan_revise", ("方案编制 修订", "修订方案"), ("revise plan", "plan revise"), topic=_TOPIC),
    decision("countersign", ("会签",), ("countersign",), topic=_TOPIC),
    decision("contact", ("对接确认", "已对接", "确认对接"), ("contacted", "contact confirmed"), topic=_TOPIC),
    on_object(
        "suspend",
        ("暂停", "暂停事项"),
        ("suspend", "suspend item"),
        topic=_TOPIC,
        pairs={"恢复": ("预计恢复", "恢复日期", "resume", "until"), **REASON},
        takes_times=True,
    ),
    decision("resume", ("恢复", "恢复事项"), ("resume", "resume item"), topic=_TOPIC),
    decision("terminate", ("终止", "终止事项"), ("terminate", "terminate item"), topic=_TOPIC),
    decision("secrecy", ("密级", "调整密级"), ("secrecy", "secrecy level"), topic=_TOPIC),
    CommandSpec(
        verb="access",
        chinese=("知悉范围", "加入知悉范围"),
        english=("access", "access list"),
        topic=_TOPIC,
        needs=(Need.CODE, Need.PEOPLE),
        shape=CODE_FOLLOWS,
        is_quotable=True,
    ),
)
