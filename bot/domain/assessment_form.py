"""Form F5, the opinion of an assessment meeting (domain.md 4.5; R-75..R-77)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.domain.form import Column, Content, FieldProblem, FieldSpec, FieldType, Form, Required, rows_of, text_of
from bot.domain.form_fields import auto, department_column

_T, _R = FieldType, Required
DEGREES = ("高", "中", "低")
RECOMMEND, SUPPLEMENT, REFUSE = "建议批准", "建议补充", "建议不批准"
ENOUGH = "满足"
#: what has to be filled in to send a request back for more, and the field that says what is missing
NOTE = "supplement"
FOR_SUPPLEMENT = ("conclusion", NOTE)

F5 = Form(
    id="F5",
    zh="需求评估意见",
    en="Assessment opinion",
    verb="assess",
    fields=(
        auto("meeting", "评估会编号", "meeting", required=_R.ALWAYS, mark="S*"),
        auto("at", "评估会时间", "held at", required=_R.ALWAYS, mark="S*"),
        auto("depts", "参会部门", "departments", required=_R.ALWAYS, mark="S*"),
        FieldSpec(
            key="feasibility",
            zh="可行性评估",
            en="feasibility",
            type=_T.LIST,
            required=_R.ALWAYS,
            aliases=("可行性",),
            columns=(
                Column(
                    key="verdict", zh="结论", en="verdict", type=_T.CHOICE, options=("可行", "有条件可行", "不可行")
                ),
                Column(key="note", zh="说明", en="note", required=False),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="resources",
            zh="资源需求评估",
            en="resources",
            type=_T.LIST,
            required=_R.ALWAYS,
            aliases=("资源评估", "资源需求", "资源"),
            columns=(
                Column(key="verdict", zh="结论", en="verdict", type=_T.CHOICE, options=(ENOUGH, "部分满足", "不满足")),
                Column(key="note", zh="缺口说明", en="gaps", required=False),
            ),
            mark="S*",
        ),
        FieldSpec(
            key="risks",
            zh="潜在风险",
            en="risks",
            type=_T.LIST,
            required=_R.ALWAYS,
            aliases=("风险",),
            columns=(
                Column(key="risk", zh="风险", en="risk"),
                Column(key="likelihood", zh="可能性", en="likelihood", type=_T.CHOICE, options=DEGREES),
                Column(key="impact", zh="影响", en="impact", type=_T.CHOICE, options=DEGREES),
                Column(key="answer", zh="应对措施", en="answer"),
                department_column(required=True),
            ),
            takes_none=True,
            mark="S*",
        ),
        FieldSpec(
            key="dept_opinions",
            zh="各部门意见",
            en="opinions",
            type=_T.LIST,
            required=_R.ALWAYS,
            aliases=("部门意见",),
            columns=(
                Column(key="department", zh="部门", en="department", type=_T.DEPARTMENT),
                Column(key="opinion", zh="意见", en="opinion"),
            ),
        ),
        FieldSpec(
            key="conclusion",
            zh="评估结论",
            en="conclusion",
            type=_T.CHOICE,
            required=_R.ALWAYS,
            aliases=("结论",),
            options=(RECOMMEND, SUPPLEMENT, REFUSE),
            mark="S*",
        ),
        FieldSpec(
            key=NOTE,
            zh="补充要求",
            en="what to add",
            type=_T.LONG,
            required=_R.SOMETIMES,
            aliases=("需补充", "补充说明", "补充"),
            shortest=5,
            longest=2000,
        ),
        auto("by", "记录人", "recorded by", required=_R.ALWAYS),
        auto("recorded_at", "记录时间", "recorded at", required=_R.ALWAYS),
    ),
)


def is_supplement(content: Content) -> bool:
    """Does the opinion ask for more instead of going to the leader?"""
    return text_of(content, "conclusion") == SUPPLEMENT


def verdict(content: Content, key: str) -> tuple[str, str]:
    """The word and the note of `feasibility` or `resources`; empty where there are none."""
    row = next(iter(rows_of(content, key)), ())
    word, note = (*row, "", "")[:2]
    return word, note


def gaps(content: Content, *, present: Collection[str] = ()) -> Iterator[FieldProblem]:
    """What a whole opinion still lacks: the gaps where resources do not suffice, a line for every department present."""
    word, note = verdict(content, "resources")
    if word not in {"", ENOUGH} and not note.strip():
        yield FieldProblem(key="resources", code="assessment_gaps")
    said = {row[0] for row in rows_of(content, "dept_opinions") if row}
    silent = [department for department in present if department not in said]
    if silent and said:
        yield FieldProblem(key="dept_opinions", code="assessment_silent", facts={"departments": "、".join(silent)})
