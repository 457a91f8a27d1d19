"""A button that was not made here does nothing, whoever presses it (T8)."""

from __future__ import annotations

import base64
from collections.abc import Callable

import msgspec
import pytest

from bot.domain.reply_clock import ClockState
from bot.updates import CardClicked
from handlers.cards.clock import ACKNOWLEDGE, CALL_OFF
from handlers.seals import CARD, PROOF
from tests.handlers.bench import Bench
from tests.handlers.shown import Shown

Altered = Callable[[CardClicked], CardClicked]


def _with(**params: str) -> Altered:
    return lambda click: msgspec.structs.replace(click, params={**click.params, **params})


def _without(name: str) -> Altered:
    return lambda click: msgspec.structs.replace(click, params={k: v for k, v in click.params.items() if k != name})


def _acting(name: str) -> Altered:
    return lambda click: msgspec.structs.replace(click, action=name)


def _proof(change: Callable[[str], str]) -> Altered:
    return lambda click: msgspec.structs.replace(click, params={**click.params, PROOF: change(click.params[PROOF])})


ALTERED: dict[str, Altered] = {
    "another code": _with(code="HF-2026-0002"),
    "a code in another spelling": _with(code="hf-2026-0001"),
    "no code": _without("code"),
    "another card": _with(**{CARD: "HF-2026-0002"}),
    "no card": _without(CARD),
    "one parameter more": _with(role="LDR"),
    "another action of the same card": _acting(CALL_OFF),
    "an action nobody has": _acting("approve"),
    "an empty action": _acting(""),
    "no proof": _without(PROOF),
    "an empty proof": _proof(lambda _: ""),
    "half a proof": _proof(lambda proof: proof[:11]),
    "a proof and more": _proof(lambda proof: proof + "A"),
    "the proof twice": _proof(lambda proof: proof * 2),
    "the proof in capitals": _proof(str.upper),
    "the proof backwards": _proof(lambda proof: proof[::-1]),
    "a proof of zeros": _proof(lambda _: base64.urlsafe_b64encode(bytes(16)).rstrip(b"=").decode()),
    "a proof in Chinese": _proof(lambda _: "证" * 22),
    "half a surrogate pair": _proof(lambda _: "\ud800" * 22),
    "nothing at all": lambda click: msgspec.structs.replace(click, params={}),
}


@pytest.fixture
def card(bench: Bench) -> Shown:
    """The card of an inquiry in the group of X1, and a second question, so that another code exists."""
    bench.until("09:00")
    bench.says("方景行", "@回音 询问 @袁知行 检测夹具？", where="X1")
    card = bench.expects_card(in_chat="X1")
    bench.says("方景行", "@回音 询问 @秦书禾 排产？", where="X1")
    bench.expects_card(in_chat="X1")
    return card


@pytest.mark.parametrize("alter", ALTERED.values(), ids=list(ALTERED))
def test_an_altered_button_is_answered_like_what_does_not_exist_and_noted(
    bench: Bench, card: Shown, alter: Altered
) -> None:
    (answer,) = bench.presses(alter(bench.click("袁知行", ACKNOWLEDGE, card=card)))
    assert answer is not None
    assert answer.toast == "未找到该编号，或您无权查看。"
    assert {clock.state for clock in bench.read(lambda uow: uow.clocks.find())} == {ClockState.RUNNING}
    assert bench.read(lambda uow: uow.audit.tail(limit=1))[0].record.reason == "forged_button"
    bench.expects_nothing_more()


def test_the_same_button_unaltered_works(bench: Bench, card: Shown) -> None:
    bench.presses(bench.click("袁知行", ACKNOWLEDGE, card=card))
    states = [clock.state for clock in bench.read(lambda uow: uow.clocks.find())]
    assert states == [ClockState.ANSWERED_IN_TIME, ClockState.RUNNING]


def test_a_proof_has_128_bits_in_22_characters_and_says_nothing_of_its_key(bench: Bench, card: Shown) -> None:
    proofs = {button.params[PROOF] for button in card.card.buttons}
    assert {len(proof) for proof in proofs} == {22}
    assert len(proofs) == len(card.card.buttons)
