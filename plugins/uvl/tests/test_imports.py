"""Models of several files: what is imported, under which name, and what goes wrong between files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sarto.errors import Place, SartoError
from sarto.hooks import ModelReading
from sarto.model.feature import Feature, ValueType
from sarto.model.feature_model import FeatureModel
from sarto_uvl.reading import read
from sarto_uvl.writing import write

Files = Callable[..., ModelReading]
Said = Callable[..., list[str]]
Shown = Callable[[FeatureModel], list[str]]


@pytest.fixture
def reading(tmp_path: Path) -> Files:
    """What ``main`` gives, where these are the contents of the files."""

    def read_files(main: str, strict: bool = True, **others: str) -> ModelReading:
        for name, text in {"main": main, **others}.items():
            path = tmp_path / f"{name.replace('__', '/')}.uvl"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return read(tmp_path / "main.uvl", strict)

    return read_files


@pytest.fixture
def faults(reading: Files, tmp_path: Path) -> Said:
    """What is said of these files, each place without the folder."""

    def said(main: str, **others: str) -> list[str]:
        with pytest.raises(SartoError) as caught:
            reading(main, **others)
        return [str(error).replace(f"{tmp_path}/", "") for error in caught.value.errors]

    return said


SIZE = "features\n Size\n  alternative\n   Small\n   Big {price 3}\nconstraints\n Small | Big.price > 2\n"
MAIN = "imports\n size as s\nfeatures\n Shop\n  optional\n   s.Size\n   Cart\nconstraints\n Cart => s.Big\n"


def test_an_imported_model_stands_where_its_root_is_named(reading: Files, shown: Shown) -> None:
    model = reading(MAIN, size=SIZE).model
    assert list(model.features) == ["Shop", "s.Size", "s.Small", "s.Big", "Cart"]
    assert shown(model) == [
        "Shop: optional 0..2 of s.Size, Cart",
        "s.Size: alternative 1..1 of s.Small, s.Big",
        "Cart => s.Big",
        "s.Small | s.Big.price > 2",
    ]


def test_everything_knows_the_file_in_which_it_stands(reading: Files, tmp_path: Path) -> None:
    model = reading(MAIN, size=SIZE).model
    assert model.features["Cart"].where == Place(str(tmp_path / "main.uvl"), line=7, column=4)
    assert model.features["s.Size"].where == Place(str(tmp_path / "size.uvl"), line=2, column=2)
    assert model.constraints[1].where == Place(str(tmp_path / "size.uvl"), line=7, column=2)


def test_without_an_alias_the_name_of_the_file_is_the_name(reading: Files) -> None:
    model = reading("imports\n sub.size\nfeatures\n Shop\n  or\n   sub.size.Size\n", sub__size=SIZE).model
    assert list(model.features) == ["Shop", "sub.size.Size", "sub.size.Small", "sub.size.Big"]


def test_files_are_looked_for_beside_the_file_that_imports_them(reading: Files) -> None:
    middle = "imports\n inner\nfeatures\n Middle\n  or\n   inner.Inner\nconstraints\n inner.Inner\n"
    model = reading(
        "imports\n a.middle as m\nfeatures\n Top\n  or\n   m.Middle\nconstraints\n m.inner.Inner => Top\n",
        a__middle=middle,
        a__inner="features\n Inner {price 3, constraint Inner.price > 1}\n",
        inner="features\n Wrong\n",
    ).model
    assert list(model.features) == ["Top", "m.Middle", "m.inner.Inner"]
    assert len(model.constraints) == 3


@pytest.mark.parametrize("line", ['"my size" as s', '"my size" as "s"', '"my size.uvl" as s'])
def test_names_of_files_can_be_quoted(line: str, reading: Files) -> None:
    model = reading(f"imports\n {line}\nfeatures\n A\n  or\n   s.Size\n", strict=False, **{"my size": SIZE}).model
    assert "s.Big" in model.features


def test_quoted_names_lead_to_other_folders(reading: Files) -> None:
    files = {"a__middle": 'imports\n "..".size as s\nfeatures\n M\n  or\n   s.Size\n', "size": SIZE}
    model = reading("imports\n a.middle as m\nfeatures\n A\n  or\n   m.M\n", strict=False, **files).model
    assert "m.s.Big" in model.features


def test_one_file_can_be_imported_twice_under_two_names(reading: Files, shown: Shown) -> None:
    main = "imports\n size as s\n size as t\nfeatures\n A\n  or\n   s.Size\n   t.Size\nconstraints\n s.Big => t.Small\n"
    model = reading(main, size=SIZE).model
    assert len(model.features) == 7
    assert shown(model)[-2:] == ["s.Small | s.Big.price > 2", "t.Small | t.Big.price > 2"]


def test_names_with_blanks_are_quoted_part_by_part_in_a_file_and_whole_in_words(reading: Files, shown: Shown) -> None:
    main = 'imports\n size as "my size"\nfeatures\n A\n  or\n   "my size"."Big size"\n'
    main += 'constraints\n A => "my size"."Big size"\n'
    model = reading(main, size='features\n "Big size"\n').model
    assert write(model).splitlines()[-1] == '\tA => "my size"."Big size"'
    assert shown(model)[-1] == 'A => "my size.Big size"'


def test_what_is_said_where_a_root_is_placed_is_added_to_it(reading: Files) -> None:
    placed = "   Integer s.Size cardinality [1..2] {x 1, abstract}\n    optional\n     More\n"
    main = f"imports\n size as s\nfeatures\n A\n  or\n{placed}"
    model = reading(main, size=SIZE.replace("Size\n", "Size {y 2}\n")).model
    assert model.features["s.Size"] == Feature(
        name="s.Size", type=ValueType.INTEGER, instances=(1, 2), attributes={"y": 2, "x": 1}, abstract=True
    )
    assert [group.members for group in model.groups_under("s.Size")] == [("More",), ("s.Small", "s.Big")]


def test_a_sum_in_an_imported_model_stays_within_it(reading: Files, shown: Shown) -> None:
    sub = "features\n Sub\n  or\n   X {price 1}\nconstraints\n sum(price) < 2\n sum(price, X) < 2\n"
    main = "imports\n sub as s\nfeatures\n A {price 5}\n  or\n   s.Sub\n"
    main += "constraints\n sum(price) > 3\n sum(price, s.X) > 0\n"
    assert shown(reading(main, sub=sub).model)[2:] == [
        "sum(price) > 3",
        "sum(price, s.X) > 0",
        "sum(price, s.Sub) < 2",
        "sum(price, s.X) < 2",
    ]


def test_an_alias_may_be_the_name_of_a_feature(reading: Files) -> None:
    main = "imports\n size as Size\nfeatures\n A\n  or\n   Size.Size\n   Size\nconstraints\n Size => Size.Big\n"
    assert len(reading(main, size=SIZE).model.features) == 5


def test_dots_in_a_file_without_imports_are_part_of_the_name(reading: Files, shown: Shown) -> None:
    model = reading('features\n a\n  or\n   s.Size\n   s."or".x\nconstraints\n s.Size => s."or".x\n').model
    assert shown(model) == ["a: or 1..2 of s.Size, s.or.x", 's.Size => "s.or.x"']


def test_the_root_itself_can_be_imported(reading: Files) -> None:
    model = reading("imports\n size as s\nfeatures\n s.Size\n  optional\n   More\n", size=SIZE).model
    assert model.root == "s.Size"
    assert list(model.features) == ["s.Size", "More", "s.Small", "s.Big"]


def test_an_import_that_is_not_placed_is_a_warning(reading: Files, tmp_path: Path) -> None:
    [warning] = reading("imports\n size as s\nfeatures\n A\n", size=SIZE).warnings
    assert str(warning).removeprefix(f"{tmp_path}/") == (
        "main.uvl:2:2: 's' is imported, but its root is nowhere in the tree\n  hint: put s.Size into a group"
    )


@pytest.mark.parametrize(
    ("main", "said"),
    [
        ("imports\n siez as s\nfeatures\n A\n  or\n   s.Size\nconstraints\n s.Big => s.Any\n B\n",
         ["main.uvl:2:2: there is no file 'siez.uvl' to import\n  hint: did you mean 'size'?",
          "main.uvl:9:2: unknown feature 'B'"]),
        ("imports\n a.b.size\nfeatures\n A\n", ["main.uvl:2:2: there is no file 'a/b/size.uvl' to import"]),
        ("imports\n size as s\nfeatures\n A\n  or\n   t.Size\n",
         ["main.uvl:6:4: nothing is imported as 't'\n  hint: imported here: 's'"]),
        ("imports\n size as s\nfeatures\n A\n  or\n   s.Big\n",
         ["main.uvl:6:4: 's.Big' is not the root of what is imported as 's'"
          "\n  hint: only the root can be put into a tree: s.Size"]),
        ("imports\n size as s\nfeatures\n A\n  or\n   s.Size\n   s.Size\n",
         ["main.uvl:7:4: the feature 's.Size' is there twice"
          "\n  hint: give one of the two another name; the first is main.uvl:6:4"]),
        ("imports\n size as s\n size as s\nfeatures\n A\n  or\n   s.Size\n",
         ["main.uvl:3:2: something is imported as 's' already"
          "\n  hint: give one of the two another name; the first is main.uvl:2:2"]),
        ("imports\n size as s\nfeatures\n A\n  or\n   s.Size\nconstraints\n Big => s.Huge\n",
         ["main.uvl:8:2: unknown feature 'Big'\n  hint: did you mean 's.Big'?",
          "main.uvl:8:9: unknown feature 's'"]),
        ("imports\n size as\nfeatures\n A\n",
         ["main.uvl:2:9: expected a name behind 'as', but found the end of the line"]),
        ("imports\n size s\nfeatures\n A\n",
         ["main.uvl:2:7: expected the end of the line, but found 's'\n  hint: a name of other characters "
          "than a-z, 0-9 and _ needs double quotes; write: file as name"]),
        ("imports\n *\nfeatures\n A\n", ["main.uvl:2:2: expected the name of a file, but found '*'"]),
        ("imports\n main as m\nfeatures\n A\n  or\n   m.A\n",
         ["main.uvl:2:2: files import one another in a circle: main.uvl -> main.uvl"
          "\n  hint: take one of these imports out"]),
        ("imports\n size as s\nfeatures\n s {Size 3}\n  or\n   s.Size\n",
         ["size.uvl:2:2: 's.Size' is a feature, and may be an attribute of 's' too\n  hint: rename one of the two"]),
    ],
)  # fmt: skip
def test_an_import_that_cannot_be_is_refused(main: str, said: list[str], faults: Said, tmp_path: Path) -> None:
    assert [text.replace(f"{tmp_path}/", "") for text in faults(main, size=SIZE)] == said


def test_a_circle_of_imports_is_shown_whole(faults: Said) -> None:
    found = faults(
        "imports\n a as x\nfeatures\n M\n  or\n   x.A\n",
        a="imports\n b as x\nfeatures\n A\n  or\n   x.B\n",
        b="imports\n c as x\nfeatures\n B\n  or\n   x.C\n",
        c="imports\n a as x\nfeatures\n C\n  or\n   x.A\n",
    )
    assert found == [
        "c.uvl:2:2: files import one another in a circle: a.uvl -> b.uvl -> c.uvl -> a.uvl"
        "\n  hint: take one of these imports out"
    ]


def test_the_errors_of_all_files_are_reported_together(faults: Said) -> None:
    found = faults(
        "imports\n a as x\n b as y\nfeatures\n M\n  or\n   x.A\n   y.B\nconstraints\n x.Z\n",
        a="features\n A\n  or\n   A\nconstraints\n Z\n",
        b="features\n B {x\n",
    )
    assert [text.partition("\n")[0] for text in found] == [
        "a.uvl:4:4: the feature 'A' is there twice",
        "a.uvl:6:2: unknown feature 'Z'",
        "b.uvl:2:6: expected a value, but found the end of the line",
        "main.uvl:10:2: unknown feature 'x'",
    ]


def test_a_file_that_is_no_text_is_reported_once(faults: Said, tmp_path: Path) -> None:
    (tmp_path / "a.uvl").write_bytes(b"\xff")
    found = faults("imports\n a as x\n a as y\nfeatures\n M\n  or\n   x.A\n   y.A\nconstraints\n x.A => x.B\n")
    assert found == ["a.uvl:1:1: the byte 0xff is not UTF-8\n  hint: save the file as UTF-8"]


def test_something_said_twice_of_an_imported_root_is_refused(faults: Said) -> None:
    main = "imports\n a\nfeatures\n M\n  or\n   Integer a.A cardinality [2] {x 1}\n"
    assert faults(main, a="features\n Real A cardinality [1] {x 1, y 2}\n") == [
        "main.uvl:6:4: its type is given where 'a.A' is imported, too\n  hint: leave it out here, or there: a.uvl:2:2",
        "main.uvl:6:4: its cardinality is given where 'a.A' is imported, too"
        "\n  hint: leave it out here, or there: a.uvl:2:2",
        "main.uvl:6:4: the attribute 'x' is given where 'a.A' is imported, too"
        "\n  hint: leave it out here, or there: a.uvl:2:2",
    ]


def test_imports_can_be_one_hundred_deep_and_no_deeper(faults: Said, reading: Files) -> None:
    def chain(length: int) -> dict[str, str]:
        files = {f"f{n}": f"imports\n f{n + 1} as x\nfeatures\n A\n  or\n   x.A\n" for n in range(length - 1)}
        return files | {f"f{length - 1}": "features\n A\n"}

    main = "imports\n f0 as x\nfeatures\n A\n  or\n   x.A\n"
    assert len(reading(main, **chain(99)).model.features) == 100
    assert faults(main, **chain(100)) == ["f98.uvl:2:2: files import one another more than 100 deep"]


def test_imports_that_double_with_every_file_are_stopped(faults: Said) -> None:
    def doubling(n: int) -> str:
        return f"imports\n f{n} as x\n f{n} as y\nfeatures\n A\n  or\n   x.A\n   y.A\n"

    files = {f"f{n}": doubling(n + 1) for n in range(40)} | {"f40": "features\n A\n"}
    assert faults(doubling(0), **files) == [
        "main.uvl: the imports multiply to more than 10,000 files\n  hint: files that import others twice double them"
    ]
