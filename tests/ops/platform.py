"""The emulated platform as the other side of an installation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.feishu.emulator import EmulatedApp, EmulatorOptions, FeishuEmulator
from adapters.feishu.emulator_state import Transport
from bot.clock import Clock, SystemClock
from tests.ops.rig import APP_SECRET, ENCRYPT_KEY, VERIFICATION_TOKEN

APP = EmulatedApp(app_secret=APP_SECRET, encrypt_key=ENCRYPT_KEY, verification_token=VERIFICATION_TOKEN)


@asynccontextmanager
async def platform(
    transport: Transport = Transport.WEBHOOK, *, clock: Clock | None = None
) -> AsyncIterator[FeishuEmulator]:
    """A tenant with one person, on the machine's clock."""
    options = EmulatorOptions(delivery=transport)
    emulator = FeishuEmulator(clock=clock or SystemClock(), app=APP, options=options, seed=1)
    emulator.add_department("od-1", "市场部")
    emulator.add_person("ou_alice", "李四", "od-1", employee_no="101")
    await emulator.start()
    try:
        yield emulator
    finally:
        await emulator.stop()


def section(base_url: str, *, delivery: str = "webhook", **changes: str) -> str:
    """The configuration of the platform's section."""
    values = {
        "app_id": APP.app_id,
        "app_secret": APP_SECRET,
        "encrypt_key": ENCRYPT_KEY,
        "verification_token": VERIFICATION_TOKEN,
        "base_url": base_url,
        "delivery": delivery,
        **changes,
    }
    return "\n[platforms.feishu]\n" + "".join(f'{key} = "{value}"\n' for key, value in values.items())
