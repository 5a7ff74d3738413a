"""Selections and their profiles: what is read, what overrides what, and which contradictions are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

import pytest
from sarto.errors import Place, SartoError
from sarto.model.selection import Selection, Target, Wish
from sarto.model.toml_selection import load_selection, read_selection

ACME = """
line     = "../features.toml"
customer = "Acme GmbH"
language = "de-CH"

[select]
graphql   = true
maps      = false
page_size = 50

[open]
features = ["notebook"]

[prefer]
minimise = ["price"]
maximise = ["speed"]

[brand]
name = "Acme Data"

[target]
python = "3.12"
platform = "win_amd64"
"""


def load(files: Mapping[str, str], file: str = "acme.toml") -> Selection:
    return load_selection(file, reader(files))


def reader(files: Mapping[str, str]) -> Callable[[str], str]:
    """What stands in the files by their paths; a path that is not there fails as a file does."""

    def read(file: str) -> str:
        if file not in files:
            raise FileNotFoundError(2, "No such file or directory", file)
        return files[file]

    return read


def said_of(files: Mapping[str, str], file: str = "acme.toml") -> list[str]:
    with pytest.raises(SartoError) as caught:
        load(files, file)
    return [str(error) for error in caught.value.errors]


def test_a_selection_is_read_with_all_that_it_says() -> None:
    read = load({"acme.toml": ACME})
    notebook = Place("acme.toml", "open.features[0]")
    assert read == Selection(
        line="../features.toml",
        customer="Acme GmbH",
        wishes={
            "graphql": Wish("graphql", True),
            "maps": Wish("maps", False),
            "page_size": Wish("page_size", 50),
        },
        open={"notebook": notebook},
        minimise=("price",),
        maximise=("speed",),
        language="de-CH",
        brand={"name": "Acme Data"},
        target=Target("3.12", "win_amd64"),
    )
    assert read.file == "acme.toml"
    assert str(read.wishes["maps"].where) == "acme.toml: select.maps"
    assert str(read.place_of("brand.name")) == "acme.toml: brand.name"
    assert str(read.place_of("prefer")) == "acme.toml: prefer"


def test_a_selection_need_not_wish_for_anything() -> None:
    assert load({"acme.toml": 'line = "x"\ncustomer = "A"\n'}) == Selection(line="x", customer="A")


HEAD = 'line = "features.toml"\ncustomer = "Acme"\n'


def test_a_selection_overrides_what_it_extends() -> None:
    read = load({
        "acme.toml": HEAD + 'extends = "eu.toml"\n[select]\nmaps = false\n[brand]\nname = "Acme"\n[prefer]\n'
        'maximise = ["speed"]\n[target]\npython = "3.13"\n',
        "eu.toml": "language = 'it'\n[select]\nmaps = true\ntokens = true\n[brand]\nname = 'EU'\ntitle = 'Europe'\n"
        "[prefer]\n"
        "minimise = ['price']\n[target]\npython = '3.12'\nplatform = 'host'\n",
    })  # fmt: skip
    assert {name: wish.value for name, wish in read.wishes.items()} == {"tokens": True, "maps": False}
    assert read.brand == {"title": "Europe", "name": "Acme"}
    assert (read.minimise, read.maximise, read.language) == ((), ("speed",), "it")
    assert read.target == Target("3.13", "host")
    assert read.extends == ("eu.toml",)


def test_wishes_come_in_the_order_in_which_they_were_written_profiles_first() -> None:
    read = load({
        "acme.toml": HEAD + 'extends = ["a.toml", "b.toml"]\n[select]\nz = true\na2 = false\n',
        "a.toml": "[select]\na1 = true\na2 = true\n",
        "b.toml": "[select]\nb1 = true\n",
    })  # fmt: skip
    assert list(read.wishes) == ["a1", "b1", "z", "a2"]


def test_what_a_profile_leaves_open_a_selection_can_decide_and_the_other_way_round() -> None:
    read = load({
        "acme.toml": HEAD + 'extends = ["eu.toml"]\n[select]\nmaps = true\n[open]\nfeatures = ["tokens"]\n',
        "eu.toml": '[select]\ntokens = true\n[open]\nfeatures = ["maps"]\n',
    })  # fmt: skip
    assert list(read.wishes) == ["maps"]
    assert list(read.open) == ["tokens"]


def test_a_profile_overrides_its_own_profile_for_everyone() -> None:
    """Of a diamond, the file that extends the common one has the last word, whatever stands beside it."""
    read = load({
        "acme.toml": HEAD + 'extends = ["a.toml", "b.toml"]\n',
        "a.toml": 'extends = ["base.toml"]\n[select]\nmaps = true\n',
        "b.toml": 'extends = ["base.toml"]\n',
        "base.toml": "[select]\nmaps = false\n",
    })  # fmt: skip
    assert read.wishes["maps"].value is True


def test_profiles_that_agree_are_no_contradiction() -> None:
    read = load({
        "acme.toml": HEAD + 'extends = ["a.toml", "b.toml"]\n',
        "a.toml": "[select]\nmaps = true\n",
        "b.toml": "[select]\nmaps = true\n",
    })  # fmt: skip
    assert str(read.wishes["maps"].where) == "a.toml: select.maps"


SIBLINGS = {
    "a.toml": "[select]\nmaps = true\n[brand]\nname = 'A'\n[target]\npython = '3.11'\n[prefer]\nminimise = ['price']\n"
    "[open]\nfeatures = ['notebook']\n",
    "b.toml": "[select]\nmaps = false\nnotebook = 1\n[brand]\nname = 'B'\n[target]\npython = '3.12'\n[prefer]\n"
    "maximise = ['price', 'size']\n",
}


def test_every_contradiction_between_profiles_names_both_files_and_keys() -> None:
    hint = "\n  hint: decide '{}' in acme.toml, or take one of the profiles out"
    files = {"acme.toml": HEAD + 'extends = ["a.toml", "b.toml"]\n', **SIBLINGS}
    assert said_of(files) == [
        "acme.toml: extends: two profiles disagree on 'maps': true in a.toml: select.maps and false in b.toml:"
        " select.maps" + hint.format("maps"),
        "acme.toml: extends: two profiles disagree on 'notebook': left open in a.toml: open.features[0] and 1 in"
        " b.toml: select.notebook" + hint.format("notebook"),
        "acme.toml: extends: two profiles disagree on 'prefer': minimise price in a.toml: prefer and maximise price,"
        " size in b.toml: prefer" + hint.format("prefer"),
        "acme.toml: extends: two profiles disagree on 'name': 'A' in a.toml: brand.name and 'B' in b.toml: brand.name"
        + hint.format("name"),
        "acme.toml: extends: two profiles disagree on 'python': '3.11' in a.toml: target.python and '3.12' in b.toml:"
        " target.python" + hint.format("python"),
    ]


def test_a_selection_that_decides_settles_every_contradiction() -> None:
    own = "[select]\nmaps = true\nnotebook = false\n[brand]\nname = 'C'\n[target]\npython = '3.13'\n[prefer]\n"
    read = load({"acme.toml": f'{HEAD}extends = ["a.toml", "b.toml"]\n{own}', **SIBLINGS})
    assert {name: wish.value for name, wish in read.wishes.items()} == {"maps": True, "notebook": False}
    assert (read.minimise, read.maximise, read.open) == ((), (), {})


def test_true_and_one_are_not_the_same_wish() -> None:
    files = {
        "acme.toml": HEAD + 'extends = ["a.toml", "b.toml"]\n',
        "a.toml": "[select]\nsize = true\n",
        "b.toml": "[select]\nsize = 1\n",
    }
    assert "true in a.toml: select.size and 1 in b.toml: select.size" in said_of(files)[0]


def test_paths_are_relative_to_the_file_that_says_them() -> None:
    read = load(
        {
            "customers/acme.toml": 'customer = "Acme"\nextends = ["../profiles/eu.toml"]\n',
            "profiles/eu.toml": 'extends = "base/all.toml"\n[brand]\nlogo = "pictures/eu.png"\n',
            "profiles/base/all.toml": 'line = "../../features.toml"\n',
        },
        "customers/acme.toml",
    )
    assert read.line == "../features.toml"
    assert read.brand_file("logo") == PurePath("profiles/pictures/eu.png")
    assert str(read.place_of("line")) == "profiles/base/all.toml: line"


def test_profiles_that_name_one_line_by_different_paths_agree() -> None:
    read = load({
        "acme.toml": 'customer = "Acme"\nextends = ["a.toml", "sub/b.toml"]\n',
        "a.toml": 'line = "features.toml"\n',
        "sub/b.toml": 'line = "../features.toml"\n',
    })  # fmt: skip
    assert read.line == "features.toml"


def test_a_path_from_the_root_of_the_disk_stays_as_it_is() -> None:
    read = load({"acme.toml": 'customer = "A"\nextends = "eu.toml"\n', "eu.toml": 'line = "/lines/features.toml"\n'})
    assert read.line == "/lines/features.toml"


def test_profiles_that_extend_one_another_are_reported_with_the_way_around() -> None:
    files = {
        "acme.toml": HEAD + 'extends = ["a.toml"]\n',
        "a.toml": 'extends = ["./b.toml"]\n',
        "b.toml": 'extends = ["x/../a.toml", "acme.toml"]\n',
    }
    assert said_of(files) == [
        "b.toml: extends[0]: profiles extend one another in a cycle: a.toml -> b.toml -> a.toml"
        "\n  hint: take one of them out",
        "b.toml: extends[1]: profiles extend one another in a cycle: acme.toml -> a.toml -> b.toml -> acme.toml"
        "\n  hint: take one of them out",
    ]


def test_a_missing_profile_is_reported_where_it_is_named_with_the_files_that_lead_there() -> None:
    files = {"acme.toml": HEAD + 'extends = ["a.toml", "c.toml"]\n', "a.toml": 'extends = ["sub/b.toml"]\n'}
    assert said_of(files) == [
        "a.toml: extends[0]: cannot read the profile 'sub/b.toml': no such file or directory"
        "\n  hint: the files that lead there: acme.toml -> a.toml -> sub/b.toml",
        "acme.toml: extends[1]: cannot read the profile 'c.toml': no such file or directory",
    ]


def test_a_missing_selection_is_reported() -> None:
    assert said_of({}) == ["acme.toml: cannot read the selection: no such file or directory"]


def test_what_the_caller_says_of_a_file_is_passed_on() -> None:
    def read(file: str) -> str:
        if file == "acme.toml":
            return HEAD + 'extends = "eu.toml"\n'
        raise SartoError("this is not UTF-8 text", where=file, hint="save the file as UTF-8")

    with pytest.raises(SartoError) as caught:
        load_selection("acme.toml", read)
    assert str(caught.value) == "acme.toml: extends[0]: cannot read the profile 'eu.toml': this is not UTF-8 text"
    with pytest.raises(SartoError) as caught:
        load_selection("eu.toml", read)
    assert str(caught.value) == "eu.toml: this is not UTF-8 text\n  hint: save the file as UTF-8"


def test_the_faults_of_all_files_come_together() -> None:
    files = {
        "acme.toml": HEAD + 'extends = ["a.toml", "b.toml", "c.toml"]\n',
        "a.toml": "[selct]\n",
        "b.toml": "x = ",
        "c.toml": "[target]\npython = 3.11\n",
    }
    assert said_of(files) == [
        "a.toml: selct: unknown key 'selct'\n  hint: did you mean 'select'?",
        "b.toml:1:5: broken TOML: invalid value",
        'c.toml: target.python: expected a text, but found 3.11\n  hint: put it in quotes: python = "3.11"',
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["acme.toml: 'line' is missing\n  hint: add line = \"../features.toml\"",
              "acme.toml: 'customer' is missing\n  hint: add customer = \"Acme GmbH\""]),
        ('line = ""\ncustomer = " "\n',
         ["acme.toml: line: this text is empty", "acme.toml: customer: this text is empty"]),
        ('customer = "a\\nb"\n', ["acme.toml: customer: expected one line without control characters"
                                  "\n  hint: write it on one line"]),
        ("[select]\nshop.maps = true\n",
         ["acme.toml: select.shop: expected true, false, a number, a text or a list, but found a table"
          "\n  hint: features are named one by one; one with several instances has [[select.shop]], once for each"]),
        ("[[select.room]]\ndoor = false\n[[select.room.window]]\nopen = [1]\n[[select.room.window.pane]]\nx.y = 1\n",
         ["acme.toml: select.room[0].window[0].pane[0].x: expected true, false, a number, a text or a list, but found "
          "a table\n  hint: features are named one by one; one with several instances has "
          "[[select.room.window.pane.x]], once for each"]),
        ("[select]\nroom = [true, false, [1], { door = true }]\n'door#4' = false\n",
         ["acme.toml: select.room[1]: expected a table, a value or true for an instance, but found false"
          "\n  hint: leave it out: as many entries as there are, so many instances",
          "acme.toml: select.room[2]: expected a table, a value or true for an instance, but found a list",
          "acme.toml: select.\"door#4\": 'door#4' is decided twice, the first time in select.room[3].door"
          "\n  hint: keep one of the two"]),
        ("[select]\nsize = nan\n",
         ["acme.toml: select.size: expected true, false, a number or a text, but found nan"]),
        ("open = ['maps']\n", ["acme.toml: open: expected a table, but found a list"]),
        ("[open]\nfeature = ['maps']\n",
         ["acme.toml: open.feature: unknown key 'feature'\n  hint: did you mean 'features'?"]),
        ("[open]\nfeatures = ['maps', 'maps']\n",
         ["acme.toml: open.features[1]: 'maps' stands twice in this list"]),
        ("[open]\nfeatures = ['maps']\n[select]\nmaps = true\n",
         ["acme.toml: open.features[0]: 'maps' is left open and decided in select.maps"
          "\n  hint: keep one of the two; where an open feature starts is its default in the line"]),
        ("[prefer]\nminimize = ['price']\n",
         ["acme.toml: prefer.minimize: unknown key 'minimize'\n  hint: did you mean 'minimise'?"]),
        ("[prefer]\nminimise = ['price']\nmaximise = ['price']\n",
         ["acme.toml: prefer: 'price' cannot be minimised and maximised\n  hint: keep one of the two"]),
        ("[brand]\nname = 3\n",
         ["acme.toml: brand.name: expected a text, but found 3\n  hint: put it in quotes: name = \"3\""]),
        ("[brand]\nname = \"a\\u0007\"\n",
         ["acme.toml: brand.name: expected one line without control characters\n  hint: write it on one line"]),
        ("[target]\nplatform = 'Windows 11'\n",
         ["acme.toml: target.platform: 'Windows 11' is not a platform tag"
          "\n  hint: write one such as \"manylinux_2_28_x86_64\", or \"host\""]),
        ("language = 'Italian'\n",
         ["acme.toml: language: 'Italian' is not a language\n  hint: write it as \"en\", \"pt-BR\" or \"zh-Hant\""]),
        ("extends = [3]\n", ["acme.toml: extends[0]: expected a text, but found 3"]),
    ],
)  # fmt: skip
def test_a_selection_that_is_wrong_is_reported_with_the_key_and_the_value(text: str, said: list[str]) -> None:
    assert said_of({"acme.toml": text}) == said


def test_a_profile_by_itself_needs_neither_line_nor_customer() -> None:
    assert read_selection("[select]\nmaps = true\n", "eu.toml").says.keys() == {("select", "maps")}
