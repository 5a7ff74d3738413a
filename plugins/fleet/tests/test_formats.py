"""A fleet in more formats than the bundle: each is handed out, watched, kept up, and vouched for as the bundle is."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from sarto.derive.files import file_digest
from sarto.derive.plan import Plan
from sarto.errors import SartoError
from sarto.hooks import BuildFormat, Plugin, PluginManager, hookimpl

from .shop import LINE, order, tree
from .test_vouched import Notary, invoke


class Boxes:
    """Hands out one file, and a folder."""

    @hookimpl
    def sarto_build_formats(self) -> list[BuildFormat]:
        return [
            BuildFormat(name="box", summary="one file", pack=_box),
            BuildFormat(name="crate", summary="a folder", pack=_crate),
        ]


def _box(plan: Plan, bundle: Path, output: Path) -> Path:
    path = output / f"{plan.name}.box"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("build.json"), (bundle / "build.json").read_bytes())
    return path


def _crate(plan: Plan, bundle: Path, output: Path) -> Path:
    folder = output / f"{plan.name}-crate"
    folder.mkdir()
    said = {**json.loads((bundle / "build.json").read_bytes()), "form": "crate"}
    (folder / "build.json").write_text(json.dumps(said), encoding="utf-8")
    (folder / "SHA256SUMS").write_text(f"{file_digest(folder / 'build.json')}  build.json\n", encoding="utf-8")
    return folder


def run(*words: str, version: str = "1") -> Result:
    plugins = PluginManager()
    plugins.register(Notary(), Plugin(name="notary", distribution="notary", version="1"))
    plugins.register(Boxes(), Plugin(name="boxes", distribution="boxes", version=version))
    return invoke(plugins, *words)


def said(*words: str, version: str = "1") -> str:
    return run(*words, version=version).stdout.splitlines()[-1]


BOTH = ("--format", "box", "--format", "crate")


@pytest.mark.parametrize("command", [("build",), ("rebuild", "--affected")])
def test_a_format_that_is_asked_for_is_made_once_and_kept_up_from_then_on(home: Path, command: tuple[str, ...]) -> None:
    builds = home / "builds"
    assert said("build", "orders") == "built 3, unchanged 0, failed 0"
    assert said(*command, "orders", *BOTH) == "built 3, unchanged 0, failed 0"
    assert sorted(path.name for path in builds.glob("acme*")) == ["acme", "acme-crate", "acme.box"]
    before = tree(builds)
    assert said(*command, "orders", "--format", "box") == "built 0, unchanged 3, failed 0"
    assert said(*command, "orders") == "built 0, unchanged 3, failed 0"
    assert tree(builds) == before
    order(home, "acme", "[select]\nmaps = true\n")
    assert said(*command, "orders") == "built 1, unchanged 2, failed 0"
    with zipfile.ZipFile(builds / "acme.box") as archive:
        assert archive.read("build.json") == (builds / "acme" / "build.json").read_bytes()
    after = tree(builds)
    assert said("rebuild", "orders") == "built 3, unchanged 0, failed 0"
    assert tree(builds) == after


@pytest.mark.parametrize("command", [("build",), ("rebuild", "--affected")])
def test_what_was_handed_out_and_is_lost_or_changed_is_broken_and_made_again(
    home: Path, command: tuple[str, ...]
) -> None:
    run("build", "orders", *BOTH)
    before = tree(home / "builds")
    assert said("status", "orders") == "built 3"
    affected = run("affected", "--part", "shop").stdout
    assert [affected.count(name) for name in ("acme", "bolt", "cord")] == [1, 1, 1]
    (home / "builds" / "acme.box").unlink()
    (home / "builds" / "bolt-crate" / "SHA256SUMS").write_text("")
    status = run("status", "orders").stdout
    assert "acme.box is missing" in status
    assert "bolt-crate was changed" in status
    assert status.splitlines()[-1] == "built 1, broken 2"
    (home / "builds" / "bolt-crate" / "SHA256SUMS").write_bytes(before["bolt-crate/SHA256SUMS"] + b"\n")
    assert said(*command, "orders") == "built 2, unchanged 1, failed 0"
    assert tree(home / "builds") == before


def test_a_bundle_that_lost_a_part_is_made_again_by_build(home: Path) -> None:
    run("build", "orders")
    before = tree(home / "builds")
    next((home / "builds" / "acme" / "parts").iterdir()).unlink()
    assert said("build", "orders") == "built 1, unchanged 2, failed 0"
    assert tree(home / "builds") == before


def test_another_plugin_may_pack_otherwise_and_all_that_it_packed_is_made_again(home: Path) -> None:
    run("build", "orders")
    order(home, "dawn")
    assert said("build", "orders", "--format", "box") == "built 4, unchanged 0, failed 0"
    assert said("rebuild", "orders", "--affected", version="2") == "built 4, unchanged 0, failed 0"


def test_all_formats_of_a_build_are_signed_with_one_key(home: Path) -> None:
    run("build", "orders", "--format", "box")
    assert said("build", "orders", "--sign", "one.key") == "built 3, unchanged 0, failed 0"
    assert len(list((home / "builds").glob("*.box.sig"))) == 3
    (home / "features.toml").write_text(LINE.replace('version = "1"', 'version = "2"'))
    result = run("build", "orders")
    assert (result.exit_code, "name the private key: --sign KEY" in result.stderr) == (1, True)
    assert len(list((home / "builds").glob("*.box.sig"))) == 3


def test_a_format_that_no_plugin_has_is_refused_before_anything_is_built(home: Path) -> None:
    with pytest.raises(SartoError, match="'crat'"):
        run("build", "orders", "--format", "crat")
    assert not (home / "builds").exists()


def test_a_format_whose_plugin_is_gone_is_said_of_each_customer_who_had_it(home: Path) -> None:
    run("build", "orders", "--format", "box")
    order(home, "acme", "[select]\nmaps = true\n")
    before = tree(home / "builds")
    result = invoke(PluginManager(), "build", "orders")
    assert (result.exit_code, result.stdout) == (1, "built 0, unchanged 0, failed 3\n")
    assert "'box'" in result.stderr
    assert tree(home / "builds") == before


def test_a_customer_who_is_called_as_another_one_s_build_in_a_format_keeps_their_own(home: Path) -> None:
    order(home, "acme-crate")
    assert said("build", "orders") == "built 4, unchanged 0, failed 0"
    before = tree(home / "builds" / "acme-crate")
    done = run("build", "orders", *BOTH)
    assert (done.exit_code, done.stdout) == (1, "built 3, unchanged 0, failed 1\n")
    assert "the folder 'builds/acme-crate' holds a build for another customer, 'acme-crate'" in done.stderr
    assert tree(home / "builds" / "acme-crate") == before
    assert not (home / "builds" / "acme.box").exists()


def test_what_was_handed_out_beside_a_lost_bundle_is_not_without_a_selection(home: Path) -> None:
    run("build", "orders", *BOTH)
    shutil.rmtree(home / "builds" / "acme")
    shutil.rmtree(home / "builds" / "bolt")
    (home / "orders" / "bolt.toml").unlink()
    told = json.loads(run("status", "orders", "--json").stdout)["customers"]
    assert [(each["name"], each["state"]) for each in told] == [
        ("acme", "never built"),
        ("cord", "built"),
        ("bolt-crate", "no selection"),
    ]


@pytest.mark.parametrize("command", [("build",), ("rebuild", "--affected")])
def test_what_vouches_for_a_file_and_is_lost_is_made_again(home: Path, command: tuple[str, ...]) -> None:
    signed = ("--format", "box", "--sign", "one.key")
    assert said("build", "orders", *signed) == "built 3, unchanged 0, failed 0"
    before = tree(home / "builds")
    assert {"acme.box.sig", "acme.box.intoto.jsonl"} <= before.keys()
    (home / "builds" / "acme.box.sig").unlink()
    (home / "builds" / "bolt.box.intoto.jsonl").unlink()
    status = run("status", "orders").stdout
    for name in ("acme.box", "bolt.box"):
        assert f"what vouches for {name} was changed or lost" in status
    assert said(*command, "orders", *signed) == "built 2, unchanged 1, failed 0"
    assert tree(home / "builds") == before
    assert said(*command, "orders", *signed) == "built 0, unchanged 3, failed 0"
