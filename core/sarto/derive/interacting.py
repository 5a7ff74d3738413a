"""Interactions: features whose plugins change the same function, and whether the line says what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from ..model.line import LineDescription
from ..solve.company import Apart, Company, Meeting, Ordered
from .order import said_order
from .trial import Implementation, Kind, Outcome, Step

__all__ = ["Effect", "InteractionFound", "RankedApart", "Side", "interactions"]


class Effect(StrEnum):
    """What an implementation does to what the core calls; two that do the same depend on their order.

    An answer is one of those that the core uses in their order.
    """

    BODY = "body"
    ARGUMENTS = "arguments"
    RESULT = "result"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class RankedApart:
    """Both are there, and pluggy orders them: ``first`` is called first, for the marks that they have."""

    first: str
    marks: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the feature, and the implementation that its plugin has."""

    feature: str
    step: Step
    implementation: Implementation


@dataclass(frozen=True, slots=True)
class InteractionFound:
    """Two features that do the same things to a hook, and what the feature model and the line say of that."""

    hook: str
    effects: tuple[Effect, ...]
    sides: tuple[Side, Side]
    verdict: Apart | Ordered | RankedApart | Meeting

    @property
    def is_lost(self) -> bool:
        """Whether what one of them does is not done at all: it is replaced, whatever it would answer."""
        return Effect.BODY in self.effects and any(side.implementation.kind == "replace" for side in self.sides)


_OF_KIND: Mapping[str, tuple[Effect, ...]] = {
    "before": (Effect.ARGUMENTS,),
    "after": (Effect.RESULT,),
    "around": (Effect.ARGUMENTS, Effect.RESULT),
    "replace": (Effect.BODY,),
    "add": (),
}
_RANKS = ("tryfirst", "", "trylast")


def _effects(implementation: Implementation, plain: Mapping[str, Effect]) -> frozenset[Effect]:
    """What it does to the hook; ``plain`` says of hooks what an implementation without any mark does."""
    if implementation.kind == "before" and implementation.gives_nothing:
        return frozenset()
    if implementation.kind:
        return frozenset(_OF_KIND.get(implementation.kind, ()))
    if implementation.is_wrapper:
        return frozenset({Effect.RESULT})
    return frozenset({plain[implementation.hook]} if implementation.hook in plain else ())


def interactions(line: LineDescription, outcomes: Mapping[str, Outcome]) -> Iterator[InteractionFound]:
    """Every interaction among the plugins that were tried, by feature (an empty text for the core), in their order.

    Two plugins of one feature are its own matter, and so is what the core's own plugins do. Raises SartoError for
    arithmetic that no formula expresses.
    """
    first = {hook for each in outcomes.values() for hook in each.first}
    first |= {hook for each in outcomes.values() for tried in each.tried for hook in tried.first}
    plain = dict.fromkeys(line.core.ordered, Effect.ANSWER) | dict.fromkeys(first, Effect.BODY)
    pairs = list(_pairs(outcomes, plain))
    if not pairs:
        return
    said = said_order(line.model, line.model.features, line.interactions)
    with closing(
        Company(line.model, {side.feature: None for _, _, *sides in pairs for side in sides}, said)
    ) as company:
        known: dict[tuple[str, str], Apart | Ordered | Meeting] = {}
        for hook, effects, one, other in pairs:
            pair = one.feature, other.feature
            if pair not in known:
                known[pair] = company.between(*pair)
            verdict = known[pair]
            ranked = _ranked(one, other)
            yield InteractionFound(
                hook, effects, (one, other), verdict if isinstance(verdict, Apart) else ranked or verdict
            )


def _pairs(
    outcomes: Mapping[str, Outcome], plain: Mapping[str, Effect]
) -> Iterator[tuple[str, tuple[Effect, ...], Side, Side]]:
    """The implementations of two features that do the same to a hook, by the names of the hooks."""
    brought: dict[tuple[str, ...], set[str]] = {}
    by_hook: dict[str, list[Side]] = {}
    for feature, outcome in outcomes.items():
        for tried in outcome.tried:
            if tried.step.kind is Kind.PLUGIN:
                brought.setdefault(_key(tried.step), set()).add(feature)
                for implementation in tried.implementations:
                    by_hook.setdefault(implementation.hook, []).append(Side(feature, tried.step, implementation))
    for hook, sides in sorted(by_hook.items()):
        for one, other in combinations(sides, 2):
            if one.feature and other.feature and not brought[_key(one.step)] & brought[_key(other.step)]:
                both = _effects(one.implementation, plain) & _effects(other.implementation, plain)
                if both:
                    yield hook, tuple(effect for effect in Effect if effect in both), one, other


def _key(step: Step) -> tuple[str, ...]:
    return step.part.sha256, step.name, step.value


def _ranked(one: Side, other: Side) -> RankedApart | None:
    ranks = [_RANKS.index(side.implementation.rank) for side in (one, other)]
    if ranks[0] == ranks[1]:
        return None
    sides = (one, other) if ranks[0] < ranks[1] else (other, one)
    return RankedApart(sides[0].feature, (sides[0].implementation.rank, sides[1].implementation.rank))
