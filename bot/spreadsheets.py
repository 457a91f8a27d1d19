"""A ledger as a file that people open, and read back from one: Excel and CSV (domain.md 6.3; EC-62).

Nothing that a person wrote can become a formula: what a spreadsheet could run is text behind an apostrophe, in both formats.
The library for Excel is loaded when the first file is made.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from math import ceil
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from bot.domain.ledger import Cell, ChangedDate, Kind, Ledger, LedgerColumn, Sheet, What
from bot.domain.ledger_notes import Returned

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
#: larger files are not read back
LARGEST = 8 * 1024 * 1024
#: more rows and columns than any ledger has are not read either (EC-65)
MOST_ROWS, MOST_COLUMNS = 20_000, 60
#: points of one line of text in a row, and how many of them a row shows at the most
_LINE_HEIGHT = 15.0
_MOST_LINES = 12
#: what makes a spreadsheet take a text for a formula, also after it folded full-width characters
_FORMULA = frozenset("=+-@\t\r\n")
#: characters that no XML document may hold
_UNWRITABLE = frozenset("\ufffe\uffff")
_LONGEST_CELL = 32_000
_MARKS = "_marks"
#: what every other cell is written in; a font without a name becomes another one in some programs
_FACE, _SIZE = "Calibri", 11
_WIDTHS = {
    Kind.NUMBER: 6,
    Kind.TEXT: 16,
    Kind.LONG: 36,
    Kind.DATE: 12,
    Kind.INSTANT: 17,
    Kind.PERCENT: 9,
    Kind.CHOICE: 12,
}
_DATE, _INSTANT, _PERCENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0%"
#: a list of choices longer than this cannot stand inside a cell rule
_LONGEST_RULE = 255


class UnreadableFile(ValueError):
    """The file is no ledger of ours; the text says why, in both languages."""


def guarded(text: str) -> str:
    """The text, with an apostrophe before it when a spreadsheet could run it; without characters that nobody sees."""
    seen = "".join(c for c in text if c in "\t\r\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    first = unicodedata.normalize("NFKC", "".join(c for c in seen if unicodedata.category(c) not in {"Cf", "Zs"})[:1])
    return f"'{seen}" if first[:1] in _FORMULA and first else seen


# ---------------------------------------------------------------- CSV


def as_csv(ledger: Ledger) -> bytes:
    """The ledger alone as UTF-8 with byte order mark; its last line says who took it out, when and what is left out."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet = ledger.sheets[0]
    writer.writerow([column.zh for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_plain(column, cell) for column, cell in zip(sheet.columns, row, strict=True)])
    writer.writerow([guarded(ledger.note)])
    return out.getvalue().encode("utf-8-sig")


def _plain(column: LedgerColumn, cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case ChangedDate():
            return f"{cell.day.isoformat()}（原 {cell.original.isoformat()}）"
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case int():
            return f"{cell}%" if column.kind is Kind.PERCENT else str(cell)
        case str():
            return guarded(cell)


# ---------------------------------------------------------------- Excel


def as_xlsx(ledger: Ledger) -> bytes:
    """The ledger as a workbook: header frozen and repeated on paper, landscape, real dates and numbers, choices as lists."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for number, sheet in enumerate(ledger.sheets):
        page = book.create_sheet(sheet.name)
        _write(page, sheet, note=ledger.note if number == 0 else "")
    _write_marks(book.create_sheet(_MARKS), ledger)
    book.active = 0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(page: Worksheet, sheet: Sheet, *, note: str) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    thin = Side(style="thin", color="BFBFBF")
    grid = Border(left=thin, right=thin, top=thin, bottom=thin)
    head = PatternFill("solid", fgColor="DDEBF7")
    for index, column in enumerate(sheet.columns, start=1):
        cell = page.cell(row=1, column=index, value=column.zh)
        cell.font, cell.fill, cell.border = Font(name=_FACE, size=_SIZE, bold=True), head, grid
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        page.column_dimensions[get_column_letter(index)].width = _width(column)
    for number, row in enumerate(sheet.rows, start=2):
        for index, (column, value) in enumerate(zip(sheet.columns, row, strict=True), start=1):
            cell = page.cell(row=number, column=index)
            _fill(cell, column, value)
            is_text = column.kind in {Kind.LONG, Kind.TEXT}
            cell.border = grid
            cell.alignment = Alignment(vertical="top", wrap_text=is_text, horizontal=None if is_text else "center")
        page.row_dimensions[number].height = _LINE_HEIGHT * max(map(_lines, sheet.columns, row))
    last = len(sheet.rows) + 1
    _make_lists(page, sheet, last)
    page.freeze_panes = "D2" if len(sheet.columns) > 20 else "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{last}"
    if note:
        last += 1
        page.merge_cells(start_row=last, start_column=1, end_row=last, end_column=len(sheet.columns))
        cell = page.cell(row=last, column=1, value=_text(note))
        cell.data_type, cell.font = "s", Font(name=_FACE, size=_SIZE, italic=True)
    _set_up_paper(page, sheet.name, f"A1:{get_column_letter(len(sheet.columns))}{last}")


def _fill(cell: Any, column: LedgerColumn, value: Cell) -> None:
    """The value in its own type; a text is one whatever it begins with."""
    match value:
        case None:
            return
        case ChangedDate():
            cell.value, cell.number_format = value.day, f'{_DATE}"（原{value.original.isoformat()}）"'
        case datetime():
            cell.value, cell.number_format = value.replace(tzinfo=None), _INSTANT
        case date():
            cell.value, cell.number_format = value, _DATE
        case int() if column.kind is Kind.PERCENT:
            cell.value, cell.number_format = value / 100, _PERCENT
        case int():
            cell.value = value
        case str() if value:
            cell.value = _text(value)
            cell.data_type = "s"
        case str():
            return


def _text(text: str) -> str:
    writable = "".join(c for c in text if c not in _UNWRITABLE)
    return guarded(writable.replace("\r\n", "\n").replace("\r", "\n"))[:_LONGEST_CELL]


def _width(column: LedgerColumn) -> float:
    """Wide enough for what stands there; a Chinese character of the header takes two."""
    return max(_WIDTHS[column.kind], min(2 * len(column.zh) + 2, 22))


def _lines(column: LedgerColumn, value: Cell) -> int:
    """How many lines a text takes in its column; without being told, a spreadsheet shows only the first."""
    if not isinstance(value, str):
        return 1
    width = _width(column)
    taken = (sum(2 if east_asian_width(c) in "WF" else 1 for c in line) for line in value.split("\n"))
    return min(sum(max(1, ceil(used / width)) for used in taken), _MOST_LINES)


def _make_lists(page: Worksheet, sheet: Sheet, last: int) -> None:
    """Enum columns let people choose, and nothing else."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for index, column in enumerate(sheet.columns, start=1):
        choices = ",".join(column.options)
        if not column.options or len(choices) > _LONGEST_RULE:
            continue
        rule = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
        rule.error = "请从列表中选择"
        page.add_data_validation(rule)
        letter = get_column_letter(index)
        rule.add(f"{letter}2:{letter}{max(last, 2)}")


def _set_up_paper(page: Worksheet, title: str, area: str) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A3
    # some thirty columns on one sheet of paper could not be read: two sheets side by side, number and name on both
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 2, 0
    page.print_title_cols = "A:C"
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
    page.print_area = area
    page.page_margins.left = page.page_margins.right = 0.4
    page.oddHeader.center.text, page.oddHeader.center.size = f"&B{title.replace('&', '&&')}", 14
    page.oddFooter.center.text = "&P / &N"


def _write_marks(page: Worksheet, ledger: Ledger) -> None:
    """What the rows were, on a page that nobody sees."""
    page.sheet_state = "veryHidden"
    page.cell(row=1, column=1, value=json.dumps({"what": ledger.what.value}))
    for number, (code, mark) in enumerate(sorted(ledger.marks.items()), start=2):
        page.cell(row=number, column=1, value=code)
        page.cell(row=number, column=2, value=mark).data_type = "s"


# ---------------------------------------------------------------- reading back


def read_ledger(content: bytes, columns: Mapping[What, Sequence[LedgerColumn]]) -> Returned:
    """A file of ours, edited by hand. Which ledger it is follows from its header. Raises UnreadableFile."""
    if len(content) > LARGEST:
        raise UnreadableFile(f"文件超过 {LARGEST // 1024 // 1024} MB / larger than {LARGEST // 1024 // 1024} MB")
    is_book = content[:4] == b"PK\x03\x04"
    table, marks = _read_xlsx(content) if is_book else (_read_csv(content), None)
    header = table[0] if table else []
    for what, known in columns.items():
        titles = [column.zh for column in known]
        if set(titles[1:3]) <= set(header) and "秘书备注" in header:
            rows = tuple(dict(zip(header, row, strict=False)) for row in table[1:])
            return Returned(what=what, rows=rows, marks=marks)
    raise UnreadableFile(
        "不是导出的台账：首行没有编号和“秘书备注”列 / no exported ledger: its first line lacks the number or the note"
    )


def _read_csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")  # what Excel in Chinese saves
        except UnicodeDecodeError:
            raise UnreadableFile("编码不是 UTF-8 或 GBK / neither UTF-8 nor GBK") from None
    try:
        rows = [row[:MOST_COLUMNS] for _, row in zip(range(MOST_ROWS), csv.reader(io.StringIO(text)), strict=False)]
    except csv.Error as problem:
        raise UnreadableFile(f"CSV 无法解析 / not readable as CSV: {problem}") from None
    return [[_unsigned(cell) for cell in row] for row in rows]


def _unsigned(cell: str) -> str:
    """A percentage and a changed date as they are compared."""
    text = cell.strip()
    if text.endswith("%") and text[:-1].isdecimal():
        return text[:-1]
    return text.partition("（原 ")[0] if text[:4].isdecimal() and "（原 " in text else cell


def _read_xlsx(content: bytes) -> tuple[list[list[str]], dict[str, str] | None]:
    from openpyxl import load_workbook

    _refuse_bombs(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except Exception as problem:  # noqa: BLE001 - a damaged file breaks the library in any way it likes
        raise UnreadableFile(f"Excel 文件打不开 / the workbook cannot be opened: {type(problem).__name__}") from None
    marks = None
    if _MARKS in book.sheetnames:
        rows = book[_MARKS].iter_rows(min_row=2, max_col=2, max_row=MOST_ROWS, values_only=True)
        marks = {str(row[0]): str(row[1]) for row in rows if len(row) > 1 and row[0]}
    page = book[next(name for name in book.sheetnames if name != _MARKS)]
    table = [list(_cells(row)) for row in page.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)]
    return table, marks


def _refuse_bombs(content: bytes) -> None:
    """A workbook is a packed folder; one that unpacks to far more than it is, is none of ours (M7)."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile:
        raise UnreadableFile("Excel 文件已损坏 / the workbook is damaged") from None
    if size > 8 * LARGEST:
        raise UnreadableFile("Excel 文件过大 / the workbook is too large")


def _cells(row: Sequence[Any]) -> Iterator[str]:
    for cell in row:
        value = cell.value
        match value:
            case None:
                yield ""
            case datetime() if "hh" in str(cell.number_format):
                yield f"{value:%Y-%m-%d %H:%M}"
            case datetime() | date():
                yield f"{value:%Y-%m-%d}"
            case bool():
                yield str(value)
            case int() | float():
                yield _number(value, is_percent="%" in str(cell.number_format))
            case _:
                yield str(value)


def _number(value: float, *, is_percent: bool) -> str:
    number = value * 100 if is_percent else value
    return str(round(number)) if abs(number - round(number)) < 1e-9 else str(number)
