/** Least weighted sums of true literals, exact: guided by what cannot be, with one ladder for each such core. */

import { Ladder } from "./ladder.js";

const SMALL_CORE = 12; // literals: larger cores are used as they are found
const MOST_RUNGS = 20_000; // of the ladders for what is known

/** Find the least sum of the weights (BigInt, of any sign) of true literals. After each question it can be left off.
 *
 * Yields the solutions on the way, or null; returns literals that, added as clauses, leave exactly the best solutions,
 * or null where there is none. The method is OLL (Andres et al., 2012; Morgado et al., 2014), the heaviest weights
 * first (Ansótegui, Bonet and Levy, 2013). What is `known` (in every solution at least `minimum` of `literals` are
 * true where `parent` is) need not be found core by core.
 */
export function* minimise(solver, weights, known = []) {
  const search = new Search(solver, new Map(weights), known);
  let stratum = search.heaviest();
  for (;;) {
    if (solver.isPossible(search.wantedFrom(stratum))) {
      yield solver.solution;
      const next = search.heaviest(stratum);
      if (next === null) return [...search.wanted.keys()];
      stratum = next;
    } else {
      const core = search.core();
      if (!core.length) return null;
      search.pay(core);
      yield null;
    }
  }
}

class Search {
  constructor(solver, weights, known) {
    this.solver = solver;
    this.wanted = new Map(); // literal → what it costs where it is false
    this.bounds = new Map(); // literal → the ladder and the bound for which it stands
    for (const each of known) this.count(weights, each);
    for (const [literal, weight] of weights) {
      if (weight !== 0n) this.wanted.set(weight > 0n ? -literal : literal, weight > 0n ? weight : -weight);
    }
  }

  /** The greatest weight, or the greatest below another one; null where there is none. */
  heaviest(below = null) {
    const weights = [...this.wanted.values()].filter((weight) => below === null || weight < below);
    return weights.length ? weights.reduce((most, each) => (each > most ? each : most)) : null;
  }

  wantedFrom(stratum) {
    return [...this.wanted].filter(([, weight]) => stratum === null || weight >= stratum).map(([literal]) => literal);
  }

  /** Some of what is wanted that cannot all be had; where it is little, none of it needless. */
  core() {
    let core = this.solver.core.filter((literal) => this.wanted.has(literal));
    if (core.length > SMALL_CORE) return core;
    for (const literal of [...core]) {
      const without = core.filter((each) => each !== literal);
      if (!this.solver.isPossible(without)) core = without;
    }
    return core;
  }

  /** Give up the least weight of a core once; of what it counts one more may be true from now on. */
  pay(core) {
    const step = core.map((literal) => this.wanted.get(literal)).reduce((least, each) => (each < least ? each : least));
    for (const literal of core) {
      const left = this.wanted.get(literal) - step;
      if (left) this.wanted.set(literal, left);
      else this.wanted.delete(literal);
      const bound = this.bounds.get(literal);
      if (bound) this.allow(bound.ladder, bound.most + 1, step);
    }
    if (core.length > 1) this.allow(new Ladder(this.solver, core.map((literal) => -literal)), 1, step);
  }

  /** Want at most `most` of what a ladder counts. */
  allow(ladder, most, weight) {
    if (most >= ladder.literals.length) return;
    const literal = ladder.atMost(most);
    this.wanted.set(literal, (this.wanted.get(literal) ?? 0n) + weight);
    this.bounds.set(literal, { ladder, most });
  }

  /** Let the parent pay what is known to be paid of a count, and want no more of it. */
  count(weights, { parent, literals, minimum }) {
    let open = literals.filter((literal) => (weights.get(literal) ?? 0n) > 0n);
    let least = minimum - (literals.length - open.length);
    while (least > 0 && least <= open.length && (least + 1) * (open.length - least) < MOST_RUNGS) {
      const step = open.map((literal) => weights.get(literal)).reduce((low, each) => (each < low ? each : low));
      for (const literal of open) weights.set(literal, weights.get(literal) - step);
      weights.set(parent, (weights.get(parent) ?? 0n) + step * BigInt(least));
      this.allow(new Ladder(this.solver, open), least, step);
      const rest = open.filter((literal) => weights.get(literal) > 0n);
      least -= open.length - rest.length;
      open = rest;
    }
  }
}
