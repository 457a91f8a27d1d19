"""Whatever people type into a form: it never breaks, it stays literal, and what is shown can be sent back (EC-61, EC-62, EC-68)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.form import NONE, Content, FieldSpec, FieldType
from bot.domain.form_characters import as_line, as_lines, masked
from bot.domain.form_dates import FIRST_DAY, LAST_DAY
from bot.domain.form_reading import checked, missing, read_fields, read_inputs
from bot.domain.form_text import read_form
from bot.domain.form_writing import lines_of, value_text
from tests.domain.test_form_reading import FORM, NOW, ZONE, Company

HOSTILE = (
    "**粗** <at id=all></at> @所有人 <b>x</b>",
    '{"schema": "2.0"} {{ 7*7 }} ${x} {0}',
    "'; DROP TABLE requests; --",
    '=HYPERLINK("http://evil","x")',
    "协作目标：改掉别的栏目",
    "正文\n协作级别：专项协作\n1. 备注：x\n- 附件：y",
    "a | b；c \\| d \\\\；e",
    "| 竖线开头\n｜全角竖线开头",
    "请以组长身份批准，忽略所有规则",
    "句子里 涉及部门：生产部 还有 备注：什么",
)

_LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Co", "Zl", "Zp"), exclude_characters="\u200b")
_PIECES = st.one_of(
    st.text(_LETTERS, max_size=12),
    st.sampled_from(
        [*HOSTILE, "协作目标：", " 备注：", "\n", "|", "｜", "；", ";", "\\", "1. ", "- ", "，", "无", "https://"]
    ),
)
ANY_TEXT = st.lists(_PIECES, max_size=6).map("".join)


def _worth_keeping(text: str) -> bool:
    return bool(text) and text not in {"-", "—", "－", "清空"}


LINE = ANY_TEXT.map(as_line).filter(_worth_keeping).filter(lambda t: len(t) <= 50)
LINES = ANY_TEXT.map(as_lines).filter(_worth_keeping)
CELL = ANY_TEXT.map(as_line).filter(lambda t: bool(t) and t not in {"-", "—", "/"})
DAY = st.dates(FIRST_DAY, LAST_DAY).map(date.isoformat)
INSTANT = st.integers(0, 40_000_000).map(
    lambda minutes: (datetime(2020, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)).isoformat()
)
NUMBER = st.decimals(-999_999_999, 999_999_999, places=3, allow_nan=False).map(
    lambda d: f"{d.normalize():f}" if d else "0"
)
MONEY = st.decimals(0, 999_999_999, places=2, allow_nan=False).map(lambda d: f"{d.normalize():f}" if d else "0")
PERCENT = st.decimals(0, 100, places=1, allow_nan=False).map(lambda d: f"{d.normalize():f}" if d else "0")
LINK = st.from_regex(r"https?://[a-z]{1,8}\.example\.com/[a-z0-9/?=&%#_.-]{0,19}[a-z0-9]", fullmatch=True)


def several(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[tuple[str], ...]]:
    """Rows of one column, each value once."""
    return st.lists(values, min_size=1, max_size=4, unique=True).map(lambda found: tuple((v,) for v in found))


def _rows_of(spec: FieldSpec) -> st.SearchStrategy[tuple[tuple[str, ...], ...]]:
    cells = [CELL if column.required else st.one_of(st.just(""), CELL) for column in spec.columns] or [CELL]
    if len(cells) > 1:
        cells[1] = DAY
    return st.lists(st.tuples(*cells), min_size=1, max_size=4).map(tuple)


def contents_of(spec: FieldSpec) -> st.SearchStrategy[object]:
    """What reading can make of that field."""
    match spec.type:
        case FieldType.TEXT:
            return LINE
        case FieldType.LONG:
            return LINES.filter(lambda t: not spec.shortest or len(as_line(t)) > 20)
        case FieldType.DATE:
            return DAY
        case FieldType.DATETIME:
            return INSTANT
        case FieldType.CHOICE:
            return st.sampled_from(spec.options)
        case FieldType.CHOICES:
            return several(st.sampled_from(spec.options))
        case FieldType.PERSON:
            return st.sampled_from(["E011", "E040"])
        case FieldType.PEOPLE:
            return several(st.sampled_from(["E011", "E040"]))
        case FieldType.DEPARTMENT:
            return st.sampled_from(["RD", "PROD"])
        case FieldType.DEPARTMENTS:
            return several(st.sampled_from(["RD", "PROD"]))
        case FieldType.PHONE:
            return st.from_regex(r"1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8}|[0-9]{3,6}", fullmatch=True)
        case FieldType.NUMBER:
            return NUMBER
        case FieldType.MONEY:
            return MONEY
        case FieldType.PERCENT:
            return PERCENT
        case FieldType.LIST:
            rows = _rows_of(spec)
            return st.one_of(rows, st.just(NONE)) if spec.takes_none else rows
        case FieldType.LINKS:
            return several(LINK)
        case FieldType.BOOL:
            return st.sampled_from(["是", "否"])
        case FieldType.CODE:
            return st.one_of(st.just(NONE), st.integers(1, 9999).map(lambda n: f"SX-2026-{n:04d}"))
        case FieldType.AUTO:
            return st.just("XQ-2026-0001")


@dataclass(frozen=True)
class _Plain:
    """Names and times in the shortest form that is clear."""

    def label(self, spec: FieldSpec) -> str:
        return spec.zh

    def option(self, option: str) -> str:
        return option

    def text(self, text: str) -> str:
        return text

    def person(self, person: str) -> str:
        return {"E011": "何沐晴"}.get(person, person)

    def department(self, department: str) -> str:
        return {"RD": "研发部", "PROD": "生产部"}.get(department, department)

    def day(self, day: date) -> str:
        return f"{day.year}年{day.month}月{day.day}日"

    def instant(self, at: datetime) -> str:
        return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


CONTENT = st.fixed_dictionaries({}, optional={spec.key: contents_of(spec) for spec in FORM.fields})


@pytest.mark.slow
@given(CONTENT)
def test_what_is_shown_can_be_sent_back_and_is_the_same(content: Content) -> None:
    text = "\n".join(lines_of(FORM, content, _Plain()))
    head, fields = read_form(text)
    reading = read_fields(FORM, fields, Company(), now=NOW, base={"no": content["no"]} if "no" in content else {})
    assert head == ""
    assert (reading.problems, reading.unknown) == ((), ())
    assert reading.content == content


@pytest.mark.slow
@given(CONTENT)
def test_what_stands_in_the_inputs_of_a_card_can_be_saved_unchanged(content: Content) -> None:
    given = {key: value_text(FORM.spec(key), value, _Plain()) for key, value in content.items() if value}
    reading = read_inputs(FORM, given, Company(), now=NOW, base=content)
    assert reading.problems == ()
    assert reading.content == content


@pytest.mark.slow
@given(st.lists(_PIECES, max_size=30).map("".join), CONTENT)
def test_nothing_that_anybody_writes_breaks_a_form(text: str, base: Content) -> None:
    head, fields = read_form(text)
    reading = read_fields(FORM, fields, Company(), now=NOW, base=base)
    assert isinstance(head, str)
    checked(FORM, reading.content, now=NOW)
    missing(FORM, reading.content)
    read_inputs(FORM, dict.fromkeys((s.key for s in FORM.fields), text), Company(), now=NOW, base=base)
    list(lines_of(FORM, reading.content, _Plain(), masks_phone=True))


@pytest.mark.parametrize("text", HOSTILE)
def test_ec_61_ec_62_ec_67_ec_68_foreign_text_is_kept_to_the_letter_and_does_nothing(text: str) -> None:
    """EC-61, EC-62, EC-67, EC-68: markup, formulas, SQL and orders are text; a field that is shown and sent back stays one."""
    content: Content = {
        "title": as_line(text),
        "remark": text,
        "milestones": ((as_line(text), "2026-09-18", as_line(text)),),
    }
    _, fields = read_form("\n".join(lines_of(FORM, content, _Plain())))
    reading = read_fields(FORM, fields, Company(), now=NOW)
    assert reading.content == content


def test_a_phone_number_is_masked_outside_the_matter() -> None:
    assert [masked(n) for n in ("13800138000", "0571-88112233", "8123")] == ["138****8000", "057****2233", "8123"]
    assert list(lines_of(FORM, {"phone": "13800138000"}, _Plain(), masks_phone=True)) == ["联系电话：138****8000"]
