"""The front pages show what was measured, not what somebody typed."""

from __future__ import annotations

import json

import pytest

from bench.pages import BEGIN, END, PAGES, RESULTS, ROOT, table


@pytest.mark.parametrize("page", PAGES)
def test_the_table_of_figures_is_the_one_of_the_last_whole_run(page: str) -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    shown = (ROOT / page).read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert shown.strip() == table(results, page).strip()
    assert all(figure["value"] is not None for figure in results["figures"])
