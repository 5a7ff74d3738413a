"""A configuration tried in this process: its features' plugins at the core's variation points, without a build."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random

from packaging.requirements import Requirement
from sarto.derive.order import plugin_order
from sarto.errors import Place
from sarto.line import ProductLine
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value
from sarto.model.selection import Selection, Wish
from sarto_runtime import Points
from sarto_runtime.plugin import Plugin

__all__ = ["importable", "rehearsed", "resized", "wanting"]


def importable(example: Path) -> None:
    """Let this process import the example's projects, as if they were installed."""
    sys.path.extend(str(project) for project in sorted((example / "plugins").iterdir()))


@contextmanager
def rehearsed(line: ProductLine, configuration: Mapping[str, Value]) -> Iterator[None]:
    """What a build of the configuration has in place, in its order; each part's module is called as the part is."""
    features = line.written.model.features
    on = [name for name in features if configuration.get(name, False) is not False]
    order = plugin_order(line.written.model, on, line.written.interactions)
    parts = {name: Requirement(features[name].delivery.parts[0]).name for name in order}
    points = Points(order=order)
    points.announce(Plugin(name, part.replace("-", "_"), name, part) for name, part in parts.items())
    points.arrange(on, is_start=True)
    try:
        yield
    finally:
        points.close()


def wanting(wishes: Mapping[str, Value]) -> Selection:
    """A selection of these features."""
    wanted = {name: Wish(name, value, Place("order.toml", f"select.{name}")) for name, value in wishes.items()}
    return Selection(line="features.toml", customer="A Customer", wishes=wanted)


def resized(
    line: ProductLine, configuration: Mapping[str, Value], sizes: Collection[str], random: Random
) -> dict[str, Value]:
    """The configuration with whole numbers drawn for those of these typed features that are in.

    As it was where none of a hundred draws was valid.
    """
    there = [line.model.features[name] for name in sizes if configuration.get(name, False) is not False]
    for _ in range(100):
        drawn = dict(configuration)
        for feature in there:
            assert feature.minimum is not None
            assert feature.maximum is not None
            drawn[feature.name] = random.randint(int(feature.minimum), int(feature.maximum))
        if is_valid(line.model, drawn):
            return drawn
    return dict(configuration)
