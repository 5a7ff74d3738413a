"""The names of a build's folder and of its launcher, which hold on every system."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..errors import SartoError
from ..model.cosmetics import CosmeticType
from ..model.line import LineDescription
from ..model.names import RESERVED
from ..model.selection import Selection

__all__ = ["build_name", "launcher_name"]

LONGEST = 60


def build_name(selection: Selection) -> str:
    """The customer's name in small ASCII letters, digits and hyphens: ``Acme GmbH`` becomes ``acme-gmbh``.

    Raises :class:`SartoError` where nothing is left of it.
    """
    name = _slug(selection.customer)
    if not name:
        raise SartoError(
            f"no build can be named after the customer '{selection.customer}'",
            where=selection.file,
            hint="write the name with at least one letter from a to z, or a digit",
        )
    return name


def launcher_name(selection: Selection, line: LineDescription) -> str:
    """The name of what starts the build, without its suffix, as the brand gives it; empty where it does not.

    It is what fills the line's slot for a command, where it has one, else the product's name: ``Acme Data`` becomes
    ``acme-data``; a name of which nothing is left in ASCII gives none.
    """
    for slot in line.cosmetics.values():
        if slot.type is CosmeticType.COMMAND and (command := selection.brand.get(slot.name) or slot.default):
            return str(command)
    return _slug(str(selection.brand.get("name", "")))


@lru_cache(maxsize=1024)
def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    name = re.sub("[^a-z0-9]+", "-", plain)[:LONGEST].strip("-")
    return f"{name}-build" if name in RESERVED else name
