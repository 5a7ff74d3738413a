"""What is said of a features.toml that is wrong, to the letter: where, which value, the nearest right spelling."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import read_line
from sarto.model.toml_table import parse_toml

from .reading import HEAD, faults_of_line, faults_of_model, line, model

ROOT = '[features.shop]\noptional = ["maps", "tokens"]\n'


def said_of(text: str) -> str:
    with pytest.raises(SartoError) as caught:
        read_line(text, "features.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "features.toml:1:5: broken TOML: invalid value"),
        ("[a]\nb == 3", "features.toml:2:4: broken TOML: invalid value"),
        ("[a", "features.toml:1:3: broken TOML: expected ']' at the end of a table declaration"),
        ("[a.b]\n[c]\n[a.b]\n",
         "features.toml:3:5: the table [a.b] is there twice\n  hint: make one table of the two"),
        ('[features."big maps"]\n[features."big maps"]\n',
         'features.toml:2:21: the table [features."big maps"] is there twice\n  hint: make one table of the two'),
        ("a = 1\na = 2\n", "features.toml:2:6: broken TOML: a key that is there already\n  hint: keep one of the two"),
    ],
)  # fmt: skip
def test_broken_toml_is_reported_with_line_and_column(text: str, said: str) -> None:
    assert said_of(text) == said


def test_nesting_that_no_person_writes_is_refused() -> None:
    with pytest.raises(SartoError, match=r"features\.toml.*(nested|depth)"):
        parse_toml("a = " + "[" * 100_000, "features.toml")


@given(st.text())
def test_any_text_is_toml_or_refused_with_one_clear_error(text: str) -> None:
    try:
        read_line(text, "features.toml")
    except SartoError as error:
        places = [str(single.where) for single in error.errors]
    else:
        places = []
    assert all(place.startswith("features.toml") for place in places)


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(SartoError, match=r"^features\.toml: broken TOML: "):
        parse_toml("a = " + "9" * 10_000, "features.toml")


def test_an_empty_file_is_told_all_that_it_lacks() -> None:
    assert said_of("").splitlines() == [
        "features.toml: line: 'name' is missing",
        '  hint: add name = "product"',
        "features.toml: line: 'version' is missing",
        '  hint: add version = "1.0"',
        "features.toml: core: 'parts' is missing",
        '  hint: add the requirement of the core product: parts = ["name>=1.2,<2"]',
        "features.toml: core: 'command' is missing",
        '  hint: add command = "name"',
        "features.toml: line: 'root' is missing",
        '  hint: add root = "the feature above all others"',
    ]


def test_a_missing_root_is_the_first_feature_without_a_parent() -> None:
    assert said_of(HEAD.replace('root = "shop"', "") + "[features.a]\n[features.shop]\nor = ['a']\n") == (
        "features.toml: line: 'root' is missing\n  hint: add root = \"shop\""
    )


@pytest.mark.parametrize(
    ("root", "said"),
    [
        ('"shpo"', "unknown feature 'shpo'\n  hint: did you mean 'shop'?"),
        ('"x"', "unknown feature 'x'\n  hint: the first feature without a parent is 'shop'"),
        ('""', "unknown feature ''\n  hint: the first feature without a parent is 'shop'"),
        ("3", 'expected a text, but found 3\n  hint: put it in quotes: root = "3"'),
    ],
)
def test_a_root_that_is_no_feature_is_reported(root: str, said: str) -> None:
    text = HEAD.replace('root = "shop"', f"root = {root}") + ROOT
    assert said_of(text) == f"features.toml: line.root: {said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[featuers]\n", "featuers: unknown key 'featuers'\n  hint: did you mean 'features'?"),
        ("[features.maps]\ndefualt = true\n",
         "features.maps.defualt: unknown key 'defualt'\n  hint: did you mean 'default'?"),
        ('[features."big maps"]\nxyz = 1\n[features.tokens]\noptional = ["big maps"]\n',
         'features."big maps".xyz: unknown key \'xyz\'\n  hint: the keys here are mandatory, optional, or, '
         "alternative, groups, type, minimum, maximum, instances, summary, default, attributes, abstract, stage, "
         "binding, setting, parts, before, after, was, on_failure, failures, licensed, requires, excludes"),
        ("[[constraints]]\nrule = 'maps'\nbecuase = 'x'\n",
         "constraints[0].becuase: unknown key 'becuase'\n  hint: did you mean 'because'?"),
        ("[targets]\npyhton = '3.11'\n", "targets.pyhton: unknown key 'pyhton'\n  hint: did you mean 'python'?"),
        ("[formats]\noci = 3\n", "formats.oci: expected a table, but found 3"),
        (
            "[formats.oci]\nbase = ['x']\n",
            "formats.oci.base: expected true, false, a number or a text, but found a list",
        ),
        ("[licences]\ndenny = []\n", "licences.denny: unknown key 'denny'\n  hint: did you mean 'deny'?"),
        ("[cosmetics.logo]\nkind = 'file'\n",
         "cosmetics.logo.kind: unknown key 'kind'\n  hint: the keys here are type, default, summary"),
        ("[core.settings]\nargument = []\n",
         "core.settings.argument: unknown key 'argument'\n  hint: did you mean 'arguments'?"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_reported_with_the_nearest_known_one(text: str, said: str) -> None:
    assert faults_of_line(ROOT + text) == [said]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("summary = 3", "summary: expected a text, but found 3\n  hint: put it in quotes: summary = \"3\""),
        ("summary = true", "summary: expected a text, but found true"),
        ("summary = []", "summary: expected a text, but found a list"),
        ("parts = 'uv'", "parts: expected a list of texts, but found 'uv'\n  hint: write parts = [\"uv\"]"),
        ("parts = ['uv', 3]", "parts[1]: expected a text, but found 3"),
        ("parts = ['uv', 'uv']", "parts[1]: 'uv' stands twice in this list"),
        ("parts = [' ']", "parts[0]: this text is empty"),
        ("abstract = 'yes'", "abstract: expected true or false, but found 'yes'"),
        ("stage = 'usr'", "stage: 'usr' is not a stage\n  hint: did you mean 'user'?"),
        ("stage = 1", "stage: 1 is not a stage\n  hint: one of vendor, customer, user"),
        ("binding = 'boot'", "binding: 'boot' is not a binding\n  hint: one of build, start, run"),
        ("on_failure = 'x'", "on_failure: 'x' is not an on_failure\n  hint: one of fail, disable, quarantine"),
        ("on_failure = 'quarantine'\nfailures = 0",
         "failures: no failure at all is too few\n  hint: write 1 or more"),
        ("on_failure = 'disable'\nfailures = 2",
         "failures: only a quarantine counts failures\n  hint: add on_failure = \"quarantine\""),
        ("type = 'Integer'", "type: 'Integer' is not a type\n  hint: did you mean 'integer'?"),
        ("attributes = 3", "attributes: expected a table, but found 3"),
        ("attributes = { a = [1, 2024-01-01] }",
         "attributes.a[1]: a date or time cannot be an attribute\n  hint: write it as a text"),
        ("attributes = { a = { 'b c' = nan } }",
         "attributes.a.\"b c\": nan cannot be an attribute\n  hint: write it as a text"),
        ("attributes = { a = 0xFFFFFFFFFFFFFFFFFFFF }",
         "attributes.a: an integer of more than 64 bits cannot be an attribute\n  hint: write it as a text"),
        ("instances = 3", "instances: expected a table, but found 3"),
        ("instances = { max = 3 }", "instances: 'min' is missing\n  hint: add min = 0"),
        ("instances = { min = -1 }", "instances.min: expected an integer of at least 0, but found -1"),
        ("instances = { min = 3, max = 2 }", "instances: between 3 and 2 instances cannot be"),
        ("before = ['tokns']", "before[0]: unknown feature 'tokns'\n  hint: did you mean 'tokens'?"),
        ("after = ['maps']", "after[0]: 'maps' is this feature itself\n  hint: leave it out"),
        ("was = ['tokens']", "was[0]: 'tokens' is the name of a feature of this version"),
        ("requires = ['token']", "requires[0]: unknown feature 'token'\n  hint: did you mean 'tokens'?"),
        ("excludes = ['maps']", "excludes[0]: 'maps' is this feature itself\n  hint: leave it out"),
        ("optional = []", "optional: this group has no features\n  hint: name one, or leave the group out"),
        ("groups = {}", "groups: expected a list of tables, but found a table\n  hint: write [[features.maps.groups]]"),
        ("groups = ['a']", "groups[0]: expected a table, but found 'a'"),
        ("groups = [{ of = ['a'] }]", "groups[0]: 'min' is missing\n  hint: add min and max, or a kind"),
        ("groups = [{ min = 1 }]", "groups[0]: 'of' is missing\n  hint: add of = [\"first\", \"second\"]"),
        ("groups = [{ kind = 'xor', of = ['a'] }]",
         "groups[0].kind: 'xor' is not a kind\n  hint: did you mean 'or'?"),
        ("groups = [{ kind = 'or', max = 2, of = ['a'] }]",
         "groups[0].max: 'max' does not go with kind = \"or\"\n  hint: leave one of the two out"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_reported_with_the_value(table: str, said: str) -> None:
    assert faults_of_line(f"{ROOT}[features.maps]\n{table}\n") == [f"features.maps.{said}"]


@pytest.mark.parametrize("requirement", ["uv >", "uv>=1,,2", "-x", "uv ; python_versoin > '3'"])
def test_a_requirement_that_is_none_is_reported(requirement: str) -> None:
    said = faults_of_line(f'{ROOT}[features.maps]\nparts = ["rich", "{requirement}"]\n')
    assert len(said) == 1
    assert said[0].startswith(f"features.maps.parts[1]: '{requirement}' is not a requirement: ")
    assert said[0].endswith('\n  hint: write it as "name>=1.2,<2"')


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("default = 3", "default: 3 is not true or false, and 'maps' has no type\n  hint: add type = \"integer\""),
        ("default = 'x'", "default: 'x' is not true or false, and 'maps' has no type\n  hint: add type = \"string\""),
        ("type = 'integer'\ndefault = true", "default: true is not a value of 'maps', which has the type integer"),
        ("type = 'integer'\ndefault = 1.5", "default: 1.5 is not an integer, as 'maps' needs"),
        ("type = 'integer'\nminimum = 10\ndefault = 9", "default: 9 is below the minimum of 'maps', 10"),
        ("type = 'real'\nmaximum = 0.5\ndefault = 1", "default: 1 is above the maximum of 'maps', 0.5"),
        ("type = 'string'\ndefault = 1", "default: 1 is not a text, as 'maps' needs"),
        ("type = 'real'\ndefault = nan", "default: expected true, false, a number or a text, but found nan"),
        ("minimum = 3", "minimum: 'maps' is no number, so it has no minimum"
                        "\n  hint: add type = \"integer\" or type = \"real\""),
        ("type = 'string'\nmaximum = 3", "maximum: 'maps' is no number, so it has no maximum\n  hint: leave it out"),
        ("type = 'integer'\nminimum = 0.5",
         "minimum: expected an integer, but found 0.5\n  hint: 'maps' is an integer"),
        ("type = 'integer'\nminimum = 5\nmaximum = 4\ndefault = 4", "minimum: the minimum 5 is above the maximum 4"),
        ("type = 'integer'\nminimum = '5'", "minimum: expected a number, but found '5'"),
        ("type = 'real'\nmaximum = inf", "maximum: expected a number, but found inf"),
        ("type = 'intger'\nminimum = 5\ndefault = 3", "type: 'intger' is not a type\n  hint: did you mean 'integer'?"),
    ],
)  # fmt: skip
def test_a_default_and_its_bounds_have_to_fit_the_type(table: str, said: str) -> None:
    assert faults_of_line(f"{ROOT}[features.maps]\n{table}\n") == [f"features.maps.{said}"]


@pytest.mark.parametrize("name", ['a\\"b', "", " a", "#1", "!a", "a\\nb", "a\\u0000"])
def test_a_name_that_constraints_or_builds_cannot_say_is_refused_wherever_it_stands(name: str) -> None:
    in_group = faults_of_model(f'[features.shop]\noptional = ["a", "{name}"]\n')
    in_table = faults_of_model(f'[features.shop]\n[features."{name}"]\n')
    assert [said.partition(":")[0] for said in in_group] == ["features.shop.optional[1]"]
    assert any("cannot name a feature" in said for said in in_table)


def test_a_misspelt_member_is_reported_by_both_names_and_nothing_follows_from_it() -> None:
    assert faults_of_line('[features.shop]\noptional = ["mpas"]\n[features.maps]\n[features.maps.attributes]\n') == [
        "features.shop.optional: feature 'mpas' has no table, and the table [features.maps] is in no group"
        "\n  hint: did you mean 'maps'?"
    ]


def test_two_features_with_one_former_name_are_reported() -> None:
    text = ROOT + '[features.maps]\nwas = ["old"]\n[features.tokens]\nwas = ["old"]\n'
    assert faults_of_line(text) == ["features.tokens.was: 'old' is a former name of 'maps' too"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("maps => & tokens", ", column 9: expected a feature or a value, but found '&'"),
        ("mpas => tokens", ", column 1: unknown feature 'mpas'\n  hint: did you mean 'maps'?"),
        ("maps.price > 3", ": feature 'maps' has no attribute 'price'"),
        ("sum(price, mops) > 3", ", column 12: unknown feature 'mops'\n  hint: did you mean 'maps'?"),
        ("tokens + 'x' > 3", ": 'x' is a text, where '+' needs a number"),
        ("maps == 'x'", ": 'maps' is a number and 'x' is a text, which '==' cannot compare"),
        ("len(tokens) > 3", ": 'tokens' is a number, where 'len' needs a text"),
        ("floor('x') > 3", ": 'x' is a text, where 'floor' needs a number"),
        ("", ": this text is empty"),
    ],
)
def test_a_constraint_is_reported_with_its_column(rule: str, said: str) -> None:
    assert faults_of_line(f'{ROOT}[[constraints]]\nrule = "{rule}"\n') == [f"constraints[0].rule{said}"]


def test_texts_go_with_texts_and_numbers_with_numbers() -> None:
    read = model(
        '[features.shop]\nattributes = { vendor = "x", paid = true, price = 2.5 }\nmandatory = ["title", "size"]\n'
        '[features.title]\ntype = "string"\n[features.size]\ntype = "real"\n[[constraints]]\n'
        "rule = \"title == 'a' & shop.vendor != title & len(title) + size > shop.price & shop.paid\"\n"
        '[[constraints]]\nrule = "size + shop > 1"\n'
    )
    assert len(read.constraints) == 2


def test_a_text_attribute_is_not_a_truth() -> None:
    text = '[features.shop]\nattributes = { vendor = "x" }\n[[constraints]]\nrule = "!shop.vendor"\n'
    assert faults_of_line(text) == [
        "constraints[0].rule: 'shop.vendor' is a text, where something true or false is needed"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[constraints]]\n", ["constraints[0]: 'rule' is missing\n  hint: add rule = \"this => that\""]),
        ("[constraints]\n",
         ["constraints: expected a list of tables, but found a table\n  hint: write [[constraints]]"]),
        ("[[rules]]\nwhen = \"region == 'EU'\"\nselect = { mpas = true, tokens = 3 }\nbecause = 'x'\n",
         ["rules[0].select.mpas: unknown feature 'mpas'\n  hint: did you mean 'maps'?",
          "rules[0].select.tokens: 3 is not true or false, and 'tokens' has no type\n  hint: write true or false"]),
        ("[[rules]]\nwhen = 'sum(price) > 3'\n",
         ["rules[0]: 'select' is missing\n  hint: add select = { feature = true }",
          "rules[0]: 'because' is missing\n  hint: add because = \"the reason, as the customer reads it\"",
          "rules[0].when: 'sum' runs over features, and the names in a rule are facts"]),
        ("[[rules]]\nwhen = 'region =='\nselect = { tokens = [] }\nbecause = 'x'\n",
         ["rules[0].when, column 10: expected a feature or a value, but found the end",
          "rules[0].select.tokens: expected true, false, a number or a text, but found a list"]),
        ("[cosmetics]\nname = { type = 'file' }\naccent = { type = 'color' }\n",
         ["cosmetics.name.type: the slot 'name' is the product's name, a text",
          "cosmetics.accent.type: 'color' is not a type\n  hint: did you mean 'colour'?"]),
        ("[cosmetics]\naccent = { type = 'colour', default = 'blue' }\ntitle = { default = \"a\\nb\" }\n",
         ["cosmetics.accent.default: 'blue' is not a colour\n  hint: write it as \"#1e90ff\"",
          "cosmetics.title.default: the slot 'title' takes one line without control characters"
          "\n  hint: write it on one line"]),
        ("[targets]\npython = 3.11\nplatforms = ['Win64']\n",
         ["targets.python: expected a list of texts, but found 3.11\n  hint: put it in quotes: python = \"3.11\"",
          "targets.platforms[0]: 'Win64' is not a platform tag"
          "\n  hint: write one such as \"manylinux_2_28_x86_64\", or \"host\""]),
        ("[targets]\npython = '>=3.11'\n",
         ["targets.python: '>=3.11' is not a Python version"
          "\n  hint: write \"3.11\", or \"host\" for that of the machine that builds"]),
        ("[core.settings]\narguments = ['--set']\nenvironment = 'X'\n",
         ["core.settings.arguments: no argument carries the value\n  hint: write \"{value}\" where it belongs",
          "core.settings.environment: 'X' would be the same for every setting\n  hint: add \"{NAME}\""]),
    ],
)  # fmt: skip
def test_what_stands_around_the_model_is_checked_too(text: str, said: list[str]) -> None:
    assert faults_of_line(ROOT + text) == said


def test_a_name_that_becomes_a_folder_must_be_able_to() -> None:
    assert said_of(HEAD.replace('name = "shop"', 'name = "../shop"') + ROOT) == (
        "features.toml: line.name: '../shop' cannot name a file\n  hint: use letters, digits, '-', '_' and '.'"
    )


def test_a_line_beside_its_model_says_nothing_of_the_tree() -> None:
    base = model("[features.shop]\noptional = ['maps']\n", "shop.uvl")
    text = "[features.maps]\nor = ['a']\ntype = 'integer'\ndefualt = true\n[features.mpas]\nsummary = 'x'\n"
    assert (
        faults_of_line("", base) == []
        if False
        else faults_of_line(text, base)
        == [
            "features.maps.defualt: unknown key 'defualt'\n  hint: did you mean 'default'?",
            "features.maps.or: 'or' belongs in the model's own file\n  hint: this line takes its tree from there",
            "features.maps.type: 'type' belongs in the model's own file\n  hint: this line takes its tree from there",
            "features.mpas: unknown feature 'mpas'\n  hint: did you mean 'maps'?",
        ]
    )


def test_a_root_other_than_that_of_the_model_is_reported() -> None:
    base = model("[features.shop]\n", "shop.uvl")
    with pytest.raises(SartoError) as caught:
        read_line(HEAD.replace('root = "shop"', 'root = "store"'), "features.toml", base)
    assert str(caught.value) == (
        "features.toml: line.root: the root of the model is 'shop', not 'store'\n  hint: leave it out here"
    )


def test_all_faults_of_a_file_come_together() -> None:
    text = """
        [features.shop]
        optional = ["maps", "graphql", "tokens", "maps"]
        or = ["graphql"]
        [features.maps]
        stage = "usr"
        parts = ["rich", "rich"]
        [features.tokens]
        type = "integer"
        default = "x"
        [features.a]
        or = ["b"]
        [features.b]
        or = ["a"]
        [[constraints]]
        rule = "maps =>"
        [[constraints]]
        rule = "maps.price > 3"
        [colours]
    """
    assert [said.splitlines()[0] for said in faults_of_line(text)] == [
        "colours: unknown key 'colours'",
        "features.shop.optional[3]: 'maps' stands twice in this list",
        "features.maps.stage: 'usr' is not a stage",
        "features.maps.parts[1]: 'rich' stands twice in this list",
        "features.tokens.default: 'x' is not an integer, as 'tokens' needs",
        "constraints[0].rule, column 8: expected a feature or a value, but found the end",
        "features.shop.or: feature 'graphql' stands twice under 'shop'",
        "features.a.or: features are below one another in a cycle: a -> b -> a",
        "constraints[1].rule: feature 'maps' has no attribute 'price'",
    ]


def test_a_line_without_faults_is_read() -> None:
    assert line(ROOT).name == "shop"


def test_a_sum_over_an_attribute_that_nothing_has_is_no_silent_nothing() -> None:
    prices = "[features.maps]\nattributes = { price = 3 }\n"
    assert said_of(HEAD + ROOT + prices + '[[constraints]]\nrule = "sum(prize) < 5"\n') == (
        "features.toml: constraints[0].rule: no feature has a number as attribute 'prize' (did you mean 'price'?)"
    )


def test_a_model_beside_the_line_has_no_names_that_builds_keep_for_themselves() -> None:
    base = FeatureModel(
        root="shop",
        features={name: Feature(name=name) for name in ("shop", "#1")},
        groups=(Group("shop", GroupKind.OPTIONAL, ("#1",)),),
    )
    text = HEAD.replace('root = "shop"', 'model = "shop.uvl"')
    with pytest.raises(SartoError) as caught:
        read_line(text, "features.toml", base)
    assert str(caught.value) == (
        "'#1' cannot name a feature in a line\n"
        "  hint: leave out double quotes and control characters, and do not begin with # or !"
    )


def test_a_dotted_key_of_very_many_parts_is_refused_with_its_place() -> None:
    """The parser's time for a key grows with the square of its parts: one of 5 MB took it for minutes."""
    for key in (".".join(["a"] * 101), " . ".join(['"b.c"', "'d'"] * 51), ".".join(["a"] * 1_000_000)):
        with pytest.raises(SartoError) as caught:
            parse_toml(f"x = 1\n  {key} = 1\n", "features.toml")
        assert str(caught.value) == (
            "features.toml:2:3: this TOML is nested too deeply to be read: a key of more than 100 parts"
        )
    deep: Any = parse_toml(".".join(["a"] * 100) + " = 1", "features.toml")
    for _ in range(100):
        deep = deep["a"]
    assert deep == 1
    dots = ".".join(["a"] * 200)
    assert parse_toml(f'"{dots}" = "{dots}"', "features.toml") == {dots: dots}


def test_the_nearest_names_are_told_of_the_first_twenty_unknown_ones() -> None:
    rules = "".join(f'[[constraints]]\nrule = "shop => map{number}"\n' for number in range(150))
    with pytest.raises(SartoError) as caught:
        read_line(f"{HEAD}{ROOT}{rules}", "features.toml")
    hints = [error.hint for error in caught.value.errors]
    assert hints == ["did you mean 'maps'?"] * 20 + [""] * 130


def test_the_nearest_features_are_told_of_the_first_twenty_unknown_ones_that_are_required() -> None:
    names = ", ".join(f'"map{number}"' for number in range(150))
    with pytest.raises(SartoError) as caught:
        read_line(f"{HEAD}{ROOT}[features.tokens]\nrequires = [{names}]\n", "features.toml")
    assert [error.hint for error in caught.value.errors] == ["did you mean 'maps'?"] * 20 + [""] * 130
