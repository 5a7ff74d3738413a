"""Which parts builds have in common, and what each customer has alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .survey import Customer

__all__ = ["Part", "Share", "Sharing", "sharing"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part by its file, its bytes where they are known, and how many builds have it."""

    file: str
    size: int | None
    builds: int


@dataclass(frozen=True, slots=True)
class Share:
    """A customer's build: its parts and their bytes, and those of them that no other customer has.

    The latter is what this customer costs on the vendor's disk beyond the others, besides some kilobytes of its own.
    """

    customer: str
    parts: int
    size: int
    own_parts: int
    own_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """All parts, the most used first, and all customers; every size is in bytes.

    ``handed_out`` is what all builds come to, ``kept`` what is there of it once each, ``common`` what every build has.
    Of ``unknown`` parts the size is not known; they count as nothing.
    """

    parts: tuple[Part, ...]
    customers: tuple[Share, ...]
    handed_out: int
    kept: int
    common: int
    unknown: int

    @property
    def average_use(self) -> Fraction:
        """In how many builds a part is on average: the degree of commonality (Collier, 1981)."""
        return Fraction(sum(part.builds for part in self.parts), len(self.parts))

    @property
    def common_share(self) -> Fraction:
        """The part of what is handed out that every build has."""
        return Fraction(self.common * len(self.customers), self.handed_out) if self.handed_out else Fraction(1)

    @property
    def average_own(self) -> Fraction:
        """The bytes that a customer has alone, on average: what a further one who is like them costs."""
        return Fraction(sum(each.own_size for each in self.customers), len(self.customers))

    @property
    def without_own(self) -> int:
        """How many customers have no part alone."""
        return sum(not each.own_parts for each in self.customers)

    @property
    def reuse(self) -> Fraction:
        """How many bytes are handed out for each that is kept."""
        return Fraction(self.handed_out, self.kept) if self.kept else Fraction(1)


def sharing(customers: Sequence[Customer]) -> Sharing | None:
    """What the builds of these customers share; None where they have no parts."""
    builds = Counter(file for each in customers for file in each.parts)
    if not builds:
        return None
    sizes = {file: size for each in customers for file, size in each.parts.items()}
    parts = tuple(Part(file, sizes[file], number) for file, number in sorted(builds.items(), key=_by_use))
    return Sharing(
        parts=parts,
        customers=tuple(_share(each, builds) for each in customers),
        handed_out=sum((part.size or 0) * part.builds for part in parts),
        kept=sum(part.size or 0 for part in parts),
        common=sum(part.size or 0 for part in parts if part.builds == len(customers)),
        unknown=sum(part.size is None for part in parts),
    )


def _by_use(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _share(customer: Customer, builds: Counter[str]) -> Share:
    sizes = {file: size or 0 for file, size in customer.parts.items()}
    own = [size for file, size in sizes.items() if builds[file] == 1]
    return Share(customer.name, len(sizes), sum(sizes.values()), len(own), sum(own))
