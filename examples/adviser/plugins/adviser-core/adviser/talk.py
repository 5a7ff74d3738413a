"""A talk with a client who switches features while the product runs, inside what stays valid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sarto_runtime import ProductError, product

__all__ = ["talk"]


def talk(lines: Iterable[str], propose: Callable[[], Iterable[str]]) -> Iterator[str]:
    """The answers to the lines: what is proposed now, or what a switch did or would break."""
    for line in lines:
        match line.split():
            case ["propose"]:
                yield from propose()
            case [("on" | "off") as state, *features] if features:
                yield from _switched(dict.fromkeys(features, state == "on"))
            case []:
                pass
            case _:
                yield "say 'propose', 'on FEATURE' or 'off FEATURE'"


def _switched(wanted: dict[str, bool]) -> Iterator[str]:
    try:
        change = product().switch(wanted)
    except ProductError as error:
        yield from str(error).splitlines()
        return
    yield from (f"{feature}: {'on' if is_on else 'off'}" for feature, is_on in change.now.items())
    yield from (f"{feature}: {'on' if is_on else 'off'} from the next start" for feature, is_on in change.later.items())
