"""Looks whether the app is set up as it has to be, and says exactly what to do where it is not (feishu.md 10.3).

Asks only, sends nothing to anybody. Every question is asked even when another one failed, so that one run is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.feishu.api import Api, data_of, table_of, tables_of, text_of
from adapters.feishu.hints import hint
from adapters.feishu.people import People
from adapters.feishu.render import Call
from adapters.feishu.scopes import sees_all_group_messages, unmet
from bot.errors import FailureKind, PlatformError
from bot.ports import Finding, Severity

BOT_INFO = Call(operation="bot.v3.info", method="GET", path="/open-apis/bot/v3/info")
SCOPES = Call(operation="application.v6.scope.list", method="GET", path="/open-apis/application/v6/scopes")
_ACTIVE, _GRANTED = 2, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a probe found out. `sees_all_group_messages` is None when the platform would not say."""

    findings: list[Finding]
    scopes: frozenset[str] = frozenset()
    bot_open_id: str = ""
    sees_all_group_messages: bool | None = None


async def look(api: Api, people: People) -> Probe:
    """Ask for the bot, its scopes and its range. Never raises PlatformError."""
    try:
        bot = table_of(await api.call(BOT_INFO), "bot")
    except PlatformError as problem:
        return Probe(findings=[_failed("feishu.credentials", problem)])
    findings = [Finding(id="feishu.credentials", severity=Severity.OK, message="凭证有效 / the credentials work")]
    findings.append(_bot_finding(bot.get("activate_status")))
    granted, said = await _granted(api)
    findings.extend(said)
    findings.append(await _range_finding(people))
    return Probe(
        findings=findings,
        scopes=granted or frozenset(),
        bot_open_id=text_of(bot, "open_id"),
        sees_all_group_messages=sees_all_group_messages(granted) if granted is not None else None,
    )


async def look_at_scopes(api: Api) -> bool | None:
    """Whether the app sees all group messages, None when the platform would not say. Never raises PlatformError."""
    granted, _ = await _granted(api)
    return sees_all_group_messages(granted) if granted is not None else None


def _bot_finding(status: object) -> Finding:
    if status == _ACTIVE:
        return Finding(id="feishu.bot", severity=Severity.OK, message="机器人已启用 / the bot is active")
    return Finding(
        id="feishu.bot",
        severity=Severity.FAILURE,
        message=f"机器人未启用（状态 {status}） / the bot is not active (status {status})",
        hint=hint("bot_ability"),
    )


async def _granted(api: Api) -> tuple[frozenset[str] | None, list[Finding]]:
    """The granted scopes, None when the platform would not say, and a finding for each need that is not met."""
    try:
        listed = tables_of(data_of(await api.call(SCOPES)), "scopes")
    except PlatformError as problem:
        return None, [_failed("feishu.scopes", problem, severity=Severity.WARNING)]
    granted = frozenset(text_of(one, "scope_name") for one in listed if _is_granted(one.get("grant_status"), one))
    missing = [
        Finding(
            id=f"feishu.scope.{need.id}",
            severity=need.severity,
            message=need.lost,
            hint=hint("scopes", scopes=need.scopes[:1]),
        )
        for need in unmet(granted)
    ]
    fine = Finding(
        id="feishu.scopes",
        severity=Severity.OK,
        message=f"已开通权限 {len(granted)} 项 / scopes granted: {len(granted)}",
    )
    return granted, missing or [fine]


def _is_granted(status: object, scope: dict[str, object] | object) -> bool:
    """Granted to the app itself. A scope granted to users only counts for nothing here (feishu.md 11)."""
    kind = scope.get("scope_type") if isinstance(scope, dict) else None
    return status == _GRANTED and kind in {None, "", "tenant"}


async def _range_finding(people: People) -> Finding:
    try:
        departments, persons = await people.range()
    except PlatformError as problem:
        return _failed("feishu.contact_range", problem, severity=Severity.WARNING)
    if not departments and not persons:
        return Finding(
            id="feishu.contact_range",
            severity=Severity.WARNING,
            message="通讯录范围是空的 / the app may read nobody's record",
            hint=hint("contact_range"),
        )
    message = f"通讯录范围：{len(departments)} 个部门、{len(persons)} 人 / departments {len(departments)}, people {len(persons)}"
    return Finding(id="feishu.contact_range", severity=Severity.OK, message=message)


def _failed(name: str, problem: PlatformError, *, severity: Severity = Severity.FAILURE) -> Finding:
    """A question that was not answered. What passes by itself is a warning, whatever it was about."""
    passes = problem.kind in {FailureKind.RETRY, FailureKind.UNKNOWN, FailureKind.REFRESH}
    return Finding(
        id=name,
        severity=Severity.WARNING if passes else severity,
        message=f"平台未应答或拒绝（{problem.code}） / the platform did not answer or refused ({problem.code})",
        hint=problem.hint,
    )
