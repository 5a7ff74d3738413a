"""Files from templates: a text stays the text that it is, whatever it is, in each kind of file."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sarto.derive.escaping import SUFFIXES, TextKind, escaped
from sarto.derive.templates import Filling, read_template
from sarto.errors import SartoError
from sarto.model.cosmetics import CosmeticType
from sarto.model.names import is_plain_text

HOSTILE = [
    "</title><script>alert(1)</script>", '" onmouseover="alert(1)', "' onload='alert(1)", "javascript:alert(1)",
    "]]><script/>", "-->", "*/ body{background:url(//x)} /*", "\\", '\\"', "${name}", "$$", "$name", "&lt;&#60;",
    "[x](javascript:alert(1))", "![x](//x)", "`code`", "<!--", "# head", "1. one", "- item", "    code", "a  ", "~~~",
    "| a | b |", "https://example.org", "www.example.org", "a_b_c *d* __e__", "Exec=sh", "; rm -rf ~", "`id`", "$(id)",
    "\ufffe\uffff", "Ω≈ç 数据 ü", "{{ 7*7 }}", "<%= 1 %>", " ", "&", "\u00a0x\u3000",
]  # fmt: skip
ANY_TEXT = st.sampled_from(HOSTILE) | st.lists(st.sampled_from([*HOSTILE, "a", " "]), max_size=4).map("".join)
TEXTS = (ANY_TEXT | st.text(max_size=30)).filter(is_plain_text)
TYPES = {
    "title": CosmeticType.TEXT, "colour": CosmeticType.COLOUR, "logo": CosmeticType.IMAGE, "run": CosmeticType.COMMAND,
    "page": CosmeticType.TEMPLATE, "the note": CosmeticType.TEXT,
}  # fmt: skip


def filled(template: str, suffix: str, title: str = "Title", note: str = "Note") -> str:
    fillings = {
        "title": Filling(CosmeticType.TEXT, title), "the note": Filling(CosmeticType.TEXT, note),
        "colour": Filling(CosmeticType.COLOUR, "#102030"), "logo": Filling(CosmeticType.IMAGE, "the logo.svg"),
        "run": Filling(CosmeticType.COMMAND, "acme-data"), "language": Filling(CosmeticType.COMMAND, "it"),
    }  # fmt: skip
    return read_template(template.encode(), f"page{suffix}", TYPES).filled(fillings).decode()


def said_of(template: str, suffix: str) -> list[str]:
    with pytest.raises(SartoError) as caught:
        read_template(template.encode(), f"page{suffix}", TYPES)
    return [str(error) for error in caught.value.errors]


class Seen(HTMLParser):
    """What a reader of HTML finds in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.texts: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {f"{tag}.{name}": value for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.texts[self.tags[-1]] = self.texts.get(self.tags[-1], "") + data


HTML = """<!DOCTYPE html><html lang="$language"><title>$title</title><style>p { color: $colour }</style>
<p class='x $title' title="$title">$title</p><textarea>${the note}</textarea><img src="$logo" alt="$title">"""


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_in_html_a_text_is_the_text_of_its_place_and_nothing_else(title: str, note: str) -> None:
    seen = Seen(filled(HTML, ".html", title, note))
    assert seen.tags == ["html", "title", "style", "p", "textarea", "img"]
    assert seen.attributes == {
        "html.lang": "it", "p.class": f"x {title}", "p.title": title, "img.src": "the%20logo.svg", "img.alt": title,
    }  # fmt: skip
    assert seen.texts == {
        name: text
        for name, text in {
            "title": title, "style": "p { color: #102030 }", "p": title, "textarea": note
        }.items() if text
    } | {"style": "p { color: #102030 }\n"}  # fmt: skip


SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>$title</title>
<text fill="$colour" aria-label="$title">${the note}</text><image href="data:image/png;base64,AA=="/></svg>"""


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_in_svg_a_text_is_the_text_of_its_place_and_nothing_else(title: str, note: str) -> None:
    root = ElementTree.fromstring(filled(SVG, ".svg", title, note))
    names = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert names == ["svg", "title", "text", "image"]
    without = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
    assert (root[0].text or "") == title.translate(without)
    assert (root[1].text or "") == note.translate(without)
    assert root[1].attrib == {"fill": "#102030", "aria-label": title.translate(without)}


CSS_TOKEN = re.compile(r'"((?:[^"\\\n]|\\[0-9a-f]{1,6} )*)"')


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_in_css_a_text_is_one_string(title: str, note: str) -> None:
    sheet = filled(
        "a::before { content: $title }\nb::before { content: ${the note}; color: $colour }\n", ".css", title, note
    )
    found = [
        re.sub(r"\\([0-9a-f]{1,6}) ", lambda each: chr(int(each[1], 16)), each) for each in CSS_TOKEN.findall(sheet)
    ]
    assert found == [title, note]
    assert CSS_TOKEN.sub("S", sheet) == "a::before { content: S }\nb::before { content: S; color: #102030 }\n"
    assert "<" not in sheet


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_in_json_a_text_is_one_string_also_inside_the_script_of_a_page(title: str, note: str) -> None:
    made = filled(
        '{"name": $title, "icons": [{"src": $logo}], ${the note}: [$colour, $run, "$$"]}', ".json", title, note
    )
    assert json.loads(made) == {
        "name": title, "icons": [{"src": "the%20logo.svg"}], **{note: ["#102030", "acme-data", "$"]}
    }  # fmt: skip
    seen = Seen(f"<script>{made}</script><p>after</p>")
    assert seen.tags == ["script", "p"]


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_in_markdown_a_text_is_a_text(title: str, note: str) -> None:
    made = filled('# $title\n\n$title\n\n- ${the note}\n\n<p title="x">$title</p>\n', ".md", title, note)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(made)
    inline = [token for token in tokens if token.type == "inline"]
    assert {child.type for token in inline for child in token.children or ()} <= {"text", "text_special"}
    texts = ["".join(child.content for child in token.children or ()) for token in inline]
    assert [text.strip() for text in texts if text.strip()] == [
        text.strip() for text in (title, title, note) if text.strip()
    ]
    blocks = [token.content for token in tokens if token.type == "html_block"]
    assert len(blocks) == 1
    assert Seen(blocks[0]).texts.get("p", "").strip() == title.strip()


@settings(deadline=None)
@given(TEXTS)
def test_in_a_desktop_entry_a_text_is_one_value(title: str) -> None:
    made = filled("[Desktop Entry]\nName=$title\nName[it]=$title\nExec=$run\nIcon=$logo\n", ".desktop", title)
    lines = made.split("\n")
    assert [line.partition("=")[0] for line in lines] == ["[Desktop Entry]", "Name", "Name[it]", "Exec", "Icon", ""]
    value = re.sub(r"\\(.)", lambda each: " " if each[1] == "s" else each[1], lines[1].partition("=")[2])
    assert value == title


@settings(deadline=None)
@given(TEXTS)
def test_plain_text_has_the_text_as_it_is(title: str) -> None:
    assert filled("Welcome to $title, for $$5", ".txt", title) == f"Welcome to {title}, for $5"


def test_what_a_text_becomes_is_told_for_every_kind() -> None:
    text = 'a <b> & "c"'
    assert {kind.value: escaped(kind, text) for kind in TextKind} == {
        "HTML": "a &lt;b&gt; &amp; &quot;c&quot;",
        "XML": "a &lt;b&gt; &amp; &quot;c&quot;",
        "CSS": '"a \\3c b\\3e  \\26  \\22 c\\22 "',
        "JSON": '"a \\u003cb\\u003e \\u0026 \\"c\\""',
        "Markdown": "a &#60;b&#62; &#38; &#34;c&#34;",
        "desktop entry": text,
        "plain text": text,
    }
    assert set(SUFFIXES.values()) == set(TextKind)


ELSEWHERE = "put it between tags, or into a quoted attribute that is neither code nor an address"


@pytest.mark.parametrize(
    ("suffix", "template", "place"),
    [
        (".html", "<a href='$title'>x</a>", "in the attribute 'href', which is an address"),
        (".html", "<p style='color: $title'>x</p>", "in the attribute 'style', which is code"),
        (".html", "<p onclick=\"x('$title')\">x</p>", "in the attribute 'onclick', which is code"),
        (".html", "<p title=$title>x</p>", "in a tag, outside of quotes"),
        (".html", "<p $title>x</p>", "in a tag, outside of quotes"),
        (".html", "<script>var x = '$title'</script>", "in the element 'script'"),
        (".html", "<style>p { content: '$title' }</style>", "in the element 'style'"),
        (".html", "<!-- $title -->", "in a comment"),
        (".html", "<iframe srcdoc=\"$title\"></iframe>", "in the attribute 'srcdoc', which is code"),
        (".html", "<noscript>$title</noscript>", "in the element 'noscript'"),
        (".html", "<meta http-equiv='refresh' content='$title'>", "in the attribute 'content', which is an address"),
        (".svg", "<svg xmlns='http://www.w3.org/2000/svg'><a href='$title'/></svg>",
         "in the attribute 'href', which is an address"),
        (".xml", "<a><!-- $title --></a>", "in a comment"),
        (".xml", "<a><![CDATA[$title]]></a>", "in a section that is taken as it is"),
        (".css", "a { content: '$title' }", "in a string, a comment or an address"),
        (".css", "/* $title */", "in a string, a comment or an address"),
        (".css", "a { background: url($title) }", "in a string, a comment or an address"),
        (".md", "[home]($title)", "in an address or a tag"),
        (".md", "<a title=\"$title\">x</a>", "in an address or a tag"),
        (".desktop", "Exec=$title", "in a line that is not Name, GenericName or Comment"),
    ],
)  # fmt: skip
def test_a_text_where_it_would_not_stay_one_is_refused_with_the_line(suffix: str, template: str, place: str) -> None:
    (said,) = said_of(f"{PREFIX.get(suffix, '')}{template}", suffix)
    assert f"'title' stands {place}: there it would not stay a text" in said
    assert re.match(rf"page\{suffix}:\d+:\d+: ", said)


PREFIX = {".html": "<!DOCTYPE html>\n", ".css": "b { color: red }\n", ".md": "# x\n\n", ".desktop": "[Desktop Entry]\n"}


@pytest.mark.parametrize(
    ("suffix", "template", "said"),
    [
        (".html", "<p>\n$titel</p>", "page.html:2:1: there is no slot 'titel'\n  hint: did you mean 'title'?"),
        (".html", "costs $5", "page.html:1:7: a '$' that names no slot\n  hint: write $$ for a dollar sign"),
        (".html", "${}", "page.html:1:1: a '$' that names no slot\n  hint: write $$ for a dollar sign"),
        (".html", "$page", "page.html:1:1: 'page' is a template, too\n"
                           "  hint: a template names slots that are filled, or write the file's name"),
        (".js", "x", "page.js: the brand's texts are not put into files named '*.js'\n"
                     f"  hint: a template is one of {', '.join(SUFFIXES)}"),
        (".json", '{"a": "$title"}',
         "page.json: this is no JSON with a whole string for each slot: Expecting ',' delimiter: line 1 column 8"),
        (".xml", "<a>$title", "page.xml: this is no XML: no element found: line 1, column 9"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_template_is_said_with_its_place(suffix: str, template: str, said: str) -> None:
    found = said_of(template, suffix)
    assert len(found) == 1
    assert re.sub(r"column \d+( \(char \d+\))?", "", found[0]) == re.sub(r"column \d+( \(char \d+\))?", "", said)


def test_all_that_is_wrong_with_a_template_comes_together() -> None:
    assert [each.partition(": ")[0] for each in said_of("$a\n$b\n <p title=$title>", ".html")] == [
        "page.html:1:1", "page.html:2:1",
    ]  # fmt: skip
    assert [each.partition(": ")[0] for each in said_of("<a href='$title'>\n<!-- $title -->", ".html")] == [
        "page.html:1:10", "page.html:2:6",
    ]  # fmt: skip


def test_colours_and_files_may_stand_in_styles_and_addresses() -> None:
    made = filled("<p style='color: $colour'><img src='$logo'></p>", ".html")
    assert made == "<p style='color: #102030'><img src='the%20logo.svg'></p>"
    assert filled("a { background: $logo $colour }", ".css") == 'a { background: url("the%20logo.svg") #102030 }'


def test_a_template_that_is_no_utf_8_is_refused() -> None:
    with pytest.raises(SartoError) as caught:
        read_template(b"<p>\xff</p>", "page.html", TYPES)
    assert str(caught.value) == "page.html: this is not UTF-8, from byte 3 on"


def test_the_example_s_template_is_sound() -> None:
    root = Path(__file__).parents[2] / "examples" / "datasette" / "templates" / "about.html"
    texts = dict.fromkeys(("name", "title", "welcome", "footer"), CosmeticType.TEXT)
    colours = dict.fromkeys(("colour", "ink", "link"), CosmeticType.COLOUR)
    read_template(root.read_bytes(), "about.html", {**texts, **colours, "logo": CosmeticType.IMAGE})
