"""Files behind a link: reading the page takes nothing, its button takes the file once (EC-75)."""

from __future__ import annotations

from bot.errors import StoreUnavailable
from bot.ports.downloads import File
from tests.web.rig import body_of, listening, request, status_of

TOKEN = "Ab3_-" * 8
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


class OneFile:
    """Makes one file for one link, once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.breaks: Exception | None = None

    async def fetch(self, token: str) -> File | None:
        self.asked.append(token)
        if self.breaks is not None:
            raise self.breaks
        if token != TOKEN or self.asked.count(TOKEN) > 1:
            return None
        return File(name="跨部门协作进度台账_行政部_20260918.xlsx", content_type="application/x-test", content=b"PK...")


def press(token: str = TOKEN) -> bytes:
    """What a browser sends when the button is pressed."""
    return request(f"t={token}".encode(), path="/download", headers=FORM)


async def test_reading_the_page_makes_no_file_however_often_it_is_read() -> None:
    """Chat programs read links before people do."""
    maker = OneFile()
    async with listening(downloads=maker) as listener:
        for _ in range(3):
            page = await listener.get(f"/download?t={TOKEN}")
            assert status_of(page) == 200
            assert f'value="{TOKEN}"'.encode() in page
            assert "下载".encode() in page
            assert b"default-src 'none'" in page
            assert b"noindex" in page
    assert maker.asked == []


async def test_the_button_hands_the_file_out_once_under_its_own_name() -> None:
    maker = OneFile()
    async with listening(downloads=maker) as listener:
        reply = await listener.send(press())
        assert (status_of(reply), body_of(reply)) == (200, b"PK...")
        assert b"filename*=UTF-8''%E8%B7%A8%E9%83%A8%E9%97%A8" in reply
        assert b"X-Content-Type-Options: nosniff" in reply
        assert b"Cache-Control: no-store" in reply
        again = await listener.send(press())
        assert status_of(again) == 404
        assert "重新发送“导出”".encode() in again


async def test_a_link_that_never_was_reads_like_one_that_is_gone() -> None:
    maker = OneFile()
    async with listening(downloads=maker) as listener:
        odd = ("x", "../" * 10, "<script>" * 4, "%00" * 20, "B" * 40)
        pressed = [await listener.send(press(token)) for token in odd]
        read = [await listener.get(f"/download?t={token}") for token in odd[:4]]
        replies = [body_of(reply) for reply in (*pressed, *read)]
        assert len(set(replies)) == 1
        assert not any(b"<script>" in reply for reply in replies)
        too_long = await listener.send(request(b"t=" + b"A" * 5000, path="/download", headers=FORM))
        assert status_of(too_long) == 413
    assert maker.asked == ["B" * 40]


async def test_a_store_that_is_away_or_a_file_that_cannot_be_made_breaks_nothing_else() -> None:
    maker = OneFile()
    async with listening(downloads=maker) as listener:
        maker.breaks = StoreUnavailable("/secret/path is locked")
        away = await listener.send(press())
        assert (status_of(away), body_of(away)) == (503, b"")
        maker.breaks = ValueError("no template")
        broken = await listener.send(press())
        assert (status_of(broken), body_of(broken)) == (500, b"")
        assert status_of(await listener.get("/livez")) == 200


async def test_without_files_there_is_no_such_page() -> None:
    async with listening() as listener:
        assert status_of(await listener.get(f"/download?t={TOKEN}")) == 404
        assert body_of(await listener.send(press())) == b""
