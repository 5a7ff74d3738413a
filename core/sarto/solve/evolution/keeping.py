"""The largest set of wishes that can be kept together, with a minimal reason for each one that cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...errors import SartoError
from ...model.expression import Value
from ...model.feature_model import FeatureModel
from ...model.selection import Selection, Wish
from ...model.values import is_number
from ..conflict import conflict_of
from ..encoding import encode_skeleton
from ..explaining import Explainer
from ..formula import Formula
from ..minimising import minimise
from ..reasons import ConstraintRule, DefaultRule, GroupRule, Origin, WishRule
from ..session import SatSession
from ..values import domains_of, given_values

__all__ = ["Kept", "keep"]

Want = WishRule | DefaultRule
Said = tuple[Want, tuple[int, ...]]
"""A want with the literals that say it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What can be kept of wishes: the ``values`` that their features get, and ``added`` ones in place of defaults.

    A feature whose wish could not be kept has the nearest value that could, or none at all. For each of these, and
    for each of the added ones, ``reasons`` has a minimal set of other wishes, defaults and rules that are against it.
    """

    values: Mapping[str, Value]
    added: Mapping[str, Value]
    reasons: Mapping[str, tuple[Origin, ...]]


def keep(model: FeatureModel, wishes: Mapping[str, Wish], almost: Mapping[str, Wish]) -> Kept:
    """Keep as many of the ``wishes`` as the model allows together, earlier ones where either of two has to go.

    Of as many, values rather go than features. The features of ``almost``, whose values are no more than the nearest
    to what was wished for, are kept where nothing else goes for it, and so are those whose value cannot be. A
    default gives way to all of these. All must fit the model, each for itself. Raises :class:`Conflict` where the
    model has no configuration.
    """
    keeper = _Keeper(model, wishes, almost)
    try:
        return keeper.keep()
    finally:
        keeper.close()


class _Keeper:
    """The search under way: a session of the model, and the literals that are kept so far, each for its want."""

    def __init__(self, model: FeatureModel, wishes: Mapping[str, Wish], almost: Mapping[str, Wish]) -> None:
        self.model = model
        self.wishes = wishes
        self.wanted = {**wishes, **almost}
        self.formula = _formula(model, self.wanted)
        self.session = SatSession.of(self.formula)
        self.explainer = Explainer(self.formula)
        self.kept: dict[int, Want] = {}

    def close(self) -> None:
        self.session.close()
        self.explainer.close()

    def keep(self) -> Kept:
        if not self.session.is_possible():
            raise conflict_of(self.model, Selection(line="", customer=""))
        levels = [self._as_wished(), self._present(), self._by_default()]
        face = self._best(levels)
        lost = dict(each for level in levels for each in self._take(level, face))
        reasons = {_feature(want): self._against(literals) for want, literals in reversed(lost.items())}
        return self._settled(lost, reasons)

    def _as_wished(self) -> list[Said]:
        """The wishes."""
        return [(WishRule(wish), (self._literal(wish),)) for wish in self.wishes.values()]

    def _present(self) -> list[Said]:
        """The wishes without their values: that the features are there, or not."""
        plain = (replace(wish, value=wish.value is not False) for wish in self.wanted.values())
        return [(WishRule(wish), (self._literal(wish),)) for wish in plain]

    def _literal(self, wish: Wish) -> int:
        if isinstance(wish.value, bool):
            return self.formula.literal(wish.feature, wish.value)
        return self.formula.selectors[wish.feature][wish.value]

    def _by_default(self) -> list[Said]:
        """That typed features without a wished value have their default where they are there."""
        found: list[Said] = []
        for name, selectors in self.formula.selectors.items():
            wish, default = self.wanted.get(name), self.model.features[name].default
            if default is not None and (wish is None or isinstance(wish.value, bool)) and len(selectors) > 1:
                others = tuple(literal for value, literal in selectors.items() if value != default)
                found.append((DefaultRule(name, default), tuple(-literal for literal in others)))
        return found

    def _best(self, levels: Sequence[Sequence[Said]]) -> list[int]:
        """Assumptions under which as many wants as possible hold, those of earlier levels counting above all later."""
        weights: dict[int, int] = {}
        weight = 1
        for level in reversed(levels):
            for _, literals in level:
                grant = self.session.fresh()
                self.session.add((-grant, literal) for literal in literals)
                weights[-grant] = weight
            weight = sum(weights.values()) + 1
        optimum = minimise(self.session, weights, [])
        return optimum[1] if optimum else []

    def _take(self, level: Sequence[Said], face: Sequence[int]) -> Iterator[Said]:
        """Keep what can be kept of a level on the face of the best; what is left over."""
        for want, literals in level:
            if self.session.is_possible([*face, *self.kept, *literals]):
                for literal in literals:
                    self.kept.setdefault(literal, want)
            else:
                yield want, literals

    def _against(self, literals: Sequence[int]) -> tuple[Origin, ...]:
        """The kept wants and the rules that rule something out: groups, then constraints, before steps of the tree."""
        rules, against = self.explainer.impossible(list(self.kept), literals)
        order = {GroupRule: 0, ConstraintRule: 1}
        wants = dict.fromkeys(self.kept[literal] for literal in against)
        return (*wants, *sorted(rules, key=lambda rule: order.get(type(rule), 2)))

    def _settled(self, lost: Mapping[Want, object], reasons: dict[str, tuple[Origin, ...]]) -> Kept:
        """The values of all features that were wished for, and of those whose default cannot be."""
        values: dict[str, Value] = {}
        added: dict[str, Value] = {}
        for name, wish in self.wanted.items():
            if (value := self._value(wish, name in reasons)) is not None:
                values[name] = value
        for default in [want for want in lost if isinstance(want, DefaultRule) and want.feature not in values]:
            if (value := self._nearest(default.feature, default.value)) is not None:
                added[default.feature] = value
        return Kept(values, added, reasons)

    def _value(self, wish: Wish, is_lost: bool) -> Value | None:
        """What a wish comes to; None where nothing of it can be kept."""
        if wish.feature in self.wishes and not is_lost:
            return wish.value
        if self.formula.literal(wish.feature) not in self.kept:
            return None
        if wish.value is not True:
            return self._nearest(wish.feature, wish.value)
        default = self.model.features[wish.feature].default
        return self._nearest(wish.feature, default) if is_lost and default is not None else True

    def _nearest(self, name: str, wanted: Value) -> Value | None:
        """The value of a typed feature that is nearest to the wanted one, kept from now on; of texts the default."""
        selectors, default = self.formula.selectors[name], self.model.features[name].default
        values = list(selectors) if is_number(wanted) else [value for value in selectors if value == default]
        for value in sorted(values, key=lambda value: _distance(value, wanted)):
            if self.session.is_possible([*self.kept, selectors[value]]):
                self.kept[selectors[value]] = WishRule(Wish(name, value))
                return value
        return None


def _distance(value: Value, wanted: Value) -> float:
    return 0.0 if isinstance(value, str) or isinstance(wanted, str) else abs(value - wanted)


def _feature(want: Want) -> str:
    return want.wish.feature if isinstance(want, WishRule) else want.feature


def _formula(model: FeatureModel, wanted: Mapping[str, Wish]) -> Formula:
    """The model's formula with every value that may have to be chosen, or at least with those that are asked for.

    Arithmetic over several typed features can often be expressed only where each of them has one value.
    """
    given = given_values(model, Selection(line="", customer="", wishes=wanted))
    try:
        domains = {n: tuple(dict.fromkeys([*given.get(n, ()), *v])) for n, v in domains_of(model, {}, given).items()}
        return encode_skeleton(model, domains, wanted)
    except SartoError:
        return encode_skeleton(model, domains_of(model, given), wanted)
