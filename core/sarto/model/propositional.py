"""The fast road for constraints of nothing but names and logic, which are nearly all there are in large models."""

from __future__ import annotations

import re
from collections.abc import Container

from .expression import And, Expression, FeatureReference, Iff, Implies, Not, Or
from .notation import PRECEDENCE, RESERVED

__all__ = ["PropositionalReader"]

_TOKEN = re.compile(r'[A-Za-z][A-Za-z0-9_]*|"[^".\r\n]+"|<=>|=>|\S')
_BINDING = {operator: PRECEDENCE[operator] for operator in ("&", "|", "=>", "<=>")}
_IFF, _OR = PRECEDENCE["<=>"], PRECEDENCE["|"]


class PropositionalReader:
    """Reads such constraints over one set of features, each name and each negated name made once.

    ``prefix`` is put before every name before it is looked up. What :meth:`read` gives is what
    :func:`sarto.model.grammar.parse` gives; where it gives None, only ``parse`` can tell what that is.
    """

    def __init__(self, features: Container[str], prefix: str = "") -> None:
        self.features = features
        self.prefix = prefix
        self.names: dict[str, FeatureReference] = {}
        self.negations: dict[str, Not] = {}

    def read(self, text: str) -> Expression | None:
        """The constraint, or None where it is anything but known names in strict spelling and logic."""
        operands: list[Expression] = []
        operators: list[str] = []
        wants_operand = True
        for token in _TOKEN.findall(text):
            if wants_operand:
                if token == "!" or token == "(":
                    operators.append(token)
                    continue
                name = self.names.get(token) or self._look_up(token)
                if name is None:
                    return None
                if operators and operators[-1] == "!":
                    operators.pop()
                    operands.append(self.negations.get(token) or self._negate(token, name))
                    _apply_negations(operators, operands)
                else:
                    operands.append(name)
                wants_operand = False
            elif token == ")":
                _reduce(operators, operands, 0)
                if not operators:
                    return None
                operators.pop()
                _apply_negations(operators, operands)
            else:
                binding = _BINDING.get(token)
                if binding is None:
                    return None
                _reduce(operators, operands, binding)
                operators.append(token)
                wants_operand = True
        if wants_operand:
            return None
        _reduce(operators, operands, 0)
        return None if operators else operands[0]

    def _look_up(self, token: str) -> FeatureReference | None:
        name = token[1:-1] if token[0] == '"' else token
        if name is token and (token in RESERVED or not (token[0].isascii() and token[0].isalpha())):
            return None
        if (self.prefix + name) not in self.features:
            return None
        return self.names.setdefault(token, FeatureReference(self.prefix + name))

    def _negate(self, token: str, name: FeatureReference) -> Not:
        return self.negations.setdefault(token, Not(name))


def _apply_negations(operators: list[str], operands: list[Expression]) -> None:
    while operators and operators[-1] == "!":
        operators.pop()
        operands[-1] = Not(operands[-1])


def _reduce(operators: list[str], operands: list[Expression], binding: int) -> None:
    """Apply the operators on the stack, down to a bracket, that come before one that binds like ``binding``.

    Of its own kind only ``=>`` and ``<=>`` do: chains of ``&`` and ``|`` grow into one expression.
    """
    while operators:
        operator = operators[-1]
        own = _BINDING.get(operator, -1)
        if own < binding or (own == binding and binding >= _OR) or own < _IFF:
            return
        operators.pop()
        if own >= _OR:
            size = 2
            while operators and operators[-1] == operator:
                operators.pop()
                size += 1
            chain = tuple(operands[-size:])
            operands[-size:] = [And(chain) if operator == "&" else Or(chain)]
        else:
            right = operands.pop()
            operands[-1] = (Implies if operator == "=>" else Iff)(operands[-1], right)
