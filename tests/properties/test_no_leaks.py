"""What is sensitive stays where it may stand, and what is confidential with those who may know of it (2.5, L-21; T-13)."""

from __future__ import annotations

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from structlog.testing import capture_logs

from bot.routing import Context
from tests.properties import leaks, lookups
from tests.properties.history import History, Step, steps
from tests.support.figures import Figures

#: a week in which much begins; nobody meddles, because a mark is only a secret where its writer may write it
KINDS = ("duty",) * 24 + ("begin",) * 14 + ("meeting",) * 5 + ("answer",) * 2 + ("glance",) * 5 + ("press", "wait") * 3
#: how many confidential objects everybody asks for
ASKED_FOR = 4


@pytest.fixture
def _loud() -> None:
    """Every record is looked at; the package's own fixture puts back what was."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))


def played(history: list[Step]) -> tuple[History, list[str]]:
    """The week, with what the program logged about it that should not be there."""
    told = History.watched(levels=(0, 1, 2, 2))
    told.bench.hears_reminders = True
    with capture_logs() as logs:
        for step in history:
            told.play(step)
        told.bench.advance(days=1)
    return told, [*leaks.in_logs(logs)]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("_loud")
def test_no_marked_word_stands_where_it_may_not(figures: Figures) -> None:
    """EC-08, EC-71, EC-74, EC-76: groups, cards, previews, reports, merged reminders, files, logs and the trail."""
    counted = [0, 0]

    @settings(
        max_examples=4,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    @given(steps(most=140, kinds=KINDS))
    def look(history: list[Step]) -> None:
        told, found = played(history)
        try:

            def everywhere(context: Context) -> list[str]:
                allowed = leaks.readers(context, told)
                sent = told.bench.everything()
                seen = [*leaks.in_messages(context, sent, allowed), *leaks.in_trail(context)]
                return [*seen, *leaks.in_files(context, allowed)]

            found += told.bench.within(everywhere)
            counted[0] += sum(map(len, told.wording.written.values()))
            counted[1] += len(told.bench.everything())
        finally:
            told.close()
        assert not found, "\n".join(found)

    look()
    figures("marked words of levels 1 and 2 in random weeks", f"{counted[0]} words, {counted[1]} messages, 0 leaks")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whoever_asks_for_a_hidden_number_reads_what_a_missing_one_reads(figures: Figures) -> None:
    """EC-70, EC-73: every person, every showing command, in private and in a group."""
    tried = [0]

    @settings(
        max_examples=2,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
    @given(steps(most=100, kinds=KINDS))
    def ask(history: list[Step]) -> None:
        told, _ = played(history)
        try:
            codes = lookups.confidential(told.bench)
            chosen = list({code[:2]: (code, access) for code, access in codes}.values())[:ASKED_FOR]
            found = [*lookups.differences(told.bench, chosen, "ALL")]
        finally:
            told.close()
        tried[0] += len(chosen)
        assert not found, "\n".join(found[:20])

    ask()
    figures("confidential numbers that everybody asked for", f"{tried[0]} numbers, 0 answers that differ")
