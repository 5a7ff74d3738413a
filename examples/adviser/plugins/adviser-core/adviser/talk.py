"""A talk with a client who switches features while the product runs, inside what stays valid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sarto_runtime import ProductError, product

__all__ = ["talk"]

STATES = {"on": True, "off": False}


def talk(lines: Iterable[str], propose: Callable[[], Iterable[str]]) -> Iterator[str]:
    """The answers to the lines: what is proposed now, or what a switch did, or why it cannot be."""
    for line in lines:
        match line.split():
            case []:
                pass
            case ["propose"]:
                yield from propose()
            case [("on" | "off"), _, *_] as words:
                yield from _switched(words)
            case _:
                yield "say 'propose', 'on FEATURE' or 'off FEATURE'"


def _switched(words: Iterable[str]) -> Iterator[str]:
    """All of it or nothing: ``on gold off hedging`` switches both at once."""
    wanted, is_on = dict[str, bool](), True
    for word in words:
        if word in STATES:
            is_on = STATES[word]
        else:
            wanted[word] = is_on
    try:
        refusal = product().preview(wanted).refusal
        if refusal is None:
            yield from _said(product().switch(wanted).now)
            return
    except ProductError as error:
        yield from str(error).splitlines()
        return
    yield from refusal.sentences
    if refusal.repair:
        yield f"this would do: {' '.join(_words({**wanted, **refusal.repair}))}"


def _said(changed: Mapping[str, bool]) -> Iterator[str]:
    return (f"{feature} is {state} now" for feature, state in _named(changed)) if changed else iter(["nothing changes"])


def _named(changed: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    return ((feature, "on" if is_on else "off") for feature, is_on in changed.items())


def _words(wanted: Mapping[str, bool]) -> Iterator[str]:
    return (f"{state} {feature}" for feature, state in _named(wanted))
