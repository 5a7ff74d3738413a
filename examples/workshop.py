"""Builds the selections of an example for its tests, each once, in places of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from sarto.line import ProductLine

from .asking import Product

__all__ = ["Workshop", "own_places"]


@contextmanager
def own_places(folders: pytest.TempPathFactory, cache: str, *more: str) -> Iterator[None]:
    """Nothing of the person who runs the tests is used or changed; parallel runners of one session share the parts.

    ``more`` are variables that name folders of the host's own.
    """
    session = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        session = session.parent
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SARTO_CACHE", str(session / cache))
        for variable in ("SARTO_STATE", *more):
            environment.setenv(variable, str(folders.mktemp(variable.lower())))
        yield


class Workshop:
    """The builds of the ``example`` in its folder."""

    def __init__(self, example: Path, folders: pytest.TempPathFactory) -> None:
        self.example = example
        self._folders = folders
        self._built: dict[Path, Product] = {}

    def build(self, selection: Path) -> Product:
        """The build of a selection."""
        if selection not in self._built:
            line, read = ProductLine.for_selection(selection)
            self._built[selection] = Product(line.build(read, self._folders.mktemp("builds")).outputs["bundle"])
        return self._built[selection]

    def customers(self, *names: str) -> Mapping[str, Product]:
        """The builds of the example's own selections, by their names."""
        return {name: self.build(self.example / "selections" / f"{name}.toml") for name in names}

    def reckless(self, select: Mapping[str, object]) -> Product:
        """What should not go together, of the example's line without its constraints."""
        folder = self._folders.mktemp("reckless")
        kept, _, rest = (self.example / "features.toml").read_text().partition("[[constraints]]")
        (folder / "features.toml").write_text(kept + rest[rest.index("[targets]") :])
        wishes = "\n".join(
            f"{name} = {str(value).lower() if value is True else repr(value)}" for name, value in select.items()
        )
        selection = folder / "reckless.toml"
        selection.write_text(f'line = "features.toml"\ncustomer = "Reckless"\n[select]\n{wishes}\n')
        return self.build(selection)
