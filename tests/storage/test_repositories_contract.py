"""Aggregates: every store keeps them the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from bot.domain.ids import DepartmentId, PersonId
from bot.domain.records import Preference, Setting
from bot.domain.sla import ClockState
from bot.errors import AlreadyExists, StaleVersion
from bot.ports import Repository, Store, UnitOfWork
from storage.mapping import SPECS
from tests.storage.samples import CHAT, ENTITIES, NOW, PERSON, at, clock


def repository(uow: UnitOfWork, name: str) -> Repository[Any]:
    """The repository of that name."""
    found: Repository[Any] = getattr(uow, name)
    return found


@pytest.mark.parametrize("name", sorted(ENTITIES))
async def test_every_kind_comes_back_as_it_was_put(store: Store, name: str) -> None:
    entity, key = ENTITIES[name]
    added = await store.run(lambda uow: repository(uow, name).add(entity))
    loaded = await store.read(lambda uow: repository(uow, name).get(key))
    assert added == loaded == replace(entity, version=1)  # type: ignore[type-var]


@pytest.mark.parametrize("name", sorted(ENTITIES))
async def test_every_kind_moves_on_by_one_version_and_can_be_forgotten(store: Store, name: str) -> None:
    entity, key = ENTITIES[name]

    def change(uow: UnitOfWork) -> Any:
        kept = repository(uow, name)
        return kept.put(kept.put(kept.add(entity)))

    assert (await store.run(change)).version == 3
    await store.run(lambda uow: repository(uow, name).remove(key))
    await store.run(lambda uow: repository(uow, name).remove(key))
    assert await store.read(lambda uow: repository(uow, name).get(key)) is None
    assert await store.read(lambda uow: repository(uow, name).find()) == []


async def test_a_key_can_be_taken_once(store: Store) -> None:
    await store.run(lambda uow: uow.people.add(PERSON))
    with pytest.raises(AlreadyExists):
        await store.run(lambda uow: uow.people.add(PERSON))


async def test_a_change_of_something_older_is_refused(store: Store) -> None:
    first = await store.run(lambda uow: uow.people.add(PERSON))
    await store.run(lambda uow: uow.people.put(replace(first, name="张四")))
    with pytest.raises(StaleVersion):
        await store.run(lambda uow: uow.people.put(replace(first, name="张五")))
    with pytest.raises(StaleVersion):
        await store.run(lambda uow: uow.departments.put(ENTITIES["departments"][0]))  # type: ignore[arg-type]
    assert (await store.read(lambda uow: uow.people.get("zhang"))) == replace(first, name="张四", version=2)


async def test_a_unit_of_work_runs_again_after_a_stale_version(store: Store) -> None:
    loaded = await store.run(lambda uow: uow.people.add(PERSON))
    tries: list[str] = []

    def rename(uow: UnitOfWork) -> None:
        person = uow.people.get("zhang")
        assert person is not None
        tries.append(person.name)
        if len(tries) == 1:
            uow.people.put(person)  # somebody was faster
        uow.people.put(loaded if len(tries) == 1 else replace(person, name="新名"))

    await store.run(rename)
    assert tries == ["张三", "张三"]
    assert (await store.read(lambda uow: uow.people.get("zhang"))) == replace(loaded, name="新名", version=2)


async def test_find_takes_values_alternatives_and_none_and_answers_in_key_order(store: Store) -> None:
    def fill(uow: UnitOfWork) -> None:
        for number in (12, 3, 7):
            uow.clocks.add(clock(number, department="wl" if number != 7 else "zl"))
        uow.clocks.add(replace(clock(5, state=ClockState.BREACHED), answer=clock(5).message, closed_for_counting=True))

    await store.run(fill)

    async def found(**equals: Any) -> list[str]:
        return [c.code[-2:] for c in await store.read(lambda uow: uow.clocks.find(**equals))]

    assert await found() == ["03", "05", "07", "12"]
    assert await found(state=ClockState.RUNNING) == ["03", "07", "12"]
    assert await found(state="running", department="wl", chat=str(CHAT)) == ["03", "12"]
    assert await found(state=("running", "breached")) == ["03", "05", "07", "12"]
    assert await found(answer=None) == ["03", "07", "12"]
    assert await found(answer=(None, "feishu:om_5")) == ["03", "05", "07", "12"]
    assert await found(closed_for_counting=True) == ["05"]
    assert await found(closed_for_counting=False, department=("zl", "xx", "yy")) == ["07"]
    assert await found(department=()) == []
    assert await found(thread="", asker="zhang", asking_department="cg", message="feishu:om_7") == ["07"]


async def test_keys_are_ordered_by_code_point_everywhere(store: Store) -> None:
    names = ["b", "B", "a", "Ä", "采", "_", "1", "𠀀", "\uffee"]
    await store.run(lambda uow: [uow.settings.add(Setting(name=name, body="")) for name in names])
    assert [s.name for s in await store.read(lambda uow: uow.settings.find())] == sorted(names)


async def test_find_by_a_column_that_is_not_kept_is_an_error(store: Store) -> None:
    with pytest.raises(KeyError):
        await store.read(lambda uow: uow.clocks.find(excerpt="x"))
    with pytest.raises(KeyError):
        await store.read(lambda uow: uow.clocks.between("answered_at", NOW, NOW))


async def test_between_leaves_the_start_out_and_the_end_in(store: Store) -> None:
    dues = {1: 10.0, 2: 20.0, 3: 30.0, 4: 20.0}
    await store.run(lambda uow: [uow.clocks.add(clock(n, due=due)) for n, due in dues.items()])

    async def found(start: float, end: float, **equals: Any) -> list[str]:
        clocks = await store.read(lambda uow: uow.clocks.between("due_at", at(start), at(end), **equals))
        return [c.code[-1] for c in clocks]

    assert await found(10, 30) == ["2", "4", "3"]
    assert await found(9.999, 20) == ["1", "2", "4"]
    assert await found(0, 100, state="breached") == []
    assert await found(30, 30) == []
    assert await store.read(lambda uow: uow.clocks.between("verdict_at", at(-9e6), at(9e6))) == []


async def test_changed_columns_are_found_under_the_new_value_only(store: Store) -> None:
    await store.run(lambda uow: uow.clocks.put(replace(uow.clocks.add(clock(1)), state=ClockState.BREACHED)))
    assert await store.read(lambda uow: uow.clocks.find(state="running")) == []
    assert len(await store.read(lambda uow: uow.clocks.find(state="breached"))) == 1


async def test_instants_of_any_zone_are_the_same_instant(store: Store) -> None:
    beijing = timezone(timedelta(hours=8))
    preference = Preference(person=PersonId("li"), muted_until=at(0.123456).astimezone(beijing))
    await store.run(lambda uow: uow.preferences.add(preference))
    assert await store.read(lambda uow: uow.preferences.get("li")) == replace(preference, version=1)


@pytest.mark.parametrize("text", ["坏\ud800的", "零\0零", "\udfff\0", "\\u0000 只是字"])
async def test_text_that_a_database_cannot_keep_is_made_harmless(store: Store, text: str) -> None:
    """M8: a lone surrogate or a NUL from JSON must not become a poison message."""
    await store.run(lambda uow: uow.settings.add(Setting(name=f"n{text}", body=text)))
    [kept] = await store.read(lambda uow: uow.settings.find())
    assert kept.body == "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)
    assert await store.read(lambda uow: uow.settings.get(f"n{text}")) == kept
    await store.run(lambda uow: uow.settings.put(kept))
    assert await store.read(lambda uow: uow.people.find(department=text)) == []


async def test_long_lists_of_alternatives_are_found(store: Store) -> None:
    def fill(uow: UnitOfWork) -> None:
        for number in range(100):
            uow.people.add(replace(PERSON, id=PersonId(f"p{number:03d}"), department=DepartmentId(f"d{number:03d}")))

    await store.run(fill)
    wanted = tuple(f"d{number:03d}" for number in range(0, 100, 3))
    found = await store.read(lambda uow: uow.people.find(department=wanted, is_active=True))
    assert [p.department for p in found] == list(wanted)


def test_there_is_a_sample_of_every_kind() -> None:
    assert {type(entity) for entity, _ in ENTITIES.values()} == {spec.entity for spec in SPECS}
