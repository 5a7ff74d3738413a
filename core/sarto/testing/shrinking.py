"""Which decisions a failure rests on: the interactions that observations leave, and delta debugging."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from typing import TypeVar

from ..model.expression import Value
from ..model.feature_model import FeatureModel
from ..solve.sampling.covering import features_to_cover
from ..solve.sampling.space import Configuration, ConfigurationSpace

__all__ = ["Completions", "Decisions", "decisions_of", "explanations", "smallest"]

T = TypeVar("T")
Decisions = frozenset[tuple[str, bool]]
"""Features, each in or out."""

MOST = 1000
"""Of more interactions than that nobody learns anything."""


def decisions_of(configuration: Mapping[str, Value], names: Iterable[str]) -> Decisions:
    """Whether each of the named features is in."""
    return frozenset((name, configuration[name] is not False) for name in names)


def explanations(failing: Sequence[Decisions], passing: Sequence[Decisions], strength: int) -> tuple[Decisions, ...]:
    """The smallest sets of at most ``strength`` decisions that all failing products have and no passing one has.

    None contains another; of many, the first thousand. Without a passing product it is the empty set.
    """
    common = sorted(frozenset.intersection(*failing))
    having = {each: sum(1 << place for place, product in enumerate(passing) if each in product) for each in common}
    everybody = (1 << len(passing)) - 1
    found: list[Decisions] = []
    for size in range(strength + 1):
        for candidate in combinations(common, size):
            left = everybody
            for each in candidate:
                left &= having[each]
            if not left and not any(known <= frozenset(candidate) for known in found):
                found.append(frozenset(candidate))
                if len(found) == MOST:
                    return tuple(found)
    return tuple(found)


def smallest(items: Sequence[T], is_enough: Callable[[Sequence[T]], bool]) -> tuple[T, ...]:
    """Some of the items that are enough, of which none can be spared; all of them together must be.

    The method is delta debugging, ddmin (Zeller and Hildebrandt, 2002).
    """
    left = list(items)
    parts = 2
    if not left or is_enough([]):
        return ()
    while len(left) > 1:
        bounds = [len(left) * place // parts for place in range(parts + 1)]
        pieces = [left[start:end] for start, end in pairwise(bounds)]
        others = [[*left[:start], *left[end:]] for start, end in pairwise(bounds)]
        piece = next((piece for piece in pieces if is_enough(piece)), None)
        rest = next((rest for rest in others if is_enough(rest)), None) if piece is None and parts > 2 else None
        if piece is not None:
            left, parts = piece, 2
        elif rest is not None:
            left, parts = rest, max(parts - 1, 2)
        elif parts < len(left):
            parts = min(len(left), 2 * parts)
        else:
            break
    return tuple(left)


class Completions:
    """Valid products that have some decisions of a product, and are otherwise as unlike it as the model allows."""

    def __init__(self, model: FeatureModel) -> None:
        self.space = ConfigurationSpace(model)
        fixed = set(self.space.session.consequences((), list(self.space.variables.values())) or ())
        self.names = tuple(
            name for name in features_to_cover(model)
            if not fixed & {self.space.variables[name], -self.space.variables[name]}
        )  # fmt: skip
        """The features that are decided: concrete ones that can be in and out."""

    def unlike(self, configuration: Mapping[str, Value], kept: Iterable[tuple[str, bool]]) -> Configuration:
        """The product with the ``kept`` decisions, and of each other one in turn the opposite, where that can be."""
        variables, session = self.space.variables, self.space.session
        assumed = [variables[name] if is_in else -variables[name] for name, is_in in kept]
        decided = {abs(literal) for literal in assumed}
        for name in self.names:
            variable = variables[name]
            if variable in decided:
                continue
            opposite = variable if configuration[name] is False else -variable
            assumed.append(opposite if session.is_possible([*assumed, opposite]) else -opposite)
        if not session.is_possible(assumed):
            raise ValueError("the decisions are of no product")
        return self.space.configuration(self.space.selected_by(session.solution()))

    def close(self) -> None:
        """Free the solver."""
        self.space.close()
