"""Charts as SVG and PNG: what stands on them, what can never stand on them, and that every character has its glyph (6.2, 6.4)."""

from __future__ import annotations

import struct
import zlib
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from bot.charts import FAMILY, WIDTH, cut, described, svg, width_of
from bot.company import sample_text
from bot.domain.chart import Bar, Chart, Panel, Series, Tone
from bot.pictures import ZOOM, is_covered, png
from handlers.texts import catalogue, keys
from tests.support.fonts import characters

SVG = "{http://www.w3.org/2000/svg}"
ANSWERS = Panel(
    title="响应时效",
    series=(Series(name="按时", tone=Tone.GOOD), Series(name="超时", tone=Tone.BAD)),
    bars=(Bar(label="财务", values=(1, 1), note="样本不足"), Bar(label="质量", values=(5, 1), note="83.3%")),
)
SCORES = Panel(
    title="各项得分",
    series=(Series(name="得分", tone=Tone.PLAIN),),
    bars=(Bar(label="K1", values=(92.5,), note="92.5"), Bar(label="K7", note="样本不足")),
    most=100,
    is_counted=False,
)
CHART = Chart(title="跨部门协作周报 2026-W38", subtitle="9月14日起", panels=(ANSWERS, SCORES), footer="回音")


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(svg(chart))  # noqa: S314 - our own drawing


def words(chart: Chart) -> list[str]:
    return [element.text or "" for element in drawn(chart).iter(f"{SVG}text")]


def boxes(chart: Chart, colour: str) -> list[tuple[float, float]]:
    """Left edge and width of every box of that colour."""
    found = (e.attrib for e in drawn(chart).iter(f"{SVG}rect") if e.get("fill") == colour)
    return [(float(a["x"]), float(a["width"])) for a in found]


# ---------------------------------------------------------------- the drawing


def test_every_figure_stands_on_the_bar_or_behind_it() -> None:
    """ux.md A4 19: nothing is told by colour alone."""
    assert words(CHART) == [
        "跨部门协作周报 2026-W38", "9月14日起", "响应时效", "按时", "超时", "财务", "1", "1", "样本不足", "质量", "5", "1", "83.3%",
        "各项得分", "K1", "92.5", "K7", "样本不足", "回音",
    ]  # fmt: skip


def test_the_parts_of_a_bar_stand_side_by_side_on_one_scale() -> None:
    good = [box for box in boxes(Chart(title="t", panels=(ANSWERS,)), "#2b8a6e") if box[1] > 14]
    bad = [box for box in boxes(Chart(title="t", panels=(ANSWERS,)), "#c73a3a") if box[1] > 14]
    assert good[1][1] == pytest.approx(5 * good[0][1], abs=0.5)
    assert bad[0][0] == pytest.approx(good[0][0] + good[0][1], abs=0.2)
    (track, *_) = boxes(Chart(title="t", panels=(ANSWERS,)), "#eff0f1")
    assert bad[1][0] + bad[1][1] == pytest.approx(track[0] + track[1], abs=0.3)


def test_a_value_is_written_on_its_part_only_where_it_has_room() -> None:
    panel = Panel(title="t", series=ANSWERS.series, bars=(Bar(label="x", values=(1000, 1)),))
    assert words(Chart(title="t", panels=(panel,))) == ["t", "t", "按时", "超时", "x", "1000"]


def test_a_panel_without_bars_says_so() -> None:
    empty = Panel(title="响应时效", series=ANSWERS.series, bars=(), empty="本周无样本")
    assert "本周无样本" in words(Chart(title="t", panels=(empty,)))
    assert "响应时效：本周无样本" in described(Chart(title="t", panels=(empty,)))


@pytest.mark.parametrize("value", [-5, 250])
def test_a_bar_never_leaves_its_track(value: float) -> None:
    panel = Panel(title="t", series=SCORES.series, bars=(Bar(label="x", values=(value,)),), most=100)
    (track,) = boxes(Chart(title="t", panels=(panel,)), "#eff0f1")
    for left, wide in boxes(Chart(title="t", panels=(panel,)), "#3370b8"):
        assert left == track[0]
        assert wide <= track[1]


def test_nothing_that_people_wrote_is_markup() -> None:
    """EC-61, EC-66: a department may be called anything."""
    evil = '</text><script>alert(1)</script>&lt;"\u202e\x00\ud800'
    chart = Chart(title=evil, panels=(Panel(title=evil, series=ANSWERS.series, bars=(Bar(label=evil, values=(1,)),)),))
    root = drawn(chart)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {"svg", "title", "desc", "rect", "text"}
    assert not [name for element in root.iter() for name in element.attrib if "href" in name or name.startswith("on")]
    assert png(chart).startswith(b"\x89PNG")


def test_words_that_are_too_long_are_cut_before_the_bar() -> None:
    long = "信息技术与数字化转型推进部第三办公室"
    shown = words(
        Chart(title="t", panels=(Panel(title="t", series=SCORES.series, bars=(Bar(label=long, values=(1,)),)),))
    )
    assert shown[-2].endswith("…")
    assert long.startswith(shown[-2][:-1])
    assert width_of(cut(long, 18, 100), 18) <= 100
    assert cut("短", 18, 100) == "短"


def test_the_same_as_text_for_those_who_do_not_see_it() -> None:
    text = described(CHART)
    assert text.split("\n") == [
        "跨部门协作周报 2026-W38",
        "响应时效：财务 按时 1、超时 1；质量 按时 5、超时 1",
        "各项得分：K1 92.5；K7 样本不足",
    ]
    assert drawn(CHART).findtext(f"{SVG}desc") == text
    assert drawn(CHART).get("role") == "img"


# ---------------------------------------------------------------- the picture


def size(picture: bytes) -> tuple[int, int]:
    """Width and height in the header of a PNG."""
    wide, high = struct.unpack_from(">LL", picture, 16)
    return int(wide), int(high)


def pixels(picture: bytes) -> bytes:
    """The rows of a PNG as they are stored, enough to tell two pictures apart."""
    start, data = 8, b""
    while start < len(picture):
        length, kind = struct.unpack_from(">L4s", picture, start)
        data += picture[start + 8 : start + 8 + length] if kind == b"IDAT" else b""
        start += 12 + length
    return zlib.decompress(data)


@pytest.mark.slow
def test_the_picture_has_the_size_of_the_drawing_and_is_always_the_same() -> None:
    picture = png(CHART)
    height = int(drawn(CHART).attrib["height"])
    assert size(picture) == (round(WIDTH * ZOOM), round(height * ZOOM))
    png.cache_clear()
    assert png(CHART) == picture
    assert len(picture) < 200_000


@pytest.mark.slow
def test_chinese_words_are_drawn_and_not_as_empty_boxes() -> None:
    """A character without a glyph looks like every other one without: two different ones would make the same picture."""

    def one(word: str) -> bytes:
        return pixels(png(Chart(title=word, panels=())))

    assert one("跨部门") != one("协作周")
    assert one("跨部门") != one("   ")


def font() -> bytes:
    return (files("bot") / "data" / "fonts" / "huiyin-sans.otf").read_bytes()


def test_what_counts_as_covered_is_in_the_font() -> None:
    """All of GB 2312 and Latin-1, so that no department or person of it is drawn as a box."""
    have = characters(font())
    claimed = [c for code in range(0x20, 0x10000) if is_covered(c := chr(code)) and c.isprintable()]
    assert len(claimed) > 7400
    assert [c for c in claimed if c not in have] == []


def test_every_character_of_the_sample_company_and_of_the_charts_words_is_in_the_font() -> None:
    have = characters(font())
    own = [key for key in keys() if key.startswith(("chart_", "score_", "week_"))]
    said = "".join(_said(key, language) for key in own for language in catalogue.LANGUAGES)
    assert {c for c in sample_text() + said if c.isprintable() and c not in have} <= {"👍", "❌"}


def _said(key: str, language: str) -> str:
    """A sentence without its facts."""
    return catalogue.say(key, language, **dict.fromkeys(catalogue.placeholders(key)[0], ""))


@pytest.mark.slow
def test_a_character_beyond_the_font_is_looked_for_on_the_machine_and_never_an_error() -> None:
    assert not is_covered("𠮷")
    assert png(Chart(title="𠮷野", panels=())).startswith(b"\x89PNG")


def test_the_font_has_a_name_of_its_own_and_its_license_beside_it() -> None:
    """The Open Font License lets a changed font go on under another name only."""
    folder = files("bot") / "data" / "fonts"
    assert FAMILY.encode("utf-16-be") in font()
    assert b"\x00N\x00o\x00t\x00o\x00 \x00S\x00a\x00n\x00s\x00 \x00C\x00J\x00K\x00 \x00S\x00C\x00\x00" not in font()
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
