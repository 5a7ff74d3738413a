/** Whole configurations from decisions: the one that the line recommends, and the cheapest one. */

import { read } from "./fraction.js";
import { minimise } from "./minimising.js";
import { consequences, Solver, TooLong } from "./solver.js";

const LONGEST = { recommended: 20_000, cheapest: 10_000 }; // milliseconds
const BREATH = 40; // milliseconds, after which others may have a turn

/** Completes what was decided on one line. */
export class Finishing {
  constructor(model, reasoning) {
    this.model = model;
    this.reasoning = reasoning;
    this.known = { key: null, found: null };
  }

  /** The configuration (name → false, true or a value; null for a value that nobody says), whether it is proved to be
   * what was asked for, and a note; null where nothing is found in time.
   */
  async configuration(decisions, to) {
    const key = JSON.stringify([to, decisions]);
    if (this.known.key !== key) this.known = { key, found: await new Attempt(this, decisions, to).result() };
    return this.known.found;
  }
}

/** One completion under way: a solver of its own, which is told for good what was decided. */
class Attempt {
  constructor({ model, reasoning }, decisions, to) {
    const { size, clauses, variables } = model.formula;
    this.model = model;
    this.decisions = decisions;
    this.to = to;
    this.variables = variables;
    this.features = model.order.map((name) => variables[name]);
    this.solver = new Solver(size, clauses, this.features);
    this.solver.end = performance.now() + LONGEST[to];
    for (const literal of reasoning.assumptions(decisions)) this.solver.add([literal]);
    this.begun = performance.now();
  }

  async result() {
    return this.to === "recommended" ? await this.recommended() : await this.cheapest();
  }

  async recommended() {
    try {
      return { configuration: this.configuration(await this.recommend(), false), isBest: true, note: "" };
    } catch (error) {
      if (error instanceof TooLong) return null;
      throw error;
    }
  }

  /** The least sum of what is in; of equal ones the one that the line recommends. */
  async cheapest() {
    const costs = this.costs();
    const costOf = (solution) => costs.reduce((sum, [variable, cost]) => (solution[variable] > 0 ? sum + cost : sum), 0n);
    let best = null;
    let isBest = false;
    try {
      const found = await this.run(this.least(new Map(costs)), (solution) => {
        if (best === null || costOf(solution) < costOf(best)) best = solution;
      });
      isBest = true;
      for (const literal of found) this.solver.add([literal]);
      best = await this.recommend();
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
    }
    const { attribute, rules } = this.model.prices;
    const note = rules.length ? `the least sum of '${attribute}'; rules of the price may make another one cheaper` : "";
    return best && { configuration: this.configuration(best, true), isBest: isBest && !rules.length, note };
  }

  /** What resolution has after the wishes: the line's defaults, the fewest features, the earlier ones. */
  async recommend() {
    const settled = this.settled();
    const trail = this.trail(settled);
    for (const { feature, value, inside } of this.model.defaults) {
      const literal = value ? this.variables[feature] : -this.variables[feature];
      if (settled.has(literal) || settled.has(-literal)) continue;
      if (inside !== null && trail.value(this.variables[inside]) <= 0) continue;
      if (!this.solver.isPossible([literal])) continue;
      this.solver.add([literal]);
      trail?.add([literal]);
    }
    const found = await this.run(this.least(new Map(this.features.map((variable) => [variable, 1n]))));
    for (const literal of found) this.solver.add([literal]);
    return this.earliest();
  }

  /** What follows clause by clause; null where no default waits for an instance to be there, which is told by that. */
  trail(settled) {
    if (!this.model.defaults.some(({ inside }) => inside !== null)) return null;
    const { size, clauses } = this.model.formula;
    return new Solver(size, [...clauses, ...[...settled].map((literal) => [literal])]);
  }

  /** Of all solutions the one that has the first variable true where one has, then the second, …. */
  earliest() {
    this.solver.isPossible();
    let found = this.solver.solution;
    for (const variable of this.features) {
      if (found[variable] < 0 && this.solver.isPossible([variable])) found = this.solver.solution;
      this.solver.add([found[variable] > 0 ? variable : -variable]);
    }
    return found;
  }

  settled() {
    return consequences(this.solver, this.features, []);
  }

  /** The search for the least sum of what is still open. */
  least(weights) {
    const settled = this.settled();
    for (const variable of this.features) if (settled.has(variable) || settled.has(-variable)) weights.delete(variable);
    return minimise(this.solver, weights, this.counts(settled));
  }

  /** How many of a group's open members are still to be in, where it takes several, as `minimise` reads it. */
  counts(settled) {
    const counted = (parent) => this.model.groups[parent].filter(({ kind, minimum }) => kind === "cardinality" && minimum > 1);
    const known = (parent, { members, minimum }) => {
      const possible = members.map((name) => this.variables[name]).filter((variable) => !settled.has(-variable));
      const literals = possible.filter((variable) => !settled.has(variable));
      return { parent: this.variables[parent], literals, minimum: minimum - (possible.length - literals.length) };
    };
    return Object.keys(this.model.groups).flatMap((parent) => counted(parent).map((group) => known(parent, group)));
  }

  /** What each feature costs, in whole numbers of one size. */
  costs() {
    const amounts = this.model.prices.features.map(({ name, price }) => [this.variables[name], read(price)]);
    const scale = amounts.reduce((all, [, { below }]) => (all * below) / divisor(all, below), 1n);
    return amounts.map(([variable, { above, below }]) => [variable, (above * scale) / below]);
  }

  /** Run to its end what yields solutions on the way, and let others have their turn. */
  async run(search, seen = () => undefined) {
    for (;;) {
      const { value, done } = search.next();
      if (done) return value;
      if (value) seen(value);
      if (performance.now() > this.solver.end) throw new TooLong();
      if (performance.now() > this.begun + BREATH) {
        await new Promise((resume) => setTimeout(resume));
        this.begun = performance.now();
      }
    }
  }

  configuration(solution, isAnyValue) {
    const said = new Map(this.decisions.map(({ feature, value }) => [feature, value]));
    const value = (name) => {
      const { type, default: usual } = this.model.features[name];
      if (!type) return true;
      const decided = said.get(name) ?? true;
      return decided !== true ? decided : usual ?? (isAnyValue ? this.anyValue(name, solution) : null);
    };
    return new Map(this.model.order.map((name) => [name, solution[this.variables[name]] > 0 && value(name)]));
  }

  /** The value that the solution has of a typed feature; where no rule asks for it, one that fits. */
  anyValue(name, solution) {
    const known = this.model.formula.values[name];
    if (known) return known.candidates[known.literals.findIndex((literal) => solution[literal] > 0)];
    const { type, minimum, maximum } = this.model.features[name];
    return type === "string" ? "" : minimum ?? Math.min(0, maximum ?? 0);
  }
}

function divisor(first, second) {
  return second === 0n ? first : divisor(second, first % second);
}
