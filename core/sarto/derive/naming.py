"""The name of a build, which names its folder and its launcher on every system."""

from __future__ import annotations

import re
import unicodedata

from ..errors import SartoError
from ..model.selection import Selection

__all__ = ["build_name"]

LONGEST = 60
RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)
"""What Windows takes for devices, in any folder and with any suffix."""


def build_name(selection: Selection) -> str:
    """The customer's name in small ASCII letters, digits and hyphens: ``Acme GmbH`` becomes ``acme-gmbh``.

    Raises :class:`SartoError` where nothing is left of it.
    """
    plain = unicodedata.normalize("NFKD", selection.customer.casefold()).encode("ascii", "ignore").decode()
    name = re.sub("[^a-z0-9]+", "-", plain)[:LONGEST].strip("-")
    if not name:
        raise SartoError(
            f"no build can be named after the customer '{selection.customer}'",
            where=selection.file,
            hint="write the name with at least one letter from a to z, or a digit",
        )
    return f"{name}-build" if name in RESERVED else name
