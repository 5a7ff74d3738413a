"""A configuration tried in this process: its features' plugins at the core's variation points, without a build."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from packaging.requirements import Requirement
from sarto.derive.order import plugin_order
from sarto.line import ProductLine
from sarto.model.expression import Value
from sarto_runtime import Points
from sarto_runtime.plugin import Plugin

__all__ = ["importable", "rehearsed"]


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
