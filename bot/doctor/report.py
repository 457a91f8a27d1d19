"""Findings as a tree for people and as JSON for programs, and the exit code they come to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.ports import Finding, Severity

#: where every id is explained
DOCS = "docs/zh/doctor.md"
_MARKS = {Severity.OK: "✔", Severity.WARNING: "▲", Severity.FAILURE: "✘"}
_GROUPS = {
    "machine": "运行环境 / machine",
    "config": "配置 / configuration",
    "secrets": "密钥 / secrets",
    "company": "公司文件 / company file",
    "database": "数据库 / database",
    "server": "监听 / listener",
    "network": "网络 / network",
    "clock": "时钟 / clock",
    "public": "公网地址 / public address",
    "feishu": "飞书 / Feishu",
}


def group_of(finding: Finding) -> str:
    """The first part of the id."""
    return finding.id.partition(".")[0]


def as_tree(findings: Sequence[Finding]) -> str:
    """Groups, findings, and under each what to do; the sum at the end."""
    lines: list[str] = []
    order = list(dict.fromkeys(group_of(finding) for finding in findings))
    for name, members in groupby(sorted(findings, key=lambda f: order.index(group_of(f))), key=group_of):
        lines.append(_GROUPS.get(name, name))
        for finding in members:
            lines.append(f" {_MARKS[finding.severity]} {finding.message}  [{finding.id}]")
            if finding.hint:
                lines.append(f"   → {finding.hint}")
    counts = {severity: sum(f.severity is severity for f in findings) for severity in Severity}
    lines.append(
        f"{counts[Severity.FAILURE]} 失败 · {counts[Severity.WARNING]} 提醒 · {counts[Severity.OK]} 通过"
        " / failed, warnings, passed"
    )
    return "\n".join(lines)


def as_json(findings: Sequence[Finding]) -> str:
    """`ok`, and each check with id, status, message, hint and where it is explained."""
    checks = [
        {
            "id": finding.id,
            "status": finding.severity.value,
            "message": finding.message,
            "hint": finding.hint,
            "docs": f"{DOCS}#{finding.id.replace('.', '')}",
        }
        for finding in findings
    ]
    return json.dumps({"ok": not has_failures(findings), "checks": checks}, ensure_ascii=False, indent=2)


def has_failures(findings: Iterable[Finding]) -> bool:
    """Whether anything does not work."""
    return any(finding.severity is Severity.FAILURE for finding in findings)


def exit_code(findings: Sequence[Finding], *, is_strict: bool = False) -> int:
    """0 when nothing failed, 2 when the configuration cannot be used, 1 for everything else that failed."""
    failed = [finding for finding in findings if finding.severity is Severity.FAILURE]
    if any(finding.id == "config.key" for finding in failed):
        return 2
    has_warnings = any(finding.severity is Severity.WARNING for finding in findings)
    return int(bool(failed) or (is_strict and has_warnings))
