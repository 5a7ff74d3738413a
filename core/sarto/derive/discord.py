"""Features whose parts do not go together: every least set of them, whoever judges whether a set does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

__all__ = ["Discord", "Judge", "discords"]

Pair = tuple[str, str]
Judge = Callable[[Collection[str], Sequence[Pair]], str]
"""Whether the parts of features go together, given the pairs of them that need not: an empty text, or why not.

With fewer features, or more pairs, it can only become better.
"""
Blamed = Callable[[str], Collection[str]]
"""The features that such a reason names."""
Widened = Callable[[Pair], Iterable[Pair]]
"""A pair that was found, with others that need not go together either."""


@dataclass(frozen=True, slots=True)
class Discord:
    """Features whose parts do not go together, none of which can be spared; ``said`` is the judge's reason.

    None of them, where not even the core's parts do.
    """

    features: tuple[str, ...]
    said: str


def discords(
    features: Sequence[str],
    judge: Judge,
    blamed: Blamed,
    apart: Sequence[Pair] = (),
    widened: Widened = lambda pair: (pair,),
) -> Iterator[Discord]:
    """Every least set of the features whose parts do not go together, but for those that have a pair of ``apart``.

    The judge is asked about all features first, and about ever fewer only where these fail: two that do not go
    together, ``widened``, are kept apart from then on; of three or more, each in turn is left out (Reiter's tree of
    hitting sets, 1987).
    """
    search = _Search(cache(judge), blamed, dict.fromkeys(apart))
    pending: list[frozenset[str]] = [frozenset()]
    seen: set[frozenset[str]] = set()
    while pending:
        without = pending.pop()
        if without in seen:
            continue
        here = tuple(name for name in features if name not in without)
        discord = search.known(here)
        if discord is None:
            said = search.refusal(here)
            if not said:
                seen.add(without)
                continue
            discord = search.least(here, said)
            yield discord
            search.found.append(discord)
        if not discord.features:
            return
        if len(discord.features) == 2:
            search.apart.update(dict.fromkeys(widened((discord.features[0], discord.features[1]))))
            pending.append(without)
        else:
            seen.add(without)
            pending += [without | {name} for name in reversed(discord.features)]


@dataclass(frozen=True, slots=True)
class _Search:
    judge: Callable[[tuple[str, ...], tuple[Pair, ...]], str]
    blamed: Blamed
    apart: dict[Pair, None]
    found: list[Discord] = field(default_factory=list)

    def known(self, here: Collection[str]) -> Discord | None:
        """One of more than two features, or of one, that was found elsewhere."""
        return next((each for each in self.found if len(each.features) != 2 and {*each.features} <= {*here}), None)

    def refusal(self, here: tuple[str, ...]) -> str:
        """What the judge says of features, with the pairs apart."""
        return self.judge(here, tuple(pair for pair in self.apart if {*pair} <= {*here}))

    def least(self, here: tuple[str, ...], said: str) -> Discord:
        """One of the features that are ``here``, which the judge does not let pass even with the pairs apart.

        What remains has no such pair: without one of the two it would fail as well.
        """
        named = self.blamed(said)
        few = tuple(name for name in here if name in named)
        if few != here and (why := self.refusal(few)):
            here, said = few, why
        for name in here:
            rest = tuple(each for each in here if each != name)
            if why := self.refusal(rest):
                here, said = rest, why
        return Discord(here, said)
