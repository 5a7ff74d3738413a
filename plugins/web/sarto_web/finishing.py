"""Whole configurations from wishes: the one that the line recommends, and the cheapest one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sarto.errors import Place, SartoError
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection, Wish
from sarto.model.values import is_number
from sarto.solve.goals import read_goal
from sarto.solve.optimising import optimise
from sarto.solve.problem import Status

from .limits import Limits
from .line import OfferedLine

__all__ = ["Finished", "Finishing"]


@dataclass(frozen=True, slots=True)
class Finished:
    """A configuration; ``is_best`` says whether it is proved to be what was asked for, ``note`` what to know of it."""

    configuration: Mapping[str, Value]
    is_best: bool = True
    note: str = ""


class Finishing:
    """Completes what people said of one line."""

    def __init__(self, line: OfferedLine, limits: Limits) -> None:
        self._line = line.line
        self._limits = limits

    def configuration(self, wishes: Mapping[str, Value], to: str) -> Finished:
        """The ``recommended`` configuration with the wishes, or the ``cheapest``. Raises SartoError."""
        return self._recommended(wishes) if to == "recommended" else self._cheapest(wishes)

    def _recommended(self, wishes: Mapping[str, Value]) -> Finished:
        made = {name: Wish(name, value) for name, value in wishes.items()}
        resolution = self._line.resolve(Selection(line="", customer="", wishes=made))
        found = resolution.configuration  # of a line that may have other instances written out
        return Finished({name: found.get(name, False) for name in self._line.model.features})

    def _cheapest(self, wishes: Mapping[str, Value]) -> Finished:
        solve = self._line.plugins.solver()
        if solve is None:
            raise SartoError("nothing is installed that finds the cheapest", hint="install the plugin 'sarto-optimise'")
        prices, model = self._line.description.prices, self._line.model
        attribute = prices.attribute if prices else "price"
        goal = read_goal(model, f"sum({attribute})", Place(key="cheapest"))
        best = optimise(self._with_defaults(wishes), wishes, [goal], solve, self._limits.optimising)
        if not best.configuration:
            raise SartoError("nothing was found in the time that there is", hint="decide a little more, then try again")
        has_rules = prices is not None and bool(prices.rules)
        note = f"the least sum of '{attribute}'; rules of the price may make another one cheaper" if has_rules else ""
        return Finished(best.configuration, best.status is Status.OPTIMAL and not has_rules, note)

    def _with_defaults(self, wishes: Mapping[str, Value]) -> FeatureModel:
        """The model in which numbers that nobody has said are the line's defaults, as everywhere in a room."""
        features = dict(self._line.model.features)
        for name, feature in features.items():
            default, wish = feature.default, wishes.get(name, True)
            if isinstance(wish, bool) and is_number(default):
                features[name] = replace(feature, minimum=default, maximum=default)
        return replace(self._line.model, features=features)
