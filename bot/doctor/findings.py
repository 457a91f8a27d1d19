"""Short ways to write a finding. The first part of an id is the group it is shown in; the whole id never changes."""

from __future__ import annotations

from bot.ports import Finding, Severity


def fine(id: str, message: str) -> Finding:  # noqa: A002 - the field's name
    """All is well."""
    return Finding(id=id, severity=Severity.OK, message=message)


def odd(id: str, message: str, hint: str) -> Finding:  # noqa: A002 - the field's name
    """It works, and will not for ever, or not for everybody."""
    return Finding(id=id, severity=Severity.WARNING, message=message, hint=hint)


def wrong(id: str, message: str, hint: str) -> Finding:  # noqa: A002 - the field's name
    """It does not work."""
    return Finding(id=id, severity=Severity.FAILURE, message=message, hint=hint)
