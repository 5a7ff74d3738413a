"""The reference of the hooks has every hook spec, with the example of its docstring, and every type with its fields."""

from __future__ import annotations

import inspect
import re
from dataclasses import fields
from textwrap import dedent

import pytest
import sarto.hooks
from sarto.derive.plan import Part, Plan, ResolvedTarget
from sarto.hooks import (
    BuildFormat,
    Counter,
    Executor,
    FactSource,
    Gathered,
    ModelFormat,
    ModelReading,
    Optimiser,
    OrderBooks,
    PluginManager,
    QuoteFormat,
    QuoteLanguage,
    specs,
)
from sarto.model.prices import Offer, PriceLine, Quote

from .page import Page

PAGE = Page.read("docs/reference/hooks.md")
SECTIONS = PAGE.sections()
SPECS = {name: spec for name, spec in vars(specs).items() if name.startswith(f"{specs.HOST}_")}
_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


@pytest.mark.parametrize("name", SPECS)
def test_a_hook_is_there_with_its_documented_example(name: str) -> None:
    _, found, example = (inspect.getdoc(SPECS[name]) or "").partition("Example::\n\n")
    assert found, f"the docstring of {name} has no example"
    shown = [block.text for block in PAGE.blocks if block.heading == f"`{name}`"]
    assert shown == [dedent(example).rstrip("\n") + "\n"]


@pytest.mark.parametrize("name", SPECS)
def test_a_hook_is_there_with_all_that_is_to_be_known_of_it(name: str) -> None:
    text = SECTIONS[f"`{name}`"]
    assert re.findall(r"^\| ([a-z ]+) \|", text, re.MULTILINE) == [
        "called", "arguments", "result", "results together", "order",
    ]  # fmt: skip
    arguments = re.findall(r"`(\w+)`:", text.partition("| arguments |")[2].partition("\n")[0])
    assert arguments == list(inspect.signature(SPECS[name]).parameters)


def test_the_reference_has_no_hook_that_sarto_has_not() -> None:
    assert [heading for heading in SECTIONS if heading.startswith("`sarto_")] == [f"`{name}`" for name in SPECS]


@pytest.mark.parametrize(
    "type_",
    [
        ModelFormat, ModelReading, BuildFormat, Counter, Executor, FactSource, Optimiser, QuoteFormat, QuoteLanguage,
        Plan, Part, ResolvedTarget, Offer, Quote, PriceLine, OrderBooks,
    ],
)  # fmt: skip
def test_a_type_is_there_with_all_its_fields(type_: type) -> None:
    own = [field.name for field in fields(type_)]
    own += [name for name, value in vars(type_).items() if isinstance(value, property)]
    assert _ROW.findall(SECTIONS[f"`{type_.__name__}`"]) == own


@pytest.mark.parametrize(("heading", "type_"), [("`Gathered`", Gathered), ("The plugin manager", PluginManager)])
def test_an_object_is_there_with_all_that_it_does(heading: str, type_: type) -> None:
    documented = re.findall(r"^\| `(\w+)[^`]*` \|", SECTIONS[heading], re.MULTILINE)
    assert sorted(documented) == sorted(name for name in vars(type_) if not name.startswith("_"))


@pytest.mark.parametrize("name", sarto.hooks.__all__)
def test_everything_public_of_the_hooks_is_named(name: str) -> None:
    assert re.search(rf"`[^`]*\b{name}\b[^`]*`", PAGE.text)
