"""Doctor on DingTalk and WeCom: seeded mistakes of consoles and settings, each told with the step that mends it (A9)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.dingtalk.emulator import DingTalkEmulator
from adapters.dingtalk.emulator import EmulatedApp as DingTalkApp
from adapters.wecom.emulator import WeComEmulator
from adapters.wecom.emulator_state import EmulatedApp as WeComApp
from bot import doctor
from bot.clock import SystemClock
from bot.company import sample_text
from bot.ports import Finding, Severity
from tests.ops.rig import Installation
from tests.ops.test_doctor_public import as_it_is, free_port, proxy, without_prefix
from tests.support.sections import table_text

OK, WARNING, FAILURE = Severity.OK, Severity.WARNING, Severity.FAILURE
KEY, BOT_KEY = "Kz3abcdefghijklmnopqrstuvwxyz0123456789ABCD", "Bz3abcdefghijklmnopqrstuvwxyz0123456789ABCD"
DINGTALK = DingTalkApp(client_secret="canary-ding-secret-4711", event_token="canaryToken4711", event_aes_key=KEY)
WECOM = WeComApp(
    secret="canary-wecom-secret-4711",
    token="canaryToken4712",
    aes_key=KEY,
    bot_secret="canary-bot-secret-4711",
    bot_token="canaryToken4713",
    bot_aes_key=BOT_KEY,
)
CANARIES = ("canary-ding", "canary-wecom", "canary-bot", "canaryToken", KEY, BOT_KEY)


def dingtalk_section(emulator: DingTalkEmulator, **changes: object) -> dict[str, object]:
    app = emulator.state.app
    return {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "corp_id": app.corp_id,
        "card_template_id": "tpl.schema",
        "base_url": emulator.base_url,
        "legacy_base_url": emulator.base_url,
        **changes,
    }


def wecom_section(emulator: WeComEmulator, **changes: object) -> dict[str, object]:
    app = emulator.app
    bot = {"bot_id": app.bot_id, "secret": app.bot_secret, "ws_url": emulator.ws_url}
    return {
        "corp_id": app.corp_id,
        "agent_id": str(app.agent_id),
        "secret": app.secret,
        "token": app.token,
        "aes_key": app.aes_key,
        "base_url": emulator.api_url,
        "bot": bot,
        **changes,
    }


def written(name: str, section: dict[str, object]) -> str:
    """A section as TOML."""
    return table_text(f"platforms.{name}", section)


@asynccontextmanager
async def dingtalk() -> AsyncIterator[DingTalkEmulator]:
    emulator = DingTalkEmulator(clock=SystemClock(), app=DINGTALK)
    emulator.add_department("2", "市场部")
    emulator.add_person("u1001", "李四", "2")
    await emulator.start()
    try:
        yield emulator
    finally:
        await emulator.stop()


@asynccontextmanager
async def wecom() -> AsyncIterator[WeComEmulator]:
    emulator = WeComEmulator(clock=SystemClock(), app=WECOM)
    emulator.add_department(2, "市场部")
    emulator.add_person("lisi", "李四", 2)
    await emulator.start()
    try:
        yield emulator
    finally:
        await emulator.stop()


async def examined(installation: Installation, *sections: str, server: str = "port = 0") -> list[Finding]:
    """What doctor finds of these sections; secrets never come into it."""
    await asyncio.to_thread(installation.write_company, await asyncio.to_thread(sample_text))
    await asyncio.to_thread(installation.write, "\n".join([f"[server]\n{server}", *sections]))
    findings = await doctor.examine(installation.config, {})
    told = doctor.as_tree(findings) + doctor.as_json(findings)
    assert not any(secret in told for secret in CANARIES)
    return findings


def found(findings: list[Finding], name: str) -> Finding:
    """The worst finding of that id."""
    return max((f for f in findings if f.id == name), key=lambda f: [OK, WARNING, FAILURE].index(f.severity))


# ---------------------------------------------------------------- what the consoles and the settings get wrong


@dataclass(frozen=True)
class Case:
    """What is wrong, and what is told."""

    id: str
    severity: Severity
    hint: str
    changes: dict[str, object]
    deed: Callable[[Any], object] = lambda _: None


ON_DINGTALK = {
    "nothing": Case("dingtalk.credentials", OK, "", {}),
    "another secret": Case("dingtalk.credentials", FAILURE, "凭证", {"client_secret": "canary-ding-other-0001"}),
    "app switched off": Case("dingtalk.credentials", FAILURE, "", {}, lambda p: p.disables_app()),
    "address book not allowed": Case(
        "dingtalk.contact_range", WARNING, "权限", {}, lambda p: p.revokes("qyapi_get_department_list")
    ),
    "no card template": Case("dingtalk.card_template", WARNING, "模板", {"card_template_id": ""}),
    "another address": Case("network.platform", FAILURE, "防火墙", {"base_url": "http://127.0.0.1:1"}),
}
ON_WECOM = {
    "nothing": Case("wecom.credentials", OK, "", {}),
    "another secret": Case("wecom.credentials", FAILURE, "Secret", {"secret": "canary-wecom-other-0001"}),
    "address of the server not trusted": Case(
        "wecom.trusted_ip", FAILURE, "企业可信IP", {}, lambda p: p.change_options(trusted_ips=("203.0.113.9",))
    ),
    "no bot": Case("wecom.bot", WARNING, "智能机器人", {"bot": ""}),
    "no app": Case("wecom.app", WARNING, "自建应用", {"secret": "", "token": "", "aes_key": "", "agent_id": ""}),
    "another address": Case("network.platform", FAILURE, "防火墙", {"base_url": "http://127.0.0.1:1/cgi-bin"}),
    "no public address": Case("config.public_url", WARNING, "server.public_url", {}),
    "secret of the emulator": Case("secrets.example", FAILURE, "真实", {"secret": WeComApp().secret}),
    "bot's secret of the emulator": Case(
        "secrets.example", FAILURE, "真实", {"bot": {"bot_id": "aibABCDEFG", "secret": WeComApp().bot_secret}}
    ),
    "key of the documentation": Case(
        "secrets.example", FAILURE, "真实", {"aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"}
    ),
    "token that can be guessed": Case("secrets.short", WARNING, "控制台", {"token": "abcd1234"}),
}


def without_empty(section: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in section.items() if value != ""}


@pytest.mark.parametrize("case", ON_DINGTALK.values(), ids=ON_DINGTALK)
async def test_a_mistake_on_dingtalk_is_found_and_told(installation: Installation, case: Case) -> None:
    async with dingtalk() as emulator:
        case.deed(emulator)
        section = without_empty(dingtalk_section(emulator, **case.changes))
        findings = await examined(installation, written("dingtalk", section))
    finding = found(findings, case.id)
    assert finding.severity is case.severity, finding
    assert case.hint in finding.hint
    assert bool(finding.hint) == (case.severity is not OK)


@pytest.mark.parametrize("case", ON_WECOM.values(), ids=ON_WECOM)
async def test_a_mistake_on_wecom_is_found_and_told(installation: Installation, case: Case) -> None:
    async with wecom() as emulator:
        case.deed(emulator)
        section = without_empty(wecom_section(emulator, **case.changes))
        findings = await examined(installation, written("wecom", section))
    finding = found(findings, case.id)
    assert finding.severity is case.severity, finding
    assert case.hint in finding.hint
    assert bool(finding.hint) == (case.severity is not OK)


async def test_one_platform_that_cannot_be_reached_hides_nothing_about_the_other(installation: Installation) -> None:
    async with wecom() as emulator:
        away = written(
            "dingtalk", {"client_id": "dingabcdef", "client_secret": "s" * 20, "base_url": "http://127.0.0.1:1"}
        )
        findings = await examined(installation, away, written("wecom", wecom_section(emulator)))
    assert [f.severity for f in findings if f.id == "network.platform"] == [FAILURE, OK]
    assert found(findings, "wecom.credentials").severity is OK
    assert not any(f.id.startswith("dingtalk.") for f in findings)


# ---------------------------------------------------------------- the callbacks, through a proxy


def over_http(wecom_: WeComEmulator, dingtalk_: DingTalkEmulator) -> tuple[str, str]:
    """Both platforms with every callback they have."""
    app = wecom_.app
    bot = {
        "bot_id": app.bot_id,
        "delivery": "webhook",
        "token": app.bot_token,
        "aes_key": app.bot_aes_key,
    }
    events = {"delivery": "webhook", "event_token": DINGTALK.event_token, "event_aes_key": KEY}
    return (
        written("wecom", wecom_section(wecom_, bot=bot)),
        written("dingtalk", dingtalk_section(dingtalk_, **events)),
    )


async def test_every_callback_is_tried_as_its_console_tries_it(installation: Installation) -> None:
    port = free_port()
    async with wecom() as first, dingtalk() as second, proxy(as_it_is, port) as public:
        server = f'port = {port}\npublic_url = "http://127.0.0.1:{public}"'
        findings = await examined(installation, *over_http(first, second), server=server)
    tried = [f for f in findings if f.id == "public.callback"]
    assert {f.message.split()[0].rpartition("/hook")[2] for f in tried} == {"/wecom", "/wecom-bot", "/dingtalk/event"}
    assert {f.severity for f in tried} == {OK}, tried


async def test_a_proxy_that_changes_the_path_is_told_for_each_of_them(installation: Installation) -> None:
    port = free_port()
    async with wecom() as first, dingtalk() as second, proxy(without_prefix, port) as public:
        server = f'port = {port}\npublic_url = "http://127.0.0.1:{public}"'
        findings = await examined(installation, *over_http(first, second), server=server)
    tried = [f for f in findings if f.id == "public.callback"]
    assert [(f.severity, "原样转发" in f.hint) for f in tried] == [(FAILURE, True)] * 3
