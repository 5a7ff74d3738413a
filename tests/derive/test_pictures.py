"""Pictures are what their bytes say, and nothing in one runs or comes from elsewhere."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from sarto.derive.icons import sized_icons
from sarto.derive.pictures import Picture, PictureFault, picture_of
from sarto.derive.svg import SvgFault, read_svg

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inside: str = "", attributes: str = "", before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" {XLINK} {attributes}>{inside}</svg>'.encode()


def saved(kind: str, size: tuple[int, int], mode: str = "RGBA", **how: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, "#7a1f2b").save(file, kind, **how)
    return file.getvalue()


def deep() -> bytes:
    """A PNG with sixteen bits for each channel."""
    file = io.BytesIO()
    Image.new("I;16", (8, 8)).save(file, "PNG")
    return file.getvalue()


def fault(content: bytes, suffix: str) -> tuple[str, str]:
    with pytest.raises(PictureFault) as caught:
        picture_of(content, suffix)
    return caught.value.what, caught.value.hint


def is_picture_or_refused(content: bytes) -> bool:
    """Whether it is a picture of some size, or refused with words; anything else is a bug that raises."""
    try:
        found = picture_of(content, ".png")
    except PictureFault as refused:
        return bool(refused.what)
    return found.width > 0 and found.height > 0


@pytest.mark.parametrize("size", [(1, 1), (16, 9), (300, 200)])
def test_a_picture_is_read_from_its_first_bytes(size: tuple[int, int]) -> None:
    assert picture_of(saved("PNG", size), ".png") == Picture("png", *size)
    assert picture_of(saved("JPEG", size, "RGB"), ".JPG") == Picture("jpeg", *size)
    assert picture_of(saved("JPEG", size, "RGB", progressive=True), ".jpeg") == Picture("jpeg", *size)
    assert picture_of(saved("WEBP", size, "RGB"), ".webp") == Picture("webp", *size)
    assert picture_of(saved("WEBP", size, lossless=True), ".webp") == Picture("webp", *size)
    assert picture_of(svg(attributes=f'width="{size[0]}px" height="{size[1]}"'), ".svg") == Picture("svg", *size)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 24 12.4"', (24, 12)), ('viewBox="0,0,24,12" width="100%"', (24, 12)), ('width="3em"', (0, 0)),
        ("", (0, 0)), ('viewBox="0 0 nan inf"', (0, 0)), ('width="99999999999" height="1"', (0, 0)),
    ],
)  # fmt: skip
def test_an_svg_has_the_size_that_it_tells(attributes: str, size: tuple[int, int]) -> None:
    assert read_svg(svg(attributes=attributes)) == size


@pytest.mark.parametrize(
    ("content", "suffix", "what", "hint"),
    [
        (b"<html><script>alert(1)</script></html>", ".svg", "this is no picture", "take an SVG, PNG, JPEG or WebP"),
        (b"MZ\x90\x00", ".png", "this is no picture", "take an SVG, PNG, JPEG or WebP"),
        (b"", ".png", "this is no picture", "take an SVG, PNG, JPEG or WebP"),
        (b"GIF89a\x01\x00\x01\x00", ".png", "this is no picture", "take an SVG, PNG, JPEG or WebP"),
        (saved("PNG", (4, 4)), ".jpg", "this is a picture of the kind png, and is named '.jpg'",
         "give its name the suffix '.png'"),
        (saved("JPEG", (4, 4), "RGB"), "", "this is a picture of the kind jpeg, and is without a suffix",
         "give its name the suffix '.jpg'"),
        (svg(), ".png", "this is a picture of the kind svg, and is named '.png'", "give its name the suffix '.svg'"),
        (saved("PNG", (4, 4))[:20], ".png", "this picture is damaged", "save it again"),
        (saved("PNG", (9000, 1)), ".png",
         "this picture has 9000 x 1 pixels, and none has more than 8192 in a direction", ""),
    ],
)  # fmt: skip
def test_what_is_not_what_it_says_is_refused(content: bytes, suffix: str, what: str, hint: str) -> None:
    assert fault(content, suffix) == (what, hint)


@settings(deadline=None)
@given(
    st.binary(max_size=60), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"<svg", b""])
)
def test_any_bytes_are_a_picture_or_refused_in_words(content: bytes, begin: bytes) -> None:
    assert is_picture_or_refused(begin + content)


WHOLE = [saved("PNG", (3, 3)), saved("JPEG", (3, 3), "RGB"), saved("WEBP", (3, 3))]


@settings(deadline=None)
@given(st.data())
def test_a_picture_that_is_cut_off_or_changed_is_one_or_refused_in_words(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(WHOLE))
    broken = bytearray(whole[: data.draw(st.integers(0, len(whole)))])
    if broken:
        broken[data.draw(st.integers(0, len(broken) - 1))] ^= data.draw(st.integers(1, 255))
    assert is_picture_or_refused(bytes(broken))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (svg("<script>alert(1)</script>"), "an element 'script'"),
        (svg("<g><SCRIPT/></g>"), "an element 'SCRIPT'"),
        (svg('<x:script xmlns:x="http://www.w3.org/2000/svg"/>'), "an element 'script'"),
        (svg("<foreignObject/>"), "an element 'foreignObject'"),
        (svg('<h:p xmlns:h="http://www.w3.org/1999/xhtml"/>'), "an element of HTML, 'p'"),
        (svg(attributes='onload="alert(1)"'), "an event handler, 'onload'"),
        (svg('<g ONCLICK="x()"/>'), "an event handler, 'ONCLICK'"),
        (svg('<use href="https://example.org/a.svg#b"/>'), "a reference to 'https://example.org/a.svg#b'"),
        (svg('<image xlink:href="//example.org/a.png"/>'), "a reference to '//example.org/a.png'"),
        (svg('<a xlink:href="java&#10;script:alert(1)"/>'), "a reference to 'java\nscript:alert(1)'"),
        (svg('<image href="data:image/svg+xml;base64,AA=="/>'), "a reference to 'data:image/svg+xml;base64,AA=='"),
        (svg('<image href="file:///etc/passwd"/>'), "a reference to 'file:///etc/passwd'"),
        (svg('<g xml:base="https://example.org/"/>'), "a base for its references, 'https://example.org/'"),
        (svg('<set attributeName="xlink:href" to="javascript:alert(1)"/>'), "an animation of 'xlink:href'"),
        (svg('<animate attributeName="onclick" values="x"/>'), "an animation of 'onclick'"),
        (svg('<rect fill="url(https://example.org/x#y)"/>'), "url(…) with something from elsewhere"),
        (svg('<rect fill="\\75rl(//x)"/>'), "a backslash in its style"),
        (svg("<style>@import '//x';</style>"), "an import in its style"),
        (svg("<style>a{b:u\\72l(//x)}</style>"), "a backslash in its style"),
        (svg("<style>/* url(#a) */ a{background:URL( '//x' )}</style>"), "URL(…) with something from elsewhere"),
        (svg("<style>a{content:'/*';background:url(//x);c:'*/'}</style>"), "url(…) with something from elsewhere"),
        (svg("<style>a{b:image-set('//x' 1x)}</style>"), "image-set(…) with something from elsewhere"),
        (svg("<g/>", 'style="c:url(//x)"'), "url(…) with something from elsewhere"),
        (svg(before='<?xml-stylesheet href="//x"?>'), "an instruction 'xml-stylesheet'"),
        (svg("&x;", before='<!DOCTYPE svg [<!ENTITY x "y">]>'), "declarations in its DOCTYPE, as of entities"),
        (svg(before='<!DOCTYPE svg [<!ATTLIST svg onload CDATA "x">]>'), "declarations in its DOCTYPE, as of entities"),
        (svg(before='<?xml version="1.0" encoding="iso-8859-1"?>'), "the encoding iso-8859-1"),
        (svg("<g>" * 600 + "</g>" * 600), "more than 500 elements in one another"),
    ],
)  # fmt: skip
def test_an_svg_that_could_run_or_fetch_something_is_refused(content: bytes, what: str) -> None:
    with pytest.raises(SvgFault) as caught:
        read_svg(content)
    assert caught.value.what == f"this SVG has {what} (line 1)"


@pytest.mark.parametrize(
    "content",
    [
        svg('<defs><linearGradient id="a-1"/></defs><rect fill="url(#a-1)" style="fill:url( \'#a-1\' )"/>'),
        svg('<use href="#a"/><use xlink:href="#a"/><a href="#b"/>'),
        svg('<image href="data:image/png;base64,iVBORw0KGgo="/>'),
        svg("<style>.a { fill: #123456 } /* plain */</style><text>url(//x) is only a text, and onload=1 too</text>"),
        svg("<!-- a comment with <script> -->"),
        svg(before='\ufeff<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'),
        svg(before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/TR/svg11.dtd">'),
        svg('<animate attributeName="opacity" values="0;1"/><metadata/><title>The curl (of a leaf)</title>'),
    ],
)
def test_an_svg_that_is_only_looked_at_is_let_in(content: bytes) -> None:
    assert read_svg(content) == (0, 0)


def copies(levels: int, each: int) -> str:
    """Groups each of which draws the one before several times."""
    groups = [f'<g id="g{level}">' + f'<use href="#g{level - 1}"/>' * each + "</g>" for level in range(1, levels + 1)]
    return '<g id="g0"/>' + "".join(groups)


@pytest.mark.parametrize(
    "inside",
    [
        copies(12, 10),
        copies(2000, 1),
        '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
        '<g id="a"><use href="#a"/></g>',
    ],
)
def test_an_svg_of_copies_of_copies_is_refused_before_a_browser_draws_it(inside: str) -> None:
    with pytest.raises(SvgFault) as caught:
        read_svg(svg(inside))
    assert caught.value.what == "this SVG draws elements again more than 10,000 times, as copies of copies do"


def test_some_copies_are_let_in() -> None:
    assert read_svg(svg(copies(3, 10) + '<use href="#nowhere"/>')) == (0, 0)


def test_what_is_said_of_broken_xml_has_its_place() -> None:
    with pytest.raises(SvgFault) as caught:
        read_svg(b'<svg xmlns="http://www.w3.org/2000/svg">\n<g></svg>')
    assert (caught.value.what, caught.value.is_no_svg) == ("this is no XML: mismatched tag: line 2, column 5", False)


def pixels(picture: Image.Image) -> list[tuple[int, ...]]:
    content = picture.tobytes()
    return [tuple(content[at : at + 4]) for at in range(0, len(content), 4)]


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L", "LA", "1", "P200", "P9", "P4", "P2"])
@pytest.mark.parametrize("size", [1, 7, 16])
def test_a_smaller_icon_is_what_pillow_makes_of_it_by_averaging(mode: str, size: int) -> None:
    picture = Image.effect_mandelbrot((24, 24), (-2, -1.5, 1, 1.5), 40).convert("RGB")
    picture.putalpha(Image.linear_gradient("L").resize((24, 24)))
    file = io.BytesIO()
    is_palette = mode.startswith("P")
    picture = picture.quantize(int(mode[1:]), Image.Quantize.FASTOCTREE) if is_palette else picture.convert(mode)
    picture.save(file, "PNG")
    made = Image.open(io.BytesIO(sized_icons(file.getvalue(), (size,))[size])).convert("RGBA")
    original = Image.open(io.BytesIO(file.getvalue())).convert("RGBA")
    finer = original.convert("RGBa").resize((24 * size, 24 * size), Image.Resampling.NEAREST)
    expected = finer.reduce(24).convert("RGBA")
    assert made.size == (size, size)
    pairs = zip(pixels(made), pixels(expected), strict=True)
    for own, theirs in pairs:
        assert abs(own[3] - theirs[3]) <= 2
        if theirs[3] > 64:
            assert max(abs(a - b) for a, b in zip(own, theirs, strict=True)) <= 8


def test_an_icon_of_the_right_size_is_as_it_was_and_the_same_bytes_come_each_time() -> None:
    content = saved("PNG", (32, 32))
    found = sized_icons(content, (16, 32))
    assert found[32] == content
    sized_icons.cache_clear()
    assert sized_icons(content, (16, 32)) == found


@pytest.mark.parametrize(
    "content",
    [saved("PNG", (600, 600)), saved("PNG", (1, 600)), deep()],
)
def test_a_png_of_another_kind_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(PictureFault) as caught:
        sized_icons(content, (4,))
    assert caught.value.what == "smaller icons cannot be made from this PNG"
    assert caught.value.hint == "save it with 8 bits for each channel, not interlaced, of at most 512 x 512 pixels"


def test_a_png_is_read_no_further_than_it_says() -> None:
    content = bytearray(saved("PNG", (512, 512)))
    content[16:24] = struct.pack(">II", 8, 8)
    assert Image.open(io.BytesIO(sized_icons(bytes(content), (4,))[4])).size == (4, 4)


def test_a_png_with_less_in_it_than_it_says_is_damaged() -> None:
    content = bytearray(saved("PNG", (8, 8)))
    content[16:24] = struct.pack(">II", 64, 64)
    with pytest.raises(PictureFault, match="this picture is damaged"):
        sized_icons(bytes(content), (4,))
