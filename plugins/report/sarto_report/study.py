"""Everything that a report says, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto.model.feature_model import FeatureModel
from sarto.solve.analysis import analyse, core_and_dead
from sarto.solve.difficulty import TooHard
from sarto.solve.soundness import Finding

from .choices import Choice, choices
from .configurations import Whole, wholes
from .health import Health, health
from .pairs import Binds, Pairs, pairs, rules_of
from .prices import Distribution, distribution
from .sharing import Sharing, sharing
from .survey import Survey

__all__ = ["Study", "study"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A survey and what follows from it; ``prices`` and ``sharing`` are None where there are none."""

    survey: Survey
    choices: tuple[Choice, ...]
    pairs: Pairs
    wholes: tuple[Whole, ...]
    prices: Distribution | None
    sharing: Sharing | None
    health: Health


def study(survey: Survey, findings: Sequence[Finding], seconds: float) -> Study:
    """All numbers about the line and its customers; the same input gives the same, unless time runs out."""
    line, customers = survey.line, survey.customers
    model = line.model
    configurations = [each.configuration for each in customers]
    core, dead = _bounds(line)
    chosen = choices(line.written.model, customers, core, dead)
    return Study(
        survey=survey,
        choices=tuple(chosen.values()),
        pairs=pairs(configurations, chosen, _rules(model)),
        wholes=wholes(customers),
        prices=distribution([each.quote for each in customers if each.quote is not None]),
        sharing=sharing(customers),
        health=health(line, chosen, configurations, seconds, findings),
    )


def _bounds(line: ProductLine) -> tuple[frozenset[str], frozenset[str]]:
    """The features of all configurations, and those of none: in a model without any, these are all."""
    model = line.written.model
    try:
        found = core_and_dead(model)
    except TooHard:
        analysis = analyse(model, line.plugins.solver())
        found = None if analysis.void else (frozenset(analysis.core), frozenset(analysis.dead))
    return found or (frozenset(), frozenset(model.features))


def _rules(model: FeatureModel) -> Binds | None:
    try:
        return rules_of(model)
    except SartoError:  # arithmetic that only an optimiser decides; the report says that they are not known
        return None
