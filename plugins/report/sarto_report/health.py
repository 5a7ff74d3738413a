"""How a line is: what is wrong with it, how much may vary, and how much of that customers use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto.model.feature import is_endless
from sarto.model.feature_model import FeatureModel
from sarto.solve.counting import count
from sarto.solve.sampling.coverage import Coverage, coverage_of
from sarto.solve.soundness import Finding

from .choices import Choice, Standing

__all__ = ["Health", "Use", "health", "use_of"]

AT_ONCE = 500_000
"""Pairs of more features than so many per second has, squared, are not begun with: there would be no end in time."""


@dataclass(frozen=True, slots=True)
class Use:
    """Of ``variable`` features, which a product can have or not have, some customer has ``used`` ones, and of
    ``divided`` ones also some customer has not. ``pairs`` are the interactions of two of them; None where that was not
    found in the time.
    """

    variable: int
    used: int
    divided: int
    pairs: Coverage | None

    @property
    def share(self) -> Fraction:
        """The used part of what may vary; 1 where nothing may."""
        return Fraction(self.used, self.variable) if self.variable else Fraction(1)


@dataclass(frozen=True, slots=True)
class Health:
    """The findings of the check, the most severe first, and how many configurations there are.

    ``configurations`` is None where their number was not found in the time, or ``is_endless``.
    """

    findings: tuple[Finding, ...]
    configurations: int | None
    is_endless: bool
    use: Use


def health(
    line: ProductLine, chosen: Mapping[str, Choice], configurations: Sequence[Mapping[str, Value]], seconds: float,
    findings: Sequence[Finding],
) -> Health:  # fmt: skip
    """How the line is; counting, and looking at pairs, each takes about so many seconds at most."""
    endless = any(map(is_endless, line.written.model.features.values()))
    number = None if endless else _count(line.written.model, line.plugins, seconds)
    order = ("error", "warning", "note")
    ranked = tuple(sorted(findings, key=lambda each: order.index(each.severity)))
    return Health(ranked, number, endless, use_of(line.model, chosen, configurations, seconds))


def _count(model: FeatureModel, plugins: PluginManager, seconds: float) -> int | None:
    counters = plugins.counters()
    try:
        return count(model, counters[0].count if counters else None, seconds)
    except SartoError:  # arithmetic that cannot be written out; the rest of the report stands
        return None


def use_of(
    model: FeatureModel, chosen: Mapping[str, Choice], configurations: Sequence[Mapping[str, Value]], seconds: float
) -> Use:
    """How much of what may vary is used."""
    variable = [each for each in chosen.values() if each.standing not in (Standing.EVERY, Standing.NONE)]
    names = [each.name for each in variable]
    used = sum(each.count > 0 for each in variable)
    divided = sum(each.standing is Standing.SOME for each in variable)
    return Use(len(variable), used, divided, _pairs(model, configurations, names, seconds))


def _pairs(
    model: FeatureModel, configurations: Sequence[Mapping[str, Value]], names: Sequence[str], seconds: float
) -> Coverage | None:
    if not names:
        return Coverage(2, 0, 0, 0)
    if len(names) ** 2 > AT_ONCE * seconds:
        return None
    try:
        return coverage_of(model, configurations, 2, names, seconds)
    except SartoError:  # the same
        return None
