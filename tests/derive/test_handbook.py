"""The documentation of a line: every feature and hook has its page, every link leads somewhere, nothing gets out."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from posixpath import join, normpath
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result
from sarto.cli import program
from sarto.cli.application import Application
from sarto.derive.handbook.facts import Handbook, handbook
from sarto.derive.handbook.hooks import HookUse, Implementer, hook_uses
from sarto.derive.handbook.site import site
from sarto.derive.handbook.words import hook_rows
from sarto.derive.prepare import prepare
from sarto.derive.target import target_for
from sarto.model.evaluation import is_valid
from sarto.model.selection import Target
from sarto.model.toml_line import read_line

from .making import HEAD_OF_HOOKS, hooked_wheels, line_of
from .shop import HEAD

EVIL = '<script>alert("1")</script>&amp;\\" onload=x'
VOID = {"meta", "link", "br"}

MODEL = HEAD + dedent(
    """
    [features.shop]
    summary = "Sells <things> & more"
    mandatory = ["pay", "size"]
    optional = ["maps", "Maps", "audit"]
    [features.pay]
    or = ["card", "coins"]
    [features.card]
    attributes = { price = 3, deep = { er = "x" } }
    [features.size]
    type = "integer"
    minimum = 1
    maximum = 9
    default = 4
    [features.maps]
    parts = ["shop-maps"]
    stage = "user"
    binding = "start"
    before = ["audit"]
    [[constraints]]
    rule = "audit => card & !coins"
    because = "Auditors <want> paper."
    """
)
HOOKS = (
    HookUse("draw", ("page", "where"), True, (Implementer(("maps",), "shop-maps", "1.0", "maps", ("page",)),)),
    HookUse("start", (), True, ()),
)


class Reader(HTMLParser):
    """The elements of a page, which must be closed in order; its links, ids and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert text.startswith("<!DOCTYPE html>\n")
    assert not reader.open
    return reader


def book_of(text: str = MODEL, hooks: tuple[HookUse, ...] | None = HOOKS) -> Handbook:
    return handbook(read_line(text, "features.toml"), hooks)


def pages(files: dict[str, str]) -> Iterator[tuple[str, Reader]]:
    return ((name, read(text)) for name, text in files.items() if name.endswith(".html"))


def check_links(files: dict[str, str]) -> None:
    for name, page in pages(files):
        for link in page.links:
            assert normpath(join(name, "..", link)) in files, (name, link)


def test_every_feature_and_hook_has_its_page_and_every_link_leads_somewhere() -> None:
    book = book_of()

    files = site(book)

    check_links(files)
    index = read(files["index.html"])
    assert len({link for link in index.links if link.startswith("features/")}) == len(book.pages) == 8
    assert {link for link in index.links if link.startswith("hooks/")} == {"hooks/draw.html", "hooks/start.html"}
    assert set(files) == {"style.css", "index.html", *(link for link in index.links if link != "style.css")}
    assert len({name.lower() for name in files}) == len(files)


def test_what_is_in_how_many_products_is_what_counting_one_by_one_gives() -> None:
    book = book_of()
    names = [name for name in book.pages if name not in ("shop", "pay", "size")]
    always = {"shop": True, "pay": True, "size": 4}
    products = [
        configuration
        for chosen in product([False, True], repeat=len(names))
        if is_valid(book.line.model, configuration := {**always, **dict(zip(names, chosen, strict=True))})
    ]

    assert book.count == len(products)
    for name, page in book.pages.items():
        assert page.number == sum(each[name] is not False for each in products)


def test_a_page_says_what_the_line_says_of_a_feature() -> None:
    files = site(book_of())

    audit = read(files["features/audit.html"]).text
    for words in ("optional with shop", "4 of 16 (25%)", "Bringscard", "Rules outcoins", "Auditors <want> paper."):
        assert words in audit
    maps = read(files["features/maps.html"]).text
    for words in ("the user; can be switched until the product starts", "shop-maps", "Hooksdraw", "Called beforeaudit"):
        assert words in maps
    assert "price = 3deep.er = 'x'" in read(files["features/card.html"]).text
    assert "Needed byaudit" in read(files["features/card.html"]).text
    assert "integer, at least 1, at most 9, by default 4" in read(files["features/size.html"]).text
    assert "maps: maps of shop-maps 1.0, takes page" in read(files["hooks/draw.html"]).text
    assert "nobody in this line" in read(files["hooks/start.html"]).text


def test_names_and_texts_are_escaped_wherever_they_stand() -> None:
    quoted = f'"{EVIL.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'
    text = (
        HEAD
        + f'[features.shop]\nsummary = {quoted}\noptional = ["<b>x</b>"]\n[features."<b>x</b>"]\nsummary = {quoted}\n'
    )
    text += f"attributes = {{ price = {quoted} }}\n[[constraints]]\nrule = '\"<b>x</b>\" => shop'\nbecause = {quoted}\n"
    hooks = (HookUse("<i>h</i>", ("<u>",), True, (Implementer(("<b>x</b>",), EVIL, "<", ">", (EVIL,)),)),)

    files = site(book_of(text, hooks))

    check_links(files)
    for _, page in pages(files):
        assert not page.tags & {"script", "b", "i", "u"}
        assert not page.attributes & {"onload"}
    assert EVIL in read(files["features/_b_x_b_.html"]).text


def test_a_site_asks_nobody_and_has_the_same_bytes_each_time() -> None:
    files = site(book_of())

    assert files == site(book_of())
    assert not any("http" in text or "url(" in text or "@import" in text for text in files.values())
    assert "prefers-color-scheme: dark" in files["style.css"]
    assert "@media print" in files["style.css"]


def test_hooks_are_found_by_importing_the_plugins_and_come_in_the_order_of_the_line(tmp_path: Path) -> None:
    hooked_wheels(tmp_path / "wheelhouse")
    line = line_of(HEAD_OF_HOOKS, tmp_path)
    catalog = prepare(line, tmp_path, target_for(Target("host", "host")))

    found = hook_uses(line, catalog, lambda _: None)

    assert found is not None
    assert [(use.name, use.arguments, use.is_core) for use in found] == [
        ("shop_draw", ("page", "where"), True), ("shop_start", (), True),
    ]  # fmt: skip
    draw, start = found
    assert [(each.features, each.entry_point, each.arguments) for each in draw.implementers] == [
        (("maps",), "maps", ("page",)), (("audit",), "audit", ()),
    ]  # fmt: skip
    assert start.implementers == ()


@pytest.mark.parametrize(
    ("marks", "called", "order"),
    [
        (
            {"audit": "tryfirst=True"},
            ["audit · tryfirst", "maps"],
            "by what plugins are marked, then by the line's order",
        ),
        ({"maps": "trylast=True"}, ["audit", "maps · trylast"], "by what plugins are marked, then by the line's order"),
        (
            {"audit": "wrapper=True"},
            ["audit · wrapper", "maps"],
            "wrappers around the others, then by the line's order",
        ),
        (
            {"audit": "wrapper=True", "maps": "wrapper=True, trylast=True"},
            ["audit · wrapper", "maps · wrapper · trylast"],
            "wrappers around the others, then by what plugins are marked (tryfirst, trylast), then by the line's order",
        ),
    ],
)
def test_what_plugins_ask_for_themselves_counts_before_the_order_of_the_line(
    tmp_path: Path, marks: dict[str, str], called: list[str], order: str
) -> None:
    hooked_wheels(tmp_path / "wheelhouse", marks=marks)
    line = line_of(HEAD_OF_HOOKS, tmp_path)

    draw, _ = hook_uses(line, prepare(line, tmp_path, target_for(Target("host", "host"))), lambda _: None) or ()

    rows = {row.title: row for row in hook_rows(draw)}
    said = [
        "".join(piece if isinstance(piece, str) else piece.text for piece in item)
        for item in rows["Implemented by"].items
    ]
    parts = [(text.partition(":")[0], text.partition(" · ")[2]) for text in said]
    assert [" · ".join(filter(None, each)) for each in parts] == called
    assert rows["Order"].items == ((f"called as listed: {order}",),)


def test_an_order_that_settles_an_interaction_is_the_order_of_the_page(tmp_path: Path) -> None:
    hooked_wheels(tmp_path / "wheelhouse")
    settled = '[[interactions]]\nbetween = ["audit", "maps"]\norder = ["maps", "audit"]\nbecause = "Drawn first."\n'
    orders = []
    for more in ("", settled):
        line = line_of(HEAD_OF_HOOKS.replace('before = ["audit"]\n', "") + more, tmp_path)
        draw, _ = hook_uses(line, prepare(line, tmp_path, target_for(Target("host", "host"))), lambda _: None) or ()
        orders.append([each.entry_point for each in draw.implementers])
    assert orders == [["audit", "maps"], ["maps", "audit"]]


def test_a_line_for_another_machine_is_documented_without_hooks(tmp_path: Path) -> None:
    hooked_wheels(tmp_path / "wheelhouse")
    line = line_of(HEAD_OF_HOOKS, tmp_path)
    catalog = prepare(line, tmp_path, target_for(Target("3.11", "win_arm64")))

    assert hook_uses(line, catalog, lambda _: None) is None
    files = site(handbook(line, None))
    assert "not looked at: the parts were left out" in read(files["features/maps.html"]).text
    check_links(files)


def sarto(*words: str | Path) -> Result:
    return CliRunner().invoke(
        program, [str(word) for word in words], obj=Application(path=[]), prog_name="sarto", catch_exceptions=False
    )


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the line, in which the command runs."""
    (tmp_path / "features.toml").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_site_is_written_again_without_what_is_no_more(shop: Path) -> None:
    assert sarto("docs", "--no-parts").stdout == "shop: 9 pages in site; begin at site/index.html\n"
    assert (shop / "site" / "features" / "audit.html").is_file()
    (shop / "features.toml").write_text(HEAD + '[features.shop]\noptional = ["a"]\n', encoding="utf-8")

    assert sarto("docs", "--no-parts").exit_code == 0

    assert sorted(path.name for path in (shop / "site" / "features").iterdir()) == ["a.html", "shop.html"]


def test_a_folder_with_something_else_is_left_alone(shop: Path) -> None:
    (shop / "site").mkdir()
    (shop / "site" / "index.html").write_text("mine", encoding="utf-8")

    result = sarto("docs", "--no-parts")

    assert result.exit_code == 1
    assert result.stderr == (
        "error: there is something in this folder that is no site of sarto docs\n  --> site\n"
        "  hint: -o names another folder\n"
    )


def test_one_page_is_printed_in_the_terminal(shop: Path) -> None:
    result = sarto("docs", "--no-parts", "audit")

    assert result.stdout == dedent(
        """\
        shop > audit
          Place       optional with shop
          Products    4 of 16 (25%)
          Brings      card
          Rules out   coins
          Rules       audit => card & !coins — Auditors <want> paper.
          Decided by  the customer; can be switched until the build is made
        """
    )
    assert sarto("docs", shop, "audit", "--no-parts").stdout == result.stdout
    unknown = sarto("docs", "audits", "--no-parts")
    assert (unknown.exit_code, unknown.stderr) == (
        1,
        "error: the line has no feature and no hook 'audits'\n  --> features.toml\n  hint: did you mean 'audit'?\n",
    )


@pytest.mark.parametrize("line", ["features.toml", "examples/datasette/features.toml"])
def test_real_lines_are_documented_whole(line: str, tmp_path: Path) -> None:
    file = Path(__file__).parents[2] / line

    result = sarto("docs", file, "--no-parts", "-o", tmp_path / "site")

    assert result.exit_code == 0, result.stderr
    names = read_line(file.read_text(encoding="utf-8"), str(file)).model.features
    files = {
        path.relative_to(tmp_path / "site").as_posix(): path.read_text(encoding="utf-8")
        for path in (tmp_path / "site").rglob("*") if path.is_file()
    }  # fmt: skip
    assert len(files) == len(names) + 2
    check_links(files)
    assert "unknown" not in read(files["index.html"]).text
