"""Constraints as the elements of FeatureIDE's rules."""

from __future__ import annotations

from sarto.model.expression import And, Compare, Expression, FeatureReference, Iff, Implies, Not, Or, children
from sarto.model.notation import write

from .markup import Markup

__all__ = ["fault_of", "write_at_most_one", "write_expression"]


def fault_of(expression: Expression) -> str:
    """What stands in the expression and cannot stand in a rule; an empty text where it can be written."""
    nodes = [expression]
    for node in nodes:  # grows while it is gone through
        match node:
            case Compare():
                return f"comparisons such as {write(node)}"
            case And(()) | Or(()):
                return "operators without operands"
            case FeatureReference() | Not() | And() | Or() | Implies() | Iff():
                nodes += children(node)
            case _:
                return f"values such as {write(node)}"
    return ""


def write_expression(expression: Expression, markup: Markup) -> None:
    """Write an expression of features and logic, of any depth."""
    work: list[Expression | str] = [expression]
    while work:
        node = work.pop()
        match node:
            case str():
                markup.close(node)
                continue
            case FeatureReference(name):
                markup.text("var", name)
                continue
            case Not():
                tag = "not"
            case And():
                tag = "conj"
            case Or():
                tag = "disj"
            case Implies():
                tag = "imp"
            case _:
                tag = "eq"
        markup.open(tag)
        work.append(tag)
        work += reversed(children(node))


def write_at_most_one(names: tuple[str, ...], markup: Markup) -> None:
    """Write that at most one of the features is selected."""
    markup.open("atmost1")
    for name in names:
        markup.text("var", name)
    markup.close("atmost1")
