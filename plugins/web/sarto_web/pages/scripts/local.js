/** The engine that works in the page, without any server: the line is inside, and what follows is worked out here. */

import { compared } from "./comparing.js";
import { completion } from "./completing.js";
import { Finishing } from "./finishing.js";
import { edge, isMisfit } from "./fitting.js";
import { Pricing } from "./pricing.js";
import { Reasoning } from "./reasoning.js";
import { Refusal } from "./remote.js";
import { decisionsIn, selectionText } from "./selection.js";
import { Unread } from "./toml.js";

/** The same methods and answers as those of the server's API. */
export class LocalEngine {
  canTalk = false;
  canLeaveOpen = false;
  canCompare = true;
  canOpen = true;
  canBuild = false;

  constructor(model) {
    this.model = model;
    this.reasoning = new Reasoning(model.formula);
    this.pricing = model.prices ? new Pricing(model.prices) : null;
    this.finishing = new Finishing(model, this.reasoning);
    this.completions = ["recommended", ...(model.prices?.features.length ? ["cheapest"] : [])];
    this.said = [];
    this.past = [];
    this.future = [];
    this.version = 1;
    this.states = this.reasoning.settled([]);
  }

  async line() {
    return this.model.line;
  }

  async tree(parent) {
    const groups = this.model.groups[parent] ?? [];
    return { parent, groups: groups.map((group) => ({ ...group, members: group.members.map((name) => this.model.features[name]) })) };
  }

  async feature(name) {
    return this.model.features[name];
  }

  async search(text, limit) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ name, summary }) => words.every((word) => `${name}\n${summary}`.toLowerCase().includes(word));
    const found = this.model.order.map((name) => this.model.features[name]).filter(fits);
    return { found: found.slice(0, limit).map(({ name, summary }) => ({ name, summary, path: this.path(name) })), more: found.length > limit };
  }

  /** The features above one, the root first. */
  path(name) {
    const above = this.model.parents[name];
    return above === undefined ? [] : [...this.path(above), above];
  }

  async room() {
    return { id: "", customer: "", role: "both", me: "", people: [], comments: [], proposals: [], ...this.standing(), ...this.sides(this.states) };
  }

  /** Begin with the decisions in the page's address, and keep them there: so it can be shared, and read again. */
  keepIn(place) {
    try {
      this.begin(decidedIn(place.hash));
    } catch { /* what stands there is none of ours */ }
    this.told = () => history.replaceState(null, "", this.link());
  }

  /** Start from decisions that were made elsewhere; those that cannot be are left out. */
  begin(decisions) {
    for (const decision of decisions) {
      const next = [...this.said, decision];
      if (this.isDecision(decision) && this.reasoning.isPossible(next)) this.said = next;
    }
    this.states = this.reasoning.settled(this.said);
  }

  isDecision({ feature, value }) {
    return Object.hasOwn(this.model.features, feature) && !isMisfit(this.model.features[feature], value);
  }

  async decide(feature, value) {
    const known = this.model.features[feature];
    if (isMisfit(known, value)) throw refusal(422, "misfit", { feature, value, type: known.type, minimum: known.minimum, maximum: known.maximum });
    return this.say([...this.said.filter((each) => each.feature !== feature), { feature, value }], { feature, value });
  }

  async takeBack(feature) {
    if (!this.said.some((each) => each.feature === feature)) throw refusal(404, "not-decided", { feature });
    return this.say(this.said.filter((each) => each.feature !== feature), { feature, value: null });
  }

  async undo() {
    if (!this.past.length) throw refusal(409, "nothing-to-undo");
    this.future.push(this.said);
    return this.become(this.past.pop(), null);
  }

  async redo() {
    if (!this.future.length) throw refusal(409, "nothing-to-redo");
    this.past.push(this.said);
    return this.become(this.future.pop(), null);
  }

  async repair(feature, value, id) {
    const taken = this.offered[Number(id)];
    const kept = this.said.filter((each) => each.feature !== feature && !taken.includes(each));
    return this.say([...kept, { feature, value }], { feature, value });
  }

  /** Decide all that is free, as the line recommends or the cheapest way; or say what that would be. */
  async complete(to, _version, isDry = false) {
    const found = await this.finishing.configuration(this.said, to);
    if (!found) throw refusal(503, "complete.nothing");
    const missing = this.model.order.filter((name) => found.configuration.get(name) === null);
    if (missing.length) throw refusal(422, "outcome.missing", { names: missing });
    const decisions = completion(this.model, this.said, this.states, found.configuration);
    const more = { what: "complete", is_best: found.isBest, note: found.note };
    const named = new Set(decisions.map(({ feature }) => feature));
    const said = [...this.said.filter(({ feature }) => !named.has(feature)), ...decisions];
    if (!isDry && decisions.length) return { ...this.say(said, null), ...more };
    const states = this.reasoning.settled(said);
    return { ...this.standing(said, states), by: "", decision: null, ...this.difference(this.states, states), ...more };
  }

  say(said, decision) {
    if (!this.reasoning.isPossible(said)) throw this.conflict(decision);
    this.past.push(this.said);
    this.future = [];
    return this.become(said, decision);
  }

  become(said, decision) {
    const before = this.states;
    this.said = said;
    this.states = this.reasoning.settled(said);
    this.version += 1;
    this.told?.();
    return { ...this.standing(), what: "decide", by: "", decision, ...this.difference(before, this.states) };
  }

  /** What is in and out now and was not before, and what is free again. */
  difference(before, after) {
    const moved = this.model.order.filter((name) => before.get(name) !== after.get(name));
    const now = new Map(moved.filter((name) => after.has(name)).map((name) => [name, after.get(name)]));
    return { ...this.sides(now), freed: moved.filter((name) => !after.has(name)) };
  }

  conflict(decision) {
    const others = this.said.filter((each) => each.feature !== decision.feature);
    const wanted = decision.value === null ? [] : [decision];
    const blamed = this.reasoning.blame([...others, ...wanted]);
    this.offered = this.reasoning.repairs(others, decision);
    const repairs = this.offered.map((taken, id) => ({ id: String(id), sentences: [], changes: taken.map(({ feature, value }) => ({ feature, from: value, to: null })) }));
    return new Refusal(409, { conflict: { rules: this.rules(blamed), repairs }, version: this.version });
  }

  /** What is blamed, as rules; that a value is one goes without saying. */
  rules({ rules, decisions, defaults }) {
    const wished = decisions.map(({ feature, value }) => ({ kind: "wish", feature, value, said: null, place: "" }));
    return [...wished, ...defaults, ...rules.filter(({ kind }) => kind !== "value")];
  }

  standing(said = this.said, states = this.states) {
    const count = this.reasoning.count(said, states);
    return {
      version: this.version, decisions: said.map((each) => ({ ...each, by: "", role: "both", at: "" })), open: [],
      free: this.model.order.length - states.size, remaining: { count: count === null ? null : String(count) },
      price: this.price(said, states), without_value: this.withoutValue(said, states),
      approved: null, can_undo: this.past.length > 0, can_redo: this.future.length > 0,
    };
  }

  sides(states) {
    const those = (wanted) => this.model.order.filter((name) => states.get(name) === wanted);
    return { selected: those(true), excluded: those(false) };
  }

  withoutValue(said, states) {
    const valued = new Set(said.filter(({ value }) => typeof value !== "boolean").map(({ feature }) => feature));
    return this.model.order.filter((name) => states.get(name) && this.model.features[name].type && this.model.features[name].default === null && !valued.has(name));
  }

  price(said, states) {
    if (!this.pricing) return null;
    const values = new Map(said.filter(({ value }) => typeof value !== "boolean").map(({ feature, value }) => [feature, value]));
    const configuration = new Map();
    for (const [name, isIn] of states) {
      const feature = this.model.features[name];
      if (isIn) configuration.set(name, feature.type ? values.get(name) ?? feature.default ?? null : true);
    }
    return this.pricing.quote(configuration);
  }

  async why(feature) {
    const state = this.states.get(feature);
    const decision = this.said.find((each) => each.feature === feature);
    if (state === undefined) return { feature, state: "free", rules: [], because_of: [] };
    const told = { feature, state: state ? "in" : "out" };
    if (decision) return { ...told, rules: this.rules({ rules: [], defaults: [], decisions: [decision] }), because_of: [feature] };
    const denied = [state ? -this.model.formula.variables[feature] : this.model.formula.variables[feature]];
    const settling = this.reasoning.settling(this.said, denied);
    return { ...told, rules: this.rules(this.reasoning.blame(settling, denied)), because_of: settling.map((each) => each.feature) };
  }

  async preview(feature, value) {
    const said = [...this.said.filter((each) => each.feature !== feature), { feature, value }];
    const states = this.reasoning.settled(said);
    if (!states) return { possible: false, selected: [], excluded: [], freed: [], price: this.price(this.said, this.states) };
    const { selected, excluded, freed } = this.difference(this.states, states);
    const others = (names) => names.filter((name) => name !== feature);
    return { possible: true, selected: others(selected), excluded: others(excluded), freed: others(freed), price: this.price(said, states) };
  }

  async range(feature) {
    const { type, minimum, maximum } = this.model.features[feature];
    const known = this.model.formula.values[feature];
    const values = known && this.reasoning.values(feature, this.said);
    if (!known || !values.length) return { type, minimum, maximum };
    return { type, minimum: edge(values[0], known, minimum, type, -1), maximum: edge(values[values.length - 1], known, maximum, type, 1) };
  }

  /** Compare with another link of this page, or with a selection file. */
  async compare(link, text) {
    const said = text === null ? this.linked(link) : this.read(text).decisions;
    const states = this.reasoning.settled(said);
    const [here, there] = [[this.said, this.states], [said, states]].map(([said, states]) => ({ said, states, price: this.price(said, states) }));
    return compared(this.model, here, there);
  }

  linked(link) {
    try {
      const { hash, href } = new URL(link);
      const said = hash || href === location.href.split("#")[0] ? decidedIn(hash) : [{}];
      if (said.every((decision) => this.isDecision(decision))) return this.possible(said);
    } catch (error) {
      if (error instanceof Refusal) throw error;
    }
    throw refusal(422, "compare.no-link");
  }

  /** What a selection file decides, and what else it says. */
  read(text) {
    try {
      const found = decisionsIn(text, this.model.features, (decision) => this.isDecision(decision));
      return { ...found, decisions: this.possible(found.decisions) };
    } catch (error) {
      throw error instanceof Unread ? refusal(422, error.key, error.values) : error;
    }
  }

  possible(said) {
    if (!this.reasoning.isPossible(said)) throw refusal(409, "impossible-selection");
    return said;
  }

  /** Go on with these decisions in place of those that were made. */
  async goOn(decisions) {
    return this.say(decisions, null);
  }

  async selection() {
    return selectionText(this.model.line, this.said);
  }

  quoteFormats() {
    return [];
  }

  /** The ways in for others: this page's address, with what was decided. */
  async links() {
    return { all: this.link() };
  }

  link() {
    const said = this.said.map(({ feature, value }) => [feature, value]);
    return `${location.href.split("#")[0]}#${encodeURIComponent(JSON.stringify(said))}`;
  }

  listen() {}
}

/** The decisions in the part of an address behind its #. Raises an error where there are none. */
function decidedIn(hash) {
  return JSON.parse(decodeURIComponent(hash.slice(1)) || "[]").map(([feature, value]) => ({ feature, value }));
}

/** What is refused, by its code or by the text of the catalogue that only this page has for it. */
function refusal(status, code, data = {}) {
  return new Refusal(status, { error: { code, data } });
}
