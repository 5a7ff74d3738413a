"""Three customers' builds, made once, and the sites that they are."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from sarto.line import ProductLine
from sarto.solve.reasons import Resolution

from .plugins import TOKEN
from .serving import Site, serving

EXAMPLE = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, and how the operator of the site starts it: a database that does not change is opened with ``-i``."""

    name: str
    words: tuple[str, ...] = ()
    is_read_only: bool = True
    reader: Mapping[str, str] | None = None

    def command(self, database: Path) -> list[str]:
        """The words of the command line that serve the database."""
        return [*self.words, *(["-i"] if self.is_read_only else []), str(database)]


CUSTOMERS = {
    customer.name: customer
    for customer in (
        Customer("library", ("-m", str(EXAMPLE / "operators" / "library.json"))),
        Customer("museum"),
        Customer("clinic", ("-m", str(EXAMPLE / "operators" / "clinic.json")), is_read_only=False, reader=TOKEN),
    )
}


@pytest.fixture(scope="session", autouse=True)
def own_places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the person who runs the tests is used or changed; parallel runners of one session share the parts."""
    session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        session = session.parent
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SARTO_STATE", str(tmp_path_factory.mktemp("state")))
        environment.setenv("SARTO_CACHE", str(session / "datasette-cache"))
        environment.setenv("CLINIC_TOKEN", TOKEN["Authorization"].removeprefix("Bearer "))
        yield


@pytest.fixture(scope="session")
def line() -> ProductLine:
    return ProductLine.open(EXAMPLE)


@pytest.fixture(scope="session")
def resolutions(line: ProductLine) -> Mapping[str, Resolution]:
    selections = {name: EXAMPLE / "selections" / f"{name}.toml" for name in CUSTOMERS}
    return {name: line.resolve(line.selection(path)) for name, path in selections.items()}


@pytest.fixture(scope="session")
def built(line: ProductLine, own_places: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Builds a selection of the example's line, each once."""

    @cache
    def build(selection: Path) -> Path:
        output = tmp_path_factory.mktemp("builds")
        return line.build(line.selection(selection), output).outputs["bundle"]

    return build


@pytest.fixture(scope="session")
def builds(built: Callable[[Path], Path]) -> Mapping[str, Path]:
    return {name: built(EXAMPLE / "selections" / f"{name}.toml") for name in CUSTOMERS}


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's sample database."""
    path = tmp_path_factory.mktemp("data") / "collection.db"
    subprocess.run([sys.executable, str(EXAMPLE / "sample.py"), str(path)], check=True)
    return path


@pytest.fixture(scope="session")
def sites(builds: Mapping[str, Path], database: Path) -> Iterator[Callable[[str], Site]]:
    """A customer's running site; each is started when it is first asked for."""
    with ExitStack() as running:

        @cache
        def site(name: str) -> Site:
            customer = CUSTOMERS[name]
            return running.enter_context(serving(builds[name], *customer.command(database), reader=customer.reader))

        yield site
