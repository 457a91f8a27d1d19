"""Every request our client makes fits the official SDK's models: paths, query parameters and bodies, nested ones too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from adapters.feishu.client import FeishuClient
from adapters.feishu.event import Self
from adapters.feishu.render import render
from bot.domain.chart import Chart
from bot.domain.ids import ChatKey
from bot.messages import (
    AddMembers,
    CreateGroup,
    EditCard,
    LeaveChat,
    ReadMembers,
    SendCard,
    SendPicture,
    SendText,
    Text,
    ToChat,
    Urge,
)
from tests.adapters.feishu.outgoing import CARD, SAMPLES, account, tenant
from tests.adapters.feishu_emulator.rig import START
from tests.contract.feishu.sdk_models import check_request
from tests.support.figures import Figures

pytestmark = pytest.mark.slow

Asking = Callable[[FeishuClient], Awaitable[object]]


@pytest.mark.parametrize("name", SAMPLES)
def test_each_outbound_is_a_request_that_the_sdk_could_have_made(name: str) -> None:
    call = render(SAMPLES[name], key="k", app_id="cli_x")
    body = call.body if call.form is None else {**dict(call.form.fields), call.form.name: call.form.content}
    assert check_request(call.method, call.path, call.query, body).model != "documentation"


async def test_everything_the_client_asks_in_a_day_is_known_to_the_sdk(figures: Figures) -> None:
    async with tenant() as company:
        company.emulator.remove_person("ou_dave")
        await use_everything(company.client)
        calls = company.emulator.recorder.calls
        for call in calls:
            check_request(call.method, call.path, call.query, call.body)
        operations = {call.operation for call in calls}
        assert len(operations) >= 20
        figures("feishu requests that fit the official SDK's models", f"{len(calls)} calls of {len(operations)} APIs")


async def use_everything(client: FeishuClient) -> None:
    """One call of each kind."""
    making = CreateGroup(
        platform="feishu",
        name="组",
        description="d",
        owner=account("ou_alice"),
        members=(account("ou_bob"), account("ou_dave"), account("ou_none")),
    )
    made = await client.send(making, key="g")
    chat = made.chat or ChatKey("feishu", "")
    target = ToChat(chat)
    text = await client.send(SendText(target=target, body=(Text("<b>"),)), key="t")
    await client.send(SendText(target=target, body=(Text("收到"),), reply_to=text.message), key="a")
    card = await client.send(SendCard(target=target, card_id="c", card=CARD), key="c")
    assert card.message is not None
    await client.send(EditCard(target=target, card_id="c", message=card.message, card=CARD), key="e")
    chart = Chart(title="周报", panels=())
    await client.send(SendPicture(target=target, chart=chart, alt="x"), key="p")
    await client.send(Urge(message=card.message, accounts=(account("ou_bob"),)), key="u")
    await client.send(AddMembers(chat=chat, members=(account("ou_carol"),)), key="m")
    await client.send(ReadMembers(chat=chat), key="r")
    await client.directory()
    await client.probe()
    await client.stream_endpoint()
    for room in await client.history.rooms():
        async for _ in client.history.missed(room, since=START, me=Self(app_id="cli_x")):
            pass
    await client.send(LeaveChat(chat=chat), key="l")
