"""For the vendor: which constraints of a model would have to go for a selection, or any at all, to be possible."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from ..model.feature import Constraint
from ..model.feature_model import FeatureModel
from ..model.instances import written
from ..model.selection import Selection
from .minimising import minimise
from .reasons import ConstraintRule
from .session import SatSession
from .wants import wanting_formula, wants_of

__all__ = ["relaxations"]


def relaxations(model: FeatureModel, selection: Selection) -> Iterator[tuple[Constraint, ...]]:
    """Minimal sets of constraints without which all wishes of the selection can hold, the smallest first.

    The constraints are those that were written. Nothing where the tree alone makes the selection impossible; one empty
    set where it is possible as it is. Minimal correction sets as those of the wishes are (Liffiton and Sakallah, 2008).
    """
    formula = wanting_formula(model, selection)
    wished = sorted({literal for theirs in wants_of(model, selection, formula).values() for literal in theirs}, key=abs)
    asserted = {n: rule.constraint for n, rule in enumerate(formula.origins) if isinstance(rule, ConstraintRule)}
    sources_of = {id(constraint): source for source, constraint in asserted.items()}
    first = formula.size + 1
    rules: dict[int, Constraint] = {}
    switches: dict[int, int] = {}
    for number, (constraint, copies) in enumerate(written(tuple(asserted.values()))):
        rules[first + number] = constraint
        switches |= {sources_of[id(copy)]: first + number for copy in copies}
    sources = zip(formula.clauses, formula.sources, strict=True)
    clauses = ((*clause, -switches[source]) if source in switches else clause for clause, source in sources)
    with closing(SatSession(clauses, formula.size + len(rules))) as session:
        weights = dict.fromkeys((-switch for switch in rules), 1)
        while (optimum := minimise(session, weights, wished)) is not None:
            session.is_possible([*wished, *optimum[1]])
            solution = session.solution()
            dropped = [switch for switch in rules if solution[switch] < 0]
            yield tuple(rules[switch] for switch in dropped)
            if not dropped:
                return
            session.add([tuple(dropped)])
