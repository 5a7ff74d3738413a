"""The configurations of a feature model as solutions of a formula, and back: with values for typed features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...errors import SartoError
from ...model.expression import And, Compare, Expression, FeatureReference, Not, Number, Text, Value
from ...model.feature import Constraint
from ...model.feature_model import FeatureModel
from ...model.selection import Selection
from ..encoding import encode
from ..session import SatSession
from ..values import domains_of
from ..wishes import check_wishes

__all__ = ["Configuration", "ConfigurationSpace", "NothingToSample", "agreeing"]

Configuration = dict[str, Value]
"""True, False or a value for every feature."""


class NothingToSample(SartoError):
    """The model has no configuration."""


def agreeing(model: FeatureModel, selection: Selection) -> FeatureModel:
    """The model with the wishes of a selection as further constraints.

    Raises SartoError for wishes that do not fit the model.
    """
    check_wishes(model, selection)
    wishes = tuple(
        Constraint(_as_expression(wish.feature, wish.value), where=wish.where) for wish in selection.wishes.values()
    )
    return replace(model, constraints=(*model.constraints, *wishes))


def _as_expression(name: str, value: Value) -> Expression:
    feature = FeatureReference(name)
    if isinstance(value, bool):
        return feature if value else Not(feature)
    return And((feature, Compare("==", feature, Text(value) if isinstance(value, str) else Number(value))))


class ConfigurationSpace:
    """All configurations of a model.

    ``variables`` has the variable of each feature in the formula that ``session`` asks about. Two configurations are
    the same where they select the same features. Raises SartoError for what a formula cannot express.
    """

    def __init__(self, model: FeatureModel) -> None:
        self.model = model
        domains = {name: _with_default(model, name, values) for name, values in domains_of(model, {}).items()}
        self.formula = encode(model, domains)
        self.variables = {name: self.formula.variables[name] for name in model.features}
        self.session = SatSession.of(self.formula)
        self._typed = {name: selectors for name, selectors in self.formula.selectors.items() if len(selectors) > 1}

    def close(self) -> None:
        """Free the solver."""
        self.session.close()

    def configuration(self, selected: Mapping[str, bool]) -> Configuration:
        """The configuration that selects these features, of which there must be one.

        Typed features have their defaults, one after the other as far as the constraints allow, else a
        value that they do.
        """
        found: Configuration = {name: selected[name] for name in self.model.features}
        assumed = [variable if selected[name] else -variable for name, variable in self.variables.items()]
        for name, selectors in self._typed.items():
            default = self.model.features[name].default
            if found[name] and default in selectors and self.session.is_possible([*assumed, selectors[default]]):
                assumed.append(selectors[default])
        solution: Sequence[int] = ()
        if self._typed:
            if not self.session.is_possible(assumed):
                raise ValueError("no configuration selects exactly these features")
            solution = self.session.solution()
        for name, selectors in self.formula.selectors.items():
            if found[name]:
                found[name] = next(
                    value for value, literal in selectors.items()
                    if name not in self._typed or solution[abs(literal)] == literal
                )  # fmt: skip
        return found

    def selected_by(self, solution: Sequence[int]) -> dict[str, bool]:
        """The features that a solution of the formula selects."""
        return {name: solution[variable] > 0 for name, variable in self.variables.items()}


def _with_default(model: FeatureModel, name: str, values: Sequence[Value]) -> Sequence[Value]:
    default = model.features[name].default
    return values if default is None or default in values else (*values, default)
