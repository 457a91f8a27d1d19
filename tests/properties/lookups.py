"""Everybody asks for every number in every way: what is missing and what is hidden read the same (EC-70, EC-73)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.domain.confidentiality import Secrecy
from bot.domain.ids import PersonId
from tests.handlers.bench import Bench
from tests.properties import invariants

#: what shows something, by kind of number
SHOWING = {
    "XQ": ("需求", "事项"),
    "SX": ("事项", "任务", "文档 检查", "查群", "周进度", "方案编制"),
    "FA": ("会签",),
    "RW": ("任务",),
    "WT": ("问题",),
    "CT": ("冲突",),
    "HY": ("会议", "进度报告"),
    "JY": ("纪要",),
    "GT": ("沟通纪要",),
    "JD": ("决议",),
    "YS": ("验收",),
    "JB": ("周进度",),
    "WD": ("文档 检查",),
}
#: what is asked about any number
ABOUT_ANY = ("为什么", "谁在办", "导出", "发送到群", "")
#: what tries to do something to any number
DOING = ("同意", "确认", "退回", "撤回", "密级", "知悉范围")
#: a number that nobody has
_MISSING = "9876"


def confidential(bench: Bench) -> list[tuple[str, frozenset[PersonId]]]:
    """Numbers of confidential objects with who may know of them."""
    return bench.read(
        lambda uow: [
            (str(thing.code), frozenset(thing.access))
            for thing in invariants.things(uow)
            if getattr(thing, "secrecy", 0) >= Secrecy.CONFIDENTIAL
        ]
    )


def missing_beside(code: str) -> str:
    """A number of the same kind and year that does not exist."""
    return re.sub(r"\d{4}$", _MISSING, code)


def questions(code: str) -> Iterator[str]:
    """Every way to ask for it."""
    for word in (*SHOWING.get(code[:2], ()), *ABOUT_ANY, *DOING):
        yield f"{word} {code} 按会议要求调整".strip() if word in DOING else f"{word} {code}".strip()


def differences(bench: Bench, codes: Iterable[tuple[str, frozenset[PersonId]]], group: str) -> Iterator[str]:
    """Where somebody outside the list learns from an answer that there is something. Each code is asked for by everybody."""
    leaders = {"E001", "E002"}
    # no question waits any more that what is said in a group might answer
    bench.advance(days=8)
    for code, access in codes:
        for question in questions(code):
            other = question.replace(code, missing_beside(code))
            bench.advance(minutes=2)
            for person in bench.file.people:
                if person.id in access or person.id in leaders:
                    continue
                where = group if hash_of(person.id, question) % 5 == 0 else None
                found, missing = asked(bench, person.id, question, where), asked(bench, person.id, other, where)
                if found.replace(code, "#") != missing.replace(missing_beside(code), "#"):
                    yield f"{person.id} asks {question!r} in {where}: {found!r}, of a missing number {missing!r}"


def hash_of(person: str, question: str) -> int:
    """The same number in every run."""
    return sum(map(ord, person + question))


def asked(bench: Bench, who: str, question: str, where: str | None) -> str:
    """Everything that is answered, to whomever."""
    bench.forget()
    bench.says(who, f"@回音 {question}" if where is not None else question, where=where)
    return "\n".join(f"{s.chat}: {s.words}" for s in bench.forget())
