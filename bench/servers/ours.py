"""Huiyin itself on a fresh SQLite file with `synchronous=FULL`: `intake` stores and acknowledges, `whole` runs everything.

Nothing is sent (shadow mode), because there is no platform at the other end of this wire.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from bench.requests import APP_ID, APP_SECRET, ENCRYPT_KEY, VERIFICATION_TOKEN
from bot import app as wiring
from bot import logs
from bot.config import BotSection, FeishuSection, LogSection, PlatformsSection, ServerSection, Settings, StorageSection
from bot.web.server import PublicServer


def settings(*, port: int, database: Path, company: Path) -> Settings:
    """One app in webhook mode; its platform's address leads nowhere."""
    return Settings(
        bot=BotSection(mode="shadow", company=str(company)),
        server=ServerSection(port=port, max_connections_per_address=1000),
        storage=StorageSection(url=f"sqlite:///{database}"),
        log=LogSection(level="error", format="json"),
        platforms=PlatformsSection(
            feishu=FeishuSection(
                app_id=APP_ID,
                app_secret=APP_SECRET,
                encrypt_key=ENCRYPT_KEY,
                verification_token=VERIFICATION_TOKEN,
                delivery="webhook",
                base_url="http://127.0.0.1:9",
            )
        ),
    )


async def serve(given: Settings, *, whole: bool) -> None:
    """Serve until killed."""
    logs.configure(given.log, secrets=())
    app = await wiring.build(given)
    if whole:
        await app.start()
    else:
        await PublicServer(given.server, app.adapters, app.dispatcher, app, app.metrics, clock=app.clock).start()
    wiring.settle_memory()
    await asyncio.Event().wait()


def main() -> None:
    """Read what to serve from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--company", type=Path, required=True)
    parser.add_argument("--whole", action="store_true")
    given = parser.parse_args()
    asyncio.run(serve(settings(port=given.port, database=given.database, company=given.company), whole=given.whole))


if __name__ == "__main__":
    main()
