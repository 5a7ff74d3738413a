"""Builds that are alike in the features on which versions depend: all of one class have the same versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from ..model.feature_model import FeatureModel
from ..solve.encoding import encode_skeleton
from ..solve.formula import Formula
from ..solve.session import SatSession
from ..solve.values import domains_of

__all__ = ["Class", "classes_in", "version_classes"]

Class = tuple[tuple[str, ...], tuple[int, ...]]
"""Those features on which versions depend that a configuration has, and its choice among all of them as literals."""


def version_classes(model: FeatureModel, telling: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Each choice among the features on which versions depend that a configuration makes: those of them that it has.

    All builds of one class have the same version of every part. Raises SartoError for arithmetic that a formula cannot
    express.
    """
    if not telling:
        return ((),)
    formula = encode_skeleton(model, domains_of(model, {}), tuple(telling))
    with closing(SatSession.of(formula)) as session:
        return tuple(active for active, _ in classes_in(formula, session, telling))


def classes_in(formula: Formula, session: SatSession, telling: Sequence[str]) -> Iterator[Class]:
    """The same of a formula whose configurations the session knows."""
    variables = [formula.variables[name] for name in telling]
    work: list[tuple[int, ...]] = [()]
    while work:
        chosen = work.pop()
        if not session.is_possible(chosen):
            continue
        if len(chosen) == len(variables):
            yield tuple(name for name, literal in zip(telling, chosen, strict=True) if literal > 0), chosen
        else:
            work += [(*chosen, variables[len(chosen)]), (*chosen, -variables[len(chosen)])]
