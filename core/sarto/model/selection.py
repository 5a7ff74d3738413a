"""What a customer asked for: a partial wish over the features of one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from ..errors import Place
from .cosmetics import BrandValue
from .expression import Value
from .feature import NOWHERE

__all__ = ["Count", "Selection", "Target", "Wish"]


class Count(int):
    """A number of instances that a list in a selection has, as against one that is written as a value."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One decision of a selection: ``value`` is True, False, or the value of a typed feature.

    As it is written, it can also be the number of a feature's instances; where these are written out
    (:mod:`~sarto.model.instance_wishes`), ``said`` is the wish from which one about a single instance comes.
    """

    feature: str
    value: Value
    where: Place = field(default=NOWHERE, compare=False)
    said: Wish | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Target:
    """The environment that a build is for.

    ``python`` is a version ("3.11") and ``platform`` a platform tag ("manylinux_2_28_x86_64",
    "macosx_11_0_arm64", "win_amd64"); either may be "host", the machine that builds.
    """

    python: str
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A selection with its profiles merged in.

    ``line`` is the path of the line as it is written, relative to ``file``. ``wishes`` are in the
    order in which they were written, profiles first. ``open`` maps each feature that is left to the
    end user to where that is said. ``minimise`` and ``maximise`` name attributes, the most
    important first. ``language`` is that in which the customer reads, empty where nothing says it. ``brand``
    fills the line's cosmetics, each with a text or with texts by language. ``consent`` says what the
    customer agrees to, which is nothing unless it is said. A ``target`` entry that is empty is the line's.
    ``places`` tells where else things are said, by key (``brand.logo``, ``prefer``): the file is that of
    a profile where a profile said it.
    """

    line: str
    customer: str
    file: str = field(default="", compare=False)
    extends: tuple[str, ...] = ()
    wishes: Mapping[str, Wish] = field(default_factory=dict)
    open: Mapping[str, Place] = field(default_factory=dict)
    minimise: tuple[str, ...] = ()
    maximise: tuple[str, ...] = ()
    language: str = ""
    brand: Mapping[str, BrandValue] = field(default_factory=dict)
    target: Target = Target("", "")
    consent: Mapping[str, bool] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def place_of(self, key: str) -> Place:
        """Where the key was said; in the selection's own file where nothing tells."""
        return self.places.get(key, Place(self.file, key))

    def brand_file(self, slot: str) -> PurePath:
        """The path of the file in a slot of the brand, which is relative to the file that fills the slot."""
        return PurePath(self.place_of(f"brand.{slot}").file).parent / str(self.brand[slot])
