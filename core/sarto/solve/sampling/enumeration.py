"""All configurations of a model, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.feature_model import FeatureModel
from .space import Configuration, ConfigurationSpace

__all__ = ["all_configurations"]


def all_configurations(model: FeatureModel) -> Iterator[Configuration]:
    """Every configuration of the model once, found while they are asked for.

    They are ordered by their features, in the order of the tree: one without the first feature in which two differ
    comes before the one with it. Configurations that select the same features are one, as they are counted;
    typed features have their defaults as far as the constraints allow. Raises SartoError for what a formula
    cannot express.
    """
    space = ConfigurationSpace(model)
    try:
        for selected in _selections(space):
            yield space.configuration(selected)
    finally:
        space.close()


def _selections(space: ConfigurationSpace) -> Iterator[dict[str, bool]]:
    """Which features each configuration selects: a search that never turns into a branch without a solution."""
    session = space.session
    variables = [space.variables[name] for name in space.model.preorder()]
    session.prefer(-variable for variable in variables)
    path: list[int] = []
    is_found = session.is_possible()
    while is_found:
        solution = session.solution()
        for variable in variables[len(path) :]:
            if solution[variable] > 0 and session.is_possible([*path, -variable]):
                solution = session.solution()
            path.append(solution[variable])
        yield space.selected_by(solution)
        is_found = False
        while path and not is_found:
            last = path.pop()
            is_found = last < 0 and session.is_possible([*path, -last])
            if is_found:
                path.append(-last)
