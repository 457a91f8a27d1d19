"""The sample company on any of the platforms: the same people, each reachable there."""

from __future__ import annotations

import pytest

from bot.company import read_company, sample_text
from bot.company_people import PLATFORMS
from bot.playground.casting import cast


@pytest.mark.parametrize("platform", PLATFORMS)
def test_everybody_has_an_account_and_every_group_is_there(platform: str) -> None:
    sample, company = read_company(sample_text()), read_company(cast(sample_text(), platform))
    assert [person.id for person in company.people] == [person.id for person in sample.people]
    accounts = [person.accounts[platform] for person in company.people]
    assert len(set(accounts)) == len(accounts)
    assert {group.platform for group in company.groups} == {platform}
    assert len({group.chat for group in company.groups}) == len(sample.groups)


def test_on_the_platform_that_it_is_written_for_nothing_changes() -> None:
    assert cast(sample_text(), read_company(sample_text()).groups[0].platform) == sample_text()
