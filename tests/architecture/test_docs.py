"""The written house holds together: links lead somewhere, both languages say the same, nothing names somebody's machine."""

from __future__ import annotations

import re

import pytest

from tests.architecture.pages import LANGUAGES, ROOT, Page, anchor_of, page, pages

_PAGES = pages()
#: where programs are installed on anybody's machine, and what a bot answers on; everything else is somebody's own place
_COMMON_PLACES = ("etc", "opt", "var", "run", "usr", "hook", "livez", "readyz", "metrics")
_ABSOLUTE = re.compile(r"(?<![\w.:/>）}…*])/([A-Za-z][\w.-]*)/[\w./-]+")
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
_DECISION = ("Context", "Decision", "Consequences", "Turned down")


def names(found: list[Page]) -> list[str]:
    return [one.name for one in found]


@pytest.mark.parametrize("name", names(_PAGES))
def test_every_link_leads_to_a_file_and_a_heading_that_exist(name: str) -> None:
    here = page(name)
    lost: list[str] = []
    for link in here.links:
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), f"{name}: {link}"
            continue
        target, _, anchor = link.partition("#")
        there = (here.path.parent / target).resolve() if target else here.path
        is_there = there.is_file() and there.is_relative_to(ROOT)
        if not is_there or (anchor and anchor not in Page(there).anchors):
            lost.append(link)
    assert lost == [], name


def test_an_anchor_is_made_as_the_host_makes_it() -> None:
    assert anchor_of("What starts a clock") == "what-starts-a-clock"
    assert anchor_of("PostgreSQL 与多个进程") == "postgresql-与多个进程"
    assert anchor_of("`doctor`, and more") == "doctor-and-more"


def test_both_languages_have_the_same_pages() -> None:
    chinese, english = ({p.name for p in (ROOT / "docs" / language).glob("*.md")} for language in LANGUAGES)
    assert chinese == english
    assert len(chinese) >= 7


@pytest.mark.parametrize("name", sorted(p.name for p in (ROOT / "docs" / "zh").glob("*.md")))
def test_a_page_and_its_twin_have_the_same_shape_and_name_each_other(name: str) -> None:
    chinese, english = page(f"docs/zh/{name}"), page(f"docs/en/{name}")
    assert [depth for depth, _ in chinese.headings] == [depth for depth, _ in english.headings]
    assert [len(row) for row in chinese.rows()] == [len(row) for row in english.rows()]
    assert f"../en/{name}" in chinese.links
    assert f"../zh/{name}" in english.links
    assert _blocks(chinese) == _blocks(english)


def _blocks(one: Page) -> int:
    return sum(line.lstrip().startswith("```") for line in one.text.splitlines())


def test_the_front_pages_have_the_same_shape_and_name_each_other() -> None:
    english, chinese = page("README.md"), page("README.zh-CN.md")
    assert [depth for depth, _ in english.headings] == [depth for depth, _ in chinese.headings]
    assert chinese.path.name in english.links
    assert english.path.name in chinese.links


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_in_the_table_of_contents(language: str) -> None:
    folder = ROOT / "docs" / language
    listed = page(f"docs/{language}/README.md").links
    front = page("README.md" if language == "en" else "README.zh-CN.md").links
    for path in folder.glob("*.md"):
        if path.name != "README.md":
            assert path.name in listed
            assert f"docs/{language}/{path.name}" in front


@pytest.mark.parametrize("name", names(_PAGES))
def test_no_page_names_a_place_on_somebodys_machine(name: str) -> None:
    found = [m.group(0) for m in _ABSOLUTE.finditer(page(name).text) if m.group(1) not in _COMMON_PLACES]
    assert found == [], name


def test_every_decision_is_listed_and_says_what_was_turned_down() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("0*.md"))
    listed = page("docs/adr/README.md").links
    assert [path.name for path in decisions] == listed
    for number, path in enumerate(decisions, start=1):
        one = Page(path)
        assert path.name.startswith(f"{number:04}-")
        assert one.headings[0][1].startswith(f"{number:04} ")
        assert [words for depth, words in one.headings if depth == 2] == list(_DECISION)


def test_every_test_that_a_page_names_exists() -> None:
    named = {found for one in _PAGES for found in _TEST.findall(one.text)}
    missing = [
        f"{path}::{test}"
        for path, test in sorted(named)
        if not (ROOT / path).is_file() or (test and not _defines(path, test))
    ]
    assert missing == []


def _defines(path: str, test: str) -> bool:
    text = (ROOT / path).read_text(encoding="utf-8")
    return re.search(rf"^\s*(?:async )?def {test}\(", text, re.MULTILINE) is not None


def test_the_threat_model_has_every_threat_with_a_file_of_ours_and_a_test_unless_it_does_not_apply_yet() -> None:
    rows = [row for row in page("THREAT_MODEL.md").rows() if row[0].startswith("T")]
    met = [row for row in rows if len(row) == 4]
    later = [number for row in rows if len(row) == 3 for number in row[0].split(", ")]
    assert sorted([*(row[0] for row in met), *later], key=lambda number: int(number[1:])) == [
        f"T{number}" for number in range(1, 33)
    ]
    for number, _, mitigation, proof in met:
        files = re.findall(r"`((?:bot|adapters|handlers|storage)/[\w/]+\.(?:py|toml))`", mitigation)
        assert files, number
        assert all((ROOT / file).is_file() for file in files), (number, files)
        assert _TEST.search(proof), number
