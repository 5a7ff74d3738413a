/** How a feature stands, in a word and a sign: chosen or following, in or out, or free. */

/** One of: chosen, follows, left-out, ruled-out, free. */
export function standingOf(session, name) {
  const state = session.state(name);
  if (state === undefined) return "free";
  if (session.decided.has(name)) return state ? "chosen" : "left-out";
  return state ? "follows" : "ruled-out";
}

/** What the next press makes of it: free → in → out → free; of what follows, the opposite is tried. */
export function nextValue(session, name) {
  switch (standingOf(session, name)) {
    case "free":
      return true;
    case "chosen":
      return false;
    case "left-out":
      return null;
    case "follows":
      return false;
    default:
      return true;
  }
}

/** `aria-checked` of the three states. */
export function checkedOf(session, name) {
  const state = session.state(name);
  return state === undefined ? "mixed" : String(state);
}
