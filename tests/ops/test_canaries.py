"""Secrets of an installation are looked for in everything that it writes, while everything goes wrong at debug level (T15)."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import zipfile
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
import structlog

from adapters.feishu.emulator import FaultKind, FeishuEmulator
from adapters.feishu.emulator_state import Transport
from bot import app, config, logs
from bot.company import sample_text
from bot.config import LogSection, Settings, load_settings
from bot.errors import HuiyinError
from storage import open_store
from tests.ops.platform import platform, section
from tests.ops.rig import SECRETS, Installation, Shell
from tests.web.rig import request

METRICS_TOKEN = "canary-metrics-token-4711"
DATABASE_PASSWORD = "canary+pass/word=4711"
CANARIES = (*SECRETS, METRICS_TOKEN)
#: how every access token of the emulated platform begins
TOKEN_PREFIX = "t-g1"


async def settings_for(installation: Installation, base_url: str, delivery: str) -> Settings:
    """An installation on that platform with every secret set."""
    server = f'[server]\nport = 0\nmetrics_token = "{METRICS_TOKEN}"\n'
    await asyncio.to_thread(installation.write, server + section(base_url, delivery=delivery))
    await asyncio.to_thread(installation.write_company, await asyncio.to_thread(sample_text))
    return await asyncio.to_thread(load_settings, installation.config, {})


@pytest.mark.slow
@pytest.mark.parametrize("format", ["json", "console"])
async def test_nothing_that_goes_wrong_writes_a_secret(installation: Installation, format: str) -> None:  # noqa: A002
    out = io.StringIO()
    async with platform(Transport.WEBHOOK) as emulator:
        settings = await settings_for(installation, emulator.base_url, "webhook")
        logs.configure(LogSection(level="debug", format=format), secrets=config.secrets_of(settings), stream=out)
        running = await app.build(settings)
        await running.start()
        try:
            pages = await provoke(running, emulator)
        finally:
            await running.stop()
            logs.reset()
    text = out.getvalue()
    assert emulator.tokens.made >= 1
    assert "callback_rejected" in text
    assert "ValueError" in text
    assert "INSERT" not in text
    for secret in (*CANARIES, TOKEN_PREFIX):
        assert secret not in text
        assert secret not in pages
        assert quote(secret, safe="") not in text


async def provoke(running: app.App, emulator: FeishuEmulator) -> str:
    """Forged callbacks, a platform that fails in every way, errors inside; what the pages say meanwhile."""
    hook = f"http://127.0.0.1:{running.port}/hook/feishu"
    assert await emulator.sets_webhook(hook)
    await emulator.says("ou_alice", "状态")
    await emulator.settled()
    for fault in (FaultKind.HTTP_500, FaultKind.BAD_JSON, FaultKind.TOKEN_EXPIRED, FaultKind.RESET, FaultKind.REFUSE):
        emulator.faults.add("*", fault, times=3)
        await running.adapters[0].probe()
        emulator.faults.clear()
    forged = request(json.dumps({"encrypt": SECRETS[0], "token": SECRETS[2]}).encode(), path="/hook/feishu")
    _, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(forged)
    await writer.drain()
    writer.close()
    logs_of_libraries(running)
    async with aiohttp.ClientSession() as session:
        texts = []
        for path in ("/livez", "/readyz", "/metrics", f"/hook/feishu?token={SECRETS[2]}", "/nothing"):
            async with session.get(f"http://127.0.0.1:{running.port}{path}") as answer:
                texts.append(await answer.text())
    return "\n".join(texts)


def logs_of_libraries(running: app.App) -> None:
    """What a careless library, and a careless line of ours, would log."""
    problem = ValueError(f"POST /x?app_secret={SECRETS[0]}&key={quote(SECRETS[1])}: {running.settings}")
    logging.getLogger("aiohttp.client").error("failed %s", SECRETS[0], exc_info=problem)
    structlog.get_logger("bot").error("failed", action="x", settings=running.settings, exc_info=problem)
    structlog.get_logger("bot").debug("section", action="x", section=vars_of(running.settings))


def vars_of(settings: Settings) -> dict[str, str]:
    """The section as a table, secrets and all."""
    feishu = settings.platforms.feishu
    assert feishu is not None
    return {"a": feishu.app_secret, "b": feishu.encrypt_key, "c": feishu.verification_token}


async def test_the_password_of_the_database_is_in_no_error() -> None:
    url = f"postgresql://huiyin:{quote(DATABASE_PASSWORD, safe='')}@127.0.0.1:1/huiyin"
    with pytest.raises(HuiyinError) as caught:
        await open_store(url)
    told = f"{caught.value} {caught.value.__cause__} {caught.value.__context__}"
    assert DATABASE_PASSWORD not in told
    assert quote(DATABASE_PASSWORD, safe="") not in told


def test_no_command_shows_a_secret(shell: Shell, tmp_path: Path) -> None:
    url = f"postgresql://huiyin:{quote(DATABASE_PASSWORD, safe='')}@127.0.0.1:1/huiyin"
    text = f'[server]\nmetrics_token = "{METRICS_TOKEN}"\n[storage]\nurl = "{url}"\n{section("http://127.0.0.1:1")}'
    shell.installation.write(text, mode=0o644).write_company(sample_text())
    commands = [
        ["config", "show"],
        ["config", "check", "--json"],
        ["doctor", "--json"],
        ["doctor", "--offline"],
        ["db", "check"],
        ["db", "upgrade"],
        ["db", "backup", str(tmp_path / "b")],
        ["directory", "import", "--yes", "company.toml"],
        ["directory", "sync"],
        ["export", "audit"],
        ["run"],
    ]
    for command in commands:
        told = shell(*command).text
        assert told
        for secret in (*CANARIES, DATABASE_PASSWORD, quote(DATABASE_PASSWORD, safe="")):
            assert secret not in told, command


def test_the_bundle_for_those_who_help_has_everything_but_secrets(shell: Shell, tmp_path: Path) -> None:
    text = f'[server]\nmetrics_token = "{METRICS_TOKEN}"\n{section("http://127.0.0.1:1")}'
    shell.installation.write(text).write_company(sample_text())
    bundle = tmp_path / "for-support.zip"
    assert shell("doctor", "--offline", "--bundle", str(bundle)).code == 0
    assert bundle.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(bundle) as packed:
        pages = {name: packed.read(name).decode() for name in packed.namelist()}
    assert set(pages) == {"doctor.txt", "doctor.json", "config.txt", "versions.txt"}
    assert json.loads(pages["doctor.json"])["ok"]
    assert "app_secret = " in pages["config.txt"]
    assert "aiohttp " in pages["versions.txt"]
    assert not any(secret in page for page in pages.values() for secret in CANARIES)
    assert shell("doctor", "--offline", "--bundle", str(bundle)).code == 1  # nothing is overwritten
    shell.installation.write("[server\n")
    assert shell("doctor", "--offline", "--bundle", str(tmp_path / "other.zip")).code == 2
    assert (tmp_path / "other.zip").exists()
