"""A line as data for a page that works it out by itself: its tree, and its formula with the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sarto.errors import Place, SartoError
from sarto.model.expression import Compare, FeatureReference, Value, postorder
from sarto.model.feature import Feature, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.model.instances import instance_with
from sarto.solve.difficulty import TooHard
from sarto.solve.encoding import encode
from sarto.solve.formula import Formula
from sarto.solve.linear_form import Domains
from sarto.solve.session import SatSession
from sarto.solve.values import domains_of, threshold

from ..line import OfferedLine
from ..reasons import rule_data
from .prices import prices_inside

__all__ = ["MOST_CLAUSES", "MOST_FEATURES", "line_inside"]

MOST_FEATURES = 500
MOST_CLAUSES = 20_000
SERVED = "sarto web LINE serves it"
ANY_SIZE = f"{SERVED}, whatever its size"


def line_inside(line: OfferedLine) -> dict[str, Any]:
    """The line as the page's engine reads it.

    Raises SartoError where it is more than a page should work out, or where a text that constraints compare
    is still to be chosen.
    """
    model = line.model
    order = tuple(model.preorder())
    if len(order) > MOST_FEATURES:
        what = f"a page by itself configures at most {MOST_FEATURES} features, and this line has {len(order):,}"
        raise SartoError(what, where=line.line.description.file, hint=ANY_SIZE)
    formula = _formula(model, line.line.description.file)
    if line.choices.attempt({}) is None:
        what = "no product has the numbers that features have by default, so that a page by itself could not begin"
        raise SartoError(what, where=line.line.description.file, hint="give them defaults that go together")
    levels = {name: line.level(name)["groups"] for name in order}
    return {
        "line": line.summary(),
        "order": order,
        "features": {name: line.feature(name) for name in order},
        "parents": {name: parent for name in order if (parent := model.parent_of(name)) is not None},
        "groups": {name: [_group(group) for group in groups] for name, groups in levels.items() if groups},
        "formula": formula,
        "defaults": _defaults(model),
        "prices": prices_inside(line.line.description),
    }


def _group(group: Mapping[str, Any]) -> dict[str, Any]:
    return {**group, "members": [member["name"] for member in group["members"]]}


def _defaults(model: FeatureModel) -> list[dict[str, Any]]:
    """What the line would rather have of which feature, in the order in which a resolution asks for it.

    ``inside`` is the instance that has to be there before it does.
    """
    return [
        {"feature": name, "value": default, "inside": instance_with(model, name)}
        for name in model.preorder()
        if isinstance(default := model.features[name].default, bool)
    ]


def _formula(model: FeatureModel, file: str) -> dict[str, Any]:
    try:
        domains = domains_of(model, {})
        formula = encode(model, domains)
    except TooHard as error:
        what = f"a page by itself cannot work this out: {error.what}"
        raise SartoError(what, where=error.where or file, hint=SERVED) from error
    if len(formula.clauses) > MOST_CLAUSES:
        what = f"a page by itself works with at most {MOST_CLAUSES:,} clauses, and this line takes "
        raise SartoError(f"{what}{len(formula.clauses):,}", where=file, hint=ANY_SIZE)
    _refuse_void(formula, file)
    values = {name: _values(model, model.features[name], domains, formula) for name in _chosen_among(model, domains)}
    return {
        "size": formula.size,
        "variables": {name: formula.variables[name] for name in model.preorder()},
        "clauses": formula.clauses,
        "sources": formula.sources,
        "rules": [rule_data(origin, _nowhere) for origin in formula.origins],
        "values": values,
    }


def _nowhere(_place: Place) -> str:
    """Whoever reads the page has no file in which the rule stands."""
    return ""


def _refuse_void(formula: Formula, file: str) -> None:
    session = SatSession.of(formula)
    try:
        if not session.is_possible([]):
            raise SartoError("the line has no product at all", where=file, hint="sarto check LINE says why")
    finally:
        session.close()


def _chosen_among(model: FeatureModel, domains: Domains) -> list[str]:
    """The typed features whose value makes a difference to a constraint."""
    return [name for name in model.preorder() if len(domains.get(name, ())) > 1]


def _values(model: FeatureModel, feature: Feature, domains: Domains, formula: Formula) -> dict[str, Any]:
    if feature.type is ValueType.STRING:
        what = f"a page by itself cannot work with the text '{feature.name}', which constraints compare"
        raise SartoError(what, where=feature.where, hint=SERVED)
    candidates: list[Value] = list(domains[feature.name])
    return {
        "candidates": candidates,
        "literals": [formula.selectors[feature.name][value] for value in candidates],
        "points": _points(model, feature, candidates),
        "default": feature.default,
    }


def _points(model: FeatureModel, feature: Feature, candidates: Sequence[Value]) -> list[Value]:
    """The numbers at which a constraint makes a difference, 0 among them; where every value is a candidate, all."""
    bounds = (feature.minimum, feature.maximum)
    whole = [bound for bound in bounds if bound is not None and feature.type is ValueType.INTEGER]
    if len(whole) == 2 and len(candidates) == int(whole[1]) - int(whole[0]) + 1:
        return list(candidates)
    compared = (node for each in model.constraints for node in postorder(each.expression) if isinstance(node, Compare))
    own = [node for node in compared if FeatureReference(feature.name) in postorder(node)]
    return [*sorted({0.0, *(float(threshold(model, feature, node)) for node in own)})]
