"""The parameters of a company file: types, words and bounds, every problem named with its rule (domain.md 5.9, EC-95, EC-96)."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.company import (
    PARAMETER_KEYS,
    WORDS,
    Extra,
    Parameters,
    check_parameters,
    dotted,
)
from bot.domain.wall_time import parse_window_time
from bot.errors import Problem
from bot.toml_table import Table, nearest

#: `plan.review_months` is read with the plan
_ELSEWHERE = frozenset({"plan"})
SECTIONS = tuple(sorted({key.split("_", 1)[0] for key in PARAMETER_KEYS} - _ELSEWHERE))
_TIMES = frozenset(
    {
        "weekly_meeting_at",
        "weekly_report_at",
        "weekly_sync_at",
        "reports_digest_cutoff",
        "reports_digest_at",
        "group_check_at",
    }
)

Value = int | float | str | tuple[str, ...] | tuple[int, ...]


def read_parameters(file: Table, problems: list[Problem]) -> Parameters:
    """The parameters in force; what is wrong is noted and replaced by its default."""
    given: dict[str, Value] = {}
    defaults = Parameters()
    for section in SECTIONS:
        # `[[group]]` tables already have that name
        table = file.table("groups" if section == "group" else section)
        for key in sorted(k for k in PARAMETER_KEYS if k.startswith(f"{section}_")):
            name = key.removeprefix(f"{section}_")
            if not table.has(name):
                continue
            value = _value(table, key, name, getattr(defaults, key))
            if value is not None:
                given[key] = value
        table.finish()
    if "sla_reply_minutes" in given and "sla_nudge_minutes" not in given:
        given["sla_nudge_minutes"] = _nudge(given["sla_reply_minutes"], defaults.sla_nudge_minutes)
    parameters = replace(defaults, **given)  # type: ignore[arg-type]
    for wrong in check_parameters(parameters):
        note = (
            "方案规定，只能更严 the plan states this limit; it can be stricter, never looser"
            if wrong.bound.stated
            else "超出范围 outside the range of the register"
        )
        problems.append(Problem(dotted(wrong.key), f"{wrong.value:g}", wrong.bound.text, f"{wrong.bound.rule}: {note}"))
    if parameters.reports_digest_at < parameters.reports_digest_cutoff:
        problems.append(
            Problem(
                "reports.digest_at",
                parameters.reports_digest_at,
                f">= reports.digest_cutoff ({parameters.reports_digest_cutoff})",
                "6.1: 简报在截止之后发出 the digest goes out after its cut-off",
            )
        )
    return parameters


def _nudge(reply: Value, default: int) -> int:
    """A stricter reply limit without its own nudge gets one at two thirds of it, like the default; one minute gets none."""
    return min(default, max(0, reply * 2 // 3)) if isinstance(reply, int) else default


def _value(table: Table, key: str, name: str, default: Value) -> Value | None:
    value = table.value(name)
    if isinstance(default, tuple):
        return _list(table, key, name, value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        table.wrong(name, value, _kind(default), f"例如 for example {default}")
        return None
    if key in WORDS and value not in WORDS[key]:
        table.wrong(name, value, " | ".join(WORDS[key]), nearest(str(value), WORDS[key]))
        return None
    if key in _TIMES and not _is_time(str(value)):
        table.wrong(name, value, "a time of day", f"例如 for example {default}")
        return None
    return value


def _list(table: Table, key: str, name: str, value: object) -> Value | None:
    if key == "meeting_warn_minutes":
        numbers = (
            [v for v in value if isinstance(v, int) and not isinstance(v, bool)] if isinstance(value, list) else []
        )
        if len(numbers) != 2 or value != numbers:
            table.wrong(
                name, value, "two numbers of minutes: weekly meeting, liaison sync", "例如 for example [80, 50]"
            )
            return None
        return tuple(numbers)
    words = table.names(name)
    unknown = [word for word in words if word not in set(Extra)] if key == "group_allowed_extra" else []
    for word in unknown:
        table.wrong(name, word, " | ".join(Extra), nearest(word, [e.value for e in Extra]))
    return None if unknown else words


def _is_time(text: str) -> bool:
    try:
        return len(text) == 5 and parse_window_time(text) < 1440
    except ValueError:
        return False


def _kind(default: Value) -> str:
    match default:
        case int():
            return "a whole number"
        case float():
            return "a number"
        case _:
            return "a text"
