"""Numbers and texts that depend on one another are bound as kconfiglib has it, whatever stands in the file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.model.expression import Value
from sarto_kconfig.reading import read

from .oracle import values_by_kconfiglib, values_by_model

NUMBERS = ("0", "1", "2", "3")
TEXTS = ("", "x", "z")


def check(text: str, values: tuple[str, ...] = NUMBERS) -> None:
    candidates: list[Value] = [int(value) if value.isdigit() else value for value in values]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "Kconfig"
        path.write_text(text)
        reached = {
            way
            for way in values_by_kconfiglib(path, values)
            if all(isinstance(value, bool) or value in candidates for _, value in way)
        }
        assert values_by_model(read(path).model, candidates) == reached, text


@st.composite
def numbers(draw: st.DrawFn, name: str, before: list[str], kind: str) -> str:
    bounds = st.sampled_from([*NUMBERS, *before, *before])
    conditions = st.sampled_from(["P", "!P", "y", *(f"{other} {op} 1" for other in before for op in ("=", "<", "!="))])
    lines = [f"config {name}", f"\t{kind}"]
    lines += [f'\tprompt "{name}"' + (f" if {draw(conditions)}" if draw(st.booleans()) else "")] * draw(st.booleans())
    for low, high, has_condition in draw(st.lists(st.tuples(bounds, bounds, st.booleans()), max_size=2)):
        lines.append(f"\trange {low} {high}" + (f" if {draw(conditions)}" if has_condition else ""))
    for value, has_condition in draw(st.lists(st.tuples(bounds, st.booleans()), max_size=2)):
        lines.append(f"\tdefault {value}" + (f" if {draw(conditions)}" if has_condition else ""))
    return "\n".join(lines)


@st.composite
def files(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["int", "int", "hex"]))
    parts = ['config P\n\tbool "P"']
    names = ["A", "B", "C"]
    parts += [draw(numbers(name, names[:index], kind)) for index, name in enumerate(names)]
    operands = st.sampled_from([*names, *NUMBERS, "P"])
    operator = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    parts.append(f"config D\n\tbool\n\tdefault y if {draw(operands)} {operator} {draw(operands)}\n")
    return "\n".join(parts)


@settings(deadline=None)
@given(files())
def test_numbers_and_their_ranges_mean_what_kconfiglib_makes_of_them(text: str) -> None:
    check(text)


SITUATIONS = {
    "a range up to another number":
        'config A\n\tint "A"\n\trange 0 B\nconfig B\n\tint "B"\n\trange 1 3\n',
    "a range between two others that can be empty: the default is moved":
        'config A\n\tint "A"\n\trange B C if P\n\tdefault 2\nconfig B\n\tint "B"\nconfig C\n\tint "C"\n'
        'config P\n\tbool "P"\n',
    "a bound that is hidden has its default, which its own range moves":
        'config A\n\tint "A"\n\trange 0 B\nconfig B\n\tint "B" if P\n\trange 1 2\n\tdefault 9\nconfig P\n\tbool "P"\n',
    "a default that is another number, compared":
        'config A\n\tint "A"\nconfig B\n\tint\n\tdefault A\nconfig D\n\tbool "D"\n\tdepends on B > 1\n',
    "two numbers compared, one of them hidden now and then":
        'config A\n\tint "A" if P\nconfig B\n\tint "B"\nconfig P\n\tbool "P"\nconfig D\n\tbool\n\tdefault y if A < B\n',
    "a number beside a bool, which counts as 0 or 2":
        'config A\n\tint "A"\nconfig P\n\tbool "P"\nconfig D\n\tbool\n\tdefault y if P <= A\n',
    "a number is never a word":
        'config A\n\tint "A"\nconfig D\n\tbool\n\tdefault y if A != "x"\nconfig E\n\tbool\n\tdefault y if A = "x"\n',
    "a hex and an int that are compared":
        'config A\n\tint "A"\nconfig B\n\thex "B"\nconfig D\n\tbool\n\tdefault y if A >= B\n',
    "a bound that nobody defines is 0":
        'config A\n\tint "A"\n\trange NOWHERE 2\n',
}  # fmt: skip


@pytest.mark.parametrize("text", SITUATIONS.values(), ids=SITUATIONS)
def test_a_situation_of_numbers_means_what_kconfiglib_makes_of_it(text: str) -> None:
    check(text)


WITH_TEXTS = {
    "two texts compared":
        'config A\n\tstring "A"\nconfig B\n\tstring "B"\nconfig D\n\tbool\n\tdefault y if A < B\n',
    "the order of a text and a constant":
        'config A\n\tstring "A" if P\nconfig P\n\tbool "P"\nconfig D\n\tbool\n\tdefault y if A > "x"\n',
    "a default that is another text":
        'config A\n\tstring "A"\nconfig B\n\tstring\n\tdefault A if P\n\tdefault "z"\nconfig P\n\tbool "P"\n'
        'config D\n\tbool\n\tdefault y if B = "z"\n',
}  # fmt: skip


@pytest.mark.parametrize("text", WITH_TEXTS.values(), ids=WITH_TEXTS)
def test_a_situation_of_texts_means_what_kconfiglib_makes_of_it(text: str) -> None:
    check(text, TEXTS)
