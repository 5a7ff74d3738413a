"""For the vendor: which constraints of a model would have to go for a selection, or any at all, to be possible."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from ..model.selection import Selection
from .minimising import minimise
from .reasons import ConstraintRule
from .session import SatSession
from .wants import wanting_formula, wants_of

__all__ = ["relaxations"]


def relaxations(model: FeatureModel, selection: Selection) -> Iterator[tuple[Constraint, ...]]:
    """Minimal sets of constraints without which all wishes of the selection can hold, the smallest first.

    Nothing where the tree alone makes the selection impossible; one empty set where it is possible as it is. Minimal
    correction sets as those of the wishes are (Liffiton and Sakallah, 2008).
    """
    formula = wanting_formula(model, selection)
    wished = sorted({literal for theirs in wants_of(model, selection, formula).values() for literal in theirs}, key=abs)
    rules = {n: rule.constraint for n, rule in enumerate(formula.origins) if isinstance(rule, ConstraintRule)}
    first = formula.size + 1
    switches = {source: first + number for number, source in enumerate(rules)}
    sources = zip(formula.clauses, formula.sources, strict=True)
    clauses = ((*clause, -switches[source]) if source in switches else clause for clause, source in sources)
    with closing(SatSession(clauses, formula.size + len(switches))) as session:
        weights = dict.fromkeys((-switch for switch in switches.values()), 1)
        while (optimum := minimise(session, weights, wished)) is not None:
            session.is_possible([*wished, *optimum[1]])
            solution = session.solution()
            dropped = [source for source, switch in switches.items() if solution[switch] < 0]
            yield tuple(rules[source] for source in dropped)
            if not dropped:
                return
            session.add([tuple(switches[source] for source in dropped)])
