"""The ledgers as files: opened in a spreadsheet nothing runs, dates are dates, and what was edited can be read back (6.3, EC-62)."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.company import sample_text
from bot.domain.issue_ledger import issue_columns
from bot.domain.ledger import What, cell_text
from bot.domain.ledger_notes import compare
from bot.domain.paper import Paper, PaperTable
from bot.domain.progress_ledger import progress_columns
from bot.papers import as_docx, templates_beside
from bot.spreadsheets import UnreadableFile, as_csv, as_xlsx, read_ledger
from tests.domain.ledger_support import FORMULA, Names, issue_ledger, item_facts, progress_ledger
from tests.ops.rig import Shell

COLUMNS = {What.PROGRESS: progress_columns(Names()), What.ISSUES: issue_columns(Names())}


def opened(content: bytes) -> Any:
    """The workbook as a spreadsheet opens it."""
    return load_workbook(io.BytesIO(content))


def cells(page: Any) -> dict[str, Any]:
    """The first row of data by header."""
    return {page.cell(1, i).value: page.cell(2, i) for i in range(1, page.max_column + 1)}


@pytest.mark.slow
def test_the_workbook_is_ready_for_the_screen_and_for_paper() -> None:
    page = opened(as_xlsx(progress_ledger()))["进度台账"]
    assert page.freeze_panes == "D2"
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.fitToWidth == 2
    assert page.print_title_cols == "$A:$C"
    assert page.print_title_rows == "$1:$1"
    assert page.print_area == "'进度台账'!$A$1:$Z$3"
    assert page.cell(3, 1).value.startswith("导出人：秦书禾")
    assert page.cell(3, 1).value.endswith("未含涉密事项 1 项")
    assert page.column_dimensions["Q"].width >= 30


@pytest.mark.slow
def test_dates_are_dates_percentages_numbers_and_choices_lists() -> None:
    page = opened(as_xlsx(progress_ledger()))["进度台账"]
    found = cells(page)
    assert found["计划开始"].value == datetime(2026, 9, 1)  # noqa: DTZ001 - spreadsheets have no zones
    assert found["计划完成"].value == datetime(2026, 9, 30)  # noqa: DTZ001
    assert found["计划完成"].number_format == 'yyyy-mm-dd"（原2026-09-22）"'
    assert found["更新时间"].value == datetime(2026, 9, 18, 11, 20)  # noqa: DTZ001
    assert (found["完成进度"].value, found["完成进度"].number_format) == (0.8, "0%")
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    assert rules["D2"] == '"日常,专项"'
    assert rules["T2"] == '"绿,黄,红"'


@pytest.mark.slow
def test_ec_62_no_cell_of_any_sheet_is_a_formula() -> None:
    """EC-62: texts of people that begin like formulas stay texts, with an apostrophe."""
    book = opened(as_xlsx(progress_ledger()))
    issues = opened(as_xlsx(issue_ledger()))
    every = [cell for b in (book, issues) for page in b for row in page.iter_rows() for cell in row]
    assert not [cell for cell in every if cell.data_type == "f"]
    values = {cell.value for cell in every}
    assert {f"'{FORMULA}", "'@SUM(A1)", "'-完成小批", "'+调整刀补（生产部 邓沐，09-18 12:00）", "'=1+1"} <= values


def test_ec_62_the_csv_has_its_mark_and_no_formula_either() -> None:
    """EC-62: the same in CSV, which Excel opens with the right characters."""
    content = as_csv(progress_ledger())
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["序号", "事项编号", "协作事项名称"]
    assert rows[1][rows[0].index("计划完成")] == "2026-09-30（原 2026-09-22）"
    assert rows[1][rows[0].index("下周计划")] == "'-完成小批"
    assert rows[-1][0].startswith("导出人：")
    assert all(not cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)


@pytest.mark.slow
@pytest.mark.parametrize("write", [as_xlsx, as_csv])
def test_a_file_that_nobody_touched_changes_nothing(write: Any) -> None:
    for ledger in (progress_ledger(), issue_ledger()):
        returned = read_ledger(write(ledger), COLUMNS)
        diff = compare(returned, ledger.sheets[0])
        assert returned.what is ledger.what
        assert (diff.changes, diff.conflicts) == ((), ())


@pytest.mark.slow
def test_r_22_a_note_that_was_edited_in_the_workbook_comes_back() -> None:
    """R-22: the secretary annotates in the file and takes the notes over."""
    book = opened(as_xlsx(progress_ledger()))
    page = book["进度台账"]
    titles = {page.cell(1, i).value: i for i in range(1, page.max_column + 1)}
    page.cell(2, titles["秘书备注"]).value = "=已核对"
    page.cell(2, titles["状态灯"]).value = "绿"
    page.cell(2, titles["计划完成"]).value = datetime(2026, 10, 1)  # noqa: DTZ001
    out = io.BytesIO()
    book.save(out)
    diff = compare(read_ledger(out.getvalue(), COLUMNS), progress_ledger().sheets[0])
    assert [c.after for c in diff.changes] == ["=已核对"]
    assert [(c.column, c.given) for c in diff.conflicts] == [("计划完成", "2026-10-01"), ("状态灯", "绿")]


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"PK\x03\x04nonsense", b"\xff\xfe\x00\x00", b"PK\x03\x04" + b"0" * (9 * 1024 * 1024)],
)
def test_anything_else_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_ledger(content, COLUMNS)


@pytest.mark.slow
def test_ec_66_rare_characters_emoji_and_what_xml_cannot_hold_break_nothing() -> None:
    """EC-66."""
    text = "𠮷👨‍👩‍👧e\u0301\x00\x0b\ufffe结束"
    ledger = progress_ledger(item_facts())
    sheet = ledger.sheets[0]
    at = [c.key for c in sheet.columns].index("title")
    row = tuple(text if i == at else cell for i, cell in enumerate(sheet.rows[0]))
    changed = type(sheet)(name=sheet.name, columns=sheet.columns, rows=(row,))
    written = type(ledger)(what=ledger.what, stem=ledger.stem, sheets=(changed,), note="", marks={})
    assert opened(as_xlsx(written)).active.cell(2, at + 1).value == "𠮷👨‍👩‍👧e\u0301结束"
    assert cell_text(text).endswith("结束")


# ---------------------------------------------------------------- at the command line


def furnished(shell: Shell) -> None:
    """An installation with the sample company in it."""
    shell.installation.write_company(sample_text())
    assert shell("directory", "import", str(shell.installation.folder / "company.toml"), "--yes").code == 0


@pytest.mark.slow
def test_a_ledger_is_taken_out_with_the_rights_of_a_person(shell: Shell) -> None:
    """P-63 at the command line: the liaison's rows, under the name of the naming rule, on the record."""
    furnished(shell)
    ended = shell("export", "progress", "--as", "E009")
    assert ended.code == 0, ended.err
    (name,) = [p.name for p in shell.installation.folder.glob("跨部门协作进度台账_行政部_*.xlsx")]
    page = opened((shell.installation.folder / name).read_bytes())["进度台账"]
    assert {page.cell(r, 2).value for r in range(2, page.max_row)} == {"SX-2026-0007", "SX-2026-0008"}
    assert "exported" in shell("export", "audit").out
    assert shell("export", "issues", "--as", "E018", "--format", "csv", "--out", "问题.csv").code == 0
    assert (shell.installation.folder / "问题.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.slow
def test_nobody_exports_at_the_command_line_what_he_or_she_may_not_see(shell: Shell) -> None:
    """EC-75: the same rights as in the chat."""
    furnished(shell)
    assert shell("export", "progress").code == 2
    assert shell("export", "everything").code == 2
    for person in ("E016", "E999"):
        ended = shell("export", "progress", "--as", person)
        assert ended.code == 1
        assert not list(shell.installation.folder.glob("*.xlsx"))


@pytest.mark.slow
def test_p_18_notes_are_shown_first_and_taken_when_agreed(shell: Shell) -> None:
    """P-18, R-22: what would change and what will not is shown; only the notes are taken."""
    furnished(shell)
    assert shell("export", "progress", "--as", "E018", "--out", "台账.xlsx").code == 0
    book = opened((shell.installation.folder / "台账.xlsx").read_bytes())
    page = book["进度台账"]
    titles = {page.cell(1, i).value: i for i in range(1, page.max_column + 1)}
    page.cell(2, titles["秘书备注"]).value = "已与生产部核对"
    page.cell(2, titles["状态灯"]).value = "红"
    book.save(shell.installation.folder / "台账.xlsx")
    refused = shell("ledger", "import", "台账.xlsx", "--as", "E009", "--yes")
    assert refused.code == 1
    taken = shell("ledger", "import", "台账.xlsx", "--yes")
    assert taken.code == 0, taken.err
    assert "→ 已与生产部核对" in taken.out
    assert "状态灯：红" in taken.out
    again = shell("ledger", "import", "台账.xlsx", "--yes")
    assert "导出后已有变化" in again.out
    (shell.installation.folder / "x.xlsx").write_bytes(b"PK\x03\x04")
    assert shell("ledger", "import", "x.xlsx").code == 1


# ---------------------------------------------------------------- forms as documents


def a_paper() -> Paper:
    """A request with everything that could break a document in it."""
    text = "第一行 {{ 7*7 }} {% raw %} <b>&\x00\n第二行 @所有人"
    return Paper(
        template="request",
        stem="跨部门协作需求单_XQ-2026-0015_20260914",
        title="跨部门协作需求单",
        code="XQ-2026-0015",
        values={"goal": text, "title": "X1量产导入"},
        fields=(("协作目标", text), ("潜在风险", "无")),
        tables=(
            PaperTable(
                key="m", label="时间节点", titles=("节点", "日期"), rows=(("启动", "9月18日"), ("{{ x }}", "9月30日"))
            ),
            PaperTable(key="r", label="所需资源", titles=("类别", "内容", "数量"), rows=(("人力", "质检员", "2"),)),
        ),
        note="导出人：许安然",
    )


def words_of(content: bytes) -> str:
    """Everything that a reader of the document sees."""
    document = Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@pytest.mark.slow
@pytest.mark.parametrize("template", ["request", "issue", "minutes"])
def test_ec_61_r_120_a_form_is_a_document_and_foreign_text_is_never_a_template(template: str) -> None:
    """EC-61, R-120: braces, tags and markup stand in it as they were typed."""
    seen = words_of(as_docx(replace(a_paper(), template=template)))
    for text in (
        "跨部门协作需求单",
        "XQ-2026-0015",
        "{{ 7*7 }} {% raw %} <b>&",
        "第二行 @所有人",
        "{{ x }}",
        "质检员",
        "许安然",
    ):
        assert text in seen
    assert "49" not in seen


@pytest.mark.slow
def test_the_companys_own_template_wins_and_a_broken_one_does_not(tmp_path: Path) -> None:
    own = Document()
    own.add_paragraph("我司抬头 {{ title }}：{{ goal }}")
    own.save(str(tmp_path / "request.docx"))
    assert "我司抬头 X1量产导入：第一行 {{ 7*7 }}" in words_of(as_docx(a_paper(), tmp_path))
    for text in ("{% for x in %}", "{{ ''.__class__.__mro__ }}"):
        broken = Document()
        broken.add_paragraph(text)
        broken.save(str(tmp_path / "request.docx"))
        assert "class" not in words_of(as_docx(a_paper(), tmp_path))
    (tmp_path / "request.docx").write_bytes(b"no document")
    assert "协作目标" in words_of(as_docx(a_paper(), tmp_path))


def test_templates_lie_beside_a_sqlite_file() -> None:
    assert templates_beside("sqlite:///data/huiyin.db") == Path("data/templates")
    assert templates_beside("postgresql://x/y") is None
