"""An official year handed in as a table: what is read, what is refused with its row, and what importing would change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.calendars import build_calendars
from bot.domain.calendar import Calendars
from bot.errors import ConfigError
from bot.year_table import decode_table, parse_year_table, preview_year
from tests.domain.calendar_cases import FIXTURE_2027, at, day, official_2026, shown

CSV_2027 = (
    "日期,类型,名称\n2027-01-01,放假,元旦\n2027-01-31,上班,春节\n"
    + "".join(f"{date(2027, 2, 5) + timedelta(days=n)},放假,春节\n" for n in range(8))
    + "2027-02-20,上班,春节\n"
)


def refused(text: str) -> list[tuple[str, str]]:
    with pytest.raises(ConfigError) as wrong:
        parse_year_table(text)
    return [(p.key, p.value) for p in wrong.value.problems]


def test_a_table_from_a_spreadsheet_and_a_toml_file_say_the_same() -> None:
    assert parse_year_table(CSV_2027).holidays == parse_year_table(FIXTURE_2027.read_text(encoding="utf-8")).holidays


def test_days_as_toml_tables_say_the_same_too() -> None:
    rows = [line.split(",") for line in CSV_2027.splitlines()[1:]]
    text = "".join(f'[[day]]\ndate = {d}\nkind = "{kind}"\nname = "{name}"\n' for d, kind, name in rows)
    assert parse_year_table(text) == parse_year_table(CSV_2027)


@pytest.mark.parametrize("spelled", ["2027-01-01", "2027/1/1", "2027.1.1", "20270101", "2027年1月1日", " 2027-1-01 "])
@pytest.mark.parametrize("kind", ["放假", "休", "off", "HOLIDAY"])
def test_dates_and_kinds_are_read_as_people_write_them(spelled: str, kind: str) -> None:
    assert parse_year_table(f"{spelled}，{kind}，元旦").holidays[0].start == day("2027-01-01")


def test_marks_comments_blank_lines_tabs_and_windows_line_ends_do_no_harm() -> None:
    text = "\ufeffdate,kind,name\r\n# source: notice\r\n\r\n2027-01-01\t放假\t元旦\r\n"
    assert [h.name for h in parse_year_table(text).holidays] == ["元旦"]


def test_a_spreadsheet_saved_in_the_chinese_code_page_is_read() -> None:
    assert decode_table(CSV_2027.encode("gb18030")) == decode_table(CSV_2027.encode("utf-8-sig")) == CSV_2027


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ConfigError):
        decode_table(b"PK\x03\x04\xff\xff\xff\x00")


def test_every_wrong_row_is_named_at_once() -> None:
    text = "2027-02-30,放假,春节\n2027-02-06,半天,春节\n2027-02-07,放假,\n2027-02-08,放假,春节\n"
    assert refused(text) == [("row 1, date", "2027-02-30"), ("row 2, kind", "半天"), ("row 3, name", "")]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2027-02-08,放假,春节\n2027-02-08,上班,春节", "row 2"),
        ("2027-02-08,放假,春节\n2027-02-10,上班,春节", "row 2"),
        ("2027-02-08,放假,春节\n2027-02-09,放假,春节\n2028-02-08,放假,春节", "row 3"),
        ("2027-02-20,上班,春节", "table"),
        ("", "table"),
        ("date,kind,name", "table"),
        ("2027111,放假,春节", "row 1, date"),
        ("[[holiday]]\nname = ", "table"),
        ("[[holiday]]\nname = '春节'\nfrom = 2027-02-08\nto = 2027-02-01", "holiday[1].to"),
        ("[[holiday]]\nname = '春节'\nfrom = '2027-02-08'\nto = 2027-02-09", "holiday[1].from"),
        ("[[holiday]]\nfrom = 2027-02-08\nto = 2027-02-09", "holiday[1].name"),
        ("[[holiday]]\nname = '春节'\nfrom = 2027-02-08\nmakeup = 3", "holiday[1].makeup"),
        ("year = 2026\n[[holiday]]\nname = '春节'\nfrom = 2027-02-08", "holiday[1]"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(text: str, key: str) -> None:
    assert key in {place for place, _ in refused(text)}


def test_new_years_day_may_begin_in_december_and_stays_with_its_year() -> None:
    table = parse_year_table(
        "2026-12-31,放假,元旦\n2027-01-01,放假,元旦\n2026-12-27,上班,元旦\n2027-04-05,放假,清明节\n"
    )
    first = preview_year(official_2026(), table)
    again = preview_year(first.data, parse_year_table(CSV_2027))
    assert [h.start for h in first.data.holidays if h.end.year == 2027] == [day("2026-12-31"), day("2027-04-05")]
    assert Calendars(first.data).is_workday(day("2026-12-27"))
    assert not Calendars(again.data).is_workday(day("2026-12-27"))
    assert (first.replaces, again.replaces) == (False, True)


def test_a_make_up_day_without_a_name_goes_to_the_nearest_festival() -> None:
    table = parse_year_table("2027-01-01,放假,元旦\n2027-02-05,放假,春节\n2027-02-20,上班,\n")
    assert table.holidays[1].makeup == (day("2027-02-20"),)


def test_the_preview_counts_lists_every_changed_day_and_takes_nothing_over() -> None:
    data = official_2026()
    preview = preview_year(data, parse_year_table(FIXTURE_2027.read_text(encoding="utf-8")))
    assert (preview.year, preview.days_off, preview.makeup_days, preview.replaces) == (2027, 9, 2, False)
    changed = {str(c.day): bool(c.after.hours) for c in preview.changes}
    assert {d: changed[d] for d in ("2027-01-31", "2027-02-09", "2027-02-12", "2027-02-20")} == {
        "2027-01-31": True,
        "2027-02-09": False,
        "2027-02-12": False,
        "2027-02-20": True,
    }
    assert "2027-02-05" not in changed
    assert data == official_2026()
    assert build_calendars(data).is_provisional(day("2027-02-09"))
    assert not Calendars(preview.data).is_provisional(day("2027-02-09"))


def test_statutory_days_that_the_table_forgot_are_pointed_out() -> None:
    preview = preview_year(official_2026(), parse_year_table(CSV_2027))
    assert ("2027-04-05", "清明节") in [(str(d), name) for d, name in preview.missing_statutory]
    assert all(d.isoweekday() <= 5 for d, _ in preview.missing_statutory)


def test_after_the_import_clocks_run_by_the_new_year_beyond_it_as_well() -> None:
    calendars = build_calendars(preview_year(official_2026(), parse_year_table(CSV_2027)).data)
    assert shown(calendars.company.add(at("2027-02-04 17:50"), 30)) == "2027-02-15 09:20"
    assert shown(calendars.company.add(at("2027-12-31 17:50"), 30)) == "2028-01-03 09:20"


def test_a_year_far_ahead_extends_the_layout() -> None:
    calendars = build_calendars(preview_year(official_2026(), parse_year_table("2032-01-01,放假,元旦\n")).data)
    assert shown(calendars.company.add(at("2032-12-31 17:50"), 30)) == "2033-01-03 09:20"
