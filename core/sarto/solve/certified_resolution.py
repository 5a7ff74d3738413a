"""Certificates of a resolution: that each feature which is forced is, from the wishes or from all that was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..model.feature_model import FeatureModel
from ..model.selection import Selection
from .certificates import Certificate, certificate
from .encoding import encode_skeleton
from .formula import Formula
from .reasons import Cause, Decision, Fact, FollowRule, Resolution
from .values import domains_of, given_values

__all__ = ["certify_resolution"]

_WISHED = "where the selection's wishes hold, each of these features is"
_DECIDED = "where the decisions hold that the last clauses state, each of these features is"


def certify_resolution(model: FeatureModel, selection: Selection, resolution: Resolution) -> Iterator[Certificate]:
    """The proofs of the features that a resolution calls forced, by what forces them, on and off.

    ``on`` and ``off`` follow from the wishes alone; ``then-on`` and ``then-off`` also from preferences, defaults and
    what was left out. All features of a kind have one proof, which refutes that one of them is an exception. What goes
    with features that are left open is no consequence of the model, and has none.
    """
    forced = {
        name: decision
        for name, decision in resolution.decisions.items()
        if decision.reason.cause is Cause.CONSEQUENCE
        and not any(isinstance(rule, FollowRule) for rule in decision.reason.rules)
    }
    wishes = [Fact(wish.feature, wish.value is not False) for wish in selection.wishes.values()]
    first = _resting_on({fact.feature for fact in wishes}, forced)
    then = {name: decision for name, decision in forced.items() if name not in first}
    premises = dict.fromkeys(fact for decision in then.values() for fact in decision.reason.premises)
    others = [fact for fact in premises if fact.feature not in forced and fact not in wishes]
    named = {*forced, *(fact.feature for fact in (*wishes, *others))}
    also = [name for name in model.preorder() if name in named]
    formula = encode_skeleton(model, domains_of(model, given_values(model, selection)), also)
    yield from _kinds("", _WISHED, formula, wishes, [forced[name] for name in forced if name in first])
    yield from _kinds("then-", _DECIDED, formula, [*wishes, *others], list(then.values()))


def _resting_on(given: set[str], forced: Mapping[str, Decision]) -> set[str]:
    """The features whose premises, and the premises of those, and so on, are among the given ones."""
    missing = {name: {fact.feature for fact in decision.reason.premises} - given for name, decision in forced.items()}
    needing: dict[str, list[str]] = {}
    for name, premises in missing.items():
        for premise in premises:
            needing.setdefault(premise, []).append(name)
    ready = [name for name, premises in missing.items() if not premises]
    found = set(ready)
    while ready:
        done = ready.pop()
        for name in needing.get(done, ()):
            missing[name].discard(done)
            if not missing[name] and name not in found:
                found.add(name)
                ready.append(name)
    return found


def _kinds(
    prefix: str, claim: str, formula: Formula, facts: Sequence[Fact], decisions: Sequence[Decision]
) -> Iterator[Certificate]:
    units = [(formula.literal(fact.feature, fact.value),) for fact in facts]
    for word, is_on in (("on", True), ("off", False)):
        names = tuple(decision.feature for decision in decisions if decision.is_selected is is_on)
        if names:
            more = [*units, tuple(formula.literal(name, not is_on) for name in names)]
            yield certificate(
                f"{prefix}{word}", f"{claim} {word}", formula, formula.clauses, formula.sources, more, names
            )
