"""Form F10, the project progress report that is distributed before a milestone meeting (domain.md 4.10; R-67, R-68)."""

from __future__ import annotations

from bot.domain.form import Column, FieldSpec, FieldType, Form, Required
from bot.domain.form_fields import auto, listed


def _text(key: str, zh: str, *, aliases: tuple[str, ...] = (), is_stated: bool = False) -> FieldSpec:
    return FieldSpec(
        key=key,
        zh=zh,
        en=key,
        type=FieldType.LONG,
        required=Required.ALWAYS if is_stated else Required.NEVER,
        aliases=aliases,
        longest=2000,
        takes_none=True,
        mark="S*" if is_stated else "I",
    )


STATEMENT_FORM = Form(
    id="F10",
    zh="项目进度报告",
    en="Project progress report",
    verb="progress_statement",
    fields=(
        auto("project", "项目", "project"),
        auto("node", "节点", "node", mark="S*"),
        FieldSpec(key="period", zh="报告期", en="period", type=FieldType.TEXT),
        _text("overall", "总体进度与计划对比", aliases=("总体进度", "进度"), is_stated=True),
        _text("done", "已完成任务"),
        _text("open", "未完成任务与原因", aliases=("未完成任务",)),
        _text("difficulties", "难点问题", aliases=("难点",), is_stated=True),
        listed(
            "to_decide",
            "拟提请会议决定的事项",
            "to decide",
            Column(key="text", zh="事项", en="matter"),
            aliases=("提请决定事项",),
        ),
        _text("resources", "资源使用情况", aliases=("资源",)),
        _text("risks", "风险"),
        _text("next_steps", "下一步计划建议", aliases=("下一步计划", "下一步"), is_stated=True),
        auto("distributed", "分发时间与范围", "distributed", mark="S*"),
    ),
)
