"""From a feature model to its formula as the text of a DIMACS file."""

from __future__ import annotations

from sarto.hooks import Gathered
from sarto.model.feature import Feature
from sarto.model.feature_model import FeatureModel
from sarto.model.instances import expanded
from sarto.model.names import is_plain_text
from sarto.model.notation import shortened
from sarto.solve.encoding import encode

from .reading import free_name

__all__ = ["AUXILIARY", "write"]

AUXILIARY = "auxiliary_"
_REMARK = "c The formula of a feature model: its tree, attributes, defaults, parts and reasons are not in it."


def write(model: FeatureModel) -> str:
    """The formula of the model, with the names of the features in comments; each instance is a feature of its own.

    There are as many solutions as configurations: auxiliary variables, whose names are marked as generated, are
    defined both ways. Raises SartoError with the typed features, whose values a formula has no place for, and with
    names of several lines or with spaces around them; and where arithmetic or cardinalities go beyond a formula.
    """
    faults = Gathered()
    for feature in model.features.values():
        _check(feature, faults)
    faults.raise_found()
    model = expanded(model)
    formula = encode(model, {})
    taken = set(model.features)
    lines = [_REMARK]
    for number in range(1, formula.size + 1):
        if number in formula.names:
            lines.append(f"c {number} {formula.names[number]}")
        else:
            lines.append(f"c {number}$ {free_name(f'{AUXILIARY}{number}', taken)}")
    lines.append(f"p cnf {formula.size} {len(formula.clauses)}")
    lines += (" ".join(map(str, (*clause, 0))) for clause in formula.clauses)
    return "\n".join(lines) + "\n"


def _check(feature: Feature, faults: Gathered) -> None:
    name = shortened(feature.name)
    if not feature.name or feature.name.strip() != feature.name or not is_plain_text(feature.name):
        hint = "names are of one line, and have no spaces around them"
        faults.error(f"'{name}' cannot name a feature in DIMACS", feature.where, hint)
    if feature.type is not None:
        faults.error(f"DIMACS has no values, and '{name}' has the type {feature.type}", feature.where)
