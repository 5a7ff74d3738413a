"""An impossible selection: a minimal set of reasons in words, and the smallest repairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..errors import SartoError
from ..model.expression import Value
from ..model.feature_model import FeatureModel
from ..model.selection import Selection, Wish
from ..model.values import shown
from .encoding import encode
from .explaining import Explainer
from .formula import Formula
from .minimising import minimise
from .reasons import ConstraintRule, DefaultRule, GroupRule, Origin, ValueRule, WishRule
from .session import SatSession
from .values import domains_of, given_values
from .words import joined, rule_sentence

__all__ = ["Change", "Conflict", "Repair", "conflict_of", "wish_literal"]

REPAIRS = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One changed wish, or another value than a typed feature's default; ``value`` None takes the wish back."""

    of: WishRule | DefaultRule
    value: Value | None

    def __str__(self) -> str:
        if isinstance(self.of, DefaultRule):
            value = shown(False if self.value is None else self.value)
            return f"add select.{self.of.feature} = {value} (the default is {shown(self.of.value)})"
        wish = self.of.wish
        name = wish.where.key or f"select.{wish.feature}"
        place = f" ({wish.where.file})" if wish.where.file else ""
        if self.value is None:
            return f"take back {name} = {shown(wish.value)}{place}"
        return f"change {name} from {shown(wish.value)} to {shown(self.value)}{place}"


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes of wishes which, made together, resolve a conflict; no part of them does."""

    changes: tuple[Change, ...]

    @property
    def sentence(self) -> str:
        """The repair in words."""
        return joined(str(change) for change in self.changes)


class Conflict(SartoError):
    """A selection that no configuration fulfils.

    ``conflicts`` are minimal sets of wishes and model rules, each of which cannot hold together, no two with a wish in
    common; ``rules`` is the first of them and ``reasons`` the same in words. ``repairs`` mend all of them, the
    smallest ones first.
    """

    def __init__(
        self, selection: Selection, conflicts: tuple[tuple[Origin, ...], ...], repairs: tuple[Repair, ...]
    ) -> None:
        self.conflicts = conflicts
        self.rules = conflicts[0]
        self.reasons = tuple(rule_sentence(rule) for rule in self.rules)
        self.repairs = repairs
        super().__init__("\n".join(_message(conflicts, repairs)), where=selection.file or None)


def _message(conflicts: Sequence[Sequence[Origin]], repairs: Sequence[Repair]) -> Iterator[str]:
    if any(isinstance(rule, WishRule | DefaultRule) for rule in conflicts[0]):
        yield "the selection is impossible, because these cannot all hold:"
    else:
        yield "no selection is possible: the feature model contradicts itself:"
    for number, rules in enumerate(conflicts):
        if number:
            yield "and neither can these:"
        yield from (f"  - {rule_sentence(rule)}" for rule in rules)
    if repairs:
        yield "to mend it, do one of these:"
        yield from (f"  {number}. {repair.sentence}" for number, repair in enumerate(repairs, 1))


def conflict_of(model: FeatureModel, selection: Selection) -> Conflict:
    """Explain an impossible selection and find up to five smallest repairs."""
    formula = encode(model, domains_of(model, _choices(model, selection)))
    wants = _wants(model, selection, formula)
    found = tuple(_conflicts(formula, wants))
    return Conflict(selection, found, tuple(sorted(repairs(formula, wants), key=_ease)))


def _conflicts(
    formula: Formula, wants: Mapping[WishRule | DefaultRule, frozenset[int]]
) -> Iterator[tuple[Origin, ...]]:
    """Minimal conflicts, each over wants that no earlier one has named."""
    explainer = Explainer(formula)
    left = dict(wants)
    try:
        while not explainer.is_possible(asked := [literal for literals in left.values() for literal in literals]):
            rules, literals = explainer.impossible(asked)
            involved = [want for want, theirs in left.items() if not theirs.isdisjoint(literals)]
            yield (*involved, *_worth_saying(rules))
            if not involved:
                return
            left = {want: theirs for want, theirs in left.items() if want not in involved}
    finally:
        explainer.close()


def _wants(model: FeatureModel, selection: Selection, formula: Formula) -> dict[WishRule | DefaultRule, frozenset[int]]:
    """What the selection asks for, and the defaults that it leaves: each with the literals that say so."""
    wants: dict[WishRule | DefaultRule, frozenset[int]] = {
        WishRule(wish): frozenset([wish_literal(formula, wish)]) for wish in selection.wishes.values()
    }
    for name, selectors in formula.selectors.items():
        wish, default = selection.wishes.get(name), model.features[name].default
        if default is not None and (wish is None or wish.value is True) and len(selectors) > 1:
            others = frozenset(-literal for value, literal in selectors.items() if value != default)
            wants[DefaultRule(name, default)] = others
    return wants


def wish_literal(formula: Formula, wish: Wish) -> int:
    """The literal that a wish asks for."""
    if isinstance(wish.value, bool):
        return formula.literal(wish.feature, wish.value)
    return formula.selectors[wish.feature][wish.value]


def _choices(model: FeatureModel, selection: Selection) -> dict[str, Sequence[Value]]:
    """For typed features: the wished value, then the others that a repair may propose."""
    domains = domains_of(model, _fixed(model, selection))
    choices: dict[str, Sequence[Value]] = {}
    for name, values in domains.items():
        wish = selection.wishes.get(name)
        wished = [wish.value] if wish is not None and not isinstance(wish.value, bool) else []
        default = model.features[name].default
        choices[name] = tuple(dict.fromkeys([*wished, *([default] if default is not None else []), *values]))
    return choices


def _fixed(model: FeatureModel, selection: Selection) -> dict[str, Sequence[Value]]:
    """Values of the features that arithmetic cannot leave free, or none where it can."""
    try:
        domains_of(model, {})
    except SartoError:
        return given_values(model, selection)
    return {}


def _worth_saying(rules: Sequence[Origin]) -> tuple[Origin, ...]:
    """Groups, then constraints, before the steps of the tree between them; that a value is one goes without saying."""
    order = {GroupRule: 0, ConstraintRule: 1}
    telling = [rule for rule in rules if not isinstance(rule, ValueRule)]
    return tuple(sorted(telling, key=lambda rule: order.get(type(rule), 2)))


def repairs(
    formula: Formula, wants: Mapping[WishRule | DefaultRule, frozenset[int]], most: int = REPAIRS
) -> Iterator[Repair]:
    """Minimal sets of changes that make the rest possible, the fewest changes first.

    Minimal correction sets in the order of their size (Liffiton and Sakallah, 2008), each
    blocked after it is found. Nothing where even no wish at all is possible.
    """
    session = SatSession.of(formula)
    try:
        granted = {session.fresh(): want for want in wants}
        session.add((-grant, literal) for grant, want in granted.items() for literal in wants[want])
        for _ in range(most):
            optimum = minimise(session, {-grant: 1 for grant in granted}, [])
            if optimum is None:
                return
            session.is_possible(optimum[1])
            solution = session.solution()
            broken = [grant for grant in granted if solution[grant] < 0]
            kept = [grant for grant in granted if solution[grant] > 0]
            yield Repair(tuple(_changes(formula, session, [granted[grant] for grant in broken], kept)))
            session.add([tuple(broken)])
    finally:
        session.close()


def _ease(repair: Repair) -> tuple[int, int]:
    """Fewer changes first; of as many, those that keep more of the wishes, if with another value."""
    return len(repair.changes), sum(change.value is None for change in repair.changes)


def _changes(
    formula: Formula, session: SatSession, wants: Iterable[WishRule | DefaultRule], kept: list[int]
) -> Iterator[Change]:
    """What to say instead of each want while the ``kept`` assumptions hold: the nearest value that goes, or nothing."""
    for want in wants:
        wanted = want.wish.value if isinstance(want, WishRule) else want.value
        if isinstance(wanted, bool):
            yield Change(want, None)
            continue
        feature = want.wish.feature if isinstance(want, WishRule) else want.feature
        for value, literal in _others(formula, feature, wanted):
            if session.is_possible([*kept, literal]):
                kept.append(literal)
                yield Change(want, value)
                break


def _others(formula: Formula, feature: str, wanted: Value) -> list[tuple[Value, int]]:
    """The other values of a typed feature, the nearest first, and last its absence."""
    others = [(value, literal) for value, literal in formula.selectors[feature].items() if value != wanted]
    others.sort(key=lambda other: _distance(other[0], wanted))
    return [*others, (False, formula.literal(feature, False))]


def _distance(value: Value, wanted: Value) -> float:
    return 0.0 if isinstance(value, str) or isinstance(wanted, str) else abs(value - wanted)
