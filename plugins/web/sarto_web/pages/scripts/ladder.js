/** At most so many of many literals: a ladder of partial counts that grows with the bound that is asked of it. */

/** Literals of a solver, and others that say how many of them are true at most (after Sinz, 2005). */
export class Ladder {
  constructor(solver, literals) {
    this.solver = solver;
    this.literals = literals;
    this.rungs = new Map();
  }

  /** A literal that can be true only where at most `bound` of the literals are; from 0 up to fewer than all. */
  atMost(bound) {
    return this.rung(0, bound);
  }

  /** That at most `left` of the literals from a place on are true. */
  rung(place, left) {
    const key = place * this.literals.length + left;
    if (!this.rungs.has(key)) {
      const made = this.solver.fresh();
      const literal = this.literals[place];
      this.rungs.set(key, made);
      if (this.isOpen(place + 1, left)) this.solver.add([-made, this.rung(place + 1, left)]);
      if (left === 0) this.solver.add([-made, -literal]);
      else if (this.isOpen(place + 1, left - 1)) this.solver.add([-made, -literal, this.rung(place + 1, left - 1)]);
    }
    return this.rungs.get(key);
  }

  isOpen(place, left) {
    return left < this.literals.length - place;
  }
}
