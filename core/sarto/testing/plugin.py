"""The pytest plugin: a line, a selection, its configuration and its product as fixtures, and the marker ``features``.

pytest imports it in every session of an environment that has Sarto: what takes time is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .marker import MARKER

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..model.expression import Value
    from ..model.selection import Selection
    from .product import BuiltProduct

__all__: list[str] = []

NO_LINE = "no product line: --sarto-line names one"
BUILT = pytest.StashKey[dict[Any, Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options that say what is tested."""
    group = parser.getgroup("sarto", "product lines")
    group.addoption(
        "--sarto-line", metavar="LINE",
        help="The features.toml (or its folder) that tests are about; by default that of the root folder.",
    )  # fmt: skip
    group.addoption(
        "--sarto-selection", metavar="SELECTION", action="append", default=[],
        help="The selection whose product is tested; several times: each. By default the line's plain product.",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)
    config.stash[BUILT] = {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each selection, where a test is about a product."""
    if "sarto_selection" not in metafunc.fixturenames:
        if not any(metafunc.definition.iter_markers("features")):
            return
        metafunc.fixturenames.append("sarto_selection")
    if files := metafunc.config.getoption("sarto_selection"):
        metafunc.parametrize("sarto_selection", files, indirect=True, scope="session", ids=_ids(files))


def _ids(files: list[str]) -> list[str]:
    stems = [Path(file).stem for file in files]
    return stems if len(set(stems)) == len(stems) else files


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what does not apply to the product under test."""
    if any(item.get_closest_marker("features") for item in items):
        from .marking import apply_markers

        apply_markers(items, lambda item: _features(config, item), NO_LINE)


def _features(config: pytest.Config, item: pytest.Item) -> Mapping[str, Value] | None:
    file = item.callspec.params.get("sarto_selection", "") if hasattr(item, "callspec") else ""
    line = _line(config)
    return None if line is None else _configuration(config, line, file)


def _line(config: pytest.Config) -> ProductLine | None:
    kept = config.stash[BUILT]
    if "line" not in kept:
        given = config.getoption("sarto_line")
        file = Path(given) if given else config.rootpath / "features.toml"
        kept["line"] = _opened(file) if given or file.is_file() else None
    found: ProductLine | None = kept["line"]
    return found


def _opened(file: Path) -> ProductLine:
    from ..errors import SartoError
    from ..line import ProductLine

    try:
        return ProductLine.open(file)
    except SartoError as error:
        raise pytest.UsageError(str(error)) from None


def _selection(config: pytest.Config, line: ProductLine, file: str) -> Selection:
    from ..errors import SartoError
    from ..model.selection import Selection

    kept = config.stash[BUILT]
    if ("selection", file) not in kept:
        try:
            plain = Selection(line=line.description.file, customer="Plain")
            kept["selection", file] = line.selection(Path(file)) if file else plain
        except SartoError as error:
            raise pytest.UsageError(str(error)) from None
    found: Selection = kept["selection", file]
    return found


def _configuration(config: pytest.Config, line: ProductLine, file: str) -> Mapping[str, Value]:
    from ..errors import SartoError

    kept = config.stash[BUILT]
    if ("configuration", file) not in kept:
        selection = _selection(config, line, file)
        try:
            kept["configuration", file] = line.resolve(selection).configuration
        except SartoError as error:
            raise pytest.UsageError(str(error)) from None
    found: Mapping[str, Value] = kept["configuration", file]
    return found


@pytest.fixture(scope="session")
def sarto_line(pytestconfig: pytest.Config) -> ProductLine:
    """The line that ``--sarto-line`` names, else that of the root folder; without one the test is skipped."""
    line = _line(pytestconfig)
    if line is None:
        pytest.skip(NO_LINE)
    return line


@pytest.fixture(scope="session")
def sarto_selection(request: pytest.FixtureRequest) -> Selection | None:
    """The selection that ``--sarto-selection`` names, checked against the line; an empty one where none is named."""
    line = _line(request.config)
    if line is None:
        pytest.skip(NO_LINE)
    return _selection(request.config, line, getattr(request, "param", ""))


@pytest.fixture(scope="session")
def sarto_configuration(
    pytestconfig: pytest.Config, sarto_line: ProductLine, sarto_selection: Selection
) -> Mapping[str, Value]:  # fmt: skip
    """Each feature of the line, with true, false or its value in the product under test."""
    return _configuration(pytestconfig, sarto_line, sarto_selection.file)


@pytest.fixture(scope="session")
def sarto_product(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, sarto_line: ProductLine,
    sarto_selection: Selection, sarto_configuration: Mapping[str, Value],
) -> BuiltProduct:  # fmt: skip
    """The product of the selection: really built, once for each session and selection."""
    from .product import BuiltProduct

    kept = pytestconfig.stash[BUILT]
    key = ("product", sarto_selection.file)
    if key not in kept:
        folder = tmp_path_factory.mktemp("sarto")
        built = sarto_line.build(sarto_selection, folder)
        if built.launcher is None:
            raise AssertionError("a bundle can be started")
        kept[key] = BuiltProduct(
            folder=built.outputs["bundle"], launcher=built.launcher, configuration=sarto_configuration,
            state=folder / "state",
        )  # fmt: skip
    found: BuiltProduct = kept[key]
    return found
