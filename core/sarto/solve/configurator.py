"""Choosing step by step: after each decision all consequences, both ways, with undo."""

from __future__ import annotations

from dataclasses import dataclass

from ..model.feature_model import FeatureModel
from ..model.selection import Selection, Wish
from .conflict import conflict_of
from .encoding import encode
from .explaining import Explainer
from .formula import Formula
from .reasons import Cause, Fact, Reason, WishRule
from .session import SatSession
from .trail import Trail
from .values import domains_of, given_values

__all__ = ["Configurator", "Consequences"]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a decision settles beyond itself: features now forced in and forced out, in tree order."""

    selected: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """A decision with everything that was settled after it."""

    fact: Fact
    settled: frozenset[int]


class Configurator:
    """A configuration in the making. Every state that can be reached can be completed.

    A selection may be given to start from; its typed values (else the defaults) are the ones that
    constraints are decided on. Raises :class:`Conflict` where that selection is impossible, or
    where the model has no configuration.
    """

    def __init__(self, model: FeatureModel, selection: Selection | None = None) -> None:
        self.model = model
        self.selection = selection or Selection(line="", customer="")
        self._formula: Formula = encode(model, domains_of(model, given_values(model, self.selection)))
        self._session = SatSession.of(self._formula)
        self._explainer = Explainer(self._formula)
        always = self._consequences([])
        if always is None:
            raise conflict_of(model, Selection(line="", customer=""))
        self._always = frozenset(always)
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
        return tuple(name for name in self._formula.variables if self.state(name) is None)

    @property
    def _settled(self) -> frozenset[int]:
        return self._steps[-1].settled if self._steps else self._always

    def state(self, feature: str) -> bool | None:
        """Whether the feature is in or out; None where it is still free."""
        variable = self._formula.variables[feature]
        return True if variable in self._settled else False if -variable in self._settled else None

    def preview(self, feature: str, value: bool) -> Consequences | None:
        """What a decision would settle; None where it is impossible."""
        literal = self._formula.literal(feature, value)
        settled = self._consequences([*self._decided(), literal])
        return None if settled is None else self._difference(frozenset(settled), literal)

    def decide(self, feature: str, value: bool) -> Consequences:
        """Make a decision and return what follows. Raises Conflict, changing nothing, where it is impossible."""
        literal = self._formula.literal(feature, value)
        settled = self._consequences([*self._decided(), literal])
        if settled is None:
            raise conflict_of(self.model, self._with(Fact(feature, value)))
        result = self._difference(frozenset(settled), literal)
        self._steps.append(_Step(Fact(feature, value), frozenset(settled)))
        return result

    def undo(self) -> str | None:
        """Take back the last decision; the feature's name, or None where there is none."""
        return self._steps.pop().fact.feature if self._steps else None

    def reason(self, feature: str) -> Reason | None:
        """Why the feature is in or out; None where it is free."""
        state = self.state(feature)
        if state is None:
            return None
        if Fact(feature, state) in self.decisions:
            return Reason(Cause.WISH, (WishRule(Wish(feature, state)),))
        trail = Trail(self._formula)
        decided = self._decided()
        for literal in decided:
            trail.decide(literal, Reason(Cause.WISH))
        literal = self._formula.literal(feature, state)
        if literal in trail:
            return trail.reason(literal)
        rules, premises = self._explainer.impossible(decided, [-literal])
        return Reason(Cause.CONSEQUENCE, rules, tuple(self._formula.fact(premise) for premise in premises))

    def _decided(self) -> list[int]:
        return [self._formula.literal(step.fact.feature, step.fact.value) for step in self._steps]

    def _consequences(self, decided: list[int]) -> list[int] | None:
        return self._session.consequences(decided, self._formula.variables.values())

    def _difference(self, settled: frozenset[int], decided: int) -> Consequences:
        new = sorted(settled - self._settled - {decided}, key=abs)
        names = self._formula.names
        return Consequences(
            tuple(names[literal] for literal in new if literal > 0),
            tuple(names[-literal] for literal in new if literal < 0),
        )

    def _with(self, fact: Fact) -> Selection:
        """The selection of the decisions so far and one more, to explain why they cannot go together."""
        facts = [*self.decisions, fact]
        wishes = {f.feature: self.selection.wishes.get(f.feature) or Wish(f.feature, f.value) for f in facts}
        wishes[fact.feature] = Wish(fact.feature, fact.value)
        return Selection(line=self.selection.line, customer=self.selection.customer, wishes=wishes)
