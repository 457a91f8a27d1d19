"""Runs the checks in the order in which one would look: machine, configuration, database, network, platform."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.app import make_adapters
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.doctor import configuration, database, machine, network, public_address
from bot.doctor.findings import fine, wrong
from bot.errors import ConfigError
from bot.ports import Finding, PlatformAdapter

#: a platform that takes longer to answer a probe is not answering
_PROBE_SECONDS = 20.0


async def examine(
    config_file: Path, environ: Mapping[str, str], *, is_offline: bool = False, clock: Clock | None = None
) -> list[Finding]:
    """Look at everything. Never raises for what it finds."""
    clock = clock or SystemClock()
    settings, findings = await configuration.read(config_file, environ)
    findings = [*await asyncio.to_thread(machine.look, settings), *findings]
    if settings is None:
        return findings
    findings += await configuration.look(config_file, settings, now=clock.now())
    findings += await database.look(settings.storage.url, now=clock.now())
    try:
        adapters = make_adapters(settings, clock)
    except ConfigError as problem:
        return [
            *findings,
            *(wrong("config.key", f"{p.key}：应为 / expected {p.expected}", p.fix) for p in problem.problems),
        ]
    try:
        findings += public_address.missing(settings, adapters, now=clock.now())
        if is_offline:
            return [*findings, fine("network.offline", "未检查网络和平台 / network and platform were not looked at")]
        return [*findings, *await _outside(settings, adapters, clock)]
    finally:
        for adapter in adapters:
            await adapter.close()


async def _outside(settings: Settings, adapters: Sequence[PlatformAdapter], clock: Clock) -> list[Finding]:
    async with network.asking() as asker:
        is_running, findings = await network.listener(asker, settings)
        reached, told = await network.platforms(asker, settings, clock)
        findings += told
        findings += await public_address.look(asker, settings, adapters, clock, is_running=is_running)
    for adapter in adapters:
        if adapter.platform in reached:
            findings += await _said_by(adapter)
    return findings


async def _said_by(adapter: PlatformAdapter) -> list[Finding]:
    """What a platform says of our app."""
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            return await adapter.probe()
    except TimeoutError:
        hint = "检查出口网络与代理 / check the way out and the proxy"
        return [wrong(f"{adapter.platform}.probe", "平台没有应答 / the platform does not answer", hint)]
