"""Certificates: what an analysis or an explanation calls impossible, each claim with its proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from ..model.expression import Value
from ..model.feature_model import FeatureModel
from ..model.instances import expanded, reached
from ..model.selection import Selection
from .analysis import Analysis
from .encoding import encode_skeleton, encode_switchable
from .explaining import Explainer
from .formula import Clause, Formula
from .free import FreeSubtrees
from .proof import Refutation, refutation
from .reasons import Decision, DefaultRule, Origin, WishRule
from .session import SatSession
from .values import domains_of, given_values
from .wants import wanting_formula, wants_of
from .words import facts_in_words, rule_sentence, shown

__all__ = [
    "Certificate", "certificate", "certify_analysis", "certify_conflicts", "certify_consequence", "certify_redundant",
    "witness",
]  # fmt: skip

LONGEST = 200
"""Characters of a comment on clauses; checkers do not read long lines."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A claim in words, over ``features`` where it is about some, with its proof; ``name`` fits a file name."""

    name: str
    claim: str
    refutation: Refutation
    features: tuple[str, ...] = ()


def certify_analysis(model: FeatureModel, analysis: Analysis) -> Iterator[Certificate]:
    """The proof that a model is void, or those of its core, dead and false-optional features.

    All features of a kind have one proof: to the model one clause is added which says that one of them is an
    exception, and that is refuted.
    """
    model = expanded(model, is_cut_off=True)
    if analysis.void:
        formula = encode_skeleton(model, domains_of(model, {}))
        yield certificate("void", "the feature model has no configuration", formula, formula.clauses, formula.sources)
        return
    never_alone = [copy for name in analysis.false_optional for copy in reached(model, name)]
    parents = {name: model.parent_of(name) or model.root for name in never_alone}
    named = {*analysis.core, *analysis.dead}
    also = [name for name in model.preorder() if name in named or name in parents or name in parents.values()]
    formula = encode_skeleton(model, domains_of(model, {}), also)
    core = [formula.literal(name, False) for name in analysis.core]
    dead = [formula.literal(name) for name in analysis.dead]
    alone = range(formula.size + 1, formula.size + 1 + len(parents))
    pairs = zip(alone, parents.items(), strict=True)
    exceptions = [
        clause
        for number, (name, parent) in pairs
        for clause in ((-number, formula.literal(parent)), (-number, formula.literal(name, False)))
    ]
    for name, claim, features, more in (
        ("core", "every configuration has each of these features", analysis.core, [tuple(core)]),
        ("dead", "no configuration has any of these features", analysis.dead, [tuple(dead)]),
        (
            "false-optional", "every configuration that has the parent of one of these features has the feature",
            analysis.false_optional, [*exceptions, tuple(alone)],
        ),
    ):  # fmt: skip
        if features:
            yield certificate(name, claim, formula, formula.clauses, formula.sources, more, features)


def certify_redundant(model: FeatureModel, constraints: Iterable[int]) -> Iterator[Certificate]:
    """The proofs that constraints, given by their indices, follow from the rest of the model, each looked at alone."""
    written_out = expanded(model, is_cut_off=True)
    formula, switches = encode_switchable(written_out, domains_of(written_out, {}))
    for index in constraints:
        units = [(-switch if number == index else switch,) for number, switch in enumerate(switches)]
        claim = f"the rest of the model implies the constraint at {model.constraints[index].where or index}"
        yield certificate(f"redundant-{index}", claim, formula, formula.clauses, formula.sources, units)


def certify_conflicts(
    model: FeatureModel, selection: Selection, conflicts: Iterable[Sequence[Origin]]
) -> Iterator[Certificate]:
    """The proofs of an impossible selection's conflicts, each with only the rules and wishes that it needs."""
    formula = wanting_formula(model, selection)
    wants = wants_of(model, selection, formula)
    with closing(Explainer(formula)) as explainer:
        for number, rules in enumerate(conflicts, 1):
            involved = [rule for rule in rules if isinstance(rule, WishRule | DefaultRule)]
            literals = [literal for want in involved for literal in sorted(wants[want], key=abs)]
            needed, _ = explainer.impossible([], literals)
            claim = "; ".join(rule_sentence(rule) for rule in involved)
            claim = f"these cannot all hold: {claim}" if claim else "the feature model has no configuration"
            yield _small(f"conflict-{number}", claim, formula, needed, literals)


def certify_consequence(model: FeatureModel, selection: Selection, decision: Decision) -> Certificate:
    """The proof that a decision follows from its premises.

    Raises ValueError where it is no consequence: then the opposite is not impossible.
    """
    premises = decision.reason.premises
    also = dict.fromkeys([decision.feature, *(fact.feature for fact in premises)])
    formula = encode_skeleton(model, domains_of(model, given_values(model, selection)), also)
    literals = [formula.literal(fact.feature, fact.value) for fact in premises]
    denied = formula.literal(decision.feature, not decision.is_selected)
    with closing(Explainer(formula)) as explainer:
        needed, told = explainer.impossible(literals, [denied])
    state = f"{shown(decision.feature)} is {'in' if decision.is_selected else 'out'}"
    claim = f"where {facts_in_words(premises)}, {state}" if premises else f"in every configuration {state}"
    return _small("consequence", claim, formula, needed, [*told, denied])


def witness(model: FeatureModel) -> dict[str, Value] | None:
    """A configuration, each instance under its own name; None where the model is void."""
    model = expanded(model, is_cut_off=True)
    formula = encode_skeleton(model, domains_of(model, {}))
    with closing(SatSession.of(formula)) as session:
        if not session.is_possible():
            return None
        return _completed(model, formula, session.solution())


def _completed(model: FeatureModel, formula: Formula, solution: Sequence[int]) -> dict[str, Value]:
    """The configuration of a solution: of each group outside the skeleton as many members as needed, the first ones."""
    found: dict[str, Value] = {}
    for name, variable in formula.variables.items():
        values = formula.selectors.get(name, {True: variable})
        found[name] = next((value for value, literal in values.items() if solution[abs(literal)] == literal), False)
    for anchor in FreeSubtrees(model, formula).anchors:
        needed = anchor.minimum if solution[anchor.on] > 0 else 0
        found |= {name: index < needed for index, name in enumerate(anchor.members)}
    for name in model.preorder():
        if name not in formula.variables:
            for group in model.groups_under(name):
                needed = group.minimum if found[name] else 0
                found |= {member: index < needed for index, member in enumerate(group.members)}
    return {name: found[name] for name in model.features}


def _small(name: str, claim: str, formula: Formula, rules: Iterable[Origin], literals: Sequence[int]) -> Certificate:
    """A certificate over the clauses of a few rules and the literals."""
    wanted = {id(rule) for rule in rules}
    sources = {source for source, origin in enumerate(formula.origins) if id(origin) in wanted}
    held = [(c, s) for c, s in zip(formula.clauses, formula.sources, strict=True) if s in sources]
    units = [(literal,) for literal in literals]
    return certificate(name, claim, formula, [c for c, _ in held], [s for _, s in held], units)


def certificate(
    name: str, claim: str, formula: Formula, clauses: Sequence[Clause], sources: Sequence[int],
    more: Sequence[Clause] = (), features: tuple[str, ...] = (), conflicts: int | None = None,
) -> Certificate:  # fmt: skip
    """A certificate over these clauses of the formula, with their sources, and ``more``.

    Raises ValueError where they have a solution, and TimeoutError as :func:`~sarto.solve.proof.refutation` does.
    """
    whole = [*clauses, *more]
    used = sorted({abs(literal) for clause in whole for literal in clause})
    anew = {variable: number for number, variable in enumerate(used, 1)}
    numbered = [tuple(anew[literal] if literal > 0 else -anew[-literal] for literal in clause) for clause in whole]
    comments = [_one_line(f"claim: {claim}")]
    if more:
        comments.append(f"clauses {len(clauses) + 1}-{len(whole)}: what the claim rests on, and its opposite")
    comments += (f"{anew[variable]} {_escaped(name)}" for variable, name in _named(formula, used))
    comments += _origins(formula, sources)
    proved = refutation(numbered, len(used), comments, conflicts)
    if proved is None:
        raise ValueError(f"not impossible: {claim}")
    return Certificate(name, claim, proved, features)


def _named(formula: Formula, variables: Iterable[int]) -> Iterator[tuple[int, str]]:
    return ((variable, formula.names[variable]) for variable in variables if variable in formula.names)


def _origins(formula: Formula, sources: Sequence[int]) -> Iterator[str]:
    """Which rule the clauses come from, for each run of clauses of the same one."""
    start = 0
    for end in range(1, len(sources) + 1):
        if end == len(sources) or sources[end] != sources[start]:
            numbers = f"clause {start + 1}" if end == start + 1 else f"clauses {start + 1}-{end}"
            yield _one_line(f"{numbers}: {rule_sentence(formula.origins[sources[start]])}")
            start = end


def _one_line(text: str) -> str:
    text = _escaped(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _escaped(text: str) -> str:
    """The text on one line."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)
