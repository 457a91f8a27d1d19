"""How text is compared: width, case, odd spaces and traditional command characters do not matter (ux.md A4 6-9).

Folding is for matching only. A `Folded` remembers where each of its characters came from, so that what people wrote can
be given back in its original form (A4 11).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: characters nobody sees; between two Chinese characters they are nothing, elsewhere they are a space (A4 7)
_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069"
)
#: traditional and simplified forms, in pairs, of the characters that occur in command words and in words for times
_PAIRS = (
    "幫帮組组織织規规則则詢询問问請请複复復复覆复協协寫写點点鐘钟週周後后號号個个兩两時时間间幾几禮礼為为麼么說说這这導导語语區区設设銷销靜静關关開开計计檢检體体確确認认數数據据狀状態态歷历曆历簡简報报進进結结"
    "論论層层緊紧調调責责務务長长執执對对轉转創创顯显單单標标準准備备審审閱阅項项參参會会議议紀纪錄录領领場场發发應应補补傳传謝谢預预種种樣样現现刪删還还於于從从夠够啟启動动業业員员過过連连線线誰谁機机構构衝冲"
    "門门條条內内網网頁页權权級级類类產产財财範范圍围圖图測测評评運运營营劃划畫画羣群辦办決决訊讯題题須须終终當当無无與与將将達达遲迟獎奖懲惩檔档歸归簽签裡里裏里麗丽電电話话詳详細细該该誤误讓让資资賬账較较"
    "載载鄰邻醫医釋释針针錯错鍵键閉闭離离難难願愿顧顾馬马駕驾驗验齊齐嗎吗沒没錢钱舊旧並并給给"
)
#: characters of what is worth remembering
_SHORT = 32
_TRADITIONAL = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))


@dataclass(frozen=True, slots=True)
class Folded:
    """Text in its form for matching. `starts[i]` and `ends[i]` bound, in the original, what `text[i]` was made from."""

    text: str
    original: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def cut(self, start: int, end: int | None = None) -> str:
        """What people wrote where the folded text has `[start, end)`."""
        stop = len(self.text) if end is None else min(end, len(self.text))
        return self.original[self.starts[start] : self.ends[stop - 1]] if start < stop else ""


def fold(text: str) -> Folded:
    """NFKC, casefold, simplified command characters, every odd space a space; character by character."""
    return _known(text) if len(text) <= _SHORT else _fold(text)


@lru_cache(maxsize=4096)
def _known(text: str) -> Folded:
    """Numbers, labels and words of the vocabulary come again and again."""
    return _fold(text)


def _fold(text: str) -> Folded:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(text):
        if character in _INVISIBLE:
            if _between_chinese(text, index):
                continue
            piece = " "
        else:
            piece = _piece(character)
        out.extend(piece)
        starts.extend([index] * len(piece))
        ends.extend([index + 1] * len(piece))
    return Folded("".join(out), text, tuple(starts), tuple(ends))


def folded(text: str) -> str:
    """The folded text alone, without spaces at the ends."""
    return fold(text).text.strip()


def is_chinese(character: str) -> bool:
    """A Han character of the planes that people type."""
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def is_latin(character: str) -> bool:
    """An ASCII letter; folded text has no others that matter to commands."""
    return "a" <= character <= "z" or "A" <= character <= "Z"


def _piece(character: str) -> str:
    if character == "\n":
        return "\n"
    if character < "\x80":
        return " " if character.isspace() or not character.isprintable() else character.lower()
    piece = unicodedata.normalize("NFKC", character).casefold().translate(_TRADITIONAL)
    return "".join(" " if c.isspace() else c for c in piece)


def _between_chinese(text: str, index: int) -> bool:
    before, after = index - 1, index + 1
    while before >= 0 and text[before] in _INVISIBLE:
        before -= 1
    while after < len(text) and text[after] in _INVISIBLE:
        after += 1
    return before >= 0 and after < len(text) and is_chinese(text[before]) and is_chinese(text[after])
