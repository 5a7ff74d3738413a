/** How a feature stands, in a word and a sign: chosen or following, in or out, or free. */

/** One of: chosen, follows, left-out, ruled-out, free. */
export function standingOf(session, name) {
  const state = session.state(name);
  if (state === undefined) return "free";
  if (session.decided.has(name)) return state ? "chosen" : "left-out";
  return state ? "follows" : "ruled-out";
}

/** What the next press makes of it: free → in → out → free (null); of what follows, the opposite is tried.
 *
 * A typed feature comes in with its default; undefined where it has none, so that somebody has to say its value.
 */
export function nextValue(session, row) {
  switch (standingOf(session, row.name)) {
    case "free":
    case "ruled-out":
      return valueIn(row);
    case "left-out":
      return null;
    default:
      return false;
  }
}

/** The value with which a feature is in, when nobody says one. */
export function valueIn({ type, default: usual }) {
  if (!type) return true;
  return usual === null || typeof usual === "boolean" ? undefined : usual;
}

/** `aria-checked` of the three states. */
export function checkedOf(session, name) {
  const state = session.state(name);
  return state === undefined ? "mixed" : String(state);
}
