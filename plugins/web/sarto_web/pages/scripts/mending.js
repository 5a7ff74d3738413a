/** The dialog of a conflict: what cannot go together, and the repairs to pick from. */

import { openDialog } from "./dialog.js";
import { element } from "./element.js";
import { sentencesOf } from "./reasons.js";

/** Open it for what was asked for and could not be. */
export function openConflict(session, { feature, value, conflict }, texts) {
  const repairs = conflict.repairs ?? [];
  const list = element("fieldset", { class: "repairs" }, element("legend", {}, texts.say(repairs.length ? "conflict.repairs" : "conflict.none")),
    repairs.map((repair, index) => element("label", { class: "repair" },
      element("input", { type: "radio", name: "repair", value: repair.id, checked: index === 0, autofocus: index === 0 }),
      element("span", { dir: "auto" }, repairText(repair, texts)))));
  const mend = () => {
    const id = list.querySelector("input:checked").value;
    return session.repair(feature, value, id).then(() => true);
  };
  return openDialog({
    title: texts.say("conflict.title"), name: "conflict",
    body: [
      element("p", { class: "lead" }, texts.say(askedKey(value), { name: `\u2068${feature}\u2069`, value })),
      element("ul", { class: "reasons" }, sentencesOf(conflict, texts).map((sentence) => element("li", { dir: "auto" }, sentence))),
      list,
    ],
    actions: [
      { text: texts.say("conflict.leave") },
      ...(repairs.length ? [{ text: texts.say("conflict.mend"), act: mend, main: true }] : []),
    ],
  }, texts);
}

function askedKey(value) {
  return value === true ? "conflict.in" : value === false ? "conflict.out" : "conflict.value";
}

/** A repair in the reader's language, from its changes; in the engine's words where it has none. */
export function repairText(repair, texts) {
  if (!repair.changes?.length) return repair.sentences.join(" ");
  return texts.lists.format(repair.changes.map(({ feature, from, to }) => {
    const key = to === null ? (typeof from === "boolean" ? "repair.back" : "repair.back.value") : to === true ? "repair.in" : to === false ? "repair.out" : "repair.value";
    return texts.say(key, { name: `\u2068${feature}\u2069`, from: said(from, texts), to: said(to, texts) });
  }));
}

function said(value, texts) {
  return typeof value === "boolean" ? texts.say(`choice.${value}`) : typeof value === "number" ? value : `\u2068${value ?? ""}\u2069`;
}
