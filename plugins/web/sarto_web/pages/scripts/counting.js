/** How many solutions a formula has: search with unit propagation, components counted apart and remembered. */

const BUDGET = 5_000; // branches: beyond them the number is not known

/** The number of solutions over the variables (Bayardo and Pehoushek, 2000), as a BigInt; null where it takes too long. */
export function countOf(clauses, variables, assumptions) {
  const state = { left: BUDGET, known: new Map() };
  try {
    return count([...clauses, ...assumptions.map((literal) => [literal])], variables, state);
  } catch (error) {
    if (error === state) return null;
    throw error;
  }
}

function count(clauses, variables, state) {
  const settled = propagated(clauses);
  if (!settled) return 0n;
  const rest = variables.filter((variable) => !settled.values.has(variable));
  const parts = componentsOf(settled.clauses);
  const used = new Set(parts.flatMap((part) => part.variables));
  let total = 1n << BigInt(rest.filter((variable) => !used.has(variable)).length);
  for (const part of parts) {
    total *= countPart(part, state);
    if (total === 0n) return 0n;
  }
  return total;
}

function countPart({ clauses, variables }, state) {
  const key = clauses.map((clause) => clause.join()).sort().join(";");
  const known = state.known.get(key);
  if (known !== undefined) return known;
  state.left -= 1;
  if (state.left < 0) throw state;
  const uses = new Map();
  for (const literal of clauses.flat()) uses.set(Math.abs(literal), (uses.get(Math.abs(literal)) ?? 0) + 1);
  const [branch] = [...uses].reduce((best, each) => (each[1] > best[1] ? each : best));
  const found = [branch, -branch].reduce((sum, literal) => sum + count([...clauses, [literal]], variables, state), 0n);
  state.known.set(key, found);
  return found;
}

/** What is left of the clauses when all that follows from single literals is assigned; null where nothing can be. */
function propagated(clauses) {
  const values = new Map();
  let left = clauses;
  for (;;) {
    const units = left.filter((clause) => clause.length === 1).map(([literal]) => literal);
    if (!units.length) return { values, clauses: left };
    for (const literal of units) {
      if (values.get(Math.abs(literal)) === (literal < 0)) return null;
      values.set(Math.abs(literal), literal > 0);
    }
    const next = [];
    for (const clause of left) {
      if (clause.some((literal) => values.get(Math.abs(literal)) === (literal > 0))) continue;
      const open = clause.filter((literal) => !values.has(Math.abs(literal)));
      if (!open.length) return null;
      next.push(open);
    }
    left = next;
  }
}

/** Clauses that share no variable with others, each part with its variables. */
function componentsOf(clauses) {
  const above = new Map();
  const top = (variable) => {
    let each = variable;
    while (above.get(each) !== each) each = above.get(each);
    above.set(variable, each);
    return each;
  };
  for (const clause of clauses) {
    const variables = clause.map(Math.abs);
    for (const variable of variables) if (!above.has(variable)) above.set(variable, variable);
    for (const variable of variables.slice(1)) above.set(top(variable), top(variables[0]));
  }
  const parts = new Map();
  for (const variable of above.keys()) {
    const key = top(variable);
    if (!parts.has(key)) parts.set(key, { clauses: [], variables: [] });
    parts.get(key).variables.push(variable);
  }
  for (const clause of clauses) parts.get(top(Math.abs(clause[0]))).clauses.push(clause);
  return [...parts.values()];
}
