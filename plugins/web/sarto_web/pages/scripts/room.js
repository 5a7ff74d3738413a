/** The configurator: the tree, the cards beside it, and what happens between them. */

import { Amount, remainingText } from "./amount.js";
import { barOf } from "./bar.js";
import { sentenceOf } from "./changes.js";
import { Details } from "./details.js";
import { button, element } from "./element.js";
import { Finder } from "./finder.js";
import { openConflict } from "./mending.js";
import { openSelection } from "./opening.js";
import { openOutcome, summaryOf } from "./outcome.js";
import { openCompare, openComplete } from "./proposing.js";
import { refusalText } from "./refusals.js";
import { openShare } from "./sharing.js";
import { Session } from "./session.js";
import { nextValue } from "./standing.js";
import { Talk } from "./talk.js";
import { Tree } from "./tree.js";

/** Put the configurator into `#app`. `speak` starts the page again in another language. */
export async function openRoom(engine, context, texts, speak) {
  const session = new Session(engine, { isLoggedIn: Boolean(context.user) });
  await session.open();
  const page = new Room(session, context, texts, speak);
  await page.open();
  return session;
}

class Room {
  constructor(session, context, texts, speak) {
    Object.assign(this, { session, context, texts, speak });
    this.tree = new Tree(session, texts);
    this.amount = new Amount(session, texts);
    this.details = new Details(session, texts, { talk: (feature) => this.speakOf(feature), back: () => this.foldDetails() });
    this.talk = session.engine.canTalk ? new Talk(session, texts) : null;
    this.finder = new Finder(session, texts, (path) => this.tree.goTo(path));
    this.status = element("p", { class: "unseen", role: "status", id: "status" });
    this.fault = element("p", { class: "toast", role: "alert", hidden: true });
    this.undo = button(texts.say("undo"), () => session.room.can_undo && session.undo(), { picture: "undo", quiet: true, class: "round", id: "undo" });
    this.redo = button(texts.say("redo"), () => session.room.can_redo && session.redo(), { picture: "redo", quiet: true, class: "round", id: "redo" });
  }

  async open() {
    const { texts, session } = this;
    const app = document.querySelector("#app");
    app.className = "configurator";
    this.foot = element("p", { class: "foot-sum", "aria-hidden": "true" });
    const printed = element("section", { class: "printed", "aria-hidden": "true" });
    app.replaceChildren(
      element("a", { class: "skip", href: "#tree" }, texts.say("skip")),
      barOf({ line: session.line, customer: session.room.customer, middle: this.finder.view, context: this.context, texts, speak: this.speak }),
      element("main", {}, this.tools(), this.tree.view),
      element("aside", { class: "cards", "aria-label": texts.say("cards.label"), id: "cards" }, this.amount.view, this.details.view, this.talk?.view),
      element("div", { class: "foot" }, this.foot, button(texts.say("outcome.open"), () => openOutcome(session, texts), { class: "main", id: "outcome" })),
      this.status, this.fault, printed);
    this.listen();
    addEventListener("beforeprint", () => printed.replaceChildren(element("h1", {}, texts.say("outcome.title")), summaryOf(session, texts)));
    await this.tree.open();
    this.details.show(this.tree.row());
    this.refresh();
  }

  tools() {
    const { texts, session } = this;
    const finishing = element("div", { class: "menu", role: "group", "aria-label": texts.say("complete") },
      session.engine.completions.filter((to) => to !== "cheapest" || session.room.price).map((to) => button(
        texts.say(`complete.${to}`), () => openComplete(session, to, texts),
        { picture: to === "recommended" ? "tailor" : null, class: "plain", id: `complete-${to}` })));
    return element("div", { class: "tools", role: "toolbar", "aria-label": texts.say("tools") }, this.undo, this.redo, finishing,
      session.engine.canCompare && button(texts.say("compare"), () => openCompare(session, texts), { picture: "compare", quiet: true, class: "round", id: "compare" }),
      session.engine.canOpen && button(texts.say("start.open"), () => openSelection(session, texts, (text) => this.note(text)), { picture: "open", quiet: true, class: "round", id: "open" }),
      button(texts.say("share"), () => openShare(session, texts, (text) => this.note(text)), { picture: "share", quiet: true, class: "round", id: "share" }));
  }

  listen() {
    const { session, tree, texts } = this;
    session.addEventListener("change", ({ detail }) => this.changed(detail));
    session.addEventListener("conflict", ({ detail }) => openConflict(session, detail, texts));
    session.addEventListener("failed", ({ detail }) => this.fail(detail.error));
    session.addEventListener("people", () => this.talk?.renew());
    session.addEventListener("remaining", () => {
      this.amount.recount();
      this.refresh();
    });
    session.addEventListener("talk", ({ detail }) => {
      this.talk?.renew();
      if (detail.kind === "reset") this.changed(null);
      this.say(texts.say(`heard.${detail.kind}`));
    });
    session.addEventListener("busy", ({ detail }) => document.body.toggleAttribute("data-busy", detail));
    tree.addEventListener("active", () => this.details.show(tree.row()));
    tree.addEventListener("toggle", ({ detail }) => this.toggle(detail.row));
    tree.addEventListener("edit", () => this.edit());
    tree.addEventListener("details", () => this.unfoldDetails({ onlyNarrow: true }));
    addEventListener("keydown", (event) => this.shortcut(event));
    this.details.view.addEventListener("keydown", (event) => event.key === "Escape" && this.foldDetails());
  }

  /** Undo and redo, by the keys that they have everywhere; in a field they are the field's own. */
  shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.target.closest?.("input, textarea, dialog")) return;
    event.preventDefault();
    (event.shiftKey ? this.redo : this.undo).click();
  }

  edit() {
    this.unfoldDetails();
    this.details.field.focus();
  }

  toggle(row) {
    const { session } = this;
    if (!session.mayDecide(row.stage)) return this.say(this.texts.say(`stage.long.${row.stage}`));
    const value = nextValue(session, row);
    if (value === undefined) return this.edit();
    return value === null ? session.takeBack(row.name) : session.decide(row.name, value);
  }

  changed(event) {
    this.tree.redraw();
    this.details.renew();
    this.amount.renew(event);
    this.talk?.renew();
    this.refresh();
    if (event) this.say([sentenceOf(event, this.texts), remainingText(this.session.room, this.texts)].join(" · "));
  }

  refresh() {
    const { room } = this.session;
    for (const [control, can] of [[this.undo, room.can_undo], [this.redo, room.can_redo]]) control.setAttribute("aria-disabled", String(!can));
    const price = room.price ? this.texts.money(room.price.total, room.price) : "";
    this.foot.replaceChildren(element("strong", {}, price), element("span", {}, remainingText(room, this.texts)));
  }

  say(text) {
    this.status.textContent = "";
    requestAnimationFrame(() => {
      this.status.textContent = text;
    });
  }

  fail(error) {
    const close = () => {
      this.fault.hidden = true;
    };
    this.fault.replaceChildren(refusalText(error, this.texts), button(this.texts.say("close"), close, { picture: "close", quiet: true, class: "round" }));
    this.fault.hidden = false;
  }

  /** Tell something for a while. */
  note(text) {
    this.say(text);
    const made = element("p", { class: "note", "aria-hidden": "true" }, text);
    document.querySelector("#app").append(made);
    setTimeout(() => made.remove(), 6000);
  }

  speakOf(feature) {
    this.unfoldDetails();
    this.talk?.speakOf(feature);
  }

  /** On a narrow screen the cards lie over the tree. */
  unfoldDetails({ onlyNarrow = false } = {}) {
    const app = document.querySelector("#app");
    app.dataset.cards = "open";
    if (onlyNarrow && matchMedia("(max-width: 50rem)").matches) this.details.focus();
  }

  foldDetails() {
    delete document.querySelector("#app").dataset.cards;
    this.tree.view.focus();
  }
}
