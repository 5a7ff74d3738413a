"""The pages as they are made: their frame, their catalogues, their scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sarto.cli import program
from sarto.errors import SartoError
from sarto.line import ProductLine
from sarto_web import pages
from sarto_web.line import OfferedLine
from sarto_web.pages.bundling import bundled
from sarto_web.pages.inside import line_inside
from sarto_web.pages.standalone import standalone

HEAD = '[line]\nname = "shop"\nversion = "1"\nroot = "shop"\n[core]\nparts = ["shop"]\ncommand = "shop"\n'
PLURALS = {"en": {"one", "other"}, "it": {"one", "many", "other"}, "tr": {"one", "other"}}
"""The plural categories of each language (Unicode CLDR); a test in the browser holds them against Intl.PluralRules."""

SCRIPTS = {path: asset.body.decode() for path, asset in pages.assets().items() if path.endswith(".js")}


def line_of(folder: Path, text: str) -> OfferedLine:
    (folder / "features.toml").write_text(HEAD + text, encoding="utf-8")
    return OfferedLine(ProductLine.open(folder))


def forms(language: str) -> Iterator[tuple[str, str]]:
    """Every text of a catalogue, those with plural forms one by one."""
    for key, message in pages.texts(language).items():
        yield from [(key, message)] if isinstance(message, str) else ((key, each) for each in message.values())


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_every_catalogue_has_every_text_with_the_plural_forms_of_its_language(language: str) -> None:
    english, ours = pages.texts("en"), pages.texts(language)
    assert [*ours] == [*english], "missing or misplaced"
    for key, message in ours.items():
        assert isinstance(message, str) is isinstance(english[key], str), key
        if not isinstance(message, str):
            assert message.keys() == PLURALS[language], key


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_every_text_fills_in_what_the_english_one_does(language: str) -> None:
    def slots(key: str, of: str) -> set[str]:
        return {slot for name, text in forms(of) if name == key for slot in re.findall(r"\{(\w+)\}", text)}

    for key in pages.texts("en"):
        assert slots(key, language) == slots(key, "en"), key


def test_every_text_that_the_scripts_say_is_in_the_catalogue_and_no_other() -> None:
    known = set(pages.texts("en"))
    said: set[str] = {"no-script"}
    for script in SCRIPTS.values():
        said |= set(re.findall(r'"([a-z][a-z-]*(?:\.[a-z-]+)*)"', script)) & known
        for prefix in re.findall(r"`([a-z][a-z.-]*\.)\$\{[^`]*\}`", script):
            said |= {key for key in known if key.startswith(prefix)}
        said |= {f"complete.{to}.lead" for to in ("recommended", "cheapest")}
        missing = set(re.findall(r'(?:say|key|sum)\("([a-z.-]+)"', script)) - known
        assert not missing
    assert known - said == set()


def test_scripts_import_and_export_in_the_ways_that_can_be_put_together() -> None:
    for path, script in SCRIPTS.items():
        if path == "scripts/embed.js":
            continue
        for text in script.splitlines():
            if text.startswith("import"):
                assert re.fullmatch(r'import \{ [\w, ]+ \} from "\./[a-z]+\.js";', text), (path, text)
            if text.startswith("export"):
                assert re.match(r"export (async )?(function\*? |class |const )\w+", text), (path, text)


def test_modules_are_put_together_those_first_that_others_import() -> None:
    modules = {
        "main.js": 'import { double as twice } from "./maths.js";\nexport const four = twice(2);\n',
        "maths.js": "export function double(number) {\n  return 2 * number;\n}\n",
    }
    assert bundled(modules, "main.js") == (
        "const $maths = (() => {\nfunction double(number) {\n  return 2 * number;\n}\n\nreturn { double };\n})();\n"
        "const $main = (() => {\nconst { double: twice } = $maths;\nconst four = twice(2);\n\nreturn { four };\n})();"
    )


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"), ("it-IT,it;q=0.9,en;q=0.8", "it"), ("de,tr;q=0.5,en;q=0.4", "tr"), ("en;q=0.2, it;q=0.7", "it"),
        ("tr;q=0, it;q=0.1", "it"), ("*", "en"), ("it;q=high", "en"), ("," * 5000, "en"),
    ],
)  # fmt: skip
def test_a_page_begins_in_the_language_that_the_browser_likes_best(accepted: str, language: str) -> None:
    assert pages.language_of(accepted) == language


def test_what_the_context_says_is_data_and_never_markup() -> None:
    text = pages.page("error", what="</script><script>alert(1)</script>", line={"name": "<b>"})
    assert "<script>alert" not in text
    assert "<title>&lt;b&gt;</title>" in text
    found = re.search(r'id="context">(.*)</script>', text)
    assert found is not None
    assert json.loads(found[1])["what"] == "</script><script>alert(1)</script>"


def test_a_line_as_one_file_runs_no_script_but_its_own(tmp_path: Path) -> None:
    text = standalone(line_of(tmp_path, '[features.shop]\nsummary = "</script><script>alert(1)</script>"\n'))
    assert "script-src &#39;sha256-" in text
    assert "<script>alert" not in text
    assert "unsafe" not in text.split("</head>")[0]
    assert not re.search(r'(src|href)="(?!data:,)', text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[features.shop]\noptional = [" + ", ".join(f'"f{n}"' for n in range(600)) + "]\n"
            + "".join(f"[features.f{n}]\n" for n in range(600)),
            "a page by itself configures at most 500 features, and this line has 601",
        ),
        (
            '[features.shop]\noptional = ["name"]\n[features.name]\ntype = "string"\n'
            "[[constraints]]\nrule = \"name != 'root'\"\n",
            "a page by itself cannot work with the text 'name', which constraints compare",
        ),
        (
            '[features.shop]\noptional = ["a", "b"]\n[features.a]\ntype = "integer"\n[features.b]\ntype = "integer"\n'
            '[[constraints]]\nrule = "a * b > 100"\n',
            "a page by itself cannot work this out: 'a * b > 100' calculates with several values that are not decided "
            "yet",
        ),
        (
            '[features.shop]\noptional = ["room"]\n[features.room]\ninstances = { min = 0, max = 3 }\n'
            "attributes = { price = 3 }\n",
            "a page by itself does not work out what several instances of 'room' cost",
        ),
        ('[features.shop]\n[[constraints]]\nrule = "!shop"\n', "the line has no product at all"),
        (
            '[features.shop]\nmandatory = ["seats"]\n[features.seats]\ntype = "integer"\nminimum = 1\nmaximum = 9\n'
            'default = 2\n[[constraints]]\nrule = "seats > 4"\n',
            "no product has the numbers that features have by default, so that a page by itself could not begin",
        ),
    ],
    ids=["large", "texts", "arithmetic", "instances", "void", "defaults"],
)  # fmt: skip
def test_a_line_that_is_too_much_for_a_page_is_refused_with_a_way_out(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SartoError) as caught:
        line_inside(line_of(tmp_path, text))
    assert caught.value.errors[0].what == message
    assert caught.value.errors[0].hint


def test_the_command_writes_the_file_and_wants_its_name(tmp_path: Path) -> None:
    line_of(tmp_path, "[features.shop]\n")
    done = CliRunner().invoke(program, ["web", str(tmp_path), "--static", "-o", str(tmp_path / "shop.html")])
    assert (done.exit_code, done.output) == (0, f"wrote {tmp_path / 'shop.html'}: it needs nothing but a browser\n")
    assert "<title>shop</title>" in (tmp_path / "shop.html").read_text(encoding="utf-8")
    unnamed = CliRunner().invoke(program, ["web", str(tmp_path), "--static"])
    assert unnamed.exit_code == 1
    assert "--static writes an HTML file, which is to be named" in unnamed.output
