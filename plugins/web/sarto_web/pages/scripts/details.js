/** All about the feature that is looked at: its decision, its value, why it stands as it does, what would follow. */

import { effectsOf, movedOf } from "./changes.js";
import { captionOf } from "./drawing.js";
import { button, element, named } from "./element.js";
import { sentencesOf } from "./reasons.js";
import { standingOf, valueIn } from "./standing.js";
import { valueField } from "./value.js";

const PAUSE = 150; // milliseconds: whoever runs through the tree asks nothing on the way

/** The card of one feature. Events go through the session; `talk` is called with a feature to be spoken of. */
export class Details {
  constructor(session, texts, { talk, back }) {
    this.session = session;
    this.texts = texts;
    this.talk = talk;
    this.turn = 0;
    this.heading = element("h2", { id: "details-title", tabindex: "-1" });
    this.body = element("div", { class: "details-body" });
    this.close = button(texts.say("close"), back, { picture: "close", quiet: true, class: "round close-details" });
    this.view = element("section", { class: "card details", "aria-labelledby": "details-title" },
      element("header", {}, this.heading, this.close), this.body);
  }

  /** Show a feature: what is known at once, then what the engine answers. */
  show(row) {
    const isNew = row.name !== this.row?.name;
    this.row = row;
    if (isNew) {
      this.heading.replaceChildren(named(row.name, { dir: "auto" }));
      this.field = row.type ? valueField(row, this.session, this.texts) : null;
      this.choice = this.choices();
      this.follows = element("div", { class: "reasoning" });
      this.standing = element("p", { class: "standing" });
      this.body.replaceChildren(...[
        row.summary && element("p", { class: "lead", dir: "auto" }, row.summary),
        row.group && this.inGroup(row.group),
        this.standing, this.choice, !this.session.mayDecide(row.stage) && this.proposing(), this.field?.view, this.follows, this.attributes(),
        this.session.engine.canTalk && button(this.texts.say("talk.about"), () => this.talk(row.name), { picture: "talk", class: "link" }),
      ].filter(Boolean));
    }
    this.renew();
  }

  inGroup(group) {
    if (group.kind === "mandatory" || group.kind === "optional") return null;
    return element("p", { class: "aside" }, captionOf(group, this.texts));
  }

  /** Bring the card up to date after a change, without taking anything away that has the focus. */
  renew() {
    if (!this.row) return;
    const { row, session, texts } = this;
    const standing = standingOf(session, row.name);
    this.standing.textContent = texts.say(`standing.long.${standing}`);
    const isLeft = session.room.open?.includes(row.name);
    const value = session.decided.has(row.name) ? String(session.state(row.name)) : isLeft ? "user" : "open";
    for (const input of this.choice.querySelectorAll("input")) {
      input.checked = input.value === value;
      input.disabled = !session.mayDecide(row.stage);
    }
    this.field?.renew();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tellMore(standing), PAUSE);
  }

  /** Yes, no or open: three radio buttons. */
  choices() {
    const { row, session, texts } = this;
    const pick = (value) => element("label", {},
      element("input", { type: "radio", name: "decision", value, onchange: () => this.decide(value) }),
      element("span", {}, texts.say(`choice.${value}`)));
    return element("fieldset", { class: "choices" },
      element("legend", { class: "unseen" }, texts.say("choice.legend", { name: row.name })),
      ["true", "false", "open"].map(pick),
      session.engine.canLeaveOpen && row.stage === "user" && pick("user"));
  }

  async decide(value) {
    const { name } = this.row;
    if (value === "user") return (await this.session.leaveOpen(name)) || this.renew();
    const wanted = value === "true" ? valueIn(this.row) : false;
    if (wanted === undefined) return this.field.focus();
    const done = value === "open" ? await this.session.takeBack(name) : await this.session.decide(name, wanted);
    return done || this.renew();
  }

  /** What somebody may say who may not decide, with a note if they like. */
  proposing() {
    const { session, texts, row } = this;
    const note = element("input", { id: "propose-text", type: "text", maxlength: "2000", autocomplete: "off", dir: "auto" });
    const propose = async (value) => {
      try {
        await session.engine.propose(row.name, value, note.value.trim());
        note.value = "";
      } catch (error) {
        session.tell("failed", { error });
      }
    };
    const value = valueIn(row);
    return element("div", { class: "proposing" },
      element("p", { class: "aside" }, texts.say(`stage.long.${row.stage}`)),
      element("div", { class: "field" }, element("label", { for: "propose-text" }, texts.say("propose.text")), note),
      element("p", { class: "ways" },
        value !== undefined && button(texts.say("propose.in"), () => propose(value), { class: "chip" }),
        button(texts.say("propose.out"), () => propose(false), { class: "chip" })));
  }

  attributes() {
    const all = Object.entries(this.row.attributes ?? {}).filter(([, value]) => value !== null && typeof value !== "object");
    if (!all.length) return null;
    const { texts } = this;
    const shown = (value) => (typeof value === "number" ? texts.number(value) : typeof value === "boolean" ? texts.say(`choice.${value}`) : value);
    return element("dl", { class: "attributes" }, all.map(([key, value]) => [
      element("dt", { dir: "auto" }, key), element("dd", { dir: "auto" }, shown(value))]));
  }

  /** Why it is settled, or what each answer would bring. An answer that comes too late is not shown. */
  async tellMore(standing) {
    const turn = (this.turn += 1);
    const { name } = this.row;
    const parts = standing === "free" ? await this.previews(name) : await this.why(name);
    if (turn !== this.turn) return;
    const hadFocus = this.follows.contains(document.activeElement);
    this.follows.replaceChildren(...parts);
    if (hadFocus) this.heading.focus();
  }

  async why(name) {
    const { session, texts } = this;
    const decision = session.decision(name);
    if (decision) return decision.by ? [element("p", { class: "aside" }, named(decision.by), decision.at && ` · ${texts.time(decision.at)}`)] : [];
    const found = await session.engine.why(name).catch(() => null);
    if (!found) return [];
    const others = (found.because_of ?? []).filter((each) => each !== name);
    return [
      element("h3", {}, texts.say("why")),
      element("ul", { class: "reasons" }, sentencesOf(found, texts).map((sentence) => element("li", { dir: "auto" }, sentence))),
      others.length > 0 && element("p", { class: "ways" }, others.map((other) => button(
        texts.say("why.back", { name: `\u2068${other}\u2069` }), () => session.takeBack(other), { picture: "undo", class: "chip" }))),
    ].filter(Boolean);
  }

  async previews(name) {
    const { session, texts } = this;
    const values = [valueIn(this.row), false].filter((value) => value !== undefined);
    const found = await Promise.all(values.map((value) => session.engine.preview(name, value).catch(() => null)));
    return values.map((value, index) => found[index] && this.preview(value, found[index], name, session, texts)).filter(Boolean);
  }

  preview(value, found, name, session, texts) {
    const without = (names = []) => names.filter((each) => each !== name);
    const parts = effectsOf({ selected: without(found.selected), excluded: without(found.excluded) }, texts);
    const moved = movedOf(session.room.price, found.price, texts);
    if (moved) parts.push(moved);
    const text = !found.possible ? texts.say("preview.impossible") : parts.join(" · ") || texts.say("preview.nothing");
    return element("p", { class: "preview" }, element("strong", {}, texts.say(`preview.${value !== false}`)), " ", element("span", { dir: "auto" }, text));
  }

  focus() {
    this.heading.focus();
  }
}
