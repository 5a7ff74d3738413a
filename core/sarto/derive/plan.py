"""The plan of one build, as data: everything that a build format needs, decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.expression import Value
from ..model.line import LineDescription
from ..model.selection import Selection
from ..solve.reasons import Resolution
from .naming import launcher_name
from .part import Part

__all__ = ["Part", "Plan", "ResolvedTarget"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTarget:
    """A target made definite: Python version ("3.11"), platform tag, environment markers, wheel tags.

    ``tags`` are the wheel tags it accepts, the best first.
    """

    python: str
    platform: str
    markers: Mapping[str, str]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything about one build: its parts, plugin order, settings and brand.

    ``name`` is the build's name, a slug of the customer's, which names its folder.
    ``parts`` are sorted by name. ``order`` names the selected and open features that have parts, in
    the order in which their hook implementations are called. ``settings`` maps each feature that has a setting in this
    build to its value. ``brand`` has every slot of the line's cosmetics, filled or by default, and ``name``;
    ``brand_files`` the contents of its files by their paths in the build, and ``look`` the types, languages, texts and
    further files of the slots, as ``build.json`` has them. ``core_object`` is what the core's command runs, as
    ``module:attribute``.
    """

    name: str
    line: LineDescription
    selection: Selection
    resolution: Resolution
    target: ResolvedTarget
    parts: tuple[Part, ...]
    order: tuple[str, ...]
    settings: Mapping[str, Value]
    brand: Mapping[str, str]
    brand_files: Mapping[str, bytes]
    look: Mapping[str, Any] = field(default_factory=dict)
    core_object: str = ""

    @property
    def launcher(self) -> str:
        """The name of what starts the build, without its suffix: the brand's, else the build's own."""
        return launcher_name(self.selection, self.line) or self.name
