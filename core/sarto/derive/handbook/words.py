"""The facts of a page as titled rows, the same for the site and for the terminal; names are kept apart from text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ...model.values import shown
from .facts import FeaturePage, Handbook
from .hooks import HookUse, Implementer

__all__ = ["Name", "Row", "feature_rows", "hook_rows", "number_in_words", "share_in_words", "signature"]

EXACT = 10**15
"""Numbers below it are written out."""
PLUGINS_UNSEEN = "not looked at: the parts were left out, or the line is not for this machine"


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a feature, or of a hook: something that has a page."""

    text: str
    is_hook: bool = False


Piece = str | Name


@dataclass(frozen=True, slots=True)
class Row:
    """A title, and what is said under it, item by item, each in pieces; ``is_in_order`` where they have one."""

    title: str
    items: tuple[tuple[Piece, ...], ...]
    is_in_order: bool = False


def feature_rows(book: Handbook, page: FeaturePage) -> Iterator[Row]:
    """What is said of a feature, without what does not apply."""
    feature, delivery = page.feature, page.feature.delivery
    yield Row("Place", ((page.place,),))
    if feature.type is not None:
        yield Row("Value", ((_value(page),),))
    elif feature.default is not None:
        yield Row("Default", (("in" if feature.default else "out",),))
    yield Row("Products", ((f"{number_in_words(page.number)} of {number_in_words(book.count)}{_share(page.share)}",),))
    for words, names in page.children:
        yield Row(words[:1].upper() + words[1:], _names(names))
    yield from _named("Brings", page.brings)
    yield from _named("Rules out", page.bars)
    yield from _named("Needed by", page.needed_by)
    if page.rules:
        yield Row("Rules", tuple((rule.text + (f" — {rule.because}" if rule.because else ""),) for rule in page.rules))
    yield from _texts("Attributes", (f"{key} = {shown(value)}" for key, value in page.attributes))
    yield Row(
        "Decided by", ((f"the {feature.stage.value}; can be switched until {_BINDING[delivery.binding.value]}",),)
    )
    if feature.instances:
        low, high = feature.instances
        yield Row("Instances", ((f"{low} to {'any number' if high is None else high}",),))
    yield from _texts("Parts", delivery.parts)
    yield from _texts("Setting", [delivery.setting] if delivery.setting else [])
    if page.hooks is None and delivery.parts:
        yield Row("Hooks", ((PLUGINS_UNSEEN,),))
    elif page.hooks:
        yield Row("Hooks", tuple((Name(hook, is_hook=True),) for hook in page.hooks))
    yield from _named("Called before", delivery.before)
    yield from _named("Called after", delivery.after)
    yield from _texts("Earlier names", delivery.was)


def _implementer(each: Implementer) -> tuple[Piece, ...]:
    said: list[Piece] = ["the core"]
    if each.features:
        said = [piece for name in each.features for piece in (", ", Name(name))][1:]
    takes = f"takes {', '.join(each.arguments)}" if each.arguments else "takes nothing"
    marks = "".join(f" · {mark}" for mark in (each.kind, each.rank) if mark)
    return *said, f": {each.entry_point} of {each.part} {each.version}, {takes}{marks}"


_BINDING = {"build": "the build is made", "start": "the product starts", "run": "any time, while it runs"}


def hook_rows(use: HookUse) -> Iterator[Row]:
    """What is said of a hook."""
    kind = "the core" if use.is_core else "a part of the line" if use.arguments is not None else "nobody in this line"
    yield Row("Specified by", ((kind,),))
    if use.arguments is not None:
        yield Row("Gives", ((", ".join(use.arguments) or "nothing",),))
    items = tuple(_implementer(each) for each in use.implementers)
    yield Row("Implemented by", items or (("nobody in this line",),), is_in_order=True)
    if len(items) > 1:
        yield Row("Order", ((_order(use),),))


def _order(use: HookUse) -> str:
    """How it comes about that they are called as listed."""
    steps = []
    if any(each.goes_around for each in use.implementers):
        steps.append("wrappers around the others")
    if any(each.rank for each in use.implementers):
        steps.append("then by what plugins are marked (tryfirst, trylast)" if steps else "by what plugins are marked")
    return "called as listed: " + ", ".join([*steps, "then by the line's order" if steps else "by the line's order"])


def signature(use: HookUse) -> str:
    """The hook as it is called."""
    return f"{use.name}({', '.join(use.arguments or ())})"


def number_in_words(number: int | None) -> str:
    """The number in full, or rounded where nobody would read it."""
    if number is None:
        return "an unknown number"
    if number < EXACT:
        return f"{number:,}"
    text = str(number)
    return f"about {text[0]}.{text[1:3]} · 10^{len(text) - 1}"


def share_in_words(share: Fraction | None) -> str:
    """The share in percent; one that is neither none nor all is never written as such."""
    if share is None:
        return ""
    if 0 < share < Fraction(1, 1000):
        return "under 0.1%"
    if Fraction(999, 1000) < share < 1:
        return "over 99.9%"
    return f"{float(share):.1%}".replace(".0%", "%")


def _share(share: Fraction | None) -> str:
    return f" ({share_in_words(share)})" if share is not None else ""


def _value(page: FeaturePage) -> str:
    feature = page.feature
    said = [f"{feature.type}"]
    if feature.minimum is not None:
        said.append(f"at least {feature.minimum}")
    if feature.maximum is not None:
        said.append(f"at most {feature.maximum}")
    if feature.default is not None:
        said.append(f"by default {shown(feature.default)}")
    return ", ".join(said)


def _names(names: Iterable[str]) -> tuple[tuple[Piece, ...], ...]:
    return tuple((Name(name),) for name in names)


def _named(title: str, names: Iterable[str]) -> Iterator[Row]:
    if items := _names(names):
        yield Row(title, items)


def _texts(title: str, texts: Iterable[str]) -> Iterator[Row]:
    if items := tuple((text,) for text in texts):
        yield Row(title, items)
