"""Names of things. A key is a type of its own, never a naked string; all of them are stable across restarts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", str)
DepartmentId = NewType("DepartmentId", str)
#: an object code as people write it, for example `HF-2026-0031` (domain.md 0.4)
Code = NewType("Code", str)


class CodeKind(StrEnum):
    """Kinds of object codes (domain.md 0.4)."""

    REQUEST = "XQ"
    PLAN = "FA"
    ITEM = "SX"
    TASK = "RW"
    REPORT = "JB"
    ACCEPTANCE = "YS"
    ISSUE = "WT"
    CONFLICT = "CT"
    MEETING = "HY"
    MINUTES = "JY"
    SYNC_RECORD = "GT"
    RESOLUTION = "JD"
    LIAISON_CHANGE = "DJ"
    DOCUMENT = "WD"
    PROPOSAL = "JC"
    CLOCK = "HF"
    LEAVE = "QJ"


def make_code(kind: CodeKind, year: int, number: int) -> Code:
    """`HF-2026-0031`: per kind and year, four digits at least, never reused (domain.md 0.4)."""
    return Code(f"{kind.value}-{year}-{number:04d}")


@dataclass(frozen=True, slots=True, order=True)
class AccountKey:
    """One person's account on one platform. On Feishu `account` is the open_id."""

    platform: str
    account: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.account}"


@dataclass(frozen=True, slots=True, order=True)
class ChatKey:
    """One conversation on one platform, group or direct."""

    platform: str
    chat: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.chat}"


@dataclass(frozen=True, slots=True, order=True)
class MessageKey:
    """One message on one platform."""

    platform: str
    message: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.message}"


def parse_chat_key(text: str) -> ChatKey:
    """Inverse of `str(ChatKey)`; raises ValueError without a colon."""
    platform, colon, chat = text.partition(":")
    if not colon:
        raise ValueError(f"not a chat key: {text!r}")
    return ChatKey(platform, chat)
