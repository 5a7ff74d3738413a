"""Three customers' builds: what they chose acts, and what they did not choose is not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from sarto.line import ProductLine
from sarto.solve.reasons import Resolution

from .conftest import CUSTOMERS
from .plugins import PROBES
from .serving import Site, ask, launcher, serving

pytestmark = pytest.mark.network

Sites = Callable[[str], Site]
ADAPTER = "datasette-made-to-measure"
LEAFLET = "datasette-leaflet"  # what both kinds of map need


@pytest.fixture(scope="module")
def plugins(line: ProductLine) -> Mapping[str, str]:
    """Feature to the Datasette plugin that delivers it."""
    parts = {feature.name: feature.delivery.parts for feature in line.model.features.values()}
    return {name: Requirement(requirements[0]).name for name, requirements in parts.items() if requirements}


def test_every_feature_with_parts_has_a_probe(plugins: Mapping[str, str]) -> None:
    assert set(PROBES) == set(plugins)


def test_every_plugin_is_some_customers(plugins: Mapping[str, str], resolutions: Mapping[str, Resolution]) -> None:
    licensed = {name for resolution in resolutions.values() for name in (*resolution.selected, *resolution.open)}
    assert set(plugins) - licensed == set()


@pytest.mark.parametrize("feature", PROBES)
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_a_plugin_acts_where_it_was_chosen_and_nowhere_else(
    sites: Sites, resolutions: Mapping[str, Resolution], customer: str, feature: str
) -> None:
    assert PROBES[feature](sites(customer)) is resolutions[customer].decisions[feature].is_selected


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_datasette_knows_of_the_chosen_plugins_alone(
    sites: Sites, plugins: Mapping[str, str], resolutions: Mapping[str, Resolution], customer: str
) -> None:
    loaded = {plugin["name"] for plugin in sites(customer).get("/-/plugins.json").json()}
    assert loaded - {LEAFLET} == {ADAPTER, *_chosen(plugins, resolutions[customer].selected)}


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_a_build_holds_the_parts_of_the_chosen_and_the_open_features_alone(
    builds: Mapping[str, Path], plugins: Mapping[str, str], resolutions: Mapping[str, Resolution], customer: str
) -> None:
    resolution = resolutions[customer]
    wheels = {wheel.name.partition("-")[0] for wheel in (builds[customer] / "parts").iterdir()}
    held = {name for name in map(_module, plugins.values()) if name in wheels}
    assert held == set(map(_module, _chosen(plugins, [*resolution.selected, *resolution.open])))


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_plugins_that_were_not_chosen_cannot_be_imported_whatever_is_on_the_machine(
    builds: Mapping[str, Path],
    plugins: Mapping[str, str],
    resolutions: Mapping[str, Resolution],
    tmp_path: Path,
    customer: str,
) -> None:
    for name in plugins.values():
        (tmp_path / f"{_module(name)}.py").write_text("installed = 'elsewhere on this machine'\n")
    found = importable(builds[customer], map(_module, plugins.values()), decoys=tmp_path)
    assert found == set(map(_module, _chosen(plugins, resolutions[customer].selected)))


PROCESS = """
import runpy, sys
launcher, *names = sys.argv[1:]
sys.argv[:] = [launcher, "--version"]
try:
    runpy.run_path(launcher, run_name="__main__")
except SystemExit:
    pass
from importlib.util import find_spec
print(*[name for name in names if (spec := find_spec(name)) and spec.origin], sep="\\n")
"""


def importable(build: Path, names: Iterable[str], decoys: Path) -> set[str]:
    """What of this a product can import: asked in the process of the product, after its command has run."""
    command = [sys.executable, "-c", PROCESS, str(launcher(build)), *names]
    environment = {**os.environ, "PYTHONPATH": str(decoys)}
    output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    version, *found = output.splitlines()
    assert version.startswith(f"{launcher(build).stem}, version 0.65")
    return set(found)


@pytest.mark.parametrize(("customer", "rows"), [("library", 25), ("museum", 50), ("clinic", 10)])
def test_a_page_has_as_many_rows_as_the_customer_said(sites: Sites, customer: str, rows: int) -> None:
    page = sites(customer).get("/collection/objects.json").json()
    assert len(page["rows"]) == rows
    assert page["filtered_table_rows_count"] == 240


@pytest.mark.parametrize(
    ("customer", "settings"),
    [
        ("library", {"default_page_size": 25, "sql_time_limit_ms": 1000, "allow_download": True}),
        ("museum", {"default_page_size": 50, "sql_time_limit_ms": 1000, "allow_download": True}),
        ("clinic", {"default_page_size": 10, "sql_time_limit_ms": 500, "allow_download": False}),
    ],
)
def test_datasette_runs_with_the_customers_settings(
    sites: Sites, customer: str, settings: Mapping[str, object]
) -> None:
    running = sites(customer).get("/-/settings.json").json()
    assert {name: running[name] for name in settings} == settings


@pytest.mark.parametrize(("customer", "status"), [("library", 200), ("museum", 200), ("clinic", 403)])
def test_readers_write_their_own_sql_where_the_customer_lets_them(sites: Sites, customer: str, status: int) -> None:
    assert sites(customer).get("/collection?sql=select+1").status == status


@pytest.mark.parametrize(("customer", "status"), [("library", 200), ("clinic", 403)])
def test_a_database_can_be_downloaded_where_the_customer_lets_readers(
    builds: Mapping[str, Path], database: Path, customer: str, status: int
) -> None:
    who = CUSTOMERS[customer]
    with serving(builds[customer], *who.words, "-i", str(database), reader=who.reader) as site:
        assert site.get("/collection.db").status == status


def test_a_members_site_shows_nothing_to_strangers(sites: Sites) -> None:
    stranger = Site(sites("clinic").address)
    assert stranger.get("/collection/objects").status == 403
    assert stranger.get("/-/login").status == 200


def test_plugins_that_draw_cells_are_called_in_the_order_that_the_line_says(builds: Mapping[str, Path]) -> None:
    order = json.loads((builds["museum"] / "build.json").read_bytes())["order"]
    assert [name for name in order if name in ("outlines", "links", "pretty_json")] == [
        "outlines",
        "links",
        "pretty_json",
    ]


def test_the_other_subcommands_of_datasette_work_without_settings(builds: Mapping[str, Path]) -> None:
    done = ask(builds["museum"], "plugins")
    assert done.returncode == 0
    assert {"datasette-vega", ADAPTER} <= {plugin["name"] for plugin in json.loads(done.stdout)}
    assert ask(builds["clinic"], "--version").stdout.startswith("riverside-clinic, version 0.65")


def _chosen(plugins: Mapping[str, str], features: Iterable[str]) -> list[str]:
    return [plugins[name] for name in features if name in plugins]


def _module(part: str) -> str:
    return part.replace("-", "_")
