"""What is written: the text itself, groups that become rules, and all that cannot be written at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sarto.errors import Place, SartoError
from sarto.model.expression import Compare, FeatureReference, Number
from sarto.model.feature import Constraint, Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml
from sarto_featureide.reading import read_text
from sarto_featureide.writing import leaves_out, write

Shown = Callable[[FeatureModel], list[str]]


def line(toml: str) -> FeatureModel:
    return model_from_toml(f'[line]\nroot = "shop"\n{toml}', "features.toml")


def test_the_text_is_what_featureide_writes() -> None:
    model = line("""
[features.shop]
mandatory = ["basket"]
optional = ["pay"]
[features.pay]
summary = "Cards & <cash>"
abstract = true
alternative = ["card", "cash"]
[[constraints]]
rule = "card => !basket | cash"
because = "So it is."
""")
    assert (
        write(model)
        == """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<featureModel>
\t<struct>
\t\t<and mandatory="true" name="shop">
\t\t\t<feature mandatory="true" name="basket"/>
\t\t\t<alt abstract="true" name="pay">
\t\t\t\t<description>
Cards &amp; &lt;cash&gt;
</description>
\t\t\t\t<feature name="card"/>
\t\t\t\t<feature name="cash"/>
\t\t\t</alt>
\t\t</and>
\t</struct>
\t<constraints>
\t\t<rule>
\t\t\t<description>
So it is.
</description>
\t\t\t<imp>
\t\t\t\t<var>card</var>
\t\t\t\t<disj>
\t\t\t\t\t<not>
\t\t\t\t\t\t<var>basket</var>
\t\t\t\t\t</not>
\t\t\t\t\t<var>cash</var>
\t\t\t\t</disj>
\t\t\t</imp>
\t\t</rule>
\t</constraints>
</featureModel>
"""
    )


def test_a_group_beside_another_becomes_a_rule_with_its_reason(shown: Shown) -> None:
    model = line("""
[features.shop]
optional = ["a"]
or = ["b", "c"]
alternative = ["d", "e"]
groups = [{ min = 0, max = 1, of = ["f", "g"] }]
""")
    found = read_text(write(model), strict=True).model
    assert shown(found) == [
        "shop: optional a, b, c, d, e, f, g",
        "shop => b | c",
        "shop => d | e",
        "!(d & e)",
        "!(f & g)",
    ]
    reasons = {constraint.because for constraint in found.constraints}
    assert reasons == {"A group of 'shop': a feature has one group in FeatureIDE."}


def test_what_only_sarto_knows_is_kept_in_attributes() -> None:
    model = line("""
[features.shop]
optional = ["size"]
[features.size]
type = "integer"
minimum = 1
maximum = 9
default = 3
setting = "page"
stage = "user"
binding = "start"
parts = ["pager>=1"]
after = ["shop"]
was = ["width"]
attributes = { price = 4, deep = { list = [1, "x"] } }
""")
    text = write(model)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<extendedFeatureModel>')
    assert '<attribute name="sarto.type" type="string" value="integer" unit=""/>' in text
    assert """value="{&quot;deep&quot;: {&quot;list&quot;: [1, &quot;x&quot;]}}" unit=""/>""" in text
    assert read_text(text, strict=True).model == model


def test_everything_that_cannot_be_written_is_told_at_once() -> None:
    model = line("""
[features.shop]
groups = [{ min = 2, max = 3, of = ["a", "b", "c", "d"] }]
[features.a]
instances = { min = 0, max = 4 }
attributes = { price = 4 }
[[constraints]]
rule = "a & sum(price) < 5"
""")
    with pytest.raises(SartoError) as caught:
        write(model)
    assert [str(error) for error in caught.value.errors] == [
        "features.toml: features.shop.groups[0]: FeatureIDE cannot say that 'shop' has between 2 and 3 of 4 features\n"
        "  hint: it has and, or and alternative groups alone",
        "features.toml: features.a: FeatureIDE cannot say how many instances 'a' has",
        "features.toml: constraints[0].rule: FeatureIDE has no comparisons such as sum(price) < 5 in rules\n"
        "  hint: its rules are of features and logic alone",
    ]


@pytest.mark.parametrize("name", ["a\0b", " a", "\ufffe", ""])
def test_a_name_that_xml_cannot_write_is_an_error(name: str) -> None:
    model = FeatureModel(root=name, features={name: Feature(name=name, where=Place("f", line=1))})
    with pytest.raises(SartoError) as caught:
        write(model)
    hint = "names have no control characters, and no spaces around them"
    assert str(caught.value) == f"f:1: '{name}' cannot name a feature in XML\n  hint: {hint}"


def test_a_text_with_control_characters_is_an_error_and_an_attribute_with_one_is_not() -> None:
    def model(feature: Feature) -> FeatureModel:
        return FeatureModel(root="a", features={"a": feature})

    kept = model(Feature(name="a", attributes={"bell": "\a"}))
    assert read_text(write(kept)).model == kept
    with pytest.raises(SartoError, match="XML has no control characters, and this text has"):
        write(model(Feature(name="a", summary="\a")))
    with pytest.raises(SartoError, match="XML cannot write the default of 'a'"):
        write(model(Feature(name="a", default="\a")))


def test_attributes_that_are_no_values_at_all_are_an_error() -> None:
    for attributes in ({"a": object()}, {"a": nested(100_000)}):
        with pytest.raises(SartoError, match="XML cannot write the attributes of 'a'"):
            write(FeatureModel(root="a", features={"a": Feature(name="a", attributes=attributes)}))


def nested(levels: int) -> list[object]:
    found: list[object] = []
    for _ in range(levels):
        found = [found]
    return found


def test_a_value_in_a_rule_is_refused_wherever_it_stands() -> None:
    features = {"a": Feature(name="a")}
    rule = Compare("==", FeatureReference("a"), Number(1))
    for expression, what in ((rule, "comparisons such as a == 1"), (Number(1), "values such as 1")):
        with pytest.raises(SartoError, match=f"FeatureIDE has no {what} in rules"):
            write(FeatureModel(root="a", features=features, constraints=(Constraint(expression),)))


def test_a_group_of_nothing_says_nothing_and_one_that_needs_some_is_refused() -> None:
    features = {"a": Feature(name="a")}
    empty = FeatureModel(root="a", features=features, groups=(Group("a", GroupKind.OPTIONAL, ()),))
    assert read_text(write(empty)).model == FeatureModel(root="a", features=features)
    with pytest.raises(SartoError, match="FeatureIDE cannot say that 'a' has between 1 and 0 of 0 features"):
        write(FeatureModel(root="a", features=features, groups=(Group("a", GroupKind.OR, ()),)))


def test_groups_that_become_rules_are_told() -> None:
    text = '[line]\nroot = "r"\n[features.r]\nor = ["a", "b"]\noptional = ["c"]\n[features.c]\nor = ["d", "e"]\n'
    model = model_from_toml(text, "features.toml")
    assert leaves_out(model) == ["more than one group of a feature; some are rules now, of r"]
    one = '[line]\nroot = "r"\n[features.r]\noptional = ["c"]\n[features.c]\nor = ["d", "e"]\n'
    assert leaves_out(model_from_toml(one, "features.toml")) == []
