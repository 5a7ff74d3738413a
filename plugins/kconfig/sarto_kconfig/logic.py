"""Logic that is simplified while it is made; truth values stand for what always and never holds."""

from __future__ import annotations

from collections.abc import Iterable

from sarto.model.expression import And, Expression, Iff, Implies, Not, Or, children

__all__ = ["Formula", "both", "chosen", "either", "equivalent", "implies", "negated"]

Formula = Expression | bool

DEEPEST = 400
"""So many levels of conditions inside conditions are put together."""


def negated(formula: Formula) -> Formula:
    """The opposite."""
    if isinstance(formula, bool):
        return not formula
    return formula.operand if isinstance(formula, Not) else Not(formula)


def both(*formulas: Formula) -> Formula:
    """All of them."""
    parts = _parts(formulas, neutral=True)
    return parts if isinstance(parts, bool) else parts[0] if len(parts) == 1 else And(parts)


def either(*formulas: Formula) -> Formula:
    """At least one of them."""
    parts = _parts(formulas, neutral=False)
    return parts if isinstance(parts, bool) else parts[0] if len(parts) == 1 else Or(parts)


def chosen(given: Formula, one: Formula, other: Formula) -> Formula:
    """The one where ``given`` holds, the other where it does not."""
    return one if one == other else either(both(given, one), both(negated(given), other))


def implies(left: Formula, right: Formula) -> Formula:
    """Where the left holds, so does the right."""
    if isinstance(left, bool) or isinstance(right, bool):
        return either(negated(left), right)
    return True if left == right else Implies(left, right)


def equivalent(left: Formula, right: Formula) -> Formula:
    """Both, or neither."""
    if isinstance(left, bool):
        return right if left else negated(right)
    if isinstance(right, bool):
        return left if right else negated(left)
    return Iff(left, right)


def _parts(formulas: Iterable[Formula], *, neutral: bool) -> tuple[Expression, ...] | bool:
    """The formulas that matter, each once; a truth value where one decides, or none is left."""
    kind = And if neutral else Or
    found: dict[Expression, None] = {}
    for formula in formulas:
        if isinstance(formula, bool):
            if formula is not neutral:
                return not neutral
            continue
        _refuse_deep(formula)
        if isinstance(formula, kind):
            found.update(dict.fromkeys(formula.operands))
        else:
            found[formula] = None
    return tuple(found) or neutral


def _refuse_deep(formula: Expression) -> None:
    """Raise RecursionError for a formula that nobody writes: what is made of it would take the square of its depth."""
    work = [(formula, 0)]
    while work:
        node, depth = work.pop()
        if depth > DEEPEST:
            raise RecursionError
        work += [(child, depth + 1) for child in children(node)]
