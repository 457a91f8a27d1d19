"""Every error of the product, in one tree.

    HuiyinError
    ├── ConfigError            settings that cannot work, all of them at once
    ├── WebhookRejected        one shape for every bad envelope (T1, T2, T6 of the threat model)
    ├── PlatformError          a platform refused or did not answer; `kind` says what to do next
    ├── RuleViolation          a rule of the plan says no; `code` picks the sentence, `facts` fill it
    ├── StaleVersion           somebody else wrote first; the caller runs the unit of work again
    ├── AlreadyExists          a key that must be new is taken
    ├── DamagedRow             a stored row is not what was written; only a restore helps
    └── StoreUnavailable       nothing could be stored in time; the sender must try again

Errors carry data. Sentences for people are made from `code` and `facts` by `handlers.texts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class HuiyinError(Exception):
    """Base of everything that this product raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that cannot work: where it is, what stands there, what would work, and how to mend it."""

    key: str
    value: str
    expected: str
    fix: str


class ConfigError(HuiyinError):
    """Settings that cannot work. All problems are reported together, so that one run is enough to mend them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.key}: {p.value!r}, expected {p.expected}" for p in problems))
        self.problems = tuple(problems)


class WebhookRejected(HuiyinError):
    """An inbound envelope that is not to be believed. Never says why: a reason is an oracle (T6)."""

    def __init__(self) -> None:
        super().__init__("rejected")


class FailureKind(StrEnum):
    """What a failed platform call asks of us."""

    #: nothing happened on the platform; the same call may go again later
    RETRY = "retry"
    #: the access token is not valid any more; refresh once, then call again
    REFRESH = "refresh"
    #: this call can never succeed as it is
    PERMANENT = "permanent"
    #: only an administrator can help (scope, trusted address, disabled app)
    ADMINISTRATOR = "administrator"
    #: we cannot know whether it happened (timeout or reset after the request was sent)
    UNKNOWN = "unknown"
    #: the target (message, chat, person) is gone or closed to us; not an error of the program
    GONE = "gone"
    #: this form of message is refused, a plain text would go through
    DEGRADE = "degrade"


class PlatformError(HuiyinError):
    """A call to a platform that did not succeed. Never holds tokens, query strings or bodies."""

    def __init__(
        self,
        kind: FailureKind,
        *,
        code: str,
        hint: str = "",
        operation: str = "",
        retry_after_ms: int | None = None,
    ) -> None:
        super().__init__(f"{operation or 'call'} failed: {kind.value} (code {code})")
        self.kind = kind
        self.code = code
        self.hint = hint
        self.operation = operation
        self.retry_after_ms = retry_after_ms


class RuleViolation(HuiyinError):
    """A rule says no. `code` is a key of the text catalogue, `facts` its placeholders."""

    def __init__(self, code: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Any] = dict(facts or {})


class StaleVersion(HuiyinError):
    """A row was changed by somebody else between load and store."""


class AlreadyExists(HuiyinError):
    """A key that must be new is taken."""


class DamagedRow(HuiyinError):
    """A stored row is not what was written (F5). Its neighbours are unaffected; a restore brings it back."""


class StoreUnavailable(HuiyinError):
    """The store did not take the write in time (locked, full, gone). The update was *not* accepted."""
