"""A linear comparison as a decision diagram over partial sums (Eén and Sörensson, 2006)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import lcm
from operator import eq, ge, gt, le, lt, ne

from ..model.expression import Compare, Value
from .difficulty import too_hard
from .formula import FormulaBuilder
from .linear_form import LinearForm

__all__ = ["NODE_LIMIT", "linear"]

OPERATORS = {"==": eq, "!=": ne, "<": lt, ">": gt, "<=": le, ">=": ge}
NODE_LIMIT = 200_000
Selectors = Mapping[str, Mapping[Value, int]]


def linear(builder: FormulaBuilder, form: LinearForm, node: Compare, selectors: Selectors | None = None) -> int:
    """A literal for ``form op 0``, with ``op`` the node's operator; ``selectors`` in place of the builder's."""
    literals = builder.selectors if selectors is None else selectors
    amounts = (amount for states in form.terms.values() for amount in states.values())
    scale = lcm(*{amount.denominator for amount in (form.constant, *amounts)})  # whole numbers are far quicker
    start = int(form.constant * scale)
    steps = [
        (name, choices)
        for name, states in form.terms.items()
        if any(choices := [*_choices(builder, literals, name, {state: int(a * scale) for state, a in states.items()})])
    ]
    steps.sort(key=lambda step: -max(abs(amount) for _, amount in step[1]))
    low, high = _reach(steps)
    holds = OPERATORS[node.operator]
    made = 0

    def settled(level: int, total: int) -> int | None:
        least, most = holds(total + low[level], 0), holds(total + high[level], 0)
        if level == len(steps):
            return builder.constant(least)
        if node.operator in ("==", "!="):
            inside = total + low[level] <= 0 <= total + high[level]
            return None if inside else builder.constant(node.operator == "!=")
        return builder.constant(least) if least == most else None

    table: dict[tuple[int, int], int] = {}
    work = [(0, start, False)]
    while work:
        level, total, is_ready = work.pop()
        key = (level, total)
        if key in table:
            continue
        known = settled(level, total)
        if known is not None:
            table[key] = known
            continue
        choices = steps[level][1]
        if not is_ready:
            work.append((level, total, True))
            work.append((level + 1, total, False))
            work.extend((level + 1, total + amount, False) for _, amount in choices)
            continue
        made += 1
        if made > NODE_LIMIT:
            raise too_hard(node)
        result = table[level + 1, total]
        for condition, amount in choices:
            taken = table[level + 1, total + amount]
            if len(choices) > 1 or node.operator in ("==", "!="):
                result = builder.choose(condition, taken, result)
            elif (amount > 0) is (node.operator in (">", ">=")):
                result = builder.choose_more(condition, taken, result)
            else:
                result = builder.choose_more(-condition, result, taken)
        table[key] = result
    return table[0, start]


def _choices(
    builder: FormulaBuilder, selectors: Selectors, name: str, states: Mapping[Value, int]
) -> Iterator[tuple[int, int]]:
    """What a feature may contribute: (literal of the state, amount), one entry where all states agree."""
    amounts = set(states.values())
    if len(amounts) == 1:
        amount = amounts.pop()
        if amount:
            yield builder.variable(name), amount
        return
    for state, amount in states.items():
        yield selectors[name][state], amount


def _reach(steps: Sequence[tuple[str, Sequence[tuple[int, int]]]]) -> tuple[list[int], list[int]]:
    """The least and the greatest that the steps from each level on can add."""
    low, high = [0], [0]
    for _, choices in reversed(steps):
        amounts = [0, *(amount for _, amount in choices)]
        low.append(low[-1] + min(amounts))
        high.append(high[-1] + max(amounts))
    return low[::-1], high[::-1]
