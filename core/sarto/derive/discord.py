"""Features whose parts do not go together: every least set of them, whoever judges whether a set does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

__all__ = ["MOST", "Discord", "Judge", "discords"]

MOST = 50
"""So many sets are looked for: who has more has one cause behind many of them."""

Pair = tuple[str, str]
Judge = Callable[[Collection[str], Sequence[Pair]], str]
"""Whether the parts of features go together, given the pairs of them that need not: an empty text, or why not.

With fewer features, or more pairs, it can only become better.
"""
Blamed = Callable[[str], Collection[str]]
"""The features that such a reason names."""


@dataclass(frozen=True, slots=True)
class Discord:
    """Features whose parts do not go together, none of which can be spared; ``said`` is the judge's reason.

    None of them, where not even the core's parts do.
    """

    features: tuple[str, ...]
    said: str


def discords(features: Sequence[str], judge: Judge, blamed: Blamed, apart: Sequence[Pair] = ()) -> Iterator[Discord]:
    """Every least set of the features whose parts do not go together, but for those that have a pair of ``apart``.

    The judge is asked about all features first, and about ever fewer only where these fail: two that do not go
    together are kept apart from then on; of three or more, each in turn is left out (Reiter's tree of hitting sets,
    1987). Ends after :data:`MOST`.
    """
    search = _Search(features, cache(lambda names: judge(names, ())), blamed, [*apart])
    pending: list[frozenset[str]] = [frozenset()]
    seen: set[frozenset[str]] = set()
    while pending and len(search.found) < MOST:
        without = pending.pop()
        if without in seen:
            continue
        here = [name for name in features if name not in without]
        discord = search.known(here)
        if discord is None:
            said = judge(here, [pair for pair in search.apart if {*pair} <= {*here}])
            if not said:
                seen.add(without)
                continue
            discord = search.least(here, said)
            yield discord
            search.found.append(discord)
        if not discord.features:
            return
        if len(discord.features) == 2:
            search.apart.append((discord.features[0], discord.features[1]))
            pending.append(without)
        else:
            seen.add(without)
            pending += [without | {name} for name in reversed(discord.features)]


@dataclass(frozen=True, slots=True)
class _Search:
    """``fails`` says why features do not go together without any pair kept apart."""

    features: Sequence[str]
    fails: Callable[[tuple[str, ...]], str]
    blamed: Blamed
    apart: list[Pair]
    found: list[Discord] = field(default_factory=list)

    def known(self, here: Collection[str]) -> Discord | None:
        """One of more than two features, or of one, that was found elsewhere."""
        return next((each for each in self.found if len(each.features) != 2 and {*each.features} <= {*here}), None)

    def least(self, here: Sequence[str], said: str) -> Discord:
        """One of the features that are ``here``, which the judge does not let pass even with the pairs apart."""
        for start in (self._ordered(self.blamed(said)), *_apart(here, self.apart)):
            if {*start} <= {*here} and not any({*pair} <= {*start} for pair in self.apart):
                why = self.fails(start)
                if why:
                    return self._shrunk(start, why)
        return Discord(tuple(here), said)

    def _shrunk(self, features: tuple[str, ...], said: str) -> Discord:
        for name in features:
            rest = tuple(each for each in features if each != name)
            if len(rest) < len(features) and (why := self.fails(rest)):
                features, said = rest, why
        return Discord(features, said)

    def _ordered(self, names: Collection[str]) -> tuple[str, ...]:
        return tuple(name for name in self.features if name in names)


def _apart(names: Sequence[str], pairs: Sequence[Pair]) -> Iterator[tuple[str, ...]]:
    """The largest sets of the names without a pair, as texts in their order; some come twice, some are not largest."""
    pair = next((pair for pair in pairs if {*pair} <= {*names}), None)
    if pair is None:
        yield tuple(names)
        return
    for left_out in pair:
        yield from _apart([name for name in names if name != left_out], pairs)
