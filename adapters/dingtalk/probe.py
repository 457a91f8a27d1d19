"""What the platform says about this app when asked: credentials, the address book, the robot, the card template.

Each answer is a finding with the exact next step. A question that nobody answers now is a warning, and is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.dingtalk.api import Api
from adapters.dingtalk.errors import NO_PERMISSION_CODES
from adapters.dingtalk.hints import hint
from adapters.dingtalk.people import People
from adapters.dingtalk.settings import DingTalkSettings
from bot.errors import FailureKind, PlatformError
from bot.ports import Finding, Severity

#: the permission points that the product needs, by what they are for (dingtalk.md 9)
SENDING = ("qyapi_robot_sendmsg", "Card.Instance.Write")
GROUPS = ("qyapi_chat_manage", "qyapi_chat_read")
DIRECTORY = (
    "qyapi_get_department_list",
    "qyapi_get_department_member",
    "qyapi_get_member",
    "qyapi_get_member_by_mobile",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What came of it."""

    findings: tuple[Finding, ...]


async def look(api: Api, people: People, settings: DingTalkSettings) -> Probe:
    """Ask. Never raises PlatformError."""
    credentials = await _credentials(api)
    if credentials.severity is Severity.FAILURE:
        return Probe(findings=(credentials,))
    directory = await _directory(people)
    return Probe(findings=(credentials, directory, _permissions(), _template(settings), _group_template(settings)))


async def _credentials(api: Api) -> Finding:
    try:
        await api.token()
    except PlatformError as problem:
        return _failed("dingtalk.credentials", problem)
    return Finding(
        id="dingtalk.credentials",
        severity=Severity.OK,
        message="Client ID 与 Client Secret 有效 / the credentials are valid",
    )


async def _directory(people: People) -> Finding:
    try:
        top = await people.top()
    except PlatformError as problem:
        if problem.code in NO_PERMISSION_CODES:
            problem.hint = hint("permission", points=DIRECTORY)
        return _failed("dingtalk.contact_range", problem, severity=Severity.WARNING)
    if not top:
        return Finding(
            id="dingtalk.contact_range",
            severity=Severity.WARNING,
            message="看不到任何部门 / the app sees no department",
            hint=hint("contact_range"),
        )
    return Finding(
        id="dingtalk.contact_range",
        severity=Severity.OK,
        message=f"通讯录：{len(top)} 个一级部门 / address book: {len(top)} top departments",
    )


def _permissions() -> Finding:
    """The platform does not tell an app what it may do, so that the list is there to be compared."""
    named = "、".join((*SENDING, *GROUPS, *DIRECTORY))
    return Finding(
        id="dingtalk.permissions",
        severity=Severity.OK,
        message=f"需要的权限点，请在 权限管理 核对 / permission points to compare under Permissions: {named}",
    )


def _template(settings: DingTalkSettings) -> Finding:
    if settings.card_template_id:
        return Finding(
            id="dingtalk.card_template", severity=Severity.OK, message="已设置卡片模板 / a card template is set"
        )
    return Finding(
        id="dingtalk.card_template",
        severity=Severity.WARNING,
        message="没有卡片模板，卡片以文字发出 / no card template: cards go out as text",
        hint=hint("template"),
    )


def _group_template(settings: DingTalkSettings) -> Finding:
    if settings.group_template_id:
        message = "已设置群模板 / a group template is set"
        return Finding(id="dingtalk.group_template", severity=Severity.OK, message=message)
    return Finding(
        id="dingtalk.group_template",
        severity=Severity.OK,
        message="没有群模板：建群用普通群，超时后需人工核对是否已建 / no group template: plain groups, which cannot be asked for twice",
    )


def _failed(name: str, problem: PlatformError, *, severity: Severity = Severity.FAILURE) -> Finding:
    """A question that was not answered. What passes by itself is a warning, whatever it was about."""
    passes = problem.kind in {FailureKind.RETRY, FailureKind.UNKNOWN, FailureKind.REFRESH}
    return Finding(
        id=name,
        severity=Severity.WARNING if passes else severity,
        message=f"平台未应答或拒绝（{problem.code}） / the platform did not answer or refused ({problem.code})",
        hint=problem.hint,
    )
