/** What the page says, in the reader's language: sentences from a catalogue; numbers, money and lists by their rules. */

const LISTED = { en: "en-GB" }; // no comma before "and"
const WORDY = 15; // digits: beyond it a number is told by its size

/** The texts of one language. A message with several forms is chosen by its number `n`. */
export class Texts {
  constructor(language, messages) {
    this.language = language;
    this.messages = messages;
    this.plural = new Intl.PluralRules(language);
    this.lists = new Intl.ListFormat(LISTED[language] ?? language, { type: "conjunction" });
    this.choices = new Intl.ListFormat(LISTED[language] ?? language, { type: "disjunction" });
  }

  /** Whether there is a message of that key. */
  has(key) {
    return Object.hasOwn(this.messages, key);
  }

  /** The message of a key with its values filled in. */
  say(key, values = {}) {
    let message = this.messages[key];
    if (message === undefined) return key;
    if (typeof message !== "string") message = message[this.plural.select(Number(values.n))] ?? message.other;
    return message.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name] ?? "";
      return typeof value === "number" ? this.number(value) : String(value);
    });
  }

  /** A number, given as a number or as decimal digits of any length. */
  number(value, digits = {}) {
    return new Intl.NumberFormat(this.language, { maximumFractionDigits: 20, ...digits }).format(value);
  }

  /** An amount of money, exact; without a currency a plain number. `sign` shows a plus, too. */
  money(amount, { currency, decimals }, sign = false) {
    const form = { signDisplay: sign ? "exceptZero" : "auto", ...(currency ? { style: "currency", currency } : {}) };
    if (Number.isInteger(decimals)) Object.assign(form, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return new Intl.NumberFormat(this.language, form).format(amount);
  }

  /** How many: digits where they can be read, else about how many, as a power of ten. */
  size(digits) {
    if (digits.length <= WORDY) return this.number(BigInt(digits));
    const lead = this.number(Number(`${digits[0]}.${digits.slice(1, 3)}`), { maximumFractionDigits: 1 });
    return `${lead} × 10${superscript(digits.length - 1)}`;
  }

  /** Names in a row: all of few, the first of many. */
  names(names, most = 6) {
    const few = names.slice(0, names.length > most ? most - 1 : most).map((name) => `\u2068${name}\u2069`);
    if (few.length < names.length) few.push(this.say("more", { n: names.length - few.length }));
    return this.lists.format(few);
  }

  /** Any one of these. */
  either(names) {
    return this.choices.format(names);
  }

  /** A moment, as precise as it matters. */
  time(moment) {
    return new Intl.DateTimeFormat(this.language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));
  }
}

function superscript(number) {
  return [...String(number)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");
}

/** The catalogue of a language: from the page where it is inside, else from the server. */
export async function textsOf(language, inside, address) {
  if (inside[language]) return new Texts(language, inside[language]);
  const answer = await fetch(`${address}/${language}.json`);
  return new Texts(language, await answer.json());
}
