"""``sarto convert``: a model in another format, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.model.toml_line import model_from_toml

from ..hooks.conftest import Install, install
from .conftest import SHOP, Sarto

__all__ = ["install"]

LISTING = """
from sarto.errors import SartoError, Place
from sarto.hooks import ModelReading
from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel

def read(path, strict):
    root, *names = path.read_text().split()
    fault = SartoError("a name stands there twice", where=Place(str(path), line=1))
    if len(set(names)) < len(names) and strict:
        raise fault
    warnings = (fault,) if len(set(names)) < len(names) else ()
    names = list(dict.fromkeys(names))
    features = {name: Feature(name=name) for name in [root, *names]}
    model = FeatureModel(root=root, features=features, groups=(Group(root, GroupKind.OPTIONAL, tuple(names)),))
    return ModelReading(model, warnings)

def write(model):
    if model.constraints:
        raise SartoError(f"a listing has no place for {len(model.constraints)} constraints")
    return " ".join(model.features) + chr(10)

@hookimpl
def sarto_model_formats():
    return [ModelFormat(name="listing", suffixes=(".list",), read=read, write=write)]
"""
"""A plugin with a format of its own: the names of the features, the root first."""


@pytest.fixture
def listing(install: Install) -> list[str]:
    """A path with the plugin."""
    return [str(install("listing", LISTING))]


def test_a_model_goes_from_one_format_to_another(sarto: Sarto, shop: Path, listing: list[str]) -> None:
    (shop / "model.list").write_text("shop card coins")

    result = sarto("convert", "model.list", "model.toml", plugins=listing)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "wrote model.toml: 3 features, 0 constraints\n"
    model = model_from_toml((shop / "model.toml").read_text(), "model.toml")
    assert list(model.features) == ["shop", "card", "coins"]
    assert sarto("convert", "model.toml", "back.list", plugins=listing).exit_code == 0
    assert (shop / "back.list").read_text() == "shop card coins\n"


def test_toml_to_toml_keeps_the_model(sarto: Sarto, shop: Path) -> None:
    sarto("convert", "features.toml", "copy.toml")

    copy = model_from_toml((shop / "copy.toml").read_text(), "copy.toml")
    assert copy == model_from_toml(SHOP, "features.toml")


def test_what_the_format_cannot_express_is_an_error_and_nothing_is_written(
    sarto: Sarto, shop: Path, listing: list[str]
) -> None:
    result = sarto("convert", "features.toml", "model.list", plugins=listing)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: a listing has no place for 2 constraints\n"
    assert not (shop / "model.list").exists()


def test_a_tolerated_fault_is_a_warning_and_with_strict_an_error(sarto: Sarto, shop: Path, listing: list[str]) -> None:
    (shop / "model.list").write_text("shop card card")

    tolerant = sarto("convert", "model.list", "a.toml", plugins=listing)
    strict = sarto("convert", "model.list", "b.toml", "--strict", plugins=listing)

    assert (tolerant.exit_code, tolerant.stderr) == (0, "warning: a name stands there twice\n  --> model.list:1\n")
    assert (strict.exit_code, strict.stderr) == (1, "error: a name stands there twice\n  --> model.list:1\n")
    assert ((shop / "a.toml").exists(), (shop / "b.toml").exists()) == (True, False)


def test_a_file_that_is_there_is_replaced_only_with_force(sarto: Sarto, shop: Path) -> None:
    (shop / "copy.toml").write_text("mine")

    refused = sarto("convert", "features.toml", "copy.toml")
    kept = (shop / "copy.toml").read_text()
    forced = sarto("convert", "features.toml", "copy.toml", "--force")

    assert refused.exit_code == 1
    assert refused.stderr == "error: this file is there already\n  --> copy.toml\n  hint: --force replaces it\n"
    assert kept == "mine"
    assert forced.stdout == "wrote copy.toml: 11 features, 2 constraints\n"


def test_an_unknown_target_format_is_an_error_before_anything_is_read(sarto: Sarto, shop: Path) -> None:
    result = sarto("convert", "no-such-file.toml", "model.xyz")

    assert result.stderr.startswith("error: no plugin reads files that end in '.xyz'\n  --> model.xyz\n")


def test_what_a_line_says_beside_its_model_is_told(sarto: Sarto, shop: Path) -> None:
    result = sarto("convert", "features.toml", "copy.toml")

    assert result.stdout == "wrote copy.toml: 11 features, 2 constraints\n"
    assert result.stderr == (
        "warning: a feature model has no place for what this line says of line.name, line.version, line.summary, "
        "core, rules\n"
        "  --> features.toml\n"
    )
    assert sarto("convert", "copy.toml", "again.toml").stderr == ""


def test_what_a_format_leaves_out_is_told(sarto: Sarto, shop: Path, install: Install) -> None:
    names = LISTING.replace("write=write", 'write=write, leaves_out=lambda model: ["groups", f"{len(model.features)}"]')
    (shop / "model.list").write_text("shop card")

    result = sarto("convert", "model.list", "copy.list", plugins=[str(install("listing", names))])

    assert (result.exit_code, result.stdout) == (0, "wrote copy.list: 2 features, 0 constraints\n")
    assert result.stderr == (
        "warning: listing has no place for groups\n  --> copy.list\n"
        "warning: listing has no place for 2\n  --> copy.list\n"
    )
