/** What was refused, in the reader's language: by its code where the catalogue has it, else in the words that came. */

import { isolated } from "./element.js";
import { rangeText } from "./value.js";

/** What there is to say of an error. */
export function refusalText(error, texts) {
  if (error?.status === 0) return texts.say("fault.away");
  return saidOf(error ?? {}, texts) ?? (error?.message || texts.say("fault"));
}

/** The catalogue's words for a code with its data; null where it has none. What only a page refuses has its text as code. */
export function saidOf({ code, data = {} }, texts) {
  const keys = [code === "misfit" ? `refusal.misfit.${data.type ?? "plain"}` : `refusal.${code}`, code];
  const key = keys.find((each) => texts.has(each));
  if (!key) return null;
  const values = Object.entries(data).map(([name, value]) => [name, shown(value, texts)]);
  const said = texts.say(key, { n: data.seconds ?? data.names?.length, ...Object.fromEntries(values) });
  return code === "misfit" ? [said, rangeText(data, texts)].filter(Boolean).join(" ") : said;
}

function shown(value, texts) {
  if (Array.isArray(value)) return texts.names(value);
  return typeof value === "string" ? isolated(value) : typeof value === "boolean" ? texts.say(`choice.${value}`) : value;
}
