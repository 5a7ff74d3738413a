"""From a feature model to its formula: the tree, the groups, the constraints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from ..errors import SartoError
from ..model.expression import And, Compare, FeatureReference, Value
from ..model.feature import Generated, Group, GroupKind
from ..model.feature_model import FeatureModel
from ..model.instances import written
from .arithmetic import comparison
from .clauses import ClauseMaker
from .diagrams import NODE_LIMIT, linear
from .difficulty import TooHard
from .formula import Clause, Formula, FormulaBuilder, Junction
from .linear_form import Domains, LinearForm
from .reasons import ConstraintRule, GroupRule, ParentRule, RootRule, ValueRule

__all__ = ["Comparing", "encode", "encode_apart", "encode_skeleton", "encode_switchable"]

Comparing = Callable[[FormulaBuilder], Callable[[Compare], int]]


def encode(model: FeatureModel, domains: Domains) -> Formula:
    """The formula whose solutions are the model's configurations.

    ``domains`` gives the values that typed features may take. Raises SartoError for arithmetic or
    feature cardinalities that the formula cannot express; nothing is left out.
    """
    builder = FormulaBuilder(model.preorder())
    _constraints(builder, model, domains)
    _tree(builder, model)
    return builder.build()


def encode_skeleton(
    model: FeatureModel,
    domains: Domains,
    also: Iterable[str] = (),
    comparing: Comparing | None = None,
    *,
    is_counted: bool = True,
) -> Formula:
    """As :func:`encode`, but over the skeleton only: what constraints reach and ``also``, with their ancestors.

    The other features form free subtrees, which the tree rules alone decide; where they share a
    group with features of the skeleton, a junction's variable stands for them. Where ``comparing`` is
    given, it is called once with the builder, and the literals of comparisons come from what it returns. Unless
    ``is_counted``, it is smaller: a configuration may be several solutions then, and a mandatory feature has the
    variable of its parent.
    """
    builder = FormulaBuilder([model.root], is_counted=is_counted, twins={} if is_counted else _mandatory(model))
    for name in also:
        builder.variable(name)
    _constraints(builder, model, domains, comparing)
    _ancestors(builder, model)
    _tree(builder, model)
    return builder.build()


def encode_apart(model: FeatureModel, domains: Domains) -> tuple[Formula, list[list[Clause]]]:
    """As :func:`encode_skeleton`, but with the clauses of each constraint, as it was written, beside the formula.

    The formula has the tree, the values and what the clauses define, none of which any constraint restricts.
    """
    _refuse_clones(model)
    builder = FormulaBuilder([model.root])
    _values(builder, domains)
    maker = _maker(builder, model, domains)
    apart = []
    for constraint, copies in written(model.constraints):
        builder.rule(ConstraintRule(constraint))
        apart.append([clause for copy in copies for clause in maker.clauses(copy.expression)])
    _generated(builder, model, maker)
    _ancestors(builder, model)
    _tree(builder, model)
    return builder.build(), apart


def encode_switchable(model: FeatureModel, domains: Domains, with_tree: bool = True) -> tuple[Formula, list[int]]:
    """As :func:`encode_skeleton`, but no constraint is asserted: for each there is a literal that says if it holds.

    The literals are those of the constraints as they were written (:func:`~sarto.model.instances.written`), each for
    all its copies. Without the tree, any features can be selected together.
    """
    _refuse_clones(model)
    builder = FormulaBuilder([model.root])
    _values(builder, domains)
    maker = _maker(builder, model, domains)
    switches = []
    for constraint, copies in written(model.constraints):
        builder.rule(ConstraintRule(constraint))
        rules = tuple(copy.expression for copy in copies)
        switches.append(maker.literal(rules[0] if len(rules) == 1 else And(rules)))
    if with_tree:
        _generated(builder, model, maker)
        _ancestors(builder, model)
        _tree(builder, model)
    return builder.build(), switches


def _generated(builder: FormulaBuilder, model: FeatureModel, maker: ClauseMaker) -> None:
    """The constraints that writing out several instances made."""
    for constraint in model.constraints:
        if isinstance(constraint.origin, Generated):
            builder.rule(ConstraintRule(constraint))
            builder.add_all(maker.clauses(constraint.expression))


def _mandatory(model: FeatureModel) -> dict[str, str]:
    """The parent of each feature that is there whenever that is."""
    mandatory = (group for group in model.groups if group.kind is GroupKind.MANDATORY)
    return {name: group.parent for group in mandatory for name in group.members}


def _constraints(
    builder: FormulaBuilder, model: FeatureModel, domains: Domains, comparing: Comparing | None = None
) -> None:
    _refuse_clones(model)
    _values(builder, domains)
    maker = ClauseMaker(builder, comparing(builder)) if comparing else _maker(builder, model, domains)
    for constraint in model.constraints:
        builder.rule(ConstraintRule(constraint))
        try:
            clauses = maker.clauses(constraint.expression)
        except SartoError as error:
            kind = TooHard if isinstance(error, TooHard) else SartoError
            raise kind(error.what, where=error.where or constraint.where, hint=error.hint) from error
        builder.add_all(clauses)


def _ancestors(builder: FormulaBuilder, model: FeatureModel) -> None:
    """Variables for the features above those that have one."""
    done: set[str] = set()
    for name in list(builder.variables):
        above: str | None = name
        while above is not None and above not in done:
            done.add(above)
            builder.variable(above)
            above = model.parent_of(above)


def _maker(builder: FormulaBuilder, model: FeatureModel, domains: Domains) -> ClauseMaker:
    return ClauseMaker(builder, lambda node: comparison(builder, model, domains, node))


def _refuse_clones(model: FeatureModel) -> None:
    for feature in model.features.values():
        if feature.instances is not None and feature.instances != (1, 1):
            raise SartoError(
                f"feature '{feature.name}' may have several instances, which are not written out",
                where=feature.where, hint="give sarto.model.instances.expanded(model) in place of the model",
            )  # fmt: skip


def _values(builder: FormulaBuilder, domains: Domains) -> None:
    """One selector for each value of a typed feature; a selected feature has exactly one value."""
    for name, values in domains.items():
        variable = builder.variable(name)
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


def _tree(builder: FormulaBuilder, model: FeatureModel) -> None:
    """The root, the parents, and the groups of all features that have a variable."""
    builder.rule(RootRule(model.root))
    builder.add(builder.variable(model.root))
    for parent in list(builder.variables):
        for group in model.groups_under(parent):
            _group(builder, group)


def _group(builder: FormulaBuilder, group: Group) -> None:
    variables = builder.variables
    free = [name for name in group.members if name not in variables]
    if len(free) == len(group.members):
        return
    if free and group.kind is GroupKind.CARDINALITY:
        free = []
        for name in group.members:
            builder.variable(name)
    parent = variables[group.parent]
    below = {name: variables[name] for name in group.members if name in variables and variables[name] != parent}
    builder.add_each([ParentRule(name, group.parent) for name in below], [(-each, parent) for each in below.values()])
    if group.kind is GroupKind.OPTIONAL:
        return
    members = list(below.values())
    builder.rule(GroupRule(group))
    if free and group.kind is not GroupKind.MANDATORY:
        junction = Junction(group, tuple(free), builder.fresh())
        builder.junctions.append(junction)
        builder.add(-junction.variable, parent)
        members.append(junction.variable)
    _count(builder, parent, members, group)


def _count(builder: FormulaBuilder, parent: int, members: Sequence[int], group: Group) -> None:
    if group.kind is GroupKind.MANDATORY or group.minimum == len(members) > 1:
        for member in members:
            builder.add(-parent, member)
        return
    if group.maximum == 0:
        for member in members:
            builder.add(-member)
        return
    if group.minimum == 1:
        builder.add(-parent, *members)
    if group.maximum == 1:
        builder.at_most_one(members)
    _between(builder, parent, group)


def _between(builder: FormulaBuilder, parent: int, group: Group) -> None:
    """Between ``minimum`` and ``maximum`` members of a selected parent, by diagrams over the count."""
    size = len(group.members)
    bounds = ((group.minimum - 1, group.minimum > 1), (group.maximum, 1 < group.maximum < size))
    counted = [bound for bound, is_counted in bounds if is_counted]
    if not counted:
        return
    if any((bound + 1) * (size - bound) > NODE_LIMIT for bound in counted):
        raise SartoError(
            f"a group of {size:,} features, of which {group.minimum:,} to {group.maximum:,} can be selected, is beyond "
            "what Sarto counts",
            where=group.where,
            hint="part it into groups of fewer features, or bring its bounds nearer to none or all of them",
        )
    terms: dict[str, dict[Value, Fraction]] = {name: {True: Fraction(1)} for name in group.members}
    one = FeatureReference(group.parent)
    if group.minimum > 1:
        count = LinearForm(Fraction(-group.minimum), terms)
        builder.add(-parent, linear(builder, count, Compare(">=", one, one)))
    if 1 < group.maximum < len(group.members):
        count = LinearForm(Fraction(-group.maximum), terms)
        builder.add(-parent, linear(builder, count, Compare("<=", one, one)))
