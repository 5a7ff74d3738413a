"""What ``sarto analyse`` finds out, as the data that ``--json`` prints."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Context, Decimal
from typing import Any, TypeVar

from ..model.feature import Constraint, is_endless
from ..model.feature_model import FeatureModel
from ..model.grammar import write
from ..model.instance_bounds import bounded
from ..model.instance_wishes import numbered_name
from ..model.instances import expanded
from ..solve.analysis import analyse, redundant_constraints
from ..solve.atomic_sets import atomic_sets
from ..solve.commonality import commonality
from ..solve.conditional import conditionally_dead, under
from ..solve.counting import ClauseCounter, count
from ..solve.difficulty import TooHard
from ..solve.metrics import metrics
from ..solve.problem import Solve
from ..solve.soundness import Finding, defects
from ..solve.tautologies import tautologies

__all__ = ["report"]

T = TypeVar("T")
DIGITS = Context(prec=12, Emin=-(10**9), Emax=10**9)


def report(
    model: FeatureModel,
    decisions: Mapping[str, bool],
    asked: Mapping[str, bool],
    counter: ClauseCounter | None,
    solve: Solve | None,
    seconds: float,
) -> dict[str, Any]:
    """The analyses of the model under the decisions, and what else was ``asked`` for, by the names of the options.

    None stands for what is not known: the time was over, or only an optimiser decides the arithmetic. Where the
    configurations have no number, ``unbounded`` names the features of which there may be any number of instances.
    """
    subject = under(model, decisions) if decisions else model
    analysis = asdict(analyse(subject, solve)) | {"constraints": len(model.constraints)}
    written_out = expanded(subject, is_cut_off=True)
    empty = _decided(lambda: tautologies(model))
    found: dict[str, Any] = {
        **analysis,
        "atomic_sets": _decided(lambda: _written(atomic_sets(written_out), model)),
        "tautologies": _texts(empty),
        "metrics": asdict(metrics(model)),
    }
    if decisions:
        found["conditionally_dead"] = conditionally_dead(model, decisions, solve)
    if asked["redundant"]:
        redundant = _decided(lambda: redundant_constraints(model))
        found["redundant"] = (
            None if redundant is None else _texts([each for each in redundant if each not in (empty or ())])
        )
    if asked["explain"]:
        found["explanations"] = [_explained(each) for each in defects(subject, solve)]
    if asked["commonality"] or asked["is_counted"]:
        endless = list(_without_end(subject, solve))
        if endless:
            keys = ("configurations", "commonality", "homogeneity", "variability")
            return found | dict.fromkeys(keys if asked["commonality"] else keys[:1]) | {"unbounded": endless}
    if asked["commonality"]:
        return found | _commonality(bounded(model, is_cut_off=True), decisions, counter, seconds)
    if asked["is_counted"]:
        countable = bounded(model, is_cut_off=True)
        found["configurations"] = _digits(_decided(lambda: count(countable, counter, seconds, decisions)))
    return found


def _without_end(model: FeatureModel, solve: Solve | None) -> Iterator[str]:
    """The features that may have any number of instances: the last one that is looked at can be there.

    There are more instances then than can make a difference, and each that makes none may be there once more.
    """
    cut_off = bounded(model, is_cut_off=True)
    if cut_off is model:
        return
    written_out = expanded(cut_off)
    dead = frozenset(analyse(written_out, solve).dead)
    alive = (numbered_name(name) for name in written_out.features if name not in dead)
    can_be = {(base, numbers[-1]) for base, numbers in alive if numbers}
    for name, feature in model.features.items():
        if is_endless(feature) and (name, (cut_off.features[name].instances or (1, 1))[1]) in can_be:
            yield name


def _explained(defect: Finding) -> dict[str, Any]:
    return {"kind": defect.kind, "what": defect.what, "where": str(defect.where), "because": defect.because}


def _written(sets: Iterable[Sequence[str]], model: FeatureModel) -> list[list[str]]:
    """The sets without the names of single instances."""
    kept = ([name for name in names if name in model.features] for names in sets)
    return [names for names in kept if len(names) > 1]


def _commonality(
    model: FeatureModel, decisions: Mapping[str, bool], counter: ClauseCounter | None, seconds: float
) -> dict[str, Any]:
    """The number of configurations and what each feature has of them; null where it was not found in time."""
    found = _decided(lambda: commonality(model, counter, seconds, decisions))
    if found is None:
        return dict.fromkeys(("configurations", "commonality", "homogeneity", "variability"))
    number, shares = found.count, found.shares
    alike = found.homogeneity
    return {
        "configurations": _digits(number),
        "commonality": {
            name: None if share is None else _ratio(share.numerator, share.denominator)
            for name, share in shares.items()
        },
        "homogeneity": None if alike is None else _ratio(alike.numerator, alike.denominator),
        "variability": None if number is None else _ratio(number, 2 ** len(model.features)),
    }


def _ratio(part: int, whole: int) -> str:
    """The quotient with twelve digits; 1 only where it is 1, 0 only where it is 0."""
    if part == whole:
        return "1"
    found = DIGITS.divide(Decimal(part), Decimal(whole))
    return str(min(found, Decimal("0.999999999999")))


def _digits(number: int | None) -> str | None:
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return None if number is None else str(number)
    finally:
        sys.set_int_max_str_digits(limit)


def _decided(answer: Callable[[], T]) -> T | None:
    """The answer; None where the arithmetic is one that only an optimiser decides, which is not asked for it."""
    try:
        return answer()
    except TooHard:
        return None


def _texts(constraints: Sequence[Constraint] | None) -> list[dict[str, str]] | None:
    if constraints is None:
        return None
    return [{"rule": write(each.expression), "where": str(each.where)} for each in constraints]
