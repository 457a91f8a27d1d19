"""Charts as PNG, the one form of picture that every chat shows. The font comes with the program.

Drawing takes some milliseconds of the processor: callers in an event loop do it in a thread. The same chart always gives the same
picture, so it can be drawn anew for every try to send it and need not be kept; the last few are, because one picture goes to many people.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import as_file, files

from resvg_py import svg_to_bytes

from bot.charts import FAMILY, svg
from bot.domain.chart import Chart

PNG_TYPE = "image/png"
#: pixels of the picture a pixel of the drawing
ZOOM = 1.5
#: beyond GB 2312 and Latin-1 (README beside the font)
_MORE = frozenset("–—•‰€℃№←↑→↓■□●○▲△▼▽◆◇〇")
_FONT = files("bot") / "data" / "fonts" / "huiyin-sans.otf"


@lru_cache(maxsize=8)
def png(chart: Chart) -> bytes:
    """The picture. Characters that our font does not have are drawn with the machine's fonts, or as empty boxes."""
    drawing = svg(chart)
    with as_file(_FONT) as font:
        return svg_to_bytes(
            svg_string=drawing,
            font_files=[str(font)],
            skip_system_fonts=is_covered(drawing),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            zoom=ZOOM,
            languages=["zh"],
        )


def is_covered(words: str) -> bool:
    """Does our font surely have every character? It has all of GB 2312 and of Latin-1."""
    return all(c.isascii() or "\xa0" <= c <= "\xff" or c in _MORE or _in_gb2312(c) for c in words)


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
