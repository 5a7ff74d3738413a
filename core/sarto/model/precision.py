"""How good the rules of a line are: their proposals held against what customers really have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .expression import Value
from .tailoring import Tailored

__all__ = ["Case", "Precision", "Score", "measure"]


@dataclass(frozen=True, slots=True)
class Case:
    """One customer who was not asked: what the rules propose, what they have, and what of that they decided."""

    customer: str
    proposed: Sequence[Tailored]
    configuration: Mapping[str, Value]
    decided: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Score:
    """Numbers of decisions: ``right`` of those ``proposed`` are as the customers have it, and ``met`` of those that
    the customers ``decided`` themselves were proposed as they are."""

    proposed: int = 0
    right: int = 0
    decided: int = 0
    met: int = 0

    @property
    def precision(self) -> float | None:
        """The share of proposals that is right; None where there are none."""
        return self.right / self.proposed if self.proposed else None

    @property
    def recall(self) -> float | None:
        """The share of the customers' own decisions that was proposed; None where there are none."""
        return self.met / self.decided if self.decided else None


@dataclass(frozen=True, slots=True)
class Precision:
    """The scores of all proposals together, by feature, and by rule (its place); a rule has nothing to meet."""

    total: Score
    features: Mapping[str, Score]
    rules: Mapping[str, Score]


def measure(cases: Iterable[Case]) -> Precision:
    """Hold proposals against what customers have; a decision that several rules propose counts once for its feature."""
    proposed, right, decided, met = (Counter[str]() for _ in range(4))
    fired, good = Counter[str](), Counter[str]()
    for case in cases:
        made = {each.feature: each.value for each in case.proposed}
        for name, value in made.items():
            proposed[name] += 1
            right[name] += _is_same(case.configuration.get(name, False), value)
        for name, value in case.decided.items():
            decided[name] += 1
            met[name] += name in made and _is_same(made[name], value)
        for each in case.proposed:
            fired[str(each.rule.where)] += 1
            good[str(each.rule.where)] += _is_same(case.configuration.get(each.feature, False), each.value)
    names = sorted(proposed.keys() | decided.keys())
    return Precision(
        Score(proposed.total(), right.total(), decided.total(), met.total()),
        {name: Score(proposed[name], right[name], decided[name], met[name]) for name in names},
        {name: Score(fired[name], good[name]) for name in fired},
    )


def _is_same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)
