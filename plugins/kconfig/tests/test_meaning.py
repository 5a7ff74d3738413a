"""The model has exactly the configurations that kconfiglib can be brought to, whatever stands in the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto_kconfig.reading import read

from .oracle import by_kconfiglib, by_model


def check(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "Kconfig"
        path.write_text(text)
        assert by_model(read(path).model, path) == by_kconfiglib(path), text


def conditions(names: Sequence[str]) -> st.SearchStrategy[str]:
    leaves = st.sampled_from([*names, *names, "y", "m", "n"])
    operands = st.sampled_from([*names, "y", "m", "n"])
    compared = st.tuples(operands, st.sampled_from(["=", "!=", "<", ">="]), operands).map(" ".join)
    return st.recursive(
        leaves | compared,
        lambda inner: st.one_of(
            inner.map(lambda one: f"!({one})"),
            st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda three: f"({' '.join(three)})"),
        ),
        max_leaves=3,
    )


@st.composite
def symbols(draw: st.DrawFn, name: str, before: list[str], after: list[str]) -> str:
    condition = conditions(before)
    lines = [f"config {name}", f"\t{draw(st.sampled_from(['bool', 'tristate', 'tristate']))}"]
    if draw(st.integers(0, 3)):
        lines.append(f'\tprompt "{name}"' + (f" if {draw(condition)}" if draw(st.booleans()) else ""))
    lines += (f"\tdepends on {one}" for one in draw(st.lists(condition, max_size=1)))
    for value in draw(st.lists(condition, max_size=2)):
        lines.append(f"\tdefault {value}" + (f" if {draw(condition)}" if draw(st.booleans()) else ""))
    for target in draw(st.lists(st.sampled_from(after), max_size=2, unique=True)) if after else []:
        word = draw(st.sampled_from(["select", "imply"]))
        lines.append(f"\t{word} {target}" + (f" if {draw(condition)}" if draw(st.booleans()) else ""))
    return "\n".join(lines)


@st.composite
def choices(draw: st.DrawFn, before: list[str]) -> str:
    condition = conditions(before)
    lines = ["choice", '\tprompt "Which"' + (f" if {draw(condition)}" if draw(st.booleans()) else ""), "\tbool"]
    lines += ["\toptional"] if draw(st.booleans()) else []
    lines += (f"\tdepends on {one}" for one in draw(st.lists(condition, max_size=1)))
    for name in ("X", "Y", "Z")[: draw(st.integers(1, 3))]:
        lines += [f"config {name}", f'\tbool "{name}"' + (f" if {draw(condition)}" if draw(st.booleans()) else "")]
    return "\n".join([*lines, "endchoice"])


@st.composite
def files(draw: st.DrawFn, has_modules: bool) -> str:
    names = ["MODULES", "A", "B", "C"] if has_modules else ["A", "B", "C", "D"]
    parts = []
    for index, name in enumerate(names):
        if name == "MODULES":
            parts.append('config MODULES\n\tbool "Modules"\n\toption modules')
        else:
            parts.append(draw(symbols(name, names[:index], names[index + 1 :])))
    if not has_modules and draw(st.booleans()):
        parts.append(draw(choices(names)))
    return "\n".join(parts) + "\n"


@settings(deadline=None)
@given(files(has_modules=False))
def test_files_of_bools_and_choices_mean_what_kconfiglib_makes_of_them(text: str) -> None:
    check(text)


@settings(deadline=None)
@given(files(has_modules=True))
def test_files_of_tristates_mean_what_kconfiglib_makes_of_them(text: str) -> None:
    check(text)


SITUATIONS = {
    "a select goes before what its target depends on":
        'config A\n\tbool "A"\n\tselect B\nconfig B\n\tbool "B"\n\tdepends on C\nconfig C\n\tbool "C"\n',
    "an imply is a default":
        'config A\n\tbool "A"\n\timply B\nconfig B\n\tbool "B"\nconfig C\n\tbool\n\tdefault y if B\n',
    "an if and a menu that is visible now and then":
        'config A\n\tbool "A"\nmenu "M"\n\tvisible if A\nconfig B\n\tbool "B"\n\tdefault y\nendmenu\n'
        'if B\nconfig C\n\tbool "C"\nendif\n',
    "a choice in a menu, of which some symbols are hidden":
        'config A\n\tbool "A"\nmenu "M"\n\tdepends on A\nchoice\n\tprompt "P"\nconfig X\n\tbool "X"\n'
        'config Y\n\tbool "Y" if !A\nendchoice\nendmenu\n',
    "a symbol that is defined twice":
        'config B\n\tbool "B"\nconfig A\n\tbool "A" if B\nconfig A\n\tbool\n\tprompt "A too" if !B\n\tdefault y\n',
    "a symbol that nobody defines":
        'config A\n\tbool "A"\n\tdepends on NOWHERE || !NOWHERE\nconfig B\n\tbool "B"\n\tdepends on NOWHERE = "x"\n',
    "a module that a module selects":
        'config MODULES\n\tbool "M"\n\toption modules\nconfig A\n\ttristate "A"\n\tselect B\nconfig B\n\ttristate\n',
    "an imply of y lifts a selected module to y even where its dependencies do not hold":
        'config MODULES\n\tbool "M"\n\toption modules\nconfig A\n\tbool "A"\n\timply B\nconfig D\n\ttristate "D"\n'
        '\tselect B\nconfig E\n\tbool "E"\nconfig B\n\ttristate\n\tdepends on E\n',
    "a module is y where there are no modules":
        'config MODULES\n\tbool "M"\n\toption modules\nconfig B\n\ttristate\n\tdefault m\n',
}  # fmt: skip


@pytest.mark.parametrize("text", SITUATIONS.values(), ids=SITUATIONS)
def test_a_situation_means_what_kconfiglib_makes_of_it(text: str) -> None:
    check(text)
