"""Only who has this run's key, on this machine, from the page itself, gets in; a look changes nothing."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest

from tests.playground.rig import KEY, SU, X1, Browser, Rig

SAFETY = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")


def origin_of(browser: Browser) -> str:
    parts = urlsplit(browser.url)
    return f"{parts.scheme}://{parts.netloc}"


def elsewhere(browser: Browser, key: str, path: str = "") -> str:
    return f"{origin_of(browser)}/{key}/{path}"


async def test_the_page_listens_on_loopback_only(rig: Rig) -> None:
    assert urlsplit(rig.server.url).hostname == "127.0.0.1"
    assert rig.server.url.endswith(f"/{KEY}/")


@pytest.mark.parametrize("key", ["", "x", KEY[:-1], KEY + "x", KEY.upper(), "%00", "钥匙"])
async def test_a_wrong_key_looks_like_a_page_that_does_not_exist(browser: Browser, key: str) -> None:
    for path in ("", "news", "changes", "static/page.css"):
        async with browser.session.get(elsewhere(browser, key, path)) as answer:
            assert answer.status == 404
            assert "回音" not in await answer.text()


async def test_a_write_with_a_wrong_key_does_nothing(rig: Rig, browser: Browser) -> None:
    form = {"me": SU, "chat": X1, "text": "你好"}
    async with browser.session.post(elsewhere(browser, "wrong", "say"), data=form) as answer:
        assert answer.status == 404
    assert rig.stage.messages(SU, X1, limit=9) == ()


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.7:8787", "[::1]:8787", ""])
async def test_a_foreign_host_name_opens_nothing(browser: Browser, host: str) -> None:
    async with browser.session.get(browser.url, headers={"Host": host}) as answer:
        assert answer.status in {400, 403}


async def test_localhost_is_this_machine_too(browser: Browser) -> None:
    port = urlsplit(browser.url).port
    async with browser.session.get(browser.url, headers={"Host": f"localhost:{port}"}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "https://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
async def test_a_write_from_another_page_is_refused(rig: Rig, browser: Browser, headers: dict[str, str]) -> None:
    form = {"me": SU, "chat": X1, "text": "你好"}
    async with browser.session.post(f"{browser.url}say", data=form, headers=headers) as answer:
        assert answer.status == 403
    assert rig.stage.messages(SU, X1, limit=9) == ()


async def test_a_write_from_the_page_is_taken_with_and_without_scripts(rig: Rig, browser: Browser) -> None:
    by_script = {"Origin": origin_of(browser), "Sec-Fetch-Site": "same-origin"}
    by_plain_form = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    for headers in (by_script, by_plain_form):
        form = {"me": SU, "chat": X1, "text": "你好"}
        async with browser.session.post(f"{browser.url}say", data=form, headers=headers) as answer:
            assert answer.status == 200
            assert answer.url.path == f"/{KEY}/"  # a plain form comes back to the page
    assert len(rig.stage.messages(SU, X1, limit=9)) == 2


@pytest.mark.parametrize(
    "deed",
    ["say", "act", "click", "group", "members", "rename", "dissolve", "clock", "fault", "wire", "read", "replay"],
)
async def test_what_writes_cannot_be_got(rig: Rig, browser: Browser, deed: str) -> None:
    revision = rig.stage.revision
    state = {"me": SU, "chat": X1, "text": "你好", "move": "30m", "fault": "fault_http_500", "name": "群", "bot": "out"}
    async with browser.session.get(f"{browser.url}{deed}", params=state) as answer:
        assert answer.status == 404
    assert rig.stage.revision == revision


async def test_looking_changes_nothing(rig: Rig, browser: Browser) -> None:
    revision, now = rig.stage.revision, rig.clock.now()
    await browser.sees(me=SU, chat=X1, draft="@袁知行 在吗？", tab="inspector")
    await browser.news(me=SU, chat=X1)
    assert (rig.stage.revision, rig.clock.now()) == (revision, now)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_refused(browser: Browser, method: str) -> None:
    async with browser.session.request(method, f"{browser.url}say") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("path", ["", "news", "static/page.js", "static/page.css", "nothing-here", "static/../page.py"])
async def test_every_answer_carries_the_safety_headers(browser: Browser, path: str) -> None:
    async with browser.session.get(f"{browser.url}{path}") as answer:
        assert [name for name in SAFETY if name not in answer.headers] == []
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers


async def test_the_stream_of_changes_carries_them_too(browser: Browser) -> None:
    async with browser.session.get(f"{browser.url}changes") as answer:
        assert [name for name in SAFETY if name not in answer.headers] == []


async def test_a_body_that_is_too_large_is_refused(rig: Rig, browser: Browser) -> None:
    form = f"me={SU}&chat={X1}&text={'x' * 3_000_000}".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with browser.session.post(f"{browser.url}say", data=io.BytesIO(form), headers=headers) as answer:
        assert answer.status == 413
    assert rig.stage.messages(SU, X1, limit=9) == ()
