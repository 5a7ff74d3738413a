/** What a typed feature may be: whether a value fits it, and how far a region of values reaches. */

/** Whether a feature cannot have a value. A typed feature is never just true. */
export function isMisfit({ type, minimum, maximum }, value) {
  if (value === false || (value === true && !type)) return false;
  if (type === "string") return typeof value !== "string";
  if (!type || typeof value !== "number" || !Number.isFinite(value)) return true;
  if (type === "integer" && !Number.isSafeInteger(value)) return true;
  return (minimum !== null && value < minimum) || (maximum !== null && value > maximum);
}

/** How far a region reaches from one of its values: to the next point at which a rule makes a difference. */
export function edge(value, { points }, bound, type, way) {
  if (points.includes(value)) return value;
  const beyond = points.filter((point) => (point - value) * way > 0).sort((a, b) => (a - b) * way)[0];
  if (beyond === undefined || (bound !== null && (beyond - bound) * way > 0)) return bound;
  if (type === "real") return beyond;
  return way > 0 ? Math.ceil(beyond) - 1 : Math.floor(beyond) + 1;
}
