"""The start check: what is set up, what is missing, and exactly where to mend it."""

from __future__ import annotations

import pytest

from adapters.feishu.client import FeishuClient
from adapters.feishu.emulator import FaultKind
from adapters.feishu.emulator_state import ALL_SCOPES
from adapters.feishu.scopes import NEEDS, sees_all_group_messages, unmet
from bot.errors import FailureKind, PlatformError
from bot.ports import Finding, Severity
from tests.adapters.feishu.outgoing import settings_of, tenant


def of(findings: list[Finding], name: str) -> Finding:
    return next(one for one in findings if one.id == name)


async def test_an_app_that_is_set_up_has_nothing_to_complain_about() -> None:
    async with tenant() as company:
        probe = await company.client.probe()
        assert {one.severity for one in probe.findings} == {Severity.OK}
        assert probe.scopes == ALL_SCOPES
        assert (probe.bot_open_id, probe.sees_all_group_messages) == ("ou_bot", True)


async def test_without_all_group_messages_it_says_so_and_the_capability_is_off() -> None:
    async with tenant() as company:
        company.emulator.revokes("im:message.group_msg")
        probe = await company.client.probe()
        assert probe.sees_all_group_messages is False
        finding = of(probe.findings, "feishu.scope.group_messages")
        assert finding.severity is Severity.WARNING
        assert "im:message.group_msg" in finding.hint
        assert "权限管理" in finding.hint


@pytest.mark.parametrize(
    ("scope", "need", "severity"),
    [
        ("im:message", "send", Severity.FAILURE),
        ("im:message.p2p_msg:readonly", "private_messages", Severity.FAILURE),
        ("im:message.urgent", "urgent", Severity.WARNING),
        ("im:resource", "pictures", Severity.WARNING),
        ("im:chat", "create_groups", Severity.WARNING),
        ("contact:user.base:readonly", "people", Severity.WARNING),
    ],
)
async def test_each_missing_scope_is_named_with_what_is_lost(scope: str, need: str, severity: Severity) -> None:
    async with tenant() as company:
        company.emulator.revokes(scope)
        finding = of((await company.client.probe()).findings, f"feishu.scope.{need}")
        assert finding.severity is severity
        assert scope in finding.hint
        assert " / " in finding.message


async def test_wrong_credentials_are_the_one_thing_to_say() -> None:
    async with tenant() as company:
        client = FeishuClient(settings_of(company.emulator, app_secret="wrong"), clock=company.clock)
        probe = await client.probe()
        (finding,) = probe.findings
        assert (finding.id, finding.severity) == ("feishu.credentials", Severity.FAILURE)
        assert "App Secret" in finding.hint
        assert probe.sees_all_group_messages is None
        await client.close()


async def test_a_platform_that_is_away_is_a_warning_and_no_exception() -> None:
    async with tenant(seconds=0.2) as company:
        company.emulator.faults.add("*", FaultKind.RESET)
        (finding,) = (await company.client.probe()).findings
        assert finding.severity is Severity.WARNING


async def test_a_question_that_is_not_answered_leaves_the_others() -> None:
    async with tenant() as company:
        company.emulator.faults.add("application.v6.scope.list", FaultKind.HTTP_500)
        probe = await company.client.probe()
        assert probe.sees_all_group_messages is None
        assert of(probe.findings, "feishu.scopes").severity is Severity.WARNING
        assert of(probe.findings, "feishu.contact_range").severity is Severity.OK


async def test_the_bot_s_id_is_asked_for_once() -> None:
    async with tenant() as company:
        assert await company.client.bot_open_id() == "ou_bot"
        assert await company.client.bot_open_id() == "ou_bot"
        assert company.operations().count("bot.v3.info") == 1


async def test_the_long_connection_s_address_comes_with_the_platform_s_wishes() -> None:
    async with tenant() as company:
        url, config = await company.client.stream_endpoint()
        assert url.startswith("ws://127.0.0.1")
        assert config["PingInterval"] == 120


async def test_a_wrong_secret_does_not_open_the_long_connection() -> None:
    async with tenant() as company:
        client = FeishuClient(settings_of(company.emulator, app_secret="wrong"), clock=company.clock)
        with pytest.raises(PlatformError) as refused:
            await client.stream_endpoint()
        assert refused.value.kind is FailureKind.ADMINISTRATOR
        assert "凭证" in refused.value.hint
        await client.close()


def test_fine_and_broad_scopes_are_alternatives() -> None:
    assert unmet(ALL_SCOPES) == []
    fine = {need.scopes[-1] for need in NEEDS} | {need.scopes[0] for need in NEEDS}
    assert unmet(fine) == []
    assert unmet([]) == list(NEEDS)
    assert sees_all_group_messages(["im:message.group_msg:readonly"])
    assert not sees_all_group_messages(["im:message.group_at_msg:readonly"])
