/** The bar over every page: whose product it is, in which language, light or dark. */

import { redress, remember } from "./appearance.js";
import { button, element, named } from "./element.js";

/** The header with the line's name, what stands in the middle, and the reader's own choices. */
export function barOf({ line, customer, middle = [], context, texts, speak }) {
  const languages = element("select", { id: "language", "aria-label": texts.say("language"), onchange: (event) => {
    remember("language", event.target.value);
    speak(event.target.value);
  } }, Object.entries(context.languages).map(([code, name]) => element("option", { value: code, lang: code, selected: code === texts.language }, name)));
  return element("header", { class: "bar" },
    element("div", { class: "brand" }, element("span", { class: "mark", "aria-hidden": "true" }, [...line.name][0]?.toLocaleUpperCase() ?? ""),
      element("h1", {}, named(context.brand || line.name, { dir: "auto" }), customer && element("span", { class: "customer" }, named(customer, { dir: "auto" })))),
    middle,
    element("div", { class: "own" }, languages, button(texts.say("theme"), () => redress(context.colour), { picture: "theme", quiet: true, class: "round", id: "theme" })));
}
