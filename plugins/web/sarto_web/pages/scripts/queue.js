/** The order in which variables are decided: those of the last conflicts first (VMTF: Biere and Fröhlich, 2015). */

/** A list of the variables, each with a stamp that falls along it; `at` has nothing unassigned before it. */
export class Queue {
  constructor() {
    this.before = [0];
    this.after = [0]; // of 0: the first one
    this.stamps = [-Infinity];
    this.last = 0;
    this.newest = 0;
    this.at = 0;
  }

  /** Put a new variable behind all others. */
  append(variable) {
    this.stamps[variable] = this.last === 0 ? 0 : this.stamps[this.last] - 1;
    this.link(variable, this.last, 0);
    if (this.at === 0) this.at = variable;
  }

  /** The first variable that has no value; 0 where all have one. */
  firstOf(values) {
    while (this.at !== 0 && values[this.at] !== 0) this.at = this.after[this.at];
    return this.at;
  }

  /** Note that a variable has no value any more. */
  freed(variable) {
    if (this.stamps[variable] > this.stamps[this.at]) this.at = variable;
  }

  /** Move variables, all of which have values, to the front, in the order in which they stand. */
  toFront(variables) {
    for (const variable of [...variables].sort((a, b) => this.stamps[a] - this.stamps[b])) {
      const [before, after] = [this.before[variable], this.after[variable]];
      if (this.at === variable) this.at = after;
      this.after[before] = after;
      if (after === 0) this.last = before;
      else this.before[after] = before;
      this.newest += 1;
      this.stamps[variable] = this.newest;
      this.link(variable, 0, this.after[0]);
    }
  }

  link(variable, before, after) {
    this.before[variable] = before;
    this.after[variable] = after;
    this.after[before] = variable;
    if (after === 0) this.last = variable;
    else this.before[after] = variable;
  }
}
