"""What every choice over the same model and typed values stands on: the formula, its free subtrees, known solutions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from ..model.expression import Value
from ..model.feature_model import FeatureModel
from .encoding import encode_skeleton
from .explaining import Explainer
from .formula import Formula
from .free import FreeSubtrees, Pressure
from .reasons import Cause, Fact, Origin, Reason
from .session import SatSession
from .trail import Trail
from .values import domains_of
from .witnesses import Witnesses

__all__ = ["Forced", "Ground"]

RECENT = 64
"""So many answers are kept, from which the next ones go on."""
NAMING = 2
"""So many formulas with further names are kept: an explanation asks for the same one several times."""


class Ground:
    """A model encoded once, its typed values ``given``, for any number of choices; one thread at a time.

    ``literals`` and ``pressure`` hold before anything is decided, ``settled`` has the features that they settle.
    Unless it ``is_possible``, there is no configuration with these values, and nothing else can be asked.
    """

    def __init__(self, model: FeatureModel, given: Mapping[str, Sequence[Value]]) -> None:
        self.model = model
        self.given = given
        self.formula = encode_skeleton(model, domains_of(model, given))
        self.subtrees = FreeSubtrees(model, self.formula)
        junctions = (junction.variable for junction in self.formula.junctions)
        variables = [*self.formula.variables.values(), *junctions]
        self._witnesses = Witnesses(SatSession.of(self.formula), variables, self.formula.clauses)
        self.pressure = self.subtrees.press({})
        found = self._witnesses.consequences([], frozenset())
        self.is_possible = found is not None
        self.literals = literals = found or frozenset()
        self.settled = self.settled_by(literals, frozenset(), self.pressure, self.subtrees.barred)
        self._recent: OrderedDict[frozenset[int], frozenset[int]] = OrderedDict({frozenset(): literals})
        self._naming: dict[tuple[str, ...], Formula] = {}

    def press(self, decisions: Mapping[str, bool]) -> Pressure:
        """What decisions inside free subtrees demand."""
        return self.subtrees.press({name: value for name, value in decisions.items() if self.subtrees.is_free(name)})

    def literals_under(
        self, decisions: Mapping[str, bool], pressure: Pressure, known: frozenset[int]
    ) -> frozenset[int] | None:
        """Every literal of the skeleton that follows from the decisions, of which ``known`` ones are spared; or None.

        None is where the decisions are impossible.
        """
        return self._witnesses.consequences(self._assumptions(decisions, pressure), known)

    def settled_by(
        self, literals: frozenset[int], known: frozenset[int], pressure: Pressure, touched: Iterable[str]
    ) -> dict[str, bool]:
        """The features whose state the literals beyond the ``known`` ones say, and those near ``touched`` free ones."""
        new = literals - known
        names = self.formula.names
        settled = {names[abs(literal)]: literal > 0 for literal in new if abs(literal) in names}
        anchors = {id(anchor): anchor for literal in new for anchor in self.subtrees.anchors_on(abs(literal))}
        for name in touched:
            anchor = self.subtrees.anchor_of[self.subtrees.top_of(name)]
            anchors[id(anchor)] = anchor
        for anchor in anchors.values():
            on = True if anchor.on in literals else False if -anchor.on in literals else None
            settled |= {n: s for n, s in self.subtrees.states(anchor, on, pressure).items() if s is not None}
        return settled

    def states_under(self, decisions: Mapping[str, bool]) -> dict[str, bool] | None:
        """Every feature that the decisions settle, with whether it is in; None where they are impossible."""
        pressure = self.press(decisions)
        if not pressure.must.isdisjoint(pressure.cannot):
            return None
        literals = self._from_recent(decisions, pressure)
        if literals is None:
            return None
        touched = [name for name in decisions if self.subtrees.is_free(name)]
        return {**self.settled, **self.settled_by(literals, self.literals, pressure, touched)}

    def naming(self, names: Iterable[str]) -> Formula:
        """The formula over these features, too. Threads may ask at once: at worst they encode the same."""
        free = tuple(name for name in names if self.subtrees.is_free(name))
        if not free:
            return self.formula
        found = self._naming.get(free)
        if found is None:
            found = encode_skeleton(self.model, domains_of(self.model, self.given), free)
            self._naming = dict([*self._naming.items(), (free, found)][-NAMING:])
        return found

    def reason(self, decisions: Mapping[str, bool], feature: str, state: bool) -> Reason:
        """The rules that force a consequence: a chain of unit propagation where there is one, else a minimal set."""
        return Forced(self, decisions, feature).reason(feature, state)

    def _from_recent(self, decisions: Mapping[str, bool], pressure: Pressure) -> frozenset[int] | None:
        """As :meth:`literals_under`, from the nearest of the recent answers that were to fewer assumptions."""
        assumptions = self._assumptions(decisions, pressure)
        asked = frozenset(assumptions)
        if asked in self._recent:
            self._recent.move_to_end(asked)
            return self._recent[asked]
        known = self._recent[max((each for each in self._recent if each <= asked), key=len)]
        found = self._witnesses.consequences(assumptions, known)
        if found is not None:
            self._recent[asked] = found
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
                self._recent[frozenset()] = self.literals
        return found

    def _assumptions(self, decisions: Mapping[str, bool], pressure: Pressure) -> list[int]:
        subtrees = self.subtrees
        literals: dict[int, None] = {}
        for name, value in decisions.items():
            if subtrees.is_free(name):
                anchor = subtrees.anchor_of[subtrees.top_of(name)]
                literals |= dict.fromkeys(subtrees.literals(anchor, pressure))
            else:
                literals[self.formula.literal(name, value)] = None
        return list(literals)


class Forced:
    """Why decisions settle a feature, over a formula of its own that names all of them."""

    def __init__(self, ground: Ground, decisions: Mapping[str, bool], feature: str) -> None:
        self.formula = ground.naming(dict.fromkeys([*decisions, feature]))
        self._decided = [self.formula.literal(name, value) for name, value in decisions.items()]

    def reason(self, feature: str, state: bool) -> Reason:
        """As :meth:`Ground.reason`."""
        literal = self.formula.literal(feature, state)
        trail = Trail(self.formula)
        for each in self._decided:
            trail.decide(each, Reason(Cause.WISH))
        if literal in trail:
            return trail.reason(literal)
        rules, premises = self._impossible(literal)
        return Reason(Cause.CONSEQUENCE, rules, tuple(self.formula.fact(premise) for premise in premises))

    def decisions(self, feature: str, state: bool) -> tuple[Fact, ...]:
        """A smallest-by-inclusion set of the decisions that settles the feature: to free it, one must be taken back."""
        _, premises = self._impossible(self.formula.literal(feature, state))
        return tuple(self.formula.fact(premise) for premise in premises)

    def _impossible(self, literal: int) -> tuple[tuple[Origin, ...], tuple[int, ...]]:
        explainer = Explainer(self.formula)
        try:
            return explainer.impossible(self._decided, [-literal])
        finally:
            explainer.close()
