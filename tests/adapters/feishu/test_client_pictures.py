"""Charts as pictures, against the emulated platform: drawn, uploaded once, sent once, and words where there can be none."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters._multipart import Form
from adapters._pictures import REMEMBERED
from adapters.feishu.emulator import FaultKind
from adapters.feishu.render import image_call
from bot.domain.chart import Bar, Chart, Panel, Series, Tone
from bot.domain.ids import ChatKey
from bot.errors import FailureKind, PlatformError
from bot.messages import SendPicture, ToChat, ToPerson
from bot.pictures import png
from tests.adapters.feishu.outgoing import Tenant, account, tenant

UPLOAD, CREATE = "im.v1.image.create", "im.v1.message.create"
PANEL = Panel(title="响应", series=(Series(name="按时", tone=Tone.GOOD),), bars=(Bar(label="质量", values=(5,)),))
CHART = Chart(title="周报", panels=(PANEL,))


def picture(name: str = "ou_bob", chart: Chart = CHART) -> SendPicture:
    return SendPicture(target=ToPerson(account(name)), chart=chart, alt="图表没能显示")


async def refused(company: Tenant, outbound: SendPicture, *, key: str = "k") -> PlatformError:
    with pytest.raises(PlatformError) as problem:
        await company.client.send(outbound, key=key)
    return problem.value


def seen_by(company: Tenant, name: str = "ou_bob") -> list[bytes]:
    """The pictures in that person's chat with the bot."""
    messages = [m for chat in company.emulator.what_sees(name) for m in chat.messages if m.kind == "image"]
    state = company.emulator.state
    return [state.resources[key] for m in messages for key in state.resources if key in state.messages[m.id].content]


async def test_the_picture_arrives_as_it_was_drawn_and_the_receipt_names_it() -> None:
    async with tenant() as company:
        receipt = await company.client.send(picture(), key="k")
        assert receipt.message is not None
        assert company.emulator.message_as_seen(receipt.message.message).text == "[图片]"
        assert seen_by(company) == [png(CHART)]
        assert receipt.chat == ChatKey("feishu", company.emulator.direct_chat("ou_bob"))


@pytest.mark.slow
async def test_a_picture_for_many_is_uploaded_once() -> None:
    async with tenant() as company:
        people = ("ou_alice", "ou_bob", "ou_carol")
        await asyncio.gather(*(company.client.send(picture(name), key=name) for name in people))
        assert company.operations().count(UPLOAD) == 1
        assert company.operations().count(CREATE) == 3
        assert all(len(seen_by(company, name)) == 1 for name in people)


@pytest.mark.slow
async def test_only_the_last_pictures_are_remembered() -> None:
    async with tenant(enforces_rates=False) as company:
        charts = [Chart(title=str(n), panels=()) for n in range(REMEMBERED + 1)]
        for chart in (*charts, charts[-1], charts[0]):
            await company.client.send(picture(chart=chart), key=f"k{chart.title}")
        assert company.operations().count(UPLOAD) == REMEMBERED + 2


@pytest.mark.slow
async def test_the_same_key_makes_no_second_message() -> None:
    """F7: executed but timed out; the upload is not repeated for it."""
    async with tenant(seconds=1.0) as company:
        company.emulator.faults.add(CREATE, FaultKind.EXECUTED_THEN_TIMEOUT, nth=1, seconds=5)
        assert (await refused(company, picture())).kind is FailureKind.UNKNOWN
        await company.client.send(picture(), key="k")
        assert len(seen_by(company)) == 1
        assert company.operations().count(UPLOAD) == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", [FaultKind.EXECUTED_THEN_TIMEOUT, FaultKind.BAD_JSON, FaultKind.HTTP_500])
async def test_an_upload_in_doubt_is_simply_made_again(kind: FaultKind) -> None:
    """It said nothing to anybody: no doubt about the message comes of it."""
    async with tenant(seconds=1.0) as company:
        company.emulator.faults.add(UPLOAD, kind, nth=1, seconds=5)
        assert (await refused(company, picture())).kind is FailureKind.RETRY
        await company.client.send(picture(), key="k")
        assert len(seen_by(company)) == 1


async def test_without_the_scope_the_words_go_instead() -> None:
    async with tenant() as company:
        company.emulator.revokes("im:resource")
        problem = await refused(company, picture())
        assert (problem.kind, problem.code) == (FailureKind.DEGRADE, "99991672")
        assert problem.hint
        assert CREATE not in company.operations()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (99991402, FailureKind.DEGRADE),
        (234001, FailureKind.DEGRADE),
        (99991403, FailureKind.ADMINISTRATOR),
        (99991662, FailureKind.ADMINISTRATOR),
        (99991400, FailureKind.RETRY),
    ],
)
async def test_what_a_refused_upload_means(code: int, kind: FailureKind) -> None:
    """What concerns pictures alone makes words of this one; what concerns everything waits like everything."""
    async with tenant() as company:
        company.emulator.faults.add(UPLOAD, FaultKind.CODE, code=code, nth=1)
        assert (await refused(company, picture())).kind is kind


async def test_a_key_that_is_known_no_more_is_replaced() -> None:
    async with tenant() as company:
        await company.client.send(picture(), key="a")
        company.emulator.state.resources.clear()
        await company.client.send(picture(), key="b")
        assert company.operations().count(UPLOAD) == 2
        assert len(seen_by(company)) == 1


async def test_a_fresh_key_that_is_not_taken_makes_words_of_it() -> None:
    async with tenant() as company:
        company.emulator.faults.add(CREATE, FaultKind.CODE, code=230055, nth=1)
        problem = await refused(company, picture())
        assert (problem.kind, problem.code) == (FailureKind.DEGRADE, "bad_image")


async def test_somebody_who_left_is_told_nothing_and_no_words_either() -> None:
    async with tenant() as company:
        company.emulator.faults.add(CREATE, FaultKind.CODE, code=230029, nth=1)
        assert (await refused(company, picture())).kind is FailureKind.GONE


async def test_a_group_gets_it_too() -> None:
    async with tenant() as company:
        chat = company.emulator.add_group("g", ["ou_alice", "ou_bob"])
        outbound = SendPicture(target=ToChat(ChatKey("feishu", chat)), chart=CHART, alt="x")
        await company.client.send(outbound, key="k")
        assert [m.kind for m in company.emulator.chat_as_seen("ou_bob", chat).messages] == ["image"]


# ---------------------------------------------------------------- the form


def test_the_form_is_read_back_as_it_was_written() -> None:
    """By the library that the emulator reads forms with; a file may contain anything, line ends and boundaries too."""
    content = bytes(range(256)) + b"\r\n--huiyin-\r\n\r\n"
    form = Form(
        fields=(("image_type", "message"),), name="image", file_name="a.png", media_type="image/png", content=content
    )
    first, second, end = form.body.split(f"--{form.boundary}".encode())[1:]
    assert first == b'\r\nContent-Disposition: form-data; name="image_type"\r\n\r\nmessage\r\n'
    assert second.partition(b"\r\n\r\n")[2] == content + b"\r\n"
    assert end == b"--\r\n"
    assert form.content_type == f"multipart/form-data; boundary={form.boundary}"
    assert replace(form, content=b"other").boundary != form.boundary
    assert len(form.boundary) <= 70, "RFC 2046"


@pytest.mark.slow
def test_a_picture_is_far_below_the_limit_of_the_platform() -> None:
    """feishu.md 5.2: 10 MB."""
    panel = replace(PANEL, bars=tuple(Bar(label="很长的部门名称", values=(n,), note="样本不足") for n in range(40)))
    form = image_call(png(Chart(title="周报", panels=(panel,) * 2))).form
    assert form is not None
    assert len(form.content) < 1024 * 1024
