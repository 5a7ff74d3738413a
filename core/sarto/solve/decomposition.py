"""Counting the solutions of clauses by taking them apart and remembering what each part gave.

Deciding a variable leaves clauses that fall into parts without a common variable; the numbers of
their solutions multiply (Bayardo and Pehoushek, 2000). A part that comes again is looked up (Sang et al., 2004),
under the variables and the long clauses that are left of it (Thurley, 2006). The trace of such a search is
a decision-DNNF (Huang and Darwiche, 2005), which can be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from .circuit import Case, Circuit, Node
from .formula import Clause
from .order import elimination_order

__all__ = ["WeightedClauses", "compiled", "solutions"]

MEMORY = 1 << 30
"""Bits that the keys of remembered parts may take; when they are full, remembering begins anew."""

KEPT = 1 << 25
"""Words that a circuit may take; a larger one is given up."""


@dataclass(frozen=True, slots=True)
class WeightedClauses:
    """Clauses of two literals and more over the variables 1..``size``, whose weighted solutions are counted.

    A solution counts as the product of the ``weights`` of its true variables, 1 where there is none. Solutions that
    agree on the variables ``counted`` are one; None counts them all. Only counted variables have weights.
    """

    size: int
    clauses: tuple[Clause, ...]
    weights: Mapping[int, int]
    counted: Set[int] | None = None


def solutions(clauses: WeightedClauses, is_over: Callable[[], bool]) -> int | None:
    """The weighted number of solutions; None where ``is_over``, asked before each decision, says to give up."""
    return _Search(clauses).count(is_over)


def compiled(clauses: WeightedClauses, is_over: Callable[[], bool]) -> Circuit | None:
    """The solutions as a circuit; None where ``is_over`` says to give up, or where it would be too large."""
    search = _Search(clauses, is_kept=True)
    if search.count(lambda: search.room < 0 or is_over()) is None:
        return None
    return Circuit(search.root, tuple(search.nodes), clauses.weights)


Part = tuple[int, int]
"""Undecided variables that clauses hold together, and those of the clauses that are long and open, as sets of bits."""


@dataclass(slots=True)
class _Branch:
    """A variable that is being decided in a part.

    ``total`` is what its literals tried so far gave. The present one is on the ``trail`` with all that follows; it
    gives ``product`` times what the parts ``waiting`` will give. ``free`` are the variables that no clause holds
    then, ``done`` the nodes of the parts that gave something, ``cases`` the literals before as they are kept.
    """

    part: Part
    literals: list[int]
    total: int = 0
    product: int = 0
    waiting: list[Part] = field(default_factory=list)
    trail: list[int] = field(default_factory=list)
    free: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)

    def take(self, number: int, node: int) -> None:
        """The next part that waited gives this number, and is kept as this node."""
        self.waiting.pop()
        self.product *= number
        self.done.append(node)
        if not number:
            self.waiting.clear()


class _Search:
    """The clauses, with their variables renumbered in the order in which they are best decided, the last first.

    Variables that are not counted come last: in a part that has no other, one solution is enough. Lists
    that are indexed by literals have the negative ones at their end.
    """

    def __init__(self, clauses: WeightedClauses, is_kept: bool = False) -> None:
        size = clauses.size
        order = elimination_order(clauses.clauses, size)
        if clauses.counted is not None:
            order.sort(key=clauses.counted.__contains__)
        number = {variable: index for index, variable in enumerate(order, 1)}
        self.size = size
        self.uncounted = 0 if clauses.counted is None else size - len(clauses.counted)
        self.weights = [1] * (2 * size + 1)
        for variable, weight in clauses.weights.items():
            self.weights[number[variable]] = weight
        self.holds = [False] * (2 * size + 1)
        self.implied: list[list[int]] = [[] for _ in range(2 * size + 1)]
        self.near = [0] * (size + 1)
        self.long: list[Clause] = []
        self.long_variables: list[int] = []
        self.long_with: list[list[int]] = [[] for _ in range(2 * size + 1)]
        self.long_around: list[list[int]] = [[] for _ in range(size + 1)]
        for clause in clauses.clauses:
            self._index([number[abs(literal)] * (1 if literal > 0 else -1) for literal in clause])
        self.fulfilled = [0] * len(self.long)
        self.known: dict[Part, tuple[int, int]] = {}
        self.is_kept = is_kept
        self.original = [0, *order, *(-variable for variable in reversed(order))]
        self.nodes: list[Node] = []
        self.room = KEPT
        self.root = Case(0)

    def _index(self, clause: Sequence[int]) -> None:
        variables = sum(1 << abs(literal) for literal in clause)
        if len(clause) == 2:
            first, second = clause
            self.implied[-first].append(second)
            self.implied[-second].append(first)
            self.near[abs(first)] |= variables
            self.near[abs(second)] |= variables
            return
        for literal in clause:
            self.long_with[literal].append(len(self.long))
            self.long_around[abs(literal)].append(len(self.long))
        self.long.append(tuple(clause))
        self.long_variables.append(variables)

    def count(self, is_over: Callable[[], bool]) -> int | None:
        """The weighted number of solutions, or None; no recursion, since branches may lie thousands deep."""
        branches = [_Branch((0, 0), [])]
        branches[0].product, branches[0].waiting, branches[0].free = self._fall_apart((2 << self.size) - 2)
        while True:
            branch = branches[-1]
            if branch.waiting:
                part = branch.waiting[-1]
                known = self.known.get(part)
                if known is not None:
                    branch.take(*known)
                elif is_over():
                    return None
                else:
                    best = part[0].bit_length() - 1
                    branches.append(_Branch(part, [-best, best]))
            elif len(branches) == 1:
                self.root = self._case(branch)
                return branch.product
            elif not self._try_next(branch):
                node = self._remember(branch)
                branches.pop()
                branches[-1].take(branch.total, node)

    def _try_next(self, branch: _Branch) -> bool:
        """Add up what the present literal gave, and go on with the next; whether there is one."""
        if self.is_kept and branch.product:
            branch.cases.append(self._case(branch))
        branch.total += branch.product
        branch.product = 0
        self._take_back(branch.trail)
        if not branch.literals or (branch.total and abs(branch.literals[0]) <= self.uncounted):
            return False
        branch.trail = self._assign(branch.literals.pop())
        if branch.trail:
            decided = sum(1 << abs(literal) for literal in branch.trail)
            branch.done = []
            branch.product, branch.waiting, branch.free = self._fall_apart(branch.part[0] & ~decided)
            for literal in branch.trail:
                branch.product *= self.weights[literal]
        return True

    def _remember(self, branch: _Branch) -> int:
        """Remember what a part gave; the number of its node."""
        if len(self.known) * (self.size + len(self.long)) > MEMORY:
            self.known.clear()
        if branch.cases:
            self.nodes.append(tuple(branch.cases))
        node = len(self.nodes) - 1
        self.known[branch.part] = branch.total, node
        return node

    def _case(self, branch: _Branch) -> Case:
        """What the present literal of a branch gave, over the variables as they were called at first."""
        original = self.original
        literals = tuple(original[literal] for literal in branch.trail)
        free = tuple(original[variable] for variable in branch.free)
        self.room -= len(literals) + len(free) + len(branch.done) + branch.product.bit_length() // 32 + 20
        return Case(branch.product, literals, free, tuple(branch.done))

    def _assign(self, literal: int) -> list[int]:
        """Decide a literal with all that follows by unit propagation; nothing where that is impossible."""
        self.holds[literal] = True
        trail = [literal]
        if not self._propagate(trail):
            for literal in trail:
                self.holds[literal] = False
            return []
        for literal in trail:
            for index in self.long_with[literal]:
                self.fulfilled[index] += 1
        return trail

    def _take_back(self, trail: Sequence[int]) -> None:
        for literal in trail:
            self.holds[literal] = False
            for index in self.long_with[literal]:
                self.fulfilled[index] -= 1

    def _propagate(self, trail: list[int]) -> bool:
        holds, fulfilled = self.holds, self.fulfilled
        for literal in trail:
            for follower in self.implied[literal]:
                if not holds[follower]:
                    if holds[-follower]:
                        return False
                    holds[follower] = True
                    trail.append(follower)
            for index in self.long_with[-literal]:
                follower = 0 if fulfilled[index] else self._demanded_by(index)
                if follower and not holds[follower]:
                    if holds[-follower]:
                        return False
                    holds[follower] = True
                    trail.append(follower)
        return True

    def _demanded_by(self, index: int) -> int:
        """The only literal of a long clause that is not denied, any one where all are, 0 where several are not."""
        left = 0
        for literal in self.long[index]:
            if not self.holds[-literal]:
                if left:
                    return 0
                left = literal
        return left or literal

    def _fall_apart(self, undecided: int) -> tuple[int, list[Part], list[int]]:
        """The parts of the undecided variables, the smallest last, after what the variables give that no clause holds.

        Those of them that are counted come last.
        """
        product, free = 1, []
        parts: list[Part] = []
        while undecided:
            part = self._part_of(undecided)
            variables = part[0]
            undecided &= ~variables
            if variables & (variables - 1):
                parts.append(part)
            elif (variable := variables.bit_length() - 1) > self.uncounted:
                product *= 1 + self.weights[variable]
                free.append(variable)
        parts.sort(key=lambda part: -part[0].bit_count())
        return product, parts, free

    def _part_of(self, undecided: int) -> Part:
        """The part in which the last of the undecided variables is."""
        fulfilled = self.fulfilled
        long = 0
        found = reached = 1 << (undecided.bit_length() - 1)
        while reached:
            variable = reached.bit_length() - 1
            new = self.near[variable]
            for index in self.long_around[variable]:
                if not fulfilled[index] and not long >> index & 1:
                    long |= 1 << index
                    new |= self.long_variables[index]
            new &= undecided & ~found
            found |= new
            reached = (reached | new) ^ (1 << variable)
        return found, long
