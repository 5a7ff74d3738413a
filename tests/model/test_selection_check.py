"""A selection held against its line: all that does not fit, and what may be left open."""

from __future__ import annotations

import pytest
from sarto.errors import SartoError
from sarto.model.selection import Selection
from sarto.model.toml_selection import check_selection, load_selection

from .reading import line

LINE = """
[features.shop]
optional = ["maps", "notebook", "tokens", "graphql", "page_size", "ratio", "title", "billing"]
[features.maps]
attributes = { price = 400, size = { mb = 3, note = "x" }, paid = true }
[features.notebook]
stage = "user"
binding = "start"
[features.tokens]
binding = "run"
[features.billing]
stage = "vendor"
binding = "start"
[features.page_size]
type = "integer"
minimum = 10
maximum = 1000
default = 100
[features.ratio]
type = "real"
minimum = 0.5
[features.tokens.attributes]
speed = 3
[features.graphql]
type = "real"
maximum = 2
[features.title]
type = "string"
[cosmetics]
accent = { type = "colour" }
footer = { type = "text" }
logo = { type = "file" }
"""


def selection(text: str) -> Selection:
    return load_selection("acme.toml", lambda _: f'line = "features.toml"\ncustomer = "Acme"\n{text}')


def said_of(text: str) -> list[str]:
    with pytest.raises(SartoError) as caught:
        check_selection(selection(text), line(LINE))
    return [str(error).removeprefix("acme.toml: ") for error in caught.value.errors]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[select]\nmaps = true\nbilling = true\npage_size = 10\nratio = 3\ntitle = ''\n",
        "[select]\npage_size = false\nratio = false\n",
        "[select]\npage_size = true\n",
        "[open]\nfeatures = ['notebook', 'tokens']\n",
        "[prefer]\nminimise = ['price', 'size.mb']\n",
        "[brand]\nname = 'Acme'\naccent = '#1E90ff'\nfooter = ''\nlogo = 'a b.png'\n",
    ],
)
def test_a_selection_that_fits_passes(text: str) -> None:
    check_selection(selection(text), line(LINE))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[select]\nmpas = true\n", "select.mpas: unknown feature 'mpas'\n  hint: did you mean 'maps'?"),
        ("[open]\nfeatures = ['notebok']\n",
         "open.features[0]: unknown feature 'notebok'\n  hint: did you mean 'notebook'?"),
        ("[select]\nmaps = 3\n",
         "select.maps: 3 is not true or false, and 'maps' has no type\n  hint: write true or false"),
        ("[select]\npage_size = '50'\n",
         "select.page_size: '50' is not an integer, as 'page_size' needs"
         "\n  hint: write an integer from 10 to 1000, or false"),
        ("[select]\npage_size = 50.0\n",
         "select.page_size: 50.0 is not an integer, as 'page_size' needs"
         "\n  hint: write an integer from 10 to 1000, or false"),
        ("[select]\npage_size = 9\n",
         "select.page_size: 9 is below the minimum of 'page_size', 10"
         "\n  hint: write an integer from 10 to 1000, or false"),
        ("[select]\npage_size = 1001\n",
         "select.page_size: 1001 is above the maximum of 'page_size', 1000"
         "\n  hint: write an integer from 10 to 1000, or false"),
        ("[select]\nratio = true\n",
         "select.ratio: true is not a number, as 'ratio' needs\n  hint: write a number from 0.5 up, or false"),
        ("[select]\ngraphql = 3\n",
         "select.graphql: 3 is above the maximum of 'graphql', 2\n  hint: write a number up to 2, or false"),
        ("[select]\ntitle = 3\n",
         "select.title: 3 is not a text, as 'title' needs\n  hint: write a text, or false"),
        ("[open]\nfeatures = ['maps']\n",
         "open.features[0]: 'maps' is bound in the build and cannot be left open"
         "\n  hint: give it binding = \"start\" in the line, or decide it under [select]"),
        ("[open]\nfeatures = ['billing']\n",
         "open.features[0]: 'billing' is the vendor's to decide and cannot be left open"
         "\n  hint: give it stage = \"user\" in the line, or decide it under [select]"),
        ("[prefer]\nminimise = ['prize']\n",
         "prefer: no feature has a number as attribute 'prize'\n  hint: did you mean 'price'?"),
        ("[prefer]\nmaximise = ['size.note']\n",
         "prefer: no feature has a number as attribute 'size.note'\n  hint: did you mean 'size.mb'?"),
        ("[prefer]\nmaximise = ['paid']\n", "prefer: no feature has a number as attribute 'paid'"),
        ("[brand]\ncolour = '#ffffff'\n",
         "brand.colour: the line 'shop' has no cosmetic 'colour'"
         "\n  hint: the slots are name, accent, footer, logo"),
        ("[brand]\nfoter = 'x'\n",
         "brand.foter: the line 'shop' has no cosmetic 'foter'\n  hint: did you mean 'footer'?"),
        ("[brand]\naccent = 'red'\n", "brand.accent: 'red' is not a colour\n  hint: write it as \"#1e90ff\""),
        ("[brand]\naccent = '#fff'\n", "brand.accent: '#fff' is not a colour\n  hint: write it as \"#1e90ff\""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_reported_with_the_value_and_what_would_fit(text: str, said: str) -> None:
    assert said_of(text) == [said]


def test_all_that_does_not_fit_comes_together() -> None:
    text = "[select]\nmpas = true\npage_size = 1\n[open]\nfeatures = ['maps']\n[prefer]\nminimise = ['x']\n"
    assert [found.partition(":")[0] for found in said_of(text)] == [
        "select.mpas", "select.page_size", "open.features[0]", "prefer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["sofa", "armrest", "velvet", "oak"],
         "none of the 4 features that this selection names is in the line 'shop'; not sofa, armrest, velvet, …"),
        (["sofa", "armrest", "velvet", "maps"],
         "only 1 of the 4 features that this selection names is in the line 'shop'; not sofa, armrest, velvet"),
    ],
)  # fmt: skip
def test_a_selection_of_another_line_is_told_so_in_one_sentence(names: list[str], said: str) -> None:
    found = said_of("[select]\n" + "".join(f"{name} = true\n" for name in names))
    assert found == [f'{said}\n  hint: does it belong to another line? It says line = "features.toml"']


def test_misspelt_features_are_not_taken_for_another_line() -> None:
    assert len(said_of("[select]\nmpas = true\ntoken = true\ngraphq = true\n")) == 3
