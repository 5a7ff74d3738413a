"""How much of a model's interactions some configurations cover: a check that shares nothing with the making of samples.

It works on the configurations as they are handed out, column by column, and asks another solver which of the
interactions that occur in none of them are possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from time import monotonic

from pysat.solvers import Solver

from ...model.expression import Value
from ...model.feature_model import FeatureModel
from ..encoding import encode
from ..values import domains_of

__all__ = ["Coverage", "coverage_of"]

SOLVER = "minisat22"
Interaction = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many interactions of so many features occur in some configurations, and how many of the others could.

    ``missing`` are possible interactions that do not occur; ``example`` is one of them.
    """

    strength: int
    covered: int
    impossible: int
    missing: int
    example: Interaction | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every possible interaction occurs."""
        return not self.missing

    @property
    def share(self) -> float:
        """The covered part of the possible interactions, from 0 to 1; 1 where there are none."""
        possible = self.covered + self.missing
        return self.covered / possible if possible else 1.0


def coverage_of(
    model: FeatureModel,
    configurations: Sequence[Mapping[str, Value]],
    strength: int,
    features: Sequence[str],
    seconds: float = 60.0,
) -> Coverage | None:
    """The coverage of the configurations, exactly, or None where it was not found in about so many seconds.

    The configurations are taken to be valid. An interaction says of ``strength`` features whether each is selected.
    """
    check = _Check(model, configurations, strength, features, monotonic() + seconds)
    try:
        return check.run()
    except TimeoutError:
        return None
    finally:
        check.solver.delete()


class _Check:
    """One check: for each literal a column, the set of the configurations that have it."""

    def __init__(
        self, model: FeatureModel, configurations: Sequence[Mapping[str, Value]], strength: int,
        features: Sequence[str], end: float,
    ) -> None:  # fmt: skip
        formula = encode(model, domains_of(model, {}))
        self.solver = Solver(name=SOLVER, bootstrap_with=formula.clauses)
        self.strength = strength
        self.end = end
        self.features = features
        self.columns: list[tuple[int, int]] = []
        for name in features:
            having = sum(1 << n for n, each in enumerate(configurations) if each.get(name, False) is not False)
            self.columns.append((formula.variables[name], having))
        self.all = (1 << len(configurations)) - 1
        self.covered = self.impossible = self.missing = 0
        self.example: Interaction | None = None

    def run(self) -> Coverage:
        self._extend((), 0, self.all)
        return Coverage(self.strength, self.covered, self.impossible, self.missing, self.example)

    def _extend(self, literals: tuple[int, ...], start: int, having: int) -> None:
        """Look at all interactions that begin with these literals; ``having`` are the configurations with them."""
        if monotonic() > self.end:
            raise TimeoutError
        if len(literals) == self.strength - 1:
            self._finish(literals, start, having)
            return
        for index in range(start, len(self.columns)):
            variable, column = self.columns[index]
            for literal, of in ((variable, column), (-variable, self.all ^ column)):
                further = having & of
                if further or self._is_possible((*literals, literal)):
                    self._extend((*literals, literal), index + 1, further)
                else:
                    more = self.strength - len(literals) - 1
                    self.impossible += comb(len(self.columns) - index - 1, more) << more

    def _finish(self, literals: tuple[int, ...], start: int, having: int) -> None:
        """Count the interactions with one literal more."""
        unseen = [*self._unseen(start, having)]
        self.covered += 2 * (len(self.columns) - start) - len(unseen)
        if not unseen:
            return
        _, implied = self.solver.propagate(assumptions=literals)
        ruled_out = {-literal for literal in implied}
        for literal in unseen:
            if literal in ruled_out or not self._is_possible((*literals, literal)):
                self.impossible += 1
            else:
                self.missing += 1
                self.example = self.example or self._named((*literals, literal))

    def _unseen(self, start: int, having: int) -> Iterator[int]:
        for variable, column in self.columns[start:]:
            if not having & column:
                yield variable
            if having & column == having:
                yield -variable

    def _is_possible(self, literals: tuple[int, ...]) -> bool:
        return bool(self.solver.solve(assumptions=literals))

    def _named(self, literals: tuple[int, ...]) -> Interaction:
        name = {variable: feature for (variable, _), feature in zip(self.columns, self.features, strict=True)}
        return tuple((name[abs(literal)], literal > 0) for literal in literals)
