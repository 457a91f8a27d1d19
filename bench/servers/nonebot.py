"""nonebot2 with adapter-feishu on its FastAPI driver, as its documentation sets it up. Stores nothing.

It asks the platform for the bot's identity at start, so a few lines of platform answer that on the same loop.
"""

from __future__ import annotations

import sys

import nonebot
from aiohttp import web
from nonebot.adapters.feishu import Adapter
from pydantic import HttpUrl

from bench.requests import APP_ID, APP_SECRET, ENCRYPT_KEY, VERIFICATION_TOKEN


async def _platform() -> str:
    async def token(_: web.Request) -> web.Response:
        return web.json_response({"code": 0, "msg": "ok", "tenant_access_token": "t-bench", "expire": 7200})

    async def info(_: web.Request) -> web.Response:
        bot = {
            "activate_status": 2,
            "app_name": "bench",
            "avatar_url": "https://example.com/a.png",
            "ip_white_list": [],
            "open_id": "ou_bot",
        }
        return web.json_response({"code": 0, "msg": "ok", "bot": bot})

    app = web.Application()
    app.router.add_post("/open-apis/auth/v3/tenant_access_token/internal", token)
    app.router.add_get("/open-apis/bot/v3/info", info)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


def main() -> None:
    """Serve until killed."""
    port = int(sys.argv[sys.argv.index("--port") + 1])
    bots = [
        {
            "app_id": APP_ID,
            "app_secret": APP_SECRET,
            "encrypt_key": ENCRYPT_KEY,
            "verification_token": VERIFICATION_TOKEN,
        }
    ]
    nonebot.init(driver="~fastapi+~httpx", host="127.0.0.1", port=port, log_level="ERROR", feishu_bots=bots)
    driver = nonebot.get_driver()

    async def find_platform() -> None:
        adapter = driver._adapters[Adapter.get_name()]
        adapter.feishu_config.feishu_api_base = HttpUrl(await _platform())

    driver.on_startup(find_platform)

    driver.register_adapter(Adapter)
    nonebot.run(access_log=False)


if __name__ == "__main__":
    main()
