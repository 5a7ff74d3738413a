"""Faulty lines, selections and surroundings: one clear message each, exit code 1, and no traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..derive.making import LINE, Index, greeter_projects, make_wheel, pluggy_wheel, serve
from .conftest import ACME, SHOP, Sarto, write


def line_with(old: str, new: str) -> str:
    assert old in SHOP
    return SHOP.replace(old, new, 1)


LINES = {
    "broken TOML": (
        line_with('name = "shop"', 'name = "shop'),
        "error: broken TOML: illegal character '\\n'\n  --> features.toml:3:13\n",
    ),
    "an unknown key": (
        line_with("default = true", "defualt = true"),
        "error: unknown key 'defualt'\n"
        "  --> features.toml: features.reviews.defualt\n"
        "  hint: did you mean 'default'?\n",
    ),
    "an unknown feature": (
        line_with("select = { reviews = false }", "select = { revues = false }"),
        "error: unknown feature 'revues'\n"
        "  --> features.toml: rules[1].select.revues\n"
        "  hint: did you mean 'reviews'?\n",
    ),
    "an unknown type": (
        line_with('type = "integer"', 'type = "int"').replace(", page_size = 50 }", " }"),
        "error: 'int' is not a type\n  --> features.toml: features.page_size.type\n  hint: did you mean 'integer'?\n",
    ),
    "a feature twice": (
        line_with('"search", "reviews"', '"search", "reviews", "search"'),
        "error: 'search' stands twice in this list\n  --> features.toml: features.shop.optional[2]\n",
    ),
    "two parents": (
        line_with('alternative = ["simple", "full"]', 'alternative = ["simple", "full", "audit"]'),
        "error: feature 'audit' has two parents, 'shop' and 'search'\n"
        "  --> features.toml: features.search.alternative\n"
        "  hint: keep it in one place; the first is features.toml: features.shop.optional\n",
    ),
    "a cycle": (
        SHOP + '[features.a]\noptional = ["b"]\n[features.b]\noptional = ["a"]\n',
        "error: features are below one another in a cycle: a -> b -> a\n"
        "  --> features.toml: features.a.optional\n"
        "  hint: take one of them out of its group\n",
    ),
    "a constraint with a syntax error": (
        line_with("audit => invoice & !coins", "audit => invoice & & coins"),
        "error: expected a feature or a value, but found '&'\n  --> features.toml: constraints[0].rule, column 20\n",
    ),
    "a constraint with an unknown name": (
        line_with("audit => invoice & !coins", "audit => invoise & !coins"),
        "error: unknown feature 'invoise'\n"
        "  --> features.toml: constraints[0].rule, column 10\n"
        "  hint: did you mean 'invoice'?\n",
    ),
    "several faults": (
        line_with('type = "integer"', 'type = "int"').replace('rule = "full', 'rule = "fall'),
        "error: 'int' is not a type\n"
        "  --> features.toml: features.page_size.type\n"
        "  hint: did you mean 'integer'?\n"
        "error: unknown feature 'fall'\n"
        "  --> features.toml: constraints[1].rule, column 1\n"
        "  hint: did you mean 'full'?\n"
        "error: 50 is not true or false, and 'page_size' has no type\n"
        "  --> features.toml: rules[0].select.page_size\n"
        "  hint: write true or false\n"
        "error: 3 problems\n",
    ),
}


@pytest.mark.parametrize(("text", "message"), LINES.values(), ids=LINES)
def test_a_line_with(text: str, message: str, sarto: Sarto, shop: Path) -> None:
    write(shop, features=text)

    result = sarto("check", "--no-parts")

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)


SELECTIONS = {
    "an unknown feature": (
        ACME.replace("audit", "audti"),
        "error: unknown feature 'audti'\n  --> faulty.toml: select.audti\n  hint: did you mean 'audit'?\n",
    ),
    "a value out of range": (
        ACME + "page_size = 500\n",
        "error: 500 is above the maximum of 'page_size', 100\n"
        "  --> faulty.toml: select.page_size\n"
        "  hint: write an integer from 10 to 100, or false\n",
    ),
    "a value of another type": (
        ACME + 'page_size = "many"\n',
        "error: 'many' is not an integer, as 'page_size' needs\n"
        "  --> faulty.toml: select.page_size\n"
        "  hint: write an integer from 10 to 100, or false\n",
    ),
    "an unknown key": (
        ACME.replace("customer", "custumer"),
        "error: unknown key 'custumer'\n  --> faulty.toml: custumer\n  hint: did you mean 'customer'?\n",
    ),
    "the features of another line": (
        ACME.replace("audit", "graphql").replace("full", "gallery"),
        "error: none of the 2 features that this selection names is in the line 'shop'; not graphql, gallery\n"
        "  --> faulty.toml\n"
        '  hint: does it belong to another line? It says line = "features.toml"\n',
    ),
    "a profile that is not there": (
        ACME.replace("[select]", 'extends = ["europe.toml"]\n[select]'),
        "error: cannot read the profile 'europe.toml': there is no such file\n  --> faulty.toml: extends[0]\n",
    ),
    "profiles in a cycle": (
        ACME.replace("[select]", 'extends = ["faulty.toml"]\n[select]'),
        "error: profiles extend one another in a cycle: faulty.toml -> faulty.toml\n"
        "  --> faulty.toml: extends[0]\n"
        "  hint: take one of them out\n",
    ),
    "nothing in it": (
        "",
        "error: 'line' is missing\n"
        "  --> faulty.toml\n"
        '  hint: add line = "../features.toml"\n'
        "error: 'customer' is missing\n"
        "  --> faulty.toml\n"
        '  hint: add customer = "Acme GmbH"\n'
        "error: 2 problems\n",
    ),
}


@pytest.mark.parametrize(("text", "message"), SELECTIONS.values(), ids=SELECTIONS)
def test_a_selection_with(text: str, message: str, sarto: Sarto, shop: Path) -> None:
    write(shop, faulty=text)

    result = sarto("resolve", "faulty.toml")

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)


def refusal(sarto: Sarto, *arguments: str | Path) -> str:
    """What is said on stderr where a command is refused, with nothing on stdout."""
    result = sarto(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr


def test_a_selection_that_is_no_text(sarto: Sarto, shop: Path) -> None:
    (shop / "faulty.toml").write_bytes(b"line = \xff")

    assert refusal(sarto, "resolve", "faulty.toml") == (
        "error: this is not UTF-8 text: byte 7 is 0xff\n  --> faulty.toml\n  hint: save the file as UTF-8\n"
    )


def test_a_line_that_is_not_there(sarto: Sarto, shop: Path) -> None:
    write(shop, faulty=ACME.replace("features.toml", "lines/features.toml"))

    assert refusal(sarto, "resolve", "faulty.toml").startswith(
        "error: there is no such file\n  --> lines/features.toml"
    )


@pytest.mark.skipif(os.name == "nt", reason="pipes in folders are POSIX")
def test_a_pipe_in_the_place_of_a_line(sarto: Sarto, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "features.toml")
    assert refusal(sarto, "check", tmp_path) == (
        f"error: this is a pipe, not a file\n  --> {tmp_path}/features.toml\n  hint: move it to another folder\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="the words of POSIX")
def test_a_folder_instead_of_a_selection(sarto: Sarto, shop: Path) -> None:
    assert refusal(sarto, "resolve", ".") == "error: this file cannot be read: Is a directory\n  --> .\n"


@pytest.fixture
def greeter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which commands run: a line with its parts as projects and wheels, and an empty index."""
    folder = tmp_path / "greeter"
    greeter_projects(folder / "projects")
    pluggy_wheel(folder / "wheelhouse")
    write(folder, features=LINE, acme='line = "features.toml"\ncustomer = "Acme"\n[select]\nloud = true\n')
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SARTO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    return folder


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    """A package index that knows nothing yet."""
    index = Index()
    server = serve(index)
    monkeypatch.setenv("UV_DEFAULT_INDEX", index.url)
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield index
    server.shutdown()
    server.server_close()


def test_a_part_that_does_not_exist(sarto: Sarto, greeter: Path, index: Index) -> None:
    write(greeter, features=LINE.replace('"greeter-loud"', '"greeter-luod"'))

    assert refusal(sarto, "build", "acme.toml") == (
        "error: part 'greeter-luod' is neither on the package index nor in the line's sources\n"
        "  --> features.toml: features.loud.parts[0]\n"
        "  hint: did you mean 'greeter-loud'?\n"
    )


def test_a_part_without_a_wheel_for_the_target(sarto: Sarto, greeter: Path, index: Index, tmp_path: Path) -> None:
    index.add(make_wheel(tmp_path / "wheels", "quick", tag="cp311-cp311-win_amd64"))
    write(greeter, features=LINE.replace('"greeter-loud"', '"quick"'))

    assert refusal(sarto, "build", "acme.toml") == (
        "error: part 'quick' 1.0 has no wheel for Python 3.11 on manylinux_2_28_x86_64 (feature 'loud' needs it); "
        "it has some for win_amd64\n"
        "  --> features.toml: features.loud.parts[0]\n"
        "  hint: build it yourself (pip wheel --no-deps -w wheels 'quick==1.0') "
        "and name that folder in [core] sources\n"
    )


def test_no_network_and_nothing_stored(sarto: Sarto, greeter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    write(greeter, features=LINE.replace('"greeter-loud"', '"elsewhere"'))

    assert refusal(sarto, "build", "acme.toml") == (
        "error: the package index cannot be reached, and what this line needs is not in Sarto's cache yet: "
        "the network is switched off (UV_OFFLINE)\n"
        "  hint: connect to the network once, or name an index that can be reached in UV_DEFAULT_INDEX\n"
    )


def test_a_wheel_that_climbs_out_of_its_folder(sarto: Sarto, greeter: Path, index: Index, tmp_path: Path) -> None:
    index.add(make_wheel(tmp_path / "wheels", "climber", files={"../../evil.py": "print('out')"}))
    write(greeter, features=LINE.replace('"greeter-loud"', '"climber"'))

    assert refusal(sarto, "build", "acme.toml") == (
        "error: the wheel 'climber-1.0-py3-none-any.whl' is refused: "
        "its member '../../evil.py' climbs out of its folder\n"
        "  hint: do not use it before its author has explained this\n"
    )


def test_an_output_folder_that_holds_something_else(sarto: Sarto, greeter: Path, index: Index) -> None:
    (greeter / "builds" / "acme").mkdir(parents=True)
    (greeter / "builds" / "acme" / "thesis.txt").write_text("years of work")

    assert refusal(sarto, "build", "acme.toml") == (
        "error: the folder 'builds/acme' holds something else than a build\n"
        "  hint: move it away, or name another folder with -o\n"
    )
    assert (greeter / "builds" / "acme" / "thesis.txt").read_text() == "years of work"


def test_an_output_that_is_a_file(sarto: Sarto, greeter: Path, index: Index) -> None:
    (greeter / "builds").write_text("a file")

    assert refusal(sarto, "build", "acme.toml") == (
        "error: writing to the folder 'builds' failed: File exists: 'builds'\n  hint: name another folder with -o\n"
    )
    assert (greeter / "builds").read_text() == "a file"


def test_a_check_names_every_part_that_is_not_there(sarto: Sarto, greeter: Path, index: Index) -> None:
    write(greeter, features=LINE.replace('"greeter-loud"', '"greeter-luod"'))

    result = sarto("check")

    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == (
        "error: part 'greeter-luod' is neither on the package index nor in the line's sources\n"
        "  --> features.toml: features.loud.parts[0]\n"
        "  hint: did you mean 'greeter-loud'?\n"
        "greeter 2026.11.0: 4 features, 0 constraints; 1 error, 0 warnings\n"
    )
