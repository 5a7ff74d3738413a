/** A small SAT solver with assumptions: conflict-driven search with clause learning (Marques-Silva and Sakallah, 1999). */

import { Queue } from "./queue.js";

const FIRST_RESTART = 100; // conflicts; each time half as many more

/** Raised where the time that was given is over. */
export class TooLong extends Error {}

/** Clauses over variables 1..size, as in DIMACS.
 *
 * Decisions are tried in the order of `preferred`, then of the numbers; what conflicts were about comes before that.
 */
export class Solver {
  constructor(size, clauses, preferred = []) {
    this.size = size;
    this.values = new Int8Array(size + 1);
    this.levels = new Int32Array(size + 1);
    this.reasons = new Array(size + 1).fill(null);
    this.phases = new Int8Array(size + 1).fill(-1);
    this.watches = Array.from({ length: 2 * size + 2 }, () => []);
    this.trail = [];
    this.marks = [];
    this.next = 0;
    this.isVoid = false;
    this.core = [];
    this.end = Infinity; // a moment of performance.now(), after which it gives up
    this.queue = new Queue();
    for (const variable of new Set([...preferred.map(Math.abs), ...Array.from({ length: size }, (_, index) => index + 1)])) this.queue.append(variable);
    for (const clause of clauses) this.add(clause);
  }

  /** A further variable, which is decided after all others. */
  fresh() {
    this.size += 1;
    this.watches.push([], []);
    this.reasons.push(null);
    this.queue.append(this.size);
    if (this.size === this.values.length) {
      for (const name of ["values", "levels", "phases"]) this[name] = widened(this[name], 2 * this.size);
      this.phases.fill(-1, this.size);
    }
    return this.size;
  }

  /** Add a clause for good. */
  add(literals) {
    this.backTo(0);
    const clause = [...new Set(literals)];
    if (clause.some((literal) => clause.includes(-literal) || this.value(literal) > 0)) return;
    const open = clause.filter((literal) => this.value(literal) === 0);
    if (open.length === 0) this.isVoid = true;
    else if (open.length === 1) {
      this.assign(open[0], null);
      if (this.propagate()) this.isVoid = true;
    } else this.watch(open);
  }

  /** Whether there is a solution under the assumptions; if so `solution` has it, if not `core` those that cannot be.
   *
   * Raises TooLong where its time ends before it knows.
   */
  isPossible(assumptions = []) {
    this.core = [];
    if (this.isVoid) return false;
    this.backTo(0);
    let [conflicts, limit] = [0, FIRST_RESTART];
    for (;;) {
      const conflict = this.propagate();
      if (conflict) {
        if (this.marks.length === 0) {
          this.isVoid = true;
          return false;
        }
        if (performance.now() > this.end) throw new TooLong();
        this.learn(conflict);
        conflicts += 1;
        if (conflicts === limit) {
          [conflicts, limit] = [0, Math.ceil(limit * 1.5)];
          this.backTo(Math.min(this.marks.length, assumptions.length));
        }
        continue;
      }
      const decision = this.decide(assumptions);
      if (decision === null) {
        this.solution = Int8Array.from(this.values);
        return true;
      }
      if (this.value(decision) < 0) {
        this.core = this.blame(-decision, assumptions);
        return false;
      }
      this.marks.push(this.trail.length);
      if (this.value(decision) === 0) this.assign(decision, null);
    }
  }

  /** The next literal to decide: the assumptions first, one level for each; null where all have values. */
  decide(assumptions) {
    if (this.marks.length < assumptions.length) return assumptions[this.marks.length];
    const variable = this.queue.firstOf(this.values);
    return variable === 0 ? null : this.phases[variable] > 0 ? variable : -variable;
  }

  value(literal) {
    return literal > 0 ? this.values[literal] : -this.values[-literal];
  }

  slot(literal) {
    return literal > 0 ? 2 * literal : 1 - 2 * literal;
  }

  watch(clause) {
    this.watches[this.slot(clause[0])].push(clause);
    this.watches[this.slot(clause[1])].push(clause);
  }

  assign(literal, reason) {
    const variable = Math.abs(literal);
    this.values[variable] = Math.sign(literal);
    this.levels[variable] = this.marks.length;
    this.reasons[variable] = reason;
    this.trail.push(literal);
  }

  backTo(level) {
    if (this.marks.length <= level) return;
    const keep = this.marks[level];
    while (this.trail.length > keep) {
      const variable = Math.abs(this.trail.pop());
      this.phases[variable] = this.values[variable];
      this.values[variable] = 0;
      this.queue.freed(variable);
    }
    this.marks.length = level;
    this.next = keep;
  }

  /** Assign what follows clause by clause; the clause that fails, or null. */
  propagate() {
    while (this.next < this.trail.length) {
      const denied = -this.trail[this.next];
      this.next += 1;
      const watching = this.watches[this.slot(denied)];
      let kept = 0;
      for (let index = 0; index < watching.length; index += 1) {
        const clause = watching[index];
        if (clause[0] === denied) [clause[0], clause[1]] = [clause[1], clause[0]];
        let other = 1;
        if (this.value(clause[0]) <= 0) {
          other = 2;
          while (other < clause.length && this.value(clause[other]) < 0) other += 1;
        }
        if (other > 1 && other < clause.length) {
          [clause[1], clause[other]] = [clause[other], clause[1]];
          this.watches[this.slot(clause[1])].push(clause);
          continue;
        }
        watching[kept] = clause;
        kept += 1;
        if (other === 1) continue;
        if (this.value(clause[0]) < 0) {
          while (++index < watching.length) watching[kept++] = watching[index];
          watching.length = kept;
          return clause;
        }
        this.assign(clause[0], clause);
      }
      watching.length = kept;
    }
    return null;
  }

  /** Learn from a conflict up to the first unique implication point, and go back to where that says something. */
  learn(conflict) {
    const level = this.marks.length;
    const seen = new Set();
    const rest = [];
    let open = 0;
    let index = this.trail.length - 1;
    let literal = 0;
    for (let clause = conflict; ; clause = this.reasons[Math.abs(literal)]) {
      for (const each of clause) {
        const variable = Math.abs(each);
        if (each === literal || seen.has(variable) || this.levels[variable] === 0) continue;
        seen.add(variable);
        if (this.levels[variable] === level) open += 1;
        else rest.push(each);
      }
      while (!seen.has(Math.abs(this.trail[index]))) index -= 1;
      literal = this.trail[index];
      index -= 1;
      open -= 1;
      if (open === 0) break;
    }
    rest.sort((a, b) => this.levels[Math.abs(b)] - this.levels[Math.abs(a)]);
    const learnt = [-literal, ...rest];
    this.queue.toFront(seen);
    this.backTo(rest.length ? this.levels[Math.abs(rest[0])] : 0);
    if (rest.length) this.watch(learnt);
    this.assign(-literal, rest.length ? learnt : null);
  }

  /** The assumptions from which a literal follows that denies another one of them. */
  blame(literal, assumptions) {
    const wanted = new Set(assumptions);
    const found = new Set([-literal]);
    const work = [literal];
    const seen = new Set();
    while (work.length) {
      const each = work.pop();
      const variable = Math.abs(each);
      if (seen.has(variable) || this.levels[variable] === 0) continue;
      seen.add(variable);
      const reason = this.reasons[variable];
      if (reason) work.push(...reason.filter((other) => other !== each).map((other) => -other));
      else if (wanted.has(each)) found.add(each);
    }
    return [...found];
  }
}

function widened(numbers, size) {
  const made = new numbers.constructor(size);
  made.set(numbers);
  return made;
}

/** Every literal over the variables that all solutions under the assumptions share; null where there is none.
 *
 * Each solution rules out what it denies (Janota, Lynce and Marques-Silva, 2015); the rest is asked one by one.
 */
export function consequences(solver, variables, assumptions) {
  if (!solver.isPossible(assumptions)) return null;
  let candidates = variables.map((variable) => (solver.solution[variable] > 0 ? variable : -variable));
  const proved = new Set();
  while (candidates.length) {
    const candidate = candidates.pop();
    if (solver.isPossible([...assumptions, -candidate])) {
      const found = solver.solution;
      candidates = candidates.filter((literal) => Math.sign(found[Math.abs(literal)]) === Math.sign(literal));
    } else proved.add(candidate);
  }
  return proved;
}
