"""Choosing step by step: after each decision all consequences, both ways, with undo."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model.feature_model import FeatureModel
from ..model.selection import Selection, Wish
from .conflict import conflict_of
from .encoding import encode_skeleton
from .explaining import Explainer
from .free import FreeSubtrees, Pressure
from .reasons import Cause, Fact, Reason, WishRule
from .session import SatSession
from .trail import Trail
from .values import domains_of, given_values
from .witnesses import Witnesses

__all__ = ["Configurator", "Consequences"]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What a decision settles beyond itself: features now forced in and forced out, in tree order."""

    selected: tuple[str, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """What holds after a decision: ``literals`` over the skeleton, ``settled`` by this step, in all ``pressure``."""

    fact: Fact
    literals: frozenset[int]
    settled: Mapping[str, bool]
    pressure: Pressure


class Configurator:
    """A configuration in the making. Every state that can be reached can be completed.

    A selection may be given to start from; its typed values (else the defaults) are the ones that
    constraints are decided on. Raises :class:`Conflict` where that selection is impossible, or
    where the model has no configuration.
    """

    def __init__(self, model: FeatureModel, selection: Selection | None = None) -> None:
        self.model = model
        self.selection = selection or Selection(line="", customer="")
        self._formula = encode_skeleton(model, domains_of(model, given_values(model, self.selection)))
        self._subtrees = FreeSubtrees(model, self._formula)
        junctions = (junction.variable for junction in self._formula.junctions)
        variables = [*self._formula.variables.values(), *junctions]
        self._witnesses = Witnesses(SatSession.of(self._formula), variables, self._formula.clauses)
        self._order = {name: index for index, name in enumerate(model.preorder())}
        self._settled: dict[str, bool] = {}
        self._steps: list[_Step] = []
        pressure = self._subtrees.press({})
        literals = self._witnesses.consequences([], frozenset())
        if literals is None:
            raise conflict_of(model, Selection(line="", customer=""))
        self._start = (literals, pressure)
        self._settled |= self._settled_by(literals, frozenset(), pressure, self._subtrees.barred)
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
        return self._explain(feature, state)

    def _step(self, fact: Fact) -> _Step | None:
        """What a decision settles, or None where it is impossible."""
        known, _ = self._present
        decisions = {step.fact.feature: step.fact.value for step in self._steps} | {fact.feature: fact.value}
        pressure = self._subtrees.press({n: v for n, v in decisions.items() if self._subtrees.is_free(n)})
        if self.state(fact.feature) is (not fact.value):
            return None
        literals = self._witnesses.consequences(self._assumptions(decisions, pressure), known)
        if literals is None:
            return None
        touched = [fact.feature] if self._subtrees.is_free(fact.feature) else []
        return _Step(fact, literals, self._settled_by(literals, known, pressure, touched), pressure)

    @property
    def _present(self) -> tuple[frozenset[int], Pressure]:
        return (self._steps[-1].literals, self._steps[-1].pressure) if self._steps else self._start

    def _assumptions(self, decisions: Mapping[str, bool], pressure: Pressure) -> list[int]:
        subtrees = self._subtrees
        literals: dict[int, None] = {}
        for name, value in decisions.items():
            if subtrees.is_free(name):
                anchor = subtrees.anchor_of[subtrees.top_of(name)]
                literals |= dict.fromkeys(subtrees.literals(anchor, pressure))
            else:
                literals[self._formula.literal(name, value)] = None
        return list(literals)

    def _settled_by(
        self, literals: frozenset[int], known: frozenset[int], pressure: Pressure, touched: Iterable[str]
    ) -> dict[str, bool]:
        """The features that have a state now and had none before."""
        new = literals - known
        names = self._formula.names
        settled = {names[abs(literal)]: literal > 0 for literal in new if abs(literal) in names}
        anchors = {id(anchor): anchor for literal in new for anchor in self._subtrees.anchors_on(abs(literal))}
        for name in touched:
            anchor = self._subtrees.anchor_of[self._subtrees.top_of(name)]
            anchors[id(anchor)] = anchor
        for anchor in anchors.values():
            on = True if anchor.on in literals else False if -anchor.on in literals else None
            settled |= {n: s for n, s in self._subtrees.states(anchor, on, pressure).items() if s is not None}
        return {name: value for name, value in settled.items() if name not in self._settled}

    def _consequences(self, step: _Step) -> Consequences:
        return Consequences(
            tuple(self._in_order(name for name, value in step.settled.items() if value and name != step.fact.feature)),
            tuple(
                self._in_order(name for name, value in step.settled.items() if not value and name != step.fact.feature)
            ),
        )

    def _in_order(self, names: Iterable[str]) -> Iterator[str]:
        return iter(sorted(names, key=self._order.__getitem__))

    def _explain(self, feature: str, state: bool) -> Reason:
        """The rules that force a consequence: a chain of unit propagation where there is one, else a minimal set."""
        named = {fact.feature: None for fact in self.decisions} | {feature: None}
        formula = encode_skeleton(self.model, domains_of(self.model, given_values(self.model, self.selection)), named)
        decided = [formula.literal(fact.feature, fact.value) for fact in self.decisions]
        literal = formula.literal(feature, state)
        trail = Trail(formula)
        for each in decided:
            trail.decide(each, Reason(Cause.WISH))
        if literal in trail:
            return trail.reason(literal)
        explainer = Explainer(formula)
        try:
            rules, premises = explainer.impossible(decided, [-literal])
        finally:
            explainer.close()
        return Reason(Cause.CONSEQUENCE, rules, tuple(formula.fact(premise) for premise in premises))

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
