"""What is sensitive stays where it may stand, and what is confidential with those who may know of it (2.5, L-21; T-13)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import structlog
from structlog.testing import capture_logs

from bot.routing import Context
from tests.properties import leaks, lookups
from tests.properties.history import History, Step
from tests.properties.searching import Verdict, drawn, hold, judged
from tests.support.figures import Figures

#: a week in which much begins; nobody meddles, because a mark is only a secret where its writer may write it
KINDS = ("duty",) * 24 + ("begin",) * 14 + ("meeting",) * 5 + ("answer",) * 2 + ("glance",) * 5 + ("press", "wait") * 3
SEEDS, STEPS = range(40, 43), 150
ASKING_SEEDS, ASKING_STEPS = range(60, 61), 120
#: how many confidential objects everybody asks for
ASKED_FOR = 4


@pytest.fixture
def _loud() -> None:
    """Every record is looked at; the package's own fixture puts back what was."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))


def played(history: Sequence[Step]) -> tuple[History, list[str]]:
    """The week, with what the program logged about it that should not be there."""
    told = History.watched(levels=(0, 1, 2, 2))
    told.bench.hears_reminders = True
    with capture_logs() as logs:
        for step in history:
            told.play(step)
        told.bench.advance(days=1)
    return told, [*leaks.in_logs(logs)]


def look(history: Sequence[Step]) -> Verdict:
    told, found = played(history)

    def everywhere(context: Context) -> list[str]:
        allowed = leaks.readers(context, told)
        seen = [*leaks.in_messages(context, told.bench.everything(), allowed), *leaks.in_trail(context)]
        return [*seen, *leaks.in_files(context, allowed)]

    try:
        found += told.bench.transact(lambda uow: everywhere(told.bench.engine.context(uow, told.bench.clock.now())))
        return judged(told, "\n".join(found))
    finally:
        told.close()


@pytest.mark.slow
@pytest.mark.usefixtures("_loud")
@pytest.mark.parametrize("seed", SEEDS)
def test_no_marked_word_stands_where_it_may_not(seed: int, figures: Figures) -> None:
    """EC-08, EC-71, EC-74, EC-76: groups, cards, previews, reports, merged reminders, files, logs and the trail."""
    hold(drawn(seed, STEPS, KINDS), look)
    figures(
        "weeks full of marked secrets", f"{len(SEEDS)} of {STEPS} steps: messages, cards, files, logs, trail; 0 leaks"
    )


def ask(history: Sequence[Step]) -> Verdict:
    told, _ = played(history)
    try:
        codes = lookups.confidential(told.bench)
        chosen = list({code[:2]: (code, access) for code, access in codes}.values())[:ASKED_FOR]
        found = [*lookups.differences(told.bench, chosen, "ALL")]
        return judged(told, "\n".join(found))
    finally:
        told.close()


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", ASKING_SEEDS)
def test_whoever_asks_for_a_hidden_number_reads_what_a_missing_one_reads(seed: int, figures: Figures) -> None:
    """EC-70, EC-73: every person, every showing command, in private and in a group."""
    hold(drawn(seed, ASKING_STEPS, KINDS), ask, tries=8)
    figures(
        "hidden numbers that everybody asked for", f"{len(ASKING_SEEDS)} weeks, up to {ASKED_FOR} kinds, 0 differences"
    )
