"""The bill of materials as a document: valid, complete, and the same bytes for the same plan."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import sarto_sbom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.derive.plan import Part, Plan
from sarto.errors import SartoError
from sarto.model.line import LicencePolicy
from sarto_sbom.bill import bill_of_materials

MakePart = Callable[..., Part]
MakePlan = Callable[..., Plan]


def validated(plan: Plan) -> dict[str, Any]:
    """The document, after the official schema (formats checked too) has found nothing wrong with it."""
    text = bill_of_materials(plan).decode()
    faults = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text, all_errors=True)
    assert [str(fault) for fault in faults or ()] == []
    document: dict[str, Any] = json.loads(text)
    return document


def by_name(document: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [component for component in document["components"] if component["name"] == name]
    return dict(found)


@pytest.fixture
def dash(part: MakePart, plan: MakePlan) -> Plan:
    return plan(
        part("dash 1.4", "License-Expression: MIT", "Summary: Dashboards", requires=("click", "no-such-part")),
        part("dash-maps 2.0+acme.1", "License: Apache 2.0", features=("maps",), requires=("dash", "dash-maps")),
        part("click 8.1", "Classifier: License :: OSI Approved :: BSD License"),
        part("pluggy 1.5", "Author-email: Holger Krekel <holger@merlinux.eu>"),
        part("sarto-runtime 0.1.0", requires=("pluggy",)),
    )


def test_the_bill_is_valid_by_the_official_schema_and_names_the_product(dash: Plan) -> None:
    document = validated(dash)
    assert document["specVersion"] == "1.6"
    assert document["metadata"]["component"] == {
        "type": "application",
        "bom-ref": "build:dash:acme",
        "name": "dash",
        "version": "2026.1",
        "description": "Dashboards",
        "properties": [
            {"name": "sarto:customer", "value": "Acme GmbH"},
            {"name": "sarto:build", "value": "acme"},
            {"name": "sarto:python", "value": "3.11"},
            {"name": "sarto:platform", "value": "manylinux_2_28_x86_64"},
        ],
    }


def test_the_schema_check_of_these_tests_minds_formats(dash: Plan) -> None:
    document = json.loads(bill_of_materials(dash))
    document["components"][0]["authors"] = [{"name": "Ada", "email": "not an address"}]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(document)) is not None


def test_a_part_has_its_hash_its_address_and_the_features_that_need_it(dash: Plan) -> None:
    [maps] = [part for part in dash.parts if part.name == "dash-maps"]
    assert by_name(validated(dash), "dash-maps") == {
        "type": "library",
        "bom-ref": "pkg:pypi/dash-maps@2.0%2Bacme.1",
        "name": "dash-maps",
        "version": "2.0+acme.1",
        "hashes": [{"alg": "SHA-256", "content": maps.sha256}],
        "licenses": [{"expression": "Apache-2.0", "acknowledgement": "declared"}],
        "purl": "pkg:pypi/dash-maps@2.0%2Bacme.1",
        "properties": [
            {"name": "sarto:file", "value": "dash_maps-2.0+acme.1-py3-none-any.whl"},
            {"name": "sarto:feature", "value": "maps"},
        ],
    }


def test_a_part_from_an_index_says_where_it_is_from(dash: Plan) -> None:
    url = "https://files.pythonhosted.org/packages/click-8.1-py3-none-any.whl"
    parts = tuple(dataclasses.replace(part, url=url) if part.name == "click" else part for part in dash.parts)
    [reference] = by_name(validated(dataclasses.replace(dash, parts=parts)), "click")["externalReferences"]
    assert (reference["type"], reference["url"]) == ("distribution", url)


def test_the_dependencies_lead_from_the_product_to_every_part(dash: Plan) -> None:
    graph = {entry["ref"]: entry["dependsOn"] for entry in validated(dash)["dependencies"]}
    assert graph == {
        "build:dash:acme": ["pkg:pypi/dash-maps@2.0%2Bacme.1", "pkg:pypi/dash@1.4", "pkg:pypi/sarto-runtime@0.1.0"],
        "pkg:pypi/click@8.1": [],
        "pkg:pypi/dash@1.4": ["pkg:pypi/click@8.1"],
        "pkg:pypi/dash-maps@2.0%2Bacme.1": ["pkg:pypi/dash@1.4"],
        "pkg:pypi/pluggy@1.5": [],
        "pkg:pypi/sarto-runtime@0.1.0": ["pkg:pypi/pluggy@1.5"],
    }


def test_parts_that_require_each_other_are_still_reached_from_the_product(part: MakePart, plan: MakePlan) -> None:
    core = part("dash 1.4", requires=("dash-maps",))
    document = validated(plan(core, part("dash-maps 2.0", requires=("dash",), features=("maps",))))
    assert document["dependencies"][0]["dependsOn"] == ["pkg:pypi/dash-maps@2.0", "pkg:pypi/dash@1.4"]


def test_the_same_plan_gives_the_same_bytes_and_another_plan_another_serial_number(
    dash: Plan, part: MakePart, plan: MakePlan
) -> None:
    assert bill_of_materials(dash) == bill_of_materials(dash)
    serial = json.loads(bill_of_materials(dash))["serialNumber"]
    assert uuid.UUID(serial).version == 5
    assert json.loads(bill_of_materials(dataclasses.replace(dash, name="other")))["serialNumber"] != serial
    assert b"timestamp" not in bill_of_materials(dash)


def test_the_bytes_say_nothing_of_the_machine(dash: Plan, tmp_path: Path) -> None:
    assert str(tmp_path).encode() not in bill_of_materials(dash)


def test_names_and_texts_in_any_script_stay_as_they_are(part: MakePart, plan: MakePlan) -> None:
    made = plan(part("dash 1.4", 'Summary: "Übersicht" \\ 図 \x07'), customer='Müller & Söhne "KG" \u202e')
    document = validated(made)
    assert document["metadata"]["component"]["properties"][0]["value"] == 'Müller & Söhne "KG" \u202e'
    assert by_name(document, "dash")["description"] == '"Übersicht" \\ 図 \x07'


def test_the_hook_puts_the_bill_beside_the_build(dash: Plan) -> None:
    assert sarto_sbom.sarto_build_files(dash) == {"sbom.cdx.json": bill_of_materials(dash)}


def test_sarto_finds_the_hook_by_its_entry_point() -> None:
    [point] = entry_points(group="sarto", name="sbom")
    assert point.load() is sarto_sbom


def test_a_wheel_without_metadata_is_named(plan: MakePlan, part_of: MakePart, tmp_path: Path) -> None:
    path = tmp_path / "bare-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bare.py", "")
    with pytest.raises(SartoError) as caught:
        bill_of_materials(plan(part_of(path)))
    assert str(caught.value) == (
        f"{path}: the wheel has no METADATA files, where one belongs\n"
        "  hint: build the wheel again, with a PEP 517 build backend"
    )


def test_a_file_that_is_no_wheel_is_named(plan: MakePlan, part_of: MakePart, tmp_path: Path) -> None:
    path = tmp_path / "text-1.0-py3-none-any.whl"
    path.write_text("not a zip file")
    with pytest.raises(SartoError) as caught:
        bill_of_materials(plan(part_of(path)))
    assert str(caught.value) == f"{path}: cannot read the wheel: File is not a zip file"


def test_the_entry_module_imports_nothing_that_a_help_text_does_not_need() -> None:
    code = "import sarto_sbom, sys; print([m for m in ('zipfile', 'json', 'packaging.metadata') if m in sys.modules])"
    bare = "import sarto.hooks, sys; print([m for m in ('zipfile', 'json', 'packaging.metadata') if m in sys.modules])"
    results = [subprocess.run([sys.executable, "-c", each], capture_output=True, check=True) for each in (code, bare)]
    assert results[0].stdout == results[1].stdout


FIELDS = ("Author", "Author-email", "Maintainer", "Maintainer-email", "License", "License-Expression", "Classifier")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.text(max_size=40)), max_size=8))
def test_whatever_a_wheel_says_of_itself_the_bill_stays_valid(
    part: MakePart, plan: MakePlan, said: list[tuple[str, str]]
) -> None:
    lines = (f"{field}: {' '.join(text.split())}" for field, text in said)
    validated(plan(part("dash 1.4", *lines)))


@pytest.mark.network
def test_a_bill_over_parts_from_the_package_index_is_valid(plan: MakePlan, part_of: MakePart, tmp_path: Path) -> None:
    wanted = ["datasette==0.65.1", "jinja2==3.1.6", "mergedeep==1.3.4"]
    wanted += ["packaging==26.0", "pyyaml==6.0.2", "click==8.1.8"]
    download = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", str(tmp_path)]
    subprocess.run([*download, *wanted], check=True)
    document = validated(plan(*(part_of(path) for path in tmp_path.glob("*.whl"))))
    licences = {found["name"]: found["licenses"][0] for found in document["components"]}
    assert {name: licence.get("expression") or licence["license"] for name, licence in licences.items()} == {
        "click": {"name": "BSD License", "acknowledgement": "declared"},
        "datasette": "Apache-2.0",
        "jinja2": {"name": "BSD License", "acknowledgement": "declared"},
        "mergedeep": {"id": "MIT", "acknowledgement": "declared"},
        "packaging": "Apache-2.0 OR BSD-2-Clause",
        "pyyaml": "MIT",
    }


def test_a_licence_that_the_vendor_has_found_out_stands_as_concluded(dash: Plan) -> None:
    policy = LicencePolicy(parts={"click": "BSD-3-Clause", "dash": "MIT AND (Apache-2.0 OR GPL-2.0-or-later)"})
    document = validated(dataclasses.replace(dash, line=dataclasses.replace(dash.line, licences=policy)))
    assert by_name(document, "click")["licenses"] == [{"expression": "BSD-3-Clause", "acknowledgement": "concluded"}]
    assert by_name(document, "dash")["licenses"][0]["expression"] == "MIT AND (Apache-2.0 OR GPL-2.0-or-later)"
    assert by_name(document, "dash-maps")["licenses"][0]["acknowledgement"] == "declared"
    assert by_name(validated(dash), "click")["licenses"][0]["license"]["name"] == "BSD License"
