"""From a choice to a whole configuration: the few decisions that leave nothing free."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.solve.choices import Choice

__all__ = ["completion"]


def completion(
    model: FeatureModel, choice: Choice, configuration: Mapping[str, Value], may: Callable[[str], bool]
) -> dict[str, Value]:
    """Decisions with which nothing that ``may`` be decided is free, and all is as in the configuration.

    Nothing is said of what was decided so, nor of what the tree rules settle alone: a parent of what is in, what is
    below something out, and the other members of a group that has as many as it can.
    """
    telling = _telling(model, configuration, choice.settled)
    return {name: value for name, value in telling if may(name) and not _is_said(choice, name, value)}


def _is_said(choice: Choice, name: str, value: Value) -> bool:
    wish = choice.wishes.get(name)
    return (type(wish), wish) == (type(value), value)


def _telling(
    model: FeatureModel, configuration: Mapping[str, Value], settled: Mapping[str, bool]
) -> Iterator[tuple[str, Value]]:
    for name in model.preorder():
        value, feature = configuration[name], model.features[name]
        is_in = value is not False
        if feature.type is not None and is_in and value != feature.default:
            yield name, value
        elif name not in settled and (
            _is_lowest(model, configuration, name) if is_in else _is_topmost(model, configuration, name)
        ):
            yield name, is_in


def _is_lowest(model: FeatureModel, configuration: Mapping[str, Value], name: str) -> bool:
    """Whether no feature below it is in, which would say as much."""
    return not any(configuration[member] is not False for group in model.groups_under(name) for member in group.members)


def _is_topmost(model: FeatureModel, configuration: Mapping[str, Value], name: str) -> bool:
    """Whether its parent is in and the group could have one more."""
    group = model.group_of(name)
    if group is None or configuration[group.parent] is False:
        return False
    return sum(configuration[member] is not False for member in group.members) < group.maximum
