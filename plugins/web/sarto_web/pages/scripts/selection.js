/** A selection as the file that Sarto reads (TOML 1.0): written, and read. */

import { readToml, Unread } from "./toml.js";

const KEYS = { line: [1], customer: [1], language: [1], extends: [1], select: [2], open: [2], prefer: [2], brand: [2, 3], target: [2], consent: [2] };

/** The decisions, in their order. */
export function selectionText({ name, version }, decisions) {
  const lines = [`# Chosen from ${oneLine(name)} ${oneLine(version)}.`, `line = "features.toml"`, `customer = "customer"`, "", "[select]"];
  for (const { feature, value } of decisions) lines.push(`${keyText(feature)} = ${valueText(value)}`);
  return `${lines.join("\n")}\n`;
}

function oneLine(text) {
  return text.replace(/[\u0000-\u001f\u007f]/g, " ");
}

function keyText(name) {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name);
}

function valueText(value) {
  return typeof value === "string" ? quoted(value) : String(value);
}

/** A basic string: what would end it, and what has no place in a line, is escaped. */
function quoted(text) {
  const escaped = text.replace(/["\\]/g, "\\$&").replace(/[\u0000-\u001f\u007f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `"${escaped}"`;
}

/** The decisions of a file over features, in their order, and the `others` of its keys that say something else.
 *
 * `isFit` says whether something can be decided so. Raises Unread.
 */
export function decisionsIn(text, features, isFit) {
  const entries = readToml(text);
  for (const { path, line } of entries) {
    if (!KEYS[path[0]]?.includes(path.length)) throw new Unread("file.key", { line, name: path.join(".") });
  }
  const said = entries.filter(({ path }) => path[0] === "select");
  const decided = said.map(({ path, value, line }) => ({ feature: path[1], value, line }));
  const open = entries.filter(({ path }) => path[0] === "open").flatMap(({ value }) => value);
  const unknown = [...decided.map(({ feature }) => feature), ...open].filter((name) => !Object.hasOwn(features, name));
  if (entries.some(({ path, value }) => path[0] === "extends" && value.length)) throw new Unread("file.extends", {});
  if (unknown.length) throw new Unread("file.unknown", { names: unknown });
  const others = new Set(entries.map(({ path }) => path[0]).filter((key) => !["line", "select"].includes(key)));
  return { decisions: decided.map((each) => fitting(each, features[each.feature].default, isFit)), others: [...others] };
}

/** A typed feature that is only said to be in has its default. */
function fitting({ feature, value, line }, usual, isFit) {
  if (Array.isArray(value)) throw new Unread("file.lists", { line });
  const decision = { feature, value: value === true && usual !== null ? (typeof usual === "boolean" ? true : usual) : value };
  if (!isFit(decision)) throw new Unread("file.value", { line, name: feature, value: String(value) });
  return decision;
}
