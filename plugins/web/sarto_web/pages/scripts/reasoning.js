/** What follows from decisions, why, and what mends a conflict, over the formula that stands in the page. */

import { countOf } from "./counting.js";
import { consequences, Solver } from "./solver.js";

const MOST_REPAIRS = 5;
const MOST_TAKEN_BACK = 3; // decisions in one repair

/** The formula of a line: clauses, each with the number of the rule it comes from, and the rules as data. */
export class Reasoning {
  constructor(formula) {
    this.formula = formula;
    this.names = Object.keys(formula.variables);
    this.variables = this.names.map((name) => formula.variables[name]);
    const firstDecided = [...this.variables, ...Object.values(formula.values).flatMap(({ literals }) => literals.map(Math.abs))];
    this.solver = new Solver(formula.size, formula.clauses, firstDecided);
  }

  /** The literals that a decision asks for. */
  literals({ feature, value }) {
    const variable = this.formula.variables[feature];
    if (value === false) return [-variable];
    return value === true ? [variable] : [variable, ...this.others(feature, value)];
  }

  /** That a typed feature has no other value than this one, which stands for all of its region: rules see no difference. */
  others(feature, value) {
    const known = this.formula.values[feature];
    if (!known) return [];
    const region = (number) => known.points.filter((point) => point < number).length;
    const isLike = (each) => each === value || (!known.points.includes(each) && !known.points.includes(value) && region(each) === region(value));
    const at = known.candidates.includes(value) ? known.candidates.indexOf(value) : known.candidates.findIndex(isLike);
    return known.literals.filter((_, index) => index !== at).map((literal) => -literal);
  }

  /** The decisions as literals, and that each typed feature whose value nobody decided has its default, where it is in. */
  assumptions(decisions) {
    const defaults = this.defaults(decisions).flatMap(({ feature, value }) => this.others(feature, value));
    return [...decisions.flatMap((decision) => this.literals(decision)), ...defaults];
  }

  /** The typed features whose value nobody decided, each with its default, as rules. */
  defaults(decisions) {
    const valued = new Set(decisions.filter(({ value }) => typeof value !== "boolean").map(({ feature }) => feature));
    const left = Object.entries(this.formula.values).filter(([name, each]) => each.default !== null && !valued.has(name));
    return left.map(([feature, each]) => ({ kind: "default", feature, value: each.default }));
  }

  isPossible(decisions) {
    return this.solver.isPossible(this.assumptions(decisions));
  }

  /** Each feature that is settled: name → in or out; null where the decisions cannot go together. */
  settled(decisions) {
    const found = consequences(this.solver, this.variables, this.assumptions(decisions));
    if (!found) return null;
    const states = new Map();
    for (const name of this.names) {
      const variable = this.formula.variables[name];
      if (found.has(variable)) states.set(name, true);
      else if (found.has(-variable)) states.set(name, false);
    }
    return states;
  }

  /** Which values a typed feature may still have, as indices of its candidates. */
  values(feature, decisions) {
    const others = decisions.filter((decision) => decision.feature !== feature);
    return this.formula.values[feature].candidates.filter((value) => this.isPossible([...others, { feature, value }]));
  }

  /** How many products are left; values do not make another product, so that null is said while one is to be chosen. */
  count(decisions, states) {
    const valued = (name) => decisions.some(({ feature, value }) => feature === name && typeof value !== "boolean");
    const isOpen = ([name, each]) => each.default === null && states.get(name) !== false && !valued(name);
    if (Object.entries(this.formula.values).some(isOpen)) return null;
    const variables = Array.from({ length: this.formula.size }, (_, index) => index + 1);
    return countOf(this.formula.clauses, variables, this.assumptions(decisions));
  }

  /** As few decisions as settle what is denied: with any one taken back it is open; a value leaves its default behind. */
  settling(decisions, denied) {
    const isSettled = (rest) => {
      const asked = this.assumptions(rest);
      return this.solver.isPossible(asked) && !this.solver.isPossible([...asked, ...denied]);
    };
    const without = (spare) => kept.filter((each) => each !== spare);
    let kept = this.blame(decisions, denied).decisions;
    for (let spare; (spare = kept.findLast((each) => isSettled(without(each)))); ) kept = without(spare);
    return kept;
  }

  /** The rules, decisions and defaults, as few as it takes, from which follows that all of these cannot hold. */
  blame(decisions, denied = []) {
    const { clauses, sources, rules, size } = this.formula;
    this.explainer ??= new Solver(size + rules.length, clauses.map((clause, index) => [...clause, -(size + 1 + sources[index])]));
    const switches = rules.map((_, index) => size + 1 + index);
    const asked = [...this.assumptions(decisions), ...denied];
    if (this.explainer.isPossible([...asked, ...switches])) return null;
    let core = this.explainer.core.filter((literal) => !denied.includes(literal));
    for (const literal of [...core]) {
      const without = core.filter((each) => each !== literal);
      if (!this.explainer.isPossible([...denied, ...without])) core = without;
    }
    const isInvolved = (literals) => literals.some((literal) => core.includes(literal));
    return {
      rules: rules.filter((_, index) => core.includes(switches[index])),
      decisions: decisions.filter((decision) => isInvolved(this.literals(decision))),
      defaults: this.defaults(decisions).filter(({ feature, value }) => isInvolved(this.others(feature, value))),
    };
  }

  /** Sets of decisions, none with a needless one, without which the wanted one is possible. */
  repairs(decisions, wanted) {
    const found = [];
    const others = decisions.filter((decision) => decision.feature !== wanted.feature);
    for (let size = 1; size <= Math.min(MOST_TAKEN_BACK, others.length); size += 1) {
      for (const taken of combinations(others, size)) {
        if (found.length >= MOST_REPAIRS) return found;
        if (found.some((repair) => repair.every((each) => taken.includes(each)))) continue;
        if (this.isPossible([...others.filter((each) => !taken.includes(each)), wanted])) found.push(taken);
      }
    }
    return found;
  }
}

function* combinations(items, size, from = 0) {
  if (size === 0) yield [];
  else for (let index = from; index <= items.length - size; index += 1) {
    for (const rest of combinations(items, size - 1, index + 1)) yield [items[index], ...rest];
  }
}
