/** A selection as the file that Sarto reads (TOML 1.0). */

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
