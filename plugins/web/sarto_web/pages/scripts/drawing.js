/** How one row of the tree looks: its sign, its name, what is to be said of it, and its price. */

import { element, icon, isolated, named } from "./element.js";
import { groupKey } from "./rows.js";
import { checkedOf, standingOf } from "./standing.js";

const SIGNS = { chosen: "check", follows: "check", "left-out": "cross", "ruled-out": "cross" };

/** The line above the members of a group that says how many of them are to be chosen. */
export function drawCaption(row, tree) {
  const text = captionOf(row.caption, tree.texts);
  return element("div", { class: `caption caption-${row.caption.kind}`, "aria-hidden": "true" }, element("span", {}, text));
}

/** One feature. */
export function drawRow(row, index, tree) {
  const { session, texts } = tree;
  const standing = standingOf(session, row.name);
  const isActive = row.name === tree.active;
  return element("div", {
    role: "treeitem", id: `row-${index}`, class: `row ${standing}${isActive ? " active" : ""}${edgeOf(row)}`,
    "data-feature": row.name, "data-standing": standing,
    "aria-level": row.level, "aria-setsize": row.size, "aria-posinset": row.position,
    "aria-checked": checkedOf(session, row.name), "aria-selected": String(isActive),
    "aria-expanded": row.has_children ? String(tree.unfolded.has(row.name)) : null,
    "aria-label": spoken(row, standing, tree),
  },
    element("span", { class: "fold", "data-part": row.has_children ? "fold" : null }, row.has_children && icon("down")),
    element("span", { class: "box", "data-part": "box" }, signOf(row, standing)),
    element("span", { class: "what" },
      element("span", { class: "name" }, named(row.name, { dir: "auto" })),
      row.summary && element("span", { class: "summary", dir: "auto" }, row.summary)),
    element("span", { class: "notes" }, notesOf(row, standing, session, texts)),
    element("span", { class: "price" }, priceOf(row, session, texts)));
}

function edgeOf(row) {
  if (!row.group || !["or", "alternative", "cardinality"].includes(row.group.kind)) return "";
  return ` grouped ${row.edge}`;
}

/** A circle where one of several is chosen, else a square; what follows by itself has a thin, broken edge. */
function signOf(row, standing) {
  const isOneOf = row.group?.kind === "alternative" || (row.group?.kind === "cardinality" && row.group.maximum === 1);
  return element("span", { class: `sign ${isOneOf ? "one-of" : "any-of"}` }, SIGNS[standing] && icon(SIGNS[standing]));
}

function notesOf(row, standing, session, texts) {
  const decision = session.decision(row.name);
  const notes = [];
  if (row.type && hasValue(row, session)) notes.push(element("span", { class: "value", dir: "auto" }, valueOf(row, session, texts)));
  if (!session.mayDecide(row.stage)) notes.push(element("span", { class: "tag" }, icon("lock"), texts.say(`stage.${row.stage}`)));
  if (session.room.open?.includes(row.name)) notes.push(element("span", { class: "tag" }, texts.say("tag.user")));
  if (standing === "follows" || standing === "ruled-out") notes.push(element("span", { class: "tag" }, texts.say(`tag.${standing}`)));
  if (decision?.by && decision.by !== session.room.me) notes.push(element("span", { class: "tag by" }, named(decision.by)));
  return notes;
}

/** Whether there is something to say of a typed feature's value: that it has one, or that it lacks one. */
function hasValue(row, session) {
  const state = session.state(row.name);
  return state === true || (state === undefined && session.value(row) !== undefined);
}

/** What a typed feature's value is, or that it lacks one. */
export function valueOf(row, session, texts) {
  const value = session.value(row);
  if (value === undefined) return texts.say("value.none");
  return typeof value === "number" ? texts.number(value) : String(value);
}

function priceOf(row, session, texts) {
  const price = row.attributes?.[session.line.price_attribute ?? "price"];
  if (typeof price !== "number" || price === 0) return null;
  return texts.money(String(price), session.money(), true);
}

/** The sentence above a group's members. */
export function captionOf(group, texts) {
  return texts.say(groupKey(group), { n: group.minimum, minimum: group.minimum, maximum: group.maximum, size: group.members.length });
}

/** The row in words, for those who listen. */
function spoken(row, standing, tree) {
  const { session, texts } = tree;
  const parts = [isolated(row.name), texts.say(`standing.${standing}`)];
  if (row.type && hasValue(row, session)) parts.push(valueOf(row, session, texts));
  if (row.group) parts.push(captionOf(row.group, texts));
  if (!session.mayDecide(row.stage)) parts.push(texts.say(`stage.${row.stage}`));
  const price = priceOf(row, session, texts);
  if (price) parts.push(price);
  return parts.join(", ");
}
