"""The brand of a build: its files, its texts by language, what is made from templates; and what differs between two."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from sarto.derive.brand import brand_of, look_of
from sarto.derive.brand_report import Source, brand_findings, brand_report
from sarto.derive.bundle import assemble
from sarto.derive.plan import Plan
from sarto.errors import SartoError
from sarto.model.line import LineDescription
from sarto.model.selection import Selection
from sarto.testing import make_plan

from .making import LINE, line_of, selection_of, write

COSMETICS = (
    LINE.replace('root = "greeter"', 'root = "greeter"\nlanguages = ["en", "it"]')
    + """
[cosmetics]
title  = { default = "Greetings" }
footer = { default = { en = "Hello" } }
colour = { type = "colour", default = "#102030", contrast = { on = "#ffffff" } }
logo   = { type = "image", largest_kb = 1, default = "art/logo.svg" }
icon   = { type = "icon", sizes = [8, 16] }
page   = { type = "template", default = "art/page.html" }
notes  = { type = "file" }
"""
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#7a1f2b").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def line(tmp_path: Path) -> LineDescription:
    write(tmp_path / "art/logo.svg", SVG)
    write(tmp_path / "art/page.html", "<p title='$title'>$footer<img src='$logo'></p>")
    (tmp_path / "icon.png").write_bytes(png(16, 16))
    (tmp_path / "wide.png").write_bytes(png(20, 16))
    (tmp_path / "small.png").write_bytes(png(12, 12))
    (tmp_path / "large.svg").write_text(SVG + " " * 1024)
    write(tmp_path / "evil.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')
    (tmp_path / "notes.EXE!").write_text("x")
    return line_of(COSMETICS, tmp_path)


def wished(tmp_path: Path, text: str) -> Selection:
    return selection_of(f"[brand]\n{text}\n", file=str(tmp_path / "acme.toml"))


def test_texts_have_every_language_and_templates_are_filled_in_each(line: LineDescription, tmp_path: Path) -> None:
    brand = brand_of(line, tmp_path, wished(tmp_path, 'title = { en = "Fish & chips", it = "Pesce" }'))
    assert brand.slots == {
        "name": "greeter", "title": "Fish & chips", "footer": "Hello", "colour": "#102030", "logo": "brand/logo.svg",
        "icon": "", "page": "brand/page.html", "notes": "",
    }  # fmt: skip
    assert brand.texts == {
        "title": {"en": "Fish & chips", "it": "Pesce"}, "footer": {"en": "Hello", "it": "Hello"}
    }  # fmt: skip
    assert brand.files == {
        "brand/logo.svg": SVG.encode(),
        "brand/page.html": b"<p title='Fish &amp; chips'>Hello<img src='logo.svg'></p>",
        "brand/page.it.html": b"<p title='Pesce'>Hello<img src='logo.svg'></p>",
    }
    assert look_of(line, brand) == {
        "languages": ["en", "it"],
        "types": {
            "name": "text", "title": "text", "footer": "text", "colour": "colour", "logo": "image", "icon": "icon",
            "page": "template", "notes": "file",
        },
        "texts": brand.texts,
        "variants": {"page": {"en": "brand/page.html", "it": "brand/page.it.html"}},
    }  # fmt: skip


def test_an_icon_comes_in_the_sizes_that_the_line_wants(line: LineDescription, tmp_path: Path) -> None:
    brand = brand_of(line, tmp_path, wished(tmp_path, 'icon = "icon.png"'))
    assert brand.slots["icon"] == "brand/icon.png"
    assert brand.variants["icon"] == {"8": "brand/icon.8.png", "16": "brand/icon.16.png"}
    assert brand.files["brand/icon.png"] == brand.files["brand/icon.16.png"] == png(16, 16)
    assert Image.open(io.BytesIO(brand.files["brand/icon.8.png"])).size == (8, 8)


@pytest.mark.parametrize(
    ("brand", "said"),
    [
        ('logo = "evil.svg"',
         "brand.logo: evil.svg: this SVG has an element 'script' (line 1)\n"
         "  hint: save it without: a brand's picture is only looked at"),
        ('logo = "large.svg"',
         "brand.logo: the file 'large.svg' has 1,065 bytes, and 'logo' takes at most 1 KB\n"
         "  hint: take a smaller one: it goes into every build"),
        ('icon = "wide.png"',
         "brand.icon: wide.png: this icon has 20 x 16 pixels\n"
         "  hint: it has to be square, with at least 16 x 16 pixels"),
        ('icon = "small.png"',
         "brand.icon: small.png: this icon has 12 x 12 pixels\n"
         "  hint: it has to be square, with at least 16 x 16 pixels"),
        ('logo = "acme.toml"',
         "brand.logo: acme.toml: this is no picture\n  hint: take an SVG, PNG, JPEG or WebP"),
        ('notes = "notes.EXE!"', "brand.notes: the suffix of 'notes.EXE!' is no plain one\n  hint: rename the file"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_do_is_refused(line: LineDescription, tmp_path: Path, brand: str, said: str) -> None:
    (tmp_path / "acme.toml").write_text("x")
    with pytest.raises(SartoError) as caught:
        brand_of(line, tmp_path, wished(tmp_path, brand))
    assert str(caught.value) == f"{tmp_path}/acme.toml: {said}"


def test_all_files_that_do_not_do_are_told_at_once_and_the_line_s_own_are_findings(
    line: LineDescription, tmp_path: Path
) -> None:
    write(tmp_path / "art/page.html", "<p title=$title>$foter</p>")
    with pytest.raises(SartoError) as caught:
        brand_of(line, tmp_path, wished(tmp_path, 'logo = "evil.svg"\nicon = "missing.png"'))
    assert [str(error.where) for error in caught.value.errors] == [
        f"{tmp_path}/acme.toml: brand.logo", f"{tmp_path}/acme.toml: brand.icon", f"{tmp_path}/art/page.html:1:17",
    ]  # fmt: skip
    (tmp_path / "art/logo.svg").unlink()
    assert [(each.severity, each.what, str(each.where)) for each in brand_findings(line, tmp_path)] == [
        ("error", "there is no file 'art/logo.svg'", "features.toml: cosmetics.logo.default"),
        ("error", "there is no slot 'foter'", f"{tmp_path}/art/page.html:1:17"),
        (
            "warning",
            "'footer' has no text in 'it', and shows the one in 'en'",
            "features.toml: cosmetics.footer.default",
        ),
    ]


def test_an_svg_from_a_template_is_only_looked_at_either(tmp_path: Path) -> None:
    write(tmp_path / "badge.svg", '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><text>$title</text></svg>')
    line = line_of(LINE + '[cosmetics]\ntitle = {}\nbadge = { type = "template", default = "badge.svg" }\n', tmp_path)
    with pytest.raises(SartoError) as caught:
        brand_of(line, tmp_path, selection_of())
    assert caught.value.what == "this SVG has an event handler, 'onload' (line 1)"


def test_the_report_says_of_each_slot_who_fills_it_and_what_is_missing(line: LineDescription, tmp_path: Path) -> None:
    asked = wished(tmp_path, 'title = "Fish"\nicon = "icon.png"')
    found = {slot.slot: slot for slot in brand_report(line, tmp_path, asked)}
    assert {name: slot.source for name, slot in found.items()} == {
        "name": Source.LINE, "title": Source.SELECTION, "footer": Source.LINE, "colour": Source.LINE,
        "logo": Source.LINE, "icon": Source.SELECTION, "page": Source.LINE, "notes": Source.NOBODY,
    }  # fmt: skip
    assert str(found["title"].where) == f"{tmp_path}/acme.toml: brand.title"
    assert [each.language for each in found["footer"].missing] == ["it"]
    assert list(found["page"].files) == ["brand/page.html", "brand/page.it.html"]
    ((on, ratio),) = [(each.on, each.ratio) for each in found["colour"].read_on]
    assert (on, round(ratio, 2)) == ("#ffffff", 16.52)


def twins(tmp_path: Path) -> tuple[Plan, Plan]:
    """The plans of two customers who differ in nothing but their brand."""
    one = make_plan(tmp_path / "wheels")
    two = replace(
        one, name="other", selection=replace(one.selection, customer="Other", brand={"name": "Other Hello"}),
        brand={"name": "Other Hello", "logo": "brand/logo.svg"}, brand_files={"brand/logo.svg": SVG.encode()},
    )  # fmt: skip
    return one, two


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_builds_that_differ_in_their_brand_differ_in_nothing_functional(tmp_path: Path) -> None:
    built = []
    for plan in twins(tmp_path):
        assemble(plan, {}, tmp_path / plan.name)
        built.append(contents(tmp_path / plan.name))
    one, two = built
    own = {"build.json", "SHA256SUMS"}
    assert {name for name in one.keys() & two.keys() if one[name] != two[name]} == own
    assert one.keys() ^ two.keys() == {"acme-gmbh.py", "other-hello.py", "brand/logo.svg"}
    assert one["acme-gmbh.py"] == two["other-hello.py"]
    said, other = (json.loads(each["build.json"]) for each in built)
    assert {key for key in said if said[key] != other[key]} == {"customer", "name", "launcher", "brand"}
