"""From a feature model to its formula: the tree, the groups, the constraints."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..errors import SartoError
from ..model.expression import And, Compare, Expression, FeatureReference, Iff, Implies, Not, Or, Value, fold
from ..model.feature import Constraint, Group, GroupKind
from ..model.feature_model import FeatureModel
from .arithmetic import Domains, LinearForm, comparison, linear
from .formula import Formula, FormulaBuilder, Logical, as_literal, conjunction, disjunction, normal
from .reasons import ConstraintRule, GroupRule, ParentRule, RootRule, ValueRule

__all__ = ["encode", "encode_switchable"]


def encode(model: FeatureModel, domains: Domains) -> Formula:
    """The formula whose solutions are the model's configurations.

    ``domains`` gives the values that typed features may take. Raises SartoError for arithmetic or
    feature cardinalities that the formula cannot express; nothing is left out.
    """
    builder = _encode_tree(model, domains)
    for constraint in model.constraints:
        builder.rule(ConstraintRule(constraint))
        for clause in normal(builder, _logical(builder, model, domains, constraint)):
            builder.add(*clause)
    return builder.build()


def encode_switchable(model: FeatureModel, domains: Domains) -> tuple[Formula, list[int]]:
    """As :func:`encode`, but no constraint is asserted: for each there is a literal that says whether it holds."""
    builder = _encode_tree(model, domains)
    switches = []
    for constraint in model.constraints:
        builder.rule(ConstraintRule(constraint))
        switches.append(as_literal(builder, _logical(builder, model, domains, constraint)))
    return builder.build(), switches


def _encode_tree(model: FeatureModel, domains: Domains) -> FormulaBuilder:
    builder = FormulaBuilder(model.preorder())
    _refuse_clones(model)
    _tree(builder, model)
    _values(builder, domains)
    for group in model.groups:
        builder.rule(GroupRule(group))
        _group(builder, group)
    return builder


def _refuse_clones(model: FeatureModel) -> None:
    for feature in model.features.values():
        if feature.instances is not None and feature.instances != (1, 1):
            raise SartoError(
                f"feature '{feature.name}' may have several instances, which cannot be resolved yet",
                where=feature.where, hint="use a group cardinality where the instances need not be configured apart",
            )  # fmt: skip


def _tree(builder: FormulaBuilder, model: FeatureModel) -> None:
    variables = builder.variables
    for name in model.preorder():
        parent = model.parent_of(name)
        if parent is None:
            builder.rule(RootRule(name))
            builder.add(variables[name])
        else:
            builder.rule(ParentRule(name, parent))
            builder.add(-variables[name], variables[parent])


def _values(builder: FormulaBuilder, domains: Domains) -> None:
    """One selector for each value of a typed feature; a selected feature has exactly one value."""
    for name, values in domains.items():
        variable = builder.variables[name]
        if len(values) == 1:
            builder.selectors[name] = {values[0]: variable}
            continue
        selectors = {value: builder.fresh() for value in values}
        builder.selectors[name] = selectors
        builder.rule(ValueRule(name))
        builder.add(-variable, *selectors.values())
        for selector in selectors.values():
            builder.add(-selector, variable)
        builder.at_most_one(list(selectors.values()))


def _group(builder: FormulaBuilder, group: Group) -> None:
    parent = builder.variables[group.parent]
    members = [builder.variables[name] for name in group.members]
    if group.kind is GroupKind.MANDATORY or group.minimum == len(members):
        for member in members:
            builder.add(-parent, member)
    elif (group.minimum, group.maximum) == (0, 0):
        for member in members:
            builder.add(-member)
    else:
        if group.minimum == 1:
            builder.add(-parent, *members)
        if group.maximum == 1:
            builder.at_most_one(members)
        if group.minimum > 1 or 1 < group.maximum < len(members):
            _count(builder, parent, members, group)


def _count(builder: FormulaBuilder, parent: int, members: Sequence[int], group: Group) -> None:
    """Between ``minimum`` and ``maximum`` members of a selected parent, by diagrams over the count."""
    terms: dict[str, dict[Value, Fraction]] = {name: {True: Fraction(1)} for name in group.members}
    one = FeatureReference(group.parent)
    for operator, bound in ((">=", group.minimum), ("<=", group.maximum)):
        if (operator == ">=" and bound > 1) or (operator == "<=" and 1 < bound < len(members)):
            count = LinearForm(Fraction(-bound), terms)
            builder.add(-parent, linear(builder, count, Compare(operator, one, one)))


def _logical(builder: FormulaBuilder, model: FeatureModel, domains: Domains, constraint: Constraint) -> Logical:
    def combine(node: Expression, parts: tuple[Logical, ...]) -> Logical:
        match node:
            case FeatureReference(name):
                return Logical(((builder.variables[name],),))
            case Compare():
                return Logical(((comparison(builder, model, domains, node),),))
            case Not():
                return parts[0].opposite()
            case And():
                return conjunction(builder, parts)
            case Or():
                return disjunction(builder, parts)
            case Implies():
                return disjunction(builder, (parts[0].opposite(), parts[1]))
            case Iff():
                left, right = as_literal(builder, parts[0]), as_literal(builder, parts[1])
                return Logical(((-left, right), (left, -right)))
            case _:
                return Logical(())  # the inside of a comparison, which reads it itself

    try:
        return fold(constraint.expression, combine)
    except SartoError as error:
        raise SartoError(error.what, where=error.where or constraint.where, hint=error.hint) from error
