"""The running product, for code that knows Sarto: what it is called, what is on, where its brand's files are."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .build import Build, Value, read_build
from .errors import ProductError, did_you_mean
from .state import State, settings_in_use, state_of

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Product", "announce", "product"]

VARIABLE = "SARTO_PRODUCT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A build that runs.

    ``name`` is the build's, ``line`` and ``version`` the product line's; ``settings`` are by the core's names for
    them; ``features`` has every feature of the line with True, False or a typed feature's value; ``brand`` every slot
    of the line's cosmetics, where a file is a path below ``folder`` (see :meth:`brand_file`).
    """

    name: str
    customer: str
    line: str
    version: str
    folder: str
    brand: Mapping[str, str]
    settings: Mapping[str, Value]
    features: Mapping[str, Value]

    def is_enabled(self, feature: str) -> bool:
        """Whether ``feature`` is on. Raises :class:`ProductError` for a name that the line does not have."""
        if feature not in self.features:
            raise ProductError(
                f"'{self.line}' has no feature '{feature}'", hint=did_you_mean(feature, list(self.features))
            )
        return self.features[feature] is not False

    def brand_file(self, slot: str) -> Path:
        """The file that fills ``slot``, as an absolute path. Raises :class:`ProductError` where none does."""
        from pathlib import Path

        value = self.brand.get(slot, "")
        if not value.startswith("brand/"):
            raise ProductError(f"the brand has no file for '{slot}'", hint=did_you_mean(slot, list(self.brand)))
        return Path(self.folder, *value.split("/"))


def product() -> Product:
    """The running product. It stays as it was started, in processes that it starts, too.

    Raises :class:`ProductError` outside a build.
    """
    announced = os.environ.get(VARIABLE)
    if not announced:
        raise ProductError("this is not running in a product that Sarto built", hint="start the build's launcher")
    started = json.loads(announced)
    build = read_build(started["folder"])
    return _product(build, state_of(build, started["switches"]))


def announce(build: Build, state: State) -> None:
    """Let :func:`product` know what runs, here and in the processes started from here.

    It is said in the environment, for a child process that multiprocessing spawns has nothing else of its parent.
    """
    switches = {name: state.is_on(name) for name in sorted(state.switched)}
    os.environ[VARIABLE] = json.dumps({"folder": build.folder, "switches": switches})


def _product(build: Build, state: State) -> Product:
    return Product(
        name=build.name,
        customer=build.customer,
        line=build.line.name,
        version=build.line.version,
        folder=build.folder,
        brand=build.brand,
        settings=settings_in_use(build, state),
        features=state.features,
    )
