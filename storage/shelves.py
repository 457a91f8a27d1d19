"""What the memory store is made of: dictionaries that remember how to undo, with look-up by value and by order.

A change notes its inverse in the journal; rolling back to a mark plays the inverses backwards. So a transaction costs
what it touches, however much is stored.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from storage.session import ReadOnlyViolation

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Journal:
    """How to undo what the present transaction did."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []
        self.is_read_only = False

    def note(self, undo: Callable[[], None]) -> None:
        """Remember an inverse; refused while only reading is allowed."""
        if self.is_read_only:
            raise ReadOnlyViolation("Store.read is for reading")
        self._undo.append(undo)

    @property
    def mark(self) -> int:
        """The present point in the journal."""
        return len(self._undo)

    def roll_back(self, mark: int) -> None:
        """Undo everything after the mark, newest first."""
        while len(self._undo) > mark:
            self._undo.pop()()

    def commit(self) -> None:
        """Nothing of it can be undone any more."""
        self._undo.clear()


class Shelf(Generic[K, V]):
    """Values by key. `indexed` makes values findable by what a function says of them; `ordered` keeps keys sorted."""

    def __init__(
        self,
        journal: Journal,
        *,
        indexed: Mapping[str, Callable[[V], Hashable]] | None = None,
        ordered: Callable[[K, V], Any] | None = None,
    ) -> None:
        self._journal = journal
        self._kept: dict[K, V] = {}
        self._takes = dict(indexed or {})
        self._found: dict[tuple[str, Hashable], set[K]] = {}
        self._rank = ordered
        self._order: list[tuple[Any, K]] = []

    def get(self, key: K) -> V | None:
        """The value of that key."""
        return self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        """Set the value of that key."""
        self._journal.note(self._inverse(key))
        self._set(key, value)

    def remove(self, key: K) -> None:
        """Forget the key; no error when it is not there."""
        if key in self._kept:
            self._journal.note(self._inverse(key))
            self._unset(key)

    def items(self) -> list[tuple[K, V]]:
        """Everything, in no particular order."""
        return list(self._kept.items())

    def keys(self) -> list[K]:
        """Every key, in no particular order."""
        return list(self._kept)

    def keys_where(self, name: str, value: Hashable) -> set[K]:
        """Keys whose value is indexed under that."""
        return set(self._found.get((name, value), ()))

    def where(self, name: str, value: Hashable) -> list[tuple[K, V]]:
        """Keys and values indexed under that, in key order."""
        return [(key, self._kept[key]) for key in sorted(self._found.get((name, value), ()))]  # type: ignore[type-var]

    def in_order(self) -> Iterator[tuple[K, V]]:
        """Keys and values by rank."""
        for _, key in tuple(self._order):
            yield key, self._kept[key]

    def first(self) -> tuple[K, V] | None:
        """Key and value of the lowest rank."""
        return (self._order[0][1], self._kept[self._order[0][1]]) if self._order else None

    def __len__(self) -> int:
        return len(self._kept)

    def _inverse(self, key: K) -> Callable[[], None]:
        if key not in self._kept:
            return lambda: self._unset(key)
        before = self._kept[key]
        return lambda: self._set(key, before)

    def _set(self, key: K, value: V) -> None:
        if key in self._kept:
            self._unset(key)
        self._kept[key] = value
        for name, take in self._takes.items():
            self._found.setdefault((name, take(value)), set()).add(key)
        if self._rank is not None:
            bisect.insort(self._order, (self._rank(key, value), key))

    def _unset(self, key: K) -> None:
        value = self._kept.pop(key)
        for name, take in self._takes.items():
            place = (name, take(value))
            self._found[place].discard(key)
            if not self._found[place]:
                del self._found[place]
        if self._rank is not None:
            del self._order[bisect.bisect_left(self._order, (self._rank(key, value), key))]
