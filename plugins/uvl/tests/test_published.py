"""Models that nobody here wrote: the language's own test models, and those of industry."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sarto.errors import SartoError
from sarto.model.feature_model import FeatureModel
from sarto.model.grammar import write as write_expression
from sarto_uvl.reading import read, read_text
from sarto_uvl.writing import write

Shown = Callable[[FeatureModel], list[str]]

FAULTY = {
    "illegalname.uvl": ['4:13: \'12B\' is a quantity, not a name\n  hint: put it in double quotes: "12B"'],
    "missingreference.uvl": ["7:5: unknown feature 'C'", "7:9: unknown feature 'D'"],
    "same_feature_names.uvl": [
        f"{line}:6: the feature '{name}' is there twice"
        f"\n  hint: give one of the two another name; the first is FILE:{first}:6"
        for line, name, first in ((22, "Lightsaber", 6), (26, "Flag", 10), (30, "Staff", 14))
    ],
    "wrongindent.uvl": [
        "3:5: 'mandatory' stands where a feature is expected"
        "\n  hint: indent a group below its feature; a name like this needs double quotes"
    ],
}  # fmt: skip
ODD = {
    "uvl-conformance/lexing/dotinfeaturename.uvl": "the name 'Fun.Fun' has a dot in it, which UVL keeps for references",
    "industrial/e_shop.uvl": "'Type' is a word of UVL, not a name",
    "industrial/automotive01.uvl": "a text in double quotes (and 1,044 more like this)",
    "industrial/financialservices01.uvl": "a text in double quotes (and 733 more like this)",
}
OPEN = {
    "complex/Horcas2025_Icecream.uvl": "no feature has an attribute 'Scoops', so 'sum(Scoops, clients)' is 0"
                                       " (and 2 more like this)",
    "complex/Horcas2026_Pizza.uvl": "the feature 'SpicyLvl' has no attribute 'Price', which counts as 0"
                                    " (and 1 more like this)",
    "type_level/string-quotes.uvl": "no feature has an attribute 'N Scoops', so 'sum(\"N Scoops\")' is the value of "
                                    "that name itself",
}  # fmt: skip


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.uvl") if "faulty" not in path.parts)


def test_every_published_model_is_read_and_reads_back_equal(published: Path) -> None:
    found = files(published)
    assert len(found) > 100
    for path in found:
        model = read(path).model
        assert read_text(write(model)).model == model, path


def test_the_test_models_of_the_language_keep_to_its_grammar(published: Path) -> None:
    folder = published / "uvl-conformance"
    for path in files(folder):
        if path.name != "dotinfeaturename.uvl":
            said = [warning.what for warning in read(path, strict=True).warnings]
            assert said == [OPEN[name] for name in [path.relative_to(folder).as_posix()] if name in OPEN]


@pytest.mark.parametrize(("name", "said"), ODD.items())
def test_published_models_that_break_the_grammar_are_read_with_a_warning(name: str, said: str, published: Path) -> None:
    assert [warning.what for warning in read(published / name).warnings] == [said]
    with pytest.raises(SartoError):
        read(published / name, strict=True)


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(("name", "said"), FAULTY.items())
def test_the_faulty_models_of_the_language_are_refused(
    name: str, said: list[str], strict: bool, published: Path
) -> None:
    path = published / "uvl-conformance" / "faulty" / name
    with pytest.raises(SartoError) as caught:
        read(path, strict)
    found = [str(error).removeprefix(f"{path}:").replace(str(path), "FILE") for error in caught.value.errors]
    assert found == said


def test_industrial_models_have_as_many_features_and_constraints_as_published(published: Path) -> None:
    with (published / "industrial" / "expected.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) >= 15
    for row in rows:
        model = read(published / "industrial" / row["file"]).model
        numbers = (len(model.features), len(model.constraints))
        assert numbers == (int(row["features"]), int(row["constraints"])), row["file"]


def test_the_largest_models_are_read_whole(published: Path) -> None:
    sizes = {}
    for name in ("automotive02_04", "linux-2.6.33.3"):
        model = read(published / "industrial" / f"{name}.uvl", strict=True).model
        sizes[name] = len(model.features), len(model.groups), len(model.constraints)
    assert sizes == {"automotive02_04": (18616, 2053, 1369), "linux-2.6.33.3": (6467, 1018, 3545)}


def test_composed_models_are_one_model(published: Path, shown: Shown) -> None:
    folder = published / "uvl-conformance" / "composition"
    pizzas = read(folder / "Pizzas-imports" / "Pizzas.uvl", strict=True).model
    assert shown(pizzas) == [
        "Pizza: mandatory 3..3 of top.Topping, Size.Size, Dough.Dough",
        "Pizza: optional 0..1 of CheesyCrust",
        "top.Topping: or 1..3 of top.Salami, top.Ham, top.Mozzarella",
        "Size.Size: alternative 1..1 of Size.Median, Size.Big",
        "Dough.Dough: alternative 1..1 of Dough.Neapolitan, Dough.Sicilian",
        "CheesyCrust => Size.Big",
    ]
    nested = read(folder / "nested_main.uvl", strict=True).model
    assert list(nested.features) == [
        "Root",
        "nesu.Root",
        "nesu.F1",
        "nesu.F2",
        "nesu.nrs.Nested",
        "nesu.nrs.N1",
        "nesu.nrs.N2",
    ]
    root = read(folder / "composition_root.uvl", strict=True).model
    assert len(root.features) == 26
    assert [write_expression(constraint.expression) for constraint in root.constraints] == [
        "SSD => strong_PSU",
        '"DVD-drive" <=> composition_sub1.brand & composition_sub1.fmIntel.feature1'
        " & composition_sub1.composition_sub1_sub2.feature2",
        "composition_sub1.fmIntel.feature1 & composition_sub1.fmIntel.feature2 <=> composition_sub1.Bit64"
        " | !composition_sub1.composition_sub1_sub2.feature2",
        "composition_sub1.Bit64.bit + composition_sub1.Bit32.bit > 32",
        "composition_sub1.fmIntel.feature1.power - composition_sub1.fmIntel.feature2.power == 25",
        "composition_sub1.fmIntel.feature1 & composition_sub1.fmIntel.feature2 <=>"
        " (composition_sub1.fmIntel.feature1 | composition_sub1.fmIntel.feature2) & composition_sub1.fmIntel.feature4",
        "composition_sub1.composition_sub1_sub2.feature1 & composition_sub1.composition_sub1_sub2.feature2 <=>"
        " (composition_sub1.composition_sub1_sub2.feature1 | composition_sub1.composition_sub1_sub2.feature2)"
        " & composition_sub1.composition_sub1_sub2.feature4",
    ]
