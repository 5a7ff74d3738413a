/** What a configuration costs: the line's prices applied to it, line by line, each rounded before it counts. */

import { amountOf, isTrue, Undefined } from "./formula.js";
import { read, ZERO } from "./fraction.js";

const HUNDRED = read(100);

/** The prices of a line. */
export class Pricing {
  constructor(prices) {
    this.prices = prices;
  }

  /** The quote of a configuration: name → true, a value, or null for one that is not known; null where none can be said. */
  quote(configuration) {
    const bill = new Bill(this.prices, configuration);
    try {
      bill.base();
      bill.features();
      for (const rule of this.prices.rules) bill.apply(rule);
      const net = bill.total;
      if (net.compare(ZERO) < 0) return null;
      for (const tax of this.prices.taxes) bill.levy(tax, net);
      return bill.quote(net);
    } catch (error) {
      if (error instanceof Undefined) return null;
      throw error;
    }
  }
}

class Bill {
  constructor(prices, configuration) {
    this.prices = prices;
    this.values = new Map(configuration);
    this.lines = [];
    this.total = ZERO;
    this.costs = new Map();
    this.bundled = new Set();
    this.valueOf = (name) => (this.values.has(name) ? this.values.get(name) : false);
  }

  base() {
    const { base, label } = this.prices;
    if (read(base).compare(ZERO) !== 0) this.add({ kind: "base", label, amount: read(base) });
  }

  features() {
    for (const { name, label, price } of this.prices.features) {
      if (this.valueOf(name) !== false) this.costs.set(name, this.add({ kind: "feature", label, feature: name, amount: read(price) }));
    }
  }

  apply(rule) {
    this.values.set("subtotal", this.total);
    if (rule.effect === "add") this.applyAddition(rule);
    else if (rule.effect === "percent") this.applyPercentage(rule);
    else this.applyBundle(rule);
  }

  applyAddition(rule) {
    if (!rule.per) {
      if (this.holds(rule)) this.addRule(rule, this.amount(rule));
      return;
    }
    const value = this.valueOf(rule.per);
    let [total, quantity] = [ZERO, ZERO];
    if (value !== false && this.holds(rule)) {
      if (value === null) throw new Undefined();
      quantity = read(value === true ? 1 : value);
      total = quantity.times(this.amount(rule));
    }
    this.addRule(rule, total, rule.per, quantity.decimal());
  }

  applyPercentage(rule) {
    if (!this.holds(rule)) return;
    const costs = rule.of.map((name) => this.costs.get(name) ?? ZERO);
    const base = rule.of.length ? costs.reduce((sum, each) => sum.plus(each), ZERO) : this.total;
    this.addRule(rule, base.times(this.amount(rule)).over(HUNDRED));
  }

  applyBundle(rule) {
    const { bundle } = rule;
    if (bundle.some((name) => this.valueOf(name) === false || this.bundled.has(name)) || !this.holds(rule)) return;
    for (const name of bundle) this.bundled.add(name);
    const price = this.amount(rule).rounded(this.prices.decimals);
    this.addRule(rule, bundle.reduce((left, name) => left.minus(this.costs.get(name) ?? ZERO), price));
  }

  levy(tax, net) {
    if (this.holds(tax)) this.add({ kind: "tax", label: tax.name, because: tax.because, amount: net.times(read(tax.percent)).over(HUNDRED) });
  }

  holds({ when }) {
    return when === null || isTrue(when, this.valueOf);
  }

  amount({ amount }) {
    return amountOf(amount, this.valueOf);
  }

  addRule({ name, because }, amount, feature = "", quantity = null) {
    if (amount.rounded(this.prices.decimals).compare(ZERO) !== 0) this.add({ kind: "rule", label: name, because, amount, feature, quantity });
  }

  add({ kind, label, amount, feature = "", quantity = null, because = "" }) {
    const shown = amount.rounded(this.prices.decimals);
    this.lines.push({ kind, label, feature, quantity, amount: shown.text(this.prices.decimals), because });
    this.total = this.total.plus(shown);
    return shown;
  }

  quote(net) {
    const { currency, decimals } = this.prices;
    const text = (amount) => amount.text(decimals);
    return { currency, decimals, lines: this.lines, net: text(net), taxes: text(this.total.minus(net)), total: text(this.total) };
  }
}
