"""Choosing step by step: after each decision all consequences, both ways, with undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model.feature_model import FeatureModel
from ..model.selection import Selection, Wish
from .conflict import conflict_of
from .ground import Ground
from .reasons import Cause, Fact, Reason, WishRule
from .values import given_values

__all__ = ["Configurator", "Consequences"]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a decision settles beyond itself: features now forced in and forced out, in tree order."""

    selected: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """What holds after a decision: ``literals`` over the skeleton, of the features those ``settled`` by this step."""

    fact: Fact
    literals: frozenset[int]
    settled: Mapping[str, bool]


class Configurator:
    """A configuration in the making. Every state that can be reached can be completed.

    A selection may be given to start from; its typed values (else the defaults) are the ones that
    constraints are decided on. Raises :class:`Conflict` where that selection is impossible, or
    where the model has no configuration.
    """

    def __init__(self, model: FeatureModel, selection: Selection | None = None) -> None:
        self.model = model
        self.selection = selection or Selection(line="", customer="")
        self._ground = Ground(model, given_values(model, self.selection))
        if not self._ground.is_possible:
            values = {name: wish for name, wish in self.selection.wishes.items() if not isinstance(wish.value, bool)}
            raise conflict_of(model, Selection(line="", customer="", wishes=values))
        self._order = {name: index for index, name in enumerate(model.preorder())}
        self._settled = dict(self._ground.settled)
        self._steps: list[_Step] = []
        for wish in self.selection.wishes.values():
            self.decide(wish.feature, wish.value is not False)

    @property
    def decisions(self) -> tuple[Fact, ...]:
        """The decisions that were made, in their order."""
        return tuple(step.fact for step in self._steps)

    @property
    def free(self) -> tuple[str, ...]:
        """The features that can still go both ways, in tree order."""
        return tuple(name for name in self._order if name not in self._settled)

    def state(self, feature: str) -> bool | None:
        """Whether the feature is in or out; None where it is still free."""
        return self._settled.get(feature)

    def preview(self, feature: str, value: bool) -> Consequences | None:
        """What a decision would settle; None where it is impossible."""
        step = self._step(Fact(feature, value))
        return None if step is None else self._consequences(step)

    def decide(self, feature: str, value: bool) -> Consequences:
        """Make a decision and return what follows. Raises Conflict, changing nothing, where it is impossible."""
        fact = Fact(feature, value)
        step = self._step(fact)
        if step is None:
            raise conflict_of(self.model, self._with(fact))
        self._steps.append(step)
        self._settled |= step.settled
        return self._consequences(step)

    def undo(self) -> str | None:
        """Take back the last decision; the feature's name, or None where there is none."""
        if not self._steps:
            return None
        step = self._steps.pop()
        for name in step.settled:
            del self._settled[name]
        return step.fact.feature

    def reason(self, feature: str) -> Reason | None:
        """Why the feature is in or out; None where it is free."""
        state = self.state(feature)
        if state is None:
            return None
        if Fact(feature, state) in self.decisions:
            return Reason(Cause.WISH, (WishRule(Wish(feature, state)),))
        return self._ground.reason(self._decided, feature, state)

    def _step(self, fact: Fact) -> _Step | None:
        """What a decision settles, or None where it is impossible."""
        if self.state(fact.feature) is (not fact.value):
            return None
        ground, known = self._ground, self._steps[-1].literals if self._steps else self._ground.literals
        decisions = self._decided | {fact.feature: fact.value}
        pressure = ground.press(decisions)
        literals = ground.literals_under(decisions, pressure, known)
        if literals is None:
            return None
        touched = [fact.feature] if ground.subtrees.is_free(fact.feature) else []
        settled = ground.settled_by(literals, known, pressure, touched)
        return _Step(fact, literals, {n: value for n, value in settled.items() if n not in self._settled})

    @property
    def _decided(self) -> dict[str, bool]:
        return {step.fact.feature: step.fact.value for step in self._steps}

    def _consequences(self, step: _Step) -> Consequences:
        return Consequences(
            tuple(self._in_order(name for name, value in step.settled.items() if value and name != step.fact.feature)),
            tuple(
                self._in_order(name for name, value in step.settled.items() if not value and name != step.fact.feature)
            ),
        )

    def _in_order(self, names: Iterable[str]) -> Iterator[str]:
        return iter(sorted(names, key=self._order.__getitem__))

    def _with(self, fact: Fact) -> Selection:
        """The values that the choice began with, the decisions so far and one more, which cannot go together."""
        began = self.selection.wishes
        wishes = {name: wish for name, wish in began.items() if not isinstance(wish.value, bool)}
        for each in (*self.decisions, fact):
            wish = began.get(each.feature)
            if wish is None or (wish.value is not False) is not each.value:
                wish = Wish(each.feature, each.value)
            wishes[each.feature] = wish
        return Selection(line=self.selection.line, customer=self.selection.customer, wishes=wishes)
