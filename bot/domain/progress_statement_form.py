"""Form F10, the project progress report that is distributed before a milestone meeting (domain.md 4.10; R-67, R-68)."""

from __future__ import annotations

from bot.domain.form import Column, FieldSpec, FieldType, Form, Required

_LONG = 1000


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
        FieldSpec(key="project", zh="项目", en="project", type=FieldType.AUTO),
        FieldSpec(key="node", zh="节点", en="node", type=FieldType.AUTO, mark="S*"),
        FieldSpec(key="period", zh="报告期", en="period", type=FieldType.TEXT),
        _text("overall", "总体进度与计划对比", aliases=("总体进度", "进度"), is_stated=True),
        _text("done", "已完成任务"),
        _text("open", "未完成任务与原因", aliases=("未完成任务",)),
        _text("difficulties", "难点问题", aliases=("难点",), is_stated=True),
        FieldSpec(
            key="to_decide",
            zh="拟提请会议决定的事项",
            en="to_decide",
            type=FieldType.LIST,
            aliases=("提请决定事项",),
            takes_none=True,
            longest=_LONG,
            columns=(Column(key="text", zh="事项", en="matter"),),
        ),
        _text("resources", "资源使用情况", aliases=("资源",)),
        _text("risks", "风险"),
        _text("next_steps", "下一步计划建议", aliases=("下一步计划", "下一步"), is_stated=True),
        FieldSpec(key="distributed", zh="分发时间与范围", en="distributed", type=FieldType.AUTO, mark="S*"),
    ),
)
