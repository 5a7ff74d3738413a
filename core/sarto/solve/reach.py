"""How far whole numbers without bounds need go: whatever linear comparisons they fulfil, numbers this near do as well.

Of every system of linear inequalities with a solution in n whole numbers there is one of which none is above (n + 1)
times the largest subdeterminant of the system (von zur Gathen and Sieveking, 1978).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from ..model.expression import Arithmetic, Compare, exact
from ..model.feature import Feature, ValueType
from ..model.feature_model import FeatureModel
from .linear_form import Domains, linear_form

__all__ = ["proved_reach"]

FARTHEST = 1 << 40


def proved_reach(
    model: FeatureModel, name: str, free: Mapping[str, Feature], uses: Mapping[str, Sequence[Compare]], given: Domains
) -> int | None:
    """A number that the size of an undecided integer feature need not exceed, nor that of those it is compared with.

    ``free`` are the undecided features and ``uses`` the comparisons that read them. None where a comparison of them is
    not linear or reads real numbers or texts, and where the number is too large to be of use.
    """
    probe: Domains = {**given, **dict.fromkeys(free, (0, 1))}
    company, waiting, seen = {name: None}, [name], set[Compare]()
    determinant, right = 1, 0
    while waiting:
        for use in uses.get(waiting.pop(), ()):
            if use in seen:
                continue
            seen.add(use)
            row = _row(model, probe, free, use)
            if row is None:
                return None
            slopes, constant = row
            waiting += [other for other in slopes if other not in company]
            company |= dict.fromkeys(slopes)
            scale = lcm(*(slope.denominator for slope in slopes.values()))
            determinant *= max(1, int(sum(abs(slope) for slope in slopes.values()) * scale))
            right += int(constant * scale) + 3  # rounded up, and one more for what is strictly less
            if determinant * right > FARTHEST:
                return None
    right += sum(_bound_rows(free[other]) for other in company)
    found = (len(company) + 1) * determinant * max(1, right)
    return found if found <= FARTHEST else None


def _bound_rows(feature: Feature) -> int:
    """The size of what the feature's bounds come to as two inequalities, or of any value between them taken twice."""
    bounds = [abs(Fraction(exact(bound))) for bound in (feature.minimum, feature.maximum) if bound is not None]
    return 2 * int(max(bounds, default=Fraction(0))) + 2


def _row(
    model: FeatureModel, probe: Domains, free: Mapping[str, Feature], use: Compare
) -> tuple[dict[str, Fraction], Fraction] | None:
    """The factors of undecided features in a comparison, and the greatest size that all else can come to."""
    form = linear_form(model, probe, Arithmetic("-", use.left, use.right))
    if form is None:
        return None
    slopes: dict[str, Fraction] = {}
    constant = abs(form.constant)
    for name, states in form.terms.items():
        if name in free:
            constant += abs(states[0])
            if states[1] != states[0]:
                slopes[name] = states[1] - states[0]
                if free[name].type is not ValueType.INTEGER:
                    return None
        else:
            constant += max(map(abs, states.values()))
    return slopes, constant
