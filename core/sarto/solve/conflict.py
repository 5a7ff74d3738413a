"""An impossible selection: minimal sets of reasons in words, and the repairs that weigh least."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from ..errors import SartoError
from ..model.feature_model import FeatureModel
from ..model.selection import Selection
from .diagnosis import Unfinished, minimal_conflicts
from .explaining import Explainer
from .formula import Formula
from .reasons import ConstraintRule, DefaultRule, GroupRule, Origin, ValueRule, WishRule
from .repairs import Change, Repair, repairs
from .session import SatSession
from .wants import Want, wanting_formula, wants_of, weights_of, wish_literal
from .words import rule_sentence

__all__ = ["Change", "Conflict", "Diagnosis", "Repair", "conflict_of", "diagnose", "in_words", "wish_literal"]

REPAIRS = 5
MOST = 20


class Conflict(SartoError):
    """A selection that no configuration fulfils.

    ``conflicts`` are minimal sets of wishes and model rules, each of which cannot hold together, no two with a wish in
    common; ``rules`` is the first of them and ``reasons`` the same in words. ``repairs`` mend all of them, those
    first that weigh least. Unless ``is_complete``, there are further conflicts, which the repairs mend, too,
    and ``note`` says so.
    """

    def __init__(
        self,
        selection: Selection,
        conflicts: tuple[tuple[Origin, ...], ...],
        repairs: tuple[Repair, ...],
        is_complete: bool = True,
    ) -> None:
        self.conflicts = conflicts
        self.rules = conflicts[0]
        self.reasons = tuple(rule_sentence(rule) for rule in self.rules)
        self.repairs = repairs
        self.is_complete = is_complete
        self.note = "" if is_complete else f"and there are more conflicts than these {len(conflicts)}"
        super().__init__("\n".join(in_words(conflicts, repairs, self.note)), where=selection.file or None)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All minimal conflicts of a selection, and its repairs, those first that weigh least.

    Minimal are the sets of what is wanted: each conflict has the model's rules with it that one explanation of it
    needs. ``is_complete`` tells whether there are no other conflicts; no conflict at all means that
    the selection is possible.
    """

    conflicts: tuple[tuple[Origin, ...], ...]
    repairs: tuple[Repair, ...]
    is_complete: bool


def in_words(conflicts: Sequence[Sequence[Origin]], repairs: Sequence[Repair], note: str = "") -> Iterator[str]:
    """The lines that say what cannot hold together, ``note``, and what would mend it."""
    if any(isinstance(rule, WishRule | DefaultRule) for rule in conflicts[0]):
        yield "the selection is impossible, because these cannot all hold:"
    else:
        yield "no selection is possible: the feature model contradicts itself:"
    for number, rules in enumerate(conflicts):
        if number:
            yield "and neither can these:"
        yield from (f"  - {rule_sentence(rule)}" for rule in rules)
    if note:
        yield note
    if repairs:
        yield "to mend it, do one of these:"
        yield from (f"  {number}. {repair.sentence}" for number, repair in enumerate(repairs, 1))


def conflict_of(model: FeatureModel, selection: Selection, insisted: str = "") -> Conflict:
    """Explain an impossible selection and find the up to five repairs that weigh least.

    The wish for the feature that is ``insisted`` on outweighs all others: repairs that give it up come last.
    Where there are more than MOST conflicts apart, these and one repair tell enough: each further one takes its time.
    """
    formula = wanting_formula(model, selection)
    wants = wants_of(model, selection, formula)
    with closing(Explainer(formula)) as explainer:
        found = tuple(islice(_apart(explainer, wants), MOST + 1))
    is_complete = len(found) <= MOST
    weights = weights_of(model, selection, wants)
    if insisted:
        weights[WishRule(selection.wishes[insisted])] = sum(weights.values()) + 1
    mending = repairs(formula, wants, weights, REPAIRS if is_complete else 1)
    return Conflict(selection, found[:MOST], tuple(mending), is_complete)


def diagnose(model: FeatureModel, selection: Selection, most: int = MOST) -> Diagnosis:
    """All minimal conflicts of a selection and its repairs, at most so many of each."""
    formula = wanting_formula(model, selection)
    wants = wants_of(model, selection, formula)
    found: list[tuple[Origin, ...]] = []
    is_complete = True
    with closing(Explainer(formula)) as explainer:
        try:
            for involved in islice(_all(formula, wants), most + 1):
                if len(found) == most:
                    is_complete = False
                    break
                literals = [literal for want in involved for literal in sorted(wants[want], key=abs)]
                rules, _ = explainer.impossible([], literals)
                found.append((*involved, *_worth_saying(rules)))
        except Unfinished:
            is_complete = False
    mending = repairs(formula, wants, weights_of(model, selection, wants), most) if found else []
    return Diagnosis(tuple(found), tuple(mending), is_complete)


def _all(formula: Formula, wants: Mapping[Want, frozenset[int]]) -> Iterator[tuple[Want, ...]]:
    """The minimal sets of wants that cannot hold together."""
    with closing(SatSession.of(formula)) as session:
        granted = {session.fresh(): want for want in wants}
        session.add((-grant, literal) for grant, want in granted.items() for literal in wants[want])
        for grants in minimal_conflicts(session, list(granted)):
            yield tuple(granted[grant] for grant in grants)


def _apart(explainer: Explainer, wants: Mapping[Want, frozenset[int]]) -> Iterator[tuple[Origin, ...]]:
    """Minimal conflicts, each over wants that no earlier one has named."""
    left = dict(wants)
    while not explainer.is_possible(asked := [literal for literals in left.values() for literal in literals]):
        rules, literals = explainer.impossible(asked)
        involved = [want for want, theirs in left.items() if not theirs.isdisjoint(literals)]
        if any(len(left[want]) > 1 for want in involved):
            involved, rules = _fewest(explainer, left, involved)
        yield (*involved, *_worth_saying(rules))
        if not involved:
            return
        for want in involved:
            del left[want]


def _fewest(
    explainer: Explainer, wants: Mapping[Want, frozenset[int]], involved: Sequence[Want]
) -> tuple[list[Want], tuple[Origin, ...]]:
    """Those that are impossible without the others, with the rules that it takes.

    A minimal set of literals need not be one of wants: a want may say more than the one literal of it that was used.
    """
    kept = list(involved)
    for want in reversed(involved):
        rest = [other for other in kept if other is not want]
        if not explainer.is_possible([literal for other in rest for literal in wants[other]]):
            kept = rest
    rules, _ = explainer.impossible([], [literal for want in kept for literal in sorted(wants[want], key=abs)])
    return kept, rules


def _worth_saying(rules: Sequence[Origin]) -> tuple[Origin, ...]:
    """Groups, then constraints, before the steps of the tree between them; that a value is one goes without saying."""
    order = {GroupRule: 0, ConstraintRule: 1}
    telling = [rule for rule in rules if not isinstance(rule, ValueRule)]
    return tuple(sorted(telling, key=lambda rule: order.get(type(rule), 2)))
