"""Makes plugins out of functions, for the tests of variation points."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sarto_runtime import Plugin, Points

__all__ = ["announce", "module_file", "plugin", "taken_in"]


def plugin(name: str, *variants: Callable[..., Any], **more: Any) -> ModuleType:
    """A module with these functions, by their names."""
    module = ModuleType(name)
    for number, variant in enumerate(variants):
        setattr(module, f"{variant.__name__}_{number}", variant)
    for key, value in more.items():
        setattr(module, key, value)
    return module


@contextmanager
def taken_in(*plugins: ModuleType, **how: Any) -> Iterator[Points]:
    """Points with the plugins, each of a feature of its own name, until the end of the block."""
    points = Points(**how)
    try:
        for each in plugins:
            points.register(each, feature=each.__name__, part=f"shop-{each.__name__}")
        yield points
    finally:
        points.close()


@contextmanager
def module_file(folder: Path, name: str, text: str) -> Iterator[None]:
    """A module that can be imported, until the end of the block."""
    folder.joinpath(f"{name}.py").write_text(text, encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop(name, None)


def announce(points: Points, module: ModuleType) -> None:
    """Let the points know of the module as a build does: it is imported when its feature, of its own name, is on."""
    name = f"plugin_of_a_test_{module.__name__}"
    sys.modules[name] = module
    points.announce([Plugin(module.__name__, name, module.__name__, f"shop-{module.__name__}")])
