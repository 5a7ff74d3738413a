"""What a product that knows Sarto is told about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sarto_runtime
from sarto_runtime import ProductError, product

from .real_builds import PartOf, Sketch, ask, feature, make_build, make_wheel, start

PRODUCT = "__import__('sarto_runtime').product()"


def branded(**more: Any) -> Sketch:
    return Sketch(
        features={"maps": feature(stage="user"), "export": feature(False), "page_size": feature(50)},
        open=["maps"],
        settings={"page_size": {"name": "default_page_size", "value": 50}},
        brand={"logo": "brand/logo.svg", "colour": "#102030"},
        brand_files={"brand/logo.svg": b"<svg/>"},
        **more,
    )


def test_a_product_knows_what_it_is(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", branded())
    names = "[p.name, p.customer, p.line, p.version, str(p.folder)]"
    expected = ["acme", "Acme GmbH", "greeter", "2026.11.0", str(tmp_path / "acme")]
    assert ask(launcher, f"(lambda p: {names})({PRODUCT})") == expected
    assert ask(launcher, f"{PRODUCT}.settings") == {"default_page_size": 50}
    assert ask(launcher, f"{PRODUCT}.brand['colour']") == "#102030"


def test_a_product_knows_which_features_are_on_for_this_user(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", branded())
    enabled = f"[{PRODUCT}.is_enabled(name) for name in ('maps', 'export', 'page_size')]"
    assert ask(launcher, enabled) == [True, False, True]
    start(launcher, "@disable", "maps")
    assert ask(launcher, enabled) == [False, False, True]
    assert ask(launcher, f"{PRODUCT}.features") == {"maps": False, "export": False, "page_size": 50}


def test_a_file_of_the_brand_is_found_by_its_slot(tmp_path: Path) -> None:
    launcher = make_build(tmp_path / "acme", branded())
    assert ask(launcher, f"{PRODUCT}.brand_file('logo').read_text()") == "<svg/>"
    assert ask(launcher, f"{PRODUCT}.brand_file('logo').is_absolute()") is True


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("is_enabled('map')", "the line 'greeter' has no feature 'map'\n  hint: did you mean 'maps'?"),
        ("brand_file('colour')", "the brand has no file for 'colour'"),
        ("brand_file('log')", "the brand has no file for 'log'\n  hint: did you mean 'logo'?"),
    ],
)
def test_a_name_that_a_product_does_not_have_is_an_error_that_says_so(tmp_path: Path, call: str, message: str) -> None:
    done = start(make_build(tmp_path / "acme", branded()), "eval", f"{PRODUCT}.{call}")
    assert done.returncode == 1
    assert done.stderr.endswith(f"sarto_runtime.errors.ProductError: {message}\n")


SPAWNING = """
import multiprocessing, json

def enabled():
    import sarto_runtime
    return sarto_runtime.product().is_enabled("maps")

def main():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(json.dumps(pool.apply(enabled)))
"""


def test_a_process_that_the_product_spawns_is_in_the_same_product(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "wheels", "spawning", {"spawning.py": SPAWNING})
    launcher = make_build(tmp_path / "acme", branded(parts=[PartOf(wheel)], object="spawning:main"))
    start(launcher, "@disable", "maps")
    done = start(launcher)
    assert (done.returncode, done.stdout, done.stderr) == (0, "false\n", "")


def test_outside_a_build_there_is_no_product(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SARTO_PRODUCT", raising=False)
    with pytest.raises(ProductError) as caught:
        product()
    assert str(caught.value) == "this is not running in a product that Sarto built\n  hint: start the build's launcher"


def test_the_package_offers_its_api_and_nothing_else() -> None:
    assert sarto_runtime.__all__ == [
        "Plugin", "PluginError", "PluginReport", "Points", "Policy", "Product", "ProductError", "Trace", "add", "adopt",
        "after", "around", "before", "launch", "launch_packed", "load_plugins", "product", "replace", "variation_point",
    ]  # fmt: skip
    assert all(getattr(sarto_runtime, name) for name in sarto_runtime.__all__)
    with pytest.raises(AttributeError, match="module 'sarto_runtime' has no attribute 'prodct'"):
        sarto_runtime.prodct  # noqa: B018  # the access is the test
