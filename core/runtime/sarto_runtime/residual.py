"""What still binds the open features: whether a state of them is valid, and the smallest change that makes it so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .build import Rule

__all__ = ["Conflict", "conflicts", "enough", "followers", "nearest"]

PATIENCE = 2_000
"""How many states :func:`nearest` looks at before it gives up; about a second with a few hundred rules."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A rule that a state breaks, alone or together with others: the open features in it, and the sentences."""

    features: tuple[str, ...]
    sentences: tuple[str, ...]


def conflicts(rules: Sequence[Rule], state: Mapping[str, bool]) -> tuple[Conflict, ...]:
    """Every conflict of ``state``, which decides all open features; none means that it is valid.

    All other names follow by unit propagation. At least one of each conflict's
    features has to change in any valid state.
    """
    truth = dict(state)
    cause: dict[str, int] = {}
    falsified = _propagate(rules, truth, cause)
    return tuple(_conflict(rules, state, cause, number) for number in falsified)


def followers(rules: Sequence[Rule], state: Mapping[str, bool]) -> dict[str, bool]:
    """What a valid ``state`` of the open features makes of those that follow them; auxiliary names left out."""
    truth = dict(state)
    _propagate(rules, truth, {})
    return {name: value for name, value in truth.items() if name not in state and not name.startswith("#")}


def _propagate(rules: Sequence[Rule], truth: dict[str, bool], cause: dict[str, int]) -> list[int]:
    """Fill in the auxiliary names with the number of the rule that decides each; return the falsified rules."""
    falsified: list[int] = []
    waiting = list(enumerate(rules))
    while True:
        still_waiting: list[tuple[int, Rule]] = []
        decided = len(truth)
        for number, rule in waiting:
            free: list[tuple[str, bool]] = []
            for name, wanted in rule.any:
                value = truth.get(name)
                if value is wanted:
                    break
                if value is None:
                    free.append((name, wanted))
            else:
                if len(free) > 1:
                    still_waiting.append((number, rule))
                elif free:
                    name, value = free[0]
                    truth[name], cause[name] = value, number
                else:
                    falsified.append(number)
        if len(truth) == decided:
            return sorted(falsified)
        waiting = still_waiting


def _conflict(rules: Sequence[Rule], state: Mapping[str, bool], cause: Mapping[str, int], falsified: int) -> Conflict:
    involved, pending = {falsified}, [falsified]
    names: dict[str, None] = {}
    while pending:
        for name, _ in rules[pending.pop()].any:
            if name in state:
                names[name] = None
            elif cause[name] not in involved:
                involved.add(cause[name])
                pending.append(cause[name])
    sentences = dict.fromkeys(rules[number].sentence for number in sorted(involved) if rules[number].sentence)
    return Conflict(tuple(names), tuple(sentences))


def nearest(rules: Sequence[Rule], state: Mapping[str, bool], changeable: Sequence[str]) -> tuple[str, ...] | None:
    """The fewest of the ``changeable`` features that have to flip for ``state`` to be valid.

    Always the same one for the same input, in the order of ``changeable``. None where no set is enough, or patience
    ends first. A bounded search tree over conflicts, one more change each round: a valid state changes something
    in every conflict (Reiter, 1987, "A theory of diagnosis from first principles").
    """
    tree = _Search(rules, {name: place for place, name in enumerate(changeable)})
    begun, settled = tree.follow(dict(state))
    for changes in range(len(changeable) - len(settled) + 1):
        found = tree.search(changes, begun, settled)
        if found is not None:
            return tuple(name for name in changeable if found[name] is not state[name])
        if not tree.was_bounded:
            return None
    return None


def enough(rules: Sequence[Rule], state: Mapping[str, bool], changeable: Sequence[str]) -> tuple[str, ...] | None:
    """Some of the ``changeable`` features that have to flip for ``state`` to be valid, soon found and not the fewest.

    None where no set is enough, or patience ends first.
    """
    tree = _Search(rules, {name: place for place, name in enumerate(changeable)})
    found = tree.search(len(changeable), *tree.follow(dict(state)))
    if found is None:
        return None
    for name in changeable:
        if found[name] is not state[name] and not conflicts(rules, {**found, name: state[name]}):
            found = {**found, name: state[name]}
    return tuple(name for name in changeable if found[name] is not state[name])


class _Search:
    def __init__(self, rules: Sequence[Rule], place: Mapping[str, int]) -> None:
        self._rules = rules
        self._place = place
        self._seen = 0
        self._bounded = False

    @property
    def was_bounded(self) -> bool:
        """Whether more changes could have helped the last :meth:`search`; not so where patience is at an end."""
        return self._bounded and self._seen <= PATIENCE

    def follow(self, state: dict[str, bool]) -> tuple[dict[str, bool], frozenset[str]]:
        """Make the changes that every way out has in common, as far as conflicts with only one way out show them."""
        settled: frozenset[str] = frozenset()
        while forced := {broken[0] for broken in self._broken(state, settled) if len(broken) == 1}:
            state = {**state, **{name: not state[name] for name in forced}}
            settled |= forced
        return state, settled

    def search(self, changes: int, state: dict[str, bool], settled: frozenset[str]) -> dict[str, bool] | None:
        """A valid state at most ``changes`` away that leaves the ``settled`` features alone."""
        self._bounded = False
        return self._within(changes, state, settled)

    def _within(self, changes: int, state: dict[str, bool], settled: frozenset[str]) -> dict[str, bool] | None:
        self._seen += 1
        if self._seen > PATIENCE:
            return None
        broken = self._broken(state, settled)
        if not broken:
            return state
        if not all(broken):
            return None
        if _disjoint(broken) > changes:
            self._bounded = True
            return None
        for name in min(broken, key=len):
            found = self._within(changes - 1, {**state, name: not state[name]}, settled | {name})
            if found is not None:
                return found
            settled |= {name}
        return None

    def _broken(self, state: dict[str, bool], settled: frozenset[str]) -> list[list[str]]:
        """For each conflict the features that could still change."""
        return [self._movable(conflict, settled) for conflict in conflicts(self._rules, state)]

    def _movable(self, conflict: Conflict, settled: frozenset[str]) -> list[str]:
        names = (name for name in conflict.features if name in self._place and name not in settled)
        return sorted(names, key=self._place.__getitem__)


def _disjoint(broken: Sequence[Sequence[str]]) -> int:
    """How many of the conflicts, taken greedily, share no feature: each needs a change of its own."""
    taken: set[str] = set()
    count = 0
    for names in sorted(broken, key=len):
        if taken.isdisjoint(names):
            taken.update(names)
            count += 1
    return count
