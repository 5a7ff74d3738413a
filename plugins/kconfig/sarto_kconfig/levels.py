"""What Kconfig's expressions mean: each has a level, n, m or y, as two formulas: at least m, and y."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .language import k
from .logic import Formula, both, either, negated

__all__ = ["NEVER", "Level", "level_of", "lower", "upper"]


@dataclass(frozen=True, slots=True)
class Level:
    """``some`` says that the level is at least m, ``full`` that it is y; they are the same where there is no m."""

    some: Formula
    full: Formula

    def states(self) -> Iterator[tuple[int, Formula]]:
        """The three values, 0 to 2, and when each is taken."""
        yield 0, negated(self.some)
        if self.some is not self.full:
            yield 1, both(self.some, negated(self.full))
        yield 2, self.full


NEVER = Level(False, False)


def lower(first: Level, second: Level) -> Level:
    """The lower of two levels, as ``&&`` has it."""
    return _combined(both, first, second)


def upper(first: Level, second: Level) -> Level:
    """The higher of two levels, as ``||`` has it."""
    return _combined(either, first, second)


def level_of(expression: Any, item: Callable[[Any], Level], relation: Callable[[Any], Formula]) -> Level:
    """The level of one of kconfiglib's expressions; ``item`` gives that of a symbol or choice, ``relation`` a truth."""
    results: list[Level] = []
    work: list[tuple[Any, bool]] = [(expression, False)]
    while work:
        node, is_open = work.pop()
        if not isinstance(node, tuple):
            results.append(item(node))
        elif node[0] not in (k.AND, k.OR, k.NOT):
            truth = relation(node)
            results.append(Level(truth, truth))
        elif not is_open:
            work.append((node, True))
            work += ((operand, False) for operand in reversed(node[1:]))
        elif node[0] == k.NOT:
            results.append(_opposite(results.pop()))
        else:
            second = results.pop()
            results.append((lower if node[0] == k.AND else upper)(results.pop(), second))
    return results[0]


def _combined(combine: Callable[..., Formula], first: Level, second: Level) -> Level:
    some = combine(first.some, second.some)
    if first.some is first.full and second.some is second.full:
        return Level(some, some)
    return Level(some, combine(first.full, second.full))


def _opposite(level: Level) -> Level:
    some = negated(level.full)
    return Level(some, some if level.some is level.full else negated(level.some))
