/** Dialogs that look ahead or aside: completing the selection with a preview, and comparing two of them. */

import { effectsOf, movedOf } from "./changes.js";
import { openDialog } from "./dialog.js";
import { button, element } from "./element.js";
import { refusalText } from "./refusals.js";

/** Show what completing would bring before it is done. */
export async function openComplete(session, to, texts) {
  session.tell("busy", true);
  const found = await session.engine.complete(to, session.room.version, true).catch((error) => ({ error }));
  session.tell("busy", false);
  if (found.error) return session.tell("failed", { error: found.error });
  const moved = movedOf(session.room.price, found.price, texts);
  const price = found.price && element("p", { class: "sum" },
    element("span", { class: "total" }, texts.money(found.price.total, found.price)),
    moved && element("span", { class: "moved" }, moved));
  const caution = found.note ? texts.say("complete.rules") : found.is_best ? "" : texts.say("complete.unproved");
  const effects = effectsOf(found, texts);
  return openDialog({
    title: texts.say(`complete.${to}`), name: "complete",
    body: [
      element("p", { class: "lead" }, texts.say(`complete.${to}.lead`)), price, caution && element("p", { class: "aside" }, caution),
      element("ul", { class: "reasons" }, (effects.length ? effects : [texts.say("preview.nothing")]).map((each) => element("li", { dir: "auto" }, each))),
    ],
    actions: [
      { text: texts.say("cancel") },
      { text: texts.say("complete.do"), act: () => session.complete(to).then(() => true), main: true, autofocus: true },
    ],
  }, texts);
}

/** Ask what to compare with, a link or a file, and show the differences. */
export function openCompare(session, texts) {
  const link = element("input", { id: "other", type: "text", inputmode: "url", autocomplete: "off", autofocus: true });
  const file = element("input", { id: "other-file", type: "file", accept: ".toml" });
  const shown = element("div", { "aria-live": "polite" });
  const compare = async () => {
    const text = file.files[0] ? await file.files[0].text() : null;
    try {
      shown.replaceChildren(...differences(await session.engine.compare(link.value.trim(), text), texts));
    } catch (error) {
      shown.replaceChildren(element("p", { class: "fault" }, refusalText(error, texts)));
    }
    return false;
  };
  return openDialog({
    title: texts.say("compare.title"), name: "compare", wide: true,
    body: [
      element("div", { class: "field" }, element("label", { for: "other" }, texts.say("compare.link")), link),
      element("div", { class: "field" }, element("label", { for: "other-file" }, texts.say("compare.file")), file),
      button(texts.say("compare.do"), compare, { class: "main" }), shown,
    ],
  }, texts);
}

function differences(found, texts) {
  const list = (key, names) => [
    element("h3", {}, texts.say(key, { n: names.length })),
    element("ul", { class: "names" }, names.map((name) => element("li", { dir: "auto" }, name))),
  ];
  const differing = found.differing.map((each) => `${each.feature}: ${[each.here, each.there].map((value) => value ?? texts.say("value.none")).join(" | ")}`);
  const sums = [found.price_here, found.price_there].filter(Boolean).map((price) => texts.money(price.total, price));
  const prices = sums.length === 2 ? [element("p", { class: "sum" }, sums.join(" | "))] : [];
  const parts = [["compare.here", found.only_here], ["compare.there", found.only_there], ["compare.differing", differing]];
  const lists = parts.filter(([, names]) => names.length).flatMap(([key, names]) => list(key, names));
  return [...prices, ...(lists.length ? lists : [element("p", {}, texts.say("compare.same"))])];
}
