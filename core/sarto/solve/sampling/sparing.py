"""Which of some sets are needed for their union, where each set is given as rows of bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["Tally"]


class Tally:
    """How often each bit of each row was added: numbers in binary, ``_digits[row][d]`` has those with the digit d."""

    def __init__(self, rows: int) -> None:
        self._digits: list[list[int]] = [[] for _ in range(rows)]

    def add(self, rows: Iterable[int], bits: int) -> None:
        """Add the bits to these rows."""
        for row in rows:
            digits, carry = self._digits[row], bits
            for place, digit in enumerate(digits):
                digits[place], carry = digit ^ carry, digit & carry
                if not carry:
                    break
            else:
                digits.append(carry)

    def take(self, rows: Sequence[int], bits: int) -> None:
        """Take the bits from these rows, which have them."""
        for row in rows:
            digits, borrow = self._digits[row], bits
            for place, digit in enumerate(digits):
                digits[place], borrow = digit ^ borrow, ~digit & borrow
                if not borrow:
                    break

    def can_spare(self, rows: Sequence[int], bits: int) -> bool:
        """Whether each of the bits was added to each of the rows twice at least."""
        for row in rows:
            once, *more = self._digits[row]
            single = once & bits
            for digit in more:
                single &= ~digit
            if single:
                return False
        return True
