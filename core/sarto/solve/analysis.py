"""The standard analyses of a feature model (Benavides, Segura and Ruiz-Cortés, 2010).

Only the skeleton is asked of a solver: features that no constraint reaches, and none of whose
descendants one does, follow from the tree rules.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from ..model.feature import GroupKind
from ..model.feature_model import FeatureModel
from ..model.instances import expanded, reached
from .difficulty import TooHard
from .encoding import encode_skeleton
from .explaining import Explainer
from .formula import Formula
from .free import State, free_states
from .problem import Solve
from .reasons import Origin
from .redundancy import redundant_constraints
from .session import SatSession
from .values import domains_of
from .walk import Walk

__all__ = [
    "Analysis",
    "analyse",
    "core_and_dead",
    "redundant_constraints",
    "why_dead",
    "why_false_optional",
    "why_void",
]

MANY, FEW = 100, 8
"""Where a search says something of fewer variables than FEW, and MANY are left, small steps say it at less cost."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What holds for all configurations of a model; names sorted.

    In a void model no feature is core and every feature is dead.
    """

    features: int
    constraints: int
    void: bool
    core: tuple[str, ...]
    dead: tuple[str, ...]
    false_optional: tuple[str, ...]


def analyse(model: FeatureModel, solve: Solve | None = None) -> Analysis:
    """Void, core, dead and false-optional features.

    A feature with several instances, or below one, is core where every configuration has an instance of it, dead
    where none has, false-optional where every instance of its parent has it. Arithmetic that is beyond Sarto's own
    means is decided by ``solve``, an optimiser's. Raises TooHard where there is none, and SartoError as
    :func:`~sarto.model.instances.expanded` does.
    """
    written_out = expanded(model, is_cut_off=True)
    found = _analysed(written_out, solve)
    if written_out is model:
        return found
    dead = frozenset(found.dead)
    never_alone = frozenset(found.false_optional)
    return Analysis(
        features=len(model.features),
        constraints=len(model.constraints),
        void=found.void,
        core=tuple(name for name in found.core if name in model.features),
        dead=tuple(name for name in found.dead if name in model.features),
        false_optional=tuple(
            sorted(
                name
                for name in model.features
                if name not in dead and all(copy in never_alone for copy in _reachable(written_out, name, dead))
            )
        ),
    )


def _analysed(model: FeatureModel, solve: Solve | None) -> Analysis:
    try:
        formula = encode_skeleton(model, domains_of(model, {}), is_counted=False)
    except TooHard:
        if solve is None:
            raise
        return _analysis_by(solve, model)
    session = SatSession.of(formula)
    try:
        states = _states(model, formula, session)
        if states is None:
            return Analysis(len(model.features), len(model.constraints), True, (), tuple(sorted(model.features)), ())
        false_optional = _false_optional(model, formula, session, {n for n, s in states.items() if s is False})
    finally:
        session.close()
    return Analysis(
        features=len(model.features),
        constraints=len(model.constraints),
        void=False,
        core=tuple(sorted(name for name, state in states.items() if state)),
        dead=tuple(sorted(name for name, state in states.items() if state is False)),
        false_optional=tuple(sorted(false_optional)),
    )


def _analysis_by(solve: Solve, model: FeatureModel) -> Analysis:
    """The same answers from an optimiser."""
    from .deciding import always_and_never, false_optional

    found = always_and_never(model, solve)
    features, constraints = len(model.features), len(model.constraints)
    if found is None:
        return Analysis(features, constraints, True, (), tuple(sorted(model.features)), ())
    core, dead = map(sorted, found)
    optional = sorted(false_optional(model, dead, solve))
    return Analysis(features, constraints, False, tuple(core), tuple(dead), tuple(optional))


def _reachable(model: FeatureModel, name: str, dead: Container[str]) -> Iterator[str]:
    """The copies of a feature whose parent can be there."""
    return (copy for copy in reached(model, name) if model.parent_of(copy) not in dead)


def core_and_dead(model: FeatureModel) -> tuple[frozenset[str], frozenset[str]] | None:
    """The features of all and of no configurations; None where there is no configuration."""
    written_out = expanded(model, is_cut_off=True)
    formula = encode_skeleton(written_out, domains_of(written_out, {}), is_counted=False)
    session = SatSession.of(formula)
    try:
        states = _states(written_out, formula, session)
    finally:
        session.close()
    if states is None:
        return None
    known = {name: states[name] for name in model.features} if written_out is not model else states
    core = frozenset(name for name, state in known.items() if state)
    return core, frozenset(name for name, state in known.items() if state is False)


def _states(model: FeatureModel, formula: Formula, session: SatSession) -> dict[str, State] | None:
    """The state of every feature; None where there is no configuration."""
    junctions = (junction.variable for junction in formula.junctions)
    variables = [*formula.variables.values(), *junctions]
    found = session.consequences((), variables)
    if found is None:
        return None
    states: list[State] = [None] * (formula.size + 1)
    for literal in found:
        states[abs(literal)] = literal > 0
    return free_states(model, formula, states.__getitem__)


def _false_optional(model: FeatureModel, formula: Formula, session: SatSession, dead: set[str]) -> list[str]:
    """Features that the tree does not make mandatory, yet are there whenever their parent is."""
    junctions = {id(junction.group): junction for junction in formula.junctions}
    asked: dict[int, int] = {}
    named: dict[int, str] = {}
    found: list[str] = []
    for group in model.groups:
        if group.kind is GroupKind.MANDATORY:
            continue
        for name in group.members:
            if name in dead:
                continue
            variable = formula.variables.get(name)
            junction = junctions.get(id(group))
            if variable is None and junction is not None and len(junction.free) == 1:
                variable = junction.variable
            if variable is not None:
                asked[variable], named[variable] = formula.variables[group.parent], name
            elif junction is None and group.minimum == len(group.members):
                found.append(name)
    return found + [named[variable] for variable in _never_alone(session, asked, formula)]


def _never_alone(session: SatSession, parents: Mapping[int, int], formula: Formula) -> list[int]:
    """The variables that are true in every solution in which their parent is."""
    candidates, found = dict(parents), []
    has_stepped = False
    while candidates:
        variable, parent = next(iter(candidates.items()))
        session.prefer([*candidates.values(), *(-candidate for candidate in candidates)])
        if session.is_possible([parent, -variable]):
            solution, before = session.solution(), len(candidates)
            candidates = {v: p for v, p in candidates.items() if solution[p] < 0 or solution[v] > 0}
            if len(candidates) > MANY and before - len(candidates) < FEW and not has_stepped:
                candidates = _not_stepped_over(session, candidates, formula)
                has_stepped = True
        else:
            found.append(variable)
            del candidates[variable]
    return found


def _not_stepped_over(session: SatSession, candidates: dict[int, int], formula: Formula) -> dict[int, int]:
    """The candidates of which small steps, from the lowest in the tree up, do not show that their parent goes alone.

    In a deep tree each solution can show it of one variable only, and each step takes a whole subtree with it.
    """
    session.prefer([*candidates.values(), *candidates])
    session.is_possible()
    values = [literal > 0 for literal in session.solution()]
    walk, standing = Walk(formula.clauses, formula.size), dict(candidates)
    walk.start(bytes(values[1 : formula.size + 1]), session.fixed)
    for variable, parent in reversed(candidates.items()):
        for literal in walk.step(-variable) or () if values[variable] else ():
            values[abs(literal)] = literal > 0
        if values[parent] and not values[variable]:
            del standing[variable]
    return standing


def why_dead(model: FeatureModel, feature: str) -> tuple[Origin, ...]:
    """A minimal set of the model's rules for which no configuration has the feature."""
    return _why(model, {feature: True})


def why_void(model: FeatureModel) -> tuple[Origin, ...]:
    """A minimal set of the model's rules that contradict one another."""
    return _why(model, {model.root: True})


def why_false_optional(model: FeatureModel, feature: str) -> tuple[Origin, ...]:
    """A minimal set of the model's rules for which the feature's parent never goes without it.

    Of a feature below one with several instances it is said of the first.
    """
    written_out = expanded(model, is_cut_off=True)
    first = reached(written_out, feature)[0]
    return _why(written_out, {written_out.parent_of(first) or model.root: True, first: False})


def _why(model: FeatureModel, impossible: Mapping[str, bool]) -> tuple[Origin, ...]:
    model = expanded(model, is_cut_off=True)
    formula = encode_skeleton(model, domains_of(model, {}), impossible)
    explainer = Explainer(formula)
    try:
        return explainer.impossible([], [formula.literal(name, value) for name, value in impossible.items()])[0]
    finally:
        explainer.close()
