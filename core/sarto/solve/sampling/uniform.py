"""Configurations drawn at random, each as likely as any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from ...errors import SartoError
from ...model.feature_model import FeatureModel
from ..compiled import compile_configurations
from .space import Configuration, ConfigurationSpace, NothingToSample

__all__ = ["UniformSample", "uniform_sample"]


@dataclass(frozen=True, slots=True)
class UniformSample:
    """Configurations in the order in which they were drawn, one of them possibly several times, out of ``count``."""

    count: int
    configurations: tuple[Configuration, ...]


def uniform_sample(model: FeatureModel, size: int, *, seed: int = 0, seconds: float = 60.0) -> UniformSample:
    """Draw ``size`` configurations, each time one of all with the same probability (with replacement).

    Configurations that select the same features are one, as they are counted; typed features have their defaults as
    far as the constraints allow. The same seed draws the same ones. Raises NothingToSample where the model has no
    configuration, and SartoError where finding all of them takes more than about so many seconds, and for what a
    formula cannot express.
    """
    found = compile_configurations(model, seconds=seconds)
    if found is None:
        raise SartoError(
            f"unknown: too hard to draw uniformly in {seconds:g} s",
            hint="give it more time, or decide some features before",
        )
    if not found.count:
        raise NothingToSample("the model is void: it has no configuration")
    random = Random(seed)
    space = ConfigurationSpace(model)
    try:
        drawn: Iterator[dict[str, bool]] = iter(lambda: found.draw(random), None)
        return UniformSample(found.count, tuple(space.configuration(each) for each in islice(drawn, size)))
    finally:
        space.close()
