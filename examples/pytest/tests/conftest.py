"""The builds of the example's selections, each made once, and what they are asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from sarto.line import ProductLine

from .asking import Product

EXAMPLE = Path(__file__).parent.parent
CUSTOMERS = ("library", "service", "classroom")


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the person who runs the tests is used or changed; parallel runners of one session share the parts."""
    session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        session = session.parent
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SARTO_STATE", str(tmp_path_factory.mktemp("state")))
        environment.setenv("SARTO_CACHE", str(session / "pytest-cache"))
        yield


@pytest.fixture
def own_switches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A user who has switched nothing yet."""
    monkeypatch.setenv("SARTO_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def line() -> ProductLine:
    return ProductLine.open(EXAMPLE)


@pytest.fixture(scope="session")
def built(own_places: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Product]:
    """Builds a selection, each once."""

    @cache
    def build(selection: Path) -> Product:
        line, read = ProductLine.for_selection(selection)
        return Product(line.build(read, tmp_path_factory.mktemp("builds")).outputs["bundle"])

    return build


@pytest.fixture(scope="session")
def products(built: Callable[[Path], Product]) -> Mapping[str, Product]:
    return {name: built(EXAMPLE / "selections" / f"{name}.toml") for name in CUSTOMERS}


@pytest.fixture(scope="session")
def reckless(
    built: Callable[[Path], Product], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Mapping[str, object]], Product]:
    """Builds what should not go together, of the example's line without its constraints."""

    def build(select: Mapping[str, object]) -> Product:
        folder = tmp_path_factory.mktemp("reckless")
        kept, _, rest = (EXAMPLE / "features.toml").read_text().partition("[[constraints]]")
        (folder / "features.toml").write_text(kept + rest[rest.index("[targets]") :])
        wishes = "\n".join(
            f"{name} = {str(value).lower() if value is True else repr(value)}" for name, value in select.items()
        )
        selection = folder / "reckless.toml"
        selection.write_text(f'line = "features.toml"\ncustomer = "Reckless"\n[select]\n{wishes}\n')
        return built(selection)

    return build
