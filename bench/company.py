"""A company of two thousand people that can send some hundred messages a second: forty departments, a hundred groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

DEPARTMENTS, STAFF = 40, 50
GROUPS = 100
#: departments of one group; every one of them sends its head, its liaison and its backup
TOGETHER = 8

_HEAD = """schema = 1
[company]
id = "bench"
name = "基准公司"
short_name = "基准"
timezone = "Asia/Shanghai"
[plan]
title = "跨部门沟通协调方案"
version = "V1.0"
issuing_unit = "部门01"
effective_date = 2026-01-01
[calendar]
windows = [["00:00", "24:00"]]
workdays = [1, 2, 3, 4, 5, 6, 7]
[[department]]
id = "GMO"
name = "总经理办公室"
short = "总经办"
kind = "executive"
[[person]]
id = "L"
name = "组长"
dept = "GMO"
roles = ["LDR"]
accounts = { feishu = "ou_leader" }
"""


@dataclass(frozen=True, slots=True)
class Chat:
    """A group: who talks in it, and who of them can be asked."""

    id: str
    people: tuple[str, ...]
    liaisons: tuple[str, ...]


def account(department: int, number: int) -> str:
    """The account of one employee. Number 0 is the head, 1 the liaison, 2 the backup."""
    return f"ou_bench_{department:02d}_{number:02d}"


@cache
def chats() -> tuple[Chat, ...]:
    """The groups; neighbours share most of their departments."""
    return tuple(_chat(number) for number in range(GROUPS))


def _chat(number: int) -> Chat:
    departments = [(number + step) % DEPARTMENTS for step in range(TOGETHER)]
    people = tuple(account(d, n) for d in departments for n in range(6))
    return Chat(f"oc_bench_{number:03d}", people, tuple(account(d, 1) for d in departments))


@cache
def company_text() -> str:
    """The company file."""
    parts = [_HEAD]
    for department in range(DEPARTMENTS):
        parts.append(_department(department))
        parts.extend(_person(department, number) for number in range(STAFF))
    parts.extend(_group(number, chat) for number, chat in enumerate(chats()))
    return "".join(parts)


def _department(department: int) -> str:
    return f'[[department]]\nid = "D{department:02d}"\nname = "部门{department:02d}"\nshort = "部{department:02d}"\nhead = "P{department:02d}00"\n'


def _person(department: int, number: int) -> str:
    roles = {0: '"DEP"', 1: '"LIA"', 2: '"LIB"'}.get(number, "")
    if (department, number) == (1, 3):
        roles = '"SEC"'
    if (department, number) == (2, 3):
        roles = '"ADM"'
    return (
        f'[[person]]\nid = "P{department:02d}{number:02d}"\nname = "员工{department:02d}{number:02d}"\n'
        f'dept = "D{department:02d}"\nroles = [{roles}]\naccounts = {{ feishu = "{account(department, number)}" }}\n'
    )


def _group(number: int, chat: Chat) -> str:
    members = ", ".join(f'"P{name[9:11]}{name[12:14]}"' for name in chat.people)
    return f'[[group]]\nid = "G{number:03d}"\nchat = "{chat.id}"\nplatform = "feishu"\nname = "群{number:03d}"\nmembers = [{members}]\n'
