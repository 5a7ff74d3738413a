"""A product that one model has and another has not.

Products differ by their concrete features and by values; a feature that is abstract wherever it occurs makes none
different (Thüm, Batory and Kästner, 2009). A product is one of a model that does not know some of its
features only where these are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...model.expression import Value
from ...model.feature_model import FeatureModel
from ...model.values import misfit
from ..encoding import encode
from ..explaining import Explainer
from ..formula import Formula
from ..reasons import Origin, ValueRule
from ..session import SatSession
from ..values import domains_of
from .foreign_rules import ForeignRules
from .likeness import compared, without_common
from .shared_values import shared_domains

__all__ = ["Witness", "product_only_in"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A configuration of one model whose product the other has not.

    ``telling`` are decisions in it that cannot hold together in the other, none of which can be spared, and
    ``rules`` those of the other that rule them out; none where it does not know the feature.
    """

    configuration: Mapping[str, Value]
    telling: Mapping[str, Value]
    rules: tuple[Origin, ...]


def product_only_in(having: FeatureModel, lacking: FeatureModel) -> Witness | None:
    """A product of the first model that the second has not; None where it has them all.

    One without the features that only the first model has, where there is such a one. Raises SartoError for
    what a formula cannot express.
    """
    search = _Search(*without_common(having, lacking))
    try:
        decisions = search.run()
        if decisions is None:
            return None
        telling, rules = search.why(decisions)
    finally:
        search.close()
    return Witness(_completed(having, decisions), telling, rules)


class _Search:
    """Looks for a configuration of one model that breaks the other's rules, whatever its hidden features do about it.

    They are chosen at first as in the configuration, or as the tree suggests. Where another choice makes
    a product valid that seemed not to be, it joins those with each of which some rule has to be broken:
    counterexample-guided abstraction refinement (Janota and Marques-Silva, 2011).
    """

    def __init__(self, having: FeatureModel, lacking: FeatureModel) -> None:
        self.having, self.lacking = having, lacking
        own, other = shared_domains(having, lacking)
        self.formula, self.other_formula = encode(having, own), encode(lacking, other)
        self.session, self.other_session = SatSession.of(self.formula), SatSession.of(self.other_formula)
        self.visible = compared(having, lacking)
        self.foreign = ForeignRules(self.session, self.formula, having, lacking, other)
        self.broken = [self.foreign.broken({})]

    def close(self) -> None:
        self.session.close()
        self.other_session.close()

    def run(self) -> dict[str, Value] | None:
        """The decisions of a configuration whose product the other model has not."""
        self.session.prefer(-variable for variable in self.formula.variables.values())
        unknown = [self.formula.variables[name] for name in self._unknown()]
        solution = self._escape([-variable for variable in unknown])
        if solution is None and any(self.session.is_possible([variable]) for variable in unknown):
            solution = self.session.solution()
        return None if solution is None else _decisions(self.formula, solution)

    def _unknown(self) -> list[str]:
        """The features whose presence alone makes a product strange to the other model."""
        return [name for name in self.having.features if name in self.visible and name not in self.lacking.features]

    def _escape(self, assumptions: Sequence[int]) -> list[int] | None:
        while self.session.is_possible([*assumptions, *self.broken]):
            solution = self.session.solution()
            choice = self._mending_choice(solution) if self.foreign.hidden else None
            if choice is None:
                return solution
            self.broken.append(self.foreign.broken(choice))
        return None

    def _mending_choice(self, solution: Sequence[int]) -> dict[str, bool] | None:
        """The hidden features that have to be chosen otherwise to make the product valid; None where nothing can."""
        decisions = _decisions(self.formula, solution)
        if any(self._misfits(decisions)):
            return None
        variables, literals = self.other_formula.variables, self.foreign.literals
        suggested = {n: solution[abs(literals[n])] == literals[n] for n in self.foreign.hidden}
        self.other_session.prefer(variables[name] if on else -variables[name] for name, on in suggested.items())
        if not self.other_session.is_possible([*self._assumed(decisions)]):
            return None
        found = self.other_session.solution()
        return {name: not on for name, on in suggested.items() if (found[variables[name]] > 0) is not on}

    def _misfits(self, decisions: Mapping[str, Value]) -> Iterator[str]:
        """The features whose value the other model does not allow."""
        for name, value in decisions.items():
            if name in self.lacking.features and misfit(self.lacking.features[name], value):
                yield name

    def _assumed(self, decisions: Mapping[str, Value]) -> dict[int, str]:
        """What the product says in the other model's formula, the features that it has first."""
        formula = self.other_formula
        selected: dict[int, str] = {}
        left_out: dict[int, str] = {}
        for name in self.lacking.features:
            value = decisions.get(name, False)
            if name in self.visible and value is False:
                left_out[formula.literal(name, False)] = name
            elif name in self.visible:
                selected[formula.selectors.get(name, {}).get(value) or formula.literal(name)] = name
        return selected | left_out

    def why(self, decisions: Mapping[str, Value]) -> tuple[dict[str, Value], tuple[Origin, ...]]:
        """The decisions that tell why the other model has not got the product, and its rules against them."""
        for name in self._unknown():
            if decisions[name] is not False:
                return {name: decisions[name]}, ()
        if self.other_session.is_possible():  # else no decision is needed to tell
            for name in self._misfits(decisions):
                return {name: decisions[name]}, (ValueRule(name),)
        assumed = self._assumed(decisions)
        explainer = Explainer(self.other_formula)
        try:
            rules, literals = explainer.impossible(list(assumed))
        finally:
            explainer.close()
        telling = {assumed[literal] for literal in literals}
        return {name: decisions.get(name, False) for name in self.lacking.features if name in telling}, rules


def _decisions(formula: Formula, solution: Sequence[int]) -> dict[str, Value]:
    """What a solution decides on each feature."""
    found: dict[str, Value] = {}
    for name, variable in formula.variables.items():
        values = formula.selectors.get(name, {True: variable})
        found[name] = next((value for value, literal in values.items() if solution[abs(literal)] == literal), False)
    return found


def _completed(model: FeatureModel, decisions: Mapping[str, Value]) -> dict[str, Value]:
    """A whole configuration: of each group that was left out as many members as needed, the first ones."""
    values = domains_of(model, {})
    found: dict[str, Value] = dict(decisions)
    for name in model.preorder():
        for group in model.groups_under(name):
            if group.members[0] not in decisions:
                needed = group.minimum if found[name] is not False else 0
                for index, member in enumerate(group.members):
                    found[member] = index < needed and values.get(member, (True,))[0]
    return {name: found[name] for name in model.features}
