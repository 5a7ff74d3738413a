"""The rules of one model as literals over the formula of another: whether a configuration of the one keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from ...model.expression import Compare, FeatureReference, Value
from ...model.feature import Group, GroupKind
from ...model.feature_model import FeatureModel
from ...model.values import misfit
from ..arithmetic import comparison
from ..clauses import ClauseMaker
from ..diagrams import linear
from ..formula import Formula, FormulaBuilder
from ..linear_form import Domains, LinearForm
from ..reasons import ConstraintRule, GroupRule, ParentRule, RootRule
from ..session import SatSession
from .likeness import Likeness, ModelRule, compared

__all__ = ["ForeignRules"]


class ForeignRules:
    """The rules of ``model`` over a session that has the ``formula`` of the model ``native``.

    ``literals`` says of each feature of ``model`` whether it is selected: as in the formula, where it is known there;
    else it is left out, or where it is ``hidden`` (it makes no product different) selected as far as the
    tree asks for it.
    """

    def __init__(
        self, session: SatSession, formula: Formula, native: FeatureModel, model: FeatureModel, domains: Domains
    ) -> None:
        self.session, self.formula, self.model, self.domains = session, formula, model, domains
        visible = compared(native, model)
        self.hidden = tuple(name for name in model.features if name not in visible)
        likeness = Likeness()
        common = {rule.key for rule in likeness.rules(native)}
        self._rules = tuple((rule, rule.key in common) for rule in likeness.rules(model))
        self._misfits = tuple(self._literals_of_misfits())
        self.literals: dict[str, int] = {}
        self._define(self._suggest)

    def broken(self, choice: Mapping[str, bool]) -> int:
        """A literal that is true when, and only when, some rule is broken with this choice of hidden features.

        A rule that both models have is not looked at where it has no part in the choice: it holds.
        """
        rules = [rule for rule, is_common in self._rules if not is_common or not rule.features.isdisjoint(choice)]

        def build(builder: FormulaBuilder) -> int:
            builder.variables = self.literals | {name: builder.constant(value) for name, value in choice.items()}
            builder.selectors = self._selectors(builder)
            return builder.any_of([*self._misfits, *(-self._truth(builder, rule) for rule in rules)] or [_no(builder)])

        return self._define(build)

    def _define(self, build: Callable[[FormulaBuilder], int]) -> int:
        """A literal whose definition is added to the session."""
        builder = FormulaBuilder(())
        builder.size = self.session.size
        literal = build(builder)
        self.session.add(builder.clauses)
        self.session.size = builder.size
        return literal

    def _suggest(self, builder: FormulaBuilder) -> int:
        """Give each feature its literal; an unknown hidden one is on where one below it is, or where its parent has
        to have it."""
        names = list(self.model.preorder())
        below: dict[str, int] = {}
        for name in reversed(names):
            members = [member for group in self.model.groups_under(name) for member in group.members]
            if name in self.formula.variables:
                below[name] = self.formula.variables[name]
            elif name in self.hidden and members:
                below[name] = builder.any_of([below[member] for member in members])
            else:
                below[name] = builder.constant(False)
        for name in names:
            group = self.model.group_of(name)
            self.literals[name] = below[name]
            if name in self.hidden and name not in self.formula.variables:
                if group is None:
                    self.literals[name] = builder.constant(True)
                elif group.kind is GroupKind.MANDATORY:
                    self.literals[name] = builder.any_of([below[name], self.literals[group.parent]])
        return builder.constant(True)

    def _literals_of_misfits(self) -> Iterator[int]:
        """The literals of values that the formula's features may have and the model's may not."""
        for name, feature in self.model.features.items():
            variable = self.formula.variables.get(name)
            if variable is not None:
                for value, literal in self.formula.selectors.get(name, {True: variable}).items():
                    if misfit(feature, value):
                        yield literal

    def _selectors(self, builder: FormulaBuilder) -> dict[str, dict[Value, int]]:
        """For each typed feature of the model the literals of its values; of those that cannot occur, a false one."""
        known = self.formula.selectors
        return {
            name: {value: known.get(name, {}).get(value) or _no(builder) for value in values}
            for name, values in self.domains.items()
        }

    def _truth(self, builder: FormulaBuilder, rule: ModelRule) -> int:
        """A literal that is true when, and only when, the rule is kept."""
        match rule.origin:
            case RootRule(root):
                return builder.variable(root)
            case ParentRule(name, parent):
                return builder.any_of([-builder.variable(name), builder.variable(parent)])
            case GroupRule(group):
                return builder.any_of([-builder.variable(group.parent), self._count(builder, group)])
            case ConstraintRule(constraint):
                maker = ClauseMaker(builder, lambda node: comparison(builder, self.model, self.domains, node))
                return maker.literal(constraint.expression)

    def _count(self, builder: FormulaBuilder, group: Group) -> int:
        """A literal that is true when, and only when, as many members are selected as a selected parent has."""
        members = [builder.variable(name) for name in group.members]
        if group.kind is GroupKind.MANDATORY:
            return builder.all_of(members)
        if group.kind is GroupKind.OR:
            return builder.any_of(members)
        terms: dict[str, dict[Value, Fraction]] = {name: {True: Fraction(1)} for name in group.members}
        one = FeatureReference(group.parent)
        least = linear(builder, LinearForm(Fraction(-group.minimum), terms), Compare(">=", one, one))
        most = linear(builder, LinearForm(Fraction(-group.maximum), terms), Compare("<=", one, one))
        return builder.all_of([least, most])


def _no(builder: FormulaBuilder) -> int:
    return builder.constant(False)
