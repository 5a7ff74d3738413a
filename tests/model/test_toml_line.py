"""What a features.toml that is right means, key by key."""

from __future__ import annotations

import pytest
from sarto.errors import Place
from sarto.model.cosmetics import Cosmetic, CosmeticType
from sarto.model.feature import Binding, Constraint, Delivery, Feature, Group, GroupKind, Stage, ValueType
from sarto.model.line import CoreProduct, LicencePolicy, Rule, SettingsRoute
from sarto.model.selection import Target
from sarto.model.toml_line import line_model_file, model_from_toml, read_line

from .reading import HEAD, expression, line, model

DATASETTE = """
[line]
name    = "datasette"
version = "2026.11.0"
summary = "Explore and publish data"
root    = "datasette"

[core]
parts   = ["datasette>=0.65,<1"]
command = "datasette"
group   = "datasette"
hooks   = "datasette.hookspecs"
sources = ["plugins", "wheelhouse"]

[core.settings]
arguments = ["--setting", "{name}", "{value}"]
command = "serve"
but_not = ["--version", "inspect"]
environment = "DATASETTE_{NAME}"

[features.datasette]
optional = ["maps", "graphql", "tokens"]
mandatory = ["theme", "page_size"]

[features.theme]
alternative = ["plain", "branded"]

[features.maps]
summary    = "Tables with coordinates draw themselves as maps"
parts      = ["datasette-cluster-map>=0.18"]
default    = true
stage      = "user"
binding    = "start"
attributes = { price = 400, memory = { mb = 30, kinds = ["heap", "stack"] } }
before     = ["graphql"]
after      = ["tokens"]
was        = ["cluster-map"]

[features.page_size]
type = "integer"
minimum = 10
maximum = 1000
default = 100
setting = "default_page_size"

[features.graphql]
requires = ["tokens"]
excludes = ["plain"]
instances = { min = 0, max = 3 }

[features.tokens]
abstract = true
instances = { min = 1 }

[[constraints]]
rule    = "graphql => page_size < 500"
because = "Deep queries multiply the page."

[[rules]]
when = "region == 'EU' & employees > 50"
select = { tokens = true, page_size = 50 }
because = "Large companies in the EU have to log who reads."

[cosmetics]
title = { default = "Data", summary = "The title of every page" }
accent = { type = "colour", default = "#1e90ff" }
logo = { type = "file" }

[targets]
python = "3.11"
platforms = ["manylinux_2_28_x86_64", "host"]

[formats.oci]
base = "base"
layers = 3

[licences]
deny = ["GPL-3.0*"]
"""


def test_the_line_and_its_core_are_read() -> None:
    read = read_line(DATASETTE, "features.toml")
    assert (read.name, read.version, read.summary, read.file) == (
        "datasette", "2026.11.0", "Explore and publish data", "features.toml",
    )  # fmt: skip
    assert read.core == CoreProduct(
        parts=("datasette>=0.65,<1",),
        command="datasette",
        group="datasette",
        hooks="datasette.hookspecs",
        sources=("plugins", "wheelhouse"),
        settings=SettingsRoute(
            arguments=("--setting", "{name}", "{value}"),
            command="serve",
            but_not=("--version", "inspect"),
            environment="DATASETTE_{NAME}",
        ),
    )


def test_what_stands_around_the_model_is_read() -> None:
    read = read_line(DATASETTE, "features.toml")
    assert read.targets == (Target("3.11", "manylinux_2_28_x86_64"), Target("3.11", "host"))
    assert read.licences == LicencePolicy(deny=("GPL-3.0*",))
    assert read.formats == {"oci": {"base": "base", "layers": 3}}
    assert read.cosmetics == {
        "title": Cosmetic("title", CosmeticType.TEXT, "Data", "The title of every page"),
        "accent": Cosmetic("accent", CosmeticType.COLOUR, "#1e90ff"),
        "logo": Cosmetic("logo", CosmeticType.FILE),
    }
    assert read.rules == (
        Rule(
            expression("region == 'EU' & employees > 50"),
            {"tokens": True, "page_size": 50},
            "Large companies in the EU have to log who reads.",
        ),
    )
    assert read.rules[0].where == Place("features.toml", "rules[0]")


def test_a_feature_is_read_with_all_that_its_table_says() -> None:
    features = read_line(DATASETTE, "features.toml").model.features
    assert features["maps"] == Feature(
        name="maps",
        summary="Tables with coordinates draw themselves as maps",
        default=True,
        attributes={"price": 400, "memory": {"mb": 30, "kinds": ["heap", "stack"]}},
        stage=Stage.USER,
        delivery=Delivery(
            parts=("datasette-cluster-map>=0.18",),
            binding=Binding.START,
            before=("graphql",),
            after=("tokens",),
            was=("cluster-map",),
        ),
    )
    assert features["page_size"] == Feature(
        name="page_size",
        type=ValueType.INTEGER,
        minimum=10,
        maximum=1000,
        default=100,
        delivery=Delivery(setting="default_page_size"),
    )
    assert features["graphql"].instances == (0, 3)
    assert features["tokens"] == Feature(name="tokens", abstract=True, instances=(1, None))


def test_a_feature_that_only_a_group_names_is_there_too() -> None:
    features = read_line(DATASETTE, "features.toml").model.features
    assert features["plain"] == Feature(name="plain")
    assert features["plain"].where == Place("features.toml", "features.theme.alternative")
    assert features["maps"].where == Place("features.toml", "features.maps")


def test_the_groups_keep_the_order_of_the_keys_and_the_features_that_of_the_tree() -> None:
    read = read_line(DATASETTE, "features.toml").model
    assert read.groups == (
        Group("datasette", GroupKind.OPTIONAL, ("maps", "graphql", "tokens")),
        Group("datasette", GroupKind.MANDATORY, ("theme", "page_size")),
        Group("theme", GroupKind.ALTERNATIVE, ("plain", "branded")),
    )
    assert list(read.features) == [
        "datasette", "maps", "graphql", "tokens", "theme", "plain", "branded", "page_size",
    ]  # fmt: skip


def test_requires_and_excludes_are_constraints_that_say_where_they_stand() -> None:
    constraints = read_line(DATASETTE, "features.toml").model.constraints
    names = ("graphql", "tokens", "plain", "page_size")
    assert constraints == (
        Constraint(expression("graphql => tokens", *names)),
        Constraint(expression("graphql => !plain", *names)),
        Constraint(expression("graphql => page_size < 500", *names), "Deep queries multiply the page."),
    )
    assert [str(constraint.where) for constraint in constraints] == [
        "features.toml: features.graphql.requires[0]",
        "features.toml: features.graphql.excludes[0]",
        "features.toml: constraints[0].rule",
    ]


def test_a_line_of_the_root_alone_is_a_line() -> None:
    read = line("[features.shop]\n")
    assert list(read.model.features) == ["shop"]
    assert read.targets == ()
    assert read.core == CoreProduct(parts=("shop>=1",), command="shop")


def test_several_groups_of_one_kind_stand_in_a_list() -> None:
    read = model(
        '[features.shop]\ngroups = [{ kind = "or", of = ["a", "b"] }, { min = 1, max = 2, of = ["c", "d", "e"] },'
        ' { kind = "or", of = ["f"] }]\n'
    )
    assert read.groups == (
        Group("shop", GroupKind.OR, ("a", "b")),
        Group("shop", GroupKind.CARDINALITY, ("c", "d", "e"), 1, 2),
        Group("shop", GroupKind.OR, ("f",)),
    )


@pytest.mark.parametrize(("entry", "bounds"), [("min = 2", (2, 3)), ("max = 2", (0, 2)), ("min = 1, max = 1", (1, 1))])
def test_a_range_that_is_half_open_goes_to_none_or_all(entry: str, bounds: tuple[int, int]) -> None:
    group = model(f'[features.shop]\ngroups = [{{ {entry}, of = ["a", "b", "c"] }}]\n').groups[0]
    assert (group.minimum, group.maximum) == bounds


def test_the_groups_list_comes_after_the_short_forms() -> None:
    read = model('[features.shop]\ngroups = [{ max = 1, of = ["a"] }]\noptional = ["b"]\n')
    assert [group.members for group in read.groups] == [("b",), ("a",)]


@pytest.mark.parametrize("name", ["big maps", "größe", "サイズ", "a.b", "or"])
def test_a_name_in_any_script_is_a_name(name: str) -> None:
    read = model(f'[features.shop]\noptional = ["{name}"]\n[features."{name}"]\nsummary = "x"\n')
    assert read.features[name].summary == "x"


def test_a_model_needs_neither_core_nor_version() -> None:
    read = model_from_toml('[line]\nroot = "a"\n[features.a]\nor = ["b", "c"]\n', "features.toml")
    assert list(read.features) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ('python = ["3.11", "3.12"]\nplatforms = "host"', [("3.11", "host"), ("3.12", "host")]),
        ('python = "host"', [("host", "")]),
        ('platforms = ["win_amd64"]', [("", "win_amd64")]),
        ("", []),
    ],
)
def test_targets_are_every_python_with_every_platform(targets: str, found: list[tuple[str, str]]) -> None:
    read = line(f"[features.shop]\n[targets]\n{targets}\n")
    assert read.targets == tuple(Target(*pair) for pair in found)


def test_targets_may_be_pairs() -> None:
    read = line('[features.shop]\n[[targets]]\npython = "3.11"\nplatform = "host"\n[[targets]]\npython = "3.12"\n')
    assert read.targets == (Target("3.11", "host"), Target("3.12", ""))


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_line("\ufeff" + DATASETTE, "features.toml").name == "datasette"


BESIDE = HEAD.replace('root = "shop"', 'model = "shop.uvl"')


def test_the_file_of_the_model_is_told_before_the_line_is_read() -> None:
    assert line_model_file(BESIDE, "features.toml") == "shop.uvl"
    assert line_model_file(HEAD, "features.toml") == ""
    assert line_model_file("line = 3", "features.toml") == ""


BASE = """
[features.shop]
optional = ["a", "b"]
[features.a]
type = "integer"
minimum = 1
maximum = 9
summary = "from the model"
attributes = { price = 3, size = 1 }
[[constraints]]
rule = "a => b"
"""


def test_a_model_from_another_file_keeps_its_tree_and_gains_what_the_line_says() -> None:
    base = model(BASE, "shop.uvl")
    read = read_line(
        BESIDE + '[features.a]\nparts = ["uv"]\ndefault = 5\nattributes = { price = 4 }\nstage = "user"\n'
        '[features.b]\nexcludes = ["shop"]\n'
        '[[constraints]]\nrule = "a => b"\nbecause = "A writes what B reads."\n',
        "features.toml",
        base,
    )
    assert read.model_file == "shop.uvl"
    assert read.model.groups == base.groups
    assert read.model.features["a"] == Feature(
        name="a",
        summary="from the model",
        type=ValueType.INTEGER,
        minimum=1,
        maximum=9,
        default=5,
        attributes={"price": 4, "size": 1},
        stage=Stage.USER,
        delivery=Delivery(parts=("uv",)),
    )
    assert read.model.constraints == (
        Constraint(expression("a => b"), "A writes what B reads."),
        Constraint(expression("b => !shop")),
    )
    assert read.model.constraints[0].where == Place("shop.uvl", "constraints[0].rule")


def test_reading_a_line_without_the_model_that_it_names_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"takes its model from shop\.uvl"):
        read_line(BESIDE, "features.toml")
