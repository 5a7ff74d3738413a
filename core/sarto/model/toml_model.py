"""The feature model of a features.toml: its features and constraints, alone or over a model from another file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..errors import SartoError
from .expression import Expression
from .feature import Constraint, Feature, Group
from .feature_model import FeatureModel
from .grammar import parse
from .interaction import Interaction, constraints_of
from .kinds import constraint_faults, sum_faults
from .names import MOST_HINTS, feature_name_fault, known_feature
from .toml_features import OWN_KEYS, TYPE_KEYS, read_feature, read_sugar
from .toml_interactions import read_interactions
from .toml_table import Table
from .toml_tree import TREE_KEYS, implicit_features, mend_names, read_groups

__all__ = ["ModelDraft", "read_expression", "read_model"]

ALL_KEYS = (*TREE_KEYS, *TYPE_KEYS, *OWN_KEYS)


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """What a file says about its model: ``model`` is None where faults keep it from being one."""

    features: Mapping[str, Feature]
    model: FeatureModel | None
    interactions: tuple[Interaction, ...] = ()


def read_model(top: Table, line: Table, base: FeatureModel | None) -> ModelDraft:
    """The model of a file with the tables ``top``, of which ``line`` names the root; faults go into their errors.

    The features are in the order of the tree. Where ``base`` is given, the file adds to it: features
    keep what their tables leave out, a constraint that ``base`` has already gets its ``because``.
    """
    root = line.text("root")
    if base is not None:
        if root and root != base.root:
            line.fault(f"the root of the model is '{base.root}', not '{root}'", "root", hint="leave it out here")
        return _over(base, top)
    tables = _tables(top, ALL_KEYS)
    for name in tables:
        if fault := feature_name_fault(name):
            tables[name].fault(fault[0], tables[name].where, hint=fault[1])
    groups = mend_names(read_groups(tables), tables, root)
    places = {name: table.where for name, table in tables.items()} | implicit_features(groups, tables)
    nothing = Table({}, top.where, top.errors)
    features = {
        name: read_feature(tables.get(name, nothing), Feature(name=name, where=where), places)
        for name, where in places.items()
    }
    _check_renames(features, tables)
    interactions = tuple(read_interactions(top, features))
    constraints = (*_read_constraints(top, tables, features), *constraints_of(interactions))
    made = _made(top, _root(line, root, features, groups), features, groups, constraints)
    return ModelDraft(features, made, interactions)


def _over(base: FeatureModel, top: Table) -> ModelDraft:
    tables = _tables(top, (*TREE_KEYS, *TYPE_KEYS, *OWN_KEYS))
    check = known_feature(base.features, told=top.errors)
    features = dict(base.features)
    for name, feature in features.items():
        if fault := feature_name_fault(name):
            top.errors.append(SartoError(f"{fault[0]} in a line", where=feature.where, hint=fault[1]))
    for name, table in tables.items():
        if fault := check(name):
            table.fault(fault[0], table.where, hint=fault[1])
            continue
        for key in (*TREE_KEYS, *TYPE_KEYS):
            if key in table:
                table.fault(f"'{key}' belongs in the model's own file", key, hint="this line takes its tree from there")
        own = Table({key: table.content[key] for key in table if key in OWN_KEYS}, table.where, table.errors)
        features[name] = read_feature(own, base.features[name], base.features)
    _check_renames(features, tables)
    added = _read_constraints(top, tables, features)
    interactions = tuple(read_interactions(top, features))
    constraints = [*_with_reasons(base.constraints, added), *constraints_of(interactions)]
    return ModelDraft(features, _made(top, base.root, features, base.groups, constraints), interactions)


def _with_reasons(old: Sequence[Constraint], added: Sequence[Constraint]) -> list[Constraint]:
    """The old constraints, with the reasons of those that are added once more, and then the new ones."""
    joined, end = list(old), len(old)
    for constraint in added:
        index = next((i for i in range(end) if joined[i].expression == constraint.expression), None)
        if index is None:
            joined.append(constraint)
        elif constraint.because:
            joined[index] = replace(joined[index], because=constraint.because)
    return joined


def _tables(top: Table, keys: Collection[str]) -> dict[str, Table]:
    features = top.table("features")
    return {name: features.table(name, keys) for name in features}


def _root(line: Table, root: str, features: Mapping[str, Feature], groups: Sequence[Group]) -> str:
    """The root as the line names it, or else the first feature that has no parent."""
    if root in features:
        return root
    members = {name for group in groups for name in group.members}
    guess = next((name for name in features if name not in members), "")
    if "root" not in line:
        line.missing("root", f'root = "{guess or "the feature above all others"}"')
    elif isinstance(line.content["root"], str):
        _, hint = known_feature(features)(root) or ("", "")
        hint = hint or (f"the first feature without a parent is '{guess}'" if guess else "")
        line.fault(f"unknown feature '{root}'", "root", hint=hint)
    return guess


def _check_renames(features: Mapping[str, Feature], tables: Mapping[str, Table]) -> None:
    """Report former names that two features claim."""
    owner: dict[str, str] = {}
    for name, feature in features.items():
        for former in feature.delivery.was:
            if owner.setdefault(former, name) != name and name in tables:
                tables[name].fault(f"'{former}' is a former name of '{owner[former]}' too", "was")


def _read_constraints(
    top: Table, tables: Mapping[str, Table], features: Mapping[str, Feature]
) -> tuple[Constraint, ...]:
    sugar = [constraint for name, table in tables.items() for constraint in read_sugar(name, table, features)]
    return (*sugar, *_written_constraints(top, features))


def _written_constraints(top: Table, features: Mapping[str, Feature]) -> Iterator[Constraint]:
    for table in top.tables("constraints", ("rule", "because")):
        expression = read_expression(table, "rule", 'rule = "this => that"', features)
        because = table.text("because")
        if expression is None:
            continue
        yield Constraint(expression, because, where=table.at("rule"))
        for what in (*constraint_faults(expression, features), *sum_faults(expression, features)):
            table.fault(what, "rule")


def read_expression(table: Table, key: str, needed: str, names: Collection[str] | None) -> Expression | None:
    """The expression under a key, over these names or any; None where it is missing or wrong."""
    text = table.text(key, needed=needed)
    if not text:
        return None
    try:
        return parse(text, table.at(key), names, hints=max(0, MOST_HINTS - len(table.errors)))
    except SartoError as error:
        table.errors.extend(error.errors)
        return None


def _made(
    top: Table, root: str, features: Mapping[str, Feature], groups: Sequence[Group], constraints: Sequence[Constraint]
) -> FeatureModel | None:
    """The model, with its features in the order of the tree."""
    if not root:
        return None
    try:
        model = FeatureModel(root=root, features=features, groups=tuple(groups), constraints=tuple(constraints))
    except SartoError as error:
        top.errors.extend(error.errors)
        return None
    return replace(model, features={name: features[name] for name in model.preorder()})
