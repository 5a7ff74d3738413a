"""Plans of the greeter line, made from resolutions by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sarto.derive.brand import brand_of
from sarto.derive.plan import Plan, ResolvedTarget
from sarto.derive.planning import delivered, plan
from sarto.derive.prepare import prepare
from sarto.errors import SartoError
from sarto.model.line import LineDescription
from sarto.model.selection import Selection
from sarto.solve.reasons import Decision, Resolution

from .making import LINE, line_of, resolved, selection_of, write

MORE = """
[features.page_size]
type = "integer"
minimum = 1
maximum = 1000
default = 100
setting = "default_page_size"

[features.downloads]
setting = "allow_download"
"""


def plan_of(
    line: LineDescription,
    folder: Path,
    target: ResolvedTarget,
    resolution: Resolution,
    selection: Selection | None = None,
) -> Plan:
    catalog = prepare(line, folder, target)
    return plan(line, folder, selection or selection_of(), resolution, catalog)


def with_value(resolution: Resolution, feature: str, value: bool | int) -> Resolution:
    decisions = dict(resolution.decisions)
    decisions[feature] = Decision(feature, value, decisions[feature].reason)
    return Resolution(decisions=decisions, open=resolution.open)


def test_a_plan_has_the_parts_of_the_selected_and_of_the_open_features(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget
) -> None:
    made = plan_of(greeter, workshop, linux, resolved(greeter, "loud", open=["maps"]))
    assert {part.name: part.features for part in made.parts} == {
        "greeter": (), "greeter-geo": ("maps",), "greeter-loud": ("loud",), "greeter-maps": ("maps",), "pluggy": (),
        "sarto-runtime": (),
    }  # fmt: skip
    assert [part.name for part in made.parts] == sorted(part.name for part in made.parts)
    assert made.order == ("loud", "maps")
    assert (made.name, made.target) == ("acme-gmbh", linux)


def test_what_follows_an_open_feature_is_there_for_it(greeter: LineDescription) -> None:
    resolution = replace(resolved(greeter, open=["maps"]), follows=("polite",))
    assert delivered(resolution) == ("greeter", "maps", "polite")


def test_an_open_feature_that_starts_selected_is_there_once(greeter: LineDescription) -> None:
    assert delivered(resolved(greeter, "maps", "loud", open=["maps", "polite"])) == (
        "greeter",
        "loud",
        "maps",
        "polite",
    )


def test_the_plugins_are_called_in_the_order_that_the_line_says(workshop: Path, linux: ResolvedTarget) -> None:
    line = line_of(LINE + 'before = ["loud"]\n', workshop)
    assert plan_of(line, workshop, linux, resolved(line, "loud", "maps", "polite")).order == ("maps", "polite", "loud")


def test_an_order_that_settles_an_interaction_is_the_plan_s(workshop: Path, linux: ResolvedTarget) -> None:
    settled = '[[interactions]]\nbetween = ["loud", "maps"]\norder = ["maps", "loud"]\nbecause = "Maps come first."\n'
    line = line_of(LINE + settled, workshop)
    assert plan_of(line, workshop, linux, resolved(line, "loud", "maps")).order == ("maps", "loud")


def test_the_command_is_the_console_script_of_the_core_s_own_wheel(
    greeter: LineDescription, workshop: Path, linux: ResolvedTarget
) -> None:
    assert plan_of(greeter, workshop, linux, resolved(greeter)).core_object == "greeter:main"


def test_a_command_that_the_core_does_not_have_is_an_error_with_those_that_it_has(
    workshop: Path, linux: ResolvedTarget
) -> None:
    line = line_of(LINE.replace('command = "greeter"', 'command = "greet"'), workshop)
    with pytest.raises(SartoError) as caught:
        plan_of(line, workshop, linux, resolved(line))
    assert str(caught.value) == (
        "features.toml: core.command: 'greeter' 1.0 has no console script 'greet'; it has greeter\n"
        "  hint: did you mean 'greeter'?"
    )


def test_a_core_without_any_command_is_an_error(workshop: Path, linux: ResolvedTarget) -> None:
    line = line_of(LINE.replace('parts = ["greeter>=1"]', 'parts = ["greeter-geo", "greeter"]'), workshop)
    with pytest.raises(SartoError) as caught:
        plan_of(line, workshop, linux, resolved(line))
    assert str(caught.value) == (
        "features.toml: core.command: 'greeter-geo' 1.0 has no console script 'greeter'; it has none"
    )


def test_settings_are_those_of_selected_typed_features_and_of_plain_ones_in_either_case(
    workshop: Path, linux: ResolvedTarget
) -> None:
    line = line_of(LINE.replace('"polite"]', '"polite", "page_size", "downloads"]') + MORE, workshop)
    bare = resolved(line)
    assert plan_of(line, workshop, linux, bare).settings == {"downloads": False}
    chosen = with_value(resolved(line, "downloads"), "page_size", 50)
    assert plan_of(line, workshop, linux, chosen).settings == {"page_size": 50, "downloads": True}
    left_open = Resolution(decisions=bare.decisions, open=("page_size",))
    assert plan_of(line, workshop, linux, left_open).settings == {"page_size": 100, "downloads": False}


def test_a_value_of_zero_is_a_setting(workshop: Path, linux: ResolvedTarget) -> None:
    line = line_of(LINE.replace('"polite"]', '"polite", "page_size", "downloads"]') + MORE, workshop)
    settings = plan_of(line, workshop, linux, with_value(resolved(line), "page_size", 0)).settings
    assert settings["page_size"] == 0


def test_two_features_that_give_one_setting_are_an_error_that_names_both(workshop: Path, linux: ResolvedTarget) -> None:
    text = LINE.replace('"polite"]', '"polite", "page_size", "downloads"]') + MORE.replace(
        "allow_download", "default_page_size"
    )
    line = line_of(text, workshop)
    with pytest.raises(SartoError) as caught:
        plan_of(line, workshop, linux, with_value(resolved(line), "page_size", 50))
    assert str(caught.value) == (
        "features.toml: features.downloads: features 'page_size' and 'downloads' both give the setting "
        "'default_page_size' in one build\n  hint: let them exclude each other, or give one of them another setting"
    )


COSMETICS = """
[cosmetics]
title = { type = "text", default = "Greetings" }
colour = { type = "colour", default = "#ffffff" }
footer = {}
logo = { type = "file", default = "art/plain.png" }
icon = { type = "file" }
"""


@pytest.fixture
def branded(tmp_path: Path) -> LineDescription:
    write(tmp_path / "art/plain.png", "plain")
    return line_of(LINE + COSMETICS, tmp_path)


def test_a_brand_has_every_slot_filled_or_by_default(branded: LineDescription, tmp_path: Path) -> None:
    brand = brand_of(branded, tmp_path, selection_of('[brand]\nname = "Acme Hello"\ncolour = "#102030"\n'))
    assert brand.slots == {
        "name": "Acme Hello", "title": "Greetings", "colour": "#102030", "footer": "", "icon": "",
        "logo": "brand/logo.png",
    }  # fmt: skip
    assert brand.files == {"brand/logo.png": b"plain"}


def test_a_product_without_a_brand_has_the_line_s_name(greeter: LineDescription, workshop: Path) -> None:
    assert brand_of(greeter, workshop, selection_of()).slots == {"name": "greeter"}


def test_a_file_of_the_selection_lies_beside_it_and_takes_the_slot_s_name(
    branded: LineDescription, tmp_path: Path
) -> None:
    write(tmp_path / "customers/img/Our Logo.SVG", "<svg/>")
    selection = selection_of('[brand]\nlogo = "img/Our Logo.SVG"\n', file=str(tmp_path / "customers/acme.toml"))
    brand = brand_of(branded, tmp_path, selection)
    assert brand.slots["logo"] == "brand/logo.svg"
    assert brand.files == {"brand/logo.svg": b"<svg/>"}


def test_a_file_of_the_brand_that_is_not_there_is_an_error(branded: LineDescription, tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        brand_of(branded, tmp_path, selection_of('[brand]\nlogo = "missing.png"\n', file=str(tmp_path / "acme.toml")))
    assert str(caught.value) == (
        f"{tmp_path}/acme.toml: brand.logo: there is no file 'missing.png'\n"
        f"  hint: it would be '{tmp_path}/missing.png'"
    )


@pytest.mark.parametrize("is_link", [False, True])
def test_a_selection_gets_no_file_from_elsewhere_on_the_vendor_s_machine(
    branded: LineDescription, tmp_path: Path, is_link: bool
) -> None:
    line, customers = tmp_path / "line", tmp_path / "customers"
    line.mkdir()
    customers.mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    (line / "logo.png").write_bytes(b"fine")
    (customers / "link.png").symlink_to(tmp_path / "secret.png")
    for written in ["link.png"] if is_link else ["../secret.png", str(tmp_path / "secret.png")]:
        selection = selection_of(f'[brand]\nlogo = "{written}"\n', file=str(customers / "acme.toml"))
        with pytest.raises(SartoError) as caught:
            brand_of(branded, line, selection)
        assert str(caught.value) == (
            f"{customers}/acme.toml: brand.logo: the file '{written}' is neither in the folder of the selection nor in "
            "that of its line\n  hint: copy it beside the selection: it is handed out with the build"
        )
    selection = selection_of('[brand]\nlogo = "../line/logo.png"\n', file=str(customers / "acme.toml"))
    assert brand_of(branded, line, selection).files == {"brand/logo.png": b"fine"}


def test_a_default_file_that_is_not_there_is_the_line_s_error(branded: LineDescription, tmp_path: Path) -> None:
    (tmp_path / "art/plain.png").unlink()
    with pytest.raises(SartoError) as caught:
        brand_of(branded, tmp_path, selection_of())
    assert str(caught.value) == (
        f"features.toml: cosmetics.logo.default: there is no file 'art/plain.png'\n"
        f"  hint: it would be '{tmp_path}/art/plain.png'"
    )
