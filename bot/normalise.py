"""One spelling for matching: width, case, odd spaces and traditional characters fold away; what people typed is kept.

`fold` keeps, for every folded character, the place in the original, so that free text can be cut out unchanged (ux.md A4 6-11).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

#: zero-width characters are nothing, other odd spaces are a space (A4 7)
_NOTHING = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_SPACES = frozenset("\u2005\u00a0\u3000\u2002\u2003\u2009\u202f\t\r\n\v\f")
#: traditional forms of the characters that command words are made of (domain.md 2.7)
_TRADITIONAL = str.maketrans(
    "幫組織規則問詢複覆請體檢點項級驗歸檔議紀決簽衝調專為麼狀態靜設銷簡報週進務對變評獎懲綁錄導臺帳賬號開關時動續編製終復產確認經發後無權數據說現應屬單訊間離聯計裏裡會員處辦於與從長註",
    "帮组织规则问询复复请体检点项级验归档议纪决签冲调专为么状态静设销简报周进务对变评奖惩绑录导台账账号开关时动续编制终复产确认经发后无权数据说现应属单讯间离联计里里会员处办于与从长注",
)


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text, and for each of its characters the index in the original."""

    text: str
    places: tuple[int, ...]
    original: str

    def cut(self, start: int, end: int | None = None) -> str:
        """The original text behind `text[start:end]`."""
        if start >= len(self.places):
            return ""
        first = self.places[start]
        last = len(self.original) if end is None or end >= len(self.places) else self.places[end]
        return self.original[first:last]


def fold(text: str) -> Folded:
    """The matching form of a text, one character at a time."""
    folded: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        for out in _fold_character(character):
            folded.append(out)
            places.append(index)
    return Folded("".join(folded), tuple(places), text)


def _fold_character(character: str) -> str:
    if character in _NOTHING:
        return ""
    if character in _SPACES:
        return " "
    return unicodedata.normalize("NFKC", character).casefold().translate(_TRADITIONAL)


def folded(text: str) -> str:
    """Only the matching form, without spaces at the ends."""
    return fold(text).text.strip()
