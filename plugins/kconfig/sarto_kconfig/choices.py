"""What a choice and its symbols are bound by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .language import k
from .logic import Formula, both, either, equivalent, implies, negated
from .meaning import Meaning

__all__ = ["choice_rules", "is_loose"]


def is_loose(choice: Any) -> bool:
    """Whether several symbols of the choice can be there, as modules."""
    return bool(choice.kconfig.modules.nodes) and any(symbol.orig_type == k.TRISTATE for symbol in choice.syms)


def choice_rules(meaning: Meaning, choice: Any) -> Iterator[Formula]:
    """A choice is there when it is visible; in mode y it has one of its visible symbols, in mode m any of them as m.

    Symbols that are no tristates are visible in mode y alone, and there those that are only with visibility y.
    """
    mode, visible = meaning.item(choice), meaning.visibility(choice)
    yield implies(mode.some, visible.some) if choice.is_optional else equivalent(mode.some, visible.some)
    if choice in meaning.modules:
        yield implies(mode.full, visible.full)
    taken: Formula = False
    shown: Formula = False
    for symbol in choice.syms:
        own, seen = meaning.item(symbol), meaning.shown(symbol)
        can_be_full = seen.full if symbol in meaning.modules else seen.some
        yield implies(own.full, both(can_be_full, mode.full))
        if symbol in meaning.modules:
            as_module = both(seen.some, negated(seen.full), negated(mode.full))
            yield implies(both(own.some, negated(own.full)), as_module)
        if is_loose(choice):
            yield implies(own.full, negated(taken))
        taken, shown = either(taken, own.full), either(shown, can_be_full)
    yield implies(both(mode.full, shown), taken)
