"""Form F4, the minutes (domain.md 4.4), and what its rows mean: problems, actions, the work that comes of them (R-61..R-63).

Rows may lack a person or a date while they are a draft; publishing refuses them by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.confidentiality import Secrecy, word_of
from bot.domain.form import NONE, Column, Content, FieldSpec, FieldType, Form, Required, rows_of
from bot.domain.form_fields import auto, confidentiality, department_column, due_column, files, listed, owner_column

NORMAL, SENSITIVE = word_of(Secrecy.NORMAL), word_of(Secrecy.SENSITIVE)
NOT_SUBMITTED = "未提交"
PLACES = ("线下", "线上", "混合")

_WHO = owner_column(required=False)
_WHERE = department_column(required=False)
_WHEN = due_column(required=False)

MINUTES_FORM = Form(
    id="F4",
    zh="会议纪要",
    en="Minutes",
    verb="minutes",
    fields=(
        auto("minutes_no", "纪要编号", "minutes number"),
        FieldSpec(key="title", zh="会议名称", en="title", type=FieldType.TEXT, required=Required.ALWAYS),
        auto("kind", "会议类型", "kind"),
        auto("start_at", "开始时间", "start", mark="S*"),
        auto("end_at", "结束时间", "end", mark="S*"),
        FieldSpec(
            key="place", zh="会议地点", en="place", type=FieldType.TEXT, required=Required.ALWAYS, aliases=("地点",)
        ),
        FieldSpec(
            key="mode",
            zh="会议方式",
            en="mode",
            type=FieldType.CHOICE,
            required=Required.ALWAYS,
            options=PLACES,
            aliases=("方式",),
        ),
        FieldSpec(key="host", zh="主持人", en="host", type=FieldType.PERSON, required=Required.ALWAYS, mark="S*"),
        FieldSpec(key="recorder", zh="记录人", en="recorder", type=FieldType.PERSON, required=Required.ALWAYS),
        auto("attendance", "应到实到人员", "attendance", mark="S*"),
        auto("absences", "缺席及委托情况", "absences"),
        FieldSpec(
            key="agenda",
            zh="会议议程",
            en="agenda",
            type=FieldType.LIST,
            required=Required.ALWAYS,
            aliases=("议程",),
            columns=(Column(key="text", zh="议程", en="agenda"),),
        ),
        auto("follow_up", "上次会议事项落实情况", "follow up"),
        listed(
            "dept_reports",
            "各部门汇报",
            "department reports",
            Column(key="department", zh="部门", en="department", type=FieldType.DEPARTMENT),
            Column(key="done", zh="本周完成情况", en="done"),
            Column(key="problems", zh="存在问题", en="problems", required=False),
            Column(key="next", zh="下周计划", en="next", required=False),
            required=Required.SOMETIMES,
            aliases=("部门汇报",),
            takes_none=False,
            mark="S*",
        ),
        listed(
            "problems",
            "问题及解决方案",
            "problems",
            Column(key="problem", zh="问题", en="problem"),
            Column(key="solution", zh="解决方案", en="solution", required=False),
            _WHERE,
            _WHO,
            _WHEN,
            Column(key="link", zh="关联编号", en="link", type=FieldType.CODE, required=False),
            aliases=("问题", "问题与解决方案"),
            mark="S*",
        ),
        listed("decisions", "会议决定", "decisions", Column(key="text", zh="决定", en="decision"), aliases=("决定",)),
        listed(
            "actions",
            "待办事项",
            "actions",
            Column(key="text", zh="内容", en="what"),
            _WHERE,
            _WHO,
            _WHEN,
            aliases=("待办",),
            mark="S*",
        ),
        listed(
            "carried_over",
            "遗留及需上报事项",
            "carried over",
            Column(key="text", zh="内容", en="what"),
            Column(key="to", zh="上报对象", en="to", required=False),
            aliases=("遗留事项", "需上报事项", "遗留"),
        ),
        FieldSpec(key="next_at", zh="下次会议时间", en="next meeting", type=FieldType.DATETIME, aliases=("下次会议",)),
        confidentiality(options=(NORMAL, SENSITIVE)),
        files(),
        FieldSpec(
            key="distribution",
            zh="发送范围",
            en="distribution",
            type=FieldType.PEOPLE,
            aliases=("发送",),
        ),
        auto("published_at", "发布时间", "published at", mark="S*"),
        auto("published_by", "发布人", "published by", mark="S*"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One problem or action. `lacking` are keys of columns that publishing wants and that are empty."""

    number: int
    text: str
    solution: str = ""
    department: str = ""
    owner: str = ""
    due: str = ""
    link: str = ""
    lacking: tuple[str, ...] = ()

    @property
    def due_at(self) -> datetime | None:
        """The limit; None where there is none."""
        return datetime.fromisoformat(self.due) if self.due else None

    @property
    def work(self) -> str:
        """What has to be done: the solution of a problem, the text of an action."""
        return self.solution or self.text


def problem_rows(content: Content) -> tuple[Row, ...]:
    """The problems; each needs a solution, a person and a date (R-63)."""
    return tuple(
        _row(number, row, ("text", "solution", "department", "owner", "due", "link"), ("solution", "owner", "due"))
        for number, row in enumerate(rows_of(content, "problems"), start=1)
    )


def action_rows(content: Content) -> tuple[Row, ...]:
    """The actions; each needs a person and a date."""
    return tuple(
        _row(number, row, ("text", "department", "owner", "due"), ("owner", "due"))
        for number, row in enumerate(rows_of(content, "actions"), start=1)
    )


def _row(number: int, values: tuple[str, ...], names: tuple[str, ...], wanted: tuple[str, ...]) -> Row:
    given = cells(values, names)
    lacking = tuple(name for name in wanted if not given.get(name))
    return Row(number=number, lacking=lacking, **given)


def cells(values: tuple[str, ...], names: tuple[str, ...]) -> dict[str, str]:
    """The cells of a row by their names; 无 in one of them is nothing."""
    given = {name: value.strip() for name, value in zip(names, values, strict=False)}
    return {name: "" if value == NONE and name != "text" else value for name, value in given.items()}


def incomplete(content: Content) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Problems and actions that may not be published as they are (R-63, EC-59)."""
    problems = tuple(row for row in problem_rows(content) if row.lacking)
    return problems, tuple(row for row in action_rows(content) if row.lacking)


def past(content: Content, *, now: datetime) -> tuple[Row, ...]:
    """Rows whose date lies before the publication (F4-14); a linked problem has its own object for that."""
    rows = (*(row for row in problem_rows(content) if not row.link), *action_rows(content))
    return tuple(row for row in rows if (due := row.due_at) is not None and due <= now)


def new_work(rows: Iterable[Row], *, known: Iterable[Row] = ()) -> tuple[Row, ...]:
    """Rows that make a task: complete ones, each work of one person and date once, without those of an earlier version."""
    seen = {_same(row) for row in known}
    found: list[Row] = []
    for row in rows:
        if row.lacking or not row.owner or not row.due or _same(row) in seen:
            continue
        seen.add(_same(row))
        found.append(row)
    return tuple(found)


def _same(row: Row) -> tuple[str, str, str]:
    return row.work, row.owner, row.due
