"""What a product that knows Sarto is told about itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sarto_runtime
from sarto_runtime import ProductError, product
from sarto_runtime.look import languages_of_user

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


LOOK = {
    "languages": ["en", "it"],
    "types": {"name": "text", "footer": "text", "icon": "icon", "page": "template"},
    "texts": {"footer": {"en": "Open daily", "it": "Aperto ogni giorno"}},
    "variants": {
        "icon": {"32": "brand/icon.32.png", "192": "brand/icon.192.png"},
        "page": {"en": "brand/page.html", "it": "brand/page.it.html"},
    },
}
IN_LANGUAGES = {"footer": "Open daily", "icon": "brand/icon.png", "page": "brand/page.html"}


def in_languages(tmp_path: Path) -> Path:
    return make_build(tmp_path / "acme", Sketch(brand=IN_LANGUAGES, look=LOOK))


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("it_CH.UTF-8", "Aperto ogni giorno"), ("de_DE.UTF-8", "Open daily"), ("C.UTF-8", "Open daily"),
        ("de:it", "Aperto ogni giorno"),
    ],
)  # fmt: skip
def test_a_text_is_in_the_language_of_the_user(tmp_path: Path, locale: str, text: str) -> None:
    variable = "LANGUAGE" if ":" in locale else "LC_ALL"
    launcher = in_languages(tmp_path)
    environment = {"LANGUAGE": "", variable: locale}
    assert ask(launcher, f"{PRODUCT}.text('footer')", environment=environment) == text


def test_a_text_in_the_languages_of_a_reader(tmp_path: Path) -> None:
    launcher = in_languages(tmp_path)
    texts = f"[{PRODUCT}.text('footer', each) for each in (['it'], ['tr', 'IT-ch'], ['tr'], [])]"
    assert ask(launcher, texts) == ["Aperto ogni giorno", "Aperto ogni giorno", "Open daily", "Open daily"]


def test_an_icon_is_the_next_larger_one_and_a_page_that_in_a_language(tmp_path: Path) -> None:
    launcher = in_languages(tmp_path)
    names = f"[{PRODUCT}.brand_file('icon', each).name for each in (16, 32, 33, 512)]"
    assert ask(launcher, names) == ["icon.32.png", "icon.32.png", "icon.192.png", "icon.png"]
    names = f"[{PRODUCT}.brand_file('page', each).name for each in ('it', 'it-CH', 'tr', '')]"
    assert ask(launcher, names) == ["page.it.html", "page.it.html", "page.html", "page.html"]


def test_what_is_no_text_is_refused_with_the_way_to_it(tmp_path: Path) -> None:
    launcher = in_languages(tmp_path)
    for call, message in (
        ("text('foter')", "the brand has no slot 'foter'\n  hint: did you mean 'footer'?"),
        ("text('icon')", "a file fills 'icon'\n  hint: brand_file gives its path"),
    ):
        done = start(launcher, "eval", f"{PRODUCT}.{call}")
        assert done.stderr.rstrip().endswith(message)


@pytest.mark.parametrize(
    ("variables", "languages"),
    [
        ({}, ()),
        ({"LANG": "tr_TR.UTF-8"}, ("tr-TR",)),
        ({"LANG": "tr_TR.UTF-8", "LC_ALL": "ca_ES@valencia"}, ("ca-ES",)),
        ({"LANGUAGE": "it_CH:de", "LANG": "en_GB.UTF-8"}, ("it-CH", "de")),
        ({"LC_ALL": "POSIX", "LANG": "en_GB.UTF-8"}, ()),
    ],
)
def test_the_languages_of_a_user_are_those_of_their_system(
    variables: dict[str, str], languages: tuple[str, ...]
) -> None:
    assert languages_of_user(variables) == languages


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
