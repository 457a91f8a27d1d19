"""What people write besides commands: sentences that may carry a word by which a leak is found again."""

from __future__ import annotations

from dataclasses import dataclass, field

_SUBJECTS = ("夹具", "样机", "铝件", "图纸", "展架", "物料", "检具", "包装", "标签", "软件", "模具", "合同")
_MATTERS = ("到货延误", "尺寸超差", "版本不一致", "清单不清", "数量不符", "责任不清", "返工安排", "验收准备")
_LEVELS = ("普通", "内部敏感", "涉密")


@dataclass
class Wording:
    """Writes sentences. With `marks` each sentence about an object of level 1 or 2 carries a word nobody could guess."""

    marks: bool = False
    #: the levels of what is begun, each as often as it stands here
    levels: tuple[int, ...] = (0, 0, 0, 1, 2)
    #: level -> the words that were written
    written: dict[int, set[str]] = field(default_factory=lambda: {1: set(), 2: set()})
    _number: int = 0

    def level(self, level: int) -> str:
        """The option of the form."""
        return _LEVELS[level]

    def title(self, seed: int, level: int = 0) -> str:
        """A short name."""
        subject, matter = _SUBJECTS[seed % len(_SUBJECTS)], _MATTERS[seed // len(_SUBJECTS) % len(_MATTERS)]
        return f"{subject}{matter}{self.mark(level)}"

    def say(self, sentence: str, level: int = 0) -> str:
        """A sentence about an object of that level."""
        return f"{sentence}{self.mark(level)}"

    def mark(self, level: int) -> str:
        """A new word of that level; nothing for what everybody may read."""
        if not self.marks or level not in self.written:
            return ""
        self._number += 1
        word = f"ZQ{level}X{self._number:04d}K"
        self.written[level].add(word)
        return word
