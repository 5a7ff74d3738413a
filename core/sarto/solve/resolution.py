"""From a selection to a configuration, with the reason for every decision.

The steps, each of which outranks the next: the customer's wishes and all that follows from them; the
customer's ``[prefer]``, attribute by attribute; the vendor's defaults, in the order of the tree, each where
it is still possible, and inside an instance of a feature only where that is there; and last the fewest extra
features, earlier ones of the tree before later ones. Features that are left open count as wanted on while the others
are decided, so that a build holds what they need; then they start from their defaults, or off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from math import lcm

from ..errors import SartoError, raise_all
from ..model.expression import Value, exact
from ..model.feature_model import FeatureModel, attribute_value
from ..model.instances import instance_with, is_any, reached
from ..model.selection import Selection
from .closing import still_counted
from .conflict import conflict_of, wish_literal
from .earliest import earliest
from .explaining import Explainer
from .forcing import forced_near
from .formula import Clause, Formula
from .groundwork import groundwork_of
from .minimising import minimise
from .reasons import Cause, Decision, Fact, Origin, Reason, Resolution, WishRule
from .residual import Following, follow_rule, residual_rules, turning_rules
from .session import SatSession
from .skeletons import Skeletons, skeleton_of
from .trail import Trail
from .values import given_values, without_value
from .wishes import check_wishes

__all__ = ["resolve"]


def resolve(model: FeatureModel, selection: Selection, skeletons: Skeletons | None = None) -> Resolution:
    """Resolve a selection over a model; with the model's ``skeletons``, what it shares with others is encoded once.

    Raises :class:`Conflict` with a minimal explanation and repairs where the selection is
    impossible, SartoError where it does not fit the model (unknown features, values out of range)
    or where a selected typed feature has no value.
    """
    check_wishes(model, selection)
    formula = skeletons.formula(selection) if skeletons else skeleton_of(model, selection)
    resolver = _Resolver(model, selection, formula)
    try:
        return resolver.resolve()
    finally:
        resolver.close()


_BY_DEFAULT, _BY_CLOSURE = Reason(Cause.DEFAULT), Reason(Cause.CLOSURE)
"""One object each for all decisions: what is said of one is then found by it."""


class _Resolver:
    """One resolution under way: the formula's session, and the trail of decisions."""

    def __init__(self, model: FeatureModel, selection: Selection, formula: Formula) -> None:
        self.model = model
        self.selection = selection
        self.formula = formula
        self.solver = SatSession.of(formula)
        self.untold: list[Clause] = []
        self.explainer = Explainer(formula)
        ground = groundwork_of(model, formula)
        self.free = ground.free
        self.trail = Trail(formula, ground.telling)
        self.decided: list[int] = []
        self.held: list[int] = []  # assumed while other features are decided, but no one's decision
        self.names = ground.names
        self.features = ground.features
        self.open: frozenset[int] = frozenset()
        self.summaries: frozenset[int] = frozenset()  # say if any instance has what is open in some
        self.following: dict[int, Following] = {}

    def close(self) -> None:
        self.solver.close()
        self.explainer.close()

    def resolve(self) -> Resolution:
        wishes = [(wish_literal(self.formula, wish), wish) for wish in self.selection.wishes.values()]
        if not self.session.is_possible([literal for literal, _ in wishes]):
            raise conflict_of(self.model, self.selection)
        for literal, wish in wishes:
            self._decide(literal, Reason(Cause.WISH, (WishRule(wish),)))
        self._follow()
        open_names = [name for name in self.formula.variables if name in self.selection.open]
        self.open = frozenset(v for v in map(self.formula.literal, open_names) if not self.trail.is_settled(v))
        self.summaries = frozenset(self._summaries()) if self.open else frozenset()
        self._keep_open()
        self._prefer()
        self._defaults(self._unsettled())
        self._close_up(self._unsettled())
        return self._open_and_finish()

    def _decide(self, literal: int, reason: Reason) -> None:
        self.decided.append(literal)
        self.untold.append((literal,))  # nothing decided is taken back, so that nothing need be assumed
        self.trail.decide(literal, reason)

    @property
    def session(self) -> SatSession:
        """The solver, told of all that was decided: it need not hear of what is decided after the last question."""
        if self.untold:
            self.solver.add(self.untold)
            self.untold.clear()
        return self.solver

    def _settle(self, literal: int, reason: Reason) -> None:
        """Decide a feature; where that would decide open ones, too, let it follow them instead."""
        on = [variable for variable in self.held if variable in self.open]
        bound = tuple(o for o in on if not self.session.is_possible([literal, -o]))
        if not bound:
            self._decide(literal, reason)
            return
        self.following[abs(literal)] = Following(literal, bound, reason)
        self.held.append(literal)
        self.untold.append(self.following[abs(literal)].clause)

    def _unsettled(self) -> list[int]:
        aside = self.open | self.summaries | self.following.keys()
        return [v for v in self.features if v not in aside and not self.trail.is_settled(v)]

    def _follow(self, variables: Iterable[int] | None = None) -> None:
        """Complete propagation: put every consequence on the trail, unit or not, with its reason."""
        pending = [v for v in (self.features if variables is None else variables) if not self.trail.is_settled(v)]
        if not pending:
            return
        for literal in self.session.consequences((), pending) or ():
            if literal not in self.trail:
                self.trail.decide(literal, self._forced(literal))
                self.untold.append((literal,))

    def _forced(self, literal: int) -> Reason:
        """A minimal set of rules and decisions that force a literal."""
        try:
            near = forced_near(self.trail, self.explainer, literal)
            rules, premises = near or self.explainer.impossible(self.decided, [-literal])
        except ValueError:  # it is forced by what follows open features, which is none of the model's rules
            with closing(Explainer(self._with_following())) as explainer:
                rules, premises = explainer.impossible(self.decided, [-literal])
        return Reason(Cause.CONSEQUENCE, rules, self._facts(premises))

    def _why_not(self, literals: Sequence[int]) -> tuple[Origin, ...]:
        """A minimal set of rules for which literals cannot hold together, after what was decided."""
        with closing(Explainer(self._with_following())) as explainer:
            return explainer.impossible(self.decided, always=literals)[0]

    def _facts(self, literals: Iterable[int]) -> tuple[Fact, ...]:
        return tuple(fact for literal in literals for fact in self.trail.facts(literal))

    def _with_following(self) -> Formula:
        """The formula, and that what follows open features does."""
        formula, following = self.formula, list(self.following.values())
        return replace(
            formula,
            clauses=(*formula.clauses, *(each.clause for each in following)),
            sources=(*formula.sources, *(len(formula.origins) + index for index in range(len(following)))),
            origins=(*formula.origins, *(follow_rule(formula, self.trail, each).origin for each in following)),
        )

    def _summaries(self) -> Iterator[int]:
        """What says whether any instance has a feature follows from the instances, and goes with those left open."""
        for name, variable in self.formula.variables.items():
            if self.trail.is_settled(variable) or not is_any(self.model, name):
                continue
            if not self.open.isdisjoint(map(self.formula.literal, reached(self.model, name))):
                yield variable

    def _keep_open(self) -> None:
        """Open features as far as they can be on together: held while the others are decided."""
        for variable in sorted(self.open):
            if self.session.is_possible([*self.held, variable]):
                self.held.append(variable)

    def _prefer(self) -> None:
        """Settle what the customer's preferences settle, attribute by attribute."""
        goals = [(name, 1) for name in self.selection.minimise] + [(name, -1) for name in self.selection.maximise]
        for attribute, sign in goals:
            pending = self._unsettled()
            weights = self._weights(attribute, sign, pending)
            optimum = minimise(self.session, weights, self.held, still_counted(self.model, self.trail))
            before = set(self.session.consequences(self.held, pending) or ())
            self.held += optimum[1] if optimum else ()
            for literal in self.session.consequences(self.held, pending) or ():
                if literal not in before and not self.trail.is_settled(abs(literal)):
                    self._settle(literal, Reason(Cause.PREFERENCE, detail=attribute))
            self._follow(self._unsettled())

    def _weights(self, attribute: str, sign: int, variables: Iterable[int]) -> dict[int, int]:
        """Integer weights in proportion to the attribute of each feature."""
        amounts: dict[int, Fraction] = {}
        for variable in variables:
            value = attribute_value(self.model.features[self.names[variable]], attribute)
            if isinstance(value, bool | int | float) and value:
                amount = exact(value)
                amounts[variable] = sign * amount if isinstance(amount, Fraction) else Fraction(0)
        scale = lcm(*(amount.denominator for amount in amounts.values()))
        return {variable: int(amount * scale) for variable, amount in amounts.items()}

    def _defaults(self, variables: Iterable[int]) -> None:
        """The vendor's defaults, in the order of the tree, each where it is still possible."""
        before = len(self.decided), len(self.following)
        for variable in variables:
            name = self.names[variable]
            default = self.model.features[name].default
            if isinstance(default, bool) and not self.trail.is_settled(variable) and self._is_in_place(name):
                literal = variable if default else -variable
                if self.session.is_possible([*self.held, literal]):
                    self._settle(literal, _BY_DEFAULT)
        if (len(self.decided), len(self.following)) != before:  # else nothing new can follow
            self._follow(self._unsettled())

    def _is_in_place(self, name: str) -> bool:
        """Whether the feature is in no instance but one that is there: a default inside makes no more instances."""
        instance = instance_with(self.model, name)
        return instance is None or self.formula.literal(instance) in self.trail

    def _close_up(self, variables: Sequence[int]) -> None:
        """Decide the rest: the fewest extra features, earlier ones before later ones."""
        if not variables:
            return
        sizes = {v: self.free.size(self.names[v]) for v in variables}
        optimum = minimise(self.session, sizes, self.held, still_counted(self.model, self.trail))
        values: Sequence[int] = ()
        if optimum and optimum[0] == 0:  # none of them is needed
            chosen = [-v for v in variables]
        else:
            values = earliest(self.session, [*self.held, *(optimum[1] if optimum else ())], variables)
            chosen = [values[v] for v in variables]
        for literal in sorted(chosen, key=lambda lit: (lit > 0, abs(lit))):
            if literal not in self.trail:
                self._settle(literal, self._closure_reason(literal, values))

    def _closure_reason(self, literal: int, values: Sequence[int]) -> Reason:
        """What a feature that the closure selects is needed for: a rule that nothing else fulfils."""
        if literal < 0:
            return _BY_CLOSURE
        for index in self.trail.clauses_with(literal):
            clause = self.formula.clauses[index]
            if all(values[abs(o)] != o for o in clause if o != literal):
                rule = self.formula.origin_of(index)
                facts = self._facts(-o for o in clause if o != literal)
                left_open = [self.formula.names[-o] for o in clause if -o in self.open]
                return Reason(Cause.CLOSURE, (rule,), facts, detail=left_open[0] if left_open else "")
        return _BY_CLOSURE

    def _open_and_finish(self) -> Resolution:
        """Settle open features that can go only one way; give the others, and what follows them, their start."""
        self._follow(sorted(self.open))
        still_open = [v for v in sorted(self.open) if not self.trail.is_settled(v)]
        following = [each for v, each in sorted(self.following.items()) if not self.trail.is_settled(v)]
        summaries = [v for v in sorted(self.summaries) if not self.trail.is_settled(v)]
        bound = residual_rules(self.formula, self.trail) if still_open or following else ()
        follow = [follow_rule(self.formula, self.trail, each) for each in following]
        residual = (*bound, *follow, *turning_rules(self.formula, self.trail, following, self._why_not))
        self.open, self.held = frozenset(), []
        self._defaults(still_open)
        self._close_up([v for v in still_open if not self.trail.is_settled(v)])
        for each in following:
            if all(variable in self.trail for variable in each.of):
                self.trail.decide(each.literal, each.reason)
            else:
                self.trail.decide(-each.literal, _BY_CLOSURE)
        return Resolution(
            decisions=self._decisions(),
            open=tuple(self.formula.names[v] for v in still_open),
            follows=tuple(self.formula.names[v] for v in (*(abs(each.literal) for each in following), *summaries)),
            residual=residual,
        )

    def _decisions(self) -> dict[str, Decision]:
        decisions: dict[str, Decision] = {}
        values = given_values(self.model, self.selection)
        missing: list[SartoError] = []
        trail, features, wishes = self.trail, self.model.features, self.selection.wishes
        for name, variable in self.formula.variables.items():
            literal = variable if variable in trail else -variable
            value: Value = literal > 0
            if value and features[name].type is not None:
                if name not in values:
                    missing.append(without_value(features[name], self.selection))
                value = values.get(name, (True,))[0]
            wish = wishes.get(name)
            reason = Reason(Cause.WISH, (WishRule(wish),)) if wish else trail.reason(literal)
            decisions[name] = Decision(name, value, reason)
        raise_all(missing)
        switched = {
            literal: self.trail.reason(literal)
            for variable in self.free.stand_ins
            for literal in (variable, -variable)
            if literal in self.trail
        }
        decisions |= {decision.feature: decision for decision in self.free.decisions(decisions, switched)}
        return {name: decisions[name] for name in self.model.preorder()}
