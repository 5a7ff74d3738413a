/** What a change came to, in a few words: what was decided, what follows, what it costs. */

const NOT_SAID = 40; // features: of so many at once only the number is worth saying

/** Parts of what a change says: `selected`, `excluded` and `freed` in words, and how the price moved. */
export function effectsOf({ selected = [], excluded = [], freed = [] }, texts) {
  const parts = [];
  for (const [key, names] of [["in", selected], ["out", excluded], ["freed", freed]]) {
    if (names.length) parts.push(texts.say(`effect.${key}`, { n: names.length, names: listed(names, texts) }));
  }
  return parts;
}

function listed(names, texts) {
  return names.length > NOT_SAID ? texts.say("features", { n: names.length }) : texts.names(names);
}

/** By how much the price moved, as money with its sign; "" where it did not. */
export function movedOf(before, after, texts) {
  if (!before || !after) return "";
  const moved = difference(after.total, before.total);
  return Number(moved) === 0 ? "" : texts.money(moved, after, true);
}

/** The exact difference of two decimal texts. */
export function difference(left, right) {
  const places = (text) => (String(text).split(".")[1] ?? "").length;
  const scale = Math.max(places(left), places(right));
  const whole = (text) => {
    const [digits, rest = ""] = String(text).split(".");
    return BigInt(digits + rest.padEnd(scale, "0"));
  };
  const found = whole(left) - whole(right);
  const digits = String(found < 0n ? -found : found).padStart(scale + 1, "0");
  const text = scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits;
  return found < 0n ? `-${text}` : text;
}

/** The whole change as one sentence for those who listen, and for the line under the price. */
export function sentenceOf({ change, before, mine, asked }, texts) {
  const parts = [];
  const decision = change.decision ?? (asked?.feature ? { feature: asked.feature, value: asked.value } : null);
  if (!mine && change.by) parts.push(`\u2068${change.by}\u2069`);
  if (decision?.feature) parts.push(decided(decision, texts));
  parts.push(...effectsOf(withoutOwn(change, decision), texts));
  const moved = movedOf(before.price, change.price, texts);
  if (moved) parts.push(texts.say("price.moved", { amount: moved }));
  return parts.join(" · ");
}

function withoutOwn(change, decision) {
  const others = (names = []) => names.filter((name) => name !== decision?.feature);
  return { selected: others(change.selected), excluded: others(change.excluded), freed: others(change.freed) };
}

function decided({ feature, value }, texts) {
  const name = `\u2068${feature}\u2069`;
  if (value === null || value === undefined) return texts.say("said.back", { name });
  if (value === true) return texts.say("said.in", { name });
  if (value === false) return texts.say("said.out", { name });
  return texts.say("said.value", { name, value: typeof value === "number" ? value : `\u2068${value}\u2069` });
}
