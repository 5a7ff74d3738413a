"""A quote while it is drawn up: lines are added one after the other, each rounded before it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from ..errors import Place, SartoError
from .evaluation import Undefined, amount_in, truth_in
from .expression import Aggregate, Expression, exact, features_in, postorder
from .instance_views import View, written_names
from .price_rules import SUBTOTAL, Addition, Amount, Bundle, Percentage, PriceRule, Prices, Tax, price_of
from .quotes import PriceKind, PriceLine, Quote

__all__ = ["Bill", "rounded"]

MOST = 10**15
"""No price is as large as that: an amount that is comes of a mistake."""


def rounded(amount: Fraction, decimals: int) -> Decimal:
    """The amount with so many decimals, halves away from zero, whatever its size."""
    scaled = abs(amount) * 10**decimals
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    return Decimal((int(amount < 0 and whole > 0), tuple(map(int, str(whole))), -decimals))


@dataclass(slots=True)
class Bill:
    """The lines so far and what they add up to, exact.

    ``view`` is of the whole configuration, in whose ``values`` the subtotal is kept. ``costs`` is what the lines of
    features say, by the line's own names for these.
    """

    prices: Prices
    view: View
    lines: list[PriceLine] = field(default_factory=list)
    total: Fraction = Fraction(0)
    net: Fraction = Fraction(0)
    costs: dict[str, Fraction] = field(default_factory=dict)
    _bundled: set[str] = field(default_factory=set)
    _sinking: PriceRule | None = None

    def charge_base(self, label: str) -> None:
        """Add what every product costs."""
        if self.prices.base:
            self._add(label, Fraction(self.prices.base), kind=PriceKind.BASE)

    def charge_features(self) -> None:
        """Add what each selected feature costs, in the order of the tree; those of all its instances in one line."""
        model, values = self.view.model, self.view.values
        names = written_names(model)
        found: dict[str, list[str]] = {}
        for name in model.preorder():
            if values.get(name, False) is not False and not model.features[name].copies:
                found.setdefault(names.get(name, name), []).append(name)
        for name, copies in found.items():
            feature = model.features[copies[0]]
            price = price_of(feature, self.prices.attribute)
            if price is not None:
                quantity = None if copies == [name] else Decimal(len(copies))
                where = feature.where.at(f"attributes.{self.prices.attribute}")
                self.costs[name] = self._add(
                    feature.summary or name, Fraction(exact(price)) * len(copies), name, quantity,
                    kind=PriceKind.FEATURE, where=where,
                )  # fmt: skip

    def apply(self, rule: PriceRule) -> None:
        """Add the line of a rule, where there is one. Raises SartoError where it cannot be said what it comes to."""
        self.view.values[SUBTOTAL] = rounded(self.total, self.prices.decimals)
        match rule.effect:
            case Addition(amount, per):
                self._apply_addition(rule, amount, per)
            case Percentage(amount, of):
                if self._holds(rule, self.view):
                    base = sum((self.costs.get(name, Fraction(0)) for name in of), Fraction(0)) if of else self.total
                    hundredths = self._amount(rule, "percent", amount, self.view)
                    self._add_rule(rule, base * hundredths / 100)
            case Bundle(features, amount):
                is_whole = all(self.view.value(name) is not False for name in features)
                if is_whole and self._bundled.isdisjoint(features) and self._holds(rule, self.view):
                    self._bundled.update(features)
                    price = rounded(self._amount(rule, "price", amount, self.view), self.prices.decimals)
                    self._add_rule(rule, Fraction(price) - sum(self.costs[name] for name in features))

    def close(self) -> None:
        """Let the lines so far be the net amount. Raises SartoError where it is below nothing."""
        self.net = self.total
        if self.total >= 0:
            return
        total = f"{rounded(self.total, self.prices.decimals):f}"
        if self._sinking is None:
            raise SartoError(f"the prices of the features come to {total}, below nothing", where=self.prices.where)
        what = f"with the price rule '{self._sinking.name}' the product costs {total}, below nothing"
        raise SartoError(what, where=self._sinking.where, hint="add a 'when' that keeps it from going so far")

    def levy(self, tax: Tax) -> None:
        """Add a tax on the net amount, where it has to be paid."""
        if self._holds(tax, self.view):
            amount = self.net * Fraction(tax.percent) / 100
            self._add(tax.name, amount, because=tax.because, kind=PriceKind.TAX, where=tax.where)

    def quote(self) -> Quote:
        """The quote with all these lines."""
        amounts = (self.net, self.total - self.net, self.total)
        net, taxes, total = (rounded(amount, self.prices.decimals) for amount in amounts)
        return Quote(self.prices.currency, self.prices.decimals, tuple(self.lines), net, taxes, total)

    def _apply_addition(self, rule: PriceRule, amount: Amount, per: str) -> None:
        if not per:
            if self._holds(rule, self.view):
                self._add_rule(rule, self._amount(rule, "add", amount, self.view))
            return
        total, quantity = Fraction(0), Fraction(0)
        for copy in self.view.copies(per):
            here = self.view.from_copy(per, copy)
            if self._holds(rule, here):
                value = self.view.values[copy]
                if value is None:
                    raise _undecided(f"the price rule '{rule.name}'", copy, rule.where.at("per"))
                times = Fraction(exact(value))
                quantity += times
                total += times * self._amount(rule, "add", amount, here)
        self._add_rule(rule, total, per, _finite(quantity))

    def _add_rule(self, rule: PriceRule, amount: Fraction, feature: str = "", quantity: Decimal | None = None) -> None:
        """The line of a rule; none where it comes to nothing."""
        before = self.total
        if rounded(amount, self.prices.decimals):
            self._add(rule.name, amount, feature, quantity, rule.because, where=rule.where)
        if self.total < 0 <= before:
            self._sinking = rule

    def _add(
        self,
        label: str,
        amount: Fraction,
        feature: str = "",
        quantity: Decimal | None = None,
        because: str = "",
        kind: PriceKind = PriceKind.RULE,
        where: Place | None = None,
    ) -> Fraction:
        if abs(amount) >= MOST:
            raise SartoError(f"'{label}' comes to more than can be a price, 10^15 or more", where=where)
        shown = rounded(amount, self.prices.decimals)
        self.lines.append(PriceLine(label, shown, feature, quantity, because, kind))
        self.total += Fraction(shown)
        return Fraction(shown)

    def _holds(self, rule: PriceRule | Tax, view: View) -> bool:
        if rule.when is None:
            return True
        try:
            return truth_in(rule.when, view)
        except Undefined:
            raise self._unknown(rule, "when", rule.when, view) from None

    def _amount(self, rule: PriceRule, key: str, amount: Amount, view: View) -> Fraction:
        if isinstance(amount, Decimal):
            return Fraction(amount)
        try:
            return amount_in(amount, view)
        except Undefined:
            raise self._unknown(rule, key, amount, view) from None

    def _unknown(self, rule: PriceRule | Tax, key: str, expression: Expression, view: View) -> SartoError:
        kind, where = "tax" if isinstance(rule, Tax) else "price rule", rule.where.at(key)
        summed = (node.attribute for node in postorder(expression) if isinstance(node, Aggregate))
        for name in (*features_in(expression), *summed):
            if view.value(name) is None or view.is_undecided(name):
                return _undecided(f"the {kind} '{rule.name}'", name, where)
        hint = "add a 'when' that keeps the divisor from being 0"
        return SartoError(f"the {kind} '{rule.name}' divides by zero", where=where, hint=hint)


def _undecided(who: str, name: str, where: Place) -> SartoError:
    return SartoError(f"{who} needs the value of '{name}', which is not decided", where=where, hint=f"decide '{name}'")


def _finite(number: Fraction) -> Decimal:
    """A sum of decimals as a decimal again."""
    places = 0
    while number.denominator > 1 and (number * 10**places).denominator > 1:
        places += 1
    return rounded(number, places)
