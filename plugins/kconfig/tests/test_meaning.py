"""The model has exactly the configurations that kconfiglib can be brought to, whatever stands in the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
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
def choices(draw: st.DrawFn, before: list[str], types: Sequence[str] = ("bool",)) -> str:
    condition = conditions(before)
    type = st.sampled_from(types)
    lines = ["choice", '\tprompt "Which"' + (f" if {draw(condition)}" if draw(st.booleans()) else "")]
    lines.append(f"\t{draw(type)}")
    lines += ["\toptional"] if draw(st.booleans()) else []
    lines += (f"\tdepends on {one}" for one in draw(st.lists(condition, max_size=1)))
    for name in ("X", "Y", "Z")[: draw(st.integers(1, 3))]:
        given = f" if {draw(condition)}" if draw(st.booleans()) else ""
        lines += [f"config {name}", f'\t{draw(type)} "{name}"{given}']
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


MODULES = 'config MODULES\n\tbool "M"\n\toption modules\n'


@st.composite
def files_with_choices(draw: st.DrawFn) -> str:
    parts = [MODULES] if draw(st.integers(0, 4)) else []
    names = ["MODULES", "A", "B"] if parts else ["A", "B"]
    parts += [draw(symbols(name, names[: names.index(name)], names[names.index(name) + 1 :])) for name in names[-2:]]
    parts.insert(draw(st.integers(1, len(parts))), draw(choices(names, types=("tristate", "tristate", "bool"))))
    parts.append(f"config C\n\ttristate\n\tdefault {draw(conditions(['X', 'Y', *names]))}\n")
    if draw(st.booleans()):
        parts.insert(draw(st.integers(1, len(parts))), f'config X\n\tprompt "X" if {draw(conditions(names))}')
    return "\n".join(parts) + "\n"


@settings(deadline=None, max_examples=60)
@given(files_with_choices())
def test_files_with_choices_between_tristates_mean_what_kconfiglib_makes_of_them(text: str) -> None:
    try:
        check(text)
    except SartoError as error:
        assume("Dependency loop" not in error.what)
        raise


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
    "a choice in mode m has any of its symbols as modules, in mode y one of them":
        MODULES + 'choice\n\ttristate "P"\nconfig X\n\ttristate "X"\nconfig Y\n\ttristate "Y"\nconfig Z\n'
        '\tbool "Z"\nendchoice\n',
    "a choice of bools between tristates":
        MODULES + 'config A\n\ttristate "A"\nchoice\n\tbool\n\tprompt "P" if A\nconfig X\n\ttristate "X"\n'
        'config Y\n\ttristate "Y" if A\nendchoice\n',
    "a choice between tristates that need not be made":
        MODULES + 'config A\n\ttristate "A"\nchoice\n\ttristate "P" if A\n\toptional\nconfig X\n\ttristate "X"\n'
        'config Y\n\ttristate "Y"\nendchoice\n',
    "a choice between tristates where there are no modules":
        'choice\n\ttristate "P"\nconfig X\n\ttristate "X"\nconfig Y\n\ttristate "Y"\nendchoice\n',
    "a symbol of a choice that another prompt shows, too":
        MODULES + 'config A\n\ttristate "A"\nconfig B\n\tbool "B"\nconfig X\n\ttristate\n\tprompt "X" if A\n'
        'choice\n\ttristate "P" if B\nconfig X\n\ttristate "X"\nconfig Y\n\tbool "Y"\nendchoice\n',
    "a symbol in a choice that depends on one before it, and is selected":
        'config A\n\tbool "A"\n\tselect Y\nchoice\n\tprompt "P" if !A\nconfig X\n\tbool "X"\nconfig Y\n\tbool "Y"\n'
        '\tdepends on X\nendchoice\n',
}  # fmt: skip


@pytest.mark.parametrize("text", SITUATIONS.values(), ids=SITUATIONS)
def test_a_situation_means_what_kconfiglib_makes_of_it(text: str) -> None:
    check(text)
