"""What a build was made from, as digests: with the same inputs, it would be made the same again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sarto import __version__
from sarto.derive.brand import Brand, brand_of
from sarto.derive.catalog import Catalog
from sarto.derive.files import file_digest
from sarto.derive.lockfile import LockedWheel
from sarto.derive.planning import delivered
from sarto.hooks import Plugin
from sarto.orders import Order, digest
from sarto.solve.reasons import Resolution

__all__ = ["KINDS", "Inputs", "Wanted", "changed", "wheel_hash"]

Inputs = dict[str, str]
"""A digest for each kind of input, and that of the line's ``lock``, which says whether ``parts`` can be others."""

KINDS = ("line", "selection", "brand", "parts", "sarto")
"""The line's files, the selection with its profiles, the brand, the parts, and Sarto with its plugins."""


@dataclass(frozen=True)
class Wanted:
    """What an order asks for now, each thing found when it is first needed; no part is fetched for it.

    Every property raises SartoError where the order cannot be honoured.
    """

    order: Order

    @cached_property
    def catalog(self) -> Catalog:
        """The line, prepared for the order's target."""
        return self.order.line.catalog(self.order.selection)

    @cached_property
    def resolution(self) -> Resolution:
        """The configuration."""
        return self.order.line.resolve(self.order.selection)

    @cached_property
    def wheels(self) -> tuple[LockedWheel, ...]:
        """The wheels that the build would have."""
        return self.catalog.wheels(delivered(self.resolution))

    @cached_property
    def brand(self) -> Brand:
        """The brand."""
        line = self.order.line
        return brand_of(line.description, line.folder, self.order.selection)

    def inputs(self, known: Inputs | None = None) -> Inputs:
        """The inputs; where ``known`` ones are the same but for the parts, and so is the lock, the parts are too."""
        catalog, brand = self.catalog, self.brand
        target = [catalog.target.python, catalog.target.platform]
        found = {
            "line": self.order.line_digest,
            "selection": self.order.selection_digest,
            "brand": digest(
                [
                    sorted(brand.slots.items()),
                    brand.texts,
                    [[p, hashlib.sha256(b).hexdigest()] for p, b in brand.files.items()],
                ]
            ),
            "sarto": _sarto(self.order.line.plugins.plugins),
            "lock": catalog.digest,
        }
        if known and all(known.get(kind) == value for kind, value in found.items()) and "parts" in known:
            return {**found, "parts": known["parts"]}
        return {**found, "parts": digest([target, [[wheel.filename, wheel_hash(wheel)] for wheel in self.wheels]])}


def changed(known: Inputs, now: Inputs) -> tuple[str, ...]:
    """The kinds of inputs that are others now."""
    return tuple(kind for kind in KINDS if known.get(kind) != now[kind])


def wheel_hash(wheel: LockedWheel) -> str:
    """The sha256 of a wheel; empty where an index gives none, and nobody could build with it."""
    if wheel.sha256 or wheel.path is None or not wheel.path.is_file():
        return wheel.sha256
    return file_digest(wheel.path)


@lru_cache(maxsize=1)
def _sarto(plugins: tuple[Plugin, ...]) -> str:
    return digest([__version__, [[p.name, p.distribution, p.version] for p in plugins]])
