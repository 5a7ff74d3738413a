"""Comparisons of numbers and texts: what is decided, and what is refused in words."""

from __future__ import annotations

import pytest
from sarto.errors import SartoError
from sarto.solve.analysis import analyse
from sarto.solve.conflict import Conflict
from sarto.solve.resolution import resolve

from .lines import model, selection


def rooms(rule: str, more: str = "") -> str:
    return f"""
[features.shop]
mandatory = ["width", "depth"]
optional = ["lamp", "sofa"]
[features.width]
type = "integer"
minimum = 1
maximum = 900
default = 4
[features.depth]
type = "integer"
minimum = 1
maximum = 900
default = 5
{more}
[[constraints]]
rule = "{rule}"
"""


@pytest.mark.parametrize(
    ("rule", "wishes", "is_possible"),
    [
        ("width * depth <= 20", "", True),
        ("width * depth < 20", "", False),
        ("width * depth < 20", "width = 3", True),
        ("width / (depth - 5) > 0", "", False),
        ("floor(width / 3) == 1", "", True),
        ("lamp => width > depth", "lamp = true", False),
        ("lamp => width + 2 > depth", "lamp = true", True),
        ("width != depth", "depth = 4", False),
    ],
)
def test_comparisons_are_decided_on_the_values_of_the_selection(rule: str, wishes: str, is_possible: bool) -> None:
    chosen = selection(f"[select]\n{wishes}")
    if is_possible:
        assert resolve(model(rooms(rule)), chosen).configuration["shop"] is True
    else:
        with pytest.raises(Conflict):
            resolve(model(rooms(rule)), chosen)


def test_a_comparison_with_constants_is_analysed_over_the_whole_range() -> None:
    found = analyse(model(rooms("lamp => width > 900")))
    assert found.dead == ("lamp",)
    found = analyse(model(rooms("lamp | width >= 1 & width < 900 | width == 900")))
    assert (found.dead, found.core) == ((), ("depth", "shop", "width"))


def test_texts_are_compared_as_texts() -> None:
    more = '[features.wood]\ntype = "string"\ndefault = "oak"\n'
    lines = rooms("sofa => wood == 'ash'", more).replace('"lamp", "sofa"', '"lamp", "sofa", "wood"')
    with pytest.raises(Conflict):
        resolve(model(lines), selection("[select]\nsofa = true\nwood = true"))
    assert resolve(model(lines), selection('[select]\nsofa = true\nwood = "ash"')).configuration["sofa"] is True
    assert analyse(model(lines)).dead == ()


def test_arithmetic_over_several_undecided_values_is_refused_by_its_place() -> None:
    with pytest.raises(SartoError) as caught:
        analyse(model(rooms("width < depth")))
    assert str(caught.value) == (
        "features.toml: constraints[0].rule: 'width < depth' calculates with several values that are not decided yet\n"
        "  hint: give them values or narrow bounds, or compare each with constants only; the plugin sarto-optimise "
        "decides such arithmetic, in sarto optimise, analyse and check"
    )


def test_a_table_over_too_many_features_is_refused_by_its_place() -> None:
    names = [f"f{number}" for number in range(16)]
    tables = "".join(f"[features.{name}]\nattributes = {{ price = {n} }}\n" for n, name in enumerate(names))
    product = " * ".join(f"({name}.price + 1)" for name in names)
    lines = f'[features.shop]\noptional = {names}\n{tables}[[constraints]]\nrule = "{product} < 5"\n'
    with pytest.raises(SartoError) as caught:
        analyse(model(lines.replace("'", '"')))
    assert caught.value.hint == (
        "write it as a sum, or over fewer features; the plugin sarto-optimise decides such "
        "arithmetic, in sarto optimise, analyse and check"
    )
    assert "features.toml: constraints[0].rule: the arithmetic of '" in str(caught.value)
