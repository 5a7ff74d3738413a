"""From Kconfig files to a feature model with the same configurations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sarto.errors import Place, SartoError
from sarto.hooks import Gathered, ModelReading
from sarto.model.expression import And, FeatureReference, Implies, Not
from sarto.model.feature import Constraint
from sarto.model.feature_model import FeatureModel

from .amounts import value_rules
from .choices import choice_rules
from .language import k
from .loading import load
from .logic import Formula, implies
from .meaning import Meaning, is_logical
from .tree import Tree, build_tree
from .values import place_of

__all__ = ["read"]


def read(path: Path, strict: bool = False) -> ModelReading:
    """The model in a Kconfig file and in those that it sources.

    kconfiglib's warnings are warnings, or errors where ``strict``. Raises SartoError with everything that a
    feature model cannot say; a file that cannot be parsed has one error.
    """
    kconfig = load(path)
    faults = Gathered(strict)
    for number, warning in enumerate(kconfig.warnings):
        faults.oddity(f"kconfig {number}", warning.strip(), Place(str(path)))
    meaning = Meaning(kconfig)
    tree = build_tree(meaning)
    constraints = list(_constraints(meaning, tree, faults))
    faults.raise_found()
    model = FeatureModel(
        root=tree.root, features=tree.features, groups=tuple(tree.groups()), constraints=tuple(constraints)
    )
    return ModelReading(model, faults.warnings)


def _constraints(meaning: Meaning, tree: Tree, faults: Gathered) -> Iterator[Constraint]:
    for item in (*meaning.kconfig.unique_choices, *meaning.kconfig.unique_defined_syms):
        if item not in meaning.names:
            if item.orig_type not in (k.UNKNOWN,):
                what = f"'{item.name}' has no prompt: its value follows from the others, and is no feature"
                faults.warning("no prompt", what, place_of(item))
            continue
        try:
            for rule in _rules(item, meaning):
                yield from _stated(rule, tree.root, place_of(item))
        except SartoError as error:
            faults.add(error)
        except RecursionError:
            faults.error(f"the conditions of '{item.name}' are nested too deeply to be read", place_of(item))


def _rules(item: Any, meaning: Meaning) -> Iterator[Formula]:
    if isinstance(item, k.Choice):
        yield from choice_rules(meaning, item)
    elif not is_logical(item):
        yield from value_rules(meaning, item)
    elif not item.choice:
        yield from meaning.rules(item)
    if item in meaning.modules:
        yield implies(FeatureReference(meaning.modules[item]), meaning.level(meaning.kconfig.modules).some)


def _stated(rule: Formula, root: str, where: Place) -> Iterator[Constraint]:
    """The constraints that a rule is: none where it always holds, several where it joins some."""
    if rule is True:
        return
    if rule is False:
        rule = Not(FeatureReference(root))
    if isinstance(rule, Implies) and isinstance(rule.right, And):
        yield from (Constraint(Implies(rule.left, part), where=where) for part in rule.right.operands)
    else:
        yield from (Constraint(part, where=where) for part in (rule.operands if isinstance(rule, And) else (rule,)))
