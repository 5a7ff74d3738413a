"""Which features meet, in which order, and what they can be sure of: proofs over all configurations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from ..model.feature_model import FeatureModel
from .encoding import encode_skeleton
from .explaining import Explainer
from .session import SatSession
from .values import domains_of
from .words import rule_sentence

__all__ = ["Apart", "Company", "Meeting", "Ordered"]

Pair = tuple[str, str]
MOST = 1000
"""Cycles of an order that are looked at: a person who has written so many sees the first."""

NOTHING: Mapping[str, bool] = {}


@dataclass(frozen=True, slots=True)
class Apart:
    """Two features that no configuration has together, with the fewest-by-inclusion rules that say so, in words."""

    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Two features that follow one another in every configuration that has both.

    ``paths`` are chains of features from one to the other, each step of which is ordered, so many that one of them is
    in every such configuration.
    """

    paths: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Meeting:
    """What a selection has to ask for so that something occurs: no choice of it can be spared, and it is valid."""

    selection: Mapping[str, bool]


class Company:
    """The configurations of a model, asked about some of its features.

    ``names`` are those that are asked about. Of each pair in ``order`` the first comes before the second where both
    are there. Raises SartoError for arithmetic that no formula expresses.
    """

    def __init__(self, model: FeatureModel, names: Iterable[str], order: Collection[Pair] = ()) -> None:
        asked = dict.fromkeys([*names, *(name for pair in order for name in pair)])
        self._formula = encode_skeleton(model, domains_of(model, {}), tuple(asked))
        self._session = SatSession.of(self._formula)
        self._followers: dict[str, list[str]] = {}
        for first, second in order:
            self._followers.setdefault(first, []).append(second)

    def close(self) -> None:
        """Free the solver."""
        self._session.close()

    def between(self, first: str, second: str) -> Apart | Ordered | Meeting:
        """Whether two features are never together, always ordered, or in some configuration neither.

        A solution in which a path orders them rules that path out for the next one, until none is left.
        """
        both = self._literals({first: True, second: True})
        if not self._session.is_possible(both):
            return Apart(self._reasons(both))
        guard = self._session.fresh()
        paths: list[tuple[str, ...]] = []
        while self._session.is_possible([guard, *both]):
            solution = self._session.solution()
            there = {name for name, variable in self._formula.variables.items() if solution[variable] > 0}
            path = self._path(first, second, there) or self._path(second, first, there)
            if path is None:
                return Meeting(self._spared({first: True, second: True} | self._absent(first, second, there)))
            paths.append(path)
            self._session.add([(-guard, *(-self._formula.variables[name] for name in path[1:-1]))])
        return Ordered(tuple(paths))

    def going_round(self) -> Iterator[tuple[tuple[str, ...], Meeting]]:
        """Cycles of the order whose features are together in some configuration, each with the selection of one.

        A cycle begins with the one of its features that is first in the order; looked at are at most ``MOST`` cycles.
        """
        for cycle in islice(self._cycles(), MOST):
            wishes = dict.fromkeys(cycle, True)
            if self._session.is_possible(self._literals(wishes)):
                yield cycle, Meeting(self._spared(wishes))

    def _cycles(self) -> Iterator[tuple[str, ...]]:
        """The elementary cycles, each once: from its first feature on through later ones only."""
        rank = {name: number for number, name in enumerate(self._followers)}
        for start in rank:
            work: list[tuple[str, ...]] = [(start,)]
            while work:
                path = work.pop()
                for name in self._followers.get(path[-1], ()):
                    if name == start:
                        yield path
                    elif rank.get(name, -1) > rank[start] and name not in path:
                        work.append((*path, name))

    def without(self, feature: str, others: Collection[str], given: Mapping[str, bool] = NOTHING) -> Meeting | None:
        """A selection with the feature and none of the others; None where it never is without them all.

        Only configurations that have what is ``given`` count.
        """
        wishes = {feature: True} | dict.fromkeys(others, False)
        if any(given.get(name, wish) is not wish for name, wish in wishes.items()):
            return None
        wishes |= given
        if feature in others or not self._session.is_possible(self._literals(wishes)):
            return None
        return Meeting(self._spared(wishes))

    def _path(self, start: str, end: str, there: Collection[str]) -> tuple[str, ...] | None:
        """The shortest way from one feature to another, step by step through those that are there."""
        came_from: dict[str, str] = {start: ""}
        work = [start]
        for name in work:
            if name == end:
                found = [name]
                while came_from[found[-1]]:
                    found.append(came_from[found[-1]])
                return tuple(reversed(found))
            fresh = [each for each in self._followers.get(name, ()) if each in there and each not in came_from]
            came_from |= dict.fromkeys(fresh, name)
            work += fresh
        return None

    def _absent(self, first: str, second: str, there: Collection[str]) -> dict[str, bool]:
        """As few features as possible that must not be there, so that nothing orders the two."""
        names = set(self._formula.variables)
        absent = [name for name in self._formula.variables if name not in there and name in self._ordering]
        for name in list(absent):
            open_to = names - (set(absent) - {name})
            if not (self._path(first, second, open_to) or self._path(second, first, open_to)):
                absent.remove(name)
        return dict.fromkeys(absent, False)

    @property
    def _ordering(self) -> set[str]:
        return {*self._followers, *(name for names in self._followers.values() for name in names)}

    def _spared(self, wishes: dict[str, bool]) -> dict[str, bool]:
        """The wishes without those that follow from the others, the last ones first."""
        kept = dict(wishes)
        for name, value in reversed(wishes.items()):
            rest = {other: wish for other, wish in kept.items() if other != name}
            if not self._session.is_possible([*self._literals(rest), *self._literals({name: not value})]):
                kept = rest
        return kept

    def _literals(self, wishes: Mapping[str, bool]) -> list[int]:
        return [self._formula.literal(name, value) for name, value in wishes.items()]

    def _reasons(self, literals: Sequence[int]) -> tuple[str, ...]:
        with closing(Explainer(self._formula)) as explainer:
            return tuple(rule_sentence(rule) for rule in explainer.impossible([], literals)[0])
