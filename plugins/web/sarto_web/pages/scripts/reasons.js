/** Reasons and rules, which engines answer as data, in the reader's language. */

import { isolated } from "./element.js";

const MANY = 6; // names: of more only the first few are said
const LONG = 60; // characters of a text in a sentence

/** What an engine answers to why, or of a conflict, as sentences; its own where a kind of rule is not known here. */
export function sentencesOf({ feature, reasons, rules = [], sentences = [] }, texts) {
  const words = new Words(texts);
  const said = reasons ? reasons.map((reason) => words.chained(reason, feature)) : rules.map((rule) => words.rule(rule));
  const count = Math.max(said.length, sentences.length);
  return Array.from({ length: count }, (_, index) => said[index] ?? sentences[index]).filter(Boolean);
}

/** Sentences of one catalogue. Each is null where something in it is not known. */
class Words {
  constructor(texts) {
    this.texts = texts;
  }

  /** A reason as one of a chain, with the feature that it is of where that is not the one that was asked for. */
  chained(reason, asked) {
    const said = this.reason(reason);
    if (said === null || reason.feature === asked) return said;
    return this.texts.say(`reason.of.${reason.state}`, { name: this.name(reason.feature), reason: said });
  }

  reason({ feature, state, cause, detail, by, rules, premises }) {
    const { texts } = this;
    switch (cause) {
      case "wish": return by ? texts.say("reason.by", { name: isolated(by) }) : this.rules(rules);
      case "preference": return texts.say("reason.preference", { name: this.name(detail) });
      case "default": return texts.say(`reason.default.${state}`);
      case "consequence": return this.because(feature, rules, premises);
      case "closure": break;
      default: return null;
    }
    if (state === "out") return texts.say("reason.closure.out");
    if (detail) return this.filled("reason.closure.open", { name: this.name(detail), rule: this.rule(rules[0]) });
    if (rules.length) return this.filled("reason.closure.fewest", { reason: this.because(feature, rules, premises) });
    return texts.say("reason.closure.smallest");
  }

  because(feature, rules, premises) {
    const [{ kind, group, feature: child, parent, members, place } = {}, ...others] = rules;
    if (!others.length && kind === "parent") {
      return child === feature ? this.texts.say("reason.part.out", { parent: this.name(parent) }) : this.texts.say("reason.part.in", { name: this.name(child) });
    }
    if (!others.length && kind === "group" && group === "mandatory" && members.includes(feature)) {
      return located(this.texts.say("reason.always", { parent: this.name(parent) }), place);
    }
    const said = this.rules(rules);
    const parents = new Set(rules.filter((rule) => rule.kind === "group").map((rule) => rule.parent));
    const telling = premises.filter((fact) => !(fact.value && parents.has(fact.feature)));
    if (said === null || !telling.length || rules.every((rule) => rule.kind === "root")) return said;
    return `${said} — ${this.facts(telling)}`;
  }

  facts(facts) {
    const side = (key, wanted) => {
      const names = facts.filter(({ value }) => value === wanted).map((fact) => fact.feature);
      return names.length > 0 && this.texts.say(key, { n: names.length, names: this.names(names) });
    };
    const valued = facts.filter(({ value }) => typeof value !== "boolean").map((fact) => this.wish(fact));
    return [side("facts.in", true), ...valued, side("facts.out", false)].filter(Boolean).join(", ");
  }

  rules(rules) {
    const said = rules.map((rule) => this.rule(rule));
    return said.includes(null) ? null : said.join("; ");
  }

  /** What a rule says, with where it stands. */
  rule(rule) {
    const { texts } = this;
    const name = this.name(rule.feature);
    switch (rule.kind) {
      case "root": case "value": return texts.say(`rule.${rule.kind}`, { name });
      case "parent": return texts.say("rule.parent", { name, parent: this.name(rule.parent) });
      case "group": return located(this.group(rule), rule.place);
      case "constraint": return this.constraint(rule);
      case "wish": return located(this.wish(rule), rule.place);
      case "default": return texts.say("rule.default", { name, value: this.value(rule.value) });
      case "follow": return texts.say(rule.value ? "rule.follow.in" : "rule.follow.out", { name, others: this.names(rule.of) });
      case "amount": return isolated(rule.words);
      default: return null;
    }
  }

  group({ group, parent, members, minimum, maximum }) {
    return this.texts.say(`rule.group.${group}`, { parent: this.name(parent), members: this.names(members), minimum, maximum });
  }

  constraint(rule) {
    const said = this.demand(rule);
    if (said === null) return null;
    const text = located(said, rule.place);
    return rule.because ? `${text}: ${isolated(rule.because.replace(/\.+$/, ""))}` : text;
  }

  demand({ form, rule, instance, feature, before, copies }) {
    const { texts } = this;
    const name = this.name(feature);
    switch (form) {
      case "written": return instance
        ? texts.say("rule.constraint.in", { rule: isolated(rule), instance: this.name(instance) })
        : texts.say("rule.constraint", { rule: isolated(rule) });
      case "order": return texts.say("rule.order", { name, before: this.name(before) });
      case "presence": return copies.length ? texts.say("rule.presence", { name, copies: this.any(copies) }) : texts.say("rule.presence.none", { name });
      default: return null;
    }
  }

  wish({ feature, value, said }) {
    const key = value === true ? "rule.wish.in" : value === false ? "rule.wish.out" : "rule.wish.value";
    const wish = this.texts.say(key, { name: this.name(feature), value: this.value(value) });
    return said ? this.texts.say("rule.wish.times", { n: said.times, name: this.name(said.feature), wish }) : wish;
  }

  filled(key, values) {
    return Object.values(values).includes(null) ? null : this.texts.say(key, values);
  }

  name(name) {
    return this.texts.say("name", { name: isolated(name) });
  }

  names(names) {
    const few = names.slice(0, names.length > MANY ? MANY - 1 : MANY).map((name) => this.name(name));
    if (few.length < names.length) few.push(this.texts.say("more", { n: names.length - few.length }));
    return this.texts.lists.format(few);
  }

  any(names) {
    const few = names.slice(0, names.length > MANY ? 2 : MANY).map((name) => this.name(name));
    return this.texts.either(few.length < names.length ? [...few, this.texts.say("another")] : few);
  }

  value(value) {
    if (typeof value === "number") return this.texts.number(value, { useGrouping: false });
    const signs = [...String(value)];
    return this.name(signs.length > LONG ? `${signs.slice(0, LONG - 3).join("")}...` : value);
  }
}

function located(text, place) {
  return place ? `${text} (${isolated(place)})` : text;
}
