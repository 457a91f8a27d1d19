"""What the platform says about this app when asked: credentials, the trusted address, what the app sees of the company.

Each answer is a finding with the exact next step. A question that nobody answers now is a warning, and is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.wecom.api import Api
from adapters.wecom.hints import hint
from adapters.wecom.people import People
from adapters.wecom.settings import WeComSettings
from bot.errors import FailureKind, PlatformError
from bot.ports import Finding, Severity

#: the company itself; groups can be made only by an app that sees it
_ROOT = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What came of it."""

    findings: tuple[Finding, ...]


async def look(api: Api, people: People, settings: WeComSettings) -> Probe:
    """Ask. Never raises PlatformError."""
    if not settings.has_app:
        return Probe(findings=(_no_app(),))
    credentials = await _credentials(api)
    found = [credentials]
    if credentials.severity is not Severity.FAILURE:
        found.append(await _visible(people))
    if settings.bot is None:
        found.append(_no_bot())
    return Probe(findings=tuple(found))


async def _credentials(api: Api) -> Finding:
    try:
        await api.token()
    except PlatformError as problem:
        return _failed("wecom.credentials", problem)
    return Finding(
        id="wecom.credentials", severity=Severity.OK, message="企业ID 与 Secret 有效 / company ID and Secret are valid"
    )


async def _visible(people: People) -> Finding:
    """Also the first call that is refused from an address that is not trusted."""
    try:
        roots = await people.roots()
    except PlatformError as problem:
        name = "wecom.trusted_ip" if problem.code == "60020" else "wecom.visible_range"
        return _failed(name, problem)
    if _ROOT not in roots:
        return Finding(
            id="wecom.visible_range",
            severity=Severity.WARNING,
            message="应用看不到整个企业，不能建群 / the app does not see the whole company and cannot make groups",
            hint=hint("visible_range"),
        )
    return Finding(
        id="wecom.visible_range",
        severity=Severity.OK,
        message=f"可见 {len(roots)} 个部门 / departments visible: {len(roots)}",
    )


def _no_app() -> Finding:
    return Finding(
        id="wecom.app",
        severity=Severity.WARNING,
        message="没有自建应用：不能建群、不能同步通讯录 / no self-built app: no groups, no address book",
        hint=hint("credentials"),
    )


def _no_bot() -> Finding:
    return Finding(
        id="wecom.bot",
        severity=Severity.WARNING,
        message="没有智能机器人：听不到群里的话 / no intelligent bot: nothing is heard in groups",
        hint=hint("bot_credentials"),
    )


def _failed(name: str, problem: PlatformError) -> Finding:
    """A question that was not answered. What passes by itself is a warning, whatever it was about."""
    passes = problem.kind in {FailureKind.RETRY, FailureKind.UNKNOWN, FailureKind.REFRESH}
    return Finding(
        id=name,
        severity=Severity.WARNING if passes else Severity.FAILURE,
        message=f"平台未应答或拒绝（{problem.code}） / the platform did not answer or refused ({problem.code})",
        hint=problem.hint,
    )
