"""All configurations of a model in one compiled form: their number, that of each feature, and drawing from them.

What constraints reach is a circuit; free subtrees hang on its literals and are counted and drawn by the tree rules.
A configuration is the selection of features that it is, as in :mod:`sarto.solve.counting`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from random import Random
from time import monotonic

from ..model.feature import Group
from ..model.feature_model import FeatureModel
from ..model.instances import expanded
from .circuit import Circuit
from .counting import CountingProblem, counting_problem
from .decomposition import compiled
from .free import Anchor, FreeSubtrees
from .shares import draw_members, shares
from .weights import Ways, ways_of

__all__ = ["Configurations", "compile_configurations", "numbers_of_features"]


@dataclass(frozen=True, slots=True)
class Configurations:
    """All configurations of a model under decisions.

    ``count`` is their exact number. Of a model without any, nothing can be drawn and no feature has a commonality.
    """

    model: FeatureModel
    count: int
    _problem: CountingProblem | None
    _circuits: tuple[tuple[Sequence[int], Circuit], ...]
    _ways: Mapping[str, Ways]

    def numbers(self) -> dict[str, int]:
        """For each feature how many of the configurations have it."""
        if self._problem is None:
            return dict.fromkeys(self.model.features, 0)
        variables = self._numbers_of_variables(self._problem)
        found = numbers_of_features(self._problem.subtrees, self._ways, variables)
        return {name: found[name] for name in self.model.features}

    def commonality(self) -> dict[str, Fraction]:
        """The part of the configurations that has each feature (Benavides, Segura and Ruiz-Cortés, 2010).

        It is the probability that a configuration drawn uniformly has the feature. Empty where there is none.
        """
        if not self.count:
            return {}
        return {name: Fraction(number, self.count) for name, number in self.numbers().items()}

    def draw(self, random: Random) -> dict[str, bool]:
        """One configuration, each as likely as any other: for each feature whether it is selected.

        Raises ValueError where there is no configuration.
        """
        if self._problem is None:
            raise ValueError("there is no configuration to draw")
        problem = self._problem
        chosen = {literal for literal in problem.known if literal > 0}
        for variable in problem.free:
            weight = problem.weights.get(variable, 1)
            if random.randrange(1 + weight) < weight:
                chosen.add(variable)
        for names, circuit in self._circuits:
            chosen.update(names[variable - 1] for variable in circuit.draw(random))
        selected = {name for name, variable in problem.subtrees.formula.variables.items() if variable in chosen}
        selected.update(self._drawn_below([a for a in problem.subtrees.anchors if a.on in chosen], random))
        return {name: name in selected for name in self.model.features}

    def _drawn_below(self, anchors: Sequence[Anchor], random: Random) -> Iterator[str]:
        work: list[Anchor | Group] = list(anchors)
        while work:
            group = work.pop()
            for index in draw_members(self._members(group), group.minimum, group.maximum, random):
                yield group.members[index]
                work.extend(self.model.groups_under(group.members[index]))

    def _numbers_of_variables(self, problem: CountingProblem) -> dict[int, int]:
        """For each variable of the formula how many configurations make it true; 0 where it is absent."""
        found = {literal: self.count for literal in problem.known if literal > 0}
        for variable in problem.free:
            weight = problem.weights.get(variable, 1)
            found[variable] = self.count // (1 + weight) * weight
        for names, circuit in self._circuits:
            others = self.count // circuit.count
            found |= {names[variable - 1]: number * others for variable, number in circuit.numbers().items()}
        return found

    def _members(self, group: Anchor | Group) -> list[Ways]:
        return [self._ways[name] for name in group.members]


def numbers_of_features(
    subtrees: FreeSubtrees, ways: Mapping[str, Ways], variables: Mapping[int, int]
) -> dict[str, int]:  # fmt: skip
    """How many configurations have each feature, from how many make each variable of the formula true."""
    found = {name: variables.get(variable, 0) for name, variable in subtrees.formula.variables.items()}
    work: list[tuple[int, Anchor | Group]] = [(variables.get(a.on, 0), a) for a in subtrees.anchors]
    while work:
        number, group = work.pop()
        everything, each = shares([ways[name] for name in group.members], group.minimum, group.maximum)
        for name, share in zip(group.members, each, strict=True):
            found[name] = number // everything * share if everything else 0
            work.extend((found[name], below) for below in subtrees.model.groups_under(name))
    return found


def compile_configurations(
    model: FeatureModel, decisions: Mapping[str, bool] | None = None, seconds: float = 60.0
) -> Configurations | None:
    """All configurations that agree with ``decisions``; None where they were not found in about so many seconds.

    They are not found either where the compiled form would need about a quarter of a gigabyte. Raises SartoError
    as :func:`sarto.solve.counting.count` does.
    """
    end = monotonic() + seconds
    model = expanded(model)
    decided = decisions or {}
    problem = counting_problem(model, decided)
    if problem is None:
        return Configurations(model, 0, None, (), {})
    circuits = []
    for names, part in problem.parts:
        circuit = compiled(part, lambda: monotonic() > end)
        if circuit is None:
            return None
        circuits.append((names, circuit))
    number = problem.outside * prod(circuit.count for _, circuit in circuits)
    return Configurations(
        model, number, problem if number else None, tuple(circuits), ways_of(problem.subtrees, decided)
    )
