"""``sarto fleet affected``: advisories against versions, and builds against advisories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from packaging.version import Version
from sarto.errors import SartoError
from sarto_fleet.advisory import read_advisory
from sarto_fleet.command import fleet

REAL = Path(__file__).parents[4] / "shared" / "advisories"


def advisory(folder: Path, *events: dict[str, str], kind: str = "ECOSYSTEM", **more: Any) -> Path:
    said = {"package": {"name": "Jinja2", "ecosystem": "PyPI"}, "ranges": [{"type": kind, "events": events}]}
    file = folder / "osv.json"
    file.write_text(json.dumps({"id": "X-1", "affected": [{**said, "versions": more.pop("versions", [])}], **more}))
    return file


@pytest.mark.parametrize(
    ("events", "inside", "outside"),
    [
        ([{"introduced": "0"}, {"fixed": "2.10"}], "2.9", "2.10"),
        ([{"introduced": "0"}, {"fixed": "2.10"}], "2.10rc1", "2.10.1"),
        ([{"introduced": "2"}, {"last_affected": "2.5"}], "2.5", "2.5.1"),
        ([{"fixed": "3.1"}, {"introduced": "3"}, {"introduced": "1"}, {"fixed": "2"}], "3.0.5", "2.5"),
        ([{"introduced": "2"}], "99", "1.9"),
        ([{"introduced": "1"}, {"limit": "2"}], "1.9", "2"),
        ([{"introduced": "1"}, {"last_affected": "2"}], "2+acme", "2.1+acme"),
        ([{"introduced": "1"}, {"fixed": "2"}], "1.9+acme", "2+acme"),
        ([{"introduced": "1"}, {"fixed": "2+acme.1"}], "2", "2+acme.1"),
        ([{"introduced": "1"}, {"limit": "*"}, {"limit": "2"}], "3", "0.9"),
        ([{"fixed": "2", "introduced": "1"}], "1.9", "2"),
    ],
)
def test_a_range_has_what_lies_between_its_events(
    tmp_path: Path, events: list[dict[str, str]], inside: str, outside: str
) -> None:
    read = read_advisory(advisory(tmp_path, *events))
    assert (read.concerns("jinja2", Version(inside)), read.concerns("jinja2", Version(outside))) == (True, False)
    assert not read.concerns("markupsafe", Version(inside))


def test_a_listed_version_counts_and_a_withdrawn_advisory_does_not(tmp_path: Path) -> None:
    git = {"introduced": "0"}
    listed = read_advisory(advisory(tmp_path, git, kind="GIT", versions=["1.0", "dev-r12"]))
    assert listed.concerns("jinja2", Version("1"))
    assert not listed.concerns("jinja2", Version("1.1"))
    withdrawn = read_advisory(advisory(tmp_path, git, withdrawn="2024-01-01T00:00:00Z"))
    assert not withdrawn.concerns("jinja2", Version("1"))


def test_an_advisory_that_names_only_commits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SartoError, match="it names no versions, only commits"):
        read_advisory(advisory(tmp_path, {"introduced": "0"}, kind="GIT"))


def said_of(tmp_path: Path, said: Any) -> str:
    file = tmp_path / "osv.json"
    file.write_text(said if isinstance(said, str) else json.dumps(said))
    with pytest.raises(SartoError) as caught:
        read_advisory(file)
    return caught.value.what.removeprefix("this is no advisory in the OSV format that can be decided: ")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ([], "it is not one advisory with an id"),
        ({"vulns": []}, "it is not one advisory with an id"),
        ({"id": "X-1"}, "it names no package"),
        ({"id": "X-1", "affected": [{"ranges": [{"type": "GIT", "events": []}]}]}, "it names no package"),
        ("{", "JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
def test_what_cannot_be_decided_is_said(tmp_path: Path, said: Any, what: str) -> None:
    assert said_of(tmp_path, said) == what


@pytest.mark.parametrize(
    ("events", "what"),
    [
        ([{}], "a range does not say where it begins, with 'introduced'"),
        ([{"fixed": "2"}], "a range does not say where it begins, with 'introduced'"),
        ([{"introduced": "0"}, {"foxed": "2"}], "a range has an event 'foxed'"),
    ],
)
def test_a_range_that_would_concern_nobody_by_mistake_is_said(
    tmp_path: Path, events: list[dict[str, str]], what: str
) -> None:
    assert said_of(tmp_path, json.loads(advisory(tmp_path, *events).read_text())) == what


def test_versions_that_are_no_list_are_said(tmp_path: Path) -> None:
    said = json.loads(advisory(tmp_path, {"introduced": "0"}, versions="3.1").read_text())
    assert said_of(tmp_path, said) == "its versions are no list"


def test_an_advisory_without_an_end_to_its_nesting_is_one_sentence(tmp_path: Path) -> None:
    assert said_of(tmp_path, "[" * 100_000).startswith("RecursionError: ")


def test_packages_of_other_ecosystems_and_repositories_without_one_are_passed_over(tmp_path: Path) -> None:
    every = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]
    affected = [
        {"package": {"name": "jinja2", "ecosystem": "npm"}, "ranges": every},
        {"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]},
        {"package": {"name": "zope.Interface", "ecosystem": "PyPI:https://index.example"}, "ranges": every},
    ]
    (tmp_path / "osv.json").write_text(json.dumps({"id": "X-1", "affected": affected}))
    read = read_advisory(tmp_path / "osv.json")
    assert not read.concerns("jinja2", Version("1"))
    assert read.concerns("zope-interface", Version("1"))


@pytest.mark.parametrize("text", ["jinja2; python_version<'3'", "jinja2[i18n]<3", "jinja2 @ https://example.org/j.whl"])
def test_a_part_is_asked_for_by_its_name_and_versions_alone(builds: Path, text: str) -> None:
    with pytest.raises(SartoError, match="says more than a part and its versions"):
        run(builds, "--part", text)


@pytest.mark.skipif(not REAL.is_dir(), reason="the published advisories are not beside this checkout")
def test_published_advisories_have_the_versions_that_they_list() -> None:
    files = sorted(REAL.glob("*.json"))
    assert files
    for file in files:
        read = read_advisory(file)
        assert all(each.has(version) for each in read.affected for version in each.versions)
    urllib3 = read_advisory(REAL / "PYSEC-2021-108.json")
    assert urllib3.concerns("urllib3", Version("1.26.4"))
    assert not urllib3.concerns("urllib3", Version("1.26.5"))


def run(builds: Path, *arguments: str) -> Result:
    return CliRunner().invoke(fleet, ["affected", "-o", str(builds), *arguments], catch_exceptions=False)


@pytest.fixture
def builds(tmp_path: Path) -> Path:
    for name, version in (("acme", "2.9"), ("bolt", "3.1.6")):
        part = {"name": "jinja2", "version": version, "features": ["maps"] if name == "acme" else []}
        said = {"customer": name, "features": {"maps": {"value": name == "acme"}}, "parts": [part], "open": []}
        (tmp_path / "builds" / name).mkdir(parents=True)
        (tmp_path / "builds" / name / "build.json").write_text(json.dumps(said))
    return tmp_path / "builds"


def test_each_customer_is_named_with_the_part_and_the_features_that_need_it(builds: Path, tmp_path: Path) -> None:
    file = advisory(tmp_path, {"introduced": "0"}, {"fixed": "2.10"})
    assert run(builds, "--advisories", str(file)).output == "acme: X-1: jinja2 2.9, through maps\n"
    assert run(builds, "--part", "Jinja2>=3").output == "bolt: Jinja2>=3: jinja2 3.1.6, through the core\n"
    assert run(builds, "--feature", "maps").output == "acme: feature maps\n"


def test_a_feature_that_no_line_has_is_no_feature_that_nobody_has(builds: Path) -> None:
    with pytest.raises(SartoError, match="no line of these builds has a feature 'mops'") as caught:
        run(builds, "--feature", "mops", "--feature", "maps")
    assert caught.value.hint == "did you mean 'maps'?"


def test_a_build_that_cannot_be_read_is_not_passed_over(builds: Path) -> None:
    (builds / "bolt" / "build.json").write_text("{")
    with pytest.raises(SartoError, match="this build cannot be read"):
        run(builds, "--feature", "maps")
