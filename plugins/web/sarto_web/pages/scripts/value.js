/** The field of a typed feature's value, with what it may still be. */

import { element } from "./element.js";

const SEVERAL = 6; // intervals: of more, only the ends are said

/** `view` is the field, `renew` brings it up to date, `focus` goes there. */
export function valueField(row, session, texts) {
  const isText = row.type === "string";
  const input = element("input", {
    id: "value", autocomplete: "off", dir: "auto", "aria-describedby": "value-range",
    ...(isText ? { type: "text", list: "value-list" } : { type: "number", inputmode: row.type === "real" ? "decimal" : "numeric", step: row.type === "real" ? "any" : "1" }),
  });
  const range = element("p", { id: "value-range", class: "aside" });
  const list = element("datalist", { id: "value-list" });
  const send = () => {
    const value = isText ? input.value : Number(input.value);
    if ((input.value === "" && !isText) || value === session.value(row)) return;
    if (!isText && !Number.isFinite(value)) return;
    session.decide(row.name, value).then((done) => done || renew());
  };
  input.addEventListener("change", send);
  let turn = 0;
  const renew = async () => {
    const value = session.value(row);
    if (document.activeElement !== input || session.decided.has(row.name)) input.value = value ?? "";
    input.disabled = !session.mayDecide(row.stage);
    const now = (turn += 1);
    const found = await session.engine.range(row.name).catch(() => null);
    if (!found || now !== turn) return;
    for (const [key, bound] of [["min", found.minimum], ["max", found.maximum]]) {
      if (bound !== null && bound !== undefined && !isText) input.setAttribute(key, bound);
      else input.removeAttribute(key);
    }
    list.replaceChildren(...(found.values ?? []).slice(0, 100).map((each) => element("option", { value: each })));
    range.textContent = rangeText(found, texts);
  };
  const view = element("div", { class: "field" }, element("label", { for: "value" }, texts.say("value.label")), input, isText && list, range);
  return { view, renew, focus: () => input.select() };
}

/** What a value may still be, in words. */
export function rangeText({ minimum, maximum, values, intervals = [] }, texts) {
  const has = (bound) => bound !== null && bound !== undefined;
  if (values?.length === 1) return texts.say("value.only", { value: values[0] });
  if (intervals.length > 1 && intervals.length <= SEVERAL) return texts.say("value.of", { names: texts.either(intervals.map(betweenText)) });
  if (values?.length && typeof values[0] === "string") return texts.say("value.of", { names: texts.names(values) });
  if (has(minimum) && has(maximum)) return texts.say(minimum === maximum ? "value.only" : "value.between", { minimum, maximum, value: minimum });
  if (has(minimum)) return texts.say("value.least", { minimum });
  if (has(maximum)) return texts.say("value.greatest", { maximum });
  return "";
}

function betweenText({ minimum, maximum }) {
  return minimum === maximum ? String(minimum) : `${minimum ?? ""} … ${maximum ?? ""}`;
}
